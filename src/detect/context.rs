//! Words around a candidate that speak for it or against it.

use std::collections::HashSet;

use crate::rules::Rule;

/// How far to look, in bytes: a label stands before a value, a unit or an explanation behind it.
const BEFORE: usize = 40;
const BEHIND: usize = 20;

/// The words of one rule.
#[derive(Debug)]
pub(super) struct Words {
    support: HashSet<String>,
    against: HashSet<String>,
}

/// What the words near a candidate say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speech {
    Silent,
    Supports,
    Against,
}

impl Words {
    pub(super) fn new(rule: &Rule) -> Self {
        let set = |words: &[String]| words.iter().cloned().collect();
        Self { support: set(&rule.context), against: set(&rule.negative) }
    }

    /// What the words near `text[start..end]` say; the nearest one before it decides.
    pub(super) fn near(&self, text: &[u8], start: usize, end: usize) -> Speech {
        let before = String::from_utf8_lossy(&text[start.saturating_sub(BEFORE)..start]);
        let behind = String::from_utf8_lossy(&text[end..text.len().min(end + BEHIND)]);
        words(&before)
            .rev()
            .chain(words(&behind))
            .map(|word| self.says(&word.to_lowercase()))
            .find(|speech| *speech != Speech::Silent)
            .unwrap_or(Speech::Silent)
    }

    fn says(&self, word: &str) -> Speech {
        if self.against.contains(word) {
            Speech::Against
        } else if self.support.contains(word) {
            Speech::Supports
        } else {
            Speech::Silent
        }
    }
}

fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !is_redaction(text, word))
}

/// Whether `word`, a part of `text`, is what redaction left of a value, as in `[PHONE]`: it says
/// nothing of the value beside it, or protecting twice would find more than protecting once. The
/// text may be cut at one of the brackets.
fn is_redaction(text: &str, word: &str) -> bool {
    let start = word.as_ptr().addr() - text.as_ptr().addr();
    let opening = start.checked_sub(1).map(|at| text.as_bytes()[at]);
    let closing = text.as_bytes().get(start + word.len());
    let is_enclosed = match (opening, closing) {
        (Some(opening), Some(closing)) => opening == b'[' && *closing == b']',
        (Some(opening), None) => opening == b'[',
        (None, Some(closing)) => *closing == b']',
        (None, None) => false,
    };
    is_enclosed && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_redaction_left_is_no_word() {
        let all = |text| words(text).collect::<Vec<_>>();
        assert_eq!(all("call [PHONE] or [phone] PHONE"), ["call", "or", "phone", "PHONE"]);
        assert_eq!(all("PHONE] or [IP"), ["or"]);
        assert_eq!(all("PHONE"), ["PHONE"]);
    }
}
