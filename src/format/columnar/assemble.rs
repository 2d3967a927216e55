//! The pages of a rewritten chunk, and what is said of them: sizes, encodings, bounds, indexes.

use std::io::{self, Read as _};

use bytes::buf::Reader;
use bytes::{Buf as _, Bytes};
use parquet::basic::{Encoding, PageType};
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::file::metadata::{
    ColumnChunkMetaData, ColumnIndexBuilder, LevelHistogram, OffsetIndexBuilder, PageEncodingStats,
};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};

use super::codec::Codec;
use super::error::{ParquetError, contain};
use super::file::ParquetFile;
use super::hybrid;
use super::rewrite::is_utf8;
use super::texts::TextPage;

/// Longest minimum and maximum that are stated, as the `parquet` crate has it.
const MAX_BOUND_BYTES: usize = 64;

/// The smallest and the largest of some texts. They may be personal data, so there is no `Debug`.
#[derive(Default)]
pub(super) struct Bounds(Option<(Vec<u8>, Vec<u8>)>);

impl Bounds {
    pub(super) fn add(&mut self, text: &[u8]) {
        match &mut self.0 {
            None => self.0 = Some((text.to_vec(), text.to_vec())),
            Some((least, most)) => {
                if text < &least[..] {
                    text.clone_into(least);
                } else if text > &most[..] {
                    text.clone_into(most);
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if let Some((least, most)) = &other.0 {
            self.add(least);
            self.add(most);
        }
    }

    /// A minimum and a maximum of a length that may be stated, and whether each is exact; the latter
    /// is missing where all that is larger is as long.
    fn stated(&self, is_utf8: bool) -> Option<[(Option<Vec<u8>>, bool); 2]> {
        let (least, most) = self.0.as_ref()?;
        let cut = |text: &[u8]| match std::str::from_utf8(text) {
            Ok(text) if is_utf8 => text.floor_char_boundary(MAX_BOUND_BYTES),
            _ => text.len().min(MAX_BOUND_BYTES),
        };
        let is_exact = [least.len() <= MAX_BOUND_BYTES, most.len() <= MAX_BOUND_BYTES];
        let least = least[..cut(least)].to_vec();
        let most =
            if is_exact[1] { Some(most.clone()) } else { next_larger(&most[..cut(most)], is_utf8) };
        Some([(Some(least), is_exact[0]), (most, is_exact[1])])
    }
}

/// The shortest text that is larger than all that begin with `text`.
fn next_larger(text: &[u8], is_utf8: bool) -> Option<Vec<u8>> {
    if let (true, Ok(text)) = (is_utf8, std::str::from_utf8(text)) {
        return text.char_indices().rev().find_map(|(at, character)| {
            let next = (character..=char::MAX).nth(1)?;
            Some(format!("{}{next}", &text[..at]).into_bytes())
        });
    }
    let last = text.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut larger = text[..=last].to_vec();
    larger[last] += 1;
    Some(larger)
}

/// The pages of a chunk: its dictionary, which is known last, and what stands behind it.
#[derive(Default)]
pub(super) struct Pages {
    pub(super) dictionary: Bytes,
    pub(super) data: Bytes,
}

impl Length for Pages {
    fn len(&self) -> u64 {
        (self.dictionary.len() + self.data.len()) as u64
    }
}

impl ChunkReader for Pages {
    type T = io::Chain<Reader<Bytes>, Reader<Bytes>>;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let from = |bytes: &Bytes, start: usize| bytes.slice(start.min(bytes.len())..).reader();
        let in_data = start.saturating_sub(self.dictionary.len());
        Ok(from(&self.dictionary, start).chain(from(&self.data, in_data)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        let mut bytes = vec![0; length];
        self.get_read(start)?.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// A chunk that is being put together.
pub(super) struct Chunk<'a> {
    source: &'a ColumnChunkMetaData,
    codec: Codec,
    rows: u64,
    pub(super) has_column_index: bool,
    has_offset_index: bool,
    is_utf8: bool,
    /// Of all that is new.
    pub(super) bounds: Bounds,
    new_nulls: u64,
    dictionary: Option<Dictionary>,
    /// The data pages one behind another.
    data: TrackedWrite<Vec<u8>>,
    written: Written,
    /// A page before it is compressed: fresh memory for each would take as long as to fill it.
    whole: Vec<u8>,
}

impl<'a> Chunk<'a> {
    pub(super) fn new(file: &'a ParquetFile, rg: usize, leaf: usize, codec: Codec) -> Self {
        let index = file.metadata().page_index();
        let source = file.chunk(rg, leaf);
        Self {
            source,
            codec,
            rows: file.rows(rg),
            has_column_index: index.is_some_and(|index| index.column_index(rg, leaf).is_some()),
            has_offset_index: index.is_some_and(|index| index.offset_index(rg, leaf).is_some()),
            is_utf8: is_utf8(source),
            bounds: Bounds::default(),
            new_nulls: 0,
            dictionary: None,
            data: TrackedWrite::new(Vec::new()),
            written: Written::default(),
            whole: Vec::new(),
        }
    }

    /// Takes the dictionary: `body` has so many entries.
    pub(super) fn set_dictionary(
        &mut self,
        entries: usize,
        body: &[u8],
    ) -> Result<(), ParquetError> {
        let mut buf = Vec::new();
        self.codec.compress(body, &mut buf)?;
        let page = Page::DictionaryPage {
            buf: buf.into(),
            num_values: entries as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        let mut sink = TrackedWrite::new(Vec::new());
        let uncompressed_bytes = write(page, body.len(), &mut sink)?.uncompressed_size;
        let page = sink.into_inner()?.into();
        self.dictionary = Some(Dictionary { page, uncompressed_bytes });
        Ok(())
    }

    /// Takes a page of indices as it is in the source. What its header said of its values is left
    /// behind.
    pub(super) fn push_same(
        &mut self,
        page: &TextPage<'_>,
        bounds: Bounds,
    ) -> Result<(), ParquetError> {
        let about = About {
            encoding: Encoding::RLE_DICTIONARY,
            nulls: page.nulls(),
            definition_bytes: page.definition_bytes.len(),
            is_compressed: page.is_compressed,
        };
        let buf = page.compressed.clone();
        self.push_page(page, buf, &about, page.uncompressed_bytes, bounds)
    }

    /// Takes other values for a page, encoded in `body`; those at the places `nulls` are null now.
    pub(super) fn push(
        &mut self,
        page: &TextPage<'_>,
        nulls: &[usize],
        encoding: Encoding,
        body: &[u8],
        bounds: Bounds,
    ) -> Result<(), ParquetError> {
        self.new_nulls += nulls.len() as u64;
        let definition = definition_with(page, nulls, self.source.column_descr().max_def_level());
        let definition = definition.as_deref().unwrap_or(page.definition_bytes);
        let about = About {
            encoding,
            nulls: page.nulls() + nulls.len() as u64,
            definition_bytes: definition.len(),
            is_compressed: !matches!(self.codec, Codec::Uncompressed),
        };
        let mut buf = Vec::new();
        let uncompressed_bytes;
        if page.is_v2 {
            buf.extend_from_slice(page.repetition_bytes);
            buf.extend_from_slice(definition);
            uncompressed_bytes = buf.len() + body.len();
            self.codec.compress(body, &mut buf)?;
        } else {
            let Self { whole, codec, source, .. } = self;
            let descriptor = source.column_descr();
            whole.clear();
            put_levels(page.repetition_bytes, descriptor.max_rep_level(), whole);
            put_levels(definition, descriptor.max_def_level(), whole);
            whole.extend_from_slice(body);
            uncompressed_bytes = whole.len();
            codec.compress(whole, &mut buf)?;
        }
        self.push_page(page, buf.into(), &about, uncompressed_bytes, bounds)
    }

    fn push_page(
        &mut self,
        page: &TextPage<'_>,
        buf: Bytes,
        about: &About,
        uncompressed_bytes: usize,
        bounds: Bounds,
    ) -> Result<(), ParquetError> {
        let rows = match page.repetition {
            [] => page.slots,
            levels => levels.iter().filter(|level| **level == 0).count(),
        };
        let num_values = page.slots as u32;
        let page = if page.is_v2 {
            Page::DataPageV2 {
                buf,
                num_values,
                encoding: about.encoding,
                num_nulls: about.nulls as u32,
                num_rows: rows as u32,
                def_levels_byte_len: about.definition_bytes as u32,
                rep_levels_byte_len: page.repetition_bytes.len() as u32,
                is_compressed: about.is_compressed,
                statistics: None,
            }
        } else {
            Page::DataPage {
                buf,
                num_values,
                encoding: about.encoding,
                def_level_encoding: Encoding::RLE,
                rep_level_encoding: Encoding::RLE,
                statistics: None,
            }
        };
        let (page_type, encoding) = (page.page_type(), page.encoding());
        let spec = write(page, uncompressed_bytes, &mut self.data)?;
        let Self { written, is_utf8, .. } = self;
        written.note(page_type, encoding);
        written.slots += u64::from(num_values);
        written.nulls += about.nulls;
        written.uncompressed_bytes += spec.uncompressed_size;
        written.offsets.append_row_count(rows as i64);
        let size = i32::try_from(spec.compressed_size)
            .map_err(|_| ParquetError::Unsupported("a page of more than 2 GiB".to_owned()))?;
        written.offsets.append_offset_and_size(spec.offset.cast_signed(), size);
        let nulls = about.nulls.cast_signed();
        match bounds.stated(*is_utf8) {
            Some([(Some(least), _), (Some(most), _)]) => {
                written.index.append(false, least, most, nulls, None);
            }
            // A page of nulls.
            None => written.index.append(true, Vec::new(), Vec::new(), nulls, None),
            Some(_) => written.index.to_invalid(),
        }
        Ok(())
    }

    /// The pages, and the metadata.
    pub(super) fn finish(mut self) -> Result<(Pages, ColumnCloseResult), ParquetError> {
        let mut written = std::mem::take(&mut self.written);
        let mut pages = Pages::default();
        let data = std::mem::replace(&mut self.data, TrackedWrite::new(Vec::new()));
        pages.data = data.into_inner()?.into();
        if let Some(Dictionary { page, uncompressed_bytes }) = self.dictionary.take() {
            written.note_dictionary();
            written.uncompressed_bytes += uncompressed_bytes;
            pages.dictionary = page;
        }
        let close = self.close(&pages, written)?;
        Ok((pages, close))
    }

    fn close(&self, pages: &Pages, written: Written) -> Result<ColumnCloseResult, ParquetError> {
        let before_data = pages.dictionary.len() as i64;
        let has_dictionary = before_data > 0;
        // Where there is no data page, it is that of the dictionary.
        let data_offset = if pages.data.is_empty() { 0 } else { before_data };
        let mut builder = ColumnChunkMetaData::builder(self.source.column_descr_ptr())
            .set_compression(self.source.compression())
            .set_encodings(written.encodings())
            .set_total_compressed_size(pages.len() as i64)
            .set_total_uncompressed_size(written.uncompressed_bytes as i64)
            .set_num_values(written.slots.cast_signed())
            .set_data_page_offset(data_offset)
            .set_dictionary_page_offset(has_dictionary.then_some(0))
            .set_repetition_level_histogram(self.source.repetition_level_histogram().cloned())
            .set_definition_level_histogram(self.definition_histogram());
        if self.source.statistics().is_some() || self.has_column_index {
            builder = builder.set_statistics(self.statistics(written.nulls));
        }
        let builder = builder.set_page_encoding_stats(written.pages);
        let has_index = self.has_column_index && written.index.valid();
        let offset_index = self.has_offset_index.then(|| {
            let mut index = written.offsets.build();
            index.page_locations.iter_mut().for_each(|page| page.offset += before_data);
            index
        });
        Ok(ColumnCloseResult {
            bytes_written: pages.len(),
            rows_written: self.rows,
            metadata: builder.build()?,
            bloom_filter: None,
            column_index: has_index.then(|| written.index.build()).transpose()?,
            offset_index,
        })
    }

    fn statistics(&self, nulls: u64) -> Statistics {
        let [least, most] = self.bounds.stated(self.is_utf8).unwrap_or_default();
        let value = |bound: &(Option<Vec<u8>>, bool)| bound.0.clone().map(ByteArray::from);
        ValueStatistics::new(value(&least), value(&most), None, Some(nulls), false)
            .with_min_is_exact(least.1)
            .with_max_is_exact(most.1)
            .into()
    }

    /// That of the source, with the values that became null a level lower.
    fn definition_histogram(&self) -> Option<LevelHistogram> {
        let mut histogram = self.source.definition_level_histogram()?.clone();
        let max = self.source.column_descr().max_def_level();
        let moved = self.new_nulls.cast_signed();
        if moved > 0 {
            histogram.increment_by(max, -moved);
            histogram.increment_by(max - 1, moved);
        }
        Some(histogram)
    }
}

/// What the header of a page says.
struct About {
    encoding: Encoding,
    nulls: u64,
    definition_bytes: usize,
    is_compressed: bool,
}

/// A dictionary page, and how long it is with its header before it is compressed.
struct Dictionary {
    page: Bytes,
    uncompressed_bytes: usize,
}

/// Writes a page behind its header.
fn write(
    page: Page,
    uncompressed_bytes: usize,
    sink: &mut TrackedWrite<Vec<u8>>,
) -> Result<PageWriteSpec, ParquetError> {
    let page = CompressedPage::new(page, uncompressed_bytes);
    contain(|| SerializedPageWriter::new(sink).write_page(page))
}

/// What is known of the pages written.
struct Written {
    slots: u64,
    nulls: u64,
    uncompressed_bytes: usize,
    pages: Vec<PageEncodingStats>,
    index: ColumnIndexBuilder,
    offsets: OffsetIndexBuilder,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            slots: 0,
            nulls: 0,
            uncompressed_bytes: 0,
            pages: Vec::new(),
            index: ColumnIndexBuilder::new(parquet::basic::Type::BYTE_ARRAY),
            offsets: OffsetIndexBuilder::new(),
        }
    }
}

impl Written {
    /// Counts the dictionary, which is the first page.
    fn note_dictionary(&mut self) {
        let (page_type, encoding) = (PageType::DICTIONARY_PAGE, Encoding::PLAIN);
        self.pages.insert(0, PageEncodingStats { page_type, encoding, count: 1 });
    }

    /// Counts a data page.
    fn note(&mut self, page_type: PageType, encoding: Encoding) {
        match self.pages.last_mut() {
            Some(last) if last.page_type == page_type && last.encoding == encoding => {
                last.count += 1;
            }
            _ => self.pages.push(PageEncodingStats { page_type, encoding, count: 1 }),
        }
    }

    fn encodings(&self) -> Vec<Encoding> {
        let mut encodings = vec![Encoding::RLE];
        for page in &self.pages {
            if !encodings.contains(&page.encoding) {
                encodings.push(page.encoding);
            }
        }
        encodings
    }
}

/// The definition levels of a page, encoded anew; nothing where no value became null.
fn definition_with(page: &TextPage<'_>, nulls: &[usize], max: i16) -> Option<Vec<u8>> {
    if nulls.is_empty() {
        return None;
    }
    let max = u32::from(max.cast_unsigned());
    let mut levels = match page.definition {
        [] => vec![max; page.slots],
        levels => levels.to_vec(),
    };
    let mut left = nulls.iter().peekable();
    let values = levels.iter_mut().filter(|level| **level == max);
    for (_, level) in values.enumerate().filter(|(place, _)| left.next_if_eq(&place).is_some()) {
        *level = max.saturating_sub(1);
    }
    let mut bytes = Vec::new();
    hybrid::encode(&levels, hybrid::width_of(max), &mut bytes);
    Some(bytes)
}

/// Appends the levels of a page of the first version, which are behind their length.
fn put_levels(levels: &[u8], max: i16, bytes: &mut Vec<u8>) {
    if max > 0 {
        bytes.extend_from_slice(&(levels.len() as u32).to_le_bytes());
        bytes.extend_from_slice(levels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_read_one_behind_another_from_anywhere() {
        let pages = |dictionary: &[u8], data: &[u8]| Pages {
            dictionary: Bytes::copy_from_slice(dictionary),
            data: Bytes::copy_from_slice(data),
        };
        for pages in [pages(b"abc", b"defg"), pages(b"", b"abcdefg"), pages(b"abcdefg", b"")] {
            for start in 0..9 {
                let mut read = Vec::new();
                pages.get_read(start).unwrap().read_to_end(&mut read).unwrap();
                assert_eq!(read, &b"abcdefg"[7.min(start as usize)..]);
            }
            assert_eq!(&pages.get_bytes(2, 3).unwrap()[..], b"cde");
            assert!(pages.len() == 7 && pages.get_bytes(5, 3).is_err());
        }
    }

    #[test]
    fn bounds_are_cut_to_what_still_bounds() {
        let stated = |texts: &[&str]| {
            let mut bounds = Bounds::default();
            texts.iter().for_each(|text| bounds.add(text.as_bytes()));
            bounds.stated(true).map(|stated| {
                stated.map(|(text, exact)| (text.map(|t| String::from_utf8(t).unwrap()), exact))
            })
        };
        assert_eq!(stated(&[]), None);
        let some = |text: &str, exact| (Some(text.to_owned()), exact);
        assert_eq!(stated(&["b", "a", "c"]), Some([some("a", true), some("c", true)]));
        let long = "é".repeat(40);
        let cut = "é".repeat(31) + "ê";
        assert_eq!(stated(&[&long]), Some([some(&"é".repeat(32), false), some(&cut, false)]));
        let last = char::MAX.to_string().repeat(20);
        assert_eq!(stated(&[&last]).unwrap()[1], (None, false));
        assert_eq!(next_larger(b"a\xff\xff", false), Some(b"b".to_vec()));
    }
}
