//! Cutting a byte stream into chunks at record boundaries.
//!
//! What comes in is a reader; what goes out are chunks that hold whole records and can be read
//! independently of each other. A cutter looks at the bytes from one record boundary on and says
//! where the last boundary in them is; it sees no more than it must to know that. Where records
//! end, how they are numbered and what is given up on depends on the bytes of the stream alone,
//! never on the size of the chunks.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memchr2, memrchr};

use super::cell::Cells;
use super::csv::{self, CsvDialect};
use super::json::{JsonCutter, JsonLayout, Nesting};
use super::log::is_blank;
use super::{BOM, text_start};

/// Longest record that is looked at in one piece. A longer line of plain text is cut at white space, and
/// a longer record of JSON between its values or in a string that alone is longer, so that an endless
/// one takes no more memory than many short ones.
pub const MAX_RECORD_BYTES: usize = 1 << 20;

/// Longest record of CSV. A longer one is taken for a quote that nobody closed, which happens in long
/// files, and is read again as lines.
pub(super) const MAX_CSV_RECORD_BYTES: usize = 4 << 20;

/// Some whole records of a file as they stand in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Chunk {
    pub bytes: Vec<u8>,
    /// Number of the first record in it, 1-based in the file.
    pub first_record: u64,
    /// Where its first byte is in the file.
    pub offset: u64,
    pub(super) start: Start,
    /// Whether its last record, one of JSON, goes on in the next chunk.
    pub(super) goes_on: bool,
}

impl Chunk {
    /// The numbers of those of its records, listed in `cells`, that are in other chunks, too.
    pub fn cut_records(&self, cells: &Cells) -> impl Iterator<Item = u64> + use<> {
        let begun = u64::from(self.start.nesting().is_some());
        let last = (self.first_record + begun + cells.records).saturating_sub(1);
        let first = (begun > 0).then_some(self.first_record);
        first.into_iter().chain(self.goes_on.then_some(last))
    }
}

impl fmt::Debug for Chunk {
    /// Without the bytes, which may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunk")
            .field("bytes", &self.bytes.len())
            .field("first_record", &self.first_record)
            .field("offset", &self.offset)
            .field("start", &self.start)
            .field("goes_on", &self.goes_on)
            .finish()
    }
}

/// What a chunk starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start {
    /// A record.
    Record,
    /// The rest of a log line that was too long for one chunk.
    Continued,
    /// The header row of a CSV file, which is no record.
    Header,
    /// The opening bracket of a root array.
    Array,
    /// The rest of a record of JSON that was too long for one chunk.
    Within(Arc<Nesting>),
    /// Lines that could not be parsed, up to the end of the chunk.
    Malformed,
    /// The same, starting with the rest of a line that was too long for one chunk.
    MalformedContinued,
}

impl Start {
    /// What is open where a record of JSON goes on.
    pub(super) fn nesting(&self) -> Option<&Nesting> {
        match self {
            Self::Within(nesting) => Some(nesting),
            _ => None,
        }
    }
}

/// Cuts a stream into [`Chunk`]s; made by [`TextFormat::splitter`](super::TextFormat::splitter).
///
/// The chunks follow each other without a gap: together they are the stream.
pub struct Splitter<R> {
    reader: R,
    cutter: Cutter,
    /// Read, and from `taken` on not yet given out.
    buffer: Vec<u8>,
    taken: usize,
    /// Where the buffer's byte at `taken` is in the stream.
    offset: u64,
    next_record: u64,
    chunk_bytes: usize,
    max_record_bytes: usize,
    is_read: bool,
}

impl<R: Read> Splitter<R> {
    pub(super) fn new(reader: R, cutter: Cutter, chunk_bytes: usize) -> Self {
        Self {
            reader,
            cutter,
            buffer: Vec::new(),
            taken: 0,
            offset: 0,
            next_record: 1,
            // Half a byte order mark would be text.
            chunk_bytes: chunk_bytes.clamp(BOM.len(), MAX_RECORD_BYTES),
            max_record_bytes: MAX_RECORD_BYTES,
            is_read: false,
        }
    }

    /// The next chunk, or nothing at the end of the stream.
    ///
    /// # Errors
    /// As the reader gives them.
    pub fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        let mut window_bytes = self.chunk_bytes;
        loop {
            self.fill(window_bytes)?;
            let unread = &self.buffer[self.taken..];
            if unread.is_empty() {
                return Ok(None);
            }
            let window = &unread[..unread.len().min(window_bytes)];
            let reach = if self.is_read && window.len() == unread.len() {
                Reach::End
            } else if window.len() >= self.max_record_bytes {
                Reach::Limit
            } else {
                Reach::More
            };
            match self.cutter.cut(window, self.offset, reach) {
                Cut::At { end, start, records, goes_on } => {
                    return Ok(Some(self.take(end, start, records, goes_on)));
                }
                Cut::NeedsMore => {
                    debug_assert_eq!(reach, Reach::More, "there is a cut in what is not longer");
                    window_bytes = (2 * window_bytes).min(self.max_record_bytes);
                }
            }
        }
    }

    /// Reads until `wanted` bytes are there that were not given out, or the stream ends.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let unread = self.buffer.len() - self.taken;
        if self.is_read || unread >= wanted {
            return Ok(());
        }
        self.buffer.drain(..self.taken);
        self.taken = 0;
        let missing = wanted - unread;
        self.buffer.reserve(missing);
        let read = self.reader.by_ref().take(missing as u64).read_to_end(&mut self.buffer)?;
        self.is_read = read < missing;
        Ok(())
    }

    fn take(&mut self, end: usize, start: Start, records: u64, goes_on: bool) -> Chunk {
        let chunk = Chunk {
            bytes: self.take_bytes(end),
            first_record: self.next_record,
            offset: self.offset,
            start,
            goes_on,
        };
        self.offset += end as u64;
        self.next_record += records;
        chunk
    }

    /// The next `end` bytes of the buffer: as what was read, with the rest copied to a new buffer, unless
    /// they are the smaller part of it.
    fn take_bytes(&mut self, end: usize) -> Vec<u8> {
        let rest = &self.buffer[self.taken + end..];
        if self.taken > 0 || rest.len() > end {
            let bytes = self.buffer[self.taken..self.taken + end].to_vec();
            self.taken += end;
            return bytes;
        }
        let mut buffer = Vec::with_capacity(self.chunk_bytes.max(rest.len()));
        buffer.extend_from_slice(rest);
        let mut bytes = std::mem::replace(&mut self.buffer, buffer);
        bytes.truncate(end);
        bytes
    }

    /// The same with another limit for records than that of their format, 3 bytes at least.
    #[must_use]
    pub fn with_max_record_bytes(mut self, max_record_bytes: usize) -> Self {
        self.max_record_bytes = max_record_bytes.max(BOM.len());
        self.chunk_bytes = self.chunk_bytes.min(max_record_bytes);
        self
    }
}

/// How far the bytes reach that a cutter sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// There may be more, to be had by asking.
    More,
    /// There may be more, but a record that is not whole here is too long.
    Limit,
    /// The end of the stream.
    End,
}

/// A cutter's answer. `end` is never 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cut {
    /// `records` is how many records end before `end`, header not counted; `goes_on` says that the last
    /// record is one of JSON that is cut there.
    At {
        end: usize,
        start: Start,
        records: u64,
        goes_on: bool,
    },
    NeedsMore,
}

/// Finds record boundaries; the state is what must be known of the bytes before.
#[derive(Debug)]
pub(super) enum Cutter {
    Log { continued: bool },
    Csv { dialect: CsvDialect, header_is_next: bool, in_malformed_line: bool },
    Json(JsonCutter),
}

/// Where a row of CSV ends, whatever quotes are in it.
fn row_end(bytes: &[u8]) -> Option<usize> {
    memchr2(b'\n', b'\r', bytes)
}

impl Cutter {
    pub(super) fn log() -> Self {
        Self::Log { continued: false }
    }

    pub(super) fn csv(dialect: CsvDialect) -> Self {
        Self::Csv { dialect, header_is_next: dialect.header, in_malformed_line: false }
    }

    pub(super) fn json(layout: JsonLayout) -> Self {
        Self::Json(JsonCutter::new(layout))
    }

    /// `window` starts at `offset` in the stream, where the last cut was.
    fn cut(&mut self, window: &[u8], offset: u64, reach: Reach) -> Cut {
        match self {
            Self::Log { continued } => cut_log(window, reach, continued),
            Self::Csv { in_malformed_line, .. } if *in_malformed_line => {
                cut_broken_line(window, 0, reach, in_malformed_line, row_end)
            }
            Self::Csv { dialect, header_is_next, in_malformed_line } => {
                let from = text_start(window, offset);
                let (end, rows) = csv::last_row_end(window, from, *dialect, reach == Reach::End);
                if end == 0 {
                    *header_is_next &= reach == Reach::More;
                    return cut_broken_line(window, from, reach, in_malformed_line, row_end);
                }
                let has_header = *header_is_next && rows > 0;
                *header_is_next &= !has_header;
                let start = if has_header { Start::Header } else { Start::Record };
                Cut::At { end, start, records: rows - u64::from(has_header), goes_on: false }
            }
            Self::Json(cutter) => cutter.cut(window, offset, reach),
        }
    }
}

fn cut_log(window: &[u8], reach: Reach, continued: &mut bool) -> Cut {
    let end = match whole_lines(window, reach) {
        0 if reach == Reach::Limit => piece_of_line(window),
        0 => return Cut::NeedsMore,
        end => end,
    };
    let start = if *continued { Start::Continued } else { Start::Record };
    *continued = window[end - 1] != b'\n';
    let records = memchr_iter(b'\n', &window[..end]).count() as u64;
    Cut::At { end, start, records, goes_on: false }
}

/// A record that does not end within the limit, or by the end of the stream: its first line is given
/// up on, and the next line is a record again. So one stray quote of CSV spoils one line.
///
/// `line_end` finds what ends a line.
pub(super) fn cut_broken_line(
    window: &[u8],
    from: usize,
    reach: Reach,
    in_line: &mut bool,
    line_end: fn(&[u8]) -> Option<usize>,
) -> Cut {
    if reach == Reach::More && !*in_line {
        return Cut::NeedsMore;
    }
    let start = if *in_line { Start::MalformedContinued } else { Start::Malformed };
    // A record of CSV may be longer than what is looked at in one piece.
    let piece = &window[..window.len().min(MAX_RECORD_BYTES)];
    let line_end = line_end(&piece[from..]).map(|at| from + at + 1);
    let end = match line_end {
        Some(end) => end,
        None if piece.len() < window.len() || reach == Reach::Limit => piece_of_line(piece),
        None if reach == Reach::More => return Cut::NeedsMore,
        None => window.len(),
    };
    let is_end = reach == Reach::End && end == window.len();
    *in_line = line_end.is_none() && !is_end;
    Cut::At { end, start, records: u64::from(!*in_line), goes_on: false }
}

/// Length of the whole lines at the start of `window`.
pub(super) fn whole_lines(window: &[u8], reach: Reach) -> usize {
    match reach {
        Reach::End => window.len(),
        _ => memrchr(b'\n', window).map_or(0, |at| at + 1),
    }
}

/// How many lines are not blank, where the first is not if it is `continued`; and whether the last
/// of them has no end yet.
pub(super) fn count_lines(bytes: &[u8], continued: bool) -> (u64, bool) {
    let (mut count, mut at, mut continued) = (0, 0, continued);
    let mut is_open = false;
    while at < bytes.len() {
        let end = memchr(b'\n', &bytes[at..]).map(|found| at + found);
        if continued || !is_blank(&bytes[at..end.unwrap_or(bytes.len())]) {
            count += 1;
            is_open = end.is_none();
        }
        continued = false;
        at = end.map_or(bytes.len(), |end| end + 1);
    }
    (count, is_open)
}

/// Where to cut a line that is too long: behind a separator, so that no value is cut; failing
/// that behind a space, failing that before a character. `window` is all within the line.
pub(super) fn piece_of_line(window: &[u8]) -> usize {
    let half = window.len() / 2;
    let last =
        |is_place: fn(&u8) -> bool| window[half..].iter().rposition(is_place).map(|at| half + at);
    if let Some(at) =
        last(|byte| b"\t,;|<>{}\"".contains(byte)).or_else(|| last(|byte| *byte == b' '))
    {
        return at + 1;
    }
    match last(|byte| *byte & 0xC0 != 0x80) {
        Some(at) if at > 0 => at,
        _ => window.len(),
    }
}
