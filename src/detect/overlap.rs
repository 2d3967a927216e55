//! Candidates that claim the same bytes: which one stays.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::finding::Candidate;
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
    if found.len() - first < 2 {
        return;
    }
    let mut all = found.split_off(first);
    all.sort_by_key(|candidate| {
        (
            Reverse(candidate.is_escaped),
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
