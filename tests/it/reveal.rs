//! Turning pseudonyms back: with the key, a reason and a trace, or not at all.

use serde_json::Value;

use crate::support::{Desk, Ended, lines, project};

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

// A field of a file.

const PEOPLE: &str = "id;mail;phone;seen from;note\r\n\
    1;A@example.com;+33 1 99 00 12 34;192.0.2.1;\"wrote; to b@example.com\"\r\n\
    2;\"b@example.com\";\"+33199001235\";\"192.0.2.2\";\r\n\
    3;;;;\"none \"\"at all\"\"\"\r\n\
    4;c@example.org;+33199001236;2001:db8::1;c@example.org\r\n\
    5;d@example.org;+33199001237;192.0.2.1;\r\n";

const EVENTS: &str = r#"{"user": {"email": "a@example.com"}, "mails": ["b@example.com"], "n": 1}
{ "user" : {"email":null},"mails":["a\u0040example.com", "x"],"n":2}
"#;

/// The people and what they did, in `out`: emails encrypted, telephone numbers and addresses surrogates.
fn fields() -> Desk {
    let desk = Desk::new();
    desk.write("in/people.csv", PEOPLE);
    desk.write("in/events.ndjson", EVENTS);
    desk.write(
        "p.toml",
        "version = 1\n[kinds]\nemail = \"encrypt\"\nip = \"surrogate\"\nphone = \"surrogate\"\n",
    );
    desk.mask("in", "out", "--policy p.toml --quiet").exits(0);
    desk
}

const MANIFEST: &str = "--manifest out/loup-manifest.json";

/// Turns a field of a masked file back to `clear`, with the test key.
fn reveal_field(desk: &Desk, file: &str, field: &str, more: &str) -> Ended {
    let words = format!("reveal --in out/{file} --out clear --reason why --audit audit.ndjson");
    let mut command = desk.command(words.split_whitespace());
    command.args(["--field", field]).args(more.split_whitespace());
    if !more.contains("--key-file") {
        command.args(["--key-file", "test.key"]);
    }
    crate::support::ended(command)
}

/// The cells of a line of the people, which has no delimiter within quotes before its note.
fn cells(text: &str, line: usize) -> Vec<&str> {
    text.lines().nth(line).unwrap().splitn(5, ';').collect()
}

#[test]
fn an_encrypted_column_is_turned_back_and_no_other_byte_changed() {
    let desk = fields();
    reveal_field(&desk, "people.csv", "mail", "").exits(0);
    let (masked, clear) = (desk.read("out/people.csv"), desk.read("clear"));
    assert_eq!(desk.mode("clear"), 0o600);
    assert_eq!(clear.lines().count(), 6);
    let mails =
        ["mail", "a@example.com", "\"b@example.com\"", "", "c@example.org", "d@example.org"];
    for (line, mail) in mails.into_iter().enumerate() {
        let mut expected = cells(&masked, line);
        expected[1] = mail;
        assert_eq!(cells(&clear, line), expected);
    }
    assert_eq!(clear.matches("\r\n").count(), 6);
    let audit = audit(&desk);
    assert_eq!(audit[0]["revealed"], serde_json::json!({ "email": 4 }));
    assert!(!desk.read("audit.ndjson").contains("example."));
}

#[test]
fn what_is_encrypted_within_the_text_of_a_column_is_turned_back() {
    let desk = fields();
    let revealed = reveal_field(&desk, "people.csv", "note", "");
    revealed.exits(0).says(&["warning: 1 value of `note` stayed"]);
    let clear = desk.read("clear");
    assert_eq!(cells(&clear, 1)[4], "\"wrote; to b@example.com\"");
    assert_eq!(cells(&clear, 3)[4], "\"none \"\"at all\"\"\"");
    assert!(cells(&clear, 1)[1].starts_with("emle1_"));
}

#[test]
fn columns_of_surrogates_are_turned_back_beside_their_manifest() {
    let desk = fields();
    reveal_field(&desk, "people.csv", "phone", &format!("--kind phone {MANIFEST}")).exits(0);
    let (masked, clear) = (desk.read("out/people.csv"), desk.read("clear"));
    let phones = ["phone", "+33199001234", "\"+33199001235\"", "", "+33199001236", "+33199001237"];
    for (line, phone) in phones.into_iter().enumerate() {
        let mut expected = cells(&masked, line);
        expected[2] = phone;
        assert_eq!(cells(&clear, line), expected);
    }
    std::fs::remove_file(desk.path("clear")).unwrap();
    reveal_field(&desk, "people.csv", "seen from", &format!("--kind ip {MANIFEST}")).exits(0);
    let clear = desk.read("clear");
    let addresses: Vec<_> = (1..6).map(|line| cells(&clear, line)[3]).collect();
    assert_eq!(addresses, ["192.0.2.1", "\"192.0.2.2\"", "", "2001:db8::1", "192.0.2.1"]);
}

#[test]
fn fields_of_json_are_turned_back_by_their_path() {
    let desk = fields();
    let masked = desk.read("out/events.ndjson");
    reveal_field(&desk, "events.ndjson", "$.user.email", "").exits(0);
    let token = masked.split('"').nth(5).unwrap();
    assert_eq!(desk.read("clear"), masked.replacen(token, "a@example.com", 1));
    std::fs::remove_file(desk.path("clear")).unwrap();
    reveal_field(&desk, "events.ndjson", "$.mails[*]", "").exits(0);
    let clear = desk.read("clear");
    assert!(clear.contains("[\"b@example.com\"]") && clear.contains("[\"a@example.com\", \"x\"]"));
    assert!(clear.contains(token));
}

#[test]
fn a_token_in_a_column_of_surrogates_stays() {
    let desk = Desk::new();
    let rows = |from, to| (from..to).map(|n| format!("{n},+3319900{n}\n")).collect::<String>();
    desk.write("in/a.csv", format!("id,phone\n{}1299,ask him\n", rows(1200, 1240)));
    desk.write("p.toml", "version = 1\n[kinds]\nphone = \"surrogate\"\n");
    desk.mask("in", "out", "--policy p.toml --quiet").exits(0);
    let words = format!("--kind phone {MANIFEST}");
    reveal_field(&desk, "a.csv", "phone", &words).exits(0).says(&["1 value of `phone` stayed"]);
    let clear = desk.read("clear");
    assert!(clear.starts_with(&format!("id,phone\n{}1299,tel1_", rows(1200, 1240))), "{clear}");
}

#[test]
fn a_field_is_turned_back_whole_or_not_at_all() {
    let desk = fields();
    desk.loup("key new --out other.key").exits(0);
    let mut other = desk.json("out/loup-manifest.json");
    other["key"]["id"] = "2aaecdf8".into();
    // One of a version that had no chain.
    other.as_object_mut().unwrap().remove("chain");
    desk.write("other.json", other.to_string());
    let people = desk.read("out/people.csv");
    desk.write("out/changed.csv", people.replacen("emle1_", "emle2_", 1));
    desk.write("out/plain.csv", PEOPLE);
    let surrogates = format!("--kind ip {MANIFEST}");
    for (code, file, field, more, said) in [
        (4, "people.csv", "mail", "--key-file other.key", "not authentic"),
        (4, "people.csv", "mail", "--domain analytics", "not authentic"),
        (4, "changed.csv", "mail", "", "value 1: epoch 2 is not in the keyring"),
        (2, "people.csv", "mail", "--max-values 3", "4 values were asked for"),
        (4, "people.csv", "id", "", "nothing in the field is encrypted"),
        (4, "plain.csv", "mail", "", "nothing in the field is encrypted"),
        (4, "people.csv", "seen from", "--kind ip --manifest other.json", "of another key"),
        (4, "people.csv", "seen from", &format!("{surrogates} --domain d"), "of another domain"),
        (4, "people.csv", "id", &surrogates, "value 1: "),
        (4, "people.csv", "seen from", &format!("--kind card {MANIFEST}"), "no surrogates of that"),
        (4, "people.csv", "mail", &surrogates, "nothing in the field is a surrogate"),
    ] {
        let refused = reveal_field(&desk, file, field, more);
        refused.exits(code).says(&[said, "nothing was revealed"]);
        assert!(!desk.exists("clear"), "{said}");
    }
    assert_eq!(audit(&desk).len(), 11);
    assert!(audit(&desk).iter().all(|line| line["refused"].is_string()));
}

#[test]
fn a_field_that_is_not_there_is_an_error_that_shows_no_value() {
    let desk = fields();
    let refused = reveal_field(&desk, "people.csv", "email", "");
    refused
        .exits(2)
        .says(&["people.csv has no such field", "it has id, mail, note, phone, seen from"]);
    // A pivoted document has values for names.
    desk.write("out/pivot.ndjson", "{\"day\": 1, \"jean@example.com\": \"x\"}\n");
    let refused = reveal_field(&desk, "pivot.ndjson", "$.mail", "");
    refused.exits(2).says(&["no such field", "it has $.day, $['<email>']"]);
    assert!(!refused.stderr.contains("jean"), "{}", refused.stderr);
    desk.write("out/a.log", "user=a@example.com\n");
    reveal_field(&desk, "a.log", "user", "").exits(2).says(&["is text: only fields of CSV"]);
    reveal_field(&desk, "nothing.csv", "user", "").exits(2).says(&["no such file"]);
    reveal_field(&desk, ".", "user", "").exits(2).says(&["no single file"]);
    let orders = project("fixtures/company/orders/country=FR");
    let orders = crate::support::tree(&orders).into_keys().next().unwrap();
    let path = project("fixtures/company/orders/country=FR").join(orders);
    desk.write("out/orders.parquet", std::fs::read(path).unwrap());
    let refused = reveal_field(&desk, "orders.parquet", "ip", "");
    refused.exits(2).says(&["is parquet: only fields of CSV and JSON", "give its values by `-`"]);
    assert!(!desk.exists("clear"));
}

#[test]
fn the_format_of_a_file_with_a_field_can_be_said() {
    let desk = fields();
    let headless = desk.read("out/people.csv").split_once("\r\n").unwrap().1.to_owned();
    desk.write("out/headless", headless.replace(';', "|"));
    let words = "--format csv --delimiter | --no-header";
    reveal_field(&desk, "headless", "column_2", words).exits(0);
    assert!(desk.read("clear").starts_with("1|a@example.com|"));
    let text = "--in out/people.csv --out clear2 --key-file test.key";
    for more in ["--format csv", &format!("--kind ip {MANIFEST}")] {
        reveal(&desk, &format!("{text} {more}")).exits(2).says(&["--field"]);
    }
    reveal(&desk, &format!("{} --field mail --key-file test.key", "emle1_x")).exits(2);
    assert!(!desk.exists("clear2"));
}
