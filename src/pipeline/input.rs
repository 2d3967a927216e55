//! What each input is: its format and everything that must be known to read it.

use std::cell::RefCell;
use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::sync::Arc;

use super::drive::io_reason;
use super::names;
use crate::detect::{Class, Detector, Memory, Place, anchors};
use crate::format::columnar::ParquetFile;
use crate::format::text::TextFormat;
use crate::format::text::csv::{self, CsvOverrides};
use crate::format::text::json::{self, JsonLayout};
use crate::rules::HintSet;
use crate::source::{InputFile, SAMPLE_BYTES, Sniffed, is_named_ndjson, sniff};

/// What the user says about formats, instead of their being guessed.
#[derive(Debug, Clone, Copy, Default)]
pub struct FormatOverrides {
    /// `--format`.
    pub format: Option<FormatName>,
    /// `--delimiter`, `--no-header`.
    pub csv: CsvOverrides,
}

/// A format by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatName {
    /// Plain text: lines.
    Text,
    /// Delimited text.
    Csv,
    /// JSON documents.
    Json,
    /// One JSON value a line.
    Ndjson,
    /// Parquet.
    Parquet,
}

/// A file and what it is.
#[derive(Debug)]
pub struct Identified {
    /// The file.
    pub input: InputFile,
    /// What it holds.
    pub content: Content,
}

/// What a file holds, as far as its first bytes say.
pub enum Content {
    /// Text in a known format.
    Text(TextFormat),
    /// Parquet, its footer read.
    Parquet(Arc<ParquetFile>),
    /// Nothing: an empty file, `_SUCCESS`.
    Empty,
    /// A checksum of another file: void once that file is rewritten.
    Derived,
    /// Something that is left alone.
    Skipped {
        /// Why.
        reason: String,
        /// It is not data to be looked at (a link, loup's own manifest), as opposed to data that
        /// cannot be.
        deliberate: bool,
    },
    /// Something that should be readable and is not, and why.
    Failed(String),
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.format_name())
    }
}

impl Content {
    /// The name of the format in maps and manifests.
    #[must_use]
    pub fn format_name(&self) -> &'static str {
        match self {
            Self::Text(TextFormat::Log) => "text",
            Self::Text(TextFormat::Csv { .. }) => "csv",
            Self::Text(TextFormat::Json(JsonLayout::Lines)) => "ndjson",
            Self::Text(TextFormat::Json(_)) => "json",
            Self::Parquet(_) => "parquet",
            Self::Empty => "empty",
            Self::Derived => "derived",
            Self::Skipped { .. } | Self::Failed(_) => "unknown",
        }
    }

    /// Whether a verdict on its fields decides what is protected.
    #[must_use]
    pub fn has_fields(&self) -> bool {
        match self {
            Self::Text(format) => !matches!(format, TextFormat::Log),
            Self::Parquet(_) => true,
            _ => false,
        }
    }
}

/// Says what `input` is. Nothing is lost here: what cannot be read says why.
#[must_use]
pub(super) fn identify(
    input: InputFile,
    overrides: FormatOverrides,
    detector: &Detector,
) -> Identified {
    let content = match &input.problem {
        Some(problem) if problem.is_failure() => Content::Failed(problem.reason()),
        Some(problem) => Content::Skipped { reason: problem.reason(), deliberate: true },
        None => match File::open(&input.path) {
            Ok(file) => content_of(file, &input, overrides, detector),
            Err(error) => Content::Failed(io_reason(&error)),
        },
    };
    Identified { input, content }
}

/// Says what standard input is, from its first bytes; the reader gives all of them again.
///
/// # Errors
/// What reading gives.
pub fn identify_stream(
    input: InputFile,
    mut stream: impl Read + Send + 'static,
    overrides: FormatOverrides,
    detector: &Detector,
) -> io::Result<(Identified, Box<dyn Read + Send>)> {
    let sample = read_sample(&mut stream)?;
    let content = match text_format(&sample, &input, overrides, detector) {
        Ok(Some(format)) => Content::Text(format),
        Ok(None) => Content::Failed("Parquet has its footer at the end: give the file".to_owned()),
        Err(other) => other,
    };
    Ok((Identified { input, content }, Box::new(Cursor::new(sample).chain(stream))))
}

fn content_of(
    mut file: File,
    input: &InputFile,
    overrides: FormatOverrides,
    detector: &Detector,
) -> Content {
    let sample = match read_sample(&mut file) {
        Ok(sample) => sample,
        Err(error) => return Content::Failed(io_reason(&error)),
    };
    // A directory opens and does not read; a pipe reads and does not seek.
    if file.rewind().is_err() {
        return Content::Failed("not a regular file".to_owned());
    }
    match text_format(&sample, input, overrides, detector) {
        Ok(Some(format)) => Content::Text(format),
        Ok(None) => match ParquetFile::open(&input.path) {
            Ok(parquet) => Content::Parquet(Arc::new(parquet)),
            // What is wrong with a schema is said with the name of the field.
            Err(error) => Content::Failed(names::shown(detector, &error.to_string())),
        },
        Err(other) => other,
    }
}

/// The text format of a file, nothing for Parquet, or the content that is neither.
fn text_format(
    sample: &[u8],
    input: &InputFile,
    overrides: FormatOverrides,
    detector: &Detector,
) -> Result<Option<TextFormat>, Content> {
    let name = input.relative.as_str();
    let format = match overrides.format {
        Some(FormatName::Parquet) => return Ok(None),
        Some(_) if sample.is_empty() => return Err(Content::Empty),
        Some(format) => format,
        None => match sniff(sample, name, input.bytes) {
            Sniffed::Parquet => return Ok(None),
            Sniffed::Empty | Sniffed::Marker => return Err(Content::Empty),
            Sniffed::Checksum => return Err(Content::Derived),
            Sniffed::Json => FormatName::Json,
            Sniffed::Csv => FormatName::Csv,
            Sniffed::Text => FormatName::Text,
            other => {
                let reason = other.reason().unwrap_or_default();
                return Err(Content::Skipped { reason, deliberate: false });
            }
        },
    };
    Ok(Some(match format {
        FormatName::Csv => {
            let memory = RefCell::new(Memory::default());
            let personal = |cell: &[u8]| looks_personal(detector, cell, &mut memory.borrow_mut());
            let dialect = csv::sniff(sample, overrides.csv, &personal);
            TextFormat::Csv { dialect, names: csv::names(sample, dialect) }
        }
        FormatName::Ndjson => TextFormat::Json(JsonLayout::Lines),
        FormatName::Json => match json::sniff(sample, sample.len() as u64 >= input.bytes) {
            Some(layout) => TextFormat::Json(layout),
            // However many lines of it are broken, the escapes in the others have to be read.
            None if is_named_ndjson(name) => TextFormat::Json(JsonLayout::Lines),
            None => TextFormat::Log,
        },
        FormatName::Text | FormatName::Parquet => TextFormat::Log,
    }))
}

fn read_sample(reader: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut sample = Vec::with_capacity(SAMPLE_BYTES);
    reader.take(SAMPLE_BYTES as u64).read_to_end(&mut sample)?;
    Ok(sample)
}

/// Whether a cell holds a value that must not become the name of a field.
fn looks_personal(detector: &Detector, cell: &[u8], memory: &mut Memory) -> bool {
    let (mut in_cell, mut found) = (Vec::new(), Vec::new());
    anchors(cell, &mut in_cell);
    let place = Place::cell(HintSet::EMPTY);
    detector.find(cell, &in_cell, 0, &place, memory, &mut found);
    found.iter().any(|candidate| candidate.class >= Class::Bare)
}
