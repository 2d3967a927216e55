//! Croatia: the OIB.

use super::check::mod_11_10;
use super::{Scheme, Shape};

/// Osobni identifikacijski broj: eleven digits, of people and of companies.
///
/// # Source
/// Zakon o osobnom identifikacijskom broju; ISO/IEC 7064, MOD 11,10.
pub(super) const OIB: Scheme =
    // One check digit.
    Scheme::person("hr_oib", "HR", 0.1)
        .written(&[Shape::new("ddd ddd ddd dd"), Shape::new("HR ddddddddddd")])
        .completed(|oib| oib.keep_last(11))
        .checked(mod_11_10);

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, close};
    use super::{OIB, mod_11_10};

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &OIB,
        valid: &[
            ("HR 33392005961", "33392005961"),
            ("33392005961", "33392005961"),
            ("69435151530", "69435151530"), // Wikipedia
        ],
        invalid: &["33392005962", "3339200596", "DE33392005961"],
        generate: |source| close(&source.digits(10), mod_11_10),
        missed: 0.0,
    }];
}
