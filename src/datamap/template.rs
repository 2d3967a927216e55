//! The template of a log line: what the statement that wrote it looks like.
//!
//! `login ok user=<> from <email>` points to the log statement to fix, which a line number does
//! not. A template may be published, so it holds no word that could be a value: only words of a
//! fixed vocabulary are kept, everything else becomes `<>` and findings become `<kind>`.

use std::collections::HashSet;
use std::sync::LazyLock;

use memchr::memchr_iter;

use crate::kind::hash::WordHash;
use crate::kind::sieve::Sieve;

/// Words that log statements are made of; a word that is not here is shown as `<>`.
static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let words = || include_str!("vocabulary.txt").split_whitespace().map(str::as_bytes);
    Vocabulary { words: words().collect(), sieve: words().fold(Sieve::EMPTY, Sieve::with) }
});

struct Vocabulary {
    words: HashSet<&'static [u8], WordHash>,
    sieve: Sieve,
}

/// Longer words are in no vocabulary, and cost no look-up.
const MAX_WORD: usize = 20;

/// A template has at most this many parts; what follows is shown as `…`.
const MAX_PARTS: usize = 24;
/// And is looked for in at most this many bytes of the line.
const MAX_BYTES: usize = 512;

/// A template, drawn in the same room again for each line.
#[derive(Default)]
pub struct Template {
    /// In UTF-8.
    text: Vec<u8>,
    parts: usize,
    /// The text ends with `<>`.
    after_unknown: bool,
    /// A blank was read and is not in the text yet.
    blank: bool,
    /// Where the text inside an open double quote starts, and whether a value was in it.
    quoted: Option<(usize, bool)>,
}

impl Template {
    /// The template of `line`, in which `spans` (start, end, name of the kind) were found, in order.
    ///
    /// A word is what stands between blanks, brackets, quotes, `=`, `,` and `;`, without a colon behind
    /// it; runs of words that are not in the vocabulary are one `<>`, and so is a quoted text with such
    /// a word in it. One pass over the first 512 bytes.
    pub fn of<'k>(
        &mut self,
        line: &[u8],
        spans: impl IntoIterator<Item = (usize, usize, &'k str)>,
    ) -> &str {
        self.clear();
        let mut spans = spans.into_iter();
        let mut span = spans.next();
        let end = line.len().min(MAX_BYTES);
        let mut at = 0;
        while at < end && self.parts < MAX_PARTS {
            let next = match span {
                Some((start, behind, kind)) if start <= at => {
                    self.kind(kind);
                    at = behind.max(at + 1);
                    span = spans.next();
                    continue;
                }
                Some((start, ..)) => start.min(end),
                None => end,
            };
            let rest = &line[at..next];
            let length = rest.iter().position(|byte| is_sign(*byte)).unwrap_or(rest.len());
            if length > 0 {
                at += length;
                // A finding glued to a word makes the word a part of a value.
                self.word(&rest[..length], at == next && next < end);
            }
            if at < next && self.parts < MAX_PARTS {
                self.sign(line[at]);
                at += 1;
            }
        }
        if at < line.len() {
            self.text.extend_from_slice(" …".as_bytes());
        }
        std::str::from_utf8(&self.text).expect("words of the vocabulary, signs, and names of kinds")
    }

    fn clear(&mut self) {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        *self = Self { text, ..Self::default() };
    }

    fn word(&mut self, word: &[u8], is_glued: bool) {
        let colon = usize::from(word.last() == Some(&b':'));
        let (word, colon) = word.split_at(word.len() - colon);
        if !word.is_empty() {
            if !is_glued && is_known(word) {
                self.part(word);
            } else {
                self.unknown();
            }
        }
        if !colon.is_empty() {
            self.text.push(b':');
            self.after_unknown = false;
        }
    }

    fn unknown(&mut self) {
        if let Some((_, holds_values)) = &mut self.quoted {
            *holds_values = true;
        }
        if !self.after_unknown {
            self.part(b"<>");
            self.after_unknown = true;
        }
        self.blank = false;
    }

    fn kind(&mut self, kind: &str) {
        self.part(b"<");
        self.text.extend_from_slice(kind.as_bytes());
        self.text.push(b'>');
    }

    fn part(&mut self, part: &[u8]) {
        self.space();
        self.text.extend_from_slice(part);
        self.parts += 1;
        self.after_unknown = false;
    }

    fn space(&mut self) {
        if self.blank && !self.text.is_empty() {
            self.text.push(b' ');
        }
        self.blank = false;
    }

    fn sign(&mut self, sign: u8) {
        match sign {
            b' ' | b'\t' => self.blank = true,
            b'"' => self.quote(),
            _ => {
                self.space();
                self.text.push(sign);
                self.after_unknown = false;
            }
        }
    }

    /// Opens or closes a quoted text; one that holds a value is shown as `<>` as a whole, unless
    /// something was found in it.
    fn quote(&mut self) {
        match self.quoted.take() {
            Some((start, holds_values)) => {
                let quoted = &self.text[start..];
                let has_finding =
                    || memchr_iter(b'<', quoted).any(|at| quoted.get(at + 1) != Some(&b'>'));
                if holds_values && !has_finding() {
                    self.text.truncate(start);
                    self.text.extend_from_slice(b"<>");
                }
                self.blank = false;
                self.text.push(b'"');
            }
            None => {
                self.space();
                self.text.push(b'"');
                self.quoted = Some((self.text.len(), false));
            }
        }
        self.after_unknown = false;
    }
}

fn is_known(word: &[u8]) -> bool {
    // Most words are values: seen before anything is copied or hashed, and numbers at once.
    if word[0].is_ascii_digit() {
        return false;
    }
    let Vocabulary { words, sieve } = &*VOCABULARY;
    let mut lower = [0; MAX_WORD];
    if !sieve.may_hold(word) {
        return false;
    }
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    words.contains(&*lower)
}

/// What stands between two words.
static SIGNS: [bool; 256] = {
    let (mut table, mut at) = ([false; 256], 0);
    let signs = b" \t=[](){}\"'<>,;";
    while at < signs.len() {
        table[signs[at] as usize] = true;
        at += 1;
    }
    table
};

fn is_sign(b: u8) -> bool {
    SIGNS[usize::from(b)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn of_any_line_only_the_vocabulary_is_shown(
            line in "(\\PC|error|Login|échec|:|=|\"|, | ){0,200}",
            bytes: Vec<u8>,
            at in 0usize..600,
        ) {
            for line in [line.as_bytes(), &bytes] {
                let span = (at < line.len()).then_some((at, at + 3, "ip"));
                let mut template = Template::default();
                let shown = template.of(line, span);
                let words = shown.split(|c: char| is_sign(c as u8) || matches!(c, ':' | '…'));
                for word in words.filter(|word| !word.is_empty() && *word != "ip") {
                    prop_assert!(is_known(word.as_bytes()), "{}", word);
                }
            }
        }
    }

    fn template(line: &str, found: &[(&str, &'static str)]) -> String {
        let spans = found.iter().map(|(value, kind)| {
            let start = line.find(value).unwrap();
            (start, start + value.len(), *kind)
        });
        Template::default().of(line.as_bytes(), spans).to_owned()
    }

    #[test]
    fn the_statement_is_kept_and_the_values_are_not() {
        let line = "Dec 10 06:55:46 LabSZ sshd[24200]: Failed password for invalid user webmaster from 192.0.2.1 port 4010 ssh2";
        let shown = template(line, &[("192.0.2.1", "ip")]);
        assert!(shown.contains("Failed password for invalid user <> from <ip> port <>"), "{shown}");
        assert!(!shown.contains("webmaster") && !shown.contains("24200"), "{shown}");
    }

    #[test]
    fn two_lines_of_one_statement_have_one_template() {
        let a = template("login ok user=anna from 192.0.2.7 in 12 ms", &[("192.0.2.7", "ip")]);
        let b = template("login ok user=x.y from 192.0.2.250 in 7 ms", &[("192.0.2.250", "ip")]);
        assert_eq!(a, b);
        assert!(a.contains("login ok user=<> from <ip> in <> ms"), "{a}");
    }

    #[test]
    fn an_access_log_has_few_templates() {
        let line = |path, agent| {
            let line = format!(
                "192.0.2.7 - - [21/Nov/2026:23:57:50 +0000] \"GET {path} HTTP/1.1\" 200 873 \"-\" \"{agent}\""
            );
            template(&line, &[("192.0.2.7", "ip")])
        };
        assert_eq!(line("/cart", "curl/8.5.0"), "<ip> <> [<>] \"<>\" <> \"<>\" \"<>\"");
        assert_eq!(line("/a?q=b&page=2", "Mozilla/5.0 (X11; Linux) like"), line("/", "x"));
    }

    #[test]
    fn no_word_of_the_vocabulary_begins_with_a_digit() {
        assert!(!VOCABULARY.words.iter().any(|word| word[0].is_ascii_digit()));
    }

    #[test]
    fn no_word_outside_the_vocabulary_is_shown() {
        let shown = template("Zanzibar Quetzal élan 12345 [x@y] from here", &[]);
        for word in ["Zanzibar", "Quetzal", "élan", "12345", "x@y"] {
            assert!(!shown.contains(word), "{shown}");
        }
    }
}
