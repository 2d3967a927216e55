//! What travels beside the columns: key-value metadata, by allow-list, and scrubbed.
//!
//! A footer is free for everyone to write into, and what people put there (a sample row, the path of
//! a home directory, notes on a data frame) follows the file everywhere. So an entry stays only if a
//! reader needs it, and its text only as far as the detector finds nothing in it. Where it repeats the
//! schema it says what that of the copy is.

use std::ops::Range;

use parquet::arrow::ARROW_SCHEMA_META_KEY;
use parquet::file::metadata::KeyValue;
use serde_json::Value as Json;

use super::arrow_schema;
use super::new_schema::NewSchema;

/// Entries that readers use. The Arrow schema and pandas' have rules of their own.
const KEPT: &[&str] = &[
    "avro.schema",
    "delete-field-ids",
    "delete-type",
    "geo",
    "iceberg.schema",
    "parquet.avro.schema",
    "parquet.proto.class",
    "parquet.proto.descriptor",
    "parquet.thrift.descriptor",
    "thrift.class",
    "thrift.descriptor",
    "writer.date.proleptic",
    "writer.model.name",
    "writer.time.zone",
    "writer.zone.conversion.legacy",
];
/// Spark's row schema, version, time zone and legacy marks.
const KEPT_PREFIX: &str = "org.apache.spark.";
const SPARK_ROW: &str = "org.apache.spark.sql.parquet.row.metadata";
/// Entries that state types in forms that are not written anew here. Readers do without.
const TYPED: &[&str] = &[
    "avro.schema",
    "iceberg.schema",
    "parquet.avro.schema",
    "parquet.proto.descriptor",
    "parquet.thrift.descriptor",
    "thrift.descriptor",
];
/// What an Arrow field may carry besides: its extension type, its id, and Polars' mark of a
/// categorical. Not `_PL_ENUM_VALUES`, which lists the values of the column.
const KEPT_ON_FIELDS: &[&str] = &[
    "ARROW:extension:metadata",
    "ARROW:extension:name",
    "PARQUET:field_id",
    "_PL_CATEGORICAL",
    "_PL_CATEGORICAL2",
];

const PANDAS: &str = "pandas";
/// The parts of pandas' metadata that restore a frame. Not `attributes`: `DataFrame.attrs`, free
/// text about where the data came from.
const PANDAS_KEPT: &[&str] = &[
    "column_indexes",
    "columns",
    "creator",
    "index_columns",
    "pandas_version",
    "partition_columns",
];

/// Stands where personal data was found.
const BLANK: &str = "[REDACTED]";

/// What became of a text, from the least to the most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    None,
    /// It says what the schema of the copy is.
    Follows,
    /// Something in it had to go.
    Blanked,
}

/// Cleans metadata, and takes note of what had to go.
pub(super) struct Cleaner<'a> {
    scrub: &'a dyn Fn(&[u8]) -> Vec<Range<usize>>,
    /// A name of its source is what it becomes, wherever it stands here alone.
    pub(super) schema: &'a NewSchema,
    dropped: Vec<String>,
}

impl<'a> Cleaner<'a> {
    pub(super) fn new(
        schema: &'a NewSchema,
        scrub: &'a dyn Fn(&[u8]) -> Vec<Range<usize>>,
    ) -> Self {
        Self { scrub, schema, dropped: Vec::new() }
    }

    /// The keys of what was left out or blanked: sorted, without repetition. A key that is personal
    /// data itself is blanked.
    pub(super) fn into_dropped(mut self) -> Vec<String> {
        self.dropped.sort();
        self.dropped.dedup();
        self.dropped
    }

    /// The entries of a footer that stay, cleaned, in their order.
    pub(super) fn file_entries(
        &mut self,
        entries: Option<&Vec<KeyValue>>,
    ) -> Option<Vec<KeyValue>> {
        let mut kept = Vec::new();
        for entry in entries? {
            let Some(value) = &entry.value else {
                // Without a value only the key can tell something.
                self.drop_entry("", &entry.key);
                continue;
            };
            let cleaned = if entry.key == ARROW_SCHEMA_META_KEY {
                arrow_schema::clean(value, self)
            } else {
                self.entry("", &entry.key, value)
            };
            kept.extend(cleaned.map(|value| KeyValue::new(entry.key.clone(), value)));
        }
        (!kept.is_empty()).then_some(kept)
    }

    /// An entry of the file, or of the Arrow schema: its value, or `None` where it has to go.
    ///
    /// `prefix` goes before the key in the report.
    pub(super) fn entry(&mut self, prefix: &str, key: &str, value: &str) -> Option<String> {
        let is_stale = self.schema.texts().is_some() && TYPED.contains(&key);
        let cleaned = if key == PANDAS {
            self.pandas(prefix, value)
        } else if is_stale || self.is_found(key) {
            None
        } else if key == SPARK_ROW {
            self.spark(value)
        } else if KEPT.contains(&key) || key.starts_with(KEPT_PREFIX) {
            Some(self.json_or_text(value))
        } else {
            None
        };
        self.note(prefix, key, cleaned)
    }

    /// An entry of a field of the Arrow schema.
    pub(super) fn field_entry(&mut self, prefix: &str, key: &str, value: &str) -> Option<String> {
        if !KEPT_ON_FIELDS.contains(&key) {
            return self.entry(prefix, key, value);
        }
        let cleaned = self.json_or_text(value);
        self.note(prefix, key, Some(cleaned))
    }

    /// Notes that the value of `key` had to go altogether.
    pub(super) fn drop_entry(&mut self, prefix: &str, key: &str) {
        let key = self.text(key);
        self.dropped.push(format!("{prefix}{key}"));
    }

    /// `text`, with what the detector finds in it blanked.
    pub(super) fn text(&self, text: &str) -> String {
        let mut ranges = (self.scrub)(text.as_bytes());
        if ranges.is_empty() {
            return text.to_owned();
        }
        ranges.sort_by_key(|range| range.start);
        let mut clean = Vec::with_capacity(text.len());
        let mut done = 0;
        for range in ranges {
            let (start, end) = (range.start.max(done), range.end.min(text.len()));
            if start >= end {
                continue;
            }
            clean.extend_from_slice(&text.as_bytes()[done..start]);
            clean.extend_from_slice(BLANK.as_bytes());
            done = end;
        }
        clean.extend_from_slice(&text.as_bytes()[done..]);
        // Only a range that cuts a character in two leaves anything to replace here.
        String::from_utf8_lossy(&clean).into_owned()
    }

    /// What a name becomes: what the schema says, or with what the detector finds in it blanked where it
    /// is none of the schema.
    pub(super) fn name(&self, name: &str) -> String {
        self.schema.name(name).map_or_else(|| self.text(name), str::to_owned)
    }

    /// Whether the detector finds anything in `text`, names of the schema aside.
    fn is_found(&self, text: &str) -> bool {
        self.schema.name(text).is_none() && !(self.scrub)(text.as_bytes()).is_empty()
    }

    /// The same as [`name`](Self::name), in place.
    fn clean(&self, text: &mut String) -> Change {
        let change = match self.schema.name(text) {
            Some(new) if new == *text => Change::None,
            Some(_) => Change::Follows,
            None if self.is_found(text) => Change::Blanked,
            None => Change::None,
        };
        if change != Change::None {
            *text = self.name(text);
        }
        change
    }

    /// Whether the detector finds anything in these bytes.
    pub(super) fn is_found_in_bytes(&self, bytes: &[u8]) -> bool {
        !(self.scrub)(bytes).is_empty()
    }

    fn note(
        &mut self,
        prefix: &str,
        key: &str,
        cleaned: Option<(String, Change)>,
    ) -> Option<String> {
        if cleaned.as_ref().is_none_or(|(_, change)| *change == Change::Blanked) {
            self.drop_entry(prefix, key);
        }
        cleaned.map(|(value, _)| value)
    }

    /// JSON is scrubbed string by string, since an escape can hide an address; anything else as
    /// text. What holds nothing stays byte for byte.
    fn json_or_text(&self, value: &str) -> (String, Change) {
        match serde_json::from_str::<Json>(value) {
            Ok(mut json) if json.is_object() || json.is_array() => {
                let change = self.scrub_json(&mut json);
                (if change == Change::None { value.to_owned() } else { json.to_string() }, change)
            }
            _ => {
                let mut text = value.to_owned();
                let change = self.clean(&mut text);
                (text, change)
            }
        }
    }

    /// Spark's schema of a row; nothing where its leaves are not those of the file, and types changed.
    fn spark(&self, value: &str) -> Option<(String, Change)> {
        let Some(texts) = self.schema.texts() else { return Some(self.json_or_text(value)) };
        let mut json = serde_json::from_str(value).ok()?;
        let mut left = texts.iter();
        retype_spark(&mut json, &mut left).filter(|()| left.next().is_none())?;
        let change = self.scrub_json(&mut json).max(Change::Follows);
        Some((json.to_string(), change))
    }

    /// pandas' metadata without what it does not need; `None` where it is not a JSON object.
    fn pandas(&mut self, prefix: &str, value: &str) -> Option<(String, Change)> {
        let Ok(Json::Object(mut parts)) = serde_json::from_str(value) else {
            return None;
        };
        let strangers: Vec<String> =
            parts.keys().filter(|key| !PANDAS_KEPT.contains(&key.as_str())).cloned().collect();
        for key in &strangers {
            parts.remove(key);
            self.drop_entry(&format!("{prefix}{PANDAS}/"), key);
        }
        let mut change = self.retype_pandas(&mut parts);
        if !strangers.is_empty() {
            change = Change::Blanked;
        }
        let mut json = Json::Object(parts);
        change = change.max(self.scrub_json(&mut json));
        Some((if change == Change::None { value.to_owned() } else { json.to_string() }, change))
    }

    /// Puts the types of the copy into pandas' metadata: of columns that became text, and of the labels
    /// of columns, which pandas takes for numbers or dates where it is told so.
    fn retype_pandas(&self, parts: &mut serde_json::Map<String, Json>) -> Change {
        let mut change = Change::None;
        let columns = self.schema.columns_with_texts();
        for column in objects(parts.get_mut("columns")) {
            let name = column.get("field_name").or_else(|| column.get("name"));
            if name.and_then(Json::as_str).is_some_and(|name| columns.contains(name)) {
                make_text(column);
                change = Change::Follows;
            }
        }
        let is_text = |labels: &serde_json::Map<String, Json>| {
            matches!(labels.get("pandas_type").and_then(Json::as_str), Some("unicode" | "string"))
        };
        if self.schema.renames_columns() {
            for labels in objects(parts.get_mut("column_indexes")).filter(|it| !is_text(it)) {
                make_text(labels);
                change = Change::Follows;
            }
        }
        change
    }

    /// Blanks what is found in the strings, keys and long numbers of `json`, and gives names of the schema
    /// the form they have in the copy. As deep as `serde_json` parses, which is bounded.
    fn scrub_json(&self, json: &mut Json) -> Change {
        match json {
            Json::Null | Json::Bool(_) => Change::None,
            Json::Number(number) => {
                if self.clean(&mut number.to_string()) == Change::None {
                    return Change::None;
                }
                *json = Json::from(0);
                Change::Blanked
            }
            Json::String(text) => self.clean(text),
            Json::Array(items) => items
                .iter_mut()
                .fold(Change::None, |change, item| self.scrub_json(item).max(change)),
            Json::Object(parts) => {
                let mut change = Change::None;
                for (mut key, mut part) in std::mem::take(parts) {
                    change = change.max(self.scrub_json(&mut part)).max(self.clean(&mut key));
                    parts.insert(key, part);
                }
                change
            }
        }
    }
}

/// The objects in a list of JSON.
fn objects(list: Option<&mut Json>) -> impl Iterator<Item = &mut serde_json::Map<String, Json>> {
    let items = list.and_then(Json::as_array_mut).into_iter().flatten();
    items.filter_map(Json::as_object_mut)
}

/// What pandas says of a column of strings, or of lists of them. A struct or a map is an object to it,
/// whatever is in it.
fn make_text(column: &mut serde_json::Map<String, Json>) {
    let of_type = column.get("pandas_type").and_then(Json::as_str).unwrap_or_default();
    let depth = of_type.matches("list[").count();
    if of_type.trim_start_matches("list[").trim_end_matches(']') == "object" {
        return;
    }
    let text = format!("{}unicode{}", "list[".repeat(depth), "]".repeat(depth));
    column.insert("pandas_type".to_owned(), text.into());
    column.insert("numpy_type".to_owned(), "object".into());
    column.insert("metadata".to_owned(), Json::Null);
}

/// Makes strings of the leaves in a type of Spark that are flagged; nothing where there are more leaves
/// than flags, or what is no type.
///
/// # Source
/// Spark, `DataType.json`.
fn retype_spark(node: &mut Json, texts: &mut std::slice::Iter<'_, bool>) -> Option<()> {
    if node.is_string() {
        if *texts.next()? {
            *node = "string".into();
        }
        return Some(());
    }
    let node = node.as_object_mut()?;
    let parts: &[&str] = match node.get("type")?.as_str()? {
        "struct" => {
            let fields = node.get_mut("fields")?.as_array_mut()?;
            return fields
                .iter_mut()
                .try_for_each(|field| retype_spark(field.get_mut("type")?, texts));
        }
        "array" => &["elementType"],
        "map" => &["keyType", "valueType"],
        "udt" => &["sqlType"],
        _ => return None,
    };
    parts.iter().try_for_each(|part| retype_spark(node.get_mut(*part)?, texts))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use parquet::schema::parser::parse_message_type;

    use super::*;

    /// In which `pivot@example.com` becomes `eml`, and `n` becomes text.
    fn schema() -> NewSchema {
        let message = "message m { optional binary a; optional group s {
                         optional binary pivot@example.com; } optional group l (LIST) {
                           repeated group list { optional int64 n; } } }";
        let renamed = [("pivot@example.com".to_owned(), "eml".to_owned())].into();
        let root = Arc::new(parse_message_type(message).unwrap());
        NewSchema::of(root, &renamed, vec![false, false, true]).unwrap()
    }

    /// In which nothing changes.
    fn same_schema() -> NewSchema {
        let message = "message m { optional binary pivot@example.com; }";
        let root = Arc::new(parse_message_type(message).unwrap());
        NewSchema::of(root, &HashMap::new(), vec![false]).unwrap()
    }

    /// Finds what looks like `x@example.com`.
    fn addresses(text: &[u8]) -> Vec<Range<usize>> {
        let domain = b"@example.com";
        let starts = |at: &usize| text[*at..].starts_with(domain);
        (0..text.len())
            .filter(starts)
            .map(|at| {
                let local = text[..at].iter().rev().take_while(|b| b.is_ascii_alphanumeric());
                at - local.count()..at + domain.len()
            })
            .collect()
    }

    fn cleaned(key: &str, value: &str) -> (Option<String>, Vec<String>) {
        cleaned_of(&same_schema(), key, value)
    }

    fn cleaned_of(schema: &NewSchema, key: &str, value: &str) -> (Option<String>, Vec<String>) {
        let mut cleaner = Cleaner::new(schema, &addresses);
        let entries = vec![KeyValue::new(key.to_owned(), value.to_owned())];
        let kept = cleaner.file_entries(Some(&entries));
        (kept.and_then(|mut kept| kept.pop()?.value), cleaner.into_dropped())
    }

    #[test]
    fn what_is_not_on_the_list_goes_and_is_reported() {
        assert_eq!(cleaned("sample", "x"), (None, vec!["sample".to_owned()]));
    }

    #[test]
    fn a_key_that_is_an_address_is_not_reported_as_it_stands() {
        assert_eq!(cleaned("bob@example.com", "x"), (None, vec![BLANK.to_owned()]));
        let spark = "org.apache.spark.bob@example.com";
        assert_eq!(cleaned(spark, "x").0, None);
    }

    #[test]
    fn what_holds_nothing_stays_byte_for_byte() {
        let value = r#"{ "type" : "struct",  "fields":[] }"#;
        assert_eq!(
            cleaned("org.apache.spark.sql.parquet.row.metadata", value),
            (Some(value.to_owned()), vec![])
        );
    }

    #[test]
    fn an_address_behind_a_json_escape_is_found() {
        let (value, dropped) = cleaned("iceberg.schema", r#"{"doc":"ask bob\u0040example.com"}"#);
        assert_eq!(value.unwrap(), r#"{"doc":"ask [REDACTED]"}"#);
        assert_eq!(dropped, ["iceberg.schema"]);
    }

    #[test]
    fn pandas_loses_its_attributes_and_keeps_its_columns() {
        let (value, dropped) = cleaned(
            "pandas",
            r#"{"index_columns":["a"],"columns":[{"name":"pivot@example.com"}],
                "attributes":{"src":"carol@example.com"},"creator":{"library":"pyarrow"}}"#,
        );
        assert_eq!(
            value.unwrap(),
            r#"{"columns":[{"name":"pivot@example.com"}],"creator":{"library":"pyarrow"},"index_columns":["a"]}"#
        );
        assert_eq!(dropped, ["pandas", "pandas/attributes"]);
    }

    #[test]
    fn names_and_types_are_those_of_the_copy_and_that_is_no_loss() {
        let of = |key, value| cleaned_of(&schema(), key, value);
        let (value, dropped) = of("geo", r#"{"columns":{"pivot@example.com":1}}"#);
        assert_eq!((&*value.unwrap(), dropped), (r#"{"columns":{"eml":1}}"#, vec![]));
        let (value, dropped) = of(
            "pandas",
            r#"{"columns":[{"field_name":"l","name":"l","pandas_type":"list[int64]","numpy_type":"object"},
                {"field_name":"a","name":"a","pandas_type":"bytes","numpy_type":"object"}]}"#,
        );
        let expected = r#"{"columns":[{"field_name":"l","metadata":null,"name":"l","numpy_type":"object","pandas_type":"list[unicode]"},{"field_name":"a","name":"a","numpy_type":"object","pandas_type":"bytes"}]}"#;
        assert_eq!((&*value.unwrap(), dropped), (expected, vec![]));
    }

    #[test]
    fn a_number_that_was_a_name_is_blanked() {
        let root = parse_message_type("message m { optional binary 33199001234; }").unwrap();
        let renamed = [("33199001234".to_owned(), "tel".to_owned())].into();
        let schema = NewSchema::of(Arc::new(root), &renamed, vec![false]).unwrap();
        let (value, dropped) = cleaned_of(&schema, "geo", r#"{"n":33199001234,"m":1}"#);
        assert_eq!((&*value.unwrap(), &*dropped), (r#"{"m":1,"n":0}"#, &["geo".to_owned()][..]));
    }

    #[test]
    fn spark_is_told_of_texts_where_its_leaves_are_those_of_the_file() {
        let row = |of_list: &str| {
            format!(
                r#"{{"fields":[{{"name":"a","type":"binary"}},{{"name":"s","type":{{"fields":[{{"name":"pivot@example.com","type":"binary"}}],"type":"struct"}}}},{{"name":"l","type":{of_list}}}],"type":"struct"}}"#
            )
        };
        let (value, dropped) = cleaned_of(
            &schema(),
            SPARK_ROW,
            &row(r#"{"containsNull":true,"elementType":"long","type":"array"}"#),
        );
        let expected = row(r#"{"containsNull":true,"elementType":"string","type":"array"}"#);
        assert_eq!(value.unwrap(), expected.replace("pivot@example.com", "eml"));
        assert!(dropped.is_empty());
        let map = row(r#"{"keyType":"string","type":"map","valueType":"long"}"#);
        assert_eq!(cleaned_of(&schema(), SPARK_ROW, &map), (None, vec![SPARK_ROW.to_owned()]));
        let avro = cleaned_of(&schema(), "parquet.avro.schema", r#"{"type":"record"}"#);
        assert_eq!(avro, (None, vec!["parquet.avro.schema".to_owned()]));
    }

    #[test]
    fn pandas_that_is_no_json_goes() {
        assert_eq!(cleaned("pandas", "carol@example.com").0, None);
    }

    #[test]
    fn overlapping_and_outlying_ranges_blank_once() {
        let schema = same_schema();
        let ranges = |_: &[u8]| vec![2..4, 0..3, 3..99, 50..60];
        assert_eq!(Cleaner::new(&schema, &ranges).text("abcdef"), "[REDACTED][REDACTED][REDACTED]");
    }
}
