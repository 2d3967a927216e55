//! Rules that users add: regular expressions, all in one automaton.
//!
//! Most texts hold none of them, and have to be told quickly, so a text is searched for what is written
//! out in one of them, then for all at once, and then for each that was seen. An automaton that has to
//! know the words of Unicode gives up at the first byte outside ASCII, and what follows is a hundred
//! times slower. So where there are such bytes, the search for all at once leaves out what patterns say
//! of borders: it may see too much, and never too little.

use regex_automata::meta::Regex;
use regex_automata::util::prefilter::Prefilter;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind, PatternID, PatternSet};
use regex_syntax::hir::{Hir, HirKind, Repetition};

use super::probe::{Probe, metered};
use super::trigrams::Trigrams;
use crate::rules::{Recogniser, RuleId, RuleSet};

/// The patterns of the rules that have one.
#[derive(Debug)]
pub(super) struct Patterns {
    /// What a text holds in which one of them matches, where that is known.
    needed: Option<Trigrams>,
    /// All of them at once, in texts of ASCII: tells which ones match at all.
    ascii: Regex,
    /// The same in other texts, without what they say of borders: tells which ones may match.
    open: Regex,
    /// Each alone, for its spans. One automaton for all would lose matches that overlap.
    each: Vec<(RuleId, Regex)>,
}

impl Patterns {
    /// `None` where no rule has a pattern, so that built-in kinds pay nothing.
    ///
    /// # Errors
    /// The id of the rule whose pattern does not compile.
    pub(super) fn new(rules: &RuleSet) -> Result<Option<Self>, RuleId> {
        let (mut each, mut all) = (Vec::new(), Vec::new());
        for id in rules.rule_ids() {
            if let Recogniser::Pattern(source) = &rules.rule(id).recogniser {
                all.push(syntax::parse(source).map_err(|_| id)?);
                each.push((id, Regex::new(source).map_err(|_| id)?));
            }
        }
        let Some(first) = each.first().map(|(id, _)| *id) else { return Ok(None) };
        Ok(Some(Self::of(&all, each).ok_or(first)?))
    }

    /// Those that are parsed in `all` and compiled in `each`; nothing where they are too many.
    fn of(all: &[Hir], each: Vec<(RuleId, Regex)>) -> Option<Self> {
        // If all begin with one of a few letters, those are looked for by SIMD. Where there are too many
        // for that, the automaton is faster alone.
        let letters = Prefilter::from_hirs_prefix(KIND, all).filter(Prefilter::is_fast);
        let needed = if letters.is_none() { Trigrams::of(all) } else { None };
        let open: Vec<_> = all.iter().map(without_borders).collect();
        let [ascii, open] = [all, &open].map(|patterns| union(patterns, letters.clone()));
        Some(Self { needed, ascii: ascii?, open: open?, each })
    }

    /// Calls `found` with each match of each rule in `text`.
    pub(super) fn find(
        &self,
        text: &[u8],
        probe: Option<&Probe>,
        mut found: impl FnMut(RuleId, usize, usize),
    ) {
        let possible = || self.possible(text);
        for place in metered(probe.map(Probe::of_patterns), possible, |found| !found.is_empty()) {
            let (rule, regex) = &self.each[place];
            let hits = || -> Vec<_> {
                regex.find_iter(text).filter(|hit| !hit.is_empty()).map(|hit| hit.range()).collect()
            };
            let asked = probe.map(|probe| probe.of_rule(*rule));
            for hit in metered(asked, hits, |hits| !hits.is_empty()) {
                found(*rule, hit.start, hit.end);
            }
        }
    }

    /// The places of the patterns that may match somewhere in `text`.
    fn possible(&self, text: &[u8]) -> Vec<usize> {
        if self.needed.as_ref().is_some_and(|needed| !needed.stand_in(text)) {
            return Vec::new();
        }
        let union = if text.is_ascii() { &self.ascii } else { &self.open };
        // Faster than the question which ones, and mostly the last.
        if !union.is_match(text) {
            return Vec::new();
        }
        let mut matching = PatternSet::new(self.each.len());
        union.which_overlapping_matches(&Input::new(text), &mut matching);
        matching.iter().map(|pattern| PatternID::as_usize(&pattern)).collect()
    }
}

/// By default a pattern hides those behind it that match at the same place.
const KIND: MatchKind = MatchKind::All;

/// All of `patterns` at once, which begin with `letters` if those are given.
fn union(patterns: &[Hir], letters: Option<Prefilter>) -> Option<Regex> {
    let config = Regex::config().match_kind(KIND).auto_prefilter(false).prefilter(letters);
    Regex::builder().configure(config).build_many_from_hir(patterns).ok()
}

/// Matches wherever `pattern` does, and more: it asks for no border of a word, a line or a text.
fn without_borders(pattern: &Hir) -> Hir {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => Hir::empty(),
        HirKind::Literal(_) | HirKind::Class(_) => pattern.clone(),
        HirKind::Capture(capture) => without_borders(&capture.sub),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(without_borders(&repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition.clone() })
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(without_borders).collect()),
        HirKind::Alternation(parts) => {
            Hir::alternation(parts.iter().map(without_borders).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    /// Patterns with borders of all sorts, some of which match where others do.
    const SOURCES: [&str; 9] = [
        r"AB-[0-9]{3}",
        r"AB-[0-9]{3}-[a-z]",
        r"\bab[0-9]+\b",
        r"(?i)\bAB[: ]+[a-z0-9]{2}",
        r"\b[0-9]{3}-AB\b",
        r"(?m)^[0-9]{2}$",
        r"(a|b\b){2}",
        r"é\B.",
        r"[A-Z]{2}\b/?\b[0-9]",
    ];

    static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| patterns_of(&SOURCES));

    /// Of each of these, something is written out.
    static WRITTEN_OUT: LazyLock<Patterns> = LazyLock::new(|| {
        patterns_of(&[SOURCES[0], SOURCES[1], r"(?i)ab[: ]+[a-z0-9]{2}|-ab", r"[0-9]{3}-AB\b"])
    });

    fn patterns_of(sources: &[&str]) -> Patterns {
        let each = sources.iter().zip(0..).map(|(source, id)| (RuleId(id), Regex::new(source)));
        let each = each.map(|(id, regex)| (id, regex.unwrap())).collect();
        let all: Vec<_> = sources.iter().map(|source| syntax::parse(source).unwrap()).collect();
        Patterns::of(&all, each).unwrap()
    }

    #[test]
    fn what_is_written_out_is_needed_where_it_is_in_each() {
        assert!(PATTERNS.needed.is_none() && WRITTEN_OUT.needed.is_some());
        assert!(WRITTEN_OUT.possible(b"a text with a-b in it").is_empty());
    }

    #[test]
    fn a_pattern_hides_no_other() {
        assert_eq!(PATTERNS.possible(b"id AB-123-x"), [0, 1]);
        assert_eq!(PATTERNS.possible("ü AB-123-x".as_bytes()), [0, 1, 5]);
    }

    proptest! {
        #[test]
        fn all_at_once_tells_of_every_pattern_that_matches(
            text in "(AB|ab|[a-z]|é|[0-9]|[0-9]{3}|[A-Z]{2}|[-: /\n]){0,20}"
        ) {
            for patterns in [&PATTERNS, &WRITTEN_OUT] {
                let possible = patterns.possible(text.as_bytes());
                for (place, (_, regex)) in patterns.each.iter().enumerate() {
                    prop_assert!(possible.contains(&place) || !regex.is_match(text.as_bytes()));
                }
            }
        }
    }
}
