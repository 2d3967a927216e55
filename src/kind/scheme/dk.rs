//! Denmark: the CPR number, and the check of the CVR number.

use super::check::{small, weighted};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// CPR number: birth and a serial, whose first digit tells the century.
///
/// The check digit modulo 11 was given up in 2007, and nothing in a number says whether it has one.
///
/// # Source
/// CPR-loven; CPR-kontoret, Personnummeret i CPR.
pub(super) const CPR: Scheme =
    // 365.25 of 10 000 days and months.
    Scheme::person("dk_cpr", "DK", 0.0366)
        .written(&[Shape::new("dddddd-dddd")])
        .checked(|cpr| {
            let [day, month, year] = pairs(cpr);
            let century = match (small(&cpr[6..7]), year) {
                (0..=3, _) | (4 | 9, 37..) => 1900,
                (5..=8, 58..) => 1800,
                _ => 2000,
            };
            is_date(century + year, month, day)
        });

/// Whether eight digits are a CVR number.
///
/// # Source
/// CVR-loven; Erhvervsstyrelsen, CVR-nummerets opbygning.
pub(super) fn is_vat(cvr: &[u8]) -> bool {
    cvr[0] != b'0' && weighted(cvr, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::CPR;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &CPR,
        valid: &[
            ("211062-5629", "2110625629"),
            ("070761-4285", "0707614285"), // CPR-kontoret
            ("290200-4004", "2902004004"), // a leap day
        ],
        invalid: &["511062-5629", "310461-4285", "290200-0004", "21106-25629"],
        generate: |source| {
            let (year, month, day) = source.date(1858, 2057);
            let century = source.pick(match year {
                ..1900 | 2037.. => "5678",
                1900..1937 => "0123",
                1937..2000 => "012349",
                2000..2037 => "456789",
            });
            format!("{day:02}{month:02}{:02}{century}{}", year % 100, source.digits(3))
        },
        // There is no check digit.
        missed: 1.0,
    }];
}
