//! The keyring: one key per epoch, as written in a key file.
//!
//! In come bytes of a small TOML document, or the value of `LOUP_KEY`; out comes a [`Keyring`]
//! whose invariants hold, or a [`KeyError`] that says where the document is wrong without
//! repeating any of it. Nothing here touches a file.
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
//! Where the keyring is under a passphrase, an entry has the same secret encrypted, see [`Sealed`]:
//!
//! ```toml
//! age = """
//! -----BEGIN AGE ENCRYPTED FILE-----
//! …
//! -----END AGE ENCRYPTED FILE-----
//! """
//! ```
//!
//! Some entries may be encrypted and others not; a keyring with an encrypted one gets no new secret in
//! clear. A keyring that was exported for one domain has, in place of each `secret`, the two keys of an
//! [`Export`], never encrypted:
//!
//! ```toml
//! domain = "analytics"
//! token = "…44 characters of base64…"
//! digest = "…44 characters of base64…"
//! ```
//!
//! # Source
//! The pseudonym specification `loup.v1`, sections "Keys" and "Rotation".

use std::fmt::Write as _;
use std::mem;
use std::num::NonZeroU32;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::entry::{self, decode, push_secret};
use super::error::KeyError;
use super::export::{Export, Key};
use super::key::{Domain, KeyId, MasterKey};
use super::sealed::{Passphrase, Sealed};

/// Most bytes of a keyring. An epoch takes about 150 of them, an exported one 300, an encrypted one 600.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// The keys of a user: at least one epoch, in ascending order, exactly one of them active, no two
/// with the same number or the same key. The keys are master keys, some of them encrypted, or all exported
/// for one domain. What was read and is encrypted has to be [opened](Keyring::opened) before it is a key.
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

impl Epoch {
    /// The epoch that new pseudonyms are of.
    fn active(number: u32, created: Option<Timestamp>, key: Key) -> Self {
        Self { number, id: key.id(), created, status: Status::Active(key) }
    }
}

/// The life of an epoch.
pub enum Status {
    /// New pseudonyms are made with it.
    Active(Key),
    /// Its pseudonyms are known and can be recomputed, but no new ones are made.
    Retired(Key),
    /// Its pseudonyms are known, and can no longer be recomputed from a value.
    Destroyed,
}

impl Status {
    /// The word in the keyring.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Active(_) => "active",
            Self::Retired(_) => "retired",
            Self::Destroyed => "destroyed",
        }
    }

    /// The key, unless it is destroyed.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        match self {
            Self::Active(key) | Self::Retired(key) => Some(key),
            Self::Destroyed => None,
        }
    }
}

impl Keyring {
    /// A new keyring: epoch 1, active, with a random key, encrypted where there is a passphrase.
    ///
    /// # Errors
    /// [`KeyError::Randomness`] where the operating system gives no random bytes, [`KeyError::NoAge`].
    pub fn generate(now: Timestamp, passphrase: Option<&Passphrase>) -> Result<Self, KeyError> {
        Ok(Self::single(1, Some(now), drawn(passphrase)?))
    }

    /// The keyring in these bytes of TOML. What is encrypted in it is not opened.
    ///
    /// # Errors
    /// Unknown keys, and whatever breaks an invariant of [`Keyring`], name the line or the epoch.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let entries = entry::read_all(bytes)?;
        let epochs = entries.iter().map(entry::epoch).collect::<Result<Vec<_>, _>>()?;
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
        Ok(Self::single(number, None, Key::Master(MasterKey::new(&decode(secret)?)?)))
    }

    /// Whether some of its keys are encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.sealed().next().is_some()
    }

    /// Whether some of its keys have to be opened before they are used.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.sealed().any(|sealed| sealed.master().is_none())
    }

    fn sealed(&self) -> impl Iterator<Item = &Sealed> {
        self.epochs.iter().filter_map(|epoch| match epoch.status.key() {
            Some(Key::Sealed(sealed)) => Some(sealed),
            _ => None,
        })
    }

    /// The same, with every encrypted key opened: all of them, or none. They stay encrypted where the
    /// keyring is written. About a second for each.
    ///
    /// # Errors
    /// Those of [`Sealed`], or [`KeyError::OtherKey`], with the epoch.
    pub fn opened(self, passphrase: &Passphrase) -> Result<Self, KeyError> {
        let open = |epoch: Epoch| {
            let Epoch { number, id, created, status } = epoch;
            let open = |key| match key {
                Key::Sealed(sealed) if sealed.master().is_none() => {
                    let sealed = sealed.opened(passphrase).map_err(|it| it.in_epoch(number))?;
                    match sealed.master().map(MasterKey::id) {
                        Some(ours) if ours != id => {
                            Err(KeyError::OtherKey { epoch: number, ours, theirs: id })
                        }
                        _ => Ok(Key::Sealed(sealed)),
                    }
                }
                key => Ok(key),
            };
            let status = match status {
                Status::Active(key) => Status::Active(open(key)?),
                Status::Retired(key) => Status::Retired(open(key)?),
                Status::Destroyed => Status::Destroyed,
            };
            Ok(Epoch { number, id, created, status })
        };
        Self::new(self.epochs.into_iter().map(open).collect::<Result<_, KeyError>>()?)
    }

    /// The keyring as written in a key file, secrets included.
    #[must_use]
    pub fn to_toml(&self) -> Zeroizing<String> {
        // Grown once: a string that moves leaves its secrets behind.
        let encrypted: usize = self.sealed().map(|sealed| sealed.armour().len()).sum();
        let room = 512 * (self.epochs.len() + 1) + encrypted;
        let mut text = Zeroizing::new(String::with_capacity(room));
        text.push_str(match self.exported_for() {
            None if self.is_encrypted() => {
                "# Keep this file secret: with it and its passphrase, the pseudonyms below can be \
                 reversed.\n"
            }
            None => "# Keep this file secret: with it, the pseudonyms below can be reversed.\n",
            Some(_) => {
                "# Keep this file secret: with it, guesses at what a token stands for can be \
                 tested.\n"
            }
        });
        for Epoch { number, id, created, status } in &self.epochs {
            let _ = write!(text, "\n[[key]]\nepoch = {number}\nid = \"{id}\"\n");
            if let Some(created) = created {
                let _ = writeln!(text, "created = \"{created:.0}\"");
            }
            let _ = writeln!(text, "status = \"{}\"", status.word());
            match status.key() {
                None => {}
                Some(Key::Master(master)) => push_secret(&mut text, "secret", master.expose()),
                Some(Key::Sealed(sealed)) => {
                    let _ = writeln!(text, "age = \"\"\"\n{}\n\"\"\"", sealed.armour());
                }
                Some(Key::Export(export)) => {
                    let _ = writeln!(text, "domain = \"{}\"", export.domain());
                    let [token, digest] = export.keys();
                    push_secret(&mut text, "token", token.expose());
                    push_secret(&mut text, "digest", digest.expose());
                }
            }
        }
        text
    }

    /// The active epoch: its number, and its key.
    #[must_use]
    pub fn active(&self) -> (u32, &Key) {
        self.epochs
            .iter()
            .find_map(|epoch| match &epoch.status {
                Status::Active(key) => Some((epoch.number, key)),
                Status::Retired(_) | Status::Destroyed => None,
            })
            .expect("exactly one epoch is active, as `Keyring::new` checks")
    }

    /// The epoch of this number, and its key.
    ///
    /// # Errors
    /// [`KeyError::NoEpoch`] or [`KeyError::Destroyed`].
    pub fn epoch(&self, number: u32) -> Result<(u32, &Key), KeyError> {
        let epoch = self.epochs.iter().find(|epoch| epoch.number == number);
        let epoch = epoch.ok_or(KeyError::NoEpoch { epoch: number })?;
        let key = epoch.status.key().ok_or(KeyError::Destroyed { epoch: number })?;
        Ok((number, key))
    }

    /// The domain it was exported for, unless it has master keys.
    #[must_use]
    pub fn exported_for(&self) -> Option<&Domain> {
        self.active().1.exported_for()
    }

    /// With a new epoch and its random key, which is the active one from now on; the one that was
    /// active is retired. The key is encrypted where there is a passphrase, which has to be that of the
    /// keyring: every epoch of it opens with the same.
    ///
    /// # Errors
    /// [`KeyError::Exported`], [`KeyError::Randomness`], [`KeyError::LastEpoch`];
    /// [`KeyError::Locked`] where the keyring is encrypted and there is no passphrase.
    pub fn rotated(
        mut self,
        now: Timestamp,
        passphrase: Option<&Passphrase>,
    ) -> Result<Self, KeyError> {
        self.active().1.master()?;
        if self.is_encrypted() && passphrase.is_none() {
            return Err(KeyError::Locked);
        }
        let last = self.epochs.last().map_or(0, |epoch| epoch.number);
        let number = last.checked_add(1).ok_or(KeyError::LastEpoch { epoch: last })?;
        for epoch in &mut self.epochs {
            epoch.status = match mem::replace(&mut epoch.status, Status::Destroyed) {
                Status::Active(key) => Status::Retired(key),
                other => other,
            };
        }
        self.epochs.push(Epoch::active(number, Some(now), drawn(passphrase)?));
        Self::new(self.epochs)
    }

    /// The keyring as it was while epoch `number` was the active one: those before it are what they are
    /// by now, later ones are left out.
    ///
    /// # Errors
    /// [`KeyError::NoEpoch`] or [`KeyError::Destroyed`].
    pub fn as_of(mut self, number: u32) -> Result<Self, KeyError> {
        self.epoch(number)?;
        if self.active().0 == number {
            return Ok(self);
        }
        self.epochs.retain(|epoch| epoch.number <= number);
        for epoch in &mut self.epochs {
            epoch.status = match mem::replace(&mut epoch.status, Status::Destroyed) {
                Status::Retired(key) if epoch.number == number => Status::Active(key),
                Status::Active(key) => Status::Retired(key),
                other => other,
            };
        }
        Self::new(self.epochs)
    }

    /// Without the key of an epoch. Its number and id stay, so that its pseudonyms are still known
    /// for what they are.
    ///
    /// # Errors
    /// [`KeyError::InUse`], [`KeyError::NoEpoch`] or [`KeyError::Destroyed`].
    pub fn without_key_of(mut self, number: u32) -> Result<Self, KeyError> {
        self.epoch(number)?;
        if self.active().0 == number {
            return Err(KeyError::InUse { epoch: number });
        }
        for epoch in self.epochs.iter_mut().filter(|epoch| epoch.number == number) {
            epoch.status = Status::Destroyed;
        }
        Ok(self)
    }

    /// A keyring of the same epochs that holds the keys for tokens and digests of one domain, and
    /// nothing that others could be made of.
    ///
    /// # Errors
    /// [`KeyError::Exported`]: what was exported cannot be exported again.
    pub fn export(&self, domain: &Domain) -> Result<Self, KeyError> {
        let export = |key: &Key| Ok(Key::Export(Export::of(key.master()?, domain)));
        let epoch = |epoch: &Epoch| {
            let status = match &epoch.status {
                Status::Active(key) => Status::Active(export(key)?),
                Status::Retired(key) => Status::Retired(export(key)?),
                Status::Destroyed => Status::Destroyed,
            };
            Ok(Epoch { number: epoch.number, id: epoch.id, created: epoch.created, status })
        };
        Self::new(self.epochs.iter().map(epoch).collect::<Result<_, KeyError>>()?)
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
    fn single(number: u32, created: Option<Timestamp>, key: Key) -> Self {
        Self { epochs: vec![Epoch::active(number, created, key)] }
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
        let mut forms = epochs.iter().filter_map(|epoch| epoch.status.key()).map(Key::exported_for);
        let first = forms.next();
        if forms.any(|form| Some(form) != first) {
            return Err(KeyError::Mixed);
        }
        Ok(Self { epochs })
    }
}

/// A new random key, encrypted where there is a passphrase.
fn drawn(passphrase: Option<&Passphrase>) -> Result<Key, KeyError> {
    let master = MasterKey::generate()?;
    Ok(match passphrase {
        None => Key::Master(master),
        Some(passphrase) => Key::Sealed(Sealed::seal(master, passphrase)?),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::key::tests::vector_key;
    use super::*;

    /// 00 01 02 … 1f.
    pub(crate) const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    /// 20 21 22 … 3f is printable; this is 80 81 82 … 9f.
    const OTHER_SECRET: &str = "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=";

    /// The keyring of the specification's vectors.
    pub(crate) fn vector_keyring() -> Keyring {
        Keyring::single(1, None, Key::Master(vector_key()))
    }

    /// Epoch 1 is destroyed, epoch 2 retired, epoch 3 active; the key of epoch 2 is that of the
    /// specification's vectors.
    pub(crate) fn keyring_of_three() -> Keyring {
        let text = entry(3, OTHER_SECRET, "active")
            + &entry(2, SECRET, "retired")
            + &destroyed(1, "00000000");
        Keyring::parse(text.as_bytes()).unwrap()
    }

    /// The same key in another epoch.
    pub(crate) fn keyring_of(epoch: u32) -> Keyring {
        Keyring::single(epoch, None, Key::Master(vector_key()))
    }

    fn entry(epoch: u32, secret: &str, status: &str) -> String {
        let id = MasterKey::new(&decode(secret).unwrap()).unwrap().id();
        format!(
            "[[key]]\nepoch = {epoch}\nid = \"{id}\"\ncreated = \"2026-11-22T09:30:00Z\"\n\
             status = \"{status}\"\nsecret = \"{secret}\"\n"
        )
    }

    fn destroyed(epoch: u32, id: &str) -> String {
        format!("[[key]]\nepoch = {epoch}\nid = \"{id}\"\nstatus = \"destroyed\"\n")
    }

    /// The active master key.
    fn secret(keyring: &Keyring) -> &[u8; 32] {
        keyring.active().1.master().unwrap().expose()
    }

    fn refusal(text: &str) -> KeyError {
        Keyring::parse(text.as_bytes()).err().expect("a refusal")
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
        let keyring = Keyring::generate(now, None).unwrap();
        let text = keyring.to_toml();
        assert!(text.contains("created = \"2026-11-22T09:30:00Z\""));
        let again = Keyring::parse(text.as_bytes()).unwrap();
        assert_eq!(secret(&again), secret(&keyring));
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

    fn analytics() -> Domain {
        Domain::new("analytics").unwrap()
    }

    /// Epoch 1 destroyed, 2 retired, 3 active.
    fn three() -> Keyring {
        let text = entry(3, OTHER_SECRET, "active")
            + &entry(2, SECRET, "retired")
            + &destroyed(1, "00000000");
        Keyring::parse(text.as_bytes()).unwrap()
    }

    fn words(keyring: &Keyring) -> Vec<(u32, &'static str)> {
        keyring.epochs().iter().map(|epoch| (epoch.number, epoch.status.word())).collect()
    }

    #[test]
    fn rotating_opens_an_epoch_and_retires_the_last() {
        let now: Timestamp = "2026-11-22T09:30:00Z".parse().unwrap();
        let keyring = three().rotated(now, None).unwrap();
        assert_eq!(
            words(&keyring),
            [(1, "destroyed"), (2, "retired"), (3, "retired"), (4, "active")]
        );
        assert_eq!(keyring.epochs()[3].created, Some(now));
        assert!(Keyring::parse(keyring.to_toml().as_bytes()).is_ok());
        let last = keyring_of(u32::MAX).rotated(now, None).err().unwrap();
        assert!(matches!(last, KeyError::LastEpoch { .. }));
    }

    #[test]
    fn a_keyring_can_be_taken_back_to_an_epoch_of_which_it_has_the_key() {
        let keyring = three().as_of(2).unwrap();
        assert_eq!(words(&keyring), [(1, "destroyed"), (2, "active")]);
        assert_eq!(keyring.active().1.id().to_string(), "2aaecdf7");
        assert_eq!(words(&three().as_of(3).unwrap()), words(&three()));
        // One that was rotated elsewhere: its active epoch is an older one.
        let text = entry(1, SECRET, "active") + &entry(2, OTHER_SECRET, "retired");
        let keyring = Keyring::parse(text.as_bytes()).unwrap().as_of(2).unwrap();
        assert_eq!(words(&keyring), [(1, "retired"), (2, "active")]);
        assert!(matches!(three().as_of(1), Err(KeyError::Destroyed { epoch: 1 })));
        assert!(matches!(three().as_of(4), Err(KeyError::NoEpoch { epoch: 4 })));
        let export = three().export(&analytics()).unwrap().as_of(2).unwrap();
        assert_eq!(export.exported_for(), Some(&analytics()));
    }

    #[test]
    fn a_destroyed_key_leaves_its_id_and_no_secret() {
        let keyring = three().without_key_of(2).unwrap();
        assert_eq!(words(&keyring), [(1, "destroyed"), (2, "destroyed"), (3, "active")]);
        let text = keyring.to_toml();
        assert!(text.contains("2aaecdf7") && !text.contains(SECRET), "{}", *text);
        assert!(matches!(three().without_key_of(1), Err(KeyError::Destroyed { epoch: 1 })));
        assert!(matches!(three().without_key_of(3), Err(KeyError::InUse { epoch: 3 })));
        assert!(matches!(three().without_key_of(4), Err(KeyError::NoEpoch { epoch: 4 })));
    }

    #[test]
    fn an_export_has_the_epochs_and_no_master_key() {
        let export = three().export(&analytics()).unwrap();
        assert_eq!(words(&export), words(&three()));
        let text = export.to_toml();
        assert!(!text.contains(SECRET) && !text.contains(OTHER_SECRET), "{}", *text);
        let again = Keyring::parse(text.as_bytes()).unwrap();
        assert_eq!(*again.to_toml(), *text);
        assert_eq!(again.exported_for(), Some(&analytics()));
        for (exported, own) in again.epochs().iter().zip(three().epochs()) {
            assert_eq!(exported.id, own.id);
            let (Some(exported), Some(own)) = (exported.status.key(), own.status.key()) else {
                continue;
            };
            let bytes = |key: &Key| *key.token_key(&analytics()).unwrap().expose();
            assert_eq!(bytes(exported), bytes(own));
            let bytes = |key: &Key| *key.digest_key(&analytics()).unwrap().expose();
            assert_eq!(bytes(exported), bytes(own));
        }
    }

    #[test]
    fn an_export_can_lose_an_epoch_and_neither_rotate_nor_be_exported() {
        let export = || three().export(&analytics()).unwrap();
        assert!(matches!(export().rotated(Timestamp::now(), None), Err(KeyError::Exported { .. })));
        assert!(matches!(export().export(&analytics()), Err(KeyError::Exported { .. })));
        assert_eq!(words(&export().without_key_of(2).unwrap())[1], (2, "destroyed"));
    }

    #[test]
    fn the_keys_of_a_keyring_are_of_one_form() {
        let text = |keyring: &Keyring| keyring.to_toml().to_string();
        let export = text(&three().export(&analytics()).unwrap());
        assert!(matches!(
            refusal(&export.replacen("\"analytics\"", "\"default\"", 1)),
            KeyError::Mixed
        ));
        let exported = text(&keyring_of(9).export(&analytics()).unwrap());
        let own = entry(8, OTHER_SECRET, "retired");
        assert!(matches!(refusal(&(exported + &own)), KeyError::Mixed));
        for part in ["domain", "token", "digest"] {
            let without: String = export
                .lines()
                .filter(|line| !line.starts_with(part))
                .collect::<Vec<_>>()
                .join("\n");
            assert!(matches!(refusal(&without), KeyError::Parts { .. }));
        }
        let both = export.replacen("\ntoken", &format!("\nsecret = \"{SECRET}\"\ntoken"), 1);
        assert!(matches!(refusal(&both), KeyError::Parts { .. }));
        let wrong = export.replace("\"analytics\"", "\"A/B\"");
        assert!(matches!(refusal(&wrong), KeyError::Secret { epoch: 2, .. }));
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
            assert_eq!(secret(&keyring), vector_key().expose());
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
