//! A directory of outputs on a local file system.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use walkdir::WalkDir;

use super::journal::{Finished, Header, History, Journal, Secret};
use super::manifest::{self, Manifest};
use super::{FileEntry, InputStamp, SinkError};
use crate::source::{InputFile, JOURNAL_NAME, MANIFEST_NAME, TEMPORARY_PREFIX};

/// How an output directory is to be treated.
#[derive(Debug, Clone, Copy)]
pub struct OutDirOptions<'a> {
    /// SHA-256 of the plan, hex: only a run with the same one is continued.
    pub plan_digest: &'a str,
    /// RFC 3339, UTC.
    pub started: &'a str,
    /// Whether to replace what an earlier run wrote, finished or not.
    pub overwrite: bool,
    /// The secret of a new run, where it needs one. A run that is continued has its own.
    pub secret: Option<&'a [u8]>,
}

/// An output directory of a run that is not finished. Dropped, it stays unfinished and can be
/// continued; [`OutDir::finish`] makes it a finished one. Threads share it.
#[derive(Debug)]
pub struct OutDir {
    /// Absolute and without links.
    root: PathBuf,
    /// Of the outputs: 0644 without what the umask takes away.
    permissions: Permissions,
    secret: Option<Secret>,
    /// What an earlier run of the same plan left, by output path.
    earlier: Earlier,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    journal: Journal,
    /// Output paths of this run, whether they came to be or not.
    staged: BTreeSet<String>,
    /// Directories with new names in them, to be synced before the manifest says they are there.
    directories: BTreeSet<PathBuf>,
}

impl OutDir {
    /// Takes `out` for a run: a directory that is new, empty, or holds an unfinished run of the same
    /// plan, which is then continued. `inputs` are the paths that must not be touched.
    ///
    /// With `overwrite`, what an earlier run listed in its manifest or journal is removed first. A
    /// file that it does not list was put there by somebody else, and the directory is refused with
    /// everything still in it, rather than emptied or mixed.
    ///
    /// # Errors
    /// [`SinkError::Overlap`] if `out`, wherever its links lead, is an input, lies in one or holds
    /// one; [`SinkError::NotADirectory`], [`SinkError::NotEmpty`], [`SinkError::Finished`],
    /// [`SinkError::OtherPlan`], [`SinkError::Busy`] for what is there; [`SinkError::Malformed`] for
    /// a journal or manifest that cannot be read.
    pub fn prepare(
        out: &Path,
        inputs: &[impl AsRef<Path>],
        options: OutDirOptions<'_>,
    ) -> Result<Self, SinkError> {
        let root = resolve(out).map_err(|error| match error.kind() {
            io::ErrorKind::NotADirectory => SinkError::NotADirectory { out: out.to_owned() },
            _ => SinkError::io("resolve", out)(error),
        })?;
        refuse_overlap(out, &root, inputs)?;
        if root.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir()) {
            return Err(SinkError::NotADirectory { out: out.to_owned() });
        }
        fs::create_dir_all(&root).map_err(SinkError::io("create", out))?;

        let (journal, earlier, secret) = take(out, &root, options)?;
        remove_temporaries(&root)?;
        let permissions = readable(&journal.permissions()?);
        let state = State { journal, staged: BTreeSet::new(), directories: BTreeSet::new() };
        Ok(Self { root, permissions, secret, earlier, state: Mutex::new(state) })
    }

    /// The secret of the run: of one that is continued, that from its journal.
    #[must_use]
    pub fn secret(&self) -> Option<[u8; 16]> {
        let Secret(hex) = self.secret.as_ref()?;
        let mut secret = [0; 16];
        for (byte, pair) in secret.iter_mut().zip(hex.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        (hex.len() == 32).then_some(secret)
    }

    /// Whether this continues an earlier run.
    #[must_use]
    pub fn is_continued(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// The entry of an input that an earlier run finished, if neither input nor output has changed
    /// since. Otherwise what it left of the file is removed. An input that failed is tried again.
    ///
    /// # Errors
    /// [`SinkError::Io`] if a stale output cannot be removed.
    pub fn reuse(
        &self,
        file: &InputFile,
        stamp: InputStamp,
    ) -> Result<Option<FileEntry>, SinkError> {
        // Names that are no UTF-8 may look alike in a journal; their files are done again.
        let Some(finished) =
            file.relative_path.to_str().and_then(|_| self.earlier.get(&shown(&file.relative_path)))
        else {
            return Ok(None);
        };
        let path = self.root.join(&file.relative_path);
        let length = path.symlink_metadata().ok().filter(fs::Metadata::is_file).map(|it| it.len());
        match finished {
            Some(Finished { input, entry })
                if *input == stamp
                    && stamp.modified_ns.is_some()
                    && entry.state.has_output()
                    && length == Some(entry.bytes_out) =>
            {
                Ok(Some(entry.clone()))
            }
            _ => remove_if_present(&path).map(|()| None),
        }
    }

    /// Begins an output at `relative`, in a temporary file beside it.
    ///
    /// # Errors
    /// [`SinkError::BadName`] if it would lie outside or take a name of loup's own,
    /// [`SinkError::Exists`] if there is a file by that name which no run of this plan wrote,
    /// [`SinkError::Io`].
    pub fn stage(&self, relative: &Path) -> Result<Staged, SinkError> {
        let target = self.root.join(checked(relative)?);
        let parent = target.parent().unwrap_or(&self.root);
        // A link that somebody put here must not lead an output elsewhere.
        let resolved = resolve(parent).map_err(SinkError::io("create", parent))?;
        if !resolved.starts_with(&self.root) {
            return Err(SinkError::BadName { name: relative.to_owned() });
        }
        fs::create_dir_all(parent).map_err(SinkError::io("create", parent))?;
        let name = shown(relative);
        {
            let mut state = self.state();
            let is_ours = self.earlier.contains_key(&name) || state.staged.contains(&name);
            if !is_ours && target.symlink_metadata().is_ok() {
                return Err(SinkError::Exists { path: target });
            }
            state.journal.begin(&name)?;
            state.staged.insert(name);
            let above = parent.ancestors().take_while(|path| path.starts_with(&self.root));
            state.directories.extend(above.map(Path::to_owned));
        }
        let file = temporary_in(parent).map_err(SinkError::io("create", &target))?;
        Ok(Staged {
            target,
            permissions: self.permissions.clone(),
            writer: BufWriter::with_capacity(BUFFER_BYTES, file),
            digest: Sha256::new(),
            bytes: 0,
        })
    }

    /// Notes what became of an input, so that a run which continues this one need not do it again.
    /// `stamp` is that of the input before it was read.
    ///
    /// # Errors
    /// [`SinkError::Io`].
    pub fn record(&self, entry: &FileEntry, stamp: InputStamp) -> Result<(), SinkError> {
        self.state().journal.done(Finished { input: stamp, entry: entry.clone() })
    }

    /// Ends the run: removes outputs that the manifest does not list, of inputs that failed in the
    /// end or are gone since an earlier attempt; then writes the manifest with its lists in order;
    /// then removes the journal. Returns the seal of the manifest.
    ///
    /// # Errors
    /// [`SinkError::Io`]. The directory is then still unfinished.
    pub fn finish(self, mut manifest: Manifest) -> Result<String, SinkError> {
        manifest.files.sort_by(|one, other| one.file.cmp(&other.file));
        manifest.coverage.not_scanned.sort();
        let State { journal, staged, directories } =
            self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let listed: BTreeSet<&str> = manifest
            .files
            .iter()
            .filter(|entry| entry.state.has_output())
            .map(|entry| entry.file.as_str())
            .collect();
        for name in self.earlier.keys().chain(&staged) {
            if !listed.contains(name.as_str()) {
                // A journal can be edited, and must not reach outside.
                remove_if_present(&self.root.join(checked(Path::new(name))?))?;
            }
        }
        remove_empty_directories(&self.root);
        for directory in directories.iter().filter(|directory| directory.exists()) {
            sync_directory(directory)?;
        }
        let seal = manifest::write(&self.root, manifest, &self.permissions)?;
        sync_directory(&self.root)?;
        journal.remove().map(|()| seal)
    }

    /// A thread that panicked while it held the lock left at worst a torn line, which the next one
    /// cuts off.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes reach the file in pieces of this size.
const BUFFER_BYTES: usize = 256 * 1024;

/// An output that is being written. It appears under its name when it is committed; dropped, it
/// leaves nothing.
#[derive(Debug)]
pub struct Staged {
    target: PathBuf,
    permissions: Permissions,
    writer: BufWriter<NamedTempFile>,
    digest: Sha256,
    bytes: u64,
}

/// An output that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
}

impl Staged {
    /// Where it will be, for messages.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Bytes written so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Makes it durable and gives it its name.
    ///
    /// # Errors
    /// [`SinkError::Io`]; then there is nothing under its name.
    pub fn commit(self) -> Result<Committed, SinkError> {
        let failed = |error| SinkError::io("write", &self.target)(error);
        let file = self.writer.into_inner().map_err(|error| failed(error.into_error()))?;
        file.as_file().set_permissions(self.permissions).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&self.target).map_err(|error| failed(error.error))?;
        Ok(Committed { bytes: self.bytes, sha256: hex(&self.digest.finalize()) })
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// What an earlier run of the same plan left, by output path.
type Earlier = BTreeMap<String, Option<Finished>>;

/// Opens or makes the journal of `root`, which exists, according to what is in it.
fn take(
    out: &Path,
    root: &Path,
    options: OutDirOptions<'_>,
) -> Result<(Journal, Earlier, Option<Secret>), SinkError> {
    let secret = options.secret.map(|secret| Secret(hex(secret)));
    let mut header = Header::new(options.plan_digest, options.started);
    header.secret = secret.clone();
    let path = root.join(JOURNAL_NAME);
    let nothing = BTreeMap::new();
    if path.symlink_metadata().is_ok() {
        let (mut journal, History { header: earlier, files }) = Journal::open(&path)?;
        if options.overwrite {
            let listed = listed(root, files.keys())?;
            let contents = contents(out, root, &listed)?;
            clear(root, &contents, &mut journal, &header)?;
            return Ok((journal, nothing, secret));
        }
        return match earlier {
            None => journal.restart(&header).map(|()| (journal, nothing, secret)),
            Some(earlier) if earlier.plan_digest == options.plan_digest => {
                Ok((journal, files, earlier.secret))
            }
            Some(_) => Err(SinkError::OtherPlan { out: out.to_owned() }),
        };
    }
    if root.join(MANIFEST_NAME).symlink_metadata().is_err() {
        contents(out, root, &BTreeSet::new())?;
        return Journal::create(&path, &header).map(|journal| (journal, nothing, secret));
    }
    if !options.overwrite {
        return Err(SinkError::Finished { out: out.to_owned() });
    }
    let contents = contents(out, root, &listed(root, [])?)?;
    let mut journal = Journal::create(&path, &header)?;
    clear(root, &contents, &mut journal, &header)?;
    Ok((journal, nothing, secret))
}

/// The output paths of a manifest, if there is one, and those of a journal.
fn listed<'a>(
    root: &Path,
    journal: impl IntoIterator<Item = &'a String>,
) -> Result<BTreeSet<String>, SinkError> {
    let mut listed: BTreeSet<String> = journal.into_iter().cloned().collect();
    if let Some(manifest) = manifest::read(root)? {
        let outputs = manifest.files.into_iter().filter(|entry| entry.state.has_output());
        listed.extend(outputs.map(|entry| entry.file));
    }
    Ok(listed)
}

/// The files in `root`, all of them listed or loup's own.
///
/// # Errors
/// [`SinkError::NotEmpty`] with the first that is not.
fn contents(out: &Path, root: &Path, listed: &BTreeSet<String>) -> Result<Vec<PathBuf>, SinkError> {
    let mut files = Vec::new();
    for entry in WalkDir::new(root).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| SinkError::io("read", out)(error.into()))?;
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let name = shown(relative);
        let is_own = name == JOURNAL_NAME || name == MANIFEST_NAME || is_temporary(entry.path());
        if is_own || listed.contains(&name) {
            files.push(entry.path().to_owned());
        } else if !entry.file_type().is_dir() {
            return Err(SinkError::NotEmpty { out: out.to_owned(), file: relative.to_owned() });
        }
    }
    Ok(files)
}

/// Removes `files`, which an earlier run left in `root`, and begins the journal again. All of them
/// are in the journal before the first is gone, so that an interruption can be made good.
fn clear(
    root: &Path,
    files: &[PathBuf],
    journal: &mut Journal,
    header: &Header,
) -> Result<(), SinkError> {
    let journal_path = root.join(JOURNAL_NAME);
    let manifest_path = root.join(MANIFEST_NAME);
    let outputs = files.iter().filter(|path| **path != journal_path && **path != manifest_path);
    for path in outputs.clone() {
        journal.begin(&shown(path.strip_prefix(root).unwrap_or(path)))?;
    }
    for path in outputs.chain([&manifest_path]) {
        remove_if_present(path)?;
    }
    remove_empty_directories(root);
    journal.restart(header)
}

/// Absolute and without links, also where the end of it does not exist yet.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut existing = absolute.as_path();
    let mut missing = Vec::new();
    loop {
        match existing.canonicalize() {
            Ok(canonical) => {
                return Ok(missing.iter().rev().fold(canonical, |path, name| path.join(name)));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A link to nothing: where it leads would be made, and nobody has looked there.
                if existing.symlink_metadata().is_ok() {
                    return Err(io::ErrorKind::NotADirectory.into());
                }
                // `missing/..` has no file name and no meaning.
                let (Some(parent), Some(name)) = (existing.parent(), existing.file_name()) else {
                    return Err(error);
                };
                missing.push(name);
                existing = parent;
            }
            Err(error) => return Err(error),
        }
    }
}

fn refuse_overlap(out: &Path, root: &Path, inputs: &[impl AsRef<Path>]) -> Result<(), SinkError> {
    for input in inputs {
        let input = input.as_ref();
        let resolved = resolve(input).map_err(SinkError::io("resolve", input))?;
        // An input that is a file can hold nothing, so `starts_with` is right for it too.
        if root.starts_with(&resolved) || resolved.starts_with(root) {
            return Err(SinkError::Overlap { out: out.to_owned(), input: input.to_owned() });
        }
    }
    Ok(())
}

/// `relative`, if it stays within a directory and clear of loup's own names.
fn checked(relative: &Path) -> Result<&Path, SinkError> {
    let is_below = relative.components().all(|part| matches!(part, Component::Normal(_)));
    let is_own = relative == Path::new(MANIFEST_NAME)
        || relative == Path::new(JOURNAL_NAME)
        || is_temporary(relative);
    if relative.as_os_str().is_empty() || !is_below || is_own {
        return Err(SinkError::BadName { name: relative.to_owned() });
    }
    Ok(relative)
}

/// The name of an output in journal and manifest.
fn shown(relative: &Path) -> String {
    let parts: Vec<_> =
        relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn is_temporary(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(TEMPORARY_PREFIX.as_bytes()))
}

/// A temporary file that only its owner may read, since it is not whole.
pub(super) fn temporary_in(directory: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(TEMPORARY_PREFIX).tempfile_in(directory)
}

/// What a killed run was writing.
fn remove_temporaries(root: &Path) -> Result<(), SinkError> {
    for entry in WalkDir::new(root) {
        let entry = entry.map_err(|error| SinkError::io("read", root)(error.into()))?;
        if entry.file_type().is_file() && is_temporary(entry.path()) {
            remove_if_present(entry.path())?;
        }
    }
    Ok(())
}

fn remove_if_present(path: &Path) -> Result<(), SinkError> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match fs::remove_file(path) {
        Err(error) if !matches!(error.kind(), NotFound | NotADirectory) => {
            Err(SinkError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Tidies up below `root`. A directory that stays behind does no harm, so failures are no errors.
fn remove_empty_directories(root: &Path) {
    let entries = WalkDir::new(root).min_depth(1).contents_first(true);
    for entry in entries.into_iter().filter_map(Result::ok) {
        if entry.file_type().is_dir() {
            let _ = fs::remove_dir(entry.path());
        }
    }
}

/// Makes the names in a directory durable, where the system can.
fn sync_directory(directory: &Path) -> Result<(), SinkError> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(directory).and_then(|file| file.sync_all()) {
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
            ) =>
        {
            Err(SinkError::io("write", directory)(error))
        }
        _ => Ok(()),
    }
}

/// 0644, without what the umask took from `new`, the permissions of a file the process made.
#[cfg(unix)]
fn readable(new: &Permissions) -> Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    Permissions::from_mode(new.mode() & 0o644)
}

#[cfg(not(unix))]
fn readable(new: &Permissions) -> Permissions {
    new.clone()
}

/// Size and SHA-256, hex, of a file, as [`Committed`] has them of an output.
///
/// # Errors
/// If it cannot be read to its end.
pub fn size_and_sha256(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut digest, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((bytes, hex(&digest.finalize()))),
            Ok(read) => {
                digest.update(&buffer[..read]);
                bytes += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
