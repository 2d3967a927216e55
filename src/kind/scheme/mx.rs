//! Mexico: population registry codes, and taxpayer codes of people.

use super::check::value;
use super::date::{is_date, is_date_in_some_century, pairs};
use super::{Scheme, Shape};

/// Clave Única de Registro de Población: letters of the names, birth, sex, state of birth, inner
/// consonants, a digit for births until 1999 or a letter since, and a check digit.
///
/// # Source
/// Instructivo normativo para la asignación de la CURP, Diario Oficial, 18 October 2021.
pub(super) const CURP: Scheme =
    // 6 of 26 vowels × 3.7 % of dates × 3 of 26 sexes × 33 of 676 states × half the consonants ×
    // one check digit.
    Scheme::person("mx_curp", "MX", 3e-6)
        .written(&[Shape::new("aaaaddddddaaaaaaxd")])
        .checked(|curp| {
            let [year, month, day] = pairs(&curp[4..]);
            let century = if curp[16].is_ascii_digit() { 1900 } else { 2000 };
            let sum: u32 = curp[..17]
                .iter()
                .zip((2..=18).rev())
                .map(|(&c, weight)| of_alphabet(c) * weight)
                .sum();
            matches!(curp[1], b'A' | b'E' | b'I' | b'O' | b'U' | b'X')
                && is_date(century + year, month, day)
                && matches!(curp[10], b'H' | b'M' | b'X')
                && STATES.iter().any(|state| curp[11..13] == **state)
                && !curp[13..16].iter().any(|c| b"AEIOU".contains(c))
                && (10 - sum % 10) % 10 == value(curp[17])
        });

/// Registro Federal de Contribuyentes of a person: letters of the names, birth, two characters that
/// tell namesakes apart, and a check digit or `A`.
///
/// # Source
/// Servicio de Administración Tributaria, Anexo 22 and IFAI 0610100135506.
pub(super) const RFC: Scheme =
    // 3.7 % of dates × one of 36 last characters.
    Scheme::person("mx_rfc", "MX", 0.0011)
        .written(&[Shape::new("aaaa-dddddd-xxx")])
        .checked(|rfc| {
            let [year, month, day] = pairs(&rfc[4..]);
            let sum: u32 = rfc[..12]
                .iter()
                .zip((2..=13).rev())
                .map(|(&c, weight)| of_alphabet(c) * weight)
                .sum();
            is_date_in_some_century(year, month, day) && (11 - sum % 11) % 11 == value(rfc[12])
        });

/// The place of a character among digits and letters, of which `&` or `Ñ` is the 25th and stands
/// before `O`.
fn of_alphabet(character: u8) -> u32 {
    value(character) + u32::from(character >= b'O')
}

/// The states, and `NE` for births abroad.
const STATES: [&[u8; 2]; 33] = [
    b"AS", b"BC", b"BS", b"CC", b"CL", b"CM", b"CS", b"CH", b"DF", b"DG", b"GT", b"GR", b"HG",
    b"JC", b"MC", b"MN", b"MS", b"NT", b"NL", b"OC", b"PL", b"QT", b"QR", b"SP", b"SL", b"SR",
    b"TC", b"TS", b"TL", b"VZ", b"YN", b"ZS", b"NE",
];

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, Source};
    use super::{CURP, RFC};

    /// The alphabet as it is printed, with `&` where the codes of people have `Ñ`.
    const ALPHABET: &str = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ";

    fn sum(body: &str) -> u32 {
        let weights = (1..=body.len() as u32 + 1).rev();
        let place = |c| ALPHABET.find(c).unwrap() as u32;
        body.chars().zip(weights).map(|(c, weight)| place(c) * weight).sum()
    }

    fn names_and_birth(source: &mut Source) -> (String, u32) {
        let (year, month, day) = source.date(1930, 2020);
        let names = format!("{}{}", source.pick("BCDGLMPRSTZ"), source.pick("AEIOUX"));
        let initials = source.text("ABCDGLMPRSTZ", 2);
        (format!("{names}{initials}{:02}{month:02}{day:02}", year % 100), year)
    }

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &CURP,
            valid: &[
                ("BOXW310820HNERXN09", "BOXW310820HNERXN09"),
                ("boxw310820hnerxn09", "BOXW310820HNERXN09"),
                ("SABC560626MDFLRN01", "SABC560626MDFLRN01"),
            ],
            invalid: &["BOXW310820HNERXN08", "BOXW311320HNERXN09", "BOXW310820HNERXN0"],
            generate: |source| {
                let (names, year) = names_and_birth(source);
                let place = source.pick_of(&["HDF", "MJC", "HNL", "MNE", "XVZ"]);
                let inner = source.text("BCDFGLMNPRSTZ", 3);
                let serial = source.pick(if year < 2000 { "0123456789" } else { "ABCDE" });
                let body = format!("{names}{place}{inner}{serial}");
                format!("{body}{}", (10 - sum(&body) % 10) % 10)
            },
            // The sum is modulo ten, and half of the weights are even.
            missed: 0.1,
        },
        Case {
            scheme: &RFC,
            valid: &[
                ("GODE561231GR8", "GODE561231GR8"), // Servicio de Administración Tributaria
                ("GODE-561231-GR8", "GODE561231GR8"),
                ("gode 561231 gr8", "GODE561231GR8"),
            ],
            invalid: &["GODE561231GR9", "GODE561331GR8", "GODE561231GR"],
            generate: |source| {
                let (names, _) = names_and_birth(source);
                let body = format!("{names}{}", source.text("123456789ABCDEFGHIJKLMNPQ", 2));
                match (11 - sum(&body) % 11) % 11 {
                    10 => format!("{body}A"),
                    check => format!("{body}{check}"),
                }
            },
            missed: 0.0,
        },
    ];
}
