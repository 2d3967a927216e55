//! Sweden: personnummer and samordningsnummer, and the check of the VAT number.

use super::check::{luhn, small};
use super::date::{is_date, is_date_in_some_century, pairs};
use super::{Scheme, Shape};

/// Personnummer: birth, a serial and a Luhn digit; or samordningsnummer, with 60 added to the day.
///
/// A plus says that the person is a hundred years old or more, so it is kept where the century is
/// not written. The two lengths are not made one: that would take today's date.
///
/// # Source
/// Folkbokföringslag (1991:481), §§ 18 and 18 a; Skatteverket, SKV 704.
pub(super) const PNR: Scheme =
    // 12 of 100 months × 61 of 100 days × one Luhn digit.
    Scheme::person("se_pnr", "SE", 0.0073)
        .written(&[
            Shape::new("dddddd-dddd"),
            Shape::new("dddddd+dddd"),
            Shape::new("dddddddd-dddd"),
        ])
        .checked(is_pnr);

fn is_pnr(pnr: &[u8]) -> bool {
    match pnr.len() {
        12 => {
            let [century, ..] = pairs(pnr);
            let [year, month, day] = pairs(&pnr[2..]);
            (18..=20).contains(&century)
                && is_date(century * 100 + year, month, without_sixty(day))
                && luhn(&pnr[2..])
        }
        11 => {
            let mut without_plus = [0; 10];
            without_plus[..6].copy_from_slice(&pnr[..6]);
            without_plus[6..].copy_from_slice(&pnr[7..]);
            is_short(&without_plus)
        }
        _ => is_short(pnr),
    }
}

/// Whether ten digits are a number of a person, in some century.
fn is_short(pnr: &[u8]) -> bool {
    let [year, month, day] = pairs(pnr);
    is_date_in_some_century(year, month, without_sixty(day)) && luhn(pnr)
}

fn without_sixty(day: u32) -> u32 {
    if day > 60 { day - 60 } else { day }
}

/// Whether twelve digits are the VAT number of a legal person: an organisation number, whose third
/// digit is 2 or more so that it is no date, and a suffix.
///
/// # Source
/// Lag (1974:174) om identitetsbeteckning för juridiska personer m.fl.; VIES, algorithms.
pub(super) fn is_vat_of_organisation(vat: &[u8]) -> bool {
    has_suffix(vat) && vat[2] >= b'2' && luhn(&vat[..10])
}

/// Whether twelve digits are the VAT number of a sole trader: a personnummer and a suffix.
pub(super) fn is_vat_of_person(vat: &[u8]) -> bool {
    has_suffix(vat) && is_short(&vat[..10])
}

fn has_suffix(vat: &[u8]) -> bool {
    (1..=94).contains(&small(&vat[10..]))
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, close};
    use super::{PNR, luhn};

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &PNR,
        valid: &[
            ("811228-9874", "8112289874"),
            ("19811228-9874", "198112289874"),
            ("670919-9530", "6709199530"),
            ("121212+1212", "121212+1212"), // a hundred years old
            ("701063-2391", "7010632391"),  // samordningsnummer
        ],
        invalid: &["811228-9875", "880320-0018", "811328-9873", "17811228-9874", "8112289874a"],
        generate: |source| {
            let (year, month, day) = source.date(1900, 2024);
            let day = day + 60 * source.below(2);
            let body = format!("{:02}{month:02}{day:02}{}", year % 100, source.digits(3));
            let number = close(&body, luhn);
            match source.below(3) {
                0 => format!("{}{number}", year / 100),
                1 if year < 1924 => format!("{}+{}", &number[..6], &number[6..]),
                _ => number,
            }
        },
        // With the century, 19 and 20 are both right; and no digit of it is in the Luhn sum.
        missed: 0.004,
    }];
}
