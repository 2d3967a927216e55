//! A set of words that says of most others at once that they are not in it.

/// Which combinations of first byte, last byte and length occur among some words. Most words of a
/// text end here, before one is copied, hashed or compared.
#[derive(Debug, Clone)]
pub struct Sieve([u64; BITS / 64]);

const BITS: usize = 16_384;

impl Sieve {
    /// That of no words.
    pub const EMPTY: Self = Self([0; BITS / 64]);

    /// The sieve of these words and `word`, which is in lower case and not empty.
    #[must_use]
    pub const fn with(mut self, word: &[u8]) -> Self {
        let bit = bit_of(word[0], word[word.len() - 1], word.len());
        self.0[bit / 64] |= 1 << (bit % 64);
        self
    }

    /// Whether `word`, with ASCII letters in any case, may be one of them.
    #[must_use]
    pub fn may_hold(&self, word: &[u8]) -> bool {
        let (Some(first), Some(last)) = (word.first(), word.last()) else { return false };
        let bit = bit_of(first.to_ascii_lowercase(), last.to_ascii_lowercase(), word.len());
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }
}

/// The place of a word among the combinations.
const fn bit_of(first: u8, last: u8, length: usize) -> usize {
    (first as usize * 67 + last as usize * 3 + length * 1031) % BITS
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
