//! Phone numbers: from a sign that starts one over its groups, as far as the numbering plan goes.

use std::ops::Range;

use super::{Hit, Proof, after, before};
use crate::detect::glance::digits_at;
use crate::kind::{Region, phone};

/// ITU-T E.164: at most 15 digits; `00` in front and an extension make room for a few more.
const MAX_DIGITS: usize = 17;
/// Fewer digits are a short code or a part of something else.
const MIN_DIGITS: usize = 7;
/// How many ends of a run are tried: a number may be followed by others after a space.
const MAX_ENDS: usize = 5;

/// The phone number whose first digit is at `digit`; `+` or `(` may stand before it.
///
/// `regions` are those under which national forms are read; without any, a national form is a
/// shape. A span is as long as the numbering plan allows. What is no more than a shape is found where
/// `is_wanted` says so of its span; not if `could_be_wanted` says of its start that it never does.
pub(in crate::detect) fn find(
    text: &[u8],
    digit: usize,
    regions: &[Region],
    could_be_wanted: impl FnOnce(usize) -> bool,
    is_wanted: impl FnOnce(&Range<usize>) -> bool,
) -> Option<Hit> {
    let start = start_of(text, digit)?;
    if is_linked(text, start)
        && let Some(span) = bare_digits(text, digit)
        && let value = &text[span.clone()]
        && let Some(parsed) = phone::parse(value, regions).or_else(|| phone::parse_msisdn(value))
    {
        return Some(Hit { proof: Proof::Strong, ..Hit::new(span, parsed) });
    }
    // A word goes on behind the only group, as in hexadecimal: there is no end to try.
    let first_end = digit + digits_at(text, digit);
    if first_end - digit > MAX_DIGITS
        || start == digit && is_decimal(text, digit, first_end)
        || phone::begins_with_year(&text[start..])
        || gap(text, first_end, false) == 0 && !is_border(text, first_end)
    {
        return None;
    }
    let international = has_plus(text, &(start..text.len())) || text[start..].starts_with(b"00");
    let is_tried = international || !regions.is_empty();
    if !is_tried && !could_be_wanted(start) {
        return None;
    }
    let run = Run::at(text, start);
    if run.digits < MIN_DIGITS || super::starts_uuid(text, start) {
        return None;
    }
    let ends = || run.ends().filter(|end| is_border(text, *end));
    if is_tried {
        for end in ends().take(MAX_ENDS) {
            let with_extension = end + extension(text, end);
            let parsed = phone::parse(&text[start..with_extension], regions)
                .map(|parsed| (with_extension, parsed))
                .or_else(|| phone::parse(&text[start..end], regions).map(|parsed| (end, parsed)));
            if let Some((end, parsed)) = parsed {
                let hit = Hit::new(start..end, parsed);
                // `00` in front of a run of digits is also how ids are padded, and `0020` how a
                // group in the number of a parcel begins.
                let padded = text[start] == b'0'
                    && !(run.is_grouped() && super::is_apart(text, &(start..end)));
                return Some(if padded { hit.at_most(Proof::Weak) } else { hit });
            }
        }
    }
    let end = ends().next()?;
    let end = end + extension(text, end);
    if is_dotted_version(&text[start..end]) {
        return None;
    }
    let dialled = international || matches!(text[start], b'(' | b'0');
    ((run.is_grouped() || dialled)
        && is_wanted(&(start..end))
        && phone::is_shape(&text[start..end]))
    .then(|| Hit::shape(text, start..end))
}

/// Where a number could stand that has its first digit at `digit`, whatever the digits are: the span that
/// [`find`] asks about where it is no more than a shape.
pub(in crate::detect) fn span_at(text: &[u8], digit: usize) -> Option<Range<usize>> {
    let start = start_of(text, digit)?;
    let first_end = digit + digits_at(text, digit);
    if first_end - digit > MAX_DIGITS
        || gap(text, first_end, false) == 0 && !is_border(text, first_end)
    {
        return None;
    }
    let run = Run::at(text, start);
    let end = run.ends().find(|end| is_border(text, *end)).filter(|_| run.digits >= MIN_DIGITS)?;
    Some(start..end + extension(text, end))
}

/// Whether the number at `span` has a plus before it.
pub(in crate::detect) fn has_plus(text: &[u8], span: &Range<usize>) -> bool {
    matches!(text[span.clone()], [b'+', ..] | [b'(', b'+', ..])
}

/// Whether the digits from `start` to `point` and those behind the point are a decimal and no more: an
/// amount, in whatever plan. Numbers begin with a zero more often than decimals do, but for `0.5`.
fn is_decimal(text: &[u8], start: usize, point: usize) -> bool {
    let decimals = if after(text, point) == b'.' { digits_at(text, point + 1) } else { 0 };
    let end = point + 1 + decimals;
    decimals > 0
        && (point - start == 1 || text[start] != b'0')
        && gap(text, end, false) == 0
        && extension(text, end) == 0
}

/// Whether groups joined by dots have a lone digit behind the first: `122.0.2729.57`.
fn is_dotted_version(value: &[u8]) -> bool {
    value.contains(&b'.') && value.split(|b| *b == b'.').skip(1).any(|group| group.len() == 1)
}

/// Whether the valid number at `span` is written as one is to be dialled, so that it needs no word
/// beside it: with a plus, an area code in parentheses, or the groups that its readers expect, and
/// apart from other numbers.
pub(in crate::detect) fn is_written_to_dial(
    text: &[u8],
    span: &Range<usize>,
    regions: &[Region],
) -> bool {
    let value = &text[span.clone()];
    match value {
        [b'+' | b'(', ..] => true,
        _ => {
            super::is_apart(text, span)
                && !is_numbered(text, span.start)
                && (follows_a_word(text, span) || phone::is_customary(value, regions))
        }
    }
}

/// Whether the word before `start` says that a number of anything follows: `meter no. 415 555 0143`.
fn is_numbered(text: &[u8], start: usize) -> bool {
    const WORDS: [&str; 9] = ["no", "nr", "num", "n°", "nº", "№", "#", "ref", "id"];
    let before = text[..start].trim_ascii_end();
    let before = before.strip_suffix(b".").or(before.strip_suffix(b":")).unwrap_or(before);
    WORDS.iter().any(|word| {
        before.len().checked_sub(word.len()).is_some_and(|at| {
            before[at..].eq_ignore_ascii_case(word.as_bytes())
                && !super::before(before, at).is_ascii_alphanumeric()
        })
    })
}

/// Whether nine to eleven digits that begin with the trunk prefix 0 stand in a sentence: behind a word
/// in lower case, as in `rappelez au 0199001234, merci`. In logs numbers stand behind signs, units
/// and words in capitals. Of twelve digits are only the mobile numbers of Germany; other numbers of
/// twelve are those of parcels and goods.
pub(in crate::detect) fn follows_a_word(text: &[u8], span: &Range<usize>) -> bool {
    let value = &text[span.clone()];
    let has_length = match value {
        [b'0', b'1', b'5'..=b'7', ..] => (9..=12).contains(&value.len()),
        _ => (9..=11).contains(&value.len()),
    };
    let Some(before_space) = text[..span.start].strip_suffix(b" ") else { return false };
    let is_letter = |b: &&u8| b.is_ascii_lowercase() || !b.is_ascii();
    let letters = before_space.iter().rev().take_while(is_letter).count();
    let beyond = before(before_space, before_space.len() - letters);
    has_length
        && value[0] == b'0'
        && value.iter().all(u8::is_ascii_digit)
        && letters >= 2
        && matches!(beyond, b' ' | b',' | b'(' | b'\'' | b'"')
}

/// The run of digits at `digit` without a sign before it or a group behind it.
pub(in crate::detect) fn bare_digits(text: &[u8], digit: usize) -> Option<Range<usize>> {
    let start = start_of(text, digit).filter(|start| *start == digit)?;
    let end = start + digits_at(text, start).min(MAX_DIGITS);
    (is_border(text, end) && super::is_apart(text, &(start..end))).then_some(start..end)
}

/// Where the number that has its first digit at `digit` starts, with the signs before it.
fn start_of(text: &[u8], digit: usize) -> Option<usize> {
    let mut start = digit;
    if before(text, start) == b'+' {
        start -= 1;
    }
    if before(text, start) == b'(' {
        start -= 1;
        // `+(33) 6…`
        if before(text, start) == b'+' {
            start -= 1;
        }
        // A parenthesis that closes only after a whole number is no area code: `(0612345678)`.
        let close = text[digit..].iter().take(8).position(|&b| b == b')');
        if close.is_none() {
            start = digit - usize::from(before(text, digit) == b'+');
        }
    }
    let previous = before(text, start);
    let glued = previous.is_ascii_alphanumeric() || matches!(previous, b'_' | b'.' | b'+');
    (!glued || previous == b':').then_some(start)
}

/// Whether a number may end at `end`: no letter, digit or decimal part goes on.
fn is_border(text: &[u8], end: usize) -> bool {
    let (next, beyond) = (after(text, end), after(text, end + 1));
    let goes_on = next.is_ascii_digit()
        || next.is_ascii_alphabetic() && extension(text, end) == 0
        || matches!(next, b'_' | b'%') || next == b'@' && !is_called(text, end)
        || matches!(next, b'.' | b',' | b':' | b'/' | b'-') && beyond.is_ascii_digit()
        // `061092085098.example.net`, `1234567890-abc`: the name of a host, an id.
        || matches!(next, b'.' | b'-') && beyond.is_ascii_lowercase();
    !goes_on
}

/// Whether the digits at `start` are where a link has a telephone number, often an international one
/// without its plus: `wa.me/33199001234`, `sip:0199001234@example.com`.
pub(in crate::detect) fn is_linked(text: &[u8], start: usize) -> bool {
    const LINKS: [&[u8]; 9] = [
        b"wa.me/",
        b"send?phone=",
        b"tel:",
        b"sip:",
        b"sips:",
        b"sms:",
        b"smsto:",
        b"callto:",
        b"fax:",
    ];
    matches!(before(text, start), b'/' | b'=' | b':')
        && LINKS.iter().any(|link| text[..start].ends_with(link))
}

/// Whether the number that ends at `end` is the user of a SIP address (RFC 3261, 19.1).
pub(super) fn is_called(text: &[u8], end: usize) -> bool {
    let start = text[..end].iter().rposition(|b| !(b.is_ascii_digit() || b"+-.".contains(b)));
    start.is_some_and(|colon| {
        text[..=colon].ends_with(b"sip:") || text[..=colon].ends_with(b"sips:")
    })
}

/// The length of an extension that starts at `at`: `x123`, ` ext. 12`, ` poste 4`, `;ext=12`, `#12`.
fn extension(text: &[u8], at: usize) -> usize {
    const WORDS: [&[u8]; 9] =
        [b";ext=", b"extension", b"extn", b"ext.", b"ext", b"poste", b"x.", b"x", b"#"];
    let rest = &text[at.min(text.len())..];
    let spaces = usize::from(matches!(rest.first(), Some(b' ' | b',')));
    let spaces = spaces + usize::from(rest.get(spaces) == Some(&b' '));
    let rest = &rest[spaces.min(rest.len())..];
    let Some(word) = WORDS
        .iter()
        .find(|word| rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word))
    else {
        return 0;
    };
    let gap = usize::from(matches!(rest.get(word.len()), Some(b' ' | b':')));
    let digits = rest[word.len() + gap..].iter().take_while(|b| b.is_ascii_digit()).count();
    let after_digits = after(rest, word.len() + gap + digits);
    if (1..=7).contains(&digits) && !after_digits.is_ascii_alphanumeric() {
        spaces + word.len() + gap + digits
    } else {
        0
    }
}

/// A run of digits in groups.
struct Run {
    digits: usize,
    /// Ends of the groups, in order.
    groups: [usize; MAX_DIGITS],
    count: usize,
}

impl Run {
    fn at(text: &[u8], start: usize) -> Self {
        let mut run = Self { digits: 0, groups: [0; MAX_DIGITS], count: 0 };
        let mut at = start;
        while run.digits <= MAX_DIGITS {
            let group = text[at..].iter().take_while(|b| b.is_ascii_digit()).count();
            run.digits += group;
            at += group;
            if group > 0 {
                if run.digits > MAX_DIGITS || run.count == MAX_DIGITS {
                    // Too long to be dialled: what fits before is still tried.
                    break;
                }
                run.groups[run.count] = at;
                run.count += 1;
            }
            let gap = gap(text, at, at == start);
            if gap == 0 {
                break;
            }
            at += gap;
        }
        run.digits = run.digits.min(MAX_DIGITS);
        run
    }

    /// The ends at which enough digits have been seen, longest first.
    fn ends(&self) -> impl Iterator<Item = usize> + '_ {
        self.groups[..self.count].iter().rev().copied()
    }

    fn is_grouped(&self) -> bool {
        self.count > 1
    }
}

/// The length of what stands between two groups at `at`: one separator, with parentheses around a
/// group. Zero where the number is over.
fn gap(text: &[u8], at: usize, at_start: bool) -> usize {
    let rest = &text[at..];
    let mut length = 0;
    if at_start {
        // `+`, `(`, `+(`, `(+`
        length = rest.iter().take(2).take_while(|b| matches!(b, b'+' | b'(')).count();
        return length;
    }
    if rest.get(length) == Some(&b')') {
        length += 1;
    }
    let separator = match rest.get(length) {
        Some(b' ' | b'-' | b'.' | b'/') => 1,
        _ => super::separator(text, at + length),
    };
    length += separator;
    if rest.get(length) == Some(&b'(') {
        length += 1;
    }
    if rest.get(length).is_some_and(u8::is_ascii_digit) { length } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(text: &'a str, regions: &[&str]) -> Option<(&'a str, Proof)> {
        let regions: Vec<_> = regions.iter().filter_map(|code| Region::new(code)).collect();
        let digit = text.find(|c: char| c.is_ascii_digit()).unwrap();
        find(text.as_bytes(), digit, &regions, |_| true, |_| true)
            .map(|hit| (&text[hit.span], hit.proof))
    }

    #[test]
    fn international_forms_need_no_region() {
        for (text, value) in [
            ("call +33 6 12 34 56 78.", "+33 6 12 34 56 78"),
            ("tel:+33199001234", "+33199001234"),
            ("+33 (0)1 99 00 12 34", "+33 (0)1 99 00 12 34"),
            ("phone +1-212-555-0123, today", "+1-212-555-0123"),
            ("0033 1 99 00 12 34", "0033 1 99 00 12 34"),
            ("+44 20 7946 0123 12 pcs", "+44 20 7946 0123"),
            ("+33199001234 ext. 12", "+33199001234 ext. 12"),
            ("https://wa.me/33199001234?text=a", "33199001234"),
            ("<sip:33199001234@example.com>", "33199001234"),
        ] {
            assert_eq!(found(text, &[]), Some((value, Proof::Strong)), "{text}");
        }
    }

    #[test]
    fn national_forms_need_a_region() {
        let value = "01 99 00 12 34";
        assert_eq!(found("au 01 99 00 12 34 svp", &["FR"]), Some((value, Proof::Weak)));
        assert_eq!(found("au 01 99 00 12 34 svp", &[]), Some((value, Proof::Shape)));
        let us = "(212) 555-0123";
        assert_eq!(found("at (212) 555-0123", &["US"]), Some((us, Proof::Weak)));
        assert_eq!(found("0199001234", &["FR"]), Some(("0199001234", Proof::Weak)));
    }

    #[test]
    fn numbers_of_other_things_are_not_written_to_dial() {
        let us = [Region::new("US").unwrap()];
        for (text, expected) in [
            ("reach me at 212-555-0123", true),
            ("meter no. 212-555-0123", false),
            ("Ref: 212-555-0123", false),
            ("#212-555-0123", false),
            ("casino 212-555-0123", true),
        ] {
            let start = text.find('2').unwrap();
            let written = is_written_to_dial(text.as_bytes(), &(start..text.len()), &us);
            assert_eq!(written, expected, "{text}");
        }
    }

    #[test]
    fn other_numbers_are_nothing() {
        for text in [
            "00436763-2334-4111-8222-012345678901",
            "2024-11-22T10:11:12",
            "order 123456",
            "12.50",
            "0.1234567",
            "12/27/2024",
        ] {
            assert_eq!(found(text, &["FR", "US", "DE"]), None, "{text}");
        }
    }
}
