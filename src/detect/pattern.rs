//! Rules that users add: regular expressions, all in one automaton.

use regex_automata::meta::Regex;
use regex_automata::{Input, PatternID, PatternSet};

use super::probe::{Probe, metered};
use crate::rules::{Recogniser, RuleId, RuleSet};

/// The patterns of the rules that have one.
#[derive(Debug)]
pub(super) struct Patterns {
    /// All of them at once: tells which ones match at all.
    union: Regex,
    /// Each alone, for its spans. One automaton for all would lose matches that overlap.
    each: Vec<(RuleId, Regex)>,
}

impl Patterns {
    /// `None` where no rule has a pattern, so that built-in kinds pay nothing.
    ///
    /// # Errors
    /// The id of the rule whose pattern does not compile.
    pub(super) fn new(rules: &RuleSet) -> Result<Option<Self>, RuleId> {
        let mut sources = Vec::new();
        let mut each = Vec::new();
        for (index, rule) in rules.rules.iter().enumerate() {
            if let Recogniser::Pattern(source) = &rule.recogniser {
                let id = RuleId(u8::try_from(index).expect("a rule set has at most 255 rules"));
                each.push((id, Regex::new(source).map_err(|_| id)?));
                sources.push(source.as_str());
            }
        }
        let Some((first, _)) = each.first() else { return Ok(None) };
        let union = Regex::new_many(&sources).map_err(|_| *first)?;
        Ok(Some(Self { union, each }))
    }

    /// Calls `found` with each match of each rule in `text`.
    pub(super) fn find(
        &self,
        text: &[u8],
        probe: Option<&Probe>,
        mut found: impl FnMut(RuleId, usize, usize),
    ) {
        let matching = || self.matching(text);
        let matching =
            metered(probe.map(Probe::of_patterns), matching, |matching| !matching.is_empty());
        for pattern in matching.iter() {
            let (rule, regex) = &self.each[PatternID::as_usize(&pattern)];
            let hits = || -> Vec<_> {
                regex.find_iter(text).filter(|hit| !hit.is_empty()).map(|hit| hit.range()).collect()
            };
            let asked = probe.map(|probe| probe.of_rule(*rule));
            for hit in metered(asked, hits, |hits| !hits.is_empty()) {
                found(*rule, hit.start, hit.end);
            }
        }
    }

    /// The patterns that match somewhere in `text`.
    fn matching(&self, text: &[u8]) -> PatternSet {
        let mut matching = PatternSet::new(self.each.len());
        self.union.which_overlapping_matches(&Input::new(text), &mut matching);
        matching
    }
}
