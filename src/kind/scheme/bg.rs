//! Bulgaria: the EGN, and the checks of the VAT number.

use super::check::{mod_11, two_passes, value, weighted};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// Единен граждански номер: birth, with the century in the month, a serial and a check digit.
///
/// # Source
/// Закон за гражданската регистрация, article 11; ГРАО, structure of the EGN.
pub(super) const EGN: Scheme =
    // 36 of 100 months × 30.4 of 100 days × one check digit.
    Scheme::person("bg_egn", "BG", 0.011)
        .written(&[Shape::new("dddddd ddd d")])
        .checked(is_egn);

pub(super) fn is_egn(egn: &[u8]) -> bool {
    let [year, month, day] = pairs(egn);
    let (century, month) = match month {
        0..=20 => (1900, month),
        21..=40 => (1800, month - 20),
        _ => (2000, month - 40),
    };
    is_date(century + year, month, day)
        && weighted(&egn[..9], &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == value(egn[9])
}

/// Whether ten digits are the number of a foreigner with residence (ЛНЧ).
///
/// # Source
/// Закон за чужденците; VIES, algorithms, BG physical persons and foreigners.
pub(super) fn is_foreigner(digits: &[u8]) -> bool {
    weighted(&digits[..9], &[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 == value(digits[9])
}

/// Whether nine or ten digits are the number of an organisation: BULSTAT, or another taxpayer.
///
/// # Source
/// Закон за регистър БУЛСТАТ; VIES, algorithms, BG legal entities and miscellaneous.
pub(super) fn is_vat_of_organisation(digits: &[u8]) -> bool {
    let Some((&last, body)) = digits.split_last() else { return false };
    let check = match digits.len() {
        9 => two_passes(body, &[1, 2, 3, 4, 5, 6, 7, 8], &[3, 4, 5, 6, 7, 8, 9, 10]),
        _ => mod_11(body, &[4, 3, 2, 7, 6, 5, 4, 3, 2]),
    };
    check == value(last)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::EGN;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &EGN,
        valid: &[
            ("752316 926 3", "7523169263"), // born in 1875
            ("8032056031", "8032056031"),
            ("7542011030", "7542011030"), // born in 2075
            ("7501020018", "7501020018"),
        ],
        invalid: &["7552A10004", "8019010008", "7523169264"],
        generate: |source| {
            let (year, month, day) = source.date(1850, 2050);
            let month = month + [20, 0, 40][(year / 100 - 18) as usize];
            let body = format!("{:02}{month:02}{day:02}{}", year % 100, source.digits(3));
            format!("{body}{}", dot(&body, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10)
        },
        // 0 stands for two remainders.
        missed: 0.012,
    }];
}
