//! A rule as it is written: one TOML file.
//!
//! ```toml
//! id = "employee"
//! kind = "employee"
//! category = "identifier"
//! prefix = "emp"
//! operator = "token"
//! description = "An employee's number: E and six digits, the last a Luhn digit."
//! pattern = '''E-[0-9]{6}'''
//! hints = ["employee", "staff no"]
//! references = ["HR handbook, section 3"]
//!
//! [context]
//! en = ["employee", "staff"]
//!
//! [examples]
//! match = ["E-123456", { text = "of E-123456 only", value = "E-123456" }, "E-000000"]
//! no_match = ["E-12345", "123456", "F-123456"]
//! ```
//!
//! Unknown keys are errors, so that a misspelt one does not pass unseen.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{ClassConfidence, Recogniser, Validator};
use crate::kind::scheme::Scheme;
use crate::operator::Operator;

/// The whole of a rule's file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    pub id: String,
    pub kind: String,
    pub category: String,
    /// A kind that is never pseudonymised has none.
    pub prefix: Option<String>,
    pub operator: Operator,
    pub description: String,
    /// This or `pattern`.
    pub recogniser: Option<Builtin>,
    /// With the recogniser `scheme`: the id of a numbering scheme.
    pub scheme: Option<String>,
    /// A regular expression in Rust `regex` syntax; `(?x)` allows white space and comments in it.
    pub pattern: Option<String>,
    pub validator: Option<Validator>,
    #[serde(default)]
    pub confidence: Confidence,
    /// By default the validator's, and 0 without one.
    pub chance: Option<f64>,
    #[serde(default)]
    pub context: Context,
    #[serde(default)]
    pub hints: Vec<String>,
    /// Names that speak for the kind only if the values agree: `name` is also that of a product.
    #[serde(default)]
    pub weak_hints: Vec<String>,
    #[serde(default)]
    pub negative_hints: Vec<String>,
    #[serde(default)]
    pub references: Vec<String>,
    pub examples: Examples,
}

/// The recognisers that are code.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Builtin {
    Email,
    Phone,
    Iban,
    Ipv4,
    Ipv6,
    Ipv4Host,
    IpLocal,
    Card,
    Mac,
    Scheme,
    Name,
    Address,
    BirthDate,
    Coordinates,
    DeviceId,
    Plate,
    Secret,
    UrlProfile,
    UserAgent,
}

/// Confidence by evidence class.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Confidence {
    pub certain: f64,
    pub supported: f64,
    pub bare: f64,
    /// Of a shape that a name or a word speaks for: 0.5 or more if not said.
    pub hint: Option<f64>,
    pub shape: f64,
}

/// Words near a value that speak for it, by ISO 639-1 code of their language, and under `negative`
/// those of any language that speak against it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Context {
    #[serde(default)]
    pub negative: Vec<String>,
    #[serde(flatten)]
    pub by_language: BTreeMap<String, Vec<String>>,
}

/// What the rule must find, and what it must leave alone.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    #[serde(rename = "match")]
    pub matching: Vec<Example>,
    pub no_match: Vec<String>,
}

/// A text that is the value, or one that holds it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected a string or { text = \"…\", value = \"…\" }")]
pub enum Example {
    Whole(String),
    Part(Part),
}

/// A text that holds a value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub text: String,
    pub value: String,
}

impl Default for Confidence {
    /// For a pattern of which nothing is known: alone it is more right than wrong.
    fn default() -> Self {
        Self { certain: 0.95, supported: 0.9, bare: 0.6, hint: None, shape: 0.1 }
    }
}

impl From<Confidence> for ClassConfidence {
    fn from(Confidence { certain, supported, bare, hint, shape }: Confidence) -> Self {
        Self { certain, supported, bare, hint, shape }
    }
}

impl Builtin {
    /// What it is called when compiled. `scheme` is that of [`Self::Scheme`].
    pub(super) fn compiled(self, scheme: Option<&'static Scheme>) -> Option<Recogniser> {
        Some(match self {
            Self::Email => Recogniser::Email,
            Self::Phone => Recogniser::Phone,
            Self::Iban => Recogniser::Iban,
            Self::Ipv4 => Recogniser::Ipv4,
            Self::Ipv6 => Recogniser::Ipv6,
            Self::Ipv4Host => Recogniser::Ipv4Host,
            Self::IpLocal => Recogniser::IpLocal,
            Self::Card => Recogniser::Card,
            Self::Mac => Recogniser::Mac,
            Self::Scheme => Recogniser::Scheme(scheme?),
            Self::Name => Recogniser::Name,
            Self::Address => Recogniser::Address,
            Self::BirthDate => Recogniser::BirthDate,
            Self::Coordinates => Recogniser::Coordinates,
            Self::DeviceId => Recogniser::DeviceId,
            Self::Plate => Recogniser::Plate,
            Self::Secret => Recogniser::Secret,
            Self::UrlProfile => Recogniser::UrlProfile,
            Self::UserAgent => Recogniser::UserAgent,
        })
    }
}

impl Context {
    /// The words of all languages.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        self.by_language.values().flatten()
    }
}

impl From<Example> for super::Example {
    fn from(example: Example) -> Self {
        match example {
            Example::Whole(text) => Self { value: text.clone(), text },
            Example::Part(Part { text, value }) => Self { text, value },
        }
    }
}
