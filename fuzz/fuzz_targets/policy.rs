//! A policy: any text, up to the plan of a field.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use loup::policy::{Planner, PolicyFile};
use loup::rules::RuleSet;

static RULES: LazyLock<Arc<RuleSet>> = LazyLock::new(|| Arc::new(RuleSet::builtin()));

fuzz_target!(|text: &str| {
    let Ok(policy) = toml::from_str::<PolicyFile>(text) else { return };
    if let Ok(planner) = Planner::new(Arc::clone(&RULES), Some(&policy), 0.5) {
        let _ = planner.field("crm/customers.csv", "Email", None);
        let _ = planner.check(&Default::default());
    }
});
