//! One window at a time, with what every processor has: the twin of what is vectorised, which must
//! agree with it.

use super::classify::{CLASSES, Planes};
use super::{Anchor, Windows, anchors_by};

/// [`anchors`](super::anchors) without any instruction that not every processor has.
///
/// For processors without AVX2, and to compare with.
pub fn anchors(text: &[u8], anchors: &mut Vec<Anchor>) {
    anchors_by::<u64>(text, anchors);
}

impl Windows for u64 {
    type Each<T> = [T; 1];
    type Row = [u64; 16];

    const COUNT: usize = 1;
    const NONE: Self = 0;

    #[inline(always)]
    fn classify(piece: &[u8], planes: &mut Planes) {
        let (blocks, rest) = piece.as_chunks::<32>();
        for (index, block) in blocks.iter().enumerate() {
            planes.set(index, classes(block));
        }
        if !rest.is_empty() {
            let mut last = [0; 32];
            last[..rest.len()].copy_from_slice(rest);
            planes.set(blocks.len(), classes(&last));
        }
    }

    #[inline(always)]
    fn load(bits: &[u8; 32]) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = *bits;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }

    #[inline(always)]
    fn bits(self) -> [u64; 1] {
        [self]
    }

    #[inline(always)]
    fn rows(shapes: [Self; 16]) -> [[u64; 16]; 1] {
        [shapes]
    }

    #[inline(always)]
    fn shapes_at(row: &[u64; 16], bit: u32) -> u16 {
        (0..16).fold(0, |shapes, shape| shapes | ((row[shape] >> bit) as u16 & 1) << shape)
    }
}

/// The classes of 32 bytes, the first bits first.
///
/// Eight bytes are looked up at once into a u64 of class bytes, which is an 8 × 8 bit matrix; its
/// transpose has one byte a bit (H. S. Warren, Hacker's Delight, 2nd ed., section 7-3).
#[inline]
pub(super) fn classes(block: &[u8; 32]) -> [[u8; 4]; 8] {
    let mut bits = [[0; 4]; 8];
    let (eights, _) = block.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        let classes = u64::from_le_bytes(eight.map(|byte| CLASSES[usize::from(byte)]));
        for (bits, byte) in bits.iter_mut().zip(transpose(classes).to_le_bytes()) {
            bits[index] = byte;
        }
    }
    bits
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
