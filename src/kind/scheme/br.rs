//! Brazil: CPF of people, CNPJ of organisations.

use super::{Scheme, Shape};

/// Cadastro de Pessoas Físicas: nine digits and two check digits.
///
/// # Source
/// Receita Federal, Instrução Normativa RFB 1548/2015.
pub(super) const CPF: Scheme =
    // Two check digits.
    Scheme::person("br_cpf", "BR", 0.01)
        .written(&[Shape::new("ddd.ddd.ddd-dd")])
        .checked(|cpf| {
            // Repdigits pass the check and are not issued.
            cpf.iter().any(|digit| *digit != cpf[0])
                && ends_in_two(cpf, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
        });

/// Cadastro Nacional da Pessoa Jurídica: twelve digits, or letters too from July 2026, and two
/// check digits.
///
/// # Source
/// Receita Federal, Instruções Normativas RFB 2119/2022 and 2229/2024.
pub(super) const CNPJ: Scheme =
    // Two check digits.
    Scheme::organisation("br_cnpj", "BR", 0.01)
        .written(&[Shape::new("xx.xxx.xxx/xxxx-dd")])
        .checked(|cnpj| {
            !cnpj.starts_with(b"000000000000")
                && ends_in_two(cnpj, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
        });

/// Whether the last two characters are the check digits: the second takes all `weights`, the first
/// all but the first of them. A letter counts its distance from 0 in ASCII.
fn ends_in_two(chars: &[u8], weights: &[u32]) -> bool {
    let count = |byte: &u8| u32::from(byte.wrapping_sub(b'0'));
    let is_closed = |len: usize, weights: &[u32]| {
        let sum: u32 = chars[..len].iter().zip(weights).map(|(byte, n)| count(byte) * n).sum();
        (11 - sum % 11) % 11 % 10 == count(&chars[len])
    };
    is_closed(weights.len() - 1, &weights[1..]) && is_closed(weights.len(), weights)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::{CNPJ, CPF};

    /// One check digit: weights 2 to `last` and again, from the right; 0 for a remainder below 2.
    fn digit(body: &str, last: u32) -> u32 {
        let weights = (2..=last).cycle();
        let sum: u32 = body.bytes().rev().zip(weights).map(|(b, n)| (u32::from(b) - 48) * n).sum();
        if sum % 11 < 2 { 0 } else { 11 - sum % 11 }
    }

    fn with_two(mut body: String, last: u32) -> String {
        for _ in 0..2 {
            body = format!("{body}{}", digit(&body, last));
        }
        body
    }

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &CPF,
            valid: &[
                ("390.533.447-05", "39053344705"),
                ("111.444.777-35", "11144477735"), // Receita Federal's worked example
                ("12345678909", "12345678909"),
            ],
            invalid: &["231.002.999-00", "111.111.111-11", "390.533.447-0"],
            generate: |source| with_two(source.digits(9), 11),
            missed: 0.003,
        },
        Case {
            scheme: &CNPJ,
            valid: &[
                ("16.727.230/0001-97", "16727230000197"),
                ("12.ABC.345/01DE-35", "12ABC34501DE35"), // Receita Federal, letters
                ("11.222.333/0001-81", "11222333000181"),
            ],
            invalid: &["16.727.230.0001-98", "11.222.333/0001-82", "12.ABC.345/01DE-3A"],
            generate: |source| {
                let base = source.text("0123456789ABCXYZ", 8);
                with_two(format!("{base}{:04}", 1 + source.below(9999)), 9)
            },
            missed: 0.0005,
        },
    ];
}
