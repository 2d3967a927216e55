//! `loup verify`.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::args::{KeyArgs, ReadingArgs, VerifyArgs};
use super::setup::{self, Setup};
use super::{Exit, guard, print, shows_progress};
use crate::detect::Detector;
use crate::error::Error;
use crate::pipeline::{Mask, verify};
use crate::protect::KeyError;
use crate::protect::key::{KEY_BYTES, MasterKey, RunSecret};
use crate::protect::keyring::Keyring;
use crate::protect::keysource::KeySources;
use crate::protect::pseudonym::Digester;
use crate::protect::recognise::TokenShape;
use crate::report::verify::{Check, Outcome, VerifyReport, render};
use crate::rules::RuleSet;
use crate::sink::manifest::{CheckResult, InputDigest, Stored, Verification};
use crate::sink::{FileEntry, Manifest, manifest, size_and_sha256};
use crate::source::{FileIdentity, InputFile, MANIFEST_NAME};

pub(super) fn run(args: &VerifyArgs, cancelled: &Arc<AtomicBool>) -> Result<Exit, Error> {
    let Some(stored) = manifest::open(&args.out.join(MANIFEST_NAME))? else {
        return Err(Error::usage(
            format!("{} has no manifest: it is no finished output", args.out.display()),
            "name the directory that `loup mask --out` wrote to, and let the run finish",
        ));
    };
    if args.record && stored.manifest.chain.is_none() {
        return Err(Error::usage(
            format!("the manifest of {} has no chain to append to", args.out.display()),
            "leave --record out, or protect the originals with this version",
        ));
    }
    let chain = verify::chain(&stored, args.seal.as_deref(), args.manifest);
    let Stored { manifest, broken, .. } = stored;
    let Checked { mut checks, kept, with_key, inputs } = checked(args, &manifest, cancelled)?;
    checks.insert(0, chain);
    let seal = manifest.seal().filter(|_| broken.is_none()).map(str::to_owned);
    let mut report = VerifyReport::new(checks, kept, verify::quarantined(&manifest), seal);
    let recorded = match broken {
        None if args.record => {
            let verification = verification(&report, with_key, inputs);
            manifest::record(&args.out, &manifest, verification).map(Some)
        }
        Some(_) if args.record => {
            let _ = writeln!(io::stderr(), "not recorded: the chain of the manifest is broken");
            Ok(None)
        }
        _ => Ok(None),
    };
    if let Ok(Some(seal)) = &recorded {
        report.seal = Some(seal.clone());
    }
    write(&report, args.report.as_deref(), args.reading.quiet)?;
    recorded?;
    Ok(match report.result {
        Outcome::Ok => Exit::Done,
        Outcome::Failed => Exit::Found,
        Outcome::Incomplete => Exit::Incomplete,
    })
}

/// What was asked of an output, beside the chain of its manifest.
#[derive(Default)]
struct Checked {
    checks: Vec<Check>,
    kept: BTreeMap<String, u64>,
    /// Whether pseudonyms were made with the key of the run.
    with_key: bool,
    /// The inputs that it was held against, where that is recorded.
    inputs: Option<Vec<InputDigest>>,
}

fn checked(
    args: &VerifyArgs,
    manifest: &Manifest,
    cancelled: &Arc<AtomicBool>,
) -> Result<Checked, Error> {
    if args.manifest {
        let rules = RuleSet::load(args.reading.rules.as_deref())?;
        let detector = Detector::new(Arc::new(rules), Vec::new())?;
        let files = verify::files(&args.out, manifest, &detector)?;
        return Ok(Checked { checks: vec![files], ..Checked::default() });
    }
    let mut reading = args.reading.clone();
    if reading.regions.is_empty() {
        reading.regions.clone_from(&manifest.regions.given);
    }
    let setup = Setup::new(std::slice::from_ref(&args.out), &reading, &no_key(manifest))?;
    agree(&setup.rules, manifest)?;
    let is_same_policy = setup.policy_digest == manifest.policy_digest;
    if !args.against.is_empty() && !is_same_policy {
        let help = match manifest.policy_digest {
            Some(_) => "name the policy of that run with --policy",
            None => "that run had none: run this where no loup.toml is found",
        };
        return Err(Error::usage("the output was made with another policy", help));
    }
    let files = verify::files(&args.out, manifest, &setup.detector)?;
    let map = setup.scan(reading.quiet, cancelled)?.map;
    let (left, kept) = verify::left(&map, manifest, is_same_policy);
    let before = Checked { checks: vec![files, left], kept, ..Checked::default() };
    if args.against.is_empty() {
        return Ok(before);
    }
    against(args, &reading, manifest, before, cancelled)
}

/// Compares the output with the input that is named; these checks come behind those `before`.
fn against(
    args: &VerifyArgs,
    reading: &ReadingArgs,
    manifest: &Manifest,
    before: Checked,
    cancelled: &Arc<AtomicBool>,
) -> Result<Checked, Error> {
    let setup = Setup::new(&args.against, reading, &no_key(manifest))?;
    agree(&setup.rules, manifest)?;
    if setup.is_stdin {
        return Err(Error::usage("a stream cannot be verified", "name files or directories"));
    }
    let given = given_keyring(args, manifest)?;
    let is_exact = given.is_some();
    let epoch = manifest.key.as_ref().map_or(1, |key| key.epoch);
    let keyring = given.map_or_else(|| throwaway(epoch), Ok)?;
    let protector = setup.protector(Some(&keyring))?;
    // The secret of a run is gone with it.
    let is_exact = is_exact && !setup.planner.uses_runs();
    if setup.planner.uses_runs() {
        protector.begin_run(&RunSecret::generate()?)?;
    }
    let tokens = TokenShape::new(setup.rules.prefixes(), manifest.key.as_ref().map(|_| &keyring));
    let digester = Digester::ephemeral(setup.rules.names())?;
    let Setup { files, detector, planner, policy_digest, overrides, effort, .. } = setup;
    let mask = Mask {
        detector: &detector,
        digester: &digester,
        tokens: &tokens,
        protector: &protector,
        domain: manifest.domain.clone(),
        key: manifest.key.clone(),
        policy_digest,
        skips_unsupported: false,
        overrides,
        effort,
        progress: shows_progress(reading.quiet),
        cancelled,
        started: setup::now(),
    };
    let identities = identities(&files);
    let planned = mask.plan(&files, planner, None)?;
    let Checked { checks, kept, .. } = before;
    let mut checks = mask.verify(&files, &planned, &args.out, manifest, is_exact, checks)?;
    if planned.plan.digest != manifest.plan_digest
        && let Some(content) = checks.iter_mut().find(|check| check.name == "content")
    {
        content.notes.push(
            "the input gives another plan than that of the run: it has changed, or was named in \
             another way"
                .to_owned(),
        );
    }
    let inputs = args.record.then(|| digests(&files, &identities, manifest)).transpose()?;
    Ok(Checked { checks, kept, with_key: is_exact, inputs })
}

/// The inputs as they are before anything is read of them; nothing of those that cannot be read.
fn identities(files: &[InputFile]) -> Vec<Option<FileIdentity>> {
    let of = |file: &InputFile| FileIdentity::of(&file.path).ok();
    files.iter().map(|file| of(file).filter(|_| file.problem.is_none())).collect()
}

/// The digests of the inputs that can be read, which are still what they were.
fn digests(
    files: &[InputFile],
    identities: &[Option<FileIdentity>],
    manifest: &Manifest,
) -> Result<Vec<InputDigest>, Error> {
    let place_of = |entry: &'_ FileEntry| Some((entry.input?, entry.file.clone()));
    let renamed: HashMap<u64, String> = manifest.files.iter().filter_map(place_of).collect();
    let mut digests = Vec::new();
    for (place, (file, before)) in files.iter().zip(identities).enumerate() {
        let Some(before) = before else { continue };
        let failed = |reason: String| Error::Read { path: file.path.clone(), reason };
        let (bytes, sha256) =
            size_and_sha256(&file.path).map_err(|error| failed(error.kind().to_string()))?;
        if FileIdentity::of(&file.path).ok() != Some(*before) {
            return Err(failed("it changed while it was verified: verify again".to_owned()));
        }
        // A name that is personal data is not repeated: the manifest has that of the output.
        let name = renamed.get(&(place as u64)).unwrap_or(&file.output);
        digests.push(InputDigest { file: name.clone(), bytes, sha256 });
    }
    digests.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(digests)
}

/// What goes into the manifest.
fn verification(
    report: &VerifyReport,
    with_key: bool,
    inputs: Option<Vec<InputDigest>>,
) -> Verification {
    let check = |check: &Check| CheckResult {
        name: check.name.to_owned(),
        holds: check.holds,
        looked_at: check.looked_at,
        unit: check.unit.to_owned(),
        problems: check.problems.iter().map(|problem| problem.count).sum(),
    };
    Verification {
        time: setup::now(),
        version: report.version.clone(),
        result: report.result.word().to_owned(),
        with_key,
        checks: report.checks.iter().map(check).collect(),
        inputs,
    }
}

/// The keyring that is named, as it was in the epoch of the run.
fn given_keyring(args: &VerifyArgs, manifest: &Manifest) -> Result<Option<Keyring>, Error> {
    if args.key_file.is_some() || args.key_command.is_some() {
        guard::close();
    }
    let sources = KeySources {
        key_file: args.key_file.clone(),
        key_command: args.key_command.clone(),
        allow_open: args.allow_open_key_file,
        passphrase: setup::passphrase_sources(&args.passphrase),
        ..KeySources::default()
    };
    let (Some(keyring), Some(key)) = (sources.find(io::stdin())?, &manifest.key) else {
        return Ok(None);
    };
    if let Ok(id) = key.id.parse() {
        keyring.agree(key.epoch, id)?;
    }
    let keyring = keyring.as_of(key.epoch).map_err(|error| {
        Error::usage(
            format!("the output was made with key {} of epoch {}: {error}", key.id, key.epoch),
            "name a keyring that has it, or none: pseudonyms are then told by their form",
        )
    })?;
    Ok(Some(keyring))
}

/// So many epochs before that of the output are known for tokens.
const EPOCHS: u32 = 64;

/// A keyring that nobody else has, of the same epochs.
fn throwaway(epoch: u32) -> Result<Keyring, Error> {
    let mut text = Zeroizing::new(String::new());
    for number in epoch.saturating_sub(EPOCHS).max(1)..=epoch {
        let mut secret = Zeroizing::new([0; KEY_BYTES]);
        getrandom::fill(&mut *secret).map_err(KeyError::Randomness)?;
        let id = MasterKey::new(&*secret)?.id();
        let secret = Zeroizing::new(STANDARD.encode(*secret));
        let status = if number == epoch { "active" } else { "retired" };
        let _ = write!(
            text,
            "[[key]]\nepoch = {number}\nid = \"{id}\"\nstatus = \"{status}\"\nsecret = \"{}\"\n",
            *secret
        );
    }
    Ok(Keyring::parse(text.as_bytes())?)
}

/// A verification needs no key; its domain is that of the run.
fn no_key(manifest: &Manifest) -> KeyArgs {
    KeyArgs { domain: manifest.domain.clone(), ..KeyArgs::default() }
}

/// Other rules see other things.
fn agree(rules: &RuleSet, manifest: &Manifest) -> Result<(), Error> {
    if rules.digest == manifest.rules_digest {
        return Ok(());
    }
    Err(Error::usage(
        "the output was made with other rules than these",
        format!("use the rules of that run with --rules DIR, and loup {}", manifest.version),
    ))
}

fn write(report: &VerifyReport, path: Option<&Path>, is_quiet: bool) -> Result<(), Error> {
    let json = || {
        let mut json = serde_json::to_string_pretty(report).unwrap_or_default();
        json.push('\n');
        json
    };
    match path {
        Some(path) if path == Path::new("-") => return print(&json()),
        Some(path) => std::fs::write(path, json())
            .map_err(|error| Error::Write { path: path.to_owned(), kind: error.kind() })?,
        None => {}
    }
    if is_quiet { Ok(()) } else { print(&render(report)) }
}
