//! Small inputs in every format: planted values among noise, and what makes formats hard.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Files by their name below a folder.
#[derive(Clone)]
pub(crate) struct Folder(pub(crate) Vec<(String, Vec<u8>)>);

impl Folder {
    /// Writes them below `folder`.
    pub(crate) fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        for (name, bytes) in &self.0 {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
}

impl fmt::Debug for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.0.iter().map(|(name, bytes)| (name, bytes.escape_ascii().to_string())))
            .finish()
    }
}

/// A table: one column of each flavour, of which a file has some, in any order.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    columns: Vec<usize>,
    rows: Vec<[Option<String>; 6]>,
}

const COLUMNS: [&str; 6] = ["id", "email", "Phone 1", "note", "client ip", "tags"];

/// A value from the ranges set aside for documentation and fiction.
pub(crate) fn planted() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (0..30).prop_map(|n| format!("user{n}@example.com")),
        2 => (0..250).prop_map(|n| format!("192.0.2.{n}")),
        1 => (1..999).prop_map(|n| format!("2001:db8::{n}")),
        2 => iban(),
        1 => select(&["4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"][..])
            .prop_map(str::to_owned),
        2 => (0..99).prop_map(|n| format!("+33 1 99 00 00 {n:02}")),
        1 => (0..99).prop_map(|n| format!("01 99 00 00 {n:02}")),
    ]
}

/// Published documentation IBANs.
pub(crate) fn iban() -> impl Strategy<Value = String> {
    select(
        &["FR1420041010050500013M02606", "DE89 3704 0044 0532 0130 00", "be68-5390-0754-7034"][..],
    )
    .prop_map(str::to_owned)
}

fn noise() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&[
            "login", "from", "phone", "card", "é", "x=1", "2026-11-22T10:06:12.123Z", "1.2.3",
            "550e8400-e29b-41d4-a716-446655440000", "a,b", "say \"hi\"", "two\nlines", "\\", "'",
            "tel:", "[::]", "{", "42", "user@", "@", "1234567890123", "10:06:12", "",
        ][..]).prop_map(str::to_owned),
        1 => "[ -~]{0,10}",
        1 => "[@.:\\-+()0-9a-f]{0,16}",
    ]
}

/// Words and planted values, `parts` of them at most.
fn text(parts: usize) -> impl Strategy<Value = String> {
    vec(prop_oneof![2 => planted(), 3 => noise()], 0..=parts).prop_map(|parts| parts.join(" "))
}

fn row(parts: usize) -> impl Strategy<Value = [Option<String>; 6]> {
    let email = prop_oneof![
        5 => (0..30).prop_map(|n| format!("user{n}@example.com")),
        1 => noise(),
        1 => text(parts),
    ];
    let phone = prop_oneof![
        4 => (0..99).prop_map(|n| format!("01 99 00 00 {n:02}")),
        1 => noise(),
        1 => Just("+33 1 99 00 12 34".to_owned()),
    ];
    let ip = prop_oneof![(0..250).prop_map(|n| format!("192.0.2.{n}")), noise()];
    (
        option::of((0..2000u32).prop_map(|n| n.to_string())),
        option::weighted(0.8, email),
        option::weighted(0.8, phone),
        option::weighted(0.8, text(parts)),
        option::weighted(0.8, ip),
        option::weighted(0.5, noise()),
    )
        .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f])
}

fn table(parts: usize) -> impl Strategy<Value = Table> {
    let columns = (Just((0..COLUMNS.len()).collect::<Vec<_>>()).prop_shuffle(), 2..=COLUMNS.len())
        .prop_map(|(mut columns, n)| {
            columns.truncate(n);
            columns
        });
    (columns, vec(row(parts), 0..24)).prop_map(|(columns, rows)| Table { columns, rows })
}

/// How a CSV file is written.
#[derive(Debug, Clone, Copy)]
struct Manner {
    bom: bool,
    header: bool,
    quotes_all: bool,
    newline: &'static str,
    ends: bool,
    /// Every so many rows have a cell too many, or one too few.
    ragged: usize,
}

fn csv(parts: usize) -> impl Strategy<Value = Vec<u8>> {
    let manner = (
        any::<bool>(),
        prop::bool::weighted(0.8),
        any::<bool>(),
        select(&["\n", "\r\n"][..]),
        any::<bool>(),
        2..20usize,
    )
        .prop_map(|(bom, header, quotes_all, newline, ends, ragged)| Manner {
            bom,
            header,
            quotes_all,
            newline,
            ends,
            ragged,
        });
    (table(parts), manner).prop_map(|(table, manner)| table.csv(manner).into_bytes())
}

impl Table {
    fn csv(&self, manner: Manner) -> String {
        let quoted = |cell: &str| {
            if manner.quotes_all || cell.contains(['"', ',', '\n', '\r']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.to_owned()
            }
        };
        let mut lines = Vec::new();
        if manner.header {
            lines.push(self.columns.iter().map(|c| quoted(COLUMNS[*c])).collect::<Vec<_>>());
        }
        for (index, row) in self.rows.iter().enumerate() {
            let mut cells: Vec<_> =
                self.columns.iter().map(|c| quoted(row[*c].as_deref().unwrap_or(""))).collect();
            match index % manner.ragged {
                1 => cells.push("user1@example.com".to_owned()),
                5 => drop(cells.pop()),
                _ => {}
            }
            lines.push(cells);
        }
        let lines: Vec<_> = lines.iter().map(|cells| cells.join(",")).collect();
        let mut text = if manner.bom { "\u{feff}".to_owned() } else { String::new() };
        text += &lines.join(manner.newline);
        if manner.ends {
            text += manner.newline;
        }
        text
    }

    /// One leaf of 64-bit integers, lists for the tags, text for the others; two row groups.
    pub(crate) fn parquet(&self) -> Vec<u8> {
        let leaf = |column: &usize| match *column {
            0 => "optional int64 id;".to_owned(),
            5 => "optional group tags (LIST) { repeated group list { optional binary element \
                  (STRING); } }"
                .to_owned(),
            other => format!("optional binary {} (STRING);", COLUMNS[other].replace(' ', "_")),
        };
        let leaves: String = self.columns.iter().map(leaf).collect();
        let schema = Arc::new(parse_message_type(&format!("message m {{ {leaves} }}")).unwrap());
        let properties = WriterProperties::builder().set_data_page_row_count_limit(4).build();
        let mut writer =
            SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
        let (first, second) = self.rows.split_at(self.rows.len() / 2);
        for rows in [first, second] {
            let mut group = writer.next_row_group().unwrap();
            for column in &self.columns {
                let mut leaf = group.next_column().unwrap().unwrap();
                let cells = || rows.iter().map(|row| row[*column].as_deref());
                match column {
                    0 => {
                        let values: Vec<i64> =
                            cells().flatten().map(|n| n.parse().unwrap()).collect();
                        let levels: Vec<_> = cells().map(|c| i16::from(c.is_some())).collect();
                        leaf.typed::<Int64Type>().write_batch(&values, Some(&levels), None)
                    }
                    5 => {
                        // Each word is an element; a list of none where the text is empty.
                        let (mut values, mut definition, mut repetition) = (vec![], vec![], vec![]);
                        for cell in cells() {
                            let words: Vec<_> = cell.unwrap_or("").split_whitespace().collect();
                            if words.is_empty() {
                                definition.push(i16::from(cell.is_some()));
                                repetition.push(0);
                            }
                            for (index, word) in words.iter().enumerate() {
                                values.push(ByteArray::from(*word));
                                definition.push(3);
                                repetition.push(i16::from(index > 0));
                            }
                        }
                        leaf.typed::<ByteArrayType>().write_batch(
                            &values,
                            Some(&definition),
                            Some(&repetition),
                        )
                    }
                    _ => {
                        let values: Vec<_> = cells().flatten().map(ByteArray::from).collect();
                        let levels: Vec<_> = cells().map(|c| i16::from(c.is_some())).collect();
                        leaf.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)
                    }
                }
                .unwrap();
                leaf.close().unwrap();
            }
            group.close().unwrap();
        }
        writer.into_inner().unwrap()
    }
}

/// Documents with an object, a list and a number in them.
fn documents(parts: usize) -> impl Strategy<Value = Vec<String>> {
    let document = (row(parts), vec(text(parts), 0..4), any::<bool>()).prop_map(
        move |(row, list, escapes)| {
            let [id, email, phone, note, ip, _] = row;
            let number = id.as_deref().and_then(|id| id.parse::<u64>().ok());
            let mut json = serde_json::json!({
                "id": number, "user": { "email": email, "phone": phone }, "note": note, "ip": ip,
                "list": list,
            });
            // A name that is protected is another name, with other hints.
            if parts > 1 {
                json["user3@example.com"] = email.into();
            }
            let text = json.to_string();
            if escapes { text.replace('@', "\\u0040").replace('/', "\\/") } else { text }
        },
    );
    vec(document, 0..16)
}

fn ndjson(parts: usize) -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        1 => text(parts).prop_map(|text| format!("email={} {{", text.replace('\n', " "))),
        1 => Just("{\"note\": \"user5@example.com".to_owned()),
        1 => Just(String::new()),
    ];
    (documents(parts), vec((0..16usize, line), 0..4), any::<bool>()).prop_map(
        |(mut lines, more, ends)| {
            for (at, line) in more {
                lines.insert(at.min(lines.len()), line);
            }
            (lines.join("\n") + if ends { "\n" } else { "" }).into_bytes()
        },
    )
}

fn json_array(parts: usize) -> impl Strategy<Value = Vec<u8>> {
    (documents(parts), select(&[",", ",\n", " ,\n  "][..]), select(&["]", "]\n", ""][..]))
        .prop_map(|(documents, comma, end)| format!("[{}{end}", documents.join(comma)).into_bytes())
}

fn log(parts: usize) -> impl Strategy<Value = Vec<u8>> {
    let line = (
        select(&["login ok ", "email=", "ip=", "tel: ", "{\"a\": \"", "", "2026-11-22 "][..]),
        text(parts),
    )
        .prop_map(|(start, text)| format!("{start}{}", text.replace('\n', " ")));
    (vec(line, 0..30), select(&["\n", "\r\n"][..]), any::<bool>()).prop_map(
        |(lines, newline, ends)| {
            (lines.join(newline) + if ends { newline } else { "" }).into_bytes()
        },
    )
}

fn parquet(parts: usize) -> impl Strategy<Value = Vec<u8>> {
    table(parts).prop_map(|table| table.parquet())
}

/// A folder with datasets of one file and of two; a text in it has at most `parts` values.
pub(crate) fn folder(parts: usize) -> impl Strategy<Value = Folder> {
    (
        option::of(log(parts)),
        option::of(csv(parts)),
        option::of(csv(parts)),
        option::of(ndjson(parts)),
        option::of(json_array(parts)),
        option::of(parquet(parts)),
        option::of(parquet(parts)),
    )
        .prop_map(|(log, csv_0, csv_1, ndjson, json, parquet_0, parquet_1)| {
            let files = [
                ("app.log", log),
                ("crm/part-0.csv", csv_0),
                ("crm/part-1.csv", csv_1),
                ("events.ndjson", ndjson),
                ("doc.json", json),
                ("orders/part-0.parquet", parquet_0),
                ("orders/part-1.parquet", parquet_1),
            ];
            let files = files.into_iter();
            Folder(files.filter_map(|(name, bytes)| Some((name.to_owned(), bytes?))).collect())
        })
}

/// Parquet of required text columns, one row group.
pub(crate) fn text_columns(names: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let leaves: String =
        names.iter().map(|name| format!("required binary {name} (STRING);")).collect();
    let schema = Arc::new(parse_message_type(&format!("message m {{ {leaves} }}")).unwrap());
    let properties = Arc::new(WriterProperties::default());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
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

/// Columns `email`, of texts, and `phone`, of integers of 64 bits.
pub(crate) fn columns(emails: &[String], phones: &[i64]) -> Vec<u8> {
    let schema = "message m { required binary email (STRING); required int64 phone; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::default());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let emails: Vec<_> = emails.iter().map(|email| ByteArray::from(email.as_str())).collect();
    let mut leaf = group.next_column().unwrap().unwrap();
    leaf.typed::<ByteArrayType>().write_batch(&emails, None, None).unwrap();
    leaf.close().unwrap();
    let mut leaf = group.next_column().unwrap().unwrap();
    leaf.typed::<Int64Type>().write_batch(phones, None, None).unwrap();
    leaf.close().unwrap();
    group.close().unwrap();
    writer.into_inner().unwrap()
}
