//! Applying an operator to one value: what is written in its place.
//!
//! # Source
//! The pseudonym specification `loup.v1`, section "Operators".

use std::sync::OnceLock;

use super::encrypt::Encryptor;
use super::error::KeyError;
use super::key::RunSecret;
use super::pseudonym::Pseudonymiser;
use super::shift::Shifter;
use super::surrogate::{EmailDomain, Surrogates};
use crate::kind::Canonical;
use crate::operator::{Operator, Scope, Treatment};
use crate::rules::KindId;

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The bytes appended to the output stand in its place.
    Replaced,
    /// Nothing stands in its place: null, or an empty cell.
    Dropped,
    /// The value stays as it is, on purpose.
    Kept,
}

/// Applies operators to the values of one scope. Shared by threads; holds no state of a run.
pub struct Protector {
    /// `[EMAIL]`, in the order of the kinds' [`KindId`]s.
    redactions: Vec<Vec<u8>>,
    pseudonyms: Option<Pseudonymiser>,
    reversible: Option<(Encryptor, Surrogates)>,
    shifter: Option<Shifter>,
    /// What is made in the run that was begun.
    of_run: OnceLock<(Pseudonymiser, Option<Shifter>)>,
}

impl Protector {
    /// For the kinds of these names, in the order of their [`KindId`]s. Without `pseudonyms`, the
    /// operators that need a key are refused when applied.
    #[must_use]
    pub fn new<'a>(
        kinds: impl IntoIterator<Item = &'a str>,
        pseudonyms: Option<Pseudonymiser>,
    ) -> Self {
        let redactions = kinds.into_iter().map(redaction).collect();
        let of_run = OnceLock::new();
        Self { redactions, pseudonyms, reversible: None, shifter: None, of_run }
    }

    /// With what `encrypt` and `surrogate` need.
    #[must_use]
    pub fn with_reversible(self, encryptor: Encryptor, surrogates: Surrogates) -> Self {
        Self { reversible: Some((encryptor, surrogates)), ..self }
    }

    /// With what `shift` needs.
    #[must_use]
    pub fn with_shifter(self, shifter: Shifter) -> Self {
        Self { shifter: Some(shifter), ..self }
    }

    /// Begins a run: what is for one run alone is made under its secret from here on.
    ///
    /// # Errors
    /// [`KeyError::Missing`] where no key was given.
    pub fn begin_run(&self, run: &RunSecret) -> Result<(), KeyError> {
        let of_run = self.pseudonyms.as_ref().ok_or(KeyError::Missing)?.of_run(run)?;
        let shifter = self.shifter.as_ref().map(|shifter| shifter.of_run(run)).transpose()?;
        // A second run of the same protector would join with the first.
        self.of_run.set((of_run, shifter)).map_err(|_| KeyError::SecondRun)
    }

    /// Appends to `out` what `treatment` puts in the place of a value: nothing unless the outcome
    /// is [`Outcome::Replaced`]. `masked` is the hint, or the coarse value, that its kind makes of it.
    /// Says, too, which operator that was: a value that has no surrogate, since it does not parse, gets
    /// a token.
    ///
    /// # Errors
    /// [`KeyError::Missing`] for operators that need a key where none was given. A plan checks this
    /// before anything is written; here it makes sure that no value passes unprotected.
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`].
    pub fn apply(
        &self,
        treatment: Treatment,
        kind: KindId,
        canonical: &Canonical,
        masked: &str,
        out: &mut Vec<u8>,
    ) -> Result<(Outcome, Operator), KeyError> {
        let pseudonyms = || {
            let made = match treatment.settings.scope {
                Scope::Domain => self.pseudonyms.as_ref(),
                Scope::Run => self.of_run.get().map(|(pseudonyms, _)| pseudonyms),
            };
            made.ok_or(KeyError::Missing)
        };
        let reversible = || self.reversible.as_ref().ok_or(KeyError::Missing);
        let Treatment { operator, settings } = treatment;
        let mut applied = operator;
        match operator {
            Operator::Token => pseudonyms()?.token(kind, canonical, out),
            Operator::Hash => pseudonyms()?.hash(kind, canonical, out),
            Operator::Encrypt => reversible()?.0.encrypt(kind, canonical, out),
            Operator::Surrogate => {
                let domain =
                    if settings.keep_domain { EmailDomain::Kept } else { EmailDomain::Replaced };
                if reversible()?.1.surrogate(kind, canonical, domain, out).is_err() {
                    applied = Operator::Token;
                    pseudonyms()?.token(kind, canonical, out);
                }
            }
            Operator::Mask | Operator::Generalize => out.extend_from_slice(masked.as_bytes()),
            Operator::Redact => out.extend_from_slice(&self.redactions[usize::from(kind.0)]),
            // What is shifted is known by its record, by `days`; anything else has no place to go to.
            Operator::Shift | Operator::Drop => return Ok((Outcome::Dropped, Operator::Drop)),
            Operator::Keep => return Ok((Outcome::Kept, applied)),
        }
        Ok((Outcome::Replaced, applied))
    }

    /// By how many days `treatment`, a `shift`, moves the dates of a subject; see [`Shifter::days`].
    ///
    /// # Errors
    /// [`KeyError::Missing`] where no key was given, or no run was begun for dates of one run.
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`].
    pub fn days(
        &self,
        treatment: Treatment,
        kind: Option<KindId>,
        subject: &Canonical,
    ) -> Result<i64, KeyError> {
        let shifter = match treatment.settings.scope {
            Scope::Domain => self.shifter.as_ref(),
            Scope::Run => self.of_run.get().and_then(|(_, shifter)| shifter.as_ref()),
        };
        let max_days = treatment.settings.max_days.0;
        Ok(shifter.ok_or(KeyError::Missing)?.days(kind, subject, max_days))
    }

    /// The surrogate of a value that a column of integers has as `written`; nothing where it has none.
    ///
    /// These are all digits of the canonical form or its last ones: a national number has no country
    /// code, which its surrogate keeps. So it joins with the same number elsewhere.
    ///
    /// # Errors
    /// [`KeyError::Missing`] where no key was given.
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`].
    pub fn surrogate_of_integer(
        &self,
        kind: KindId,
        canonical: &Canonical,
        written: &[u8],
    ) -> Result<Option<i64>, KeyError> {
        let (_, surrogates) = self.reversible.as_ref().ok_or(KeyError::Missing)?;
        let number = canonical.as_bytes();
        let number = number.strip_prefix(b"+").unwrap_or(number);
        let is_its_end = !written.is_empty() && number.ends_with(written);
        let number = std::str::from_utf8(number).ok().filter(|_| is_its_end);
        let other = number
            .and_then(|digits| digits.parse().ok())
            .and_then(|number| surrogates.surrogate_integer(kind, number).ok());
        // No integer of 64 bits has more digits than one of them can count to.
        let end = u32::try_from(written.len()).ok().and_then(|digits| 10i64.checked_pow(digits));
        Ok(other.map(|other| end.map_or(other, |end| other % end)))
    }
}

/// Whether a value is what `redact` writes for a kind: redacting it again would change nothing.
#[must_use]
pub fn is_redacted(kind_name: &str, value: &[u8]) -> bool {
    let inner = value.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    inner.is_some_and(|inner| {
        let upper = kind_name.bytes().map(|byte| byte.to_ascii_uppercase());
        inner.iter().copied().eq(upper)
    })
}

/// `[EMAIL]` for `email`.
fn redaction(kind_name: &str) -> Vec<u8> {
    format!("[{}]", kind_name.to_ascii_uppercase()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::key::Domain;
    use super::super::keyring::tests::vector_keyring;
    use super::super::pseudonym::Scope;
    use super::super::recognise::TokenShape;
    use super::*;
    use crate::kind::{Raw, phone};

    const KINDS: [(&str, Option<&str>); 2] = [("email", Some("eml")), ("national_id", Some("nid"))];
    const EMAIL: KindId = KindId(0);

    fn with_key() -> Protector {
        let (keyring, domain) = (vector_keyring(), Domain::default());
        let made = Pseudonymiser::new(&keyring, &domain, Scope::Domain, KINDS);
        let names = || KINDS.map(|kind| kind.0);
        Protector::new(names(), Some(made.unwrap())).with_reversible(
            Encryptor::new(&keyring, &domain, KINDS).unwrap(),
            Surrogates::new(keyring.active().1.master().unwrap(), &domain, names()).unwrap(),
        )
    }

    fn without_key() -> Protector {
        Protector::new(KINDS.map(|kind| kind.0), None)
    }

    /// Of the value `n/a` under closure, which the specification has a vector for.
    fn applied(protector: &Protector, operator: Operator) -> Result<(Outcome, String), KeyError> {
        let canonical = Canonical::unparsed(Raw(b"n/a"));
        let mut out = b"<".to_vec();
        let (outcome, applied) =
            protector.apply(operator.into(), EMAIL, &canonical, "***", &mut out)?;
        assert!(applied == operator || applied == Operator::Token);
        Ok((outcome, String::from_utf8(out).unwrap()))
    }

    #[test]
    fn each_operator_appends_what_the_specification_says() {
        let protector = with_key();
        let written = |operator| applied(&protector, operator).unwrap();
        let replaced = |text: &str| (Outcome::Replaced, text.to_owned());
        assert_eq!(written(Operator::Token), replaced("<eml1_n151g3ey0x24mr5nzdae"));
        let (outcome, hash) = written(Operator::Hash);
        assert_eq!(outcome, Outcome::Replaced);
        assert!(hash.starts_with("<a84a180dde07444a") && hash.len() == 65);
        let (_, encrypted) = written(Operator::Encrypt);
        assert!(encrypted.starts_with("<emle1_"), "{encrypted}");
        // It has no shape that a surrogate could keep.
        assert_eq!(written(Operator::Surrogate), written(Operator::Token));
        assert_eq!(written(Operator::Mask), replaced("<***"));
        assert_eq!(written(Operator::Redact), replaced("<[EMAIL]"));
        assert_eq!(written(Operator::Drop), (Outcome::Dropped, "<".to_owned()));
        assert_eq!(written(Operator::Keep), (Outcome::Kept, "<".to_owned()));
    }

    #[test]
    fn an_integer_is_the_end_of_what_stands_for_the_whole_number() {
        const PHONE: KindId = KindId(0);
        let keyring = vector_keyring();
        let (names, domain) = (["phone"], Domain::default());
        let kinds = [("phone", Some("tel"))];
        let protector = Protector::new(names, None).with_reversible(
            Encryptor::new(&keyring, &domain, kinds).unwrap(),
            Surrogates::new(keyring.active().1.master().unwrap(), &domain, names).unwrap(),
        );
        let canonical = phone::parse(b"+33612345678", &[]).unwrap().canonical;
        let mut text = Vec::new();
        let surrogate = Operator::Surrogate.into();
        protector.apply(surrogate, PHONE, &canonical, "", &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let of = |written: &str| {
            protector.surrogate_of_integer(PHONE, &canonical, written.as_bytes()).unwrap()
        };
        assert_eq!(of("33612345678").map(|number| format!("+{number}")), Some(text.clone()));
        assert_eq!(of("612345678").map(|number| format!("+33{number}")), Some(text));
        for other in ["", "612345679", "-612345678", "6.1"] {
            assert_eq!(of(other), None, "{other}");
        }
        let missing = without_key().surrogate_of_integer(PHONE, &canonical, b"1");
        assert!(matches!(missing, Err(KeyError::Missing)));
    }

    #[test]
    fn without_a_key_only_keyed_operators_are_refused() {
        let subject = Canonical::of_pattern(b"10023");
        let shift = without_key().days(Operator::Shift.into(), None, &subject);
        assert!(matches!(shift, Err(KeyError::Missing)));
        for operator in Operator::ALL.into_iter().filter(|it| *it != Operator::Shift) {
            let result = applied(&without_key(), operator);
            assert_eq!(matches!(result, Err(KeyError::Missing)), operator.is_keyed());
        }
    }

    #[test]
    fn a_redaction_is_known_for_its_own_kind() {
        for (name, _) in KINDS {
            assert!(is_redacted(name, &redaction(name)));
        }
        let others: [&[u8]; 7] =
            [b"", b"[", b"[]", b"[email]", b"EMAIL", b"[EMAIL] ", b"[NATIONAL_ID]"];
        for value in others {
            assert!(!is_redacted("email", value));
        }
    }

    #[test]
    fn a_token_that_was_made_is_recognised() {
        let (_, token) = applied(&with_key(), Operator::Token).unwrap();
        let shape =
            TokenShape::new(KINDS.map(|kind| kind.1.unwrap_or_default()), Some(&vector_keyring()));
        assert_eq!(shape.kind_of(&token.as_bytes()[1..]), Some(EMAIL));
    }
}
