//! Masked display: a hint of a value, never enough of it to join on.
//!
//! | kind | shows | example |
//! | --- | --- | --- |
//! | `email` | first character of local part and domain, top-level domain | `j***@e***.com` |
//! | `phone` | country code, last two digits | `+33 *** 78`; `*** 78` in national form |
//! | `iban` | first four, last four | `FR76 *** 0189` |
//! | `card` | last four | `*** 1111` |
//! | `ip` | first octet or group | `192.***`, `2001:***` |
//!
//! Of any other kind, and of a value that does not parse, nothing is shown: `***`. What a mask
//! shows comes from the canonical form, so that two spellings of one value have one mask.

use super::{Raw, card, email, iban, ip, phone};

/// What stands for the part that is not shown.
const HIDDEN: &str = "***";

/// The mask of `value`, which is a value of the kind of that name as it stands in the data, or its
/// canonical form. A mask is its own mask.
///
/// # Source
/// The pseudonym specification `loup.v1`, operator `mask`.
#[must_use]
pub fn mask(kind_name: &str, value: Raw<'_>) -> String {
    if is_masked(kind_name, value.0) {
        // What `mask` emits is UTF-8, so nothing is replaced here.
        return String::from_utf8_lossy(value.0).into_owned();
    }
    let shown = match kind_name {
        "email" => mask_email(value.0),
        "phone" => mask_phone(value.0),
        "iban" => mask_iban(value.0),
        "card" => mask_card(value.0),
        "ip" => mask_ip(value.0),
        _ => None,
    };
    shown.unwrap_or_else(|| HIDDEN.to_owned())
}

/// Whether `value` is what [`mask`] emits for a value of that kind. No value that parses is.
#[must_use]
pub fn is_masked(kind_name: &str, value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else {
        return false;
    };
    text == HIDDEN
        || match kind_name {
            "email" => is_masked_email(text),
            "phone" => is_masked_phone(text),
            "iban" => is_masked_iban(text),
            "card" => text.strip_prefix("*** ").is_some_and(|shown| are_digits(shown, 4)),
            "ip" => is_masked_ip(text),
            _ => false,
        }
}

fn mask_email(value: &[u8]) -> Option<String> {
    let parsed = email::parse(value)?;
    let address = std::str::from_utf8(parsed.canonical.as_bytes()).ok()?;
    let (local, domain) = address.rsplit_once('@')?;
    let (_, top_level) = domain.rsplit_once('.')?;
    Some(format!("{}***@{}***.{top_level}", local.chars().next()?, domain.chars().next()?))
}

fn is_masked_email(text: &str) -> bool {
    let is_local_hint = |hint: &str| {
        let mut chars = hint.chars();
        let first = chars.next().is_some_and(|c| !c.is_ascii_uppercase() && c != '@');
        first && chars.as_str() == HIDDEN
    };
    let is_domain_hint = |hint: &str| {
        let hint = hint.strip_suffix(HIDDEN).unwrap_or_default();
        matches!(hint.as_bytes(), [b'a'..=b'z' | b'0'..=b'9'])
    };
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        is_local_hint(local)
            && domain.split_once('.').is_some_and(|(hint, top_level)| {
                is_domain_hint(hint)
                    && !top_level.contains('.')
                    && email::domain_strength(&format!("a.{top_level}")).is_some()
            })
    })
}

fn mask_phone(value: &[u8]) -> Option<String> {
    if let Some(parsed) = phone::parse(value, &[]) {
        let number = std::str::from_utf8(parsed.canonical.as_bytes()).ok()?;
        let digits = number.split(';').next()?.strip_prefix('+')?;
        let last_two = digits.get(digits.len().checked_sub(2)?..)?;
        return Some(format!("+{} *** {last_two}", phone::country_code(digits)?));
    }
    // A national number: without a region there is no country code to show.
    let [tens, units] = phone::last_two(value)?.map(char::from);
    Some(format!("*** {tens}{units}"))
}

fn is_masked_phone(text: &str) -> bool {
    let Some((code, shown)) = text.split_once("*** ") else {
        return false;
    };
    let is_code = |code: &str| {
        (1..=3).contains(&code.len())
            && are_digits(code, code.len())
            && phone::country_code(&format!("{code}0")) == Some(code)
    };
    let code = code.strip_prefix('+').map(|rest| rest.strip_suffix(' ').is_some_and(is_code));
    are_digits(shown, 2) && code.unwrap_or(text.starts_with(HIDDEN))
}

fn mask_iban(value: &[u8]) -> Option<String> {
    let parsed = iban::parse(value)?;
    let number = std::str::from_utf8(parsed.canonical.as_bytes()).ok()?;
    let last_four = number.get(number.len().checked_sub(4)?..)?;
    Some(format!("{} *** {last_four}", number.get(..4)?))
}

fn is_masked_iban(text: &str) -> bool {
    let is_country = |b: &u8| b.is_ascii_uppercase();
    text.split_once(" *** ").is_some_and(|(first, last)| {
        matches!(first.as_bytes(), [a, b, digits @ ..]
            if is_country(a) && is_country(b) && digits.len() == 2 && digits.iter().all(u8::is_ascii_digit))
            && last.len() == 4
            && last.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

fn mask_card(value: &[u8]) -> Option<String> {
    let parsed = card::parse(value)?;
    let digits = std::str::from_utf8(parsed.canonical.as_bytes()).ok()?;
    Some(format!("*** {}", digits.get(digits.len().checked_sub(4)?..)?))
}

fn mask_ip(value: &[u8]) -> Option<String> {
    let parsed = ip::parse_v4(value).or_else(|| ip::parse_v6(value))?;
    let address = std::str::from_utf8(parsed.canonical.as_bytes()).ok()?;
    Some(match address.split_once(['.', ':'])? {
        // The first group of `::1` is a zero that is not written.
        ("", _) => "0:***".to_owned(),
        (first, _) if address.contains(':') => format!("{first}:***"),
        (first, _) => format!("{first}.***"),
    })
}

fn is_masked_ip(text: &str) -> bool {
    let without_leading_zero = |number: &str| number.len() == 1 || !number.starts_with('0');
    if let Some(octet) = text.strip_suffix(".***") {
        return are_digits(octet, octet.len())
            && without_leading_zero(octet)
            && octet.parse::<u8>().is_ok();
    }
    text.strip_suffix(":***").is_some_and(|group| {
        let is_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        (1..=4).contains(&group.len()) && group.bytes().all(is_hex) && without_leading_zero(group)
    })
}

fn are_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [&str; 6] = ["email", "phone", "iban", "ip", "card", "other"];

    fn masked(kind: &str, value: &str) -> String {
        mask(kind, Raw(value.as_bytes()))
    }

    #[test]
    fn masks_are_those_of_the_specification() {
        for (kind, value, expected) in [
            ("email", "Jean.Dupont@Example.COM", "j***@e***.com"),
            ("email", "hélène@xn--mller-kva.example", "h***@x***.example"),
            ("email", "\"Jean Dupont\"@mail.example.org", "\"***@m***.org"),
            ("phone", "+33612345678", "+33 *** 78"),
            ("phone", "+33612345678;ext=12", "+33 *** 78"),
            ("phone", "+1 202 555 0143 x99", "+1 *** 43"),
            ("phone", "00353 20 91 0 1234", "***"),
            ("phone", "06 12 34 56 78", "*** 78"),
            ("phone", "202.555.0143x718", "*** 43"),
            ("iban", "fr76 3000 6000 0112 3456 7890 189", "FR76 *** 0189"),
            ("card", "4111 1111 1111 1111", "*** 1111"),
            ("ip", "192.0.2.1:80", "192.***"),
            ("ip", "2001:DB8::1", "2001:***"),
            ("ip", "::1", "0:***"),
            ("ip", "::ffff:192.0.2.1", "192.***"),
            ("ip_host", "198-51-100-7", "***"),
        ] {
            assert_eq!(masked(kind, value), expected, "{kind} {value}");
        }
    }

    #[test]
    fn nothing_is_shown_of_what_does_not_parse() {
        for kind in KINDS {
            for value in [
                "n/a",
                "",
                "raw\0jean",
                "jean@",
                "41111",
                "FR76",
                "192.0.2",
                "2020-08-24",
                "+99 12",
            ] {
                assert_eq!(masked(kind, value), "***", "{kind} {value}");
            }
            assert_eq!(mask(kind, Raw(b"\xff\xfe")), "***");
        }
    }

    #[test]
    fn only_masks_are_masks() {
        for (kind, value) in [
            ("email", "J***@e***.com"),
            ("email", "j***@e***.notatld"),
            ("email", "je***@e***.com"),
            ("email", "j***@e***.co.uk"),
            ("email", "j***@E***.com"),
            ("email", "j****@e***.com"),
            ("phone", "+33*** 78"),
            ("phone", "33 *** 78"),
            ("phone", "+33 *** 178"),
            ("phone", "+3 *** 78"),
            ("phone", " *** 78"),
            ("phone", "x *** 78"),
            ("phone", "*** *** 78"),
            ("iban", "fr76 *** 0189"),
            ("iban", "FR76 *** 01890"),
            ("card", "*** 111"),
            ("card", "4111 *** 1111"),
            ("ip", "256.***"),
            ("ip", "192.0.***"),
            ("ip", "2001:db8:***"),
            ("ip", "02.***"),
            ("ip", ".***"),
            ("ip", ":***"),
            ("other", "j***@e***.com"),
            ("ip", "+1.***"),
        ] {
            assert!(!is_masked(kind, value.as_bytes()), "{kind} {value}");
        }
    }

    proptest! {
        #[test]
        fn a_mask_is_its_own_mask(
            kind in prop::sample::select(KINDS.to_vec()),
            value in "\\PC{0,20}|[a-zé]{1,8}@[a-z]{1,8}\\.(com|example|local)|\\+?[0-9 ]{7,16}|[0-9a-f:]{2,20}|[0-9]{1,3}\\.[0-9]\\.2\\.1",
        ) {
            let once = masked(kind, &value);
            prop_assert!(is_masked(kind, once.as_bytes()), "{:?}", once);
            prop_assert_eq!(masked(kind, &once), once);
        }

        #[test]
        fn a_masked_email_shows_two_characters_and_the_end(
            local in "[a-z]{2,12}", domain in "[a-z]{2,12}", end in "com|org|example",
        ) {
            let expected = format!("{}***@{}***.{end}", &local[..1], &domain[..1]);
            prop_assert_eq!(masked("email", &format!("{local}@{domain}.{end}")), expected);
        }

        #[test]
        fn a_masked_number_shows_no_more_digits_than_it_may(value in "\\+?[0-9][0-9 .-]{6,20}") {
            for (kind, max) in [("phone", 5), ("card", 4), ("ip", 3), ("iban", 6)] {
                let shown = masked(kind, &value);
                prop_assert!(shown.bytes().filter(u8::is_ascii_digit).count() <= max, "{}", shown);
                prop_assert!(shown.contains("***"));
            }
        }
    }
}
