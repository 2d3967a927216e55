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
    drop_chance(found, first);
    let all = &mut found[first..];
    if !all.is_sorted_by_key(|candidate| candidate.start) {
        all.sort_by_key(|candidate| candidate.start);
    }
    // Those that overlap each other are few, and the next such group has nothing to do with them.
    let mut losers = Vec::new();
    let mut start = 0;
    while start < all.len() {
        let (mut end, mut reach) = (start + 1, all[start].end);
        while all.get(end).is_some_and(|next| next.start < reach) {
            reach = reach.max(all[end].end);
            end += 1;
        }
        if end - start > 1 {
            resolve_group(rules, settled, all, start..end, &mut losers);
        }
        start = end;
    }
    if losers.is_empty() {
        return;
    }
    losers.sort_unstable();
    let mut losers = losers.into_iter().map(|loser| first + loser).peekable();
    let mut place = 0;
    found.retain(|_| {
        place += 1;
        losers.next_if_eq(&(place - 1)).is_none()
    });
}

/// Appends to `losers` the places of those in `group`, a part of `all`, that a stronger one overlaps.
fn resolve_group(
    rules: &RuleSet,
    settled: Option<KindId>,
    all: &mut [Candidate],
    group: Range<usize>,
    losers: &mut Vec<usize>,
) {
    let mut by_strength: Vec<_> = group.collect();
    by_strength.sort_by_key(|place| {
        let candidate = &all[*place];
        (
            candidate.written != Written::Escaped,
            settled != Some(candidate.kind),
            Reverse(candidate.class),
            strength(&rules.rule(candidate.rule).recogniser),
            Reverse(candidate.end - candidate.start),
            candidate.start,
        )
    });
    // Start to place of what is kept: a line may hold thousands, so neighbours are looked up.
    let mut kept: BTreeMap<usize, usize> = BTreeMap::new();
    for place in by_strength {
        let (start, end, kind) = (all[place].start, all[place].end, all[place].kind);
        let before = kept.range(..end).next_back().map(|(_, winner)| &mut all[*winner]);
        match before {
            Some(winner) if winner.end > start => {
                if (winner.start, winner.end) == (start, end) && winner.kind != kind {
                    winner.rivals.insert(kind);
                }
                losers.push(place);
            }
            _ => {
                kept.insert(start, place);
            }
        }
    }
}

/// Of what is in base64 and what its characters look like, drops one: a credential that is the whole
/// run (`Basic …`, a part of a JWT) is more than what it holds; anything else in the run is chance.
fn drop_chance(found: &mut Vec<Candidate>, first: usize) {
    let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
    for candidate in &found[first..] {
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
    for it in found[first..].iter().filter(|it| !is_encoded(it) && it.class.is_valid()) {
        let within = within(it, &runs);
        for (run, is_owned) in &mut runs[within] {
            *is_owned |= it.start <= run.start && run.end <= it.end;
        }
    }
    let mut before = first;
    found.retain(|it| {
        if before > 0 {
            before -= 1;
            return true;
        }
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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::super::finding::Class;
    use super::*;
    use crate::kind::{Canonical, Raw};
    use crate::rules::KindSet;

    static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);

    /// The same, all candidates at once: the strongest first, each kept where none that is kept overlaps it.
    fn plain(rules: &RuleSet, settled: Option<KindId>, mut all: Vec<Candidate>) -> Vec<Candidate> {
        all.sort_by_key(|it| {
            let strength = strength(&rules.rule(it.rule).recogniser);
            let rank = (Reverse(it.class), strength, Reverse(it.end - it.start), it.start);
            (it.written != Written::Escaped, settled != Some(it.kind), rank)
        });
        let mut kept: Vec<Candidate> = Vec::new();
        for it in all {
            let overlaps = |other: &&mut Candidate| it.start < other.end && other.start < it.end;
            match kept.iter_mut().filter(overlaps).max_by_key(|other| other.start) {
                Some(winner) => {
                    if (winner.start, winner.end) == (it.start, it.end) && winner.kind != it.kind {
                        winner.rivals.insert(it.kind);
                    }
                }
                None => kept.push(it),
            }
        }
        kept.sort_by_key(|it| it.start);
        kept
    }

    proptest! {
        #[test]
        fn groups_are_resolved_as_all_at_once(
            drawn in proptest::collection::vec((0usize..60, 1usize..12, 0usize..1000, 0u8..5, any::<bool>()), 0..30),
            settled in proptest::option::of(0usize..1000),
            is_sorted in any::<bool>(),
        ) {
            let rules = &*RULES;
            let rule_at = |at: usize| rules.rule_ids().nth(at % rules.rule_ids().count()).unwrap();
            let mut all: Vec<_> = drawn.into_iter().map(|(start, length, at, class, is_escaped)| {
                let rule = rule_at(at);
                Candidate {
                    start,
                    end: start + length,
                    rule,
                    kind: rules.rule(rule).kind,
                    class: [Class::Shape, Class::Hint, Class::Bare, Class::Supported, Class::Certain]
                        [usize::from(class)],
                    canonical: Canonical::unparsed(Raw(b"x")),
                    is_national: false,
                    written: if is_escaped { Written::Escaped } else { Written::Plain },
                    rivals: KindSet::EMPTY,
                    region: None,
                }
            }).collect();
            if is_sorted {
                all.sort_by_key(|it| it.start);
            }
            let settled = settled.map(|at| rules.rule(rule_at(at)).kind);
            let expected = plain(rules, settled, all.clone());
            let mut found = vec![all.first().cloned(); 2].into_iter().flatten().collect::<Vec<_>>();
            let first = found.len();
            found.extend(all);
            resolve(rules, settled, &mut found, first);
            let said = |it: &Candidate| (it.start, it.end, it.rule, it.rivals.iter().collect::<Vec<_>>());
            prop_assert_eq!(
                found[first..].iter().map(said).collect::<Vec<_>>(),
                expected.iter().map(said).collect::<Vec<_>>()
            );
        }
    }
}
