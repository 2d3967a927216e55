//! The policy as it is written: `loup.toml`, mirrored key by key. Unknown keys are errors.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::kind::generalize::{Coarseness, Unit};
use crate::operator::{MaxDays, Operator, Scope, Settings, Treatment};

/// `loup.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyFile {
    /// Always 1.
    pub version: u32,
    /// Pseudonymisation domain; `default` if not said.
    pub domain: Option<String>,
    /// Regions of national phone numbers, in the order in which they are tried.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Confidence from which a candidate counts.
    pub min_confidence: Option<f64>,
    /// What happens to personal data that nothing else covers.
    #[serde(default)]
    pub on_new: OnNew,
    /// What happens to a file that cannot be read as any known format.
    #[serde(default)]
    pub unsupported: Unsupported,
    /// What happens to text in which personal data stands among other words.
    #[serde(default)]
    pub free_text: FreeText,
    /// Whether `jean+shop@example.com` is `jean@example.com`: both have one pseudonym then.
    #[serde(default)]
    pub strip_email_tag: bool,
    /// Operator by kind.
    #[serde(default)]
    pub kinds: BTreeMap<String, Written>,
    /// Operator by field; the first that fits decides.
    #[serde(default)]
    pub fields: Vec<FieldPolicy>,
}

/// `on_new`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnNew {
    /// The run stops before anything is written.
    #[default]
    Fail,
    /// It is replaced by `[KIND]`.
    Redact,
    /// The default operator of its kind is used.
    Default,
}

/// `unsupported`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsupported {
    /// It is left out, and the run is incomplete (exit 3).
    #[default]
    Fail,
    /// It is left out on purpose.
    Skip,
}

/// `free_text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreeText {
    /// What is found in it is replaced.
    #[default]
    Findings,
    /// Every value of such a field is dropped, since nobody finds everything.
    Drop,
}

/// `"token"` or `{ op = "token" }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Written {
    /// The operator alone.
    Short(Operator),
    /// A table.
    Long(OperatorTable),
}

/// `{ op = "generalize", v4 = 16 }`.
#[derive(Debug, Clone, Deserialize)]
pub struct OperatorTable {
    /// The operator.
    pub op: Operator,
    /// How it does it.
    #[serde(flatten)]
    pub settings: SettingsTable,
}

/// The settings of an operator, where they are said, and keys that there are none of.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct SettingsTable {
    v4: Option<u8>,
    v6: Option<u8>,
    to: Option<Unit>,
    keep_domain: Option<bool>,
    scope: Option<Scope>,
    max_days: Option<u32>,
    /// `shift`: the field of the same record that says whom its dates are about.
    pub subject: Option<String>,
    /// Of any type, so that the error can say which values there are.
    #[serde(rename = "as")]
    as_type: Option<toml::Value>,
    #[serde(flatten)]
    unknown: BTreeMap<String, toml::Value>,
}

impl Written {
    /// The operator with its settings; `place` names it in errors.
    ///
    /// # Errors
    /// [`PolicyError::Value`], as [`SettingsTable::of`] says.
    pub fn treatment(&self, place: &str) -> Result<Treatment, PolicyError> {
        match self {
            Self::Short(operator) => Ok((*operator).into()),
            Self::Long(OperatorTable { op, settings }) => settings.of(*op, place),
        }
    }
}

impl SettingsTable {
    /// `operator` with these settings.
    ///
    /// # Errors
    /// [`PolicyError::Value`] for a key that is none, for a setting that the operator does not have, and for
    /// one that is out of range.
    pub fn of(&self, operator: Operator, place: &str) -> Result<Treatment, PolicyError> {
        let wrong = |what: String| Err(PolicyError::Value(format!("{place}: {what}")));
        let said: [(_, _, &[Operator]); 8] = [
            ("v4", self.v4.is_some(), &[Operator::Generalize]),
            ("v6", self.v6.is_some(), &[Operator::Generalize]),
            ("to", self.to.is_some(), &[Operator::Generalize]),
            ("keep_domain", self.keep_domain.is_some(), &[Operator::Surrogate]),
            ("scope", self.scope.is_some(), &[Operator::Token, Operator::Hash, Operator::Shift]),
            ("max_days", self.max_days.is_some(), &[Operator::Shift]),
            ("subject", self.subject.is_some(), &[Operator::Shift]),
            ("as", self.as_type.is_some(), &AS_TEXT),
        ];
        if let Some(key) = self.unknown.keys().next() {
            let known = said.iter().map(|(key, ..)| *key).chain(FieldPolicy::KEYS);
            return wrong(match nearest(key, known) {
                Some(meant) => format!("unknown key `{key}`: did you mean `{meant}`?"),
                None => format!("unknown key `{key}`"),
            });
        }
        if let Some((key, _, of)) =
            said.iter().find(|(_, said, of)| *said && !of.contains(&operator))
        {
            let of = of.iter().map(|operator| format!("`{operator}`")).collect::<Vec<_>>();
            let of = of.join(", ");
            return wrong(format!(
                "`{key}` is a setting of {of}, and the operator is `{operator}`"
            ));
        }
        if self.v4.is_some_and(|bits| bits > 32) || self.v6.is_some_and(|bits| bits > 128) {
            return wrong("an address has 32 bits in `v4` and 128 in `v6`".to_owned());
        }
        if self.max_days.is_some_and(|days| !MAX_DAYS.contains(&days)) {
            return wrong(format!("`max_days` is {} to {}", MAX_DAYS.start(), MAX_DAYS.end()));
        }
        if self.as_type.as_ref().is_some_and(|of_type| of_type.as_str() != Some("string")) {
            return wrong("`as` can only be \"string\"".to_owned());
        }
        let usual = Coarseness::default();
        Ok(Treatment {
            operator,
            settings: Settings {
                coarseness: Coarseness {
                    v4: self.v4.unwrap_or(usual.v4),
                    v6: self.v6.unwrap_or(usual.v6),
                    to: self.to.unwrap_or(usual.to),
                },
                keep_domain: self.keep_domain.unwrap_or_default(),
                scope: self.scope.unwrap_or_default(),
                max_days: self.max_days.map_or_else(MaxDays::default, MaxDays),
                as_text: self.as_type.is_some(),
            },
        })
    }
}

/// Fewer days would shift nothing, and more go over a life.
const MAX_DAYS: RangeInclusive<u32> = 1..=36_500;

/// The operators that write a text where there was a value.
const AS_TEXT: [Operator; 7] = [
    Operator::Token,
    Operator::Hash,
    Operator::Encrypt,
    Operator::Surrogate,
    Operator::Mask,
    Operator::Redact,
    Operator::Generalize,
];

/// The one of `known` that `word` was meant to be, if one is near: two letters more, fewer or other.
fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= 2)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `[[fields]]`.
#[derive(Debug, Clone, Deserialize)]
pub struct FieldPolicy {
    /// Glob over names of datasets; all of them if not said.
    #[serde(default = "any_dataset")]
    pub dataset: String,
    /// Path of the field as the map shows it; a glob.
    pub field: String,
    /// The kind that the field is of: every value of it is protected.
    pub kind: Option<String>,
    /// The operator.
    pub op: Operator,
    /// How it does it; keys that there are none of are here, too.
    #[serde(flatten)]
    pub settings: SettingsTable,
    /// Whether the field may be missing from the data.
    #[serde(default)]
    pub if_present: bool,
    /// Kinds that must not be found in the field.
    #[serde(default)]
    pub must_be_absent: Vec<String>,
}

impl FieldPolicy {
    /// Its keys but for the settings.
    const KEYS: [&str; 6] = ["dataset", "field", "kind", "op", "if_present", "must_be_absent"];
}

fn any_dataset() -> String {
    "**".to_owned()
}

/// What is wrong with a policy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// It cannot be read.
    #[error("cannot read the policy {}: {source}", path.display())]
    Read {
        /// Where it should be.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no policy.
    #[error("{}: {message}", path.display())]
    Syntax {
        /// Where it is.
        path: PathBuf,
        /// What TOML says, with line and column.
        message: String,
    },
    /// A key holds something that it cannot.
    #[error("policy: {0}")]
    Value(String),
    /// It names a field that is not in the data.
    #[error("the policy names field `{field}` of `{dataset}`, which is not in the data")]
    NoSuchField {
        /// Glob of the dataset.
        dataset: String,
        /// Glob of the field.
        field: String,
    },
    /// The operator cannot be used on the field.
    #[error(
        "field `{field}` of `{dataset}` holds {kind} as {values}, which `{operator}` cannot keep"
    )]
    Type {
        /// Name of the dataset.
        dataset: String,
        /// Path of the field.
        field: String,
        /// Name of the kind.
        kind: String,
        /// What its values are.
        values: &'static str,
        /// The operator of the plan.
        operator: Operator,
        /// Operators that can be used on it.
        choices: Vec<Operator>,
        /// Whether its column can become text, on which the operator can be used.
        can_be_text: bool,
    },
    /// Some values of the field would have a surrogate that can be found by trying.
    #[error(
        "field `{field}` of `{dataset}` holds {kind} values of a shape that fewer than a million have, \
         which no surrogate hides"
    )]
    TooFew {
        /// Name of the dataset.
        dataset: String,
        /// Path of the field.
        field: String,
        /// Name of the kind.
        kind: String,
    },
    /// The operator needs to know what the field holds.
    #[error(
        "field `{field}` of `{dataset}` is of no kind that was recognised, and `{operator}` needs one"
    )]
    NoKind {
        /// Name of the dataset.
        dataset: String,
        /// Path of the field.
        field: String,
        /// The operator of the plan.
        operator: Operator,
    },
    /// A kind that must be absent is there, or data that the policy does not cover.
    #[error("{0}")]
    Violated(String),
}

impl PolicyError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoSuchField { .. } => Some(
                "correct the name (`loup scan` shows the fields), or set `if_present = true`".into(),
            ),
            Self::NoKind { field, operator: Operator::Shift, .. } => Some(format!(
                "say `kind` for field `{field}` in [[fields]], or give the map of a scan with --map"
            )),
            Self::NoKind { field, .. } => {
                Some(format!("say `kind` for field `{field}` in [[fields]], or use `drop` or `keep`"))
            }
            Self::Type { field, choices, can_be_text, .. } => {
                let names: Vec<_> = choices.iter().map(|c| format!("`{c}`")).collect();
                let text = if *can_be_text {
                    "; or add `as = \"string\"`, which makes text of the column"
                } else {
                    ""
                };
                Some(format!(
                    "set `op` for field `{field}` in [[fields]] of the policy: {}{text}",
                    names.join(" or ")
                ))
            }
            Self::TooFew { field, .. } => Some(format!(
                "set `op` for field `{field}` in [[fields]] of the policy: `token`, `hash`, `encrypt`, \
                 `mask`, `redact` or `drop`; a column of integers takes `drop`, or a token with \
                 `as = \"string\"`"
            )),
            Self::Violated(_) => Some(
                "add it to [kinds] or [[fields]], or set on_new = \"redact\" to protect it by default"
                    .into(),
            ),
            Self::Read { .. } | Self::Syntax { .. } | Self::Value(_) => None,
        }
    }

    /// Whether it is the data that is at fault, not the policy.
    #[must_use]
    pub fn is_violation(&self) -> bool {
        matches!(self, Self::Violated(_))
    }
}

impl PolicyFile {
    /// Reads a policy; also returns the SHA-256 of its bytes in hex.
    ///
    /// # Errors
    /// [`PolicyError::Read`], [`PolicyError::Syntax`], [`PolicyError::Value`].
    pub fn read(path: &Path) -> Result<(Self, String), PolicyError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| PolicyError::Read { path: path.to_owned(), source })?;
        let policy: Self = toml::from_str(&text).map_err(|error| PolicyError::Syntax {
            path: path.to_owned(),
            message: error.to_string(),
        })?;
        if policy.version != 1 {
            return Err(PolicyError::Value(format!(
                "version {} is not known; this loup reads version 1",
                policy.version
            )));
        }
        if let Some(confidence) = policy.min_confidence
            && !(0.0..=1.0).contains(&confidence)
        {
            return Err(PolicyError::Value("min_confidence lies between 0 and 1".into()));
        }
        Ok((policy, hex(&Sha256::digest(text.as_bytes()))))
    }

    /// The policy that applies when none is named: `LOUP_CONFIG`, or `loup.toml` in the working
    /// directory or a parent of it. Never one inside an input: a dump may not say how it is
    /// treated.
    #[must_use]
    pub fn find(
        config: Option<PathBuf>,
        working_dir: &Path,
        inputs: &[PathBuf],
    ) -> Option<PathBuf> {
        if config.is_some() {
            return config;
        }
        let inside = |path: &Path| {
            inputs.iter().any(|input| {
                input.canonicalize().is_ok_and(|input| input.is_dir() && path.starts_with(&input))
            })
        };
        let start = working_dir.canonicalize().ok()?;
        start
            .ancestors()
            .map(|dir| dir.join("loup.toml"))
            .find(|path| path.is_file() && !inside(path))
    }
}

/// Lower-case hex digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<PolicyFile, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn a_policy_reads_as_documented() {
        let policy = parse(
            r#"
            version = 1
            domain = "analytics"
            regions = ["FR", "BE"]
            min_confidence = 0.5
            on_new = "redact"
            [kinds]
            email = "token"
            card = { op = "drop" }
            [[fields]]
            dataset = "crm/**"
            field = "Email"
            kind = "email"
            op = "hash"
            must_be_absent = ["card"]
            "#,
        )
        .unwrap();
        assert!(policy.kinds["card"].treatment("card").unwrap() == Operator::Drop);
        assert_eq!(policy.on_new, OnNew::Redact);
        assert_eq!(policy.fields[0].op, Operator::Hash);
        assert!(!policy.fields[0].if_present);
    }

    /// What the published schema calls a policy is read, and what it does not is not.
    #[test]
    fn the_schema_describes_what_is_read() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../schemas/policy.schema.json")).unwrap();
        let keys = |value: &serde_json::Value| -> Vec<String> {
            value.as_object().unwrap().keys().cloned().collect()
        };
        let example = |name: &str| match name {
            "version" => "1",
            "regions" => "[\"FR\"]",
            "min_confidence" => "0.5",
            "on_new" | "unsupported" => "\"fail\"",
            "kinds" => "{}",
            "fields" => "[]",
            "v4" | "v6" => "8",
            "to" => "\"month\"",
            "scope" => "\"run\"",
            "max_days" => "30",
            "free_text" => "\"drop\"",
            "keep_domain" | "if_present" | "strip_email_tag" => "true",
            "must_be_absent" => "[\"card\"]",
            "op" => "\"token\"",
            "as" => "\"string\"",
            _ => "\"a\"",
        };
        for key in keys(&schema["properties"]) {
            let line =
                if key == "version" { String::new() } else { format!("{key} = {}", example(&key)) };
            assert!(parse(&format!("version = 1\n{line}")).is_ok(), "{key}");
        }
        for (part, start) in [("treatment", "[kinds]\nemail = { "), ("field", "[[fields]]\n")] {
            for key in keys(&schema["$defs"][part]["properties"]) {
                let needed =
                    ["field", "op"].into_iter().filter(|it| part == "field" || *it == "op");
                let written = needed.filter(|it| *it != key).chain([key.as_str()]);
                let written: Vec<_> = written.map(|it| format!("{it} = {}", example(it))).collect();
                let (joined, end) = match part {
                    "field" => (written.join("\n"), ""),
                    _ => (written.join(", "), " }"),
                };
                let policy = parse(&format!("version = 1\n{start}{joined}{end}")).unwrap();
                let unknown = match part {
                    "field" => policy.fields[0].settings.unknown.clone(),
                    _ => match &policy.kinds["email"] {
                        Written::Long(table) => table.settings.unknown.clone(),
                        Written::Short(_) => BTreeMap::new(),
                    },
                };
                assert!(unknown.is_empty(), "{key}");
            }
        }
        let operators = schema["$defs"]["operator"]["enum"].as_array().unwrap();
        let operators: Vec<_> = operators.iter().filter_map(|name| name.as_str()).collect();
        assert_eq!(operators, Operator::ALL.map(Operator::name));
    }

    #[test]
    fn unknown_keys_are_errors() {
        assert!(parse("version = 1\nregion = [\"FR\"]").is_err());
        assert!(parse("version = 1\n[kinds]\nemail = \"rot13\"").is_err());
        let treated = |table: &str| {
            let policy = parse(&format!("version = 1\n[kinds]\nip = {{ {table} }}")).unwrap();
            policy.kinds["ip"].treatment("ip").map_err(|error| error.to_string())
        };
        assert_eq!(treated("op = \"generalize\", v4 = 16").unwrap().settings.coarseness.v4, 16);
        for (table, said) in [
            ("op = \"generalize\", v5 = 16", "did you mean `v4`?"),
            ("op = \"token\", anything = 1", "unknown key `anything`"),
            ("op = \"token\", v4 = 16", "`v4` is a setting of `generalize`"),
            ("op = \"generalize\", v4 = 33", "32 bits"),
            ("op = \"token\", as = \"text\"", "`as` can only be \"string\""),
            ("op = \"token\", as = 1", "`as` can only be \"string\""),
            ("op = \"drop\", as = \"string\"", "the operator is `drop`"),
            ("op = \"keep\", as = \"string\"", "the operator is `keep`"),
        ] {
            assert!(treated(table).unwrap_err().contains(said), "{table}");
        }
        let field = "version = 1\n[[fields]]\nfield = \"a\"\nop = \"token\"\nif_presnet = true";
        let field = &parse(field).unwrap().fields[0];
        let error = field.settings.of(field.op, "a").unwrap_err().to_string();
        assert!(error.contains("did you mean `if_present`?"), "{error}");
    }
}
