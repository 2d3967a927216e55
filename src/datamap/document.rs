//! The data map as it is published: `loup.datamap/1`, mirrored field by field.
//!
//! These types hold no raw value: names of fields are shown with personal data in them masked,
//! samples are masked, distinct values are counts. The JSON Schema is `schemas/datamap.schema.json`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The value of `schema` in a map.
pub const SCHEMA: &str = "loup.datamap/1";

/// The field of what is found in the names of files and columns: no word of it speaks for a kind, and it is
/// none as a whole.
pub const HEADINGS: &str = "(headings)";

/// What is before the key of a hive partition in the name of its field: `partition:country`.
pub const PARTITION: &str = "partition:";

/// A finished data map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MapDocument {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// What differs between two runs on the same data; not part of the map's equality.
    pub run: Run,
    /// SHA-256 of the rules, hex.
    pub rules_digest: String,
    /// SHA-256 of the policy, hex, where there was one.
    pub policy_digest: Option<String>,
    /// The pseudonymisation domain, where a key was given.
    pub domain: Option<String>,
    /// Key id and epoch, where a key was given.
    pub key: Option<KeyRef>,
    /// The regions that were given for national phone numbers.
    pub regions: Vec<String>,
    /// The confidence from which a candidate counts as a finding.
    pub min_confidence: f64,
    /// What was looked at.
    pub coverage: Coverage,
    /// By name.
    pub datasets: Vec<Dataset>,
}

/// Which key the digests were made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRef {
    /// First 8 hex digits of HMAC-SHA-256(master, "loup.v1/key-id").
    pub id: String,
    /// The epoch of the key.
    pub epoch: u32,
}

/// Facts about one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Version of loup.
    pub version: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// Wall time in seconds.
    pub seconds: f64,
    /// Threads used.
    pub threads: usize,
    /// `keyed`, or `ephemeral`: distinct counts merge within this run only.
    pub digest_key: String,
    /// Stamps of the files that were read to their ends, sorted: with the same rules and options they
    /// tell whether a file is still the one that was scanned, and nothing else.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub surveyed: BTreeSet<String>,
}

/// The coverage ledger: every input byte is in exactly one of `scanned`, `sampled`, `skipped` and
/// `failed`. Bytes are those of the stored files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub files: u64,
    pub bytes: u64,
    pub scanned: u64,
    pub sampled: u64,
    pub skipped: u64,
    pub failed: u64,
    /// Every file that was not scanned whole, by name.
    pub not_scanned: Vec<NotScanned>,
}

/// One entry of the ledger's list of files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NotScanned {
    /// Path relative to its root.
    pub file: String,
    pub bytes: u64,
    /// `skipped` or `failed`.
    pub state: String,
    /// `image`, `not UTF-8: UTF-16`, `truncated Parquet footer` …: never a value.
    pub reason: String,
}

/// One table or one log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    pub name: String,
    /// `text`, `csv`, `json`, `ndjson`, `parquet`, or `mixed`.
    pub format: String,
    pub files: u64,
    pub bytes: u64,
    pub records: u64,
    /// Records that could not be parsed and were handled as plain text.
    pub malformed: u64,
    /// Keys of hive partitions: `["country","dt"]`.
    pub partitions: Vec<String>,
    /// Fields with or without personal data, in the order of the format (columns) or by path.
    pub fields: Vec<Field>,
    /// What was over the cap on fields, summed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub other: Option<Box<Field>>,
}

/// A place inside a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub path: String,
    /// `text`, `number` (of JSON), `integer`, `decimal`, `float`, `date`, `address` (in binary),
    /// `fixed`, `opaque` (no rule concerns it), `key`, `template`, `other` (fields over the cap,
    /// summed).
    #[serde(rename = "type")]
    pub kind_of_value: String,
    /// Values that are neither null nor empty.
    pub values: u64,
    pub nulls: u64,
    /// Values that are pseudonyms or masks already.
    pub protected: u64,
    /// The kind that the whole field is of, if any.
    pub verdict: Option<String>,
    /// The regions under which national numbers of this field are read.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub regions: Vec<String>,
    /// Special categories of data that words in a sample of its values belong to.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub special_categories: Vec<String>,
    /// The kinds found in it, most findings first.
    pub kinds: Vec<KindInField>,
}

/// One kind in one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindInField {
    pub kind: String,
    /// GDPR category.
    pub category: String,
    /// Candidates by class, before any verdict.
    pub evidence: Evidence,
    /// The classes whose candidates count as findings here: `certain`, `supported`, `bare`,
    /// `hint` (a shape that a word, a key or the field's name supports), `shape`.
    pub counted: Vec<String>,
    /// Spans that count as findings.
    pub findings: u64,
    /// Values that hold at least one.
    pub values: u64,
    /// `values` over the field's values.
    pub share: f64,
    /// Values that are wholly of this kind.
    pub whole_values: u64,
    pub distinct: Distinct,
    /// Calibrated probability that a finding here is right.
    pub confidence: f64,
    /// Findings by country, where the kind has one.
    pub regions: BTreeMap<String, u64>,
    /// Masked samples: the smallest by file, record and start.
    pub samples: Vec<String>,
    /// Where it was seen first.
    pub first: Option<Place>,
    /// What `mask` would do, or did.
    pub operator: String,
}

/// Candidates by evidence class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub certain: u64,
    pub supported: u64,
    pub bare: u64,
    pub shape: u64,
}

/// A count of distinct canonical values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distinct {
    pub count: u64,
    /// False when it was estimated by a sketch.
    pub exact: bool,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub file: String,
    /// 1-based.
    pub record: u64,
}
