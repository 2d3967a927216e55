//! The driver: runs the chain over all inputs, in parallel.
//!
//! This is the only module that knows about threads (`ordered`). Stages are plain functions of a
//! unit of work: a chunk of text, or a leaf of a Parquet row group. Units come from one producer,
//! results go to one consumer in the order of the input, and what workers count is merged at the
//! end. So memory is bounded by threads × unit, and outputs, maps and manifests do not depend on
//! the number of threads or on the size of a unit.
//!
//! - `survey` counts what is in each field, for `scan` and for the verdicts that `mask` needs;
//! - `listing` writes each finding, in a second pass;
//! - `masking` protects, and `outputs` names what comes of it;
//! - `verify` holds an output against its manifest and its input.
//! - `gather` collects what is opaque, for `attack`;
//! - `reveal` takes the values of a field out of a file, and puts others in; it is no job.

pub mod attack;
mod columns;
mod drive;
mod gather;
mod input;
mod ledger;
mod listing;
pub mod mask;
mod masking;
mod memo;
mod names;
mod ordered;
mod outputs;
mod profile;
mod progress;
mod proof;
pub mod reveal;
pub mod scan;
mod survey;
mod tally;
mod values;
pub mod verify;

pub use attack::{Assault, Assaulted};
pub use drive::{CHUNK_BYTES, Effort};
pub use input::{Content, FormatName, FormatOverrides, Identified, identify_stream};
pub use listing::Location;
pub use mask::{Known, Mask, Masked, Planned};
pub use names::hide;
pub use scan::{Scan, Scanned};

use std::io;

use crate::policy::PolicyError;
use crate::protect::KeyError;
use crate::sink::SinkError;

/// Why a run stopped. What is wrong with a single file is in the coverage ledger instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// Somebody interrupted it.
    #[error("interrupted")]
    Interrupted,
    /// Somebody interrupted it when OUT was begun, which can be continued.
    #[error("interrupted, before all of the output was written")]
    Unfinished,
    /// The findings cannot be written.
    #[error("cannot write the findings: {}", .0.kind())]
    Findings(#[source] io::Error),
    /// The filtered stream cannot be written.
    #[error("cannot write the output: {}", .0.kind())]
    Output(#[source] io::Error),
    /// The stream cannot be read or protected to its end.
    #[error("standard input: {0}")]
    Stream(String),
    /// The name of a file cannot be protected.
    #[error("the name of an input: {0}")]
    Name(String),
    /// OUT cannot be written.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// The policy does not fit the data, or the data not the policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The key is missing or wrong.
    #[error(transparent)]
    Key(#[from] KeyError),
}
