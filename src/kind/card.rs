//! Payment card numbers.
//!
//! A number is a card when its leading digits belong to an issuer, its length is one that the
//! issuer uses, and its Luhn digit holds. That is little: one random number in ten passes Luhn, so
//! a bare run of digits is weak, and only the grouping printed on the card makes it strong.
//!
//! # Source
//! ISO/IEC 7812-1 (structure, Luhn); ranges as the networks publish them, without the private
//! tables of issuers.

use super::grouped::{Grouped, digit};
use super::{Canonical, Parsed, Strength, trim};

/// ISO/IEC 7812-1: a primary account number has at most 19 digits.
const MAX_DIGITS: usize = 19;

/// Parses a card number, its groups separated by single spaces or single dashes, of one sort.
///
/// The canonical form is the digits. Strong in the network's own grouping (4-4-4-4, American
/// Express 4-6-5, Diners Club 4-6-4), weak without separators or in other groups of four.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    let number = Grouped::<MAX_DIGITS>::read(trim(value), digit).filter(|number| number.uniform)?;
    let digits = number.as_bytes();
    let network = network(digits)?;
    let strength = match number.groups() {
        [_] => Strength::Weak,
        groups if is_own_grouping(network, groups) => Strength::Strong,
        groups if is_in_fours(groups) => Strength::Weak,
        _ => return None,
    };
    luhn(digits).then(|| Parsed { canonical: Canonical::new(digits), strength, region: None })
}

/// Whether a number is as those that people carry: 15 or 16 digits of a network that does not own
/// most numbers there are, or any length in a narrow range. Others are rare enough, and most of
/// Maestro's ranges wide enough, that by themselves they are ids which happen to pass Luhn.
#[must_use]
pub fn is_common(value: &[u8]) -> bool {
    /// First digits of the Maestro cards of Europe.
    const MAESTRO: [&[u8]; 8] =
        [b"5018", b"5020", b"5038", b"6304", b"6759", b"6761", b"6762", b"6763"];
    Grouped::<MAX_DIGITS>::read(trim(value), digit).is_some_and(|number| {
        let digits = number.as_bytes();
        match network(digits) {
            Some(Network::Maestro) => {
                digits.len() >= 16 && MAESTRO.iter().any(|first| digits.starts_with(first))
            }
            Some(Network::UnionPay) => true,
            _ => matches!(digits.len(), 15 | 16),
        }
    })
}

/// Whether `value` looks like a card number: 13 to 19 digits, bare or in groups of three or more
/// (the last may be shorter) separated as in [`parse`]. Neither issuer nor Luhn is looked at.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let Some(number) = Grouped::<MAX_DIGITS>::read(trim(value), digit) else {
        return false;
    };
    let leading = number.groups().split_last().map_or(&[][..], |(_, leading)| leading);
    number.uniform && number.as_bytes().len() >= 13 && leading.iter().all(|&len| len >= 3)
}

/// Whether `digits` are digits, two or more, and the last makes the Luhn sum a multiple of ten.
///
/// # Source
/// ISO/IEC 7812-1, annex B.
#[must_use]
pub fn luhn(digits: &[u8]) -> bool {
    let mut sum = 0u32;
    for (place, &byte) in digits.iter().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let digit = u32::from(byte - b'0');
        sum = (sum + if place % 2 == 0 { digit } else { digit * 2 - digit / 5 * 9 }) % 10;
    }
    digits.len() >= 2 && sum == 0
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Network {
    Visa,
    Mastercard,
    AmericanExpress,
    Discover,
    Diners,
    Jcb,
    UnionPay,
    Maestro,
}

/// The network whose ranges hold the first six of `digits`, if it issues numbers of that length.
fn network(digits: &[u8]) -> Option<Network> {
    if digits.len() < 12 {
        return None;
    }
    let first_six = digits[..6].iter().fold(0u32, |number, b| number * 10 + u32::from(b - b'0'));
    let network = match first_six {
        400_000..=499_999 => Network::Visa,
        510_000..=559_999 | 222_100..=272_099 => Network::Mastercard,
        340_000..=349_999 | 370_000..=379_999 => Network::AmericanExpress,
        601_100..=601_199 | 644_000..=659_999 => Network::Discover,
        // Issued by China UnionPay and accepted as Discover; the lengths are the same.
        620_000..=629_999 => Network::UnionPay,
        300_000..=305_999 | 360_000..=369_999 | 380_000..=399_999 => Network::Diners,
        352_800..=358_999 => Network::Jcb,
        500_000..=509_999 | 560_000..=589_999 | 600_000..=699_999 => Network::Maestro,
        _ => return None,
    };
    let issues = |network| match network {
        Network::Visa => matches!(digits.len(), 13 | 16 | 19),
        Network::Mastercard => digits.len() == 16,
        Network::AmericanExpress => digits.len() == 15,
        Network::Discover | Network::Jcb | Network::UnionPay => (16..=19).contains(&digits.len()),
        Network::Diners => (14..=19).contains(&digits.len()),
        Network::Maestro => (12..=19).contains(&digits.len()),
    };
    // Discover's and UnionPay's ranges lie inside Maestro's, which has more lengths.
    let fallback = (first_six >= 600_000).then_some(Network::Maestro);
    [Some(network), fallback].into_iter().flatten().find(|&network| issues(network))
}

fn is_own_grouping(network: Network, groups: &[u8]) -> bool {
    match network {
        Network::AmericanExpress => groups == [4, 6, 5],
        Network::Diners => groups == [4, 6, 4] || is_in_fours(groups) && groups.len() >= 4,
        Network::Visa if groups == [4, 3, 3, 3] => true,
        _ => is_in_fours(groups),
    }
}

/// Groups of four digits, the last of one to four.
fn is_in_fours(groups: &[u8]) -> bool {
    groups.split_last().is_some_and(|(&last, fours)| {
        (1..=4).contains(&last) && !fours.is_empty() && fours.iter().all(|&len| len == 4)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{with_a_wrong_digit, with_luhn};
    use super::*;

    fn parsed(value: &str) -> Option<(String, Strength)> {
        parse(value.as_bytes()).map(|parsed| {
            (String::from_utf8(parsed.canonical.as_bytes().to_vec()).unwrap(), parsed.strength)
        })
    }

    #[test]
    fn the_specifications_vector_is_its_digits() {
        let expected = Some(("4111111111111111".to_owned(), Strength::Strong));
        assert_eq!(parsed("4111-1111-1111-1111"), expected);
        assert_eq!(parsed(" 4111\u{a0}1111\u{a0}1111\u{a0}1111 "), expected);
        assert_eq!(
            parsed("4111111111111111"),
            Some(("4111111111111111".to_owned(), Strength::Weak))
        );
    }

    #[test]
    fn test_cards_of_every_network_are_cards() {
        let grouped = [
            "5555 5555 5555 4444",
            "2223 0031 2200 3222",
            "3782 822463 10005",
            "6011 1111 1111 1117",
            "3056 930902 5904",
            "3530 1113 3330 0000",
            "6200 0000 0000 0005",
            "6759 6498 2643 8453",
        ];
        for number in grouped {
            assert_eq!(parsed(number).map(|p| p.1), Some(Strength::Strong), "{number}");
            let bare = number.replace(' ', "");
            assert_eq!(parsed(&bare).map(|p| p.1), Some(Strength::Weak), "{bare}");
            assert_eq!(is_common(bare.as_bytes()), matches!(bare.len(), 15 | 16), "{bare}");
        }
        // Of Maestro's wide ranges, and of a length that is rare.
        assert!(!is_common(b"5600000000000003") && !is_common(b"4000000000000000006"));
        assert_eq!(parsed("3782 8224 6310 005").map(|p| p.1), Some(Strength::Weak));
    }

    #[test]
    fn other_numbers_are_not_cards() {
        for value in [
            "4111 1111 1111 1112",     // Luhn
            "4111 1111-1111 1111",     // mixed separators
            "41 11 11 11 11 11 11 11", // no grouping of cards
            "4111  1111 1111 1111",    // two separators
            "41111111111111",          // no length of Visa
            "1234567812345670",        // Luhn holds, no issuer
            "0000000000000000",
            "5286196620740", // an EAN
            "4111/1111/1111/1111",
            "",
            "4",
        ] {
            assert!(parse(value.as_bytes()).is_none(), "{value}");
        }
    }

    #[test]
    fn shapes_need_neither_issuer_nor_check_digit() {
        for value in ["4111 1111 1111 1112", "1234567890123", "1234-5678-9012-3456-789"] {
            assert!(is_shape(value.as_bytes()), "{value}");
        }
        for value in
            ["123456789012", "12345678901234567890", "1 2345 6789 0123", "4111 1111 1111-1111"]
        {
            assert!(!is_shape(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn luhn_wants_digits() {
        assert!(luhn(b"79927398713"));
        assert!(!luhn(b"79927398710"));
        assert!(!luhn(b"7992739871a"));
        assert!(!luhn(b"0"));
        assert!(!luhn(b""));
    }

    /// Issuer, total length and filling of a number, to which the Luhn digit is added.
    fn valid_number() -> impl Strategy<Value = String> {
        let issuer = prop::sample::select(vec![
            ("4", 13),
            ("4", 16),
            ("4", 19),
            ("51", 16),
            ("2221", 16),
            ("2720", 16),
            ("34", 15),
            ("6011", 16),
            ("644", 19),
            ("65", 16),
            ("622126", 17),
            ("36", 14),
            ("305", 16),
            ("3528", 16),
            ("3589", 19),
            ("62", 18),
            ("50", 12),
            ("56", 13),
            ("6759", 16),
            ("6304", 19),
        ]);
        (issuer, prop::collection::vec(b'0'..=b'9', 19)).prop_map(|((prefix, len), filling)| {
            let mut digits = prefix.as_bytes().to_vec();
            digits.extend_from_slice(&filling[..len - 1 - prefix.len()]);
            with_luhn(std::str::from_utf8(&digits).unwrap())
        })
    }

    proptest! {
        #[test]
        fn every_valid_number_is_accepted_as_its_digits(number in valid_number()) {
            prop_assert_eq!(parsed(&number), Some((number.clone(), Strength::Weak)));
            let fours: Vec<_> =
                number.as_bytes().chunks(4).map(|four| std::str::from_utf8(four).unwrap()).collect();
            for separator in [" ", "-", "\u{a0}"] {
                let spelling = fours.join(separator);
                prop_assert_eq!(parsed(&spelling).map(|read| read.0), Some(number.clone()));
            }
        }

        #[test]
        fn every_wrong_digit_is_refused(number in valid_number()) {
            for wrong in with_a_wrong_digit(&number) {
                prop_assert!(!luhn(wrong.as_bytes()));
                prop_assert_eq!(parsed(&wrong), None);
            }
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(value in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = (parse(&value), is_shape(&value), luhn(&value));
        }
    }
}
