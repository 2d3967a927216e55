//! `verify`: whether an output is what its manifest says, and what its input asks for.
//!
//! Alone, a manifest is held against its chain ([`chain`]), an output against its manifest ([`files`])
//! and scanned again ([`left`]). With its
//! input, masking is done again in memory: `against` runs it, `compare` holds the result against what
//! is there, up to the key, and `originals` are what `search` looks for in every corner of the output.

mod against;
mod column;
mod compare;
mod files;
mod originals;
mod search;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use against::Against;
pub use files::files;

use crate::datamap::document::MapDocument;
use crate::operator::Operator;
use crate::report::human;
use crate::report::verify::{Check, Unread};
use crate::sink::manifest::Stored;
use crate::sink::{FileState, Manifest};
use crate::source::MANIFEST_NAME;

/// Whether the chain of a manifest holds and has, or had before verifications were recorded, the `seal`
/// that is given. One of a version that made no chain is right unless it `is_asked` for.
#[must_use]
pub fn chain(stored: &Stored, seal: Option<&str>, is_asked: bool) -> Check {
    let mut check = Check::new("manifest", "link", "links");
    let manifest = &stored.manifest;
    check.looked_at = manifest.chain.as_ref().map_or(0, |links| links.len() as u64);
    if manifest.chain.is_none() {
        let why = "it has no chain: the version that wrote it made none, or somebody took it out";
        if is_asked || seal.is_some() {
            check.fail(MANIFEST_NAME, None, why, 1);
        } else {
            check.notes.push(why.to_owned());
        }
        return check;
    }
    if let Some(broken) = stored.broken {
        check.fail(MANIFEST_NAME, None, broken.to_string(), 1);
    }
    match seal.map(|seal| manifest.recorded_since(seal)) {
        None | Some(Some(0)) => {}
        Some(Some(since)) => {
            let since = human::counted(since as u64, "verification", "verifications");
            check.notes.push(format!("sealed so before {since} more"));
        }
        Some(None) => check.fail(MANIFEST_NAME, None, "its seal is not the one given", 1),
    }
    check
}

/// The inputs that have no output since they could not be read.
#[must_use]
pub fn quarantined(manifest: &Manifest) -> Vec<Unread> {
    let entries = manifest.files.iter().filter(|entry| entry.state == FileState::Quarantined);
    entries
        .map(|entry| Unread {
            file: entry.file.clone(),
            reason: entry.reason.clone().unwrap_or_default(),
        })
        .collect()
}

/// Whether values of a kind that went through an operator are still to be found as that kind.
fn stays_in_kind(operator: Operator) -> bool {
    match operator {
        Operator::Keep | Operator::Generalize | Operator::Surrogate | Operator::Shift => true,
        Operator::Token
        | Operator::Hash
        | Operator::Encrypt
        | Operator::Mask
        | Operator::Redact
        | Operator::Drop => false,
    }
}

/// Whether `map`, of a scan of an output, has findings of kinds that `manifest` says were replaced;
/// and the findings of kinds that stay what they are, by kind.
///
/// What was done to a kind in a field is not in a manifest: where it was kept in one field of the run
/// and replaced in another, its findings count as kept. So do those of a field in which the policy keeps
/// them, if it `is_same_policy` as that of the run. Of kinds that the run did not meet, the operator is the one that a plan would use.
#[must_use]
pub fn left(
    map: &MapDocument,
    manifest: &Manifest,
    is_same_policy: bool,
) -> (Check, BTreeMap<String, u64>) {
    let mut check = Check::new("personal_data", "byte scanned", "bytes scanned");
    check.looked_at = map.coverage.scanned;
    let mut kept = BTreeMap::new();
    let mut applied: BTreeMap<&str, BTreeSet<Operator>> = BTreeMap::new();
    for (kind, operators) in manifest.files.iter().flat_map(|entry| &entry.operators) {
        applied.entry(kind).or_default().extend(operators);
    }
    for dataset in &map.datasets {
        for field in dataset.fields.iter().chain(dataset.other.as_deref()) {
            for found in field.kinds.iter().filter(|found| found.findings > 0) {
                let planned = found.operator.parse::<Operator>();
                let stays = is_same_policy && matches!(planned, Ok(Operator::Keep))
                    || match applied.get(found.kind.as_str()) {
                        Some(operators) => operators.iter().copied().any(stays_in_kind),
                        None => planned.is_ok_and(stays_in_kind),
                    };
                if stays {
                    *kept.entry(found.kind.clone()).or_default() += found.findings;
                } else {
                    let what = format!("{} found", found.kind);
                    check.fail(&dataset.name, Some(&field.path), what, found.findings);
                }
            }
        }
    }
    for file in map.coverage.not_scanned.iter().filter(|file| file.state == "failed") {
        check.fail(&file.file, None, format!("cannot be read: {}", file.reason), 1);
    }
    (check, kept)
}
