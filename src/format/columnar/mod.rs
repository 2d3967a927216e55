//! Parquet in, Parquet out, at the level of its leaf columns.
//!
//! A Parquet file is rows × leaf columns, cut into row groups; what is stored is one *column chunk*
//! per (row group, leaf). This module reads and rewrites exactly that unit, with its definition and
//! repetition levels, so that lists, structs and maps of any depth need no case of their own: a
//! leaf's values are replaced, its levels are written back as they were read.
//!
//! ```text
//! ParquetFile::open ─► read    (row group, leaf) ─► batches of cells          to detect
//!                   ─► read_texts                 ─► pages of texts             to detect
//!                   ─► rewrite (row group, leaf) ─► a chunk in memory         to protect
//!                                                        │
//! ParquetWriter::new ─► next_row_group ─► push (a chunk, or None = copied raw) ─► close ─► finish
//! ```
//!
//! Both functions are pure: no threads here, and a [`ParquetFile`] may be shared by as many as the
//! caller has, since it reads by position. An untouched chunk is copied byte for byte, with its
//! statistics, indexes and Bloom filter; a rewritten one has all of them made anew from the values
//! it now holds, or dropped, because each of them is a place where an original survives. The same
//! goes for what travels beside the data: metadata entries pass an allow-list and a scrub.
//!
//! A copy may have other names in its schema, and strings where its source has numbers, dates or bytes:
//! [`NewSchema`] says so once, and the writer, the chunks and the metadata follow it.
//!
//! Texts as nearly all writers store them go a short way, in which no value is built: `texts` walks
//! their pages and `substitute` puts others in their place. The rest goes through the decoders of the
//! `parquet` crate, a batch of values at a time: `cursor` and `rewrite`.
//!
//! Kept: all else of the schema, row groups, row order, codec, page version, dictionary encoding where
//! there was one, `created_by`. Not done: encrypted files are refused.

mod arrow_schema;
mod assemble;
mod codec;
mod cursor;
mod distinct;
mod error;
mod file;
mod footer;
mod hybrid;
mod metadata;
mod new_schema;
mod orders;
mod pages;
mod rendering;
mod rewrite;
mod schema;
mod source;
mod substitute;
#[cfg(test)]
mod tests;
mod texts;
mod thrift;
mod traces;
mod writer;

pub use distinct::{AHEAD, DistinctTexts, Repetition};
pub use error::ParquetError;
pub use file::{Batch, Cell, Identity, Occupancy, ParquetFile, Value};
pub use new_schema::NewSchema;
pub use rendering::Rendering;
pub use rewrite::{EditValues, RewrittenChunk, ValueEdit};
pub use schema::{Leaf, LeafClass, Number, TimeUnit};
pub use texts::{Rows, Span, Texts, Values, VisitTexts};
pub use writer::{ParquetWriter, RowGroup};
