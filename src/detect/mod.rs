//! Cells to candidates: where personal data is, of which kind, and how good the evidence is.
//!
//! What comes in is the text of a line or of a decoded cell, with its anchors; what goes out are
//! [`Candidate`]s in order of place, none overlapping another, each with its evidence class and
//! canonical form. Three steps:
//!
//! 1. [`candidate`]: one pass over the buffer for all kinds finds the anchors.
//! 2. `recognise`: at each anchor, the span and the kind's parser, which validates.
//! 3. Evidence: words near it, its key or its field's name make a candidate supported.
//!
//! What the rest of the column says is known only when all of it was counted: [`verdict`].
//! Detection does not know that operators exist.

pub mod candidate;
pub mod finding;
pub mod panel;
pub mod verdict;

mod context;
mod pattern;
mod recognise;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::format::text::log;
use crate::kind::{self, Canonical, Raw, Region};
use crate::rules::{HintSet, KindId, Recogniser, RuleId, RuleSet};

pub use candidate::{Anchor, anchors};
pub use finding::{Candidate, Class};
pub use verdict::{Tally, Verdict};

use candidate::shape;
use context::{Speech, Words};
use pattern::Patterns;
use recognise::{Hit, Proof};

/// What is known of the place a text stands in.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// A line of text, or the value of a field.
    pub form: Form,
    /// The kinds that the field's name speaks for.
    pub hints: HintSet,
    /// Regions under which a national number that no given region fits gets its canonical form.
    /// They do not change its class, so that counts made before they were known still hold.
    pub inferred: &'a [Region],
}

/// How a text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A line of a log or of prose: keys stand in it, shapes need a word that supports them.
    Line,
    /// The value of a field: its name is evidence, and the value as a whole may be of a kind.
    Cell,
}

/// A compiled rule set with the regions of a run.
#[derive(Debug)]
pub struct Detector {
    rules: Arc<RuleSet>,
    regions: Vec<Region>,
    words: Vec<Words>,
    patterns: Option<Patterns>,
    builtin: Builtin,
}

/// The rules behind the built-in recognisers, where the rule set has them.
#[derive(Debug, Default)]
struct Builtin {
    email: Option<RuleId>,
    phone: Option<RuleId>,
    iban: Option<RuleId>,
    ipv4: Option<RuleId>,
    ipv6: Option<RuleId>,
    ipv4_host: Option<RuleId>,
    card: Option<RuleId>,
}

/// A pattern that does not compile.
#[derive(Debug, thiserror::Error)]
#[error("rule `{rule}`: its pattern is no regular expression that can be compiled")]
pub struct BadPattern {
    /// Id of the rule.
    pub rule: String,
}

impl Detector {
    /// Prepares `rules`; national phone numbers are read under `regions`, in that order.
    ///
    /// # Errors
    /// [`BadPattern`] for a user's rule that does not compile.
    pub fn new(rules: Arc<RuleSet>, regions: Vec<Region>) -> Result<Self, BadPattern> {
        let patterns =
            Patterns::new(&rules).map_err(|id| BadPattern { rule: rules.rule(id).id.clone() })?;
        let mut builtin = Builtin::default();
        for (index, rule) in rules.rules.iter().enumerate() {
            let slot = match &rule.recogniser {
                Recogniser::Email => &mut builtin.email,
                Recogniser::Phone => &mut builtin.phone,
                Recogniser::Iban => &mut builtin.iban,
                Recogniser::Ipv4 => &mut builtin.ipv4,
                Recogniser::Ipv6 => &mut builtin.ipv6,
                Recogniser::Ipv4Host => &mut builtin.ipv4_host,
                Recogniser::Card => &mut builtin.card,
                Recogniser::Pattern(_) => continue,
            };
            *slot = Some(RuleId(u8::try_from(index).expect("a rule set has at most 255 rules")));
        }
        let words = rules.rules.iter().map(Words::new).collect();
        Ok(Self { rules, regions, words, patterns, builtin })
    }

    /// The rules in use.
    #[must_use]
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The regions that were given.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// Whether a text without anchors can still hold something: a user's pattern may match
    /// anywhere.
    #[must_use]
    pub fn reads_everything(&self) -> bool {
        self.patterns.is_some()
    }

    /// Appends to `found` the candidates of `text`, whose anchors lie at `anchor.at - base`.
    ///
    /// In order of place, none overlapping another. Allocates per candidate.
    pub fn find(
        &self,
        text: &[u8],
        anchors: &[Anchor],
        base: usize,
        place: Place<'_>,
        found: &mut Vec<Candidate>,
    ) {
        let first = found.len();
        for anchor in anchors {
            let at = anchor.at as usize - base;
            self.recognise(text, at, anchor.shapes, place, found);
        }
        if let Some(patterns) = &self.patterns {
            patterns.find(text, |rule, start, end| {
                let canonical = Canonical::of_pattern(&text[start..end]);
                let hit = Hit { span: start..end, canonical, region: None, proof: Proof::Weak };
                self.weigh(text, hit, rule, place, found);
            });
        }
        if place.form == Form::Cell {
            self.find_whole(text, place, first, found);
        }
        resolve(&self.rules, found, first);
    }

    fn recognise(
        &self,
        text: &[u8],
        at: usize,
        shapes: u8,
        place: Place<'_>,
        found: &mut Vec<Candidate>,
    ) {
        let mut weigh = |rule: RuleId, hit: Hit| self.weigh(text, hit, rule, place, found);
        if shapes & shape::AT != 0
            && let Some(rule) = self.builtin.email
            && let Some(hit) = if text[at] == b'@' {
                recognise::email::find(text, at)
            } else {
                recognise::email::find_json_escaped(text, at)
            }
        {
            weigh(rule, hit);
        }
        if shapes & shape::NUMBER != 0
            && let Some(rule) = self.builtin.email
            && let Some(hit) = recognise::email::find_percent_encoded(text, at)
        {
            weigh(rule, hit);
        }
        if shapes & shape::QUAD != 0
            && let Some(quad) = recognise::ip::find_quad(text, at)
        {
            match quad {
                recognise::ip::Quad::Address(hit) => {
                    if let Some(rule) = self.builtin.ipv4 {
                        weigh(rule, hit);
                    }
                }
                recognise::ip::Quad::InHostName(hit) => {
                    if let Some(rule) = self.builtin.ipv4_host {
                        weigh(rule, hit);
                    }
                }
            }
        }
        if shapes & shape::DASHED_QUAD != 0
            && let Some(rule) = self.builtin.ipv4_host
            && let Some(hit) = recognise::ip::find_dashed_quad(text, at)
        {
            weigh(rule, hit);
        }
        if shapes & shape::COLONS != 0
            && let Some(rule) = self.builtin.ipv6
            && let Some(hit) = recognise::ip::find_v6(text, at)
        {
            weigh(rule, hit);
        }
        if shapes & shape::IBAN != 0
            && let Some(rule) = self.builtin.iban
            && let Some(hit) = recognise::iban::find(text, at)
        {
            weigh(rule, hit);
        }
        if shapes & shape::NUMBER != 0
            && let Some(rule) = self.builtin.card
            && let Some(hit) = recognise::card::find(text, at)
        {
            weigh(rule, hit);
        }
        if shapes & (shape::NUMBER | shape::DIALLED) != 0
            && let Some(rule) = self.builtin.phone
            && let Some(hit) = recognise::phone::find(text, at, &self.regions)
        {
            weigh(rule, hit);
        }
    }

    /// Gives a hit its class from what is around it, and keeps it if that is worth counting.
    fn weigh(
        &self,
        text: &[u8],
        mut hit: Hit,
        rule: RuleId,
        place: Place<'_>,
        found: &mut Vec<Candidate>,
    ) {
        let kind = self.rules.rule(rule).kind;
        let is_phone = Some(rule) == self.builtin.phone;
        let class = if hit.proof == Proof::Strong {
            Class::Certain
        } else {
            let hints = match place.form {
                Form::Cell => place.hints,
                Form::Line => log::key_before(text, hit.span.start)
                    .map_or(HintSet::EMPTY, |key| self.rules.hinted(key)),
            };
            let speech = if hints.contains(kind) {
                Speech::Supports
            } else if hints.denies(kind) {
                Speech::Against
            } else {
                self.words[usize::from(rule.0)].near(text, hit.span.start, hit.span.end)
            };
            let value = &text[hit.span.clone()];
            let stands_alone = if is_phone {
                recognise::phone::is_written_to_dial(value)
            } else if Some(rule) == self.builtin.card {
                recognise::card::is_of_common_length(value)
            } else {
                true
            };
            match (hit.proof, speech) {
                (Proof::Weak, Speech::Supports) => Class::Supported,
                (Proof::Weak, Speech::Silent) if stands_alone => Class::Bare,
                (_, Speech::Supports) if is_phone => Class::Hint,
                _ => Class::Shape,
            }
        };
        if class == Class::Shape && place.form == Form::Line {
            return;
        }
        if is_phone && !class.is_valid() && !place.inferred.is_empty() {
            self.read_under(&text[hit.span.clone()], place.inferred, &mut hit);
        }
        found.push(Candidate {
            start: hit.span.start,
            end: hit.span.end,
            rule,
            kind,
            class,
            canonical: hit.canonical,
            is_national: is_phone && !class.is_valid(),
            region: hit.region,
        });
    }

    fn read_under(&self, value: &[u8], regions: &[Region], hit: &mut Hit) {
        if let Some(parsed) = kind::phone::parse(value, regions) {
            hit.canonical = parsed.canonical;
            hit.region = parsed.region;
        }
    }

    /// The value as a whole, for the kinds that its field's name speaks for and that no candidate
    /// covers yet.
    fn find_whole(&self, text: &[u8], place: Place<'_>, first: usize, found: &mut Vec<Candidate>) {
        if place.hints.is_empty() {
            return;
        }
        let value = kind::trim(text);
        if value.is_empty() || value.len() > MAX_WHOLE {
            return;
        }
        let start = value.as_ptr().addr() - text.as_ptr().addr();
        let span = start..start + value.len();
        for (rule, whole) in self.whole_parsers() {
            let kind = self.rules.rule(rule).kind;
            let covered = found[first..].iter().any(|candidate| {
                candidate.kind == kind && candidate.start == span.start && candidate.end == span.end
            });
            if covered || !place.hints.contains(kind) {
                continue;
            }
            if let Some(parsed) = (whole.parse)(value, &self.regions) {
                self.weigh(text, Hit::new(span.clone(), parsed), rule, place, found);
            } else if (whole.is_shape)(value) {
                let mut hit = Hit::shape(text, span.clone());
                if Some(rule) == self.builtin.phone && !place.inferred.is_empty() {
                    self.read_under(value, place.inferred, &mut hit);
                }
                found.push(Candidate {
                    start: span.start,
                    end: span.end,
                    rule,
                    kind,
                    class: Class::Hint,
                    canonical: hit.canonical,
                    is_national: Some(rule) == self.builtin.phone,
                    region: hit.region,
                });
            }
        }
    }

    fn whole_parsers(&self) -> impl Iterator<Item = (RuleId, Whole)> + '_ {
        let builtin = &self.builtin;
        [
            (
                builtin.email,
                Whole { parse: |v, _| kind::email::parse(v), is_shape: is_email_shape },
            ),
            (builtin.phone, Whole { parse: kind::phone::parse, is_shape: kind::phone::is_shape }),
            (
                builtin.iban,
                Whole { parse: |v, _| kind::iban::parse(v), is_shape: kind::iban::is_shape },
            ),
            (
                builtin.card,
                Whole { parse: |v, _| kind::card::parse(v), is_shape: kind::card::is_shape },
            ),
            (builtin.ipv4, Whole { parse: |v, _| kind::ip::parse_v4(v), is_shape: |_| false }),
            (builtin.ipv6, Whole { parse: |v, _| kind::ip::parse_v6(v), is_shape: |_| false }),
        ]
        .into_iter()
        .filter_map(|(rule, whole)| Some((rule?, whole)))
    }
}

/// Longer values are text, not one number or address.
const MAX_WHOLE: usize = 320;

/// How a whole value is read as a kind.
struct Whole {
    parse: fn(&[u8], &[Region]) -> Option<kind::Parsed>,
    is_shape: fn(&[u8]) -> bool,
}

/// Something on both sides of one `@`, no white space: a mistyped address.
fn is_email_shape(value: &[u8]) -> bool {
    let mut parts = value.split(|&b| b == b'@');
    let both =
        parts.next().is_some_and(|p| !p.is_empty()) && parts.next().is_some_and(|p| !p.is_empty());
    both && parts.next().is_none() && !value.iter().any(u8::is_ascii_whitespace)
}

/// Leaves, of the candidates from `first` on, those that no stronger one overlaps, in order of
/// place: the better class wins, then the stronger kind, then the longer span.
fn resolve(rules: &RuleSet, found: &mut Vec<Candidate>, first: usize) {
    if found.len() - first > 1 {
        let mut all = found.split_off(first);
        all.sort_by_key(|candidate| {
            let length = candidate.end - candidate.start;
            (
                std::cmp::Reverse(candidate.class),
                strength(&rules.rule(candidate.rule).recogniser),
                std::cmp::Reverse(length),
                candidate.start,
            )
        });
        // Start to end of what is kept: a line may hold thousands, so neighbours are looked up.
        let mut kept: BTreeMap<usize, usize> = BTreeMap::new();
        for candidate in all {
            let last_before = kept.range(..candidate.end).next_back();
            if last_before.is_none_or(|(_, end)| *end <= candidate.start) {
                kept.insert(candidate.start, candidate.end);
                found.push(candidate);
            }
        }
        found[first..].sort_by_key(|candidate| candidate.start);
    }
}

/// Rank of a recogniser where two claim the same bytes: the smaller one is stronger. What a check
/// sum proves stands before what a numbering plan allows; a user's rule was written for his data.
fn strength(recogniser: &Recogniser) -> u8 {
    match recogniser {
        Recogniser::Pattern(_) => 0,
        Recogniser::Email => 1,
        Recogniser::Iban => 2,
        Recogniser::Card => 3,
        Recogniser::Ipv6 => 4,
        Recogniser::Ipv4 => 5,
        Recogniser::Ipv4Host => 6,
        Recogniser::Phone => 7,
    }
}

/// Whether `candidate` is the whole of the value `text`, white space around it apart.
#[must_use]
pub fn is_whole(text: &[u8], candidate: &Candidate) -> bool {
    kind::trim(text).len() == candidate.end - candidate.start
}

/// The canonical form of a value of `kind` under closure: what its parsers make of it, else its
/// bytes as they are.
#[must_use]
pub fn canonical_of(found: &[Candidate], kind: KindId, text: &[u8]) -> Canonical {
    found
        .iter()
        .find(|candidate| candidate.kind == kind && is_whole(text, candidate))
        .map_or_else(|| Canonical::unparsed(Raw(text)), |candidate| candidate.canonical.clone())
}
