//! Turning pseudonyms back: all of what was asked, or nothing.
//!
//! An encrypted value proves by itself that it is one, under which epoch, and that key, domain and kind
//! are those it was made with. A surrogate proves nothing: what the manifest of its output says of key,
//! epoch, domain and kind has to agree, and that it is from that output is taken on trust.
//!
//! # Source
//! The pseudonym specification `loup.v1`, sections "Operators" and "Protecting twice".

use std::collections::BTreeMap;
use std::ops::Range;

use zeroize::Zeroizing;

use super::encrypt::{DecryptError, Encryptor};
use super::error::KeyError;
use super::key::Domain;
use super::keyring::{Keyring, Status};
use super::recognise::TokenShape;
use super::surrogate::{SurrogateError, Surrogates};
use crate::kind;
use crate::rules::KindId;

/// Values that were turned back, in the order they were asked for. They are personal data: no `Debug`,
/// and wiped on drop.
#[derive(Default)]
pub struct Revealed {
    /// As the canonical form writes them, or as they were written where they did not parse.
    pub values: Vec<Zeroizing<Vec<u8>>>,
    /// How many, by kind.
    pub counts: BTreeMap<KindId, u64>,
}

/// Why nothing was turned back. Names a value by its number, from 1, and never by itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RevealError {
    /// More than was allowed.
    #[error("{values} values were asked for, and at most {limit} are allowed")]
    TooMany { values: usize, limit: usize },

    /// The field has values, and none of them can be one.
    #[error("nothing in the field is {}", if *is_surrogate { "a surrogate" } else { "encrypted" })]
    Nothing { is_surrogate: bool },

    /// One of them is not what it would have to be.
    #[error("value {number}: {problem}")]
    Encrypted { number: usize, problem: DecryptError },

    /// One of them is no surrogate of that kind.
    #[error("value {number}: {problem}")]
    Surrogate { number: usize, problem: SurrogateError },

    /// The manifest is of another key, domain or kind.
    #[error("the manifest {0}")]
    OtherManifest(&'static str),

    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl RevealError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::TooMany { .. } => "ask for fewer, or raise --max-values",
            Self::Nothing { is_surrogate: true } => {
                "what is encrypted is turned back without --kind and --manifest, and tokens cannot be \
                 turned back at all"
            }
            Self::Nothing { .. } | Self::Encrypted { problem: DecryptError::NotEncrypted, .. } => {
                "only what `encrypt` wrote is turned back without a manifest: surrogates need --kind and \
                 --manifest, and tokens and hashes cannot be turned back at all"
            }
            Self::Encrypted { .. } => {
                "give the keyring and the --domain that it was encrypted with"
            }
            Self::OtherManifest(_) => {
                "give the manifest of the output that the values are from, its key and its --domain"
            }
            Self::Surrogate { problem: SurrogateError::OneWay, .. } => {
                "what is meant to be turned back has to be encrypted: `op = \"encrypt\"`"
            }
            Self::Surrogate { .. } => return None,
            Self::Key(error) => return error.help(),
        };
        Some(help.to_owned())
    }
}

/// What a manifest says of the surrogates in its output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Id of the key, as written.
    pub key_id: String,
    /// Its epoch.
    pub epoch: u32,
    /// The domain.
    pub domain: String,
    /// The kind, where surrogates of it were written.
    pub kind: Option<KindId>,
}

/// A value as it was written: without what marks one that did not parse.
fn written(canonical: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(canonical.strip_prefix(b"raw\0").unwrap_or(canonical).to_vec())
}

/// The values behind encrypted ones, of at most `limit`.
///
/// # Errors
/// [`RevealError::TooMany`], [`RevealError::Encrypted`].
pub fn decrypted<'v>(
    encryptor: &Encryptor,
    values: impl IntoIterator<Item = &'v [u8]>,
    limit: usize,
) -> Result<Revealed, RevealError> {
    let values: Vec<_> = values.into_iter().collect();
    check_limit(values.len(), limit)?;
    let mut revealed = Revealed::default();
    for (index, value) in values.into_iter().enumerate() {
        let problem = |problem| RevealError::Encrypted { number: index + 1, problem };
        let decrypted = encryptor.decrypt(value).map_err(problem)?;
        *revealed.counts.entry(decrypted.kind).or_default() += 1;
        revealed.values.push(written(&decrypted.canonical));
    }
    Ok(revealed)
}

/// The encrypted values in a text, in order of place.
pub fn encrypted_in<'t>(
    shape: &'t TokenShape,
    encryptor: &'t Encryptor,
    text: &'t [u8],
) -> impl Iterator<Item = Range<usize>> + 't {
    let is_encrypted = |span: &Range<usize>| encryptor.has_form(&text[span.clone()]);
    shape.find(text).map(|(span, _)| span).filter(is_encrypted)
}

/// What may be a surrogate in the text of a value: all of it, without the blanks around it, unless it is a
/// token. A value that did not parse got one, and nobody turns that back.
#[must_use]
pub fn surrogate_in(shape: &TokenShape, text: &[u8]) -> Option<Range<usize>> {
    let value = kind::trim(text);
    if value.is_empty() || shape.kind_of(value).is_some() {
        return None;
    }
    let start = value.as_ptr().addr() - text.as_ptr().addr();
    Some(start..start + value.len())
}

/// The values behind surrogates of one kind, of at most `limit`, where `keyring`, `domain` and `kind` are
/// those of `provenance`.
///
/// # Errors
/// [`RevealError::TooMany`], [`RevealError::OtherManifest`], [`RevealError::Surrogate`].
pub fn inverted<'n, 'v>(
    keyring: &Keyring,
    domain: &Domain,
    kinds: impl IntoIterator<Item = &'n str>,
    provenance: &Provenance,
    values: impl IntoIterator<Item = &'v [u8]>,
    limit: usize,
) -> Result<Revealed, RevealError> {
    let values: Vec<_> = values.into_iter().collect();
    check_limit(values.len(), limit)?;
    if provenance.domain != domain.as_str() {
        return Err(RevealError::OtherManifest("is of another domain"));
    }
    let Some(kind) = provenance.kind else {
        return Err(RevealError::OtherManifest("says of no surrogates of that kind"));
    };
    let epoch = keyring.epochs().iter().find(|epoch| epoch.number == provenance.epoch);
    let master = match epoch {
        Some(epoch) if epoch.id.to_string() == provenance.key_id => match &epoch.status {
            Status::Active(key) | Status::Retired(key) => key.master()?,
            Status::Destroyed => {
                return Err(RevealError::OtherManifest("is of a key that is destroyed"));
            }
        },
        _ => return Err(RevealError::OtherManifest("is of another key")),
    };
    let surrogates = Surrogates::new(master, domain, kinds)?;
    let mut revealed = Revealed::default();
    for (index, value) in values.into_iter().enumerate() {
        let mut plain = Zeroizing::new(Vec::new());
        surrogates
            .invert(kind, value, &mut plain)
            .map_err(|problem| RevealError::Surrogate { number: index + 1, problem })?;
        *revealed.counts.entry(kind).or_default() += 1;
        revealed.values.push(plain);
    }
    Ok(revealed)
}

fn check_limit(values: usize, limit: usize) -> Result<(), RevealError> {
    if values > limit { Err(RevealError::TooMany { values, limit }) } else { Ok(()) }
}
