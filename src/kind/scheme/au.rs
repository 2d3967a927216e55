//! Australia: tax file numbers and Medicare cards.

use super::check::{value, weighted};
use super::{Scheme, Shape};

/// Tax file number: nine digits whose weighted sum is a multiple of 11.
///
/// # Source
/// Income Tax Assessment Act 1936, part VA; Australian Taxation Office, TFN algorithm.
pub(super) const TFN: Scheme =
    // One remainder of 11.
    Scheme::person("au_tfn", "AU", 0.091)
        .written(&[Shape::new("ddd ddd ddd")])
        .checked(|tfn| weighted(tfn, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11));

/// Medicare card: eight digits from 2 to 6 on, their check digit, the issue of the card, and
/// perhaps the place of the person on it.
///
/// # Source
/// Australian Institute of Health and Welfare, METeOR 270101: Person—government funding identifier,
/// Medicare card number.
pub(super) const MEDICARE: Scheme =
    // 5 of 10 first digits × one check digit × 9 of 10 issues.
    Scheme::person("au_medicare", "AU", 0.045)
        .written(&[Shape::new("dddd ddddd d"), Shape::new("dddd ddddd d/d")])
        .checked(|card| {
            (b'2'..=b'6').contains(&card[0])
                && weighted(&card[..8], &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == value(card[8])
                && card[9..].iter().all(|digit| *digit != b'0')
        });

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::{MEDICARE, TFN};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &TFN,
            valid: &[
                ("123 456 782", "123456782"), // Australian Taxation Office, test data
                ("459599230", "459599230"),
                ("876-543-210", "876543210"),
            ],
            invalid: &["123456783", "000000000", "12345678", "1234567820"],
            generate: |source| {
                source.until(|source| {
                    let body = format!("{}{}", source.pick("12345678"), source.digits(7));
                    // Ten times the last digit is minus the digit, modulo 11.
                    let last = dot(&body, &[1, 4, 3, 7, 5, 8, 6, 9]) % 11;
                    (last < 10).then(|| format!("{body}{last}"))
                })
            },
            missed: 0.0,
        },
        Case {
            scheme: &MEDICARE,
            valid: &[
                ("2123 45670 1", "2123456701"),
                ("2428 77813 2/1", "24287781321"),
                ("2428778132", "2428778132"),
            ],
            invalid: &["2123 45671 1", "1123 45670 1", "2123 45670 0", "212345670"],
            generate: |source| {
                let body = format!("{}{}", source.pick("23456"), source.digits(7));
                let check = dot(&body, &[1, 3, 7, 9, 1, 3, 7, 9]) % 10;
                format!("{body}{check}{}", source.pick("123456789"))
            },
            // Nothing checks the issue.
            missed: 0.12,
        },
    ];
}
