//! The written forms of a number, as a pattern, and the number without its separators.

use std::fmt;

use super::spelling::Spelling;

/// Characters that the longest number has (ICAO 9303: 44), rounded up.
pub(super) const MAX_LEN: usize = 48;

/// One written form of a number, such as `ddd-dd-dddd`.
///
/// | in the pattern | in the value |
/// | --- | --- |
/// | `d` | a digit |
/// | `a` | a letter |
/// | `x` | a letter or a digit |
/// | `m` | a letter, a digit or `<` |
/// | `c` | a digit, `A` or `B` (the departments of Corsica) |
/// | `o` | a digit, or the letter that stands for it in an Italian code |
/// | `s` | the sign of a century: `-`, `+`, or one of `A-F` and `U-Y` |
/// | `p` | a letter, `+` or `*` |
/// | upper case, digit, `+`, `<` | itself |
/// | space or `-` | nothing, or a space or dash |
/// | `.` | nothing, or a space, dash or dot |
/// | `/` | nothing, or a space, dash, dot or slash |
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pattern: &'static str,
    counts: Counts,
    /// Whether the values are nothing but digits and separators.
    is_digits: bool,
    /// Where letters have to be and where digits, one bit a character, up to the first place that
    /// may be empty.
    letters_at: u64,
    digits_at: u64,
}

/// How many characters of a sort the values of a shape have, at least and at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    /// Letters and digits.
    pub(super) alphanumeric: (u8, u8),
    pub(super) digits: (u8, u8),
    /// Places where a separator may stand.
    pub(super) marks: u8,
}

impl Shape {
    pub(super) const fn new(pattern: &'static str) -> Self {
        let (mut alphanumeric, mut digits) = ((0, 0), (0, 0));
        let (mut is_digits, mut marks) = (true, 0);
        let (mut letters_at, mut digits_at, mut is_fixed) = (0, 0, true);
        let bytes = pattern.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let (alphanumerics, digit) = match bytes[at] {
                b'd' | b'0'..=b'9' => ((1, 1), (1, 1)),
                b'a' | b'A'..=b'Z' => ((1, 1), (0, 0)),
                b'x' | b'c' | b'o' => ((1, 1), (0, 1)),
                b'm' => ((0, 1), (0, 1)),
                b's' | b'p' => ((0, 1), (0, 0)),
                _ => ((0, 0), (0, 0)),
            };
            is_fixed &= alphanumerics.0 == alphanumerics.1;
            if is_fixed && alphanumerics.0 == 1 {
                digits_at |= (digit.0 as u64) << alphanumeric.0;
                letters_at |= (1 - digit.1 as u64) << alphanumeric.0;
            }
            alphanumeric.0 += alphanumerics.0;
            alphanumeric.1 += alphanumerics.1;
            digits.0 += digit.0;
            digits.1 += digit.1;
            is_digits &= bytes[at] == b'd' || is_mark(bytes[at]);
            marks += is_mark(bytes[at]) as u8;
            at += 1;
        }
        let counts = Counts { alphanumeric, digits, marks };
        Self { pattern, counts, is_digits, letters_at, digits_at }
    }

    /// The same with at least `min` digits.
    pub(super) const fn with_digits(mut self, min: u8) -> Self {
        self.counts.digits.0 = min;
        self
    }

    pub(super) const fn counts(&self) -> Counts {
        self.counts
    }

    /// The pattern.
    pub const fn pattern(&self) -> &'static str {
        self.pattern
    }

    /// Whether a value of this form can have that many letters and digits.
    pub(super) fn has_length(&self, length: usize) -> bool {
        let (min, max) = self.counts.alphanumeric;
        (usize::from(min)..=usize::from(max)).contains(&length)
    }

    /// Whether the first character is one of the form: VAT numbers alone have dozens of forms, of which
    /// most begin with another letter.
    #[inline]
    fn could_begin(&self, spelling: &Spelling) -> bool {
        match (self.pattern.as_bytes(), spelling.as_bytes()) {
            ([class, ..], [byte, ..]) => is_mark(*class) || is_of(*class, *byte),
            _ => false,
        }
    }

    /// The characters of a value of this form, without its separators.
    pub(super) fn read(&self, spelling: &Spelling) -> Option<Compact> {
        if !self.has_counts(spelling) || !self.could_begin(spelling) {
            return None;
        }
        // Most numbers, and their count was all that there is to see.
        if self.is_digits && spelling.is_digits() {
            return Some(Compact::of(spelling.as_bytes()));
        }
        self.matched(spelling, is_of)
    }

    /// Whether a value could be of this form if it had other digits in the places of its own.
    pub(super) fn could_read(&self, spelling: &Spelling) -> bool {
        let is_of_outline = |class: u8, byte: u8| match byte {
            b'0'..=b'9' => (b'0'..=b'9').any(|digit| is_of(class, digit)),
            _ => is_of(class, byte),
        };
        self.has_counts(spelling) && self.matched(spelling, is_of_outline).is_some()
    }

    /// Whether there are as many letters and digits as in this form, in places that may hold them.
    #[inline]
    fn has_counts(&self, spelling: &Spelling) -> bool {
        let is_within = |count: u8, (min, max): (u8, u8)| (min..=max).contains(&count);
        is_within(spelling.digits, self.counts.digits)
            && is_within(spelling.letters + spelling.digits, self.counts.alphanumeric)
            && spelling.lettered & self.digits_at == 0
            && !spelling.lettered & self.letters_at == 0
    }

    /// The characters, if each is one of its class.
    #[inline]
    fn matched(&self, spelling: &Spelling, is_of: impl Fn(u8, u8) -> bool) -> Option<Compact> {
        let mut compact = Compact::default();
        let mut rest = spelling.as_bytes();
        for &class in self.pattern.as_bytes() {
            let next = rest.split_first();
            if is_mark(class) {
                if let Some((&separator, after)) = next
                    && separates(class, separator)
                {
                    rest = after;
                }
                continue;
            }
            let (&byte, after) = next.filter(|(byte, _)| is_of(class, **byte))?;
            compact.push(byte);
            rest = after;
        }
        rest.is_empty().then_some(compact)
    }
}

/// Whether a separator may stand where the pattern has `class`.
const fn is_mark(class: u8) -> bool {
    matches!(class, b' ' | b'-' | b'.' | b'/')
}

fn separates(mark: u8, separator: u8) -> bool {
    match separator {
        b' ' | b'-' => true,
        b'.' => matches!(mark, b'.' | b'/'),
        b'/' => mark == b'/',
        _ => false,
    }
}

/// Whether `byte` is one of the characters of `class`.
fn is_of(class: u8, byte: u8) -> bool {
    match class {
        b'd' => byte.is_ascii_digit(),
        b'a' => byte.is_ascii_uppercase(),
        b'x' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        b'm' => byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'<',
        b'c' => byte.is_ascii_digit() || matches!(byte, b'A' | b'B'),
        b'o' => byte.is_ascii_digit() || matches!(byte, b'L'..=b'N' | b'P'..=b'V'),
        b's' => matches!(byte, b'-' | b'+' | b'A'..=b'F' | b'U'..=b'Y'),
        b'p' => matches!(byte, b'A'..=b'Z' | b'+' | b'*'),
        literal => literal == byte,
    }
}

/// A number as its scheme writes it for machines: upper case, without separators, but with the
/// punctuation that means something (the century sign of a Finnish code).
///
/// At most 48 bytes of ASCII, on the stack. It is the value, so it cannot be printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Compact {
    bytes: [u8; MAX_LEN],
    len: u8,
}

impl Default for Compact {
    fn default() -> Self {
        Self { bytes: [0; MAX_LEN], len: 0 }
    }
}

impl Compact {
    /// What is longer than any number is cut, and no shape is that long.
    fn of(bytes: &[u8]) -> Self {
        let mut compact = Self::default();
        for (place, &byte) in compact.bytes.iter_mut().zip(bytes) {
            *place = byte;
            compact.len += 1;
        }
        compact
    }

    /// The characters.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    pub fn as_str(&self) -> &str {
        // Shapes and checks put nothing but ASCII here.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Appends a character; what does not fit is dropped, and no shape is that long.
    pub(super) fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(usize::from(self.len)) {
            *place = byte;
            self.len += 1;
        }
    }

    /// Appends `number` in two digits.
    pub(super) fn push_two(&mut self, number: u32) {
        for digit in [number / 10 % 10, number % 10] {
            self.push(b"0123456789"[digit as usize]);
        }
    }

    /// Puts zeros at `at` until there are `len` characters.
    pub(super) fn pad(&mut self, at: usize, len: usize) {
        let mut padded = Self::default();
        let zeros = len.saturating_sub(usize::from(self.len));
        for (place, &byte) in self.as_bytes().iter().enumerate() {
            if place == at {
                (0..zeros).for_each(|_| padded.push(b'0'));
            }
            padded.push(byte);
        }
        *self = padded;
    }

    /// Drops what follows the first `len` characters.
    pub(super) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(u8::try_from(len).unwrap_or(u8::MAX));
    }

    /// Drops what precedes the last `len` characters.
    pub(super) fn keep_last(&mut self, len: usize) {
        let mut rest = Self::default();
        let dropped = self.as_bytes().len().saturating_sub(len);
        self.as_bytes().iter().skip(dropped).for_each(|&byte| rest.push(byte));
        *self = rest;
    }
}

impl fmt::Debug for Compact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Compact({} bytes)", self.len)
    }
}
