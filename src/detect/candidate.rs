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

/// Byte classes by the bits of one byte, so that a block is transposed into eight masks.
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

const CLASSES: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut byte = 0usize;
    while byte < 256 {
        table[byte] = class_of(byte as u8);
        byte += 1;
    }
    table
};

/// What a block's bytes are, bit i for byte i.
#[derive(Default, Clone, Copy)]
struct Masks {
    digit: u64,
    alpha: u64,
    upper: u64,
    dot: u64,
    colon: u64,
    dash: u64,
    /// `+` and `(`.
    dial: u64,
    /// `/` and `_`.
    joint: u64,
    high: u64,
    at: u64,
    space: u64,
    /// What a word does not start after: letters, digits and `: - / . _ +`.
    glue: u64,
    /// `=`, quotes, a colon and what is [`class::AT`].
    sign: u64,
    /// Letters, digits, dashes and underscores.
    word: u64,
    /// Letters by their place from the end of a name for a credential: last, second, third.
    key: [u64; 3],
}

/// What one block hands to the next: the masks that later bytes look back at.
#[derive(Default, Clone, Copy)]
struct Carry {
    masks: Masks,
    /// Letters that are the first, second, … sixth of a word.
    letters: [u64; 6],
    /// Letters that are the first and the second behind no letter or digit.
    lone: [u64; 2],
    dots: Chain,
    dashes: Chain,
    colons: Chain,
    /// Dashes that are the first to fourth of a chain three bytes apart.
    pairs: [u64; 4],
    /// The last bytes of one, two, four, eight and sixteen of [`Masks::word`] in a row.
    rows: [u64; 5],
    /// What stands right behind a name for a credential.
    behind_key: u64,
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
    let Masks { digit, alpha, upper, dot, colon, dash, dial, joint, high, at, space, glue, .. } =
        masks;

    // A colon after a digit (`10:06`) or another colon (`::1`) glues; one that ends a key does not,
    // bare (`tel:06…`) or in quotes (`"tel":06…`).
    let in_number = back(digit | colon, before.digit | before.colon, 2);
    let after_key = back(colon, before.colon, 1) & !in_number;
    let word_start = !back(glue, before.glue, 1) | after_key;

    let after_digit = back(digit, before.digit, 1);
    let dots = chain(dot & after_digit, carry.dots, 4);
    let dashes = chain(dash & after_digit, carry.dashes, 4);
    let colons = chain(colon, carry.colons, 5);
    let double_colon = colon & back(colon, before.colon, 1);
    let fourth_colon = near(colons.third, carry.colons.third, 5) & colon;

    let mut letters = [alpha & word_start; 6];
    for place in 1..6 {
        letters[place] = alpha & back(letters[place - 1], carry.letters[place - 1], 1);
    }
    let behind = |place: usize| back(letters[place], carry.letters[place], 1);
    // The third of three dashes, and so on; each looks three bytes back.
    let mut pairs = [dash; 4];
    for link in 1..4 {
        pairs[link] = dash & back(pairs[link - 1], carry.pairs[link - 1], 3);
    }
    let groups_of_four = dot & back(dot, before.dot, 5);

    let number = digit & word_start;
    let behind_domain = back(joint, before.joint, 1)
        & back(alpha, before.alpha, 2)
        & back(alpha, before.alpha, 3)
        & back(dot, before.dot, 4);
    let dialled = digit & (back(dial, before.dial, 1) | behind_domain);
    let first = alpha & !back(alpha | digit, before.alpha | before.digit, 1);
    let lone = [first, alpha & back(first, carry.lone[0], 1)];
    let iban = digit & after_digit & back(lone[1], carry.lone[1], 2);
    let dashed = back(dash, before.dash, 1) & back(letters[0], carry.letters[0], 2);
    let glued = (0..6).fold(0, |any, place| any | behind(place));
    let lettered = digit & (glued | dashed);
    let mac = dash & back(pairs[3], carry.pairs[3], 3) | groups_of_four;
    let name = (upper | high)
        & back(space, before.space, 1)
        & back(alpha | dot | high, before.alpha | before.dot | before.high, 2);
    let url = joint & back(joint, before.joint, 1) & back(colon, before.colon, 2);
    let colon_shapes = double_colon | fourth_colon;
    let plate = digit & back(dash, before.dash, 1) & back(upper, before.upper, 2);

    let [last, second, third] =
        [0, 1, 2].map(|place| back(masks.key[place], before.key[place], 1 + place as u32));
    let behind_key = last & second & third;
    let behind_space = back(behind_key & space, carry.behind_key & before.space, 1);
    let secret_key = masks.sign & (behind_key | behind_space);
    let mut rows = [masks.word; 5];
    for row in 1..5 {
        rows[row] = rows[row - 1] & back(rows[row - 1], carry.rows[row - 1], 1 << (row - 1));
    }
    let long = rows[4] & !back(rows[4], carry.rows[4], 1);

    let numbers = number | dialled | iban | lettered;
    let chains = dots.third | dashes.third | colon_shapes | mac;
    let rare = secret_key | long | plate;
    let mut any = at | chains | numbers | name | url | rare;
    while any != 0 {
        let bit = any.trailing_zeros();
        let shapes = bit_of(at, bit, shape::AT)
            | bit_of(dots.third, bit, shape::QUAD)
            | bit_of(dashes.third, bit, shape::DASHED_QUAD)
            | bit_of(colon_shapes, bit, shape::COLONS)
            | bit_of(number, bit, shape::NUMBER)
            | bit_of(dialled, bit, shape::DIALLED)
            | bit_of(iban, bit, shape::IBAN)
            | bit_of(lettered, bit, shape::LETTERED)
            | bit_of(mac, bit, shape::PAIRS)
            | bit_of(name, bit, shape::NAME)
            | bit_of(url, bit, shape::URL);
        // Few anchors are one of these.
        let shapes = if rare >> bit & 1 == 0 {
            shapes
        } else {
            shapes
                | bit_of(secret_key, bit, shape::SECRET_KEY)
                | bit_of(long, bit, shape::LONG)
                | bit_of(plate, bit, shape::PLATE)
        };
        anchors.push(Anchor { at: base + bit, shapes });
        any &= any - 1;
    }
    *carry = Carry { masks, letters, lone, dots, dashes, colons, pairs, rows, behind_key };
}

/// `shape` if `bit` is set in `mask`, nothing otherwise, without a branch.
#[inline]
fn bit_of(mask: u64, bit: u32, shape: u16) -> u16 {
    ((mask >> bit) & 1) as u16 * shape
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

/// The masks of a block.
///
/// Eight bytes are looked up at once into a u64 of class bytes, which is an 8 × 8 bit matrix; its
/// transpose has one byte a bit (H. S. Warren, Hacker's Delight, 2nd ed., section 7-3).
#[inline]
fn classify(block: &[u8; 64]) -> Masks {
    let mut bits = [0u64; 8];
    let (eights, _) = block.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        let classes = u64::from_le_bytes(eight.map(|byte| CLASSES[usize::from(byte)]));
        for (mask, byte) in bits.iter_mut().zip(transpose(classes).to_le_bytes()) {
            *mask |= u64::from(byte) << (8 * index);
        }
    }
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
    Masks {
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

    fn places(text: &str, shape: u16) -> Vec<usize> {
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
        assert_eq!(places("wa.me/3312", shape::DIALLED), [6]);
        assert_eq!(places("FR76 or /de89 BEL12", shape::IBAN), [3, 12]);
        assert_eq!(places("tel 06 12", shape::NUMBER), [4, 7]);
        assert_eq!(places("X1234567L RSSMRA85T10A562S v2 X-1", shape::LETTERED), [1, 16, 28, 32]);
        assert_eq!(places("00-00-5e-00-53-af 0000.5e00.53af", shape::PAIRS), [14, 27]);
        assert_eq!(places("M. Jean Dupont, Zoé Émond", shape::NAME), [3, 8, 21]);
        assert_eq!(places("at https://example.com/a", shape::URL), [10]);
        assert_eq!(places("a&#64;b \\u0040", shape::AT), [1, 2, 8]);
        assert_eq!(places("dbPassword=x \"api_key\": y", shape::SECRET_KEY), [10, 21]);
        assert_eq!(places("password : x, a user=b", shape::SECRET_KEY), [9]);
        assert_eq!(places("AB-123-CD or node-3", shape::PLATE), [3]);
        assert_eq!(places("key AKIAIOSFODNN7EXAMPLE", shape::LONG), [19]);
    }

    #[test]
    fn timestamps_and_paths_start_few_words() {
        assert_eq!(places("2024-11-22T10:06:12.123Z", shape::NUMBER), [0]);
        assert!(places("2024-11-22T10:06:12.123Z", shape::QUAD | shape::COLONS).is_empty());
        assert!(places("/api/v1/users/0612345678", shape::NUMBER).is_empty());
        assert_eq!(places("tel:0612345678 at 10:06", shape::NUMBER), [4, 18]);
        assert_eq!(places("{\"tel\":0612345678}", shape::NUMBER), [7]);
    }

    const KEY_LETTERS: [&[u8]; 3] = [b"adenopsty", b"dehlrsw", b"akmnoprs"];

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
                if b"@\\#&$\xef".contains(&b) {
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
                    let is_behind_domain = b"/_".contains(&get(i, 1))
                        && get(i, 2).is_ascii_alphabetic()
                        && get(i, 3).is_ascii_alphabetic()
                        && get(i, 4) == b'.';
                    if matches!(get(i, 1), b'+' | b'(') || is_behind_domain {
                        shapes |= shape::DIALLED;
                    }
                    let letters =
                        (1..=i).take_while(|by| get(i, *by).is_ascii_alphabetic()).take(8).count();
                    let is_dashed =
                        get(i, 1) == b'-' && get(i, 2).is_ascii_alphabetic() && start(i - 2);
                    if (1..=6).contains(&letters) && start(i - letters) || is_dashed {
                        shapes |= shape::LETTERED;
                    }
                    if get(i, 1).is_ascii_digit()
                        && get(i, 2).is_ascii_alphabetic()
                        && get(i, 3).is_ascii_alphabetic()
                        && !get(i, 4).is_ascii_alphanumeric()
                    {
                        shapes |= shape::IBAN;
                    }
                }
                let pairs = (0..5).all(|link| i >= 3 * link && text[i - 3 * link] == b'-');
                if pairs || b == b'.' && get(i, 5) == b'.' {
                    shapes |= shape::PAIRS;
                }
                let before_space = get(i, 2);
                let ends_word = before_space.is_ascii_alphabetic()
                    || before_space == b'.'
                    || !before_space.is_ascii();
                if (b.is_ascii_uppercase() || !b.is_ascii()) && get(i, 1) == b' ' && ends_word {
                    shapes |= shape::NAME;
                }
                if b"/_".contains(&b) && b"/_".contains(&get(i, 1)) && get(i, 2) == b':' {
                    shapes |= shape::URL;
                }
                let ends_as_key = |end: usize| {
                    (1..=3).zip(KEY_LETTERS).all(|(by, letters)| {
                        end >= by && letters.contains(&get(end, by).to_ascii_lowercase())
                    })
                };
                let is_behind_key = ends_as_key(i) || get(i, 1) == b' ' && ends_as_key(i - 1);
                if b.is_ascii_digit() && get(i, 1) == b'-' && get(i, 2).is_ascii_uppercase() {
                    shapes |= shape::PLATE;
                }
                if b"=:\"'@\\#&$\xef".contains(&b) && is_behind_key {
                    shapes |= shape::SECRET_KEY;
                }
                let is_part = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
                let row = (0..=i).take_while(|by| is_part(get(i, *by))).take(17).count();
                if row == 16 {
                    shapes |= shape::LONG;
                }
                (shapes != 0).then_some(Anchor { at: i as u32, shapes })
            })
            .collect()
    }

    proptest! {
        #[test]
        fn masks_agree_with_the_definitions(text in "[ a1@.:\\-+(F_/\\\\#&é=\"sekR]{0,300}") {
            prop_assert_eq!(all(text.as_bytes()), plain(text.as_bytes()));
        }
    }
}
