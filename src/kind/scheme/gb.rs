//! The United Kingdom: National Insurance and NHS numbers, and the check of the VAT number.

use super::check::{ends_in_mod_11, small, weighted};
use super::{Scheme, Shape};

/// National Insurance number: two letters, six digits and a letter.
///
/// # Source
/// HMRC, National Insurance Manual, NIM39110.
pub(super) const NINO: Scheme =
    // 0.5 of pairs of letters × 4 of 26 last letters.
    Scheme::person("gb_nino", "GB", 0.082)
        .written(&[Shape::new("aa dd dd dd a")])
        .checked(is_nino);

fn is_nino(nino: &[u8]) -> bool {
    let prefix = &nino[..2];
    let is_never = |letter: &u8| matches!(letter, b'D' | b'F' | b'I' | b'Q' | b'U' | b'V');
    let is_kept_back =
        [b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"].iter().any(|p| *p == prefix);
    !prefix.iter().any(is_never)
        && prefix[1] != b'O'
        && !is_kept_back
        && matches!(nino[8], b'A'..=b'D')
}

/// NHS number of England, Wales and the Isle of Man; Scotland's CHI number has the same check.
///
/// # Source
/// NHS Data Model and Dictionary, NHS NUMBER.
pub(super) const NHS: Scheme =
    // One remainder of 11, where 10 is not issued.
    Scheme::person("gb_nhs", "GB", 0.091)
        .written(&[Shape::new("ddd ddd dddd")])
        .checked(|nhs| ends_in_mod_11(nhs, &[10, 9, 8, 7, 6, 5, 4, 3, 2]));

/// Whether nine digits, or twelve with a branch, are a VAT number: 97 minus the weighted sum, or 55
/// less than that.
///
/// # Source
/// HMRC, VAT registration numbers: modulus 97 and 9755.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    let sum = weighted(&digits[..7], &[8, 7, 6, 5, 4, 3, 2]) + small(&digits[7..9]);
    sum.is_multiple_of(97) || (sum + 55).is_multiple_of(97) && digits[0] != b'0'
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::{NHS, NINO};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &NINO,
            valid: &[
                ("AB 12 34 56 C", "AB123456C"),
                ("jg103759a", "JG103759A"),
                ("AA-01-23-44-B", "AA012344B"),
            ],
            // HMRC's example QQ 12 34 56 C is one that is never issued.
            invalid: &["QQ 12 34 56 C", "GB 12 34 56 C", "AB 12 34 56 E", "AO 12 34 56 C"],
            generate: |source| {
                let letters = source.pick_of(&["AB", "CE", "JG", "SR", "OA", "NZ", "PW", "ZY"]);
                format!("{letters}{}{}", source.digits(6), source.pick("ABCD"))
            },
            // There is no check digit.
            missed: 1.0,
        },
        Case {
            scheme: &NHS,
            valid: &[
                ("943-476-5870", "9434765870"),
                ("943 476 5919", "9434765919"), // Wikipedia
                ("9999999999", "9999999999"),
            ],
            invalid: &["9434765871", "943476587", "943 476 5920", "0000000000"],
            generate: |source| {
                source.until(|source| {
                    let body = source.digits(9);
                    let check = 11 - dot(&body, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
                    (check != 10).then(|| format!("{body}{}", check % 11))
                })
            },
            missed: 0.0,
        },
    ];
}
