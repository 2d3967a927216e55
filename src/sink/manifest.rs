//! The manifest of a finished output: what was written, from what, under which plan.
//!
//! `loup.manifest/1`, as `schemas/manifest.schema.json` describes it. Apart from [`Run`], it depends
//! on inputs, plan and key alone: the same for any number of threads, and for a run that was
//! interrupted and continued.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::SinkError;
use super::local::temporary_in;
use crate::datamap::document::{Coverage, KeyRef};
use crate::operator::Operator;
use crate::source::MANIFEST_NAME;

/// The value of `schema` in a manifest.
pub const SCHEMA: &str = "loup.manifest/1";

/// A finished output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Version of loup.
    pub version: String,
    /// What differs between two runs on the same data.
    pub run: Run,
    /// SHA-256 of the plan, hex.
    pub plan_digest: String,
    /// SHA-256 of the rules, hex.
    pub rules_digest: String,
    /// SHA-256 of the policy, hex, where there was one.
    pub policy_digest: Option<String>,
    /// What decides which values are found, beside the bytes: a digest of rules, regions and options,
    /// hex. Other versions had none.
    #[serde(default)]
    pub terms: Option<String>,
    /// The pseudonymisation domain, where a key was given.
    pub domain: Option<String>,
    /// Key id and epoch, where a key was given.
    pub key: Option<KeyRef>,
    /// How national phone numbers were read.
    pub regions: Regions,
    /// What was looked at.
    pub coverage: Coverage,
    /// Every input, by `file`.
    pub files: Vec<FileEntry>,
}

/// Facts about one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// RFC 3339, UTC.
    pub started: String,
    /// Wall time in seconds.
    pub seconds: f64,
    /// Threads used.
    pub threads: usize,
}

/// The regions national numbers were read in: given, and fixed in the plan from the data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regions {
    /// As given by the user, in that order.
    pub given: Vec<String>,
    /// By dataset, then by field: the regions used there.
    pub used: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// What became of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Its output is in OUT.
    Protected,
    /// It has nothing to protect by its nature (an empty marker) and is in OUT as it was.
    Copied,
    /// It failed or cannot be written; nothing of it is in OUT.
    Quarantined,
    /// It was left out on purpose.
    Skipped,
    /// It is derived from a file that changed, such as a checksum; nothing of it is in OUT.
    Derived,
}

impl FileState {
    /// Whether an output is in OUT.
    #[must_use]
    pub fn has_output(self) -> bool {
        matches!(self, Self::Protected | Self::Copied)
    }
}

/// The dates of a field, where those are shifted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shifted {
    /// How many there were.
    pub dates: u64,
    /// Values that were dropped: no dates, or of records that do not say whom they are about.
    pub dropped: u64,
}

/// One input and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path relative to its root, and to OUT.
    pub file: String,
    /// Where the name was protected: which of the inputs it is of, in the order of their names, from 0.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub input: Option<u64>,
    pub state: FileState,
    /// Why there is no output: never a value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// `text`, `csv`, `json`, `parquet`, where it is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub format: Option<String>,
    pub records: u64,
    /// Records that could not be parsed and were protected as plain text.
    pub malformed: u64,
    /// Stored bytes of the input.
    pub bytes_in: u64,
    /// Stored bytes of the output; 0 without one.
    pub bytes_out: u64,
    /// Findings by kind.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub findings: BTreeMap<String, u64>,
    /// Operators by kind, as applied in this file.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub operators: BTreeMap<String, BTreeSet<Operator>>,
    /// By field, the dates that were shifted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub shifted: BTreeMap<String, Shifted>,
    /// SHA-256 of the output, hex, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
    /// Keys of file metadata that the output does not carry, since they could hold originals.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub dropped_metadata: BTreeSet<String>,
}

impl FileEntry {
    /// An entry of a file that has no output, or not yet: no records, no findings.
    #[must_use]
    pub fn new(file: impl Into<String>, state: FileState, bytes_in: u64) -> Self {
        Self {
            file: file.into(),
            input: None,
            state,
            reason: None,
            format: None,
            records: 0,
            malformed: 0,
            bytes_in,
            bytes_out: 0,
            findings: BTreeMap::new(),
            operators: BTreeMap::new(),
            shifted: BTreeMap::new(),
            sha256: None,
            dropped_metadata: BTreeSet::new(),
        }
    }

    /// An entry of an input that failed: there is nothing of it in OUT, and this is why.
    #[must_use]
    pub fn quarantined(file: impl Into<String>, bytes_in: u64, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..Self::new(file, FileState::Quarantined, bytes_in) }
    }
}

/// Reads the manifest of a finished output; nothing where OUT has none.
///
/// # Errors
/// [`SinkError::Io`] if it cannot be read, [`SinkError::Malformed`] if it is no manifest or of a
/// version that this one does not know.
pub fn read(out: &Path) -> Result<Option<Manifest>, SinkError> {
    let path = out.join(MANIFEST_NAME);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SinkError::io("read", &path)(error)),
    };
    let malformed = |reason: String| SinkError::Malformed { path: path.clone(), reason };
    // serde_json names line and column; its text can quote the file, so it stays out.
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| {
        malformed(format!("no manifest: line {}, column {}", error.line(), error.column()))
    })?;
    if manifest.schema != SCHEMA {
        return Err(malformed(format!("not a {SCHEMA}")));
    }
    Ok(Some(manifest))
}

/// Writes the manifest, with its files in order, so that it is there whole or not at all.
pub(super) fn write(
    out: &Path,
    manifest: &Manifest,
    permissions: &Permissions,
) -> Result<(), SinkError> {
    let path = out.join(MANIFEST_NAME);
    let failed = |error| SinkError::io("write", &path)(error);
    let mut file = temporary_in(out).map_err(failed)?;
    let mut text = serde_json::to_vec_pretty(manifest).map_err(|error| failed(error.into()))?;
    text.push(b'\n');
    file.write_all(&text).map_err(failed)?;
    file.as_file().set_permissions(permissions.clone()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&path).map_err(|error| failed(error.error))?;
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A manifest in which every field is present.
    pub(in crate::sink) fn example() -> Manifest {
        let entry = FileEntry {
            format: Some("csv".into()),
            input: Some(3),
            records: 100,
            bytes_out: 17_300,
            findings: BTreeMap::from([("email".into(), 100)]),
            operators: BTreeMap::from([("email".into(), BTreeSet::from([Operator::Token]))]),
            shifted: BTreeMap::from([("visited".into(), Shifted { dates: 98, dropped: 2 })]),
            sha256: Some("0".repeat(64)),
            dropped_metadata: BTreeSet::from(["pandas".into()]),
            ..FileEntry::new("crm/customers.csv", FileState::Protected, 17_261)
        };
        Manifest {
            schema: SCHEMA.into(),
            version: "0.1.0".into(),
            run: Run { started: "2026-11-20T10:00:00Z".into(), seconds: 0.5, threads: 2 },
            plan_digest: "1".repeat(64),
            rules_digest: "2".repeat(64),
            policy_digest: Some("3".repeat(64)),
            terms: Some("4".repeat(32)),
            domain: Some("analytics".into()),
            key: Some(KeyRef { id: "0123abcd".into(), epoch: 1 }),
            regions: Regions {
                given: vec!["FR".into()],
                used: BTreeMap::from([(
                    "crm/customers.csv".into(),
                    BTreeMap::from([("Phone".into(), vec!["FR".into(), "BE".into()])]),
                )]),
            },
            coverage: Coverage { files: 2, bytes: 17_271, scanned: 17_261, ..Coverage::default() },
            files: vec![entry, FileEntry::quarantined("bad.parquet", 10, "truncated footer")],
        }
    }

    #[test]
    fn a_manifest_reads_back_as_it_was_written() {
        let out = tempfile::tempdir().unwrap();
        assert_eq!(read(out.path()).unwrap(), None);
        let permissions = out.path().metadata().unwrap().permissions();
        write(out.path(), &example(), &permissions).unwrap();
        assert_eq!(read(out.path()).unwrap(), Some(example()));
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_manifest_is_refused_without_quoting_it() {
        let out = tempfile::tempdir().unwrap();
        let path = out.path().join(MANIFEST_NAME);
        let other = serde_json::to_string(&Manifest { schema: "x".into(), ..example() }).unwrap();
        for text in ["", "\"jane@example.com\"", "{\"schema\":\"jane@example.com\"}", &other] {
            fs::write(&path, text).unwrap();
            let error = read(out.path()).unwrap_err();
            assert!(matches!(error, SinkError::Malformed { .. }), "{text}");
            assert!(!error.to_string().contains("jane"), "{error}");
        }
    }

    /// The published schema and the structs name the same fields.
    #[test]
    fn the_schema_describes_every_field() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../schemas/manifest.schema.json")).unwrap();
        let value = serde_json::to_value(example()).unwrap();
        let keys = |value: &serde_json::Value| -> BTreeSet<String> {
            value.as_object().unwrap().keys().cloned().collect()
        };
        let part = |name: &str| &schema["$defs"][name]["properties"];
        assert_eq!(keys(&value), keys(&schema["properties"]));
        assert_eq!(keys(&value["run"]), keys(part("run")));
        assert_eq!(keys(&value["key"]), keys(part("key")));
        assert_eq!(keys(&value["regions"]), keys(part("regions")));
        assert_eq!(keys(&value["coverage"]), keys(part("coverage")));
        let mut file = keys(&value["files"][0]);
        file.extend(keys(&value["files"][1]));
        assert_eq!(file, keys(part("file")));

        let names = |value: &serde_json::Value| -> BTreeSet<String> {
            serde_json::from_value(value.clone()).unwrap()
        };
        let operators: BTreeSet<String> =
            Operator::ALL.iter().map(|operator| operator.name().to_owned()).collect();
        assert_eq!(names(&schema["$defs"]["operator"]["enum"]), operators);
    }
}
