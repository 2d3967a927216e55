//! A set of words that says of most others at once that they are not in it.

/// The hashes of some words, a Bloom filter of one block a word (F. Putze et al., 2007). Most words of a
/// text end here, before one is copied or compared: a few in a hundred pass beside a few thousand words,
/// and hardly any beside a hundred.
#[derive(Debug, Clone)]
pub struct Sieve([u64; BLOCKS]);

const BLOCKS: usize = 512;

impl Sieve {
    /// That of no words.
    pub const EMPTY: Self = Self([0; BLOCKS]);

    /// The sieve of these words and `word`, which is in lower case and not empty.
    #[must_use]
    pub const fn with(mut self, word: &[u8]) -> Self {
        self.add(Spot::of(word));
        self
    }

    /// Adds the word that has this spot.
    pub(super) const fn add(&mut self, spot: Spot) {
        self.0[spot.block()] |= spot.bits();
    }

    /// Whether `word`, with ASCII letters in any case, may be one of them.
    #[inline]
    #[must_use]
    pub fn may_hold(&self, word: &[u8]) -> bool {
        self.has(Spot::of(word)) && !word.is_empty()
    }

    /// The same of the word that has this spot.
    #[inline]
    pub(super) const fn has(&self, spot: Spot) -> bool {
        let bits = spot.bits();
        self.0[spot.block()] & bits == bits
    }
}

/// Where a word is looked for: a hash of its length and of its first and last four bytes, in any case.
#[derive(Clone, Copy)]
pub(super) struct Spot(u64);

impl Spot {
    #[inline]
    pub(super) const fn of(word: &[u8]) -> Self {
        /// What tells capitals from small letters. Other bytes lose it, too, and only meet more others.
        const CASE: u64 = 0x2020_2020_2020_2020;
        const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
        let ends = match (word.first_chunk::<4>(), word.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                (u32::from_le_bytes(*first) as u64) << 32 | u32::from_le_bytes(*last) as u64
            }
            _ => match word {
                [a] => *a as u64,
                [a, b] => (*a as u64) << 8 | *b as u64,
                [a, b, c] => (*a as u64) << 16 | (*b as u64) << 8 | *c as u64,
                _ => 0,
            },
        };
        Self(((ends | CASE) ^ ((word.len() as u64) << 59)).wrapping_mul(MULTIPLIER))
    }

    /// Its block in a sieve.
    #[inline]
    const fn block(self) -> usize {
        (self.0 >> (64 - BLOCKS.ilog2())) as usize
    }

    /// Its two bits there.
    #[inline]
    const fn bits(self) -> u64 {
        1 << (self.0 >> 49 & 63) | 1 << (self.0 >> 43 & 63)
    }

    /// Its slot in a table.
    #[inline]
    pub(super) const fn slot(self) -> usize {
        (self.0 >> 40) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_pass_in_any_case_and_most_others_do_not() {
        let sieve = Sieve::EMPTY.with(b"phone").with(b"tel").with("été".as_bytes());
        for word in ["phone", "Phone", "TEL", "été"] {
            assert!(sieve.may_hold(word.as_bytes()), "{word}");
        }
        for word in ["", "order", "phones", "a"] {
            assert!(!sieve.may_hold(word.as_bytes()), "{word}");
        }
    }
}
