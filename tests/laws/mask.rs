//! Outputs do not depend on how the work was cut, change what was found and nothing else, and do
//! not change when they are protected again.

use loup::datamap::MAX_FIELDS;
use loup::kind::{Canonical, email, iban};
use loup::operator::Operator;
use loup::pipeline::PipelineError;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::inputs::{self, Folder, folder};
use super::run::{PLAIN, WORLD, config, content, effort, files_in, known, mask, policy};

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn outputs_and_manifest_do_not_depend_on_threads_or_chunks(
        folder in folder(4),
        operators in vec(select(&Operator::ALL[..]), 3),
        effort in effort(),
    ) {
        let root = tempfile::tempdir().unwrap();
        folder.write(&root.path().join("in"));
        let files = files_in(&root.path().join("in"));
        let policy = policy(&operators);
        let one = mask(&files, Some(&policy), PLAIN, &root.path().join("one"));
        let two = mask(&files, Some(&policy), effort, &root.path().join("two"));
        let (Ok(one), Ok(two)) = (&one, &two) else {
            // An operator that a type cannot keep is refused, before anything is written.
            prop_assert_eq!(one.as_ref().err().map(said), two.as_ref().err().map(said));
            return Ok(());
        };
        for (name, bytes) in &one.files {
            prop_assert_eq!(content(name, &two.files[name]), content(name, bytes), "{}", name);
        }
        prop_assert!(one.files == two.files);
        prop_assert_eq!(&one.manifest, &two.manifest);
    }

    #[test]
    fn keeping_everything_changes_nothing(folder in folder(4), effort in effort()) {
        let root = tempfile::tempdir().unwrap();
        folder.write(&root.path().join("in"));
        let files = files_in(&root.path().join("in"));
        let policy = policy(&[Operator::Keep]);
        let copy = mask(&files, Some(&policy), effort, &root.path().join("out")).unwrap();
        prop_assert!(!copy.masked.incomplete, "{:?}", copy.masked);
        for (name, bytes) in &folder.0 {
            prop_assert_eq!(content(name, &copy.files[name]), content(name, bytes), "{}", name);
        }
    }

    // Not of values that touch: what is left between two replacements may look like something. And
    // not of national numbers: they need a word near them, and a word comes nearer to a value when
    // a longer one between them is masked.
    #[test]
    fn protecting_twice_is_protecting_once(
        folder in folder(1),
        operator in select(
            &[
                Operator::Token,
                Operator::Encrypt,
                Operator::Mask,
                Operator::Redact,
                Operator::Drop,
                Operator::Keep,
            ][..]
        ),
    ) {
        let mut folder = folder;
        for (_, bytes) in &mut folder.0 {
            without(b"01 99 00", b"a1 bb cc", bytes);
        }
        let root = tempfile::tempdir().unwrap();
        folder.write(&root.path().join("in"));
        let policy = policy(&[operator]);
        let protect = |from: &str, to: &str| {
            mask(&files_in(&root.path().join(from)), Some(&policy), PLAIN, &root.path().join(to))
        };
        let Ok(once) = protect("in", "once") else { return Ok(()) };
        let twice = protect("once", "twice").unwrap();
        for (name, bytes) in &once.files {
            prop_assert_eq!(content(name, &twice.files[name]), content(name, bytes), "{}", name);
        }
    }

    #[test]
    fn what_was_planted_becomes_its_token_and_nothing_else_changes(
        rows in vec(vec(part(), 3), 1..24),
        effort in effort(),
    ) {
        let folder = |value: fn(&Part) -> String| {
            let cells: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(value).collect()).collect();
            written(&cells)
        };
        let planted = folder(|part| format!("{} {} {}", part.before, part.value, part.after));
        let expected = folder(|part| format!("{} {} {}", part.before, part.token(), part.after));
        let root = tempfile::tempdir().unwrap();
        planted.write(&root.path().join("in"));
        let files = files_in(&root.path().join("in"));
        let copy = mask(&files, None, effort, &root.path().join("out")).unwrap();
        prop_assert!(!copy.masked.incomplete, "{:?}", copy.masked);
        for (name, bytes) in &expected.0 {
            prop_assert_eq!(content(name, &copy.files[name]), content(name, bytes), "{}", name);
        }
    }
}

/// Puts `other`, of the same length, wherever `text` stands in `bytes`.
fn without(text: &[u8; 8], other: &[u8; 8], bytes: &mut [u8]) {
    let places: Vec<_> =
        (0..bytes.len().saturating_sub(7)).filter(|at| bytes[*at..].starts_with(text)).collect();
    for at in places {
        bytes[at..at + 8].copy_from_slice(other);
    }
}

fn said(error: &PipelineError) -> String {
    error.to_string()
}

#[test]
fn a_column_is_protected_wherever_it_stands_in_a_file() {
    let text = |email: &str| vec![vec![email.to_owned(), "none".to_owned()]; 3];
    // The survey sees the column twice: with values, and without.
    let files = vec![
        ("t/part-0.parquet", inputs::text_columns(&["note", "email"], &text("a@example.com"))),
        ("t/part-1.parquet", inputs::text_columns(&["email", "note"], &text("b@example.com"))),
    ];
    let folder = Folder(files.into_iter().map(|(n, bytes)| (n.to_owned(), bytes)).collect());
    assert_gone(&folder, "@example.com");
}

#[test]
fn columns_beyond_the_cap_on_fields_are_protected_too() {
    let names: Vec<String> = (0..=MAX_FIELDS + 1).map(|n| format!("c{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let row: Vec<String> = names.iter().map(|name| format!("{name}@example.com")).collect();
    let bytes = inputs::text_columns(&names, &[row]);
    assert_gone(&Folder(vec![("wide.parquet".to_owned(), bytes)]), "@example.com");
}

fn assert_gone(folder: &Folder, text: &str) {
    let root = tempfile::tempdir().unwrap();
    folder.write(&root.path().join("in"));
    let files = files_in(&root.path().join("in"));
    let copy = mask(&files, None, PLAIN, &root.path().join("out")).unwrap();
    assert!(!copy.masked.incomplete, "{:?}", copy.masked);
    for (name, bytes) in &copy.files {
        assert!(!content(name, bytes).contains(text), "{name}");
    }
}

/// A value among words that mean nothing.
#[derive(Debug, Clone)]
struct Part {
    before: String,
    value: String,
    after: String,
}

impl Part {
    fn token(&self) -> String {
        let value = self.value.as_bytes();
        let (kind, canonical): (_, Canonical) = match email::parse(value) {
            Some(parsed) => ("email", parsed.canonical),
            None => ("iban", iban::parse(value).unwrap().canonical),
        };
        let mut token = Vec::new();
        WORLD.pseudonyms.token(WORLD.rules.kind_id(kind).unwrap(), &canonical, &mut token);
        String::from_utf8(token).unwrap()
    }
}

fn part() -> impl Strategy<Value = Part> {
    let word = || {
        select(&["login", "ok", "é", "2026-11-22", "10:06:12", "v1.2.3", "<b>", "x=1", "\t"][..])
            .prop_map(str::to_owned)
    };
    let value = prop_oneof![(0..500).prop_map(|n| format!("user{n}@example.org")), inputs::iban()];
    (word(), value, word()).prop_map(|(before, value, after)| Part { before, value, after })
}

/// The same cells in each format.
fn written(rows: &[Vec<String>]) -> Folder {
    let names = ["first", "second", "third"];
    let lines = |row: &Vec<String>| row.join(" ");
    let log: String = rows.iter().map(|row| format!("{}\n", lines(row))).collect();
    let csv: String =
        rows.iter().map(|row| format!("{},\"{}\", {} \r\n", row[0], row[1], row[2])).collect();
    let object = |row: &Vec<String>| {
        let members =
            names.iter().zip(row).map(|(name, cell)| format!("\"{name}\" :{}", json(cell)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
    };
    let objects: Vec<_> = rows.iter().map(object).collect();
    Folder(vec![
        ("app.log".to_owned(), log.into_bytes()),
        ("t.csv".to_owned(), format!("first,second,third\r\n{csv}").into_bytes()),
        ("e.ndjson".to_owned(), format!("{}\n", objects.join("\n")).into_bytes()),
        ("d.json".to_owned(), format!("[ {} ]", objects.join(" ,")).into_bytes()),
        ("p.parquet".to_owned(), inputs::text_columns(&names, rows)),
    ])
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The column was empty of personal data when it was surveyed, in this run or in an earlier one, so
/// nobody would look at it again.
#[test]
fn a_table_that_changed_since_it_was_surveyed_is_not_copied() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("in/t.csv");
    std::fs::create_dir(root.path().join("in")).unwrap();
    let write = || std::fs::write(&path, "n,note\n1,nothing here\n2,nor here\n").unwrap();
    write();
    // Old enough to be stamped.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    let files = files_in(&root.path().join("in"));
    let append = || {
        use std::io::Write as _;
        let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
        writeln!(file, "3,jean@example.com").unwrap();
    };
    for (out, known) in [("mapped", Some(known(&files))), ("changed", None)] {
        let out = root.path().join(out);
        let changed = WORLD.mask_after(&files, None, PLAIN, &out, known, append).unwrap();
        assert!(changed.masked.incomplete);
        assert!(changed.files.is_empty(), "{:?}", changed.files.keys());
        write();
    }
    append();
    let whole = mask(&files, None, PLAIN, &root.path().join("whole")).unwrap();
    assert!(!whole.masked.incomplete);
    assert!(!String::from_utf8_lossy(&whole.files["t.csv"]).contains("jean@"));
}
