//! Whether a file is still the one that was read.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

/// The coarsest clock that a file system in use keeps times by (FAT: two seconds).
const CLOCK_TICK: Duration = Duration::from_secs(2);

/// A file as its file system has it: whoever changes a byte of it changes this, too.
///
/// Size and time of modification alone would not do, since a program can set the latter. No program
/// can set the time of the last change of status, which every write, renaming and setting of a time
/// moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileIdentity {
    device: u64,
    inode: u64,
    bytes: u64,
    /// Seconds and nanoseconds since 1970.
    modified: (i64, i64),
    changed: (i64, i64),
}

impl FileIdentity {
    /// The identity of a file as it is now: to be taken before the file is read, so that a change
    /// while it is read shows.
    ///
    /// # Errors
    /// If its metadata cannot be read, and if it is no regular file.
    pub fn of(path: &Path) -> io::Result<Self> {
        let metadata = path.metadata()?;
        if !metadata.is_file() {
            return Err(io::ErrorKind::Unsupported.into());
        }
        Ok(Self::from(&metadata))
    }

    /// Whether a change from `now` on would show. It would not in a file that was changed in this
    /// very tick of the clock that its file system keeps.
    #[must_use]
    pub fn is_settled(&self, now: SystemTime) -> bool {
        let (seconds, nanoseconds) = self.changed.max(self.modified);
        let (Ok(seconds), Ok(nanoseconds)) = (u64::try_from(seconds), u32::try_from(nanoseconds))
        else {
            return true;
        };
        let last = SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds);
        now.duration_since(last).is_ok_and(|age| age >= CLOCK_TICK)
    }

    /// Puts all of it into a digest.
    pub fn digest_into(&self, digest: &mut Sha256) {
        for number in [self.device, self.inode, self.bytes] {
            digest.update(number.to_be_bytes());
        }
        for (seconds, nanoseconds) in [self.modified, self.changed] {
            digest.update(seconds.to_be_bytes());
            digest.update(nanoseconds.to_be_bytes());
        }
    }
}

impl From<&Metadata> for FileIdentity {
    fn from(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::*;

    #[test]
    fn a_change_shows_even_where_size_and_time_are_set_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("f");
        fs::write(&path, "one").unwrap();
        let (before, modified) =
            (FileIdentity::of(&path).unwrap(), path.metadata().unwrap().modified());
        assert_eq!(FileIdentity::of(&path).unwrap(), before);
        // Longer than a tick of the clock that the file system keeps.
        std::thread::sleep(Duration::from_millis(30));
        fs::write(&path, "two").unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(modified.unwrap()).unwrap();
        let after = FileIdentity::of(&path).unwrap();
        assert_eq!((after.bytes, after.modified), (before.bytes, before.modified));
        assert_ne!(after, before);
    }

    #[test]
    fn another_file_of_the_same_name_is_another() {
        let directory = tempfile::tempdir().unwrap();
        let (path, other) = (directory.path().join("f"), directory.path().join("g"));
        fs::write(&path, "one").unwrap();
        fs::write(&other, "one").unwrap();
        let before = FileIdentity::of(&path).unwrap();
        fs::rename(&other, &path).unwrap();
        assert_ne!(FileIdentity::of(&path).unwrap(), before);
        assert!(FileIdentity::of(directory.path()).is_err(), "a directory is no file");
    }

    #[test]
    fn a_file_is_settled_a_tick_after_its_last_change() {
        let at =
            |modified, changed| FileIdentity { device: 1, inode: 1, bytes: 1, modified, changed };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
        for (modified, changed, is_settled) in [
            ((90, 0), (98, 0), true),
            ((90, 0), (98, 1), false),
            ((99, 0), (90, 0), false),
            // By its file system's clock it is yet to be changed.
            ((90, 0), (200, 0), false),
            ((-5, 0), (-5, 0), true),
        ] {
            assert_eq!(
                at(modified, changed).is_settled(now),
                is_settled,
                "{modified:?} {changed:?}"
            );
        }
    }
}
