//! The coarse value that stands for an exact one.
//!
//! | kind | becomes | example |
//! | --- | --- | --- |
//! | `birth_date` | its year, or its month | `1984`, `1984-05` |
//! | `ip` | its network | `192.0.2.0/24`, `2001:db8::/48` |
//! | `phone` | its country code | `+33` |
//! | `email` | its domain | `example.com` |
//!
//! # Source
//! The pseudonym specification `loup.v1`, operator `generalize`; RFC 4632 and RFC 4291, section 2.3
//! (networks).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Deserialize;

use super::{Raw, phone};

/// How much of a value is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Coarseness {
    /// Bits of an IPv4 address.
    pub v4: u8,
    /// Bits of an IPv6 address.
    pub v6: u8,
    /// Of a date.
    pub to: Unit,
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// `1984`
    Year,
    /// `1984-05`
    Month,
}

impl Default for Coarseness {
    fn default() -> Self {
        Self { v4: 24, v6: 48, to: Unit::Year }
    }
}

/// The kinds that have a coarse value.
pub const KINDS: [&str; 4] = ["birth_date", "ip", "phone", "email"];

/// What stands for a value that has no coarse one, because it does not parse.
const UNKNOWN: &str = "***";

/// The coarse value of a canonical form of the kind of that name, as coarse as is asked.
#[must_use]
pub fn generalize(kind_name: &str, canonical: Raw<'_>, coarseness: &Coarseness) -> String {
    let coarse = std::str::from_utf8(canonical.0).ok().and_then(|text| match kind_name {
        "birth_date" => part_of_date(text, coarseness.to),
        "ip" => network(text, coarseness),
        "phone" => country(text),
        "email" => text.rsplit_once('@').map(|(_, domain)| domain.to_owned()),
        _ => None,
    });
    coarse.unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Whether `value` is what [`generalize`] makes of a value of that kind. A domain has no mark of
/// its own: it may be the part of an address that somebody typed.
#[must_use]
pub fn is_generalized(kind_name: &str, value: &[u8], coarseness: &Coarseness) -> bool {
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_coarse = |text: &str| match kind_name {
        "birth_date" => match (text.split_at_checked(4), coarseness.to) {
            (Some((year, "")), _) => is_digits(year),
            (Some((year, month)), Unit::Month) => {
                let month = month.strip_prefix('-').filter(|month| month.len() == 2);
                is_digits(year) && month.is_some_and(is_digits)
            }
            _ => false,
        },
        "ip" => text
            .split_once('/')
            .is_some_and(|(address, _)| network(address, coarseness).as_deref() == Some(text)),
        "phone" => {
            // A code is told by what follows it.
            text.strip_prefix('+').and_then(|code| country(&format!("+{code}00"))).as_deref()
                == Some(text)
        }
        _ => false,
    };
    value == UNKNOWN.as_bytes() || std::str::from_utf8(value).is_ok_and(is_coarse)
}

/// The year or the month of `1984-05-17`.
fn part_of_date(date: &str, to: Unit) -> Option<String> {
    let length = match to {
        Unit::Year => 4,
        Unit::Month => 7,
    };
    let is_part = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    let is_date = date.len() == 10 && date.bytes().enumerate().all(is_part);
    is_date.then(|| date[..length].to_owned())
}

/// The network of an address, its other bits zero.
fn network(address: &str, coarseness: &Coarseness) -> Option<String> {
    let kept = |bits: u8, of: u32, mask: u128| {
        let dropped = of - u32::from(bits).min(of);
        if dropped == of { 0 } else { mask >> dropped << dropped }
    };
    match address.parse().ok()? {
        IpAddr::V4(address) => {
            let mask = kept(coarseness.v4, 32, u32::MAX.into());
            let network = u128::from(address.to_bits()) & mask;
            Some(format!("{}/{}", Ipv4Addr::from_bits(network as u32), coarseness.v4))
        }
        IpAddr::V6(address) => {
            let network = address.to_bits() & kept(coarseness.v6, 128, u128::MAX);
            Some(format!("{}/{}", Ipv6Addr::from_bits(network), coarseness.v6))
        }
    }
}

/// `+33` of `+33199001234`.
fn country(number: &str) -> Option<String> {
    let digits = number.strip_prefix('+')?;
    Some(format!("+{}", phone::country_code(digits)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coarse(kind: &str, canonical: &str, coarseness: Coarseness) -> String {
        generalize(kind, Raw(canonical.as_bytes()), &coarseness)
    }

    #[test]
    fn a_coarse_value_says_what_is_asked_and_no_more() {
        let usual = Coarseness::default();
        let month = Coarseness { to: Unit::Month, ..usual };
        let wide = Coarseness { v4: 8, v6: 0, ..usual };
        for (kind, canonical, settings, expected) in [
            ("birth_date", "1984-05-17", usual, "1984"),
            ("birth_date", "1984-05-17", month, "1984-05"),
            ("birth_date", "raw\u{0}spring", usual, "***"),
            ("ip", "192.0.2.77", usual, "192.0.2.0/24"),
            ("ip", "192.0.2.77", wide, "192.0.0.0/8"),
            ("ip", "192.0.2.77", Coarseness { v4: 32, ..usual }, "192.0.2.77/32"),
            ("ip", "2001:db8:1:2::3", usual, "2001:db8:1::/48"),
            ("ip", "2001:db8:1:2::3", wide, "::/0"),
            ("phone", "+33199001234", usual, "+33"),
            ("phone", "+12125550123;ext=12", usual, "+1"),
            ("phone", "raw\u{0}none", usual, "***"),
            ("email", "jean@example.com", usual, "example.com"),
            ("name", "jean", usual, "***"),
        ] {
            let value = coarse(kind, canonical, settings);
            assert_eq!(value, expected, "{kind} {canonical:?}");
            let is_marked = kind != "email";
            assert_eq!(is_generalized(kind, value.as_bytes(), &settings), is_marked, "{value}");
        }
        for (kind, value) in [
            ("email", "jean.dupont"),
            ("ip", "192.0.2.1"),
            ("ip", "192.0.2.1/32"),
            ("ip", "192.0.2.1/24"),
            ("phone", "+33199001234"),
            ("birth_date", "1984-05-17"),
            ("birth_date", "1984-05"),
        ] {
            assert!(!is_generalized(kind, value.as_bytes(), &usual), "{value}");
        }
    }
}
