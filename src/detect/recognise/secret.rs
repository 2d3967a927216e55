//! Credentials: those of a known form, and what stands behind a key that names one.

use super::{Hit, before};
use crate::detect::candidate::shape;
use crate::kind::secret::{keyed, prefix};
use crate::kind::sieve::Sieve;
use crate::rules::Rule;

/// Whether a credential could be at an anchor: most anchors are those of numbers and names.
#[inline]
pub(in crate::detect) fn could_be(text: &[u8], at: usize, shapes: u16) -> bool {
    shapes & (shape::SECRET_KEY | shape::LONG) != 0
        || shapes & shape::AT != 0 && text[at] == b'$'
        // `BEGIN PRIVATE KEY`
        || shapes & shape::NAME != 0 && text[..at].ends_with(b"N ")
}

/// The credential of a known form at an anchor.
pub(in crate::detect) fn find(text: &[u8], at: usize, shapes: u16) -> Option<Hit> {
    let found = if shapes & shape::LONG != 0 {
        prefix::find_around(text, at)
    } else if shapes & shape::AT != 0 && text[at] == b'$' {
        prefix::find(text, at)
    } else if shapes & shape::NAME != 0 {
        prefix::find_pem(text, at)
    } else {
        None
    };
    found.map(Hit::from)
}

/// The names for credentials. Nearly every key is refused by its last word.
#[derive(Debug)]
pub(in crate::detect) struct Keys {
    last_words: Sieve,
    names: Vec<Vec<String>>,
}

impl Keys {
    /// Those that a rule hints at.
    pub(in crate::detect) fn new(rule: &Rule) -> Self {
        let words = |name: &String| name.split(' ').map(str::to_owned).collect();
        let names: Vec<Vec<String>> = rule.hints.iter().map(words).collect();
        let last_words = names.iter().filter_map(|name| name.last());
        let last_words = last_words.fold(Sieve::EMPTY, |sieve, word| sieve.with(word.as_bytes()));
        Self { last_words, names }
    }

    /// What stands behind the key whose sign is at `at`, if `is_named` says that the key names a
    /// credential: of `mot de passe` it is asked with all three words.
    pub(in crate::detect) fn find(
        &self,
        text: &[u8],
        at: usize,
        is_named: impl Fn(&str) -> bool,
    ) -> Option<Hit> {
        let end = at - usize::from(before(text, at) == b' ');
        let name = self.name_at_end(&text[..end])?;
        let secret = keyed::find(text, end)?;
        let start = (end - name).min(secret.key.start);
        is_named(std::str::from_utf8(&text[start..end]).ok()?)
            .then(|| Hit::new(secret.value, secret.parsed))
    }

    /// Whether the key whose sign is at `at` ends with the name for a credential.
    pub(in crate::detect) fn are_named(&self, text: &[u8], at: usize) -> bool {
        let end = at - usize::from(before(text, at) == b' ');
        self.name_at_end(&text[..end]).is_some()
    }

    /// The length of the name for a credential at the end of `head`: of `apiKey` in `db.apiKey`.
    fn name_at_end(&self, head: &[u8]) -> Option<usize> {
        if !self.last_words.may_hold(last_word(head)) {
            return None;
        }
        self.names.iter().find_map(|name| {
            let mut rest = head;
            for (place, word) in name.iter().rev().enumerate() {
                if place > 0 {
                    rest = rest
                        .strip_suffix(b"_")
                        .or(rest.strip_suffix(b"-"))
                        .or(rest.strip_suffix(b" "))
                        .unwrap_or(rest);
                }
                let written = last_word(rest);
                if !written.eq_ignore_ascii_case(word.as_bytes()) {
                    return None;
                }
                rest = &rest[..rest.len() - written.len()];
            }
            Some(head.len() - rest.len())
        })
    }
}

/// The last word of `head`: `Key` of `apiKey`, `passwd` of `DB_passwd`.
fn last_word(head: &[u8]) -> &[u8] {
    let letters = head.iter().rev().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
    let word = &head[head.len() - letters..];
    let is_start = |at: &usize| {
        word[*at].is_ascii_uppercase() && word.get(at + 1).is_some_and(u8::is_ascii_lowercase)
    };
    &word[(0..letters).rev().find(is_start).unwrap_or(0)..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    #[test]
    fn names_for_credentials_are_told_at_the_end_of_a_key() {
        let rules = RuleSet::builtin();
        let secret = rules.rules.iter().find(|rule| rule.id == "secret").unwrap();
        let keys = Keys::new(secret);
        for (key, name) in [
            ("password", "password"),
            ("DB_PASSWORD", "PASSWORD"),
            ("dbPassword", "Password"),
            ("x-api-key", "api-key"),
            ("APIKey", "APIKey"),
            ("un mot de passe", "mot de passe"),
        ] {
            assert_eq!(keys.name_at_end(key.as_bytes()), Some(name.len()), "{key}");
        }
        for key in ["port", "mode", "monkey", "cache_key", "keyword", "password_hint", ""] {
            assert_eq!(keys.name_at_end(key.as_bytes()), None, "{key}");
        }
    }
}
