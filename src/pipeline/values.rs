//! The values of a chunk with the candidates in them: what every text job starts from.

use std::ops::Range;

use super::memo::{Memo, Worth};
use crate::detect::probe::Probe;
use crate::detect::{Anchor, Candidate, Detector, Memory, Place, Statement};
use crate::format::text::{Cell, Cells, Chunk, Decoder, FieldIx, TextFormat};
use crate::rules::KindId;

/// What a job notes with a value, for when it comes again.
pub(super) trait Note: Default {
    /// Whether it wants to see the candidates again, too.
    const WITH_CANDIDATES: bool;
}

impl Note for () {
    const WITH_CANDIDATES: bool = true;
}

/// How far the values of a field are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Look<'a> {
    /// They are passed over.
    Away,
    /// They are visited, and nothing is searched for in them.
    AtText,
    /// What is in them is searched for, with this knowledge of the field.
    Into(Place<'a>),
    /// The same, where every value as a whole is of a kind: of one that plainly is, no more is asked.
    AsWhole(Place<'a>, KindId),
}

/// Memory of one worker that is used again for each chunk; `N` is what a job notes with a value.
#[derive(Default)]
pub(super) struct Scratch<N: Note = ()> {
    pub(super) cells: Cells,
    decoder: Decoder,
    in_chunk: Vec<Anchor>,
    in_cell: Vec<Anchor>,
    found: Vec<Candidate>,
    memo: Memo<N>,
    memory: Memory,
    statement: Statement,
    groups: Groups,
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
    /// Of a line, the [key](Statement::key) of the statement that wrote it.
    pub(super) statement: Option<&'a [u32]>,
    /// What was noted when the same text was last seen in the same field, the default where it is new;
    /// nothing where it is not kept until it comes again.
    pub(super) note: Option<&'a mut N>,
}

/// Calls `visit` with every value of `chunk`, in the order of the bytes.
///
/// `file` is its place in the run. `look` says how far a field is looked at, the same for every chunk
/// of the file; surplus cells of ragged rows come as [`FieldIx::NONE`].
/// Lines in which nothing could start need not be visited. What a visitor notes with the value of a cell,
/// and the order in which it leaves the candidates, it may see again, and not always does.
pub(super) fn for_each<'k, N: Note>(
    detector: &Detector,
    format: &TextFormat,
    chunk: &Chunk,
    scratch: &mut Scratch<N>,
    file: usize,
    look: impl Fn(FieldIx, bool) -> Look<'k>,
    mut visit: impl FnMut(Value<'_, N>),
) {
    let (cells, in_chunk, _, mut reader) = scratch.reader(detector, chunk, file);
    let is_log = matches!(format, TextFormat::Log);
    let at_once = !is_log || reader.memory.is_probing();
    if at_once {
        reader.memory.anchors(&chunk.bytes, in_chunk);
    }
    let mut anchors_left = &in_chunk[..];
    let mut values = cells.cells.iter().peekable();
    let mut broken = cells.malformed.iter().peekable();
    loop {
        let next_value = values.peek().map_or(u32::MAX, |cell| cell.start);
        let next_broken = broken.peek().map_or(u32::MAX, |span| span.start);
        if next_value <= next_broken {
            let Some(cell) = values.next() else { break };
            let anchors = at_once.then(|| take_within(&mut anchors_left, &cell.range()));
            if is_log {
                reader.line(cell.range(), cell.record, anchors, &mut visit);
            } else {
                reader.look(&look(cell.field, cell.is_ragged), cell, anchors, &mut visit);
            }
        } else {
            let Some(span) = broken.next() else { break };
            let anchors = at_once.then(|| take_within(&mut anchors_left, &span.range()));
            reader.line(span.range(), span.record, anchors, &mut visit);
        }
    }
}

/// The same, all values of a field one after the other, and all lines that look alike: what they are and what
/// is done with them is much the same, and so stays in the caches and is foreseen by the processor. What could
/// not be parsed comes first.
pub(super) fn for_each_by_field<'k, N: Note>(
    detector: &Detector,
    format: &TextFormat,
    chunk: &Chunk,
    scratch: &mut Scratch<N>,
    file: usize,
    look: impl Fn(FieldIx, bool) -> Look<'k>,
    mut visit: impl FnMut(Value<'_, N>),
) {
    let is_log = matches!(format, TextFormat::Log);
    let (cells, in_chunk, groups, mut reader) = scratch.reader(detector, chunk, file);
    let at_once = if is_log {
        groups.of_lines(&cells.cells, &chunk.bytes);
        // Most lines are known without them.
        reader.memory.is_probing()
    } else {
        groups.of_fields(&cells.cells, &look);
        // At once for all of them, unless little of the chunk is searched.
        groups.searched >= chunk.bytes.len() / SPARSE
    };
    if at_once {
        reader.memory.anchors(&chunk.bytes, in_chunk);
    }
    let mut anchors_left = &in_chunk[..];
    reader.memory.turn_to(OF_NO_FIELD);
    for span in &cells.malformed {
        let anchors = at_once.then(|| take_within(&mut anchors_left, &span.range()));
        reader.line(span.range(), span.record, anchors, &mut visit);
    }
    groups.sort(&cells.cells, in_chunk);
    let anchors_of = |placed: &Placed| {
        at_once.then(|| &in_chunk[placed.anchors as usize..][..placed.count as usize])
    };
    for group in groups.placed.chunk_by(|one, other| one.group == other.group) {
        let Cell { field, is_ragged, .. } = group[0].cell;
        reader.memory.turn_to(group[0].group as usize);
        if is_log {
            for placed in group {
                let cell = &placed.cell;
                reader.line(cell.range(), cell.record, anchors_of(placed), &mut visit);
            }
            continue;
        }
        let look = look(field, is_ragged);
        for placed in group {
            reader.look(&look, &placed.cell, anchors_of(placed), &mut visit);
        }
    }
}

/// Where less than one byte in so many is searched, the anchors of each cell are found for itself.
const SPARSE: usize = 3;

/// The cells of a chunk that are looked at, those of a group one after the other.
#[derive(Default)]
struct Groups {
    /// Of each line its [`sum_of_signs`], which is its group; of cells, their field is.
    of_lines: Vec<u8>,
    /// How many cells a group has; then where the next one goes.
    next: Vec<u32>,
    /// And how many bytes.
    bytes: Vec<usize>,
    is_away: Vec<bool>,
    /// Bytes of the cells that are searched.
    searched: usize,
    placed: Vec<Placed>,
}

/// A copy of a cell, which is nearer than the cell itself, with its anchors by their place and number.
#[derive(Clone, Copy)]
struct Placed {
    cell: Cell,
    group: u32,
    anchors: u32,
    count: u32,
}

impl Groups {
    /// Makes one of the cells of each field, and notes what of the chunk is searched.
    fn of_fields<'k>(&mut self, cells: &[Cell], look: impl Fn(FieldIx, bool) -> Look<'k>) {
        self.of_lines.clear();
        self.count(cells);
        let Self { bytes, is_away, searched, .. } = self;
        *searched = 0;
        for ((place, bytes), is_away) in (0_u32..).zip(&*bytes).zip(is_away) {
            let look = look(FieldIx(place.wrapping_sub(1)), false);
            *is_away = matches!(look, Look::Away);
            if matches!(look, Look::Into(_) | Look::AsWhole(..)) {
                *searched += bytes;
            }
        }
    }

    /// Makes one of the lines that have the same sum.
    fn of_lines(&mut self, lines: &[Cell], bytes: &[u8]) {
        self.of_lines.clear();
        self.of_lines.extend(lines.iter().map(|line| sum_of_signs(&bytes[line.range()])));
        self.count(lines);
    }

    /// The group of the cell at `index`.
    fn of(&self, index: usize, cell: &Cell) -> usize {
        self.of_lines.get(index).map_or_else(|| place_of(cell), |sum| usize::from(*sum))
    }

    fn count(&mut self, cells: &[Cell]) {
        self.next.clear();
        self.bytes.clear();
        for (index, cell) in cells.iter().enumerate() {
            let group = self.of(index, cell);
            if self.next.len() <= group {
                self.next.resize(group + 1, 0);
                self.bytes.resize(group + 1, 0);
            }
            self.next[group] += 1;
            self.bytes[group] += cell.range().len();
        }
        self.is_away.clear();
        self.is_away.resize(self.next.len(), false);
    }

    /// Sorts by what was counted, the first group first; in a group, by place.
    fn sort(&mut self, cells: &[Cell], anchors: &[Anchor]) {
        let mut before = 0;
        for (next, is_away) in self.next.iter_mut().zip(&self.is_away) {
            let count = std::mem::replace(next, before);
            before += if *is_away { 0 } else { count };
        }
        let Some(&first) = cells.first() else {
            self.placed.clear();
            return;
        };
        self.placed.resize(before as usize, Placed { cell: first, group: 0, anchors: 0, count: 0 });
        let mut left = anchors;
        for (index, &cell) in cells.iter().enumerate() {
            let group = self.of(index, &cell);
            if self.is_away[group] {
                continue;
            }
            let of_cell = take_within(&mut left, &cell.range());
            let first = anchors.len() - left.len() - of_cell.len();
            let (anchors, count) = (first as u32, of_cell.len() as u32);
            self.placed[self.next[group] as usize] =
                Placed { cell, group: group as u32, anchors, count };
            self.next[group] += 1;
        }
    }
}

/// The sum of the first bytes of a line that are neither digits nor small letters: one statement writes the
/// same signs in each of its lines, whatever the values between them are.
fn sum_of_signs(line: &[u8]) -> u8 {
    const BLOCKS: usize = 8;
    let is_sign = |byte: u8| byte < b'a' && !byte.is_ascii_digit();
    // A sum for each place of a register, so that no byte is looked at alone.
    let mut sums = [0; 16];
    for block in line.as_chunks::<16>().0.iter().take(BLOCKS) {
        for (sum, byte) in sums.iter_mut().zip(block) {
            *sum = u8::wrapping_add(*sum, if is_sign(*byte) { *byte } else { 0 });
        }
    }
    sums.into_iter().fold(0, u8::wrapping_add)
}

/// The place of what is in no field, before those of all fields.
const OF_NO_FIELD: usize = 0;

/// The place of a cell's field in order.
fn place_of(cell: &Cell) -> usize {
    if cell.is_ragged { OF_NO_FIELD } else { cell.field.0.wrapping_add(1) as usize }
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
    statement: &'a mut Statement,
}

impl<N: Note> Scratch<N> {
    /// One in which `memory` is used.
    pub(super) fn with(memory: Memory) -> Self {
        Self { memory, ..Self::default() }
    }

    /// What was asked of the texts, where that is counted.
    pub(super) fn probe(&self) -> Option<&Probe> {
        self.memory.probe()
    }

    /// What a chunk is read with, its cells, and an empty list for their anchors.
    fn reader<'a>(
        &'a mut self,
        detector: &'a Detector,
        chunk: &'a Chunk,
        file: usize,
    ) -> (&'a Cells, &'a mut Vec<Anchor>, &'a mut Groups, Reader<'a, N>) {
        let Self { cells, decoder, in_chunk, in_cell, found, memo, memory, statement, groups } =
            self;
        memo.next_chunk((file, cells.epoch()));
        let bytes = &chunk.bytes[..];
        in_chunk.clear();
        let reader = Reader { detector, bytes, decoder, in_cell, found, memo, memory, statement };
        (cells, in_chunk, groups, reader)
    }
}

impl<N: Note> Reader<'_, N> {
    /// Visits a line, unless nothing could start in it; its anchors may not be known yet. What could not
    /// be parsed may go over several lines, or begin in one.
    fn line(
        &mut self,
        range: Range<usize>,
        record: u64,
        of_line: Option<&[Anchor]>,
        visit: &mut impl FnMut(Value<'_, N>),
    ) {
        let start = range.start;
        let of_line = of_line.filter(|_| !starts_glued(self.bytes, start));
        if of_line.is_some_and(<[_]>::is_empty) && !self.detector.reads_everything() {
            return;
        }
        let text = &self.bytes[range];
        self.found.clear();
        match of_line {
            Some(of_line) => {
                let place = &Place::LINE;
                self.detector.find(text, of_line, start, place, self.memory, self.found);
            }
            None => self.detector.find_in_line(text, self.in_cell, self.memory, self.found),
        }
        let (site, found) = (Site::Line { start }, &mut self.found[..]);
        self.memory.state(found, self.statement);
        visit(Value { site, record, text, found, statement: self.statement.key(), note: None });
    }

    /// Visits a cell, unless it is passed over.
    #[inline]
    fn look(
        &mut self,
        look: &Look<'_>,
        cell: &Cell,
        of_cell: Option<&[Anchor]>,
        visit: &mut impl FnMut(Value<'_, N>),
    ) {
        match look {
            Look::Away => {}
            Look::AtText => {
                let text = match cell.has_escapes {
                    false => &self.bytes[cell.range()],
                    true => self.decoder.decode(self.bytes, cell).text,
                };
                let (site, record) = (Site::Cell(cell), cell.record);
                visit(Value { site, record, text, found: &mut [], statement: None, note: None });
            }
            Look::Into(place) => self.cell(cell, of_cell, place, None, visit),
            Look::AsWhole(place, kind) => self.cell(cell, of_cell, place, Some(*kind), visit),
        }
    }

    /// Visits a cell with what is in it.
    #[inline]
    fn cell(
        &mut self,
        cell: &Cell,
        of_cell: Option<&[Anchor]>,
        place: &Place<'_>,
        whole: Option<KindId>,
        visit: &mut impl FnMut(Value<'_, N>),
    ) {
        let Self { detector, bytes, decoder, in_cell, found, memo, memory, .. } = self;
        let text = match cell.has_escapes {
            false => &bytes[cell.range()],
            true => decoder.decode(bytes, cell).text,
        };
        // Of a ragged row, the fields are others than they seem.
        let field = if cell.is_ragged { FieldIx::NONE } else { cell.field };
        let (site, record) = (Site::Cell(cell), cell.record);
        let is_told = || whole.is_none() && detector.is_told(text, place);
        let worth = || if whole.is_some() || is_told() { Worth::Parse } else { Worth::Search };
        let of_value = match memo.place(field, text, worth) {
            Some((known, true)) => {
                let found = if N::WITH_CANDIDATES { &mut known.found[..] } else { &mut found[..] };
                let note = Some(&mut known.note);
                return visit(Value { site, record, text, found, statement: None, note });
            }
            Some((known, false)) => Some(known),
            None => None,
        };
        found.clear();
        if !is_told() {
            let plain = whole.and_then(|kind| detector.find_plain(kind, place.inferred, text));
            found.extend(plain);
            if found.is_empty() {
                let start = cell.range().start;
                let is_apart = !cell.has_escapes && !starts_glued(bytes, start);
                match of_cell.filter(|_| is_apart) {
                    Some([]) if !detector.reads_without_anchors(place) => {}
                    Some(of_cell) => detector.find(text, of_cell, start, place, memory, found),
                    None => {
                        in_cell.clear();
                        memory.anchors(text, in_cell);
                        detector.find(text, in_cell, 0, place, memory, found);
                    }
                }
            }
        }
        let (found, note) = match of_value {
            Some(known) if N::WITH_CANDIDATES => {
                known.found = found.drain(..).collect();
                (&mut known.found[..], Some(&mut known.note))
            }
            Some(known) => (&mut found[..], Some(&mut known.note)),
            None => (&mut found[..], None),
        };
        visit(Value { site, record, text, found, statement: None, note });
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
