//! Ireland: the PPS number, and the check of the VAT number.

use super::check::weighted;
use super::{Scheme, Shape};

/// Personal Public Service number: seven digits, a check letter, and since 2013 A or B; before that
/// a W, T or X might follow, which the check does not count.
///
/// # Source
/// Social Welfare Consolidation Act 2005; Revenue, PPSN check character.
pub(super) const PPS: Scheme =
    // One letter of 26.
    Scheme::person("ie_pps", "IE", 0.0385)
        .written(&[Shape::new("ddddddd-a"), Shape::new("ddddddd-aa")])
        .checked(|pps| match pps.get(8) {
            None | Some(b'W' | b'T' | b'X') => letter(&pps[..7], b'W') == pps[7],
            // Numbers with an H are of no person, but have been given to some.
            Some(&second @ (b'A' | b'B' | b'H')) => letter(&pps[..7], second) == pps[7],
            Some(_) => false,
        });

/// The check letter of seven digits and a second letter, which counts nine times; W counts 0.
fn letter(digits: &[u8], second: u8) -> u8 {
    let second = if second == b'W' { 0 } else { u32::from(second - b'A') + 1 };
    let rest = (weighted(digits, &[8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23;
    b"WABCDEFGHIJKLMNOPQRSTUV"[rest as usize]
}

/// Whether eight or nine characters are a VAT number: digits and one or two letters, or in old ones
/// a letter or sign in the second place.
///
/// # Source
/// Revenue, VAT numbers; VIES, algorithms, IE.
pub(super) fn is_vat(vat: &[u8]) -> bool {
    let second = vat.get(8).copied().unwrap_or(b'W');
    if vat[1].is_ascii_digit() {
        second <= b'W' && letter(&vat[..7], second) == vat[7]
    } else {
        // The first digit goes to the end, and the sign counts as nothing.
        letter(&[b'0', vat[2], vat[3], vat[4], vat[5], vat[6], vat[0]], second) == vat[7]
    }
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::PPS;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &PPS,
        valid: &[
            ("6433435F", "6433435F"),
            ("6433435-ft", "6433435FT"),
            ("6433435FW", "6433435FW"),
            ("6433435OA", "6433435OA"),
            ("1234567FA", "1234567FA"),
        ],
        invalid: &["6433435E", "6433435VH", "111222333", "1234567XX", "643343F"],
        generate: |source| {
            let body = source.digits(7);
            let second = ["", "A", "B"][source.below(3) as usize];
            let extra = ["", "A", "B"].iter().position(|s| *s == second).unwrap() as u32;
            let rest = (dot(&body, &[8, 7, 6, 5, 4, 3, 2]) + 9 * extra) % 23;
            let letter = if rest == 0 { 'W' } else { char::from(b'A' + rest as u8 - 1) };
            format!("{body}{letter}{second}")
        },
        missed: 0.0,
    }];
}
