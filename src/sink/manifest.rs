//! The manifest of a finished output: what was written, from what, under which plan.
//!
//! `loup.manifest/1`, as `schemas/manifest.schema.json` describes it. Apart from [`Run`] and the links
//! of its [chain](super::chain) from there on, it depends on inputs, plan and key alone: the same for any
//! number of threads, and for a run that was interrupted and continued. Verifications may be appended
//! later ([`record`]).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::SinkError;
use super::chain::{self, Broken, Link};
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
    /// What verifications found that were recorded, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub verifications: Vec<Verification>,
    /// A digest for each part, made when it is written. Other versions had none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub chain: Option<Vec<Link>>,
}

impl Manifest {
    /// The digest of the last link of its chain: who has it knows whether anything here is another.
    #[must_use]
    pub fn seal(&self) -> Option<&str> {
        self.chain.as_ref()?.last().map(|link| link.digest.as_str())
    }

    /// How many verifications were recorded since `seal` was that of this manifest; nothing where it never
    /// was.
    #[must_use]
    pub fn recorded_since(&self, seal: &str) -> Option<usize> {
        let seals = chain::seals(self.chain.as_deref().unwrap_or_default());
        seals.iter().rev().position(|link| link.digest == seal)
    }
}

/// Facts about one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// RFC 3339, UTC.
    pub started: String,
    /// Wall time in seconds, written with milliseconds.
    #[serde(serialize_with = "milliseconds")]
    pub seconds: f64,
    /// Threads used.
    pub threads: usize,
}

/// Writes seconds such that every program that writes JSON writes them alike, for the chain is over them:
/// no more than three decimals, and none where there are none.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn milliseconds<S: Serializer>(seconds: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    let thousandths = (seconds * 1000.0).round();
    if thousandths % 1000.0 == 0.0 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        return serializer.serialize_u64((thousandths / 1000.0) as u64);
    }
    serializer.serialize_f64(thousandths / 1000.0)
}

/// What a verification of the output found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// RFC 3339, UTC.
    pub time: String,
    /// Version of loup.
    pub version: String,
    /// `ok`, `failed` or `incomplete`.
    pub result: String,
    /// Whether each pseudonym was checked for being the one that the key gives.
    pub with_key: bool,
    /// In the order in which they were made.
    pub checks: Vec<CheckResult>,
    /// The inputs that the output was held against, if it was, by `file`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub inputs: Option<Vec<InputDigest>>,
}

/// One question of a verification, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// What was asked.
    pub name: String,
    /// Whether the answer is yes.
    pub holds: bool,
    /// How many things were looked at, and what they are.
    pub looked_at: u64,
    pub unit: String,
    /// How often the answer was no.
    pub problems: u64,
}

/// The bytes of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputDigest {
    /// As in `files`.
    pub file: String,
    pub bytes: u64,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
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

/// A manifest as it stands in a file.
#[derive(Debug)]
pub struct Stored {
    pub manifest: Manifest,
    /// Where its chain does not hold, if it has one that does not.
    pub broken: Option<Broken>,
    path: PathBuf,
}

impl Stored {
    /// The manifest, for those who act on what it says.
    ///
    /// # Errors
    /// [`SinkError::Broken`] if its chain does not hold.
    pub fn believed(self) -> Result<Manifest, SinkError> {
        match self.broken {
            Some(broken) => Err(SinkError::Broken { path: self.path, broken }),
            None => Ok(self.manifest),
        }
    }
}

/// Reads a manifest, whether its chain holds or not; nothing where there is no such file.
///
/// # Errors
/// [`SinkError::Io`] if it cannot be read, [`SinkError::Malformed`] if it is no manifest or of a
/// version that this one does not know.
pub fn open(path: &Path) -> Result<Option<Stored>, SinkError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SinkError::io("read", path)(error)),
    };
    let malformed = |reason: String| SinkError::Malformed { path: path.to_owned(), reason };
    // serde_json names line and column; its text can quote the file, so it stays out.
    let unread = |error: serde_json::Error| {
        malformed(format!("no manifest: line {}, column {}", error.line(), error.column()))
    };
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(unread)?;
    if manifest.schema != SCHEMA {
        return Err(malformed(format!("not a {SCHEMA}")));
    }
    // The chain is over what is in the file, which may be more than is read here.
    let value: Value = serde_json::from_slice(&bytes).map_err(unread)?;
    let broken = chain::check(&value).err();
    Ok(Some(Stored { manifest, broken, path: path.to_owned() }))
}

/// Reads the manifest of a finished output; nothing where OUT has none. One of a version that made no
/// chain is believed.
///
/// # Errors
/// Those of [`open`], and [`SinkError::Broken`] if its chain does not hold.
pub fn read(out: &Path) -> Result<Option<Manifest>, SinkError> {
    open(&out.join(MANIFEST_NAME))?.map(Stored::believed).transpose()
}

/// Appends what a verification found to the manifest of `out`, which is still to be as it was when it was
/// read for it, and returns the new seal.
///
/// # Errors
/// [`SinkError::Changed`] if it is another by now, [`SinkError::Broken`] if its chain does not hold or was
/// made of more than this version knows, [`SinkError::Io`]. It is then as it was.
pub fn record(
    out: &Path,
    verified: &Manifest,
    verification: Verification,
) -> Result<String, SinkError> {
    let path = out.join(MANIFEST_NAME);
    let stored = open(&path)?.map(Stored::believed).transpose()?;
    let Some(mut manifest) = stored.filter(|stored| stored == verified) else {
        return Err(SinkError::Changed { path });
    };
    manifest.verifications.push(verification);
    let permissions = fs::metadata(&path).map_err(SinkError::io("read", &path))?.permissions();
    write(out, manifest, &permissions)
}

/// Writes the manifest, with its files in order and its chain made, so that it is there whole or not at
/// all; returns its seal.
pub(super) fn write(
    out: &Path,
    mut manifest: Manifest,
    permissions: &Permissions,
) -> Result<String, SinkError> {
    let path = out.join(MANIFEST_NAME);
    let failed = |error| SinkError::io("write", &path)(error);
    let value = serde_json::to_value(&manifest).map_err(|error| failed(error.into()))?;
    let links = chain::of(&value);
    if let Some(before) = &manifest.chain
        && !links.starts_with(before)
    {
        return Err(SinkError::Broken { path, broken: Broken::More });
    }
    manifest.chain = Some(links);
    let mut file = temporary_in(out).map_err(failed)?;
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(|error| failed(error.into()))?;
    text.push(b'\n');
    file.write_all(&text).map_err(failed)?;
    file.as_file().set_permissions(permissions.clone()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&path).map_err(|error| failed(error.error))?;
    Ok(manifest.seal().unwrap_or_default().to_owned())
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
        let file = "crm/customers.csv".into();
        let input = InputDigest { file, bytes: 17_261, sha256: "5".repeat(64) };
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
            verifications: vec![verification(None), verification(Some(vec![input]))],
            chain: None,
        }
    }

    fn verification(inputs: Option<Vec<InputDigest>>) -> Verification {
        let check = CheckResult {
            name: "files".into(),
            holds: true,
            looked_at: 1,
            unit: "files".into(),
            problems: 0,
        };
        Verification {
            time: "2026-11-20T11:00:00Z".into(),
            version: "0.1.0".into(),
            result: "ok".into(),
            with_key: false,
            checks: vec![check],
            inputs,
        }
    }

    /// A directory with that manifest in it, and its seal.
    fn written() -> (tempfile::TempDir, String) {
        let out = tempfile::tempdir().unwrap();
        let permissions = out.path().metadata().unwrap().permissions();
        let seal = write(out.path(), example(), &permissions).unwrap();
        (out, seal)
    }

    #[test]
    fn a_manifest_reads_back_as_it_was_written() {
        let (out, seal) = written();
        let read = read(out.path()).unwrap().unwrap();
        assert_eq!(read.seal(), Some(&*seal));
        assert_eq!(Manifest { chain: None, ..read }, example());
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
        assert_eq!(super::read(&out.path().join("none")).unwrap(), None);
    }

    #[test]
    fn a_manifest_whose_chain_does_not_hold_is_not_believed() {
        let (out, _) = written();
        let path = out.path().join(MANIFEST_NAME);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("analytics", "marketing")).unwrap();
        assert_eq!(open(&path).unwrap().unwrap().broken, Some(Broken::Link("key")));
        let error = read(out.path()).unwrap_err();
        assert!(matches!(error, SinkError::Broken { .. }), "{error}");
        // A version of before made no chain.
        fs::write(&path, serde_json::to_string(&example()).unwrap()).unwrap();
        assert_eq!(read(out.path()).unwrap(), Some(example()));
    }

    #[test]
    fn a_verification_is_appended_to_what_was_verified_and_to_nothing_else() {
        let (out, seal) = written();
        let before = read(out.path()).unwrap().unwrap();
        let new = record(out.path(), &before, verification(None)).unwrap();
        let after = read(out.path()).unwrap().unwrap();
        assert!(new != seal && after.seal() == Some(&*new));
        assert_eq!(after.verifications.len(), before.verifications.len() + 1);
        assert!(after.chain.as_ref().unwrap().starts_with(before.chain.as_ref().unwrap()));
        // The seals of before are still good, those of links that every manifest has are none.
        assert_eq!((after.recorded_since(&new), after.recorded_since(&seal)), (Some(0), Some(1)));
        let chain = after.chain.as_ref().unwrap();
        assert_eq!(after.recorded_since(&chain[8].digest), Some(3));
        assert_eq!(after.recorded_since(&chain[7].digest), None);
        let error = record(out.path(), &before, verification(None)).unwrap_err();
        assert!(matches!(error, SinkError::Changed { .. }), "{error}");
    }

    #[test]
    fn seconds_are_written_as_every_program_writes_them() {
        for (seconds, expected) in [(0.0, "0"), (0.5, "0.5"), (12.000_4, "12"), (7.123_45, "7.123")]
        {
            let run = Run { seconds, ..example().run };
            let text = serde_json::to_string(&run).unwrap();
            assert!(text.contains(&format!("\"seconds\":{expected},")), "{text}");
        }
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
        let mut value = serde_json::to_value(example()).unwrap();
        value["chain"] = serde_json::json!(chain::of(&value));
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
        let verification = &value["verifications"][1];
        assert_eq!(keys(verification), keys(part("verification")));
        assert_eq!(keys(&verification["checks"][0]), keys(part("check")));
        assert_eq!(keys(&verification["inputs"][0]), keys(part("input")));
        assert_eq!(keys(&value["chain"][0]), keys(part("link")));

        let names = |value: &serde_json::Value| -> BTreeSet<String> {
            serde_json::from_value(value.clone()).unwrap()
        };
        let operators: BTreeSet<String> =
            Operator::ALL.iter().map(|operator| operator.name().to_owned()).collect();
        assert_eq!(names(&schema["$defs"]["operator"]["enum"]), operators);
    }
}
