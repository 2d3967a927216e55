//! Which country's numbers are these? National phone numbers say nothing of their region, and
//! identifiers nothing of their scheme, but a field of them does: it is the one under which most of
//! them are valid.
//!
//! Asking the numbering plans of thirty countries about every number would cost more than all
//! other detection together. A panel asks them about a sample of the distinct numbers: those with
//! the smallest hashes. Such a sample (Z. Bar-Yossef et al., "Counting distinct elements
//! in a data stream", 2002) does not depend on the order of the input or on how it was cut, and
//! two of them merge exactly. The hash has no key, and never leaves memory: whoever makes two values
//! of one hash has a sample with one of them.

use std::collections::BTreeMap;
use std::fmt;

use super::makeup::{MAX_WORDS_LEN, Makeup};
use crate::kind::scheme::{SCHEMES, Scheme, SchemeSet, Spelling};
use crate::kind::special_category::{self, Category};
use crate::kind::{Region, address, hash, name, phone};
use crate::rules::{Recogniser, Rule};

/// The regions that are asked, the more specific numbering plans first: it decides ties. The sign
/// says whether national numbers there are written with a trunk `0`: a plan would take them without
/// it too, and people do not.
const ASKED: [(&str, bool); 49] = [
    ("FR", true),
    ("US", false),
    ("GB", true),
    ("ES", false),
    ("IT", false),
    ("BE", true),
    ("NL", true),
    ("CH", true),
    ("PL", false),
    ("PT", false),
    ("DK", false),
    ("NO", false),
    ("SE", true),
    ("CZ", false),
    ("HU", false),
    ("RO", true),
    ("GR", false),
    ("IE", true),
    ("LU", false),
    ("FI", true),
    ("AT", true),
    ("DE", true),
    ("BR", false),
    ("IN", false),
    ("AU", true),
    ("MX", false),
    ("JP", true),
    ("MA", true),
    ("TN", false),
    ("ZA", true),
    ("SK", true),
    ("BG", true),
    ("HR", true),
    ("SI", true),
    ("LT", false),
    ("LV", false),
    ("EE", false),
    ("TR", false),
    ("CN", false),
    ("KR", true),
    ("SG", false),
    ("AR", true),
    ("CL", false),
    ("CO", false),
    ("IL", true),
    ("NZ", true),
    ("IS", false),
    ("MT", false),
    ("CY", false),
];

/// How many distinct numbers are asked about.
const SAMPLE: usize = 128;

/// The share of the sample that has to be valid under one region before it is believed.
const CONVINCING: f64 = 0.7;

/// A sample of distinct values: hash to what the value fits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Sample {
    of_hash: BTreeMap<u64, Fits>,
    /// The largest hash, once the sample is full: nearly all values of a long column end at it.
    largest: Option<u64>,
    /// Whether there are values in it that were not asked yet.
    is_open: bool,
}

/// The set of alternatives, one bit each, that a value fits.
#[derive(Clone, PartialEq, Eq)]
enum Fits {
    Known(u128),
    /// The value. It is asked at the end of a chunk, if none of a smaller hash took its place: most do
    /// not live that long, and no value outlives its chunk.
    NotAsked(Box<[u8]>),
}

impl Fits {
    fn by(&self, ask: fn(&[u8]) -> u128) -> u128 {
        match self {
            Self::Known(set) => *set,
            Self::NotAsked(value) => ask(value),
        }
    }
}

impl fmt::Debug for Fits {
    /// Without the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(set) => write!(f, "{set:#x}"),
            Self::NotAsked(_) => f.write_str("not asked"),
        }
    }
}

impl Sample {
    /// Takes note of the value with this hash.
    fn observe(&mut self, hash: u64, value: &[u8]) {
        let is_beyond = self.largest.is_some_and(|largest| hash > largest);
        if !is_beyond && !self.of_hash.contains_key(&hash) {
            self.of_hash.insert(hash, Fits::NotAsked(value.into()));
            self.is_open = true;
            self.trim();
        }
    }

    /// Asks what the values fit that were not asked yet.
    fn settle(&mut self, ask: fn(&[u8]) -> u128) {
        if std::mem::take(&mut self.is_open) {
            self.of_hash.values_mut().for_each(|fits| *fits = Fits::Known(fits.by(ask)));
        }
    }

    fn merge(&mut self, other: &Self, ask: fn(&[u8]) -> u128) {
        self.settle(ask);
        let others = other.of_hash.iter();
        self.of_hash.extend(others.map(|(hash, fits)| (*hash, Fits::Known(fits.by(ask)))));
        self.trim();
    }

    /// Keeps the smallest hashes.
    fn trim(&mut self) {
        while self.of_hash.len() > SAMPLE {
            self.of_hash.pop_last();
        }
        if self.of_hash.len() == SAMPLE {
            self.largest = self.of_hash.last_key_value().map(|(hash, _)| *hash);
        }
    }

    /// How many of the sampled values fit the alternative.
    fn fitting(&self, bit: usize, ask: fn(&[u8]) -> u128) -> usize {
        self.of_hash.values().filter(|fits| fits.by(ask) >> bit & 1 == 1).count()
    }
}

/// The hash of the digits of `number`, 64 of them at most.
fn hash_of_digits(number: &[u8]) -> u64 {
    let mut buffer = [0u8; 64];
    let mut length = 0;
    for (place, digit) in buffer.iter_mut().zip(number.iter().filter(|b| b.is_ascii_digit())) {
        *place = *digit;
        length += 1;
    }
    hash::of(&buffer[..length])
}

/// Whether the values of a field are telephone numbers, as a whole.
///
/// One number of nine digits may be anything; a column of them is of the region under which nearly
/// all are valid, if numbers with the same digits in another order are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberPanel {
    plans: RegionPanel,
    like: u64,
    /// The smallest and the largest that is digits alone: ids follow each other.
    range: Option<(u64, u64)>,
}

/// How much more often numbers have to be valid than the same digits backwards.
pub(super) const BEYOND_REVERSED: f64 = 0.25;
/// Unix times from 2001 to 2036, in seconds and milliseconds.
const TIMES: [std::ops::RangeInclusive<u64>; 2] =
    [1_000_000_000..=2_099_999_999, 1_000_000_000_000..=2_099_999_999_999];
/// Numbers that lie closer together than this, on average, were counted and not dealt out.
const DENSE: u64 = 100;

impl NumberPanel {
    /// Takes note of a distinct value that is written as numbers are; `hash` is that of its digits.
    fn sample(&mut self, value: &[u8], makeup: Makeup, hash: u64) {
        self.plans.take_note(hash, value);
        let digits = value.strip_prefix(b"+").unwrap_or(value);
        if usize::from(makeup.digits) == digits.len() {
            // Fifteen at most.
            let number = digits.iter().fold(0, |number, b| 10 * number + u64::from(b - b'0'));
            let (low, high) = self.range.unwrap_or((number, number));
            self.range = Some((low.min(number), high.max(number)));
        }
    }

    /// Whether there is something to settle.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.plans.is_open()
    }

    /// Asks the plans about the numbers that are new in the sample: at the end of each chunk.
    pub fn settle(&mut self) {
        self.plans.settle();
    }

    /// Counts a value, distinct or not, that came so many times.
    pub fn count(&mut self, is_like: bool, times: u64) {
        self.like += u64::from(is_like) * times;
    }

    /// Adds another panel: the result is the panel of both inputs together.
    pub fn merge(&mut self, other: &Self) {
        self.plans.merge(&other.plans);
        self.like += other.like;
        self.range = match (self.range, other.range) {
            (Some((low, high)), Some((other_low, other_high))) => {
                Some((low.min(other_low), high.max(other_high)))
            }
            (mine, theirs) => mine.or(theirs),
        };
    }

    /// How many values are written as numbers are.
    #[must_use]
    pub fn like(&self) -> u64 {
        self.like
    }

    /// The plan that makes most of them numbers, and their share, if nothing else explains it.
    #[must_use]
    pub fn best(&self) -> Option<(Plan, f64)> {
        let (plan, share) = self.plans.best()?;
        let reversed = self.plans.share_reversed(plan);
        (!self.are_counted() && share - reversed >= BEYOND_REVERSED).then_some((plan, share))
    }

    /// Whether the numbers follow each other, as ids do, or are times: what they have in common
    /// passes for a birth or an area code in all of them.
    #[must_use]
    pub fn are_counted(&self) -> bool {
        self.range.is_some_and(|(low, high)| {
            let is_dense = (high - low) / DENSE <= self.like && self.like > 1;
            is_dense || TIMES.iter().any(|times| times.contains(&low) && times.contains(&high))
        })
    }

    /// How many distinct numbers the sample holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.plans.len()
    }

    /// Whether no number was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.like == 0
    }
}

/// How the numbers of a field are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// As national numbers of a region.
    National(Region),
    /// As international ones without a plus.
    International,
}

/// The bit of [`Plan::International`].
const MSISDN: usize = ASKED.len();
/// The bits of numbers read backwards begin here.
const REVERSED: usize = 64;

/// Which regions the national numbers of a field could be from: bit i for `ASKED[i]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionPanel(Sample);

impl RegionPanel {
    /// Takes note of one national number, as written.
    pub fn observe(&mut self, number: &[u8]) {
        self.take_note(hash_of_digits(number), number);
    }

    fn take_note(&mut self, hash: u64, number: &[u8]) {
        self.0.observe(hash, number);
    }

    /// Whether there is something to settle.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_open
    }

    /// Asks the plans about the numbers that are new in the sample: at the end of each chunk.
    pub fn settle(&mut self) {
        self.0.settle(plans_of);
    }

    /// Adds another panel: the result is the panel of both inputs together.
    pub fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0, plans_of);
    }

    /// The plan under which most of the numbers are valid, and their share; nothing where none
    /// is convincing.
    #[must_use]
    pub fn best(&self) -> Option<(Plan, f64)> {
        let (bit, count) = (0..=MSISDN)
            .map(|bit| (bit, self.0.fitting(bit, plans_of)))
            .max_by_key(|&(bit, count)| (count, bit == MSISDN, std::cmp::Reverse(bit)))?;
        #[expect(clippy::cast_precision_loss, reason = "at most SAMPLE")]
        let share = count as f64 / self.len().max(1) as f64;
        let plan = match ASKED.get(bit) {
            Some((code, _)) => Plan::National(Region::new(code).expect("two letters")),
            None => Plan::International,
        };
        (share >= CONVINCING).then_some((plan, share))
    }

    /// The share of numbers that are valid under a plan when read backwards: what chance explains.
    pub(super) fn share_reversed(&self, plan: Plan) -> f64 {
        let bit = match plan {
            Plan::National(region) => {
                ASKED.iter().position(|(code, _)| *code == region.as_str()).unwrap_or(MSISDN)
            }
            Plan::International => MSISDN,
        };
        #[expect(clippy::cast_precision_loss, reason = "at most SAMPLE")]
        let share = self.0.fitting(REVERSED + bit, plans_of) as f64 / self.len().max(1) as f64;
        share
    }

    /// How many distinct numbers the sample holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.of_hash.len()
    }

    /// Whether no number was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Which numbering schemes the values of a field could be of: bit i for `SCHEMES[i]`.
///
/// A number of nine digits passes one scheme or another more often than not, and a column of them
/// passes one scheme only if it is of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SchemePanel {
    sample: Sample,
    like: u64,
}

impl SchemePanel {
    /// How many values are written as identifiers are.
    #[must_use]
    pub fn like(&self) -> u64 {
        self.like
    }

    /// Takes note of a distinct value that is written as identifiers are; `hash` is that of its
    /// characters.
    fn sample(&mut self, value: &[u8], hash: u64) {
        self.sample.observe(hash, value);
    }

    /// Whether there is something to settle.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.sample.is_open
    }

    /// Asks the schemes about the values that are new in the sample: at the end of each chunk.
    pub fn settle(&mut self) {
        self.sample.settle(schemes_of);
    }

    /// Counts a value, distinct or not, that came so many times.
    pub fn count(&mut self, is_like: bool, times: u64) {
        self.like += u64::from(is_like) * times;
    }

    /// Adds another panel: the result is the panel of both inputs together.
    pub fn merge(&mut self, other: &Self) {
        self.sample.merge(&other.sample, schemes_of);
        self.like += other.like;
    }

    /// For each scheme that some values pass: how many of how many distinct ones.
    pub fn passes(&self) -> impl Iterator<Item = (&'static Scheme, u64, u64)> {
        let all = self.sample.of_hash.len() as u64;
        SCHEMES.iter().enumerate().filter_map(move |(bit, scheme)| {
            let passing = self.sample.fitting(bit, schemes_of) as u64;
            (passing > 0).then_some((scheme, passing, all))
        })
    }
}

/// Whether the values of a field read like names of persons, or like postal addresses.
///
/// A name proves nothing by itself and takes a search in a list of a hundred thousand; a sample of
/// the distinct values of a column tells as much as all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordPanel {
    sample: Sample,
    /// Values that are written as names are, and as addresses are, by kind of words.
    like: [u64; 2],
}

/// What a panel weighs words for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    Name,
    Address,
}

/// Shares of the distinct values of a field, by how sure it is that they are of a kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grades {
    pub strong: f64,
    pub weak: f64,
    /// Known, and also a common word or a city.
    pub common: f64,
    /// Of the right form.
    pub shape: f64,
    /// Of no such form.
    pub refused: f64,
    /// How many distinct values there are in the sample.
    pub sampled: usize,
}

impl WordPanel {
    /// Takes note of a distinct value with its hash, and says whether names and addresses are written
    /// like that.
    pub fn sample(&mut self, value: &[u8], makeup: Makeup, hash: u64) -> [bool; 2] {
        self.sample.observe(hash, value.get(..MAX_SPECIAL).unwrap_or(value));
        [makeup.is_name(value), makeup.is_address(value)]
    }

    /// Whether there is something to settle.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.sample.is_open
    }

    /// Grades the values that are new in the sample: at the end of each chunk.
    pub fn settle(&mut self) {
        self.sample.settle(words_of);
    }

    /// Counts a value, distinct or not, that came so many times.
    pub fn count(&mut self, likes: [bool; 2], times: u64) {
        for (like, is_like) in self.like.iter_mut().zip(likes) {
            *like += u64::from(is_like) * times;
        }
    }

    /// Adds another panel: the result is the panel of both inputs together.
    pub fn merge(&mut self, other: &Self) {
        self.sample.merge(&other.sample, words_of);
        for kind in 0..2 {
            self.like[kind] += other.like[kind];
        }
    }

    /// How many values are written as values of the kind are.
    #[must_use]
    pub fn like(&self, kind: WordKind) -> u64 {
        self.like[kind as usize]
    }

    /// The special categories of data (Article 9 GDPR, and 10) that words in the sampled values
    /// belong to.
    pub fn special_categories(&self) -> impl Iterator<Item = Category> {
        Category::ALL
            .into_iter()
            .enumerate()
            .filter(|(place, _)| self.sample.fitting(SPECIAL + place, words_of) > 0)
            .map(|(_, category)| category)
    }

    /// How sure it is of the values of the field.
    #[must_use]
    pub fn grades(&self, kind: WordKind) -> Grades {
        let sampled = self.sample.of_hash.len();
        let first = kind as usize * GRADES;
        #[expect(clippy::cast_precision_loss, reason = "at most SAMPLE")]
        let share = |grade: usize| {
            self.sample.fitting(first + grade, words_of) as f64 / sampled.max(1) as f64
        };
        let [shape, common, weak, strong] = [share(0), share(1), share(2), share(3)];
        let refused = 1.0 - shape - common - weak - strong;
        Grades { strong, weak, common, shape, refused, sampled }
    }
}

/// The bits of special categories begin here.
const SPECIAL: usize = 2 * GRADES;

/// How much of a long text is read for them.
const MAX_SPECIAL: usize = 4096;

/// What the first [`MAX_SPECIAL`] bytes of a value say.
fn words_of(value: &[u8]) -> u128 {
    let grades = if value.len() <= MAX_WORDS_LEN { grades_of(value) } else { 0 };
    grades | special_bits(value)
}

fn special_bits(value: &[u8]) -> u128 {
    let flags = special_category::flags(value);
    Category::ALL
        .into_iter()
        .enumerate()
        .filter(|(_, category)| flags.contains(*category))
        .fold(0, |bits, (place, _)| bits | 1 << (SPECIAL + place))
}

/// Bits that a kind of words has in the sample.
const GRADES: usize = 4;

fn grades_of(value: &[u8]) -> u128 {
    let of_name = name::grade(value).map(|strength| match strength {
        name::Strength::Shape => 0,
        name::Strength::Common => 1,
        name::Strength::Weak => 2,
        name::Strength::Strong => 3,
    });
    let of_address = address::grade(value).map(|strength| match strength {
        address::Strength::Shape => 0,
        address::Strength::Weak => 2,
        address::Strength::Strong => 3,
    });
    let bit = |grade: Option<usize>, first: usize| grade.map_or(0, |grade| 1 << (first + grade));
    bit(of_name, 0) | bit(of_address, GRADES)
}

/// The hash by which a value is sampled, that of its first bytes.
#[must_use]
pub fn hash_of(value: &[u8]) -> u64 {
    hash::of(value.get(..MAX_WORDS_LEN).unwrap_or(value))
}

/// Takes note of a distinct value in the panels of identifiers and numbers, and says whether they are
/// written like that; `hash` is [`hash_of`] it.
pub fn sample_number(
    value: &[u8],
    makeup: Makeup,
    hash: u64,
    schemes: &mut SchemePanel,
    numbers: &mut NumberPanel,
) -> [bool; 2] {
    let likes = [makeup.is_identifier(value), makeup.is_number(value)];
    let [is_identifier, is_number] = likes;
    if is_identifier || is_number {
        let characters = makeup.hash_of_characters(value, hash);
        if is_identifier {
            schemes.sample(value, characters);
        }
        if is_number {
            numbers.sample(value, makeup, characters);
        }
    }
    likes
}

/// Whether a value is written like those that a panel counts for the kind of `rule`.
pub(super) fn could_be_of(rule: &Rule, value: &[u8]) -> bool {
    match rule.recogniser {
        Recogniser::Scheme(_) => Makeup::of(value).is_identifier(value),
        Recogniser::Phone => Makeup::of(value).is_number(value),
        _ => false,
    }
}

/// The plans under which a number is valid, and under which it is read backwards.
fn plans_of(number: &[u8]) -> u128 {
    let is_msisdn = phone::parse_msisdn(number).is_some();
    let is_dialled = number.starts_with(b"00") && phone::parse(number, &[]).is_some();
    let plans = valid_under(number, u64::MAX) | u64::from(is_msisdn || is_dialled) << MSISDN;
    let backwards: Vec<u8> = number.iter().rev().copied().collect();
    let is_backwards = phone::parse_msisdn(&backwards).is_some();
    let reversed = valid_under(&backwards, plans) | u64::from(is_backwards) << MSISDN;
    u128::from(plans) | u128::from(reversed) << REVERSED
}

/// The schemes that a value passes. Where there are next to no check digits, the groups of digits
/// have to be those of the scheme.
fn schemes_of(value: &[u8]) -> u128 {
    let Some(spelling) = Spelling::read(value) else { return 0 };
    SchemeSet::of_counts(&spelling).places().fold(0, |set, bit| {
        let scheme = &SCHEMES[bit];
        let passes = if is_told_by_groups(scheme) {
            scheme.reads_grouped(&spelling)
        } else {
            scheme.read(&spelling).is_some()
        };
        set | u128::from(passes) << bit
    })
}

/// A scheme that takes more random values than this proves nothing, however many pass.
pub(super) const MAX_SCHEME_CHANCE: f64 = 0.24;

/// Whether digits alone say nothing of a scheme, and digits in its groups do.
pub(super) fn is_told_by_groups(scheme: &Scheme) -> bool {
    scheme.chance > MAX_SCHEME_CHANCE && !scheme.has_letters()
}

/// The regions, of those in the set `asked`, under which a number is valid.
fn valid_under(number: &[u8], asked: u64) -> u64 {
    let Some(in_field) = phone::InField::read(number) else { return 0 };
    let has_trunk_zero = number.iter().find(|b| b.is_ascii_digit()) == Some(&b'0');
    ASKED.iter().enumerate().fold(0, |set, (bit, (code, wants_trunk_zero))| {
        if *wants_trunk_zero && !has_trunk_zero || asked >> bit & 1 == 0 {
            return set;
        }
        let region = Region::new(code).expect("two letters");
        set | u64::from(in_field.is_of(region)) << bit
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(numbers: impl IntoIterator<Item = String>) -> RegionPanel {
        let mut panel = RegionPanel::default();
        numbers.into_iter().for_each(|number| panel.observe(number.as_bytes()));
        panel.settle();
        panel
    }

    fn french(n: u32) -> String {
        format!("01 99 00 {:02} {:02}", n / 100 % 100, n % 100)
    }

    #[test]
    fn french_numbers_are_told_from_spanish_ones() {
        let plan = |numbers: RegionPanel| numbers.best().map(|(plan, _)| plan);
        let national = |code| Some(Plan::National(Region::new(code).unwrap()));
        assert_eq!(plan(panel((0..50).map(french))), national("FR"));
        let spanish = (0..50).map(|n| format!("612 34 56 {n:02}"));
        assert_eq!(plan(panel(spanish)), national("ES"));
        let bare = (0..50).map(|n| format!("331990000{n:02}"));
        assert_eq!(plan(panel(bare)), Some(Plan::International));
        assert_eq!(plan(panel([])), None);
    }

    #[test]
    fn the_panel_of_parts_is_the_panel_of_the_whole() {
        let whole = panel((0..1000).map(french));
        let mut parts = panel((500..1000).map(french));
        parts.merge(&panel((0..500).map(french)));
        assert!(!parts.is_open());
        assert_eq!(parts, whole);
        assert_eq!(whole.len(), SAMPLE);
    }
}
