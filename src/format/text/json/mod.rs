//! JSON: where strings and numbers are, without building a tree.
//!
//! Two readers share the work. `skim` only matches brackets and strings, to find where a record
//! ends whatever is wrong inside it; the splitter cuts with it. `parse` is strict (RFC 8259,
//! repeated keys allowed) and lists cells. Where it meets an error, the record up to there keeps
//! its cells, and the rest of the record, by `skim`, is plain text.

mod parse;
mod path;
mod skim;

use memchr::{memchr, memrchr};

pub(super) use parse::Walker;
pub(super) use skim::{last_element_end, last_value_end};

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
    let start = text_start(&chunk.bytes, chunk.offset);
    match layout {
        JsonLayout::Lines => cells_of_lines(chunk, start, out),
        JsonLayout::Values => cells_of_values(chunk, start, out),
        JsonLayout::Array => cells_of_elements(chunk, start, out),
    }
}

fn cells_of_lines(chunk: &Chunk, start: usize, out: &mut Cells) {
    let mut at = start;
    while at < chunk.bytes.len() {
        let end = memchr(b'\n', &chunk.bytes[at..]).map_or(chunk.bytes.len(), |found| at + found);
        let line = &chunk.bytes[..end];
        let value = skip_blanks(line, at);
        if value < end {
            let record = chunk.first_record + out.records;
            let first = out.cells.len();
            let parsed = out.json.value(line, value, record, false, &mut out.cells);
            if parsed.map(|value_end| skip_blanks(line, value_end)) != Ok(end) {
                // Half a line with fields and half without would say less than the line as text.
                out.cells.truncate(first);
                let text = line.strip_suffix(b"\r").unwrap_or(line);
                out.malformed.push(Malformed::new(record, value..text.len()));
            }
            out.records += 1;
        }
        at = end + 1;
    }
}

fn cells_of_values(chunk: &Chunk, start: usize, out: &mut Cells) {
    let bytes = &chunk.bytes[..];
    let mut at = skip_blanks(bytes, start);
    while at < bytes.len() {
        let record = chunk.first_record + out.records;
        let is_container = matches!(bytes[at], b'{' | b'[');
        // A container ends where its bracket closes, and so says the parser; the end of anything
        // else is looked up first.
        let known_end = if is_container { bytes.len() } else { value_end(bytes, at) };
        let parsed = out.json.value(&bytes[..known_end], at, record, false, &mut out.cells);
        let error = match parsed {
            Ok(end) if is_container || end == known_end => {
                at = end;
                None
            }
            Ok(place) | Err(place) => Some(place),
        };
        if let Some(place) = error {
            at = if is_container { value_end(bytes, at) } else { known_end };
            out.malformed.push(Malformed::new(record, place.min(at)..at));
        }
        out.records += 1;
        at = skip_blanks(bytes, at);
    }
}

/// Where the value at `at` ends, be it the end of the stream.
fn value_end(bytes: &[u8], at: usize) -> usize {
    skim::value_end(bytes, at, true).unwrap_or(bytes.len())
}

fn cells_of_elements(chunk: &Chunk, start: usize, out: &mut Cells) {
    let bytes = &chunk.bytes[..];
    let mut at = skip_blanks(bytes, start);
    if chunk.start == Start::Array {
        debug_assert_eq!(bytes.get(at), Some(&b'['), "the splitter saw it");
        at = skip_blanks(bytes, at + 1);
    }
    while at < bytes.len() {
        match bytes[at] {
            // Two commas, or one before the end: not JSON, but there is nothing in it to protect.
            b',' => at += 1,
            b']' => break,
            _ => {
                let record = chunk.first_record + out.records;
                let parsed = out.json.value(bytes, at, record, true, &mut out.cells);
                let is_separated = |place: &usize| matches!(bytes.get(*place), Some(b',' | b']'));
                match parsed.map(|end| skip_blanks(bytes, end)) {
                    Ok(end) if is_separated(&end) => at = end,
                    Ok(place) | Err(place) => {
                        at = skim::element_end(bytes, at).unwrap_or(bytes.len());
                        out.malformed.push(Malformed::new(record, place.min(at)..at));
                    }
                }
                out.records += 1;
            }
        }
        at = skip_blanks(bytes, at);
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
