//! A cell: where one value stands in a chunk, and how its text is read.

use std::ops::Range;

use memchr::memchr;

use super::json::Walker;

/// Which field of a chunk's table a cell belongs to; see
/// [`TextFormat::field_path`](super::TextFormat::field_path).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldIx(pub u32);

impl FieldIx {
    /// No field: a log line, a surplus cell of a ragged row.
    pub const NONE: Self = Self(u32::MAX);
}

/// How the raw bytes of a cell stand for its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Plain text: the bytes are the text.
    None,
    /// A CSV cell without quotes: the bytes are the text.
    CsvBare,
    /// A CSV cell between quotes, which the cell leaves out; a quote inside is doubled.
    CsvQuoted,
    /// A CSV cell with text behind its closing quote (`"ab"cd` is `abcd`), quotes included.
    CsvMixed,
    /// A JSON string without its quotes.
    JsonString,
    /// A part of a JSON string that is too long for one chunk, without the quote that it may have.
    JsonPart(Part),
    /// A JSON number as it is written.
    JsonNumber,
}

/// Which part of a value that is in several chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    First,
    Middle,
    Last,
}

/// One value of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// 1-based in the file.
    pub record: u64,
    pub field: FieldIx,
    /// Raw content as a half-open range of bytes in the chunk.
    pub start: u32,
    pub end: u32,
    pub escape: Escape,
    /// Whether the text differs from the raw bytes.
    pub has_escapes: bool,
    /// A JSON object key, not a value.
    pub is_key: bool,
    /// A cell of a CSV row that has more or fewer cells than the table has columns: its place says
    /// little about what it holds.
    pub is_ragged: bool,
}

impl Cell {
    pub(super) fn new(record: u64, field: FieldIx, span: Range<usize>, escape: Escape) -> Self {
        Self {
            record,
            field,
            start: offset(span.start),
            end: offset(span.end),
            escape,
            has_escapes: false,
            is_key: false,
            is_ragged: false,
        }
    }

    /// The raw content as a range of bytes in the chunk.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The raw content with the quotes around it.
    #[must_use]
    pub fn outer(&self) -> Range<usize> {
        match self.escape {
            Escape::CsvQuoted | Escape::JsonString => {
                self.start as usize - 1..self.end as usize + 1
            }
            Escape::JsonPart(Part::First) => self.start as usize - 1..self.end as usize,
            Escape::JsonPart(Part::Last) => self.start as usize..self.end as usize + 1,
            _ => self.range(),
        }
    }

    /// Which part of a value it is, if it is not all of it.
    #[must_use]
    pub fn part(&self) -> Option<Part> {
        match self.escape {
            Escape::JsonPart(part) => Some(part),
            _ => None,
        }
    }
}

/// A place in a chunk as a cell keeps it. Chunks are at most as long as a record may be, far below 4 GiB.
fn offset(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// A part of a chunk that could not be parsed: plain text without a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// 1-based in the file.
    pub record: u64,
    /// Half-open range of bytes in the chunk; empty where the record just breaks off.
    pub start: u32,
    pub end: u32,
}

impl Malformed {
    pub(super) fn new(record: u64, span: Range<usize>) -> Self {
        Self { record, start: offset(span.start), end: offset(span.end) }
    }

    /// The span as a range of bytes in the chunk.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The index of one chunk, and the memory to build the next one in.
///
/// Cells and malformed spans do not overlap; each list is in the order of the bytes.
#[derive(Default)]
pub struct Cells {
    pub cells: Vec<Cell>,
    /// The header row of a CSV file, in the chunk that holds it. Record 0.
    pub header: Vec<Cell>,
    pub malformed: Vec<Malformed>,
    /// Records that start in this chunk, malformed ones included, header and blank lines not.
    pub records: u64,
    /// Rows of this chunk whose cells are flagged [`Cell::is_ragged`].
    pub ragged: u64,
    pub(super) json: Walker,
}

impl Cells {
    /// An empty index.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes when the meaning of a JSON [`FieldIx`] does: the table of paths grew too large and
    /// was emptied before this chunk.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.json.paths.epoch()
    }

    pub(super) fn start_chunk(&mut self) {
        self.cells.clear();
        self.header.clear();
        self.malformed.clear();
        self.records = 0;
        self.ragged = 0;
        self.json.paths.trim();
    }
}

/// Reads the text of cells; holds the memory for those that are escaped.
#[derive(Default)]
pub struct Decoder {
    text: Vec<u8>,
    map: Vec<Step>,
}

/// From `decoded` in the text and `raw` in the chunk on, both advance byte by byte until the next
/// step; where they do not, the step is one escape.
#[derive(Debug, Clone, Copy)]
struct Step {
    decoded: usize,
    raw: usize,
}

/// The text of a cell.
#[derive(Clone, Copy)]
pub struct Decoded<'a> {
    /// What the cell says, normally UTF-8.
    pub text: &'a [u8],
    /// Start of the raw content in the chunk.
    start: usize,
    /// Empty where text and raw bytes are the same; otherwise the last step is the end of both.
    map: &'a [Step],
}

impl Decoder {
    /// A decoder without memory yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The text of `cell`, which must be one of this chunk. Borrowed from the chunk where nothing
    /// is escaped.
    ///
    /// A lone surrogate (`\ud800`) reads as U+FFFD; the raw bytes stay as they are.
    pub fn decode<'a>(&'a mut self, chunk: &'a [u8], cell: &Cell) -> Decoded<'a> {
        let range = cell.range();
        if !cell.has_escapes {
            return Decoded { text: &chunk[range.clone()], start: range.start, map: &[] };
        }
        self.text.clear();
        self.map.clear();
        match cell.escape {
            Escape::CsvQuoted => self.quoted(chunk, range.clone(), chunk[range.start - 1]),
            Escape::CsvMixed => {
                self.quoted(chunk, range.start + 1..range.end, chunk[range.start]);
            }
            Escape::JsonString | Escape::JsonPart(_) => self.json(chunk, range.clone()),
            Escape::None | Escape::CsvBare | Escape::JsonNumber => {
                self.literal(chunk, range.clone())
            }
        }
        self.map.push(Step { decoded: self.text.len(), raw: range.end });
        Decoded { text: &self.text, start: range.start, map: &self.map }
    }

    fn literal(&mut self, chunk: &[u8], range: Range<usize>) {
        if !range.is_empty() {
            self.map.push(Step { decoded: self.text.len(), raw: range.start });
            self.text.extend_from_slice(&chunk[range]);
        }
    }

    fn escape(&mut self, raw: usize, text: &[u8]) {
        self.map.push(Step { decoded: self.text.len(), raw });
        self.text.extend_from_slice(text);
    }

    /// Doubled quotes up to a lone one, then literal text.
    fn quoted(&mut self, chunk: &[u8], range: Range<usize>, quote: u8) {
        let mut at = range.start;
        while let Some(found) = memchr(quote, &chunk[at..range.end]) {
            let place = at + found;
            self.literal(chunk, at..place);
            if chunk[..range.end].get(place + 1) != Some(&quote) {
                at = place + 1;
                break;
            }
            self.escape(place, &[quote]);
            at = place + 2;
        }
        self.literal(chunk, at..range.end);
    }

    fn json(&mut self, chunk: &[u8], range: Range<usize>) {
        let raw = &chunk[..range.end];
        let mut at = range.start;
        while let Some(found) = memchr(b'\\', &raw[at..]) {
            let place = at + found;
            self.literal(chunk, at..place);
            let (character, length) = json_escape(&raw[place..]);
            let mut utf8 = [0; 4];
            self.escape(place, character.encode_utf8(&mut utf8).as_bytes());
            at = (place + length).min(range.end);
        }
        self.literal(chunk, at..range.end);
    }
}

/// The character that the escape at the start of `raw` stands for, and the escape's length.
/// One that is cut short or unknown, which the walker never lets through, is U+FFFD.
fn json_escape(raw: &[u8]) -> (char, usize) {
    let simple = match raw.get(1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(&byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
        Some(b'u') => return unicode_escape(raw),
        _ => char::REPLACEMENT_CHARACTER,
    };
    (simple, 2)
}

/// `\uXXXX`, or two of them that are a surrogate pair.
fn unicode_escape(raw: &[u8]) -> (char, usize) {
    let unit = |at: usize| {
        let digits = raw.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let Some(first) = unit(0) else {
        return (char::REPLACEMENT_CHARACTER, 2);
    };
    if let (0xD800..=0xDBFF, Some(second @ 0xDC00..=0xDFFF)) = (first, unit(6)) {
        let code = 0x10000 + ((u32::from(first) - 0xD800) << 10) + (u32::from(second) - 0xDC00);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
    }
    (char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}

/// Appends the text of a JSON string, given without its quotes.
pub(super) fn unescape_json(raw: &[u8]) -> Vec<u8> {
    let mut decoder = Decoder::new();
    decoder.json(raw, 0..raw.len());
    decoder.text
}

impl Decoded<'_> {
    /// The raw bytes in the chunk that a range of the text stands for. An escape is taken whole,
    /// also where the range covers only part of the character it stands for.
    #[must_use]
    pub fn to_raw(&self, range: Range<usize>) -> Range<usize> {
        if self.map.is_empty() {
            return self.start + range.start..self.start + range.end;
        }
        if range.is_empty() {
            let place = self.raw_at(range.start, false);
            return place..place;
        }
        self.raw_at(range.start, false)..self.raw_at(range.end, true)
    }

    fn raw_at(&self, decoded: usize, round_up: bool) -> usize {
        let step = self.map.partition_point(|step| step.decoded <= decoded).saturating_sub(1);
        let here = self.map[step];
        let Some(&next) = self.map.get(step + 1) else {
            return here.raw;
        };
        let is_literal = next.decoded - here.decoded == next.raw - here.raw;
        match decoded.saturating_sub(here.decoded) {
            0 => here.raw,
            within if is_literal => here.raw + within,
            _ if round_up => next.raw,
            _ => here.raw,
        }
    }
}
