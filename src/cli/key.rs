//! `loup key`.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::args::{ExportArgs, KeyCommand, KeyFileArgs, KeySourceArgs, ListFormat, PassphraseArgs};
use super::{Exit, guard, passphrase, print, relink, setup};
use crate::error::Error;
use crate::protect::KeyError;
use crate::protect::export::Key;
use crate::protect::key::Domain;
use crate::protect::keyfile::LockedKeyFile;
use crate::protect::keyring::{Epoch, Keyring};
use crate::protect::keysource::{Ask, PassphraseSources, refuse_key_as_path};
use crate::protect::sealed::check_supported;

pub(super) fn run(command: &KeyCommand) -> Result<Exit, Error> {
    guard::close();
    match command {
        KeyCommand::New { out, passphrase, source } => new(out, *passphrase, source)?,
        KeyCommand::Show { format, source } => {
            let keyring = setup::key_sources(source).find_closed(io::stdin())?;
            let keyring = keyring.ok_or(Error::Key(KeyError::Missing))?;
            print(&match format {
                ListFormat::Table => table(&keyring),
                ListFormat::Json => json(&keyring),
            })?;
        }
        KeyCommand::Rotate { file } => rotate(file)?,
        KeyCommand::Destroy { epoch, yes, file } => destroy(*epoch, *yes, file)?,
        KeyCommand::Export(args) => export(args)?,
        KeyCommand::Relink(args) => relink::run(args)?,
    }
    Ok(Exit::Done)
}

fn new(out: &Path, is_encrypted: bool, source: &PassphraseArgs) -> Result<(), Error> {
    let is_encrypted = is_encrypted || source.passphrase_command.is_some();
    if is_encrypted && check_supported().is_err() {
        return Err(setup::lacks_age("--passphrase"));
    }
    let passphrase = is_encrypted.then(|| {
        let sources = setup::passphrase_sources(source);
        let ask = sources.ask.map(|_| passphrase::ask_twice as Ask);
        PassphraseSources { ask, ..sources }.require()
    });
    let keyring = Keyring::generate(jiff::Timestamp::now(), passphrase.transpose()?.as_ref())?;
    keyring.write_file(out)?;
    let (epoch, key) = keyring.active();
    let state = if is_encrypted { ", encrypted" } else { "" };
    print(&format!(
        "Key {} (epoch {epoch}) is in {}{state}. Keep it apart from the data: whoever has both can \
         test guesses.\nNext: loup mask IN --out OUT --key-file {}\n",
        key.id(),
        out.display(),
        out.display()
    ))
}

fn required(source: &KeySourceArgs) -> Result<Keyring, Error> {
    setup::keyring(source, false)?.ok_or(Error::Key(KeyError::Missing))
}

fn rotate(args: &KeyFileArgs) -> Result<(), Error> {
    let path = key_file(args)?;
    let (file, keyring) = LockedKeyFile::open(&path, args.allow_open_key_file)?;
    let sources = setup::passphrase_sources(&args.passphrase);
    let (keyring, passphrase) = sources.open(keyring, &path.display().to_string())?;
    let before = keyring.active().0;
    let keyring = keyring.rotated(jiff::Timestamp::now(), passphrase.as_ref())?;
    file.replace(&keyring)?;
    let (epoch, key) = keyring.active();
    print(&format!(
        "Key {} opens epoch {epoch} in {}; epoch {before} is retired. Tokens made from now on do not \
         join those of epoch {before}; `loup key relink` links the two.\n",
        key.id(),
        path.display()
    ))
}

fn destroy(epoch: u32, is_meant: bool, args: &KeyFileArgs) -> Result<(), Error> {
    let path = key_file(args)?;
    let (file, keyring) = LockedKeyFile::open(&path, args.allow_open_key_file)?;
    let sources = setup::passphrase_sources(&args.passphrase);
    let (keyring, _) = sources.open(keyring, &path.display().to_string())?;
    let id = keyring.epoch(epoch)?.1.id();
    let keyring = keyring.without_key_of(epoch)?;
    if !is_meant {
        return Err(Error::usage(
            format!("this destroys key {id} of epoch {epoch}, and nothing brings it back"),
            "add --yes if no pseudonym of that epoch has to be made, linked or reversed again",
        ));
    }
    file.replace(&keyring)?;
    print(&format!(
        "Key {id} of epoch {epoch} is no longer in {}. Copies of the file, its backups and exported \
         keyrings may still hold it.\n",
        path.display()
    ))?;
    if file.wipe()? {
        let _ = writeln!(
            io::stderr(),
            "warning: {} had another name (a hard link), which still holds the key",
            path.display()
        );
    }
    Ok(())
}

fn export(args: &ExportArgs) -> Result<(), Error> {
    let domain = Domain::new(&args.domain)?;
    let keyring = required(&args.source)?.export(&domain)?;
    keyring.write_file(&args.out)?;
    print(&format!(
        "The keys for tokens of key {} in domain `{domain}` are in {}. They mask in that domain and \
         can do nothing else. They are still secret: whoever has them can test guesses.\n\
         Next: loup mask IN --out OUT --domain {domain} --key-file {}\n",
        keyring.active().1.id(),
        args.out.display(),
        args.out.display()
    ))
}

/// The key file that is to be changed. What is in a variable or comes through a pipe cannot be.
fn key_file(args: &KeyFileArgs) -> Result<PathBuf, Error> {
    let named = args.key_file.clone().map(|path| (path, "--key-file"));
    let (path, origin) = named
        .or_else(|| setup::env_key_file().map(|path| (path, "LOUP_KEY_FILE")))
        .filter(|(path, _)| path.as_os_str() != "-")
        .ok_or_else(|| {
            Error::usage(
                "this changes a key file, and none is named",
                "name it with --key-file or LOUP_KEY_FILE",
            )
        })?;
    refuse_key_as_path(&path, origin)?;
    Ok(path)
}

/// What `loup key show` says of an epoch.
#[derive(Serialize)]
struct Shown {
    epoch: u32,
    id: String,
    created: Option<String>,
    status: &'static str,
    /// `master`, `token` for what was exported, or nothing where the key is destroyed.
    holds: Option<&'static str>,
    /// Whether it takes a passphrase.
    encrypted: bool,
    /// The domain it was exported for.
    domain: Option<String>,
}

impl From<&Epoch> for Shown {
    fn from(epoch: &Epoch) -> Self {
        let key = epoch.status.key();
        Self {
            epoch: epoch.number,
            id: epoch.id.to_string(),
            created: epoch.created.map(|created| format!("{created:.0}")),
            status: epoch.status.word(),
            holds: key.map(|key| match key {
                Key::Master(_) | Key::Sealed(_) => "master",
                Key::Export(_) => "token",
            }),
            encrypted: matches!(key, Some(Key::Sealed(_))),
            domain: key.and_then(Key::exported_for).map(ToString::to_string),
        }
    }
}

fn json(keyring: &Keyring) -> String {
    let epochs: Vec<_> = keyring.epochs().iter().map(Shown::from).collect();
    let document = serde_json::json!({ "epochs": epochs });
    serde_json::to_string_pretty(&document).expect("numbers and texts") + "\n"
}

fn table(keyring: &Keyring) -> String {
    let mut text =
        format!("{:<7}{:<10}{:<22}{:<11}{}\n", "epoch", "id", "created", "status", "holds");
    for epoch in keyring.epochs().iter().map(Shown::from) {
        let holds = match (epoch.holds, &epoch.domain) {
            (Some(_), None) if epoch.encrypted => "the key, encrypted".to_owned(),
            (Some(_), None) => "the key".to_owned(),
            (Some(_), Some(domain)) => format!("keys for tokens in domain `{domain}`"),
            (None, _) => "nothing".to_owned(),
        };
        let _ = writeln!(
            text,
            "{:<7}{:<10}{:<22}{:<11}{holds}",
            epoch.epoch,
            epoch.id,
            epoch.created.as_deref().unwrap_or("-"),
            epoch.status
        );
    }
    if let Some(domain) = keyring.exported_for() {
        let _ = writeln!(
            text,
            "\nExported: masks in domain `{domain}` with --domain {domain}, and does nothing else."
        );
    }
    text
}
