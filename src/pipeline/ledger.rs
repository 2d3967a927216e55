//! The coverage ledger: every input byte is scanned, skipped or failed, and the three add up.

use std::collections::HashMap;
use std::sync::Arc;

use super::drive::{Event, Task};
use super::input::Content;
use crate::datamap::DataMap;
use crate::datamap::document::{Coverage, NotScanned};
use crate::source::Problem;

/// Coverage as it is added up, file by file.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    coverage: Coverage,
    /// Something was not looked at that should have been.
    incomplete: bool,
    /// Why a unit of the file at hand could not be read.
    failed: Option<String>,
}

impl Ledger {
    /// Enters a file whose units are all seen; `read` is the number of bytes of a stream.
    pub(super) fn enter(&mut self, task: &Task, outcome: &Result<(), String>, read: u64) {
        if task.file.input.problem == Some(Problem::OwnOutput) {
            // Manifest and journal are no part of the data.
            return;
        }
        let bytes = if task.file.input.is_stdin() { read } else { task.file.input.bytes };
        self.coverage.files += 1;
        self.coverage.bytes += bytes;
        let (state, reason) = match (&task.file.content, outcome) {
            (Content::Failed(reason), _) | (_, Err(reason)) => {
                self.coverage.failed += bytes;
                self.incomplete = true;
                ("failed", reason.clone())
            }
            (Content::Skipped { reason, deliberate }, _) => {
                self.coverage.skipped += bytes;
                self.incomplete |= !deliberate;
                ("skipped", reason.clone())
            }
            (Content::Derived, _) => {
                self.coverage.skipped += bytes;
                ("skipped", "checksum of another file".to_owned())
            }
            (Content::Empty | Content::Text(_) | Content::Parquet(_), Ok(())) => {
                self.coverage.scanned += bytes;
                return;
            }
        };
        let file = task.file.input.relative.clone();
        self.coverage.not_scanned.push(NotScanned { file, bytes, state: state.to_owned(), reason });
    }

    /// Follows files whose units are looked at where they are read. A file that is over is entered, and
    /// given back with what became of it.
    pub(super) fn follow(&mut self, event: Event<()>) -> Option<(Arc<Task>, Result<(), String>)> {
        match event {
            Event::Begin(_) => self.failed = None,
            Event::GroupEnd | Event::Part(Ok(())) => {}
            Event::Part(Err(reason)) => {
                self.failed.get_or_insert(reason);
            }
            Event::End(task, outcome) => {
                let outcome = outcome.and(self.failed.take().map_or(Ok(()), Err));
                self.enter(&task, &outcome, 0);
                return Some((task, outcome));
            }
        }
        None
    }

    /// The files that could not be read, with the reason.
    pub(super) fn failed(&self) -> HashMap<String, String> {
        let failed = self.coverage.not_scanned.iter().filter(|file| file.state == "failed");
        failed.map(|file| (file.file.clone(), file.reason.clone())).collect()
    }

    pub(super) fn finish(mut self) -> (Coverage, bool) {
        self.coverage.not_scanned.sort();
        (self.coverage, self.incomplete)
    }
}

/// Counts a file in its dataset.
pub(super) fn count_file(map: &mut DataMap, task: &Task, read: u64) {
    if matches!(
        task.file.content,
        Content::Skipped { .. } | Content::Failed(_) | Content::Derived | Content::Empty
    ) {
        return;
    }
    let input = &task.file.input;
    let dataset = map.dataset(&input.dataset);
    dataset.formats.insert(task.file.content.format_name());
    dataset.files += 1;
    dataset.bytes += if input.is_stdin() { read } else { input.bytes };
    dataset.partitions.extend(input.partitions.iter().map(|(key, _)| key.clone()));
    if let Content::Parquet(parquet) = &task.file.content {
        dataset.records += (0..parquet.row_groups()).map(|rg| parquet.rows(rg)).sum::<u64>();
    }
}
