//! What masking would do, field by field: the table of `mask --dry-run`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::operator::Operator;

use super::grid::{self, Cell, Column, Group, Tone};
use super::human;
use super::table::TableOptions;

/// What would happen to one kind in one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// Name of the dataset. Rows of one dataset follow each other.
    pub dataset: String,
    /// Path of the field.
    pub field: String,
    /// `email`.
    pub kind: String,
    /// What happens to it.
    pub operator: Operator,
    /// What decided so: `default`, `policy: kinds.email`, `the whole field is email`.
    pub why: String,
    /// A sample from the data, masked; empty where there is none.
    pub before: String,
    /// The same sample as it would be written; empty where nothing would be.
    pub after: String,
}

const COLUMNS: [Column; 7] = [
    Column::text("dataset", 16, 0),
    Column::text("field", 16, 0),
    Column::word("kind", 0),
    Column::word("operator", 0),
    Column::text("before", 8, 3),
    Column::text("after", 9, 2),
    Column::text("why", 12, 1),
];

/// The plan as a table and a line that counts fields by operator. Rows keep their order, no row
/// is left out: a plan is read before it is agreed to. Ends with a line feed.
#[must_use]
pub fn render_plan(rows: &[PlanRow], options: &TableOptions) -> String {
    if rows.is_empty() {
        return "Nothing to protect: no field holds personal data.\n".to_owned();
    }
    let groups: Vec<Group> = rows
        .chunk_by(|a, b| a.dataset == b.dataset)
        .map(|rows| Group {
            title: Cell::new(&rows[0].dataset, Tone::Strong),
            rows: rows
                .chunk_by(|a, b| a.field == b.field)
                .flat_map(|rows| rows.iter().enumerate())
                .map(|(i, row)| cells(row, i == 0, options))
                .collect(),
        })
        .collect();
    let mut out = grid::render(&COLUMNS, &groups, options);
    out.push_str(&totals(rows));
    out
}

/// The cells of one row; the name of the field on the first of its rows only.
fn cells(row: &PlanRow, named: bool, options: &TableOptions) -> Vec<Cell> {
    // What stays as it is on purpose must be seen.
    let tone = if row.operator == Operator::Keep { Tone::Warning } else { Tone::Plain };
    vec![
        Cell::new(if named { &row.field } else { "" }, Tone::Plain),
        Cell::new(&row.kind, Tone::Accent),
        Cell::new(row.operator.name(), tone),
        Cell::new(options.masked(&row.before), Tone::Faint),
        Cell::new(options.masked(&row.after), Tone::Plain),
        Cell::new(&row.why, Tone::Faint),
    ]
}

/// `19 fields: 17 token, 1 mask, 1 drop`; a field with two kinds counts once in the sum and once
/// for each of its operators.
fn totals(rows: &[PlanRow]) -> String {
    let mut by_operator: BTreeMap<Operator, u64> = BTreeMap::new();
    let mut fields = 0;
    for field in rows.chunk_by(|a, b| (&a.dataset, &a.field) == (&b.dataset, &b.field)) {
        fields += 1;
        let mut operators: Vec<_> = field.iter().map(|row| row.operator).collect();
        operators.sort_unstable();
        operators.dedup();
        for operator in operators {
            *by_operator.entry(operator).or_default() += 1;
        }
    }
    let mut out = format!("\n{}:", human::counted(fields, "field", "fields"));
    for (i, (operator, fields)) in by_operator.into_iter().enumerate() {
        let comma = if i > 0 { "," } else { "" };
        let _ = write!(out, "{comma} {} {operator}", human::count(fields));
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::grid::columns;

    fn row(dataset: &str, field: &str, kind: &str, operator: Operator) -> PlanRow {
        let after = match operator {
            Operator::Token => "eml1_7q3k9d2m5x8w1p4t6v0a",
            Operator::Keep => "f***@e***.org",
            _ => "",
        };
        PlanRow {
            dataset: dataset.to_owned(),
            field: field.to_owned(),
            kind: kind.to_owned(),
            operator,
            why: "default".to_owned(),
            before: "f***@e***.org".to_owned(),
            after: after.to_owned(),
        }
    }

    fn plan() -> Vec<PlanRow> {
        vec![
            row("crm/customers", "email", "email", Operator::Token),
            row("crm/customers", "notes", "email", Operator::Redact),
            row("crm/customers", "notes", "phone", Operator::Redact),
            row("orders", "contact.reply_to[*].address.email", "email", Operator::Keep),
        ]
    }

    #[test]
    fn the_plan_names_dataset_and_field_once_and_counts_fields_by_operator() {
        let options = TableOptions { width: 140, unicode: true, ..TableOptions::default() };
        let text = render_plan(&plan(), &options);
        let expected = "\
dataset        field                              kind   operator  before         after                      why
crm/customers  email                              email  token     f•••@e•••.org  eml1_7q3k9d2m5x8w1p4t6v0a  default
               notes                              email  redact    f•••@e•••.org                             default
                                                  phone  redact    f•••@e•••.org                             default
orders         contact.reply_to[*].address.email  email  keep      f•••@e•••.org  f•••@e•••.org              default

3 fields: 1 token, 1 redact, 1 keep
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_narrow_plan_keeps_every_row_within_the_width() {
        let options = TableOptions { width: 80, max_rows: 1, ..TableOptions::default() };
        let text = render_plan(&plan(), &options);
        assert!(text.lines().all(|line| columns(line) <= 80), "{text}");
        assert_eq!(text.matches("redact").count(), 3, "{text}");
        assert!(text.contains("contact") && text.contains("email  keep"), "{text}");
    }

    #[test]
    fn an_empty_plan_says_so() {
        assert!(render_plan(&[], &TableOptions::default()).starts_with("Nothing to protect"));
    }
}
