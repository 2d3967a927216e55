//! Greece: AMKA of social security and AFM of taxes.

use super::check::{luhn, value, weighted};
use super::date::{is_date_in_some_century, pairs};
use super::{Scheme, Shape};

/// ΑΜΚΑ: birth, a serial and a Luhn digit.
///
/// # Source
/// ΗΔΙΚΑ, ΑΜΚΑ; law 3655/2008, article 153.
pub(super) const AMKA: Scheme =
    // 3.65 % of dates × one Luhn digit.
    Scheme::person("gr_amka", "GR", 0.0037)
        .written(&[Shape::new("dddddd ddddd")])
        .checked(|amka| {
            let [day, month, year] = pairs(amka);
            is_date_in_some_century(year, month, day) && luhn(amka)
        });

/// ΑΦΜ: nine digits, of people and of companies.
///
/// # Source
/// ΑΑΔΕ; VIES, algorithms, EL.
pub(super) const AFM: Scheme =
    // One check digit.
    Scheme::person("gr_afm", "GR", 0.1).written(&[Shape::new("ddd ddd ddd")]).checked(is_afm);

pub(super) fn is_afm(afm: &[u8]) -> bool {
    weighted(&afm[..8], &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == value(afm[8])
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, close};
    use super::{AFM, AMKA, luhn};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &AMKA,
            valid: &[
                ("01013099997", "01013099997"),
                ("010130-99997", "01013099997"),
                ("01015734500", "01015734500"),
            ],
            invalid: &["01013099999", "32013099991", "0101309999"],
            generate: |source| {
                let (year, month, day) = source.date(1930, 2024);
                let serial = source.digits(4);
                close(&format!("{day:02}{month:02}{:02}{serial}", year % 100), luhn)
            },
            missed: 0.0,
        },
        Case {
            scheme: &AFM,
            valid: &[
                ("094259216", "094259216"),
                ("094 259 216", "094259216"),
                ("123456783", "123456783"),
            ],
            invalid: &["123456781", "94259216", "000000000"],
            generate: |source| {
                let body = source.digits(8);
                let sum = body.chars().fold(0, |sum, c| 2 * (sum + c.to_digit(10).unwrap()));
                format!("{body}{}", sum % 11 % 10)
            },
            // 0 stands for two remainders.
            missed: 0.025,
        },
    ];
}
