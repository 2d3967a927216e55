//! What the views have in common: which fields hold personal data, in which order they are shown,
//! and the totals over them. Borrowed from the map; nothing is judged again.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::datamap::document::{Coverage, Dataset, Field, KindInField, MapDocument};

use super::human;

/// A field that holds personal data, with the kinds that have findings (one at least).
pub(super) struct PersonalField<'a> {
    pub dataset: &'a Dataset,
    pub field: &'a Field,
    /// Most findings first, as in the map.
    pub kinds: Vec<&'a KindInField>,
}

impl PersonalField<'_> {
    /// Whether the whole field is of a kind, rather than text that holds some.
    pub(super) fn is_whole(&self) -> bool {
        self.field.verdict.is_some()
    }

    pub(super) fn findings(&self) -> u64 {
        self.kinds.iter().fold(0, |sum, kind| sum.saturating_add(kind.findings))
    }
}

/// A kind over the whole map.
pub(super) struct KindTotal<'a> {
    pub kind: &'a str,
    pub category: &'a str,
    pub findings: u64,
    pub fields: u64,
}

/// The view of a map that tables and pages start from.
pub(super) struct Facts<'a> {
    /// Datasets in the order of the map; in each, whole fields first, then by findings.
    pub personal: Vec<PersonalField<'a>>,
    /// Fields without a finding.
    pub fields_without: u64,
    /// Datasets with a finding.
    pub datasets_with: u64,
    pub findings: u64,
    pub records: u64,
    pub malformed: u64,
    /// Most findings first.
    pub kinds: Vec<KindTotal<'a>>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(doc: &'a MapDocument) -> Self {
        let mut facts = Facts {
            personal: Vec::new(),
            fields_without: 0,
            datasets_with: 0,
            findings: 0,
            records: 0,
            malformed: 0,
            kinds: Vec::new(),
        };
        for dataset in &doc.datasets {
            facts.records = facts.records.saturating_add(dataset.records);
            facts.malformed = facts.malformed.saturating_add(dataset.malformed);
            let of_dataset = facts.personal.len();
            for field in dataset.fields.iter().chain(dataset.other.as_deref()) {
                let kinds: Vec<_> = field.kinds.iter().filter(|kind| kind.findings > 0).collect();
                if kinds.is_empty() {
                    facts.fields_without += 1;
                } else {
                    facts.personal.push(PersonalField { dataset, field, kinds });
                }
            }
            let added = &mut facts.personal[of_dataset..];
            facts.datasets_with += u64::from(!added.is_empty());
            // The sort is stable: fields that are equal here keep the order of the format.
            added.sort_by_key(|field| {
                (is_rest(field.field), !field.is_whole(), Reverse(field.findings()))
            });
        }
        facts.findings =
            facts.personal.iter().fold(0, |sum, field| sum.saturating_add(field.findings()));
        facts.kinds = totals(&facts.personal);
        facts
    }

    pub(super) fn fields(&self) -> u64 {
        self.personal.len() as u64 + self.fields_without
    }
}

fn totals<'a>(personal: &[PersonalField<'a>]) -> Vec<KindTotal<'a>> {
    let mut by_name: BTreeMap<&str, KindTotal<'a>> = BTreeMap::new();
    for kind in personal.iter().flat_map(|field| &field.kinds) {
        let total = by_name.entry(&kind.kind).or_insert(KindTotal {
            kind: &kind.kind,
            category: &kind.category,
            findings: 0,
            fields: 0,
        });
        total.findings = total.findings.saturating_add(kind.findings);
        total.fields += 1;
    }
    let mut totals: Vec<_> = by_name.into_values().collect();
    totals.sort_by_key(|total| Reverse(total.findings));
    totals
}

/// The countries of a kind, most findings first, `FR 91 %`; what is beyond `at_most` is counted:
/// `+2`.
pub(super) fn regions(kind: &KindInField, at_most: usize) -> Vec<String> {
    let sum: u128 = kind.regions.values().map(|&n| u128::from(n)).sum();
    let mut ordered: Vec<_> = kind.regions.iter().collect();
    ordered.sort_by_key(|&(_, n)| Reverse(*n));
    let mut shown: Vec<String> = ordered
        .iter()
        .take(at_most)
        .map(|&(region, &n)| match (u128::from(n) * 200 + sum).checked_div(sum * 2) {
            None | Some(0) => format!("{region} <1 %"),
            Some(percent) if u128::from(n) < sum => format!("{region} {} %", percent.min(99)),
            Some(_) => format!("{region} 100 %"),
        })
        .collect();
    if ordered.len() > at_most {
        shown.push(format!("+{}", ordered.len() - at_most));
    }
    shown
}

/// `4.7 M`, or `~4.7 M` where a sketch estimated it.
pub(super) fn distinct(kind: &KindInField) -> String {
    let about = if kind.distinct.exact { "" } else { "~" };
    format!("{about}{}", human::short_count(kind.distinct.count))
}

/// Whether `field` is the sum of what was over the cap on fields.
fn is_rest(field: &Field) -> bool {
    field.kind_of_value == "other"
}

/// The name of a field as it is shown: fields over the cap have no path of their own.
pub(super) fn field_name(field: &Field) -> &str {
    if is_rest(field) { "(further fields, summed)" } else { &field.path }
}

/// The ledger's four figures, and bytes that none of them accounts for. A map of loup has none
/// of those; a map edited by hand must not claim that they were looked at.
pub(super) fn ledger(coverage: &Coverage) -> [u64; 5] {
    let Coverage { bytes, scanned, sampled, skipped, failed, .. } = *coverage;
    let known = [scanned, sampled, skipped, failed].into_iter().fold(0, u64::saturating_add);
    [scanned, sampled, skipped, failed, bytes.saturating_sub(known)]
}

/// Whether every byte was looked at, in whole or by sample.
pub(super) fn is_complete(coverage: &Coverage) -> bool {
    let [_, _, skipped, failed, unknown] = ledger(coverage);
    skipped == 0 && failed == 0 && unknown == 0 && coverage.not_scanned.is_empty()
}

/// Files that were not looked at for one reason.
pub(super) struct Reason<'a> {
    pub state: &'a str,
    /// In words.
    pub text: &'a str,
    pub files: u64,
    pub bytes: u64,
    /// The first by name.
    pub first: &'a str,
}

/// Why files were not looked at: failures first, as somebody can act on them, then by bytes.
pub(super) fn reasons(coverage: &Coverage) -> Vec<Reason<'_>> {
    let mut by_reason: BTreeMap<(&str, &str), Reason<'_>> = BTreeMap::new();
    for entry in &coverage.not_scanned {
        let reason = by_reason.entry((&entry.state, &entry.reason)).or_insert_with(|| Reason {
            state: &entry.state,
            text: &entry.reason,
            files: 0,
            bytes: 0,
            first: &entry.file,
        });
        reason.files += 1;
        reason.bytes = reason.bytes.saturating_add(entry.bytes);
    }
    let mut reasons: Vec<_> = by_reason.into_values().collect();
    reasons.sort_by_key(|reason| (reason.state != "failed", Reverse(reason.bytes)));
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    #[test]
    fn whole_fields_come_before_free_text_in_each_dataset() {
        let doc = example::map();
        let facts = Facts::of(&doc);
        for pair in facts.personal.windows(2).filter(|p| p[0].dataset.name == p[1].dataset.name) {
            assert!(pair[0].is_whole() >= pair[1].is_whole());
        }
    }

    #[test]
    fn every_field_is_with_or_without_personal_data() {
        let doc = example::map();
        let facts = Facts::of(&doc);
        let fields: usize = doc.datasets.iter().map(|d| d.fields.len()).sum();
        let others = doc.datasets.iter().filter(|d| d.other.is_some()).count();
        assert_eq!(facts.fields(), (fields + others) as u64);
    }

    #[test]
    fn regions_are_ordered_by_findings_and_never_rounded_to_all_or_none() {
        let mut kind = example::kind("phone", 1000);
        kind.regions = [("BE", 4), ("CH", 1), ("FR", 995)].map(|(r, n)| (r.to_owned(), n)).into();
        assert_eq!(regions(&kind, 2), ["FR 99 %", "BE <1 %", "+1"]);
        kind.regions = [("FR".to_owned(), 7)].into();
        assert_eq!(regions(&kind, 2), ["FR 100 %"]);
        kind.regions = [("FR".to_owned(), 0)].into();
        assert_eq!(regions(&kind, 2), ["FR <1 %"]);
    }

    #[test]
    fn failures_are_listed_before_what_was_skipped() {
        let doc = example::map();
        let reasons = reasons(&doc.coverage);
        assert_eq!(reasons[0].state, "failed");
        let files: u64 = reasons.iter().map(|reason| reason.files).sum();
        assert_eq!(files, doc.coverage.not_scanned.len() as u64);
    }

    #[test]
    fn bytes_that_the_ledger_forgets_are_not_looked_at() {
        let coverage = Coverage { files: 1, bytes: 100, scanned: 50, ..Coverage::default() };
        assert_eq!(ledger(&coverage)[4], 50);
        assert!(!is_complete(&coverage));
    }
}
