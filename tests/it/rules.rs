//! Rules and policies as files of the user.

use crate::support::{Desk, kinds};

const BADGE: &str = r#"
id = "badge"
kind = "badge"
category = "identifier"
prefix = "bdg"
operator = "token"
description = "The number on a badge."
pattern = '''BDG-[0-9]{6}'''
hints = ["badge"]
references = ["Handbook of the gate, page 3"]

[context]
en = ["badge"]

[examples]
match = ["BDG-123456", "BDG-000000", { text = "badge BDG-654321 shown", value = "BDG-654321" }]
no_match = ["BDG-12345", "123456", "badge"]
"#;

fn with_badge() -> Desk {
    let desk = Desk::new();
    desk.write("rules/badge.toml", BADGE);
    desk.write("in/gate.log", "06:00 badge BDG-123456 in\n06:05 badge BDG-123456 out\n");
    desk.write("in/staff.csv", "desk,badge\nNorth,BDG-123456\nSouth,BDG-000001\n");
    desk
}

#[test]
fn a_rule_of_the_user_finds() {
    let desk = with_badge();
    let found = kinds(&desk.findings("in", "--rules rules"));
    assert_eq!(found.get("badge"), Some(&4));
}

#[test]
fn a_match_has_to_pass_its_validator() {
    let desk = with_badge();
    let pattern = "'''BDG-[0-9]{6}'''";
    let rule = BADGE.replace(pattern, "'''[0-9]{6}'''\nvalidator = \"luhn\"");
    desk.write("rules/badge.toml", rule);
    desk.write("in/gate.log", "06:00 badge 123455 in\n06:05 badge 123456 out\n");
    desk.write("in/staff.csv", "desk\nNorth\n");
    let found = kinds(&desk.findings("in", "--rules rules"));
    assert_eq!(found.get("badge"), Some(&1));
}

#[test]
fn a_rule_of_the_user_protects() {
    let desk = with_badge();
    desk.mask("in", "out", "--rules rules").exits(0);
    let log = desk.read("out/gate.log");
    let token = log.split_whitespace().nth(2).unwrap().to_owned();
    assert!(token.starts_with("bdg1_") && token.len() == 25, "{token}");
    assert_eq!(log, format!("06:00 badge {token} in\n06:05 badge {token} out\n"));
    assert!(
        desk.read("out/staff.csv").starts_with(&format!("desk,badge\nNorth,{token}\nSouth,bdg1_"))
    );
}

#[test]
fn a_pseudonym_of_a_users_kind_can_be_recomputed() {
    let desk = with_badge();
    desk.mask("in", "out", "--rules rules").exits(0);
    let log = desk.read("out/gate.log");
    let token = log.split_whitespace().nth(2).unwrap();
    let arguments = ["test.key", "default", "badge", "--prefix", "bdg"];
    let values = format!("BDG-123456\t{token}\n");
    if let Some(checked) = desk.oracle_with("tokens.py", arguments, &values) {
        checked.exits(0);
    }
}

#[test]
fn rules_are_listed_with_those_of_the_user() {
    let desk = with_badge();
    let listed = desk.loup("rules list --rules rules");
    for word in ["email", "phone", "iban", "card", "badge", "bdg"] {
        assert!(listed.exits(0).stdout.contains(word), "{word}");
    }
}

#[test]
fn the_columns_of_the_list_stand_apart() {
    let listed = Desk::new().loup("rules list");
    let email = listed.stdout.lines().nth(1).unwrap().split_whitespace();
    let cells: Vec<_> = email.take(5).collect();
    assert_eq!(cells, ["email", "email", "eml", "token", "contact"]);
}

#[test]
fn the_built_in_rules_hold_under_test_and_lint() {
    let desk = Desk::new();
    desk.loup("rules test").exits(0);
    desk.loup("rules lint").exits(0);
}

#[test]
fn an_example_that_does_not_hold_fails_the_test_of_rules() {
    let desk = with_badge();
    desk.loup("rules test --rules rules").exits(0);
    desk.write("rules/badge.toml", BADGE.replace("\"BDG-12345\"", "\"BDG-123457\""));
    let tested = desk.loup("rules test --rules rules");
    assert!(tested.exits(1).stdout.contains("badge: finds `BDG-123457`"), "{}", tested.stdout);
}

#[test]
fn a_rule_without_references_fails_the_lint() {
    let desk = with_badge();
    desk.loup("rules lint --rules rules").exits(0);
    desk.write("rules/badge.toml", BADGE.replace("[\"Handbook of the gate, page 3\"]", "[]"));
    let linted = desk.loup("rules lint --rules rules");
    assert!(linted.exits(1).stdout.contains("badge"), "{}", linted.stdout);
}

#[test]
fn an_unknown_key_in_a_rule_is_an_error_that_says_where() {
    let desk = with_badge();
    desk.write("rules/badge.toml", format!("colour = \"red\"\n{BADGE}"));
    for command in ["rules list", "rules test", "rules lint", "scan in", "mask in --dry-run"] {
        desk.loup(&format!("{command} --rules rules")).exits(2).says(&["badge.toml", "colour"]);
    }
}

#[test]
fn a_pattern_that_does_not_compile_is_an_error_that_names_the_rule() {
    let desk = with_badge();
    desk.write("rules/badge.toml", BADGE.replace("{6}", "{6"));
    desk.loup("scan in --rules rules").exits(2).says(&["badge"]);
}

#[test]
fn a_directory_of_rules_that_is_not_there_is_an_error() {
    with_badge().loup("scan in --rules ruels").exits(2).says(&["ruels"]);
}
