//! `loup reveal`.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::args::RevealArgs;
use super::{Exit, setup};
use crate::datamap::document::KeyRef;
use crate::error::Error;
use crate::operator::Operator;
use crate::protect::KeyError;
use crate::protect::encrypt::Encryptor;
use crate::protect::key::Domain;
use crate::protect::keyring::Keyring;
use crate::protect::recognise::TokenShape;
use crate::protect::reveal::{self, Provenance, Revealed};
use crate::rules::RuleSet;
use crate::sink::audit::{AuditLog, Entry};
use crate::sink::manifest;

pub(super) fn run(args: &RevealArgs) -> Result<Exit, Error> {
    let reads_stdin = args.values.iter().any(|value| value == "-");
    let keyring = setup::keyring(&args.key.source, reads_stdin)?.ok_or(KeyError::Missing)?;
    let domain = args.key.domain.as_deref().map_or_else(|| Ok(Domain::default()), Domain::new)?;
    let rules = RuleSet::load(args.rules.as_deref())?;
    let mut log = AuditLog::open(&audit_path(args)?)?;
    let asked = Asked { args, rules: &rules, keyring: &keyring, domain: &domain };
    let outcome = asked.answer();
    // What was tried is noted, too; and nothing is shown before it is noted.
    log.append(asked.entry(&outcome))?;
    let answer = outcome?;
    match &args.out {
        Some(out) => answer.write_text(out)?,
        None => answer.print()?,
    }
    Ok(Exit::Done)
}

fn audit_path(args: &RevealArgs) -> Result<PathBuf, Error> {
    let named = args.audit.clone().or_else(|| std::env::var_os("LOUP_AUDIT").map(PathBuf::from));
    named.ok_or_else(|| {
        Error::usage(
            "no audit log named",
            "add --audit FILE, or set LOUP_AUDIT: every disclosure is noted before it is made",
        )
    })
}

/// What is to be turned back, and with what.
struct Asked<'a> {
    args: &'a RevealArgs,
    rules: &'a RuleSet,
    keyring: &'a Keyring,
    domain: &'a Domain,
}

/// What was turned back, with the text that it stands in where there is one.
struct Answer {
    revealed: Revealed,
    text: Option<(Vec<u8>, Vec<Range<usize>>)>,
}

impl Asked<'_> {
    fn answer(&self) -> Result<Answer, Error> {
        let limit = self.args.max_values;
        if let Some(file) = &self.args.file {
            let text = read(file)?;
            let encryptor = self.encryptor()?;
            // Of any epoch: one that is not in the keyring is an error, and not left out.
            let shape = TokenShape::new(self.rules.prefixes(), None);
            let spans: Vec<_> = reveal::encrypted_in(&shape, &encryptor, &text).collect();
            let values = spans.iter().map(|span| &text[span.clone()]);
            let revealed = reveal::decrypted(&encryptor, values, limit)?;
            return Ok(Answer { revealed, text: Some((text, spans)) });
        }
        let values = self.values()?;
        let values = values.iter().map(|value| value.as_bytes());
        let revealed = match &self.args.kind {
            None => reveal::decrypted(&self.encryptor()?, values, limit)?,
            Some(kind) => {
                let provenance = self.provenance(kind)?;
                let names = self.rules.names();
                reveal::inverted(self.keyring, self.domain, names, &provenance, values, limit)?
            }
        };
        Ok(Answer { revealed, text: None })
    }

    /// The values of the command line, or of standard input.
    fn values(&self) -> Result<Vec<String>, Error> {
        let mut values = Vec::new();
        for value in &self.args.values {
            if value == "-" {
                let mut text = String::new();
                io::stdin().read_to_string(&mut text).map_err(|error| Error::Read {
                    path: "standard input".into(),
                    reason: error.kind().to_string(),
                })?;
                values.extend(text.lines().filter(|line| !line.is_empty()).map(str::to_owned));
            } else {
                values.push(value.clone());
            }
        }
        Ok(values)
    }

    fn encryptor(&self) -> Result<Encryptor, Error> {
        Ok(Encryptor::new(self.keyring, self.domain, self.rules.names_and_prefixes())?)
    }

    /// What the manifest says of surrogates of `kind`.
    fn provenance(&self, kind: &str) -> Result<Provenance, Error> {
        let path = self.args.manifest.as_deref().unwrap_or(Path::new(""));
        let failed = |reason: String| Error::Read { path: path.to_owned(), reason };
        let stored = manifest::open(path)?.ok_or_else(|| failed("there is none".to_owned()))?;
        let manifest = stored.believed()?;
        let key = manifest.key.ok_or_else(|| failed("it names no key".to_owned()))?;
        let has_surrogates = manifest.files.iter().any(|file| {
            file.operators.get(kind).is_some_and(|used| used.contains(&Operator::Surrogate))
        });
        Ok(Provenance {
            key_id: key.id,
            epoch: key.epoch,
            domain: manifest.domain.unwrap_or_default(),
            kind: self.rules.kind_id(kind).filter(|_| has_surrogates),
        })
    }

    fn entry(&self, outcome: &Result<Answer, Error>) -> Entry {
        let name = |kind| self.rules.kind(kind).name.clone();
        let (revealed, refused) = match outcome {
            Ok(Answer { revealed, .. }) => {
                (revealed.counts.iter().map(|(kind, n)| (name(*kind), *n)).collect(), None)
            }
            Err(error) => (Default::default(), Some(error.to_string())),
        };
        let keys = self.keyring.epochs().iter();
        Entry {
            time: setup::now(),
            user: std::env::var("USER").ok(),
            reason: self.args.reason.clone(),
            domain: self.domain.to_string(),
            keys: keys.map(|it| KeyRef { id: it.id.to_string(), epoch: it.number }).collect(),
            revealed,
            refused,
        }
    }
}

impl Answer {
    /// Prints the values, one a line.
    fn print(&self) -> Result<(), Error> {
        let mut stdout = io::stdout().lock();
        let mut put = || {
            for value in &self.revealed.values {
                stdout.write_all(value)?;
                stdout.write_all(b"\n")?;
            }
            stdout.flush()
        };
        put().map_err(|error| Error::Write { path: "standard output".into(), kind: error.kind() })
    }

    /// Writes the text with the values in their places to a new file that nobody else may read.
    fn write_text(&self, out: &Path) -> Result<(), Error> {
        let Some((text, spans)) = &self.text else { return Ok(()) };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let write = || {
            let mut file = io::BufWriter::new(options.open(out)?);
            let mut at = 0;
            for (span, value) in spans.iter().zip(&self.revealed.values) {
                file.write_all(&text[at..span.start])?;
                file.write_all(value)?;
                at = span.end;
            }
            file.write_all(&text[at..])?;
            file.flush()
        };
        write().map_err(|error: io::Error| {
            // A part of a text in clear is no use to anyone who may have it.
            if error.kind() != io::ErrorKind::AlreadyExists {
                let _ = fs::remove_file(out);
            }
            Error::Write { path: out.to_owned(), kind: error.kind() }
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path)
        .map_err(|error| Error::Read { path: path.to_owned(), reason: error.kind().to_string() })
}
