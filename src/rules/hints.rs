//! Names of fields as evidence: which kinds does a name speak for, and which against?

use std::collections::HashMap;

use super::{KindId, Recogniser, Rule, words};
use crate::kind::hash::WordHash;
use crate::kind::sieve::Sieve;

/// The hints of all rules by their first word, so that a name costs a lookup for each of its words
/// and not one for each hint there is.
#[derive(Debug, Clone)]
pub(super) struct HintIndex {
    by_first_word: HashMap<String, Vec<Hint>, WordHash>,
    first_words: Sieve,
}

#[derive(Debug, Clone)]
struct Hint {
    /// The words behind the first, with a space between them.
    rest: String,
    /// Index of the rule.
    rule: usize,
    kind: KindId,
    side: Side,
    /// Whether plain digits imitate the kind, so that a negative hint speaks against it.
    is_imitated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    For,
    /// Speaks for the kind if the values agree.
    Leaning,
    Against,
}

impl HintIndex {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut index = Self { by_first_word: HashMap::default(), first_words: Sieve::EMPTY };
        for (number, rule) in rules.iter().enumerate() {
            let is_imitated = matches!(
                rule.recogniser,
                Recogniser::Phone | Recogniser::Card | Recogniser::Ipv4 | Recogniser::Scheme(_)
            );
            let lists = [
                (&rule.hints, Side::For),
                (&rule.weak_hints, Side::Leaning),
                (&rule.negative_hints, Side::Against),
            ];
            for (hints, side) in lists {
                for hint in hints {
                    let (first, rest) = hint.split_once(' ').unwrap_or((hint, ""));
                    index.by_first_word.entry(first.to_owned()).or_default().push(Hint {
                        rest: rest.to_owned(),
                        rule: number,
                        kind: rule.kind,
                        side,
                        is_imitated,
                    });
                }
            }
        }
        let words = index.by_first_word.keys().map(String::as_bytes);
        index.first_words = words.fold(Sieve::EMPTY, Sieve::with);
        index
    }

    /// See [`super::RuleSet::hinted`].
    pub(super) fn of(&self, field_name: &str) -> HintSet {
        let step = field_name.rsplit('.').next().filter(|step| !step.is_empty());
        if !field_name.is_ascii() {
            let (name, step) = (words::of(field_name), words::of(step.unwrap_or(field_name)));
            let name: Vec<&str> = name.iter().map(String::as_str).collect();
            let step: Vec<&str> = step.iter().map(String::as_str).collect();
            return self.of_words(&name, &step);
        }
        let bytes = field_name.as_bytes();
        if !words::each_ascii(bytes).any(|word| self.first_words.may_hold(&bytes[word])) {
            return HintSet::EMPTY;
        }
        // A word ends at a full stop, so those of the last step are the last words.
        let step = field_name.len() - step.unwrap_or(field_name).len();
        let before_step = words::each_ascii(bytes).take_while(|word| word.start < step).count();
        let lower = field_name.to_ascii_lowercase();
        let name: Vec<&str> = words::each_ascii(bytes).map(|word| &lower[word]).collect();
        self.of_words(&name, &name[before_step..])
    }

    /// What a name of these words says, the last step of which is `step`.
    fn of_words(&self, name: &[&str], step: &[&str]) -> HintSet {
        let mut hints = HintSet::EMPTY;
        let (for_it, against): (Vec<&Hint>, Vec<&Hint>) =
            self.within(name).partition(|hint| hint.side != Side::Against);
        for hint in for_it {
            if against.iter().all(|negative| negative.rule != hint.rule) {
                match hint.side {
                    Side::For => hints.sure.insert(hint.kind),
                    _ => hints.leaning.insert(hint.kind),
                }
                hints.held.insert(hint.kind);
            }
        }
        for hint in self.within(step).filter(|hint| hint.side == Side::Against && hint.is_imitated)
        {
            hints.denied.insert(hint.kind);
        }
        hints
    }

    /// The hints whose words follow each other in `name`.
    fn within<'a>(&'a self, name: &'a [&str]) -> impl Iterator<Item = &'a Hint> {
        name.iter().enumerate().flat_map(move |(at, word)| {
            let behind = &name[at + 1..];
            self.by_first_word.get(*word).into_iter().flatten().filter(move |hint| {
                let mut behind = behind.iter();
                hint.rest.split_whitespace().all(|word| behind.next() == Some(&word))
            })
        })
    }
}

/// What a name says of the kinds of a rule set, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct HintSet {
    held: KindSet,
    /// Of these: by a name that says it, and by one that only may.
    sure: KindSet,
    leaning: KindSet,
    denied: KindSet,
}

impl HintSet {
    /// How many kinds there is room for; a rule set has no more.
    pub const MAX_KINDS: usize = 128;

    /// A name that says nothing.
    pub const EMPTY: Self = Self {
        held: KindSet::EMPTY,
        sure: KindSet::EMPTY,
        leaning: KindSet::EMPTY,
        denied: KindSet::EMPTY,
    };

    /// Whether the name speaks for `kind`.
    #[must_use]
    pub fn contains(self, kind: KindId) -> bool {
        self.held.contains(kind)
    }

    /// Whether the name speaks for `kind` only if the values agree.
    #[must_use]
    pub fn leans_to(self, kind: KindId) -> bool {
        self.leaning.contains(kind) && !self.sure.contains(kind)
    }

    /// Whether the name speaks against `kind`.
    #[must_use]
    pub fn denies(self, kind: KindId) -> bool {
        self.denied.contains(kind)
    }

    /// The kinds that the name speaks for.
    #[must_use]
    pub fn kinds(self) -> KindSet {
        self.held
    }

    /// What the name says of the first kind that it speaks for: one of few sets, whatever the names.
    #[must_use]
    pub fn first(self) -> Self {
        let Some(kind) = self.held.iter().next() else { return Self::EMPTY };
        let only =
            |kinds: KindSet| if kinds.contains(kind) { KindSet::of(kind) } else { KindSet::EMPTY };
        Self {
            held: KindSet::of(kind),
            sure: only(self.sure),
            leaning: only(self.leaning),
            denied: KindSet::EMPTY,
        }
    }

    /// Whether the name speaks for no kind.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.held == KindSet::EMPTY
    }

    /// Adds a kind that the name speaks for.
    pub fn insert(&mut self, kind: KindId) {
        self.held.insert(kind);
        self.sure.insert(kind);
    }
}

/// A set of kinds, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct KindSet(u128);

impl KindSet {
    /// No kind.
    pub const EMPTY: Self = Self(0);

    /// That of one kind.
    #[must_use]
    pub fn of(kind: KindId) -> Self {
        Self(Self::bit(kind))
    }

    /// Whether `kind` is in it.
    #[must_use]
    pub fn contains(self, kind: KindId) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// The kind in it, where there is one alone.
    #[must_use]
    pub fn only(self) -> Option<KindId> {
        self.iter().next().filter(|kind| self == Self::of(*kind))
    }

    /// Adds a kind.
    pub fn insert(&mut self, kind: KindId) {
        self.0 |= Self::bit(kind);
    }

    /// Whether a kind is in both.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The kinds in it, in order.
    pub fn iter(self) -> impl Iterator<Item = KindId> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let lowest = u8::try_from(rest.trailing_zeros()).ok().filter(|_| rest != 0)?;
            rest &= rest - 1;
            Some(KindId(lowest))
        })
    }

    /// No bit for an index beyond the last.
    fn bit(kind: KindId) -> u128 {
        1u128.checked_shl(kind.0.into()).unwrap_or(0)
    }
}
