//! Czechia and Slovakia: the birth number that both have from one register, and the checks of the
//! Czech and Slovak VAT numbers.

use super::check::{number, small, value, weighted};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// Rodné číslo: birth, 50 added to the month for women, a serial, and since 1954 a check digit.
///
/// # Source
/// Zákon č. 133/2000 Sb., § 13; zákon NR SR č. 301/1995 Z. z.
pub(super) const RC: Scheme =
    // Without a check digit: 24 of 100 months × 30.4 of 100 days × 74 of 100 years.
    Scheme::person("cz_rc", "CZ", 0.054)
        .written(&[Shape::new("dddddd/dddd"), Shape::new("dddddd/ddd")])
        .checked(is_rc);

pub(super) fn is_rc(rc: &[u8]) -> bool {
    let [year, month, day] = pairs(rc);
    let is_old = rc.len() == 9;
    let year = match year {
        // Until 1953 there were nine digits, and those born before 1880 had died.
        80.. if is_old => 1800 + year,
        54.. if is_old => return false,
        0..54 if !is_old => 2000 + year,
        year => 1900 + year,
    };
    let month = if month > 50 { month - 50 } else { month };
    // Since 2004, 20 more is added where the serials of a day are used up.
    let month = if month > 20 && year >= 2004 { month - 20 } else { month };
    is_date(year, month, day) && (is_old || small(&rc[..9]) % 11 % 10 == value(rc[9]))
}

/// Whether eight digits are the number of an organisation.
///
/// # Source
/// Zákon č. 235/2004 Sb.; VIES, algorithms, CZ legal entities.
pub(super) fn is_vat_of_organisation(digits: &[u8]) -> bool {
    let check = (11 - weighted(&digits[..7], &[8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    digits[0] != b'9' && (if check == 0 { 1 } else { check % 10 }) == value(digits[7])
}

/// Whether nine or ten digits are the number of a person: a birth number, or 6 and eight digits.
///
/// # Source
/// VIES, algorithms, CZ individuals and special cases.
pub(super) fn is_vat_of_person(digits: &[u8]) -> bool {
    let is_special = digits.len() == 9 && digits[0] == b'6' && {
        let rest = weighted(&digits[1..8], &[8, 7, 6, 5, 4, 3, 2]) % 11;
        // 8 minus what 10 lacks, where nine stands for minus one.
        (8 + 10 - (21 - rest) % 11) % 10 == value(digits[8])
    };
    is_special || is_rc(digits)
}

/// Whether a Slovak VAT number begins with a digit of natural persons in business.
pub(super) fn is_slovak_person(digits: &[u8]) -> bool {
    matches!(digits[0], b'1' | b'3')
}

/// Whether ten digits are a Slovak VAT number.
///
/// # Source
/// Zákon č. 222/2004 Z. z.; VIES, algorithms, SK.
pub(super) fn is_slovak_vat(digits: &[u8]) -> bool {
    digits[0] != b'0'
        && matches!(digits[2], b'2' | b'3' | b'4' | b'7' | b'8' | b'9')
        && number(digits).is_multiple_of(11)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::RC;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &RC,
        valid: &[
            ("710319/2745", "7103192745"),
            ("991231123", "991231123"),    // born in 1899
            ("736028/5163", "7360285163"), // Wikipedie
            ("8801251680", "8801251680"),
        ],
        invalid: &["7103192746", "1103492745", "590312/123", "71031927451"],
        generate: |source| {
            let (year, month, day) = source.date(1954, 2024);
            let month = month + 50 * source.below(2);
            source.until(|source| {
                let body = format!("{:02}{month:02}{day:02}{}", year % 100, source.digits(3));
                let rest = body.parse::<u32>().unwrap() % 11;
                (rest < 10).then(|| format!("{body}{rest}"))
            })
        },
        // 0 stands for two remainders.
        missed: 0.01,
    }];
}
