//! The coarse value that stands for an exact one.
//!
//! | kind | becomes | example |
//! | --- | --- | --- |
//! | `birth_date` | its year | `1984` |
//!
//! # Source
//! The pseudonym specification `loup.v1`, operator `generalize`.

use super::Raw;

/// The kinds that have a coarse value.
pub const KINDS: [&str; 1] = ["birth_date"];

/// What stands for a value that has no coarse one, because it does not parse.
const UNKNOWN: &str = "***";

/// The coarse value of a canonical form of the kind of that name.
#[must_use]
pub fn generalize(kind_name: &str, canonical: Raw<'_>) -> String {
    let year = match kind_name {
        "birth_date" => canonical.0.get(..4).filter(|_| canonical.0.get(4) == Some(&b'-')),
        _ => None,
    };
    let year = year.filter(|year| year.iter().all(u8::is_ascii_digit));
    year.map_or_else(|| UNKNOWN.to_owned(), |year| String::from_utf8_lossy(year).into_owned())
}

/// Whether `value` is what [`generalize`] makes of a value of that kind.
#[must_use]
pub fn is_generalized(kind_name: &str, value: &[u8]) -> bool {
    let is_year =
        kind_name == "birth_date" && value.len() == 4 && value.iter().all(u8::is_ascii_digit);
    is_year || value == UNKNOWN.as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_becomes_its_year() {
        let coarse = |kind, canonical: &str| generalize(kind, Raw(canonical.as_bytes()));
        assert_eq!(coarse("birth_date", "1984-05-17"), "1984");
        assert_eq!(coarse("birth_date", "raw\u{0}spring"), "***");
        assert_eq!(coarse("email", "jean@example.com"), "***");
        for value in ["1984", "***"] {
            assert!(is_generalized("birth_date", value.as_bytes()), "{value}");
        }
        assert!(!is_generalized("email", b"1984") && !is_generalized("birth_date", b"1984-05"));
    }
}
