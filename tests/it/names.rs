//! Names that are personal data: of files, of partitions, of columns. They are found, reported and
//! protected like values.

use std::collections::BTreeSet;

use crate::support::{Desk, MANIFEST, holds, tree};

const PEOPLE: [&str; 3] = ["jean@example.com", "eva@example.org", "ivo@example.net"];

/// A directory for each customer, a file for each, a partition for each, and a pivoted table.
fn desk() -> Desk {
    let desk = Desk::new();
    for (n, email) in PEOPLE.iter().enumerate() {
        desk.write(&format!("in/users/{email}/visits.log"), format!("10:06 visit {n}\n"));
        desk.write(&format!("in/exports/{email}.csv"), format!("day,visits\n2026-11-2{n},{n}\n"));
        let encoded = email.replace('@', "%40");
        desk.write(
            &format!("in/events/email={encoded}/dt=2026-11-20/part-0.csv"),
            format!("id,clicks\n{n},{n}\n"),
        );
    }
    let days: String = (10..30).map(|day| format!("2026-11-{day},{day},2,3\n")).collect();
    desk.write("in/pivot.csv", format!("day,{}\n{days}", PEOPLE.join(",")));
    desk.write("in/contacts.csv", format!("id,email\n{}", rows()));
    desk
}

fn rows() -> String {
    PEOPLE.iter().enumerate().map(|(n, email)| format!("{n},{email}\n")).collect()
}

/// The token of each of the people, as the column of a table has them.
fn tokens(desk: &Desk, out: &str) -> Vec<String> {
    let csv = desk.read(&format!("{out}/contacts.csv"));
    csv.lines().skip(1).map(|row| row.split(',').nth(1).unwrap().to_owned()).collect()
}

fn names(desk: &Desk, out: &str) -> BTreeSet<String> {
    tree(&desk.path(out)).into_keys().filter(|name| name != MANIFEST).collect()
}

/// Nothing of anybody is in a file below `dir`, nor in the name of one.
fn is_clean(desk: &Desk, dir: &str) {
    for (name, bytes) in tree(&desk.path(dir)) {
        for email in PEOPLE {
            let user = email.split('@').next().unwrap();
            assert!(!name.contains(email) && !name.contains(&format!("{user}%40")), "{name}");
            assert!(!holds(&bytes, email), "{email} in {name}");
        }
    }
}

#[test]
fn a_scan_finds_what_is_in_names_and_does_not_repeat_it() {
    let desk = desk();
    let scanned = desk.scan("in", "--out map.json --findings found.ndjson --html map.html");
    scanned.exits(0);
    for text in [
        scanned.stdout.clone(),
        scanned.stderr.clone(),
        desk.read("map.json"),
        desk.read("found.ndjson"),
        desk.read("map.html"),
    ] {
        for email in PEOPLE {
            assert!(!text.contains(email), "{text}");
        }
    }
    let map = desk.json("map.json");
    let datasets: Vec<_> = map["datasets"].as_array().unwrap().iter().collect();
    let findings = |name: &str, path: &str| -> u64 {
        let of_name = datasets.iter().filter(|dataset| dataset["name"] == name);
        let fields = of_name.flat_map(|dataset| dataset["fields"].as_array().unwrap());
        let found = fields.filter(|field| field["path"] == path);
        found.flat_map(|field| field["kinds"].as_array().unwrap()).map(count).sum()
    };
    assert_eq!(findings("users/<email>/visits.log", "(headings)"), 3, "{map:#}");
    assert_eq!(findings("exports/<email>.csv", "(headings)"), 3, "{map:#}");
    assert_eq!(findings("events", "partition:email"), 3);
    assert_eq!(findings("events", "partition:dt"), 0);
    // A first row with an email in it is taken for data, which protects it as well.
    assert_eq!((2..5).map(|n| findings("pivot.csv", &format!("column_{n}"))).sum::<u64>(), 3);
    let listed: Vec<_> = desk
        .read("found.ndjson")
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|finding| finding["record"] == 0)
        .collect();
    assert_eq!(listed.len(), 9);
    let files: BTreeSet<_> = listed.iter().map(|it| it["file"].as_str().unwrap()).collect();
    // Those that look alike are told apart.
    assert_eq!(files.len(), 9, "{files:?}");
}

fn count(kind: &serde_json::Value) -> u64 {
    assert_eq!(kind["kind"], "email");
    kind["findings"].as_u64().unwrap()
}

#[test]
fn names_get_the_pseudonym_of_the_value_and_the_layout_stays() {
    let desk = desk();
    let masked = desk.mask("in", "out", "");
    masked.exits(0);
    is_clean(&desk, "out");
    let tokens = tokens(&desk, "out");
    let mut expected = BTreeSet::from(["pivot.csv".to_owned(), "contacts.csv".to_owned()]);
    for token in &tokens {
        assert!(token.starts_with("eml1_"));
        expected.insert(format!("users/{token}/visits.log"));
        expected.insert(format!("exports/{token}.csv"));
        expected.insert(format!("events/email={token}/dt=2026-11-20/part-0.csv"));
    }
    assert_eq!(names(&desk, "out"), expected);
    assert!(desk.read("out/pivot.csv").starts_with(&format!("day,{}\n", tokens.join(","))));
    // What was in a file is in the one of its person.
    for (n, token) in tokens.iter().enumerate() {
        assert_eq!(
            desk.read(&format!("out/users/{token}/visits.log")),
            format!("10:06 visit {n}\n")
        );
    }
    let manifest = desk.json(&format!("out/{MANIFEST}"));
    let files = manifest["files"].as_array().unwrap();
    let renamed = files.iter().filter(|file| file["input"].is_u64());
    assert_eq!(renamed.filter(|file| file["operators"]["email"][0] == "token").count(), 9);
    for more in ["", "--key-file test.key"] {
        desk.loup(&format!("verify out --against in {more}")).exits(0);
    }
    // What a verification records names the files as the manifest does.
    desk.loup("verify out --against in --record").exits(0);
    let manifest = desk.json(&format!("out/{MANIFEST}"));
    let names = |list: &serde_json::Value| -> BTreeSet<String> {
        list.as_array().unwrap().iter().map(|it| it["file"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&manifest["verifications"][0]["inputs"]), names(&manifest["files"]));
    is_clean(&desk, "out");
    // Twice is once.
    desk.mask("out", "again", "").exits(0);
    let without_manifest = |out: &str| {
        let mut files = tree(&desk.path(out));
        files.remove(MANIFEST);
        files
    };
    assert_eq!(without_manifest("again"), without_manifest("out"));
}

#[test]
fn a_name_that_was_put_back_is_seen() {
    let desk = desk();
    desk.mask("in", "out", "").exits(0);
    let token = &tokens(&desk, "out")[1];
    let other = &tokens(&desk, "out")[2];
    let from = desk.path(&format!("out/exports/{token}.csv"));
    for name in ["eva@example.org", "eva", "eml1_00000000000000000000"] {
        let to = desk.path(&format!("out/exports/{name}.csv"));
        std::fs::rename(&from, &to).unwrap();
        let verified = desk.loup("verify out --against in");
        verified.exits(1);
        assert!(!verified.stdout.contains("eva@"), "{}", verified.stdout);
        std::fs::rename(&to, &from).unwrap();
    }
    // Two files that changed places, in the manifest too.
    let text = desk.read(&format!("out/{MANIFEST}"));
    let swapped = text.replace(token, "§").replace(other, token).replace('§', other);
    let swapped_files = [("exports", "csv")];
    for (dir, ending) in swapped_files {
        let (a, b) = (format!("out/{dir}/{token}.{ending}"), format!("out/{dir}/{other}.{ending}"));
        let (one, two) = (desk.read(&a), desk.read(&b));
        desk.write(&a, two);
        desk.write(&b, one);
    }
    desk.write(&format!("out/{MANIFEST}"), swapped);
    desk.loup("verify out --against in --key-file test.key").exits(1);
}

#[test]
fn a_policy_decides_about_names_too() {
    let desk = desk();
    let policy = |kind: &str, more: &str| {
        format!("version = 1\non_new = \"default\"\n[kinds]\nemail = \"{kind}\"\n{more}")
    };
    // Two that become one are numbered.
    desk.write("policy.toml", policy("redact", ""));
    desk.mask("in", "redacted", "--policy policy.toml").exits(0);
    is_clean(&desk, "redacted");
    let redacted = names(&desk, "redacted");
    for name in [
        "exports/%5BEMAIL%5D.csv",
        "exports/%5BEMAIL%5D~2.csv",
        "exports/%5BEMAIL%5D~3.csv",
        "events/email=%5BEMAIL%5D/dt=2026-11-20/part-0~3.csv",
    ] {
        assert!(redacted.contains(name), "{redacted:?}");
    }
    desk.loup("verify redacted --against in --policy policy.toml").exits(0);
    // A partition is a field, and the names of files and columns are one.
    let keep = "[[fields]]\nfield = \"(headings)\"\nop = \"keep\"\n\
                [[fields]]\nfield = \"partition:email\"\nop = \"drop\"\n";
    desk.write("policy.toml", policy("token", keep));
    desk.mask("in", "kept", "--policy policy.toml").exits(0);
    let kept = names(&desk, "kept");
    assert!(kept.contains("exports/jean@example.com.csv"), "{kept:?}");
    let null = "events/email=__HIVE_DEFAULT_PARTITION__/dt=2026-11-20/part-0";
    assert!(kept.contains(&format!("{null}.csv")) && kept.contains(&format!("{null}~2.csv")));
    // Other words in names are no values of a kind.
    let field = "[[fields]]\nfield = \"(headings)\"\nkind = \"email\"\nop = \"token\"\n";
    desk.write("policy.toml", policy("token", field));
    desk.mask("in", "whole", "--policy policy.toml").exits(2).says(&["leave `kind` out"]);
    // New data in a name is new data.
    desk.write("policy.toml", "version = 1\n[kinds]\nphone = \"token\"\n");
    let masked = desk.mask("in", "new", "--policy policy.toml");
    masked.exits(1).says(&["(headings)", "partition:email"]);
    assert!(!desk.exists("new"));
}

#[test]
fn a_run_that_was_interrupted_knows_the_names_of_what_it_did() {
    let desk = desk();
    desk.write(
        "policy.toml",
        "version = 1\non_new = \"default\"\n[kinds]\nemail = { op = \"token\", scope = \"run\" }\n",
    );
    desk.mask("in", "out", "--policy policy.toml").exits(0);
    is_clean(&desk, "out");
    desk.loup("verify out --against in --policy policy.toml").exits(0);
    let once = names(&desk, "out");
    desk.mask("in", "other", "--policy policy.toml").exits(0);
    assert!(once.is_disjoint(
        &names(&desk, "other").into_iter().filter(|it| it.contains("eml1")).collect()
    ));
}

#[test]
fn partitions_read_back_as_duckdb_sees_them() {
    let desk = desk();
    desk.mask("in", "out", "").exits(0);
    let Some(python) = crate::support::python() else { return };
    let script = "import duckdb; print('\\n'.join(sorted(r[0] for r in duckdb.sql(\
                  \"select distinct email from read_csv('out/events/**/*.csv', hive_partitioning=true)\
                  \").fetchall())))";
    let mut command = std::process::Command::new(python);
    command.args(["-c", script]);
    desk.at_home(&mut command);
    let read = crate::support::ended(command);
    let mut tokens = tokens(&desk, "out");
    tokens.sort();
    assert_eq!(read.exits(0).stdout.lines().collect::<Vec<_>>(), tokens);
}

#[test]
fn what_init_proposes_protects_names_and_types() {
    let desk = desk();
    let Some(made) = desk.oracle("parquet_typed.py", ["make", "in/typed.parquet", "typed.parquet"])
    else {
        return;
    };
    made.exits(0);
    desk.loup("init in --region FR --out policy.toml --quiet").exits(0);
    let policy = desk.read("policy.toml");
    assert!(!policy.contains("(headings)"), "{policy}");
    assert!(policy.contains("surrogate") && policy.contains("as = \"string\""), "{policy}");
    desk.mask("in", "out", "--policy policy.toml").exits(0);
    is_clean(&desk, "out");
    desk.loup("verify out --against in --policy policy.toml").exits(0);
}

#[test]
fn columns_of_parquet_are_found_in_their_names_and_counted() {
    let desk = Desk::new();
    let Some(python) = crate::support::python() else { return };
    let script = "import pyarrow as pa, pyarrow.parquet as pq\n\
                  day = pa.array([{'jean@example.com': n} for n in range(5)])\n\
                  pq.write_table(pa.table({'eva@example.org': [1] * 5, 'day': day}), 'pivot.parquet')";
    let mut command = std::process::Command::new(python);
    command.args(["-c", script]);
    desk.at_home(&mut command);
    crate::support::ended(command).exits(0);
    let found = desk.findings("pivot.parquet", "");
    let of_names: Vec<_> = found.iter().filter(|finding| finding["record"] == 0).collect();
    assert_eq!(of_names.len(), 2, "{found:?}");
    assert!(of_names.iter().all(|it| it["field"] == "(headings)" && it["kind"] == "email"));
    // New data in a name is new data.
    desk.write("policy.toml", "version = 1\n[kinds]\nphone = \"token\"\n");
    desk.mask("pivot.parquet", "out", "--policy policy.toml").exits(1).says(&["(headings)"]);
}
