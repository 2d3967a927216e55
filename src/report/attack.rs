//! The table at the end of an attack: which pseudonyms fell, how, and in what time.

use std::fmt::Write as _;

use super::grid::{self, Cell, Column, Group, Tone};
use super::human;
use super::table::{TableOptions, push_ledger};
use crate::attack::document::{AttackDocument, Equality, FieldReport, Trial};

const COLUMNS: [Column; 9] = [
    Column::text("dataset", 16, 0),
    Column::text("field", 14, 0),
    Column::text("looks like", 12, 2),
    Column::number("distinct", 3),
    Column::number("reversed", 0),
    Column::text("as", 30, 0),
    Column::number("of", 4),
    Column::number("took", 5),
    Column::number("all take", 1),
];

/// Ways in which a field was reversed that are listed; one stands for nearly all of it.
const MAX_WAYS: usize = 4;

/// The summary of an attack. Ends with a line feed.
#[must_use]
pub fn render(doc: &AttackDocument, options: &TableOptions) -> String {
    let mut out = grid::render(&COLUMNS, &groups(doc), options);
    if doc.fields.is_empty() {
        out.push_str("No field looks like pseudonyms or digests.\n");
    }
    for field in &doc.fields {
        if let Some(equality) = &field.equality {
            let _ = writeln!(out, "{}: {}", place(field), told(equality));
        }
    }
    push_search(&mut out, doc, options);
    out.push('\n');
    push_ledger(&mut out, &doc.coverage, options);
    out
}

fn place(field: &FieldReport) -> String {
    grid::clean(&format!("{} : {}", field.dataset, field.field))
}

fn groups(doc: &AttackDocument) -> Vec<Group> {
    let of_dataset = doc.fields.chunk_by(|a, b| a.dataset == b.dataset);
    of_dataset
        .map(|fields| Group {
            title: Cell::new(&fields[0].dataset, Tone::Strong),
            rows: fields.iter().flat_map(rows).collect(),
        })
        .collect()
}

/// One line for each way in which a field was reversed, or one that says that it was not.
fn rows(field: &FieldReport) -> Vec<Vec<Cell>> {
    let start = |first: bool| {
        let text = |text: String| if first { text } else { String::new() };
        let distinct = match field.searched < field.distinct {
            true => format!("~{}", human::count(field.distinct)),
            false => human::count(field.distinct),
        };
        vec![
            Cell::new(text(field.field.clone()), Tone::Plain),
            Cell::new(text(field.looks_like.clone()), Tone::Faint),
            Cell::new(text(distinct), Tone::Plain),
        ]
    };
    if field.by.is_empty() {
        let none = if field.searched == 0 { "not tried" } else { "none" };
        let mut row = start(true);
        row.push(Cell::new(none, Tone::Plain));
        row.extend(std::iter::repeat_n(Cell::new("", Tone::Plain), 4));
        return vec![row];
    }
    let ways = field.by.iter().take(MAX_WAYS).enumerate();
    ways.map(|(place, way)| {
        let share = way.reversed as f64 / field.searched.max(1) as f64;
        let mut row = start(place == 0);
        row.extend([
            Cell::new(human::share(share), Tone::Warning),
            Cell::new(named(&way.trial), Tone::Accent),
            Cell::new(human::short_count(way.trial.size), Tone::Plain),
            Cell::new(human::duration(way.trial.seconds), Tone::Plain),
            Cell::new(
                way.trial.seconds_for_all.map_or_else(String::new, human::duration),
                Tone::Plain,
            ),
        ]);
        row
    })
    .collect()
}

/// `SHA-256 of phone (FR, mobile; +33…)`
fn named(trial: &Trial) -> String {
    let Trial { function, domain, part, spelling, salt, .. } = trial;
    let salt = if salt == "none" { String::new() } else { format!(", {salt}") };
    format!("{function} of {domain} ({part}; {spelling}){salt}")
}

/// What equality alone gives away, in one sentence.
fn told(equality: &Equality) -> String {
    let Equality { values, distinct, most_frequent_share, unique_in_frequency, lengths } =
        *equality;
    format!(
        "equality alone tells {} apart in {}; the most frequent one is {} of them, {} by how often it \
         comes, and there {}.",
        human::counted(distinct, "pseudonym", "pseudonyms"),
        human::counted(values, "value", "values"),
        human::share(most_frequent_share),
        match unique_in_frequency {
            0 => "none is known".to_owned(),
            1 => "1 is known".to_owned(),
            alone => format!("{} are each known", human::count(alone)),
        },
        match lengths {
            1 => "is one length".to_owned(),
            lengths => format!("are {} lengths", human::count(lengths)),
        },
    )
}

fn push_search(out: &mut String, doc: &AttackDocument, options: &TableOptions) {
    if doc.tried == 0 {
        return;
    }
    let rate = doc.tried as f64 / doc.searching_seconds.max(1e-9);
    let _ = writeln!(
        out,
        "{} tried in {} on {}, {} a second.",
        human::counted(doc.tried, "value", "values"),
        human::duration(doc.searching_seconds),
        human::counted(doc.threads as u64, "thread", "threads"),
        human::short_count(rate as u64),
    );
    if doc.is_cut_short {
        let heading = grid::paint("Time was up before all was tried", Tone::Warning, options.color);
        let _ =
            writeln!(out, "{heading}: give more with --seconds, or say what it can be with --try.");
    }
    if doc.fields.iter().any(|field| field.reversed > 0) {
        out.push_str(
            "What was reversed is personal data in clear to whoever has the file. Make it anew from the \
             originals, with a key: loup mask.\n",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::document::Reversal;
    use crate::datamap::document::Coverage;

    fn trial() -> Trial {
        Trial {
            function: "SHA-256",
            salt: "salt 1, behind".to_owned(),
            domain: "phone",
            part: "FR, mobile".to_owned(),
            spelling: "+33…".to_owned(),
            size: 200_000_000,
            tried: 100_000_000,
            seconds: 4.0,
            seconds_for_all: Some(8.0),
        }
    }

    fn document() -> AttackDocument {
        let equality = Equality {
            values: 5000,
            distinct: 1200,
            most_frequent_share: 0.25,
            unique_in_frequency: 1,
            lengths: 1,
        };
        let field = FieldReport {
            dataset: "calls.csv".to_owned(),
            field: "caller\u{1b}[31m".to_owned(),
            looks_like: "SHA-256 in hex".to_owned(),
            values: 5000,
            opaque: 5000,
            distinct: 1200,
            searched: 1200,
            reversed: 600,
            reversed_share: 0.5,
            by: vec![Reversal { trial: trial(), reversed: 600 }],
            in_vain: Vec::new(),
            equality: Some(equality),
        };
        let keyed = FieldReport { by: Vec::new(), reversed: 0, equality: None, ..field.clone() };
        AttackDocument {
            format: "loup.attack/1",
            version: "0.1.0".to_owned(),
            started: "2026-11-21T08:00:00Z".to_owned(),
            reading_seconds: 0.1,
            searching_seconds: 4.0,
            budget_seconds: 4.0,
            is_cut_short: true,
            threads: 2,
            tried: 100_000_000,
            fields: vec![field, keyed],
            coverage: Coverage { files: 1, bytes: 10, scanned: 10, ..Coverage::default() },
        }
    }

    #[test]
    fn the_answer_comes_first_and_what_is_left_behind_it() {
        let options = TableOptions { width: 160, ..TableOptions::default() };
        let text = render(&document(), &options);
        let words = [
            "50.0 %  SHA-256 of phone (FR, mobile; +33…), salt 1, behind  200.0 M  4.0 s     8.0 s",
            "none",
            "equality alone tells 1 200 pseudonyms apart in 5 000 values; the most frequent one is \
             25.0 % of them, 1 is known by how often it comes, and there is one length.",
            "100 000 000 values tried in 4.0 s on 2 threads, 25.0 M a second.",
            "Time was up before all was tried",
            "Looked at 100 % of 10 B in 1 file.",
        ];
        let mut rest = &text[..];
        for word in words {
            let (_, behind) = rest.split_once(word).unwrap_or_else(|| panic!("`{word}` in {text}"));
            rest = behind;
        }
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn a_document_without_pseudonyms_says_so() {
        let empty = AttackDocument { fields: Vec::new(), tried: 0, ..document() };
        let text = render(&empty, &TableOptions::default());
        assert!(text.starts_with("No field looks like pseudonyms or digests."), "{text}");
    }
}
