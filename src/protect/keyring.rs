//! The keyring: one master key per epoch, as written in a key file, and where it is found.
//!
//! In come bytes of a small TOML document, or the value of `LOUP_KEY`; out comes a [`Keyring`]
//! whose invariants hold, or a [`KeyError`] that says where the document is wrong without
//! repeating any of it. Nothing here reads the environment: [`KeySources`] is handed its values.
//!
//! ```toml
//! [[key]]
//! epoch = 1
//! id = "2aaecdf7"
//! created = "2026-11-22T09:30:00Z"
//! status = "active"
//! secret = "…44 characters of base64…"
//! ```
//!
//! # Source
//! The pseudonym specification `loup.v1`, sections "Keys" and "Rotation".

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use toml::de::{DeTable, Deserializer as TomlDeserializer};
use zeroize::Zeroizing;

use super::error::KeyError;
use super::key::{KeyId, MasterKey};

/// An epoch is about 150 bytes; this is room for four hundred.
const MAX_FILE_BYTES: usize = 64 * 1024;

/// The master keys of a user: at least one epoch, in ascending order, exactly one of them active,
/// no two with the same number or the same key.
pub struct Keyring {
    epochs: Vec<Epoch>,
}

/// One epoch of a [`Keyring`].
pub struct Epoch {
    /// 1, 2, 3 …
    pub number: u32,
    /// The id of its key, known even when the key is destroyed.
    pub id: KeyId,
    /// When its key was drawn. Nothing where the keyring does not say, as with `LOUP_KEY`.
    pub created: Option<Timestamp>,
    /// What may be done with it, and the key that this takes.
    pub status: Status,
}

/// The life of an epoch.
pub enum Status {
    /// New pseudonyms are made with it.
    Active(MasterKey),
    /// Its pseudonyms are known and can be recomputed, but no new ones are made.
    Retired(MasterKey),
    /// Its pseudonyms are known, and can no longer be recomputed from a value.
    Destroyed,
}

impl Status {
    /// The word in the keyring, and the key unless it is destroyed.
    fn as_written(&self) -> (&'static str, Option<&MasterKey>) {
        match self {
            Self::Active(key) => ("active", Some(key)),
            Self::Retired(key) => ("retired", Some(key)),
            Self::Destroyed => ("destroyed", None),
        }
    }
}

impl Keyring {
    /// A new keyring: epoch 1, active, with a random key.
    ///
    /// # Errors
    /// [`KeyError::Randomness`] where the operating system gives no random bytes.
    pub fn generate(now: Timestamp) -> Result<Self, KeyError> {
        Ok(Self::single(1, Some(now), MasterKey::generate()?))
    }

    /// The keyring in these bytes of TOML.
    ///
    /// # Errors
    /// Unknown keys, and whatever breaks an invariant of [`Keyring`], name the line or the epoch.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let entries = parse_entries(bytes)?;
        let epochs = entries.into_iter().map(epoch).collect::<Result<Vec<_>, _>>()?;
        Self::new(epochs)
    }

    /// The keyring of one active epoch in the value of `LOUP_KEY`: `[epoch:]base64`, epoch 1 if
    /// not said. White space around it is ignored, since files and secret stores add line ends.
    ///
    /// # Errors
    /// [`KeyError::NotAnEpoch`], [`KeyError::NotBase64`], or what [`MasterKey::new`] refuses.
    pub fn parse_variable(value: &str) -> Result<Self, KeyError> {
        let value = value.trim_ascii();
        let (number, secret) = match value.split_once(':') {
            None => (1, value),
            Some((epoch, secret)) => {
                let epoch: NonZeroU32 = epoch.parse().map_err(|_| KeyError::NotAnEpoch)?;
                (epoch.get(), secret)
            }
        };
        Ok(Self::single(number, None, decode(secret)?))
    }

    /// The keyring in the file at `path`.
    ///
    /// On Unix, a file that the group or others may use in any way is refused unless `allow_open`;
    /// elsewhere permissions are not looked at. The open file is asked and not its path, so that
    /// nobody can swap it in between; a pipe will do (`--key-file <(age --decrypt …)`).
    ///
    /// # Errors
    /// [`KeyError::Open`], [`KeyError::Io`], or what [`Self::parse`] refuses, with the path.
    pub fn read_file(path: &Path, allow_open: bool) -> Result<Self, KeyError> {
        let file = File::open(path).map_err(|error| KeyError::io(path, error))?;
        let metadata = file.metadata().map_err(|error| KeyError::io(path, error))?;
        match others_permissions(&metadata) {
            Some(mode) if !allow_open => Err(KeyError::Open { path: path.to_owned(), mode }),
            _ => Self::read(file, &path.display().to_string()),
        }
    }

    /// The keyring in what `reader` holds to its end; `origin` names it in errors.
    fn read(reader: impl Read, origin: &str) -> Result<Self, KeyError> {
        // With room from the start the buffer never moves, and leaves no copy behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_FILE_BYTES + 1));
        reader
            .take(MAX_FILE_BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|problem| KeyError::Io { origin: origin.to_owned(), problem })?;
        if bytes.len() > MAX_FILE_BYTES {
            return Err(KeyError::TooLong { limit: MAX_FILE_BYTES }.with_origin(origin));
        }
        Self::parse(&bytes).map_err(|error| error.with_origin(origin))
    }

    /// Writes the keyring to a new file at `path`, readable by its owner alone (mode 600 on Unix),
    /// and waits until the disk has it.
    ///
    /// # Errors
    /// [`KeyError::Exists`]: a key is never overwritten. [`KeyError::Io`]: no file is left behind.
    pub fn write_file(&self, path: &Path) -> Result<(), KeyError> {
        let mut file = create_private(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyError::Exists { path: path.to_owned() },
            _ => KeyError::io(path, error),
        })?;
        let written = file
            .write_all(self.to_toml().as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| sync_directory_of(path));
        written.map_err(|error| {
            // Half a keyring is worth nothing, and would be in the way of the next attempt.
            let _ = fs::remove_file(path);
            KeyError::io(path, error)
        })
    }

    /// The keyring as written in a key file, secrets included.
    #[must_use]
    pub fn to_toml(&self) -> Zeroizing<String> {
        // Grown once: a string that moves leaves its secrets behind.
        let mut text = Zeroizing::new(String::with_capacity(256 * (self.epochs.len() + 1)));
        text.push_str("# Keep this file secret: with it, the pseudonyms below can be reversed.\n");
        for Epoch { number, id, created, status } in &self.epochs {
            let (status, key) = status.as_written();
            let _ = write!(text, "\n[[key]]\nepoch = {number}\nid = \"{id}\"\n");
            if let Some(created) = created {
                let _ = writeln!(text, "created = \"{created:.0}\"");
            }
            let _ = writeln!(text, "status = \"{status}\"");
            if let Some(key) = key {
                let secret = Zeroizing::new(STANDARD.encode(key.expose()));
                let _ = writeln!(text, "secret = \"{}\"", *secret);
            }
        }
        text
    }

    /// The active epoch: its number, and its key.
    #[must_use]
    pub fn active(&self) -> (u32, &MasterKey) {
        self.epochs
            .iter()
            .find_map(|epoch| match &epoch.status {
                Status::Active(key) => Some((epoch.number, key)),
                Status::Retired(_) | Status::Destroyed => None,
            })
            .expect("exactly one epoch is active, as `Keyring::new` checks")
    }

    /// Every epoch, in ascending order.
    #[must_use]
    pub fn epochs(&self) -> &[Epoch] {
        &self.epochs
    }

    /// Checks the key that a manifest or a map names for an epoch. An epoch that is not in this
    /// keyring agrees with anything.
    ///
    /// # Errors
    /// [`KeyError::OtherKey`] where the epoch has another key here.
    pub fn agree(&self, epoch: u32, id: KeyId) -> Result<(), KeyError> {
        match self.epochs.iter().find(|known| known.number == epoch) {
            Some(known) if known.id != id => {
                Err(KeyError::OtherKey { epoch, ours: known.id, theirs: id })
            }
            _ => Ok(()),
        }
    }

    /// The keyring of one active epoch.
    fn single(number: u32, created: Option<Timestamp>, key: MasterKey) -> Self {
        Self { epochs: vec![Epoch { number, id: key.id(), created, status: Status::Active(key) }] }
    }

    /// The keyring of these epochs in any order, if its invariants hold.
    fn new(mut epochs: Vec<Epoch>) -> Result<Self, KeyError> {
        epochs.sort_by_key(|epoch| epoch.number);
        for (at, epoch) in epochs.iter().enumerate() {
            for earlier in &epochs[..at] {
                if earlier.number == epoch.number {
                    return Err(KeyError::EpochTwice { epoch: epoch.number });
                }
                if earlier.id == epoch.id {
                    return Err(KeyError::SameKey { first: earlier.number, second: epoch.number });
                }
            }
        }
        let count = epochs.iter().filter(|epoch| matches!(epoch.status, Status::Active(_))).count();
        if count != 1 {
            return Err(KeyError::NotOneActive { count });
        }
        Ok(Self { epochs })
    }
}

/// Where a key may be given. It is never a command-line argument, which other users can list.
#[derive(Default)]
pub struct KeySources {
    /// `--key-file`; `-` is standard input.
    pub key_file: Option<PathBuf>,
    /// The value of `LOUP_KEY_FILE`.
    pub env_key_file: Option<PathBuf>,
    /// The value of `LOUP_KEY`.
    pub env_key: Option<Zeroizing<String>>,
    /// `--allow-open-key-file`.
    pub allow_open: bool,
}

impl KeySources {
    /// The keyring of the first source that is set, in the order of the fields, or nothing where
    /// none is. `stdin` is read to its end if `--key-file` is `-`, and not touched otherwise; that
    /// no data is expected there as well is the caller's to check.
    ///
    /// # Errors
    /// A source that is set and cannot be used is an error; the next one is not tried.
    pub fn find(&self, stdin: impl Read) -> Result<Option<Keyring>, KeyError> {
        let keyring = match (&self.key_file, &self.env_key_file, &self.env_key) {
            (Some(path), _, _) if path.as_os_str() == "-" => Keyring::read(stdin, "standard input"),
            (Some(path), _, _) => self.read_file(path, "--key-file"),
            (None, Some(path), _) => self.read_file(path, "LOUP_KEY_FILE"),
            (None, None, Some(value)) => {
                Keyring::parse_variable(value).map_err(|error| error.with_origin("LOUP_KEY"))
            }
            (None, None, None) => return Ok(None),
        };
        keyring.map(Some)
    }

    /// The keyring of the first source that is set, as [`Self::find`] has it.
    ///
    /// # Errors
    /// [`KeyError::Missing`] where none is set.
    pub fn require(&self, stdin: impl Read) -> Result<Keyring, KeyError> {
        self.find(stdin)?.ok_or(KeyError::Missing)
    }

    fn read_file(&self, path: &Path, origin: &'static str) -> Result<Keyring, KeyError> {
        // A key in the wrong variable would otherwise be printed as a path that does not exist.
        if is_key(path.as_os_str()) {
            return Err(KeyError::KeyAsPath { origin });
        }
        Keyring::read_file(path, self.allow_open)
    }
}

/// Whether a text is what `LOUP_KEY` should hold.
fn is_key(text: &OsStr) -> bool {
    text.to_str().is_some_and(|text| Keyring::parse_variable(text).is_ok())
}

/// A keyring as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(borrow)]
    key: Vec<Entry<'a>>,
}

/// An epoch as written. The secret is borrowed from the document, so that no copy of it is left;
/// one with TOML escapes would need a copy and is refused, which no base64 suffers from.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<'a> {
    epoch: NonZeroU32,
    id: KeyId,
    #[serde(default, deserialize_with = "timestamp")]
    created: Option<Timestamp>,
    status: StatusWord,
    secret: Option<&'a str>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum StatusWord {
    Active,
    Retired,
    Destroyed,
}

fn timestamp<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(|_| serde::de::Error::custom("not RFC 3339"))
}

/// The entries of a document. Of what the TOML parser says only the position is kept: its
/// messages quote the line, and the line may be the secret.
fn parse_entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, KeyError> {
    let syntax = |offset| {
        let (line, column) = position(bytes, offset);
        KeyError::Syntax { line, column }
    };
    let entry = |offset| {
        let (line, column) = position(bytes, offset);
        KeyError::Entry { line, column }
    };
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);

    let text = std::str::from_utf8(bytes).map_err(|error| syntax(error.valid_up_to()))?;
    let table = DeTable::parse(text).map_err(|error| syntax(start(&error)))?;
    let document = Document::deserialize(TomlDeserializer::from(table))
        .map_err(|error| entry(start(&error)))?;
    Ok(document.key)
}

/// The epoch of an entry, if the entry agrees with itself.
fn epoch(entry: Entry<'_>) -> Result<Epoch, KeyError> {
    let number = entry.epoch.get();
    let status = match (entry.status, entry.secret) {
        (StatusWord::Destroyed, None) => Status::Destroyed,
        (StatusWord::Destroyed, Some(_)) => return Err(KeyError::SecretKept { epoch: number }),
        (_, None) => return Err(KeyError::NoSecret { epoch: number }),
        (word, Some(secret)) => {
            let key = decode(secret).map_err(|error| error.in_epoch(number))?;
            if key.id() != entry.id {
                let (ours, theirs) = (key.id(), entry.id);
                return Err(KeyError::OtherKey { epoch: number, ours, theirs });
            }
            if word == StatusWord::Active { Status::Active(key) } else { Status::Retired(key) }
        }
    };
    Ok(Epoch { number, id: entry.id, created: entry.created, status })
}

/// The master key in base64.
fn decode(secret: &str) -> Result<MasterKey, KeyError> {
    // As much room as the text has is more than enough, so the buffer never moves.
    let mut bytes = Zeroizing::new(Vec::with_capacity(secret.len() + 3));
    STANDARD.decode_vec(secret, &mut bytes).map_err(|_| KeyError::NotBase64)?;
    MasterKey::new(&bytes)
}

/// Line, and column in characters, both from 1, of a byte offset into `text`.
fn position(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    (line, String::from_utf8_lossy(&before[line_start..]).chars().count() + 1)
}

/// The permission bits of a file, if its group or others have any.
#[cfg(unix)]
fn others_permissions(metadata: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn others_permissions(_: &fs::Metadata) -> Option<u32> {
    None
}

/// Creates a file that did not exist, for its owner alone.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Waits until the disk has the name of a file that was created.
#[cfg(unix)]
fn sync_directory_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(not(unix))]
fn sync_directory_of(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::key::tests::vector_key;
    use super::*;

    /// 00 01 02 … 1f.
    const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    /// 20 21 22 … 3f is printable; this is 80 81 82 … 9f.
    const OTHER_SECRET: &str = "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=";

    /// The keyring of the specification's vectors.
    pub(crate) fn vector_keyring() -> Keyring {
        Keyring::single(1, None, vector_key())
    }

    /// Epoch 1 is destroyed, epoch 2 retired, epoch 3 active; the key of epoch 2 is that of the
    /// specification's vectors.
    pub(crate) fn keyring_of_three() -> Keyring {
        let text = entry(3, OTHER_SECRET, "active")
            + &entry(2, SECRET, "retired")
            + &destroyed(1, "00000000");
        Keyring::parse(text.as_bytes()).unwrap()
    }

    fn entry(epoch: u32, secret: &str, status: &str) -> String {
        let id = decode(secret).unwrap().id();
        format!(
            "[[key]]\nepoch = {epoch}\nid = \"{id}\"\ncreated = \"2026-11-22T09:30:00Z\"\n\
             status = \"{status}\"\nsecret = \"{secret}\"\n"
        )
    }

    fn destroyed(epoch: u32, id: &str) -> String {
        format!("[[key]]\nepoch = {epoch}\nid = \"{id}\"\nstatus = \"destroyed\"\n")
    }

    fn refusal(text: &str) -> KeyError {
        Keyring::parse(text.as_bytes()).err().expect("a refusal")
    }

    fn scratch() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn a_keyring_has_its_active_key_among_others() {
        let text = entry(3, SECRET, "active")
            + &entry(2, OTHER_SECRET, "retired")
            + &destroyed(1, "00000000");
        let keyring = Keyring::parse(text.as_bytes()).unwrap();
        let (number, key) = keyring.active();
        assert_eq!((number, key.id().to_string().as_str()), (3, "2aaecdf7"));
        let numbers: Vec<u32> = keyring.epochs().iter().map(|epoch| epoch.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert!(matches!(keyring.epochs()[0].status, Status::Destroyed));
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let now: Timestamp = "2026-11-22T09:30:00.123Z".parse().unwrap();
        let keyring = Keyring::generate(now).unwrap();
        let text = keyring.to_toml();
        assert!(text.contains("created = \"2026-11-22T09:30:00Z\""));
        let again = Keyring::parse(text.as_bytes()).unwrap();
        assert_eq!(again.active().1.expose(), keyring.active().1.expose());
        assert_eq!(*again.to_toml(), *text);

        let text = entry(2, SECRET, "active") + &destroyed(1, "00000000");
        let text = Keyring::parse(text.as_bytes()).unwrap().to_toml();
        assert_eq!(*Keyring::parse(text.as_bytes()).unwrap().to_toml(), *text);
    }

    #[test]
    fn exactly_one_epoch_is_active() {
        assert!(matches!(refusal("key = []"), KeyError::NotOneActive { count: 0 }));
        let none = entry(1, SECRET, "retired");
        assert!(matches!(refusal(&none), KeyError::NotOneActive { count: 0 }));
        let two = entry(1, SECRET, "active") + &entry(2, OTHER_SECRET, "active");
        assert!(matches!(refusal(&two), KeyError::NotOneActive { count: 2 }));
    }

    #[test]
    fn epochs_are_independent() {
        let twice = entry(1, SECRET, "active") + &entry(1, OTHER_SECRET, "retired");
        assert!(matches!(refusal(&twice), KeyError::EpochTwice { epoch: 1 }));
        let same = entry(2, SECRET, "active") + &entry(1, SECRET, "retired");
        assert!(matches!(refusal(&same), KeyError::SameKey { first: 1, second: 2 }));
        let kept_elsewhere = entry(2, SECRET, "active") + &destroyed(1, "2aaecdf7");
        assert!(matches!(refusal(&kept_elsewhere), KeyError::SameKey { first: 1, second: 2 }));
    }

    #[test]
    fn an_entry_agrees_with_itself() {
        let wrong_id = entry(1, SECRET, "active").replace("2aaecdf7", "2aaecdf8");
        assert!(matches!(refusal(&wrong_id), KeyError::OtherKey { epoch: 1, .. }));
        let kept = entry(1, SECRET, "destroyed");
        assert!(matches!(refusal(&kept), KeyError::SecretKept { epoch: 1 }));
        let lost = destroyed(1, "2aaecdf7").replace("destroyed", "retired");
        assert!(matches!(refusal(&lost), KeyError::NoSecret { epoch: 1 }));
    }

    #[test]
    fn a_secret_that_is_no_key_names_its_epoch() {
        for secret in ["", "AAEC", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "!"] {
            let error = refusal(&entry(7, SECRET, "active").replace(SECRET, secret));
            assert!(matches!(error, KeyError::Secret { epoch: 7, .. }), "{error}");
            assert!(error.help().is_some());
        }
    }

    #[test]
    fn an_unknown_key_or_a_wrong_value_is_an_error_with_its_place() {
        let good = entry(1, SECRET, "active");
        let place = |text: &str| match refusal(text) {
            KeyError::Entry { line, column } => (line, column),
            other => panic!("{other}"),
        };
        assert_eq!(place(&good.replace("created", "creator")), (4, 1));
        assert_eq!(place(&good.replace("epoch = 1", "epoch = 0")), (2, 9));
        assert_eq!(place(&good.replace("epoch = 1", "epoch = \"1\"")), (2, 9));
        assert_eq!(place(&good.replace("\"active\"", "\"Active\"")), (5, 10));
        assert_eq!(place(&good.replace("2026-11-22T", "yesterday")), (4, 11));
        assert_eq!(place(&good.replace("2aaecdf7", "2AAECDF7")), (3, 6));
        assert_eq!(place(""), (1, 1));
        place(&format!("comment = \"\"\n{good}"));
        place(&good.replace("status", "# status"));
    }

    #[test]
    fn broken_toml_is_an_error_with_its_place() {
        let broken = format!("# clé\n secret = \"{SECRET}\n");
        assert!(matches!(refusal(&broken), KeyError::Syntax { line: 2, .. }));
        let latin1 = Keyring::parse(b"# cl\xe9\n").err().unwrap();
        assert!(matches!(latin1, KeyError::Syntax { line: 1, column: 5 }));
    }

    #[test]
    fn no_message_repeats_a_secret_wherever_it_was_put() {
        let good = entry(1, SECRET, "active");
        let misplaced = [
            good.replace("= 1", &format!("= \"{SECRET}\"")),
            good.replace("2aaecdf7", SECRET),
            good.replace("2026-11-22T09:30:00Z", SECRET),
            good.replace("\"active\"", &format!("\"{SECRET}\"")),
            good.replace("epoch =", &format!("\"{SECRET}\" =")),
            good.replace("[[key]]", &format!("[[\"{SECRET}\"]]")),
            good.replace(&format!("\"{SECRET}\""), SECRET),
            good.replace(&format!("{SECRET}\""), SECRET),
            good.replace(SECRET, &format!("{SECRET}{SECRET}")),
            format!("{good}{good}"),
            SECRET.to_owned(),
        ];
        for text in misplaced {
            let error = refusal(&text);
            let shown = format!("{error} {error:?} {:?}", error.help());
            for part in SECRET.as_bytes().windows(6) {
                assert!(!shown.contains(std::str::from_utf8(part).unwrap()), "{shown}");
            }
        }
    }

    #[test]
    fn the_variable_holds_one_key_with_or_without_its_epoch() {
        for (value, epoch) in
            [(SECRET.to_owned(), 1), (format!("1:{SECRET}"), 1), (format!("12:{SECRET}\n"), 12)]
        {
            let keyring = Keyring::parse_variable(&value).unwrap();
            assert_eq!(keyring.active().0, epoch);
            assert_eq!(keyring.active().1.expose(), vector_key().expose());
        }
        for value in [format!("0:{SECRET}"), format!(":{SECRET}"), format!("-1:{SECRET}")] {
            assert!(matches!(Keyring::parse_variable(&value), Err(KeyError::NotAnEpoch)));
        }
        assert!(matches!(Keyring::parse_variable(""), Err(KeyError::Length { bytes: 0 })));
        let url_safe = "-_".repeat(22);
        assert!(matches!(Keyring::parse_variable(&url_safe), Err(KeyError::NotBase64)));
    }

    #[test]
    fn one_epoch_is_never_two_keys() {
        let keyring = vector_keyring();
        let ours = keyring.active().1.id();
        let theirs: KeyId = "00000000".parse().unwrap();
        assert!(keyring.agree(1, ours).is_ok());
        assert!(keyring.agree(2, theirs).is_ok());
        assert!(matches!(keyring.agree(1, theirs), Err(KeyError::OtherKey { epoch: 1, .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = scratch();
        let path = folder.path().join("loup.key");
        vector_keyring().write_file(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Keyring::read_file(&path, false).unwrap().active().0, 1);

        for mode in [0o640, 0o604, 0o610, 0o602, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = Keyring::read_file(&path, false).err().unwrap();
            assert!(matches!(error, KeyError::Open { mode: found, .. } if found == mode));
            let help = error.help().unwrap();
            assert!(help.contains("chmod 600") && help.contains("--allow-open-key-file"));
            assert!(Keyring::read_file(&path, true).is_ok());
        }
    }

    #[test]
    fn a_key_file_is_never_overwritten() {
        let folder = scratch();
        let path = folder.path().join("loup.key");
        fs::write(&path, "precious").unwrap();
        let error = vector_keyring().write_file(&path).unwrap_err();
        assert!(matches!(error, KeyError::Exists { .. }));
        assert_eq!(fs::read(&path).unwrap(), b"precious");
    }

    #[test]
    fn a_file_too_long_for_a_keyring_is_not_read_to_its_end() {
        let error = Keyring::read(io::repeat(b'#'), "standard input").err().unwrap();
        assert_eq!(error.to_string(), "standard input: longer than 65536 bytes: not a keyring");
    }

    #[test]
    fn sources_are_asked_in_their_order() {
        let folder = scratch();
        let file = |name: &str, epoch: u32| {
            let path = folder.path().join(name);
            Keyring::single(epoch, None, vector_key()).write_file(&path).unwrap();
            path
        };
        let stdin = Keyring::single(5, None, vector_key()).to_toml();
        let epoch = |sources: &KeySources| sources.require(stdin.as_bytes()).unwrap().active().0;

        let mut sources = KeySources::default();
        assert!(sources.find(io::empty()).unwrap().is_none());
        assert!(matches!(sources.require(io::empty()), Err(KeyError::Missing)));
        sources.env_key = Some(Zeroizing::new(format!("2:{SECRET}")));
        assert_eq!(epoch(&sources), 2);
        sources.env_key_file = Some(file("variable", 3));
        assert_eq!(epoch(&sources), 3);
        sources.key_file = Some(file("argument", 4));
        assert_eq!(epoch(&sources), 4);
        sources.key_file = Some("-".into());
        assert_eq!(epoch(&sources), 5);
    }

    #[test]
    fn a_source_that_cannot_be_used_is_not_skipped() {
        let folder = scratch();
        let sources = KeySources {
            env_key_file: Some(folder.path().join("nothing")),
            env_key: Some(Zeroizing::new(SECRET.to_owned())),
            ..KeySources::default()
        };
        assert!(matches!(sources.find(io::empty()), Err(KeyError::Io { .. })));
        let sources =
            KeySources { env_key: Some(Zeroizing::new(String::new())), ..KeySources::default() };
        let error = sources.find(io::empty()).err().unwrap();
        assert_eq!(error.to_string(), "LOUP_KEY: a key has 32 bytes, this one has 0");
    }

    #[test]
    fn a_key_in_place_of_a_path_is_not_printed() {
        let sources = KeySources { env_key_file: Some(SECRET.into()), ..KeySources::default() };
        let error = sources.find(io::empty()).err().unwrap();
        assert!(matches!(error, KeyError::KeyAsPath { origin: "LOUP_KEY_FILE" }));
        assert!(!format!("{error:?}").contains("AAEC"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Keyring::parse(&bytes);
            let _ = Keyring::parse_variable(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn no_edit_of_a_keyring_makes_the_parser_panic(at in 0usize..190, byte: u8) {
            let mut bytes = entry(1, SECRET, "active").into_bytes();
            let last = bytes.len() - 1;
            bytes[at.min(last)] = byte;
            let _ = Keyring::parse(&bytes);
        }
    }
}
