//! The candidate pass: where could something start?
//!
//! One pass over a buffer for all built-in kinds together. Bytes are classified into bitmasks, one
//! bit a byte and one mask a class, and the few places where personal data could be are found by
//! shifts and ands on those masks. Every shift looks *back*, and none further than `LOOK_BACK`
//! bytes: so a text is read in windows of 64 bytes of which the first sixteen are only looked back
//! at. A window knows all it needs, nothing is carried from one to the next, and a wide register
//! holds several of them.
//!
//! A candidate pass may be wrong in one direction only: it may name places where nothing is, never
//! miss a place where a recogniser would have found something.
//!
//! Timestamps, versions, UUIDs and hex must fall out here, since recognisers cost a hundred times
//! more than a byte does.
//!
//! The arithmetic is written once, for any `Windows`: one window in a `u64` ([`portable`]), or four
//! in a register of AVX2, which is used where the processor has it.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod classify;
pub mod letters;
pub mod portable;
pub mod sketch;

#[cfg(test)]
mod tests;

use std::ops::{BitAnd, BitOr, Not, Shl};

use classify::{Masks, PIECE, Planes};

/// A place where something could be, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Offset in the buffer of the byte that completes the anchor.
    pub at: u32,
    /// A union of [`shape`] bits.
    pub shapes: u16,
}

/// What an anchor could be a part of.
pub mod shape {
    /// `@`, or what an escape starts with: the backslash of `\u0040`, the hash of `&#64;`, the
    /// ampersand of `&commat;`, the first byte of a full-width digit.
    pub const AT: u16 = 1;
    /// The third dot of a dotted quad: dots two to four bytes apart, a digit before each.
    pub const QUAD: u16 = 1 << 1;
    /// The third dash of a dashed quad, the same way.
    pub const DASHED_QUAD: u16 = 1 << 2;
    /// The second colon of `::`, or the fourth of a chain of colons two to five bytes apart.
    pub const COLONS: u16 = 1 << 3;
    /// The first digit of a word.
    pub const NUMBER: u16 = 1 << 4;
    /// A digit right after `+` or `(`, or after a slash behind two letters and a dot (`wa.me/33…`).
    pub const DIALLED: u16 = 1 << 5;
    /// The second digit of two letters and two digits that no letter or digit is before: account
    /// numbers stand behind any sign (`:59:/DE89…`, `payto://iban/DE89…`).
    pub const IBAN: u16 = 1 << 6;
    /// The first digit of a word that begins with one to six letters, or with a letter and a dash.
    pub const LETTERED: u16 = 1 << 7;
    /// The fifth dash of a chain three bytes apart, or the second of two dots five apart: a MAC
    /// address that is not written with colons.
    pub const PAIRS: u16 = 1 << 8;
    /// A capital, or a letter that is not ASCII, at the start of a word behind another word and one
    /// space: the second word of a name.
    pub const NAME: u16 = 1 << 9;
    /// The second slash of `://`.
    pub const URL: u16 = 1 << 10;
    /// `=`, a colon, a quote or a backslash behind a word that ends as names of credentials do
    /// (`password`, `apiKey`), or one space behind it.
    pub const SECRET_KEY: u16 = 1 << 11;
    /// The sixteenth in a row of letters, digits, dashes and underscores: most keys and tokens of
    /// vendors have so many.
    pub const LONG: u16 = 1 << 12;
    /// A digit right behind a capital and a dash: the middle of a registration plate.
    pub const PLATE: u16 = 1 << 13;

    /// All that begins with a digit and may be a number.
    pub const NUMBERS: u16 = NUMBER | DIALLED | LETTERED;
    /// All that is told at a digit.
    pub const DIGITS: u16 = NUMBERS | IBAN | PLATE;
}

/// How far back an anchor looks at most: to the byte before the sixteen of [`shape::LONG`], and to
/// the first of a chain. A shape that looks further back needs a window that does.
const LOOK_BACK: usize = 16;

/// The bytes that a window of 64 has to itself.
const STEP: usize = 64 - LOOK_BACK;

/// The bits of a window in which anchors are wanted.
const WANTED: u64 = !0 << LOOK_BACK;

/// Windows of a text, one bit a byte: as many of them as a machine handles at once.
///
/// What is generic over this is compiled for processors that the rest of the program is not
/// compiled for. All of it is therefore `#[inline(always)]`, and values of this type stay out of
/// closures and of iterators: what is not inlined is compiled without the instructions, and ten
/// times as slow.
trait Windows:
    Copy + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self> + Shl<u32, Output = Self>
{
    /// One `T` for each window.
    type Each<T>: AsRef<[T]>;
    /// What the masks of all shapes say of one window.
    type Row;

    /// How many windows there are.
    const COUNT: usize;
    /// No bit set.
    const NONE: Self;

    /// Classifies `piece`, which is at most [`PIECE`] bytes long, to its end and up to 31 bytes
    /// further, as if zeros followed.
    fn classify(piece: &[u8], planes: &mut Planes);

    /// The windows that start with `bits`, each six bytes behind the one before.
    fn load(bits: &[u8; 32]) -> Self;

    /// The bits of each window.
    fn bits(self) -> Self::Each<u64>;

    /// The masks of all shapes, window by window.
    fn rows(shapes: [Self; 16]) -> Self::Each<Self::Row>;

    /// The shapes whose masks have `bit`, which is less than 64, set.
    fn shapes_at(row: &Self::Row, bit: u32) -> u16;
}

/// Appends the anchors of `text` to `anchors`, in ascending order of place.
///
/// One pass, about six instructions a byte with AVX2, half of them for the anchors; allocates only
/// when `anchors` grows. `text` is at most 4 GiB long.
pub fn anchors(text: &[u8], anchors: &mut Vec<Anchor>) {
    #[cfg(target_arch = "x86_64")]
    if avx2::anchors(text, anchors) {
        return;
    }
    portable::anchors(text, anchors);
}

/// Whether the digits at `at` are a number behind a key and its equals sign (`id=4012`), and do not begin with an
/// escape of quoted-printable text (`jean=40163.com`).
#[must_use]
pub fn is_number(text: &[u8], at: usize) -> bool {
    let Some(key) = text[..at].strip_suffix(b"=") else { return false };
    let is_of_key = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let length = key.iter().rev().take_while(is_of_key).count();
    let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let before = key[..key.len() - length].last();
    let behind = text.get(at + digits);
    length > 0
        && before.is_none_or(|byte| b" ,;([{\"".contains(byte))
        && behind.is_none_or(|byte| b" ,;)]}\"".contains(byte))
}

#[inline(always)]
fn anchors_by<W: Windows>(text: &[u8], anchors: &mut Vec<Anchor>) {
    let mut planes = Planes::new();
    let mut out = Out { len: anchors.len(), anchors };
    let mut base = 0;
    for piece in text.chunks(PIECE) {
        planes.fill::<W>(piece);
        let mut start = 0;
        while start < piece.len() {
            let shapes = shapes(&Masks::new(planes.windows::<W>(start)));
            out.put(shapes, base + start, text.len());
            start += W::COUNT * STEP;
        }
        base += PIECE;
    }
    out.anchors.truncate(out.len);
}

/// Where anchors go. There are more of them than are written, so that whether there is room is
/// asked once for many.
struct Out<'a> {
    anchors: &'a mut Vec<Anchor>,
    /// How many are written.
    len: usize,
}

/// Room for anchors, to be copied: that is quicker than making each of them.
static ROOM: [Anchor; 256] = [Anchor { at: 0, shapes: 0 }; 256];

impl Out<'_> {
    /// Writes the anchors of the windows that begin at `start` of a text that is `end` bytes long.
    #[inline(always)]
    fn put<W: Windows>(&mut self, shapes: Shapes<W>, start: usize, end: usize) {
        self.make_room((end - start).min(W::COUNT * STEP), end - start);
        let any = shapes.any().bits();
        let rows = W::rows(shapes.0);
        let mut start = start;
        for (row, any) in rows.as_ref().iter().zip(any.as_ref()) {
            let mut places = any & WANTED;
            let count = places.count_ones() as usize;
            for anchor in &mut self.anchors[self.len..self.len + count] {
                let bit = places.trailing_zeros();
                places &= places - 1;
                let at = start + bit as usize - LOOK_BACK;
                *anchor = Anchor { at: at as u32, shapes: W::shapes_at(row, bit) };
            }
            self.len += count;
            start += STEP;
        }
    }

    /// Room for `needed` anchors, or for more of the `left` that can come yet.
    #[inline(always)]
    fn make_room(&mut self, needed: usize, left: usize) {
        if self.anchors.len() < self.len + needed {
            self.anchors.extend_from_slice(&ROOM[..left.min(ROOM.len())]);
        }
    }
}

/// The places of each shape, by the number of its bit.
struct Shapes<W>([W; 16]);

impl<W: Windows> Shapes<W> {
    #[inline(always)]
    fn put(&mut self, shape: u16, places: W) {
        self.0[shape.trailing_zeros() as usize] = places;
    }

    /// The places of any shape.
    #[inline(always)]
    fn any(&self) -> W {
        let mut any = W::NONE;
        for places in &self.0 {
            any = any | *places;
        }
        any
    }
}

/// Where each shape is, by the masks of the classes.
#[inline(always)]
fn shapes<W: Windows>(masks: &Masks<W>) -> Shapes<W> {
    let mut shapes = Shapes([W::NONE; 16]);
    shapes.put(shape::AT, masks.at);
    put_chains(masks, &mut shapes);
    put_numbers(masks, &mut shapes);
    put_words(masks, &mut shapes);
    shapes
}

/// What is told by separators in a row.
#[inline(always)]
fn put_chains<W: Windows>(masks: &Masks<W>, shapes: &mut Shapes<W>) {
    let Masks { digit, dot, colon, dash, joint, .. } = *masks;
    shapes.put(shape::QUAD, third_links(dot & digit << 1, 4));
    shapes.put(shape::DASHED_QUAD, third_links(dash & digit << 1, 4));
    let fourth_colon = colon & near(third_links(colon, 5), 5);
    shapes.put(shape::COLONS, colon & colon << 1 | fourth_colon);
    let second = dash & dash << 3;
    let third = dash & second << 3;
    let fourth = dash & third << 3;
    shapes.put(shape::PAIRS, dash & fourth << 3 | dot & dot << 5);
    shapes.put(shape::URL, joint & joint << 1 & colon << 2);
}

/// What begins with a digit, or with a few letters before digits.
#[inline(always)]
fn put_numbers<W: Windows>(masks: &Masks<W>, shapes: &mut Shapes<W>) {
    let Masks { digit, alpha, upper, dot, dash, dial, joint, .. } = *masks;
    let word_start = masks.word_starts();
    shapes.put(shape::NUMBER, digit & word_start);

    let behind_domain = joint << 1 & alpha << 2 & alpha << 3 & dot << 4;
    shapes.put(shape::DIALLED, digit & (dial << 1 | behind_domain));

    let first = alpha & !((alpha | digit) << 1);
    let second = alpha & first << 1;
    shapes.put(shape::IBAN, digit & digit << 1 & second << 2);

    let initial = alpha & word_start;
    let (mut letter, mut letters) = (initial, initial);
    for _ in 1..6 {
        letter = alpha & letter << 1;
        letters = letters | letter;
    }
    shapes.put(shape::LETTERED, digit & (letters << 1 | dash << 1 & initial << 2));
    shapes.put(shape::PLATE, digit & dash << 1 & upper << 2);
}

/// What is told by letters.
#[inline(always)]
fn put_words<W: Windows>(masks: &Masks<W>, shapes: &mut Shapes<W>) {
    let Masks { alpha, upper, dot, high, space, sign, word, key: [last, second, third], .. } =
        *masks;
    shapes.put(shape::NAME, (upper | high) & space << 1 & (alpha | dot | high) << 2);

    let behind_key = last << 1 & second << 2 & third << 3;
    let behind_space = (behind_key & space) << 1;
    shapes.put(shape::SECRET_KEY, sign & (behind_key | behind_space));

    // The last of two, four, eight and sixteen in a row.
    let mut row = word;
    for by in [1, 2, 4, 8] {
        row = row & row << by;
    }
    shapes.put(shape::LONG, row & !(row << 1));
}

/// The places two to `reach` bytes after a set bit.
#[inline(always)]
fn near<W: Windows>(mask: W, reach: u32) -> W {
    let mut places = mask << 2;
    let mut by = 3;
    while by <= reach {
        places = places | mask << by;
        by += 1;
    }
    places
}

/// The third links of a chain: separators that have one two to `reach` bytes before them, which has
/// one there.
#[inline(always)]
fn third_links<W: Windows>(separators: W, reach: u32) -> W {
    let second = separators & near(separators, reach);
    separators & near(second, reach)
}
