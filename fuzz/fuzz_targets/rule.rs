//! A user's rule: any text, and a search with what compiles.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use loup::detect::{Detector, Memory, Place, anchors};
use loup::rules::{HintSet, RuleSet, lint};

fuzz_target!(|rule: &str| {
    let folder = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(folder.path().join("rule.toml"), rule).expect("room for a rule");
    let Ok(rules) = RuleSet::load(Some(folder.path())) else { return };
    let _ = lint::lint(&rules);
    let Ok(detector) = Detector::new(Arc::new(rules), Vec::new()) else { return };
    let text = b"user 12-34 user1@example.com 192.0.2.1";
    let (mut in_text, mut found) = (Vec::new(), Vec::new());
    anchors(text, &mut in_text);
    let place = Place::cell(HintSet::EMPTY);
    detector.find(text, &in_text, 0, &place, &mut Memory::default(), &mut found);
});
