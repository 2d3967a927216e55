//! What travels beside the columns: key-value metadata, by allow-list, and scrubbed.
//!
//! A footer is free for everyone to write into, and what people put there (a sample row, the path of
//! a home directory, notes on a data frame) follows the file everywhere. So an entry stays only if a
//! reader needs it, and its text only as far as the detector finds nothing in it.

use std::collections::HashSet;
use std::ops::Range;

use parquet::arrow::ARROW_SCHEMA_META_KEY;
use parquet::file::metadata::KeyValue;
use parquet::schema::types::Type;
use serde_json::Value as Json;

use super::arrow_schema;

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

/// Cleans metadata, and takes note of what had to go.
pub(super) struct Cleaner<'a> {
    scrub: &'a dyn Fn(&[u8]) -> Vec<Range<usize>>,
    /// The names in the schema. They are left there, so a reader must find them here unchanged.
    names: HashSet<&'a str>,
    dropped: Vec<String>,
}

impl<'a> Cleaner<'a> {
    pub(super) fn new(schema: &'a Type, scrub: &'a dyn Fn(&[u8]) -> Vec<Range<usize>>) -> Self {
        let mut names = HashSet::new();
        collect_names(schema, &mut names);
        Self { scrub, names, dropped: Vec::new() }
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
        let cleaned = if key == PANDAS {
            self.pandas(prefix, value)
        } else if (KEPT.contains(&key) || key.starts_with(KEPT_PREFIX)) && !self.is_found(key) {
            Some(self.json_or_text(value))
        } else {
            None
        };
        self.note(prefix, key, value, cleaned)
    }

    /// An entry of a field of the Arrow schema.
    pub(super) fn field_entry(&mut self, prefix: &str, key: &str, value: &str) -> Option<String> {
        if !KEPT_ON_FIELDS.contains(&key) {
            return self.entry(prefix, key, value);
        }
        let cleaned = self.json_or_text(value);
        self.note(prefix, key, value, Some(cleaned))
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

    /// Whether the detector finds anything in `bytes`, names of the schema aside.
    pub(super) fn is_found(&self, text: &str) -> bool {
        !self.names.contains(text) && !(self.scrub)(text.as_bytes()).is_empty()
    }

    /// Whether the detector finds anything in these bytes.
    pub(super) fn is_found_in_bytes(&self, bytes: &[u8]) -> bool {
        !(self.scrub)(bytes).is_empty()
    }

    fn note(
        &mut self,
        prefix: &str,
        key: &str,
        value: &str,
        cleaned: Option<String>,
    ) -> Option<String> {
        if cleaned.as_deref() != Some(value) {
            self.drop_entry(prefix, key);
        }
        cleaned
    }

    /// JSON is scrubbed string by string, since an escape can hide an address; anything else as
    /// text. What holds nothing stays byte for byte.
    fn json_or_text(&self, value: &str) -> String {
        match serde_json::from_str::<Json>(value) {
            Ok(mut json) if json.is_object() || json.is_array() => {
                if self.scrub_json(&mut json) {
                    json.to_string()
                } else {
                    value.to_owned()
                }
            }
            _ if self.names.contains(value) => value.to_owned(),
            _ => self.text(value),
        }
    }

    /// pandas' metadata without what it does not need; `None` where it is not a JSON object.
    fn pandas(&mut self, prefix: &str, value: &str) -> Option<String> {
        let Ok(Json::Object(mut parts)) = serde_json::from_str(value) else {
            return None;
        };
        let strangers: Vec<String> =
            parts.keys().filter(|key| !PANDAS_KEPT.contains(&key.as_str())).cloned().collect();
        for key in &strangers {
            parts.remove(key);
            self.drop_entry(&format!("{prefix}{PANDAS}/"), key);
        }
        let mut json = Json::Object(parts);
        let scrubbed = self.scrub_json(&mut json);
        Some(if scrubbed || !strangers.is_empty() { json.to_string() } else { value.to_owned() })
    }

    /// Blanks what is found in the strings, keys and long numbers of `json`; whether there was
    /// anything. As deep as `serde_json` parses, which is bounded.
    fn scrub_json(&self, json: &mut Json) -> bool {
        match json {
            Json::Null | Json::Bool(_) => false,
            Json::Number(number) => {
                let found = self.is_found(&number.to_string());
                if found {
                    *json = Json::from(0);
                }
                found
            }
            Json::String(text) => {
                let found = self.is_found(text);
                if found {
                    *text = self.text(text);
                }
                found
            }
            Json::Array(items) => {
                items.iter_mut().fold(false, |found, item| self.scrub_json(item) | found)
            }
            Json::Object(parts) => {
                let mut found = false;
                for (key, mut part) in std::mem::take(parts) {
                    found |= self.scrub_json(&mut part);
                    let hide = self.is_found(&key);
                    found |= hide;
                    parts.insert(if hide { self.text(&key) } else { key }, part);
                }
                found
            }
        }
    }
}

/// Recursion is as deep as the schema, which the footer check bounds.
fn collect_names<'a>(node: &'a Type, names: &mut HashSet<&'a str>) {
    if node.is_group() {
        for field in node.get_fields() {
            names.insert(field.name());
            collect_names(field, names);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::schema::parser::parse_message_type;

    use super::*;

    fn schema() -> Arc<Type> {
        Arc::new(
            parse_message_type(
                "message m { optional binary a; optional group s {
                   optional binary pivot@example.com; } }",
            )
            .unwrap(),
        )
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
        let schema = schema();
        let mut cleaner = Cleaner::new(&schema, &addresses);
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
    fn pandas_that_is_no_json_goes() {
        assert_eq!(cleaned("pandas", "carol@example.com").0, None);
    }

    #[test]
    fn overlapping_and_outlying_ranges_blank_once() {
        let schema = schema();
        let ranges = |_: &[u8]| vec![2..4, 0..3, 3..99, 50..60];
        assert_eq!(Cleaner::new(&schema, &ranges).text("abcdef"), "[REDACTED][REDACTED][REDACTED]");
    }
}
