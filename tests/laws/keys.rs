//! What a pseudonym depends on: epoch, domain, kind, value, and the run where a policy says so. On
//! nothing else: not on the format, and not on whether the keyring is whole or was exported.

use std::collections::{BTreeMap, BTreeSet};

use loup::kind::{Canonical, email, phone};
use loup::operator::Operator;
use loup::protect::key::Domain;
use loup::protect::keyring::Keyring;
use loup::protect::pseudonym::{Pseudonymiser, Scope};
use proptest::collection::btree_set;
use proptest::prelude::*;

use super::inputs::{Folder, columns};
use super::run::{PLAIN, VECTOR_KEY, WORLD, World, config, content, files_in, policy_of};

/// A keyring of one epoch, and the same after it was rotated.
fn keyrings() -> [Keyring; 2] {
    let keyring = || Keyring::parse_variable(VECTOR_KEY).unwrap();
    [keyring(), keyring().rotated(jiff::Timestamp::UNIX_EPOCH, None).unwrap()]
}

/// The numbers of a range that France keeps for fiction.
fn number(n: u32) -> String {
    format!("+33199{n:06}")
}

/// The same people in every format: a line each, and their number also as an integer.
fn folder(people: &BTreeSet<u32>) -> Folder {
    let emails: Vec<_> = people.iter().map(|n| format!("user{n}@example.org")).collect();
    let rows = || people.iter().zip(&emails);
    let log: String =
        rows().map(|(n, email)| format!("{n} from {email} tel {}\n", number(*n))).collect();
    let csv: String = rows().map(|(n, email)| format!("{email},{}\n", number(*n))).collect();
    let json: String = rows()
        .map(|(n, email)| format!("{{\"email\":\"{email}\",\"phone\":\"{}\"}}\n", number(*n)))
        .collect();
    let integers: Vec<i64> = people.iter().map(|n| number(*n)[1..].parse().unwrap()).collect();
    Folder(vec![
        ("a.log".to_owned(), log.into_bytes()),
        ("t.csv".to_owned(), format!("email,phone\n{csv}").into_bytes()),
        ("e.ndjson".to_owned(), json.into_bytes()),
        ("p.parquet".to_owned(), columns(&emails, &integers)),
    ])
}

/// What `world` writes of `folder`, by file.
fn masked(world: &World, folder: &Folder, policy: &str) -> BTreeMap<String, String> {
    let root = tempfile::tempdir().unwrap();
    folder.write(&root.path().join("in"));
    let files = files_in(&root.path().join("in"));
    let policy = policy_of(policy);
    let copy = world.mask(&files, Some(&policy), PLAIN, &root.path().join("out")).unwrap();
    assert!(!copy.masked.incomplete, "{:?}", copy.masked);
    let text = |name: &str, bytes: &[u8]| match name.ends_with(".parquet") {
        true => content(name, bytes),
        false => String::from_utf8(bytes.to_vec()).unwrap(),
    };
    copy.files.iter().map(|(name, bytes)| (name.clone(), text(name, bytes))).collect()
}

/// The pseudonyms with this prefix in a text, in order.
fn pseudonyms(text: &str, prefix: &str) -> Vec<String> {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c| !is_inner(c));
    words.filter(|word| word.starts_with(prefix) && word.contains('_')).map(str::to_owned).collect()
}

const TOKENS: &str = "[kinds]\nemail = \"token\"\nphone = \"token\"\n\
                      [[fields]]\ndataset = \"*.parquet\"\nfield = \"phone\"\nop = \"surrogate\"\n";

proptest! {
    #![proptest_config(config(12))]

    #[test]
    fn a_pseudonym_is_of_its_epoch_domain_kind_and_value_alone(people in btree_set(0..999_999_u32, 1..12)) {
        let folder = folder(&people);
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let (mut worlds, mut distinct) = (0, 0);
        for keyring in keyrings() {
            for domain in ["default", "analytics"] {
                let domain = Domain::new(domain).unwrap();
                let epoch = keyring.active().0;
                let out = masked(&World::of(&keyring, &domain), &folder, TOKENS);
                let kinds = WORLD.rules.names_and_prefixes();
                let own = Pseudonymiser::new(&keyring, &domain, Scope::Domain, kinds).unwrap();
                let token = |kind: &str, canonical: &Canonical| {
                    let mut token = Vec::new();
                    own.token(WORLD.rules.kind_id(kind).unwrap(), canonical, &mut token);
                    String::from_utf8(token).unwrap()
                };
                let emails: Vec<_> = people
                    .iter()
                    .map(|n| format!("user{n}@example.org"))
                    .map(|value| token("email", &email::parse(value.as_bytes()).unwrap().canonical))
                    .collect();
                let phones: Vec<_> = people
                    .iter()
                    .map(|n| phone::parse(number(*n).as_bytes(), &[]).unwrap().canonical)
                    .map(|canonical| token("phone", &canonical))
                    .collect();
                for name in ["a.log", "t.csv", "e.ndjson", "p.parquet"] {
                    prop_assert_eq!(&pseudonyms(&out[name], &format!("eml{epoch}")), &emails, "{}", name);
                }
                for name in ["a.log", "t.csv", "e.ndjson"] {
                    prop_assert_eq!(&pseudonyms(&out[name], &format!("tel{epoch}")), &phones, "{}", name);
                }
                // An exported keyring makes the same tokens, and has no surrogates.
                let exported = keyring.export(&domain).unwrap();
                let text = Folder(folder.0.iter().filter(|(name, _)| name != "p.parquet").cloned().collect());
                let by_export = masked(&World::of(&exported, &domain), &text, "[kinds]\nemail = \"token\"\n");
                for (name, text) in by_export {
                    prop_assert_eq!(&text, &out[&name], "{}", name);
                }
                worlds += 1;
                distinct += emails.len() + phones.len();
                seen.extend(emails.into_iter().chain(phones));
            }
        }
        // Of another epoch or domain, or of another kind, nothing is equal.
        prop_assert_eq!((worlds, seen.len()), (4, distinct));
    }

    #[test]
    fn what_an_earlier_epoch_made_is_left_as_it_is(people in btree_set(0..999_999_u32, 1..12)) {
        let [before, after] = keyrings();
        let domain = Domain::default();
        let folder = folder(&people);
        let once = masked(&World::of(&before, &domain), &folder, "[kinds]\nphone = \"keep\"\n");
        let texts = once.iter().filter(|(name, _)| *name != "p.parquet");
        let masked_once =
            Folder(texts.map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect());
        let twice = masked(&World::of(&after, &domain), &masked_once, "[kinds]\nphone = \"keep\"\n");
        for (name, text) in twice {
            prop_assert_eq!(&text, &once[&name], "{}", name);
        }
    }

    #[test]
    fn surrogates_of_integers_are_those_of_their_texts(people in btree_set(0..999_999_u32, 1..12)) {
        let folder = folder(&people);
        for keyring in keyrings() {
            let world = World::of(&keyring, &Domain::default());
            let out = masked(&world, &folder, "[kinds]\nemail = \"keep\"\nphone = \"surrogate\"\n");
            let digits = |text: &str| -> Vec<String> {
                let words = text.split(|c: char| !c.is_ascii_digit());
                words.filter(|word| word.len() == 11).map(str::to_owned).collect()
            };
            let in_csv = digits(&out["t.csv"]);
            prop_assert_eq!(in_csv.len(), people.len());
            prop_assert_eq!(&digits(&out["p.parquet"]), &in_csv);
            prop_assert_eq!(&digits(&out["e.ndjson"]), &in_csv);
            let originals: BTreeSet<_> = people.iter().map(|n| number(*n)[1..].to_owned()).collect();
            let distinct: BTreeSet<_> = in_csv.iter().cloned().collect();
            prop_assert_eq!(distinct.len(), people.len());
            // One may be the number of another, and hardly all of them are.
            prop_assert!(people.len() < 3 || distinct != originals);
        }
    }

    #[test]
    fn pseudonyms_of_a_run_join_in_it_and_with_nothing_else(people in btree_set(0..999_999_u32, 1..12)) {
        let folder = folder(&people);
        let policy = "[kinds]\nemail = { op = \"token\", scope = \"run\" }\nphone = \"keep\"\n";
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for _ in 0..2 {
            for keyring in keyrings() {
                let epoch = keyring.active().0;
                let out = masked(&World::of(&keyring, &Domain::default()), &folder, policy);
                let of = |name: &str| pseudonyms(&out[name], &format!("eml{epoch}"));
                let in_csv = of("t.csv");
                prop_assert_eq!(in_csv.len(), people.len());
                for name in ["a.log", "e.ndjson", "p.parquet"] {
                    prop_assert_eq!(&of(name), &in_csv, "{}", name);
                }
                seen.extend(in_csv);
            }
        }
        prop_assert_eq!(seen.len(), 4 * people.len());
    }
}

#[test]
fn keys_of_one_purpose_are_no_keys_of_another() {
    // A hash is not a token of the same value that goes on, under another purpose or kind.
    let [keyring, _] = keyrings();
    let world = World::of(&keyring, &Domain::default());
    let people = BTreeSet::from([7]);
    let of = |operator: Operator| {
        let policy = format!("[kinds]\nemail = \"{operator}\"\nphone = \"keep\"\n");
        masked(&world, &folder(&people), &policy)["t.csv"].clone()
    };
    let written: BTreeSet<_> =
        [Operator::Token, Operator::Hash, Operator::Encrypt, Operator::Surrogate].map(of).into();
    assert_eq!(written.len(), 4);
}
