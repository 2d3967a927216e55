//! A policy to begin with, from a map: what `loup init` writes, for a person to read and change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::human;
use crate::datamap::document::{Field, HEADINGS, KindInField, MapDocument};
use crate::protect::surrogate;

/// A `loup.toml` that protects what `map` says is there, with comments that say why. `domain` is that of
/// the run. Valid as it is; ends with a line feed.
#[must_use]
pub fn render(map: &MapDocument, domain: &str) -> String {
    let mut text = format!(
        "# What happens to personal data. Proposed from a scan of {}, {}.\n\
         # Read it before you use it, and see what it does: loup mask IN --policy loup.toml --dry-run\n\
         version = 1\n\
         domain = {}  # pseudonyms join inside it, and cannot be linked across\n",
        human::counted(map.coverage.files, "file", "files"),
        map.run.started.get(..10).unwrap_or_default(),
        quoted(domain),
    );
    if !map.regions.is_empty() {
        let regions: Vec<_> = map.regions.iter().map(|region| quoted(region)).collect();
        let _ = writeln!(text, "regions = [{}]  # of national numbers", regions.join(", "));
    }
    text.push_str(
        "on_new = \"fail\"  # what nothing below covers stops the run; or: redact, default\n",
    );
    kinds(map, &mut text);
    fields(map, &mut text);
    text
}

/// `[kinds]`: each that was found, with how often and in how many fields.
fn kinds(map: &MapDocument, text: &mut String) {
    let mut found: BTreeMap<&str, (u64, u64, &str)> = BTreeMap::new();
    for kind in every_field(map).flat_map(|(_, field)| &field.kinds) {
        let counts = found.entry(&kind.kind).or_insert((0, 0, &kind.operator));
        counts.0 += kind.findings;
        counts.1 += u64::from(kind.findings > 0);
    }
    found.retain(|_, (findings, ..)| *findings > 0);
    if found.is_empty() {
        text.push_str("\n# No personal data was found.\n");
        return;
    }
    text.push_str("\n[kinds]\n");
    for (kind, (findings, fields, operator)) in found {
        let _ = writeln!(
            text,
            "{kind} = {}  # {} in {}",
            quoted(operator),
            human::counted(findings, "finding", "findings"),
            human::counted(fields, "field", "fields"),
        );
    }
}

/// `[[fields]]`: each that is of a kind as a whole.
fn fields(map: &MapDocument, text: &mut String) {
    let mut is_first = true;
    for (dataset, field) in every_field(map) {
        let of_verdict = |kind: &&KindInField| Some(&kind.kind) == field.verdict.as_ref();
        let Some(kind) = field.kinds.iter().find(of_verdict) else { continue };
        if field.path == HEADINGS {
            continue;
        }
        let (operator, as_text) = fitting(field, kind);
        if std::mem::take(&mut is_first) {
            text.push_str(
                "\n# Fields that are of one kind: every value is protected, whatever it looks like.\n",
            );
        }
        let _ = writeln!(
            text,
            "\n[[fields]]\n\
             dataset = {}\n\
             field = {}\n\
             kind = {}  # {} of {} values, {:.2} sure{}\n\
             op = {}{as_text}\n\
             if_present = true",
            quoted(&globset::escape(dataset)),
            quoted(&field.path),
            quoted(&kind.kind),
            human::count(kind.values),
            human::count(field.values),
            kind.confidence,
            kind.samples.first().map_or_else(String::new, |sample| format!(
                ", such as {}",
                sample.replace(char::is_control, " ")
            )),
            quoted(operator),
        );
    }
}

/// What can be done with a column that is of a kind: one that is no text keeps its type where there is a
/// surrogate of it, and becomes text else.
fn fitting<'m>(field: &Field, kind: &'m KindInField) -> (&'m str, &'static str) {
    let is_kept = ["drop", "keep"].contains(&kind.operator.as_str());
    let has_integers = surrogate::INTEGERS.contains(&kind.kind.as_str());
    match field.kind_of_value.as_str() {
        _ if is_kept => (&kind.operator, ""),
        "integer" if has_integers => ("surrogate", "  # the column stays one of integers"),
        "integer" | "decimal" | "float" | "date" | "address" | "fixed" => {
            (&kind.operator, "\nas = \"string\"  # the column is none of text, and becomes one")
        }
        _ => (&kind.operator, ""),
    }
}

fn every_field(map: &MapDocument) -> impl Iterator<Item = (&str, &Field)> {
    map.datasets
        .iter()
        .flat_map(|dataset| dataset.fields.iter().map(|field| (dataset.name.as_str(), field)))
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
