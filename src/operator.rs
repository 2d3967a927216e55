//! The operators: what happens to a value that is personal data.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::kind::generalize::Coarseness;

/// What happens to a finding, or to a whole value under closure.
///
/// # Source
/// The pseudonym specification `loup.v1`, section "Operators".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operator {
    /// `<prefix><epoch>_<20 characters>`: keyed, deterministic, keeps equality.
    Token,
    /// The whole HMAC as 64 hex digits: keyed, deterministic, keeps equality.
    Hash,
    /// `<prefix>e<epoch>_<base32>`: AES-256-SIV, which the key can reverse; keeps equality and length.
    Encrypt,
    /// A value of the same shape: another address, number or account. Keeps equality and type.
    Surrogate,
    /// A fixed-width hint such as `j***@e***.com`; nothing to join on.
    Mask,
    /// `[EMAIL]`.
    Redact,
    /// A coarse value: the year of a date, the network of an address, the domain of an email.
    Generalize,
    /// A date so many days earlier or later as all dates of the same person; keeps order and intervals
    /// of each.
    Shift,
    /// Null, or an empty cell.
    Drop,
    /// Unchanged on purpose, and reported as such.
    Keep,
}

impl Operator {
    /// Every operator, in the order of the specification.
    pub const ALL: [Self; 10] = [
        Self::Token,
        Self::Hash,
        Self::Encrypt,
        Self::Surrogate,
        Self::Mask,
        Self::Redact,
        Self::Generalize,
        Self::Shift,
        Self::Drop,
        Self::Keep,
    ];

    /// The name used in policies, maps and manifests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Hash => "hash",
            Self::Encrypt => "encrypt",
            Self::Surrogate => "surrogate",
            Self::Mask => "mask",
            Self::Redact => "redact",
            Self::Generalize => "generalize",
            Self::Shift => "shift",
            Self::Drop => "drop",
            Self::Keep => "keep",
        }
    }

    /// Whether what it writes is known to be its work when it comes back: what is not, a manifest has
    /// to tell.
    #[must_use]
    pub fn leaves_mark(self) -> bool {
        !matches!(self, Self::Hash | Self::Surrogate | Self::Generalize | Self::Shift)
    }

    /// Whether the operator needs a key.
    #[must_use]
    pub fn is_keyed(self) -> bool {
        matches!(self, Self::Token | Self::Hash | Self::Encrypt | Self::Surrogate | Self::Shift)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Operator {
    type Err = UnknownOperator;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|operator| operator.name() == name)
            .ok_or_else(|| UnknownOperator(name.to_owned()))
    }
}

/// A name that is no operator.
#[derive(Debug, thiserror::Error)]
#[error(
    "unknown operator `{0}`: one of token, hash, encrypt, surrogate, mask, redact, \
         generalize, shift, drop, keep"
)]
pub struct UnknownOperator(pub String);

/// An operator with its settings: what is done to the values of one kind in one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Treatment {
    /// The operator.
    pub operator: Operator,
    /// How it does it; of the settings it does not have, the defaults.
    pub settings: Settings,
}

/// The settings of operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Settings {
    /// `generalize`: how much is kept.
    pub coarseness: Coarseness,
    /// `surrogate`: whether an email keeps its domain.
    pub keep_domain: bool,
    /// `token`, `hash`, `shift`: how far equality reaches.
    pub scope: Scope,
    /// All but `drop` and `keep`: whether a typed column becomes text, so that the operator fits.
    pub as_text: bool,
    /// `shift`: by how many days at most.
    pub max_days: MaxDays,
}

/// The most days that dates are shifted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MaxDays(pub u32);

impl Default for MaxDays {
    fn default() -> Self {
        Self(180)
    }
}

/// How far the equality of pseudonyms reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The same pseudonym everywhere in the domain.
    #[default]
    Domain,
    /// Equal within one run, and unlinkable between runs.
    Run,
}

impl From<Operator> for Treatment {
    fn from(operator: Operator) -> Self {
        Self { operator, settings: Settings::default() }
    }
}

impl PartialEq<Operator> for Treatment {
    fn eq(&self, operator: &Operator) -> bool {
        self.operator == *operator
    }
}
