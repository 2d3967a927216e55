//! The codecs of nearly all files, over buffers that are used again.

use parquet::basic::Compression;

use super::error::ParquetError;

/// Compresses and decompresses pages.
pub(super) enum Codec {
    Uncompressed,
    Snappy,
    Zstd(Box<Zstd>),
}

/// Both take half a megabyte and more to make, so they are kept from page to page.
pub(super) struct Zstd {
    compressor: zstd::bulk::Compressor<'static>,
    decompressor: zstd::bulk::Decompressor<'static>,
}

/// Pseudonyms are random letters: level 3, the default, takes twice as long and makes more of them.
const ZSTD_LEVEL: i32 = 1;

impl Codec {
    /// Nothing for codecs that only the `parquet` crate knows.
    pub(super) fn of(compression: Compression) -> Result<Option<Self>, ParquetError> {
        Ok(match compression {
            Compression::UNCOMPRESSED => Some(Self::Uncompressed),
            Compression::SNAPPY => Some(Self::Snappy),
            Compression::ZSTD(_) => Some(Self::Zstd(Box::new(Zstd {
                compressor: zstd::bulk::Compressor::new(ZSTD_LEVEL)?,
                decompressor: zstd::bulk::Decompressor::new()?,
            }))),
            _ => None,
        })
    }

    /// Appends what is compressed in `page`, which has to be `length` bytes.
    pub(super) fn decompress(
        &mut self,
        page: &[u8],
        length: usize,
        bytes: &mut Vec<u8>,
    ) -> Result<(), ParquetError> {
        let start = bytes.len();
        match self {
            Self::Uncompressed => bytes.extend_from_slice(page),
            _ if length == 0 => {}
            Self::Snappy => {
                if snap::raw::decompress_len(page).ok() != Some(length) {
                    return Err(broken());
                }
                bytes.resize(start + length, 0);
                snap::raw::Decoder::new()
                    .decompress(page, &mut bytes[start..])
                    .map_err(|_| broken())?;
            }
            Self::Zstd(zstd) => {
                bytes.reserve(length);
                let mut behind = std::io::Cursor::new(&mut *bytes);
                behind.set_position(start as u64);
                zstd.decompressor.decompress_to_buffer(page, &mut behind).map_err(|_| broken())?;
            }
        }
        if bytes.len() == start + length { Ok(()) } else { Err(broken()) }
    }

    /// Appends `page`, compressed.
    pub(super) fn compress(
        &mut self,
        page: &[u8],
        bytes: &mut Vec<u8>,
    ) -> Result<(), ParquetError> {
        let start = bytes.len();
        match self {
            Self::Uncompressed => bytes.extend_from_slice(page),
            Self::Snappy => {
                bytes.resize(start + snap::raw::max_compress_len(page.len()), 0);
                let written = snap::raw::Encoder::new()
                    .compress(page, &mut bytes[start..])
                    .map_err(std::io::Error::from)?;
                bytes.truncate(start + written);
            }
            Self::Zstd(zstd) => {
                bytes.reserve(zstd::zstd_safe::compress_bound(page.len()));
                let mut behind = std::io::Cursor::new(&mut *bytes);
                behind.set_position(start as u64);
                zstd.compressor.compress_to_buffer(page, &mut behind)?;
            }
        }
        Ok(())
    }
}

fn broken() -> ParquetError {
    ParquetError::Malformed("a page that does not decompress to its size".to_owned())
}

#[cfg(test)]
mod tests {
    use parquet::basic::ZstdLevel;
    use proptest::prelude::*;

    use super::*;

    fn all() -> Vec<Codec> {
        let zstd = Compression::ZSTD(ZstdLevel::default());
        [Compression::UNCOMPRESSED, Compression::SNAPPY, zstd]
            .into_iter()
            .map(|compression| Codec::of(compression).unwrap().unwrap())
            .collect()
    }

    proptest! {
        #[test]
        fn what_is_compressed_is_decompressed_behind_what_was_there(page: Vec<u8>) {
            for mut codec in all() {
                let mut compressed = b"before".to_vec();
                codec.compress(&page, &mut compressed).unwrap();
                let mut bytes = b"levels".to_vec();
                codec.decompress(&compressed[6..], page.len(), &mut bytes).unwrap();
                prop_assert_eq!(&bytes[6..], &page[..]);
                prop_assert!(codec.decompress(&compressed[6..], page.len() + 1, &mut bytes).is_err());
            }
        }

        #[test]
        fn any_bytes_are_decompressed_or_refused(page: Vec<u8>, length in 0_usize..999) {
            for mut codec in all() {
                let _ = codec.decompress(&page, length, &mut Vec::new());
            }
        }
    }
}
