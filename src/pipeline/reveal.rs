//! The values of one field of a text file: taken out to be turned back, and the file with others in their
//! place.
//!
//! In come a file and the name of a field; out comes a [`FieldText`], whose [`values`](FieldText::values)
//! somebody turns back, or not. Nothing here knows a key. Every byte outside the parts that are taken stays
//! as it is. The file is held in memory, as a text is that is turned back whole.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::drive::{CHUNK_BYTES, io_reason};
use super::input::{Content, FormatOverrides, identify};
use super::names;
use crate::detect::Detector;
use crate::format::text::{
    Cell, Cells, Chunk, Decoder, Edits, FieldIx, Replacement, TextFormat, apply,
};
use crate::kind;
use crate::source::{self, SourceError};

/// So many names are shown of a file that has not the field that was asked for.
const SHOWN: usize = 20;

/// A file, and what stands in one of its fields.
pub struct FieldText {
    format: TextFormat,
    pieces: Vec<Piece>,
    /// What was taken out, in the order of the file, as decoded text.
    pub values: Vec<Vec<u8>>,
    /// How many values of the field are not empty and have nothing in them that was taken, those of rows
    /// with more or fewer cells than the table has columns included.
    pub left: u64,
}

/// A chunk of the file, with the parts of the text of its cells that were taken.
struct Piece {
    chunk: Chunk,
    taken: Vec<(Cell, Vec<Range<usize>>)>,
}

/// Why a field cannot be read. Names of fields are masked where they are values.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// The file cannot be found.
    #[error(transparent)]
    Source(#[from] SourceError),

    /// It is a directory, or a glob.
    #[error("{} is no single file", path.display())]
    NotOneFile { path: PathBuf },

    /// It cannot be read to its end.
    #[error("cannot read {}: {reason}", path.display())]
    Read { path: PathBuf, reason: String },

    /// It has no fields, or cannot be written with others in it.
    #[error("{} is {format}: only fields of CSV and JSON are turned back", path.display())]
    NoFields { path: PathBuf, format: &'static str },

    /// It has no field of that name; some of those that it has, in order.
    #[error("{} has no such field", path.display())]
    NoSuchField { path: PathBuf, fields: Vec<String> },
}

impl FieldError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Source(error) => error.help(),
            Self::NoFields { format: "parquet", .. } => {
                Some("read the column with another program, and give its values by `-`".to_owned())
            }
            Self::NoFields { .. } => Some(
                "--format says what it is; without --field, whatever is encrypted in a text is \
                     turned back"
                    .to_owned(),
            ),
            Self::NoSuchField { fields, .. } if fields.is_empty() => None,
            Self::NoSuchField { fields, .. } => Some(format!("it has {}", fields.join(", "))),
            Self::NotOneFile { .. } | Self::Read { .. } => None,
        }
    }

    /// Whether the command line is wrong, and not the file.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        !matches!(self, Self::Read { .. })
    }
}

impl FieldText {
    /// The values of the field `name` of the file at `path`, which is named as a map names it: a column,
    /// `$.user.email`. `parts` says what to take of the text of a value, in ascending order and without
    /// overlap.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn read(
        path: &Path,
        name: &str,
        overrides: FormatOverrides,
        detector: &Detector,
        parts: impl Fn(&[u8]) -> Vec<Range<usize>>,
    ) -> Result<Self, FieldError> {
        let failed = |reason| FieldError::Read { path: path.to_owned(), reason };
        let format = format_of(path, overrides, detector)?;
        let file = File::open(path).map_err(|error| failed(io_reason(&error)))?;
        let mut splitter = format.splitter(file, CHUNK_BYTES);
        let (mut cells, mut decoder) = (Cells::new(), Decoder::new());
        let mut fields = Fields::new(&format, name);
        let mut text = Self { format: format.clone(), pieces: vec![], values: vec![], left: 0 };
        while let Some(chunk) = splitter.next_chunk().map_err(|error| failed(io_reason(&error)))? {
            format.cells(&chunk, &mut cells);
            let mut taken = Vec::new();
            for cell in &cells.cells {
                if !fields.is_wanted(&cells, cell) {
                    continue;
                }
                let value = decoder.decode(&chunk.bytes, cell).text;
                let parts = if cell.is_ragged { vec![] } else { parts(value) };
                text.values.extend(parts.iter().map(|part| value[part.clone()].to_vec()));
                if !parts.is_empty() {
                    taken.push((*cell, parts));
                } else if !kind::trim(value).is_empty() {
                    text.left += 1;
                }
            }
            text.pieces.push(Piece { chunk, taken });
        }
        if fields.is_found {
            return Ok(text);
        }
        let fields = fields.others.iter().map(|other| names::shown(detector, other)).collect();
        Err(FieldError::NoSuchField { path: path.to_owned(), fields })
    }

    /// Writes the file with these texts, as many as there are [`values`](Self::values) and in their order,
    /// in the place of what was taken.
    ///
    /// # Errors
    /// What writing gives.
    pub fn write(&self, texts: &[Zeroizing<Vec<u8>>], out: &mut impl Write) -> io::Result<()> {
        let mut texts = texts.iter();
        let (mut decoder, mut edits) = (Decoder::new(), Edits::new());
        let mut written = Zeroizing::new(Vec::new());
        for Piece { chunk, taken } in &self.pieces {
            edits.clear();
            for (cell, parts) in taken {
                let parts = parts.iter().cloned().zip(&mut texts);
                let parts: Vec<_> =
                    parts.map(|(range, text)| Replacement { range, text }).collect();
                self.format.replace(&chunk.bytes, cell, &parts, &mut decoder, &mut edits);
            }
            written.clear();
            apply(&chunk.bytes, &edits, &mut written);
            out.write_all(&written)?;
        }
        Ok(())
    }
}

/// What the file at `path` is, if it has fields.
fn format_of(
    path: &Path,
    overrides: FormatOverrides,
    detector: &Detector,
) -> Result<TextFormat, FieldError> {
    let file = source::discover(&[path.to_owned()])?.pop().filter(|_| path.is_file());
    let file = file.ok_or_else(|| FieldError::NotOneFile { path: path.to_owned() })?;
    let content = identify(file, overrides, detector).content;
    let format = content.format_name();
    match content {
        Content::Text(format @ (TextFormat::Csv { .. } | TextFormat::Json(_))) => Ok(format),
        Content::Skipped { reason, .. } | Content::Failed(reason) => {
            Err(FieldError::Read { path: path.to_owned(), reason })
        }
        _ => Err(FieldError::NoFields { path: path.to_owned(), format }),
    }
}

/// Which cells are of the field.
struct Fields<'a> {
    format: &'a TextFormat,
    name: &'a str,
    is_found: bool,
    /// The names of some others.
    others: BTreeSet<String>,
    /// What is known of the fields of an epoch of the table.
    known: HashMap<FieldIx, bool>,
    epoch: u64,
}

impl<'a> Fields<'a> {
    fn new(format: &'a TextFormat, name: &'a str) -> Self {
        let mut fields = Self {
            format,
            name,
            is_found: false,
            others: BTreeSet::new(),
            known: HashMap::new(),
            epoch: 0,
        };
        // A table has its columns even where it has no rows.
        if let TextFormat::Csv { names, .. } = format {
            for other in names {
                fields.meet(other);
            }
        }
        fields
    }

    fn is_wanted(&mut self, cells: &Cells, cell: &Cell) -> bool {
        if cell.is_key {
            return false;
        }
        if self.epoch != cells.epoch() {
            self.epoch = cells.epoch();
            self.known.clear();
        }
        if let Some(is_wanted) = self.known.get(&cell.field) {
            return *is_wanted;
        }
        let path = self.format.field_path(cells, cell.field);
        let is_wanted = path.is_some_and(|path| self.meet(&path));
        self.known.insert(cell.field, is_wanted);
        is_wanted
    }

    /// Whether a field is the one.
    fn meet(&mut self, path: &str) -> bool {
        let is_wanted = path == self.name;
        self.is_found |= is_wanted;
        if !is_wanted && self.others.len() < SHOWN {
            self.others.insert(path.to_owned());
        }
        is_wanted
    }
}
