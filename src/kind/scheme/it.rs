//! Italy: the codice fiscale, and the check of the partita IVA.

use super::check::{ends_in_odd_even_letter, luhn, small};
use super::date::is_date_in_some_century;
use super::{Scheme, Shape};

/// Codice fiscale of a natural person: name, birth, place and a letter. Where two people would have
/// the same, digits become letters (omocodia), the last first.
///
/// # Source
/// Decreto ministeriale 23 December 1976, n. 13813; Agenzia delle Entrate, codice fiscale.
pub(super) const CF: Scheme =
    // 0.71² of names in order × 12 of 26 months × 61 of 100 days × 12 of 26 places × a letter of 26.
    Scheme::person("it_cf", "IT", 0.0025)
        .written(&[Shape::new("aaa aaa ooaoo aooo a")])
        .checked(is_cf);

pub(super) fn is_cf(code: &[u8]) -> bool {
    let Some(month) = place(b"ABCDEHLMPRST", code[8]) else {
        return false;
    };
    let (year, day) = (two(&code[6..8]), two(&code[9..11]));
    // Women have 40 added to the day.
    let day = if day > 40 { day - 40 } else { day };
    is_name(&code[..3])
        && is_name(&code[3..6])
        && is_date_in_some_century(year, month + 1, day)
        // Municipalities have the letters A to M of the cadastre, other countries Z.
        && matches!(code[11], b'A'..=b'I' | b'L' | b'M' | b'Z')
        && ends_in_odd_even_letter(code)
}

/// Whether three letters are taken from a name: consonants, then vowels, then X where it is short.
fn is_name(letters: &[u8]) -> bool {
    let is_vowel = |letter: &u8| matches!(letter, b'A' | b'E' | b'I' | b'O' | b'U');
    letters.windows(2).all(|pair| !is_vowel(&pair[0]) || is_vowel(&pair[1]) || pair[1] == b'X')
}

/// The number of two digits that may be letters instead.
fn two(chars: &[u8]) -> u32 {
    let digit = |byte| place(b"LMNPQRSTUV", byte).unwrap_or_else(|| small(&[byte]));
    digit(chars[0]) * 10 + digit(chars[1])
}

/// Where `letters` have `letter`, from 0.
fn place(letters: &[u8], letter: u8) -> Option<u32> {
    letters.iter().zip(0..).find(|(l, _)| **l == letter).map(|(_, place)| place)
}

/// Whether eleven digits are a partita IVA: seven of the taxpayer, three of the province, Luhn.
///
/// # Source
/// Decreto del Presidente della Repubblica 633/1972, article 35; VIES, algorithms.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    let province = small(&digits[7..10]);
    digits[..7] != *b"0000000"
        && matches!(province, 1..=100 | 120 | 121 | 888 | 999)
        && luhn(digits)
}

#[cfg(test)]
pub(super) use cases::{CASES, generate, letter};

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, Source};
    use super::CF;

    /// The check letter by the tables of the decree, written out.
    pub(in super::super) fn letter(body: &str) -> char {
        const ODD: &str = "BAKPLCQDREVOSFTGUHMINJWZYX";
        let plain = |c: char| c.to_digit(10).unwrap_or_else(|| c as u32 - 'A' as u32);
        let sum: u32 = body
            .chars()
            .enumerate()
            .map(|(place, c)| {
                let n = plain(c);
                // The letter of `ODD` at the count of a character is that character's own.
                let odd = || ODD.find((b'A' + n as u8) as char).unwrap() as u32;
                if place % 2 == 0 { odd() } else { n }
            })
            .sum();
        char::from(b'A' + (sum % 26) as u8)
    }

    pub(in super::super) fn generate(source: &mut Source) -> String {
        let names = ["RSS", "MRA", "FOX", "AIO", "BNC", "LCU", "GNN", "VRD", "AIX", "MAI"];
        let (year, month, day) = source.date(1920, 2023);
        let month = char::from(b"ABCDEHLMPRST"[month as usize - 1]);
        let day = day + 40 * source.below(2);
        let body = format!(
            "{}{}{:02}{month}{day:02}{}{}",
            source.pick_of(&names),
            source.pick_of(&names),
            year % 100,
            source.pick("ABCDEFGHILMZ"),
            source.digits(3)
        );
        let body = match source.below(3) {
            // Omocodia in the last digit.
            0 => {
                let last = body.as_bytes()[14] - b'0';
                format!("{}{}", &body[..14], char::from(b"LMNPQRSTUV"[usize::from(last)]))
            }
            _ => body,
        };
        format!("{body}{}", letter(&body))
    }

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &CF,
        valid: &[
            ("RCCMNL83S18D969H", "RCCMNL83S18D969H"),
            ("rss mra 45c12 f205 c", "RSSMRA45C12F205C"),
            ("RSSMRA45C12F20RX", "RSSMRA45C12F20RX"), // omocodia
            ("RSSMRAQRCMNFNLRG", "RSSMRAQRCMNFNLRG"), // every digit replaced
            ("FOXDRA26C24H872Y", "FOXDRA26C24H872Y"),
            ("MRSMSR81D60Z611H", "MRSMSR81D60Z611H"), // a woman born abroad
        ],
        invalid: &[
            "RCCMNL83S18D969",
            "RCCMNL83S18D969I",
            "CSTNGL22I10D086I", // no month has the letter I
            "RCCMNL83S38D969R", // no 38th day
            "ABCMNL83S18D969H", // no name gives a consonant after a vowel
        ],
        generate,
        missed: 0.0,
    }];
}
