//! A table of words that is asked about every word of a text.

use super::sieve::{Sieve, Spot};

/// Words in lower case, with a value each. Most words of a text are none of them, and are told by the
/// [`Sieve`]; the others are compared with one, without a copy.
#[derive(Debug)]
pub struct Lexicon<T> {
    sieve: Sieve,
    /// Open addressing, at most a quarter full: of each word its number from one on, zero for none.
    numbers: Box<[u32]>,
    words: Vec<(Box<[u8]>, T)>,
}

impl<T: Default> Lexicon<T> {
    /// What is said of `word`, which is not empty and has no capitals of ASCII; the default where it is new.
    pub fn entry(&mut self, word: &[u8]) -> &mut T {
        if 4 * self.words.len() >= self.numbers.len() {
            self.grow();
        }
        let spot = Spot::of(word);
        let index = self.find(word, spot).unwrap_or_else(|slot| {
            self.sieve.add(spot);
            self.words.push((word.into(), T::default()));
            self.numbers[slot] = self.words.len() as u32;
            self.words.len() - 1
        });
        &mut self.words[index].1
    }

    fn grow(&mut self) {
        self.numbers = vec![0; (2 * self.numbers.len()).max(64)].into();
        for index in 0..self.words.len() {
            let word = &self.words[index].0;
            if let Err(slot) = self.find(word, Spot::of(word)) {
                self.numbers[slot] = index as u32 + 1;
            }
        }
    }
}

impl<T> Default for Lexicon<T> {
    fn default() -> Self {
        Self { sieve: Sieve::EMPTY, numbers: Box::default(), words: Vec::new() }
    }
}

impl<T> Lexicon<T> {
    /// What is said of `word`, with ASCII letters in any case.
    #[inline]
    #[must_use]
    pub fn get(&self, word: &[u8]) -> Option<&T> {
        let spot = Spot::of(word);
        self.sieve.has(spot).then(|| self.get_sieved(word, spot))?
    }

    /// Whether `word` may be one of them.
    #[inline]
    #[must_use]
    pub fn may_hold(&self, word: &[u8]) -> bool {
        self.sieve.may_hold(word)
    }

    /// The words, in the order in which they came first.
    pub fn words(&self) -> impl Iterator<Item = &[u8]> {
        self.words.iter().map(|(word, _)| &**word)
    }

    #[inline(never)]
    fn get_sieved(&self, word: &[u8], spot: Spot) -> Option<&T> {
        let index = self.find(word, spot).ok()?;
        Some(&self.words[index].1)
    }

    /// The index of `word`, or the slot where it would be.
    fn find(&self, word: &[u8], spot: Spot) -> Result<usize, usize> {
        let mask = self.numbers.len() - 1;
        let mut slot = spot.slot() & mask;
        loop {
            match self.numbers[slot] as usize {
                0 => return Err(slot),
                number if self.words[number - 1].0.eq_ignore_ascii_case(word) => {
                    return Ok(number - 1);
                }
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_found_in_any_case_and_no_others(
            words in proptest::collection::vec("[a-c1_é]{1,10}", 0..200),
            others in proptest::collection::vec("[a-cA-C1_é]{0,10}", 0..50),
        ) {
            let (mut lexicon, mut counts) = (Lexicon::default(), HashMap::new());
            for word in &words {
                *lexicon.entry(word.as_bytes()) += 1;
                *counts.entry(word.clone()).or_insert(0) += 1;
            }
            let capitals = words.iter().map(|word| word.to_ascii_uppercase());
            for word in capitals.chain(others) {
                let expected = counts.get(&word.to_ascii_lowercase());
                prop_assert_eq!(lexicon.get(word.as_bytes()), expected, "{}", word);
            }
            prop_assert_eq!(lexicon.words().count(), counts.len());
        }
    }
}
