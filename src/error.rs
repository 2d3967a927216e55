//! What can go wrong, joined: what, where and what to do, never the value.

use std::path::PathBuf;

use crate::detect::BadPattern;
use crate::pipeline::PipelineError;
use crate::pipeline::reveal::FieldError;
use crate::policy::PolicyError;
use crate::protect::KeyError;
use crate::protect::reveal::RevealError;
use crate::rules::RuleError;
use crate::sink::SinkError;
use crate::source::SourceError;

/// Everything that ends a command.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The inputs cannot be found.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The rules are wrong.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// A user's pattern is wrong.
    #[error(transparent)]
    Pattern(#[from] BadPattern),
    /// The policy is wrong, or the data breaks it.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The key is missing or wrong.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Nothing is turned back.
    #[error("{0}: nothing was revealed")]
    Reveal(#[from] RevealError),
    /// There is no such field to turn back, or it cannot be read.
    #[error("{0}: nothing was revealed")]
    Field(#[from] FieldError),
    /// The output cannot be written.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// The run stopped.
    #[error(transparent)]
    Pipeline(PipelineError),
    /// The command line asks for what cannot be done.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// A report cannot be written.
    #[error("cannot write {}: {kind}", path.display())]
    Write {
        /// Where to.
        path: PathBuf,
        /// Why.
        kind: std::io::ErrorKind,
    },
    /// A file named by an option cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl From<PipelineError> for Error {
    fn from(error: PipelineError) -> Self {
        match error {
            PipelineError::Policy(error) => Self::Policy(error),
            PipelineError::Key(error) => Self::Key(error),
            PipelineError::Sink(error) => Self::Sink(error),
            other => Self::Pipeline(other),
        }
    }
}

impl Error {
    /// A wrong command line, with advice.
    #[must_use]
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: Some(help.into()) }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Source(error) => error.help(),
            Self::Policy(error) => error.help(),
            Self::Key(error) => error.help(),
            Self::Sink(error) => error.help(),
            Self::Reveal(error) => error.help(),
            Self::Field(error) => error.help(),
            Self::Usage { help, .. } => help.clone(),
            Self::Pattern(_) => Some("`loup rules lint --rules DIR` says where".to_owned()),
            Self::Pipeline(PipelineError::Unfinished) => {
                Some("the same command continues with the files that are missing".to_owned())
            }
            Self::Rules(_) | Self::Pipeline(_) | Self::Write { .. } | Self::Read { .. } => None,
        }
    }
}
