//! `loup.toml`: what it says is done, or the run stops before anything is written.

use crate::support::{Desk, Ended, project};

/// A table and a log with emails, phones and a card.
fn desk() -> Desk {
    let desk = Desk::new();
    let rows: String = (0..20)
        .map(|n| format!("{n},u{n}@example.com,+33 1 99 00 00 {n:02},free text {n}\n"))
        .collect();
    desk.write("in/crm/a.csv", format!("id,email,phone,note\n{rows}"));
    desk.write("in/a.log", "paid with card 4111 1111 1111 1111 by u1@example.com\n");
    desk
}

fn under(desk: &Desk, policy: &str) -> Ended {
    desk.write("loup-policy.toml", format!("version = 1\n{policy}"));
    desk.mask("in", "out", "--policy loup-policy.toml")
}

fn first_row(desk: &Desk) -> Vec<String> {
    let csv = desk.read("out/crm/a.csv");
    csv.lines().nth(1).unwrap().split(',').map(str::to_owned).collect()
}

#[test]
fn new_data_stops_the_run_and_is_named() {
    let desk = desk();
    let stopped = under(&desk, "[kinds]\nemail = \"token\"\n");
    stopped.exits(1).says(&["crm/a.csv", "phone", "a.log", "card", "nothing was written"]);
    assert!(!desk.exists("out"));
}

#[test]
fn new_data_is_redacted_where_the_policy_says_so() {
    let desk = desk();
    under(&desk, "on_new = \"redact\"\n[kinds]\nemail = \"token\"\n").exits(0);
    let row = first_row(&desk);
    assert!(row[1].starts_with("eml1_") && row[2] == "[PHONE]", "{row:?}");
    assert!(desk.read("out/a.log").starts_with("paid with card [CARD] by eml1_"));
}

#[test]
fn new_data_has_its_default_operator_where_the_policy_says_so() {
    let desk = desk();
    under(&desk, "on_new = \"default\"\n").exits(0);
    assert!(first_row(&desk)[2].starts_with("tel1_"));
    assert!(desk.read("out/a.log").starts_with("paid with card *** 1111 by eml1_"));
}

#[test]
fn a_field_is_treated_before_its_kind() {
    let desk = desk();
    let policy = "on_new = \"default\"\n[kinds]\nemail = \"token\"\n[[fields]]\n\
                  dataset = \"crm/**\"\nfield = \"email\"\nop = \"redact\"\n";
    under(&desk, policy).exits(0);
    assert_eq!(first_row(&desk)[1], "[EMAIL]");
    assert!(desk.read("out/a.log").contains("eml1_"));
}

#[test]
fn a_field_declared_to_be_of_a_kind_is_protected_whole() {
    let desk = desk();
    let policy =
        "on_new = \"default\"\n[[fields]]\nfield = \"note\"\nkind = \"email\"\nop = \"token\"\n";
    under(&desk, policy).exits(0);
    assert!(first_row(&desk)[3].starts_with("eml1_"));
}

#[test]
fn a_field_without_personal_data_can_be_dropped() {
    let desk = desk();
    under(&desk, "on_new = \"default\"\n[[fields]]\nfield = \"note\"\nop = \"drop\"\n").exits(0);
    assert_eq!(first_row(&desk)[3], "");
}

#[test]
fn a_field_of_no_kind_cannot_become_a_pseudonym() {
    let desk = desk();
    let policy = "on_new = \"default\"\n[[fields]]\nfield = \"note\"\nop = \"token\"\n";
    under(&desk, policy).exits(2).says(&["note", "kind"]);
    assert!(!desk.exists("out"));
}

#[test]
fn a_field_that_is_not_in_the_data_is_an_error() {
    let desk = desk();
    let policy = "on_new = \"default\"\n[[fields]]\nfield = \"e_mail\"\nop = \"token\"\n";
    under(&desk, policy).exits(2).says(&["e_mail", "if_present"]);
    assert!(!desk.exists("out"));
}

#[test]
fn a_field_may_be_missing_where_the_policy_says_so() {
    let desk = desk();
    let policy =
        "on_new = \"default\"\n[[fields]]\nfield = \"e_mail\"\nop = \"token\"\nif_present = true\n";
    under(&desk, policy).exits(0);
}

#[test]
fn a_kind_that_must_be_absent_stops_the_run() {
    let desk = desk();
    let policy = "on_new = \"default\"\n[[fields]]\ndataset = \"crm/**\"\nfield = \"email\"\n\
                  op = \"token\"\nmust_be_absent = [\"email\"]\n";
    under(&desk, policy).exits(1).says(&["email must be absent", "20"]);
    assert!(!desk.exists("out"));
}

#[test]
fn an_absent_kind_may_be_demanded_absent() {
    let desk = desk();
    let policy = "on_new = \"default\"\n[[fields]]\nfield = \"email\"\nop = \"token\"\n\
                  must_be_absent = [\"card\"]\n";
    under(&desk, policy).exits(0);
}

#[test]
fn what_is_wrong_in_a_policy_is_an_error_that_names_it() {
    let desk = desk();
    for (policy, word) in [
        ("colour = \"red\"\n", "colour"),
        ("[kinds]\nemial = \"token\"\n", "emial"),
        ("[kinds]\nemail = \"rot13\"\n", "loup-policy.toml"),
        ("[kinds]\nemail = { op = \"token\", salt = 1 }\n", "salt"),
        ("[[fields]]\nfield = \"email\"\nop = \"token\"\nkid = \"email\"\n", "kid"),
        ("[[fields]]\ndataset = \"a[\"\nfield = \"email\"\nop = \"token\"\n", "a["),
        ("min_confidence = 7\n", "min_confidence"),
        ("regions = [\"FRA\"]\n", "FRA"),
        ("domain = \"A B\"\n", "domain"),
        ("on_new = \"ignore\"\n", "ignore"),
        ("broken", "loup-policy.toml"),
    ] {
        under(&desk, policy).exits(2).says(&[word]);
        assert!(!desk.exists("out"));
    }
    desk.write("loup-policy.toml", "version = 2\n");
    desk.mask("in", "out", "--policy loup-policy.toml").exits(2).says(&["version 2"]);
    desk.mask("in", "out", "--policy none.toml").exits(2).says(&["none.toml"]);
}

#[test]
fn a_policy_is_found_in_the_working_directory_and_by_the_environment() {
    let desk = desk();
    desk.write("loup.toml", "version = 1\non_new = \"redact\"\n");
    desk.mask("in", "out", "").exits(0);
    assert_eq!(first_row(&desk)[1], "[EMAIL]");
    desk.write("elsewhere.toml", "version = 1\non_new = \"default\"\n");
    let mut named = desk.command(["mask", "in", "--out", "out2", "--key-file", "test.key"]);
    named.env("LOUP_CONFIG", "elsewhere.toml");
    crate::support::ended(named).exits(0);
    assert!(desk.read("out2/crm/a.csv").contains("eml1_"));
}

#[test]
fn a_policy_inside_an_input_is_not_followed() {
    let desk = desk();
    desk.write(
        "in/loup.toml",
        "version = 1\n[kinds]\nemail = \"keep\"\nphone = \"keep\"\ncard = \"keep\"\n",
    );
    let mut inside = desk.command(["mask", ".", "--out", "../out", "--key-file", "../test.key"]);
    inside.current_dir(desk.path("in"));
    crate::support::ended(inside).exits(0);
    assert!(desk.read("out/crm/a.csv").contains("eml1_"));
}

#[test]
fn the_domain_and_regions_of_a_policy_are_used() {
    let desk = Desk::new();
    desk.write("in/a.log", "login jean.dupont@example.com phone 01 99 00 12 34\n");
    desk.write(
        "p.toml",
        "version = 1\ndomain = \"analytics\"\nregions = [\"FR\"]\non_new = \"default\"\n",
    );
    desk.mask("in", "out", "--policy p.toml").exits(0);
    let masked = desk.read("out/a.log");
    assert!(masked.starts_with("login eml1_zw6gnn1nmt3fj2q3na6n phone tel1_"), "{masked}");
}

#[test]
fn a_key_of_a_log_line_is_a_field() {
    let desk = Desk::new();
    desk.write("in/a.log", "login user=jean@example.com cc=anne@example.com from 192.0.2.1\n");
    under(&desk, "on_new = \"default\"\n[[fields]]\nfield = \"user\"\nop = \"redact\"\n").exits(0);
    let line = desk.read("out/a.log");
    assert!(line.starts_with("login user=[EMAIL] cc=eml1_"), "{line}");
}

#[test]
fn a_proposed_policy_protects_what_was_found_as_no_policy_would() {
    let desk = desk();
    let proposed = desk.loup("init in --out proposed.toml --region FR");
    proposed.exits(0);
    let policy = desk.read("proposed.toml");
    for line in ["on_new = \"fail\"", "regions = [\"FR\"]", "email = \"token\"", "card = \"mask\""]
    {
        assert!(policy.lines().any(|it| it.starts_with(line)), "`{line}` is missing in:\n{policy}");
    }
    assert!(policy.contains("field = \"email\"\nkind = \"email\"") && !policy.contains("u1@"));
    desk.mask("in", "by-policy", "--policy proposed.toml").exits(0);
    desk.mask("in", "by-default", "--region FR").exits(0);
    for file in ["crm/a.csv", "a.log"] {
        let [one, other] =
            ["by-policy", "by-default"].map(|out| desk.read(&format!("{out}/{file}")));
        assert_eq!(one, other);
    }
    let as_json: serde_json::Value = toml::from_str(&policy).unwrap();
    desk.write("proposed.json", as_json.to_string());
    let schema = project("schemas/policy.schema.json");
    let words = [schema.as_os_str(), "proposed.json".as_ref()];
    if let Some(checked) = desk.oracle("schema_check.py", words) {
        checked.exits(0);
    }
    // It may be made of a map, and is never written over anything.
    desk.scan("in", "--out map.json --region FR").exits(0);
    // As a shell makes the file first: `loup init in > loup.toml`.
    desk.write("loup.toml", "");
    desk.loup("init in --region FR").exits(0);
    std::fs::remove_file(desk.path("loup.toml")).unwrap();
    let of_map = desk.loup("init --map map.json");
    assert_eq!(of_map.exits(0).stdout, policy);
    desk.loup("init in --out proposed.toml").exits(4).says(&["proposed.toml"]);
    // Another day there is a column that it does not know.
    desk.write("in/crm/b.csv", "id,iban\n1,FR7630006000011234567890189\n");
    desk.mask("in", "later", "--policy proposed.toml").exits(1).says(&["crm/b.csv", "iban"]);
}

#[test]
fn text_with_personal_data_in_it_is_dropped_where_the_policy_says_so() {
    let desk = Desk::new();
    let rows: String = (0..30)
        .map(|n| {
            let note =
                if n % 3 == 0 { format!("wrote to u{n}@example.com") } else { "fine".into() };
            format!("{n},u{n}@example.com,{note},nothing here\n")
        })
        .collect();
    desk.write("in/t.csv", format!("id,email,note,other\n{rows}"));
    for (free_text, note) in [("findings", "wrote to eml1_"), ("drop", "")] {
        let policy = format!("version = 1\non_new = \"default\"\nfree_text = \"{free_text}\"\n");
        desk.write("policy.toml", policy);
        desk.mask("in", free_text, "--policy policy.toml").exits(0);
        let csv = desk.read(&format!("{free_text}/t.csv"));
        for (n, row) in csv.lines().skip(1).enumerate() {
            let cells: Vec<_> = row.split(',').collect();
            assert!(cells[1].starts_with("eml1_") && cells[3] == "nothing here", "{row}");
            match (free_text, n % 3) {
                ("findings", 0) => assert!(cells[2].starts_with(note), "{row}"),
                ("findings", _) => assert_eq!(cells[2], "fine"),
                _ => assert_eq!(cells[2], "", "{row}"),
            }
        }
        desk.loup(&format!("verify {free_text} --against in --policy policy.toml")).exits(0);
    }
    // What the policy names is as it says.
    desk.write(
        "policy.toml",
        "version = 1\non_new = \"default\"\nfree_text = \"drop\"\n[[fields]]\nfield = \"note\"\n\
         op = \"mask\"\n",
    );
    desk.mask("in", "named", "--policy policy.toml").exits(0);
    assert!(desk.read("named/t.csv").contains("wrote to u***@e***.com"));
}

#[test]
fn tags_of_emails_make_no_other_person_where_the_policy_says_so() {
    let desk = Desk::new();
    desk.write(
        "in/t.csv",
        "id,email\n1,jean@example.com\n2,Jean+Shop@example.com\n3,eva@example.com\n",
    );
    desk.write("in/a.log", "mail from jean+x@example.com\n");
    let masked = |strip: bool| {
        let policy = format!("version = 1\non_new = \"default\"\nstrip_email_tag = {strip}\n");
        desk.write("policy.toml", policy);
        desk.mask("in", "out", "--policy policy.toml --overwrite").exits(0);
        desk.loup("verify out --against in --policy policy.toml --key-file test.key").exits(0);
        let csv = desk.read("out/t.csv");
        let tokens: Vec<_> =
            csv.lines().skip(1).map(|row| row.split(',').nth(1).unwrap().to_owned()).collect();
        (tokens, desk.read("out/a.log"))
    };
    let (with_tags, _) = masked(false);
    assert_ne!(with_tags[0], with_tags[1]);
    let (without, log) = masked(true);
    assert_eq!(without[0], with_tags[0]);
    assert!(without[0] == without[1] && without[0] != without[2]);
    assert_eq!(log, format!("mail from {}\n", without[0]));
}
