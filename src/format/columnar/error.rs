//! What can go wrong with a Parquet file: where and why, never a value.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::errors::ParquetError as Upstream;

/// Why a Parquet file could not be read, rewritten or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParquetError {
    /// The operating system refused a read or a write.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file does not have the shape of any Parquet file.
    #[error("not a Parquet file: {0}")]
    NotParquet(&'static str),
    /// The footer or the columns are encrypted.
    #[error("the file is encrypted (Parquet modular encryption), which is not supported")]
    Encrypted,
    /// The file contradicts itself or the format.
    #[error("malformed Parquet: {0}")]
    Malformed(String),
    /// The file is in order, and uses what is not supported.
    #[error("unsupported Parquet: {0}")]
    Unsupported(String),
    /// An error inside one column chunk.
    #[error("row group {row_group}, column `{leaf}`: {cause}")]
    Chunk {
        /// 0-based ordinal of the row group.
        row_group: usize,
        /// [`Leaf::path`](super::Leaf::path).
        leaf: String,
        /// What went wrong there.
        cause: Box<ParquetError>,
    },
    /// An edit that the column cannot hold.
    #[error("{0}")]
    Edit(&'static str),
    /// Names that a copy cannot have.
    #[error("{0}")]
    Names(&'static str),
    /// A chunk was handed to the wrong place of a writer.
    #[error("{0}")]
    Order(&'static str),
}

impl ParquetError {
    /// This error, placed in a column chunk.
    pub(super) fn in_chunk(self, row_group: usize, leaf: &str) -> Self {
        match self {
            located @ Self::Chunk { .. } => located,
            cause => Self::Chunk { row_group, leaf: leaf.to_owned(), cause: Box::new(cause) },
        }
    }
}

impl From<Upstream> for ParquetError {
    fn from(error: Upstream) -> Self {
        match error {
            Upstream::External(cause) => match cause.downcast::<io::Error>() {
                Ok(cause) => Self::Io(*cause),
                Err(cause) => Self::Malformed(cause.to_string()),
            },
            Upstream::NYI(what) => Self::Unsupported(what),
            other => Self::Malformed(other.to_string()),
        }
    }
}

/// Runs a call into the `parquet` or `arrow` crates; a panic in there is a malformed file.
///
/// Their decoders index into buffers by lengths that the file states (a data page v2 says how long
/// its levels are, a delta block how many values follow), and some of those slices are not checked.
/// A hostile file must not take the run down, and what panicked is dropped, never used again.
pub(super) fn contain<T>(
    call: impl FnOnce() -> parquet::errors::Result<T>,
) -> Result<T, ParquetError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(ParquetError::from),
        Err(_) => Err(ParquetError::Malformed("a decoder ran out of its buffer".to_owned())),
    }
}
