//! What can be enumerated: the sets of values that pseudonyms are made from.
//!
//! A [`Domain`] is all values of one sort in one spelling, cut into units of some ten or hundred
//! thousand candidates that are tried one by one, in any order. Within a unit the candidates differ in
//! a few digits, which are counted up where they stand in the message.

mod list;
mod nir;
mod numbers;
mod phone;

use std::sync::Arc;

use super::text::{Salt, Text};
use crate::kind::Region;

pub use list::Lines;
pub use phone::has_mobile_ranges;

/// Who wants to see the candidates.
pub(super) trait Visit {
    /// A candidate in its place within the salt.
    fn text(&mut self, text: &Text<'_>);
    /// A message that found no room there, salt included.
    fn long(&mut self, message: &[u8]);
}

/// The sort of values, as names of fields and users speak of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// Lines of a list that the user gave.
    List,
    /// Telephone numbers.
    Phone,
    /// IPv4 addresses.
    Ipv4,
    /// Dates from 1900 on.
    Date,
    /// Whole numbers.
    Integer,
    /// The French number of social security.
    Nir,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::List, Self::Phone, Self::Ipv4, Self::Date, Self::Integer, Self::Nir];

    /// Its name on the command line and in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Phone => "phone",
            Self::Ipv4 => "ipv4",
            Self::Date => "date",
            Self::Integer => "integer",
            Self::Nir => "nir",
        }
    }

    /// Whether a part of it can be named so: a network, or what its values begin with. All of it is the
    /// empty part.
    #[must_use]
    pub fn has_part(self, part: &str) -> bool {
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            _ if part.is_empty() => true,
            Self::List | Self::Date => false,
            Self::Phone => are_digits(part.strip_prefix('+').unwrap_or(part)),
            Self::Ipv4 => numbers::Network::new(part).is_some(),
            Self::Integer => numbers::Integers::has_part(part),
            Self::Nir => part.len() <= 10 && part.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        }
    }

    /// Whether a word of the name of a field speaks for it.
    pub(super) fn is_meant_by(self, word: &str) -> bool {
        let words: &[&str] = match self {
            Self::List => &["email", "mail", "login", "username", "name", "courriel"],
            Self::Phone => &[
                "phone",
                "tel",
                "telephone",
                "mobile",
                "msisdn",
                "gsm",
                "portable",
                "cell",
                "handy",
                "telefon",
                "telefono",
                "sms",
                "caller",
                "callee",
            ],
            Self::Ipv4 => &["ip", "ipv4", "addr", "host", "client", "remote", "rhost"],
            Self::Date => &["date", "birth", "dob", "birthdate", "birthday", "naissance", "geburt"],
            Self::Integer => {
                &["id", "user", "userid", "customer", "account", "uid", "number", "no"]
            }
            Self::Nir => &["nir", "ssn", "secu", "insee", "social", "nss"],
        };
        words.contains(&word)
    }
}

/// Which part of the sorts is tried: what a user knows beforehand makes a search short.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The sorts, each with the characters that its values begin with, or a network in CIDR notation
    /// for addresses; empty for all of them.
    pub sorts: Vec<(Sort, String)>,
    /// Regions of telephone numbers.
    pub regions: Vec<Region>,
    /// Lines to try.
    pub lists: Vec<Arc<Lines>>,
    /// The last year of dates.
    pub year: i16,
    /// Only mobile telephones, in the most usual spellings: for regions that nobody named.
    pub mobile_only: bool,
}

/// A set of values in one spelling.
#[derive(Debug)]
pub struct Domain {
    /// What its values are.
    pub sort: Sort,
    /// Which of them, and how they are spelled: `FR, mobile` and `+33…`.
    pub part: String,
    /// How they are spelled.
    pub spelling: String,
    candidates: Candidates,
}

#[derive(Debug)]
enum Candidates {
    Phone(phone::Spelled),
    Ipv4(numbers::Network),
    Date(numbers::Dates),
    Integer(numbers::Integers),
    Nir(nir::Nir),
    List(list::Spelled),
}

impl Domain {
    /// The domains of a choice, those of a sort in the order of what is likely.
    #[must_use]
    pub fn all(choice: &Choice) -> Vec<Self> {
        choice.sorts.iter().flat_map(|(sort, filter)| Self::of(*sort, filter, choice)).collect()
    }

    fn of(sort: Sort, filter: &str, choice: &Choice) -> Vec<Self> {
        let domain = |(part, spelling, candidates): (String, &str, Candidates)| Self {
            sort,
            part,
            spelling: spelling.to_owned(),
            candidates,
        };
        match sort {
            Sort::List => {
                let spelled = choice.lists.iter().flat_map(list::spelled);
                spelled.map(|(part, name, it)| domain((part, name, Candidates::List(it)))).collect()
            }
            Sort::Phone => {
                let spelled = choice
                    .regions
                    .iter()
                    .flat_map(|region| phone::spelled(*region, filter, choice.mobile_only));
                spelled
                    .map(|(part, spelling, it)| Self {
                        sort,
                        part,
                        spelling,
                        candidates: Candidates::Phone(it),
                    })
                    .collect()
            }
            Sort::Ipv4 => {
                let network = numbers::Network::new(filter).unwrap_or_default();
                let part = network.to_string();
                vec![domain((part, "dotted quad", Candidates::Ipv4(network)))]
            }
            Sort::Date => numbers::Dates::spelled(choice.year)
                .map(|(name, dates)| {
                    domain((format!("1900 to {}", choice.year), name, Candidates::Date(dates)))
                })
                .collect(),
            Sort::Integer => {
                let integers = numbers::Integers::new(filter);
                vec![domain((integers.part(), "decimal", Candidates::Integer(integers)))]
            }
            Sort::Nir => nir::spelled(filter)
                .map(|(part, name, nir)| domain((part.to_owned(), name, Candidates::Nir(nir))))
                .collect(),
        }
    }

    /// How many units it has.
    #[must_use]
    pub fn units(&self) -> u64 {
        match &self.candidates {
            Candidates::Phone(phone) => phone.units(),
            Candidates::Ipv4(network) => network.units(),
            Candidates::Date(dates) => dates.units(),
            Candidates::Integer(integers) => integers.units(),
            Candidates::Nir(nir) => nir.units(),
            Candidates::List(list) => list.units(),
        }
    }

    /// How many values it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.candidates {
            Candidates::Phone(phone) => phone.size(),
            Candidates::Ipv4(network) => network.size(),
            Candidates::Date(dates) => dates.size(),
            Candidates::Integer(integers) => integers.size(),
            Candidates::Nir(nir) => nir.size(),
            Candidates::List(list) => list.size(),
        }
    }

    /// Shows every value of `unit`, within `salt`.
    pub(super) fn visit(&self, unit: u64, salt: &Salt, visit: &mut impl Visit) {
        let mut text = Text::new(salt);
        if matches!(self.candidates, Candidates::List(_)) || text.fits(MAX_CANDIDATE) {
            self.visit_in(&mut text, unit, visit);
        } else {
            self.visit_in(&mut Text::new(&Salt::default()), unit, &mut Salted(salt, visit));
        }
    }

    fn visit_in(&self, text: &mut Text<'_>, unit: u64, visit: &mut impl Visit) {
        match &self.candidates {
            Candidates::List(list) => list.visit(unit, text, visit),
            Candidates::Phone(phone) => phone.visit(unit, text, visit),
            Candidates::Ipv4(network) => network.visit(unit, text, visit),
            Candidates::Date(dates) => dates.visit(unit, text, visit),
            Candidates::Integer(integers) => integers.visit(unit, text, visit),
            Candidates::Nir(nir) => nir.visit(unit, text, visit),
        }
    }
}

/// Bytes of the longest value that is no line of a list.
const MAX_CANDIDATE: usize = 32;

/// Puts a salt around candidates that leaves them no room in a block.
struct Salted<'a, V>(&'a Salt, &'a mut V);

impl<V: Visit> Visit for Salted<'_, V> {
    fn text(&mut self, text: &Text<'_>) {
        self.long(&text.padded()[..text.len()]);
    }

    fn long(&mut self, message: &[u8]) {
        let Salt { prefix, suffix } = self.0;
        self.1.long(&[prefix, message, suffix].concat());
    }
}

/// Shows all values in which the digits at `places` count up from their values, `times` of them.
#[inline]
fn count_up(text: &mut Text<'_>, places: &[usize], times: u64, visit: &mut impl Visit) {
    for _ in 0..times {
        visit.text(text);
        let body = text.body();
        for place in places.iter().rev() {
            if body[*place] < b'9' {
                body[*place] += 1;
                break;
            }
            body[*place] = b'0';
        }
    }
}

/// Writes `number` in as many digits as `digits` has, with zeros in front.
fn put_number(mut number: u64, digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Keeps every message.
    #[derive(Default)]
    struct Keep(Vec<String>);

    impl Visit for Keep {
        fn text(&mut self, text: &Text<'_>) {
            self.long(&text.padded()[..text.len()]);
        }

        fn long(&mut self, message: &[u8]) {
            self.0.push(String::from_utf8(message.to_vec()).unwrap());
        }
    }

    pub(super) fn values_of(
        domain: &Domain,
        units: std::ops::Range<u64>,
        salt: &Salt,
    ) -> Vec<String> {
        let mut keep = Keep::default();
        units.for_each(|unit| domain.visit(unit, salt, &mut keep));
        keep.0
    }

    pub(super) fn domains(sort: Sort, filter: &str) -> Vec<Domain> {
        let lines =
            Lines::new("people.txt".to_owned(), b"A@Example.com\n\nb@example.com\r\n".to_vec());
        Domain::all(&Choice {
            sorts: vec![(sort, filter.to_owned())],
            regions: vec![Region::new("FR").unwrap()],
            lists: vec![Arc::new(lines)],
            year: 2026,
            mobile_only: false,
        })
    }

    #[test]
    fn a_domain_has_each_of_its_values_once() {
        for (sort, filter) in [
            (Sort::List, ""),
            (Sort::Date, ""),
            (Sort::Ipv4, "198.51.100.0/22"),
            (Sort::Integer, "12345"),
            (Sort::Phone, "+3363998"),
            (Sort::Nir, "1850175001"),
        ] {
            for domain in domains(sort, filter) {
                let values = values_of(&domain, 0..domain.units(), &Salt::default());
                assert_eq!(values.len() as u64, domain.size(), "{domain:?}");
                let distinct: BTreeSet<_> = values.iter().collect();
                assert_eq!(distinct.len(), values.len(), "{domain:?}");
                assert!(values.iter().all(|value| value.len() <= MAX_CANDIDATE), "{domain:?}");
            }
        }
    }

    #[test]
    fn a_salt_of_any_length_is_around_every_value() {
        for len in [0, 3, 40, 70] {
            let salt = Salt { prefix: vec![b'<'; len], suffix: vec![b'>'; len] };
            for sort in [Sort::List, Sort::Ipv4, Sort::Date] {
                let domain = &domains(sort, "203.0.113.0/24")[0];
                let plain = values_of(domain, 0..1, &Salt::default());
                let salted = values_of(domain, 0..1, &salt);
                let around =
                    |value: &String| format!("{}{value}{}", "<".repeat(len), ">".repeat(len));
                assert_eq!(salted, plain.iter().map(around).collect::<Vec<_>>());
            }
        }
    }
}
