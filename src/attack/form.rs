//! What a single value looks like: a digest in one of the ways in which digests are written.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::function::MAX_BYTES;

/// Fewest hexadecimal digits of a digest that was cut.
const MIN_HEX: usize = 8;
/// Fewest characters of base64: 64 bits.
const MIN_BASE64: usize = 11;
/// Digits of a 64-bit number, at most.
const MAX_DIGITS: usize = 20;

/// The way in which an opaque value is written, with its length where digests differ in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// So many hexadecimal digits, not all of them decimal.
    Hex(u16),
    /// So many characters of base64 or base64url, padding left out.
    Base64(u16),
    /// Decimal digits with or without a sign, as many as a number of 32 or 64 bits has.
    Digits,
    /// So many bytes that are no text.
    Bytes(u16),
    /// A UUID, which may be 128 bits of a digest.
    Uuid,
    /// A pseudonym that loup made.
    Token,
}

impl Form {
    /// The form of a value without white space around it, if it has one, and the part of the value
    /// that is the digest.
    #[must_use]
    pub fn of(value: &[u8]) -> Option<(Self, &[u8])> {
        let body = [b"0x", b"0X", b"\\x"].iter().find_map(|mark| value.strip_prefix(*mark));
        if let Some(body) = body.filter(|body| body.iter().all(u8::is_ascii_hexdigit)) {
            let is_digest = (MIN_HEX..=2 * MAX_BYTES).contains(&body.len());
            return is_digest.then_some((Self::Hex(body.len() as u16), body));
        }
        if is_number(value) {
            return Some((Self::Digits, value));
        }
        let len = u16::try_from(value.len()).ok()?;
        if value.iter().all(u8::is_ascii_hexdigit) {
            return (MIN_HEX..=2 * MAX_BYTES)
                .contains(&value.len())
                .then_some((Self::Hex(len), value));
        }
        if is_uuid(value) {
            return Some((Self::Uuid, value));
        }
        if let Some(body) = base64_body(value) {
            return Some((Self::Base64(body.len() as u16), body));
        }
        is_bytes(value).then_some((Self::Bytes(len), value))
    }

    /// The bits of a digest in this form, of which the first are in front; nothing where a value of the
    /// form is none, or too short to be told from others by chance.
    ///
    /// Numbers are `bits` wide, 32 or 64, two's complement where they are negative.
    pub(super) fn digest(self, body: &[u8], bits: u32) -> Option<[u8; MAX_BYTES]> {
        let mut digest = [0; MAX_BYTES];
        match self {
            Self::Hex(_) => put_hex(body.iter().copied(), &mut digest)?,
            Self::Uuid => put_hex(body.iter().copied().filter(|b| *b != b'-'), &mut digest)?,
            Self::Base64(_) => put_base64(body, &mut digest)?,
            Self::Bytes(len) => digest[..len.into()].copy_from_slice(body),
            Self::Digits => {
                let number: i128 = std::str::from_utf8(body).ok()?.parse().ok()?;
                let bytes = ((number as u128) << (128 - bits)).to_be_bytes();
                digest[..16].copy_from_slice(&bytes);
            }
            Self::Token => return None,
        }
        Some(digest)
    }

    /// Bits of its digests; of numbers, those of 64.
    pub(super) fn bits(self) -> u32 {
        match self {
            Self::Hex(digits) => 4 * u32::from(digits),
            // What is behind the last whole byte is zero in a digest that was not cut.
            Self::Base64(characters) => match 6 * u32::from(characters) {
                bits if matches!(characters % 4, 2 | 3) => bits / 8 * 8,
                bits => bits,
            },
            Self::Bytes(bytes) => 8 * u32::from(bytes),
            Self::Digits => 64,
            Self::Uuid => 128,
            Self::Token => 0,
        }
    }
}

/// As many digits as a number of 32 bits or of 64 mostly has.
fn is_number(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    (MIN_HEX..=MAX_DIGITS).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The characters of base64 or base64url, in which both cases of letters occur, without padding.
fn base64_body(value: &[u8]) -> Option<&[u8]> {
    let padding = value.iter().rev().take_while(|byte| **byte == b'=').count();
    let body = &value[..value.len() - padding];
    let is_one = padding <= 2
        && (padding == 0 || value.len().is_multiple_of(4))
        && (MIN_BASE64..=MAX_BYTES * 4 / 3 + 1).contains(&body.len())
        && body.iter().all(|b| b.is_ascii_alphanumeric() || b"+/-_".contains(b))
        && body.iter().any(u8::is_ascii_lowercase)
        && body.iter().any(u8::is_ascii_uppercase);
    is_one.then_some(body)
}

/// A digest as the bytes it is: of a length that digests have, and no text.
fn is_bytes(value: &[u8]) -> bool {
    matches!(value.len(), 8 | 16 | 20 | 28 | 32 | 48 | 64)
        && (std::str::from_utf8(value).is_err()
            || value.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()))
}

fn put_hex(digits: impl Iterator<Item = u8>, digest: &mut [u8; MAX_BYTES]) -> Option<()> {
    for (place, digit) in digits.enumerate() {
        let value = char::from(digit).to_digit(16)? as u8;
        *digest.get_mut(place / 2)? |= if place % 2 == 0 { value << 4 } else { value };
    }
    Some(())
}

/// Base64 of either alphabet, cut anywhere.
fn put_base64(characters: &[u8], digest: &mut [u8; MAX_BYTES]) -> Option<()> {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
    let mut whole = [b'A'; 92];
    for (place, byte) in whole.iter_mut().zip(characters) {
        *place = match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        };
    }
    let bytes = STANDARD.decode(&whole[..characters.len().next_multiple_of(4)]).ok()?;
    let len = bytes.len().min(MAX_BYTES);
    digest[..len].copy_from_slice(&bytes[..len]);
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digests_are_told_from_other_values() {
        for (value, form) in [
            (&b"d41d8cd98f00b204e9800998ecf8427e"[..], Some(Form::Hex(32))),
            (b"0xD41D8CD9", Some(Form::Hex(8))),
            (b"d41d8cd9-8f00-b204-e980-0998ecf8427e", Some(Form::Uuid)),
            (b"1B2M2Y8AsgTpgAmY7PhCfg==", Some(Form::Base64(22))),
            (b"-1541654101129638711", Some(Form::Digits)),
            (b"\x00\x01\xfe\xff\x00\x01\xfe\xff", Some(Form::Bytes(8))),
            (b"deadbee", None),
            (b"a@example.com", None),
            (b"a plain sentence", None),
            (b"", None),
        ] {
            assert_eq!(Form::of(value).map(|(form, _)| form), form, "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn every_way_of_writing_says_the_same_bits(digest: [u8; 32], cut in 16_usize..=32) {
            use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
            let cut = &digest[..cut];
            let hex: String = cut.iter().map(|byte| format!("{byte:02X}")).collect();
            for text in [hex, BASE64_STANDARD.encode(cut), BASE64_URL_SAFE_NO_PAD.encode(cut)] {
                let Some((form, body)) = Form::of(text.as_bytes()) else { continue };
                prop_assume!(form != Form::Digits);
                prop_assert_eq!(form.bits() as usize, 8 * cut.len());
                let bits = form.digest(body, form.bits()).unwrap();
                prop_assert_eq!(&bits[..cut.len()], cut);
            }
        }

        #[test]
        fn any_bytes_are_looked_at(value in prop::collection::vec(any::<u8>(), 0..140)) {
            if let Some((form, body)) = Form::of(&value) {
                let _ = form.digest(body, 64);
            }
        }
    }
}
