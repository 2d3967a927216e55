//! Malta: the identity card number, and the check of the VAT number.

use super::check::{small, weighted};
use super::{Scheme, Shape};

/// Identity card number: up to seven digits, the last two the year of registration, and a letter.
///
/// # Source
/// Identity Card and other Identity Documents Act (chapter 258); European Commission, TIN, Malta.
pub(super) const ID: Scheme =
    // 8 of 26 letters; there is no check digit.
    Scheme::person("mt_id", "MT", 0.307)
        .written(&[Shape::new("ddddddd-a"), Shape::new("dddddd-a"), Shape::new("ddddd-a")])
        .completed(|id| id.pad(0, 8))
        .checked(|id| {
            &id[..5] != b"00000"
                && matches!(id[7], b'A' | b'B' | b'G' | b'H' | b'L' | b'M' | b'P' | b'Z')
        });

/// Whether eight digits are a VAT number.
///
/// # Source
/// Value Added Tax Act (chapter 406); VIES, algorithms, MT.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    let sum = weighted(&digits[..6], &[3, 4, 6, 7, 8, 9]) + small(&digits[6..]);
    // 37 minus a remainder: the last two digits are 1 to 37.
    digits[0] != b'0' && sum.is_multiple_of(37)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::ID;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &ID,
        valid: &[
            ("1234567A", "1234567A"), // European Commission
            ("48680M", "0048680M"),
            ("0123499-m", "0123499M"),
        ],
        invalid: &["1234567C", "12345678", "0000001M", "12345678A"],
        generate: |source| {
            format!(
                "{:05}{}{}",
                1 + source.below(99_999),
                source.digits(2),
                source.pick("ABGHLMPZ")
            )
        },
        missed: 1.0,
    }];
}
