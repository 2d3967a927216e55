//! Where JSON records end: brackets are counted, strings skipped, nothing else is looked at.
//!
//! This holds for malformed records too, so that one does not take the next with it.

use memchr::memchr2;

use super::nesting::Nesting;
use super::skip_blanks;

/// The end of the value at `at`, which is no blank; none where `bytes` end before it does.
///
/// The end of a container is behind the bracket that closes it, whatever its shape; that of
/// anything else before the next blank, string or opening bracket, or at the end of the stream.
pub(super) fn value_end(bytes: &[u8], at: usize, is_stream_end: bool) -> Option<usize> {
    match *bytes.get(at)? {
        b'{' | b'[' => nested_end(bytes, at, 0, false),
        b'"' => string_end(bytes, at + 1),
        _ => {
            let is_end =
                |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'{' | b'[');
            let length = bytes[at + 1..].iter().position(is_end);
            length.map(|length| at + 1 + length).or_else(|| is_stream_end.then_some(bytes.len()))
        }
    }
}

/// The place of the comma or bracket that ends the element of an array at `at`; none where `bytes`
/// end before.
pub(super) fn element_end(bytes: &[u8], at: usize) -> Option<usize> {
    nested_end(bytes, at, 0, true)
}

/// The same of a record that goes on at `at` in `nesting`: as [`element_end`] of an element, else as
/// [`value_end`].
pub(super) fn rest_end(
    bytes: &[u8],
    at: usize,
    nesting: &Nesting,
    is_element: bool,
) -> Option<usize> {
    let at = if nesting.in_string { string_end(bytes, at)? } else { at };
    match nesting.open.len() {
        0 if !is_element => Some(at),
        depth => nested_end(bytes, at, depth, is_element),
    }
}

/// From `at`, at `depth`: the place behind the bracket that comes back to depth 0, or in an `element`
/// the place of the first `,` or `]` at depth 0.
fn nested_end(bytes: &[u8], at: usize, depth: usize, element: bool) -> Option<usize> {
    let (mut at, mut depth) = (at, depth);
    loop {
        at += bytes[at..].iter().position(|byte| IS_STRUCTURE[usize::from(*byte)])?;
        match bytes[at] {
            b'"' => at = string_end(bytes, at + 1)? - 1,
            b'{' | b'[' => depth += 1,
            b',' | b']' if depth == 0 && element => return Some(at),
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && !element {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The bytes that [`nested_end`] stops at.
const IS_STRUCTURE: [bool; 256] = {
    let mut table = [false; 256];
    let stops = b"\"{}[],";
    let mut index = 0;
    while index < stops.len() {
        table[stops[index] as usize] = true;
        index += 1;
    }
    table
};

/// The place behind the quote that closes the string whose content starts at `at`.
pub(super) fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Where the last whole value in `bytes` ends and how many there are; `(0, 0)` where none is
/// whole. At the end of the stream all of them are.
pub(super) fn last_value_end(bytes: &[u8], from: usize, is_stream_end: bool) -> (usize, u64) {
    let (mut end, mut count) = (0, 0);
    let mut at = skip_blanks(bytes, from);
    while at < bytes.len() {
        match value_end(bytes, at, is_stream_end) {
            Some(value_end) => end = value_end,
            None if is_stream_end => end = bytes.len(),
            None => return (end, count),
        }
        count += 1;
        at = skip_blanks(bytes, end);
    }
    (if is_stream_end { bytes.len() } else { end }, count)
}

/// What [`last_element_end`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Elements {
    /// Behind the last comma or the closing bracket; 0 where there is neither.
    pub(super) end: usize,
    /// Elements up to there.
    pub(super) elements: u64,
    /// Whether `end` is behind the bracket that closes the array.
    pub(super) is_closed: bool,
}

/// Where the last whole element of an array in `bytes` ends. At the end of the stream all of them
/// are whole.
pub(super) fn last_element_end(bytes: &[u8], from: usize, is_stream_end: bool) -> Elements {
    let mut found = Elements { end: 0, elements: 0, is_closed: false };
    let mut at = from;
    loop {
        at = skip_blanks(bytes, at);
        let separator = element_end(bytes, at);
        let is_empty = at == separator.unwrap_or(bytes.len());
        match separator {
            Some(place) => {
                found.elements += u64::from(!is_empty);
                found.end = place + 1;
                at = place + 1;
                if bytes[place] == b']' {
                    found.is_closed = true;
                    return found;
                }
            }
            None => {
                if is_stream_end {
                    found.elements += u64::from(!is_empty);
                    found.end = bytes.len();
                }
                return found;
            }
        }
    }
}
