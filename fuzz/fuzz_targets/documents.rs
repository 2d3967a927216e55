//! Manifests and data maps: what parses is written and read back.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use loup::datamap::document::MapDocument;
use loup::datamap::finish::verdicts_of_document;
use loup::rules::RuleSet;
use loup::sink::Manifest;

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);

fuzz_target!(|bytes: &[u8]| {
    if let Ok(map) = serde_json::from_slice::<MapDocument>(bytes) {
        let _ = verdicts_of_document(&map, &RULES);
        let written = serde_json::to_vec(&map).expect("string keys");
        assert!(serde_json::from_slice::<MapDocument>(&written).is_ok());
    }
    if let Ok(manifest) = serde_json::from_slice::<Manifest>(bytes) {
        let written = serde_json::to_vec(&manifest).expect("string keys");
        assert!(serde_json::from_slice::<Manifest>(&written).is_ok());
    }
});
