//! Where to cut a stream of JSON: between records, and within one that is too long for a chunk.

use std::sync::Arc;

use memchr::memchr;

use super::super::chunk::{
    Cut, Reach, Start, count_lines, cut_broken_line, piece_of_line, whole_lines,
};
use super::super::text_start;
use super::nesting::{self, Nesting};
use super::{JsonLayout, skim, skip_blanks};

/// Finds the ends of records; the state is what must be known of the bytes before.
#[derive(Debug)]
pub(in crate::format::text) struct JsonCutter {
    layout: JsonLayout,
    place: Place,
}

/// Where in a file the next byte is.
#[derive(Debug)]
enum Place {
    /// Before the bracket of a root array.
    Before,
    Between,
    /// In a record that was too long for one chunk.
    Within(Arc<Nesting>),
    /// In a line that was given up on.
    InBrokenLine,
    /// Behind the end of a root array, where only blanks may be, or behind a record that was given up
    /// on; `continued` in the middle of a line.
    Behind {
        continued: bool,
    },
}

/// What of a window is whole records.
struct Whole {
    /// 0 where nothing is.
    end: usize,
    records: u64,
    /// Whether the root array ends there.
    is_closed: bool,
}

impl Whole {
    const NOTHING: Self = Self { end: 0, records: 0, is_closed: false };
}

impl JsonCutter {
    pub(in crate::format::text) fn new(layout: JsonLayout) -> Self {
        let place = if layout == JsonLayout::Array { Place::Before } else { Place::Between };
        Self { layout, place }
    }

    /// `window` starts at `offset` in the stream, where the last cut was.
    pub(in crate::format::text) fn cut(&mut self, window: &[u8], offset: u64, reach: Reach) -> Cut {
        let mut from = text_start(window, offset);
        let start = match &self.place {
            Place::Before => {
                let first = skip_blanks(window, from);
                match window.get(first) {
                    Some(b'[') => from = first + 1,
                    None if reach == Reach::More => return Cut::NeedsMore,
                    _ => return self.cut_behind(window, from, reach, false),
                }
                Start::Array
            }
            Place::Between => Start::Record,
            Place::Within(nesting) => Start::Within(Arc::clone(nesting)),
            Place::InBrokenLine => return self.give_up(window, from, reach, true),
            Place::Behind { continued } => {
                return self.cut_behind(window, from, reach, *continued);
            }
        };
        let nesting = start.nesting();
        let whole = self.whole(window, from, nesting, reach);
        if whole.end > 0 {
            self.place =
                if whole.is_closed { Place::Behind { continued: false } } else { Place::Between };
            return Cut::At { end: whole.end, start, records: whole.records, goes_on: false };
        }
        if reach == Reach::More {
            return Cut::NeedsMore;
        }
        match nesting::cut(window, from, nesting.unwrap_or(&Nesting::default())) {
            Some((end, within)) => {
                self.place = Place::Within(Arc::new(within));
                Cut::At { end, start, records: 0, goes_on: true }
            }
            None => self.give_up(window, from, reach, nesting.is_some()),
        }
    }

    /// The whole records of `window` from `from` on, where the first goes on in `nesting`, if that is
    /// given. At the end of the stream all of them are.
    fn whole(&self, window: &[u8], from: usize, nesting: Option<&Nesting>, reach: Reach) -> Whole {
        let is_end = reach == Reach::End;
        if self.layout == JsonLayout::Lines {
            let end = whole_lines(window, reach);
            let (records, _) = count_lines(&window[from.min(end)..end], nesting.is_some());
            return Whole { end, records, is_closed: false };
        }
        let is_element = self.layout == JsonLayout::Array;
        let first = nesting.map(|nesting| {
            let end = skim::rest_end(window, from, nesting, is_element);
            end.or_else(|| is_end.then_some(window.len()))
        });
        match (first, is_element) {
            (Some(None), _) => Whole::NOTHING,
            (first, false) => {
                let first = first.flatten();
                let (end, more) = skim::last_value_end(window, first.unwrap_or(from), is_end);
                let records = more + u64::from(first.is_some());
                Whole { end: end.max(first.unwrap_or(0)), records, is_closed: false }
            }
            (None, true) => elements(window, from, is_end),
            (Some(Some(end)), true) => match window.get(end) {
                Some(b',') => {
                    let more = elements(window, end + 1, is_end);
                    let records = more.records + 1;
                    Whole { end: more.end.max(end + 1), records, ..more }
                }
                Some(_) => Whole { end: end + 1, records: 1, is_closed: true },
                None => Whole { end, records: 1, is_closed: false },
            },
        }
    }

    /// Gives up on a record that is too long and has no place to cut at: on its line, if records are
    /// lines, else on all that is behind it.
    fn give_up(&mut self, window: &[u8], from: usize, reach: Reach, continued: bool) -> Cut {
        if self.layout != JsonLayout::Lines {
            return self.cut_behind(window, from, reach, continued);
        }
        let mut in_line = continued;
        let line_end = |bytes: &[u8]| memchr(b'\n', bytes);
        let cut = cut_broken_line(window, from, reach, &mut in_line, line_end);
        self.place = if in_line { Place::InBrokenLine } else { Place::Between };
        cut
    }

    fn cut_behind(&mut self, window: &[u8], from: usize, reach: Reach, continued: bool) -> Cut {
        let end = match whole_lines(window, reach) {
            0 if reach == Reach::Limit => piece_of_line(window),
            0 => return Cut::NeedsMore,
            end => end,
        };
        let start = if continued { Start::MalformedContinued } else { Start::Malformed };
        let (records, is_open) = count_lines(&window[from.min(end)..end], continued);
        let continued = is_open && reach != Reach::End;
        self.place = Place::Behind { continued };
        Cut::At { end, start, records: records - u64::from(continued), goes_on: false }
    }
}

fn elements(window: &[u8], from: usize, is_end: bool) -> Whole {
    let skim::Elements { end, elements, is_closed } = skim::last_element_end(window, from, is_end);
    Whole { end, records: elements, is_closed }
}
