//! The coverage ledger: how many bytes were looked at, and every file that was not, with its
//! reason.

use maud::{Markup, html};

use crate::datamap::document::Coverage;
use crate::report::facts::{self, Facts};
use crate::report::human;

use super::chart;
use super::fields::MAX_ROWS;
use super::number;

/// Files that are listed without a click; printing opens longer lists.
const MAX_OPEN: usize = 25;

pub(super) fn section(coverage: &Coverage, facts: &Facts<'_>) -> Markup {
    let names = [
        ("scanned", "read to the end"),
        ("sampled", "read in part"),
        ("skipped", "left out, for the reason given"),
        ("failed", "could not be read"),
        ("unknown", "not accounted for"),
    ];
    let ledger = facts::ledger(coverage);
    let shares = human::parts(ledger);
    // The last line is there only where the map's figures do not add up.
    let lines = if ledger[4] > 0 { 5 } else { 4 };
    let described: Vec<_> = (0..lines).map(|i| format!("{}: {}", names[i].0, shares[i])).collect();
    let bar: Vec<_> = (0..lines).map(|i| (names[i].0.to_owned(), ledger[i])).collect();
    html! {
        h2 id="coverage-title" { "What was looked at" }
        p.soft {
            "Every byte of the " (human::no_break(&human::counted(coverage.files, "file", "files")))
            " given is in one of these lines."
        }
        div.halves {
            div.ledger {
                h3 { "The ledger" }
                (chart::stacked("ledger", "Coverage in bytes", &described.join("; "), &bar))
                table {
                    caption { "The coverage ledger, in bytes of the stored files" }
                    thead {
                        tr { th scope="col" { "State" } th.meaning scope="col" { "Meaning" } th.n scope="col" { "Bytes" } th.n scope="col" { "Size" } th.n scope="col" { "Share" } }
                    }
                    tbody {
                        @for i in 0..lines {
                            tr {
                                th scope="row" { span.swatch.(names[i].0) { (names[i].0) } }
                                td.meaning { (names[i].1) }
                                td.n { (number(ledger[i])) }
                                td.n { (human::no_break(&human::bytes(ledger[i]))) }
                                td.n { (human::no_break(&shares[i])) }
                            }
                        }
                    }
                    tfoot {
                        tr {
                            th scope="row" { "all" } td.meaning {}
                            td.n { (number(coverage.bytes)) }
                            td.n { (human::no_break(&human::bytes(coverage.bytes))) }
                            td.n { (human::no_break(if coverage.bytes > 0 { "100 %" } else { "0 %" })) }
                        }
                    }
                }
            }
            div { h3 { "Not looked at" } (reasons(coverage)) }
        }
        @if facts.malformed > 0 {
            p {
                (human::counted(
                    facts.malformed,
                    "record did not parse and was",
                    "records did not parse and were",
                ))
                " read as plain text: looked at, with less certainty about fields."
            }
        }
        (files(coverage))
    }
}

/// Why files were left out: one line for each reason.
fn reasons(coverage: &Coverage) -> Markup {
    if coverage.not_scanned.is_empty() {
        let text = if facts::is_complete(coverage) {
            "Nothing: every file was read."
        } else {
            "The map does not name the files."
        };
        return html! { p { (text) } };
    }
    html! {
        table {
            caption { "Reasons, failures first" }
            thead {
                tr { th scope="col" { "State" } th scope="col" { "Reason" } th.n scope="col" { "Files" } th.n scope="col" { "Size" } }
            }
            tbody {
                @for reason in facts::reasons(coverage).iter().take(MAX_ROWS) {
                    tr {
                        td { span.swatch.(class(reason.state)) { (reason.state) } }
                        th scope="row" { (reason.text) }
                        td.n { (number(reason.files)) }
                        td.n { (human::no_break(&human::bytes(reason.bytes))) }
                    }
                }
            }
        }
    }
}

/// Every file that was left out.
fn files(coverage: &Coverage) -> Markup {
    let files = &coverage.not_scanned;
    html! {
        @if !files.is_empty() {
            details open[files.len() <= MAX_OPEN] {
                summary { "Every file that was not looked at (" (number(files.len() as u64)) ")" }
                div.scroll tabindex="0" role="region" aria-label="Files not looked at" {
                    table {
                        caption {
                            "Files that were not looked at, by name. "
                            @if files.len() > MAX_ROWS {
                                strong { "The first " (number(MAX_ROWS as u64)) "; the map has all." }
                            }
                        }
                        thead {
                            tr { th scope="col" { "File" } th.n scope="col" { "Size" } th scope="col" { "State" } th scope="col" { "Reason" } }
                        }
                        tbody {
                            @for entry in files.iter().take(MAX_ROWS) {
                                tr {
                                    th.path scope="row" { (entry.file) }
                                    td.n { (human::no_break(&human::bytes(entry.bytes))) }
                                    td { (entry.state) }
                                    td { (entry.reason) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The colour of a state; one that the format does not know gets that of the unknown.
fn class(state: &str) -> &'static str {
    match state {
        "skipped" => "skipped",
        "failed" => "failed",
        _ => "unknown",
    }
}
