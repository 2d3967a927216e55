//! The detector takes any bytes, and what it finds in a line does not depend on the lines around.

use std::sync::{Arc, LazyLock};

use loup::detect::{Anchor, Candidate, Detector, Form, Memory, Place, anchors};
use loup::kind::Region;
use loup::rules::{HintSet, KindId, RuleSet};
use proptest::prelude::*;

use super::run::config;

/// With regions, so that national numbers are read too.
static REGIONAL: LazyLock<Detector> = LazyLock::new(|| {
    let regions = ["FR", "US"].map(|code| Region::new(code).unwrap()).to_vec();
    Detector::new(Arc::new(RuleSet::builtin()), regions).unwrap()
});

/// Every kind at once: nobody's field has such a name.
fn every_hint() -> HintSet {
    let mut hints = HintSet::EMPTY;
    for kind in 0..REGIONAL.rules().kinds.len() {
        hints.insert(KindId(u8::try_from(kind).unwrap()));
    }
    hints
}

fn found(text: &[u8], form: Form, hints: HintSet) -> Vec<Candidate> {
    found_at(text, &all(text), 0, form, hints)
}

fn found_at(
    text: &[u8],
    anchors: &[Anchor],
    base: usize,
    form: Form,
    hints: HintSet,
) -> Vec<Candidate> {
    found_with(&mut Memory::default(), text, anchors, base, form, hints)
}

fn found_with(
    memory: &mut Memory,
    text: &[u8],
    anchors: &[Anchor],
    base: usize,
    form: Form,
    hints: HintSet,
) -> Vec<Candidate> {
    let inferred = [Region::new("DE").unwrap()];
    let place = Place { form, hints, inferred: &inferred, settled: None };
    let mut found = Vec::new();
    REGIONAL.find(text, anchors, base, &place, memory, &mut found);
    found
}

fn all(text: &[u8]) -> Vec<Anchor> {
    let mut found = Vec::new();
    anchors(text, &mut found);
    found
}

fn check(text: &[u8]) -> Result<(), TestCaseError> {
    for (form, hints) in
        [(Form::Line, HintSet::EMPTY), (Form::Cell, HintSet::EMPTY), (Form::Cell, every_hint())]
    {
        let mut end = 0;
        for candidate in found(text, form, hints) {
            prop_assert!(candidate.start >= end && candidate.start < candidate.end);
            prop_assert!(candidate.end <= text.len());
            if let Ok(text) = std::str::from_utf8(text) {
                prop_assert!(text.is_char_boundary(candidate.start));
                prop_assert!(text.is_char_boundary(candidate.end));
            }
            end = candidate.end;
        }
    }
    Ok(())
}

const RICH: &str =
    "([@.:\\-+()0-9a-f]|[ =]|%40|FR76|192\\.0\\.2\\.|@example\\.com|::|\u{a0}){0,60}";

/// Keys, words and numbers, so that two texts share places and keys.
const TALK: &str = "(tel|phone|siren|order|name|id|[a-z]{3})([:=]|: | )(06 12 34 56 78|732829320|\
    192\\.0\\.2\\.1|M\\. Jean Dupont|[0-9]{9,11})( [a-z]{2,6}){0,3}";

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn what_is_found_does_not_depend_on_the_texts_before(
        texts in prop::collection::vec(TALK, 2..6),
    ) {
        let mut memory = Memory::default();
        for text in &texts {
            let text = text.as_bytes();
            let known =
                found_with(&mut memory, text, &all(text), 0, Form::Line, HintSet::EMPTY);
            prop_assert_eq!(known, found(text, Form::Line, HintSet::EMPTY));
        }
    }

    #[test]
    fn any_bytes_are_taken(text in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&text)?;
    }

    #[test]
    fn any_text_of_signs_and_digits_is_taken(text in RICH) {
        check(text.as_bytes())?;
    }

    #[test]
    fn a_line_is_the_same_among_others(before in RICH, line in RICH, after in RICH) {
        let chunk = format!("{before}\n{line}\n{after}");
        let (start, end) = (before.len() + 1, before.len() + 1 + line.len());
        let within: Vec<_> = all(chunk.as_bytes())
            .into_iter()
            .filter(|anchor| (start..end).contains(&(anchor.at as usize)))
            .collect();
        // A chain of separators may begin in the line before: more anchors, and never fewer.
        for anchor in all(line.as_bytes()) {
            let at = anchor.at + u32::try_from(start).unwrap();
            let shapes = within.iter().find(|a| a.at == at).map_or(0, |a| a.shapes);
            prop_assert_eq!(shapes & anchor.shapes, anchor.shapes);
        }
        for form in [Form::Line, Form::Cell] {
            prop_assert_eq!(
                found_at(line.as_bytes(), &within, start, form, HintSet::EMPTY),
                found(line.as_bytes(), form, HintSet::EMPTY)
            );
        }
    }
}
