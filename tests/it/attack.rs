//! `loup attack`: hashes that others made fall, and what loup made does not.

use std::time::Instant;

use serde_json::Value;

use crate::support::{Desk, Ended, holds, project};

/// What was hashed, small enough to be tried by a test.
const ALL: &str = "--region FR --try phone:+3363998,ipv4:198.51.0.0/16,date";

/// A desk with the tables of `digests.py`; nothing where there is no Python.
fn planted() -> Option<Desk> {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("in")).unwrap();
    desk.oracle("digests.py", [desk.path("in")])?.exits(0);
    for name in ["planted.txt", "emails.txt"] {
        std::fs::rename(desk.path(&format!("in/{name}")), desk.path(name)).unwrap();
    }
    Some(desk)
}

fn field<'a>(result: &'a Value, dataset: &str, name: &str) -> &'a Value {
    let mut fields = result["fields"].as_array().unwrap().iter();
    let is_it = |field: &&Value| field["field"] == name && field["dataset"] == dataset;
    fields.find(is_it).unwrap_or_else(|| panic!("{dataset} {name}"))
}

/// How much of a field was reversed, and by what, as far as it is one.
fn told(field: &Value) -> (f64, String) {
    let by = &field["by"][0];
    let word = |name: &str| by[name].as_str().unwrap_or_default().to_owned();
    let how = ["function", "domain", "spelling", "salt"].map(word).join("|");
    (field["reversed_share"].as_f64().unwrap(), how)
}

#[track_caller]
fn says_nothing_of(ended: &Ended, desk: &Desk) {
    let planted = desk.read("planted.txt");
    let table = desk.read("in/people.csv");
    let digests = table.lines().skip(1).flat_map(|line| line.split(';').skip(1));
    for value in planted.lines().chain(digests).chain(["pepper"]) {
        for (place, text) in
            [("out", &ended.stdout), ("err", &ended.stderr), ("json", &desk.read("a.json"))]
        {
            assert!(!holds(text.as_bytes(), value), "`{value}` is in {place}");
        }
    }
}

#[test]
fn hashes_without_a_key_are_reversed_and_nothing_of_them_is_said() {
    let Some(desk) = planted() else { return };
    let attacked = desk.loup(&format!(
        "attack in {ALL} --salt wrong --salt pepper --list emails.txt --seconds 300 --out a.json"
    ));
    attacked.exits(0);
    let result = desk.json("a.json");
    for (dataset, name, how) in [
        ("people.csv", "phone_sha256", "SHA-256|phone|+33…|none"),
        ("people.csv", "phone_b64", "SHA-256|phone|0… …|none"),
        ("people.csv", "ip_md5", "MD5|ipv4|dotted quad|none"),
        ("people.csv", "ip_sha512_cut", "SHA-512|ipv4|dotted quad|none"),
        ("people.csv", "ip_salted", "SHA-1|ipv4|dotted quad|salt 2, before"),
        ("people.csv", "phone_crc", "CRC-32|phone|33…|none"),
        ("people.csv", "birth_sha1", "SHA-1|date|Y-m-d|none"),
        ("people.csv", "mail_sha384", "SHA-384|list|in lower case|none"),
        ("people.parquet", "ip_bytes", "MD5|ipv4|dotted quad|none"),
        ("people.parquet", "ip_fixed", "MD5|ipv4|dotted quad|none"),
        ("people.parquet", "ip_number", "MD5|ipv4|dotted quad|none"),
        ("people.parquet", "phone_crc", "CRC-32|phone|33…|none"),
        ("people.parquet", "phone_hex", "SHA-256|phone|+33…|none"),
        ("people.ndjson", "$.user.ipHash", "MD5|ipv4|dotted quad|none"),
        ("app.log", "peer", "MD5|ipv4|dotted quad|none"),
    ] {
        assert_eq!(told(field(&result, dataset, name)), (1.0, how.to_owned()), "{name}");
    }
    assert_eq!(told(field(&result, "people.csv", "keyed")).0, 0.0);
    assert!(attacked.stdout.contains("SHA-256 of phone (FR, mobile; +33…)"));
    says_nothing_of(&attacked, &desk);
    let schema = project("schemas/attack.schema.json");
    desk.oracle("schema_check.py", [schema, desk.path("a.json")]).unwrap().exits(0);
}

#[test]
fn what_loup_made_is_not_reversed() {
    let Some(desk) = planted() else { return };
    let rows: String = (0..300)
        .map(|n| format!("{n},+33639980{n:03},198.51.{}.{}\n", 100 + n % 2, n % 256))
        .collect();
    desk.write("raw/people.csv", format!("id,phone,ip\n{rows}"));
    for operator in ["token", "hash"] {
        let policy = format!("version = 1\n[kinds]\nphone = \"{operator}\"\nip = \"{operator}\"\n");
        desk.write("p.toml", policy);
        desk.mask("raw", operator, "--region FR --policy p.toml").exits(0);
        let attacked = desk.loup(&format!("attack {operator} {ALL} --seconds 300 --out a.json"));
        attacked.exits(0);
        let result = desk.json("a.json");
        let fields = result["fields"].as_array().unwrap();
        assert!(!fields.is_empty(), "{operator}");
        assert!(fields.iter().all(|field| field["reversed"] == 0), "{operator}: {result}");
        assert!(result["is_cut_short"] == false);
    }
}

#[test]
fn equality_is_told_of_tokens_too() {
    let desk = Desk::new();
    let rows: String = (0..40).map(|n| format!("{n},u{}@example.com\n", n * n % 10)).collect();
    desk.write("raw/visits.csv", format!("id,email\n{rows}"));
    desk.mask("raw", "out", "").exits(0);
    let attacked = desk.loup("attack out --out a.json");
    attacked.exits(0);
    let result = desk.json("a.json");
    let email = field(&result, "visits.csv", "email");
    let equality = &email["equality"];
    assert_eq!(
        (email["looks_like"].as_str(), equality["values"].as_u64()),
        (Some("loup token"), Some(40))
    );
    // Squares end in 0 and 5 once in ten, in 1, 4, 6 and 9 twice.
    assert_eq!((equality["distinct"].as_u64(), equality["lengths"].as_u64()), (Some(6), Some(1)));
    assert!((equality["most_frequent_share"].as_f64().unwrap() - 0.2).abs() < 1e-9);
    assert!(attacked.stdout.contains("equality alone tells 6 pseudonyms apart in 40 values"));
}

#[test]
fn the_search_ends_when_its_time_is_up() {
    let Some(desk) = planted() else { return };
    let start = Instant::now();
    let attacked = desk.loup("attack in --seconds 1.5 --out a.json");
    let seconds = start.elapsed().as_secs_f64();
    attacked.exits(0);
    assert!(seconds < 30.0, "{seconds}");
    let result = desk.json("a.json");
    let searching = result["searching_seconds"].as_f64().unwrap();
    assert!((1.0..15.0).contains(&searching), "{searching}");
    assert_eq!(result["is_cut_short"], true);
    assert!(attacked.stdout.contains("Time was up"));
    says_nothing_of(&attacked, &desk);
}

#[test]
fn a_share_that_was_reversed_can_fail_a_run() {
    let Some(desk) = planted() else { return };
    let run = |more: &str| desk.loup(&format!("attack in/people.ndjson --quiet {more}"));
    run("--try ipv4:198.51.0.0/16 --fail-on 0.5").exits(1);
    run("--try ipv4:203.0.113.0/24 --fail-on 0.5").exits(0);
    run("--try ipv4:198.51.0.0/33").exits(2);
    run("--try email").exits(2);
    run("--list missing.txt").exits(4).says(&["cannot read missing.txt"]);
}

#[test]
fn fields_of_clear_values_are_not_pseudonyms() {
    let desk = Desk::new();
    let rows: String = (0..50)
        .map(|n| {
            format!("{n},user{n}@example.com,0639980{n:03},Jean Dupont,2024-01-{:02}\n", n % 28 + 1)
        })
        .collect();
    desk.write("in/clear.csv", format!("id,email,phone,name,date\n{rows}"));
    let attacked = desk.loup("attack in --seconds 5 --out -");
    attacked.exits(0);
    let result: Value = serde_json::from_str(&attacked.stdout).unwrap();
    assert_eq!(result["fields"].as_array().map(Vec::len), Some(0), "{result}");
    assert!(desk.loup("attack in").exits(0).stdout.contains("No field looks like pseudonyms"));
}
