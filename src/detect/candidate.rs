//! The candidate pass: where could something start?
//!
//! One pass over a buffer for all built-in kinds together. 64 bytes at a time are classified into
//! bitmasks, one bit a byte and one mask a class, and the few places where personal data could be
//! are found by shifts and ands on those masks. Every shift looks *back*, so the carry from one
//! block to the next is the previous block's masks and block borders need no care.
//!
//! A candidate pass may be wrong in one direction only: it may name places where nothing is, never
//! miss a place where a recogniser would have found something.
//!
//! Timestamps, versions, UUIDs and hex must fall out here, since recognisers cost a hundred times
//! more than a byte does. This is the portable form; a vectorised one would have to agree with it.

/// A place where something could be, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Offset in the buffer of the byte that completes the anchor.
    pub at: u32,
    /// A union of [`shape`] bits.
    pub shapes: u8,
}

/// What an anchor could be a part of.
pub mod shape {
    /// `@`, or the backslash that `\u0040` starts with.
    pub const AT: u8 = 1;
    /// The third dot of a dotted quad: dots two to four bytes apart, a digit before each.
    pub const QUAD: u8 = 1 << 1;
    /// The third dash of a dashed quad, the same way.
    pub const DASHED_QUAD: u8 = 1 << 2;
    /// The second colon of `::`, or the fourth of a chain of colons two to five bytes apart.
    pub const COLONS: u8 = 1 << 3;
    /// The first digit of a word.
    pub const NUMBER: u8 = 1 << 4;
    /// A digit right after `+` or `(`.
    pub const DIALLED: u8 = 1 << 5;
    /// The second digit of a word that begins with two letters and two digits.
    pub const IBAN: u8 = 1 << 6;
}

/// Byte classes, one bit each; eight of them, so that a block is transposed into eight masks.
mod class {
    pub(super) const AT: usize = 0;
    pub(super) const DOT: usize = 1;
    pub(super) const COLON: usize = 2;
    pub(super) const DASH: usize = 3;
    pub(super) const DIGIT: usize = 4;
    pub(super) const ALPHA: usize = 5;
    /// `+` and `(`.
    pub(super) const DIAL: usize = 6;
    /// What a word does not start after: letters, digits and `: - / . _ +`. Without the signs
    /// every timestamp and path would be full of word starts.
    pub(super) const GLUE: usize = 7;
}

const CLASSES: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut byte = 0usize;
    while byte < 256 {
        let b = byte as u8;
        let mut bits = 0u8;
        if b == b'@' || b == b'\\' {
            bits |= 1 << class::AT;
        }
        if b == b'.' {
            bits |= 1 << class::DOT;
        }
        if b == b':' {
            bits |= 1 << class::COLON;
        }
        if b == b'-' {
            bits |= 1 << class::DASH;
        }
        if b.is_ascii_digit() {
            bits |= 1 << class::DIGIT;
        }
        if b.is_ascii_alphabetic() {
            bits |= 1 << class::ALPHA;
        }
        if b == b'+' || b == b'(' {
            bits |= 1 << class::DIAL;
        }
        if b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'/' | b'.' | b'_' | b'+') {
            bits |= 1 << class::GLUE;
        }
        table[byte] = bits;
        byte += 1;
    }
    table
};

/// What one block hands to the next: the masks that later bytes look back at.
#[derive(Default, Clone, Copy)]
struct Carry {
    masks: [u64; 8],
    word_start: u64,
    dots: Chain,
    dashes: Chain,
    colons: Chain,
}

/// The first, second and third links of a chain of separators.
#[derive(Default, Clone, Copy)]
struct Chain {
    first: u64,
    second: u64,
    third: u64,
}

/// Appends the anchors of `text` to `anchors`, in ascending order of place.
///
/// One pass, about five operations a byte; allocates only when `anchors` grows. `text` is at most
/// 4 GiB long.
pub fn anchors(text: &[u8], anchors: &mut Vec<Anchor>) {
    let mut carry = Carry::default();
    let (blocks, rest) = text.as_chunks::<64>();
    let mut base = 0u32;
    for block in blocks {
        scan_block(block, base, &mut carry, anchors);
        base += 64;
    }
    if !rest.is_empty() {
        // Padding with zero bytes: they are of no class and complete no anchor.
        let mut last = [0u8; 64];
        last[..rest.len()].copy_from_slice(rest);
        scan_block(&last, base, &mut carry, anchors);
    }
}

#[inline]
fn scan_block(block: &[u8; 64], base: u32, carry: &mut Carry, anchors: &mut Vec<Anchor>) {
    let masks = classify(block);
    let before = carry.masks;
    let [at, dot, colon, dash, digit, alpha, dial, glue] = masks;

    // A colon after a digit (`10:06`) or another colon (`::1`) glues; one that ends a key does not,
    // bare (`tel:06…`) or in quotes (`"tel":06…`).
    let in_number = back(digit | colon, before[class::DIGIT] | before[class::COLON], 2);
    let after_key = back(colon, before[class::COLON], 1) & !in_number;
    let word_start = !back(glue, before[class::GLUE], 1) | after_key;

    let after_digit = back(digit, before[class::DIGIT], 1);
    let dots = chain(dot & after_digit, carry.dots, 4);
    let dashes = chain(dash & after_digit, carry.dashes, 4);
    let colons = chain(colon, carry.colons, 5);
    let double_colon = colon & back(colon, before[class::COLON], 1);
    let fourth_colon = near(colons.third, carry.colons.third, 5) & colon;

    let number = digit & word_start;
    let dialled = digit & back(dial, before[class::DIAL], 1);
    let iban = digit
        & after_digit
        & back(alpha, before[class::ALPHA], 2)
        & back(alpha & word_start, before[class::ALPHA] & carry.word_start, 3);
    let colon_shapes = double_colon | fourth_colon;

    let mut any = at | dots.third | dashes.third | colon_shapes | number | dialled | iban;
    while any != 0 {
        let bit = any.trailing_zeros();
        let shapes = bit_of(at, bit, shape::AT)
            | bit_of(dots.third, bit, shape::QUAD)
            | bit_of(dashes.third, bit, shape::DASHED_QUAD)
            | bit_of(colon_shapes, bit, shape::COLONS)
            | bit_of(number, bit, shape::NUMBER)
            | bit_of(dialled, bit, shape::DIALLED)
            | bit_of(iban, bit, shape::IBAN);
        anchors.push(Anchor { at: base + bit, shapes });
        any &= any - 1;
    }
    *carry = Carry { masks, word_start, dots, dashes, colons };
}

/// `shape` if `bit` is set in `mask`, nothing otherwise, without a branch.
#[inline]
fn bit_of(mask: u64, bit: u32, shape: u8) -> u8 {
    ((mask >> bit) & 1) as u8 * shape
}

/// `mask` as seen `by` bytes later, with the previous block's bits coming in.
#[inline]
fn back(mask: u64, before: u64, by: u32) -> u64 {
    (mask << by) | (before >> (64 - by))
}

/// The places two to `reach` bytes after a set bit.
#[inline]
fn near(mask: u64, before: u64, reach: u32) -> u64 {
    (2..=reach).fold(0, |places, by| places | back(mask, before, by))
}

/// The links of a chain: a `first` is any separator, a `second` has a `first` two to `reach`
/// bytes before it, a `third` has a `second` there.
#[inline]
fn chain(first: u64, before: Chain, reach: u32) -> Chain {
    let second = first & near(first, before.first, reach);
    let third = second & near(second, before.second, reach);
    Chain { first, second, third }
}

/// The eight class masks of a block, bit i for byte i.
///
/// Eight bytes are looked up at once into a u64 of class bytes, which is an 8 × 8 bit matrix; its
/// transpose has one byte a class (H. S. Warren, Hacker's Delight, 2nd ed., section 7-3).
#[inline]
fn classify(block: &[u8; 64]) -> [u64; 8] {
    let mut masks = [0u64; 8];
    let (eights, _) = block.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        let classes = u64::from_le_bytes(eight.map(|byte| CLASSES[usize::from(byte)]));
        for (mask, byte) in masks.iter_mut().zip(transpose(classes).to_le_bytes()) {
            *mask |= u64::from(byte) << (8 * index);
        }
    }
    masks
}

#[inline]
fn transpose(mut x: u64) -> u64 {
    let mut t = (x ^ (x >> 7)) & 0x00AA_00AA_00AA_00AA;
    x ^= t ^ (t << 7);
    t = (x ^ (x >> 14)) & 0x0000_CCCC_0000_CCCC;
    x ^= t ^ (t << 14);
    t = (x ^ (x >> 28)) & 0x0000_0000_F0F0_F0F0;
    x ^ t ^ (t << 28)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &[u8]) -> Vec<Anchor> {
        let mut found = Vec::new();
        anchors(text, &mut found);
        found
    }

    fn places(text: &str, shape: u8) -> Vec<usize> {
        all(text.as_bytes())
            .into_iter()
            .filter(|anchor| anchor.shapes & shape != 0)
            .map(|anchor| anchor.at as usize)
            .collect()
    }

    #[test]
    fn each_shape_has_its_anchor() {
        assert_eq!(places("to a@example.com", shape::AT), [4]);
        assert_eq!(places("ip 192.0.2.1 ok", shape::QUAD), [10]);
        assert_eq!(places("adsl-82-252-162-81.example.net", shape::DASHED_QUAD), [15]);
        assert_eq!(places("[2001:db8::1]", shape::COLONS), [10]);
        assert_eq!(places("2001:db8:1:2:3:4:5:6", shape::COLONS), [12, 14, 16, 18]);
        assert_eq!(places("call +33 1 or (415) 5", shape::DIALLED), [6, 15]);
        assert_eq!(places("FR76 or de89", shape::IBAN), [3, 11]);
        assert_eq!(places("tel 06 12", shape::NUMBER), [4, 7]);
    }

    #[test]
    fn timestamps_and_paths_start_few_words() {
        assert_eq!(places("2024-11-22T10:06:12.123Z", shape::NUMBER), [0]);
        assert!(places("2024-11-22T10:06:12.123Z", shape::QUAD | shape::COLONS).is_empty());
        assert!(places("/api/v1/users/0612345678", shape::NUMBER).is_empty());
        assert_eq!(places("tel:0612345678 at 10:06", shape::NUMBER), [4, 18]);
        assert_eq!(places("{\"tel\":0612345678}", shape::NUMBER), [7]);
    }

    /// The same anchors byte by byte, straight from their definitions.
    fn plain(text: &[u8]) -> Vec<Anchor> {
        let get = |i: usize, back: usize| i.checked_sub(back).map_or(0, |j| text[j]);
        let glue = |b: u8| b.is_ascii_alphanumeric() || b":-/._+".contains(&b);
        let start = |i: usize| {
            let in_number = get(i, 2).is_ascii_digit() || get(i, 2) == b':';
            i == 0 || !glue(get(i, 1)) || (get(i, 1) == b':' && !in_number)
        };
        fn depth(text: &[u8], i: usize, sign: u8, digits: bool, reach: usize) -> usize {
            if text[i] != sign || (digits && (i == 0 || !text[i - 1].is_ascii_digit())) {
                return 0;
            }
            (2..=reach)
                .filter(|by| i >= *by)
                .map(|by| depth(text, i - by, sign, digits, reach))
                .max()
                .unwrap_or(0)
                .min(3)
                + 1
        }
        (0..text.len())
            .filter_map(|i| {
                let b = text[i];
                let mut shapes = 0;
                if b == b'@' || b == b'\\' {
                    shapes |= shape::AT;
                }
                if depth(text, i, b'.', true, 4) >= 3 {
                    shapes |= shape::QUAD;
                }
                if depth(text, i, b'-', true, 4) >= 3 {
                    shapes |= shape::DASHED_QUAD;
                }
                if b == b':' && (get(i, 1) == b':' || depth(text, i, b':', false, 5) >= 4) {
                    shapes |= shape::COLONS;
                }
                if b.is_ascii_digit() {
                    if start(i) {
                        shapes |= shape::NUMBER;
                    }
                    if matches!(get(i, 1), b'+' | b'(') {
                        shapes |= shape::DIALLED;
                    }
                    if i >= 3
                        && get(i, 1).is_ascii_digit()
                        && get(i, 2).is_ascii_alphabetic()
                        && get(i, 3).is_ascii_alphabetic()
                        && start(i - 3)
                    {
                        shapes |= shape::IBAN;
                    }
                }
                (shapes != 0).then_some(Anchor { at: i as u32, shapes })
            })
            .collect()
    }

    proptest! {
        #[test]
        fn masks_agree_with_the_definitions(text in "[ a1@.:\\-+(F_/\\\\]{0,300}") {
            prop_assert_eq!(all(text.as_bytes()), plain(text.as_bytes()));
        }
    }
}
