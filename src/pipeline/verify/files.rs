//! An output held against its manifest: the same files with the same bytes, and no other.

use std::collections::BTreeMap;
use std::path::Path;

use walkdir::WalkDir;

use super::super::names;
use crate::detect::Detector;
use crate::report::verify::Check;
use crate::sink::{FileEntry, Manifest, SinkError, size_and_sha256};
use crate::source::{JOURNAL_NAME, MANIFEST_NAME};

/// Whether `out` holds the outputs that `manifest` lists, each with its size and its SHA-256, and
/// nothing else. `detector` masks what is personal data in the names of others.
///
/// # Errors
/// [`SinkError::Io`] where a directory or a file that is there cannot be read.
pub fn files(out: &Path, manifest: &Manifest, detector: &Detector) -> Result<Check, SinkError> {
    let mut check = Check::new("files", "file", "files");
    let mut listed: BTreeMap<&str, &FileEntry> = manifest
        .files
        .iter()
        .filter(|entry| entry.state.has_output())
        .map(|entry| (entry.file.as_str(), entry))
        .collect();
    for entry in WalkDir::new(out).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| SinkError::io("read", out)(error.into()))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let relative = entry.path().strip_prefix(out).unwrap_or(entry.path());
        let parts: Vec<_> =
            relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let name = parts.join("/");
        let shown = names::shown(detector, &name);
        match (name.as_str(), listed.remove(name.as_str())) {
            (MANIFEST_NAME, _) => {}
            (JOURNAL_NAME, _) => {
                check.fail(&shown, None, "the journal of a run that is not finished", 1);
            }
            (_, None) => check.fail(&shown, None, "not in the manifest", 1),
            (_, Some(_)) if !entry.file_type().is_file() => {
                check.fail(&shown, None, "not a regular file", 1);
            }
            (_, Some(listed)) => {
                check.looked_at += 1;
                let (bytes, sha256) =
                    size_and_sha256(entry.path()).map_err(SinkError::io("read", entry.path()))?;
                if bytes != listed.bytes_out {
                    check.fail(&shown, None, "another size than in the manifest", 1);
                } else if listed.sha256.as_ref() != Some(&sha256) {
                    check.fail(&shown, None, "another SHA-256 than in the manifest", 1);
                }
            }
        }
    }
    for name in listed.into_keys() {
        check.fail(&names::shown(detector, name), None, "missing", 1);
    }
    Ok(check)
}
