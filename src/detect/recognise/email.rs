//! Emails: from the `@` outwards.

use super::{Hit, before};
use crate::kind::{Strength, email};

/// RFC 5321, section 4.5.3.1.1: a local part has at most 64 octets.
const MAX_LOCAL: usize = 64;
/// RFC 5321, section 4.5.3.1.2: a domain has at most 255 octets.
const MAX_DOMAIN: usize = 255;

/// The email whose `@` is at `at`.
pub(in crate::detect) fn find(text: &[u8], at: usize) -> Option<Hit> {
    let start = local_start(text, at)?;
    let mut end = domain_end(text, at);
    // `alice@example.com.Please`: labels that make no known domain are the next sentence.
    let mut weak = None;
    while end > at + 1 {
        if let Some(parsed) = email::parse(&text[start..end]) {
            if parsed.strength == Strength::Strong {
                return Some(Hit::new(start..end, parsed));
            }
            weak.get_or_insert_with(|| Hit::new(start..end, parsed));
        }
        end = text[at + 1..end].iter().rposition(|&b| b == b'.').map_or(at, |dot| at + 1 + dot);
    }
    weak
}

/// The email whose `@` is written `%40`, as in a query string, its `4` at `four`.
///
/// The span is the encoded address; its canonical form is that of the decoded one (RFC 3986).
pub(in crate::detect) fn find_percent_encoded(text: &[u8], four: usize) -> Option<Hit> {
    if before(text, four) != b'%' || text.get(four + 1) != Some(&b'0') {
        return None;
    }
    let at = four - 1;
    let start = local_start(text, at)?;
    let end = domain_end(text, four + 1);
    let mut decoded = decode_percent(&text[start..at]);
    decoded.push(b'@');
    decoded.extend_from_slice(&text[four + 2..end.max(four + 2)]);
    let parsed = email::parse(&decoded)?;
    (parsed.strength == Strength::Strong).then(|| Hit::new(start..end, parsed))
}

/// The email whose `@` is written `\u0040`, as in JSON inside a line of text, its backslash at
/// `backslash` (RFC 8259, section 7).
pub(in crate::detect) fn find_json_escaped(text: &[u8], backslash: usize) -> Option<Hit> {
    const ESCAPE: &[u8] = b"\\u0040";
    if !text[backslash..].starts_with(ESCAPE) {
        return None;
    }
    let start = local_start(text, backslash)?;
    let domain = backslash + ESCAPE.len();
    let end = domain_end(text, domain - 1);
    let plain = [&text[start..backslash], b"@", &text[domain..end.max(domain)]].concat();
    let parsed = email::parse(&plain)?;
    (parsed.strength == Strength::Strong).then(|| Hit::new(start..end, parsed))
}

fn decode_percent(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, behind)) = rest.split_first() {
        let hex = |b: u8| char::from(b).to_digit(16);
        let pair = behind.first_chunk::<2>().filter(|_| first == b'%');
        if let Some((high, low)) = pair.and_then(|[a, b]| Some((hex(*a)?, hex(*b)?))) {
            decoded.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            rest = &behind[2..];
        } else {
            decoded.push(first);
            rest = behind;
        }
    }
    decoded
}

/// Where the local part starts: a quoted string, or the longest run of the characters that people
/// have in addresses. RFC 5322 allows more (`= / ? & { } |` …), all of which separate an address
/// from a key, a path or a query in real logs.
fn local_start(text: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(MAX_LOCAL);
    if before(text, at) == b'"' {
        let open = text[floor..at - 1].iter().rposition(|&b| b == b'"')?;
        return (floor + open + 1 < at - 1).then_some(floor + open);
    }
    let mut start = at;
    while start > floor && is_local(text[start - 1]) {
        start -= 1;
    }
    start += unglued(&text[start..at]);
    while start < at && matches!(text[start], b'.' | b'-' | b'\'' | b'+' | b'%') {
        start += 1;
    }
    // `https://user:secret@host.example/`: the password of a URL, not a mailbox.
    let in_url = before(text, start) == b':'
        && text[..start]
            .iter()
            .rev()
            .take(MAX_DOMAIN)
            .take_while(|b| !b.is_ascii_whitespace())
            .collect::<Vec<_>>()
            .windows(3)
            .any(|w| w == [&b'/', &b'/', &b':']);
    (start < at && !in_url).then_some(start)
}

/// How many bytes at the start of `local` are written in a script without spaces between words,
/// or are the rest of a cut character: they belong to the sentence, not to the address.
fn unglued(local: &[u8]) -> usize {
    if local.is_ascii() {
        return 0;
    }
    let Ok(text) = std::str::from_utf8(local) else {
        // Not UTF-8: keep what follows the last byte that is not ASCII.
        return local.iter().rposition(|b| !b.is_ascii()).map_or(0, |i| i + 1);
    };
    text.char_indices()
        .rev()
        .find(|(_, c)| !c.is_alphanumeric() && !c.is_ascii() || *c >= '\u{2E80}')
        .map_or(0, |(i, c)| i + c.len_utf8())
}

fn domain_end(text: &[u8], at: usize) -> usize {
    let ceiling = text.len().min(at + 1 + MAX_DOMAIN);
    let mut end = at + 1;
    while end < ceiling && is_domain(text[end]) {
        end += 1;
    }
    // A CJK full stop or letter glued to the end is the next sentence.
    if let Ok(domain) = std::str::from_utf8(&text[at + 1..end]) {
        let cut = domain.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-'));
        end = at + 1 + cut.unwrap_or(domain.len());
    } else {
        let cut = text[at + 1..end].iter().position(|b| !b.is_ascii());
        end = at + 1 + cut.unwrap_or(end - at - 1);
    }
    while end > at + 1 && matches!(text[end - 1], b'.' | b'-') {
        end -= 1;
    }
    end
}

fn is_local(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'') || b >= 0x80
}

fn is_domain(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-') || b >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        let at = text.rfind('@').unwrap();
        find(text.as_bytes(), at).map(|hit| &text[hit.span])
    }

    #[test]
    fn borders_are_those_of_the_address() {
        for (text, value) in [
            ("mail jean@example.com now", "jean@example.com"),
            ("user=jean.dupont+tag@example.com&x=1", "jean.dupont+tag@example.com"),
            ("<mailto:jean@example.org>", "jean@example.org"),
            ("see jean@example.com.", "jean@example.com"),
            ("see jean@example.com.Please answer", "jean@example.com"),
            ("l'adresse 'jean@example.com'", "jean@example.com"),
            ("联系jean@example.com。", "jean@example.com"),
            ("écrire à hélène@exemple.example", "hélène@exemple.example"),
            ("\"jean dupont\"@example.com", "\"jean dupont\"@example.com"),
            ("root@db.internal", "root@db.internal"),
        ] {
            assert_eq!(found(text), Some(value), "{text}");
        }
    }

    #[test]
    fn a_percent_encoded_address_is_the_address() {
        let text = b"GET /u?mail=jean%2Bx%40example.com&id=7";
        let four = text.iter().position(|&b| b == b'4').unwrap();
        let hit = find_percent_encoded(text, four).unwrap();
        assert_eq!(&text[hit.span], b"jean%2Bx%40example.com");
        assert_eq!(hit.canonical.as_bytes(), b"jean+x@example.com");
        assert!(find_percent_encoded(b"load 99%40.5", 8).is_none());
    }

    #[test]
    fn an_address_in_escaped_json_is_the_address() {
        let text = br#"body={"to":"jean\u0040example.com"}"#;
        let backslash = text.iter().position(|&b| b == b'\\').unwrap();
        let hit = find_json_escaped(text, backslash).unwrap();
        assert_eq!(&text[hit.span], br"jean\u0040example.com");
        assert_eq!(hit.canonical.as_bytes(), b"jean@example.com");
        assert!(find_json_escaped(br"C:\users", 2).is_none());
    }

    #[test]
    fn what_is_no_mailbox_is_not_found() {
        for text in [
            "logo@2x.png",
            "@scope/pkg@1.2.3",
            "deploy@node-17 build",
            "Foo@Bar.class",
            "https://user:secret@host.example/",
            "@example.com",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
