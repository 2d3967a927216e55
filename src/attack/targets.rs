//! The digests that are looked for, all fields together, and the question asked of every candidate.

use std::sync::Arc;

use super::function::{Function, MAX_BYTES};

/// One digest, or what was left of it.
pub(super) struct Target {
    /// The first bits of the digest, zeros behind them.
    pub(super) digest: [u8; MAX_BYTES],
    pub(super) bits: u32,
}

/// Digests by their first bits. A candidate asks one bit of a filter, and of one in many the list.
pub(super) struct Targets {
    /// Those of all fields.
    all: Arc<[Target]>,
    /// The first 32 bits of those that are looked for, in order: none has fewer.
    heads: Vec<u32>,
    /// Their places in `all`.
    numbers: Vec<u32>,
    /// Whether a head begins with these bits.
    filter: Vec<u64>,
    filter_bits: u32,
}

impl std::fmt::Debug for Targets {
    /// How many there are.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} targets", self.numbers.len())
    }
}

impl Targets {
    /// The filter has two to this power of bits for a target, so that few candidates pass it.
    const SPARSE: u32 = 5;

    /// Those of `all` with these numbers.
    pub(super) fn new(all: Arc<[Target]>, mut numbers: Vec<u32>) -> Self {
        let head = |number: &u32| head_of(&all[*number as usize].digest);
        numbers.sort_by_key(|number| (head(number), *number));
        let heads: Vec<_> = numbers.iter().map(head).collect();
        let size = u32::BITS - (numbers.len() as u32).leading_zeros();
        let filter_bits = (size + Self::SPARSE).clamp(12, 28);
        let mut filter = vec![0; 1 << (filter_bits - 6)];
        for head in &heads {
            let place = head >> (32 - filter_bits);
            filter[place as usize / 64] |= 1 << (place % 64);
        }
        Self { all, heads, numbers, filter, filter_bits }
    }

    /// Whether a digest with this head may be one of them.
    #[inline]
    pub(super) fn may_hold(&self, head: u64) -> bool {
        let place = (head >> (64 - self.filter_bits)) as usize;
        self.filter[place / 64] >> (place % 64) & 1 == 1
    }

    /// Adds to `found` the number of each target that is the digest of `message`.
    #[cold]
    pub(super) fn look_up(
        &self,
        function: Function,
        head: u64,
        message: &[u8],
        found: &mut Vec<u32>,
    ) {
        let head = (head >> 32) as u32;
        let first = self.heads.partition_point(|other| *other < head);
        let same = self.heads[first..].iter().take_while(|other| **other == head).count();
        if same == 0 {
            return;
        }
        let digest = function.digest(message);
        let numbers = self.numbers[first..first + same].iter();
        found.extend(numbers.filter(|number| self.all[**number as usize].is(&digest)));
    }
}

impl Target {
    fn is(&self, digest: &[u8; MAX_BYTES]) -> bool {
        let (whole, rest) = ((self.bits / 8) as usize, self.bits % 8);
        let mask = !(0xff_u8.checked_shr(rest).unwrap_or(0));
        self.digest[..whole] == digest[..whole]
            && (rest == 0 || (self.digest[whole] ^ digest[whole]) & mask == 0)
    }
}

fn head_of(digest: &[u8; MAX_BYTES]) -> u32 {
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_target_is_found_by_its_message_and_by_no_other(
            messages in prop::collection::btree_set("[a-z0-9]{1,12}", 1..40),
            bits in 32_u32..=128,
        ) {
            let function = Function::Md5;
            let messages: Vec<_> = messages.into_iter().collect();
            let targets = messages.iter().map(|message| {
                let mut digest = function.digest(message.as_bytes());
                for bit in bits as usize..8 * MAX_BYTES {
                    digest[bit / 8] &= !(0x80_u8 >> (bit % 8));
                }
                Target { digest, bits }
            });
            let numbers = (0..messages.len() as u32).collect();
            let targets = Targets::new(targets.collect(), numbers);
            for (message, number) in messages.iter().zip(0..) {
                let digest = function.digest(message.as_bytes());
                let head = u64::from_be_bytes(digest[..8].try_into().unwrap());
                prop_assert!(targets.may_hold(head));
                let mut found = Vec::new();
                targets.look_up(function, head, message.as_bytes(), &mut found);
                prop_assert_eq!(&found[..], &[number]);
                found.clear();
                targets.look_up(function, head, b"another", &mut found);
                prop_assert!(found.is_empty());
            }
        }
    }
}
