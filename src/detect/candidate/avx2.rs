//! Four windows at a time, with AVX2: the only module with `unsafe` code.
//!
//! # Contract
//! Everything here but [`anchors`], [`letters`] and [`draw`] needs a processor with AVX2. They ask for it,
//! and are the only ways in: what is private to this module is called from nowhere else, and a value of
//! [`Lanes`] is made by nobody else. Memory is read and written through references to arrays of the right
//! size.
//!
//! Operators cannot be declared to need AVX2, so they are inlined into [`with_avx2`], which is.
//! [`portable`](super::portable) is what all of this must agree with, and of [`letters`] and [`draw`] the
//! twins beside their types.

#![allow(unsafe_code, reason = "intrinsics, called where their processor has been asked for")]

use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not, Shl};

use super::classify::{CLASSES, Planes};
use super::letters::Letters;
use super::sketch::{SIGNS, Sketch, Told};
use super::{Anchor, Windows, anchors_by};

/// [`anchors`](super::anchors) if the processor has what it needs. Returns whether it has.
pub(super) fn anchors(text: &[u8], anchors: &mut Vec<Anchor>) -> bool {
    let is_available = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt");
    if is_available {
        // SAFETY: the processor has what the function is compiled for.
        unsafe { with_avx2(text, anchors) };
    }
    is_available
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn with_avx2(text: &[u8], anchors: &mut Vec<Anchor>) {
    anchors_by::<Lanes>(text, anchors);
}

/// Sets `found` to the letters and digits of `text` if the processor has what it needs. Returns whether it
/// has.
#[inline]
pub(super) fn letters(text: &[u8], found: &mut Letters) -> bool {
    let is_available = is_x86_feature_detected!("avx2");
    if is_available {
        // SAFETY: the processor has what the function is compiled for.
        unsafe { letters_with_avx2(text, found) };
    }
    is_available
}

#[target_feature(enable = "avx2")]
fn letters_with_avx2(text: &[u8], found: &mut Letters) {
    found.read(text, |block| letters_of(block));
}

/// Which of 64 bytes are letters, which digits and which no ASCII.
#[inline]
#[target_feature(enable = "avx2")]
fn letters_of(block: &[u8; 64]) -> [u64; 3] {
    let mut bits = [0; 3];
    for (place, half) in block.as_chunks::<32>().0.iter().enumerate() {
        // SAFETY: 32 bytes are there to be read, at any alignment.
        let bytes = unsafe { _mm256_loadu_si256(half.as_ptr().cast()) };
        let letters = is_within::<b'a', 26>(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)));
        let digits = is_within::<b'0', 10>(bytes);
        for (bits, mask) in bits.iter_mut().zip([letters, digits, bytes]) {
            *bits |= u64::from(_mm256_movemask_epi8(mask).cast_unsigned()) << (32 * place);
        }
    }
    bits
}

/// Draws `text` into `sketch`, and says whether that can be done, if the processor has what it needs.
#[inline]
pub(super) fn draw(text: &[u8], sketch: &mut Sketch) -> Option<bool> {
    // SAFETY: the processor has what the function is compiled for.
    is_x86_feature_detected!("avx2").then(|| unsafe { draw_with_avx2(text, sketch) })
}

#[target_feature(enable = "avx2")]
fn draw_with_avx2(text: &[u8], sketch: &mut Sketch) -> bool {
    sketch.read(text, |block, drawn| draw_block(block, drawn))
}

/// Draws 64 bytes and tells of them.
#[inline]
#[target_feature(enable = "avx2")]
fn draw_block(block: &[u8; 64], drawn: &mut [u8; 64]) -> Told {
    let is = |byte: u8, bytes| _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte.cast_signed()));
    let (mut bits, mut foreign) = ([0; 7], _mm256_setzero_si256());
    let halves = block.as_chunks::<32>().0.iter().zip(drawn.as_chunks_mut::<32>().0);
    for (place, (half, drawn)) in halves.enumerate() {
        // SAFETY: 32 bytes are there to be read, at any alignment.
        let bytes = unsafe { _mm256_loadu_si256(half.as_ptr().cast()) };
        let digits = is_within::<b'0', 10>(bytes);
        let zeros = _mm256_blendv_epi8(bytes, _mm256_set1_epi8(b'0'.cast_signed()), digits);
        // SAFETY: 32 bytes are there to be written, at any alignment.
        unsafe { _mm256_storeu_si256(drawn.as_mut_ptr().cast(), zeros) };
        foreign = _mm256_or_si256(foreign, _mm256_or_si256(bytes, is_within::<0, SIGNS>(bytes)));
        let hexadecimal = _mm256_or_si256(digits, is_within::<b'a', 6>(bytes));
        let signs = _mm256_or_si256(is(b'=', bytes), is(b'%', bytes));
        let marks = _mm256_or_si256(is(b'/', bytes), is(b'@', bytes));
        let (dots, colons) = (is(b'.', bytes), is(b':', bytes));
        let masks = [hexadecimal, digits, is(b'4', bytes), signs, marks, dots, colons];
        for (bits, mask) in bits.iter_mut().zip(masks) {
            *bits |= u64::from(_mm256_movemask_epi8(mask).cast_unsigned()) << (32 * place);
        }
    }
    let [hexadecimal, digits, fours, signs, marks, dots, colons] = bits;
    let is_foreign = _mm256_movemask_epi8(foreign) != 0;
    Told { hexadecimal, digits, fours, signs, marks, dots, colons, is_foreign }
}

/// Which bytes are one of the `COUNT` from `FIRST` on.
#[inline]
#[target_feature(enable = "avx2")]
fn is_within<const FIRST: u8, const COUNT: u8>(bytes: __m256i) -> __m256i {
    let behind = _mm256_sub_epi8(bytes, _mm256_set1_epi8(FIRST.cast_signed()));
    let most = _mm256_set1_epi8((COUNT - 1).cast_signed());
    _mm256_cmpeq_epi8(_mm256_min_epu8(behind, most), behind)
}

/// Four windows.
#[derive(Clone, Copy)]
struct Lanes(__m256i);

impl BitAnd for Lanes {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        // SAFETY: the contract of this module.
        Self(unsafe { _mm256_and_si256(self.0, other.0) })
    }
}

impl BitOr for Lanes {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        // SAFETY: the contract of this module.
        Self(unsafe { _mm256_or_si256(self.0, other.0) })
    }
}

impl Not for Lanes {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        // SAFETY: the contract of this module.
        Self(unsafe { _mm256_xor_si256(self.0, _mm256_set1_epi8(-1)) })
    }
}

impl Shl<u32> for Lanes {
    type Output = Self;

    #[inline(always)]
    fn shl(self, by: u32) -> Self {
        // SAFETY: the contract of this module.
        Self(unsafe { _mm256_sll_epi64(self.0, _mm_cvtsi32_si128(by as i32)) })
    }
}

impl Windows for Lanes {
    type Each<T> = [T; 4];
    /// Four masks in each.
    type Row = [Self; 4];

    const COUNT: usize = 4;
    // SAFETY: every pattern of bits is a value of both types, which are of one size.
    const NONE: Self = Self(unsafe { std::mem::transmute::<[u64; 4], __m256i>([0; 4]) });

    #[inline(always)]
    fn classify(piece: &[u8], planes: &mut Planes) {
        // SAFETY: the contract of this module.
        unsafe { classify(piece, planes) }
    }

    #[inline(always)]
    fn load(bits: &[u8; 32]) -> Self {
        // SAFETY: the contract of this module.
        unsafe { load(bits) }
    }

    #[inline(always)]
    fn bits(self) -> [u64; 4] {
        // SAFETY: every pattern of bits is a value of both types, which are of one size.
        unsafe { std::mem::transmute::<__m256i, [u64; 4]>(self.0) }
    }

    #[inline(always)]
    fn rows(shapes: [Self; 16]) -> [[Self; 4]; 4] {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = shapes;
        // SAFETY: the contract of this module.
        let [q, r, s, t] = unsafe {
            [
                transpose([a, b, c, d]),
                transpose([e, f, g, h]),
                transpose([i, j, k, l]),
                transpose([m, n, o, p]),
            ]
        };
        [
            [q[0], r[0], s[0], t[0]],
            [q[1], r[1], s[1], t[1]],
            [q[2], r[2], s[2], t[2]],
            [q[3], r[3], s[3], t[3]],
        ]
    }

    #[inline(always)]
    fn shapes_at(row: &[Self; 4], bit: u32) -> u16 {
        let [a, b, c, d] = *row;
        // SAFETY: the contract of this module.
        unsafe { at(a, bit) | at(b, bit) << 4 | at(c, bit) << 8 | at(d, bit) << 12 }
    }
}

/// Bit `bit` of each lane.
#[inline]
#[target_feature(enable = "avx2")]
fn at(lanes: Lanes, bit: u32) -> u16 {
    let top = _mm256_sll_epi64(lanes.0, _mm_cvtsi32_si128(63 - bit as i32));
    _mm256_movemask_pd(_mm256_castsi256_pd(top)) as u16
}

/// The first lanes of the four, their second lanes, and so on.
#[inline]
#[target_feature(enable = "avx2")]
fn transpose([a, b, c, d]: [Lanes; 4]) -> [Lanes; 4] {
    let (even, odd) = (_mm256_unpacklo_epi64(a.0, b.0), _mm256_unpackhi_epi64(a.0, b.0));
    let (even_behind, odd_behind) =
        (_mm256_unpacklo_epi64(c.0, d.0), _mm256_unpackhi_epi64(c.0, d.0));
    [
        Lanes(_mm256_permute2x128_si256::<0x20>(even, even_behind)),
        Lanes(_mm256_permute2x128_si256::<0x20>(odd, odd_behind)),
        Lanes(_mm256_permute2x128_si256::<0x31>(even, even_behind)),
        Lanes(_mm256_permute2x128_si256::<0x31>(odd, odd_behind)),
    ]
}

/// Lanes of eight bytes, six bytes apart.
#[inline]
#[target_feature(enable = "avx2")]
fn load(bits: &[u8; 32]) -> Lanes {
    // SAFETY: 32 bytes are there to be read, at any alignment.
    let bits = unsafe { _mm256_loadu_si256(bits.as_ptr().cast()) };
    // Bytes 0 to 15 and 12 to 27: in each half two lanes, at 0 and at 6.
    let halves = _mm256_permutevar8x32_epi32(bits, _mm256_setr_epi32(0, 1, 2, 3, 3, 4, 5, 6));
    let lanes = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 6, 7, 8, 9, 10, 11, 12, 13);
    Lanes(_mm256_shuffle_epi8(halves, _mm256_broadcastsi128_si256(lanes)))
}

#[target_feature(enable = "avx2")]
fn classify(piece: &[u8], planes: &mut Planes) {
    let (blocks, rest) = piece.as_chunks::<32>();
    for (index, block) in blocks.iter().enumerate() {
        planes.set(index, bits(classes(block)));
    }
    if !rest.is_empty() {
        let mut last = [0; 32];
        last[..rest.len()].copy_from_slice(rest);
        planes.set(blocks.len(), bits(classes(&last)));
    }
}

/// The rows of [`CLASSES`] from which ASCII has classes: the control characters before have none.
const ROWS: [[u8; 16]; 6] = {
    let (rows, _) = CLASSES.as_chunks::<16>();
    [rows[2], rows[3], rows[4], rows[5], rows[6], rows[7]]
};

/// The class of each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn classes(block: &[u8; 32]) -> __m256i {
    // SAFETY: 32 bytes are there to be read, at any alignment.
    let bytes = unsafe { _mm256_loadu_si256(block.as_ptr().cast()) };
    // Outside ASCII there are two classes.
    let is_high = _mm256_cmpgt_epi8(_mm256_setzero_si256(), bytes);
    let is_escape = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(0xEF_u8.cast_signed()));
    let mut classes = _mm256_or_si256(
        _mm256_and_si256(is_high, _mm256_set1_epi8(CLASSES[0x80].cast_signed())),
        _mm256_and_si256(is_escape, _mm256_set1_epi8(CLASSES[0xEF].cast_signed())),
    );
    for (row, first) in ROWS.iter().zip((0x20..).step_by(16)) {
        // SAFETY: 16 bytes are there to be read, at any alignment.
        let row = unsafe { _mm_loadu_si128(row.as_ptr().cast()) };
        // The lower half of the bytes of this row with the upper bit clear, which looks them up; all
        // others have it set, which gives nothing.
        let place = _mm256_adds_epu8(
            _mm256_xor_si256(bytes, _mm256_set1_epi8(first)),
            _mm256_set1_epi8(0x70),
        );
        let found = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(row), place);
        classes = _mm256_or_si256(classes, found);
    }
    classes
}

/// The bits of the classes, the lowest first.
#[inline]
#[target_feature(enable = "avx2")]
fn bits(mut classes: __m256i) -> [[u8; 4]; 8] {
    let mut bits = [[0; 4]; 8];
    for bits in bits.iter_mut().rev() {
        *bits = _mm256_movemask_epi8(classes).to_le_bytes();
        classes = _mm256_add_epi8(classes, classes);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::super::portable;
    use super::*;

    #[test]
    fn every_byte_has_its_class() {
        if !is_x86_feature_detected!("avx2") {
            return;
        }
        let every: Vec<u8> = (0..=255).collect();
        for block in every.as_chunks().0 {
            // SAFETY: AVX2 has been asked for.
            let here = unsafe { bits(classes(block)) };
            assert_eq!(here, portable::classes(block));
        }
    }
}
