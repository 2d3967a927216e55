//! Cells to candidates: where personal data is, of which kind, and how good the evidence is.
//!
//! What comes in is the text of a line or of a decoded cell, with its anchors; what goes out are
//! [`Candidate`]s in order of place, none overlapping another, each with its evidence class and
//! canonical form. Four steps:
//!
//! 1. [`candidate`]: one pass over the buffer for all kinds finds the anchors.
//! 2. `recognise`: at each anchor, the span and the kind's parser, which validates. Where an anchor
//!    is an escape, the same on a decoded `view`.
//! 3. Evidence: words near it, its key or its field's name make a candidate supported.
//! 4. Of candidates that overlap, the one with the best evidence stays.
//!
//! What the rest of the column says is known only when all of it was counted: [`verdict`].
//! Detection does not know that operators exist.

pub mod candidate;
pub mod finding;
pub mod panel;
pub mod verdict;

mod context;
mod encoded;
mod overlap;
mod pattern;
mod recognise;
mod view;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use crate::format::text::log;
use crate::kind::scheme::{Scheme, Spelling};
use crate::kind::{self, Canonical, Raw, Region};
use crate::rules::{HintSet, KindId, Recogniser, RuleId, RuleSet};

pub use candidate::{Anchor, anchors};
pub use encoded::Encoded;
pub use finding::{Candidate, Class, Written};
pub use verdict::{Tally, Verdict};

use candidate::shape;
use context::{RuleSetBits, Said, Speech, Speeches, Words};
use pattern::Patterns;
use recognise::ip::Quad;
use recognise::scheme::Run;
use recognise::{Hit, Proof};
use view::View;

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

/// The rules behind the built-in recognisers, where the rule set has them.
#[derive(Debug, Default)]
struct Finders {
    email: Option<RuleId>,
    phone: Option<RuleId>,
    iban: Option<RuleId>,
    ipv4: Option<RuleId>,
    ipv6: Option<RuleId>,
    ipv4_host: Option<RuleId>,
    ip_local: Option<RuleId>,
    card: Option<RuleId>,
    mac: Option<RuleId>,
    name: Option<RuleId>,
    address: Option<RuleId>,
    birth_date: Option<RuleId>,
    coordinates: Option<RuleId>,
    device_id: Option<RuleId>,
    secret: Option<RuleId>,
    secret_keys: Option<recognise::secret::Keys>,
    url_profile: Option<RuleId>,
    plate: Option<RuleId>,
    /// A line of a machine readable zone, which is no run of groups as other identifiers are.
    mrz: Option<RuleId>,
    of_plates: Announced,
    of_birth_dates: Announced,
    of_schemes: Announced,
    of_phones: Announced,
    /// By the number of letters and digits of an identifier.
    schemes: Vec<Vec<(RuleId, &'static Scheme)>>,
}

/// Rules that are nothing without support, with their kinds.
#[derive(Debug, Default)]
struct Announced {
    rules: RuleSetBits,
    kinds: Vec<KindId>,
}

impl Announced {
    fn add(&mut self, rule: RuleId, kind: KindId) {
        self.rules.insert(rule);
        if !self.kinds.contains(&kind) {
            self.kinds.push(kind);
        }
    }
}

/// A pattern that does not compile.
#[derive(Debug, thiserror::Error)]
#[error("rule `{rule}`: its pattern is no regular expression that can be compiled")]
pub struct BadPattern {
    /// Id of the rule.
    pub rule: String,
}

/// A text that is being searched.
#[derive(Clone, Copy)]
struct Search<'a> {
    text: &'a [u8],
    place: Place<'a>,
    /// How many escapes deep the text was decoded already.
    depth: usize,
    heard: &'a Heard,
}

/// What is around the place that was looked at last: several kinds ask for the same.
#[derive(Default)]
struct Heard {
    said: RefCell<Said>,
    words: Cell<Option<(usize, Speeches)>>,
    key: Cell<Option<(usize, HintSet)>>,
}

/// `%2540` is `%40` is `@`; nobody has seen a third layer.
const MAX_DEPTH: usize = 2;

impl Detector {
    /// Prepares `rules`; national numbers are read under `regions`, in that order.
    ///
    /// # Errors
    /// [`BadPattern`] for a user's rule that does not compile.
    pub fn new(rules: Arc<RuleSet>, regions: Vec<Region>) -> Result<Self, BadPattern> {
        let patterns =
            Patterns::new(&rules).map_err(|id| BadPattern { rule: rules.rule(id).id.clone() })?;
        let finders = Finders::new(&rules);
        let words = Words::new(&rules);
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
        let heard = Heard::default();
        self.search(Search { text, place, depth: 0, heard: &heard }, anchors, base, found);
    }

    fn search(
        &self,
        search: Search<'_>,
        anchors: &[Anchor],
        base: usize,
        found: &mut Vec<Candidate>,
    ) {
        let first = found.len();
        let (mut viewed, mut unpacked) = (0, 0);
        for anchor in anchors {
            let at = anchor.at as usize - base;
            self.recognise(search, at, anchor.shapes, found);
            if at >= viewed && search.depth < MAX_DEPTH {
                viewed = self.look_through(search, at, found).unwrap_or(viewed);
            }
            if anchor.shapes & shape::LONG != 0 && at >= unpacked && search.depth == 0 {
                unpacked = self.look_inside(search, at, found).unwrap_or(unpacked);
            }
        }
        if let Some(patterns) = &self.patterns {
            patterns.find(search.text, |rule, start, end| {
                let canonical = Canonical::of_pattern(&search.text[start..end]);
                let hit = Hit { span: start..end, canonical, region: None, proof: Proof::Weak };
                self.weigh(search, hit, rule, found);
            });
        }
        if search.place.form == Form::Cell && search.depth == 0 {
            self.find_whole(search, first, found);
        }
        overlap::resolve(&self.rules, search.place.settled, found, first);
    }

    /// Looks for what begins or ends at an anchor, by its shapes.
    fn recognise(&self, search: Search<'_>, at: usize, shapes: u16, found: &mut Vec<Candidate>) {
        let Search { text, .. } = search;
        let finders = &self.finders;
        let mut weigh = |rule: RuleId, hit: Hit| self.weigh(search, hit, rule, found);
        if shapes & shape::AT != 0
            && text[at] == b'@'
            && let Some(rule) = finders.email
            && let Some(hit) = recognise::email::find(text, at)
        {
            weigh(rule, hit);
        }
        if shapes & shape::QUAD != 0
            && let Some(quad) = recognise::ip::find_quad(text, at)
        {
            let (rule, hit) = match quad {
                Quad::Address(hit) => (finders.ipv4, hit),
                Quad::InHostName(hit) => (finders.ipv4_host, hit),
            };
            if let Some(rule) = rule {
                weigh(rule, hit);
            }
        }
        if shapes & shape::DASHED_QUAD != 0
            && let Some(rule) = finders.ipv4_host
            && let Some(hit) = recognise::ip::find_dashed_quad(text, at)
        {
            weigh(rule, hit);
        }
        if shapes & (shape::COLONS | shape::PAIRS) != 0
            && let Some(rule) = finders.mac
            && let Some(hit) = kind::mac::find(text, at).map(Hit::from)
        {
            weigh(rule, hit);
        }
        if shapes & shape::COLONS != 0
            && let Some(rule) = finders.ipv6
            && let Some(hit) = recognise::ip::find_v6(text, at)
        {
            weigh(rule, hit);
        }
        if let Some(rule) = finders.iban
            && let Some(hit) = if shapes & shape::IBAN != 0 {
                recognise::iban::find(text, at)
            } else if shapes & shape::LETTERED != 0 {
                recognise::iban::find_labelled(text, at)
            } else if shapes & shape::NUMBER != 0 {
                recognise::iban::find_apart(text, at)
            } else {
                None
            }
        {
            weigh(rule, hit);
        }
        // A letter before the digits makes fewer of them enough: capitals, since the names of hosts
        // and the ids of requests are full of others.
        let is_lettered = shapes & shape::LETTERED != 0 && text[at - 1].is_ascii_uppercase();
        let numbers = shape::NUMBER | shape::DIALLED | shape::LETTERED;
        if is_lettered || shapes & numbers != 0 && recognise::has_digits(text, at) {
            self.recognise_number(search, at, shapes, found);
        } else if shapes & numbers != 0 && recognise::follows_capital(text, at) {
            self.recognise_schemes(search, at, found);
        }
        if shapes & shape::NUMBER != 0 {
            self.recognise_at_number(search, at, found);
        }
        if let Some(rule) = finders.plate
            && recognise::could_be_plate(text, at, shapes)
            && self.is_announced(search, &(at..at + 1), &finders.of_plates)
            && let Some(plate) = kind::plate::find_around(text, at)
        {
            self.weigh(search, plate.into(), rule, found);
        }
        if shapes & shape::LONG != 0
            && let Some(rule) = finders.mrz
            && let Some(line) = kind::scheme::find_mrz(text, at)
        {
            self.weigh(search, line.into(), rule, found);
        }
        if shapes & shape::URL != 0 {
            self.recognise_url(search, at, found);
        }
        if recognise::secret::could_be(text, at, shapes)
            && let Some(rule) = finders.secret
        {
            self.recognise_secret(search, at, shapes, rule, found);
        }
        if shapes & shape::NAME != 0
            && let Some(rule) = self.finders.name
            && let Some(hit) = recognise::words::name(search.text, at, search.place.form)
        {
            self.push_words(search, hit, rule, found);
        }
    }

    /// Looks for what begins with a number and is more than one: a date, a place, an address.
    fn recognise_at_number(&self, search: Search<'_>, at: usize, found: &mut Vec<Candidate>) {
        let Search { text, place, .. } = search;
        let finders = &self.finders;
        if let Some(rule) = finders.birth_date
            && recognise::words::could_be_date(text, at)
            && self.is_announced(search, &(at..at + 1), &self.finders.of_birth_dates)
            && let Some(found_date) = kind::birth_date::find(text, at)
        {
            self.weigh(search, found_date.into(), rule, found);
        }
        if let Some(rule) = finders.coordinates
            && recognise::words::could_be_degrees(text, at)
            && let Some(found_place) = kind::coordinates::find(text, at)
        {
            self.weigh(search, found_place.into(), rule, found);
        }
        if recognise::could_be_rib(text, at)
            && let Some(rule) = finders.iban
            && let Some(rib) = kind::iban::find_rib(text, at)
        {
            self.weigh(search, rib.into(), rule, found);
        }
        if let Some(rule) = finders.address
            && let Some(hit) = recognise::words::address(text, at, place.form)
        {
            self.push_words(search, hit, rule, found);
        }
    }

    /// Looks for what stands in an address on the web whose second slash is at `at`.
    fn recognise_url(&self, search: Search<'_>, at: usize, found: &mut Vec<Candidate>) {
        let Search { text, .. } = search;
        if let Some(rule) = self.finders.url_profile
            && let Some(profile) = kind::url_profile::find(text, at)
        {
            self.weigh(search, profile.into(), rule, found);
        }
        if let Some(rule) = self.finders.secret
            && let Some(password) = kind::secret::keyed::find_in_url(text, at)
        {
            self.weigh(search, password.into(), rule, found);
        }
    }

    /// Looks for what has the form of a credential, or stands behind a key that names one.
    fn recognise_secret(
        &self,
        search: Search<'_>,
        at: usize,
        shapes: u16,
        rule: RuleId,
        found: &mut Vec<Candidate>,
    ) {
        let kind = self.rules.rule(rule).kind;
        if let Some(hit) = recognise::secret::find(search.text, at, shapes) {
            self.weigh(search, hit, rule, found);
        } else if shapes & shape::SECRET_KEY != 0
            && let Some(keys) = &self.finders.secret_keys
        {
            let is_named = |key: &str| self.rules.hinted(key).contains(kind);
            let hit = keys.find(search.text, at, is_named);
            found.extend(hit.map(|hit| hit.into_candidate(rule, kind, Class::Supported)));
        }
    }

    /// Keeps words that were found in running text: nothing more is asked of what is around them,
    /// since the finder has looked at it.
    fn push_words(&self, search: Search<'_>, hit: Hit, rule: RuleId, found: &mut Vec<Candidate>) {
        let kind = self.rules.rule(rule).kind;
        let class = if hit.proof == Proof::Strong { Class::Supported } else { Class::Bare };
        let is_known =
            |candidate: &Candidate| candidate.kind == kind && candidate.end > hit.span.start;
        if search.depth == 0 && !found.iter().rev().take(4).any(is_known) {
            found.push(hit.into_candidate(rule, kind, class));
        }
    }

    /// Looks for what is mostly digits, the first of them at `at`.
    fn recognise_number(
        &self,
        search: Search<'_>,
        at: usize,
        shapes: u16,
        found: &mut Vec<Candidate>,
    ) {
        let Search { text, .. } = search;
        if shapes & shape::NUMBER != 0
            && let Some(rule) = self.finders.card
            && let Some(hit) = recognise::card::find(text, at)
        {
            self.weigh(search, hit, rule, found);
        }
        if shapes & (shape::NUMBER | shape::DIALLED) != 0
            && let Some(rule) = self.finders.phone
        {
            // Digits alone are no telephone number unless something says so, or the whole column
            // does: no plan is asked about ids.
            let bare = recognise::phone::bare_digits(text, at);
            let is_worth = bare.as_ref().is_none_or(|span| {
                recognise::phone::follows_a_word(text, span)
                    || recognise::phone::is_linked(text, span.start)
                    || self.is_announced(search, span, &self.finders.of_phones)
            });
            if is_worth {
                if let Some(hit) = recognise::phone::find(text, at, &self.regions) {
                    self.weigh(search, hit, rule, found);
                } else if let Some(span) = bare {
                    let hit = match kind::phone::parse_msisdn(&text[span.clone()]) {
                        Some(parsed) => Some(Hit::new(span, parsed).at_most(Proof::Shape)),
                        // `llamar al 612328800`: without a region no plan is asked.
                        None => (self.regions.is_empty() && NATIONAL_DIGITS.contains(&span.len()))
                            .then(|| Hit::shape(text, span)),
                    };
                    if let Some(hit) = hit {
                        self.weigh(search, hit, rule, found);
                    }
                }
            }
        }
        if shapes & shape::LETTERED != 0
            && let Some(rule) = self.finders.device_id
            && let Some(cookie) = recognise::cookie_before(text, at)
        {
            self.weigh(search, cookie, rule, found);
        }
        if shapes & shape::NUMBER != 0
            && let Some(rule) = self.finders.device_id
            && recognise::is_long(text, at)
            && let Some(device) = kind::device_id::find(text, at)
        {
            self.weigh(search, device.into(), rule, found);
        }
        if shapes & (shape::NUMBER | shape::LETTERED) != 0 {
            self.recognise_schemes(search, at, found);
        }
    }

    /// Looks for identifiers of numbering schemes whose first digit is at `digit`: the longest
    /// spelling that any scheme accepts, under every scheme that does.
    fn recognise_schemes(&self, search: Search<'_>, digit: usize, found: &mut Vec<Candidate>) {
        let text = search.text;
        let (start, prefix) = recognise::scheme::starts(text, digit);
        let is_found = prefix.is_some_and(|prefix| self.recognise_scheme_at(search, prefix, found));
        if !is_found {
            self.recognise_scheme_at(search, start, found);
        }
    }

    /// The same where it starts at `start`; whether something was found.
    fn recognise_scheme_at(
        &self,
        search: Search<'_>,
        start: usize,
        found: &mut Vec<Candidate>,
    ) -> bool {
        let Search { text, .. } = search;
        let Some(run) = Run::at(text, start) else { return false };
        // Digits alone are no identifier unless something says so, or the whole column does.
        if !run.has_capitals(text)
            && !self.is_announced(search, &run.longest(), &self.finders.of_schemes)
        {
            return false;
        }
        for (span, characters) in run.spans() {
            let Some(of_length) = self.finders.schemes.get(characters) else { continue };
            let Some(spelling) = Spelling::read(&text[span.clone()]) else { continue };
            let mut passed: Vec<_> = of_length
                .iter()
                .filter_map(|&(rule, scheme)| Some((rule, scheme, scheme.read(&spelling)?)))
                .collect();
            if passed.is_empty() {
                continue;
            }
            // Of several with equal evidence the first stays: that of the regions at hand, then the
            // one that is hardest to pass.
            passed.sort_by(|(_, one, _), (_, other, _)| {
                let rank = |scheme| self.region_rank(scheme, search.place.inferred);
                rank(one).cmp(&rank(other)).then(one.chance.total_cmp(&other.chance))
            });
            for (rule, scheme, number) in passed {
                let hit = Hit::new(span.clone(), scheme.parsed(&number));
                self.weigh(search, hit, rule, found);
            }
            return true;
        }
        false
    }

    /// How far a scheme's region is from those at hand: inferred, given, any other.
    fn region_rank(&self, scheme: &Scheme, inferred: &[Region]) -> usize {
        let place = inferred
            .iter()
            .chain(&self.regions)
            .position(|region| region.as_str() == scheme.region);
        place.unwrap_or(usize::MAX)
    }

    /// Looks for values that are written with the escape at `at`, if there is one: on the decoded
    /// text around it. Returns where that ends.
    fn look_through(
        &self,
        search: Search<'_>,
        at: usize,
        found: &mut Vec<Candidate>,
    ) -> Option<usize> {
        let dialect = recognise::escape_at(search.text, at)?;
        let window = view::window(search.text, at);
        let end = window.end;
        let view = View::of(search.text, window, dialect)?;
        let (mut in_view, mut decoded) = (Vec::new(), Vec::new());
        anchors(&view.text, &mut in_view);
        let heard = Heard::default();
        let inner = Search { text: &view.text, depth: search.depth + 1, heard: &heard, ..search };
        self.search(inner, &in_view, 0, &mut decoded);
        found.extend(decoded.into_iter().filter_map(|candidate| {
            let span = view.source(&(candidate.start..candidate.end))?;
            let written = Written::Escaped;
            Some(Candidate { start: span.start, end: span.end, written, ..candidate })
        }));
        Some(end)
    }

    /// Appends what is in the base64 around `at`; where that ends, if it is any.
    fn look_inside(
        &self,
        search: Search<'_>,
        at: usize,
        found: &mut Vec<Candidate>,
    ) -> Option<usize> {
        let (run, text) = Encoded::around(search.text, at)?;
        let (mut in_run, mut decoded) = (Vec::new(), Vec::new());
        anchors(&text, &mut in_run);
        let place = Place { form: Form::Line, ..search.place };
        let heard = Heard::default();
        let inner = Search { text: &text, place, depth: search.depth + 1, heard: &heard };
        self.search(inner, &in_run, 0, &mut decoded);
        let end = run.run().end;
        found.extend(decoded.into_iter().map(|candidate| {
            let span = candidate.start..candidate.end;
            let source = run.source(&span);
            let written = Written::Encoded { run: Box::new(run.clone()), span };
            Candidate {
                start: source.start,
                end: source.end,
                is_national: false,
                written,
                ..candidate
            }
        }));
        Some(end)
    }

    /// Gives a hit its class from what is around it, and keeps it if that is worth counting.
    fn weigh(
        &self,
        search: Search<'_>,
        mut hit: Hit,
        mut rule: RuleId,
        found: &mut Vec<Candidate>,
    ) {
        let Search { text, place, .. } = search;
        if let Some(local) = self.finders.ip_local
            && [self.finders.ipv4, self.finders.ipv6].contains(&Some(rule))
            && kind::ip::is_special(&hit.canonical)
        {
            rule = local;
        }
        let kind = self.rules.rule(rule).kind;
        let is_phone = Some(rule) == self.finders.phone;
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

    /// What the name of the field, the key before a value and the words near it say of a rule; the
    /// first of them that says something decides.
    fn speech(
        &self,
        search: Search<'_>,
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
    fn near(&self, search: Search<'_>, span: &Range<usize>) -> Speeches {
        match search.heard.words.get() {
            Some((start, speeches)) if start == span.start => speeches,
            _ => {
                let mut said = search.heard.said.borrow_mut();
                let speeches = self.words.near(search.text, span.start, span.end, &mut said);
                search.heard.words.set(Some((span.start, speeches)));
                speeches
            }
        }
    }

    /// What the key before a value says.
    fn key_hints(&self, search: Search<'_>, start: usize) -> HintSet {
        match search.heard.key.get() {
            Some((at, hints)) if at == start => hints,
            _ => {
                let hints = log::key_before(search.text, start)
                    .map_or(HintSet::EMPTY, |key| self.rules.hinted(key));
                search.heard.key.set(Some((start, hints)));
                hints
            }
        }
    }

    /// Whether something around a span speaks for one of `rules`: the cheap question before looking
    /// for kinds that are nothing without such support.
    fn is_announced(&self, search: Search<'_>, span: &Range<usize>, rules: &Announced) -> bool {
        let kinds = |hints: HintSet| rules.kinds.iter().any(|kind| hints.contains(*kind));
        kinds(search.place.hints)
            || self.near(search, span).support_any(rules.rules)
            || kinds(self.key_hints(search, span.start))
    }

    /// Whether a value that validates is believed where nothing around it speaks: what other things
    /// look like needs a word beside it.
    fn stands_alone(&self, search: Search<'_>, span: &Range<usize>, rule: RuleId) -> bool {
        let Search { text, place, .. } = search;
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
                    || is_cell && kind::ip::looks_like_oid(value);
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
    fn is_of_words(&self, kind: KindId) -> bool {
        [self.finders.name, self.finders.address]
            .into_iter()
            .flatten()
            .any(|rule| self.rules.rule(rule).kind == kind)
    }

    /// Whether a sample of a column can tell `kind`, so that its values are found when it has.
    fn is_sampled(&self, kind: KindId) -> bool {
        self.is_of_words(kind)
            || [&self.finders.of_schemes, &self.finders.of_phones]
                .iter()
                .any(|announced| announced.kinds.contains(&kind))
    }

    fn read_under(&self, value: &[u8], regions: &[Region], hit: &mut Hit) {
        if !regions.is_empty()
            && let Some(parsed) = kind::phone::parse_in_field(value, regions)
        {
            hit.canonical = parsed.canonical;
            hit.region = parsed.region;
        }
    }

    /// The value as a whole, for the kinds that its field's name speaks for and that no candidate
    /// covers yet.
    fn find_whole(&self, search: Search<'_>, first: usize, found: &mut Vec<Candidate>) {
        let Search { text, place, .. } = search;
        if place.hints.is_empty() && place.settled.is_none() {
            return;
        }
        let value = kind::trim(text);
        if value.is_empty() || value.len() > MAX_WHOLE {
            return;
        }
        let start = value.as_ptr().addr() - text.as_ptr().addr();
        let span = start..start + value.len();
        let mut asked = place.hints.kinds();
        place
            .settled
            .filter(|kind| self.is_sampled(*kind))
            .into_iter()
            .for_each(|k| asked.insert(k));
        for kind in asked.iter() {
            let covered = found[first..].iter().any(|candidate| {
                candidate.kind == kind && candidate.start == span.start && candidate.end == span.end
            });
            if covered {
                continue;
            }
            let rules = || self.rules.rules_of(kind, &self.regions);
            let parsed =
                rules().find_map(|id| Some((id, self.rules.rule(id).parse(value, &self.regions)?)));
            if let Some((rule, parsed)) = parsed {
                let hit = Hit::new(span.clone(), parsed);
                // What is written like a name may be anything: the column decides.
                let proof = if self.is_of_words(kind) { Proof::Shape } else { hit.proof };
                self.weigh(search, hit.at_most(proof), rule, found);
            } else if let Some(rule) = rules().find(|id| {
                self.rules.rule(*id).is_shape(value)
                    || place.settled == Some(kind)
                        && panel::could_be_of(self.rules.rule(*id), value)
            }) {
                let mut hit = Hit::shape(text, span.clone());
                let is_phone = Some(rule) == self.finders.phone;
                if is_phone {
                    self.read_under(value, place.inferred, &mut hit);
                }
                found.push(Candidate {
                    is_national: is_phone,
                    ..hit.into_candidate(rule, kind, Class::Hint)
                });
            }
        }
    }
}

impl Finders {
    fn new(rules: &RuleSet) -> Self {
        let mut finders = Self::default();
        for id in rules.rule_ids() {
            let slot = match &rules.rule(id).recogniser {
                Recogniser::Email => &mut finders.email,
                Recogniser::Phone => {
                    finders.of_phones.add(id, rules.rule(id).kind);
                    &mut finders.phone
                }
                Recogniser::Iban => &mut finders.iban,
                Recogniser::Ipv4 => &mut finders.ipv4,
                Recogniser::Ipv6 => &mut finders.ipv6,
                Recogniser::Ipv4Host => &mut finders.ipv4_host,
                Recogniser::IpLocal => &mut finders.ip_local,
                Recogniser::Card => &mut finders.card,
                Recogniser::Mac => &mut finders.mac,
                Recogniser::Scheme(scheme) => {
                    if scheme.is_word {
                        continue;
                    }
                    finders.of_schemes.add(id, rules.rule(id).kind);
                    if scheme.is_mrz() {
                        finders.mrz = Some(id);
                    }
                    for length in scheme.lengths() {
                        let needed = finders.schemes.len().max(length + 1);
                        finders.schemes.resize(needed, Vec::new());
                        finders.schemes[length].push((id, *scheme));
                    }
                    continue;
                }
                Recogniser::Name => &mut finders.name,
                Recogniser::Address => &mut finders.address,
                Recogniser::BirthDate => {
                    finders.of_birth_dates.add(id, rules.rule(id).kind);
                    &mut finders.birth_date
                }
                Recogniser::Coordinates => &mut finders.coordinates,
                Recogniser::DeviceId => &mut finders.device_id,
                Recogniser::Secret => {
                    finders.secret_keys = Some(recognise::secret::Keys::new(rules.rule(id)));
                    &mut finders.secret
                }
                Recogniser::UrlProfile => &mut finders.url_profile,
                Recogniser::Plate => {
                    finders.of_plates.add(id, rules.rule(id).kind);
                    &mut finders.plate
                }
                // User agents are found as whole values only, where the name of the field says so.
                Recogniser::UserAgent | Recogniser::Pattern(_) => continue,
            };
            *slot = Some(id);
        }
        finders
    }
}

/// How many digits a national number has that is not written with a trunk prefix: fewer and more are
/// ids more often, even beside a word for telephones.
const NATIONAL_DIGITS: RangeInclusive<usize> = 8..=11;

/// Longer values are text, not one number or address.
const MAX_WHOLE: usize = 320;

/// A scheme that accepts fewer random values of its shape than this is believed without a word
/// beside it: in a megabyte of log lines there are some thousand numbers of any one length.
const RARE_BY_CHANCE: f64 = 2e-3;

/// Whether `value`, a part of `text`, is all of it. Longer texts are not asked: they may be as long
/// as a book, and every number in it would read it to its end.
fn is_all(text: &[u8], value: &[u8]) -> bool {
    text.len() <= MAX_WHOLE && kind::trim(text).len() == value.len()
}

/// Whether `candidate` is the whole of the value `text`, white space around it apart. What is in base64
/// is a part of it.
#[must_use]
pub fn is_whole(text: &[u8], candidate: &Candidate) -> bool {
    kind::trim(text).len() == candidate.end - candidate.start
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
pub fn canonical_of(found: &[Candidate], kind: KindId, text: &[u8]) -> Canonical {
    found
        .iter()
        .find(|candidate| candidate.kind == kind && is_whole(text, candidate))
        .map_or_else(|| Canonical::unparsed(Raw(text)), |candidate| candidate.canonical.clone())
}
