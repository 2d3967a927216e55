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
        let (block, bits) = place_of(word);
        self.0[block] |= bits;
        self
    }

    /// Whether `word`, with ASCII letters in any case, may be one of them.
    #[inline]
    #[must_use]
    pub fn may_hold(&self, word: &[u8]) -> bool {
        let (block, bits) = place_of(word);
        !word.is_empty() && self.0[block] & bits == bits
    }
}

/// The block of a word and its two bits there, by a hash of its length and of its first and last four
/// bytes, in any case.
#[inline]
const fn place_of(word: &[u8]) -> (usize, u64) {
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
    let hash = ((ends | CASE) ^ ((word.len() as u64) << 59)).wrapping_mul(MULTIPLIER);
    let block = hash >> (64 - BLOCKS.ilog2());
    (block as usize, 1 << (hash >> 49 & 63) | 1 << (hash >> 43 & 63))
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
