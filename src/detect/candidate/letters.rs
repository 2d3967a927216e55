//! Letters and digits of a short text: where its words are.

#[cfg(target_arch = "x86_64")]
use super::avx2;
use crate::kind::bits::{gathered, highest_within};

/// The longest text that is read, in bytes.
pub const LONGEST: usize = 64 * BLOCKS;
const BLOCKS: usize = 8;

/// Where letters and digits of ASCII are in a text, one bit a byte, the first the lowest: what words it has
/// is told by a few shifts.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Letters {
    pub(in crate::detect) letters: [u64; BLOCKS],
    pub(in crate::detect) digits: [u64; BLOCKS],
    /// Whether something else than ASCII is in the text.
    pub(in crate::detect) is_foreign: bool,
}

impl Letters {
    /// Those of `text`; of a longer one, those of its first [`LONGEST`] bytes.
    #[inline]
    #[must_use]
    pub fn of(text: &[u8]) -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let mut found = Self::default();
            if avx2::letters(text, &mut found) {
                return found;
            }
        }
        Self::portable(text)
    }

    /// The same without any instruction that not every processor has: for those, and to compare with.
    #[must_use]
    pub fn portable(text: &[u8]) -> Self {
        let mut found = Self::default();
        found.read(text, eight_by_eight);
        found
    }

    /// Reads `text` with what tells of 64 bytes which are letters, which digits and which no ASCII.
    #[inline(always)]
    pub(super) fn read(&mut self, text: &[u8], tell: impl Fn(&[u8; 64]) -> [u64; 3]) {
        let mut high = 0;
        let mut last = [0; 64];
        for (place, bytes) in text[..text.len().min(LONGEST)].chunks(64).enumerate() {
            let block = bytes.first_chunk().unwrap_or_else(|| {
                last[..bytes.len()].copy_from_slice(bytes);
                &last
            });
            let [letters, digits, others] = tell(block);
            (self.letters[place], self.digits[place]) = (letters, digits);
            high |= others;
        }
        self.is_foreign = high != 0;
    }
}

/// Eight bytes at a time, of which the highest bit of each says what it is.
fn eight_by_eight(block: &[u8; 64]) -> [u64; 3] {
    const LOWER: u64 = 0x2020_2020_2020_2020;
    let mut bits = [0; 3];
    for (place, eight) in block.as_chunks::<8>().0.iter().enumerate() {
        let value = u64::from_le_bytes(*eight);
        let letters = highest_within(value | LOWER, b'a', b'z');
        let digits = highest_within(value, b'0', b'9');
        for (bits, flags) in bits.iter_mut().zip([letters, digits, value]) {
            *bits |= gathered(flags >> 7) << (8 * place);
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn letters_and_digits_are_told_alike_everywhere(
            bytes in proptest::collection::vec(any::<u8>(), 0..=LONGEST),
            ascii in "[ -~]{0,300}",
        ) {
            for text in [&bytes[..], ascii.as_bytes()] {
                let bits = |is: fn(&u8) -> bool| {
                    let mut bits = [0; BLOCKS];
                    for (at, byte) in text.iter().enumerate() {
                        bits[at / 64] |= u64::from(is(byte)) << (at % 64);
                    }
                    bits
                };
                let expected = Letters {
                    letters: bits(u8::is_ascii_alphabetic),
                    digits: bits(u8::is_ascii_digit),
                    is_foreign: !text.is_ascii(),
                };
                prop_assert_eq!(&Letters::of(text), &expected);
                prop_assert_eq!(Letters::portable(text), expected);
            }
        }
    }
}
