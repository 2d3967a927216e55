//! `loup attack`.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::args::{AttackArgs, KeyArgs};
use super::scan::{options_for, spool, write};
use super::setup::{self, Setup};
use super::{Exit, print, shows_progress};
use crate::attack::document::AttackDocument;
use crate::attack::{Choice, Lines, Sort, has_mobile_ranges};
use crate::error::Error;
use crate::pipeline::Assault;
use crate::protect::recognise::TokenShape;
use crate::report::attack;

pub(super) fn run(args: &AttackArgs, cancelled: &Arc<AtomicBool>) -> Result<Exit, Error> {
    let mut setup = Setup::new(&args.paths, &args.reading, &KeyArgs::default())?;
    let _spooled = setup.is_stdin.then(|| spool(&mut setup)).transpose()?;
    super::mask::say_policy(setup.policy_path.as_deref(), args.reading.quiet);
    let tokens = TokenShape::new(setup.rules.prefixes(), None);
    let choice = choice(args, &setup)?;
    let assault = Assault {
        detector: &setup.detector,
        tokens: &tokens,
        choice,
        salts: args.salts.iter().map(|salt| salt.clone().into_bytes()).collect(),
        budget: Duration::from_secs_f64(args.seconds),
        overrides: setup.overrides,
        effort: setup.effort,
        progress: shows_progress(args.reading.quiet),
        cancelled,
        started: setup::now(),
    };
    let assaulted = assault.run(&setup.files)?;
    if let Some(path) = &args.out {
        let json = serde_json::to_string_pretty(&assaulted.document)
            .expect("the result has string keys and finite numbers");
        write(path, &(json + "\n"))?;
    }
    let to_stdout = args.out.as_deref() == Some(Path::new("-"));
    if !args.reading.quiet && !to_stdout {
        let options = options_for(&console::Term::stdout());
        let mut text = attack::render(&assaulted.document, &options);
        if let Some(path) = &args.out {
            text.push_str(&format!("Result: {}\n", path.display()));
        }
        print(&text)?;
    }
    let is_reversed = args.fail_on.is_some_and(|share| reverses(&assaulted.document, share));
    Ok(if is_reversed {
        Exit::Found
    } else if assaulted.incomplete {
        Exit::Incomplete
    } else {
        Exit::Done
    })
}

/// Whether as much of a field as `share` was reversed, and something of it.
fn reverses(document: &AttackDocument, share: f64) -> bool {
    document.fields.iter().any(|field| field.reversed > 0 && field.reversed_share >= share)
}

/// What is tried: all that is asked for, everything by default.
fn choice(args: &AttackArgs, setup: &Setup) -> Result<Choice, Error> {
    let lists = args.lists.iter().map(|path| read_list(path)).collect::<Result<Vec<_>, _>>()?;
    let mut sorts = args.only.clone();
    if sorts.is_empty() {
        sorts.extend(Sort::ALL.map(|sort| (sort, String::new())));
    } else if !lists.is_empty() {
        sorts.push((Sort::List, String::new()));
    }
    let given = setup.detector.regions();
    let (regions, mobile_only) = match given {
        [] => (has_mobile_ranges().collect(), true),
        given => (given.to_vec(), false),
    };
    let year = jiff::Zoned::now().year();
    Ok(Choice { sorts, regions, lists, year, mobile_only })
}

fn read_list(path: &Path) -> Result<Arc<Lines>, Error> {
    let bytes = std::fs::read(path)
        .map_err(|error| Error::Read { path: path.to_owned(), reason: error.kind().to_string() })?;
    let name =
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Arc::new(Lines::new(name, bytes)))
}
