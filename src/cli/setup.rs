//! From arguments to what a run needs: inputs, rules, policy, key.

use std::io;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;

use zeroize::Zeroizing;

use super::args::{FormatArgs, InputFormat, KeyArgs, KeySourceArgs, PassphraseArgs, ReadingArgs};
use super::{guard, passphrase, shows_progress};
use crate::datamap::document::{MapDocument, SCHEMA};
use crate::detect::Detector;
use crate::error::Error;
use crate::format::text::csv::CsvOverrides;
use crate::kind::{Region, phone};
use crate::pipeline::{self, CHUNK_BYTES, Effort, FormatName, FormatOverrides, Scan, Scanned};
use crate::policy::{Planner, PolicyFile};
use crate::protect::encrypt::Encryptor;
use crate::protect::key::Domain;
use crate::protect::keyring::Keyring;
use crate::protect::keysource::{KeySources, PassphraseSources};
use crate::protect::operator::Protector;
use crate::protect::pseudonym::{Digester, Pseudonymiser, Scope};
use crate::protect::recognise::TokenShape;
use crate::protect::shift::Shifter;
use crate::protect::surrogate::Surrogates;
use crate::rules::RuleSet;
use crate::source::{self, InputFile};

/// Confidence from which a candidate counts, if nobody says otherwise.
const MIN_CONFIDENCE: f64 = 0.5;

/// What both `scan` and `mask` start from.
pub(super) struct Setup {
    pub(super) files: Vec<InputFile>,
    pub(super) is_stdin: bool,
    pub(super) rules: Arc<RuleSet>,
    /// Its tables are the system's again when the program ends, which is sooner than freeing each word.
    pub(super) detector: ManuallyDrop<Detector>,
    pub(super) planner: Planner,
    pub(super) policy: Option<PolicyFile>,
    pub(super) policy_path: Option<PathBuf>,
    pub(super) policy_digest: Option<String>,
    pub(super) domain: Domain,
    pub(super) overrides: FormatOverrides,
    pub(super) effort: Effort,
}

impl Setup {
    /// Under the policy that is named, else the one that is found.
    pub(super) fn new(
        paths: &[PathBuf],
        reading: &ReadingArgs,
        key: &KeyArgs,
    ) -> Result<Self, Error> {
        let found = || {
            let config = std::env::var_os("LOUP_CONFIG").map(PathBuf::from);
            PolicyFile::find(config, Path::new("."), paths)
        };
        Self::under(reading.policy.clone().or_else(found), paths, reading, key)
    }

    /// Under this policy, or none.
    pub(super) fn under(
        policy_path: Option<PathBuf>,
        paths: &[PathBuf],
        reading: &ReadingArgs,
        key: &KeyArgs,
    ) -> Result<Self, Error> {
        let mut files = source::discover(paths)?;
        let is_stdin = files.iter().any(InputFile::is_stdin);
        let rules = Arc::new(RuleSet::load(reading.rules.as_deref())?);
        let (policy, policy_digest) = match &policy_path {
            Some(path) => {
                let (policy, digest) = PolicyFile::read(path)?;
                (Some(policy), Some(digest))
            }
            None => (None, None),
        };
        let regions = regions(reading, policy.as_ref())?;
        let min_confidence = reading
            .min_confidence
            .or(policy.as_ref().and_then(|policy| policy.min_confidence))
            .unwrap_or(MIN_CONFIDENCE);
        let domain = key.domain.as_deref().or(policy.as_ref().and_then(|p| p.domain.as_deref()));
        let domain = domain.map_or_else(|| Ok(Domain::default()), Domain::new)?;
        let planner = Planner::new(Arc::clone(&rules), policy.as_ref(), min_confidence)?;
        let detector = Detector::new(Arc::clone(&rules), regions)?;
        pipeline::hide(&detector, &mut files);
        let threads = reading
            .threads
            .map_or_else(|| available_parallelism().map_or(1, usize::from), usize::from);
        Ok(Self {
            files,
            is_stdin,
            rules,
            detector: ManuallyDrop::new(detector),
            planner,
            policy,
            policy_path,
            policy_digest,
            domain,
            overrides: overrides(&reading.format),
            effort: Effort { threads, chunk_bytes: CHUNK_BYTES },
        })
    }

    /// The keyring, where one is given.
    pub(super) fn keyring(&self, key: &KeyArgs) -> Result<Option<Keyring>, Error> {
        keyring(&key.source, self.is_stdin)
    }

    /// What applies the operators of the policy under `keyring`: those that take a master key where the
    /// policy could use them.
    pub(super) fn protector(&self, keyring: Option<&Keyring>) -> Result<Protector, Error> {
        let Self { rules, domain, planner, .. } = self;
        let pseudonyms = keyring.map(|keyring| {
            Pseudonymiser::new(keyring, domain, Scope::Domain, rules.names_and_prefixes())
        });
        let protector = Protector::new(rules.names(), pseudonyms.transpose()?);
        let Some(keyring) = keyring.filter(|_| planner.needs_master_key()) else {
            return Ok(protector);
        };
        let master = keyring.active().1.master()?;
        let shifter = Shifter::new(master, domain, Scope::Domain, rules.names())?;
        let encryptor = Encryptor::new(keyring, domain, rules.names_and_prefixes())?;
        let surrogates = Surrogates::new(master, domain, rules.names())?;
        Ok(protector.with_reversible(encryptor, surrogates).with_shifter(shifter))
    }

    /// A scan for the map alone, without a key.
    pub(super) fn scan(self, is_quiet: bool, cancelled: &AtomicBool) -> Result<Scanned, Error> {
        let digester = Digester::ephemeral(self.rules.names())?;
        let tokens = TokenShape::new(self.rules.prefixes(), None);
        let scan = Scan {
            detector: &self.detector,
            digester: &digester,
            domain: None,
            key: None,
            tokens: &tokens,
            planner: self.planner,
            policy_digest: self.policy_digest,
            overrides: self.overrides,
            effort: self.effort,
            progress: shows_progress(is_quiet),
            profiled: false,
            cancelled,
            started: now(),
        };
        Ok(scan.run(&self.files, None, &[])?)
    }
}

/// The keyring, where one is given, opened. Standard input cannot hold the data and the key. From here on
/// nobody can look into this process.
pub(super) fn keyring(source: &KeySourceArgs, is_stdin: bool) -> Result<Option<Keyring>, Error> {
    let from_stdin = source.file.key_file.as_deref() == Some(Path::new("-"));
    if from_stdin && is_stdin {
        return Err(Error::usage(
            "standard input cannot be both the data and the key",
            "give the key by --key-file FILE, --key-command, LOUP_KEY_FILE or LOUP_KEY",
        ));
    }
    guard::close();
    Ok(key_sources(source).find(io::stdin())?)
}

/// Where the key may be, as the command line and the environment say.
pub(super) fn key_sources(source: &KeySourceArgs) -> KeySources {
    KeySources {
        key_file: source.file.key_file.clone(),
        key_command: source.key_command.clone(),
        env_key_file: env_key_file(),
        env_key: std::env::var("LOUP_KEY").ok().map(Zeroizing::new),
        allow_open: source.file.allow_open_key_file,
        passphrase: passphrase_sources(&source.file.passphrase),
    }
}

/// Where the passphrase of a keyring may be.
pub(super) fn passphrase_sources(args: &PassphraseArgs) -> PassphraseSources {
    PassphraseSources {
        command: args.passphrase_command.clone(),
        env: std::env::var("LOUP_PASSPHRASE").ok().map(Zeroizing::new),
        ask: passphrase::is_possible().then_some(passphrase::ask),
    }
}

/// A wrong command line: `option` takes what this build was made without.
pub(super) fn lacks_age(option: &str) -> Error {
    Error::usage(
        format!("{option} encrypts, and this build of loup lacks the feature `age`"),
        "use one that was built with `--features age`",
    )
}

/// The value of `LOUP_KEY_FILE`.
pub(super) fn env_key_file() -> Option<PathBuf> {
    std::env::var_os("LOUP_KEY_FILE").map(PathBuf::from)
}

fn regions(reading: &ReadingArgs, policy: Option<&PolicyFile>) -> Result<Vec<Region>, Error> {
    let codes = match policy {
        Some(policy) if reading.regions.is_empty() => &policy.regions,
        _ => &reading.regions,
    };
    regions_of(codes)
}

/// The regions of these codes.
pub(super) fn regions_of(codes: &[String]) -> Result<Vec<Region>, Error> {
    codes
        .iter()
        .map(|code| {
            Region::new(code).filter(|region| phone::is_supported_region(*region)).ok_or_else(
                || {
                    Error::usage(
                        format!("`{code}` is no region"),
                        "use ISO 3166-1 codes such as FR, BE or GB",
                    )
                },
            )
        })
        .collect()
}

/// What the command line says about formats.
pub(super) fn overrides(args: &FormatArgs) -> FormatOverrides {
    FormatOverrides {
        format: args.format.map(|format| match format {
            InputFormat::Text => FormatName::Text,
            InputFormat::Csv => FormatName::Csv,
            InputFormat::Json => FormatName::Json,
            InputFormat::Ndjson => FormatName::Ndjson,
            InputFormat::Parquet => FormatName::Parquet,
        }),
        csv: CsvOverrides {
            delimiter: args.delimiter,
            quote: None,
            header: args.no_header.then_some(false),
        },
    }
}

/// The map in a file.
pub(super) fn read_map(path: &Path) -> Result<MapDocument, Error> {
    let failed = |reason: String| Error::Read { path: path.to_owned(), reason };
    let text = std::fs::read(path).map_err(|error| failed(error.kind().to_string()))?;
    let map: MapDocument = serde_json::from_slice(&text)
        .map_err(|error| failed(format!("no data map (line {})", error.line())))?;
    if map.schema != SCHEMA {
        return Err(failed(format!("not a map of this version ({SCHEMA})")));
    }
    Ok(map)
}

/// The time now in RFC 3339, whole seconds.
pub(super) fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}
