//! Files made with the `parquet` crate's own low-level writer, rewritten, and read back.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::bloom_filter::Sbbf;
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96, Int96Type,
};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

/// A leaf's values and levels, as the writer takes them.
enum Column {
    Text(Vec<&'static str>, Vec<i16>, Vec<i16>),
    Fixed(Vec<&'static str>, Vec<i16>),
    Integer(Vec<i64>, Vec<i16>),
    Short(Vec<i32>, Vec<i16>),
    Instant(Vec<Int96>, Vec<i16>),
    Single(Vec<f32>, Vec<i16>),
    Double(Vec<f64>, Vec<i16>),
}

fn write<T: DataType>(leaf: &mut SerializedColumnWriter<'_>, values: &[T::T], definition: &[i16]) {
    leaf.typed::<T>().write_batch(values, Some(definition), None).unwrap();
}

struct Made {
    folder: TempDir,
}

impl Made {
    fn new(schema: &str, properties: WriterPropertiesBuilder, row_groups: &[&[Column]]) -> Self {
        let made = Self { folder: tempfile::tempdir().unwrap() };
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let file = fs::File::create(made.path("in")).unwrap();
        let mut writer =
            SerializedFileWriter::new(file, schema, Arc::new(properties.build())).unwrap();
        for columns in row_groups {
            let mut row_group = writer.next_row_group().unwrap();
            for column in *columns {
                let mut leaf = row_group.next_column().unwrap().unwrap();
                match column {
                    Column::Text(values, definition, repetition) => {
                        let values: Vec<ByteArray> = values.iter().map(|&v| v.into()).collect();
                        let repetition = (!repetition.is_empty()).then_some(&**repetition);
                        leaf.typed::<ByteArrayType>()
                            .write_batch(&values, Some(definition), repetition)
                            .unwrap();
                    }
                    Column::Fixed(values, definition) => {
                        let values: Vec<_> =
                            values.iter().map(|&v| ByteArray::from(v).into()).collect();
                        write::<FixedLenByteArrayType>(&mut leaf, &values, definition);
                    }
                    Column::Integer(values, of) => write::<Int64Type>(&mut leaf, values, of),
                    Column::Short(values, of) => write::<Int32Type>(&mut leaf, values, of),
                    Column::Instant(values, of) => write::<Int96Type>(&mut leaf, values, of),
                    Column::Single(values, of) => write::<FloatType>(&mut leaf, values, of),
                    Column::Double(values, of) => write::<DoubleType>(&mut leaf, values, of),
                }
                leaf.close().unwrap();
            }
            row_group.close().unwrap();
        }
        writer.close().unwrap();
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self) -> ParquetFile {
        ParquetFile::open(&self.path("in")).unwrap()
    }

    /// Rewrites the leaves given and copies the others.
    fn mask(&self, touched: &[usize], edit: impl Fn(Value<'_>) -> ValueEdit) -> ParquetFile {
        let file = Arc::new(self.open());
        let flags: Vec<bool> = (0..file.leaves().len()).map(|l| touched.contains(&l)).collect();
        let sink = fs::File::create(self.path("out")).unwrap();
        let mut writer = start(&file, sink, &flags).unwrap();
        for rg in 0..file.row_groups() {
            let chunks = flags.iter().enumerate().map(|(leaf, &touched)| {
                touched
                    .then(|| file.rewrite(rg, leaf, &mut |value: Value<'_>| edit(value)).unwrap())
            });
            put(&mut writer, chunks.collect()).unwrap();
        }
        writer.finish().unwrap();
        ParquetFile::open(&self.path("out")).unwrap()
    }

    fn out_contains(&self, text: &str) -> bool {
        let bytes = fs::read(self.path("out")).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

/// Writes the chunks of the next row group.
fn put<W: std::io::Write + Send>(
    writer: &mut ParquetWriter<W>,
    chunks: Vec<Option<RewrittenChunk>>,
) -> Result<(), ParquetError> {
    let mut row_group = writer.next_row_group()?.expect("the source has one more");
    chunks.into_iter().try_for_each(|chunk| row_group.push(chunk))?;
    row_group.close()
}

fn nothing(_: &[u8]) -> Vec<Range<usize>> {
    Vec::new()
}

/// The schema of a file with some names changed, and some leaves as text.
fn schema(
    file: &ParquetFile,
    renamed: &[(&str, &str)],
    texts: &[usize],
) -> Result<NewSchema, ParquetError> {
    let renamed = renamed.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned()));
    let flags = (0..file.leaves().len()).map(|leaf| texts.contains(&leaf));
    NewSchema::new(file, &renamed.collect(), flags.collect())
}

/// Starts a copy in the schema of its source.
fn start<W: std::io::Write + Send>(
    file: &Arc<ParquetFile>,
    sink: W,
    touched: &[bool],
) -> Result<ParquetWriter<W>, ParquetError> {
    ParquetWriter::new(sink, Arc::clone(file), schema(file, &[], &[])?, touched, &nothing)
}

/// Rows and values of a chunk, and its nulls.
fn content(file: &ParquetFile, rg: usize, leaf: usize) -> (Vec<(u64, String)>, u64) {
    let (mut cells, mut nulls) = (Vec::new(), 0);
    file.read(rg, leaf, |batch| {
        nulls += batch.nulls;
        cells.extend(batch.cells.iter().map(|cell| match cell.value {
            Value::Bytes(bytes) => (cell.row, String::from_utf8(bytes.to_vec()).unwrap()),
            Value::Integer(integer) => (cell.row, integer.to_string()),
            Value::Float(float) => (cell.row, float.to_string()),
            Value::Instant { day, nanos } => (cell.row, format!("{day} {nanos}")),
        }));
        Ok::<_, ParquetError>(())
    })
    .unwrap();
    if let Some(in_pages) = content_in_pages(file, rg, leaf) {
        assert_eq!(in_pages, (cells.clone(), nulls));
    }
    (cells, nulls)
}

/// The same, page by page.
struct InPages(Vec<(u64, String)>);

impl VisitTexts for InPages {
    fn page(&mut self, dictionary: Texts<'_>, values: Values<'_>, rows: Rows<'_>) {
        let text = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        match values {
            Values::Texts(texts) => {
                self.0.extend((0..texts.spans.len()).map(|at| (rows.of(at), text(texts.at(at)))))
            }
            Values::Entries(entries) => self.0.extend(
                entries
                    .iter()
                    .enumerate()
                    .map(|(at, entry)| (rows.of(at), text(dictionary.at(*entry as usize)))),
            ),
        }
    }

    fn end(&mut self, _: Texts<'_>) {}
}

fn content_in_pages(
    file: &ParquetFile,
    rg: usize,
    leaf: usize,
) -> Option<(Vec<(u64, String)>, u64)> {
    let mut texts = InPages(Vec::new());
    let nulls = file.read_texts(rg, leaf, &mut texts).unwrap()?;
    Some((texts.0, nulls))
}

fn chunk_bytes(file: &ParquetFile, rg: usize, leaf: usize) -> bytes::Bytes {
    let chunk = file.chunk(rg, leaf);
    let start = footer::chunk_start(chunk).cast_unsigned();
    file.source().bytes(start, chunk.compressed_size() as usize).unwrap()
}

fn upper(value: Value<'_>) -> ValueEdit {
    match value {
        Value::Bytes(bytes) if bytes == b"gone" => ValueEdit::Null,
        Value::Bytes(bytes) => ValueEdit::Replace(bytes.to_ascii_uppercase()),
        Value::Integer(7) => ValueEdit::Null,
        Value::Float(7.0) | Value::Instant { day: 7, .. } => ValueEdit::Null,
        Value::Integer(_) | Value::Float(_) | Value::Instant { .. } => ValueEdit::Keep,
    }
}

const FLAT: &str = "message m { optional binary email (UTF8); optional binary note (UTF8);
                                optional int64 phone; }";

fn flat() -> Vec<Column> {
    vec![
        Column::Text(vec!["ann", "bob", "ann", "gone"], vec![1, 1, 0, 1, 1], vec![]),
        Column::Text(vec!["x", "y"], vec![0, 1, 0, 0, 1], vec![]),
        Column::Integer(vec![7, 8, 9], vec![1, 0, 1, 0, 1]),
    ]
}

fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder().set_bloom_filter_enabled(true)
}

#[test]
fn touched_values_change_and_untouched_chunks_are_byte_identical() {
    let made = Made::new(FLAT, properties(), &[&flat(), &flat()]);
    let before = made.open();
    let after = made.mask(&[0, 2], upper);
    assert_eq!((after.row_groups(), after.rows(1), after.first_record(1)), (2, 5, 6));
    for rg in 0..2 {
        assert_eq!(
            content(&after, rg, 0),
            (vec![(0, "ANN".into()), (1, "BOB".into()), (3, "ANN".into())], 2)
        );
        assert_eq!(content(&after, rg, 2), (vec![(2, "8".into()), (4, "9".into())], 3));
        assert_eq!(chunk_bytes(&before, rg, 1), chunk_bytes(&after, rg, 1));
    }
    assert!(!made.out_contains("ann") && !made.out_contains("gone"));
}

#[test]
fn statistics_and_indexes_follow_the_values_and_only_copied_bloom_filters_stay() {
    let made = Made::new(FLAT, properties(), &[&flat()]);
    let before = made.open();
    let after = made.mask(&[0], upper);
    let touched = after.chunk(0, 0);
    assert_eq!(touched.statistics().unwrap().min_bytes_opt().unwrap(), b"ANN");
    assert_eq!(touched.bloom_filter_offset(), None);
    let index = after.metadata().page_index().unwrap();
    assert!(index.column_index(0, 0).is_some() && index.offset_index(0, 0).is_some());
    assert_eq!(after.chunk(0, 1).statistics(), before.chunk(0, 1).statistics());
    assert_eq!(
        index.column_index(0, 1),
        before.metadata().page_index().unwrap().column_index(0, 1)
    );
    let filter = Sbbf::read_from_column_chunk(after.chunk(0, 1), &**after.source());
    let filter = filter.unwrap().unwrap();
    assert!(filter.check(&"x") && !filter.check(&"ann"));
}

#[test]
fn what_is_told_of_a_chunk_beside_its_cells_can_be_read() {
    let schema = "message m { optional int64 n; optional fixed_len_byte_array(2) b; }";
    let made = Made::new(
        schema,
        properties(),
        &[&[
            Column::Integer(vec![33_199_001_234, 7, 7], vec![1, 1, 1]),
            Column::Fixed(vec!["ab", "cd"], vec![1, 0, 1]),
        ]],
    );
    let file = made.open();
    let mut numbers = Vec::new();
    file.read_traces(0, 0, |value| {
        let Value::Integer(number) = value else { panic!("another type") };
        numbers.push(number);
    })
    .unwrap();
    // The bounds of the chunk and of its page, and the dictionary.
    let expected = [7, 33_199_001_234, 7, 33_199_001_234, 33_199_001_234, 7];
    assert_eq!(numbers, expected);
    let mut texts = Vec::new();
    file.read_traces(0, 1, |value| {
        let Value::Bytes(text) = value else { panic!("another type") };
        texts.push(text.to_vec());
    })
    .unwrap();
    assert!(texts.contains(&b"ab".to_vec()) && texts.contains(&b"cd".to_vec()));
}

#[test]
fn a_source_without_indexes_or_statistics_gets_none() {
    use parquet::file::properties::EnabledStatistics;
    let bare = WriterProperties::builder()
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true);
    let made = Made::new(FLAT, bare, &[&flat()]);
    let after = made.mask(&[0], upper);
    assert!(after.chunk(0, 0).statistics().is_none());
    assert!(after.metadata().page_index().is_none_or(|i| i.offset_index(0, 0).is_none()));
}

#[test]
fn pages_beside_the_dictionary_join_it_where_their_texts_repeat() {
    let short = || {
        properties()
            .set_dictionary_page_size_limit(100)
            .set_data_page_row_count_limit(50)
            .set_write_batch_size(10)
    };
    let words = |repeat: bool| -> Vec<&'static str> {
        let number = |row: usize| if repeat { row / 2 % 40 } else { row };
        let word = |row| format!("{:x}", number(row) * 31 + 4096);
        (0..600).map(|row| &*Box::leak(word(row).into_boxed_str())).collect()
    };
    for repeat in [true, false] {
        let columns = [Column::Text(words(repeat), vec![1; 600], vec![])];
        let made = Made::new("message m { optional binary a (UTF8); }", short(), &[&columns]);
        let plain = |file: &ParquetFile| -> i32 {
            let pages = file.chunk(0, 0).page_encoding_stats().unwrap().iter();
            let of_texts = pages.filter(|page| {
                page.page_type != parquet::basic::PageType::DICTIONARY_PAGE
                    && page.encoding == Encoding::PLAIN
            });
            of_texts.map(|page| page.count).sum()
        };
        let (before, after) = (made.open(), made.mask(&[0], upper));
        assert!(plain(&before) > 0);
        assert_eq!(plain(&after) == 0, repeat);
        let expected = content(&before, 0, 0).0;
        let expected = expected.into_iter().map(|(row, text)| (row, text.to_uppercase()));
        assert_eq!(content(&after, 0, 0).0, expected.collect::<Vec<_>>());
    }
}

#[test]
fn texts_that_become_the_same_are_one_entry_and_pages_of_others_stay() {
    let texts = |words: &[&'static str]| vec![Column::Text(words.to_vec(), vec![1; 3], vec![])];
    let schema = "message m { optional binary a (UTF8); }";
    let made =
        Made::new(schema, properties(), &[&texts(&["a", "A", "a"]), &texts(&["b", "c", "b"])]);
    let after = made.mask(&[0], upper);
    for (rg, entries, expected) in [(0, 1, ["A", "A", "A"]), (1, 2, ["B", "C", "B"])] {
        let cells = content(&after, rg, 0).0;
        assert_eq!(cells.iter().map(|(_, text)| &**text).collect::<Vec<_>>(), expected);
        let bytes = chunk_bytes(&after, rg, 0);
        // A length, and a letter.
        let dictionary = bytes.windows(5).filter(|entry| entry[..4] == [1, 0, 0, 0]).count();
        assert_eq!(dictionary, entries);
    }
}

#[test]
fn nested_levels_survive() {
    // [[ann, null], []], null, [[bob]], [[gone, ann]] : contacts[*].emails[*]
    let schema = "message m { optional group contacts (LIST) { repeated group list {
        optional group element { optional group emails (LIST) { repeated group list {
          optional binary element (UTF8); } } } } } }";
    let definition = vec![6, 5, 3, 0, 6, 6, 6];
    let repetition = vec![0, 2, 1, 0, 0, 0, 2];
    let values = vec!["ann", "bob", "gone", "ann"];
    let column = Column::Text(values, definition, repetition);
    let made = Made::new(schema, properties(), &[&[column]]);
    assert_eq!(made.open().leaves()[0].path, "contacts[*].emails[*]");
    let rows = |texts: &[(u64, &str)]| -> Vec<(u64, String)> {
        texts.iter().map(|&(row, text)| (row, text.to_owned())).collect()
    };
    assert_eq!(
        content(&made.open(), 0, 0),
        (rows(&[(0, "ann"), (2, "bob"), (3, "gone"), (3, "ann")]), 3)
    );
    let after = made.mask(&[0], upper);
    assert_eq!(content(&after, 0, 0), (rows(&[(0, "ANN"), (2, "BOB"), (3, "ANN")]), 4));
    let histogram = after.chunk(0, 0).definition_level_histogram().unwrap();
    assert_eq!(histogram.values(), [1, 0, 0, 1, 0, 2, 3]);
}

#[test]
fn every_codec_page_version_and_encoding_is_read_and_kept_as_far_as_it_goes() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ];
    for codec in codecs {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            for encoding in
                [None, Some(Encoding::DELTA_BYTE_ARRAY), Some(Encoding::DELTA_LENGTH_BYTE_ARRAY)]
            {
                let mut properties =
                    properties().set_compression(codec).set_writer_version(version);
                if let Some(encoding) = encoding {
                    let email = "email".into();
                    properties = properties
                        .set_column_dictionary_enabled(email, false)
                        .set_column_encoding("email".into(), encoding);
                }
                let made = Made::new(FLAT, properties, &[&flat()]);
                let after = made.mask(&[0], upper);
                let survey = pages::survey(after.source(), after.chunk(0, 0)).unwrap();
                assert_eq!(survey.data_page_v2, version == WriterVersion::PARQUET_2_0);
                assert_eq!(survey.dictionary, encoding.is_none());
                assert_eq!(after.chunk(0, 0).compression(), codec);
                assert_eq!(content(&after, 0, 0).0[1], (1, "BOB".to_owned()));
            }
        }
    }
}

#[test]
fn byte_stream_split_is_read() {
    let split = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::BYTE_STREAM_SPLIT);
    let schema = "message m { optional fixed_len_byte_array(3) code; optional int64 phone; }";
    let columns =
        [Column::Fixed(vec!["abc", "def"], vec![1, 1]), Column::Integer(vec![7, 8], vec![1, 1])];
    let made = Made::new(schema, split, &[&columns]);
    let after = made.mask(&[0, 1], upper);
    assert_eq!(content(&after, 0, 0).0, [(0, "ABC".to_owned()), (1, "DEF".to_owned())]);
    assert_eq!(content(&after, 0, 1), (vec![(1, "8".to_owned())], 1));
}

const TYPED: &str = "message m {
    optional int32 short; optional int96 instant; optional float single; optional double double;
    optional fixed_len_byte_array(2) decimal (DECIMAL(4,0)); }";

fn typed() -> Vec<Column> {
    let instant = |day| Int96::from(vec![5, 1, day]);
    let levels = || vec![1, 0, 1];
    vec![
        Column::Short(vec![7, -8], levels()),
        Column::Instant(vec![instant(7), instant(8)], levels()),
        Column::Single(vec![7.0, 8.5], levels()),
        Column::Double(vec![7.0, -8.5], levels()),
        Column::Fixed(vec!["\0\u{7}", "\u{1}\0"], levels()),
    ]
}

#[test]
fn values_of_every_type_are_read_and_can_become_null() {
    let made = Made::new(TYPED, properties(), &[&typed()]);
    let read = |file: &ParquetFile, leaf| -> (Vec<String>, u64) {
        let (cells, nulls) = content(file, 0, leaf);
        (cells.into_iter().map(|(_, text)| text).collect(), nulls)
    };
    let before = made.open();
    let all = |leaf| read(&before, leaf).0;
    assert_eq!(all(0), ["7", "-8"]);
    assert_eq!(all(1), ["7 4294967301", "8 4294967301"]);
    assert_eq!((all(2), all(3)), (vec!["7".into(), "8.5".into()], vec!["7".into(), "-8.5".into()]));
    assert_eq!(all(4), ["\0\u{7}", "\u{1}\0"]);
    let after = made.mask(&[0, 1, 2, 3], upper);
    for (leaf, left) in ["-8", "8 4294967301", "8.5", "-8.5"].into_iter().enumerate() {
        assert_eq!(read(&after, leaf), (vec![left.to_owned()], 2));
    }
    assert_eq!(chunk_bytes(&before, 0, 4), chunk_bytes(&after, 0, 4));
}

#[test]
fn statistics_say_how_large_numbers_are_and_how_many() {
    let made = Made::new(TYPED, properties(), &[&typed()]);
    let file = made.open();
    let is_below = |leaf: usize, limit| {
        let LeafClass::Number(number) = file.leaves()[leaf].class else { panic!("no number") };
        file.bounds(0, leaf).unwrap().iter().all(|bound| number.is_below(limit, *bound))
    };
    for (leaf, limit) in [(0, 9), (2, 9), (3, 9), (4, 257)] {
        assert!(is_below(leaf, limit) && !is_below(leaf, limit - 1), "leaf {leaf}");
        assert_eq!(file.occupancy(0, leaf), Some(Occupancy { values: 2, nulls: 1 }));
    }
    assert!(file.bounds(0, 1).is_none());
}

#[test]
fn edits_run_once_per_dictionary_entry_and_identities_tell_entries_apart() {
    let values: Vec<&str> = ["ann", "bob", "eve"].into_iter().cycle().take(30_000).collect();
    let schema = "message m { optional binary email (UTF8); }";
    let column = Column::Text(values, vec![1; 30_000], vec![]);
    let made = Made::new(schema, properties(), &[&[column]]);
    let file = made.open();
    let mut edits = 0;
    file.rewrite(0, 0, &mut |_: Value<'_>| {
        edits += 1;
        ValueEdit::Keep
    })
    .unwrap();
    assert_eq!(edits, 3);
    let mut known = BTreeMap::new();
    file.read(0, 0, |batch| {
        for cell in &batch.cells {
            let Value::Bytes(bytes) = cell.value else { panic!("not bytes") };
            let identity = cell.identity.unwrap();
            assert_eq!(known.entry(identity.number()).or_insert(bytes.to_vec()), bytes);
        }
        Ok::<_, ParquetError>(())
    })
    .unwrap();
    assert_eq!(known.len(), 3);
}

#[test]
fn files_without_row_groups_rows_or_values_are_copied() {
    let none = Made::new(FLAT, properties(), &[]);
    assert_eq!(none.mask(&[0], upper).row_groups(), 0);
    let empty = [
        Column::Text(vec![], vec![], vec![]),
        Column::Text(vec![], vec![], vec![]),
        Column::Integer(vec![], vec![]),
    ];
    let made = Made::new(FLAT, properties(), &[&empty]);
    assert_eq!(content(&made.mask(&[0, 2], upper), 0, 0), (vec![], 0));
    let nulls = [
        Column::Text(vec![], vec![0; 3], vec![]),
        Column::Text(vec![], vec![0; 3], vec![]),
        Column::Integer(vec![], vec![0; 3]),
    ];
    let made = Made::new(FLAT, properties(), &[&nulls]);
    assert_eq!(content(&made.mask(&[0, 2], upper), 0, 0), (vec![], 3));
}

#[test]
fn edits_that_a_leaf_cannot_hold_are_refused() {
    let schema = "message m { required binary a (UTF8); optional fixed_len_byte_array(3) f;
                              optional int64 i; }";
    let columns = [
        Column::Text(vec!["ann"], vec![0], vec![]),
        Column::Fixed(vec!["abc"], vec![1]),
        Column::Integer(vec![8], vec![1]),
    ];
    let file = Made::new(schema, properties(), &[&columns]);
    let file = file.open();
    let refused = |leaf, edit: ValueEdit| {
        let error = file.rewrite(0, leaf, &mut |_: Value<'_>| edit.clone()).err().unwrap();
        assert!(matches!(error, ParquetError::Chunk { cause, .. }
            if matches!(*cause, ParquetError::Edit(_))));
    };
    refused(0, ValueEdit::Null);
    refused(0, ValueEdit::Replace(vec![0xff]));
    refused(1, ValueEdit::Replace(b"four".to_vec()));
    refused(2, ValueEdit::Replace(b"8".to_vec()));
    let decimals = Made::new(TYPED, properties(), &[&typed()]);
    let edit = |_: Value<'_>| ValueEdit::Replace(b"ok".to_vec());
    for leaf in 0..5 {
        assert!(decimals.open().rewrite(0, leaf, &mut { edit }).is_err());
    }
}

const PIVOT: &str = "message m@example.com {
    optional int64 a@example.com;
    optional group people (LIST) { repeated group list { optional group b@example.com {
        required binary a@example.com (UTF8); } } }
    optional double x;
    optional fixed_len_byte_array(3) d (DECIMAL(5,2)); }";

fn pivot() -> Vec<Column> {
    vec![
        Column::Integer(vec![70_000, 8, 70_000], vec![1, 0, 1, 1]),
        Column::Text(vec!["x", "y"], vec![3, 0, 3, 1], vec![0, 0, 0, 0]),
        Column::Double(vec![1.5], vec![1, 0, 0, 0]),
        Column::Fixed(vec!["abc"], vec![0, 1, 0, 0]),
    ]
}

/// A copy with some names changed and some leaves as text.
fn copied(made: &Made, renamed: &[(&str, &str)], texts: &[usize]) -> ParquetFile {
    let file = Arc::new(made.open());
    let schema = schema(&file, renamed, texts).unwrap();
    let flags: Vec<_> = (0..file.leaves().len()).map(|leaf| texts.contains(&leaf)).collect();
    let sink = fs::File::create(made.path("out")).unwrap();
    let mut writer = ParquetWriter::new(sink, Arc::clone(&file), schema, &flags, &nothing).unwrap();
    let mut spell = |value: Value<'_>| match value {
        Value::Integer(8) => ValueEdit::Null,
        Value::Integer(number) => ValueEdit::Replace(format!("n{number}").into()),
        Value::Float(number) => ValueEdit::Replace(number.to_string().into()),
        _ => ValueEdit::Replace(b"bytes".to_vec()),
    };
    for rg in 0..file.row_groups() {
        let chunks = flags.iter().enumerate().map(|(leaf, &is_text)| {
            is_text.then(|| file.rewrite_as_text(rg, leaf, &mut spell).unwrap())
        });
        put(&mut writer, chunks.collect()).unwrap();
    }
    writer.finish().unwrap();
    ParquetFile::open(&made.path("out")).unwrap()
}

const TOKENS: &[(&str, &str)] =
    &[("a@example.com", "eml_a"), ("b@example.com", "eml_b"), ("m@example.com", "eml_m")];

#[test]
fn names_become_others_at_every_depth_and_chunks_are_copied() {
    let made = Made::new(PIVOT, properties(), &[&pivot(), &pivot()]);
    let before = made.open();
    let after = copied(&made, TOKENS, &[]);
    let paths: Vec<_> = after.leaves().iter().map(|leaf| leaf.path.as_str()).collect();
    assert_eq!(paths, ["eml_a", "people[*].eml_a", "x", "d"]);
    for leaf in 0..4 {
        assert_eq!(chunk_bytes(&before, 1, leaf), chunk_bytes(&after, 1, leaf));
        assert_eq!(before.chunk(1, leaf).statistics(), after.chunk(1, leaf).statistics());
        let (old, new) = (&before.leaves()[leaf], &after.leaves()[leaf]);
        assert_eq!((old.class, old.nullable), (new.class, new.nullable));
    }
    assert!(!made.out_contains("example.com"));
    let schema = schema(&before, TOKENS, &[]).unwrap();
    let mut seen = Vec::new();
    let mut is_name = |old: &str, new: &str| {
        seen.push(format!("{old} {new}"));
        old.starts_with("a@") == (new == "eml_a")
    };
    assert!(schema.is_of(&after, &mut is_name));
    assert!(!schema.is_of(&before, &mut |old, new| old == new && old != "a@example.com"));
    assert_eq!(seen[..2], ["m@example.com eml_m", "a@example.com eml_a"]);
}

#[test]
fn names_that_a_schema_cannot_have_are_refused() {
    let flat = "message m { optional int64 a@example.com; optional int64 A@example.com;
                            optional int64 n; }";
    let file = Made::new(flat, properties(), &[]).open();
    for renamed in [
        &[("a@example.com", "")][..],
        &[("a@example.com", "N")],
        &[("a@example.com", "x"), ("A@example.com", "X")],
    ] {
        let refused = schema(&file, renamed, &[]);
        assert!(matches!(refused.err(), Some(ParquetError::Names(_))), "{renamed:?}");
    }
    assert!(schema(&file, &[], &[]).is_ok());
    assert!(schema(&file, &[("n", "eml_n")], &[]).is_ok());
}

#[test]
fn leaves_become_text_with_their_levels() {
    let made = Made::new(PIVOT, properties(), &[&pivot(), &pivot()]);
    let before = made.open();
    let after = copied(&made, &[], &[0, 2, 3]);
    for leaf in [0, 2, 3] {
        assert_eq!(after.leaves()[leaf].class, LeafClass::Text);
        assert_eq!(after.leaves()[leaf].path, before.leaves()[leaf].path);
        assert!(!after.has_bloom_filter(1, leaf));
    }
    let number = "n70000".to_owned();
    assert_eq!(content(&after, 1, 0), (vec![(0, number.clone()), (3, number)], 2));
    assert_eq!(content(&after, 1, 2), (vec![(0, "1.5".to_owned())], 3));
    assert_eq!(content(&after, 1, 3), (vec![(1, "bytes".to_owned())], 3));
    assert_eq!(chunk_bytes(&before, 1, 1), chunk_bytes(&after, 1, 1));
    let statistics = after.chunk(0, 0).statistics().unwrap();
    assert_eq!(statistics.min_bytes_opt(), Some(&b"n70000"[..]));
}

#[test]
fn a_leaf_that_becomes_text_has_chunks_of_text_and_no_others() {
    let made = Made::new(FLAT, properties(), &[&flat()]);
    let file = Arc::new(made.open());
    let start = |texts: &[usize]| {
        let schema = schema(&file, &[], texts).unwrap();
        ParquetWriter::new(Vec::new(), Arc::clone(&file), schema, &[true; 3], &nothing).unwrap()
    };
    let text = || file.rewrite_as_text(0, 2, &mut |_: Value<'_>| ValueEdit::Null).unwrap();
    let refused = |result| assert!(matches!(result, Err(ParquetError::Order(_))));
    refused(put(&mut start(&[2]), vec![None, None, None]));
    let number = file.rewrite(0, 2, &mut upper).unwrap();
    refused(put(&mut start(&[2]), vec![None, None, Some(number)]));
    refused(put(&mut start(&[]), vec![None, None, Some(text())]));
    put(&mut start(&[2]), vec![None, None, Some(text())]).unwrap();
    assert!(file.rewrite_as_text(0, 2, &mut |_: Value<'_>| ValueEdit::Keep).is_err());
}

#[test]
fn the_stated_order_of_rows_ends_at_the_first_touched_column() {
    let by = |column_idx| SortingColumn { column_idx, descending: false, nulls_first: false };
    let sorted = properties().set_sorting_columns(Some(vec![by(1), by(0), by(2)]));
    let made = Made::new(FLAT, sorted, &[&flat(), &flat()]);
    let order = |touched: &[usize]| {
        let after = made.mask(touched, upper);
        after.metadata().row_group(1).sorting_columns().cloned()
    };
    assert_eq!(order(&[]), Some(vec![by(1), by(0), by(2)]));
    assert_eq!(order(&[0]), Some(vec![by(1)]));
    assert_eq!(order(&[1]), None);
}

#[test]
fn footer_entries_are_filtered_and_created_by_stays() {
    let entries = vec![
        KeyValue::new("sample".to_owned(), "first row: ann".to_owned()),
        KeyValue::new("writer.model.name".to_owned(), "avro".to_owned()),
    ];
    let properties = properties()
        .set_key_value_metadata(Some(entries))
        .set_created_by("parquet-mr version 1.17.0".to_owned());
    let made = Made::new(FLAT, properties, &[]);
    let file = Arc::new(made.open());
    let writer = start(&file, Vec::new(), &[false; 3]).unwrap();
    assert_eq!(writer.finish().unwrap().1, ["sample"]);
    let after = made.mask(&[], upper);
    let footer = after.metadata().file_metadata();
    assert_eq!(footer.created_by(), Some("parquet-mr version 1.17.0"));
    let keys: HashSet<_> = footer.key_value_metadata().unwrap().iter().map(|e| &e.key).collect();
    assert_eq!(keys.into_iter().collect::<Vec<_>>(), ["writer.model.name"]);
}

#[test]
fn column_orders_are_those_of_the_source() {
    let schema = "message m { optional binary email (UTF8); optional double x; }";
    let made = Made::new(schema, properties(), &[]);
    let mut bytes = fs::read(made.path("in")).unwrap();
    // The writer states the newer order for the double, field 2 of the union; make it field 1.
    let at = bytes.windows(3).rposition(|window| window == [0x2c, 0, 0]).unwrap();
    bytes[at] = 0x1c;
    fs::write(made.path("in"), bytes).unwrap();
    let orders = |file: &ParquetFile| file.metadata().file_metadata().column_orders().cloned();
    assert_eq!(orders(&made.mask(&[0], upper)), orders(&made.open()));
}

#[test]
fn chunks_in_the_wrong_place_are_refused() {
    let made = Made::new(FLAT, properties(), &[&flat(), &flat()]);
    let file = Arc::new(made.open());
    let start = |touched: [bool; 3]| start(&file, Vec::new(), &touched);
    let chunk = |rg| file.rewrite(rg, 0, &mut upper).unwrap();
    let refused = |result| assert!(matches!(result, Err(ParquetError::Order(_))));
    refused(put(&mut start([true; 3]).unwrap(), vec![Some(chunk(1)), None, None]));
    refused(put(&mut start([true; 3]).unwrap(), vec![None, Some(chunk(0)), None]));
    refused(put(&mut start([false; 3]).unwrap(), vec![Some(chunk(0)), None, None]));
    refused(put(&mut start([true; 3]).unwrap(), vec![None]));
    refused(put(&mut start([true; 3]).unwrap(), vec![None, None, None, None]));
    refused(start([true; 3]).unwrap().finish().map(drop));
}

#[test]
fn a_sink_that_fails_is_an_io_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let made = Made::new(FLAT, properties(), &[&flat()]);
    let file = Arc::new(made.open());
    let mut writer = start(&file, Full, &[false; 3]).unwrap();
    put(&mut writer, vec![None, None, None]).unwrap();
    assert!(matches!(writer.finish(), Err(ParquetError::Io(_))));
}

/// What opening bytes as a file gives, and, if that works, reading and rewriting all of it.
fn try_everything(bytes: &[u8]) -> Result<(), ParquetError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile");
    fs::write(&path, bytes).unwrap();
    let file = Arc::new(ParquetFile::open(&path)?);
    let mut writer = start(&file, Vec::new(), &vec![true; file.leaves().len()])?;
    for rg in 0..file.row_groups() {
        let mut chunks = Vec::new();
        for leaf in 0..file.leaves().len() {
            let _ = (file.occupancy(rg, leaf), file.bounds(rg, leaf).is_some());
            file.read_texts(rg, leaf, &mut InPages(Vec::new()))?;
            file.read(rg, leaf, |_| Ok::<_, ParquetError>(()))?;
            if file.leaves()[leaf].class.is_read() {
                let mut spell = |_: Value<'_>| ValueEdit::Replace(b"text".to_vec());
                file.rewrite_as_text(rg, leaf, &mut spell)?;
            }
            chunks.push(Some(file.rewrite(rg, leaf, &mut upper)?));
        }
        put(&mut writer, chunks)?;
    }
    writer.finish().map(drop)
}

/// A file whose footer is `footer`.
fn with_footer(footer: &[u8]) -> Vec<u8> {
    let length = (footer.len() as u32).to_le_bytes();
    [b"PAR1", footer, &length, b"PAR1"].concat()
}

#[test]
fn what_is_no_parquet_file_says_so() {
    for bytes in [&b""[..], b"PAR1", b"PAR1PAR1", b"name,email\nann,ann@example.com\n"] {
        assert!(matches!(try_everything(bytes), Err(ParquetError::NotParquet(_))));
    }
    let encrypted = b"PARE\0\0\0\0\0\0\0\0PARE";
    assert!(matches!(try_everything(encrypted), Err(ParquetError::Encrypted)));
    let long = b"PAR1\xff\xff\xff\x7fPAR1";
    assert!(matches!(try_everything(long), Err(ParquetError::Malformed(_))));
}

#[test]
fn every_truncation_is_an_error() {
    let made = Made::new(FLAT, properties(), &[&flat()]);
    let bytes = fs::read(made.path("in")).unwrap();
    for length in 0..bytes.len() {
        assert!(try_everything(&bytes[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn a_schema_deeper_than_the_stack_is_refused() {
    // Field 2, a list of structs, each a group with one child: {5: 1, stop}.
    const DEPTH: u32 = 1 << 20;
    let mut footer = vec![0x29, 0xfc];
    let mut size = DEPTH;
    while size >= 0x80 {
        footer.push((size & 0x7f) as u8 | 0x80);
        size >>= 7;
    }
    footer.push(size as u8);
    footer.extend([0x55, 2, 0].repeat(DEPTH as usize));
    assert!(matches!(try_everything(&with_footer(&footer)), Err(ParquetError::Malformed(_))));
}

#[test]
fn a_group_with_more_children_than_the_file_has_is_refused() {
    // One element with 2^31 - 1 children.
    let footer = [0x29, 0x1c, 0x55, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0, 0];
    assert!(matches!(try_everything(&with_footer(&footer)), Err(ParquetError::Malformed(_))));
}

#[test]
fn an_encryption_algorithm_in_a_plain_footer_is_seen() {
    let footer = [0x8c, 0, 0];
    assert!(matches!(try_everything(&with_footer(&footer)), Err(ParquetError::Encrypted)));
}

#[test]
fn a_page_that_states_impossible_sizes_is_refused() {
    let made = Made::new(FLAT, properties().set_dictionary_enabled(true), &[&flat()]);
    let bytes = fs::read(made.path("in")).unwrap();
    // The dictionary page header of the first chunk: its number of values becomes 63.
    let header = [0x4c, 0x15, 0x06];
    let at = bytes.windows(3).position(|window| window == header).unwrap();
    let mut lying = bytes.clone();
    lying[at + 2] = 0x7e;
    assert!(try_everything(&lying).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_files_never_panic(
        is_typed: bool,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let made = if is_typed {
            Made::new(TYPED, properties(), &[&typed()])
        } else {
            Made::new(FLAT, properties(), &[&flat()])
        };
        let mut bytes = fs::read(made.path("in")).unwrap();
        for (index, byte) in flips {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = try_everything(&bytes);
    }

    #[test]
    fn what_is_read_after_is_the_edit_of_what_was_read_before(
        cells in prop::collection::vec(prop::option::of(0..6_usize), 0..200),
        dictionary: bool,
        v2: bool,
        // Some entries fill the dictionary, and some rows a page.
        short: bool,
        compressed: bool,
    ) {
        const WORDS: [&str; 6] = ["", "ann", "bob", "gone", "Ann", "a longer text, with a comma"];
        let definition: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
        let values: Vec<&str> = cells.iter().flatten().map(|&word| WORDS[word]).collect();
        let version =
            if v2 { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
        let mut properties =
            properties().set_dictionary_enabled(dictionary).set_writer_version(version);
        if short {
            properties = properties
                .set_dictionary_page_size_limit(20)
                .set_data_page_row_count_limit(30)
                .set_write_batch_size(10);
        }
        if compressed {
            properties = properties.set_compression(Compression::ZSTD(ZstdLevel::default()));
        }
        let schema = "message m { optional binary email (UTF8); }";
        let made = Made::new(schema, properties, &[&[Column::Text(values, definition, vec![])]]);
        let expected: Vec<(u64, String)> = (0_u64..)
            .zip(&cells)
            .filter_map(|(row, cell)| Some((row, WORDS[(*cell)?])))
            .filter(|(_, word)| *word != "gone")
            .map(|(row, word)| (row, word.to_uppercase()))
            .collect();
        let nulls = (cells.len() - expected.len()) as u64;
        let after = made.mask(&[0], upper);
        let statistics = after.chunk(0, 0).statistics().unwrap();
        let bounds = [statistics.min_bytes_opt(), statistics.max_bytes_opt()]
            .map(|bound| bound.map(|bound| String::from_utf8(bound.to_vec()).unwrap()));
        let texts = || expected.iter().map(|(_, text)| text.clone());
        prop_assert_eq!(bounds, [texts().min(), texts().max()]);
        prop_assert_eq!(statistics.null_count_opt(), Some(nulls));
        prop_assert_eq!(content(&after, 0, 0), (expected, nulls));
    }
}
