//! What the targets of text formats share: the cells of a text, cut anyhow.

use loup::format::text::{Cells, Decoder, Edits, MAX_RECORD_BYTES, TextFormat, apply};

/// A limit for records that some of a short text are longer than.
const SHORT: usize = 24;

/// Reads `text` twice, in chunks of about `chunk_bytes` and in one: the same cells, and with no
/// edit the same bytes. So it is with records that are cut within.
pub fn check(format: &TextFormat, text: &[u8], chunk_bytes: usize) {
    for limit in [MAX_RECORD_BYTES, SHORT] {
        assert_eq!(read(format, text, chunk_bytes, limit), read(format, text, text.len(), limit));
    }
}

/// Record, field and decoded text of each cell.
type Read = Vec<(u64, Option<String>, Vec<u8>)>;

fn read(format: &TextFormat, text: &[u8], chunk_bytes: usize, limit: usize) -> Read {
    let (mut cells, mut decoder) = (Cells::new(), Decoder::new());
    let (mut read, mut copy) = (Vec::new(), Vec::new());
    let mut splitter = format.splitter(text, chunk_bytes).with_max_record_bytes(limit);
    while let Ok(Some(chunk)) = splitter.next_chunk() {
        format.cells(&chunk, &mut cells);
        for cell in &cells.cells {
            let field = format.field_path(&cells, cell.field).map(|path| path.into_owned());
            read.push((cell.record, field, decoder.decode(&chunk.bytes, cell).text.to_vec()));
        }
        for span in &cells.malformed {
            read.push((span.record, None, chunk.bytes[span.range()].to_vec()));
        }
        apply(&chunk.bytes, &Edits::new(), &mut copy);
    }
    assert_eq!(copy, text);
    read.sort();
    read
}
