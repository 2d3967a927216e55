//! Shapes of numbers that have no check digit, written as tables: `AA-999-AA`.
//!
//! A shape is matched against a whole value. `A` is a letter, `9` a digit, `X` a letter or digit, the
//! same in lower case may be missing; `-` may be a separator (space, dash, dot, slash, middle dot) and `=` must
//! be one; any other sign is itself, and all in upper case. What comes out is the value in upper case
//! without separators, except that a `=` is written as `-`: without it two numbers would be one.

use super::trim;

/// The longest value that any shape has.
const MAX_LEN: usize = 32;

/// The form of `value` under the first of `shapes` that it has.
pub(super) fn matched<'a>(
    value: &[u8],
    shapes: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let value = trim(value);
    if !(2..=MAX_LEN).contains(&value.len()) {
        return None;
    }
    shapes.into_iter().find_map(|shape| {
        let mut out = [0u8; MAX_LEN];
        let length = match_from(value, shape.as_bytes(), &mut out, 0)?;
        Some(String::from_utf8_lossy(&out[..length]).into_owned())
    })
}

/// Matches all of `value` by all of `shape`, writing the form to `out` from `length` on; the length
/// of the form. An optional sign is first tried, then left out: shapes have few of them.
fn match_from(value: &[u8], shape: &[u8], out: &mut [u8; MAX_LEN], length: usize) -> Option<usize> {
    let Some((&sign, shape)) = shape.split_first() else {
        return value.is_empty().then_some(length);
    };
    if matches!(sign, b'-' | b'=') {
        let separator = separator_length(value);
        if sign == b'-' {
            return match_from(&value[separator..], shape, out, length);
        }
        *out.get_mut(length)? = b'-';
        return (separator > 0).then(|| match_from(&value[separator..], shape, out, length + 1))?;
    }
    let taken = value.split_first().and_then(|(first, rest)| {
        let first = first.to_ascii_uppercase();
        let fits = match sign {
            b'A' | b'a' => first.is_ascii_uppercase(),
            b'9' | b'0' => first.is_ascii_digit(),
            b'X' | b'x' => first.is_ascii_alphanumeric(),
            _ => first == sign,
        };
        *out.get_mut(length).filter(|_| fits)? = first;
        match_from(rest, shape, out, length + 1)
    });
    let is_optional = matches!(sign, b'a' | b'0' | b'x');
    taken.or_else(|| is_optional.then(|| match_from(value, shape, out, length))?)
}

/// How long the separator is that `value` begins with.
fn separator_length(value: &[u8]) -> usize {
    match value {
        [b' ' | b'-' | b'.' | b'/', ..] => 1,
        [0xC2, 0xA0 | 0xB7, ..] => 2,
        _ => 0,
    }
}

#[cfg(test)]
pub(super) mod testing {
    use proptest::prelude::*;

    /// Values of a shape, each in a compact spelling and with its separators as `-`.
    pub(crate) fn of_shape(shape: &'static str) -> impl Strategy<Value = (String, String)> {
        let class = |sign: u8| match sign {
            b'A' => "[A-Z]",
            b'9' => "[0-9]",
            b'X' => "[A-Z0-9]",
            b'a' => "[A-Z]?",
            b'0' => "[0-9]?",
            b'x' => "[A-Z0-9]?",
            _ => "",
        };
        let signs = shape.bytes().map(move |sign| match class(sign) {
            "" => Just(char::from(sign).to_string()).boxed(),
            class => prop::string::string_regex(class).unwrap().boxed(),
        });
        signs.collect::<Vec<_>>().prop_map(move |parts| {
            let spaced = parts.concat().replace('=', "-");
            let compact = parts
                .iter()
                .zip(shape.bytes())
                .filter(|(_, sign)| *sign != b'-')
                .map(|(part, _)| part.replace('=', "-"))
                .collect();
            (compact, spaced)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(value: &str, shape: &str) -> Option<String> {
        matched(value.as_bytes(), [shape])
    }

    #[test]
    fn separators_are_left_out_or_demanded() {
        for value in ["AB-123-CD", "ab 123 cd", "AB123CD", "AB.123-CD", " AB·123·CD\n"] {
            assert_eq!(form(value, "AA-999-AA").as_deref(), Some("AB123CD"), "{value}");
        }
        assert_eq!(form("M-AB 123", "Aaa=Aa-9000").as_deref(), Some("M-AB123"));
        assert_eq!(form("MA-B 123", "Aaa=Aa-9000").as_deref(), Some("MA-B123"));
        assert_eq!(form("MAB123", "Aaa=Aa-9000"), None);
    }

    #[test]
    fn what_may_be_missing_is_tried_both_ways() {
        assert_eq!(form("A1", "Aaa-9000").as_deref(), Some("A1"));
        assert_eq!(form("ABC1234", "Aaa-9000").as_deref(), Some("ABC1234"));
        assert_eq!(form("12345678", "990000009").as_deref(), Some("12345678"));
        assert_eq!(form("ABCD1", "Aaa-9000"), None);
        assert_eq!(form("A12345", "Aaa-9000"), None);
    }

    #[test]
    fn other_signs_are_themselves() {
        assert_eq!(form("p1234", "P9999").as_deref(), Some("P1234"));
        assert_eq!(form("Q1234", "P9999"), None);
        assert_eq!(form(&"1".repeat(40), "9"), None);
        assert!(matched(b"\xff\xfe", ["AA"]).is_none());
    }
}
