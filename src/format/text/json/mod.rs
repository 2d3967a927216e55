//! JSON: where strings and numbers are, without building a tree.
//!
//! Two readers share the work. `skim` only matches brackets and strings, to find where a record
//! ends whatever is wrong inside it; `cut` cuts the stream with it. `parse` is strict (RFC 8259,
//! repeated keys allowed) and lists cells. Where it meets an error, the record up to there keeps
//! its cells, and the rest of the record, by `skim`, is plain text. A record that is too long for a
//! chunk goes on in the next, which begins with what is open there: its `nesting`.

mod cut;
mod nesting;
mod parse;
mod path;
mod skim;

use memchr::{memchr, memrchr};

pub(super) use cut::JsonCutter;
pub(super) use nesting::Nesting;
use parse::Record;
pub(super) use parse::Walker;

use super::cell::{Cells, Malformed};
use super::chunk::{Chunk, Start};
use super::log::lines;
use super::text_start;

/// Deepest nesting of arrays and objects; what is deeper is malformed.
pub const MAX_DEPTH: usize = 512;

/// How records are laid out in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonLayout {
    /// One value per line (NDJSON); blank lines are no records.
    Lines,
    /// One value, or several after each other with or without blanks between them.
    Values,
    /// One array whose elements are the records; their paths start with `$[*]`.
    Array,
}

/// The layout of the file that starts with `sample`, some tens of kilobytes; none where it does
/// not read as JSON objects or arrays. `is_whole` says that the sample is all of the file.
#[must_use]
pub fn sniff(sample: &[u8], is_whole: bool) -> Option<JsonLayout> {
    let start = skip_blanks(sample, text_start(sample, 0));
    let first = *sample.get(start)?;
    if first != b'{' && first != b'[' {
        return None;
    }
    let mut walker = Walker::default();
    let Some(end) = skim::value_end(sample, start, false) else {
        let is_cut = !is_whole && walker.is_prefix(sample, start);
        let layout = if first == b'[' { JsonLayout::Array } else { JsonLayout::Values };
        return is_cut.then_some(layout).or_else(|| sniff_lines(sample, is_whole, &mut walker));
    };
    let next = skip_blanks(sample, end);
    if !walker.is_value(&sample[..end], start) {
        return sniff_lines(sample, is_whole, &mut walker);
    }
    if next == sample.len() {
        return Some(if first == b'[' { JsonLayout::Array } else { JsonLayout::Values });
    }
    let is_line = !sample[start..end].contains(&b'\n') && sample[end..next].contains(&b'\n');
    sniff_lines(sample, is_whole, &mut walker).filter(|_| is_line).or_else(|| {
        let is_value = walker.is_prefix(sample, next) && matches!(sample[next], b'{' | b'[');
        is_value.then_some(JsonLayout::Values)
    })
}

/// NDJSON, if more of the whole lines of `sample` are JSON objects or arrays than are not.
fn sniff_lines(sample: &[u8], is_whole: bool, walker: &mut Walker) -> Option<JsonLayout> {
    let from = text_start(sample, 0);
    let whole = if is_whole { sample.len() } else { memrchr(b'\n', sample)? };
    let (mut good, mut bad) = (0, 0);
    for line in lines(&sample[..whole], from.min(whole)) {
        let start = skip_blanks(&sample[..line.end], line.start);
        match sample[..line.end].get(start) {
            None => {}
            Some(b'{' | b'[') if walker.is_value(&sample[..line.end], start) => good += 1,
            Some(_) => bad += 1,
        }
    }
    (good > bad).then_some(JsonLayout::Lines)
}

/// Lists the cells of the records in `chunk`.
pub(super) fn cells(chunk: &Chunk, layout: JsonLayout, out: &mut Cells) {
    let records = Records { chunk, is_element: layout == JsonLayout::Array };
    let start = text_start(&chunk.bytes, chunk.offset);
    match layout {
        JsonLayout::Lines => records.lines(start, out),
        JsonLayout::Values => records.values(start, out),
        JsonLayout::Array => records.elements(start, out),
    }
}

/// The records of a chunk, of which the first may have begun and the last may end in another.
struct Records<'a> {
    chunk: &'a Chunk,
    /// Whether they are the elements of a root array.
    is_element: bool,
}

impl Records<'_> {
    fn lines(&self, start: usize, out: &mut Cells) {
        let bytes = &self.chunk.bytes[..];
        let mut nesting = self.chunk.start.nesting();
        let mut at = start;
        while at < bytes.len() {
            let line_end = memchr(b'\n', &bytes[at..]).map(|found| at + found);
            let end = line_end.unwrap_or(bytes.len());
            let line = &bytes[..end];
            let rest = nesting.take();
            let value = if rest.is_some() { at } else { skip_blanks(line, at) };
            if value < end || rest.is_some() {
                let first = out.cells.len();
                let parsed = self.read(line, value, rest, out);
                let is_cut = line_end.is_none() && self.is_cut(parsed);
                if !is_cut && parsed.map(|value_end| skip_blanks(line, value_end)) != Ok(end) {
                    // Half a line with fields and half without would say less than the line as text.
                    out.cells.truncate(first);
                    let text = line.strip_suffix(b"\r").unwrap_or(line);
                    let record = self.number(rest.is_some(), out);
                    out.malformed.push(Malformed::new(record, value..text.len()));
                }
                out.records += u64::from(rest.is_none());
            }
            at = end + 1;
        }
    }

    fn values(&self, start: usize, out: &mut Cells) {
        let bytes = &self.chunk.bytes[..];
        let mut nesting = self.chunk.start.nesting();
        let mut at = if nesting.is_some() { start } else { skip_blanks(bytes, start) };
        while at < bytes.len() {
            let rest = nesting.take();
            // A container ends where its bracket closes, and so says the parser; the end of anything
            // else is looked up first.
            let is_container = rest.is_some() || matches!(bytes[at], b'{' | b'[');
            let known_end = if is_container { bytes.len() } else { self.end(at, rest) };
            match self.read(&bytes[..known_end], at, rest, out) {
                Ok(end) if is_container || end == known_end => at = end,
                parsed if self.is_cut(parsed) => at = bytes.len(),
                Ok(place) | Err(place) => {
                    at = if is_container { self.end(at, rest) } else { known_end };
                    let record = self.number(rest.is_some(), out);
                    out.malformed.push(Malformed::new(record, place.min(at)..at));
                }
            }
            out.records += u64::from(rest.is_none());
            at = skip_blanks(bytes, at);
        }
    }

    fn elements(&self, start: usize, out: &mut Cells) {
        let bytes = &self.chunk.bytes[..];
        let mut nesting = self.chunk.start.nesting();
        let mut at = if nesting.is_some() { start } else { skip_blanks(bytes, start) };
        if self.chunk.start == Start::Array {
            debug_assert_eq!(bytes.get(at), Some(&b'['), "the splitter saw it");
            at = skip_blanks(bytes, at + 1);
        }
        while at < bytes.len() {
            let rest = nesting.take();
            match bytes[at] {
                // Two commas, or one before the end: not JSON, but there is nothing in it to protect.
                b',' if rest.is_none() => at += 1,
                b']' if rest.is_none() => break,
                _ => {
                    let parsed = self.read(bytes, at, rest, out);
                    let is_separated =
                        |place: &usize| matches!(bytes.get(*place), Some(b',' | b']'));
                    match parsed.map(|end| skip_blanks(bytes, end)) {
                        Ok(end) if is_separated(&end) => at = end,
                        _ if self.is_cut(parsed) => at = bytes.len(),
                        Ok(place) | Err(place) => {
                            at = self.end(at, rest);
                            let record = self.number(rest.is_some(), out);
                            out.malformed.push(Malformed::new(record, place.min(at)..at));
                        }
                    }
                    out.records += u64::from(rest.is_none());
                }
            }
            at = skip_blanks(bytes, at);
        }
    }

    /// Where the record at `at` ends, or the `rest` of one that goes on there, be it the end of the chunk.
    fn end(&self, at: usize, rest: Option<&Nesting>) -> usize {
        let bytes = &self.chunk.bytes[..];
        match rest {
            Some(nesting) => skim::rest_end(bytes, at, nesting, self.is_element),
            None if self.is_element => skim::element_end(bytes, at),
            None => skim::value_end(bytes, at, true),
        }
        .unwrap_or(bytes.len())
    }

    /// Reads the value at `at`, or the `rest` of one that goes on there.
    fn read(
        &self,
        bytes: &[u8],
        at: usize,
        rest: Option<&Nesting>,
        out: &mut Cells,
    ) -> Result<usize, usize> {
        let record = Record {
            number: self.number(rest.is_some(), out),
            is_element: self.is_element,
            goes_on: self.chunk.goes_on && bytes.len() == self.chunk.bytes.len(),
        };
        match rest {
            Some(nesting) => out.json.rest(bytes, at, nesting, record, &mut out.cells),
            None => out.json.value(bytes, at, record, &mut out.cells),
        }
    }

    /// The number of the record that comes next, or that of the one that went on at the start.
    fn number(&self, is_rest: bool, out: &Cells) -> u64 {
        let begun = self.chunk.start.nesting().is_some() && !is_rest;
        self.chunk.first_record + u64::from(begun) + out.records
    }

    /// Whether a record was read to the end of the chunk, which is not its end.
    fn is_cut(&self, parsed: Result<usize, usize>) -> bool {
        self.chunk.goes_on && parsed == Err(self.chunk.bytes.len())
    }
}

/// The first place from `at` on that is no blank.
pub(super) fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_read_off_the_first_values() {
        for (sample, is_whole, layout) in [
            ("{\"a\":1}\n{\"a\":2}\n", false, Some(JsonLayout::Lines)),
            ("{\"a\":1}\noops\n{\"a\":2}\n{\"a\":", false, Some(JsonLayout::Lines)),
            ("{oops\n{\"a\":2}\n{\"a\":3}\n", false, Some(JsonLayout::Lines)),
            ("\u{feff}{\n \"a\": 1\n}\n", true, Some(JsonLayout::Values)),
            ("{\n \"a\": 1\n}\n{\n \"a\": 1\n}", true, Some(JsonLayout::Values)),
            ("{\"a\":1}{\"a\":2}", true, Some(JsonLayout::Values)),
            ("{\"a\": {\"b\": \"un", false, Some(JsonLayout::Values)),
            ("{\"a\": {\"b\": tr", false, Some(JsonLayout::Values)),
            ("[{\"a\": 1}, {\"b\"", false, Some(JsonLayout::Array)),
            ("[1, 2]\n", true, Some(JsonLayout::Array)),
            ("[]", true, Some(JsonLayout::Array)),
            ("[2024-01-01 12:00:00] start\n[2024-01-01 12:00:01] stop\n", true, None),
            ("[INFO] start\n", false, None),
            ("[INFO", false, None),
            ("{not json}\n", true, None),
            ("{\"a\": 1", true, None),
            ("1\n2\n", true, None),
            ("", true, None),
        ] {
            assert_eq!(sniff(sample.as_bytes(), is_whole), layout, "{sample}");
        }
    }
}
