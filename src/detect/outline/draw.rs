//! The outline of one text.

use std::ops::{Range, RangeInclusive};

use super::super::Form;
use super::super::candidate::letters;
use super::super::candidate::shape;
use super::super::candidate::sketch::{Row, Sketch};
use super::super::context::{RuleSetBits, Said, Words};
use super::super::glance::Glance;
use super::super::recognise::{self, UUID_LEN, ip};
use super::Reach;
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
    /// The rules that they support, of those that numbers are asked about.
    spoken: RuleSetBits,
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
    /// An address of the network, a byte for all of it. In it is an address or nothing, unless the digits of
    /// a quad could be something else.
    Quad = 4,
    /// The same with colons.
    V6 = 5,
}

impl Masked {
    /// Whether one byte stands for all of it.
    pub(super) fn is_fold(self) -> bool {
        !matches!(self, Self::Uuid | Self::Hexadecimal)
    }

    /// Whether it is a fold whose anchors are known by its place.
    pub(super) fn is_address(self) -> bool {
        matches!(self, Self::Quad | Self::V6)
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
        self.spoken = RuleSetBits::default();
        // Of longer texts, words are read otherwise.
        if form == Form::Line && text.len() <= letters::LONGEST {
            self.fold(words, text);
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

    /// Adds the folds of a line to the masks.
    fn fold(&mut self, words: &Words, text: &[u8]) {
        let Self { sketch, masks, heard, spoken, .. } = self;
        for at in sketch.slashes().iter().take(MANY) {
            if let Some(span) = path_at(text, *at) {
                let supported = words.listen(text, &span, heard);
                let is_mute = supported == RuleSetBits::default();
                *spoken = spoken.or(supported);
                let is = if is_mute { Masked::Fold } else { Masked::Speaking };
                masks.push(Mask { span, is });
            }
        }
        // There are few others that speak, and numbers often stand beside them.
        let mut is_mute = |span: &Range<usize>| {
            let before = heard.len();
            let is_mute = words.listen(text, span, heard) == RuleSetBits::default();
            if !is_mute {
                heard.truncate(before);
            }
            is_mute
        };
        for at in sketch.ats().iter().take(MANY) {
            let parts = [mailbox_before(text, *at), domain_behind(text, *at)];
            let parts = parts.into_iter().flatten().filter(&mut is_mute);
            masks.extend(parts.map(|span| Mask { span, is: Masked::Fold }));
        }
        let mut end = 0;
        for at in sketch.colons().iter().take(MANY) {
            if *at >= end
                && let Some(span) = v6_around(text, *at).filter(&mut is_mute)
            {
                end = span.end;
                masks.push(Mask { span, is: Masked::V6 });
            }
        }
        if !words.could_be_numbers() {
            let quads = sketch.quads().iter().take(MANY).filter_map(|at| quad_around(text, *at));
            masks.extend(quads.map(|span| Mask { span, is: Masked::Quad }));
        }
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

    /// The rules that words in folds support, of those that numbers are asked about.
    pub(super) fn spoken(&self) -> RuleSetBits {
        self.spoken
    }

    /// How far it is from one place of the text to another if folds have no bytes.
    pub(super) fn distance(&self, one: usize, other: usize) -> usize {
        let (first, last) = (one.min(other), one.max(other));
        let between = self.folds().filter(|fold| fold.start >= first && fold.end <= last);
        last - first - between.map(|fold| fold.len()).sum::<usize>()
    }

    /// Whether a word beside the folds may be near `at`, whatever they are.
    pub(super) fn is_near(&self, word: &Range<usize>, at: usize, reach: Reach) -> bool {
        let reach = if word.start < at { reach.before } else { reach.behind };
        self.distance(word.start, at) <= reach
    }

    /// Whether a fold that speaks may be.
    pub(super) fn hears_fold(&self, at: usize, reach: Reach) -> bool {
        self.masks.iter().filter(|mask| mask.is == Masked::Speaking).any(|Mask { span, .. }| {
            let (nearest, reach) =
                if span.end <= at { (span.end, reach.before) } else { (span.start, reach.behind) };
            self.distance(nearest, at) <= reach
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

    /// The same for one byte after the other, in order of place.
    #[inline]
    pub(super) fn in_text_on(&self) -> impl FnMut(usize) -> usize {
        let (mut folds, mut behind) = (self.folds().peekable(), 0);
        move |at| {
            while let Some(fold) = folds.next_if(|fold| at + behind > fold.start) {
                behind += fold.len() - 1;
            }
            at + behind
        }
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

/// The dotted quad whose third dot is at `third`, if it is no more than an address, as far as what is around it
/// tells: no number goes on from it, and no capital stands before or behind it.
fn quad_around(text: &[u8], third: usize) -> Option<Range<usize>> {
    let span = ip::quad_span(text, third, b'.')?;
    let (next, beyond) = (recognise::after(text, span.end), recognise::after(text, span.end + 1));
    let is_ended = match next {
        b',' => beyond == b' ',
        b':' => beyond.is_ascii_digit(),
        _ => closes(text, span.end),
    };
    let is_whole = is_ended && opens(span.start);
    is_whole.then(|| ip::quad_at(text, span.start))?.filter(|whole| *whole == span)
}

/// The same with colons around the one at `colon`: in small letters, and so that neither an account number nor a
/// hardware address is in it.
fn v6_around(text: &[u8], colon: usize) -> Option<Range<usize>> {
    let span = ip::v6_span(text, colon)?;
    if !opens(span.start) || !closes(text, span.end) {
        return None;
    }
    let is_plain = |group: &[u8]| {
        let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        group.len() <= 4 && group.iter().all(is_digit) && !begins_as_iban(group)
    };
    let mut groups = text[span.clone()].split(|byte| *byte == b':');
    let first = groups.next()?;
    let begins = match first {
        // Behind a longer one, no row of six is a hardware address.
        [b'0'..=b'9', _, _, ..] => {
            Glance::at(text, span.start).is_idle(text, span.start, shape::NUMBER)
        }
        _ => first == b"fe80",
    };
    (begins && is_plain(first) && groups.all(is_plain)).then_some(span)
}

/// Whether an address that begins at `at` is folded: at the start of a line, as servers write it. Elsewhere more
/// would be lost than won, since nothing is settled in the words near a fold.
fn opens(at: usize) -> bool {
    at == 0
}

/// Whether it may end at `at`, the same way.
fn closes(text: &[u8], at: usize) -> bool {
    if at == text.len() {
        return true;
    }
    let beyond = recognise::after(text, at + 1);
    match recognise::after(text, at) {
        b' ' => !(beyond.is_ascii_uppercase() || beyond.is_ascii_digit()) && is_end(text, at),
        next => matches!(next, b']' | b')' | b'"'),
    }
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
