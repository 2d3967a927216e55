//! A hash without a key: for samples that must be the same in every run, and for tables whose words
//! this program chose, where nobody can make them collide. It never leaves memory.

use std::hash::{BuildHasherDefault, Hasher};

/// For tables of words that are known at start.
pub type WordHash = BuildHasherDefault<WordHasher>;

/// Eight bytes at a time, then the finaliser of SplitMix64 (G. L. Steele et al., 2014).
#[must_use]
pub fn of(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let (eights, rest) = bytes.as_chunks::<8>();
    let mut last = [0u8; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mut hash = bytes.len() as u64;
    for eight in eights.iter().chain([&last]) {
        hash = (hash ^ u64::from_le_bytes(*eight)).wrapping_mul(MULTIPLIER).rotate_left(29);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
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
