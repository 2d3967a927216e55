//! One look at the bytes around the first digit of a word: what of all that could begin there is
//! worth a closer look.
//!
//! Most numbers in a log are ports, sizes, parts of times and ids, and a few bytes tell. Recognisers
//! cost ten to a hundred times as much. Like the candidate pass, a glance may let through too much,
//! and must never keep back what a recogniser would have found.

use super::candidate::{is_number, shape};
use super::recognise::{self, words};

/// More digits in a row than any number of a person, an account or a device has.
pub(super) const MANY: usize = 32;

/// The first digit of no card, and of nothing that is dialled.
pub(super) const NO_CARD: u8 = b'1';

/// How many digits stand in a row at `at`, [`MANY`] at the most.
#[inline]
pub(super) fn digits_at(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let mut count = 0;
    while count < MANY {
        let Some(eight) = rest[count..].first_chunk::<8>() else {
            let last = &rest[count..];
            return count + last.iter().take_while(|byte| byte.is_ascii_digit()).count();
        };
        let others = other_than_digits(u64::from_le_bytes(*eight));
        if others != 0 {
            return count + others.trailing_zeros() as usize / 8;
        }
        count += 8;
    }
    MANY
}

/// The highest bit of each byte that is no digit of ASCII.
#[inline]
fn other_than_digits(eight: u64) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    const HIGH: u64 = !LOW;
    // A digit has 0 to 9 left; 0x76 more carry all else into the highest bit.
    let value = eight ^ 0x3030_3030_3030_3030;
    (((value & LOW) + 0x7676_7676_7676_7676) | value) & HIGH
}

/// Whether `text` has a digit for each `0` of `form`, a `T` or a space for its `T`, and its signs.
#[inline]
pub(super) fn has_form(text: &[u8], form: &[u8]) -> bool {
    let is_like = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b' '),
        sign => byte == sign,
    };
    text.len() == form.len() && text.iter().zip(form).all(is_like)
}

/// What may stand between the digits at a place and the next group or word of the same value.
static JOINS: [bool; 256] = {
    let (mut joins, mut byte) = ([false; 256], 0);
    while byte < 256 {
        joins[byte] = byte >= 0x80
            || matches!(byte as u8, b' ' | b'-' | b'.' | b'/' | b'(' | b')' | b'+' | b',')
            || (byte as u8).is_ascii_alphabetic();
        byte += 1;
    }
    joins
};

/// What stands around a digit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glance {
    /// Digits in a row from it on, [`MANY`] at the most.
    pub(super) digits: usize,
    /// The byte before it, a space at the start of the text.
    pub(super) previous: u8,
    /// The byte behind the row, a space at the end of the text.
    pub(super) next: u8,
}

impl Glance {
    /// A look at the digit at `at`.
    #[inline]
    pub(super) fn at(text: &[u8], at: usize) -> Self {
        let digits = digits_at(text, at);
        Self {
            digits,
            previous: at.checked_sub(1).map_or(b' ', |before| text[before]),
            next: text.get(at + digits).copied().unwrap_or(b' '),
        }
    }

    /// Whether nothing at all could begin at a digit of `shapes`: a time stamp, or too few digits for
    /// a number, and around them nothing that makes them a group of one, a house, a day or a plate.
    /// Most numbers of a log are told here.
    #[inline]
    pub(super) fn is_idle(self, text: &[u8], at: usize, shapes: u16) -> bool {
        let is_told = shapes & (shape::IBAN | shape::PLATE) != 0;
        if is_told || self.digits >= 7 || self.is_escape(text, at) {
            return false;
        }
        let follows_capital = self.previous.is_ascii_uppercase()
            || self.previous == b' ' && at > 1 && text[at - 2].is_ascii_uppercase();
        let joins = JOINS[usize::from(self.next)];
        if follows_capital || self.is_shut() {
            return !follows_capital;
        }
        self.is_time_stamp(text, at)
            || !(self.could_be_in_quotes() && words::is_in_named_quotes(text, at)
                || self.could_be_rib() && recognise::could_be_rib(text, at)
                || joins
                    && (recognise::has_digits(text, at, self)
                        || self.could_be_date() && words::could_be_date(text, at)
                        || self.could_be_degrees() && words::could_be_degrees(text, at)
                        || self.could_be_of_address(text, at)
                            && words::could_be_of_address(text, at, self.digits)))
    }

    /// Whether nothing that begins here goes on behind the digits, so that what follows is not looked at.
    #[inline]
    pub(super) fn is_shut(self) -> bool {
        !JOINS[usize::from(self.next)] && self.digits != 5 && !self.could_be_in_quotes()
    }

    /// Whether the digit belongs to an escape: `%40`, `=40`.
    #[inline]
    fn is_escape(self, text: &[u8], at: usize) -> bool {
        self.previous == b'%'
            || self.previous == b'=' && text[at..].starts_with(b"40") && !is_number(text, at)
    }

    /// Whether digits that begin with `first` are nothing where nothing speaks for them, as ids are:
    /// alone, and neither as many as those of a date or a RIB nor like those of a card.
    #[inline]
    pub(super) fn is_id(self, first: u8) -> bool {
        self.could_be_id(first) && !self.goes_on()
    }

    /// Whether they are that between two signs of equality, with the key of the next value behind them
    /// (`id=4069826272 rows=400`). With a zero they could be dialled.
    #[inline]
    pub(super) fn is_id_before_key(self, text: &[u8], at: usize, first: u8) -> bool {
        const MAX_DIGITS: usize = 18;
        const MAX_KEY: usize = 32;
        self.previous == b'='
            && self.next == b' '
            && first != b'0'
            && self.digits <= MAX_DIGITS
            && self.could_be_id(first)
            && text.get(at + self.digits + 1).is_some_and(u8::is_ascii_lowercase)
            && text[at + self.digits + 1..]
                .iter()
                .take(MAX_KEY)
                .find(|byte| !matches!(byte, b'a'..=b'z' | b'_'))
                == Some(&b'=')
    }

    fn could_be_id(self, first: u8) -> bool {
        let is_like_card = self.digits >= 13 && matches!(first, b'2'..=b'6');
        self.digits >= 7 && !matches!(self.digits, 8 | 23) && !is_like_card
    }

    /// Whether a date and a time of day begin here (`2024-11-22T10:06`), which own the digits in
    /// them: ISO 8601, as programs write it before every line.
    #[inline]
    pub(super) fn is_time_stamp(self, text: &[u8], at: usize) -> bool {
        const FORM: &[u8; 16] = b"0000-00-00T00:00";
        self.digits == 4
            && self.next == b'-'
            && text.get(at..at + FORM.len()).is_some_and(|written| has_form(written, FORM))
    }

    /// Whether something goes on behind the row of digits that another group of the same number may
    /// follow: a sign that joins groups, a letter, a byte outside ASCII.
    #[inline]
    pub(super) fn goes_on(self) -> bool {
        matches!(
            self.next,
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' | b'+' | b'A'..=b'Z' | b'a'..=b'z' | 0x80..
        )
    }

    /// Whether thirteen digits, or a group of fewer with a sign behind it, could be those of a card.
    #[inline]
    pub(super) fn could_be_card(self) -> bool {
        self.digits >= 13 || matches!(self.next, b' ' | b'-' | b'.' | 0xC2 | 0xE2)
    }

    /// Whether a house or a postcode could be written so: a few digits, no decimals, and soon a space.
    #[inline]
    pub(super) fn could_be_of_address(self, text: &[u8], at: usize) -> bool {
        const MAX_DIGITS: usize = 5;
        /// A letter or a second house, and a comma, may stand before the space.
        const REACH: usize = 8;
        if self.digits > MAX_DIGITS {
            return false;
        }
        let rest = &text[at + self.digits..];
        let has_decimals = matches!(rest, [b'.' | b',', digit, ..] if digit.is_ascii_digit());
        self.next == b'-'
            || !has_decimals
                && JOINS[usize::from(self.next)]
                && rest.iter().take(REACH).any(|byte| *byte == b' ')
    }

    /// Whether a number of an address could stand so in quotes: apart, at one end of them or not.
    #[inline]
    pub(super) fn could_be_in_quotes(self) -> bool {
        let is_apart = |byte: u8| matches!(byte, b'"' | b'\'' | b' ' | b',');
        self.digits <= 6 && is_apart(self.previous) && is_apart(self.next)
    }

    /// Whether the digits of a day, a month or a year could be written so, or a date without signs.
    #[inline]
    pub(super) fn could_be_date(self) -> bool {
        match self.digits {
            1 | 2 => matches!(self.next, b'-' | b'/' | b'.' | b' '),
            4 => matches!(self.next, b'-' | b'/' | b'.'),
            8 => true,
            _ => false,
        }
    }

    /// Whether the first octet of an IPv4 address could be written so.
    #[inline]
    pub(super) fn could_be_quad(self) -> bool {
        self.digits <= 3 && self.next == b'.' && self.previous != b'+'
    }

    /// Whether degrees could be written so: decimals, or the sign for degrees.
    #[inline]
    pub(super) fn could_be_degrees(self) -> bool {
        self.digits <= 3 && matches!(self.next, b'.' | 0xC2)
    }

    /// Whether a French bank's five digits could be written so, or the first of 23 characters.
    #[inline]
    pub(super) fn could_be_rib(self) -> bool {
        self.digits == 5 || self.digits >= 10
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn digits_are_counted(text in proptest::collection::vec(
            prop_oneof![9 => 0x30u8..0x3A, 1 => any::<u8>()], 0..80), at in 0usize..80) {
            let rest = text.get(at..).unwrap_or_default();
            let plain = rest.iter().take(MANY).take_while(|byte| byte.is_ascii_digit()).count();
            prop_assert_eq!(digits_at(&text, at), plain);
        }
    }

    #[test]
    fn time_stamps_are_told() {
        for (text, expected) in [
            ("2024-11-22T10:06:12Z", true),
            ("2024-11-22 10:06", true),
            ("2024-11-22", false),
            ("2024-11-22 1006", false),
            ("20241-11-22T10:06", false),
        ] {
            let glance = Glance::at(text.as_bytes(), 0);
            assert_eq!(glance.is_time_stamp(text.as_bytes(), 0), expected, "{text}");
        }
    }
}
