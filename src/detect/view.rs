//! Decoded views of a text: values that are written in escapes, with the way back to the bytes.
//!
//! `jean%40example.com` in a query string, `jean\u0040example.com` in JSON inside a line,
//! `jean&#64;example.com` in a page, `jean=40example.com` in a mail, `０６` in full-width digits:
//! no recogniser should have to know all of these. A [`View`] is the text as its reader would see
//! it; recognisers run on it, and spans are mapped back. What replaces a span is letters, digits
//! and an underscore, which mean themselves in each of these forms.

use std::ops::Range;

/// A window of a text with its escapes decoded.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) text: Vec<u8>,
    /// Where each decoded byte comes from, and at the end where the window ends.
    from: Vec<usize>,
    /// Places in `text` right behind an escape that is no part of a value: a new line or a tab.
    after_break: Vec<usize>,
}

/// Which escapes to read beside those that nothing else looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `%40`, `\u0040`, `&#64;`, full-width forms.
    Common,
    /// `=40` too (RFC 2045, section 6.7); in a log it is mostly the start of a number.
    QuotedPrintable,
}

/// The longest run that is decoded around an escape, on each side.
const REACH: usize = 512;

/// The window around `at` that is worth decoding: as far as one string goes.
pub(super) fn window(text: &[u8], at: usize) -> Range<usize> {
    let start = at.saturating_sub(REACH);
    let end = text.len().min(at + REACH);
    let start = text[start..at].iter().rposition(is_border).map_or(start, |i| start + i + 1);
    let end = text[at..end].iter().position(is_border).map_or(end, |i| at + i);
    start..end.max(at)
}

fn is_border(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\n' | b'<' | b'>' | b'|')
}

/// How far values are seen to their ends in a window: the last ones go on where it is cut.
pub(super) fn seen_of(text: &[u8], window: &Range<usize>) -> usize {
    const LONGEST: usize = 128;
    let is_cut = text.get(window.end).is_some_and(|byte| !is_border(byte));
    window.end - if is_cut { LONGEST } else { 0 }
}

/// Whether nothing in a window reads as an escape, in whatever dialect: rows of backslashes, and paths
/// with them.
pub(super) fn is_plain(source: &[u8], window: Range<usize>) -> bool {
    View::of(source, window, Dialect::QuotedPrintable).is_none()
}

impl View {
    /// The window of `source` decoded; nothing where no escape is in it.
    pub(super) fn of(source: &[u8], window: Range<usize>, dialect: Dialect) -> Option<Self> {
        let mut view = Self::default();
        let mut at = window.start;
        let mut is_escaped = false;
        while at < window.end {
            let rest = &source[at..window.end];
            match escape(rest, dialect) {
                Some((decoded, length)) => {
                    is_escaped = true;
                    let mut utf8 = [0; 4];
                    let bytes: &[u8] = match &decoded {
                        Decoded::Byte(byte) => std::slice::from_ref(byte),
                        Decoded::Char(c) => c.encode_utf8(&mut utf8).as_bytes(),
                        Decoded::Nothing => &[],
                    };
                    view.text.extend_from_slice(bytes);
                    view.from.extend(bytes.iter().map(|_| at));
                    if matches!(decoded, Decoded::Char('\n' | '\r' | '\t')) {
                        view.after_break.push(view.text.len());
                    }
                    at += length;
                }
                None => {
                    view.text.push(rest[0]);
                    view.from.push(at);
                    at += 1;
                }
            }
        }
        view.from.push(window.end);
        is_escaped.then_some(view)
    }

    /// The bytes of the source that `span` was decoded from; nothing where they are the same and
    /// stand beside no escape, since a look at the source finds those.
    pub(super) fn source(&self, span: &Range<usize>) -> Option<Range<usize>> {
        let (start, end) = (*self.from.get(span.start)?, *self.from.get(span.end)?);
        let is_escaped = end - start != span.len();
        (is_escaped || self.after_break.contains(&span.start)).then_some(start..end)
    }
}

enum Decoded {
    Byte(u8),
    Char(char),
    /// A soft line break.
    Nothing,
}

/// The escape that `text` starts with: what it stands for, and its length.
fn escape(text: &[u8], dialect: Dialect) -> Option<(Decoded, usize)> {
    match text.first()? {
        // RFC 3986, section 2.1.
        b'%' => hex_pair(text.get(1..3)?).map(|byte| (Decoded::Byte(byte), 3)),
        b'=' if dialect == Dialect::QuotedPrintable => match text.get(1..3) {
            Some(b"\r\n") => Some((Decoded::Nothing, 3)),
            Some(pair) if !pair.iter().any(u8::is_ascii_lowercase) => {
                hex_pair(pair).map(|byte| (Decoded::Byte(byte), 3))
            }
            _ => None,
        },
        b'\\' => json_escape(text),
        b'&' => entity(text),
        0xEF => full_width(text),
        _ => None,
    }
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    u8::try_from(hex(pair)?).ok()
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, &b| Some(number * 16 + char::from(b).to_digit(16)?))
}

/// RFC 8259, section 7; backslashes may be doubled, as in JSON inside JSON.
fn json_escape(text: &[u8]) -> Option<(Decoded, usize)> {
    let slashes = text.iter().take(3).take_while(|b| **b == b'\\').count();
    let behind = &text[slashes..];
    let simple = |c: char| Some((Decoded::Char(c), slashes + 1));
    match behind.first()? {
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'"' => simple('"'),
        b'/' => simple('/'),
        b'u' => {
            let unit = hex(behind.get(1..5)?)?;
            if let Some(c) = char::from_u32(unit) {
                return Some((Decoded::Char(c), slashes + 5));
            }
            // A surrogate pair.
            let low = behind.get(5..)?.strip_prefix(&text[..slashes])?.strip_prefix(b"u")?;
            let low = hex(low.get(..4)?)?.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
            let high = unit.checked_sub(0xD800).filter(|high| *high < 0x400)?;
            let c = char::from_u32(0x1_0000 + (high << 10) + low)?;
            Some((Decoded::Char(c), 2 * slashes + 10))
        }
        _ => None,
    }
}

/// The character references of HTML that values are written with (HTML Living Standard, 13.5).
const ENTITIES: [(&[u8], char); 29] = [
    (b"commat", '@'),
    (b"period", '.'),
    (b"plus", '+'),
    (b"colon", ':'),
    (b"hyphen", '-'),
    (b"dash", '-'),
    (b"minus", '-'),
    (b"ndash", '-'),
    (b"lowbar", '_'),
    (b"UnderBar", '_'),
    (b"sol", '/'),
    (b"num", '#'),
    (b"lpar", '('),
    (b"rpar", ')'),
    (b"nbsp", '\u{a0}'),
    (b"NonBreakingSpace", '\u{a0}'),
    (b"ensp", ' '),
    (b"emsp", ' '),
    (b"thinsp", ' '),
    (b"numsp", ' '),
    (b"comma", ','),
    (b"semi", ';'),
    (b"equals", '='),
    (b"percnt", '%'),
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
];

/// The longest name among them.
const MAX_ENTITY: usize = 16;

/// Whether `text` starts with a named reference to a character that stands in values: those that
/// separate them do so as they are written, too.
pub(super) fn is_part_of_values(text: &[u8]) -> bool {
    text.get(1).is_some_and(u8::is_ascii_alphabetic)
        && matches!(entity(text), Some((Decoded::Char(c), _)) if !",;=%&<>\"'".contains(c))
}

fn entity(text: &[u8]) -> Option<(Decoded, usize)> {
    let end = text.iter().take(MAX_ENTITY + 2).position(|&b| b == b';')?;
    let name = &text[1..end];
    let c = match name.strip_prefix(b"#") {
        Some(number) => {
            let code = match number.strip_prefix(b"x").or(number.strip_prefix(b"X")) {
                Some(digits) if !digits.is_empty() => hex(digits)?,
                Some(_) => return None,
                None => std::str::from_utf8(number).ok()?.parse().ok()?,
            };
            char::from_u32(code)?
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((Decoded::Char(c), end + 1))
}

/// The full-width forms of ASCII, U+FF01 to U+FF5E (Unicode, Halfwidth and Fullwidth Forms).
fn full_width(text: &[u8]) -> Option<(Decoded, usize)> {
    let c = std::str::from_utf8(text.get(..3)?).ok()?.chars().next()?;
    let offset = u32::from(c).checked_sub(0xFF01).filter(|offset| *offset < 94)?;
    Some((Decoded::Byte(u8::try_from(offset).ok()? + b'!'), 3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(text: &str) -> Option<String> {
        View::of(text.as_bytes(), 0..text.len(), Dialect::QuotedPrintable)
            .map(|view| String::from_utf8(view.text).unwrap())
    }

    #[test]
    fn each_escape_is_read() {
        for (text, expected) in [
            ("jean%40example.com", "jean@example.com"),
            ("jean\\u0040example.com", "jean@example.com"),
            ("jean\\\\u0040example.com", "jean@example.com"),
            ("jean&#64;example&#x2e;com", "jean@example.com"),
            ("jean&commat;example&period;com", "jean@example.com"),
            ("&plus;33&nbsp;1&NonBreakingSpace;99", "+33\u{a0}1\u{a0}99"),
            ("jean=40example.com", "jean@example.com"),
            ("caf=C3=A9", "café"),
            ("\\ud83d\\ude00", "😀"),
            ("a\\nb", "a\nb"),
            ("\u{ff10}\u{ff16}\u{ff0d}1", "06-1"),
        ] {
            assert_eq!(decoded(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["100%", "%4", "\\x", "&;", "&#x;", "&#1114112;", "a=b", "\\u12", "plain"] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }

    #[test]
    fn spans_are_mapped_back() {
        let text = b"to=%3Cjean%40example.com%3E";
        let view = View::of(text, 0..text.len(), Dialect::Common).unwrap();
        let at = view.text.iter().position(|&b| b == b'j').unwrap();
        let span = view.source(&(at..at + 16)).unwrap();
        assert_eq!(&text[span], b"jean%40example.com");
        assert_eq!(view.source(&(0..2)), None);
    }

    #[test]
    fn a_value_behind_an_escaped_line_end_starts_there() {
        let text = b"hi\\nbob@example.com";
        let view = View::of(text, 0..text.len(), Dialect::Common).unwrap();
        assert_eq!(view.source(&(3..18)).map(|span| &text[span]), Some(&b"bob@example.com"[..]));
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_source_in_order(text in "[a%4=\\\\u0&#;é０\u{ff11}]{0,80}") {
            if let Some(view) = View::of(text.as_bytes(), 0..text.len(), Dialect::QuotedPrintable) {
                prop_assert_eq!(view.from.len(), view.text.len() + 1);
                prop_assert!(view.from.is_sorted() && view.from.last() <= Some(&text.len()));
            }
        }
    }
}
