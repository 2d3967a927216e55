//! The outline of one text.

use std::ops::{Range, RangeInclusive};

use super::super::Form;
use super::super::candidate::letters;
use super::super::candidate::sketch::{Row, Sketch};
use super::super::context::{Said, Words};
use super::super::recognise::{self, UUID_LEN};
use crate::kind::{iban, secret};

/// A text with its digits made equal, and without what differs from line to line beside them.
#[derive(Default)]
pub(super) struct Outline {
    sketch: Sketch,
    /// How many bytes of the sketch it has.
    len: usize,
    /// In order of place.
    masks: Vec<Mask>,
    has_folds: bool,
    /// What the words in folds say.
    heard: Said,
}

/// A part of a text that is not shown in its outline.
pub(super) struct Mask {
    /// Where it is in the text.
    pub(super) span: Range<usize>,
    pub(super) is: Masked,
}

/// What is masked. Each has a byte that stands for it: no text with these bytes has an outline.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Masked {
    /// The path of a request, a mailbox or the domain behind it: a byte for all of it, since it may be of
    /// any length. No word in it supports what numbers are asked about, and no anchor is in it.
    Fold = 0,
    /// The same with a word in it that does.
    Speaking = 3,
    /// A byte for each of its own.
    Uuid = 1,
    /// A word of hexadecimal digits, the same way.
    Hexadecimal = 2,
}

impl Masked {
    /// Whether one byte stands for all of it.
    pub(super) fn is_fold(self) -> bool {
        matches!(self, Self::Fold | Self::Speaking)
    }
}

impl Outline {
    /// Draws the outline of `text`; whether it has one. Nothing is folded in cells, whose length says what
    /// they could be.
    pub(super) fn draw(&mut self, words: &Words, text: &[u8], form: Form) -> bool {
        if !self.sketch.draw(text) {
            return false;
        }
        self.masks.clear();
        let mut end = 0;
        let masks = &mut self.masks;
        self.sketch.for_each_row(|row| {
            if row.start >= end
                && let Some(mask) = mask_at(text, &row)
            {
                end = mask.span.end;
                masks.push(mask);
            }
        });
        let unfolded = self.masks.len();
        self.heard.clear();
        // Of longer texts, words are read otherwise.
        if form == Form::Line && text.len() <= letters::LONGEST {
            for at in self.sketch.slashes().iter().take(MANY) {
                if let Some(span) = path_at(text, *at) {
                    let speaks = words.listen(text, &span, &mut self.heard);
                    let is = if speaks { Masked::Speaking } else { Masked::Fold };
                    self.masks.push(Mask { span, is });
                }
            }
            for at in self.sketch.ats().iter().take(MANY) {
                let parts = [mailbox_before(text, *at), domain_behind(text, *at)];
                for span in parts.into_iter().flatten() {
                    // There are few that speak, and numbers often stand beside them.
                    let before = self.heard.len();
                    if words.listen(text, &span, &mut self.heard) {
                        self.heard.truncate(before);
                    } else {
                        self.masks.push(Mask { span, is: Masked::Fold });
                    }
                }
            }
        }
        self.has_folds = self.masks.len() > unfolded;
        if self.has_folds {
            self.masks.sort_unstable_by_key(|mask| mask.span.start);
        }
        let bytes = self.sketch.bytes_mut();
        let (mut to, mut from) = (0, 0);
        for Mask { span, is } in &self.masks {
            if !is.is_fold() {
                bytes[span.clone()].fill(*is as u8);
                continue;
            }
            if to < from {
                bytes.copy_within(from..span.start, to);
            }
            to += span.start - from;
            bytes[to] = *is as u8;
            (to, from) = (to + 1, span.end);
        }
        if to < from {
            bytes.copy_within(from.., to);
        }
        self.len = bytes.len() - (from - to);
        true
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.sketch.bytes()[..self.len]
    }

    /// What is masked in the text, in order of place.
    pub(super) fn masks(&self) -> &[Mask] {
        &self.masks
    }

    /// What covers the byte at `at` of the text.
    pub(super) fn covering(&self, at: usize) -> Option<Masked> {
        let mask = self.masks.iter().find(|mask| mask.span.contains(&at))?;
        Some(mask.is)
    }

    /// Whether nothing of `range` is masked.
    pub(super) fn is_clear(&self, range: &Range<usize>) -> bool {
        self.masks
            .iter()
            .all(|Mask { span, .. }| span.end <= range.start || range.end <= span.start)
    }

    pub(super) fn has_folds(&self) -> bool {
        self.has_folds
    }

    /// What the words in folds say.
    pub(super) fn heard(&self) -> &Said {
        &self.heard
    }

    /// How far it is from one place of the text to another if folds have no bytes.
    pub(super) fn distance(&self, one: usize, other: usize) -> usize {
        let (first, last) = (one.min(other), one.max(other));
        let between = self.folds().filter(|fold| fold.start >= first && fold.end <= last);
        last - first - between.map(|fold| fold.len()).sum::<usize>()
    }

    /// Whether a fold that speaks is at most so many bytes away.
    pub(super) fn hears_fold(&self, at: usize, distance: usize) -> bool {
        self.masks.iter().filter(|mask| mask.is == Masked::Speaking).any(|Mask { span, .. }| {
            let nearest = if span.end <= at { span.end } else { span.start };
            self.distance(nearest, at) <= distance
        })
    }

    /// Where a byte of the text is in the outline, which is in no fold.
    pub(super) fn in_outline(&self, at: usize) -> usize {
        let before = self.folds().take_while(|fold| fold.end <= at);
        at - before.map(|fold| fold.len() - 1).sum::<usize>()
    }

    /// Where a byte of the outline is in the text.
    #[inline]
    pub(super) fn in_text(&self, at: usize) -> usize {
        if !self.has_folds {
            return at;
        }
        self.folds().fold(at, |at, fold| if at > fold.start { at + fold.len() - 1 } else { at })
    }

    fn folds(&self) -> impl Iterator<Item = &Range<usize>> {
        self.masks.iter().filter(|mask| mask.is.is_fold()).map(|mask| &mask.span)
    }
}

/// So many paths and so many addresses of a line are folded at most, since all anchors are compared with each.
const MANY: usize = 8;

/// How long a part of a path, a mailbox or a domain may be that is folded: no key is in it, and no initial.
const PART: RangeInclusive<usize> = 2..=15;

/// The path of a request whose first slash is at `at`, a space before it: `/cart/items`, `/v2/user_list`.
///
/// It is made of small letters, dashes and underscores, and of digits that end a part. What is behind it
/// is not a sign that it could be the key of a value for.
fn path_at(text: &[u8], at: usize) -> Option<Range<usize>> {
    let (mut end, mut part) = (at + 1, 0);
    let is_ended = loop {
        match text.get(end) {
            Some(b'a'..=b'z' | b'-' | b'_') => part += 1,
            // Two digits could be those of an account number.
            Some(b'0'..=b'9') if matches!(recognise::after(text, end + 1), b'/' | b'?' | b' ') => {
                part += 1;
            }
            Some(b'/') => part = 0,
            None | Some(b'?') => break true,
            Some(b' ') => break is_end(text, end),
            Some(_) => break false,
        }
        if part > *PART.end() {
            break false;
        }
        end += 1;
    };
    is_ended.then_some(at..end)
}

/// Whether the word before the space at `at` says nothing of what is behind it: it is no key and does not
/// begin a credential.
fn is_end(text: &[u8], at: usize) -> bool {
    let is_key = matches!(
        recognise::after(text, at + 1),
        b'=' | b':' | b'"' | b'\'' | b'@' | b'\\' | b'#' | b'&' | b'$'
    );
    !is_key && !secret::prefix::is_behind(text, at + 1)
}

/// The mailbox before the `@` at `at`: `jean.dupont12`.
fn mailbox_before(text: &[u8], at: usize) -> Option<Range<usize>> {
    let before = |at: usize| at.checked_sub(1).map_or(b' ', |before| text[before]);
    let (mut start, mut digits) = (at, 0);
    while before(start).is_ascii_digit() {
        (start, digits) = (start - 1, digits + 1);
    }
    let mut letters = 0;
    let mut name = 0;
    loop {
        match before(start) {
            b'a'..=b'z' => letters += 1,
            // One dot: two could be as far from each other as in a hardware address.
            b'.' if name == 0 && is_part(&text[start..start + letters]) => {
                name = letters;
                letters = 0;
            }
            b' ' | b'<' | b'"' | b'\'' | b'=' | b':' | b'(' | b'[' | b',' => break,
            _ => return None,
        }
        if letters > *PART.end() {
            return None;
        }
        start = start.checked_sub(1)?;
    }
    // Digits belong to the last part, and two letters before them begin an account number.
    let is_plain = digits == 0 || name > 2 && name + digits <= *PART.end();
    (is_plain && is_part(&text[start..start + letters])).then_some(start..at)
}

/// The domain behind the `@` at `at`: `mail.example.com`.
fn domain_behind(text: &[u8], at: usize) -> Option<Range<usize>> {
    let (start, mut end, mut letters) = (at + 1, at + 1, 0);
    let is_ended = loop {
        match text.get(end) {
            Some(b'a'..=b'z') => letters += 1,
            Some(b'.') if is_part(&text[end - letters..end]) => letters = 0,
            None | Some(b'>' | b'"' | b',' | b';' | b')' | b']') => break true,
            Some(b' ') => break is_end(text, end),
            Some(_) => break false,
        }
        if letters > *PART.end() {
            break false;
        }
        end += 1;
    };
    (is_ended && is_part(&text[end - letters..end])).then_some(start..end)
}

/// Whether small letters are a part of a name that says nothing else: no initial, and no group of a
/// hardware address.
fn is_part(letters: &[u8]) -> bool {
    let is_hexadecimal = |byte: &u8| matches!(byte, b'a'..=b'f');
    PART.contains(&letters.len()) && !(letters.len() == 4 && letters.iter().all(is_hexadecimal))
}

/// The UUID, or the word of hexadecimal digits, that begins with `row`: in small letters, and so that no
/// anchor in it finds what is longer than it or begins before it.
fn mask_at(text: &[u8], row: &Row) -> Option<Mask> {
    let Row { start, .. } = *row;
    if row.begins_uuid() && is_uuid(text, row) {
        return Some(Mask { span: start..start + UUID_LEN, is: Masked::Uuid });
    }
    if !row.is_mixed() {
        return None;
    }
    let length = match row.length() {
        64 => hexadecimals(&text[start..]),
        length => length,
    };
    let word = start..start + length;
    is_opaque(text, &word).then_some(Mask { span: word, is: Masked::Hexadecimal })
}

fn hexadecimals(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count()
}

/// Whether rows like those of a UUID are one that is passed over as a whole, whatever its digits are: its
/// first anchor tells it, unless a group begins as an account number does.
fn is_uuid(text: &[u8], row: &Row) -> bool {
    const GROUPS: [usize; 5] = [0, 9, 14, 19, 24];
    const PLACES: u64 = 1 | 1 << 9 | 1 << 14 | 1 << 19 | 1 << 24;
    let Some(uuid) = text[row.start..].first_chunk::<UUID_LEN>() else { return false };
    let has_account =
        || row.has_code_at(PLACES) && GROUPS.iter().any(|group| begins_as_iban(&uuid[*group..]));
    let is_glued = is_word(recognise::before(text, row.start))
        || is_word(recognise::after(text, row.start + UUID_LEN));
    GROUPS[1..].iter().all(|group| uuid[group - 1] == b'-') && !is_glued && !has_account()
}

fn begins_as_iban(text: &[u8]) -> bool {
    matches!(text, [a, b, c, d, ..] if c.is_ascii_digit() && d.is_ascii_digit()
        && iban::length_in(*a, *b).is_some())
}

/// Whether a word of hexadecimal digits and letters can be nothing but an identifier that words announce.
fn is_opaque(text: &[u8], word: &Range<usize>) -> bool {
    /// A RIB has so many characters.
    const RIB: usize = 23;
    let characters = &text[word.clone()];
    let (previous, next) = (recognise::before(text, word.start), recognise::after(text, word.end));
    // `5 rue`: a small letter may stand behind the number of a house.
    let is_house = characters.len() < 12 && word.end < text.len() && matches!(next, b' ' | b',');
    let is_escape = previous == b'=' && characters.starts_with(b"40");
    let follows_capital = word.start > 1 && text[word.start - 2].is_ascii_uppercase();
    let is_glued =
        is_word(previous) || matches!(previous, b'-' | b'+' | b'/' | b'.' | b'%') || is_word(next);
    let is_else = is_house || is_escape || follows_capital || characters.len() == RIB;
    !is_glued && !is_else && !begins_as_iban(characters)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
