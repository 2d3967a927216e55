//! The texts of a column chunk, each distinct one looked at once, with how often it stands there.
//!
//! Entries of a dictionary are counted and looked at when all of them are counted. Texts outside it
//! are kept in a table where they come again often enough, and looked at as they come otherwise.

use super::columns::Scratch;
use crate::datamap::field::SAMPLES;
use crate::detect::{Candidate, Detector, Place};
use crate::format::columnar::{AHEAD, DistinctTexts, Repetition, Rows, Texts, Values, VisitTexts};
use crate::kind::hash;

/// A text of a chunk.
pub(super) struct Tallied<'a> {
    pub(super) text: &'a [u8],
    /// In order of place.
    pub(super) found: &'a mut [Candidate],
    pub(super) times: u64,
    /// The first records it stands in, 1-based in the file, as many as samples are kept of.
    pub(super) records: &'a [u64],
}

/// How often something was seen, and where first.
#[derive(Clone, Copy, Default)]
struct Seen {
    times: u64,
    rows: [u64; SAMPLES],
    kept: u8,
}

impl Seen {
    fn once(row: u64) -> Self {
        let mut seen = Self::default();
        seen.add(row);
        seen
    }

    /// Counts one more, in a row that is not before the last.
    fn add(&mut self, row: u64) {
        self.times += 1;
        let kept = usize::from(self.kept);
        if kept < SAMPLES && (kept == 0 || self.rows[kept - 1] != row) {
            self.rows[kept] = row;
            self.kept += 1;
        }
    }

    /// Adds what was seen behind all of this.
    fn merge(&mut self, behind: &Self) {
        for row in &behind.rows[..usize::from(behind.kept)] {
            self.add(*row);
        }
        self.times += behind.times - u64::from(behind.kept);
    }
}

/// Tallies the texts of one chunk, and hands them to `visit` in no order.
pub(super) struct Tally<'a, V> {
    detector: &'a Detector,
    place: Place<'a>,
    scratch: &'a mut Scratch,
    first_record: u64,
    /// Values that the chunk has, at most.
    expected: u64,
    entries: Vec<Seen>,
    /// Nothing until the first page of texts is there.
    keeps: Option<bool>,
    known: DistinctTexts,
    seen: Vec<Seen>,
    visit: V,
}

impl<'a, V: FnMut(Tallied<'_>)> Tally<'a, V> {
    /// `first_record` is the record of the first row, and `expected` how many values there are at most.
    pub(super) fn new(
        detector: &'a Detector,
        place: Place<'a>,
        scratch: &'a mut Scratch,
        first_record: u64,
        expected: u64,
        visit: V,
    ) -> Self {
        Self {
            detector,
            place,
            scratch,
            first_record,
            expected,
            entries: Vec::new(),
            keeps: None,
            known: DistinctTexts::default(),
            seen: Vec::new(),
            visit,
        }
    }

    /// Whether texts outside the dictionary are worth keeping, as far as its entries tell.
    fn dictionary_repeats(&self) -> bool {
        Repetition::of(self.entries.iter().map(|seen| seen.times)).is_worth(self.expected)
    }

    /// Moves what was counted of the dictionary to the table, so that a text in both is one.
    fn keep_entries(&mut self, dictionary: Texts<'_>) {
        for entry in 0..self.entries.len() {
            let (text, seen) = (dictionary.at(entry), self.entries[entry]);
            if seen.times > 0 && self.keep(text, hash::of(text), seen) {
                self.entries[entry] = Seen::default();
            }
        }
    }

    /// Keeps a text, if there is room for it.
    fn keep(&mut self, text: &[u8], hash: u64, seen: Seen) -> bool {
        match self.known.place_hashed(text, hash) {
            Some((_, true)) => self.seen.push(seen),
            Some((number, false)) => self.seen[number as usize].merge(&seen),
            None => return false,
        }
        true
    }

    fn texts(&mut self, texts: Texts<'_>, rows: Rows<'_>) {
        if self.keeps != Some(true) {
            return self.look_at(texts, |place| Seen::once(rows.of(place)));
        }
        let mut hashes = [0; AHEAD];
        for place in 0..texts.spans.len() {
            if place % AHEAD == 0 {
                hashes = self.known.hashes(texts, place);
            }
            let (text, seen) = (texts.at(place), Seen::once(rows.of(place)));
            if !self.keep(text, hashes[place % AHEAD], seen) {
                self.look_at(Texts { spans: &texts.spans[place..=place], ..texts }, |_| seen);
            }
        }
        let kept = Repetition::of(self.seen.iter().map(|seen| seen.times));
        if kept.texts >= Repetition::TRIAL && !kept.is_worth(self.expected) {
            self.keeps = Some(false);
            self.forget();
        }
    }

    /// Looks at the texts that were kept.
    fn forget(&mut self) {
        let (known, seen) = (std::mem::take(&mut self.known), std::mem::take(&mut self.seen));
        self.look_at(known.texts(), |number| seen[number]);
    }

    /// Looks at those of `texts` that were seen.
    fn look_at(&mut self, texts: Texts<'_>, seen: impl Fn(usize) -> Seen) {
        let Self { detector, place, scratch, first_record, visit, .. } = self;
        scratch.look_at_all(
            detector,
            *place,
            texts,
            |number| seen(number).times > 0,
            |number, text, found| {
                let seen = seen(number);
                let records = seen.rows.map(|row| *first_record + row);
                let records = &records[..usize::from(seen.kept)];
                visit(Tallied { text, found, times: seen.times, records });
            },
        );
    }
}

impl<V: FnMut(Tallied<'_>)> VisitTexts for Tally<'_, V> {
    fn page(&mut self, dictionary: Texts<'_>, values: Values<'_>, rows: Rows<'_>) {
        match values {
            Values::Entries(entries) => {
                self.entries.resize(dictionary.spans.len(), Seen::default());
                for (place, entry) in entries.iter().enumerate() {
                    self.entries[*entry as usize].add(rows.of(place));
                }
            }
            Values::Texts(texts) => {
                if self.keeps.is_none() {
                    self.keeps = Some(self.dictionary_repeats());
                    if self.keeps == Some(true) {
                        self.keep_entries(dictionary);
                    }
                }
                self.texts(texts, rows);
            }
        }
    }

    fn end(&mut self, dictionary: Texts<'_>) {
        let entries = std::mem::take(&mut self.entries);
        let dictionary = Texts { spans: &dictionary.spans[..entries.len()], ..dictionary };
        self.look_at(dictionary, |entry| entries[entry]);
        self.forget();
    }
}
