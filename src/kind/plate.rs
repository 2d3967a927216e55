//! Registration plates of vehicles.
//!
//! A plate is a few letters and digits, as article numbers are, so every value here is weak: the name
//! of a field or a word beside it has to speak. Which country a plate is of cannot be told from it:
//! several share a shape, and the canonical form does not say.
//!
//! # Source
//! Public descriptions of the series of each country, as of 2025; they were not compared with the acts
//! that define them, and a series that is missing here is a plate that is not found.

use std::ops::Range;

use super::border::{after, before, is_word};
use super::{Parsed, pattern, trim};

/// The series of a country.
struct Series {
    /// As [`pattern`] reads them, separated by spaces.
    shapes: &'static str,
    /// The first of `shapes` as people write it in a text, where that can be told from other things:
    /// separators are demanded.
    in_text: &'static str,
}

const fn series(shapes: &'static str, in_text: &'static str) -> Series {
    Series { shapes, in_text }
}

/// Series in use by country (ISO 3166-1 alpha-2), cars before others.
const SERIES: [Series; 29] = [
    // Since 2009, and until then by department (1 to 4 digits, 2 or 3 letters, 2A, 2B).
    // FR
    series("AA-999-AA 9000-AAa-99 9000-AAa-9A 9000-AAa-99 9000-AAa-979", "AA=999=AA"),
    // District, letters, number; E electric, H historic. District and letters need their border.
    // DE
    series("Aaa=Aa-9000 Aaa=Aa-9000E Aaa=Aa-9000H AaaAa9000", "Aaa=Aa=9000"),
    // GB
    series("AA99-AAA A900-AAA AAA-900A AAA-9999 A9-AAA", "AA99=AAA"),
    // ES
    series("9999-AAA Aa-9999-Aa Aa-999999", "9999=AAA"),
    // IT
    series("AA-999-AA AA-99999", "AA=999=AA"),
    // Fourteen sidecodes of six signs in three groups.
    // NL
    series(
        "AA-99-99 99-99-AA 99-AA-99 AA-99-AA AA-AA-99 99-AA-AA 99-AAA-9 9-AAA-99 AA-999-A A-999-AA \
         AAA-99-A A-99-AAA 9-AA-999 999-AA-9",
        "99=AAA=9",
    ),
    // BE
    series("9-AAA-999 AAA-999 999-AAA A-AAA-999", "9=AAA=999"),
    // A district of two or three letters, then four or five signs.
    // PL
    series(
        "AAa-99999 AAa-9999A AAa-999AA AAa-9A999 AAa-99A99 AAa-9AA99 AAA-A999 AAA-AA99 AAA-99AA",
        "AAa=99999",
    ),
    // PT
    series("AA-99-AA 99-99-AA 99-AA-99 AA-99-99", "AA=99=AA"),
    // SE
    series("AAA-99X", "AAA=99X"),
    // DK
    series("AA-99-999", "AA=99=999"),
    // NO
    series("AA-99999", "AA=99999"),
    // FI
    series("AAa-900", "AAA=999"),
    // CZ
    series("9A9-9999 9AA-9999 9XX-9999", "9A9=9999"),
    // SK
    series("AA-999AA", "AA=999AA"),
    // AT
    series("Aa=90000A Aa=900AAa Aa-9000Aaa", "Aa=9999A"),
    // CH
    series("AA-900000", "AA=99999"),
    // LU
    series("AA-9999 9999 99999", "AA=9999"),
    // IE
    series("999-Aa-900000 99-Aa-900000", "999=Aa=99999"),
    // HU
    series("AAA-999 AA-AA-999", "AA=AA=999"),
    // RO
    series("AA-99-AAA B-990-AAA", "AA=99=AAA"),
    // BG
    series("Aa-9999-AA", "Aa=9999=AA"),
    // GR
    series("AAA-9999", "AAA=9999"),
    // HR
    series("AA-9990-Aa", "AA=999=AA"),
    // SI
    series("AA-99-AAA AA-A9-999 AA-AA-999", "AA=99=AAA"),
    // EE
    series("999-AAA", "999=AAA"),
    // LV
    series("AA-9000", "AA=9999"),
    // LT
    series("AAA-999", "AAA=999"),
    // UA
    series("AA-9999-AA", "AA=9999=AA"),
];

/// Parses a plate of any of the series, its groups separated by a space, a dash, a dot or nothing.
///
/// The canonical form is in upper case without separators, but for the one between the district and
/// the letters of a German or Austrian plate (`M-AB123`), where it is written. Weak.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    let shapes = SERIES.iter().flat_map(|series| series.shapes.split_ascii_whitespace());
    pattern::matched(value, shapes).map(Parsed::weak)
}

/// Whether `value` is four to ten letters and digits, both of them, in up to four groups.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let value = trim(value);
    let signs = value.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    value.len() <= 13
        && (4..=10).contains(&signs)
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_alphabetic)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b'.'))
}

/// The plate in `text` that begins at `at`: in upper case, in the shape of today's cars, with its
/// separators. Weak.
#[must_use]
pub fn find(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if !is_part(*text.get(at)?) || is_glued(before(text, at)) {
        return None;
    }
    // Ends of words, the longest plate first: `ABCD EFG 12345`.
    let longest = text.len().min(at + 13);
    (at + 6..=longest).rev().find_map(|end| {
        let value = &text[at..end];
        let is_whole = is_part(value[value.len() - 1])
            && !is_glued(after(text, end))
            && !value.iter().any(u8::is_ascii_lowercase);
        if !is_whole {
            return None;
        }
        let form = pattern::matched(value, SERIES.iter().map(|series| series.in_text))?;
        // The form with its separators; the canonical one may have fewer.
        Some((at..end, parse(value).unwrap_or_else(|| Parsed::weak(form))))
    })
}

/// The plate in `text` with its first digit at `digit`, as [`find`] does.
#[must_use]
pub fn find_around(text: &[u8], digit: usize) -> Option<(Range<usize>, Parsed)> {
    // Before the digits stand a district and letters, with their borders, or nothing.
    const MAX_BEFORE: usize = 7;
    (digit.saturating_sub(MAX_BEFORE)..=digit)
        .filter_map(|start| find(text, start))
        .find(|(span, _)| span.contains(&digit))
}

/// Whether `byte` makes what is beside it a part of something longer.
fn is_glued(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'-' | b'/' | b'\\' | b'+')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{canonical, is_strong, part};
    use super::*;

    fn read(value: &str) -> Option<String> {
        canonical(parse(value.as_bytes()))
    }
    fn found(text: &str) -> Vec<&str> {
        (0..text.len()).filter_map(|at| part(text, find(text.as_bytes(), at))).collect()
    }

    #[test]
    fn every_spelling_has_one_canonical_form() {
        for (spellings, plate) in [
            (&["AB-123-CD", "ab 123 cd", "AB123CD"][..], "AB123CD"),
            (&["123 ABC 75", "123-abc-75"], "123ABC75"),
            (&["M-AB 123", "M AB123", "m-ab-123"], "M-AB123"),
            (&["MAB123"], "MAB123"),
            (&["M-AB 123E"], "M-AB123E"),
            (&["AB12 CDE", "ab12cde"], "AB12CDE"),
            (&["1234 BCD"], "1234BCD"),
            (&["12-ABC-3"], "12ABC3"),
            (&["1-ABC-234"], "1ABC234"),
            (&["WA 12345"], "WA12345"),
            (&["AA-12-AA"], "AA12AA"),
        ] {
            for value in spellings {
                assert_eq!(read(value).as_deref(), Some(plate), "{value}");
                assert_eq!(is_strong(parse(value.as_bytes())), Some(false));
                assert!(is_shape(value.as_bytes()));
            }
        }
    }

    #[test]
    fn other_values_are_refused() {
        for value in ["", "n/a", "Peugeot", "AB-1234567-CD", "AB--123-CD", "ÄB-123-CD", "12"] {
            assert_eq!(read(value), None, "{value}");
        }
        assert!(!is_shape(b"Peugeot") && !is_shape(b"123456") && !is_shape(b"unknown car 7"));
    }

    #[test]
    fn plates_are_found_between_their_borders() {
        for (text, value) in [
            ("plate AB-123-CD seen", "AB-123-CD"),
            ("Kennzeichen M-AB 123.", "M-AB 123"),
            ("reg. AB12 CDE, blue", "AB12 CDE"),
            ("(1-ABC-234)", "1-ABC-234"),
        ] {
            assert_eq!(found(text), [value], "{text}");
        }
        for text in ["AB123CD", "ab-123-cd", "X-AB-123-CD-7", "SKU/AB-123-CD", "AB-123-CDE"] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    /// The plates of cars as their countries describe them, with the letters that they use.
    const CARS: [&str; 33] = [
        "[A-HJ-NP-TV-Z]{2}-[0-9]{3}-[A-HJ-NP-TV-Z]{2}", // FR
        "[1-9][0-9]{0,3} [A-HJ-NP-TV-Z]{2,3} ([1-9][0-9]|0[1-9]|2[AB]|97[1-6])", // FR
        "[A-Z]{1,3}-[A-Z]{1,2} [1-9][0-9]{0,3}[EH]?",   // DE
        "[A-HJ-PR-Y]{2}[0-9]{2} [A-HJ-PR-Z]{3}",        // GB
        "[0-9]{4} [B-DF-HJ-NPR-TV-Z]{3}",               // ES
        "[A-HJ-NPR-TV-Z]{2} [0-9]{3} ?[A-HJ-NPR-TV-Z]{2}", // IT
        "[BDFGHJ-LNPR-TVXZ]{2}-[0-9]{3}-[BDFGHJ-LNPR-TVXZ]", // NL
        "[BDFGHJ-LNPR-TVXZ]-[0-9]{3}-[BDFGHJ-LNPR-TVXZ]{2}", // NL
        "[0-9]{2}-[BDFGHJ-LNPR-TVXZ]{3}-[0-9]",         // NL
        "[1-9]-[A-Z]{3}-[0-9]{3}",                      // BE
        "[A-Z]{2,3} [0-9]{5}",                          // PL
        "[A-Z]{2}-[0-9]{2}-[A-Z]{2}",                   // PT
        "[A-Z]{3} [0-9]{2}[0-9A-Z]",                    // SE
        "[A-Z]{2} [0-9]{2} [0-9]{3}",                   // DK
        "[A-Z]{2} [0-9]{5}",                            // NO
        "[A-Z]{2,3}-[1-9][0-9]{0,2}",                   // FI
        "[1-9][ABCEHJ-MPSTUZ][0-9] [0-9]{4}",           // CZ
        "[A-Z]{2}-[0-9]{3}[A-Z]{2}",                    // SK
        "[A-Z]{1,2}-[1-9][0-9]{2,4}[A-Z]",              // AT
        "(ZH|BE|GE|VD|TI) [1-9][0-9]{0,5}",             // CH
        "[A-Z]{2} [0-9]{4}",                            // LU
        "[12][0-9]{2}-(D-[1-9][0-9]{0,5}|KY-[1-9][0-9]{0,4})", // IE
        "[A-Z]{3}-[0-9]{3}",                            // HU, LT
        "[A-Z]{2} [A-Z]{2}-[0-9]{3}",                   // HU, SI
        "(B [0-9]{2,3}|CJ [0-9]{2}) [A-Z]{3}",          // RO
        "[ABEKMHOPCTYX]{1,2} [0-9]{4} [ABEKMHOPCTYX]{2}", // BG
        "[ABEZHIKMNOPTYX]{3}-[0-9]{4}",                 // GR
        "(ZG|ST|RI) [0-9]{3,4}-[A-Z]{1,2}",             // HR
        "(LJ|MB|KP) [0-9]{2}-[A-Z]{3}",                 // SI
        "[0-9]{3} [A-Z]{3}",                            // EE
        "[A-Z]{2}-[1-9][0-9]{0,3}",                     // LV
        "[A-Z]{3} [0-9]{3}",                            // LT
        "[ABEIKMHOPCTX]{2} [0-9]{4} [ABEIKMHOPCTX]{2}", // UA
    ];

    // No plate has a check digit.
    proptest! {
        #[test]
        fn every_plate_of_a_car_is_read_without_its_separators(
            plate in prop::strategy::Union::new(
                CARS.iter().map(|form| prop::string::string_regex(form).unwrap())),
        ) {
            let bare = plate.replace([' ', '-'], "");
            for spelling in [plate.clone(), plate.to_lowercase(), plate.replace(' ', "-")] {
                // But for the border behind a district.
                let form = read(&spelling).map(|form| form.replace('-', ""));
                prop_assert_eq!(form, Some(bare.clone()), "{}", spelling);
                prop_assert!(bare.len() < 4 || is_shape(spelling.as_bytes()), "{}", spelling);
            }
        }

        #[test]
        fn every_plate_of_every_series_is_read(
            (compact, spaced) in prop::strategy::Union::new(SERIES.iter().flat_map(|series| {
                series.shapes.split_ascii_whitespace().map(|s| pattern::testing::of_shape(s).boxed())
            })),
        ) {
            let once = read(&compact);
            prop_assert!(once.is_some(), "{}", compact);
            for spelling in [spaced.replace('-', " "), spaced.to_lowercase(), spaced] {
                let plate = read(&spelling);
                // What is of several shapes has one form but for the border that one demands.
                let plain = |form: Option<String>| form.map(|form| form.replace('-', ""));
                prop_assert_eq!(plain(plate), plain(once.clone()), "{}", spelling);
            }
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(
            text in "[A-Z0-9a é.-]{0,30}", bytes in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            for text in [text.as_bytes(), &bytes] {
                let _ = (parse(text), is_shape(text));
                for at in 0..=text.len() {
                    for found in [find(text, at), find_around(text, at)] {
                        prop_assert!(found.is_none_or(|(span, _)| span.end <= text.len()));
                    }
                }
            }
        }
    }
}
