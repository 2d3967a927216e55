//! The plan: what happens to each field, decided before a byte is written.

mod check;

use std::collections::BTreeMap;
use std::sync::Arc;

use globset::{Glob, GlobMatcher};
use sha2::{Digest, Sha256};

use self::check::{check_field_policy, check_operator};
use super::syntax::{FreeText, OnNew, PolicyError, PolicyFile, hex};
use crate::datamap::document::HEADINGS;
use crate::datamap::field::ValueType;
use crate::datamap::finish::{KnownField, KnownFields, Verdicts, counted};
use crate::detect::{Form, Place, Verdict};
use crate::kind::Region;
use crate::operator::{Operator, Scope, Treatment};
use crate::rules::{HintSet, KindId, RuleSet};

/// What happens to the values of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldPlan {
    /// What happens to every value as a whole.
    pub whole: Whole,
    /// By kind and class: whether a candidate counts as a finding.
    pub counts: Vec<[bool; 5]>,
    /// By kind: what happens to a finding.
    pub operators: Vec<Treatment>,
    /// Regions under which national numbers are read where none were given.
    pub inferred: Vec<Region>,
    /// The kinds that the name of the field speaks for.
    pub hints: HintSet,
    /// What the field's own findings are sure of, for reports.
    pub verdict: Verdict,
}

/// What happens to the values of a field as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// Nothing: findings in it are treated one by one.
    Findings,
    /// Every value is of the kind (closure).
    Closure(KindId, Treatment),
    /// Every value is dropped or kept, whatever it holds.
    Regardless(Operator),
    /// Every value is a date that is shifted, as [`Plan::subject`] says by whom.
    Shift(Treatment),
}

impl FieldPlan {
    /// What the detector has to know of a value of the field.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        Place {
            form: Form::Cell,
            hints: self.hints,
            inferred: &self.inferred,
            settled: self.verdict.kind,
        }
    }

    /// Whether a column that is no text becomes text, `found` being the kinds that were found in the field.
    /// That is so for all files of a dataset, whatever is in them, so that their types agree.
    #[must_use]
    pub fn makes_text(&self, found: &[KindId]) -> bool {
        match self.whole {
            Whole::Closure(_, treatment) => treatment.settings.as_text,
            Whole::Regardless(_) | Whole::Shift(_) => false,
            Whole::Findings => {
                found.iter().any(|kind| self.operators[usize::from(kind.0)].settings.as_text)
            }
        }
    }

    /// Whether no value of the field can change: neither by a finding nor as a whole.
    #[must_use]
    pub fn changes_nothing(&self, found: &[KindId]) -> bool {
        match self.whole {
            Whole::Closure(_, treatment) => treatment == Operator::Keep,
            Whole::Regardless(operator) => operator == Operator::Keep,
            Whole::Shift(_) => false,
            Whole::Findings => {
                found.iter().all(|kind| self.operators[usize::from(kind.0)] == Operator::Keep)
            }
        }
    }
}

/// Whom the dates of a field are about.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The field of the same record that says so.
    pub path: String,
    /// Its plan.
    pub plan: FieldPlan,
    /// The kind that all of its values are of, if they are: else they are ids.
    pub kind: Option<KindId>,
}

/// Resolves operators from a policy and the defaults of the rules.
#[derive(Debug)]
pub struct Planner {
    rules: Arc<RuleSet>,
    /// By kind, where [kinds] says so.
    by_kind: Vec<Option<Treatment>>,
    by_field: Vec<FieldRule>,
    on_new: OnNew,
    free_text: FreeText,
    strips_email_tag: bool,
    has_policy: bool,
    min_confidence: f64,
}

#[derive(Debug)]
struct FieldRule {
    dataset: GlobMatcher,
    field: String,
    field_glob: GlobMatcher,
    dataset_glob: String,
    kind: Option<KindId>,
    treatment: Treatment,
    /// Of a field whose dates are shifted: the field that says whom they are about.
    subject: Option<String>,
    if_present: bool,
    must_be_absent: Vec<KindId>,
}

impl FieldRule {
    fn fits(&self, dataset: &str, field: &str) -> bool {
        // A path with `[*]` in it would be a glob of its own: the text itself fits as well.
        self.dataset.is_match(dataset) && (self.field == field || self.field_glob.is_match(field))
    }
}

impl Planner {
    /// Resolves `policy` against `rules`.
    ///
    /// # Errors
    /// [`PolicyError::Value`] for a kind that no rule has, and for what is no glob.
    pub fn new(
        rules: Arc<RuleSet>,
        policy: Option<&PolicyFile>,
        min_confidence: f64,
    ) -> Result<Self, PolicyError> {
        let kind_of = |name: &str| {
            rules.kind_id(name).ok_or_else(|| {
                let known: Vec<_> = rules.kinds.iter().map(|kind| kind.name.as_str()).collect();
                PolicyError::Value(format!(
                    "no rule has kind `{name}`: known are {}",
                    known.join(", ")
                ))
            })
        };
        let glob = |text: &str| {
            Glob::new(text)
                .map(|glob| glob.compile_matcher())
                .map_err(|error| PolicyError::Value(format!("`{text}` is no glob: {error}")))
        };
        let mut by_kind = vec![None; rules.kinds.len()];
        let mut by_field = Vec::new();
        if let Some(policy) = policy {
            for (name, treatment) in &policy.kinds {
                let kind = kind_of(name)?;
                let treatment = treatment.treatment(&format!("[kinds] {name}"))?;
                check_operator(rules.kind(kind), treatment.operator)?;
                by_kind[usize::from(kind.0)] = Some(treatment);
            }
            for field in &policy.fields {
                let place = format!("[[fields]] `{}`", field.field);
                check_field_policy(field, &place)?;
                if let Some(name) = &field.kind {
                    check_operator(rules.kind(kind_of(name)?), field.op)?;
                }
                by_field.push(FieldRule {
                    dataset: glob(&field.dataset)?,
                    dataset_glob: field.dataset.clone(),
                    field_glob: glob(&globset::escape(&field.field).replace("[*]", "*"))?,
                    field: field.field.clone(),
                    kind: field.kind.as_deref().map(kind_of).transpose()?,
                    treatment: field.settings.of(field.op, &place)?,
                    subject: field.settings.subject.clone(),
                    if_present: field.if_present,
                    must_be_absent: field
                        .must_be_absent
                        .iter()
                        .map(|name| kind_of(name))
                        .collect::<Result<_, _>>()?,
                });
            }
        }
        let on_new = policy.map_or(OnNew::Default, |policy| policy.on_new);
        Ok(Self {
            rules,
            by_kind,
            by_field,
            on_new,
            free_text: policy.map_or(FreeText::Findings, |policy| policy.free_text),
            strips_email_tag: policy.is_some_and(|policy| policy.strip_email_tag),
            has_policy: policy.is_some(),
            min_confidence,
        })
    }

    /// The rules of the run.
    #[must_use]
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Confidence from which a candidate counts.
    #[must_use]
    pub fn min_confidence(&self) -> f64 {
        self.min_confidence
    }

    /// Whether emails that differ in a tag behind a plus have one pseudonym.
    #[must_use]
    pub fn strips_email_tag(&self) -> bool {
        self.strips_email_tag
    }

    /// Whether the policy has something to check against findings before anything is written.
    #[must_use]
    pub fn asserts(&self) -> bool {
        self.has_policy && (self.on_new == OnNew::Fail || !self.by_field.is_empty())
    }

    /// Whether `[[fields]]` of the policy names a field of `dataset`.
    #[must_use]
    pub fn declares(&self, dataset: &str) -> bool {
        self.by_field.iter().any(|field| field.dataset.is_match(dataset))
    }

    /// What happens to a finding of `kind` in a field, and whether the policy says so.
    fn stated(&self, dataset: &str, field: &str, kind: KindId) -> (Treatment, bool) {
        let by_field = self
            .by_field
            .iter()
            .find(|rule| rule.fits(dataset, field) && rule.kind.is_none_or(|of| of == kind))
            .map(|rule| rule.treatment);
        let of_kind = self.rules.kind(kind);
        let default = Treatment::from(of_kind.operator);
        match by_field.or(self.by_kind[usize::from(kind.0)]) {
            // A field's operator may meet a kind that it is not for, such as a password.
            Some(stated) if check_operator(of_kind, stated.operator).is_err() => (default, true),
            Some(stated) => (stated, true),
            // What is kept unless somebody says otherwise names no person: it is no news.
            None if default == Operator::Keep => (default, true),
            None if self.on_new == OnNew::Redact => (Operator::Redact.into(), false),
            None => (default, false),
        }
    }

    /// What happens to a finding of `kind` in a field.
    #[must_use]
    pub fn treatment(&self, dataset: &str, field: &str, kind: KindId) -> Treatment {
        self.stated(dataset, field, kind).0
    }

    /// Whether the policy says what happens to a finding of `kind` in a field.
    #[must_use]
    pub fn is_stated(&self, dataset: &str, field: &str, kind: KindId) -> bool {
        self.stated(dataset, field, kind).1
    }

    /// Whether any operator that the plan could use needs a key.
    #[must_use]
    pub fn needs_key(&self) -> bool {
        self.could_use(Operator::is_keyed)
    }

    /// Whether any operator that the plan could use takes the master key: those that can be undone, and
    /// `shift`.
    #[must_use]
    pub fn needs_master_key(&self) -> bool {
        self.could_use(|operator| {
            matches!(operator, Operator::Encrypt | Operator::Surrogate | Operator::Shift)
        })
    }

    /// Whether the plan could write surrogates.
    #[must_use]
    pub fn uses_surrogates(&self) -> bool {
        self.could_use(|operator| operator == Operator::Surrogate)
    }

    fn could_use(&self, is_one: impl Fn(Operator) -> bool) -> bool {
        let mut kinds = (0..self.rules.kinds.len()).map(kind_id);
        kinds.any(|kind| is_one(self.treatment("", "", kind).operator))
            || self.by_field.iter().any(|field| is_one(field.treatment.operator))
    }

    /// Whether any pseudonym that the plan could make is for one run alone.
    #[must_use]
    pub fn uses_runs(&self) -> bool {
        let of_fields = self.by_field.iter().map(|field| field.treatment);
        let mut all = self.by_kind.iter().flatten().copied().chain(of_fields);
        all.any(|treatment| treatment.settings.scope == Scope::Run)
    }

    /// The plan of one field; `known` is what the survey says of it, if there was one.
    #[must_use]
    pub fn field(&self, dataset: &str, path: &str, known: Option<&KnownField>) -> FieldPlan {
        let rule = self.rule_of(dataset, path);
        let unknown;
        let verdict = match known {
            Some(known) => &known.verdict,
            None => {
                unknown = Verdict::unknown(&self.rules);
                &unknown
            }
        };
        let is_column = known.is_none_or(|known| known.is_column);
        let settled =
            verdict.kind.filter(|_| is_column && verdict.confidence >= self.min_confidence);
        let declared = rule.and_then(|rule| rule.kind);
        let whole = match (declared.or(settled), rule) {
            _ if path == HEADINGS => Whole::Findings,
            (_, Some(FieldRule { treatment, .. })) if *treatment == Operator::Shift => {
                Whole::Shift(*treatment)
            }
            (Some(kind), _) => Whole::Closure(kind, self.treatment(dataset, path, kind)),
            (None, Some(FieldRule { treatment: Treatment { operator, .. }, .. }))
                if matches!(operator, Operator::Drop | Operator::Keep) =>
            {
                Whole::Regardless(*operator)
            }
            (None, None) if self.drops_text(known) => Whole::Regardless(Operator::Drop),
            (None, _) => Whole::Findings,
        };
        let verdict = match declared {
            Some(kind) if verdict.kind != Some(kind) => {
                Verdict::declared(&self.rules, kind, verdict.regions.clone())
            }
            _ => verdict.clone(),
        };
        let kinds = || (0..self.rules.kinds.len()).map(kind_id);
        FieldPlan {
            whole,
            counts: kinds().map(|kind| counted(&verdict, kind, self.min_confidence)).collect(),
            operators: kinds().map(|kind| self.treatment(dataset, path, kind)).collect(),
            inferred: verdict.regions.clone(),
            hints: self.rules.hinted(path),
            verdict,
        }
    }

    /// Whether a field is dropped since personal data stands among other words in it.
    fn drops_text(&self, known: Option<&KnownField>) -> bool {
        let holds_some =
            |known: &KnownField| known.value_type == ValueType::Text && !known.findings.is_empty();
        self.free_text == FreeText::Drop && known.is_some_and(holds_some)
    }

    /// The field that says whom the dates of a field are about, where those are shifted.
    fn subject(&self, dataset: &str, path: &str) -> Option<&str> {
        self.rule_of(dataset, path).and_then(|rule| rule.subject.as_deref())
    }

    /// What `[[fields]]` says first of a field.
    fn rule_of(&self, dataset: &str, path: &str) -> Option<&FieldRule> {
        self.by_field.iter().find(|rule| rule.fits(dataset, path))
    }

    /// The most days that any date is shifted by.
    #[must_use]
    pub fn max_days(&self) -> Option<u32> {
        let shifted = self.by_field.iter().filter(|rule| rule.treatment == Operator::Shift);
        shifted.map(|rule| rule.treatment.settings.max_days.0).max()
    }
}

/// Everything a protection needs to know.
#[derive(Debug)]
pub struct Plan {
    /// Resolves what the survey did not see.
    pub planner: Planner,
    /// What the survey said.
    pub verdicts: Verdicts,
    /// SHA-256 of all that decides what is written, hex.
    pub digest: String,
}

impl Plan {
    /// The plan of a checked survey. `frame` is what else decides what is written: domain, key id,
    /// regions, names of the inputs.
    #[must_use]
    pub fn new(planner: Planner, verdicts: Verdicts, frame: &[&str]) -> Self {
        let mut digest = Sha256::new();
        let mut feed = |text: &str| {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        };
        feed(&planner.rules.digest);
        frame.iter().for_each(|part| feed(part));
        for (dataset, fields) in &verdicts {
            feed(dataset);
            for (path, known) in fields.all() {
                let plan = planner.field(dataset, path, Some(known));
                feed(path);
                feed(&format!(
                    "{:?} {:?} {:?} {:?}",
                    plan.whole, plan.counts, plan.operators, plan.inferred
                ));
            }
        }
        let digest = hex(&digest.finalize());
        Self { planner, verdicts, digest }
    }

    /// The plan of one field.
    #[must_use]
    pub fn field(&self, dataset: &str, path: &str) -> FieldPlan {
        self.planner.field(dataset, path, self.known(dataset, path))
    }

    /// Whom the dates of a field are about, where those are shifted.
    #[must_use]
    pub fn subject(&self, dataset: &str, path: &str) -> Option<Subject> {
        let path = self.planner.subject(dataset, path)?.to_owned();
        let plan = self.field(dataset, &path);
        let kind = match plan.whole {
            Whole::Closure(kind, _) => Some(kind),
            Whole::Regardless(_) | Whole::Shift(_) | Whole::Findings => None,
        };
        Some(Subject { path, plan, kind })
    }

    /// The plan of rows that have more or fewer cells than their table: a cell's place says little
    /// there, so whatever looks like a kind that some field of the table is of counts.
    #[must_use]
    pub fn ragged(&self, dataset: &str) -> FieldPlan {
        let mut ragged = self.planner.field(dataset, "", None);
        let date = self.planner.rules.kind_id("birth_date");
        for (path, known) in self.verdicts.get(dataset).into_iter().flat_map(KnownFields::all) {
            let kind = match self.planner.field(dataset, path, Some(known)).whole {
                Whole::Closure(kind, _) => Some(kind),
                Whole::Shift(_) => {
                    // Nobody knows whom it is about, so whatever looks like a date is dropped.
                    date.into_iter().for_each(|date| {
                        ragged.operators[usize::from(date.0)] = Operator::Drop.into();
                    });
                    date
                }
                Whole::Regardless(_) | Whole::Findings => None,
            };
            if let Some(kind) = kind {
                ragged.counts[usize::from(kind.0)] = [true; 5];
                ragged.hints.insert(kind);
            }
        }
        ragged
    }

    /// What the survey says of a field.
    #[must_use]
    pub fn known(&self, dataset: &str, path: &str) -> Option<&KnownField> {
        self.verdicts.get(dataset).and_then(|fields| fields.of(path, &self.planner.rules))
    }

    /// Regions that were inferred, by dataset and field.
    #[must_use]
    pub fn inferred_regions(&self) -> BTreeMap<String, BTreeMap<String, Vec<String>>> {
        let mut regions: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
        for (dataset, fields) in &self.verdicts {
            for (path, known) in fields.all() {
                if !known.verdict.regions.is_empty() {
                    let codes = known.verdict.regions.iter().map(ToString::to_string).collect();
                    let of_dataset = regions.entry(dataset.clone()).or_default();
                    of_dataset.entry(path.to_owned()).or_default().extend::<Vec<_>>(codes);
                }
            }
        }
        regions
    }
}

fn kind_id(index: usize) -> KindId {
    KindId(u8::try_from(index).expect("a rule set has at most 255 kinds"))
}
