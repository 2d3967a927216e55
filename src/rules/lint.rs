//! What is allowed in rules and yet a mistake.
//!
//! Static checks alone: whether a recogniser finds the examples in their texts is for the one that
//! runs recognisers to say.

use std::fmt;

use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};

use super::{Recogniser, Rule, RuleSet};

/// One thing to look at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The id of the rule.
    pub rule: String,
    pub what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule `{}`: {}", self.rule, self.what)
    }
}

/// Examples that a rule needs of each sort: one that fits proves little.
const MIN_EXAMPLES: usize = 3;

/// Everything there is to complain about, in the order of the rules.
#[must_use]
pub fn lint(rules: &RuleSet) -> Vec<Complaint> {
    let complain = |rule: &Rule| {
        let id = rule.id.clone();
        complaints(rule).into_iter().map(move |what| Complaint { rule: id.clone(), what })
    };
    rules.rules.iter().flat_map(complain).collect()
}

fn complaints(rule: &Rule) -> Vec<String> {
    let mut complaints = Vec::new();
    if rule.description.trim().is_empty() {
        complaints.push("description is empty".to_owned());
    }
    if rule.references.is_empty() {
        complaints.push("references are missing: name the standard or register".to_owned());
    }
    for (key, count) in [("match", rule.examples.len()), ("no_match", rule.no_match.len())] {
        if count < MIN_EXAMPLES {
            complaints.push(format!("examples.{key} has {count}: give at least {MIN_EXAMPLES}"));
        }
    }
    for word in rule.context.iter().filter(|word| rule.negative.contains(word)) {
        complaints.push(format!("`{word}` speaks both for a value and against it"));
    }
    for hint in rule.hints.iter().filter(|hint| rule.negative_hints.contains(hint)) {
        complaints.push(format!("`{hint}` is both a hint and a negative hint"));
    }
    complaints.extend(rule.examples.iter().filter_map(|example| {
        let value = example.value.as_bytes();
        if !matches_whole(rule, value) {
            Some(format!("examples.match: the pattern does not match all of `{}`", example.value))
        } else if rule.parse(value, &[]).is_none() {
            Some(format!("examples.match: `{}` does not validate", example.value))
        } else {
            None
        }
    }));
    complaints
}

/// Whether the pattern of a rule, where it has one, matches the whole of `value`.
fn matches_whole(rule: &Rule, value: &[u8]) -> bool {
    let Recogniser::Pattern(pattern) = &rule.recogniser else {
        return true;
    };
    let Ok(regex) = Regex::new(pattern) else {
        return false;
    };
    let found = regex.find(Input::new(value).anchored(Anchored::Yes));
    found.is_some_and(|found| found.end() == value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rules_leave_nothing_to_complain_about() {
        let complaints = lint(&RuleSet::builtin());
        assert!(complaints.is_empty(), "{complaints:#?}");
    }

    #[test]
    fn each_mistake_is_complained_about() {
        let mut rules = RuleSet::builtin();
        let rule = &mut rules.rules[0];
        rule.description.clear();
        rule.references.clear();
        rule.no_match.truncate(2);
        rule.negative.push(rule.context[0].clone());
        rule.negative_hints.push(rule.hints[0].clone());
        rule.examples[0].value = "n/a".to_owned();
        let complaints = lint(&rules);
        assert!(complaints.iter().all(|complaint| complaint.rule == "email"));
        assert_eq!(complaints.len(), 6, "{complaints:#?}");
    }

    #[test]
    fn an_example_is_matched_whole() {
        let mut rules = RuleSet::builtin();
        rules.rules[0].recogniser = Recogniser::Pattern("[a-z]+@example".to_owned());
        let complaints = lint(&rules);
        assert_eq!(complaints.len(), rules.rules[0].examples.len(), "{complaints:#?}");
        assert!(complaints[0].to_string().starts_with("rule `email`: examples.match: the pattern"));
    }
}
