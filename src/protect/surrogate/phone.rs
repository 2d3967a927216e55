//! Surrogates of telephone numbers: country code and first national digit stay.
//!
//! The first digit behind the country code tells mobile from fixed numbers in most plans. Whether
//! the result is a number in the plan of its country is not promised, and it may be a stranger's.
//!
//! An extension is replaced together with its number, one permutation over the digits of both: kept
//! as it is it would tell colleagues apart, and alone it has too few digits to be hidden. So a number
//! with an extension and the same without have unrelated surrogates, as they have unrelated tokens.
//!
//! # Source
//! ITU-T E.164 (country codes; at most 15 digits).

use super::SurrogateError;
use super::ff1::{Direction, Ff1};
use super::pattern::{Alphabet, Pattern, Place};
use crate::kind::phone::country_code;

/// E.164: at most 15 digits without the plus sign.
const MAX_DIGITS: usize = 15;

/// Between a number and its extension.
const EXTENSION: &str = ";ext=";

/// What stands for `value` (`+33612345678`, `+33612345678;ext=12`), or what it stands for.
pub(super) fn permuted(
    ff1: &Ff1,
    direction: Direction,
    value: &[u8],
) -> Result<Vec<u8>, SurrogateError> {
    let digits = value.get(1..).unwrap_or_default();
    let mut surrogate = pattern(value)?.permuted(ff1, direction, digits)?;
    surrogate.insert(0, b'+');
    Ok(surrogate)
}

/// The pattern of a number without its plus sign, so that the number as an integer has the same.
pub(super) fn pattern(value: &[u8]) -> Result<Pattern, SurrogateError> {
    places(value).map(Pattern::new).ok_or(SurrogateError::DoesNotFit)
}

fn places(value: &[u8]) -> Option<Vec<Place>> {
    let text = std::str::from_utf8(value).ok()?.strip_prefix('+')?;
    let (number, extension) = match text.split_once(EXTENSION) {
        None => (text, None),
        Some((number, extension)) => (number, Some(extension)),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(number) || !extension.is_none_or(is_digits) || number.starts_with('0') {
        return None;
    }
    let kept = country_code(number)?.len() + 1;
    if !(kept..=MAX_DIGITS).contains(&number.len()) {
        return None;
    }
    let (kept, free) = number.split_at(kept);
    let mut places: Vec<Place> = kept.bytes().map(Place::Kept).collect();
    places.extend(free.bytes().map(|_| Place::Free(Alphabet::Digits)));
    if let Some(extension) = extension {
        places.extend(EXTENSION.bytes().map(Place::Kept));
        places.extend(extension.bytes().map(|_| Place::Free(Alphabet::Digits)));
    }
    Some(places)
}
