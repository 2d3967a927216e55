//! A text with its digits made equal, and where words of hexadecimal digits, paths, mailboxes and addresses of
//! the network could be in it.

#[cfg(target_arch = "x86_64")]
use super::avx2;
use super::is_number;
use crate::kind::bits::{gathered, highest_within};

/// The longest text that is drawn, in bytes.
pub const LONGEST: usize = 64 * BLOCKS;
const BLOCKS: usize = 16;
/// So many bytes of ASCII, the first ones, stand for something in an outline.
pub(super) const SIGNS: u8 = 6;

/// A drawing of a text, and of the next one in the same room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// `0` for each digit but those of an escape (`=40`, `%40`), which are what they are.
    bytes: Box<[[u8; 64]; BLOCKS]>,
    len: usize,
    /// Where digits and letters from `a` to `f` are, one bit a byte, the first the lowest; none behind the
    /// text.
    hexadecimal: [u64; BLOCKS + 1],
    /// Where digits are.
    digits: [u64; BLOCKS + 1],
    /// Where a slash is behind a space, in order of place.
    slashes: Vec<usize>,
    /// Where `@` is.
    ats: Vec<usize>,
    /// Where the third dot of a dotted quad could be.
    quads: Vec<usize>,
    /// Where the second colon of `::` is, or the fourth of a chain as in an address of IPv6.
    colons: Vec<usize>,
}

impl Default for Sketch {
    fn default() -> Self {
        let bytes = Box::new([[b' '; 64]; BLOCKS]);
        let (hexadecimal, digits) = ([0; _], [0; _]);
        let [slashes, ats, quads, colons] = [const { Vec::new() }; 4];
        Self { bytes, len: 0, hexadecimal, digits, slashes, ats, quads, colons }
    }
}

/// What is told of 64 bytes.
#[derive(Default)]
pub(super) struct Told {
    pub(super) hexadecimal: u64,
    pub(super) digits: u64,
    pub(super) fours: u64,
    /// `=` and `%`.
    pub(super) signs: u64,
    /// `/` and `@`.
    pub(super) marks: u64,
    pub(super) dots: u64,
    pub(super) colons: u64,
    /// Whether a byte is no ASCII, or one of its first [`SIGNS`].
    pub(super) is_foreign: bool,
}

impl Sketch {
    /// Draws `text`; whether that can be done: it is no longer than [`LONGEST`], and has neither the first
    /// six bytes of ASCII nor any outside it.
    #[inline]
    pub fn draw(&mut self, text: &[u8]) -> bool {
        if text.len() > LONGEST {
            return false;
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(is_drawn) = avx2::draw(text, self) {
            return is_drawn;
        }
        self.draw_portably(text)
    }

    /// The same without any instruction that not every processor has: for those, and to compare with.
    ///
    /// # Panics
    /// If `text` is longer than [`LONGEST`].
    pub fn draw_portably(&mut self, text: &[u8]) -> bool {
        self.read(text, eight_by_eight)
    }

    /// Draws `text` with what draws 64 bytes and tells of them.
    #[inline(always)]
    pub(super) fn read(
        &mut self,
        text: &[u8],
        tell: impl Fn(&[u8; 64], &mut [u8; 64]) -> Told,
    ) -> bool {
        for places in [&mut self.slashes, &mut self.ats, &mut self.quads, &mut self.colons] {
            places.clear();
        }
        let (blocks, rest) = text.as_chunks::<64>();
        let mut last = [b' '; 64];
        last[..rest.len()].copy_from_slice(rest);
        let (mut is_foreign, mut sign_before, mut place) = (false, 0, 0);
        let (mut digits, mut dots, mut colons) = (0, Chain::default(), Chain::default());
        for block in blocks.iter().chain((!rest.is_empty()).then_some(&last)) {
            let told = tell(block, &mut self.bytes[place]);
            (self.hexadecimal[place], self.digits[place]) = (told.hexadecimal, told.digits);
            for at in places(place, told.fours & (told.signs << 1 | sign_before)) {
                if text.get(at + 1) == Some(&b'0') && !is_number(text, at) {
                    self.bytes[place][at % 64] = b'4';
                }
            }
            for at in places(place, told.marks) {
                match text[..=at] {
                    [.., b'@'] => self.ats.push(at),
                    [.., b' ', _] => self.slashes.push(at),
                    _ => {}
                }
            }
            let of_digits = told.dots & (told.digits << 1 | digits >> 63);
            digits = told.digits;
            let third = dots.third(of_digits, 4);
            if third != 0 {
                self.quads.extend(places(place, third));
            }
            let doubles = told.colons & (told.colons << 1 | colons.first >> 63);
            let fourth = doubles | colons.fourth(told.colons, 5);
            if fourth != 0 {
                self.colons.extend(places(place, fourth));
            }
            sign_before = told.signs >> 63;
            is_foreign |= told.is_foreign;
            place += 1;
        }
        (self.hexadecimal[place], self.digits[place]) = (0, 0);
        self.len = text.len();
        !is_foreign
    }

    /// The text as it was drawn.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes.as_flattened()[..self.len]
    }

    /// The same, to be drawn over.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes.as_flattened_mut()[..self.len]
    }

    /// Where a slash is behind a space, in order of place.
    #[must_use]
    pub fn slashes(&self) -> &[usize] {
        &self.slashes
    }

    /// Where `@` is, in order of place.
    #[must_use]
    pub fn ats(&self) -> &[usize] {
        &self.ats
    }

    /// Where the third dot of a dotted quad could be, in order of place: dots two to four bytes apart, a digit
    /// before each.
    #[must_use]
    pub fn quads(&self) -> &[usize] {
        &self.quads
    }

    /// Where the second colon of `::` is, or one that is the fourth or more of a chain of them two to five bytes
    /// apart, in order of place.
    #[must_use]
    pub fn colons(&self) -> &[usize] {
        &self.colons
    }

    /// Calls `visit` with the rows of eight and more hexadecimal digits in small letters, in order of place.
    #[inline]
    pub fn for_each_row(&self, mut visit: impl FnMut(Row)) {
        let mut goes_on = 0;
        for block in 0..self.len.div_ceil(64) {
            let (hexadecimal, digits) = (two(&self.hexadecimal, block), two(&self.digits, block));
            let mut rows = hexadecimal;
            for by in [1, 2, 4] {
                rows &= rows >> by;
            }
            let rows = rows as u64;
            for start in places(block, rows & !(rows << 1 | goes_on)) {
                let at = start % 64;
                let (hexadecimal, digits) = ((hexadecimal >> at) as u64, (digits >> at) as u64);
                visit(Row { start, hexadecimal, digits });
            }
            goes_on = rows >> 63;
        }
    }
}

/// Signs that are near each other, block by block: what was told of the block before.
#[derive(Default)]
struct Chain {
    first: u64,
    second: u64,
    third: u64,
}

impl Chain {
    /// Which of `signs` have two before them, each two to `reach` bytes from the next.
    #[inline(always)]
    fn third(&mut self, signs: u64, reach: u32) -> u64 {
        let before = std::mem::replace(&mut self.first, signs);
        if signs == 0 {
            self.second = 0;
            return 0;
        }
        let second = signs & near(signs, before, reach);
        let before = std::mem::replace(&mut self.second, second);
        if second == 0 { 0 } else { signs & near(second, before, reach) }
    }

    /// Which of `signs` have three.
    #[inline(always)]
    fn fourth(&mut self, signs: u64, reach: u32) -> u64 {
        let third = self.third(signs, reach);
        let before = std::mem::replace(&mut self.third, third);
        if third == 0 { 0 } else { signs & near(third, before, reach) }
    }
}

/// The places two to `reach` bytes behind a bit that is set in a block, or in the one before it.
#[inline(always)]
fn near(block: u64, before: u64, reach: u32) -> u64 {
    (2..=reach).fold(0, |near, by| near | block << by | before >> (64 - by))
}

/// The places of the bits that are set in a block.
#[inline(always)]
fn places(block: usize, mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| 64 * block + bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        place
    })
}

/// The bits of a block and of the next one.
fn two(bits: &[u64; BLOCKS + 1], block: usize) -> u128 {
    u128::from(bits[block]) | u128::from(bits[block + 1]) << 64
}

/// A row of hexadecimal digits in small letters, and what is behind it.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Its first byte.
    pub start: usize,
    /// Which of 64 bytes from there on are such digits, the first the lowest bit.
    hexadecimal: u64,
    /// Which of them are decimal digits.
    digits: u64,
}

impl Row {
    /// How many bytes it has, 64 at the most.
    #[must_use]
    pub fn length(&self) -> usize {
        self.hexadecimal.trailing_ones() as usize
    }

    /// Whether it has digits and letters, among the first 64.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        let row = u64::MAX >> (64 - self.length());
        self.digits & row != 0 && self.digits & row != row
    }

    /// Whether it is the first of five rows that are as long as those of a UUID (RFC 9562), with one byte
    /// between two, and has a digit in its first seven.
    #[must_use]
    pub fn begins_uuid(&self) -> bool {
        const ROWS: u64 = 0xFF | 0xF << 9 | 0xF << 14 | 0xF << 19 | 0xFFF << 24;
        self.hexadecimal & ((1 << 36) - 1) == ROWS && self.digits & 0x7F != 0
    }

    /// Whether two letters and two digits are at one of `places`, which is a bit each.
    #[must_use]
    pub fn has_code_at(&self, places: u64) -> bool {
        let letters = self.hexadecimal & !self.digits;
        letters & letters >> 1 & self.digits >> 2 & self.digits >> 3 & places != 0
    }
}

/// Eight bytes at a time, of which the highest bit of each says what it is.
fn eight_by_eight(block: &[u8; 64], drawn: &mut [u8; 64]) -> Told {
    let mut told = Told::default();
    let eights = block.as_chunks::<8>().0.iter().zip(drawn.as_chunks_mut::<8>().0);
    for (place, (eight, drawn)) in eights.enumerate() {
        let value = u64::from_le_bytes(*eight);
        let digits = highest_within(value, b'0', b'9');
        // All bits of a byte whose highest is set.
        let of_digits = (digits >> 7) * 0xFF;
        *drawn = (value & !of_digits | ZEROS & of_digits).to_le_bytes();
        let gather = |flags: u64| gathered(flags >> 7) << (8 * place);
        told.hexadecimal |= gather(digits | highest_within(value, b'a', b'f'));
        told.digits |= gather(digits);
        let are = |byte| highest_within(value, byte, byte);
        told.fours |= gather(are(b'4'));
        told.signs |= gather(are(b'=') | are(b'%'));
        told.marks |= gather(are(b'/') | are(b'@'));
        told.dots |= gather(are(b'.'));
        told.colons |= gather(are(b':'));
        told.is_foreign |= (value | highest_within(value, 0, SIGNS - 1)) & HIGHEST != 0;
    }
    told
}

const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);
const HIGHEST: u64 = u64::from_le_bytes([0x80; 8]);

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use proptest::prelude::*;

    use super::*;

    fn expected_rows(text: &[u8]) -> Vec<Range<usize>> {
        let is_hexadecimal = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let row_at = |at: usize| {
            let row = text[at..].iter().take_while(|byte| is_hexadecimal(byte)).count();
            let is_start = !text[..at].last().is_some_and(is_hexadecimal);
            (row >= 8 && is_start).then(|| at..at + row.min(64))
        };
        (0..text.len()).filter_map(row_at).collect()
    }

    /// The signs that have one before them, and so on, as many as the chain has links.
    fn chained(
        text: &[u8],
        is_sign: impl Fn(usize) -> bool,
        reach: usize,
        links: usize,
    ) -> Vec<usize> {
        let mut places: Vec<_> = (0..text.len()).filter(|at| is_sign(*at)).collect();
        for _ in 1..links {
            let before = places.clone();
            let is_behind =
                |at: usize| before.iter().any(|it| (2..=reach).contains(&at.wrapping_sub(*it)));
            places = (0..text.len()).filter(|at| is_sign(*at) && is_behind(*at)).collect();
        }
        places
    }

    fn expected_quads(text: &[u8]) -> Vec<usize> {
        let is_sign = |at: usize| text[at] == b'.' && at > 0 && text[at - 1].is_ascii_digit();
        chained(text, is_sign, 4, 3)
    }

    fn expected_colons(text: &[u8]) -> Vec<usize> {
        let mut expected = chained(text, |at| text[at] == b':', 5, 4);
        expected.extend((1..text.len()).filter(|at| text[..=*at].ends_with(b"::")));
        expected.sort_unstable();
        expected.dedup();
        expected
    }

    fn rows(sketch: &Sketch) -> Vec<Row> {
        let mut rows = Vec::new();
        sketch.for_each_row(|row| rows.push(row));
        rows
    }

    proptest! {
        #[test]
        fn texts_are_drawn_alike_everywhere(
            bytes in proptest::collection::vec(any::<u8>(), 0..=LONGEST),
            ascii in "([ -~]|[0-9a-f]{1,80}|=40|,id=40[0-9]{0,3} |%4| /|@|([.:][0-9a-f]{0,4}){1,8}){0,40}",
        ) {
            for text in [&bytes[..], ascii.as_bytes()] {
                let text = &text[..text.len().min(LONGEST)];
                let (mut here, mut anywhere) = (Sketch::default(), Sketch::default());
                let is_drawn = here.draw(text);
                prop_assert_eq!(is_drawn, anywhere.draw_portably(text));
                prop_assert_eq!(is_drawn, text.is_ascii() && !text.iter().any(|byte| *byte < SIGNS));
                let expected = |(at, byte): (usize, &u8)| {
                    let is_escape = *byte == b'4'
                        && text.get(at + 1) == Some(&b'0')
                        && at > 0
                        && matches!(text[at - 1], b'=' | b'%')
                        && !is_number(text, at);
                    if byte.is_ascii_digit() && !is_escape { b'0' } else { *byte }
                };
                let expected: Vec<_> = text.iter().enumerate().map(expected).collect();
                for sketch in [here, anywhere] {
                    prop_assert_eq!(sketch.bytes(), &expected);
                    let rows = rows(&sketch);
                    let spans = rows.iter().map(|row| row.start..row.start + row.length());
                    prop_assert_eq!(spans.collect::<Vec<_>>(), expected_rows(text));
                    let is_slash = |at: &usize| text[..=*at].ends_with(b" /");
                    let slashes = (0..text.len()).filter(is_slash).collect::<Vec<_>>();
                    prop_assert_eq!(sketch.slashes(), slashes);
                    let ats = memchr::memchr_iter(b'@', text).collect::<Vec<_>>();
                    prop_assert_eq!(sketch.ats(), ats);
                    prop_assert_eq!(sketch.quads(), expected_quads(text));
                    prop_assert_eq!(sketch.colons(), expected_colons(text));
                    for row in rows {
                        let text = &text[row.start..row.start + row.length()];
                        let is_mixed = text.iter().any(u8::is_ascii_digit)
                            && text.iter().any(u8::is_ascii_lowercase);
                        prop_assert_eq!(row.is_mixed(), is_mixed);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_in_a_row_and_behind_it_is_told() {
        let mut sketch = Sketch::default();
        let uuid = "12ab0000-ad12-4000-8000-0000aaaa0000";
        for (text, is_uuid, has_code) in [
            (uuid.to_owned(), true, true),
            (format!("{:>100}", uuid.replace("ad12", "ada2")), true, false),
            (uuid.replace("8000-", "8000"), false, true),
            (uuid.replace("12ab0000", "abcdefa1"), false, true),
            (uuid.replace("-ad12", "-ad1"), false, false),
        ] {
            assert!(sketch.draw(text.as_bytes()));
            let row = rows(&sketch)[0];
            assert_eq!(row.start, text.len().saturating_sub(36).min(64), "{text}");
            assert_eq!((row.begins_uuid(), row.has_code_at(1 << 9)), (is_uuid, has_code), "{text}");
        }
    }

    #[test]
    fn nothing_is_left_of_the_text_before() {
        let mut sketch = Sketch::default();
        assert!(sketch.draw(&[b'a'; LONGEST]));
        assert!(sketch.draw(&[b'a'; 64]));
        assert_eq!(rows(&sketch).iter().map(|row| row.start).collect::<Vec<_>>(), [0]);
        assert!(sketch.draw(b"abc") && rows(&sketch).is_empty());
        assert_eq!(sketch.bytes(), b"abc");
        assert!(!sketch.draw(&[b'a'; LONGEST + 1]));
    }
}
