//! Check digits: the few methods that the schemes share.
//!
//! Everything here takes the characters of a compact number, ASCII digits and upper-case letters.

/// What a character counts: digits for themselves, letters from 10 (ISO/IEC 7064, 7.1).
pub(super) fn value(byte: u8) -> u32 {
    char::from(byte).to_digit(36).unwrap_or(0)
}

/// The number that at most 19 digits write.
pub(super) fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, &digit| number * 10 + u64::from(value(digit)))
}

/// The number that at most nine digits write.
pub(super) fn small(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, &digit| number * 10 + value(digit))
}

/// The sum of the digits, each multiplied by its weight; digits without a weight count nothing.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(&digit, weight)| value(digit) * weight).sum()
}

/// What must be added to the weighted sum to make it a multiple of 11: 0 to 10.
pub(super) fn mod_11(digits: &[u8], weights: &[u32]) -> u32 {
    (11 - weighted(digits, weights) % 11) % 11
}

/// Whether the last digit is what [`mod_11`] says, which is never 10.
pub(super) fn ends_in_mod_11(digits: &[u8], weights: &[u32]) -> bool {
    digits.split_last().is_some_and(|(&last, body)| mod_11(body, weights) == value(last))
}

/// Whether the last digit is what [`mod_11`] says, 0 standing for 10 too.
pub(super) fn ends_in_mod_11_or_0(digits: &[u8], weights: &[u32]) -> bool {
    digits.split_last().is_some_and(|(&last, body)| mod_11(body, weights) % 10 == value(last))
}

/// Whether the Luhn sum is a multiple of ten; letters count from 10.
///
/// # Source
/// ISO/IEC 7812-1, annex B; with letters, the Portuguese citizen card.
pub(super) fn luhn(chars: &[u8]) -> bool {
    luhn_sum(chars).is_multiple_of(10)
}

/// The Luhn sum, the last character counting once.
pub(super) fn luhn_sum(chars: &[u8]) -> u32 {
    let double = |n: u32| if 2 * n > 9 { 2 * n - 9 } else { 2 * n };
    let values = chars.iter().rev().map(|&byte| value(byte)).enumerate();
    values.map(|(place, n)| if place % 2 == 0 { n } else { double(n) }).sum()
}

/// The remainder modulo 97, a letter counting as its two digits.
///
/// # Source
/// ISO/IEC 7064, MOD 97-10; 1 in what has its check digits.
pub(super) fn mod_97<'a>(chars: impl IntoIterator<Item = &'a u8>) -> u32 {
    chars.into_iter().fold(0, |remainder, &byte| {
        let shift = if byte.is_ascii_digit() { 10 } else { 100 };
        (remainder * shift + value(byte)) % 97
    })
}

/// Whether the last digit is that of ISO/IEC 7064, MOD 11,10.
pub(super) fn mod_11_10(digits: &[u8]) -> bool {
    let Some((&last, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10, |product, &digit| {
        let sum = (product + value(digit)) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (product + value(last)) % 10 == 1
}

/// Whether the last character is that of ISO/IEC 7064, MOD 11-2, where `X` stands for 10.
pub(super) fn mod_11_2(chars: &[u8]) -> bool {
    let Some((&last, body)) = chars.split_last() else { return false };
    let product = body.iter().fold(0, |product, &digit| (product + value(digit)) * 2 % 11);
    (product + if last == b'X' { 10 } else { value(last) }) % 11 == 1
}

/// The places that Verhoeff's permutation moves each digit to, by place modulo 8.
const VERHOEFF_PLACES: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

/// Whether the check digit at the end is Verhoeff's.
///
/// # Source
/// J. Verhoeff, Error Detecting Decimal Codes, 1969.
pub(super) fn verhoeff(digits: &[u8]) -> bool {
    let mut product = 0;
    for (place, &digit) in digits.iter().rev().enumerate() {
        let Some(&moved) = VERHOEFF_PLACES[place % 8].get(value(digit) as usize) else {
            return false;
        };
        product = dihedral(product, moved);
    }
    product == 0
}

/// The product in the dihedral group of the pentagon: 0 to 4 turn it, 5 to 9 also turn it over.
fn dihedral(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

/// Whether the last digit is that of an article number: weights 1 and 3.
///
/// # Source
/// GS1 General Specifications, 7.9.
pub(super) fn ean_13(digits: &[u8]) -> bool {
    weighted(digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// The digit that two passes modulo 11 give, the second where the first gives 10.
///
/// # Source
/// Estonia (EVS 585), Lithuania and Bulgaria each describe it with their own weights.
pub(super) fn two_passes(body: &[u8], first: &[u32], second: &[u32]) -> u32 {
    match weighted(body, first) % 11 {
        10 => weighted(body, second) % 11 % 10,
        digit => digit,
    }
}

/// What the characters in odd places count in an Italian codice fiscale and a Cypriot tax number.
///
/// # Source
/// Decreto ministeriale 23 December 1976, n. 13813, table of odd characters.
const ODD: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// Whether the last letter is the remainder modulo 26 of the characters before it: those in even
/// places for themselves (letters from 0), those in odd places by a table.
pub(super) fn ends_in_odd_even_letter(chars: &[u8]) -> bool {
    let Some((&last, body)) = chars.split_last() else { return false };
    let plain = |byte: u8| if byte.is_ascii_digit() { value(byte) } else { value(byte) - 10 };
    let count = |(place, &byte): (usize, &u8)| match plain(byte) {
        n if place % 2 == 0 => ODD.get(n as usize).copied().unwrap_or(0),
        n => n,
    };
    body.iter().enumerate().map(count).sum::<u32>() % 26 == u32::from(last.wrapping_sub(b'A'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_hold() {
        assert!(luhn(b"79927398713") && !luhn(b"79927398710")); // ISO/IEC 7812-1
        assert!(verhoeff(b"2363") && !verhoeff(b"2364")); // Verhoeff's own example
        assert!(mod_11_10(b"07945") && !mod_11_10(b"07946")); // ISO/IEC 7064, 8.2
        assert!(mod_11_2(b"07940") && mod_11_2(b"079X") && !mod_11_2(b"07941")); // 7.1 and 6.1
        assert_eq!(mod_97(b"79444"), 1); // ISO/IEC 7064
        assert!(ean_13(b"4006381333931") && !ean_13(b"4006381333932")); // GS1
    }

    #[test]
    fn verhoeff_sees_every_wrong_digit_and_every_swap() {
        let number = b"236347019823650";
        let (body, _) = number.split_at(14);
        let last = (b'0'..=b'9').find(|&digit| verhoeff(&[body, &[digit]].concat())).unwrap();
        let valid = [body, &[last]].concat();
        for place in 0..valid.len() {
            for digit in b'0'..=b'9' {
                let mut wrong = valid.clone();
                wrong[place] = digit;
                assert_eq!(verhoeff(&wrong), wrong == valid);
            }
            let mut swapped = valid.clone();
            swapped.swap(place, (place + 1).min(valid.len() - 1));
            assert_eq!(verhoeff(&swapped), swapped == valid);
        }
    }
}
