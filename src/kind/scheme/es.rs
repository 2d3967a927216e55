//! Spain: DNI and NIE, and the checks of the tax number.

use super::check::{luhn_sum, small, value};
use super::{Scheme, Shape};

/// Documento nacional de identidad: eight digits and a letter; the zero in front may be left out.
///
/// # Source
/// Real Decreto 1553/2005; Ministerio del Interior, cálculo del dígito de control del NIF/NIE.
pub(super) const DNI: Scheme =
    // One letter of 26.
    Scheme::person("es_dni", "ES", 0.038)
        .written(&[Shape::new("dd.ddd.ddd.a"), Shape::new("d.ddd.ddd.a")])
        .completed(|dni| dni.pad(0, 9))
        .checked(is_dni);

/// Número de identidad de extranjero: X, Y or Z for the first digit.
///
/// # Source
/// Real Decreto 557/2011, article 206; as the DNI.
pub(super) const NIE: Scheme =
    // One letter of 26.
    Scheme::person("es_nie", "ES", 0.038)
        .written(&[
            Shape::new("X-d.ddd.ddd-a"),
            Shape::new("Y-d.ddd.ddd-a"),
            Shape::new("Z-d.ddd.ddd-a"),
        ])
        .checked(is_nie);

/// The letter of a remainder modulo 23: no I, Ñ, O, U.
fn letter(number: u32) -> u8 {
    b"TRWAGMYFPDXBNJZSQVHLCKE"[(number % 23) as usize]
}

fn is_dni(dni: &[u8]) -> bool {
    letter(small(&dni[..8])) == dni[8]
}

fn is_nie(nie: &[u8]) -> bool {
    letter(u32::from(nie[0] - b'X') * 10_000_000 + small(&nie[1..8])) == nie[8]
}

/// Whether nine characters are the tax number of a natural person: a DNI, a NIE, or K (minors),
/// L (abroad) or M (foreigners) and a number with its letter.
pub(super) fn is_vat_of_person(nif: &[u8]) -> bool {
    let is_number = nif[1..8].iter().all(u8::is_ascii_digit);
    is_number
        && match nif[0] {
            b'X' | b'Y' | b'Z' => is_nie(nif),
            b'K' | b'L' | b'M' => letter(small(&nif[1..8])) == nif[8],
            b'0'..=b'9' => is_dni(nif),
            _ => false,
        }
}

/// Whether nine characters are the tax number of a legal person: the letter of its form, seven
/// digits, and a Luhn digit or its letter.
///
/// Which forms have which is told differently in different places, so both pass.
///
/// # Source
/// Orden EHA/451/2008.
pub(super) fn is_vat_of_organisation(nif: &[u8]) -> bool {
    let is_form = matches!(nif[0], b'A'..=b'H' | b'J' | b'N' | b'P'..=b'S' | b'U'..=b'W');
    if !is_form || !nif[1..8].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let check = match nif[8] {
        digit @ b'0'..=b'9' => value(digit),
        b'J' => 0,
        letter @ b'A'..=b'I' => u32::from(letter - b'A') + 1,
        _ => return false,
    };
    (luhn_sum(&nif[1..]) - value(nif[8]) + check).is_multiple_of(10)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::{DNI, NIE, letter};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &DNI,
            valid: &[
                ("54362315-K", "54362315K"),
                ("12345678Z", "12345678Z"),
                ("99.999.999-R", "99999999R"), // specimen of the card
                ("1234567-l", "01234567L"),
            ],
            invalid: &["54362315Z", "54362315", "X2482300W", "5436231K"],
            generate: |source| {
                let digits = source.digits(8);
                format!("{digits}{}", char::from(letter(digits.parse().unwrap())))
            },
            missed: 0.0,
        },
        Case {
            scheme: &NIE,
            valid: &[
                ("x-2482300w", "X2482300W"),
                ("X-5253868-R", "X5253868R"),
                ("X1234567L", "X1234567L"),
                ("Z 1234567 R", "Z1234567R"),
            ],
            invalid: &["x-2482300a", "X2482300", "W2482300W"],
            generate: |source| {
                let (first, digits) = (source.below(3), source.digits(7));
                let check = letter(format!("{first}{digits}").parse().unwrap());
                format!("{}{digits}{}", ["X", "Y", "Z"][first as usize], char::from(check))
            },
            missed: 0.0,
        },
    ];
}
