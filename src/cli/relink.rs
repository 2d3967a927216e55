//! `loup key relink`: which token of one epoch is which of another.
//!
//! A token is no way back to its value, so the raw values are needed once more. The table makes
//! pseudonyms of two epochs linkable, which a rotation was to end: it is its owner's alone, sorted,
//! so that it does not tell the order of the values, and deleting it is the point of no return.

use std::fs::File;
#[cfg(feature = "age")]
use std::io::Write as _;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use super::args::RelinkArgs;
#[cfg(not(feature = "age"))]
use super::setup::lacks_age;
use super::{print, setup};
use crate::detect::{Detector, Memory, Place};
use crate::error::Error;
use crate::kind::{self, Canonical, email};
use crate::protect::KeyError;
use crate::protect::key::Domain;
use crate::protect::keyfile::write_private;
use crate::protect::keyring::Keyring;
use crate::protect::pseudonym::{Pseudonymiser, Scope};
use crate::protect::recognise::TokenShape;
use crate::report::human;
use crate::rules::{HintSet, KindId, RuleSet};

/// The first line of the table.
const HEADER: &str = "old,new";

/// What is said of a table that anybody could read who gets hold of the file.
const NOT_ENCRYPTED: &str = "not encrypted";

pub(super) fn run(args: &RelinkArgs) -> Result<(), Error> {
    if args.from == args.to {
        return Err(Error::usage("--from and --to are one epoch", "name the old and the new one"));
    }
    let is_stdin = args.values.iter().any(|path| path == Path::new("-"));
    let rules = Arc::new(RuleSet::load(args.rules.as_deref())?);
    let kind = kind_of(&rules, &args.kind)?;
    let domain = args.key.domain.as_deref().map_or_else(|| Ok(Domain::default()), Domain::new)?;
    let detector = Detector::new(Arc::clone(&rules), setup::regions_of(&args.regions)?)?;
    let keyring = setup::keyring(&args.key.source, is_stdin)?;
    let keyring = keyring.ok_or(Error::Key(KeyError::Missing))?;
    let relinker = Relinker {
        kind,
        reader: Reader::new(&detector, kind, args.strip_email_tag),
        tokens: TokenShape::new(rules.prefixes(), None),
        old: pseudonyms(&keyring, args.from, &domain, &rules)?,
        new: pseudonyms(&keyring, args.to, &domain, &rules)?,
    };
    let mut rows = Vec::new();
    for path in &args.values {
        relinker.read(path, &mut rows)?;
    }
    rows.sort_unstable();
    rows.dedup();
    let (table, state) = sealed(args, table_of(&rows))?;
    write_private(&args.out, &table)?;
    print(&format!(
        "{} of epoch {} with those of epoch {} in {}, {state}. Whoever can read the table can link the \
         two: delete it when it was used.\n",
        human::counted(rows.len() as u64, "token", "tokens"),
        args.from,
        args.to,
        args.out.display()
    ))
}

/// The table as CSV.
fn table_of(rows: &[String]) -> Vec<u8> {
    let mut table = Vec::with_capacity((rows.len() + 1) * 64);
    for row in [HEADER].into_iter().chain(rows.iter().map(String::as_str)) {
        table.extend_from_slice(row.as_bytes());
        table.push(b'\n');
    }
    table
}

/// The table as it is written, and what to say of that.
#[cfg(feature = "age")]
fn sealed(args: &RelinkArgs, table: Vec<u8>) -> Result<(Vec<u8>, &'static str), Error> {
    if args.recipients.is_empty() {
        return Ok((table, NOT_ENCRYPTED));
    }
    let recipients = args.recipients.iter().map(|it| it.parse::<age::x25519::Recipient>());
    let recipients = recipients.collect::<Result<Vec<_>, _>>().map_err(|_| {
        // It is not repeated: somebody may have given the key that decrypts.
        Error::usage("a --recipient is no public key of age", "one begins with `age1`")
    })?;
    let failed = |kind| Error::Write { path: args.out.clone(), kind };
    let encryptor = age::Encryptor::with_recipients(recipients.iter().map(|it| it as _))
        .map_err(|_| failed(io::ErrorKind::InvalidInput))?;
    let mut encrypted = Vec::with_capacity(table.len() + table.len() / 1024 + 1024);
    encryptor
        .wrap_output(&mut encrypted)
        .and_then(|mut writer| writer.write_all(&table).and_then(|()| writer.finish()))
        .map_err(|error| failed(error.kind()))?;
    Ok((encrypted, "encrypted"))
}

#[cfg(not(feature = "age"))]
fn sealed(args: &RelinkArgs, table: Vec<u8>) -> Result<(Vec<u8>, &'static str), Error> {
    if args.recipients.is_empty() {
        Ok((table, NOT_ENCRYPTED))
    } else {
        Err(lacks_age("--recipient"))
    }
}

/// Makes the rows of the table.
struct Relinker<'a> {
    kind: KindId,
    reader: Reader<'a>,
    tokens: TokenShape,
    old: Pseudonymiser,
    new: Pseudonymiser,
}

impl Relinker<'_> {
    /// Appends the rows of the values in a file.
    fn read(&self, path: &Path, rows: &mut Vec<String>) -> Result<(), Error> {
        let failed = |error: io::Error| Error::Read {
            path: path.to_owned(),
            reason: error.kind().to_string(),
        };
        let mut lines: Box<dyn BufRead> = if path == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            Box::new(BufReader::new(File::open(path).map_err(failed)?))
        };
        let (mut line, mut number) = (Vec::new(), 0_u64);
        while lines.read_until(b'\n', &mut line).map_err(failed)? > 0 {
            number += 1;
            let value = kind::trim(&line);
            if self.tokens.kind_of(value).is_some() {
                let reason = format!("line {number} is a token, and the value behind it is needed");
                return Err(Error::Read { path: path.to_owned(), reason });
            }
            if !value.is_empty() {
                rows.push(self.row(value));
            }
            line.clear();
        }
        Ok(())
    }

    fn row(&self, value: &[u8]) -> String {
        let canonical = self.reader.canonical(value);
        let mut row = Vec::new();
        self.old.token(self.kind, &canonical, &mut row);
        row.push(b',');
        self.new.token(self.kind, &canonical, &mut row);
        String::from_utf8(row).expect("tokens are ASCII")
    }
}

/// Reads values of one kind as masking reads those of a field of that kind.
struct Reader<'a> {
    detector: &'a Detector,
    kind: KindId,
    hints: HintSet,
    strips_tag: bool,
}

impl<'a> Reader<'a> {
    fn new(detector: &'a Detector, kind: KindId, strips_email_tag: bool) -> Self {
        let rules = detector.rules();
        let hint = rules
            .rule_ids()
            .map(|id| rules.rule(id))
            .filter(|rule| rule.kind == kind)
            .find_map(|rule| rule.hints.first());
        let hints = hint.map_or(HintSet::EMPTY, |hint| rules.hinted(hint));
        let strips_tag = strips_email_tag && rules.kind(kind).name == "email";
        Self { detector, kind, hints, strips_tag }
    }

    fn canonical(&self, value: &[u8]) -> Canonical {
        let place = Place::cell(self.hints);
        let canonical = self.detector.canonical(self.kind, place, value, &mut Memory::default());
        let stripped = if self.strips_tag { email::without_tag(&canonical) } else { None };
        stripped.unwrap_or(canonical)
    }
}

fn kind_of(rules: &RuleSet, name: &str) -> Result<KindId, Error> {
    let kind = rules.kind_id(name).filter(|kind| rules.kind(*kind).prefix.is_some());
    kind.ok_or_else(|| {
        Error::usage(
            format!("`{name}` is no kind that has tokens"),
            "`loup rules list` lists the kinds and their prefixes",
        )
    })
}

fn pseudonyms(
    keyring: &Keyring,
    epoch: u32,
    domain: &Domain,
    rules: &RuleSet,
) -> Result<Pseudonymiser, Error> {
    let kinds = rules.names_and_prefixes();
    Ok(Pseudonymiser::of_epoch(keyring.epoch(epoch)?, domain, Scope::Domain, kinds)?)
}
