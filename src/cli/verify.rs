//! `loup verify`.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::{KeyArgs, ReadingArgs, VerifyArgs};
use super::setup::{self, Setup};
use super::{Exit, print, shows_progress};
use crate::datamap::document::MapDocument;
use crate::error::Error;
use crate::pipeline::{Scan, verify};
use crate::protect::pseudonym::Digester;
use crate::protect::recognise::TokenShape;
use crate::report::verify::{Outcome, VerifyReport, render};
use crate::rules::RuleSet;
use crate::sink::{Manifest, manifest};

pub(super) fn run(args: &VerifyArgs, cancelled: &Arc<AtomicBool>) -> Result<Exit, Error> {
    let Some(manifest) = manifest::read(&args.out)? else {
        return Err(Error::usage(
            format!("{} has no manifest: it is no finished output", args.out.display()),
            "name the directory that `loup mask --out` wrote to, and let the run finish",
        ));
    };
    let mut reading = args.reading.clone();
    if reading.regions.is_empty() {
        reading.regions.clone_from(&manifest.regions.given);
    }
    let setup = Setup::new(std::slice::from_ref(&args.out), &reading, &no_key(&manifest))?;
    agree(&setup.rules, &manifest)?;
    let files = verify::files(&args.out, &manifest, &setup.detector)?;
    let (left, kept) = verify::left(&scan(setup, &reading, cancelled)?, &manifest);
    let checks = vec![files, left];
    let report = VerifyReport::new(checks, kept, verify::quarantined(&manifest));
    write(&report, args.report.as_deref(), reading.quiet)?;
    Ok(match report.result {
        Outcome::Ok => Exit::Done,
        Outcome::Failed => Exit::Found,
        Outcome::Incomplete => Exit::Incomplete,
    })
}

/// A verification needs no key; its domain is that of the run.
fn no_key(manifest: &Manifest) -> KeyArgs {
    KeyArgs { key_file: None, allow_open_key_file: false, domain: manifest.domain.clone() }
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

/// The map of the output.
fn scan(
    setup: Setup,
    reading: &ReadingArgs,
    cancelled: &Arc<AtomicBool>,
) -> Result<MapDocument, Error> {
    let digester = Digester::ephemeral(setup.kind_names())?;
    let tokens = TokenShape::new(setup.prefixes(), None);
    let Setup { files, detector, planner, policy_digest, overrides, effort, .. } = setup;
    let scan = Scan {
        detector: &detector,
        digester: &digester,
        key: None,
        domain: None,
        tokens: &tokens,
        planner,
        policy_digest,
        overrides,
        effort,
        progress: shows_progress(reading.quiet),
        profiled: false,
        cancelled,
        started: setup::now(),
    };
    Ok(scan.run(&files, None, &[])?.map)
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
