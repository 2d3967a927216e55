//! The result of an attack as it is published: counts and times, no value, no digest, no salt.

use serde::Serialize;

use crate::datamap::document::Coverage;

/// `loup.attack/1`.
#[derive(Debug, Clone, Serialize)]
pub struct AttackDocument {
    /// `loup.attack/1`.
    pub format: &'static str,
    /// Of loup.
    pub version: String,
    /// RFC 3339.
    pub started: String,
    /// What it took to read the inputs.
    pub reading_seconds: f64,
    /// What it took to try values, and how much of it was allowed.
    pub searching_seconds: f64,
    /// The limit of the search.
    pub budget_seconds: f64,
    /// Whether time was up before all was tried.
    pub is_cut_short: bool,
    /// Worker threads.
    pub threads: usize,
    /// Values that were hashed.
    pub tried: u64,
    /// Opaque fields, by dataset and place.
    pub fields: Vec<FieldReport>,
    /// What was not looked at.
    pub coverage: Coverage,
}

/// An opaque field.
#[derive(Debug, Clone, Serialize)]
pub struct FieldReport {
    /// Its dataset.
    pub dataset: String,
    /// Its name, values in it masked.
    pub field: String,
    /// What its values look like.
    pub looks_like: String,
    /// How many values it has, and how many of them look like that.
    pub values: u64,
    /// Those that look like it.
    pub opaque: u64,
    /// Distinct ones among them, estimated where not all are kept.
    pub distinct: u64,
    /// Distinct values that were tried to be reversed: no more than are kept.
    pub searched: u64,
    /// Distinct values that were reversed.
    pub reversed: u64,
    /// Of those that were searched.
    pub reversed_share: f64,
    /// What reversed them, the most of them first.
    pub by: Vec<Reversal>,
    /// What was tried in vain.
    pub in_vain: Vec<Trial>,
    /// What equality alone gives away; nothing where no value comes twice.
    pub equality: Option<Equality>,
}

/// What reversed values of a field.
#[derive(Debug, Clone, Serialize)]
pub struct Reversal {
    /// What was tried.
    #[serde(flatten)]
    pub trial: Trial,
    /// Distinct values that it reversed.
    pub reversed: u64,
}

/// One hash function with one salt on one domain.
#[derive(Debug, Clone, Serialize)]
pub struct Trial {
    /// The hash function.
    pub function: &'static str,
    /// `none`, or which of the salts that were given, and where: `1, before`.
    pub salt: String,
    /// `phone`, `ipv4` …
    pub domain: &'static str,
    /// Which of them.
    pub part: String,
    /// How they are spelled.
    pub spelling: String,
    /// Values in the domain.
    pub size: u64,
    /// How many of them were tried.
    pub tried: u64,
    /// In how many seconds.
    pub seconds: f64,
    /// How many seconds all of them take, at this rate.
    pub seconds_for_all: Option<f64>,
}

/// What equal values of a field say.
#[derive(Debug, Clone, Serialize)]
pub struct Equality {
    /// How often values stand there.
    pub values: u64,
    /// How many are distinct.
    pub distinct: u64,
    /// The share of the one that stands there most often.
    pub most_frequent_share: f64,
    /// Distinct values that stand there as often as no other does.
    pub unique_in_frequency: u64,
    /// Different lengths.
    pub lengths: u64,
}
