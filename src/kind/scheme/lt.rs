//! Lithuania: the asmens kodas, and the check of the VAT number.

use super::check::{two_passes, value};
use super::{Scheme, Shape, ee};

/// Asmens kodas: as Estonia's code, and 9 in front where the birth is not known.
///
/// # Source
/// Gyventojų registro įstatymas, article 8.
pub(super) const ASMENS: Scheme =
    // 8 of 10 centuries × 3.65 % of dates, or the 9, × one check digit.
    Scheme::person("lt_asmens", "LT", 0.013)
        .written(&[Shape::new("d dddddd dddd")])
        .checked(|code| (code[0] == b'9' || ee::is_birth(code)) && ee::is_closed(code));

/// Whether nine digits, of a legal person, or twelve, of others, are a VAT number.
///
/// # Source
/// Pridėtinės vertės mokesčio įstatymas; VIES, algorithms, LT.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    let Some((&last, body)) = digits.split_last() else { return false };
    let first = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2];
    let second = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4];
    body.last() == Some(&b'1') && two_passes(body, &first, &second) == value(last)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::ee;
    use super::super::tests::Case;
    use super::ASMENS;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &ASMENS,
        valid: &[
            ("33309240064", "33309240064"),
            ("38703181745", "38703181745"), // Wikipedia
            ("96813280109", "96813280109"), // no date of birth
        ],
        invalid: &["33309240164", "36813280103", "3330924006", "03309240064"],
        generate: ee::generate,
        missed: 0.02,
    }];
}
