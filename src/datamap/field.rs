//! What is counted of one field: a part of the accumulator.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::distinct::DistinctCount;
use crate::detect::makeup::Makeup;
use crate::detect::panel::{self, NumberPanel, SchemePanel, WordPanel};
use crate::detect::{Candidate, Class, Tally};
use crate::kind::Region;
use crate::rules::{HintSet, KindId, RuleId};

/// How many masked samples are kept of each kind in a field.
pub const SAMPLES: usize = 3;

/// A place in the input: file, record, start. Its order is the order of samples.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// Name of the file, relative to its root.
    pub file: Arc<str>,
    /// 1-based record.
    pub record: u64,
    /// Byte offset in the decoded value or line.
    pub start: usize,
}

/// What a field's values are, as the map says it.
///
/// The files of a dataset may disagree; then the later one counts: values among which there is text
/// are weighed as text, and a leaf that cannot hold a pseudonym refuses it when it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueType {
    /// Flags, times of day and other values that no rule concerns.
    Other,
    /// Integers.
    Integer,
    /// Decimal numbers.
    Decimal,
    /// Floating-point numbers.
    Float,
    /// Dates, and points in time.
    Date,
    /// Internet addresses in binary.
    Address,
    /// Text of a fixed length in bytes.
    Fixed,
    /// Text.
    Text,
    /// JSON numbers.
    Number,
    /// A `key=` in lines of text.
    Key,
    /// The template of a line of text.
    Template,
}

impl ValueType {
    const ALL: [Self; 11] = [
        Self::Other,
        Self::Integer,
        Self::Decimal,
        Self::Float,
        Self::Date,
        Self::Address,
        Self::Fixed,
        Self::Text,
        Self::Number,
        Self::Key,
        Self::Template,
    ];

    /// Whether a lone value proves nothing: any number of digits is a number before it is anything
    /// else, and any four bytes are an address.
    #[must_use]
    pub fn proves_nothing_alone(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal | Self::Float | Self::Address)
    }

    /// What the values are, in a message, where they cannot become any text: those of a type and of
    /// a length have to stay so.
    #[must_use]
    pub fn rigid(self) -> Option<&'static str> {
        match self {
            Self::Integer => Some("integers"),
            Self::Decimal => Some("decimal numbers"),
            Self::Float => Some("floating-point numbers"),
            Self::Date => Some("dates"),
            Self::Address => Some("addresses in binary"),
            Self::Fixed => Some("values of a fixed length"),
            Self::Other => Some("values that are no text"),
            Self::Text | Self::Number | Self::Key | Self::Template => None,
        }
    }

    /// The name in the map.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Float => "float",
            Self::Date => "date",
            Self::Address => "address",
            Self::Fixed => "fixed",
            Self::Key => "key",
            Self::Template => "template",
            Self::Other => "opaque",
        }
    }

    /// The type of that name in a map; text where there is none.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|of| of.name() == name).unwrap_or(Self::Text)
    }
}

/// The counts of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldCounts {
    /// What its values are.
    pub value_type: ValueType,
    /// The kinds that its name speaks for.
    pub hints: HintSet,
    /// Values that are neither null nor empty.
    pub values: u64,
    /// Nulls and empty values.
    pub nulls: u64,
    /// Values that are pseudonyms already.
    pub protected: u64,
    /// Whether a value may be replaced by null or nothing.
    pub droppable: bool,
    /// By kind; boxed, since the map has room for eleven, and most fields have one or none.
    pub kinds: BTreeMap<KindId, Box<KindCounts>>,
    /// Candidates of each rule by class, where they are counted: see [`DataMap::by_rule`](super::DataMap).
    pub rules: BTreeMap<RuleId, [u64; 5]>,
    /// Which numbering schemes the values pass.
    pub schemes: SchemePanel,
    /// Whether the values are telephone numbers.
    pub numbers: NumberPanel,
    /// Whether the values read like names or addresses.
    pub words: WordPanel,
    /// Distinct values that are written as names or addresses are.
    pub distinct_words: DistinctCount,
}

/// What a value is written like, as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Likeness {
    identifier: bool,
    number: bool,
    /// A name, an address.
    words: [bool; 2],
}

/// The counts of one kind in one field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindCounts {
    /// Counts by class.
    pub tally: Tally,
    /// Findings by country.
    pub regions: BTreeMap<Region, u64>,
    /// Shapes, bare and supported candidates apart: which of them count is known at the end.
    pub groups: [Group; 3],
    /// Distinct values, as far as they were told apart, of which so few have the shape that a surrogate
    /// hides nothing: counted where a plan could write surrogates, and in no published map.
    pub too_few: u64,
}

/// What is kept of candidates whose fate is decided together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Distinct canonical values.
    pub distinct: DistinctCount,
    /// Masked samples, the smallest by place, in order. Several values can have one place, such as the
    /// elements of a list: those are in the order of their masks.
    pub samples: Vec<(At, String)>,
}

/// The group of a class: its index in [`KindCounts::groups`].
#[must_use]
pub fn group_of(class: Class) -> usize {
    match class {
        Class::Shape | Class::Hint => 0,
        Class::Bare => 1,
        Class::Supported | Class::Certain => 2,
    }
}

impl FieldCounts {
    /// A field of which nothing was seen yet.
    #[must_use]
    pub fn new(value_type: ValueType, hints: HintSet) -> Self {
        Self {
            value_type,
            hints,
            values: 0,
            nulls: 0,
            protected: 0,
            droppable: true,
            kinds: BTreeMap::new(),
            rules: BTreeMap::new(),
            schemes: SchemePanel::default(),
            numbers: NumberPanel::default(),
            words: WordPanel::default(),
            distinct_words: DistinctCount::default(),
        }
    }

    /// What fields have in common that are summed beyond the cap: what their names say first. What is in no
    /// column stands for itself.
    #[must_use]
    pub fn kin(&self) -> HintSet {
        let is_in_column = !matches!(self.value_type, ValueType::Key | ValueType::Template);
        if is_in_column { self.hints.first() } else { HintSet::EMPTY }
    }

    /// Looks at a value of a column as at one of many, whatever is found in it. The samples do not
    /// change when the same value comes again: then only [`Self::count`] is to be asked.
    pub(super) fn sample(&mut self, value: &[u8], makeup: Makeup) -> Likeness {
        if matches!(self.value_type, ValueType::Key | ValueType::Template) {
            return Likeness::default();
        }
        let hash = panel::hash_of(value);
        let (schemes, numbers) = (&mut self.schemes, &mut self.numbers);
        let [identifier, number] = panel::sample_number(value, makeup, hash, schemes, numbers);
        let mut words = [false; 2];
        if self.value_type == ValueType::Text {
            words = self.words.sample(value, makeup, hash);
            if words.contains(&true) {
                self.distinct_words.insert(hash);
            }
        }
        Likeness { identifier, number, words }
    }

    /// Counts a value that came so many times by what it is written like. Of one in which nothing was
    /// found, and that came before, that is all.
    pub fn count(&mut self, likeness: Likeness, times: u64) {
        self.values += times;
        self.schemes.count(likeness.identifier, times);
        self.numbers.count(likeness.number, times);
        // A value that came as text may come as a number: its words are no longer looked at.
        if self.value_type == ValueType::Text {
            self.words.count(likeness.words, times);
        }
    }

    /// Whether there are values in the samples that [`Self::settle`] has to look at.
    pub(super) fn is_open(&self) -> bool {
        self.schemes.is_open() || self.numbers.is_open() || self.words.is_open()
    }

    /// Looks at the values that are new in the samples, and lets go of them.
    pub(super) fn settle(&mut self) {
        self.schemes.settle();
        self.numbers.settle();
        self.words.settle();
        self.kinds.values_mut().for_each(|counts| counts.tally.panel.settle());
    }

    /// Adds the counts of another part of the input.
    pub fn merge(&mut self, other: &Self) {
        self.value_type = self.value_type.max(other.value_type);
        self.values += other.values;
        self.nulls += other.nulls;
        self.protected += other.protected;
        self.droppable &= other.droppable;
        self.schemes.merge(&other.schemes);
        self.numbers.merge(&other.numbers);
        self.words.merge(&other.words);
        self.distinct_words.merge(&other.distinct_words);
        for (kind, counts) in &other.kinds {
            self.kinds.entry(*kind).or_default().merge(counts);
        }
        for (rule, counts) in &other.rules {
            let mine = self.rules.entry(*rule).or_default();
            mine.iter_mut().zip(counts).for_each(|(mine, theirs)| *mine += theirs);
        }
    }
}

impl KindCounts {
    /// Counts `candidate`, `times` times (a distinct value of a dictionary stands for many); with its
    /// digest unless that was counted before.
    pub(super) fn count(&mut self, candidate: &Candidate, digest: Option<u64>, times: u64) {
        self.tally.candidates[candidate.class as usize] += times;
        if let Some(digest) = digest {
            self.groups[group_of(candidate.class)].distinct.insert(digest);
        }
        if let Some(region) = candidate.region {
            *self.regions.entry(region).or_default() += times;
        }
    }

    fn merge(&mut self, other: &Self) {
        self.tally.merge(&other.tally);
        self.too_few += other.too_few;
        for (region, count) in &other.regions {
            *self.regions.entry(*region).or_default() += count;
        }
        for (mine, theirs) in self.groups.iter_mut().zip(&other.groups) {
            mine.distinct.merge(&theirs.distinct);
            for (at, sample) in &theirs.samples {
                mine.sample(at, at.record, at.start, || sample.clone());
            }
        }
    }
}

impl Group {
    /// Keeps a sample if its place, `start` bytes into the value in `record` of the file of `at`, is
    /// among the smallest.
    pub(super) fn sample(
        &mut self,
        at: &At,
        record: u64,
        start: usize,
        masked: impl FnOnce() -> String,
    ) {
        let place = (record, start);
        let is_beyond = |(last, _): &(At, String)| {
            // Nearly always they are of one file.
            let files = if Arc::ptr_eq(&at.file, &last.file) {
                Ordering::Equal
            } else {
                at.file.cmp(&last.file)
            };
            files.then(place.cmp(&(last.record, last.start))).is_gt()
        };
        if self.samples.len() >= SAMPLES && self.samples.last().is_some_and(is_beyond) {
            return;
        }
        let sample = (At { record, start, ..at.clone() }, masked());
        if let Err(place) = self.samples.binary_search(&sample) {
            // Most fields of many have one.
            self.samples.reserve_exact(1);
            self.samples.insert(place, sample);
            self.samples.truncate(SAMPLES);
        }
    }
}
