//! The layering as a test: what a module imports is the vocabulary and what is left of it.
//!
//! The `crate::` paths of every file under `src/` are read, comments left out, and compared with
//! the tables below. A module that is in no table fails the test, so that a new one is placed.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The words that every stage may use, and what they may use themselves.
const VOCABULARY: [(&str, &[&str]); 3] = [
    ("kind", &[]),
    // How coarse a value gets is a setting.
    ("operator", &["kind"]),
    // A rule names a kind's parser and the operator of its kind.
    ("rules", &["kind", "operator"]),
];

/// The stages from left to right: each may import those before it.
const STAGES: [&str; 11] = [
    // Bytes in; knows no format.
    "source", // Bytes to cells; finds nothing.
    "format",
    // Cells to candidates; does not know that operators exist, which `NEVER` checks.
    "detect",  // Candidates to counts, and the published map.
    "datamap", // Values to pseudonyms; knows no file and no field.
    "protect", // Verdicts to what happens to each field.
    "policy",
    // Values of others to what they were made of; its document repeats the ledger of the map.
    "attack",
    // Bytes out. Right of the accumulator because a manifest repeats parts of the map document.
    "sink",     // The documents for people.
    "report",   // Runs the chain; the findings listing is written by `report`.
    "pipeline", // Arguments and printing.
    "cli",
];

/// Joins the errors of all stages, so it stands outside the order; only `cli` imports it.
const JOINT: &str = "error";

/// From a stage left of it a module may be allowed one part only: these are data that is published
/// and read by others, not the machinery that made it.
const ONLY: [(&str, &str, &[&str]); 4] = [
    ("sink", "datamap", &["document"]),
    ("report", "datamap", &["document"]),
    ("report", "attack", &["document"]),
    ("attack", "datamap", &["document"]),
];

/// What the order would allow and the design does not.
const NEVER: [(&str, &str); 13] = [
    // The same candidates whatever happens to them afterwards.
    ("detect", "operator"),
    ("format", "source"),
    // Pseudonyms are a function of key, kind and canonical form.
    ("protect", "datamap"),
    ("protect", "detect"),
    ("protect", "format"),
    ("sink", "protect"),
    // A search knows digests and domains: no files, no rules, and least of all a key.
    ("attack", "source"),
    ("attack", "format"),
    ("attack", "detect"),
    ("attack", "protect"),
    ("attack", "policy"),
    ("attack", "rules"),
    ("sink", "attack"),
];

#[test]
fn a_module_imports_the_vocabulary_and_what_is_left_of_it() {
    let mut wrong = Vec::new();
    for (module, imports) in imports() {
        for import in imports {
            if !is_allowed(&module, &import) {
                wrong.push(format!("{module} imports {}", import.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_its_place() {
    let placed: BTreeSet<&str> =
        STAGES.into_iter().chain(VOCABULARY.map(|(word, _)| word)).chain([JOINT]).collect();
    let imports = imports();
    let there: BTreeSet<&str> = imports.keys().map(String::as_str).collect();
    assert_eq!(there, placed);
}

/// `[module, submodule]`, the second part where there is one.
fn is_allowed(module: &str, import: &[String]) -> bool {
    let imported = import[0].as_str();
    if module == imported || module == JOINT {
        return true;
    }
    if let Some((_, words)) = VOCABULARY.into_iter().find(|(word, _)| *word == module) {
        return words.contains(&imported);
    }
    if NEVER.contains(&(module, imported)) {
        return false;
    }
    if let Some((_, _, parts)) = ONLY.into_iter().find(|(m, i, _)| (*m, *i) == (module, imported)) {
        return import.get(1).is_some_and(|part| parts.contains(&part.as_str()));
    }
    let place = |name: &str| STAGES.iter().position(|stage| *stage == name);
    let is_word = VOCABULARY.iter().any(|(word, _)| *word == imported);
    let is_left = matches!((place(imported), place(module)), (Some(left), Some(own)) if left < own);
    is_word || is_left || (imported == JOINT && module == "cli")
}

/// What each top-level module imports, by its name.
fn imports() -> BTreeMap<String, BTreeSet<Vec<String>>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&source, &mut files);
    let mut imports: BTreeMap<String, BTreeSet<Vec<String>>> = BTreeMap::new();
    for file in files {
        let within = file.strip_prefix(&source).unwrap();
        let first = within.components().next().unwrap().as_os_str().to_str().unwrap();
        let module = first.trim_end_matches(".rs");
        if matches!(module, "lib" | "main") {
            continue;
        }
        let of_module = imports.entry(module.to_owned()).or_default();
        for line in fs::read_to_string(&file).unwrap().lines() {
            let code = line.split("//").next().unwrap_or_default();
            of_module.extend(code.match_indices("crate::").map(|(at, path)| {
                let parts = code[at + path.len()..].split("::").take(2);
                let parts: Vec<_> = parts.map(leading_word).filter(|w| !w.is_empty()).collect();
                assert!(!parts.is_empty(), "{}: import one module a line", within.display());
                parts
            }));
        }
    }
    imports
}

fn leading_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
