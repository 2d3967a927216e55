//! Names as words: `clientIP`, `client_ip` and `Client-IP` are the same two.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a name, in lower case and without accents.
///
/// Split where the name is not alphanumeric, where lower case turns to upper, before the last
/// capital of a run that a lower-case letter follows (`IPAddress`), and between letters and digits.
pub(super) fn of(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.nfkd().filter(|&c| !is_combining_mark(c)).collect();
    let mut words = vec![String::new()];
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| chars[before]);
        let is_boundary = !c.is_alphanumeric()
            || before.is_some_and(|before| is_boundary(before, c, chars.get(at + 1).copied()));
        if is_boundary && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            append_folded(c, word);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The same as one text, with a space between them.
pub(super) fn joined(name: &str) -> String {
    // Most are, and need not be taken apart.
    if !name.is_ascii() {
        return of(name).join(" ");
    }
    let mut words = String::with_capacity(2 * name.len());
    for word in each_ascii(name.as_bytes()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&name[word]);
    }
    words.make_ascii_lowercase();
    words
}

/// Where the words of a name in ASCII stand in it.
pub(super) fn each_ascii(name: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let is_alphanumeric = |at: &usize| name[*at].is_ascii_alphanumeric();
    let is_boundary = |at: usize| {
        let c = |at: usize| char::from(name[at]);
        is_boundary(c(at - 1), c(at), name.get(at + 1).map(|b| char::from(*b)))
    };
    let mut behind = 0;
    std::iter::from_fn(move || {
        let start = (behind..name.len()).find(is_alphanumeric)?;
        let goes_on = |at: &usize| is_alphanumeric(at) && !is_boundary(*at);
        behind = (start + 1..name.len()).find(|at| !goes_on(at)).unwrap_or(name.len());
        Some(start..behind)
    })
}

/// `text` in lower case and without accents, otherwise as it is.
pub(super) fn folded(text: &str) -> String {
    // Most are, and are in every rule set that is read.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|&c| !is_combining_mark(c)) {
        append_folded(c, &mut folded);
    }
    folded
}

fn is_boundary(before: char, c: char, after: Option<char>) -> bool {
    before.is_numeric() != c.is_numeric()
        || before.is_lowercase() && c.is_uppercase()
        || before.is_uppercase() && c.is_uppercase() && after.is_some_and(char::is_lowercase)
}

/// Letters whose accent is no combining mark are spelled as their neighbours do without it.
fn append_folded(c: char, out: &mut String) {
    match c {
        'ß' | 'ẞ' => out.push_str("ss"),
        'æ' | 'Æ' => out.push_str("ae"),
        'œ' | 'Œ' => out.push_str("oe"),
        'ø' | 'Ø' => out.push('o'),
        'ł' | 'Ł' => out.push('l'),
        'đ' | 'Đ' => out.push('d'),
        _ => out.extend(c.to_lowercase().filter(|&c| !is_combining_mark(c))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_where_a_reader_would() {
        for (name, expected) in [
            ("clientIP", &["client", "ip"][..]),
            ("IPAddress", &["ip", "address"]),
            ("remote_addr", &["remote", "addr"]),
            ("N° de téléphone", &["n", "de", "telephone"]),
            ("Phone 1", &["phone", "1"]),
            ("ipv4", &["ipv", "4"]),
            ("$.user['E-Mail'][*]", &["user", "e", "mail"]),
            ("GRÖSSE_Straße_œuvre_Łódź", &["grosse", "strasse", "oeuvre", "lodz"]),
            ("--", &[]),
            ("", &[]),
        ] {
            assert_eq!(of(name), expected, "{name}");
            assert_eq!(joined(name), expected.join(" "), "{name}");
        }
    }

    #[test]
    fn folding_keeps_what_is_between_words() {
        assert_eq!(folded("Numéro d'appel"), "numero d'appel");
    }
}
