//! Text that is carried in base64 (RFC 4648, sections 4 and 5), with the way back.
//!
//! A message in a queue's export, the body of a request in a log, the payload of a webhook. What is
//! found in the decoded text cannot be replaced in place as in other escapes, since three bytes share
//! four characters: a candidate notes the run that it stands in, and the run is written anew with all
//! of its replacements by [`Encoded::rewritten`].
//!
//! Read is a run on one line whose bytes are text; MIME's line breaks and other encodings inside are
//! not.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A span of a text that is base64 of another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// First and last character with the padding, in the text that was searched.
    run: Range<usize>,
    /// How many of them are no padding.
    length: usize,
    alphabet: Alphabet,
    padding: Padding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    /// `+` and `/` (section 4).
    Standard,
    /// `-` and `_` (section 5).
    UrlSafe,
}

/// How the last quartet is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Padding {
    None,
    Equals,
    /// `%3D`, as in the query of a URL.
    Percent,
}

impl Padding {
    const fn text(self) -> &'static [u8] {
        match self {
            Self::None => b"",
            Self::Equals => b"=",
            Self::Percent => b"%3D",
        }
    }
}

/// Shorter runs are words and ids; twelve bytes are `a@example.fr`.
const MIN_LEN: usize = 16;

impl Encoded {
    /// The run around `at` with the text in it, if it is one.
    pub(super) fn around(text: &[u8], at: usize) -> Option<(Self, Vec<u8>)> {
        let start = at - text[..at].iter().rev().take_while(|b| is_of_alphabet(**b)).count();
        // Nearly every other run ends here.
        let first = text.get(start..start + MIN_LEN)?;
        let is_hash = || first.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !could_start_text(first[0], first[1], first[2], first[3])
            || !starts_as_text(first)
            || is_hash()
        {
            return None;
        }
        let length = text[start..].iter().take_while(|b| is_of_alphabet(**b)).count();
        let characters = &text[start..start + length];
        let alphabet = if characters.iter().any(|b| matches!(b, b'-' | b'_')) {
            Alphabet::UrlSafe
        } else {
            Alphabet::Standard
        };
        let rest = &text[start + length..];
        let missing = (4 - length % 4) % 4;
        let padding = [Padding::Equals, Padding::Percent]
            .into_iter()
            .find(|padding| missing > 0 && rest.starts_with(&padding.text().repeat(missing)));
        let end = start + length + padding.map_or(0, |padding| padding.text().len() * missing);
        // A run of whole quartets says nothing of how others are filled: by the rule of its alphabet.
        let padding = padding.unwrap_or(match alphabet {
            Alphabet::Standard if missing == 0 => Padding::Equals,
            _ => Padding::None,
        });
        let encoded = Self { run: start..end, length, alphabet, padding };
        let decoded = encoded.decode(text)?;
        is_text(&decoded).then_some((encoded, decoded))
    }

    /// First and last character in the text that was searched.
    #[must_use]
    pub fn run(&self) -> Range<usize> {
        self.run.clone()
    }

    /// The characters that a span of the decoded text is written with; the border of two spans is
    /// never in both.
    pub(super) fn source(&self, span: &Range<usize>) -> Range<usize> {
        let place = |byte: usize| self.run.start + byte * 4 / 3;
        place(span.start)..place(span.end)
    }

    /// The run in `text` as it is with `edits` of the decoded text, which are in order of place and do
    /// not overlap.
    ///
    /// `text` is the one that was searched. Nothing if it is another.
    #[must_use]
    pub fn rewritten<'a>(
        &self,
        text: &[u8],
        edits: impl IntoIterator<Item = (Range<usize>, &'a [u8])>,
    ) -> Option<Vec<u8>> {
        let decoded = self.decode(text)?;
        let mut edited = Vec::with_capacity(decoded.len() + 32);
        let mut done = 0;
        for (range, replacement) in edits {
            edited.extend_from_slice(decoded.get(done..range.start)?);
            edited.extend_from_slice(replacement);
            done = range.end;
        }
        edited.extend_from_slice(decoded.get(done..)?);
        let mut written = match self.alphabet {
            Alphabet::Standard => STANDARD_NO_PAD.encode(&edited),
            Alphabet::UrlSafe => URL_SAFE_NO_PAD.encode(&edited),
        }
        .into_bytes();
        let missing = (4 - written.len() % 4) % 4;
        written.extend_from_slice(&self.padding.text().repeat(missing));
        Some(written)
    }

    /// A part of the decoded text; empty if `text` is another than the one that was searched.
    pub(super) fn part(&self, text: &[u8], span: &Range<usize>) -> Vec<u8> {
        let decoded = self.decode(text).unwrap_or_default();
        decoded.get(span.clone()).unwrap_or_default().to_vec()
    }

    fn decode(&self, text: &[u8]) -> Option<Vec<u8>> {
        let characters = text.get(self.run.start..self.run.start + self.length)?;
        match self.alphabet {
            Alphabet::Standard => STANDARD_NO_PAD.decode(characters),
            Alphabet::UrlSafe => URL_SAFE_NO_PAD.decode(characters),
        }
        .ok()
    }
}

fn is_of_alphabet(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// What each character of both alphabets stands for; 0 for others.
static VALUES: [u8; 256] = {
    let (mut values, mut value) = ([0; 256], 0);
    let characters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while value < characters.len() {
        values[characters[value] as usize] = value as u8;
        value += 1;
    }
    (values[b'-' as usize], values[b'_' as usize]) = (62, 63);
    values
};

/// Whether the first three bytes could be those of a text: what hexadecimal and names of classes stand
/// for is seldom UTF-8. As [`starts_as_text`] says it of twelve.
#[inline]
fn could_start_text(a: u8, b: u8, c: u8, d: u8) -> bool {
    let [a, b, c, d] = [a, b, c, d].map(|character| VALUES[usize::from(character)]);
    let [first, second, third] = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
    let is_sign = |byte: u8| byte.is_ascii() && !is_foreign(char::from(byte));
    let is_lead = |byte: u8| (0xC2..=0xF4).contains(&byte);
    let goes_on = |byte: u8| byte & 0xC0 == 0x80;
    match (first.is_ascii(), second.is_ascii()) {
        (true, true) => is_sign(first) && is_sign(second) && (is_sign(third) || is_lead(third)),
        (true, false) => is_sign(first) && is_lead(second) && goes_on(third),
        (false, _) => is_lead(first) && goes_on(second),
    }
}

/// Whether the first bytes could be those of a text; the last of them may be a part of a character.
fn starts_as_text(characters: &[u8]) -> bool {
    let mut bytes = [0; MIN_LEN / 4 * 3];
    let is_url_safe = characters.iter().any(|b| matches!(b, b'-' | b'_'));
    let engine = if is_url_safe { &URL_SAFE_NO_PAD } else { &STANDARD_NO_PAD };
    engine.decode_slice_unchecked(characters, &mut bytes).is_ok()
        && !bytes[..6].iter().any(|b| is_foreign(char::from(*b)) && b.is_ascii())
        && match std::str::from_utf8(&bytes) {
            Ok(text) => !text.contains(is_foreign),
            Err(error) => error.error_len().is_none() && is_text(&bytes[..error.valid_up_to()]),
        }
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(is_foreign))
}

/// What stands in no text.
fn is_foreign(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    use proptest::prelude::*;

    use super::*;

    fn decoded(text: &str, at: usize) -> Option<(String, Range<usize>)> {
        let (encoded, decoded) = Encoded::around(text.as_bytes(), at)?;
        Some((String::from_utf8(decoded).unwrap(), encoded.run()))
    }

    #[test]
    fn a_run_of_text_is_read() {
        for (text, at, expected, run) in [
            ("amVhbkBleGFtcGxlLmNvbQ==", 15, "jean@example.com", 0..24),
            ("q=amVhbkBleGFtcGxlLmNvbQ%3D%3D&x", 17, "jean@example.com", 2..30),
            ("\"amVhbkBleGFtcGxlLmNvbQ\"", 16, "jean@example.com", 1..23),
            ("data:;base64,Wm_DqSA8am9lPj8_IG9r", 29, "Zoé <joe>?? ok", 13..33),
        ] {
            assert_eq!(decoded(text, at), Some((expected.to_owned(), run)), "{text}");
        }
        for text in [
            "internationalisation",
            "550e8400-e29b-41d4-a716-446655440000",
            "d41d8cd98f00b204e9800998ecf8427e",
            "/usr/lib/python3/dist-packages",
            // One character too many for any number of bytes.
            "amVhbkBleGFtcGxlLmNvb",
        ] {
            assert_eq!(decoded(text, 16), None, "{text}");
        }
    }

    #[test]
    fn a_run_is_written_as_it_was() {
        for (text, expected) in [
            ("x amVhbkBleGFtcGxlLmNvbQ== y", "ZW1sX2E="),
            ("x amVhbkBleGFtcGxlLmNvbQ%3D%3D y", "ZW1sX2E%3D"),
            ("x amVhbkBleGFtcGxlLmNvbQ y", "ZW1sX2E"),
        ] {
            let (encoded, _) = Encoded::around(text.as_bytes(), 17).unwrap();
            let written = encoded.rewritten(text.as_bytes(), [(0..16, &b"eml_a"[..])]).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_first_quartet_keeps_nothing_back(characters in "[A-Za-z0-9+/]{16}") {
            let bytes = characters.as_bytes();
            if starts_as_text(bytes) {
                prop_assert!(could_start_text(bytes[0], bytes[1], bytes[2], bytes[3]));
            }
        }

        #[test]
        fn texts_pass_by_their_first_quartet(text in "\\PC{12,20}") {
            let characters = STANDARD.encode(&text);
            let bytes = characters.as_bytes();
            prop_assert!(could_start_text(bytes[0], bytes[1], bytes[2], bytes[3]));
        }


        #[test]
        fn every_text_is_read_and_written_back(text in "[ -~é漢\n]{12,80}", is_url_safe: bool) {
            let run = if is_url_safe { URL_SAFE.encode(&text) } else { STANDARD.encode(&text) };
            let line = format!("({run})");
            let (encoded, decoded) = Encoded::around(line.as_bytes(), 16).unwrap();
            prop_assert_eq!(decoded, text.as_bytes());
            let same = encoded.rewritten(line.as_bytes(), []).unwrap();
            let same = String::from_utf8(same).unwrap();
            prop_assert_eq!(same.trim_end_matches('='), run.trim_end_matches('='));
            let whole = encoded.source(&(0..text.len()));
            prop_assert!(whole.start == 1 && whole.end <= encoded.run().end);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in "[A-Za-z+/_=%3D-]{0,60}") {
            for at in 0..bytes.len() {
                if let Some((encoded, _)) = Encoded::around(bytes.as_bytes(), at) {
                    prop_assert!(encoded.run().end <= bytes.len());
                }
            }
        }
    }
}
