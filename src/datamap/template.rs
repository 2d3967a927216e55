//! The template of a log line: what the statement that wrote it looks like.
//!
//! `login ok user=<> from <email>` points to the log statement to fix, which a line number does
//! not. A template may be published, so it holds no word that could be a value: only words of a
//! fixed vocabulary are kept, everything else becomes `<>` and findings become `<kind>`.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that log statements are made of; a word that is not here is shown as `<>`.
static VOCABULARY: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("vocabulary.txt").split_whitespace().collect());

/// A template has at most this many words; what follows is shown as `…`.
const MAX_WORDS: usize = 24;
/// And is looked for in at most this many bytes of the line.
const MAX_BYTES: usize = 512;

/// The template of `line`, in which `spans` (start, end, name of the kind) were found, in order.
///
/// Runs of unknown words are one `<>`; keys of `key=value` stay where they are words of the
/// vocabulary. One pass over the first 512 bytes.
#[must_use]
pub fn of(line: &[u8], spans: &[(usize, usize, &str)]) -> String {
    let mut template = Template::default();
    let mut at = 0;
    let mut spans = spans.iter().peekable();
    let end = line.len().min(MAX_BYTES);
    while at < end && template.words < MAX_WORDS {
        if let Some((_, behind, kind)) = spans.next_if(|(start, _, _)| *start <= at) {
            template.finding(kind);
            at = (*behind).max(at + 1);
            continue;
        }
        let next = spans.peek().map_or(end, |(start, _, _)| (*start).min(end));
        if next == at {
            continue;
        }
        let rest = &line[at..next];
        let word = rest.iter().take_while(|b| is_word(**b)).count();
        if word > 0 {
            template.word(&rest[..word]);
            at += word;
        } else {
            template.sign(rest[0]);
            at += 1;
        }
    }
    let cut = at < line.len();
    template.finish(cut)
}

#[derive(Default)]
struct Template {
    text: String,
    words: usize,
    /// The text ends with `<>`, and only blanks were dropped since.
    after_unknown: bool,
    blank: bool,
}

impl Template {
    fn finding(&mut self, kind: &str) {
        self.part(&format!("<{kind}>"));
    }

    fn word(&mut self, word: &[u8]) {
        let known = std::str::from_utf8(word)
            .ok()
            .filter(|word| VOCABULARY.contains(word.to_ascii_lowercase().as_str()));
        match known {
            Some(word) => self.part(word),
            None => self.unknown(),
        }
    }

    fn unknown(&mut self) {
        if !self.after_unknown {
            self.part("<>");
            self.after_unknown = true;
        }
        self.blank = false;
    }

    fn part(&mut self, part: &str) {
        if self.blank && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(part);
        self.words += 1;
        self.blank = false;
        self.after_unknown = false;
    }

    /// Brackets, quotes and `=` give a statement its look; other signs are a part of values.
    fn sign(&mut self, sign: u8) {
        match sign {
            b' ' | b'\t' => self.blank = true,
            b'=' | b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'"' | b'\'' | b'<' | b'>' | b',' | b';'
                if !self.after_unknown || sign == b'=' || !self.text.ends_with(char::from(sign)) =>
            {
                if self.blank && !self.text.is_empty() {
                    self.text.push(' ');
                }
                self.text.push(char::from(sign));
                self.blank = false;
                self.after_unknown = false;
            }
            _ => self.unknown(),
        }
    }

    fn finish(mut self, cut: bool) -> String {
        if cut && self.words >= MAX_WORDS {
            self.text.push_str(" …");
        }
        self.text
    }
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(line: &str, found: &[(&str, &'static str)]) -> String {
        let spans: Vec<_> = found
            .iter()
            .map(|(value, kind)| {
                let start = line.find(value).unwrap();
                (start, start + value.len(), *kind)
            })
            .collect();
        of(line.as_bytes(), &spans)
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
    fn no_word_outside_the_vocabulary_is_shown() {
        let shown = template("Zanzibar Quetzal élan 12345 [x@y] from here", &[]);
        for word in ["Zanzibar", "Quetzal", "élan", "12345", "x@y"] {
            assert!(!shown.contains(word), "{shown}");
        }
    }
}
