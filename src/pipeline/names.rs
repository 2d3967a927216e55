//! What may be shown of names and values: a column or key that is personal data itself is masked.

use std::collections::HashMap;

use crate::detect::{Candidate, Detector, Memory, Place, anchors, value_of};
use crate::kind::{self, Raw};
use crate::rules::RuleSet;

/// `name` with every finding in it replaced by its kind in angle brackets: `$['<email>'].visits`.
///
/// Names go into maps, findings and messages, and a pivoted table has values for names.
pub(super) fn shown(detector: &Detector, name: &str) -> String {
    let text = name.as_bytes();
    let (mut in_name, mut found) = (Vec::new(), Vec::new());
    anchors(text, &mut in_name);
    let place = Place::LINE;
    detector.find(text, &in_name, 0, place, &mut Memory::default(), &mut found);
    let mut shown = String::with_capacity(name.len());
    let mut done = 0;
    for candidate in &found {
        shown.push_str(&String::from_utf8_lossy(&text[done..candidate.start]));
        shown.push('<');
        shown.push_str(&detector.rules().kind(candidate.kind).name);
        shown.push('>');
        done = candidate.end;
    }
    shown.push_str(&String::from_utf8_lossy(&text[done..]));
    shown
}

/// What was shown of names that come again: the keys of a log are few, and in every line.
#[derive(Default)]
pub(super) struct Shown(HashMap<Box<str>, Box<str>>);

impl Shown {
    /// Keys without end, as in a dump of sessions, are forgotten from time to time.
    const MAX: usize = 1024;

    /// [`shown`] of `name`.
    pub(super) fn of(&mut self, detector: &Detector, name: &str) -> &str {
        if self.0.len() >= Self::MAX && !self.0.contains_key(name) {
            self.0.clear();
        }
        if !self.0.contains_key(name) {
            self.0.insert(name.into(), shown(detector, name).into());
        }
        &self.0[name]
    }
}

/// A candidate as it may be shown. What validates is shown by its canonical form, so that an email
/// written `a%40b.example` looks like one.
pub(super) fn masked(rules: &RuleSet, candidate: &Candidate, text: &[u8]) -> String {
    let value = if candidate.class.is_valid() {
        candidate.canonical.as_bytes().into()
    } else {
        value_of(text, candidate)
    };
    kind::mask::mask(&rules.kind(candidate.kind).name, Raw(&value))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::rules::RuleSet;

    #[test]
    fn a_name_that_is_a_value_is_masked() {
        let detector = Detector::new(Arc::new(RuleSet::builtin()), Vec::new()).unwrap();
        assert_eq!(shown(&detector, "Email 1"), "Email 1");
        assert_eq!(shown(&detector, "$['jean@example.com'].n"), "$['<email>'].n");
        assert_eq!(shown(&detector, "total_2024"), "total_2024");
        let mut known = Shown::default();
        for name in (0..3 * Shown::MAX).map(|n| format!("k{n}")).chain(["a@example.com".to_owned()])
        {
            for _ in 0..2 {
                assert_eq!(known.of(&detector, &name), shown(&detector, &name));
            }
        }
    }
}
