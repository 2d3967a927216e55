//! The pages of a chunk: their headers read ahead of the decoder, and the dictionary kept in sight.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError as Upstream, Result as UpstreamResult};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::Length;
use parquet::file::serialized_reader::SerializedPageReader;

use super::error::ParquetError;
use super::footer::chunk_start;
use super::source::Source;
use super::thrift::Compact;

/// Largest page decoded, uncompressed. Writers cut pages at about 1 MiB; the largest met, one page
/// for a whole row group, stay well below. The decoder reserves what the header states.
const MAX_PAGE_BYTES: i64 = 1 << 30;
/// Most values, nulls included, in one page or one record. A run of nulls takes no room in the file,
/// so that nothing else bounds what its levels take in memory (four bytes each).
const MAX_LEVELS: u64 = 1 << 27;
/// First read for a page header; most take fewer than 100 bytes.
const HEADER_BYTES: u64 = 4 << 10;
/// Largest page header read. It can hold a minimum and a maximum, and these can be long.
const MAX_HEADER_BYTES: u64 = 64 << 20;

/// What the headers of a chunk's pages say.
pub(super) struct PageSurvey {
    /// Whether the first data page is of the second version.
    pub(super) data_page_v2: bool,
    /// Whether there is a dictionary page.
    pub(super) dictionary: bool,
}

/// Walks the page headers of `chunk` without touching the pages, and refuses those that would make
/// the decoder reserve more than [`MAX_PAGE_BYTES`] or leave the chunk.
pub(super) fn survey(
    source: &Source,
    chunk: &ColumnChunkMetaData,
) -> Result<PageSurvey, ParquetError> {
    let mut survey = PageSurvey { data_page_v2: false, dictionary: false };
    let mut data_pages = 0_u64;
    // Both were checked when the footer was read.
    let mut at = chunk_start(chunk).cast_unsigned();
    let mut left = chunk.compressed_size().cast_unsigned();
    while left > 0 {
        let (header, header_bytes) = read_header(source, at, left)?;
        let page_bytes = header_bytes + header.compressed_bytes;
        if page_bytes > left {
            return Err(malformed("a page leaves its column chunk"));
        }
        match header.kind {
            PageKind::Dictionary => survey.dictionary = true,
            PageKind::Data | PageKind::DataV2 => {
                if data_pages == 0 {
                    survey.data_page_v2 = header.kind == PageKind::DataV2;
                }
                data_pages += 1;
            }
            PageKind::Other => {}
        }
        at += page_bytes;
        left -= page_bytes;
    }
    Ok(survey)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PageKind {
    Data,
    DataV2,
    Dictionary,
    Other,
}

struct PageHeader {
    kind: PageKind,
    compressed_bytes: u64,
}

/// The header at `at` and its length in bytes.
fn read_header(source: &Source, at: u64, left: u64) -> Result<(PageHeader, u64), ParquetError> {
    let mut window = HEADER_BYTES;
    loop {
        let length = window.min(left).min(source.len().saturating_sub(at));
        let bytes = source.bytes(at, length as usize)?;
        let mut thrift = Compact::new(&bytes);
        if let Some(header) = parse_header(&mut thrift) {
            return Ok((header?, thrift.position() as u64));
        }
        if length < window || window >= MAX_HEADER_BYTES {
            return Err(malformed("a page header does not parse"));
        }
        window *= 16;
    }
}

/// `None` where the bytes end before the header does.
fn parse_header(thrift: &mut Compact<'_>) -> Option<Result<PageHeader, ParquetError>> {
    const TYPE: i64 = 1;
    const UNCOMPRESSED_SIZE: i64 = 2;
    const COMPRESSED_SIZE: i64 = 3;
    const DATA: i64 = 5;
    const DICTIONARY: i64 = 7;
    const DATA_V2: i64 = 8;

    let (mut kind, mut uncompressed, mut compressed, mut values) = (-1, -1, -1, 0);
    let mut last = 0;
    while let Some((id, field)) = thrift.field(&mut last)? {
        match id {
            TYPE => kind = thrift.int()?,
            UNCOMPRESSED_SIZE => uncompressed = thrift.int()?,
            COMPRESSED_SIZE => compressed = thrift.int()?,
            DATA | DICTIONARY | DATA_V2 => values = parse_num_values(thrift)?,
            _ => thrift.skip(field)?,
        }
    }
    let kind = match kind {
        0 => PageKind::Data,
        2 => PageKind::Dictionary,
        3 => PageKind::DataV2,
        _ => PageKind::Other,
    };
    // A value of a dictionary takes at least a byte: its length, or itself.
    let most_values =
        if kind == PageKind::Dictionary { uncompressed } else { MAX_LEVELS.cast_signed() };
    Some(if compressed < 0 || uncompressed < 0 || !(0..=most_values).contains(&values) {
        Err(malformed("a page header states impossible sizes"))
    } else if uncompressed > MAX_PAGE_BYTES {
        Err(ParquetError::Unsupported("a page of more than 1 GiB".to_owned()))
    } else {
        Ok(PageHeader { kind, compressed_bytes: compressed.cast_unsigned() })
    })
}

/// The first field of all three kinds of page header is the number of values.
fn parse_num_values(thrift: &mut Compact<'_>) -> Option<i64> {
    const NUM_VALUES: i64 = 1;
    let mut values = 0;
    let mut last = 0;
    while let Some((id, field)) = thrift.field(&mut last)? {
        if id == NUM_VALUES {
            values = thrift.int()?;
        } else {
            thrift.skip(field)?;
        }
    }
    Some(values)
}

fn malformed(what: &str) -> ParquetError {
    ParquetError::Malformed(what.to_owned())
}

/// What a [`WatchedPages`] shows to the code on the other side of the decoder.
#[derive(Default)]
pub(super) struct Watch {
    dictionary: OnceLock<Bytes>,
    levels: AtomicU64,
}

impl Watch {
    /// Where `value` lies in the chunk's dictionary page, if it does: values of a dictionary are
    /// slices of it. The page is kept alive here, so that no later buffer can take its address.
    pub(super) fn offset_in_dictionary(&self, value: &[u8]) -> Option<u32> {
        let page = self.dictionary.get()?;
        let offset = (value.as_ptr() as usize).checked_sub(page.as_ptr() as usize)?;
        // The decoder gives an empty value a static address, which may lie anywhere.
        if value.is_empty() || offset >= page.len() {
            return None;
        }
        u32::try_from(offset).ok()
    }

    /// Starts the count of levels over: to be called before each batch of records.
    pub(super) fn start_batch(&self) {
        self.levels.store(0, Ordering::Relaxed);
    }

    fn saw(&self, page: &Page) -> UpstreamResult<()> {
        if let Page::DictionaryPage { buf, .. } = page {
            // The decoder refuses a second dictionary by itself.
            let _ = self.dictionary.set(buf.clone());
            return Ok(());
        }
        let levels = u64::from(page.num_values());
        if self.levels.fetch_add(levels, Ordering::Relaxed) + levels > 2 * MAX_LEVELS {
            return Err(Upstream::General("a record with too many values".to_owned()));
        }
        Ok(())
    }
}

/// The pages of a chunk, decompressed, as they pass from the file to the decoder.
pub(super) struct WatchedPages {
    pages: SerializedPageReader<Source>,
    watch: Arc<Watch>,
}

impl WatchedPages {
    /// Offset indexes are not used: everything is read, and an index could lie about the pages.
    pub(super) fn new(
        source: &Arc<Source>,
        chunk: &ColumnChunkMetaData,
        rows: usize,
    ) -> UpstreamResult<(Self, Arc<Watch>)> {
        let pages = SerializedPageReader::new(Arc::clone(source), chunk, rows, None)?;
        let watch = Arc::new(Watch::default());
        Ok((Self { pages, watch: Arc::clone(&watch) }, watch))
    }
}

impl PageReader for WatchedPages {
    fn get_next_page(&mut self) -> UpstreamResult<Option<Page>> {
        let page = self.pages.get_next_page()?;
        if let Some(page) = &page {
            self.watch.saw(page)?;
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> UpstreamResult<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> UpstreamResult<()> {
        self.pages.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> UpstreamResult<bool> {
        self.pages.at_record_boundary()
    }
}

impl Iterator for WatchedPages {
    type Item = UpstreamResult<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
