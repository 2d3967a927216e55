//! `loup scan`: what is found, counted and reported.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Desk, company, kinds, lines, project, shared};

const REGIONS: &str = "--region FR,GB,US";

#[test]
fn what_was_planted_in_the_company_is_found_and_nothing_else() {
    let desk = Desk::new();
    let mut found: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    for finding in desk.findings(company(), REGIONS) {
        let text = |key: &str| finding[key].as_str().map(str::to_owned);
        let file = text("file").unwrap();
        // A log has no fields but the keys that happen to stand before a value.
        let is_log = file.starts_with("logs/access.log");
        let field = text("field").filter(|_| !is_log).unwrap_or("line".to_owned());
        *found.entry((file, field, text("kind").unwrap())).or_default() += 1;
    }
    let truth: Value =
        serde_json::from_slice(&std::fs::read(project("fixtures/company.truth.json")).unwrap())
            .unwrap();
    let mut planted: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    for (file, truth) in truth["files"].as_object().unwrap() {
        for (field, kinds) in truth["fields"].as_object().unwrap() {
            for (kind, count) in kinds.as_object().unwrap() {
                let place = (file.clone(), field.clone(), kind.clone());
                *planted.entry(place).or_default() += count.as_u64().unwrap();
            }
        }
        // What does not validate in a column of phones counts there, too.
        for (field, count) in truth["closed"].as_object().unwrap() {
            let place = (file.clone(), field.clone(), "phone".to_owned());
            *planted.entry(place).or_default() += count.as_u64().unwrap();
        }
    }
    // Names are in the company, too, and were not counted when they were planted.
    let names: Vec<_> = found.extract_if(.., |(_, _, kind), _| kind == "name").collect();
    let places: Vec<_> =
        names.iter().map(|((file, field, _), _)| (file.as_str(), field.as_str())).collect();
    assert_eq!(
        places,
        [
            ("crm/customers.csv", "name"),
            ("logs/app.ndjson", "$.changes.name"),
            ("support/tickets.json", "$[*].messages[*].text"),
            ("support/tickets.json", "$[*].requester.name"),
        ]
    );
    assert_eq!(names[0].1, 2000);
    assert_eq!(found, planted);
}

#[test]
fn distinct_values_are_those_that_were_planted() {
    let desk = Desk::new();
    desk.scan(company().join("crm"), &format!("--out map.json {REGIONS}")).exits(0);
    let map = desk.json("map.json");
    let distinct = |path: &str| field(&map, 0, path)["kinds"][0]["distinct"].clone();
    assert_eq!(distinct("email"), serde_json::json!({"count": 2000, "exact": true}));
    assert_eq!(distinct("iban")["count"], 1442);
}

#[test]
fn map_and_findings_are_valid_under_their_schemas() {
    let desk = Desk::new();
    desk.scan(company(), &format!("--out map.json --findings f.ndjson {REGIONS}")).exits(0);
    for (schema, document) in [("datamap", "map.json"), ("findings", "f.ndjson")] {
        let schema = project(&format!("schemas/{schema}.schema.json"));
        let Some(checked) = desk.oracle("schema_check.py", [schema.as_os_str(), document.as_ref()])
        else {
            return;
        };
        checked.exits(0);
    }
}

#[test]
fn the_parts_of_the_coverage_add_up_to_all_bytes() {
    let desk = Desk::new();
    for input in [company(), project("fixtures/hostile")] {
        desk.scan(&input, "--out map.json");
        let coverage = &desk.json("map.json")["coverage"];
        let count = |key: &str| coverage[key].as_u64().unwrap();
        let parts = count("scanned") + count("sampled") + count("skipped") + count("failed");
        let stored: u64 =
            crate::support::tree(&input).values().map(|bytes| bytes.len() as u64).sum();
        assert_eq!((parts, count("bytes")), (stored, stored));
        let listed = coverage["not_scanned"].as_array().unwrap();
        let listed: u64 = listed.iter().map(|file| file["bytes"].as_u64().unwrap()).sum();
        assert_eq!(listed, count("skipped") + count("failed"));
    }
}

#[test]
fn the_addresses_in_real_logs_are_counted_as_an_independent_count_has_them() {
    let desk = Desk::new();
    for (log, count) in [("Apache_2k.log", 32), ("Linux_2k.log", 1258), ("OpenSSH_2k.log", 1732)] {
        let Some(path) = shared("logs").map(|logs| logs.join(log)) else { return };
        let findings = desk.findings(&path, "");
        assert_eq!(kinds(&findings).get("ip"), Some(&count), "{log}");
        if let Some(counted) = desk.oracle("ip_count.py", [&path]) {
            assert_eq!(counted.exits(0).stdout.trim(), count.to_string(), "{log}");
        }
    }
}

#[test]
fn a_catalogue_of_products_holds_no_personal_data() {
    let desk = Desk::new();
    let Some(exports) = shared("exports") else { return };
    for regions in ["", "--region US", "--region FR,GB,US"] {
        assert!(desk.findings(exports.join("products-100.csv"), regions).is_empty());
    }
}

#[test]
fn standard_input_is_scanned_like_a_file() {
    let desk = Desk::new();
    let csv = std::fs::read(company().join("crm/customers.csv")).unwrap();
    let scanned = desk.loup_with(&format!("scan - --findings - {REGIONS}"), csv);
    let of_file = desk.findings(company().join("crm/customers.csv"), REGIONS);
    assert_eq!(kinds(&lines(&scanned.exits(0).stdout)), kinds(&of_file));
}

#[test]
fn partitions_and_rotated_logs_are_one_dataset_each() {
    let desk = Desk::new();
    desk.scan(company(), "--out map.json").exits(0);
    let map = desk.json("map.json");
    let datasets = map["datasets"].as_array().unwrap();
    let find = |name: &str| datasets.iter().find(|dataset| dataset["name"] == name).unwrap();
    assert_eq!(find("orders")["files"], 8);
    assert_eq!(find("orders")["partitions"], serde_json::json!(["country", "dt"]));
    assert_eq!(find("orders")["records"], 2400);
    assert_eq!(find("logs/access.log")["files"], 2);
}

#[test]
fn fail_on_exits_with_1_when_something_is_that_certain() {
    let desk = Desk::new();
    desk.write("a.log", "mail jean@example.com\n");
    desk.loup("scan a.log --fail-on 0.9").exits(1);
    desk.loup("scan a.log --fail-on 1").exits(0);
    desk.loup("scan a.log").exits(0);
    desk.write("b.log", "nothing\n");
    desk.loup("scan b.log --fail-on 0").exits(0);
}

#[test]
fn a_confidence_beyond_1_is_a_wrong_command_line() {
    let desk = Desk::new();
    desk.write("a.log", "x\n");
    desk.loup("scan a.log --fail-on 2").exits(2);
    desk.loup("scan a.log --min-confidence -- -1").exits(2);
}

#[test]
fn a_named_format_is_read_whatever_a_file_looks_like() {
    let desk = Desk::new();
    desk.write("a.txt", "{\"email\":\"jean@example.com\"}\n");
    let field = |more: &str| desk.findings("a.txt", more)[0]["field"].clone();
    assert_eq!(field("--format ndjson"), "$.email");
    assert_eq!(field("--format json"), "$.email");
    assert_ne!(field("--format text"), "$.email");
    let log = desk.write("b.csv", "email\njean@example.com\n");
    assert_eq!(desk.findings(&log, "--format csv")[0]["field"], "email");
    desk.loup("scan a.txt --format parquet").exits(3);
}

#[test]
fn a_named_delimiter_separates_the_cells() {
    let desk = Desk::new();
    let contents = "id|mail, all\n1|jean@example.com\n2|b@example.com\n";
    desk.write("a.csv", contents);
    assert_eq!(desk.findings("a.csv", "--delimiter |")[0]["field"], "mail, all");
    desk.write("b.csv", contents.replace('|', "\t"));
    assert_eq!(desk.findings("b.csv", "--delimiter tab")[0]["field"], "mail, all");
    desk.loup("scan a.csv --delimiter ||").exits(2);
}

#[test]
fn without_a_header_columns_are_numbered_and_the_first_row_counts() {
    let desk = Desk::new();
    desk.write("a.csv", "1,jean@example.com\n2,ann@example.com\n");
    let findings = desk.findings("a.csv", "--no-header");
    let places: Vec<_> =
        findings.iter().map(|f| (f["record"].as_u64(), f["field"].as_str())).collect();
    assert_eq!(places, [(Some(1), Some("column_2")), (Some(2), Some("column_2"))]);
}

#[test]
fn a_repeated_header_numbers_its_columns() {
    let desk = Desk::new();
    desk.write("a.csv", "mail,mail\na@example.com,b@example.com\n");
    let findings = desk.findings("a.csv", "");
    let fields: Vec<_> = findings.iter().map(|f| f["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["mail", "mail#2"]);
}

#[test]
fn spans_point_into_the_decoded_cell() {
    let desk = Desk::new();
    desk.write("a.csv", "id,note\n1,\"said \"\"é\"\" to jean@example.com\"\n");
    let finding = &desk.findings("a.csv", "")[0];
    let text = "said \"é\" to jean@example.com";
    let span = |key: &str| usize::try_from(finding[key].as_u64().unwrap()).unwrap();
    assert_eq!(&text[span("start")..span("end")], "jean@example.com");
}

#[test]
fn findings_come_in_the_order_of_file_record_and_place() {
    let desk = Desk::new();
    let findings = desk.findings(company(), &format!("--threads 3 {REGIONS}"));
    let places: Vec<_> = findings
        .iter()
        .map(|f| (f["file"].as_str().unwrap().to_owned(), f["record"].as_u64().unwrap()))
        .collect();
    assert!(places.is_sorted());
}

#[test]
fn what_is_found_does_not_depend_on_the_number_of_threads() {
    let desk = Desk::new();
    let scan = |threads: u32| {
        let words = format!(
            "--threads {threads} --out map.json --findings f.ndjson --key-file test.key {REGIONS}"
        );
        desk.scan(company(), &words).exits(0);
        let mut map = desk.json("map.json");
        map["run"] = Value::Null;
        (map, desk.read("f.ndjson"))
    };
    let one = scan(1);
    assert!(one == scan(2) && one == scan(5));
}

#[test]
fn samples_and_findings_are_masked() {
    let desk = Desk::new();
    desk.write("a.log", "mail jean.dupont@example.com\n");
    let finding = &desk.findings("a.log", "")[0];
    assert_eq!(finding["masked"], "j***@e***.com");
}

#[test]
fn a_digest_under_a_key_is_the_specified_one() {
    let desk = Desk::new();
    desk.write("a.log", "mail Jean.Dupont@Example.COM\n");
    let finding = &desk.findings("a.log", "--key-file test.key")[0];
    assert_eq!(finding["digest"], "7c756e82893d319e22b5c413c98c1302");
}

#[test]
fn quiet_says_nothing() {
    let desk = Desk::new();
    desk.write("a.log", "mail jean@example.com\n");
    let scanned = desk.loup("scan a.log --quiet --out map.json");
    assert_eq!((scanned.exits(0).stdout.as_str(), scanned.stderr.as_str()), ("", ""));
}

#[test]
fn the_page_stands_alone() {
    let desk = Desk::new();
    desk.scan(company(), "--html map.html").exits(0);
    let page = desk.read("map.html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("crm/customers.csv"));
    for outside in ["src=\"http", "href=\"http", "@import", "url(http"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

fn field<'a>(map: &'a Value, dataset: usize, path: &str) -> &'a Value {
    let fields = map["datasets"][dataset]["fields"].as_array().unwrap();
    fields.iter().find(|field| field["path"] == path).unwrap()
}

#[test]
fn credentials_in_lines_are_found_by_their_form_or_their_key() {
    let desk = Desk::new();
    desk.write(
        "a.log",
        "login user=jean password=hunter2x ip=192.0.2.1\n\
         {\"api_key\": \"0123-4567-89ab\", \"n\": 1} sent\n\
         Authorization: Bearer 0123456789abcdef.0123\n\
         Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\n\
         uses AKIAIOSFODNN7EXAMPLE now\n\
         -----BEGIN RSA PRIVATE KEY-----\n\
         hash $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n\
         mot de passe : hunter2x\n\
         password=*** password: null password=${VAR} password required: yes\n\
         port: 8080x after password check, PWD=/home/example token=Token{1a2b3c\n",
    );
    let secrets = desk.findings("a.log", "");
    let records: Vec<_> = secrets
        .iter()
        .filter(|finding| finding["kind"] == "secret")
        .map(|finding| (finding["record"].as_u64().unwrap(), finding["start"].as_u64().unwrap()))
        .collect();
    assert_eq!(records, [(1, 25), (2, 13), (3, 22), (4, 21), (5, 5), (6, 0), (7, 5), (8, 15)]);
    desk.mask("a.log", "out.log", "").exits(0);
    let masked = desk.read("out.log/a.log");
    assert!(masked.starts_with("login user=jean password= ip="), "{masked}");
    desk.mask("out.log/a.log", "again.log", "").exits(0);
    assert_eq!(desk.read("again.log/a.log"), masked);
}

#[test]
fn a_rib_and_its_iban_have_one_digest() {
    let desk = Desk::new();
    desk.write(
        "a.log",
        "IBAN FR76 3000 6000 0112 3456 7890 189\n\
         RIB : 30006 00001 12345678901 89\n\
         banque 30006 guichet 00001 compte 12345678901 clé 89\n\
         30006 00001 12345678901 89 items\n",
    );
    let found = desk.findings("a.log", "--key-file test.key");
    assert!(found.iter().all(|finding| finding["kind"] == "iban"), "{found:?}");
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|finding| finding["digest"] == found[0]["digest"]));
}

#[test]
fn what_needs_a_word_is_found_beside_one() {
    let desk = Desk::new();
    desk.write(
        "a.log",
        "the plate AB-123-CD was seen, immatriculation AB 123 CD, Kennzeichen M-AB 123\n\
         SKU AB-123-CD in stock\n\
         cookie _ga=GA1.2.123456789.1700000000; x=1\n\
         mrz L898902C36UTO7408122F1204159ZE184226B<<<<<10\n",
    );
    desk.write("b.csv", "name,bic\na,DEUTDEFF\nb,DEUTDEFF500\nc,NWBKGB2L\n");
    let count = |file| kinds(&desk.findings(file, ""));
    let expected = [("device_id", 1), ("licence_plate", 3), ("national_id", 1)];
    assert_eq!(count("a.log"), expected.map(|(kind, n)| (kind.to_owned(), n)).into());
    assert_eq!(count("b.csv").get("organisation_id"), Some(&3));
}

#[test]
fn reasons_are_given_for_a_field_and_for_a_finding() {
    let desk = Desk::new();
    desk.write("a.log", "nothing\ncall Tel. 06 12 34 56 78 or jean@example.com\n");
    let phone = desk.scan("a.log", "--region FR --quiet --explain a.log:2:10");
    let both = desk.scan("a.log", "--region FR --quiet --explain a.log:2");
    for (explained, words) in [
        (&phone, &["a.log:2:10 : phone", "rule phone", "supported", "the word `tel` near it"][..]),
        (&both, &["a.log:2:10 : phone", "a.log:2:28 : email j***@e***.com", "certain"]),
    ] {
        explained.exits(0);
        for word in words {
            assert!(explained.stdout.contains(word), "`{word}`: {}", explained.stdout);
        }
        assert!(!explained.stdout.contains("jean") && !explained.stdout.contains("34 56"));
    }
    desk.scan("a.log", "--quiet --explain a.log:1")
        .exits(2)
        .says(&["nothing was found at `a.log:1`", "FILE:RECORD:START"]);
}

#[test]
fn a_key_speaks_of_its_own_value_only() {
    let desk = Desk::new();
    desk.write(
        "a.log",
        "\"GET /?phone=none&x=1 HTTP/1.1\" 200 1234\n\
         \"GET /?phone=%2B33612345678 HTTP/1.1\" 200 1234\n\
         phone=\"+33 6 12 34 56 78\" 200 1234\n",
    );
    let found = desk.findings("a.log", "");
    let records: Vec<_> = found.iter().map(|finding| finding["record"].as_u64().unwrap()).collect();
    assert_eq!(records, [2, 3], "{found:?}");
}

#[test]
fn a_column_of_releases_is_none_of_addresses() {
    let desk = Desk::new();
    // The network 10.0 is written in both; only hosts have numbers of every size.
    let rows: String = (0..200)
        .map(|row| {
            format!("{row},10.0.{}.{},10.0.{}.{}\n", row % 41, row % 13, row % 7, row % 254 + 1)
        })
        .collect();
    desk.write("t.csv", format!("n,k,m\n{rows}"));
    let findings = desk.findings(desk.path("t.csv"), "");
    let fields: BTreeMap<String, usize> =
        findings.iter().fold(BTreeMap::new(), |mut counts, row| {
            *counts.entry(row["field"].as_str().unwrap().to_owned()).or_default() += 1;
            counts
        });
    assert_eq!(fields, BTreeMap::from([("m".to_owned(), 200)]));
}

#[test]
fn a_profile_names_every_rule_that_found_something_and_changes_nothing() {
    const EMPLOYEE: &str = r#"
id = "employee"
kind = "employee"
category = "identifier"
prefix = "emp"
operator = "token"
description = "An employee's number: E and six digits."
pattern = "E-[0-9]{6}"
references = ["none"]
[examples]
match = ["E-123456"]
no_match = ["123456"]
"#;
    let desk = Desk::new();
    let log = "from 192.0.2.7 to a.b@example.com\nstaff E-123456, then E-654321\n".repeat(5);
    let csv = "name,email\nx,c@example.org\ny,d@example.org\n";
    let json = r#"[{"ip":"2001:db8::17"},{"iban":"DE89370400440532013000"}]"#;
    for (name, text) in [("in/a.log", &log[..]), ("in/b.csv", csv), ("in/c.json", json)] {
        desk.write(name, text);
    }
    desk.write("rules/employee.toml", EMPLOYEE);
    let plain = "in --rules rules --out plain.json --findings f.ndjson";
    desk.loup(&format!("scan {plain}")).exits(0);
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for finding in lines(&desk.read("f.ndjson")) {
        *expected.entry(finding["rule"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(expected["employee"], 10);
    for threads in [1, 3] {
        let profiled = format!("scan in --rules rules --out map.json --threads {threads}");
        let table = desk.loup(&format!("{profiled} --quiet --profile")).exits(0).stderr.clone();
        let bytes = log.len() + csv.len() + json.len();
        assert!(table.starts_with(&format!("Profile: {bytes} B read, 14 records")), "{table}");
        for (rule, count) in &expected {
            assert_eq!(row(&table, rule)[3], count.to_string(), "{rule}");
        }
        assert_eq!(desk.json("map.json")["datasets"], desk.json("plain.json")["datasets"]);
    }
}

/// The cells of the row of `rule` in the table of a profile.
fn row<'t>(table: &'t str, rule: &str) -> Vec<&'t str> {
    let cells = |line: &'t str| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    let mut rows = table.lines().map(|line| cells(line).collect::<Vec<_>>());
    let row = rows.find(|row| row.first() == Some(&rule));
    row.unwrap_or_else(|| panic!("{rule} is not in {table}"))
}
