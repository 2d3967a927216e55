//! From rules as written to a [`RuleSet`]: each is checked by itself, then against the others.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use regex_automata::meta::Regex;
use regex_automata::util::syntax as pattern_syntax;
use sha2::{Digest, Sha256};

use super::error::{Problem, RuleError};
use super::hints::HintIndex;
use super::syntax::{self, Builtin, RuleFile};
use super::{
    ClassConfidence, Example, HintSet, Kind, KindId, Recogniser, Rule, RuleId, RuleSet, Validator,
    words,
};
use crate::kind::{generalize, scheme};
use crate::operator::Operator;

/// [`super::RuleId`] is a byte.
const MAX_RULES: usize = 256;

/// Bytes that the automaton of one pattern may take: far more than sensible ones need.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// A rule and the text that it was read from.
pub(super) struct Written {
    pub(super) file: Cow<'static, str>,
    pub(super) rule: RuleFile,
    text: Cow<'static, str>,
}

impl Written {
    /// Reads a user's rule.
    ///
    /// # Errors
    /// [`RuleError::Syntax`], with the place where the text has one.
    pub(super) fn read(file: String, text: String) -> Result<Self, RuleError> {
        match toml::from_str(&text) {
            Ok(rule) => Ok(Self { file: file.into(), rule, text: text.into() }),
            Err(error) => {
                let (line, column) = place(&text, error.span().map_or(0, |span| span.start));
                Err(RuleError::Syntax { file, line, column, message: error.message().to_owned() })
            }
        }
    }

    /// Reads a rule that is shipped, of which the build has made `json`: that takes a third of the time,
    /// and is done at each start.
    ///
    /// # Errors
    /// [`RuleError::Syntax`], of which a test says that there are none.
    pub(super) fn shipped(
        file: &'static str,
        text: &'static str,
        json: &'static str,
    ) -> Result<Self, RuleError> {
        let rule = serde_json::from_str(json).map_err(|error| RuleError::Syntax {
            file: file.to_owned(),
            line: error.line(),
            column: error.column(),
            message: error.to_string(),
        })?;
        Ok(Self { file: file.into(), rule, text: text.into() })
    }

    fn error(&self, problem: Problem) -> RuleError {
        RuleError::Rule { file: self.file.clone().into_owned(), problem }
    }
}

/// Line and column of a byte offset, both from 1.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The rules of the `.toml` files right inside `dir`, in the order of their ids.
pub(super) fn read_dir(dir: &Path) -> Result<Vec<Written>, RuleError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| RuleError::Read { path, source }
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable(dir))? {
        paths.push(entry.map_err(unreadable(dir))?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let mut written = Vec::with_capacity(paths.len());
    for path in paths {
        let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
        written.push(Written::read(path.display().to_string(), text)?);
    }
    written.sort_by(|a, b| (&a.rule.id, &a.file).cmp(&(&b.rule.id, &b.file)));
    Ok(written)
}

/// `builtin` with each rule of `users` in the place of the one with its id, or at the end.
pub(super) fn with_replacements(
    builtin: Vec<Written>,
    users: Vec<Written>,
) -> Result<Vec<Written>, RuleError> {
    if let Some([first, second]) =
        users.array_windows().find(|[first, second]| first.rule.id == second.rule.id)
    {
        let (id, other) = (second.rule.id.clone(), first.file.clone().into_owned());
        return Err(second.error(Problem::IdTaken { id, other }));
    }
    let mut written = builtin;
    for user in users {
        match written.iter_mut().find(|builtin| builtin.rule.id == user.rule.id) {
            Some(builtin) => *builtin = user,
            None => written.push(user),
        }
    }
    Ok(written)
}

/// Compiles rules with different ids. Kinds and rules are numbered in the order of `written`.
pub(super) fn compile(written: Vec<Written>) -> Result<RuleSet, RuleError> {
    let digest = digest(&written);
    let mut kinds: Vec<Kind> = Vec::new();
    let mut rules: Vec<Rule> = Vec::new();
    for Written { file, rule, .. } in written {
        let compiled = kind_of(&rule, &mut kinds, &rules).and_then(|kind| {
            if rules.len() == MAX_RULES {
                return Err(Problem::TooMany { what: "rules", max: MAX_RULES });
            }
            compile_rule(rule, kind)
        });
        let compiled =
            compiled.map_err(|problem| RuleError::Rule { file: file.into_owned(), problem })?;
        kinds[usize::from(compiled.kind.0)].rules.push(RuleId(rules.len() as u8));
        rules.push(compiled);
    }
    let hints = HintIndex::new(&rules);
    Ok(RuleSet { kinds, rules, hints, digest })
}

/// The kind of a rule, which is added to `kinds` where it is the first of it.
fn kind_of(file: &RuleFile, kinds: &mut Vec<Kind>, rules: &[Rule]) -> Result<KindId, Problem> {
    check_name("id", &file.id)?;
    check_name("kind", &file.kind)?;
    if let Some(at) = kinds.iter().position(|kind| kind.name == file.kind) {
        let kind = &kinds[at];
        let disagreement = [
            ("prefix", kind.prefix == file.prefix),
            ("category", kind.category == file.category),
            ("operator", kind.operator == file.operator),
        ];
        let id = kind_id(at)?;
        return match disagreement.into_iter().find(|(_, agrees)| !agrees) {
            None => Ok(id),
            Some((key, _)) => Err(Problem::KindDisagrees {
                key,
                kind: kind.name.clone(),
                rule: rules
                    .iter()
                    .find(|rule| rule.kind == id)
                    .map_or_else(String::new, |r| r.id.clone()),
            }),
        };
    }
    match &file.prefix {
        Some(prefix) => check_prefix(prefix, kinds)?,
        None if file.operator.is_keyed() => return Err(Problem::PrefixMissing),
        None => {}
    }
    if file.operator == Operator::Shift {
        return Err(Problem::NotByKind);
    }
    if file.operator == Operator::Generalize && !generalize::KINDS.contains(&file.kind.as_str()) {
        return Err(Problem::NoCoarseValue { kind: file.kind.clone() });
    }
    let id = kind_id(kinds.len())?;
    kinds.push(Kind {
        name: file.kind.clone(),
        prefix: file.prefix.clone(),
        category: file.category.clone(),
        operator: file.operator,
        rules: Vec::new(),
    });
    Ok(id)
}

fn kind_id(at: usize) -> Result<KindId, Problem> {
    match u8::try_from(at) {
        Ok(id) if at < HintSet::MAX_KINDS => Ok(KindId(id)),
        _ => Err(Problem::TooMany { what: "kinds", max: HintSet::MAX_KINDS }),
    }
}

fn check_name(key: &'static str, name: &str) -> Result<(), Problem> {
    let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if (1..=32).contains(&name.len()) && name.bytes().all(is_part) {
        Ok(())
    } else {
        Err(Problem::Name { key, name: name.to_owned() })
    }
}

/// Tokens are told apart by their prefix, and encrypted values by an `e` after it.
fn check_prefix(prefix: &str, kinds: &[Kind]) -> Result<(), Problem> {
    if !(2..=8).contains(&prefix.len()) || !prefix.bytes().all(|b| b.is_ascii_lowercase()) {
        return Err(Problem::Prefix { prefix: prefix.to_owned() });
    }
    for kind in kinds {
        let Some(taken) = &kind.prefix else { continue };
        if taken == prefix {
            return Err(Problem::PrefixTaken {
                prefix: prefix.to_owned(),
                kind: kind.name.clone(),
            });
        }
        let is_encrypted = |long: &str, short: &str| long.strip_suffix('e') == Some(short);
        if is_encrypted(prefix, taken) || is_encrypted(taken, prefix) {
            return Err(Problem::PrefixAmbiguous {
                prefix: prefix.to_owned(),
                other: taken.clone(),
                kind: kind.name.clone(),
            });
        }
    }
    Ok(())
}

fn compile_rule(file: RuleFile, kind: KindId) -> Result<Rule, Problem> {
    let recogniser = recogniser(&file)?;
    let default_chance = match (&recogniser, file.validator) {
        (Recogniser::Scheme(scheme), _) => scheme.chance,
        (_, validator) => validator.map_or(0.0, Validator::chance),
    };
    let chance = file.chance.unwrap_or(default_chance);
    if !(0.0..=1.0).contains(&chance) {
        return Err(Problem::NotAShare { key: "chance" });
    }
    Ok(Rule {
        kind,
        recogniser,
        validator: file.validator,
        confidence: confidence(&file)?,
        chance,
        context: lower_case(file.context.words()),
        negative: lower_case(file.context.negative.iter()),
        hints: hints("hints", &file.hints)?,
        weak_hints: hints("weak_hints", &file.weak_hints)?,
        negative_hints: hints("negative_hints", &file.negative_hints)?,
        examples: examples(file.examples.matching, &file.examples.no_match)?,
        no_match: file.examples.no_match,
        references: file.references,
        id: file.id,
        description: file.description,
    })
}

fn recogniser(file: &RuleFile) -> Result<Recogniser, Problem> {
    if file.scheme.is_some() && !matches!(file.recogniser, Some(Builtin::Scheme)) {
        return Err(Problem::SchemeWithoutRecogniser);
    }
    match (file.recogniser, &file.pattern) {
        (Some(_), None) if file.validator.is_some() => Err(Problem::ValidatorWithoutPattern),
        (Some(builtin), None) => {
            let id = file.scheme.as_deref().unwrap_or_default();
            builtin
                .compiled(scheme::by_id(id))
                .ok_or_else(|| Problem::NoScheme { id: id.to_owned() })
        }
        (None, Some(pattern)) => {
            check_pattern(pattern)?;
            Ok(Recogniser::Pattern(pattern.clone()))
        }
        (Some(_), Some(_)) => Err(Problem::Finder { found: "both" }),
        (None, None) => Err(Problem::Finder { found: "neither" }),
    }
}

fn check_pattern(pattern: &str) -> Result<(), Problem> {
    let parsed = pattern_syntax::parse(pattern)
        .map_err(|error| Problem::Pattern { message: error.to_string() })?;
    if parsed.properties().minimum_len().unwrap_or(0) == 0 {
        return Err(Problem::PatternMatchesNothing);
    }
    let config = Regex::config().nfa_size_limit(Some(MAX_PATTERN_BYTES));
    match Regex::builder().configure(config).build(pattern) {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem::Pattern { message: error.to_string() }),
    }
}

fn confidence(file: &RuleFile) -> Result<ClassConfidence, Problem> {
    let confidence = ClassConfidence::from(file.confidence);
    let ClassConfidence { certain, supported, bare, shape, .. } = confidence;
    let classes = [certain, supported, bare, shape];
    // NaN is in no range.
    if !classes.iter().all(|class| (0.0..=1.0).contains(class)) {
        Err(Problem::NotAShare { key: "confidence" })
    } else if !classes.is_sorted_by(|a, b| a >= b) {
        Err(Problem::ConfidenceRises)
    } else {
        Ok(confidence)
    }
}

/// Each word in lower case, with its accents and without; sorted, each once.
fn lower_case<'a>(words: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut lower = Vec::new();
    for word in words {
        if !word.is_ascii() {
            lower.push(word.to_lowercase());
        }
        lower.push(words::folded(word));
    }
    lower.sort_unstable();
    lower.dedup();
    lower
}

/// Each hint as its words, and where it has several without digits also as one: `clientip`.
fn hints(key: &'static str, hints: &[String]) -> Result<Vec<String>, Problem> {
    let mut compiled = Vec::with_capacity(hints.len());
    for hint in hints {
        let words = words::joined(hint);
        if words.is_empty() {
            return Err(Problem::EmptyHint { key, hint: hint.clone() });
        }
        let is_glued = |c: char| c.is_alphabetic() || c == ' ';
        if words.contains(' ') && words.chars().all(is_glued) {
            compiled.push(words.replace(' ', ""));
        }
        compiled.push(words);
    }
    compiled.sort_unstable();
    compiled.dedup();
    Ok(compiled)
}

fn examples(matching: Vec<syntax::Example>, no_match: &[String]) -> Result<Vec<Example>, Problem> {
    if matching.is_empty() {
        return Err(Problem::NoExamples { key: "match" });
    }
    if no_match.is_empty() {
        return Err(Problem::NoExamples { key: "no_match" });
    }
    let examples: Vec<Example> = matching.into_iter().map(Example::from).collect();
    let is_part =
        |example: &&Example| !example.value.is_empty() && example.text.contains(&example.value);
    match examples.iter().find(|example| !is_part(example)) {
        Some(example) => Err(Problem::ExampleWithoutValue { value: example.value.clone() }),
        None => Ok(examples),
    }
}

/// SHA-256 over id, length and text of each rule, in the order of ids.
fn digest(written: &[Written]) -> String {
    let mut by_id: Vec<&Written> = written.iter().collect();
    by_id.sort_by_key(|written| &written.rule.id);
    let mut hash = Sha256::new();
    for Written { rule, text, .. } in by_id {
        hash.update(format!("{}\0{}\0", rule.id, text.len()));
        hash.update(text.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPLOYEE: &str = r#"
id = "employee"
kind = "employee"
category = "identifier"
prefix = "emp"
operator = "token"
description = "An employee's number."
pattern = '''E-[0-9]{6}'''
validator = "luhn"
hints = ["Staff No", "Numéro d'employé"]
references = ["HR handbook"]
[context]
en = ["Staff"]
fr = ["Employé"]
negative = ["order"]
[examples]
match = ["E-123456", { text = "of E-123456 only", value = "E-123456" }, "E-000000"]
no_match = ["E-12345", "123456", "F-123456"]
"#;

    fn load(files: &[(&str, &str)]) -> Result<RuleSet, RuleError> {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(dir.path().join(name), text).unwrap();
        }
        RuleSet::load(Some(dir.path()))
    }

    fn problem(from: &str, to: &str) -> Problem {
        assert!(EMPLOYEE.contains(from), "{from}");
        match load(&[("e.toml", &EMPLOYEE.replacen(from, to, 1))]) {
            Err(RuleError::Rule { file, problem }) if file.ends_with("e.toml") => problem,
            other => panic!("{:?}", other.map(|rules| rules.digest)),
        }
    }

    #[test]
    fn a_users_rule_is_added_with_its_kind() {
        let rules = load(&[("e.toml", EMPLOYEE), ("notes.txt", "no rule")]).unwrap();
        let kind = rules.kind_id("employee").unwrap();
        assert_eq!(rules.kind(kind).operator, Operator::Token);
        let rule = rules.rules.last().unwrap();
        assert_eq!(rule.recogniser, Recogniser::Pattern("E-[0-9]{6}".to_owned()));
        assert_eq!(rule.validator, Some(Validator::Luhn));
        assert_eq!(rule.chance, 0.1);
        assert_eq!(rule.context, ["employe", "employé", "staff"]);
        assert_eq!(rule.negative, ["order"]);
        assert_eq!(rule.examples[1].value, "E-123456");
        assert!(rules.hinted("numeroDEmploye").contains(kind));
        assert!(rules.hinted("staffno").contains(kind));
        assert_eq!(RuleSet::builtin().rules.len() + 1, rules.rules.len());
    }

    #[test]
    fn a_rule_with_a_built_in_id_takes_its_place() {
        let text = FILE_EMAIL.replace("bare = 0.7", "bare = 0.8");
        assert_ne!(text, FILE_EMAIL);
        let rules = load(&[("mine.toml", &text)]).unwrap();
        assert_eq!(rules.rules[0].id, "email");
        assert_eq!(rules.rules[0].confidence.bare, 0.8);
        assert_eq!(rules.rules.len(), RuleSet::builtin().rules.len());
        assert_ne!(rules.digest, RuleSet::builtin().digest);
    }
    const FILE_EMAIL: &str = include_str!("../../rules/email.toml");

    #[test]
    fn the_digest_depends_on_texts_and_not_on_files() {
        let other = EMPLOYEE.replace("employee", "person").replace("\"emp\"", "\"prs\"");
        let one = load(&[("a.toml", EMPLOYEE), ("b.toml", &other)]).unwrap().digest;
        let two = load(&[("b.toml", EMPLOYEE), ("a.toml", &other)]).unwrap().digest;
        assert_eq!(one, two);
        assert_eq!(one.len(), 64);
        assert_eq!(load(&[]).unwrap().digest, RuleSet::builtin().digest);
    }

    #[test]
    fn a_mistake_in_the_text_is_shown_where_it_is() {
        let text = EMPLOYEE.replace("category", "categorie");
        let error = load(&[("e.toml", &text)]).unwrap_err();
        assert!(matches!(error, RuleError::Syntax { line: 4, column: 1, .. }), "{error}");
        let error = load(&[("e.toml", "id = ")]).unwrap_err();
        assert!(error.to_string().contains("e.toml:1:"), "{error}");
        let text = EMPLOYEE.replace("\"token\"", "\"tokenise\"");
        let error = load(&[("e.toml", &text)]).unwrap_err();
        assert!(matches!(error, RuleError::Syntax { line: 6, .. }), "{error}");
    }

    #[test]
    fn a_directory_that_is_not_there_is_named() {
        let error = RuleSet::load(Some(Path::new("no/such/dir"))).unwrap_err();
        assert!(error.to_string().contains("no/such/dir"), "{error}");
    }

    #[test]
    fn two_rules_do_not_share_an_id() {
        let error = load(&[("a.toml", EMPLOYEE), ("b.toml", EMPLOYEE)]).unwrap_err();
        assert!(
            matches!(error, RuleError::Rule { problem: Problem::IdTaken { .. }, .. }),
            "{error}"
        );
    }

    #[test]
    fn names_and_prefixes_keep_to_their_alphabets() {
        assert!(matches!(
            problem("id = \"employee\"", "id = \"Employee\""),
            Problem::Name { key: "id", .. }
        ));
        assert!(matches!(
            problem("kind = \"employee\"", "kind = \"\""),
            Problem::Name { key: "kind", .. }
        ));
        assert!(matches!(problem("\"emp\"", "\"e\""), Problem::Prefix { .. }));
        assert!(matches!(problem("\"emp\"", "\"em1\""), Problem::Prefix { .. }));
        assert!(matches!(problem("\"emp\"", "\"eml\""), Problem::PrefixTaken { .. }));
        assert!(matches!(problem("\"emp\"", "\"emle\""), Problem::PrefixAmbiguous { .. }));
    }

    #[test]
    fn rules_of_one_kind_agree() {
        let found = problem("kind = \"employee\"", "kind = \"email\"");
        assert!(matches!(found, Problem::KindDisagrees { key: "prefix", .. }), "{found}");
    }

    #[test]
    fn a_rule_has_one_way_of_finding() {
        let both = "recogniser = \"email\"\npattern";
        assert_eq!(problem("pattern", both), Problem::Finder { found: "both" });
        assert_eq!(problem("pattern = '''E-[0-9]{6}'''", ""), Problem::Finder { found: "neither" });
        assert_eq!(
            problem("pattern = '''E-[0-9]{6}'''", "recogniser = \"email\""),
            Problem::ValidatorWithoutPattern
        );
        assert_eq!(
            problem("pattern", "scheme = \"lei\"\npattern"),
            Problem::SchemeWithoutRecogniser
        );
    }

    #[test]
    fn a_pattern_compiles_is_small_and_matches_something() {
        assert!(matches!(problem("E-[0-9]{6}", "E-["), Problem::Pattern { .. }));
        assert!(matches!(problem("E-[0-9]{6}", "(\\\\w{1000}){1000}"), Problem::Pattern { .. }));
        assert_eq!(problem("E-[0-9]{6}", "[0-9]*"), Problem::PatternMatchesNothing);
    }

    #[test]
    fn shares_are_shares_and_confidence_falls() {
        let chance = |value: &str| problem("hints", &format!("chance = {value}\nhints"));
        assert_eq!(chance("1.5"), Problem::NotAShare { key: "chance" });
        assert_eq!(chance("nan"), Problem::NotAShare { key: "chance" });
        let confidence = |value: &str| problem("hints", &format!("confidence = {value}\nhints"));
        assert_eq!(confidence("{ bare = -1.0 }"), Problem::NotAShare { key: "confidence" });
        assert_eq!(confidence("{ bare = 0.95 }"), Problem::ConfidenceRises);
    }

    #[test]
    fn examples_are_given_and_hold_their_value() {
        assert!(matches!(
            problem("value = \"E-1", "value = \"E-2"),
            Problem::ExampleWithoutValue { .. }
        ));
        assert_eq!(
            problem("[\"E-12345\", \"123456\", \"F-123456\"]", "[]"),
            Problem::NoExamples { key: "no_match" }
        );
        assert!(matches!(problem("Staff No", "--"), Problem::EmptyHint { key: "hints", .. }));
    }
}
