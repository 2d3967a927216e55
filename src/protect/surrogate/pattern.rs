//! The pattern of a value: what stays, what is replaced by a character of the same alphabet, and
//! what is recomputed.
//!
//! The values of one pattern are numbered: the free positions are the digits of a number, each in the
//! radix of its alphabet, the first the most significant. So a surrogate is the value whose rank is
//! a permutation of this value's rank, and it has the same pattern, by which it is found again.
//! No table of a registry enters, since a table that changes could not be undone.
//!
//! # Source
//! The pseudonym specification `loup.v1`, section "Operators"; M. Bellare and others,
//! "Format-Preserving Encryption" (2009) for rank-then-encipher.

use super::SurrogateError;
use super::ff1::{Direction, Ff1, MIN_SIZE};
use super::number::Number;

/// One position of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// This character.
    Kept(u8),
    /// Any character of an alphabet.
    Free(Alphabet),
    /// A digit that follows from the rest.
    Check,
}

/// The characters that may stand where one of them stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// `0` to `9`.
    Digits,
    /// `A` to `Z`.
    Letters,
}

impl Alphabet {
    /// That of a character; nothing where it is no digit and no upper-case letter.
    pub(super) fn of(character: u8) -> Option<Self> {
        match character {
            b'0'..=b'9' => Some(Self::Digits),
            b'A'..=b'Z' => Some(Self::Letters),
            _ => None,
        }
    }

    fn first(self) -> u8 {
        match self {
            Self::Digits => b'0',
            Self::Letters => b'A',
        }
    }

    fn size(self) -> u64 {
        match self {
            Self::Digits => 10,
            Self::Letters => 26,
        }
    }
}

/// The pattern of a value: one place for each of its characters.
pub(super) struct Pattern(Vec<Place>);

impl Pattern {
    pub(super) fn new(places: Vec<Place>) -> Self {
        Self(places)
    }

    /// N: how many values have this pattern.
    ///
    /// # Errors
    /// [`SurrogateError::TooFew`] below one million; [`SurrogateError::DoesNotFit`] for 2²⁵⁶ and
    /// more.
    pub(super) fn size(&self) -> Result<Number, SurrogateError> {
        let size = self
            .alphabets()
            .try_fold(Number::new(1), |size, alphabet| size.times_plus(alphabet.size(), 0));
        match size {
            None => Err(SurrogateError::DoesNotFit),
            Some(size) if size < Number::new(MIN_SIZE) => Err(SurrogateError::TooFew),
            Some(size) => Ok(size),
        }
    }

    /// What stands for `value`, or what it stands for: the characters of its pattern, `0` where a
    /// digit has to be recomputed.
    ///
    /// # Errors
    /// As [`Self::size`].
    pub(super) fn permuted(
        &self,
        ff1: &Ff1,
        direction: Direction,
        value: &[u8],
    ) -> Result<Vec<u8>, SurrogateError> {
        let size = self.size()?;
        let rank = self.rank(value).ok_or(SurrogateError::DoesNotFit)?;
        Ok(self.unrank(ff1.permuted(direction, &self.kept(), rank, size)))
    }

    /// The number of a value of this pattern.
    fn rank(&self, value: &[u8]) -> Option<Number> {
        let places = self.0.iter().zip(value);
        places
            .filter_map(|(place, &character)| place.alphabet().map(|it| (it, character)))
            .try_fold(Number::ZERO, |rank, (alphabet, character)| {
                let digit = u64::from(character.checked_sub(alphabet.first())?);
                rank.times_plus(alphabet.size(), digit)
            })
    }

    /// The value of a number, `0` where a digit has to be recomputed.
    fn unrank(&self, mut rank: Number) -> Vec<u8> {
        let mut value = vec![b'0'; self.0.len()];
        for (place, character) in self.0.iter().zip(&mut value).rev() {
            match *place {
                Place::Kept(kept) => *character = kept,
                Place::Check => {}
                Place::Free(alphabet) => {
                    let digit;
                    (rank, digit) = rank.divided_by(alphabet.size());
                    // Less than the size of the alphabet.
                    *character = alphabet.first() + digit as u8;
                }
            }
        }
        value
    }

    /// The kept characters: the tweak, so that two countries have two permutations.
    fn kept(&self) -> Vec<u8> {
        let kept = |place: &Place| match place {
            Place::Kept(character) => Some(*character),
            Place::Free(_) | Place::Check => None,
        };
        self.0.iter().filter_map(kept).collect()
    }

    fn alphabets(&self) -> impl Iterator<Item = Alphabet> {
        self.0.iter().filter_map(|place| place.alphabet())
    }
}

impl Place {
    fn alphabet(self) -> Option<Alphabet> {
        match self {
            Self::Free(alphabet) => Some(alphabet),
            Self::Kept(_) | Self::Check => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `FR`, two check digits, and the characters of a BBAN as they are.
    fn pattern(bban: &str) -> (Pattern, Vec<u8>) {
        let mut places = vec![Place::Kept(b'F'), Place::Kept(b'R'), Place::Check, Place::Check];
        places.extend(bban.bytes().map(|byte| Place::Free(Alphabet::of(byte).unwrap())));
        (Pattern::new(places), format!("FR00{bban}").into_bytes())
    }

    #[test]
    fn values_are_numbered_from_their_first_character() {
        let (pattern, value) = pattern("1B2");
        assert_eq!(pattern.rank(&value), Some(Number::new((26 + 1) * 10 + 2)));
        assert_eq!(pattern.unrank(Number::new((26 + 1) * 10 + 2)), value);
        assert_eq!(pattern.kept(), b"FR");
    }

    #[test]
    fn a_pattern_of_fewer_than_a_million_values_is_refused() {
        assert_eq!(pattern("00000").0.size(), Err(SurrogateError::TooFew));
        assert_eq!(pattern("000000").0.size(), Ok(Number::new(1_000_000)));
        assert_eq!(pattern("A0000A").0.size(), Ok(Number::new(6_760_000)));
        assert_eq!(pattern("").0.size(), Err(SurrogateError::TooFew));
        assert!(pattern(&"Z".repeat(54)).0.size().is_ok());
        assert_eq!(pattern(&"Z".repeat(55)).0.size(), Err(SurrogateError::DoesNotFit));
    }

    proptest! {
        #[test]
        fn a_number_and_its_value_name_each_other(bban in "[0-9A-Z]{0,54}") {
            let (pattern, value) = pattern(&bban);
            let rank = pattern.rank(&value).unwrap();
            prop_assert_eq!(pattern.unrank(rank), value);
        }
    }
}
