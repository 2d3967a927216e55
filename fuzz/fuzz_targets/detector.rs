//! Anchors and detector: any bytes are taken, and candidates are in order and within the text.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use loup::detect::{Detector, Form, Memory, Place, anchors};
use loup::kind::Region;
use loup::rules::{HintSet, RuleSet};

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    let regions = ["FR", "US"].into_iter().filter_map(Region::new).collect();
    Detector::new(Arc::new(RuleSet::builtin()), regions).expect("the built-in rules compile")
});

fuzz_target!(|text: &[u8]| {
    let mut in_text = Vec::new();
    anchors(text, &mut in_text);
    let inferred: Vec<_> = Region::new("DE").into_iter().collect();
    let every = DETECTOR.rules().kind_ids().fold(HintSet::EMPTY, |mut hints, kind| {
        hints.insert(kind);
        hints
    });
    for (form, hints) in [(Form::Line, HintSet::EMPTY), (Form::Cell, every)] {
        let mut found = Vec::new();
        let place = Place { form, inferred: &inferred, ..Place::cell(hints) };
        DETECTOR.find(text, &in_text, 0, &place, &mut Memory::default(), &mut found);
        let mut end = 0;
        for candidate in found {
            assert!(end <= candidate.start && candidate.start < candidate.end);
            end = candidate.end;
        }
        assert!(end <= text.len());
    }
});
