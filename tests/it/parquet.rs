//! Parquet of many makes, written by pyarrow.

use crate::support::{Desk, Ended};

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
