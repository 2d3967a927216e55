//! `loup mask`.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::MaskArgs;
use super::setup::{self, Setup};
use super::{Exit, print, shows_progress};
use crate::datamap::DataMap;
use crate::datamap::document::{KeyRef, MapDocument};
use crate::datamap::field::group_of;
use crate::datamap::finish::{Verdicts, verdicts_of_document};
use crate::detect::Class;
use crate::error::Error;
use crate::operator::Operator;
use crate::pipeline::{Content, Mask, Masked, Planned, identify_stream};
use crate::policy::plan::Whole;
use crate::policy::{Plan, Unsupported};
use crate::protect::KeyError;
use crate::protect::keyring::Keyring;
use crate::protect::operator::Protector;
use crate::protect::pseudonym::{Digester, Pseudonymiser, Scope};
use crate::protect::recognise::TokenShape;
use crate::report::human;
use crate::report::plan::{PlanRow, render_plan};
use crate::report::table::TableOptions;
use crate::sink::{FileState, manifest};
use crate::source;

pub(super) fn run(args: &MaskArgs, cancelled: &Arc<AtomicBool>) -> Result<Exit, Error> {
    let mut setup = Setup::new(&args.paths, &args.reading, &args.key)?;
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
    let key = keyring.as_ref().map(key_ref);
    refuse_other_keys(&setup, keyring.as_ref())?;
    let known = args.map.as_deref().map(|path| read_map(path, &setup, keyring.as_ref())).transpose()?;
    let kinds = || setup.rules.kinds.iter().map(|kind| (kind.name.as_str(), kind.prefix.as_str()));
    let pseudonyms = keyring
        .as_ref()
        .map(|keyring| Pseudonymiser::new(keyring, &setup.domain, Scope::Domain, kinds()))
        .transpose()?;
    let protector = Protector::new(setup.kind_names(), pseudonyms);
    let tokens = TokenShape::new(setup.prefixes(), keyring.as_ref());
    let digester = Digester::ephemeral(setup.kind_names())?;
    let planner = std::mem::replace(
        &mut setup.planner,
        crate::policy::Planner::new(Arc::clone(&setup.rules), None, 0.0)?,
    );
    let mask = Mask {
        detector: &setup.detector,
        digester: &digester,
        tokens: &tokens,
        protector: &protector,
        domain: key.is_some().then(|| setup.domain.to_string()),
        key,
        policy_digest: setup.policy_digest.clone(),
        skips_unsupported: setup
            .policy
            .as_ref()
            .is_some_and(|policy| policy.unsupported == Unsupported::Skip),
        overrides: setup.overrides,
        effort: setup.effort,
        progress: shows_progress(args.reading.quiet),
        cancelled,
        started: setup::now(),
    };
    if setup.is_stdin {
        return filter(&mask, &setup, planner, known);
    }
    let planned = mask.plan(&setup.files, planner, known)?;
    if args.dry_run {
        print(&dry_run(&planned, &setup, pseudonym_example(&protector)))?;
        return Ok(Exit::Done);
    }
    let Some(out) = args.out.as_deref() else { return Ok(Exit::Usage) };
    let guarded = source::guarded_paths(&args.paths);
    let masked = mask.run(&setup.files, &planned, out, &guarded, args.overwrite)?;
    if !args.reading.quiet {
        print(&summary(&masked, &planned, out, &setup))?;
    }
    warn(&masked);
    Ok(if masked.incomplete { Exit::Incomplete } else { Exit::Done })
}
