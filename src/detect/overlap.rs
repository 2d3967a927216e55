//! Candidates that claim the same bytes: which one stays.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::finding::{Candidate, Written};
use crate::rules::{KindId, Recogniser, RuleSet};

/// Leaves, of the candidates from `first` on, those that no stronger one overlaps, in order of
/// place.
///
/// What was written in escapes comes first, since what is found in the escapes themselves has the
/// wrong borders; then the kind that the field was found to be of; then the better class, the
/// stronger kind, the longer span. The kinds that lose a span to another one with the same borders
/// are noted with the winner: in the end the field may be of one of them.
pub(super) fn resolve(
    rules: &RuleSet,
    settled: Option<KindId>,
    found: &mut Vec<Candidate>,
    first: usize,
) {
    // Of most texts, nothing overlaps anything.
    let is_encoded = |it: &Candidate| matches!(it.written, Written::Encoded { .. });
    let are_apart = found[first..].windows(2).all(|pair| pair[0].end <= pair[1].start);
    if are_apart && (found.len() - first < 2 || !found[first..].iter().any(is_encoded)) {
        return;
    }
    let mut all = found.split_off(first);
    drop_chance(&mut all);
    all.sort_by_key(|candidate| {
        (
            candidate.written != Written::Escaped,
            settled != Some(candidate.kind),
            Reverse(candidate.class),
            strength(&rules.rule(candidate.rule).recogniser),
            Reverse(candidate.end - candidate.start),
            candidate.start,
        )
    });
    // Start to end and place of what is kept: a line may hold thousands, so neighbours are looked
    // up.
    let mut kept: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for candidate in all {
        match kept.range(..candidate.end).next_back() {
            Some((&start, &(end, winner))) if end > candidate.start => {
                let winner: &mut Candidate = &mut found[winner];
                if (start, end) == (candidate.start, candidate.end) && winner.kind != candidate.kind
                {
                    winner.rivals.insert(candidate.kind);
                }
            }
            _ => {
                kept.insert(candidate.start, (candidate.end, found.len()));
                found.push(candidate);
            }
        }
    }
    found[first..].sort_by_key(|candidate| candidate.start);
}

/// Of what is in base64 and what its characters look like, drops one: a credential that is the whole
/// run (`Basic …`, a part of a JWT) is more than what it holds; anything else in the run is chance.
fn drop_chance(all: &mut Vec<Candidate>) {
    let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
    for candidate in &*all {
        if let Written::Encoded { run, .. } = &candidate.written {
            runs.push((run.run(), false));
        }
    }
    if runs.is_empty() {
        return;
    }
    runs.dedup();
    let within = |it: &Candidate, runs: &[(Range<usize>, bool)]| {
        let first = runs.partition_point(|(run, _)| run.end <= it.start);
        first..first + runs[first..].partition_point(|(run, _)| run.start < it.end)
    };
    let is_encoded = |it: &Candidate| matches!(it.written, Written::Encoded { .. });
    for it in all.iter().filter(|it| !is_encoded(it) && it.class.is_valid()) {
        let within = within(it, &runs);
        for (run, is_owned) in &mut runs[within] {
            *is_owned |= it.start <= run.start && run.end <= it.end;
        }
    }
    all.retain(|it| {
        let mut within = runs[within(it, &runs)].iter();
        within.all(|(_, is_owned)| *is_owned != is_encoded(it))
    });
}

/// Rank of a recogniser where two claim the same bytes: the smaller one is stronger. What a check
/// sum proves stands before what a numbering plan allows; a user's rule was written for his data.
fn strength(recogniser: &Recogniser) -> u8 {
    match recogniser {
        Recogniser::Pattern(_) => 0,
        Recogniser::Email => 1,
        Recogniser::Iban => 2,
        Recogniser::Card => 3,
        Recogniser::Mac => 4,
        Recogniser::Ipv6 => 5,
        Recogniser::Ipv4 => 6,
        Recogniser::IpLocal | Recogniser::Ipv4Host => 7,
        Recogniser::Scheme(_) => 8,
        Recogniser::DeviceId => 9,
        Recogniser::Phone => 10,
        Recogniser::Secret => 11,
        Recogniser::UrlProfile => 12,
        Recogniser::Address => 13,
        Recogniser::Name => 14,
        Recogniser::Coordinates | Recogniser::BirthDate | Recogniser::Plate => 15,
        Recogniser::UserAgent => 16,
    }
}
