//! The vocabulary of personal data: for each kind, how a value is parsed to its canonical form.
//!
//! What comes in is one value (a whole cell, or the span that a recogniser found); what goes out
//! is its [`Canonical`] form with the strength of its syntax, or nothing. One identifier has one
//! file here and one validator. Nothing here looks around a value: words near it, the name of its
//! field and the rest of its column are `detect`'s.

pub mod address;
pub mod birth_date;
pub mod bits;
mod border;
pub mod card;
mod casefold;
pub mod coordinates;
pub mod device_id;
pub mod email;
mod fold;
pub mod generalize;
mod grouped;
pub mod hash;
pub mod iban;
pub mod ip;
pub mod lexicon;
pub mod mac;
pub mod mask;
pub mod name;
mod pattern;
pub mod phone;
pub mod plate;
pub mod scheme;
pub mod secret;
pub mod sieve;
pub mod special_category;
pub mod url_profile;
pub mod user_agent;

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// `value` without the white space at its ends.
///
/// White space is Unicode `White_Space`, so a no-break space is trimmed too; in bytes that are not
/// UTF-8 it is what ASCII has of it.
#[must_use]
#[inline]
pub fn trim(value: &[u8]) -> &[u8] {
    // Nearly every value: nothing to trim, and no need to know whether a long line is UTF-8.
    if let (Some(first), Some(last)) = (value.first(), value.last())
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return value;
    }
    trim_unicode(value)
}

fn trim_unicode(value: &[u8]) -> &[u8] {
    match std::str::from_utf8(value) {
        Ok(text) => text.trim().as_bytes(),
        Err(_) => value.trim_ascii(),
    }
}

/// The NFC of the trimmed `value`; the trimmed bytes as they are where they are not UTF-8.
fn append_normalized(value: &[u8], out: &mut Vec<u8>) {
    let trimmed = trim(value);
    match std::str::from_utf8(trimmed) {
        Ok(text) if text.is_ascii() => out.extend_from_slice(trimmed),
        Ok(text) => {
            let mut utf8 = [0; 4];
            for c in text.nfc() {
                out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes());
            }
        }
        Err(_) => out.extend_from_slice(trimmed),
    }
}

/// Bytes that may be personal data, and therefore cannot be printed: `Debug` shows their length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Raw<'a>(pub &'a [u8]);

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} bytes)", self.0.len())
    }
}

/// The form of a value that its pseudonym is computed from. It is the value, so it cannot be
/// printed either.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Canonical(Vec<u8>);

impl Canonical {
    /// Only the parsers of this module make canonical forms.
    fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The form of a value that is protected although it does not parse (closure):
    /// `raw`, a zero byte, and the NFC of the trimmed value, or its bytes where it is not UTF-8.
    #[must_use]
    pub fn unparsed(value: Raw<'_>) -> Self {
        let mut bytes = Vec::with_capacity(4 + value.0.len());
        bytes.extend_from_slice(b"raw\0");
        append_normalized(value.0, &mut bytes);
        Self(bytes)
    }

    /// The form of a value that a user's pattern found: the NFC of the trimmed value, or its bytes
    /// where it is not UTF-8.
    #[must_use]
    pub fn of_pattern(value: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(value.len());
        append_normalized(value, &mut bytes);
        Self(bytes)
    }

    /// The bytes to feed to a keyed function.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Canonical({} bytes)", self.0.len())
    }
}

/// A value that parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What its pseudonym is computed from.
    pub canonical: Canonical,
    /// How much its own syntax proves.
    pub strength: Strength,
    /// The country it belongs to, where the kind has one (phone, IBAN).
    pub region: Option<Region>,
}

impl Parsed {
    /// Its own syntax proves it.
    fn strong(canonical: impl Into<Vec<u8>>) -> Self {
        Self { canonical: Canonical::new(canonical), strength: Strength::Strong, region: None }
    }

    /// It needs the name of a field or a word beside it.
    fn weak(canonical: impl Into<Vec<u8>>) -> Self {
        Self { strength: Strength::Weak, ..Self::strong(canonical) }
    }
}

/// How much the syntax of a value proves, before anything around it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// It validates, and so do many numbers that are something else (a Luhn number, a national
    /// phone number, a dotted quad, an email at a private name such as `corp.local`).
    Weak,
    /// Checksum or unambiguous syntax: an email at a known top-level domain, an IBAN, an IPv6
    /// address, a valid number in international form.
    Strong,
}

/// A country by its ISO 3166-1 alpha-2 code, upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region([u8; 2]);

impl Region {
    /// The region of a two-letter code in any case, or nothing where it is no two letters.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        match code.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// Its two letters.
    fn letters(self) -> [u8; 2] {
        self.0
    }

    /// `FR`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two ASCII letters")
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the tests of the kinds ask of a parsed value.
#[cfg(test)]
mod testing {
    use std::ops::Range;

    use super::{Parsed, Strength};

    pub(super) fn canonical(parsed: Option<Parsed>) -> Option<String> {
        parsed.map(|parsed| String::from_utf8(parsed.canonical.as_bytes().to_vec()).unwrap())
    }

    pub(super) fn is_strong(parsed: Option<Parsed>) -> Option<bool> {
        parsed.map(|parsed| parsed.strength == Strength::Strong)
    }

    /// `body` and its Luhn digit, with what doubled digits count as ISO/IEC 7812-1, annex B, has it.
    pub(super) fn with_luhn(body: &str) -> String {
        const DOUBLED: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
        let digits = body.bytes().rev().map(|byte| usize::from(byte - b'0')).enumerate();
        let sum: u32 = digits.map(|(at, n)| if at % 2 == 0 { DOUBLED[n] } else { n as u32 }).sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    }

    /// `number` with each of its digits replaced by each other digit.
    pub(super) fn with_a_wrong_digit(number: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        for (place, right) in number.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            for digit in ('0'..='9').filter(|&digit| digit != right) {
                wrong.push(format!("{}{digit}{}", &number[..place], &number[place + 1..]));
            }
        }
        wrong
    }

    /// The part of `text` that was found.
    pub(super) fn part(text: &str, found: Option<(Range<usize>, Parsed)>) -> Option<&str> {
        found.map(|(span, _)| &text[span])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trimming_takes_every_white_space_of_unicode() {
        assert_eq!(trim("\u{a0}\u{202f} n/a\t\u{3000}".as_bytes()), b"n/a");
        assert_eq!(trim(b" \xff\xa0 "), b"\xff\xa0");
        assert_eq!(trim("\u{2003}".as_bytes()), b"");
    }

    #[test]
    fn an_unparsed_value_keeps_its_spelling_behind_a_zero_byte() {
        assert_eq!(Canonical::unparsed(Raw(b" n/a ")).as_bytes(), b"raw\0n/a");
        assert_eq!(Canonical::unparsed(Raw("e\u{301}".as_bytes())).as_bytes(), "raw\0é".as_bytes());
        assert_eq!(Canonical::unparsed(Raw(b"\xff e\xcc\x81")).as_bytes(), b"raw\0\xff e\xcc\x81");
    }

    #[test]
    fn a_users_value_is_trimmed_and_composed() {
        assert_eq!(
            Canonical::of_pattern(" E\u{301}lan-7\n".as_bytes()).as_bytes(),
            "Élan-7".as_bytes()
        );
    }

    #[test]
    fn nothing_here_prints_a_value() {
        let parsed = email::parse(b"jean@example.com").unwrap();
        let shown = format!("{parsed:?} {:?}", Raw(b"jean@example.com"));
        assert!(!shown.contains("jean") && shown.contains("16 bytes"), "{shown}");
    }
}
