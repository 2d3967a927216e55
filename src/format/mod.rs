//! Bytes to cells and back: one code path for text, one for columns.
//!
//! They share kinds, rules and findings, and deliberately nothing else: text is raw bytes with an
//! index of cells, of which every byte outside an edit stays; a column chunk is decoded values.

pub mod columnar;
pub mod text;
