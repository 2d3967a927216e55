//! International bank account numbers.
//!
//! # Source
//! ISO 13616-1 and the IBAN registry of SWIFT (length and BBAN structure of each country), ISO/IEC
//! 7064 MOD 97-10 (check digits), through the crate `iban_validate`.

use std::ops::Range;

use ::iban::{BaseIban, Iban, IbanLike, ParseIbanError};

use super::border::{after, before, is_word, run_back};
use super::grouped::{Grouped, digit};
use super::{Canonical, Parsed, Region, Strength, scheme, trim};

/// ISO 13616-1: at most 34 characters.
const MAX_LEN: usize = 34;

/// The countries of the registry with the length of their IBANs in characters.
const COUNTRIES: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 \
    DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 \
    GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 \
    LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 \
    PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 \
    SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

/// [`COUNTRIES`] by the letters of a country; 0 for what is none.
static LENGTHS: [u8; 26 * 26] = {
    let (mut lengths, entries) = ([0; 26 * 26], COUNTRIES.as_bytes());
    let mut at = 0;
    while at < entries.len() {
        let country = place_of(entries[at], entries[at + 1]);
        lengths[country] = (entries[at + 2] - b'0') * 10 + entries[at + 3] - b'0';
        at += 5;
    }
    lengths
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
    match LENGTHS[place_of(first, second)] {
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
    let text = std::str::from_utf8(number).ok()?;
    match text.parse::<Iban>() {
        Ok(_) => {}
        Err(ParseIbanError::UnknownCountry(iban)) if has_newer_structure(&iban) => {}
        Err(_) => return None,
    }
    Some(Parsed {
        canonical: Canonical::new(text),
        strength: Strength::Strong,
        // What parsed begins with two ASCII letters.
        region: Region::new(&text[..2]),
    })
}

/// Whether the BBAN is that of a country which the registry has and `iban_validate` 5.0 has not:
/// Pakistan (`4!a16!c`) and Honduras (`4!a20!n`).
fn has_newer_structure(iban: &BaseIban) -> bool {
    let Some((bank, account)) = iban.bban_unchecked().split_at_checked(4) else {
        return false;
    };
    let is_account = match iban.country_code() {
        "PK" => account.len() == 16,
        "HN" => account.len() == 20 && account.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    is_account && bank.bytes().all(|b| b.is_ascii_uppercase())
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

    /// The structures of the registry: a country and its BBAN, so many digits (`n`), letters (`a`)
    /// and letters or digits (`c`).
    const STRUCTURES: &str = "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c \
        BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c CZ20n DE18n DJ23n DK14n DO4c20n EE16n \
        EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT4c20c \
        HN4a20n HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c \
        LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD20c ME18n MK3n10c2n MN16n \
        MR23n MT4a5n18c MU4a19n3a NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c \
        RO4a16c RS18n RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SO19n ST21n \
        SV4a20n TL19n TN20n TR6n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c";

    #[test]
    fn each_country_has_the_length_of_its_structure() {
        let lengths: Vec<String> = STRUCTURES
            .split_whitespace()
            .map(|structure| {
                let iban = of_structure(structure, &[0; 40]);
                format!("{}{}", &structure[..2], iban.len())
            })
            .collect();
        assert_eq!(COUNTRIES.split(' ').collect::<Vec<_>>(), lengths);
        for (first, second) in (b'A'..=b'Z').flat_map(|a| (b'A'..=b'Z').map(move |b| (a, b))) {
            let iban = closed(&String::from_utf8(vec![first, second]).unwrap(), "00000000000");
            let is_unknown = matches!(iban.parse::<Iban>(), Err(ParseIbanError::UnknownCountry(_)));
            let length = length_in(first, second.to_ascii_lowercase());
            assert!(is_unknown || length.is_some(), "{iban}");
        }
        assert_eq!(length_in(b'f', b'R'), Some(27));
        assert_eq!((length_in(b'Z', b'Z'), length_in(b'1', b'F')), (None, None));
    }

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
