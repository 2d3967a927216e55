//! Luxembourg: the matricule, and the check of the VAT number.

use super::check::{luhn, small, verhoeff};
use super::date::is_date;
use super::{Scheme, Shape};

/// Matricule: birth with its whole year, a serial, a Luhn digit, and Verhoeff's of the same eleven.
///
/// # Source
/// Loi du 19 juin 2013 relative à l'identification des personnes physiques; règlement grand-ducal
/// du 28 novembre 2013, article 1; OECD, TIN, Luxembourg.
pub(super) const MATRICULE: Scheme =
    // 3 of 100 centuries × 3.65 % of dates × two check digits.
    Scheme::person("lu_matricule", "LU", 0.000_011)
        .written(&[Shape::new("dddd dd dd ddd dd")])
        .checked(|number| {
            let year = small(&number[..4]);
            (1800..2100).contains(&year)
                && is_date(year, small(&number[4..6]), small(&number[6..8]))
                && luhn(&number[..12])
                && verhoeff(&without_luhn_digit(number))
        });

/// The eleven digits and Verhoeff's.
fn without_luhn_digit(number: &[u8]) -> [u8; 12] {
    let mut rest = [0; 12];
    rest[..11].copy_from_slice(&number[..11]);
    rest[11] = number[12];
    rest
}

/// Whether eight digits are a VAT number: six and their remainder modulo 89.
///
/// # Source
/// Administration de l'enregistrement; VIES, algorithms, LU.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    small(&digits[..6]) % 89 == small(&digits[6..])
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, close};
    use super::{MATRICULE, luhn, verhoeff};

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &MATRICULE,
        valid: &[
            ("1893120105732", "1893120105732"), // OECD
            ("1893 12 01 057 32", "1893120105732"),
            ("2000 01 01 001 20", "2000010100120"),
        ],
        invalid: &["1893120105733", "1893120105742", "1893130105732", "189312010573"],
        generate: |source| {
            let (year, month, day) = source.date(1900, 2024);
            let body = format!("{year}{month:02}{day:02}{}", source.digits(3));
            let check = close(&body, verhoeff);
            format!("{}{}", close(&body, luhn), &check[11..])
        },
        missed: 0.0,
    }];
}
