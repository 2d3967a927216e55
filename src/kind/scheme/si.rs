//! Slovenia, and the other countries that were Yugoslavia: one number, of a region in each.

use super::check::{ends_in_mod_11_or_0, small, value, weighted};
use super::date::is_date;
use super::{Scheme, Shape};

/// EMŠO: birth, the region 50 of Slovenia (to 59), a serial and a check digit.
///
/// # Source
/// Zakon o centralnem registru prebivalstva, article 6.
pub(super) const EMSO: Scheme =
    // 3.65 % of dates × 300 of 1000 years × 10 of 100 regions × one check digit.
    Scheme::person("si_emso", "SI", 0.000_11)
        .written(&[Shape::new("ddddddd dd dddd")])
        .checked(|emso| emso[7] == b'5' && is_jmbg(emso));

/// JMBG: the same of another region.
///
/// # Source
/// Zakon o jedinstvenom matičnom broju građana (Službeni list SFRJ 58/76; RS 24/2018).
pub(super) const JMBG: Scheme =
    // As above × 90 of 100 regions.
    Scheme::person("jmbg", "RS", 0.001)
        .written(&[Shape::new("ddddddd dd dddd")])
        .checked(|jmbg| jmbg[7] != b'5' && is_jmbg(jmbg));

fn is_jmbg(jmbg: &[u8]) -> bool {
    let year = match small(&jmbg[4..7]) {
        year @ 850.. => 1000 + year,
        year @ 0..=149 => 2000 + year,
        _ => return false,
    };
    is_date(year, small(&jmbg[2..4]), small(&jmbg[..2]))
        && ends_in_mod_11_or_0(jmbg, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
}

/// Whether eight digits are a davčna številka.
///
/// # Source
/// Zakon o finančni upravi; VIES, algorithms, SI.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    // 11 minus the remainder: 10 is written 0, and 11 is not given out.
    let check = 11 - weighted(&digits[..7], &[8, 7, 6, 5, 4, 3, 2]) % 11;
    digits[0] != b'0' && check != 11 && check % 10 == value(digits[7])
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, Source, dot};
    use super::{EMSO, JMBG};

    fn generate(source: &mut Source, regions: &[&str]) -> String {
        source.until(|source| {
            let (year, month, day) = source.date(1900, 2024);
            let (region, serial) = (source.pick_of(regions), source.digits(3));
            let body = format!("{day:02}{month:02}{:03}{region}{serial}", year % 1000);
            match 11 - dot(&body, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11 {
                10 => None,
                check => Some(format!("{body}{}", check % 11)),
            }
        })
    }

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &EMSO,
            valid: &[
                ("0101006500006", "0101006500006"),
                ("0101006 50 0006", "0101006500006"),
                ("1211981500126", "1211981500126"),
            ],
            invalid: &["0101006500007", "3202006500008", "010100650A007", "0101006710009"],
            generate: |source| generate(source, &["50", "53"]),
            // 0 stands for two remainders.
            missed: 0.01,
        },
        Case {
            scheme: &JMBG,
            valid: &[
                ("0101990710008", "0101990710008"),
                ("0101990 71 0008", "0101990710008"),
                ("1505995800002", "1505995800002"),
            ],
            invalid: &["0101006500006", "0113990710008", "0101990710009"],
            generate: |source| generate(source, &["10", "33", "45", "71", "80", "91"]),
            missed: 0.01,
        },
    ];
}
