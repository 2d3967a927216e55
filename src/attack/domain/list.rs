//! Lines that a user gives: addresses of customers, names of accounts, whatever a list exists of.

use std::ops::Range;
use std::sync::Arc;

use super::super::text::Text;
use super::Visit;

/// Lines in a unit.
const PER_UNIT: usize = 8192;

/// The lines of a file.
pub struct Lines {
    name: String,
    bytes: Vec<u8>,
    spans: Vec<Range<usize>>,
}

impl std::fmt::Debug for Lines {
    /// How many there are, and none of them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} lines of {}", self.spans.len(), self.name)
    }
}

impl Lines {
    /// Those of `bytes` that are not blank, without white space around them. `name` is what reports call
    /// the list.
    #[must_use]
    pub fn new(name: String, bytes: Vec<u8>) -> Self {
        let mut spans = Vec::new();
        let mut start = 0;
        for line in bytes.split(|byte| *byte == b'\n') {
            let before = line.len() - line.trim_ascii_start().len();
            let trimmed = line.trim_ascii();
            if !trimmed.is_empty() {
                spans.push(start + before..start + before + trimmed.len());
            }
            start += line.len() + 1;
        }
        Self { name, bytes, spans }
    }
}

/// Lines in one spelling.
#[derive(Debug)]
pub(super) struct Spelled {
    lines: Arc<Lines>,
    lower: bool,
}

/// The lines as they are, and in lower case where that is another spelling of some.
pub(super) fn spelled(
    lines: &Arc<Lines>,
) -> impl Iterator<Item = (String, &'static str, Spelled)> + use<> {
    let has_upper = lines.bytes.iter().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii());
    let lines = Arc::clone(lines);
    let spellings: &[_] = if has_upper {
        &[(false, "as it is"), (true, "in lower case")]
    } else {
        &[(false, "as it is")]
    };
    spellings.iter().map(move |(lower, spelling)| {
        (lines.name.clone(), *spelling, Spelled { lines: Arc::clone(&lines), lower: *lower })
    })
}

impl Spelled {
    pub(super) fn size(&self) -> u64 {
        self.lines.spans.len() as u64
    }

    pub(super) fn units(&self) -> u64 {
        self.lines.spans.len().div_ceil(PER_UNIT) as u64
    }

    pub(super) fn visit(&self, unit: u64, text: &mut Text<'_>, visit: &mut impl Visit) {
        let Lines { bytes, spans, .. } = &*self.lines;
        for span in spans.iter().skip(unit as usize * PER_UNIT).take(PER_UNIT) {
            let line = &bytes[span.clone()];
            if self.lower {
                let lower = String::from_utf8_lossy(line).to_lowercase();
                Self::show(lower.as_bytes(), text, visit);
            } else {
                Self::show(line, text, visit);
            }
        }
    }

    fn show(line: &[u8], text: &mut Text<'_>, visit: &mut impl Visit) {
        if text.fits(line.len()) {
            text.set(line);
            visit.text(text);
        } else {
            visit.long(&text.long(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::text::Salt;
    use super::super::Sort;
    use super::super::tests::{domains, values_of};

    #[test]
    fn lines_are_tried_as_they_are_and_in_lower_case() {
        let [as_it_is, lower] = &domains(Sort::List, "")[..] else { panic!("two spellings") };
        let none = Salt::default();
        assert_eq!(values_of(as_it_is, 0..1, &none), ["A@Example.com", "b@example.com"]);
        assert_eq!(values_of(lower, 0..1, &none), ["a@example.com", "b@example.com"]);
        assert!(!format!("{as_it_is:?}").contains('@'));
    }
}
