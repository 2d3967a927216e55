//! Belgium: the national number, and the check of the enterprise number.

use super::check::{number, small};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// Number of the national register: birth, a counter, and a key; or a BIS number, for those outside
/// the register, with 20 or 40 added to the month.
///
/// # Source
/// Royal decree of 3 April 1984; IBZ, instructions IT000; loi relative à la BCSS, article 8.
pub(super) const NN: Scheme =
    // 39 of 100 months × 32 of 100 days × two keys of 100, one for each century.
    Scheme::person("be_nn", "BE", 0.0025)
        .written(&[Shape::new("dd.dd.dd.ddd.dd")])
        .checked(is_nn);

fn is_nn(nn: &[u8]) -> bool {
    let serial = small(&nn[6..9]);
    let (body, key) = (number(&nn[..9]), number(&nn[9..]));
    // Those born since 2000 have a 2 in front when the key is reckoned.
    let is_of = |century: u64| 97 - (century * 1_000_000_000 + body) % 97 == key;
    matches!(serial, 1..=998)
        && (is_of(0) && is_birth(1900, &nn[..6]) || is_of(2) && is_birth(2000, &nn[..6]))
}

/// A date, of which the day or day and month may be 0; without a month the day only counts.
fn is_birth(century: u32, digits: &[u8]) -> bool {
    let [year, month, day] = pairs(digits);
    match month {
        0 | 20 | 40 => day <= 31,
        1..=12 | 21..=32 | 41..=52 => day == 0 || is_date(century + year, month % 20, day),
        _ => false,
    }
}

/// Whether ten digits are an enterprise number: eight and 97 minus their remainder.
///
/// # Source
/// Code de droit économique, III.17; Royal decree of 24 June 2003.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    digits[0] <= b'1' && 97 - number(&digits[..8]) % 97 == number(&digits[8..])
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::NN;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &NN,
        valid: &[
            ("85.07.30-033 28", "85073003328"),
            ("85.07.30-033.28", "85073003328"),
            ("17 07 30 033 84", "17073003384"),
            ("00000100166", "00000100166"),     // birth unknown
            ("98.47.28-997.65", "98472899765"), // BIS
            ("01 49 07 001 85", "01490700185"), // BIS
        ],
        invalid: &["12345678901", "85073003329", "85133003372", "85.07.30-000.61"],
        generate: |source| {
            let (year, month, day) = source.date(1920, 2024);
            let month = month + [0, 0, 20, 40][source.below(4) as usize];
            let body = format!("{:02}{month:02}{day:02}{:03}", year % 100, 1 + source.below(998));
            let century = if year < 2000 { "" } else { "2" };
            format!("{body}{:02}", 97 - format!("{century}{body}").parse::<u64>().unwrap() % 97)
        },
        // A wrong digit of a date may be right in the other century.
        missed: 0.006,
    }];
}
