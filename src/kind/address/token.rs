//! The words of an address and what they are in one.

use std::ops::Range;

use super::words::{ENDINGS, MONTHS, SIDES, STATES, STREETS, UNITS};
use crate::kind::name::Folded;

/// A word of a text, with what ends it.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// Where in the text.
    pub span: Range<usize>,
    pub kind: Kind,
    /// Whether a comma, a line end or a dash follows.
    pub ends_segment: bool,
}

/// What a word can be in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `12`, `12bis`, `3/4`, `B12`: no postcode.
    House,
    /// Four or five digits: a house or a postcode.
    Either,
    /// `00-950`, `1234-567`, `SW1A 1AA`, `534 07`, six digits and more.
    Postcode,
    /// `rue`, `Calle`, `ul.`, `Street`.
    Street,
    /// `Park`, `Ridge`: a street behind a number and a name.
    Side,
    /// `Goethestraße`, a street in one word.
    Ending,
    /// `Apt`, `BP`, `n°`, `#`.
    Unit,
    /// `CA`, before a postcode.
    State,
    /// A month, a day, `page`: what numbers stand beside elsewhere.
    Calendar,
    /// A capital, or a script without.
    Name,
    /// `de`, `sur`, `am`.
    Particle,
    /// Another word in small letters.
    Lower,
    /// Not a word.
    Other,
}

impl Kind {
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::House | Self::Either | Self::Postcode)
    }

    pub(super) fn may_be_house(self) -> bool {
        matches!(self, Self::House | Self::Either)
    }

    pub(super) fn may_be_postcode(self) -> bool {
        matches!(self, Self::Either | Self::Postcode)
    }
}

/// Small words inside the names of streets and cities.
const PARTICLES: [&str; 46] = [
    "a", "aan", "al", "am", "an", "auf", "au", "aux", "bei", "d", "da", "das", "de", "del", "dei",
    "delle", "den", "der", "des", "di", "do", "dos", "du", "e", "el", "en", "et", "i", "im", "in",
    "l", "la", "las", "le", "les", "los", "na", "nad", "of", "op", "pod", "sous", "sur", "the",
    "y", "zu",
];
/// The longest word, in bytes.
const MAX_WORD: usize = 64;

/// Appends the words of `text` to `tokens`, at most `limit` of them.
pub(super) fn tokens(text: &str, limit: usize) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(16);
    let mut rest = 0;
    while tokens.len() < limit {
        let Some((range, separated)) = next_word(text, rest) else { break };
        if separated && let Some(last) = tokens.last_mut() {
            last.ends_segment = true;
        }
        rest = range.end;
        let word = &text[range.clone()];
        if matches!(word, "-" | "–" | "—" | "|") {
            if let Some(last) = tokens.last_mut() {
                last.ends_segment = true;
            }
            continue;
        }
        let kind = kind(word);
        tokens.push(Token { span: range, kind, ends_segment: false });
        join_postcode(text, &mut tokens);
    }
    if tokens.len() < limit
        && text[rest..].contains([',', '\n', ';'])
        && let Some(last) = tokens.last_mut()
    {
        last.ends_segment = true;
    }
    tokens
}

/// The next run without white space and commas from `from` on, and whether a comma or a line end
/// is before it.
fn next_word(text: &str, from: usize) -> Option<(Range<usize>, bool)> {
    let is_gap = |c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '،' | '、' | '"' | '«' | '»')
    };
    let gap = &text[from..];
    let start = from + gap.find(|c| !is_gap(c))?;
    let separated = text[from..start].contains([',', '\n', ';', '،', '、', '(', '\r']);
    let end = text[start..].find(is_gap).map_or(text.len(), |length| start + length);
    Some((start..end, separated))
}

/// Postcodes of two words, the second of which was just read: `SW1A 1AA`, `534 07`, `1234 AB`.
fn join_postcode(text: &str, tokens: &mut Vec<Token>) {
    let [.., first, second] = tokens.as_slice() else { return };
    if first.ends_segment || first.span.end + 1 != second.span.start {
        return;
    }
    let (a, b) = (&text[first.span.clone()], trim_stop(&text[second.span.clone()]));
    let is_code = matches!(
        (&*pattern(a), &*pattern(b)),
        ("A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A", "9AA")
            | ("A9A", "9A9")
            | ("999", "99")
            | ("99", "999")
            | ("9999", "AA")
    ) || pattern(a).len() == 3
        && a.starts_with(|c: char| c.is_ascii_uppercase())
        && matches!(
            &*pattern(b),
            "AAAA"
                | "AAA9"
                | "AA9A"
                | "A9AA"
                | "9AAA"
                | "AA99"
                | "A9A9"
                | "9A9A"
                | "99AA"
                | "A99A"
                | "9AA9"
                | "999A"
                | "99A9"
                | "9A99"
                | "A999"
                | "9999"
        )
        && a[1..].starts_with(|c: char| c.is_ascii_digit())
        && !b.bytes().all(|c| c.is_ascii_alphabetic());
    if is_code
        && let Some(second) = tokens.pop()
        && let Some(first) = tokens.last_mut()
    {
        first.span.end = second.span.end;
        first.kind = Kind::Postcode;
    }
}

/// `9` for every digit and `A` for every capital; empty where there is anything else, or too much.
fn pattern(word: &str) -> String {
    if word.len() > 4 {
        return String::new();
    }
    let classes = word.bytes().map(|b| match b {
        b'0'..=b'9' => Some('9'),
        b'A'..=b'Z' => Some('A'),
        _ => None,
    });
    classes.collect::<Option<String>>().unwrap_or_default()
}

fn trim_stop(word: &str) -> &str {
    word.trim_end_matches(['.', ':', '!', '?'])
}

/// What `word` is by itself.
pub(super) fn kind(word: &str) -> Kind {
    if word.len() > MAX_WORD {
        return Kind::Other;
    }
    if let Some(number) = number(word) {
        return number;
    }
    if matches!(
        word,
        "#" | "№"
            | "N°"
            | "n°"
            | "Nº"
            | "nº"
            | "n."
            | "N."
            | "nr."
            | "Nr."
            | "No."
            | "no."
            | "〒"
            | "S/N"
            | "C/"
            | "c/"
            | "/"
    ) {
        return if word.eq_ignore_ascii_case("c/") { Kind::Street } else { Kind::Unit };
    }
    // Calle, Rua: in lists of words they would be letters.
    if matches!(word, "C." | "R.") {
        return Kind::Street;
    }
    let bare = trim_stop(word);
    let Some(first) = bare.chars().next() else { return Kind::Other };
    let is_sign = |c: char| {
        !c.is_alphanumeric()
            && !is_mark(c)
            && !matches!(
                c,
                '\'' | '’'
                    | '-'
                    | '.'
                    | '/'
                    | '`'
                    | '״'
                    | '"'
                    | '´'
                    | 'ª'
                    | 'º'
                    | '&'
                    | '\u{200c}'
                    | '\u{200d}'
            )
    };
    if bare.contains(is_sign) || bare.contains("//") {
        return Kind::Other;
    }
    let folded = Folded::new(bare);
    let folded = folded.as_bytes();
    let is_capital = !first.is_lowercase();
    if MONTHS.contains(folded) {
        return Kind::Calendar;
    }
    if is_capital
        && bare.len() < 4
        && STATES.contains(folded)
        && bare.bytes().all(|b| b.is_ascii_uppercase())
    {
        return Kind::State;
    }
    if let Some(kind) = listed(folded, word.len() > bare.len(), is_capital) {
        return kind;
    }
    if ends_like_street(bare, folded) {
        return Kind::Ending;
    }
    // `ул.Мира`, `ถ.ชุมวระ`: an abbreviation and a name without a space.
    if let Some((short, name)) = bare.split_once('.')
        && name.chars().count() > 1
        && (STREETS.contains(Folded::new(short).as_bytes()) || short == "ถ")
    {
        return Kind::Street;
    }
    let parts_known = bare.contains('-')
        && bare.rsplit('-').next().is_some_and(|last| {
            let last = Folded::new(last);
            STREETS.contains(last.as_bytes()) || SIDES.contains(last.as_bytes())
        });
    match (is_capital, parts_known) {
        (true, true) => Kind::Ending,
        (true, false) => Kind::Name,
        (false, _) => Kind::Lower,
    }
}

/// Whether a word in small letters of ASCII may be one for a street: all that are stand in a list.
pub(super) fn is_listed(word: &[u8]) -> bool {
    STREETS.contains(word) || SIDES.contains(word)
}

/// What the lists say. Words of one or two letters are mostly something else without a full stop.
fn listed(folded: &[u8], is_dotted: bool, is_capital: bool) -> Option<Kind> {
    let is_short = folded.len() < 3;
    let is_particle = PARTICLES.iter().any(|word| word.as_bytes() == folded);
    if is_particle && !is_dotted {
        return Some(Kind::Particle);
    }
    if STREETS.contains(folded)
        && (!is_short
            || is_dotted
            || is_capital
            || matches!(folded, b"ul" | b"av" | b"bd" | b"ut" | b"rd" | b"ln" | b"jl" | b"gg"))
    {
        return Some(Kind::Street);
    }
    if UNITS.contains(folded) && (folded.len() > 1 || is_dotted) {
        return Some(Kind::Unit);
    }
    if SIDES.contains(folded) {
        return Some(Kind::Side);
    }
    None
}

/// A street in one word, such as `Kungsgatan`; at least three letters before what makes it one.
fn ends_like_street(bare: &str, folded: &[u8]) -> bool {
    bare.chars().next().is_some_and(char::is_uppercase)
        && ENDINGS
            .iter()
            .any(|ending| folded.len() >= ending.len() + 3 && folded.ends_with(ending.as_bytes()))
}

/// What `word` is as a number; nothing where it is none.
fn number(word: &str) -> Option<Kind> {
    let bare = trim_stop(word);
    // `H-1234`, `F-75001`, `Unnao-847771`.
    if let Some((head, tail)) = bare.split_once('-')
        && head.chars().all(|c| c.is_alphabetic() || is_mark(c))
        && !head.is_empty()
        && tail.chars().all(char::is_numeric)
        && (head.len() <= 2 && (4..=5).contains(&tail.len()) || tail.len() == 6)
    {
        return Some(Kind::Postcode);
    }
    let digits = bare.chars().take_while(|c| c.is_numeric()).count();
    let rest = &bare[bare.char_indices().nth(digits).map_or(bare.len(), |(at, _)| at)..];
    match (digits, rest.chars().count()) {
        (0, _) => block(bare),
        (1..=3, 0) => Some(Kind::House),
        (4 | 5, 0) => Some(Kind::Either),
        (6..=8, 0) => Some(Kind::Postcode),
        (1..=5, 1..=8) => {
            let mut classes = rest.chars();
            match (digits, classes.next(), classes.as_str().len(), rest) {
                (2 | 4, Some('-'), 3, _) | (5, Some('-'), 3..=5, _) | (3, Some('-'), 4, _)
                    if is_number(classes.as_str()) =>
                {
                    Some(Kind::Postcode)
                }
                (4, Some('A'..='Z'), 1, _) if rest.bytes().all(|b| b.is_ascii_uppercase()) => {
                    Some(Kind::Postcode)
                }
                (_, _, _, "bis" | "ter" | "quater" | "BIS" | "TER") => Some(Kind::House),
                _ if rest.chars().all(|c| {
                    c.is_numeric()
                        || matches!(c, '/' | '-' | '–' | '.' | 'ª' | 'º' | '°')
                        || c.is_alphabetic()
                }) && rest
                    .chars()
                    .filter(|c| c.is_alphabetic() && *c != 'ª' && *c != 'º')
                    .count()
                    <= 2
                    && rest.chars().filter(|c| *c == '.' || *c == '-').count() <= 1
                    && !rest.starts_with('.') =>
                {
                    Some(Kind::House)
                }
                _ => Some(Kind::Other),
            }
        }
        _ => Some(Kind::Other),
    }
}

/// `B10`, `PJU84D`: a block by letter and number; a joined postcode of Canada or Ireland.
fn block(bare: &str) -> Option<Kind> {
    let mut bytes = bare.bytes();
    if bare.len() > 7
        || !bytes.all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        || !bare.bytes().any(|b| b.is_ascii_digit())
    {
        return None;
    }
    let is_digit = |at: usize| bare.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let is_joined = match bare.len() {
        6 => {
            !is_digit(0)
                && is_digit(1)
                && !is_digit(2)
                && is_digit(3)
                && !is_digit(4)
                && is_digit(5)
        }
        7 => !is_digit(0) && is_digit(1) && is_digit(2),
        _ => false,
    };
    Some(if is_joined { Kind::Postcode } else { Kind::House })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_numeric)
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}
