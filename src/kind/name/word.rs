//! One word of a name: its form and what it is.

use super::fold::Folded;
use super::gazetteer::{self, Entry};
use super::words::Role;
use crate::kind::address::STREETS;

/// What a word between white space can be in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// `Mme`, `Dr.`.
    Title,
    /// `de`, `van`, `al`.
    Particle,
    /// `J.`, `J.R.`, `J`.
    Initial,
    /// `Jr.`, `PhD`; what it is as a name, since some are.
    Suffix(Entry),
    /// A name by its form.
    Name(Entry, Case),
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// `Dupont`, `McDonald`, `Jean-Pierre`.
    Title,
    /// `DUPONT`.
    Upper,
    /// `dupont`.
    Lower,
    /// A script without case.
    None,
}

/// The longest word, in bytes.
const MAX_LEN: usize = 60;
/// What a capital inside a word may follow.
const INNER: [&str; 16] = [
    "Mc", "Mac", "De", "Di", "Da", "Le", "La", "Du", "Van", "Von", "Fitz", "O", "D", "L", "Del",
    "Ten",
];
/// Endings of family names that are in no list, by language; tried on words of six letters or more.
const ENDINGS: [&str; 60] = [
    // Slavic.
    "ova", "eva", "ski", "ska", "sky", "skij", "skyi", "skii", "skaya", "cki", "cka", "cky", "czyk",
    "wicz", "ovic", "evic", "ovich", "evich", "ivna", "ovna", "evna", "enko", "chuk", "yuk", "ov",
    "ev", // Nordic, Dutch, German, Hungarian.
    "sson", "sen", "dottir", "qvist", "kvist", "gren", "nen", "dijk", "huis", "veld", "stra",
    "mann", "stein", "berger", "huber", "hofer", "meier", "meyer", // Greek.
    "poylos", "poyloy", "idis", "idoy", "akis",
    "adis", // Armenian, Georgian, Turkic, Persian.
    "yan", "yants", "shvili", "adze", "oglu", "zade", "zadeh", // Romanian, Lithuanian.
    "escu", "eanu", "auskas",
];

impl Word {
    /// What `token` is; nothing where no name holds it.
    pub(super) fn of(token: &str) -> Option<Self> {
        let token = Token::of(token)?;
        token.part().or_else(|| token.name())
    }

    /// What `token` is beside a name; nothing where it could only be one itself.
    pub(super) fn part(token: &str) -> Option<Self> {
        Token::of(token)?.part()
    }

    /// What `word` is as a name, whatever else it is.
    pub(super) fn name(word: &str) -> Option<(Entry, Case)> {
        let word = word.trim_end_matches('.');
        if word.len() > MAX_LEN {
            return None;
        }
        let folded = Folded::new(word);
        Self::folded_name(word, folded.as_bytes(), Role::of(folded.as_bytes()))
    }

    fn folded_name(word: &str, folded: &[u8], role: Role) -> Option<(Entry, Case)> {
        let case = case(word)?;
        if role.is_foreign() && !is_vietnamese(word) {
            return None;
        }
        let entry = entry(word, folded);
        let is_street = !entry.is_clear()
            && folded.len() > 3
            && STREETS.contains(folded)
            && !is_vietnamese(word);
        (!is_street && !is_street_of(word)).then_some((entry, case))
    }
}

/// A word without what stands around it.
struct Token<'t> {
    bare: &'t str,
    is_dotted: bool,
    folded: Folded,
    role: Role,
}

impl<'t> Token<'t> {
    fn of(token: &'t str) -> Option<Self> {
        // `(née …)`, `Sr(a).`.
        let token = token.trim_start_matches('(').trim_end_matches(')');
        if token.len() > MAX_LEN {
            return None;
        }
        let bare = token.trim_end_matches('.');
        let bare = bare.strip_suffix("(a)").or(bare.strip_suffix("(in)")).unwrap_or(bare);
        let folded = Folded::new(bare);
        let role = Role::of(folded.as_bytes());
        Some(Self { bare, is_dotted: bare.len() < token.len(), folded, role })
    }

    fn part(&self) -> Option<Word> {
        let Self { bare, is_dotted, ref folded, role } = *self;
        let starts_lower = bare.starts_with(char::is_lowercase);
        if is_initials(bare) {
            return Some(Word::Initial);
        }
        if role.is_title() && (is_dotted || starts_lower || !role.is_dotted_title()) {
            return Some(Word::Title);
        }
        if role.is_suffix() {
            return Some(Word::Suffix(gazetteer::find(folded.as_bytes())));
        }
        let is_particle = role.is_particle() && (starts_lower || bare.len() < 5) && !is_dotted;
        is_particle.then_some(Word::Particle)
    }

    fn name(&self) -> Option<Word> {
        let Self { bare, is_dotted, ref folded, role } = *self;
        let (entry, case) = Word::folded_name(bare, folded.as_bytes(), role)?;
        match (is_dotted, bare.chars().count()) {
            // `Öğr.`, `Av.`: an abbreviation that nobody lists.
            (true, ..=5) if !entry.is_known() => Some(Word::Particle),
            (true, 7..) => None,
            _ => Some(Word::Name(entry, case)),
        }
    }
}

/// `Anna-Muster-Weg`: a street that has somebody's name.
fn is_street_of(word: &str) -> bool {
    word.rsplit_once(HYPHENS).is_some_and(|(_, last)| {
        let folded = Folded::new(last);
        STREETS.contains(folded.as_bytes()) && !gazetteer::find(folded.as_bytes()).is_clear()
    })
}

/// Without their marks, syllables of Vietnamese look like words of other languages.
fn is_vietnamese(word: &str) -> bool {
    word.contains(|c: char| matches!(c, '\u{1ea0}'..='\u{1ef9}' | 'ơ' | 'ư' | 'Ơ' | 'Ư'))
}

/// What the gazetteer has of a word, of the parts of a compound, or what its ending says.
fn entry(word: &str, folded: &[u8]) -> Entry {
    let whole = gazetteer::find(folded);
    if whole.is_known() {
        return whole;
    }
    if word.contains(HYPHENS) {
        let parts = word.split(HYPHENS).map(gazetteer::lookup);
        return parts.filter(|part| part.is_known()).reduce(Entry::or).unwrap_or_default();
    }
    let is_family =
        folded.len() >= 6 && ENDINGS.iter().any(|ending| folded.ends_with(ending.as_bytes()));
    if is_family { Entry::BY_ENDING } else { whole }
}

const HYPHENS: [char; 3] = ['-', '‐', '‑'];

/// A capital alone, or some with full stops between: `J`, `J.R`, `M.-A`.
fn is_initials(bare: &str) -> bool {
    let mut letters = 0;
    bare.split(['.', '-']).all(|part| {
        letters += 1;
        letters <= 4 && (is_letter(part) || part.is_empty() && letters > 1)
    })
}

fn is_letter(text: &str) -> bool {
    let mut chars = text.chars();
    matches!((chars.next(), chars.next()), (Some(c), None) if c.is_uppercase())
}

/// How `word` is written; nothing where it is no word, or as names are not written (`iPhone`).
pub(super) fn case(word: &str) -> Option<Case> {
    let mut chars = word.chars().peekable();
    let (mut upper, mut lower, mut letters, mut inner) = (0, 0, 0, 0);
    let mut before = None;
    while let Some(c) = chars.next() {
        if c.is_alphabetic() {
            letters += 1;
            if has_no_case(c) {
            } else if c.is_uppercase() {
                upper += 1;
                inner +=
                    u32::from(before.is_some_and(|b: char| b.is_lowercase() && !has_no_case(b)));
            } else {
                lower += 1;
            }
        } else if !(is_mark(c) || is_joint(c) && before.is_some() && chars.peek().is_some()) {
            let leads = before.is_none() && matches!(c, '\'' | '’' | 'ʻ') && letters == 0;
            if !leads {
                return None;
            }
        }
        before = Some(c);
    }
    match (letters, upper, lower) {
        (0, ..) => None,
        (_, 0, 0) => Some(Case::None),
        (_, 0, _) => Some(Case::Lower),
        (2.., _, 0) => Some(Case::Upper),
        (2.., ..) if is_title(word, inner) => Some(Case::Title),
        _ => None,
    }
}

/// Whether every part of `word` begins with its only capital, but for `McDonald` and its like.
fn is_title(word: &str, inner: u32) -> bool {
    let is_apostrophe = |c: char| matches!(c, '\'' | '’' | 'ʻ' | '`' | 'ʼ');
    let starts_upper = |part: &str| part.chars().next().is_some_and(char::is_uppercase);
    if !word.split(is_apostrophe).any(starts_upper) {
        return false;
    }
    inner == 0 && !has_late_capitals(word)
        || inner == 1
            && INNER.iter().any(|start| {
                word.strip_prefix(start).is_some_and(|rest| starts_upper(rest) && rest.len() > 2)
            })
}

/// `JEan`: capitals that follow a capital, with small letters after them.
fn has_late_capitals(word: &str) -> bool {
    let chars = word.chars().filter(|&c| !is_mark(c));
    let pairs = chars.clone().zip(chars.skip(1));
    pairs.into_iter().any(|(a, b)| a.is_uppercase() && b.is_uppercase())
}

/// Georgian has capitals in Unicode that nobody writes names with.
fn has_no_case(c: char) -> bool {
    !c.is_lowercase() && !c.is_uppercase() || ('ა'..='ჿ').contains(&c)
}

fn is_joint(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʻ' | 'ʼ' | '`' | '´' | '·' | '・' | '\u{200c}' | '\u{200d}')
        || HYPHENS.contains(&c)
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}
