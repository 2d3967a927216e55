//! The chain of a manifest: a digest for each part of it, so that a change shows, and where.
//!
//! `chain` is a list of links `{"of": NAME, "digest": HEX}`: those of [`PARTS`] in that order, then a
//! `verified` for each of `verifications`. Each digest is
//!
//! ```text
//! SHA-256(canonical([PREVIOUS, NAME, PART]))
//! ```
//!
//! - `PREVIOUS` is the digest of the link before; 64 zeros for the first.
//! - `PART` is an object of those members of the manifest that the link is of. For `inputs` it is a list
//!   of objects, `file`, `state` and `bytes_in` of each of `files`; for `verified`, the verification.
//! - `canonical` is JSON in UTF-8 without white space, keys in order of their code points, strings with
//!   no more escapes than JSON demands, numbers in their shortest digits (RFC 8785, but for the order of
//!   keys beyond the basic plane).
//!
//! Links up to `outputs` depend on inputs, plan and key alone; `run` is what differs between two runs.
//! The digest of the last link is the *seal*: who has it knows whether anything in the manifest is
//! another. Without it, a chain that holds says that nobody changed the manifest by accident or without
//! knowing of the chain, since whoever can write the file can make the chain anew.
//!
//! `tests/oracle/manifest_chain.py` is the same in Python.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::local::hex;

/// The links of every manifest, and the members that each is of.
const PARTS: [(&str, &[&str]); 9] = [
    ("tool", &["schema", "version"]),
    ("rules", &["rules_digest", "terms"]),
    ("policy", &["plan_digest", "policy_digest"]),
    ("key", &["domain", "key"]),
    ("regions", &["regions"]),
    (INPUTS, &[]),
    ("coverage", &["coverage"]),
    ("outputs", &["files"]),
    ("run", &["run"]),
];

/// The link that is of a part of each entry of `files`.
const INPUTS: &str = "inputs";
/// What is known of an input without its output.
const INPUT_MEMBERS: [&str; 3] = ["file", "state", "bytes_in"];
/// The link of a verification.
const VERIFIED: &str = "verified";

/// A link of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it is of: a name of [`PARTS`], or `verified`.
    pub of: String,
    /// SHA-256, hex.
    pub digest: String,
}

/// A chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The first link that does not fit.
    #[error("`{0}` is not what its link says")]
    Link(&'static str),
    /// A member that no link is of, or a link of nothing.
    #[error("there is more in it than its links are of")]
    More,
}

/// The links that a manifest has to have.
pub(super) fn of(manifest: &Value) -> Vec<Link> {
    let items = |name: &str| manifest[name].as_array().into_iter().flatten();
    let mut links = Vec::new();
    for (name, members) in PARTS {
        if name == INPUTS {
            let inputs: Vec<_> = items("files").map(|it| some_of(it, &INPUT_MEMBERS)).collect();
            append(&mut links, name, &inputs);
        } else {
            append(&mut links, name, &some_of(manifest, members));
        }
    }
    items("verifications").for_each(|it| append(&mut links, VERIFIED, it));
    links
}

fn append(links: &mut Vec<Link>, name: &str, part: &impl Serialize) {
    let first = "0".repeat(64);
    let previous = links.last().map_or(&first, |link| &link.digest);
    // Canonical as serde_json writes it: its objects are sorted maps, as those here are.
    let text = serde_json::to_vec(&(previous, name, part)).expect("values have string keys");
    links.push(Link { of: name.to_owned(), digest: hex(&Sha256::digest(text)) });
}

/// An object of these members, as far as there are any.
fn some_of<'a>(object: &'a Value, members: &[&'a str]) -> BTreeMap<&'a str, &'a Value> {
    members.iter().filter_map(|name| Some((*name, object.get(name)?))).collect()
}

/// Whether the chain of a manifest holds, where it has one.
pub(super) fn check(manifest: &Value) -> Result<(), Broken> {
    let Some(stored) = manifest.get("chain") else { return Ok(()) };
    let stored = stored.as_array().map(Vec::as_slice).unwrap_or_default();
    let links = of(manifest);
    for (at, link) in links.iter().enumerate() {
        if stored.get(at) != Some(&json!(link)) {
            return Err(Broken::Link(PARTS.get(at).map_or(VERIFIED, |(name, _)| *name)));
        }
    }
    let is_covered = |name: &String| {
        let mut covered = PARTS.iter().flat_map(|(_, members)| *members);
        covered.any(|member| member == name) || name == "chain" || name == "verifications"
    };
    let has_more = manifest.as_object().is_some_and(|it| !it.keys().all(is_covered));
    if stored.len() > links.len() || has_more { Err(Broken::More) } else { Ok(()) }
}

/// The seals among `links`: that of the run, and of each verification since.
pub(super) fn seals(links: &[Link]) -> &[Link] {
    links.get(PARTS.len() - 1..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::manifest::tests::example;
    use super::*;

    /// A manifest in which every field is present, with its chain.
    fn chained() -> Value {
        let mut manifest = serde_json::to_value(example()).unwrap();
        manifest["chain"] = json!(of(&manifest));
        manifest
    }

    /// Calls `visit` with a copy of `value` for each way to change one place below `at`.
    fn for_each_change(value: &Value, at: &str, visit: &mut dyn FnMut(&str, Value)) {
        let mut with = |what: &str, change: &dyn Fn(&mut Value)| {
            let mut changed = value.clone();
            change(changed.pointer_mut(at).unwrap());
            visit(&format!("{at} {what}"), changed);
        };
        match value.pointer(at).unwrap() {
            Value::Object(object) => {
                with("and more", &|it| it["more"] = json!(1));
                for name in object.keys() {
                    with(&format!("without {name}"), &|it| {
                        it.as_object_mut().unwrap().remove(name);
                    });
                }
                for name in object.keys() {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    for_each_change(value, &format!("{at}/{name}"), visit);
                }
            }
            Value::Array(items) => {
                with("and more", &|it| it.as_array_mut().unwrap().push(json!("more")));
                for n in 0..items.len() {
                    with(&format!("without {n}"), &|it| {
                        it.as_array_mut().unwrap().remove(n);
                    });
                    with(&format!("twice {n}"), &|it| {
                        let again = it[n].clone();
                        it.as_array_mut().unwrap().insert(n, again);
                    });
                }
                for n in 1..items.len() {
                    with(&format!("swapped {n}"), &|it| it.as_array_mut().unwrap().swap(n - 1, n));
                }
                for n in 0..items.len() {
                    for_each_change(value, &format!("{at}/{n}"), visit);
                }
            }
            Value::String(text) => {
                with("longer", &|it| *it = json!(format!("{text}x")));
                with("null", &|it| *it = Value::Null);
            }
            Value::Number(number) => {
                with("greater", &|it| *it = json!(number.as_f64().unwrap() + 1.0));
                with("as text", &|it| *it = json!(number.to_string()));
            }
            Value::Bool(is) => with("not", &|it| *it = json!(!is)),
            Value::Null => with("not null", &|it| *it = json!("x")),
        }
    }

    #[test]
    fn whatever_is_changed_breaks_the_chain() {
        let manifest = chained();
        assert_eq!(check(&manifest), Ok(()));
        let mut changes = 0;
        for_each_change(&manifest, "", &mut |what, changed| {
            changes += 1;
            // Without a chain it is a manifest of before there was one.
            let has_chain = changed.get("chain").is_some();
            assert!(check(&changed).is_err() == has_chain, "{what}");
        });
        assert!(changes > 150, "{changes}");
    }

    #[test]
    fn the_first_part_that_is_another_is_named() {
        let manifest = chained();
        for (place, expected) in [
            ("/version", "tool"),
            ("/terms", "rules"),
            ("/plan_digest", "policy"),
            ("/key/id", "key"),
            ("/regions/given/0", "regions"),
            ("/files/0/file", "inputs"),
            ("/coverage/files", "coverage"),
            ("/files/0/sha256", "outputs"),
            ("/run/threads", "run"),
            ("/verifications/1/result", "verified"),
        ] {
            let mut changed = manifest.clone();
            *changed.pointer_mut(place).unwrap() = json!("x");
            assert_eq!(check(&changed), Err(Broken::Link(expected)), "{place}");
        }
    }

    #[test]
    fn canonical_is_sorted_and_without_white_space() {
        let text = r#" { "b" : [ 1, 0.5, null ], "a": {"ü\u000b\u0041/": "\"", "A": true} } "#;
        let value: Value = serde_json::from_str(text).unwrap();
        let canonical = r#"{"a":{"A":true,"ü\u000bA/":"\""},"b":[1,0.5,null]}"#;
        assert_eq!(value.to_string(), canonical);
    }
}
