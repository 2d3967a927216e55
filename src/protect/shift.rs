//! The operator `shift`: dates moved by a number of days that each person has for itself.
//!
//! In comes the canonical form of whom a record is about (the subject: an id, an email), out come
//! days between −max and max, the same for all records of that subject. So within a subject order and
//! intervals stay, to the day, and time of day; across subjects they are noise. Whoever knows one true
//! date of a subject knows the others.
//!
//! # Source
//! The pseudonym specification `loup.v1`, section "Operators"; ISO 8601-1:2019 and RFC 3339 (dates as
//! texts).

use std::sync::Arc;

use jiff::Span;
use jiff::civil::Date;

use super::error::KeyError;
use super::key::{Domain, DomainKey, KeyedState, MasterKey, Purpose, RunSecret, mac};
use super::pseudonym::Scope;
use crate::kind::Canonical;
use crate::rules::KindId;

/// Stands for the kind of subjects that are of none: ids of customers, patients, accounts.
const ID: &str = "subject";

/// Knows by how many days the dates of each subject are moved, in one domain and one scope.
pub struct Shifter {
    domain_key: Arc<DomainKey>,
    /// Of the kinds, in the order of their [`KindId`]s; then of what is of none.
    kinds: Vec<(Box<str>, KeyedState)>,
}

impl Shifter {
    /// For subjects of the kinds of these names, in the order of their [`KindId`]s, under the master
    /// key of one epoch.
    ///
    /// # Errors
    /// [`KeyError::KindName`].
    pub fn new<'a>(
        master: &MasterKey,
        domain: &Domain,
        scope: Scope<'_>,
        kinds: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, KeyError> {
        let domain_key = master.domain_key(Purpose::Shift, domain);
        let run = match scope {
            Scope::Domain => None,
            Scope::Run(run) => Some(run),
        };
        let kinds: Vec<&str> = kinds.into_iter().chain([ID]).collect();
        Self::of_kinds(Arc::new(domain_key), &kinds, run)
    }

    /// The same for one run.
    ///
    /// # Errors
    /// None that [`Self::new`] would not have had.
    pub fn of_run(&self, run: &RunSecret) -> Result<Self, KeyError> {
        let kinds: Vec<&str> = self.kinds.iter().map(|(name, _)| &**name).collect();
        Self::of_kinds(Arc::clone(&self.domain_key), &kinds, Some(run))
    }

    fn of_kinds(
        domain_key: Arc<DomainKey>,
        kinds: &[&str],
        run: Option<&RunSecret>,
    ) -> Result<Self, KeyError> {
        let state = |kind: &&str| Ok((Box::from(*kind), domain_key.kind_key(kind, run)?.state()));
        let kinds = kinds.iter().map(state).collect::<Result<_, KeyError>>()?;
        Ok(Self { domain_key, kinds })
    }

    /// By how many days the dates of a subject are moved: −`max_days` to `max_days`, and for one
    /// subject in as many 0. Every number of days is as likely as any other.
    ///
    /// `kind` is that of the subject, or nothing where it is of none.
    ///
    /// # Panics
    /// `kind` is one of those given to [`Self::new`].
    #[must_use]
    pub fn days(&self, kind: Option<KindId>, subject: &Canonical, max_days: u32) -> i64 {
        let at = kind.map_or(self.kinds.len() - 1, |kind| usize::from(kind.0));
        shift_days(&self.kinds[at].1, subject.as_bytes(), max_days)
    }
}

/// HMAC(K, subject) as one big-endian number, modulo 2 · max + 1, less max.
fn shift_days(state: &KeyedState, subject: &[u8], max_days: u32) -> i64 {
    let max = i64::from(max_days);
    // Less than 2³³, so 256 times that and a byte is no more than an i64 holds.
    let modulus = 2 * max + 1;
    let number = mac(state, subject);
    number.iter().fold(0, |rest, &byte| (rest * 256 + i64::from(byte)) % modulus) - max
}

/// The date or date-time of ISO 8601 in `text`, `days` later; before, where that is negative.
///
/// `2024-02-29` and `20240229` keep their form, and a time of day with its zone behind it stays as it
/// is written (`2024-02-29T10:06:12.5+01:00`, `2024-02-29 10:06`). The calendar is the Gregorian one,
/// of all years 0000 to 9999.
///
/// Nothing where the whole of `text` is no such date, the day does not exist, or the result has another
/// year: the value needs another operator, it must not stay as it is.
#[must_use]
pub fn shift_date(text: &[u8], days: i64) -> Option<String> {
    let Written { date, is_dashed, time } = Written::parse(text)?;
    let date = date.checked_add(Span::new().try_days(days).ok()?).ok()?;
    let (year, month, day) = (date.year(), date.month(), date.day());
    match is_dashed {
        _ if !(0..=9999).contains(&year) => None,
        true => Some(format!("{year:04}-{month:02}-{day:02}{time}")),
        false => Some(format!("{year:04}{month:02}{day:02}{time}")),
    }
}

/// By how many days `other` is later than `text`, if [`shift_date`] could make it of that.
#[must_use]
pub fn days_between(text: &[u8], other: &[u8]) -> Option<i64> {
    let (one, other) = (Written::parse(text)?, Written::parse(other)?);
    let is_same = (one.is_dashed, one.time) == (other.is_dashed, other.time);
    let days = one.date.until(other.date).ok()?.get_days();
    is_same.then_some(days.into())
}

/// A date as it is written.
struct Written<'t> {
    date: Date,
    is_dashed: bool,
    /// What is behind it.
    time: &'t str,
}

impl<'t> Written<'t> {
    fn parse(text: &'t [u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let dashed = text.split_at_checked(10).filter(|(date, _)| as_shape(date) == "0000-00-00");
        let (date, time) = match dashed {
            Some(parts) => parts,
            None => text.split_at_checked(8).filter(|(date, _)| as_shape(date) == "00000000")?,
        };
        if !is_time(time) {
            return None;
        }
        let digits: String = date.chars().filter(char::is_ascii_digit).collect();
        let (year, month_and_day) = digits.split_at_checked(4)?;
        let (month, day) = month_and_day.split_at_checked(2)?;
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        Some(Self { date, is_dashed: dashed.is_some(), time })
    }
}

/// Whether `text` is what may stand behind a date: nothing, or a time of day, with a zone or not.
/// Anything else could be personal data, and would stay.
fn is_time(text: &str) -> bool {
    const CLOCKS: [&str; 5] = ["00", "00:00", "00:00:00", "0000", "000000"];
    const ZONES: [&str; 10] =
        ["", "Z", "z", "UTC", "+00", "+0000", "+00:00", "-00", "-0000", "-00:00"];
    let Some(text) = text.strip_prefix(['T', 't', ' ']) else {
        return text.is_empty();
    };
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let rest = match rest.strip_prefix(['.', ',']) {
        None => rest,
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            // One digit to nine, nanoseconds.
            if !(1..=9).contains(&(fraction.len() - zone.len())) {
                return false;
            }
            zone
        }
    };
    let zone = rest.strip_prefix(' ').filter(|zone| !zone.is_empty()).unwrap_or(rest);
    CLOCKS.contains(&as_shape(clock).as_str()) && ZONES.contains(&as_shape(zone).as_str())
}

/// `text` with zeros for its digits.
fn as_shape(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::key::RunSecret;
    use super::super::key::tests::vector_key;
    use super::*;

    const KINDS: [&str; 2] = ["email", "device_id"];
    const EMAIL: KindId = KindId(0);

    fn shifter(domain: &str, scope: Scope<'_>) -> Shifter {
        Shifter::new(&vector_key(), &Domain::new(domain).unwrap(), scope, KINDS).unwrap()
    }

    fn days(shifter: &Shifter, subject: &str, max_days: u32) -> i64 {
        shifter.days(Some(EMAIL), &Canonical::of_pattern(subject.as_bytes()), max_days)
    }

    #[test]
    fn a_subject_has_its_days_by_domain_kind_and_run() {
        let subject = Canonical::of_pattern(b"jean@example.com");
        let run = RunSecret::from_bytes(&[1; 16]);
        let all = [
            shifter("default", Scope::Domain).days(Some(EMAIL), &subject, 1_000_000),
            shifter("default", Scope::Domain).days(Some(KindId(1)), &subject, 1_000_000),
            shifter("default", Scope::Domain).days(None, &subject, 1_000_000),
            shifter("analytics", Scope::Domain).days(Some(EMAIL), &subject, 1_000_000),
            shifter("default", Scope::Run(&run)).days(Some(EMAIL), &subject, 1_000_000),
        ];
        let distinct: std::collections::BTreeSet<i64> = all.into_iter().collect();
        assert_eq!(distinct.len(), all.len());
        let again = shifter("default", Scope::Domain);
        assert_eq!(again.days(Some(EMAIL), &subject, 1_000_000), all[0]);
        assert_eq!(again.of_run(&run).unwrap().days(Some(EMAIL), &subject, 1_000_000), all[4]);
    }

    /// The key and the values are fixed, so the test cannot flicker. Pearson's chi-square with 6
    /// degrees of freedom exceeds 22.5 once in a thousand.
    #[test]
    fn every_number_of_days_is_as_likely_as_any_other() {
        let shifter = shifter("default", Scope::Domain);
        let mut counts = [0_u32; 7];
        for at in 0..7_000 {
            counts[(days(&shifter, &format!("user{at}@example.com"), 3) + 3) as usize] += 1;
        }
        let chi_square: f64 =
            counts.iter().map(|&count| (f64::from(count) - 1000.0).powi(2) / 1000.0).sum();
        assert!(chi_square < 22.5, "{counts:?}");
        assert_eq!(days(&shifter, "user1@example.com", 0), 0);
    }

    #[test]
    fn dates_move_through_the_calendar_and_keep_their_form() {
        for (text, days, expected) in [
            ("2024-02-29", 0, "2024-02-29"),
            ("2024-02-29", 1, "2024-03-01"),
            ("2024-02-29", 365, "2025-02-28"),
            ("2024-02-29", -366, "2023-02-28"),
            ("2023-12-31", 1, "2024-01-01"),
            ("1900-02-28", 1, "1900-03-01"),
            ("2000-02-28", 1, "2000-02-29"),
            ("20240229", 1, "20240301"),
            ("0001-01-01", -1, "0000-12-31"),
            ("9999-12-30", 1, "9999-12-31"),
            ("2024-02-29T10:06:12Z", 1, "2024-03-01T10:06:12Z"),
            ("2024-02-29T10:06:12.123456+01:00", 1, "2024-03-01T10:06:12.123456+01:00"),
            ("2024-02-29 10:06", 1, "2024-03-01 10:06"),
            ("2024-02-29 10:06:12,5 UTC", 1, "2024-03-01 10:06:12,5 UTC"),
            ("2024-02-29 10:06:12-05", 1, "2024-03-01 10:06:12-05"),
            ("2024-02-29 10:06:12 +0000", 1, "2024-03-01 10:06:12 +0000"),
            ("20240229T100612Z", 1, "20240301T100612Z"),
        ] {
            assert_eq!(shift_date(text.as_bytes(), days).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_or_has_no_day_to_go_to_is_refused() {
        for text in [
            "",
            "2024",
            "2024-02",
            "2024-02-30",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024/02/29",
            "29/02/2024",
            "2024-2-29",
            " 2024-02-29",
            "2024-02-29 ",
            "2024-02-29T",
            "2024-02-29T10:06:12.",
            "2024-02-29T10:06:12.0123456789",
            "2024-02-29T10:06:12[Europe/Paris]",
            "2024-02-29 Jean",
            "2024-02-29 10:06 Jean",
            "2024-02-291",
            "202402291",
            "2024-02-29é",
            "202é-02-29",
            "2024_02_29",
            "20240230",
            "2024-02-29T10:06:12  Z",
        ] {
            assert_eq!(shift_date(text.as_bytes(), 1), None, "{text}");
        }
        for (text, days) in [
            ("0000-01-01", -1),
            ("9999-12-31", 1),
            ("2024-02-29", i64::MAX),
            ("2024-02-29", i64::MIN),
            ("2024-02-29", 4_000_000),
        ] {
            assert_eq!(shift_date(text.as_bytes(), days), None, "{text} {days}");
        }
        assert_eq!(shift_date(b"2024-02-29\xff", 1), None);
    }

    proptest! {
        #[test]
        fn days_are_within_their_limit(subject: String, max_days: u32) {
            let days = days(&shifter("default", Scope::Domain), &subject, max_days);
            prop_assert!(days.abs() <= i64::from(max_days));
        }

        #[test]
        fn intervals_stay(first in 0..700_000_i64, second in 0..700_000_i64, days in -180..=180_i64) {
            let date = |at: i64| shift_date(b"2000-06-30", at - 350_000).unwrap();
            let moved = |at: i64| shift_date(date(at).as_bytes(), days).unwrap();
            prop_assert_eq!(moved(first), date(first + days));
            prop_assert_eq!(moved(first) < moved(second), first < second);
            prop_assert_eq!(shift_date(moved(first).as_bytes(), -days), Some(date(first)));
            let between = days_between(date(first).as_bytes(), moved(first).as_bytes());
            prop_assert_eq!(between, Some(days));
        }

        #[test]
        fn no_text_makes_it_panic(
            bytes: Vec<u8>, text in "[0-9T:. +Z-]{0,30}", days: i64,
        ) {
            let _ = shift_date(&bytes, days);
            let _ = shift_date(text.as_bytes(), days);
            let _ = shift_date(format!("2024-02-29{text}").as_bytes(), days);
        }
    }
}
