//! One finding as one line of `loup.findings/1` (NDJSON): where it is, never what it is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The name of the format. Lines do not repeat it; `schemas/findings.schema.json` describes one.
pub const SCHEMA: &str = "loup.findings/1";

/// One line. The order of the lines of a file is by file, record, position of the field, start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingLine<'a> {
    /// Path relative to its root, `/`-separated.
    #[serde(borrow)]
    pub file: Cow<'a, str>,
    /// The dataset that the file belongs to.
    #[serde(borrow)]
    pub dataset: Cow<'a, str>,
    /// Line, data row or document, 1-based.
    pub record: u64,
    /// None in the free text of a log line.
    #[serde(borrow)]
    pub field: Option<Cow<'a, str>>,
    /// First byte of the span, in the UTF-8 of the line or of the decoded cell.
    pub start: u64,
    /// The byte after the span, in the same text.
    pub end: u64,
    /// The kind: `email`.
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    /// Id of the rule: `email`, `ipv4`.
    #[serde(borrow)]
    pub rule: Cow<'a, str>,
    /// Calibrated probability that it is right, 0 to 1.
    pub confidence: f64,
    /// The masked value: `j***@e***.com`.
    #[serde(borrow)]
    pub masked: Cow<'a, str>,
    /// 32 hex digits: the keyed digest of the canonical form; equal values have equal digests
    /// under one key and domain.
    #[serde(borrow)]
    pub digest: Cow<'a, str>,
}

/// Appends `line` to `out` as JSON and a line feed. Allocates only to grow `out`.
#[allow(clippy::missing_panics_doc, reason = "it cannot, see the message")]
pub fn write_line(line: &FindingLine<'_>, out: &mut Vec<u8>) {
    serde_json::to_writer(&mut *out, line)
        .expect("keys are strings and a vector takes every write, so nothing can fail");
    out.push(b'\n');
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The line that the documentation of the format shows, as a row of a CSV file.
    pub(in crate::report) fn example() -> FindingLine<'static> {
        FindingLine {
            file: "crm/customers.csv".into(),
            dataset: "crm/customers.csv".into(),
            record: 17,
            field: Some("Email".into()),
            start: 0,
            end: 21,
            kind: "email".into(),
            rule: "email".into(),
            confidence: 0.99,
            masked: "j***@e***.com".into(),
            digest: "7c756e82893d319e22b5c413c98c1302".into(),
        }
    }

    #[test]
    fn a_line_is_written_as_the_format_says() {
        let mut out = Vec::new();
        write_line(&example(), &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            concat!(
                r#"{"file":"crm/customers.csv","dataset":"crm/customers.csv","record":17,"#,
                r#""field":"Email","start":0,"end":21,"kind":"email","rule":"email","#,
                r#""confidence":0.99,"masked":"j***@e***.com","#,
                r#""digest":"7c756e82893d319e22b5c413c98c1302"}"#,
                "\n"
            )
        );
    }

    #[test]
    fn a_line_feed_in_a_name_stays_inside_its_line_and_reads_back() {
        let line = FindingLine { field: None, file: "a\n\"b".into(), ..example() };
        let mut out = Vec::new();
        write_line(&line, &mut out);
        write_line(&line, &mut out);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), 2);
        for read in text.lines() {
            assert_eq!(serde_json::from_str::<FindingLine<'_>>(read).unwrap(), line);
        }
    }
}
