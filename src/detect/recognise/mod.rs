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
pub(super) mod scheme;
pub(super) mod secret;
pub(super) mod words;

use std::ops::Range;

use super::candidate::{is_number, shape};
use super::finding::{Candidate, Class, Written};
use super::glance::{Glance, digits_at};
use super::view::Dialect;
use crate::kind::{self, Canonical, Parsed, Raw, Region, Strength};
use crate::rules::{KindId, KindSet, RuleId};

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

    /// A candidate for it.
    pub(super) fn into_candidate(self, rule: RuleId, kind: KindId, class: Class) -> Candidate {
        Candidate {
            start: self.span.start,
            end: self.span.end,
            rule,
            kind,
            class,
            canonical: self.canonical,
            is_national: false,
            written: Written::Plain,
            rivals: KindSet::EMPTY,
            region: self.region,
        }
    }

    /// The same hit, proving no more than `proof`.
    pub(super) fn at_most(mut self, proof: Proof) -> Self {
        self.proof = self.proof.min(proof);
        self
    }
}

impl From<(Range<usize>, Parsed)> for Hit {
    fn from((span, parsed): (Range<usize>, Parsed)) -> Self {
        Self::new(span, parsed)
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

/// The shortest number that is personal data by itself has seven digits.
const MIN_DIGITS: usize = 7;
/// How far to look for them: digits in pairs, and a letter or two among them.
const MAX_SPREAD: usize = 24;

/// Whether enough digits for a number that names somebody follow at `at`, where `glance` was taken:
/// most numbers in logs are ports, sizes and parts of times.
#[inline]
pub(super) fn has_digits(text: &[u8], at: usize, glance: Glance) -> bool {
    glance.digits >= MIN_DIGITS || glance.goes_on() && has_digits_in_groups(text, at)
}

fn has_digits_in_groups(text: &[u8], at: usize) -> bool {
    let mut digits = 0;
    let mut signs = 0;
    for &b in text[at..].iter().take(MAX_SPREAD) {
        match b {
            b'0'..=b'9' => (digits, signs) = (digits + 1, 0),
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' | b'+' | 0x80.. => signs += 1,
            b'A'..=b'Z' | b'a'..=b'z' if signs == 0 => signs += 2,
            _ => break,
        }
        if digits >= MIN_DIGITS {
            return true;
        }
        if signs > 3 {
            break;
        }
    }
    false
}

/// Whether the digits at `at` stand one space or dash behind a capital, and six of them follow: few
/// for a number, and enough for one with letters before and behind (`AB 12 34 56 C`).
pub(super) fn follows_capital(text: &[u8], at: usize) -> bool {
    const DIGITS: usize = 6;
    matches!(before(text, at), b' ' | b'-')
        && at.checked_sub(2).is_some_and(|capital| text[capital].is_ascii_uppercase())
        && text[at..].iter().take(9).filter(|b| b.is_ascii_digit()).count() >= DIGITS
}

/// Whether the value at `start` has a key of its own: it stands right behind one and an equals sign, as
/// in `ts=17…`, or it is a number of JSON (`"ts":17…`).
#[inline]
pub(super) fn has_own_key(text: &[u8], start: usize) -> bool {
    let is_quoted = matches!(before(text, start), b'"' | b'\'');
    match text[..start - usize::from(is_quoted)] {
        [.., key, b'='] => key.is_ascii_alphanumeric(),
        [.., b'"', b':'] | [.., b'"', b':', b' '] => !is_quoted,
        _ => false,
    }
}

/// Whether hexadecimal digits are on both sides of the sign at `at`, as in a hardware address.
#[inline]
pub(super) fn could_be_mac(text: &[u8], at: usize) -> bool {
    before(text, at).is_ascii_hexdigit() && after(text, at + 1).is_ascii_hexdigit()
}

/// Whether no other number stands beside the one at `span`, one separator away: a group of a
/// longer one, or a column of a table.
pub(super) fn is_apart(text: &[u8], span: &Range<usize>) -> bool {
    let gap = separator(text, span.end);
    let next = after(text, span.end + gap);
    let touches_next = gap > 0 && next.is_ascii_digit();
    let touches_last = matches!(before(text, span.start), b' ' | b'-')
        && span.start.checked_sub(2).is_some_and(|at| text[at].is_ascii_digit());
    !(touches_next || touches_last)
}

/// Whether fourteen digits or more follow at `at`, as in the number of a device.
pub(super) fn is_long(text: &[u8], at: usize) -> bool {
    text[at..].iter().take(20).filter(|b| b.is_ascii_digit()).count() >= 14
}

/// Whether the digit at an anchor could be the first of a registration plate: behind a capital, and
/// no part of a version. Plates that begin with digits are not looked for: too much does.
#[inline]
pub(super) fn could_be_plate(text: &[u8], at: usize, shapes: u16) -> bool {
    const MAX_DIGITS: usize = 5;
    let is_behind_capital = if shapes & shape::NUMBER != 0 {
        matches!(text[..at], [.., letter, b' '] if letter.is_ascii_uppercase())
    } else {
        shapes & shape::PLATE != 0
            || shapes & shape::LETTERED != 0 && before(text, at).is_ascii_uppercase()
    };
    is_behind_capital && {
        let digits = text[at..].iter().take(MAX_DIGITS + 1).take_while(|b| b.is_ascii_digit());
        let end = at + digits.count();
        let next = after(text, end);
        end - at <= MAX_DIGITS
            && (matches!(next, b' ' | b'-' | b'A'..=b'Z')
                || !(is_word(next) || after(text, end + 1).is_ascii_digit()))
    }
}

/// Whether the number at `at` could be a RIB: the five digits of a bank with those of a branch or a
/// label behind them, or 23 characters in a row.
#[inline]
pub(super) fn could_be_rib(text: &[u8], at: usize) -> bool {
    let is_row = |length: usize| {
        after(text, at + length - 1).is_ascii_digit()
            && !after(text, at + length).is_ascii_alphanumeric()
    };
    // `30006, guichet 00001`; all of so few bytes are looked at, which is done at once.
    let has_g = |near: &[u8]| near.iter().fold(false, |has, byte| has | (byte | 0x20 == b'g'));
    let has_label = || {
        let behind = &text[at + 5..];
        behind.first_chunk::<12>().map_or_else(|| has_g(behind), |near| has_g(near))
    };
    is_row(5) && (digits_at(text, at + 6) >= 5 || has_label()) || is_row(23)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether the number at `at` is a decimal fraction as programs print them, of nine digits behind the
/// point or more: no number of a person is grouped so, unless a `+` (`+1.6502530000`) or a trunk prefix
/// (`01.237563056`) stands before.
#[inline]
pub(super) fn is_fraction(text: &[u8], at: usize) -> bool {
    const MIN_DIGITS: usize = 9;
    let digits = |at: usize| text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let start = at + usize::from(text[at] == b'-');
    let point = start + digits(start);
    let has_prefix = before(text, at) == b'+' || after(text, start) == b'0' && point - start > 1;
    if !(1..=3).contains(&(point - start)) || after(text, point) != b'.' || has_prefix {
        return false;
    }
    let end = point + 1 + digits(point + 1);
    let (next, beyond) = (after(text, end), after(text, end + 1));
    let goes_on =
        is_word(next) || matches!(next, b'-' | b'.' | b' ' | b'/') && beyond.is_ascii_digit();
    end - point > MIN_DIGITS && !goes_on
}

/// The identifier of a browser that `GA` and the digit at `at` begin: `GA1.2.123456789.1700000000`.
pub(super) fn cookie_before(text: &[u8], at: usize) -> Option<Hit> {
    let start = text[..at].strip_suffix(b"GA")?.len();
    kind::device_id::find_cookie(text, start).map(Hit::from)
}

/// The escapes that are worth reading where one completes its anchor at `at`: those that stand for
/// a character that values have, or that end what is before them.
#[inline]
pub(super) fn escape_at(text: &[u8], at: usize) -> Option<Dialect> {
    let rest = &text[at..];
    let previous = before(text, at);
    // Of most anchors, that is said by the two bytes alone.
    if rest[0].is_ascii_alphanumeric() && !matches!(previous, b'%' | b'=') {
        return None;
    }
    let is_worth = match (rest[0], previous) {
        // `@`, `+`, `.`, `:`, `(`, a space: RFC 3986, section 2.1. `%25` hides another layer.
        (_, b'%') => [&b"40"[..], b"2B", b"2b", b"2E", b"2e", b"3A", b"3a", b"20", b"28", b"25"]
            .iter()
            .any(|code| rest.starts_with(code)),
        (b'#', b'&') => true,
        (b'&', _) => super::view::is_part_of_values(rest),
        (b'\\', _) => rest.get(1).is_some_and(|b| b"unrt\\".contains(b)),
        (0xEF, _) => matches!(rest.get(1), Some(0xBC | 0xBD)),
        (b'4', b'=') if rest.starts_with(b"40") && !is_number(text, at) => {
            return Some(Dialect::QuotedPrintable);
        }
        _ => false,
    };
    is_worth.then_some(Dialect::Common)
}

/// The end of the UUID that begins with the word whose first digit, or sixteenth character, is at the
/// anchor `at`.
#[inline]
pub(super) fn uuid_at(text: &[u8], at: usize, shapes: u16) -> Option<usize> {
    let start = uuid_start(text, at, shapes)?;
    let end = start + UUID_LEN;
    let is_dashed = |place: usize| text[start + place] == b'-';
    let is_written = end <= text.len() && [8, 13, 18, 23].into_iter().all(is_dashed);
    (is_written && starts_uuid(text, start) && !is_word(after(text, end))).then_some(end)
}

/// Where that UUID starts, if it is one.
#[inline]
pub(super) fn uuid_start(text: &[u8], at: usize, shapes: u16) -> Option<usize> {
    if shapes & (shape::NUMBER | shape::LETTERED) != 0 {
        let letters = text[..at].iter().rev().take(8).take_while(|b| b.is_ascii_alphabetic());
        Some(at - letters.count())
    } else {
        (at + 1).checked_sub(16)
    }
}

/// RFC 9562, section 4.
pub(super) const UUID_LEN: usize = 36;

/// Whether a UUID starts at `at` (RFC 9562): it owns the digits in it.
pub(super) fn starts_uuid(text: &[u8], at: usize) -> bool {
    const DASHES: [usize; 4] = [8, 13, 18, 23];
    const DIGITS: usize = UUID_LEN - DASHES.len();
    let Some(uuid) = text.get(at..).and_then(<[u8]>::first_chunk::<UUID_LEN>) else { return false };
    // Without a branch, and counted in bytes: so many are looked at at once as a register holds.
    let digits = || uuid.iter().map(|b| u8::from(b.is_ascii_hexdigit())).sum::<u8>();
    DASHES.iter().all(|dash| uuid[*dash] == b'-') && usize::from(digits()) == DIGITS
}

/// The separator between two groups of a written number that starts at `at`: its length in bytes,
/// zero where there is none. Space, dash, and those of Unicode that typesetters put into numbers: the
/// no-break space, the spaces of a figure, of a fifth and narrow, the hyphens and the en dash.
pub(super) fn separator(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b' ' | b'-') => 1,
        Some(0xC2) if text[at..].starts_with("\u{a0}".as_bytes()) => 2,
        Some(0xE2) => match text.get(at + 1..at + 3) {
            Some([0x80, 0x87 | 0x89 | 0x90 | 0x91 | 0x93 | 0xAF]) => 3,
            _ => 0,
        },
        _ => 0,
    }
}
