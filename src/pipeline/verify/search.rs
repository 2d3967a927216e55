//! Where in an output an original could be left: names of files, their bytes, the texts and
//! dictionaries of Parquet columns, and what travels beside them. Values of typed columns are told by how
//! they are spelled as text, and by what they are where a file tells values of their column.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::{PipelineError, names};
use super::against::Against;
use super::originals::{Originals, spellings};
use crate::format::columnar::{
    LeafClass, Number, ParquetError, ParquetFile, Rows, Texts, Value, Values, VisitTexts,
};
use crate::report::human;
use crate::report::verify::Check;
use crate::sink::SinkError;
use crate::source::MANIFEST_NAME;

/// So many bytes of a file are searched at a time.
const BLOCK_BYTES: usize = 1 << 20;
/// So many of them again with the next, for what lies across: more than the longest value.
const OVERLAP: usize = 1 << 10;

/// Searches every output that the manifest lists, and the manifest, for `originals`.
pub(super) fn search(
    against: &Against<'_>,
    originals: &Originals,
    cancelled: &AtomicBool,
) -> Result<Check, PipelineError> {
    let mut check =
        Check::new("originals", "distinct value looked for", "distinct values looked for");
    check.looked_at = originals.len();
    notes(originals, &mut check);
    let outputs = against.manifest.files.iter().filter(|entry| entry.state.has_output());
    let outputs = outputs.map(|entry| (entry.file.as_str(), entry.format.as_deref()));
    for (name, format) in outputs.chain([(MANIFEST_NAME, None)]) {
        if cancelled.load(Ordering::Relaxed) {
            return Err(PipelineError::Interrupted);
        }
        let mut search = Search {
            shown: names::shown(against.masking.detector, name),
            originals,
            check: &mut check,
        };
        search.in_text(name.as_bytes(), Some("name of the file"));
        let path = against.out.join(name);
        match File::open(&path) {
            // That it is missing is said elsewhere.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            opened => opened
                .and_then(|mut file| search.in_bytes(&mut file))
                .map_err(SinkError::io("read", &path))?,
        }
        if format == Some("parquet")
            && let Ok(parquet) = ParquetFile::open(&path)
        {
            search.in_parquet(&parquet, &|path| names::shown(against.masking.detector, path));
        }
    }
    Ok(check)
}

fn notes(originals: &Originals, check: &mut Check) {
    for (left, why) in [
        (originals.passed_over, "that are short, a single word or a date"),
        (originals.over_cap, "over the cap"),
    ] {
        if left > 0 {
            let values = human::counted(left, "distinct value", "distinct values");
            check.notes.push(format!("not looked for: {values} {why}"));
        }
    }
}

/// A search of one file.
struct Search<'a> {
    shown: String,
    originals: &'a Originals,
    check: &'a mut Check,
}

impl Search<'_> {
    fn in_text(&mut self, text: &[u8], place: Option<&str>) {
        let unescaped = unescaped(text).map_or(0, |text| self.originals.count_in(&text));
        let count = self.originals.count_in(text).max(unescaped);
        if count > 0 {
            self.check.fail(&self.shown, place, "values of the input", count);
        }
    }

    /// Of what lies in two blocks, one finds it twice.
    fn in_bytes(&mut self, file: &mut impl Read) -> io::Result<()> {
        let mut block = Vec::with_capacity(BLOCK_BYTES + OVERLAP);
        loop {
            let kept = block.len();
            let read = file.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut block)?;
            if read == 0 {
                return Ok(());
            }
            debug_assert!(kept <= OVERLAP);
            self.in_text(&block, Some("bytes of the file"));
            block.drain(..block.len().saturating_sub(OVERLAP));
            if read < BLOCK_BYTES {
                return Ok(());
            }
        }
    }

    fn in_parquet(&mut self, parquet: &ParquetFile, shown: &dyn Fn(&str) -> String) {
        for (key, value) in parquet.entries() {
            let place = Some("key-value metadata");
            self.in_text(key.as_bytes(), place);
            self.in_text(value.as_bytes(), place);
            if let Ok(decoded) = STANDARD.decode(value.trim()) {
                self.in_text(&decoded, place);
            }
        }
        let mut compared = BTreeSet::new();
        for (number, leaf) in parquet.leaves().iter().enumerate() {
            let place = shown(&leaf.path);
            self.in_text(leaf.path.as_bytes(), Some("name of a column"));
            for group in 0..parquet.row_groups() {
                if leaf.class.is_bytes() {
                    self.in_leaf(parquet, group, number, &place);
                }
                let searched = self.in_traces(parquet, group, number, &place, &mut compared);
                self.unread(searched, &place);
            }
        }
        let searched = self.in_footer(parquet, &compared);
        self.unread(searched, "statistics");
    }

    fn unread(&mut self, outcome: Result<(), ParquetError>, place: &str) {
        if let Err(error) = outcome {
            self.check.fail(&self.shown, Some(place), format!("cannot be read: {error}"), 1);
        }
    }

    /// Values that a file tells of a typed column, and that are in none of its cells. Those in its cells
    /// are compared elsewhere, and are noted.
    fn in_traces(
        &mut self,
        parquet: &ParquetFile,
        group: usize,
        leaf: usize,
        place: &str,
        compared: &mut BTreeSet<Vec<u8>>,
    ) -> Result<(), ParquetError> {
        let class = parquet.leaves()[leaf].class;
        if class == LeafClass::Text {
            return Ok(());
        }
        let mut told = BTreeSet::new();
        parquet.read_traces(group, leaf, |value| told.extend(self.known(class, value)))?;
        if told.is_empty() {
            return Ok(());
        }
        parquet.read::<ParquetError>(group, leaf, |batch| {
            let texts = batch.cells.iter().flat_map(|cell| spellings(class, cell.value));
            compared.extend(texts.filter(|text| told.remove(text)));
            Ok(())
        })?;
        if !told.is_empty() {
            let what = "statistics, or entries of a dictionary, that are values of the input";
            self.check.fail(&self.shown, Some(place), what, told.len() as u64);
        }
        Ok(())
    }

    /// Values that could be statistics, but for those that are in cells and were `compared`.
    fn in_footer(
        &mut self,
        parquet: &ParquetFile,
        compared: &BTreeSet<Vec<u8>>,
    ) -> Result<(), ParquetError> {
        let mut told = BTreeSet::new();
        parquet.read_footer_bounds(|bytes| {
            for (class, value) in bounds(bytes) {
                told.extend(self.known(class, value).filter(|text| !compared.contains(text)));
            }
        })?;
        if !told.is_empty() {
            let what = "values of the input";
            self.check.fail(&self.shown, Some("statistics"), what, told.len() as u64);
        }
        Ok(())
    }

    /// The spellings of a value that are looked for.
    fn known(&self, class: LeafClass, value: Value<'_>) -> impl Iterator<Item = Vec<u8>> {
        let originals = self.originals;
        spellings(class, value).into_iter().filter(|text| originals.count_in(text) > 0)
    }

    fn in_leaf(&mut self, parquet: &ParquetFile, group: usize, leaf: usize, place: &str) {
        let mut texts = SearchTexts { originals: self.originals, in_values: 0, in_dictionary: 0 };
        let outcome = match parquet.read_texts(group, leaf, &mut texts) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => parquet.read(group, leaf, |batch| {
                for cell in &batch.cells {
                    if let Value::Bytes(text) = cell.value {
                        texts.in_values += texts.originals.count_in(text);
                    }
                }
                Ok(())
            }),
            Err(error) => Err(error),
        };
        self.unread(outcome, place);
        if texts.in_values > 0 {
            self.check.fail(&self.shown, Some(place), "values of the input", texts.in_values);
        }
        if texts.in_dictionary > 0 {
            let what = "entries of a dictionary that are values of the input";
            self.check.fail(&self.shown, Some(place), what, texts.in_dictionary);
        }
    }
}

/// Searches the texts of a chunk, and its dictionary once: an entry that no row uses is still there.
struct SearchTexts<'a> {
    originals: &'a Originals,
    in_values: u64,
    in_dictionary: u64,
}

impl SearchTexts<'_> {
    fn count(&self, texts: Texts<'_>) -> u64 {
        (0..texts.spans.len()).map(|place| self.originals.count_in(texts.at(place))).sum()
    }
}

impl VisitTexts for SearchTexts<'_> {
    fn page(&mut self, _dictionary: Texts<'_>, values: Values<'_>, _rows: Rows<'_>) {
        if let Values::Texts(texts) = values {
            self.in_values += self.count(texts);
        }
    }

    fn end(&mut self, dictionary: Texts<'_>) {
        self.in_dictionary += self.count(dictionary);
    }
}

/// What bytes are that stand where a bound of a column of numbers or addresses could.
fn bounds(bytes: &[u8]) -> Vec<(LeafClass, Value<'_>)> {
    let integer = |bits, number| (LeafClass::Number(Number::Signed(bits)), Value::Integer(number));
    let address = || (LeafClass::FixedText(bytes.len()), Value::Bytes(bytes));
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        vec![integer(32, i32::from_le_bytes(four).into()), address()]
    } else if let Ok(eight) = <[u8; 8]>::try_from(bytes) {
        let float = Value::Float(f64::from_le_bytes(eight));
        let float = (LeafClass::Number(Number::Double), float);
        vec![integer(64, i64::from_le_bytes(eight)), float]
    } else if bytes.len() == 16 {
        vec![address()]
    } else {
        Vec::new()
    }
}

/// A text in which `\u0040`, `%40`, `&#64;` and `\/` are what they stand for, where any is in it. Only
/// ASCII: what else an original holds is rarely written in this way.
pub(super) fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr3(b'\\', b'%', b'&', text)?;
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let (byte, length) = escape_at(&text[at..]).unwrap_or((text[at], 1));
        out.push(byte);
        at += length;
    }
    (out.len() < text.len()).then_some(out)
}

/// The byte that an escape at the start of `text` stands for, and the length of the escape.
fn escape_at(text: &[u8]) -> Option<(u8, usize)> {
    let hex = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    let (byte, length) = match text {
        [b'\\', b'u', b'0', b'0', high, low, ..] => (hex(&[*high, *low])?, 6),
        [b'\\', b'/', ..] => (b'/', 2),
        [b'%', high, low, ..] => (hex(&[*high, *low])?, 3),
        [b'&', b'#', high, low, b';', ..] if high.is_ascii_digit() && low.is_ascii_digit() => {
            ((high - b'0') * 10 + low - b'0', 5)
        }
        _ => return None,
    };
    byte.is_ascii().then_some((byte, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_what_they_stand_for() {
        let text = br"a\u0040b%2Ec&#64;\/ 100% \n \u00e9 %zz &#x; \u00";
        assert_eq!(unescaped(text).unwrap(), br"a@b.c@/ 100% \n \u00e9 %zz &#x; \u00");
        assert_eq!(unescaped(b"plain"), None);
        assert_eq!(unescaped(b"100 %"), None);
    }
}
