//! Romania: the CNP, and the check of the tax number.

use super::check::{small, value, weighted};
use super::date::{is_date, is_date_in_some_century, pairs};
use super::{Scheme, Shape};

/// Cod numeric personal: sex and century, birth, county, a serial and a check digit.
///
/// # Source
/// Ordonanța de urgență 97/2005; Legea 105/1996, annex (check digit).
pub(super) const CNP: Scheme =
    // 9 of 10 first digits × 3.65 % of dates × 55 of 100 counties × one check digit.
    Scheme::person("ro_cnp", "RO", 0.0018)
        .written(&[Shape::new("d dddddd dd ddd d")])
        .checked(is_cnp);

pub(super) fn is_cnp(cnp: &[u8]) -> bool {
    let [year, month, day] = pairs(&cnp[1..]);
    let is_birth = match cnp[0] {
        b'1' | b'2' => is_date(1900 + year, month, day),
        b'3' | b'4' => is_date(1800 + year, month, day),
        b'5' | b'6' => is_date(2000 + year, month, day),
        // Residents and other foreigners, of any century.
        b'7'..=b'9' => is_date_in_some_century(year, month, day),
        _ => false,
    };
    // Counties, the sectors of Bucharest, and 70 and 80 to 83 of numbers given centrally.
    let is_county = matches!(small(&cnp[7..9]), 1..=48 | 51 | 52 | 70 | 80..=83);
    let check = match weighted(&cnp[..12], &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 {
        10 => 1,
        check => check,
    };
    is_birth && is_county && check == value(cnp[12])
}

/// Whether two to ten digits are a tax number (CUI).
///
/// # Source
/// Codul fiscal, Legea 227/2015; VIES, algorithms, RO.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    let Some((&last, body)) = digits.split_last() else { return false };
    // The weights belong to the last digits, whatever the length.
    let weights = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let weights = &weights[weights.len().saturating_sub(body.len())..];
    digits[0] != b'0' && 10 * weighted(body, weights) % 11 % 10 == value(last)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::CNP;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &CNP,
        valid: &[
            ("1630615123457", "1630615123457"),
            ("1 630615 12 345 7", "1630615123457"),
            ("1800101221144", "1800101221144"),
        ],
        invalid: &["0800101221142", "1632215123457", "1630615993454", "1630615123458"],
        generate: |source| {
            let (year, month, day) = source.date(1850, 2024);
            let first = [3, 1, 5][(year / 100 - 18) as usize] + source.below(2);
            let (county, serial) = (1 + source.below(46), 1 + source.below(999));
            let body = format!("{first}{:02}{month:02}{day:02}{county:02}{serial:03}", year % 100);
            let check = match dot(&body, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 {
                10 => 1,
                check => check,
            };
            format!("{body}{check}")
        },
        // 1 stands for two remainders.
        missed: 0.015,
    }];
}
