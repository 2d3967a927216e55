//! What a verification found, for people and for other programs.
//!
//! `loup.verify/1`, as `schemas/verify.schema.json` describes it. It names files, fields, kinds and
//! counts; a value is in none of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::human;

/// The value of `schema` in a report.
pub const SCHEMA: &str = "loup.verify/1";

/// So many problems of a check are listed in text.
const LISTED: usize = 20;

/// A finished verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Version of loup.
    pub version: String,
    /// Of all checks together.
    pub result: Outcome,
    /// In the order in which they were made.
    pub checks: Vec<Check>,
    /// Findings of a scan of the output whose kinds were kept, generalised or replaced by surrogates
    /// on purpose, by kind.
    pub kept: BTreeMap<String, u64>,
    /// Inputs that have no output since they could not be read.
    pub quarantined: Vec<Unread>,
    /// The seal of the manifest, where it has a chain and the chain holds.
    pub seal: Option<String>,
}

/// How a verification ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every check that was asked for holds.
    Ok,
    /// One of them does not.
    Failed,
    /// All hold, and some inputs have no output.
    Incomplete,
}

impl Outcome {
    /// The word in a report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Incomplete => "incomplete",
        }
    }
}

/// An input without an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    pub file: String,
    /// As in the manifest.
    pub reason: String,
}

/// One question that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `manifest`, `files`, `personal_data`, `content`, `originals`, `joins`.
    pub name: &'static str,
    /// Whether the answer is yes.
    pub holds: bool,
    /// How many things were looked at, and what they are: many of them, and one.
    pub looked_at: u64,
    pub unit: &'static str,
    #[serde(skip)]
    one: &'static str,
    /// What limits the answer.
    pub notes: Vec<String>,
    /// Where the answer is no.
    pub problems: Vec<Problem>,
}

/// A place where a check fails.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// Relative to OUT; what looks like personal data in it is masked.
    pub file: String,
    /// A field, a record or a part of the file.
    pub place: Option<String>,
    /// What is wrong: never a value.
    pub what: String,
    /// How often.
    pub count: u64,
}

impl Check {
    /// A check that holds so far, with the noun of what it looks at: of one, and of many.
    #[must_use]
    pub fn new(name: &'static str, one: &'static str, unit: &'static str) -> Self {
        let (notes, problems) = (Vec::new(), Vec::new());
        Self { name, holds: true, looked_at: 0, unit, one, notes, problems }
    }

    /// Counts a failure; those of one place and one sort are one problem.
    pub fn fail(&mut self, file: &str, place: Option<&str>, what: impl Into<String>, count: u64) {
        self.holds = false;
        let what = what.into();
        let is_this = |problem: &&mut Problem| {
            problem.file == file && problem.place.as_deref() == place && problem.what == what
        };
        match self.problems.iter_mut().find(is_this) {
            Some(problem) => problem.count += count,
            None => self.problems.push(Problem {
                file: file.to_owned(),
                place: place.map(str::to_owned),
                what,
                count,
            }),
        }
    }
}

impl VerifyReport {
    /// The report of these checks.
    #[must_use]
    pub fn new(
        checks: Vec<Check>,
        kept: BTreeMap<String, u64>,
        quarantined: Vec<Unread>,
        seal: Option<String>,
    ) -> Self {
        let result = match (checks.iter().all(|check| check.holds), quarantined.is_empty()) {
            (false, _) => Outcome::Failed,
            (true, false) => Outcome::Incomplete,
            (true, true) => Outcome::Ok,
        };
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Self { schema: SCHEMA.to_owned(), version, result, checks, kept, quarantined, seal }
    }
}

/// The report as text, a check a line, with its problems below it.
#[must_use]
pub fn render(report: &VerifyReport) -> String {
    let mut out = String::new();
    for check in &report.checks {
        let state = if check.holds { "ok" } else { "FAILED" };
        let title = title(check.name);
        let looked_at = human::counted(check.looked_at, check.one, check.unit);
        let _ = writeln!(out, "{state:<7} {title}: {looked_at}");
        for problem in check.problems.iter().take(LISTED) {
            let place =
                problem.place.as_ref().map_or_else(String::new, |place| format!(" · {place}"));
            let line = format!("{}{place} · {}", problem.file, problem.what);
            let times = human::count(problem.count);
            let _ = writeln!(out, "        × {} · {times}", printable(&line));
        }
        if let Some(more) = check.problems.len().checked_sub(LISTED).filter(|more| *more > 0) {
            let _ = writeln!(out, "        … and {more} more");
        }
        for note in &check.notes {
            let _ = writeln!(out, "        {note}");
        }
    }
    for (kind, count) in &report.kept {
        let count = human::count(*count);
        let _ = writeln!(
            out,
            "kept    {count} {kind}: left in, or replaced by values of its kind, on purpose"
        );
    }
    for unread in &report.quarantined {
        let line = format!("{}: {}", unread.file, unread.reason);
        let _ = writeln!(out, "missing {}", printable(&line));
    }
    if let Some(seal) = &report.seal {
        let _ = writeln!(out, "seal    {seal}");
    }
    let last = match report.result {
        Outcome::Ok => "Verified.",
        Outcome::Failed => "Not verified.",
        Outcome::Incomplete => "Verified, but for the inputs that have no output.",
    };
    out.push_str(last);
    out.push('\n');
    out
}

/// Names of others, without what a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn title(check: &str) -> &str {
    match check {
        "manifest" => "the chain of the manifest holds",
        "files" => "files are those of the manifest",
        "personal_data" => "a scan finds nothing that was to be replaced",
        "content" => "all else is as in the input",
        "originals" => "no original is left",
        "joins" => "equal values are equal, different ones different",
        other => other,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// One that failed, one that is incomplete, and one that is neither.
    pub(in crate::report) fn examples() -> [VerifyReport; 3] {
        let mut files = Check::new("files", "file", "files");
        files.looked_at = 12;
        files.fail("a.csv", None, "missing", 1);
        let mut content = Check::new("content", "record compared", "records compared");
        content.looked_at = 1;
        content.notes.push("a note".to_owned());
        content.fail("b.csv", Some("record 7"), "differs", 1);
        content.fail("b.csv", Some("record 7"), "differs", 2);
        let kept = BTreeMap::from([("ip".to_owned(), 3)]);
        let unread = Unread { file: "bad.parquet".into(), reason: "truncated footer".into() };
        let sound = || vec![Check::new("files", "file", "files")];
        [
            VerifyReport::new(vec![files, content], kept, Vec::new(), Some("0".repeat(64))),
            VerifyReport::new(sound(), BTreeMap::new(), vec![unread], None),
            VerifyReport::new(sound(), BTreeMap::new(), Vec::new(), None),
        ]
    }

    #[test]
    fn the_text_says_what_failed_where_and_how_often() {
        let [failed, incomplete, sound] = examples();
        let text = render(&failed);
        assert!(text.starts_with("FAILED  files are those of the manifest: 12 files\n"), "{text}");
        assert!(text.contains("all else is as in the input: 1 record compared\n"), "{text}");
        assert!(text.contains("× b.csv · record 7 · differs · 3\n"), "{text}");
        assert!(text.contains("kept    3 ip") && text.contains("seal    000"), "{text}");
        assert!(text.ends_with("Not verified.\n"), "{text}");
        assert!(render(&incomplete).contains("missing bad.parquet: truncated footer\n"));
        assert!(render(&sound).ends_with("\nVerified.\n"));
        assert_eq!(
            [failed, incomplete, sound].map(|report| report.result),
            [Outcome::Failed, Outcome::Incomplete, Outcome::Ok]
        );
    }
}
