//! The validators that a user's rule can name.

use serde::Deserialize;

use crate::kind::{card, email, iban, ip, phone, trim};

/// What a match of a pattern has to pass besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validator {
    /// The digits, separators left out, pass the Luhn check (ISO/IEC 7812-1).
    Luhn,
    /// The letters and digits, separators left out, are 1 modulo 97 (ISO/IEC 7064, MOD 97-10; the
    /// check digits stand at the end).
    Mod97,
    /// An address, as in the kind `email`.
    Email,
    /// A number in international form, as in the kind `phone`.
    Phone,
    /// As in the kind `iban`.
    Iban,
    /// As in the rule `ipv4`.
    Ipv4,
    /// As in the rule `ipv6`.
    Ipv6,
    /// As in the kind `card`.
    Card,
}

impl Validator {
    /// Whether the whole of `value` passes.
    #[must_use]
    pub fn accepts(self, value: &[u8]) -> bool {
        match self {
            Self::Luhn => card::luhn(&alphanumerics(value)),
            Self::Mod97 => is_mod_97(&alphanumerics(value)),
            Self::Email => email::parse(value).is_some(),
            Self::Phone => phone::parse(value, &[]).is_some(),
            Self::Iban => iban::parse(value).is_some(),
            Self::Ipv4 => ip::parse_v4(value).is_some(),
            Self::Ipv6 => ip::parse_v6(value).is_some(),
            Self::Card => card::parse(value).is_some(),
        }
    }

    /// The share of random values of the right shape that its check digits accept; 0 where it has
    /// none.
    #[must_use]
    pub fn chance(self) -> f64 {
        match self {
            Self::Luhn => 0.1,
            Self::Mod97 | Self::Iban => 0.01,
            Self::Card => 0.1,
            Self::Email | Self::Phone | Self::Ipv4 | Self::Ipv6 => 0.0,
        }
    }
}

/// The value without spaces and punctuation of ASCII.
fn alphanumerics(value: &[u8]) -> Vec<u8> {
    let is_separator = |b: &u8| b.is_ascii_punctuation() || b.is_ascii_whitespace();
    trim(value).iter().copied().filter(|b| !is_separator(b)).collect()
}

/// Letters count as 10 to 35, in either case.
fn is_mod_97(chars: &[u8]) -> bool {
    let mut remainder = 0u32;
    for &c in chars {
        let Some(number) = char::from(c).to_digit(36) else {
            return false;
        };
        remainder = (remainder * if number < 10 { 10 } else { 100 } + number) % 97;
    }
    chars.len() > 2 && remainder == 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn check_digits_are_checked_without_separators() {
        assert!(Validator::Luhn.accepts(b"7992-739-8713"));
        assert!(!Validator::Luhn.accepts(b"7992-739-8714"));
        // ISO/IEC 7064's example, and the LEI of ISO 17442's.
        assert!(Validator::Mod97.accepts(b"794 44"));
        assert!(Validator::Mod97.accepts(b"5493 0084UKLVMY22DS16"));
        assert!(!Validator::Mod97.accepts(b"5493 0084UKLVMY22DS17"));
        assert!(!Validator::Mod97.accepts("é1".as_bytes()));
        assert!(!Validator::Mod97.accepts(b"01"));
    }

    #[test]
    fn kinds_validate_their_own() {
        assert!(Validator::Email.accepts(b"jean@example.com"));
        assert!(Validator::Phone.accepts(b"+33 1 99 00 12 34"));
        assert!(Validator::Iban.accepts(b"FR1420041010050500013M02606"));
        assert!(Validator::Ipv4.accepts(b"192.0.2.1") && !Validator::Ipv4.accepts(b"2001:db8::1"));
        assert!(Validator::Ipv6.accepts(b"2001:db8::1") && !Validator::Ipv6.accepts(b"192.0.2.1"));
        assert!(Validator::Card.accepts(b"4111 1111 1111 1111"));
    }

    proptest! {
        #[test]
        fn every_number_with_its_mod_97_digits_passes_and_no_wrong_one(
            number in "[0-9]{6,16}", place in 0usize..6, shift in 1u8..10,
        ) {
            let check = 98 - number.parse::<u128>().unwrap() * 100 % 97;
            let mut digits = format!("{number}{check:02}").into_bytes();
            prop_assert!(Validator::Mod97.accepts(&digits));
            digits[place] = b'0' + (digits[place] - b'0' + shift) % 10;
            prop_assert!(!Validator::Mod97.accepts(&digits));
        }
    }
}
