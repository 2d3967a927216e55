//! Numbers of devices and of the cards in them: IMEI, IMEISV, MEID, ICCID, IMSI, the identifiers
//! that systems give for advertising, and those that sites put into cookies.
//!
//! Nearly all are digits with one check digit or none, so they are weak: the name of a field or a
//! word beside them has to speak. Identifiers of one session are none of these.
//!
//! # Source
//! 3GPP TS 23.003 (IMSI, IMEI, IMEISV; annex B: check digit), GSMA TS.06 (reporting bodies of the
//! type allocation code), 3GPP2 S.R0048-A (MEID), ITU-T E.118 (ICCID), ITU-T E.212 (mobile country
//! codes), RFC 9562 (UUID), developers.google.com/analytics (`_ga`), developers.facebook.com (`_fbp`).

use std::ops::Range;

use super::border::{after, before, is_word, run};
use super::card::luhn;
use super::grouped::{Grouped, digit};
use super::{Parsed, Strength, trim};

/// The ICCID has at most 20 digits.
const MAX_DIGITS: usize = 20;

/// The reporting bodies that have given type allocation codes: the first two digits of an IMEI.
const REPORTING_BODIES: [u8; 20] =
    [1, 10, 30, 33, 35, 44, 45, 49, 50, 51, 52, 53, 54, 86, 91, 97, 98, 99, 31, 32];

/// What an identifier is one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// A phone: 15 digits, the last a Luhn digit.
    Imei,
    /// A phone and its software: 16 digits.
    Imeisv,
    /// A CDMA phone: 14 hexadecimal digits, the first of them A to F.
    Meid,
    /// A SIM: 19 or 20 digits, the first of them 89, the last a Luhn digit.
    Iccid,
    /// A subscriber: 15 digits, the first three a mobile country code.
    Imsi,
    /// An installation: a UUID (IDFA, GAID, and others).
    Uuid,
    /// An Android installation: 16 hexadecimal digits.
    AndroidId,
    /// A browser, by a cookie of Google Analytics or Meta.
    Cookie,
}

/// Parses an identifier in any of the schemes; digits may be grouped by spaces or dashes.
///
/// The canonical form is the digits alone, in lower case where they are hexadecimal; of a UUID, its
/// lower case; of a cookie, the part that names the browser (`123456789.1700000000`). Strong for a
/// cookie with its prefix, weak for all else.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    read(value).map(|(_, parsed)| parsed)
}

/// As [`parse`], with the scheme. Where two fit, the one that proves more: an IMEI before an IMSI.
#[must_use]
pub fn read(value: &[u8]) -> Option<(Scheme, Parsed)> {
    let value = trim(value);
    if !(14..=48).contains(&value.len()) {
        return None;
    }
    of_digits(value)
        .or_else(|| of_hex(value))
        .or_else(|| of_uuid(value))
        .or_else(|| of_cookie(value))
}

/// Whether `value` is a number of 14 to 20 digits, or 32 to 36 letters and digits of a UUID with a
/// mistake.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let value = trim(value);
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_part =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'/' | b'.');
    value.iter().all(is_part)
        && ((14..=26).contains(&value.len()) && (14..=MAX_DIGITS).contains(&digits)
            || (32..=36).contains(&value.len()) && digits >= 4)
}

/// The IMEI, IMSI or ICCID in `text` whose first digit is at `at`.
///
/// Not found: a part of a longer number or word; sixteen digits, which are payment cards more often
/// than IMEISV; an IMSI in groups; what is hexadecimal. Weak.
#[must_use]
pub fn find(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    let previous = before(text, at);
    let is_glued = is_word(previous) || matches!(previous, b'.' | b'-' | b'+' | b'/' | b',');
    if is_glued || !text.get(at)?.is_ascii_digit() {
        return None;
    }
    let mut digits = [0u8; MAX_DIGITS];
    let mut count = 0;
    let mut end = at;
    // Longest first, so that what is behind a grouped number does not hide it.
    let mut best = None;
    while count < MAX_DIGITS {
        let group = run(&text[end..], |byte| byte.is_ascii_digit());
        let slot = digits.get_mut(count..count + group)?;
        slot.copy_from_slice(&text[end..end + group]);
        count += group;
        end += group;
        if !is_word(after(text, end)) && !is_decimal(text, end) {
            best = of_number(&digits[..count])
                .filter(|(scheme, _)| match scheme {
                    Scheme::Imeisv => false,
                    // Without a check digit, groups of any length would add up to one.
                    Scheme::Imsi => end - at == count,
                    _ => true,
                })
                .map(|(_, parsed)| (at..end, parsed))
                .or(best);
        }
        let is_separated = matches!(after(text, end), b' ' | b'-');
        if !is_separated || !after(text, end + 1).is_ascii_digit() {
            break;
        }
        end += 1;
    }
    best
}

/// Whether a sign and a digit behind `end` make a number a part of a longer one.
fn is_decimal(text: &[u8], end: usize) -> bool {
    matches!(after(text, end), b'.' | b',' | b':' | b'/') && after(text, end + 1).is_ascii_digit()
}

/// The identifier of a cookie in `text`, with its prefix (`GA1.2.`, `fb.1.`), that begins at `at`.
#[must_use]
pub fn find_cookie(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    if is_word(before(text, at)) {
        return None;
    }
    let rest = text.get(at..text.len().min(at + 48))?;
    let length = run(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'.');
    let length = length - usize::from(rest[..length].ends_with(b"."));
    let (_, parsed) =
        of_cookie(&rest[..length]).filter(|(_, parsed)| parsed.strength == Strength::Strong)?;
    Some((at..at + length, parsed))
}

fn of_digits(value: &[u8]) -> Option<(Scheme, Parsed)> {
    let number = Grouped::<MAX_DIGITS>::read(value, digit)?;
    number.uniform.then(|| of_number(number.as_bytes()))?
}

fn of_number(digits: &[u8]) -> Option<(Scheme, Parsed)> {
    let text = std::str::from_utf8(digits).ok()?;
    // `000…0` and `111…1` stand where there is none.
    if digits.iter().all(|digit| Some(digit) == digits.first()) {
        return None;
    }
    let is_phone = || text[..2].parse().is_ok_and(|body| REPORTING_BODIES.contains(&body));
    let scheme = match digits.len() {
        15 if luhn(digits) && is_phone() => Scheme::Imei,
        15 if is_country_code(digits) => Scheme::Imsi,
        16 if is_phone() => Scheme::Imeisv,
        19 | 20 if text.starts_with("89") && luhn(digits) => Scheme::Iccid,
        _ => return None,
    };
    Some((scheme, Parsed::weak(text)))
}

/// Whether a number begins with a mobile country code: geographic zones are 2 to 7, 901 and 999 are
/// shared and private networks, 001 is for tests.
fn is_country_code(digits: &[u8]) -> bool {
    matches!(digits[0], b'2'..=b'7') || matches!(&digits[..3], b"901" | b"999" | b"001")
}

/// 14 digits of an MEID, perhaps its check digit, or 16 of an Android installation. A number in
/// decimal digits is neither.
fn of_hex(value: &[u8]) -> Option<(Scheme, Parsed)> {
    let number = Grouped::<16>::read(value, |c| {
        c.is_ascii_hexdigit().then_some(c.to_ascii_lowercase() as u8)
    })?;
    let digits = number.as_bytes();
    let text = std::str::from_utf8(digits).ok()?;
    if digits.iter().all(u8::is_ascii_digit) || digits.iter().all(|digit| *digit == digits[0]) {
        return None;
    }
    match digits {
        [b'a'..=b'f', ..] if digits.len() == 14 || digits.len() == 15 && luhn_16(digits) => {
            Some((Scheme::Meid, Parsed::weak(&text[..14])))
        }
        _ if digits.len() == 16 && number.groups().len() == 1 => {
            Some((Scheme::AndroidId, Parsed::weak(text)))
        }
        _ => None,
    }
}

/// Whether the last of `digits` is their check digit: Luhn in base 16 (3GPP2 S.R0048-A, annex B).
fn luhn_16(digits: &[u8]) -> bool {
    let values = digits.iter().rev().map(|&byte| char::from(byte).to_digit(16).unwrap_or(0));
    let sum: u32 = values
        .enumerate()
        .map(|(place, value)| if place % 2 == 0 { value } else { value * 2 / 16 + value * 2 % 16 })
        .sum();
    sum.is_multiple_of(16)
}

/// A UUID, perhaps in braces; not the one of zeros, which a device gives that gives none.
fn of_uuid(value: &[u8]) -> Option<(Scheme, Parsed)> {
    let value = match value {
        [b'{', inner @ .., b'}'] => inner,
        _ => value,
    };
    let is_dash = |place: usize| matches!(place, 8 | 13 | 18 | 23);
    let fits = value.len() == 36
        && value.iter().enumerate().all(|(place, byte)| {
            if is_dash(place) { *byte == b'-' } else { byte.is_ascii_hexdigit() }
        });
    let is_any = || value.iter().any(|byte| !matches!(byte, b'0' | b'-'));
    if !fits || !is_any() {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    Some((Scheme::Uuid, Parsed::weak(text.to_ascii_lowercase())))
}

/// `GA1.2.123456789.1700000000` of Google Analytics, its last two numbers alone, or
/// `fb.1.1700000000000.1234567890` of Meta.
fn of_cookie(value: &[u8]) -> Option<(Scheme, Parsed)> {
    let text = std::str::from_utf8(value).ok()?;
    let is_number = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (head, last) = text.rsplit_once('.')?;
    let (start, before_last) = head.rsplit_once('.').unwrap_or(("", head));
    let parsed = match start.as_bytes() {
        [] if is_number(before_last, 6, 10) && is_number(last, 10, 10) => Parsed::weak(text),
        [b'G', b'A', b'1', b'.', b'1'..=b'9']
            if is_number(before_last, 1, 10) && is_number(last, 10, 10) =>
        {
            Parsed::strong(format!("{before_last}.{last}"))
        }
        [b'f', b'b', b'.', b'0'..=b'2']
            if is_number(before_last, 13, 13) && is_number(last, 6, 20) =>
        {
            Parsed::strong(text)
        }
        _ => return None,
    };
    Some((Scheme::Cookie, parsed))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{canonical, is_strong, part, with_a_wrong_digit, with_luhn};
    use super::*;

    fn scheme(value: &str) -> Option<Scheme> {
        read(value.as_bytes()).map(|(scheme, _)| scheme)
    }
    fn found(text: &str) -> Vec<&str> {
        (0..text.len())
            .filter(|at| *at == 0 || !text.as_bytes()[at - 1].is_ascii_digit())
            .filter_map(|at| part(text, find(text.as_bytes(), at)))
            .collect()
    }

    /// Of 3GPP TS 23.003, 3GPP2 S.R0048-A, RFC 9562 and the documentation of Google and Meta; 00101 is
    /// the network for tests; the ICCID is made up, with its check digit.
    const PUBLISHED: [(&str, Scheme, &str); 11] = [
        ("490154203237518", Scheme::Imei, "490154203237518"),
        ("49-015420-323751-8", Scheme::Imei, "490154203237518"),
        ("35 209900 176148 1", Scheme::Imei, "352099001761481"),
        ("4901542032375101", Scheme::Imeisv, "4901542032375101"),
        ("AF0123450ABCDE", Scheme::Meid, "af0123450abcde"),
        ("8991101200003204514", Scheme::Iccid, "8991101200003204514"),
        ("001010123456789", Scheme::Imsi, "001010123456789"),
        (
            "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
            Scheme::Uuid,
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        ),
        ("9774D56D682E549C", Scheme::AndroidId, "9774d56d682e549c"),
        ("GA1.2.123456789.1700000000", Scheme::Cookie, "123456789.1700000000"),
        ("fb.1.1596403881668.1116446470", Scheme::Cookie, "fb.1.1596403881668.1116446470"),
    ];

    #[test]
    fn published_examples_are_read() {
        for (value, expected, form) in PUBLISHED {
            assert_eq!(scheme(value), Some(expected), "{value}");
            assert_eq!(canonical(parse(value.as_bytes())).as_deref(), Some(form), "{value}");
        }
        assert_eq!(
            canonical(parse(b"123456789.1700000000")).as_deref(),
            Some("123456789.1700000000")
        );
    }

    #[test]
    fn only_a_cookie_with_its_prefix_is_strong() {
        for (value, scheme, _) in PUBLISHED {
            let strong = is_strong(parse(value.as_bytes()));
            assert_eq!(strong, Some(scheme == Scheme::Cookie), "{value}");
        }
        assert_eq!(is_strong(parse(b"123456789.1700000000")), Some(false));
    }

    #[test]
    fn what_is_no_identifier_is_refused() {
        for value in [
            "",
            "490154203237517x",
            "000000000000000",
            "111111111111111",
            "890154203237517",
            "8991101200003204515",
            "00000000-0000-0000-0000-000000000000",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bg6",
            "f81d4fae7dec11d0a76500a0c91e6bf6",
            "4901542032375",
            "1700000000.123456789",
            "GA1.2.x.1700000000",
            "GS1.1.1700000000.1.0",
            "49 015420-323751 8",
        ] {
            assert_eq!(read(value.as_bytes()), None, "{value}");
        }
        assert!(is_shape(b"490154203237517") && is_shape(b"8991101200003204515"));
        assert!(is_shape(b"f81d4fae7dec11d0a76500a0c91e6bf6"));
        assert!(!is_shape(b"iPhone 15 Pro Max") && !is_shape(b"1234567890123") && !is_shape(b""));
    }

    #[test]
    fn numbers_are_found_between_their_borders() {
        for (text, value) in [
            ("IMEI 490154203237518.", "490154203237518"),
            ("imei=49-015420-323751-8 ok", "49-015420-323751-8"),
            ("iccid: 8991101200003204514,x", "8991101200003204514"),
            ("IMEI 35 209900 176148 1 12 pieces", "35 209900 176148 1"),
        ] {
            assert_eq!(found(text), [value], "{text}");
        }
        for text in [
            "490154203237518.5",
            "x490154203237518",
            "4901542032375180",
            "490154203237518a",
            "12.490154203237518",
            "4901542032375101",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn cookies_are_found_between_their_borders() {
        let found = |text: &str| {
            ["GA1.", "fb.1."]
                .iter()
                .filter_map(|prefix| text.find(prefix))
                .find_map(|at| part(text, find_cookie(text.as_bytes(), at)).map(str::to_owned))
        };
        assert_eq!(
            found("_ga=GA1.2.123456789.1700000000; _x=1").as_deref(),
            Some("GA1.2.123456789.1700000000")
        );
        assert_eq!(
            found("_fbp=fb.1.1596403881668.1116446470.").as_deref(),
            Some("fb.1.1596403881668.1116446470")
        );
        assert_eq!(found("GA1.2 of 2020"), None);
        assert_eq!(found("xGA1.2.123456789.1700000000"), None);
    }

    proptest! {
        #[test]
        fn every_phone_is_read_in_each_spelling(
            body in prop::sample::select(REPORTING_BODIES.to_vec()), rest in "[0-9]{12}",
        ) {
            let number = with_luhn(&format!("{body:02}{rest}"));
            // What is no phone may be a subscriber.
            for wrong in with_a_wrong_digit(&number) {
                prop_assert!(!matches!(scheme(&wrong), Some(Scheme::Imei | Scheme::Iccid)));
            }
            let (a, b) = number.split_at(2);
            let (b, c) = b.split_at(6);
            let (c, d) = c.split_at(6);
            for spelling in [number.clone(), format!("{a}-{b}-{c}-{d}"), format!("{a} {b} {c} {d}")] {
                prop_assert_eq!(scheme(&spelling), Some(Scheme::Imei));
                prop_assert_eq!(canonical(parse(spelling.as_bytes())), Some(number.clone()));
                let text = format!("imei {spelling}, seen");
                prop_assert_eq!(found(&text), [spelling]);
            }
        }

        #[test]
        fn every_sim_is_read_and_a_wrong_digit_refused(
            rest in "[0-9]{16,17}",
        ) {
            let number = with_luhn(&format!("89{rest}"));
            prop_assert_eq!(scheme(&number), Some(Scheme::Iccid));
            prop_assert_eq!(canonical(parse(number.as_bytes())), Some(number.clone()));
            for wrong in with_a_wrong_digit(&number) {
                prop_assert_eq!(parse(wrong.as_bytes()), None);
            }
        }

        // None of these has a check digit.
        #[test]
        fn every_subscriber_installation_and_cookie_is_read(
            country in "208|214|222|234|262|460|724|901|001", subscriber in "[0-9]{12}",
            body in prop::sample::select(REPORTING_BODIES.to_vec()), phone in "[0-9]{14}",
            android in "[0-9]{7}[a-f][0-9a-f]{8}",
            cookie in "[0-9]{1,10}\\.[0-9]{10}", depth in 1..10, meta in "fb\\.[0-2]\\.[0-9]{13}\\.[0-9]{6,19}",
        ) {
            for (value, expected, form) in [
                (format!("{country}{subscriber}"), Scheme::Imsi, format!("{country}{subscriber}")),
                (format!("{body:02}{phone}"), Scheme::Imeisv, format!("{body:02}{phone}")),
                (android.to_uppercase(), Scheme::AndroidId, android),
                (format!("GA1.{depth}.{cookie}"), Scheme::Cookie, cookie),
                (meta.clone(), Scheme::Cookie, meta),
            ] {
                prop_assert_eq!(scheme(&value), Some(expected), "{}", value);
                prop_assert_eq!(canonical(parse(value.as_bytes())), Some(form));
            }
        }

        #[test]
        fn every_meid_is_read_with_and_without_its_check_digit(number in "[A-F][0-9A-F]{13}") {
            let expected = number.to_lowercase();
            // 3GPP2 S.R0048-A, annex B: the digits of each second one doubled, in base 16.
            let values = expected.chars().rev().map(|c| c.to_digit(16).unwrap()).enumerate();
            let sum: u32 = values.map(|(at, n)| if at % 2 == 0 { n / 8 + 2 * n % 16 } else { n }).sum();
            let checked = format!("{expected}{:x}", (16 - sum % 16) % 16);
            for spelling in [&number, &checked] {
                prop_assert_eq!(canonical(parse(spelling.as_bytes())), Some(expected.clone()));
            }
            for (place, right) in checked.char_indices().skip(1) {
                for digit in "0123456789abcdef".chars().filter(|digit| *digit != right) {
                    let wrong = format!("{}{digit}{}", &checked[..place], &checked[place + 1..]);
                    prop_assert_eq!(scheme(&wrong), None);
                }
            }
        }

        #[test]
        fn every_uuid_is_read(bits in 1u128..) {
            let hex = format!("{bits:032X}");
            let uuid = format!(
                "{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]
            );
            let expected = Some(uuid.to_lowercase());
            prop_assert_eq!(canonical(parse(uuid.as_bytes())), expected.clone());
            prop_assert_eq!(canonical(parse(format!("{{{uuid}}}").as_bytes())), expected);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(
            text in "(GA1\\.|fb\\.1\\.|)[0-9a-f. -]{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            for text in [text.as_bytes(), &bytes] {
                let _ = (parse(text), is_shape(text));
                for at in 0..=text.len() {
                    for found in [find(text, at), find_cookie(text, at)] {
                        prop_assert!(found.is_none_or(|(span, _)| span.end <= text.len()));
                    }
                }
            }
        }
    }
}
