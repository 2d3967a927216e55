//! Bytes to cells and back: text as raw bytes with an index of cells.

pub mod text;
