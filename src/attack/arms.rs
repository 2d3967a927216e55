//! What is tried in which order, and what was learnt from it.
//!
//! Each arm is tried a little first, at units spread over its domain: where the values of a field are of
//! that domain, some fall at once. Then those arms go on that hit, and behind them the others: those that
//! the name of a field speaks for, then the small ones.

use std::sync::Arc;

use super::document::{Equality, FieldReport, Reversal, Trial};
use super::domain::{Choice, Domain};
use super::equality::equality;
use super::field::FieldValues;
use super::function::Function;
use super::looks::Looks;
use super::search::{Found, search};
use super::targets::{Target, Targets};
use super::text::Salt;

/// A field as it was read.
#[derive(Debug)]
pub struct Field {
    /// Its dataset.
    pub dataset: String,
    /// Its shown name.
    pub path: String,
    /// What was seen in it.
    pub values: FieldValues,
}

/// A salt, and what a report calls it: which one it was is said, and not what it is.
#[derive(Debug, Clone)]
struct Named {
    salt: Salt,
    name: String,
}

/// All that can be tried on some fields.
#[derive(Debug)]
pub struct Attack {
    fields: Vec<Opaque>,
    domains: Vec<Domain>,
    salts: Vec<Named>,
    arms: Vec<Arm>,
}

/// An opaque field.
#[derive(Debug)]
struct Opaque {
    dataset: String,
    path: String,
    looks: Looks,
    values: u64,
    opaque: u64,
    distinct: u64,
    equality: Option<Equality>,
    /// Its targets have numbers from here on.
    first: u32,
    /// Whether each was reversed.
    reversed: Vec<bool>,
    /// The function and the salt that it is made with, as far as known.
    settled: Option<(Function, usize)>,
}

/// One function with one salt on one domain.
#[derive(Debug)]
pub struct Arm {
    function: Function,
    salt: usize,
    domain: usize,
    targets: Arc<Targets>,
    /// How many units were given out.
    begun: u64,
    /// From one unit to the next, so that those that were tried are spread over the domain.
    stride: u64,
    tried: u64,
    seconds: f64,
    /// Numbers of targets, in order.
    hits: Vec<u32>,
}

impl Attack {
    /// Whatever of `fields` is opaque, and what is to be tried on it: without a salt, and with each of
    /// `salts` before and behind the value.
    #[must_use]
    pub fn new(fields: Vec<Field>, choice: &Choice, salts: &[Vec<u8>]) -> Self {
        let mut all = Vec::new();
        let fields: Vec<_> =
            fields.into_iter().filter_map(|field| Opaque::of(field, &mut all)).collect();
        let all: Arc<[Target]> = all.into();
        let mut attack =
            Self { fields, domains: Domain::all(choice), salts: named(salts), arms: Vec::new() };
        for function in Function::ALL {
            let made =
                attack.fields.iter().filter(|field| field.looks.functions.contains(&function));
            let numbers: Vec<u32> = made.flat_map(Opaque::numbers).collect();
            if numbers.is_empty() {
                continue;
            }
            let targets = Arc::new(Targets::new(Arc::clone(&all), numbers));
            for salt in 0..attack.salts.len() {
                for domain in 0..attack.domains.len() {
                    let targets = Arc::clone(&targets);
                    attack.arms.push(Arm::new(function, salt, domain, targets, &attack.domains));
                }
            }
        }
        attack
    }

    /// The arms in the order in which they are to be tried, given what is known so far.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.arms.len()).filter(|arm| self.is_useful(*arm)).collect();
        order.sort_by_key(|arm| self.rank(*arm));
        order
    }

    /// How likely and how long it is; less is first. Of arms that hit, those that hit the most a second.
    fn rank(&self, arm: usize) -> impl Ord + use<> {
        let Arm { function, salt, domain, seconds, .. } = self.arms[arm];
        let size = self.domains[domain].size();
        let shown = self.fields.iter().filter(|field| self.is_shown(arm, field));
        let hits: usize = shown.map(|field| field.hits_of(&self.arms[arm].hits).len()).sum();
        let hits_per_hour = (3600.0 * hits as f64 / seconds.max(1e-6)) as u64;
        let of_fields = || self.fields.iter().filter(move |field| field.awaits(function, salt));
        let is_named = of_fields().any(|field| field.speaks_for(&self.domains[domain]));
        let place = |field: &Opaque| field.looks.functions.iter().position(|it| *it == function);
        let function = of_fields().filter_map(place).min();
        (std::cmp::Reverse(hits_per_hour), !is_named, function, size.max(1).ilog2(), salt, domain)
    }

    /// Whether there is something left that the arm could reverse, and something of it to try.
    #[must_use]
    pub fn is_useful(&self, arm: usize) -> bool {
        let Arm { function, salt, domain, begun, .. } = self.arms[arm];
        begun < self.domains[domain].units()
            && self.fields.iter().any(|field| field.awaits(function, salt))
    }

    /// How many units of an arm a first look takes: enough for a few hits where the values are of its
    /// domain.
    #[must_use]
    pub fn sample_units(&self, arm: usize) -> u64 {
        // Some milliseconds: small domains are tried whole.
        const MIN_SAMPLE: u64 = 1 << 17;
        const MAX_SAMPLE: u64 = 1 << 20;
        const WANTED: u64 = 8;
        let Arm { function, salt, domain, .. } = self.arms[arm];
        let awaiting = self.fields.iter().filter(|field| field.awaits(function, salt));
        let targets = awaiting.map(|field| field.reversed.len() as u64).min().unwrap_or(1).max(1);
        let (size, units) = (self.domains[domain].size(), self.domains[domain].units().max(1));
        let candidates = (WANTED * size / targets).clamp(MIN_SAMPLE, MAX_SAMPLE);
        candidates.div_ceil((size / units).max(1)).clamp(1, units)
    }

    /// How many units of an arm were not tried.
    #[must_use]
    pub fn units_left(&self, arm: usize) -> u64 {
        self.domains[self.arms[arm].domain].units() - self.arms[arm].begun
    }

    /// Tries a unit of an arm, counted from those on that were not tried.
    pub fn search(&self, arm: usize, unit: u64, found: &mut Found) {
        let Arm { function, salt, domain, targets, begun, stride, .. } = &self.arms[arm];
        let domain = &self.domains[*domain];
        // The first units are as unlikely as the last ones: addresses of networks, years long ago.
        let number = u128::from(begun + unit) + u128::from(domain.units() / 2);
        let place = number * u128::from(*stride) % u128::from(domain.units());
        search(*function, &self.salts[*salt].salt, domain, place as u64, targets, found);
    }

    /// Notes what the next units of an arm gave, and in how many seconds.
    pub fn enter(&mut self, arm: usize, found: Found, seconds: f64) {
        let it = &mut self.arms[arm];
        it.begun += found.units;
        it.tried += found.tried;
        it.seconds += seconds;
        if found.targets.is_empty() {
            return;
        }
        it.hits.extend(found.targets);
        it.hits.sort_unstable();
        it.hits.dedup();
        for place in 0..self.fields.len() {
            if self.is_shown(arm, &self.fields[place]) {
                let Arm { function, salt, ref hits, .. } = self.arms[arm];
                let field = &mut self.fields[place];
                let first = field.first;
                let reversed = &mut field.reversed;
                field_hits(first, reversed.len(), hits)
                    .iter()
                    .for_each(|number| reversed[(number - first) as usize] = true);
                field.settled.get_or_insert((function, salt));
            }
        }
    }

    /// Whether an arm hit so much of a field that it is no chance: short digests are hit by something
    /// else sooner or later.
    fn is_shown(&self, arm: usize, field: &Opaque) -> bool {
        let Arm { function, salt, tried, ref hits, .. } = self.arms[arm];
        let hits = field.hits_of(hits).len() as f64;
        let is_its = field.settled.is_none_or(|settled| settled == (function, salt));
        let chance = -(-(tried as f64) / 2_f64.powi(field.looks.bits as i32)).exp_m1();
        let expected = chance * field.reversed.len() as f64;
        // Of one digest in millions that is hit by chance, one hit is proof enough.
        let least = if expected < 1e-6 { 0.0 } else { 3.0 };
        is_its && hits > expected + 5.0 * expected.sqrt() + least
    }

    /// Values that were hashed so far.
    #[must_use]
    pub fn tried(&self) -> u64 {
        self.arms.iter().map(|arm| arm.tried).sum()
    }

    /// Whether something that could reverse more was not tried to its end.
    #[must_use]
    pub fn is_cut_short(&self) -> bool {
        (0..self.arms.len()).any(|arm| self.is_useful(arm))
    }

    /// What was found out of each field.
    #[must_use]
    pub fn report(&self) -> Vec<FieldReport> {
        self.fields.iter().map(|field| self.report_of(field)).collect()
    }

    fn report_of(&self, field: &Opaque) -> FieldReport {
        let (mut by, mut in_vain) = (Vec::new(), Vec::new());
        for (place, arm) in self.arms.iter().enumerate() {
            if arm.tried == 0 || !field.looks.functions.contains(&arm.function) {
                continue;
            }
            let trial = self.trial(arm);
            if self.is_shown(place, field) {
                by.push(Reversal { trial, reversed: field.hits_of(&arm.hits).len() as u64 });
            } else {
                in_vain.push(trial);
            }
        }
        by.sort_by_key(|reversal| std::cmp::Reverse(reversal.reversed));
        in_vain.sort_by_key(|trial| std::cmp::Reverse(trial.tried));
        let searched = field.reversed.len() as u64;
        let reversed = field.reversed.iter().filter(|reversed| **reversed).count() as u64;
        FieldReport {
            dataset: field.dataset.clone(),
            field: field.path.clone(),
            looks_like: field.looks.name(),
            values: field.values,
            opaque: field.opaque,
            distinct: field.distinct,
            searched,
            reversed,
            reversed_share: reversed as f64 / searched.max(1) as f64,
            by,
            in_vain,
            equality: field.equality.clone(),
        }
    }

    fn trial(&self, arm: &Arm) -> Trial {
        let domain = &self.domains[arm.domain];
        let rate = arm.tried as f64 / arm.seconds;
        Trial {
            function: arm.function.name(),
            salt: self.salts[arm.salt].name.clone(),
            domain: domain.sort.name(),
            part: domain.part.clone(),
            spelling: domain.spelling.clone(),
            size: domain.size(),
            tried: arm.tried,
            seconds: arm.seconds,
            seconds_for_all: (rate.is_finite() && rate > 0.0).then(|| domain.size() as f64 / rate),
        }
    }
}

fn named(salts: &[Vec<u8>]) -> Vec<Named> {
    let mut named = vec![Named { salt: Salt::default(), name: "none".to_owned() }];
    for (bytes, number) in salts.iter().zip(1..) {
        let before = Salt { prefix: bytes.clone(), suffix: Vec::new() };
        let behind = Salt { prefix: Vec::new(), suffix: bytes.clone() };
        named.push(Named { salt: before, name: format!("salt {number}, before") });
        named.push(Named { salt: behind, name: format!("salt {number}, behind") });
    }
    named
}

impl Opaque {
    /// Nothing where the values are not opaque; its digests go to `targets`.
    fn of(field: Field, targets: &mut Vec<Target>) -> Option<Self> {
        let Field { dataset, path, values } = field;
        let (all, lengths) = (values.values(), values.lengths());
        let (form, distinct) = values.leading()?;
        let looks = Looks::of(form, &distinct, all)?;
        let first = targets.len() as u32;
        if !looks.functions.is_empty() {
            let digests =
                distinct.sorted().into_iter().filter_map(|(body, _)| form.digest(body, looks.bits));
            targets.extend(digests.map(|digest| Target { digest, bits: looks.bits }));
        }
        Some(Self {
            dataset,
            path,
            values: all,
            opaque: distinct.values(),
            distinct: distinct.distinct(),
            equality: equality(&distinct, lengths),
            first,
            reversed: vec![false; targets.len() - first as usize],
            looks,
            settled: None,
        })
    }

    fn numbers(&self) -> std::ops::Range<u32> {
        self.first..self.first + self.reversed.len() as u32
    }

    /// Those of `hits`, which are in order, that are its own.
    fn hits_of<'h>(&self, hits: &'h [u32]) -> &'h [u32] {
        field_hits(self.first, self.reversed.len(), hits)
    }

    /// Whether that function with that salt could reverse more of it.
    fn awaits(&self, function: Function, salt: usize) -> bool {
        self.looks.functions.contains(&function)
            && self.settled.is_none_or(|settled| settled == (function, salt))
            && self.reversed.iter().any(|reversed| !reversed)
    }

    /// Whether a word of its name speaks for a domain.
    fn speaks_for(&self, domain: &Domain) -> bool {
        words(&self.path).iter().any(|word| domain.sort.is_meant_by(word))
    }
}

/// Those of `hits`, which are in order, that are among `count` numbers from `first` on.
fn field_hits(first: u32, count: usize, hits: &[u32]) -> &[u32] {
    let start = hits.partition_point(|number| *number < first);
    let behind = hits.partition_point(|number| *number < first + count as u32);
    &hits[start..behind]
}

/// The words of a name in lower case: `userPhone_sha256` is `user`, `phone`, `sha256`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && was_lower {
            words.push(String::new());
        }
        was_lower = c.is_lowercase();
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

impl Arm {
    fn new(
        function: Function,
        salt: usize,
        domain: usize,
        targets: Arc<Targets>,
        domains: &[Domain],
    ) -> Self {
        let stride = stride(domains[domain].units());
        let (begun, tried, seconds, hits) = (0, 0, 0.0, Vec::new());
        Self { function, salt, domain, targets, begun, stride, tried, seconds, hits }
    }
}

/// A step that visits all of `units` and leaves them far apart: near the golden section of them, without
/// a common divisor.
fn stride(units: u64) -> u64 {
    let golden = (units as f64 * 0.618_033_988_75) as u64;
    (golden.max(1)..).find(|step| gcd(*step, units.max(1)) == 1).unwrap_or(1)
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::domain::Sort;
    use super::*;
    use crate::kind::Region;

    fn field(path: &str, digests: impl Iterator<Item = String>) -> Field {
        let mut values = FieldValues::default();
        digests.for_each(|digest| values.add(digest.as_bytes(), false, 1));
        Field { dataset: "d".to_owned(), path: path.to_owned(), values }
    }

    fn hex(function: Function, bytes: usize, message: &str) -> String {
        let digest = function.digest(message.as_bytes());
        digest[..bytes].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn choice(sorts: &[(Sort, &str)]) -> Choice {
        Choice {
            sorts: sorts.iter().map(|(sort, filter)| (*sort, (*filter).to_owned())).collect(),
            regions: vec![Region::new("FR").unwrap()],
            lists: Vec::new(),
            year: 2026,
            mobile_only: false,
        }
    }

    /// Tries everything that could help.
    fn run(attack: &mut Attack) {
        for arm in attack.order() {
            let units = if attack.is_useful(arm) { attack.units_left(arm) } else { 0 };
            let mut found = Found { units, ..Found::default() };
            (0..units).for_each(|unit| attack.search(arm, unit, &mut found));
            attack.enter(arm, found, 0.1);
        }
    }

    #[test]
    fn a_hash_without_a_key_is_reversed_and_its_domain_named() {
        let numbers = (0..60).map(|n| format!("+336399800{n:02}"));
        let digests = numbers.map(|number| hex(Function::Sha256, 32, &number));
        let fields = vec![field("userPhone", digests)];
        let choice = choice(&[(Sort::Ipv4, "198.51.100.0/24"), (Sort::Phone, "+336399800")]);
        let mut attack = Attack::new(fields, &choice, &[]);
        assert_eq!(attack.domains[attack.arms[attack.order()[0]].domain].sort, Sort::Phone);
        run(&mut attack);
        let [report] = &attack.report()[..] else { panic!("one field") };
        assert_eq!((report.distinct, report.reversed, report.by.len()), (60, 60, 1));
        assert_eq!(
            (report.by[0].trial.function, &*report.by[0].trial.spelling),
            ("SHA-256", "+33…")
        );
        assert!(!attack.is_cut_short());
    }

    #[test]
    fn a_salt_is_tried_on_both_sides_and_never_named() {
        let salted = |n: u32| hex(Function::Md5, 16, &format!("198.51.100.{n}pepper"));
        let fields = vec![field("h", (0..40).map(salted))];
        let choice = choice(&[(Sort::Ipv4, "198.51.100.0/24")]);
        let salts = [b"wrong".to_vec(), b"pepper".to_vec()];
        let mut attack = Attack::new(fields, &choice, &salts);
        run(&mut attack);
        let report = &attack.report()[0];
        assert_eq!((report.reversed, &*report.by[0].trial.salt), (40, "salt 2, behind"));
        assert!(!format!("{attack:?} {report:?}").contains("pepper"));
    }

    #[test]
    fn hits_of_short_digests_by_chance_are_not_counted() {
        // Checksums of what is in no domain: of 2^20 of them, some 15 are hit by 65 536 addresses.
        let sums = (0..1 << 20).map(|n: u32| hex(Function::Crc32, 4, &format!("{n} of them")));
        let genuine = (0..40).map(|n| hex(Function::Crc32, 4, &format!("198.51.7.{n}")));
        let fields = vec![field("random", sums), field("ip", genuine)];
        let mut attack = Attack::new(fields, &choice(&[(Sort::Ipv4, "198.51.0.0/16")]), &[]);
        run(&mut attack);
        let [random, ip] = &attack.report()[..] else { panic!("two fields") };
        assert_eq!((random.reversed, ip.reversed), (0, 40));
        assert!(
            attack.arms.iter().any(|arm| arm.hits.iter().any(|n| u64::from(*n) < random.searched))
        );
    }

    #[test]
    fn units_are_spread_and_each_comes_once() {
        for units in [1, 2, 3, 7, 10, 64, 1000, 2001] {
            let stride = stride(units);
            let seen: BTreeSet<_> = (0..units).map(|n| n * stride % units).collect();
            assert_eq!(seen.len() as u64, units);
        }
    }

    #[test]
    fn names_are_cut_into_words() {
        assert_eq!(words("$.userPhone_sha256"), ["user", "phone", "sha256"]);
        assert_eq!(words("IP"), ["ip"]);
    }
}
