//! Latvia: the personas kods, and the check of the VAT number.

use super::check::{small, value, weighted};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// Personas kods: birth and the digit of its century, or since July 2017 a number from 32 that tells
/// nothing; a serial and a check digit.
///
/// # Source
/// Iedzīvotāju reģistra likums / Fizisko personu reģistra likums, 7. pants; Pilsonības un migrācijas
/// lietu pārvalde.
pub(super) const PK: Scheme =
    // (3.65 % of dates × 3 of 10 centuries, or 8 of 100 numbers) × one check digit.
    Scheme::person("lv_pk", "LV", 0.0091).written(&[Shape::new("dddddd-ddddd")]).checked(is_pk);

pub(super) fn is_pk(pk: &[u8]) -> bool {
    let [day, month, year] = pairs(pk);
    let century = 1800 + 100 * small(&pk[6..7]);
    let is_dated = century <= 2000 && is_date(century + year, month, day);
    let sum = 1 + weighted(pk, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
    (is_dated || (32..=39).contains(&day)) && sum % 11 % 10 == value(pk[10])
}

/// Whether eleven digits are the number of an organisation.
///
/// # Source
/// Pievienotās vērtības nodokļa likums; VIES, algorithms, LV.
pub(super) fn is_vat_of_organisation(digits: &[u8]) -> bool {
    digits[0] > b'3' && weighted(digits, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::PK;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &PK,
        valid: &[
            ("161175-19997", "16117519997"),
            ("16117519997", "16117519997"),
            ("328673-00679", "32867300679"),
        ],
        invalid: &["161375-19997", "328673-00677", "161175-19998", "161175-39997"],
        generate: |source| {
            let (year, month, day) = source.date(1900, 2017);
            let body = match source.below(2) {
                0 => format!("32{}", source.digits(8)),
                _ => format!(
                    "{day:02}{month:02}{:02}{}{}",
                    year % 100,
                    year / 100 - 18,
                    source.digits(3)
                ),
            };
            let sum = 1 + dot(&body, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
            format!("{body}{}", sum % 11 % 10)
        },
        // 0 stands for two remainders.
        missed: 0.02,
    }];
}
