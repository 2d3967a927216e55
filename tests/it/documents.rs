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
