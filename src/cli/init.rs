//! `loup init`.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::args::{InitArgs, KeyArgs};
use super::setup::{self, Setup};
use super::{Exit, print};
use crate::datamap::document::MapDocument;
use crate::error::Error;
use crate::protect::key::Domain;
use crate::report::proposal;

pub(super) fn run(args: &InitArgs, cancelled: &Arc<AtomicBool>) -> Result<Exit, Error> {
    let domain = args.domain.as_deref().map_or_else(|| Ok(Domain::default()), Domain::new)?;
    let (map, exit) = match &args.map {
        Some(path) => (setup::read_map(path)?, Exit::Done),
        None => scanned(args, cancelled)?,
    };
    let policy = proposal::render(&map, domain.as_str());
    match &args.out {
        None => print(&policy)?,
        Some(path) => {
            let file = OpenOptions::new().write(true).create_new(true).open(path);
            file.and_then(|mut file| file.write_all(policy.as_bytes())).map_err(
                |error: io::Error| Error::Write { path: path.clone(), kind: error.kind() },
            )?;
        }
    }
    Ok(exit)
}

/// The map of the inputs, whatever a policy that is there says: it may be the file that the shell has
/// just made for what is written here.
fn scanned(args: &InitArgs, cancelled: &Arc<AtomicBool>) -> Result<(MapDocument, Exit), Error> {
    let key = KeyArgs::default();
    let setup = Setup::under(args.reading.policy.clone(), &args.paths, &args.reading, &key)?;
    if setup.is_stdin {
        return Err(Error::usage(
            "a policy is made for files that come again",
            "name files or directories, or the --map of a scan",
        ));
    }
    let scanned = setup.scan(args.reading.quiet, cancelled)?;
    Ok((scanned.map, if scanned.incomplete { Exit::Incomplete } else { Exit::Done }))
}
