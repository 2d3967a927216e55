//! A set of words that says of most others at once that they are not in it.

/// The hashes of some words. Most words of a text end here, before one is copied or compared: one in
/// ten passes beside a few thousand words, and hardly any beside a hundred.
#[derive(Debug, Clone)]
pub struct Sieve([u64; BITS / 64]);

const BITS: usize = 32_768;

impl Sieve {
    /// That of no words.
    pub const EMPTY: Self = Self([0; BITS / 64]);

    /// The sieve of these words and `word`, which is in lower case and not empty.
    #[must_use]
    pub const fn with(mut self, word: &[u8]) -> Self {
        let bit = bit_of(word);
        self.0[bit / 64] |= 1 << (bit % 64);
        self
    }

    /// Whether `word`, with ASCII letters in any case, may be one of them.
    #[inline]
    #[must_use]
    pub fn may_hold(&self, word: &[u8]) -> bool {
        let bit = bit_of(word);
        !word.is_empty() && self.0[bit / 64] >> (bit % 64) & 1 == 1
    }
}

/// The place of a word: a hash of its length and of its first and last four bytes, in any case.
#[inline]
const fn bit_of(word: &[u8]) -> usize {
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
    (hash >> (64 - BITS.ilog2())) as usize
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
