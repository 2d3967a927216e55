//! Where a file tells a value of a chunk beside the cells it is in: the bounds in its statistics and in
//! the index of its pages, and the entries of its dictionary. Readers need not look at any of them, so a
//! value can be left there that is in no cell any more.

use bytes::Bytes;
use parquet::basic::Type;
use parquet::column::page::{Page, PageReader as _};
use parquet::file::page_index::column_index::ColumnIndexMetaData;

use super::error::{ParquetError, contain};
use super::file::{ParquetFile, Value};
use super::footer;
use super::pages::{self, WatchedPages};

impl ParquetFile {
    /// Calls `visit` with the bounds and the entries of the dictionary of a chunk. Points in time of 96 bits
    /// are left out, and entries of any length, which [`read_texts`](Self::read_texts) gives.
    ///
    /// # Errors
    /// [`ParquetError`]s of the chunk: its dictionary does not decode.
    pub fn read_traces(
        &self,
        rg: usize,
        leaf: usize,
        mut visit: impl FnMut(Value<'_>),
    ) -> Result<(), ParquetError> {
        let Some(physical) = self.physical(leaf) else { return Ok(()) };
        if let Some(statistics) = self.chunk(rg, leaf).statistics() {
            let bounds = [statistics.min_bytes_opt(), statistics.max_bytes_opt()];
            bounds.into_iter().flatten().filter_map(|it| value(physical, it)).for_each(&mut visit);
        }
        if let Some(index) = self.metadata().page_index().and_then(|it| it.column_index(rg, leaf)) {
            visit_bounds(index, &mut visit);
        }
        let here = |cause: ParquetError| cause.in_chunk(rg, &self.leaves()[leaf].path);
        let Some(dictionary) = self.dictionary(rg, leaf).map_err(here)? else { return Ok(()) };
        let length = match physical {
            Type::INT32 | Type::FLOAT => 4,
            Type::INT64 | Type::DOUBLE => 8,
            Type::FIXED_LEN_BYTE_ARRAY => {
                usize::try_from(self.chunk(rg, leaf).column_descr().type_length()).unwrap_or(0)
            }
            Type::BOOLEAN | Type::INT96 | Type::BYTE_ARRAY => 0,
        };
        if length > 0 {
            let entries = dictionary.chunks_exact(length);
            entries.filter_map(|it| value(physical, it)).for_each(&mut visit);
        }
        Ok(())
    }

    /// Calls `visit` with each part of the footer that has the form of a bound: the bytes behind their
    /// length, behind the head of a field of bytes. Many writers put bounds there twice, for old readers
    /// and for new ones, and whoever reads the file sees one of them.
    ///
    /// # Errors
    /// [`ParquetError::Io`].
    pub fn read_footer_bounds(&self, mut visit: impl FnMut(&[u8])) -> Result<(), ParquetError> {
        // Thrift's compact protocol: the type is the lower half of the head of a field.
        const BYTES: u8 = 8;
        let (start, length) = footer::locate(self.source())?;
        let footer = self.source().bytes(start, length)?;
        for (at, pair) in footer.windows(2).enumerate() {
            let bytes = footer.get(at + 2..at + 2 + usize::from(pair[1]));
            if let Some(bytes) = bytes.filter(|_| pair[0] & 0x0f == BYTES) {
                visit(bytes);
            }
        }
        Ok(())
    }

    /// The dictionary page of a chunk, decompressed.
    fn dictionary(&self, rg: usize, leaf: usize) -> Result<Option<Bytes>, ParquetError> {
        let chunk = self.chunk(rg, leaf);
        if !pages::survey(self.source(), chunk)?.dictionary {
            return Ok(None);
        }
        contain(|| {
            let rows = usize::try_from(self.rows(rg))?;
            let (mut pages, _) = WatchedPages::new(self.source(), chunk, rows)?;
            Ok(match pages.get_next_page()? {
                Some(Page::DictionaryPage { buf, .. }) => Some(buf),
                _ => None,
            })
        })
    }
}

/// The value that is stored as these bytes.
fn value(physical: Type, bytes: &[u8]) -> Option<Value<'_>> {
    Some(match physical {
        Type::INT32 => Value::Integer(i32::from_le_bytes(bytes.try_into().ok()?).into()),
        Type::INT64 => Value::Integer(i64::from_le_bytes(bytes.try_into().ok()?)),
        Type::FLOAT => Value::Float(f32::from_le_bytes(bytes.try_into().ok()?).into()),
        Type::DOUBLE => Value::Float(f64::from_le_bytes(bytes.try_into().ok()?)),
        Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => Value::Bytes(bytes),
        Type::BOOLEAN | Type::INT96 => return None,
    })
}

/// The smallest and the largest value of each page.
fn visit_bounds(index: &ColumnIndexMetaData, visit: &mut dyn FnMut(Value<'_>)) {
    match index {
        ColumnIndexMetaData::INT32(of) => {
            let bounds = of.min_values_iter().chain(of.max_values_iter()).flatten();
            bounds.for_each(|it| visit(Value::Integer((*it).into())));
        }
        ColumnIndexMetaData::INT64(of) => {
            let bounds = of.min_values_iter().chain(of.max_values_iter()).flatten();
            bounds.for_each(|it| visit(Value::Integer(*it)));
        }
        ColumnIndexMetaData::FLOAT(of) => {
            let bounds = of.min_values_iter().chain(of.max_values_iter()).flatten();
            bounds.for_each(|it| visit(Value::Float((*it).into())));
        }
        ColumnIndexMetaData::DOUBLE(of) => {
            let bounds = of.min_values_iter().chain(of.max_values_iter()).flatten();
            bounds.for_each(|it| visit(Value::Float(*it)));
        }
        ColumnIndexMetaData::BYTE_ARRAY(of) | ColumnIndexMetaData::FIXED_LEN_BYTE_ARRAY(of) => {
            let bounds = of.min_values_iter().chain(of.max_values_iter()).flatten();
            bounds.for_each(|it| visit(Value::Bytes(it)));
        }
        ColumnIndexMetaData::BOOLEAN(_) | ColumnIndexMetaData::INT96(_) => {}
    }
}
