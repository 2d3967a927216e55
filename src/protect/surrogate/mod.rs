//! The operator `surrogate`: a value of the same shape in the place of a value.
//!
//! In come canonical forms; out come canonical forms of the same kind, equal for equal values.
//! Addresses, telephone numbers, IBANs and card numbers are permuted under a key, so the key turns
//! them back; of an email only a hash is left.
//!
//! | kind | stays | recomputed | file |
//! | --- | --- | --- | --- |
//! | `ip` | which addresses share a prefix, and how long | – | `ip` |
//! | `phone` | country code, first national digit, length | – | `phone` |
//! | `iban` | country, where letters are and where digits | check digits | `iban` |
//! | `card` | first six digits, length | Luhn digit | `card` |
//! | `email` | which addresses share a domain | – | `email` |
//!
//! A surrogate carries no proof of what it is: turning back a value that is none gives another value.
//! Whoever calls [`Surrogates::invert`] has to know, from a manifest, that the key, the domain and the
//! kind are those of the data. A surrogate may also be a stranger's real number.
//!
//! # Source
//! NIST SP 800-38G (FF1); draft-denis-ipcrypt-12; the pseudonym specification `loup.v1`, section
//! "Operators". FF3 and FF3-1 are not offered: they were attacked, and NIST's second draft of
//! revision 1 (2025) has dropped them.

mod card;
mod email;
mod ff1;
mod iban;
mod ip;
mod number;
mod pattern;
mod phone;
#[cfg(test)]
mod tests;

use self::email::Email;
use self::ff1::{Direction, Ff1};
use self::ip::Pfx;
use super::error::KeyError;
use super::key::{Domain, DomainKey, MasterKey, Purpose};
use crate::kind::Canonical;
use crate::rules::KindId;

pub use self::email::EmailDomain;

/// The kinds that have surrogates.
pub const KINDS: [&str; 5] = ["email", "phone", "iban", "ip", "card"];

/// The kinds whose surrogates are integers where the values are.
pub const INTEGERS: [&str; 2] = ["phone", "card"];

/// The kinds whose surrogates the key turns back.
pub const INVERTIBLE: [&str; 4] = ["phone", "iban", "ip", "card"];

/// Why a value has no surrogate. It needs another operator: it must not stay as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SurrogateError {
    /// Its kind is none of [`KINDS`].
    #[error("values of this kind have no surrogate")]
    Kind,

    /// It is protected though it did not parse, so it has no shape to keep.
    #[error("the value does not parse as one of its kind")]
    Unparsed,

    /// It is no canonical form of its kind, or its check digits do not hold.
    #[error("the value is not in the canonical form of its kind")]
    DoesNotFit,

    /// So few that they can be found by trying them all.
    #[error("fewer than a million values have the shape of this one")]
    TooFew,

    /// It is of a kind whose surrogates are hashes.
    #[error("a surrogate of this kind cannot be turned back")]
    OneWay,
}

/// Makes surrogates of the values of one domain under one key, and turns them back. Always with
/// `scope = "domain"`. Shared by threads.
pub struct Surrogates {
    /// In the order of their [`KindId`]s.
    kinds: Vec<Method>,
}

/// How the values of a kind are replaced.
enum Method {
    None,
    Ip(Box<Pfx>),
    Pattern(Shape, Box<Ff1>),
    Email(Email),
}

/// The kinds whose values have a [`pattern::Pattern`].
#[derive(Clone, Copy)]
enum Shape {
    Phone,
    Iban,
    Card,
}

impl Surrogates {
    /// For the kinds of these names, in the order of their [`KindId`]s, under the master key of one
    /// epoch: the active one to write, the one that a manifest names to turn back.
    ///
    /// # Errors
    /// [`KeyError::KindName`].
    pub fn new<'a>(
        master: &MasterKey,
        domain: &Domain,
        kinds: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, KeyError> {
        let domain_key = master.domain_key(Purpose::Surrogate, domain);
        let kinds = kinds.into_iter().map(|kind| Method::new(kind, &domain_key));
        Ok(Self { kinds: kinds.collect::<Result<_, _>>()? })
    }

    /// Appends the surrogate of a canonical form. `email_domain` concerns emails alone.
    ///
    /// # Errors
    /// [`SurrogateError`]: nothing is appended.
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`].
    pub fn surrogate(
        &self,
        kind: KindId,
        canonical: &Canonical,
        email_domain: EmailDomain,
        out: &mut Vec<u8>,
    ) -> Result<(), SurrogateError> {
        out.extend_from_slice(&self.of_bytes(kind, canonical.as_bytes(), email_domain)?);
        Ok(())
    }

    fn of_bytes(
        &self,
        kind: KindId,
        canonical: &[u8],
        email_domain: EmailDomain,
    ) -> Result<Vec<u8>, SurrogateError> {
        match self.method(kind, canonical)? {
            Method::Email(email) => email.hashed(canonical, email_domain),
            method => method.permuted(Direction::Forth, canonical),
        }
    }

    /// Appends the canonical form whose surrogate is `surrogate`.
    ///
    /// # Errors
    /// [`SurrogateError`]: nothing is appended. What is no surrogate and has the shape of one is no
    /// error, and gives a value that never was.
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`].
    pub fn invert(
        &self,
        kind: KindId,
        surrogate: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SurrogateError> {
        let value = self.method(kind, surrogate)?.permuted(Direction::Back, surrogate)?;
        out.extend_from_slice(&value);
        Ok(())
    }

    /// The surrogate of a number in a column of integers: a telephone number with its country code
    /// (`33612345678`) or a card number. It has as many digits, and is that of the same number as text.
    ///
    /// # Errors
    /// [`SurrogateError`]; [`SurrogateError::Kind`] for other kinds.
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`].
    pub fn surrogate_integer(&self, kind: KindId, number: i64) -> Result<i64, SurrogateError> {
        self.permuted_integer(Direction::Forth, kind, number)
    }

    /// The number whose surrogate is `number`, in a column of integers.
    ///
    /// # Errors
    /// As [`Self::surrogate_integer`].
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`].
    pub fn invert_integer(&self, kind: KindId, number: i64) -> Result<i64, SurrogateError> {
        self.permuted_integer(Direction::Back, kind, number)
    }

    fn permuted_integer(
        &self,
        direction: Direction,
        kind: KindId,
        number: i64,
    ) -> Result<i64, SurrogateError> {
        let method = &self.kinds[usize::from(kind.0)];
        let sign = match method {
            Method::Pattern(Shape::Phone, _) => "+",
            Method::Pattern(Shape::Card, _) => "",
            _ => return Err(SurrogateError::Kind),
        };
        let permuted = method.permuted(direction, format!("{sign}{number}").as_bytes())?;
        // Of the numbers of 19 digits not all are integers of 64 bits.
        let text = std::str::from_utf8(&permuted).ok();
        text.and_then(|text| text.parse().ok()).ok_or(SurrogateError::DoesNotFit)
    }

    /// How values of a kind are replaced, if this one is a value of it at all.
    fn method(&self, kind: KindId, value: &[u8]) -> Result<&Method, SurrogateError> {
        match &self.kinds[usize::from(kind.0)] {
            Method::None => Err(SurrogateError::Kind),
            _ if is_unparsed(value) => Err(SurrogateError::Unparsed),
            method => Ok(method),
        }
    }
}

impl Method {
    fn new(kind: &str, domain_key: &DomainKey) -> Result<Self, KeyError> {
        // The name is checked whatever the kind.
        let key = domain_key.kind_key(kind, None)?;
        Ok(match (kind, Shape::of(kind)) {
            (_, Some(shape)) => Self::Pattern(shape, Box::new(Ff1::new(&key))),
            ("ip", _) => Self::Ip(Box::new(Pfx::new(&key))),
            ("email", _) => Self::Email(Email::new(kind, domain_key)?),
            _ => Self::None,
        })
    }

    fn permuted(&self, direction: Direction, value: &[u8]) -> Result<Vec<u8>, SurrogateError> {
        match self {
            Self::None => Err(SurrogateError::Kind),
            Self::Email(_) => Err(SurrogateError::OneWay),
            Self::Ip(pfx) => pfx.permuted(direction, value),
            Self::Pattern(Shape::Phone, ff1) => phone::permuted(ff1, direction, value),
            Self::Pattern(Shape::Iban, ff1) => iban::permuted(ff1, direction, value),
            Self::Pattern(Shape::Card, ff1) => card::permuted(ff1, direction, value),
        }
    }
}

impl Shape {
    fn of(kind_name: &str) -> Option<Self> {
        match kind_name {
            "phone" => Some(Self::Phone),
            "iban" => Some(Self::Iban),
            "card" => Some(Self::Card),
            _ => None,
        }
    }
}

/// Whether a canonical form has a surrogate: what can be known of it without a key, before
/// anything is written.
///
/// # Errors
/// What [`Surrogates::surrogate`] would say, [`SurrogateError::TooFew`] among it.
pub fn check(kind_name: &str, canonical: &Canonical) -> Result<(), SurrogateError> {
    check_bytes(kind_name, canonical.as_bytes())
}

fn check_bytes(kind_name: &str, canonical: &[u8]) -> Result<(), SurrogateError> {
    let pattern = match kind_name {
        _ if !KINDS.contains(&kind_name) => return Err(SurrogateError::Kind),
        _ if is_unparsed(canonical) => return Err(SurrogateError::Unparsed),
        "phone" => phone::pattern(canonical)?,
        "iban" => iban::pattern(canonical)?,
        "card" => card::pattern(canonical)?,
        "ip" => return ip::read(canonical).map(drop),
        _ => return email::domain(canonical).map(drop),
    };
    pattern.size().map(drop)
}

/// Whether a canonical form is that of a value that did not parse.
fn is_unparsed(canonical: &[u8]) -> bool {
    canonical.starts_with(b"raw\0")
}
