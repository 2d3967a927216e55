//! `loup verify`: an output that is as it should be passes, and nothing else does.

use std::fs;

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
