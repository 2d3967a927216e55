//! Which words are names: the embedded list, searched by bisection.
//!
//! # Source
//! `data/names.txt`; its sources and licences are in `data/README.md`, and `data/refresh.py` makes
//! it again.

use super::fold::Folded;

static NAMES: &[u8] = include_bytes!("../../../data/names.txt");

/// What the list says of a word; nothing of a word that it does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Entry(u8);

impl Entry {
    /// Somebody's given name.
    pub(super) fn is_given(self) -> bool {
        self.0 & 1 != 0
    }

    /// Somebody's family name.
    pub(super) fn is_surname(self) -> bool {
        self.0 & 2 != 0
    }

    /// Also a word of the language, a month, a city: alone it proves little.
    pub(super) fn is_common(self) -> bool {
        self.0 & 4 != 0
    }

    /// A name at all.
    pub(super) fn is_known(self) -> bool {
        self.0 & 3 != 0
    }

    /// A name, and nothing else.
    pub(super) fn is_clear(self) -> bool {
        self.is_known() && !self.is_common()
    }

    /// The entry of something that is one as a whole because of its parts.
    pub(super) fn or(self, other: Self) -> Self {
        Self((self.0 | other.0) & 3 | (self.0 & other.0 & 4))
    }

    /// A family name by its ending alone, which adjectives have as well (`Новая`, `Pařížská`).
    pub(super) const BY_ENDING: Self = Self(2 | 4);
}

/// Looks up `word` in any case and spelling. About 17 comparisons; no allocation.
pub(super) fn lookup(word: &str) -> Entry {
    find(Folded::new(word).as_bytes())
}

/// Looks up a folded word.
pub(super) fn find(word: &[u8]) -> Entry {
    if word.is_empty() {
        return Entry::default();
    }
    let (mut low, mut high) = (0, NAMES.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start =
            NAMES[..middle].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1).max(low);
        let line = NAMES[start..].split(|&b| b == b'\n').next().unwrap_or_default();
        let Some((&flags, name)) = line.split_last() else { return Entry::default() };
        match name.cmp(word) {
            std::cmp::Ordering::Less => low = start + line.len() + 1,
            std::cmp::Ordering::Greater => high = start,
            std::cmp::Ordering::Equal => return Entry(flags.wrapping_sub(b'0')),
        }
    }
    Entry::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_folded_and_found_whole() {
        let text = std::str::from_utf8(NAMES).unwrap();
        let mut before = "";
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, flags) = line.split_at(line.len() - 1);
            assert!(before < name, "{before} before {name}");
            assert_eq!(Folded::new(name).as_bytes(), name.as_bytes(), "{name}");
            assert_eq!(find(name.as_bytes()), Entry(flags.as_bytes()[0] - b'0'), "{name}");
            before = name;
        }
        assert!(NAMES.len() < 1_200_000);
    }

    #[test]
    fn words_are_found_in_any_spelling() {
        assert!(lookup("HÉLÈNE").is_given());
        assert!(lookup("Иванов").is_surname());
        assert!(lookup("Rose").is_common());
        assert!(lookup("Martin").is_clear());
        assert_eq!(lookup("xqzxqz"), Entry::default());
        assert_eq!(lookup(""), Entry::default());
        assert_eq!(lookup("# Words"), lookup("Words"));
    }
}
