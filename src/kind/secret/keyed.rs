//! Credentials that nothing but their place tells: behind a key (`password=…`) and in a URL.
//!
//! Which keys name a credential is for the rule to say; here is where a value begins behind a key,
//! and how far it goes.
//!
//! # Source
//! RFC 3986, 3.2.1 (userinfo).

use std::ops::Range;

use super::{MAX_LEN, is_placeholder, is_secret, text_of};
use crate::kind::Parsed;
use crate::kind::border::{after, before, run, run_back};

/// What stands behind a key, and the key.
#[derive(Debug, PartialEq, Eq)]
pub struct Keyed {
    /// `db_password` in `db_password=b`, `passe` in `mot de passe : b`.
    pub key: Range<usize>,
    /// `b`.
    pub value: Range<usize>,
    /// Weak: nothing is known but the key.
    pub parsed: Parsed,
}

/// The longest name of a key.
const MAX_KEY: usize = 64;

/// The value behind the key that ends at `end`: `b` in `"password": "b"`.
///
/// Between key and value stand a colon, an equals sign or `=>`, quotes and spaces; a value in quotes
/// reaches to the closing one, another to the next white space or sign of a list. Not found: a short
/// word without digits or signs that stands unquoted behind a colon and a space, and placeholders.
#[must_use]
pub fn find(text: &[u8], end: usize) -> Option<Keyed> {
    let head = text.get(end.saturating_sub(MAX_KEY)..end)?;
    let key = end - run_back(head, is_of_key)..end;
    let start = value_start(text, end)?;
    let value = &text[start..start + value_length(text, start)];
    // `password: required`, `token: Text`: a word behind a colon is prose more often than a password.
    let is_prose = text[..start].trim_ascii_end().ends_with(b":")
        && text[..start].ends_with(b" ")
        && value.len() < 16
        && value.iter().all(u8::is_ascii_alphabetic);
    // `max_token=4096`
    let is_count = value.iter().all(u8::is_ascii_digit)
        && text[key.clone()].to_ascii_lowercase().ends_with(b"token");
    let is_none = is_prose || is_count || is_pseudonym(value) || is_path(value) || is_object(value);
    if key.is_empty() || is_none || !is_secret(value) {
        return None;
    }
    let value = start..start + value.len();
    let parsed = Parsed::weak(text_of(&text[value.clone()]));
    Some(Keyed { key, value, parsed })
}

fn is_of_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || !byte.is_ascii()
}

/// Whether a value is a path: `PWD=/home/example` is where a shell works.
fn is_path(value: &[u8]) -> bool {
    matches!(value, [b'/' | b'~', ..] | [_, b':', b'\\' | b'/', ..])
}

/// Whether a value is the start of what a program prints of an object or a call: `Token{1a2b`,
/// `Session[id`, `example.Token@1a2b`, `getToken(`.
fn is_object(value: &[u8]) -> bool {
    let name =
        run(value, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$'));
    let behind = &value[name..];
    name > 0
        && match behind.first() {
            Some(b'{' | b'[' | b'(') => true,
            Some(b'@') => {
                (4..=9).contains(&behind.len()) && behind[1..].iter().all(u8::is_ascii_hexdigit)
            }
            _ => false,
        }
}

/// Whether a value is what pseudonymising made of one: a prefix, perhaps an epoch, an underscore and
/// 20 characters of base 32.
fn is_pseudonym(value: &[u8]) -> bool {
    let is_base_32 =
        |byte: &u8| (byte.is_ascii_lowercase() || byte.is_ascii_digit()) && !b"ilou".contains(byte);
    let underscore = value.iter().position(|byte| *byte == b'_');
    underscore.is_some_and(|at| {
        value.len() == at + 21
            && value[..at].iter().all(u8::is_ascii_alphanumeric)
            && value[at + 1..].iter().all(is_base_32)
    })
}

/// Where the value starts behind a key that ends at `end`.
///
/// An empty value has none, and what follows it is not taken for it: `password= ip=192.0.2.1` and
/// `password:  from 192.0.2.1` are what dropping a value leaves.
fn value_start(text: &[u8], end: usize) -> Option<usize> {
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'' | b'\\');
    let rest = &text[end..];
    let quotes = run(&rest[..rest.len().min(2)], is_quote);
    let spaces = run(&rest[quotes..], |byte| byte == b' ');
    let signs = run(&rest[quotes + spaces..], |byte| matches!(byte, b':' | b'=' | b'>'));
    // `token::from_bytes` is a path.
    let sign = &rest[quotes + spaces..][..signs];
    if !matches!(sign, b":" | b"=" | b":=" | b"=>") || spaces > 4 {
        return None;
    }
    let at = end + quotes + spaces + signs;
    let gap = run(&text[at..], |byte| byte == b' ');
    let is_one_word = || !text[at..].trim_ascii().contains(&b' ');
    if gap > 0 && spaces == 0 && (sign == b"=" || gap > 1 && !is_one_word()) {
        return None;
    }
    let at = at + gap;
    Some(at + run(&text[at..text.len().min(at + 2)], is_quote))
}

/// How long the value at `start` is: to the quote before it, or to what ends a value without one.
fn value_length(text: &[u8], start: usize) -> usize {
    let window = &text[start..text.len().min(start + MAX_LEN)];
    let quote = before(text, start);
    if matches!(quote, b'"' | b'\'') {
        let is_escaped = before(text, start - 1) == b'\\';
        let length = closing_quote(window, quote, is_escaped);
        return length.unwrap_or_else(|| run(window, |byte| byte != quote));
    }
    let ends: &[u8] =
        if matches!(after(window, 0), b'[' | b'{') { b",;&\"'" } else { b",;&\"')]}" };
    run(window, |byte| !byte.is_ascii_whitespace() && !ends.contains(&byte))
}

/// Where the closing quote is; where the opening one is escaped, so is the closing one.
fn closing_quote(text: &[u8], quote: u8, is_escaped: bool) -> Option<usize> {
    if is_escaped {
        return text.windows(2).position(|pair| pair == [b'\\', quote]);
    }
    let mut is_behind_backslash = false;
    text.iter().position(|&byte| {
        let closes = byte == quote && !is_behind_backslash;
        is_behind_backslash = byte == b'\\' && !is_behind_backslash;
        closes
    })
}

/// The bytes that an authority goes on with (RFC 3986, section 3.2), quotes of the text around it aside.
static IN_AUTHORITY: [bool; 256] = {
    let (mut table, mut at) = ([true; 256], 0);
    while at < 256 {
        let byte = at as u8;
        let ends = matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`');
        table[at] = !byte.is_ascii_whitespace() && !ends;
        at += 1;
    }
    table
};

/// The password in the URL whose `://` ends with the slash at `slash`: `b` in `https://a:b@example.com`.
#[must_use]
pub fn find_in_url(text: &[u8], slash: usize) -> Option<(Range<usize>, Parsed)> {
    if !text.get(..=slash)?.ends_with(b"://") {
        return None;
    }
    let start = slash + 1;
    let authority = &text[start..text.len().min(start + 1024)];
    let authority = &authority[..run(authority, |byte| IN_AUTHORITY[usize::from(byte)])];
    let border = authority.iter().rposition(|&sign| sign == b'@')?;
    let colon = authority[..border].iter().position(|&sign| sign == b':')?;
    let host = after(authority, border + 1);
    let password = &authority[colon + 1..border];
    // `http://example.com:80,jean@example.com` is a list.
    let port = run(password, |byte| byte.is_ascii_digit());
    let is_list = port > 0 && matches!(after(password, port), b',' | b';' | b')' | b'|');
    if !(host.is_ascii_alphanumeric() || host == b'[') || is_list || is_placeholder(password) {
        return None;
    }
    let span = start + colon + 1..start + border;
    Some((span, Parsed::strong(text_of(password))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kind::testing::{is_strong, part};

    fn keyed(text: &str) -> Option<(&str, &str)> {
        (1..text.len()).find_map(|end| {
            let is_end = is_of_key(text.as_bytes()[end - 1]) && !is_of_key(text.as_bytes()[end]);
            let found = is_end.then(|| find(text.as_bytes(), end))??;
            Some((&text[found.key], &text[found.value]))
        })
    }
    fn in_url(text: &str) -> Option<&str> {
        let slash = text.find("://").unwrap() + 2;
        part(text, find_in_url(text.as_bytes(), slash))
    }

    #[test]
    fn passwords_of_urls_are_found() {
        for (text, password) in [
            ("https://jean:hunter2@example.com/x", "hunter2"),
            ("postgres://app:p%40ss:w0rd@[2001:db8::1]:5432/db", "p%40ss:w0rd"),
            ("redis://:hunter2@example.com", "hunter2"),
            ("jdbc:mysql://root:h@nter2@example.com?x", "h@nter2"),
        ] {
            assert_eq!(in_url(text), Some(password), "{text}");
        }
        for text in [
            "https://example.com:8080/@jean",
            "https://jean@example.com",
            "https://jean:***@example.com",
            "https://jean:${PASSWORD}@example.com",
            "https://jean:@example.com",
            "http://example.com:80,jean@example.com",
            "http://example.com:80 jean@example.com",
        ] {
            assert_eq!(in_url(text), None, "{text}");
        }
    }

    #[test]
    fn values_behind_keys_are_found() {
        for (text, key, value) in [
            ("password=hunter2", "password", "hunter2"),
            ("?password=hunter2&x=1", "password", "hunter2"),
            ("{\"password\": \"hunter 2, or\"}", "password", "hunter 2, or"),
            ("{\\\"password\\\":\\\"hunter2\\\",\\\"a\\\":1}", "password", "hunter2"),
            ("{\"pwd\":\"a\\\"bcd\"}", "pwd", "a\\\"bcd"),
            ("DB_PASSWORD='hunter2'", "DB_PASSWORD", "hunter2"),
            ("dbPassword: hunter2", "dbPassword", "hunter2"),
            ("Api-Key: 0123456789abcdef", "Api-Key", "0123456789abcdef"),
            ("accessToken => 0123456789abcdef,", "accessToken", "0123456789abcdef"),
            ("mot de passe : hunter2", "passe", "hunter2"),
            ("password: 12345678", "password", "12345678"),
            ("password = 12345678", "password", "12345678"),
            ("password:    hunter2", "password", "hunter2"),
        ] {
            assert_eq!(keyed(text), Some((key, value)), "{text}");
        }
        assert_eq!(is_strong(find(b"pwd=hunter2", 3).map(|keyed| keyed.parsed)), Some(false));
    }

    #[test]
    fn placeholders_counts_and_pseudonyms_are_no_secrets() {
        for text in [
            "password=***",
            "password: null",
            "password=${DB_PASSWORD}",
            "password=$DB_PASSWORD",
            "password=<redacted>",
            "password=[FILTERED]",
            "password={{ password }}",
            "password: incorrect",
            "password=",
            "password=abc",
            "max_token=4096",
            "Failed password for root from 192.0.2.1",
            "password reset required: please",
            "password: something",
            "token::from_bytes(a)",
            "secret == other1",
            "password=eml_0123456789abcdefghjk",
            "password=j***@e***.com",
            "PWD=/home/example",
            "password= hunter2",
            "password:  from 192.0.2.1",
            "password:  again",
            "token=Token{1a2b3c Activity",
            "token=example.Token@1a2b3c",
        ] {
            assert_eq!(keyed(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_password_behind_a_key_is_found(
            key in "[a-z]{1,12}(_[a-z]{1,8})?", value in "[a-z]{3,10}[0-9!?]{2,6}",
        ) {
            for text in [
                format!("{key}={value}"),
                format!("{}: {value}", key.to_uppercase()),
                format!("\"{key}\":\"{value}\""),
            ] {
                prop_assert_eq!(keyed(&text).map(|(_, value)| value), Some(&value[..]), "{}", text);
            }
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(
            body in "[a-zA-Z0-9$.,:=/@\"' \\\\é-]{0,60}", bytes in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let url = format!("x://{body}");
            for text in [body.as_bytes(), url.as_bytes(), &bytes] {
                for at in 0..=text.len() {
                    let value = find(text, at).map(|keyed| keyed.value);
                    let in_url = find_in_url(text, at).map(|(span, _)| span);
                    for span in value.into_iter().chain(in_url) {
                        prop_assert!(span.end <= text.len());
                    }
                }
            }
        }
    }
}
