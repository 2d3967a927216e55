//! The opaque values of a field, each distinct one with how often it stands there.
//!
//! Of a form with more distinct values than [`MAX_DISTINCT`] a sample is kept: the values whose hash
//! begins with so many zeros. Which they are depends on no order, a sample of parts is a sample of the
//! whole, and each is counted in full; so shares hold for all of them, and their number is estimated.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::form::Form;
use crate::kind::hash;

/// Distinct values of a form that are kept in a field.
pub const MAX_DISTINCT: usize = 1 << 18;

/// Forms that are kept apart in a field: a field of one kind of digest has one.
const MAX_FORMS: usize = 80;

/// Lengths that are told apart in a field.
const MAX_LENGTHS: usize = 64;

/// What was seen in a field.
#[derive(Debug, Default)]
pub struct FieldValues {
    forms: BTreeMap<Form, Distinct>,
    lengths: BTreeSet<u32>,
    others: u64,
}

/// The distinct values of one form.
#[derive(Default)]
pub(super) struct Distinct {
    /// Kept are those whose hash begins with so many zeros.
    zeros: u32,
    counts: HashMap<Box<[u8]>, u64>,
    values: u64,
}

impl std::fmt::Debug for Distinct {
    /// Counts, and no value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} values", self.counts.len(), self.values)
    }
}

impl FieldValues {
    /// Counts a value without white space around it, that stands `times` times in its field.
    pub fn add(&mut self, value: &[u8], is_token: bool, times: u64) {
        let opaque = if is_token { Some((Form::Token, value)) } else { Form::of(value) };
        match opaque {
            _ if value.is_empty() => {}
            Some((form, body)) if self.has_room(form) => {
                if self.lengths.len() < MAX_LENGTHS {
                    self.lengths.insert(value.len() as u32);
                }
                self.forms.entry(form).or_default().add(body, times);
            }
            _ => self.others += times,
        }
    }

    fn has_room(&self, form: Form) -> bool {
        self.forms.len() < MAX_FORMS || self.forms.contains_key(&form)
    }

    /// Adds what was seen elsewhere in the field.
    pub fn merge(&mut self, other: Self) {
        for (form, distinct) in other.forms {
            if self.has_room(form) {
                self.forms.entry(form).or_default().merge(distinct);
            } else {
                self.others += distinct.values;
            }
        }
        self.lengths.extend(other.lengths);
        self.others += other.others;
    }

    /// Values of every form, and those without one.
    pub(super) fn values(&self) -> u64 {
        self.others + self.forms.values().map(|distinct| distinct.values).sum::<u64>()
    }

    /// How many different lengths its opaque values have.
    pub(super) fn lengths(&self) -> usize {
        self.lengths.len()
    }

    /// The form that most values have; numbers of as many digits as its hexadecimal ones go with them,
    /// as some digests have no other.
    pub(super) fn leading(mut self) -> Option<(Form, Distinct)> {
        let (&form, _) = self.forms.iter().max_by_key(|(_, distinct)| distinct.values)?;
        let mut leading = self.forms.remove(&form)?;
        if let (Form::Hex(digits), Some(numbers)) = (form, self.forms.remove(&Form::Digits)) {
            leading.merge(numbers.of_length(digits.into()));
        }
        Some((form, leading))
    }
}

impl Distinct {
    fn add(&mut self, body: &[u8], times: u64) {
        self.values += times;
        if let Some(count) = self.counts.get_mut(body) {
            *count += times;
        } else if self.is_kept(body) {
            self.counts.insert(body.into(), times);
            self.make_room();
        }
    }

    fn is_kept(&self, body: &[u8]) -> bool {
        hash::of(body).leading_zeros() >= self.zeros
    }

    fn make_room(&mut self) {
        while self.counts.len() > MAX_DISTINCT {
            self.keep_from(self.zeros + 1);
        }
    }

    fn keep_from(&mut self, zeros: u32) {
        if zeros > self.zeros {
            self.zeros = zeros;
            self.counts.retain(|body, _| hash::of(body).leading_zeros() >= zeros);
        }
    }

    fn merge(&mut self, mut other: Self) {
        self.keep_from(other.zeros);
        other.keep_from(self.zeros);
        self.values += other.values;
        if self.counts.is_empty() {
            self.counts = other.counts;
        } else {
            other.counts.into_iter().for_each(|(body, times)| {
                *self.counts.entry(body).or_default() += times;
            });
        }
        self.make_room();
    }

    fn of_length(mut self, len: usize) -> Self {
        self.counts.retain(|body, _| body.len() == len);
        self.values = self.counts.values().sum::<u64>() << self.zeros;
        self
    }

    /// How often values of the form stand in the field.
    pub(super) fn values(&self) -> u64 {
        self.values
    }

    /// How many distinct values there are, estimated where not all are kept.
    pub(super) fn distinct(&self) -> u64 {
        (self.counts.len() as u64) << self.zeros
    }

    /// The values that are kept with their counts, in order.
    pub(super) fn sorted(&self) -> Vec<(&[u8], u64)> {
        let mut sorted: Vec<_> = self.counts.iter().map(|(body, n)| (&**body, *n)).collect();
        sorted.sort_unstable();
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(n: u64) -> String {
        format!("{:016x}{:016x}", hash::of(&n.to_le_bytes()), !hash::of(&n.to_be_bytes()))
    }

    #[test]
    fn a_sample_of_parts_is_a_sample_of_the_whole() {
        let all = 3 * MAX_DISTINCT as u64;
        let mut whole = FieldValues::default();
        let mut parts: [FieldValues; 3] = Default::default();
        for n in 0..all {
            let value = digest(n);
            whole.add(value.as_bytes(), false, 2);
            parts[(n * n % 3) as usize].add(value.as_bytes(), false, 2);
        }
        let [mut merged, second, third] = parts;
        merged.merge(third);
        merged.merge(second);
        let (form, whole) = whole.leading().unwrap();
        let (_, merged) = merged.leading().unwrap();
        assert_eq!((form, whole.values()), (Form::Hex(32), 2 * all));
        assert_eq!(whole.sorted(), merged.sorted());
        assert!(whole.sorted().iter().all(|(_, times)| *times == 2));
        let error = whole.distinct().abs_diff(all);
        assert!(error < all / 50, "{error}");
    }

    #[test]
    fn a_digest_without_letters_goes_with_the_others() {
        let mut values = FieldValues::default();
        for value in ["0a1b2c3d", "1a1b2c3d", "2a1b2c3d", "12345678", "123456789"] {
            values.add(value.as_bytes(), false, 1);
        }
        let (form, leading) = values.leading().unwrap();
        assert_eq!((form, leading.values()), (Form::Hex(8), 4));
    }

    #[test]
    fn nothing_printed_for_debugging_holds_a_value() {
        let mut values = FieldValues::default();
        values.add(b"d41d8cd98f00b204e9800998ecf8427e", false, 1);
        assert!(!format!("{values:?}").contains("d41d"));
    }
}
