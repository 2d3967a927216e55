//! What holds for all text formats together, mostly as properties.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::csv::{CsvDialect, CsvOverrides};
use super::json::JsonLayout;
use super::*;

const LIMIT: usize = 1 << 20;

/// Record, field, raw bytes, is_key, is_ragged.
type Seen = (u64, Option<String>, Vec<u8>, bool, bool);

/// What a file holds, independent of how it was cut.
#[derive(Debug, PartialEq, Eq, Default)]
struct Reading {
    cells: Vec<Seen>,
    malformed: Vec<(u64, Vec<u8>)>,
    header: Vec<Vec<u8>>,
    records: u64,
    ragged: u64,
}

/// Reads all of `input` and checks on the way that the chunks are the file, and that nothing
/// changes without edits.
fn read(format: &TextFormat, input: &[u8], chunk_bytes: usize, limit: usize) -> Reading {
    let (mut reading, mut cells, mut joined) = (Reading::default(), Cells::new(), Vec::new());
    for chunk in cut(format, input, chunk_bytes, limit) {
        assert_eq!(chunk.offset, joined.len() as u64);
        format.cells(&chunk, &mut cells);
        let raw = |range: std::ops::Range<usize>| chunk.bytes[range].to_vec();
        for cell in &cells.cells {
            let path = format.field_path(&cells, cell.field).map(Cow::into_owned);
            let cell = (cell.record, path, raw(cell.range()), cell.is_key, cell.is_ragged);
            reading.cells.push(cell);
        }
        reading.header.extend(cells.header.iter().map(|cell| raw(cell.range())));
        reading.malformed.extend(cells.malformed.iter().map(|it| (it.record, raw(it.range()))));
        reading.records += cells.records;
        reading.ragged += cells.ragged;
        apply(&chunk.bytes, &Edits::new(), &mut joined);
    }
    assert_eq!(joined, input);
    reading
}

fn cut(format: &TextFormat, input: &[u8], chunk_bytes: usize, limit: usize) -> Vec<Chunk> {
    let mut splitter = format.splitter(input, chunk_bytes).with_max_record_bytes(limit);
    std::iter::from_fn(|| splitter.next_chunk().expect("a slice does not fail")).collect()
}

/// All of `input` as one chunk.
fn whole(format: &TextFormat, input: &[u8]) -> Vec<Chunk> {
    cut(format, input, LIMIT, LIMIT)
}

/// Record, field, decoded text and whether it is a key.
type Whole = (u64, Option<String>, Vec<u8>, bool);

/// Every cell of JSON whose records are cut within where they are longer than `limit`, parts put
/// together; none where something was given up on.
fn put_together(
    format: &TextFormat,
    input: &[u8],
    chunk_bytes: usize,
    limit: usize,
) -> Option<Vec<Whole>> {
    let (mut cells, mut decoder) = (Cells::new(), Decoder::new());
    let (mut read, mut is_open) = (Vec::new(), false);
    for chunk in cut(format, input, chunk_bytes, limit) {
        format.cells(&chunk, &mut cells);
        if !cells.malformed.is_empty() {
            return None;
        }
        for cell in &cells.cells {
            let path = format.field_path(&cells, cell.field).map(Cow::into_owned);
            let text = decoder.decode(&chunk.bytes, cell).text;
            let part = cell.part();
            assert_eq!(is_open, matches!(part, Some(Part::Middle | Part::Last)));
            is_open = matches!(part, Some(Part::First | Part::Middle));
            match part {
                None | Some(Part::First) => {
                    read.push((cell.record, path, text.to_vec(), cell.is_key));
                }
                Some(Part::Middle | Part::Last) => {
                    let (record, field, begun, _) = read.last_mut().expect("it has begun");
                    assert_eq!((*record, &*field), (cell.record, &path));
                    begun.extend_from_slice(text);
                }
            }
        }
    }
    Some(read)
}

/// `input` with every cell for which `text` has an answer replaced, and the others as they are.
fn rewrite(
    format: &TextFormat,
    input: &[u8],
    replace: impl Fn(&Cell, &[u8]) -> Vec<(std::ops::Range<usize>, Vec<u8>)>,
) -> Vec<u8> {
    let (mut cells, mut decoder, mut out) = (Cells::new(), Decoder::new(), Vec::new());
    for chunk in whole(format, input) {
        format.cells(&chunk, &mut cells);
        let mut edits = Edits::new();
        for cell in &cells.cells {
            let wanted = replace(cell, decoder.decode(&chunk.bytes, cell).text);
            let wanted: Vec<_> = wanted
                .iter()
                .map(|(range, text)| Replacement { range: range.clone(), text })
                .collect();
            format.replace(&chunk.bytes, cell, &wanted, &mut decoder, &mut edits);
        }
        apply(&chunk.bytes, &edits, &mut out);
    }
    out
}

/// The decoded cells of `input`, row by row.
fn rows(format: &TextFormat, input: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let (mut cells, mut decoder) = (Cells::new(), Decoder::new());
    let mut rows: Vec<Vec<Vec<u8>>> = Vec::new();
    for chunk in whole(format, input) {
        format.cells(&chunk, &mut cells);
        for cell in &cells.cells {
            let row = usize::try_from(cell.record).expect("few rows");
            if rows.len() < row {
                rows.resize(row, Vec::new());
            }
            rows[row - 1].push(decoder.decode(&chunk.bytes, cell).text.to_vec());
        }
    }
    rows
}

fn csv_format(delimiter: u8, quote: u8, header: bool, columns: usize) -> TextFormat {
    TextFormat::Csv {
        dialect: CsvDialect { delimiter, quote, header },
        names: (1..=columns).map(|column| format!("column_{column}")).collect(),
    }
}

fn all_formats() -> Vec<TextFormat> {
    vec![
        TextFormat::Log,
        csv_format(b',', b'"', true, 2),
        csv_format(b';', b'\'', false, 3),
        TextFormat::Json(JsonLayout::Lines),
        TextFormat::Json(JsonLayout::Values),
        TextFormat::Json(JsonLayout::Array),
    ]
}

/// Text made of what matters to some format.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = select(vec![
        "a",
        "b",
        "1",
        " ",
        ",",
        ";",
        "\"",
        "\"\"",
        "'",
        "\n",
        "\r\n",
        "\r",
        "é",
        "{",
        "}",
        "[",
        "]",
        ":",
        "\\",
        "\\u00e9",
        "\"k\":",
        "true",
        "-0.5e3",
        "\t",
        "\n\n",
        "\\ud83d\\ude00",
        "\"x\"",
    ]);
    (select(vec!["", "\u{feff}"]), vec(piece, 0..60))
        .prop_map(|(mark, pieces)| (mark.to_owned() + &pieces.concat()).into_bytes())
}

/// A JSON value.
fn json_value() -> impl Strategy<Value = Value> {
    let text = || {
        select(vec![
            "",
            "a",
            "a b",
            "é\"\\\n",
            "😀",
            "a@example.com",
            "k",
            "a.b",
            "x'y",
            "user",
            "\u{1}",
            "/",
        ])
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((text(), inner), 0..5).prop_map(|entries| {
                entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            }),
        ]
    })
}

/// The strings and numbers of a value in the order of the text.
fn leaves(value: &Value, out: &mut Vec<Value>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(_) | Value::String(_) => out.push(value.clone()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, out)),
        Value::Object(entries) => entries.values().for_each(|item| leaves(item, out)),
    }
}

/// `value` with each string and number replaced.
fn with_leaves(value: &Value, leaf: &str) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(_) | Value::String(_) => Value::from(leaf),
        Value::Array(items) => items.iter().map(|item| with_leaves(item, leaf)).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, item)| (key.clone(), with_leaves(item, leaf))).collect()
        }
    }
}

/// Documents as one file, in a layout.
fn json_file(values: &[Value], layout: JsonLayout, pretty: bool) -> String {
    let one = |value| match pretty {
        true => serde_json::to_string_pretty(value),
        false => serde_json::to_string(value),
    };
    let texts: Vec<_> = values.iter().map(|value| one(value).expect("a value is JSON")).collect();
    match layout {
        JsonLayout::Lines | JsonLayout::Values => texts.join("\n"),
        JsonLayout::Array => format!(" [ {}]\n", texts.join(" ,\n")),
    }
}

proptest! {
    #[test]
    fn the_size_of_chunks_changes_nothing(input in soup()) {
        for format in all_formats() {
            for limit in [LIMIT, 24] {
                let expected = read(&format, &input, limit.min(4096), limit);
                for chunk_bytes in [1, 7, 64] {
                    prop_assert_eq!(&read(&format, &input, chunk_bytes, limit), &expected);
                }
            }
        }
    }

    #[test]
    fn the_size_of_chunks_changes_nothing_in_json(
        values in vec(json_value(), 0..6), layout in 0_usize..3, pretty: bool,
    ) {
        let layout = [JsonLayout::Lines, JsonLayout::Values, JsonLayout::Array][layout];
        let input = json_file(&values, layout, pretty && layout != JsonLayout::Lines);
        let format = TextFormat::Json(layout);
        let expected = read(&format, input.as_bytes(), 4096, LIMIT);
        prop_assert_eq!(&expected.malformed, &[]);
        prop_assert_eq!(expected.records, values.len() as u64);
        for chunk_bytes in [1, 7, 64] {
            let reading = read(&format, input.as_bytes(), chunk_bytes, LIMIT);
            prop_assert_eq!(&reading, &expected);
        }
    }

    #[test]
    fn a_json_record_that_is_cut_within_reads_as_the_whole(
        values in vec(json_value(), 0..4), layout in 0_usize..3, limit in 24_usize..90, escaped: bool,
    ) {
        let layout = [JsonLayout::Lines, JsonLayout::Values, JsonLayout::Array][layout];
        // Names are never cut.
        let mut input = json_file(&values, layout, false)
            .replace("\"a b\":", "\"ab\":")
            .replace("a b", &"é a, \\\\ ".repeat(9));
        if escaped {
            input = input.replace('é', "\\u00E9").replace('😀', "\\ud83d\\uDE00");
        }
        let format = TextFormat::Json(layout);
        let expected = put_together(&format, input.as_bytes(), LIMIT, LIMIT);
        for chunk_bytes in [1, 64] {
            // Brackets alone may be longer than the limit.
            let Some(read) = put_together(&format, input.as_bytes(), chunk_bytes, limit) else {
                return Ok(());
            };
            prop_assert_eq!(Some(&read), expected.as_ref());
        }
        let dropped = |limit| {
            let (mut cells, mut out) = (Cells::new(), Vec::new());
            for chunk in cut(&format, input.as_bytes(), LIMIT, limit) {
                format.cells(&chunk, &mut cells);
                let mut edits = Edits::new();
                cells.cells.iter().for_each(|it| format.drop_cell(&chunk.bytes, it, &mut edits));
                apply(&chunk.bytes, &edits, &mut out);
            }
            out
        };
        prop_assert_eq!(dropped(limit), dropped(LIMIT));
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(input in vec(any::<u8>(), 0..300)) {
        for format in all_formats() {
            read(&format, &input, 16, LIMIT);
            rewrite(&format, &input, |_, text| vec![(0..text.len(), b"\"x,\n".to_vec())]);
            let _ = csv::sniff(&input, CsvOverrides::default(), &|_| false);
            let _ = csv::names(&input, CsvDialect::default());
            let _ = json::sniff(&input, true).or(json::sniff(&input, false));
        }
    }

    #[test]
    fn csv_cells_are_what_the_csv_crate_reads(input in soup(), single: bool) {
        let (delimiter, quote) = if single { (b';', b'\'') } else { (b',', b'"') };
        let format = csv_format(delimiter, quote, false, 2);
        let reading = read(&format, &input, LIMIT, LIMIT);
        // A quote that is not closed is what we read differently on purpose.
        if !reading.malformed.is_empty() {
            return Ok(());
        }
        let oracle = ::csv::ReaderBuilder::new()
            .has_headers(false).flexible(true).delimiter(delimiter).quote(quote)
            .from_reader(&input[..])
            .into_byte_records()
            .map(|row| row.expect("a slice").iter().map(<[u8]>::to_vec).collect())
            .collect::<Vec<Vec<_>>>();
        prop_assert_eq!(rows(&format, &input), oracle);
    }

    #[test]
    fn cells_that_are_not_wanted_are_left_out_and_nothing_else_changes(
        input in soup(), columns in 1_usize..4, wanted: u8, header: bool,
    ) {
        let format = csv_format(b',', b'"', header, columns);
        let is_wanted = |field: FieldIx| wanted >> (field.0 % 8) & 1 == 1;
        let (mut all, mut some) = (Cells::new(), Cells::new());
        // Some of it is in blocks that are read at once.
        for chunk in whole(&format, &input.repeat(3)) {
            format.cells(&chunk, &mut all);
            format.cells_of(&chunk, is_wanted, &mut some);
            all.cells.retain(|cell| cell.is_ragged || is_wanted(cell.field));
            prop_assert_eq!(&some.cells, &all.cells);
            prop_assert_eq!(&some.header, &all.header);
            prop_assert_eq!(&some.malformed, &all.malformed);
            prop_assert_eq!((some.records, some.ragged), (all.records, all.ragged));
        }
    }

    #[test]
    fn json_cells_are_what_serde_reads(
        values in vec(json_value(), 1..4), layout in 0_usize..3, escaped: bool,
    ) {
        let layout = [JsonLayout::Lines, JsonLayout::Values, JsonLayout::Array][layout];
        let mut input = json_file(&values, layout, layout != JsonLayout::Lines);
        if escaped {
            input = input.replace('é', "\\u00E9").replace('😀', "\\ud83d\\uDE00").replace('/', "\\/");
        }
        let format = TextFormat::Json(layout);
        let (mut cells, mut decoder, mut found) = (Cells::new(), Decoder::new(), Vec::new());
        for chunk in whole(&format, input.as_bytes()) {
            format.cells(&chunk, &mut cells);
            prop_assert_eq!(&cells.malformed, &[]);
            for cell in cells.cells.iter().filter(|cell| !cell.is_key) {
                let text = decoder.decode(&chunk.bytes, cell).text;
                let text = std::str::from_utf8(text).expect("UTF-8 in, UTF-8 out");
                found.push(match cell.escape {
                    Escape::JsonNumber => serde_json::from_str(text).expect("a number"),
                    _ => Value::from(text),
                });
            }
        }
        let mut expected = Vec::new();
        values.iter().for_each(|value| leaves(value, &mut expected));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn what_serde_refuses_is_malformed(input in soup()) {
        let format = TextFormat::Json(JsonLayout::Values);
        let reading = read(&format, &input, LIMIT, LIMIT);
        let input = input.strip_prefix(BOM).unwrap_or(&input);
        let mut oracle = serde_json::Deserializer::from_slice(input).into_iter::<IgnoredAny>();
        let is_valid = oracle.by_ref().all(|value| value.is_ok());
        prop_assert_eq!(is_valid, reading.malformed.is_empty());
    }

    #[test]
    fn json_keeps_its_shape_when_every_value_is_replaced(
        values in vec(json_value(), 1..4), layout in 0_usize..3,
    ) {
        let layout = [JsonLayout::Lines, JsonLayout::Values, JsonLayout::Array][layout];
        let input = json_file(&values, layout, layout != JsonLayout::Lines);
        let output = rewrite(&TextFormat::Json(layout), input.as_bytes(), |cell, text| {
            if cell.is_key { vec![] } else { vec![(0..text.len(), b"eml1_\"\\\n".to_vec())] }
        });
        let expected: Vec<_> =
            values.iter().map(|value| with_leaves(value, "eml1_\"\\\n")).collect();
        let read: Result<Vec<Value>, _> = match layout {
            JsonLayout::Array => serde_json::from_slice(&output),
            _ => serde_json::Deserializer::from_slice(&output).into_iter().collect(),
        };
        prop_assert_eq!(read.expect("still JSON"), expected);
    }

    #[test]
    fn a_replaced_part_of_a_csv_cell_reads_as_the_text_with_it_replaced(
        input in soup(), from in 0_usize..6, length in 0_usize..4,
        text in select(vec!["", "x", "a,b", "\"", "a\nb", "'", ";"]),
    ) {
        for format in [csv_format(b',', b'"', false, 2), csv_format(b';', b'\'', false, 2)] {
            // A quote that is added can close one that was open before.
            if !read(&format, &input, LIMIT, LIMIT).malformed.is_empty() {
                continue;
            }
            let cut = |cell: &[u8]| {
                let start = from.min(cell.len());
                start..(start + length).min(cell.len())
            };
            let output = rewrite(&format, &input, |_, cell| vec![(cut(cell), text.into())]);
            let mut expected = rows(&format, &input);
            for cell in expected.iter_mut().flatten() {
                let range = cut(cell);
                cell.splice(range, text.bytes());
            }
            prop_assert_eq!(rows(&format, &output), expected);
        }
    }

    #[test]
    fn a_replaced_part_of_a_json_string_reads_as_the_text_with_it_replaced(
        value in vec(select(vec!["a", "é", "\"", "\\", "\n", "😀"]), 0..8), from in 0_usize..6,
        length in 0_usize..4, text in select(vec!["", "x", "\"", "\\n", "\u{1}"]), ascii: bool,
    ) {
        let range = from.min(value.len())..(from + length).min(value.len());
        let bytes = |parts: &[&str]| parts.concat().len();
        let in_text = bytes(&value[..range.start])..bytes(&value[..range.end.max(range.start)]);
        let mut input = serde_json::to_string(&value.concat()).expect("a string is JSON");
        if ascii {
            input = input.replace('é', "\\u00E9").replace('😀', "\\ud83d\\uDE00");
        }
        let output = rewrite(&TextFormat::Json(JsonLayout::Values), input.as_bytes(), |_, _| {
            vec![(in_text.clone(), text.into())]
        });
        let mut expected = value.concat();
        expected.replace_range(in_text, text);
        prop_assert_eq!(serde_json::from_slice::<String>(&output).expect("a string"), expected);
    }

    #[test]
    fn dropped_csv_cells_keep_the_table(input in soup()) {
        let format = csv_format(b',', b'"', false, 2);
        let mut out = Vec::new();
        let mut cells = Cells::new();
        for chunk in whole(&format, &input) {
            format.cells(&chunk, &mut cells);
            let mut edits = Edits::new();
            cells.cells.iter().for_each(|cell| format.drop_cell(&chunk.bytes, cell, &mut edits));
            apply(&chunk.bytes, &edits, &mut out);
        }
        let mut expected = rows(&format, &input);
        expected.iter_mut().flatten().for_each(Vec::clear);
        prop_assert_eq!(rows(&format, &out), expected);
    }
}

/// Record, field and raw text of all cells.
fn listed(format: &TextFormat, input: &str) -> Vec<(u64, String, String)> {
    let reading = read(format, input.as_bytes(), 8, LIMIT);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    reading
        .cells
        .into_iter()
        .map(|(record, path, raw, ..)| (record, path.unwrap_or_default(), text(raw)))
        .collect()
}

fn malformed(format: &TextFormat, input: &str) -> Vec<(u64, String)> {
    let reading = read(format, input.as_bytes(), 8, LIMIT);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    reading.malformed.into_iter().map(|(record, raw)| (record, text(raw))).collect()
}

fn cell(record: u64, field: &str, raw: &str) -> (u64, String, String) {
    (record, field.to_owned(), raw.to_owned())
}

#[test]
fn a_log_line_is_a_record_and_its_line_end_is_not_in_the_cell() {
    let input = "\u{feff}one\r\n\ntwo\rhalf\nlast";
    let expected = [cell(1, "", "one"), cell(3, "", "two\rhalf"), cell(4, "", "last")];
    assert_eq!(listed(&TextFormat::Log, input), expected);
}

#[test]
fn a_line_over_the_limit_is_cut_between_words_and_stays_one_record() {
    let input = b"first\naaaa bbbb cccc dddd eeee\nlast\n";
    let reading = read(&TextFormat::Log, input, 4, 10);
    let records: Vec<_> = reading.cells.iter().map(|cell| (cell.0, &cell.2[..])).collect();
    let expected: [(u64, &[u8]); 5] =
        [(1, b"first"), (2, b"aaaa bbbb "), (2, b"cccc dddd "), (2, b"eeee"), (3, b"last")];
    assert_eq!(records, expected);
    assert_eq!(reading.records, 3);
}

#[test]
fn csv_rows_are_numbered_without_header_and_blank_lines() {
    let format = csv_format(b',', b'"', true, 2);
    let input = "\u{feff}\"name\",mail\r\n\r\nA,\"x \"\"y\"\"\r\nz\"\r\nB,\n";
    let expected = [
        cell(1, "column_1", "A"),
        cell(1, "column_2", "x \"\"y\"\"\r\nz"),
        cell(2, "column_1", "B"),
        cell(2, "column_2", ""),
    ];
    assert_eq!(listed(&format, input), expected);
    let reading = read(&format, input.as_bytes(), 8, LIMIT);
    assert_eq!((reading.records, reading.header), (2, vec![b"name".to_vec(), b"mail".to_vec()]));
}

#[test]
fn ragged_rows_are_flagged_and_surplus_cells_have_no_field() {
    let format = csv_format(b',', b'"', false, 2);
    let reading = read(&format, b"1,2\n1\n1,2,3\n", 8, LIMIT);
    assert_eq!((reading.records, reading.ragged), (3, 2));
    let ragged: Vec<_> = reading
        .cells
        .iter()
        .filter(|cell| cell.4)
        .map(|cell| (cell.0, cell.1.as_deref()))
        .collect();
    let expected = [(2, Some("column_1")), (3, Some("column_1")), (3, Some("column_2")), (3, None)];
    assert_eq!(ragged, expected);
}

#[test]
fn a_quote_that_is_not_closed_spoils_one_line() {
    let format = csv_format(b',', b'"', false, 2);
    let input = "1,2\n3,\"a@example.com\n5,6\n";
    let expected = [
        cell(1, "column_1", "1"),
        cell(1, "column_2", "2"),
        cell(3, "column_1", "5"),
        cell(3, "column_2", "6"),
    ];
    assert_eq!(listed(&format, input), expected);
    assert_eq!(malformed(&format, input), [(2, "3,\"a@example.com".to_owned())]);
}

#[test]
fn json_paths_collapse_indices_and_quote_what_is_no_identifier() {
    let format = TextFormat::Json(JsonLayout::Lines);
    let input =
        r#"{"user":{"emails":["a","b"],"a.b":1,"it's":{"x":[[2]]},"":3,"pr\u00e9nom":"P"}}"#;
    let fields: Vec<_> = listed(&format, input).into_iter().map(|cell| (cell.1, cell.2)).collect();
    let expected = [
        ("$.user.emails[*]", "a"),
        ("$.user.emails[*]", "b"),
        ("$.user.*~", "a.b"),
        ("$.user['a.b']", "1"),
        ("$.user.*~", "it's"),
        (r"$.user['it\'s'].x[*][*]", "2"),
        ("$.user.*~", ""),
        ("$.user['']", "3"),
        ("$.user.*~", r"pr\u00e9nom"),
        ("$.user.prénom", "P"),
    ];
    assert_eq!(fields, expected.map(|(path, raw)| (path.to_owned(), raw.to_owned())));
}

#[test]
fn a_malformed_json_line_is_plain_text_as_a_whole() {
    let format = TextFormat::Json(JsonLayout::Lines);
    let input = "{\"a\":1}\n\n{\"a\":\"x\", oops\r\n{\"a\":NaN}\n{\"a\":2} {\"a\":3}\n{\"a\":4}";
    assert_eq!(listed(&format, input), [cell(1, "$.a", "1"), cell(5, "$.a", "4")]);
    let expected = [(2, "{\"a\":\"x\", oops"), (3, "{\"a\":NaN}"), (4, "{\"a\":2} {\"a\":3}")];
    assert_eq!(malformed(&format, input), expected.map(|(record, text)| (record, text.to_owned())));
    // A blank of ASCII that is none of JSON.
    assert_eq!(malformed(&format, "\u{c}\n"), [(1, "\u{c}".to_owned())]);
}

#[test]
fn a_malformed_element_keeps_what_was_read_and_spares_the_next() {
    let format = TextFormat::Json(JsonLayout::Array);
    let input = "[{\"a\":1},\n{\"a\":\"x\",b:[2,3]} , {\"a\":4}]\ntrailing a@example.com\n";
    let expected = [cell(1, "$[*].a", "1"), cell(2, "$[*].a", "x"), cell(3, "$[*].a", "4")];
    assert_eq!(listed(&format, input), expected);
    let expected = [(2, "b:[2,3]} "), (4, "trailing a@example.com")];
    assert_eq!(malformed(&format, input), expected.map(|(record, text)| (record, text.to_owned())));
    assert_eq!(malformed(&format, "[{\"a\":1}"), [(1, String::new())]);
    assert_eq!(malformed(&format, "no array"), [(1, "no array".to_owned())]);
}

#[test]
fn the_rest_of_a_malformed_document_is_plain_text() {
    let format = TextFormat::Json(JsonLayout::Values);
    let input = "{\"a\": \"x\", \"b\": a@example.com, \"c\": 2}\n{\"a\": \"y\"}";
    assert_eq!(listed(&format, input), [cell(1, "$.a", "x"), cell(2, "$.a", "y")]);
    assert_eq!(malformed(&format, input), [(1, "a@example.com, \"c\": 2}".to_owned())]);
}

#[test]
fn nesting_over_the_limit_is_malformed_and_not_a_crash() {
    let format = TextFormat::Json(JsonLayout::Values);
    let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(malformed(&format, &deep(json::MAX_DEPTH)), []);
    assert_eq!(malformed(&format, &deep(json::MAX_DEPTH + 1)).len(), 1);
    assert_eq!(malformed(&format, &"{\"a\":".repeat(100_000)).len(), 1);
}

#[test]
fn keys_without_end_share_a_path_and_the_table_is_emptied_between_chunks() {
    let format = TextFormat::Json(JsonLayout::Lines);
    let entries: Vec<_> = (0..20_000).map(|n| format!("\"u{n}\":{{\"mail\":\"m\"}}")).collect();
    let large = format!("{{\"users\":{{{}}}}}", entries.join(","));
    let (mut cells, mut paths) = (Cells::new(), std::collections::HashSet::new());
    for (input, epoch) in [(large.as_str(), 0), ("{\"a\":1}", 1), ("{\"a\":1}", 1)] {
        format.cells(&whole(&format, input.as_bytes())[0], &mut cells);
        assert_eq!((cells.epoch(), &cells.malformed[..]), (epoch, &[][..]));
        let path = |cell: &Cell| format.field_path(&cells, cell.field).map(Cow::into_owned);
        paths.extend(cells.cells.iter().map(path));
    }
    assert!(paths.contains(&Some("$.users.u7.mail".into())));
    assert!(paths.contains(&Some("$.users.*.mail".into())));
    assert!(paths.contains(&Some("$.a".into())));
    assert!(paths.len() < 2 * 8192);
}

#[test]
fn keys_without_end_share_a_path_in_a_record_that_is_cut() {
    let entries: Vec<_> = (0..30_000).map(|n| format!("\"u{n}\":{{\"mail\":\"m\"}}")).collect();
    let input = format!("{{\"users\":{{{}}},\"last\":1}}", entries.join(","));
    let reading = read(&TextFormat::Json(JsonLayout::Values), input.as_bytes(), 1 << 10, 1 << 16);
    assert_eq!((&reading.malformed[..], reading.records), (&[][..], 1));
    let paths: Vec<_> = reading.cells.iter().filter_map(|cell| cell.1.as_deref()).collect();
    assert!(paths.contains(&"$.users.u7.mail") && paths.last() == Some(&"$.last"));
    let of = |path| paths.iter().filter(|it| **it == path).count();
    assert!((24_000..29_000).contains(&of("$.users.*.mail")), "{}", of("$.users.*.mail"));
    assert_eq!(of("$.users.*~"), 30_000);
}

#[test]
fn a_json_record_over_the_limit_is_cut_between_values_and_in_long_strings() {
    let all = |layout, input: &str| {
        let format = TextFormat::Json(layout);
        let reading = read(&format, input.as_bytes(), 1, 20);
        assert_eq!(reading.malformed, []);
        let cells = reading.cells.into_iter();
        let texts = cells.map(|(record, path, raw, ..)| {
            (record, path.unwrap_or_default(), String::from_utf8(raw).expect("UTF-8"))
        });
        (texts.collect::<Vec<_>>(), reading.records)
    };
    let long = r#"{"a":[1,{"b":"one two, three \u00e9\u00e9\u00e9 four"},2],"c":"d"}"#;
    let of = |record, root: &str| {
        [
            (".a[*]", "1"),
            (".a[*].b", "one two,"),
            (".a[*].b", " three \\u00e9\\u00e9"),
            (".a[*].b", "\\u00e9 four"),
            (".a[*]", "2"),
            (".c", "d"),
        ]
        .map(|(path, raw)| cell(record, &format!("{root}{path}"), raw))
    };
    let twice = |root| [of(1, root), of(2, root)].concat();
    assert_eq!(all(JsonLayout::Lines, &format!("{long}\n{long}\n")), (twice("$"), 2));
    assert_eq!(all(JsonLayout::Values, &format!("{long}{long}")), (twice("$"), 2));
    assert_eq!(all(JsonLayout::Array, &format!("[{long},{long}]")), (twice("$[*]"), 2));
}

#[test]
fn a_json_record_without_a_place_to_cut_is_plain_text() {
    let spaces = " ".repeat(40);
    let input = format!("{{\"a\":1}}\n{{\"a\":{spaces}\r{spaces}2}}\n{{\"a\":3}}\n");
    let reading = |layout| read(&TextFormat::Json(layout), input.as_bytes(), 1, 20);
    let lines = reading(JsonLayout::Lines);
    let records: Vec<_> = lines.cells.iter().map(|cell| cell.0).collect();
    assert_eq!((records, lines.records), (vec![1, 3], 3));
    assert!(lines.malformed.iter().all(|(record, _)| *record == 2));
    // Where another record begins, nobody knows.
    let values = reading(JsonLayout::Values);
    let records: Vec<_> = values.cells.iter().map(|cell| cell.0).collect();
    assert_eq!((records, values.records), (vec![1], 3));
    assert_eq!(values.malformed.last().map(|(record, _)| *record), Some(3));
}

#[test]
fn a_json_line_that_breaks_off_behind_a_cut_is_malformed() {
    let input = b"{\"aaaaa\":\"bbbbbbbb\",\n{\"a\":2}\n";
    let reading = read(&TextFormat::Json(JsonLayout::Lines), input, 1, 20);
    let records: Vec<_> = reading.cells.iter().map(|cell| cell.0).collect();
    assert_eq!((records, reading.malformed), (vec![1, 2], vec![(1, Vec::new())]));
}

#[test]
fn only_the_replaced_part_is_rewritten() {
    let json = TextFormat::Json(JsonLayout::Lines);
    let output = rewrite(&json, br#"{ "a" : "\u00e9 x \/" , "n" : 1.50 }"#, |cell, _| {
        if cell.escape == Escape::JsonNumber {
            vec![(0..4, b"T".to_vec())]
        } else {
            vec![(3..4, b"\"".to_vec())]
        }
    });
    assert_eq!(output, br#"{ "a" : "\u00e9 \" \/" , "n" : "T" }"#);
    let csv = csv_format(b',', b'"', false, 3);
    let output =
        rewrite(&csv, b"ab,\"a \"\"b\"\"\",\"a\"b\r\n", |_, _| vec![(0..1, b"T".to_vec())]);
    assert_eq!(output, b"Tb,\"T \"\"b\"\"\",\"Tb\"\r\n");
}

#[test]
fn dropping_writes_null_nothing_or_an_empty_row() {
    let dropped = |format: &TextFormat, input: &[u8]| {
        let (mut cells, mut out) = (Cells::new(), Vec::new());
        for chunk in whole(format, input) {
            format.cells(&chunk, &mut cells);
            let mut edits = Edits::new();
            cells.cells.iter().for_each(|cell| format.drop_cell(&chunk.bytes, cell, &mut edits));
            apply(&chunk.bytes, &edits, &mut out);
        }
        String::from_utf8(out).expect("UTF-8")
    };
    let json = TextFormat::Json(JsonLayout::Lines);
    assert_eq!(dropped(&json, br#"{"a":"x","n":1,"k@":true}"#), r#"{"a":null,"n":null,"":true}"#);
    assert_eq!(dropped(&csv_format(b',', b'"', false, 2), b"a,\"b\"\n"), ",\n");
    assert_eq!(dropped(&csv_format(b',', b'"', false, 1), b"a\n\"b\"\n"), "\"\"\n\"\"\n");
}

#[test]
fn nothing_printed_for_debugging_holds_a_value() {
    let chunk = whole(&TextFormat::Log, b"a@example.com\n").remove(0);
    let mut edits = Edits::new();
    edits.push(0..1, |text| text.extend_from_slice(b"a@example.com"));
    assert!(!format!("{chunk:?}{edits:?}").contains("97"));
}
