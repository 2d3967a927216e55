//! Rules that users add: regular expressions, all in one automaton.
//!
//! Most texts hold none of them, and have to be told quickly, so a text is searched for all at once,
//! and then for each that was seen. An automaton that has to know the words of Unicode gives up at the
//! first byte outside ASCII, and what follows is a hundred times slower. So where there are such bytes,
//! the search for all at once leaves out what patterns say of borders: it may see too much, and never
//! too little.

use regex_automata::meta::Regex;
use regex_automata::util::prefilter::Prefilter;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind, PatternID, PatternSet};
use regex_syntax::hir::{Hir, HirKind, Repetition};

use super::probe::{Probe, metered};
use crate::rules::{Recogniser, RuleId, RuleSet};

/// The patterns of the rules that have one.
#[derive(Debug)]
pub(super) struct Patterns {
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
        let Some((first, _)) = each.first() else { return Ok(None) };
        let [ascii, open] = unions(&all).ok_or(*first)?;
        Ok(Some(Self { ascii, open, each }))
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

/// All of `patterns` at once, as they are and without borders; nothing where they are too many.
fn unions(patterns: &[Hir]) -> Option<[Regex; 2]> {
    let open: Vec<_> = patterns.iter().map(without_borders).collect();
    Some([union(patterns)?, union(&open)?])
}

/// All of `patterns` at once. If all of them begin with one of a few letters, those are looked for
/// first; where there are too many to find them by SIMD, the automaton is faster alone.
fn union(patterns: &[Hir]) -> Option<Regex> {
    // By default a pattern hides those behind it that match at the same place.
    let kind = MatchKind::All;
    let letters = Prefilter::from_hirs_prefix(kind, patterns).filter(Prefilter::is_fast);
    let config = Regex::config().match_kind(kind).auto_prefilter(false).prefilter(letters);
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

    static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
        let each = SOURCES.iter().zip(0..).map(|(source, id)| (RuleId(id), Regex::new(source)));
        let each = each.map(|(id, regex)| (id, regex.unwrap())).collect();
        let [ascii, open] = unions(&SOURCES.map(|source| syntax::parse(source).unwrap())).unwrap();
        Patterns { ascii, open, each }
    });

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
            let possible = PATTERNS.possible(text.as_bytes());
            for (place, (_, regex)) in PATTERNS.each.iter().enumerate() {
                prop_assert!(possible.contains(&place) || !regex.is_match(text.as_bytes()));
            }
        }
    }
}
