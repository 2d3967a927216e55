//! The data map: an accumulator of what is where.
//!
//! [`DataMap`] has three verbs. Each worker [`observe`](DatasetCounts::observe)s the cells it
//! reads into a map of its own; maps [`merge`](DataMap::merge), and the map of two parts of an
//! input is the map of the whole, whatever the cut; [`finish`](finish::finish) weighs the counts
//! and yields the published [`document`]. Until then there is no verdict, only counts.
//!
//! A map holds no raw value: distinct values are keyed digests, samples are masked, the names of
//! fields are shown with personal data in them masked.

pub mod distinct;
pub mod document;
pub mod explain;
pub mod field;
pub mod finish;
pub mod template;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::detect::makeup::Makeup;
use crate::detect::{Candidate, Tally, is_whole};
use crate::kind;
use crate::rules::{HintSet, KindId};
use field::{At, FieldCounts, Likeness, ValueType, group_of};

/// Fields kept per dataset; what comes after them in order is summed by what their names say.
pub const MAX_FIELDS: usize = 2000;

/// The order of fields in a dataset: columns by their place, then by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldKey {
    /// Place of the column, 0 where the format has none, [`Self::LINES`] for what is in no column.
    pub position: u32,
    /// Shown name.
    pub path: String,
}

impl FieldKey {
    /// The place of keys and templates of lines, and of ragged rows: behind every column, and never
    /// one field with a column of the same name.
    pub const LINES: u32 = u32::MAX;
}

/// The counts of a run, by name of the dataset.
#[derive(Debug, Clone, Default)]
pub struct DataMap {
    /// By name.
    pub datasets: BTreeMap<String, DatasetCounts>,
    /// Whether candidates are counted by rule, too: for a profile, no published map says it.
    pub by_rule: bool,
    /// Stamps of the files that were read to their ends: of the run, and no part of what was counted.
    pub surveyed: BTreeSet<String>,
}

/// The counts of one dataset.
#[derive(Debug, Clone, Default)]
pub struct DatasetCounts {
    /// Formats of its files.
    pub formats: BTreeSet<&'static str>,
    /// Files.
    pub files: u64,
    /// Stored bytes.
    pub bytes: u64,
    /// Records.
    pub records: u64,
    /// Records handled as plain text because they could not be parsed.
    pub malformed: u64,
    /// Keys of hive partitions.
    pub partitions: BTreeSet<String>,
    by_rule: bool,
    fields: Vec<(FieldKey, FieldCounts)>,
    index: HashMap<FieldKey, usize>,
    /// Slots of fields that are to be settled; one may come several times.
    open: Vec<usize>,
    /// What is beyond the cap on fields, by the first kind that their names speak for.
    beyond: BTreeMap<HintSet, FieldCounts>,
}

/// A value that was looked at, with what was found in it.
#[derive(Debug)]
pub struct Observation<'a> {
    /// The decoded text of the value.
    pub text: &'a [u8],
    /// The candidates in it.
    pub found: &'a [Candidate],
    /// Keyed digest of each candidate's canonical form, its first 64 bits.
    pub digests: &'a [u64],
    /// Where it stands first; `start` is that of the value.
    pub at: &'a At,
    /// How often it stands there and in other records.
    pub times: u64,
    /// The next of these records, as many as samples are kept of.
    pub again: &'a [u64],
    /// Whether it was observed before in the same field.
    pub sight: Sight,
}

/// What is known of the value of an [`Observation`].
#[derive(Debug, Clone, Copy)]
pub enum Sight {
    /// What its characters are, without the white space around it: it may be new.
    First(Makeup),
    /// What it is written like: it was observed before in the same field.
    Again(Likeness),
}

impl DataMap {
    /// The counts of the dataset `name`.
    pub fn dataset(&mut self, name: &str) -> &mut DatasetCounts {
        if !self.datasets.contains_key(name) {
            let counts = DatasetCounts { by_rule: self.by_rule, ..DatasetCounts::default() };
            self.datasets.insert(name.to_owned(), counts);
        }
        self.datasets.get_mut(name).expect("inserted above")
    }

    /// Adds another map: the result is the map of both inputs together.
    pub fn merge(&mut self, other: Self) {
        self.surveyed.extend(other.surveyed);
        for (name, counts) in other.datasets {
            match self.datasets.entry(name) {
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(counts);
                }
                std::collections::btree_map::Entry::Occupied(mut entry) => {
                    entry.get_mut().merge(counts);
                }
            }
        }
    }
}

/// Equal when the same was counted, in whatever files.
impl PartialEq for DataMap {
    fn eq(&self, other: &Self) -> bool {
        self.datasets == other.datasets
    }
}

impl Eq for DataMap {}

impl DatasetCounts {
    /// The slot of a field, made where it is new. Slots stay valid until [`Self::settle`].
    pub fn slot(&mut self, key: &FieldKey, value_type: ValueType, hints: HintSet) -> usize {
        if let Some(slot) = self.index.get(key) {
            let known = &mut self.fields[*slot].1;
            known.value_type = known.value_type.max(value_type);
            return *slot;
        }
        let slot = self.fields.len();
        self.fields.push((key.clone(), FieldCounts::new(value_type, hints)));
        self.index.insert(key.clone(), slot);
        slot
    }

    /// The counts behind a slot.
    pub fn field(&mut self, slot: usize) -> &mut FieldCounts {
        &mut self.fields[slot].1
    }

    /// Counts one value, neither null nor empty, of the field behind `slot`; `masked` shows a
    /// candidate's text as it may be published. Returns what the value is written like.
    pub fn observe(
        &mut self,
        slot: usize,
        value: &Observation<'_>,
        masked: impl Fn(&Candidate) -> String,
    ) -> Likeness {
        let is_new = matches!(value.sight, Sight::First(_));
        // Once for all of them: a line may be megabytes long.
        let trimmed = kind::trim(value.text);
        let likeness = match value.sight {
            Sight::First(makeup) => self.observe_plain(slot, trimmed, makeup, value.times),
            Sight::Again(likeness) => {
                self.fields[slot].1.count(likeness, value.times);
                likeness
            }
        };
        if value.found.is_empty() {
            return likeness;
        }
        let field = &mut self.fields[slot].1;
        let is_alone = value.found.len() == 1;
        for (candidate, digest) in value.found.iter().zip(value.digests) {
            let counts = field.kinds.entry(candidate.kind).or_default();
            counts.count(candidate, is_new.then_some(*digest), value.times);
            let class = candidate.class as usize;
            if self.by_rule {
                field.rules.entry(candidate.rule).or_default()[class] += value.times;
            }
            if is_alone {
                counts.tally.values[class] += value.times;
            }
            let is_whole = is_whole(trimmed, candidate);
            if is_whole {
                counts.tally.whole[class] += value.times;
            }
            if candidate.is_national && is_new {
                counts.tally.panel.observe(&value.text[candidate.start..candidate.end]);
            }
            let start = value.at.start + candidate.start;
            let group = &mut counts.groups[group_of(candidate.class)];
            for record in [value.at.record].iter().chain(value.again) {
                group.sample(value.at, *record, start, || masked(candidate));
            }
            if is_whole {
                for kind in candidate.rivals.iter() {
                    field.kinds.entry(kind).or_default().tally.rivals += value.times;
                }
            }
        }
        let is_national = value.found.iter().any(|candidate| candidate.is_national);
        if is_new && is_national && self.open.last() != Some(&slot) {
            self.open.push(slot);
        }
        for kind in kinds_in(value.found).filter(|_| !is_alone) {
            let best = value.found.iter().filter(|c| c.kind == kind).map(|c| c.class).max();
            if let (Some(class), Some(counts)) = (best, field.kinds.get_mut(&kind)) {
                counts.tally.values[class as usize] += value.times;
            }
        }
        likeness
    }

    /// The same for a value that may be new and in which nothing was found, without the white space around
    /// it.
    pub fn observe_plain(
        &mut self,
        slot: usize,
        value: &[u8],
        makeup: Makeup,
        times: u64,
    ) -> Likeness {
        let field = &mut self.fields[slot].1;
        let likeness = field.sample(value, makeup);
        field.count(likeness, times);
        if field.is_open() && self.open.last() != Some(&slot) {
            self.open.push(slot);
        }
        likeness
    }

    /// Ends a chunk: values that were only kept to be looked at are let go of, and of the fields the first
    /// [`MAX_FIELDS`] in order stay and the others are summed, those together whose names speak for the
    /// same kind: so what is kept does not depend on the order in which they came. Slots are void
    /// afterwards.
    pub fn settle(&mut self) {
        for slot in self.open.drain(..) {
            self.fields[slot].1.settle();
        }
        if self.fields.len() <= MAX_FIELDS {
            return;
        }
        self.fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (_, counts) in self.fields.drain(MAX_FIELDS..) {
            add_beyond(&mut self.beyond, counts.kin(), &counts);
        }
        self.index = self.fields.iter().enumerate().map(|(i, (key, _))| (key.clone(), i)).collect();
    }

    /// The fields in order.
    #[must_use]
    pub fn fields(&self) -> Vec<(&FieldKey, &FieldCounts)> {
        let mut fields: Vec<_> = self.fields.iter().map(|(key, counts)| (key, counts)).collect();
        fields.sort_by_key(|(key, _)| *key);
        fields
    }

    /// What is beyond the cap on fields, by the first kind that their names speak for
    /// ([`HintSet::first`]).
    #[must_use]
    pub fn beyond(&self) -> &BTreeMap<HintSet, FieldCounts> {
        &self.beyond
    }

    /// How many fields are kept one by one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether no field was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Adds the counts of another part of the dataset.
    pub fn merge(&mut self, other: Self) {
        self.formats.extend(other.formats);
        self.files += other.files;
        self.bytes += other.bytes;
        self.records += other.records;
        self.malformed += other.malformed;
        self.partitions.extend(other.partitions);
        for (key, counts) in &other.fields {
            let slot = self.slot(key, counts.value_type, counts.hints);
            self.fields[slot].1.merge(counts);
        }
        for (hints, theirs) in &other.beyond {
            add_beyond(&mut self.beyond, *hints, theirs);
        }
        self.settle();
    }
}

/// Equal when the same was counted, whatever the order it came in.
impl PartialEq for DatasetCounts {
    fn eq(&self, other: &Self) -> bool {
        (&self.formats, self.files, self.bytes, self.records, self.malformed, &self.partitions)
            == (
                &other.formats,
                other.files,
                other.bytes,
                other.records,
                other.malformed,
                &other.partitions,
            )
            && self.fields() == other.fields()
            && self.beyond == other.beyond
    }
}

impl Eq for DatasetCounts {}

/// Adds the counts of fields beyond the cap to those with the same `hints`.
fn add_beyond(beyond: &mut BTreeMap<HintSet, FieldCounts>, hints: HintSet, counts: &FieldCounts) {
    beyond.entry(hints).or_insert_with(|| FieldCounts::new(ValueType::Text, hints)).merge(counts);
}

/// The kinds of the candidates of one value, each once.
fn kinds_in(found: &[Candidate]) -> impl Iterator<Item = KindId> + '_ {
    found.iter().enumerate().filter_map(|(i, candidate)| {
        found[..i].iter().all(|earlier| earlier.kind != candidate.kind).then_some(candidate.kind)
    })
}

/// The tallies of a field, for its verdict.
pub(crate) fn tallies(counts: &FieldCounts) -> impl Iterator<Item = (KindId, &Tally)> {
    counts.kinds.iter().map(|(kind, counts)| (*kind, &counts.tally))
}
