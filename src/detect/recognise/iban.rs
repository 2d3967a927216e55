//! IBANs: from the first two letters over the groups to as many characters as their country's have.

use super::{Hit, after, before, separator};
use crate::detect::candidate::shape;
use crate::detect::glance::Glance;
use crate::kind::iban;

/// The IBAN whose second check digit is at `digit`.
///
/// Its country says how long it is, so that words and numbers behind a grouped IBAN do not hide it.
pub(in crate::detect) fn find(text: &[u8], digit: usize) -> Option<Hit> {
    find_from(text, digit.checked_sub(3)?)
}

/// The IBAN whose country stands apart, in capitals, from its check digits, the first of them at
/// `digit`: `DE 89 3704 0044 0532 0130 00`.
pub(in crate::detect) fn find_apart(text: &[u8], digit: usize) -> Option<Hit> {
    let [a, b, b' '] = *text[..digit].last_chunk()? else { return None };
    let is_apart = a.is_ascii_uppercase()
        && b.is_ascii_uppercase()
        && after(text, digit + 1).is_ascii_digit()
        && !before(text, digit - 3).is_ascii_alphanumeric();
    is_apart.then(|| find_from(text, digit - 3))?
}

/// The IBAN whose country is at `start`: as many characters as those of that country have, with a
/// border behind them.
fn find_from(text: &[u8], start: usize) -> Option<Hit> {
    let (end, is_whole) = end_from(text, start)?;
    is_whole.then(|| iban::parse(&text[start..end]))?.map(|p| Hit::new(start..end, p))
}

/// Where the groups end that make as many characters as the IBANs of the country at `start` have, or where
/// they break off or make more; and whether they make as many. Which digits they are is not asked.
fn end_from(text: &[u8], start: usize) -> Option<(usize, bool)> {
    let length = iban::length_in(*text.get(start)?, *text.get(start + 1)?)?;
    let (mut at, mut characters) = (start, 0);
    while characters < length {
        if !after(text, at).is_ascii_alphanumeric() {
            let gap = gap(text, at);
            if gap == 0 {
                break;
            }
            at += gap;
        }
        let group = text[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if group == 0 {
            break;
        }
        at += group;
        characters += group;
    }
    Some((at, characters == length))
}

/// Whether the digits at `at`, whatever they are, could be an IBAN's: they stand behind a country, and as
/// many characters follow as its numbers have.
pub(in crate::detect) fn could_be(text: &[u8], at: usize, shapes: u16, glance: Glance) -> bool {
    /// Nobody knows here what is farther behind the country.
    const FAR: usize = 40;
    let is_of_country = |back: usize| {
        let start = at.checked_sub(back);
        let end = start.and_then(|start| Some((start, end_from(text, start)?)));
        end.is_some_and(|(start, (end, is_whole))| is_whole || end - start > FAR)
    };
    if shapes & shape::IBAN != 0 {
        is_of_country(3)
    } else if shapes & shape::LETTERED != 0 {
        is_of_country(2)
    } else {
        glance.previous == b' ' && is_of_country(3) && text[at - 2].is_ascii_uppercase()
    }
}

/// The separator between two groups at `at`: a dot, too.
fn gap(text: &[u8], at: usize) -> usize {
    if text.get(at) == Some(&b'.') { 1 } else { separator(text, at) }
}

/// The IBAN whose first check digit is at `digit`, behind the letters of its country: as soon as
/// that, since what else begins with letters would be asked before its second. Right behind the word it
/// has no border (`IBANFR76…`).
pub(in crate::detect) fn find_at_first_digit(text: &[u8], digit: usize) -> Option<Hit> {
    let country = digit.checked_sub(2)?;
    let is_labelled = || {
        let label = country.checked_sub(4).map(|start| &text[start..country]);
        label.is_some_and(|label| label.eq_ignore_ascii_case(b"iban"))
    };
    let is_apart = !before(text, country).is_ascii_alphanumeric();
    (after(text, digit + 1).is_ascii_digit() && (is_apart || is_labelled()))
        .then(|| find_from(text, country))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        let digit = text.find("76").or_else(|| text.find("89")).unwrap() + 1;
        find(text.as_bytes(), digit).map(|hit| &text[hit.span])
    }

    #[test]
    fn the_right_border_is_found_among_words_and_numbers() {
        for (text, value) in [
            ("FR7630006000011234567890189", "FR7630006000011234567890189"),
            ("IBAN fr76 3000 6000 0112 3456 7890 189 merci", "fr76 3000 6000 0112 3456 7890 189"),
            ("FR76-3000-6000-0112-3456-7890-189.", "FR76-3000-6000-0112-3456-7890-189"),
            ("DE89 3704 0044 0532 0130 00 12 EUR", "DE89 3704 0044 0532 0130 00"),
            ("DE89370400440532013000,ok", "DE89370400440532013000"),
            (":59:/DE89370400440532013000", "DE89370400440532013000"),
            ("DE89.3704.0044.0532.0130.00.", "DE89.3704.0044.0532.0130.00"),
        ] {
            assert_eq!(found(text), Some(value), "{text}");
        }
    }

    #[test]
    fn the_country_may_stand_apart() {
        let text = "IBAN DE 89 3704 0044 0532 0130 00, DE 89";
        let hit = find_apart(text.as_bytes(), text.find("89").unwrap()).unwrap();
        assert_eq!(&text[hit.span], "DE 89 3704 0044 0532 0130 00");
        assert!(find_apart(text.as_bytes(), text.rfind("89").unwrap()).is_none());
    }

    #[test]
    fn wrong_check_digits_and_longer_words_are_not_found() {
        assert_eq!(found("FR7630006000011234567890188"), None);
        assert_eq!(found("FR7630006000011234567890189X"), None);
        assert_eq!(found("FR76 merci"), None);
    }
}
