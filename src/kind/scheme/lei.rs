//! Legal entity identifiers.

use super::check::mod_97;
use super::{Scheme, Shape};

/// Legal entity identifier: eighteen characters and two check digits.
///
/// # Source
/// ISO 17442-1:2020; ISO/IEC 7064, MOD 97-10.
pub(super) const LEI: Scheme =
    // 97 of 100 pairs of check digits are possible, one of them right.
    Scheme::organisation("lei", "ZZ", 0.01)
        .written(&[Shape::new("xxxx xxxx xxxx xxxx xxdd")])
        .checked(|lei| mod_97(lei) == 1);

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::LEI;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &LEI,
        valid: &[
            ("213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15"),
            ("5493 0084 UKLV MY22 DS16", "54930084UKLVMY22DS16"), // ISO 17442
            ("0ypkke5f0qw6rc51he09", "0YPKKE5F0QW6RC51HE09"),
        ],
        invalid: &["213800KUD8LXJWSQ9D15", "213800KUD8LAJWSQ9D1", "213800KUD8LAJWSQ9DA5"],
        generate: |source| {
            let body = source.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 18);
            let number: String =
                body.chars().map(|c| c.to_digit(36).unwrap().to_string()).collect();
            let rest =
                format!("{number}00").bytes().fold(0, |n, b| (n * 10 + u32::from(b) - 48) % 97);
            format!("{body}{:02}", 98 - rest)
        },
        missed: 0.0,
    }];
}
