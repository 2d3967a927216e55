//! A value as it is spelled: one pass over its characters, before any scheme looks at it.
//!
//! What comes in is a whole value; what goes out is at most [`MAX_CHARS`] ASCII bytes on the stack,
//! letters in upper case, every space, dash, dot or slash as ` `, `-`, `.` or `/`, and the counts
//! by which nearly all schemes are refused without reading a character.

use crate::kind::grouped::{digit, separator};

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
        let text = std::str::from_utf8(value).ok()?.trim();
        let mut read = Self {
            chars: [0; MAX_CHARS],
            len: 0,
            letters: 0,
            digits: 0,
            lettered: 0,
            separators: 0,
        };
        for c in text.chars() {
            *read.chars.get_mut(read.len)? = match c {
                'a'..='z' | 'A'..='Z' => {
                    let place = u32::from(read.letters + read.digits);
                    read.lettered |= 1u64.checked_shl(place).unwrap_or(0);
                    read.letters += 1;
                    c.to_ascii_uppercase() as u8
                }
                // `<` fills passports, `+` is a century, and both are in old Irish VAT numbers.
                '<' | '+' | '*' => c as u8,
                _ => match digit(c) {
                    Some(digit) => {
                        read.digits += 1;
                        digit
                    }
                    None => {
                        read.separators += 1;
                        separator(c)?.ascii()
                    }
                },
            };
            read.len += 1;
        }
        (read.letters + read.digits >= MIN_ALPHANUMERIC).then_some(read)
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
