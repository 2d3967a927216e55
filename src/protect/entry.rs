//! The epochs of a keyring as they are written: TOML, a secret in base64.

use std::fmt::Write as _;
use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use toml::de::{DeTable, Deserializer as TomlDeserializer};
use zeroize::Zeroizing;

use super::error::KeyError;
use super::export::{Export, Key};
use super::key::{Domain, DomainKey, KeyId, MasterKey};
use super::keyring::{Epoch, Status};
use super::sealed::Sealed;

/// A keyring as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(borrow)]
    key: Vec<Entry<'a>>,
}

/// An epoch as written. A secret is borrowed from the document, so that no copy of it is left;
/// one with TOML escapes would need a copy and is refused, which no base64 suffers from.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry<'a> {
    epoch: NonZeroU32,
    id: KeyId,
    #[serde(default, deserialize_with = "timestamp")]
    created: Option<Timestamp>,
    status: StatusWord,
    secret: Option<&'a str>,
    age: Option<String>,
    domain: Option<&'a str>,
    token: Option<&'a str>,
    digest: Option<&'a str>,
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
pub(super) fn read_all(bytes: &[u8]) -> Result<Vec<Entry<'_>>, KeyError> {
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
pub(super) fn epoch(entry: &Entry<'_>) -> Result<Epoch, KeyError> {
    let number = entry.epoch.get();
    let key = key(entry).map_err(|error| match error {
        error @ (KeyError::OtherKey { .. } | KeyError::Parts { .. }) => error,
        error => error.in_epoch(number),
    })?;
    let status = match (&entry.status, key) {
        (StatusWord::Active, Some(key)) => Status::Active(key),
        (StatusWord::Retired, Some(key)) => Status::Retired(key),
        (StatusWord::Destroyed, None) => Status::Destroyed,
        (StatusWord::Destroyed, Some(_)) => return Err(KeyError::SecretKept { epoch: number }),
        (_, None) => return Err(KeyError::NoSecret { epoch: number }),
    };
    Ok(Epoch { number, id: entry.id, created: entry.created, status })
}

/// The key of an entry, in one of its three forms.
fn key(entry: &Entry<'_>) -> Result<Option<Key>, KeyError> {
    let epoch = entry.epoch.get();
    match (entry.secret, &entry.age, entry.domain, entry.token, entry.digest) {
        (None, None, None, None, None) => Ok(None),
        (None, Some(armour), None, None, None) => {
            Ok(Some(Key::Sealed(Sealed::new(entry.id, armour)?)))
        }
        (Some(secret), None, None, None, None) => {
            let (key, theirs) = (MasterKey::new(&decode(secret)?)?, entry.id);
            if key.id() != theirs {
                return Err(KeyError::OtherKey { epoch, ours: key.id(), theirs });
            }
            Ok(Some(Key::Master(key)))
        }
        (None, None, Some(domain), Some(token), Some(digest)) => {
            let [token, digest] = [decode(token)?, decode(digest)?];
            let (token, digest) = (DomainKey::new(&token)?, DomainKey::new(&digest)?);
            let export = Export::new(entry.id, Domain::new(domain)?, token, digest);
            Ok(Some(Key::Export(export)))
        }
        _ => Err(KeyError::Parts { epoch }),
    }
}

/// The bytes of a secret in base64.
pub(super) fn decode(secret: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    // As much room as the text has is more than enough, so the buffer never moves.
    let mut bytes = Zeroizing::new(Vec::with_capacity(secret.len() + 3));
    STANDARD.decode_vec(secret, &mut bytes).map_err(|_| KeyError::NotBase64)?;
    Ok(bytes)
}

/// Appends a secret under its name.
pub(super) fn push_secret(text: &mut String, name: &str, bytes: &[u8]) {
    let secret = Zeroizing::new(STANDARD.encode(bytes));
    let _ = writeln!(text, "{name} = \"{}\"", *secret);
}

/// Line, and column in characters, both from 1, of a byte offset into `text`.
fn position(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    (line, String::from_utf8_lossy(&before[line_start..]).chars().count() + 1)
}
