//! Parquet: opens any bytes and reads every chunk of what opens, value by value and page by page.
#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use loup::format::columnar::{ParquetError, ParquetFile, Rows, Texts, Values, VisitTexts};

/// Looks at every text.
struct Bytes(usize);

impl VisitTexts for Bytes {
    fn page(&mut self, dictionary: Texts<'_>, values: Values<'_>, rows: Rows<'_>) {
        let (texts, places): (_, Vec<usize>) = match values {
            Values::Texts(texts) => (texts, (0..texts.spans.len()).collect()),
            Values::Entries(entries) => {
                (dictionary, entries.iter().map(|entry| *entry as usize).collect())
            }
        };
        for (number, place) in places.into_iter().enumerate() {
            self.0 += texts.at(place).len() + usize::from(rows.of(number) > 0);
        }
    }

    fn end(&mut self, _: Texts<'_>) {}
}

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary directory");
    file.write_all(bytes).expect("a temporary directory with room");
    let Ok(parquet) = ParquetFile::open(file.path()) else { return };
    for row_group in 0..parquet.row_groups() {
        for leaf in 0..parquet.leaves().len() {
            let _ = parquet.read::<ParquetError>(row_group, leaf, |_| Ok(()));
            let _ = parquet.read_texts(row_group, leaf, &mut Bytes(0));
        }
    }
});
