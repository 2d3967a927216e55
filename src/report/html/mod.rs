//! The map as one HTML page, for a data protection officer to read, keep and print.
//!
//! The page is one file that asks the network for nothing: its policy (`Content-Security-Policy`)
//! forbids every source, and allows one script by its digest. That script sorts and filters the
//! table of fields; without it the page says the same. Every value from the map passes through
//! maud's escaping; nothing is put into the script, the style or an address.

mod chart;
mod coverage;
mod fields;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::datamap::document::MapDocument;

use super::facts::{self, Facts};
use super::human;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page. One allocation of a few hundred bytes for each row; tables stop after
/// `MAX_ROWS` rows and say so.
#[must_use]
pub fn render(doc: &MapDocument) -> String {
    let facts = Facts::of(doc);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="referrer" content="no-referrer";
                meta name="generator" content={ "loup " (doc.run.version) };
                title { "Data map, " (date(&doc.run.started)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { (head(doc, &facts)) }
                main {
                    @if !facts.personal.is_empty() {
                        section aria-labelledby="kinds-title" { (chart::section(&facts)) }
                        section aria-labelledby="fields-title" { (fields::section(&facts)) }
                    }
                    section aria-labelledby="datasets-title" { (fields::datasets(doc)) }
                    section id="coverage" aria-labelledby="coverage-title" {
                        (coverage::section(&doc.coverage, &facts))
                    }
                    section.notes aria-labelledby="notes-title" { (notes(doc)) }
                }
                footer { (digests(doc)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// What the page may load: nothing; its own style, and the script with this digest.
///
/// # Source
/// Content Security Policy Level 3, sections 2.3.1 (hash sources) and 6.
fn policy() -> String {
    let digest = BASE64.encode(Sha256::digest(SCRIPT.as_bytes()));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; \
         base-uri 'none'; form-action 'none'"
    )
}

/// The answer, facts about the run, and the totals.
fn head(doc: &MapDocument, facts: &Facts<'_>) -> Markup {
    let coverage = &doc.coverage;
    let [scanned, sampled, skipped, failed, unknown] = facts::ledger(coverage);
    let looked_at = scanned.saturating_add(sampled);
    let left_out = skipped.saturating_add(failed).saturating_add(unknown);
    let [looked_at_share, left_out_share] = human::parts([looked_at, left_out]);
    let fields = facts.personal.len() as u64;
    html! {
            p.eyebrow { "Data map" }
            @if looked_at == 0 && facts.records == 0 {
                h1 { "Nothing was looked at" }
            } @else if facts.personal.is_empty() {
                h1 { "No personal data found" }
            } @else {
                h1 { "Where personal data lives" }
            }
            p.lead {
                @if facts.personal.is_empty() {
                    (number(facts.fields())) " fields in " (number(doc.datasets.len() as u64))
                    " datasets hold none of the kinds that the rules know."
                } @else {
                    (number(fields)) " of " (human::counted(facts.fields(), "field", "fields"))
                    " in " (number(facts.datasets_with)) " of "
                    (human::counted(doc.datasets.len() as u64, "dataset", "datasets"))
                    " hold personal data: " (list_kinds(facts)) "."
                }
            }
            @if !facts::is_complete(coverage) {
                p.alert {
                    "Not everything was looked at: " span.nowrap { (left_out_share) } " of the bytes, "
                    (human::counted(coverage.not_scanned.len() as u64, "file", "files"))
                    ". Nothing is known about these. " a href="#coverage" { "Which, and why" }
                }
            }
            (run(doc))
            dl.tiles {
                (tile(&human::count(facts.datasets_with), &format!("of {}", human::count(doc.datasets.len() as u64)), "datasets with personal data"))
                (tile(&human::count(fields), &format!("of {}", human::count(facts.fields())), "fields with personal data"))
                (tile(&human::short_count(facts.findings), "", &format!("findings in {} records", human::short_count(facts.records))))
    (tile(&looked_at_share, &format!("of {}", human::bytes(coverage.bytes)), &format!("looked at, in {}", human::counted(coverage.files, "file", "files"))))
            }
        }
}

/// One total: the number, what it is out of, and its name.
fn tile(value: &str, of: &str, name: &str) -> Markup {
    html! {
        div {
            dt { (name) }
            dd {
                (human::no_break(value))
                @if !of.is_empty() { " " span.small { (human::no_break(of)) } }
            }
        }
    }
}

fn run(doc: &MapDocument) -> Markup {
    let run = &doc.run;
    html! {
        dl.facts {
            div { dt { "Made" } dd { (date(&run.started)) " in " (human::duration(run.seconds)) } }
            div { dt { "By" } dd { "loup " (run.version) } }
            div { dt { "Rules" } dd { code { (doc.rules_digest.chars().take(12).collect::<String>()) } } }
            @if let Some(domain) = &doc.domain { div { dt { "Domain" } dd { (domain) } } }
            @if let Some(key) = &doc.key {
                div { dt { "Key" } dd { code { (key.id) } ", epoch " (key.epoch) } }
            }
            @if !doc.regions.is_empty() {
                div { dt { "Phone regions" } dd { (doc.regions.join(", ")) } }
            }
        }
    }
}

/// `email, phone and iban`, most findings first.
fn list_kinds(facts: &Facts<'_>) -> String {
    let names: Vec<&str> = facts.kinds.iter().map(|total| total.kind).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// What the numbers mean: what a reader could take them for and must not.
fn notes(doc: &MapDocument) -> Markup {
    html! {
        h2 id="notes-title" { "How to read this page" }
        dl {
            div {
                dt { "Samples are masked" }
                dd { "This page holds no value from the data. " code { "j***@e***.com" } " keeps a hint of a value; the three stars stand for any number of characters." }
            }
            div {
                dt { "Findings are places, not people" }
                dd { "A finding is one value, or one part of a text, that is personal data. One person may be behind many findings, and several people behind one." }
            }
            div {
                dt { "Distinct values" }
                dd {
                    "How many different values a field holds, counted over keyed digests rather than over the values. "
                    "A " code { "~" } " marks an estimate. The same value may occur in many fields, so these numbers do not add up. "
                    @if doc.run.digest_key == "ephemeral" {
                        "The key of the digests was drawn for this run and thrown away: distinct counts cannot be combined with those of another run."
                    } @else {
                        "Counts made with the same key and domain can be combined."
                    }
                }
            }
            div {
                dt { "Share" }
                dd { "The values of the field that hold personal data of this kind, out of its values that are not empty. Where the whole field is of a kind, values that do not parse are protected with the others." }
            }
            div {
                dt { "Sure" }
                dd { "The calibrated probability that a finding in this field is right. What is less sure than " (format!("{:.2}", doc.min_confidence)) " is not counted." }
            }
            div {
                dt { "Operator" }
                dd { "What masking does to these values: " code { "token" } " and " code { "hash" } " are pseudonyms, still personal data under the GDPR (Article 4(5)); " code { "mask" } ", " code { "redact" } " and " code { "drop" } " leave nothing to join on; " code { "keep" } " leaves the value as it is." }
            }
            div {
                dt { "Not found, and not looked at" }
                dd { "A file that is listed as skipped or failed was not searched. That nothing is reported for it says nothing about it." }
            }
            div {
                dt { "Kinds that are not searched for" }
                dd { "The map covers the kinds its rules know. Names, addresses or health data that no rule describes are not on it." }
            }
        }
    }
}

/// The digests in full: what it takes to say that two maps were made alike.
fn digests(doc: &MapDocument) -> Markup {
    html! {
        div { (doc.schema) " · rules SHA-256 " code { (doc.rules_digest) } }
        @if let Some(policy) = &doc.policy_digest { div { "policy SHA-256 " code { (policy) } } }
    }
}

/// A number that does not break across lines.
fn number(n: u64) -> String {
    human::no_break(&human::count(n))
}

/// `21 November 2026, 03:11 UTC`, or the text itself where it is no RFC 3339 time.
fn date(rfc3339: &str) -> String {
    rfc3339.parse::<jiff::Timestamp>().map_or_else(
        |_| rfc3339.to_owned(),
        |time| time.strftime("%-d %B %Y, %H:%M UTC").to_string(),
    )
}

/// `online identifier` for `online_identifier`.
fn words(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    #[test]
    fn the_policy_allows_the_script_that_the_page_holds_and_nothing_else() {
        // A parser turns CR LF into LF before it takes the digest.
        assert!(!SCRIPT.contains('\r') && !SCRIPT.contains("</script"));
        let page = render(&example::map());
        let script = page.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
        let digest = BASE64.encode(Sha256::digest(script.as_bytes()));
        assert!(page.contains(&format!("script-src 'sha256-{digest}'")));
        assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"), "{}", policy());
        assert_eq!(page.matches("<script").count(), 1);
    }

    #[test]
    fn the_page_refers_to_nothing_outside_itself() {
        let page = render(&example::map());
        for outside in ["http:", "https:", "src=", "url(", "@import", "<link", "<iframe"] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert_eq!(page.matches("href=").count(), page.matches("href=\"#").count());
    }

    #[test]
    fn names_are_escaped_wherever_they_stand() {
        let hostile = "\"><script>alert(1)</script><b a='";
        let mut doc = example::map();
        doc.run.version = hostile.to_owned();
        doc.run.started = hostile.to_owned();
        doc.rules_digest = hostile.to_owned();
        doc.policy_digest = Some(hostile.to_owned());
        doc.domain = Some(hostile.to_owned());
        doc.regions = vec![hostile.to_owned()];
        doc.coverage.not_scanned[0].file = hostile.to_owned();
        doc.coverage.not_scanned[0].state = hostile.to_owned();
        doc.coverage.not_scanned[0].reason = hostile.to_owned();
        let dataset = &mut doc.datasets[0];
        dataset.name = hostile.to_owned();
        dataset.format = hostile.to_owned();
        dataset.partitions = vec![hostile.to_owned()];
        dataset.fields[0].path = hostile.to_owned();
        let kind = &mut dataset.fields[0].kinds[0];
        kind.kind = hostile.to_owned();
        kind.category = hostile.to_owned();
        kind.samples = vec![hostile.to_owned()];
        kind.operator = hostile.to_owned();
        kind.regions = [(hostile.to_owned(), 1)].into();
        let page = render(&doc);
        assert_eq!(page.matches("<script").count(), 1);
        assert!(!page.contains("<b a="));
    }

    #[test]
    fn every_field_with_personal_data_is_a_row_and_every_file_left_out_is_listed() {
        let doc = example::map();
        let facts = Facts::of(&doc);
        let page = render(&doc);
        let rows: usize = facts.personal.iter().map(|field| field.kinds.len()).sum();
        assert_eq!(page.matches("<tr data-kind=").count(), rows);
        for entry in &doc.coverage.not_scanned {
            assert!(page.contains(&entry.file), "{}", entry.file);
        }
    }

    #[test]
    fn long_tables_stop_and_say_so() {
        let mut doc = example::map();
        let field = doc.datasets[0].fields[0].clone();
        doc.datasets[0].fields = vec![field; fields::MAX_ROWS + 7];
        let page = render(&doc);
        assert_eq!(page.matches("<tr data-kind=").count(), fields::MAX_ROWS);
        assert!(page.contains("of 5\u{202f}0"), "the note names how many rows there are");
    }

    #[test]
    fn a_map_without_findings_makes_a_page_without_their_table() {
        let page = render(&example::clean_map());
        assert!(page.contains("No personal data found") && page.contains("every file was read"));
        assert!(!page.contains("id=\"fields\""));
    }

    #[test]
    fn a_map_of_nothing_is_a_page_too() {
        let mut doc = example::clean_map();
        doc.datasets.clear();
        doc.coverage = crate::datamap::document::Coverage::default();
        assert!(render(&doc).contains("Nothing was looked at"));
    }

    #[test]
    fn dates_are_spelled_out_and_what_is_none_is_shown_as_it_is() {
        assert_eq!(date("2026-11-21T03:11:04Z"), "21 November 2026, 03:11 UTC");
        assert_eq!(date("yesterday"), "yesterday");
    }
}
