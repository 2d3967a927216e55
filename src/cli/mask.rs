//! `loup mask`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, BufWriter, IsTerminal, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::MaskArgs;
use super::setup::{self, Setup};
use super::{Exit, print, shows_progress};
use crate::datamap::document::KeyRef;
use crate::datamap::finish::Verdicts;
use crate::error::Error;
use crate::kind::generalize::{Coarseness, Unit};
use crate::operator::{Operator, Treatment};
use crate::pipeline::{Content, Known, Mask, Masked, Planned, identify_stream};
use crate::policy::plan::Whole;
use crate::policy::{Plan, Planner, Unsupported};
use crate::protect::KeyError;
use crate::protect::keyring::Keyring;
use crate::protect::pseudonym::Digester;
use crate::protect::recognise::TokenShape;
use crate::report::human;
use crate::report::plan::{PlanRow, render_plan};
use crate::report::table::TableOptions;
use crate::rules::{Kind, KindId, RuleSet};
use crate::sink::{FileState, manifest};
use crate::source::{self, InputFile, MANIFEST_NAME, STDIN};

pub(super) fn run(args: &MaskArgs, cancelled: &Arc<AtomicBool>) -> Result<Exit, Error> {
    let setup = Setup::new(&args.paths, &args.reading, &args.key)?;
    match (&args.out, setup.is_stdin) {
        (None, false) if !args.dry_run => {
            return Err(Error::usage("no output named", "add --out DIR, or --dry-run"));
        }
        (Some(_), true) => {
            return Err(Error::usage(
                "a filter writes to standard output",
                "leave --out out, or name a file instead of `-`",
            ));
        }
        _ => {}
    }
    let keyring = setup.keyring(&args.key)?;
    if keyring.is_none() && setup.planner.needs_key() && !args.dry_run {
        return Err(Error::Key(KeyError::Missing));
    }
    refuse_other_keys(&setup, keyring.as_ref())?;
    let known =
        args.map.as_deref().map(|path| read_map(path, &setup, keyring.as_ref())).transpose()?;
    let protector = setup.protector(keyring.as_ref())?;
    let tokens = TokenShape::new(setup.rules.prefixes(), keyring.as_ref());
    let digester = Digester::ephemeral(setup.rules.names())?;
    let Setup {
        files, rules, detector, planner, policy, policy_digest, policy_path, domain, ..
    } = setup;
    say_policy(policy_path.as_deref(), args.reading.quiet);
    let key = keyring.as_ref().map(key_ref);
    let mask = Mask {
        detector: &detector,
        digester: &digester,
        tokens: &tokens,
        protector: &protector,
        domain: key.is_some().then(|| domain.to_string()),
        key,
        policy_digest,
        skips_unsupported: policy.is_some_and(|p| p.unsupported == Unsupported::Skip),
        overrides: setup.overrides,
        effort: setup.effort,
        progress: shows_progress(args.reading.quiet),
        cancelled,
        started: setup::now(),
    };
    if setup.is_stdin {
        return filter(&mask, files, planner, known);
    }
    let planned = mask.plan(&files, planner, known)?;
    let Some(out) = args.out.as_deref().filter(|_| !args.dry_run) else {
        let epoch = keyring.as_ref().map_or(1, |keyring| keyring.active().0);
        print(&dry_run(&planned, &rules, epoch))?;
        return Ok(Exit::Done);
    };
    let guarded = source::guarded_paths(&args.paths, &files);
    let masked = mask.run(&files, &planned, out, &guarded, args.overwrite)?;
    warn(&masked);
    if !args.reading.quiet {
        print(&summary(&masked, &planned.plan, out))?;
    }
    Ok(if masked.incomplete { Exit::Incomplete } else { Exit::Done })
}

/// A policy that was found and not named is easily forgotten, and decides everything.
pub(super) fn say_policy(path: Option<&Path>, is_quiet: bool) {
    if let Some(path) = path.filter(|_| !is_quiet) {
        let _ = writeln!(io::stderr(), "policy: {}", path.display());
    }
}

fn key_ref(keyring: &Keyring) -> KeyRef {
    let (epoch, key) = keyring.active();
    KeyRef { id: key.id().to_string(), epoch }
}

/// Protects standard input to standard output in one pass.
fn filter(
    mask: &Mask<'_>,
    files: Vec<InputFile>,
    planner: Planner,
    known: Option<Known>,
) -> Result<Exit, Error> {
    let Some(input) = files.into_iter().next() else { return Ok(Exit::Done) };
    let unreadable = |error: io::Error| Error::Read {
        path: "standard input".into(),
        reason: error.kind().to_string(),
    };
    let (stream, reader) =
        identify_stream(input, io::stdin(), mask.overrides, mask.detector).map_err(unreadable)?;
    match &stream.content {
        Content::Empty => return Ok(Exit::Done),
        Content::Failed(reason) | Content::Skipped { reason, .. } => {
            return Err(Error::Read { path: "standard input".into(), reason: reason.clone() });
        }
        content if content.has_fields() && known.is_none() && !planner.declares(STDIN) => {
            return Err(Error::usage(
                format!(
                    "a stream is read once, and what is in the fields of {} has to be known before",
                    content.format_name()
                ),
                "name the fields in [[fields]] of a policy, give the map of a scan with --map, or \
                 read it as lines with --format text",
            ));
        }
        _ => {}
    }
    let known = known.map(|known| of_stream(known.verdicts, &stream.content)).transpose()?;
    let known = known.unwrap_or_default();
    planner.check_stream(STDIN, &known)?;
    let plan = mask.stream_plan(planner, known);
    let mut out = BufWriter::new(io::stdout().lock());
    mask.filter(stream, reader, &plan, &mut out)?;
    Ok(Exit::Done)
}

/// The verdicts of a map for a stream, which has no name that a dataset of the map could have.
fn of_stream(known: Verdicts, content: &Content) -> Result<Verdicts, Error> {
    if !content.has_fields() {
        return Ok(known);
    }
    let count = known.len();
    let mut datasets = known.into_values();
    match (datasets.next(), datasets.next()) {
        (Some(only), None) => Ok(Verdicts::from([(STDIN.to_owned(), only)])),
        _ => Err(Error::usage(
            format!("the map has {count} datasets, and the stream is one of them"),
            "give a map of a scan of just that data",
        )),
    }
}

/// Two keys never mix under one epoch: what the inputs' manifests say of the key has to agree.
fn refuse_other_keys(setup: &Setup, keyring: Option<&Keyring>) -> Result<(), Error> {
    let roots: BTreeSet<_> = setup.files.iter().map(|file| &file.root).collect();
    for root in roots {
        let Some(manifest) = manifest::read(root)? else { continue };
        agree(keyring, manifest.key.as_ref())?;
        if manifest.domain.as_deref().is_some_and(|domain| domain != setup.domain.as_str()) {
            return Err(Error::usage(
                format!(
                    "{} was protected in domain `{}`, and this run is for `{}`",
                    root.display(),
                    manifest.domain.unwrap_or_default(),
                    setup.domain
                ),
                "protect the originals for each domain anew",
            ));
        }
    }
    Ok(())
}

fn agree(keyring: Option<&Keyring>, stated: Option<&KeyRef>) -> Result<(), Error> {
    if let (Some(keyring), Some(stated)) = (keyring, stated)
        && let Ok(id) = stated.id.parse()
    {
        keyring.agree(stated.epoch, id)?;
    }
    Ok(())
}

fn read_map(path: &Path, setup: &Setup, keyring: Option<&Keyring>) -> Result<Known, Error> {
    let map = setup::read_map(path)?;
    agree(keyring, map.key.as_ref())?;
    if map.rules_digest != setup.rules.digest {
        return Err(Error::usage(
            format!("{} was made with other rules", path.display()),
            "scan again with the rules of this run",
        ));
    }
    Ok(Known::of(map, &setup.rules))
}

/// The plan as a table: what would happen to each field, with a masked sample, and tokens of `epoch`.
fn dry_run(planned: &Planned, rules: &RuleSet, epoch: u32) -> String {
    let mut rows = Vec::new();
    for (dataset, fields) in &planned.plan.verdicts {
        for (path, known) in fields.all() {
            let plan = planned.plan.planner.field(dataset, path, Some(known));
            let kinds: Vec<_> = match plan.whole {
                Whole::Closure(kind, treatment) => vec![(kind, treatment, "every value")],
                Whole::Regardless(_) => Vec::new(),
                Whole::Shift(treatment) => {
                    rows.push(shifted(&planned.plan, dataset, path, treatment));
                    Vec::new()
                }
                Whole::Findings => known
                    .findings
                    .iter()
                    .map(|(kind, _)| (*kind, plan.operators[usize::from(kind.0)], "each finding"))
                    .collect(),
            };
            let found: Vec<_> = known.findings.iter().map(|(kind, _)| *kind).collect();
            let is_typed = known.value_type.rigid().is_some();
            let as_text = if is_typed && plan.makes_text(&found) { ", as text" } else { "" };
            for (kind, treatment, why) in kinds {
                let operator = treatment.operator;
                let name = &rules.kind(kind).name;
                let before = sample(planned, dataset, path, kind);
                let after = example(rules.kind(kind), treatment, &before, epoch);
                let by = if planned.plan.planner.is_stated(dataset, path, kind) {
                    "policy"
                } else {
                    "default"
                };
                rows.push(PlanRow {
                    dataset: dataset.clone(),
                    field: path.to_owned(),
                    kind: name.clone(),
                    operator,
                    why: format!("{why}{as_text}, {by}"),
                    before,
                    after,
                });
            }
        }
    }
    let width =
        if io::stdout().is_terminal() { console::Term::stdout().size().1.into() } else { 140 };
    let options = TableOptions { width, color: false, unicode: false, max_rows: usize::MAX };
    let mut text = render_plan(&rows, &options);
    text.push_str(
        "Lines of plain text need no plan: what is found in them is replaced by the operator of its \
         kind.\n",
    );
    text
}

/// A field whose dates are shifted.
fn shifted(plan: &Plan, dataset: &str, path: &str, treatment: Treatment) -> PlanRow {
    let by = plan.subject(dataset, path).map(|subject| format!(" by `{}`", subject.path));
    PlanRow {
        dataset: dataset.to_owned(),
        field: path.to_owned(),
        kind: "date".to_owned(),
        operator: treatment.operator,
        why: "every value, policy".to_owned(),
        before: String::new(),
        after: format!(
            "up to {} days off{}",
            treatment.settings.max_days.0,
            by.unwrap_or_default()
        ),
    }
}

/// What stands in the place of a value whose masked sample is `before`.
fn example(kind: &Kind, treatment: Treatment, before: &str, epoch: u32) -> String {
    let prefix = kind.prefix.as_deref().unwrap_or_default();
    let Treatment { operator, settings } = treatment;
    match operator {
        Operator::Token => format!("{prefix}{epoch}_…"),
        Operator::Encrypt => format!("{prefix}e{epoch}_…"),
        Operator::Hash => "64 hex digits".to_owned(),
        Operator::Surrogate => format!("another {}", kind.name),
        Operator::Mask | Operator::Keep => before.to_owned(),
        Operator::Redact => format!("[{}]", kind.name.to_uppercase()),
        Operator::Generalize => match (kind.name.as_str(), settings.coarseness) {
            ("ip", Coarseness { v4, v6, .. }) => format!("its /{v4} or /{v6}"),
            ("phone", _) => "its country code".to_owned(),
            ("email", _) => "its domain".to_owned(),
            (_, Coarseness { to: Unit::Month, .. }) => "its month".to_owned(),
            (_, Coarseness { to: Unit::Year, .. }) => "its year".to_owned(),
        },
        // Its fields have rows of their own.
        Operator::Shift | Operator::Drop => String::new(),
    }
}

/// A masked sample of a kind in a field, where a survey was made.
fn sample(planned: &Planned, dataset: &str, path: &str, kind: KindId) -> String {
    let sample = || {
        let fields = planned.counts.as_ref()?.datasets.get(dataset)?.fields();
        let (_, counts) = fields.into_iter().find(|(key, _)| key.path == path)?;
        let groups = &counts.kinds.get(&kind)?.groups;
        groups
            .iter()
            .rev()
            .find_map(|group| group.samples.first().map(|(_, sample)| sample.clone()))
    };
    sample().unwrap_or_default()
}

fn summary(masked: &Masked, plan: &Plan, out: &Path) -> String {
    let mut text = String::new();
    let protected = masked.files.iter().filter(|file| file.state == FileState::Protected).count();
    let (mut values, mut kept): (BTreeMap<&str, u64>, BTreeMap<&str, u64>) = Default::default();
    for file in &masked.files {
        for (kind, n) in &file.findings {
            let is_kept = file.operators.get(kind).is_some_and(|operators| {
                operators.iter().all(|operator| *operator == Operator::Keep)
            });
            let counts = if is_kept { &mut kept } else { &mut values };
            *counts.entry(kind).or_default() += n;
        }
    }
    let total: u64 = values.values().sum();
    let by_kind = |counts: &BTreeMap<&str, u64>| {
        let counts: Vec<_> =
            counts.iter().map(|(kind, n)| format!("{} {kind}", human::count(*n))).collect();
        counts.join(", ")
    };
    let closed = plan
        .verdicts
        .iter()
        .flat_map(|(dataset, fields)| fields.fields.keys().map(move |path| (dataset, path)))
        .filter(|(dataset, path)| {
            matches!(plan.field(dataset, path).whole, Whole::Closure(_, treatment)
                | Whole::Shift(treatment) if treatment != Operator::Keep)
        })
        .count();
    let _ = write!(
        text,
        "{}, {} protected",
        human::counted(protected as u64, "file", "files"),
        human::counted(total, "value", "values")
    );
    if !values.is_empty() {
        let _ = write!(text, " ({})", by_kind(&values));
    }
    let shifted: u64 =
        masked.files.iter().flat_map(|file| file.shifted.values()).map(|it| it.dates).sum();
    if shifted > 0 {
        let _ = write!(text, "; {} shifted", human::counted(shifted, "date", "dates"));
    }
    if !kept.is_empty() {
        let _ = write!(text, "; kept as they are: {}", by_kind(&kept));
    }
    if closed > 0 {
        let fields = human::counted(closed as u64, "field", "fields");
        let _ = write!(text, "; {fields} protected whole");
    }
    let left_out = masked.files.iter().filter(|file| file.state == FileState::Quarantined).count();
    if left_out > 0 {
        let files = human::counted(left_out as u64, "input is", "inputs are");
        let _ = write!(text, "; {files} quarantined, and not in the output");
    }
    text.push_str(".\n");
    let malformed = masked.files.iter().map(|file| file.malformed).sum();
    if malformed > 0 {
        let (one, many) = ("record did not parse and was", "records did not parse and were");
        let records = human::counted(malformed, one, many);
        let _ = writeln!(text, "{records} protected as plain text.");
    }
    if masked.reused > 0 {
        let files = human::counted(masked.reused as u64, "file was", "files were");
        let _ = writeln!(text, "{files} done by the run that this one continues.");
    }
    let _ = writeln!(
        text,
        "Manifest: {}   Check: loup verify {} --against IN",
        out.join(MANIFEST_NAME).display(),
        out.display()
    );
    let _ = writeln!(text, "Seal: {}", masked.seal);
    text
}

/// Says on standard error what is not in OUT, and why.
fn warn(masked: &Masked) {
    const MOST: usize = 20;
    let mut stderr = io::stderr().lock();
    let left_out: Vec<_> =
        masked.files.iter().filter(|file| file.state == FileState::Quarantined).collect();
    for file in left_out.iter().take(MOST) {
        let reason = file.reason.as_deref().unwrap_or("not read");
        let _ = writeln!(stderr, "quarantined: {}: {reason}", file.file);
    }
    if left_out.len() > MOST {
        let _ =
            writeln!(stderr, "quarantined: and {} more, see the manifest", left_out.len() - MOST);
    }
    let dropped: BTreeSet<_> =
        masked.files.iter().flat_map(|file| &file.dropped_metadata).collect();
    if !dropped.is_empty() {
        let names: Vec<_> = dropped.into_iter().map(String::as_str).collect();
        let _ = writeln!(stderr, "left out of Parquet metadata: {}", names.join(", "));
    }
    let mut undated: BTreeMap<&str, u64> = BTreeMap::new();
    for (field, shifted) in masked.files.iter().flat_map(|file| &file.shifted) {
        *undated.entry(field).or_default() += shifted.dropped;
    }
    for (field, dropped) in undated.into_iter().filter(|(_, dropped)| *dropped > 0) {
        let _ = writeln!(
            stderr,
            "warning: field `{field}`: {} dropped: no dates, or of records that do not say whom they are \
             about",
            human::counted(dropped, "value", "values")
        );
    }
    if masked.suspicious_hashes > 0 {
        let _ = writeln!(
            stderr,
            "warning: {} look like hashes and were hashed again: was this input protected before?",
            human::counted(masked.suspicious_hashes, "value", "values")
        );
    }
}
