//! South Korea: resident registration numbers.

use super::check::{value, weighted};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// Jumin deungnok beonho of citizens and of foreigners: birth, a digit for sex and century, and six
/// digits of which the last checks the others, unless the number is one of those given since
/// October 2020, which are random.
///
/// # Source
/// 주민등록법 시행규칙 제2조, before and since 5 October 2020; 출입국관리법 시행규칙 (5 to 8, foreigners).
pub(super) const RRN: Scheme =
    // 3.7 % of dates × one check digit, but for the births that need none: four fifths of a century.
    Scheme::person("kr_rrn", "KR", 0.015)
        .written(&[Shape::new("dddddd-ddddddd")])
        .checked(|rrn| {
            let [year, month, day] = pairs(rrn);
            let (century, completed) = match rrn[6] {
                b'0' | b'9' => (1800, 11),
                b'1' | b'2' => (1900, 11),
                b'3' | b'4' => (2000, 11),
                b'5' | b'6' => (1900, 13),
                _ => (2000, 13),
            };
            let check = (completed - weighted(&rrn[..12], &WEIGHTS) % 11) % 10;
            is_date(century + year, month, day)
                && (check == value(rrn[12]) || (century + year, month) >= RANDOM_SINCE)
        });

const WEIGHTS: [u32; 12] = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

/// Year and month of birth of whom no number with a check digit was given to.
const RANDOM_SINCE: (u32, u32) = (2020, 10);

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::RRN;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &RRN,
        valid: &[
            ("971013-9019902", "9710139019902"),
            ("901010 1234560", "9010101234560"),
            ("2011013000000", "2011013000000"), // born since October 2020
        ],
        invalid: &["971013-9019903", "901310-1234560", "901010-123456", "2009013000000"],
        generate: |source| {
            let (year, month, day) = source.date(1930, 2010);
            let sex = source.pick(if year < 2000 { "12" } else { "34" });
            let body = format!("{:02}{month:02}{day:02}{sex}{}", year % 100, source.digits(5));
            let sum = dot(&body, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
            format!("{body}{}", (11 - sum % 11) % 10)
        },
        // A remainder of 0 and one of 10 have the same check digit, and a wrong year may need none.
        missed: 0.07,
    }];
}
