//! The operators: what happens to a value that is personal data.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
    /// A fixed-width hint such as `j***@e***.com`; nothing to join on.
    Mask,
    /// `[EMAIL]`.
    Redact,
    /// A coarse value: the year of a date.
    Generalize,
    /// Null, or an empty cell.
    Drop,
    /// Unchanged on purpose, and reported as such.
    Keep,
}

impl Operator {
    /// Every operator, in the order of the specification.
    pub const ALL: [Self; 7] = [
        Self::Token,
        Self::Hash,
        Self::Mask,
        Self::Redact,
        Self::Generalize,
        Self::Drop,
        Self::Keep,
    ];

    /// The name used in policies, maps and manifests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Hash => "hash",
            Self::Mask => "mask",
            Self::Redact => "redact",
            Self::Generalize => "generalize",
            Self::Drop => "drop",
            Self::Keep => "keep",
        }
    }

    /// Whether the operator needs a key.
    #[must_use]
    pub fn is_keyed(self) -> bool {
        matches!(self, Self::Token | Self::Hash)
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
#[error("unknown operator `{0}`: one of token, hash, mask, redact, generalize, drop, keep")]
pub struct UnknownOperator(pub String);
