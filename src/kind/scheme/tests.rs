//! The laws that every scheme keeps, on published values and on generated ones.
//!
//! Each country brings its [`Case`]s: published numbers, wrong ones, and a generator that builds a
//! number as its standard describes it, not by trying what the scheme accepts.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::kind::testing::with_a_wrong_digit;

use super::date::is_date;
use super::{
    SCHEMES, Scheme, Spelling, Subject, at, au, be, bg, bic, br, ca, ch, cn, cy, cz, de, dk, ee,
    es, eu, fi, fr, gb, gr, hr, hu, icao, ie, in_, is_, it, kr, lei, lt, lu, lv, mt, mx, nl, no,
    parse_all, passport, pl, pt, ro, se, si, tr, us, za,
};

/// What is known about the numbers of one scheme.
pub(super) struct Case {
    pub(super) scheme: &'static Scheme,
    /// Numbers as they are written, and their compact form: published ones, and where a scheme has
    /// fewer than three, some reckoned by hand.
    pub(super) valid: &'static [(&'static str, &'static str)],
    pub(super) invalid: &'static [&'static str],
    /// A number with valid check digits, in a form that it may be written in.
    pub(super) generate: fn(&mut Source) -> String,
    /// The share of wrong digits that the check does not see, at most; 0 where it sees each.
    pub(super) missed: f64,
}

/// Random parts of a number: `SplitMix64`.
pub(super) struct Source(u64);

impl Source {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::from(bound)) as u32
    }

    pub(super) fn pick(&mut self, of: &str) -> char {
        char::from(of.as_bytes()[self.below(of.len() as u32) as usize])
    }

    pub(super) fn pick_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u32) as usize]
    }

    pub(super) fn text(&mut self, of: &str, len: usize) -> String {
        (0..len).map(|_| self.pick(of)).collect()
    }

    pub(super) fn digits(&mut self, len: usize) -> String {
        self.text("0123456789", len)
    }

    /// Year, month and day, the years inclusive.
    pub(super) fn date(&mut self, from: u32, to: u32) -> (u32, u32, u32) {
        loop {
            let date = (from + self.below(to - from + 1), 1 + self.below(12), 1 + self.below(31));
            if is_date(date.0, date.1, date.2) {
                return date;
            }
        }
    }

    /// What `make` makes, once it makes something.
    pub(super) fn until<T>(&mut self, make: impl Fn(&mut Self) -> Option<T>) -> T {
        loop {
            if let Some(made) = make(self) {
                return made;
            }
        }
    }
}

/// `body` with the one digit at its end with which it holds.
pub(super) fn close(body: &str, holds: fn(&[u8]) -> bool) -> String {
    let closed = (0..10).map(|digit| format!("{body}{digit}"));
    let mut holding = closed.filter(|number| holds(number.as_bytes()));
    let number = holding.next().expect("one digit holds");
    assert!(holding.next().is_none(), "only one digit holds");
    number
}

/// The sum of digits times weights.
pub(super) fn dot(digits: &str, weights: &[u32]) -> u32 {
    assert_eq!(digits.len(), weights.len());
    digits.chars().zip(weights).map(|(c, weight)| c.to_digit(10).unwrap() * weight).sum()
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [
        at::CASES,
        au::CASES,
        be::CASES,
        bg::CASES,
        bic::CASES,
        br::CASES,
        ca::CASES,
        ch::CASES,
        cn::CASES,
        cy::CASES,
        cz::CASES,
        de::CASES,
        dk::CASES,
        ee::CASES,
        es::CASES,
        eu::CASES,
        fi::CASES,
        fr::CASES,
        gb::CASES,
        gr::CASES,
        hr::CASES,
        hu::CASES,
        icao::CASES,
        ie::CASES,
        in_::CASES,
        is_::CASES,
        it::CASES,
        kr::CASES,
        lei::CASES,
        lt::CASES,
        lu::CASES,
        lv::CASES,
        mt::CASES,
        mx::CASES,
        nl::CASES,
        no::CASES,
        passport::CASES,
        pl::CASES,
        pt::CASES,
        ro::CASES,
        se::CASES,
        si::CASES,
        tr::CASES,
        us::CASES,
        za::CASES,
    ]
    .into_iter()
    .flatten()
}

fn compact(scheme: &Scheme, value: &str) -> Option<String> {
    scheme.parse(value.as_bytes()).map(|compact| compact.as_str().to_owned())
}

#[test]
fn only_the_codes_of_banks_are_words() {
    let wordlike: Vec<_> = SCHEMES.iter().filter(|s| s.is_word).map(|s| s.id).collect();
    assert_eq!(wordlike, ["bic"]);
}

#[test]
fn published_numbers_are_read() {
    let mut wrong = Vec::new();
    for Case { scheme, valid, .. } in cases() {
        assert!(valid.len() >= 3, "{}", scheme.id);
        for (written, expected) in *valid {
            let read = compact(scheme, written);
            if read.as_deref() != Some(*expected) || !scheme.is_shape(written.as_bytes()) {
                wrong.push((scheme.id, *written, read));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn wrong_numbers_are_refused() {
    let mut wrong = Vec::new();
    for Case { scheme, invalid, .. } in cases() {
        assert!(invalid.len() >= 3, "{}", scheme.id);
        let read = |written: &&&str| scheme.parse(written.as_bytes()).is_some();
        wrong.extend(invalid.iter().filter(read).map(|written| (scheme.id, *written)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_scheme_has_a_case_and_a_name_of_its_own() {
    let ids: Vec<_> = SCHEMES.iter().map(|scheme| scheme.id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    let tested: BTreeSet<_> = cases().map(|case| case.scheme.id).collect();
    assert_eq!(tested.into_iter().collect::<Vec<_>>(), ids);
    for scheme in SCHEMES {
        let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        assert!(scheme.id.len() <= 32 && scheme.id.bytes().all(is_part), "{}", scheme.id);
        assert!(scheme.region.len() == 2 && scheme.region.bytes().all(|b| b.is_ascii_uppercase()));
        assert!(!scheme.shapes.is_empty() && ids.contains(&scheme.namespace), "{}", scheme.id);
    }
}

/// A value of a shape, its digits and letters random, without separators.
fn random(pattern: &str, source: &mut Source) -> String {
    let alphabet = |class| match class {
        'd' | 'c' | 'o' => "0123456789",
        'a' | 'p' => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        'x' | 'm' => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        's' => "-+ABCDEFUVWXY",
        _ => "",
    };
    let mut text = String::new();
    for class in pattern.chars().filter(|class| !" -./".contains(*class)) {
        text.push(if alphabet(class).is_empty() { class } else { source.pick(alphabet(class)) });
    }
    text
}

#[test]
fn the_chance_of_a_scheme_is_what_random_values_show() {
    const VALUES: u32 = 40_000;
    let mut wrong = Vec::new();
    for scheme in SCHEMES {
        let shares = scheme.shapes.iter().map(|shape| {
            let source = &mut Source::new(7);
            let passed = |_: &u32| {
                let value = source.until(|source| {
                    let value = random(shape.pattern(), source);
                    scheme.is_shape(value.as_bytes()).then_some(value)
                });
                scheme.parse(value.as_bytes()).is_some()
            };
            f64::from((0..VALUES).filter(passed).count() as u32) / f64::from(VALUES)
        });
        let shown = shares.fold(0.0, f64::max);
        // Three standard deviations, and room for the rounding of what is stated.
        let noise = 4.0 * (scheme.chance / f64::from(VALUES)).sqrt();
        if (shown - scheme.chance).abs() > noise + 0.1 * scheme.chance {
            wrong.push(format!("{}: {shown} is not {}", scheme.id, scheme.chance));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// All spellings of a number by one of its shapes: a separator at each mark that may have it.
fn spellings(number: &str, scheme: &Scheme) -> Vec<String> {
    let separators = [" ", "\u{a0}", "\u{202f}", "-", "\u{2011}", ".", "/"];
    let mut spellings = vec![number.to_owned(), number.to_lowercase(), format!(" {number}\n")];
    for shape in scheme.shapes {
        for separator in separators {
            let allows = |mark| match separator {
                "." => ['.', '/'].contains(&mark),
                "/" => mark == '/',
                _ => " -./".contains(mark),
            };
            let mut chars = number.chars();
            let mut spelled = String::new();
            for class in shape.pattern().chars() {
                if !" -./".contains(class) {
                    spelled.extend(chars.next());
                } else if allows(class) && !spelled.ends_with(separator) {
                    spelled.push_str(separator);
                }
            }
            spelled.extend(chars);
            // A shape of another length spells something else.
            if scheme.is_shape(spelled.as_bytes()) {
                spellings.push(spelled);
            }
        }
    }
    spellings
}

#[test]
fn wrong_digits_are_missed_as_rarely_as_stated() {
    let mut worse = Vec::new();
    for case in cases().filter(|case| case.missed > 0.0) {
        let (mut wrong, mut missed) = (0, 0);
        for seed in 0..100 {
            for number in with_a_wrong_digit(&(case.generate)(&mut Source::new(seed))) {
                wrong += 1;
                missed += u32::from(compact(case.scheme, &number).is_some());
            }
        }
        let share = f64::from(missed) / f64::from(wrong);
        // Nor is it stated much worse than it is.
        if share > case.missed || share < case.missed / 4.0 {
            worse.push((case.scheme.id, share));
        }
    }
    assert!(worse.is_empty(), "{worse:#?}");
}

/// `number` with each other letter in the place of the one at its end, if it ends in a letter.
fn with_a_wrong_last_letter(number: &str) -> Vec<String> {
    let body = number.trim_end_matches(|c: char| c.is_ascii_uppercase());
    let (body, last) = number.split_at(number.len() - usize::from(body.len() < number.len()));
    let others = ('A'..='Z').filter(|letter| !last.is_empty() && !last.contains(*letter));
    others.map(|letter| format!("{body}{letter}")).collect()
}

#[test]
fn a_number_may_be_one_of_several_schemes() {
    let ids: Vec<_> = parse_all("732 829 320".as_bytes()).map(|(scheme, _)| scheme.id).collect();
    assert!(ids.contains(&"fr_siren"), "{ids:?}");
    assert_eq!(parse_all(b"no number").count(), 0);
}

#[test]
fn all_schemes_at_once_say_what_each_says() {
    let mut source = Source::new(11);
    for case in cases() {
        for number in [(case.generate)(&mut source)].iter().map(String::as_str).chain(
            case.valid.iter().map(|(written, _)| *written).chain(case.invalid.iter().copied()),
        ) {
            let at_once: Vec<_> =
                parse_all(number.as_bytes()).map(|(scheme, _)| scheme.id).collect();
            let each = SCHEMES.iter().filter(|scheme| scheme.parse(number.as_bytes()).is_some());
            assert_eq!(at_once, each.map(|scheme| scheme.id).collect::<Vec<_>>(), "{number}");
        }
    }
}

#[test]
fn an_article_number_could_be_of_no_scheme() {
    for value in ["SKU05087550", "INV-2024-00017"] {
        let spelling = Spelling::read(value.as_bytes()).unwrap();
        assert!(!SCHEMES.iter().any(|scheme| scheme.could_read(&spelling)), "{value}");
    }
}

#[test]
fn nothing_here_prints_a_value() {
    let number = fr::SIREN.parse(b"732829320").unwrap();
    assert_eq!(format!("{number:?}"), "Compact(9 bytes)");
    assert_eq!(fr::SIREN.subject, Subject::Organisation);
}

proptest! {
    #[test]
    fn generated_numbers_are_read_in_each_spelling(seed: u64) {
        for case in cases() {
            let number = (case.generate)(&mut Source::new(seed));
            let expected = compact(case.scheme, &number);
            // What is generated is in the compact form, but for the key that some lack.
            let completes = expected.as_ref().is_some_and(|compact| compact.starts_with(&number));
            prop_assert!(completes, "{} {number} {expected:?}", case.scheme.id);
            for spelling in spellings(&number, case.scheme) {
                let read = compact(case.scheme, &spelling);
                prop_assert_eq!(&read, &expected, "{} {}", case.scheme.id, spelling);
            }
            if case.scheme.namespace == case.scheme.id {
                prop_assert_eq!(expected, Some(number));
            }
        }
    }

    #[test]
    fn a_number_could_be_one_whatever_its_digits_are(seed: u64) {
        let could_read =
            |case: &Case, value: &str| case.scheme.could_read(&Spelling::read(value.as_bytes()).unwrap());
        let mut source = Source::new(seed);
        for case in cases().filter(|case| !case.scheme.is_mrz()) {
            let number = (case.generate)(&mut source);
            for spelling in spellings(&number, case.scheme) {
                let redrawn: String = spelling
                    .chars()
                    .map(|c| if c.is_ascii_digit() { source.pick("0123456789") } else { c })
                    .collect();
                prop_assert!(could_read(case, &redrawn), "{} {}", case.scheme.id, redrawn);
            }
        }
    }

    #[test]
    fn a_wrong_digit_is_refused(seed: u64) {
        for case in cases().filter(|case| case.missed == 0.0) {
            let number = (case.generate)(&mut Source::new(seed));
            let wrong = with_a_wrong_digit(&number).into_iter();
            for wrong in wrong.chain(with_a_wrong_last_letter(&number)) {
                prop_assert_eq!(compact(case.scheme, &wrong), None, "{} {}", case.scheme.id, wrong);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(value in prop::collection::vec(any::<u8>(), 0..80)) {
        for scheme in SCHEMES {
            let _ = (scheme.parse(&value), scheme.is_shape(&value));
        }
    }

    #[test]
    fn any_value_of_a_shape_is_read_without_a_panic(seed: u64) {
        let source = &mut Source::new(seed);
        for scheme in SCHEMES {
            for shape in scheme.shapes {
                let value = random(shape.pattern(), source);
                let _ = (scheme.is_shape(value.as_bytes()), scheme.parse(value.as_bytes()));
            }
        }
    }
}
