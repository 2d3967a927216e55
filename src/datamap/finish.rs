//! From counts to the published map: verdicts, confidence, totals. Nothing here is ever merged.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::distinct::DistinctCount;
use super::document::{
    Coverage, Dataset, Distinct, Evidence, Field, KindInField, MapDocument, PARTITION, Place,
    SCHEMA,
};
use super::field::{At, FieldCounts, KindCounts, SAMPLES, ValueType, group_of};
use super::{DataMap, DatasetCounts, FieldKey, document, tallies};
use crate::detect::verdict::{Counted, Like};
use crate::detect::{Class, Verdict};
use crate::kind::Region;
use crate::operator::Operator;
use crate::rules::{HintSet, Kind, KindId, RuleSet};

/// What is known of a field when the scan is over.
#[derive(Debug, Clone)]
pub struct KnownField {
    /// The verdict.
    pub verdict: Verdict,
    /// Whether it is about one column, and not the sum of fields beyond the cap: what is in those is
    /// weighed together, and no value becomes one of a kind since the others are.
    pub is_column: bool,
    /// What its values are.
    pub value_type: ValueType,
    /// Whether a value may be replaced by null.
    pub droppable: bool,
    /// Kinds with at least one finding at the run's confidence, most of them first.
    pub findings: Vec<(KindId, u64)>,
    /// Values that were left out of the count because they are pseudonyms or masks already.
    pub protected: u64,
    /// Kinds with values that have no surrogate, since so few have the shape of them; only where somebody
    /// asked.
    pub too_few: Vec<KindId>,
}

/// The path of what is beyond the cap on fields.
const OTHER: &str = "other";

/// What is known of the fields of a dataset.
#[derive(Debug, Clone, Default)]
pub struct KnownFields {
    /// By path.
    pub fields: HashMap<String, KnownField>,
    /// Of the fields beyond the cap, by the first kind that their names speak for
    /// ([`HintSet::first`]).
    pub beyond: BTreeMap<HintSet, KnownField>,
}

impl KnownFields {
    /// What is known of the field at `path`; of one beyond the cap, what is of those like it.
    #[must_use]
    pub fn of(&self, path: &str, rules: &RuleSet) -> Option<&KnownField> {
        let kin = || match path.strip_prefix(PARTITION) {
            None => rules.hinted(path).first(),
            Some(_) => HintSet::EMPTY,
        };
        let beyond = || if self.beyond.is_empty() { None } else { self.beyond.get(&kin()) };
        self.fields.get(path).or_else(beyond)
    }

    /// All of it in order, what is beyond the cap as [`OTHER`].
    pub fn all(&self) -> impl Iterator<Item = (&str, &KnownField)> {
        self.sorted().into_iter().chain(self.beyond.values().map(|known| (OTHER, known)))
    }

    /// The fields in order.
    #[must_use]
    pub fn sorted(&self) -> BTreeMap<&str, &KnownField> {
        self.fields.iter().map(|(path, known)| (path.as_str(), known)).collect()
    }
}

/// What is known of the fields, by dataset.
pub type Verdicts = BTreeMap<String, KnownFields>;

/// Weighs the counts of every field of `map`.
#[must_use]
pub fn verdicts(map: &DataMap, rules: &RuleSet, min_confidence: f64) -> Verdicts {
    map.datasets
        .iter()
        .map(|(name, dataset)| {
            let known = |counts: &FieldCounts, verdict: Verdict, is_column: bool| {
                let findings = findings(counts, &verdict, min_confidence);
                let too_few = counts.kinds.iter().filter(|(_, counts)| counts.too_few > 0);
                KnownField {
                    verdict,
                    is_column,
                    too_few: too_few.map(|(kind, _)| *kind).collect(),
                    value_type: counts.value_type,
                    droppable: counts.droppable,
                    findings,
                    protected: counts.protected,
                }
            };
            let mut fields = HashMap::new();
            for (path, counts) in by_path(dataset.fields()) {
                // A column comes before a key in lines, and nobody asks what the key is.
                fields
                    .entry(path.to_owned())
                    .or_insert_with(|| known(&counts, verdict_of(&counts, rules), true));
            }
            let beyond = dataset.beyond().iter();
            let beyond = beyond.map(|(hints, counts)| {
                (*hints, known(counts, verdict_beyond(counts, rules), false))
            });
            (name.clone(), KnownFields { fields, beyond: beyond.collect() })
        })
        .collect()
}

/// The fields with the columns of one name put together: the files of a dataset may have them at
/// different places, and a verdict is about a name. Keys in lines stay apart from columns.
fn by_path<'a>(
    fields: Vec<(&'a FieldKey, &'a FieldCounts)>,
) -> Vec<(&'a str, Cow<'a, FieldCounts>)> {
    let mut merged: Vec<(&str, Cow<'_, FieldCounts>)> = Vec::with_capacity(fields.len());
    let mut places: HashMap<(&str, bool), usize> = HashMap::with_capacity(fields.len());
    for (key, counts) in fields {
        let place =
            *places.entry((&key.path, key.position == FieldKey::LINES)).or_insert(merged.len());
        match merged.get_mut(place) {
            Some((_, known)) => known.to_mut().merge(counts),
            None => merged.push((&key.path, Cow::Borrowed(counts))),
        }
    }
    merged
}

/// The counts of a field's kinds under its verdict. Names, addresses, identifiers and bare numbers
/// are looked for one by one only where something speaks for them; where the sample of a column
/// did, every value that is written like one counts.
fn kinds_under<'a>(
    counts: &'a FieldCounts,
    verdict: &Verdict,
) -> Vec<(KindId, Cow<'a, KindCounts>)> {
    let mut kinds: Vec<_> =
        counts.kinds.iter().map(|(kind, of_kind)| (*kind, Cow::Borrowed(&**of_kind))).collect();
    let Some((kind, like)) = verdict.like else { return kinds };
    let place = kinds.iter().position(|(known, _)| *known == kind).unwrap_or_else(|| {
        kinds.push((kind, Cow::Owned(KindCounts::default())));
        kinds.len() - 1
    });
    let of_kind = kinds[place].1.to_mut();
    let counted: u64 = of_kind.tally.whole.iter().sum();
    let missing = match like {
        Like::Words(words) => counts.words.like(words),
        Like::Identifiers => counts.schemes.like(),
        Like::Numbers => counts.numbers.like(),
    };
    let missing = missing.saturating_sub(counted);
    if missing > 0 {
        of_kind.groups[group_of(Class::Hint)].distinct.merge(&counts.distinct_words);
    }
    for tally in
        [&mut of_kind.tally.candidates, &mut of_kind.tally.values, &mut of_kind.tally.whole]
    {
        tally[Class::Hint as usize] += missing;
    }
    kinds
}

/// The findings of each rule by its place, and those that no rule has found: values that count because
/// the rest of their column is of a kind. For a map that was counted by rule.
#[must_use]
pub fn findings_of_rules(map: &DataMap, rules: &RuleSet, min_confidence: f64) -> (Vec<u64>, u64) {
    let (mut of_rules, mut all) = (vec![0; rules.rules.len()], 0);
    for dataset in map.datasets.values() {
        let fields = by_path(dataset.fields()).into_iter().map(|(_, counts)| {
            let verdict = verdict_of(&counts, rules);
            (counts, verdict)
        });
        let beyond = dataset.beyond().values();
        let beyond = beyond.map(|counts| (Cow::Borrowed(counts), verdict_beyond(counts, rules)));
        for (counts, verdict) in fields.chain(beyond) {
            let findings = findings(&counts, &verdict, min_confidence);
            all += findings.iter().map(|(_, findings)| findings).sum::<u64>();
            for (rule, of_rule) in &counts.rules {
                let counted = counted(&verdict, rules.rule(*rule).kind, min_confidence);
                of_rules[usize::from(rule.0)] += sum(of_rule, counted);
            }
        }
    }
    let by_column = all.saturating_sub(of_rules.iter().sum());
    (of_rules, by_column)
}

fn findings(counts: &FieldCounts, verdict: &Verdict, min_confidence: f64) -> Vec<(KindId, u64)> {
    let mut findings: Vec<_> = kinds_under(counts, verdict)
        .into_iter()
        .map(|(kind, counts)| {
            let counted = counted(verdict, kind, min_confidence);
            let rivals = if verdict.kind == Some(kind) { counts.tally.rivals } else { 0 };
            (kind, sum(&counts.tally.candidates, counted) + rivals)
        })
        .filter(|(_, findings)| *findings > 0)
        .collect();
    findings.sort_by_key(|(kind, findings)| (std::cmp::Reverse(*findings), *kind));
    findings
}

/// The verdict of one field from its counts and what its name says.
#[must_use]
pub fn verdict_of(counts: &FieldCounts, rules: &RuleSet) -> Verdict {
    match counts.value_type {
        // Lines have no column: each candidate stands for itself.
        ValueType::Key | ValueType::Template => Verdict::unknown(rules),
        // Only a column of them does.
        rigid if rigid.proves_nothing_alone() => weighed(counts, rules).only_its_kind(),
        _ => weighed(counts, rules),
    }
}

/// The verdict of the fields beyond the cap whose names speak for one kind. They are no column: where
/// the names say nothing, each candidate stands for itself.
fn verdict_beyond(counts: &FieldCounts, rules: &RuleSet) -> Verdict {
    if counts.hints.is_empty() { Verdict::unknown(rules) } else { verdict_of(counts, rules) }
}

fn weighed(counts: &FieldCounts, rules: &RuleSet) -> Verdict {
    let counted = Counted {
        values: counts.values,
        schemes: &counts.schemes,
        numbers: &counts.numbers,
        words: &counts.words,
        hints: counts.hints,
    };
    Verdict::of(rules, counted, tallies(counts))
}

/// Which classes of `kind` count as findings under `verdict`.
#[must_use]
pub fn counted(verdict: &Verdict, kind: KindId, min_confidence: f64) -> [bool; 5] {
    Class::ALL.map(|class| verdict.confidence_of(kind, class) >= min_confidence)
}

fn sum(counts: &[u64; 5], counted: [bool; 5]) -> u64 {
    counts.iter().zip(counted).filter_map(|(n, counts)| counts.then_some(*n)).sum()
}

/// What a finished map says beside the counts.
pub struct Frame<'a> {
    /// The rules of the run.
    pub rules: &'a RuleSet,
    /// Facts about the run; the stamps of its files come from the counts.
    pub run: document::Run,
    /// SHA-256 of the policy.
    pub policy_digest: Option<String>,
    /// The domain of the key.
    pub domain: Option<String>,
    /// The key of the digests.
    pub key: Option<document::KeyRef>,
    /// Regions given.
    pub regions: &'a [Region],
    /// Confidence from which a candidate counts.
    pub min_confidence: f64,
    /// The coverage ledger.
    pub coverage: Coverage,
    /// The operator that a plan would use: dataset, path, kind.
    pub operator: &'a dyn Fn(&str, &str, KindId) -> Operator,
}

/// The published map of `map`.
#[must_use]
pub fn finish(map: &DataMap, frame: Frame<'_>) -> MapDocument {
    let datasets =
        map.datasets.iter().map(|(name, counts)| dataset(name, counts, &frame)).collect();
    MapDocument {
        schema: SCHEMA.to_owned(),
        run: document::Run { surveyed: map.surveyed.clone(), ..frame.run },
        rules_digest: frame.rules.digest.clone(),
        policy_digest: frame.policy_digest,
        domain: frame.domain,
        key: frame.key,
        regions: frame.regions.iter().map(ToString::to_string).collect(),
        min_confidence: frame.min_confidence,
        coverage: frame.coverage,
        datasets,
    }
}

fn dataset(name: &str, counts: &DatasetCounts, frame: &Frame<'_>) -> Dataset {
    let mut formats = counts.formats.iter();
    let format = match (formats.next(), formats.next()) {
        (Some(only), None) => (*only).to_owned(),
        (None, _) => "none".to_owned(),
        _ => "mixed".to_owned(),
    };
    let beyond = counts.beyond().values();
    let beyond: Vec<_> =
        beyond.map(|counts| (counts, verdict_beyond(counts, frame.rules))).collect();
    Dataset {
        name: name.to_owned(),
        format,
        files: counts.files,
        bytes: counts.bytes,
        records: counts.records,
        malformed: counts.malformed,
        partitions: counts.partitions.iter().cloned().collect(),
        fields: by_path(counts.fields())
            .into_iter()
            .map(|(path, counts)| {
                field(name, path, &[(&counts, verdict_of(&counts, frame.rules))], frame)
            })
            .collect(),
        other: (!beyond.is_empty()).then(|| {
            let summed = field(name, OTHER, &beyond, frame);
            Box::new(Field { kind_of_value: OTHER.to_owned(), ..summed })
        }),
    }
}

/// The field of these counts, or the sum of several, each under its verdict.
fn field(dataset: &str, path: &str, parts: &[(&FieldCounts, Verdict)], frame: &Frame<'_>) -> Field {
    let mut summed: BTreeMap<KindId, Weighed> = BTreeMap::new();
    for (counts, verdict) in parts {
        for (kind, of_kind) in kinds_under(counts, verdict) {
            // A kind that only ever lost to another one is no news, unless the field is of it.
            if verdict.kind == Some(kind) || of_kind.tally.candidates.iter().any(|n| *n > 0) {
                let weighed = summed.entry(kind).or_default();
                weighed.add(kind, &of_kind, verdict, frame.min_confidence);
            }
        }
    }
    let total = |of: fn(&FieldCounts) -> u64| parts.iter().map(|(counts, _)| of(counts)).sum();
    let values = total(|counts| counts.values);
    let mut kinds: Vec<_> = summed
        .into_iter()
        .map(|(kind, weighed)| {
            let operator = (frame.operator)(dataset, path, kind);
            weighed.published(frame.rules.kind(kind), values, operator)
        })
        .collect();
    kinds.sort_by(|a, b| b.findings.cmp(&a.findings).then_with(|| a.kind.cmp(&b.kind)));
    let verdicts = || parts.iter().map(|(_, verdict)| verdict);
    // Of several, each has its own.
    let settled = verdicts()
        .next()
        .filter(|_| parts.len() == 1)
        .and_then(|verdict| verdict.kind.filter(|_| verdict.confidence >= frame.min_confidence));
    let regions: BTreeSet<_> =
        verdicts().flat_map(|verdict| &verdict.regions).map(ToString::to_string).collect();
    let categories: BTreeSet<_> =
        parts.iter().flat_map(|(counts, _)| counts.words.special_categories()).collect();
    Field {
        path: path.to_owned(),
        kind_of_value: parts
            .iter()
            .map(|(counts, _)| counts.value_type)
            .max()
            .map_or(OTHER, ValueType::name)
            .to_owned(),
        values,
        nulls: total(|counts| counts.nulls),
        protected: total(|counts| counts.protected),
        verdict: settled.map(|kind| frame.rules.kind(kind).name.clone()),
        regions: regions.into_iter().collect(),
        special_categories: categories
            .into_iter()
            .map(|category| category.name().to_owned())
            .collect(),
        kinds,
    }
}

/// The counts of one kind under a verdict; those of several fields add up.
#[derive(Debug, Default)]
struct Weighed {
    candidates: [u64; 5],
    counted: [bool; 5],
    findings: u64,
    with_findings: u64,
    whole_values: u64,
    distinct: DistinctCount,
    samples: BTreeSet<(At, String)>,
    regions: BTreeMap<Region, u64>,
    /// Candidates that count, and the sum of what is known of each.
    counting: u64,
    confidence: f64,
}

impl Weighed {
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    fn add(&mut self, kind: KindId, counts: &KindCounts, verdict: &Verdict, min_confidence: f64) {
        let counted = counted(verdict, kind, min_confidence);
        let tally = &counts.tally;
        // In a field of this kind it comes before the kinds that won the same values.
        let rivals = if verdict.kind == Some(kind) { tally.rivals } else { 0 };
        let findings = sum(&tally.candidates, counted) + rivals;
        self.findings += findings;
        self.with_findings += sum(&tally.values, counted) + rivals;
        self.whole_values += sum(&tally.whole, counted) + rivals;
        if findings > 0 {
            for (region, n) in &counts.regions {
                *self.regions.entry(*region).or_default() += n;
            }
        }
        let mut seen = [false; 3];
        for class in Class::ALL {
            let candidates = tally.candidates[class as usize];
            self.candidates[class as usize] += candidates;
            if !counted[class as usize] {
                continue;
            }
            self.counted[class as usize] = true;
            self.counting += candidates;
            self.confidence += candidates as f64 * verdict.confidence_of(kind, class);
            let group = group_of(class);
            if candidates > 0 && !std::mem::replace(&mut seen[group], true) {
                self.distinct.merge(&counts.groups[group].distinct);
                self.samples.extend(counts.groups[group].samples.iter().cloned());
            }
        }
    }

    /// As a field of so many values says it.
    #[expect(clippy::cast_precision_loss, reason = "shares")]
    fn published(self, kind: &Kind, values: u64, operator: Operator) -> KindInField {
        let of_class = |class: Class| self.candidates[class as usize];
        let share_of = |part: f64, whole: u64| if whole == 0 { 0.0 } else { part / whole as f64 };
        let (count, exact) = self.distinct.count();
        let counted = Class::ALL.into_iter().rev().filter(|class| self.counted[*class as usize]);
        KindInField {
            kind: kind.name.clone(),
            category: kind.category.clone(),
            evidence: Evidence {
                certain: of_class(Class::Certain),
                supported: of_class(Class::Supported),
                bare: of_class(Class::Bare),
                shape: of_class(Class::Hint) + of_class(Class::Shape),
            },
            counted: counted.map(|class| class.name().to_owned()).collect(),
            findings: self.findings,
            values: self.with_findings,
            share: rounded(share_of(self.with_findings as f64, values)),
            whole_values: self.whole_values,
            distinct: Distinct { count, exact },
            confidence: rounded(share_of(self.confidence, self.counting)),
            regions: self.regions.iter().map(|(region, n)| (region.to_string(), *n)).collect(),
            first: self
                .samples
                .first()
                .map(|(at, _)| Place { file: at.file.to_string(), record: at.record }),
            samples: self.samples.iter().take(SAMPLES).map(|(_, sample)| sample.clone()).collect(),
            operator: operator.name().to_owned(),
        }
    }
}

/// Six decimals: what a reader can use, and the same on every platform.
fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}

/// The verdicts that a published map states, for a run that does not scan again.
///
/// Kinds that `rules` does not know are left out.
#[must_use]
pub fn verdicts_of_document(document: &MapDocument, rules: &RuleSet) -> Verdicts {
    document
        .datasets
        .iter()
        .map(|dataset| {
            let mut fields = HashMap::new();
            for field in &dataset.fields {
                // As in `verdicts`: a column comes before a key in lines.
                fields.entry(field.path.clone()).or_insert_with(|| known_field(field, rules));
            }
            // Of what is beyond the cap a map tells the sum alone.
            (dataset.name.clone(), KnownFields { fields, beyond: BTreeMap::new() })
        })
        .collect()
}

fn known_field(field: &Field, rules: &RuleSet) -> KnownField {
    let regions: Vec<_> = field.regions.iter().filter_map(|code| Region::new(code)).collect();
    let kind = field.verdict.as_deref().and_then(|name| rules.kind_id(name));
    let mut verdict = match kind {
        Some(kind) => Verdict::declared(rules, kind, regions),
        None => {
            let mut unknown = Verdict::unknown(rules);
            unknown.regions = regions;
            unknown
        }
    };
    let mut findings = Vec::new();
    for of_kind in &field.kinds {
        let Some(kind) = rules.kind_id(&of_kind.kind) else { continue };
        for class in Class::ALL {
            let counts = of_kind.counted.iter().any(|name| name == class.name());
            verdict.decide(kind, class, counts);
        }
        if of_kind.findings > 0 {
            findings.push((kind, of_kind.findings));
        }
    }
    let value_type = ValueType::of_name(&field.kind_of_value);
    KnownField {
        verdict,
        is_column: true,
        value_type,
        droppable: true,
        findings,
        protected: field.protected,
        too_few: Vec::new(),
    }
}
