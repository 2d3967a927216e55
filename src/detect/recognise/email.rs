//! Emails: from the `@` outwards.

use std::ops::Range;

use super::{Hit, Proof, after, before};
use crate::kind::email;

/// RFC 5321, section 4.5.3.1.1: a local part has at most 64 octets.
const MAX_LOCAL: usize = 64;
/// RFC 5321, section 4.5.3.1.2: a domain has at most 255 octets.
const MAX_DOMAIN: usize = 255;

/// The email whose `@` is at `at`.
pub(in crate::detect) fn find(text: &[u8], at: usize) -> Option<Hit> {
    let start = local_start(text, at)?;
    // `sip:+33199001234@example.com`: a telephone number; those of an office are shorter.
    if at - start >= super::MIN_DIGITS && super::phone::is_called(text, at) {
        return None;
    }
    let mut end = domain_end(text, at);
    if is_one_label(&text[at + 1..end]) {
        return None;
    }
    // `jean@example.comまで`: the sentence goes on without a space, unless the name is one of
    // an internationalised domain.
    let ascii = at + 1 + text[at + 1..end].iter().take_while(|b| b.is_ascii()).count();
    if ascii < end && email::parse(&text[start..end]).is_none() {
        end = ascii;
    }
    let goes_on = |end: usize, class: fn(&u8) -> bool| {
        after(text, end) == b'.' && text.get(end + 1).is_some_and(class)
    };
    // `name@1.2.3`: a version.
    if goes_on(end, u8::is_ascii_digit) {
        return None;
    }
    // `alice@example.com.Please`: labels that make no known domain are the next sentence.
    let mut weak = None;
    while end > at + 1 {
        if let Some(parsed) = email::parse(&text[start..end]) {
            let hit = Hit::new(start..end, parsed);
            // `name@lib.so.8`: a library, and no mailbox in Somalia.
            if text[..end].ends_with(b".so") && goes_on(end, u8::is_ascii_digit) {
                return None;
            }
            // `git@git.zone.internal`: the name goes on.
            let is_cut = weak.is_some() && goes_on(end, u8::is_ascii_lowercase);
            if hit.proof == Proof::Strong && !is_cut {
                return Some(hit);
            }
            weak.get_or_insert(hit);
        }
        end = text[at + 1..end].iter().rposition(|&b| b == b'.').map_or(at, |dot| at + 1 + dot);
    }
    weak
}

/// The `@` at `at` and what is behind it, if that is no domain whatever its digits are, and so no mailbox
/// is before it (`deploy@node-7`).
pub(in crate::detect) fn no_domain(text: &[u8], at: usize) -> Option<Range<usize>> {
    let end = domain_end(text, at);
    is_one_label(&text[at + 1..end]).then_some(at..end + 1)
}

/// Whether it has no dot, as what a host is called in its own network.
fn is_one_label(domain: &[u8]) -> bool {
    domain.iter().all(|byte| byte.is_ascii() && *byte != b'.')
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
    start += behind_escape(&text[start..at]);
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

/// How many bytes at the start of `local` are up to its last percent-encoded separator: in
/// `email%3Djean@example.com` the `%3D` is an equals sign (RFC 3986).
fn behind_escape(local: &[u8]) -> usize {
    const SEPARATORS: [&[u8]; 9] =
        [b"%3D", b"%3d", b"%3A", b"%3a", b"%20", b"%22", b"%26", b"%3C", b"%3c"];
    if !local.contains(&b'%') {
        return 0;
    }
    let is_separator = |window: &[u8]| SEPARATORS.contains(&window);
    local.windows(3).rposition(is_separator).map_or(0, |place| place + 3)
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
    if text[at + 1..end].is_ascii() {
        // All of them may stand in a domain.
    } else if let Ok(domain) = std::str::from_utf8(&text[at + 1..end]) {
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

#[inline]
fn is_local(b: u8) -> bool {
    PARTS[usize::from(b)] & LOCAL != 0
}

#[inline]
fn is_domain(b: u8) -> bool {
    PARTS[usize::from(b)] & DOMAIN != 0
}

const LOCAL: u8 = 1;
const DOMAIN: u8 = 2;

/// Which parts of an address a byte goes on.
static PARTS: [u8; 256] = {
    let (mut parts, mut at) = ([0; 256], 0);
    while at < 256 {
        let b = at as u8;
        if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-') || b >= 0x80 {
            parts[at] = LOCAL | DOMAIN;
        } else if matches!(b, b'_' | b'%' | b'+' | b'\'') {
            parts[at] = LOCAL;
        }
        at += 1;
    }
    parts
};

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
            ("お問い合わせはjean@example.comまで", "jean@example.com"),
            ("문의는 jean@example.com으로", "jean@example.com"),
            ("écrire à hélène@exemple.example", "hélène@exemple.example"),
            ("\"jean dupont\"@example.com", "\"jean dupont\"@example.com"),
            ("root@db.internal", "root@db.internal"),
            ("git@git.zone.internal:8080", "git@git.zone.internal"),
        ] {
            assert_eq!(found(text), Some(value), "{text}");
        }
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
            "name@lib.so.8",
            "sip:+33199001234@example.com",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
