//! Columns repeat their values: what was found in one is kept for the next that is the same.
//!
//! A table of recent values with their candidates, and with what a job notes beside them. It serves
//! one file at a time, since the numbers of fields mean others in the next, and it is no larger than
//! a few thousand values of a few hundred bytes. Fields whose values are all different are soon left
//! out of it.

use crate::detect::Candidate;
use crate::format::text::FieldIx;
use crate::kind::hash;

/// How many values are kept.
const PLACES: usize = SETS * WAYS;
/// A value has so many places to be kept at, or columns would put each other out.
const WAYS: usize = 2;
const SETS: usize = 4096;
/// Longer values do not repeat.
const MAX_LEN: usize = 256;

/// Odd, and with bits all over, so that the same value of two fields has two places.
const FIELD: u64 = 0x9E37_79B9_7F4A_7C15;

/// What is known of recent values.
pub(super) struct Memo<N> {
    /// Of each place a part of the hash of what is kept there: most values that are not known are told by
    /// it, without a look at a place that is not in a cache.
    marks: Vec<u32>,
    places: Vec<Known<N>>,
    fields: Vec<Luck>,
    table: Table,
}

/// What the numbers of fields belong to: the place of a file in its run, and the epoch of its paths
/// ([`Cells::epoch`](crate::format::text::Cells::epoch)).
pub(super) type Table = (usize, u64);

/// A value of a field, and what is known of it.
pub(super) struct Known<N> {
    field: FieldIx,
    text: Vec<u8>,
    /// In order of place; to be filled where the value is new.
    pub(super) found: Vec<Candidate>,
    /// What the job keeps with the value; the default where it is new.
    pub(super) note: N,
}

/// How often a field was asked about, and how often a value of it was known.
#[derive(Default, Clone, Copy)]
struct Luck {
    asked: u32,
    known: u32,
}

impl Luck {
    /// So many values are asked about before a field is judged.
    const TRIAL: u32 = 1024;
    /// To keep a value costs as much as not to look at it saves, if one of so many comes again.
    const WORTH: u32 = 8;

    fn is_good(self) -> bool {
        self.asked < Self::TRIAL || self.known * Self::WORTH >= self.asked
    }

    /// Forgets a part, so that a field is tried again from time to time.
    fn fade(&mut self) {
        self.asked -= self.asked / 16;
        self.known -= self.known / 16;
    }
}

impl<N: Default> Default for Memo<N> {
    fn default() -> Self {
        Self { marks: Vec::new(), places: Vec::new(), fields: Vec::new(), table: (0, 0) }
    }
}

impl<N: Default> Memo<N> {
    /// Prepares for a chunk of `table`.
    pub(super) fn next_chunk(&mut self, table: Table) {
        if self.table != table {
            self.table = table;
            self.fields.clear();
            self.marks.clear();
            self.places.clear();
        }
        self.fields.iter_mut().for_each(Luck::fade);
    }

    /// The place of `text`, a value of `field`, and whether it is known there already; nothing
    /// where it is not worth a place.
    pub(super) fn place(&mut self, field: FieldIx, text: &[u8]) -> Option<(&mut Known<N>, bool)> {
        let number = field.0 as usize;
        if field == FieldIx::NONE || text.is_empty() || text.len() > MAX_LEN {
            return None;
        }
        if self.fields.len() <= number {
            self.fields.resize(number + 1, Luck::default());
        }
        let luck = &mut self.fields[number];
        if !luck.is_good() {
            return None;
        }
        if self.places.is_empty() {
            self.marks.resize(PLACES, 0);
            self.places.resize_with(PLACES, Known::default);
        }
        let hash = hash::of(text).wrapping_add(u64::from(field.0).wrapping_mul(FIELD));
        let first = hash as usize % SETS * WAYS;
        let mark = (hash >> 32) as u32;
        let is_at = |place: &usize| {
            let known = &self.places[*place];
            self.marks[*place] == mark && known.field == field && hash::is_same(&known.text, text)
        };
        let place = (first..first + WAYS).find(is_at);
        luck.asked += 1;
        luck.known += u32::from(place.is_some());
        if let Some(place) = place {
            return Some((&mut self.places[place], true));
        }
        // Which of them it replaces is as good as random.
        let place = first + mark as usize % WAYS;
        self.marks[place] = mark;
        let known = &mut self.places[place];
        known.field = field;
        known.text.clear();
        known.text.extend_from_slice(text);
        known.found.clear();
        known.note = N::default();
        Some((known, false))
    }
}

impl<N: Default> Default for Known<N> {
    fn default() -> Self {
        Self { field: FieldIx::NONE, text: Vec::new(), found: Vec::new(), note: N::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELD: FieldIx = FieldIx(0);

    #[test]
    fn a_value_is_known_in_its_field_and_file() {
        let mut memo = Memo::<u8>::default();
        memo.next_chunk((0, 0));
        let mut is_known = |field, text: &str| {
            let (known, is_known) = memo.place(field, text.as_bytes()).unwrap();
            assert_eq!(known.note, u8::from(is_known));
            known.note = 1;
            is_known
        };
        assert!(!is_known(FIELD, "a"));
        assert!(is_known(FIELD, "a"));
        assert!(!is_known(FIELD, "b"));
        assert!(!is_known(FieldIx(1), "a"));
        memo.next_chunk((0, 0));
        assert!(memo.place(FIELD, b"a").unwrap().1);
        memo.next_chunk((1, 0));
        assert!(!memo.place(FIELD, b"a").unwrap().1);
    }

    #[test]
    fn fields_without_repetition_are_left_out_and_tried_again() {
        let mut memo = Memo::<()>::default();
        let mut kept = |range: std::ops::Range<u32>| {
            memo.next_chunk((0, 0));
            range.filter(|n| memo.place(FIELD, &n.to_le_bytes()).is_some()).count()
        };
        assert_eq!(kept(0..5000), 1024);
        assert_eq!(kept(5000..9000), 64);
    }
}
