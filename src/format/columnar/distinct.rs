//! Texts that come again, each kept once.

use std::hint::black_box;

use super::texts::{Span, Texts};
use crate::kind::hash;

/// Most bytes kept. What comes behind them is not kept, and so not known again.
const MAX_BYTES: usize = 32 << 20;
/// How far a text may lie from where its hash says. Nobody gets there by chance: whoever makes texts
/// of one hash has them looked at one by one.
const MAX_STEPS: usize = 1024;

/// How many texts are hashed before the first of them is looked up.
pub const AHEAD: usize = 64;

/// The distinct texts of a chunk, numbered in the order in which they came. They may be personal
/// data, so there is no `Debug`.
#[derive(Default)]
pub struct DistinctTexts {
    bytes: Vec<u8>,
    spans: Vec<Span>,
    /// A third of them is free, at least: the number of a text behind the upper half of its hash.
    slots: Vec<u64>,
}

/// No number is as large.
const FREE: u64 = u64::MAX;

impl DistinctTexts {
    /// The number of `text`, and whether it is new; nothing where there is no room for it.
    pub fn place(&mut self, text: &[u8]) -> Option<(u32, bool)> {
        self.place_within(text, hash::of(text), MAX_BYTES)
    }

    /// The same, given its hash.
    pub fn place_hashed(&mut self, text: &[u8], hash: u64) -> Option<(u32, bool)> {
        self.place_within(text, hash, MAX_BYTES)
    }

    /// The hashes of the [`AHEAD`] texts from `first` on, those behind the last apart.
    ///
    /// What is known under them is touched meanwhile: a table of many texts lies far away in memory,
    /// and waiting for several parts of it at once takes no longer than waiting for one.
    #[must_use]
    pub fn hashes(&self, texts: Texts<'_>, first: usize) -> [u64; AHEAD] {
        let mut hashes = [0; AHEAD];
        let ahead = &texts.spans[first..texts.spans.len().min(first + AHEAD)];
        for (hash, span) in hashes.iter_mut().zip(ahead) {
            *hash = hash::of(&texts.bytes[span.start as usize..span.end as usize]);
        }
        self.touch(&hashes);
        hashes
    }

    /// The same where there is room for 4 GiB. A text may get a second number, against all odds.
    pub fn place_anyway(&mut self, text: &[u8]) -> Option<(u32, bool)> {
        let anywhere = u32::MAX as usize;
        let placed = self.place_within(text, hash::of(text), anywhere);
        placed.or_else(|| Some((self.push(text, anywhere)?, true)))
    }

    /// Brings near what is known under `hashes`: all slots first, then all texts.
    fn touch(&self, hashes: &[u64; AHEAD]) {
        let Some(mask) = self.slots.len().checked_sub(1) else { return };
        let mut starts = [0; AHEAD];
        for (start, hash) in starts.iter_mut().zip(hashes) {
            let number = self.slots[(hash >> 32) as usize & mask] as u32;
            *start = self.spans.get(number as usize).map_or(0, |span| span.start);
        }
        let touched = starts.map(|start| self.bytes.get(start as usize).copied().unwrap_or(0));
        black_box(touched);
    }

    /// Bytes that they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    fn place_within(&mut self, text: &[u8], hash: u64, max_bytes: usize) -> Option<(u32, bool)> {
        if self.spans.len() * 3 >= self.slots.len() * 2 {
            self.grow();
        }
        let hash = hash >> 32;
        let mask = self.slots.len() - 1;
        for step in 0..MAX_STEPS {
            let slot = (hash as usize + step) & mask;
            let known = self.slots[slot];
            if known == FREE {
                let number = self.push(text, max_bytes)?;
                self.slots[slot] = hash << 32 | u64::from(number);
                return Some((number, true));
            }
            if known >> 32 == hash
                && self.texts().at((known & u64::from(u32::MAX)) as usize) == text
            {
                return Some((known as u32, false));
            }
        }
        None
    }

    /// All of them, by number.
    #[must_use]
    pub fn texts(&self) -> Texts<'_> {
        Texts { bytes: &self.bytes, spans: &self.spans }
    }

    fn push(&mut self, text: &[u8], max_bytes: usize) -> Option<u32> {
        let start = self.bytes.len() + Texts::GAP.len();
        if start + text.len() > max_bytes {
            return None;
        }
        self.bytes.extend_from_slice(&Texts::GAP);
        self.bytes.extend_from_slice(text);
        self.spans.push(Span { start: start as u32, end: self.bytes.len() as u32 });
        Some(self.spans.len() as u32 - 1)
    }

    fn grow(&mut self) {
        let length = (self.slots.len() * 2).max(1024);
        let known = std::mem::replace(&mut self.slots, vec![FREE; length]);
        for entry in known.into_iter().filter(|entry| *entry != FREE) {
            let mut slot = (entry >> 32) as usize & (length - 1);
            while self.slots[slot] != FREE {
                slot = (slot + 1) & (length - 1);
            }
            self.slots[slot] = entry;
        }
    }
}

/// How often texts came, and how many of them there are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Repetition {
    pub texts: u64,
    pub distinct: u64,
}

impl Repetition {
    /// Fewer texts say nothing.
    pub const TRIAL: u64 = 1 << 14;

    /// That of texts that came so many times each.
    pub fn of(times: impl Iterator<Item = u64>) -> Self {
        times.fold(Self::default(), |Self { texts, distinct }, times| Self {
            texts: texts + times,
            distinct: distinct + u64::from(times > 0),
        })
    }

    /// Whether enough of `expected` texts come again that knowing them is worth its price.
    ///
    /// Of *n* texts drawn from *u* different ones, *n*²/2*u* come again at first (the birthday
    /// problem), and if *u* is up to twice `expected`, a fifth of those to come will.
    #[must_use]
    pub fn is_worth(&self, expected: u64) -> bool {
        let again = self.texts.saturating_sub(self.distinct);
        u128::from(self.texts).pow(2) <= u128::from(again) * u128::from(expected) * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_kept_once() {
        let mut known = DistinctTexts::default();
        let texts: Vec<String> = (0..5000).map(|n| format!("text {}", n % 2500)).collect();
        for (n, text) in texts.iter().enumerate() {
            let expected = ((n % 2500) as u32, n < 2500);
            assert_eq!(known.place(text.as_bytes()), Some(expected));
        }
        assert_eq!(known.texts().at(1), b"text 1");
        assert_eq!(known.place(b""), Some((2500, true)));
        assert_eq!(known.place(b""), Some((2500, false)));
    }

    #[test]
    fn what_has_no_room_is_not_known_again() {
        let mut known = DistinctTexts::default();
        let long = vec![b'x'; MAX_BYTES];
        assert_eq!((known.place(&long), known.place(&long)), (None, None));
        assert_eq!(known.place(b"x"), Some((0, true)));
    }

    #[test]
    fn texts_that_come_again_are_worth_knowing() {
        let of = |texts, distinct| Repetition { texts, distinct };
        assert!(of(40_000, 35_000).is_worth(500_000));
        assert!(!of(40_000, 40_000).is_worth(500_000));
        assert!(!of(40_000, 39_999).is_worth(500_000));
    }
}
