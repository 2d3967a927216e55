//! Turning pseudonyms back: with the key, a reason and a trace, or not at all.

use serde_json::Value;

use crate::support::{Desk, Ended, lines};

/// Two people in a log, their emails encrypted and their addresses surrogates, in `out`.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("in/a.log", "login user=a@example.com from 192.0.2.1\nlogin user=b@example.com\n");
    desk.write(
        "loup-policy.toml",
        "version = 1\non_new = \"default\"\n[kinds]\nemail = \"encrypt\"\nip = \"surrogate\"\n",
    );
    desk.mask("in", "out", "--policy loup-policy.toml").exits(0);
    desk
}

fn token(desk: &Desk) -> String {
    let log = desk.read("out/a.log");
    let token = log.split_whitespace().nth(1).unwrap().strip_prefix("user=").unwrap();
    assert!(token.starts_with("emle1_"), "{token}");
    token.to_owned()
}

fn surrogate(desk: &Desk) -> String {
    desk.read("out/a.log").split_whitespace().nth(3).unwrap().to_owned()
}

fn reveal(desk: &Desk, more: &str) -> Ended {
    desk.loup(&format!("reveal --reason subject-request --audit audit.ndjson {more}"))
}

fn audit(desk: &Desk) -> Vec<Value> {
    lines(&desk.read("audit.ndjson"))
}

#[test]
fn an_encrypted_value_is_turned_back_and_noted_without_it() {
    let desk = desk();
    let revealed = reveal(&desk, &format!("{} --key-file test.key", token(&desk)));
    assert_eq!(revealed.exits(0).stdout, "a@example.com\n");
    let audit = audit(&desk);
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0]["reason"], "subject-request");
    assert_eq!(audit[0]["revealed"], serde_json::json!({ "email": 1 }));
    assert!(!desk.read("audit.ndjson").contains("example"));
}

#[test]
fn a_whole_text_is_turned_back_to_a_file_of_its_own() {
    let desk = desk();
    let words = "--in out/a.log --out clear.log --key-file test.key";
    reveal(&desk, words).exits(0);
    let clear = desk.read("clear.log");
    let expected = desk.read("in/a.log").replace("192.0.2.1", &surrogate(&desk));
    assert_eq!(clear, expected);
    reveal(&desk, words).exits(4).says(&["clear.log"]);
    assert_eq!(desk.read("clear.log"), clear);
}

#[test]
fn a_wrong_key_or_domain_or_a_changed_character_gives_nothing() {
    let desk = desk();
    desk.loup("key new --out other.key").exits(0);
    let token = token(&desk);
    let changed = format!("{}{}", &token[..token.len() - 4], "0000");
    for (words, said) in [
        (format!("{token} --key-file other.key"), "not authentic"),
        (format!("{token} --key-file test.key --domain analytics"), "not authentic"),
        (format!("{changed} --key-file test.key"), "not authentic"),
        (format!("{} --key-file test.key", token.replace("emle1_", "emle2_")), "epoch 2"),
        (format!("{} --key-file test.key", token.replace("emle1_", "tele1_")), "not authentic"),
        ("eml1_z1etbtp9gdtf1gm7033k --key-file test.key".to_owned(), "not an encrypted value"),
    ] {
        let refused = reveal(&desk, &words);
        refused.exits(4).says(&[said, "nothing was revealed"]);
        assert!(
            refused.stdout.is_empty() && !refused.stderr.contains(&token),
            "{}",
            refused.stderr
        );
    }
    let audit = audit(&desk);
    assert_eq!(audit.len(), 6);
    assert!(audit.iter().all(|line| line["revealed"] == serde_json::json!({})));
    assert!(audit.iter().all(|line| line["refused"].is_string()));
}

#[test]
fn no_more_values_than_allowed() {
    let desk = desk();
    let words = format!("{0} {0} --key-file test.key --max-values 1", token(&desk));
    reveal(&desk, &words).exits(2).says(&["2 values", "--max-values"]);
}

#[test]
fn a_surrogate_is_turned_back_beside_a_manifest_that_agrees() {
    let desk = desk();
    let words = format!(
        "{} --kind ip --manifest out/loup-manifest.json --key-file test.key",
        surrogate(&desk)
    );
    assert_eq!(reveal(&desk, &words).exits(0).stdout, "192.0.2.1\n");
    desk.loup("key new --out other.key").exits(0);
    for (words, said) in [
        (words.replace("test.key", "other.key"), "another key"),
        (format!("{words} --domain analytics"), "another domain"),
        (words.replace("--kind ip", "--kind phone"), "no surrogates of that kind"),
        (words.replace(" --manifest out/loup-manifest.json", ""), "--manifest"),
    ] {
        let refused = reveal(&desk, &words);
        assert!(matches!(refused.code, Some(2 | 4)) && refused.stdout.is_empty(), "{words}");
        refused.says(&[said]);
    }
}

#[test]
fn without_a_reason_or_a_log_nothing_is_turned_back() {
    let desk = desk();
    let token = token(&desk);
    desk.loup(&format!("reveal {token} --audit audit.ndjson --key-file test.key"))
        .exits(2)
        .says(&["--reason"]);
    desk.loup(&format!("reveal {token} --reason why --key-file test.key"))
        .exits(2)
        .says(&["--audit"]);
    desk.write("audit.ndjson", "not a log\n");
    let refused = reveal(&desk, &format!("{token} --key-file test.key"));
    refused.exits(4).says(&["audit.ndjson", "line 1"]);
    assert!(refused.stdout.is_empty());
}
