//! The values that masking replaces, and the search for them.
//!
//! They are in memory as they are, lower-cased, each once; a filter of their first bytes tells nearly
//! every place of a text that none starts there. Beside them are texts that operators write for a value
//! and that begin with another one, such as the network of an address: where one of them stands, nothing
//! is left.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;

use crate::format::columnar::{LeafClass, Number, Rendering, Value};
use crate::kind;

/// Bytes that a value must have to be looked for: each starts with so many that tell where it could be.
const MIN_BYTES: usize = 6;
/// A number of fewer digits is written in many places that have nothing to do with a person: ids, amounts
/// and counters have so many. Of a thousand numbers of eight digits, another one that is drawn at random is
/// one in 90 000 cases; of seven, it were one in 9 000.
const MIN_DIGITS: usize = 8;
/// Longer values are looked for by so many of their first bytes.
const MAX_BYTES: usize = 256;
/// So many bytes of values are looked for.
const MAX_ARENA: usize = 1 << 30;
/// Bits of the filter.
const FILTER_BITS: u32 = 23;

/// Values to look for.
#[derive(Default)]
pub(super) struct Originals {
    bytes: Vec<u8>,
    /// By their first bytes.
    spans: HashMap<u64, Vec<Span>>,
    filter: Vec<u64>,
    known: HashSet<u64>,
    key: RandomState,
    /// Distinct values that are too short or too common to be looked for.
    pub(super) passed_over: u64,
    /// Distinct values for which there was no room.
    pub(super) over_cap: u64,
    count: u64,
}

/// A text that is told in others.
struct Span {
    /// Where it lies in the bytes.
    start: u32,
    length: u16,
    /// Whether it is no value to look for, and what an operator writes.
    is_written: bool,
}

/// The texts that a value of a column may be told by, if it comes to stand elsewhere.
pub(super) fn spellings(class: LeafClass, value: Value<'_>) -> Vec<Vec<u8>> {
    let renderings = match class {
        LeafClass::Text => [Some(Rendering::Text), None],
        LeafClass::Binary | LeafClass::FixedText(_) => {
            [Some(Rendering::Text), Some(Rendering::Address)]
        }
        LeafClass::Number(number @ (Number::Signed(_) | Number::Unsigned(_))) => {
            [Some(Rendering::Whole(number)), Some(Rendering::Quad(number))]
        }
        LeafClass::Number(number) => {
            [Some(Rendering::Whole(number)), Some(Rendering::Fraction(number))]
        }
        LeafClass::Date(unit) => [Some(Rendering::Date(unit)), None],
        LeafClass::Other | LeafClass::Opaque => [None, None],
    };
    let mut buffer = Vec::new();
    let spelled = |of: Rendering| of.text(value, &mut buffer).map(<[u8]>::to_vec);
    renderings.into_iter().flatten().filter_map(spelled).collect()
}

/// Whether a value is rare enough that finding it means something.
fn is_telling(value: &[u8]) -> bool {
    let count = |is: fn(&u8) -> bool| value.iter().filter(|byte| is(byte)).count();
    let digits = count(u8::is_ascii_digit);
    let others = value.iter().filter(|b| b.is_ascii_alphabetic() || !b.is_ascii()).count();
    if value.len() < MIN_BYTES || is_date(value) {
        return false;
    }
    match (digits, others) {
        (0, _) => value.contains(&b'@') || value.contains(&b' '),
        (_, 0) => digits >= MIN_DIGITS,
        _ => true,
    }
}

/// `1980-05-03`, `3/5/80`, `19800503`, also with a time behind it: a day is many people's.
fn is_date(value: &[u8]) -> bool {
    let day = value.split(|b| matches!(b, b' ' | b'T' | b't')).next().unwrap_or_default();
    let parts: Vec<_> = day.split(|b| matches!(b, b'-' | b'/' | b'.')).collect();
    let are_digits = parts
        .iter()
        .all(|part| matches!(part.len(), 1 | 2 | 4) && part.iter().all(u8::is_ascii_digit));
    let is_packed =
        day.len() == 8 && day.iter().all(u8::is_ascii_digit) && matches!(&day[..2], b"19" | b"20");
    parts.len() == 3 && are_digits && parts.iter().map(|part| part.len()).sum::<usize>() <= 8
        || is_packed
}

/// The first bytes of a value as a number.
fn start_of(text: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight[..MIN_BYTES].copy_from_slice(&text[..MIN_BYTES]);
    u64::from_le_bytes(eight)
}

fn place_in_filter(start: u64) -> (usize, u64) {
    let bit = start.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - FILTER_BITS);
    ((bit / 64) as usize, 1 << (bit % 64))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

impl Originals {
    /// Adds a value as it is decoded.
    pub(super) fn add(&mut self, value: &[u8]) {
        let value = kind::trim(value).to_ascii_lowercase();
        if value.is_empty() || !self.known.insert(self.key.hash_one(&value)) {
            return;
        }
        if !is_telling(&value) {
            self.passed_over += 1;
        } else if self.keep(&value, false) {
            self.count += 1;
        } else {
            self.over_cap += 1;
        }
    }

    /// Adds what an operator writes for some value. What it begins with is none that is left where it
    /// stands.
    pub(super) fn add_written(&mut self, text: &[u8]) {
        let text = text.to_ascii_lowercase();
        // Beside a value of the same bytes, for which it is not to be taken.
        let is_new = self.known.insert(!self.key.hash_one(&text));
        if is_new && text.len() >= MIN_BYTES {
            self.keep(&text, true);
        }
    }

    /// Whether there is room for it.
    fn keep(&mut self, text: &[u8], is_written: bool) -> bool {
        let length = text.len().min(MAX_BYTES);
        if self.bytes.len() + length > MAX_ARENA {
            return false;
        }
        let span = Span { start: self.bytes.len() as u32, length: length as u16, is_written };
        self.bytes.extend_from_slice(&text[..length]);
        let start = start_of(text);
        self.spans.entry(start).or_default().push(span);
        self.filter.resize(1 << (FILTER_BITS - 6), 0);
        let (word, bit) = place_in_filter(start);
        self.filter[word] |= bit;
        true
    }

    /// Distinct values that are looked for.
    pub(super) fn len(&self) -> u64 {
        self.count
    }

    /// How many places in `text` hold one of them as whole words, without regard to the case of ASCII.
    /// The bytes before and behind `text` are taken for no words.
    pub(super) fn count_in(&self, text: &[u8]) -> u64 {
        let mut count = 0;
        self.for_each(text, |_| count += 1);
        count
    }

    /// `text` with `<value>` in those places.
    pub(super) fn masked(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut done = 0;
        self.for_each(text.as_bytes(), |span| {
            masked.push_str(&String::from_utf8_lossy(&text.as_bytes()[done..span.start]));
            masked.push_str("<value>");
            done = span.end;
        });
        masked.push_str(&String::from_utf8_lossy(&text.as_bytes()[done..]));
        masked
    }

    fn for_each(&self, text: &[u8], mut visit: impl FnMut(Range<usize>)) {
        if self.count == 0 || text.len() < MIN_BYTES {
            return;
        }
        let mut window = 0_u64;
        let mut skip_to = 0;
        for (end, byte) in text.iter().enumerate() {
            window =
                (window >> 8) | (u64::from(byte.to_ascii_lowercase()) << (8 * (MIN_BYTES - 1)));
            let Some(at) = (end + 1).checked_sub(MIN_BYTES) else { continue };
            let (word, bit) = place_in_filter(window);
            if self.filter[word] & bit == 0 || at < skip_to {
                continue;
            }
            if let Some(span) = self.at(text, at, window) {
                skip_to = at + usize::from(span.length);
                if !span.is_written {
                    visit(at..skip_to);
                }
            }
        }
    }

    /// The longest text that stands at a place.
    fn at(&self, text: &[u8], at: usize, start: u64) -> Option<&Span> {
        let spans = self.spans.get(&start)?;
        let is_within = |at: usize| at > 0 && is_word(text[at - 1]) && is_word(text[at]);
        if is_within(at) {
            return None;
        }
        let stands = |span: &&Span| {
            let known = &self.bytes[span.start as usize..][..usize::from(span.length)];
            let end = at + known.len();
            let is_there = text.get(at..end).is_some_and(|here| here.eq_ignore_ascii_case(known));
            is_there && (known.len() == MAX_BYTES || end == text.len() || !is_within(end))
        };
        spans.iter().filter(stands).max_by_key(|span| (span.length, span.is_written))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::columnar::TimeUnit;

    fn originals(values: &[&str]) -> Originals {
        let mut originals = Originals::default();
        values.iter().for_each(|value| originals.add(value.as_bytes()));
        originals
    }

    #[test]
    fn values_are_found_as_whole_words_whatever_their_case() {
        let originals = originals(&["jane@example.com", "0612345678", "jane@example.com"]);
        assert_eq!(originals.len(), 2);
        for (text, count) in [
            ("jane@example.com", 1),
            ("mail=Jane@Example.COM;tel=0612345678.", 2),
            ("mary-jane@example.com", 1),
            ("maryjane@example.com", 0),
            ("jane@example.community", 0),
            ("10061234567812", 0),
            ("jane@exampl", 0),
            ("", 0),
        ] {
            assert_eq!(originals.count_in(text.as_bytes()), count, "{text}");
        }
        assert_eq!(originals.masked("é jane@example.com-x.csv"), "é <value>-x.csv");
    }

    #[test]
    fn what_is_short_or_common_is_counted_and_not_looked_for() {
        let common = ["Paris", "Martin", "75001", "1980-05-03", "03/05/1980", "19800503", "n/a"];
        let originals = originals(&common);
        assert_eq!((originals.len(), originals.passed_over), (0, common.len() as u64));
        assert_eq!(originals.count_in(b"Martin 1980-05-03 in Paris"), 0);
    }

    #[test]
    fn what_an_operator_writes_is_no_value_that_is_left() {
        let mut originals = originals(&["203.0.113.0", "203.0.113.7"]);
        originals.add_written(b"203.0.113.0/24");
        for (text, count) in [
            ("203.0.113.0/24", 0),
            ("from 203.0.113.0/24, to 203.0.113.0/24", 0),
            ("203.0.113.0", 1),
            ("203.0.113.0/16", 1),
            ("203.0.113.0/240", 1),
            ("203.0.113.7/24", 1),
        ] {
            assert_eq!(originals.count_in(text.as_bytes()), count, "{text}");
        }
        assert_eq!(originals.len(), 2);
    }

    #[test]
    fn typed_values_are_told_by_their_digits_and_as_addresses() {
        let of = |class, value| -> Vec<String> {
            let texts = spellings(class, value).into_iter();
            texts.map(|text| String::from_utf8_lossy(&text).into_owned()).collect()
        };
        let long = LeafClass::Number(Number::Signed(64));
        assert_eq!(of(long, Value::Integer(33_199_001_234)), ["33199001234"]);
        assert_eq!(of(long, Value::Integer(0xc000_0201)), ["3221225985", "192.0.2.1"]);
        let double = LeafClass::Number(Number::Double);
        assert_eq!(of(double, Value::Float(199_001_234.0))[0], "199001234");
        assert_eq!(of(double, Value::Float(48.856_614)), ["48.856614"]);
        let fixed = LeafClass::FixedText(4);
        assert_eq!(of(fixed, Value::Bytes(&[192, 0, 2, 1]))[1], "192.0.2.1");
        assert_eq!(of(LeafClass::Date(TimeUnit::Days), Value::Integer(11_016)), ["2000-02-29"]);
        assert!(of(LeafClass::Other, Value::Bytes(b"x")).is_empty());
    }
}
