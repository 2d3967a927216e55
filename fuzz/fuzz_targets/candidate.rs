//! The candidate pass: what this machine finds is what the portable twin finds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use loup::detect::candidate::letters::Letters;
use loup::detect::candidate::sketch::{self, Sketch};
use loup::detect::candidate::{anchors, portable};

fuzz_target!(|text: &[u8]| {
    let (mut here, mut anywhere) = (Vec::new(), Vec::new());
    anchors(text, &mut here);
    portable::anchors(text, &mut anywhere);
    assert_eq!(here, anywhere);
    assert_eq!(Letters::of(text), Letters::portable(text));
    let (mut drawn, mut drawn_anywhere) = (Sketch::default(), Sketch::default());
    let short = &text[..text.len().min(sketch::LONGEST)];
    assert_eq!(drawn.draw(short), drawn_anywhere.draw_portably(short));
    assert_eq!(drawn, drawn_anywhere);
    assert!(here.is_sorted_by(|a, b| a.at < b.at));
    assert!(here.iter().all(|anchor| (anchor.at as usize) < text.len() && anchor.shapes != 0));
});
