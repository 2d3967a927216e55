//! The published schemas say what is written: every key that is serialised is in its schema, every
//! key that a schema requires is serialised, and types agree. Not a validator: it knows the few
//! words that the two schemas use and refuses others.

use serde_json::Value;

use super::{example, findings, verify};

const DATAMAP: &str = include_str!("../../schemas/datamap.schema.json");
const FINDINGS: &str = include_str!("../../schemas/findings.schema.json");
const VERIFY: &str = include_str!("../../schemas/verify.schema.json");

/// Words that constrain nothing, or that this walk leaves to a real validator.
const NOT_CHECKED: [&str; 9] = [
    "$schema",
    "$defs",
    "title",
    "description",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "propertyNames",
];

/// Checks `value` against `schema` of the document `root`; each mismatch becomes a line with its
/// place.
fn walk(value: &Value, schema: &Value, root: &Value, at: &str, wrong: &mut Vec<String>) {
    let schema_object = schema.as_object().unwrap();
    let mut fail = |what: String| wrong.push(format!("{at}: {what}"));
    for (word, rule) in schema_object {
        match (word.as_str(), value) {
            ("type", _) => {
                if !types(rule).any(|name| is_of(value, name)) {
                    fail(format!("is not of type {rule}"));
                }
            }
            ("const", _) if value != rule => fail(format!("is not {rule}")),
            ("enum", _) if !rule.as_array().unwrap().contains(value) => {
                fail(format!("not in {rule}"));
            }
            ("required", Value::Object(object)) => {
                for key in rule.as_array().unwrap() {
                    if !object.contains_key(key.as_str().unwrap()) {
                        fail(format!("lacks {key}"));
                    }
                }
            }
            (
                "const"
                | "enum"
                | "required"
                | "properties"
                | "additionalProperties"
                | "items"
                | "$ref"
                | "anyOf",
                _,
            ) => {}
            (word, _) => assert!(NOT_CHECKED.contains(&word), "{at}: unknown word {word}"),
        }
    }
    if let Some(target) = schema.get("$ref") {
        let pointer = target.as_str().unwrap().trim_start_matches('#');
        walk(value, root.pointer(pointer).unwrap(), root, at, wrong);
    }
    if let Some(choices) = schema.get("anyOf") {
        let fits = |choice: &Value| {
            let mut inner = Vec::new();
            walk(value, choice, root, at, &mut inner);
            inner.is_empty()
        };
        if !choices.as_array().unwrap().iter().any(fits) {
            wrong.push(format!("{at}: fits no choice"));
        }
    }
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                walk(item, &schema["items"], root, &format!("{at}[{i}]"), wrong);
            }
        }
        // A reference leads to the schema that speaks about the keys.
        Value::Object(object) if schema.get("type").is_some() => {
            for (key, item) in object {
                let rule = schema.pointer(&format!("/properties/{key}"));
                match rule.or(schema.get("additionalProperties")) {
                    Some(rule) if rule.is_object() => {
                        walk(item, rule, root, &format!("{at}.{key}"), wrong);
                    }
                    _ => wrong.push(format!("{at}: {key} is not in the schema")),
                }
            }
        }
        _ => {}
    }
}

fn types(rule: &Value) -> impl Iterator<Item = &str> {
    let many = rule.as_array().into_iter().flatten();
    std::iter::once(rule).chain(many).filter_map(Value::as_str)
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_u64(),
        other => panic!("unknown type {other}"),
    }
}

/// Every object schema is closed, describes each of its properties, and lists as required what
/// serde writes always: all but `optional`.
fn check_objects(schema: &Value, optional: &[&str]) {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        assert_eq!(schema["additionalProperties"], Value::Bool(false));
        let required: Vec<_> =
            schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for (key, rule) in properties {
            let described = rule.get("description").is_some() || rule.get("$ref").is_some();
            assert!(described, "{key} has no description");
            assert_eq!(
                required.contains(&key.as_str()),
                !optional.contains(&key.as_str()),
                "{key}"
            );
        }
        assert!(required.iter().all(|key| properties.contains_key(*key)), "{required:?}");
    }
}

fn mismatches(value: &Value, schema: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    walk(value, schema, schema, "$", &mut wrong);
    wrong
}

#[test]
fn a_map_is_as_its_schema_says() {
    let schema: Value = serde_json::from_str(DATAMAP).unwrap();
    let keyed = serde_json::to_value(example::map()).unwrap();
    assert_eq!(mismatches(&keyed, &schema), Vec::<String>::new());
    let mut bare = example::clean_map();
    (bare.key, bare.domain, bare.policy_digest) = (None, None, Some("00".repeat(32)));
    bare.run.digest_key = "ephemeral".to_owned();
    bare.run.surveyed.clear();
    assert_eq!(mismatches(&serde_json::to_value(bare).unwrap(), &schema), Vec::<String>::new());
}

#[test]
fn a_finding_is_as_its_schema_says() {
    let schema: Value = serde_json::from_str(FINDINGS).unwrap();
    let line = findings::tests::example();
    assert_eq!(mismatches(&serde_json::to_value(&line).unwrap(), &schema), Vec::<String>::new());
    let free_text = findings::FindingLine { field: None, ..line };
    assert_eq!(
        mismatches(&serde_json::to_value(free_text).unwrap(), &schema),
        Vec::<String>::new()
    );
    assert_eq!(schema["title"], findings::SCHEMA);
}

#[test]
fn a_verification_is_as_its_schema_says() {
    let schema: Value = serde_json::from_str(VERIFY).unwrap();
    for report in verify::tests::examples() {
        let value = serde_json::to_value(report).unwrap();
        assert_eq!(mismatches(&value, &schema), Vec::<String>::new());
    }
    assert_eq!(schema["title"], verify::SCHEMA);
}

#[test]
fn schemas_are_closed_and_require_what_is_always_written() {
    let datamap: Value = serde_json::from_str(DATAMAP).unwrap();
    check_objects(&datamap, &[]);
    for (name, schema) in datamap["$defs"].as_object().unwrap() {
        let optional: &[&str] = match name.as_str() {
            "dataset" => &["other"],
            "run" => &["surveyed"],
            "field" => &["regions", "special_categories"],
            _ => &[],
        };
        check_objects(schema, optional);
    }
    check_objects(&serde_json::from_str(FINDINGS).unwrap(), &[]);
    let verify: Value = serde_json::from_str(VERIFY).unwrap();
    check_objects(&verify, &[]);
    for schema in verify["$defs"].as_object().unwrap().values() {
        check_objects(schema, &[]);
    }
}

#[test]
fn the_walk_sees_what_is_wrong() {
    let schema: Value = serde_json::from_str(DATAMAP).unwrap();
    let good = serde_json::to_value(example::map()).unwrap();
    let broken = |change: &dyn Fn(&mut Value)| {
        let mut value = good.clone();
        change(&mut value);
        mismatches(&value, &schema)
    };
    assert_eq!(broken(&|v| v["run"]["host"] = "x".into()), ["$.run: host is not in the schema"]);
    assert_eq!(broken(&|v| v["schema"] = "loup.datamap/2".into()).len(), 1);
    assert_eq!(broken(&|v| v["datasets"][0]["records"] = "many".into()).len(), 1);
    assert_eq!(
        broken(&|v| drop(v["coverage"].as_object_mut().unwrap().remove("failed"))),
        [r#"$.coverage: lacks "failed""#]
    );
}
