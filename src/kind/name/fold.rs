//! A word of a name as the gazetteer has it: lower case, compatibility forms and accents removed,
//! other alphabets in Latin letters. `data/refresh.py` folds in the same way.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words are no names; folding may lengthen a word, which is then cut here.
const CAPACITY: usize = 48;

/// A folded word, kept on the stack.
pub(in crate::kind) struct Folded {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Folded {
    /// Folds `word`; letters alone are kept. One pass for ASCII; no allocation.
    pub(in crate::kind) fn new(word: &str) -> Self {
        let mut folded = Self { bytes: [0; CAPACITY], len: 0 };
        if word.is_ascii() {
            for byte in word.bytes().filter(u8::is_ascii_alphabetic) {
                folded.push(&[byte.to_ascii_lowercase()]);
            }
            return folded;
        }
        let lower = word.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase);
        let latin =
            lower.filter(|c| c.is_alphabetic() && !is_combining_mark(*c)).flat_map(Latin::of);
        let mut utf8 = [0; 4];
        for c in latin.nfc() {
            folded.push(c.encode_utf8(&mut utf8).as_bytes());
        }
        folded
    }

    /// The folded word.
    pub(in crate::kind) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn push(&mut self, bytes: &[u8]) {
        if let Some(free) = self.bytes.get_mut(self.len..self.len + bytes.len()) {
            free.copy_from_slice(bytes);
            self.len += bytes.len();
        }
    }
}

/// The letters that one letter is written with.
enum Latin {
    Itself(Option<char>),
    Spelled(std::str::Chars<'static>),
}

impl Latin {
    fn of(c: char) -> Self {
        if c.is_ascii() {
            return Self::Itself(Some(c));
        }
        match spelling(c) {
            Some(latin) => Self::Spelled(latin.chars()),
            None => Self::Itself(Some(c)),
        }
    }
}

impl Iterator for Latin {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Itself(c) => c.take(),
            Self::Spelled(chars) => chars.next(),
        }
    }
}

/// How a lower-case letter without accent is spelled in Latin letters; for Arabic, which of two
/// ways to write a letter is looked up.
///
/// Letter by letter, so that both a name and the list's spelling of it come out the same; close to
/// the common romanisations (BGN/PCGN), so that many names meet their Latin form in the list.
#[rustfmt::skip]
#[expect(clippy::match_same_arms, reason = "a table by alphabet")]
fn spelling(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss", 'æ' => "ae", 'œ' => "oe", 'ø' => "o", 'ł' => "l", 'đ' | 'ð' => "d",
        'ħ' => "h", 'ı' => "i", 'ŋ' => "n", 'þ' => "th", 'ə' => "a",
        // Cyrillic.
        'а' | 'ә' => "a", 'б' => "b", 'в' => "v", 'г' | 'ґ' | 'ғ' => "g", 'д' | 'ђ' => "d",
        'е' | 'є' | 'э' => "e", 'ж' => "zh", 'з' => "z", 'и' | 'і' => "i", 'ј' => "j",
        'к' | 'қ' => "k", 'л' => "l", 'м' => "m", 'н' | 'ң' => "n", 'о' | 'ө' => "o", 'п' => "p",
        'р' => "r", 'с' => "s", 'т' => "t", 'у' | 'ұ' | 'ү' => "u", 'ф' => "f", 'х' => "kh",
        'ц' => "ts", 'ч' => "ch", 'ш' => "sh", 'щ' => "shch", 'ъ' | 'ь' => "", 'ы' => "y",
        'ю' => "yu", 'я' => "ya", 'ћ' => "c", 'љ' => "lj", 'њ' => "nj", 'џ' => "dz", 'һ' => "h",
        // Greek.
        'α' => "a", 'β' => "v", 'γ' => "g", 'δ' => "d", 'ε' => "e", 'ζ' => "z", 'η' | 'ι' => "i",
        'θ' => "th", 'κ' => "k", 'λ' => "l", 'μ' => "m", 'ν' => "n", 'ξ' => "x", 'ο' | 'ω' => "o",
        'π' => "p", 'ρ' => "r", 'σ' | 'ς' => "s", 'τ' => "t", 'υ' => "y", 'φ' => "f", 'χ' => "ch",
        'ψ' => "ps",
        // Georgian.
        'ა' => "a", 'ბ' => "b", 'გ' => "g", 'დ' => "d", 'ე' => "e", 'ვ' => "v", 'ზ' => "z",
        'თ' | 'ტ' => "t", 'ი' => "i", 'კ' | 'ქ' | 'ყ' => "k", 'ლ' => "l", 'მ' => "m", 'ნ' => "n",
        'ო' => "o", 'პ' | 'ფ' => "p", 'ჟ' => "zh", 'რ' => "r", 'ს' => "s", 'უ' => "u", 'ღ' => "gh",
        'შ' => "sh", 'ჩ' | 'ჭ' => "ch", 'ც' | 'წ' => "ts", 'ძ' => "dz", 'ხ' => "kh", 'ჯ' => "j",
        'ჰ' => "h",
        // Armenian.
        'ա' => "a", 'բ' => "b", 'գ' => "g", 'դ' => "d", 'ե' | 'է' => "e", 'զ' => "z", 'ը' => "y",
        'թ' | 'տ' => "t", 'ժ' => "zh", 'ի' => "i", 'լ' => "l", 'խ' => "kh", 'ծ' | 'ց' => "ts",
        'կ' | 'ք' => "k", 'հ' => "h", 'ձ' => "dz", 'ղ' => "gh", 'ճ' | 'չ' => "ch", 'մ' => "m",
        'յ' => "y", 'ն' => "n", 'շ' => "sh", 'ո' | 'օ' => "o", 'պ' | 'փ' => "p", 'ջ' => "j",
        'ռ' | 'ր' => "r", 'ս' => "s", 'վ' | 'ւ' => "v", 'ֆ' => "f", 'և' => "ev",
        // Arabic and Persian.
        'ی' | 'ى' => "ي", 'ک' => "ك", 'ة' => "ه",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(word: &str) -> String {
        String::from_utf8(Folded::new(word).as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn accents_case_and_signs_go() {
        for (word, expected) in [
            ("Hélène", "helene"),
            ("O’Brien", "obrien"),
            ("STRAẞE", "strasse"),
            ("Łukasz", "lukasz"),
            ("İbrahim", "ibrahim"),
            ("Andre\u{301}", "andre"),
            ("佐藤", "佐藤"),
            ("김", "김"),
        ] {
            assert_eq!(folded(word), expected, "{word}");
        }
    }

    #[test]
    fn alphabets_meet_in_latin_letters() {
        for (word, expected) in
            [("Сергей", "sergei"), ("Μαρία", "maria"), ("გიორგი", "giorgi"), ("Արմեն", "armen")]
        {
            assert_eq!(folded(word), expected, "{word}");
        }
    }

    #[test]
    fn a_long_word_is_cut_at_a_letter() {
        assert_eq!(folded(&"é".repeat(100)).len(), CAPACITY);
        assert!(folded(&"語".repeat(100)).len() <= CAPACITY);
    }
}
