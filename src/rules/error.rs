//! What can be wrong with rules: where, why, and what to do.

use std::io;
use std::path::PathBuf;

/// Rules that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// The directory or a file in it cannot be read.
    #[error("{}: cannot be read: {source} (--rules names a directory of .toml files)", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// The file is no TOML, or not the TOML of a rule. Line and column count from 1, columns in
    /// characters.
    #[error("{file}:{line}:{column}: {message}")]
    Syntax { file: String, line: usize, column: usize, message: String },
    /// The rule reads well and cannot be used.
    #[error("{file}: {problem}")]
    Rule { file: String, problem: Problem },
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    #[error("id `{id}` is already the id of {other}: give each rule its own")]
    IdTaken { id: String, other: String },
    #[error("{key} `{name}` must be 1 to 32 of a-z, 0-9 and _")]
    Name { key: &'static str, name: String },
    #[error("prefix `{prefix}` must be 2 to 8 of a-z")]
    Prefix { prefix: String },
    #[error("prefix is missing: without one a kind can be masked, redacted, dropped or kept only")]
    PrefixMissing,
    #[error(
        "kind `{kind}` has no coarse value: generalize is for {}",
        crate::kind::generalize::KINDS.join(", ")
    )]
    NoCoarseValue { kind: String },
    #[error("shift is for the dates of a field, in a policy: generalize, drop or keep them here")]
    NotByKind,
    #[error("scheme `{id}` is none that is known: `loup rules list` has their rules")]
    NoScheme { id: String },
    #[error(
        "scheme goes with `recogniser = \"scheme\"`, and nothing else reads it: set that, or remove scheme"
    )]
    SchemeWithoutRecogniser,
    #[error("prefix `{prefix}` is taken by kind `{kind}`: choose another")]
    PrefixTaken { prefix: String, kind: String },
    #[error(
        "prefix `{prefix}` and prefix `{other}` of kind `{kind}` differ by a final `e`, which marks \
         encrypted values: choose another"
    )]
    PrefixAmbiguous { prefix: String, other: String, kind: String },
    #[error(
        "{key} is not the {key} that rule `{rule}` gives kind `{kind}`: rules of one kind agree"
    )]
    KindDisagrees { key: &'static str, kind: String, rule: String },
    #[error("has {found} `recogniser` and `pattern`: give one of the two")]
    Finder { found: &'static str },
    #[error("validator goes with `pattern`: a recogniser has its own")]
    ValidatorWithoutPattern,
    #[error("pattern: {message}")]
    Pattern { message: String },
    #[error("pattern can match nothing at all: make some part of it mandatory")]
    PatternMatchesNothing,
    #[error("{key} must be a number from 0 to 1")]
    NotAShare { key: &'static str },
    #[error("confidence must not rise from certain to supported to bare to shape")]
    ConfidenceRises,
    #[error("{key} `{hint}` has no letter or digit")]
    EmptyHint { key: &'static str, hint: String },
    #[error("examples.{key} is empty: give at least three")]
    NoExamples { key: &'static str },
    #[error("examples.match: `{value}` is no part of its text")]
    ExampleWithoutValue { value: String },
    #[error("is one too many: there can be at most {max} {what}")]
    TooMany { what: &'static str, max: usize },
}
