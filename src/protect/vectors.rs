//! The published vectors, `docs/vectors.json`: computed by `tests/oracle/pseudonyms.py`, a second
//! implementation of the specification.

use serde::Deserialize;

use super::encrypt::Encryptor;
use super::key::Domain;
use super::key::tests::{hex, vector_key};
use super::keyring::tests::vector_keyring;
use super::pseudonym::{Digester, Pseudonymiser, Scope};
use super::recognise::TokenShape;
use super::shift::{Shifter, shift_date};
use super::surrogate::{EmailDomain, INVERTIBLE, SurrogateError, Surrogates, check};
use crate::kind::Canonical;
use crate::rules::KindId;

const KINDS: [(&str, &str); 12] = [
    ("email", "eml"),
    ("phone", "tel"),
    ("iban", "iba"),
    ("ip", "ip"),
    ("card", "crd"),
    ("name", "nam"),
    ("address", "adr"),
    ("national_id", "nid"),
    ("mac", "mac"),
    ("url_profile", "url"),
    ("birth_date", "dob"),
    ("device_id", "dev"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    specification: String,
    epoch: u32,
    master_key: String,
    key_id: String,
    values: Vec<Value>,
    shifts: Vec<Shift>,
}

/// What each operator writes in the place of a canonical form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Value {
    domain: String,
    kind: String,
    canonical: String,
    token: String,
    hash: String,
    digest: String,
    encrypt: String,
    /// Nothing where there is none.
    surrogate: Option<String>,
}

/// By how many days the dates of a subject move.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shift {
    domain: String,
    kind: String,
    subject: String,
    max_days: u32,
    days: i64,
    date: String,
    shifted: String,
}

fn document() -> Document {
    serde_json::from_str(include_str!("../../docs/vectors.json")).unwrap()
}

fn kind(name: &str) -> KindId {
    KindId(KINDS.iter().position(|kind| kind.0 == name).unwrap() as u8)
}

fn canonical(text: &str) -> Canonical {
    let canonical = Canonical::of_pattern(text.as_bytes());
    assert_eq!(canonical.as_bytes(), text.as_bytes(), "vectors are trimmed and in NFC");
    canonical
}

/// What `write` appends.
fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn the_key_is_that_of_the_vectors() {
    let document = document();
    assert_eq!((document.specification.as_str(), document.epoch), ("loup.v1", 1));
    assert_eq!(document.master_key, hex(&std::array::from_fn::<u8, 32, _>(|at| at as u8)));
    assert_eq!(document.key_id, vector_key().id().to_string());
    assert!(document.values.len() > 100 && document.shifts.len() > 20);
}

#[test]
fn every_operator_writes_what_the_second_implementation_computes() {
    let (keyring, names) = (vector_keyring(), KINDS.map(|kind| kind.0));
    let with_prefixes = KINDS.map(|(name, prefix)| (name, Some(prefix)));
    let shape = TokenShape::new(KINDS.map(|kind| kind.1), Some(&keyring));
    for vector in document().values {
        let domain = Domain::new(&vector.domain).unwrap();
        let (kind, value) = (kind(&vector.kind), canonical(&vector.canonical));

        let one_way = Pseudonymiser::new(&keyring, &domain, Scope::Domain, with_prefixes).unwrap();
        assert_eq!(written(|out| one_way.token(kind, &value, out)), vector.token);
        assert_eq!(written(|out| one_way.hash(kind, &value, out)), vector.hash);
        let digester = Digester::keyed(&keyring, &domain, names).unwrap();
        assert_eq!(digester.digest(kind, &value).to_string(), vector.digest);

        let encryptor = Encryptor::new(&keyring, &domain, with_prefixes).unwrap();
        assert_eq!(written(|out| encryptor.encrypt(kind, &value, out)), vector.encrypt);
        let decrypted = encryptor.decrypt(vector.encrypt.as_bytes()).ok().unwrap();
        assert_eq!((decrypted.kind, decrypted.canonical.as_slice()), (kind, value.as_bytes()));
        for text in [&vector.token, &vector.encrypt] {
            assert_eq!(shape.kind_of(text.as_bytes()), Some(kind));
        }
    }
}

#[test]
fn surrogates_are_those_of_the_second_implementation() {
    for vector in document().values {
        let domain = Domain::new(&vector.domain).unwrap();
        let (kind, value) = (kind(&vector.kind), canonical(&vector.canonical));
        let surrogates = Surrogates::new(&vector_key(), &domain, KINDS.map(|kind| kind.0)).unwrap();
        let mut out = Vec::new();
        let made = surrogates.surrogate(kind, &value, EmailDomain::Replaced, &mut out);
        assert_eq!(made, check(&vector.kind, &value), "{}", vector.canonical);
        let Some(surrogate) = &vector.surrogate else {
            assert!(made.is_err() && out.is_empty(), "{}", vector.canonical);
            continue;
        };
        assert_eq!(std::str::from_utf8(&out), Ok(surrogate.as_str()));
        let mut back = Vec::new();
        let inverted = surrogates.invert(kind, surrogate.as_bytes(), &mut back);
        if INVERTIBLE.contains(&vector.kind.as_str()) {
            assert_eq!((inverted, back.as_slice()), (Ok(()), value.as_bytes()));
        } else {
            assert_eq!(inverted, Err(SurrogateError::OneWay));
        }
    }
}

#[test]
fn dates_move_as_in_the_second_implementation() {
    for vector in document().shifts {
        let domain = Domain::new(&vector.domain).unwrap();
        let shifter =
            Shifter::new(&vector_key(), &domain, Scope::Domain, KINDS.map(|kind| kind.0)).unwrap();
        let days =
            shifter.days(Some(kind(&vector.kind)), &canonical(&vector.subject), vector.max_days);
        assert_eq!(days, vector.days);
        assert_eq!(shift_date(vector.date.as_bytes(), days), Some(vector.shifted));
    }
}
