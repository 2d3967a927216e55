//! What a worker remembers from one text to the next, so that what comes again is not read again.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::time::Instant;

use super::candidate::{Anchor, anchors};
use super::context::{Said, Speeches};
use super::finding::Candidate;
use super::outline::{Outlines, Statement};
use super::probe::Probe;
use crate::kind::hash;
use crate::rules::{HintSet, RuleSet};

/// The memory of one worker for one detector. What is found does not depend on it.
#[derive(Default)]
pub struct Memory {
    pub(super) heard: Heard,
    pub(super) keys: Keys,
    pub(super) outlines: Outlines,
    pub(super) probe: Option<Box<Probe>>,
}

impl Memory {
    /// One that counts what is asked under `rules`, too.
    #[must_use]
    pub fn probing(rules: &RuleSet) -> Self {
        Self { probe: Some(Box::new(Probe::new(rules))), ..Self::default() }
    }

    /// Says which field the texts are of that follow, or which sort of lines they are: what is worth to be
    /// remembered differs.
    pub fn turn_to(&mut self, field: usize) {
        self.outlines.turn_to(field);
    }

    /// Whether it is counted what is asked: then the anchors of a chunk are found at once, and those of known
    /// texts, too.
    #[must_use]
    pub fn is_probing(&self) -> bool {
        self.probe.is_some()
    }

    /// Sets `statement` to that of the text that was looked at last, in which that was `found`.
    pub fn state(&self, found: &[Candidate], statement: &mut Statement) {
        self.outlines.state(found, statement);
    }

    /// What was asked, where it is counted.
    #[must_use]
    pub fn probe(&self) -> Option<&Probe> {
        self.probe.as_deref()
    }

    /// Appends the [`anchors`] of `text` to `named`, and counts them where that is asked for.
    pub fn anchors(&self, text: &[u8], named: &mut Vec<Anchor>) {
        let started = self.probe().map(|probe| (probe, Instant::now()));
        let first = named.len();
        anchors(text, named);
        if let Some((probe, started)) = started {
            probe.count_anchors(named.len() - first, started);
        }
    }
}

/// What is around the place that was looked at last: several kinds ask for the same.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) said: RefCell<Said>,
    words: Cell<Option<(usize, usize, Speeches)>>,
    key: Cell<Option<(usize, HintSet)>>,
    has_words: Cell<Option<bool>>,
    /// Whether what any word of the text supports is taken to be near each place: in another text, it may be.
    is_wary: bool,
}

impl Heard {
    /// One that is wary.
    pub(super) fn wary() -> Self {
        Self { is_wary: true, ..Self::default() }
    }

    /// Forgets the text.
    pub(super) fn clear(&mut self) {
        self.said.get_mut().clear();
        self.words.set(None);
        self.key.set(None);
        self.has_words.set(None);
    }

    /// Takes the words of `text` to be those that say something in another, whose places are `place_of`
    /// those, and the ones that are in it alone.
    pub(super) fn recall(
        &self,
        said: &Said,
        text: &[u8],
        place_of: impl Fn(usize) -> usize,
        alone: &Said,
    ) {
        self.said.borrow_mut().recall(said, text, place_of, alone);
    }

    /// Whether what any word supports is taken to be near.
    pub(super) fn is_wary(&self) -> bool {
        self.is_wary
    }

    /// Whether there may be words in `text` at all: the value of a column of numbers has none.
    pub(super) fn has_words(&self, text: &[u8]) -> bool {
        /// Longer texts are taken to have some.
        const MAX_LEN: usize = 40;
        self.has_words.get().unwrap_or_else(|| {
            let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
            let has_words = text.len() > MAX_LEN || text.iter().any(is_letter);
            self.has_words.set(Some(has_words));
            has_words
        })
    }

    /// What the words near `span` say, by `read` unless that was asked last.
    pub(super) fn words(
        &self,
        span: &Range<usize>,
        read: impl FnOnce(&mut Said) -> Speeches,
    ) -> Speeches {
        match self.words.get() {
            Some((start, end, speeches)) if (start, end) == (span.start, span.end) => speeches,
            _ => {
                let speeches = read(&mut self.said.borrow_mut());
                self.words.set(Some((span.start, span.end, speeches)));
                speeches
            }
        }
    }

    /// What the key of the value at `start` says, by `read` unless that was asked last.
    pub(super) fn key(&self, start: usize, read: impl FnOnce() -> HintSet) -> HintSet {
        match self.key.get() {
            Some((at, hints)) if at == start => hints,
            _ => {
                let hints = read();
                self.key.set(Some((start, hints)));
                hints
            }
        }
    }
}

/// What the keys say that came last: a log has few, in every line.
#[derive(Default)]
pub(super) struct Keys(RefCell<Vec<Known>>);

/// A key with what it says.
type Known = Option<(Box<str>, HintSet)>;

impl Keys {
    const LEN: usize = 256;

    /// What `key` says under `rules`.
    pub(super) fn hinted(&self, rules: &RuleSet, key: &str) -> HintSet {
        let mut slots = self.0.borrow_mut();
        if slots.is_empty() {
            slots.resize(Self::LEN, None);
        }
        let place = hash::of(key.as_bytes()) as usize % Self::LEN;
        match &slots[place] {
            Some((known, hints)) if **known == *key => *hints,
            _ => {
                let hints = rules.hinted(key);
                slots[place] = Some((key.into(), hints));
                hints
            }
        }
    }
}
