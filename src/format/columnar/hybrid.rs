//! Levels and dictionary indices: runs of one number, and numbers packed bit by bit.
//!
//! # Source
//! Parquet `Encodings.md`, "Run Length Encoding / Bit-Packing Hybrid".

/// Numbers are packed by so many.
const GROUP: usize = 8;
/// Fewer equal numbers take less room packed.
const SHORTEST_RUN: usize = 8;

/// How many bits the numbers up to `largest` take.
pub(super) fn width_of(largest: u32) -> u32 {
    u32::BITS - largest.leading_zeros()
}

/// Appends `count` numbers of `width` bits each to `numbers`; `None` where `bytes` do not hold them.
pub(super) fn decode(bytes: &[u8], width: u32, count: usize, numbers: &mut Vec<u32>) -> Option<()> {
    if width > u32::BITS {
        return None;
    }
    let end = numbers.len() + count;
    numbers.reserve(count);
    let mut rest = bytes;
    while numbers.len() < end {
        let header = varint(&mut rest)?;
        let missing = end - numbers.len();
        if header & 1 == 0 {
            let run = usize::try_from(header >> 1).ok()?.min(missing);
            let (value, behind) = rest.split_at_checked(width.div_ceil(8) as usize)?;
            let mut wide = [0; 4];
            wide[..value.len()].copy_from_slice(value);
            numbers.resize(numbers.len() + run, u32::from_le_bytes(wide));
            rest = behind;
        } else {
            let groups = usize::try_from(header >> 1).ok()?;
            // The last group may be cut short, together with what its numbers would be.
            let length = groups.checked_mul(width as usize)?.min(rest.len());
            let (packed, behind) = rest.split_at(length);
            let held = if width == 0 { usize::MAX } else { packed.len() * 8 / width as usize };
            let wanted = groups.checked_mul(GROUP)?.min(missing);
            if wanted > held {
                return None;
            }
            unpack(packed, width, wanted, numbers);
            rest = behind;
        }
    }
    Some(())
}

/// The numbers packed into `packed`, which holds them all.
fn unpack(packed: &[u8], width: u32, count: usize, numbers: &mut Vec<u32>) {
    let mask = (1_u64 << width) - 1;
    // A number starts within a byte and is at most 32 bits long: eight bytes hold it.
    let far = packed.len().saturating_sub(7) * 8;
    let easy = match width {
        0 => count,
        width => far.div_ceil(width as usize).min(count),
    };
    let bits = |place: usize| place * width as usize;
    numbers.extend((0..easy).map(|place| {
        let eight = packed[bits(place) / 8..].first_chunk().copied().unwrap_or_default();
        (u64::from_le_bytes(eight) >> (bits(place) % 8) & mask) as u32
    }));
    numbers.extend((easy..count).map(|place| {
        let left = &packed[bits(place) / 8..];
        let mut eight = [0; 8];
        let length = left.len().min(8);
        eight[..length].copy_from_slice(&left[..length]);
        (u64::from_le_bytes(eight) >> (bits(place) % 8) & mask) as u32
    }));
}

/// Appends `numbers`, none of which takes more than `width` bits, to `bytes`.
pub(super) fn encode(numbers: &[u32], width: u32, bytes: &mut Vec<u8>) {
    let mut at = 0;
    while at < numbers.len() {
        let run = run_at(&numbers[at..]);
        if run >= SHORTEST_RUN {
            put_varint((run as u64) << 1, bytes);
            bytes.extend_from_slice(&numbers[at].to_le_bytes()[..width.div_ceil(8) as usize]);
            at += run;
        } else {
            let mut end = (at + GROUP).min(numbers.len());
            while end < numbers.len() && run_at(&numbers[end..]) < SHORTEST_RUN {
                end = (end + GROUP).min(numbers.len());
            }
            pack(&numbers[at..end], width, bytes);
            at = end;
        }
    }
}

/// How many numbers from the first on are equal to it.
fn run_at(numbers: &[u32]) -> usize {
    numbers.iter().take_while(|number| **number == numbers[0]).count()
}

/// Appends one run of packed numbers; the last group is filled up with zeros.
fn pack(numbers: &[u32], width: u32, bytes: &mut Vec<u8>) {
    let groups = numbers.len().div_ceil(GROUP);
    put_varint((groups as u64) << 1 | 1, bytes);
    let end = bytes.len() + groups * width as usize;
    bytes.reserve(groups * width as usize + size_of::<u64>());
    let (mut held, mut bits) = (0_u64, 0);
    for number in numbers {
        held |= u64::from(*number) << bits;
        bits += width;
        if bits >= u32::BITS {
            bytes.extend_from_slice(&(held as u32).to_le_bytes());
            held >>= u32::BITS;
            bits -= u32::BITS;
        }
    }
    bytes.extend_from_slice(&held.to_le_bytes());
    bytes.resize(end, 0);
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn put_varint(mut value: u64, bytes: &mut Vec<u8>) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(bytes: &[u8], width: u32, count: usize) -> Option<Vec<u32>> {
        let mut numbers = Vec::new();
        decode(bytes, width, count, &mut numbers).map(|()| numbers)
    }

    #[test]
    fn numbers_are_packed_as_the_specification_shows() {
        // Its example: the numbers 0 to 7 in three bits each.
        let mut bytes = Vec::new();
        encode(&[0, 1, 2, 3, 4, 5, 6, 7], 3, &mut bytes);
        assert_eq!(bytes, [3, 0b1000_1000, 0b1100_0110, 0b1111_1010]);
        assert_eq!(decoded(&bytes, 3, 8).unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
        let mut run = Vec::new();
        encode(&[300; 100], 9, &mut run);
        assert_eq!(run, [200, 1, 44, 1]);
        assert_eq!(decoded(&run, 9, 100).unwrap(), [300; 100]);
    }

    #[test]
    fn numbers_of_no_bits_are_zeros() {
        assert_eq!(decoded(&[3], 0, 8).unwrap(), [0; 8]);
        assert_eq!(decoded(&[16], 0, 8).unwrap(), [0; 8]);
        assert_eq!(decoded(&[], 0, 1), None);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(
            width in 1_u32..=32,
            runs in prop::collection::vec((any::<u32>(), 1_usize..20), 0..20),
        ) {
            let cut = |number: u32| number & ((1_u64 << width) - 1) as u32;
            let numbers: Vec<u32> =
                runs.iter().flat_map(|&(number, times)| vec![cut(number); times]).collect();
            let mut bytes = Vec::new();
            encode(&numbers, width, &mut bytes);
            prop_assert_eq!(decoded(&bytes, width, numbers.len()), Some(numbers));
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes: Vec<u8>, width in 0_u32..40, count in 0_usize..999) {
            if let Some(numbers) = decoded(&bytes, width, count) {
                prop_assert_eq!(numbers.len(), count);
            }
        }
    }
}
