//! Surrogates of IBANs: the country stays, digits stay digits, letters letters, and the check digits
//! are recomputed.
//!
//! So the result has the length and the structure of its country. The keys that banks have inside
//! the BBAN (the clé RIB, the Belgian modulo 97) are not recomputed: they differ by country and
//! would be metadata.
//!
//! # Source
//! ISO 13616-1 (structure), ISO/IEC 7064 MOD 97-10 (check digits).

use super::SurrogateError;
use super::ff1::{Direction, Ff1};
use super::pattern::{Alphabet, Pattern, Place};

/// ISO 13616-1: at most 34 characters.
const MAX_LEN: usize = 34;

/// Country and check digits.
const HEAD: usize = 4;

/// What stands for `value` (`FR7630006000011234567890189`), or what it stands for.
pub(super) fn permuted(
    ff1: &Ff1,
    direction: Direction,
    value: &[u8],
) -> Result<Vec<u8>, SurrogateError> {
    let mut surrogate = pattern(value)?.permuted(ff1, direction, value)?;
    let digits = check_digits(&surrogate);
    surrogate[2..HEAD].copy_from_slice(&digits);
    Ok(surrogate)
}

/// The pattern of an IBAN whose check digits hold: others would not come back.
pub(super) fn pattern(value: &[u8]) -> Result<Pattern, SurrogateError> {
    let places = places(value).filter(|_| check_digits(value) == value[2..HEAD]);
    places.map(Pattern::new).ok_or(SurrogateError::DoesNotFit)
}

fn places(value: &[u8]) -> Option<Vec<Place>> {
    let (&[a, b, c, d], bban) = value.split_first_chunk::<HEAD>()?;
    let is_head =
        [a, b].iter().all(u8::is_ascii_uppercase) && [c, d].iter().all(u8::is_ascii_digit);
    if !is_head || value.len() > MAX_LEN {
        return None;
    }
    let free = bban.iter().map(|&character| Alphabet::of(character).map(Place::Free));
    let kept = [Place::Kept(a), Place::Kept(b), Place::Check, Place::Check];
    kept.into_iter().map(Some).chain(free).collect()
}

/// The check digits of an IBAN, whatever stands in their place: 98 less the remainder by 97 of the
/// number that is the BBAN, the country and two zeros, letters being 10 to 35.
///
/// `iban` is letters and digits, four at least.
fn check_digits(iban: &[u8]) -> [u8; 2] {
    let (head, bban) = iban.split_at(HEAD);
    let rearranged = bban.iter().chain(&head[..2]).chain(b"00");
    let remainder = rearranged.fold(0, |remainder, &character| match character {
        b'A'..=b'Z' => (remainder * 100 + u32::from(character - b'A') + 10) % 97,
        _ => (remainder * 10 + u32::from(character & 15)) % 97,
    });
    let digits = (98 - remainder) as u8;
    [b'0' + digits / 10, b'0' + digits % 10]
}
