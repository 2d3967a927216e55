//! The whole chain on files: scan and mask by format, one thread. Counts are asserted first.

#![expect(clippy::unwrap_used, reason = "a bench that cannot be set up has to stop")]

mod data;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use divan::Bencher;
use divan::counter::BytesCount;
use loup::detect::Detector;
use loup::pipeline::{CHUNK_BYTES, Effort, FormatOverrides, Mask, Scan};
use loup::policy::Planner;
use loup::protect::key::Domain;
use loup::protect::keyring::Keyring;
use loup::protect::operator::Protector;
use loup::protect::pseudonym::{Digester, Pseudonymiser, Scope};
use loup::protect::recognise::TokenShape;
use loup::rules::RuleSet;
use loup::sink::FileState;
use loup::source::{InputFile, discover};

fn main() {
    divan::main();
}

const ROWS: usize = 50_000;
const EFFORT: Effort = Effort { threads: 1, chunk_bytes: CHUNK_BYTES };

#[divan::bench(args = ["log", "csv", "ndjson"])]
fn scan(bencher: Bencher, format: &str) {
    let bench = Bench::new(format);
    assert_eq!(bench.scan(), bench.planted);
    bencher.counter(BytesCount::new(bench.bytes)).bench_local(|| bench.scan());
}

#[divan::bench(args = ["log", "csv", "ndjson"])]
fn mask(bencher: Bencher, format: &str) {
    let bench = Bench::new(format);
    assert_eq!(bench.mask(), bench.planted);
    bencher.counter(BytesCount::new(bench.bytes)).bench_local(|| bench.mask());
}

/// A generated file and what is needed to work on it.
struct Bench {
    dir: tempfile::TempDir,
    files: Vec<InputFile>,
    bytes: usize,
    planted: u64,
    detector: Detector,
    digester: Digester,
    tokens: TokenShape,
    protector: Protector,
    cancelled: AtomicBool,
}

impl Bench {
    fn new(format: &str) -> Self {
        let planted = match format {
            "log" => data::log(4 * ROWS),
            "csv" => data::csv(ROWS),
            _ => data::ndjson(ROWS),
        };
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(format!("input.{format}"));
        std::fs::write(&path, &planted.text).unwrap();
        let rules = Arc::new(RuleSet::builtin());
        let keyring = Keyring::parse_variable("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let keyring = keyring.unwrap();
        let names = || rules.kinds.iter().map(|kind| kind.name.as_str());
        let prefixes = || rules.kinds.iter().map(|kind| kind.prefix.as_deref());
        let pseudonyms = Pseudonymiser::new(
            &keyring,
            &Domain::default(),
            Scope::Domain,
            names().zip(prefixes()),
        );
        Self {
            files: discover(&[path]).unwrap(),
            bytes: planted.text.len(),
            planted: (planted.emails + planted.quads) as u64,
            digester: Digester::keyed(&keyring, &Domain::default(), names()).unwrap(),
            tokens: TokenShape::new(prefixes().map(Option::unwrap_or_default), Some(&keyring)),
            protector: Protector::new(names(), Some(pseudonyms.unwrap())),
            detector: Detector::new(Arc::clone(&rules), Vec::new()).unwrap(),
            cancelled: AtomicBool::new(false),
            dir,
        }
    }

    fn planner(&self) -> Planner {
        Planner::new(Arc::new(self.detector.rules().clone()), None, 0.5).unwrap()
    }

    fn scan(&self) -> u64 {
        let scan = Scan {
            detector: &self.detector,
            digester: &self.digester,
            key: None,
            domain: None,
            tokens: &self.tokens,
            planner: self.planner(),
            policy_digest: None,
            overrides: FormatOverrides::default(),
            effort: EFFORT,
            progress: false,
            profiled: false,
            cancelled: &self.cancelled,
            started: String::new(),
        };
        let map = scan.run(&self.files, None, &[]).unwrap().map;
        let fields = map.datasets.iter().flat_map(|dataset| &dataset.fields);
        fields.flat_map(|field| &field.kinds).map(|kind| kind.findings).sum()
    }

    fn mask(&self) -> u64 {
        let mask = Mask {
            detector: &self.detector,
            digester: &self.digester,
            tokens: &self.tokens,
            protector: &self.protector,
            domain: None,
            key: None,
            policy_digest: None,
            skips_unsupported: false,
            overrides: FormatOverrides::default(),
            effort: EFFORT,
            progress: false,
            cancelled: &self.cancelled,
            started: String::new(),
        };
        let out = tempfile::tempdir().unwrap();
        let planned = mask.plan(&self.files, self.planner(), None).unwrap();
        let guarded: [&Path; 1] = [self.dir.path()];
        let guarded = guarded.map(Path::to_path_buf);
        let masked = mask.run(&self.files, &planned, out.path(), &guarded, false).unwrap();
        assert!(masked.files.iter().all(|file| file.state == FileState::Protected));
        masked.files.iter().flat_map(|file| file.findings.values()).sum()
    }
}
