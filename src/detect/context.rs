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
        let before =
            String::from_utf8_lossy(&text[start.saturating_sub(BEFORE)..start]).to_lowercase();
        let behind = &text[end..text.len().min(end + BEHIND)];
        let behind = String::from_utf8_lossy(behind).to_lowercase();
        words(&before)
            .rev()
            .chain(words(&behind))
            .map(|word| self.says(word))
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
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
