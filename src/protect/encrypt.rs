//! The operator `encrypt`: a token that its key turns back into the value.
//!
//! In comes a canonical form; out comes `<prefix>e<epoch>_<base32>`, where the base32 is V ‖ C of
//! AES-256-SIV: a synthetic initialisation vector of 16 bytes, which authenticates, and the
//! encrypted value, which is as long as the value. SIV needs no random nonce, so equal values have
//! equal tokens and can be joined, and a repeated value gives nothing else away. The kind's name is the
//! one component of associated data.
//!
//! What is decrypted is authentic or an error: a changed character, another key, domain, kind or
//! epoch never gives another value.
//!
//! # Source
//! RFC 5297 (SIV); the pseudonym specification `loup.v1`, section "Operators".

use std::io::Write as _;

use aes_siv::KeyInit as _;
use aes_siv::siv::{Aes256Siv, IV_SIZE};
use zeroize::Zeroizing;

use super::base32::{self, is_base32};
use super::error::KeyError;
use super::key::{Domain, EncryptionKey, Purpose};
use super::keyring::{Keyring, Status};
use super::pseudonym::check_prefix;
use crate::kind::Canonical;
use crate::rules::KindId;

/// Between the prefix of a kind and the epoch: what tells an encrypted value from a token.
pub(super) const MARK: u8 = b'e';

/// Fewest characters behind the underscore: those of the 16 bytes of V.
pub(super) const MIN_CHARACTERS: usize = (IV_SIZE * 8).div_ceil(5);

/// Encrypts under the active key of a keyring, and decrypts under whichever key a token names, in
/// one domain. Always with `scope = "domain"`: what one run alone could decrypt is lost.
pub struct Encryptor {
    /// In the order of their [`KindId`]s.
    kinds: Vec<Kind>,
    epochs: Vec<EpochKeys>,
    /// The number of the epoch that is encrypted under.
    active: u32,
}

struct Kind {
    name: Box<str>,
    prefix: Option<Box<str>>,
}

struct EpochKeys {
    number: u32,
    /// One a kind; nothing where the epoch is destroyed.
    keys: Option<Vec<EncryptionKey>>,
}

/// A value that was decrypted. It is personal data, so it has no `Debug`, and is wiped on drop.
pub struct Decrypted {
    /// The kind that its token was of.
    pub kind: KindId,
    /// Its canonical form, or `raw`, a zero byte and the value where it did not parse.
    pub canonical: Zeroizing<Vec<u8>>,
}

/// Why a text was not decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecryptError {
    /// It has not the shape of an encrypted value, or a prefix that no kind here has.
    #[error("not an encrypted value")]
    NotEncrypted,

    /// The keyring has no such epoch.
    #[error("epoch {epoch} is not in the keyring")]
    UnknownEpoch { epoch: u32 },

    /// Its key exists no more.
    #[error("the key of epoch {epoch} is destroyed")]
    Destroyed { epoch: u32 },

    /// It was changed, or encrypted under another key or in another domain.
    #[error("not authentic: changed, or encrypted with another key or in another domain")]
    NotAuthentic,
}

impl Encryptor {
    /// For these kinds: name and token prefix, in the order of their [`KindId`]s. A kind without a
    /// prefix is not encrypted.
    ///
    /// # Errors
    /// [`KeyError::KindName`] or [`KeyError::Prefix`], where an encrypted value could be mistaken
    /// for one of another kind or for data.
    pub fn new<'a>(
        keyring: &Keyring,
        domain: &Domain,
        kinds: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Result<Self, KeyError> {
        let kind = |(name, prefix): (&str, Option<&str>)| {
            check_prefix(name, prefix)?;
            Ok(Kind { name: name.into(), prefix: prefix.map(Into::into) })
        };
        let kinds: Vec<Kind> = kinds.into_iter().map(kind).collect::<Result<_, KeyError>>()?;
        let epochs = keyring.epochs().iter().map(|epoch| {
            let keys = match &epoch.status {
                Status::Active(key) | Status::Retired(key) => {
                    let domain_key = key.master()?.domain_key(Purpose::Encrypt, domain);
                    let keys = kinds.iter().map(|kind| domain_key.encryption_key(&kind.name));
                    Some(keys.collect::<Result<_, _>>()?)
                }
                Status::Destroyed => None,
            };
            Ok(EpochKeys { number: epoch.number, keys })
        });
        let epochs = epochs.collect::<Result<_, KeyError>>()?;
        Ok(Self { epochs, kinds, active: keyring.active().0 })
    }

    /// Appends the encrypted form of a value: `emle1_95ak6j5kb6nrr1k2qesh09ee5p0e0z19y3kv1x2w…`.
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`], with a prefix.
    pub fn encrypt(&self, kind: KindId, canonical: &Canonical, out: &mut Vec<u8>) {
        self.encrypt_bytes(kind, canonical.as_bytes(), out);
    }

    fn encrypt_bytes(&self, kind: KindId, canonical: &[u8], out: &mut Vec<u8>) {
        let Kind { name, prefix } = &self.kinds[usize::from(kind.0)];
        let prefix = prefix.as_ref().expect("a kind with a prefix");
        let key = self.keys(self.active).expect("the active epoch has keys");
        let _ = write!(out, "{prefix}{}{}_", char::from(MARK), self.active);
        base32::encode(&seal(&key[usize::from(kind.0)], name, canonical), out);
    }

    /// What was encrypted as `text`, which is the whole of an encrypted value.
    ///
    /// # Errors
    /// [`DecryptError`]. Nothing else is ever given for what was not encrypted here: forging a text
    /// that passes takes some 2¹²⁸ attempts.
    pub fn decrypt(&self, text: &[u8]) -> Result<Decrypted, DecryptError> {
        let Parts { kind, epoch, body } = self.parts(text).ok_or(DecryptError::NotEncrypted)?;
        let keys = self.keys(epoch)?;
        let name = &self.kinds[usize::from(kind.0)].name;
        let sealed = base32::decode(body).ok_or(DecryptError::NotAuthentic)?;
        let canonical = open(&keys[usize::from(kind.0)], name, sealed);
        Ok(Decrypted { kind, canonical: canonical.ok_or(DecryptError::NotAuthentic)? })
    }

    /// Whether `text` is written as an encrypted value of one of the kinds; whether it is one, only
    /// [`Self::decrypt`] says.
    #[must_use]
    pub fn has_form(&self, text: &[u8]) -> bool {
        self.parts(text).is_some()
    }

    fn keys(&self, number: u32) -> Result<&[EncryptionKey], DecryptError> {
        let epoch = self.epochs.iter().find(|epoch| epoch.number == number);
        let epoch = epoch.ok_or(DecryptError::UnknownEpoch { epoch: number })?;
        epoch.keys.as_deref().ok_or(DecryptError::Destroyed { epoch: number })
    }

    /// The parts of an encrypted value; nothing where it has another shape.
    fn parts<'t>(&self, text: &'t [u8]) -> Option<Parts<'t>> {
        let (lead, body) = text.split_at_checked(memchr::memchr(b'_', text)?)?;
        let body = &body[1..];
        if body.len() < MIN_CHARACTERS || !body.iter().copied().all(is_base32) {
            return None;
        }
        let digits = lead.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let (letters, digits) = lead.split_at(lead.len() - digits);
        let prefix = letters.strip_suffix(&[MARK])?;
        let has_prefix = |kind: &Kind| kind.prefix.as_ref().map(|it| it.as_bytes()) == Some(prefix);
        let kind = KindId(self.kinds.iter().position(has_prefix)?.try_into().ok()?);
        let epoch = std::str::from_utf8(digits).ok().filter(|it| !it.starts_with('0'))?;
        Some(Parts { kind, epoch: epoch.parse().ok()?, body })
    }
}

/// `<prefix of the kind>e<epoch>_<body>`.
struct Parts<'t> {
    kind: KindId,
    epoch: u32,
    body: &'t [u8],
}

/// V ‖ C.
fn seal(key: &EncryptionKey, kind: &str, canonical: &[u8]) -> Vec<u8> {
    let mut sealed = vec![0; IV_SIZE + canonical.len()];
    let (iv, text) = sealed.split_at_mut(IV_SIZE);
    text.copy_from_slice(canonical);
    let tag = siv(key).encrypt_inout_detached([kind], text.into());
    iv.copy_from_slice(&tag.expect("one component of associated data, and 126 are allowed"));
    sealed
}

/// What was sealed, if it was so and under that key.
fn open(key: &EncryptionKey, kind: &str, sealed: Vec<u8>) -> Option<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(sealed);
    let tag = text.get(..IV_SIZE)?.try_into().ok()?;
    siv(key).decrypt_inout_detached([kind], (&mut text[IV_SIZE..]).into(), &tag).ok()?;
    text.drain(..IV_SIZE);
    Some(text)
}

/// The cipher, made anew for each value: it changes while it works, and an encryptor is shared by
/// threads. Two AES key schedules are a small part of what a value costs.
fn siv(key: &EncryptionKey) -> Aes256Siv {
    Aes256Siv::new(key.expose().into())
}

#[cfg(test)]
mod tests {
    use aes_siv::siv::Aes128Siv;
    use proptest::prelude::*;

    use super::super::key::tests::hex;
    use super::super::keyring::tests::{keyring_of_three, vector_keyring};
    use super::super::recognise::TokenShape;
    use super::*;
    use crate::kind::Raw;

    const KINDS: [(&str, Option<&str>); 4] =
        [("email", Some("eml")), ("phone", Some("tel")), ("ip", Some("ip")), ("secret", None)];
    const EMAIL: KindId = KindId(0);
    const VECTOR: &str = "emle1_95ak6j5kb6nrr1k2qesh09ee5p0e0z19y3kv1x2wwy6r7dvbhxy4eyybg7hpks0";

    fn encryptor(domain: &str) -> Encryptor {
        Encryptor::new(&vector_keyring(), &Domain::new(domain).unwrap(), KINDS).unwrap()
    }

    fn encrypted(encryptor: &Encryptor, kind: KindId, canonical: &[u8]) -> String {
        let mut out = Vec::new();
        encryptor.encrypt_bytes(kind, canonical, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn decrypted(encryptor: &Encryptor, text: &str) -> Result<(KindId, Vec<u8>), DecryptError> {
        encryptor.decrypt(text.as_bytes()).map(|value| (value.kind, value.canonical.to_vec()))
    }

    #[test]
    fn the_specifications_vector_is_made_and_undone() {
        let encryptor = encryptor("default");
        assert_eq!(encrypted(&encryptor, EMAIL, b"jean.dupont@example.com"), VECTOR);
        let value = decrypted(&encryptor, VECTOR).unwrap();
        assert_eq!(value, (EMAIL, b"jean.dupont@example.com".to_vec()));
    }

    /// RFC 5297, A.1, which is AES-128.
    #[test]
    fn the_cipher_is_that_of_rfc_5297() {
        let key: [u8; 32] = std::array::from_fn(|at| {
            let at = at as u8;
            if at < 16 { 0xff - at } else { 0xe0 + at }
        });
        assert_eq!(hex(&key), "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        let header: [u8; 24] = std::array::from_fn(|at| 0x10 + at as u8);
        let mut text: Vec<u8> = (1..=14).map(|at| at * 0x11).collect();
        let mut cipher = Aes128Siv::new(&key.into());
        let tag = cipher.encrypt_inout_detached([header], text.as_mut_slice().into()).unwrap();
        assert_eq!(hex(&tag), "85632d07c6e8f37f950acd320a2ecc93");
        assert_eq!(hex(&text), "40c02b9690c4dc04daef7f6afe5c");
    }

    #[test]
    fn what_did_not_parse_is_encrypted_too() {
        let encryptor = encryptor("default");
        let mut out = b"<".to_vec();
        encryptor.encrypt(EMAIL, &Canonical::unparsed(Raw(b" n/a ")), &mut out);
        let text = String::from_utf8(out).unwrap();
        let (kind, canonical) = decrypted(&encryptor, &text[1..]).unwrap();
        assert_eq!((kind, canonical.as_slice()), (EMAIL, &b"raw\0n/a"[..]));
    }

    #[test]
    fn the_epoch_in_the_text_says_which_key_decrypts() {
        let keyring = keyring_of_three();
        let encryptor = Encryptor::new(&keyring, &Domain::default(), KINDS).unwrap();
        // Epoch 1 is destroyed; epoch 2 is retired, its key that of the vectors; epoch 3 is active.
        let old = VECTOR.replacen("e1_", "e2_", 1);
        assert_eq!(decrypted(&encryptor, &old).unwrap().1, b"jean.dupont@example.com");
        let new = encrypted(&encryptor, EMAIL, b"jean.dupont@example.com");
        assert!(new.starts_with("emle3_") && new[6..] != old[6..]);
        assert!(decrypted(&encryptor, &new).is_ok());
        for (epoch, error) in [
            (1, DecryptError::Destroyed { epoch: 1 }),
            (3, DecryptError::NotAuthentic),
            (4, DecryptError::UnknownEpoch { epoch: 4 }),
        ] {
            let text = VECTOR.replacen("e1_", &format!("e{epoch}_"), 1);
            assert_eq!(decrypted(&encryptor, &text), Err(error));
        }
    }

    #[test]
    fn another_domain_or_kind_is_not_authentic() {
        assert_eq!(decrypted(&encryptor("analytics"), VECTOR), Err(DecryptError::NotAuthentic));
        let phone = VECTOR.replacen("eml", "tel", 1);
        assert_eq!(decrypted(&encryptor("default"), &phone), Err(DecryptError::NotAuthentic));
    }

    #[test]
    fn any_changed_character_is_an_error() {
        let encryptor = encryptor("default");
        for at in 0..VECTOR.len() {
            for other in b"0123456789abcdefghijklmnopqrstuvwxyz_EZ" {
                let mut text = VECTOR.as_bytes().to_vec();
                if text[at] != *other {
                    text[at] = *other;
                    assert!(encryptor.decrypt(&text).is_err(), "{at}");
                }
            }
        }
        for length in 0..VECTOR.len() {
            assert!(encryptor.decrypt(&VECTOR.as_bytes()[..length]).is_err(), "{length}");
        }
        assert_eq!(decrypted(&encryptor, &format!("{VECTOR}0")), Err(DecryptError::NotAuthentic));
    }

    #[test]
    fn what_has_another_shape_is_not_encrypted() {
        let encryptor = encryptor("default");
        let body = &VECTOR[6..];
        for text in [
            String::new(),
            "_".to_owned(),
            "eml1_z1etbtp9gdtf1gm7033k".to_owned(),
            format!("eml1_{body}"),
            format!("emle_{body}"),
            format!("emle01_{body}"),
            format!("emle1-{body}"),
            format!("emle4294967297_{body}"),
            format!("xyze1_{body}"),
            format!("e1_{body}"),
            format!(" {VECTOR}"),
            format!("{VECTOR}\n"),
            "emle1_z1etbtp9gdtf1gm7033k00000".to_owned(),
        ] {
            assert_eq!(decrypted(&encryptor, &text), Err(DecryptError::NotEncrypted), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encrypted_is_recognised_and_decrypted(value: Vec<u8>, at in 0..3_u8) {
            let (encryptor, kind) = (encryptor("default"), KindId(at));
            let text = encrypted(&encryptor, kind, &value);
            prop_assert_eq!(encrypted(&encryptor, kind, &value), text.as_str());
            prop_assert_eq!(decrypted(&encryptor, &text), Ok((kind, value)));
            let shape = TokenShape::new(KINDS.map(|kind| kind.1.unwrap_or_default()), None);
            prop_assert_eq!(shape.kind_of(text.as_bytes()), Some(kind));
        }

        #[test]
        fn no_text_makes_it_panic(text: Vec<u8>, body in "[0-9a-z]{0,60}") {
            let encryptor = encryptor("default");
            prop_assert!(encryptor.decrypt(&text).is_err());
            let text = format!("ipe1_{body}");
            prop_assert!(encryptor.decrypt(text.as_bytes()).is_err());
        }
    }
}
