//! What the characters of a value are, in one look: which panels could have a use for it.

use crate::kind::{address, hash, name, phone};

/// Longer values are texts.
pub(super) const MAX_WORDS_LEN: usize = 240;

/// What the characters of a value are, and what they rule out: one pass for all panels, since every
/// value of every column is asked.
#[derive(Debug, Clone, Copy)]
pub struct Makeup {
    ruled_out: u32,
    pub(super) digits: u8,
    /// Letters of ASCII, and bytes of other characters.
    pub(super) letters: u8,
    /// White space of ASCII, and bytes of other characters.
    pub(super) spaces: u8,
}

/// A byte that no identifier, number, name, or address has.
const NO_IDENTIFIER: u32 = 1 << 24;
const NO_NUMBER: u32 = 2 << 24;
const NO_NAME: u32 = 4 << 24;
const NO_ADDRESS: u32 = 8 << 24;
/// Bytes after which no panel has a use for a value.
const NO_PANEL: u32 = NO_IDENTIFIER | NO_NUMBER | NO_NAME | NO_ADDRESS;
/// A byte that every mask has.
const STAR: u32 = 16 << 24;
/// A part of a character outside ASCII.
const NO_ASCII: u32 = 32 << 24;

/// For each byte what it rules out, in the highest eight bits; below them, one in the eight bits of
/// each count that it adds to. So a value is counted by adding: it has fewer than 256 bytes.
static BYTES: [u32; 256] = {
    let (mut table, mut at) = ([0; 256], 0);
    while at < 256 {
        let b = at as u8;
        let is_digit = b.is_ascii_digit() as u32;
        let is_letter = (b.is_ascii_alphabetic() || !b.is_ascii()) as u32;
        let is_space = (matches!(b, b' ' | b'\n' | b'\r' | b'\t') || !b.is_ascii()) as u32;
        let mut out = is_digit | is_letter << 8 | is_space << 16;
        if !(b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b'.' | b'/' | b'+')) {
            out |= NO_IDENTIFIER;
        }
        if !(b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'.' | b'/' | b'(' | b')' | b'+')) {
            out |= NO_NUMBER;
        }
        if name::is_refused(b) {
            out |= NO_NAME;
        }
        if address::is_refused(b) {
            out |= NO_ADDRESS;
        }
        if b == b'*' {
            out |= STAR;
        }
        if !b.is_ascii() {
            out |= NO_ASCII;
        }
        table[at] = out;
        at += 1;
    }
    table
};

/// A letter in upper case or a digit, zero for all else: for values with signs among them.
static CHARACTERS: [u8; 256] = {
    let (mut table, mut at) = ([0; 256], 0);
    while at < 256 {
        let b = at as u8;
        if b.is_ascii_alphanumeric() {
            table[at] = b.to_ascii_uppercase();
        }
        at += 1;
    }
    table
};

/// What some bytes rule out, and how many of each count there are.
#[inline]
fn counted(bytes: &[u8]) -> (u32, u32) {
    let (mut ruled_out, mut sums) = (0, 0u32);
    // Four at a time, none of which waits for another.
    let (fours, rest) = bytes.as_chunks::<4>();
    for four in fours {
        let [a, b, c, d] = four.map(|b| BYTES[usize::from(b)]);
        ruled_out |= (a | b) | (c | d);
        sums = sums.wrapping_add(a.wrapping_add(b).wrapping_add(c.wrapping_add(d)));
    }
    for b in rest {
        let byte = BYTES[usize::from(*b)];
        ruled_out |= byte;
        sums = sums.wrapping_add(byte);
    }
    (ruled_out, sums)
}

impl Makeup {
    /// That of a value without white space at its ends. Of longer ones than any panel asks for, and of
    /// those that none asks for, the first bytes say enough.
    #[must_use]
    pub fn of(value: &[u8]) -> Self {
        const { assert!(MAX_WORDS_LEN < 256, "a byte counts them") };
        let mut rest = value.get(..MAX_WORDS_LEN).unwrap_or(value);
        let (mut ruled_out, mut sums) = (0, 0u32);
        while let Some((block, behind)) = rest.split_first_chunk::<32>() {
            let (out, sum) = counted(block);
            (ruled_out, sums, rest) = (ruled_out | out, sums.wrapping_add(sum), behind);
            // What no panel has a use for is not counted to its end.
            if ruled_out & NO_PANEL == NO_PANEL {
                ruled_out |= memchr::memchr(b'*', rest).map_or(0, |_| STAR);
                rest = &[];
            }
        }
        let (out, sum) = counted(rest);
        (ruled_out, sums) = (ruled_out | out, sums.wrapping_add(sum));
        let [digits, letters, spaces, _] = sums.to_le_bytes();
        Self { ruled_out, digits, letters, spaces }
    }

    /// That of a line, which no panel is asked about: it tells a `*` and nothing else.
    #[must_use]
    pub fn of_line(line: &[u8]) -> Self {
        let star = memchr::memchr(b'*', line).map_or(0, |_| STAR);
        Self { ruled_out: NO_PANEL | star, digits: 0, letters: 0, spaces: 0 }
    }

    /// Whether it has nothing that rules `what` out.
    pub(super) fn could_be(self, what: u32) -> bool {
        self.ruled_out & what == 0
    }

    /// Whether there is a `*` in it, as in every mask.
    #[must_use]
    pub fn has_star(self) -> bool {
        self.ruled_out & STAR != 0
    }

    /// The hash of the letters and digits of an identifier or a number, letters in upper case; `whole` is
    /// that of the value. Few are longer, and those are neither.
    pub(super) fn hash_of_characters(self, value: &[u8], whole: u64) -> u64 {
        if usize::from(self.digits) == value.len() {
            return whole;
        }
        let mut buffer = [0u8; 32];
        if usize::from(self.digits + self.letters) == value.len()
            && let Some(characters) = buffer.get_mut(..value.len())
        {
            characters.copy_from_slice(value);
            // Of what is left, letters alone have the bit of 64; that of 32 makes them small.
            buffer.iter_mut().for_each(|b| *b &= !((*b & 0x40) >> 1));
            return hash::of(&buffer[..value.len()]);
        }
        // A decimal, which most numbers with a sign in them are, is two rows of digits.
        let unsigned = value.strip_prefix(b"-").unwrap_or(value);
        if usize::from(self.digits) + 1 == unsigned.len()
            && let Some(characters) = buffer.get_mut(..unsigned.len() - 1)
            && let Some(point) = memchr::memchr(b'.', unsigned)
        {
            characters[..point].copy_from_slice(&unsigned[..point]);
            characters[point..].copy_from_slice(&unsigned[point + 1..]);
            return hash::of(characters);
        }
        let mut length = 0;
        for b in value {
            // Without a branch: where separators are cannot be foreseen.
            let character = CHARACTERS[usize::from(*b)];
            buffer[length % 32] = character;
            length += usize::from(character != 0);
        }
        hash::of(&buffer[..length])
    }

    /// Whether it is written as names are: see [`name::is_shape`].
    pub(super) fn is_name(self, value: &[u8]) -> bool {
        self.could_be(NO_NAME)
            && if self.could_be(NO_ASCII) {
                name::is_shape_of(value.len(), self.letters > 0, self.spaces.into())
            } else {
                name::is_shape(value)
            }
    }

    /// Whether it is written as addresses are, and short enough for one: see [`address::is_shape`].
    pub(super) fn is_address(self, value: &[u8]) -> bool {
        self.could_be(NO_ADDRESS)
            && self.letters > 0
            && self.spaces > 0
            && value.len() <= MAX_WORDS_LEN
            && (self.could_be(NO_ASCII) || std::str::from_utf8(value).is_ok())
    }

    /// Seven to fifteen digits, perhaps in groups, and nothing else. A year and a dash in front are
    /// those of an order or a law.
    pub(super) fn is_number(self, value: &[u8]) -> bool {
        (7..=24).contains(&value.len())
            && self.could_be(NO_NUMBER)
            && (7..=15).contains(&self.digits)
            && !phone::begins_with_year(value)
    }

    /// Seven to twenty letters and digits, most of them digits or none of them lower case, perhaps
    /// in groups.
    pub(super) fn is_identifier(self, value: &[u8]) -> bool {
        (7..=28).contains(&value.len())
            && self.could_be(NO_IDENTIFIER)
            && self.digits >= 4
            && self.letters <= 12
            && self.digits + self.letters <= 24
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kind;

    proptest! {
        #[test]
        fn what_is_written_like_a_name_or_an_address_is_told_by_its_characters(
            value in prop_oneof![
                "[A-Za-z0-9éß٣ ,.'@_\n\t*-]{0,40}",
                "([A-Za-z]{1,9} ){7,10}[a-z]{0,140}",
                "[a-z0-9 ]{230,250}",
                "[a-z=<]{30,60}[a-z*]{0,200}",
            ],
            bytes: Vec<u8>,
        ) {
            for value in [kind::trim(value.as_bytes()), kind::trim(&bytes)] {
                let makeup = Makeup::of(value);
                prop_assert_eq!(makeup.is_name(value), name::is_shape(value));
                let first = &value[..value.len().min(MAX_WORDS_LEN)];
                prop_assert_eq!(makeup.has_star(), first.contains(&b'*'));
                let is_short = value.len() <= MAX_WORDS_LEN;
                prop_assert_eq!(makeup.is_address(value), is_short && address::is_shape(value));
            }
        }

        #[test]
        fn the_hash_of_characters_is_that_of_letters_and_digits(
            value in prop_oneof![
                "[0-9]{7,20}",
                "[0-9A-Za-z]{7,24}",
                "[0-9A-Za-z ./+-]{7,28}",
                "-?[0-9]{0,4}[./-][0-9]{3,18}",
            ],
        ) {
            let value = value.as_bytes();
            let is_character = |b: &u8| b.is_ascii_alphanumeric();
            let characters: Vec<u8> =
                value.iter().filter(|b| is_character(b)).map(u8::to_ascii_uppercase).collect();
            let makeup = Makeup::of(value);
            if makeup.is_identifier(value) || makeup.is_number(value) {
                let hash = makeup.hash_of_characters(value, hash::of(value));
                prop_assert_eq!(hash, hash::of(&characters));
            }
        }
    }
}
