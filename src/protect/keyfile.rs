//! Key files: read, made, and changed in one step.
//!
//! A key file is its owner's alone, and is never half-written: a change goes to a new file beside
//! it, which takes its name when the disk has it. Two changes at once wait for each other by a lock
//! on the file itself, so that nothing but the key file is left in its folder.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::KeyError;
use super::keyring::{Keyring, MAX_BYTES};

impl Keyring {
    /// The keyring in the file at `path`.
    ///
    /// On Unix, a file that the group or others may use in any way is refused unless `allow_open`;
    /// elsewhere permissions are not looked at. The open file is asked and not its path, so that
    /// nobody can swap it in between; a pipe will do (`--key-file <(age --decrypt …)`).
    ///
    /// # Errors
    /// [`KeyError::Open`], [`KeyError::Io`], or what [`Self::parse`] refuses, with the path.
    pub fn read_file(path: &Path, allow_open: bool) -> Result<Self, KeyError> {
        let file = File::open(path).map_err(|error| KeyError::io(path, error))?;
        refuse_open(path, &file, allow_open)?;
        Self::read(file, &path.display().to_string())
    }

    /// The keyring in what `reader` holds to its end; `origin` names it in errors.
    pub(super) fn read(reader: impl Read, origin: &str) -> Result<Self, KeyError> {
        let bytes = read_all(reader).map_err(|error| error.with_origin(origin))?;
        Self::parse(&bytes).map_err(|error| error.with_origin(origin))
    }

    /// Writes the keyring to a new file at `path`, readable by its owner alone (mode 600 on Unix),
    /// and waits until the disk has it.
    ///
    /// # Errors
    /// [`KeyError::Exists`]: a key is never overwritten. [`KeyError::Io`]: no file is left behind.
    pub fn write_file(&self, path: &Path) -> Result<(), KeyError> {
        write_private(path, self.to_toml().as_bytes())
    }
}

/// Writes a secret to a new file at `path`, readable by its owner alone (mode 600 on Unix), and waits
/// until the disk has it.
///
/// # Errors
/// [`KeyError::Exists`]: nothing is overwritten. [`KeyError::Io`]: no file is left behind.
pub fn write_private(path: &Path, secret: &[u8]) -> Result<(), KeyError> {
    let mut file = create_private(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists { path: path.to_owned() },
        _ => KeyError::io(path, error),
    })?;
    let written =
        file.write_all(secret).and_then(|()| file.sync_all()).and_then(|()| sync_folder_of(path));
    written.map_err(|error| {
        // Half of it is worth nothing, and would be in the way of the next attempt.
        let _ = fs::remove_file(path);
        KeyError::io(path, error)
    })
}

/// What `reader` holds to its end, in a buffer that is wiped.
pub(super) fn read_all(reader: impl Read) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    // With room from the start the buffer never moves, and leaves no copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES + 1));
    reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(KeyError::Unreadable)?;
    if bytes.len() > MAX_BYTES {
        return Err(KeyError::TooLong { limit: MAX_BYTES });
    }
    Ok(bytes)
}

/// A key file that is being changed: locked until this is dropped.
pub struct LockedKeyFile {
    /// Where it is, links followed, so that a link to it stays one.
    path: PathBuf,
    file: File,
}

impl LockedKeyFile {
    /// Opens the key file at `path`, waits for its lock, and reads it.
    ///
    /// # Errors
    /// Those of [`Keyring::read_file`], or [`KeyError::NotAFile`] for a pipe or a device.
    pub fn open(path: &Path, allow_open: bool) -> Result<(Self, Keyring), KeyError> {
        let path = path.canonicalize().map_err(|error| KeyError::io(path, error))?;
        let failed = |error| KeyError::io(&path, error);
        loop {
            if !path.metadata().map_err(failed)?.is_file() {
                return Err(KeyError::NotAFile { path });
            }
            let file = OpenOptions::new().read(true).write(true).open(&path).map_err(failed)?;
            file.lock().map_err(failed)?;
            // Whoever held the lock before may have put another file in its place.
            if !is_at(&file, &path).map_err(failed)? {
                continue;
            }
            refuse_open(&path, &file, allow_open)?;
            let keyring = Keyring::read(&file, &path.display().to_string())?;
            return Ok((Self { path, file }, keyring));
        }
    }

    /// Puts `keyring` in the place of what the file holds: whole, or not at all, under the same
    /// permissions and owner.
    ///
    /// # Errors
    /// [`KeyError::Io`], or [`KeyError::TooLong`] for more epochs than could be read back: the file
    /// is what it was.
    pub fn replace(&self, keyring: &Keyring) -> Result<(), KeyError> {
        let text = keyring.to_toml();
        if text.len() > MAX_BYTES {
            return Err(KeyError::TooLong { limit: MAX_BYTES });
        }
        let replaced = || {
            let mut new = tempfile::Builder::new()
                .prefix(".loup-key-")
                .tempfile_in(self.path.parent().unwrap_or(Path::new(".")))?;
            adopt(new.as_file(), &self.file.metadata()?)?;
            new.write_all(text.as_bytes())?;
            new.as_file().sync_all()?;
            new.persist(&self.path)?;
            sync_folder_of(&self.path)
        };
        replaced().map_err(|error| KeyError::io(&self.path, error))
    }

    /// Overwrites what the file held before it was replaced, so that a destroyed key is not read from
    /// free blocks. File systems that never write in place, and the cells of a flash disk, keep it all
    /// the same. Returns whether the file has another name, under which the key is still kept.
    ///
    /// # Errors
    /// [`KeyError::Io`].
    pub fn wipe(mut self) -> Result<bool, KeyError> {
        let mut wiped = || {
            let old = self.file.metadata()?;
            if has_name(&old) {
                return Ok(true);
            }
            self.file.rewind()?;
            io::copy(&mut io::repeat(0).take(old.len()), &mut self.file)?;
            self.file.sync_all()?;
            Ok(false)
        };
        wiped().map_err(|error| KeyError::io(&self.path, error))
    }
}

/// Refuses a file that somebody else than its owner may use, unless that was allowed.
fn refuse_open(path: &Path, file: &File, allow_open: bool) -> Result<(), KeyError> {
    let metadata = file.metadata().map_err(|error| KeyError::io(path, error))?;
    match others_permissions(&metadata) {
        Some(mode) if !allow_open => Err(KeyError::Open { path: path.to_owned(), mode }),
        _ => Ok(()),
    }
}

/// The permission bits of a file, if its group or others have any.
#[cfg(unix)]
fn others_permissions(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn others_permissions(_: &Metadata) -> Option<u32> {
    None
}

/// Creates a file that did not exist, for its owner alone.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Gives a new file, which nothing was written to, the owner and the permissions of an old one.
#[cfg(unix)]
fn adopt(new: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let now = new.metadata()?;
    if (now.uid(), now.gid()) != (old.uid(), old.gid()) {
        fchown(new, Some(old.uid()), Some(old.gid()))?;
    }
    new.set_permissions(old.permissions())
}

#[cfg(not(unix))]
fn adopt(new: &File, old: &Metadata) -> io::Result<()> {
    new.set_permissions(old.permissions())
}

/// Whether the open file is the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let (opened, there) = (file.metadata()?, path.metadata()?);
    Ok((opened.dev(), opened.ino()) == (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

/// Whether a file can still be found under some name.
#[cfg(unix)]
fn has_name(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 0
}

#[cfg(not(unix))]
fn has_name(_: &Metadata) -> bool {
    false
}

/// Waits until the disk has the name of a file that was created.
#[cfg(unix)]
fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(not(unix))]
fn sync_folder_of(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::keyring::tests::vector_keyring;
    use super::*;

    fn scratch() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = scratch();
        let path = folder.path().join("loup.key");
        vector_keyring().write_file(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Keyring::read_file(&path, false).unwrap().active().0, 1);

        for mode in [0o640, 0o604, 0o610, 0o602, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = Keyring::read_file(&path, false).err().unwrap();
            assert!(matches!(error, KeyError::Open { mode: found, .. } if found == mode));
            let help = error.help().unwrap();
            assert!(help.contains("chmod 600") && help.contains("--allow-open-key-file"));
            assert!(Keyring::read_file(&path, true).is_ok());
        }
    }

    #[test]
    fn a_key_file_is_never_overwritten() {
        let folder = scratch();
        let path = folder.path().join("loup.key");
        fs::write(&path, "precious").unwrap();
        let error = vector_keyring().write_file(&path).unwrap_err();
        assert!(matches!(error, KeyError::Exists { .. }));
        assert_eq!(fs::read(&path).unwrap(), b"precious");
    }

    #[test]
    fn a_file_too_long_for_a_keyring_is_not_read_to_its_end() {
        let error = Keyring::read(io::repeat(b'#'), "standard input").err().unwrap();
        assert_eq!(error.to_string(), "standard input: longer than 65536 bytes: not a keyring");
    }

    #[cfg(unix)]
    #[test]
    fn a_change_keeps_permissions_and_leaves_nothing_else() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = scratch();
        let path = folder.path().join("loup.key");
        vector_keyring().write_file(&path).unwrap();
        for mode in [0o600, 0o400, 0o640] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let (file, keyring) = LockedKeyFile::open(&path, true).unwrap();
            let before = keyring.active().0;
            file.replace(&keyring.rotated(jiff::Timestamp::now(), None).unwrap()).unwrap();
            assert!(!file.wipe().unwrap());
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode);
            assert_eq!(Keyring::read_file(&path, true).unwrap().active().0, before + 1);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_was_replaced_is_overwritten_unless_it_has_another_name() {
        let folder = scratch();
        let [path, other] = ["loup.key", "copy.key"].map(|name| folder.path().join(name));
        vector_keyring().write_file(&path).unwrap();
        let mut old = File::open(&path).unwrap();
        let length = old.metadata().unwrap().len();
        let (file, keyring) = LockedKeyFile::open(&path, false).unwrap();
        file.replace(&keyring).unwrap();
        assert!(!file.wipe().unwrap());
        let mut bytes = Vec::new();
        old.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, vec![0; length as usize]);

        fs::hard_link(&path, &other).unwrap();
        let (file, keyring) = LockedKeyFile::open(&path, false).unwrap();
        file.replace(&keyring).unwrap();
        assert!(file.wipe().unwrap());
        assert!(Keyring::read_file(&other, false).is_ok());
    }

    #[test]
    fn changes_at_once_wait_for_each_other() {
        let folder = scratch();
        let path = folder.path().join("loup.key");
        vector_keyring().write_file(&path).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let (file, keyring) = LockedKeyFile::open(&path, false).unwrap();
                    file.replace(&keyring.rotated(jiff::Timestamp::now(), None).unwrap()).unwrap();
                });
            }
        });
        assert_eq!(Keyring::read_file(&path, false).unwrap().epochs().len(), 9);
    }

    #[test]
    fn a_keyring_that_could_not_be_read_back_is_not_written() {
        let folder = scratch();
        let path = folder.path().join("loup.key");
        vector_keyring().write_file(&path).unwrap();
        let (file, mut keyring) = LockedKeyFile::open(&path, false).unwrap();
        while keyring.to_toml().len() <= MAX_BYTES {
            keyring = keyring.rotated(jiff::Timestamp::now(), None).unwrap();
        }
        assert!(matches!(file.replace(&keyring), Err(KeyError::TooLong { .. })));
        assert_eq!(Keyring::read_file(&path, false).unwrap().epochs().len(), 1);
    }
}
