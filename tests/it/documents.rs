//! One document of many megabytes, as exports of JSON are: its record goes over many chunks.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::support::{Desk, Ended, MANIFEST};

const USERS: usize = 30_000;

/// A document of three megabytes of users, and a text of two megabytes with an address at its end.
fn document() -> Value {
    let user = |n: usize| {
        json!({
            "id": n,
            "email": format!("user{n}@example.com"),
            "note": format!("asks user{}@example.com for more, \"soon\"", n / 2),
            "seen": "2026-03-01",
        })
    };
    let mut body = "word, ".repeat(350_000);
    let _ = write!(body, "then last@example.com");
    json!({"subject": "s1", "users": (0..USERS).map(user).collect::<Vec<_>>(), "body": body})
}

/// The desk with the document in `in`, and how a run under `policy` ended.
fn masked(policy: &str) -> (Desk, Ended) {
    let desk = Desk::new();
    desk.write("in/export.json", document().to_string());
    desk.write("loup.toml", format!("version = 1\non_new = \"default\"\n{policy}"));
    let masked = desk.mask("in", "out", "");
    (desk, masked)
}

#[test]
fn a_document_of_many_chunks_keeps_its_shape_and_loses_its_addresses() {
    let (desk, ended) = masked("");
    ended.exits(0);
    let (before, after) = (document(), desk.json("out/export.json"));
    let users = |document: &Value| document["users"].as_array().unwrap().clone();
    assert_eq!(users(&after).len(), USERS);
    let mut tokens = HashMap::new();
    for (before, after) in users(&before).iter().zip(&users(&after)) {
        assert_eq!((&after["id"], &after["seen"]), (&before["id"], &before["seen"]));
        tokens.insert(before["email"].to_string(), after["email"].as_str().unwrap().to_owned());
    }
    for (n, user) in users(&after).iter().enumerate() {
        let token = &tokens[&format!("\"user{}@example.com\"", n / 2)];
        assert_eq!(user["note"], format!("asks {token} for more, \"soon\""));
    }
    let (long, body) = (before["body"].as_str().unwrap(), after["body"].as_str().unwrap());
    let (same, token) = body.split_at(long.len() - "last@example.com".len());
    assert!(long.starts_with(same) && token.starts_with("eml1_"));
    desk.loup("verify out --against in").exits(0);
    let again = desk.mask("out", "again", "");
    again.exits(0);
    assert_eq!(desk.bytes("again/export.json"), desk.bytes("out/export.json"));
}

#[test]
fn findings_and_maps_of_a_document_are_those_of_its_parts() {
    let desk = Desk::new();
    desk.write("in/export.json", document().to_string());
    let findings = desk.findings("in", "");
    assert_eq!(findings.len(), 2 * USERS + 1);
    assert!(findings.iter().all(|it| it["record"] == 1));
    let map = |threads| {
        desk.scan("in", &format!("--out {threads}.json --threads {threads} --key-file test.key"))
            .exits(0);
        let mut map = desk.json(&format!("{threads}.json"));
        map["run"] = Value::Null;
        map
    };
    let one = map(1);
    assert_eq!(one, map(2));
    let fields = one["datasets"][0]["fields"].as_array().unwrap();
    let paths: Vec<_> = fields.iter().map(|field| field["path"].as_str().unwrap()).collect();
    let expected = ["body", "subject", "users[*].email", "users[*].id", "users[*].note"];
    assert_eq!(one["datasets"][0]["records"], 1);
    for path in expected {
        assert!(paths.contains(&format!("$.{path}").as_str()), "{paths:?}");
    }
    let email = &fields[paths.iter().position(|it| *it == "$.users[*].email").unwrap()];
    assert_eq!((&email["values"], &email["kinds"][0]["findings"]), (&json!(USERS), &json!(USERS)));
}

#[test]
fn a_string_of_many_chunks_is_dropped_or_redacted_as_one_value() {
    let field = "[[fields]]\ndataset = \"*\"\nfield = \"$.body\"\n";
    for (treatment, expected) in [
        ("op = \"drop\"", Value::Null),
        ("kind = \"email\"\nop = \"drop\"", Value::Null),
        ("kind = \"email\"\nop = \"redact\"", json!("[EMAIL]")),
    ] {
        let (desk, ended) = masked(&format!("{field}{treatment}\n"));
        ended.exits(0);
        let after = desk.json("out/export.json");
        assert!(after["body"] == expected, "{treatment}");
        assert_eq!(after["users"].as_array().unwrap().len(), USERS);
        desk.loup("verify out --against in").exits(0);
    }
    let (desk, ended) = masked(&format!("{field}op = \"keep\"\n"));
    ended.exits(0);
    assert!(desk.json("out/export.json")["body"] == document()["body"]);
    desk.loup("verify out --against in").exits(0);
}

#[test]
fn a_string_of_many_chunks_gets_no_pseudonym() {
    let field = "[[fields]]\ndataset = \"*\"\nfield = \"$.body\"\nkind = \"email\"\n";
    let (desk, ended) = masked(&format!("{field}op = \"token\"\n"));
    ended.exits(3).says(&["export.json", "`$.body`", "too long for `token`", "`drop`"]);
    assert!(!desk.exists("out/export.json") && desk.exists(&format!("out/{MANIFEST}")));
}

#[test]
fn dates_of_a_record_of_many_chunks_are_dropped() {
    let fields = "[[fields]]\ndataset = \"*\"\nfield = \"$.users[*].seen\"\nop = \"shift\"\n\
                  subject = \"$.subject\"\nmax_days = 30\n";
    let (desk, ended) = masked(fields);
    ended.exits(0);
    let users = desk.json("out/export.json")["users"].as_array().unwrap().clone();
    assert!(users.iter().all(|user| user["seen"].is_null()));
}

/// Keys that are ids make more fields than a map keeps: what is beyond is weighed by what the names of the
/// fields say, and is protected like the rest.
#[test]
fn of_fields_without_end_every_name_and_address_is_replaced() {
    let desk = Desk::new();
    let first = ["Jane", "John", "Peter", "Anna", "Paul", "Laura", "Julia", "Eric"];
    let last = ["Doe", "Smith", "Miller", "Jones", "Wilson", "Taylor", "Walker"];
    let user = |n: usize| {
        let name = format!("{} {}", first[n % first.len()], last[n % last.len()]);
        json!({"name": name, "email": format!("user{n}@example.com"), "plan": "basic"})
    };
    let users: serde_json::Map<_, _> = (0..3000).map(|n| (format!("u{n}"), user(n))).collect();
    // Of one kind with the names, and of none.
    let tools: serde_json::Map<_, _> =
        (0..500).map(|n| (format!("z{n}"), json!({"name": "steel bolt M8", "id": n}))).collect();
    let document = json!({"users": users, "tools": tools}).to_string();
    // The name of a partition is in no column, and changes nothing for those that are called so too.
    let files = ["export.json", "events/name=x/part.json"];
    for file in files {
        desk.write(&format!("in/{file}"), &document);
    }
    desk.scan("in", "--out map.json").exits(0);
    for dataset in desk.json("map.json")["datasets"].as_array().unwrap() {
        let other = &dataset["other"];
        let kinds = other["kinds"].as_array().unwrap();
        let findings = |kind: &str| {
            let of_kind = kinds.iter().find(|it| it["kind"] == kind);
            of_kind.map_or(0, |it| it["findings"].as_u64().unwrap())
        };
        assert!(findings("email") > 1000, "{other}");
        assert!(findings("name") >= findings("email"), "{other}");
    }
    desk.mask("in", "out", "").exits(0);
    for file in files {
        let masked = desk.json(&format!("out/{file}"));
        for (id, user) in masked["users"].as_object().unwrap() {
            assert!(user["name"].as_str().unwrap().starts_with("nam1_"), "{file} {id}: {user}");
            assert!(user["email"].as_str().unwrap().starts_with("eml1_"), "{file} {id}: {user}");
            assert_eq!(user["plan"], "basic");
        }
    }
    desk.loup("verify out --against in").exits(0);
}
