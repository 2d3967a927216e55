//! IP addresses: dotted quads, quads spelled in host names, and the colon forms.

use super::{Hit, Proof, after, before};
use crate::kind::ip;

/// A quad that was found, and whether it is an address or a part of a host name.
pub(in crate::detect) enum Quad {
    Address(Hit),
    InHostName(Hit),
}

/// The dotted quad whose third dot is at `dot`.
///
/// Not found: a part of a longer dotted chain (an OID, a section number), a quad glued to letters
/// (`v1.2.3.4`). A quad after a product name and a slash (`Chrome/126.0.0.0`) is a version: it is
/// found as a shape only.
pub(in crate::detect) fn find_quad(text: &[u8], dot: usize) -> Option<Quad> {
    let span = quad_span(text, dot, b'.')?;
    let (previous, next) = (before(text, span.start), after(text, span.end));
    let (earlier, beyond) = (before(text, span.start.saturating_sub(1)), after(text, span.end + 1));
    if matches!(previous, b'.' | b'%') || next == b'.' && beyond.is_ascii_digit() {
        return None;
    }
    let hit = Hit::new(span.clone(), ip::parse_v4(&text[span.clone()])?);
    if matches!(next, b'.' | b'-') && beyond.is_ascii_alphabetic() {
        return host_follows(text, span.end).then_some(Quad::InHostName(hit));
    }
    let glued = |b: u8| b.is_ascii_alphabetic() || b == b'_';
    if glued(previous) || glued(next) {
        return None;
    }
    let is_version = previous == b'/' && earlier.is_ascii_alphanumeric() && next != b':'
        || previous == b'-' && earlier.is_ascii_alphabetic()
        || is_compared(&text[..span.start])
        || next == b'-' && is_revision(&text[span.end + 1..]);
    Some(Quad::Address(if is_version { hit.at_most(Proof::Shape) } else { hit }))
}

/// Whether what ends `before` compares versions: `>= 10.0.20.13`, `amd64~~10.1.1.2`.
fn is_compared(before: &[u8]) -> bool {
    let spaceless = before.strip_suffix(b" ").unwrap_or(before);
    [&b">="[..], b"<=", b"==", b"~>", b"~", b"^"].iter().any(|sign| spaceless.ends_with(sign))
}

/// Whether `behind` the dash is the revision of a package (`-5`) and not the end of a range.
fn is_revision(behind: &[u8]) -> bool {
    let digits = behind.iter().take_while(|b| b.is_ascii_digit()).count();
    digits > 0 && behind.get(digits) != Some(&b'.')
}

/// Whether a quad stands where an address does and a version does not: in brackets, before a port,
/// or first in the line of an access log.
pub(in crate::detect) fn has_surroundings(text: &[u8], span: &std::ops::Range<usize>) -> bool {
    let (previous, next) = (before(text, span.start), after(text, span.end));
    previous == b'[' && next == b']'
        || next == b':' && after(text, span.end + 1).is_ascii_digit()
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
fn quad_span(text: &[u8], third: usize, sign: u8) -> Option<std::ops::Range<usize>> {
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

/// The IPv6 address around the colon at `colon`.
///
/// Two groups around `::` are also what C++ scopes, ratios and fingerprints look like; without a
/// prefix that is in use they prove little.
pub(in crate::detect) fn find_v6(text: &[u8], colon: usize) -> Option<Hit> {
    /// RFC 4291: eight groups of four, or a quad at the end: 45 characters.
    const MAX: usize = 45;
    let part = |b: &&u8| b.is_ascii_hexdigit() || matches!(**b, b':' | b'.');
    let mut start = colon - text[..colon].iter().rev().take(MAX).take_while(part).count();
    let mut end = colon + text[colon..].iter().take(MAX).take_while(part).count();
    if matches!(before(text, start), b'_' | b'-') || before(text, start).is_ascii_alphanumeric() {
        return None;
    }
    while end > start && (text[end - 1] == b'.' || text[end - 1] == b':' && !ends_double(text, end))
    {
        end -= 1;
    }
    if text[start] == b':' && after(text, start + 1) != b':' {
        start += 1;
    }
    // What hangs on behind: another word character makes it no address, a zone or prefix is fine.
    if after(text, end).is_ascii_alphanumeric() || after(text, end) == b'_' {
        return None;
    }
    let span = start..end.max(start);
    let value = &text[span.clone()];
    let groups = value.split(|&b| b == b':').filter(|group| !group.is_empty()).count();
    if groups == 0 || value.starts_with(b".") {
        return None;
    }
    let hit = Hit::new(span.clone(), ip::parse_v6(value)?);
    let in_use = [&b"2"[..], b"3", b"fe80", b"fc", b"fd", b"ff", b"64:ff9b", b"::ffff:"]
        .iter()
        .any(|prefix| {
            value.len() >= prefix.len() && value[..prefix.len()].eq_ignore_ascii_case(prefix)
        })
        && value.iter().take_while(|b| b.is_ascii_hexdigit()).count() != 1;
    Some(if groups >= 3 || groups == 2 && in_use { hit } else { hit.at_most(Proof::Weak) })
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
    }

    #[test]
    fn versions_and_oids_are_no_addresses() {
        assert_eq!(quad("Chrome/126.0.0.0 x").map(|q| q.2), Some(Proof::Shape));
        assert_eq!(quad("v1.2.3.4"), None);
        assert_eq!(quad("1.3.6.1.4.1"), None);
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
        assert_eq!(v6("std::abs"), None);
        assert_eq!(v6("x ab::cd"), Some(("ab::cd", Proof::Weak)));
        assert_eq!(v6("aa:bb:cc:dd:ee:ff"), None);
    }
}
