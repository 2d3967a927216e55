//! Bytes in: from the paths a user typed to a list of files with names, and what each file is.
//!
//! [`discover`] finds the files and names their datasets; [`sniff`] says what one is from its first
//! bytes. Nothing is left out silently: what cannot or should not be read is in the list with a
//! [`Problem`], so that the coverage ledger adds up. This module reads directories and metadata; it
//! opens no file and knows no format.

mod dataset;
mod identity;
mod sniff;
mod walk;

use std::path::PathBuf;

pub use dataset::{make_unique, percent_decoded};
pub use identity::FileIdentity;
pub use sniff::{SAMPLE_BYTES, Sniffed, is_named_ndjson, sniff};
pub use walk::{discover, guarded_paths};

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// The manifest of a finished output, in its top directory.
pub const MANIFEST_NAME: &str = "loup-manifest.json";

/// The journal of an unfinished output, in its top directory.
pub const JOURNAL_NAME: &str = ".loup-incomplete";

/// How the names of outputs begin that are still being written.
pub const TEMPORARY_PREFIX: &str = ".loup-tmp-";

/// One file to look at, or one that cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// The directory given, the one a given file is in, or the part of a glob before its first
    /// wildcard. Empty for standard input.
    pub root: PathBuf,
    /// Opens the file, from the working directory. `-` is standard input.
    pub path: PathBuf,
    /// Names the file in maps, findings and messages: unique in a run, relative to the root, with
    /// `/` between its parts; bytes that are no UTF-8 appear as U+FFFD.
    pub relative: String,
    /// Names its output in manifests: as `relative`, until somebody protects the one or hides the other.
    pub output: String,
    /// Where its output goes under OUT: as `output`, but lossless.
    pub relative_path: PathBuf,
    /// The table or log it belongs to.
    pub dataset: String,
    /// Its hive partitions, `("country", "FR")`, outermost first, percent-decoded. A null stays
    /// `__HIVE_DEFAULT_PARTITION__`.
    pub partitions: Vec<(String, String)>,
    /// Stored size in bytes; 0 for standard input and for what cannot be read.
    pub bytes: u64,
    /// Why it is not to be opened, if so.
    pub problem: Option<Problem>,
}

impl InputFile {
    /// Whether this is standard input.
    #[must_use]
    pub fn is_stdin(&self) -> bool {
        self.root.as_os_str().is_empty() && self.path.as_os_str() == STDIN
    }
}

/// Why a path that was found is not to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A directory that cannot be listed, or an entry whose metadata cannot be read. What is below
    /// it is unknown, so coverage is incomplete.
    Unreadable(std::io::ErrorKind),
    /// A link within a directory. Its target is read where it is itself below a path given.
    SymbolicLink,
    /// A named pipe, socket or device within a directory.
    NotAFile,
    /// A manifest, journal or temporary file of loup.
    OwnOutput,
}

impl Problem {
    /// Whether the ledger says `failed`; otherwise it says `skipped`.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }

    /// The reason for the ledger.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Unreadable(kind) => kind.to_string(),
            Self::SymbolicLink => "symbolic link".to_owned(),
            Self::NotAFile => "not a regular file".to_owned(),
            Self::OwnOutput => "written by loup".to_owned(),
        }
    }
}

/// The paths given do not make a list of files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Nothing was given.
    #[error("no input given")]
    NoPath,
    /// A path that does not exist, or a link to nothing.
    #[error("{}: no such file or directory", path.display())]
    Missing { path: PathBuf },
    /// A glob that matches nothing.
    #[error("{pattern}: no file matches this pattern")]
    NoMatch { pattern: String },
    /// A glob that is malformed.
    #[error("{pattern}: {reason}")]
    BadPattern { pattern: String, reason: String },
    /// A pipe, socket or device was given by name.
    #[error("{}: not a regular file or directory", path.display())]
    NotAFile { path: PathBuf },
    /// `-` among other paths.
    #[error("`-` (standard input) cannot be combined with other inputs")]
    StdinNotAlone,
    /// A path that cannot be looked up at all.
    #[error("{}: {}", path.display(), source.kind())]
    Io { path: PathBuf, source: std::io::Error },
}

impl SourceError {
    /// What the user can do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoPath => Some("name a file, a directory or a glob, or `-`".to_owned()),
            Self::Missing { path } if path.to_string_lossy().contains("://") => {
                Some("only local files are read: copy the objects to a directory first".to_owned())
            }
            Self::Missing { path } => {
                let mut parents = path.ancestors().skip(1);
                let nearest =
                    parents.find(|parent| !parent.as_os_str().is_empty() && parent.exists());
                Some(match nearest {
                    Some(parent) => format!("check the spelling; `{}` exists", parent.display()),
                    None => "check the spelling and the working directory".to_owned(),
                })
            }
            Self::NoMatch { .. } => Some(
                "`*` stays within one directory, `**` crosses them; quote the pattern so that \
                 the shell leaves it alone"
                    .to_owned(),
            ),
            Self::BadPattern { .. } => {
                Some("write `[[]` for a literal `[`, or name the directory instead".to_owned())
            }
            Self::NotAFile { path } => Some(format!(
                "pipe it into standard input instead: `loup … - < {}`",
                path.display()
            )),
            Self::StdinNotAlone => Some("run loup once for `-` and once for the files".to_owned()),
            Self::Io { source, .. } => (source.kind() == std::io::ErrorKind::PermissionDenied)
                .then(|| "run loup as a user who may read it".to_owned()),
        }
    }
}
