//! Credentials: what proves who someone is, and so is never kept in any form.
//!
//! Three sorts. What a vendor or a standard gives a form of its own ([`prefix`]); the password of a URL
//! and whatever stands behind a key such as `password=` ([`keyed`]), of which nothing is known but its
//! place. The canonical form is the value itself: it is dropped, not pseudonymised.

use std::ops::Range;

use super::{Parsed, trim};

pub mod keyed;
pub mod prefix;

/// A bound on what is looked at behind a prefix: an RSA key of 16384 bits in PEM has 12.5 KiB.
const MAX_LEN: usize = 16 * 1024;

/// What stands where a credential was or will be, in lower case.
const PLACEHOLDERS: &str = "null none nil undefined true false yes no empty unknown unset default redacted \
    removed masked hidden filtered omitted dropped encrypted hashed secret password \
    passwd token required optional missing invalid valid incorrect correct wrong expired \
    failed failure success changed updated rejected accepted string change reset";

/// Parses a credential: strong in one of the known forms; weak for whatever could be a password, so
/// this is only to be asked where the name of a field says that it is one.
///
/// Refused: a short value, and what stands in the place of one (`***`, `null`, `<redacted>`,
/// `${DB_PASSWORD}`).
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    let value = trim(value);
    let is_known = |(span, _): &(Range<usize>, Parsed)| span.end == value.len();
    if let Some((_, parsed)) = prefix::find(value, 0).filter(is_known) {
        return Some(parsed);
    }
    is_secret(value).then(|| Parsed::weak(text_of(value)))
}

/// Whether `value` could be a password: what [`parse`] accepts.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    is_secret(trim(value))
}

/// Whether `value` could be a password or a key: four bytes or more, and no placeholder.
fn is_secret(value: &[u8]) -> bool {
    (4..=MAX_LEN).contains(&value.len()) && !is_placeholder(value)
}

/// Whether `value` stands where a credential was or will be: a word of the list, one character
/// over and over, something in angle, square or curly brackets, a variable.
fn is_placeholder(value: &[u8]) -> bool {
    let is_enclosed = |open: &[u8], close: &[u8]| value.starts_with(open) && value.ends_with(close);
    let Some(first) = value.first() else { return true };
    value.iter().all(|byte| byte == first)
        || is_enclosed(b"<", b">")
        || is_enclosed(b"[", b"]")
        || is_enclosed(b"{", b"}")
        || is_enclosed(b"%", b"%")
        || value.starts_with(b"${")
        || value.starts_with(b"$(")
        || is_enclosed(b"$", b"") && value[1..].iter().all(|b| b.is_ascii_uppercase() || *b == b'_')
        || value.windows(2).any(|pair| pair == b"**")
        || value.iter().all(|byte| b"*xX.#-\xe2\x80\xa2".contains(byte))
        || PLACEHOLDERS.split(' ').any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
}

fn text_of(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kind::testing::is_strong;

    #[test]
    fn placeholders_are_no_secrets() {
        for value in ["", "abc", "null", "TRUE", "********", "xxxx", "••••", "%PASSWORD%"] {
            assert_eq!(parse(value.as_bytes()), None, "{value}");
            assert!(!is_shape(value.as_bytes()), "{value}");
        }
        assert_eq!(is_strong(parse(b"hunter2")), Some(false));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = (parse(&bytes), is_shape(&bytes));
        }
    }
}
