//! Names in running text.
//!
//! The anchor is a capital behind a small letter or a full stop: mostly the second word of a name.
//! From there the run of capitalised words is read in both directions, and a name is cut out of it:
//! a known given name and what follows it, or what follows a title. Titles are left out of the span.
//!
//! What names look like in companies (`Jean Dupont SARL`), streets (`rue Victor Hugo`), places
//! (`San Martín`) and headings is refused by the words around it.

use std::ops::Range;

use super::Strength;
use super::beside::{FAMILY, INNER, LABELS, LOWER_TITLES, STARTERS};
use super::fold::Folded;
use super::word::{Case, Word, case};
use super::words::{Role, Words};
use crate::kind::address::STREETS;

/// A name in a text: its span, without titles, and how sure it is.
pub type Found = (Range<usize>, Strength);

/// How far a name reaches from its anchor, in bytes and in words.
const REACH: usize = 80;
const MAX_WORDS_EACH_WAY: usize = 4;

/// The name around `at`, the offset of a capital that starts a word behind a space or a hyphen.
///
/// Nothing for most anchors after a look at the word before. No allocation until two capitalised
/// words stand beside each other.
#[must_use]
pub fn find(text: &[u8], at: usize) -> Option<Found> {
    let at = anchored_word(text, at)?;
    let (window, start) = window(text, at)?;
    let run = Run::around(window, at - start)?;
    let (span, strength) = run.name()?;
    Some((start + span.start..start + span.end, strength))
}

/// Whether the words at `at` and before it could be those of a name, whatever is behind them.
#[must_use]
pub fn could_be_at(text: &[u8], at: usize) -> bool {
    anchored_word(text, at).is_some()
}

/// The start of the word of `at`, if the word before it speaks for a name: a title, initials, a
/// known name or a particle; before a family name in capitals, any capitalised word does.
fn anchored_word(text: &[u8], at: usize) -> Option<usize> {
    let is_letter = |b: &u8| b.is_ascii_alphabetic() || *b >= 0x80 || *b == b'\'';
    let (first, second) = (text.get(at)?, text.get(at + 1)?);
    if !(first.is_ascii_uppercase() || *first >= 0xc3) || !is_letter(second) && *second != b'.' {
        return None;
    }
    // The second part of a compound: the whole of it is the word.
    let joined = |b: &u8| is_letter(b) || *b == b'-';
    let reach = &text[at.saturating_sub(REACH)..at];
    let start = at - reach.iter().rev().take_while(|b| joined(b)).count();
    let gap = start.checked_sub(1).filter(|&gap| text[gap] == b' ')?;
    let before = &text[gap.saturating_sub(REACH)..gap];
    let length = before.iter().rev().take_while(|b| joined(b) || **b == b'.').count();
    // `10:06:12Z INFO`, `v2 Beta`: a word with a digit in it is no part of a name.
    if before.len().checked_sub(length + 1).is_some_and(|at| before[at].is_ascii_digit()) {
        return None;
    }
    let before = &before[before.len() - length..];
    let is_lower = before.first()?.is_ascii_lowercase();
    if is_lower && before.len() > 5 && !before.ends_with(b".") && !is_small_title(before) {
        return None;
    }
    let is_upper = second.is_ascii_uppercase() || *second >= 0x80;
    let is_acronym = second.is_ascii_uppercase()
        && text[at..].iter().take(4).take_while(|b| is_letter(b)).count() < 4
        && text[at..].iter().take(3).all(u8::is_ascii)
        && before.iter().any(u8::is_ascii_lowercase)
        && !may_be_titled(text, gap - length);
    let before = std::str::from_utf8(before).ok()?;
    if is_lower && !is_small_part(before) {
        return None;
    }
    // `(Windows NT`, `like Mac OS`: beside a word in small letters, few capitals are no family name.
    let is_no_name = is_acronym && !before.ends_with('.');
    let word = if is_no_name { Word::part(before) } else { Word::of(before) };
    let speaks = match word? {
        Word::Particle | Word::Title | Word::Initial => true,
        Word::Name(..) if is_acronym => false,
        Word::Name(entry, _) => !is_lower && (entry.is_known() || is_upper),
        Word::Suffix(entry) => entry.is_known(),
    };
    speaks.then_some(start)
}

/// Whether the word at `at` stands behind another that may be a title, or be behind one.
fn may_be_titled(text: &[u8], at: usize) -> bool {
    let Some(head) = text[..at].strip_suffix(b" ") else { return false };
    let is_part = |b: &u8| b.is_ascii_alphabetic() || !b.is_ascii() || matches!(b, b'.' | b'-');
    let length = head.iter().rev().take(REACH).take_while(|b| is_part(b)).count();
    let word = &head[head.len() - length..];
    !word.first().is_some_and(u8::is_ascii_lowercase)
        || INNER.contains(word)
        || is_small_title(word)
}

/// Whether a word is a title that some languages write in small letters.
#[must_use]
pub fn is_small_title(word: &[u8]) -> bool {
    if word.is_ascii() {
        return LOWER_TITLES.contains(word.strip_suffix(b".").unwrap_or(word));
    }
    std::str::from_utf8(word).is_ok_and(|word| LOWER_TITLES.contains(Folded::new(word).as_bytes()))
}

/// Whether a word in small letters can be a part of a name, or a title.
fn is_small_part(word: &str) -> bool {
    let folded = Folded::new(word);
    INNER.contains(folded.as_bytes()) || LOWER_TITLES.contains(folded.as_bytes())
}

/// The line of `at`, as far as a name reaches, where it is UTF-8.
fn window(text: &[u8], at: usize) -> Option<(&str, usize)> {
    let mut start = at.saturating_sub(REACH);
    start += text[start..at].iter().rposition(|&b| b == b'\n').map_or(0, |line| line + 1);
    start += text[start..at].iter().position(|b| b & 0xc0 != 0x80)?;
    let end = text.len().min(at + REACH);
    let end = text[at..end].iter().position(|&b| b == b'\n').map_or(end, |line| at + line);
    let window = &text[start..end];
    let valid = match std::str::from_utf8(window) {
        Ok(_) => window.len(),
        Err(error) => error.valid_up_to(),
    };
    let window = std::str::from_utf8(&window[..valid]).ok()?;
    (at - start < window.len()).then_some((window, start))
}

/// One word of a run.
#[derive(Debug, Clone)]
struct Piece {
    /// Without a genitive's `'s` and the full stop of the sentence.
    span: Range<usize>,
    word: Word,
    /// Something was left out of the span: nothing of the name follows.
    is_last: bool,
    /// `M.`
    is_monsieur: bool,
    /// A particle of family names alone, such as `van`.
    is_family: bool,
    /// In letters.
    length: usize,
}

/// The capitalised words around an anchor, and what is beside them.
#[derive(Debug)]
struct Run {
    pieces: Vec<Piece>,
    /// Which of the pieces is the anchor.
    anchor: usize,
    before: Beside,
    after: Beside,
}

/// What stands at an end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// The start or the end of a sentence or a line, where any word has a capital; a comma.
    Edge,
    /// A word in small letters.
    Open,
    /// A word that a name follows.
    Label,
    /// A word that makes it something else: a street, a company, a number; part of an identifier.
    Closed,
    /// Another capitalised word that no name holds.
    Capital,
}

impl Run {
    fn around(text: &str, at: usize) -> Option<Self> {
        let end = word_end(text, at);
        let mut pieces = vec![piece(text, at..end)?];
        if !matches!(pieces[0].word, Word::Name(..)) {
            return None;
        }
        let before = Self::read_back(text, at, &mut pieces);
        if before == Beside::Closed || pieces.len() < 2 {
            return None;
        }
        pieces.reverse();
        let anchor = pieces.len() - 1;
        let is_last = pieces[anchor].is_last;
        let after = if is_last { Beside::Open } else { Self::read_on(text, end, &mut pieces) };
        // The next word is the anchor of the name behind it.
        let is_begun = pieces.len() > 2
            && anchor == 1
            && STARTERS.contains(Folded::new(&text[pieces[0].span.clone()]).as_bytes());
        (after != Beside::Closed && !is_begun).then_some(Self { pieces, anchor, before, after })
    }

    fn read_back(text: &str, from: usize, pieces: &mut Vec<Piece>) -> Beside {
        let mut start = from;
        for _ in 0..MAX_WORDS_EACH_WAY {
            let Some(gap) = text[..start].strip_suffix(' ') else {
                return closed_before(text, start);
            };
            let begin = word_start(text, gap.len());
            let word = &gap[begin..];
            let Some(first) = word.chars().next() else { return closed_before(text, gap.len()) };
            if let Some(beside) = beside_before(word, first) {
                return beside;
            }
            // With one word behind it, it may be a name after all.
            if pieces.len() > 1 && STARTERS.contains(Folded::new(word).as_bytes()) {
                return Beside::Edge;
            }
            match piece(text, begin..gap.len()) {
                // The end of the sentence before, not an abbreviation.
                Some(piece) if word.ends_with('.') && matches!(piece.word, Word::Name(..)) => {
                    return Beside::Edge;
                }
                Some(piece) if piece.is_last => return Beside::Edge,
                Some(piece) => pieces.push(piece),
                None if first.is_uppercase() => return Beside::Capital,
                None => return Beside::Open,
            }
            start = begin;
        }
        Beside::Open
    }

    fn read_on(text: &str, from: usize, pieces: &mut Vec<Piece>) -> Beside {
        let mut end = from;
        for _ in 0..MAX_WORDS_EACH_WAY {
            let Some(rest) = text[end..].strip_prefix(' ') else {
                return closed_after(&text[end..]);
            };
            let begin = end + 1;
            let stop = word_end(text, begin);
            let word = &text[begin..stop];
            let Some(first) = word.chars().next() else {
                return if rest.starts_with('&') { Beside::Closed } else { Beside::Open };
            };
            if is_closing(word) {
                return Beside::Closed;
            }
            if !first.is_uppercase()
                && !matches!(piece(text, begin..stop), Some(Piece { word: Word::Particle, .. }))
            {
                return Beside::Open;
            }
            match piece(text, begin..stop) {
                Some(piece) => {
                    let is_last = piece.is_last;
                    pieces.push(piece);
                    if is_last {
                        return Beside::Open;
                    }
                }
                None => return Beside::Capital,
            }
            end = stop;
        }
        Beside::Open
    }

    /// The name in the run that the anchor belongs to.
    fn name(&self) -> Option<Found> {
        let led = self.pieces[..self.anchor].iter().rposition(|piece| piece.word == Word::Title);
        // `M. Dupont`: the first of the initials, before nothing but names, is a title.
        let led = led.or_else(|| {
            let first = self.pieces[..self.anchor].iter().position(|p| p.word != Word::Particle)?;
            self.pieces[first].is_monsieur.then_some(first)
        });
        let first = match led {
            Some(title) => title + 1,
            None => self.first_given()?,
        };
        let last = self.last(first, led.is_some())?;
        if last < self.anchor {
            return None;
        }
        let strength = self.strength(first, last, led.is_some())?;
        Some((self.pieces[first].span.start..self.pieces[last].span.end, strength))
    }

    /// The first given name, or initials, with nothing but names from there to the anchor.
    fn first_given(&self) -> Option<usize> {
        let is_given = |piece: &Piece| match piece.word {
            Word::Name(entry, _) => entry.is_given(),
            Word::Initial => true,
            _ => false,
        };
        let first = self.pieces[..self.anchor].iter().position(is_given);
        // `Frederi SCOTTO`, `SZABÓ Anna`: what one of the two is, its capitals or the other say.
        first.or_else(|| {
            let before = self.anchor - 1;
            matches!(self.pieces[before].word, Word::Name(..)).then_some(before)
        })
    }

    /// The last word of the name: known names, one unknown after a known one, particles between.
    fn last(&self, first: usize, is_titled: bool) -> Option<usize> {
        let mut last = None;
        let mut unknown = 0;
        for (index, piece) in self.pieces.iter().enumerate().skip(first) {
            match piece.word {
                Word::Name(entry, _) => {
                    unknown += usize::from(!entry.is_known());
                    if unknown > 1 + usize::from(is_titled) {
                        return last;
                    }
                    last = Some(index);
                }
                Word::Suffix(entry) if entry.is_known() && last.is_none() => last = Some(index),
                Word::Initial | Word::Particle => {}
                Word::Title | Word::Suffix(_) => break,
            }
        }
        last
    }

    fn strength(&self, first: usize, last: usize, is_titled: bool) -> Option<Strength> {
        let mut tally = Counts::default();
        for piece in &self.pieces[first..=last] {
            tally.add(piece);
        }
        let rest = &self.pieces[last + 1..];
        let is_whole =
            rest.iter().all(|piece| piece.word == Word::Particle) && self.after != Beside::Capital;
        // A capitalised word behind it makes it a part of something else.
        if !is_whole && !matches!(rest.first().map(|piece| piece.word), Some(Word::Suffix(_))) {
            return None;
        }
        if tally.names > 4 {
            return None;
        }
        let is_free = first == 0 && self.before != Beside::Capital;
        let is_labelled = first == 0 && self.before == Beside::Label;
        if is_titled {
            return tally.titled();
        }
        match tally {
            _ if tally.names + tally.initials < 2 || tally.mixed && tally.acronyms > 0 => None,
            Counts { clear_given: 1.., clear_others: 1.., unknown: 0, .. } => {
                Some(Strength::Strong)
            }
            Counts { clear_given: 1.., surnames: 1.., unknown: 0, .. } if tally.is_pair() => {
                Some(Strength::Strong)
            }
            Counts { given: 1.., clear: 1.., unknown: 0, .. } if is_free && tally.is_pair() => {
                Some(Strength::Weak)
            }
            Counts { clear_given: 1.., unknown: 1, upper: 1, .. } if is_free => {
                Some(Strength::Weak)
            }
            Counts { clear_given: 1.., unknown: 1, .. } if is_free && is_labelled => {
                Some(Strength::Weak)
            }
            Counts { clear_given: 1.., unknown: 1, .. }
                if is_free && self.is_name_first(first, last) =>
            {
                Some(Strength::Weak)
            }
            Counts { upper: 1, upper_surname: 1, names: 2, .. } if is_free => Some(Strength::Weak),
            Counts { names: 2, known_surname_last: true, unknown: 1, mixed: false, .. }
                if is_free =>
            {
                Some(Strength::Common)
            }
            Counts { names: 2, given: 1.., unknown: 0, mixed: false, .. }
                if is_free && self.before != Beside::Edge && tally.is_pair() =>
            {
                Some(Strength::Common)
            }
            Counts { initials: 1.., clear: 1.., surnames: 1.., unknown: 0, .. } if is_free => {
                Some(Strength::Weak)
            }
            Counts { given: 1.., .. } if is_labelled && tally.is_pair() => Some(Strength::Weak),
            _ => None,
        }
    }

    /// Whether the name begins with a given name, and no particle but those of family names is before
    /// its last word.
    fn is_name_first(&self, first: usize, last: usize) -> bool {
        let is_given = matches!(self.pieces[first].word, Word::Name(entry, _) if entry.is_given() && entry.is_clear());
        is_given
            && (self.pieces[last - 1].word != Word::Particle || self.pieces[last - 1].is_family)
    }
}

/// The words of a name in a text, counted.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    names: usize,
    initials: usize,
    clear: usize,
    given: usize,
    clear_given: usize,
    /// Clear names besides the first given one.
    clear_others: usize,
    surnames: usize,
    both: usize,
    unknown: usize,
    /// In capitals throughout, and of these family names.
    upper: usize,
    upper_surname: usize,
    /// Of these, short ones that stand beside words in small letters: `Emscripten ABI`.
    acronyms: usize,
    mixed: bool,
    known_surname_last: bool,
    case: Option<Case>,
}

impl Counts {
    fn add(&mut self, piece: &Piece) {
        let (entry, case) = match piece.word {
            Word::Name(entry, case) => (entry, case),
            Word::Initial => {
                self.initials += 1;
                return;
            }
            _ => return,
        };
        let is_clear_given = entry.is_given() && entry.is_clear();
        self.known_surname_last = entry.is_surname() && entry.is_clear();
        self.names += 1;
        self.clear_others += usize::from(entry.is_clear() && self.clear_given > 0);
        self.clear += usize::from(entry.is_clear());
        self.given += usize::from(entry.is_given());
        self.clear_given += usize::from(is_clear_given);
        self.surnames += usize::from(entry.is_surname());
        self.both += usize::from(entry.is_given() && entry.is_surname());
        self.unknown += usize::from(!entry.is_known());
        self.acronyms += usize::from(
            case == Case::Upper && piece.length < 5 && !(entry.is_surname() && piece.length > 3),
        );
        self.mixed |= self.names > 1 && case != self.case.unwrap_or(case);
        self.case = Some(case);
        self.upper += usize::from(case == Case::Upper);
        self.upper_surname +=
            usize::from(case == Case::Upper && entry.is_surname() && entry.is_clear());
    }

    /// One word is a given name and another one a family name.
    fn is_pair(&self) -> bool {
        self.given > 0 && self.surnames > 0 && self.given + self.surnames - self.both > 1
    }

    fn titled(&self) -> Option<Strength> {
        match self {
            Self { names: 0, .. } => None,
            Self { clear: 1.., .. } => Some(Strength::Strong),
            Self { upper: 0, .. } | Self { surnames: 1.., .. } | Self { given: 1.., .. } => {
                Some(Strength::Weak)
            }
            _ => None,
        }
    }
}

/// The word of `span`, what is no part of a name left out of it (`Dupont's`).
fn piece(text: &str, span: Range<usize>) -> Option<Piece> {
    let word = &text[span.clone()];
    let is_lower = word.starts_with(char::is_lowercase);
    let listed = |list: &Words| list.contains(Folded::new(word).as_bytes());
    let bare = word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word);
    let bare = bare.trim_end_matches('’').trim_end_matches('\'');
    let mut end = span.start + bare.len();
    let kind = Word::of(bare)?;
    match kind {
        Word::Title if is_lower && !listed(&LOWER_TITLES) => return None,
        // The full stop of a sentence, or a word that is small only here.
        Word::Particle if !listed(&INNER) || word.ends_with('.') => return None,
        _ => {}
    }
    if let Word::Name(_, found) = kind {
        // `Floating-point` is a word, `Jean-Pierre` a name.
        if bare.split('-').any(|part| part.starts_with(char::is_lowercase)) {
            return None;
        }
        // The full stop behind a name ends the sentence.
        let stopless = bare.trim_end_matches('.');
        end = span.start + stopless.len();
        if found == Case::Lower
            || found == Case::None
            || stopless.chars().count() < 2
            || case(stopless).is_none()
        {
            return None;
        }
    }
    let length = text[span.start..end].chars().count();
    Some(Piece {
        is_last: end < span.end && kind != Word::Title,
        span: span.start..end,
        word: kind,
        is_monsieur: word == "M.",
        is_family: listed(&FAMILY),
        length,
    })
}

/// What a word before the run makes of it; nothing where the word may belong to the run.
fn beside_before(word: &str, first: char) -> Option<Beside> {
    let folded = Folded::new(word);
    let folded = folded.as_bytes();
    if first.is_ascii_digit() || STREETS.contains(folded) && folded.len() > 2 {
        return Some(Beside::Closed);
    }
    if word.ends_with([',', ';', ':', '!', '?', ')', '"', '»', '…']) {
        return Some(if LABELS.contains(folded) { Beside::Label } else { Beside::Edge });
    }
    if Role::of(folded).starts_place() && first.is_uppercase() {
        return Some(Beside::Closed);
    }
    LABELS
        .contains(folded)
        .then_some(Beside::Label)
        .filter(|_| first.is_uppercase() || !is_particle(word))
}

fn is_particle(word: &str) -> bool {
    Word::of(word) == Some(Word::Particle)
}

/// Whether a word behind a name makes it a company or a street.
fn is_closing(word: &str) -> bool {
    let folded = Folded::new(word.trim_end_matches('.'));
    let folded = folded.as_bytes();
    let is_joint = matches!(
        folded,
        b"and" | b"et" | b"und" | b"og" | b"och" | b"the" | b"for" | b"with" | b"from"
    );
    word.starts_with(char::is_uppercase)
        && !is_joint
        && (Role::of(folded).is_foreign() || STREETS.contains(folded) && folded.len() > 2)
}

/// What the byte before a run that has no space before it makes of it.
fn closed_before(text: &str, start: usize) -> Beside {
    match text[..start].chars().next_back() {
        Some('/' | '@' | '_' | '.' | '#' | '\\' | '$' | '-' | '=' | '&' | '%') => Beside::Closed,
        Some(':') => {
            let label = word_start(text, start - 1);
            if LABELS.contains(Folded::new(&text[label..start - 1]).as_bytes()) {
                Beside::Label
            } else {
                Beside::Edge
            }
        }
        _ => Beside::Edge,
    }
}

/// The same of what follows: `Foo.Bar`, `Foo_Bar`, `Foo(`, `Foo/Bar`.
fn closed_after(rest: &str) -> Beside {
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (Some('/' | '@' | '_' | '\\' | '=' | '#' | '$' | '('), _) => Beside::Closed,
        (Some('.' | ':' | '-'), Some(c)) if c.is_alphanumeric() || c == ':' => Beside::Closed,
        (Some(c), _) if c.is_numeric() => Beside::Closed,
        _ => Beside::Open,
    }
}

/// Letters, and what joins them in names; a full stop only at the end of an abbreviation.
fn is_word_char(c: char) -> bool {
    c.is_alphabetic()
        || matches!(c, '\'' | '’' | '-' | '‐')
        || unicode_normalization::char::is_combining_mark(c)
}

fn word_end(text: &str, from: usize) -> usize {
    let end = text[from..].find(|c| !is_word_char(c)).map_or(text.len(), |length| from + length);
    // `J.`, `Jr.`, `Dr.`, `M.-A.`.
    let rest = &text[end..];
    let is_abbreviation =
        rest.starts_with('.') && end - from <= 4 && !rest[1..].starts_with(is_word_char);
    if is_abbreviation { end + 1 } else { end }
}

fn word_start(text: &str, to: usize) -> usize {
    let is_inner = |c: char| {
        is_word_char(c) || matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')') || c.is_numeric()
    };
    text[..to]
        .char_indices()
        .rev()
        .find(|(_, c)| !is_inner(*c))
        .map_or(0, |(at, c)| at + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every name of `text`, as a caller finds them: at capitals behind a small letter or a full
    /// stop and a space or a hyphen.
    fn all(text: &str) -> Vec<&str> {
        let bytes = text.as_bytes();
        let (mut found, mut end) = (Vec::new(), 0);
        for at in 2..bytes.len() {
            let is_anchor = (bytes[at].is_ascii_uppercase() || bytes[at] >= 0xc3)
                && matches!(bytes[at - 1], b' ' | b'-')
                && (bytes[at - 2].is_ascii_lowercase()
                    || bytes[at - 2] == b'.'
                    || bytes[at - 2] >= 0x80);
            if is_anchor
                && at >= end
                && let Some((span, _)) = find(bytes, at)
            {
                found.push(&text[span.clone()]);
                end = span.end;
            }
        }
        found
    }

    #[test]
    fn names_are_found_without_their_titles() {
        for (text, expected) in [
            ("Bonjour M. Jean Dupont, votre commande", "Jean Dupont"),
            ("transmis à Mme Dupont par", "Dupont"),
            ("le courrier de M. Jean Dupont, client", "Jean Dupont"),
            ("le courrier de M. Dupont, client", "Dupont"),
            ("son représentant légal est Jeann DUPONT, président", "Jeann DUPONT"),
            ("Dear Mr. John Smith, thank you", "John Smith"),
            ("signed by Jean-Pierre Dupont.", "Jean-Pierre Dupont"),
            ("avec Marie de La Fontaine hier", "Marie de La Fontaine"),
            ("Herr Max Müller hat", "Max Müller"),
            ("sprak ik met Jan van Dijk over", "Jan van Dijk"),
            ("Jean Dupont's order", "Jean Dupont"),
            ("Ring Emil Falk i morgon", "Emil Falk"),
            ("Bel Hendrik van der Schuijt terug", "Hendrik van der Schuijt"),
            ("de heer Jansen woont", "Jansen"),
            ("el señor García llamó", "García"),
            ("belde mevrouw Jansen terug", "Jansen"),
            ("говорил с Иван Иванов вчера", "Иван Иванов"),
        ] {
            assert_eq!(all(text), [expected], "{text}");
        }
    }

    #[test]
    fn names_of_other_things_are_not() {
        for text in [
            "la société Jean Dupont SARL est",
            "of John Smith & Sons in",
            "au 12 rue Victor Hugo à",
            "in Martin Luther King Street today",
            "from New York to San Martin",
            "Access Control and United States",
            "see Jean.Dupont and Jean_Dupont or Foo::Bar",
            "Sun Dec 04 04:47:44 2005 and Mon Jul 18",
            "the Emscripten ABI and Cyrus SASL",
            "for cargo doc. Therefore examples",
            "Failed password for invalid user Admin from",
            "Politique de Confidentialité. Le Client est",
        ] {
            assert_eq!(all(text), [""; 0], "{text}");
        }
    }

    proptest! {
        #[test]
        fn spans_lie_inside_the_text(
            text in "(\\PC{0,4}|Jean |Dupont|M\\. |de |-|\n|é| ){0,30}", at in 0usize..120,
        ) {
            if let Some((span, _)) = find(text.as_bytes(), at) {
                prop_assert!(span.start < span.end);
                prop_assert!(text.get(span).is_some());
            }
        }

        #[test]
        fn any_bytes_are_read(
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b' '), Just(b'J')], 0..100),
            at in 0usize..110,
        ) {
            let _ = find(&bytes, at);
        }
    }
}
