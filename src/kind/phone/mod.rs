//! Telephone numbers.
//!
//! A number is read in two steps: its spelling (digits, groups, an extension; this file and
//! `spelling`), which refuses most of what is not a number, and its numbering `plan`, which is
//! libphonenumber's.
//!
//! # Source
//! ITU-T E.164 (canonical form), RFC 3966 (`tel:`, `;ext=`), libphonenumber's metadata (plans).

mod plan;
pub mod ranges;
mod spelling;

use std::cell::OnceCell;

use self::spelling::Spelled;
use super::{Canonical, Parsed, Region, Strength, trim};

/// Parses a number that is valid in its numbering plan.
///
/// Strong in international form: `+33 6 …`, `0033 6 …`, with `(0)`, `tel:` or not. Weak in national
/// form, which is tried under each of `regions` in turn: the first region in which it is valid has
/// it. A national number without regions, and a bare `33199001234`, prove nothing and are not
/// tried as international. Dates, dotted quads and amounts are refused before any plan is asked.
///
/// The canonical form is E.164, with an extension as `;ext=12`; the region is that of the number,
/// and none for numbers of no country (`+800`).
#[must_use]
pub fn parse(value: &[u8], regions: &[Region]) -> Option<Parsed> {
    Dialled::of(Spelled::read(trim(value))?)?.parse(regions)
}

/// As [`parse`], for a value of a field of numbers: there `21 245 855` and `321.2701`, which elsewhere
/// are amounts, are in the groups of Latvia and Estonia.
#[must_use]
pub fn parse_in_field(value: &[u8], regions: &[Region]) -> Option<Parsed> {
    InField::read(value)?.parse(regions)
}

/// A value of a field of numbers, read once to be asked about many regions.
pub struct InField {
    as_written: Option<Dialled>,
    /// Its digits without the groups that amounts have, too.
    as_amount: Option<Dialled>,
}

impl InField {
    /// Nothing for what is spelled like no number.
    #[must_use]
    pub fn read(value: &[u8]) -> Option<Self> {
        let number = Spelled::read(trim(value))?;
        let digits = number.is_grouped_like_amount().then(|| number.digits().as_bytes());
        let as_amount = digits.and_then(Spelled::read).and_then(Dialled::of);
        Some(Self { as_written: Dialled::of(number), as_amount })
    }

    /// Whether [`parse_in_field`] takes it under `region` alone, as a number of it.
    #[must_use]
    pub fn is_of(&self, region: Region) -> bool {
        let of_number = self.readings().find_map(|dialled| dialled.region_under(region));
        of_number.is_some_and(|of_number| of_number == Some(region))
    }

    /// Whether it [`is_shape`] of no more digits than can be dialled.
    #[must_use]
    pub fn is_shape(&self) -> bool {
        self.as_written.as_ref().is_some_and(|dialled| dialled.number.is_plausible())
    }

    /// As [`parse_in_field`].
    #[must_use]
    pub fn parse(&self, regions: &[Region]) -> Option<Parsed> {
        self.readings().find_map(|dialled| dialled.parse(regions))
    }

    fn readings(&self) -> impl Iterator<Item = &Dialled> {
        self.as_written.iter().chain(&self.as_amount)
    }
}

/// A spelling that nothing else than a number explains.
struct Dialled {
    number: Spelled,
    /// The region of the international number that it is, whatever region it is dialled in.
    abroad: OnceCell<Option<Option<Region>>>,
}

impl Dialled {
    fn of(number: Spelled) -> Option<Self> {
        let is_number = (5..=17).contains(&number.digits().len()) && !number.is_something_else();
        is_number.then_some(Self { number, abroad: OnceCell::new() })
    }

    fn parse(&self, regions: &[Region]) -> Option<Parsed> {
        let (number, strength) = self.number(regions)?;
        Some(parsed(&number, self.number.extension(), strength))
    }

    fn number(&self, regions: &[Region]) -> Option<(plan::Number, Strength)> {
        if let Some(number) = self.international() {
            return Some((number, Strength::Strong));
        }
        let number = regions.iter().find_map(|&region| self.national(region))?;
        Some((number, Strength::Weak))
    }

    fn international(&self) -> Option<plan::Number> {
        let digits = self.number.digits();
        let from_plus = if self.number.has_plus() { digits } else { digits.strip_prefix("00")? };
        plan::international(from_plus)
    }

    fn national(&self, region: Region) -> Option<plan::Number> {
        let could_be = !self.number.has_plus();
        could_be.then(|| plan::national(self.number.digits(), region))?
    }

    /// The region of the number that is dialled in `region`; asked of dozens of them.
    fn region_under(&self, region: Region) -> Option<Option<Region>> {
        let abroad = self.abroad.get_or_init(|| Some(self.international()?.region));
        abroad.or_else(|| Some(self.national(region)?.region))
    }
}

/// Parses the digits of an international number without its `+`, as switches and billing files
/// write it (MSISDN): `33199001234`. Weak: ids and times have as many digits.
#[must_use]
pub fn parse_msisdn(value: &[u8]) -> Option<Parsed> {
    let digits = std::str::from_utf8(trim(value)).ok()?;
    if !could_be_msisdn(digits.as_bytes()) {
        return None;
    }
    plan::international(digits).map(|number| parsed(&number, "", Strength::Weak))
}

/// Whether digits begin with a country code and are as many as its numbers have, country code
/// included: cheap, since every long number of every column is asked.
///
/// # Source
/// ITU-T E.164, list of assigned country codes; lengths of libphonenumber's metadata.
fn could_be_msisdn(digits: &[u8]) -> bool {
    let lengths = match digits {
        [b'1' | b'7', ..] => 11..=11,
        [b'3', b'0' | b'1' | b'3' | b'4' | b'6', ..] => 11..=12,
        [b'3', b'2' | b'9', ..] => 10..=13,
        [b'3', b'5' | b'7' | b'8', ..] => 10..=13,
        [b'4', b'0' | b'1', ..] => 11..=11,
        [b'4', b'4', ..] => 12..=12,
        [b'4', b'5' | b'7', ..] => 10..=10,
        [b'4', b'8', ..] => 11..=11,
        [b'4', b'2' | b'3' | b'6' | b'9', ..] => 10..=14,
        [b'2' | b'5' | b'6' | b'8' | b'9', ..] => 10..=14,
        _ => return false,
    };
    lengths.contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
}

/// Whether a valid national number stands in the groups that its plan's readers expect: those of
/// libphonenumber's national format, or the same area code and two to four digits a group behind
/// it. Digits without groups are no evidence, nor are groups that some other list of numbers has.
#[must_use]
pub fn is_customary(value: &[u8], regions: &[Region]) -> bool {
    let value = trim(value);
    let Some(spelled) = Spelled::read(value) else { return false };
    let number = regions.iter().find_map(|&region| plan::national(spelled.digits(), region));
    let Some(number) = number else { return false };
    let customary = number.groups();
    let written = groups(value);
    let Some((first, rest)) = written.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return false;
    };
    let is_complete = written.iter().sum::<usize>() == customary.iter().sum::<usize>();
    written == customary
        || is_complete
            && customary.first() == Some(first)
            && rest.iter().all(|len| (2..=4).contains(len))
}

/// Whether `value` begins with a year of these times, and a dash or slash behind it.
#[must_use]
pub fn begins_with_year(value: &[u8]) -> bool {
    matches!(value, [b'1', b'9', d, e, b'-' | b'/', ..] | [b'2', b'0', d, e, b'-' | b'/', ..]
        if d.is_ascii_digit() && e.is_ascii_digit())
}

/// The lengths of the groups of digits in `text`.
fn groups(text: &[u8]) -> Vec<usize> {
    text.split(|b| !b.is_ascii_digit()).map(<[u8]>::len).filter(|len| *len > 0).collect()
}

/// Whether `value` looks like a number, in whatever plan: 7 to 15 digits (18 with the prefix `00`)
/// in groups as people write them, and nothing that is better explained by a date, a range, an
/// amount or a dotted quad.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    Spelled::read(trim(value)).is_some_and(|number| number.is_plausible())
}

/// Whether `region` has a numbering plan: `GB` has, `UK` has not.
#[must_use]
pub fn is_supported_region(region: Region) -> bool {
    plan::is_known(region)
}

/// The last two digits of a number that [`is_shape`], extension left out: what its mask may show.
pub(super) fn last_two(value: &[u8]) -> Option<[u8; 2]> {
    let number = Spelled::read(trim(value)).filter(Spelled::is_plausible)?;
    number.digits().as_bytes().last_chunk().copied()
}

/// The country code that begins the digits of an international number.
///
/// Surrogates keep it, so a code of another length here would be another permutation: it takes a
/// new version of the pseudonym specification.
///
/// # Source
/// ITU-T E.164, list of assigned country codes: 1 and 7 have one digit, these have two, the rest
/// have three.
#[must_use]
pub fn country_code(digits: &str) -> Option<&str> {
    const TWO_DIGITS: [&str; 44] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
        "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
        "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    let len = match digits.get(..2)? {
        two if two.starts_with(['1', '7']) => 1,
        two if TWO_DIGITS.contains(&two) => 2,
        _ => 3,
    };
    digits.get(..len)
}

fn parsed(number: &plan::Number, extension: &str, strength: Strength) -> Parsed {
    let mut canonical = number.e164();
    if !extension.is_empty() {
        canonical.push_str(";ext=");
        canonical.push_str(extension);
    }
    Parsed { canonical: Canonical::new(canonical), strength, region: number.region }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rlibphonenumber::PHONE_NUMBER_UTIL;

    use super::*;

    fn regions(codes: &[&str]) -> Vec<Region> {
        codes.iter().map(|code| Region::new(code).unwrap()).collect()
    }

    fn canonical_in(value: &str, codes: &[&str]) -> Option<String> {
        parse(value.as_bytes(), &regions(codes))
            .map(|parsed| String::from_utf8(parsed.canonical.as_bytes().to_vec()).unwrap())
    }

    fn canonical(value: &str) -> Option<String> {
        canonical_in(value, &[])
    }

    #[test]
    fn the_specifications_vectors_hold() {
        assert_eq!(canonical_in("06 12 34 56 78", &["FR"]).as_deref(), Some("+33612345678"));
        assert_eq!(canonical("+33 6 12 34 56 78 ext. 12").as_deref(), Some("+33612345678;ext=12"));
    }

    #[test]
    fn international_forms_are_strong() {
        for value in [
            "+33199001234",
            "+33 1 99 00 12 34",
            "+33 (0)1 99 00 12 34",
            "(+33) 1 99 00 12 34",
            "0033199001234",
            "00 33 1 99 00 12 34",
            "0033 (0)1 99 00 12 34",
            "tel:+33-1-99-00-12-34",
            "TEL:+33199001234",
            "+33\u{a0}1\u{a0}99\u{a0}00\u{a0}12\u{a0}34",
            "+33\u{202f}1\u{202f}99\u{202f}00\u{202f}12\u{202f}34",
            "＋３３１９９００１２３４",
            "+33.1.99.00.12.34",
            "+33/199001234",
            "+33 1 - 99 00 12 34",
            " +33199001234 ",
            "+33\u{2011}1\u{2011}99\u{2011}00\u{2011}12\u{2011}34",
        ] {
            let parsed = parse(value.as_bytes(), &[]);
            assert!(parsed.is_some(), "{value}");
            let parsed = parsed.unwrap();
            assert_eq!(parsed.canonical.as_bytes(), b"+33199001234", "{value}");
            assert_eq!(parsed.strength, Strength::Strong, "{value}");
            assert_eq!(parsed.region, Region::new("FR"), "{value}");
        }
    }

    #[test]
    fn national_forms_take_the_first_region_in_which_they_are_valid() {
        assert_eq!(canonical("01 99 00 12 34"), None);
        assert_eq!(canonical_in("01 99 00 12 34", &["FR"]).as_deref(), Some("+33199001234"));
        assert_eq!(canonical_in("(202) 555-0143", &["FR", "US"]).as_deref(), Some("+12025550143"));
        assert_eq!(canonical_in("0199001234", &["US", "FR"]).as_deref(), Some("+33199001234"));
        let parsed = parse(b"01 99 00 12 34", &regions(&["FR"])).unwrap();
        assert_eq!(parsed.strength, Strength::Weak);
        // The same number under another region's plan is another number.
        assert_ne!(canonical_in("0470 12 34 56", &["BE"]), canonical_in("0470 12 34 56", &["FR"]));
    }

    #[test]
    fn a_bare_msisdn_is_national() {
        assert_eq!(canonical("33199001234"), None);
        assert_eq!(canonical_in("33199001234", &["FR"]).as_deref(), Some("+33199001234"));
    }

    #[test]
    fn extensions_are_kept_with_their_zeros() {
        for value in [
            "+1 202-555-0143 x071",
            "+12025550143x071",
            "+1 202 555 0143 ext. 071",
            "+12025550143;ext=071",
            "tel:+1-202-555-0143;ext=071",
            "+1 202 555 0143 extension 071",
            "+1 202 555 0143 #071",
            "+1 202 555 0143 ext 071",
            "+1 202 555 0143, ext. 071",
            "+1 202 555 0143 poste 071",
        ] {
            assert_eq!(canonical(value).as_deref(), Some("+12025550143;ext=071"), "{value}");
        }
    }

    #[test]
    fn numbers_outside_every_plan_are_refused() {
        for value in [
            "+33 0 00 00 00 00",
            "+999 12345678",
            "+1-539-402-02",
            "+0 199001234",
            "+",
            "",
            "1234",
            "+33",
        ] {
            assert_eq!(canonical_in(value, &["FR", "US"]), None, "{value}");
        }
    }

    #[test]
    fn a_number_of_no_country_has_no_region() {
        let parsed = parse(b"+800 1234 5678", &[]).unwrap();
        assert_eq!(parsed.region, None);
    }

    #[test]
    fn dates_and_quads_are_no_numbers_in_any_plan() {
        // All of these but the quads have a number of digits that Danish numbers have.
        for value in [
            "2020-08-24",
            "24/08/2020",
            "24.08.2020",
            "20200824",
            "20 08 2024",
            "2019-2020",
            "20.20.20.24",
            "1234.5678",
            "20.202.024",
            "198.51.100.7",
            "112.0.5920.84",
        ] {
            assert_eq!(canonical_in(value, &["DK", "NO", "SG", "US", "FR"]), None, "{value}");
            assert!(!is_shape(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn in_a_field_of_numbers_amounts_are_numbers() {
        for (value, region) in [("21 245 855", "LV"), ("321.2701", "EE"), ("6169.4746", "SG")] {
            let of_region = regions(&[region]);
            assert!(parse(value.as_bytes(), &of_region).is_none(), "{value}");
            assert!(parse_in_field(value.as_bytes(), &of_region).is_some(), "{value}");
        }
        assert!(parse_in_field(b"24.08.2020", &regions(&["DK", "NO"])).is_none());
        assert!(parse_in_field(b"48.856613", &regions(&["DK", "NO"])).is_none());
    }

    #[test]
    fn regions_with_a_plan_are_known() {
        for (code, supported) in
            [("FR", true), ("GB", true), ("US", true), ("UK", false), ("ZZ", false)]
        {
            assert_eq!(is_supported_region(Region::new(code).unwrap()), supported, "{code}");
        }
    }

    #[test]
    fn country_codes_are_those_the_library_knows() {
        for code in PHONE_NUMBER_UTIL.get_supported_calling_codes() {
            let code = code.to_string();
            assert_eq!(country_code(&format!("{code}5550143")), Some(code.as_str()));
        }
        assert_eq!(country_code("3"), None);
    }

    /// What regulators keep for films and documentation (Arcep, Ofcom, FCC and NANPA, ACMA,
    /// Bundesnetzagentur, PTS): region, country code, trunk prefix, what numbers begin with, how many
    /// digits follow. Without 06 39 98 and 07700 900, which are of no region in the plans.
    const RESERVED: [(&str, &str, &str, &str, usize); 15] = [
        ("FR", "33", "0", "19900", 4),
        ("FR", "33", "0", "26191", 4),
        ("FR", "33", "0", "35301", 4),
        ("FR", "33", "0", "46571", 4),
        ("FR", "33", "0", "53649", 4),
        ("GB", "44", "0", "2079460", 3),
        ("GB", "44", "0", "1134960", 3),
        ("US", "1", "", "20255501", 2),
        ("US", "1", "1", "31055501", 2),
        ("AU", "61", "0", "255501", 3),
        ("AU", "61", "0", "491570", 3),
        ("DE", "49", "0", "3023125", 3),
        ("DE", "49", "0", "22147109", 2),
        ("DE", "49", "0", "17604069", 3),
        ("SE", "46", "0", "8465004", 2),
    ];

    // No number has a check digit.
    proptest! {
        #[test]
        fn every_number_kept_for_films_is_read_in_each_spelling(
            rest in "[0-9]{4}", separator in "[ .-]|\u{a0}", extension in "[0-9]{1,4}",
        ) {
            for (region, country, trunk, start, len) in RESERVED {
                let national = format!("{start}{}", &rest[..len]);
                let (head, tail) = national.split_at(national.len() - 4);
                let head = format!("{}{separator}{}", &head[..3], &head[3..]);
                let expected = format!("+{country}{national}");
                for spelling in [
                    expected.clone(),
                    format!("00{country}{national}"),
                    format!("+{country}{separator}{head}{separator}{tail}"),
                    format!("tel:+{country}{head}-{tail}"),
                ] {
                    let parsed = parse(spelling.as_bytes(), &[]);
                    let strength = parsed.as_ref().map(|p| p.strength);
                    prop_assert_eq!(strength, Some(Strength::Strong), "{}", spelling);
                    prop_assert_eq!(parsed.unwrap().region, Region::new(region), "{}", spelling);
                    prop_assert_eq!(canonical(&spelling), Some(expected.clone()), "{}", spelling);
                }
                for spelling in [
                    format!("{trunk}{national}"), format!("{trunk}{head}{separator}{tail}"),
                ] {
                    let read = canonical_in(&spelling, &[region]);
                    prop_assert_eq!(read, Some(expected.clone()), "{}", spelling);
                }
                let extended = canonical(&format!("{expected} ext. {extension}"));
                prop_assert_eq!(extended, Some(format!("{expected};ext={extension}")));
            }
        }

        #[test]
        fn every_french_number_is_read_however_it_is_grouped(
            national in "[1-5679][0-9]{8}", separator in "[ .-]|\u{a0}|", prefix in "\\+33|0033|\\+33 \\(0\\)",
        ) {
            let plain = canonical(&format!("+33{national}"));
            prop_assume!(plain.is_some());
            let mut grouped = format!("{prefix}{separator}{}", &national[..1]);
            for pair in national.as_bytes()[1..].chunks(2) {
                grouped.push_str(&separator);
                grouped.push_str(std::str::from_utf8(pair).unwrap());
            }
            prop_assert_eq!(canonical(&grouped), plain.clone());
            prop_assert_eq!(canonical_in(&format!("0{national}"), &["FR"]), plain);
        }

        #[test]
        fn the_canonical_form_is_its_own(value in "\\+?[0-9]{1,4}[0-9 .()-]{4,12}( ?x[0-9]{1,4})?") {
            if let Some(once) = canonical_in(&value, &["FR", "US", "DE"]) {
                prop_assert_eq!(canonical(&once), Some(once));
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(value in "\\PC{0,30}|[-+0-9 ().x#;/]{0,30}") {
            let _ = (canonical_in(&value, &["FR", "US"]), is_shape(value.as_bytes()), last_two(value.as_bytes()));
        }
    }
}
