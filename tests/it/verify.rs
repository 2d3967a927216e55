//! `loup verify`: an output that is as it should be passes, and nothing else does.

use std::fs;

use sha2::{Digest as _, Sha256};

use crate::support::{Desk, Ended, company};

fn masked() -> Desk {
    let desk = Desk::new();
    desk.mask(company(), "out", "").exits(0);
    desk
}

fn verify(desk: &Desk) -> Ended {
    desk.loup("verify out")
}

#[test]
fn a_protected_copy_is_verified() {
    let desk = masked();
    let verified = verify(&desk);
    verified.exits(0);
    assert!(verified.stdout.ends_with("Verified.\n"), "{}", verified.stdout);
}

#[test]
fn what_has_no_manifest_is_no_output() {
    let desk = masked();
    fs::remove_file(desk.path("out/loup-manifest.json")).unwrap();
    verify(&desk).exits(2).says(&["no manifest", "help: "]);
}

#[test]
fn files_that_are_missing_added_or_changed_are_named() {
    let desk = masked();
    let first = crate::support::tree(&desk.path("out"))
        .into_keys()
        .find(|name| name.ends_with(".csv"))
        .unwrap();
    let path = format!("out/{first}");
    let whole = desk.bytes(&path);
    let fails = |what: &str| {
        let verified = verify(&desk);
        verified.exits(1);
        assert!(verified.stdout.contains(what), "{}", verified.stdout);
    };
    fs::remove_file(desk.path(&path)).unwrap();
    fails(&format!("{first} · missing"));
    desk.write(&path, &whole[..whole.len() - 1]);
    fails(&format!("{first} · another size"));
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    desk.write(&path, changed);
    fails(&format!("{first} · another SHA-256"));
    desk.write(&path, whole);
    desk.write("out/more/jane.doe@example.com.txt", "");
    fails("more/<email>.txt · not in the manifest");
    fs::remove_dir_all(desk.path("out/more")).unwrap();
    desk.write("out/.loup-incomplete", "");
    fails("not finished");
}

#[test]
fn inputs_without_an_output_are_listed() {
    let desk = Desk::new();
    desk.write("in/a.csv", "id,email\n1,jane.doe@example.com\n");
    desk.write("in/b.parquet", "PAR1PAR1");
    desk.mask("in", "out", "").exits(3);
    let verified = verify(&desk);
    verified.exits(3);
    assert!(verified.stdout.contains("missing b.parquet"), "{}", verified.stdout);
}

#[test]
fn a_report_is_written_as_json_and_shows_no_value() {
    let desk = masked();
    let report: serde_json::Value =
        serde_json::from_str(&desk.loup("verify out --report -").exits(0).stdout).unwrap();
    assert_eq!((&report["schema"], &report["result"]), (&"loup.verify/1".into(), &"ok".into()));
    desk.loup("verify out --report r.json --quiet").exits(0);
    assert_eq!(desk.json("r.json"), report);
}

#[test]
fn a_protected_copy_is_what_its_input_asks_for() {
    let desk = masked();
    let mut command = desk.command(["verify", "out", "--against"]);
    command.arg(company());
    let verified = crate::support::ended(command);
    verified.exits(0);
    let mut command = desk.command(["verify", "out", "--key-file", "test.key", "--against"]);
    command.arg(company());
    crate::support::ended(command).exits(0);
}

/// Each of the 57 sorts of mutations four times.
const MUTATED: usize = 4 * 57;

#[test]
fn whatever_is_wrong_in_a_copy_is_seen() {
    let desk = Desk::new();
    let Some(made) = desk.oracle("verify_mutations.py", ["make", "in"]) else { return };
    made.exits(0);
    desk.mask("in", "out", "--region FR").exits(0);
    let words = ["mutate", "in", "out", "copies", &MUTATED.to_string()];
    desk.oracle("verify_mutations.py", words).unwrap().exits(0);
    let entries = fs::read_dir(desk.path("copies")).unwrap();
    let mut copies: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    copies.sort();
    assert_eq!(copies.len(), MUTATED + 2);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let parts = copies.chunks(copies.len().div_ceil(4));
        let workers: Vec<_> = parts
            .map(|part| {
                let desk = &desk;
                scope.spawn(move || part.iter().filter_map(|copy| misjudged(desk, copy)).collect())
            })
            .collect();
        workers.into_iter().flat_map(|worker| -> Vec<String> { worker.join().unwrap() }).collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), copies.len(), wrong.join("\n"));
}

/// Why the verification of a copy is not what its name says it should be.
fn misjudged(desk: &Desk, copy: &str) -> Option<String> {
    let verified = desk.loup(&format!("verify copies/{copy} --against in --threads 1"));
    let code = if copy.contains("control") { 0 } else { 1 };
    let shows = verified.stdout.contains("person.x") || verified.stderr.contains("person.x");
    (verified.code != Some(code) || shows)
        .then(|| format!("{copy}: {:?}\n{}{}", verified.code, verified.stdout, verified.stderr))
}

#[test]
fn what_each_operator_writes_is_verified() {
    let operators =
        ["token", "hash", "encrypt", "surrogate", "mask", "redact", "generalize", "drop", "keep"];
    let short = operators.map(|operator| format!("\"{operator}\""));
    let of_run = ["token", "hash"].map(|it| format!("{{ op = \"{it}\", scope = \"run\" }}"));
    for treatment in short.iter().chain(&of_run) {
        let desk = Desk::new();
        let mut table = String::from("id,email,phone,ip,note\n");
        let mut events = String::new();
        for n in 0..40 {
            let (email, phone) = (format!("u{n}@example.com"), format!("+33 1 99 00 12 {n:02}"));
            let ip = format!("203.0.113.{}", n + 1);
            table += &format!("{n},{email},{phone},{ip},\"for {email}, from {ip}\"\n");
            events += &format!("{{\"email\": \"{email}\", \"ip\": \"{ip}\", \"n\": {n}}}\n");
        }
        desk.write("in/a.csv", table);
        desk.write("in/a.ndjson", &events);
        desk.write("in/a.log", events.replace(['{', '"'], " "));
        let kinds = ["email", "phone", "ip"].map(|kind| format!("{kind} = {treatment}\n"));
        let policy = format!("version = 1\non_new = \"default\"\n[kinds]\n{}", kinds.concat());
        desk.write("p.toml", policy);
        desk.mask("in", "out", "--policy p.toml").exits(0);
        desk.loup("verify out --policy p.toml --against in").exits(0);
        desk.loup("verify out --policy p.toml --key-file test.key --against in").exits(0);
        desk.loup("verify out --against in").exits(2).says(&["another policy", "--policy"]);
    }
}

#[test]
fn another_key_than_that_of_the_run_is_refused() {
    let desk = masked();
    desk.loup("key new --out other.key").exits(0);
    let verified = desk.loup("verify out --key-file other.key --against .");
    verified.exits(2).says(&["made with key 2aaecdf7"]);
}

/// Replaces text in an output, and lets the manifest agree.
fn spoil(desk: &Desk, name: &str, before: &str, after: &str) {
    let digest = |text: &str| -> String {
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let text = desk.read(name);
    let spoilt = text.replace(before, after);
    assert!(text != spoilt && text.len() == spoilt.len());
    let manifest = desk.read("out/loup-manifest.json");
    desk.write("out/loup-manifest.json", manifest.replace(&digest(&text), &digest(&spoilt)));
    desk.write(name, spoilt);
}

#[test]
fn a_change_is_told_by_its_file_and_field() {
    let desk = Desk::new();
    desk.write("in/a.csv", "id,email,city\n1,jane.doe@example.com,Lyon\n2,joe@example.com,Gent\n");
    desk.write(
        "in/a.ndjson",
        "{\"at\": {\"city\": \"Lyon\"}, \"email\": \"jane.doe@example.com\"}\n",
    );
    desk.mask("in", "out", "").exits(0);
    spoil(&desk, "out/a.csv", "Lyon", "Nice");
    spoil(&desk, "out/a.ndjson", "Lyon", "Nice");
    let verified = desk.loup("verify out --against in");
    verified.exits(1);
    for place in ["a.csv · city · lines", "a.ndjson · $.at.city · lines"] {
        assert!(verified.stdout.contains(place), "{}", verified.stdout);
    }
}

#[test]
fn a_pseudonym_that_occurs_once_is_known_to_be_wrong_with_the_key() {
    let desk = Desk::new();
    desk.write("in/a.log", "login <jean.dupont@example.com> ok\n");
    desk.mask("in", "out", "").exits(0);
    spoil(&desk, "out/a.log", "033k", "033m");
    desk.loup("verify out --against in").exits(0);
    desk.loup("verify out --key-file test.key --against in").exits(1);
}

#[test]
fn parquet_of_many_makes_is_verified() {
    let desk = Desk::new();
    fs::create_dir(desk.path("in")).unwrap();
    let Some(made) = desk.oracle("parquet_variants.py", ["make", "in"]) else { return };
    made.exits(0);
    desk.mask("in", "out", "").exits(0);
    desk.loup("verify out --against in").exits(0);
}

#[test]
fn inputs_without_an_output_are_listed_beside_their_comparison() {
    let desk = Desk::new();
    desk.write("in/a.csv", "id,email\n1,jane.doe@example.com\n");
    desk.write("in/b.parquet", "PAR1PAR1");
    desk.mask("in", "out", "").exits(3);
    let verified = desk.loup("verify out --against in");
    verified.exits(3);
    assert!(verified.stdout.contains("missing b.parquet"), "{}", verified.stdout);
}
