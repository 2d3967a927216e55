//! Hungary: TAJ of social security, the tax number, and the personal identifier.

use super::check::{value, weighted};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// TAJ szám: eight digits and a check digit.
///
/// # Source
/// 1996. évi XX. törvény, annex: a TAJ szám képzése.
pub(super) const TAJ: Scheme =
    // One check digit.
    Scheme::person("hu_taj", "HU", 0.1)
        .written(&[Shape::new("ddd ddd ddd")])
        .checked(|taj| weighted(&taj[..8], &[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == value(taj[8]));

/// Adóazonosító jel: 8, the days from 1867 to the birth, a serial and a check digit.
///
/// # Source
/// 1996. évi XX. törvény, annex: az adóazonosító jel képzése.
pub(super) const ADOAZONOSITO: Scheme =
    // One remainder of 11, where 10 is not issued.
    Scheme::person("hu_ado", "HU", 0.091)
        .written(&[Shape::new("8ddd ddd ddd")])
        .checked(|tax| weighted(&tax[..9], &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == value(tax[9]));

/// Személyi azonosító: sex and century, birth, a serial and a check digit, whose weights turned
/// round for those born since 1997.
///
/// # Source
/// 1996. évi XX. törvény, annex: a személyi azonosító képzése.
pub(super) const SZEMELYI: Scheme =
    // 8 of 10 first digits, two of them twice, × 3.65 % of dates × one remainder of 11.
    Scheme::person("hu_szemelyi", "HU", 0.0032)
        .written(&[Shape::new("d-dddddd-dddd")])
        .checked(is_szemelyi);

fn is_szemelyi(number: &[u8]) -> bool {
    let [year, month, day] = pairs(&number[1..]);
    // 1 and 2 in the 1900s, 3 and 4 before or after it, where the year tells which; 5 and 6 for
    // foreigners until 2000, 7 and 8 for immigrants.
    let centuries: &[u32] = match number[0] {
        b'1' | b'2' | b'5' | b'6' => &[1900],
        b'3' | b'4' if year >= 67 => &[1800],
        b'3' | b'4' => &[2000],
        b'7' | b'8' => &[1900, 2000],
        _ => return false,
    };
    let is_of = |year: u32| {
        let weights = match year {
            1997.. => [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
            _ => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        };
        is_date(year, month, day) && weighted(&number[..10], &weights) % 11 == value(number[10])
    };
    centuries.iter().any(|century| is_of(century + year))
}

/// Whether eight digits are the first part of an adószám.
///
/// # Source
/// 2017. évi CL. törvény; VIES, algorithms, HU.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    weighted(digits, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::{ADOAZONOSITO, SZEMELYI, TAJ};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &TAJ,
            valid: &[
                ("111 111 110", "111111110"), // printed on specimens of the card
                ("123-456-788", "123456788"),
                ("000000017", "000000017"),
            ],
            invalid: &["111111111", "123 456 789", "12345678", "000000000"],
            generate: |source| {
                let body = source.digits(8);
                format!("{body}{}", dot(&body, &[3, 7, 3, 7, 3, 7, 3, 7]) % 10)
            },
            missed: 0.0,
        },
        Case {
            scheme: &ADOAZONOSITO,
            valid: &[
                ("8071592153", "8071592153"), // European Commission
                ("8422780135", "8422780135"),
                ("8071 592 153", "8071592153"),
            ],
            invalid: &["8071592154", "7071592153", "807159215"],
            generate: |source| {
                source.until(|source| {
                    let body = format!("8{:05}{}", source.below(58_000), source.digits(3));
                    let check = dot(&body, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
                    (check < 10).then(|| format!("{body}{check}"))
                })
            },
            missed: 0.0,
        },
        Case {
            scheme: &SZEMELYI,
            valid: &[
                ("1-800101-0016", "18001010016"), // reckoned by hand,
                ("2 750630 1233", "27506301233"),
                ("30102030018", "30102030018"), // the other way round,
            ],
            invalid: &["1-801301-0010", "9-800101-0010", "1-800101-001"],
            generate: |source| {
                source.until(|source| {
                    let (year, month, day) = source.date(1900, 2024);
                    let first = if year < 2000 { 1 } else { 3 } + source.below(2);
                    let serial = source.digits(3);
                    let body = format!("{first}{:02}{month:02}{day:02}{serial}", year % 100);
                    let mut weights = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
                    if year > 1996 {
                        weights.reverse();
                    }
                    let check = dot(&body, &weights) % 11;
                    (check < 10).then(|| format!("{body}{check}"))
                })
            },
            // A wrong century turns the weights round.
            missed: 0.005,
        },
    ];
}
