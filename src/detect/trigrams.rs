//! What a text has to hold for any of some patterns to match.
//!
//! Most patterns have something in them that is written out (`EMP-` in `EMP-[0-9]{6}`). A text without
//! any three characters of that in a row matches none, and looking for these takes a quarter of what an
//! automaton takes, each step of which waits for the one before.

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, HirKind};

/// How many characters in a row are looked for, of which all of one class are the same.
const LENGTH: usize = 3;
/// Bits of a class.
const BITS: u32 = 5;
/// How many parts of a pattern are looked at together: a literal is in one or a few of them.
const PARTS: usize = 8;
/// The classes of so many characters.
const ALL: usize = 1 << (BITS * LENGTH as u32);

/// Three characters in a row, by their classes, of which each match of some patterns holds one.
#[derive(Debug)]
pub(super) struct Trigrams(Box<[u64; ALL / 64]>);

impl Trigrams {
    /// Those of all of `patterns`; nothing where a match of one need not hold any.
    pub(super) fn of(patterns: &[Hir]) -> Option<Self> {
        let literals: Vec<_> = patterns.iter().map(literals_in).collect::<Option<_>>()?;
        let mut trigrams = Self(Box::new([0; ALL / 64]));
        for literal in literals.iter().flatten() {
            let trigram = literal.windows(LENGTH).max_by_key(|trigram| rarity(trigram))?;
            let place = trigram.iter().fold(0, |place, byte| behind(place, *byte));
            trigrams.0[place / 64] |= 1 << (place % 64);
        }
        Some(trigrams)
    }

    /// Whether one of them stands in `text`, or three characters of the same classes.
    pub(super) fn stand_in(&self, text: &[u8]) -> bool {
        /// How many are looked up before it is asked whether one was there.
        const STRIDE: usize = 32;
        let mut place = 0;
        text.chunks(STRIDE).any(|bytes| {
            let mut found = 0;
            for byte in bytes {
                place = behind(place, *byte);
                found |= self.0[place / 64] >> (place % 64);
            }
            found & 1 != 0
        })
    }
}

/// The place of the last characters behind those at `place`, the first of which goes.
#[inline]
fn behind(place: usize, byte: u8) -> usize {
    (place >> BITS) | usize::from(CLASSES[usize::from(byte)]) << (BITS * (LENGTH as u32 - 1))
}

/// The class of each byte: that of a letter is the same in either case.
static CLASSES: [u8; 256] = {
    let (mut classes, mut byte) = ([0; 256], 0);
    while byte < 128 {
        classes[byte] = match byte as u8 {
            letter @ (b'A'..=b'Z' | b'a'..=b'z') => letter & 0x1F,
            b'0'..=b'9' => 27,
            b'-' | b'_' => 28,
            b'/' | b'\\' => 29,
            b'.' | b':' | b'=' => 30,
            b' '..=b'~' => 31,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// How little one would expect to meet it: letters before signs, and those before digits.
fn rarity(trigram: &[u8]) -> u32 {
    let of_byte = |byte: &u8| match byte {
        b'0'..=b'9' => 0,
        byte if byte.is_ascii_alphabetic() => 2,
        _ => 1,
    };
    trigram.iter().map(of_byte).sum()
}

/// Literals of which each match of `pattern` holds one, all of them long enough; nothing where none are
/// known.
fn literals_in(pattern: &Hir) -> Option<Vec<Vec<u8>>> {
    let inner = match pattern.kind() {
        HirKind::Concat(parts) => {
            // From each part on, since what comes before may be anything.
            let from = |first| {
                let some = &parts[first..parts.len().min(first + PARTS)];
                literals_before(&Hir::concat(some.to_vec()))
            };
            let at_starts = (1..parts.len()).filter_map(from);
            best(at_starts.chain(parts.iter().filter_map(literals_in)))
        }
        HirKind::Alternation(parts) => {
            let of_each: Option<Vec<_>> = parts.iter().map(literals_in).collect();
            of_each.map(|literals| literals.concat())
        }
        HirKind::Capture(capture) => literals_in(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => literals_in(&repetition.sub),
        _ => None,
    };
    best(inner.into_iter().chain(literals_before(pattern)))
}

/// Literals of which each match of `pattern` begins with one.
fn literals_before(pattern: &Hir) -> Option<Vec<Vec<u8>>> {
    let literals = Extractor::new().extract(pattern);
    let literals: Vec<_> = literals.literals()?.iter().map(|it| it.as_bytes().to_vec()).collect();
    literals.iter().all(|literal| literal.len() >= LENGTH).then_some(literals)
}

/// Those that one would meet least.
fn best(literals: impl Iterator<Item = Vec<Vec<u8>>>) -> Option<Vec<Vec<u8>>> {
    let of_one = |literal: &Vec<u8>| literal.windows(LENGTH).map(rarity).max();
    literals.max_by_key(|literals| {
        let commonest = literals.iter().filter_map(of_one).min();
        (commonest, std::cmp::Reverse(literals.len()))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_automata::meta::Regex;
    use regex_automata::util::syntax;

    use super::*;

    /// Patterns with something that is written out: before, within, behind, in any case, in all branches.
    const SOURCES: [&str; 9] = [
        r"EMP-[0-9]{6}",
        r"\b[0-9]{4}-QAX[0-9]{2}\b",
        r"(?i)\bkind[:= ]+[a-z0-9]{2}\b",
        r"\b[A-Z]{2}/(QBX|QCX)/[0-9]+",
        r"(abc|[0-9]+def){2}",
        r"([a-z]*ghi)+",
        r"[0-9]{2}(?:-?id|_no)_[0-9]",
        r"[0-4]{3}",
        r"é[a-z]",
    ];

    fn parsed(source: &str) -> Hir {
        syntax::parse(source).unwrap()
    }

    #[test]
    fn what_is_written_out_is_found_in_any_place() {
        let literals = |source: &str| {
            let literals = literals_in(&parsed(source))?;
            Some(literals.into_iter().map(|it| String::from_utf8(it).unwrap()).collect::<Vec<_>>())
        };
        assert_eq!(literals(r"\b[0-9]{4}-QAX[0-9]{2}\b").unwrap(), ["-QAX"]);
        assert_eq!(literals(r"[A-Z]{2}/(QB|QC)/[a-z]+").unwrap(), ["QB/", "QC/"]);
        // Of a word in any case, so much that there are few spellings of it.
        let spellings = literals(r"(?i)\bconfidential[0-9]").unwrap();
        assert!(spellings.contains(&"nTiaL".to_owned()) && spellings.len() == 32, "{spellings:?}");
        // Of many parts, in time that grows with their number alone.
        assert_eq!(literals(&"[0-9]a".repeat(5000)).unwrap().len(), 10);
        for nothing in ["[0-9]{8}", "(abc)?[0-9]", "abc|[0-9]{9}", r"\bab\b", "", "[a-z]+"] {
            assert_eq!(literals(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_pattern_of_which_nothing_is_known_leaves_none() {
        assert!(Trigrams::of(&[parsed("EMP-[0-9]"), parsed("[0-9]{8}")]).is_none());
        let trigrams = Trigrams::of(&SOURCES[..4].iter().map(|it| parsed(it)).collect::<Vec<_>>());
        let trigrams = trigrams.unwrap();
        for (text, expected) in [
            ("", false),
            ("em", false),
            ("a line of a log, with 1234-5678 in it", false),
            ("1234-qax56", true),
            ("KIND: ab", true),
            // The sign of Kelvin is a letter of the same word.
            ("\u{212A}ind: ab", true),
        ] {
            assert_eq!(trigrams.stand_in(text.as_bytes()), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_text_that_matches_holds_one(
            text in "(EMP-|QAX|qax|[Kkd\u{212A}]ind|QBX|abc|def|ghi|-?id_|_no_|é|[0-9]{1,4}|[A-Z]|[a-z]|[-:= /]){0,12}"
        ) {
            for source in SOURCES {
                let Some(trigrams) = Trigrams::of(&[parsed(source)]) else { continue };
                let matches = Regex::new(source).unwrap().is_match(text.as_bytes());
                prop_assert!(trigrams.stand_in(text.as_bytes()) || !matches, "{}", source);
            }
        }
    }
}
