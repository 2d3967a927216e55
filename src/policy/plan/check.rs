//! What can be wrong with a policy, and with a plan for the data that there is: found before a byte is
//! written.

use super::super::syntax::{FieldPolicy, OnNew, PolicyError};
use super::{FieldPlan, Planner, Whole};
use crate::datamap::document::{HEADINGS, PARTITION};
use crate::datamap::field::ValueType;
use crate::datamap::finish::{KnownField, Verdicts};
use crate::kind::generalize;
use crate::operator::Operator;
use crate::protect::surrogate;
use crate::rules::{Kind, KindId};

/// Refuses an operator that the values of a kind do not have.
pub(super) fn check_operator(kind: &Kind, operator: Operator) -> Result<(), PolicyError> {
    if operator.is_keyed() && kind.prefix.is_none() {
        return Err(PolicyError::Value(format!(
            "kind `{}` is never pseudonymised, so `{operator}` is not for it: drop, redact, mask or \
             keep it",
            kind.name
        )));
    }
    if operator == Operator::Generalize && !generalize::KINDS.contains(&kind.name.as_str()) {
        return Err(PolicyError::Value(format!(
            "kind `{}` has no coarse value: `generalize` is for {}",
            kind.name,
            generalize::KINDS.join(", ")
        )));
    }
    if operator == Operator::Shift {
        return Err(PolicyError::Value(format!(
            "`shift` is for the dates of a field, and kind `{}` may be in many: name the field in \
             [[fields]], with `subject`",
            kind.name
        )));
    }
    if operator == Operator::Surrogate && !surrogate::KINDS.contains(&kind.name.as_str()) {
        return Err(PolicyError::Value(format!(
            "kind `{}` has no surrogates: `surrogate` is for {}",
            kind.name,
            surrogate::KINDS.join(", ")
        )));
    }
    Ok(())
}

/// Refuses a kind for names, which hold other words, too; and dates that are shifted by nobody, or by
/// what their kind would say.
pub(super) fn check_field_policy(field: &FieldPolicy, place: &str) -> Result<(), PolicyError> {
    let problem = match (field.op, &field.settings.subject, &field.kind) {
        (Operator::Shift, ..) | (.., Some(_)) if field.field == HEADINGS => {
            "of a name only what is found in it is protected: leave `kind` out, and do not shift it"
        }
        (Operator::Shift, None, _) => {
            "`shift` needs `subject`: the field of the same record that says whom its dates are about"
        }
        (Operator::Shift, _, Some(_)) => {
            "`kind` is not for `shift`: every value of the field is taken for a date"
        }
        (Operator::Shift, ..) if field.field.starts_with(PARTITION) => {
            "the value of a partition is that of many records: nobody knows whom it is about"
        }
        (Operator::Shift, Some(subject), _) if *subject == field.field => {
            "a field is not the `subject` of its own dates"
        }
        _ => return Ok(()),
    };
    Err(PolicyError::Value(format!("{place}: {problem}")))
}

impl Planner {
    /// Refuses to shift dates of a stream where nobody says of which kind their subjects are: a scan
    /// could find another one, and dates of the same person would no longer fit.
    ///
    /// # Errors
    /// [`PolicyError::NoKind`].
    pub fn check_stream(&self, dataset: &str, verdicts: &Verdicts) -> Result<(), PolicyError> {
        let shifts = self.by_field.iter().filter(|rule| rule.dataset.is_match(dataset));
        for subject in shifts.filter_map(|rule| rule.subject.as_deref()) {
            let is_declared =
                self.rule_of(dataset, subject).is_some_and(|rule| rule.kind.is_some());
            if !is_declared && !verdicts.contains_key(dataset) {
                return Err(PolicyError::NoKind {
                    dataset: dataset.to_owned(),
                    field: subject.to_owned(),
                    operator: Operator::Shift,
                });
            }
        }
        Ok(())
    }

    /// Finds everything that is wrong with the plan before a byte is written.
    ///
    /// # Errors
    /// The first of: a field named by the policy and not in the data, a field without a kind where
    /// the operator needs one, an operator that the field's type cannot keep, and what the policy
    /// forbids ([`PolicyError::Violated`], which lists all of it).
    pub fn check(&self, verdicts: &Verdicts) -> Result<(), PolicyError> {
        let fields = || {
            verdicts.iter().flat_map(|(dataset, fields)| {
                fields.sorted().into_iter().map(move |(path, known)| (dataset, path, known))
            })
        };
        for rule in &self.by_field {
            let mut fitting =
                fields().filter(|(dataset, path, _)| rule.fits(dataset, path)).peekable();
            if fitting.peek().is_none() && !rule.if_present {
                return Err(PolicyError::NoSuchField {
                    dataset: rule.dataset_glob.clone(),
                    field: rule.field.clone(),
                });
            }
        }
        let mut violations = Vec::new();
        for (dataset, path, known) in fields() {
            if let Some(subject) = self.subject(dataset, path)
                && !verdicts[dataset].fields.contains_key(subject)
            {
                let (dataset, field) = (dataset.clone(), subject.to_owned());
                return Err(PolicyError::NoSuchField { dataset, field });
            }
            self.check_field(dataset, path, known)?;
            self.violations(dataset, path, known, &mut violations);
        }
        if violations.is_empty() {
            return Ok(());
        }
        let title = "personal data that the policy does not allow as it is";
        Err(PolicyError::Violated(format!("{title}\n{}", violations.join("\n"))))
    }

    fn check_field(
        &self,
        dataset: &str,
        path: &str,
        known: &KnownField,
    ) -> Result<(), PolicyError> {
        let plan = self.field(dataset, path, Some(known));
        if let Some(rule) = self.rule_of(dataset, path)
            && plan.whole == Whole::Findings
            && known.findings.is_empty()
            && !matches!(known.value_type, ValueType::Key | ValueType::Template)
        {
            return Err(PolicyError::NoKind {
                dataset: dataset.to_owned(),
                field: path.to_owned(),
                operator: rule.treatment.operator,
            });
        }
        self.check_surrogates(dataset, path, known, &plan)?;
        let Some(values) = known.value_type.rigid() else { return Ok(()) };
        let is_opaque = known.value_type == ValueType::Other;
        let found: Vec<_> = known.findings.iter().map(|(kind, _)| *kind).collect();
        if plan.makes_text(&found) && !is_opaque {
            return Ok(());
        }
        if is_opaque && plan.whole == Whole::Regardless(Operator::Drop) {
            return Err(PolicyError::Value(format!(
                "field `{path}` of `{dataset}` is of a type whose values cannot be dropped"
            )));
        }
        let name = |kind| self.rules.kind(kind).name.as_str();
        let treated = match plan.whole {
            Whole::Closure(kind, treatment) => vec![(name(kind), treatment.operator)],
            Whole::Regardless(_) => Vec::new(),
            Whole::Shift(treatment) => vec![("dates", treatment.operator)],
            Whole::Findings => known
                .findings
                .iter()
                .map(|(kind, _)| (name(*kind), plan.operators[usize::from(kind.0)].operator))
                .collect(),
        };
        for (kind, operator) in treated {
            let mut choices = vec![Operator::Keep];
            if known.droppable && !is_opaque {
                choices.insert(0, Operator::Drop);
            }
            if known.value_type == ValueType::Integer && surrogate::INTEGERS.contains(&kind) {
                choices.insert(0, Operator::Surrogate);
            }
            if known.value_type == ValueType::Date {
                choices.insert(0, Operator::Shift);
            }
            if !choices.contains(&operator) {
                return Err(PolicyError::Type {
                    dataset: dataset.to_owned(),
                    field: path.to_owned(),
                    kind: kind.to_owned(),
                    values,
                    operator,
                    choices,
                    can_be_text: !is_opaque,
                });
            }
        }
        Ok(())
    }

    /// Refuses surrogates of values that few others have the shape of.
    fn check_surrogates(
        &self,
        dataset: &str,
        path: &str,
        known: &KnownField,
        plan: &FieldPlan,
    ) -> Result<(), PolicyError> {
        let becomes_one = |kind: &&KindId| match plan.whole {
            Whole::Closure(whole, treatment) => whole == **kind && treatment == Operator::Surrogate,
            Whole::Regardless(_) | Whole::Shift(_) => false,
            Whole::Findings => {
                let is_finding = known.findings.iter().any(|(found, _)| found == *kind);
                is_finding && plan.operators[usize::from(kind.0)] == Operator::Surrogate
            }
        };
        match known.too_few.iter().find(becomes_one) {
            None => Ok(()),
            Some(kind) => Err(PolicyError::TooFew {
                dataset: dataset.to_owned(),
                field: path.to_owned(),
                kind: self.rules.kind(*kind).name.clone(),
            }),
        }
    }

    fn violations(&self, dataset: &str, path: &str, known: &KnownField, found: &mut Vec<String>) {
        let absent = self
            .by_field
            .iter()
            .filter(|rule| rule.fits(dataset, path))
            .flat_map(|rule| rule.must_be_absent.iter().copied())
            .collect::<Vec<_>>();
        for (kind, findings) in &known.findings {
            let name = &self.rules.kind(*kind).name;
            let findings = match findings {
                1 => "1 finding".to_owned(),
                n => format!("{n} findings"),
            };
            if absent.contains(kind) {
                found.push(format!(
                    "  × {dataset} · field `{path}` · {name} must be absent · {findings}"
                ));
            } else if self.on_new == OnNew::Fail
                && self.has_policy
                && !self.stated(dataset, path, *kind).1
            {
                found.push(format!("  × {dataset} · field `{path}` · {name} · {findings}"));
            }
        }
    }
}
