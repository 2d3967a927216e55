//! Column orders: what the footer says minima and maxima are to be compared by.
//!
//! The `parquet` crate states the orders of today in every footer it writes. Copied statistics were
//! made under those of the source: an old INT96 minimum follows no order at all, and readers that do
//! not know the new order of floats ignore minima they could use. So the list of the source is put
//! back in place of the one written; it is the last field of the footer.

use std::io::{self, Write};

use super::error::ParquetError;
use super::thrift::Compact;

/// The order of a type (`TYPE_ORDER`), as a union with an empty struct in its first field.
const OF_TYPE: [u8; 3] = [0x1c, 0, 0];

const COLUMN_ORDERS: i64 = 7;
/// The length of the footer and the closing magic.
const TAIL_BYTES: usize = 8;

/// The list of column orders in `footer`, as it is encoded, if there is one that says nothing else.
pub(super) fn find(footer: &[u8]) -> Option<Vec<u8>> {
    let (_, value, end) = locate(footer)?;
    let mut list = Compact::new(&footer[value..end]);
    let (_, orders) = list.list()?;
    // Each is a union of empty structs: a field header, the end of the struct, that of the union.
    let bytes = usize::try_from(orders).ok()?.checked_mul(OF_TYPE.len())?;
    let plain = end - value == list.position().checked_add(bytes)?;
    plain.then(|| footer[value..end].to_vec())
}

/// A list that was [found](find), in which the leaves flagged have the order of texts: that of their
/// type, whatever it was before.
pub(super) fn with_texts(mut orders: Vec<u8>, texts: &[bool]) -> Vec<u8> {
    let start = orders.len().saturating_sub(texts.len() * OF_TYPE.len());
    let of_leaves = orders[start..].chunks_exact_mut(OF_TYPE.len());
    for (order, _) in of_leaves.zip(texts).filter(|(_, is_text)| **is_text) {
        order.copy_from_slice(&OF_TYPE);
    }
    orders
}

/// Where the field starts, where its value starts, and where it ends.
fn locate(footer: &[u8]) -> Option<(usize, usize, usize)> {
    let mut thrift = Compact::new(footer);
    let mut last = 0;
    loop {
        let start = thrift.position();
        let (id, kind) = thrift.field(&mut last)??;
        let value = thrift.position();
        thrift.skip(kind)?;
        if id == COLUMN_ORDERS {
            return Some((start, value, thrift.position()));
        }
    }
}

/// Puts `orders` in place of the list in a footer, which ends `written` with its length and magic.
fn restate(mut written: Vec<u8>, orders: Option<&[u8]>) -> Option<Vec<u8>> {
    let tail = written.split_off(written.len().checked_sub(TAIL_BYTES)?);
    let length = u32::from_le_bytes(*tail.first_chunk()?);
    let mut footer = written.split_off(written.len().checked_sub(usize::try_from(length).ok()?)?);
    let (start, value, end) = locate(&footer)?;
    match orders {
        Some(orders) => footer.splice(value..end, orders.iter().copied()),
        None => footer.splice(start..end, [].iter().copied()),
    };
    let length = u32::try_from(footer.len()).ok()?;
    written.extend(footer);
    written.extend(length.to_le_bytes());
    written.extend(&tail[size_of::<u32>()..]);
    Some(written)
}

/// A sink that holds back what comes after [`hold`](Self::hold), until it is [`release`](Self::release)d.
pub(super) struct Held<W> {
    sink: W,
    held: Option<Vec<u8>>,
}

impl<W: Write> Held<W> {
    pub(super) fn new(sink: W) -> Self {
        Self { sink, held: None }
    }

    pub(super) fn into_inner(self) -> W {
        self.sink
    }

    /// From here on bytes stay in memory: page indexes and footer.
    pub(super) fn hold(&mut self) {
        self.held = Some(Vec::new());
    }

    /// Writes the end of the file, with `orders` (see [`find`]) stated in its footer, and flushes.
    pub(super) fn release(&mut self, orders: Option<&[u8]>) -> Result<(), ParquetError> {
        let restated = restate(self.held.take().unwrap_or_default(), orders).ok_or_else(|| {
            ParquetError::Malformed("the footer written has no column orders".to_owned())
        })?;
        self.sink.write_all(&restated)?;
        Ok(self.sink.flush()?)
    }
}

impl<W: Write> Write for Held<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.held {
            Some(held) => held.write(bytes),
            None => self.sink.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.held {
            Some(_) => Ok(()),
            None => self.sink.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Field 6 is a string of one byte, field 7 a list of two unions.
    const FOOTER: &[u8] = &[0x68, 1, b'x', 0x19, 0x2c, 0x1c, 0, 0, 0x2c, 0, 0, 0];

    fn file(footer: &[u8]) -> Vec<u8> {
        [b"data", footer, &(footer.len() as u32).to_le_bytes(), b"PAR1"].concat()
    }

    #[test]
    fn the_list_is_found_and_put_back() {
        let orders = find(FOOTER).unwrap();
        assert_eq!(orders, [0x2c, 0x1c, 0, 0, 0x2c, 0, 0]);
        assert_eq!(restate(file(FOOTER), Some(&orders)).unwrap(), file(FOOTER));
        let other = [0x2c, 0x3c, 0, 0, 0x3c, 0, 0];
        let restated = restate(file(FOOTER), Some(&other)).unwrap();
        assert_eq!(restated.len(), file(FOOTER).len());
        assert_eq!(find(&restated[4..]).unwrap(), other);
    }

    #[test]
    fn leaves_that_became_text_have_the_order_of_their_type() {
        let orders = vec![0x2c, 0x2c, 0, 0, 0x2c, 0, 0];
        assert_eq!(with_texts(orders, &[false, true]), [0x2c, 0x2c, 0, 0, 0x1c, 0, 0]);
    }

    #[test]
    fn no_list_in_the_source_leaves_none_in_the_copy() {
        assert_eq!(restate(file(FOOTER), None).unwrap(), file(&[0x68, 1, b'x', 0]));
    }

    #[test]
    fn an_order_that_carries_more_than_its_name_is_not_taken_over() {
        let text = [0x19, 0x1c, 0x18, 1, b'x', 0, 0];
        let mut footer = FOOTER[..3].to_vec();
        footer.extend(text);
        assert_eq!(find(&footer), None);
    }
}
