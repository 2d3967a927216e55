//! Findings by kind and by category, as inline SVG.
//!
//! Widths are per cent of the drawing and heights are fixed, so that text keeps its size on every
//! screen. Both charts say in numbers what they show in lengths; colour alone carries nothing.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::report::facts::Facts;
use crate::report::human;

use super::{number, words};

/// Categories have this many colours (`c0` to `c7` in the style); then they repeat.
const COLORS: usize = 8;
/// Kinds with a bar of their own; a set of rules may have many more, which the table lists.
const MAX_BARS: usize = 12;
/// Height of a bar with its label above it, in CSS pixels.
const ROW: usize = 44;

/// Both charts with their headings.
pub(super) fn section(facts: &Facts<'_>) -> Markup {
    let categories = categories(facts);
    html! {
        h2 id="kinds-title" { "What was found" }
        div.charts {
            (by_kind(facts, &categories))
            (by_category(facts, &categories))
        }
    }
}

/// Findings of each category.
type Categories<'a> = BTreeMap<&'a str, u64>;

fn categories<'a>(facts: &Facts<'a>) -> Categories<'a> {
    let mut categories = Categories::new();
    for total in &facts.kinds {
        let sum = categories.entry(total.category).or_default();
        *sum = sum.saturating_add(total.findings);
    }
    categories
}

/// The class of a category's colour: by its place in the alphabet, the same in both charts.
fn color(category: &str, categories: &Categories<'_>) -> String {
    format!("c{}", categories.range(..category).count() % COLORS)
}

fn by_kind(facts: &Facts<'_>, categories: &Categories<'_>) -> Markup {
    let most = facts.kinds.first().map_or(1, |total| total.findings);
    let shown = &facts.kinds[..facts.kinds.len().min(MAX_BARS)];
    let described = shown
        .iter()
        .map(|total| format!("{}: {}", total.kind, human::count(total.findings)))
        .collect::<Vec<_>>()
        .join("; ");
    html! {
        figure {
            figcaption { "Findings by kind, and the fields that hold them" }
            svg role="img" aria-labelledby="by-kind-title by-kind-desc" height=(shown.len() * ROW) {
                title id="by-kind-title" { "Findings by kind" }
                desc id="by-kind-desc" { (described) }
                @for (i, total) in shown.iter().enumerate() {
                    text x="0" y=(i * ROW + 16) {
                        (words(total.kind))
                        tspan.faint dx="10" {
                            (human::no_break(&human::counted(total.fields, "field", "fields")))
                        }
                    }
                    text.number x="100%" y=(i * ROW + 16) { (number(total.findings)) }
                    rect.track x="0" y=(i * ROW + 25) width="100%" height="8" rx="2" {}
                    rect.bar.(color(total.category, categories)) x="0" y=(i * ROW + 25)
                        width=(length(percent(total.findings, most))) height="8" rx="2" {}
                }
            }
            @if facts.kinds.len() > MAX_BARS {
                p.soft { "and " (facts.kinds.len() - MAX_BARS) " more kinds" }
            }
        }
    }
}

fn by_category(facts: &Facts<'_>, categories: &Categories<'_>) -> Markup {
    let mut ordered: Vec<_> =
        categories.iter().map(|(&name, &findings)| (name, findings)).collect();
    ordered.sort_by_key(|&(_, findings)| std::cmp::Reverse(findings));
    let described = ordered
        .iter()
        .map(|(name, findings)| format!("{}: {}", words(name), share(*findings, facts.findings)))
        .collect::<Vec<_>>()
        .join("; ");
    let parts: Vec<_> = ordered.iter().map(|&(name, n)| (color(name, categories), n)).collect();
    html! {
        figure {
            figcaption { "Findings by category, as in an Article 30 record" }
            (stacked("by-category", "Findings by category", &described, &parts))
            ul.legend {
                @for (name, findings) in &ordered {
                    li {
                        span.swatch.(color(name, categories)) { (words(name)) }
                        span.nowrap { (human::no_break(&share(*findings, facts.findings))) }
                    }
                }
            }
        }
    }
}

/// One bar of parts, each with the class of its colour.
pub(super) fn stacked(id: &str, title: &str, description: &str, parts: &[(String, u64)]) -> Markup {
    let sum = parts.iter().fold(0_u64, |sum, (_, n)| sum.saturating_add(*n));
    // Lifting small parts to what can be seen makes the bar longer than it is.
    let lifted: f64 = parts.iter().map(|(_, n)| percent(*n, sum)).sum();
    let mut end = 0.0;
    let placed = parts.iter().filter(|(_, n)| *n > 0).map(|(class, n)| {
        let (start, width) = (end, 100.0 * percent(*n, sum) / lifted);
        end += width;
        (class, length(start), length(width))
    });
    html! {
        svg.stacked role="img" aria-labelledby={ (id) "-title " (id) "-desc" } height="20" {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-desc" } { (description) }
            @for (class, x, width) in placed {
                rect.bar.(class) x=(x) y="0" width=(width) height="20" {}
            }
        }
    }
}

/// `part` of `whole` in per cent, at most 100. A part too small to see gets 0.3.
fn percent(part: u64, whole: u64) -> f64 {
    let least = if part > 0 { 0.3 } else { 0.0 };
    (100.0 * ratio(part, whole)).clamp(least, 100.0)
}

/// A length of the drawing.
fn length(percent: f64) -> String {
    format!("{percent:.2}%")
}

fn share(part: u64, whole: u64) -> String {
    human::share(ratio(part, whole))
}

#[allow(clippy::cast_precision_loss, reason = "it becomes a length or four digits")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}
