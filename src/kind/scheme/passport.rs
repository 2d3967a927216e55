//! Passport numbers as they are printed: a shape and nothing more.

use super::{Scheme, Shape};

/// Six to nine letters and digits, three digits at least; each country has its own structure and
/// none a check digit, so the name of a field has to say that these are passports.
///
/// # Source
/// ICAO Doc 9303, part 4: a number of at most nine characters. Council of the EU, PRADO.
pub(super) const PASSPORT: Scheme =
    // Whatever has the shape passes.
    Scheme::person("passport", "ZZ", 1.0).written(&[
        Shape::new("xxxxxxxxx").with_digits(3),
        Shape::new("xxxxxxxx").with_digits(3),
        Shape::new("xxxxxxx").with_digits(3),
        Shape::new("xxxxxx").with_digits(3),
    ]);

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::PASSPORT;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &PASSPORT,
        // The specimens of Doc 9303 and of the German passport, and a number made up.
        valid: &[
            ("L898902C3", "L898902C3"),
            ("c01x00t47", "C01X00T47"),
            ("AA1000000", "AA1000000"),
        ],
        invalid: &["PASSPORT", "AB12", "L898902C36U", "L898 902 C3"],
        generate: |source| format!("{}{}", source.text("ABCXYZ", 2), source.text("123456789", 7)),
        missed: 1.0,
    }];
}
