//! Addresses, dates and whole numbers.

use std::fmt;
use std::net::Ipv4Addr;

use super::super::text::Text;
use super::{Visit, count_up, put_number};

/// The addresses of a network, all of them by default.
#[derive(Debug, Clone, Default)]
pub(super) struct Network {
    first: u32,
    prefix: u32,
}

/// Networks of so many bits, or smaller, are one unit.
const UNIT_PREFIX: u32 = 16;

impl Network {
    /// `198.51.0.0/16`; a single address is a network of one.
    pub(super) fn new(cidr: &str) -> Option<Self> {
        let (address, prefix) = cidr.split_once('/').unwrap_or((cidr, "32"));
        let prefix = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
        let address = u32::from(address.parse::<Ipv4Addr>().ok()?);
        let mask = u32::MAX.checked_shl(32 - prefix).unwrap_or(0);
        Some(Self { first: address & mask, prefix })
    }

    pub(super) fn size(&self) -> u64 {
        1 << (32 - self.prefix)
    }

    pub(super) fn units(&self) -> u64 {
        1 << UNIT_PREFIX.saturating_sub(self.prefix)
    }

    pub(super) fn visit(&self, unit: u64, text: &mut Text<'_>, visit: &mut impl Visit) {
        let per_unit = self.size() / self.units();
        let first = u64::from(self.first) + unit * per_unit;
        let mut next = first;
        while next < first + per_unit {
            let [a, b, c, d] = (next as u32).to_be_bytes();
            let last = (256 - u64::from(d)).min(first + per_unit - next);
            let mut quad = [0; 15];
            let end = [a, b, c].iter().fold(0, |at, octet| {
                let end = at + put_octet(*octet, &mut quad[at..]);
                quad[end] = b'.';
                end + 1
            });
            for octet in d..=d + (last - 1) as u8 {
                let len = end + put_octet(octet, &mut quad[end..]);
                text.set(&quad[..len]);
                visit.text(text);
            }
            next += last;
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.prefix {
            0 => f.write_str("all addresses"),
            prefix => write!(f, "{}/{prefix}", Ipv4Addr::from(self.first)),
        }
    }
}

/// Writes an octet in decimal; returns its digits.
#[inline]
fn put_octet(octet: u8, to: &mut [u8]) -> usize {
    let digits = [b'0' + octet / 100, b'0' + octet / 10 % 10, b'0' + octet % 10];
    let skip = if octet >= 100 { 0 } else { 2 - usize::from(octet >= 10) };
    to[..3 - skip].copy_from_slice(&digits[skip..]);
    3 - skip
}

/// Dates from 1900 to the end of a year; a unit is a year.
#[derive(Debug)]
pub(super) struct Dates {
    last: i16,
    layout: &'static str,
}

const FIRST_YEAR: i16 = 1900;

impl Dates {
    /// Dates up to the end of `last`, as they are spelled.
    pub(super) fn spelled(last: i16) -> impl Iterator<Item = (&'static str, Self)> {
        [
            ("Y-m-d", "YYYY-MM-DD"),
            ("d/m/Y", "DD/MM/YYYY"),
            ("Ymd", "YYYYMMDD"),
            ("m/d/Y", "MM/DD/YYYY"),
            ("d.m.Y", "DD.MM.YYYY"),
            ("d-m-Y", "DD-MM-YYYY"),
            ("dmY", "DDMMYYYY"),
        ]
        .into_iter()
        .map(move |(name, layout)| (name, Self { last: last.max(FIRST_YEAR), layout }))
    }

    pub(super) fn units(&self) -> u64 {
        (self.last - FIRST_YEAR + 1).unsigned_abs().into()
    }

    pub(super) fn size(&self) -> u64 {
        (FIRST_YEAR..=self.last).flat_map(days_of).count() as u64
    }

    pub(super) fn visit(&self, unit: u64, text: &mut Text<'_>, visit: &mut impl Visit) {
        let year = FIRST_YEAR + unit as i16;
        text.set(self.layout.as_bytes());
        for (month, day) in days_of(year) {
            let body = text.body();
            for (letter, number, width) in
                [('Y', u64::from(year.unsigned_abs()), 4), ('M', month, 2), ('D', day, 2)]
            {
                let at = self.layout.find(letter).unwrap_or(0);
                put_number(number, &mut body[at..at + width]);
            }
            visit.text(text);
        }
    }
}

/// The months and days of a year.
fn days_of(year: i16) -> impl Iterator<Item = (u64, u64)> {
    (1..=12).flat_map(move |month: u64| {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + u64::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        (1..=days).map(move |day| (month, day))
    })
}

/// Whole numbers below 10^9, or those that begin with some digits; a unit is five last digits.
#[derive(Debug)]
pub(super) struct Integers {
    leading: String,
}

/// So many digits have the numbers that are tried.
const MAX_DIGITS: usize = 9;
const FREE: usize = 5;
const PER_UNIT: u64 = 100_000;

impl Integers {
    /// Those of nine digits that begin with `leading`; all where it is empty.
    pub(super) fn new(leading: &str) -> Self {
        Self { leading: if Self::has_part(leading) { leading.to_owned() } else { String::new() } }
    }

    /// Whether numbers can begin so: with a digit that is not zero, and some digits left free.
    pub(super) fn has_part(leading: &str) -> bool {
        (1..=MAX_DIGITS - FREE + 1).contains(&leading.len())
            && !leading.starts_with('0')
            && leading.bytes().all(|byte| byte.is_ascii_digit())
    }

    pub(super) fn part(&self) -> String {
        match &*self.leading {
            "" => "below 1 000 000 000".to_owned(),
            leading => format!("{leading} and {} digits", MAX_DIGITS - leading.len()),
        }
    }

    fn free(&self) -> usize {
        MAX_DIGITS - self.leading.len()
    }

    pub(super) fn size(&self) -> u64 {
        10_u64.pow(self.free() as u32)
    }

    pub(super) fn units(&self) -> u64 {
        self.size().div_ceil(PER_UNIT)
    }

    pub(super) fn visit(&self, unit: u64, text: &mut Text<'_>, visit: &mut impl Visit) {
        let mut digits = [b'0'; MAX_DIGITS];
        digits[..self.leading.len()].copy_from_slice(self.leading.as_bytes());
        let free = FREE.min(self.free());
        put_number(unit, &mut digits[self.leading.len()..MAX_DIGITS - free]);
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        if zeros < MAX_DIGITS - free {
            text.set(&digits[zeros..]);
            let first = MAX_DIGITS - zeros - free;
            let places: [usize; FREE] = std::array::from_fn(|place| first + place);
            return count_up(text, &places[..free], 10_u64.pow(free as u32), visit);
        }
        // The first unit, in which numbers have one to five digits.
        let mut least = 0;
        for width in 1..=FREE {
            let behind = 10_u64.pow(width as u32);
            put_number(least, &mut digits[..width]);
            text.set(&digits[..width]);
            let places: [usize; FREE] = std::array::from_fn(|place| place);
            count_up(text, &places[..width], behind - least, visit);
            least = behind;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::text::Salt;
    use super::super::Sort;
    use super::super::tests::{domains, values_of};
    use super::*;

    #[test]
    fn addresses_are_spelled_as_the_standard_library_does() {
        for (cidr, first) in [("203.0.113.7", "203.0.113.7"), ("198.51.100.77/26", "198.51.100.64")]
        {
            let domain = &domains(Sort::Ipv4, cidr)[0];
            let values = values_of(domain, 0..domain.units(), &Salt::default());
            let start = u32::from(first.parse::<Ipv4Addr>().unwrap());
            let expected: Vec<_> = (start..start + values.len() as u32)
                .map(|n| Ipv4Addr::from(n).to_string())
                .collect();
            assert_eq!(values, expected);
        }
        let all = Network::default();
        assert_eq!(
            (all.size(), all.units(), all.to_string().as_str()),
            (1 << 32, 1 << 16, "all addresses")
        );
        for wrong in ["", "198.51.100.0/33", "198.51.100/24", "a/8"] {
            assert!(Network::new(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_spelled_without_zeros_in_front() {
        let domain = &domains(Sort::Integer, "")[0];
        let expected: Vec<_> = (0..2 * PER_UNIT).map(|n| n.to_string()).collect();
        assert_eq!(values_of(domain, 0..2, &Salt::default()), expected);
        let last = values_of(domain, domain.units() - 1..domain.units(), &Salt::default());
        assert_eq!(last.last().map(String::as_str), Some("999999999"));
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        let domain = &domains(Sort::Date, "")[0];
        let values = values_of(domain, 0..domain.units(), &Salt::default());
        let first: jiff::civil::Date = "1900-01-01".parse().unwrap();
        let expected: Vec<_> = first
            .series(jiff::Span::new().days(1))
            .take(values.len())
            .map(|d| d.to_string())
            .collect();
        assert_eq!(values, expected);
        assert_eq!(values.last().map(String::as_str), Some("2026-12-31"));
        assert_eq!(values_of(&domains(Sort::Date, "")[1], 0..1, &Salt::default())[0], "01/01/1900");
    }
}
