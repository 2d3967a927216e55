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
use super::thrift::{self, Compact};

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

/// Most values, nulls included, in a page that is read as a whole. Writers put some ten thousand
/// into one, or as many as there are where they are all the same.
const MAX_WHOLE_PAGE: u64 = 1 << 22;

/// What the headers of a chunk's pages say.
pub(super) struct PageSurvey {
    /// Whether the first data page is of the second version.
    pub(super) data_page_v2: bool,
    /// Whether there is a dictionary page.
    pub(super) dictionary: bool,
    /// Whether every page is of a common length, with its values as they are or as indices of the
    /// dictionary.
    pub(super) is_plain: bool,
}

/// Walks the page headers of `chunk` without touching the pages, and refuses those that would make
/// the decoder reserve more than [`MAX_PAGE_BYTES`] or leave the chunk.
pub(super) fn survey(
    source: &Source,
    chunk: &ColumnChunkMetaData,
) -> Result<PageSurvey, ParquetError> {
    let mut survey = PageSurvey { data_page_v2: false, dictionary: false, is_plain: true };
    let mut data_pages = 0_u64;
    let has_levels =
        [chunk.column_descr().max_def_level() > 0, chunk.column_descr().max_rep_level() > 0];
    let mut headers = Headers::of(chunk);
    while let Some(header) = headers.next(source)? {
        survey.is_plain &= header.is_plain(has_levels);
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
    }
    Ok(survey)
}

/// The headers of a chunk's pages, one by one.
pub(super) struct Headers {
    at: u64,
    left: u64,
}

impl Headers {
    pub(super) fn of(chunk: &ColumnChunkMetaData) -> Self {
        // Both were checked when the footer was read.
        Self {
            at: chunk_start(chunk).cast_unsigned(),
            left: chunk.compressed_size().cast_unsigned(),
        }
    }

    /// The next header; nothing at the end of the chunk.
    pub(super) fn next(&mut self, source: &Source) -> Result<Option<PageHeader>, ParquetError> {
        if self.left == 0 {
            return Ok(None);
        }
        let (mut header, header_bytes) = read_header(source, self.at, self.left)?;
        let page_bytes = header_bytes + header.compressed_bytes;
        if page_bytes > self.left {
            return Err(malformed("a page leaves its column chunk"));
        }
        header.body = self.at + header_bytes;
        self.at += page_bytes;
        self.left -= page_bytes;
        Ok(Some(header))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    Data,
    DataV2,
    Dictionary,
    Other,
}

/// Encodings, as `parquet.thrift` numbers them.
const PLAIN: i64 = 0;
const PLAIN_DICTIONARY: i64 = 2;
const RLE: i64 = 3;
const RLE_DICTIONARY: i64 = 8;

pub(super) struct PageHeader {
    pub(super) kind: PageKind,
    /// Where the page starts in the file, behind its header.
    pub(super) body: u64,
    pub(super) compressed_bytes: u64,
    pub(super) uncompressed_bytes: u64,
    /// Entries of a dictionary, or slots.
    pub(super) values: u64,
    encoding: i64,
    /// Of the levels, in the first version.
    level_encodings: [i64; 2],
    /// Bytes of the definition and the repetition levels, in the second version.
    pub(super) level_bytes: [u64; 2],
    /// Whether the values are compressed, in the second version.
    pub(super) is_compressed: bool,
}

impl PageHeader {
    /// Whether the values are indices of the dictionary.
    pub(super) fn holds_indices(&self) -> bool {
        matches!(self.encoding, PLAIN_DICTIONARY | RLE_DICTIONARY)
    }

    /// See [`PageSurvey::is_plain`].
    fn is_plain(&self, has_levels: [bool; 2]) -> bool {
        let are_levels_known = || {
            self.kind == PageKind::DataV2
                || has_levels.iter().zip(self.level_encodings).all(|(has, of)| !has || of == RLE)
        };
        match self.kind {
            PageKind::Dictionary => matches!(self.encoding, PLAIN | PLAIN_DICTIONARY),
            PageKind::Data | PageKind::DataV2 => {
                self.values <= MAX_WHOLE_PAGE
                    && (self.encoding == PLAIN || self.holds_indices())
                    && are_levels_known()
            }
            PageKind::Other => true,
        }
    }
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

    let (mut kind, mut uncompressed, mut compressed) = (-1, -1, -1);
    let mut about = About::default();
    let mut last = 0;
    while let Some((id, field)) = thrift.field(&mut last)? {
        match id {
            TYPE => kind = thrift.int()?,
            UNCOMPRESSED_SIZE => uncompressed = thrift.int()?,
            COMPRESSED_SIZE => compressed = thrift.int()?,
            DATA | DICTIONARY | DATA_V2 => about = About::parse(thrift, id == DATA_V2)?,
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
    let lengths = about.level_bytes.map(|length| u64::try_from(length).unwrap_or(u64::MAX));
    Some(if compressed < 0 || uncompressed < 0 || !(0..=most_values).contains(&about.values) {
        Err(malformed("a page header states impossible sizes"))
    } else if uncompressed > MAX_PAGE_BYTES {
        Err(ParquetError::Unsupported("a page of more than 1 GiB".to_owned()))
    } else {
        Ok(PageHeader {
            kind,
            body: 0,
            compressed_bytes: compressed.cast_unsigned(),
            uncompressed_bytes: uncompressed.cast_unsigned(),
            values: about.values.cast_unsigned(),
            encoding: about.encoding,
            level_encodings: about.level_encodings,
            level_bytes: lengths,
            is_compressed: !about.is_uncompressed,
        })
    })
}

/// What the header of one kind of page says: the number of values comes first in all of them.
#[derive(Default)]
struct About {
    values: i64,
    encoding: i64,
    level_encodings: [i64; 2],
    level_bytes: [i64; 2],
    is_uncompressed: bool,
}

impl About {
    fn parse(thrift: &mut Compact<'_>, is_v2: bool) -> Option<Self> {
        let mut about = Self::default();
        let mut last = 0;
        while let Some((id, kind)) = thrift.field(&mut last)? {
            let number = match (is_v2, id) {
                (_, 1) => &mut about.values,
                (false, 2) | (true, 4) => &mut about.encoding,
                (false, 3) if kind != thrift::BOOLEAN_TRUE && kind != thrift::BOOLEAN_FALSE => {
                    &mut about.level_encodings[0]
                }
                (false, 4) => &mut about.level_encodings[1],
                (true, 5) => &mut about.level_bytes[0],
                (true, 6) => &mut about.level_bytes[1],
                (true, 7) => {
                    about.is_uncompressed = kind == thrift::BOOLEAN_FALSE;
                    thrift.skip(kind)?;
                    continue;
                }
                _ => {
                    thrift.skip(kind)?;
                    continue;
                }
            };
            *number = thrift.int()?;
        }
        Some(about)
    }
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
