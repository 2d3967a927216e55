//! Identifiers of numbering schemes: from the first character over groups and letters.

use std::ops::Range;

use super::{after, before, separator};
use crate::detect::glance::digits_at;

/// The longest identifier in characters (a line of a machine-readable passport has 44, and is
/// looked at as a whole value only).
const MAX_CHARACTERS: usize = 24;
/// The shortest.
const MIN_CHARACTERS: usize = 7;
/// How many borders a run of groups may have.
const MAX_ENDS: usize = 8;

/// A run of letters and digits in groups, as identifiers are written, with the places where one
/// could end.
pub(in crate::detect) struct Run {
    start: usize,
    /// End of each group and how many letters and digits stand before it.
    ends: [(usize, usize); MAX_ENDS],
    count: usize,
}

impl Run {
    /// The run whose first character is at `start`; nothing where it is glued to what is before.
    pub(in crate::detect) fn at(text: &[u8], start: usize) -> Option<Self> {
        let previous = before(text, start);
        if previous.is_ascii_alphanumeric() || previous == b'_' {
            return None;
        }
        let mut run = Self { start, ends: [(0, 0); MAX_ENDS], count: 0 };
        let (mut at, mut characters) = (start, 0);
        while run.count < MAX_ENDS {
            let group = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            characters += group;
            if group == 0 || characters > MAX_CHARACTERS {
                break;
            }
            at += group;
            if characters >= MIN_CHARACTERS && is_border(text, at) {
                run.ends[run.count] = (at, characters);
                run.count += 1;
            }
            at += gap(text, at);
            // Two separators, or none: the run is over.
            if !after(text, at).is_ascii_alphanumeric() || at >= text.len() {
                break;
            }
            if text[at - 1].is_ascii_alphanumeric() {
                break;
            }
        }
        (run.count > 0).then_some(run)
    }

    /// The shortest of them.
    pub(in crate::detect) fn shortest(&self) -> Range<usize> {
        self.start..self.ends[0].0
    }

    /// Whether capitals, and no other letters, stand among the digits of the shortest span.
    pub(in crate::detect) fn has_capitals(&self, text: &[u8]) -> bool {
        let span = &text[self.start..self.ends[0].0];
        span.iter().any(u8::is_ascii_uppercase) && !span.iter().any(u8::is_ascii_lowercase)
    }

    /// The spans that could be an identifier, longest first, each with its letters and digits
    /// counted.
    pub(in crate::detect) fn spans(&self) -> impl Iterator<Item = (Range<usize>, usize)> + '_ {
        let spans = self.ends[..self.count].iter().rev();
        spans.map(|&(end, characters)| (self.start..end, characters))
    }
}

/// Whether a small letter is in the first group at `start`, or nothing but digits in the shortest span:
/// whatever is read there, no capitals alone stand among its digits.
#[inline]
pub(in crate::detect) fn has_no_capitals(text: &[u8], start: usize) -> bool {
    let (mut at, mut characters) = (start, 0);
    loop {
        let digits = digits_at(text, at);
        at += digits;
        characters += digits;
        if characters > MAX_CHARACTERS {
            return true;
        }
        if after(text, at).is_ascii_alphanumeric() {
            let mut group = text[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric());
            return group.any(u8::is_ascii_lowercase);
        }
        let gap = gap(text, at);
        let goes_on = gap > 0 && after(text, at + gap).is_ascii_alphanumeric();
        if characters >= MIN_CHARACTERS && is_border(text, at) || !goes_on {
            return true;
        }
        at += gap;
    }
}

/// The length of what joins the group that ends at `at` to another, if anything does.
fn gap(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'.' | b'/' | b'+') => 1,
        _ => separator(text, at),
    }
}

/// Where the identifier with its first digit at `digit` starts: at the letters glued to it; or else
/// at the digit, and perhaps at the letters that one space or dash stands behind (`AB 12 34 56 C`).
pub(in crate::detect) fn starts(text: &[u8], digit: usize) -> (usize, Option<usize>) {
    const MAX_PREFIX: usize = 3;
    let glued = text[..digit].iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    let separator = digit.checked_sub(1).filter(|at| matches!(text[*at], b' ' | b'-'));
    let Some(separator) = separator.filter(|_| glued == 0) else { return (digit - glued, None) };
    let head = &text[..separator];
    let letters = head.iter().rev().take_while(|b| b.is_ascii_uppercase()).count();
    let is_apart = !before(head, head.len() - letters).is_ascii_alphanumeric();
    let has_prefix = (1..=MAX_PREFIX).contains(&letters) && is_apart;
    (digit, has_prefix.then(|| separator - letters))
}

/// Whether an identifier may end at `end`: nothing goes on as the same number or word.
fn is_border(text: &[u8], end: usize) -> bool {
    let (next, beyond) = (after(text, end), after(text, end + 1));
    !(next.is_ascii_alphanumeric()
        || matches!(next, b'_' | b'@' | b'%')
        || matches!(next, b'.' | b',') && beyond.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn where_no_capitals_are_said_to_be_none_are(text in "[0-9A-Ca-c]{0,8}([ ./+_,-]?[0-9]{1,9}|[A-Ca-c]{1,2}){0,6}") {
            let text = text.as_bytes();
            let has_capitals = Run::at(text, 0).is_some_and(|run| run.has_capitals(text));
            prop_assert!(!(has_capitals && has_no_capitals(text, 0)));
        }
    }

    fn spans(text: &str) -> Vec<(&str, usize)> {
        let run = Run::at(text.as_bytes(), 0);
        run.iter().flat_map(Run::spans).map(|(span, n)| (&text[span], n)).collect()
    }

    #[test]
    fn a_run_ends_where_a_reader_could_stop() {
        assert_eq!(
            spans("85.07.30-033.28 ok"),
            [("85.07.30-033.28 ok", 13), ("85.07.30-033.28", 11)]
        );
        assert_eq!(spans("12345678Z."), [("12345678Z", 9)]);
        assert_eq!(spans("123456 789"), [("123456 789", 9)]);
        assert_eq!(spans("123456"), []);
        assert_eq!(spans("123456789.5"), [("123456789.5", 10)]);
        assert_eq!(spans("12345678_x"), []);
    }
}
