//! The values of a column chunk as text, with the candidates in them: what every columnar job
//! starts from.
//!
//! Text is read as it is. What a typed column can hold depends on its name as well: a column of
//! 32-bit integers is a column of numbers, of telephone numbers or of addresses. So the hints of
//! the name choose how its values are spelled, and which of them are looked at at all. Most
//! columns of numbers hold nothing: those cost a look at their statistics, or a comparison a value.

use std::collections::HashMap;

use super::tally::{Tallied, Tally};
use crate::datamap::field::ValueType;
use crate::detect::probe::Probe;
use crate::detect::{Anchor, Candidate, Detector, Memory, Place, anchors};
use crate::format::columnar::{
    Identity, LeafClass, Number, Occupancy, ParquetError, ParquetFile, Rendering, Span, Texts,
    Value as Stored,
};
use crate::rules::{HintSet, KindId, Recogniser};

/// Fewer digits are no identifier, unless the name of the field says so: what no name speaks for is
/// no telephone number, card or identity number either.
const MIN_DIGITS: u32 = 7;
/// The smallest number of that many digits.
const MIN_NUMBER: u32 = 10_u32.pow(MIN_DIGITS - 1);
/// So many digits and fewer are what ids, counts and amounts in cents have: only a name tells them
/// from the numbers of people. 32-bit integers have no more.
const MAX_COMMON_DIGITS: u32 = 10;

/// The length of texts from which on the last byte of it, which stands in front of them, may be taken
/// for a part of their first word.
const GLUED: usize = 1 << 24;

/// So many digits and fewer are not searched where no name speaks for them, and numbers with so many
/// behind the point: see [`Reading::is_whole_only`].
const SHORT_DIGITS: u32 = 11;
const DECIMALS: std::ops::RangeInclusive<usize> = 10..=15;

/// So many bytes of values are spelled before they are looked at.
const SPELLED_BYTES: usize = 1 << 18;

/// The first address behind `0.0.0.0/8`, as an integer.
const MIN_ADDRESS: u32 = 1 << 24;

/// What the name of a field leads one to expect of typed values in it.
#[derive(Debug, Clone, Copy, Default)]
struct Expected {
    /// Something that is written in digits.
    digits: bool,
    /// A number with decimals that is more than a quantity.
    fractions: bool,
    addresses: bool,
    dates: bool,
    /// Whatever the name is: a pattern of the user's may match any number.
    anything: bool,
}

impl Expected {
    fn of(hints: HintSet, detector: &Detector) -> Self {
        let rules = detector.rules();
        let mut expected = Self { anything: detector.reads_everything(), ..Self::default() };
        for rule in rules.rules.iter().filter(|rule| hints.contains(rule.kind)) {
            match rule.recogniser {
                Recogniser::Phone
                | Recogniser::Card
                | Recogniser::DeviceId
                | Recogniser::Plate
                | Recogniser::Secret
                | Recogniser::Scheme(_) => expected.digits = true,
                Recogniser::Coordinates => expected.fractions = true,
                Recogniser::Ipv4 | Recogniser::Ipv6 | Recogniser::IpLocal => {
                    expected.addresses = true;
                }
                // A date is also written as one number; and whatever the user has in mind.
                Recogniser::BirthDate | Recogniser::Pattern(_) => {
                    (expected.digits, expected.dates) = (true, true);
                }
                Recogniser::Email
                | Recogniser::Iban
                | Recogniser::Ipv4Host
                | Recogniser::Mac
                | Recogniser::Name
                | Recogniser::Address
                | Recogniser::UrlProfile
                | Recogniser::UserAgent => {}
            }
        }
        expected
    }
}

/// How the values of a chunk are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    class: LeafClass,
    /// Nothing where they are not looked at.
    rendering: Option<Rendering>,
    /// Numbers below it in magnitude are passed over.
    least: u32,
    /// Whether the name leads to expect something that is found by its digits, or a user's pattern
    /// may match any.
    is_expected: bool,
}

impl Reading {
    /// How values of `class` are read where the name of the field leads to expect something;
    /// `are_addresses` looks whether the bytes of the chunk can be addresses.
    fn of(
        class: LeafClass,
        expected: &Expected,
        are_addresses: impl Fn() -> Result<bool, ParquetError>,
    ) -> Result<Self, ParquetError> {
        let (rendering, least) = match class {
            LeafClass::Text => (Some(Rendering::Text), 0),
            LeafClass::Binary | LeafClass::FixedText(4 | 16)
                if expected.addresses && are_addresses()? =>
            {
                (Some(Rendering::Address), 0)
            }
            LeafClass::Binary | LeafClass::FixedText(_) => (Some(Rendering::Text), 0),
            LeafClass::Number(number) if expected.addresses => {
                (Some(Rendering::Quad(number)), MIN_ADDRESS)
            }
            LeafClass::Number(
                number @ (Number::Float | Number::Double | Number::Decimal { .. }),
            ) if expected.fractions => (Some(Rendering::Fraction(number)), 0),
            LeafClass::Number(number) => {
                let whole = Some(Rendering::Whole(number));
                if expected.anything || expected.digits && number.digits() >= MIN_DIGITS {
                    (whole, 0)
                } else if number.digits() > MAX_COMMON_DIGITS {
                    (whole, MIN_NUMBER)
                } else {
                    (None, 0)
                }
            }
            LeafClass::Date(unit) => (expected.dates.then_some(Rendering::Date(unit)), 0),
            LeafClass::Other | LeafClass::Opaque => (None, 0),
        };
        let is_expected =
            expected.anything || expected.digits || expected.addresses || expected.dates;
        Ok(Self { class, rendering, least, is_expected })
    }

    /// What the map says that the values are.
    pub(super) fn value_type(&self) -> ValueType {
        match (self.class, self.rendering) {
            (_, Some(Rendering::Address)) => ValueType::Address,
            (LeafClass::Text | LeafClass::Binary, _) => ValueType::Text,
            (LeafClass::FixedText(_), _) => ValueType::Fixed,
            (LeafClass::Number(Number::Decimal { .. }), _) => ValueType::Decimal,
            (LeafClass::Number(Number::Float | Number::Double), _) => ValueType::Float,
            (LeafClass::Number(_), _) => ValueType::Integer,
            (LeafClass::Date(_), _) => ValueType::Date,
            (LeafClass::Other | LeafClass::Opaque, _) => ValueType::Other,
        }
    }

    /// Whether the values are read as they are, so that parts of them can become other text.
    pub(super) fn is_text(&self) -> bool {
        self.rendering == Some(Rendering::Text)
    }

    /// The text of a value, which may lie in `buffer`; nothing where nothing can be in it.
    fn text<'t>(&self, value: Stored<'t>, buffer: &'t mut Vec<u8>) -> Option<&'t [u8]> {
        if self.is_small(value) { None } else { self.rendering?.text(value, buffer) }
    }

    /// The text of a value in full, whatever it is; nothing where it has none.
    pub(super) fn spelled<'t>(
        &self,
        value: Stored<'t>,
        buffer: &'t mut Vec<u8>,
    ) -> Option<&'t [u8]> {
        match self.class {
            LeafClass::Number(_) | LeafClass::Date(_) => self.class.spelled(value, buffer),
            _ => self.rendering?.text(value, buffer),
        }
    }

    /// Whether a number can only be found as a whole, by what the name of its field says, so that
    /// nobody has to search it: cards and identifiers of devices have more digits, with so many behind
    /// the point it is no telephone number, and all else needs a word.
    fn is_whole_only(&self, text: &[u8]) -> bool {
        let are_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
        match self.rendering {
            Some(Rendering::Whole(_)) if !self.is_expected => {
                text.len() <= SHORT_DIGITS as usize && are_digits(text)
            }
            Some(Rendering::Fraction(_)) if !self.is_expected => {
                let unsigned = text.strip_prefix(b"-").unwrap_or(text);
                let Some(point) = memchr::memchr(b'.', unsigned) else { return false };
                let (whole, decimals) = (&unsigned[..point], &unsigned[point + 1..]);
                (1..=3).contains(&point)
                    && DECIMALS.contains(&decimals.len())
                    && are_digits(whole)
                    && are_digits(decimals)
            }
            _ => false,
        }
    }

    /// Whether a value is a number so small that nothing can be in it.
    fn is_small(&self, value: Stored<'_>) -> bool {
        match self.rendering {
            Some(Rendering::Whole(number) | Rendering::Quad(number)) => {
                self.least > 0 && number.is_below(self.least, value)
            }
            _ => false,
        }
    }
}

/// The chunk of a leaf in a row group, and how it is read.
pub(super) struct ColumnChunk<'a> {
    parquet: &'a ParquetFile,
    row_group: usize,
    leaf: usize,
    pub(super) reading: Reading,
}

impl<'a> ColumnChunk<'a> {
    /// Decides how a chunk is read, given the hints of its name.
    ///
    /// # Errors
    /// Those of reading it, which is done where only the values tell addresses from text.
    pub(super) fn new(
        detector: &Detector,
        parquet: &'a ParquetFile,
        row_group: usize,
        leaf: usize,
        hints: HintSet,
    ) -> Result<Self, ParquetError> {
        let class = parquet.leaves()[leaf].class;
        let expected = Expected::of(hints, detector);
        let reading = Reading::of(class, &expected, || holds_addresses(parquet, row_group, leaf))?;
        Ok(Self { parquet, row_group, leaf, reading })
    }

    /// What the values are.
    pub(super) fn class(&self) -> LeafClass {
        self.reading.class
    }

    /// Calls `visit` with the values in which something can be, in order; returns how many others
    /// there are, and how many nulls.
    ///
    /// The entries of a dictionary of text are looked at once each.
    ///
    /// # Errors
    /// Those of reading.
    pub(super) fn for_each(
        &self,
        detector: &Detector,
        place: Place<'_>,
        mut visit: impl FnMut(Value<'_>),
    ) -> Result<Occupancy, ParquetError> {
        let Self { parquet, row_group, leaf, reading } = self;
        if let Some(all) = self.passed_over() {
            return Ok(all);
        }
        let first_record = parquet.first_record(*row_group);
        let mut scratch = Scratch::default();
        let mut known: HashMap<Identity, Vec<Candidate>> = HashMap::new();
        let mut passed_over = Occupancy::default();
        parquet.read::<ParquetError>(*row_group, *leaf, |batch| {
            passed_over.nulls += batch.nulls;
            for cell in &batch.cells {
                let record = first_record + cell.row;
                if let (Stored::Bytes(text), Some(identity)) = (cell.value, cell.identity)
                    && reading.is_text()
                {
                    let found = known.entry(identity).or_insert_with(|| {
                        let looked = scratch.look(detector, reading, place, None, cell.value);
                        looked.map(|(_, found)| std::mem::take(found)).unwrap_or_default()
                    });
                    visit(Value { record, text, found });
                } else if let Some((text, found)) =
                    scratch.look(detector, reading, place, None, cell.value)
                {
                    visit(Value { record, text, found });
                } else {
                    passed_over.values += 1;
                }
            }
            Ok(())
        })?;
        Ok(passed_over)
    }

    /// Calls `visit` with the values in which something can be, in no order, each distinct text once;
    /// returns how many others there are, and how many nulls.
    ///
    /// # Errors
    /// Those of reading.
    pub(super) fn tally(
        &self,
        detector: &Detector,
        place: Place<'_>,
        visit: impl FnMut(Tallied<'_>),
    ) -> Result<Occupancy, ParquetError> {
        self.tally_with(&mut Scratch::default(), detector, place, visit)
    }

    /// The same in the memory of a worker.
    ///
    /// # Errors
    /// Those of reading.
    pub(super) fn tally_with(
        &self,
        scratch: &mut Scratch,
        detector: &Detector,
        place: Place<'_>,
        mut visit: impl FnMut(Tallied<'_>),
    ) -> Result<Occupancy, ParquetError> {
        let Self { parquet, row_group, leaf, reading } = self;
        if reading.is_text() {
            let first = parquet.first_record(*row_group);
            let expected = parquet.slots(*row_group, *leaf);
            let mut tally = Tally::new(detector, place, scratch, first, expected, &mut visit);
            if let Some(nulls) = parquet.read_texts(*row_group, *leaf, &mut tally)? {
                return Ok(Occupancy { values: 0, nulls });
            }
        }
        self.tally_spelled(scratch, detector, place, visit)
    }

    /// The same for values that are not read page by page: they are spelled one behind another, a
    /// batch at a time.
    fn tally_spelled(
        &self,
        scratch: &mut Scratch,
        detector: &Detector,
        place: Place<'_>,
        mut visit: impl FnMut(Tallied<'_>),
    ) -> Result<Occupancy, ParquetError> {
        let Self { parquet, row_group, leaf, reading } = self;
        if let Some(all) = self.passed_over() {
            return Ok(all);
        }
        let first_record = parquet.first_record(*row_group);
        let mut spelled = Spelled::default();
        let mut passed_over = Occupancy::default();
        parquet.read::<ParquetError>(*row_group, *leaf, |batch| {
            passed_over.nulls += batch.nulls;
            for cell in &batch.cells {
                let record = first_record + cell.row;
                let Scratch { rendered, found, memory, .. } = scratch;
                let Some(text) = reading.text(cell.value, rendered) else {
                    passed_over.values += 1;
                    continue;
                };
                if reading.is_whole_only(text) {
                    found.clear();
                    detector.find(text, &[], 0, &place, memory, found);
                    visit(Tallied { text, found, times: 1, records: &[record] });
                } else {
                    spelled.push(text, record);
                }
                if spelled.bytes.len() > SPELLED_BYTES {
                    spelled.look_at(detector, place, scratch, &mut visit);
                }
            }
            spelled.look_at(detector, place, scratch, &mut visit);
            Ok(())
        })?;
        Ok(passed_over)
    }

    /// The values and nulls, where nothing is in any of them as far as that is known without reading
    /// them.
    fn passed_over(&self) -> Option<Occupancy> {
        let Self { parquet, row_group, leaf, .. } = self;
        let all = Occupancy { values: parquet.rows(*row_group), nulls: 0 };
        self.holds_nothing().then(|| parquet.occupancy(*row_group, *leaf).unwrap_or(all))
    }

    /// Whether nothing is in any of the values, as far as that is known without reading them.
    fn holds_nothing(&self) -> bool {
        let Self { parquet, row_group, leaf, reading } = self;
        reading.rendering.is_none()
            || reading.least > 0
                && parquet
                    .bounds(*row_group, *leaf)
                    .is_some_and(|bounds| bounds.iter().all(|bound| reading.is_small(*bound)))
    }
}

/// Whether all values of a chunk are 4 or 16 bytes, and none of them spells an address as text.
fn holds_addresses(
    parquet: &ParquetFile,
    row_group: usize,
    leaf: usize,
) -> Result<bool, ParquetError> {
    let is_address = |value: Stored<'_>| match value {
        Stored::Bytes(bytes) => match bytes.len() {
            4 => true,
            // Chance makes sixteen bytes of these characters once in 10^16 addresses.
            16 => !bytes.iter().all(|b| b.is_ascii_hexdigit() || b".: \0".contains(b)),
            _ => false,
        },
        _ => false,
    };
    let mut all = true;
    parquet.read::<ParquetError>(row_group, leaf, |batch| {
        all = all && batch.cells.iter().all(|cell| is_address(cell.value));
        Ok(())
    })?;
    Ok(all)
}

/// Values as they are spelled, one behind another.
#[derive(Default)]
struct Spelled {
    bytes: Vec<u8>,
    spans: Vec<Span>,
    records: Vec<u64>,
}

impl Spelled {
    fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
        self.records.clear();
    }

    fn push(&mut self, text: &[u8], record: u64) {
        self.bytes.extend_from_slice(&Texts::GAP);
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(text);
        self.spans.push(Span { start, end: self.bytes.len() as u32 });
        self.records.push(record);
    }

    /// Looks at all of them, and forgets them.
    fn look_at(
        &mut self,
        detector: &Detector,
        place: Place<'_>,
        scratch: &mut Scratch,
        visit: &mut impl FnMut(Tallied<'_>),
    ) {
        let texts = Texts { bytes: &self.bytes, spans: &self.spans };
        scratch.look_at_all(
            detector,
            place,
            texts,
            |_| true,
            |number, text, found| {
                let records = &self.records[number..=number];
                visit(Tallied { text, found, times: 1, records });
            },
        );
        self.clear();
    }
}

/// Memory of one worker that is used again for each value.
#[derive(Default)]
pub(super) struct Scratch {
    anchors: Vec<Anchor>,
    found: Vec<Candidate>,
    rendered: Vec<u8>,
    memory: Memory,
}

impl Scratch {
    /// One in which `memory` is used.
    pub(super) fn with(memory: Memory) -> Self {
        Self { memory, ..Self::default() }
    }

    /// What was asked of the texts, where that is counted.
    pub(super) fn probe(&self) -> Option<&Probe> {
        self.memory.probe()
    }

    /// The text of a value and the candidates in it; nothing where nothing can be in it. Of one that
    /// plainly is of the kind that all of them are, no more is asked.
    pub(super) fn look<'t>(
        &'t mut self,
        detector: &Detector,
        reading: &Reading,
        place: Place<'_>,
        whole: Option<KindId>,
        value: Stored<'t>,
    ) -> Option<(&'t [u8], &'t mut Vec<Candidate>)> {
        let text = reading.text(value, &mut self.rendered)?;
        find(detector, place, whole, text, &mut self.anchors, &mut self.memory, &mut self.found);
        Some((text, &mut self.found))
    }

    /// The same for a value that becomes text, in which a later run can find what a text holds: one that
    /// is not looked at is spelled in full. Nothing where it has no text.
    pub(super) fn look_as_text<'t>(
        &'t mut self,
        detector: &Detector,
        reading: &Reading,
        place: Place<'_>,
        whole: Option<KindId>,
        value: Stored<'t>,
    ) -> Option<(&'t [u8], &'t mut Vec<Candidate>)> {
        let text = if reading.text(value, &mut self.rendered).is_some() {
            reading.text(value, &mut self.rendered)?
        } else {
            reading.spelled(value, &mut self.rendered)?
        };
        find(detector, place, whole, text, &mut self.anchors, &mut self.memory, &mut self.found);
        Some((text, &mut self.found))
    }

    /// Calls `visit` with each of `texts` that is `wanted`, its number, and the candidates in it.
    ///
    /// The anchors of all of them are found at once, which is faster for short texts.
    pub(super) fn look_at_all(
        &mut self,
        detector: &Detector,
        place: Place<'_>,
        texts: Texts<'_>,
        wanted: impl Fn(usize) -> bool,
        mut visit: impl FnMut(usize, &[u8], &mut [Candidate]),
    ) {
        let Self { anchors: in_all, found, memory, .. } = self;
        in_all.clear();
        memory.anchors(texts.bytes_between(), in_all);
        let base = texts.base();
        let mut next = 0;
        for (number, span) in texts.spans.iter().enumerate() {
            let (start, end) = (span.start - base, span.end - base);
            next += in_all[next..].iter().take_while(|anchor| anchor.at < start).count();
            let of_text = in_all[next..].iter().take_while(|anchor| anchor.at < end).count();
            if !wanted(number) {
                continue;
            }
            let text = texts.at(number);
            found.clear();
            if text.len() < GLUED {
                let of_text = &in_all[next..next + of_text];
                detector.find(text, of_text, start as usize, &place, memory, found);
            } else {
                let mut alone = Vec::new();
                memory.anchors(text, &mut alone);
                detector.find(text, &alone, 0, &place, memory, found);
            }
            visit(number, text, found);
        }
    }
}

/// Fills `found` with the candidates in a text.
fn find(
    detector: &Detector,
    place: Place<'_>,
    whole: Option<KindId>,
    text: &[u8],
    in_text: &mut Vec<Anchor>,
    memory: &mut Memory,
    found: &mut Vec<Candidate>,
) {
    found.clear();
    found.extend(whole.and_then(|kind| detector.find_plain(kind, place.inferred, text)));
    if found.is_empty() {
        in_text.clear();
        anchors(text, in_text);
        detector.find(text, in_text, 0, &place, memory, found);
    }
}

/// One value that was looked at.
pub(super) struct Value<'a> {
    /// 1-based in the file.
    pub(super) record: u64,
    /// As the reading spells it.
    pub(super) text: &'a [u8],
    /// In order of place.
    pub(super) found: &'a mut [Candidate],
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::format::columnar::TimeUnit;
    use crate::kind::Region;
    use crate::rules::RuleSet;

    const SIGNED: LeafClass = LeafClass::Number(Number::Signed(32));
    const LONG: LeafClass = LeafClass::Number(Number::Signed(64));

    fn detector(rules: RuleSet) -> Detector {
        Detector::new(Arc::new(rules), Vec::new()).unwrap()
    }

    fn of_name(name: &str, class: LeafClass) -> Reading {
        let detector = detector(RuleSet::builtin());
        let expected = Expected::of(detector.rules().hinted(name), &detector);
        Reading::of(class, &expected, || Ok(true)).unwrap()
    }

    fn spelled(reading: Reading, value: Stored<'_>) -> Option<String> {
        let mut buffer = Vec::new();
        reading.text(value, &mut buffer).map(|text| String::from_utf8(text.to_vec()).unwrap())
    }

    #[test]
    fn numbers_of_few_digits_are_read_where_a_name_speaks_for_them() {
        let decimal = |precision, scale| LeafClass::Number(Number::Decimal { precision, scale });
        let unsigned = LeafClass::Number(Number::Unsigned(32));
        let single = LeafClass::Number(Number::Float);
        for class in [SIGNED, unsigned, single, decimal(9, 0), decimal(12, 2)] {
            assert_eq!(of_name("quantity", class).rendering, None, "{class:?}");
            assert!(of_name("phone", class).rendering.is_some(), "{class:?}");
        }
        for class in [LeafClass::Number(Number::Signed(16)), decimal(12, 6)] {
            assert_eq!(of_name("phone", class).rendering, None, "{class:?}");
        }
    }

    #[test]
    fn small_values_of_wide_numbers_are_passed_over_unless_a_name_speaks_for_them() {
        let double = LeafClass::Number(Number::Double);
        for (small, large, class) in [
            (Stored::Integer(999_999), Stored::Integer(1_000_000), LONG),
            (Stored::Float(-999_999.0), Stored::Float(-1_000_000.0), double),
        ] {
            let unnamed = of_name("n", class);
            assert!(spelled(unnamed, small).is_none() && spelled(unnamed, large).is_some());
            assert!(spelled(of_name("phone", class), small).is_some());
        }
    }

    #[test]
    fn a_pattern_of_the_user_sees_every_number() {
        let folder = tempfile::tempdir().unwrap();
        let rule = r#"
            id = "badge"
            kind = "badge"
            prefix = "bdg"
            category = "identity"
            operator = "token"
            description = "A badge."
            pattern = "[0-9]{5}"
            references = ["the register of badges"]
            [confidence]
            certain = 0.9
            supported = 0.9
            bare = 0.9
            shape = 0.1
            [examples]
            match = ["12345"]
            no_match = ["1234"]
        "#;
        std::fs::write(folder.path().join("badge.toml"), rule).unwrap();
        let detector = detector(RuleSet::load(Some(folder.path())).unwrap());
        let expected = Expected::of(detector.rules().hinted("quantity"), &detector);
        let reading = Reading::of(SIGNED, &expected, || Ok(true)).unwrap();
        assert_eq!(spelled(reading, Stored::Integer(12_345)).as_deref(), Some("12345"));
    }

    #[test]
    fn integers_and_bytes_are_addresses_where_the_name_says_so() {
        let address = Stored::Integer(0xc000_0201);
        assert_eq!(spelled(of_name("client_ip", LONG), address).as_deref(), Some("192.0.2.1"));
        assert_eq!(spelled(of_name("client", LONG), address).as_deref(), Some("3221225985"));
        assert_eq!(spelled(of_name("client_ip", SIGNED), Stored::Integer(65_535)), None);
        let bytes = Stored::Bytes(&[192, 0, 2, 1]);
        for class in [LeafClass::Binary, LeafClass::FixedText(4), LeafClass::FixedText(16)] {
            let reading = of_name("client_ip", class);
            assert_eq!(spelled(reading, bytes).as_deref(), Some("192.0.2.1"));
            assert_eq!((reading.is_text(), reading.value_type()), (false, ValueType::Address));
            assert!(of_name("digest", class).is_text());
        }
        for class in [LeafClass::Text, LeafClass::FixedText(15)] {
            assert!(of_name("client_ip", class).is_text());
        }
    }

    #[test]
    fn bytes_are_text_where_the_values_say_so() {
        let detector = detector(RuleSet::builtin());
        let expected = Expected::of(detector.rules().hinted("client_ip"), &detector);
        let reading = Reading::of(LeafClass::Binary, &expected, || Ok(false)).unwrap();
        assert!(reading.is_text());
    }

    #[test]
    fn dates_are_read_for_a_kind_that_is_a_date() {
        let class = LeafClass::Date(TimeUnit::Days);
        for name in ["created", "phone", "client_ip"] {
            let reading = of_name(name, class);
            assert_eq!((reading.rendering, reading.value_type()), (None, ValueType::Date));
        }
        let reading = of_name("birth_date", class);
        assert_eq!(spelled(reading, Stored::Integer(-1)).as_deref(), Some("1969-12-31"));
        let as_number = of_name("birth_date", SIGNED);
        let number = Stored::Integer(19_800_503);
        assert_eq!(spelled(as_number, number).as_deref(), Some("19800503"));
    }

    #[test]
    fn fractions_are_read_where_the_name_says_that_they_are_a_place() {
        let double = LeafClass::Number(Number::Double);
        let value = Stored::Float(48.8566);
        assert_eq!(spelled(of_name("latitude", double), value).as_deref(), Some("48.8566"));
        assert_eq!(spelled(of_name("price", double), value), None);
    }

    /// What texts are put together of.
    const PIECES: &[&str] = &[
        "jean.dupont@example.com",
        "@",
        "+33 1 99 00 12 34",
        "tel: ",
        "0199001234",
        "192.0.2.1",
        "FR76 3000 6000 0112 3456 7890 189",
        "4111111111111111",
        "12 rue de Lyon, 69000 Lyon",
        "no. ",
        "a%40b.example",
        " ",
        "é",
        "\n",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn of_texts_beside_each_other_the_same_is_found_as_of_each_alone(
            texts in prop::collection::vec(
                prop::collection::vec(prop::sample::select(PIECES), 0..6).prop_map(|it| it.concat()),
                1..20,
            ),
        ) {
            let detector = detector(RuleSet::builtin());
            let (mut bytes, mut spans) = (Vec::new(), Vec::new());
            for text in &texts {
                // As in a page.
                bytes.extend((text.len() as u32).to_le_bytes());
                let start = bytes.len() as u32;
                bytes.extend(text.as_bytes());
                spans.push(Span { start, end: bytes.len() as u32 });
            }
            let place = Place::cell(detector.rules().hinted("notes"));
            let reading = of_name("notes", LeafClass::Text);
            let (mut scratch, mut alone) = (Scratch::default(), Scratch::default());
            let mut seen = 0;
            let beside = Texts { bytes: &bytes, spans: &spans };
            scratch.look_at_all(&detector, place, beside, |_| true, |number, text, found| {
                assert_eq!((number, text), (seen, texts[number].as_bytes()));
                let value = Stored::Bytes(text);
                let (_, expected) = alone.look(&detector, &reading, place, None, value).unwrap();
                assert_eq!(format!("{found:?}"), format!("{expected:?}"));
                seen += 1;
            });
            prop_assert_eq!(seen, texts.len());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_not_searched_is_found_as_a_whole(
            digits in 1..=SHORT_DIGITS,
            seeds in prop::collection::vec(any::<u64>(), 100),
            with_regions: bool,
        ) {
            let codes = if with_regions { &["FR", "US", "DE", "IN", "CN"][..] } else { &[] };
            let regions = codes.iter().map(|code| Region::new(code).unwrap()).collect();
            let detector = Detector::new(Arc::new(RuleSet::builtin()), regions).unwrap();
            let mut scratch = Scratch::default();
            let mut checked = 0;
            for (seed, name) in seeds.into_iter().zip(["n", "order_no", "email", "lat"].iter().cycle()) {
                let degrees = seed as f64 / 1e19 * 180.0 - 90.0;
                let integer = (seed % 10_u64.pow(digits)).cast_signed();
                let double = LeafClass::Number(Number::Double);
                for (value, class) in [(Stored::Integer(integer), LONG), (Stored::Float(degrees), double)] {
                    let reading = Reading { least: 0, ..of_name(name, class) };
                    let Some(text) = spelled(reading, value) else { continue };
                    if reading.is_whole_only(text.as_bytes()) {
                        checked += 1;
                        let place = Place::cell(detector.rules().hinted(name));
                        let mut unsearched = Vec::new();
                        let memory = &mut Memory::default();
                        detector.find(text.as_bytes(), &[], 0, &place, memory, &mut unsearched);
                        let (_, found) = scratch.look(&detector, &reading, place, None, value).unwrap();
                        prop_assert_eq!(format!("{found:?}"), format!("{unsearched:?}"), "{}", text);
                    }
                }
            }
            prop_assert!(checked > 0);
        }
    }
}
