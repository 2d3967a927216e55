//! The numbers of a region, as ranges: what somebody who tries them all has to try.

use std::collections::HashMap;

use super::plan;
use crate::kind::Region;

/// Longest national numbers that are listed.
const MAX_DIGITS: usize = 12;
/// Shortest ones; shorter numbers are services.
const MIN_DIGITS: usize = 5;
/// A range of so many free digits is taken whole, wherever in it the valid numbers are.
const COARSE: usize = 4;

/// All numbers that begin with `leading` and have `free` digits behind it, of any value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumberRange {
    /// First digits of the national number, without a trunk prefix.
    pub leading: String,
    /// How many digits follow.
    pub free: usize,
}

/// The numbers of a region.
#[derive(Debug, Clone)]
pub struct Numbers {
    /// Country code, without a plus.
    pub country_code: &'static str,
    /// What is dialled before a national number; often `0`, often nothing.
    pub trunk_prefix: &'static str,
    /// In order of their digits, shorter numbers first, without overlap.
    pub ranges: Vec<NumberRange>,
}

/// The numbers of `region`; nothing where it has no plan.
///
/// Ranges leave out no valid number of five to twelve digits. They hold others, too: a range is taken
/// whole if half of it is valid, since numbers are given out before anybody's metadata says so.
#[must_use]
pub fn numbers(region: Region) -> Option<Numbers> {
    let automaton = plan::automaton(region)?;
    let mut ranges = Vec::new();
    let mut walk = Walk { valid: HashMap::new(), ranges: &mut ranges };
    for length in (MIN_DIGITS..=MAX_DIGITS).filter(|length| automaton.has_length(*length)) {
        walk.enter(automaton.start, &mut String::new(), length);
    }
    let (country_code, trunk_prefix) = (automaton.country_code, automaton.trunk_prefix);
    Some(Numbers { country_code, trunk_prefix, ranges })
}

/// How the digits of a national number of `region` stand together where it is written at home, its
/// trunk prefix included.
#[must_use]
pub fn groups(region: Region, national: &str) -> Option<Vec<usize>> {
    plan::groups(region, national)
}

struct Walk<'a> {
    /// How many numbers are behind a state with so many digits to come.
    valid: HashMap<(u16, usize), u64>,
    ranges: &'a mut Vec<NumberRange>,
}

impl Walk<'_> {
    /// Lists the ranges behind a state that `leading` led to, with so many digits to come.
    fn enter(&mut self, state: u16, leading: &mut String, free: usize) {
        let valid = self.valid(state, free);
        let is_whole = 2 * valid >= 10_u64.pow(free as u32) || free <= COARSE;
        if valid == 0 || leading.is_empty() && free == 0 {
            return;
        }
        if is_whole && !leading.is_empty() {
            return self.ranges.push(NumberRange { leading: leading.clone(), free });
        }
        for digit in 0..10 {
            leading.push(char::from(b'0' + digit));
            self.enter(plan::step(state, digit), leading, free - 1);
            leading.pop();
        }
    }

    fn valid(&mut self, state: u16, free: usize) -> u64 {
        if free == 0 {
            return plan::is_valid(state).into();
        }
        if let Some(known) = self.valid.get(&(state, free)) {
            return *known;
        }
        let next = (0..10).map(|digit| self.valid(plan::step(state, digit), free - 1)).sum();
        self.valid.insert((state, free), next);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> (Region, Numbers) {
        let region = Region::new(code).unwrap();
        (region, numbers(region).unwrap())
    }

    #[test]
    fn a_valid_number_is_in_a_range() {
        // From the ranges for fiction of ARCEP, and the numbers of 555.
        for (code, national) in [("FR", "199001234"), ("US", "3105550177")] {
            let (region, numbers) = of(code);
            assert!(plan::national(national, region).is_some(), "{national}");
            let holds = |range: &&NumberRange| {
                national.len() == range.leading.len() + range.free
                    && national.starts_with(&range.leading)
            };
            assert_eq!(numbers.ranges.iter().filter(holds).count(), 1, "{national}");
        }
    }

    #[test]
    fn most_numbers_of_the_ranges_are_valid() {
        for (code, country_code, trunk_prefix) in
            [("FR", "33", "0"), ("BE", "32", "0"), ("ES", "34", ""), ("US", "1", "1")]
        {
            let (region, numbers) = of(code);
            assert_eq!(numbers.country_code, country_code);
            assert_eq!(numbers.trunk_prefix, trunk_prefix);
            let size = |range: &NumberRange| 10_u64.pow(range.free as u32);
            let all: u64 = numbers.ranges.iter().map(size).sum();
            let mut walk = Walk { valid: HashMap::new(), ranges: &mut Vec::new() };
            let automaton = plan::automaton(region).unwrap();
            let lengths = (MIN_DIGITS..=MAX_DIGITS).filter(|length| automaton.has_length(*length));
            let valid: u64 = lengths.map(|length| walk.valid(automaton.start, length)).sum();
            assert!(valid <= all && all < 2 * valid, "{code}: {valid} of {all}");
        }
        assert_eq!(groups(of("FR").0, "639980000"), Some(vec![2, 2, 2, 2, 2]));
    }
}
