//! South Africa: identity numbers.

use super::check::luhn;
use super::date::{is_date_in_some_century, pairs};
use super::{Scheme, Shape};

/// Identity number: birth, a serial that tells the sex, 0 for citizens, 1 for residents and 2 for
/// refugees, a digit that once said more, and Luhn's.
///
/// # Source
/// Identification Act 68 of 1997, section 7; Department of Home Affairs.
pub(super) const ID: Scheme =
    // 3.7 % of dates × 3 of 10 statuses × one check digit.
    Scheme::person("za_id", "ZA", 0.0011)
        .written(&[Shape::new("dddddd dddd d d d")])
        .checked(|number| {
            let [year, month, day] = pairs(number);
            is_date_in_some_century(year, month, day) && number[10] <= b'2' && luhn(number)
        });

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, close};
    use super::{ID, luhn};

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &ID,
        valid: &[
            ("8001015009087", "8001015009087"), // Department of Home Affairs
            ("750330 5044 08 9", "7503305044089"),
            ("7503305044089", "7503305044089"),
        ],
        invalid: &["8001015009088", "8013015009087", "8001015009387", "800101500908"],
        generate: |source| {
            let (year, month, day) = source.date(1930, 2020);
            let birth = format!("{:02}{month:02}{day:02}", year % 100);
            let status = source.pick("012");
            close(&format!("{birth}{}{status}{}", source.digits(4), source.pick("89")), luhn)
        },
        missed: 0.0,
    }];
}
