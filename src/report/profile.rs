//! The table of `--profile`: by stage and by rule, where the time of a scan went.
//!
//! Times are sums over all threads. Rules are timed by samples. What detection does between them, from
//! the look at a number to the weighing of what was found, has a row of its own.

use std::fmt::Write as _;

use super::grid::{self, Cell, Column, Group, Tone};
use super::human;
use super::table::TableOptions;

/// What a scan cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Stored bytes that were scanned.
    pub bytes: u64,
    /// Records.
    pub records: u64,
    /// Worker threads.
    pub threads: usize,
    /// Values that were counted: cells, lines in which something could be, and the distinct texts of
    /// a column chunk.
    pub values: u64,
    /// Those of them that were searched: others were known.
    pub texts: u64,
    /// Places that the candidate pass named.
    pub anchors: u64,
    /// In the order of the rule set.
    pub rules: Vec<OfRule>,
    /// What rules have in common.
    pub shared: [Shared; 2],
    /// Findings that no rule found: values that count because the rest of their column does.
    pub by_column: u64,
    /// Where the time went.
    pub stages: Stages,
}

/// What one rule did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfRule {
    /// Its id.
    pub rule: String,
    /// How often its recogniser was called.
    pub asked: u64,
    /// How often that found something.
    pub validated: u64,
    /// Findings; values that came again are among them, and were not asked about again.
    pub findings: u64,
    /// Time in the recogniser.
    pub nanos: u64,
}

/// Something that several rules need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// What it is.
    pub what: &'static str,
    /// How often it was done.
    pub asked: u64,
    /// What that took, in nanoseconds.
    pub nanos: u64,
}

/// Nanoseconds by stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stages {
    /// Reading files; of Parquet, from pages to distinct texts.
    pub read: u64,
    /// From chunks of text to cells, and to the fields they are of.
    pub cells: u64,
    /// The candidate pass.
    pub candidates: u64,
    /// Recognisers, and the evidence around what they find.
    pub detection: u64,
    /// Counting in the map.
    pub observing: u64,
    /// Merging, verdicts, the finished map.
    pub finishing: u64,
    /// What lies between: values in the order of their fields, those that are known already.
    pub other: u64,
}

impl Stages {
    /// The sums.
    #[must_use]
    pub fn plus(&self, more: &Self) -> Self {
        Self {
            read: self.read + more.read,
            cells: self.cells + more.cells,
            candidates: self.candidates + more.candidates,
            detection: self.detection + more.detection,
            observing: self.observing + more.observing,
            finishing: self.finishing + more.finishing,
            other: self.other + more.other,
        }
    }

    fn named(&self) -> [(&'static str, u64); 7] {
        [
            ("read", self.read),
            ("cells", self.cells),
            ("candidate pass", self.candidates),
            ("detection", self.detection),
            ("observing", self.observing),
            ("finishing", self.finishing),
            ("other", self.other),
        ]
    }

    fn total(&self) -> u64 {
        self.named().into_iter().map(|(_, nanos)| nanos).sum()
    }
}

const STAGE_COLUMNS: [Column; 4] = [
    Column::word("", 0),
    Column::word("stage", 0),
    Column::number("time", 0),
    Column::number("share", 0),
];

const RULE_COLUMNS: [Column; 7] = [
    Column::word("", 0),
    Column::word("rule", 0),
    Column::number("asked", 0),
    Column::number("validated", 0),
    Column::number("findings", 0),
    Column::number("ns each", 0),
    Column::number("time", 0),
];

/// The profile as two tables and a line of totals. Ends with a line feed.
#[must_use]
pub fn render(profile: &Profile, options: &TableOptions) -> String {
    let mut out = format!(
        "Profile: {} read, {}, {}, {}\n",
        human::bytes(profile.bytes),
        human::counted(profile.records, "record", "records"),
        human::counted(profile.values, "value", "values"),
        human::counted(profile.threads as u64, "thread", "threads"),
    );
    out.push_str(&grid::render(&STAGE_COLUMNS, &untitled(stage_rows(&profile.stages)), options));
    out.push('\n');
    out.push_str(&grid::render(&RULE_COLUMNS, &untitled(rule_rows(profile)), options));
    let sum = |of: fn(&OfRule) -> u64| profile.rules.iter().map(of).sum::<u64>();
    let _ = writeln!(
        out,
        "{} searched, {} named by the candidate pass, {} asked, {} validated, {}",
        human::counted(profile.texts, "text", "texts"),
        human::counted(profile.anchors, "place", "places"),
        human::counted(sum(|rule| rule.asked), "recogniser", "recognisers"),
        human::count(sum(|rule| rule.validated)),
        human::counted(sum(|rule| rule.findings) + profile.by_column, "finding", "findings"),
    );
    out
}

fn untitled(rows: Vec<Vec<Cell>>) -> [Group; 1] {
    [Group { title: Cell::new("", Tone::Plain), rows }]
}

fn stage_rows(stages: &Stages) -> Vec<Vec<Cell>> {
    let shares = human::parts(stages.named().map(|(_, nanos)| nanos));
    let row = |name: &str, nanos: u64, share: &str| {
        vec![
            Cell::new(name, Tone::Accent),
            Cell::new(seconds(nanos), Tone::Plain),
            Cell::new(share, Tone::Plain),
        ]
    };
    let named = stages.named().into_iter().zip(&shares);
    named
        .map(|((name, nanos), share)| row(name, nanos, share))
        .chain([row("total", stages.total(), "100 %")])
        .collect()
}

/// The rules that found something or took more than a thousandth of detection, the longest first, and
/// what is no rule's. The times add up to that of detection, unless the samples tell too much.
fn rule_rows(profile: &Profile) -> Vec<Vec<Cell>> {
    let detection = profile.stages.detection;
    let is_told = |rule: &&OfRule| rule.findings > 0 || rule.nanos * 1000 > detection;
    let (mut told, others): (Vec<_>, Vec<_>) = profile.rules.iter().partition(is_told);
    told.sort_by(|a, b| b.nanos.cmp(&a.nanos).then_with(|| a.rule.cmp(&b.rule)));
    let mut rows: Vec<_> = told
        .into_iter()
        .map(|of| row(&of.rule, [of.asked, of.validated, of.findings].map(Some), of.nanos))
        .collect();
    let sum = |of: fn(&OfRule) -> u64| others.iter().map(|rule| of(rule)).sum::<u64>();
    let asked = others.iter().filter(|rule| rule.asked > 0).count() as u64;
    if asked > 0 {
        let counts = [sum(|rule| rule.asked), sum(|rule| rule.validated), 0].map(Some);
        let name = format!("({})", human::counted(asked, "other rule", "other rules"));
        rows.push(row(&name, counts, sum(|rule| rule.nanos)));
    }
    for Shared { what, asked, nanos } in profile.shared {
        if asked > 0 {
            rows.push(row(&format!("({what})"), [Some(asked), None, None], nanos));
        }
    }
    if profile.by_column > 0 {
        rows.push(row("(the rest of a column)", [None, None, Some(profile.by_column)], 0));
    }
    let told: u64 = profile.rules.iter().map(|rule| rule.nanos).sum();
    let shared: u64 = profile.shared.iter().map(|shared| shared.nanos).sum();
    rows.push(row("(between them)", [None; 3], detection.saturating_sub(told + shared)));
    rows
}

fn row(name: &str, [asked, validated, findings]: [Option<u64>; 3], nanos: u64) -> Vec<Cell> {
    let count = |n: Option<u64>| Cell::new(n.map(human::count).unwrap_or_default(), Tone::Plain);
    let calls = asked.unwrap_or(0);
    let each = nanos.checked_div(calls).map(human::count).unwrap_or_default();
    vec![
        Cell::new(name, Tone::Accent),
        count(asked),
        count(validated),
        count(findings),
        Cell::new(each, Tone::Plain),
        Cell::new(if calls + nanos > 0 { seconds(nanos) } else { String::new() }, Tone::Plain),
    ]
}

/// With the digits of a millisecond.
#[expect(clippy::cast_precision_loss, reason = "four digits of it are shown")]
fn seconds(nanos: u64) -> String {
    format!("{:.3} s", nanos as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rule: &str, asked: u64, validated: u64, findings: u64, nanos: u64) -> OfRule {
        OfRule { rule: rule.to_owned(), asked, validated, findings, nanos }
    }

    #[test]
    fn slow_rules_come_first_and_idle_ones_are_left_out() {
        let profile = Profile {
            bytes: 20_000_000,
            records: 1000,
            threads: 2,
            values: 900,
            texts: 800,
            anchors: 12_000,
            rules: vec![
                of("email", 100, 90, 95, 5_000_000),
                of("card", 0, 0, 0, 0),
                of("iban", 1000, 0, 0, 12_000),
                of("ip_local", 0, 0, 4, 0),
                of("staff", 3, 2, 2, 90_000_000),
            ],
            shared: [
                Shared { what: "all patterns at once", asked: 800, nanos: 40_000_000 },
                Shared { what: "words around", asked: 0, nanos: 0 },
            ],
            by_column: 7,
            stages: Stages { read: 250_000_000, detection: 750_000_000, ..Stages::default() },
        };
        let expected = "\
Profile: 20.0 MB read, 1 000 records, 900 values, 2 threads
  stage              time   share
  read            0.250 s  25.0 %
  cells           0.000 s     0 %
  candidate pass  0.000 s     0 %
  detection       0.750 s  75.0 %
  observing       0.000 s     0 %
  finishing       0.000 s     0 %
  other           0.000 s     0 %
  total           1.000 s   100 %

  rule                    asked  validated  findings     ns each     time
  staff                       3          2         2  30 000 000  0.090 s
  email                     100         90        95      50 000  0.005 s
  ip_local                    0          0         4
  (1 other rule)          1 000          0         0          12  0.000 s
  (all patterns at once)    800                           50 000  0.040 s
  (the rest of a column)                           7
  (between them)                                                  0.615 s
800 texts searched, 12 000 places named by the candidate pass, 1 103 recognisers asked, 92 validated, \
108 findings
";
        assert_eq!(render(&profile, &TableOptions::default()), expected);
    }
}
