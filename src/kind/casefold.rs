//! The canonical form of what people write freely, names and addresses: NFKC, default case folding,
//! NFKC again, every run of white space one space.
//!
//! # Source
//! Unicode, section 3.13, D146 (compatibility caseless matching), on trimmed text.

use unicode_normalization::UnicodeNormalization;

use super::Canonical;

/// The canonical form of `text`.
pub(super) fn canonical(text: &str) -> Canonical {
    if text.is_ascii() {
        return Canonical::new(spaced(&text.to_ascii_lowercase()));
    }
    Canonical::new(spaced(&text.nfkc().flat_map(folding).nfkc().collect::<String>()))
}

fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    spaced
}

/// The full case folding of a character in NFKC.
///
/// It is the lower case of the upper case, with three exceptions (`CaseFolding.txt`): the dotless ı,
/// whose upper case is shared with i; the capital ẞ; and Cherokee, which folds to capitals.
fn folding(c: char) -> impl Iterator<Item = char> {
    let (itself, special) = match c {
        'ı' | 'Ꭰ'..='Ᏽ' => (Some(c), ""),
        'ẞ' => (None, "ss"),
        _ => (None, ""),
    };
    let cherokee = matches!(c, 'ᏸ'..='ᏽ' | 'ꭰ'..='ꮿ');
    let ordinary = (itself.is_none() && special.is_empty()).then(|| {
        c.to_uppercase().flat_map(move |upper| {
            let lower = (!cherokee).then(|| upper.to_lowercase()).into_iter().flatten();
            lower.chain(cherokee.then_some(upper))
        })
    });
    itself.into_iter().chain(special.chars()).chain(ordinary.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        String::from_utf8(canonical(text).as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn spellings_that_readers_take_for_one_are_one() {
        for (text, expected) in [
            ("  Jean   DUPONT\n", "jean dupont"),
            ("H\u{e9}l\u{e8}ne", "hélène"),
            ("He\u{301}le\u{300}ne", "hélène"),
            ("ＭＵＬＬＥＲ", "muller"),
            ("Groß GROẞ", "gross gross"),
            ("ΣΊΣΥΦΟΣ σίσυφος", "σίσυφοσ σίσυφοσ"),
            ("Yıldız", "yıldız"),
            ("İpek", "i\u{307}pek"),
            ("ᏣᎳᎩ ꮳꮃꭹ", "ᏣᎳᎩ ᏣᎳᎩ"),
            ("a\u{a0}b\u{3000}c", "a b c"),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    #[test]
    fn a_canonical_form_is_its_own() {
        for text in ["ﬁ ŉ ǰ ΐ", "ᾳ ᾼ", "Dž", "Ｈ\u{345}"] {
            assert_eq!(folded(&folded(text)), folded(text), "{text}");
        }
    }
}
