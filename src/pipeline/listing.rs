//! The listing: each finding as a line, or one of them with its reasons, in a second pass when the
//! verdicts are known.

use std::borrow::Cow;
use std::sync::Arc;

use super::columns::{self, ColumnChunk};
use super::drive::{Job, Task};
use super::names::{self, Name};
use super::survey::{RAGGED, is_protected};
use super::values::{self, Look, Scratch, Site};
use crate::datamap::document::HEADINGS;
use crate::datamap::explain::{self, Surroundings};
use crate::datamap::finish::KnownField;
use crate::detect::makeup::Makeup;
use crate::detect::{Candidate, Detector, Place};
use crate::format::columnar::ParquetFile;
use crate::format::text::log::key_before;
use crate::format::text::{Cells, Chunk, FieldIx, TextFormat};
use crate::kind;
use crate::operator::Treatment;
use crate::policy::plan::Whole;
use crate::policy::{FieldPlan, Plan};
use crate::protect::pseudonym::Digester;
use crate::protect::recognise::TokenShape;
use crate::report::findings::{FindingLine, write_line};
use crate::rules::KindId;

/// Lists the findings of each unit.
pub(super) struct Listing<'a> {
    pub(super) detector: &'a Detector,
    pub(super) digester: &'a Digester,
    pub(super) tokens: &'a TokenShape,
    pub(super) plan: &'a Plan,
    /// The findings to give reasons for, instead of listing all.
    pub(super) asked: Option<&'a Location>,
}

/// Where findings are, as a line of the listing says it: `FILE:RECORD`, or `FILE:RECORD:START` for
/// those that begin there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// As [`InputFile::relative`](crate::source::InputFile::relative).
    pub file: String,
    /// From 1.
    pub record: u64,
    /// First byte in the line or the decoded cell.
    pub start: Option<u64>,
}

impl Location {
    /// What `text` names, if it has the form of a location.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (head, last) = text.rsplit_once(':')?;
        let last: u64 = last.parse().ok()?;
        let with_start = head.rsplit_once(':').and_then(|(file, record)| {
            let record = record.parse().ok()?;
            Some(Self { file: file.to_owned(), record, start: Some(last) })
        });
        Some(with_start.unwrap_or_else(|| Self {
            file: head.to_owned(),
            record: last,
            start: None,
        }))
    }
}

/// Lines with what they are sorted by where units of one row group are put together.
pub(super) struct Listed {
    /// Record, place of the leaf and start of each line, with its end in `lines`.
    pub(super) keys: Vec<(u64, usize, usize, usize)>,
    pub(super) lines: Vec<u8>,
}

impl Listed {
    fn new() -> Self {
        Self { keys: Vec::new(), lines: Vec::new() }
    }

    fn push(&mut self, key: (u64, usize, usize), lines: &[u8]) {
        self.lines.extend_from_slice(lines);
        self.end(key);
    }

    /// Notes what the lines since the last key are sorted by.
    fn end(&mut self, (record, position, start): (u64, usize, usize)) {
        self.keys.push((record, position, start, self.lines.len()));
    }
}

impl Job for Listing<'_> {
    type Part = Listed;
    type State = Scratch;

    fn state(&self) -> Scratch {
        Scratch::default()
    }

    fn reads(&self, _task: &Task, parquet: &ParquetFile, leaf: usize) -> bool {
        parquet.leaves()[leaf].class.is_read()
    }

    fn text(
        &self,
        scratch: &mut Scratch,
        task: &Task,
        format: &TextFormat,
        chunk: &Chunk,
    ) -> Result<Listed, String> {
        let mut listed = Listed::new();
        format.cells(chunk, &mut scratch.cells);
        // What was asked about may have been found and not counted.
        let attention = |known: Option<&KnownField>, _: &FieldPlan| {
            let is_empty = known.is_some_and(|known| known.findings.is_empty());
            if self.asked.is_none() && is_empty { Attention::None } else { Attention::Content }
        };
        let (dataset, cells) = (&task.file.input.dataset, &scratch.cells);
        let mut fields = Fields::new(self.plan, dataset, format);
        fields.add(self.plan, self.detector, dataset, format, cells, attention);
        let line_plan = self.plan.planner.field(&task.file.input.dataset, "", None);
        let look = |field: FieldIx, ragged: bool| fields.look(field, ragged);
        values::for_each(self.detector, format, chunk, scratch, task.index, look, |value| {
            if value.found.is_empty() || self.is_protected(value.text) {
                return;
            }
            let (path, plan) = match value.site {
                Site::Line { .. } => (None, &line_plan),
                Site::Cell(cell) => {
                    let (path, plan) = fields.get(cell.field, cell.is_ragged);
                    (Some(path), plan)
                }
            };
            for candidate in value.found.iter() {
                let key = match path {
                    Some(_) => None,
                    None => key_before(value.text, candidate.start)
                        .map(|key| names::shown(self.detector, key)),
                };
                let field = path.or(key.as_deref());
                self.list(task, field, value.record, 0, value.text, candidate, plan, &mut listed);
            }
        });
        Ok(listed)
    }

    fn column(
        &self,
        _state: &mut Scratch,
        task: &Task,
        parquet: &ParquetFile,
        row_group: usize,
        leaf: usize,
    ) -> Result<Listed, String> {
        let mut listed = Listed::new();
        let path = names::shown(self.detector, &parquet.leaves()[leaf].path);
        let plan = self.plan.field(&task.file.input.dataset, &path);
        let field = Some(path.as_str());
        let list = |value: columns::Value<'_>| {
            let columns::Value { record, text, found } = value;
            if !found.is_empty() && !self.is_protected(text) {
                for candidate in found {
                    self.list(task, field, record, leaf, text, candidate, &plan, &mut listed);
                }
            }
        };
        ColumnChunk::new(self.detector, parquet, row_group, leaf, plan.hints)
            .and_then(|chunk| chunk.for_each(self.detector, plan.place(), list))
            .map_err(|error| error.to_string())?;
        Ok(listed)
    }
}

impl Listing<'_> {
    /// The findings in the names of a file, its partitions and its columns.
    pub(super) fn names(&self, task: &Task) -> Listed {
        let mut listed = Listed::new();
        for (position, Name { field, text }) in names::of_file(&task.file).into_iter().enumerate() {
            let text = text.as_bytes();
            let plan = self.plan.field(&task.file.input.dataset, &field);
            let place = if field == HEADINGS { Place::LINE } else { plan.place() };
            if self.is_protected(text) {
                continue;
            }
            for candidate in &names::found_in(self.detector, text, place) {
                self.list(task, Some(&field), 0, position, text, candidate, &plan, &mut listed);
            }
        }
        listed
    }

    fn is_protected(&self, text: &[u8]) -> bool {
        let value = kind::trim(text);
        is_protected(self.tokens, self.detector.rules(), value, Makeup::of(value))
    }

    #[expect(clippy::too_many_arguments, reason = "a line of the listing has that many parts")]
    fn list(
        &self,
        task: &Task,
        field: Option<&str>,
        record: u64,
        position: usize,
        text: &[u8],
        candidate: &Candidate,
        plan: &FieldPlan,
        listed: &mut Listed,
    ) {
        let counts = plan.counts[usize::from(candidate.kind.0)][candidate.class as usize];
        let rules = self.detector.rules();
        let key = (record, position, candidate.start);
        if let Some(asked) = self.asked {
            let start = candidate.start as u64;
            if asked.record == record && asked.start.is_none_or(|asked| asked == start) {
                let around = Surroundings {
                    field,
                    hints: field.map_or(plan.hints, |field| rules.hinted(field)),
                    words: self.detector.words_about(text, candidate),
                    verdict: &plan.verdict,
                    counts,
                };
                let place = format!("{}:{record}:{start}", task.file.input.relative);
                let masked = names::masked(rules, candidate, text);
                let text = explain::finding(&place, &masked, candidate, &around, rules);
                listed.push(key, text.as_bytes());
            }
            return;
        }
        if !counts {
            return;
        }
        let kind = &rules.kind(candidate.kind).name;
        let masked = names::masked(rules, candidate, text);
        let digest = self.digester.digest(candidate.kind, &candidate.canonical).to_string();
        let confidence = plan.verdict.confidence_of(candidate.kind, candidate.class);
        let line = FindingLine {
            file: Cow::Borrowed(&task.file.input.relative),
            dataset: Cow::Borrowed(&task.file.input.dataset),
            record,
            field: field.map(Cow::Borrowed),
            start: candidate.start as u64,
            end: candidate.end as u64,
            kind: Cow::Borrowed(kind),
            rule: Cow::Borrowed(&rules.rule(candidate.rule).id),
            confidence: (confidence * 1e6).round() / 1e6,
            masked: Cow::Owned(masked),
            digest: Cow::Owned(digest),
        };
        write_line(&line, &mut listed.lines);
        listed.end(key);
    }
}

/// The fields of a file with their plans, as far as they have occurred.
pub(super) struct Fields {
    /// By their [`FieldIx`].
    fields: Vec<Option<Field>>,
    count: usize,
    /// How many there can be.
    all: usize,
    ragged: (String, FieldPlan),
    /// Some of their plans: where fields are without end, most have the same.
    plans: Vec<Arc<FieldPlan>>,
}

struct Field {
    path: String,
    plan: Arc<FieldPlan>,
    attention: Attention,
}

/// What somebody has to look at in the values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attention {
    /// Nothing: nothing is done with what is in them.
    None,
    /// Their text.
    Text,
    /// What is in them.
    Content,
    /// What each of them is as a value of a kind.
    Whole(KindId),
}

impl Fields {
    pub(super) fn new(plan: &Plan, dataset: &str, format: &TextFormat) -> Self {
        let ragged = (RAGGED.to_owned(), plan.ragged(dataset));
        // A table has no more than the names of its columns.
        let all = match format {
            TextFormat::Csv { names, .. } => names.len(),
            TextFormat::Log | TextFormat::Json(_) => usize::MAX,
        };
        Self { fields: Vec::new(), count: 0, all, ragged, plans: Vec::new() }
    }

    /// Adds those that occur in a chunk; `attention` says what each needs. Returns the first by name of
    /// those that are new and that `plan` does not know.
    pub(super) fn add(
        &mut self,
        plan: &Plan,
        detector: &Detector,
        dataset: &str,
        format: &TextFormat,
        cells: &Cells,
        attention: impl Fn(Option<&KnownField>, &FieldPlan) -> Attention,
    ) -> Option<&str> {
        let mut unknown = Vec::new();
        for cell in &cells.cells {
            if self.count >= self.all {
                break;
            }
            let index = cell.field.0 as usize;
            if cell.field == FieldIx::NONE || self.fields.get(index).is_some_and(Option::is_some) {
                continue;
            }
            let path = format.field_path(cells, cell.field).unwrap_or_default();
            let path = names::shown(detector, &path);
            let known = plan.known(dataset, &path);
            let of_field = plan.field(dataset, &path);
            if known.is_none() {
                unknown.push(index);
            }
            if self.fields.len() <= index {
                self.fields.resize_with(index + 1, || None);
            }
            let attention = attention(known, &of_field);
            let plan = self.shared(of_field);
            self.fields[index] = Some(Field { path, plan, attention });
            self.count += 1;
        }
        let path = |index: &usize| self.fields[*index].as_ref().map(|field| field.path.as_str());
        unknown.iter().filter_map(path).min()
    }

    /// `plan`, or one of those that came last if that is the same.
    fn shared(&mut self, plan: FieldPlan) -> Arc<FieldPlan> {
        const LAST: usize = 16;
        let known = self.plans.iter().find(|known| ***known == plan).map(Arc::clone);
        known.unwrap_or_else(|| {
            let plan = Arc::new(plan);
            self.plans.truncate(LAST - 1);
            self.plans.insert(0, Arc::clone(&plan));
            plan
        })
    }

    pub(super) fn get(&self, field: FieldIx, ragged: bool) -> (&str, &FieldPlan) {
        match self.of(field, ragged) {
            Some(field) => (&field.path, &field.plan),
            None => (&self.ragged.0, &self.ragged.1),
        }
    }

    /// Whether nobody looks at the values of a field, not even to learn whose dates are shifted: known
    /// only when all fields have occurred.
    pub(super) fn is_passed_over(&self, field: FieldIx) -> bool {
        self.count >= self.all
            && matches!(self.look(field, false), Look::Away)
            && self.shifted().next().is_none()
    }

    /// The fields whose dates are shifted.
    pub(super) fn shifted(&self) -> impl Iterator<Item = (FieldIx, &str, Treatment)> {
        self.fields.iter().zip(0..).filter_map(|(field, index)| {
            let field = field.as_ref()?;
            let Whole::Shift(treatment) = field.plan.whole else { return None };
            Some((FieldIx(index), field.path.as_str(), treatment))
        })
    }

    /// The field of that path, if it has occurred.
    pub(super) fn named(&self, path: &str) -> Option<FieldIx> {
        let is_it = |field: &Option<Field>| field.as_ref().is_some_and(|it| it.path == path);
        self.fields.iter().position(is_it).map(|index| FieldIx(index as u32))
    }

    /// How far the values of a field are looked at.
    pub(super) fn look(&self, field: FieldIx, ragged: bool) -> Look<'_> {
        match self.of(field, ragged) {
            Some(field) => match field.attention {
                Attention::None => Look::Away,
                Attention::Text => Look::AtText,
                Attention::Content => Look::Into(field.plan.place()),
                Attention::Whole(kind) => Look::AsWhole(field.plan.place(), kind),
            },
            None => Look::Into(self.ragged.1.place()),
        }
    }

    fn of(&self, field: FieldIx, ragged: bool) -> Option<&Field> {
        self.fields.get(field.0 as usize).and_then(Option::as_ref).filter(|_| !ragged)
    }
}
