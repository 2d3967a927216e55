//! Whole numbers of 256 bits: large enough to count the values of any pattern.
//!
//! A BBAN of thirty letters and digits has 36³⁰ values, which are 156 bits. Two operations are all
//! that counting takes: times a small number plus another, and divided by a small number.

/// A number from 0 to 2²⁵⁶ − 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number {
    // In this order, so that the derived comparison is that of numbers.
    high: u128,
    low: u128,
}

impl Number {
    pub(super) const ZERO: Self = Self { high: 0, low: 0 };

    pub(super) fn new(value: u64) -> Self {
        Self { high: 0, low: value.into() }
    }

    /// `self × factor + addend`; nothing where that is 2²⁵⁶ or more.
    pub(super) fn times_plus(self, factor: u64, addend: u64) -> Option<Self> {
        let (mut limbs, mut carry) = (self.limbs(), u128::from(addend));
        for limb in limbs.iter_mut().rev() {
            // At most (2⁶⁴ − 1)² + 2⁶⁴ − 1, which is less than 2¹²⁸.
            let product = u128::from(*limb) * u128::from(factor) + carry;
            (*limb, carry) = (product as u64, product >> 64);
        }
        (carry == 0).then(|| Self::from_limbs(limbs))
    }

    /// Quotient and remainder. `divisor` is not zero.
    pub(super) fn divided_by(self, divisor: u64) -> (Self, u64) {
        let (mut limbs, mut rest) = (self.limbs(), 0);
        for limb in &mut limbs {
            let dividend = rest << 64 | u128::from(*limb);
            // The rest is less than the divisor, so the quotient is one limb.
            *limb = (dividend / u128::from(divisor)) as u64;
            rest = dividend % u128::from(divisor);
        }
        (Self::from_limbs(limbs), rest as u64)
    }

    /// How many bits number the values below `self`: ⌈log₂ self⌉, and 0 for none.
    pub(super) fn bits_below(self) -> u32 {
        let last = Self {
            high: if self.low == 0 { self.high.saturating_sub(1) } else { self.high },
            low: if self.low == 0 && self.high == 0 { 0 } else { self.low.wrapping_sub(1) },
        };
        match last.high {
            0 => u128::BITS - last.low.leading_zeros(),
            high => 2 * u128::BITS - high.leading_zeros(),
        }
    }

    /// What is above the lowest `low_bits` bits, and those. `low_bits` is 1 to 128, and what is above
    /// has 128 bits at most.
    pub(super) fn split(self, low_bits: u32) -> (u128, u128) {
        if low_bits == u128::BITS {
            return (self.high, self.low);
        }
        let above = self.high << (u128::BITS - low_bits) | self.low >> low_bits;
        (above, self.low & mask(low_bits))
    }

    /// The number of which [`Self::split`] gives these two.
    pub(super) fn joined(above: u128, low: u128, low_bits: u32) -> Self {
        if low_bits == u128::BITS {
            return Self { high: above, low };
        }
        Self { high: above >> (u128::BITS - low_bits), low: above << low_bits | low }
    }

    /// Most significant first.
    fn limbs(self) -> [u64; 4] {
        [(self.high >> 64) as u64, self.high as u64, (self.low >> 64) as u64, self.low as u64]
    }

    fn from_limbs([a, b, c, d]: [u64; 4]) -> Self {
        let word = |high, low| u128::from(high) << 64 | u128::from(low);
        Self { high: word(a, b), low: word(c, d) }
    }
}

/// The lowest `bits` bits, 0 to 128 of them.
pub(super) fn mask(bits: u32) -> u128 {
    u128::MAX.checked_shr(u128::BITS - bits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(high: u128, low: u128) -> Number {
        Number { high, low }
    }

    #[test]
    fn bits_are_the_logarithm_rounded_up() {
        for (value, bits) in [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (1_000_000, 20)] {
            assert_eq!(Number::new(value).bits_below(), bits, "{value}");
        }
        assert_eq!(number(1, 0).bits_below(), 128);
        assert_eq!(number(1, 1).bits_below(), 129);
        assert_eq!(number(u128::MAX, u128::MAX).bits_below(), 256);
    }

    #[test]
    fn a_number_that_is_too_large_is_none() {
        let half = number(1 << 127, 0);
        assert_eq!(half.times_plus(2, 0), None);
        assert_eq!(number(u128::MAX, u128::MAX).times_plus(1, 1), None);
        assert_eq!(half.times_plus(1, 7), Some(number(1 << 127, 7)));
    }

    proptest! {
        #[test]
        fn arithmetic_is_that_of_numbers(low: u64, factor: u64, addend: u64, divisor in 1..=u64::MAX) {
            let product = Number::new(low).times_plus(factor, addend).unwrap();
            prop_assert_eq!(product.high, 0);
            let expected = u128::from(low) * u128::from(factor) + u128::from(addend);
            prop_assert_eq!(product.low, expected);
            let (quotient, rest) = product.divided_by(divisor);
            prop_assert_eq!(quotient.low, expected / u128::from(divisor));
            prop_assert_eq!(u128::from(rest), expected % u128::from(divisor));
        }

        #[test]
        fn multiplying_undoes_dividing(high: u128, low: u128, divisor in 1..=u64::MAX) {
            let (quotient, rest) = number(high, low).divided_by(divisor);
            prop_assert!(rest < divisor);
            prop_assert_eq!(quotient.times_plus(divisor, rest), Some(number(high, low)));
        }

        #[test]
        fn joining_undoes_splitting(high: u128, low: u128, low_bits in 1..=128_u32) {
            let whole = number(high & mask(low_bits), low);
            let (above, below) = whole.split(low_bits);
            prop_assert!(below <= mask(low_bits));
            prop_assert_eq!(Number::joined(above, below, low_bits), whole);
        }
    }
}
