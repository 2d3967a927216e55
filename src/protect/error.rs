//! What can go wrong with keys: where, why and what to do, never a byte of a key.

use std::io;
use std::path::{Path, PathBuf};

use super::key::{Domain, KeyId};

/// A key that cannot be found, read or trusted.
///
/// No message holds any text of a keyring, of `LOUP_KEY` or of a file's content: positions,
/// epochs, key ids and counts only. Every variant ends the run with exit code 4.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// None of the three sources is set, and the work needs a key.
    #[error("no key was given")]
    Missing,

    /// Pseudonyms of one run alone would join with those of another.
    #[error("a run was begun with this key already")]
    SecondRun,

    /// A problem with the key from one source: a path, `standard input` or `LOUP_KEY`.
    #[error("{origin}: {problem}")]
    From { origin: String, problem: Box<KeyError> },

    /// A master key of the wrong length.
    #[error("a key has 32 bytes, this one has {bytes}")]
    Length { bytes: usize },

    /// Random bytes have about 30 distinct values among 32.
    #[error("the key has only {distinct} distinct bytes: it was not drawn at random")]
    FewDistinct { distinct: usize },

    /// A passphrase or a line of text instead of random bytes.
    #[error("the key is printable text: it was not drawn at random")]
    Printable,

    /// A secret that is no base64 of the standard alphabet, with padding.
    #[error("the secret is not base64 (standard alphabet, padded)")]
    NotBase64,

    /// The number before the colon of `LOUP_KEY` is no epoch.
    #[error("the epoch before the colon is not a whole number from 1 on")]
    NotAnEpoch,

    /// The operating system refused random bytes.
    #[error("no random bytes from the operating system: {0}")]
    Randomness(getrandom::Error),

    /// Not 1 to 64 of `a-z 0-9 . _ -`.
    #[error("a domain is 1 to 64 characters of a-z 0-9 . _ -")]
    Domain,

    /// A kind name outside the alphabet that keeps derivations apart.
    #[error("kind `{name}`: a kind is 1 to 32 characters of a-z 0-9 _")]
    KindName { name: String },

    /// A token prefix that could not be told from data.
    #[error("kind `{kind}`: a token prefix is 2 to 8 letters a-z")]
    Prefix { kind: String },

    /// A keyring that is no TOML. Lines and columns (in characters) count from 1.
    #[error("line {line}, column {column}: not valid TOML")]
    Syntax { line: usize, column: usize },

    /// A keyring that is TOML, with a key or a value that has no place in it.
    #[error("line {line}, column {column}: not an entry of a keyring")]
    Entry { line: usize, column: usize },

    /// An active or retired entry without its secret.
    #[error("epoch {epoch} has no secret and is not marked as destroyed")]
    NoSecret { epoch: u32 },

    /// A destroyed entry that still has its secret: it is not destroyed.
    #[error("epoch {epoch} is marked as destroyed and still has a secret")]
    SecretKept { epoch: u32 },

    /// A secret that is refused, within its entry.
    #[error("epoch {epoch}: {problem}")]
    Secret { epoch: u32, problem: Box<KeyError> },

    /// An entry with some of what an exported key takes, or with more than one form of a key.
    #[error("epoch {epoch} has to have a secret, or age, or else domain, token and digest")]
    Parts { epoch: u32 },

    /// An encrypted secret that is no armoured age file, was not encrypted with a passphrase, or is
    /// damaged.
    #[error("the encrypted secret is no age file under a passphrase, or damaged")]
    NotSealed,

    /// Opening an encrypted secret would take more work than is done for any; both are logarithms of
    /// scrypt's N.
    #[error("the encrypted secret asks for a work factor of {asked}, and {most} is the most")]
    TooMuchWork { asked: u8, most: u8 },

    /// It opens none of the encrypted secrets.
    #[error("the passphrase is wrong")]
    WrongPassphrase,

    /// A passphrase without a character.
    #[error("the passphrase is empty")]
    EmptyPassphrase,

    /// A passphrase that is no text.
    #[error("the passphrase is not UTF-8")]
    PassphraseText,

    /// Typed twice, and not the same.
    #[error("the two passphrases differ")]
    PassphrasesDiffer,

    /// An encrypted keyring, and nobody to ask for its passphrase.
    #[error("no passphrase was given for an encrypted keyring")]
    Locked,

    /// An encrypted keyring and a build that opens none.
    #[error("the keyring is encrypted, and this build of loup lacks the feature `age`")]
    NoAge,

    /// A secret that could not be encrypted.
    #[error("the key could not be encrypted")]
    NotEncrypted,

    /// Exported keys of two domains, or beside master keys.
    #[error("the keys of a keyring are all of one form and, if exported, of one domain")]
    Mixed,

    /// A domain that an exported keyring has no keys of.
    #[error("the keyring was exported for domain `{exported}`, and this is for `{wanted}`")]
    OtherDomain { exported: Domain, wanted: Domain },

    /// Work that takes the master key, and an exported keyring.
    #[error(
        "the keyring was exported for tokens in domain `{domain}`, and this takes the whole keyring"
    )]
    Exported { domain: Domain },

    /// An epoch that was never opened.
    #[error("there is no epoch {epoch} in the keyring")]
    NoEpoch { epoch: u32 },

    /// An epoch whose key is gone.
    #[error("the key of epoch {epoch} was destroyed")]
    Destroyed { epoch: u32 },

    /// A key that is in use and was to be destroyed.
    #[error("epoch {epoch} is active: new pseudonyms are made with its key")]
    InUse { epoch: u32 },

    /// The last epoch there can be.
    #[error("there is no epoch after {epoch}")]
    LastEpoch { epoch: u32 },

    /// Two entries for one epoch.
    #[error("epoch {epoch} has two entries")]
    EpochTwice { epoch: u32 },

    /// Two epochs with one key: destroying one of them would destroy nothing.
    #[error("epochs {first} and {second} have the same key")]
    SameKey { first: u32, second: u32 },

    /// No active epoch, or more than one.
    #[error("{count} epochs are active, exactly one must be")]
    NotOneActive { count: usize },

    /// One epoch, two keys: pseudonyms made with them would mix.
    #[error("epoch {epoch} is key {ours} here, and key {theirs} is named for it")]
    OtherKey { epoch: u32, ours: KeyId, theirs: KeyId },

    /// Somebody else may read or write the key file.
    #[error("{path} is open to other users (mode {mode:03o})")]
    Open { path: PathBuf, mode: u32 },

    /// A key was given where the path of its file belongs. The "path" is not repeated.
    #[error("{origin} holds a key, where the path of a key file belongs")]
    KeyAsPath { origin: &'static str },

    /// A file too long to be a keyring.
    #[error("longer than {limit} bytes: not a keyring")]
    TooLong { limit: usize },

    /// A key file that would be overwritten.
    #[error("{path} exists, and a key is never overwritten")]
    Exists { path: PathBuf },

    /// A pipe or a device, where a file was to be changed.
    #[error("{path} is no file that could be changed")]
    NotAFile { path: PathBuf },

    /// A command with a quote that is not closed, or without a word.
    #[error("the command cannot be split into words")]
    CommandWords,

    /// A key among the words of a command. They are not repeated.
    #[error("the command holds a key, and other users can list the words of a command")]
    KeyInCommand,

    /// A command that reports a failure.
    #[error("the command failed ({status})")]
    CommandFailed { status: std::process::ExitStatus },

    /// A command that did not end in time.
    #[error("the command did not end within {seconds} s")]
    CommandTimeout { seconds: u64 },

    /// The operating system refused, within a source.
    #[error("{0}")]
    Unreadable(io::Error),

    /// The operating system refused.
    #[error("{origin}: {problem}")]
    Io { origin: String, problem: io::Error },
}

impl KeyError {
    /// What the user can do about it: one sentence, without a final full stop.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Missing => {
                "`loup key new` makes one; name it with --key-file or LOUP_KEY_FILE".to_owned()
            }
            Self::From { problem, .. } | Self::Secret { problem, .. } => return problem.help(),
            Self::Length { .. } | Self::FewDistinct { .. } | Self::Printable | Self::NotBase64 => {
                "a key is 32 random bytes in base64, as `loup key new` writes them".to_owned()
            }
            Self::Syntax { .. } => {
                "name a keyring that `loup key new` wrote, or mend it at this place".to_owned()
            }
            Self::NotAnEpoch => "LOUP_KEY is `base64`, or `epoch:base64`".to_owned(),
            Self::Entry { .. } => "an entry is [[key]] with epoch, id (8 hexadecimal digits), \
                 created, status (active, retired or destroyed) and secret, or age, or domain, \
                 token and digest"
                .to_owned(),
            Self::SecretKept { .. } => "remove the secret, or set the status to retired".to_owned(),
            Self::OtherKey { .. } => {
                "use the key that made these pseudonyms, or rotate to a new epoch".to_owned()
            }
            Self::Open { path, .. } => format!(
                "chmod 600 {}, or --allow-open-key-file where the file cannot be closed",
                path.display()
            ),
            Self::KeyAsPath { .. } => {
                "give the key as LOUP_KEY, or write it to a file; if this command line or log \
                 was kept, the key is known and must be replaced"
                    .to_owned()
            }
            Self::Parts { .. } => {
                "a secret is of a whole keyring, age is one that is encrypted; domain, token and \
                 digest are of an exported one"
                    .to_owned()
            }
            Self::NotSealed => {
                "it is what `age --passphrase --armor` makes of the secret in base64".to_owned()
            }
            Self::TooMuchWork { .. } => "encrypt the secret anew with a smaller one".to_owned(),
            Self::WrongPassphrase => {
                "every epoch of a keyring is encrypted with the same passphrase".to_owned()
            }
            Self::Locked => {
                "give it with --passphrase-command or LOUP_PASSPHRASE, or type it at a terminal"
                    .to_owned()
            }
            Self::NoAge => {
                "use one that was built with `--features age`; `loup key show` needs none"
                    .to_owned()
            }
            Self::OtherDomain { exported, .. } => format!(
                "--domain {exported}, or a keyring that `loup key export` made for the other domain"
            ),
            Self::Exported { .. } => "use the keyring that it was exported from".to_owned(),
            Self::NoEpoch { .. } => "`loup key show` lists the epochs".to_owned(),
            Self::InUse { .. } => "open a new epoch first, with `loup key rotate`".to_owned(),
            Self::CommandWords => {
                "it is split as a shell does, and run without one: no variables, pipes or globs"
                    .to_owned()
            }
            Self::KeyInCommand => {
                "let the command read the key from where it is kept; if this command line was \
                 kept, the key is known and must be replaced"
                    .to_owned()
            }
            Self::Exists { .. } => {
                "choose another path: without the old key its pseudonyms are orphans".to_owned()
            }
            Self::Io { problem, .. } if problem.kind() == io::ErrorKind::NotFound => {
                "check the path; `loup key new --out FILE` makes one".to_owned()
            }
            _ => return None,
        };
        Some(help)
    }

    /// The same problem, with the source it came from.
    pub(super) fn with_origin(self, origin: impl Into<String>) -> Self {
        Self::From { origin: origin.into(), problem: Box::new(self) }
    }

    /// The same problem, with the entry it came from.
    pub(super) fn in_epoch(self, epoch: u32) -> Self {
        Self::Secret { epoch, problem: Box::new(self) }
    }

    /// A refusal of the operating system about a file.
    pub(super) fn io(path: &Path, problem: io::Error) -> Self {
        Self::Io { origin: path.display().to_string(), problem }
    }
}
