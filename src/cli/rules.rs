//! `loup rules`.

use std::fmt::Write;
use std::sync::Arc;

use super::args::{RulesArgs, RulesCommand};
use super::{Exit, print};
use crate::detect::{Class, Detector, Form, Memory, Place, anchors};
use crate::error::Error;
use crate::rules::{Rule, RuleId, RuleSet, lint};

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
        "{:<18}{:<17}{:<8}{:<12}{:<20}{}\n",
        "rule", "kind", "prefix", "operator", "category", "description"
    );
    for rule in &rules.rules {
        let kind = rules.kind(rule.kind);
        let prefix = kind.prefix.as_deref().unwrap_or("-");
        let _ = writeln!(
            text,
            "{:<18}{:<17}{:<8}{:<12}{:<20}{}",
            rule.id, kind.name, prefix, kind.operator, kind.category, rule.description
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
/// An example that is a value and nothing else stands in a field whose name speaks for the kind,
/// any other in a line of its own. A counter-example, in a line, must not yield a validated
/// candidate of the rule.
fn failing_examples(detector: &Detector, id: RuleId, rule: &Rule) -> Vec<String> {
    let mut complaints = Vec::new();
    for example in &rule.examples {
        let place = match rule.hints.first() {
            Some(hint) if example.text == example.value => {
                Place::cell(detector.rules().hinted(hint))
            }
            _ => Place::LINE,
        };
        if !found(detector, id, &example.text, place).contains(&example.value) {
            complaints.push(format!("does not find `{}` in `{}`", example.value, example.text));
        }
    }
    for text in &rule.no_match {
        for value in found(detector, id, text, Place::LINE) {
            complaints.push(format!("finds `{value}` in `{text}`"));
        }
    }
    complaints
}

/// What the rule finds in a text. Examples are the rule's own, so they may be shown.
fn found(detector: &Detector, id: RuleId, text: &str, place: Place<'_>) -> Vec<String> {
    // Where several rules of a kind accept a value, which of them has it does not matter.
    let kind = detector.rules().rule(id).kind;
    let (mut in_text, mut found) = (Vec::new(), Vec::new());
    anchors(text.as_bytes(), &mut in_text);
    detector.find(text.as_bytes(), &in_text, 0, &place, &mut Memory::default(), &mut found);
    // In a field it may take the whole column to say what a value is.
    let least = if place.form == Form::Cell { Class::Hint } else { Class::Bare };
    found
        .into_iter()
        .filter(|candidate| candidate.kind == kind && candidate.class >= least)
        .map(|candidate| text[candidate.start..candidate.end].to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_built_in_rules_hold() {
        let detector = Detector::new(Arc::new(RuleSet::builtin()), Vec::new()).unwrap();
        let mut all = Vec::new();
        for id in detector.rules().rule_ids() {
            let rule = detector.rules().rule(id);
            let failing = failing_examples(&detector, id, rule);
            all.extend(failing.into_iter().map(|what| format!("{}: {what}", rule.id)));
        }
        assert_eq!(all, Vec::<String>::new());
    }

    #[test]
    fn the_built_in_rules_pass_their_lint() {
        let complaints: Vec<_> =
            lint::lint(&RuleSet::builtin()).iter().map(ToString::to_string).collect();
        assert_eq!(complaints, Vec::<String>::new());
    }
}
