//! A value as it is spelled: one pass over its characters, before any scheme looks at it.
//!
//! What comes in is a whole value; what goes out is at most [`MAX_CHARS`] ASCII bytes on the stack,
//! letters in upper case, every space, dash, dot or slash as ` `, `-`, `.` or `/`, and the counts
//! by which nearly all schemes are refused without reading a character.

use crate::kind::grouped::{digit, separator};
use crate::kind::trim;

/// More than the longest number (44 characters of a passport) with its separators.
const MAX_CHARS: usize = 64;

/// Letters and digits that every number has at least.
const MIN_ALPHANUMERIC: u8 = 6;

/// At most 64 characters, without allocation.
pub struct Spelling {
    chars: [u8; MAX_CHARS],
    len: usize,
    pub(super) letters: u8,
    pub(super) digits: u8,
    /// Which of the letters and digits are letters, one bit each, the first the lowest.
    pub(super) lettered: u64,
    /// Spaces, dashes, dots and slashes.
    pub(super) separators: u8,
}

impl Spelling {
    /// Reads all of `value`, but for white space at its ends.
    ///
    /// Nothing for what is no identifier in any scheme: other characters, too many, too few.
    #[must_use]
    pub fn read(value: &[u8]) -> Option<Self> {
        // A character takes at most three bytes, and few of them take more than one.
        if !(usize::from(MIN_ALPHANUMERIC)..=2 * MAX_CHARS).contains(&value.len()) {
            return None;
        }
        let mut read = Self {
            chars: [0; MAX_CHARS],
            len: 0,
            letters: 0,
            digits: 0,
            lettered: 0,
            separators: 0,
        };
        let value = trim(value);
        if value.is_ascii() {
            value.iter().try_for_each(|byte| read.push(*byte))?;
        } else {
            std::str::from_utf8(value).ok()?.chars().try_for_each(|c| match u8::try_from(c) {
                Ok(byte) if byte.is_ascii() => read.push(byte),
                _ => read.push(digit(c).or_else(|| Some(separator(c)?.ascii()))?),
            })?;
        }
        (read.letters + read.digits >= MIN_ALPHANUMERIC).then_some(read)
    }

    /// Appends a character of ASCII, or the one that stands for another.
    #[inline]
    fn push(&mut self, byte: u8) -> Option<()> {
        *self.chars.get_mut(self.len)? = byte.to_ascii_uppercase();
        self.len += 1;
        match byte {
            b'0'..=b'9' => self.digits += 1,
            b'a'..=b'z' | b'A'..=b'Z' => {
                let place = u32::from(self.letters + self.digits);
                self.lettered |= 1u64.checked_shl(place).unwrap_or(0);
                self.letters += 1;
            }
            // `<` fills passports, `+` is a century, and both are in old Irish VAT numbers.
            b'<' | b'+' | b'*' => {}
            b' ' | b'-' | b'.' | b'/' => self.separators += 1,
            _ => return None,
        }
        Some(())
    }

    /// Whether there are digits and nothing else.
    pub(super) fn is_digits(&self) -> bool {
        usize::from(self.digits) == self.len
    }

    /// The characters, separators included.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.chars[..self.len]
    }
}
