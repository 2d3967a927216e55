//! Türkiye: identity numbers of citizens and of foreigners who live there.

use super::check::value;
use super::{Scheme, Shape};

/// T.C. kimlik numarası: eleven digits, the first not 0 (99 for foreigners), two of them check
/// digits.
///
/// # Source
/// 5490 sayılı Nüfus Hizmetleri Kanunu, madde 46; Nüfus ve Vatandaşlık İşleri, algorithm.
pub(super) const KIMLIK: Scheme =
    // 9 of 10 first digits × two check digits.
    Scheme::person("tr_kimlik", "TR", 0.009)
        .written(&[Shape::new("ddd ddd ddd dd")])
        .checked(|number| {
            let sum = |digits: &[u8]| digits.iter().map(|&digit| value(digit)).sum::<u32>();
            let even: u32 = number[1..8].iter().step_by(2).map(|&digit| value(digit)).sum();
            // Seven times the digits in odd places less those in even ones: −1 is 9 modulo 10.
            let tenth = ((sum(&number[..9]) - even) * 7 + even * 9) % 10;
            number[0] != b'0'
                && tenth == value(number[9])
                && sum(&number[..10]) % 10 == value(number[10])
        });

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::KIMLIK;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &KIMLIK,
        valid: &[
            ("10000000146", "10000000146"), // the first ever given
            ("172 917 160 60", "17291716060"),
            ("12345678950", "12345678950"),
        ],
        invalid: &["10000000147", "00000000146", "12345678951", "1000000014"],
        generate: |source| {
            let body = format!("{}{}", source.pick("123456789"), source.digits(8));
            let (odd, even) = (
                dot(&body, &[1, 0, 1, 0, 1, 0, 1, 0, 1]),
                dot(&body, &[0, 1, 0, 1, 0, 1, 0, 1, 0]),
            );
            let tenth = (7 * odd + 10 * even - even) % 10;
            format!("{body}{tenth}{}", (odd + even + tenth) % 10)
        },
        missed: 0.0,
    }];
}
