//! Just enough of the Thrift compact protocol to look before the `parquet` crate leaps.
//!
//! That crate recurses over the schema as deep as the footer says, and reserves memory for as many
//! children, dictionary values or page bytes as a header states. The first ends in a stack overflow
//! and the second in a failed allocation, and neither can be caught. So the few numbers that decide
//! this are read here first, without recursion into the schema and without allocation.
//!
//! # Source
//! Apache Thrift, "Thrift Compact protocol encoding"; `parquet.thrift` of Parquet 2.12.

/// Field types, as the compact protocol numbers them.
pub(super) const BOOLEAN_TRUE: u8 = 1;
pub(super) const BOOLEAN_FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
pub(super) const STRUCT: u8 = 12;

/// The deepest nesting skipped over; the deepest struct of a footer is about eight levels down.
const MAX_SKIP_DEPTH: u8 = 32;

/// A cursor over compact-protocol bytes. Every method gives `None` where the bytes end early or are
/// not the protocol; there is nothing to be said about it beyond that.
pub(super) struct Compact<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Compact<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes consumed so far.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The next field of a struct: its id and type; `Some(None)` at the end of the struct.
    ///
    /// `last` is the id of the field before, 0 at the start of a struct.
    pub(super) fn field(&mut self, last: &mut i64) -> Option<Option<(i64, u8)>> {
        let header = self.byte()?;
        if header == 0 {
            return Some(None);
        }
        let delta = i64::from(header >> 4);
        *last = if delta == 0 { self.int()? } else { last.checked_add(delta)? };
        Some(Some((*last, header & 0x0f)))
    }

    /// The header of a list: the type of its elements and their number.
    pub(super) fn list(&mut self) -> Option<(u8, u64)> {
        let header = self.byte()?;
        let short = u64::from(header >> 4);
        let size = if short == 15 { self.varint()? } else { short };
        Some((header & 0x0f, size))
    }

    /// A zigzag integer of any width.
    pub(super) fn int(&mut self) -> Option<i64> {
        let raw = self.varint()?;
        Some((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed())
    }

    /// Passes over a value of type `kind`.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_within(kind, MAX_SKIP_DEPTH, false)
    }

    fn skip_within(&mut self, kind: u8, depth: u8, in_list: bool) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            // The value of a boolean field is its type; in a list it has a byte of its own.
            BOOLEAN_TRUE | BOOLEAN_FALSE if !in_list => {}
            BOOLEAN_TRUE | BOOLEAN_FALSE | BYTE => self.advance(1)?,
            I16 | I32 | I64 => {
                self.varint()?;
            }
            DOUBLE => self.advance(8)?,
            BINARY => {
                let length = self.varint()?;
                self.advance(length)?;
            }
            LIST | SET => {
                let (element, size) = self.list()?;
                for _ in 0..size {
                    self.skip_within(element, depth, true)?;
                }
            }
            MAP => {
                let size = self.varint()?;
                let kinds = if size == 0 { 0 } else { self.byte()? };
                for _ in 0..size {
                    self.skip_within(kinds >> 4, depth, true)?;
                    self.skip_within(kinds & 0x0f, depth, true)?;
                }
            }
            STRUCT => {
                let mut last = 0;
                while let Some((_, kind)) = self.field(&mut last)? {
                    self.skip_within(kind, depth, false)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn advance(&mut self, length: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(length).ok()?)?;
        (end <= self.bytes.len()).then(|| self.at = end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn integers_are_zigzag() {
        for (bytes, value) in [(&[0][..], 0), (&[1], -1), (&[2], 1), (&[0x80, 0x01], 64)] {
            assert_eq!(Compact::new(bytes).int(), Some(value));
        }
    }

    #[test]
    fn a_list_of_lists_too_deep_is_refused() {
        let nested = [0x19; 200];
        assert_eq!(Compact::new(&nested).skip(LIST), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_skipped_or_refused(bytes: Vec<u8>, kind in 0_u8..16) {
            let mut compact = Compact::new(&bytes);
            compact.skip(kind);
            prop_assert!(compact.position() <= bytes.len());
        }
    }
}
