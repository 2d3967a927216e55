//! The values of a chunk with the candidates in them: what every text job starts from.

use std::ops::Range;

use super::memo::Memo;
use crate::detect::probe::Probe;
use crate::detect::{Anchor, Candidate, Detector, Memory, Place};
use crate::format::text::{Cell, Cells, Chunk, Decoder, FieldIx, TextFormat};

/// Memory of one worker that is used again for each chunk; `N` is what a job notes with a value.
#[derive(Default)]
pub(super) struct Scratch<N: Default = ()> {
    pub(super) cells: Cells,
    decoder: Decoder,
    in_chunk: Vec<Anchor>,
    in_cell: Vec<Anchor>,
    found: Vec<Candidate>,
    memo: Memo<N>,
    memory: Memory,
    by_field: ByField,
}

/// Where a text stands in its chunk.
#[derive(Debug, Clone, Copy)]
pub(super) enum Site<'a> {
    /// A line of text, or a record that could not be parsed; with its first byte in the chunk.
    Line { start: usize },
    /// A cell.
    Cell(&'a Cell),
}

/// One text to look at.
pub(super) struct Value<'a, N = ()> {
    pub(super) site: Site<'a>,
    /// 1-based in the file.
    pub(super) record: u64,
    /// Decoded.
    pub(super) text: &'a [u8],
    /// In order of place.
    pub(super) found: &'a mut [Candidate],
    /// What was noted when the same text was last seen in the same field; the default otherwise.
    pub(super) note: &'a mut N,
}

/// Calls `visit` with every value of `chunk`, in the order of the bytes.
///
/// `file` is its place in the run. `know` says what is known of a field, the same for every chunk of
/// the file, or nothing where it is to be passed over; surplus cells of ragged rows come as
/// [`FieldIx::NONE`].
/// Lines in which nothing could start are not visited. What a visitor notes with the value of a cell,
/// and the order in which it leaves the candidates, it may see again, and not always does.
pub(super) fn for_each<'k, N: Default>(
    detector: &Detector,
    format: &TextFormat,
    chunk: &Chunk,
    scratch: &mut Scratch<N>,
    file: usize,
    know: impl Fn(FieldIx, bool) -> Option<Place<'k>>,
    mut visit: impl FnMut(Value<'_, N>),
) {
    let (cells, in_chunk, _, mut reader) = scratch.reader(detector, chunk, file);
    let mut anchors_left = in_chunk;
    let is_log = matches!(format, TextFormat::Log);
    let mut values = cells.cells.iter().peekable();
    let mut broken = cells.malformed.iter().peekable();
    loop {
        let next_value = values.peek().map_or(u32::MAX, |cell| cell.start);
        let next_broken = broken.peek().map_or(u32::MAX, |span| span.start);
        if next_value <= next_broken {
            let Some(cell) = values.next() else { break };
            let anchors = take_within(&mut anchors_left, &cell.range());
            if is_log {
                reader.line(cell.range(), cell.record, anchors, &mut visit);
            } else if let Some(place) = know(cell.field, cell.is_ragged) {
                reader.cell(cell, anchors, &place, &mut visit);
            }
        } else {
            let Some(span) = broken.next() else { break };
            let anchors = take_within(&mut anchors_left, &span.range());
            reader.line(span.range(), span.record, anchors, &mut visit);
        }
    }
}

/// The same, all values of a field one after the other: what they are and what is done with them is
/// much the same, and so stays in the caches and is foreseen by the processor. Lines come first.
pub(super) fn for_each_by_field<'k, N: Default>(
    detector: &Detector,
    format: &TextFormat,
    chunk: &Chunk,
    scratch: &mut Scratch<N>,
    file: usize,
    know: impl Fn(FieldIx, bool) -> Option<Place<'k>>,
    mut visit: impl FnMut(Value<'_, N>),
) {
    if matches!(format, TextFormat::Log) {
        return for_each(detector, format, chunk, scratch, file, know, visit);
    }
    let (cells, in_chunk, by_field, mut reader) = scratch.reader(detector, chunk, file);
    let mut anchors_left = in_chunk;
    for span in &cells.malformed {
        let anchors = take_within(&mut anchors_left, &span.range());
        reader.line(span.range(), span.record, anchors, &mut visit);
    }
    by_field.sort(&cells.cells, in_chunk);
    let same_field = |one: &Placed, other: &Placed| {
        (one.cell.field, one.cell.is_ragged) == (other.cell.field, other.cell.is_ragged)
    };
    for of_field in by_field.placed.chunk_by(same_field) {
        let Cell { field, is_ragged, .. } = of_field[0].cell;
        let Some(place) = know(field, is_ragged) else { continue };
        for Placed { cell, anchors, count } in of_field {
            let anchors = &in_chunk[*anchors as usize..][..*count as usize];
            reader.cell(cell, anchors, &place, &mut visit);
        }
    }
}

/// The cells of a chunk, those of a field one after the other.
#[derive(Default)]
struct ByField {
    /// Where the next cell of each field goes.
    next: Vec<u32>,
    placed: Vec<Placed>,
}

/// A copy of a cell, which is nearer than the cell itself, with its anchors by their place and number.
#[derive(Clone, Copy)]
struct Placed {
    cell: Cell,
    anchors: u32,
    count: u32,
}

impl ByField {
    /// Sorts by counting; what is in no field comes first.
    fn sort(&mut self, cells: &[Cell], anchors: &[Anchor]) {
        let field = |cell: &Cell| cell.field.0.wrapping_add(1) as usize;
        self.next.clear();
        for cell in cells {
            let behind = field(cell) + 1;
            if self.next.len() <= behind {
                self.next.resize(behind + 1, 0);
            }
            self.next[behind] += 1;
        }
        let mut before = 0;
        for next in &mut self.next {
            before += *next;
            *next = before;
        }
        let Some(&first) = cells.first() else {
            self.placed.clear();
            return;
        };
        self.placed.resize(cells.len(), Placed { cell: first, anchors: 0, count: 0 });
        let mut left = anchors;
        for &cell in cells {
            let of_cell = take_within(&mut left, &cell.range());
            let first = anchors.len() - left.len() - of_cell.len();
            let next = &mut self.next[field(&cell)];
            self.placed[*next as usize] =
                Placed { cell, anchors: first as u32, count: of_cell.len() as u32 };
            *next += 1;
        }
    }
}

/// Reads the values of a chunk.
struct Reader<'a, N> {
    detector: &'a Detector,
    bytes: &'a [u8],
    decoder: &'a mut Decoder,
    in_cell: &'a mut Vec<Anchor>,
    found: &'a mut Vec<Candidate>,
    memo: &'a mut Memo<N>,
    memory: &'a mut Memory,
}

impl<N: Default> Scratch<N> {
    /// One in which `memory` is used.
    pub(super) fn with(memory: Memory) -> Self {
        Self { memory, ..Self::default() }
    }

    /// What was asked of the texts, where that is counted.
    pub(super) fn probe(&self) -> Option<&Probe> {
        self.memory.probe()
    }

    /// What a chunk is read with, its cells, and their anchors.
    fn reader<'a>(
        &'a mut self,
        detector: &'a Detector,
        chunk: &'a Chunk,
        file: usize,
    ) -> (&'a Cells, &'a [Anchor], &'a mut ByField, Reader<'a, N>) {
        let Self { cells, decoder, in_chunk, in_cell, found, memo, memory, by_field } = self;
        memo.next_chunk((file, cells.epoch()));
        let bytes = &chunk.bytes[..];
        in_chunk.clear();
        memory.anchors(bytes, in_chunk);
        let reader = Reader { detector, bytes, decoder, in_cell, found, memo, memory };
        (cells, in_chunk, by_field, reader)
    }
}

impl<N: Default> Reader<'_, N> {
    /// Visits a line, unless nothing could start in it. What could not be parsed may go over several
    /// lines, or begin in one.
    fn line(
        &mut self,
        range: Range<usize>,
        record: u64,
        of_line: &[Anchor],
        visit: &mut impl FnMut(Value<'_, N>),
    ) {
        let start = range.start;
        let is_cut = starts_glued(self.bytes, start);
        if of_line.is_empty() && !is_cut && !self.detector.reads_everything() {
            return;
        }
        let (text, place) = (&self.bytes[range], Place::LINE);
        self.found.clear();
        if is_cut {
            self.in_cell.clear();
            self.memory.anchors(text, self.in_cell);
            self.detector.find(text, self.in_cell, 0, place, self.memory, self.found);
        } else {
            self.detector.find(text, of_line, start, place, self.memory, self.found);
        }
        let (site, found) = (Site::Line { start }, &mut self.found[..]);
        visit(Value { site, record, text, found, note: &mut N::default() });
    }

    /// Visits a cell.
    #[inline]
    fn cell(
        &mut self,
        cell: &Cell,
        of_cell: &[Anchor],
        place: &Place<'_>,
        visit: &mut impl FnMut(Value<'_, N>),
    ) {
        let Self { detector, bytes, decoder, in_cell, found, memo, memory } = self;
        let range = cell.range();
        let text = match cell.has_escapes {
            false => &bytes[range.clone()],
            true => decoder.decode(bytes, cell).text,
        };
        let mut find = |found: &mut Vec<Candidate>| {
            found.clear();
            if cell.has_escapes || starts_glued(bytes, range.start) {
                in_cell.clear();
                memory.anchors(text, in_cell);
                detector.find(text, in_cell, 0, *place, memory, found);
            } else if !of_cell.is_empty() || detector.reads_without_anchors(place) {
                detector.find(text, of_cell, range.start, *place, memory, found);
            }
        };
        // Of a ragged row, the fields are others than they seem.
        let field = if cell.is_ragged { FieldIx::NONE } else { cell.field };
        let (site, record) = (Site::Cell(cell), cell.record);
        if let Some((known, is_known)) = memo.place(field, text) {
            if !is_known {
                find(found);
                known.found = found.drain(..).collect();
            }
            let (found, note) = (&mut known.found[..], &mut known.note);
            visit(Value { site, record, text, found, note });
        } else {
            find(found);
            visit(Value { site, record, text, found: &mut found[..], note: &mut N::default() });
        }
    }
}

/// The anchors within `range`, and those behind it left in `anchors`.
fn take_within<'a>(anchors: &mut &'a [Anchor], range: &Range<usize>) -> &'a [Anchor] {
    let first = anchors.iter().take_while(|anchor| (anchor.at as usize) < range.start).count();
    let rest = &anchors[first..];
    let count = rest.iter().take_while(|anchor| (anchor.at as usize) < range.end).count();
    *anchors = &rest[count..];
    &rest[..count]
}

/// Whether what is before a value would belong to its first word if they were one text: the anchors
/// of the chunk then miss what starts the value (`{"phone":639981234}`), or find a second word where
/// its first one is.
fn starts_glued(bytes: &[u8], start: usize) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphabetic() || b == b'.' || !b.is_ascii();
    match bytes[..start] {
        [.., before, b' '] => is_letter(before),
        [.., b] => {
            b.is_ascii_alphanumeric()
                || matches!(b, b':' | b'-' | b'/' | b'.' | b'_' | b'+' | b'(' | b'@')
        }
        [] => false,
    }
}
