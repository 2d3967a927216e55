//! The verdict of a field: what the rest of the column says about each candidate in it.
//!
//! While scanning, only counts are kept ([`Tally`]), and counts add up however the input was cut.
//! When the map is finished, [`Verdict::of`] weighs them:
//!
//! - A field **is of a kind** when enough of its values wholly are. With a name that says so, half
//!   of the values are enough and shapes count; without, the lower end of the share's interval has
//!   to convince, and kinds that chance imitates have to do better than chance.
//! - In a field of a kind, whatever looks like the kind is it; elsewhere a candidate counts by its
//!   own evidence, and bare numbers that pass a checksum no more often than chance would count
//!   for nothing.
//!
//! A certain candidate counts everywhere: one real IBAN among a million notes is reported.

use super::finding::Class;
use super::panel::RegionPanel;
use crate::kind::Region;
use crate::rules::{HintSet, KindId, RuleSet};

/// Counts of one kind in one field, by class: the index is the place in [`Class::ALL`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Candidates.
    pub candidates: [u64; 5],
    /// Values, each by the best candidate in it.
    pub values: [u64; 5],
    /// Values that are wholly one candidate.
    pub whole: [u64; 5],
    /// Which regions the national phone numbers could be from.
    pub panel: RegionPanel,
}

impl Tally {
    /// Adds the counts of another part of the input.
    pub fn merge(&mut self, other: &Self) {
        for class in 0..5 {
            self.candidates[class] += other.candidates[class];
            self.values[class] += other.values[class];
            self.whole[class] += other.whole[class];
        }
        self.panel.merge(&other.panel);
    }

    /// Sums `counts` over the classes that validate.
    fn valid(counts: &[u64; 5]) -> u64 {
        counts[Class::Bare as usize..].iter().sum()
    }
}

/// What is known of a field when all of it has been counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The kind that the field is of.
    pub kind: Option<KindId>,
    /// How sure that is, 0 to 1; 0 without a kind.
    pub confidence: f64,
    /// The regions under which national numbers of the field are read where none were given.
    pub regions: Vec<Region>,
    /// Confidence of a candidate by kind and class.
    by_class: Vec<[f64; 5]>,
}

/// Share of the values from which a name decides.
const NAMED_SHARE: f64 = 0.5;
/// Lower end of the share's interval from which values alone decide, for kinds that prove
/// themselves and for kinds that chance imitates.
const STRONG_SHARE: f64 = 0.5;
const WEAK_SHARE: f64 = 0.8;
/// How many times more often than by chance a checksum must hold before bare numbers count.
const BEYOND_CHANCE: f64 = 2.0;
/// What is left of a candidate's confidence when it is no better than chance.
const CHANCE_CONFIDENCE: f64 = 0.1;
/// How many distinct national numbers have to agree on a region before a field without a name is
/// believed to hold phone numbers of it.
const PANEL_QUORUM: usize = 8;

impl Verdict {
    /// The verdict of a field of which nothing is known: every candidate counts by its own
    /// evidence.
    #[must_use]
    pub fn unknown(rules: &RuleSet) -> Self {
        let by_class =
            (0..rules.kinds.len()).map(|kind| base_confidence(rules, kind_id(kind))).collect();
        Self { kind: None, confidence: 0.0, regions: Vec::new(), by_class }
    }

    /// The verdict of a field that somebody declared to be of `kind`.
    #[must_use]
    pub fn declared(rules: &RuleSet, kind: KindId, regions: Vec<Region>) -> Self {
        let mut verdict = Self::unknown(rules);
        verdict.settle(kind, 1.0);
        verdict.regions = regions;
        verdict
    }

    /// Weighs the counts of a field.
    ///
    /// `values` is the number of its values that are neither null, empty nor protected already;
    /// `tallies` its kinds in any order; `hints` the kinds that its name speaks for.
    #[must_use]
    pub fn of<'a>(
        rules: &RuleSet,
        values: u64,
        tallies: impl IntoIterator<Item = (KindId, &'a Tally)>,
        hints: HintSet,
    ) -> Self {
        let mut verdict = Self::unknown(rules);
        let mut best: Option<(f64, KindId)> = None;
        for (kind, tally) in tallies {
            verdict.weigh_chance(rules, kind, tally);
            verdict.weigh_regions(kind, tally, hints);
            if let Some(confidence) = membership(rules, values, kind, tally, hints) {
                // The smaller id wins a tie, so that the order of the tallies does not matter.
                let better = best.is_none_or(|(most, by)| {
                    confidence > most || (confidence - most).abs() < f64::EPSILON && kind < by
                });
                if better {
                    best = Some((confidence, kind));
                }
            }
        }
        if let Some((confidence, kind)) = best {
            verdict.settle(kind, confidence);
        }
        verdict
    }

    /// The probability that a candidate of `kind` and `class` in this field is right.
    #[must_use]
    pub fn confidence_of(&self, kind: KindId, class: Class) -> f64 {
        self.by_class[usize::from(kind.0)][class as usize]
    }

    /// The same verdict for values that prove nothing alone: only the kind of the field counts.
    #[must_use]
    pub fn only_its_kind(mut self) -> Self {
        for (index, by_class) in self.by_class.iter_mut().enumerate() {
            if self.kind.is_none_or(|kind| usize::from(kind.0) != index) {
                *by_class = [0.0; 5];
            }
        }
        self
    }

    /// Decides for good whether candidates of `kind` and `class` count, as a published map says.
    pub fn decide(&mut self, kind: KindId, class: Class, counts: bool) {
        let confidence = &mut self.by_class[usize::from(kind.0)][class as usize];
        *confidence = match (counts, *confidence) {
            (true, 0.0) => 1.0,
            (true, confidence) => confidence.max(0.5),
            (false, _) => 0.0,
        };
    }

    /// In a field of a kind, what looks like it is it, and the kinds that prove nothing by
    /// themselves give way.
    fn settle(&mut self, kind: KindId, confidence: f64) {
        self.kind = Some(kind);
        self.confidence = confidence;
        for (index, by_class) in self.by_class.iter_mut().enumerate() {
            if index == usize::from(kind.0) {
                for class in by_class {
                    *class = class.max(confidence);
                }
            } else {
                for class in [Class::Shape, Class::Hint, Class::Bare] {
                    by_class[class as usize] = by_class[class as usize].min(CHANCE_CONFIDENCE);
                }
            }
        }
    }

    fn weigh_chance(&mut self, rules: &RuleSet, kind: KindId, tally: &Tally) {
        let chance = rules.chance(kind);
        let bare = tally.candidates[Class::Bare as usize];
        let trials = bare + tally.candidates[Class::Shape as usize];
        // A handful of trials says nothing about a rate.
        if chance > 0.0 && trials >= 20 && interval(bare, trials).0 < chance * BEYOND_CHANCE {
            self.by_class[usize::from(kind.0)][Class::Bare as usize] = CHANCE_CONFIDENCE;
        }
    }

    /// National numbers of a field that nearly all fit one region.
    fn weigh_regions(&mut self, kind: KindId, tally: &Tally, hints: HintSet) {
        let Some((region, share)) = tally.panel.best() else { return };
        self.regions = vec![region];
        let enough = tally.panel.len() >= PANEL_QUORUM && share > 0.85 || hints.contains(kind);
        if enough {
            let by_class = &mut self.by_class[usize::from(kind.0)];
            for class in [Class::Shape, Class::Hint] {
                by_class[class as usize] = by_class[class as usize].max(share.min(0.9));
            }
        }
    }
}

fn kind_id(index: usize) -> KindId {
    KindId(u8::try_from(index).expect("a rule set has at most 255 kinds"))
}

fn base_confidence(rules: &RuleSet, kind: KindId) -> [f64; 5] {
    let confidence = rules.confidence(kind);
    // A shape that words around it support is worth half of what a validated one is.
    let hint = (confidence.bare + confidence.shape) / 2.0;
    [confidence.shape, hint.max(0.5), confidence.bare, confidence.supported, confidence.certain]
}

/// How sure it is that the field as a whole is of `kind`, if it is.
fn membership(
    rules: &RuleSet,
    values: u64,
    kind: KindId,
    tally: &Tally,
    hints: HintSet,
) -> Option<f64> {
    if values == 0 {
        return None;
    }
    let valid = Tally::valid(&tally.whole);
    let shapes: u64 = tally.whole.iter().sum();
    if hints.contains(kind) {
        // The name weighs as much as two values that agree with it.
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let share = (shapes as f64 + 2.0) / (values as f64 + 3.0);
        return (shapes > 0 && share >= NAMED_SHARE).then(|| share.clamp(0.6, 0.999));
    }
    let proven = tally.whole[Class::Certain as usize] * 2 >= valid;
    let (lower, _) = interval(valid, values);
    let chance = rules.chance(kind);
    let needed = if proven { STRONG_SHARE } else { WEAK_SHARE.max(chance * BEYOND_CHANCE) };
    (lower >= needed).then(|| lower.clamp(0.6, 0.999))
}

/// The 95 % interval of a share, by Wilson's score (E. B. Wilson, 1927).
#[expect(clippy::cast_precision_loss, reason = "a share")]
fn interval(hits: u64, trials: u64) -> (f64, f64) {
    const Z: f64 = 1.96;
    if trials == 0 {
        return (0.0, 1.0);
    }
    let n = trials as f64;
    let p = hits as f64 / n;
    let centre = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    ((centre - spread) / scale, (centre + spread) / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(whole: [u64; 5]) -> Tally {
        Tally { candidates: whole, values: whole, whole, panel: RegionPanel::default() }
    }

    fn verdict(kind: &str, name: &str, values: u64, whole: [u64; 5]) -> (Option<KindId>, Verdict) {
        let rules = RuleSet::builtin();
        let kind = rules.kind_id(kind).unwrap();
        let tally = tally(whole);
        let verdict = Verdict::of(&rules, values, [(kind, &tally)], rules.hinted(name));
        (Some(kind), verdict)
    }

    #[test]
    fn a_column_of_emails_is_one_whatever_its_name() {
        let (email, verdict) = verdict("email", "c7", 100, [0, 0, 0, 0, 98]);
        assert_eq!(verdict.kind, email);
        assert!(verdict.confidence_of(email.unwrap(), Class::Shape) > 0.5);
    }

    #[test]
    fn a_name_makes_shapes_count() {
        let (phone, named) = verdict("phone", "Phone 1", 100, [0, 97, 0, 0, 0]);
        assert_eq!(named.kind, phone);
        let (_, unnamed) = verdict("phone", "code", 100, [97, 0, 0, 0, 0]);
        assert_eq!(unnamed.kind, None);
    }

    #[test]
    fn a_name_alone_decides_nothing() {
        assert_eq!(verdict("email", "email_verified", 100, [0; 5]).1.kind, None);
        assert_eq!(verdict("phone", "phone", 100, [0, 3, 0, 0, 0]).1.kind, None);
    }

    #[test]
    fn numbers_that_pass_luhn_by_chance_are_no_cards() {
        let (card, verdict) = verdict("card", "EAN", 100, [91, 0, 9, 0, 0]);
        assert_eq!(verdict.kind, None);
        assert!(verdict.confidence_of(card.unwrap(), Class::Bare) < 0.5);
    }

    #[test]
    fn one_certain_value_among_many_counts() {
        let (iban, verdict) = verdict("iban", "notes", 1_000_000, [0, 0, 0, 0, 1]);
        assert_eq!(verdict.kind, None);
        assert!(verdict.confidence_of(iban.unwrap(), Class::Certain) > 0.9);
    }

    #[test]
    fn merging_counts_is_adding_them() {
        let mut a = tally([1, 2, 3, 4, 5]);
        a.merge(&tally([5, 4, 3, 2, 1]));
        assert_eq!(a, tally([6; 5]));
    }
}
