//! The schema of a Parquet file under its plan: names of columns that are personal data themselves (a
//! pivoted table) are protected like a line of text, and columns become text where the policy says so.

use std::collections::{BTreeMap, HashMap};

use super::super::drive::Task;
use super::super::names;
use super::{Done, Masking, Treated, kinds_in};
use crate::datamap::document::HEADINGS;
use crate::format::columnar::{LeafClass, NewSchema, ParquetError, ParquetFile};
use crate::format::text::Replacement;
use crate::operator::Operator;

/// What becomes of the names in a schema.
#[derive(Default)]
pub(in crate::pipeline) struct NewNames {
    /// Of those that change, the parts that are replaced, in order of place.
    changed: BTreeMap<String, Vec<Treated>>,
    /// Each name once, however many nodes have it.
    pub(in crate::pipeline) done: Done,
}

impl NewNames {
    /// The parts of a name that are replaced.
    pub(in crate::pipeline) fn parts(&self, name: &str) -> Vec<Replacement<'_>> {
        // The schema lets a list of two levels keep its mark.
        let of_list = || self.changed.get(name.strip_suffix("_tuple")?);
        let parts = self.changed.get(name).or_else(of_list);
        parts.into_iter().flatten().map(Treated::replacement).collect()
    }

    /// What is replaced in any name.
    pub(in crate::pipeline) fn originals(&self) -> impl Iterator<Item = &[u8]> {
        self.changed
            .iter()
            .flat_map(|(name, parts)| parts.iter().map(|part| &name.as_bytes()[part.range.clone()]))
    }
}

impl Masking<'_> {
    /// What becomes of the names in the schema of a file.
    pub(in crate::pipeline) fn new_names(
        &self,
        task: &Task,
        parquet: &ParquetFile,
    ) -> Result<NewNames, String> {
        let mut new = NewNames::default();
        for name in NewSchema::names_of(parquet) {
            let input = &task.file.input;
            let treated = self.treat_name(input, HEADINGS, name.as_bytes(), &mut new.done)?;
            if !treated.is_empty() {
                new.changed.insert(name, treated);
            }
        }
        Ok(new)
    }

    /// The schema of the copy of a file in which names are `new`.
    ///
    /// # Errors
    /// Why there is none, and what to do about it: names that would be none, or equal.
    pub(in crate::pipeline) fn new_schema(
        &self,
        task: &Task,
        parquet: &ParquetFile,
        new: &NewNames,
    ) -> Result<NewSchema, String> {
        let renamed = new.changed.iter().map(|(name, parts)| {
            let text = name.as_bytes();
            let mut new = Vec::with_capacity(text.len() + 32);
            let mut done = 0;
            for part in parts {
                new.extend_from_slice(&text[done..part.range.start]);
                new.extend_from_slice(part.text.as_deref().unwrap_or_default());
                done = part.range.end;
            }
            new.extend_from_slice(&text[done..]);
            let new = String::from_utf8(new).map_err(|_| "a name of a column that is no text")?;
            Ok((name.clone(), new))
        });
        let renamed = renamed.collect::<Result<HashMap<_, _>, &str>>()?;
        let leaves = 0..parquet.leaves().len();
        let texts = leaves.map(|leaf| self.makes_text(task, parquet, leaf)).collect();
        NewSchema::new(parquet, &renamed, texts).map_err(|error| self.refused(&error, &new.done))
    }

    /// Whether the column of a leaf, which is none of text, becomes one.
    pub(super) fn makes_text(&self, task: &Task, parquet: &ParquetFile, leaf: usize) -> bool {
        let described = &parquet.leaves()[leaf];
        if !described.class.is_read() || described.class == LeafClass::Text {
            return false;
        }
        let dataset = &task.file.input.dataset;
        let path = names::shown(self.detector, &described.path);
        let found = self.plan.known(dataset, &path).map(kinds_in).unwrap_or_default();
        self.plan.field(dataset, &path).makes_text(&found)
    }

    /// Why a schema is refused in whose names `done` was done.
    fn refused(&self, error: &ParquetError, done: &Done) -> String {
        let ParquetError::Names(what) = error else { return error.to_string() };
        let is_lossy = |operator: &&Operator| !operator.is_keyed();
        let (mut operators, mut kinds) = (Vec::new(), Vec::new());
        for (kind, applied) in done.operators() {
            let kind = self.detector.rules().kind(kind);
            let lossy = applied.iter().filter(is_lossy).map(ToString::to_string);
            let before = operators.len();
            operators.extend(lossy.map(|operator| format!("`{operator}` of `{}`", kind.name)));
            if operators.len() > before && kind.prefix.is_some() {
                kinds.push(format!("`{}`", kind.name));
            }
        }
        let what = format!("names of columns are personal data, and {what}");
        if operators.is_empty() {
            return format!("{what}: theirs hold the same value; rename one of them in the input");
        }
        let instead = if kinds.is_empty() {
            "rename them in the input".to_owned()
        } else {
            format!("use `token` for {} in [kinds] of the policy", kinds.join(" and "))
        };
        format!("{what} under {}: {instead}", operators.join(" and "))
    }
}
