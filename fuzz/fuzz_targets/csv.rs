//! CSV: dialect, names and cells of any bytes, cut anyhow.
#![no_main]

mod cut;

use libfuzzer_sys::fuzz_target;
use loup::format::text::TextFormat;
use loup::format::text::csv::{CsvOverrides, names, sniff};

fuzz_target!(|input: (u8, &[u8])| {
    let (chunk_bytes, text) = input;
    let dialect = sniff(text, CsvOverrides::default(), &|_| false);
    let format = TextFormat::Csv { dialect, names: names(text, dialect) };
    cut::check(&format, text, usize::from(chunk_bytes));
});
