//! What is around a hit, and the class of evidence that follows.

use std::ops::Range;

use super::context::{Said, Speech, Speeches};
use super::finders::Announced;
use super::finding::{Candidate, Class};
use super::probe::{Probe, metered};
use super::recognise::{self, Hit, Proof};
use super::search::{MAX_WHOLE, Search};
use super::{Detector, Form};
use crate::format::text::log;
use crate::kind::{self, Region};
use crate::rules::{HintSet, KindId, Recogniser, RuleId};

impl Detector {
    /// Gives a hit its class from what is around it, and keeps it if that is worth counting.
    pub(super) fn weigh(
        &self,
        search: &Search<'_>,
        mut hit: Hit,
        mut rule: RuleId,
        found: &mut Vec<Candidate>,
    ) {
        let Search { text, place, .. } = *search;
        if let Some(local) = self.finders.ip_local
            && [self.finders.ipv4, self.finders.ipv6].contains(&Some(rule))
            && kind::ip::is_special(&hit.canonical)
        {
            rule = local;
        }
        let kind = self.rules.rule(rule).kind;
        let is_phone = Some(rule) == self.finders.phone;
        // What has no more than the shape of most kinds is not kept in a line, whatever is around it.
        if hit.proof == Proof::Shape
            && place.form == Form::Line
            && place.settled != Some(kind)
            && !is_phone
            && !self.is_of_words(kind)
        {
            return;
        }
        let class = if hit.proof == Proof::Strong {
            Class::Certain
        } else {
            let speech = self.speech(search, &hit.span, rule, kind);
            match (hit.proof, speech) {
                (Proof::Weak, Speech::Supports) => Class::Supported,
                (Proof::Weak, Speech::Silent) if self.stands_alone(search, &hit.span, rule) => {
                    Class::Bare
                }
                (_, Speech::Supports) if is_phone || self.is_of_words(kind) => Class::Hint,
                _ if place.settled == Some(kind) && self.is_sampled(kind) => Class::Hint,
                _ => Class::Shape,
            }
        };
        if class == Class::Shape && place.form == Form::Line {
            return;
        }
        let is_national = is_phone && !class.is_valid();
        if is_national {
            self.read_under(&text[hit.span.clone()], place.inferred, &mut hit);
        }
        found.push(Candidate { is_national, ..hit.into_candidate(rule, kind, class) });
    }

    /// Whether [`Self::weigh`] keeps what has the shape of a `rule` and proves nothing.
    pub(super) fn keeps_shapes(
        &self,
        search: &Search<'_>,
        span: &Range<usize>,
        rule: RuleId,
    ) -> bool {
        let place = search.place;
        let kind = self.rules.rule(rule).kind;
        place.form == Form::Cell
            || place.settled.is_some()
            || self.speech(search, span, rule, kind) == Speech::Supports
    }

    /// Whether it could keep one that starts at `start`, where no word goes on.
    pub(super) fn could_keep_shapes(
        &self,
        search: &Search<'_>,
        start: usize,
        rule: RuleId,
    ) -> bool {
        let place = search.place;
        let kind = self.rules.rule(rule).kind;
        let span = start..start;
        place.form == Form::Cell
            || place.settled.is_some()
            || place.hints.contains(kind)
            || self.key_hints(search, start).contains(kind)
            || self.could_speak(search, &span, rule)
    }

    /// Whether there are words that speak for a rule or against it, near a span or not.
    fn could_speak(&self, search: &Search<'_>, span: &Range<usize>, rule: RuleId) -> bool {
        let said = &mut search.heard.said.borrow_mut();
        search.heard.has_words(search.text) && self.words.could_speak(rule, search.text, span, said)
    }

    /// What the name of the field, the key before a value and the words near it say of a rule; the
    /// first of them that says something decides.
    fn speech(
        &self,
        search: &Search<'_>,
        span: &Range<usize>,
        rule: RuleId,
        kind: KindId,
    ) -> Speech {
        let of_hints = |hints: HintSet| {
            if hints.contains(kind) {
                Some(Speech::Supports)
            } else {
                hints.denies(kind).then_some(Speech::Against)
            }
        };
        let of_key = || of_hints(self.key_hints(search, span.start));
        of_hints(search.place.hints).or_else(of_key).unwrap_or_else(|| {
            // `phone=…&ts=1700000000000`: the value has a key of its own, which says nothing.
            if recognise::has_own_key(search.text, span.start) && self.is_imitated(rule) {
                return Speech::Silent;
            }
            // `addr=192.0.2.1 fw=2.4.1.0`, `upgraded from 2.4.1.0`: what reads like a version has to
            // be called an address by its key or else by words near it, none of which is against.
            let is_doubtful = Some(rule) == self.finders.ipv4
                && kind::ip::looks_like_version(&search.text[span.clone()]);
            if is_doubtful && let Some(key) = log::key_before(search.text, span.start) {
                return self
                    .words
                    .near(key.as_bytes(), key.len(), key.len(), &mut Said::default())
                    .of(rule);
            }
            if !self.could_speak(search, span, rule) {
                return Speech::Silent;
            }
            if search.heard.is_wary() {
                return Speech::Supports;
            }
            let near = self.near(search, span);
            if is_doubtful && near.is_denied(rule) { Speech::Against } else { near.of(rule) }
        })
    }

    /// The words near a candidate that speak for its rule (true) or against it, nearest first.
    #[must_use]
    pub fn words_about(&self, text: &[u8], candidate: &Candidate) -> Vec<(String, bool)> {
        self.words.about(candidate.rule, text, candidate.start, candidate.end)
    }

    /// What the words near a span say of each rule.
    pub(super) fn near(&self, search: &Search<'_>, span: &Range<usize>) -> Speeches {
        if !search.heard.has_words(search.text) {
            return Speeches::default();
        }
        let read = |said: &mut Said| {
            let near = || self.words.near(search.text, span.start, span.end, said);
            metered(search.probe.map(Probe::of_words), near, |_| true)
        };
        search.heard.words(span, read)
    }

    /// What the key before a value says.
    pub(super) fn key_hints(&self, search: &Search<'_>, start: usize) -> HintSet {
        search.heard.key(start, || {
            log::key_before(search.text, start)
                .map_or(HintSet::EMPTY, |key| search.keys.hinted(&self.rules, key))
        })
    }

    /// Whether something around a span speaks for one of `rules`: the cheap question before looking
    /// for kinds that are nothing without such support.
    pub(super) fn is_announced(
        &self,
        search: &Search<'_>,
        span: &Range<usize>,
        rules: &Announced,
    ) -> bool {
        self.is_announced_by_name(search, span.start, rules)
            .unwrap_or_else(|| self.is_announced_near(search, span, rules))
    }

    /// The same by the words near it.
    pub(super) fn is_announced_near(
        &self,
        search: &Search<'_>,
        span: &Range<usize>,
        rules: &Announced,
    ) -> bool {
        self.could_be_announced_near(search, span, rules)
            && (search.heard.is_wary() || self.near(search, span).support_any(rules.rules))
    }

    /// Whether there are words that say so, near it or not.
    pub(super) fn could_be_announced_near(
        &self,
        search: &Search<'_>,
        span: &Range<usize>,
        rules: &Announced,
    ) -> bool {
        let said = &mut search.heard.said.borrow_mut();
        search.heard.has_words(search.text)
            && self.words.could_support(rules.rules, search.text, span, said)
    }

    /// The same by the name of the field and the key before a value; nothing where it is the words
    /// near it that have to be asked.
    pub(super) fn is_announced_by_name(
        &self,
        search: &Search<'_>,
        start: usize,
        rules: &Announced,
    ) -> Option<bool> {
        let kinds = |hints: HintSet| hints.kinds().meets(rules.kinds);
        if kinds(search.place.hints) || kinds(self.key_hints(search, start)) {
            return Some(true);
        }
        // Of a value with a key of its own, the words near it say nothing: see [`Self::speech`].
        let is_told_by_key = || rules.are_imitated && recognise::has_own_key(search.text, start);
        (is_told_by_key() || !search.heard.has_words(search.text)).then_some(false)
    }

    /// Whether a value that validates is believed where nothing around it speaks: what other things
    /// look like needs a word beside it.
    fn stands_alone(&self, search: &Search<'_>, span: &Range<usize>, rule: RuleId) -> bool {
        let Search { text, place, .. } = *search;
        let value = &text[span.clone()];
        match &self.rules.rule(rule).recogniser {
            Recogniser::Phone => recognise::phone::is_written_to_dial(text, span, &self.regions),
            // In a column, numbers that are no better than chance are found out in the end.
            Recogniser::Card => {
                let is_alone = place.form == Form::Cell && is_all(text, value);
                is_alone || kind::card::is_common(value) && recognise::is_apart(text, span)
            }
            Recogniser::Ipv4 => {
                let is_cell = place.form == Form::Cell && is_all(text, value);
                let is_else = kind::ip::looks_like_version(value)
                    || is_cell && kind::ip::looks_like_oid(value)
                    || is_cell && kind::ip::looks_like_release(value);
                !is_else || recognise::ip::has_surroundings(text, span)
            }
            // Of an IBAN, a RIB alone is weak.
            Recogniser::Iban
            | Recogniser::Ipv6
            | Recogniser::BirthDate
            | Recogniser::Plate
            | Recogniser::DeviceId
            | Recogniser::Coordinates
            | Recogniser::Secret
            | Recogniser::UserAgent => false,
            // Digits alone may be an id of anything.
            Recogniser::Scheme(scheme) => {
                scheme.chance <= RARE_BY_CHANCE && value.iter().any(u8::is_ascii_alphabetic)
            }
            _ => true,
        }
    }

    /// Whether other numbers look like values of a rule.
    fn is_imitated(&self, rule: RuleId) -> bool {
        matches!(
            self.rules.rule(rule).recogniser,
            Recogniser::Phone | Recogniser::Card | Recogniser::Scheme(_) | Recogniser::DeviceId
        )
    }

    /// Whether values of `kind` are told by the words of a column: names and addresses.
    pub(super) fn is_of_words(&self, kind: KindId) -> bool {
        [self.finders.name, self.finders.address]
            .into_iter()
            .flatten()
            .any(|rule| self.rules.rule(rule).kind == kind)
    }

    /// Whether a sample of a column can tell `kind`, so that its values are found when it has.
    pub(super) fn is_sampled(&self, kind: KindId) -> bool {
        self.is_of_words(kind)
            || [&self.finders.of_schemes, &self.finders.of_phones]
                .iter()
                .any(|announced| announced.kinds.contains(kind))
    }

    pub(super) fn read_under(&self, value: &[u8], regions: &[Region], hit: &mut Hit) {
        if !regions.is_empty()
            && let Some(parsed) = kind::phone::parse_in_field(value, regions)
        {
            hit.canonical = parsed.canonical;
            hit.region = parsed.region;
        }
    }
}

/// A scheme that accepts fewer random values of its shape than this is believed without a word
/// beside it: in a megabyte of log lines there are some thousand numbers of any one length.
const RARE_BY_CHANCE: f64 = 3e-3;

/// Whether `value`, a part of `text`, is all of it. Longer texts are not asked: they may be as long
/// as a book, and every number in it would read it to its end.
fn is_all(text: &[u8], value: &[u8]) -> bool {
    text.len() <= MAX_WHOLE && kind::trim(text).len() == value.len()
}
