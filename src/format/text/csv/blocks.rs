//! CSV by 64 bytes at a time: where its marks are as bits, and which of them stand between quotes.
//!
//! Where quotes stand only around cells, or doubled in them, a byte is between quotes if the number of
//! quotes before it is odd (G. Langdale and D. Lemire, "Parsing Gigabytes of JSON per Second", 2019).
//! Another quote is text to some readers and not to others, so it is seen here and not decided:
//! whoever asks goes on byte by byte.

use super::CsvDialect;

/// The bytes of a block, one bit each, the first the lowest.
pub(super) const LEN: usize = 64;

/// The marks of a block.
pub(super) struct Block {
    /// Delimiters and line ends that separate cells.
    pub(super) separators: u64,
    /// Of these, line ends.
    pub(super) line_ends: u64,
    /// The second of two quotes that stand for one.
    pub(super) doubled: u64,
}

/// Reads blocks that follow each other, from the start of a row on.
pub(super) struct Blocks {
    dialect: CsvDialect,
    /// All bits set behind an odd number of quotes.
    inside: u64,
    /// Whether the byte before is one that a quote may stand behind, and whether it is a quote.
    is_border: bool,
    is_quote: bool,
}

impl Blocks {
    pub(super) fn new(dialect: CsvDialect) -> Self {
        Self { dialect, inside: 0, is_border: true, is_quote: false }
    }

    /// The next block; nothing where a quote begins in the middle of a cell.
    #[inline]
    pub(super) fn next(&mut self, bytes: &[u8; LEN]) -> Option<Block> {
        let CsvDialect { delimiter, quote, .. } = self.dialect;
        let quotes = places(bytes, [quote]);
        let line_ends = places(bytes, *b"\n\r");
        let marks = places(bytes, [delimiter]) | line_ends;
        let inside = self.inside ^ parity(quotes);
        let opening = quotes & inside;
        let behind_border = (marks | quotes) << 1 | u64::from(self.is_border);
        if opening & !behind_border != 0 {
            return None;
        }
        let doubled = opening & (quotes << 1 | u64::from(self.is_quote));
        self.inside = if inside >> (LEN - 1) == 0 { 0 } else { u64::MAX };
        self.is_border = (marks | quotes) >> (LEN - 1) != 0;
        self.is_quote = quotes >> (LEN - 1) != 0;
        Some(Block { separators: marks & !inside, line_ends: line_ends & !inside, doubled })
    }
}

/// For each bit whether an odd number of bits is set up to it, itself included.
fn parity(mut bits: u64) -> u64 {
    if bits != 0 {
        for by in [1, 2, 4, 8, 16, 32] {
            bits ^= bits << by;
        }
    }
    bits
}

/// Where any of `wanted` is.
#[cfg(target_arch = "x86_64")]
#[inline]
#[expect(unsafe_code, reason = "intrinsics that every processor of the architecture has")]
fn places<const N: usize>(bytes: &[u8; LEN], wanted: [u8; N]) -> u64 {
    // SAFETY: SSE2 is a part of x86-64.
    unsafe { places_by_sse2(bytes, wanted) }
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "sse2")]
fn places_by_sse2<const N: usize>(bytes: &[u8; LEN], wanted: [u8; N]) -> u64 {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
        _mm_setzero_si128,
    };
    let wanted = wanted.map(|byte| _mm_set1_epi8(byte.cast_signed()));
    let (eights, _) = bytes.as_chunks::<8>();
    let (pairs, _) = eights.as_chunks::<2>();
    pairs.iter().rev().fold(0, |bits, pair| {
        let [low, high] = pair.map(i64::from_le_bytes);
        let bytes = _mm_set_epi64x(high, low);
        let none = _mm_setzero_si128();
        let is_equal = |any, wanted| _mm_or_si128(any, _mm_cmpeq_epi8(bytes, wanted));
        let equal = wanted.into_iter().fold(none, is_equal);
        bits << 16 | u64::from(_mm_movemask_epi8(equal).cast_unsigned())
    })
}

/// Where any of `wanted` is.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
fn places<const N: usize>(bytes: &[u8; LEN], wanted: [u8; N]) -> u64 {
    wanted.into_iter().fold(0, |places, byte| places | places_by_words(bytes, byte))
}

/// Where `byte` is, by eight bytes at a time.
///
/// # Source
/// H. S. Warren, Hacker's Delight, 2nd ed., section 6-1, for bytes that are zero.
#[cfg(any(not(target_arch = "x86_64"), test))]
fn places_by_words(bytes: &[u8; LEN], byte: u8) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    // Brings the highest bit of each byte into the highest byte, in their order.
    const GATHER: u64 = 0x0002_0408_1020_4081;
    let (eights, _) = bytes.as_chunks::<8>();
    eights.iter().rev().fold(0, |bits, eight| {
        let differs = u64::from_le_bytes(eight.map(|other| other ^ byte));
        let equal = !(((differs & LOW) + LOW) | differs | LOW);
        bits << 8 | (equal >> 7).wrapping_mul(GATHER << 7) >> 56
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn places_are_those_of_the_byte(bytes in any::<[u8; 32]>(), byte: u8, mask: u64) {
            let block: [u8; LEN] =
                std::array::from_fn(|at| if mask >> at & 1 == 1 { byte } else { bytes[at % 32] });
            let places_one_by_one =
                (0..LEN).fold(0, |bits, at| bits | u64::from(block[at] == byte) << at);
            prop_assert_eq!(places(&block, [byte]), places_one_by_one);
            prop_assert_eq!(places_by_words(&block, byte), places_one_by_one);
            let other = bytes[0];
            let either = places_one_by_one | places_by_words(&block, other);
            prop_assert_eq!(places(&block, [byte, other]), either);
        }

        #[test]
        fn parity_is_that_of_the_bits_up_to_each(bits: u64) {
            let odd = |at: usize| (bits << (LEN - 1 - at)).count_ones() % 2 == 1;
            let one_by_one = (0..LEN).fold(0, |all, at| all | u64::from(odd(at)) << at);
            prop_assert_eq!(parity(bits), one_by_one);
        }
    }
}
