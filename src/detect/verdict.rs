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
use super::panel::{
    BEYOND_REVERSED, Grades, MAX_SCHEME_CHANCE, NumberPanel, Plan, RegionPanel, SchemePanel,
    WordKind, WordPanel, is_told_by_groups,
};
use crate::kind::Region;
use crate::kind::scheme::Scheme;
use crate::rules::{HintSet, KindId, Recogniser, Rule, RuleSet};

/// Counts of one kind in one field, by class: the index is the place in [`Class::ALL`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Candidates.
    pub candidates: [u64; 5],
    /// Values, each by the best candidate in it.
    pub values: [u64; 5],
    /// Values that are wholly one candidate.
    pub whole: [u64; 5],
    /// Values that are wholly one candidate, and count under a stronger kind with the same borders.
    pub rivals: u64,
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
        self.rivals += other.rivals;
        self.panel.merge(&other.panel);
    }

    /// Sums `counts` over the classes that validate.
    fn valid(counts: &[u64; 5]) -> u64 {
        counts[Class::Bare as usize..].iter().sum()
    }
}

/// All that was counted of a field, for its verdict.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// Values that are neither null, empty nor protected already.
    pub values: u64,
    /// Which numbering schemes its values pass.
    pub schemes: &'a SchemePanel,
    /// Whether its values are telephone numbers.
    pub numbers: &'a NumberPanel,
    /// Whether its values read like names or addresses.
    pub words: &'a WordPanel,
    /// The kinds that its name speaks for.
    pub hints: HintSet,
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
    /// The kind of the field if a sample of its values told it: what is written like it counts.
    pub like: Option<(KindId, Like)>,
    /// What led to it, in the order in which it was weighed.
    pub reasons: Vec<Reason>,
    /// Confidence of a candidate by kind and class.
    by_class: Vec<[f64; 5]>,
}

/// One step of the weighing, for whoever asks why.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// How many of the values are wholly of a kind.
    Share {
        kind: KindId,
        /// Values that are, by whatever counts: valid ones, or with a name also those that only
        /// look like it.
        hits: u64,
        /// All values.
        values: u64,
        /// What is compared: the share where a name speaks, else the lower end of its interval.
        weighed: f64,
        /// From where on the field is of the kind.
        needed: f64,
        /// Whether the name of the field speaks for the kind.
        named: bool,
    },
    /// Bare numbers that pass a checksum no more often than chance would: they count for nothing.
    Chance { kind: KindId, passing: u64, trials: u64, chance: f64 },
    /// The region that fits the national numbers; none where they are international ones without a
    /// plus.
    Region { kind: KindId, region: Option<Region>, share: f64, sampled: usize },
    /// The numbering scheme that the values pass.
    Scheme { kind: KindId, scheme: &'static str, passing: u64, sampled: u64, chance: f64 },
    /// A sample of the words of the values.
    Words { kind: KindId, grades: Grades, named: bool },
    /// The kind that nothing spoke against.
    Settled { kind: KindId, confidence: f64 },
}

/// Share of the values from which a name decides.
const NAMED_SHARE: f64 = 0.5;
/// Lower end of the share's interval from which values alone decide, for kinds that prove
/// themselves and for kinds that chance imitates.
const STRONG_SHARE: f64 = 0.5;
const WEAK_SHARE: f64 = 0.8;
/// The same for kinds with a check digit, which so many values do not pass by chance: some of those
/// that do not pass are mistyped.
const CHECKED_SHARE: f64 = 0.7;
/// The share of random values that pass a check digit.
const CHECK_DIGIT: f64 = 0.1;
/// How many times more often than by chance a checksum must hold before bare numbers count.
const BEYOND_CHANCE: f64 = 2.0;
/// What is left of a candidate's confidence when it is no better than chance.
const CHANCE_CONFIDENCE: f64 = 0.1;
/// How many distinct national numbers have to agree on a region before a field without a name is
/// believed to hold phone numbers of it.
const PANEL_QUORUM: usize = 8;
/// The share of them that has to agree.
const PANEL_SHARE: f64 = 0.85;

impl Verdict {
    /// The verdict of a field of which nothing is known: every candidate counts by its own
    /// evidence.
    #[must_use]
    pub fn unknown(rules: &RuleSet) -> Self {
        let by_class =
            (0..rules.kinds.len()).map(|kind| base_confidence(rules, kind_id(kind))).collect();
        Self {
            kind: None,
            confidence: 0.0,
            regions: Vec::new(),
            like: None,
            reasons: Vec::new(),
            by_class,
        }
    }

    /// The verdict of a field that somebody declared to be of `kind`.
    #[must_use]
    pub fn declared(rules: &RuleSet, kind: KindId, regions: Vec<Region>) -> Self {
        let mut verdict = Self::unknown(rules);
        verdict.settle(kind, 1.0);
        verdict.regions = regions;
        verdict
    }

    /// Weighs the counts of a field; `tallies` are those of its kinds, in any order.
    #[must_use]
    pub fn of<'a>(
        rules: &RuleSet,
        counted: Counted<'_>,
        tallies: impl IntoIterator<Item = (KindId, &'a Tally)>,
    ) -> Self {
        let Counted { values, hints, .. } = counted;
        let mut verdict = Self::unknown(rules);
        let mut best: Option<(f64, KindId)> = None;
        for (kind, tally) in tallies {
            verdict.weigh_chance(rules, kind, tally);
            verdict.weigh_regions(kind, tally, hints);
            if word_kind(rules, kind).is_some() {
                continue;
            }
            let membership = membership(rules, values, kind, tally, hints);
            if let Some(confidence) = membership.and_then(|(reason, confidence)| {
                verdict.reasons.push(reason);
                confidence
            }) {
                // The smaller id wins a tie, so that the order of the tallies does not matter.
                let better = best.is_none_or(|(most, by)| {
                    confidence > most || (confidence - most).abs() < f64::EPSILON && kind < by
                });
                if better {
                    best = Some((confidence, kind));
                }
            }
        }
        if best.is_none()
            && let Some((kind, words, reason)) = best_words(rules, counted)
        {
            let Reason::Words { grades, named, .. } = &reason else { return verdict };
            let sure = if *named { 0.99 } else { (grades.strong + grades.weak).clamp(0.6, 0.95) };
            verdict.reasons.push(reason);
            verdict.like = Some((kind, Like::Words(words)));
            best = Some((sure, kind));
        }
        // Where nothing else explains the values, a scheme that nearly all of them pass does; where
        // their name says that they are identifiers, it says of which country.
        if let Some((scheme, confidence)) = best_scheme(rules, counted) {
            // Check digits that hold tell more than a numbering plan that allows.
            let is_stronger = best.is_none_or(|(_, kind)| {
                is_of_phones(rules, kind) && !hints.contains(kind) && scheme.scheme.chance < 0.15
            });
            if is_stronger && !hints.denies(scheme.kind) {
                best = Some((confidence, scheme.kind));
                verdict.like = Some((scheme.kind, Like::Identifiers));
            }
            if best.is_some_and(|(_, kind)| kind == scheme.kind) {
                verdict.reasons.push(scheme.reason());
                verdict.regions = scheme.region.into_iter().collect();
            }
        }
        if best.is_none()
            && let Some((kind, plan, share)) = best_numbers(rules, counted)
        {
            verdict.note_plan(kind, plan, share, counted.numbers.len());
            verdict.like = Some((kind, Like::Numbers));
            best = Some((share.clamp(0.6, 0.95), kind));
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
        self.reasons.push(Reason::Settled { kind, confidence });
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
        // Quads in a sentence are each what the words around them say; only a column of them can be
        // one of versions.
        let is_of_quads = rules
            .rules
            .iter()
            .any(|rule| rule.kind == kind && matches!(rule.recogniser, Recogniser::Ipv4));
        let counts = if is_of_quads { &tally.whole } else { &tally.candidates };
        let bare = counts[Class::Bare as usize];
        if bare * 2 < tally.candidates[Class::Bare as usize] {
            return;
        }
        let trials = bare + counts[Class::Shape as usize];
        // A handful of trials says nothing about a rate.
        if chance > 0.0 && trials >= 20 && interval(bare, trials).0 < chance * BEYOND_CHANCE {
            self.by_class[usize::from(kind.0)][Class::Bare as usize] = CHANCE_CONFIDENCE;
            self.reasons.push(Reason::Chance { kind, passing: bare, trials, chance });
        }
    }

    fn note_plan(&mut self, kind: KindId, plan: Plan, share: f64, sampled: usize) {
        let region = match plan {
            Plan::National(region) => Some(region),
            Plan::International => None,
        };
        self.regions = region.into_iter().collect();
        self.reasons.push(Reason::Region { kind, region, share, sampled });
    }

    /// National numbers of a field that nearly all fit one region.
    fn weigh_regions(&mut self, kind: KindId, tally: &Tally, hints: HintSet) {
        let Some((plan, share)) = tally.panel.best() else { return };
        self.note_plan(kind, plan, share, tally.panel.len());
        let is_told = share - tally.panel.share_reversed(plan) >= BEYOND_REVERSED;
        let enough = tally.panel.len() >= PANEL_QUORUM && share > PANEL_SHARE && is_told
            || hints.contains(kind);
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
    let hint = confidence.hint.unwrap_or(((confidence.bare + confidence.shape) / 2.0).max(0.5));
    [confidence.shape, hint, confidence.bare, confidence.supported, confidence.certain]
}

/// How sure it is that the field as a whole is of `kind`, if it is, and why.
fn membership(
    rules: &RuleSet,
    values: u64,
    kind: KindId,
    tally: &Tally,
    hints: HintSet,
) -> Option<(Reason, Option<f64>)> {
    let step = |hits: u64, weighed: f64, needed: f64, named: bool| {
        let confidence = (hits > 0 && weighed >= needed).then(|| weighed.clamp(0.6, 0.999));
        (Reason::Share { kind, hits, values, weighed, needed, named }, confidence)
    };
    if values == 0 {
        return None;
    }
    let valid = Tally::valid(&tally.whole);
    let shapes: u64 = tally.whole.iter().sum::<u64>() + tally.rivals;
    if hints.contains(kind) {
        // The name weighs as much as two values that agree with it.
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let share = (shapes as f64 + 2.0) / (values as f64 + 3.0);
        return Some(step(shapes, share, NAMED_SHARE, true));
    }
    // Numbers that say nothing of their country and agree on one are as good as valid.
    let agreed = tally.panel.len() >= PANEL_QUORUM
        && tally.panel.best().is_some_and(|(_, share)| share > PANEL_SHARE);
    let valid = if agreed { shapes } else { valid };
    let proven = tally.whole[Class::Certain as usize] * 2 >= valid;
    let (lower, _) = interval(valid, values);
    let chance = rules.chance(kind);
    let needed = match chance {
        _ if proven => STRONG_SHARE,
        chance if chance > 0.0 && chance <= CHECK_DIGIT => CHECKED_SHARE,
        chance => WEAK_SHARE.max(chance * BEYOND_CHANCE),
    };
    Some(step(valid, lower, needed, false))
}

/// What is written like the values of a kind that a sample told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Like {
    Words(WordKind),
    Identifiers,
    Numbers,
}

fn is_of_phones(rules: &RuleSet, kind: KindId) -> bool {
    let is_phone = |rule: &Rule| rule.kind == kind && matches!(rule.recogniser, Recogniser::Phone);
    rules.rules.iter().any(is_phone)
}

/// Telephone numbers that are digits and no more: nearly all values of the field, valid under one
/// plan.
fn best_numbers(rules: &RuleSet, counted: Counted<'_>) -> Option<(KindId, Plan, f64)> {
    let kind = rules.kind_ids().find(|kind| is_of_phones(rules, *kind))?;
    let (plan, share) = counted.numbers.best()?;
    let (lower, _) = interval(counted.numbers.like(), counted.values);
    let is_enough = counted.numbers.len() >= PANEL_QUORUM
        && share > PANEL_SHARE
        && lower >= WEAK_SHARE
        && !counted.hints.denies(kind);
    is_enough.then_some((kind, plan, share))
}

/// What a kind is told by, if that is the words of a column.
fn word_kind(rules: &RuleSet, kind: KindId) -> Option<WordKind> {
    rules.rules.iter().filter(|rule| rule.kind == kind).find_map(|rule| match rule.recogniser {
        Recogniser::Name => Some(WordKind::Name),
        Recogniser::Address => Some(WordKind::Address),
        _ => None,
    })
}

/// Fewer distinct values say nothing of a column without a name.
const WORDS_QUORUM: usize = 5;
/// From here on lesser shares are sure.
const MANY_WORDS: usize = 20;

/// Whether a field is of names or of addresses, from a sample of its distinct values.
///
/// The shares were chosen on generated columns of 84 locales beside columns of cities, products,
/// companies, titles and the like; a list of names knows few of the surnames there are, so a name
/// of the field that says what it holds weighs more than the list.
fn best_words(rules: &RuleSet, counted: Counted<'_>) -> Option<(KindId, WordKind, Reason)> {
    [WordKind::Address, WordKind::Name].into_iter().find_map(|words| {
        let kind = rules.kind_ids().find(|kind| word_kind(rules, *kind) == Some(words))?;
        let grades = counted.words.grades(words);
        let named = counted.hints.contains(kind);
        let leaning = counted.hints.leans_to(kind);
        let is_enough = match words {
            WordKind::Name => are_names(&grades, named, leaning),
            WordKind::Address => are_addresses(&grades, named),
        };
        let is_denied = counted.hints.denies(kind);
        (is_enough && !is_denied).then_some((kind, words, Reason::Words { kind, grades, named }))
    })
}

fn are_names(grades: &Grades, named: bool, leaning: bool) -> bool {
    let Grades { strong, weak, common, refused, sampled, .. } = *grades;
    let known = strong + weak;
    if sampled == 0 {
        return false;
    }
    if named && !leaning {
        return refused <= 0.4;
    }
    if leaning {
        return known >= 0.35 && refused <= 0.2;
    }
    sampled >= WORDS_QUORUM
        && (strong >= 0.3 && known >= 0.5 && refused <= 0.1
            || known >= 0.5 && known + common >= 0.75 && refused <= 0.03
            || strong >= 0.05 && known >= 0.6 && refused <= 0.1
            || known >= 0.3 && known + common >= 0.85 && refused <= 0.03)
        // The list has half of the surnames of a country, and most cities and words are marked in
        // it: few of either are between those of a column that it has.
        || sampled >= MANY_WORDS
            && refused <= 0.02
            && (strong >= 0.06 && known >= 0.33 || known >= 0.45 && common <= 0.18)
}

fn are_addresses(grades: &Grades, named: bool) -> bool {
    let Grades { strong, weak, shape, refused, sampled, .. } = *grades;
    let known = strong + weak;
    if named {
        sampled > 0 && (known >= 0.2 && refused <= 0.4 || known + shape >= 0.6)
    } else {
        sampled >= WORDS_QUORUM && (strong >= 0.5 && known >= 0.6 || known >= 0.8)
            // What has a number beside it in every value, and a street's word in some.
            || sampled >= MANY_WORDS
                && (known >= 0.25 && refused <= 0.05 || strong >= 0.25 && refused <= 0.15)
    }
}

/// A numbering scheme that the values of a field pass.
struct BestScheme {
    kind: KindId,
    scheme: &'static Scheme,
    region: Option<Region>,
    passing: u64,
    sampled: u64,
}

impl BestScheme {
    fn reason(&self) -> Reason {
        let Self { kind, scheme, passing, sampled, .. } = *self;
        Reason::Scheme { kind, scheme: scheme.id, passing, sampled, chance: scheme.chance }
    }
}

/// The lower end of the share of values that pass a scheme from which they are believed to be of it.
const SCHEME_SHARE: f64 = 0.75;
/// How many times more values than by chance have to pass.
const SCHEME_BEYOND_CHANCE: f64 = 4.0;

/// The share of other columns' values that a scheme takes: where letters have their places among
/// the digits, or groups their lengths, the form itself is rare.
fn chance_in_column(scheme: &Scheme, chance: f64) -> f64 {
    const OF_FORM: f64 = 0.1;
    let has_form = scheme.has_letters() || is_told_by_groups(scheme);
    if chance < 1.0 && has_form { chance.min(OF_FORM) } else { chance }
}

/// The numbering scheme of a field, if nearly all of its values pass one and chance does not
/// explain it; of several the one that is passed by most, then the one hardest to pass.
fn best_scheme(rules: &RuleSet, counted: Counted<'_>) -> Option<(BestScheme, f64)> {
    counted
        .schemes
        .passes()
        .filter_map(|(scheme, passing, all)| {
            let rule = rules.rules.iter().find(|rule| {
                matches!(rule.recogniser, Recogniser::Scheme(known) if known.id == scheme.id)
            })?;
            let chance = chance_in_column(scheme, rule.chance);
            let is_named = counted.hints.contains(rule.kind);
            if chance > MAX_SCHEME_CHANCE || !is_named && counted.numbers.are_counted() {
                return None;
            }
            let (lower, _) = interval(passing, all);
            let needed = if is_named { 0.3 } else { SCHEME_SHARE };
            (lower >= needed.max(chance * SCHEME_BEYOND_CHANCE)).then(|| {
                let region = Region::new(scheme.region);
                let best = BestScheme { kind: rule.kind, scheme, region, passing, sampled: all };
                (best, lower.clamp(0.6, 0.999), scheme.chance)
            })
        })
        .max_by(|(_, lower, chance), (_, other_lower, other_chance)| {
            lower.total_cmp(other_lower).then(other_chance.total_cmp(chance))
        })
        .map(|(best, confidence, _)| (best, confidence))
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
        Tally { candidates: whole, values: whole, whole, ..Tally::default() }
    }

    fn verdict(kind: &str, name: &str, values: u64, whole: [u64; 5]) -> (Option<KindId>, Verdict) {
        let rules = RuleSet::builtin();
        let kind = rules.kind_id(kind).unwrap();
        let tally = tally(whole);
        let schemes = SchemePanel::default();
        let (words, numbers) = (WordPanel::default(), NumberPanel::default());
        let hints = rules.hinted(name);
        let counted =
            Counted { values, schemes: &schemes, numbers: &numbers, words: &words, hints };
        let verdict = Verdict::of(&rules, counted, [(kind, &tally)]);
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
    fn mistyped_numbers_leave_a_column_of_cards_one() {
        let (card, verdict) = verdict("card", "c7", 200, [34, 0, 166, 0, 0]);
        assert_eq!(verdict.kind, card);
        let (_, mixed) = self::verdict("card", "c7", 200, [80, 0, 120, 0, 0]);
        assert_eq!(mixed.kind, None);
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
