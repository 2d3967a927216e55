//! China: resident identity numbers.

use super::check::{mod_11_2, small};
use super::date::is_date;
use super::{Scheme, Shape};

/// Citizen identity number: six digits of the place of registration, birth, a serial that tells
/// the sex, and a check character.
///
/// # Source
/// GB 11643-1999; the first two digits are those of GB/T 2260, and 81 to 83 for residents from
/// Hong Kong, Macao and Taiwan.
pub(super) const RIC: Scheme =
    // 36 of 100 provinces × 300 years × 3.7 % of months and days × one remainder of 11.
    Scheme::person("cn_ric", "CN", 3.6e-5)
        .written(&[Shape::new("dddddd dddddddd dddd"), Shape::new("dddddd dddddddd dddX")])
        .checked(|number| {
            let province = small(&number[..2]);
            let (year, month, day) =
                (small(&number[6..10]), small(&number[10..12]), small(&number[12..14]));
            matches!(
                province,
                11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91
            ) && (1800..2100).contains(&year)
                && is_date(year, month, day)
                && mod_11_2(number)
        });

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::RIC;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &RIC,
        valid: &[
            ("11010519491231002X", "11010519491231002X"), // GB 11643-1999
            ("440524188001010014", "440524188001010014"), // the same
            ("110105 19491231 002x", "11010519491231002X"),
        ],
        invalid: &[
            "110105194912310020",
            "11010519491331002X",
            "99010519491231002X",
            "11010519491231002",
        ],
        generate: |source| {
            let place = source.pick_of(&["110101", "310104", "440305", "510107", "810000"]);
            let (year, month, day) = source.date(1930, 2020);
            let body = format!("{place}{year}{month:02}{day:02}{:03}", 1 + source.below(999));
            // ISO/IEC 7064, table 2: two to the power of the place, counted from the right.
            let digits = body.chars().rev().map(|c| c.to_digit(10).unwrap());
            let sum: u32 = digits.zip(1..).map(|(digit, place)| digit * (1 << place)).sum();
            let check = (12 - sum % 11) % 11;
            if check == 10 { format!("{body}X") } else { format!("{body}{check}") }
        },
        missed: 0.0,
    }];
}
