//! A chunk of texts, page by page: where its values lie in the pages, and not a value built for any.
//!
//! This is the short way for what nearly all writers make: values as they are, or indices of a
//! dictionary. Other encodings go through [`Cursor`](super::cursor::Cursor).

use bytes::Bytes;
use parquet::basic::Type;

use super::codec::Codec;
use super::error::ParquetError;
use super::file::ParquetFile;
use super::hybrid;
use super::pages::{self, Headers, PageHeader, PageKind, PageSurvey};
use super::source::Source;

/// Bytes of the length in front of a value, and of levels.
const LENGTH_BYTES: usize = 4;

/// Where a text lies in the bytes it comes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

/// Some texts. They may be personal data, so there is no `Debug`.
///
/// They lie one behind another, in order, with four bytes between two of them: no text, and the last
/// of them is 0 but for texts of 16 MiB and more.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    pub bytes: &'a [u8],
    pub spans: &'a [Span],
}

impl<'a> Texts<'a> {
    /// What stands between texts that were put together here.
    pub const GAP: [u8; 4] = [0; 4];

    /// The text at `place`, which is there.
    #[must_use]
    pub fn at(&self, place: usize) -> &'a [u8] {
        let span = self.spans[place];
        &self.bytes[span.start as usize..span.end as usize]
    }

    /// Where the first of them starts; 0 where there is none.
    #[must_use]
    pub fn base(&self) -> u32 {
        self.spans.first().map_or(0, |span| span.start)
    }

    /// The bytes from the first to the last of them.
    #[must_use]
    pub fn bytes_between(&self) -> &'a [u8] {
        let end = self.spans.last().map_or(0, |span| span.end);
        &self.bytes[self.base() as usize..end as usize]
    }
}

/// The rows that the values of a page are in.
#[derive(Debug, Clone, Copy)]
pub enum Rows<'a> {
    /// One behind another, from this one on.
    From(u64),
    /// So many rows behind a first one, by value.
    Behind(u64, &'a [u32]),
}

impl Rows<'_> {
    /// The 0-based row, in the row group, of the value at `place`.
    #[must_use]
    pub fn of(&self, place: usize) -> u64 {
        match self {
            Self::From(first) => first + place as u64,
            Self::Behind(first, behind) => first + u64::from(behind[place]),
        }
    }
}

/// The values of a page.
#[derive(Clone, Copy)]
pub enum Values<'a> {
    /// As they are.
    Texts(Texts<'a>),
    /// By their number in the dictionary.
    Entries(&'a [u32]),
}

/// Takes the values of a chunk. Its dictionary is the same in all calls.
pub trait VisitTexts {
    /// The values of the next page.
    fn page(&mut self, dictionary: Texts<'_>, values: Values<'_>, rows: Rows<'_>);

    /// There is no further page.
    fn end(&mut self, dictionary: Texts<'_>);
}

impl ParquetFile {
    /// Reads one chunk of texts page by page, in row order, and returns how many slots without a
    /// value there are; nothing, and no visit, where only [`read`](Self::read) can.
    ///
    /// Memory: the dictionary, the current page, and where the values lie in both.
    ///
    /// # Errors
    /// [`ParquetError`]s of the chunk: it does not decode.
    pub fn read_texts(
        &self,
        rg: usize,
        leaf: usize,
        visit: &mut dyn VisitTexts,
    ) -> Result<Option<u64>, ParquetError> {
        let here = |cause: ParquetError| cause.in_chunk(rg, &self.leaves()[leaf].path);
        let survey = pages::survey(self.source(), self.chunk(rg, leaf)).map_err(here)?;
        let Some(mut reader) = TextPages::open(self, rg, leaf, &survey).map_err(here)? else {
            return Ok(None);
        };
        let mut nulls = 0;
        while let Some(page) = reader.advance().map_err(here)? {
            nulls += page.nulls();
            visit.page(page.dictionary, page.values, page.rows);
        }
        visit.end(reader.dictionary());
        Ok(Some(nulls))
    }
}

/// A data page.
pub(super) struct TextPage<'a> {
    pub(super) is_v2: bool,
    pub(super) slots: usize,
    /// As the page has them, without their lengths.
    pub(super) repetition_bytes: &'a [u8],
    /// As the page has them, without their lengths.
    pub(super) definition_bytes: &'a [u8],
    /// One a slot; empty where each slot is a value.
    pub(super) definition: &'a [u32],
    /// One a slot; empty for fields outside any list.
    pub(super) repetition: &'a [u32],
    pub(super) dictionary: Texts<'a>,
    pub(super) values: Values<'a>,
    pub(super) rows: Rows<'a>,
    /// As the file has it.
    pub(super) compressed: &'a Bytes,
    pub(super) uncompressed_bytes: usize,
    /// As the file has them where the page is of the second version.
    pub(super) is_compressed: bool,
}

impl TextPage<'_> {
    pub(super) fn len(&self) -> usize {
        match self.values {
            Values::Texts(texts) => texts.spans.len(),
            Values::Entries(entries) => entries.len(),
        }
    }

    pub(super) fn nulls(&self) -> u64 {
        (self.slots - self.len()) as u64
    }
}

/// Reads the pages of a chunk; its survey has said that it can.
pub(super) struct TextPages<'a> {
    source: &'a Source,
    headers: Headers,
    codec: Codec,
    max_definition: u32,
    max_repetition: u32,
    rows: u64,
    rows_started: u64,
    dictionary: Option<Owned>,
    /// Whether all of the dictionary was there before the first page.
    is_known: bool,
    page: Owned,
    compressed: Bytes,
    definition: Vec<u32>,
    repetition: Vec<u32>,
    entries: Vec<u32>,
    behind: Vec<u32>,
}

/// Texts, and the decompressed page they lie in.
#[derive(Default)]
struct Owned {
    bytes: Vec<u8>,
    spans: Vec<Span>,
}

/// The dictionary of a chunk, if it has one.
pub(super) struct Dictionary(Option<Owned>);

impl Owned {
    fn texts(&self) -> Texts<'_> {
        Texts { bytes: &self.bytes, spans: &self.spans }
    }
}

impl<'a> TextPages<'a> {
    /// Nothing where the chunk is of another type, or in another encoding or codec.
    pub(super) fn open(
        file: &'a ParquetFile,
        rg: usize,
        leaf: usize,
        survey: &PageSurvey,
    ) -> Result<Option<Self>, ParquetError> {
        let chunk = file.chunk(rg, leaf);
        if file.physical(leaf) != Some(Type::BYTE_ARRAY) || !survey.is_plain {
            return Ok(None);
        }
        let Some(codec) = Codec::of(chunk.compression())? else { return Ok(None) };
        let descriptor = chunk.column_descr();
        Ok(Some(Self {
            source: file.source(),
            headers: Headers::of(chunk),
            codec,
            max_definition: descriptor.max_def_level().cast_unsigned().into(),
            max_repetition: descriptor.max_rep_level().cast_unsigned().into(),
            rows: file.rows(rg),
            rows_started: 0,
            dictionary: None,
            is_known: false,
            page: Owned::default(),
            compressed: Bytes::new(),
            definition: Vec::new(),
            repetition: Vec::new(),
            entries: Vec::new(),
            behind: Vec::new(),
        }))
    }

    /// The dictionary, as far as it was read; none where there is none.
    pub(super) fn dictionary(&self) -> Texts<'_> {
        self.dictionary.as_ref().map_or(Texts { bytes: &[], spans: &[] }, Owned::texts)
    }

    /// Counts how often each entry of the dictionary is in use, without a look at other pages, and
    /// hands both to `take`. Returns the dictionary.
    pub(super) fn count_entries(
        mut self,
        take: impl FnOnce(Texts<'_>, &[u64]) -> Result<(), ParquetError>,
    ) -> Result<Dictionary, ParquetError> {
        let mut times = Vec::new();
        while let Some(header) = self.headers.next(self.source)? {
            match header.kind {
                PageKind::Dictionary => self.read_dictionary(&header)?,
                PageKind::Data | PageKind::DataV2 if header.holds_indices() => {
                    let page = self.read_data(&header)?;
                    times.resize(page.dictionary.spans.len(), 0);
                    if let Values::Entries(entries) = page.values {
                        entries.iter().for_each(|entry| times[*entry as usize] += 1);
                    }
                }
                PageKind::Data | PageKind::DataV2 | PageKind::Other => {}
            }
        }
        take(self.dictionary(), &times)?;
        Ok(Dictionary(self.dictionary))
    }

    /// Takes the dictionary that a reader of the same chunk has read.
    pub(super) fn know(&mut self, dictionary: Dictionary) {
        self.dictionary = dictionary.0;
        self.is_known = true;
    }

    /// The next data page; nothing at the end of the chunk.
    pub(super) fn advance(&mut self) -> Result<Option<TextPage<'_>>, ParquetError> {
        loop {
            let Some(header) = self.headers.next(self.source)? else {
                if self.rows_started != self.rows {
                    return Err(other_rows());
                }
                return Ok(None);
            };
            match header.kind {
                PageKind::Other => {}
                PageKind::Dictionary => self.read_dictionary(&header)?,
                PageKind::Data | PageKind::DataV2 => return self.read_data(&header).map(Some),
            }
        }
    }

    fn read_dictionary(&mut self, header: &PageHeader) -> Result<(), ParquetError> {
        if self.is_known {
            return Ok(());
        }
        if self.dictionary.is_some() {
            return Err(malformed("a second dictionary"));
        }
        let mut dictionary = Owned::default();
        self.load(header)?;
        self.decompress(header, &mut dictionary.bytes, 0)?;
        let Owned { bytes, spans } = &mut dictionary;
        find_texts(bytes, 0, header.values, spans)?;
        self.dictionary = Some(dictionary);
        Ok(())
    }

    fn load(&mut self, header: &PageHeader) -> Result<(), ParquetError> {
        let length = usize::try_from(header.compressed_bytes).map_err(|_| cut_short())?;
        self.compressed = self.source.bytes(header.body, length)?;
        Ok(())
    }

    /// Decompresses what was loaded behind its first `plain` bytes, which are taken as they are.
    fn decompress(
        &mut self,
        header: &PageHeader,
        bytes: &mut Vec<u8>,
        plain: usize,
    ) -> Result<(), ParquetError> {
        let total = usize::try_from(header.uncompressed_bytes).map_err(|_| cut_short())?;
        bytes.clear();
        let (levels, body) = self.compressed.split_at_checked(plain).ok_or_else(cut_short)?;
        bytes.extend_from_slice(levels);
        let length = total.checked_sub(plain).ok_or_else(cut_short)?;
        if header.is_compressed {
            self.codec.decompress(body, length, bytes)?;
        } else {
            bytes.extend_from_slice(body);
        }
        if bytes.len() == total {
            Ok(())
        } else {
            Err(malformed("a page of another size than its header says"))
        }
    }

    fn read_data(&mut self, header: &PageHeader) -> Result<TextPage<'_>, ParquetError> {
        let is_v2 = header.kind == PageKind::DataV2;
        let [definition, repetition] =
            header.level_bytes.map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        let plain =
            if is_v2 { definition.checked_add(repetition).ok_or_else(cut_short)? } else { 0 };
        self.load(header)?;
        let mut bytes = std::mem::take(&mut self.page.bytes);
        self.decompress(header, &mut bytes, plain)?;
        self.page.bytes = bytes;
        let bytes = &self.page.bytes[..];
        let mut at = 0;
        let mut levels =
            |max: u32, stated: usize| -> Result<std::ops::Range<usize>, ParquetError> {
                let length = match (is_v2, max) {
                    (true, _) => stated,
                    (false, 0) => 0,
                    (false, _) => {
                        at += LENGTH_BYTES;
                        length_at(bytes, at - LENGTH_BYTES).ok_or_else(cut_short)?
                    }
                };
                let range = at..at.checked_add(length).ok_or_else(cut_short)?;
                at = range.end;
                if at > bytes.len() { Err(cut_short()) } else { Ok(range) }
            };
        // Repetition levels come first.
        let repetition_range = levels(self.max_repetition, repetition)?;
        let definition_range = levels(self.max_definition, definition)?;
        let values_start = at;
        // Bounded by the survey.
        let slots = header.values as usize;
        let (repetition_bytes, definition_bytes) =
            (&bytes[repetition_range.clone()], &bytes[definition_range.clone()]);
        read_levels(repetition_bytes, self.max_repetition, slots, &mut self.repetition)?;
        read_levels(definition_bytes, self.max_definition, slots, &mut self.definition)?;
        let is_value = |level: &&u32| **level == self.max_definition;
        let values = match self.max_definition {
            0 => slots,
            _ => self.definition.iter().filter(is_value).count(),
        };
        if values == slots {
            self.definition.clear();
        }
        let first_row = self.place_rows(slots)?;
        if header.holds_indices() {
            self.read_entries(values_start, values)?;
        } else {
            let Owned { bytes, spans } = &mut self.page;
            find_texts(bytes, values_start, values as u64, spans)?;
        }
        let Self { dictionary, page, entries, definition, repetition, behind, .. } = &*self;
        let dictionary = dictionary.as_ref().map_or(Texts { bytes: &[], spans: &[] }, Owned::texts);
        let rows = if definition.is_empty() && repetition.is_empty() {
            Rows::From(first_row)
        } else {
            Rows::Behind(first_row, behind)
        };
        Ok(TextPage {
            is_v2,
            slots,
            repetition_bytes: &page.bytes[repetition_range],
            definition_bytes: &page.bytes[definition_range],
            definition,
            repetition,
            dictionary,
            values: if header.holds_indices() {
                Values::Entries(entries)
            } else {
                Values::Texts(page.texts())
            },
            rows,
            compressed: &self.compressed,
            uncompressed_bytes: page.bytes.len(),
            is_compressed: header.is_compressed,
        })
    }

    /// Counts the rows of a page, and notes how far behind the first one each value is; returns the
    /// first one.
    fn place_rows(&mut self, slots: usize) -> Result<u64, ParquetError> {
        let Self { definition, repetition, behind, max_definition, rows_started, .. } = self;
        let first_row = *rows_started;
        behind.clear();
        if repetition.is_empty() {
            let is_value = |(_, level): &(u32, &u32)| *level == max_definition;
            behind.extend((0..).zip(&*definition).filter(is_value).map(|(row, _)| row));
            *rows_started += slots as u64;
        } else {
            // A page may go on with the row of the one before.
            let goes_on = u32::from(repetition.first().is_some_and(|level| *level != 0));
            let mut started = goes_on;
            for (slot, level) in repetition.iter().enumerate() {
                started += u32::from(*level == 0);
                if definition.get(slot).is_none_or(|level| level == max_definition) {
                    behind.push(started - 1);
                }
            }
            let first_row = first_row.checked_sub(goes_on.into()).ok_or_else(other_rows)?;
            *rows_started = first_row + u64::from(started);
            return if *rows_started > self.rows { Err(other_rows()) } else { Ok(first_row) };
        }
        if *rows_started > self.rows { Err(other_rows()) } else { Ok(first_row) }
    }

    fn read_entries(&mut self, start: usize, values: usize) -> Result<(), ParquetError> {
        self.entries.clear();
        let known = self.dictionary.as_ref().map_or(0, |dictionary| dictionary.spans.len());
        if values > 0 {
            let (width, packed) = self.page.bytes[start..].split_first().ok_or_else(cut_short)?;
            hybrid::decode(packed, u32::from(*width), values, &mut self.entries)
                .ok_or_else(|| malformed("indices that do not decode"))?;
        }
        if self.entries.iter().max().is_some_and(|entry| *entry as usize >= known) {
            return Err(malformed("an index beyond the dictionary"));
        }
        Ok(())
    }
}

fn read_levels(
    bytes: &[u8],
    max: u32,
    slots: usize,
    levels: &mut Vec<u32>,
) -> Result<(), ParquetError> {
    levels.clear();
    if max == 0 {
        return Ok(());
    }
    hybrid::decode(bytes, hybrid::width_of(max), slots, levels)
        .filter(|()| levels.iter().all(|level| *level <= max))
        .ok_or_else(|| malformed("levels that do not decode"))
}

/// Finds `count` texts, each behind its length, from `start` on.
fn find_texts(
    bytes: &[u8],
    start: usize,
    count: u64,
    spans: &mut Vec<Span>,
) -> Result<(), ParquetError> {
    spans.clear();
    let mut at = start;
    for _ in 0..count {
        let length = length_at(bytes, at).ok_or_else(cut_short)?;
        let first = at + LENGTH_BYTES;
        at = first.checked_add(length).filter(|end| *end <= bytes.len()).ok_or_else(cut_short)?;
        // A page has no more than 1 GiB.
        spans.push(Span { start: first as u32, end: at as u32 });
    }
    Ok(())
}

fn length_at(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes.get(at..)?.first_chunk::<LENGTH_BYTES>()?;
    usize::try_from(u32::from_le_bytes(*length)).ok()
}

fn malformed(what: &str) -> ParquetError {
    ParquetError::Malformed(what.to_owned())
}

fn cut_short() -> ParquetError {
    malformed("a page ends early")
}

fn other_rows() -> ParquetError {
    malformed("another number of records than the row group has rows")
}
