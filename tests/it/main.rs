//! The binary as its users run it: arguments in, exit codes, streams and files out.
//!
//! What loup writes is compared with second implementations in Python (`tests/oracle`), and with
//! what was planted in `fixtures`. `make test` makes the Python environment and names it in
//! `LOUP_TEST_PYTHON`; a test that finds none, or not the real data in `LOUP_SHARED_DATA` (by default
//! `../shared/data`), says so and passes.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

mod attack;
mod canary;
mod company;
mod documents;
mod hostile;
mod interrupted;
mod keys;
mod mask;
mod names;
mod operators;
mod parquet;
mod passphrase;
mod policy;
mod proof;
mod pseudonyms;
mod reveal;
mod rotation;
mod rules;
mod scan;
mod shift;
mod support;
mod verify;
