//! Edits: how a replacement is written where a cell stood, and the chunk with edits applied.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2};

use super::cell::{Cell, Decoder, Escape, Part};
use super::csv::CsvDialect;

/// What is to be put in the place of ranges of a chunk. The bytes of all of them lie one behind the other,
/// since there may be one in every cell.
#[derive(Default)]
pub struct Edits {
    edits: Vec<Edit>,
    text: Vec<u8>,
}

struct Edit {
    /// In the chunk as it was read.
    range: Range<usize>,
    /// In the text of all.
    text: Range<usize>,
}

impl Edits {
    /// No edits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets all of them, and keeps their memory.
    pub fn clear(&mut self) {
        self.edits.clear();
        self.text.clear();
    }

    /// Adds one: what `write` appends comes in the place of `range`, raw, escaped the way that its place
    /// demands.
    pub fn push(&mut self, range: Range<usize>, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.text.len();
        write(&mut self.text);
        self.edits.push(Edit { range, text: start..self.text.len() });
    }

    /// Each with the range of the chunk in whose place it comes, and its text as it is written there.
    pub fn iter(&self) -> impl Iterator<Item = (Range<usize>, &[u8])> {
        self.edits.iter().map(|edit| (edit.range.clone(), &self.text[edit.text.clone()]))
    }

    /// Puts them in the order of the chunk.
    pub fn sort(&mut self) {
        self.edits.sort_by_key(|edit| edit.range.start);
    }
}

impl std::fmt::Debug for Edits {
    /// Without the text: outside the replacements it repeats what the cells held.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} edits, {} bytes", self.edits.len(), self.text.len())
    }
}

/// Text to put in the place of a part of a cell.
#[derive(Clone)]
pub struct Replacement<'a> {
    /// In the decoded text of the cell.
    pub range: Range<usize>,
    /// As text, before it is escaped.
    pub text: &'a [u8],
}

/// Appends `chunk` with `edits` applied to `out`. The edits are sorted and do not overlap.
pub fn apply(chunk: &[u8], edits: &Edits, out: &mut Vec<u8>) {
    let mut done = 0;
    for edit in &edits.edits {
        debug_assert!(done <= edit.range.start, "edits are sorted and do not overlap");
        out.extend_from_slice(&chunk[done..edit.range.start]);
        out.extend_from_slice(&edits.text[edit.text.clone()]);
        done = edit.range.end;
    }
    out.extend_from_slice(&chunk[done..]);
}

/// Appends the edits that put `replacements`, sorted and without overlap, in the place of parts of
/// the text of `cell`.
///
/// Only the replaced part is rewritten where that can be: in a log line, between CSV or JSON
/// quotes, and in a bare CSV cell that needs no quotes after it. A bare cell that does, a cell with
/// text behind its closing quote, and a JSON number (which becomes a string) are rewritten whole.
pub fn replace(
    chunk: &[u8],
    cell: &Cell,
    replacements: &[Replacement<'_>],
    dialect: CsvDialect,
    decoder: &mut Decoder,
    edits: &mut Edits,
) {
    if replacements.is_empty() {
        return;
    }
    let decoded = decoder.decode(chunk, cell);
    let whole = match cell.escape {
        Escape::JsonNumber => Some(b'"'),
        Escape::CsvMixed => Some(dialect.quote),
        Escape::CsvBare if needs_quotes(decoded.text, replacements, dialect) => Some(dialect.quote),
        Escape::CsvBare if is_only_cell(chunk, cell, dialect) => {
            spliced(decoded.text, replacements).is_empty().then_some(dialect.quote)
        }
        _ => None,
    };
    if let Some(quote) = whole {
        let spliced = spliced(decoded.text, replacements);
        edits.push(cell.outer(), |text| {
            text.push(quote);
            if cell.escape == Escape::JsonNumber {
                escape_json(&spliced, text);
            } else {
                double_quotes(&spliced, quote, text);
            }
            text.push(quote);
        });
        return;
    }
    for replacement in replacements {
        edits.push(decoded.to_raw(replacement.range.clone()), |text| match cell.escape {
            Escape::JsonString | Escape::JsonPart(_) => escape_json(replacement.text, text),
            Escape::CsvQuoted => double_quotes(replacement.text, dialect.quote, text),
            _ => text.extend_from_slice(replacement.text),
        });
    }
}

/// Adds the edit that drops a value: an empty CSV cell, JSON `null`, no text.
///
/// A row of one cell becomes `""`, since a blank line is no row; a JSON key becomes `""`, since it
/// cannot be null. Of a value in several parts all have to be dropped: the first becomes the `null`.
pub fn drop_cell(chunk: &[u8], cell: &Cell, dialect: CsvDialect, edits: &mut Edits) {
    let quotes = [dialect.quote; 2];
    let nothing: &[u8] = match cell.escape {
        Escape::None => b"",
        Escape::JsonString if cell.is_key => b"\"\"",
        Escape::JsonString | Escape::JsonNumber | Escape::JsonPart(Part::First) => b"null",
        Escape::JsonPart(_) => b"",
        _ if is_only_cell(chunk, cell, dialect) => &quotes,
        _ => b"",
    };
    edits.push(cell.outer(), |text| text.extend_from_slice(nothing));
}

/// The text of a cell with the replacements in it.
fn spliced(text: &[u8], replacements: &[Replacement<'_>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut done = 0;
    for replacement in replacements {
        out.extend_from_slice(&text[done..replacement.range.start]);
        out.extend_from_slice(replacement.text);
        done = replacement.range.end;
    }
    out.extend_from_slice(&text[done..]);
    out
}

/// Whether a bare cell would read differently after the replacements. A quote that stood inside it
/// is literal only as long as it does not come first.
fn needs_quotes(text: &[u8], replacements: &[Replacement<'_>], dialect: CsvDialect) -> bool {
    memchr(dialect.quote, text).is_some()
        || replacements.iter().any(|replacement| {
            memchr2(dialect.delimiter, dialect.quote, replacement.text).is_some()
                || memchr2(b'\n', b'\r', replacement.text).is_some()
        })
}

/// Whether the cell is a row of its own.
fn is_only_cell(chunk: &[u8], cell: &Cell, dialect: CsvDialect) -> bool {
    let outer = cell.outer();
    let is_delimiter =
        |place: Option<usize>| place.and_then(|place| chunk.get(place)) == Some(&dialect.delimiter);
    !is_delimiter(outer.start.checked_sub(1)) && !is_delimiter(Some(outer.end))
}

fn double_quotes(text: &[u8], quote: u8, out: &mut Vec<u8>) {
    let mut done = 0;
    for at in memchr_iter(quote, text) {
        out.extend_from_slice(&text[done..=at]);
        done = at;
    }
    out.extend_from_slice(&text[done..]);
}

/// Appends `text` as the inside of a JSON string: RFC 8259, section 7. Nothing is escaped that
/// need not be.
fn escape_json(text: &[u8], out: &mut Vec<u8>) {
    if !text.iter().any(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
        out.extend_from_slice(text);
        return;
    }
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\t' => out.extend(b"\\t"),
            0..0x20 => out.extend(format!("\\u{byte:04x}").bytes()),
            _ => out.push(byte),
        }
    }
}
