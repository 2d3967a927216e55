//! Canada: the social insurance number.

use super::check::luhn;
use super::{Scheme, Shape};

/// Social insurance number: nine digits by Luhn, the first neither 0 (fictitious) nor 8.
///
/// # Source
/// Employment and Social Development Canada, Social Insurance Number Code of Practice, annex 2.
pub(super) const SIN: Scheme =
    // 8 of 10 first digits × one Luhn digit.
    Scheme::person("ca_sin", "CA", 0.08)
        .written(&[Shape::new("ddd-ddd-ddd")])
        .checked(|sin| !matches!(sin[0], b'0' | b'8') && luhn(sin));

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, close};
    use super::{SIN, luhn};

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &SIN,
        valid: &[
            ("123-456-782", "123456782"),
            ("130 692 544", "130692544"),
            ("999999998", "999999998"),
        ],
        invalid: &["999-999-999", "823456785", "046 454 286", "12345678Z"],
        generate: |source| close(&format!("{}{}", source.pick("12345679"), source.digits(7)), luhn),
        missed: 0.0,
    }];
}
