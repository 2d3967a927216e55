//! The vocabulary of personal data: for each kind, how a value is parsed to its canonical form.
//!
//! What comes in is one value (a whole cell, or the span that a recogniser found); what goes out
//! is its [`Canonical`] form with the strength of its syntax, or nothing. One identifier has one
//! file here and one validator. Nothing here looks around a value: words near it, the name of its
//! field and the rest of its column are `detect`'s.

pub mod card;
pub mod email;
pub mod iban;
pub mod ip;
pub mod phone;

use std::fmt;

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
        let _ = value;
        unimplemented!("helper")
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
