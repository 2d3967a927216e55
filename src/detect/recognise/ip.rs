//! IP addresses: dotted quads, quads spelled in host names, and the colon forms.

use std::ops::Range;

use super::{Hit, Proof, after, before, is_word};
use crate::kind::ip;

/// A quad that was found, and whether it is an address or a part of a host name.
pub(in crate::detect) enum Quad {
    Address(Hit),
    InHostName(Hit),
}

/// The dotted quad whose third dot is at `dot`.
///
/// Not found: a part of a longer dotted chain (an OID, a section number), a quad glued to letters
/// (`v1.2.3.4`). A quad after the name of a product and a slash (`Chrome/126.0.0.0`) is a version if
/// it reads like one: it is found as a shape only.
pub(in crate::detect) fn find_quad(text: &[u8], dot: usize) -> Option<Quad> {
    let span = quad_span(text, dot, b'.')?;
    let (previous, next) = (before(text, span.start), after(text, span.end));
    let (earlier, beyond) = (before(text, span.start.saturating_sub(1)), after(text, span.end + 1));
    if matches!(previous, b'.' | b'%')
        || next == b'.' && beyond.is_ascii_digit() && !is_endpoint(text, &span)
    {
        return None;
    }
    let value = &text[span.clone()];
    let hit = Hit::new(span.clone(), ip::parse_v4(value)?);
    if matches!(next, b'.' | b'-') && beyond.is_ascii_alphabetic() {
        return host_follows(text, span.end).then_some(Quad::InHostName(hit));
    }
    let may_be_version = ip::may_be_version(value);
    let glued = |b: u8| b.is_ascii_alphabetic() || b == b'_' && may_be_version;
    if glued(previous) || glued(next) {
        return None;
    }
    let is_version = may_be_version
        && (previous == b'/' && earlier.is_ascii_alphanumeric() && next != b':'
            || previous == b'-' && earlier.is_ascii_alphabetic()
            || is_compared(&text[..span.start])
            || next == b'-' && is_revision(&text[span.end + 1..]));
    Some(Quad::Address(if is_version { hit.at_most(Proof::Shape) } else { hit }))
}

/// Whether a dot and a port follow the quad at `span`, one of the two ends of a packet as tcpdump
/// prints it: `192.0.2.1.443 > 198.51.100.7.51234: Flags`.
fn is_endpoint(text: &[u8], span: &Range<usize>) -> bool {
    let port = text[span.end + 1..].iter().take(6).take_while(|b| b.is_ascii_digit()).count();
    let behind = &text[span.end + 1 + port..];
    port < 6
        && (behind.starts_with(b" > ")
            || behind.starts_with(b":") && text[..span.start].ends_with(b"> "))
}

/// Whether what ends `before` compares versions: `>= 10.0.20.13`, `amd64~~10.1.1.2`.
fn is_compared(before: &[u8]) -> bool {
    let spaceless = before.strip_suffix(b" ").unwrap_or(before);
    [&b">="[..], b"<=", b"==", b"~>", b"~", b"^"].iter().any(|sign| spaceless.ends_with(sign))
}

/// Whether `behind` the dash is the revision of a package (`-5`): neither the end of a range nor a
/// time (`BP-1073741825-192.0.2.1-1444444444444`).
fn is_revision(behind: &[u8]) -> bool {
    let digits = behind.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    (1..4).contains(&digits) && behind.get(digits) != Some(&b'.')
}

/// Whether a quad stands where an address does and a version does not: in brackets, behind a slash
/// that no name is before, before a port (`:443`, BIND's `#53`, Cisco's `/443`) or the length of a
/// prefix, or first in the line of an access log.
pub(in crate::detect) fn has_surroundings(text: &[u8], span: &Range<usize>) -> bool {
    let (previous, next) = (before(text, span.start), after(text, span.end));
    let earlier = before(text, span.start.saturating_sub(1));
    let behind = text.get(span.end + 1..).unwrap_or_default();
    let digits = behind.iter().take(6).take_while(|b| b.is_ascii_digit()).count();
    let ends = !after(behind, digits).is_ascii_alphanumeric();
    previous == b'[' && next == b']'
        || matches!(previous, b'/' | b'@') && !(previous == b'/' && earlier.is_ascii_alphanumeric())
        || matches!(next, b':' | b'#') && digits > 0
        || next == b'/' && (1..=5).contains(&digits) && ends
        || span.start == 0 && text[span.end..].starts_with(b" - ")
}

/// The quad with dashes for dots whose third dash is at `dash`, where a host name follows:
/// `adsl-82-252-162-81.example.net`.
pub(in crate::detect) fn find_dashed_quad(text: &[u8], dash: usize) -> Option<Hit> {
    let span = quad_span(text, dash, b'-')?;
    // `2024-11-22-10-…`: a fifth group makes it something else.
    let longer = |sign: u8, digit: u8| sign == b'-' && digit.is_ascii_digit();
    if longer(before(text, span.start), before(text, span.start.saturating_sub(1)))
        || longer(after(text, span.end), after(text, span.end + 1))
    {
        return None;
    }
    if !host_follows(text, span.end) {
        return None;
    }
    Some(Hit::new(span.clone(), ip::parse_host(&text[span])?))
}

/// Whether what follows `end` goes on as a host name: the rest of a label, then at least one
/// more label that starts with a letter.
fn host_follows(text: &[u8], end: usize) -> bool {
    let rest = &text[end..text.len().min(end + 253)];
    let label = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    rest.get(label) == Some(&b'.') && rest.get(label + 1).is_some_and(u8::is_ascii_alphabetic)
}

/// Four groups of one to three digits joined by `sign`, the third sign at `third`.
pub(in crate::detect) fn quad_span(text: &[u8], third: usize, sign: u8) -> Option<Range<usize>> {
    let mut start = third;
    for group in 0..3 {
        if group > 0 {
            start = start.checked_sub(1)?;
            if text[start] != sign {
                return None;
            }
        }
        let digits = text[..start].iter().rev().take(4).take_while(|b| b.is_ascii_digit()).count();
        if !(1..=3).contains(&digits) {
            return None;
        }
        start -= digits;
    }
    let digits = text[third + 1..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    (1..=3).contains(&digits).then_some(start..third + 1 + digits)
}

/// The dotted quad whose first digit is at `at`, with a border behind it.
pub(in crate::detect) fn quad_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    let mut end = at;
    for group in 0..4 {
        if group > 0 {
            if after(text, end) != b'.' {
                return None;
            }
            end += 1;
        }
        let (start, mut octet) = (end, 0);
        while after(text, end).is_ascii_digit() && end - start < 4 {
            octet = 10 * octet + u32::from(text[end] - b'0');
            end += 1;
        }
        if !(1..=3).contains(&(end - start)) || octet > 255 {
            return None;
        }
    }
    let goes_on = matches!(after(text, end), b'.' | b'-' | b' ' | b'/')
        && after(text, end + 1).is_ascii_digit()
        || is_word(after(text, end));
    (!goes_on).then_some(at..end)
}

/// The IPv6 address around the colon at `colon`.
///
/// Scopes of C++, ratios, fingerprints and names of ports (`50:06:01:60:3b:a0:11:22`) look like
/// addresses too: outside the blocks that are assigned, it is one in shape only, and two groups around
/// `::` prove little without a prefix that is in use. Glued to a key (`ip6:2001:db8::1`) or a dash, an address
/// has to prove itself.
pub(in crate::detect) fn find_v6(text: &[u8], colon: usize) -> Option<Hit> {
    let Range { mut start, mut end } = run_of_v6(text, colon);
    if before(text, start) == b'_' {
        return None;
    }
    let is_keyed = before(text, start).is_ascii_alphanumeric();
    if is_keyed {
        start += text[start..end].iter().position(|b| *b == b':')?;
    }
    while end > start && (text[end - 1] == b'.' || text[end - 1] == b':' && !ends_double(text, end))
    {
        end -= 1;
    }
    if text[start] == b':' && after(text, start + 1) != b':' {
        start += 1;
    }
    // What hangs on behind: another word character makes it no address, a zone or prefix is fine.
    if after(text, end).is_ascii_alphanumeric() || after(text, end) == b'_' || end <= start {
        return None;
    }
    let hit = parse_v6(text, start..end)?;
    let value = &text[hit.span.clone()];
    let groups = value.split(|&b| b == b':').filter(|group| !group.is_empty()).count();
    if groups == 0 || value.starts_with(b".") {
        return None;
    }
    let in_use = [&b"2"[..], b"3", b"fe80", b"fc", b"fd", b"ff", b"64:ff9b", b"::ffff:"]
        .iter()
        .any(|prefix| {
            value.len() >= prefix.len() && value[..prefix.len()].eq_ignore_ascii_case(prefix)
        })
        && value.iter().take_while(|b| b.is_ascii_hexdigit()).count() != 1;
    let is_glued = is_keyed || before(text, start) == b'-';
    if is_glued && !(in_use && hit.proof == Proof::Strong) {
        return None;
    }
    Some(if hit.proof == Proof::Weak {
        hit.at_most(Proof::Shape)
    } else if groups >= 3 || groups == 2 && in_use {
        hit
    } else {
        hit.at_most(Proof::Weak)
    })
}

/// RFC 4291: eight groups of four, or a quad at the end: 45 characters.
const MAX_V6: usize = 45;

/// What could be of one address with the colon at `colon`, from each side of it as many bytes as that may have.
fn run_of_v6(text: &[u8], colon: usize) -> Range<usize> {
    let part = |b: &&u8| is_part_of_v6(**b);
    let before = text[..colon].iter().rev().take(MAX_V6).take_while(part).count();
    let behind = text[colon..].iter().take(MAX_V6).take_while(part).count();
    colon - before..colon + behind
}

/// The same if it is no longer than an address: then all colons in it are looked at alike.
pub(in crate::detect) fn v6_span(text: &[u8], colon: usize) -> Option<Range<usize>> {
    Some(run_of_v6(text, colon)).filter(|span| is_whole_v6(text, span))
}

fn is_part_of_v6(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
}

/// Whether the address at `span` ends where all of its colons are looked at from: each of them finds it
/// again.
pub(in crate::detect) fn is_whole_v6(text: &[u8], span: &Range<usize>) -> bool {
    span.len() <= MAX_V6
        && !is_part_of_v6(before(text, span.start))
        && !is_part_of_v6(after(text, span.end))
}

/// The address at `span`, or what is before its last sign if a port stands behind it:
/// `2001:db8::1.443` (tcpdump), `haproxy[7]: 2001:db8::1:5044 [06/Feb/2025` (where the port could be a
/// part of the address but for what is around).
fn parse_v6(text: &[u8], span: Range<usize>) -> Option<Hit> {
    let value = &text[span.clone()];
    let whole = ip::parse_v6(value).map(|parsed| Hit::new(span.clone(), parsed));
    let is_client = text[..span.start].ends_with(b"]: ")
        && matches!(text[span.end..], [b' ', b'[', d, e, b'/', ..]
            if d.is_ascii_digit() && e.is_ascii_digit());
    if whole.is_some() && !is_client {
        return whole;
    }
    let before_port = || {
        let sign = value.iter().rposition(|b| matches!(b, b':' | b'.'))?;
        let port = &value[sign + 1..];
        let is_port =
            port.len() >= if is_client { 4 } else { 1 } && port.iter().all(u8::is_ascii_digit);
        let hit = Hit::new(span.start..span.start + sign, ip::parse_v6(&value[..sign])?);
        (is_port && hit.proof == Proof::Strong).then_some(hit)
    };
    before_port().or(whole)
}

fn ends_double(text: &[u8], end: usize) -> bool {
    end >= 2 && text[end - 2] == b':'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quad(text: &str) -> Option<(&str, bool, Proof)> {
        let dot = text.match_indices('.').nth(2).unwrap().0;
        find_quad(text.as_bytes(), dot).map(|quad| match quad {
            Quad::Address(hit) => (&text[hit.span], false, hit.proof),
            Quad::InHostName(hit) => (&text[hit.span], true, hit.proof),
        })
    }

    fn v6(text: &str) -> Option<(&str, Proof)> {
        let colon = text
            .find("::")
            .map(|i| i + 1)
            .or_else(|| text.match_indices(':').nth(3).map(|(i, _)| i));
        find_v6(text.as_bytes(), colon.unwrap()).map(|hit| (&text[hit.span], hit.proof))
    }

    #[test]
    fn quads_have_the_borders_of_an_address() {
        let address = |value| Some((value, false, Proof::Weak));
        assert_eq!(quad("from 192.0.2.1."), address("192.0.2.1"));
        assert_eq!(quad("rhost=192.0.2.10:22"), address("192.0.2.10"));
        assert_eq!(quad("http://192.0.2.1/x"), address("192.0.2.1"));
        assert_eq!(quad("/192.0.2.1:8080"), address("192.0.2.1"));
        assert_eq!(quad("192.0.2.0/24"), address("192.0.2.0"));
        assert_eq!(quad("192.0.2.1-192.0.2.9"), address("192.0.2.1"));
        assert_eq!(quad("node1/192.0.2.1"), address("192.0.2.1"));
        assert_eq!(quad("GET /lookup/192.0.2.1 HTTP"), address("192.0.2.1"));
        assert_eq!(quad("192.0.2.1_access.log"), address("192.0.2.1"));
        assert_eq!(quad("IP 192.0.2.1.443 > 198.51.100.7.5"), address("192.0.2.1"));
        assert_eq!(quad("> 192.0.2.1.443: Flags"), address("192.0.2.1"));
        assert_eq!(quad("BP-1073741825-192.0.2.1-1444444444444"), address("192.0.2.1"));
    }

    #[test]
    fn versions_and_oids_are_no_addresses() {
        assert_eq!(quad("Chrome/126.0.0.0 x").map(|q| q.2), Some(Proof::Shape));
        assert_eq!(quad("v1.2.3.4"), None);
        assert_eq!(quad("1.3.6.1.4.1"), None);
        assert_eq!(quad("lib_1.2.3.4_amd64"), None);
        assert_eq!(quad("lib-1.2.3.4").map(|q| q.2), Some(Proof::Shape));
        assert_eq!(quad("300.1.2.3"), None);
    }

    #[test]
    fn quads_in_host_names_are_apart() {
        assert_eq!(
            quad("static-203.0.113.7.example.net"),
            Some(("203.0.113.7", true, Proof::Weak))
        );
        let text = "(lns-82-252-162-81.adsl.example.net)";
        let hit = find_dashed_quad(text.as_bytes(), 15).unwrap();
        assert_eq!(&text[hit.span], "82-252-162-81");
        assert_eq!(hit.canonical.as_bytes(), b"82.252.162.81");
        assert!(find_dashed_quad(b"1-800-55-12 call", 8).is_none());
        assert!(find_dashed_quad(b"2024-11-22-10.log", 10).is_none());
    }

    #[test]
    fn colon_forms_are_told_from_scopes_and_times() {
        assert_eq!(v6("from 2001:db8::1 ok"), Some(("2001:db8::1", Proof::Strong)));
        assert_eq!(v6("[2001:db8::1]:443"), Some(("2001:db8::1", Proof::Strong)));
        assert_eq!(v6("fe80::1%eth0"), Some(("fe80::1", Proof::Strong)));
        assert_eq!(v6("::ffff:192.0.2.1,"), Some(("::ffff:192.0.2.1", Proof::Strong)));
        assert_eq!(v6("2001:db8:1:2:3:4:5:6."), Some(("2001:db8:1:2:3:4:5:6", Proof::Strong)));
        assert_eq!(v6("v=spf1 ip6:2001:db8::/32"), Some(("2001:db8::", Proof::Strong)));
        assert_eq!(v6("src:2001:db8::1"), Some(("2001:db8::1", Proof::Strong)));
        assert_eq!(v6("::ffff:192.0.2.1:443 ok"), Some(("::ffff:192.0.2.1", Proof::Strong)));
        assert_eq!(
            v6("haproxy[7]: 2001:db8::1:5044 [06/Feb/2025"),
            Some(("2001:db8::1", Proof::Strong))
        );
        assert_eq!(v6("IP6 2001:db8::1.443 > "), Some(("2001:db8::1", Proof::Strong)));
        assert_eq!(v6("xyz:ab::cd"), None);
        assert_eq!(v6("std::abs"), None);
        assert_eq!(v6("x ab::cd"), Some(("ab::cd", Proof::Shape)));
        assert_eq!(v6("aa:bb:cc:dd:ee:ff"), None);
    }
}
