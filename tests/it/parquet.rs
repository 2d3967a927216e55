//! Parquet of many makes, written by pyarrow.

use serde_json::Value;

use crate::support::{Desk, Ended, MANIFEST, tree};

/// The variants in `in` and their protected copies in `out`; nothing without Python.
fn protected() -> Option<Desk> {
    let desk = made()?;
    desk.mask("in", "out", "").exits(0);
    Some(desk)
}

fn made() -> Option<Desk> {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("in")).unwrap();
    desk.oracle("parquet_variants.py", ["make", "in"])?.exits(0);
    Some(desk)
}

#[test]
fn schema_rows_nulls_and_untouched_chunks_stay() {
    let Some(desk) = protected() else { return };
    desk.oracle("parquet_variants.py", ["shape", "in", "out"]).unwrap().exits(0);
}

#[test]
fn no_original_is_left_in_pages_statistics_indexes_filters_or_metadata() {
    let Some(desk) = protected() else { return };
    desk.oracle("parquet_variants.py", ["leaks", "in", "out"]).unwrap().exits(0);
}

#[test]
fn duckdb_and_polars_read_the_copies_and_filter_by_pseudonym() {
    let Some(desk) = protected() else { return };
    desk.oracle("parquet_variants.py", ["readers", "out"]).unwrap().exits(0);
}

#[test]
fn nothing_is_found_in_the_copies() {
    let Some(desk) = protected() else { return };
    assert!(desk.findings("out", "").is_empty());
}

#[test]
fn metadata_that_was_left_out_is_named() {
    let Some(desk) = made() else { return };
    let masked = desk.mask("in/described.parquet", "out", "");
    masked.exits(0).says(&["left out of Parquet metadata", "exported_by", "pandas"]);
}

/// Columns beyond the cap of a map are weighed together, and none becomes one of a kind by that: least of
/// all one of integers, which could hold no pseudonym.
#[test]
fn columns_beyond_the_cap_are_protected_value_by_value() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("in")).unwrap();
    let Some(made) = desk.oracle("parquet_variants.py", ["wide", "in"]) else { return };
    made.exits(0);
    desk.mask("in", "out", "").exits(0);
    desk.oracle("parquet_variants.py", ["wide_copy", "out"]).unwrap().exits(0);
}

/// A table with an `int64` column of cards; `null` says whether one of them is missing.
fn with_cards(null: bool) -> Option<Desk> {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("in")).unwrap();
    let kind = if null { "cards_nullable" } else { "cards" };
    desk.oracle("parquet_variants.py", [kind, "in"])?.exits(0);
    Some(desk)
}

#[test]
fn an_integer_column_of_cards_stops_the_run_before_anything_is_written() {
    let Some(desk) = with_cards(true) else { return };
    let masked = desk.mask("in", "out", "");
    masked.exits(2).says(&["card_number", "card", "`drop`", "`keep`"]);
    assert!(!desk.exists("out"));
}

#[test]
fn a_column_without_nulls_can_only_be_kept() {
    let Some(desk) = with_cards(false) else { return };
    let masked = desk.mask("in", "out", "");
    masked.exits(2).says(&["card_number", "`keep`"]);
    assert!(!masked.stderr.contains("`drop`"));
}

#[test]
fn an_integer_column_can_be_dropped() {
    let Some(desk) = with_cards(true) else { return };
    let masked = cards_as(&desk, "drop");
    masked.exits(0);
    assert_eq!(column(&desk, "card_number"), vec![serde_json::Value::Null; 100]);
    assert!(desk.findings("out", "").is_empty());
}

#[test]
fn integers_become_other_integers() {
    let Some(desk) = with_cards(true) else { return };
    let before: Vec<_> = {
        let read =
            desk.oracle("parquet_variants.py", ["column", "in/cards.parquet", "card_number"]);
        serde_json::from_str::<Vec<Value>>(&read.unwrap().exits(0).stdout).unwrap()
    };
    cards_as(&desk, "surrogate").exits(0);
    let after = column(&desk, "card_number");
    let mut others = std::collections::BTreeMap::new();
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.is_null(), after.is_null());
        let (Some(before), Some(after)) = (before.as_u64(), after.as_u64()) else { continue };
        assert!(before != after && before.to_string()[..6] == after.to_string()[..6]);
        assert_eq!(*others.entry(before).or_insert(after), after);
    }
    let distinct: std::collections::BTreeSet<_> = others.values().collect();
    assert_eq!(distinct.len(), others.len());
    assert!(others.len() > 1);
    // The manifest says that they are surrogates already.
    desk.mask("out", "again", "--policy cards.toml").exits(0);
    let words = ["out/cards.parquet", "again/cards.parquet"];
    desk.oracle("parquet_check.py", words).unwrap().exits(0);
}

#[test]
fn an_integer_column_can_be_kept_on_purpose() {
    let Some(desk) = with_cards(true) else { return };
    cards_as(&desk, "keep").exits(0);
    let words = ["in/cards.parquet", "out/cards.parquet"];
    desk.oracle("parquet_check.py", words).unwrap().exits(0);
}

fn cards_as(desk: &Desk, operator: &str) -> Ended {
    desk.write(
        "cards.toml",
        format!(
            "version = 1\non_new = \"default\"\n[[fields]]\nfield = \"card_number\"\nop = \"{operator}\"\n"
        ),
    );
    desk.mask("in", "out", "--policy cards.toml")
}

fn column(desk: &Desk, name: &str) -> Vec<serde_json::Value> {
    let words = ["column", "out/cards.parquet", name];
    let read = desk.oracle("parquet_variants.py", words).unwrap();
    serde_json::from_str(&read.exits(0).stdout).unwrap()
}

/// Tables pivoted on addresses in `in`; nothing without Python.
fn pivots() -> Option<Desk> {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("in")).unwrap();
    desk.oracle("parquet_schema.py", ["pivots", "in"])?.exits(0);
    Some(desk)
}

#[test]
fn names_of_columns_are_the_tokens_of_their_values() {
    let Some(desk) = pivots() else { return };
    desk.mask("in", "out", "").exits(0);
    desk.oracle("parquet_schema.py", ["names", "in", "out"]).unwrap().exits(0);
    assert!(desk.findings("out", "").is_empty());
    desk.loup("verify out --against in").exits(0);
    desk.loup("verify out --against in --key-file test.key").exits(0);
    // Tokens in names are known.
    desk.mask("out", "again", "").exits(0);
    for (name, bytes) in tree(&desk.path("out")) {
        let again = desk.bytes(&format!("again/{name}"));
        assert!(name == MANIFEST || again == bytes, "{name}");
    }
}

#[test]
fn names_are_left_where_the_policy_keeps_them() {
    let Some(desk) = pivots() else { return };
    let keep = "version = 1\non_new = \"default\"\n[kinds]\nemail = \"keep\"\n";
    desk.write("keep.toml", keep);
    desk.mask("in", "out", "--policy keep.toml").exits(0);
    for name in ["flat", "nested", "frame", "levels", "polars", "duckdb"] {
        let files = [format!("in/{name}.parquet"), format!("out/{name}.parquet")];
        desk.oracle("parquet_check.py", files).unwrap().exits(0);
    }
    let manifest = desk.json("out/loup-manifest.json");
    assert_eq!(manifest["files"][0]["operators"]["email"], serde_json::json!(["keep"]));
}

#[test]
fn names_that_would_be_equal_or_none_quarantine_the_file() {
    let Some(desk) = pivots() else { return };
    for (operator, what) in [
        ("redact", "the same name under `redact` of `email`"),
        ("mask", "the same name under `mask` of `email`"),
        ("drop", "no name under `drop` of `email`"),
    ] {
        let policy =
            format!("version = 1\non_new = \"default\"\n[kinds]\nemail = \"{operator}\"\n");
        desk.write("policy.toml", policy);
        let out = format!("out-{operator}");
        let masked = desk.mask("in/flat.parquet", &out, "--policy policy.toml");
        masked.exits(3).says(&[what, "use `token` for `email` in [kinds]"]);
        assert!(!desk.exists(&format!("{out}/flat.parquet")));
    }
    desk.oracle("parquet_schema.py", ["twice", "twice.parquet"]).unwrap().exits(0);
    let masked = desk.mask("twice.parquet", "out", "");
    masked.exits(3).says(&["theirs hold the same value; rename one of them in the input"]);
}

#[test]
fn a_column_that_cannot_be_read_is_not_named_by_personal_data() {
    let desk = Desk::new();
    let Some(torn) = desk.oracle("parquet_schema.py", ["tear", "torn.parquet"]) else { return };
    torn.exits(0);
    let masked = desk.mask("torn.parquet", "out", "");
    masked.exits(3).says(&["column `<email>`"]);
    let manifest = desk.read("out/loup-manifest.json");
    assert!(!manifest.contains("pivot.u") && !masked.stderr.contains("pivot.u"));
}

#[test]
fn a_name_put_back_is_seen() {
    let Some(desk) = pivots() else { return };
    desk.mask("in", "out", "").exits(0);
    for change in ["restored", "swapped", "in_metadata"] {
        let words = ["spoil", change, "in/flat.parquet", "out/flat.parquet", "spoilt.parquet"];
        desk.oracle("parquet_schema.py", words).unwrap().exits(0);
        let whole = desk.bytes("out/flat.parquet");
        std::fs::copy(desk.path("spoilt.parquet"), desk.path("out/flat.parquet")).unwrap();
        let verified = desk.loup("verify out --against in");
        verified.exits(1);
        assert!(!verified.stdout.contains("pivot.u"), "{}", verified.stdout);
        let place = match change {
            "restored" => "another schema",
            "swapped" => "different pseudonyms",
            _ => "key-value metadata",
        };
        assert!(verified.stdout.contains(place), "{change}: {}", verified.stdout);
        desk.write("out/flat.parquet", whole);
    }
}

/// Typed columns, and the same as text; under a policy that makes text of them.
fn texts(policy: &str) -> Option<Desk> {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("in")).unwrap();
    desk.oracle("parquet_schema.py", ["typed", "in"])?.exits(0);
    desk.write(
        "strings.toml",
        format!("version = 1\non_new = \"default\"\nregions = [\"FR\"]\n{policy}"),
    );
    Some(desk)
}

const STRINGS: &str = "[kinds]
phone = { op = \"token\", as = \"string\" }
ip = { op = \"token\", as = \"string\" }
birth_date = { op = \"token\", as = \"string\" }
";

#[test]
fn typed_columns_become_text_that_joins_with_csv() {
    let Some(desk) = texts(STRINGS) else { return };
    let masked = desk.mask("in", "out", "--policy strings.toml");
    masked.exits(0).says(&["left out of Parquet metadata", "parquet.avro.schema"]);
    desk.oracle("parquet_schema.py", ["texts", "in", "out"]).unwrap().exits(0);
    assert!(desk.findings("out", "--region FR").is_empty());
    desk.loup("verify out --against in --policy strings.toml").exits(0);
    desk.loup("verify out --against in --policy strings.toml --key-file test.key").exits(0);
    desk.mask("out", "again", "--policy strings.toml").exits(0);
    for (name, bytes) in tree(&desk.path("out")) {
        let again = desk.bytes(&format!("again/{name}"));
        assert!(name == MANIFEST || again == bytes, "{name}");
    }
}

#[test]
fn every_operator_that_writes_fits_a_column_that_becomes_text() {
    for operator in ["hash", "encrypt", "surrogate", "mask", "redact", "generalize"] {
        let policy = format!(
            "[[fields]]\nfield = \"phone_long\"\nop = \"{operator}\"\nas = \"string\"\n\
             [kinds]\nphone = \"drop\"\nip = \"drop\"\nbirth_date = \"drop\"\n"
        );
        let Some(desk) = texts(&policy) else { return };
        desk.mask("in", "out", "--policy strings.toml").exits(0);
        let typed = schema(&desk, "out/typed.parquet");
        assert!(typed.contains("phone_long: string\n"), "{operator}: {typed}");
        assert!(typed.contains("phone_short: int32\n"), "{operator}: {typed}");
        let verified = desk.loup("verify out --against in --policy strings.toml");
        assert_eq!(verified.code, Some(0), "{operator}: {}", verified.stdout);
    }
}

fn schema(desk: &Desk, file: &str) -> String {
    let read = desk.oracle("parquet_schema.py", ["schema", file]).unwrap();
    read.exits(0);
    read.stdout
}

#[test]
fn the_plan_says_which_columns_become_text() {
    let Some(desk) = texts(STRINGS) else { return };
    let plan = desk.loup("mask in --dry-run --policy strings.toml");
    plan.exits(0);
    assert!(plan.stdout.contains("every value, as text, policy"), "{}", plan.stdout);
    let of_csv = plan.stdout.lines().skip_while(|line| !line.contains("text.csv"));
    assert!(of_csv.take_while(|line| !line.contains("typed")).all(|it| !it.contains("as text")));
}

#[test]
fn what_is_not_found_keeps_its_spelling_in_a_column_that_becomes_text() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("in")).unwrap();
    let Some(made) = desk.oracle("parquet_schema.py", ["mixed", "in"]) else { return };
    made.exits(0);
    desk.write("rules/badge.toml", BADGE);
    // A lone number proves nothing, so that nothing would be found.
    let policy = "version = 1\non_new = \"default\"\nmin_confidence = 0.0\n[kinds]\n\
                  badge = { op = \"token\", as = \"string\" }\n";
    desk.write("strings.toml", policy);
    let mask = |input: &str, out: &str| {
        desk.mask(input, out, "--policy strings.toml --rules rules").exits(0);
    };
    mask("in", "out");
    desk.oracle("parquet_schema.py", ["spelled", "in", "out"]).unwrap().exits(0);
    desk.loup("verify out --against in --policy strings.toml --rules rules").exits(0);
    mask("out", "again");
    assert_eq!(desk.bytes("out/mixed.parquet"), desk.bytes("again/mixed.parquet"));
}

/// A kind that some numbers are of, whatever the name of their column.
const BADGE: &str = r#"
id = "badge"
kind = "badge"
category = "identity"
prefix = "bdg"
operator = "token"
description = "A badge."
pattern = "77[0-9]{5}"
references = ["the register of badges"]
[confidence]
certain = 0.9
supported = 0.9
bare = 0.9
shape = 0.1
[examples]
match = ["7712345"]
no_match = ["7812345"]
"#;

/// Columns of every type in `typed`, and the same values as text in `text`; `make` says which.
fn typed(make: &str) -> Option<Desk> {
    let desk = Desk::new();
    for directory in ["typed", "text"] {
        std::fs::create_dir(desk.path(directory)).unwrap();
    }
    let files = ["typed/t.parquet", "text/t.parquet"];
    desk.oracle("parquet_typed.py", [make, files[0], files[1]])?.exits(0);
    Some(desk)
}

fn name(finding: &Value) -> &str {
    finding["field"].as_str().unwrap()
}

/// Checks that what is found as text is found in typed values, in as many fields, but where no name
/// speaks for what few digits and dates are.
fn same_findings(desk: &Desk, more: &str, fields: usize) {
    let more = format!("--key-file test.key {more}");
    let [typed, text] =
        ["typed/t.parquet", "text/t.parquet"].map(|file| desk.findings(file, &more));
    let is_silent = |finding: &&Value| {
        let (hint, column) = name(finding).split_once('_').unwrap();
        hint == "created" || hint != "phone" && matches!(column, "g" | "h" | "i")
    };
    let expected: Vec<_> = text.iter().filter(|finding| !is_silent(finding)).collect();
    assert_eq!((typed.len(), expected.len()), (fields * 175, fields * 175));
    for (typed, text) in typed.iter().zip(expected) {
        assert_eq!(typed, text);
    }
}

#[test]
fn what_is_found_in_text_is_found_in_numbers_and_binary_addresses() {
    let Some(desk) = typed("make") else { return };
    same_findings(&desk, "", 35);
    same_findings(&desk, "--region FR", 35);
}

/// The types of fields in the map, and their verdicts.
fn fields(desk: &Desk, input: &str, more: &str) -> Vec<(String, String, String)> {
    desk.scan(input, &format!("--out map.json {more}")).exits(0);
    let map = desk.json("map.json");
    std::fs::remove_file(desk.path("map.json")).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let fields = map["datasets"][0]["fields"].as_array().unwrap();
    fields
        .iter()
        .map(|field| (text(&field["path"]), text(&field["type"]), text(&field["verdict"])))
        .collect()
}

#[test]
fn the_map_says_what_typed_values_are() {
    let Some(desk) = typed("make") else { return };
    let fields = fields(&desk, "typed/t.parquet", "");
    let of = |path: &str| {
        let (_, of_type, verdict) = fields.iter().find(|(name, ..)| name == path).unwrap();
        (of_type.as_str(), verdict.as_str())
    };
    for (letters, of_type) in [("abgh", "integer"), ("cdei", "decimal"), ("f", "float")] {
        for letter in letters.chars() {
            assert_eq!(of(&format!("phone_{letter}")), (of_type, "phone"));
            let is_short = matches!(letter, 'g' | 'h' | 'i');
            let of_cards = if is_short { "-" } else { "card" };
            assert_eq!(of(&format!("number_{letter}")), (of_type, of_cards));
        }
    }
    for (letters, of_type) in [("abc", "integer"), ("def", "address")] {
        for letter in letters.chars() {
            assert_eq!(of(&format!("ip_{letter}")), (of_type, "ip"));
        }
    }
    assert_eq!((of("nir_a"), of("nir_f")), (("integer", "national_id"), ("float", "national_id")));
    assert_eq!(of("latitude_a"), ("float", "coordinates"));
    assert_eq!(of("latitude_b"), ("decimal", "coordinates"));
}

/// A policy with one operator for all kinds of the typed columns, and another for one field.
fn policy(operator: &str, field: &str) -> String {
    let kinds = ["phone", "card", "national_id", "ip", "coordinates"];
    let kinds: Vec<_> = kinds.iter().map(|kind| format!("{kind} = \"{operator}\"\n")).collect();
    let kinds = kinds.concat();
    format!("version = 1\non_new = \"default\"\n[kinds]\n{kinds}[[fields]]\n{field}\n")
}

#[test]
fn typed_columns_keep_their_type_or_are_dropped() {
    let Some(desk) = typed("make") else { return };
    let refused = desk.mask("typed", "out", "");
    let choices = "`drop` or `keep`; or add `as = \"string\"`, which makes text of the column";
    refused.exits(2).says(&["cannot keep", choices]);
    assert!(!desk.exists("out"));
    for (field, values) in [
        ("phone_a", "integers"),
        ("phone_d", "decimal numbers"),
        ("phone_f", "floating-point numbers"),
        ("phone_g", "integers"),
        ("ip_d", "addresses in binary"),
        ("ip_f", "addresses in binary"),
    ] {
        let declared = format!("field = \"{field}\"\nop = \"token\"");
        desk.write("token.toml", policy("drop", &declared));
        let refused = desk.mask("typed", "out", "--policy token.toml");
        refused.exits(2).says(&[field, values, "`drop` or `keep`"]);
    }
    desk.write("drop.toml", policy("drop", "field = \"phone_b\"\nop = \"keep\""));
    desk.mask("typed", "out", "--policy drop.toml").exits(0);
    let protected: Vec<_> = fields(&desk, "typed/t.parquet", "")
        .into_iter()
        .filter(|(name, _, verdict)| verdict != "-" && name != "phone_b")
        .map(|(name, ..)| name)
        .collect();
    assert_eq!(protected.len(), 34);
    let nulls = ["nulls", "out/t.parquet"].into_iter().chain(protected.iter().map(String::as_str));
    desk.oracle("parquet_typed.py", nulls).unwrap().exits(0);
    let files = ["typed/t.parquet", "out/t.parquet"].into_iter();
    let compared = files.chain(protected.iter().map(String::as_str));
    desk.oracle("parquet_check.py", compared).unwrap().exits(0);
    let left = desk.findings("out", "");
    assert!(!left.is_empty() && left.iter().all(|finding| name(finding) == "phone_b"));
}

#[test]
fn what_a_typed_column_becomes_is_what_its_text_becomes() {
    let Some(desk) = typed("make") else { return };
    // Nobody looks at this one where no name speaks for it.
    let declared = "field = \"number_g\"\nkind = \"phone\"\nop = \"token\"\nas = \"string\"";
    let tokens = policy("token", declared);
    let strings: String = tokens
        .lines()
        .map(|line| match line.split_once(" = ") {
            Some((kind, "\"token\"")) if kind != "op" => {
                format!("{kind} = {{ op = \"token\", as = \"string\" }}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    desk.write("strings.toml", strings);
    for directory in ["typed", "text"] {
        let out = format!("{directory}-out");
        desk.mask(directory, &out, "--policy strings.toml").exits(0);
    }
    let columns = fields(&desk, "typed/t.parquet", "").into_iter();
    let found = columns.filter(|(_, _, verdict)| verdict != "-").map(|(name, ..)| name);
    let found: Vec<_> = found.chain(["number_g".to_owned()]).collect();
    assert_eq!(found.len(), 36);
    let same = ["same", "typed-out/t.parquet", "text-out/t.parquet"].into_iter();
    let same = same.chain(found.iter().map(String::as_str));
    desk.oracle("parquet_typed.py", same).unwrap().exits(0);
    desk.loup("verify typed-out --against typed --policy strings.toml").exits(0);
}

#[test]
fn files_of_a_dataset_get_one_type() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("in/calls")).unwrap();
    let Some(parts) = desk.oracle("parquet_schema.py", ["parts", "in/calls"]) else { return };
    parts.exits(0);
    let strings = "version = 1\non_new = \"default\"\nregions = [\"FR\"]\n[[fields]]\n\
                   field = \"phone\"\nkind = \"phone\"\nop = \"token\"\nas = \"string\"\n";
    desk.write("strings.toml", strings);
    desk.mask("in", "out", "--policy strings.toml").exits(0);
    for part in ["part-0", "part-1", "part-2"] {
        let file = format!("out/calls/{part}.parquet");
        assert_eq!(schema(&desk, &file), "phone: string\nn: int64\n", "{part}");
    }
    desk.loup("verify out --against in --policy strings.toml").exits(0);
}

#[test]
fn a_declared_field_of_numbers_that_nobody_looked_at_is_dropped_all_the_same() {
    let Some(desk) = typed("make") else { return };
    let mask = |operator: &str| {
        let declared = format!("field = \"number_g\"\nkind = \"phone\"\nop = \"{operator}\"");
        desk.write("declared.toml", policy("keep", &declared));
        desk.mask("typed", "out", "--policy declared.toml")
    };
    mask("token").exits(2).says(&["number_g", "integers", "`drop` or `keep`"]);
    mask("drop").exits(0);
    desk.oracle("parquet_typed.py", ["nulls", "out/t.parquet", "number_g"]).unwrap().exits(0);
    let files = ["typed/t.parquet", "out/t.parquet", "number_g"];
    desk.oracle("parquet_check.py", files).unwrap().exits(0);
}

/// A kind of dates, as a user would write it.
const BIRTH_DATE: &str = r#"
id = "birth_date"
kind = "birth_date"
category = "identity"
prefix = "dob"
operator = "drop"
description = "A date of birth."
pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
hints = ["birthdate"]
references = ["ISO 8601"]
[confidence]
certain = 0.9
supported = 0.9
bare = 0.1
shape = 0.1
[examples]
match = ["1980-05-03"]
no_match = ["1980"]
"#;

#[test]
fn birth_dates_are_found_in_dates_and_in_points_in_time_at_midnight() {
    let Some(desk) = typed("dates") else { return };
    desk.write("rules/birth_date.toml", BIRTH_DATE);
    same_findings(&desk, "--rules rules", 4);
    assert_eq!(desk.findings("typed/t.parquet.int96.parquet", "--rules rules").len(), 175);
    let types = fields(&desk, "typed/t.parquet", "--rules rules");
    assert!(types[1..].iter().all(|(_, of_type, _)| of_type == "date"));
    desk.mask("typed", "out", "--rules rules").exits(0);
    let dropped = ["birthdate_a", "birthdate_b", "birthdate_c", "birthdate_d"];
    let nulls = ["nulls", "out/t.parquet"].into_iter().chain(dropped);
    desk.oracle("parquet_typed.py", nulls).unwrap().exits(0);
    let files = ["typed/t.parquet", "out/t.parquet"].into_iter().chain(dropped);
    desk.oracle("parquet_check.py", files).unwrap().exits(0);
}

#[test]
fn numbers_of_few_digits_are_counted_by_their_statistics() {
    let desk = Desk::new();
    let Some(made) = desk.oracle("parquet_typed.py", ["counts", "."]) else { return };
    made.exits(0);
    let counts = |file: &str| -> Vec<_> {
        desk.scan(file, "--out map.json").exits(0);
        let map = desk.json("map.json");
        std::fs::remove_file(desk.path("map.json")).unwrap();
        let fields = map["datasets"][0]["fields"].as_array().unwrap().clone();
        let read = fields.into_iter().filter(|field| field["path"] != "short");
        read.map(|field| [field["values"].clone(), field["nulls"].clone()]).collect()
    };
    let stated = counts("stated.parquet");
    assert_eq!(stated, counts("unstated.parquet"));
    // Their pages are not read.
    assert_eq!(stated, counts("torn.parquet"));
}
