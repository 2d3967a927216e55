//! Recognisers: from an anchor to a span and its canonical form, one file a kind.
//!
//! A recogniser gets the text (a line or a decoded cell) and the place of an anchor in it. It
//! finds the borders, by byte class and never by `\b`, and hands the span to the kind's parser.
//! It knows nothing of fields, words or columns: that is evidence, and comes later.

pub(super) mod card;
pub(super) mod email;
pub(super) mod iban;
pub(super) mod ip;
pub(super) mod phone;

use std::ops::Range;

use crate::kind::{Canonical, Parsed, Raw, Region, Strength};

/// What a recogniser found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) span: Range<usize>,
    pub(super) canonical: Canonical,
    pub(super) region: Option<Region>,
    pub(super) proof: Proof,
}

/// What a span proves by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    /// It looks like it and does not validate.
    Shape,
    /// It validates, and many other things would.
    Weak,
    /// Checksum or unambiguous syntax.
    Strong,
}

impl Hit {
    pub(super) fn new(span: Range<usize>, parsed: Parsed) -> Self {
        let proof = match parsed.strength {
            Strength::Weak => Proof::Weak,
            Strength::Strong => Proof::Strong,
        };
        Self { span, canonical: parsed.canonical, region: parsed.region, proof }
    }

    /// A span that looks like the kind and does not validate.
    pub(super) fn shape(text: &[u8], span: Range<usize>) -> Self {
        let canonical = Canonical::unparsed(Raw(&text[span.clone()]));
        Self { span, canonical, region: None, proof: Proof::Shape }
    }

    /// The same hit, proving no more than `proof`.
    pub(super) fn at_most(mut self, proof: Proof) -> Self {
        self.proof = self.proof.min(proof);
        self
    }
}

/// The byte before `at`, or a space at the start of the text.
pub(super) fn before(text: &[u8], at: usize) -> u8 {
    at.checked_sub(1).map_or(b' ', |i| text[i])
}

/// The byte at `at`, or a space at the end of the text.
pub(super) fn after(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(b' ')
}

/// Whether a UUID starts at `at` (RFC 9562): it owns the digits in it.
pub(super) fn starts_uuid(text: &[u8], at: usize) -> bool {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let mut rest = &text[at.min(text.len())..];
    GROUPS.iter().enumerate().all(|(index, &length)| {
        let sign = usize::from(index > 0);
        let fits = rest.len() >= sign + length
            && (sign == 0 || rest[0] == b'-')
            && rest[sign..sign + length].iter().all(u8::is_ascii_hexdigit);
        if fits {
            rest = &rest[sign + length..];
        }
        fits
    })
}

/// The separator between two groups of a written number that starts at `at`: its length in bytes,
/// zero where there is none. Space, dash, no-break space and narrow no-break space.
pub(super) fn separator(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b' ' | b'-') => 1,
        Some(0xC2) if text[at..].starts_with("\u{a0}".as_bytes()) => 2,
        Some(0xE2) if text[at..].starts_with("\u{202f}".as_bytes()) => 3,
        _ => 0,
    }
}
