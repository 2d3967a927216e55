//! The protection: every finding, and every value of a field that is of a kind, is replaced as the
//! plan says.

pub(super) mod column;
mod done;
pub(super) mod schema;
mod shift;

use std::collections::HashMap;
use std::ops::Range;

use self::column::Column;
pub(super) use self::done::{Done, Unmarked};
use super::drive::{Job, Task};
use super::listing::{Attention, Fields};
use super::memo::Table;
use super::names;
use super::survey::not_read;
use super::values::{Note, Scratch, Site, for_each_by_field};
use crate::datamap::document::HEADINGS;
use crate::datamap::finish::KnownField;
use crate::detect::{Candidate, Detector, Place, Written, canonical_of, value_of};
use crate::format::columnar::{LeafClass, ParquetFile, RewrittenChunk};
use crate::format::text::log::key_before;
use crate::format::text::{
    Cell, Cells, Chunk, Decoder, Edits, FieldIx, MAX_RECORD_BYTES, Part, Replacement, TextFormat,
    apply,
};
use crate::kind::{self, Canonical, Raw};
use crate::operator::{Operator, Treatment};
use crate::policy::plan::Whole;
use crate::policy::{FieldPlan, Plan};
use crate::protect::operator::{Outcome, Protector, is_redacted};
use crate::protect::recognise::TokenShape;
use crate::rules::KindId;
use crate::source::{FileIdentity, InputFile};

/// Replaces what the plan says.
pub(super) struct Masking<'a> {
    pub(super) detector: &'a Detector,
    pub(super) tokens: &'a TokenShape,
    pub(super) plan: &'a Plan,
    pub(super) protector: &'a Protector,
    /// The verdicts are those of this run, not of a map made earlier.
    pub(super) is_own_survey: bool,
    /// The files whose bytes the verdicts are about, as they were then.
    pub(super) surveyed: &'a HashMap<String, FileIdentity>,
    /// What earlier runs did in a file that leaves no mark of its own.
    pub(super) unmarked: &'a HashMap<String, Unmarked>,
}

/// A unit, protected.
pub(super) enum Protected {
    /// Text to be written behind what came before it.
    Text { bytes: Vec<u8>, done: Done },
    /// A column chunk; nothing where it only had to be looked at.
    Column { chunk: Option<(usize, Box<RewrittenChunk>)>, done: Done },
}

/// What becomes of a part of a value.
pub(super) struct Treated {
    pub(super) range: Range<usize>,
    /// Nothing where the part is dropped.
    pub(super) text: Option<Vec<u8>>,
    written: Written,
}

impl Treated {
    fn replacement(&self) -> Replacement<'_> {
        let text = self.text.as_deref().unwrap_or_default();
        Replacement { range: self.range.clone(), text }
    }
}

/// What the plan of a field asks about its values. What is kept is counted, and where every value is of
/// a kind, only what is made of its canonical form has to know that.
fn attention_under(plan: &FieldPlan) -> Attention {
    match plan.whole {
        Whole::Regardless(Operator::Keep) => Attention::None,
        Whole::Regardless(_) | Whole::Shift(_) => Attention::Text,
        Whole::Closure(_, treatment)
            if matches!(treatment.operator, Operator::Keep | Operator::Redact | Operator::Drop) =>
        {
            Attention::Text
        }
        Whole::Closure(kind, _) => Attention::Whole(kind),
        Whole::Findings => Attention::Content,
    }
}

/// The kinds that a field was found to hold.
fn kinds_in(known: &KnownField) -> Vec<KindId> {
    known.findings.iter().map(|(kind, _)| *kind).collect()
}

/// Writes each run of base64 in `text` anew in which something was treated.
fn encode(text: &[u8], treated: &mut Vec<Treated>) -> Result<(), String> {
    if !treated.iter().any(|part| matches!(part.written, Written::Encoded { .. })) {
        return Ok(());
    }
    let mut parts = std::mem::take(treated).into_iter().peekable();
    while let Some(part) = parts.next() {
        let Written::Encoded { run, span } = part.written else {
            treated.push(part);
            continue;
        };
        let mut edits = vec![(span, part.text.unwrap_or_default())];
        while let Some(part) = parts.next_if(|part| part.range.start < run.run().end)
            && let Written::Encoded { span, .. } = part.written
        {
            edits.push((span, part.text.unwrap_or_default()));
        }
        let edits = edits.iter().map(|(span, text)| (span.clone(), &text[..]));
        let text = run.rewritten(text, edits);
        let text = Some(text.ok_or("base64 that was read could not be read again")?);
        treated.push(Treated { range: run.run(), text, written: Written::Plain });
    }
    Ok(())
}

/// What becomes of a value, noted with it for when it comes again.
#[derive(Default)]
struct Noted(Option<Box<Made>>);

#[derive(Default)]
struct Made {
    /// In order of place.
    treated: Vec<Treated>,
    done: Done,
}

impl Note for Noted {
    const WITH_CANDIDATES: bool = false;
}

#[derive(Default)]
pub(super) struct State {
    scratch: Scratch<Noted>,
    decoder: Decoder,
    /// Of the last chunk.
    pub(super) edits: Edits,
    fields: Option<(Table, Fields)>,
}

impl Job for Masking<'_> {
    type Part = Protected;
    type State = State;

    fn state(&self) -> State {
        State::default()
    }

    fn reads(&self, task: &Task, parquet: &ParquetFile, leaf: usize) -> bool {
        match parquet.leaves()[leaf].class {
            LeafClass::Other => self.touches(task, parquet, leaf),
            // Never copied unseen, unless somebody says so.
            LeafClass::Opaque => !self.keeps(task, parquet, leaf),
            _ => {
                self.touches(task, parquet, leaf)
                    || !self.is_proven(task, self.known_leaf(task, parquet, leaf))
                        && !self.keeps_all(task, parquet, leaf)
            }
        }
    }

    fn text(
        &self,
        state: &mut State,
        task: &Task,
        format: &TextFormat,
        chunk: &Chunk,
    ) -> Result<Protected, String> {
        let done = self.edit(state, task, format, chunk, &mut |_| {})?;
        let mut bytes = Vec::with_capacity(chunk.bytes.len() + chunk.bytes.len() / 8);
        apply(&chunk.bytes, &state.edits, &mut bytes);
        Ok(Protected::Text { bytes, done })
    }

    fn column(
        &self,
        _state: &mut State,
        task: &Task,
        parquet: &ParquetFile,
        row_group: usize,
        leaf: usize,
    ) -> Result<Protected, String> {
        let described = &parquet.leaves()[leaf];
        let path = names::shown(self.detector, &described.path);
        if described.class == LeafClass::Opaque {
            return Err(not_read(&path, described.type_name));
        }
        let column = Column::new(self, task, parquet, row_group, leaf)?;
        if !self.touches(task, parquet, leaf) {
            column.holds_nothing()?;
            return Ok(Protected::Column { chunk: None, done: Done::default() });
        }
        let (chunk, done) = column.rewritten(parquet)?;
        Ok(Protected::Column { chunk: Some((leaf, Box::new(chunk))), done })
    }
}

impl Masking<'_> {
    /// Fills the edits of `state` with what becomes of a chunk, in its order, and says what was done.
    /// `watch` sees what is replaced, as decoded text.
    pub(super) fn edit(
        &self,
        state: &mut State,
        task: &Task,
        format: &TextFormat,
        chunk: &Chunk,
        watch: &mut dyn FnMut(&[u8]),
    ) -> Result<Done, String> {
        let State { scratch, decoder, edits, fields } = state;
        let mut done = Done::default();
        // Numbers of the fields of a table are the same in all of its chunks.
        let known = fields.as_ref().filter(|((file, _), _)| *file == task.index);
        let is_wanted = |field| !known.is_some_and(|(_, fields)| fields.is_passed_over(field));
        format.cells_of(chunk, is_wanted, &mut scratch.cells);
        done.records = scratch.cells.records;
        done.malformed = scratch.cells.ragged
            + scratch.cells.malformed.chunk_by(|a, b| a.record == b.record).count() as u64;
        let dataset = &task.file.input.dataset;
        let fields = self.fields(fields, task, format, &scratch.cells)?;
        let line_plan = self.plan.planner.field(dataset, "", None);
        edits.clear();
        self.protect_header(
            &task.file.input,
            format,
            chunk,
            &scratch.cells,
            decoder,
            edits,
            watch,
            &mut done,
        )?;
        let days = self.days_in_chunk(dataset, format, chunk, &scratch.cells, fields, decoder)?;
        let look = |field: FieldIx, ragged: bool| fields.look(field, ragged);
        let mut failure = None;
        let file = task.file.input.relative.as_str();
        let detector = self.detector;
        // What is made of lines, and of values that are not kept until they come again.
        let mut unkept = Made::default();
        for_each_by_field(detector, format, chunk, scratch, task.index, look, |value| {
            let (text, found) = (value.text, &*value.found);
            let outcome = match value.site {
                Site::Line { start } => {
                    let Made { treated, done } = &mut unkept;
                    treated.clear();
                    self.treat_line(task, &line_plan, text, found, treated, done).map(|()| {
                        for part in &*treated {
                            watch(&text[part.range.clone()]);
                            let Replacement { range, text } = part.replacement();
                            edits.push(start + range.start..start + range.end, |out| {
                                out.extend_from_slice(text);
                            });
                        }
                    })
                }
                Site::Cell(cell) => {
                    let (path, plan) = fields.get(cell.field, cell.is_ragged);
                    let treated = match value.note {
                        _ if cell.part().is_some() && plan.whole != Whole::Findings => {
                            let Made { treated, done } = &mut unkept;
                            treated.clear();
                            let part = (cell, value.record);
                            let outcome = self.treat_part(part, (path, plan), text, treated, done);
                            if treated.iter().any(|it| it.text.is_none()) {
                                watch(text);
                                format.drop_cell(&chunk.bytes, cell, edits);
                                return;
                            }
                            outcome.map(|()| &*treated)
                        }
                        _ if matches!(plan.whole, Whole::Shift(_)) => {
                            let Made { treated, done } = &mut unkept;
                            treated.clear();
                            let days = days.of(cell.field, value.record);
                            self.shift_text(file, (path, plan), text, days, treated, done);
                            // A date of one person may be that of another once it is shifted, so nobody
                            // looks for it.
                            let gone = treated.iter().filter(|part| part.text.is_none());
                            gone.for_each(|part| watch(&text[part.range.clone()]));
                            write(format, &chunk.bytes, cell, text, treated, decoder, edits);
                            return;
                        }
                        Some(note) => self.noted(file, plan, text, found, note).map(|made| {
                            done.merge(&made.done);
                            &made.treated
                        }),
                        None => {
                            let Made { treated, done } = &mut unkept;
                            treated.clear();
                            self.treat(file, plan, text, found, treated, done).map(|()| &*treated)
                        }
                    };
                    treated.map(|treated| {
                        treated.iter().for_each(|part| watch(&text[part.range.clone()]));
                        write(format, &chunk.bytes, cell, text, treated, decoder, edits);
                    })
                }
            };
            if let Err(error) = outcome {
                failure.get_or_insert(error);
            }
        });
        done.merge(&unkept.done);
        if let Some(error) = failure {
            return Err(error);
        }
        edits.sort();
        Ok(done)
    }

    /// The fields of a file, with those of a chunk that are new among `known`; fails where an earlier map
    /// lacks one: what weak forms in it are, nobody has weighed.
    fn fields<'s>(
        &self,
        known: &'s mut Option<(Table, Fields)>,
        task: &Task,
        format: &TextFormat,
        cells: &Cells,
    ) -> Result<&'s Fields, String> {
        let dataset = &task.file.input.dataset;
        let table = (task.index, cells.epoch());
        if known.as_ref().is_none_or(|(of, _)| *of != table) {
            *known = None;
        }
        let (_, fields) =
            known.get_or_insert_with(|| (table, Fields::new(self.plan, dataset, format)));
        let attention = |known: Option<&KnownField>, plan: &FieldPlan| {
            let is_empty = known.is_some_and(|known| known.findings.is_empty());
            if is_empty && plan.changes_nothing(&[]) && self.is_proven(task, known) {
                return Attention::None;
            }
            attention_under(plan)
        };
        let unknown = fields.add(self.plan, self.detector, dataset, format, cells, attention);
        match unknown {
            Some(path) if !self.is_own_survey && self.plan.verdicts.contains_key(dataset) => {
                Err(format!("the map does not know field `{path}`: scan this dataset again"))
            }
            _ => Ok(fields),
        }
    }

    /// What becomes of a value, which is noted with it.
    fn noted<'n>(
        &self,
        file: &str,
        plan: &FieldPlan,
        text: &[u8],
        found: &[Candidate],
        note: &'n mut Noted,
    ) -> Result<&'n Made, String> {
        if note.0.is_none() {
            let mut made = Box::<Made>::default();
            self.treat(file, plan, text, found, &mut made.treated, &mut made.done)?;
            note.0 = Some(made);
        }
        Ok(note.0.as_ref().expect("noted above"))
    }

    /// Whether there are verdicts for the fields of a dataset: an earlier map may lack it.
    pub(super) fn knows(&self, dataset: &str) -> bool {
        self.is_own_survey || self.plan.verdicts.contains_key(dataset)
    }

    /// Whether what is known of a field was seen in these very bytes, so that nobody has to look again.
    /// An earlier scan may have taken for a pseudonym what this run, with its key, does not; and what it
    /// summed up beyond the cap on fields, it does not tell.
    fn is_proven(&self, task: &Task, known: Option<&KnownField>) -> bool {
        self.surveyed.contains_key(&task.file.input.relative)
            && (self.is_own_survey || known.is_some_and(|known| known.protected == 0))
    }

    fn known_leaf(&self, task: &Task, parquet: &ParquetFile, leaf: usize) -> Option<&KnownField> {
        let path = names::shown(self.detector, &parquet.leaves()[leaf].path);
        self.plan.known(&task.file.input.dataset, &path)
    }

    /// Whether the policy says to keep a leaf whatever it holds.
    fn keeps(&self, task: &Task, parquet: &ParquetFile, leaf: usize) -> bool {
        let path = names::shown(self.detector, &parquet.leaves()[leaf].path);
        let plan = self.plan.field(&task.file.input.dataset, &path);
        plan.whole == Whole::Regardless(Operator::Keep)
    }

    /// Whether the policy says to keep all that could be found in a leaf, so that nobody has to look.
    fn keeps_all(&self, task: &Task, parquet: &ParquetFile, leaf: usize) -> bool {
        let path = names::shown(self.detector, &parquet.leaves()[leaf].path);
        let plan = self.plan.field(&task.file.input.dataset, &path);
        plan.operators.iter().all(|operator| *operator == Operator::Keep)
    }

    /// Whether the plan changes values of a leaf.
    pub(super) fn touches(&self, task: &Task, parquet: &ParquetFile, leaf: usize) -> bool {
        let described = &parquet.leaves()[leaf];
        let path = names::shown(self.detector, &described.path);
        let dataset = &task.file.input.dataset;
        let plan = self.plan.field(dataset, &path);
        if matches!(described.class, LeafClass::Other | LeafClass::Opaque) {
            return plan.whole == Whole::Regardless(Operator::Drop);
        }
        let found = match self.plan.known(dataset, &path) {
            Some(known) => kinds_in(known),
            // Beyond the cap on fields: the survey does not say, so it may hold anything.
            None if self.is_own_survey => self.detector.rules().kind_ids().collect(),
            None => Vec::new(),
        };
        !plan.changes_nothing(&found)
    }

    /// What becomes of the findings in a line: a key before one is its field, which the policy may
    /// name.
    fn treat_line(
        &self,
        task: &Task,
        plan: &FieldPlan,
        line: &[u8],
        found: &[Candidate],
        treated: &mut Vec<Treated>,
        done: &mut Done,
    ) -> Result<(), String> {
        let (file, dataset) = (&*task.file.input.relative, &*task.file.input.dataset);
        let planner = &self.plan.planner;
        let names_fields = planner.declares(dataset);
        for candidate in found {
            let kind = candidate.kind;
            if !plan.counts[usize::from(kind.0)][candidate.class as usize] {
                continue;
            }
            let key = if names_fields { key_before(line, candidate.start) } else { None };
            let treatment = match key {
                Some(key) => planner.treatment(dataset, &names::shown(self.detector, key), kind),
                None => plan.operators[usize::from(kind.0)],
            };
            if self.was_done(file, kind, treatment.operator) {
                continue;
            }
            self.treat_candidate(treatment, candidate, treated, done)?;
        }
        encode(line, treated)
    }

    /// What becomes of the parts of a value, in order of place.
    fn treat(
        &self,
        file: &str,
        plan: &FieldPlan,
        text: &[u8],
        found: &[Candidate],
        treated: &mut Vec<Treated>,
        done: &mut Done,
    ) -> Result<(), String> {
        match plan.whole {
            Whole::Closure(kind, treatment) => {
                let operator = treatment.operator;
                let value = kind::trim(text);
                if value.is_empty() || self.is_done(kind, treatment, value) {
                    return Ok(());
                }
                if self.was_done(file, kind, operator) {
                    return Ok(());
                }
                if operator == Operator::Hash && is_hash(value) {
                    done.suspicious_hashes += 1;
                }
                if operator == Operator::Keep {
                    done.count(kind, operator);
                    return Ok(());
                }
                let start = value.as_ptr().addr() - text.as_ptr().addr();
                let canonical = canonical_of(found, kind, text);
                let range = start..start + value.len();
                self.apply(treatment, kind, &canonical, range, treated, done)
            }
            Whole::Regardless(operator) => {
                if operator == Operator::Drop && !kind::trim(text).is_empty() {
                    let range = 0..text.len();
                    treated.push(Treated { range, text: None, written: Written::Plain });
                }
                Ok(())
            }
            // Not without a record: see `shift_text`.
            Whole::Shift(_) => Err("a date outside a record".to_owned()),
            Whole::Findings => {
                for candidate in found {
                    let kind = usize::from(candidate.kind.0);
                    let treatment = plan.operators[kind];
                    let value = value_of(text, candidate);
                    // The shape of a mask is that of a mistyped value.
                    if plan.counts[kind][candidate.class as usize]
                        && !self.is_done(candidate.kind, treatment, &value)
                        && !self.was_done(file, candidate.kind, treatment.operator)
                    {
                        self.treat_candidate(treatment, candidate, treated, done)?;
                    }
                }
                encode(text, treated)
            }
        }
    }

    /// What becomes of a part of a value that is in several chunks, where all of the value is treated as
    /// one: what stands for it stands in the place of the first, and the others are empty.
    ///
    /// # Errors
    /// An operator that would have to see all of the value.
    fn treat_part(
        &self,
        (cell, record): (&Cell, u64),
        (path, plan): (&str, &FieldPlan),
        text: &[u8],
        treated: &mut Vec<Treated>,
        done: &mut Done,
    ) -> Result<(), String> {
        let is_first = cell.part() == Some(Part::First);
        let range = 0..text.len();
        match plan.whole {
            Whole::Closure(kind, Treatment { operator: Operator::Keep, .. }) if is_first => {
                done.count(kind, Operator::Keep);
            }
            Whole::Findings
            | Whole::Regardless(Operator::Keep)
            | Whole::Closure(_, Treatment { operator: Operator::Keep, .. }) => {}
            Whole::Closure(kind, treatment)
                if matches!(treatment.operator, Operator::Redact | Operator::Drop) =>
            {
                if is_first {
                    let nothing = Canonical::of_pattern(b"");
                    return self.apply(treatment, kind, &nothing, range, treated, done);
                }
                let text = (treatment.operator == Operator::Redact).then(Vec::new);
                treated.push(Treated { range, text, written: Written::Plain });
            }
            Whole::Regardless(Operator::Drop) | Whole::Shift(_) => {
                if is_first && matches!(plan.whole, Whole::Shift(_)) {
                    done.count_date(path, plan, false);
                }
                treated.push(Treated { range, text: None, written: Written::Plain });
            }
            Whole::Closure(_, Treatment { operator, .. }) | Whole::Regardless(operator) => {
                let limit = MAX_RECORD_BYTES >> 20;
                return Err(format!(
                    "record {record} has a value of over {limit} MiB in `{path}`, too long for \
                     `{operator}`: `drop`, `redact` or `keep` it"
                ));
            }
        }
        Ok(())
    }

    fn treat_candidate(
        &self,
        treatment: Treatment,
        candidate: &Candidate,
        treated: &mut Vec<Treated>,
        done: &mut Done,
    ) -> Result<(), String> {
        let range = candidate.start..candidate.end;
        self.apply(treatment, candidate.kind, &candidate.canonical, range, treated, done)?;
        if let Some(last) = treated.last_mut().filter(|last| last.range.start == candidate.start) {
            last.written = candidate.written.clone();
        }
        Ok(())
    }

    fn apply(
        &self,
        treatment: Treatment,
        kind: KindId,
        canonical: &Canonical,
        range: Range<usize>,
        treated: &mut Vec<Treated>,
        done: &mut Done,
    ) -> Result<(), String> {
        let name = &self.detector.rules().kind(kind).name;
        let stripped = self.without_tag(kind, canonical);
        let canonical = stripped.as_ref().unwrap_or(canonical);
        let value = Raw(canonical.as_bytes());
        let masked = match treatment.operator {
            Operator::Mask => kind::mask::mask(name, value),
            Operator::Generalize => {
                kind::generalize::generalize(name, value, &treatment.settings.coarseness)
            }
            _ => String::new(),
        };
        let mut text = Vec::with_capacity(32);
        let (outcome, applied) = self
            .protector
            .apply(treatment, kind, canonical, &masked, &mut text)
            .map_err(|error| error.to_string())?;
        done.count(kind, applied);
        let written = Written::Plain;
        match outcome {
            Outcome::Replaced => treated.push(Treated { range, text: Some(text), written }),
            Outcome::Dropped => treated.push(Treated { range, text: None, written }),
            Outcome::Kept => {}
        }
        Ok(())
    }

    /// Whether a value under closure is what the operator would make of it already.
    fn is_done(&self, kind: KindId, treatment: Treatment, value: &[u8]) -> bool {
        let name = &self.detector.rules().kind(kind).name;
        let coarseness = &treatment.settings.coarseness;
        match treatment.operator {
            Operator::Drop => false,
            Operator::Mask if kind::mask::is_masked(name, value) => true,
            Operator::Redact if is_redacted(name, value) => true,
            Operator::Generalize if kind::generalize::is_generalized(name, value, coarseness) => {
                true
            }
            _ => self.tokens.kind_of(value) == Some(kind),
        }
    }

    /// An email without its tag, where it has one and the policy strips them.
    fn without_tag(&self, kind: KindId, canonical: &Canonical) -> Option<Canonical> {
        let strips = self.plan.planner.strips_email_tag()
            && self.detector.rules().kind(kind).name == "email";
        if strips { kind::email::without_tag(canonical) } else { None }
    }

    /// Whether the manifest beside a file says that an earlier run did the same to all values of a kind
    /// in it: what it wrote has no mark of its own.
    fn was_done(&self, file: &str, kind: KindId, operator: Operator) -> bool {
        self.unmarked.get(file).is_some_and(|it| it.done.contains(&(kind, operator)))
    }

    /// Names of columns that are personal data themselves (a pivoted table).
    #[expect(clippy::too_many_arguments, reason = "the parts of a worker's state, borrowed apart")]
    fn protect_header(
        &self,
        input: &InputFile,
        format: &TextFormat,
        chunk: &Chunk,
        cells: &Cells,
        decoder: &mut Decoder,
        edits: &mut Edits,
        watch: &mut dyn FnMut(&[u8]),
        done: &mut Done,
    ) -> Result<(), String> {
        for cell in &cells.header {
            let text = decoder.decode(&chunk.bytes, cell).text.to_vec();
            let treated = self.treat_name(input, HEADINGS, &text, done)?;
            treated.iter().for_each(|part| watch(&text[part.range.clone()]));
            write(format, &chunk.bytes, cell, &text, &treated, decoder, edits);
        }
        Ok(())
    }

    /// What becomes of the parts of a name: like a line of text, but for that of a partition, which is a
    /// value of the field.
    pub(super) fn treat_name(
        &self,
        input: &InputFile,
        field: &str,
        name: &[u8],
        done: &mut Done,
    ) -> Result<Vec<Treated>, String> {
        let dataset = &input.dataset;
        let (plan, found) = if field == HEADINGS {
            let plan = self.plan.planner.field(dataset, HEADINGS, None);
            (plan, names::found_in(self.detector, name, Place::LINE))
        } else {
            let plan = self.plan.field(dataset, field);
            let found = names::found_in(self.detector, name, plan.place());
            (plan, found)
        };
        let mut treated = Vec::new();
        self.treat(&input.relative, &plan, name, &found, &mut treated, done)?;
        Ok(treated)
    }
}

/// 64 lower-case hex digits.
fn is_hash(value: &[u8]) -> bool {
    value.len() == 64 && value.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Turns the parts of a cell into edits of its chunk.
fn write(
    format: &TextFormat,
    chunk: &[u8],
    cell: &Cell,
    text: &[u8],
    treated: &[Treated],
    decoder: &mut Decoder,
    edits: &mut Edits,
) {
    if treated.is_empty() {
        return;
    }
    let whole = kind::trim(text).len();
    let is_value = !cell.is_key && cell.part().is_none();
    match treated {
        [Treated { range, text: None, .. }] if range.len() >= whole && is_value => {
            format.drop_cell(chunk, cell, edits);
        }
        [part] => format.replace(chunk, cell, &[part.replacement()], decoder, edits),
        parts => {
            let replacements: Vec<_> = parts.iter().map(Treated::replacement).collect();
            format.replace(chunk, cell, &replacements, decoder, edits);
        }
    }
}
