//! Portugal: the tax number and the citizen card.

use super::check::{ends_in_mod_11_or_0, luhn};
use super::{Scheme, Shape};

/// Número de identificação fiscal of a natural person, which begins with 1, 2, 3 or 45.
///
/// # Source
/// Decreto-Lei 14/2013; Portaria 386/98 (first digits and check digit).
pub(super) const NIF: Scheme =
    // 3.1 of 10 first digits × one check digit.
    Scheme::person("pt_nif", "PT", 0.031)
        .written(&[Shape::new("ddd.ddd.ddd")])
        .checked(|nif| is_of_person(nif) && is_nif(nif));

pub(super) fn is_of_person(nif: &[u8]) -> bool {
    matches!(nif[0], b'1'..=b'3') || nif.starts_with(b"45")
}

/// Whether the first digits are those of legal persons, the state, estates or non-residents.
pub(super) fn is_of_organisation(nif: &[u8]) -> bool {
    matches!(nif[0], b'5'..=b'9')
}

pub(super) fn is_nif(nif: &[u8]) -> bool {
    ends_in_mod_11_or_0(nif, &[9, 8, 7, 6, 5, 4, 3, 2])
}

/// Número de documento of the cartão de cidadão: the civil number with its digit, two characters of
/// the version, and a check digit.
///
/// # Source
/// Instituto dos Registos e do Notariado and AMA, Validação de Número de Documento do Cartão de
/// Cidadão.
pub(super) const CC: Scheme =
    // One check digit.
    Scheme::person("pt_cc", "PT", 0.1).written(&[Shape::new("dddddddd d axd")]).checked(luhn);

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::{CC, NIF};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &NIF,
            valid: &[
                ("123456789", "123456789"),
                ("123 456 789", "123456789"),
                ("299 999 998", "299999998"),
                ("451.234.561", "451234561"),
            ],
            invalid: &["501964843", "123456780", "12345678", "440000000"],
            generate: |source| {
                let body = format!("{}{}", source.pick_of(&["1", "2", "3"]), source.digits(7));
                let check = match dot(&body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 {
                    0 | 1 => 0,
                    rest => 11 - rest,
                };
                format!("{body}{check}")
            },
            // 0 stands for two remainders.
            missed: 0.02,
        },
        Case {
            scheme: &CC,
            valid: &[
                ("00000000 0 ZZ4", "000000000ZZ4"), // AMA
                ("000000000zz4", "000000000ZZ4"),
                ("12345678 9 ZX5", "123456789ZX5"),
            ],
            invalid: &["00000000 A ZZ4", "00000000 0 ZZ3", "00000000 0 ZZ"],
            generate: |source| {
                let body = format!("{}{}", source.digits(9), source.text("ZYXWVUT", 2));
                // Luhn from the right, letters from 10: two of them may exceed 18 when doubled.
                let sum: u32 = body
                    .chars()
                    .rev()
                    .enumerate()
                    .map(|(place, c)| match c.to_digit(36).unwrap() {
                        n if place % 2 == 0 && n > 4 => 2 * n - 9,
                        n if place % 2 == 0 => 2 * n,
                        n => n,
                    })
                    .sum();
                format!("{body}{}", (10 - sum % 10) % 10)
            },
            missed: 0.0,
        },
    ];
}
