//! From values to what is written in their place.
//!
//! In come canonical forms (from [`kind`](crate::kind)) and the operator that a plan chose for
//! each; out come the bytes of pseudonyms, hints and labels. The modules in the order a reviewer
//! reads them: [`key`] derives, [`export`] and [`sealed`] are what a keyring may hold in place of a
//! master key, [`keyring`] has the epochs, [`keyfile`] stores and [`keysource`] finds them, [`pseudonym`] computes what
//! nobody undoes, [`encrypt`] and [`surrogate`] what the key undoes, [`reveal`] undoes it, [`shift`] moves
//! dates, [`recognise`] knows a token when it sees one, [`operator`] chooses between all this.
//!
//! Nothing here decides what is personal data, and nothing here knows about files of data.

mod base32;
pub mod encrypt;
mod entry;
mod error;
pub mod export;
pub mod key;
pub mod keyfile;
pub mod keyring;
pub mod keysource;
pub mod operator;
pub mod pseudonym;
pub mod recognise;
pub mod reveal;
pub mod sealed;
pub mod shift;
pub mod surrogate;
#[cfg(test)]
mod vectors;

pub use error::KeyError;
