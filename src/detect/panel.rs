//! Which country's numbers are these? National phone numbers say nothing of their region, but a
//! field of them does: it is the one under which most of them are valid.
//!
//! Asking the numbering plans of thirty countries about every number would cost more than all
//! other detection together. A [`RegionPanel`] asks them about a sample of the distinct numbers:
//! those with the smallest hashes. Such a sample (Z. Bar-Yossef et al., "Counting distinct elements
//! in a data stream", 2002) does not depend on the order of the input or on how it was cut, and
//! two of them merge exactly. The hash has no key, and never leaves memory.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};

use crate::kind::{Region, phone};

/// The regions that are asked, the more specific numbering plans first: it decides ties. The sign
/// says whether national numbers there are written with a trunk `0`: a plan would take them without
/// it too, and people do not.
const ASKED: [(&str, bool); 30] = [
    ("FR", true),
    ("US", false),
    ("GB", true),
    ("ES", false),
    ("IT", false),
    ("BE", true),
    ("NL", true),
    ("CH", true),
    ("PL", false),
    ("PT", false),
    ("DK", false),
    ("NO", false),
    ("SE", true),
    ("CZ", false),
    ("HU", false),
    ("RO", true),
    ("GR", false),
    ("IE", true),
    ("LU", false),
    ("FI", true),
    ("AT", true),
    ("DE", true),
    ("BR", false),
    ("IN", false),
    ("AU", true),
    ("MX", false),
    ("JP", true),
    ("MA", true),
    ("TN", false),
    ("ZA", true),
];

/// How many distinct numbers are asked about.
const SAMPLE: usize = 128;

/// The share of the sample that has to be valid under one region before it is believed.
const CONVINCING: f64 = 0.7;

/// A sample of the distinct national numbers of a field: hash to the set of regions, bit i for
/// `ASKED[i]`, under which it is valid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionPanel {
    sample: BTreeMap<u64, u32>,
}

impl RegionPanel {
    /// Takes note of one national number, as written.
    pub fn observe(&mut self, number: &[u8]) {
        // `DefaultHasher::new` has fixed keys: two runs sample the same numbers.
        let mut hasher = DefaultHasher::new();
        for digit in number.iter().filter(|b| b.is_ascii_digit()) {
            hasher.write_u8(*digit);
        }
        let hash = hasher.finish();
        let full = self.sample.len() == SAMPLE;
        let beyond = full && self.sample.last_key_value().is_some_and(|(last, _)| hash > *last);
        if beyond || self.sample.contains_key(&hash) {
            return;
        }
        self.sample.insert(hash, valid_under(number));
        if full {
            self.sample.pop_last();
        }
    }

    /// Adds another panel: the result is the panel of both inputs together.
    pub fn merge(&mut self, other: &Self) {
        for (&hash, &regions) in &other.sample {
            self.sample.insert(hash, regions);
        }
        while self.sample.len() > SAMPLE {
            self.sample.pop_last();
        }
    }

    /// The region under which most of the numbers are valid, and their share; nothing where none
    /// is convincing.
    #[must_use]
    pub fn best(&self) -> Option<(Region, f64)> {
        let valid = |bit: usize| self.sample.values().filter(|set| **set >> bit & 1 == 1).count();
        let (bit, count) = (0..ASKED.len())
            .map(|bit| (bit, valid(bit)))
            .max_by_key(|&(bit, count)| (count, std::cmp::Reverse(bit)))?;
        #[expect(clippy::cast_precision_loss, reason = "at most SAMPLE")]
        let share = count as f64 / self.sample.len().max(1) as f64;
        (share >= CONVINCING).then(|| (Region::new(ASKED[bit].0).expect("two letters"), share))
    }

    /// How many distinct numbers the sample holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sample.len()
    }

    /// Whether no number was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sample.is_empty()
    }
}

fn valid_under(number: &[u8]) -> u32 {
    let has_trunk_zero = number.iter().find(|b| b.is_ascii_digit()) == Some(&b'0');
    ASKED.iter().enumerate().fold(0, |set, (bit, (code, wants_trunk_zero))| {
        if *wants_trunk_zero && !has_trunk_zero {
            return set;
        }
        let region = Region::new(code).expect("two letters");
        let valid =
            phone::parse(number, &[region]).is_some_and(|parsed| parsed.region == Some(region));
        set | u32::from(valid) << bit
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(numbers: impl IntoIterator<Item = String>) -> RegionPanel {
        let mut panel = RegionPanel::default();
        numbers.into_iter().for_each(|number| panel.observe(number.as_bytes()));
        panel
    }

    fn french(n: u32) -> String {
        format!("01 99 00 {:02} {:02}", n / 100 % 100, n % 100)
    }

    #[test]
    fn french_numbers_are_told_from_spanish_ones() {
        let region = |numbers: RegionPanel| numbers.best().map(|(region, _)| region.to_string());
        assert_eq!(region(panel((0..50).map(french))), Some("FR".into()));
        let spanish = (0..50).map(|n| format!("612 34 56 {n:02}"));
        assert_eq!(region(panel(spanish)), Some("ES".into()));
        assert_eq!(region(panel([])), None);
    }

    #[test]
    fn the_panel_of_parts_is_the_panel_of_the_whole() {
        let whole = panel((0..1000).map(french));
        let mut parts = panel((500..1000).map(french));
        parts.merge(&panel((0..500).map(french)));
        assert_eq!(parts, whole);
        assert_eq!(whole.len(), SAMPLE);
    }
}
