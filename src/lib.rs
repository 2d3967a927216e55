//! loup finds personal data in exports and logs, replaces it with keyed pseudonyms, and draws the
//! map of where it lives.
//!
//! Data flows one way, and the modules are declared in that order:
//!
//! ```text
//! source ──► format ──► detect ──► protect ──► sink
//!  bytes      cells      spans      edits       bytes, committed atomically
//!                          │
//!                          └──► datamap ──► report
//! ```
//!
//! A module imports the vocabulary and what is left of it in the picture, never what is right of
//! it. [`pipeline`] runs the chain and is the only module that knows about threads; [`cli`] is the
//! only one that prints.

// The vocabulary.
pub mod error;
pub mod kind;
pub mod operator;
pub mod rules;

// The data's way.
pub mod attack;
pub mod cli;
pub mod datamap;
pub mod detect;
pub mod format;
pub mod pipeline;
pub mod policy;
pub mod protect;
pub mod report;
pub mod sink;
pub mod source;
