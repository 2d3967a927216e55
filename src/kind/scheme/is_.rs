//! Iceland: the kennitala of people and of organisations.

use super::check::ends_in_mod_11;
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// Kennitala of a person: birth, two random digits, a check digit and the century.
///
/// # Source
/// Lög um skráningu einstaklinga nr. 140/2019; Þjóðskrá, Kennitala.
pub(super) const KENNITALA: Scheme =
    // 3.65 % of dates × 3 of 10 centuries × one remainder of 11.
    Scheme::person("is_kennitala", "IS", 0.001)
        .written(&[Shape::new("dddddd-dddd")])
        .checked(|number| is_kennitala(number, 0));

/// Kennitala of an organisation: its registration, with 40 added to the day.
///
/// # Source
/// Ríkisskattstjóri, Fyrirtækjaskrá.
pub(super) const KENNITALA_ORG: Scheme =
    // As above.
    Scheme::organisation("is_kennitala_org", "IS", 0.001)
        .written(&[Shape::new("dddddd-dddd")])
        .checked(|number| is_kennitala(number, 40));

fn is_kennitala(number: &[u8], added_to_day: u32) -> bool {
    let [day, month, year] = pairs(number);
    let century = match number[9] {
        b'8' => 1800,
        b'9' => 1900,
        b'0' => 2000,
        _ => return false,
    };
    day > added_to_day
        && is_date(century + year, month, day - added_to_day)
        && ends_in_mod_11(&number[..9], &[3, 2, 7, 6, 5, 4, 3, 2])
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, Source, dot};
    use super::{KENNITALA, KENNITALA_ORG};

    fn generate(source: &mut Source, added_to_day: u32) -> String {
        source.until(|source| {
            let (year, month, day) = source.date(1900, 2024);
            let day = day + added_to_day;
            let body = format!("{day:02}{month:02}{:02}{}", year % 100, source.digits(2));
            let check = (11 - dot(&body, &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
            (check < 10).then(|| format!("{body}{check}{}", if year < 2000 { 9 } else { 0 }))
        })
    }

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &KENNITALA,
            valid: &[
                ("120174-3399", "1201743399"),
                ("1201743399", "1201743399"),
                ("020884-2749", "0208842749"),
            ],
            invalid: &["530575-0299", "320174-3399", "450401-3150", "120174-3389"],
            generate: |source| generate(source, 0),
            // The digit of the century is not in the sum.
            missed: 0.03,
        },
        Case {
            scheme: &KENNITALA_ORG,
            valid: &[
                ("450401-3150", "4504013150"),
                ("580169-1559", "5801691559"),
                ("670901-2110", "6709012110"),
            ],
            invalid: &["120174-3399", "530575-0299", "450401-3140"],
            generate: |source| generate(source, 40),
            missed: 0.03,
        },
    ];
}
