//! The values of a chunk with the candidates in them: what every text job starts from.

use super::memo::Memo;
use crate::detect::{Anchor, Candidate, Detector, Memory, Place, anchors};
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
/// the file; surplus cells of ragged rows come as [`FieldIx::NONE`].
/// Lines in which nothing could start are not visited. What a visitor notes with the value of a cell,
/// and the order in which it leaves the candidates, it may see again, and not always does.
pub(super) fn for_each<'k, N: Default>(
    detector: &Detector,
    format: &TextFormat,
    chunk: &Chunk,
    scratch: &mut Scratch<N>,
    file: usize,
    know: impl Fn(FieldIx, bool) -> Place<'k>,
    mut visit: impl FnMut(Value<'_, N>),
) {
    let Scratch { cells, decoder, in_chunk, in_cell, found, memo, memory } = scratch;
    memo.next_chunk((file, cells.epoch()));
    let bytes = &chunk.bytes[..];
    in_chunk.clear();
    anchors(bytes, in_chunk);
    let mut anchors_left = &in_chunk[..];
    let is_log = matches!(format, TextFormat::Log);
    let mut values = cells.cells.iter().peekable();
    let mut broken = cells.malformed.iter().peekable();
    loop {
        let next_value = values.peek().map_or(u32::MAX, |cell| cell.start);
        let next_broken = broken.peek().map_or(u32::MAX, |span| span.start);
        let (site, range, record) = if next_value <= next_broken {
            let Some(cell) = values.next() else { break };
            let site =
                if is_log { Site::Line { start: cell.start as usize } } else { Site::Cell(cell) };
            (site, cell.range(), cell.record)
        } else {
            let Some(span) = broken.next() else { break };
            (Site::Line { start: span.start as usize }, span.range(), span.record)
        };
        let of_value = take_within(&mut anchors_left, &range);
        found.clear();
        match site {
            Site::Line { .. } => {
                let is_cut = starts_glued(bytes, range.start);
                if of_value.is_empty() && !is_cut && !detector.reads_everything() {
                    continue;
                }
                // A span that could not be parsed may go over several lines, or begin in one.
                let text = &bytes[range.clone()];
                let place = Place::LINE;
                if is_cut {
                    in_cell.clear();
                    anchors(text, in_cell);
                    detector.find(text, in_cell, 0, place, memory, found);
                } else {
                    detector.find(text, of_value, range.start, place, memory, found);
                }
                visit(Value { site, record, text, found, note: &mut N::default() });
            }
            Site::Cell(cell) => {
                let text = match cell.has_escapes {
                    false => &bytes[range.clone()],
                    true => decoder.decode(bytes, cell).text,
                };
                let mut find = |found: &mut Vec<Candidate>| {
                    let place = know(cell.field, cell.is_ragged);
                    if cell.has_escapes || starts_glued(bytes, range.start) {
                        in_cell.clear();
                        anchors(text, in_cell);
                        detector.find(text, in_cell, 0, place, memory, found);
                    } else {
                        detector.find(text, of_value, range.start, place, memory, found);
                    }
                };
                // Of a ragged row, the fields are others than they seem.
                let field = if cell.is_ragged { FieldIx::NONE } else { cell.field };
                if let Some((known, is_known)) = memo.place(field, text) {
                    if !is_known {
                        find(found);
                        known.found = found.drain(..).collect();
                    }
                    let (found, note) = (&mut known.found[..], &mut known.note);
                    visit(Value { site, record, text, found, note });
                } else {
                    find(found);
                    visit(Value { site, record, text, found, note: &mut N::default() });
                }
            }
        }
    }
}

/// The anchors within `range`, and those behind it left in `anchors`.
fn take_within<'a>(anchors: &mut &'a [Anchor], range: &std::ops::Range<usize>) -> &'a [Anchor] {
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
