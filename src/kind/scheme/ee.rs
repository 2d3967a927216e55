//! Estonia: the isikukood, and the check of the VAT number. Lithuania's number is made alike.

use super::check::{small, two_passes, value, weighted};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// Isikukood: sex and century, birth, a serial and a check digit.
///
/// # Source
/// EVS 585:2007; Rahvastikuregistri seadus, § 39.
pub(super) const ISIKUKOOD: Scheme =
    // 8 of 10 centuries × 3.65 % of dates × one check digit.
    Scheme::person("ee_isikukood", "EE", 0.003)
        .written(&[Shape::new("d dddddd dddd")])
        .checked(|code| is_birth(code) && is_closed(code));

/// Whether the first seven digits are a sex and a date: 1 and 2 since 1800, up to 7 and 8 since
/// 2100.
pub(super) fn is_birth(code: &[u8]) -> bool {
    let [year, month, day] = pairs(&code[1..]);
    let century = match small(&code[..1]) {
        first @ 1..=8 => 1800 + (first - 1) / 2 * 100,
        _ => return false,
    };
    is_date(century + year, month, day)
}

/// Whether the eleventh digit is the check digit of the ten before it.
pub(super) fn is_closed(code: &[u8]) -> bool {
    let first = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1];
    let second = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3];
    two_passes(&code[..10], &first, &second) == value(code[10])
}

/// Whether nine digits are a käibemaksukohustuslase number.
///
/// # Source
/// Käibemaksuseadus; VIES, algorithms, EE.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    weighted(digits, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}

#[cfg(test)]
pub(super) use cases::{CASES, generate};

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, Source, dot};
    use super::ISIKUKOOD;

    pub(in super::super) fn generate(source: &mut Source) -> String {
        let (year, month, day) = source.date(1850, 2050);
        let first = (year / 100 - 18) * 2 + 1 + source.below(2);
        let body = format!("{first}{:02}{month:02}{day:02}{}", year % 100, source.digits(3));
        let check = match dot(&body, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11 {
            10 => dot(&body, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10,
            check => check,
        };
        format!("{body}{check}")
    }

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &ISIKUKOOD,
        valid: &[
            ("36805280109", "36805280109"),
            ("37605030299", "37605030299"), // Wikipedia
            ("5 120528 0105", "51205280105"),
        ],
        invalid: &["36805280108", "06805280106", "38102290106", "3680528010"],
        generate,
        // The second pass gives digits that the first would give other numbers.
        missed: 0.02,
    }];
}
