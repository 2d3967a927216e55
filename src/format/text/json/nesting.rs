//! Where a record is cut that is too long to be read at once: behind a comma, or in a string that
//! alone is that long. What a reader has to know there is which containers are open.

use std::fmt;

use super::super::chunk::piece_of_line;
use super::{MAX_DEPTH, skim};

/// Bytes that the names of the entries at a cut may have, together.
const MAX_NAMES: usize = 1 << 16;

/// What is open where a record is cut.
#[derive(Clone, PartialEq, Eq, Default)]
pub(in crate::format::text) struct Nesting {
    /// From the outside in.
    pub(super) open: Vec<Open>,
    /// Whether the cut is in a string, a value of the innermost container, and not behind a comma of it.
    pub(super) in_string: bool,
}

/// A container that is open.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Open {
    Array,
    Object {
        /// The raw name of its last entry.
        name: Vec<u8>,
        /// How many there were before it.
        before: usize,
    },
}

impl fmt::Debug for Nesting {
    /// Without the names, which may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} open, in a string: {}", self.open.len(), self.in_string)
    }
}

/// Where to cut `window`, which ends before the record does that goes on at `from`, in `nesting`: a
/// place behind `from`, and what is open there. None where there is no place to cut at, or the path
/// to it is too long to keep.
pub(super) fn cut(window: &[u8], from: usize, nesting: &Nesting) -> Option<(usize, Nesting)> {
    let seen = Walk::over(window, from, nesting, false);
    let (end, in_string) = match seen.behind_comma {
        Some(place) => (place, false),
        None => (piece_of_string(window, seen.value?)?, true),
    };
    let walk = Walk::over(&window[..end], from, nesting, true);
    let names = walk.open.iter().map(|open| match open {
        Open::Array => 0,
        Open::Object { name, .. } => name.len(),
    });
    let is_kept = walk.deeper == 0 && names.sum::<usize>() <= MAX_NAMES;
    is_kept.then_some((end, Nesting { open: walk.open, in_string }))
}

/// What was met on a walk over the tokens of a record. Like `skim`, it takes the record for one that
/// is well formed: whoever reads it sees where it is not.
struct Walk {
    open: Vec<Open>,
    /// How many more are open than could be read.
    deeper: usize,
    /// Behind the last comma within a container.
    behind_comma: Option<usize>,
    /// The start of the content of a string that is a value, and not closed.
    value: Option<usize>,
}

impl Walk {
    /// `named` says whether to keep the names of entries.
    fn over(bytes: &[u8], from: usize, nesting: &Nesting, named: bool) -> Self {
        let mut walk =
            Self { open: nesting.open.clone(), deeper: 0, behind_comma: None, value: None };
        let mut at = from;
        let mut string = 0..0;
        let mut is_value = nesting.in_string;
        let mut is_in_string = nesting.in_string;
        loop {
            if is_in_string {
                let Some(end) = skim::string_end(bytes, at) else {
                    walk.value = is_value.then_some(at);
                    return walk;
                };
                string = at..end - 1;
                at = end;
            }
            let is_token =
                |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b':' | b',');
            let Some(next) = bytes[at..].iter().position(is_token) else { return walk };
            let token = bytes[at + next];
            at += next + 1;
            is_in_string = token == b'"';
            match token {
                b'"' => is_value |= !matches!(walk.open.last(), Some(Open::Object { .. })),
                b':' => {
                    is_value = true;
                    if named {
                        walk.name(&bytes[string.clone()]);
                    }
                }
                b',' => {
                    is_value = false;
                    if let Some(Open::Object { before, .. }) = walk.open.last_mut() {
                        *before += 1;
                    }
                    walk.behind_comma = (!walk.open.is_empty()).then_some(at).or(walk.behind_comma);
                }
                _ => {
                    is_value = false;
                    walk.bracket(token);
                }
            }
        }
    }

    fn bracket(&mut self, bracket: u8) {
        match bracket {
            b'{' | b'[' if self.open.len() == MAX_DEPTH => self.deeper += 1,
            b'{' => self.open.push(Open::Object { name: Vec::new(), before: 0 }),
            b'[' => self.open.push(Open::Array),
            _ if self.deeper > 0 => self.deeper -= 1,
            _ => _ = self.open.pop(),
        }
    }

    fn name(&mut self, raw: &[u8]) {
        if let Some(Open::Object { name, .. }) = self.open.last_mut() {
            name.clear();
            name.extend_from_slice(raw);
        }
    }
}

/// Where to cut the string whose content starts at `start` and goes on behind `window`: between words
/// if that can be, never in an escape.
fn piece_of_string(window: &[u8], start: usize) -> Option<usize> {
    let piece = &window[start..];
    let place = outside_escape(piece, piece_of_line(piece));
    (place > 0).then_some(start + place)
}

/// The last place up to `at` that is not in an escape of `raw`, two `\u` of one character being one.
fn outside_escape(raw: &[u8], at: usize) -> usize {
    let near = at.saturating_sub(UNICODE - 1);
    let back = raw[near..at].iter().rposition(|byte| *byte == b'\\').map(|back| near + back);
    let around = back.filter(|back| {
        let length = if raw.get(back + 1) == Some(&b'u') { UNICODE } else { 2 };
        is_escape(raw, *back) && back + length > at
    });
    let at = around.unwrap_or(at);
    match at.checked_sub(UNICODE) {
        // What is behind the window may be the other half.
        Some(half) if is_half(&raw[half..at]) && is_escape(raw, half) => half,
        _ => at,
    }
}

/// Length of `\u00e9`.
const UNICODE: usize = 6;

/// Whether the backslash at `at` begins an escape, and is not what one stands for.
fn is_escape(raw: &[u8], at: usize) -> bool {
    raw[..=at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Whether this is the first of two escapes that stand for one character, `\ud83d`.
fn is_half(escape: &[u8]) -> bool {
    matches!(escape, [b'\\', b'u', b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B', ..])
}
