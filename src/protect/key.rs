//! Master keys, and the keys derived from them.
//!
//! In come 32 secret bytes; out come the keys that each purpose, domain and kind has for itself,
//! so that equal values are unlinkable across any of the three:
//!
//! ```text
//! D(purpose, domain)       = HKDF(salt = "loup.v1", ikm = master, info = purpose ‖ 0x00 ‖ domain, 32)
//! K(purpose, domain, kind) = HKDF-Expand(prk = D, info = kind [‖ 0x00 ‖ run], 32)
//! ```
//!
//! For `encrypt` the last is expanded to 64 bytes, since AES-256-SIV takes two keys.
//!
//! Purposes, domains and kinds have no zero byte in their alphabets, so no two derivations share
//! an `info`; that is why domains and kinds are validated here, whoever validated them before.
//!
//! Keys are types without `Debug`, `Clone`, `Serialize` or comparison. They live on the heap, so
//! that moving one copies a pointer and not the key, and are wiped on drop. What the compiler
//! spills to the stack during a computation is beyond the reach of safe code.
//!
//! # Source
//! The pseudonym specification `loup.v1`, section "Keys"; RFC 2104 (HMAC), RFC 5869 (HKDF),
//! FIPS 180-4 (SHA-256).

use std::fmt;
use std::str::FromStr;

use hkdf::Hkdf;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::error::KeyError;

/// Bytes of a master key and of every derived key but an [`EncryptionKey`].
pub const KEY_BYTES: usize = 32;

/// Bytes of an [`EncryptionKey`]: one half authenticates, the other encrypts.
pub const ENCRYPTION_KEY_BYTES: usize = 64;

/// Fewest distinct bytes of an accepted master key. One random key in seven billion has fewer.
const MIN_DISTINCT_BYTES: usize = 20;

/// The salt of every derivation; a new specification has a new one.
const SALT: &[u8] = b"loup.v1";

/// What the key id is the HMAC of.
const KEY_ID_LABEL: &[u8] = b"loup.v1/key-id";

/// Stands between the parts of an `info`.
const SEPARATOR: &[u8] = &[0];

/// Secret bytes: on the heap, wiped on drop.
type Secret<const N: usize> = Box<Zeroizing<[u8; N]>>;

/// An HMAC-SHA-256 that has absorbed its key: the states of the inner and the outer hash behind their
/// first block. One of them serves many values, wiped on drop like the key.
pub(super) struct KeyedState {
    inner: Zeroizing<State>,
    outer: Zeroizing<State>,
}

/// The eight words of a SHA-256 between two blocks.
type State = [u32; 8];

/// Bytes that SHA-256 reads at once.
const BLOCK: usize = 64;

/// SHA-256 before its first block: FIPS 180-4, section 5.3.3.
const INITIAL: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The root of all pseudonyms of one epoch: 32 random bytes.
pub struct MasterKey(Secret<KEY_BYTES>);

impl MasterKey {
    /// The key with these bytes, which are copied.
    ///
    /// # Errors
    /// [`KeyError::Length`], [`KeyError::FewDistinct`] or [`KeyError::Printable`]: a key that a
    /// person typed or a program left empty is refused, since its pseudonyms could be reversed by
    /// guessing the key.
    pub fn new(bytes: &[u8]) -> Result<Self, KeyError> {
        random_looking(bytes).map(Self)
    }

    /// A new random key.
    ///
    /// # Errors
    /// [`KeyError::Randomness`] where the operating system gives none. A draw that [`Self::new`]
    /// refuses is an error too, not drawn again: it means that the generator is broken.
    pub fn generate() -> Result<Self, KeyError> {
        Self::new(&random::<KEY_BYTES>()?[..])
    }

    /// The name of this key: public, and of no help in guessing it.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let mac = mac(&keyed(&self.0[..]), KEY_ID_LABEL);
        KeyId([mac[0], mac[1], mac[2], mac[3]])
    }

    /// `D(purpose, domain)` of the specification.
    #[must_use]
    pub fn domain_key(&self, purpose: Purpose, domain: &Domain) -> DomainKey {
        let info = [purpose.label().as_bytes(), SEPARATOR, domain.as_str().as_bytes()];
        DomainKey(derive(&Hkdf::new(Some(SALT), &self.0[..]), &info))
    }

    /// The bytes, for the keyring that writes them down.
    pub(super) fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

/// `D(purpose, domain)`: makes the keys of one purpose in one domain, and no others.
pub struct DomainKey(Secret<KEY_BYTES>);

impl DomainKey {
    /// The key with these bytes, which are copied.
    ///
    /// # Errors
    /// Those of [`MasterKey::new`]: a derived key looks as random.
    pub(super) fn new(bytes: &[u8]) -> Result<Self, KeyError> {
        random_looking(bytes).map(Self)
    }

    /// The same key once more; by a word of its own, so that nobody copies keys by accident.
    pub(super) fn copied(&self) -> Self {
        let mut key = zeros();
        key.copy_from_slice(&self.0[..]);
        Self(key)
    }

    /// The bytes, for the keyring that writes them down.
    pub(super) fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// `K(purpose, domain, kind)` of the specification, for one run only if `run` is given.
    ///
    /// # Errors
    /// [`KeyError::KindName`] unless `kind` is 1 to 32 of `a-z 0-9 _`.
    pub fn kind_key(&self, kind: &str, run: Option<&RunSecret>) -> Result<KindKey, KeyError> {
        self.expand(kind, run).map(KindKey)
    }

    /// `K(encrypt, domain, kind)` of the specification: 64 bytes. Never of one run, whose values
    /// nobody could decrypt when it is over.
    ///
    /// # Errors
    /// [`KeyError::KindName`] unless `kind` is 1 to 32 of `a-z 0-9 _`.
    pub fn encryption_key(&self, kind: &str) -> Result<EncryptionKey, KeyError> {
        self.expand(kind, None).map(EncryptionKey)
    }

    fn expand<const N: usize>(
        &self,
        kind: &str,
        run: Option<&RunSecret>,
    ) -> Result<Secret<N>, KeyError> {
        if !is_word(kind, 32, |byte| byte == b'_') {
            return Err(KeyError::KindName { name: kind.to_owned() });
        }
        // The PRK is 32 bytes by its type, which is what HKDF asks for with SHA-256.
        let hkdf = Hkdf::from_prk(&self.0[..]).expect("a PRK of 32 bytes");
        Ok(match run {
            None => derive(&hkdf, &[kind.as_bytes()]),
            Some(run) => derive(&hkdf, &[kind.as_bytes(), SEPARATOR, run.expose()]),
        })
    }
}

/// `K(purpose, domain, kind)`: what values of one kind are hashed or permuted under.
pub struct KindKey(Secret<KEY_BYTES>);

impl KindKey {
    /// The HMAC that values are fed to.
    pub(super) fn state(&self) -> KeyedState {
        keyed(&self.0[..])
    }

    /// The bytes, for a block cipher.
    pub(super) fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

/// `K(encrypt, domain, kind)`: what values of one kind are encrypted under.
pub struct EncryptionKey(Secret<ENCRYPTION_KEY_BYTES>);

impl EncryptionKey {
    /// The bytes, for AES-256-SIV.
    pub(super) fn expose(&self) -> &[u8; ENCRYPTION_KEY_BYTES] {
        &self.0
    }
}

/// What a derived key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The operators `token` and `hash`.
    Token,
    /// The operator `encrypt`.
    Encrypt,
    /// The operator `surrogate`.
    Surrogate,
    /// The operator `shift`.
    Shift,
    /// Counting distinct values, and naming findings.
    Digest,
}

impl Purpose {
    /// The specification's word, which is derived from.
    fn label(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Encrypt => "encrypt",
            Self::Surrogate => "surrogate",
            Self::Shift => "shift",
            Self::Digest => "digest",
        }
    }
}

/// A pseudonymisation domain: 1 to 64 of `a-z 0-9 . _ -`. Equal values have equal pseudonyms
/// inside one, and unlinkable ones across two.
///
/// # Source
/// EDPB Guidelines 01/2025 on pseudonymisation, for the term.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(String);

impl Domain {
    /// The domain of this name.
    ///
    /// # Errors
    /// [`KeyError::Domain`] where the name has another length or alphabet.
    pub fn new(name: &str) -> Result<Self, KeyError> {
        if is_word(name, 64, |byte| matches!(byte, b'.' | b'_' | b'-')) {
            Ok(Self(name.to_owned()))
        } else {
            Err(KeyError::Domain)
        }
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Domain {
    /// The domain named `default`.
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl FromStr for Domain {
    type Err = KeyError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::new(name)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first 32 bits of `HMAC(master, "loup.v1/key-id")`, written as 8 lower-case hexadecimal
/// digits: tells keys apart in manifests and maps.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

impl FromStr for KeyId {
    type Err = NotAKeyId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 8 || !text.bytes().all(is_digit) {
            return Err(NotAKeyId);
        }
        let id = u32::from_str_radix(text, 16).map_err(|_| NotAKeyId)?;
        Ok(Self(id.to_be_bytes()))
    }
}

impl Serialize for KeyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A text that is no key id. It is not repeated: somebody may have put a key there.
#[derive(Debug, thiserror::Error)]
#[error("a key id is 8 lower-case hexadecimal digits")]
pub struct NotAKeyId;

/// What makes the pseudonyms of one run its own: 16 random bytes, kept in the journal until the
/// run is complete and nowhere after. Not a key: whoever has it needs the master key as well.
pub struct RunSecret(Secret<16>);

impl RunSecret {
    /// That of a new run.
    ///
    /// # Errors
    /// [`KeyError::Randomness`] where the operating system gives no random bytes.
    pub fn generate() -> Result<Self, KeyError> {
        random().map(Self)
    }

    /// That of a run to resume, from its journal.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 16]) -> Self {
        let mut run = zeros();
        run.copy_from_slice(bytes);
        Self(run)
    }

    /// The bytes, for the journal.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0[..]
    }
}

/// HMAC-SHA-256 of `message`, under a key already absorbed. No allocation: two blocks for the short
/// values that personal data is, where a hash that takes its input in parts copies its buffer and
/// state four times. Every found value passes here.
pub(super) fn mac(state: &KeyedState, message: &[u8]) -> [u8; 32] {
    finish(&state.outer, &finish(&state.inner, message))
}

/// The SHA-256 of `message` behind a first block, after which its state was `before`.
fn finish(before: &State, message: &[u8]) -> [u8; 32] {
    // A copy of what is as good as the key; the message is mixed in where it stands.
    let mut state = *before;
    let (blocks, rest) = message.as_chunks::<BLOCK>();
    compress256(&mut state, blocks);
    // The rest, a one bit, zeros, and the length in bits at the end of a block.
    let mut padded = [[0; BLOCK]; 2];
    let last = if rest.len() < BLOCK - 8 { 1 } else { 2 };
    let padding = padded.as_flattened_mut();
    padding[..rest.len()].copy_from_slice(rest);
    padding[rest.len()] = 0x80;
    let bits = 8 * (BLOCK + message.len()) as u64;
    padding[BLOCK * last - 8..BLOCK * last].copy_from_slice(&bits.to_be_bytes());
    compress256(&mut state, &padded[..last]);
    let mut hash = [0; 32];
    for (bytes, word) in hash.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    hash
}

/// An HMAC-SHA-256 that has absorbed `key`, of any length.
fn keyed(key: &[u8]) -> KeyedState {
    // RFC 2104 hashes a long key and pads a short one.
    let mut padded = Zeroizing::new([0; BLOCK]);
    if key.len() > BLOCK {
        padded[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        padded[..key.len()].copy_from_slice(key);
    }
    let behind = |pad: u8| {
        let mut state = Zeroizing::new(INITIAL);
        let block = Zeroizing::new([padded.map(|byte| byte ^ pad)]);
        compress256(&mut state, &block[..]);
        state
    };
    KeyedState { inner: behind(0x36), outer: behind(0x5c) }
}

/// HKDF-Expand to `N` bytes; `info` is the concatenation of its parts.
fn derive<const N: usize>(hkdf: &Hkdf<Sha256>, info: &[&[u8]]) -> Secret<N> {
    let mut key = zeros();
    // RFC 5869 allows 255 blocks of 32 bytes, and this is one or two.
    hkdf.expand_multi_info(info, &mut key[..]).expect("two blocks at most");
    key
}

fn random<const N: usize>() -> Result<Secret<N>, KeyError> {
    let mut bytes = zeros();
    getrandom::fill(&mut bytes[..]).map_err(KeyError::Randomness)?;
    Ok(bytes)
}

/// The key with these bytes, unless a person typed them or a program left them empty.
fn random_looking(bytes: &[u8]) -> Result<Secret<KEY_BYTES>, KeyError> {
    if bytes.len() != KEY_BYTES {
        return Err(KeyError::Length { bytes: bytes.len() });
    }
    let mut seen = Zeroizing::new([false; 256]);
    for &byte in bytes {
        seen[usize::from(byte)] = true;
    }
    let distinct = seen.iter().filter(|&&seen| seen).count();
    if distinct < MIN_DISTINCT_BYTES {
        return Err(KeyError::FewDistinct { distinct });
    }
    if bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return Err(KeyError::Printable);
    }
    let mut key = zeros();
    key.copy_from_slice(bytes);
    Ok(key)
}

/// Room for a secret, where it will stay.
fn zeros<const N: usize>() -> Secret<N> {
    Box::new(Zeroizing::new([0; N]))
}

/// Whether `text` is 1 to `max_bytes` of `a-z 0-9` and what `is_extra` adds.
fn is_word(text: &str, max_bytes: usize, is_extra: impl Fn(u8) -> bool) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || is_extra(byte);
    (1..=max_bytes).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The key of the specification's vectors: 00 01 02 … 1f.
    pub(crate) fn vector_key() -> MasterKey {
        MasterKey::new(&std::array::from_fn::<u8, 32, _>(|i| i as u8)).unwrap()
    }

    pub(crate) fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn key_id_is_that_of_the_specification() {
        assert_eq!(vector_key().id().to_string(), "2aaecdf7");
        assert_eq!("2aaecdf7".parse::<KeyId>().unwrap(), vector_key().id());
    }

    #[test]
    fn derived_keys_are_those_of_the_specification() {
        let d = vector_key().domain_key(Purpose::Token, &Domain::default());
        let k = d.kind_key("email", None).unwrap();
        assert_eq!(
            hex(&d.0[..]),
            "89c0329563b53fe99eb467c06af713c96af539cc0793789fd156c056cc1d0169"
        );
        assert_eq!(
            hex(&k.0[..]),
            "e9c8350a606081b15ed1ebcf53c8e814790f57c1d67b6906f80ae67368ca4964"
        );
    }

    /// RFC 4231: test cases 1 (short key), 2 (shorter), 3 (full bytes), 6 (longer than a block).
    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let cases: [(&[u8], &[u8], &str); 4] = [
            (
                &[0x0b; 20],
                b"Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 20],
                &[0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, message, expected) in cases {
            assert_eq!(hex(&mac(&keyed(key), message)), expected);
        }
    }

    /// Around the borders of blocks, by the implementation that is built of parts.
    #[test]
    fn hmac_is_that_of_its_crate_at_every_length() {
        use hmac::{Hmac, KeyInit, Mac};
        let bytes: [u8; 300] = std::array::from_fn(|i| (i * 7) as u8);
        for length in 0..bytes.len() {
            let (key, message) = (&bytes[..length % 140], &bytes[..length]);
            let mut hmac = Hmac::<Sha256>::new_from_slice(key).unwrap();
            hmac.update(message);
            assert_eq!(mac(&keyed(key), message), *hmac.finalize().into_bytes(), "{length}");
        }
    }

    /// RFC 5869, A.1.
    #[test]
    fn hkdf_is_that_of_rfc_5869() {
        let salt: [u8; 13] = std::array::from_fn(|i| i as u8);
        let hkdf = Hkdf::new(Some(&salt), &[0x0b; 22]);
        let info: [u8; 10] = std::array::from_fn(|i| 0xf0 + i as u8);
        let okm: Secret<42> = derive(&hkdf, &[&info[..4], &info[4..]]);
        assert_eq!(
            hex(&okm[..]),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf\
             34007208d5b887185865"
        );
    }

    #[test]
    fn a_key_that_was_not_drawn_at_random_is_refused() {
        let refused = |bytes: &[u8]| MasterKey::new(bytes).err().unwrap();
        assert!(matches!(refused(&[]), KeyError::Length { bytes: 0 }));
        assert!(matches!(refused(&[7; 31]), KeyError::Length { bytes: 31 }));
        assert!(matches!(refused(&[7; 33]), KeyError::Length { bytes: 33 }));
        assert!(matches!(refused(&[0; 32]), KeyError::FewDistinct { distinct: 1 }));
        let nineteen: [u8; 32] = std::array::from_fn(|i| i.min(18) as u8);
        assert!(matches!(refused(&nineteen), KeyError::FewDistinct { distinct: 19 }));
        let twenty: [u8; 32] = std::array::from_fn(|i| i.min(19) as u8);
        assert!(MasterKey::new(&twenty).is_ok());
        let passphrase = b"The quick brown fox jumps, 4 dog";
        assert!(matches!(refused(passphrase), KeyError::Printable));
    }

    #[test]
    fn two_generated_keys_differ() {
        assert_ne!(MasterKey::generate().unwrap().id(), MasterKey::generate().unwrap().id());
        let runs = [RunSecret::generate().unwrap(), RunSecret::generate().unwrap()];
        assert_ne!(runs[0].expose(), runs[1].expose());
    }

    #[test]
    fn a_domain_is_a_short_lower_case_name() {
        let longest = "a".repeat(64);
        for name in ["a", "default", "eu-west.crm_2", "-", longest.as_str()] {
            assert_eq!(Domain::new(name).unwrap().as_str(), name);
        }
        let too_long = "a".repeat(65);
        for name in ["", "Default", "a b", "a\0b", "é", "a/b", too_long.as_str()] {
            assert!(Domain::new(name).is_err());
        }
    }

    #[test]
    fn a_kind_name_cannot_imitate_another_derivation() {
        let d = vector_key().domain_key(Purpose::Token, &Domain::default());
        let too_long = "k".repeat(33);
        for name in ["", "Email", "e-mail", "email\0run", too_long.as_str()] {
            assert!(matches!(d.kind_key(name, None), Err(KeyError::KindName { .. })));
        }
        assert!(d.kind_key(&"k".repeat(32), None).is_ok());
    }

    #[test]
    fn each_purpose_domain_kind_and_run_has_its_own_key() {
        let master = vector_key();
        let runs = [RunSecret::from_bytes(&[1; 16]), RunSecret::from_bytes(&[2; 16])];
        let mut keys = std::collections::BTreeSet::new();
        let purposes =
            [Purpose::Token, Purpose::Encrypt, Purpose::Surrogate, Purpose::Shift, Purpose::Digest];
        for purpose in purposes {
            for domain in ["default", "analytics"] {
                let d = master.domain_key(purpose, &Domain::new(domain).unwrap());
                for kind in ["email", "phone"] {
                    for run in [None, Some(&runs[0]), Some(&runs[1])] {
                        keys.insert(hex(&d.kind_key(kind, run).unwrap().0[..]));
                    }
                }
            }
        }
        assert_eq!(keys.len(), 5 * 2 * 2 * 3);
    }

    #[test]
    fn a_key_id_is_eight_lower_case_digits_and_nothing_else() {
        for text in ["", "2AAECDF7", "2aaecdf", "2aaecdf70", "+aaecdf7", "2aaecdé"] {
            assert!(text.parse::<KeyId>().is_err());
        }
    }
}
