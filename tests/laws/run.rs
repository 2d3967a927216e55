//! The library as a caller uses it: scan a folder, protect a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use loup::datamap::DataMap;
use loup::datamap::document::{Coverage, KeyRef, MapDocument, Run};
use loup::datamap::finish::{Frame, finish, verdicts};
use loup::detect::Detector;
use loup::kind::generalize;
use loup::operator::Operator;
use loup::pipeline::{Effort, FormatOverrides, Known, Mask, Masked, PipelineError, Scan, Scanned};
use loup::policy::{Planner, PolicyFile};
use loup::protect::encrypt::Encryptor;
use loup::protect::key::Domain;
use loup::protect::keyring::Keyring;
use loup::protect::operator::Protector;
use loup::protect::pseudonym::{Digester, Pseudonymiser, Scope};
use loup::protect::recognise::TokenShape;
use loup::protect::surrogate::{self, Surrogates};
use loup::rules::{Kind, RuleSet};
use loup::sink::Manifest;
use loup::source::{InputFile, MANIFEST_NAME, discover};
use parquet::file::reader::{FileReader, SerializedFileReader};
use proptest::prelude::*;
use proptest::sample::select;

/// One worker, one unit a file: what every other effort must agree with.
pub(crate) const PLAIN: Effort = Effort { threads: 1, chunk_bytes: 1 << 20 };

/// Any number of workers and any cut.
pub(crate) fn effort() -> impl Strategy<Value = Effort> {
    (1..=5usize, select(&[1, 7, 64, 4096, 1 << 20][..]))
        .prop_map(|(threads, chunk_bytes)| Effort { threads, chunk_bytes })
}

/// `cases` of a law, or as many as `PROPTEST_CASES` says. What failed is not written into the tree.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Rules and keys, made once.
pub(crate) struct World {
    pub(crate) rules: Arc<RuleSet>,
    pub(crate) detector: Detector,
    digester: Digester,
    tokens: TokenShape,
    pub(crate) pseudonyms: Pseudonymiser,
    protector: Protector,
}

/// 00 01 … 1f: the key of published vectors.
pub(crate) const VECTOR_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

pub(crate) static WORLD: LazyLock<World> =
    LazyLock::new(|| World::of(&Keyring::parse_variable(VECTOR_KEY).unwrap(), &Domain::default()));

impl World {
    /// That of a keyring, whole or exported, in a domain.
    pub(crate) fn of(keyring: &Keyring, domain: &Domain) -> Self {
        let rules = Arc::new(RuleSet::builtin());
        let kinds = || rules.names_and_prefixes();
        let pseudonyms = || Pseudonymiser::new(keyring, domain, Scope::Domain, kinds()).unwrap();
        let mut protector = Protector::new(rules.names(), Some(pseudonyms()));
        if let Ok(master) = keyring.active().1.master() {
            protector = protector.with_reversible(
                Encryptor::new(keyring, domain, kinds()).unwrap(),
                Surrogates::new(master, domain, rules.names()).unwrap(),
            );
        }
        Self {
            detector: Detector::new(Arc::clone(&rules), Vec::new()).unwrap(),
            digester: Digester::keyed(keyring, domain, rules.names()).unwrap(),
            tokens: TokenShape::new(rules.prefixes(), Some(keyring)),
            protector,
            pseudonyms: pseudonyms(),
            rules,
        }
    }
}

static NEVER: AtomicBool = AtomicBool::new(false);

fn planner(policy: Option<&PolicyFile>) -> Planner {
    Planner::new(Arc::clone(&WORLD.rules), policy, 0.5).unwrap()
}

pub(crate) fn files_in(folder: &Path) -> Vec<InputFile> {
    discover(&[folder.to_owned()]).unwrap()
}

/// Scans, with the findings where they are wanted.
pub(crate) fn scan(files: &[InputFile], effort: Effort, findings: Option<&mut Vec<u8>>) -> Scanned {
    let scan = Scan {
        detector: &WORLD.detector,
        digester: &WORLD.digester,
        key: Some(KeyRef { id: "00000000".to_owned(), epoch: 1 }),
        domain: None,
        tokens: &WORLD.tokens,
        planner: planner(None),
        policy_digest: None,
        overrides: FormatOverrides::default(),
        effort,
        progress: false,
        profiled: false,
        cancelled: &NEVER,
        started: String::new(),
    };
    let mut scanned =
        scan.run(files, findings.map(|out| out as &mut dyn std::io::Write), &[]).unwrap();
    scanned.map.run = no_run();
    scanned
}

/// What a map of `files` says to a later run.
pub(crate) fn known(files: &[InputFile]) -> Known {
    let counts = scan(files, PLAIN, None).counts;
    let verdicts = verdicts(&counts, &WORLD.rules, 0.5);
    Known { verdicts, surveyed: counts.surveyed }
}

fn no_run() -> Run {
    Run {
        version: String::new(),
        started: String::new(),
        seconds: 0.0,
        threads: 0,
        digest_key: "keyed".to_owned(),
        surveyed: BTreeSet::new(),
    }
}

/// The document that counts make, without coverage and run.
pub(crate) fn finished(counts: &DataMap) -> MapDocument {
    let planner = planner(None);
    let frame = Frame {
        rules: &WORLD.rules,
        run: no_run(),
        policy_digest: None,
        domain: None,
        key: None,
        regions: &[],
        min_confidence: 0.5,
        coverage: Coverage::default(),
        operator: &|dataset, path, kind| planner.treatment(dataset, path, kind).operator,
    };
    // Which files are stamped depends on when they were written.
    MapDocument { run: no_run(), ..finish(counts, frame) }
}

/// A policy with one operator for each kind, in the order of the kinds, again and again.
pub(crate) fn policy(operators: &[Operator]) -> PolicyFile {
    // A kind without a prefix is never pseudonymised, and some operators are for some kinds alone.
    let is_for = |(kind, operator): &(&Kind, &Operator)| match operator {
        Operator::Surrogate => surrogate::KINDS.contains(&kind.name.as_str()),
        Operator::Generalize => generalize::KINDS.contains(&kind.name.as_str()),
        // It is for fields.
        Operator::Shift => false,
        operator => kind.prefix.is_some() || !operator.is_keyed(),
    };
    let kinds = WORLD.rules.kinds.iter().zip(operators.iter().cycle()).filter(is_for);
    let kinds: String =
        kinds.map(|(kind, operator)| format!("{} = \"{operator}\"\n", kind.name)).collect();
    policy_of(&format!("[kinds]\n{kinds}"))
}

/// A policy with these tables.
pub(crate) fn policy_of(tables: &str) -> PolicyFile {
    toml::from_str(&format!("version = 1\non_new = \"default\"\n{tables}")).unwrap()
}

/// What a protection left behind.
#[derive(Debug)]
pub(crate) struct Copy {
    pub(crate) masked: Masked,
    pub(crate) manifest: Manifest,
    /// By name, without the manifest.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// Protects `files` into `out`, which does not exist yet.
pub(crate) fn mask(
    files: &[InputFile],
    policy: Option<&PolicyFile>,
    effort: Effort,
    out: &Path,
) -> Result<Copy, PipelineError> {
    WORLD.mask(files, policy, effort, out)
}

impl World {
    /// The same with the keys of this one.
    pub(crate) fn mask(
        &self,
        files: &[InputFile],
        policy: Option<&PolicyFile>,
        effort: Effort,
        out: &Path,
    ) -> Result<Copy, PipelineError> {
        self.mask_after(files, policy, effort, out, None, || ())
    }

    /// The same with what is known before, and something that happens once the plan is made.
    pub(crate) fn mask_after(
        &self,
        files: &[InputFile],
        policy: Option<&PolicyFile>,
        effort: Effort,
        out: &Path,
        known: Option<Known>,
        happens: impl FnOnce(),
    ) -> Result<Copy, PipelineError> {
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
            effort,
            progress: false,
            cancelled: &NEVER,
            started: String::new(),
        };
        let planned = mask.plan(files, planner(policy), known)?;
        happens();
        let masked = mask.run(files, &planned, out, &[], false)?;
        let mut manifest = loup::sink::manifest::read(out).unwrap().unwrap();
        manifest.run =
            loup::sink::manifest::Run { started: String::new(), seconds: 0.0, threads: 0 };
        manifest.chain.as_mut().unwrap().retain(|link| link.of != "run");
        let mut made = BTreeMap::new();
        read_all(out, out, &mut made);
        made.remove(MANIFEST_NAME);
        Ok(Copy { masked, manifest, files: made })
    }
}

fn read_all(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// What a file says: its bytes where it is text, its rows where it is Parquet.
pub(crate) fn content(name: &str, bytes: &[u8]) -> String {
    if !name.ends_with(".parquet") {
        return bytes.escape_ascii().to_string();
    }
    let reader = SerializedFileReader::new(bytes::Bytes::copy_from_slice(bytes)).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    rows.map(|row| format!("{}\n", row.unwrap())).collect()
}
