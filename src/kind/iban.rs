//! International bank account numbers.
//!
//! # Source
//! ISO 13616-1 and the IBAN registry of SWIFT (length and BBAN structure of each country), ISO/IEC
//! 7064 MOD 97-10 (check digits). The tests compare with the crate `iban_validate`.

use std::ops::Range;

use super::border::{after, before, is_word, run_back};
use super::grouped::{Grouped, digit};
use super::{Canonical, Parsed, Region, Strength, scheme, trim};

/// ISO 13616-1: at most 34 characters.
const MAX_LEN: usize = 34;

/// The countries of the registry, each with the structure of its BBAN: so many digits (`n`), capitals
/// (`a`), or either (`c`).
const STRUCTURES: &str = "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c \
    CH5n12c CR18n CY8n16c CZ20n DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n \
    FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT4c20c HN4a20n HR17n HU24n IE4a14n IL19n \
    IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c \
    LV4a13c LY21n MC10n11c2n MD20c ME18n MK3n10c2n MN16n MR23n MT4a5n18c MU4a19n3a NI4a20n NL4a10n \
    NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n RU14n15c SA2n18c SC4a20n3a \
    SD14n SE20n SI15n SK20n SM1a10n12c SO19n ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c VA18n \
    VG4a16n XK16n YE4a4n18c";

/// A country of [`STRUCTURES`]; all zeros where letters are no country's.
#[derive(Clone, Copy)]
struct Country {
    /// Where its structure is.
    structure: (u16, u16),
    /// How many characters its IBANs have.
    length: u8,
}

/// [`STRUCTURES`] by the letters of a country.
static COUNTRIES: [Country; 26 * 26] = {
    let mut countries = [Country { structure: (0, 0), length: 0 }; 26 * 26];
    let signs = STRUCTURES.as_bytes();
    let mut at = 0;
    while at < signs.len() {
        let (start, place) = (at + 2, place_of(signs[at], signs[at + 1]));
        let (mut length, mut count) = (4, 0);
        at = start;
        while at < signs.len() && signs[at] != b' ' {
            if signs[at].is_ascii_digit() {
                count = count * 10 + signs[at] - b'0';
            } else {
                (length, count) = (length + count, 0);
            }
            at += 1;
        }
        countries[place] = Country { structure: (start as u16, at as u16), length };
        at += 1;
    }
    countries
};

const fn place_of(first: u8, second: u8) -> usize {
    (first - b'A') as usize * 26 + (second - b'A') as usize
}

/// How many characters the IBANs of a country have; nothing where `first` and `second`, in any case,
/// are no country's letters.
#[inline]
#[must_use]
pub fn length_in(first: u8, second: u8) -> Option<usize> {
    let (first, second) = (first.to_ascii_uppercase(), second.to_ascii_uppercase());
    if !(first.is_ascii_uppercase() && second.is_ascii_uppercase()) {
        return None;
    }
    match COUNTRIES[place_of(first, second)].length {
        0 => None,
        length => Some(length.into()),
    }
}

/// Parses a French RIB, which is bank, branch, account and key: 23 characters, in groups or not.
///
/// The canonical form is that of the IBAN that follows from it. Weak.
#[must_use]
pub fn parse_rib(value: &[u8]) -> Option<Parsed> {
    let iban = scheme::fr::rib_to_iban(value)?;
    Some(Parsed { region: Region::new("FR"), ..Parsed::weak(iban.as_str()) })
}

/// The RIB whose first digit is at `at`, its groups in a row, apart, or behind labels without digits:
/// `30006 00001 12345678901 89`, `30006, guichet 00001, compte 12345678901, clé 89`. Weak.
#[must_use]
pub fn find_rib(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    /// What may stand between two groups.
    const MAX_LABEL: usize = 32;
    if is_word(before(text, at)) {
        return None;
    }
    let mut rib = [0; 23];
    let (mut count, mut end) = (0, at);
    for length in [5, 5, 11, 2] {
        let is_part =
            |byte: &u8| byte.is_ascii_digit() || length == 11 && byte.is_ascii_alphabetic();
        let group = |start: usize| {
            text.get(start..start + length).filter(|group| group.iter().all(is_part))
        };
        let next = end + usize::from(matches!(after(text, end), b' ' | b'-'));
        let (start, group) = match group(next) {
            Some(group) => (next, group),
            None if after(text, end).is_ascii_alphanumeric() => return None,
            None => {
                let label = &text[end..text.len().min(end + MAX_LABEL)];
                // An account may begin with letters.
                let digit = label.iter().position(u8::is_ascii_digit)?;
                let start = end + digit - run_back(&label[..digit], |byte| is_part(&byte));
                (start, group(start)?)
            }
        };
        rib[count..count + length].copy_from_slice(group);
        count += length;
        end = start + length;
    }
    if is_word(after(text, end)) {
        return None;
    }
    Some((at..end, parse_rib(&rib)?))
}

/// Parses an IBAN in any case, its groups separated by single spaces or dashes.
///
/// The canonical form is in upper case without separators; the region is its country.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    let value = trim(value);
    let is_plain = |b: &u8| b.is_ascii_digit() || b.is_ascii_uppercase();
    let number;
    let number = if value.iter().all(is_plain) {
        value
    } else {
        number = read(value)?;
        number.as_bytes()
    };
    is_valid(number).then(|| Parsed {
        canonical: Canonical::new(number),
        strength: Strength::Strong,
        // It begins with two ASCII letters.
        region: std::str::from_utf8(&number[..2]).ok().and_then(Region::new),
    })
}

/// Whether letters and digits, all of them capitals, are an IBAN: its BBAN has the structure of its
/// country, and the check digits hold.
fn is_valid(number: &[u8]) -> bool {
    let [first, second, tens @ b'0'..=b'9', ones @ b'0'..=b'9', bban @ ..] = number else {
        return false;
    };
    if length_in(*first, *second) != Some(number.len()) {
        return false;
    }
    let (start, end) = COUNTRIES[place_of(*first, *second)].structure;
    has_structure(bban, &STRUCTURES.as_bytes()[usize::from(start)..usize::from(end)])
        // They are 98 minus a remainder, so never these two.
        && !matches!((tens, ones), (b'0', b'0' | b'1'))
        && remainder(bban.iter().chain(&number[..4])) == 1
}

/// Whether `bban` is made as `structure` says, in the way of [`STRUCTURES`].
fn has_structure(bban: &[u8], structure: &[u8]) -> bool {
    let (mut rest, mut count) = (bban, 0);
    for sign in structure {
        if sign.is_ascii_digit() {
            count = count * 10 + usize::from(sign - b'0');
            continue;
        }
        let Some((part, behind)) = rest.split_at_checked(count) else { return false };
        let is_made_so = match sign {
            b'n' => part.iter().all(u8::is_ascii_digit),
            b'a' => part.iter().all(u8::is_ascii_uppercase),
            _ => true,
        };
        if !is_made_so {
            return false;
        }
        (rest, count) = (behind, 0);
    }
    rest.is_empty()
}

/// The number that letters and digits are, letters counting from 10, modulo 97.
fn remainder<'a>(signs: impl Iterator<Item = &'a u8>) -> u64 {
    /// What leaves room for two more digits.
    const LARGE: u64 = u64::MAX / 1000;
    let append = |number: u64, sign: &u8| {
        let number = if number < LARGE { number } else { number % 97 };
        match sign {
            b'0'..=b'9' => number * 10 + u64::from(sign - b'0'),
            _ => number * 100 + u64::from(sign - b'A') + 10,
        }
    };
    signs.fold(0, append) % 97
}

/// Whether `value` looks like an IBAN: two letters, two digits, 11 to 30 letters and digits,
/// separated as in [`parse`]. Eight digits at least: the shortest IBANs have more, words fewer.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    read(value).is_some_and(|number| {
        let chars = number.as_bytes();
        chars.len() >= 15
            && chars[..2].iter().all(u8::is_ascii_uppercase)
            && chars[2..4].iter().all(u8::is_ascii_digit)
            && chars.iter().filter(|c| c.is_ascii_digit()).count() >= 8
    })
}

fn read(value: &[u8]) -> Option<Grouped<MAX_LEN>> {
    Grouped::read(trim(value), |c| match c {
        'a'..='z' | 'A'..='Z' => Some(c.to_ascii_uppercase() as u8),
        _ => digit(c),
    })
}

#[cfg(test)]
mod tests {
    use ::iban::{Iban, ParseIbanError};
    use proptest::prelude::*;

    use super::*;
    use crate::kind::testing;

    fn canonical(value: &str) -> Option<String> {
        testing::canonical(parse(value.as_bytes()))
    }

    #[test]
    fn the_specifications_vector_is_upper_case_without_separators() {
        let parsed = parse(b"fr76 3000 6000 0112 3456 7890 189").unwrap();
        assert_eq!(parsed.canonical.as_bytes(), b"FR7630006000011234567890189");
        assert_eq!(parsed.strength, Strength::Strong);
        assert_eq!(parsed.region, Region::new("FR"));
    }

    /// Examples of the registry.
    const PUBLISHED: [&str; 14] = [
        "FR1420041010050500013M02606",
        "DE89370400440532013000",
        "GB29NWBK60161331926819",
        "BE68539007547034",
        "NL91ABNA0417164300",
        "ES9121000418450200051332",
        "IT60X0542811101000000123456",
        "PT50000201231234567890154",
        "PL61109010140000071219812874",
        "NO9386011117947",
        "CH9300762011623852957",
        "MT84MALT011000012345MTLCAST001S",
        "PK36SCBL0000001123456702",
        "HN88CABF00000000000250005469",
    ];

    #[test]
    fn the_registrys_examples_are_read_however_they_are_grouped() {
        for iban in PUBLISHED {
            let grouped = |separator: &str| {
                let groups: Vec<_> =
                    iban.as_bytes().chunks(4).map(|g| std::str::from_utf8(g).unwrap()).collect();
                groups.join(separator).to_lowercase()
            };
            for written in [iban.to_owned(), grouped(" "), grouped("-"), grouped("\u{a0}")] {
                assert_eq!(canonical(&written).as_deref(), Some(iban), "{written}");
                assert!(is_shape(written.as_bytes()), "{written}");
            }
        }
    }

    #[test]
    fn what_does_not_hold_is_refused() {
        for value in [
            "FR7630006000011234567890188", // check digits
            "FR763000600001123456789018",  // length
            "ZZ9812345678901234",          // no country
            "DE8937040044053201300X",      // structure
            "FR76  3000 6000 0112 3456 7890 189",
            "",
        ] {
            assert!(parse(value.as_bytes()).is_none(), "{value}");
        }
    }

    #[test]
    fn a_rib_is_the_iban_that_follows_from_it() {
        let parsed = parse_rib(b"30006 00001 12345678901 89").unwrap();
        assert_eq!(parsed.canonical.as_bytes(), b"FR7630006000011234567890189");
        assert_eq!((parsed.strength, parsed.region), (Strength::Weak, Region::new("FR")));
        for text in [
            "RIB 30006000011234567890189.",
            "RIB : 30006-00001-12345678901-89 ici",
            "banque 30006 guichet 00001 compte 12345678901 clé 89",
            "RIB 20041 01005 0500013M026 06",
            "banque : 04492 - guichet : 22794 - compte : GSD51PWK0YH - clé : 56",
        ] {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            let (span, rib) = find_rib(text.as_bytes(), at).unwrap();
            assert!(text[span].ends_with(['9', '6']) && rib.canonical.as_bytes().len() == 27);
        }
        for text in ["30006 00001 12345678901 88", "130006 00001 12345678901 89", "30006 00001"] {
            assert_eq!(
                find_rib(text.as_bytes(), text.len() - text.trim_start_matches('1').len()),
                None
            );
        }
    }

    #[test]
    fn shapes_are_long_enough_and_mostly_numbers() {
        assert!(is_shape(b"FR76 30006 00001 12345678901 88"));
        for value in
            ["FR76 3000 6000", "no12 words and more words", "1234567890123456", "F176300060000112"]
        {
            assert!(!is_shape(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn the_countries_are_those_of_another_implementation() {
        for (first, second) in (b'A'..=b'Z').flat_map(|a| (b'A'..=b'Z').map(move |b| (a, b))) {
            let iban = closed(&String::from_utf8(vec![first, second]).unwrap(), "00000000000");
            let is_unknown = matches!(iban.parse::<Iban>(), Err(ParseIbanError::UnknownCountry(_)));
            let length = length_in(first, second.to_ascii_lowercase());
            let is_newer = NEWER.contains(&&iban[..2]);
            assert_eq!(length.is_some(), !is_unknown || is_newer, "{iban}");
        }
        assert_eq!(length_in(b'f', b'R'), Some(27));
        assert_eq!((length_in(b'Z', b'Z'), length_in(b'1', b'F')), (None, None));
    }

    /// The registry has the structures of these, and `iban_validate` 5.0 has not.
    const NEWER: [&str; 2] = ["PK", "HN"];

    /// `country` and its check digits before `bban`. ISO 13616-1: 98 minus the remainder of BBAN,
    /// country and 00, letters counting from 10.
    fn closed(country: &str, bban: &str) -> String {
        let signs = format!("{bban}{country}00");
        let digits: String = signs.chars().map(|c| c.to_digit(36).unwrap().to_string()).collect();
        let rest = digits.bytes().fold(0, |rest, b| (rest * 10 + u32::from(b - b'0')) % 97);
        format!("{country}{:02}{bban}", 98 - rest)
    }

    fn of_structure(structure: &str, filling: &[usize]) -> String {
        let (country, mut rest) = structure.split_at(2);
        let (mut bban, mut filling) = (String::new(), filling.iter());
        while let Some(at) = rest.find(|c: char| c.is_ascii_lowercase()) {
            let signs: &[u8] = match &rest[at..=at] {
                "n" => b"0123456789",
                "a" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                _ => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            };
            let of_part = filling.by_ref().take(rest[..at].parse().unwrap());
            bban.extend(of_part.map(|n| char::from(signs[n % signs.len()])));
            rest = &rest[at + 1..];
        }
        closed(country, &bban)
    }

    /// A RIB with its key, by the table of the letters.
    fn of_account(bank: u64, branch: u64, account: &str) -> String {
        let digits: String = account
            .chars()
            .map(|c| match "ABCDEFGHIJKLMNOPQRSTUVWXYZ".find(c) {
                Some(at) => char::from(b"12345678912345678923456789"[at]),
                None => c,
            })
            .collect();
        let key = 97 - (89 * bank + 15 * branch + 3 * digits.parse::<u64>().unwrap()) % 97;
        format!("{bank:05}{branch:05}{account}{key:02}")
    }

    proptest! {
        #[test]
        fn every_number_of_every_country_is_accepted(
            filling in prop::collection::vec(0usize..26 * 36 * 10, 30),
        ) {
            for structure in STRUCTURES.split_ascii_whitespace() {
                let iban = of_structure(structure, &filling);
                prop_assert_eq!(canonical(&iban), Some(iban.clone()), "{}", structure);
                let spaced: Vec<_> =
                    iban.as_bytes().chunks(4).map(|g| std::str::from_utf8(g).unwrap()).collect();
                prop_assert_eq!(canonical(&spaced.join(" ").to_lowercase()), Some(iban));
            }
        }

        #[test]
        fn what_is_valid_is_what_another_implementation_says(
            structure in prop::sample::select(STRUCTURES.split_ascii_whitespace().collect::<Vec<_>>()),
            filling in prop::collection::vec(0usize..36, 30),
            (at, sign) in (4usize..34, "[0-9A-Z]"),
            check in prop::option::of("[0-9]{2}"),
        ) {
            prop_assume!(!NEWER.contains(&&structure[..2]));
            let iban = of_structure(structure, &filling);
            let at = at.min(iban.len() - 1);
            // Another sign in it, another end of it, and either with check digits that hold, mostly.
            let others = [
                format!("{}{sign}{}", &iban[..at], &iban[at + 1..]),
                format!("{iban}{sign}"),
                iban[..at].to_owned(),
            ];
            for other in others {
                let bban = other.get(4..).unwrap_or_default();
                let other = match &check {
                    Some(check) => format!("{}{check}{bban}", &other[..2]),
                    None => closed(&other[..2], bban),
                };
                prop_assert_eq!(parse(other.as_bytes()).is_some(), other.parse::<Iban>().is_ok(), "{}", other);
            }
        }

        #[test]
        fn a_wrong_digit_is_refused(
            structure in prop::sample::select(STRUCTURES.split_ascii_whitespace().collect::<Vec<_>>()),
            filling in prop::collection::vec(0usize..26 * 36 * 10, 30),
        ) {
            for wrong in testing::with_a_wrong_digit(&of_structure(structure, &filling)) {
                prop_assert_eq!(canonical(&wrong), None);
            }
        }

        #[test]
        fn every_rib_is_its_iban_and_a_wrong_digit_is_refused(
            bank in 0u64..100_000, branch in 0u64..100_000, account in "[0-9]{11}|[0-9A-Z]{11}",
        ) {
            let rib = of_account(bank, branch, &account);
            let spaced = format!("{} {} {} {}", &rib[..5], &rib[5..10], &rib[10..21], &rib[21..]);
            for spelling in [&rib, &spaced] {
                let read = testing::canonical(parse_rib(spelling.as_bytes()));
                prop_assert_eq!(read, Some(closed("FR", &rib)));
                let text = format!("RIB {spelling}, merci");
                prop_assert_eq!(testing::part(&text, find_rib(text.as_bytes(), 4)), Some(&**spelling));
            }
            for wrong in testing::with_a_wrong_digit(&rib) {
                prop_assert_eq!(parse_rib(wrong.as_bytes()), None);
            }
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(value in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = (parse(&value), parse_rib(&value), is_shape(&value));
            for at in 0..value.len() {
                prop_assert!(find_rib(&value, at).is_none_or(|(span, _)| span.end <= value.len()));
            }
        }
    }
}
