//! The survey: every value is looked at and counted.

use std::collections::HashMap;
use std::sync::Arc;

use super::columns::{self, ColumnChunk};
use super::drive::{Job, Task};
use super::input::{Content, Identified};
use super::names::{self, Name, Shown};
use super::profile::{Stopwatch, UnitOfWork, Work};
use super::tally::Tallied;
use super::values::{Look, Note, Scratch, Site, Value, for_each_by_field};
use crate::datamap::document::HEADINGS;
use crate::datamap::field::{At, ValueType};
use crate::datamap::template::Template;
use crate::datamap::{DataMap, DatasetCounts, FieldKey, Observation, Sight};
use crate::detect::makeup::Makeup;
use crate::detect::probe::{Probe, metered};
use crate::detect::{Candidate, Class, Detector, Memory, Place};
use crate::format::columnar::{LeafClass, ParquetFile};
use crate::format::text::log::key_before;
use crate::format::text::{Chunk, Escape, FieldIx, TextFormat};
use crate::kind;
use crate::protect::operator::is_redacted;
use crate::protect::pseudonym::Digester;
use crate::protect::recognise::TokenShape;
use crate::protect::surrogate::{self, SurrogateError};
use crate::rules::{HintSet, RuleSet};

/// Shown in the place of the fields of a row that has more or fewer cells than its table.
pub(super) const RAGGED: &str = "(ragged row)";

/// Counts what is in each field.
pub(super) struct Survey<'a> {
    pub(super) detector: &'a Detector,
    pub(super) digester: &'a Digester,
    pub(super) tokens: &'a TokenShape,
    /// Only files whose fields get a verdict.
    pub(super) fields_only: bool,
    /// Counts what it costs, too.
    pub(super) profiled: bool,
    /// Whether somebody asks which values have a surrogate.
    pub(super) for_surrogates: bool,
}

/// What one worker has counted.
#[derive(Default)]
pub(super) struct Counted {
    pub(super) map: DataMap,
    scratch: Scratch<Noted>,
    columns: columns::Scratch,
    names: Shown,
    lines: LineFields,
    work: Option<Box<[Work; 2]>>,
}

/// The fields that lines have: their keys and templates come again and again.
#[derive(Default)]
struct LineFields {
    /// The slots of keys, good for one chunk.
    of_keys: HashMap<Box<str>, usize>,
    templates: Templates,
    /// Of the line at hand: where a candidate starts, and its slot.
    slots: Vec<(usize, usize)>,
}

impl LineFields {
    /// Forgets the slots.
    fn next_chunk(&mut self) {
        self.of_keys.clear();
        self.templates.next_chunk();
    }
}

/// The templates that came, by number: to draw one takes longer than to find something in its line.
#[derive(Default)]
struct Templates {
    template: Template,
    numbers: HashMap<Arc<str>, usize>,
    /// By number; the slots are good for one chunk.
    drawn: Vec<(Arc<str>, Option<usize>)>,
    /// The number of the template of a statement.
    of_statements: HashMap<Box<[u32]>, usize>,
}

impl Templates {
    /// More are not kept from one chunk to the next.
    const MAX: usize = 1 << 13;

    fn next_chunk(&mut self) {
        if self.drawn.len() > Self::MAX {
            *self = Self::default();
        } else if self.of_statements.len() > Self::MAX {
            self.of_statements.clear();
        }
        self.drawn.iter_mut().for_each(|(_, slot)| *slot = None);
    }

    /// The slot of the template of `line`, in which these spans were found, as in all lines that
    /// `statement` wrote; `slot` makes one.
    fn slot<'k>(
        &mut self,
        statement: Option<&[u32]>,
        line: &[u8],
        spans: impl Iterator<Item = (usize, usize, &'k str)>,
        slot: impl FnOnce(&str) -> usize,
    ) -> usize {
        let known = statement.and_then(|statement| self.of_statements.get(statement)).copied();
        let number = known.unwrap_or_else(|| {
            let template = self.template.of(line, spans);
            let number = self.numbers.get(template).copied().unwrap_or_else(|| {
                let (template, number) = (Arc::from(template), self.drawn.len());
                self.drawn.push((Arc::clone(&template), None));
                self.numbers.insert(template, number);
                number
            });
            if let Some(statement) = statement {
                self.of_statements.insert(statement.into(), number);
            }
            number
        });
        let (template, known) = &mut self.drawn[number];
        *known.get_or_insert_with(|| slot(template))
    }
}

impl Counted {
    /// What the units of text and of columns cost, where that was counted.
    pub(super) fn worked(&self) -> Option<[(&Work, &Probe); 2]> {
        let [text, columns] = &**self.work.as_ref()?;
        Some([(text, self.scratch.probe()?), (columns, self.columns.probe()?)])
    }
}

/// What was noted of a value when it was first counted.
#[derive(Default)]
struct Noted {
    judged: Option<Judged>,
    /// Of each candidate's canonical form.
    digests: Digests,
}

impl Note for Noted {
    const WITH_CANDIDATES: bool = true;
}

/// The digests of a value's candidates: most have one, and nothing is allocated for it.
#[derive(Default)]
enum Digests {
    #[default]
    None,
    One([u64; 1]),
    Many(Box<[u64]>),
}

impl Digests {
    fn of(found: &[Candidate], digest: impl Fn(&Candidate) -> u64) -> Self {
        match found {
            [] => Self::None,
            [candidate] => Self::One([digest(candidate)]),
            found => Self::Many(found.iter().map(digest).collect()),
        }
    }

    fn as_slice(&self) -> &[u64] {
        match self {
            Self::None => &[],
            Self::One(digest) => digest,
            Self::Many(digests) => digests,
        }
    }
}

/// What a value is as a whole.
#[derive(Clone, Copy)]
enum Judged {
    /// Nothing but white space.
    Null,
    /// A pseudonym already.
    Protected,
    Value(Sight),
}

/// Where a value stands first, how often it stands in all, and the next records it stands in.
#[derive(Clone, Copy)]
struct Seen<'a> {
    at: &'a At,
    times: u64,
    again: &'a [u64],
}

impl<'a> Seen<'a> {
    fn once(at: &'a At) -> Self {
        Self { at, times: 1, again: &[] }
    }
}

/// A field of the chunk at hand.
#[derive(Clone)]
struct Slot {
    slot: usize,
    hints: HintSet,
}

impl Job for Survey<'_> {
    type Part = ();
    type State = Counted;

    fn state(&self) -> Counted {
        if !self.profiled {
            return Counted::default();
        }
        let memory = || Memory::probing(self.rules());
        Counted {
            map: DataMap { by_rule: true, ..DataMap::default() },
            scratch: Scratch::with(memory()),
            columns: columns::Scratch::with(memory()),
            work: Some(Box::default()),
            ..Counted::default()
        }
    }

    fn wants(&self, content: &Content) -> bool {
        !self.fields_only || content.has_fields()
    }

    /// Leaves without values to read are units too: they are fields of the map.
    fn reads(&self, _task: &Task, _parquet: &ParquetFile, _leaf: usize) -> bool {
        true
    }

    fn text(
        &self,
        state: &mut Counted,
        task: &Task,
        format: &TextFormat,
        chunk: &Chunk,
    ) -> Result<(), String> {
        let Counted { map, scratch, names, lines, work, .. } = state;
        let unit = work.as_ref().map(|work| work[0].start());
        let dataset = map.dataset(&task.file.input.dataset);
        lines.next_chunk();
        format.cells(chunk, &mut scratch.cells);
        dataset.records += scratch.cells.records;
        dataset.malformed += scratch.cells.ragged + broken_records(&scratch.cells.malformed);
        let slots = self.slots(format, scratch, names, dataset);
        if let Some(unit) = &unit {
            unit.count_cells();
        }
        let file: Arc<str> = Arc::from(task.file.input.relative.as_str());
        let mut place = At { file, record: 0, start: 0 };
        let look = |field: FieldIx, ragged: bool| {
            Look::Into(Place::cell(if ragged { HintSet::EMPTY } else { hints_of(&slots, field) }))
        };
        let detector = self.detector;
        let mut observe = |value: Value<'_, Noted>| {
            place.record = value.record;
            match value.site {
                Site::Line { .. } => self.observe_line(dataset, value, &place, names, lines),
                Site::Cell(cell) => {
                    let slot = match slots.get(cell.field.0 as usize) {
                        Some(Some(slot)) if !cell.is_ragged => slot.slot,
                        _ => dataset.slot(&ragged_rows(), ValueType::Text, HintSet::EMPTY),
                    };
                    if cell.escape == Escape::JsonNumber {
                        let field = dataset.field(slot);
                        field.value_type = field.value_type.max(ValueType::Number);
                    }
                    let seen = Seen::once(&place);
                    let mut unkept = Noted::default();
                    let note = value.note.unwrap_or(&mut unkept);
                    self.observe_value(dataset, slot, value.text, value.found, seen, note);
                }
            }
        };
        for_each_by_field(detector, format, chunk, scratch, task.index, look, |value| {
            metered(unit.as_ref().map(UnitOfWork::of_observing), || observe(value), |()| true);
        });
        settle(dataset, unit);
        Ok(())
    }

    fn column(
        &self,
        state: &mut Counted,
        task: &Task,
        parquet: &ParquetFile,
        row_group: usize,
        leaf: usize,
    ) -> Result<(), String> {
        let Counted { map, columns: scratch, work, .. } = state;
        let unit = work.as_ref().map(|work| work[1].start());
        let dataset = map.dataset(&task.file.input.dataset);
        let described = &parquet.leaves()[leaf];
        let path = names::shown(self.detector, &described.path);
        if described.class == LeafClass::Opaque {
            return Err(not_read(&path, described.type_name));
        }
        let hints = self.rules().hinted(&path);
        let chunk = ColumnChunk::new(self.detector, parquet, row_group, leaf, hints)
            .map_err(|error| error.to_string())?;
        let key = FieldKey { position: u32::try_from(leaf).unwrap_or(u32::MAX), path };
        let value_type = chunk.reading.value_type();
        let slot = dataset.slot(&key, value_type, hints);
        dataset.field(slot).droppable &= described.nullable || value_type == ValueType::Text;
        let file: Arc<str> = Arc::from(task.file.input.relative.as_str());
        let mut at = At { file, record: 0, start: 0 };
        let mut observe = |Tallied { text, found, times, records }: Tallied<'_>| {
            let (first, again) = records.split_first().unwrap_or((&0, &[]));
            at.record = *first;
            let seen = Seen { at: &at, times, again };
            self.observe_value(dataset, slot, text, found, seen, &mut Noted::default());
        };
        let passed_over = chunk
            .tally_with(scratch, self.detector, Place::cell(hints), |tallied| {
                metered(
                    unit.as_ref().map(UnitOfWork::of_observing),
                    || observe(tallied),
                    |()| true,
                );
            })
            .map_err(|error| error.to_string())?;
        let field = dataset.field(slot);
        field.values += passed_over.values;
        field.nulls += passed_over.nulls;
        settle(dataset, unit);
        Ok(())
    }
}

impl Survey<'_> {
    /// Counts what is in the names of a file, of its partitions and of its columns. Of other names than
    /// those of partitions, only the ones that hold something count as values.
    pub(super) fn observe_names(&self, map: &mut DataMap, file: &Identified) {
        let dataset = map.dataset(&file.input.dataset);
        let at = At { file: Arc::from(file.input.relative.as_str()), record: 0, start: 0 };
        for Name { field, text } in names::of_file(file) {
            let place = match &*field {
                HEADINGS => Place::LINE,
                field => Place::cell(self.rules().hinted(field)),
            };
            let found = names::found_in(self.detector, text.as_bytes(), place);
            if field == HEADINGS && found.is_empty() {
                continue;
            }
            let key = FieldKey { position: FieldKey::LINES, path: field };
            let slot = dataset.slot(&key, ValueType::Key, place.hints);
            let note = &mut Noted::default();
            self.observe_value(dataset, slot, text.as_bytes(), &found, Seen::once(&at), note);
        }
        dataset.settle();
    }

    fn rules(&self) -> &RuleSet {
        self.detector.rules()
    }

    /// The fields that occur in a chunk, by their index.
    fn slots(
        &self,
        format: &TextFormat,
        scratch: &Scratch<Noted>,
        names: &mut Shown,
        dataset: &mut DatasetCounts,
    ) -> Vec<Option<Slot>> {
        let is_table = matches!(format, TextFormat::Csv { .. });
        let mut slots = Vec::new();
        // The first whole row of a table has every field of it.
        let mut missing = match format {
            TextFormat::Csv { names, .. } => names.len(),
            TextFormat::Log | TextFormat::Json(_) => usize::MAX,
        };
        for cell in &scratch.cells.cells {
            let index = cell.field.0 as usize;
            if cell.field == FieldIx::NONE || slots.get(index).is_some_and(Option::is_some) {
                continue;
            }
            if slots.len() <= index {
                slots.resize(index + 1, None);
            }
            let path = format.field_path(&scratch.cells, cell.field).unwrap_or_default();
            let path = names.of(self.detector, &path).to_owned();
            let hints = self.rules().hinted(&path);
            let position = if is_table { cell.field.0 } else { 0 };
            let slot = dataset.slot(&FieldKey { position, path }, ValueType::Text, hints);
            slots[index] = Some(Slot { slot, hints });
            missing -= 1;
            if missing == 0 {
                break;
            }
        }
        slots
    }

    /// Counts the findings of a line, each under its key or under the template of the line.
    fn observe_line(
        &self,
        dataset: &mut DatasetCounts,
        value: Value<'_, Noted>,
        at: &At,
        names: &mut Shown,
        lines: &mut LineFields,
    ) {
        let Value { text, found, statement, .. } = value;
        if found.is_empty() {
            return;
        }
        let LineFields { of_keys, templates, slots } = lines;
        let mut of_template = None;
        slots.clear();
        for candidate in &*found {
            let slot = match key_before(text, candidate.start) {
                Some(key) => slot_of(of_keys, key, || {
                    let path = names.of(self.detector, key).to_owned();
                    let key = FieldKey { position: FieldKey::LINES, path };
                    dataset.slot(&key, ValueType::Key, HintSet::EMPTY)
                }),
                None => *of_template.get_or_insert_with(|| {
                    templates.slot(statement, text, self.spans(found), |template| {
                        let key = FieldKey { position: FieldKey::LINES, path: template.to_owned() };
                        dataset.slot(&key, ValueType::Template, HintSet::EMPTY)
                    })
                }),
            };
            slots.push((candidate.start, slot));
        }
        // A line may be megabytes of findings; they stand in order.
        let slot_of = |candidate: &Candidate| {
            let place = slots.binary_search_by_key(&candidate.start, |(start, _)| *start);
            place.map_or(0, |place| slots[place].1)
        };
        found.sort_by_key(|candidate| (slot_of(candidate), candidate.start));
        let judged = Some(self.judge(kind::trim(text), Makeup::of_line));
        for of_slot in found.chunk_by(|a, b| slot_of(a) == slot_of(b)) {
            let slot = slot_of(&of_slot[0]);
            let seen = Seen::once(at);
            self.observe_value(
                dataset,
                slot,
                text,
                of_slot,
                seen,
                &mut Noted { judged, ..Noted::default() },
            );
        }
    }

    /// The findings of a line, each with the name of its kind.
    fn spans<'s>(
        &'s self,
        found: &'s [Candidate],
    ) -> impl Iterator<Item = (usize, usize, &'s str)> {
        found.iter().map(|found| (found.start, found.end, &*self.rules().kind(found.kind).name))
    }

    fn observe_value(
        &self,
        dataset: &mut DatasetCounts,
        slot: usize,
        text: &[u8],
        found: &[Candidate],
        seen: Seen<'_>,
        note: &mut Noted,
    ) {
        let Seen { at, times, again } = seen;
        // Most values of a table came before and hold nothing.
        if let Some(Judged::Value(Sight::Again(likeness))) = note.judged
            && found.is_empty()
        {
            return dataset.field(slot).count(likeness, times);
        }
        let value = kind::trim(text);
        let sight = match note.judged.unwrap_or_else(|| self.judge(value, Makeup::of)) {
            Judged::Null => {
                note.judged = Some(Judged::Null);
                dataset.field(slot).nulls += times;
                return;
            }
            Judged::Protected => {
                note.judged = Some(Judged::Protected);
                dataset.field(slot).protected += times;
                return;
            }
            Judged::Value(sight) => sight,
        };
        if let Sight::First(makeup) = sight {
            // Nor is there much to say of most others.
            if found.is_empty() {
                let likeness = dataset.observe_plain(slot, value, makeup, times);
                note.judged = Some(Judged::Value(Sight::Again(likeness)));
                return;
            }
            note.digests = Digests::of(found, |candidate| {
                self.digester.count(candidate.kind, &candidate.canonical)
            });
        }
        let masked = |candidate: &Candidate| names::masked(self.rules(), candidate, text);
        let digests = note.digests.as_slice();
        let is_new = matches!(sight, Sight::First(_));
        let observation = Observation { text, found, digests, at, times, again, sight };
        let likeness = dataset.observe(slot, &observation, masked);
        if self.for_surrogates && is_new {
            for candidate in found.iter().filter(|candidate| self.is_too_rare(candidate)) {
                dataset.field(slot).kinds.entry(candidate.kind).or_default().too_few += 1;
            }
        }
        note.judged = Some(Judged::Value(Sight::Again(likeness)));
    }

    /// Whether a candidate that nothing is weighed about has no surrogate, since so few values have its
    /// shape.
    fn is_too_rare(&self, candidate: &Candidate) -> bool {
        let name = &self.rules().kind(candidate.kind).name;
        candidate.class >= Class::Supported
            && surrogate::check(name, &candidate.canonical) == Err(SurrogateError::TooFew)
    }

    /// What `value` is, which has no white space around it.
    fn judge(&self, value: &[u8], makeup: fn(&[u8]) -> Makeup) -> Judged {
        let makeup = makeup(value);
        if value.is_empty() {
            Judged::Null
        } else if is_protected(self.tokens, self.rules(), value, makeup) {
            Judged::Protected
        } else {
            Judged::Value(Sight::First(makeup))
        }
    }
}

/// Whether a value of that makeup is what some operator made of one: a token, a mask, a redaction. A
/// hash has no mark of its own.
pub(super) fn is_protected(
    tokens: &TokenShape,
    rules: &RuleSet,
    value: &[u8],
    makeup: Makeup,
) -> bool {
    let is_of =
        |is_one: fn(&str, &[u8]) -> bool| rules.kinds.iter().any(|kind| is_one(&kind.name, value));
    tokens.kind_of(value).is_some()
        || makeup.has_star() && is_of(kind::mask::is_masked)
        || value.starts_with(b"[") && is_of(is_redacted)
}

/// The slot behind `name`, by `find` where it is not known.
fn slot_of(
    known: &mut HashMap<Box<str>, usize>,
    name: &str,
    find: impl FnOnce() -> usize,
) -> usize {
    known.get(name).copied().unwrap_or_else(|| {
        let slot = find();
        known.insert(name.into(), slot);
        slot
    })
}

/// Ends a unit, with its costs where they are counted.
fn settle(dataset: &mut DatasetCounts, unit: Option<UnitOfWork<'_>>) {
    let settling = unit.is_some().then(Stopwatch::start);
    dataset.settle();
    if let Some((unit, settling)) = unit.zip(settling) {
        unit.end(&settling);
    }
}

fn hints_of(slots: &[Option<Slot>], field: FieldIx) -> HintSet {
    slots.get(field.0 as usize).and_then(Option::as_ref).map_or(HintSet::EMPTY, |slot| slot.hints)
}

fn ragged_rows() -> FieldKey {
    FieldKey { position: FieldKey::LINES, path: RAGGED.to_owned() }
}

/// Spans of one record count once.
fn broken_records(spans: &[crate::format::text::Malformed]) -> u64 {
    spans.chunk_by(|a, b| a.record == b.record).count() as u64
}

/// Why a column may hold text and is not looked at.
pub(super) fn not_read(path: &str, type_name: &str) -> String {
    format!("column `{path}` is of type {type_name}, which is not read")
}
