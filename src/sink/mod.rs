//! Bytes out: whole or not at all.
//!
//! [`OutDir`] is a directory that belongs to one run. A file appears in it when it is whole; the
//! manifest appears last, and until then the journal marks the directory as unfinished, so that the
//! same run can be continued. What fails is recorded and leaves no bytes: an input that cannot be
//! protected has an entry in the manifest and no output.

pub mod audit;
pub mod chain;
mod journal;
mod local;
pub mod manifest;

use std::io;
use std::path::{Path, PathBuf};

pub use chain::Broken;
pub use journal::InputStamp;
pub use local::{Committed, OutDir, OutDirOptions, Staged, size_and_sha256};
pub use manifest::{FileEntry, FileState, Manifest, Shifted};

/// An output could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SinkError {
    /// OUT is an input, lies in one, or holds one.
    #[error("output {} and input {} overlap", out.display(), input.display())]
    Overlap { out: PathBuf, input: PathBuf },
    /// OUT exists and is no directory.
    #[error("output {}: not a directory", out.display())]
    NotADirectory { out: PathBuf },
    /// OUT holds a file that no run of loup lists.
    #[error("output {}: holds files that loup did not write, such as {}", out.display(), file.display())]
    NotEmpty { out: PathBuf, file: PathBuf },
    /// OUT holds a finished run.
    #[error("output {}: holds a finished run", out.display())]
    Finished { out: PathBuf },
    /// OUT holds an unfinished run under another plan.
    #[error("output {}: holds an unfinished run with another plan", out.display())]
    OtherPlan { out: PathBuf },
    /// Another process writes to OUT.
    #[error("output {}: another run is writing to it", out.display())]
    Busy { out: PathBuf },
    /// A name that would leave OUT, or that loup uses itself.
    #[error("{}: not a name for an output", name.display())]
    BadName { name: PathBuf },
    /// A file is in the way of an output.
    #[error("{}: exists already", path.display())]
    Exists { path: PathBuf },
    /// A journal or manifest that is none.
    #[error("{}: {reason}", path.display())]
    Malformed { path: PathBuf, reason: String },
    /// A manifest that was changed after it was written.
    #[error("{}: its chain does not hold: {broken}", path.display())]
    Broken { path: PathBuf, broken: Broken },
    /// A manifest that is another than the one that was verified.
    #[error("{}: changed while its output was verified", path.display())]
    Changed { path: PathBuf },
    /// The file system refused.
    #[error("cannot {action} {}: {}", path.display(), source.kind())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
}

impl SinkError {
    /// What was being done (`write`, `create`), and where, when the file system refused.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    /// Whether the command line asks for what cannot be, as opposed to the file system refusing.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Overlap { .. }
                | Self::NotADirectory { .. }
                | Self::NotEmpty { .. }
                | Self::Finished { .. }
                | Self::OtherPlan { .. }
                | Self::BadName { .. }
        )
    }

    /// What the user can do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Overlap { .. } => {
                "choose an output directory outside the inputs: inputs are never written to"
            }
            Self::NotADirectory { .. } | Self::NotEmpty { .. } => {
                "choose a new or empty directory; loup removes only what it wrote itself"
            }
            Self::Finished { .. } => {
                "choose a new directory, or replace what the run wrote with --overwrite"
            }
            Self::OtherPlan { .. } => {
                "continue it with the policy, rules, key and options it was started with, or \
                 replace what it wrote with --overwrite"
            }
            Self::Busy { .. } => "wait for it to end, or choose another directory",
            Self::BadName { .. } => "rename the input",
            Self::Exists { .. } => "choose a new or empty directory",
            Self::Malformed { .. } => "the directory is damaged: remove it, or choose another one",
            Self::Broken { .. } => {
                "put the manifest back that the run wrote, or protect the originals again into a new \
                 directory: what this one says was changed, or was written by another version"
            }
            Self::Changed { .. } => "run the same command again",
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "free some space and run the same command again: finished files are kept"
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    "choose an output directory that you may write to"
                }
                io::ErrorKind::InvalidFilename => {
                    "the name is too long below this output directory: choose a shorter one"
                }
                _ => return None,
            },
        };
        Some(help.to_owned())
    }
}
