//! A master key under a passphrase, as a keyring holds it in the place of a secret: an
//! [age](https://age-encryption.org/v1) file, ASCII-armoured, with a passphrase (scrypt) as its one
//! recipient. What it holds is the secret as it would stand in the keyring, in base64.
//!
//! Reading a keyring opens nothing: a [`Sealed`] key has its id and is a key once it was opened. Nothing
//! here asks for a passphrase. What age does is behind the feature of that name; a build without it knows
//! an encrypted keyring for what it is, and says that it cannot open one.
//!
//! # Source
//! age-encryption.org/v1, sections "ASCII armor" and "The scrypt recipient type" (RFC 7914); the
//! pseudonym specification `loup.v1`, section "Keys".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::entry::decode;
use super::error::KeyError;
use super::key::{KeyId, MasterKey};

/// The first line of an armoured file.
const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";

/// What opens encrypted keys: any text but an empty one. Wiped on drop, no `Debug`.
pub struct Passphrase(
    #[cfg_attr(not(feature = "age"), expect(dead_code, reason = "without age nothing is opened"))]
    Zeroizing<String>,
);

impl Passphrase {
    /// # Errors
    /// [`KeyError::EmptyPassphrase`].
    pub fn new(text: Zeroizing<String>) -> Result<Self, KeyError> {
        if text.is_empty() { Err(KeyError::EmptyPassphrase) } else { Ok(Self(text)) }
    }
}

/// An encrypted master key, and the key itself once it was opened.
pub struct Sealed {
    id: KeyId,
    /// The armoured file, line ends as `\n`, none at the end.
    armour: String,
    master: Option<MasterKey>,
}

impl Sealed {
    /// One as a keyring has it, not opened. That the id is that of the key shows when it is.
    ///
    /// # Errors
    /// [`KeyError::NotSealed`] for a text that is no armoured file at first sight.
    pub(super) fn new(id: KeyId, armour: &str) -> Result<Self, KeyError> {
        let armour = armour.trim_ascii().replace("\r\n", "\n");
        // Whatever is kept here is written to a keyring again, between quotes.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=- \n".contains(&byte);
        if !armour.starts_with(BEGIN) || !armour.bytes().all(is_plain) {
            return Err(KeyError::NotSealed);
        }
        Ok(Self { id, armour, master: None })
    }

    /// A key, encrypted.
    ///
    /// # Errors
    /// [`KeyError::NoAge`] in a build without the feature, [`KeyError::NotEncrypted`].
    pub(super) fn seal(master: MasterKey, passphrase: &Passphrase) -> Result<Self, KeyError> {
        let secret = Zeroizing::new(STANDARD.encode(master.expose()));
        let armour = file::encrypt(secret.as_bytes(), passphrase)?.trim_ascii().to_owned();
        Ok(Self { id: master.id(), armour, master: Some(master) })
    }

    /// The same, opened, which takes about a second. Whether its id is that of the key is not checked.
    ///
    /// # Errors
    /// [`KeyError::WrongPassphrase`], [`KeyError::NotSealed`], [`KeyError::TooMuchWork`],
    /// [`KeyError::NoAge`], [`KeyError::NotBase64`], or what [`MasterKey::new`] refuses.
    pub(super) fn opened(self, passphrase: &Passphrase) -> Result<Self, KeyError> {
        let secret = file::decrypt(&self.armour, passphrase)?;
        let secret = std::str::from_utf8(&secret).map_err(|_| KeyError::NotBase64)?;
        // Whoever encrypts a secret by hand leaves a line end behind it.
        let master = MasterKey::new(&decode(secret.trim_ascii())?)?;
        Ok(Self { master: Some(master), ..self })
    }

    /// The name of the key.
    pub(super) fn id(&self) -> KeyId {
        self.id
    }

    /// The armoured file.
    pub(super) fn armour(&self) -> &str {
        &self.armour
    }

    /// The key, where it was opened.
    pub(super) fn master(&self) -> Option<&MasterKey> {
        self.master.as_ref()
    }
}

/// # Errors
/// [`KeyError::NoAge`] in a build that opens and makes no encrypted keys.
pub fn check_supported() -> Result<(), KeyError> {
    if cfg!(feature = "age") { Ok(()) } else { Err(KeyError::NoAge) }
}

#[cfg(feature = "age")]
mod file {
    use std::io::Read as _;

    use age::secrecy::SecretString;
    use age::{DecryptError, scrypt};
    use zeroize::Zeroizing;

    use super::{KeyError, Passphrase};

    /// Logarithm of scrypt's N for what is written: a second or less, and 256 MiB. What other
    /// implementations of age write.
    const WORK: u8 = 18;

    /// And the most that is done for what is read, so that no file takes for ever: about four
    /// seconds, and 1 GiB.
    const MAX_WORK: u8 = 20;

    /// Longer than a secret in base64 with blanks around it.
    const MAX_SECRET_BYTES: u64 = 128;

    fn secret(passphrase: &Passphrase) -> SecretString {
        // As long as it is, so that it is not moved when it is boxed.
        SecretString::from(passphrase.0.as_str().to_owned())
    }

    pub(super) fn encrypt(text: &[u8], passphrase: &Passphrase) -> Result<String, KeyError> {
        let mut recipient = scrypt::Recipient::new(secret(passphrase));
        recipient.set_work_factor(WORK);
        age::encrypt_and_armor(&recipient, text).map_err(|_| KeyError::NotEncrypted)
    }

    pub(super) fn decrypt(
        armour: &str,
        passphrase: &Passphrase,
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let mut identity = scrypt::Identity::new(secret(passphrase));
        identity.set_max_work_factor(MAX_WORK);
        let refused = |error| match error {
            DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
                KeyError::WrongPassphrase
            }
            DecryptError::ExcessiveWork { required, .. } => {
                KeyError::TooMuchWork { asked: required, most: MAX_WORK }
            }
            _ => KeyError::NotSealed,
        };
        let armoured = age::armor::ArmoredReader::new(armour.as_bytes());
        let file = age::Decryptor::new_buffered(armoured).map_err(refused)?;
        let text = file.decrypt(std::iter::once(&identity as _)).map_err(refused)?;
        let room = usize::try_from(MAX_SECRET_BYTES).unwrap_or_default();
        let mut secret = Zeroizing::new(Vec::with_capacity(room));
        text.take(MAX_SECRET_BYTES).read_to_end(&mut secret).map_err(|_| KeyError::NotSealed)?;
        Ok(secret)
    }
}

#[cfg(not(feature = "age"))]
mod file {
    use zeroize::Zeroizing;

    use super::{KeyError, Passphrase};

    pub(super) fn encrypt(_: &[u8], _: &Passphrase) -> Result<String, KeyError> {
        Err(KeyError::NoAge)
    }

    pub(super) fn decrypt(_: &str, _: &Passphrase) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        Err(KeyError::NoAge)
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::Domain;
    use super::super::keyring::Keyring;
    use super::*;

    /// The key of the specification's vectors, of epoch 1, under [`PASSPHRASE`], as
    /// `tests/oracle/age_file.py` made it with a work factor of 4.
    const KEYRING: &str = r#"[[key]]
epoch = 1
id = "2aaecdf7"
status = "active"
age = """
-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBoS2k2SVVtUGlBTVduRnNG
eXFuU0R3IDQKN0RKYkNHWmUzUWx0NUt1MVl0QmZjY3Fhd1BISGoybm9BQ1AvcWtj
NE12WQotLS0gcFFBdlVZKytXS0ZpTEc1amNUTlEzZXh5U28yQnRNZTZHVW9XdlVI
MzVmRQqWa44tZuke3shfmeV8zomg9mI9iDlKsIAB3LtmQCXu1+6Vy4SCBl6WwgL5
AF0DWkU+68cTjQBli8/OBg9n5LP90CjqARuAeG++5ic3
-----END AGE ENCRYPTED FILE-----
"""
"#;

    fn keyring() -> Keyring {
        Keyring::parse(KEYRING.as_bytes()).unwrap()
    }

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(Zeroizing::new(text.to_owned())).unwrap()
    }

    #[test]
    fn what_is_not_opened_has_an_id_and_is_no_key() {
        let keyring = keyring();
        assert!(keyring.is_encrypted() && keyring.is_locked());
        let (epoch, key) = keyring.active();
        assert_eq!((epoch, key.id().to_string().as_str()), (1, "2aaecdf7"));
        assert!(matches!(key.master(), Err(KeyError::Locked)));
        for refused in [key.token_key(&Domain::default()), key.digest_key(&Domain::default())] {
            assert!(matches!(refused, Err(KeyError::Locked)));
        }
        assert!(matches!(keyring.export(&Domain::default()), Err(KeyError::Locked)));
        let now = jiff::Timestamp::now();
        assert!(matches!(keyring.rotated(now, None), Err(KeyError::Locked)));
    }

    #[test]
    fn what_is_encrypted_is_written_as_it_was_read() {
        let text = keyring().to_toml();
        assert!(text.contains(KEYRING.trim_end()), "{}", *text);
        assert_eq!(*Keyring::parse(text.as_bytes()).unwrap().to_toml(), *text);
        let windows = KEYRING.replace('\n', "\r\n");
        assert_eq!(*Keyring::parse(windows.as_bytes()).unwrap().to_toml(), *text);
    }

    #[test]
    fn a_text_that_could_leave_its_quotes_is_refused() {
        let id = keyring().active().1.id();
        for wrong in ["", "text", BEGIN.trim_end_matches('-'), &format!("{BEGIN}\n\"\"\"\n")] {
            assert!(matches!(Sealed::new(id, wrong), Err(KeyError::NotSealed)), "{wrong}");
        }
        assert!(matches!(Passphrase::new(Zeroizing::default()), Err(KeyError::EmptyPassphrase)));
    }

    #[cfg(feature = "age")]
    #[test]
    fn a_keyring_is_opened_by_its_passphrase_and_stays_encrypted() {
        let opened = keyring().opened(&passphrase("five words of no verse")).unwrap();
        assert!(opened.is_encrypted() && !opened.is_locked());
        let master = opened.active().1.master().unwrap();
        assert_eq!(master.expose(), super::super::key::tests::vector_key().expose());
        assert_eq!(*opened.to_toml(), *keyring().to_toml());
        let now = jiff::Timestamp::now();
        assert!(matches!(opened.rotated(now, None), Err(KeyError::Locked)));
        let wrong = keyring().opened(&passphrase("five words of a verse")).err().unwrap();
        assert_eq!(wrong.to_string(), "epoch 1: the passphrase is wrong");
    }

    #[cfg(not(feature = "age"))]
    #[test]
    fn without_age_nothing_is_opened_or_sealed() {
        let passphrase = passphrase("five words of no verse");
        let refused = keyring().opened(&passphrase).err().unwrap();
        assert!(refused.to_string().contains("lacks the feature `age`"), "{refused}");
        let generated = Keyring::generate(jiff::Timestamp::now(), Some(&passphrase));
        assert!(matches!(generated, Err(KeyError::NoAge)));
    }
}
