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

/// Of each of eight bytes the highest bit, where it is one from `first` to `last`, both of ASCII; no other
/// bit.
#[inline]
#[must_use]
pub const fn highest_within(eight: u64, first: u8, last: u8) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    const ONES: u64 = 0x0101_0101_0101_0101;
    let low = eight & LOW;
    // What is added carries into the highest bit from `first` on, and from behind `last` on.
    let from_first = low + (0x80 - first) as u64 * ONES;
    let behind_last = low + (0x7F - last) as u64 * ONES;
    from_first & !behind_last & !eight & !LOW
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

        #[test]
        fn bytes_of_a_range_are_told(bytes: [u8; 8], first in 0_u8..128, more in 0_u8..128) {
            let last = first.saturating_add(more).min(127);
            let is_within = |byte: u8| (first..=last).contains(&byte);
            let expected = bytes.map(|byte| if is_within(byte) { 0x80 } else { 0 });
            let told = highest_within(u64::from_le_bytes(bytes), first, last);
            prop_assert_eq!(told.to_le_bytes(), expected);
        }
    }
}
