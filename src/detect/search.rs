//! What is looked for at each anchor of a text, in its decoded views, and in a value as a whole.

use std::ops::{Range, RangeInclusive};

use super::candidate::{Anchor, anchors, shape};
use super::encoded::Encoded;
use super::finding::{Candidate, Class, Written};
use super::glance::{Glance, NO_CARD};
use super::memory::{Heard, Keys};
use super::probe::{Probe, metered};
use super::recognise::ip::Quad;
use super::recognise::scheme::Run;
use super::recognise::{self, Hit, Proof};
use super::view::{self, View};
use super::{Detector, Form, Place, overlap, panel};
use crate::kind::scheme::{Scheme, SchemeSet, Spelling};
use crate::kind::{self, Region};
use crate::rules::RuleId;

/// A text that is being searched.
#[derive(Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) text: &'a [u8],
    pub(super) place: &'a Place<'a>,
    /// How many escapes deep the text was decoded already.
    pub(super) depth: usize,
    pub(super) heard: &'a Heard,
    pub(super) keys: &'a Keys,
    pub(super) probe: Option<&'a Probe>,
}

impl Search<'_> {
    /// What the recogniser of `rule` answers.
    #[inline]
    fn ask<T>(&self, rule: RuleId, recogniser: impl FnOnce() -> Option<T>) -> Option<T> {
        metered(self.probe.map(|probe| probe.of_rule(rule)), recogniser, Option::is_some)
    }
}

/// `%2540` is `%40` is `@`; nobody has seen a third layer.
const MAX_DEPTH: usize = 2;

impl Detector {
    pub(super) fn search(
        &self,
        search: &Search<'_>,
        anchors: &[Anchor],
        base: usize,
        found: &mut Vec<Candidate>,
    ) {
        const OF_WORDS: u16 = shape::NUMBER | shape::LETTERED | shape::LONG;
        let first = found.len();
        let (mut viewed, mut unpacked, mut identified) = (0, 0, 0);
        for anchor in anchors {
            let at = anchor.at as usize - base;
            if self.is_in_iban(search.place, at, found[first..].last()) {
                continue;
            }
            // A UUID owns what is in it.
            if at < identified && anchor.shapes & !(shape::DIGITS | shape::LONG) == 0 {
                continue;
            }
            if anchor.shapes & !shape::DIGITS == 0
                && Glance::at(search.text, at).is_idle(search.text, at, anchor.shapes)
            {
                continue;
            }
            if anchor.shapes & OF_WORDS != 0
                && let Some(end) = recognise::uuid_at(search.text, at, anchor.shapes)
            {
                identified = end;
                continue;
            }
            self.recognise(search, at, anchor.shapes, found);
            if at >= viewed && search.depth < MAX_DEPTH {
                viewed = self.look_through(search, at, found).unwrap_or(viewed);
            }
            if anchor.shapes & shape::LONG != 0 && at >= unpacked && search.depth == 0 {
                unpacked = self.look_inside(search, at, found).unwrap_or(unpacked);
            }
        }
        if let Some(patterns) = &self.patterns {
            patterns.find(search.text, search.probe, |rule, start, end| {
                let text = search.text;
                let parsed = self.rules.rule(rule).parse(&text[start..end], &self.regions);
                let hit = match parsed {
                    Some(parsed) => Hit::new(start..end, parsed),
                    None => Hit::shape(text, start..end),
                };
                self.weigh(search, hit, rule, found);
            });
        }
        if search.place.form == Form::Cell && search.depth == 0 {
            self.find_whole(search, first, found);
        }
        overlap::resolve(&self.rules, search.place.settled, found, first);
    }

    /// Whether `at` is within the IBAN that was found last: its check digits leave no room for
    /// anything else, unless the field is known to be of that.
    fn is_in_iban(&self, place: &Place<'_>, at: usize, last: Option<&Candidate>) -> bool {
        last.is_some_and(|last| {
            at < last.end
                && last.class == Class::Certain
                && Some(last.rule) == self.finders.iban
                && place.settled.is_none_or(|settled| settled == last.kind)
        })
    }

    /// Looks for what begins or ends at an anchor, by its shapes.
    fn recognise(&self, search: &Search<'_>, at: usize, shapes: u16, found: &mut Vec<Candidate>) {
        let text = search.text;
        let finders = &self.finders;
        if shapes & shape::AT != 0
            && text[at] == b'@'
            && let Some(rule) = finders.email
            && let Some(hit) = search.ask(rule, || recognise::email::find(text, at))
        {
            self.weigh(search, hit, rule, found);
        }
        if shapes & shape::QUAD != 0
            && let Some(asked) = finders.ipv4.or(finders.ipv4_host)
            && let Some(quad) = search.ask(asked, || recognise::ip::find_quad(text, at))
        {
            let (rule, hit) = match quad {
                Quad::Address(hit) => (finders.ipv4, hit),
                Quad::InHostName(hit) => (finders.ipv4_host, hit),
            };
            if let Some(rule) = rule {
                self.weigh(search, hit, rule, found);
            }
        }
        if shapes & shape::DASHED_QUAD != 0
            && let Some(rule) = finders.ipv4_host
            && let Some(hit) = search.ask(rule, || recognise::ip::find_dashed_quad(text, at))
        {
            self.weigh(search, hit, rule, found);
        }
        if shapes & (shape::COLONS | shape::PAIRS) != 0
            && recognise::could_be_mac(text, at)
            && let Some(rule) = finders.mac
            && let Some(hit) = search.ask(rule, || kind::mac::find(text, at)).map(Hit::from)
        {
            self.weigh(search, hit, rule, found);
        }
        if shapes & shape::COLONS != 0
            && let Some(rule) = finders.ipv6
            && !is_found_v6(text, at, rule, found)
            && let Some(hit) = search.ask(rule, || recognise::ip::find_v6(text, at))
        {
            self.weigh(search, hit, rule, found);
        }
        if shapes & shape::DIGITS != 0 && self.recognise_digits(search, at, shapes, found) {
            return;
        }
        if shapes & shape::LONG != 0
            && let Some(rule) = finders.mrz
            && let Some(line) = search.ask(rule, || kind::scheme::find_mrz(text, at))
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
            && let Some(hit) =
                search.ask(rule, || recognise::words::name(search.text, at, search.place.form))
        {
            self.push_words(search, hit, rule, found);
        }
    }

    /// Looks for what has its first digit at `at`; whether that is an IBAN, which leaves room for
    /// nothing else.
    fn recognise_digits(
        &self,
        search: &Search<'_>,
        at: usize,
        shapes: u16,
        found: &mut Vec<Candidate>,
    ) -> bool {
        let text = search.text;
        let finders = &self.finders;
        let glance = Glance::at(text, at);
        if let Some(rule) = finders.iban
            && let Some(hit) = if shapes & shape::IBAN != 0 {
                search.ask(rule, || recognise::iban::find(text, at))
            } else if shapes & shape::LETTERED != 0 {
                search.ask(rule, || recognise::iban::find_at_first_digit(text, at))
            } else if shapes & shape::NUMBER != 0 && glance.previous == b' ' {
                search.ask(rule, || recognise::iban::find_apart(text, at))
            } else {
                None
            }
        {
            self.weigh(search, hit, rule, found);
            if self.is_in_iban(search.place, at, found.last()) {
                return true;
            }
        }
        let is_id = |first: u8| glance.is_id(first) || glance.is_id_before_key(text, at, first);
        // Whatever they begin with, but for the zero of a number that is dialled.
        if is_id(text[at].min(NO_CARD)) && self.is_unspoken(search, at, glance) {
            let is_id = is_id(text[at]);
            if is_id || search.place.form == Form::Line {
                if !is_id && shapes & shape::NUMBER != 0 && !recognise::is_fraction(text, at) {
                    self.recognise_card(search, at, glance, found);
                }
                return false;
            }
        }
        // A letter before the digits makes fewer of them enough: capitals, since the names of hosts
        // and the ids of requests are full of others.
        let is_lettered = shapes & shape::LETTERED != 0 && glance.previous.is_ascii_uppercase();
        if is_lettered
            || shapes & shape::NUMBERS != 0
                && recognise::has_digits(text, at, glance)
                && !recognise::is_fraction(text, at)
        {
            self.recognise_number(search, at, shapes, glance, found);
        } else if shapes & shape::NUMBERS != 0 && recognise::follows_capital(text, at) {
            self.recognise_schemes(search, at, found);
        }
        if shapes & shape::NUMBER != 0 {
            self.recognise_at_number(search, at, glance, found);
        }
        if let Some(rule) = finders.plate
            && recognise::could_be_plate(text, at, shapes)
            && self.is_announced(search, &(at..at + 1), &finders.of_plates)
            && let Some(plate) = search.ask(rule, || kind::plate::find_around(text, at))
        {
            self.weigh(search, plate.into(), rule, found);
        }
        false
    }

    /// Whether neither the name of the field nor a key or a word speaks for the number at `at`: it has
    /// a key of its own that says nothing, or there is nothing else in its text.
    pub(super) fn is_unspoken(&self, search: &Search<'_>, at: usize, glance: Glance) -> bool {
        let Search { text, place, .. } = *search;
        place.hints.is_empty()
            && place.settled.is_none()
            && match place.form {
                Form::Line => {
                    recognise::has_own_key(text, at) && self.key_hints(search, at).is_empty()
                }
                // A number of a device is counted in a column, whatever speaks for it.
                Form::Cell => glance.digits == text.len() && glance.digits < 14,
            }
    }

    /// Looks for what begins with a number and is more than one: a date, a place, an address.
    fn recognise_at_number(
        &self,
        search: &Search<'_>,
        at: usize,
        glance: Glance,
        found: &mut Vec<Candidate>,
    ) {
        let Search { text, place, .. } = *search;
        let finders = &self.finders;
        if let Some(rule) = finders.birth_date
            && glance.could_be_date()
            && recognise::words::could_be_date(text, at)
            && self.is_announced(search, &(at..at + 1), &self.finders.of_birth_dates)
            && let Some(found_date) = search.ask(rule, || kind::birth_date::find(text, at))
        {
            self.weigh(search, found_date.into(), rule, found);
        }
        if let Some(rule) = finders.coordinates
            && glance.could_be_degrees()
            && recognise::words::could_be_degrees(text, at)
            && let Some(found_place) = search.ask(rule, || kind::coordinates::find(text, at))
        {
            self.weigh(search, found_place.into(), rule, found);
        }
        if glance.could_be_rib()
            && recognise::could_be_rib(text, at)
            && let Some(rule) = finders.iban
            && let Some(rib) = search.ask(rule, || kind::iban::find_rib(text, at))
        {
            self.weigh(search, rib.into(), rule, found);
        }
        if let Some(rule) = finders.address {
            let kind = self.rules.rule(rule).kind;
            let of_key = || {
                let hit = search.ask(rule, || recognise::words::quoted_address(text, at))?;
                self.key_hints(search, hit.span.start).contains(kind).then_some(hit)
            };
            let by_words = || search.ask(rule, || recognise::words::address(text, at, place.form));
            let by_words = glance.could_be_of_address(text, at).then(by_words).flatten();
            let by_key = || glance.could_be_in_quotes().then(of_key).flatten();
            if let Some(hit) = by_words.or_else(by_key) {
                self.push_words(search, hit, rule, found);
            }
        }
    }

    /// Looks for what stands in an address on the web whose second slash is at `at`.
    fn recognise_url(&self, search: &Search<'_>, at: usize, found: &mut Vec<Candidate>) {
        let text = search.text;
        if let Some(rule) = self.finders.url_profile
            && let Some(profile) = search.ask(rule, || kind::url_profile::find(text, at))
        {
            self.weigh(search, profile.into(), rule, found);
        }
        if let Some(rule) = self.finders.secret
            && let Some(password) = search.ask(rule, || kind::secret::keyed::find_in_url(text, at))
        {
            self.weigh(search, password.into(), rule, found);
        }
    }

    /// Looks for what has the form of a credential, or stands behind a key that names one.
    fn recognise_secret(
        &self,
        search: &Search<'_>,
        at: usize,
        shapes: u16,
        rule: RuleId,
        found: &mut Vec<Candidate>,
    ) {
        let kind = self.rules.rule(rule).kind;
        if let Some(hit) = search.ask(rule, || recognise::secret::find(search.text, at, shapes)) {
            self.weigh(search, hit, rule, found);
        } else if shapes & shape::SECRET_KEY != 0
            && let Some(keys) = &self.finders.secret_keys
            && !is_in_many(found, rule, at)
        {
            let is_named = |key: &str| search.keys.hinted(&self.rules, key).contains(kind);
            let hit = search.ask(rule, || keys.find(search.text, at, is_named));
            found.extend(hit.map(|hit| hit.into_candidate(rule, kind, Class::Supported)));
        }
    }

    /// Keeps words that were found in running text: nothing more is asked of what is around them,
    /// since the finder has looked at it.
    fn push_words(&self, search: &Search<'_>, hit: Hit, rule: RuleId, found: &mut Vec<Candidate>) {
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
        search: &Search<'_>,
        at: usize,
        shapes: u16,
        glance: Glance,
        found: &mut Vec<Candidate>,
    ) {
        let text = search.text;
        if shapes & shape::NUMBER != 0 {
            self.recognise_card(search, at, glance, found);
        }
        if shapes & (shape::NUMBER | shape::DIALLED) != 0
            && let Some(rule) = self.finders.phone
        {
            // Digits alone are no telephone number unless something says so, or the whole column
            // does: no plan is asked about ids. Of what is written as an address is, the same holds.
            let bare = recognise::phone::bare_digits(text, at);
            let quad =
                || glance.could_be_quad().then(|| recognise::ip::quad_at(text, at)).flatten();
            let is_worth = bare.clone().or_else(quad).is_none_or(|span| {
                recognise::phone::follows_a_word(text, &span)
                    || recognise::phone::is_linked(text, span.start)
                    || self.is_announced(search, &span, &self.finders.of_phones)
            });
            if is_worth {
                // In a line, what is no more than grouped digits is dropped unless something speaks for it,
                // and that is soon asked.
                let is_wanted =
                    |span: &Range<usize>| bare.is_some() || self.keeps_shapes(search, span, rule);
                let could_be_wanted =
                    |start: usize| bare.is_some() || self.could_keep_shapes(search, start, rule);
                let find =
                    || recognise::phone::find(text, at, &self.regions, could_be_wanted, is_wanted);
                if let Some(hit) = search.ask(rule, find) {
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
            && let Some(cookie) = search.ask(rule, || recognise::cookie_before(text, at))
        {
            self.weigh(search, cookie, rule, found);
        }
        if shapes & shape::NUMBER != 0
            && let Some(rule) = self.finders.device_id
            && recognise::is_long(text, at)
            && let Some(device) = search.ask(rule, || kind::device_id::find(text, at))
        {
            self.weigh(search, device.into(), rule, found);
        }
        if shapes & (shape::NUMBER | shape::LETTERED) != 0 {
            self.recognise_schemes(search, at, found);
        }
    }

    fn recognise_card(
        &self,
        search: &Search<'_>,
        at: usize,
        glance: Glance,
        found: &mut Vec<Candidate>,
    ) {
        if glance.could_be_card()
            && let Some(rule) = self.finders.card
            && let Some(hit) = search.ask(rule, || recognise::card::find(search.text, at))
        {
            self.weigh(search, hit, rule, found);
        }
    }

    /// Looks for identifiers of numbering schemes whose first digit is at `digit`: the longest
    /// spelling that any scheme accepts, under every scheme that does.
    fn recognise_schemes(&self, search: &Search<'_>, digit: usize, found: &mut Vec<Candidate>) {
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
        search: &Search<'_>,
        start: usize,
        found: &mut Vec<Candidate>,
    ) -> bool {
        let text = search.text;
        let Some(run) = self.announced_run(search, start) else { return false };
        for (span, characters) in run.spans() {
            let Some(of_length) = self.finders.schemes.get(characters) else { continue };
            let Some(spelling) = Spelling::read(&text[span.clone()]) else { continue };
            let possible = SchemeSet::of_counts(&spelling);
            let mut passed: Vec<_> = of_length
                .iter()
                .filter(|(_, _, set)| set.meets(possible))
                .filter_map(|&(rule, scheme, _)| {
                    Some((rule, scheme, search.ask(rule, || scheme.read(&spelling))?))
                })
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

    /// The letters and digits at `start` that could be an identifier: digits alone are none unless
    /// something says so, or the whole column does.
    pub(super) fn announced_run(&self, search: &Search<'_>, start: usize) -> Option<Run> {
        let text = search.text;
        let rules = &self.finders.of_schemes;
        let by_name = self.is_announced_by_name(search, start, rules);
        let has_no_capitals =
            || !search.heard.has_words(text) || recognise::scheme::has_no_capitals(text, start);
        let is_mute = || {
            by_name == Some(false)
                || by_name.is_none()
                    // What is a run is glued to nothing.
                    && !self.could_be_announced_near(search, &(start..start), rules)
        };
        if is_mute() && has_no_capitals() {
            return None;
        }
        let run = Run::at(text, start)?;
        let by_words = || self.is_announced_near(search, &run.shortest(), rules);
        (run.has_capitals(text) || by_name.unwrap_or_else(by_words)).then_some(run)
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
    /// text around it. Returns how far nothing more is to be found so.
    fn look_through(
        &self,
        search: &Search<'_>,
        at: usize,
        found: &mut Vec<Candidate>,
    ) -> Option<usize> {
        let dialect = recognise::escape_at(search.text, at)?;
        let window = view::window(search.text, at);
        let seen = view::seen_of(search.text, &window);
        let Some(view) = View::of(search.text, window.clone(), dialect) else {
            return view::is_plain(search.text, window).then_some(seen);
        };
        let (mut in_view, mut decoded) = (Vec::new(), Vec::new());
        anchors(&view.text, &mut in_view);
        let heard = Heard::default();
        let inner = &Search { text: &view.text, depth: search.depth + 1, heard: &heard, ..*search };
        self.search(inner, &in_view, 0, &mut decoded);
        found.extend(decoded.into_iter().filter_map(|candidate| {
            let span = view.source(&(candidate.start..candidate.end))?;
            let written = Written::Escaped;
            Some(Candidate { start: span.start, end: span.end, written, ..candidate })
        }));
        Some(seen)
    }

    /// Appends what is in the base64 around `at`; where that ends, if it is any.
    fn look_inside(
        &self,
        search: &Search<'_>,
        at: usize,
        found: &mut Vec<Candidate>,
    ) -> Option<usize> {
        let (run, text) = Encoded::around(search.text, at)?;
        let (mut in_run, mut decoded) = (Vec::new(), Vec::new());
        anchors(&text, &mut in_run);
        let place = &Place { form: Form::Line, ..*search.place };
        let heard = Heard::default();
        let depth = search.depth + 1;
        let inner = &Search { text: &text, place, depth, heard: &heard, ..*search };
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

    /// The value as a whole, for the kinds that its field's name speaks for and that no candidate
    /// covers yet.
    fn find_whole(&self, search: &Search<'_>, first: usize, found: &mut Vec<Candidate>) {
        let Search { text, place, .. } = *search;
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
            let parse = |id| self.rules.rule(id).parse(value, &self.regions);
            let parsed = rules().find_map(|id| Some((id, search.ask(id, || parse(id))?)));
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

/// Whether the address with the colon at `at` is the one that was found last.
fn is_found_v6(text: &[u8], at: usize, rule: RuleId, found: &[Candidate]) -> bool {
    found.last().is_some_and(|last| {
        last.rule == rule
            && (last.start..last.end).contains(&at)
            && recognise::ip::is_whole_v6(text, &(last.start..last.end))
    })
}

/// Whether `at` is in as many long values of `rule` as are worth to be told apart: text of nothing but keys
/// would be as many values as keys, each as long as a value can be. One of them is not enough, since it
/// gives way to what is better in it.
fn is_in_many(found: &[Candidate], rule: RuleId, at: usize) -> bool {
    const MANY: usize = 4;
    const LONG: usize = 256;
    /// What else may have been found in them.
    const REACH: usize = 256;
    let is_around = |it: &&Candidate| it.rule == rule && at < it.end && it.end - it.start >= LONG;
    found.iter().rev().take(REACH).filter(is_around).nth(MANY - 1).is_some()
}

/// How many digits a national number has that is not written with a trunk prefix: fewer and more are
/// ids more often, even beside a word for telephones.
const NATIONAL_DIGITS: RangeInclusive<usize> = 8..=11;

/// Longer values are text, not one number or address.
pub(super) const MAX_WHOLE: usize = 320;

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use proptest::prelude::*;

    use super::*;
    use crate::detect::Memory;
    use crate::rules::RuleSet;

    static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
        let regions = ["FR", "US"].iter().filter_map(|code| Region::new(code)).collect();
        Detector::new(Arc::new(RuleSet::builtin()), regions).unwrap()
    });

    #[test]
    fn grouped_digits_in_a_line_are_nothing_without_a_word() {
        for (line, count) in [("GET / 200 51234 ok", 0), ("phone 200 51234 ok", 1)] {
            let (mut in_text, mut found) = (Vec::new(), Vec::new());
            anchors(line.as_bytes(), &mut in_text);
            let memory = &mut Memory::default();
            DETECTOR.find(line.as_bytes(), &in_text, 0, &Place::LINE, memory, &mut found);
            assert_eq!(found.len(), count, "{line}");
        }
    }

    #[test]
    fn escapes_behind_a_row_of_backslashes_are_read() {
        for length in (1..40).chain(480..560).chain(990..1060) {
            for email in ["jean\\u0040example.com", "jean=40example.com", "jean%40example.com"] {
                let text = format!("{} {email}", "\\".repeat(length));
                let (mut in_text, mut found) = (Vec::new(), Vec::new());
                anchors(text.as_bytes(), &mut in_text);
                let memory = &mut Memory::default();
                DETECTOR.find(text.as_bytes(), &in_text, 0, &Place::LINE, memory, &mut found);
                let spans: Vec<_> = found.iter().map(|it| &text[it.start..it.end]).collect();
                assert_eq!(spans, [email], "behind {length}");
            }
        }
    }

    #[test]
    fn keys_in_a_password_do_not_make_it_many() {
        let mut memory = Memory::default();
        let mut find = |text: &str| {
            let (mut in_text, mut found) = (Vec::new(), Vec::new());
            anchors(text.as_bytes(), &mut in_text);
            let text = text.as_bytes();
            DETECTOR.find(text, &in_text, 0, &Place::LINE, &mut memory, &mut found);
            let name = |it: &Candidate| DETECTOR.rules().kind(it.kind).name.clone();
            found.iter().map(|it| (name(it), it.canonical.as_bytes().len())).collect::<Vec<_>>()
        };
        let text = format!("password=a1{} ok", "password=".repeat(10_000));
        let found = find(&text);
        assert!(found.len() > 2 && found.iter().all(|(kind, _)| kind == "secret"));
        assert!(found.iter().map(|(_, length)| length).sum::<usize>() <= text.len());
        // What gives way to an email does not take what stands behind that with it.
        let text = format!("password={0}/a@example.com/{0}/token=x7{0} ok", "b3".repeat(150));
        let kinds: Vec<_> = find(&text).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["email", "secret"]);
    }

    proptest! {
        #[test]
        fn where_a_glance_sees_nothing_nothing_is(
            text in concat!(
                "([0-9]{1,6}|[A-Z]{1,3}|[a-z]{1,5}|tel|born|rue|street=\"|[ ,./:=\"()%-]",
                // What there is to find: telephones, days of birth, houses, places, plates, cards.
                "|tel 0[1-7]([ .][0-9]{2}){4}|\\([2-9][0-9]{2}\\) [2-9][0-9]{2}-[0-9]{4}",
                "|born [0-2][1-8]/0[1-9]/19[4-9][0-9]|born [1-9] May 19[4-9][0-9]",
                "| [1-9][0-9]? rue [A-Z][a-z]{4,7}, 7500[1-9] Paris",
                "|4[0-9]\\.[0-9]{4}, [1-9]\\.[0-9]{4}|plate [A-Z]{2}-[0-9]{3}-[A-Z]{2}",
                "|card 4[0-9]{3}( [0-9]{4}){3}){2,16}"
            )
        ) {
            let text = text.as_bytes();
            let detector = &*DETECTOR;
            let (mut in_text, heard, keys) = (Vec::new(), Heard::default(), Keys::default());
            anchors(text, &mut in_text);
            let (place, heard, keys) = (&Place::LINE, &heard, &keys);
            let search = &Search { text, place, depth: 0, heard, keys, probe: None };
            for Anchor { at, shapes } in in_text {
                let (at, mut found) = (at as usize, Vec::new());
                let is_of_digits = shapes != 0 && shapes & !shape::DIGITS == 0;
                if is_of_digits && Glance::at(text, at).is_idle(text, at, shapes) {
                    detector.recognise_digits(search, at, shapes, &mut found);
                    prop_assert!(found.is_empty(), "at {}", at);
                }
            }
        }
    }
}
