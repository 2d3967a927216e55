//! Plain text: lines of any bytes, cut anyhow, and their templates.
#![no_main]

mod cut;

use libfuzzer_sys::fuzz_target;
use loup::datamap::template::Template;
use loup::format::text::{TextFormat, log};

fuzz_target!(|input: (u8, &[u8])| {
    let (chunk_bytes, text) = input;
    cut::check(&TextFormat::Log, text, usize::from(chunk_bytes));
    let start = usize::from(chunk_bytes).min(text.len());
    let _ = log::key_before(text, start);
    let _ = Template::default().of(text, [(start, text.len(), "email")]);
});
