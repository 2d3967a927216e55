//! Poland: PESEL, and the check of the NIP.

use super::check::{value, weighted};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// PESEL: birth, with the century in the month, a serial and a check digit.
///
/// # Source
/// Ustawa z dnia 24 września 2010 r. o ewidencji ludności, articles 15 and 19.
pub(super) const PESEL: Scheme =
    // 60 of 100 months × 30.4 of 100 days × one check digit.
    Scheme::person("pl_pesel", "PL", 0.0183)
        .written(&[Shape::new("ddddddddddd")])
        .checked(|pesel| {
            let [year, month, day] = pairs(pesel);
            let century = [1900, 2000, 2100, 2200, 1800][(month / 20) as usize];
            is_date(century + year, month % 20, day)
                && weighted(pesel, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
        });

/// Whether ten digits are a NIP.
///
/// # Source
/// Ustawa z dnia 13 października 1995 r. o zasadach ewidencji i identyfikacji podatników.
pub(super) fn is_vat(nip: &[u8]) -> bool {
    weighted(&nip[..9], &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == value(nip[9])
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::PESEL;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &PESEL,
        valid: &[
            ("44051401359", "44051401359"),
            ("02070803628", "02070803628"), // gov.pl
            ("02211307589", "02211307589"), // born in 2002
        ],
        invalid: &["44051401358", "02381307589", "4405140135"],
        generate: |source| {
            let (year, month, day) = source.date(1900, 2099);
            let month = if year < 2000 { month } else { month + 20 };
            let body = format!("{:02}{month:02}{day:02}{}", year % 100, source.digits(4));
            format!("{body}{}", (10 - dot(&body, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10)
        },
        missed: 0.0,
    }];
}
