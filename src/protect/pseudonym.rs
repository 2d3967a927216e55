//! Pseudonyms and digests: a canonical form under the key of its kind.
//!
//! Both types here hold one HMAC state per kind that has absorbed its key, addressed by
//! [`KindId`]; a value continues from the state (no allocation) instead of hashing the key again, which halves the work for the short values that personal data is.
//!
//! # Source
//! The pseudonym specification `loup.v1`, sections "Keys" and "Operators".

use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;

use super::base32::ALPHABET;
use super::error::KeyError;
use super::export::Key;
use super::key::{Domain, DomainKey, KeyedState, MasterKey, Purpose, RunSecret, mac};
use super::keyring::Keyring;
use crate::kind::Canonical;
use crate::rules::KindId;

/// Characters of a token after the underscore, five bits each.
pub const TOKEN_CHARACTERS: usize = 20;

/// How far equality reaches.
#[derive(Clone, Copy)]
pub enum Scope<'a> {
    /// The same pseudonym everywhere in the domain.
    Domain,
    /// Equal within one run, and unlinkable between runs.
    Run(&'a RunSecret),
}

/// Makes tokens and hashes under the active key of a keyring, in one domain and one scope.
pub struct Pseudonymiser {
    domain_key: Arc<DomainKey>,
    kinds: Vec<KindPseudonyms>,
}

struct KindPseudonyms {
    name: Box<str>,
    /// `eml1_`: prefix, epoch, underscore. Empty for a kind that has no tokens.
    lead: Vec<u8>,
    state: KeyedState,
}

impl Pseudonymiser {
    /// For these kinds: name and token prefix, in the order of their [`KindId`]s. A kind without a
    /// prefix has no tokens.
    ///
    /// # Errors
    /// [`KeyError::KindName`] or [`KeyError::Prefix`], where a pseudonym could be mistaken for
    /// one of another kind or for data. [`KeyError::OtherDomain`] under a keyring exported for one.
    pub fn new<'a>(
        keyring: &Keyring,
        domain: &Domain,
        scope: Scope<'_>,
        kinds: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Result<Self, KeyError> {
        Self::of_epoch(keyring.active(), domain, scope, kinds)
    }

    /// The same under an epoch of one's choice, and its key.
    ///
    /// # Errors
    /// Those of [`Self::new`].
    pub fn of_epoch<'a>(
        (epoch, key): (u32, &Key),
        domain: &Domain,
        scope: Scope<'_>,
        kinds: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Result<Self, KeyError> {
        let domain_key = key.token_key(domain)?;
        let run = match scope {
            Scope::Domain => None,
            Scope::Run(run) => Some(run),
        };
        let kind = |(name, prefix): (&str, Option<&str>)| {
            check_prefix(name, prefix)?;
            let lead = prefix.map_or_else(Vec::new, |it| format!("{it}{epoch}_").into_bytes());
            let state = domain_key.kind_key(name, run)?.state();
            Ok(KindPseudonyms { name: name.into(), lead, state })
        };
        let kinds = kinds.into_iter().map(kind).collect::<Result<_, _>>()?;
        Ok(Self { domain_key: Arc::new(domain_key), kinds })
    }

    /// The same for one run: its pseudonyms are equal within the run, and unlinkable with all others.
    ///
    /// # Errors
    /// None that [`Self::new`] would not have had.
    pub fn of_run(&self, run: &RunSecret) -> Result<Self, KeyError> {
        let kind = |KindPseudonyms { name, lead, .. }: &KindPseudonyms| {
            let state = self.domain_key.kind_key(name, Some(run))?.state();
            Ok(KindPseudonyms { name: name.clone(), lead: lead.clone(), state })
        };
        let kinds = self.kinds.iter().map(kind).collect::<Result<_, KeyError>>()?;
        Ok(Self { domain_key: Arc::clone(&self.domain_key), kinds })
    }

    /// Appends the token of a value: `eml1_z1etbtp9gdtf1gm7033k`.
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`], with a prefix.
    pub fn token(&self, kind: KindId, canonical: &Canonical, out: &mut Vec<u8>) {
        self.token_of_bytes(kind, canonical.as_bytes(), out);
    }

    /// Appends the hash of a value: 64 lower-case hexadecimal digits, the same HMAC that the token
    /// is cut from.
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`].
    pub fn hash(&self, kind: KindId, canonical: &Canonical, out: &mut Vec<u8>) {
        self.hash_of_bytes(kind, canonical.as_bytes(), out);
    }

    fn token_of_bytes(&self, kind: KindId, canonical: &[u8], out: &mut Vec<u8>) {
        let KindPseudonyms { lead, state, .. } = &self.kinds[usize::from(kind.0)];
        out.extend_from_slice(lead);
        out.extend_from_slice(&token_characters(&mac(state, canonical)));
    }

    fn hash_of_bytes(&self, kind: KindId, canonical: &[u8], out: &mut Vec<u8>) {
        extend_hex(&mac(&self.kinds[usize::from(kind.0)].state, canonical), out);
    }
}

/// Makes the digests that distinct values are counted by and findings are named by. They stand
/// under a purpose of their own, so a data map cannot be joined with protected data.
pub struct Digester {
    kinds: Vec<KeyedState>,
    /// Another random key, where nobody ever learns those of the kinds.
    ephemeral: Option<RandomState>,
}

impl Digester {
    /// Under the active key of a keyring: digests of two runs in one domain compare. Kind names
    /// are in the order of their [`KindId`]s.
    ///
    /// # Errors
    /// [`KeyError::KindName`], or [`KeyError::OtherDomain`] under a keyring exported for one.
    pub fn keyed<'a>(
        keyring: &Keyring,
        domain: &Domain,
        kinds: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, KeyError> {
        Self::under(&keyring.active().1.digest_key(domain)?, None, kinds)
    }

    /// Under a random key that nobody ever learns: digests compare within this run only.
    ///
    /// # Errors
    /// [`KeyError::Randomness`] or [`KeyError::KindName`].
    pub fn ephemeral<'a>(kinds: impl IntoIterator<Item = &'a str>) -> Result<Self, KeyError> {
        // The domain is of no consequence under a key used once.
        let master = MasterKey::generate()?;
        let domain_key = master.domain_key(Purpose::Digest, &Domain::default());
        Self::under(&domain_key, Some(RandomState::new()), kinds)
    }

    fn under<'a>(
        domain_key: &DomainKey,
        ephemeral: Option<RandomState>,
        kinds: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, KeyError> {
        let state = |name| Ok(domain_key.kind_key(name, None)?.state());
        let kinds = kinds.into_iter().map(state).collect::<Result<_, KeyError>>()?;
        Ok(Self { kinds, ephemeral })
    }

    /// The digest of a value.
    ///
    /// # Panics
    /// `kind` is one of those this was made for.
    #[must_use]
    pub fn digest(&self, kind: KindId, canonical: &Canonical) -> Digest {
        self.digest_of_bytes(kind, canonical.as_bytes())
    }

    /// What a value is counted by: the first 64 bits of its digest, where those of two runs compare.
    ///
    /// What is counted under a key that nobody ever learns stays in memory, where any keyed hash does as
    /// well; SipHash takes a tenth of the time.
    ///
    /// # Panics
    /// `kind` is one of those this was made for.
    #[must_use]
    pub fn count(&self, kind: KindId, canonical: &Canonical) -> u64 {
        match &self.ephemeral {
            Some(key) => {
                let bytes = canonical.as_bytes();
                let mut hasher = key.build_hasher();
                // Eight bytes, as the function takes them: what follows is not shifted.
                hasher.write_u64(u64::from(kind.0) << 48 ^ bytes.len() as u64);
                hasher.write(bytes);
                hasher.finish()
            }
            None => self.digest(kind, canonical).head(),
        }
    }

    fn digest_of_bytes(&self, kind: KindId, canonical: &[u8]) -> Digest {
        let mac = mac(&self.kinds[usize::from(kind.0)], canonical);
        Digest(std::array::from_fn(|at| mac[at]))
    }
}

/// The first 16 bytes of a keyed hash of a value, shown as 32 lower-case hexadecimal digits.
/// A pseudonym itself: sets of digests are personal data, counts of them are not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 16]);

impl Digest {
    /// Its first 64 bits.
    fn head(self) -> u64 {
        u64::from_be_bytes(std::array::from_fn(|at| self.0[at]))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// Refuses the prefix of a kind by which its tokens could not be told from data.
pub(super) fn check_prefix(kind: &str, prefix: Option<&str>) -> Result<(), KeyError> {
    let is_prefix =
        |text: &str| (2..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase());
    if prefix.is_none_or(is_prefix) {
        Ok(())
    } else {
        Err(KeyError::Prefix { kind: kind.to_owned() })
    }
}

/// The first 100 bits of a MAC, most significant first, five to a character.
pub(super) fn token_characters(mac: &[u8; 32]) -> [u8; TOKEN_CHARACTERS] {
    let (first, _) = mac.split_first_chunk::<16>().expect("32 bytes have a first 16");
    let bits = u128::from_be_bytes(*first);
    let mut characters = [0; TOKEN_CHARACTERS];
    // Half of them each: their 50 bits are shifted in one register.
    let halves = [bits >> 78, bits >> 28].map(|half| half as u64);
    for (characters, mut half) in characters.chunks_mut(TOKEN_CHARACTERS / 2).zip(halves) {
        for character in characters.iter_mut().rev() {
            *character = ALPHABET[half as usize & 31];
            half >>= 5;
        }
    }
    characters
}

fn extend_hex(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.reserve(2 * bytes.len());
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::super::key::tests::vector_key;
    use super::super::keyring::tests::vector_keyring;
    use super::*;

    const KINDS: [(&str, Option<&str>); 5] = [
        ("email", Some("eml")),
        ("phone", Some("tel")),
        ("iban", Some("iba")),
        ("ip", Some("ip")),
        ("card", Some("crd")),
    ];

    fn kind(name: &str) -> KindId {
        KindId(KINDS.iter().position(|kind| kind.0 == name).unwrap() as u8)
    }

    fn pseudonymiser(domain: &str, scope: Scope<'_>) -> Pseudonymiser {
        let domain = Domain::new(domain).unwrap();
        Pseudonymiser::new(&vector_keyring(), &domain, scope, KINDS).unwrap()
    }

    fn token(maker: &Pseudonymiser, kind: KindId, canonical: &[u8]) -> String {
        let mut out = Vec::new();
        maker.token_of_bytes(kind, canonical, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn hash(maker: &Pseudonymiser, kind: KindId, canonical: &[u8]) -> String {
        let mut out = Vec::new();
        maker.hash_of_bytes(kind, canonical, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// The specification's table: domain, kind, canonical form, token, beginning of the hash.
    const VECTORS: [(&str, &str, &str, &str, &str); 11] = [
        (
            "default",
            "email",
            "jean.dupont@example.com",
            "eml1_z1etbtp9gdtf1gm7033k",
            "f85da5eac98374f0",
        ),
        (
            "analytics",
            "email",
            "jean.dupont@example.com",
            "eml1_zw6gnn1nmt3fj2q3na6n",
            "ff0d0ad435a686f9",
        ),
        (
            "default",
            "email",
            "hélène@xn--mller-kva.example",
            "eml1_6gqvg8pvcd997y75vvdy",
            "342fb822db635293",
        ),
        ("default", "email", "raw\0n/a", "eml1_n151g3ey0x24mr5nzdae", "a84a180dde07444a"),
        ("default", "phone", "+33612345678", "tel1_vwgqfdwc9ff51ss3twvt", "df2177b78c4bde50"),
        (
            "default",
            "phone",
            "+33612345678;ext=12",
            "tel1_ctny00442dpkpp0tgbq2",
            "66abe00084136d3b",
        ),
        ("default", "ip", "192.0.2.1", "ip1_b09ff76d5hgf4gw9xxz5", "5812f79ccd2c60f2"),
        ("default", "ip", "2001:db8::1", "ip1_nmf8m6bg0yvm8m5wj11f", "ad1e8a197007b744"),
        ("default", "ip", "64:ff9b::c000:201", "ip1_4f8kjw4t85nhky626651", "23d139709a416b19"),
        ("default", "card", "4111111111111111", "crd1_hc4t681zkvsnge0m6hzm", "8b09a3203f9ef358"),
        (
            "default",
            "iban",
            "FR7630006000011234567890189",
            "iba1_7xnq2f114tjpkrcz7vh3",
            "3f6b713c2126a569",
        ),
    ];

    #[test]
    fn tokens_and_hashes_are_those_of_the_specification() {
        for (domain, name, canonical, expected, hash_begins) in VECTORS {
            let maker = pseudonymiser(domain, Scope::Domain);
            assert_eq!(token(&maker, kind(name), canonical.as_bytes()), expected);
            let hash = hash(&maker, kind(name), canonical.as_bytes());
            assert_eq!(hash.len(), 64);
            assert!(hash.starts_with(hash_begins), "{hash}");
        }
    }

    #[test]
    fn the_token_of_one_run_is_that_of_the_specification() {
        let run = RunSecret::from_bytes(&std::array::from_fn(|at| at as u8));
        let maker = pseudonymiser("default", Scope::Run(&run));
        assert_eq!(
            token(&maker, kind("email"), b"jean.dupont@example.com"),
            "eml1_3t11dce3v3fxgy5wvmgk"
        );
    }

    #[test]
    fn the_digest_is_that_of_the_specification() {
        let names = KINDS.map(|kind| kind.0);
        let digester = Digester::keyed(&vector_keyring(), &Domain::default(), names).unwrap();
        let digest = digester.digest_of_bytes(kind("email"), b"jean.dupont@example.com");
        assert_eq!(digest.to_string(), "7c756e82893d319e22b5c413c98c1302");
    }

    #[test]
    fn ephemeral_digests_compare_within_one_digester_only() {
        let names = KINDS.map(|kind| kind.0);
        let [one, two] = [0, 1].map(|_| Digester::ephemeral(names).unwrap());
        let digest = |digester: &Digester, value: &[u8]| digester.digest_of_bytes(KindId(0), value);
        assert_eq!(digest(&one, b"a@example.com"), digest(&one, b"a@example.com"));
        assert_ne!(digest(&one, b"a@example.com"), digest(&one, b"b@example.com"));
        assert_ne!(digest(&one, b"a@example.com"), digest(&two, b"a@example.com"));
    }

    #[test]
    fn values_are_counted_by_their_digests_or_by_what_tells_them_apart_as_well() {
        let names = KINDS.map(|kind| kind.0);
        let keyed = Digester::keyed(&vector_keyring(), &Domain::default(), names).unwrap();
        let value = Canonical::of_pattern(b"jean.dupont@example.com");
        assert_eq!(keyed.count(kind("email"), &value), 0x7c75_6e82_893d_319e);
        let [one, two] = [0, 1].map(|_| Digester::ephemeral(names).unwrap());
        let count = |digester: &Digester, value: &[u8]| {
            digester.count(KindId(0), &Canonical::of_pattern(value))
        };
        assert_eq!(count(&one, b"a@example.com"), count(&one, b"a@example.com"));
        assert_ne!(count(&one, b"a@example.com"), count(&one, b"b@example.com"));
        assert_ne!(count(&one, b"a@example.com"), count(&two, b"a@example.com"));
    }

    #[test]
    fn the_epoch_is_written_and_the_run_is_not() {
        let keyring = Keyring::parse_variable(&format!("10:{}", {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.encode(vector_key().expose())
        }));
        let maker = Pseudonymiser::new(
            &keyring.unwrap(),
            &Domain::default(),
            Scope::Run(&RunSecret::from_bytes(&[7; 16])),
            KINDS,
        );
        let token = token(&maker.unwrap(), kind("phone"), b"+33639980001");
        assert!(token.starts_with("tel10_") && token.len() == 6 + TOKEN_CHARACTERS);
    }

    #[test]
    fn a_prefix_that_makes_no_token_is_refused() {
        for prefix in ["", "e", "Eml", "em1", "em_", "abcdefghi"] {
            let kinds = [("email", Some(prefix))];
            let made =
                Pseudonymiser::new(&vector_keyring(), &Domain::default(), Scope::Domain, kinds);
            assert!(matches!(made, Err(KeyError::Prefix { .. })));
        }
    }

    #[test]
    fn the_first_bit_is_the_most_significant_and_the_hundredth_the_last() {
        let mut mac = [0; 32];
        mac[0] = 0x80;
        mac[12] = 0x1f;
        mac[31] = 0xff;
        assert_eq!(&token_characters(&mac), b"g0000000000000000001");
        assert_eq!(token_characters(&[0xff; 32]), [b'z'; 20]);
    }

    proptest! {
        #[test]
        fn equal_within_and_unlinkable_across_domains_kinds_and_runs(value: Vec<u8>) {
            let runs = [[1; 16], [2; 16]].map(|bytes| RunSecret::from_bytes(&bytes));
            let makers = [
                pseudonymiser("default", Scope::Domain),
                pseudonymiser("analytics", Scope::Domain),
                pseudonymiser("default", Scope::Run(&runs[0])),
                pseudonymiser("default", Scope::Run(&runs[1])),
            ];
            let mut bodies = HashSet::new();
            for maker in &makers {
                for at in 0..KINDS.len() as u8 {
                    let token = token(maker, KindId(at), &value);
                    prop_assert_eq!(&token, &super::tests::token(maker, KindId(at), &value));
                    let (_, body) = token.split_once('_').unwrap();
                    bodies.insert(body.to_owned());
                }
            }
            prop_assert_eq!(bodies.len(), makers.len() * KINDS.len());
        }

        #[test]
        fn a_token_is_the_beginning_of_the_hash(value: Vec<u8>) {
            let maker = pseudonymiser("default", Scope::Domain);
            let token = token(&maker, KindId(0), &value);
            let hash = hash(&maker, KindId(0), &value);
            let mut bits = String::new();
            for character in token.rsplit('_').next().unwrap().bytes() {
                let index = ALPHABET.iter().position(|&known| known == character).unwrap();
                bits += &format!("{index:05b}");
            }
            let from_hash = u128::from_str_radix(&hash[..25], 16).unwrap();
            prop_assert_eq!(u128::from_str_radix(&bits, 2).unwrap(), from_hash);
        }
    }

    /// The bodies of the tokens of `count` addresses that differ in a few digits.
    fn bodies(count: usize) -> Vec<[u8; TOKEN_CHARACTERS]> {
        let maker = pseudonymiser("default", Scope::Domain);
        let state = &maker.kinds[0].state;
        (0..count)
            .map(|at| token_characters(&mac(state, format!("user{at}@example.com").as_bytes())))
            .collect()
    }

    /// `make soak` asks for ten million, by LOUP_TOKENS.
    #[test]
    fn no_two_of_many_values_have_one_token() {
        let count = std::env::var("LOUP_TOKENS").map_or(200_000, |count| count.parse().unwrap());
        let mut distinct = bodies(count);
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), count);
    }

    /// Pearson's chi-square with 31 degrees of freedom exceeds 73.5 once in 30 000, so among 20
    /// positions once in 1 500; the keys and values are fixed, so the test cannot flicker.
    #[test]
    fn every_character_is_as_likely_as_any_other_at_each_position() {
        let bodies = bodies(32_000);
        let expected = bodies.len() as f64 / 32.0;
        for position in 0..TOKEN_CHARACTERS {
            let mut counts = [0_u32; 256];
            for body in &bodies {
                counts[usize::from(body[position])] += 1;
            }
            let chi_square: f64 = ALPHABET
                .iter()
                .map(|&character| f64::from(counts[usize::from(character)]) - expected)
                .map(|difference| difference * difference / expected)
                .sum();
            assert!(chi_square < 73.5, "position {position}: {chi_square}");
        }
    }
}
