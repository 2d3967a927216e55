//! Texts that one statement wrote are weighed once.
//!
//! A log is written by a few statements, over and over: what changes from line to line is mostly times,
//! numbers and ids, and who asked for what. The *outline* of a text has one digit for all digits, one sign
//! for what stands in UUIDs and in words of hexadecimal digits, and one for all of a path, a mailbox, its
//! domain or an address of the network. Where nothing could be found whatever these are, in one text of an
//! outline, nothing is in any other ([`Detector::firsts`]). So the second text of an outline is asked where
//! that is, and from the third on these places are passed over; and where all depends on the first digit of a
//! number, the numbers that do not begin so. Nor are anchors looked for from then on: they are the same in all
//! texts of an outline, and those of an address stand where it does.
//!
//! Words in paths may speak for numbers. Which rules they support belongs to the outline; where they stand
//! does not, so a number that one may be near is taken to be near it.
//!
//! What is found does not depend on the memory: `what_is_found_does_not_depend_on_other_texts_of_the_outline`
//! holds that.

mod draw;

use std::ops::Range;

use draw::{Mask, Masked, Outline};

use super::candidate::{shape, sketch};
use super::context::{self, RuleSetBits, Said, Words};
use super::firsts::Firsts;
use super::glance::Glance;
use super::memory::Heard;
use super::recognise;
use super::search::Search;
use super::{Anchor, Candidate, Detector, Form};
use crate::kind::{hash, name};

/// The outlines that came last, with the places in them that are open.
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
    /// The outline of the text at hand, and its hash.
    outline: Outline,
    hash: u64,
    /// Where something could be in the text at hand, from its start on.
    live: Vec<Anchor>,
    /// How many were learned.
    learned: u32,
    /// The number of the outline of the text at hand, if it is known.
    number: Option<u32>,
}

/// An outline that was weighed.
struct Known {
    form: Form,
    /// No other outline has it.
    number: u32,
    outline: Box<[u8]>,
    /// What is said of numbers in its folds.
    spoken: RuleSetBits,
    /// Nothing where anchors or words differ from text to text.
    open: Option<Open>,
}

/// What is open in all texts of an outline.
struct Open {
    /// In order of place.
    spots: Box<[Spot]>,
    /// The words that say something, by their places in the outline.
    said: Said,
    /// Whether there are anchors at which nothing is open, or not always.
    is_less: bool,
}

impl Open {
    /// Sets `live` to the anchors of `text`, which has that outline, at which something could be.
    fn anchors_in(&self, outline: &Outline, text: &[u8], live: &mut Vec<Anchor>) {
        live.clear();
        let mut in_text = outline.in_text_on();
        live.extend(self.spots.iter().filter_map(|spot| {
            let at = spot.place_in(text, in_text(spot.anchor.at as usize));
            let anchor = Anchor { at: at as u32, ..spot.anchor };
            spot.is_open_in(text, at).then_some(anchor)
        }));
    }
}

/// Which statement wrote a text, where it wrote others before: all that have it differ in their digits, paths,
/// mailboxes and addresses alone, and the same kinds were found in them at the same places.
#[derive(Debug, Default)]
pub struct Statement(Vec<u32>);

impl Statement {
    /// What no other statement has that one worker knows of; nothing where none is known.
    #[must_use]
    pub fn key(&self) -> Option<&[u32]> {
        (!self.0.is_empty()).then_some(&self.0)
    }
}

/// A place at which something could be.
#[derive(Clone, Copy)]
struct Spot {
    /// By its place in the outline.
    anchor: Anchor,
    /// If its digit is one of these.
    firsts: Firsts,
    /// Only if a letter is two bytes before it: the last one of a mask.
    behind_mask: bool,
    /// Whether it is in the address of the network that begins at that place.
    in_address: bool,
}

impl Spot {
    /// One that is asked about in each text.
    fn open(at: usize, shapes: u16) -> Self {
        let anchor = Anchor { at: at as u32, shapes };
        Self { anchor, firsts: Firsts::ALL, behind_mask: false, in_address: false }
    }

    /// Where its anchor is in a text in which its place is `at`.
    #[inline]
    fn place_in(&self, text: &[u8], at: usize) -> usize {
        let (sign, count) = match self.anchor.shapes {
            shape::QUAD if self.in_address => (b'.', 3),
            shape::COLONS if self.in_address => (b':', 1),
            _ => return at,
        };
        let mut left = count;
        let is_last = |byte: &u8| {
            left -= usize::from(*byte == sign);
            left == 0
        };
        at + text[at..].iter().position(is_last).unwrap_or(0)
    }

    /// Whether it is in a text in which its place is `at`.
    fn is_open_in(&self, text: &[u8], at: usize) -> bool {
        (self.firsts == Firsts::ALL || self.firsts.contains(text[at]))
            && (!self.behind_mask || text[at - 2].is_ascii_alphabetic())
    }
}

/// What is known of a text by its outline.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// It has none, or none was drawn.
    None,
    /// It is not known, or nothing is of its anchors.
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
    /// To look at a line takes so much longer that few are enough.
    const LEAST_LINES: u32 = 6;
    const PAUSE_OF_LINES: u32 = 192;

    fn is_given(&mut self, form: Form) -> bool {
        if self.pause > 0 {
            self.pause -= 1;
            return false;
        }
        if self.drawn == Self::SAMPLE {
            let (least, pause) = match form {
                Form::Line => (Self::LEAST_LINES, Self::PAUSE_OF_LINES),
                Form::Cell => (Self::LEAST, Self::PAUSE),
            };
            let pause = if self.known < least { pause } else { 0 };
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

    /// Says which field the texts are of that follow, or which sort of lines they are.
    pub(super) fn turn_to(&mut self, field: usize) {
        self.field = field % Self::FIELDS;
    }

    /// Says that another text is at hand.
    pub(super) fn turn_over(&mut self) {
        self.number = None;
    }

    /// What is known of `text`, in which `words` may say something.
    pub(super) fn look_up(&mut self, words: &Words, text: &[u8], form: Form) -> Sight {
        if self.worths.len() <= self.field {
            self.worths.resize(self.field + 1, Worth::default());
        }
        let worth = &mut self.worths[self.field];
        if text.len() > sketch::LONGEST
            || !worth.is_given(form)
            || !self.outline.draw(words, text, form)
        {
            return Sight::None;
        }
        let is_one_of_many = worth.drawn == Worth::SAMPLE;
        if self.known.is_empty() {
            self.grow(Self::KNOWN_AT_FIRST);
        } else if is_one_of_many && self.known.len() < Self::KNOWN {
            self.grow(Self::KNOWN);
        }
        let spoken = self.outline.spoken();
        self.hash = hash::of_long(self.outline.bytes()) ^ spoken.hash();
        let (mark, place) = (mark_of(self.hash), self.place());
        if self.marks[place] == mark
            && let Some(known) = &self.known[place]
            && known.form == form
            && known.spoken == spoken
            && *known.outline == *self.outline.bytes()
        {
            let Some(open) = &known.open else { return Sight::First };
            open.anchors_in(&self.outline, text, &mut self.live);
            self.worths[self.field].known += u32::from(open.is_less);
            self.number = Some(known.number);
            return Sight::Known;
        }
        let place = self.hash as usize & (self.came.len() - 1);
        let came = std::mem::replace(&mut self.came[place], mark);
        if came == mark { Sight::Second } else { Sight::First }
    }

    /// Takes the anchors of the text that was looked up last, at `anchor.at - base`, where it is not known: a
    /// UUID owns those in it.
    pub(super) fn take(&mut self, anchors: &[Anchor], base: usize) {
        let in_text = |anchor: &Anchor| Anchor { at: anchor.at - base as u32, ..*anchor };
        let is_free =
            |anchor: &Anchor| self.outline.covering(anchor.at as usize) != Some(Masked::Uuid);
        self.live.clear();
        self.live.extend(anchors.iter().map(in_text).filter(is_free));
    }

    /// Makes room for `known` outlines, a power of two, and for twice as many that came.
    fn grow(&mut self, known: usize) {
        self.known.resize_with(known, || None);
        self.marks.resize(known, 0);
        self.came.resize(2 * known, 0);
    }

    /// Where the outline that was looked up last is known.
    fn place(&self) -> usize {
        self.hash as usize & (self.known.len() - 1)
    }

    /// The anchors of the text that was looked up last at which something could be.
    pub(super) fn live(&self) -> &[Anchor] {
        &self.live
    }

    /// Takes what is said in `text`, which was looked up last and is [known](Sight::Known), to be heard.
    pub(super) fn recall(&self, text: &[u8], heard: &Heard) {
        if let Some(Known { open: Some(open), .. }) = &self.known[self.place()] {
            let outline = &self.outline;
            heard.recall(&open.said, text, |at| outline.in_text(at), outline.heard());
        }
    }

    /// Keeps the outline that was looked up last, that of the text of `search`, with what is open in it: no
    /// more is asked of this text, either.
    pub(super) fn learn(&mut self, detector: &Detector, search: &Search<'_>) {
        let (form, outline) = (search.place.form, self.outline.bytes().into());
        let open = self.open(detector, search);
        if let Some(open) = &open {
            open.anchors_in(&self.outline, search.text, &mut self.live);
        }
        let (mark, place) = (mark_of(self.hash), self.place());
        self.marks[place] = mark;
        self.learned += 1;
        let (number, spoken) = (self.learned, self.outline.spoken());
        self.known[place] = Some(Known { form, number, outline, spoken, open });
    }

    /// Sets `statement` to that of the text at hand, in which that was `found`.
    pub(super) fn state(&self, found: &[Candidate], statement: &mut Statement) {
        let Statement(key) = statement;
        key.clear();
        // What has the form of an address and is none is written in many ways.
        let is_found = |mask: &Mask| {
            let is_it = |it: &Candidate| it.start == mask.span.start && it.end == mask.span.end;
            !mask.is.is_address() || found.iter().any(is_it)
        };
        if let Some(number) = self.number.filter(|_| self.outline.masks().iter().all(is_found)) {
            let place = |at: usize| self.outline.in_outline(at) as u32;
            let parts = |it: &Candidate| [place(it.start), place(it.end), it.kind.0.into()];
            key.push(number);
            key.extend(found.iter().flat_map(parts));
        }
    }

    /// What is open in all texts of the outline, if that does not depend on what is masked.
    fn open(&self, detector: &Detector, search: &Search<'_>) -> Option<Open> {
        let (text, outline, words) = (search.text, &self.outline, &detector.words);
        let has_ids = outline.masks().iter().any(|mask| !mask.is.is_fold());
        if words.could_differ(outline.bytes(), has_ids) {
            return None;
        }
        // What is in folds speaks against numbers, and may as well not be there, or is far from them.
        let said = Said::in_all(words, text).without(outline.heard(), |at| at);
        // What is heard is read from left to right.
        let (of_masks, of_anchors) = (Heard::default(), Heard::default());
        if outline.has_folds() {
            for heard in [&of_masks, &of_anchors] {
                heard.recall(&said, text, |at| at, &Said::default());
            }
        }
        // Where it depends on what is folded, whatever may be near is.
        let wary = |at: usize| self.heard_within(Reach::OF_ANY, &said, text, at);
        let differs = |search: &Search<'_>, Mask { span, is }: &Mask| match is {
            Masked::Fold | Masked::Speaking | Masked::Quad | Masked::V6 => false,
            Masked::Uuid => goes_on_behind(text, span),
            Masked::Hexadecimal => {
                let is_silent = if self.could_be_supported(words, &said, span.start) {
                    detector.is_silent(&Search { heard: &wary(span.start), ..*search }, span)
                } else {
                    detector.is_silent(search, span)
                };
                goes_on_behind(text, span) || !is_silent
            }
        };
        let search_masks = &Search { heard: &of_masks, ..*search };
        if outline.masks().iter().any(|mask| differs(search_masks, mask)) {
            return None;
        }
        let search = &Search { heard: &of_anchors, ..*search };
        let mut spots = Vec::new();
        for &Anchor { at, mut shapes } in &self.live {
            let at = at as usize;
            let is_behind_mask = at >= 2 && outline.covering(at - 2).is_some();
            match outline.covering(at) {
                // Two dots in a domain may be as far from each other as in a hardware address.
                Some(mask) if mask.is_fold() && !mask.is_address() && shapes != shape::PAIRS => {
                    return None;
                }
                Some(_) => continue,
                None if is_behind_mask && shapes == shape::NAME => continue,
                None => {}
            }
            // What is folded may end as names of credentials do, and no `@` is behind those.
            let behind = at.checked_sub(1).and_then(|before| outline.covering(before));
            if text[at] != b'@' && behind.is_some_and(|it| it.is_fold() && !it.is_address()) {
                if shapes == shape::SECRET_KEY {
                    continue;
                }
                shapes |= shape::SECRET_KEY;
            }
            let told_by = match shapes {
                shape::AT if text[at] == b'@' => recognise::email::no_domain(text, at),
                // `BEGIN PRIVATE KEY` is asked about there.
                shape::NAME if !text[..at].ends_with(b"N ") => recognise::words::no_name(text, at),
                _ => None,
            };
            let firsts = if told_by.is_some_and(|part| outline.is_clear(&part)) {
                Firsts::NONE
            } else if !can_see_no_mask(text, at, shapes, outline.masks()) {
                Firsts::ALL
            } else if self.could_be_supported(words, &said, at) {
                detector.firsts(&Search { heard: &wary(at), ..*search }, at, shapes)
            } else {
                detector.firsts(search, at, shapes)
            };
            if firsts != Firsts::NONE {
                spots.push(Spot { firsts, ..Spot::open(outline.in_outline(at), shapes) });
            }
        }
        // What is an anchor in some texts, as the last letters of a mask are.
        for Mask { span, is } in outline.masks() {
            let at = outline.in_outline(span.start);
            let in_address = |shapes| Spot { in_address: true, ..Spot::open(at, shapes) };
            match is {
                Masked::Quad => {
                    // A word behind the digits could belong to them.
                    let goes_on = recognise::after(text, span.end + 1).is_ascii_alphanumeric();
                    let reach = if goes_on { Reach::OF_ANY } else { Reach::OF_MASK };
                    let heard = &self.heard_within(reach, &said, text, span.start);
                    let search = &Search { heard, ..*search };
                    if detector.could_be_no_address(search, span.start) {
                        spots.push(in_address(shape::NUMBER));
                    }
                    spots.push(in_address(shape::QUAD));
                    continue;
                }
                Masked::V6 => {
                    spots.push(in_address(shape::COLONS));
                    continue;
                }
                _ => {}
            }
            let (at, shapes) = match text[span.end..] {
                [b' ', b'A'..=b'Z', ..] => {
                    let at = span.end + 1;
                    let told_by = recognise::words::no_name(text, at);
                    if told_by.is_some_and(|part| outline.is_clear(&part)) {
                        continue;
                    }
                    (at, shape::NAME)
                }
                [b'"', ..] if is.is_fold() => (span.end, shape::SECRET_KEY),
                _ => continue,
            };
            let behind_mask = shapes == shape::NAME;
            spots.push(Spot { behind_mask, ..Spot::open(outline.in_outline(at), shapes) });
        }
        spots.sort_by_key(|spot| spot.anchor.at);
        let is_settled = |spot: &Spot| spot.firsts != Firsts::ALL;
        let is_less = spots.len() < self.live.len() || spots.iter().any(is_settled);
        let said = said.without(&Said::default(), |at| outline.in_outline(at));
        Some(Open { spots: spots.into(), said, is_less })
    }

    /// What may be said near `at` in some text of the outline, where `said` is what is said beside its folds.
    fn heard_within(&self, reach: Reach, said: &Said, text: &[u8], at: usize) -> Heard {
        let (outline, none) = (&self.outline, Said::default());
        let in_folds = if outline.hears_fold(at, reach) { outline.heard() } else { &none };
        let near = said.within(|word| outline.is_near(word, at, reach));
        let heard = Heard::wary();
        heard.recall(&near, text, |at| at, in_folds);
        heard
    }

    /// Whether what the words near `at` say could depend on what is folded: on words in it, or on its length
    /// where it is between them and `at`.
    fn could_be_supported(&self, words: &Words, said: &Said, at: usize) -> bool {
        let outline = &self.outline;
        let is_near = |word: &Range<usize>| outline.is_near(word, at, Reach::OF_ANY);
        let is_over_fold = |word: &Range<usize>| {
            is_near(word) && outline.distance(word.start, at) < word.start.abs_diff(at)
        };
        outline.has_folds()
            && (outline.hears_fold(at, Reach::OF_ANY)
                || said.could_support(words, is_near, is_over_fold))
    }
}

/// How far what is said may be from a place to be near a value there.
#[derive(Clone, Copy)]
struct Reach {
    before: usize,
    behind: usize,
}

impl Reach {
    /// Words are read from a value that may begin before the place and end behind it.
    const OF_ANY: Self = Self { before: 64, behind: 64 };
    /// One that is what a mask covers.
    const OF_MASK: Self = Self { before: context::BEFORE, behind: context::BEHIND };
}

/// Whether what is behind a mask tells letters from digits at its end.
fn goes_on_behind(text: &[u8], mask: &Range<usize>) -> bool {
    matches!(recognise::after(text, mask.end), b'-' | b'.' | b':')
}

fn mark_of(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Whether what is under a mask is no part of what the guards look at from `at`.
///
/// Behind a number they read over what joins groups and words, and over no more than a few bytes of
/// anything else; before it, a few bytes. Names have words on both sides.
fn can_see_no_mask(text: &[u8], at: usize, shapes: u16, masks: &[Mask]) -> bool {
    const BEFORE: usize = 4;
    const REACH: usize = 48;
    let glance = Glance::at(text, at);
    let end = at + glance.digits;
    // A time of day may stand behind a date, and a label behind the five digits of a bank, soon.
    let is_of_bank = glance.digits == 5 && recognise::could_be_rib(text, at);
    let beside = match glance.digits {
        _ if is_of_bank => REACH,
        4 | 5 => 16,
        _ => 12,
    };
    let is_stopped = |mask: &Range<usize>| {
        let between = &text[end..mask.start];
        between.len() >= beside && between.iter().any(|byte| stops(*byte))
            || !is_of_bank && between.contains(&b'=')
    };
    let is_of_digits = shapes & !shape::DIGITS == 0;
    let is_shut = is_of_digits && (glance.is_shut() || glance.digits >= 7 && !glance.goes_on());
    let (before, is_free) = if shapes & (shape::NAME | shape::PAIRS) != 0 {
        // What is behind a word is not asked where the one before it is of no name.
        (REACH, shapes == shape::NAME && !name::could_be_at(text, at))
    } else {
        (BEFORE, is_shut || shapes & !(shape::SECRET_KEY | shape::LONG) == 0)
    };
    masks.iter().all(|Mask { span: mask, .. }| {
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
        outline.draw(&DETECTOR.words, text, Form::Line).then(|| outline.bytes().to_owned())
    }

    /// What is found with what is remembered; in a line, without its anchors.
    fn found(
        detector: &Detector,
        text: &[u8],
        place: Place<'_>,
        memory: &mut Memory,
    ) -> Vec<Candidate> {
        let (mut in_text, mut found) = (Vec::new(), Vec::new());
        if place.form == Form::Line {
            detector.find_in_line(text, &mut in_text, memory, &mut found);
        } else {
            anchors(text, &mut in_text);
            detector.find(text, &in_text, 0, &place, memory, &mut found);
        }
        found
    }

    /// What is found at the anchors of a text that is the first.
    fn found_anew(detector: &Detector, text: &[u8], place: Place<'_>) -> Vec<Candidate> {
        let (mut in_text, mut found) = (Vec::new(), Vec::new());
        anchors(text, &mut in_text);
        detector.find(text, &in_text, 0, &place, &mut Memory::default(), &mut found);
        found
    }

    /// `text` with other digits, as `draws` says: of any kind where its outline has a mask, and with other
    /// paths and mailboxes.
    fn redrawn(text: &[u8], form: Form, draws: &[u8]) -> Vec<u8> {
        const PATHS: [&str; 8] = [
            "/",
            "/order",
            "/v2/bearer",
            "/users/invoice",
            "/x_y//z-",
            "/tel",
            "/basic",
            "/aa/bb/cc/dd/ee/ff/gg",
        ];
        const MAILBOXES: [&str; 6] =
            ["ab", "jean.dupont", "invoice.token77", "xy.password", "tel", "ab.fghijk123"];
        const DOMAINS: [&str; 6] =
            ["example.com", "a.mail.example.net", "order.token", "xy.bearer", "de", "ab.password"];
        const QUADS: [&str; 5] =
            ["192.0.2.1", "198.51.100.255", "1.2.3.4", "0.0.0.0", "19.9.198.0"];
        const V6: [&str; 6] = [
            "2001:db8::1",
            "2001:db8:a:b:c:d:e:f",
            "fe80::be71:1",
            "2001:0:12:34:56:78:9a:bc",
            "2001:db8::",
            "1999:::1",
        ];
        let mut outline = Outline::default();
        if !outline.draw(&DETECTOR.words, text, form) {
            return text.to_owned();
        }
        let (mut redrawn, mut at) = (Vec::new(), 0);
        while at < text.len() {
            let draw = draws[at % draws.len()] ^ (at / draws.len()) as u8;
            let mask = outline.masks().iter().find(|mask| mask.span.contains(&at));
            match mask {
                Some(Mask { span, is }) if is.is_fold() => {
                    let draw = usize::from(draw);
                    let other = match (is, text[at], text[..at].last()) {
                        (Masked::Quad, ..) => QUADS[draw % QUADS.len()],
                        (Masked::V6, ..) => V6[draw % V6.len()],
                        (_, b'/', _) => PATHS[draw % PATHS.len()],
                        (_, _, Some(b'@')) => DOMAINS[draw % DOMAINS.len()],
                        _ => MAILBOXES[draw % MAILBOXES.len()],
                    };
                    redrawn.extend_from_slice(other.as_bytes());
                    at = span.end;
                    continue;
                }
                Some(_) if text[at] != b'-' => {
                    redrawn.push(b"0123456789abcdef"[usize::from(draw % 16)]);
                }
                // One in four stays, so that what is valid has a chance to be so again.
                None if outline.bytes()[outline.in_outline(at)] == b'0' && draw >= 64 => {
                    redrawn.push(b'0' + draw % 10);
                }
                _ => redrawn.push(text[at]),
            }
            at += 1;
        }
        redrawn
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
            "|[a-z]{2,5}=[0-9]{5,18} [a-z]{1,6}=|[a-z]{2,6}@[a-z]{2,4}-[0-9]{1,2}[ .]",
            "|(Dr\\. |[(])?[A-Z][a-z]{2,6}( [A-Z][a-z]{2,4})? [A-Z]{2,5}[ /:]| (mr|van) [A-Z]{1,2}[a-z]?",
            "|[0-9]{5} [a-z]{3,9}=[0-9]{2} |(FR|SE|fr)[0-9]{2}( ?[0-9]{4}){1,6}X?",
            "|[ \"+(]{1,2}[0-9]{2,4}[) ]{0,2}([-. /][0-9]{2,6}){1,4}| 00[0-9]{2}( [0-9]{2,4}){3}",
            "|https://x\\.com/[a-z]{3}[0-9]{2}|[A-Za-z0-9]{16,24}|(Jean|Marie) (Martin|Dupont)",
            "|[0-9a-f]{8,9}([ .:-][0-9]{1,3}){1,4}|[0-9a-f]{8,9}[ :=]{1,2}(Jean )?[A-Z][a-z]{3,7}",
            "| /[a-z]{1,5}(/[a-z]{1,9}|/v[0-9]|-[a-z]{2}){0,3}[ ?\"]| \"(GET|POST) /[a-z/]{0,20} HTTP/1\\.1\"",
            "|[ <\"]([a-z]{2,5}\\.)?[a-z]{3,6}[0-9]{0,2}@(example|mail\\.example)\\.com[ >\",]",
            "){2,14}"
        )
        .prop_map(|line: String| line)
    }

    /// Who asked for what, with numbers near: addresses, paths and words that say something.
    fn requests() -> impl Strategy<Value = String> {
        concat!(
            "(( |\\[|=|\")(1?[0-9]{1,2})(\\.1?[0-9]{1,2}){3}( - |\\] |\", |:[0-9]{2,5} |, | [a-z]{1,4}[ =])",
            "|( |\\[|\")(2001|2a01|fe80|2001:db8)(:[0-9a-f]{1,4}|::[0-9a-f]{2}){2,7}( |\\]:[0-9]{2} |\" )",
            "| /(invoice|tel|users|ssn|v1)(/[a-z]{2,5}){0,2}( |\\?id=[0-9]{5,11} )",
            "|(call|phone|born|sin|dob|order|nif|plate|imei|fax=|tel:|address=)[ \"]?",
            "|[0-9]{1,6}|0[1-7]([ .][0-9]{2}){4}|\\([2-9][0-9]{2}\\) [2-9][0-9]{2}-[0-9]{4}",
            "|[0-9]{7,11}|[0-9]{13,16}| [a-z]{2,4}=40[0-9]{0,9}|[0-9]{2}/[0-9]{2}/19[0-9]{2}|[0-9a-f]{16}|[A-Z]{1,2}[0-9]{2,8}",
            "|[A-Z]{1,3}|[a-z]{2,6}|[ ,.:=\"-]| - - \\[22/Nov/2025:00:0[0-9]:00 \\+0000\\] ){1,12}",
        )
        .prop_map(|line: String| line)
    }

    proptest! {
        #[test]
        fn what_is_found_does_not_depend_on_other_texts_of_the_outline(
            line in prop_oneof![lines(), requests()],
            is_cell in any::<bool>(),
            in_regions in any::<bool>(),
            draws in proptest::collection::vec(any::<u8>(), 3 * 97),
        ) {
            let detector = if in_regions { &*IN_REGIONS } else { &*DETECTOR };
            let place = if is_cell { Place::cell(Default::default()) } else { Place::LINE };
            let mut memory = Memory::default();
            let drawn = draws.chunks(97).map(|draws| redrawn(line.as_bytes(), place.form, draws));
            for text in drawn.chain([line.clone().into_bytes()]) {
                let found = found(detector, &text, place, &mut memory);
                prop_assert_eq!(found, found_anew(detector, &text, place));
            }
        }
    }

    #[test]
    fn where_a_number_ends_depends_on_the_mask_behind_a_colon() {
        let mut memory = Memory::default();
        for uuid in ["bb00a00a", "cc00a00b", "dd00a00c", "12345678"] {
            let line = format!("call 0199001234:{uuid}-0a00-0a00-0a00-0a0aa0a0a0aa");
            let found = found(&DETECTOR, line.as_bytes(), Place::LINE, &mut memory);
            assert_eq!(found, found_anew(&DETECTOR, line.as_bytes(), Place::LINE), "{uuid}");
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
            assert!(found(&DETECTOR, line.as_bytes(), Place::LINE, &mut memory).is_empty());
        }
        assert!(memory.outlines.live().is_empty());
    }
}
