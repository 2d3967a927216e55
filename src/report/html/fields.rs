//! The tables: every kind in every field, and the datasets.

use maud::{Markup, html};

use crate::datamap::document::{Dataset, KindInField, MapDocument, Place};
use crate::report::facts::{self, Facts, PersonalField};
use crate::report::human;

use super::{number, words};

/// Rows of a table that are written; browsers grow slow beyond, and the map itself has them all.
pub(super) const MAX_ROWS: usize = 5_000;

/// The table of fields, with what sorts and filters it where scripts run.
pub(super) fn section(facts: &Facts<'_>) -> Markup {
    let rows: usize = facts.personal.iter().map(|field| field.kinds.len()).sum();
    let all =
        facts.personal.iter().flat_map(|field| field.kinds.iter().map(move |kind| (field, kind)));
    html! {
        h2 id="fields-title" { "Fields with personal data" }
        p.soft {
            "One row for each kind in each field. A further "
            (human::no_break(&human::counted(facts.fields_without, "field holds", "fields hold"))) " none."
        }
        div.controls #controls role="search" hidden {
            label { "Filter" input #words type="search" placeholder="dataset, field, country …" autocomplete="off"; }
            label {
                "Kind"
                select #kind {
                    option value="" { "all kinds" }
                    @for total in &facts.kinds { option value=(total.kind) { (words(total.kind)) } }
                }
            }
            output #shown {}
        }
        div.scroll tabindex="0" role="region" aria-labelledby="fields-title" {
            table #fields {
                caption {
                    "Fields with personal data, by dataset; fields that are wholly of one kind come first. "
                    @if rows > MAX_ROWS {
                        strong { "The first " (number(MAX_ROWS as u64)) " of " (number(rows as u64)) " rows; the map has all." }
                    }
                }
                thead {
                    tr {
                        th scope="col" { "Dataset" }
                        th scope="col" { "Field" }
                        th scope="col" { "Kind" }
                        th scope="col" { "Category" }
                        th.n scope="col" { "Findings" }
                        th.n scope="col" { "Share" }
                        th.n scope="col" { "Distinct" }
                        th.n scope="col" { "Sure" }
                        th scope="col" { "Countries" }
                        th scope="col" { "Sample" }
                        th scope="col" { "First seen" }
                        th scope="col" { "Operator" }
                    }
                }
                tbody { @for (field, kind) in all.take(MAX_ROWS) { (row(field, kind)) } }
            }
        }
    }
}

/// `data-value` is what a numeric column sorts by.
fn row(field: &PersonalField<'_>, kind: &KindInField) -> Markup {
    html! {
        tr data-kind=(kind.kind) {
            td.dataset.path { (field.dataset.name) }
            th.field scope="row" {
                span.path { (facts::field_name(field.field)) }
                @if field.field.verdict.as_ref() == Some(&kind.kind) {
                    " " span.badge { "whole field" }
                } @else if field.field.kind_of_value == "template" {
                    " " span.badge { "log line" }
                }
            }
            td { (words(&kind.kind)) }
            td { (words(&kind.category)) }
            td.n data-value=(kind.findings) { (number(kind.findings)) }
            td.n data-value=(kind.share) { (human::no_break(&human::share(kind.share))) }
            td.n data-value=(kind.distinct.count) { (human::no_break(&facts::distinct(kind))) }
            td.n data-value=(kind.confidence) { (format!("{:.2}", kind.confidence)) }
            td.regions { (human::no_break(&facts::regions(kind, 2).join(", "))) }
            td.sample { @if let Some(sample) = kind.samples.first() { (sample) } }
            td.place { @if let Some(first) = &kind.first { (place(field.dataset, first)) } }
            td { (kind.operator) }
        }
    }
}

/// Where a kind was seen first. The name of the dataset is in the row already.
fn place(dataset: &Dataset, first: &Place) -> Markup {
    let file =
        first.file.strip_prefix(&dataset.name).unwrap_or(&first.file).trim_start_matches('/');
    html! {
        @if !file.is_empty() { bdi { (file) } ", " }
        span.nowrap { "record " (number(first.record)) }
    }
}

/// The table of datasets, with or without personal data.
pub(super) fn datasets(doc: &MapDocument) -> Markup {
    html! {
        h2 id="datasets-title" { "Datasets" }
        div.scroll tabindex="0" role="region" aria-labelledby="datasets-title" {
            table #datasets {
                caption {
                    "Every dataset that was looked at, with or without personal data. Malformed records were read as plain text. "
                    @if doc.datasets.len() > MAX_ROWS {
                        strong { "The first " (number(MAX_ROWS as u64)) " of " (number(doc.datasets.len() as u64)) "; the map has all." }
                    }
                }
                thead {
                    tr {
                        th scope="col" { "Dataset" }
                        th scope="col" { "Format" }
                        th.n scope="col" { "Files" }
                        th.n scope="col" { "Size" }
                        th.n scope="col" { "Records" }
                        th.n scope="col" { "Malformed" }
                        th.n scope="col" { "Fields" }
                        th scope="col" { "Kinds found" }
                    }
                }
                tbody { @for dataset in doc.datasets.iter().take(MAX_ROWS) { (dataset_row(dataset)) } }
            }
        }
    }
}

fn dataset_row(dataset: &Dataset) -> Markup {
    let fields = || dataset.fields.iter().chain(dataset.other.as_deref());
    let mut kinds: Vec<&str> = Vec::new();
    for kind in fields().flat_map(|field| &field.kinds).filter(|kind| kind.findings > 0) {
        if !kinds.contains(&kind.kind.as_str()) {
            kinds.push(&kind.kind);
        }
    }
    html! {
        tr {
            th scope="row" {
                span.path { (dataset.name) }
                @if !dataset.partitions.is_empty() {
                    " " span.soft { "by " (dataset.partitions.join(", ")) }
                }
            }
            td { (dataset.format) }
            td.n { (number(dataset.files)) }
            td.n { (human::no_break(&human::bytes(dataset.bytes))) }
            td.n { (number(dataset.records)) }
            td.n { (number(dataset.malformed)) }
            td.n { (number(fields().count() as u64)) }
            td { @if kinds.is_empty() { span.soft { "none" } } @else { (words(&kinds.join(", "))) } }
        }
    }
}
