//! The map of a scan as proof of what is in files that did not change since.
//!
//! Nobody sees from outside whether a column was looked at. So some maps here are doctored: they deny
//! what their scan found. Where an address is left alone under such a map, nobody has looked.

use std::fs::{self, File};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::{Value, json};

use crate::support::{Desk, holds, outputs, project};

const ADDRESS: &str = "jean@example.com";
/// As long as the address.
const NOTE: &str = "nothing is here ";
const TABLES: [&str; 3] = ["in/t.csv", "in/e.ndjson", "in/p.parquet"];

/// A table in each format, a log, and a table that cannot be read; each table has a column of mail and
/// a column of notes, of which the last is `note`.
fn tables(note: &str) -> Desk {
    let desk = Desk::new();
    write_tables(&desk, note);
    desk.write("in/a.log", format!("06:00 login <{ADDRESS}> ok\n"));
    let torn = project("fixtures/hostile/torn-pages.parquet");
    desk.write("in/torn.parquet", fs::read(torn).unwrap());
    desk
}

fn write_tables(desk: &Desk, note: &str) {
    let mut rows: Vec<_> =
        (0..20).map(|n| [format!("user{n}@example.com"), format!("nothing here {n:02}")]).collect();
    rows.push(["last@example.com".to_owned(), note.to_owned()]);
    let lines = |line: fn(&[String; 2]) -> String| rows.iter().map(line).collect::<String>();
    let csv = lines(|[mail, note]| format!("{mail},{note}\n"));
    desk.write(TABLES[0], format!("mail,note\n{csv}"));
    let line = |[mail, note]: &[String; 2]| format!("{}\n", json!({"mail": mail, "note": note}));
    desk.write(TABLES[1], lines(line));
    desk.write(TABLES[2], columns(["mail", "note"], &rows));
}

/// Parquet of two required columns.
fn columns(names: [&str; 2], rows: &[[String; 2]]) -> Vec<u8> {
    let leaves = names.map(|name| format!("required binary {name} (STRING);")).concat();
    let schema = Arc::new(parse_message_type(&format!("message m {{ {leaves} }}")).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for column in 0..names.len() {
        let values: Vec<_> = rows.iter().map(|row| ByteArray::from(row[column].as_str())).collect();
        let mut leaf = group.next_column().unwrap().unwrap();
        leaf.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        leaf.close().unwrap();
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

/// Scans into `map.json`, when the files are old enough for a later change to show.
fn scan(desk: &Desk, more: &str) {
    sleep(Duration::from_millis(2100));
    desk.loup(&format!("scan in --out map.json {more}")).exits(3);
}

/// Doctors the map: nothing was found in the notes.
fn deny(desk: &Desk, name: &str, change: impl FnOnce(&mut Value)) {
    let mut map = desk.json("map.json");
    let datasets = map["datasets"].as_array_mut().unwrap();
    for field in datasets.iter_mut().flat_map(|of| of["fields"].as_array_mut().unwrap()) {
        if field["path"].as_str().is_some_and(|path| path.ends_with("note")) {
            (field["kinds"], field["verdict"]) = (json!([]), Value::Null);
        }
    }
    change(&mut map);
    desk.write(name, map.to_string());
}

/// In which of the copies of the tables the address stands, which is nowhere if it is not there.
fn left_in(desk: &Desk, out: &str) -> [bool; 3] {
    TABLES.map(|table| {
        let copy = desk.path(&table.replacen("in", out, 1));
        fs::read(copy).is_ok_and(|bytes| holds(&bytes, ADDRESS))
    })
}

#[test]
fn a_map_with_stamps_gives_the_copy_that_a_map_without_gives() {
    let desk = tables(NOTE);
    scan(&desk, "");
    let mut map = desk.json("map.json");
    // Neither the log, which has no fields, nor what could not be read.
    assert_eq!(map["run"]["surveyed"].as_array().unwrap().len(), TABLES.len());
    map["run"].as_object_mut().unwrap().remove("surveyed");
    desk.write("bare.json", map.to_string());
    for (out, map, threads) in
        [("fast", "map.json", 1), ("two", "map.json", 2), ("slow", "bare.json", 1)]
    {
        desk.mask("in", out, &format!("--map {map} --threads {threads}")).exits(3);
    }
    let slow = outputs(&desk.path("slow"));
    assert_eq!(outputs(&desk.path("fast")), slow);
    assert_eq!(outputs(&desk.path("two")), slow);
}

#[test]
fn what_was_found_empty_is_passed_over_in_files_that_did_not_change() {
    let desk = tables(ADDRESS);
    scan(&desk, "");
    deny(&desk, "denies.json", |_| ());
    desk.mask("in", "out", "--map denies.json").exits(3);
    assert_eq!(left_in(&desk, "out"), [true; 3]);
    // Without its stamps nobody believes it, and Parquet that it does not describe is not written.
    deny(&desk, "bare.json", |map| map["run"]["surveyed"] = json!([]));
    desk.mask("in", "looked", "--map bare.json").exits(3);
    assert_eq!(left_in(&desk, "looked"), [false; 3]);
    // What decides what a scan sees is no longer the same.
    for (out, more) in [
        ("region", "--region FR"),
        ("confidence", "--min-confidence 0.4"),
        ("quote", "--format csv"),
    ] {
        desk.mask("in", out, &format!("--map denies.json {more}"));
        assert_eq!(left_in(&desk, out), [false; 3], "{more}");
    }
    // An earlier scan knows of no key, and takes for pseudonyms what is none under this one.
    deny(&desk, "protected.json", |map| {
        let datasets = map["datasets"].as_array_mut().unwrap();
        for field in datasets.iter_mut().flat_map(|of| of["fields"].as_array_mut().unwrap()) {
            field["protected"] = json!(1);
        }
    });
    desk.mask("in", "keyed", "--map protected.json").exits(3);
    assert_eq!(left_in(&desk, "keyed"), [false; 3]);
}

#[test]
fn what_came_into_a_column_since_is_protected_whatever_the_file_says_of_itself() {
    let desk = tables(NOTE);
    scan(&desk, "");
    let before = TABLES.map(|table| desk.path(table).metadata().unwrap());
    write_tables(&desk, ADDRESS);
    for (table, before) in TABLES.iter().zip(&before) {
        let file = File::options().write(true).open(desk.path(table)).unwrap();
        file.set_modified(before.modified().unwrap()).unwrap();
        let now = desk.path(table).metadata().unwrap();
        assert_eq!(
            (now.len(), now.modified().unwrap()),
            (before.len(), before.modified().unwrap())
        );
    }
    desk.mask("in", "out", "--map map.json").exits(3).says(&["p.parquet", "scan it again"]);
    assert_eq!(left_in(&desk, "out"), [false; 3]);
    assert!(
        desk.exists("out/t.csv") && desk.exists("out/e.ndjson") && !desk.exists("out/p.parquet")
    );
}

#[test]
fn files_stand_for_themselves_and_a_file_that_was_only_touched_is_looked_at() {
    let desk = tables(ADDRESS);
    scan(&desk, "");
    deny(&desk, "denies.json", |_| ());
    let file = File::options().write(true).open(desk.path(TABLES[0])).unwrap();
    file.set_modified(SystemTime::now()).unwrap();
    fs::copy(desk.path(TABLES[1]), desk.path("copy")).unwrap();
    fs::rename(desk.path("copy"), desk.path(TABLES[1])).unwrap();
    desk.mask("in", "out", "--map denies.json").exits(3);
    assert_eq!(left_in(&desk, "out"), [false, false, true]);
}

#[test]
fn a_file_that_was_written_just_now_has_no_stamp() {
    let desk = tables(NOTE);
    for table in TABLES {
        let file = File::options().write(true).open(desk.path(table)).unwrap();
        file.set_modified(SystemTime::now() + Duration::from_secs(3600)).unwrap();
    }
    desk.loup("scan in --out map.json").exits(3);
    assert_eq!(desk.json("map.json")["run"].get("surveyed"), None);
}
