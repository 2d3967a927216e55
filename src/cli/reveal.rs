//! `loup reveal`.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::args::RevealArgs;
use super::{Exit, setup};
use crate::datamap::document::KeyRef;
use crate::detect::Detector;
use crate::error::Error;
use crate::operator::Operator;
use crate::pipeline::reveal::FieldText;
use crate::protect::KeyError;
use crate::protect::encrypt::Encryptor;
use crate::protect::key::Domain;
use crate::protect::keyring::Keyring;
use crate::protect::recognise::TokenShape;
use crate::protect::reveal::{self, Provenance, RevealError, Revealed};
use crate::report::human;
use crate::rules::RuleSet;
use crate::sink::audit::{AuditLog, Entry};
use crate::sink::manifest;

pub(super) fn run(args: &RevealArgs) -> Result<Exit, Error> {
    check(args)?;
    let reads_stdin = args.values.iter().any(|value| value == "-");
    let keyring = setup::keyring(&args.key.source, reads_stdin)?.ok_or(KeyError::Missing)?;
    let domain = args.key.domain.as_deref().map_or_else(|| Ok(Domain::default()), Domain::new)?;
    let rules = Arc::new(RuleSet::load(args.rules.as_deref())?);
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
    if let (Some(Place::Field(field)), Some(name)) = (&answer.place, &args.field)
        && field.left > 0
    {
        let _ = writeln!(
            io::stderr(),
            "warning: {} of `{name}` stayed: nothing in them can be turned back, or their row has more \
             or fewer cells than the table has columns",
            human::counted(field.left, "value", "values")
        );
    }
    Ok(Exit::Done)
}

/// Refuses options that would be passed over in silence.
fn check(args: &RevealArgs) -> Result<(), Error> {
    let format = &args.format;
    if args.field.is_some() {
        return Ok(());
    }
    if format.format.is_some() || format.delimiter.is_some() || format.no_header {
        return Err(Error::usage(
            "--format, --delimiter and --no-header say how a field is read, and none is named",
            "name it with --field",
        ));
    }
    if args.file.is_some() && args.kind.is_some() {
        return Err(Error::usage(
            "nothing marks a surrogate in a text",
            "name the field that they are in with --field, or give them as values",
        ));
    }
    Ok(())
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
    rules: &'a Arc<RuleSet>,
    keyring: &'a Keyring,
    domain: &'a Domain,
}

/// What was turned back, with the place of it where that is no list of values.
struct Answer {
    revealed: Revealed,
    place: Option<Place>,
}

/// Where values stood that were turned back.
enum Place {
    /// In ranges of a text.
    Text(Vec<u8>, Vec<Range<usize>>),
    /// In a field.
    Field(FieldText),
}

impl Asked<'_> {
    fn answer(&self) -> Result<Answer, Error> {
        match (&self.args.file, &self.args.field) {
            (Some(file), Some(name)) => self.of_field(file, name),
            (Some(file), None) => self.of_text(file),
            (None, _) => self.of_values(),
        }
    }

    fn of_values(&self) -> Result<Answer, Error> {
        let values = self.values()?;
        let values = values.iter().map(|value| value.as_bytes());
        let revealed = match &self.args.kind {
            None => reveal::decrypted(&self.encryptor()?, values, self.args.max_values)?,
            Some(kind) => self.inverted(kind, values)?,
        };
        Ok(Answer { revealed, place: None })
    }

    fn of_text(&self, file: &Path) -> Result<Answer, Error> {
        let text = read(file)?;
        let (shape, encryptor) = (self.any_token(), self.encryptor()?);
        let spans: Vec<_> = reveal::encrypted_in(&shape, &encryptor, &text).collect();
        let values = spans.iter().map(|span| &text[span.clone()]);
        let revealed = reveal::decrypted(&encryptor, values, self.args.max_values)?;
        Ok(Answer { revealed, place: Some(Place::Text(text, spans)) })
    }

    fn of_field(&self, file: &Path, name: &str) -> Result<Answer, Error> {
        let detector = Detector::new(Arc::clone(self.rules), Vec::new())?;
        let overrides = setup::overrides(&self.args.format);
        let shape = self.any_token();
        let taken = |parts: &dyn Fn(&[u8]) -> Vec<Range<usize>>| {
            let field = FieldText::read(file, name, overrides, &detector, parts)?;
            if field.values.is_empty() && field.left > 0 {
                let is_surrogate = self.args.kind.is_some();
                return Err(Error::Reveal(RevealError::Nothing { is_surrogate }));
            }
            Ok(field)
        };
        let (field, revealed) = match &self.args.kind {
            None => {
                let encryptor = self.encryptor()?;
                let parts = |text: &[u8]| reveal::encrypted_in(&shape, &encryptor, text).collect();
                let field = taken(&parts)?;
                let values = field.values.iter().map(Vec::as_slice);
                let revealed = reveal::decrypted(&encryptor, values, self.args.max_values)?;
                (field, revealed)
            }
            Some(kind) => {
                let parts = |text: &[u8]| reveal::surrogate_in(&shape, text).into_iter().collect();
                let field = taken(&parts)?;
                let revealed = self.inverted(kind, field.values.iter().map(Vec::as_slice))?;
                (field, revealed)
            }
        };
        Ok(Answer { revealed, place: Some(Place::Field(field)) })
    }

    /// Tokens and encrypted values of any epoch: one that is not in the keyring is an error, and not left
    /// out.
    fn any_token(&self) -> TokenShape {
        TokenShape::new(self.rules.prefixes(), None)
    }

    fn inverted<'v>(
        &self,
        kind: &str,
        values: impl IntoIterator<Item = &'v [u8]>,
    ) -> Result<Revealed, Error> {
        let (provenance, names) = (self.provenance(kind)?, self.rules.names());
        let limit = self.args.max_values;
        Ok(reveal::inverted(self.keyring, self.domain, names, &provenance, values, limit)?)
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
        let Some(place) = &self.place else { return Ok(()) };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let write = || {
            let mut file = io::BufWriter::new(options.open(out)?);
            place.write(&self.revealed.values, &mut file)?;
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

impl Place {
    /// Writes all of it with these values in their places.
    fn write(&self, values: &[Zeroizing<Vec<u8>>], out: &mut impl io::Write) -> io::Result<()> {
        match self {
            Self::Field(field) => field.write(values, out),
            Self::Text(text, spans) => {
                let mut at = 0;
                for (span, value) in spans.iter().zip(values) {
                    out.write_all(&text[at..span.start])?;
                    out.write_all(value)?;
                    at = span.end;
                }
                out.write_all(&text[at..])
            }
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path)
        .map_err(|error| Error::Read { path: path.to_owned(), reason: error.kind().to_string() })
}
