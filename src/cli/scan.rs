//! `loup scan`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::ScanArgs;
use super::setup::{self, Setup};
use super::{Exit, print, shows_progress};
use crate::datamap::document::{KeyRef, MapDocument};
use crate::datamap::explain::explain;
use crate::datamap::{DataMap, finish};
use crate::error::Error;
use crate::pipeline::{Location, Scan};
use crate::protect::pseudonym::Digester;
use crate::protect::recognise::TokenShape;
use crate::report::{html, profile, table};
use crate::rules::RuleSet;
use crate::source::InputFile;

pub(super) fn run(args: &ScanArgs, cancelled: &Arc<AtomicBool>) -> Result<Exit, Error> {
    let mut setup = Setup::new(&args.paths, &args.reading, &args.key)?;
    // Standard input is looked at as often as a file is: it goes to a file without a name first,
    // which is gone when the process is.
    let _spooled = setup.is_stdin.then(|| spool(&mut setup)).transpose()?;
    super::mask::say_policy(setup.policy_path.as_deref(), args.reading.quiet);
    let keyring = setup.keyring(&args.key)?;
    let digester = match &keyring {
        Some(keyring) => Digester::keyed(keyring, &setup.domain, setup.rules.names())?,
        None => Digester::ephemeral(setup.rules.names())?,
    };
    let key = keyring.as_ref().map(|keyring| {
        let (epoch, key) = keyring.active();
        KeyRef { id: key.id().to_string(), epoch }
    });
    let tokens = TokenShape::new(setup.rules.prefixes(), None);
    let mut findings = args.findings.as_deref().map(create).transpose()?;
    let scan = Scan {
        detector: &setup.detector,
        digester: &digester,
        domain: key.is_some().then(|| setup.domain.to_string()),
        key,
        tokens: &tokens,
        planner: setup.planner,
        policy_digest: setup.policy_digest,
        overrides: setup.overrides,
        effort: setup.effort,
        progress: shows_progress(args.reading.quiet),
        profiled: args.profile,
        cancelled,
        started: setup::now(),
    };
    let places: Vec<Location> =
        args.explain.iter().filter_map(|it| place(it, &setup.files)).collect();
    let out = findings.as_mut().map(|out| out as &mut dyn Write);
    let scanned = scan.run(&setup.files, out, &places)?;
    if let Some(path) = &args.out {
        let json = serde_json::to_string_pretty(&scanned.map)
            .expect("a map has string keys and finite numbers");
        write(path, &(json + "\n"))?;
    }
    if let Some(path) = &args.html {
        write(path, &html::render(&scanned.map))?;
    }
    let mut of_places = scanned.explained.iter();
    for asked in &args.explain {
        match place(asked, &setup.files) {
            Some(_) => {
                print(of_places.next().filter(|text| !text.is_empty()).ok_or_else(|| {
                    let help =
                        "a place is FILE:RECORD or FILE:RECORD:START, as in a line of --findings";
                    Error::usage(format!("nothing was found at `{asked}`"), help)
                })?)?
            }
            None => print(&explained(&scanned.counts, asked, setup.detector.rules())?)?,
        }
    }
    let to_stdout = [&args.out, &args.findings, &args.html]
        .into_iter()
        .any(|path| path.as_deref() == Some(Path::new("-")));
    if !args.reading.quiet && !to_stdout && args.explain.is_empty() {
        print(&summary(&scanned.map, args))?;
    }
    if let Some(profile) = &scanned.profile {
        let _ = io::stderr()
            .write_all(profile::render(profile, &options_for(&console::Term::stderr())).as_bytes());
    }
    let found = args.fail_on.is_some_and(|limit| is_found(&scanned.map, limit));
    Ok(if found {
        Exit::Found
    } else if scanned.incomplete {
        Exit::Incomplete
    } else {
        Exit::Done
    })
}

/// The place in one of `files` that `asked` names, if it names one and no field.
fn place(asked: &str, files: &[InputFile]) -> Option<Location> {
    let mut place = Location::parse(asked)?;
    let is_it =
        |file: &&InputFile| file.relative == place.file || file.path == Path::new(&place.file);
    place.file = files.iter().find(is_it)?.relative.clone();
    Some(place)
}

/// Why the fields that `asked` names, in whatever datasets, got their verdicts.
fn explained(counts: &DataMap, asked: &str, rules: &RuleSet) -> Result<String, Error> {
    let mut text = String::new();
    for (name, dataset) in &counts.datasets {
        let path = asked.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix(':'));
        let path = path.unwrap_or(asked);
        for (key, field) in dataset.fields() {
            if key.path == path {
                let verdict = finish::verdict_of(field, rules);
                text.push_str(&explain(name, &key.path, field, &verdict, rules));
            }
        }
    }
    if text.is_empty() {
        let help = "name it as the table does, or a finding as FILE:RECORD:START; a field without \
                    findings is in the map of --out";
        return Err(Error::usage(format!("there is no field `{asked}` in the data"), help));
    }
    Ok(text)
}

fn summary(map: &MapDocument, args: &ScanArgs) -> String {
    let mut text = table::render(map, &options_for(&console::Term::stdout()));
    let mut written = Vec::new();
    for (label, path) in [("Map", &args.out), ("Findings", &args.findings), ("Page", &args.html)] {
        if let Some(path) = path {
            written.push(format!("{label}: {}", path.display()));
        }
    }
    if !written.is_empty() {
        text.push_str(&written.join("   "));
        text.push('\n');
    }
    text
}

/// How tables look on `term`, or where it leads to.
pub(super) fn options_for(term: &console::Term) -> table::TableOptions {
    let is_terminal = term.is_term();
    table::TableOptions {
        width: if is_terminal { term.size().1.into() } else { 140 },
        color: is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        unicode: is_terminal,
        max_rows: 60,
    }
}

fn is_found(map: &MapDocument, limit: f64) -> bool {
    let kinds = map.datasets.iter().flat_map(|dataset| &dataset.fields).flat_map(|f| &f.kinds);
    kinds.into_iter().any(|kind| kind.findings > 0 && kind.confidence >= limit)
}

fn create(path: &Path) -> Result<BufWriter<Box<dyn Write>>, Error> {
    let out: Box<dyn Write> = if path == Path::new("-") {
        Box::new(io::stdout())
    } else {
        Box::new(File::create(path).map_err(|error| failed(path, &error))?)
    };
    Ok(BufWriter::new(out))
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), Error> {
    if path == Path::new("-") {
        return print(text);
    }
    std::fs::write(path, text).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &io::Error) -> Error {
    Error::Write { path: path.to_owned(), kind: error.kind() }
}

/// Copies standard input to an unnamed file and lets the input point to it.
pub(super) fn spool(setup: &mut Setup) -> Result<File, Error> {
    let here = |error: io::Error| Error::Read {
        path: "standard input".into(),
        reason: error.kind().to_string(),
    };
    let mut file = tempfile::tempfile().map_err(here)?;
    let bytes = io::copy(&mut io::stdin().lock(), &mut file).map_err(here)?;
    for input in setup.files.iter_mut().filter(|input| input.is_stdin()) {
        input.path = unnamed(&file);
        input.bytes = bytes;
    }
    Ok(file)
}

/// A path that opens `file` anew, although it has no name.
fn unnamed(file: &File) -> std::path::PathBuf {
    use std::os::fd::AsRawFd;
    format!("/proc/self/fd/{}", file.as_raw_fd()).into()
}
