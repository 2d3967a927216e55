//! `loup mask`: operators, formats, streams, and what stays as it was.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::ffi::OsStr;

use crate::support::{Desk, outputs, shared, tree};

/// The published pseudonyms of `Jean.Dupont@Example.COM`.
const TOKEN: &str = "eml1_z1etbtp9gdtf1gm7033k";
const TOKEN_IN_ANALYTICS: &str = "eml1_zw6gnn1nmt3fj2q3na6n";

/// The same address in a table, a document and a log.
fn three_formats() -> Desk {
    let desk = Desk::new();
    desk.write("in/a.csv", "id,email\n1,Jean.Dupont@Example.COM\n2,\"jean.dupont@example.com\"\n");
    desk.write(
        "in/a.json",
        "{\"user\": {\"email\": \"jean.dupont\\u0040example.com\", \"n\": 1}}\n",
    );
    desk.write("in/a.log", "06:00 login <JEAN.DUPONT@example.com> ok\n");
    desk
}

#[test]
fn the_same_address_has_the_same_published_token_in_every_format() {
    let desk = three_formats();
    desk.mask("in", "out", "").exits(0);
    assert_eq!(desk.read("out/a.csv"), format!("id,email\n1,{TOKEN}\n2,\"{TOKEN}\"\n"));
    assert_eq!(
        desk.read("out/a.json"),
        format!("{{\"user\": {{\"email\": \"{TOKEN}\", \"n\": 1}}}}\n")
    );
    assert_eq!(desk.read("out/a.log"), format!("06:00 login <{TOKEN}> ok\n"));
}

#[test]
fn another_domain_gives_its_own_published_token() {
    let desk = three_formats();
    desk.mask("in", "out", "--domain analytics").exits(0);
    assert_eq!(desk.read("out/a.log"), format!("06:00 login <{TOKEN_IN_ANALYTICS}> ok\n"));
}

#[test]
fn another_key_gives_other_tokens() {
    let desk = three_formats();
    desk.loup("key new --out other.key").exits(0);
    desk.loup("mask in --out out --key-file other.key").exits(0);
    assert!(!desk.read("out/a.log").contains(TOKEN));
}

#[test]
fn a_key_comes_from_the_environment_or_standard_input_too() {
    let desk = three_formats();
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let mut by_value = desk.command(["mask", "in", "--out", "by-value"]);
    by_value.env("LOUP_KEY", key);
    let mut by_file = desk.command(["mask", "in", "--out", "by-file"]);
    by_file.env("LOUP_KEY_FILE", "test.key");
    crate::support::ended(by_value).exits(0);
    crate::support::ended(by_file).exits(0);
    desk.loup_with("mask in --out by-pipe --key-file -", desk.bytes("test.key")).exits(0);
    for out in ["by-value", "by-file", "by-pipe"] {
        assert!(desk.read(&format!("{out}/a.log")).contains(TOKEN), "{out}");
    }
}

#[test]
fn each_operator_does_what_it_says_in_each_text_format() {
    let hash = "f85da5eac98374f0";
    for (operator, csv, json, log) in [
        ("token", TOKEN, json!(TOKEN), TOKEN),
        ("mask", "j***@e***.com", json!("j***@e***.com"), "j***@e***.com"),
        ("redact", "[EMAIL]", json!("[EMAIL]"), "[EMAIL]"),
        ("drop", "", json!(null), ""),
        (
            "keep",
            "jean.dupont@example.com",
            json!("jean.dupont@example.com"),
            "jean.dupont@example.com",
        ),
        ("hash", hash, json!(hash), hash),
    ] {
        let desk = Desk::new();
        desk.write("in/a.csv", "id,email\n1,jean.dupont@example.com\n");
        desk.write("in/a.ndjson", "{\"email\":\"jean.dupont@example.com\"}\n");
        desk.write("in/a.log", "login <jean.dupont@example.com> ok\n");
        desk.write("p.toml", format!("version = 1\n[kinds]\nemail = \"{operator}\"\n"));
        desk.mask("in", "out", "--policy p.toml").exits(0);
        // A hash is longer than what is published of it.
        let short = |text: String| match text.find(hash) {
            Some(at) if operator == "hash" => {
                let digits = text[at..].chars().take_while(char::is_ascii_hexdigit).count();
                assert_eq!(digits, 64);
                text[..at].to_owned() + hash + &text[at + digits..]
            }
            _ => text,
        };
        assert_eq!(short(desk.read("out/a.csv")), format!("id,email\n1,{csv}\n"), "{operator}");
        assert_eq!(
            short(desk.read("out/a.ndjson")),
            format!("{{\"email\":{json}}}\n"),
            "{operator}"
        );
        assert_eq!(short(desk.read("out/a.log")), format!("login <{log}> ok\n"), "{operator}");
    }
}

#[test]
fn each_operator_does_what_it_says_in_parquet() {
    for (operator, is_right) in [
        ("token", (|text| text.starts_with("eml1_")) as fn(&str) -> bool),
        ("hash", |text| text.len() == 64),
        ("mask", |text| text == "p***@e***.com"),
        ("redact", |text| text == "[EMAIL]"),
        ("keep", |text| text == "plain.u0@example.com"),
        ("drop", |text| text == "null"),
    ] {
        let desk = Desk::new();
        std::fs::create_dir(desk.path("all")).unwrap();
        let Some(made) = desk.oracle("parquet_variants.py", ["make", "all"]) else { return };
        made.exits(0);
        desk.write(
            "p.toml",
            format!("version = 1\non_new = \"default\"\n[kinds]\nemail = \"{operator}\"\n"),
        );
        desk.mask("all/codec_zstd.parquet", "out", "--policy p.toml").exits(0);
        let words = ["column", "out/codec_zstd.parquet", "email"];
        let read = desk.oracle("parquet_variants.py", words).unwrap();
        let values: Vec<Option<String>> = serde_json::from_str(&read.exits(0).stdout).unwrap();
        assert!(is_right(values[0].as_deref().unwrap_or("null")), "{operator}: {:?}", values[0]);
        assert_eq!((values.len(), &values[3]), (300, &None));
    }
}

#[test]
fn a_number_in_json_becomes_a_string() {
    let desk = Desk::new();
    desk.write("in/a.ndjson", "{\"phone\":33199001234,\"n\":33199001234000}\n".repeat(20));
    desk.mask("in", "out", "--region FR").exits(0);
    let line = desk.read("out/a.ndjson").lines().next().unwrap().to_owned();
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert!(value["phone"].as_str().unwrap().starts_with("tel1_"), "{line}");
    assert_eq!(value["n"], 33_199_001_234_000_u64);
}

#[test]
fn every_person_in_the_real_exports_is_protected_and_nothing_else() {
    let Some(exports) = shared("exports") else { return };
    for region in ["", "--region US", "--region FR,GB,US"] {
        let desk = Desk::new();
        desk.mask(&exports, "out", region).exits(0);
        for (file, columns) in [
            ("people-100.csv", &["First Name", "Last Name", "Email", "Phone"][..]),
            ("customers-100.csv", &["First Name", "Last Name", "Email", "Phone 1", "Phone 2"]),
            (
                "leads-100.csv",
                &[
                    "Lead Owner",
                    "First Name",
                    "Last Name",
                    "Email 1",
                    "Email 2",
                    "Phone 1",
                    "Phone 2",
                ],
            ),
            ("organizations-100.csv", &[]),
            ("products-100.csv", &[]),
        ] {
            let (original, copy) = (exports.join(file), desk.path("out").join(file));
            let words = [original.as_os_str(), copy.as_os_str()];
            // Of a date of birth its year is left.
            let born = [OsStr::new("--text"), OsStr::new("Date of birth")];
            let born = born.into_iter().filter(|_| file == "people-100.csv");
            let words = words.into_iter().chain(columns.iter().map(AsRef::as_ref)).chain(born);
            let Some(compared) = desk.oracle("csv_shape.py", words) else { return };
            compared.exits(0);
        }
    }
}

#[test]
fn nothing_is_found_in_a_protected_copy_of_the_real_data() {
    let Some(data) = shared("logs").and_then(|logs| logs.parent().map(ToOwned::to_owned)) else {
        return;
    };
    let desk = Desk::new();
    desk.mask(&data, "out", "--region FR,US").exits(0);
    for regions in ["", "--region FR,US"] {
        // The number of a company is kept on purpose: it names no person.
        let mut found = desk.findings("out", regions);
        found.retain(|finding| finding["kind"] != "organisation_id");
        assert_eq!(found.len(), 0);
    }
}

#[test]
fn the_lines_of_a_real_log_differ_only_where_something_was_found() {
    let Some(logs) = shared("logs") else { return };
    let desk = Desk::new();
    let path = logs.join("Apache_2k.log");
    desk.mask(&path, "out", "").exits(0);
    let found: Vec<_> = desk.findings(&path, "").iter().map(|f| f["record"].as_u64()).collect();
    let (before, after) = (std::fs::read(&path).unwrap(), desk.bytes("out/Apache_2k.log"));
    let (before, after) = (before.split(|b| *b == b'\n'), after.split(|b| *b == b'\n'));
    let differ = (1..).zip(before.zip(after)).filter(|(_, (one, other))| one != other);
    assert_eq!(differ.map(|(record, _)| Some(record)).collect::<Vec<_>>(), found);
}

#[test]
fn protecting_twice_changes_no_byte_under_any_operator_that_says_so() {
    for operator in ["token", "mask", "redact", "drop", "keep", "hash"] {
        let desk = three_formats();
        desk.write("p.toml", format!("version = 1\n[kinds]\nemail = \"{operator}\"\n"));
        desk.mask("in", "once", "--policy p.toml").exits(0);
        desk.mask("once", "twice", "--policy p.toml").exits(0);
        for file in ["a.csv", "a.json", "a.log"] {
            let read = |out: &str| desk.read(&format!("{out}/{file}"));
            assert_eq!(read("once"), read("twice"), "{operator}");
        }
    }
}

#[test]
fn a_dry_run_shows_the_plan_and_writes_nothing() {
    let desk = three_formats();
    let before = tree(&desk.path(""));
    let planned = desk.loup("mask in --out out --dry-run");
    for word in ["a.csv", "email", "token", "j***@e***.com"] {
        assert!(planned.exits(0).stdout.contains(word), "{}", planned.stdout);
    }
    assert!(tree(&desk.path("")) == before);
}

#[test]
fn what_is_kept_is_not_said_to_be_protected() {
    let desk = Desk::new();
    desk.write("in/a.csv", "email,user_agent\njean.dupont@example.com,curl/8.5.0\n");
    let masked = desk.mask("in", "out", "");
    let said = "1 file, 1 value protected (1 email); kept as they are: 1 user_agent;";
    assert!(masked.exits(0).stdout.starts_with(said), "{}", masked.stdout);
    assert!(desk.read("out/a.csv").ends_with(",curl/8.5.0\n"));
}

#[test]
fn quoting_spaces_line_ends_and_a_byte_order_mark_stay() {
    let desk = Desk::new();
    desk.write(
        "in/a.csv",
        "\u{feff}id;\"email\" ;n\r\n1;\"jean.dupont@example.com\";  x\r\n\r\n2;;\"a;\"\"b\"",
    );
    desk.mask("in", "out", "").exits(0);
    let masked = desk.read("out/a.csv");
    assert_eq!(
        masked,
        format!("\u{feff}id;\"email\" ;n\r\n1;\"{TOKEN}\";  x\r\n\r\n2;;\"a;\"\"b\"")
    );
}

#[test]
fn a_value_that_does_not_parse_in_a_column_of_a_kind_is_protected() {
    let desk = Desk::new();
    let rows: String = (0..20).map(|n| format!("{n},u{n}@example.com\n")).collect();
    desk.write("in/a.csv", format!("id,email\n{rows}20,n/a\n"));
    desk.mask("in", "out", "").exits(0);
    // The published pseudonym of a value that is no address.
    assert!(desk.read("out/a.csv").ends_with("\n20,eml1_n151g3ey0x24mr5nzdae\n"));
}

#[test]
fn a_log_is_filtered_from_standard_input_to_standard_output() {
    let desk = Desk::new();
    let masked = desk.loup_with(
        "mask - --key-file test.key",
        "06:00 login jean.dupont@example.com\n06:01 idle\nno line end",
    );
    assert_eq!(masked.exits(0).stdout, format!("06:00 login {TOKEN}\n06:01 idle\nno line end"));
    assert_eq!(masked.stderr, "");
}

#[test]
fn a_table_on_standard_input_is_refused_without_a_map_or_a_policy() {
    let desk = Desk::new();
    let refused = desk
        .loup_with("mask - --key-file test.key", "id,email\n1,a@example.com\n2,b@example.com\n");
    refused.exits(2).says(&["--map", "policy", "--format text"]);
    assert_eq!(refused.stdout, "");
}

#[test]
fn a_table_on_standard_input_is_protected_under_the_map_of_a_scan() {
    let desk = Desk::new();
    let table = "id,email\n1,jean.dupont@example.com\n2,n/a\n3,a@example.com\n";
    desk.loup_with("scan - --out map.json", table).exits(0);
    let masked = desk.loup_with("mask - --map map.json --key-file test.key", table);
    let rows: Vec<_> = masked.exits(0).stdout.lines().collect();
    assert_eq!(rows[1], format!("1,{TOKEN}"));
    assert_eq!(rows[2], "2,eml1_n151g3ey0x24mr5nzdae");
}

#[test]
fn a_table_on_standard_input_is_protected_under_a_policy_that_names_its_fields() {
    let desk = Desk::new();
    desk.write(
        "p.toml",
        "version = 1\n[[fields]]\nfield = \"email\"\nkind = \"email\"\nop = \"token\"\n",
    );
    let masked = desk.loup_with(
        "mask - --policy p.toml --key-file test.key",
        "id,email\n1,jean.dupont@example.com\n2,b@example.com\n",
    );
    assert!(masked.exits(0).stdout.starts_with(&format!("id,email\n1,{TOKEN}\n2,eml1_")));
}

#[test]
fn a_map_of_an_earlier_scan_gives_the_same_copy() {
    let desk = three_formats();
    desk.loup("scan in --out map.json").exits(0);
    desk.mask("in", "surveyed", "").exits(0);
    desk.mask("in", "mapped", "--map map.json").exits(0);
    let without = |out: &str| {
        let mut files = tree(&desk.path(out));
        files.remove(crate::support::MANIFEST);
        files
    };
    assert!(without("surveyed") == without("mapped"));
}

#[test]
fn a_map_made_with_other_rules_is_refused() {
    let desk = three_formats();
    desk.loup("scan in --out map.json").exits(0);
    let map = desk.read("map.json");
    let digest = desk.json("map.json")["rules_digest"].as_str().unwrap().to_owned();
    desk.write("map.json", map.replace(&digest, &"0".repeat(64)));
    desk.mask("in", "out", "--map map.json").exits(2).says(&["map.json", "other rules"]);
}

#[test]
fn a_file_named_as_map_that_is_none_is_an_error() {
    let desk = three_formats();
    desk.mask("in", "out", "--map in/a.json").exits(4).says(&["a.json"]);
    assert!(!desk.exists("out"));
}

#[test]
fn two_runs_of_the_same_command_write_the_same_bytes() {
    let desk = three_formats();
    desk.mask("in", "one", "").exits(0);
    desk.mask("in", "other", "").exits(0);
    assert!(outputs(&desk.path("one")) == outputs(&desk.path("other")));
}

#[test]
fn an_input_is_never_written_to() {
    let desk = three_formats();
    let before = tree(&desk.path("in"));
    desk.mask("in", "out", "").exits(0);
    assert!(tree(&desk.path("in")) == before);
}

#[test]
fn two_inputs_with_the_same_names_keep_apart() {
    let desk = Desk::new();
    desk.write("north/a.log", "x@example.com\n");
    desk.write("south/a.log", "y@example.com\n");
    let masked = desk.loup("mask north south --out out --key-file test.key");
    masked.exits(0);
    assert!(desk.exists("out/north/a.log") && desk.exists("out/south/a.log"));
}

#[test]
fn an_unkeyed_policy_needs_no_key() {
    let desk = three_formats();
    let kinds = desk.loup("rules list").stdout;
    let kinds: std::collections::BTreeSet<_> =
        kinds.lines().skip(1).filter_map(|line| line.split_whitespace().nth(1)).collect();
    let lines: String = kinds.iter().map(|kind| format!("{kind} = \"redact\"\n")).collect();
    desk.write("p.toml", format!("version = 1\n[kinds]\n{lines}"));
    desk.loup("mask in --out out --policy p.toml").exits(0);
    assert_eq!(desk.read("out/a.log"), "06:00 login <[EMAIL]> ok\n");
}

#[test]
fn what_is_in_base64_is_replaced_within_it() {
    let desk = Desk::new();
    let message = STANDARD.encode(
        "{\"to\":\"jean@example.com\",\"cc\":\"eva@example.org\",\"ip\":\"192.0.2.1\",\"n\":7}",
    );
    let query = URL_SAFE_NO_PAD.encode("from jean@example.com to you");
    let token = format!("{}.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode("{\"alg\":\"HS256\"}"), {
        URL_SAFE_NO_PAD.encode("{\"email\":\"jean@example.com\"}")
    });
    desk.write(
        "in/a.csv",
        format!("id,body\n1,{message}\n2,{}\n", STANDARD.encode("nobody is here")),
    );
    desk.write("in/a.log", format!("GET /?d={query}&x=1 sent\nsession {token} end\n"));
    desk.mask("in", "out", "").exits(0);

    let line = desk.read("out/a.log");
    let masked = line.split(['=', '&']).nth(1).unwrap();
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(masked).unwrap()).unwrap();
    assert!(text.starts_with("from eml1_") && text.ends_with(" to you"), "{text}");
    assert!(line.ends_with("\nsession  end\n"), "{line}");

    let table = desk.read("out/a.csv");
    let mut rows = table.lines().skip(1).map(|row| row.split(',').nth(1).unwrap());
    let text = String::from_utf8(STANDARD.decode(rows.next().unwrap()).unwrap()).unwrap();
    let message: Value = serde_json::from_str(&text).unwrap();
    assert!(message["to"].as_str().unwrap().starts_with("eml1_"), "{message}");
    assert!(message["cc"].as_str().unwrap().starts_with("eml1_") && message["to"] != message["cc"]);
    assert!(message["ip"].as_str().unwrap().starts_with("ip1_") && message["n"] == 7);
    assert_eq!(rows.next().unwrap(), STANDARD.encode("nobody is here"));

    desk.mask("out/a.csv", "again", "").exits(0);
    assert_eq!(desk.read("again/a.csv"), table);
}
