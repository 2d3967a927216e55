//! Internet addresses: IPv4, IPv6, and IPv4 spelled in a host name.
//!
//! What may surround an address in a log (brackets, a port, a zone, the length of a prefix) is
//! accepted around it and is no part of its canonical form.
//!
//! # Source
//! RFC 4291 (IPv6 text), RFC 5952 (its canonical form), RFC 4007 (zones), RFC 6874 (zones in URLs),
//! RFC 4632 (prefix lengths).

use std::net::Ipv6Addr;

use super::{Canonical, Parsed, Strength, trim};

/// The longest text that could be an address with all that may surround it: an IPv6 address of 45
/// characters, a zone, brackets and a port, with room to spare.
const MAX_LEN: usize = 100;

/// Parses an IPv4 address: four decimal octets without leading zeros. Weak, since versions and
/// section numbers look the same.
///
/// Around it: `[…]`, `:port`, `/length` up to 32. The canonical form is the dotted quad.
#[must_use]
pub fn parse_v4(value: &[u8]) -> Option<Parsed> {
    if octets(value).is_some() {
        // It is written in its canonical form.
        return Some(parsed(value.to_vec(), Strength::Weak));
    }
    let text = short_text(value)?;
    let (inner, after) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => text.split_at(text.find([':', '/']).unwrap_or(text.len())),
    };
    if !(is_port(after) || is_prefix_length(after, 32)) {
        return None;
    }
    Some(parsed_v4(octets(inner.as_bytes())?, Strength::Weak))
}

/// Parses an IPv6 address.
///
/// Around it: `[…]`, then `:port`; `%zone` (in a URL `%25zone`); `/length` up to 128. The canonical
/// form is that of RFC 5952 with hexadecimal groups only, and for an IPv4-mapped address its dotted
/// quad. Strong inside the blocks that IANA has assigned, weak elsewhere: `ab::cd` in a text is
/// rarely an address.
#[must_use]
pub fn parse_v6(value: &[u8]) -> Option<Parsed> {
    let text = short_text(value)?;
    let (inner, after) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => (text, ""),
    };
    let (inner, length) = inner.split_at(inner.find('/').unwrap_or(inner.len()));
    let (inner, zone) = inner.split_at(inner.find('%').unwrap_or(inner.len()));
    let surroundings_fit = is_prefix_length(length, 128)
        && (is_port(after) || is_prefix_length(after, 128))
        && is_zone(zone);
    if !surroundings_fit {
        return None;
    }
    let address: Ipv6Addr = inner.parse().ok()?;
    Some(match address.to_ipv4_mapped() {
        Some(v4) => parsed_v4(v4.octets(), Strength::Strong),
        None => Parsed {
            canonical: Canonical::new(written_v6(address.segments())),
            strength: if is_assigned(address) { Strength::Strong } else { Strength::Weak },
            region: None,
        },
    })
}

/// Parses an IPv4 address as host names spell it: four octets, leading zeros allowed, joined by
/// dashes or by dots (`082-083-227-067`). Weak. The canonical form is the dotted quad.
#[must_use]
pub fn parse_host(value: &[u8]) -> Option<Parsed> {
    let joiner = value.iter().copied().find(|byte| !byte.is_ascii_digit())?;
    if !matches!(joiner, b'-' | b'.') {
        return None;
    }
    let mut octets = [0u8; 4];
    let mut spelled = value.split(|&byte| byte == joiner);
    for octet in &mut octets {
        let digits = spelled.next().filter(|digits| (1..=3).contains(&digits.len()))?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        *octet = std::str::from_utf8(digits).ok()?.parse().ok()?;
    }
    spelled.next().is_none().then(|| parsed_v4(octets, Strength::Weak))
}

/// Whether an address is nobody's: loopback (`127.0.0.0/8`, `::1`) or unspecified (`0.0.0.0`,
/// `::`). False for the canonical forms of other kinds.
#[must_use]
pub fn is_special(canonical: &Canonical) -> bool {
    match canonical.as_bytes() {
        b"::" | b"::1" => true,
        quad @ ([b'0', b'.', ..] | [b'1', b'2', b'7', b'.', ..]) => {
            matches!(octets(quad), Some([127, ..] | [0, 0, 0, 0]))
        }
        _ => false,
    }
}

/// Parses an address that is nobody's ([`is_special`]), IPv4 or IPv6.
#[must_use]
pub fn parse_local(value: &[u8]) -> Option<Parsed> {
    parse_v4(value).or_else(|| parse_v6(value)).filter(|parsed| is_special(&parsed.canonical))
}

/// Whether a dotted quad reads like the version of a program: a first number below 32 and small
/// numbers behind it, or zeros alone, as browsers have it (`126.0.0.0`). One public address in a
/// hundred does, and nearly every version that is a dotted quad at all. Of the private network 10,
/// `10.0.0.0/16` does not: most networks are numbered from its start.
#[must_use]
pub fn looks_like_version(quad: &[u8]) -> bool {
    // Of most addresses the first number and the last digit say that they do not.
    let is_told = behind_hundreds(quad).is_some_and(|rest| matches!(rest, [.., b'1'..=b'9']));
    !is_told && octets(quad).is_some_and(are_of_version)
}

fn are_of_version(octets: [u8; 4]) -> bool {
    let sum = |octets: &[u8]| octets.iter().map(|octet| u32::from(*octet)).sum::<u32>();
    match octets {
        [10, 0, ..] => false,
        [10, rest @ ..] => sum(&rest) < 62,
        [0..32, minor, patch, build] => {
            sum(&[minor, patch, build]) < 90 || sum(&[patch, build]) < 24
        }
        [_, rest @ ..] => rest == [0; 3],
    }
}

/// Whether a dotted quad can be a version where versions stand, behind the name of a product: its
/// first number is below 32, or its second and third are zero.
#[must_use]
pub fn may_be_version(quad: &[u8]) -> bool {
    let is_told = behind_hundreds(quad).is_some_and(|rest| matches!(rest, [b'1'..=b'9', ..]));
    !is_told && octets(quad).is_some_and(may_be_of_version)
}

fn may_be_of_version(octets: [u8; 4]) -> bool {
    match octets {
        [10 | 127, ..] => are_of_version(octets),
        [first, second, third, _] => first < 32 || [second, third] == [0; 2],
    }
}

/// What is behind the first number of `quad` and its dot, if that has three digits.
fn behind_hundreds(quad: &[u8]) -> Option<&[u8]> {
    match quad {
        [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9', b'.', rest @ ..] => Some(rest),
        _ => None,
    }
}

/// Whether a dotted quad of `10.0.0.0/16` ends in a small number, as releases do (`10.0.21.11`). One host
/// in sixteen has such a number, so a column of nothing else is one of releases.
#[must_use]
pub fn looks_like_release(quad: &[u8]) -> bool {
    matches!(octets(quad), Some([10, 0, _, 0..16]))
}

/// Whether a dotted quad begins like an object identifier: with 0, 1 or 2 (ITU-T X.660).
#[must_use]
pub fn looks_like_oid(quad: &[u8]) -> bool {
    matches!(quad, [b'0'..=b'2', b'.', ..])
}

fn short_text(value: &[u8]) -> Option<&str> {
    let value = trim(value);
    // Addresses are ASCII; zones may be anything, but nobody has seen one that is not.
    (value.len() <= MAX_LEN && value.is_ascii()).then(|| std::str::from_utf8(value).ok())?
}

/// The octets of a dotted quad and nothing else: decimal, without leading zeros.
fn octets(quad: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    let (mut place, mut digits, mut value) = (0, 0, 0_u32);
    for byte in quad {
        match byte {
            b'.' if digits > 0 && place < 3 => {
                octets[place] = value as u8;
                (place, digits, value) = (place + 1, 0, 0);
            }
            b'0'..=b'9' if digits == 0 || value > 0 => {
                (digits, value) = (digits + 1, value * 10 + u32::from(byte - b'0'));
                if value > 255 {
                    return None;
                }
            }
            _ => return None,
        }
    }
    octets[place] = value as u8;
    (place == 3 && digits > 0).then_some(octets)
}

fn parsed_v4(octets: [u8; 4], strength: Strength) -> Parsed {
    let mut quad = Vec::with_capacity(15);
    for (place, octet) in octets.into_iter().enumerate() {
        if place > 0 {
            quad.push(b'.');
        }
        for (least, digit) in [(100, octet / 100), (10, octet / 10 % 10), (0, octet % 10)] {
            if octet >= least {
                quad.push(b'0' + digit);
            }
        }
    }
    parsed(quad, strength)
}

fn parsed(canonical: Vec<u8>, strength: Strength) -> Parsed {
    Parsed { canonical: Canonical::new(canonical), strength, region: None }
}

/// An address in the form of RFC 5952, section 4, its groups hexadecimal throughout: without leading
/// zeros, and the longest run of zeros, the first of equals, as `::`.
fn written_v6(groups: [u16; 8]) -> Vec<u8> {
    let (mut skipped, mut zeros) = (0..0, 0);
    for (place, group) in groups.iter().enumerate() {
        zeros = if *group == 0 { zeros + 1 } else { 0 };
        if zeros > skipped.len().max(1) {
            skipped = place + 1 - zeros..place + 1;
        }
    }
    let (mut written, mut length) = ([0; 39], 0);
    let mut push = |byte: u8| {
        written[length] = byte;
        length += 1;
    };
    let mut place = 0;
    while place < groups.len() {
        if place == skipped.start && !skipped.is_empty() {
            push(b':');
            push(b':');
            place = skipped.end;
            continue;
        }
        if place > 0 && place != skipped.end {
            push(b':');
        }
        let group = groups[place];
        for (least, shift) in [(0x1000, 12), (0x100, 8), (0x10, 4), (0, 0)] {
            if group >= least {
                push(b"0123456789abcdef"[usize::from(group >> shift & 0xF)]);
            }
        }
        place += 1;
    }
    written[..length].to_vec()
}

/// Nothing, or a colon and a port.
fn is_port(after: &str) -> bool {
    after.is_empty() || after.strip_prefix(':').is_some_and(|port| is_number(port, u16::MAX.into()))
}

/// Nothing, or a slash and the length of a prefix.
fn is_prefix_length(after: &str, max: u32) -> bool {
    after.is_empty() || after.strip_prefix('/').is_some_and(|length| is_number(length, max))
}

/// Decimal digits that make at most `max`; `parse` alone would take a sign.
fn is_number(text: &str, max: u32) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u32>().is_ok_and(|n| n <= max)
}

/// Nothing, or `%` and the name of an interface.
fn is_zone(zone: &str) -> bool {
    zone.is_empty()
        || zone.strip_prefix('%').is_some_and(|name| {
            let is_part =
                |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'~' | b'-');
            let name = name.strip_prefix("25").filter(|rest| !rest.is_empty()).unwrap_or(name);
            !name.is_empty() && name.bytes().all(is_part)
        })
}

/// Whether the address lies in a block that has a use.
///
/// # Source
/// IANA, "Internet Protocol Version 6 Address Space" and "IPv6 Special-Purpose Address Registry".
fn is_assigned(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Global unicast with its documentation blocks, unique local, link-local, multicast.
        [0x2000..=0x3fff | 0xfc00..=0xfdff | 0xfe80..=0xfebf | 0xff00.., ..] => true,
        // Translation (RFC 6052, RFC 8215), discard-only (RFC 6666), dummy (RFC 9780).
        [0x64, 0xff9b, 0 | 1, ..] | [0x100, 0, 0, 0 | 1, ..] => true,
        _ => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    fn text(parsed: Option<Parsed>) -> Option<String> {
        parsed.map(|parsed| String::from_utf8(parsed.canonical.as_bytes().to_vec()).unwrap())
    }
    fn v4(value: &str) -> Option<String> {
        text(parse_v4(value.as_bytes()))
    }
    fn v6(value: &str) -> Option<String> {
        text(parse_v6(value.as_bytes()))
    }
    fn host(value: &str) -> Option<String> {
        text(parse_host(value.as_bytes()))
    }

    proptest! {
        #[test]
        fn octets_are_those_of_the_standard_library(quad in "[0-9]{1,4}(\\.[0-9]{1,3}){2,4}|[0-9.]{0,16}|[0-9]{1,3}(\\.[0-2]{1,2}){3}") {
            let parsed = quad.parse::<Ipv4Addr>().ok();
            prop_assert_eq!(octets(quad.as_bytes()), parsed.map(|address| address.octets()));
            let of_octets = |asked: fn([u8; 4]) -> bool| parsed.map(|it| it.octets()).is_some_and(asked);
            prop_assert_eq!(looks_like_version(quad.as_bytes()), of_octets(are_of_version));
            prop_assert_eq!(may_be_version(quad.as_bytes()), of_octets(may_be_of_version));
            let canonical = parsed.map(|address| address.to_string());
            prop_assert_eq!(text(octets(quad.as_bytes()).map(|o| parsed_v4(o, Strength::Weak))), canonical);
        }

        #[test]
        fn groups_are_written_as_the_standard_library_does(
            groups in proptest::array::uniform8(prop_oneof![Just(0u16), any::<u16>(), 0u16..20])
        ) {
            let address = Ipv6Addr::from(groups);
            let written = written_v6(groups);
            // Of these alone the library writes the end as a dotted quad.
            prop_assume!(address.to_ipv4_mapped().is_none());
            prop_assert_eq!(String::from_utf8(written).unwrap(), address.to_string());
        }
    }

    #[test]
    fn the_specifications_vectors_hold() {
        assert_eq!(v4("192.0.2.1").as_deref(), Some("192.0.2.1"));
        assert_eq!(v6("::ffff:192.0.2.1").as_deref(), Some("192.0.2.1"));
        assert_eq!(v6("2001:DB8:0:0:0:0:0:1").as_deref(), Some("2001:db8::1"));
        assert_eq!(v6("64:ff9b::192.0.2.1").as_deref(), Some("64:ff9b::c000:201"));
        // No other form is written with a dotted quad either.
        assert_eq!(v6("::192.0.2.1").as_deref(), Some("::c000:201"));
        assert_eq!(v6("::FFFF:c000:0201").as_deref(), Some("192.0.2.1"));
    }

    #[test]
    fn releases_of_ten_end_in_small_numbers() {
        for (quad, expected) in [
            ("10.0.21.11", true),
            ("10.0.21.0", true),
            ("10.0.21.200", false),
            ("10.1.21.11", false),
            ("192.0.2.1", false),
            ("10.0.21", false),
        ] {
            assert_eq!(looks_like_release(quad.as_bytes()), expected, "{quad}");
        }
    }

    #[test]
    fn what_surrounds_an_address_is_no_part_of_it() {
        for value in
            ["192.0.2.1:8080", "192.0.2.1/24", "[192.0.2.1]", "[192.0.2.1]:25", " 192.0.2.1\n"]
        {
            assert_eq!(v4(value).as_deref(), Some("192.0.2.1"), "{value}");
        }
        for value in [
            "[fe80::1]",
            "[fe80::1]:443",
            "fe80::1%eth0",
            "fe80::1%25eth0",
            "[fe80::1%eth0.1]:80",
            "fe80::1/64",
            "fe80::1%eth0/64",
            "[fe80::1/64]",
            "[fe80::1]/64",
            "fe80::1%25",
            "fe80::1%2",
        ] {
            assert_eq!(v6(value).as_deref(), Some("fe80::1"), "{value}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for value in [
            "192.0.2",
            "192.0.2.1.1",
            "192.0.2.256",
            "192.0.02.1",
            "192.0.2.1:",
            "192.0.2.1:65536",
            "192.0.2.1/33",
            "192.0.2.1/",
            "192.0.2.1:+80",
            "[192.0.2.1",
            "192.0.2.1]",
            "192.0.2.1 x",
            "",
        ] {
            assert_eq!(v4(value), None, "{value}");
        }
        for value in [
            "1:2:3:4:5:6:7",
            "1::2::3",
            "12345::",
            "fe80::1%",
            "fe80::1/129",
            "[fe80::1",
            "fe80::1]",
            "[fe80::1]:x",
            "10:20:30",
            "fe80::1%et h0",
            "192.0.2.1",
            "",
            ":",
        ] {
            assert_eq!(v6(value), None, "{value}");
        }
    }

    #[test]
    fn an_address_outside_the_assigned_blocks_is_weak() {
        let strength = |value: &str| parse_v6(value.as_bytes()).unwrap().strength;
        for value in [
            "2001:db8::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::1",
            "64:ff9b::1",
            "::ffff:192.0.2.1",
        ] {
            assert_eq!(strength(value), Strength::Strong, "{value}");
        }
        for value in ["ab::cd", "1::2", "dead::beef", "::", "00:11:22:33:44:55:66:77"] {
            assert_eq!(strength(value), Strength::Weak, "{value}");
        }
        assert_eq!(parse_v4(b"192.0.2.1").unwrap().strength, Strength::Weak);
    }

    #[test]
    fn a_host_spells_octets_with_dashes_or_dots() {
        assert_eq!(host("198-51-100-7").as_deref(), Some("198.51.100.7"));
        assert_eq!(host("082-083-227-067").as_deref(), Some("82.83.227.67"));
        assert_eq!(host("198.51.100.007").as_deref(), Some("198.51.100.7"));
        for value in [
            "198-51.100-7",
            "198-51-100",
            "198-51-100-7-1",
            "198-51-100-256",
            "198_51_100_7",
            "0198-51-100-7",
            "198--100-7",
            "+98-51-100-7",
            "",
            "198",
        ] {
            assert_eq!(host(value), None, "{value}");
        }
    }

    #[test]
    fn versions_have_small_numbers() {
        for version in ["2.4.1.0", "14.9.8.17", "3.95.2.1", "10.4.33.11", "126.0.0.0"] {
            assert!(looks_like_version(version.as_bytes()), "{version}");
        }
        for address in ["192.0.2.1", "10.0.0.5", "10.4.33.111", "31.13.64.35", "126.0.0.1", "1.2.3"]
        {
            assert!(!looks_like_version(address.as_bytes()), "{address}");
        }
    }

    #[test]
    fn loopback_and_unspecified_are_nobodys() {
        let special = |parsed: Option<Parsed>| is_special(&parsed.unwrap().canonical);
        assert!(special(parse_v4(b"127.0.0.1")) && special(parse_v4(b"0.0.0.0")));
        assert!(special(parse_v6(b"::1")) && special(parse_v6(b"::")));
        assert!(!special(parse_v4(b"192.0.2.1")) && !special(parse_v6(b"2001:db8::1")));
        assert!(!is_special(&Canonical::unparsed(super::super::Raw(b"::1"))));
    }

    proptest! {
        #[test]
        fn every_address_is_read_and_its_canonical_form_is_stable(v4_bits: u32, v6_bits: u128) {
            let address = Ipv4Addr::from(v4_bits).to_string();
            prop_assert_eq!(v4(&address), Some(address));
            let once = v6(&Ipv6Addr::from(v6_bits).to_string()).unwrap();
            prop_assert_eq!(v6(&once).or_else(|| v4(&once)), Some(once));
        }

        #[test]
        fn every_spelling_of_an_address_has_the_form_of_rfc_5952(
            groups in prop::array::uniform8(prop_oneof![3 => Just(0u16), 2 => any::<u16>()]),
            octets: [u8; 4],
        ) {
            prop_assume!(groups[..6] != [0, 0, 0, 0, 0, 0xffff]);
            // The first of the longest runs of two zeros or more becomes `::`.
            let run = |at: usize| groups[at..].iter().take_while(|group| **group == 0).count();
            let longest = (0..8).rev().max_by_key(|&at| run(at)).filter(|&at| run(at) > 1);
            let hex: Vec<_> = groups.iter().map(|group| format!("{group:x}")).collect();
            let expected = match longest {
                Some(at) => format!("{}::{}", hex[..at].join(":"), hex[at + run(at)..].join(":")),
                None => hex.join(":"),
            };
            let full: Vec<_> = groups.iter().map(|group| format!("{group:04X}")).collect();
            for spelling in [full.join(":"), hex.join(":"), expected.clone()] {
                prop_assert_eq!(v6(&spelling), Some(expected.clone()), "{}", spelling);
                let on_port = format!("[{spelling}]:443");
                prop_assert_eq!(v6(&on_port), Some(expected.clone()));
            }
            let [a, b, c, d] = octets;
            let quad = format!("{a}.{b}.{c}.{d}");
            let mapped = format!("::ffff:{:x}:{:x}", u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            prop_assert_eq!(v6(&mapped), Some(quad.clone()));
            for name in [format!("{a}-{b}-{c}-{d}"), format!("{a:03}.{b:03}.{c:03}.{d:03}")] {
                prop_assert_eq!(host(&name), Some(quad.clone()));
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(value in "[0-9a-f:.%/\\[\\]-]{0,40}") {
            let _ = (v4(&value), v6(&value), host(&value));
        }
    }
}
