//! What was done in a unit or in a file, in this run or in an earlier one.

use std::collections::{BTreeMap, BTreeSet};

use crate::operator::Operator;
use crate::rules::{KindId, RuleSet};
use crate::sink::{FileEntry, Shifted, size_and_sha256};
use crate::source::{FileIdentity, InputFile};

/// What an earlier run did in a file that leaves no mark of its own.
pub(in crate::pipeline) struct Unmarked {
    /// The file as it was when it was seen to be what that run wrote.
    pub(in crate::pipeline) identity: FileIdentity,
    /// Kinds of which all values became pseudonyms.
    pub(super) done: Vec<(KindId, Operator)>,
    /// Fields whose dates were shifted.
    pub(super) shifted: BTreeSet<String>,
}

impl Unmarked {
    /// Of `file`, if it is what `entry` of a manifest says was written.
    pub(in crate::pipeline) fn of(
        entry: &FileEntry,
        file: &InputFile,
        rules: &RuleSet,
    ) -> Option<Self> {
        let mut done = Vec::new();
        for (kind, operators) in &entry.operators {
            // Beside what was kept, nobody can tell which is which.
            if let Some(kind) = rules.kind_id(kind)
                && !operators.contains(&Operator::Keep)
            {
                let unmarked = operators.iter().filter(|operator| !operator.leaves_mark());
                done.extend(unmarked.map(|operator| (kind, *operator)));
            }
        }
        if done.is_empty() && entry.shifted.is_empty() {
            return None;
        }
        let identity = FileIdentity::of(&file.path).ok()?;
        let (bytes, sha256) = size_and_sha256(&file.path).ok()?;
        let is_what_was_written = bytes == entry.bytes_out && entry.sha256 == Some(sha256);
        let shifted = entry.shifted.keys().cloned().collect();
        is_what_was_written.then_some(Self { identity, done, shifted })
    }
}

/// What was done in a unit, or in a file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::pipeline) struct Done {
    /// How many values an operator was applied to, by kind. Few do occur: a list is searched faster
    /// than a table.
    applied: Vec<(KindId, Operator, u64)>,
    pub(in crate::pipeline) records: u64,
    pub(in crate::pipeline) malformed: u64,
    /// Values under closure that look like hashes already, with no manifest that says so.
    pub(in crate::pipeline) suspicious_hashes: u64,
    /// The dates that were shifted, by field.
    pub(in crate::pipeline) shifted: BTreeMap<String, Shifted>,
}

impl Done {
    pub(super) fn count(&mut self, kind: KindId, operator: Operator) {
        self.count_many(kind, operator, 1);
    }

    pub(super) fn count_many(&mut self, kind: KindId, operator: Operator, times: u64) {
        let is_this =
            |(of, with, _): &&mut (KindId, Operator, u64)| (*of, *with) == (kind, operator);
        match self.applied.iter_mut().find(is_this) {
            Some((.., count)) => *count += times,
            None => self.applied.push((kind, operator, times)),
        }
    }

    /// Values that an operator was applied to, by kind.
    pub(in crate::pipeline) fn values(&self) -> BTreeMap<KindId, u64> {
        let mut values = BTreeMap::new();
        for (kind, _, count) in &self.applied {
            *values.entry(*kind).or_default() += count;
        }
        values
    }

    /// The operators, by kind.
    pub(in crate::pipeline) fn operators(&self) -> BTreeMap<KindId, BTreeSet<Operator>> {
        let mut operators: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (kind, operator, _) in &self.applied {
            operators.entry(*kind).or_default().insert(*operator);
        }
        operators
    }

    pub(in crate::pipeline) fn merge(&mut self, other: &Self) {
        self.add(other, 1);
    }

    /// Adds what was done so many times.
    pub(super) fn add(&mut self, other: &Self, times: u64) {
        if times == 0 {
            return;
        }
        for (kind, operator, count) in &other.applied {
            self.count_many(*kind, *operator, count * times);
        }
        self.records += other.records * times;
        self.malformed += other.malformed * times;
        self.suspicious_hashes += other.suspicious_hashes * times;
        for (path, of_other) in &other.shifted {
            let of_field = self.shifted.entry(path.clone()).or_default();
            of_field.dates += of_other.dates * times;
            of_field.dropped += of_other.dropped * times;
        }
    }

    pub(super) fn clear(&mut self) {
        self.applied.clear();
        if !self.shifted.is_empty() {
            self.shifted.clear();
        }
        (self.records, self.malformed, self.suspicious_hashes) = (0, 0, 0);
    }
}
