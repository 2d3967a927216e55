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

/// Each of the 75 sorts of mutations four times.
const MUTATED: usize = 4 * 75;

/// What columns that cannot hold a token need.
const TYPED: &str = r#"
version = 1
on_new = "default"
[[fields]]
dataset = "people.parquet"
field = "mobile_phone"
kind = "phone"
op = "surrogate"
[[fields]]
dataset = "people.parquet"
field = "fax_number"
op = "drop"
[[fields]]
dataset = "people.parquet"
field = "ip_address"
op = "drop"
"#;

#[test]
fn whatever_is_wrong_in_a_copy_is_seen() {
    let desk = Desk::new();
    let Some(made) = desk.oracle("verify_mutations.py", ["make", "in"]) else { return };
    made.exits(0);
    desk.write("typed.toml", TYPED);
    desk.mask("in", "out", "--region FR --policy typed.toml").exits(0);
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
    let verified =
        desk.loup(&format!("verify copies/{copy} --against in --policy typed.toml --threads 1"));
    let code = if copy.contains("control") { 0 } else { 1 };
    // The seal is hexadecimal of chance: it may well hold the digits of a number.
    let said = format!("{}{}", verified.stdout, verified.stderr);
    let shows = said
        .lines()
        .filter(|line| !line.starts_with("seal "))
        .any(|line| ["person.x", "331991", "198.51.100"].iter().any(|value| line.contains(value)));
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
            // The first address of a network is what the network is named by.
            let ip = format!("203.0.113.{n}");
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
fn what_the_policy_keeps_in_a_field_may_stay_there() {
    let desk = Desk::new();
    let line = |n| format!("{{\"mail\":\"u{n}@example.com\",\"note\":\"see v{n}@example.com\"}}\n");
    desk.write("in/a.ndjson", (0..20).map(line).collect::<String>());
    let keep = "[[fields]]\ndataset = \"*\"\nfield = \"$.note\"\nop = \"keep\"\n";
    desk.write("p.toml", format!("version = 1\non_new = \"default\"\n{keep}"));
    desk.mask("in", "out", "--policy p.toml").exits(0);
    for words in ["verify out --policy p.toml", "verify out --policy p.toml --against in"] {
        assert!(desk.loup(words).exits(0).stdout.contains("20 email: left in"));
    }
    // Of another policy, nobody knows that it was that of the run.
    assert!(desk.loup("verify out").exits(1).stdout.contains("$.note"));
}

#[test]
fn another_key_than_that_of_the_run_is_refused() {
    let desk = masked();
    desk.loup("key new --out other.key").exits(0);
    let verified = desk.loup("verify out --key-file other.key --against .");
    verified.exits(4).says(&["key 2aaecdf7 is named for it"]);
}

#[test]
fn a_keyring_that_was_rotated_since_has_the_key_of_the_run() {
    let desk = Desk::new();
    desk.write("in/a.log", "login <jean.dupont@example.com> ok\n");
    desk.mask("in", "out", "").exits(0);
    desk.loup("key rotate --key-file test.key").exits(0);
    let words = "verify out --key-file test.key --against in";
    desk.loup(words).exits(0);
    // What is made now is of the new epoch, and is verified with the same keyring.
    desk.mask("in", "new", "").exits(0);
    assert!(desk.read("new/a.log").contains("eml2_"));
    desk.loup(&words.replace("out", "new")).exits(0);
    // Only the key tells that a pseudonym which occurs once is another.
    spoil(&desk, "out/a.log", "033k", "033m");
    desk.loup("verify out --against in").exits(0);
    desk.loup(words).exits(1);
    desk.loup("key destroy --epoch 1 --yes --key-file test.key").exits(0);
    desk.loup(words).exits(2).says(&["of epoch 1", "was destroyed", "or none"]);
}

/// Replaces text in an output, and lets the manifest agree, without a chain as one of before.
fn spoil(desk: &Desk, name: &str, before: &str, after: &str) {
    let digest = |text: &str| -> String {
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let text = desk.read(name);
    let spoilt = text.replace(before, after);
    assert!(text != spoilt && text.len() == spoilt.len());
    let manifest = desk.read("out/loup-manifest.json");
    let manifest = manifest.replace(&digest(&text), &digest(&spoilt));
    let mut manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    manifest.as_object_mut().unwrap().remove("chain");
    desk.write("out/loup-manifest.json", manifest.to_string());
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

/// A directory of two inputs and their copy.
fn sealed() -> Desk {
    let desk = Desk::new();
    desk.write("in/a.csv", "id,email\n1,jane.doe@example.com\n2,joe@example.com\n");
    desk.write("in/b.log", "login from 192.0.2.7\n");
    desk.mask("in", "out", "").exits(0);
    desk
}

fn seal_of(verified: &Ended) -> String {
    let seal = verified.stdout.lines().find_map(|line| line.strip_prefix("seal    "));
    seal.unwrap_or_else(|| panic!("{}", verified.stdout)).to_owned()
}

#[test]
fn the_seal_that_mask_tells_is_that_of_the_manifest() {
    let desk = sealed();
    let masked = desk.mask("in", "again", "");
    let seal = masked.stdout.lines().find_map(|line| line.strip_prefix("Seal: ")).unwrap();
    let verified = desk.loup(&format!("verify again --manifest --seal {seal}"));
    assert_eq!(seal_of(verified.exits(0)), seal);
    // Two runs of one second may have one seal.
    desk.write("in/more.log", "login ok\n");
    desk.mask("in", "other", "").exits(0);
    let other = seal_of(desk.loup("verify other --manifest").exits(0));
    let verified = desk.loup(&format!("verify again --seal {other}"));
    assert!(verified.exits(1).stdout.contains("not the one given"), "{}", verified.stdout);
    desk.loup("verify again --seal 12ab").exits(2).says(&["64 hexadecimal digits"]);
}

#[test]
fn a_chain_is_the_one_that_the_documentation_says() {
    let desk = sealed();
    for _ in 0..2 {
        desk.loup("verify out --against in --record").exits(0);
    }
    if let Some(checked) = desk.oracle("manifest_chain.py", ["out/loup-manifest.json"]) {
        checked.exits(0);
    }
    let schema = crate::support::project("schemas/manifest.schema.json");
    let words = [schema, desk.path("out/loup-manifest.json")];
    if let Some(checked) = desk.oracle("schema_check.py", words) {
        checked.exits(0);
    }
    let docs = crate::support::project("docs/manifest.md");
    let docs = fs::read_to_string(docs).unwrap();
    let (_, block) = docs.split_once("```python\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let oracle = crate::support::project("tests/oracle/manifest_chain.py");
    assert!(fs::read_to_string(oracle).unwrap().contains(block));
}

#[test]
fn a_verification_is_recorded_where_it_is_asked_for() {
    let desk = sealed();
    let before = crate::support::tree(&desk.path("out"));
    let seal = seal_of(desk.loup("verify out --against in").exits(0));
    assert!(crate::support::tree(&desk.path("out")) == before, "nothing is written");
    let mode = desk.mode("out/loup-manifest.json");
    let recorded = desk.loup("verify out --against in --key-file test.key --record");
    let new = seal_of(recorded.exits(0));
    let verified = desk.loup(&format!("verify out --seal {seal}"));
    let stdout = &verified.exits(0).stdout;
    assert!(stdout.contains("sealed so before 1 verification more"), "{stdout}");
    assert!(seal != new && seal_of(&verified) == new);
    assert_eq!(desk.mode("out/loup-manifest.json"), mode);
    desk.loup("verify out --record").exits(0);

    let manifest = desk.json("out/loup-manifest.json");
    let [first, second] = &manifest["verifications"].as_array().unwrap()[..] else { panic!() };
    assert_eq!((&first["result"], &first["with_key"]), (&"ok".into(), &true.into()));
    assert_eq!(first["checks"].as_array().unwrap().len(), 6);
    for input in first["inputs"].as_array().unwrap() {
        let bytes = desk.bytes(&format!("in/{}", input["file"].as_str().unwrap()));
        let sha256: String = Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect();
        assert_eq!(input["sha256"], sha256);
    }
    assert!(second.get("inputs").is_none());
    assert!(!desk.read("out/loup-manifest.json").contains("jane.doe"));
    assert!(
        !desk
            .path("out")
            .read_dir()
            .unwrap()
            .any(|it| { it.unwrap().file_name().to_string_lossy().starts_with(".loup") })
    );
}

#[test]
fn a_verification_that_fails_is_recorded_too() {
    let desk = sealed();
    fs::remove_file(desk.path("out/b.log")).unwrap();
    desk.loup("verify out --manifest --record").exits(1);
    let manifest = desk.json("out/loup-manifest.json");
    let verification = &manifest["verifications"][0];
    assert_eq!(verification["result"], "failed");
    assert_eq!(verification["checks"][1]["problems"], 1);
}

/// Changes the manifest of `out`, and leaves its chain.
fn tampered(desk: &Desk) {
    let manifest = desk.read("out/loup-manifest.json");
    let changed = manifest.replace("\"default\"", "\"another\"");
    assert!(changed != manifest);
    desk.write("out/loup-manifest.json", changed);
}

#[test]
fn a_manifest_that_was_changed_is_named_and_not_believed() {
    let desk = sealed();
    tampered(&desk);
    for words in ["verify out", "verify out --manifest", "verify out --against in --record"] {
        let verified = desk.loup(words);
        let stdout = &verified.exits(1).stdout;
        assert!(stdout.contains("`key` is not what its link says"), "{stdout}");
        assert!(!stdout.contains("seal "), "{stdout}");
    }
    desk.mask("out", "again", "").exits(4).says(&["its chain does not hold", "help: "]);
    desk.mask("in", "out", "--overwrite").exits(4);
    let words = "reveal x --kind ip --manifest out/loup-manifest.json --reason test --audit a.log";
    let revealed = desk.loup(&format!("{words} --key-file test.key"));
    revealed.exits(4).says(&["its chain does not hold"]);
}

#[test]
fn a_manifest_of_before_has_no_chain_and_is_read_as_before() {
    let desk = sealed();
    let mut manifest = desk.json("out/loup-manifest.json");
    manifest.as_object_mut().unwrap().remove("chain");
    desk.write("out/loup-manifest.json", manifest.to_string());
    let verified = desk.loup("verify out --against in");
    assert!(verified.exits(0).stdout.contains("it has no chain"), "{}", verified.stdout);
    desk.mask("out", "again", "").exits(0);
    let verified = desk.loup("verify out --manifest");
    assert!(verified.exits(1).stdout.contains("it has no chain"), "{}", verified.stdout);
    desk.loup("verify out --record").exits(2).says(&["no chain to append to"]);
}
