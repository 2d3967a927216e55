//! Recognisable values, planted everywhere, and looked for everywhere they must not be.

use std::process::Command;

use crate::support::{Desk, Ended, company, ended, holds, project, tree};

/// As they are written in the inputs, and as digits alone.
const CANARIES: [&str; 17] = [
    "canary",
    "victim@",
    "+33 1 99 00 77 01",
    "+33199007701",
    "01 99 00 77 02",
    "0199007702",
    "(310) 555-0177",
    "3105550177",
    "FR76 3000 6000 0112 3456 7890 189",
    "FR7630006000011234567890189",
    "de89370400440532013000",
    "GB82 WEST 1234 5698 7654 32",
    "4111 1111 1111 1111",
    "4111111111111111",
    "5555-5555-5555-4444",
    "203.0.113.177",
    "2001:db8:77::177",
];

const REGIONS: &str = "--region FR,US";

/// Values in every text format, in what surrounds them, and in what is broken.
fn planted() -> Desk {
    let desk = Desk::new();
    let rows: String =
        (0..30).map(|n| format!("{n},u{n}.canary@example.com,01 99 00 77 02,plain\n")).collect();
    let last = "FR76 3000 6000 0112 3456 7890 189";
    desk.write(
        "in/table.csv",
        format!(
            "id,email,phone,note\n{rows}30,canary at example,(310) 555-0177,\"IBAN {last}, \
             card 4111 1111 1111 1111\"\n31,short.canary@example.com\n32,a.canary@example.com,+33 1 99 00 77 01,x,\
             long.canary@example.com,GB82 WEST 1234 5698 7654 32\n33,\"open.canary@example.com,x\n"
        ),
    );
    desk.write("in/pivot.csv", "id,head.canary@example.com,+33 1 99 00 77 01\n1,2,3\n2,3,4\n");
    desk.write(
        "in/app.log",
        "login canary@example.com from 203.0.113.177 port 22\n\
         user=query.canary%40example.com host=[2001:db8:77::177]:443\n\
         <mailto:Canary+Tag@Example.COM> called +33199007701 iban de89370400440532013000\n\
         card 5555-5555-5555-4444 refused\n",
    );
    desk.write(
        "in/events.ndjson",
        "{\"email\":\"a.canary@example.com\",\"key.canary@example.com\":1,\"card\":4111111111111111}\n\
         {\"email\":\"b.canary\\u0040example.com\",\"ip\":\"203.0.113.177\"}\n\
         {\"email\":\"cut.canary@example.com\",\"phone\":\"+33199007701\n\
         {\"list\":[\"c.canary@example.com\",{\"x\":\"IBAN GB82 WEST 1234 5698 7654 32\"}]}\n",
    );
    desk.write(
        "in/doc.json",
        "[\n {\"requester\": {\"email\": \"d.canary@example.com\"}, \"t\": \"+33 1 99 00 77 01\"},\n \
         {\"requester\": {\"email\": \"canary\"}}\n]\n",
    );
    desk
}

/// The same, with an input that fails.
fn with_failures() -> Desk {
    let desk = planted();
    for (name, bytes) in tree(&project("fixtures/hostile")) {
        desk.write(&format!("in/hostile/{name}"), bytes);
    }
    desk.write("in/notes.png", b"\x89PNG\r\n\x1a\n\0\0canary@example.com");
    desk.write("in/broken.parquet", b"PAR1canary@example.com\0\0PAR1");
    desk
}

/// Looks through both streams and every file but the inputs.
#[track_caller]
fn unseen(desk: &Desk, ended: &Ended) {
    let mut places = tree(&desk.path(""));
    places.retain(|name, _| !name.starts_with("in/"));
    places.insert("standard output".to_owned(), ended.stdout.clone().into_bytes());
    places.insert("standard error".to_owned(), ended.stderr.clone().into_bytes());
    for (place, bytes) in places {
        let lower = bytes.to_ascii_lowercase();
        for canary in CANARIES {
            // The page's template and the test key hold none of them by themselves.
            assert!(!holds(&lower, &canary.to_lowercase()), "`{canary}` is in {place}");
        }
    }
    assert!(tree(&desk.path("tmp")).is_empty(), "a temporary file is left");
}

#[test]
fn no_value_is_in_what_a_scan_says_and_writes() {
    for desk in [planted(), with_failures()] {
        let words =
            format!("scan in --out map.json --findings f.ndjson --html page.html {REGIONS}");
        let scanned = desk.loup(&words);
        assert!(matches!(scanned.code, Some(0 | 3)));
        unseen(&desk, &scanned);
    }
}

#[test]
fn no_value_is_in_a_scan_of_standard_input() {
    let desk = planted();
    for file in ["table.csv", "app.log", "events.ndjson", "doc.json"] {
        let input = desk.bytes(&format!("in/{file}"));
        let scanned = desk.loup_with(&format!("scan - --out map.json {REGIONS}"), input);
        unseen(&desk, scanned.exits(0));
    }
}

#[test]
fn no_value_is_in_what_a_protection_says_and_writes() {
    let desk = planted();
    let masked = desk.mask("in", "out", REGIONS);
    unseen(&desk, masked.exits(0));
    let desk = with_failures();
    let masked = desk.mask("in", "out", REGIONS);
    unseen(&desk, masked.exits(3));
}

#[test]
fn no_value_is_in_a_dry_run() {
    let desk = with_failures();
    let planned = desk.loup(&format!("mask in --dry-run {REGIONS}"));
    unseen(&desk, planned.exits(0));
}

#[test]
fn no_value_is_in_what_the_filter_writes() {
    let desk = planted();
    let log = desk.bytes("in/app.log");
    let masked = desk.loup_with(&format!("mask - --key-file test.key {REGIONS}"), log);
    unseen(&desk, masked.exits(0));
    let json = desk.bytes("in/events.ndjson");
    let words = format!("mask - --format text --key-file test.key {REGIONS}");
    let broken = &json[..json.iter().position(|byte| *byte == b'\n').unwrap()];
    unseen(&desk, desk.loup_with(&words, broken).exits(0));
}

#[test]
fn no_value_is_in_a_refusal() {
    let desk = planted();
    desk.write("p.toml", "version = 1\n[kinds]\nip = \"token\"\n");
    unseen(&desk, desk.mask("in", "out", "--policy p.toml --region FR,US").exits(1));
    unseen(&desk, desk.loup("mask in --out out").exits(4));
    unseen(&desk, desk.mask("in", "in/out", "").exits(2));
    unseen(&desk, desk.mask("in", "out", "--map in/doc.json").exits(4));
    unseen(&desk, desk.mask("in", "out", "--map in/table.csv").exits(4));
    let table = desk.read("in/table.csv");
    let even: String = table.lines().take(30).map(|line| line.to_owned() + "\n").collect();
    let refused = desk.loup_with("mask - --key-file test.key", even);
    unseen(&desk, refused.exits(2));
    unseen(
        &desk,
        desk.loup("mask in --out out --key-file in/table.csv --allow-open-key-file").exits(4),
    );
}

#[test]
fn no_value_is_left_by_a_run_that_has_no_space() {
    for kib in [1, 2, 4] {
        let desk = planted();
        let big = desk.read("in/app.log").repeat(200);
        desk.write("in/big.log", big);
        let mut command = Command::new("bash");
        let script = format!(
            "trap '' XFSZ; ulimit -f {kib}; exec \"$0\" mask in --out out --key-file test.key {REGIONS}"
        );
        command.args(["-c", &script, env!("CARGO_BIN_EXE_loup")]);
        desk.at_home(&mut command);
        unseen(&desk, ended(command).exits(4));
    }
}

#[test]
fn no_value_of_parquet_is_in_what_is_said_and_written() {
    let desk = Desk::new();
    for (name, bytes) in tree(&company().join("orders")) {
        desk.write(&format!("in/{name}"), bytes);
    }
    let masked = desk.mask("in", "out", REGIONS);
    let scanned = desk.scan("in", "--out map.json --findings f.ndjson --html page.html");
    let originals = std::fs::read_to_string(project("fixtures/company.originals.txt")).unwrap();
    let emails: Vec<_> = originals.lines().filter(|line| line.contains('@')).collect();
    let mut places = tree(&desk.path(""));
    // Pages are compressed: `leaks.py` looks into the copies.
    places.retain(|name, _| !name.starts_with("in/") && !name.ends_with(".parquet"));
    for (name, text) in [("mask", &masked), ("scan", &scanned)] {
        text.exits(0);
        places.insert(name.to_owned(), (text.stdout.clone() + &text.stderr).into_bytes());
    }
    for (place, bytes) in places {
        let text = String::from_utf8_lossy(&bytes);
        let leaked = emails.iter().position(|email| text.contains(email));
        assert_eq!(leaked, None, "in {place}");
    }
}
