//! The strict reader: one value, its strings and numbers as cells.

use super::super::cell::{Cell, Escape, FieldIx};
use super::path::{NodeIx, PathTable, Step};
use super::{MAX_DEPTH, skip_blanks};

/// Reads values; holds the table of paths and the memory for the nesting.
#[derive(Default)]
pub(in crate::format::text) struct Walker {
    pub(in crate::format::text) paths: PathTable,
    stack: Vec<Container>,
}

/// An array or object that is not closed yet.
#[derive(Debug, Clone, Copy)]
struct Container {
    is_object: bool,
    /// The object itself, or the elements of the array.
    node: NodeIx,
    /// The last key, in an object.
    key: NodeIx,
}

impl Walker {
    /// Reads the value at `at`, which is no blank, and appends its cells. Gives the place behind
    /// it, or the place of the first byte that is not JSON; the cells before it stay.
    pub(super) fn value(
        &mut self,
        bytes: &[u8],
        at: usize,
        record: u64,
        is_element: bool,
        cells: &mut Vec<Cell>,
    ) -> Result<usize, usize> {
        self.paths.start_record();
        self.stack.clear();
        let mut node = NodeIx::ROOT;
        if is_element {
            node = self.paths.child(node, NodeIx::NONE, Step::Element, b"");
        }
        let mut at = at;
        loop {
            let opened = match bytes.get(at) {
                Some(b'{') => Some((true, b'}')),
                Some(b'[') => Some((false, b']')),
                _ => None,
            };
            if let Some((is_object, close)) = opened {
                if self.stack.len() == MAX_DEPTH {
                    return Err(at);
                }
                let inside = skip_blanks(bytes, at + 1);
                if bytes.get(inside) == Some(&close) {
                    at = inside + 1;
                } else {
                    if !is_object {
                        node = self.paths.child(node, NodeIx::NONE, Step::Element, b"");
                    }
                    self.stack.push(Container { is_object, node, key: NodeIx::NONE });
                    (at, node) = self.before_value(bytes, inside, record, cells)?;
                    continue;
                }
            } else {
                at = scalar(bytes, at, record, node.field(), cells)?;
            }
            // A value is read: up, or on to the next.
            loop {
                let Some(container) = self.stack.last() else {
                    return Ok(at);
                };
                at = skip_blanks(bytes, at);
                match bytes.get(at) {
                    Some(b',') => break,
                    Some(b'}') if container.is_object => {}
                    Some(b']') if !container.is_object => {}
                    _ => return Err(at),
                }
                self.stack.pop();
                at += 1;
            }
            let next = skip_blanks(bytes, at + 1);
            (at, node) = self.before_value(bytes, next, record, cells)?;
        }
    }

    /// From the start of an entry of the innermost container to its value: over the key, if it is
    /// an object. Gives the place and the node of the value.
    fn before_value(
        &mut self,
        bytes: &[u8],
        at: usize,
        record: u64,
        cells: &mut Vec<Cell>,
    ) -> Result<(usize, NodeIx), usize> {
        let Some(container) = self.stack.last_mut().filter(|container| container.is_object) else {
            let node = self.stack.last().map_or(NodeIx::ROOT, |container| container.node);
            return Ok((at, node));
        };
        if bytes.get(at) != Some(&b'"') {
            return Err(at);
        }
        let string = string_end(bytes, at + 1).ok_or(at)?;
        let key =
            self.paths.child(container.node, container.key, Step::Key, &bytes[at + 1..string.end]);
        container.key = key;
        let colon = skip_blanks(bytes, string.end + 1);
        if bytes.get(colon) != Some(&b':') {
            return Err(at);
        }
        if self.paths.is_data(key) {
            let keys = self.paths.keys_of(container.node);
            let span = at + 1..string.end;
            cells.push(Cell {
                has_escapes: string.has_escapes,
                is_key: true,
                ..Cell::new(record, keys.field(), span, Escape::JsonString)
            });
        }
        Ok((skip_blanks(bytes, colon + 1), key))
    }

    /// Whether all of `bytes` from `at` on is one value, blanks aside.
    pub(super) fn is_value(&mut self, bytes: &[u8], at: usize) -> bool {
        self.value(bytes, at, 0, false, &mut Vec::new())
            .is_ok_and(|end| skip_blanks(bytes, end) == bytes.len())
    }

    /// Whether `bytes` from `at` on start with a value, or with as much of one as there is.
    pub(super) fn is_prefix(&mut self, bytes: &[u8], at: usize) -> bool {
        match self.value(bytes, at, 0, false, &mut Vec::new()) {
            Ok(_) => true,
            Err(place) => is_cut_token(bytes, place),
        }
    }
}

/// Whether the token at `at` is no error but cut off by the end of `bytes`.
fn is_cut_token(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    if rest.first() == Some(&b'"') {
        return match string_end(bytes, at + 1) {
            Some(key) => skip_blanks(bytes, key.end + 1) == bytes.len(),
            None => rest.iter().all(|byte| *byte >= 0x20),
        };
    }
    LITERALS.iter().any(|literal| literal.starts_with(rest))
        || rest.iter().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte))
}

const LITERALS: [&[u8]; 3] = [b"true", b"false", b"null"];

/// Reads a string, number or literal at `at`; strings and numbers become cells.
fn scalar(
    bytes: &[u8],
    at: usize,
    record: u64,
    field: FieldIx,
    cells: &mut Vec<Cell>,
) -> Result<usize, usize> {
    let rest = &bytes[at.min(bytes.len())..];
    match rest.first() {
        Some(b'"') => {
            let string = string_end(bytes, at + 1).ok_or(at)?;
            cells.push(Cell {
                has_escapes: string.has_escapes,
                ..Cell::new(record, field, at + 1..string.end, Escape::JsonString)
            });
            Ok(string.end + 1)
        }
        Some(b'-' | b'0'..=b'9') => {
            let length = number_length(rest).ok_or(at)?;
            cells.push(Cell::new(record, field, at..at + length, Escape::JsonNumber));
            Ok(at + length)
        }
        _ => LITERALS
            .into_iter()
            .find(|literal| rest.starts_with(literal))
            .map(|literal| at + literal.len())
            .ok_or(at),
    }
}

/// Length of the number at the start of `bytes`: RFC 8259, section 6.
fn number_length(bytes: &[u8]) -> Option<usize> {
    let digits = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    match digits(at) {
        0 => return None,
        // A zero stands alone; `01` is then an error behind it.
        _ if bytes[at] == b'0' => at += 1,
        count => at += count,
    }
    if bytes.get(at) == Some(&b'.') {
        at += 1 + Some(digits(at + 1)).filter(|count| *count > 0)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at += Some(digits(at)).filter(|count| *count > 0)?;
    }
    Some(at)
}

struct StringEnd {
    /// The place of the closing quote.
    end: usize,
    has_escapes: bool,
}

/// The end of the string whose content starts at `at`; none where it is not closed, or holds a
/// control character or an unknown escape.
fn string_end(bytes: &[u8], at: usize) -> Option<StringEnd> {
    let mut at = at;
    let mut has_escapes = false;
    loop {
        at = skip_plain(bytes, at);
        match *bytes.get(at)? {
            b'"' => {
                return Some(StringEnd { end: at, has_escapes });
            }
            b'\\' => {
                has_escapes = true;
                at += escape_length(&bytes[at..])?;
            }
            _ => return None,
        }
    }
}

/// The first place from `at` on with a quote, a backslash or a control character.
///
/// Eight bytes at a time: most strings are too short for a call of `memchr` to pay.
fn skip_plain(bytes: &[u8], at: usize) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    let mut at = at;
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*word);
        let quotes = word ^ (ONES * u64::from(b'"'));
        let backslashes = word ^ (ONES * u64::from(b'\\'));
        // The high bit of each byte that is zero, or below 0x20. A borrow can set a wrong bit, but
        // only above a right one, and the lowest is taken.
        let stops = (quotes.wrapping_sub(ONES) & !quotes)
            | (backslashes.wrapping_sub(ONES) & !backslashes)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        if stops & HIGHS != 0 {
            return at + (stops & HIGHS).trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let is_stop = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(is_stop).unwrap_or(rest.len())
}

/// Length of the escape at the start of `bytes`, if it is one of JSON's.
fn escape_length(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => bytes.get(2..6)?.iter().all(u8::is_ascii_hexdigit).then_some(6),
        _ => None,
    }
}
