//! Trying pseudonyms that others made: which of them are a hash without a key, and of what.
//!
//! In come the values of fields ([`FieldValues`]); those that look like digests become targets.
//! What they could be digests of is enumerated by [`Domain`]s, and an [`Arm`] is one hash function with
//! one salt on one domain. [`Attack`] says which arm comes next and what was learnt from it; whoever
//! calls it runs the arms, on as many threads as it likes, until time is up. Out goes a [`document`]
//! with counts and times.
//!
//! No preimage leaves the loop that finds it: a hit is the number of a target, and a target is bits of a
//! digest. So nothing here can print a value. Knows no file, and no clock.

mod arms;
pub mod document;
mod domain;
mod equality;
mod farmhash;
mod field;
mod form;
mod function;
mod looks;
mod search;
mod targets;
mod text;

pub use arms::{Arm, Attack, Field};
pub use domain::{Choice, Domain, Lines, Sort, has_mobile_ranges};
pub use field::{FieldValues, MAX_DISTINCT};
pub use form::Form;
pub use function::Function;
pub use search::Found;
pub use text::Salt;
