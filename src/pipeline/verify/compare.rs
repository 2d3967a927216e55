//! An output compared with what its input asks for, up to the key.
//!
//! What masking would write is known but for the key: with a key of its own, a verification gets the
//! same text with other pseudonyms in it. So the text between them has to be equal, in the place of a
//! pseudonym there has to be one of the same form, and which one stands for which has to be a
//! function, both ways: that is what keeps joins.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::format::text::Replacement;
use crate::protect::recognise::TokenShape;
use crate::protect::shift::days_between;

/// So much longer than expected may a pseudonym be whose length depends on the key: an address.
const LONGER: usize = 64;
/// So many bytes behind a pseudonym tell where it ends.
const TELLING: usize = 16;
/// So many pseudonyms are held against each other; see [`Joins::add`].
const MAX_JOINS: usize = 1 << 26;

/// A pseudonym of this verification, and the one in its place.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// What makes a comparison.
pub(super) struct Comparer<'a> {
    pub(super) tokens: &'a TokenShape,
    /// Whether the pseudonyms are made with the key of the output, and have to be equal.
    pub(super) is_exact: bool,
    /// Whether there are surrogates in the run, which have the form of any value.
    pub(super) has_surrogates: bool,
    /// By how many days at most dates are shifted in the run, where they are.
    pub(super) max_days: Option<u32>,
}

impl Comparer<'_> {
    /// Compares the beginning of `output` with `input` in which `parts` were replaced, and returns how
    /// many bytes of it that are; appends the pseudonyms to `pairs`.
    ///
    /// # Errors
    /// Where in `input` they differ first.
    pub(super) fn prefix(
        &self,
        input: &[u8],
        parts: &[Replacement<'_>],
        output: &[u8],
        is_whole: bool,
        pairs: &mut Vec<Pair>,
    ) -> Result<usize, usize> {
        let (mut at, mut done) = (0, 0);
        for (number, part) in parts.iter().enumerate() {
            let Range { start, end } = part.range;
            at += same(&input[done..start], &output[at..]).map_err(|same| done + same)?;
            let next = parts.get(number + 1).map_or(input.len(), |next| next.range.start);
            let is_last = is_whole && number + 1 == parts.len();
            let length = length_of(part.text.len(), &input[end..next], &output[at..], is_last);
            let found = length.and_then(|length| output.get(at..at + length)).ok_or(start)?;
            // An original has the form of its surrogate.
            let original = &input[start..end];
            let is_original = self.has_surrogates && found == original && part.text != original;
            let is_date = self.are_shifted(original, part.text, found);
            if !is_date && (is_original || !self.is_same(part.text, found, pairs)) {
                return Err(start);
            }
            at += found.len();
            done = end;
        }
        at += same(&input[done..], &output[at..]).map_err(|same| done + same)?;
        if !is_whole || at == output.len() { Ok(at) } else { Err(input.len()) }
    }

    /// Whether `found` is the date `original` shifted, as `made` is: they join with nothing, and so are no
    /// pair.
    fn are_shifted(&self, original: &[u8], made: &[u8], found: &[u8]) -> bool {
        self.max_days.is_some()
            && days_between(original, made)
                .zip(days_between(original, found))
                .is_some_and(|(ours, theirs)| self.is_shift(ours, theirs))
    }

    /// Whether a date may be `theirs` days later in the output, where another key makes it `ours` later.
    pub(super) fn is_shift(&self, ours: i64, theirs: i64) -> bool {
        let most = self.max_days.map_or(0, i64::from);
        if self.is_exact { ours == theirs } else { ours.abs().max(theirs.abs()) <= most }
    }

    /// Whether `found` is what `made` would be with another key.
    pub(super) fn is_same(&self, made: &[u8], found: &[u8], pairs: &mut Vec<Pair>) -> bool {
        if self.is_exact {
            return made == found;
        }
        if !self.has_surrogates && made == found && self.marks(made).is_empty() {
            return true;
        }
        let (ours, theirs) = (self.marks(made), self.marks(found));
        if ours.is_empty() && theirs.is_empty() {
            return self.is_same_encoded(made, found, pairs)
                || self.is_same_surrogate(made, found, pairs)
                || made == found;
        }
        if ours.len() != theirs.len() {
            return false;
        }
        let (mut our_end, mut their_end) = (0, 0);
        for (our, their) in ours.iter().zip(&theirs) {
            let (our_mark, their_mark) = (&made[our.clone()], &found[their.clone()]);
            if made[our_end..our.start] != found[their_end..their.start]
                || our_mark.len() != their_mark.len()
                || self.tokens.kind_of(our_mark) != self.tokens.kind_of(their_mark)
            {
                return false;
            }
            pairs.push((our_mark.to_vec(), their_mark.to_vec()));
            (our_end, their_end) = (our.end, their.end);
        }
        made[our_end..] == found[their_end..]
    }

    /// Tokens, encrypted values and hashes, in order of place.
    fn marks(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut marks: Vec<_> = self.tokens.find(text).map(|(span, _)| span).collect();
        marks.extend(hashes(text));
        marks.sort_by_key(|span| span.start);
        marks
    }

    fn is_same_encoded(&self, made: &[u8], found: &[u8], pairs: &mut Vec<Pair>) -> bool {
        let (Some(ours), Some(theirs)) = (decoded(made), decoded(found)) else { return false };
        !self.marks(&ours).is_empty() && self.is_same(&ours, &theirs, pairs)
    }

    /// A surrogate has digits where another has digits, and as many characters; but for addresses.
    fn is_same_surrogate(&self, made: &[u8], found: &[u8], pairs: &mut Vec<Pair>) -> bool {
        let class = |byte: &u8| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => 0,
            other => *other,
        };
        let is_address = |text: &[u8]| {
            std::str::from_utf8(text).is_ok_and(|text| text.parse::<std::net::IpAddr>().is_ok())
        };
        let has_form = made.iter().map(class).eq(found.iter().map(class))
            || is_address(made) && is_address(found);
        let is_same = self.has_surrogates && !made.is_empty() && has_form;
        if is_same {
            pairs.push((made.to_vec(), found.to_vec()));
        }
        is_same
    }
}

/// The length of `literal`, if `output` starts with it, else how much of it `output` starts with.
fn same(literal: &[u8], output: &[u8]) -> Result<usize, usize> {
    if output.starts_with(literal) {
        return Ok(literal.len());
    }
    Err(literal.iter().zip(output).take_while(|(ours, theirs)| ours == theirs).count())
}

/// How long the pseudonym at the start of `output` is, where `made` bytes are expected before `behind`.
fn length_of(made: usize, behind: &[u8], output: &[u8], is_last: bool) -> Option<usize> {
    if is_last {
        return output.len().checked_sub(behind.len());
    }
    let telling = &behind[..behind.len().min(TELLING)];
    if output.get(made..).is_some_and(|rest| rest.starts_with(telling)) {
        return Some(made);
    }
    let within = &output[..output.len().min(made + LONGER + telling.len())];
    // What is behind it differs: that is for the next comparison to say.
    memchr::memmem::find(within, telling).or(Some(made))
}

/// Runs of 64 lower-case hex digits.
fn hashes(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let run = text[at..].iter().take_while(|byte| is_hex(**byte)).count();
            let start = at;
            at += run.max(1);
            if run == 64 {
                return Some(start..start + run);
            }
        }
        None
    })
}

/// The bytes of a run of base64, with or without its padding.
fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|byte| *byte != b'=')?;
    let text = &text[..=end];
    STANDARD_NO_PAD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text)).ok()
}

/// Which pseudonym stands for which, by digests under a key of this run.
#[derive(Default)]
pub(super) struct Joins {
    key: RandomState,
    theirs: HashMap<u64, u64>,
    ours: HashMap<u64, u64>,
}

/// How a join breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    Split,
    Merged,
}

impl Broken {
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Split => "equal values have different pseudonyms",
            Self::Merged => "different values have the same pseudonym",
        }
    }
}

impl Joins {
    pub(super) fn len(&self) -> u64 {
        self.theirs.len() as u64
    }

    pub(super) fn is_full(&self) -> bool {
        self.theirs.len() >= MAX_JOINS
    }

    /// Adds a pair, and says whether it contradicts those before. Memory: 64 bits twice for each of up to
    /// [`MAX_JOINS`] pseudonyms; later ones that are new are not held against each other.
    pub(super) fn add(&mut self, (our, their): &Pair) -> Result<(), Broken> {
        let (our, their) = (self.key.hash_one(our), self.key.hash_one(their));
        let is_full = self.is_full();
        match self.theirs.entry(our) {
            Entry::Occupied(known) if *known.get() != their => return Err(Broken::Split),
            Entry::Occupied(_) => return Ok(()),
            Entry::Vacant(_) if is_full => return Ok(()),
            Entry::Vacant(new) => new.insert(their),
        };
        match self.ours.entry(their) {
            Entry::Occupied(known) if *known.get() != our => Err(Broken::Merged),
            Entry::Occupied(_) => Ok(()),
            Entry::Vacant(new) => {
                new.insert(our);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape() -> TokenShape {
        TokenShape::new(["eml", "tel"], None)
    }

    /// What comes of `input` with `made` in the place of its first `length` bytes behind `start`.
    fn compared(input: &str, at: Range<usize>, made: &str, output: &str) -> Option<Vec<Pair>> {
        let tokens = shape();
        let comparer =
            Comparer { tokens: &tokens, is_exact: false, has_surrogates: false, max_days: Some(2) };
        let part = Replacement { range: at, text: made.as_bytes() };
        let mut pairs = Vec::new();
        comparer
            .prefix(input.as_bytes(), &[part], output.as_bytes(), true, &mut pairs)
            .ok()
            .map(|_| pairs)
    }

    const OURS: &str = "eml1_z1etbtp9gdtf1gm7033k";
    const THEIRS: &str = "eml1_zw6gnn1nmt3fj2q3na6n";
    const PHONE: &str = "tel1_vwgqfdwc9ff51ss3twvt";

    #[test]
    fn another_pseudonym_of_the_kind_may_stand_in_a_place_and_nothing_else() {
        let pairs = compared("to a@b.fr, ok", 3..9, OURS, &format!("to {THEIRS}, ok")).unwrap();
        assert_eq!(pairs, [(OURS.into(), THEIRS.into())]);
        for output in [
            "to a@b.fr, ok".to_owned(),
            format!("to {PHONE}, ok"),
            format!("to {THEIRS}, no"),
            format!("To {THEIRS}, ok"),
            format!("to {THEIRS}, ok!"),
            format!("to {THEIRS}x, ok"),
            "to , ok".to_owned(),
        ] {
            assert!(compared("to a@b.fr, ok", 3..9, OURS, &output).is_none(), "{output}");
        }
    }

    #[test]
    fn what_depends_on_no_key_has_to_be_equal() {
        assert!(compared("x a@b.fr", 2..8, "[EMAIL]", "x [EMAIL]").unwrap().is_empty());
        assert!(compared("x a@b.fr", 2..8, "[EMAIL]", "x [PHONE]").is_none());
        assert!(compared("x a@b.fr", 2..8, "", "x ").unwrap().is_empty());
        assert!(compared("x a@b.fr", 2..8, "", "x a@b.fr").is_none());
    }

    #[test]
    fn pseudonyms_in_base64_are_compared() {
        let encoded = |text: &str| STANDARD_NO_PAD.encode(text);
        let (ours, theirs) = (encoded(OURS), encoded(THEIRS));
        let pairs = compared("YUBiLmZy", 0..8, &ours, &theirs).unwrap();
        assert_eq!(pairs, [(OURS.into(), THEIRS.into())]);
        assert!(compared("YUBiLmZy", 0..8, &ours, "YUBiLmZy").is_none());
    }

    #[test]
    fn joins_are_a_function_both_ways() {
        let pair = |our: &str, their: &str| (our.as_bytes().to_vec(), their.as_bytes().to_vec());
        let mut joins = Joins::default();
        assert_eq!(joins.add(&pair("a", "1")), Ok(()));
        assert_eq!(joins.add(&pair("b", "2")), Ok(()));
        assert_eq!(joins.add(&pair("a", "1")), Ok(()));
        assert_eq!(joins.add(&pair("a", "2")), Err(Broken::Split));
        assert_eq!(joins.add(&pair("c", "1")), Err(Broken::Merged));
        assert_eq!(joins.len(), 3);
    }
}
