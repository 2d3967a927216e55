//! Telephone numbers of a region, in the spellings in which people hash them.

use super::super::text::Text;
use super::{Visit, count_up, put_number};
use crate::kind::Region;
use crate::kind::phone::ranges::{self, NumberRange};

/// Digits that are counted up in a unit.
const FREE: usize = 5;
/// Stands in a layout for a digit of the national number.
const DIGIT: u8 = b'd';

/// First digits of the numbers of mobile telephones. Where a country has none of their own, as those of
/// the North American plan, it is not in the list.
///
/// # Source
/// ITU-T E.164, national numbering plans as their administrations publish them.
const MOBILE: [(&str, &[&str]); 27] = [
    ("AT", &["6"]),
    ("AU", &["4"]),
    ("BE", &["4"]),
    ("BG", &["87", "88", "89", "98", "99"]),
    ("BR", &[]),
    ("CH", &["7"]),
    ("CZ", &["6", "7"]),
    ("DE", &["15", "16", "17"]),
    ("ES", &["6", "7"]),
    ("FI", &["4", "50"]),
    ("FR", &["6", "7"]),
    ("GB", &["7"]),
    ("GR", &["69"]),
    ("HR", &["9"]),
    ("HU", &["20", "30", "31", "50", "70"]),
    ("IE", &["8"]),
    ("IN", &["6", "7", "8", "9"]),
    ("IT", &["3"]),
    ("LU", &["6"]),
    ("NL", &["6"]),
    ("NO", &["4", "9"]),
    ("PL", &["45", "50", "51", "53", "57", "60", "66", "69", "72", "73", "78", "79", "88"]),
    ("PT", &["9"]),
    ("RO", &["7"]),
    ("SE", &["7"]),
    ("SI", &["3", "4", "5", "6", "7"]),
    ("SK", &["9"]),
];

/// The regions that are tried where nobody says which.
pub fn has_mobile_ranges() -> impl Iterator<Item = Region> {
    MOBILE
        .iter()
        .filter(|(_, leading)| !leading.is_empty())
        .filter_map(|(code, _)| Region::new(code))
}

fn mobile_of(region: Region) -> &'static [&'static str] {
    MOBILE.iter().find(|(code, _)| *code == region.as_str()).map_or(&[], |(_, leading)| leading)
}

/// How a number is written.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    /// `+33612345678`
    Plus,
    /// `33612345678`
    Code,
    /// `0612345678`
    Trunk,
    /// `612345678`
    National,
    /// `06 12 34 56 78`, or with another character between the groups
    Groups(char),
    /// `+33 6 12 34 56 78`
    PlusGroups,
    /// `0033612345678`
    Zeros,
}

/// In the order of what is likely.
const SPELLINGS: [Spelling; 9] = [
    Spelling::Plus,
    Spelling::Trunk,
    Spelling::Code,
    Spelling::Groups(' '),
    Spelling::National,
    Spelling::PlusGroups,
    Spelling::Groups('.'),
    Spelling::Groups('-'),
    Spelling::Zeros,
];

/// So many of them are tried where nobody said which region.
const USUAL: usize = 4;

/// Numbers of a region in one spelling.
#[derive(Debug)]
pub(super) struct Spelled {
    region: Region,
    country_code: &'static str,
    trunk_prefix: &'static str,
    spelling: Spelling,
    ranges: Vec<NumberRange>,
    /// The first unit of each range, and behind the last one.
    starts: Vec<u64>,
}

/// The numbers of `region` that begin with `leading` in international form (`+33639`), those of mobile
/// telephones first: name of the part, an example of the spelling without a number, candidates.
///
/// With `mobile_only`, those alone, in the most usual spellings.
pub(super) fn spelled(
    region: Region,
    leading: &str,
    mobile_only: bool,
) -> Vec<(String, String, Spelled)> {
    let Some(numbers) = ranges::numbers(region) else { return Vec::new() };
    let leading = leading.strip_prefix('+').unwrap_or(leading);
    let Some(within) = within(numbers.country_code, leading) else { return Vec::new() };
    let mobile = mobile_of(region);
    let ranges = numbers.ranges.iter().filter_map(|range| narrowed(range, within));
    let is_mobile =
        |range: &NumberRange| mobile.iter().any(|leading| range.leading.starts_with(leading));
    let (first, rest): (Vec<_>, Vec<_>) =
        ranges.flat_map(|range| split(range, mobile)).partition(is_mobile);
    let mut spelled = Vec::new();
    let (parts, spellings) = if mobile_only { (1, USUAL) } else { (2, SPELLINGS.len()) };
    for (part, ranges) in [("mobile", first), ("other numbers", rest)].into_iter().take(parts) {
        let part = if mobile.is_empty() { "all numbers" } else { part };
        for spelling in SPELLINGS.into_iter().take(spellings).filter(|_| !ranges.is_empty()) {
            let numbers = Spelled::new(region, &numbers, spelling, ranges.clone());
            if let Some(numbers) = numbers {
                spelled.push((format!("{}, {part}", region.as_str()), numbers.name(), numbers));
            }
        }
    }
    spelled
}

/// What of `leading`, digits of an international number, is national; nothing where it is abroad.
fn within<'a>(country_code: &str, leading: &'a str) -> Option<&'a str> {
    if country_code.starts_with(leading) { Some("") } else { leading.strip_prefix(country_code) }
}

/// The numbers of a range that begin with `leading`.
fn narrowed(range: &NumberRange, leading: &str) -> Option<NumberRange> {
    if range.leading.starts_with(leading) {
        return Some(range.clone());
    }
    let more = leading.strip_prefix(range.leading.as_str())?;
    let free = range.free.checked_sub(more.len())?;
    Some(NumberRange { leading: leading.to_owned(), free })
}

/// A range as ranges that begin, or do not begin, with one of `leading`: cut where they could do both.
fn split(range: NumberRange, leading: &[&str]) -> Vec<NumberRange> {
    let could_be =
        |longer: &&&str| longer.starts_with(&range.leading) && longer.len() > range.leading.len();
    if range.free == 0 || leading.iter().find(could_be).is_none() {
        return vec![range];
    }
    let longer =
        |digit| NumberRange { leading: format!("{}{digit}", range.leading), free: range.free - 1 };
    (0..10).map(longer).flat_map(|range| split(range, leading)).collect()
}

impl Spelled {
    /// Nothing where the spelling is one of the others in this region.
    fn new(
        region: Region,
        numbers: &ranges::Numbers,
        spelling: Spelling,
        ranges: Vec<NumberRange>,
    ) -> Option<Self> {
        let ranges::Numbers { country_code, trunk_prefix, .. } = *numbers;
        if matches!(spelling, Spelling::National) && trunk_prefix.is_empty() {
            return None;
        }
        let starts = ranges.iter().scan(0, |next, range| {
            *next += 10_u64.pow(range.free.saturating_sub(FREE) as u32);
            Some(*next)
        });
        let starts = std::iter::once(0).chain(starts).collect();
        Some(Self { region, country_code, trunk_prefix, spelling, ranges, starts })
    }

    /// The spelling as dots in the place of digits.
    fn name(&self) -> String {
        let Self { country_code, trunk_prefix, .. } = self;
        match self.spelling {
            Spelling::Plus => format!("+{country_code}…"),
            Spelling::Code => format!("{country_code}…"),
            Spelling::Trunk if trunk_prefix.is_empty() => "national".to_owned(),
            Spelling::Trunk => format!("{trunk_prefix}…"),
            Spelling::National => format!("without +{country_code} and {trunk_prefix}"),
            Spelling::Groups(between) => format!("{trunk_prefix}…{between}…"),
            Spelling::PlusGroups => format!("+{country_code} … …"),
            Spelling::Zeros => format!("00{country_code}…"),
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.ranges.iter().map(|range| 10_u64.pow(range.free as u32)).sum()
    }

    pub(super) fn units(&self) -> u64 {
        self.starts.last().copied().unwrap_or(0)
    }

    pub(super) fn visit(&self, unit: u64, text: &mut Text<'_>, visit: &mut impl Visit) {
        let place = self.starts.partition_point(|start| *start <= unit) - 1;
        let range = &self.ranges[place];
        let free = range.free.min(FREE);
        let mut digits = range.leading.clone().into_bytes();
        let known = digits.len();
        digits.resize(known + range.free, b'0');
        let counted = digits.len() - free;
        put_number(unit - self.starts[place], &mut digits[known..counted]);
        let layout = self.layout(std::str::from_utf8(&digits).expect("digits"));
        text.set(&layout);
        let slots: Vec<_> = (0..layout.len()).filter(|at| layout[*at] == DIGIT).collect();
        for (slot, digit) in slots.iter().zip(&digits) {
            text.body()[*slot] = *digit;
        }
        count_up(text, &slots[counted..], 10_u64.pow(free as u32), visit);
    }

    /// The spelling of a national number, with [`DIGIT`] in the place of its digits.
    fn layout(&self, national: &str) -> Vec<u8> {
        let Self { country_code, trunk_prefix, .. } = self;
        let plain = "d".repeat(national.len());
        match self.spelling {
            Spelling::Plus => format!("+{country_code}{plain}"),
            Spelling::Code => format!("{country_code}{plain}"),
            Spelling::Trunk => format!("{trunk_prefix}{plain}"),
            Spelling::National => plain,
            Spelling::Groups(between) => self.grouped(national, trunk_prefix, between),
            Spelling::PlusGroups => {
                format!("+{country_code} {}", self.grouped(national, "", ' '))
            }
            Spelling::Zeros => format!("00{country_code}{plain}"),
        }
        .into_bytes()
    }

    /// Trunk prefix and digits in the groups of the country; without the prefix, its digits are left out
    /// of the first one.
    fn grouped(&self, national: &str, trunk_prefix: &str, between: char) -> String {
        let groups = ranges::groups(self.region, national).unwrap_or_default();
        let written: usize = groups.iter().sum();
        let mut left = trunk_prefix
            .bytes()
            .map(char::from)
            .chain("d".repeat(national.len()).chars().collect::<Vec<_>>());
        let total = trunk_prefix.len() + national.len();
        // What is written at home and not here, or the other way round, is of the first group.
        let mut surplus = written.saturating_sub(total);
        let mut missing = total.saturating_sub(written);
        let mut parts = Vec::new();
        for group in groups {
            let cut = surplus.min(group);
            surplus -= cut;
            let part: String =
                left.by_ref().take(group - cut + std::mem::take(&mut missing)).collect();
            parts.extend((!part.is_empty()).then_some(part));
        }
        let rest: String = left.collect();
        parts.extend((!rest.is_empty()).then_some(rest));
        parts.join(&between.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::text::Salt;
    use super::super::Sort;
    use super::super::tests::{domains, values_of};
    use super::*;

    #[test]
    fn a_number_is_spelled_as_people_do() {
        // 06 39 98 00 00 to 99 99 are numbers for fiction (ARCEP).
        let spelled: Vec<String> = domains(Sort::Phone, "+3363998")
            .iter()
            .map(|domain| values_of(domain, 0..1, &Salt::default()).swap_remove(1234))
            .collect();
        assert_eq!(
            spelled,
            [
                "+33639981234",
                "0639981234",
                "33639981234",
                "06 39 98 12 34",
                "639981234",
                "+33 6 39 98 12 34",
                "06.39.98.12.34",
                "06-39-98-12-34",
                "0033639981234",
            ]
        );
    }

    #[test]
    fn mobile_numbers_come_first_and_all_others_behind() {
        let france = domains(Sort::Phone, "");
        assert_eq!((&*france[0].part, france[0].size()), ("FR, mobile", 200_000_000));
        let size = |part: &str| {
            france.iter().find(|d| d.part == part).map_or(0, super::super::Domain::size)
        };
        let all = ranges::numbers(Region::new("FR").unwrap()).unwrap();
        let total: u64 = all.ranges.iter().map(|range| 10_u64.pow(range.free as u32)).sum();
        assert_eq!(size("FR, mobile") + size("FR, other numbers"), total);
    }

    #[test]
    fn every_region_of_the_list_has_mobile_numbers() {
        for region in has_mobile_ranges() {
            let spelled = spelled(region, "", true);
            let (part, _, numbers) = &spelled[0];
            assert!(part.ends_with("mobile"), "{part}");
            assert!(numbers.size() >= 1_000_000, "{part}");
        }
    }
}
