//! Crockford's base32 in lower case: the characters that tokens are written in.
//!
//! No `i l o u`, which people misread. Lower case alone, because many databases compare without case.
//! Bytes of any number are written most significant bit first, and zero bits fill the last character;
//! so every text stands for one row of bytes at most, and every row of bytes for one text.
//!
//! # Source
//! D. Crockford, "Base 32" (the alphabet); the pseudonym specification `loup.v1`.

/// The characters by their values.
pub(super) const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Whether a byte is one of the 32 characters.
pub(super) fn is_base32(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'h' | b'j' | b'k' | b'm' | b'n' | b'p'..=b't' | b'v'..=b'z')
}

/// Appends the characters of `bytes`: eight for five bytes, the last group cut short.
pub(super) fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len().div_ceil(5) * 8);
    // Of `bits` the lowest `count` are still to be written, fewer than five between two bytes.
    let (mut bits, mut count) = (0_u32, 0);
    for &byte in bytes {
        bits = bits << 8 | u32::from(byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            out.push(ALPHABET[(bits >> count) as usize & 31]);
        }
    }
    if count > 0 {
        out.push(ALPHABET[(bits << (5 - count)) as usize & 31]);
    }
}

/// The bytes that [`encode`] writes as `text`. Nothing where it writes no such text: a character of
/// another alphabet, one character too many, or a filling that is not zero.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 8 * 5 + 5);
    let (mut bits, mut count) = (0_u32, 0);
    for &character in text {
        let value = ALPHABET.iter().position(|&known| known == character)?;
        bits = bits << 5 | value as u32;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    let is_filling = count < 5 && bits & ((1 << count) - 1) == 0;
    is_filling.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        encode(bytes, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_alphabet_is_that_of_the_recogniser() {
        let written: Vec<u8> = (0..=255).filter(|&byte| is_base32(byte)).collect();
        assert_eq!(written, ALPHABET);
    }

    #[test]
    fn bits_are_written_from_the_most_significant_and_filled_with_zeros() {
        assert_eq!(encoded(b""), "");
        assert_eq!(encoded(&[0x80]), "g0");
        assert_eq!(encoded(&[0x00, 0x01]), "000g");
        assert_eq!(encoded(&[0xff; 5]), "zzzzzzzz");
        assert_eq!(encoded(&[0xff; 16]), format!("{}w", "z".repeat(25)));
    }

    #[test]
    fn what_is_never_written_is_not_read() {
        // Another alphabet; upper case; a filling that is not zero; a character too many.
        for text in ["u0", "G0", "g1", "z", "000", "g00", "zzzzzzzz0", "zzzzzz"] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
        assert_eq!(decode(b"g0"), Some(vec![0x80]));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes: Vec<u8>) {
            let text = encoded(&bytes);
            prop_assert_eq!(text.len(), (bytes.len() * 8).div_ceil(5));
            prop_assert_eq!(decode(text.as_bytes()), Some(bytes));
        }

        #[test]
        fn what_is_read_is_written_so(text in "[0-9a-z]{0,40}") {
            if let Some(bytes) = decode(text.as_bytes()) {
                prop_assert_eq!(encoded(&bytes), text);
            }
        }
    }
}
