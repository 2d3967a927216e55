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
const SETS: usize = 2048;
/// A value has so many places to be kept at, or columns would put each other out.
const WAYS: usize = 4;
/// Longer values do not repeat.
const MAX_LEN: usize = 256;
/// Odd, and with bits all over, so that the same value of two fields has two places.
const FIELD: u64 = 0x9E37_79B9_7F4A_7C15;

/// What is known of recent values.
pub(super) struct Memo<N> {
    /// Of each place a part of the hash of what is kept there: most values that are not known are told by
    /// it, without a look at a place that is in no cache.
    marks: Vec<[u32; WAYS]>,
    places: Vec<Known<N>>,
    fields: Vec<Luck>,
    table: Table,
    /// Chunks of the table so far.
    chunks: u32,
}

/// What the numbers of fields belong to: the place of a file in its run, and the epoch of its paths
/// ([`Cells::epoch`](crate::format::text::Cells::epoch)).
pub(super) type Table = (usize, u64);

/// A value of a field, and what is known of it.
pub(super) struct Known<N> {
    field: FieldIx,
    text: Text,
    /// In order of place; to be filled where the value is new.
    pub(super) found: Box<[Candidate]>,
    /// What the job keeps with the value; the default where it is new.
    pub(super) note: N,
}

/// A value as it is kept: the start of it here, since another place in memory takes longer to look at
/// than all else, and most values are no longer.
#[derive(Default)]
struct Text {
    len: usize,
    start: [u64; 3],
    rest: Box<[u8]>,
}

impl Text {
    const START: usize = 24;

    fn of(text: &[u8]) -> Self {
        let rest = text.get(Self::START..).unwrap_or_default();
        Self { len: text.len(), start: Self::start(text), rest: rest.into() }
    }

    /// The first bytes, zeros behind them.
    fn start(text: &[u8]) -> [u64; 3] {
        let (eights, _) = text.as_chunks::<8>();
        std::array::from_fn(|place| match eights.get(place) {
            Some(eight) => u64::from_le_bytes(*eight),
            None if place == eights.len() => hash::rest_of(text),
            None => 0,
        })
    }

    fn is(&self, text: &[u8]) -> bool {
        let [a, b, c] = Self::start(text);
        let differs = (self.start[0] ^ a) | (self.start[1] ^ b) | (self.start[2] ^ c);
        self.len == text.len()
            && differs == 0
            && (self.rest.is_empty() || *self.rest == text[Self::START..])
    }
}

/// What it saves to know a value of a field when it comes again.
#[derive(Debug, Clone, Copy)]
pub(super) enum Worth {
    /// A search.
    Search,
    /// Mostly no more than to parse it.
    Parse,
}

impl Worth {
    /// To keep a value costs as much as not to look at it saves, if one of so many comes again.
    fn one_in(self) -> u32 {
        match self {
            Self::Search => 8,
            Self::Parse => 2,
        }
    }
}

/// Whether the values of a field are worth their places, by how many of those last asked about were known.
#[derive(Clone, Copy)]
struct Luck {
    is: Is,
    asked: u32,
    known: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    /// Not known yet, until so many values were asked about.
    OnTrial(u32),
    Good,
    Bad,
}

impl Luck {
    /// Few values tell a column of flags. Others have to wait until the memo is not full of values
    /// that all fields try.
    const NEW: Self = Self { is: Is::OnTrial(128), asked: 0, known: 0 };
    /// So many values are asked about before a field is judged again.
    const TRIAL: u32 = 1024;
    /// A bad field is tried again in one of so many chunks, and later in fewer.
    const TURNS: u32 = 32;
    const LATER_TURNS: u32 = 256;

    /// Counts a value that was asked about.
    fn count(&mut self, is_known: bool, worth: impl FnOnce() -> Worth) {
        self.asked += 1;
        self.known += u32::from(is_known);
        let last = if let Is::OnTrial(last) = self.is { last } else { Self::TRIAL };
        if self.asked >= last {
            let is = if self.known * worth().one_in() >= self.asked { Is::Good } else { Is::Bad };
            *self = Self { is, asked: 0, known: 0 };
        }
    }

    /// Tries the field `number` again if it is its turn.
    fn next_chunk(&mut self, number: u32, chunks: u32) {
        let turns = if chunks <= Self::TURNS { Self::TURNS } else { Self::LATER_TURNS };
        if self.is == Is::Bad && chunks.wrapping_add(number).is_multiple_of(turns) {
            self.is = Is::OnTrial(Self::TRIAL);
        }
    }
}

impl<N: Default> Default for Memo<N> {
    fn default() -> Self {
        let (marks, places, fields) = (Vec::new(), Vec::new(), Vec::new());
        Self { marks, places, fields, table: (0, 0), chunks: 0 }
    }
}

impl<N: Default> Memo<N> {
    /// Prepares for a chunk of `table`.
    pub(super) fn next_chunk(&mut self, table: Table) {
        if self.table != table {
            *self = Self { table, ..Self::default() };
        }
        self.chunks += 1;
        for (number, luck) in (0..).zip(&mut self.fields) {
            luck.next_chunk(number, self.chunks);
        }
    }

    /// The place of `text`, a value of `field`, and whether it is known there already; nothing
    /// where it is not worth a place. What it saves to know it is seldom asked.
    pub(super) fn place(
        &mut self,
        field: FieldIx,
        text: &[u8],
        worth: impl FnOnce() -> Worth,
    ) -> Option<(&mut Known<N>, bool)> {
        let number = field.0 as usize;
        if field == FieldIx::NONE || text.is_empty() || text.len() > MAX_LEN {
            return None;
        }
        if self.fields.len() <= number {
            self.fields.resize(number + 1, Luck::NEW);
        }
        let luck = &mut self.fields[number];
        if luck.is == Is::Bad {
            return None;
        }
        if self.places.is_empty() {
            self.marks.resize(SETS, [0; WAYS]);
            self.places.resize_with(PLACES, Known::default);
        }
        let hash = hash::of(text).wrapping_add(u64::from(field.0).wrapping_mul(FIELD));
        let mark = (hash >> 32) as u32;
        let set = hash as usize % SETS;
        let marks = &mut self.marks[set];
        let is_at = |way: &usize| {
            let known = &self.places[set * WAYS + way];
            marks[*way] == mark && known.field == field && known.text.is(text)
        };
        let way = (0..WAYS).find(is_at);
        luck.count(way.is_some(), worth);
        if let Some(way) = way {
            return Some((&mut self.places[set * WAYS + way], true));
        }
        // Which of them it replaces is as good as random.
        let way = mark as usize % WAYS;
        marks[way] = mark;
        let known = &mut self.places[set * WAYS + way];
        *known = Known { field, text: Text::of(text), ..Known::default() };
        Some((known, false))
    }
}

impl<N: Default> Default for Known<N> {
    fn default() -> Self {
        let (text, found) = (Text::default(), Box::default());
        Self { field: FieldIx::NONE, text, found, note: N::default() }
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
            let (known, is_known) = memo.place(field, text.as_bytes(), || Worth::Search).unwrap();
            assert_eq!(known.note, u8::from(is_known));
            known.note = 1;
            is_known
        };
        assert!(!is_known(FIELD, "a"));
        assert!(is_known(FIELD, "a"));
        assert!(!is_known(FIELD, "b"));
        assert!(!is_known(FieldIx(1), "a"));
        memo.next_chunk((0, 0));
        assert!(memo.place(FIELD, b"a", || Worth::Search).unwrap().1);
        memo.next_chunk((1, 0));
        assert!(!memo.place(FIELD, b"a", || Worth::Search).unwrap().1);
    }

    #[test]
    fn values_are_told_apart_whatever_their_length() {
        let mut memo = Memo::<()>::default();
        memo.next_chunk((0, 0));
        let bytes: Vec<u8> = (1..=60).collect();
        for length in 1..bytes.len() {
            assert!(!memo.place(FIELD, &bytes[..length], || Worth::Search).unwrap().1, "{length}");
            assert!(memo.place(FIELD, &bytes[..length], || Worth::Search).unwrap().1, "{length}");
            let mut other = bytes[..length].to_vec();
            other[length - 1] = 0;
            assert!(!memo.place(FIELD, &other, || Worth::Search).unwrap().1, "{length}");
        }
    }

    #[test]
    fn fields_without_repetition_are_left_out_and_tried_again() {
        let mut memo = Memo::<()>::default();
        let mut kept = |chunk: u32| {
            memo.next_chunk((0, 0));
            let numbers = chunk * 5000..(chunk + 1) * 5000;
            numbers
                .filter(|n| memo.place(FIELD, &n.to_le_bytes(), || Worth::Search).is_some())
                .count()
        };
        let kept: Vec<usize> = (0..300).map(&mut kept).collect();
        let tried = kept.iter().enumerate().filter(|(_, kept)| **kept > 0);
        let tried: Vec<_> = tried.map(|(chunk, kept)| (chunk, *kept)).collect();
        assert_eq!(tried, [(0, 128), (31, 1024), (255, 1024)]);
    }

    #[test]
    fn fields_that_repeat_stay() {
        let mut memo = Memo::<()>::default();
        for _ in 0..3 {
            memo.next_chunk((0, 0));
            let is_kept = |n: &u32| memo.place(FIELD, &[(n % 7) as u8], || Worth::Parse).is_some();
            assert_eq!((0..5000).filter(is_kept).count(), 5000);
        }
    }
}
