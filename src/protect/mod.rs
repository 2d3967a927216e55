//! From values to what is written in their place.
//!
//! In come canonical forms (from [`kind`](crate::kind)) and the operator that a plan chose for
//! each; out come the bytes of pseudonyms, hints and labels. The modules in the order a reviewer
//! reads them: [`key`] derives, [`export`] is what a keyring may hold in place of a master key,
//! [`keyring`] has the epochs, [`keyfile`] stores and [`keysource`] finds them, [`pseudonym`] computes,
//! [`recognise`] knows a token when it sees one, [`operator`] chooses between all this.
//!
//! Nothing here decides what is personal data, and nothing here knows about files of data.

mod error;
pub mod export;
pub mod key;
pub mod keyfile;
pub mod keyring;
pub mod keysource;
pub mod operator;
pub mod pseudonym;
pub mod recognise;

pub use error::KeyError;
