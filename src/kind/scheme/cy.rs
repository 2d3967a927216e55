//! Cyprus: the tax identification code.

use super::check::ends_in_odd_even_letter;
use super::{Scheme, Shape};

/// Tax identification code of a person: eight digits, from 0 or 9 or since March 2023 from 6, and a
/// letter. Companies have such numbers from 1, and new ones from 6 too.
///
/// # Source
/// European Commission, TIN algorithms, Cyprus; Tax Department, notice of 4 May 2023.
pub(super) const TIC: Scheme =
    // 3 of 10 first digits × one letter of 26.
    Scheme::person("cy_tic", "CY", 0.0115)
        .written(&[Shape::new("dddddddd-a")])
        .checked(|tic| is_of_person(tic) && is_tic(tic));

pub(super) fn is_of_person(tic: &[u8]) -> bool {
    matches!(tic[0], b'0' | b'6' | b'9')
}

/// Whether the letter holds, of a person or a company.
pub(super) fn is_tic(tic: &[u8]) -> bool {
    !tic.starts_with(b"12") && ends_in_odd_even_letter(tic)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::it;
    use super::super::tests::Case;
    use super::TIC;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &TIC,
        valid: &[
            ("00123123T", "00123123T"), // European Commission
            ("00123123-t", "00123123T"),
            ("99652156-X", "99652156X"), // European Commission
        ],
        invalid: &["10259033P", "00123123U", "12345678F", "0012312T"],
        generate: |source| {
            let body = format!("{}{}", source.pick_of(&["00", "01", "60", "99"]), source.digits(6));
            format!("{body}{}", it::letter(&body))
        },
        missed: 0.0,
    }];
}
