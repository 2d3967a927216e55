//! Bytes to cells and back: one code path for text, one for columns.

pub mod columnar;
