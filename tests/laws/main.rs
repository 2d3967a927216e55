//! The laws of the chain, over generated folders: nothing depends on threads or cuts, maps add up,
//! protecting twice is protecting once, and what was planted is gone.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod detector;
mod inputs;
mod keys;
mod map;
mod mask;
mod run;
