//! Payment cards: from the first digit over the groups of the number.

use super::{Hit, Proof, after, before, separator};
use crate::kind::card;

/// ISO/IEC 7812-1: at most 19 digits; the shortest in use have 13.
const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;

/// The card number that starts at `start`, or the digits there that would be one if the check
/// digit held (they are counted, to know what chance alone would bring).
pub(in crate::detect) fn find(text: &[u8], start: usize) -> Option<Hit> {
    // Every issuer range in use starts with 2 to 6; this is what keeps timestamps cheap.
    if !matches!(text[start], b'2'..=b'6') {
        return None;
    }
    let mut ends = [0usize; 19];
    let mut count = 0;
    let mut digits = 0;
    let mut at = start;
    loop {
        if at < text.len() && text[at].is_ascii_digit() {
            at += 1;
            digits += 1;
            if digits > *LENGTHS.end() {
                break;
            }
            if LENGTHS.contains(&digits) && !after(text, at).is_ascii_digit() {
                ends[count] = at;
                count += 1;
            }
        } else {
            let gap = gap(text, at);
            if gap == 0 || !after(text, at + gap).is_ascii_digit() {
                break;
            }
            at += gap;
        }
    }
    let ends = &ends[..count];
    let fits = |end: usize| {
        let (next, beyond) = (after(text, end), after(text, end + 1));
        !(next.is_ascii_alphanumeric()
            || next == b'_'
            || matches!(next, b'.' | b',') && beyond.is_ascii_digit())
    };
    if let Some(hit) =
        ends.iter().rev().filter(|end| fits(**end)).find_map(|&end| {
            card::parse(&text[start..end]).map(|parsed| Hit::new(start..end, parsed))
        })
    {
        let is_part = continues(text, start, hit.span.end);
        return Some(if is_part { hit.at_most(Proof::Weak) } else { hit });
    }
    let end = *ends.last()?;
    let unbroken = text[start..end].iter().all(u8::is_ascii_digit);
    (unbroken && fits(end)).then(|| Hit::shape(text, start..end))
}

/// Whether as many digits as a card has, whatever they are, stand in groups at `start`.
pub(in crate::detect) fn could_be(text: &[u8], start: usize) -> bool {
    let (mut digits, mut at) = (0, start);
    while digits < *LENGTHS.start() {
        if after(text, at).is_ascii_digit() {
            (digits, at) = (digits + 1, at + 1);
        } else {
            let gap = gap(text, at);
            if gap == 0 || !after(text, at + gap).is_ascii_digit() {
                return false;
            }
            at += gap;
        }
    }
    true
}

/// The separator between two groups at `at`: also a dot, which stands for a space in some forms.
fn gap(text: &[u8], at: usize) -> usize {
    if text.get(at) == Some(&b'.') { 1 } else { separator(text, at) }
}

/// Whether groups of digits before or behind make the number a part of a longer one, such as that of
/// a parcel. A date of expiry behind it does not.
fn continues(text: &[u8], start: usize, end: usize) -> bool {
    let is_before = matches!(before(text, start), b' ' | b'-')
        && start.checked_sub(2).is_some_and(|at| text[at].is_ascii_digit());
    let gap = separator(text, end);
    let behind = text.get(end + gap..).unwrap_or_default();
    let digits = behind.iter().take_while(|b| b.is_ascii_digit()).count();
    let is_expiry = matches!(behind.get(digits), Some(b'/'));
    is_before || gap > 0 && digits > 0 && !is_expiry
}

#[cfg(test)]
mod tests {
    use super::super::Proof;
    use super::*;

    fn found(text: &str) -> Option<(&str, Proof)> {
        let start = text.find(|c: char| c.is_ascii_digit()).unwrap();
        find(text.as_bytes(), start).map(|hit| (&text[hit.span], hit.proof))
    }

    #[test]
    fn a_number_is_found_with_and_without_its_grouping() {
        assert_eq!(found("card 4111111111111111 ok"), Some(("4111111111111111", Proof::Weak)));
        let grouped = "4111-1111-1111-1111";
        assert_eq!(found("pan=4111-1111-1111-1111;"), Some((grouped, Proof::Strong)));
        let spaced = Some(("4111 1111 1111 1111", Proof::Strong));
        assert_eq!(found("4111 1111 1111 1111 12/27"), spaced);
    }

    #[test]
    fn what_fails_luhn_is_a_shape_and_longer_numbers_are_nothing() {
        assert_eq!(found("4111111111111112"), Some(("4111111111111112", Proof::Shape)));
        assert_eq!(found("41111111111111111111"), None);
        assert_eq!(found("1732147200123456"), None);
        assert_eq!(found("4111111111111111.25"), None);
    }
}
