//! Where the words of a text are: rows of letters and digits, parts of a row in scripts without spaces, and
//! abbreviations that are written with dots.

use std::ops::Range;

use super::super::candidate::letters::Letters;

/// The longest part of a word in a script without spaces that is looked up, in characters.
const MAX_UNSPACED: usize = 5;

/// Which of the first 64 bytes are letters and digits of ASCII, bit i for byte i.
pub(super) fn letters_and_digits(bytes: &[u8]) -> u64 {
    let found = Letters::of(&bytes[..bytes.len().min(64)]);
    found.letters[0] | found.digits[0]
}

/// Whether the letter at `at` could be the last of an abbreviation that is written with dots.
pub(super) fn ends_initials(text: &[u8], at: usize) -> bool {
    matches!(text[..at], [.., b'.'] | [.., b'.', b' '])
}

/// The letters of an abbreviation that is written with dots, as one word: `SSN` of `S.S.N.`.
#[derive(Default)]
pub(super) struct Initials {
    letters: [u8; Self::MAX * 4],
    length: usize,
}

impl Initials {
    const MAX: usize = 6;

    /// Those of the abbreviation whose last letter ends `text`; nothing if it has only one.
    ///
    /// Between two letters stand a dot and perhaps a space, and before the first no letter.
    pub(super) fn ending_at(text: &[u8]) -> Self {
        let mut initials = Self::default();
        let mut places = [(0, 0); Self::MAX];
        let (mut count, mut rest) = (0, text);
        while count < Self::MAX
            && let Some(letter) = last_letter(rest)
        {
            places[count] = (rest.len() - letter, letter);
            count += 1;
            let head = &rest[..rest.len() - letter];
            let spaceless = head.strip_suffix(b" ").unwrap_or(head);
            let Some(before) = spaceless.strip_suffix(b".") else {
                // A word that goes on is no initial.
                let goes_on =
                    last_letter(head).is_some() || head.last().is_some_and(u8::is_ascii_digit);
                count -= usize::from(goes_on);
                break;
            };
            rest = before;
        }
        if count > 1 {
            for (start, length) in places[..count].iter().rev() {
                initials.letters[initials.length..initials.length + length]
                    .copy_from_slice(&text[*start..start + length]);
                initials.length += length;
            }
        }
        initials
    }

    pub(super) fn letters(&self) -> &[u8] {
        &self.letters[..self.length]
    }
}

/// The length of the letter that ends `text`.
fn last_letter(text: &[u8]) -> Option<usize> {
    let start = text.iter().rposition(|byte| byte & 0xC0 != 0x80)?;
    let letter = text.get(start..).filter(|bytes| bytes.len() <= 4)?;
    let letter = std::str::from_utf8(letter).ok()?;
    letter.starts_with(char::is_alphabetic).then_some(letter.len())
}

/// The letters and digits that end `text`, and those that begin it.
pub(super) fn word_at_end(text: &[u8]) -> &[u8] {
    let length = text.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    &text[text.len() - length..]
}

pub(super) fn word_at_start(text: &[u8]) -> &[u8] {
    &text[..text.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()]
}

pub(super) fn is_alphanumeric_at(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(u8::is_ascii_alphanumeric)
}

/// Whether a word goes on at either end of `span`.
pub(super) fn is_glued(text: &[u8], span: &Range<usize>) -> bool {
    let goes_on =
        |at: usize| at > 0 && is_alphanumeric_at(text, at - 1) && is_alphanumeric_at(text, at);
    goes_on(span.start) || span.end > span.start && goes_on(span.end)
}

/// Calls `hear` with the words of `text`, last first.
pub(super) fn words_backwards(text: &[u8], hear: &mut impl FnMut(&[u8])) {
    if !text.is_ascii() {
        let text = String::from_utf8_lossy(text);
        words(&text).rev().for_each(|word| {
            hear_initials(text.as_bytes(), word.as_bytes(), hear);
            each_part(word, true, hear);
        });
        return;
    }
    let mut end = text.len();
    while let Some(last) = text[..end].iter().rposition(u8::is_ascii_alphanumeric) {
        let start =
            text[..last].iter().rposition(|b| !b.is_ascii_alphanumeric()).map_or(0, |i| i + 1);
        hear_unless_redacted(text, start..last + 1, hear);
        end = start;
    }
}

/// Calls `hear` with the words of `text` in order.
pub(super) fn words_forwards(text: &[u8], hear: &mut impl FnMut(&[u8])) {
    if !text.is_ascii() {
        let text = String::from_utf8_lossy(text);
        words(&text).for_each(|word| {
            each_part(word, false, hear);
            hear_initials(text.as_bytes(), word.as_bytes(), hear);
        });
        return;
    }
    let mut start = 0;
    while let Some(first) = text[start..].iter().position(u8::is_ascii_alphanumeric) {
        let first = start + first;
        let end = text[first..]
            .iter()
            .position(|b| !b.is_ascii_alphanumeric())
            .map_or(text.len(), |i| first + i);
        hear_unless_redacted(text, first..end, hear);
        start = end;
    }
}

fn hear_unless_redacted(text: &[u8], word: Range<usize>, hear: &mut impl FnMut(&[u8])) {
    if !is_redaction(text, &word) {
        hear(&text[word.clone()]);
        hear_initials(text, &text[word], hear);
    }
}

/// Calls `hear` with the abbreviation whose last letter is `word`, a part of `text`.
fn hear_initials(text: &[u8], word: &[u8], hear: &mut impl FnMut(&[u8])) {
    if last_letter(word) == Some(word.len()) {
        let end = word.as_ptr().addr() - text.as_ptr().addr() + word.len();
        let initials = Initials::ending_at(&text[..end]);
        if initials.length > 0 {
            hear(initials.letters());
        }
    }
}

/// The words of a text that is not ASCII.
fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        let start = word.as_ptr().addr() - text.as_ptr().addr();
        !word.is_empty() && !is_redaction(text.as_bytes(), &(start..start + word.len()))
    })
}

/// Calls `hear` with a word, or where its script has no spaces with every short part of it.
fn each_part(word: &str, backwards: bool, hear: &mut impl FnMut(&[u8])) {
    if !word.chars().any(|c| c >= '\u{2e80}') {
        hear(word.as_bytes());
        return;
    }
    let borders: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    let mut parts: Vec<(usize, usize)> = (0..borders.len())
        .flat_map(|first| (1..=MAX_UNSPACED).map(move |length| (first, first + length)))
        .filter(|(_, last)| *last < borders.len())
        .collect();
    if backwards {
        parts.sort_by_key(|(first, last)| std::cmp::Reverse((*last, last - first)));
    }
    for (first, last) in parts {
        hear(&word.as_bytes()[borders[first]..borders[last]]);
    }
}

/// Whether `word`, a part of `text`, is what redaction left of a value, as in `[PHONE]`: it says
/// nothing of the value beside it, or protecting twice would find more than protecting once. The
/// text may be cut at one of the brackets.
pub(super) fn is_redaction(text: &[u8], word: &Range<usize>) -> bool {
    let opening = word.start.checked_sub(1).map(|at| text[at]);
    let closing = text.get(word.end);
    let is_enclosed = match (opening, closing) {
        (Some(opening), Some(closing)) => opening == b'[' && *closing == b']',
        (Some(opening), None) => opening == b'[',
        (None, Some(closing)) => *closing == b']',
        (None, None) => false,
    };
    is_enclosed && text[word.clone()].iter().all(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_without_spaces_are_read_by_parts() {
        let mut parts = Vec::new();
        each_part("我的电话", true, &mut |part| {
            parts.push(String::from_utf8(part.to_vec()).unwrap());
        });
        assert_eq!(parts[0], "我的电话");
        assert!(parts.contains(&"电话".to_owned()) && parts.len() == 10);
    }
}
