//! Names of persons.
//!
//! What comes in is a cell, or a text and a place in it; what goes out is how sure it is that a
//! name stands there. A name proves nothing by itself: it is told from other words by a list of
//! given and family names, by its form, and by the titles before it. Whether a *column* is of names
//! is decided from the share of its values of each strength.
//!
//! Precision comes first: `Rose`, `Paris` and `Will` are names and words, so alone they are shapes.
//!
//! # Source
//! The list: `data/README.md`. Forms: W3C, "Personal names around the world".

mod beside;
mod cjk;
mod find;
mod fold;
mod gazetteer;
mod word;
pub(in crate::kind) mod words;

pub use find::{Found, could_be_at, find, is_small_title};

use super::casefold;
use word::{Case, Word};
use words::Role;

pub(in crate::kind) use fold::Folded;

/// How much speaks for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// The form of a name, of words that the list does not have.
    Shape,
    /// Names that are also words of the language, months or cities; a known ending.
    Common,
    /// One known name that is nothing else; a title before an unknown one.
    Weak,
    /// A known given name and a known family name; a title before a known one.
    Strong,
}

/// Longer cells are no names, in bytes.
const MAX_LEN: usize = 120;
/// A name has at most so many words, particles and titles included, and so many names in it.
const MAX_WORDS: usize = 9;
const MAX_NAMES: usize = 5;

/// Reads a cell of a field that is of names: whatever has the form of one.
#[must_use]
pub fn parsed(value: &[u8]) -> Option<super::Parsed> {
    let text = std::str::from_utf8(super::trim(value)).ok()?;
    is_shape(value).then(|| super::Parsed::weak(casefold::canonical(text).0))
}

/// Whether a cell is written as names are: letters, spaces and few signs. Cheap, and true of many
/// other words.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let value = super::trim(value);
    if !(2..=MAX_LEN).contains(&value.len()) {
        return false;
    }
    let (mut is_lettered, mut spaces) = (false, 0);
    for b in value {
        if REFUSED[usize::from(*b)] {
            return false;
        }
        is_lettered |= b.is_ascii_alphabetic() || !b.is_ascii();
        spaces += usize::from(*b == b' ');
    }
    is_shape_of(value.len(), is_lettered, spaces)
        && (value.is_ascii() || std::str::from_utf8(value).is_ok())
}

/// The same of so many bytes in ASCII, none of which is refused, with so many spaces.
#[must_use]
pub fn is_shape_of(length: usize, is_lettered: bool, spaces: usize) -> bool {
    (2..=MAX_LEN).contains(&length) && is_lettered && spaces < MAX_WORDS
}

/// The strength of [`parsed`] alone; no allocation.
#[must_use]
pub fn grade(value: &[u8]) -> Option<Strength> {
    // Most cells of most columns end here.
    if value.len() > MAX_LEN || value.iter().any(|b| REFUSED[usize::from(*b)]) {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?.trim();
    if !text.is_ascii() && cjk::is_script(text) {
        return cjk::grade(text);
    }
    if is_prose(text) {
        return None;
    }
    let mut halves = text.splitn(2, [',', '،']);
    let (first, rest) = (halves.next()?, halves.next());
    let mut tally = Tally::of(first)?;
    if let Some(rest) = rest {
        let second = Tally::of(rest)?;
        if second.is_bare_suffix() {
            return tally.strength();
        }
        if tally.names == 0 || tally.names > 3 {
            return None;
        }
        // `Dupont, Jean`, not `Paris, Texas`: what follows a comma is a clear given name.
        let is_given = second.clear_given > 0 || second.initials > 0 && tally.known > 0;
        tally.read(rest)?;
        return tally.strength().map(|strength| if is_given { strength } else { Strength::Shape });
    }
    tally.strength()
}

/// Whether small letters begin most of the words, after a capital: a sentence.
fn is_prose(text: &str) -> bool {
    let (mut small, mut large) = (0, 0);
    for word in text.split_ascii_whitespace() {
        small += usize::from(word.as_bytes()[0].is_ascii_lowercase());
        large += usize::from(!word.as_bytes()[0].is_ascii_lowercase());
    }
    large > 0 && small > large + 2 || small + large > MAX_WORDS
}

/// Bytes that no name holds.
static REFUSED: [bool; 256] = {
    let (mut table, mut byte) = ([false; 256], 0u8);
    while byte.is_ascii() {
        table[byte as usize] = is_refused(byte);
        byte += 1;
    }
    table
};

/// Whether no name holds a byte.
#[must_use]
pub const fn is_refused(b: u8) -> bool {
    let is_sign = matches!(b, b' ' | b'\'' | b'-' | b'.' | b',' | b'`' | b'(' | b')');
    b.is_ascii() && !b.is_ascii_alphabetic() && !is_sign
}

/// The words of a name, counted.
#[derive(Debug, Default)]
struct Tally {
    titles: usize,
    initials: usize,
    suffixes: usize,
    particles: usize,
    /// Words that are names by their form.
    names: usize,
    /// Of these: known, known and nothing else, given names, family names.
    known: usize,
    clear: usize,
    given: usize,
    clear_given: usize,
    surnames: usize,
    /// Known as a given name and as a family name.
    both: usize,
    lower: usize,
    cased: usize,
    /// A single word of up to three capitals that is not in the list: `USD`, `XL`.
    acronyms: usize,
}

impl Tally {
    fn of(text: &str) -> Option<Self> {
        let mut tally = Self::default();
        tally.read(text)?;
        Some(tally)
    }

    /// Counts the words of `text` too; nothing where one of them is none of a name.
    fn read(&mut self, text: &str) -> Option<()> {
        let mut tokens = text.split_whitespace();
        if let (Some(only), None) = (tokens.next(), tokens.next()) {
            // Alone, `West`, `Ben` and `Ma` are names and no part of one.
            let (entry, case) = Word::name(only)?;
            self.count(only, entry, case);
            return Some(());
        }
        let mut tokens = text.split_whitespace().enumerate();
        tokens.try_for_each(|(index, token)| self.add(token, index))
    }

    fn add(&mut self, token: &str, index: usize) -> Option<()> {
        match Word::of(token)? {
            Word::Title => {
                // A title behind a name is a suffix (`Smith Sr.`), or no title.
                if self.names > 0 { self.suffixes += 1 } else { self.titles += 1 }
            }
            Word::Particle => self.particles += 1,
            Word::Initial => self.initials += 1,
            Word::Suffix(_) if self.names > 1 || self.names == 1 && self.initials > 0 => {
                self.suffixes += 1;
            }
            Word::Suffix(entry) => self.count(token, entry, Case::Title),
            Word::Name(entry, case) => {
                if index == 0 && Role::of(Folded::new(token).as_bytes()).starts_place() {
                    return None;
                }
                self.count(token, entry, case);
            }
        }
        Some(())
    }

    fn count(&mut self, token: &str, entry: gazetteer::Entry, case: Case) {
        self.names += 1;
        self.known += usize::from(entry.is_known());
        self.clear += usize::from(entry.is_clear());
        self.given += usize::from(entry.is_given());
        self.clear_given += usize::from(entry.is_given() && entry.is_clear());
        self.surnames += usize::from(entry.is_surname());
        self.both += usize::from(entry.is_given() && entry.is_surname());
        self.lower += usize::from(case == Case::Lower);
        self.cased += usize::from(case != Case::None);
        self.acronyms += usize::from(case == Case::Upper && token.len() < 4 && !entry.is_known());
    }

    fn is_bare_suffix(&self) -> bool {
        self.names <= 1
            && self.known == 0
            && self.titles + self.suffixes + self.names > 0
            && self.initials == 0
    }

    /// One name is a given name and another one a family name, and not all of it is common words.
    fn is_pair(&self) -> bool {
        let distinct = self.given + self.surnames - self.both;
        self.given > 0 && self.surnames > 0 && distinct > 1 && self.clear > 0
    }

    fn strength(&self) -> Option<Strength> {
        if self.names == 0 || self.names > MAX_NAMES || self.acronyms > 0 {
            return None;
        }
        // Small letters throughout are how some exports are; in part they are prose.
        if self.lower > 0 && self.lower < self.cased {
            return None;
        }
        let strength = match self.names {
            1 => self.single(),
            2.. if self.is_pair() || self.titles > 0 && self.clear > 0 => Strength::Strong,
            2.. if self.clear_given > 0 || self.titles > 0 => Strength::Weak,
            2.. if self.initials > 0 && self.surnames > 0 => Strength::Weak,
            2.. if self.known > 0 => Strength::Common,
            _ => Strength::Shape,
        };
        match (strength, self.lower > 0) {
            (strength, false) if self.names <= 4 || self.known * 2 >= self.names => Some(strength),
            (Strength::Strong, true) => Some(Strength::Weak),
            (Strength::Weak, true) => Some(Strength::Common),
            _ => None,
        }
    }

    fn single(&self) -> Strength {
        let is_led = self.titles > 0 || self.initials > 0;
        match (is_led, self.clear > 0, self.known > 0) {
            (true, true, _) if self.titles > 0 => Strength::Strong,
            (true, _, true) | (false, true, _) => Strength::Weak,
            (true, ..) if self.titles > 0 => Strength::Weak,
            (false, false, true) => Strength::Common,
            _ => Strength::Shape,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Strength::{Common, Shape, Strong, Weak};
    use super::*;
    use crate::kind::testing;

    #[test]
    fn names_of_many_forms_are_read() {
        for (value, expected) in [
            ("Jean Dupont", Strong),
            ("DUPONT Jean", Strong),
            ("Dupont, Jean", Strong),
            ("M. Jean Dupont", Strong),
            ("Mme Dupont", Strong),
            ("Dr. med. Erika Müller", Strong),
            ("Jean-Pierre de La Fontaine", Strong),
            ("Dr. María José Carreño Quiñones", Strong),
            ("John O'Brien Jr.", Strong),
            ("J. R. Smith", Weak),
            ("J. Dupont", Weak),
            ("Иван Иванов", Strong),
            ("김민준", Strong),
            ("佐藤 太郎", Strong),
            ("王浩", Weak),
            ("Martin", Weak),
            ("Dupont", Weak),
            ("van Dijk", Weak),
            ("Rose", Common),
            ("Qwyxtr", Shape),
            ("jean dupont", Weak),
        ] {
            assert_eq!(grade(value.as_bytes()), Some(expected), "{value}");
        }
    }

    #[test]
    fn what_companies_places_and_things_are_called_is_refused() {
        for value in [
            "Dupont SARL",
            "Smith & Co",
            "Martin, Dubois and Day",
            "Mueller Inc",
            "New York",
            "East Leonard",
            "Main Street",
            "Games developer",
            "iPhone",
            "jean@example.com",
            "2024-01-01",
            "USD 12",
            "Horizontal empowering knowledgebase",
            "株式会社",
            "",
            " ",
            "\u{301}",
        ] {
            assert_eq!(grade(value.as_bytes()), None, "{value}");
        }
    }

    #[test]
    fn the_canonical_form_is_of_the_whole_cell() {
        let canonical = |value: &str| testing::canonical(parsed(value.as_bytes()));
        assert_eq!(canonical("  M.  Jean\u{a0}DUPONT ").as_deref(), Some("m. jean dupont"));
        assert_eq!(canonical("He\u{301}le\u{300}ne Groß").as_deref(), Some("hélène gross"));
        assert_eq!(canonical("n/a"), None);
    }

    /// Frequent names of several countries, of their offices of statistics.
    const GIVEN: [&str; 12] = [
        "Philippe",
        "Nathalie",
        "Isabelle",
        "Jennifer",
        "Michael",
        "Giovanni",
        "Wolfgang",
        "Katarzyna",
        "Jürgen",
        "François",
        "Alejandro",
        "Joana",
    ];
    const FAMILY: [&str; 12] = [
        "Dupont",
        "Lefebvre",
        "Johnson",
        "Williams",
        "Müller",
        "Schneider",
        "Rossi",
        "Esposito",
        "Kowalski",
        "Hernández",
        "Ferreira",
        "Jansen",
    ];

    proptest! {
        #[test]
        fn every_pair_of_known_names_is_strong_in_each_order(
            given in prop::sample::select(&GIVEN[..]), second in prop::sample::select(&GIVEN[..]),
            family in prop::sample::select(&FAMILY[..]),
            title in prop::sample::select(&["M.", "Mme", "Mr", "Dr.", "Herr", "Sig."][..]),
        ) {
            for name in [
                format!("{given} {family}"),
                format!("{} {given}", family.to_uppercase()),
                format!("{given} {}", family.to_uppercase()),
                format!("{family}, {given}"),
                format!("{title} {given} {family}"),
                format!("{given}-{second} {family}"),
                format!("{given} {second} {family}"),
                format!("{given} de {family}"),
            ] {
                prop_assert_eq!(grade(name.as_bytes()), Some(Strong), "{}", name);
                let spaced = format!(" {}\n", name.replace(' ', "  "));
                let canonical = testing::canonical(parsed(spaced.as_bytes()));
                prop_assert_eq!(canonical, Some(name.to_lowercase()), "{}", name);
            }
            let text = format!("appel de {title} {given} {family}, client");
            let at = text.find(given).unwrap();
            let found = find(text.as_bytes(), at).map(|(span, _)| &text[span]);
            prop_assert_eq!(found, Some(&*format!("{given} {family}")));
        }

        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..130)) {
            let _ = (grade(&bytes), parsed(&bytes));
        }

        #[test]
        fn any_words_are_read(text in "(\\PC{0,6}[ ,.'-]?|Jean |DUPONT|de ){0,12}") {
            let _ = (grade(text.as_bytes()), parsed(text.as_bytes()));
        }
    }
}
