//! Hardware addresses: EUI-48 and EUI-64, in pairs, in Cisco's groups of four, or bare.
//!
//! # Source
//! IEEE 802-2014, clause 8 (representation), RFC 9542, 2.1.3 (addresses for documentation:
//! `00-00-5e-00-53-00` to `-ff`).

use std::ops::Range;

use super::border::{after, before, is_word, run_back};
use super::{Parsed, trim};

/// Octets of an EUI-48 and of an EUI-64.
const LENGTHS: [usize; 2] = [6, 8];

/// Parses an address: `00:00:5e:00:53:af`, `00-00-5E-00-53-AF`, `0000.5e00.53af`, `00005e0053af`,
/// six or eight octets, one separator throughout.
///
/// The canonical form is in lower-case colon pairs. Weak: what is bare; what has no letter (a time
/// stamp such as `24-11-22-10-06-12`); nobody's address, all zeros or all ones.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    let value = trim(value);
    let group = match value.len() {
        12 | 16 => value.len(),
        17 | 23 => 2,
        14 | 19 => 4,
        _ => return None,
    };
    let mut digits = [0u8; 16];
    let mut count = 0;
    let separator = value.get(group).copied();
    if !matches!((group, separator), (2, Some(b':' | b'-')) | (4, Some(b'.')) | (12.., None)) {
        return None;
    }
    for (place, &byte) in value.iter().enumerate() {
        if place % (group + 1) == group {
            if Some(byte) != separator {
                return None;
            }
        } else {
            if !byte.is_ascii_hexdigit() {
                return None;
            }
            *digits.get_mut(count)? = byte.to_ascii_lowercase();
            count += 1;
        }
    }
    let digits = &digits[..count];
    let mut canonical = String::with_capacity(23);
    for pair in digits.chunks(2) {
        if !canonical.is_empty() {
            canonical.push(':');
        }
        canonical.extend(pair.iter().map(|&digit| char::from(digit)));
    }
    let has_letter = digits.iter().any(u8::is_ascii_alphabetic);
    let is_somebodys = digits.iter().any(|&digit| digit != b'f');
    let proves = separator.is_some() && has_letter && is_somebodys;
    Some(if proves { Parsed::strong(canonical) } else { Parsed::weak(canonical) })
}

/// Whether `value` is ten to sixteen hexadecimal digits with separators of any sort among them.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let value = trim(value);
    let digits = value.iter().filter(|byte| byte.is_ascii_hexdigit()).count();
    value.len() <= 23
        && (10..=16).contains(&digits)
        && value.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'-' | b'.' | b' '))
}

/// The address in `text` whose fifth colon or dash, or in Cisco's form whose second dot, is at
/// `at`.
///
/// Not found: a part of a longer chain (the fingerprint of a key), of an IPv6 address, or of a
/// word. In all other places of a chain nothing is found, so it may be asked for each of them.
#[must_use]
pub fn find(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    let separator = *text.get(at)?;
    let span = match separator {
        b':' | b'-' => {
            let start = at.checked_sub(14)?;
            start..start + 3 * pairs(&text[start..], separator)? - 1
        }
        b'.' => at.checked_sub(9)?..at + 5,
        _ => return None,
    };
    if continues_before(text, span.start, separator) || continues_behind(text, span.end, separator)
    {
        return None;
    }
    let parsed = parse(text.get(span.clone())?)?;
    Some((span, parsed))
}

/// How many pairs `text` begins with, if it is as many as an address has.
fn pairs(text: &[u8], separator: u8) -> Option<usize> {
    let longest = LENGTHS[1] + 1;
    let is_pair = |pair: &[u8]| pair.iter().take(2).all(u8::is_ascii_hexdigit);
    let mut count = 0;
    for pair in text.chunks(3).take(longest) {
        if pair.len() < 2 || !is_pair(pair) {
            break;
        }
        count += 1;
        if pair.get(2) != Some(&separator) {
            break;
        }
    }
    LENGTHS.contains(&count).then_some(count)
}

/// Whether what stands before an address makes it a part of something else. A key (`mac:`) or a
/// host name (`host-`) does not; a group of hexadecimal digits does.
fn continues_before(text: &[u8], start: usize, separator: u8) -> bool {
    let previous = before(text, start);
    if previous != separator {
        return is_word(previous) || separator == b'.' && matches!(previous, b'-' | b':');
    }
    let group = run_back(&text[..start - 1], |byte| byte.is_ascii_alphanumeric());
    let group = &text[start - 1 - group..start - 1];
    separator == b'.' || group.len() <= 4 && group.iter().all(u8::is_ascii_hexdigit)
}

fn continues_behind(text: &[u8], end: usize, separator: u8) -> bool {
    let next = after(text, end);
    is_word(next) || next == separator && after(text, end + 1).is_ascii_hexdigit()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{canonical, is_strong, part};
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        (0..text.len()).filter_map(|at| part(text, find(text.as_bytes(), at))).collect()
    }

    #[test]
    fn every_spelling_has_one_canonical_form() {
        for value in [
            "00:00:5e:00:53:af",
            "00-00-5E-00-53-AF",
            "0000.5e00.53af",
            " 0000.5E00.53AF\n",
            "00005e0053AF",
        ] {
            assert_eq!(
                canonical(parse(value.as_bytes())).as_deref(),
                Some("00:00:5e:00:53:af"),
                "{value}"
            );
            assert!(is_shape(value.as_bytes()), "{value}");
        }
        for value in ["02-00-5e-10-00-00-00-af", "0200.5e10.0000.00af", "02005E10000000AF"] {
            assert_eq!(
                canonical(parse(value.as_bytes())).as_deref(),
                Some("02:00:5e:10:00:00:00:af"),
                "{value}"
            );
        }
    }

    #[test]
    fn what_proves_little_is_weak() {
        let strong = |value: &str| is_strong(parse(value.as_bytes()));
        assert_eq!(strong("00:00:5e:00:53:af"), Some(true));
        for value in [
            "00005e0053af",
            "00:00:00:00:00:00",
            "ff-ff-ff-ff-ff-ff",
            "FFFF.FFFF.FFFF",
            "24-11-22-10-06-12",
        ] {
            assert_eq!(strong(value), Some(false), "{value}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for value in [
            "",
            "00:00:5e:00:53",
            "00:00:5e:00:53:ag",
            "00:00:5e-00:53:af",
            "0:0:5e:0:53:af:00",
            "00:00:5e:00:53:af:01",
            "0000:5e00:53af",
            "00.00.5e.00.53.af",
            "0000-5e00-53af",
            "::1",
        ] {
            assert_eq!(parse(value.as_bytes()), None, "{value}");
        }
        assert!(is_shape(b"00:00:5e:0:53:af") && !is_shape(b"d41d8cd98f00b204e9800998ecf8427e"));
    }

    #[test]
    fn addresses_are_found_between_their_borders() {
        for (text, value) in [
            ("lladdr 00:00:5e:00:53:af REACHABLE", "00:00:5e:00:53:af"),
            ("mac:00:00:5e:00:53:af,", "00:00:5e:00:53:af"),
            ("(00-00-5E-00-53-AF)", "00-00-5E-00-53-AF"),
            ("host-00-00-5e-00-53-af.example.net", "00-00-5e-00-53-af"),
            ("vlan 7 0000.5e00.53af DYNAMIC", "0000.5e00.53af"),
            ("learnt 0000.5e00.53af.", "0000.5e00.53af"),
            ("00:00:5e:00:53:af: link is up", "00:00:5e:00:53:af"),
            ("id 02:00:5e:10:00:00:00:af", "02:00:5e:10:00:00:00:af"),
        ] {
            assert_eq!(found(text), [value], "{text}");
        }
    }

    #[test]
    fn parts_of_something_else_are_not_found() {
        for text in [
            "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
            "16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48:00:11:22:33",
            "16-27-ac-a5-76-28-2d-36-63",
            "2001:db8:aa:bb:cc:dd:ee:ff",
            "2001:db8::aa:bb:cc:dd:ee",
            "x00:00:5e:00:53:af",
            "00:00:5e:00:53:aff",
            "00:00:5e:00:53:af_1",
            "1.0000.5e00.53af",
            "0000.5e00.53af.12",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "2024-11-22 10:06:12",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    proptest! {
        #[test]
        fn every_address_is_read_in_each_spelling(octets: [u8; 8], is_long: bool) {
            let octets = if is_long { &octets[..] } else { &octets[..6] };
            let written = |group: usize, separator: &str| {
                let hex = octets.iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().concat();
                let groups: Vec<_> =
                    hex.as_bytes().chunks(group).map(|g| std::str::from_utf8(g).unwrap()).collect();
                groups.join(separator)
            };
            let expected = written(2, ":").to_lowercase();
            for spelling in [written(2, ":"), written(2, "-"), written(4, "."), written(2, "")] {
                prop_assert_eq!(canonical(parse(spelling.as_bytes())), Some(expected.clone()));
                let text = format!("at {spelling}, port 7");
                if !is_long && spelling.len() > 12 {
                    prop_assert_eq!(found(&text), [spelling]);
                }
            }
            prop_assert_eq!(canonical(parse(expected.as_bytes())), Some(expected));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(
            text in prop::collection::vec(prop::sample::select(b"0af:-. \xc3".to_vec()), 0..60),
        ) {
            let _ = (parse(&text), is_shape(&text));
            for at in 0..=text.len() {
                if let Some((span, _)) = find(&text, at) {
                    prop_assert!(span.end <= text.len());
                }
            }
        }
    }
}
