//! Norway: birth and D-numbers of people, organisation numbers.

use super::check::{ends_in_mod_11, small};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// Fødselsnummer: birth, an individual number that tells the century, and two check digits; or a
/// D-number, with 40 added to the day, or a hospital's number, with 40 added to the month.
///
/// # Source
/// Folkeregisterforskriften, §§ 2-2-1 to 2-2-3; Skatteetaten, Fødselsnummer og D-nummer.
pub(super) const FNR: Scheme =
    // 14.6 % of dates × 0.9 of individual numbers × two remainders of 11.
    Scheme::person("no_fnr", "NO", 0.0011)
        .written(&[Shape::new("dddddd ddddd")])
        .checked(|fnr| {
            is_birth(fnr)
                && ends_in_mod_11(&fnr[..10], &[3, 7, 6, 1, 8, 9, 4, 5, 2])
                && ends_in_mod_11(fnr, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
        });

fn is_birth(fnr: &[u8]) -> bool {
    let [day, month, year] = pairs(fnr);
    let less_forty = |n: u32| if n > 40 { n - 40 } else { n };
    let century = match (small(&fnr[6..9]), year) {
        (0..=499, _) | (900..=999, 40..) => 1900,
        (500..=749, 54..) => 1800,
        (500..=999, 0..=39) => 2000,
        _ => return false,
    };
    is_date(century + year, less_forty(month), less_forty(day))
}

/// Organisasjonsnummer: nine digits from 8 or 9; MVA follows where value added tax is paid.
///
/// # Source
/// Enhetsregisterloven; Brønnøysundregistrene, Organisasjonsnummeret.
pub(super) const ORGNR: Scheme =
    // 2 of 10 first digits × one remainder of 11, where 10 is not issued.
    Scheme::organisation("no_orgnr", "NO", 0.0182)
        .written(&[
            Shape::new("ddd ddd ddd"),
            Shape::new("ddd ddd ddd MVA"),
            Shape::new("NO ddd ddd ddd"),
            Shape::new("NO ddd ddd ddd MVA"),
        ])
        .completed(|orgnr| {
            if orgnr.as_bytes().ends_with(b"MVA") {
                orgnr.truncate(orgnr.as_bytes().len() - 3);
            }
            orgnr.keep_last(9);
        })
        .checked(|orgnr| orgnr[0] >= b'8' && ends_in_mod_11(orgnr, &[3, 2, 7, 6, 5, 4, 3, 2]));

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::{FNR, ORGNR};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &FNR,
            valid: &[
                ("151086 95088", "15108695088"),
                ("11111598403", "11111598403"),
                ("410180 00200", "41018000200"), // D-number
            ],
            invalid: &["15108695077", "26111593817", "32108695088", "1510869508"],
            generate: |source| {
                source.until(|source| {
                    let (year, month, day) = source.date(1854, 2039);
                    let day = day + 40 * source.below(2);
                    let individual = match year {
                        ..1900 => 500 + source.below(250),
                        1940..2000 if source.below(2) == 0 => 900 + source.below(100),
                        1900..2000 => source.below(500),
                        2000.. => 500 + source.below(500),
                    };
                    let body = format!("{day:02}{month:02}{:02}{individual:03}", year % 100);
                    let first = (11 - dot(&body, &[3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11) % 11;
                    let body = (first < 10).then(|| format!("{body}{first}"))?;
                    let second = (11 - dot(&body, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
                    (second < 10).then(|| format!("{body}{second}"))
                })
            },
            missed: 0.0,
        },
        Case {
            scheme: &ORGNR,
            valid: &[
                ("988 077 917", "988077917"),
                ("NO 995 525 828 MVA", "995525828"),
                ("974760673", "974760673"), // Brønnøysundregistrene itself
            ],
            invalid: &["988 077 918", "123456785", "98807791"],
            generate: |source| {
                source.until(|source| {
                    let body = format!("{}{}", source.pick("89"), source.digits(7));
                    let check = (11 - dot(&body, &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
                    (check < 10).then(|| format!("{body}{check}"))
                })
            },
            missed: 0.0,
        },
    ];
}
