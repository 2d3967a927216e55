//! Text formats: chunks of raw bytes cut at record boundaries, and an index of the cells in them.
//!
//! What comes in is a byte stream; a [`Splitter`] cuts it into [`Chunk`]s that are independent of
//! each other, [`TextFormat::cells`] lists where the values of one chunk are, and protecting
//! yields [`Edits`]. The output is the input with the edits applied, so every byte outside an edit
//! is identical: quoting, spacing, key order, line ends, byte order mark.
//!
//! Nothing found in a file depends on how it was cut: records are numbered from its start, and
//! what is wrong with one is decided inside that record alone.
//!
//! ```
//! use loup::format::text::{Cells, Decoder, Edits, Replacement, TextFormat, apply};
//! use loup::format::text::json::JsonLayout;
//!
//! let input = br#"{"id": 7, "email": "a@example.com"}"#;
//! let format = TextFormat::Json(JsonLayout::Lines);
//! let (mut cells, mut decoder, mut output) = (Cells::new(), Decoder::new(), Vec::new());
//! let mut splitter = format.splitter(&input[..], 1 << 20);
//! while let Some(chunk) = splitter.next_chunk()? {
//!     format.cells(&chunk, &mut cells);
//!     let mut edits = Edits::new();
//!     for cell in &cells.cells {
//!         if format.field_path(&cells, cell.field).as_deref() == Some("$.email") {
//!             let whole = 0..decoder.decode(&chunk.bytes, cell).text.len();
//!             let hidden = [Replacement { range: whole, text: b"[EMAIL]" }];
//!             format.replace(&chunk.bytes, cell, &hidden, &mut decoder, &mut edits);
//!         }
//!     }
//!     apply(&chunk.bytes, &edits, &mut output);
//! }
//! assert_eq!(output, br#"{"id": 7, "email": "[EMAIL]"}"#);
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod cell;
pub mod chunk;
pub mod csv;
pub mod edit;
pub mod json;
pub mod log;

use std::borrow::Cow;
use std::io::Read;

pub use cell::{Cell, Cells, Decoded, Decoder, Escape, FieldIx, Malformed, Part};
pub use chunk::{Chunk, MAX_RECORD_BYTES, Splitter};
pub use edit::{Edits, Replacement, apply};

use chunk::{Cutter, Start};
use csv::{CsvDialect, Wanted};
use json::JsonLayout;

/// A text format with everything that must be known to read a file of it from its first byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextFormat {
    /// Plain text: a record is a line.
    Log,
    /// Delimited text; `names` has one field name per column, see [`csv::names`].
    Csv { dialect: CsvDialect, names: Vec<String> },
    /// JSON in one of its layouts.
    Json(JsonLayout),
}

impl TextFormat {
    /// Cuts `reader` into chunks of about `chunk_bytes`, 3 at least and [`MAX_RECORD_BYTES`] at most.
    pub fn splitter<R: Read>(&self, reader: R, chunk_bytes: usize) -> Splitter<R> {
        let cutter = match self {
            Self::Log => Cutter::log(),
            Self::Csv { dialect, .. } => Cutter::csv(*dialect),
            Self::Json(layout) => Cutter::json(*layout),
        };
        let splitter = Splitter::new(reader, cutter, chunk_bytes);
        match self {
            Self::Csv { .. } => splitter.with_max_record_bytes(chunk::MAX_CSV_RECORD_BYTES),
            Self::Log | Self::Json(_) => splitter,
        }
    }

    /// Fills `cells` with what `chunk` holds, in the order of the bytes.
    ///
    /// What `cells` held before is gone, but its memory and its table of JSON paths are used
    /// again: keep one per thread. `chunk` must come from a splitter of the same format.
    pub fn cells(&self, chunk: &Chunk, cells: &mut Cells) {
        self.cells_of(chunk, |_| true, cells);
    }

    /// The same without the cells of the columns of CSV that are not `wanted`: of a wide table, most may
    /// be none of the caller's business. Rows are counted and checked as ever, and a ragged one, whose
    /// cells may be of other columns than they seem, comes with all of them.
    pub fn cells_of(&self, chunk: &Chunk, wanted: impl Fn(FieldIx) -> bool, cells: &mut Cells) {
        cells.start_chunk();
        match (&chunk.start, self) {
            (Start::Malformed | Start::MalformedContinued, _) => log::malformed_lines(chunk, cells),
            (_, Self::Log) => log::cells(chunk, cells),
            (_, Self::Csv { dialect, names }) => {
                csv::cells(chunk, *dialect, &Wanted::new(names.len(), wanted), cells);
            }
            (_, Self::Json(layout)) => json::cells(chunk, *layout, cells),
        }
    }

    /// The path of a field of the last chunk read into `cells`; none where the cell has no field
    /// (a log line, a surplus cell of a ragged row).
    ///
    /// JSON paths are put together at each call: ask once per field and [`Cells::epoch`].
    #[must_use]
    pub fn field_path<'a>(&'a self, cells: &'a Cells, field: FieldIx) -> Option<Cow<'a, str>> {
        match self {
            Self::Log => None,
            Self::Csv { names, .. } => {
                names.get(field.0 as usize).map(|name| Cow::Borrowed(name.as_str()))
            }
            Self::Json(_) => cells.json.paths.path(field).map(Cow::Owned),
        }
    }

    /// Appends the edits that put `replacements` in the place of parts of `cell`, see
    /// [`edit::replace`].
    pub fn replace(
        &self,
        chunk: &[u8],
        cell: &Cell,
        replacements: &[Replacement<'_>],
        decoder: &mut Decoder,
        edits: &mut Edits,
    ) {
        edit::replace(chunk, cell, replacements, self.dialect(), decoder, edits);
    }

    /// Appends the edit that drops the whole of `cell`, see [`edit::drop_cell`].
    pub fn drop_cell(&self, chunk: &[u8], cell: &Cell, edits: &mut Edits) {
        edit::drop_cell(chunk, cell, self.dialect(), edits);
    }

    fn dialect(&self) -> CsvDialect {
        match self {
            Self::Csv { dialect, .. } => *dialect,
            Self::Log | Self::Json(_) => CsvDialect::default(),
        }
    }
}

/// UTF-8 byte order mark.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Where the text of a chunk starts: behind the byte order mark, if the file has one.
fn text_start(bytes: &[u8], offset: u64) -> usize {
    if offset == 0 && bytes.starts_with(BOM) { BOM.len() } else { 0 }
}

#[cfg(test)]
mod tests;
