//! The file's bytes, read by position, so that threads can share one descriptor.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::ParquetError as Upstream;
use parquet::file::reader::{ChunkReader, Length};

/// How much is read at once where bytes are copied.
const READ_BYTES: usize = 64 << 10;

/// An open file and its length in bytes.
///
/// The `parquet` crate implements its reader for `File` as well, by seeking: clones of a descriptor
/// share one position, so that two threads would read each other's bytes.
#[derive(Debug)]
pub(super) struct Source {
    file: Arc<File>,
    len: u64,
}

impl Source {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Self { file: Arc::new(file), len })
    }

    /// Exactly the bytes of `start..start + length`.
    ///
    /// # Errors
    /// `UnexpectedEof` where the range leaves the file, before anything is allocated for it: lengths
    /// come from the file itself.
    pub(super) fn bytes(&self, start: u64, length: usize) -> io::Result<Bytes> {
        let inside = start.checked_add(length as u64).is_some_and(|end| end <= self.len);
        if !inside {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut buffer = vec![0; length];
        self.at(start).read_exact(&mut buffer)?;
        Ok(buffer.into())
    }

    fn at(&self, position: u64) -> Positioned {
        Positioned { file: Arc::clone(&self.file), position }
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Source {
    type T = BufReader<Positioned>;

    fn get_read(&self, start: u64) -> Result<Self::T, Upstream> {
        Ok(BufReader::with_capacity(READ_BYTES, self.at(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, Upstream> {
        Ok(self.bytes(start, length)?)
    }
}

/// A reader with a position of its own.
pub(super) struct Positioned {
    file: Arc<File>,
    position: u64,
}

impl Read for Positioned {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = read_at(&self.file, buffer, self.position)?;
        self.position += read as u64;
        Ok(read)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, position)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, position)
}
