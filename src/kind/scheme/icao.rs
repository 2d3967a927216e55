//! The machine readable zone of passports and identity cards.

use std::ops::Range;

use super::check::value;
use super::{Scheme, Shape};
use crate::kind::border::{after, before, is_word, run, run_back};
use crate::kind::{Parsed, Strength};

/// One line of a machine readable zone that has check digits: the second of a passport (TD3, 44
/// characters) or of a card of format TD2 (36), the first or second of a card of TD1 (30).
///
/// The first line of a passport holds a name and nothing that could be checked.
///
/// # Source
/// ICAO Doc 9303, part 3 (4.9, check digits), part 4 (TD3), part 5 (TD1), part 6 (TD2).
pub(super) const MRZ: Scheme =
    // The first line of TD1: 3 of 26 first letters × one check digit.
    Scheme::person("icao_mrz", "ZZ", 0.012)
        .written(&[
            Shape::new("mmmmmmmmmdmmmdddddddmdddddddmmmmmmmmmmmmmmmd"),
            Shape::new("mmmmmmmmmdmmmdddddddmdddddddmmmmmmmd"),
            Shape::new("ammmmmmmmmmmmmdmmmmmmmmmmmmmmm"),
            Shape::new("dddddddmdddddddmmmmmmmmmmmmmmd"),
        ])
        .checked(|line| match line.len() {
            44 => is_optional(&line[28..43]) && is_second_line(line),
            36 => is_second_line(line),
            _ if line[0].is_ascii_digit() => {
                is_closed(&[&line[..7]]) && is_closed(&[&line[8..15]]) && is_sex(line[7])
            }
            _ => matches!(line[0], b'A' | b'C' | b'I') && is_closed(&[&line[5..15]]),
        });

/// The line of a machine readable zone in `text` that the letter or digit at `at` is a part of.
///
/// Strong, but for the first line of a card, which has one check digit only.
#[must_use]
pub fn find(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    const LONGEST: usize = 44;
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'<';
    if !is_part(after(text, at)) {
        return None;
    }
    let ahead = run_back(&text[at.saturating_sub(LONGEST)..at], is_part);
    let behind = run(&text[at..text.len().min(at + LONGEST + 1)], is_part);
    let span = at - ahead..at + behind;
    if !matches!(span.len(), 30 | 36 | 44)
        || is_word(before(text, span.start))
        || is_word(after(text, span.end))
    {
        return None;
    }
    let line = &text[span.clone()];
    let mut parsed = MRZ.parsed(&MRZ.parse(line)?);
    if line.len() > 30 || line[0].is_ascii_digit() {
        parsed.strength = Strength::Strong;
    }
    Some((span, parsed))
}

/// Number, birth and expiry with their digits, and one over all of them and what follows.
fn is_second_line(line: &[u8]) -> bool {
    is_closed(&[&line[..10]])
        && is_closed(&[&line[13..20]])
        && is_closed(&[&line[21..28]])
        && is_sex(line[20])
        && is_closed(&[&line[..10], &line[13..20], &line[21..]])
}

fn is_sex(byte: u8) -> bool {
    matches!(byte, b'F' | b'M' | b'X' | b'<')
}

/// Whether a personal number has its digit; where there is none, the digit may be missing too.
fn is_optional(field: &[u8]) -> bool {
    is_closed(&[field]) || field.iter().all(|&byte| byte == b'<')
}

/// Whether the last character is the check digit of those before it: weights 7, 3, 1, fillers 0.
fn is_closed(parts: &[&[u8]]) -> bool {
    let mut chars = parts.iter().copied().flatten().copied();
    let Some(last) = chars.next_back() else { return false };
    let sum: u32 = chars.zip([7, 3, 1].into_iter().cycle()).map(|(c, n)| value(c) * n).sum();
    last.is_ascii_digit() && sum % 10 == value(last)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, Source};
    use super::MRZ;

    fn closed(body: &str) -> String {
        let weights = [7, 3, 1].into_iter().cycle();
        let count = |c: char| c.to_digit(36).unwrap_or(0);
        format!("{body}{}", body.chars().zip(weights).map(|(c, n)| count(c) * n).sum::<u32>() % 10)
    }

    fn date(source: &mut Source) -> String {
        let (year, month, day) = source.date(1950, 2049);
        closed(&format!("{:02}{month:02}{day:02}", year % 100))
    }

    pub(in super::super) const CASES: &[Case] = &[PASSPORTS, CARDS];

    const PASSPORTS: Case = Case {
        scheme: &MRZ,
        // The specimens of Doc 9303, of the country Utopia.
        valid: &[
            (
                "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
                "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
            ),
            ("D231458907UTO7408122F1204159<<<<<<<6", "D231458907UTO7408122F1204159<<<<<<<6"),
            ("I<UTOD231458907<<<<<<<<<<<<<<<", "I<UTOD231458907<<<<<<<<<<<<<<<"),
            ("7408122F1204159UTO<<<<<<<<<<<6", "7408122F1204159UTO<<<<<<<<<<<6"),
        ],
        invalid: &[
            "L898902C37UTO7408122F1204159ZE184226B<<<<<10",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<11",
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
            "D231458908UTO7408122F1204159<<<<<<<6",
            "7408123F1204159UTO<<<<<<<<<<<6",
        ],
        generate: |source| {
            let number = closed(&source.text("0123456789ABCXYZ", 9));
            let (birth, expiry, sex) = (date(source), date(source), source.pick("FMX<"));
            let optional = match source.below(4) {
                0 => closed(&format!("{}<<<<<", source.digits(9))),
                1 => "<".repeat(14) + source.pick_of(&["0", "<"]),
                // The second line of a card of format TD2.
                _ => source.text("0123456789ABCXYZ<", 7),
            };
            let all = closed(&format!("{number}{birth}{expiry}{optional}"));
            let check = &all[all.len() - 1..];
            format!("{number}UTO{birth}{sex}{expiry}{optional}{check}")
        },
        missed: 0.0,
    };

    /// The two lines of cards of format TD1 that have check digits.
    const CARDS: Case = Case {
        scheme: &MRZ,
        valid: &[
            ("I<UTOD231458907<<<<<<<<<<<<<<<", "I<UTOD231458907<<<<<<<<<<<<<<<"),
            ("7408122F1204159UTO<<<<<<<<<<<6", "7408122F1204159UTO<<<<<<<<<<<6"),
            ("i<utod231458907<<<<<<<<<<<<<<<", "I<UTOD231458907<<<<<<<<<<<<<<<"),
        ],
        invalid: &[
            "I<UTOD231458908<<<<<<<<<<<<<<<",
            "7408122F1204158UTO<<<<<<<<<<<6",
            "7408122A1204159UTO<<<<<<<<<<<6",
        ],
        generate: |source| match source.below(2) {
            0 => {
                let number = closed(&source.text("0123456789ABCXYZ", 9));
                format!("{}<UTO{number}{}", source.pick("ACI"), "<".repeat(15))
            }
            _ => {
                let (birth, expiry, sex) = (date(source), date(source), source.pick("FMX<"));
                format!("{birth}{sex}{expiry}UTO{}{}", "<".repeat(11), source.below(10))
            }
        },
        // The digit at the end of the second line is over both lines.
        missed: 0.07,
    };

    #[test]
    fn lines_are_found_between_their_borders() {
        use super::find;

        let found = |text: &str| {
            let at = text.find("UTO").unwrap();
            find(text.as_bytes(), at).map(|(span, parsed)| (text[span].to_owned(), parsed.strength))
        };
        for line in
            ["L898902C36UTO7408122F1204159ZE184226B<<<<<10", "7408122F1204159UTO<<<<<<<<<<<6"]
        {
            let strong = crate::kind::Strength::Strong;
            assert_eq!(found(&format!("mrz=\"{line}\"")), Some((line.to_owned(), strong)));
            assert_eq!(found(&format!("A{line}")), None);
        }
    }
}
