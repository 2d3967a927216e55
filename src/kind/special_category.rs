//! Words that speak of special categories of personal data: health, religion, and what else
//! Article 9 GDPR protects, with the criminal convictions of Article 10.
//!
//! What comes in is a text; what goes out is which categories its words speak of. Words, not
//! sense: `no history of diabetes` speaks of health. It is for telling which fields of free text need
//! a closer look, not for protecting a span. The words are data, in `data/special_categories.toml`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::fold::latin;

const WORDS: &str = include_str!("../../data/special_categories.toml");

/// What is longer is no word of the list.
const MAX_WORD_LEN: usize = 32;

/// A category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Category {
    Health,
    Religion,
    Union,
    Politics,
    SexualLife,
    EthnicOrigin,
    CriminalRecord,
}

impl Category {
    /// All of them, in the order of their bits.
    pub const ALL: [Self; 7] = [
        Self::Health,
        Self::Religion,
        Self::Union,
        Self::Politics,
        Self::SexualLife,
        Self::EthnicOrigin,
        Self::CriminalRecord,
    ];

    /// Its name in the list of words: `health`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Religion => "religion",
            Self::Union => "union",
            Self::Politics => "politics",
            Self::SexualLife => "sexual_life",
            Self::EthnicOrigin => "ethnic_origin",
            Self::CriminalRecord => "criminal_record",
        }
    }
}

/// A set of categories, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Flags(u8);

impl Flags {
    /// Whether the text speaks of `category`.
    #[must_use]
    pub fn contains(self, category: Category) -> bool {
        self.0 & Self::of(category).0 != 0
    }

    /// Whether the text speaks of none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The categories of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The categories, in the order of [`Category::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Category> {
        Category::ALL.into_iter().filter(move |category| self.contains(*category))
    }

    const fn of(category: Category) -> Self {
        Self(1 << category as u8)
    }
}

/// The categories that the words of `text` speak of.
///
/// Whole words of all languages of the list, whatever their case and accents. One pass; a word costs
/// a look at its first two letters, and a lookup where a word of the list begins with them. No
/// allocation. Bytes that are not UTF-8 are what separates words.
#[must_use]
pub fn flags(text: &[u8]) -> Flags {
    let list = &*LIST;
    let mut flags = Flags::default();
    let mut words = Words::new();
    let mut rest = text;
    while let Some((&byte, behind)) = rest.split_first() {
        if byte.is_ascii() {
            rest = behind;
            match byte.to_ascii_lowercase() {
                letter @ b'a'..=b'z' => words.push(letter),
                other => flags = flags.union(words.end(list, matches!(other, b' ' | b'-' | b'\''))),
            }
            continue;
        }
        let (letters, length) = folded(rest);
        rest = &rest[length..];
        match letters {
            Some(letters) => letters.bytes().for_each(|letter| words.push(letter)),
            None => flags = flags.union(words.end(list, false)),
        }
    }
    flags.union(words.end(list, false))
}

/// The letters that the character stands for with which `text` begins, and its length in bytes.
fn folded(text: &[u8]) -> (Option<&'static str>, usize) {
    let head = &text[..text.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(head) => head,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    valid.chars().next().map_or((None, 1), |c| (latin(c), c.len_utf8()))
}

/// The word that is being read, behind those before it where they may be the beginning of a phrase
/// of the list, joined by `_`.
struct Words {
    /// The beginning of a phrase and a word are each shorter than the longest word.
    bytes: [u8; 2 * MAX_WORD_LEN],
    len: usize,
    /// Where the last word begins.
    start: usize,
    is_too_long: bool,
}

impl Words {
    fn new() -> Self {
        Self { bytes: [0; 2 * MAX_WORD_LEN], len: 0, start: 0, is_too_long: false }
    }

    fn push(&mut self, letter: u8) {
        if self.len - self.start == MAX_WORD_LEN - 1 {
            self.is_too_long = true;
        } else {
            self.bytes[self.len] = letter;
            self.len += 1;
        }
    }

    /// What the word that ends here says, alone and behind those before it. `is_joined`: a phrase
    /// may go on behind it.
    fn end(&mut self, list: &List, is_joined: bool) -> Flags {
        let (phrase, word) = (&self.bytes[..self.len], &self.bytes[self.start..self.len]);
        let mut flags = Flags::default();
        let mut kept = 0..0;
        if !word.is_empty() && !self.is_too_long {
            flags = list.of(word);
            if self.start > 0 {
                flags = flags.union(list.of(phrase));
            }
            if is_joined && list.opens(phrase) {
                kept = 0..self.len;
            } else if is_joined && list.opens(word) {
                kept = self.start..self.len;
            }
        }
        self.len = kept.len();
        self.bytes.copy_within(kept, 0);
        if self.len > 0 {
            self.bytes[self.len] = b'_';
            self.len += 1;
        }
        self.start = self.len;
        self.is_too_long = false;
        flags
    }
}

/// The words of the file.
struct List {
    whole: HashMap<&'static [u8], Flags>,
    /// Beginnings of words.
    stems: HashMap<&'static [u8], Flags>,
    /// Beginnings of phrases, up to a border of words.
    openings: HashSet<&'static [u8]>,
    /// By the first two letters: the lengths that whole words and stems have, one bit each, and
    /// zero for most words there are.
    whole_lengths: Box<[u32; PAIRS]>,
    stem_lengths: Box<[u32; PAIRS]>,
}

const PAIRS: usize = 26 * 26;

/// The place of the first two letters in a table; words of one letter are none.
fn pair(word: &[u8]) -> Option<usize> {
    let letter = |byte: u8| byte.is_ascii_lowercase().then(|| usize::from(byte - b'a'));
    match word {
        [first, second, ..] => Some(letter(*first)? * 26 + letter(*second)?),
        _ => None,
    }
}

impl List {
    /// What `word` says by itself or by its beginning.
    fn of(&self, word: &[u8]) -> Flags {
        let Some(pair) = pair(word) else { return Flags::default() };
        let mut flags = Flags::default();
        if self.whole_lengths[pair] >> word.len().min(31) & 1 == 1 {
            flags = self.whole.get(word).copied().unwrap_or_default();
        }
        let mut lengths = self.stem_lengths[pair];
        while lengths != 0 {
            let length = lengths.trailing_zeros() as usize;
            lengths &= lengths - 1;
            if let Some(stem) = word.get(..length) {
                flags = flags.union(self.stems.get(stem).copied().unwrap_or_default());
            }
        }
        flags
    }

    /// Whether a phrase may begin with `words`.
    fn opens(&self, words: &[u8]) -> bool {
        self.openings.contains(words)
    }
}

static LIST: LazyLock<List> = LazyLock::new(|| {
    let mut list = List {
        whole: HashMap::new(),
        stems: HashMap::new(),
        openings: HashSet::new(),
        whole_lengths: Box::new([0; PAIRS]),
        stem_lengths: Box::new([0; PAIRS]),
    };
    for (category, word) in entries() {
        let (words, lengths, word) = match word.strip_suffix('*') {
            Some(stem) => (&mut list.stems, &mut list.stem_lengths, stem),
            None => (&mut list.whole, &mut list.whole_lengths, word),
        };
        let flags = words.entry(word.as_bytes()).or_default();
        *flags = flags.union(Flags::of(category));
        if let Some(pair) = pair(word.as_bytes()) {
            lengths[pair] |= 1 << word.len().min(31);
        }
        let borders = word.match_indices('_').map(|(border, _)| border);
        list.openings.extend(borders.map(|border| &word.as_bytes()[..border]));
    }
    list
});

/// The words of the file with their categories. The file is TOML of one sort only: a table for each
/// category, a line of words for each language.
fn entries() -> impl Iterator<Item = (Category, &'static str)> {
    let mut category = None;
    WORDS.lines().flat_map(move |line| {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            category = Category::ALL.into_iter().find(|category| category.name() == name);
        }
        let words = line.split('"').nth(1).filter(|_| !line.starts_with('#')).unwrap_or_default();
        category
            .into_iter()
            .flat_map(|c| words.split(' ').map(move |word| (c, word)))
            .filter(|(_, word)| !word.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(text: &str) -> Vec<&'static str> {
        flags(text.as_bytes()).iter().map(Category::name).collect()
    }

    #[test]
    fn each_category_is_seen_in_each_language() {
        for (text, category) in [
            ("He was diagnosed with DIABETES in May", "health"),
            ("arrêt maladie depuis mai", "health"),
            ("Schwerbehinderung 50 %", "health"),
            ("embarazada de tres meses", "health"),
            ("Ciąża zagrożona", "health"),
            ("terveydentila hyvä", "health"),
            ("she is Catholic", "religion"),
            ("Kirchensteuerabzug", "religion"),
            ("musulmane pratiquante", "religion"),
            ("member of a trade union", "union"),
            ("IG Metall", "union"),
            ("syndiquée à la CGT", "union"),
            ("political opinion unknown", "politics"),
            ("Orientation sexuelle : non dit", "sexual_life"),
            ("lesbienne", "sexual_life"),
            ("origine ethnique", "ethnic_origin"),
            ("Hautfarbe", "ethnic_origin"),
            ("casier judiciaire vierge", "criminal_record"),
            ("convicted twice", "criminal_record"),
        ] {
            assert_eq!(named(text), [category], "{text}");
        }
        assert_eq!(named("diabetic, catholic"), ["health", "religion"]);
    }

    #[test]
    fn other_texts_speak_of_nothing() {
        for text in [
            "",
            "European Union",
            "left at noon, right on time",
            "union of two sets",
            "payment received, thank you",
            "livraison prévue le 17 mai",
            "a trade, union",
            "GET /health 200, request aborted: invalid operation, feature disabled",
            "das ist die gleiche Größe",
            "Politique de confidentialité de Jean-Baptiste, politica de privacidad",
            "same page, siehe Seite 7, se sida 7 i boken",
            "discatholicx",
            "数据",
        ] {
            assert!(flags(text.as_bytes()).is_empty(), "{text}: {:?}", named(text));
        }
        assert!(flags(b"dia\xffbetes").is_empty());
    }

    #[test]
    fn the_list_is_folded_and_complete() {
        let mut count = 0;
        for (_, word) in entries() {
            let word = word.strip_suffix('*').unwrap_or(word);
            assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{word}");
            assert!(word.len() < MAX_WORD_LEN, "{word}");
            assert!(word.len() >= 2, "{word}");
            count += 1;
        }
        assert!(count > 1400, "{count}");
        for category in Category::ALL {
            assert!(entries().any(|(of, _)| of == category), "{category:?}");
        }
    }

    proptest! {
        #[test]
        fn every_word_of_the_list_is_seen(
            (category, word) in prop::sample::select(entries().collect::<Vec<_>>()), upper: bool,
        ) {
            let spoken = word.replace('*', "x").replace('_', " ");
            let spoken = if upper { spoken.to_uppercase() } else { spoken };
            let text = format!("note: {spoken}, of 2024");
            prop_assert!(flags(text.as_bytes()).contains(category), "{}", text);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(
            text in "[a-zA-Zéßœ _-]{0,120}", bytes in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            let _ = (flags(text.as_bytes()), flags(&bytes));
        }
    }
}
