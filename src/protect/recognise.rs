//! Knowing a token when one comes back: what was protected once is neither found nor protected
//! again.
//!
//! A token has the shape `^[a-z]{2,8}[1-9][0-9]*_[0-9a-hjkmnp-tv-z]{20}$`, a prefix that some kind
//! registered, and an epoch of the keyring; an encrypted value has an `e` behind its prefix, and 26
//! characters or more. All three count: `order10_` followed by twenty characters is somebody's data. The shape proves nothing about the key, and whoever writes the
//! data can imitate it; so a scan does not report tokens, and under closure only the prefix of the
//! field's own kind is let through.
//!
//! # Source
//! The pseudonym specification `loup.v1`, section "Protecting twice".

use std::ops::Range;

use super::base32::is_base32;
use super::encrypt::{MARK, MIN_CHARACTERS};
use super::keyring::Keyring;
use super::pseudonym::TOKEN_CHARACTERS;
use crate::rules::KindId;

/// Longest registered prefix.
const MAX_PREFIX_BYTES: usize = 8;

/// What tokens look like in this run.
#[derive(Debug, Clone)]
pub struct TokenShape {
    /// In the order of their [`KindId`]s.
    prefixes: Vec<Box<[u8]>>,
    /// Nothing where every epoch counts.
    epochs: Option<Vec<u32>>,
}

impl TokenShape {
    /// The tokens of these prefixes, given in the order of their [`KindId`]s, and of the epochs of
    /// the keyring, whatever their status. Without a keyring every epoch counts: a scan has no key
    /// and still does not report tokens.
    #[must_use]
    pub fn new<'a>(prefixes: impl IntoIterator<Item = &'a str>, keyring: Option<&Keyring>) -> Self {
        let numbers =
            |keyring: &Keyring| keyring.epochs().iter().map(|epoch| epoch.number).collect();
        Self {
            prefixes: prefixes.into_iter().map(|prefix| prefix.as_bytes().into()).collect(),
            epochs: keyring.map(numbers),
        }
    }

    /// The kind whose token or encrypted value `value` is, if the whole of it is one. Nearly every
    /// value is told by its ends; one pass over the others, no allocation.
    #[must_use]
    pub fn kind_of(&self, value: &[u8]) -> Option<KindId> {
        let (first, last) = (value.first()?, value.last()?);
        if !first.is_ascii_lowercase() || !is_base32(*last) || value.len() <= TOKEN_CHARACTERS {
            return None;
        }
        let (span, kind) = self.token_at(value, memchr::memchr(b'_', value)?)?;
        (span == (0..value.len())).then_some(kind)
    }

    /// The tokens and encrypted values in a text, as byte ranges of it in ascending order and
    /// without overlap.
    ///
    /// A token ends where a word does: no ASCII letter, digit or underscore on either side. One
    /// vectorised pass from underscore to underscore, no allocation.
    pub fn find<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (Range<usize>, KindId)> + 't {
        memchr::memchr_iter(b'_', text).filter_map(|underscore| self.token_at(text, underscore))
    }

    /// The token or encrypted value around an underscore.
    ///
    /// What follows reaches to the next underscore at most, and the digits before to the previous
    /// one. So no text makes the whole search more than linear.
    fn token_at(&self, text: &[u8], underscore: usize) -> Option<(Range<usize>, KindId)> {
        let (before, after) = text.split_at_checked(underscore)?;
        let (b'_', after) = after.split_first()? else {
            return None;
        };
        let characters = after.iter().take_while(|&&byte| is_base32(byte)).count();
        let is_encrypted = match characters {
            TOKEN_CHARACTERS => false,
            MIN_CHARACTERS.. => true,
            _ => return None,
        };
        if after.get(characters).copied().is_some_and(is_word) {
            return None;
        }
        let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let (before, epoch) = before.split_at(before.len() - digits);
        if !self.has_epoch(epoch) {
            return None;
        }
        // One letter more than the longest prefix and its mark, so that a longer word is seen to be
        // one.
        let letters = before
            .iter()
            .rev()
            .take(MAX_PREFIX_BYTES + 2)
            .take_while(|byte| byte.is_ascii_lowercase())
            .count();
        let start = before.len() - letters;
        let (before, letters) = before.split_at(start);
        if before.last().copied().is_some_and(is_word) {
            return None;
        }
        let prefix = if is_encrypted { letters.strip_suffix(&[MARK])? } else { letters };
        if !(2..=MAX_PREFIX_BYTES).contains(&prefix.len()) {
            return None;
        }
        let kind = self.prefixes.iter().position(|known| **known == *prefix)?;
        let kind = KindId(u8::try_from(kind).ok()?);
        Some((start..underscore + 1 + characters, kind))
    }

    /// Whether digits are an epoch that counts.
    fn has_epoch(&self, digits: &[u8]) -> bool {
        if !matches!(digits.first(), Some(b'1'..=b'9')) {
            return false;
        }
        let Some(epochs) = &self.epochs else {
            return true;
        };
        let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        number.is_some_and(|number: u32| epochs.contains(&number))
    }
}

/// Whether a byte makes the word beside it longer.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::keyring::tests::vector_keyring;
    use super::*;

    const EMAIL: KindId = KindId(0);
    const IP: KindId = KindId(2);

    /// Prefixes of email, phone and IP; epoch 1.
    fn with_key() -> TokenShape {
        TokenShape::new(["eml", "tel", "ip"], Some(&vector_keyring()))
    }

    fn without_key() -> TokenShape {
        TokenShape::new(["eml", "tel", "ip"], None)
    }

    #[test]
    fn a_token_is_recognised_with_its_kind() {
        for shape in [with_key(), without_key()] {
            assert_eq!(shape.kind_of(b"eml1_z1etbtp9gdtf1gm7033k"), Some(EMAIL));
            assert_eq!(shape.kind_of(b"ip1_b09ff76d5hgf4gw9xxz5"), Some(IP));
        }
    }

    #[test]
    fn an_encrypted_value_is_recognised_with_its_kind() {
        for shape in [with_key(), without_key()] {
            assert_eq!(
                shape.kind_of(b"emle1_95ak6j5kb6nrr1k2qesh09ee5p0e0z19y3kv1x2w"),
                Some(EMAIL)
            );
            assert_eq!(shape.kind_of(format!("ipe1_{}", "z".repeat(26)).as_bytes()), Some(IP));
            assert_eq!(shape.kind_of(format!("ipe1_{}", "z".repeat(5000)).as_bytes()), Some(IP));
        }
        assert_eq!(with_key().kind_of(format!("ipe2_{}", "z".repeat(26)).as_bytes()), None);
    }

    #[test]
    fn the_mark_and_the_length_belong_together() {
        for shape in [with_key(), without_key()] {
            for (lead, characters) in [
                ("ip1_", 26),
                ("ip1_", 21),
                ("ipe1_", 20),
                ("ipe1_", 25),
                ("e1_", 26),
                ("ee1_", 26),
            ] {
                let value = format!("{lead}{}", "z".repeat(characters));
                assert_eq!(shape.kind_of(value.as_bytes()), None, "{value}");
                assert_eq!(shape.find(value.as_bytes()).count(), 0, "{value}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_token_is_data() {
        let data: [&[u8]; 20] = [
            b"",
            b"_",
            b"eml1_",
            b"_z1etbtp9gdtf1gm7033k",
            b"1_z1etbtp9gdtf1gm7033k",
            b"eml_z1etbtp9gdtf1gm7033k",
            b"eml0_z1etbtp9gdtf1gm7033k",
            b"eml01_z1etbtp9gdtf1gm7033k",
            b"eml1_z1etbtp9gdtf1gm7033",
            b"eml1_z1etbtp9gdtf1gm7033kk",
            b"eml1_z1etbtp9gdtf1gm7033u",
            b"eml1_z1etbtp9gdtf1gm7033K",
            b"eml1-z1etbtp9gdtf1gm7033k",
            b"Eml1_z1etbtp9gdtf1gm7033k",
            b"xeml1_z1etbtp9gdtf1gm7033k",
            b"emls1_z1etbtp9gdtf1gm7033k",
            b" eml1_z1etbtp9gdtf1gm7033k",
            b"eml1_z1etbtp9gdtf1gm7033k\n",
            b"order10_20260101235959123456",
            b"abcdefgheml1_z1etbtp9gdtf1gm7033k",
        ];
        for value in data {
            for shape in [with_key(), without_key()] {
                assert_eq!(shape.kind_of(value), None, "{}", String::from_utf8_lossy(value));
            }
        }
    }

    #[test]
    fn another_epoch_is_data_beside_a_key_and_a_token_without_one() {
        for epoch in ["2", "10", "11", "4294967297", "99999999999999999999999"] {
            let value = format!("eml{epoch}_z1etbtp9gdtf1gm7033k").into_bytes();
            assert_eq!(with_key().kind_of(&value), None);
            assert_eq!(without_key().kind_of(&value), Some(EMAIL));
        }
    }

    #[test]
    fn a_kind_without_a_prefix_has_no_tokens() {
        let shape = TokenShape::new(["", "eml"], None);
        assert_eq!(shape.kind_of(b"1_z1etbtp9gdtf1gm7033k"), None);
        assert_eq!(shape.kind_of(b"eml1_z1etbtp9gdtf1gm7033k"), Some(KindId(1)));
    }

    #[test]
    fn tokens_are_found_between_other_things() {
        let text = "user_id=eml1_z1etbtp9gdtf1gm7033k from <ip1_b09ff76d5hgf4gw9xxz5>,\
                    \"eml1_z1etbtp9gdtf1gm7033k\" é";
        let shape = with_key();
        let found: Vec<_> =
            shape.find(text.as_bytes()).map(|(span, kind)| (&text[span], kind)).collect();
        let email = ("eml1_z1etbtp9gdtf1gm7033k", EMAIL);
        assert_eq!(found, [email, ("ip1_b09ff76d5hgf4gw9xxz5", IP), email]);
        let encrypted = "ipe1_95ak6j5kb6nrr1k2qesh09ee5p";
        let text = format!("client={encrypted}; {encrypted}_old x{encrypted} {encrypted}o");
        let found: Vec<_> = shape.find(text.as_bytes()).collect();
        assert_eq!(found, [(7..7 + encrypted.len(), IP)]);
    }

    #[test]
    fn part_of_a_longer_word_is_not_a_token() {
        for text in [
            "my_eml1_z1etbtp9gdtf1gm7033k",
            "Xeml1_z1etbtp9gdtf1gm7033k",
            "7eml1_z1etbtp9gdtf1gm7033k",
            "eml1_z1etbtp9gdtf1gm7033k_old",
            "eml1_z1etbtp9gdtf1gm7033k0",
            "eml1_z1etbtp9gdtf1gm7033kI",
        ] {
            assert_eq!(with_key().find(text.as_bytes()).count(), 0, "{text}");
        }
    }

    proptest! {
        /// The regular expression of the specification is the oracle of the hand-written search.
        #[test]
        fn the_shape_is_the_regular_expression(
            value in "[a-z]{1,9}e?[0-9]{0,3}_?([0-9a-kmnp-z]{19,21}|[0-9a-hjkmnp-tv-z]{20,30})",
        ) {
            let oracle = regex_automata::meta::Regex::new(
                "^[a-z]{2,8}([1-9][0-9]*_[0-9a-hjkmnp-tv-z]{20}|e[1-9][0-9]*_[0-9a-hjkmnp-tv-z]{26,})$",
            ).unwrap();
            let letters: String = value.chars().take_while(char::is_ascii_lowercase).collect();
            let unmarked = letters.strip_suffix('e').unwrap_or_default();
            let shape = TokenShape::new([letters.as_str(), unmarked], None);
            prop_assert_eq!(shape.kind_of(value.as_bytes()).is_some(), oracle.is_match(&value));
        }

        #[test]
        fn whatever_surrounds_it_what_is_found_is_a_token(
            before in "[a-z0-9_ é.]{0,12}", after in "[a-z0-9_ é.]{0,12}",
        ) {
            let token = "tel1_vwgqfdwc9ff51ss3twvt";
            let text = format!("{before}{token}{after}");
            let shape = with_key();
            for (span, kind) in shape.find(text.as_bytes()) {
                prop_assert_eq!(shape.kind_of(&text.as_bytes()[span]), Some(kind));
            }
            let spaced = format!("{before} {token}.{after}");
            let at = before.len() + 1;
            let span = at..at + token.len();
            prop_assert!(shape.find(spaced.as_bytes()).any(|(found, _)| found == span));
        }

        #[test]
        fn no_bytes_make_the_search_panic(text: Vec<u8>) {
            let shape = without_key();
            let _ = shape.find(&text).count();
            let _ = shape.kind_of(&text);
        }
    }
}
