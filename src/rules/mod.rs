//! Rules as data: what each kind looks like, the words around it, what must and must not match.

use crate::operator::Operator;

/// Index of a kind in its [`RuleSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KindId(pub u8);

/// Index of a rule in its [`RuleSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub u8);

/// A kind as its rules declare it.
#[derive(Debug, Clone)]
pub struct Kind {
    /// `email`: 1 to 32 of `a-z 0-9 _`.
    pub name: String,
    /// `eml`: the prefix of its tokens.
    pub prefix: String,
    /// `contact`, `financial`, `online_identifier` …: for the register of Article 30 GDPR.
    pub category: String,
    /// What happens to it when no policy says otherwise.
    pub operator: Operator,
}

/// How the values of a rule are found and validated.
#[derive(Debug, Clone)]
pub enum Recogniser {
    Email,
    Phone,
    Iban,
    Ipv4,
    Ipv6,
    /// An IPv4 address spelled in a host name: `82-252-162-81.example.net`.
    Ipv4Host,
    Card,
    /// A user's rule: a regular expression (Rust `regex` syntax, Unicode on).
    Pattern(String),
}

/// A compiled rule.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: String,
    pub kind: KindId,
    pub recogniser: Recogniser,
    /// Probability that a candidate of each evidence class is right where no column speaks.
    pub confidence: ClassConfidence,
    /// Share of random values of the right shape that pass the validator (Luhn: 0.1).
    pub chance: f64,
    /// Lower-case words that support a candidate near them, all languages together.
    pub context: Vec<String>,
    /// Lower-case words that speak against it.
    pub negative: Vec<String>,
    /// Names of fields that hold this kind, as lower-case words: `["phone"]`, `["client","ip"]`.
    pub hints: Vec<Vec<String>>,
    /// Names of fields that do not.
    pub negative_hints: Vec<Vec<String>>,
}

/// See [`Rule::confidence`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassConfidence {
    pub certain: f64,
    pub supported: f64,
    pub bare: f64,
    pub shape: f64,
}

/// The compiled rules of a run: the built-in ones with the user's added or put in their place.
#[derive(Debug, Clone)]
pub struct RuleSet {
    pub kinds: Vec<Kind>,
    pub rules: Vec<Rule>,
    /// SHA-256 of the rules as written, hex: goes into maps and manifests.
    pub digest: String,
}
