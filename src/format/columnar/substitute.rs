//! A chunk of texts with others in their place, page by page.
//!
//! Each distinct text is edited once. Pages of indices stay as they are, byte for byte, where the
//! entries of the dictionary are still as many and as different as before. Pages of texts outside
//! the dictionary join it where their texts repeat, and are plain pages of the new texts otherwise.
//! Levels stay as they are unless a value became null.

use parquet::basic::Encoding;
use parquet::column::writer::ColumnCloseResult;

use super::assemble::{Bounds, Chunk, Pages};
use super::codec::Codec;
use super::distinct::{AHEAD, DistinctTexts, Repetition};
use super::error::ParquetError;
use super::file::{Identity, ParquetFile, Value};
use super::hybrid;
use super::pages::PageSurvey;
use super::rewrite::{EditValues, Edits};
use super::texts::{TextPage, TextPages, Texts, Values};

/// Largest dictionary that is made. Pseudonyms may be longer than what they replace, so it is more
/// than the usual 1 MiB.
pub(super) const LARGE_DICTIONARY_BYTES: usize = 16 << 20;

impl ParquetFile {
    /// Rewrites a chunk of texts; nothing, and no edit, where it is not in the usual encodings.
    pub(super) fn substitute(
        &self,
        rg: usize,
        leaf: usize,
        survey: &PageSurvey,
        edits: Edits,
        edit: &mut dyn EditValues,
    ) -> Result<Option<(Pages, ColumnCloseResult)>, ParquetError> {
        let open = || TextPages::open(self, rg, leaf, survey);
        let (Some(entries), Some(mut pages)) = (open()?, open()?) else { return Ok(None) };
        let Some(codec) = Codec::of(self.chunk(rg, leaf).compression())? else { return Ok(None) };
        let mut substitution = Substitution {
            chunk: Chunk::new(self, rg, leaf, codec),
            edits,
            edit,
            has_dictionary: survey.dictionary,
            expected: self.slots(rg, leaf),
            entries: Vec::new(),
            is_same: true,
            new: DistinctTexts::default(),
            asked: 0,
            keeps: false,
            known: Known::default(),
            ids: Vec::new(),
            nulls: Vec::new(),
            body: Vec::new(),
        };
        pages.know(
            entries
                .count_entries(|dictionary, times| substitution.edit_entries(dictionary, times))?,
        );
        while let Some(page) = pages.advance()? {
            substitution.page(&page)?;
        }
        substitution.finish().map(Some)
    }
}

/// What became of the texts that come again, by their number.
#[derive(Default)]
struct Known {
    texts: DistinctTexts,
    became: Vec<Became>,
}

struct Became {
    /// The number of the new text; nothing for null.
    id: Option<u32>,
    /// That of the old text.
    identity: Identity,
    /// How often it came after it was edited.
    again: u64,
}

struct Substitution<'a> {
    chunk: Chunk<'a>,
    edits: Edits,
    edit: &'a mut dyn EditValues,
    has_dictionary: bool,
    /// Values that the chunk has, at most.
    expected: u64,
    /// What became of the entries of the dictionary; nothing for null, and where it is not in use.
    entries: Vec<Option<u32>>,
    /// Whether each entry is what it was in number.
    is_same: bool,
    new: DistinctTexts,
    /// Texts that were edited and may come again.
    asked: u32,
    /// Whether texts outside the dictionary are kept in case they come again.
    keeps: bool,
    known: Known,
    /// The new texts of the page, by number.
    ids: Vec<u32>,
    /// The values of the page that became null, by their place.
    nulls: Vec<usize>,
    /// Values of the page, encoded.
    body: Vec<u8>,
}

impl Substitution<'_> {
    /// Edits the entries of the dictionary that are in use.
    fn edit_entries(&mut self, dictionary: Texts<'_>, times: &[u64]) -> Result<(), ParquetError> {
        for (number, times) in times.iter().enumerate() {
            let mut id = None;
            if *times > 0 {
                let identity;
                (identity, id) = self.edit_known(dictionary.at(number))?;
                self.edit.again(identity, times - 1);
            }
            self.is_same &= id == Some(number as u32);
            self.entries.push(id);
        }
        self.keeps =
            !self.has_dictionary || Repetition::of(times.iter().copied()).is_worth(self.expected);
        if self.keeps {
            self.know_entries(dictionary, times);
        }
        Ok(())
    }

    /// Keeps the entries among the texts that may come again.
    fn know_entries(&mut self, dictionary: Texts<'_>, times: &[u64]) {
        let used = times.iter().enumerate().filter(|(_, times)| **times > 0);
        for (identity, (number, _)) in (0..).map(Identity).zip(used) {
            if let Some((_, true)) = self.known.texts.place(dictionary.at(number)) {
                self.known.became.push(Became { id: self.entries[number], identity, again: 0 });
            }
        }
    }

    /// Edits a text that may come again; returns the number of the new one.
    fn edit_known(&mut self, old: &[u8]) -> Result<(Identity, Option<u32>), ParquetError> {
        let identity = Identity(self.asked);
        self.asked += 1;
        let edit = self.edit.edit(Value::Bytes(old), Some(identity));
        let Some(new) = self.edits.apply(old, edit)? else {
            return Ok((identity, None));
        };
        let (id, is_new) = self.new.place_anyway(&new).ok_or_else(too_large)?;
        if is_new {
            self.chunk.bounds.add(&new);
        }
        Ok((identity, Some(id)))
    }

    fn page(&mut self, page: &TextPage<'_>) -> Result<(), ParquetError> {
        self.ids.clear();
        self.nulls.clear();
        self.body.clear();
        match page.values {
            Values::Entries(entries) if self.is_same => {
                let bounds = self.bounds_of(entries);
                self.chunk.push_same(page, bounds)
            }
            Values::Entries(entries) => {
                for (place, entry) in entries.iter().enumerate() {
                    let id = self.entries[*entry as usize];
                    self.note(place, id);
                }
                self.push_ids(page)
            }
            Values::Texts(texts) if self.keeps => self.page_of_kept_texts(page, texts),
            Values::Texts(texts) => self.page_of_texts(page, texts, 0, Bounds::default()),
        }
    }

    /// A page of texts that are kept in case they come again.
    fn page_of_kept_texts(
        &mut self,
        page: &TextPage<'_>,
        texts: Texts<'_>,
    ) -> Result<(), ParquetError> {
        let mut hashes = [0; AHEAD];
        for place in 0..texts.spans.len() {
            if place % AHEAD == 0 {
                hashes = self.known.texts.hashes(texts, place);
            }
            let Some(id) = self.find(texts.at(place), hashes[place % AHEAD])? else {
                self.forget();
                let bounds = self.bounds_of(&self.ids);
                self.put_ids();
                return self.page_of_texts(page, texts, place, bounds);
            };
            self.note(place, id);
        }
        if self.has_dictionary {
            return self.push_ids(page);
        }
        let bounds = self.bounds_of(&self.ids);
        self.put_ids();
        self.push_body(page, Encoding::PLAIN, bounds)?;
        let kept = Repetition::of(self.known.became.iter().map(|became| became.again + 1));
        if kept.texts >= Repetition::TRIAL && !kept.is_worth(self.expected) {
            self.forget();
        }
        Ok(())
    }

    fn note(&mut self, place: usize, id: Option<u32>) {
        match id {
            Some(id) => self.ids.push(id),
            None => self.nulls.push(place),
        }
    }

    /// The number of the new text for one that may come again, or none for null; nothing where no
    /// further ones are kept.
    fn find(&mut self, old: &[u8], hash: u64) -> Result<Option<Option<u32>>, ParquetError> {
        if self.new.bytes() > LARGE_DICTIONARY_BYTES {
            return Ok(None);
        }
        let Some((number, is_new)) = self.known.texts.place_hashed(old, hash) else {
            return Ok(None);
        };
        if !is_new {
            let became = &mut self.known.became[number as usize];
            became.again += 1;
            return Ok(Some(became.id));
        }
        let (identity, id) = self.edit_known(old)?;
        self.known.became.push(Became { id, identity, again: 0 });
        Ok(Some(id))
    }

    /// Keeps no further texts.
    fn forget(&mut self) {
        self.keeps = false;
        for became in std::mem::take(&mut self.known).became {
            self.edit.again(became.identity, became.again);
        }
    }

    /// Encodes the new texts of the page as they are.
    fn put_ids(&mut self) {
        let new = self.new.texts();
        for id in self.ids.drain(..) {
            put_text(new.at(id as usize), &mut self.body);
        }
    }

    /// A page of texts of which those before `first` are done.
    fn page_of_texts(
        &mut self,
        page: &TextPage<'_>,
        texts: Texts<'_>,
        first: usize,
        mut bounds: Bounds,
    ) -> Result<(), ParquetError> {
        let left = Texts { spans: &texts.spans[first..], ..texts };
        let Self { edits, edit, nulls, body, .. } = self;
        let mut refused = None;
        edit.edit_all(left, &mut |place, edit| match edits.apply(left.at(place), edit) {
            Ok(Some(new)) => {
                bounds.add(&new);
                put_text(&new, body);
            }
            Ok(None) => nulls.push(first + place),
            Err(error) => drop(refused.get_or_insert(error)),
        });
        refused.map_or(Ok(()), Err)?;
        self.chunk.bounds.merge(&bounds);
        self.push_body(page, Encoding::PLAIN, bounds)
    }

    /// Ends a page of entries of the new dictionary.
    fn push_ids(&mut self, page: &TextPage<'_>) -> Result<(), ParquetError> {
        let bounds = self.bounds_of(&self.ids);
        let largest = self.ids.iter().copied().max().unwrap_or(0);
        // Not all readers know numbers of no bits.
        let width = hybrid::width_of(largest).max(1);
        self.body.push(width as u8);
        hybrid::encode(&self.ids, width, &mut self.body);
        self.push_body(page, Encoding::RLE_DICTIONARY, bounds)
    }

    fn push_body(
        &mut self,
        page: &TextPage<'_>,
        encoding: Encoding,
        bounds: Bounds,
    ) -> Result<(), ParquetError> {
        self.chunk.push(page, &self.nulls, encoding, &self.body, bounds)
    }

    /// The smallest and the largest of some new texts, where they are stated page by page.
    fn bounds_of(&self, ids: &[u32]) -> Bounds {
        let mut bounds = Bounds::default();
        if self.chunk.has_column_index {
            let new = self.new.texts();
            ids.iter().for_each(|id| bounds.add(new.at(*id as usize)));
        }
        bounds
    }

    fn finish(mut self) -> Result<(Pages, ColumnCloseResult), ParquetError> {
        self.forget();
        if self.has_dictionary {
            self.body.clear();
            let new = self.new.texts();
            (0..new.spans.len()).for_each(|id| put_text(new.at(id), &mut self.body));
            self.chunk.set_dictionary(new.spans.len(), &self.body)?;
        }
        self.chunk.finish()
    }
}

/// Appends a text behind its length.
fn put_text(text: &[u8], body: &mut Vec<u8>) {
    body.extend_from_slice(&(text.len() as u32).to_le_bytes());
    body.extend_from_slice(text);
}

fn too_large() -> ParquetError {
    ParquetError::Unsupported("a dictionary of more than 4 GiB".to_owned())
}
