//! `loup rules`.

use std::fmt::Write;
use std::sync::Arc;

use super::args::{RulesArgs, RulesCommand};
use super::{Exit, print};
use crate::detect::{Class, Detector, Form, Place, anchors};
use crate::error::Error;
use crate::rules::{HintSet, Rule, RuleId, RuleSet, lint};

pub(super) fn run(command: &RulesCommand) -> Result<Exit, Error> {
    match command {
        RulesCommand::List(args) => print(&list(&load(args)?)).map(|()| Exit::Done),
        RulesCommand::Test(args) => test(load(args)?),
        RulesCommand::Lint(args) => {
            let rules = load(args)?;
            let mut complaints: Vec<_> =
                lint::lint(&rules).iter().map(ToString::to_string).collect();
            if let Err(error) = Detector::new(Arc::new(rules.clone()), Vec::new()) {
                complaints.push(error.to_string());
            }
            let mut text: String = complaints.iter().map(|line| format!("{line}\n")).collect();
            let _ = writeln!(text, "{} rules, {} complaints", rules.rules.len(), complaints.len());
            print(&text)?;
            Ok(if complaints.is_empty() { Exit::Done } else { Exit::Found })
        }
    }
}

fn load(args: &RulesArgs) -> Result<RuleSet, Error> {
    Ok(RuleSet::load(args.rules.as_deref())?)
}

fn list(rules: &RuleSet) -> String {
    let mut text = format!(
        "{:<14}{:<14}{:<8}{:<10}{:<20}{}\n",
        "rule", "kind", "prefix", "operator", "category", "description"
    );
    for rule in &rules.rules {
        let kind = rules.kind(rule.kind);
        let _ = writeln!(
            text,
            "{:<14}{:<14}{:<8}{:<10}{:<20}{}",
            rule.id, kind.name, kind.prefix, kind.operator, kind.category, rule.description
        );
    }
    text
}

fn test(rules: RuleSet) -> Result<Exit, Error> {
    let detector = Detector::new(Arc::new(rules), Vec::new())?;
    let (mut examples, mut text) = (0, String::new());
    let mut failures = 0;
    for (index, rule) in detector.rules().rules.iter().enumerate() {
        let id = RuleId(u8::try_from(index).expect("a rule set has at most 255 rules"));
        let failed = failing_examples(&detector, id, rule);
        examples += rule.examples.len() + rule.no_match.len();
        failures += failed.len();
        for complaint in failed {
            let _ = writeln!(text, "{}: {complaint}", rule.id);
        }
    }
    let count = detector.rules().rules.len();
    let _ = writeln!(text, "{count} rules, {examples} examples, {failures} failed");
    print(&text)?;
    Ok(if failures == 0 { Exit::Done } else { Exit::Found })
}

/// The examples of a rule that do not hold.
///
/// An example stands in a line of its own. A counter-example must not yield a validated candidate
/// of the rule.
fn failing_examples(detector: &Detector, id: RuleId, rule: &Rule) -> Vec<String> {
    let mut complaints = Vec::new();
    for example in &rule.examples {
        if !found(detector, id, &example.text).contains(&example.value) {
            complaints.push(format!("does not find `{}` in `{}`", example.value, example.text));
        }
    }
    for text in &rule.no_match {
        for value in found(detector, id, text) {
            complaints.push(format!("finds `{value}` in `{text}`"));
        }
    }
    complaints
}

/// What the rule finds in a text. Examples are the rule's own, so they may be shown.
fn found(detector: &Detector, id: RuleId, text: &str) -> Vec<String> {
    let (mut in_text, mut found) = (Vec::new(), Vec::new());
    anchors(text.as_bytes(), &mut in_text);
    let place = Place { form: Form::Line, hints: HintSet::EMPTY, inferred: &[] };
    detector.find(text.as_bytes(), &in_text, 0, place, &mut found);
    found
        .into_iter()
        .filter(|candidate| candidate.rule == id && candidate.class >= Class::Bare)
        .map(|candidate| text[candidate.start..candidate.end].to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_built_in_rules_hold() {
        let detector = Detector::new(Arc::new(RuleSet::builtin()), Vec::new()).unwrap();
        for (index, rule) in detector.rules().rules.iter().enumerate() {
            let id = RuleId(u8::try_from(index).unwrap());
            assert_eq!(failing_examples(&detector, id, rule), Vec::<String>::new(), "{}", rule.id);
        }
    }

    #[test]
    fn the_built_in_rules_pass_their_lint() {
        let complaints: Vec<_> =
            lint::lint(&RuleSet::builtin()).iter().map(ToString::to_string).collect();
        assert_eq!(complaints, Vec::<String>::new());
    }
}
