//! FF1 on the numbers below any limit: a keyed permutation of 0 to N − 1.
//!
//! The number is written in ⌈log₂ N⌉ bits and encrypted by FF1 in radix 2, again and again until the
//! result is below N (cycle walking). Since FF1 permutes the numbers of so many bits, of which more
//! than half are below N, this permutes those below N, and takes two rounds on the average at most.
//!
//! FF1 itself is the crate `fpe`; here are its numerals, as two machine words.
//!
//! # Source
//! NIST SP 800-38G, algorithms 7 and 8 (FF1), and its revision 1 (draft) for the smallest domain; J.
//! Black and P. Rogaway, "Ciphers with Arbitrary Finite Domains" (2002) for cycle walking.

use aes::Aes256;
use fpe::ff1::{FF1, NumeralString, Operations};

use super::number::{Number, mask};
use crate::protect::key::KindKey;

/// The smallest domain: in a smaller one, values can be found by trying them all.
pub(super) const MIN_SIZE: u64 = 1_000_000;

/// What permutes the values of one kind.
pub(super) struct Ff1(FF1<Aes256>);

/// Which way.
#[derive(Clone, Copy)]
pub(super) enum Direction {
    Forth,
    Back,
}

impl Ff1 {
    pub(super) fn new(key: &KindKey) -> Self {
        Self(FF1::new(key.expose(), 2).expect("two is a radix"))
    }

    /// What stands for `rank` among the numbers below `size`, under `tweak`. `size` is [`MIN_SIZE`]
    /// at least, and more than `rank`.
    pub(super) fn permuted(
        &self,
        direction: Direction,
        tweak: &[u8],
        mut rank: Number,
        size: Number,
    ) -> Number {
        let count = size.bits_below();
        loop {
            let bits = Bits { value: rank, count };
            let permuted = match direction {
                Direction::Forth => self.0.encrypt(tweak, &bits),
                Direction::Back => self.0.decrypt(tweak, &bits),
            };
            rank = permuted.expect("twenty bits or more").value;
            if rank < size {
                return rank;
            }
        }
    }
}

/// `count` bits, 2 to 256 of them, the first the most significant.
struct Bits {
    value: Number,
    count: u32,
}

/// One half of [`Bits`]: what FF1 calls A or B.
struct Half {
    value: u128,
    count: u32,
}

impl NumeralString for Bits {
    type Ops = Half;

    fn is_valid(&self, radix: u32) -> bool {
        radix == 2
    }

    fn numeral_count(&self) -> usize {
        self.count as usize
    }

    fn split(&self) -> (Half, Half) {
        let u = self.count / 2;
        let v = self.count - u;
        let (a, b) = self.value.split(v);
        (Half { value: a, count: u }, Half { value: b, count: v })
    }

    fn concat(a: Half, b: Half) -> Self {
        Self { value: Number::joined(a.value, b.value, b.count), count: a.count + b.count }
    }
}

impl Operations for Half {
    type Bytes = LastBytes;

    fn numeral_count(&self) -> usize {
        self.count as usize
    }

    fn to_be_bytes(&self, _radix: u32, b: usize) -> LastBytes {
        LastBytes { bytes: self.value.to_be_bytes(), length: b }
    }

    fn add_mod_exp(self, other: impl Iterator<Item = u8>, _radix: u32, m: usize) -> Self {
        Self::below(self.value.wrapping_add(last_bits(other)), m)
    }

    fn sub_mod_exp(self, other: impl Iterator<Item = u8>, _radix: u32, m: usize) -> Self {
        Self::below(self.value.wrapping_sub(last_bits(other)), m)
    }
}

impl Half {
    /// `value` modulo 2ᵐ.
    fn below(value: u128, m: usize) -> Self {
        let count = u32::try_from(m).expect("a half of 256 bits");
        Self { value: value & mask(count), count }
    }
}

/// A number of any length modulo 2¹²⁸, which is all that a sum modulo 2ᵐ depends on.
fn last_bits(bytes: impl Iterator<Item = u8>) -> u128 {
    bytes.fold(0, |number, byte| number << 8 | u128::from(byte))
}

/// The last `length` bytes, of 16.
struct LastBytes {
    bytes: [u8; 16],
    length: usize,
}

impl AsRef<[u8]> for LastBytes {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[self.bytes.len() - self.length..]
    }
}

#[cfg(test)]
mod tests {
    use aes::Aes128;
    use fpe::ff1::FlexibleNumeralString;
    use proptest::prelude::*;

    use super::*;
    use crate::protect::key::tests::vector_key;
    use crate::protect::key::{Domain, Purpose};

    fn cipher() -> Ff1 {
        let domain_key = vector_key().domain_key(Purpose::Surrogate, &Domain::default());
        Ff1::new(&domain_key.kind_key("phone", None).unwrap())
    }

    fn numerals(text: &str) -> Vec<u16> {
        text.chars().map(|c| c.to_digit(36).unwrap() as u16).collect()
    }

    /// NIST's examples for FF1, samples 1 to 3: AES-128, radix 10, 10 and 36.
    #[test]
    fn ff1_is_that_of_nist() {
        let key = 0x2b7e_1516_28ae_d2a6_abf7_1588_09cf_4f3c_u128.to_be_bytes();
        let samples: [(u32, &[u8], &str, &str); 3] = [
            (10, b"", "0123456789", "2433477484"),
            (10, b"9876543210", "0123456789", "6124200773"),
            (36, b"7777pqrs777", "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
        ];
        for (radix, tweak, plain, expected) in samples {
            let ff1 = FF1::<Aes128>::new(&key, radix).unwrap();
            let plain = FlexibleNumeralString::from(numerals(plain));
            let sealed: Vec<u16> = ff1.encrypt(tweak, &plain).unwrap().into();
            assert_eq!(sealed, numerals(expected));
        }
    }

    #[test]
    fn every_number_below_the_limit_has_one_of_its_own() {
        let size = 1_000_003;
        let (cipher, mut seen) = (cipher(), vec![false; size as usize]);
        for rank in (0..size).step_by(97) {
            let of = |direction, rank| {
                let number = Number::new(rank);
                cipher.permuted(direction, b"336", number, Number::new(size)).split(64).1 as u64
            };
            let permuted = of(Direction::Forth, rank);
            assert!(!std::mem::replace(&mut seen[permuted as usize], true));
            assert_eq!(of(Direction::Back, permuted), rank);
        }
    }

    proptest! {
        /// The numerals of the crate, which are a list of bits, are the oracle of ours.
        #[test]
        fn our_numerals_are_those_of_the_crate(
            high: u128, low: u128, count in 20..=256_u32, tweak in "[0-9A-Z]{0,20}",
        ) {
            let value = if count <= 128 {
                Number::joined(0, low & mask(count), 128)
            } else {
                Number::joined(high & mask(count - 128), low, 128)
            };
            let (high, low) = value.split(128);
            let bits: Vec<u16> = (0..count)
                .rev()
                .map(|at| (if at < 128 { low >> at } else { high >> (at - 128) } & 1) as u16)
                .collect();
            let cipher = cipher();
            let ours = cipher.0.encrypt(tweak.as_bytes(), &Bits { value, count }).unwrap();
            let theirs: Vec<u16> = cipher
                .0
                .encrypt(tweak.as_bytes(), &FlexibleNumeralString::from(bits))
                .unwrap()
                .into();
            let theirs = theirs.into_iter().fold(Number::ZERO, |number, bit| {
                number.times_plus(2, bit.into()).unwrap()
            });
            prop_assert!(ours.value == theirs);
            let back = cipher.0.decrypt(tweak.as_bytes(), &ours).unwrap();
            prop_assert!(back.value == value);
        }
    }
}
