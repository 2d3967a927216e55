//! The table at the end of a scan: the answer first, what was looked at after it.
//!
//! One line for each kind in each field that holds personal data. When there are more fields than
//! lines, those with most findings are shown, whole fields before free text, but always the
//! richest field of every kind: the one IBAN among a million notes is not cut off.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::datamap::document::{Coverage, KindInField, MapDocument};

use super::facts::{self, Facts, PersonalField};
use super::grid::{self, Cell, Column, Group, Tone};
use super::human;

/// Reasons for not looking at files that are listed; the rest is counted.
const MAX_REASONS: usize = 10;

/// Terminal columns of the name of a field: on a wide terminal too, a long template must not push
/// its numbers out of sight.
const MAX_FIELD_WIDTH: usize = 56;

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableOptions {
    /// Terminal columns. Tables need about 60; below that, lines get longer than asked.
    pub width: usize,
    /// Whether ANSI colours are wanted.
    pub color: bool,
    /// Whether `…` and `•` can be shown; else `...` and `*`.
    pub unicode: bool,
    /// Lines of the table from which fields are left out and counted instead.
    pub max_rows: usize,
}

impl Default for TableOptions {
    /// A wide enough page that nothing interprets: 100 columns, plain ASCII ornaments.
    fn default() -> Self {
        Self { width: 100, color: false, unicode: false, max_rows: 40 }
    }
}

impl TableOptions {
    /// `…`, or `...` where that cannot be shown.
    fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }

    /// A masked value with its stars as dots, which read as covered rather than as censored.
    pub(super) fn masked(&self, masked: &str) -> String {
        if self.unicode { masked.replace("***", "•••") } else { masked.to_owned() }
    }
}

/// The summary of a scan: table, what was left out of it, coverage. Ends with a line feed.
#[must_use]
pub fn render(doc: &MapDocument, options: &TableOptions) -> String {
    let facts = Facts::of(doc);
    let mut out = String::new();
    if facts.personal.is_empty() {
        out.push_str(&nothing_found(doc, &facts, options));
    } else {
        let shown = select(&facts, options.max_rows);
        out.push_str(&grid::render(&COLUMNS, &groups(&facts, &shown, options), options));
        out.push_str(&rest(&facts, &shown, options));
    }
    out.push('\n');
    push_ledger(&mut out, &doc.coverage, options);
    if facts.malformed > 0 {
        let (one, many) = ("record did not parse and was", "records did not parse and were");
        let records = human::counted(facts.malformed, one, many);
        let _ = writeln!(out, "{records} read as plain text.");
    }
    out
}

const COLUMNS: [Column; 9] = [
    Column::text("dataset", 16, 0),
    Column::text("field", 18, 0),
    Column::word("kind", 0),
    Column::number("findings", 0),
    Column::number("share", 3),
    Column::number("distinct", 1),
    Column::text("sample", 10, 2),
    Column::number("sure", 4),
    Column::word("", 5),
];

/// Indices into `facts.personal` of the fields to show, in ascending order.
fn select(facts: &Facts<'_>, max_rows: usize) -> BTreeSet<usize> {
    let mut ranked: Vec<usize> = (0..facts.personal.len()).collect();
    ranked.sort_by_key(|&i| {
        let field = &facts.personal[i];
        (!field.is_whole(), std::cmp::Reverse(field.findings()))
    });
    let richest = facts.kinds.iter().filter_map(|total| {
        let findings = |i: usize| {
            let kinds = &facts.personal[i].kinds;
            kinds.iter().find(|kind| kind.kind == total.kind).map(|kind| kind.findings)
        };
        (0..facts.personal.len()).filter(|&i| findings(i).is_some()).max_by_key(|&i| findings(i))
    });
    let mut shown = BTreeSet::new();
    let mut rows = 0;
    for i in richest.chain(ranked) {
        let more = facts.personal[i].kinds.len();
        // A field is shown with all its kinds or not at all; the first always.
        if !shown.contains(&i) && (rows == 0 || rows + more <= max_rows) {
            shown.insert(i);
            rows += more;
        }
    }
    shown
}

/// The lines of the fields shown, by dataset.
fn groups(facts: &Facts<'_>, shown: &BTreeSet<usize>, options: &TableOptions) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut last = None;
    for field in shown.iter().map(|&i| &facts.personal[i]) {
        if last != Some(&field.dataset.name) {
            last = Some(&field.dataset.name);
            let title = Cell::new(&field.dataset.name, Tone::Strong);
            groups.push(Group { title, rows: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.rows.extend(rows(field, options));
        }
    }
    groups
}

/// One line for each kind; the name of the field on the first only.
fn rows(field: &PersonalField<'_>, options: &TableOptions) -> Vec<Vec<Cell>> {
    let names = std::iter::once(facts::field_name(field.field)).chain(std::iter::repeat(""));
    field.kinds.iter().zip(names).map(|(kind, name)| row(kind, name, options)).collect()
}

fn row(kind: &KindInField, name: &str, options: &TableOptions) -> Vec<Cell> {
    let sample = kind.samples.first().map_or(String::new(), |sample| options.masked(sample));
    vec![
        Cell::new(grid::cut(name, MAX_FIELD_WIDTH, options.unicode), Tone::Plain),
        Cell::new(&kind.kind, Tone::Accent),
        Cell::new(human::count(kind.findings), Tone::Plain),
        Cell::new(human::share(kind.share), Tone::Plain),
        Cell::new(facts::distinct(kind), Tone::Plain),
        Cell::new(sample, Tone::Faint),
        Cell::new(format!("{:.2}", kind.confidence), Tone::Plain),
        Cell::new(facts::regions(kind, 3).join("  "), Tone::Faint),
    ]
}

/// The line about fields that are not in the table.
fn rest(facts: &Facts<'_>, shown: &BTreeSet<usize>, options: &TableOptions) -> String {
    let without = human::counted(facts.fields_without, "field", "fields");
    let hidden: Vec<_> = (0..facts.personal.len()).filter(|i| !shown.contains(i)).collect();
    if hidden.is_empty() {
        return format!("{without} without personal data\n");
    }
    let datasets: BTreeSet<_> =
        hidden.iter().map(|&i| facts.personal[i].dataset.name.as_str()).collect();
    format!(
        "{} {} with personal data in {}; {} without\n",
        options.ellipsis(),
        human::counted(hidden.len() as u64, "more field", "more fields"),
        human::counted(datasets.len() as u64, "dataset", "datasets"),
        human::count(facts.fields_without),
    )
}

/// In place of the table: nothing was found, and in what.
fn nothing_found(doc: &MapDocument, facts: &Facts<'_>, options: &TableOptions) -> String {
    let coverage = &doc.coverage;
    if coverage.scanned == 0 && coverage.sampled == 0 && facts.records == 0 {
        let line = "Nothing was looked at, so nothing can be said.";
        return format!("{}\n", grid::paint(line, Tone::Warning, options.color));
    }
    let line = if facts::is_complete(coverage) {
        "No personal data found."
    } else {
        "No personal data found in what was looked at."
    };
    format!(
        "{}\n{} and {} in {}.\n",
        grid::paint(line, Tone::Strong, options.color),
        human::counted(facts.records, "record", "records"),
        human::counted(facts.fields(), "field", "fields"),
        human::counted(doc.datasets.len() as u64, "dataset", "datasets"),
    )
}

/// What was looked at, and what not.
pub(super) fn push_ledger(out: &mut String, coverage: &Coverage, options: &TableOptions) {
    let ledger = facts::ledger(coverage);
    let [scanned, sampled, _, _, unknown] = human::parts(ledger);
    let _ = write!(
        out,
        "Looked at {scanned} of {} in {}",
        human::bytes(coverage.bytes),
        human::counted(coverage.files, "file", "files"),
    );
    if coverage.sampled > 0 {
        let _ = write!(out, ", at samples of {sampled}");
    }
    if facts::is_complete(coverage) {
        out.push_str(". Not looked at: nothing.\n");
    } else {
        let heading = grid::paint("Not looked at:", Tone::Warning, options.color);
        let _ = writeln!(out, ". {heading}");
        out.push_str(&not_looked_at(coverage, options));
        if ledger[4] > 0 {
            let _ = writeln!(out, "  {unknown} that this map does not account for");
        }
    }
}

const REASON_COLUMNS: [Column; 6] = [
    Column::word("", 0),
    Column::word("", 0),
    Column::text("", 20, 0),
    Column::number("", 2),
    Column::number("", 0),
    Column::text("", 12, 1),
];

/// One line for each reason, with its files and bytes and the first file's name.
fn not_looked_at(coverage: &Coverage, options: &TableOptions) -> String {
    let reasons = facts::reasons(coverage);
    let rows = reasons.iter().take(MAX_REASONS).map(|reason| {
        let tone = if reason.state == "failed" { Tone::Warning } else { Tone::Plain };
        let more = if reason.files > 1 { options.ellipsis() } else { "" };
        vec![
            Cell::new(reason.state, tone),
            Cell::new(reason.text, Tone::Plain),
            Cell::new(human::counted(reason.files, "file ", "files"), Tone::Plain),
            Cell::new(human::bytes(reason.bytes), Tone::Plain),
            Cell::new(format!("{} {more}", reason.first).trim_end(), Tone::Faint),
        ]
    });
    let group = Group { title: Cell::new("", Tone::Plain), rows: rows.collect() };
    let mut out = grid::render(&REASON_COLUMNS, &[group], options);
    if reasons.len() > MAX_REASONS {
        let rest = &reasons[MAX_REASONS..];
        let files = rest.iter().map(|reason| reason.files).sum();
        let _ = writeln!(
            out,
            "  and {} more, for {}",
            human::counted(files, "file", "files"),
            human::counted(rest.len() as u64, "other reason", "other reasons"),
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datamap::document::NotScanned;
    use crate::report::example;

    fn at(width: usize) -> TableOptions {
        TableOptions { width, unicode: true, ..TableOptions::default() }
    }

    #[test]
    fn every_line_fits_the_width() {
        for width in [60, 80, 100, 140, 200] {
            for unicode in [false, true] {
                let text = render(&example::map(), &TableOptions { unicode, ..at(width) });
                for line in text.lines() {
                    assert!(grid::columns(line) <= width, "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn a_wide_terminal_gets_datasets_beside_their_fields() {
        let text = render(&example::map(), &TableOptions { max_rows: 5, ..at(140) });
        let expected = "
dataset            field                              kind     findings    share  distinct  sample         sure
crm/customers.csv  phone_1                            phone   4 101 930   84.9 %    ~1.4 M  +33 ••• 41     0.97  FR 91 %  BE 6 %  LU 2 %  +1
logs/nginx         <ip> - - [<time>… <path>\" <n> <n>  ip     88 004 120  100.0 %   ~29.3 M  192.•••        0.97
orders             billing.email                      email  61 198 201   99.9 %   ~20.4 M  a•••@e•••.org  1.00
                   iban                               iban    9 120 448  100.0 %    ~3.0 M  FR76•••0189    1.00  FR 87 %  BE 9 %  DE 4 %
                   card_number                        card        8 102   96.1 %     2 700  •••1111        0.97
… 17 more fields with personal data in 6 datasets; 18 without

Looked at 98.8 % of 41.7 GB in 3 118 files. Not looked at:
  failed   not UTF-8: UTF-16          1 file    18.3 MB  legacy/export.txt
  failed   truncated Parquet footer   1 file     2.3 MB  orders/country=BE/dt=2026-11-02/part-0003.parquet
  skipped  archive                    1 file   401.0 MB  archive/2019.zip
  skipped  image                     28 files   59.9 MB  hr/scans/passport-0001.jpg …
37 records did not parse and were read as plain text.
";
        assert_eq!(format!("\n{text}"), expected);
    }

    #[test]
    fn a_narrow_terminal_gets_datasets_as_headings() {
        let text = render(&example::map(), &TableOptions { max_rows: 9, ..at(80) });
        let expected = "
  field                kind     findings    share  distinct  sample         sure
crm/customers.csv
  email                email   4 812 077   99.6 %    ~1.6 M  a•••@e•••.org  1.00
  phone_1              phone   4 101 930   84.9 %    ~1.4 M  +33 ••• 41     0.97
crm/leads.ndjson
  $.contact.emails[*]  email   1 104 226  100.0 %  ~368.1 k  a•••@e•••.org  1.00
  $.contact.phone      phone     711 020   78.8 %   237.0 k  +33 ••• 41     0.97
logs/nginx
  <ip> - - …\" <n> <n>  ip     88 004 120  100.0 %   ~29.3 M  192.•••        0.97
orders
  billing.email        email  61 198 201   99.9 %   ~20.4 M  a•••@e•••.org  1.00
  client_ip            ip     60 811 937   99.4 %   ~20.3 M  192.•••        0.97
  iban                 iban    9 120 448  100.0 %    ~3.0 M  FR76•••0189    1.00
  card_number          card        8 102   96.1 %     2 700  •••1111        0.97
… 13 more fields with personal data in 6 datasets; 18 without

Looked at 98.8 % of 41.7 GB in 3 118 files. Not looked at:
  failed   not UTF-8: UTF-16          1 file    18.3 MB  legacy/export.txt
  failed   truncated Parquet footer   1 file     2.3 MB  orders/coun…003.parquet
  skipped  archive                    1 file   401.0 MB  archive/2019.zip
  skipped  image                     28 files   59.9 MB  hr/scans/pa…-0001.jpg …
37 records did not parse and were read as plain text.
";
        assert_eq!(format!("\n{text}"), expected);
    }

    #[test]
    fn the_richest_field_of_every_kind_is_shown_whatever_the_limit() {
        let text = render(&example::map(), &TableOptions { max_rows: 5, ..at(200) });
        let table = text.split_once('\n').unwrap().1;
        for kind in ["email", "phone", "iban", "card", "ip"] {
            assert!(table.contains(&format!("  {kind}  ")), "{kind}: {text}");
        }
    }

    #[test]
    fn nothing_found_still_says_what_was_looked_at() {
        let expected = "\
No personal data found.
88 120 records and 3 fields in 1 dataset.

Looked at 100 % of 31.0 MB in 12 files. Not looked at: nothing.
";
        assert_eq!(render(&example::clean_map(), &at(80)), expected);
    }

    #[test]
    fn nothing_looked_at_is_not_called_clean() {
        let mut doc = example::clean_map();
        doc.datasets.clear();
        doc.coverage = Coverage { files: 1, bytes: 10, skipped: 10, ..Coverage::default() };
        let text = render(&doc, &at(80));
        assert!(text.starts_with("Nothing was looked at"), "{text}");
        assert!(text.contains("Looked at 0 % of 10 B in 1 file. Not looked at:"), "{text}");
    }

    #[test]
    fn reasons_beyond_ten_are_counted() {
        let mut doc = example::map();
        doc.coverage.not_scanned = (0..25)
            .map(|i| NotScanned {
                file: format!("f{i}"),
                bytes: 1,
                state: "skipped".to_owned(),
                reason: format!("reason {}", i % 13),
            })
            .collect();
        let text = render(&doc, &at(80));
        assert_eq!(text.lines().filter(|line| line.starts_with("  skipped")).count(), 10);
        assert!(text.contains("  and 5 files more, for 3 other reasons\n"), "{text}");
    }

    #[test]
    fn colour_changes_nothing_but_escapes() {
        let plain = render(&example::map(), &at(100));
        let colored = render(&example::map(), &TableOptions { color: true, ..at(100) });
        assert!(!plain.contains('\x1b') && colored.contains('\x1b'));
        let stripped = ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[33m"]
            .iter()
            .fold(colored, |text, code| text.replace(code, ""));
        assert_eq!(stripped, plain);
    }

    #[test]
    fn names_cannot_steer_the_terminal() {
        let mut doc = example::map();
        doc.datasets[0].name = "crm\x1b]0;title\x07".to_owned();
        doc.datasets[0].fields[0].path = "e\rmail".to_owned();
        doc.coverage.not_scanned[0].file = "\x1b[2J".to_owned();
        let text = render(&doc, &at(140));
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
}
