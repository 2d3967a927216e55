//! Gathering: every field's opaque values with how often they stand there, for an attack.
//!
//! Nothing is searched for in a value: what is opaque is so as a whole, but for lines, of which the words
//! are looked at.

use std::collections::{BTreeMap, HashMap};

use super::drive::{Job, Task};
use super::names::{self, Shown};
use super::survey::{RAGGED, not_read};
use crate::attack::{Field, FieldValues, Form};
use crate::datamap::{FieldKey, MAX_FIELDS};
use crate::detect::Detector;
use crate::format::columnar::{LeafClass, ParquetError, ParquetFile, Rendering};
use crate::format::text::log::key_before;
use crate::format::text::{Cells, Chunk, Decoder, FieldIx, TextFormat};
use crate::kind;
use crate::protect::recognise::TokenShape;

/// Shorter words of a line are none of a digest: lines are full of words.
const MIN_WORD: usize = 16;

/// Integers of fewer digits are no digests.
const MIN_DIGITS: u32 = 10;

/// Gathers values.
pub(super) struct Gather<'a> {
    pub(super) detector: &'a Detector,
    pub(super) tokens: &'a TokenShape,
}

/// What one worker has gathered.
#[derive(Default)]
pub(super) struct Gathered {
    datasets: HashMap<String, HashMap<FieldKey, usize>>,
    fields: Vec<(String, FieldKey, FieldValues)>,
    cells: Cells,
    decoder: Decoder,
    keys: Shown,
}

impl Gathered {
    /// The place of a field in `fields`. Behind so many fields of a dataset all others are one.
    fn slot(&mut self, dataset: &str, key: FieldKey) -> usize {
        let known = self.datasets.entry(dataset.to_owned()).or_default();
        let key = if known.len() < MAX_FIELDS || known.contains_key(&key) { key } else { other() };
        *known.entry(key).or_insert_with_key(|key| {
            self.fields.push((dataset.to_owned(), key.clone(), FieldValues::default()));
            self.fields.len() - 1
        })
    }

    /// The fields of all workers, by dataset and place.
    pub(super) fn finish(workers: Vec<Self>) -> Vec<Field> {
        let mut fields: BTreeMap<(String, FieldKey), FieldValues> = BTreeMap::new();
        for (dataset, key, values) in workers.into_iter().flat_map(|worker| worker.fields) {
            fields.entry((dataset, key)).or_default().merge(values);
        }
        let field = |((dataset, key), values): ((_, FieldKey), _)| Field {
            dataset,
            path: key.path,
            values,
        };
        fields.into_iter().map(field).collect()
    }
}

fn other() -> FieldKey {
    FieldKey { position: FieldKey::LINES, path: "(other fields)".to_owned() }
}

impl Job for Gather<'_> {
    type Part = ();
    type State = Gathered;

    fn state(&self) -> Gathered {
        Gathered::default()
    }

    fn reads(&self, _task: &Task, _parquet: &ParquetFile, _leaf: usize) -> bool {
        true
    }

    fn text(
        &self,
        state: &mut Gathered,
        task: &Task,
        format: &TextFormat,
        chunk: &Chunk,
    ) -> Result<(), String> {
        let dataset = &task.file.input.dataset;
        let mut cells = std::mem::take(&mut state.cells);
        format.cells(chunk, &mut cells);
        let mut slots: Vec<Option<usize>> = Vec::new();
        for cell in cells.cells.iter().filter(|cell| !cell.is_key) {
            if matches!(format, TextFormat::Log) {
                self.line(state, dataset, &chunk.bytes[cell.range()]);
                continue;
            }
            let field = if cell.is_ragged { FieldIx::NONE } else { cell.field };
            let place = field.0.wrapping_add(1) as usize;
            if slots.len() <= place {
                slots.resize(place + 1, None);
            }
            let slot = *slots[place].get_or_insert_with(|| {
                let key = self.key_of(format, &cells, field);
                state.slot(dataset, key)
            });
            let text = match cell.has_escapes {
                false => &chunk.bytes[cell.range()],
                true => state.decoder.decode(&chunk.bytes, cell).text,
            };
            self.add(&mut state.fields[slot].2, text);
        }
        for span in &cells.malformed {
            self.line(state, dataset, &chunk.bytes[span.range()]);
        }
        state.cells = cells;
        Ok(())
    }

    fn column(
        &self,
        state: &mut Gathered,
        task: &Task,
        parquet: &ParquetFile,
        row_group: usize,
        leaf: usize,
    ) -> Result<(), String> {
        let described = &parquet.leaves()[leaf];
        let path = names::shown(self.detector, &described.path);
        let rendering = match described.class {
            LeafClass::Text | LeafClass::Binary | LeafClass::FixedText(_) => Rendering::Text,
            LeafClass::Number(number) if number.digits() >= MIN_DIGITS => Rendering::Whole(number),
            LeafClass::Opaque => return Err(not_read(&path, described.type_name)),
            LeafClass::Number(_) | LeafClass::Date(_) | LeafClass::Other => return Ok(()),
        };
        let key = FieldKey { position: u32::try_from(leaf).unwrap_or(u32::MAX), path };
        let slot = state.slot(&task.file.input.dataset, key);
        let field = &mut state.fields[slot].2;
        let mut spelled = Vec::new();
        let read = parquet.read::<ParquetError>(row_group, leaf, |batch| {
            for cell in &batch.cells {
                if let Some(text) = rendering.text(cell.value, &mut spelled) {
                    self.add(field, text);
                }
            }
            Ok(())
        });
        read.map_err(|error| error.to_string())
    }
}

impl Gather<'_> {
    fn add(&self, field: &mut FieldValues, text: &[u8]) {
        let value = kind::trim(text);
        // Digests that are bytes may begin or end with what white space is made of.
        let value = if Form::of(text).is_some() { text } else { value };
        field.add(value, self.tokens.kind_of(value).is_some(), 1);
    }

    fn key_of(&self, format: &TextFormat, cells: &Cells, field: FieldIx) -> FieldKey {
        let Some(path) = format.field_path(cells, field) else {
            return FieldKey { position: FieldKey::LINES, path: RAGGED.to_owned() };
        };
        let position = if matches!(format, TextFormat::Csv { .. }) { field.0 } else { 0 };
        FieldKey { position, path: names::shown(self.detector, &path) }
    }

    /// Adds the opaque words of a line, each under the key before it.
    fn line(&self, state: &mut Gathered, dataset: &str, line: &[u8]) {
        let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let mut start = 0;
        for word in line.split(|byte| !is_of_word(byte)) {
            let at = start;
            start += word.len() + 1;
            let is_token = self.tokens.kind_of(word).is_some();
            let is_digest = || matches!(Form::of(word), Some((Form::Hex(_) | Form::Uuid, _)));
            if !is_token && (word.len() < MIN_WORD || !is_digest()) {
                continue;
            }
            let path = match key_before(line, at) {
                Some(key) => state.keys.of(self.detector, key).to_owned(),
                None => "(lines)".to_owned(),
            };
            let slot = state.slot(dataset, FieldKey { position: FieldKey::LINES, path });
            state.fields[slot].2.add(word, is_token, 1);
        }
    }
}
