//! The French number of social security: sex, year, month, place and order of birth, and a key.
//!
//! # Source
//! INSEE, definition c1409; as `kind::scheme` reads it.

use super::super::text::Text;
use super::{Visit, put_number};

/// Bytes in front of commune and order: sex, year, month, department.
const HEAD: usize = 7;
/// All but the key.
const BODY: usize = 13;

/// Numbers in one spelling; a unit is a sex, month and department of birth.
#[derive(Debug)]
pub(super) struct Nir {
    heads: Vec<[u8; HEAD]>,
    /// Communes and orders, both from 1.
    communes: std::ops::RangeInclusive<u64>,
    orders: u64,
    has_key: bool,
}

/// Numbers that begin with `leading`: first those that most people have, then all; each with its key
/// and without.
pub(super) fn spelled(leading: &str) -> impl Iterator<Item = (&'static str, &'static str, Nir)> {
    let (first, commune) = leading.split_at_checked(HEAD).unwrap_or((leading, ""));
    let common: Vec<_> = heads(30..=99).chain(heads(0..=12)).filter(starts_with(first)).collect();
    let all: Vec<_> = heads(0..=99).filter(starts_with(first)).collect();
    let communes = |last| match commune.parse::<u64>() {
        Ok(one) if commune.len() == 3 => one..=one,
        _ => 1..=last,
    };
    let parts =
        [("most births", common, communes(500), 300), ("all births", all, communes(990), 999)];
    parts.into_iter().flat_map(|(part, heads, communes, orders)| {
        [("15 digits", true), ("13 digits", false)].map(|(name, has_key)| {
            let (heads, communes) = (heads.clone(), communes.clone());
            (part, name, Nir { heads, communes, orders, has_key })
        })
    })
}

fn starts_with(leading: &str) -> impl Fn(&[u8; HEAD]) -> bool {
    move |head| head.starts_with(leading.as_bytes())
}

/// Sexes, months and departments of births in these years. Overseas the department has three digits, of
/// which the last is with the commune here; 99 is abroad.
fn heads(years: std::ops::RangeInclusive<u64>) -> impl Iterator<Item = [u8; HEAD]> {
    years.flat_map(|year| {
        (1..=12).flat_map(move |month| {
            [b'1', b'2'].into_iter().flat_map(move |sex| {
                departments().map(move |department| {
                    let mut head = [sex; HEAD];
                    put_number(year, &mut head[1..3]);
                    put_number(month, &mut head[3..5]);
                    head[5..].copy_from_slice(&department);
                    head
                })
            })
        })
    })
}

fn departments() -> impl Iterator<Item = [u8; 2]> {
    let numbered = (1..=99).filter(|n| !matches!(n, 20 | 96)).map(|n| {
        let mut department = [0; 2];
        put_number(n, &mut department);
        department
    });
    numbered.chain([*b"2A", *b"2B"])
}

impl Nir {
    pub(super) fn units(&self) -> u64 {
        self.heads.len() as u64
    }

    pub(super) fn size(&self) -> u64 {
        let communes = self.communes.end() - self.communes.start() + 1;
        self.units() * communes * self.orders
    }

    pub(super) fn visit(&self, unit: u64, text: &mut Text<'_>, visit: &mut impl Visit) {
        let head = &self.heads[unit as usize];
        text.resize(if self.has_key { BODY + 2 } else { BODY });
        text.body()[..HEAD].copy_from_slice(head);
        let above = head_number(head) % 97 * (1_000_000 % 97) % 97;
        for commune in self.communes.clone() {
            put_number(commune, &mut text.body()[HEAD..HEAD + 3]);
            let above = (above + commune * 1000) % 97;
            for order in 1..=self.orders {
                put_number(order, &mut text.body()[HEAD + 3..BODY]);
                if self.has_key {
                    put_number(97 - (above + order) % 97, &mut text.body()[BODY..BODY + 2]);
                }
                visit.text(text);
            }
        }
    }
}

/// The number that the key is computed of: Corsica counts as 19 and 18.
fn head_number(head: &[u8; HEAD]) -> u64 {
    let number = |digits: &[u8]| digits.iter().fold(0, |n, digit| n * 10 + u64::from(digit - b'0'));
    let department = match &head[5..] {
        b"2A" => 19,
        b"2B" => 18,
        digits => number(digits),
    };
    number(&head[..5]) * 100 + department
}

#[cfg(test)]
mod tests {
    use super::super::super::text::Salt;
    use super::super::Sort;
    use super::super::tests::{domains, values_of};
    use crate::kind::scheme;

    #[test]
    fn numbers_have_the_key_that_the_scheme_asks_for() {
        // The commune 999 does not exist, 990 does not either, and nobody is born in month 12 of 1899.
        for leading in ["1850175990", "299122A001", "200012B990"] {
            for domain in domains(Sort::Nir, leading) {
                let values = values_of(&domain, 0..domain.units(), &Salt::default());
                assert!(!values.is_empty() || domain.part == "most births", "{leading}");
                for value in values.iter().step_by(37) {
                    assert!(value.starts_with(leading), "{value}");
                    let id = if value.len() == 15 { "fr_nir" } else { "fr_nir_13" };
                    let scheme = scheme::by_id(id).unwrap();
                    assert!(scheme.parse(value.as_bytes()).is_some(), "{value}");
                }
            }
        }
    }
}
