//! Cells to candidates: where personal data is, of which kind, and how good the evidence is.
//!
//! What comes in is the text of a line or of a decoded cell, with its anchors; what goes out are
//! [`Candidate`]s in order of place, none overlapping another, each with its evidence class and
//! canonical form. Four steps:
//!
//! 1. [`candidate`]: one pass over the buffer for all kinds finds the anchors.
//! 2. `search` and `recognise`: at each anchor, the span and the kind's parser, which validates. Where an
//!    anchor is an escape, the same on a decoded `view`, and in base64 on the text in it.
//! 3. `evidence`: words near it, its key or its field's name make a candidate supported.
//! 4. `overlap`: of candidates that overlap, the one with the best evidence stays.
//!
//! What the rest of the column says is known only when all of it was counted: [`verdict`].
//! Detection does not know that operators exist.

pub mod candidate;
pub mod finding;
pub mod makeup;
pub mod panel;
pub mod probe;
pub mod verdict;

mod context;
mod encoded;
mod evidence;
mod finders;
mod firsts;
mod glance;
mod memory;
mod outline;
mod overlap;
mod pattern;
mod plain;
mod recognise;
mod search;
mod trigrams;
mod view;

use std::borrow::Cow;
use std::sync::Arc;

use crate::kind::{self, Canonical, Raw, Region};
use crate::rules::{HintSet, KindId, RuleSet};

pub use candidate::{Anchor, anchors};
pub use encoded::Encoded;
pub use finding::{Candidate, Class, Written};
pub use memory::Memory;
pub use outline::Statement;
pub use verdict::{Tally, Verdict};

use context::Words;
use finders::Finders;
use outline::{Outlines, Sight};
use pattern::Patterns;
use probe::{Probe, metered};
use search::Search;

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
    /// The kind that the field was found to be of: it comes first where kinds overlap.
    pub settled: Option<KindId>,
}

impl Place<'_> {
    /// A line of text.
    pub const LINE: Self =
        Self { form: Form::Line, hints: HintSet::EMPTY, inferred: &[], settled: None };

    /// The value of a field of which only the name is known.
    #[must_use]
    pub const fn cell(hints: HintSet) -> Self {
        Self { form: Form::Cell, hints, ..Self::LINE }
    }
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
    words: Words,
    patterns: Option<Patterns>,
    finders: Finders,
}

/// A pattern that does not compile.
#[derive(Debug, thiserror::Error)]
#[error("rule `{rule}`: its pattern is no regular expression that can be compiled")]
pub struct BadPattern {
    /// Id of the rule.
    pub rule: String,
}

impl Detector {
    /// Prepares `rules`; national numbers are read under `regions`, in that order.
    ///
    /// # Errors
    /// [`BadPattern`] for a user's rule that does not compile.
    pub fn new(rules: Arc<RuleSet>, regions: Vec<Region>) -> Result<Self, BadPattern> {
        let patterns =
            Patterns::new(&rules).map_err(|id| BadPattern { rule: rules.rule(id).id.clone() })?;
        let finders = Finders::new(&rules);
        let words = Words::new(&rules, finders.announced());
        Ok(Self { rules, regions, words, patterns, finders })
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

    /// Whether a text without anchors can hold something at `place`: the name of a field, or what it was
    /// found to be, says what the whole of a value could be.
    #[must_use]
    pub fn reads_without_anchors(&self, place: &Place<'_>) -> bool {
        !place.hints.is_empty() || place.settled.is_some() || self.reads_everything()
    }

    /// Whether what is in a text at `place` is the same for all texts of an outline: not where the name
    /// of a field asks for the whole value.
    fn keeps_outlines(place: &Place<'_>) -> bool {
        place.hints.is_empty() && place.settled.is_none()
    }

    /// Appends to `found` the candidates of `text`, whose anchors lie at `anchor.at - base`.
    ///
    /// In order of place, none overlapping another. Allocates per candidate.
    pub fn find(
        &self,
        text: &[u8],
        anchors: &[Anchor],
        base: usize,
        place: &Place<'_>,
        memory: &mut Memory,
        found: &mut Vec<Candidate>,
    ) {
        memory.outlines.turn_over();
        if anchors.is_empty() && !self.reads_without_anchors(place) {
            return;
        }
        memory.heard.clear();
        let Memory { heard, keys, outlines, probe } = memory;
        let probe = probe.as_deref();
        let search = &Search { text, place, depth: 0, heard, keys, probe };
        let find = || {
            if !Self::keeps_outlines(place) {
                if let Some(plain) = self.announced(search, !anchors.is_empty()) {
                    return found.push(plain);
                }
                return self.search(search, anchors, base, found);
            }
            if self.is_told(text, place) || self.is_one_uuid(text, anchors, base) {
                return;
            }
            let sight = outlines.look_up(&self.words, text, place.form);
            self.find_by(sight, outlines, search, anchors, base, found);
        };
        metered(probe.map(Probe::of_texts), find, |()| true);
    }

    /// The same for a line of text whose anchors are not known: they are found in `in_line`, unless it came
    /// before with other digits.
    pub fn find_in_line(
        &self,
        line: &[u8],
        in_line: &mut Vec<Anchor>,
        memory: &mut Memory,
        found: &mut Vec<Candidate>,
    ) {
        memory.outlines.turn_over();
        let sight = memory.outlines.look_up(&self.words, line, Form::Line);
        in_line.clear();
        if sight != Sight::Known {
            memory.anchors(line, in_line);
            if in_line.is_empty() && !self.reads_everything() {
                return;
            }
        }
        memory.heard.clear();
        let Memory { heard, keys, outlines, probe } = memory;
        let (place, probe) = (&Place::LINE, probe.as_deref());
        let search = &Search { text: line, place, depth: 0, heard, keys, probe };
        let find = || self.find_by(sight, outlines, search, in_line, 0, found);
        metered(probe.map(Probe::of_texts), find, |()| true);
    }

    /// Looks at the anchors of a text, or where something is open in it if it is known.
    fn find_by(
        &self,
        sight: Sight,
        outlines: &mut Outlines,
        search: &Search<'_>,
        anchors: &[Anchor],
        base: usize,
        found: &mut Vec<Candidate>,
    ) {
        match sight {
            Sight::None => return self.search(search, anchors, base, found),
            Sight::Known if outlines.live().is_empty() && !self.reads_everything() => return,
            Sight::Known => outlines.recall(search.text, search.heard),
            Sight::First | Sight::Second => {
                outlines.take(anchors, base);
                if sight == Sight::Second {
                    outlines.learn(self, search);
                }
            }
        }
        self.search(search, outlines.live(), 0, found);
    }
}

impl Detector {
    /// The canonical form of `text`, a value of a field all of whose values are of `kind`.
    #[must_use]
    pub fn canonical(
        &self,
        kind: KindId,
        place: Place<'_>,
        text: &[u8],
        memory: &mut Memory,
    ) -> Canonical {
        let (mut in_text, mut found) = (Vec::new(), Vec::new());
        anchors(text, &mut in_text);
        self.find(text, &in_text, 0, &Place { settled: Some(kind), ..place }, memory, &mut found);
        canonical_of(&found, kind, text).into_owned()
    }
}

/// Whether `candidate` is the whole of the value that is `trimmed` without the white space around it. What
/// is in base64 is a part of it.
#[must_use]
pub fn is_whole(trimmed: &[u8], candidate: &Candidate) -> bool {
    trimmed.len() == candidate.end - candidate.start
        && !matches!(candidate.written, Written::Encoded { .. })
}

/// What `candidate` is in `text`, as it is written there or in the base64 that it stands in.
#[must_use]
pub fn value_of<'a>(text: &'a [u8], candidate: &Candidate) -> Cow<'a, [u8]> {
    match &candidate.written {
        Written::Encoded { run, span } => run.part(text, span).into(),
        Written::Plain | Written::Escaped => text[candidate.start..candidate.end].into(),
    }
}

/// The canonical form of a value of `kind` under closure: what its parsers make of it, else its
/// bytes as they are.
#[must_use]
pub fn canonical_of<'a>(found: &'a [Candidate], kind: KindId, text: &[u8]) -> Cow<'a, Canonical> {
    let trimmed = kind::trim(text);
    found
        .iter()
        .find(|candidate| candidate.kind == kind && is_whole(trimmed, candidate))
        .map_or_else(
            || Cow::Owned(Canonical::unparsed(Raw(text))),
            |it| Cow::Borrowed(&it.canonical),
        )
}
