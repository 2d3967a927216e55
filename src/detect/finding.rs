//! What detection yields: candidates with their evidence class.

use std::ops::Range;

use super::encoded::Encoded;
use crate::kind::{Canonical, Region};
use crate::rules::{KindId, KindSet, RuleId};

/// The evidence for one candidate alone, before the rest of its field is known.
///
/// # Source
/// The public formats of loup, section "Confidence and evidence"; [`Class::Hint`] is counted as
/// `shape` there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// It looks like it and does not validate.
    Shape,
    /// It does not validate, and a word, a key or a header says what it is.
    Hint,
    /// It validates, and nothing around it speaks.
    Bare,
    /// It validates, and a word, a key or a header says what it is.
    Supported,
    /// Checksum or unambiguous syntax.
    Certain,
}

impl Class {
    /// Every class, weakest first; the index of a class is its place here.
    pub const ALL: [Self; 5] =
        [Self::Shape, Self::Hint, Self::Bare, Self::Supported, Self::Certain];

    /// The name of the class where others read it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Hint => "hint",
            Self::Bare => "bare",
            Self::Supported => "supported",
            Self::Certain => "certain",
        }
    }

    /// Whether a validator accepted the value.
    #[must_use]
    pub fn is_valid(self) -> bool {
        self >= Self::Bare
    }
}

/// How a candidate is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// As it is, or as the whole text is.
    Plain,
    /// With escapes (`%40`), in a text that is not encoded as a whole.
    Escaped,
    /// In base64; what was found is `span` of the decoded text.
    Encoded { run: Box<Encoded>, span: Range<usize> },
}

/// A span of a text that could be personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// First byte in the text that was searched (a decoded cell or a line).
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The rule that found it.
    pub rule: RuleId,
    /// The kind of that rule.
    pub kind: KindId,
    /// How good the evidence is.
    pub class: Class,
    /// What its pseudonym is computed from.
    pub canonical: Canonical,
    /// A phone number in a national form that no given region fits: which region it could be from
    /// is a question for the whole field.
    pub is_national: bool,
    /// How it is written in the text that was searched.
    pub written: Written,
    /// Kinds of weaker candidates with the same borders.
    pub rivals: KindSet,
    /// The country it belongs to, where the kind has one and the value says.
    pub region: Option<Region>,
}
