//! The audit log: who turned which pseudonyms back, when and why; without a value in it.
//!
//! One JSON object a line (`loup.audit/1`). Each holds the hash of the one before it and its own, so that
//! a line that was changed, taken out or put in breaks the chain from there on. Lines are appended and
//! synced before anything is revealed. Whoever can write the file can still cut off its end, or write all
//! of it anew: to see that, keep the last hash elsewhere.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::SinkError;
use super::local::hex;
use crate::datamap::document::KeyRef;

/// The value of `schema` in each line.
pub const SCHEMA: &str = "loup.audit/1";

/// What was asked, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// RFC 3339, UTC.
    pub time: String,
    /// The name that the system has for the user, where it says one. Nobody has checked it.
    pub user: Option<String>,
    /// Why, as the user said.
    pub reason: String,
    /// The pseudonymisation domain.
    pub domain: String,
    /// The keys at hand, by epoch.
    pub keys: Vec<KeyRef>,
    /// How many values were turned back, by kind.
    pub revealed: BTreeMap<String, u64>,
    /// Why nothing was, where nothing was: never a value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refused: Option<String>,
}

/// A line of the log.
#[derive(Clone, Serialize, Deserialize)]
struct Line {
    schema: String,
    #[serde(flatten)]
    entry: Entry,
    /// The hash of the line before; zeros in the first.
    previous: String,
    /// SHA-256 of this line as it is without it, hex.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    hash: Option<String>,
}

impl Line {
    fn text(&self) -> String {
        serde_json::to_string(self).expect("a line has string keys")
    }

    fn hash(&self) -> String {
        let bare = Self { hash: None, ..self.clone() };
        hex(&Sha256::digest(bare.text().as_bytes()))
    }
}

/// An open, locked log whose chain holds.
#[derive(Debug)]
pub struct AuditLog {
    path: PathBuf,
    file: File,
    last: String,
}

impl AuditLog {
    /// Opens the log at `path`, made where there is none, and follows its chain to the end.
    ///
    /// # Errors
    /// [`SinkError::Io`]; [`SinkError::Malformed`] where the chain is broken, with the line;
    /// [`SinkError::Busy`] while another process has it open.
    pub fn open(path: &Path) -> Result<Self, SinkError> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(SinkError::io("open", path))?;
        file.try_lock().map_err(|_| SinkError::Busy { out: path.to_owned() })?;
        let mut text = String::new();
        file.seek(SeekFrom::Start(0)).map_err(SinkError::io("read", path))?;
        file.read_to_string(&mut text).map_err(SinkError::io("read", path))?;
        let mut last = "0".repeat(64);
        for (number, line) in text.split_inclusive('\n').enumerate() {
            last = follow(line, &last).ok_or_else(|| SinkError::Malformed {
                path: path.to_owned(),
                reason: format!("line {} breaks the chain of hashes", number + 1),
            })?;
        }
        Ok(Self { path: path.to_owned(), file, last })
    }

    /// Appends `entry`, which is on the disk when this returns.
    ///
    /// # Errors
    /// [`SinkError::Io`]: nothing may be revealed then. What was written of the line is cut off, so that
    /// the log can be continued when there is room again.
    pub fn append(&mut self, entry: Entry) -> Result<(), SinkError> {
        let mut line =
            Line { schema: SCHEMA.to_owned(), entry, previous: self.last.clone(), hash: None };
        let hash = line.hash();
        line.hash = Some(hash.clone());
        let text = line.text() + "\n";
        let end = self.file.metadata().map_err(SinkError::io("read", &self.path))?.len();
        self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data()).map_err(
            |error| {
                let _ = self.file.set_len(end);
                SinkError::io("write", &self.path)(error)
            },
        )?;
        self.last = hash;
        Ok(())
    }
}

/// The hash of `line`, if it is whole and follows the line whose hash is `last`.
fn follow(line: &str, last: &str) -> Option<String> {
    let line: Line = serde_json::from_str(line.strip_suffix('\n')?).ok()?;
    let hash = line.hash();
    let holds = line.schema == SCHEMA && line.previous == last && line.hash.as_ref() == Some(&hash);
    holds.then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(reason: &str) -> Entry {
        Entry {
            time: "2026-11-28T10:06:00Z".to_owned(),
            user: None,
            reason: reason.to_owned(),
            domain: "default".to_owned(),
            keys: Vec::new(),
            revealed: BTreeMap::from([("email".to_owned(), 2)]),
            refused: None,
        }
    }

    fn with_three() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.ndjson");
        for reason in ["one", "two", "three"] {
            AuditLog::open(&path).unwrap().append(entry(reason)).unwrap();
        }
        (dir, path)
    }

    #[test]
    fn a_log_is_continued_and_its_chain_holds() {
        let (_dir, path) = with_three();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 3);
        AuditLog::open(&path).unwrap();
    }

    #[test]
    fn what_was_changed_taken_out_or_put_in_breaks_it() {
        let (_dir, path) = with_three();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let changes = [
            text.replace("two", "tow"),
            text.replace("\"email\":2", "\"email\":1"),
            [lines[0], lines[2]].concat(),
            [lines[1], lines[0], lines[2]].concat(),
            [lines[0], lines[1], lines[1], lines[2]].concat(),
            text[..text.len() - 5].to_owned(),
            format!("{text}x\n"),
        ];
        for changed in changes {
            std::fs::write(&path, &changed).unwrap();
            let error = AuditLog::open(&path).unwrap_err();
            assert!(matches!(error, SinkError::Malformed { .. }), "{error}");
        }
    }
}
