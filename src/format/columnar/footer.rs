//! From a file to its metadata: the tail, a look at the footer, the decoder, and a check of what
//! the decoder returns against the file.

use parquet::file::metadata::{
    ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataOptions,
    ParquetMetaDataReader, RowGroupMetaData,
};
use parquet::file::reader::Length;

use super::error::{ParquetError, contain};
use super::orders;
use super::source::Source;
use super::thrift::{Compact, STRUCT};

/// Bytes of the shortest file: magic, empty footer, its length, magic.
const MIN_BYTES: u64 = 12;
/// The length of the footer (four bytes, little endian) and the closing magic.
const TAIL_BYTES: u64 = 8;
const MAGIC: &[u8] = b"PAR1";
const ENCRYPTED_MAGIC: &[u8] = b"PARE";

/// Deepest schema accepted. `parquet` builds the tree by recursion; data in use has a dozen levels.
const MAX_SCHEMA_DEPTH: usize = 100;

/// What the footer of a file says.
pub(super) struct Footer {
    pub(super) metadata: ParquetMetaData,
    /// See [`orders::find`].
    pub(super) column_orders: Option<Vec<u8>>,
}

/// Reads and checks the metadata of a file, its page indexes included.
///
/// A page index that does not parse is left out: it is optional, and readers do without.
///
/// # Errors
/// [`ParquetError::NotParquet`] for an empty, short or truncated file or another format,
/// [`ParquetError::Encrypted`], and [`ParquetError::Malformed`] for a footer that lies about the
/// file: chunks outside it, negative sizes, more children than there are.
pub(super) fn read(source: &Source) -> Result<Footer, ParquetError> {
    let (start, length) = locate(source)?;
    let footer = source.bytes(start, length)?;
    inspect(&footer)?;
    // Statistics per page and encoding are carried over in full, not as a summary.
    let options = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
    let metadata =
        contain(|| ParquetMetaDataReader::decode_metadata_with_options(&footer, Some(&options)))?;
    let metadata = check(metadata, start)?;
    let metadata = with_page_index(metadata, source);
    Ok(Footer { metadata, column_orders: orders::find(&footer) })
}

/// Where the footer starts, and its length in bytes.
pub(super) fn locate(source: &Source) -> Result<(u64, usize), ParquetError> {
    match source.len() {
        0 => return Err(ParquetError::NotParquet("the file is empty")),
        1..MIN_BYTES => return Err(ParquetError::NotParquet("the file is too short")),
        _ => {}
    }
    let head = source.bytes(0, MAGIC.len())?;
    let tail_start = source.len() - TAIL_BYTES;
    let tail = source.bytes(tail_start, 8)?;
    let (length, magic) = tail.split_at(4);
    if magic == ENCRYPTED_MAGIC || head == ENCRYPTED_MAGIC {
        return Err(ParquetError::Encrypted);
    }
    if head != MAGIC {
        return Err(ParquetError::NotParquet("it does not start with PAR1"));
    }
    if magic != MAGIC {
        return Err(ParquetError::NotParquet("it does not end with PAR1, and may be truncated"));
    }
    let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]);
    match tail_start.checked_sub(u64::from(length)) {
        Some(start) if start >= MAGIC.len() as u64 => Ok((start, length as usize)),
        _ => Err(ParquetError::Malformed("the footer is longer than the file".to_owned())),
    }
}

/// Looks for what must not reach the decoder: a schema too deep or with children it does not have,
/// and the mark of encrypted columns under a plain footer, which this build would read as data.
fn inspect(footer: &[u8]) -> Result<(), ParquetError> {
    const SCHEMA: i64 = 2;
    const ENCRYPTION_ALGORITHM: i64 = 8;
    let broken = || ParquetError::Malformed("the footer does not parse".to_owned());

    let mut thrift = Compact::new(footer);
    let mut last = 0;
    while let Some((id, kind)) = thrift.field(&mut last).ok_or_else(broken)? {
        match id {
            SCHEMA => inspect_schema(&mut thrift).ok_or_else(|| {
                ParquetError::Malformed("the schema is no tree, or too deep".to_owned())
            })?,
            ENCRYPTION_ALGORITHM => return Err(ParquetError::Encrypted),
            _ => thrift.skip(kind).ok_or_else(broken)?,
        }
    }
    Ok(())
}

/// Walks the schema, which is stored as a list of elements in depth-first order.
fn inspect_schema(thrift: &mut Compact<'_>) -> Option<()> {
    const NUM_CHILDREN: i64 = 5;
    let (element, size) = thrift.list()?;
    if element != STRUCT {
        return None;
    }
    // For each group that is open, how many of its children are still to come.
    let mut open: Vec<u64> = Vec::new();
    for index in 0..size {
        let mut children = 0;
        let mut last = 0;
        while let Some((id, kind)) = thrift.field(&mut last)? {
            if id == NUM_CHILDREN {
                children = u64::try_from(thrift.int()?).ok()?;
            } else {
                thrift.skip(kind)?;
            }
        }
        if let Some(missing) = open.last_mut() {
            *missing -= 1;
        }
        if children > size - index - 1 || open.len() >= MAX_SCHEMA_DEPTH {
            return None;
        }
        open.push(children);
        while open.last() == Some(&0) {
            open.pop();
        }
    }
    Some(())
}

/// Checks every chunk against the file, and mends what writers get wrong.
fn check(metadata: ParquetMetaData, data_end: u64) -> Result<ParquetMetaData, ParquetError> {
    let leaves = metadata.file_metadata().schema_descr().num_columns();
    let mut builder = metadata.into_builder();
    let mut row_groups = builder.take_row_groups();
    for (ordinal, row_group) in row_groups.iter_mut().enumerate() {
        check_row_group(row_group, leaves, data_end)
            .map_err(|cause| cause.in_chunk(ordinal, "(any)"))?;
    }
    Ok(builder.set_row_groups(row_groups).build())
}

fn check_row_group(
    row_group: &mut RowGroupMetaData,
    leaves: usize,
    data_end: u64,
) -> Result<(), ParquetError> {
    let lie = |what: &str| Err(ParquetError::Malformed(what.to_owned()));
    if row_group.num_rows() < 0 {
        return lie("a negative number of rows");
    }
    if row_group.num_columns() != leaves {
        return lie("another number of columns than the schema");
    }
    for chunk in row_group.columns_mut() {
        if chunk.file_path().is_some_and(|path| !path.is_empty()) {
            return Err(ParquetError::Unsupported("columns stored in another file".to_owned()));
        }
        mend_offsets(chunk)?;
        let (Ok(length), Ok(start), Ok(_)) = (
            u64::try_from(chunk.compressed_size()),
            u64::try_from(chunk_start(chunk)),
            u64::try_from(chunk.num_values()),
        ) else {
            return lie("a negative size or offset");
        };
        let inside = start >= MAGIC.len() as u64
            && start.checked_add(length).is_some_and(|end| end <= data_end);
        if length > 0 && !inside {
            return lie("a column chunk outside the file");
        }
    }
    Ok(())
}

/// Corrects offsets that writers are known to get wrong, and that are copied otherwise.
fn mend_offsets(chunk: &mut ColumnChunkMetaData) -> Result<(), ParquetError> {
    let data = chunk.data_page_offset();
    let Some(dictionary) = chunk.dictionary_page_offset() else {
        return Ok(());
    };
    let builder = chunk.clone().into_builder();
    if dictionary > 0 && data <= 0 {
        // A chunk without rows has a dictionary page and no data page, which some write as 0.
        *chunk = builder.set_data_page_offset(dictionary).build()?;
    } else if dictionary <= 0 || dictionary > data {
        // Stated although there is no dictionary page; other readers ignore it too.
        *chunk = builder.set_dictionary_page_offset(None).build()?;
    }
    Ok(())
}

/// Offset of the first byte of a chunk: its dictionary page, or its first data page.
pub(super) fn chunk_start(chunk: &ColumnChunkMetaData) -> i64 {
    chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset())
}

fn with_page_index(metadata: ParquetMetaData, source: &Source) -> ParquetMetaData {
    let chunks = || metadata.row_groups().iter().flat_map(RowGroupMetaData::columns);
    if !chunks().all(|chunk| offset_index_is_plausible(chunk, source)) {
        return metadata;
    }
    let plain = metadata.clone();
    contain(|| {
        let mut reader = ParquetMetaDataReader::new_with_metadata(metadata)
            .with_page_index_policy(PageIndexPolicy::Optional);
        reader.read_page_indexes(source)?;
        reader.finish()
    })
    .unwrap_or(plain)
}

/// Whether the list of pages fits in the bytes it is stored in; the decoder reserves memory for as
/// many as the list says.
fn offset_index_is_plausible(chunk: &ColumnChunkMetaData, source: &Source) -> bool {
    /// Longest header of a list inside a struct: field, list, and a varint of five bytes.
    const LIST_HEADER_BYTES: u64 = 7;
    let Some(length) = chunk.offset_index_length().and_then(|length| u64::try_from(length).ok())
    else {
        return true;
    };
    let Some(start) = chunk.offset_index_offset().and_then(|start| u64::try_from(start).ok())
    else {
        return false;
    };
    let Ok(head) = source.bytes(start, length.min(LIST_HEADER_BYTES) as usize) else {
        return false;
    };
    let mut thrift = Compact::new(&head);
    thrift.field(&mut 0).is_some() && thrift.list().is_some_and(|(_, pages)| pages <= length)
}
