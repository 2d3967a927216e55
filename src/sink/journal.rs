//! The journal of an unfinished output: what is whole already, and what was begun.
//!
//! One JSON object per line. The first names the plan; then a `begin` line before a file can appear
//! under its name, and a `done` line, synced, once it has. A run that was killed leaves at worst one
//! torn line at the end, which is cut off. Whoever has the journal open holds its lock.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::{FileEntry, SinkError};

/// The value of `schema` in a journal.
const SCHEMA: &str = "loup.journal/1";

/// What tells that an input has not changed since it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputStamp {
    /// Stored size.
    pub bytes: u64,
    /// Time of the last change, in nanoseconds since 1970, where the file system knows it.
    pub modified_ns: Option<i64>,
}

impl InputStamp {
    /// The stamp of a file as it is now: to be taken before the file is read, so that a change
    /// while it is read shows.
    ///
    /// # Errors
    /// If its metadata cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let metadata = path.metadata()?;
        let since_1970 =
            metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Ok(Self {
            bytes: metadata.len(),
            modified_ns: since_1970.and_then(|duration| i64::try_from(duration.as_nanos()).ok()),
        })
    }
}

/// What a run is recognised by when it is continued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    schema: String,
    pub(super) plan_digest: String,
    /// RFC 3339, UTC.
    started: String,
    /// What the pseudonyms of this run alone are made with: it goes with the journal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) secret: Option<Secret>,
}

impl Header {
    pub(super) fn new(plan_digest: &str, started: &str) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            plan_digest: plan_digest.to_owned(),
            started: started.to_owned(),
            secret: None,
        }
    }
}

/// The secret of a run, hex. It has no `Debug` that shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Secret(pub(super) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// A file that a run finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Finished {
    pub(super) input: InputStamp,
    pub(super) entry: FileEntry,
}

/// What a journal told when it was opened.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Nothing where the run was killed before its first line was whole; no file is older.
    pub(super) header: Option<Header>,
    /// By output path: how the file was finished, or nothing where it was begun and not finished.
    pub(super) files: BTreeMap<String, Option<Finished>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Begin(String),
    Done(Box<Finished>),
}

/// An open, locked journal.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Length up to the end of the last whole line.
    bytes: u64,
}

impl Journal {
    /// Makes a new journal in `out`.
    ///
    /// # Errors
    /// [`SinkError::Busy`] if another run has made one by now.
    pub(super) fn create(path: &Path, header: &Header) -> Result<Self, SinkError> {
        let file = match OpenOptions::new().read(true).write(true).create_new(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(busy(path)),
            Err(error) => return Err(SinkError::io("create", path)(error)),
        };
        lock(&file, path)?;
        let mut journal = Self { path: path.to_owned(), file, bytes: 0 };
        journal.append(header)?;
        Ok(journal)
    }

    /// Opens the journal of an unfinished run and reads what it tells.
    ///
    /// # Errors
    /// [`SinkError::Busy`] while another run has it open; [`SinkError::Malformed`] if a line other
    /// than the last is broken.
    pub(super) fn open(path: &Path) -> Result<(Self, History), SinkError> {
        let open = OpenOptions::new().read(true).write(true).open(path);
        let mut file = open.map_err(SinkError::io("open", path))?;
        lock(&file, path)?;
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(SinkError::io("read", path))?;
        let (history, bytes) = read(&content, path)?;
        Ok((Self { path: path.to_owned(), file, bytes }, history))
    }

    /// Forgets everything and begins again under `header`.
    pub(super) fn restart(&mut self, header: &Header) -> Result<(), SinkError> {
        self.bytes = 0;
        self.append(header)
    }

    /// Notes that a file of this name may appear from now on. Not synced: a process that is killed
    /// leaves the line, and a machine that fails rarely leaves the file without it.
    pub(super) fn begin(&mut self, file: &str) -> Result<(), SinkError> {
        self.write_line(&Line::Begin(file.to_owned()))
    }

    /// Notes that a file is whole, durably.
    pub(super) fn done(&mut self, finished: Finished) -> Result<(), SinkError> {
        self.append(&Line::Done(Box::new(finished)))
    }

    /// Permissions that the process gives to a new file.
    pub(super) fn permissions(&self) -> Result<std::fs::Permissions, SinkError> {
        let metadata = self.file.metadata().map_err(SinkError::io("read", &self.path))?;
        Ok(metadata.permissions())
    }

    /// Ends the run: without its journal the output counts as finished.
    pub(super) fn remove(self) -> Result<(), SinkError> {
        std::fs::remove_file(&self.path).map_err(SinkError::io("remove", &self.path))
    }

    fn append(&mut self, line: &impl Serialize) -> Result<(), SinkError> {
        self.write_line(line)?;
        self.file.sync_data().map_err(SinkError::io("write", &self.path))
    }

    fn write_line(&mut self, line: &impl Serialize) -> Result<(), SinkError> {
        let written = self.try_write_line(line).map_err(SinkError::io("write", &self.path))?;
        self.bytes += written;
        Ok(())
    }

    fn try_write_line(&mut self, line: &impl Serialize) -> io::Result<u64> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        // Cuts off a torn line of an earlier run, or what a full disk left of the last one.
        self.file.set_len(self.bytes)?;
        self.file.seek(SeekFrom::Start(self.bytes))?;
        self.file.write_all(&text)?;
        Ok(text.len() as u64)
    }
}

/// What the lines tell, and how many bytes of them are whole.
fn read(content: &[u8], path: &Path) -> Result<(History, u64), SinkError> {
    let malformed = |number: usize, reason: &str| SinkError::Malformed {
        path: path.to_owned(),
        reason: format!("line {number}: {reason}"),
    };
    let mut history = History::default();
    let mut whole = 0;
    for (index, line) in content.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let is_last = whole + line.len() == content.len();
        let is_read = line.ends_with(b"\n")
            && if index == 0 {
                history.header = serde_json::from_slice(line).ok();
                history.header.is_some()
            } else {
                history.add(line)
            };
        match (is_read, is_last) {
            (true, _) => whole += line.len(),
            (false, true) => break,
            (false, false) => return Err(malformed(index + 1, "no line of a journal")),
        }
    }
    if history.header.as_ref().is_some_and(|header| header.schema != SCHEMA) {
        return Err(malformed(1, &format!("not a {SCHEMA}")));
    }
    Ok((history, whole as u64))
}

impl History {
    /// Whether `line` could be read. What is told later about a file replaces what was told before.
    fn add(&mut self, line: &[u8]) -> bool {
        let (file, finished) = match serde_json::from_slice(line) {
            Ok(Line::Begin(file)) => (file, None),
            Ok(Line::Done(finished)) => (finished.entry.file.clone(), Some(*finished)),
            Err(_) => return false,
        };
        self.files.insert(file, finished);
        true
    }
}

/// Takes the lock that keeps a second run out. File systems without locks do without.
fn lock(file: &File, path: &Path) -> Result<(), SinkError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(busy(path)),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(SinkError::io("lock", path)(error)),
    }
}

fn busy(path: &Path) -> SinkError {
    SinkError::Busy { out: path.parent().unwrap_or(path).to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::FileState;
    use super::*;
    use proptest::prelude::*;

    fn finished(file: &str) -> Finished {
        Finished {
            input: InputStamp { bytes: 3, modified_ns: Some(7) },
            entry: FileEntry::new(file, FileState::Protected, 3),
        }
    }

    /// A journal with one file done and one begun.
    fn example(path: &Path) {
        let mut journal = Journal::create(path, &Header::new("plan", "now")).unwrap();
        journal.begin("a").unwrap();
        journal.done(finished("a")).unwrap();
        journal.begin("b").unwrap();
    }

    #[test]
    fn a_journal_tells_what_was_begun_and_done() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("j");
        example(&path);
        let (_, history) = Journal::open(&path).unwrap();
        assert_eq!(history.header.unwrap().plan_digest, "plan");
        assert_eq!(
            history.files,
            BTreeMap::from([("a".into(), Some(finished("a"))), ("b".into(), None)])
        );
    }

    #[test]
    fn a_file_begun_again_is_no_longer_done() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("j");
        example(&path);
        Journal::open(&path).unwrap().0.begin("a").unwrap();
        assert_eq!(Journal::open(&path).unwrap().1.files["a"], None);
    }

    #[test]
    fn a_torn_last_line_is_cut_off() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("j");
        example(&path);
        let whole = std::fs::read(&path).unwrap();
        for torn in [&b"{\"done\":{\"inp"[..], b"\0\0\0\0\0", b"{}\n"] {
            std::fs::write(&path, [&whole, torn].concat()).unwrap();
            let (mut journal, history) = Journal::open(&path).unwrap();
            assert_eq!(history.files.len(), 2);
            journal.begin("c").unwrap();
            drop(journal);
            assert_eq!(Journal::open(&path).unwrap().1.files.len(), 3);
        }
    }

    #[test]
    fn a_broken_line_in_the_middle_is_refused_without_quoting_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("j");
        example(&path);
        let mut content = std::fs::read(&path).unwrap();
        content.extend(b"jane@example.com\n{\"begin\":\"c\"}\n");
        std::fs::write(&path, content).unwrap();
        let error = Journal::open(&path).unwrap_err();
        assert!(error.to_string().ends_with("line 5: no line of a journal"), "{error}");
    }

    #[test]
    fn a_journal_of_another_version_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("j");
        let header = "{\"schema\":\"loup.journal/9\",\"plan_digest\":\"\",\"started\":\"\"}\n";
        std::fs::write(&path, header).unwrap();
        assert!(matches!(Journal::open(&path), Err(SinkError::Malformed { .. })));
    }

    #[test]
    fn only_one_process_writes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("j");
        let header = Header::new("plan", "now");
        let journal = Journal::create(&path, &header).unwrap();
        assert!(matches!(Journal::create(&path, &header), Err(SinkError::Busy { .. })));
        assert!(matches!(Journal::open(&path), Err(SinkError::Busy { .. })));
        drop(journal);
        assert!(Journal::open(&path).is_ok());
    }

    proptest! {
        /// Wherever a run is killed, what is left of its journal can be read and continued.
        #[test]
        fn a_journal_cut_anywhere_can_be_continued(share in 0.0..=1.0_f64) {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("j");
            example(&path);
            let content = std::fs::read(&path).unwrap();
            let cut = (content.len() as f64 * share) as usize;
            std::fs::write(&path, &content[..cut]).unwrap();
            let (mut journal, history) = Journal::open(&path).unwrap();
            if history.header.is_none() {
                prop_assert!(history.files.is_empty());
                journal.restart(&Header::new("plan", "later")).unwrap();
            }
            journal.done(finished("z")).unwrap();
            drop(journal);
            let (_, later) = Journal::open(&path).unwrap();
            prop_assert_eq!(later.files.len(), history.files.len() + 1);
        }
    }
}
