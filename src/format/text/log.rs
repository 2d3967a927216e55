//! Plain text: a record is a line, and a line is one cell without a field.
//!
//! A line ends with `\n`; a `\r` before it belongs to the line end. A lone `\r` does not end a
//! line, as in `grep -n` and editors, so that record numbers are line numbers.

use std::ops::Range;

use memchr::memchr_iter;

use super::cell::{Cell, Cells, Escape, FieldIx, Malformed};
use super::chunk::{Chunk, Start};
use super::text_start;

/// One cell per line that is not empty.
pub(super) fn cells(chunk: &Chunk, out: &mut Cells) {
    let continued = chunk.start == Start::Continued;
    let mut record = chunk.first_record;
    for line in lines(&chunk.bytes, text_start(&chunk.bytes, chunk.offset)) {
        if !line.is_empty() {
            out.cells.push(Cell::new(record, FieldIx::NONE, line, Escape::None));
        }
        record += 1;
    }
    out.records = (record - chunk.first_record).saturating_sub(u64::from(continued));
}

/// One malformed span per line that is not blank: what the splitter gave up on.
pub(super) fn malformed_lines(chunk: &Chunk, out: &mut Cells) {
    let mut continued = chunk.start == Start::MalformedContinued;
    let mut record = chunk.first_record;
    for line in lines(&chunk.bytes, text_start(&chunk.bytes, chunk.offset)) {
        if continued || !is_blank(&chunk.bytes[line.clone()]) {
            out.malformed.push(Malformed::new(record, line));
            out.records += u64::from(!continued);
            record += 1;
        }
        continued = false;
    }
}

/// The lines from `start` on, without their ends. What follows the last line end is a line too
/// unless it is empty.
pub(super) fn lines(bytes: &[u8], start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut from = start;
    memchr_iter(b'\n', &bytes[start..])
        .map(move |end| start + end)
        .chain((bytes.last() != Some(&b'\n') && bytes.len() > start).then_some(bytes.len()))
        .map(move |end| {
            let line = from..end;
            from = end + 1;
            if bytes[line.clone()].last() == Some(&b'\r') { line.start..line.end - 1 } else { line }
        })
}

/// Whether there is nothing but JSON whitespace.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

/// Longest key that is looked for before a value, in bytes.
const MAX_KEY: usize = 64;

/// Words before a colon that are a URL scheme, not a key.
const SCHEMES: [&str; 10] =
    ["http", "https", "ftp", "mailto", "tel", "sms", "sip", "sips", "xmpp", "callto"];

/// The key of the value that starts at `start`: `rhost` in `rhost=192.0.2.1`, `user` in
/// `user: <a@example.com>`, `email` in `"email":"a@example.com"`.
///
/// A key is an identifier (`[A-Za-z_][A-Za-z0-9_.-]{0,63}`), with `=`, `:` or `: ` and possibly
/// quotes and brackets before the value. Times and URL schemes are no keys.
#[must_use]
pub fn key_before(line: &[u8], start: usize) -> Option<&str> {
    let (key, separator) = row_before(line, start)?;
    // `--user=x`
    let key = &key[key.iter().take_while(|byte| matches!(byte, b'-' | b'.')).count()..];
    let starts_well = key.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    let key = std::str::from_utf8(key).ok().filter(|_| starts_well)?;
    let is_scheme = separator == b':' && SCHEMES.iter().any(|it| it.eq_ignore_ascii_case(key));
    (!is_scheme).then_some(key)
}

/// Whether a digit is where [`key_before`] looks for a key: with another, there could be another key.
#[must_use]
pub fn has_digit_before(line: &[u8], start: usize) -> bool {
    row_before(line, start).is_some_and(|(row, _)| row.iter().any(u8::is_ascii_digit))
}

/// The characters that could be a key before the value at `start`, and the sign between the two.
fn row_before(line: &[u8], start: usize) -> Option<(&[u8], u8)> {
    let opened = trim_end(line.get(..start)?, b"<(\"'[\\");
    let spaceless = trim_end(opened, b" ");
    let is_spaced = spaceless.len() < opened.len();
    let (&separator, head) = spaceless.split_last()?;
    if !(separator == b':' || (separator == b'=' && !is_spaced)) {
        return None;
    }
    let head = trim_end(head, b"\"'\\");
    let length = head.iter().rev().take(MAX_KEY + 1).take_while(|byte| is_key_byte(**byte)).count();
    let key = &head[head.len() - length..];
    // A key inside `fe80::1` or `12:30:05` would have a colon before it.
    if length > MAX_KEY || (separator == b':' && head[..head.len() - length].ends_with(b":")) {
        return None;
    }
    Some((key, separator))
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

fn trim_end<'a>(mut bytes: &'a [u8], set: &[u8]) -> &'a [u8] {
    while let Some((last, rest)) = bytes.split_last()
        && set.contains(last)
    {
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::key_before;

    fn key(line: &str, value: &str) -> Option<String> {
        let start = line.find(value).expect("the value is in the line");
        key_before(line.as_bytes(), start).map(str::to_owned)
    }

    #[test]
    fn a_key_is_found_behind_equals_signs_colons_quotes_and_brackets() {
        for (line, value, expected) in [
            ("sshd: rhost=192.0.2.1 ok", "192", "rhost"),
            ("user=<a@example.com>", "a@", "user"),
            ("from: a@example.com", "a@", "from"),
            (r#"{"email":"a@example.com"}"#, "a@", "email"),
            (r#"{"e-mail": "a@example.com"}"#, "a@", "e-mail"),
            (r#"{\"email\":\"a@example.com\"}"#, "a@", "email"),
            ("cmd --user.mail='a@example.com'", "a@", "user.mail"),
            ("_x=1", "1", "_x"),
        ] {
            assert_eq!(key(line, value).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn prose_times_and_urls_give_no_key() {
        for (line, value) in [
            ("to <a@example.com>", "a@"),
            ("12:30:05 x", "05"),
            ("2024-01-01T12:30 x", "30"),
            ("mailto:a@example.com", "a@"),
            ("http://192.0.2.1/", "192"),
            ("::ffff:192.0.2.1", "192"),
            ("192.0.2.1", "192"),
            ("=192.0.2.1", "192"),
            ("a = 192.0.2.1", "192"),
        ] {
            assert_eq!(key(line, value), None, "{line}");
        }
        assert_eq!(key_before(b"abc", 7), None);
        let long = format!("{}=192.0.2.1", "k".repeat(65));
        assert_eq!(key(&long, "192"), None);
    }
}
