//! A hash without a key: for samples that must be the same in every run, and for tables whose words
//! this program chose, where nobody can make them collide. It never leaves memory.

use std::hash::{BuildHasherDefault, Hasher};

/// For tables of words that are known at start.
pub type WordHash = BuildHasherDefault<WordHasher>;

/// Eight bytes at a time, then the finaliser of SplitMix64 (G. L. Steele et al., 2014).
#[must_use]
pub fn of(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |hash: u64, eight: u64| (hash ^ eight).wrapping_mul(MULTIPLIER).rotate_left(29);
    let mut hash = bytes.len() as u64;
    for eight in bytes.as_chunks::<8>().0 {
        hash = mix(hash, u64::from_le_bytes(*eight));
    }
    hash = mix(hash, rest_of(bytes));
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

/// The same for longer texts, of which four eights are mixed at a time.
#[must_use]
pub fn of_long(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let (blocks, rest) = bytes.as_chunks::<32>();
    let mut lanes = [1u64, 2, 3, 4];
    for block in blocks {
        for (lane, eight) in lanes.iter_mut().zip(block.as_chunks::<8>().0) {
            let mixed = (*lane ^ u64::from_le_bytes(*eight)).wrapping_mul(MULTIPLIER);
            *lane = mixed.rotate_left(29);
        }
    }
    lanes.iter().fold(of(rest), |hash, lane| (hash ^ lane).wrapping_mul(MULTIPLIER).rotate_left(31))
}

/// The bytes behind the last whole eight, zeros behind them. Read without a copy of so many bytes, which
/// would take longer than all else for the short values that there are most of.
#[must_use]
#[inline]
pub fn rest_of(bytes: &[u8]) -> u64 {
    let rest = bytes.len() % 8;
    if let Some(last) = bytes.last_chunk::<8>() {
        // They are the highest of the last eight.
        return u64::from_le_bytes(*last).checked_shr(64 - 8 * rest as u32).unwrap_or(0);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        // What is in both comes to lie on itself.
        let [first, last] = [first, last].map(|four| u64::from(u32::from_le_bytes(*four)));
        return first | last << (8 * (rest - 4));
    }
    bytes.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte))
}

/// [`of`] for hash tables of the standard library.
#[derive(Debug, Clone, Copy, Default)]
pub struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.rotate_left(5) ^ of(bytes);
    }

    /// The mark that ends a text: one word is hashed, and its length is in its hash.
    fn write_u8(&mut self, _end: u8) {}

    /// The length of a slice, for the same reason.
    fn write_usize(&mut self, _length: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_what_is_behind_the_last_whole_eight() {
        let bytes: Vec<u8> = (1..=40).collect();
        for length in 0..bytes.len() {
            let bytes = &bytes[..length];
            let mut rest = [0; 8];
            rest[..length % 8].copy_from_slice(&bytes[length - length % 8..]);
            assert_eq!(rest_of(bytes), u64::from_le_bytes(rest), "{length}");
        }
    }
}
