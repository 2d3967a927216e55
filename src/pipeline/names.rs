//! Names that are personal data themselves: of columns and keys, of files, of partitions.
//!
//! A pivoted table has values for names, and a directory for each customer has their addresses. Such a
//! name is shown with what is found in it masked, is counted like a value, and is protected like one.

use std::collections::HashMap;
use std::ops::Range;

use super::input::{Content, Identified};
use crate::datamap::document::{HEADINGS, PARTITION};
use crate::detect::{Candidate, Detector, Memory, Place, anchors, value_of};
use crate::format::columnar::NewSchema;
use crate::format::text::TextFormat;
use crate::kind::{self, Raw};
use crate::rules::RuleSet;
use crate::source::{InputFile, make_unique, percent_decoded};

/// What a hive partition is called whose value is null.
pub(super) const HIVE_NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// `name` with every finding in it replaced by its kind in angle brackets: `$['<email>'].visits`.
///
/// Names go into maps, findings and messages.
pub(super) fn shown(detector: &Detector, name: &str) -> String {
    let text = name.as_bytes();
    let mut shown = String::with_capacity(name.len());
    let mut done = 0;
    for candidate in &found_in(detector, text, Place::LINE) {
        shown.push_str(&String::from_utf8_lossy(&text[done..candidate.start]));
        shown.push('<');
        shown.push_str(&detector.rules().kind(candidate.kind).name);
        shown.push('>');
        done = candidate.end;
    }
    shown.push_str(&String::from_utf8_lossy(&text[done..]));
    shown
}

/// The candidates in a name, in order of place.
pub(super) fn found_in(detector: &Detector, name: &[u8], place: Place<'_>) -> Vec<Candidate> {
    let (mut in_name, mut found) = (Vec::new(), Vec::new());
    anchors(name, &mut in_name);
    detector.find(name, &in_name, 0, &place, &mut Memory::default(), &mut found);
    found
}

/// A part of a path that is a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// In the path.
    pub(super) range: Range<usize>,
    /// The field that its value is of, where it is the value of a hive partition: `partition:country`.
    pub(super) partition: Option<String>,
}

/// The names in the path of a file, with `/` between its parts: directories, values of partitions, and
/// the file without the endings that say its format (`jean@example.com.csv.gz`).
pub(super) fn parts_of(path: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut start = 0;
    for component in path.split('/') {
        let end = start + component.len();
        let is_file = end == path.len();
        let named = if is_file { without_endings(component).len() } else { component.len() };
        let part = match component.split_once('=') {
            Some((key, value)) if !is_file => Part {
                range: end - value.len()..end,
                partition: (value != HIVE_NULL).then(|| format!("{PARTITION}{key}")),
            },
            _ => Part { range: start..start + named, partition: None },
        };
        if component[part.range.start - start..part.range.end - start] != *HIVE_NULL {
            parts.push(part);
        }
        start = end + 1;
    }
    parts.retain(|part| !part.range.is_empty());
    parts
}

/// The endings at the end of a path, with the dots before them: `.csv.gz`.
pub(super) fn endings_of(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    &file[without_endings(file).len()..]
}

/// The name of a file without the endings that say its format: `app.log.1`, `jean@example.com.csv.gz`.
fn without_endings(name: &str) -> &str {
    const ENDINGS: [&str; 32] = [
        "arrow", "avro", "bak", "bz2", "csv", "dat", "eml", "err", "feather", "geojson", "gz",
        "html", "json", "jsonl", "log", "lz4", "mbox", "ndjson", "orc", "out", "parquet", "pdf",
        "psv", "snappy", "sql", "tmp", "tsv", "txt", "xlsx", "xml", "zip", "zst",
    ];
    let mut left = name;
    while let Some((stem, ending)) = left.rsplit_once('.')
        && !stem.is_empty()
    {
        let is_number = ending.bytes().all(|b| b.is_ascii_digit());
        // Behind another ending, a number is that of a rotated log; else it may be a part of an address.
        if is_number && without_endings(stem).len() == stem.len()
            || !is_number && !ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
        {
            break;
        }
        left = stem;
    }
    left
}

/// Shows what `files` are called, and the datasets they are of, with personal data in the names masked:
/// `users/<email>/orders.csv`. Those that look alike then are told apart by numbers.
///
/// Where their outputs go stays as it is, since that takes a plan.
pub fn hide(detector: &Detector, files: &mut [InputFile]) {
    let mut names: Vec<_> = files.iter().map(|it| shown_path(detector, &it.relative)).collect();
    make_unique(&mut names);
    for (file, name) in files.iter_mut().zip(names) {
        file.dataset = shown_path(detector, &file.dataset);
        file.relative = name;
    }
}

/// A name that is looked at like a value.
pub(super) struct Name {
    /// The field that it is counted under.
    pub(super) field: String,
    /// As it is meant, without the escapes of a path.
    pub(super) text: String,
}

/// The names that come with a file: the parts of its path, and its columns.
pub(super) fn of_file(file: &Identified) -> Vec<Name> {
    let path = &file.input.output;
    let mut names: Vec<_> = parts_of(path)
        .into_iter()
        .map(|Part { range, partition }| {
            let raw = &path[range];
            let text = partition.as_ref().map_or_else(|| raw.to_owned(), |_| percent_decoded(raw));
            Name { field: partition.unwrap_or_else(|| HEADINGS.to_owned()), text }
        })
        .collect();
    let columns = match &file.content {
        Content::Text(TextFormat::Csv { names, .. }) => names.clone(),
        Content::Parquet(parquet) => NewSchema::names_of(parquet).into_iter().collect(),
        _ => Vec::new(),
    };
    names.extend(columns.into_iter().map(|text| Name { field: HEADINGS.to_owned(), text }));
    names
}

fn shown_path(detector: &Detector, path: &str) -> String {
    let mut shown_path = String::with_capacity(path.len());
    let mut done = 0;
    for Part { range, .. } in parts_of(path) {
        shown_path.push_str(&path[done..range.start]);
        shown_path.push_str(&shown(detector, &path[range.clone()]));
        done = range.end;
    }
    shown_path.push_str(&path[done..]);
    shown_path
}

/// What was shown of names that come again: the keys of a log are few, and in every line.
#[derive(Default)]
pub(super) struct Shown(HashMap<Box<str>, Box<str>>);

impl Shown {
    /// Keys without end, as in a dump of sessions, are forgotten from time to time.
    const MAX: usize = 1024;

    /// [`shown`] of `name`.
    pub(super) fn of(&mut self, detector: &Detector, name: &str) -> &str {
        if self.0.len() >= Self::MAX && !self.0.contains_key(name) {
            self.0.clear();
        }
        if !self.0.contains_key(name) {
            self.0.insert(name.into(), shown(detector, name).into());
        }
        &self.0[name]
    }
}

/// A candidate as it may be shown. What validates is shown by its canonical form, so that an email
/// written `a%40b.example` looks like one.
pub(super) fn masked(rules: &RuleSet, candidate: &Candidate, text: &[u8]) -> String {
    let value = if candidate.class.is_valid() {
        candidate.canonical.as_bytes().into()
    } else {
        value_of(text, candidate)
    };
    kind::mask::mask(&rules.kind(candidate.kind).name, Raw(&value))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::rules::RuleSet;

    #[test]
    fn the_names_in_a_path_are_found_without_the_endings_of_files() {
        let names = |path: &str| -> Vec<String> {
            let part = |part: Part| {
                let of = part.partition.map(|field| format!("{field} ")).unwrap_or_default();
                format!("{of}{}", &path[part.range])
            };
            parts_of(path).into_iter().map(part).collect()
        };
        assert_eq!(names("jean@example.com.csv.gz"), ["jean@example.com"]);
        assert_eq!(names("users/192.0.2.7/app.log.12"), ["users", "192.0.2.7", "app"]);
        assert_eq!(names("logs/192.0.2.7.log"), ["logs", "192.0.2.7"]);
        assert_eq!(names("192.0.2.7"), ["192.0.2.7"]);
        assert_eq!(
            names("ev/email=eva%40example.org/dt=2026-11-20/p=a.csv"),
            ["ev", "partition:email eva%40example.org", "partition:dt 2026-11-20", "p=a"]
        );
        assert_eq!(names("ev/email=__HIVE_DEFAULT_PARTITION__/email=/x"), ["ev", "x"]);
        assert_eq!(names(".csv"), [".csv"]);
    }

    #[test]
    fn files_are_shown_without_what_is_in_their_names() {
        let detector = Detector::new(Arc::new(RuleSet::builtin()), Vec::new()).unwrap();
        let dir = tempfile::tempdir().unwrap();
        for name in ["jean@example.com/a.csv", "eva@example.org/a.csv", "jan/a.csv"] {
            std::fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        let mut files = crate::source::discover(&[dir.path().to_owned()]).unwrap();
        hide(&detector, &mut files);
        let shown: Vec<_> = files.iter().map(|it| (&*it.relative, &*it.dataset)).collect();
        assert_eq!(
            shown,
            [
                ("<email>/a.csv", "<email>/a.csv"),
                ("jan/a.csv", "jan/a.csv"),
                ("<email>/a.csv (2)", "<email>/a.csv"),
            ]
        );
        assert!(files[0].path.ends_with("eva@example.org/a.csv"));
    }

    #[test]
    fn a_name_that_is_a_value_is_masked() {
        let detector = Detector::new(Arc::new(RuleSet::builtin()), Vec::new()).unwrap();
        assert_eq!(shown(&detector, "Email 1"), "Email 1");
        assert_eq!(shown(&detector, "$['jean@example.com'].n"), "$['<email>'].n");
        assert_eq!(shown(&detector, "total_2024"), "total_2024");
        let mut known = Shown::default();
        for name in (0..3 * Shown::MAX).map(|n| format!("k{n}")).chain(["a@example.com".to_owned()])
        {
            for _ in 0..2 {
                assert_eq!(known.of(&detector, &name), shown(&detector, &name));
            }
        }
    }
}
