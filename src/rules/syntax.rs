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

use serde::Deserialize;

use super::{ClassConfidence, Recogniser, Validator};
use crate::operator::Operator;

/// The whole of a rule's file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    pub id: String,
    pub kind: String,
    pub category: String,
    pub prefix: String,
    pub operator: Operator,
    pub description: String,
    /// This or `pattern`.
    pub recogniser: Option<Builtin>,
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
    Card,
}

/// Confidence by evidence class.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Confidence {
    pub certain: f64,
    pub supported: f64,
    pub bare: f64,
    pub shape: f64,
}

/// Words near a value, by language, and words that speak against it in any.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Context {
    pub en: Vec<String>,
    pub fr: Vec<String>,
    pub de: Vec<String>,
    pub es: Vec<String>,
    pub it: Vec<String>,
    pub nl: Vec<String>,
    pub pt: Vec<String>,
    pub pl: Vec<String>,
    pub negative: Vec<String>,
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
        Self { certain: 0.95, supported: 0.9, bare: 0.6, shape: 0.1 }
    }
}

impl From<Confidence> for ClassConfidence {
    fn from(Confidence { certain, supported, bare, shape }: Confidence) -> Self {
        Self { certain, supported, bare, shape }
    }
}

impl From<Builtin> for Recogniser {
    fn from(builtin: Builtin) -> Self {
        match builtin {
            Builtin::Email => Self::Email,
            Builtin::Phone => Self::Phone,
            Builtin::Iban => Self::Iban,
            Builtin::Ipv4 => Self::Ipv4,
            Builtin::Ipv6 => Self::Ipv6,
            Builtin::Ipv4Host => Self::Ipv4Host,
            Builtin::Card => Self::Card,
        }
    }
}

impl Context {
    /// The words of all languages.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        [&self.en, &self.fr, &self.de, &self.es, &self.it, &self.nl, &self.pt, &self.pl]
            .into_iter()
            .flatten()
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
