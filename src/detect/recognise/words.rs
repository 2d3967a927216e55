//! Names, addresses and dates in running text: quick refusals before the kinds' own finders, which
//! look at words one by one.

use std::ops::Range;

use super::{Hit, Proof, after, before};
use crate::detect::Form;
use crate::detect::glance::digits_at;
use crate::kind::{self, Parsed, name};

/// The name whose second word begins at `at`.
///
/// A cell that is nothing but a few words is the column's to judge, not this one's.
pub(in crate::detect) fn name(text: &[u8], at: usize, form: Form) -> Option<Hit> {
    if !is_capitalised(text, at) || !follows_capitalised(text, at) {
        return None;
    }
    if form == Form::Cell && is_few_words(text) {
        return None;
    }
    let window = window(text, at);
    let (span, strength) = name::find(&text[window.clone()], at - window.start)?;
    let span = window.start + span.start..window.start + span.end;
    let proof = match strength {
        name::Strength::Strong => Proof::Strong,
        name::Strength::Weak => Proof::Weak,
        name::Strength::Common | name::Strength::Shape => return None,
    };
    let parsed: Parsed = name::parsed(&text[span.clone()])?;
    Some(Hit { proof, ..Hit::new(span, parsed) })
}

/// The part of `text` that tells that no name has its second word at `at`, whatever is around it; nothing
/// where the rest of it has to be asked.
pub(in crate::detect) fn no_name(text: &[u8], at: usize) -> Option<Range<usize>> {
    /// The part of a word that is joined to another, the word before it, and a title before that.
    const WORDS: usize = 3;
    /// Few capitals are no family name.
    const ACRONYM: usize = 4;
    if !is_capitalised(text, at) {
        let letters = text[at..].iter().take(32).take_while(|b| is_letter(b)).count();
        return Some(at..at + letters + 1);
    }
    let is_of_word = |b: &&u8| is_letter(b) || matches!(b, b'.' | b'\'' | b'-');
    let start = (0..WORDS).fold(at, |at, _| {
        let start = at - text[..at].iter().rev().take_while(is_of_word).count();
        start - usize::from(before(text, start) == b' ' && start > 0)
    });
    (!name::could_be_at(text, at)).then(|| start.saturating_sub(1)..at + ACRONYM)
}

fn is_letter(b: &u8) -> bool {
    b.is_ascii_alphabetic() || !b.is_ascii()
}

/// What is near `at`, from the start of a word on: a line may be megabytes long, and every name in
/// it asks.
fn window(text: &[u8], at: usize) -> Range<usize> {
    const REACH: usize = 400;
    let start = at.saturating_sub(REACH);
    let cut = if start == 0 { None } else { text[start..at].iter().position(|b| *b == b' ') };
    let start = cut.map_or(start, |space| start + space + 1);
    let end = text.len().min(at + REACH);
    let is_inside = |end: usize| end < text.len() && text[end] & 0xC0 == 0x80;
    let end = (at..=end).rev().find(|end| !is_inside(*end)).unwrap_or(at);
    start..end
}

/// Whether a word at `at` looks like a part of a name: a capital, lower case or capitals behind it,
/// and nothing that makes it an identifier.
fn is_capitalised(text: &[u8], at: usize) -> bool {
    let word = &text[at..];
    let length = word.iter().take(32).take_while(|b| is_letter(b)).count();
    let sign = after(word, length);
    length >= 2
        && !sign.is_ascii_digit()
        && !matches!(sign, b'_' | b'/' | b'=' | b'(' | b'[' | b'<' | b'{' | b'\\' | b'@')
}

/// Whether the word before the space at `at - 1` begins with a capital, is no ASCII, or is a title.
fn follows_capitalised(text: &[u8], at: usize) -> bool {
    let Some(before_space) = at.checked_sub(1).map(|space| &text[..space]) else { return false };
    let is_word = |b: &u8| is_letter(b) || matches!(b, b'.' | b'\'' | b'-');
    let length = before_space.iter().rev().take(32).take_while(|b| is_word(b)).count();
    let word = &before_space[before_space.len() - length..];
    word.first().is_some_and(|b| b.is_ascii_uppercase() || !b.is_ascii())
        || name::is_small_title(word)
}

/// Whether a cell is written as a name is, whatever it is.
fn is_few_words(text: &[u8]) -> bool {
    const MAX_SPACES: usize = 4;
    const MAX_LENGTH: usize = 120;
    // A cell may be as long as a book, and every name in it asks.
    text.len() <= MAX_LENGTH
        && text.iter().filter(|b| **b == b' ').count() <= MAX_SPACES
        && name::is_shape(text)
}

/// The address that the number at `at` is a part of: the house, or the postcode.
pub(in crate::detect) fn address(text: &[u8], at: usize, form: Form) -> Option<Hit> {
    const MAX_DIGITS: usize = 5;
    if form == Form::Cell && text.len() <= MAX_ADDRESS_CELL {
        return None;
    }
    let digits = digits_at(text, at);
    if digits > MAX_DIGITS
        || !could_be_of_address(text, at, digits)
        || !has_postcode(&text[at..], digits)
    {
        return None;
    }
    let window = window(text, at);
    let span = kind::address::find(&text[window.clone()], at - window.start)?;
    let span = window.start + span.start..window.start + span.end;
    let parsed = kind::address::parsed(&text[span.clone()])?;
    Some(Hit { proof: Proof::Strong, ..Hit::new(span, parsed) })
}

/// Whether a word stands behind the digits at `at`, as behind a house or a postcode, or another number
/// behind a word and them.
pub(in crate::detect) fn could_be_of_address(text: &[u8], at: usize, digits: usize) -> bool {
    let rest = &text[at + digits..];
    has_word_behind(rest) || has_number_behind(rest) && follows_letter(text, at)
}

/// Whether the number at `at` stands in quotes behind a key.
pub(in crate::detect) fn is_in_named_quotes(text: &[u8], at: usize) -> bool {
    named_quote(text, at).is_some()
}

/// Where the text in quotes around `at` starts, if a key and its sign stand before the quotes.
fn named_quote(text: &[u8], at: usize) -> Option<usize> {
    const REACH: usize = 80;
    let head = &text[at.saturating_sub(REACH)..at];
    let opened = memchr::memrchr3(b'"', b'\'', b'=', head).map_or(0, |sign| sign + 1);
    let start = at - head.len() + opened;
    let is_opened = matches!(before(text, start), b'"' | b'\'') && !head[opened..].contains(&b'\n');
    let key = text[..start].get(..start.checked_sub(1)?)?;
    let key = key.strip_suffix(b" ").unwrap_or(key);
    (is_opened && matches!(key.last(), Some(b'=' | b':'))).then_some(start)
}

/// The address in quotes behind a key (`street="12 Main Street"`) that the number at `at` is a part
/// of, and that only its key tells: there is a street, perhaps no city. Whether the key speaks of
/// addresses is for the caller to say, and whether the number stands apart.
pub(in crate::detect) fn quoted_address(text: &[u8], at: usize) -> Option<Hit> {
    const REACH: usize = 160;
    let start = named_quote(text, at)?;
    let quote = before(text, start);
    let rest = &text[at..text.len().min(at + REACH)];
    let end = at + rest.iter().position(|b| *b == quote)?;
    let is_street = kind::address::grade(&text[start..end])? >= kind::address::Strength::Weak;
    let parsed = kind::address::parsed(&text[start..end]).filter(|_| is_street)?;
    Some(Hit { proof: Proof::Strong, ..Hit::new(start..end, parsed) })
}

/// Whether a number stands behind another as a postcode behind that of a house, perhaps with a
/// letter or a second house between: `12, 99000`, `5a 99000`, `3/4, 99-000`.
fn has_number_behind(rest: &[u8]) -> bool {
    let is_house = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-');
    let house = rest.iter().take(6).take_while(is_house).count();
    let comma = usize::from(after(rest, house) == b',');
    after(rest, house + comma) == b' ' && after(rest, house + comma + 1).is_ascii_digit()
}

/// Whether a word stands before the number at `at`, with a space and perhaps a sign between.
fn follows_letter(text: &[u8], at: usize) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphabetic() || !b.is_ascii();
    let word = text[..at].strip_suffix(b" ").unwrap_or_default();
    let word = word.strip_suffix(b",").or(word.strip_suffix(b".")).unwrap_or(word);
    word.last().copied().is_some_and(is_letter)
}

/// Whether a number as long as a postcode follows, or what postcodes of letters end with (`1AA`,
/// `1A1`), or the first number is one itself.
fn has_postcode(text: &[u8], digits: usize) -> bool {
    const REACH: usize = 90;
    let rest = &text[digits..text.len().min(digits + REACH)];
    let is_number = |group: &[u8]| (3..=5).contains(&group.len());
    let is_lettered = |three: &[u8]| {
        three[0].is_ascii_digit()
            && three[1].is_ascii_uppercase()
            && (three[2].is_ascii_uppercase() || three[2].is_ascii_digit())
    };
    digits >= 4
        || rest.split(|b| !b.is_ascii_digit()).any(is_number)
        || rest.windows(3).any(is_lettered)
}

/// Shorter cells are the column's to judge.
pub(in crate::detect) const MAX_ADDRESS_CELL: usize = 60;

/// Whether a number is followed by a word as a house number or a postcode is: by a space, perhaps a
/// comma or a letter before it, and then a word of three letters.
fn has_word_behind(rest: &[u8]) -> bool {
    // Most words in running text.
    if let [b' ', word @ ..] = rest
        && word.first().is_some_and(u8::is_ascii_lowercase)
        && !starts_street(word)
    {
        return false;
    }
    // The rest of a Portuguese or Polish postcode.
    let code = rest.iter().take_while(|b| **b == b'-' || b.is_ascii_digit()).count();
    let rest = &rest[code..];
    let letter = usize::from(after(rest, 0).is_ascii_lowercase() && after(rest, 1) == b',');
    let rest = &rest[letter..];
    let signs = rest.iter().take(6).take_while(|b| !b.is_ascii_lowercase() || **b == b'b').count();
    let gap = rest.iter().take(4).position(|b| *b == b' ');
    let Some(gap) = gap.filter(|gap| *gap <= signs) else { return false };
    let is_letter = |b: &&u8| b.is_ascii_alphabetic() || !b.is_ascii();
    let behind = &rest[gap + 1..];
    let letters = behind.iter().take(24).take_while(is_letter).count();
    if behind.first().is_some_and(u8::is_ascii_lowercase) && !starts_street(behind) {
        return false;
    }
    // `2748 E ROSE AVE`
    let is_side = letters == 1 && behind[0].is_ascii_uppercase() && after(behind, 1) == b' ';
    letters >= 2 || is_side
}

/// Whether a word begins as one for a street does that is written small: others of a street have
/// capitals.
fn starts_street(word: &[u8]) -> bool {
    matches!(
        word,
        [b'r', b'u', b'e', ..]
            | [b'a', b'v', ..]
            | [b'b', b'd', ..]
            | [b'b', b'o', b'u', b'l', ..]
            | [b'b', b'l', b'd', ..]
            | [b'c', b'h', ..]
            | [b'i', b'm', b'p', ..]
            | [b'a', b'l', b'l', ..]
            | [b'p', b'l', ..]
            | [b'q', b'u', b'a', ..]
            | [b'r', b'o', b'u', ..]
            | [b'r', b't', b'e', ..]
            | [b'c', b'o', b'u', ..]
            | [b's', b'q', b'u', ..]
            | [b'v', b'i', b'a', ..]
            | [b'c', b'a', b'l', ..]
            | [b'u', b'l', ..]
            | [b's', b't', b'r', ..]
            | [b'l', b'i', b'e', b'u', ..]
            | [b'r', b'e', b's', ..]
            | [b'b', b'i', b's', ..]
            | [b't', b'e', b'r', ..]
    )
}

/// Whether the number at `at` could begin a date: two or four digits and a sign or a word behind
/// them, with something before it that could say what date it is.
pub(in crate::detect) fn could_be_date(text: &[u8], at: usize) -> bool {
    if at == 0 {
        return false;
    }
    let digits = text[at..].iter().take(9).take_while(|b| b.is_ascii_digit()).count();
    let sign = after(text, at + digits);
    let beyond = after(text, at + digits + 1);
    match digits {
        4 => {
            matches!(sign, b'-' | b'/' | b'.')
                && beyond.is_ascii_digit()
                && !has_time(text, at + 10)
        }
        1 | 2 => match sign {
            b'-' | b'/' | b'.' if beyond.is_ascii_digit() => {
                has_month_before(text, at) || goes_on_as_date(&text[at + digits + 1..])
            }
            b'.' => beyond == b' ',
            b' ' => after(text, at + digits + 2).is_ascii_lowercase(),
            _ => false,
        },
        8 => matches!(before(text, at), b' ' | b'=' | b':' | b'"'),
        _ => false,
    }
}

/// Whether a word stands before the number at `at`, as the name of a month does.
fn has_month_before(text: &[u8], at: usize) -> bool {
    let word = text[..at].strip_suffix(b" ").unwrap_or_default();
    word.last().is_some_and(|byte| is_alphanumeric_or_high(*byte) || *byte == b'.')
}

fn is_alphanumeric_or_high(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// Whether a second part of a date is at the start of `rest`, and something that a third follows:
/// decimals and versions have no more than one, or go on with letters.
fn goes_on_as_date(rest: &[u8]) -> bool {
    let month = digits_at(rest, 0);
    let year = &rest[month..];
    let is_third = match year {
        [b'-' | b'/' | b'.', digit, ..] if digit.is_ascii_digit() => {
            let digits = digits_at(year, 1);
            let next = after(year, 1 + digits);
            matches!(digits, 2 | 4)
                && !(matches!(next, b'-' | b'/' | b'.') && after(year, 2 + digits).is_ascii_digit())
        }
        [b'-' | b'/' | b'.' | b' ', ..] => true,
        _ => false,
    };
    month <= 2 && is_third
}

/// Whether a time of day stands at `at`: a time stamp is nobody's birth.
fn has_time(text: &[u8], at: usize) -> bool {
    matches!(after(text, at), b'T' | b' ')
        && after(text, at + 1).is_ascii_digit()
        && after(text, at + 3) == b':'
}

/// Whether the number at `at` has the decimals of a coordinate, and another number is in the text.
pub(in crate::detect) fn could_be_degrees(text: &[u8], at: usize) -> bool {
    // `-19.03799` alone is told by its column, and only as a whole.
    let point = at + digits_at(text, at);
    if at <= 1 && point + 1 + digits_at(text, point + 1) == text.len() {
        return false;
    }
    let whole = text[at..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let (sign, rest) = (after(text, at + whole), text.get(at + whole + 1..).unwrap_or_default());
    match sign {
        b'.' => rest.iter().take(4).filter(|b| b.is_ascii_digit()).count() == 4,
        0xC2 => rest.first() == Some(&0xB0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_words_are_refused_at_once() {
        let is_asked = |text: &str, word: &str| {
            let at = text.find(word).unwrap();
            is_capitalised(text.as_bytes(), at) && follows_capitalised(text.as_bytes(), at)
        };
        assert!(is_asked("ask Anna Example now", "Example"));
        assert!(is_asked("M. Dupont", "Dupont"));
        assert!(is_asked("sprak mevrouw Jansen", "Jansen"));
        assert!(is_asked("con el señor García", "García"));
        assert!(!is_asked("saw the Gecko", "Gecko"));
        assert!(!is_asked("like Gecko)", "Gecko"));
        assert!(!is_asked("Foo Bar_baz", "Bar"));
    }

    #[test]
    fn addresses_in_quotes_behind_a_key_need_no_city() {
        for (text, address) in [
            ("x=1 street=\"12 Main Street\" y=2", Some("12 Main Street")),
            ("{\"street\": \"Calle Mayor 12\"}", Some("Calle Mayor 12")),
            ("street='Hauptstraße 12'", Some("Hauptstraße 12")),
            ("street=12 Main Street", None),
            ("he said \"12 Main Street\"", None),
            ("msg=\"took 12 ms of time\"", None),
        ] {
            let at = text.find("12").unwrap();
            let span = quoted_address(text.as_bytes(), at).map(|hit| hit.span);
            assert_eq!(span.map(|span| &text[span]), address, "{text}");
        }
    }

    #[test]
    fn time_stamps_are_no_dates_of_birth() {
        assert!(!could_be_date(b"2024-11-22 10:06:12", 0));
        assert!(!could_be_date(b"at 2024-11-22T10:06:12", 3));
        assert!(could_be_date(b"born 1984-05-17", 5));
        assert!(could_be_date(b"n\xc3\xa9 le 17 mai 1984", 7));
    }
}
