//! The template of a log line: what the statement that wrote it looks like.
//!
//! `login ok user=<> from <email>` points to the log statement to fix, which a line number does
//! not. A template may be published, so it holds no word that could be a value: only words of a
//! fixed vocabulary are kept, everything else becomes `<>` and findings become `<kind>`.

use std::ops::Range;
use std::sync::LazyLock;

use crate::kind::bits::gathered;
use crate::kind::lexicon::Lexicon;

/// Words that log statements are made of; a word that is not here is shown as `<>`.
static VOCABULARY: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    let mut words = Lexicon::default();
    for word in include_str!("vocabulary.txt").split_whitespace() {
        words.entry(word.as_bytes());
    }
    words
});

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
    quoted: Option<Quoted>,
}

/// What stands behind a double quote that is open.
struct Quoted {
    /// Where it starts in the text of the template.
    start: usize,
    holds_values: bool,
    /// How many `<` are in it that begin something else than `<>`: findings.
    findings: usize,
}

impl Template {
    /// The template of `line`, in which `spans` (start, end, name of the kind) were found, in order.
    ///
    /// A word is what stands between blanks, brackets, quotes, `=`, `,` and `;`, without a colon behind
    /// it; runs of words that are not in the vocabulary are one `<>`, and so is a quoted text with such
    /// a word in it, of which no more is read. One pass over the first 512 bytes.
    pub fn of<'k>(
        &mut self,
        line: &[u8],
        spans: impl IntoIterator<Item = (usize, usize, &'k str)>,
    ) -> &str {
        self.clear();
        let end = line.len().min(MAX_BYTES);
        let signs = &mut Signs::of(&line[..end]);
        let mut at = 0;
        for (start, behind, kind) in spans {
            if start >= end {
                break;
            }
            // A finding glued to a word makes the word a part of a value.
            at = self.between(line, signs, at..start, true);
            if at >= end || self.parts >= MAX_PARTS {
                break;
            }
            self.kind(kind);
            at = behind.max(at + 1);
        }
        at = self.between(line, signs, at..end, false);
        if at < line.len() {
            self.text.extend_from_slice(" …".as_bytes());
        }
        std::str::from_utf8(&self.text).expect("words of the vocabulary, signs, and names of kinds")
    }

    /// Draws what is in `range`, as far as there is room for parts; where that ends. `is_glued` says that the
    /// word at its end, if one is there, goes on behind it.
    fn between(
        &mut self,
        line: &[u8],
        signs: &mut Signs<'_>,
        range: Range<usize>,
        is_glued: bool,
    ) -> usize {
        let vocabulary = &*VOCABULARY;
        let (mut at, end) = (range.start, range.end);
        while at < end && self.parts < MAX_PARTS {
            let stop = signs.next_from(at).min(end);
            if stop > at {
                self.word(vocabulary, &line[at..stop], is_glued && stop == end);
                at = if self.is_in_unknown_quote() {
                    memchr::memchr(b'"', &line[stop..end]).map_or(stop, |quote| stop + quote)
                } else {
                    stop
                };
                if at == end || self.parts >= MAX_PARTS {
                    break;
                }
            }
            self.sign(line[at]);
            at += 1;
        }
        at
    }

    fn clear(&mut self) {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        *self = Self { text, ..Self::default() };
    }

    #[inline]
    fn word(&mut self, vocabulary: &Lexicon<()>, word: &[u8], is_glued: bool) {
        let (named, has_colon) = match word {
            [named @ .., b':'] => (named, true),
            _ => (word, false),
        };
        if !named.is_empty() {
            if !is_glued && is_known(vocabulary, named) {
                self.part(named);
            } else {
                self.unknown();
            }
        }
        if has_colon {
            self.text.push(b':');
            self.after_unknown = false;
        }
    }

    /// Whether a quoted text is open that is shown as `<>`, if it ends before something is found in it.
    #[inline]
    fn is_in_unknown_quote(&self) -> bool {
        self.quoted.as_ref().is_some_and(|quoted| quoted.holds_values && quoted.findings == 0)
    }

    #[inline]
    fn unknown(&mut self) {
        if let Some(quoted) = &mut self.quoted {
            quoted.holds_values = true;
        }
        if !self.after_unknown {
            self.part(b"<>");
            self.after_unknown = true;
        }
        self.blank = false;
    }

    fn kind(&mut self, kind: &str) {
        if let Some(quoted) = &mut self.quoted {
            quoted.findings += 1;
        }
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

    #[inline]
    fn space(&mut self) {
        if self.blank && !self.text.is_empty() {
            self.text.push(b' ');
        }
        self.blank = false;
    }

    #[inline]
    fn sign(&mut self, sign: u8) {
        match sign {
            b' ' | b'\t' => self.blank = true,
            b'"' => self.quote(),
            _ => {
                self.space();
                if let (b'<' | b'>', Some(quoted)) = (sign, &mut self.quoted) {
                    if sign == b'<' {
                        quoted.findings += 1;
                    } else if self.text.last() == Some(&b'<') {
                        quoted.findings -= 1;
                    }
                }
                self.text.push(sign);
                self.after_unknown = false;
            }
        }
    }

    /// Opens or closes a quoted text; one that holds a value is shown as `<>` as a whole, unless
    /// something was found in it.
    fn quote(&mut self) {
        match self.quoted.take() {
            Some(Quoted { start, holds_values, findings }) => {
                if holds_values && findings == 0 {
                    self.text.truncate(start);
                    self.text.extend_from_slice(b"<>");
                }
                self.blank = false;
                self.text.push(b'"');
            }
            None => {
                self.space();
                self.text.push(b'"');
                let start = self.text.len();
                self.quoted = Some(Quoted { start, holds_values: false, findings: 0 });
            }
        }
        self.after_unknown = false;
    }
}

/// Whether `word` is one of `vocabulary`. Most words are values, and numbers are none at once.
#[inline]
fn is_known(vocabulary: &Lexicon<()>, word: &[u8]) -> bool {
    !word[0].is_ascii_digit() && vocabulary.get(word).is_some()
}

/// Where what stands between two words is in a line, read as far as it is asked for.
struct Signs<'a> {
    line: &'a [u8],
    /// The block of 64 bytes that was read last, and its signs, one bit a byte.
    block: usize,
    bits: u64,
}

impl<'a> Signs<'a> {
    fn of(line: &'a [u8]) -> Self {
        Self { line, block: 0, bits: signs_in_block(line, 0) }
    }

    /// The first one at `at` or behind it, or the end of the line.
    #[inline]
    fn next_from(&mut self, at: usize) -> usize {
        let mut first = at % 64;
        for block in at / 64..self.line.len().div_ceil(64) {
            if block != self.block {
                (self.block, self.bits) = (block, signs_in_block(self.line, block));
            }
            let bits = self.bits >> first;
            if bits != 0 {
                return 64 * block + first + bits.trailing_zeros() as usize;
            }
            first = 0;
        }
        self.line.len()
    }
}

/// The signs in a block of a line.
fn signs_in_block(line: &[u8], block: usize) -> u64 {
    let rest = line.get(64 * block..).unwrap_or_default();
    rest.first_chunk().map(signs_in).unwrap_or_else(|| {
        let mut last = [0; 64];
        last[..rest.len()].copy_from_slice(rest);
        signs_in(&last)
    })
}

/// The signs among 64 bytes: without a branch, so that many are looked at at once.
fn signs_in(block: &[u8; 64]) -> u64 {
    let mut flags = [0; 64];
    for (flag, byte) in flags.iter_mut().zip(block) {
        *flag = u8::from(is_sign(*byte));
    }
    let eights = flags.as_chunks::<8>().0.iter().enumerate();
    eights
        .fold(0, |bits, (place, eight)| bits | gathered(u64::from_le_bytes(*eight)) << (8 * place))
}

/// Whether `byte` is a blank, a bracket or a quote, or one of `=`, `,` and `;`.
#[inline]
const fn is_sign(byte: u8) -> bool {
    // `{`, `}` and the square ones differ in one bit.
    let lower = byte | 0x20;
    (byte == b' ')
        | (byte == b'\t')
        | (byte == b'"')
        | (byte == b',')
        | (byte.wrapping_sub(b'\'') <= b')' - b'\'')
        | (byte.wrapping_sub(b';') <= b'>' - b';')
        | (lower == b'{')
        | (lower == b'}')
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
                    prop_assert!(is_known(&VOCABULARY, word.as_bytes()), "{}", word);
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
    fn a_quoted_text_with_a_value_in_it_is_one_whatever_else_is_in_it() {
        let quoted = "\"Zanzibar error (failed) <x>, a=b\"";
        for (line, expected) in [
            (format!("agent={quoted} error"), "agent=\"<>\" error"),
            (format!("error {quoted}"), "error \"<>\""),
            ("user=\"Zanzibar error".to_owned(), "user=\"<> error"),
            ("user=\"Zanzibar 192.0.2.7 x\" error".to_owned(), "user=\"<> <ip> <>\" error"),
        ] {
            let found = line.contains("192.0.2.7").then_some(("192.0.2.7", "ip"));
            assert_eq!(template(&line, found.as_slice()), expected, "{line}");
        }
    }

    #[test]
    fn signs_are_those_that_stand_between_words() {
        for byte in 0..=u8::MAX {
            let expected = b" \t=[](){}\"'<>,;".contains(&byte);
            assert_eq!(is_sign(byte), expected, "{byte}");
            for at in [0, 63, 64, 130] {
                let mut line = vec![b'a'; 200];
                line[at] = byte;
                let next = if expected { at } else { line.len() };
                assert_eq!(Signs::of(&line).next_from(0), next);
                assert_eq!(Signs::of(&line).next_from(at), next);
            }
        }
    }

    #[test]
    fn no_word_of_the_vocabulary_has_a_digit() {
        // Lines of one statement would else have several templates.
        assert!(!VOCABULARY.words().any(|word| word.iter().any(u8::is_ascii_digit)));
    }

    #[test]
    fn no_word_outside_the_vocabulary_is_shown() {
        let shown = template("Zanzibar Quetzal élan 12345 [x@y] from here", &[]);
        for word in ["Zanzibar", "Quetzal", "élan", "12345", "x@y"] {
            assert!(!shown.contains(word), "{shown}");
        }
    }
}
