//! CSV and its relatives: where rows and cells are.
//!
//! The reading is that of Python's `csv.reader`: a quote is special only at the start of a cell, a
//! doubled quote inside stands for one, text behind a closing quote is appended, line ends inside
//! quotes are text, a row ends with `\n`, `\r\n` or a lone `\r`. Blank lines are no rows. One
//! difference: a quote that is never closed spoils its line, not the rest of the file.

mod blocks;
mod sniff;

use std::ops::Range;

use blocks::Blocks;
use memchr::{memchr, memchr3};

pub use sniff::{CsvOverrides, names, sniff};

use super::cell::{Cell, Cells, Escape, FieldIx, Malformed};
use super::chunk::{Chunk, Start};
use super::text_start;

/// How a file separates and quotes its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvDialect {
    /// ASCII; neither the quote nor a line end.
    pub delimiter: u8,
    /// ASCII.
    pub quote: u8,
    /// Whether the first row names the columns.
    pub header: bool,
}

impl Default for CsvDialect {
    /// RFC 4180 with a header.
    fn default() -> Self {
        Self { delimiter: b',', quote: b'"', header: true }
    }
}

/// Lists the cells of the rows in `chunk`: the `wanted` ones, and all of a row that has another number of
/// cells than the table has columns, which is ragged.
pub(super) fn cells(chunk: &Chunk, dialect: CsvDialect, wanted: &Wanted, out: &mut Cells) {
    let mut rows = Rows::new(&chunk.bytes, text_start(&chunk.bytes, chunk.offset), dialect);
    if chunk.start == Start::Header {
        rows.next_row(0, &mut out.header);
    }
    loop {
        rows.plain_rows(chunk.first_record, wanted, out);
        let first = out.cells.len();
        let record = chunk.first_record + out.records;
        match rows.next_row(record, &mut out.cells) {
            Row::Cells => end_row(first, wanted, out),
            // The splitter leaves no such row in a chunk; a chunk made by hand may have one.
            Row::Unclosed { start } => {
                out.cells.truncate(first);
                out.malformed.push(Malformed::new(record, start..chunk.bytes.len()));
            }
            Row::End => return,
        }
        out.records += 1;
    }
}

/// Looks whether the row whose cells begin at `first`, all of them, has as many as there are columns, and
/// keeps those that are wanted.
fn end_row(first: usize, wanted: &Wanted, out: &mut Cells) {
    if out.cells.len() - first != wanted.columns {
        out.ragged += 1;
        mark_ragged(&mut out.cells[first..], wanted.columns);
        return;
    }
    for (kept, column) in wanted.places.iter().enumerate() {
        out.cells[first + kept] = out.cells[first + column];
    }
    out.cells.truncate(first + wanted.places.len());
}

#[cold]
fn mark_ragged(row: &mut [Cell], columns: usize) {
    for (column, cell) in row.iter_mut().enumerate() {
        cell.is_ragged = true;
        if column >= columns {
            cell.field = FieldIx::NONE;
        }
    }
}

/// What [`Rows::next_row`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Cells,
    /// A row from `start` on with a quote that is not closed.
    Unclosed {
        start: usize,
    },
    End,
}

/// A row as far as it was read by blocks.
#[derive(Default)]
struct PlainRow {
    /// Where its cells end in the chunk.
    ends: Vec<u32>,
    /// Whether a quote is doubled in any of them.
    has_doubled: bool,
}

impl PlainRow {
    /// Adds the ends and doubled quotes of the block at `base`.
    #[inline]
    fn extend(&mut self, mut ends: u64, doubled: u64, base: usize) {
        self.has_doubled |= doubled != 0;
        while ends != 0 {
            self.ends.push(base as u32 + ends.trailing_zeros());
            ends &= ends - 1;
        }
    }
}

/// The columns whose cells are wanted.
pub(super) struct Wanted {
    /// How many there are, wanted or not.
    columns: usize,
    /// In their order.
    places: Vec<usize>,
}

impl Wanted {
    pub(super) fn new(columns: usize, wanted: impl Fn(FieldIx) -> bool) -> Self {
        let is_wanted = |place: &usize| wanted(FieldIx(*place as u32));
        Self { columns, places: (0..columns).filter(is_wanted).collect() }
    }
}

/// Walks over rows.
struct Rows<'a> {
    bytes: &'a [u8],
    at: usize,
    dialect: CsvDialect,
}

impl<'a> Rows<'a> {
    fn new(bytes: &'a [u8], at: usize, dialect: CsvDialect) -> Self {
        Self { bytes, at, dialect }
    }

    /// Appends the cells of the rows that are whole in blocks without a quote in the middle of a cell:
    /// nearly all rows. Stops at the start of a row that is not.
    fn plain_rows(&mut self, first_record: u64, wanted: &Wanted, out: &mut Cells) {
        let bytes = self.bytes;
        let mut blocks = Blocks::new(self.dialect);
        let mut base = self.at;
        let mut row = PlainRow::default();
        while let Some(block) = bytes[base..].first_chunk() {
            let Some(block) = blocks.next(block) else { break };
            let (mut separators, mut line_ends) = (block.separators, block.line_ends);
            let mut doubled = block.doubled;
            while line_ends != 0 {
                let to_line_end = line_ends ^ (line_ends - 1);
                row.extend(separators & to_line_end, doubled & to_line_end, base);
                self.end_plain_row(&mut row, first_record, wanted, out);
                separators &= !to_line_end;
                line_ends &= !to_line_end;
                doubled &= !to_line_end;
            }
            row.extend(separators, doubled, base);
            base += blocks::LEN;
        }
    }

    /// Appends the cells of the row that begins here, and moves behind it.
    fn end_plain_row(
        &mut self,
        row: &mut PlainRow,
        first_record: u64,
        wanted: &Wanted,
        out: &mut Cells,
    ) {
        let (start, end) = (self.at, row.ends.last().map_or(self.at, |end| *end as usize));
        if end > start {
            let (first, record) = (out.cells.len(), first_record + out.records);
            if row.ends.len() == wanted.columns {
                let cell = |&column: &usize| {
                    let start = column.checked_sub(1).map_or(start, |it| row.ends[it] as usize + 1);
                    let (field, end) = (FieldIx(column as u32), row.ends[column] as usize);
                    self.plain_cell(record, field, start..end, row.has_doubled)
                };
                out.cells.extend(wanted.places.iter().map(cell));
            } else {
                self.next_row(record, &mut out.cells);
                end_row(first, wanted, out);
            }
            out.records += 1;
        }
        self.at = end + 1;
        row.ends.clear();
        row.has_doubled = false;
    }

    /// The cell at `span`, whose quotes are around it or doubled.
    #[inline]
    fn plain_cell(
        &self,
        record: u64,
        field: FieldIx,
        span: Range<usize>,
        may_double: bool,
    ) -> Cell {
        let quote = self.dialect.quote;
        match self.bytes[span.clone()] {
            [first, .., last] if first == quote && last == quote && !may_double => {
                Cell::new(record, field, span.start + 1..span.end - 1, Escape::CsvQuoted)
            }
            [first, ..] if first == quote => {
                let mut rest = Self { at: span.start, ..*self };
                rest.quoted(record, field).expect("it is closed")
            }
            _ => Cell::new(record, field, span, Escape::CsvBare),
        }
    }

    /// Appends the cells of the next row to `cells`.
    fn next_row(&mut self, record: u64, cells: &mut Vec<Cell>) -> Row {
        let CsvDialect { delimiter, quote, .. } = self.dialect;
        self.skip_blank_lines();
        let start = self.at;
        if start == self.bytes.len() {
            return Row::End;
        }
        let mut column = 0;
        loop {
            let cell = if self.bytes.get(self.at) == Some(&quote) {
                let Some(cell) = self.quoted(record, FieldIx(column)) else {
                    self.at = self.bytes.len();
                    return Row::Unclosed { start };
                };
                cell
            } else {
                let from = self.at;
                self.skip_text();
                Cell::new(record, FieldIx(column), from..self.at, Escape::CsvBare)
            };
            cells.push(cell);
            column += 1;
            let separator = self.bytes.get(self.at);
            self.at = (self.at + 1).min(self.bytes.len());
            if separator != Some(&delimiter) {
                return Row::Cells;
            }
        }
    }

    fn skip_blank_lines(&mut self) {
        while let Some(b'\n' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// Moves to the end of a bare cell.
    fn skip_text(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += memchr3(self.dialect.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
    }

    /// The cell that starts with the quote here; none where it is not closed.
    fn quoted(&mut self, record: u64, field: FieldIx) -> Option<Cell> {
        let open = self.at;
        let close = closing_quote(self.bytes, open + 1, self.dialect.quote)?;
        self.at = close.at + 1;
        self.skip_text();
        let is_plain = self.at == close.at + 1;
        let (span, escape) = if is_plain {
            (open + 1..close.at, Escape::CsvQuoted)
        } else {
            (open..self.at, Escape::CsvMixed)
        };
        let has_escapes = close.skipped_doubled || !is_plain;
        Some(Cell { has_escapes, ..Cell::new(record, field, span, escape) })
    }
}

struct ClosingQuote {
    at: usize,
    skipped_doubled: bool,
}

/// The first quote from `from` on that is not doubled.
fn closing_quote(bytes: &[u8], from: usize, quote: u8) -> Option<ClosingQuote> {
    let mut from = from;
    let mut skipped_doubled = false;
    loop {
        let at = from + memchr(quote, &bytes[from..])?;
        if bytes.get(at + 1) != Some(&quote) {
            return Some(ClosingQuote { at, skipped_doubled });
        }
        skipped_doubled = true;
        from = at + 2;
    }
}

/// Where the last whole row or blank line in `bytes` ends, behind its line end, and how many rows
/// there are up to there; `(0, 0)` where none is whole. At the end of the stream a row needs no
/// line end.
pub(super) fn last_row_end(
    bytes: &[u8],
    from: usize,
    dialect: CsvDialect,
    is_stream_end: bool,
) -> (usize, u64) {
    let CsvDialect { delimiter, quote, .. } = dialect;
    let (mut at, mut row_start, mut rows) = (from, from, 0);
    let whole = |row_start, rows| {
        if row_start > from { (row_start, rows) } else { (0, 0) }
    };
    loop {
        if at == row_start {
            (row_start, rows) = plain_row_ends(bytes, at, rows, dialect);
            at = row_start;
        }
        let Some(found) = memchr3(quote, b'\n', b'\r', &bytes[at..]) else { break };
        let place = at + found;
        at = place + 1;
        if bytes[place] != quote {
            rows += u64::from(place > row_start);
            row_start = at;
        } else if place == row_start || bytes[place - 1] == delimiter {
            // A quote that starts a cell; any other is text.
            match closing_quote(bytes, at, quote) {
                Some(close) => at = close.at + 1,
                None => return whole(row_start, rows),
            }
        }
    }
    if is_stream_end {
        return (bytes.len(), rows + u64::from(row_start < bytes.len()));
    }
    whole(row_start, rows)
}

/// The same for the rows from `row_start` on that end in blocks without a quote in the middle of a cell:
/// where the last of them ends, and how many there are behind `rows`.
fn plain_row_ends(bytes: &[u8], row_start: usize, rows: u64, dialect: CsvDialect) -> (usize, u64) {
    let mut blocks = Blocks::new(dialect);
    let (mut row_start, mut rows) = (row_start, rows);
    let mut base = row_start;
    // Whether a row ended at the byte before: a line end there ends none.
    let mut is_blank = true;
    while let Some(block) = bytes[base..].first_chunk() {
        let Some(block) = blocks.next(block) else { break };
        let line_ends = block.line_ends;
        let blank = line_ends & (line_ends << 1 | u64::from(is_blank));
        rows += u64::from((line_ends ^ blank).count_ones());
        is_blank = line_ends >> (blocks::LEN - 1) != 0;
        base += blocks::LEN;
        if line_ends != 0 {
            row_start = base - line_ends.leading_zeros() as usize;
        }
    }
    (row_start, rows)
}
