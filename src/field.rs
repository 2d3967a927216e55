//! Names of places: a column, a JSON path, and the words a name is made of.
//!
//! Every format names its fields with these helpers, so that a policy, a map and a finding mean the
//! same place. Names come from the data and are shown as they stand, except control characters in
//! JSON keys, which are escaped so that a name cannot draw on a terminal.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

/// The root of a JSON document.
pub const JSON_ROOT: &str = "$";

/// The step into any element of a JSON array or Parquet list: indices are collapsed.
pub const ANY_ELEMENT: &str = "[*]";

/// Appends the step from an object to its member `key`: `.email`, or `['a.b']` where the key is no
/// identifier.
///
/// # Source
/// RFC 9535: `member-name-shorthand` (2.5.1.1), normalized paths (2.7).
pub fn push_json_key(path: &mut String, key: &str) {
    if is_identifier(key) {
        path.push('.');
        path.push_str(key);
        return;
    }
    path.push_str("['");
    for character in key.chars() {
        match character {
            '\'' | '\\' => path.extend(['\\', character]),
            '\n' => path.push_str("\\n"),
            '\r' => path.push_str("\\r"),
            '\t' => path.push_str("\\t"),
            control if control.is_control() => {
                // Writing to a string does not fail.
                let _ = write!(path, "\\u{:04x}", u32::from(control));
            }
            other => path.push(other),
        }
    }
    path.push_str("']");
}

/// A letter or `_`, then letters, digits or `_`; letters of any script.
fn is_identifier(key: &str) -> bool {
    let mut characters = key.chars();
    characters.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && characters.all(|character| character == '_' || character.is_alphanumeric())
}

/// The name of a column without a header: `column_3` for `index` 2.
#[must_use]
pub fn unnamed_column(index: usize) -> String {
    format!("column_{}", index + 1)
}

/// The names of columns from their headers, one per header, all different: a header as it stands,
/// a repeated one as `name#2`, an empty one by its position.
///
/// A number that another header already spells out (`name`, `name`, `name#2`) is passed over.
#[must_use]
pub fn column_names<S: AsRef<str>>(headers: &[S]) -> Vec<String> {
    let literal: HashSet<&str> = headers.iter().map(AsRef::as_ref).collect();
    let mut used: HashSet<String> = HashSet::with_capacity(headers.len());
    // Where to go on counting, since a hostile header may repeat one name many times.
    let mut next_number: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::with_capacity(headers.len());
    for (index, header) in headers.iter().enumerate() {
        let header = header.as_ref();
        let is_spelled_out = |name: &str| !name.is_empty() && literal.contains(name);
        let wanted = if header.is_empty() { unnamed_column(index) } else { header.to_owned() };
        let mut name = wanted.clone();
        let mut is_taken = used.contains(&name) || (header.is_empty() && is_spelled_out(&name));
        while is_taken {
            let number = next_number.entry(wanted.clone()).or_insert(2);
            name = format!("{wanted}#{number}");
            *number += 1;
            is_taken = used.contains(&name) || is_spelled_out(&name);
        }
        used.insert(name.clone());
        names.push(name);
    }
    names
}

/// The words of a name, lower case and without accents: `clientIP` is `client`, `ip`;
/// `Téléphone n°2` is `telephone`, `n`, `2`.
///
/// Cut at everything that is no letter or digit, where the case changes, and before trailing
/// digits; `v4` and `IPv6` stay whole. The hints of rules are cut by the same function.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let folded: String =
        name.nfd().filter(|character| !matches!(character, '\u{300}'..='\u{36f}')).collect();
    folded
        .split(|character: char| !character.is_alphanumeric())
        .flat_map(split_case)
        .flat_map(|word| split_number(&word.to_lowercase()))
        .collect()
}

/// Cuts `clientIPAddress` into `client`, `IP`, `Address`.
fn split_case(text: &str) -> Vec<&str> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let mut words = Vec::new();
    let mut start = 0;
    for (position, window) in characters.windows(2).enumerate() {
        let [(before_at, before), (at, here)] = *window else {
            continue;
        };
        let next = characters.get(position + 2).map(|&(_, character)| character);
        let cut = if here.is_uppercase() && !before.is_uppercase() {
            at
        } else if before.is_uppercase()
            && here.is_lowercase()
            // The `Pv` of `IPv4` starts no word.
            && !(here == 'v' && next.is_some_and(char::is_numeric))
        {
            before_at
        } else {
            continue;
        };
        if cut > start {
            words.push(&text[start..cut]);
            start = cut;
        }
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

/// Cuts `phone2` into `phone`, `2`.
fn split_number(word: &str) -> Vec<String> {
    let letters = word.trim_end_matches(|character: char| character.is_ascii_digit());
    if letters.is_empty() || letters.len() == word.len() || letters.ends_with('v') {
        return vec![word.to_owned()];
    }
    vec![letters.to_owned(), word[letters.len()..].to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json_path(keys: &[&str]) -> String {
        let mut path = JSON_ROOT.to_owned();
        for key in keys {
            push_json_key(&mut path, key);
        }
        path
    }

    #[test]
    fn keys_that_are_no_identifiers_are_quoted() {
        assert_eq!(json_path(&["user", "_id", "prénom", "e2"]), "$.user._id.prénom.e2");
        assert_eq!(json_path(&["a.b", "", "1st", "two words"]), "$['a.b']['']['1st']['two words']");
        assert_eq!(json_path(&["it's \\ \n\u{1b}"]), r"$['it\'s \\ \n\u001b']");
    }

    #[test]
    fn repeated_and_empty_headers_get_a_name_of_their_own() {
        let cases: [(&[&str], &[&str]); 4] = [
            (&["a", "b", "a", "a"], &["a", "b", "a#2", "a#3"]),
            (&["", "b", ""], &["column_1", "b", "column_3"]),
            (&["a", "a", "a#2"], &["a", "a#3", "a#2"]),
            (&["column_2", ""], &["column_2", "column_2#2"]),
        ];
        for (headers, names) in cases {
            assert_eq!(column_names(headers), names, "{headers:?}");
        }
    }

    #[test]
    fn a_header_repeated_without_end_takes_no_time() {
        let names = column_names(&vec!["a"; 100_000]);
        assert_eq!(names.last().map(String::as_str), Some("a#100000"));
    }

    #[test]
    fn names_are_cut_into_words() {
        let cases: [(&str, &[&str]); 12] = [
            ("client_ip", &["client", "ip"]),
            ("clientIPAddress", &["client", "ip", "address"]),
            ("Phone 2", &["phone", "2"]),
            ("tel2", &["tel", "2"]),
            ("IPv6", &["ipv6"]),
            ("ipv4Address", &["ipv4", "address"]),
            ("Téléphone n°2", &["telephone", "n", "2"]),
            ("user.contact-email", &["user", "contact", "email"]),
            ("E-Mail", &["e", "mail"]),
            ("IBAN", &["iban"]),
            ("2024", &["2024"]),
            ("--", &[]),
        ];
        for (name, expected) in cases {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_headers_get_as_many_different_names(
            headers in prop::collection::vec("(a|b|a#2|column_1|column_2|)", 0..12)
        ) {
            let names = column_names(&headers);
            let different: HashSet<&String> = names.iter().collect();
            prop_assert_eq!(names.len(), headers.len());
            prop_assert_eq!(different.len(), names.len());
        }

        #[test]
        fn words_are_lower_case_and_never_empty(name in any::<String>()) {
            for word in words(&name) {
                prop_assert!(!word.is_empty());
                prop_assert_eq!(word.to_lowercase(), word);
            }
        }
    }
}
