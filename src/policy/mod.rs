//! The policy: what its owner wrote, and the plan that a run makes of it.
//!
//! As written ([`syntax`]) and as resolved ([`plan`]) are two types: in a plan nothing is optional
//! that the run needs, and everything that can be wrong has been found before a byte is written.

pub mod plan;
pub mod syntax;

pub use plan::{FieldPlan, Plan, Planner};
pub use syntax::{OnNew, PolicyError, PolicyFile, Unsupported};
