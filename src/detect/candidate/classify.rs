//! The classes of bytes, and texts as masks of them.
//!
//! A byte's class is eight bits. A piece of text becomes eight rows of bits ([`Planes`]), windows of
//! which are put together to the masks that the arithmetic works on ([`Masks`]).

use super::{LOOK_BACK, Windows};

/// Byte classes by the bits of one byte, so that a piece of text becomes eight rows of bits.
///
/// The signs that glue a word to what is before it share three bits: a dot, a colon and a dash
/// have one each, the others two, a byte outside ASCII all three. With a letter the same bits say at
/// which of the last three places of a name for a credential it stands.
mod class {
    pub(super) const DIGIT: u8 = 1 << 0;
    pub(super) const ALPHA: u8 = 1 << 1;
    /// A capital, where it is a letter.
    pub(super) const UPPER: u8 = 1 << 2;
    /// `=` and quotes, and the underscore besides its other bits.
    pub(super) const SIGN: u8 = UPPER;
    pub(super) const DOT: u8 = 1 << 3;
    pub(super) const COLON: u8 = 1 << 4;
    pub(super) const DASH: u8 = 1 << 5;
    pub(super) const PLUS: u8 = DOT | COLON;
    pub(super) const OPEN: u8 = DOT | DASH;
    /// `/`, and `_`. Without the signs every timestamp and path would be full of word starts.
    pub(super) const JOINT: u8 = COLON | DASH;
    pub(super) const HIGH: u8 = DOT | COLON | DASH;
    /// `@`, `\`, `#`, `&` and `$`.
    pub(super) const AT: u8 = 1 << 6;
    pub(super) const SPACE: u8 = 1 << 7;

    /// The last letter of a name for a credential, the one before it, and the third from its end.
    pub(super) const LAST: u8 = DOT;
    pub(super) const SECOND: u8 = COLON;
    pub(super) const THIRD: u8 = DASH;
}

/// The ends of the names for credentials: `passwORD`, `passWD`, `apiKEY`, `secRET`, `tokEN`,
/// `kennwORT`, `mot de paSSE`, `mdp`, `passphrASE`, `passcODE`, `credentiALS`, `hasLO`,
/// `seNHA`. Any letter of a place goes with any of another. The few others (`clave`, `contrasena`)
/// would let `phone` and half of all names in.
const fn key_letter(lower: u8) -> u8 {
    let mut places = 0;
    if matches!(lower, b'a' | b'd' | b'e' | b'n' | b'o' | b'p' | b's' | b't' | b'y') {
        places |= class::LAST;
    }
    if matches!(lower, b'd' | b'e' | b'h' | b'l' | b'r' | b's' | b'w') {
        places |= class::SECOND;
    }
    if matches!(lower, b'a' | b'k' | b'm' | b'n' | b'o' | b'p' | b'r' | b's') {
        places |= class::THIRD;
    }
    places
}

const fn class_of(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => class::DIGIT,
        b'A'..=b'Z' => class::ALPHA | class::UPPER | key_letter(byte | 0x20),
        b'a'..=b'z' => class::ALPHA | key_letter(byte),
        b'.' => class::DOT,
        b':' => class::COLON,
        b'-' => class::DASH,
        b'+' => class::PLUS,
        b'(' => class::OPEN,
        b'/' => class::JOINT,
        b'_' => class::JOINT | class::SIGN,
        b'=' | b'"' | b'\'' => class::SIGN,
        b'@' | b'\\' | b'#' | b'&' | b'$' => class::AT,
        b' ' => class::SPACE,
        // The first byte of full-width digits and signs is that of an escape, too.
        0xEF => class::HIGH | class::AT,
        0x80.. => class::HIGH,
        _ => 0,
    }
}

pub(super) const CLASSES: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut byte = 0usize;
    while byte < 256 {
        table[byte] = class_of(byte as u8);
        byte += 1;
    }
    table
};

/// How much text is classified before it is looked at. A multiple of what any number of windows
/// has to itself; small enough that a value of a few bytes does not pay for it.
pub(super) const PIECE: usize = 16 * super::STEP;

/// The bytes of a row that stand for the text before a piece.
const BEFORE: usize = LOOK_BACK / 8;

/// What windows that begin within a piece read behind it, at most.
const BEHIND: usize = 24;

/// The classes of a piece of text, one row for each bit of a class, one bit a byte of text. Behind
/// the piece there is nothing, before it the end of the piece before.
pub(super) struct Planes([[u8; BEFORE + PIECE / 8 + BEHIND]; 8]);

impl Planes {
    /// Nothing before the first piece.
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self([[0; _]; 8])
    }

    /// Takes the next piece; only the last is shorter than [`PIECE`].
    #[inline(always)]
    pub(super) fn fill<W: Windows>(&mut self, piece: &[u8]) {
        for plane in &mut self.0 {
            plane.copy_within(PIECE / 8..PIECE / 8 + BEFORE, 0);
        }
        W::classify(piece, self);
        let end = BEFORE + 4 * piece.len().div_ceil(32);
        for plane in &mut self.0 {
            plane[end..end + BEHIND].fill(0);
        }
    }

    /// Sets the classes of the `N` × 8 bytes of text at `index` × `N` × 8 to those in `bits`, the
    /// first plane first.
    #[inline(always)]
    pub(super) fn set<const N: usize>(&mut self, index: usize, bits: [[u8; N]; 8]) {
        for (plane, bits) in self.0.iter_mut().zip(bits) {
            plane[BEFORE + N * index..][..N].copy_from_slice(&bits);
        }
    }

    /// The classes of the windows that begin at `start`, a multiple of eight, of the piece, and
    /// [`LOOK_BACK`] bytes before it.
    #[inline(always)]
    pub(super) fn windows<W: Windows>(&self, start: usize) -> [W; 8] {
        let mut windows = [W::NONE; 8];
        for (windows, plane) in windows.iter_mut().zip(&self.0) {
            if let Some(bits) = plane[start / 8..].first_chunk() {
                *windows = W::load(bits);
            }
        }
        windows
    }
}

/// What the bytes of windows are.
pub(super) struct Masks<W> {
    pub(super) digit: W,
    pub(super) alpha: W,
    pub(super) upper: W,
    pub(super) dot: W,
    pub(super) colon: W,
    pub(super) dash: W,
    /// `+` and `(`.
    pub(super) dial: W,
    /// `/` and `_`.
    pub(super) joint: W,
    pub(super) high: W,
    pub(super) at: W,
    pub(super) space: W,
    /// What a word does not start after: letters, digits and `: - / . _ +`.
    glue: W,
    /// `=`, quotes, a colon and what is [`class::AT`].
    pub(super) sign: W,
    /// Letters, digits, dashes and underscores.
    pub(super) word: W,
    /// Letters by their place from the end of a name for a credential: last, second, third.
    pub(super) key: [W; 3],
}

impl<W: Windows> Masks<W> {
    /// Takes the bits of the classes apart.
    #[inline(always)]
    pub(super) fn new(bits: [W; 8]) -> Self {
        let [digit, alpha, upper, dots, colons, dashes, at, space] = bits;
        let key = [dots & alpha, colons & alpha, dashes & alpha];
        let [dots, colons, dashes] = [dots & !alpha, colons & !alpha, dashes & !alpha];
        let (upper, signs) = (upper & alpha, upper & !alpha);
        let plus = dots & colons & !dashes;
        let open = dots & dashes & !colons;
        let joint = colons & dashes & !dots;
        let high = dots & colons & dashes;
        let (dot, colon, dash) =
            (dots & !colons & !dashes, colons & !dots & !dashes, dashes & !dots & !colons);
        Self {
            digit,
            alpha,
            upper,
            dot,
            colon,
            dash,
            dial: plus | open,
            joint,
            high,
            at,
            space,
            glue: digit | alpha | dot | colon | dash | plus | joint,
            sign: signs & !joint | colon | at,
            word: digit | alpha | dash | signs & joint,
            key,
        }
    }

    /// Where a word could start.
    ///
    /// A colon after a digit (`10:06`) or another colon (`::1`) glues; one that ends a key does not,
    /// bare (`tel:06…`) or in quotes (`"tel":06…`).
    #[inline(always)]
    pub(super) fn word_starts(&self) -> W {
        let in_number = (self.digit | self.colon) << 2;
        let after_key = self.colon << 1 & !in_number;
        !(self.glue << 1) | after_key
    }
}
