//! What a finished data map looks like to people and to other programs.
//!
//! In comes a [`MapDocument`](crate::datamap::document::MapDocument), out goes text; nothing here
//! reads a file, a clock or the terminal. Two views are for people: [`table`], which answers at
//! the end of a scan, and [`html`], the page that is kept and passed on. [`plan`] shows what
//! masking would do, [`attack`] what became of pseudonyms that others made, [`findings`] is one finding as
//! one line of JSON, [`verify`] what a check of an output found. [`human`] writes numbers for all of them.
//!
//! A map holds no raw value, and neither does what is made of it. Names of files, datasets and
//! fields are still words of others: the terminal gets them without control characters, the page
//! gets them escaped.

pub mod attack;
pub mod findings;
pub mod html;
pub mod human;
pub mod plan;
pub mod profile;
pub mod proposal;
pub mod table;
pub mod verify;

mod facts;
mod grid;

#[cfg(test)]
mod example;
#[cfg(test)]
mod schema_tests;
