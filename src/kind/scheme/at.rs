//! Austria: the social insurance number, and the check of the UID.

use super::check::{luhn_sum, value, weighted};
use super::date::{is_date_in_some_century, pairs};
use super::{Scheme, Shape};

/// Sozialversicherungsnummer: a serial, its check digit, and day, month and year of birth.
///
/// Where the serials of a day are used up, the months 13 to 15 continue it.
///
/// # Source
/// Dachverband der Sozialversicherungsträger, Versicherungsnummer; ASVG, § 31 Abs. 4 Z 1.
pub(super) const SVNR: Scheme =
    // 9 of 10 first digits × 4.6 % of dates × one remainder of 11.
    Scheme::person("at_svnr", "AT", 0.0038)
        .written(&[Shape::new("ddd d dd.dd.dd")])
        .checked(|svnr| {
            let [day, month, year] = pairs(&svnr[4..]);
            let is_birth = match month {
                13..=15 => (1..=31).contains(&day),
                month => is_date_in_some_century(year, month, day),
            };
            svnr[0] != b'0'
                && is_birth
                && weighted(svnr, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == value(svnr[3])
        });

/// Whether eight digits are those of a UID: by Luhn, 4 added.
///
/// # Source
/// Umsatzsteuergesetz 1994, Art. 28; Bundesministerium für Finanzen, UID-Konstruktionsregeln.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    (luhn_sum(&digits[..7]) + value(digits[7]) + 4).is_multiple_of(10)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::SVNR;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &SVNR,
        valid: &[
            ("1237 010180", "1237010180"),
            ("1237010180", "1237010180"),
            ("123 7 01.01.80", "1237010180"),
        ],
        invalid: &["2237 010180", "1237 310280", "0237 010180", "123701018"],
        generate: |source| {
            source.until(|source| {
                let (year, month, day) = source.date(1920, 2023);
                let serial = format!("{}", 100 + source.below(900));
                let birth = format!("{day:02}{month:02}{:02}", year % 100);
                let check = dot(&format!("{serial}{birth}"), &[3, 7, 9, 5, 8, 4, 2, 1, 6]) % 11;
                (check < 10).then(|| format!("{serial}{check}{birth}"))
            })
        },
        missed: 0.0,
    }];
}
