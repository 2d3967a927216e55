//! What the targets of text formats share: the cells of a text, cut anyhow.

use loup::format::text::{Cells, Decoder, Edits, TextFormat, apply};

/// Reads `text` twice, in chunks of about `chunk_bytes` and in one: the same cells, and with no
/// edit the same bytes.
pub fn check(format: &TextFormat, text: &[u8], chunk_bytes: usize) {
    assert_eq!(read(format, text, chunk_bytes), read(format, text, text.len() + 1));
}

/// Record, field and decoded text of each cell.
type Read = Vec<(u64, Option<String>, Vec<u8>)>;

fn read(format: &TextFormat, text: &[u8], chunk_bytes: usize) -> Read {
    let (mut cells, mut decoder) = (Cells::new(), Decoder::new());
    let (mut read, mut copy) = (Vec::new(), Vec::new());
    let mut splitter = format.splitter(text, chunk_bytes);
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
