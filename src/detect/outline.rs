//! Texts that differ in their digits alone are weighed once.
//!
//! A log is written by a few statements, over and over: what changes from line to line is mostly times,
//! numbers and ids. The *outline* of a text has one digit for all digits, and one sign for what stands
//! in UUIDs and in words of hexadecimal digits. Where nothing could be found whatever the digits, in
//! one text of an outline, nothing is in any other ([`Detector::firsts`]). So the second text of an
//! outline is asked where that is, and from the third on these places are passed over; and where all
//! depends on the first digit of a number, the numbers that do not begin so.
//!
//! What is found does not depend on the memory: `what_is_found_does_not_depend_on_other_texts_of_the_outline`
//! holds that.

use std::ops::Range;

use super::candidate::shape;
use super::candidate::sketch::{self, Row, Sketch};
use super::context::Said;
use super::firsts::Firsts;
use super::glance::Glance;
use super::memory::Heard;
use super::recognise::{self, UUID_LEN};
use super::search::Search;
use super::{Anchor, Detector, Form};
use crate::kind::{hash, iban, name};

/// The outlines that came last, with the places in them that are settled.
#[derive(Default)]
pub(super) struct Outlines {
    /// Hashes of the outlines that came: most come never again, and nothing else is kept of them.
    came: Vec<u32>,
    /// Of each place in `known` a part of the hash of what is there: most texts are told by it, without a
    /// look at a place that is in no cache.
    marks: Vec<u32>,
    known: Vec<Option<Known>>,
    /// By field.
    worths: Vec<Worth>,
    /// That of the text at hand.
    field: usize,
    /// The outline of the text at hand.
    outline: Outline,
    /// Where something could be in the text at hand.
    live: Vec<Anchor>,
}

/// An outline that was weighed.
struct Known {
    form: Form,
    outline: Box<[u8]>,
    settled: Box<[u64]>,
    /// In order of place; few.
    doubtful: Box<[Doubtful]>,
    /// The words in it that say something, where they do not differ from text to text.
    said: Option<Said>,
}

/// A place that is settled, too, unless its digit is one of some.
#[derive(Clone, Copy)]
struct Doubtful {
    at: u16,
    firsts: Firsts,
}

impl Known {
    /// Whether something could be at `at` in a text of the outline.
    fn is_open(&self, text: &[u8], at: usize) -> bool {
        let is_settled = self.settled[at / 64] >> (at % 64) & 1 == 1;
        let doubtful = || self.doubtful.iter().find(|doubtful| usize::from(doubtful.at) == at);
        !is_settled && doubtful().is_none_or(|doubtful| doubtful.firsts.contains(text[at]))
    }
}

/// What is known of a text by its outline.
pub(super) enum Sight {
    /// It has none, or none was drawn.
    None,
    /// It is not known.
    First,
    /// It came once before: it is worth to be weighed.
    Second,
    /// All that could be is at [`Outlines::live`].
    Known,
}

/// Whether outlines are worth drawing: in prose no two are the same, and in a column of telephones nothing
/// is settled by one.
#[derive(Default, Clone)]
struct Worth {
    drawn: u32,
    /// How many were known and left less to be asked.
    known: u32,
    /// How many texts to let pass.
    pause: u32,
}

impl Worth {
    /// After so many, it is asked how many of them were.
    const SAMPLE: u32 = 64;
    const LEAST: u32 = 20;
    const PAUSE: u32 = 960;

    fn is_given(&mut self) -> bool {
        if self.pause > 0 {
            self.pause -= 1;
            return false;
        }
        if self.drawn == Self::SAMPLE {
            let pause = if self.known < Self::LEAST { Self::PAUSE } else { 0 };
            *self = Self { pause, ..Self::default() };
        }
        self.drawn += 1;
        true
    }
}

impl Outlines {
    const KNOWN: usize = 1 << 14;
    /// Who asks about a name or two pays for no more.
    const KNOWN_AT_FIRST: usize = 1 << 4;
    /// The texts of more fields are weighed together with those of others.
    const FIELDS: usize = 1 << 10;

    /// Says which field the texts are of that follow.
    pub(super) fn turn_to(&mut self, field: usize) {
        self.field = field % Self::FIELDS;
    }

    /// What is known of `text`, whose anchors lie at `anchor.at - base`.
    pub(super) fn look_up(
        &mut self,
        text: &[u8],
        anchors: &[Anchor],
        base: usize,
        form: Form,
    ) -> Sight {
        if self.worths.len() <= self.field {
            self.worths.resize(self.field + 1, Worth::default());
        }
        let worth = &mut self.worths[self.field];
        if text.len() > sketch::LONGEST || !worth.is_given() || !self.outline.draw(text) {
            return Sight::None;
        }
        let is_one_of_many = worth.drawn == Worth::SAMPLE;
        if self.known.is_empty() {
            self.grow(Self::KNOWN_AT_FIRST);
        } else if is_one_of_many && self.known.len() < Self::KNOWN {
            self.grow(Self::KNOWN);
        }
        let (bytes, hash) = (self.outline.bytes(), self.outline.hash);
        let (mark, place) = (mark_of(hash), self.place());
        let at = |anchor: &&Anchor| anchor.at as usize - base;
        self.live.clear();
        if self.marks[place] == mark
            && let Some(known) = &self.known[place]
            && known.form == form
            && *known.outline == *bytes
        {
            self.live.extend(anchors.iter().filter(|anchor| known.is_open(text, at(anchor))));
            self.worths[self.field].known += u32::from(self.live.len() < anchors.len());
            return Sight::Known;
        }
        self.live.extend(anchors.iter().filter(|anchor| bytes[at(anchor)] != UUID));
        let (mask, hash) = (self.came.len() - 1, hash as usize);
        let came = std::mem::replace(&mut self.came[hash & mask], mark);
        if came == mark { Sight::Second } else { Sight::First }
    }

    /// Makes room for `known` outlines, a power of two, and for twice as many that came.
    fn grow(&mut self, known: usize) {
        self.known.resize_with(known, || None);
        self.marks.resize(known, 0);
        self.came.resize(2 * known, 0);
    }

    /// Where the outline that was looked up last is known.
    fn place(&self) -> usize {
        self.outline.hash as usize & (self.known.len() - 1)
    }

    /// The anchors of the text that was looked up last at which something could be.
    pub(super) fn live(&self) -> &[Anchor] {
        &self.live
    }

    /// What is said in the text that was looked up last, if it is [known](Sight::Known) and the same in all
    /// of its outline.
    pub(super) fn said(&self) -> Option<&Said> {
        self.known[self.place()].as_ref()?.said.as_ref()
    }

    /// Keeps the outline that was looked up last, that of the text of `search`, with what is settled.
    pub(super) fn learn(&mut self, detector: &Detector, search: &Search<'_>, base: usize) {
        let Outline { hash, masked, .. } = &self.outline;
        let bytes = self.outline.bytes();
        let mut settled = vec![0; bytes.len().div_ceil(64)];
        let mut settle = |at: usize| settled[at / 64] |= 1 << (at % 64);
        let mut doubtful = Vec::new();
        let form = search.place.form;
        let differs = detector.words.could_differ(bytes, !masked.is_empty());
        let anchors = if differs { &[][..] } else { &self.live };
        for (mask, sign) in masked {
            // A UUID owns what is in it.
            if *sign == UUID || !differs && detector.is_silent(search, mask) {
                mask.clone().for_each(&mut settle);
            }
        }
        // What is heard is read from left to right, and the masks went before.
        let heard = Heard::default();
        let search = &Search { heard: &heard, ..*search };
        for anchor in anchors {
            let at = anchor.at as usize - base;
            if matches!(bytes[at], UUID | HEX)
                || !can_see_no_mask(search.text, at, anchor.shapes, masked)
            {
                continue;
            }
            match detector.firsts(search, at, anchor.shapes) {
                Firsts::NONE => settle(at),
                Firsts::ALL => {}
                firsts => doubtful.push(Doubtful { at: at as u16, firsts }),
            }
        }
        let (outline, doubtful) = (bytes.into(), doubtful.into());
        let said = (!differs).then(|| Said::in_all(&detector.words, search.text));
        let known = Known { form, outline, settled: settled.into(), doubtful, said };
        let (mark, place) = (mark_of(*hash), self.place());
        self.marks[place] = mark;
        self.known[place] = Some(known);
    }
}

fn mark_of(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Whether what is under a mask is no part of what the guards look at from `at`.
///
/// Behind a number they read over what joins groups and words, and over no more than a few bytes of
/// anything else; before it, a few bytes. Names have words on both sides.
fn can_see_no_mask(text: &[u8], at: usize, shapes: u16, masked: &[(Range<usize>, u8)]) -> bool {
    const BEFORE: usize = 4;
    const REACH: usize = 48;
    let glance = Glance::at(text, at);
    let end = at + glance.digits;
    // A time of day may stand behind a date, and a label behind the five digits of a bank.
    let beside = match glance.digits {
        4 => 16,
        5 => REACH,
        _ => 12,
    };
    let is_stopped = |mask: &Range<usize>| {
        let between = &text[end..mask.start];
        between.len() >= beside && between.iter().any(|byte| stops(*byte))
            || glance.digits != 5 && between.contains(&b'=')
    };
    let is_of_digits = shapes & !shape::DIGITS == 0;
    let is_shut = is_of_digits && (glance.is_shut() || glance.digits >= 7 && !glance.goes_on());
    let (before, is_free) = if shapes & (shape::NAME | shape::PAIRS) != 0 {
        // What is behind a word is not asked where the one before it is of no name.
        (REACH, shapes == shape::NAME && !name::could_be_at(text, at))
    } else {
        (BEFORE, is_shut || shapes & !(shape::SECRET_KEY | shape::LONG) == 0)
    };
    masked.iter().all(|(mask, _)| {
        if mask.end <= at {
            at - mask.end >= before
        } else {
            // Whether a number ends is told by the two bytes behind it.
            is_free && mask.start - end >= 2
                || mask.start - at >= REACH
                || is_of_digits && is_stopped(mask)
        }
    })
}

/// Whether no number, word or group goes on behind `byte`.
fn stops(byte: u8) -> bool {
    matches!(
        byte,
        b'=' | b':' | b';' | b'"' | b'[' | b']' | b'{' | b'}' | b'<' | b'>' | b'?' | b'&'
    )
}

/// What stands for each byte of a UUID, and of a word of hexadecimal digits. No text with these bytes
/// has an outline.
const UUID: u8 = 1;
const HEX: u8 = 2;

/// A text with its digits made equal.
#[derive(Default)]
struct Outline {
    sketch: Sketch,
    hash: u64,
    /// The UUIDs and words of hexadecimal digits, in order of place.
    /// With what stands for each byte of them.
    masked: Vec<(Range<usize>, u8)>,
}

impl Outline {
    /// Draws the outline of `text`; whether it has one.
    fn draw(&mut self, text: &[u8]) -> bool {
        if !self.sketch.draw(text) {
            return false;
        }
        self.masked.clear();
        let mut end = 0;
        for row in self.sketch.rows() {
            if row.start >= end
                && let Some((word, sign)) = mask_at(text, &row)
            {
                end = word.end;
                self.masked.push((word, sign));
            }
        }
        let bytes = self.sketch.bytes_mut();
        for (word, sign) in &self.masked {
            bytes[word.clone()].fill(*sign);
        }
        self.hash = hash::of_long(bytes);
        true
    }

    fn bytes(&self) -> &[u8] {
        self.sketch.bytes()
    }
}

/// The UUID, or the word of hexadecimal digits, that begins with `row`, and the sign that stands for it: in
/// small letters, and so that no anchor in it finds what is longer than it or begins before it.
fn mask_at(text: &[u8], row: &Row) -> Option<(Range<usize>, u8)> {
    let Row { start, .. } = *row;
    if row.begins_uuid() && is_uuid(text, row) {
        return Some((start..start + UUID_LEN, UUID));
    }
    if !row.is_mixed() {
        return None;
    }
    let length = match row.length() {
        64 => hexadecimals(&text[start..]),
        length => length,
    };
    let word = start..start + length;
    is_opaque(text, &word).then_some((word, HEX))
}

fn hexadecimals(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count()
}

/// Whether rows like those of a UUID are one that is passed over as a whole, whatever its digits are: its
/// first anchor tells it, unless a group begins as an account number does.
fn is_uuid(text: &[u8], row: &Row) -> bool {
    const GROUPS: [usize; 5] = [0, 9, 14, 19, 24];
    const PLACES: u64 = 1 | 1 << 9 | 1 << 14 | 1 << 19 | 1 << 24;
    let Some(uuid) = text[row.start..].first_chunk::<UUID_LEN>() else { return false };
    GROUPS[1..].iter().all(|group| uuid[group - 1] == b'-')
        && !is_word(recognise::before(text, row.start))
        && !is_word(recognise::after(text, row.start + UUID_LEN))
        && !(row.has_code_at(PLACES) && GROUPS.iter().any(|group| begins_as_iban(&uuid[*group..])))
}

fn begins_as_iban(text: &[u8]) -> bool {
    matches!(text, [a, b, c, d, ..] if c.is_ascii_digit() && d.is_ascii_digit()
        && iban::length_in(*a, *b).is_some())
}

/// Whether a word of hexadecimal digits and letters can be nothing but an identifier that words announce.
fn is_opaque(text: &[u8], word: &Range<usize>) -> bool {
    /// A RIB has so many characters.
    const RIB: usize = 23;
    let characters = &text[word.clone()];
    let (previous, next) = (recognise::before(text, word.start), recognise::after(text, word.end));
    // `5 rue`: a small letter may stand behind the number of a house.
    let is_house = characters.len() < 12 && word.end < text.len() && matches!(next, b' ' | b',');
    let is_escape = previous == b'=' && characters.starts_with(b"40");
    let follows_capital = word.start > 1 && text[word.start - 2].is_ascii_uppercase();
    !(is_word(previous) || matches!(previous, b'-' | b'+' | b'/' | b'.' | b'%'))
        && !is_word(next)
        && !is_house
        && !is_escape
        && !follows_capital
        && characters.len() != RIB
        && !begins_as_iban(characters)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use proptest::prelude::*;

    use super::*;
    use crate::detect::{Candidate, Memory, Place, anchors};
    use crate::kind::Region;
    use crate::rules::RuleSet;

    static DETECTOR: LazyLock<Detector> = LazyLock::new(|| detector(&[]));
    static IN_REGIONS: LazyLock<Detector> = LazyLock::new(|| detector(&["FR", "US", "CA"]));

    fn detector(regions: &[&str]) -> Detector {
        let regions = regions.iter().filter_map(|code| Region::new(code)).collect();
        Detector::new(Arc::new(RuleSet::builtin()), regions).unwrap()
    }

    fn outline_of(text: &[u8]) -> Option<Vec<u8>> {
        let mut outline = Outline::default();
        outline.draw(text).then(|| outline.bytes().to_owned())
    }

    fn found(text: &[u8], place: Place<'_>, memory: &mut Memory) -> Vec<Candidate> {
        found_by(&DETECTOR, text, place, memory)
    }

    fn found_by(
        detector: &Detector,
        text: &[u8],
        place: Place<'_>,
        memory: &mut Memory,
    ) -> Vec<Candidate> {
        let (mut in_text, mut found) = (Vec::new(), Vec::new());
        anchors(text, &mut in_text);
        detector.find(text, &in_text, 0, &place, memory, &mut found);
        found
    }

    /// `text` with other digits, as `draws` says: of any kind where its outline has a mask.
    fn redrawn(text: &[u8], draws: &[u8]) -> Vec<u8> {
        let outline = outline_of(text).unwrap_or_default();
        let redraw = |(at, byte): (usize, &u8)| {
            let draw = draws[at % draws.len()] ^ (at / draws.len()) as u8;
            match outline.get(at) {
                Some(&(UUID | HEX)) if *byte != b'-' => b"0123456789abcdef"[usize::from(draw % 16)],
                // One in four stays, so that what is valid has a chance to be so again.
                Some(b'0') if draw >= 64 => b'0' + draw % 10,
                _ => *byte,
            }
        };
        text.iter().enumerate().map(redraw).collect()
    }

    fn lines() -> impl Strategy<Value = String> {
        concat!(
            "([0-9]{1,6}|[A-Z]{1,3}|[a-z]{1,5}|[0-9a-f]{8}|[0-9a-f]{16}| |[ ,./:=\"'()%+&#_-]",
            "|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "|tel|born |rue|street=\"|ssn |sin t4 |md5|password=|key|hex|ipv4 |[a-z]{3}[0-9]=",
            "|20[0-9]{2}-0[0-9]-1[0-9]T[01][0-9]:[0-5][0-9]| [A-Z][a-z]{3,6} [A-Z][a-z]{3,7}",
            "|tel 0[1-7]([ .][0-9]{2}){4}|\\([2-9][0-9]{2}\\) [2-9][0-9]{2}-[0-9]{4}",
            "|phone=0[1-7][0-9]{8}|call 0[1-7][0-9]{8}|\\+33 ?[1-7][0-9]{8}",
            "|born [0-2][1-8]/0[1-9]/19[4-9][0-9]|born [1-9] May 19[4-9][0-9]",
            "| [1-9][0-9]? rue [A-Z][a-z]{4,7}, 7500[1-9] Paris",
            "|4[0-9]\\.[0-9]{4}, [1-9]\\.[0-9]{4}|plate [A-Z]{2}-[0-9]{3}-[A-Z]{2}",
            "|card 4[0-9]{3}( [0-9]{4}){3}|4111 1111 1111 1111|imei 35[0-9]{13}",
            "|(FR76|fr76|DE89|be71)[0-9]{12}|DE89370400440532013000|sin 046 454 286",
            "|[a-z]{2}[0-9]{0,2}@example\\.com|a=40example\\.com|a%40b[0-9]\\.com|&#64;|\\\\u0040",
            "|(1[0-9]{1,2}|[0-9]{1,2})(\\.[0-9]{1,2}){3}|fe80::[0-9a-f]{1,4}|2001:db8::[0-9]",
            "|([0-9a-f]{2}:){5}[0-9a-f]{2}|([0-9a-f]{2}-){5}[0-9a-f]{2}|ghp_[0-9a-zA-Z]{36}",
            "|[a-z]{2,5}=[0-9]{13,16}|= [0-9]{9,12} and|=[0-9]{1,3} [a-zA-Z]{1,8}=[0-9a-f]{8}",
            "|[0-9]{5}\\.[0-9]{1,5} |Z [A-Z]{4}  \\[|bearer [0-9a-f]{20}",
            "|[ \"+(]{1,2}[0-9]{2,4}[) ]{0,2}([-. /][0-9]{2,6}){1,4}| 00[0-9]{2}( [0-9]{2,4}){3}",
            "|https://x\\.com/[a-z]{3}[0-9]{2}|[A-Za-z0-9]{16,24}){2,14}"
        )
        .prop_map(|line: String| line)
    }

    proptest! {
        #[test]
        fn what_is_found_does_not_depend_on_other_texts_of_the_outline(
            line in lines(),
            is_cell in any::<bool>(),
            in_regions in any::<bool>(),
            draws in proptest::collection::vec(any::<u8>(), 3 * 97),
        ) {
            let detector = if in_regions { &*IN_REGIONS } else { &*DETECTOR };
            let place = if is_cell { Place::cell(Default::default()) } else { Place::LINE };
            let found = |text: &[u8], memory: &mut _| found_by(detector, text, place, memory);
            let mut memory = Memory::default();
            for draws in draws.chunks(97) {
                let text = redrawn(line.as_bytes(), draws);
                prop_assert_eq!(found(&text, &mut memory), found(&text, &mut Memory::default()));
            }
            let line = line.as_bytes();
            prop_assert_eq!(found(line, &mut memory), found(line, &mut Memory::default()));
        }
    }

    #[test]
    fn where_a_number_ends_depends_on_the_mask_behind_a_colon() {
        let mut memory = Memory::default();
        for uuid in ["bb00a00a", "cc00a00b", "dd00a00c", "12345678"] {
            let line = format!("call 0199001234:{uuid}-0a00-0a00-0a00-0a0aa0a0a0aa");
            let expected = found(line.as_bytes(), Place::LINE, &mut Memory::default());
            assert_eq!(found(line.as_bytes(), Place::LINE, &mut memory), expected, "{uuid}");
        }
    }

    #[test]
    fn texts_of_one_statement_have_one_outline() {
        let line = |time, id, word| {
            format!("2024-11-22T10:06:{time}Z job {id} took=18{time}ms trace={word}")
        };
        let one = line(12, "7075880d-7ec8-09f7-0fba-0915e4efebed", "4a7547a2");
        let other = line(59, "1234567a-0123-4567-89ab-0123456789ab", "00c0ffee");
        assert_eq!(outline_of(one.as_bytes()), outline_of(other.as_bytes()));
        for text in ["id=40 a", "id=41 a", "é 12", "\u{1}12"] {
            let outline = outline_of(text.as_bytes());
            assert_eq!(outline.is_some(), text.starts_with("id"), "{text}");
        }
        assert_ne!(outline_of(b"a=40b"), outline_of(b"a=41b"));
    }

    #[test]
    fn what_is_settled_is_passed_over() {
        let mut memory = Memory::default();
        for minute in 10..13 {
            let line =
                format!("10:{minute}:00 INFO [http-{minute}] took={minute}ms n=1234567{minute}");
            assert!(found(line.as_bytes(), Place::LINE, &mut memory).is_empty());
        }
        assert!(memory.outlines.live().is_empty());
    }
}
