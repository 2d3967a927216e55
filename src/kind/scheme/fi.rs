//! Finland: the henkilötunnus, and the check of the VAT number.

use super::check::{small, weighted};
use super::date::{is_date, pairs};
use super::{Scheme, Shape};

/// Henkilötunnus: birth, the sign of its century, a number and a check character.
///
/// The signs that came in 2023 beside `-` and `A` mean the same century, but tell people apart, so
/// the sign is kept. 900 to 999 are temporary.
///
/// # Source
/// Digi- ja väestötietovirasto, The personal identity code; laki 661/2009, § 11.
pub(super) const HETU: Scheme =
    // 3.65 % of dates × 0.998 of numbers × one character of 36.
    Scheme::person("fi_hetu", "FI", 0.001)
        .written(&[Shape::new("ddddddsdddx")])
        .checked(|hetu| {
            let [day, month, year] = pairs(hetu);
            let century = match hetu[6] {
                b'+' => 1800,
                b'-' | b'U'..=b'Y' => 1900,
                _ => 2000,
            };
            let (date, number) = (small(&hetu[..6]), small(&hetu[7..10]));
            is_date(century + year, month, day)
                && number >= 2
                && b"0123456789ABCDEFHJKLMNPRSTUVWXY"[((date * 1000 + number) % 31) as usize]
                    == hetu[10]
        });

/// Whether eight digits are a Y-tunnus without its dash.
///
/// # Source
/// Yritys- ja yhteisötietolaki; Verohallinto, Y-tunnus.
pub(super) fn is_vat(digits: &[u8]) -> bool {
    weighted(digits, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::HETU;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &HETU,
        valid: &[
            ("131052-308T", "131052-308T"), // Digi- ja väestötietovirasto
            ("131052a308t", "131052A308T"),
            ("131052\u{2011}308T", "131052-308T"),
            ("131052X308T", "131052X308T"),
            ("131052-9993", "131052-9993"), // temporary
        ],
        invalid: &["131052-308U", "310252-308Y", "131052/308T", "131052T308T", "131052-000V"],
        generate: |source| {
            let (year, month, day) = source.date(1850, 2049);
            let sign = source.pick(["+", "-YXWVU", "ABCDEF"][(year / 100 - 18) as usize]);
            let (date, number) =
                (format!("{day:02}{month:02}{:02}", year % 100), 2 + source.below(898));
            let rest = format!("{date}{number:03}").parse::<u32>().unwrap() % 31;
            let check = char::from(b"0123456789ABCDEFHJKLMNPRSTUVWXY"[rest as usize]);
            format!("{date}{sign}{number:03}{check}")
        },
        missed: 0.0,
    }];
}
