//! The strict reader: one value, its strings and numbers as cells.

use super::super::cell::{Cell, Escape, FieldIx, Part};
use super::nesting::{Nesting, Open};
use super::path::{MANY_ENTRIES, NodeIx, PathTable, Step};
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
    /// An object of so many entries in the chunks before that those here have no names of their own.
    is_wide: bool,
}

/// What is known of the record that is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    /// 1-based in the file.
    pub(super) number: u64,
    /// Whether it is an element of a root array.
    pub(super) is_element: bool,
    /// Whether it goes on behind the end of the bytes.
    pub(super) goes_on: bool,
}

impl Record {
    /// A value that is all there is.
    const ALONE: Self = Self { number: 0, is_element: false, goes_on: false };
}

impl Walker {
    /// Reads the value at `at`, which is no blank, and appends its cells. Gives the place behind
    /// it, or the place of the first byte that is not JSON; the cells before it stay.
    pub(super) fn value(
        &mut self,
        bytes: &[u8],
        at: usize,
        record: Record,
        cells: &mut Vec<Cell>,
    ) -> Result<usize, usize> {
        let node = self.start(record);
        self.value_of(bytes, at, node, record, cells)
    }

    /// The same of a value that goes on at `at`, in `nesting`.
    pub(super) fn rest(
        &mut self,
        bytes: &[u8],
        at: usize,
        nesting: &Nesting,
        record: Record,
        cells: &mut Vec<Cell>,
    ) -> Result<usize, usize> {
        let mut node = self.start(record);
        for open in &nesting.open {
            let (object, key, is_wide) = match open {
                Open::Array => {
                    (None, self.paths.child(node, NodeIx::NONE, Step::Element, b""), false)
                }
                Open::Object { name, before } => {
                    let is_wide = *before >= MANY_ENTRIES;
                    (Some(node), self.paths.entry(node, NodeIx::NONE, name, is_wide), is_wide)
                }
            };
            node = key;
            let (is_object, of_container) = (object.is_some(), object.unwrap_or(key));
            self.stack.push(Container { is_object, node: of_container, key, is_wide });
        }
        let next = if nesting.in_string {
            let string = StringEnd::of(bytes, at);
            let part = string.part(bytes, record, true).ok_or(at)?;
            let escape = Escape::JsonPart(part);
            cells.push(string.cell(record, node.field(), at, escape));
            if part != Part::Last {
                return Err(bytes.len());
            }
            self.behind_value(bytes, string.end + 1, record, cells)?
        } else {
            let (at, node) = self.before_value(bytes, skip_blanks(bytes, at), record, cells)?;
            (at, Some(node))
        };
        match next {
            (at, Some(node)) => self.value_of(bytes, at, node, record, cells),
            (at, None) => Ok(at),
        }
    }

    fn start(&mut self, record: Record) -> NodeIx {
        self.paths.start_record();
        self.stack.clear();
        match record.is_element {
            true => self.paths.child(NodeIx::ROOT, NodeIx::NONE, Step::Element, b""),
            false => NodeIx::ROOT,
        }
    }

    /// Reads the value of `node` at `at`, and all that is open around it.
    fn value_of(
        &mut self,
        bytes: &[u8],
        at: usize,
        node: NodeIx,
        record: Record,
        cells: &mut Vec<Cell>,
    ) -> Result<usize, usize> {
        let (mut at, mut node) = (at, node);
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
                    let (key, is_wide) = (NodeIx::NONE, false);
                    self.stack.push(Container { is_object, node, key, is_wide });
                    (at, node) = self.before_value(bytes, inside, record, cells)?;
                    continue;
                }
            } else {
                at = scalar(bytes, at, record, node.field(), cells)?;
            }
            match self.behind_value(bytes, at, record, cells)? {
                (next, Some(of_next)) => (at, node) = (next, of_next),
                (end, None) => return Ok(end),
            }
        }
    }

    /// From behind a value up, or on to the next: its place and node, or none behind the outermost.
    #[inline]
    fn behind_value(
        &mut self,
        bytes: &[u8],
        at: usize,
        record: Record,
        cells: &mut Vec<Cell>,
    ) -> Result<(usize, Option<NodeIx>), usize> {
        let mut at = at;
        loop {
            let Some(container) = self.stack.last() else {
                return Ok((at, None));
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
        self.before_value(bytes, next, record, cells).map(|(at, node)| (at, Some(node)))
    }

    /// From the start of an entry of the innermost container to its value: over the key, if it is
    /// an object. Gives the place and the node of the value.
    fn before_value(
        &mut self,
        bytes: &[u8],
        at: usize,
        record: Record,
        cells: &mut Vec<Cell>,
    ) -> Result<(usize, NodeIx), usize> {
        let Some(container) = self.stack.last_mut().filter(|container| container.is_object) else {
            let node = self.stack.last().map_or(NodeIx::ROOT, |container| container.node);
            return Ok((at, node));
        };
        if bytes.get(at) != Some(&b'"') {
            return Err(at);
        }
        let string = StringEnd::of(bytes, at + 1);
        if !string.is_closed {
            return Err(at);
        }
        let name = &bytes[at + 1..string.end];
        let key = self.paths.entry(container.node, container.key, name, container.is_wide);
        container.key = key;
        let colon = skip_blanks(bytes, string.end + 1);
        if bytes.get(colon) != Some(&b':') {
            return Err(at);
        }
        if self.paths.is_data(key) {
            let keys = self.paths.keys_of(container.node);
            let cell = string.cell(record, keys.field(), at + 1, Escape::JsonString);
            cells.push(Cell { is_key: true, ..cell });
        }
        Ok((skip_blanks(bytes, colon + 1), key))
    }

    /// Whether all of `bytes` from `at` on is one value, blanks aside.
    pub(super) fn is_value(&mut self, bytes: &[u8], at: usize) -> bool {
        self.value(bytes, at, Record::ALONE, &mut Vec::new())
            .is_ok_and(|end| skip_blanks(bytes, end) == bytes.len())
    }

    /// Whether `bytes` from `at` on start with a value, or with as much of one as there is.
    pub(super) fn is_prefix(&mut self, bytes: &[u8], at: usize) -> bool {
        match self.value(bytes, at, Record::ALONE, &mut Vec::new()) {
            Ok(_) => true,
            Err(place) => is_cut_token(bytes, place),
        }
    }
}

/// Whether the token at `at` is no error but cut off by the end of `bytes`.
fn is_cut_token(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    if rest.first() == Some(&b'"') {
        let string = StringEnd::of(bytes, at + 1);
        return match string.is_closed {
            true => skip_blanks(bytes, string.end + 1) == bytes.len(),
            false => rest.iter().all(|byte| *byte >= 0x20),
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
    record: Record,
    field: FieldIx,
    cells: &mut Vec<Cell>,
) -> Result<usize, usize> {
    let rest = &bytes[at.min(bytes.len())..];
    match rest.first() {
        Some(b'"') => {
            let string = StringEnd::of(bytes, at + 1);
            if string.is_closed {
                cells.push(string.cell(record, field, at + 1, Escape::JsonString));
                return Ok(string.end + 1);
            }
            let part = string.part(bytes, record, false).ok_or(at)?;
            cells.push(string.cell(record, field, at + 1, Escape::JsonPart(part)));
            Err(bytes.len())
        }
        Some(b'-' | b'0'..=b'9') => {
            let length = number_length(rest).ok_or(at)?;
            cells.push(Cell::new(record.number, field, at..at + length, Escape::JsonNumber));
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

/// How far a string reaches.
struct StringEnd {
    /// The place of the closing quote, else of the first byte that cannot be in a string, or the end.
    end: usize,
    has_escapes: bool,
    is_closed: bool,
}

impl StringEnd {
    /// That of the string whose content starts at `at`, or goes on there.
    fn of(bytes: &[u8], at: usize) -> Self {
        let mut end = at;
        let mut has_escapes = false;
        loop {
            end = skip_plain(bytes, end);
            let length = match bytes.get(end) {
                Some(b'\\') => escape_length(&bytes[end..]),
                _ => None,
            };
            let Some(length) = length else {
                let is_closed = bytes.get(end) == Some(&b'"');
                return Self { end, has_escapes, is_closed };
            };
            has_escapes = true;
            end += length;
        }
    }

    /// The cell of the content, which starts at `start`.
    fn cell(&self, record: Record, field: FieldIx, start: usize, escape: Escape) -> Cell {
        let Self { end, has_escapes, .. } = *self;
        Cell { has_escapes, ..Cell::new(record.number, field, start..end, escape) }
    }

    /// Which part it is of a string that is in several chunks, where `is_rest` says that it began before;
    /// none where it is not closed, and the chunk goes on behind it.
    fn part(&self, bytes: &[u8], record: Record, is_rest: bool) -> Option<Part> {
        let is_cut = record.goes_on && self.end == bytes.len();
        match (self.is_closed, is_rest) {
            (true, _) => Some(Part::Last),
            (false, true) => is_cut.then_some(Part::Middle),
            (false, false) => is_cut.then_some(Part::First),
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
