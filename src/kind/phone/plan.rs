//! Numbering plans: which digits are a telephone number of which country.
//!
//! The plans are libphonenumber's. Its metadata gives them as regular expressions; here they are
//! one automaton, compiled beforehand, that reads a digit by one look into a table: columns of
//! numbers are asked under dozens of plans. The steps from the digits dialled to the number are
//! those of libphonenumber too, and the tests compare with its port what comes out.
//!
//! # Source
//! libphonenumber's metadata and `PhoneNumberUtil::parse`; `data/numbering_plans.py` compiles it.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};

use super::spelling::Digits;
use crate::kind::Region;

/// Longer national numbers are refused before a plan is asked.
const MAX_NATIONAL: usize = 17;
/// What is before the country code, or a rule for a prefix, adds a few digits.
const MAX_DIALLED: usize = 32;

/// A number that is valid in its plan.
pub(super) struct Number {
    country: &'static Country,
    national: Digits<MAX_DIALLED>,
    /// None for the numbers of no country.
    pub(super) region: Option<Region>,
}

impl Number {
    /// The canonical form of ITU-T E.164, with the plus sign.
    pub(super) fn e164(&self) -> String {
        ["+", self.country.code, self.national.as_str()].concat()
    }

    /// How many digits the groups of its national format have, trunk prefix included.
    pub(super) fn groups(&self) -> Vec<usize> {
        let national = self.national.as_bytes();
        let place = usize::from(accepted(self.country.formats_start, national));
        let format = place.checked_sub(1).and_then(|place| self.country.formats.get(place));
        format.map_or_else(|| vec![national.len()], |format| format.groups(national.len()))
    }
}

/// The number that `digits`, country code first, are.
pub(super) fn international(digits: &str) -> Option<Number> {
    const MIN_DIGITS: usize = 3;
    let country = (1..=3).find_map(|length| PLANS.country(digits.get(..length)?));
    let country = country.filter(|_| digits.len() >= MIN_DIGITS)?;
    number(country, country.main(), &digits[country.code.len()..])
}

/// The number that is reached by dialling `digits` in `region`.
pub(super) fn national(digits: &str, region: Region) -> Option<Number> {
    let plan = PLANS.of(region)?;
    let country = &PLANS.countries[plan.country];
    if let Some(abroad) = plan.international.strip(digits)
        && !abroad.starts_with('0')
    {
        return international(abroad);
    }
    if let Some(rest) = digits.strip_prefix(country.code) {
        let rest = plan.without_trunk_prefix(rest)?;
        let is_better = !plan.is_general(digits.as_bytes()) && plan.is_general(rest.as_bytes());
        if is_better || plan.lengths.is_beyond(digits.len()) {
            return number(country, country.main(), rest.as_str());
        }
    }
    number(country, plan, digits)
}

/// Whether there is a plan for `region`.
pub(super) fn is_known(region: Region) -> bool {
    PLANS.of(region).is_some()
}

/// What reads the national numbers of a region digit by digit.
pub(super) struct Automaton {
    pub(super) country_code: &'static str,
    /// Empty where it is no fixed digits.
    pub(super) trunk_prefix: &'static str,
    pub(super) start: u16,
    lengths: u32,
}

impl Automaton {
    pub(super) fn has_length(&self, digits: usize) -> bool {
        has(self.lengths, digits)
    }
}

/// That of `region`, if it has a plan.
pub(super) fn automaton(region: Region) -> Option<Automaton> {
    let plan = PLANS.of(region)?;
    let trunk_prefix = match plan.trunk {
        Prefix::Digits(digits) => digits,
        Prefix::None | Prefix::Pattern { .. } => "",
    };
    let country_code = PLANS.countries[plan.country].code;
    Some(Automaton {
        country_code,
        trunk_prefix,
        start: plan.start,
        lengths: plan.lengths.national,
    })
}

/// The state behind `state` and a digit of 0 to 9.
pub(super) fn step(state: u16, digit: u8) -> u16 {
    word(row(state) + usize::from(digit))
}

/// Whether the digits that lead to `state` are a number.
pub(super) fn is_valid(state: u16) -> bool {
    word(row(state) + STATE - 1) & VALID != 0
}

/// How many digits the groups of a national number of `region` have, trunk prefix included.
pub(super) fn groups(region: Region, national: &str) -> Option<Vec<usize>> {
    let country = &PLANS.countries[PLANS.of(region)?.country];
    Some(Number { country, national: Digits::of(national)?, region: Some(region) }.groups())
}

/// The number that `digits` without a country code are, under `plan` of `country`.
fn number(country: &'static Country, plan: &Plan, digits: &str) -> Option<Number> {
    if digits.len() < 2 {
        return None;
    }
    let mut national = plan.without_trunk_prefix(digits)?;
    if !plan.lengths.could_be(national.as_bytes().len()) {
        national = Digits::of(digits)?;
    }
    let digits = national.as_bytes();
    if !(2..=MAX_NATIONAL).contains(&digits.len()) {
        return None;
    }
    let plans = &PLANS.plans[country.plans.clone()];
    let plan = match plans {
        [plan] => plan,
        plans => plans.iter().find(|plan| {
            let marks = if plan.has_leading_digits { LEADING } else { VALID };
            accepted(plan.start, digits) & marks != 0
        })?,
    };
    let is_valid = accepted(plan.start, digits) & VALID != 0;
    is_valid.then_some(Number { country, national, region: plan.region })
}

static PLANS: LazyLock<Plans> =
    LazyLock::new(|| Plans::read(include_str!("../../../data/numbering_plans.txt")));

/// A state is ten places of next states, by digit, and what it accepts; two bytes each, the lower
/// first. State 0 goes nowhere.
static AUTOMATON: &[u8] = include_bytes!("../../../data/numbering_plans.dfa");
const STATE: usize = 11;

/// Digits that fit the general pattern of a plan.
const GENERAL: u16 = 1;
/// Digits that are a number of some type, in its lengths.
const VALID: u16 = 2;
/// Digits that begin as those of the region do, among the regions of a country code.
const LEADING: u16 = 4;

/// What the state that `digits` lead to from `start` accepts.
fn accepted(start: u16, digits: &[u8]) -> u16 {
    let state = digits.iter().fold(start, |state, digit| step(state, digit - b'0'));
    word(row(state) + STATE - 1)
}

fn word(place: usize) -> u16 {
    u16::from_le_bytes([AUTOMATON[2 * place], AUTOMATON[2 * place + 1]])
}

fn row(state: u16) -> usize {
    usize::from(state) * STATE
}

/// All plans, by country code and by region.
struct Plans {
    countries: Vec<Country>,
    plans: Vec<Plan>,
    /// Place in `plans` by the two letters of a region.
    of_region: Box<[Option<u16>; 26 * 26]>,
    /// Place in `countries` by country code.
    of_code: Box<[Option<u16>; 1000]>,
}

/// A country code with the plans behind it, that of the main region first.
struct Country {
    code: &'static str,
    plans: Range<usize>,
    formats_start: u16,
    formats: Vec<Format>,
}

/// The plan of a region.
struct Plan {
    region: Option<Region>,
    country: usize,
    start: u16,
    has_leading_digits: bool,
    lengths: Lengths,
    international: Prefix,
    trunk: Prefix,
    /// What a trunk prefix is replaced with, `$1` for what its group matched.
    transform: &'static str,
}

/// How many digits national numbers have, by bit.
struct Lengths {
    national: u32,
    /// Those that can be dialled within an area only.
    local: u32,
}

/// How a number is written within its country.
struct Format {
    /// Fewest and most digits of each group.
    widths: Vec<(usize, usize)>,
    /// `0$1 $2`.
    template: &'static str,
}

/// What is dialled before a number.
enum Prefix {
    None,
    Digits(&'static str),
    Pattern { text: &'static str, compiled: OnceLock<Regex> },
}

impl Plans {
    /// Reads what `data/numbering_plans.py` wrote.
    fn read(text: &'static str) -> Self {
        let mut plans = Self {
            countries: Vec::new(),
            plans: Vec::new(),
            of_region: Box::new([None; 26 * 26]),
            of_code: Box::new([None; 1000]),
        };
        for line in text.lines() {
            plans.read_line(&line.split('\t').collect::<Vec<_>>()).expect("written by our script");
        }
        plans
    }

    fn read_line(&mut self, fields: &[&'static str]) -> Option<()> {
        match *fields {
            ["code", code, formats_start] => {
                let place = u16::try_from(self.countries.len()).ok();
                self.of_code[code.parse::<usize>().ok()?] = place;
                let next = self.plans.len();
                self.countries.push(Country {
                    code,
                    plans: next..next,
                    formats_start: formats_start.parse().ok()?,
                    formats: Vec::new(),
                });
            }
            ["format", widths, template] => {
                let widths = widths.split(' ').map(width).collect::<Option<_>>()?;
                self.countries.last_mut()?.formats.push(Format { widths, template });
            }
            ["region", region, start, leading, national, local, abroad, trunk, transform] => {
                let region = Region::new(region);
                if let Some(region) = region {
                    self.of_region[place_of(region)] = u16::try_from(self.plans.len()).ok();
                }
                self.plans.push(Plan {
                    region,
                    country: self.countries.len() - 1,
                    start: start.parse().ok()?,
                    has_leading_digits: !leading.is_empty(),
                    lengths: Lengths { national: bits(national)?, local: bits(local)? },
                    international: Prefix::new(abroad),
                    trunk: Prefix::new(trunk),
                    transform,
                });
                self.countries.last_mut()?.plans.end = self.plans.len();
            }
            _ => return None,
        }
        Some(())
    }

    fn of(&self, region: Region) -> Option<&Plan> {
        self.of_region[place_of(region)].map(|place| &self.plans[usize::from(place)])
    }

    fn country(&self, code: &str) -> Option<&Country> {
        // A country code has no zero in front; one of a longer number would be another code.
        let place = code.parse::<usize>().ok().filter(|_| !code.starts_with('0'))?;
        self.of_code.get(place).copied().flatten().map(|place| &self.countries[usize::from(place)])
    }
}

/// `3` or `3-4`.
fn width(text: &str) -> Option<(usize, usize)> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    Some((least.parse().ok()?, most.parse().ok()?))
}

/// `7,10`, as bits.
fn bits(text: &str) -> Option<u32> {
    text.split_terminator(',')
        .try_fold(0, |bits, length| Some(bits | 1 << length.parse::<u32>().ok()?))
}

fn place_of(region: Region) -> usize {
    let letters = region.letters();
    usize::from(letters[0] - b'A') * 26 + usize::from(letters[1] - b'A')
}

impl Country {
    fn main(&self) -> &'static Plan {
        &PLANS.plans[self.plans.start]
    }
}

impl Plan {
    fn is_general(&self, digits: &[u8]) -> bool {
        accepted(self.start, digits) & GENERAL != 0
    }

    /// `digits` without what is dialled before a number of the same country, unless only the number
    /// with it is one of the plan.
    fn without_trunk_prefix(&self, digits: &str) -> Option<Digits<MAX_DIALLED>> {
        let whole = Digits::of(digits)?;
        let rest = match &self.trunk {
            Prefix::Pattern { .. } if !self.transform.is_empty() => {
                match self.trunk.replace(digits, self.transform) {
                    Some(replaced) => replaced?,
                    None => return Some(whole),
                }
            }
            prefix => match prefix.strip(digits) {
                Some(rest) => Digits::of(rest)?,
                None => return Some(whole),
            },
        };
        let is_worse = self.is_general(whole.as_bytes()) && !self.is_general(rest.as_bytes());
        Some(if is_worse { whole } else { rest })
    }
}

impl Lengths {
    /// Whether as many digits are more than any number has.
    fn is_beyond(&self, digits: usize) -> bool {
        !has(self.local, digits) && digits > 31 - self.national.leading_zeros() as usize
    }

    /// Whether as many digits are a number, or more than one: too few are a part of it.
    fn could_be(&self, digits: usize) -> bool {
        !has(self.local, digits) && has(self.national, digits) || self.is_beyond(digits)
    }
}

fn has(bits: u32, bit: usize) -> bool {
    bit < 32 && bits >> bit & 1 == 1
}

impl Prefix {
    fn new(text: &'static str) -> Self {
        if text.is_empty() {
            Self::None
        } else if text.bytes().all(|b| b.is_ascii_digit()) {
            Self::Digits(text)
        } else {
            Self::Pattern { text, compiled: OnceLock::new() }
        }
    }

    /// What follows the prefix.
    fn strip<'a>(&self, digits: &'a str) -> Option<&'a str> {
        match self {
            Self::None => None,
            Self::Digits(prefix) => digits.strip_prefix(prefix),
            Self::Pattern { .. } => {
                let found = self.compiled()?.search(&Input::new(digits).anchored(Anchored::Yes))?;
                Some(&digits[found.end()..])
            }
        }
    }

    /// The digits with what `template` says in place of the prefix, or without the prefix where its
    /// last group matched nothing. Outer `None` without a prefix, inner where it becomes too long.
    fn replace(&self, digits: &str, template: &str) -> Option<Option<Digits<MAX_DIALLED>>> {
        let pattern = self.compiled()?;
        let mut groups = pattern.create_captures();
        pattern.search_captures(&Input::new(digits).anchored(Anchored::Yes), &mut groups);
        let rest = &digits[groups.get_match()?.end()..];
        let is_captured = groups.get_group(groups.group_len() - 1).is_some();
        let mut replaced = Digits::EMPTY;
        let mut template = if is_captured { template.bytes() } else { "".bytes() };
        while let Some(b) = template.next() {
            let group = match b {
                b'$' => template.next().and_then(|n| groups.get_group(usize::from(n - b'0'))),
                digit => {
                    if replaced.push(digit).is_none() {
                        return Some(None);
                    }
                    continue;
                }
            };
            if replaced.extend(group.map_or("", |group| &digits[group.range()])).is_none() {
                return Some(None);
            }
        }
        Some(replaced.extend(rest).map(|()| replaced))
    }

    fn compiled(&self) -> Option<&Regex> {
        let Self::Pattern { text, compiled } = self else { return None };
        Some(compiled.get_or_init(|| Regex::new(text).expect("an expression of the metadata")))
    }
}

impl Format {
    /// How many digits stand together, of a number of so many.
    fn groups(&self, digits: usize) -> Vec<usize> {
        let mut spare = digits - self.widths.iter().map(|(least, _)| least).sum::<usize>();
        // A group takes as many digits as it can before the next one does.
        let widths: Vec<usize> = self
            .widths
            .iter()
            .map(|(least, most)| {
                let more = spare.min(most - least);
                spare -= more;
                least + more
            })
            .collect();
        let mut groups = vec![0];
        let mut template = self.template.bytes();
        while let Some(b) = template.next() {
            let written = match b {
                b'$' => template.next().and_then(|n| widths.get(usize::from(n - b'1'))).copied(),
                b'0'..=b'9' => Some(1),
                _ => None,
            };
            match (written, groups.last_mut()) {
                (Some(written), Some(group)) => *group += written,
                _ => groups.push(0),
            }
        }
        groups.retain(|group| *group > 0);
        groups
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region as TheirRegion};

    use super::*;

    /// What the port of libphonenumber says: E.164, region, groups of the national format.
    fn theirs(
        number: &str,
        region: Option<Region>,
    ) -> Option<(String, Option<Region>, Vec<usize>)> {
        let region = region.map(|region| TheirRegion::from_code(region.as_str()).unwrap());
        let parsed = PHONE_NUMBER_UTIL.parse(number, region).ok()?;
        if !PHONE_NUMBER_UTIL.is_valid_number(&parsed) {
            return None;
        }
        let national = PHONE_NUMBER_UTIL.format(&parsed, PhoneNumberFormat::National);
        let groups = national.split(|c: char| !c.is_ascii_digit()).map(str::len);
        let of_number = PHONE_NUMBER_UTIL.get_region_for_number(&parsed);
        Some((
            PHONE_NUMBER_UTIL.format(&parsed, PhoneNumberFormat::E164).into_owned(),
            of_number.and_then(|region| Region::new(&region.as_region_str())),
            groups.filter(|len| *len > 0).collect(),
        ))
    }

    fn ours(number: Option<Number>) -> Option<(String, Option<Region>, Vec<usize>)> {
        number.map(|number| (number.e164(), number.region, number.groups()))
    }

    fn agree(digits: &str, region: Region) {
        let dialled = ours(national(digits, region));
        assert_eq!(dialled, theirs(digits, Some(region)), "{digits} {region}");
        let abroad = format!("+{digits}");
        assert_eq!(ours(international(digits)), theirs(&abroad, None), "{abroad}");
    }

    /// Digits of a number of `plan`: at each state one of those that lead on.
    fn walk(plan: &Plan, choices: &[u8]) -> String {
        let mut digits = String::new();
        let mut choices = choices.iter().cycle();
        loop {
            let next: Vec<char> = ('0'..='9')
                .filter(|digit| {
                    let longer = format!("{digits}{digit}");
                    accepted_state(plan.start, &longer) != 0
                })
                .collect();
            let choice = usize::from(*choices.next().unwrap());
            let is_number = accepted(plan.start, digits.as_bytes()) & VALID != 0;
            if next.is_empty() || is_number && choice % 3 > 0 || digits.len() > 16 {
                return digits;
            }
            digits.push(next[choice % next.len()]);
        }
    }

    fn accepted_state(start: u16, digits: &str) -> u16 {
        digits.bytes().fold(start, |state, digit| {
            let place = 2 * (usize::from(state) * STATE + usize::from(digit - b'0'));
            u16::from_le_bytes([AUTOMATON[place], AUTOMATON[place + 1]])
        })
    }

    fn plans() -> impl Iterator<Item = (&'static Plan, &'static Country)> {
        PLANS.plans.iter().map(|plan| (plan, &PLANS.countries[plan.country]))
    }

    proptest! {
        #[test]
        fn numbers_of_every_plan_are_those_of_libphonenumber(
            choices in prop::collection::vec(any::<u8>(), 20),
            before in "|0|1|8|00|011|0?15|06",
            wrong in "|[0-9]{1,2}",
        ) {
            for (plan, country) in plans() {
                let digits = walk(plan, &choices);
                let of_country = format!("{}{digits}", country.code);
                let dialled = format!("{before}{digits}{wrong}");
                let region = plan.region.unwrap_or(Region::new("US").unwrap());
                for number in [&digits, &of_country, &format!("00{of_country}"), &dialled] {
                    agree(number, region);
                }
            }
        }

        #[test]
        fn any_digits_are_judged_as_libphonenumber_does(digits in "[0-9]{3,18}") {
            for (plan, _) in plans() {
                agree(&digits, plan.region.unwrap_or(Region::new("FR").unwrap()));
            }
        }
    }

    #[test]
    fn every_plan_has_numbers() {
        for (plan, country) in plans() {
            let is_number = |n: u8| {
                let digits = walk(plan, &[n, n.wrapping_mul(7), n.wrapping_add(3)]);
                international(&format!("{}{digits}", country.code)).is_some()
            };
            assert!((0..=255).any(is_number), "{} {:?}", country.code, plan.region);
        }
        assert_eq!(PLANS.countries.len(), PHONE_NUMBER_UTIL.get_supported_calling_codes().count());
    }
}
