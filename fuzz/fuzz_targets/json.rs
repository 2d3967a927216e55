//! JSON in each layout: cells of any bytes, cut anyhow.
#![no_main]

mod cut;

use libfuzzer_sys::fuzz_target;
use loup::format::text::TextFormat;
use loup::format::text::json::{JsonLayout, sniff};

fuzz_target!(|input: (u8, &[u8])| {
    let (chunk_bytes, text) = input;
    for layout in sniff(text, true).into_iter().chain([JsonLayout::Lines]) {
        cut::check(&TextFormat::Json(layout), text, usize::from(chunk_bytes));
    }
});
