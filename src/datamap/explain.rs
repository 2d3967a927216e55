//! Why a field got its verdict, and a finding its confidence, step by step, for whoever doubts it.

use std::fmt::Write;

use super::field::FieldCounts;
use crate::detect::verdict::Reason;
use crate::detect::{Candidate, Class, Verdict};
use crate::rules::{HintSet, KindId, RuleSet};

/// The reasoning behind the verdict of one field, in sentences.
#[must_use]
pub fn explain(
    dataset: &str,
    path: &str,
    counts: &FieldCounts,
    verdict: &Verdict,
    rules: &RuleSet,
) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{} : {}", clean(dataset), clean(path));
    let _ = writeln!(
        text,
        "  {} values, {} empty, {} protected already",
        counts.values, counts.nulls, counts.protected
    );
    for (kind, of_kind) in &counts.kinds {
        let tally = &of_kind.tally;
        let by_class = Class::ALL.into_iter().rev().filter_map(|class| {
            let count = tally.candidates[class as usize];
            let confidence = verdict.confidence_of(*kind, class);
            (count > 0).then(|| format!("{count} {} at {confidence:.2}", class.name()))
        });
        let seen: Vec<String> = by_class.collect();
        if !seen.is_empty() {
            let _ = writeln!(text, "  {}: {}", name(rules, *kind), seen.join(", "));
        }
    }
    let hints = counts.hints;
    for kind in rules.kind_ids() {
        if hints.contains(kind) {
            let _ = writeln!(text, "  its name speaks for {}", name(rules, kind));
        } else if hints.denies(kind) && counts.kinds.contains_key(&kind) {
            let _ = writeln!(text, "  its name speaks against {}", name(rules, kind));
        }
    }
    for reason in &verdict.reasons {
        let _ = writeln!(text, "  {}", sentence(reason, rules));
    }
    if verdict.kind.is_none() {
        text.push_str(
            "  so it is of no kind as a whole: each finding counts by its own evidence\n",
        );
    }
    text
}

/// What is known of one candidate besides itself.
pub struct Surroundings<'a> {
    /// The field that it stands in, or in a line the key before it, as it may be shown.
    pub field: Option<&'a str>,
    /// What the name of that field says.
    pub hints: HintSet,
    /// Words of the rules near it, with whether they support.
    pub words: Vec<(String, bool)>,
    /// The verdict of its field.
    pub verdict: &'a Verdict,
    /// Whether it counts as a finding.
    pub counts: bool,
}

/// The reasoning behind one candidate, in sentences. `place` and `masked` are shown as they are.
#[must_use]
pub fn finding(
    place: &str,
    masked: &str,
    candidate: &Candidate,
    around: &Surroundings<'_>,
    rules: &RuleSet,
) -> String {
    let (kind, rule) = (candidate.kind, rules.rule(candidate.rule));
    let confidence = around.verdict.confidence_of(kind, candidate.class);
    let mut text = String::new();
    let _ = writeln!(text, "{} : {} {}", clean(place), name(rules, kind), clean(masked));
    let _ = writeln!(text, "  rule {}: {}", rule.id, rule.description);
    let class = match candidate.class {
        Class::Certain => "its syntax or its check digits prove it",
        Class::Supported => "it validates, and a name or a word says what it is",
        Class::Bare => "it validates, and nothing around it speaks",
        Class::Hint => "it does not validate, and a name or a word says what it is",
        Class::Shape => "it looks like it and does not validate",
    };
    let _ = writeln!(text, "  {}: {class}", candidate.class.name());
    if let Some(field) = around.field {
        let says = if around.hints.contains(kind) {
            "speaks for it"
        } else if around.hints.denies(kind) {
            "speaks against it"
        } else {
            "says nothing of it"
        };
        let _ = writeln!(text, "  the name `{}` {says}", clean(field));
    }
    for (word, supports) in &around.words {
        let says = if *supports { "for" } else { "against" };
        let _ = writeln!(text, "  the word `{word}` near it speaks {says} it");
    }
    for rival in candidate.rivals.iter() {
        let _ = writeln!(text, "  it could be {}, for which less speaks", name(rules, rival));
    }
    if let Some(settled) = around.verdict.kind {
        let _ = writeln!(text, "  its field is of kind {}", name(rules, settled));
    }
    let counts = if around.counts { "it is a finding" } else { "too little for a finding" };
    let _ = writeln!(text, "  so its confidence is {confidence:.3}: {counts}");
    text
}

/// Names of others may hold what a terminal takes for a command.
fn clean(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn name(rules: &RuleSet, kind: KindId) -> &str {
    &rules.kind(kind).name
}

fn sentence(reason: &Reason, rules: &RuleSet) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    match reason {
        Reason::Share { kind, hits, values, weighed, needed, named } => {
            let what = if *named { "are or look like" } else { "validate as" };
            let how = if *named {
                "with such a name"
            } else {
                "the lower end of the 95 % interval, without a name that says so"
            };
            let verdict = if weighed >= needed { "enough" } else { "too few" };
            format!(
                "{hits} of {values} values {what} {}: {} ({how}), {} needed: {verdict}",
                name(rules, *kind),
                percent(*weighed),
                percent(*needed),
            )
        }
        Reason::Chance { kind, passing, trials, chance } => format!(
            "{passing} of {trials} bare numbers pass the check of {}, {} would by chance: they \
             count for nothing",
            name(rules, *kind),
            percent(*chance),
        ),
        Reason::Region { kind, region, share, sampled } => {
            let plan = region.map_or_else(
                || "with a plus in front".to_owned(),
                |region| format!("under the plan of {region}"),
            );
            format!(
                "of {sampled} distinct numbers without a country {} are valid as {} {plan}",
                percent(*share),
                name(rules, *kind),
            )
        }
        Reason::Scheme { kind, scheme, passing, sampled, chance } => format!(
            "{passing} of {sampled} distinct values pass scheme {scheme} of {}, {} would by chance",
            name(rules, *kind),
            percent(*chance),
        ),
        Reason::Words { kind, grades, named } => format!(
            "of {} distinct values {} read like {} for sure, {} probably, {} could, {} do not{}",
            grades.sampled,
            percent(grades.strong),
            name(rules, *kind),
            percent(grades.weak),
            percent(grades.common + grades.shape),
            percent(grades.refused),
            if *named { "; its name says so" } else { "" },
        ),
        Reason::Settled { kind, confidence } => {
            format!("so the field is of kind {} ({confidence:.3})", name(rules, *kind))
        }
    }
}
