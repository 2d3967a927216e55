//! Each stage alone: candidates, recognition, cells, tokens. Counts are asserted before timing.

#![expect(clippy::unwrap_used, reason = "a bench that cannot be set up has to stop")]

mod data;

use std::sync::Arc;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use loup::detect::candidate::portable;
use loup::detect::{Anchor, Detector, Memory, Place, anchors};
use loup::format::text::csv::{CsvOverrides, names, sniff};
use loup::format::text::json::JsonLayout;
use loup::format::text::{Cells, TextFormat};
use loup::kind::email;
use loup::protect::key::Domain;
use loup::protect::keyring::Keyring;
use loup::protect::pseudonym::{Pseudonymiser, Scope};
use loup::rules::RuleSet;

fn main() {
    divan::main();
}

#[divan::bench]
fn candidates_log(bencher: Bencher) {
    candidates(bencher, anchors);
}

#[divan::bench]
fn candidates_log_portable(bencher: Bencher) {
    candidates(bencher, portable::anchors);
}

fn candidates(bencher: Bencher, anchors: fn(&[u8], &mut Vec<Anchor>)) {
    let log = data::log(20_000);
    let mut found = Vec::new();
    anchors(log.text.as_bytes(), &mut found);
    assert!(found.len() > log.emails + log.quads);
    bencher.counter(BytesCount::of_str(&log.text)).bench_local(|| {
        found.clear();
        anchors(log.text.as_bytes(), &mut found);
        found.len()
    });
}

#[divan::bench]
fn detect_log(bencher: Bencher) {
    let log = data::log(20_000);
    let detector = Detector::new(Arc::new(RuleSet::builtin()), Vec::new()).unwrap();
    let mut scratch = Vec::new();
    let count = |scratch: &mut Vec<Anchor>| {
        let place = Place::LINE;
        let (mut memory, mut found) = (Memory::default(), Vec::new());
        for line in log.text.as_bytes().split(|b| *b == b'\n') {
            scratch.clear();
            anchors(line, scratch);
            detector.find(line, scratch, 0, &place, &mut memory, &mut found);
        }
        found.len()
    };
    assert_eq!(count(&mut scratch), log.emails + log.quads);
    bencher.counter(BytesCount::of_str(&log.text)).bench_local(|| count(&mut scratch));
}

#[divan::bench]
fn cells_csv(bencher: Bencher) {
    let table = data::csv(20_000);
    let bytes = table.text.as_bytes();
    let dialect = sniff(&bytes[..8192], CsvOverrides::default(), &|_| false);
    let format = TextFormat::Csv { dialect, names: names(&bytes[..8192], dialect) };
    cells(bencher, &format, bytes, table.emails * 6);
}

#[divan::bench]
fn cells_ndjson(bencher: Bencher) {
    let documents = data::ndjson(20_000);
    let format = TextFormat::Json(JsonLayout::Lines);
    cells(bencher, &format, documents.text.as_bytes(), documents.emails * 3);
}

fn cells(bencher: Bencher, format: &TextFormat, bytes: &[u8], expected: usize) {
    let mut splitter = format.splitter(bytes, bytes.len());
    let mut chunks = Vec::new();
    while let Some(chunk) = splitter.next_chunk().unwrap() {
        chunks.push(chunk);
    }
    let mut index = Cells::new();
    let mut count = || {
        let mut count = 0;
        for chunk in &chunks {
            format.cells(chunk, &mut index);
            count += index.cells.len();
        }
        count
    };
    assert_eq!(count(), expected);
    bencher.counter(BytesCount::new(bytes.len())).bench_local(count);
}

#[divan::bench]
fn tokens(bencher: Bencher) {
    let rules = RuleSet::builtin();
    let keyring = Keyring::parse_variable("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
    let kinds = rules.kinds.iter().map(|kind| (kind.name.as_str(), kind.prefix.as_deref()));
    let pseudonyms =
        Pseudonymiser::new(&keyring, &Domain::default(), Scope::Domain, kinds).unwrap();
    let kind = rules.kind_id("email").unwrap();
    let parsed = email::parse(b"jean.dupont@example.com").unwrap();
    let mut out = Vec::new();
    pseudonyms.token(kind, &parsed.canonical, &mut out);
    assert_eq!(out, b"eml1_z1etbtp9gdtf1gm7033k");
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| {
        out.clear();
        pseudonyms.token(kind, &parsed.canonical, &mut out);
        out.len()
    });
}
