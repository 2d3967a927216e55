//! Flags of bytes as bits of a number.

/// The lowest bit of each of eight bytes, the first byte's the lowest: a multiplication brings them together.
///
/// # Source
/// H. S. Warren, Hacker's Delight, 2nd ed., section 7-3.
#[inline]
#[must_use]
pub const fn gathered(eight: u64) -> u64 {
    const LOWEST: u64 = 0x0101_0101_0101_0101;
    const SPREAD: u64 = 0x0102_0408_1020_4080;
    (eight & LOWEST).wrapping_mul(SPREAD) >> 56
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_byte_has_its_bit(bytes: [u8; 8]) {
            let bit = |place: usize| u64::from(bytes[place] & 1) << place;
            prop_assert_eq!(gathered(u64::from_le_bytes(bytes)), (0..8).map(bit).sum::<u64>());
        }
    }
}
