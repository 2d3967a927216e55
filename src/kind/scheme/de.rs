//! Germany: the tax identification number and the pension insurance number.

use super::check::{mod_11_10, small, value};
use super::date::is_date_in_some_century;
use super::{Scheme, Shape};

/// Steuerliche Identifikationsnummer: ten digits of which one stands twice or three times, and a
/// check digit.
///
/// # Source
/// Abgabenordnung, § 139b; Steueridentifikationsnummerverordnung; Bundeszentralamt für Steuern,
/// Aufbau der Identifikationsnummer (three times since 2016, and then not in a row).
pub(super) const IDNR: Scheme =
    // No 0 in front, one repetition (0.027 of 0.03) and one check digit.
    Scheme::person("de_idnr", "DE", 0.005)
        .written(&[Shape::new("dd ddd ddd ddd")])
        .checked(|idnr| idnr[0] != b'0' && has_one_repetition(&idnr[..10]) && mod_11_10(idnr));

fn has_one_repetition(digits: &[u8]) -> bool {
    let mut counts = [0; 10];
    for &digit in digits {
        counts[value(digit) as usize] += 1;
    }
    let mut repeated = counts.into_iter().filter(|count| *count > 1);
    let is_run = |three: &[u8]| three.iter().all(|digit| *digit == three[0]);
    match (repeated.next(), repeated.next()) {
        (Some(2), None) => true,
        (Some(3), None) => !digits.windows(3).any(is_run),
        _ => false,
    }
}

/// Versicherungsnummer of the statutory pension insurance: area, birth, initial, serial and check.
///
/// # Source
/// Versicherungsnummern-, Kontoführungs- und Versicherungsverlaufsverordnung (VKVV), § 2 and annex.
pub(super) const RVNR: Scheme =
    // 90 of 100 areas × 4.2 % of dates in three series of days × one check digit.
    Scheme::person("de_rvnr", "DE", 0.0094)
        .written(&[Shape::new("dd dddddd a dd d")])
        .checked(|rvnr| is_area(small(&rvnr[..2])) && is_birth(&rvnr[2..8]) && is_closed(rvnr));

/// Insurers have 02 to 29 and 38 to 89, with gaps that fill when they merge.
fn is_area(area: u32) -> bool {
    matches!(area, 2..=29 | 38..=89)
}

/// A day, month and year. Where the day is unknown or its serials are used up, it is 0, the month
/// may be 0 too, and 32 or 64 is added to the day.
fn is_birth(digits: &[u8]) -> bool {
    let [day, month, year] = super::date::pairs(digits);
    match (day % 32, month) {
        _ if day > 95 => false,
        (_, 0) | (0, 1..=12) => true,
        (day, month) => is_date_in_some_century(year, month, day),
    }
}

/// Whether the sum of the digits of the products is right, the letter counting as its two digits.
fn is_closed(rvnr: &[u8]) -> bool {
    const WEIGHTS: [u32; 12] = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    let letter = value(rvnr[8]) - 9;
    let digits = rvnr[..8].iter().map(|&digit| value(digit));
    let digits = digits.chain([letter / 10, letter % 10]);
    let digits = digits.chain(rvnr[9..11].iter().map(|&digit| value(digit)));
    let products = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight);
    products.map(|product| product / 10 + product % 10).sum::<u32>() % 10 == value(rvnr[11])
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, close};
    use super::{IDNR, RVNR, mod_11_10};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &IDNR,
            valid: &[
                ("36 574 261 809", "36574261809"),
                ("86095742719", "86095742719"), // Bundeszentralamt für Steuern
                ("47036892816", "47036892816"), // Bundeszentralamt für Steuern
                ("65929970489", "65929970489"), // Bundeszentralamt für Steuern, three times
            ],
            invalid: &[
                "36574261890",
                "36554266806", // more digits repeated
                "01234567896",
                "12345678903", // none repeated
                "11123456786", // three in a row
            ],
            generate: |source| {
                source.until(|source| {
                    let mut digits: Vec<char> = "0123456789".chars().collect();
                    // Shuffled, then one digit takes the place of another.
                    for at in (1..10).rev() {
                        digits.swap(at, source.below(at as u32 + 1) as usize);
                    }
                    let (from, to) = (source.below(10) as usize, source.below(10) as usize);
                    digits[to] = digits[from];
                    let body: String = digits.into_iter().collect();
                    (from != to && !body.starts_with('0')).then(|| close(&body, mod_11_10))
                })
            },
            missed: 0.0,
        },
        Case {
            scheme: &RVNR,
            valid: &[
                ("15070649C103", "15070649C103"),    // Wikipedia
                ("65 170839 J 003", "65170839J003"), // Wikipedia
                ("15 070649 c 10-3", "15070649C103"),
            ],
            invalid: &["15070649C104", "15071349C109", "15070649C10", "99070649C103"],
            generate: |source| {
                let (year, month, day) = source.date(1930, 2008);
                let area = source.pick_of(&["10", "12", "53", "65", "80"]);
                let front = format!("{area}{day:02}{month:02}{:02}", year % 100);
                let (letter, serial) = (source.below(26), source.digits(2));
                let all = format!("{front}{:02}{serial}", letter + 1);
                let sum: u32 = all
                    .chars()
                    .zip("212571212121".chars())
                    .map(|(digit, weight)| {
                        let product = digit.to_digit(10).unwrap() * weight.to_digit(10).unwrap();
                        product.to_string().chars().map(|c| c.to_digit(10).unwrap()).sum::<u32>()
                    })
                    .sum();
                format!("{front}{}{serial}{}", char::from(b'A' + letter as u8), sum % 10)
            },
            // With the weight 7 some digits count alike, but not those that months begin with.
            missed: 0.0,
        },
    ];
}
