//! Words around a candidate that speak for it or against it.

mod reading;

use std::ops::Range;

use reading::{
    Initials, ends_initials, is_alphanumeric_at, is_glued, is_redaction, letters_and_digits,
    word_at_end, word_at_start, words_backwards, words_forwards,
};

use super::candidate::letters::{self, Letters};
use crate::kind::lexicon::Lexicon;
use crate::kind::sieve::Sieve;
use crate::rules::{RuleId, RuleSet};

/// How far to look, in bytes: a label stands before a value, a unit or an explanation behind it.
pub(super) const BEFORE: usize = 48;
pub(super) const BEHIND: usize = 20;

/// The words of all rules in one table, so that those near a candidate are looked up once.
#[derive(Debug)]
pub(super) struct Words {
    says: Lexicon<Says>,
    /// Those with a digit in them, with all digits made equal.
    with_digits: Sieve,
    /// Whether there is one among them that a UUID or an id of hexadecimal digits could hold.
    has_hexadecimal: bool,
    /// Whether one begins with a digit: many words of a text do.
    starts_with_digit: bool,
    /// Rules of which numbers are asked whether a word supports them.
    asked: RuleSetBits,
}

/// The words of one text that say something, as far as it was read: candidates stand close together,
/// and most words are near several.
#[derive(Default)]
pub(super) struct Said {
    words: Vec<(Range<usize>, Says)>,
    /// What all of them say.
    all: Says,
    /// What was read. Nothing before it will be.
    read: Range<usize>,
    /// Something else than ASCII was in it: words are looked for again near each candidate.
    is_foreign: bool,
}

/// What one word says of each rule.
#[derive(Debug, Default, Clone, Copy)]
struct Says {
    support: RuleSetBits,
    against: RuleSetBits,
}

/// What the words near a candidate say of each rule: the nearest one that says something decides.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Speeches {
    support: RuleSetBits,
    against: RuleSetBits,
    /// Rules that any word speaks against, however far.
    denied: RuleSetBits,
}

/// What the words near a candidate say of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speech {
    Silent,
    Supports,
    Against,
}

/// One bit a rule: a rule set has at most 256.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct RuleSetBits([u64; 4]);

impl RuleSetBits {
    pub(super) fn insert(&mut self, rule: RuleId) {
        self.0[usize::from(rule.0 >> 6)] |= 1 << (rule.0 & 63);
    }

    fn contains(self, rule: RuleId) -> bool {
        self.0[usize::from(rule.0 >> 6)] >> (rule.0 & 63) & 1 == 1
    }

    fn meets(self, other: Self) -> bool {
        self.0.iter().zip(other.0).any(|(mine, theirs)| mine & theirs != 0)
    }

    /// Adds what `other` has and `decided` has not.
    fn add_undecided(&mut self, other: Self, decided: Self) {
        for ((mine, theirs), decided) in self.0.iter_mut().zip(other.0).zip(decided.0) {
            *mine |= theirs & !decided;
        }
    }

    fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    /// A number that two sets seldom share, zero for that without a rule.
    pub(super) fn hash(self) -> u64 {
        /// Odd, with bits all over.
        const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
        self.0
            .into_iter()
            .fold(0, |hash: u64, bits| (hash.rotate_left(23) ^ bits).wrapping_mul(FACTOR))
    }
}

impl Says {
    fn add(&mut self, other: &Self) {
        self.support = self.support.or(other.support);
        self.against = self.against.or(other.against);
    }
}

impl Speeches {
    pub(super) fn of(&self, rule: RuleId) -> Speech {
        if self.support.contains(rule) {
            Speech::Supports
        } else if self.against.contains(rule) {
            Speech::Against
        } else {
            Speech::Silent
        }
    }

    /// Whether the words near support any rule of a set.
    pub(super) fn support_any(&self, rules: RuleSetBits) -> bool {
        self.support.meets(rules)
    }

    /// Whether any word near speaks against a rule, and not just the nearest.
    pub(super) fn is_denied(&self, rule: RuleId) -> bool {
        self.denied.contains(rule)
    }

    fn hear(&mut self, says: &Says) {
        self.denied = self.denied.or(says.against);
        let decided = self.support.or(self.against);
        self.against.add_undecided(says.against, decided);
        // A word on both lists of a rule speaks against.
        self.support.add_undecided(says.support, decided.or(self.against));
    }
}

impl Words {
    /// The words of `rules`; of those in `asked`, numbers are asked whether a word supports them.
    pub(super) fn new(rules: &RuleSet, asked: RuleSetBits) -> Self {
        let mut says = Lexicon::<Says>::default();
        for id in rules.rule_ids() {
            let rule = rules.rule(id);
            for word in rule.context.iter().filter(|word| !word.is_empty()) {
                says.entry(word.as_bytes()).support.insert(id);
            }
            for word in rule.negative.iter().filter(|word| !word.is_empty()) {
                says.entry(word.as_bytes()).against.insert(id);
            }
        }
        let outlined = |word: &[u8]| {
            let equal = |byte: &u8| if byte.is_ascii_digit() { b'0' } else { *byte };
            word.iter().map(equal).collect::<Vec<_>>()
        };
        let words = says.words().filter(|word| word.iter().any(u8::is_ascii_digit));
        let with_digits = words.fold(Sieve::EMPTY, |sieve, word| sieve.with(&outlined(word)));
        let has_hexadecimal = says.words().any(|word| {
            let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            (word.len() == 4 || word.len() >= 8) && word.iter().all(is_digit)
        });
        let is_word = |key: &[u8]| key.iter().all(u8::is_ascii_alphanumeric);
        let begins = |key: &[u8]| key.first().is_some_and(u8::is_ascii_digit);
        let starts_with_digit = says.words().any(|key| is_word(key) && begins(key));
        Self { says, with_digits, has_hexadecimal, starts_with_digit, asked }
    }

    /// Whether a word of a rule could be in some texts of `outline` and not in others: one with digits in
    /// it (`md5`), or one that a mask covers.
    pub(super) fn could_differ(&self, outline: &[u8], has_masks: bool) -> bool {
        let mut words = outline.split(|byte| !byte.is_ascii_alphanumeric());
        self.has_hexadecimal && has_masks
            || words.any(|word| word.contains(&b'0') && self.with_digits.may_hold(word))
    }

    /// Adds to `said` what the words of `text[span]` say, where words are letters and digits, and are not
    /// cut at the ends of the span. Returns the rules that they support, of those that numbers are asked about.
    pub(super) fn listen(&self, text: &[u8], span: &Range<usize>, said: &mut Said) -> RuleSetBits {
        let (mut supported, mut start) = (RuleSetBits::default(), span.start);
        for word in text[span.clone()].split(|byte| !byte.is_ascii_alphanumeric()) {
            if self.says.may_hold(word)
                && let Some(says) = self.look_up(word)
            {
                supported = supported.or(says.support.and(self.asked));
                said.words.push((start..start + word.len(), *says));
            }
            start += word.len() + 1;
        }
        supported
    }

    /// Whether digits alone could be a word of a rule.
    pub(super) fn could_be_numbers(&self) -> bool {
        self.starts_with_digit
    }

    /// What the words near `text[start..end]` say: those before it, nearest first, then those
    /// behind it. `said` holds what was read of `text` before.
    pub(super) fn near(&self, text: &[u8], start: usize, end: usize, said: &mut Said) -> Speeches {
        let (first, last) = (start.saturating_sub(BEFORE), text.len().min(end + BEHIND));
        if !said.has_all(self, text) {
            said.read_on(self, text, first..last);
        }
        if said.is_foreign || first < said.read.start {
            return self.near_again(&text[first..start], &text[end..last]);
        }
        // A word that the candidate is glued to was read with a part of it.
        let glued_before =
            if is_alphanumeric_at(text, start) { word_at_end(&text[first..start]) } else { &[] };
        let glued_behind = if end > start && is_alphanumeric_at(text, end - 1) {
            word_at_start(&text[end..last])
        } else {
            &[]
        };
        let mut speeches = Speeches::default();
        if said.words.is_empty() && glued_before.is_empty() && glued_behind.is_empty() {
            return speeches;
        }
        let mut hear = |says: Option<&Says>| says.into_iter().for_each(|says| speeches.hear(says));
        hear(self.look_up(glued_before));
        let (before, behind) =
            said.words.split_at(said.words.partition_point(|(word, _)| word.start < end));
        for (word, says) in before.iter().rev().filter(|(word, _)| word.end <= start) {
            if word.start < first {
                break;
            }
            // `phone=… 200 1234`: a key speaks of its own value.
            let has_value = text.get(word.end) == Some(&b'=');
            let is_ended = |value: &[u8]| value.iter().any(|b| matches!(b, b' ' | b'&' | b';'));
            if !(has_value && is_ended(&text[word.end..start])) {
                hear(Some(says));
            }
        }
        hear(self.look_up(glued_behind));
        for (_, says) in behind.iter().take_while(|(word, _)| word.end <= last) {
            hear(Some(says));
        }
        speeches
    }

    /// Whether a word near `text[start..end]` could support one of `rules`: not where no word of all the
    /// text does.
    pub(super) fn could_support(
        &self,
        rules: RuleSetBits,
        text: &[u8],
        span: &Range<usize>,
        said: &mut Said,
    ) -> bool {
        !said.has_all(self, text) || is_glued(text, span) || said.all.support.meets(rules)
    }

    /// The same of what speaks for a rule or against it.
    pub(super) fn could_speak(
        &self,
        rule: RuleId,
        text: &[u8],
        span: &Range<usize>,
        said: &mut Said,
    ) -> bool {
        !said.has_all(self, text)
            || is_glued(text, span)
            || said.all.support.contains(rule)
            || said.all.against.contains(rule)
    }

    fn near_again(&self, before: &[u8], behind: &[u8]) -> Speeches {
        let mut speeches = Speeches::default();
        let mut hear = |word: &[u8]| {
            if let Some(says) = self.look_up_any(word) {
                speeches.hear(says);
            }
        };
        words_backwards(before, &mut hear);
        words_forwards(behind, &mut hear);
        speeches
    }

    /// The words near `text[start..end]` that say something of `rule`, in the order in which they are
    /// heard: in lower case, each with whether it supports. They are words of the rules, so they may
    /// be shown.
    pub(super) fn about(
        &self,
        rule: RuleId,
        text: &[u8],
        start: usize,
        end: usize,
    ) -> Vec<(String, bool)> {
        let mut about = Vec::new();
        let mut hear = |word: &[u8]| {
            let Some(says) = self.look_up_any(word) else { return };
            if says.support.contains(rule) || says.against.contains(rule) {
                let word = String::from_utf8_lossy(word).to_lowercase();
                about.push((word, !says.against.contains(rule)));
            }
        };
        words_backwards(&text[start.saturating_sub(BEFORE)..start], &mut hear);
        words_forwards(&text[end..text.len().min(end + BEHIND)], &mut hear);
        about
    }

    /// What a word says, in any case and script.
    fn look_up_any(&self, word: &[u8]) -> Option<&Says> {
        if word.is_ascii() {
            return self.look_up(word);
        }
        self.says.get(std::str::from_utf8(word).ok()?.to_lowercase().as_bytes())
    }

    /// What a word in ASCII says: most say nothing.
    #[inline]
    fn look_up(&self, word: &[u8]) -> Option<&Says> {
        self.says.get(word)
    }
}

impl Said {
    /// All that is said in `text`.
    pub(super) fn in_all(words: &Words, text: &[u8]) -> Self {
        let mut said = Self::default();
        said.read_on(words, text, 0..text.len());
        said
    }

    /// Takes what is said in `text` to be the same as in another, whose places are `place_of` those, and
    /// what the words say that are in it alone.
    pub(super) fn recall(
        &mut self,
        other: &Self,
        text: &[u8],
        place_of: impl Fn(usize) -> usize,
        alone: &Self,
    ) {
        self.words.clear();
        self.words.extend(other.words.iter().map(|(word, says)| (moved(word, &place_of), *says)));
        self.all = other.all;
        self.read = 0..text.len();
        self.is_foreign = other.is_foreign;
        if !alone.words.is_empty() {
            self.words.extend_from_slice(&alone.words);
            self.words.sort_unstable_by_key(|(word, _)| word.start);
            alone.words.iter().for_each(|(_, says)| self.all.add(says));
        }
    }

    /// The same without the words that are in `apart`, and with all others at `place_of` their places.
    pub(super) fn without(&self, apart: &Self, place_of: impl Fn(usize) -> usize) -> Self {
        let mut said = Self { read: self.read.clone(), ..Self::default() };
        for (word, says) in &self.words {
            if apart.words.iter().all(|(other, _)| other != word) {
                said.note(moved(word, &place_of), says);
            }
        }
        said
    }

    /// The same with those words alone that `is_kept` takes.
    pub(super) fn within(&self, is_kept: impl Fn(&Range<usize>) -> bool) -> Self {
        let mut said = Self { read: self.read.clone(), ..Self::default() };
        let words = self.words.iter().filter(|(word, _)| is_kept(word));
        words.for_each(|(word, says)| said.note(word.clone(), says));
        said
    }

    /// How many words say something.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Forgets all but the first so many.
    pub(super) fn truncate(&mut self, count: usize) {
        self.words.truncate(count);
    }

    /// Whether a word could support a number or not, where it is not sure which of them are near: of those
    /// that `could_be` near, some `may_not`.
    ///
    /// One that supports it may not be near; or one may not that speaks against what another supports.
    pub(super) fn could_support(
        &self,
        words: &Words,
        could_be: impl Fn(&Range<usize>) -> bool,
        may_not: impl Fn(&Range<usize>) -> bool,
    ) -> bool {
        let near = || self.words.iter().filter(|(word, _)| could_be(word));
        let supported = near().fold(RuleSetBits::default(), |all, (_, it)| all.or(it.support));
        let supported = supported.and(words.asked);
        near()
            .filter(|(word, _)| may_not(word))
            .any(|(_, says)| says.support.meets(supported) || says.against.meets(supported))
    }

    /// Forgets the text.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.all = Says::default();
        self.read = 0..0;
        self.is_foreign = false;
    }

    /// Whether all of `text` was read, or is now: one that is not long, and in ASCII. Then it is soon said
    /// that nothing in it speaks of a rule, whatever is near what.
    #[inline]
    fn has_all(&mut self, words: &Words, text: &[u8]) -> bool {
        if self.read.is_empty() && !self.is_foreign && text.len() <= letters::LONGEST {
            self.read_all(words, text);
        }
        self.read == (0..text.len()) && !self.is_foreign
    }

    /// Reads the words of a text that is not long, if it is in ASCII.
    #[inline(never)]
    fn read_all(&mut self, words: &Words, text: &[u8]) {
        let found = Letters::of(text);
        if found.is_foreign {
            return;
        }
        let word_at = |at: usize| (found.letters[at / 64] | found.digits[at / 64]) >> (at % 64);
        let mut goes_on = 0;
        for (place, (letters, digits)) in found.letters.iter().zip(&found.digits).enumerate() {
            let all = letters | digits;
            let may_start = if words.starts_with_digit { all } else { *letters };
            let mut starts = may_start & !(all << 1 | goes_on);
            goes_on = all >> 63;
            while starts != 0 {
                let start = 64 * place + starts.trailing_zeros() as usize;
                starts &= starts - 1;
                let mut end = start + word_at(start).trailing_ones() as usize;
                while end.is_multiple_of(64) && end < text.len() && word_at(end) & 1 == 1 {
                    end += word_at(end).trailing_ones() as usize;
                }
                let word = &text[start..end];
                if words.says.may_hold(word) || end - start == 1 && ends_initials(text, start) {
                    self.hear(words, text, start..end);
                }
            }
        }
        self.read = 0..text.len();
    }

    fn note(&mut self, span: Range<usize>, says: &Says) {
        self.all.add(says);
        self.words.push((span, *says));
    }

    /// Forgets what stands far before `at` once it is much: texts may be megabytes of words.
    fn forget_far(&mut self, at: usize) {
        const MUCH: usize = 256;
        const FAR: usize = 256;
        let far = at.saturating_sub(FAR);
        if self.words.len() >= MUCH && far > self.read.start {
            self.words.retain(|(word, _)| word.start >= far);
            self.read.start = far.min(self.read.end);
        }
    }

    /// Reads the words of `text` up to the end of `window` that were not read yet.
    fn read_on(&mut self, words: &Words, text: &[u8], window: Range<usize>) {
        self.forget_far(window.start);
        let mut at = self.read.end;
        if at < window.start {
            // What lies between is near nothing. A word that was begun there is no word here.
            let cut = text[window.start..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            at = window.start + if is_alphanumeric_at(text, window.start - 1) { cut } else { 0 };
            self.words.clear();
            self.read = window.start..at;
        }
        if self.is_foreign || at >= window.end {
            return;
        }
        self.is_foreign = !text[at..window.end].is_ascii();
        while at < window.end {
            let block = &text[at..text.len().min(at + 64)];
            let all = letters_and_digits(block);
            // The last word of a block may go on behind it, and comes again in the next one.
            let (last, wanted) = (all.leading_ones() as usize, window.end - at);
            if last == 64 {
                let rest = word_at_start(&text[at + 64..]).len();
                self.hear(words, text, at..at + 64 + rest);
                at += 64 + rest;
                continue;
            }
            let mut until = block.len().min(64 - last);
            // What is behind the window in the block will be asked for next.
            if wanted < until && !block.is_ascii() {
                // A word that begins in the window is heard as a whole.
                let is_cut = all >> (wanted - 1) & 1 == 1;
                until = wanted + if is_cut { (all >> wanted).trailing_ones() as usize } else { 0 };
            }
            let mut starts = all & !(all << 1) & (u64::MAX >> (64 - until));
            while starts != 0 {
                let first = starts.trailing_zeros();
                starts &= starts - 1;
                let (start, length) =
                    (at + first as usize, (all >> first).trailing_ones() as usize);
                let word = &text[start..start + length];
                if words.starts_with_digit || !word[0].is_ascii_digit() {
                    self.hear(words, text, start..start + length);
                }
            }
            at += until;
        }
        self.read.end = at;
    }

    /// Takes note of the word at `span` if it says something, or the abbreviation that it ends.
    #[inline(never)]
    fn hear(&mut self, words: &Words, text: &[u8], span: Range<usize>) {
        if let Some(says) = words.look_up(&text[span.clone()])
            && !is_redaction(text, &span)
        {
            self.note(span, says);
        } else if span.len() == 1
            && text[span.start].is_ascii_alphabetic()
            && ends_initials(text, span.start)
            && let Some(says) = words.look_up(Initials::ending_at(&text[..span.end]).letters())
        {
            self.note(span, says);
        }
    }
}

/// A word in which nothing begins or ends that has other lengths.
fn moved(word: &Range<usize>, place_of: impl Fn(usize) -> usize) -> Range<usize> {
    let start = place_of(word.start);
    start..start + word.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_that_are_read_on_are_those_that_are_read_again(
            text in "((tel|phone|order|S\\.S\\.N\\.|ref|a{60,70}|[a-z0-9]{1,9})[ .,=\\[\\]-]{0,3}){0,40}",
            cuts in proptest::collection::vec(0usize..400, 1..6),
        ) {
            let (rules, text) = (RuleSet::builtin(), text.as_bytes());
            let words = Words::new(&rules, RuleSetBits::default());
            let (mut said, all) = (Said::default(), Said::in_all(&words, text));
            let mut cuts = cuts;
            cuts.sort_unstable();
            for cut in cuts.into_iter().map(|cut| cut.min(text.len())) {
                let at = |said: &mut Said| words.near(text, cut, cut, said);
                let mut recalled = Said::default();
                recalled.recall(&all, text, |at| at, &Said::default());
                let afresh = at(&mut Said::default());
                // As of a long text, of which no more is read than what is near.
                let mut windowed = Said::default();
                let window = cut.saturating_sub(BEFORE)..text.len().min(cut + BEHIND);
                windowed.read_on(&words, text, window);
                for read in [at(&mut said), at(&mut recalled), at(&mut windowed)] {
                    prop_assert_eq!(read.support, afresh.support);
                    prop_assert_eq!(read.against, afresh.against);
                }
                let here = cut..cut;
                for rule in rules.rule_ids() {
                    let could_speak = words.could_speak(rule, text, &here, &mut Said::default());
                    prop_assert!(could_speak || afresh.of(rule) == Speech::Silent);
                    let mut alone = RuleSetBits::default();
                    alone.insert(rule);
                    let could_support =
                        words.could_support(alone, text, &here, &mut Said::default());
                    prop_assert!(could_support || !afresh.support_any(alone));
                }
            }
        }
    }

    fn forwards(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        words_forwards(text.as_bytes(), &mut |word| {
            all.push(String::from_utf8(word.to_vec()).unwrap());
        });
        all
    }

    fn backwards(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        words_backwards(text.as_bytes(), &mut |word| {
            all.push(String::from_utf8(word.to_vec()).unwrap());
        });
        all
    }

    #[test]
    fn what_redaction_left_is_no_word() {
        for (text, expected) in [
            ("call [PHONE] or [phone] PHONE", &["call", "or", "phone", "PHONE"][..]),
            ("PHONE] or [IP", &["or"]),
            ("PHONE", &["PHONE"]),
            ("appelé [PHONE] né", &["appelé", "né"]),
        ] {
            assert_eq!(forwards(text), expected, "{text}");
            let mut reversed = backwards(text);
            reversed.reverse();
            assert_eq!(reversed, expected, "{text}");
        }
    }

    #[test]
    fn abbreviations_are_words() {
        for (text, letters) in [
            ("D.N.I", "DNI"),
            ("the S. S. N", "SSN"),
            ("R. č", "Rč"),
            ("N", ""),
            ("an.N", ""),
            ("3.N", ""),
            ("a N", ""),
        ] {
            assert_eq!(
                Initials::ending_at(text.as_bytes()).letters(),
                letters.as_bytes(),
                "{text}"
            );
        }
        for (text, word) in [("my S.S.N.:", "SSN"), ("né, R. č.:", "Rč")] {
            assert!(backwards(text).contains(&word.to_owned()), "{text}");
            assert!(forwards(text).contains(&word.to_owned()), "{text}");
        }
        let rules = RuleSet::builtin();
        let words = Words::new(&rules, RuleSetBits::default());
        let ssn = rules.rule_ids().find(|id| rules.rule(*id).id == "us_ssn").unwrap();
        let near =
            |text: &str| words.near(text.as_bytes(), text.len(), text.len(), &mut Said::default());
        assert_eq!(near("my S.S.N.: ").of(ssn), Speech::Supports);
        assert_eq!(near("my S.N.: ").of(ssn), Speech::Silent);
    }

    #[test]
    fn no_more_is_kept_of_a_long_text_than_of_a_short_one() {
        let rules = RuleSet::builtin();
        let words = Words::new(&rules, RuleSetBits::default());
        let phone = rules.rule_ids().find(|id| rules.rule(*id).id == "phone").unwrap();
        let text = "phone 12 order 34 ".repeat(20_000);
        let mut said = Said::default();
        for phrase in (0..text.len()).step_by(18) {
            let of_number = |at: usize, said: &mut Said| {
                words.near(text.as_bytes(), phrase + at, phrase + at + 2, said).of(phone)
            };
            assert_eq!(of_number(6, &mut said), Speech::Supports);
            assert_eq!(of_number(15, &mut said), Speech::Against);
            assert!(said.words.len() <= 300, "{}", said.words.len());
        }
    }

    #[test]
    fn no_word_of_the_rules_is_like_an_id() {
        let words = Words::new(&RuleSet::builtin(), RuleSetBits::default());
        assert!(!words.has_hexadecimal && !words.starts_with_digit);
    }

    #[test]
    fn the_nearest_word_decides() {
        let rules = RuleSet::builtin();
        let words = Words::new(&rules, RuleSetBits::default());
        let phone = rules.rule_ids().find(|id| rules.rule(*id).id == "phone").unwrap();
        let speech = |text: &str| {
            let at = text.find('#').unwrap();
            words.near(text.as_bytes(), at, at + 1, &mut Said::default()).of(phone)
        };
        assert_eq!(speech("Tel: #"), Speech::Supports);
        assert_eq!(speech("tel., order #"), Speech::Against);
        assert_eq!(speech("order, TEL. #"), Speech::Supports);
        assert_eq!(speech("TÉLÉPHONE : #"), Speech::Supports);
        assert_eq!(speech("nothing # of it"), Speech::Silent);
    }
}
