//! Surrogates of card numbers: the first six digits stay, which name the issuer, and the Luhn digit
//! is recomputed.
//!
//! # Source
//! ISO/IEC 7812-1 (structure, annex B: Luhn).

use super::SurrogateError;
use super::ff1::{Direction, Ff1};
use super::pattern::{Alphabet, Pattern, Place};
use crate::kind::card::luhn;

/// ISO/IEC 7812-1: at most 19 digits.
const MAX_DIGITS: usize = 19;

/// The issuer identification number, as it is shown on receipts.
const KEPT: usize = 6;

/// What stands for `value` (`4111111111111111`), or what it stands for.
pub(super) fn permuted(
    ff1: &Ff1,
    direction: Direction,
    value: &[u8],
) -> Result<Vec<u8>, SurrogateError> {
    let mut surrogate = pattern(value)?.permuted(ff1, direction, value)?;
    let last = surrogate.len() - 1;
    // One of the ten holds.
    for digit in b'0'..=b'9' {
        surrogate[last] = digit;
        if luhn(&surrogate) {
            break;
        }
    }
    Ok(surrogate)
}

/// The pattern of a number whose Luhn digit holds: others would not come back.
pub(super) fn pattern(value: &[u8]) -> Result<Pattern, SurrogateError> {
    if !(KEPT + 1..=MAX_DIGITS).contains(&value.len()) || !luhn(value) {
        return Err(SurrogateError::DoesNotFit);
    }
    let place = |(at, &digit): (usize, &u8)| match at {
        _ if at < KEPT => Place::Kept(digit),
        _ if at + 1 == value.len() => Place::Check,
        _ => Place::Free(Alphabet::Digits),
    };
    Ok(Pattern::new(value.iter().enumerate().map(place).collect()))
}
