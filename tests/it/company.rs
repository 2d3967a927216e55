//! The dump of a small company, protected.

use std::sync::LazyLock;

use crate::support::{Desk, MANIFEST, company, outputs, project, tree};

const REGIONS: &str = "FR,GB,US";

/// The protected copy, `out` in its directory; made once.
static MASKED: LazyLock<Desk> = LazyLock::new(|| {
    let desk = Desk::new();
    desk.mask(company(), "out", &format!("--region {REGIONS}")).exits(0);
    desk
});

/// The columns of the orders that hold personal data.
const PERSONAL: [&str; 8] = [
    "customer_email",
    "phone",
    "iban",
    "ip",
    "note",
    "contacts.list.element.email",
    "contacts.list.element.phone",
    "attrs.key_value.value",
];

#[test]
fn every_file_has_its_copy() {
    let mut copies = tree(&MASKED.path("out"));
    assert!(copies.remove(MANIFEST).is_some());
    assert!(copies.keys().eq(tree(&company()).keys()));
}

#[test]
fn nothing_is_found_in_the_copy() {
    for regions in ["", "--region FR,GB,US"] {
        assert!(MASKED.findings("out", regions).is_empty());
    }
}

#[test]
fn no_planted_value_is_in_the_copy() {
    let originals = project("fixtures/company.originals.txt");
    if let Some(searched) =
        MASKED.oracle("leaks.py", [MASKED.path("out").as_os_str(), originals.as_os_str()])
    {
        searched.exits(0);
    }
}

#[test]
fn joins_across_csv_json_logs_and_parquet_give_the_same_rows() {
    let copies = MASKED.path("out");
    if let Some(joined) =
        MASKED.oracle("joins.py", [company().as_os_str(), copies.as_os_str(), REGIONS.as_ref()])
    {
        joined.exits(0);
    }
}

#[test]
fn the_csv_differs_in_its_personal_columns_only() {
    let (original, copy) = (company().join("crm/customers.csv"), "out/crm/customers.csv");
    let words =
        [original.to_str().unwrap(), copy, "name", "email", "phone", "iban", "--text", "notes"];
    if let Some(compared) = MASKED.oracle("csv_shape.py", words) {
        compared.exits(0);
    }
}

#[test]
fn the_orders_keep_their_schema_rows_nulls_and_untouched_chunks() {
    let orders = tree(&company().join("orders")).into_keys();
    for part in orders.filter(|name| name.ends_with(".parquet")) {
        let original = company().join("orders").join(&part);
        let copy = MASKED.path("out/orders").join(&part);
        let words = [original.as_os_str(), copy.as_os_str()];
        let words = words.into_iter().chain(PERSONAL.map(AsRef::as_ref));
        let Some(compared) = MASKED.oracle("parquet_check.py", words) else { return };
        compared.exits(0);
    }
}

#[test]
fn duckdb_and_polars_read_the_protected_orders() {
    if let Some(read) = MASKED.oracle("parquet_variants.py", ["readers", "out/orders"]) {
        read.exits(0);
    }
}

#[test]
fn pseudonyms_can_be_recomputed_from_the_specification() {
    let pairs = |column: &str, canonical: fn(&str) -> String| {
        let rows = |path| {
            let mut reader = csv::Reader::from_path(path).unwrap();
            let at = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
            let cells: Vec<_> =
                reader.records().map(|row| row.unwrap().get(at).unwrap().to_owned()).collect();
            cells
        };
        let before = rows(company().join("crm/customers.csv"));
        let after = rows(MASKED.path("out/crm/customers.csv"));
        let pairs = before.iter().zip(after).filter(|(value, _)| !value.trim().is_empty());
        pairs.map(|(value, token)| format!("{}\t{token}\n", canonical(value))).collect::<String>()
    };
    let emails = pairs("email", |value| value.trim().to_lowercase());
    let ibans = pairs("iban", |value| value.replace([' ', '-'], "").to_uppercase());
    for (kind, values) in [("email", emails), ("iban", ibans)] {
        let Some(checked) = MASKED.oracle_with("tokens.py", ["test.key", "default", kind], &values)
        else {
            return;
        };
        checked.exits(0);
    }
}

#[test]
fn the_manifest_is_valid_and_says_what_was_done() {
    let manifest = MASKED.json(&format!("out/{MANIFEST}"));
    assert_eq!(manifest["key"]["id"], "2aaecdf7");
    assert_eq!(manifest["coverage"]["scanned"], manifest["coverage"]["bytes"]);
    let customers = &manifest["files"][0];
    assert_eq!(
        (&customers["file"], &customers["records"]),
        (&"crm/customers.csv".into(), &2000.into())
    );
    // 98 phones in the notes, 1 894 in their column, and 28 there that do not validate.
    assert_eq!(customers["findings"]["phone"], 2020);
    let schema = project("schemas/manifest.schema.json");
    let path = MASKED.path("out").join(MANIFEST);
    if let Some(checked) = MASKED.oracle("schema_check.py", [schema.as_os_str(), path.as_os_str()])
    {
        checked.exits(0);
    }
}

#[test]
fn protecting_a_protected_copy_changes_no_byte() {
    let desk = Desk::new();
    desk.mask(MASKED.path("out"), "again", &format!("--region {REGIONS}")).exits(0);
    let (mut once, mut twice) = (tree(&MASKED.path("out")), tree(&desk.path("again")));
    once.remove(MANIFEST);
    twice.remove(MANIFEST);
    assert!(once == twice);
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let desk = Desk::new();
    for threads in [1, 5] {
        let out = format!("out{threads}");
        desk.mask(company(), &out, &format!("--region {REGIONS} --threads {threads}")).exits(0);
        assert!(outputs(&desk.path(&out)) == outputs(&MASKED.path("out")), "{threads} threads");
    }
}

#[test]
fn another_domain_gives_pseudonyms_that_share_nothing() {
    let desk = Desk::new();
    let words = format!("--region {REGIONS} --domain analytics");
    desk.mask(company().join("crm"), "out", &words).exits(0);
    let tokens = |text: &str| {
        let is_token = |word: &&str| word.starts_with("eml1_");
        text.split([',', '\n', ' ']).filter(is_token).map(str::to_owned).collect::<Vec<_>>()
    };
    let here = tokens(&MASKED.read("out/crm/customers.csv"));
    let there = tokens(&desk.read("out/customers.csv"));
    assert!(here.len() > 2000 && here.len() == there.len());
    assert!(!there.iter().any(|token| here.contains(token)));
}
