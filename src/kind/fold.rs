//! Letters without case and accents, for words that are looked up in a table.
//!
//! What comes in is Latin text; what goes out is ASCII in a buffer on the stack. A table and no
//! Unicode decomposition: it holds the letters of the languages whose words the tables hold.

/// What is longer is no word of a table.
const MAX_LEN: usize = 40;

/// A word in lower-case ASCII.
#[derive(Clone, Copy)]
pub(super) struct Word {
    bytes: [u8; MAX_LEN],
    len: usize,
}

impl Word {
    /// The word that `text` is, letters folded and all else as it is; nothing where it is too long
    /// or holds what is not Latin.
    pub(super) fn fold(text: &str) -> Option<Self> {
        let mut word = Self { bytes: [0; MAX_LEN], len: 0 };
        for c in text.chars() {
            word.push(c)?;
        }
        Some(word)
    }

    fn push(&mut self, c: char) -> Option<()> {
        if c.is_ascii() {
            return self.push_byte(c.to_ascii_lowercase() as u8);
        }
        latin(c)?.bytes().try_for_each(|byte| self.push_byte(byte))
    }

    fn push_byte(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.len)? = byte;
        self.len += 1;
        Some(())
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

/// Whether `word` is one of those in `list`, which are separated by white space.
pub(super) fn listed(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}

/// The lower-case ASCII letters that a letter of Latin-1, Latin Extended-A or Romanian stands for;
/// nothing of a combining mark.
pub(super) fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'ª' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' | 'Ć'..='č' => "c",
        'Ď'..='đ' | 'Ð' | 'ð' => "d",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => "e",
        'Ĝ'..='ģ' => "g",
        'Ĥ'..='ħ' => "h",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => "i",
        'Ĵ' | 'ĵ' => "j",
        'Ķ'..='ĸ' => "k",
        'Ĺ'..='ł' => "l",
        'Ñ' | 'ñ' | 'Ń'..='ŋ' => "n",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' | 'º' => "o",
        'Œ' | 'œ' => "oe",
        'Ŕ'..='ř' => "r",
        'Ś'..='š' | 'Ș' | 'ș' => "s",
        'ß' | 'ẞ' => "ss",
        'Ţ'..='ŧ' | 'Ț' | 'ț' => "t",
        'Þ' | 'þ' => "th",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => "u",
        'Ŵ' | 'ŵ' => "w",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' => "y",
        'Ź'..='ž' => "z",
        '\u{300}'..='\u{36f}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_are_folded() {
        for (text, folded) in [
            ("FÉVRIER", "fevrier"),
            ("fe\u{301}vrier", "fevrier"),
            ("Größe", "grosse"),
            ("Październik", "pazdziernik"),
            ("Říjen", "rijen"),
            ("CŒUR", "coeur"),
        ] {
            assert_eq!(Word::fold(text).unwrap().as_str(), folded, "{text}");
        }
    }

    #[test]
    fn other_scripts_and_long_words_are_refused() {
        assert!(Word::fold("май").is_none());
        assert!(Word::fold(&"a".repeat(MAX_LEN)).is_some());
        assert!(Word::fold(&"a".repeat(MAX_LEN + 1)).is_none());
    }
}
