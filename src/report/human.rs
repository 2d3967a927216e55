//! Numbers as people read them, in English: `4 812 077`, `4.7 M`, `41.2 GB`, `99.6 %`.
//!
//! Groups and units are set off by a plain space, which every terminal draws; a page puts a
//! no-break space in its place ([`no_break`]). Rounding never turns something into nothing or
//! nearly everything into everything: a share above zero is at least `<0.1 %`, one below the
//! whole at most `99.9 %`.

/// All digits, in groups of three: `4 812 077`.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// All digits below ten thousand, then one decimal: `9 412`, `10.9 k`, `4.7 M`, `1.2 G`.
#[must_use]
pub fn short_count(n: u64) -> String {
    if n < 10_000 { count(n) } else { scaled(n, &["", "k", "M", "G", "T", "P", "E"]) }
}

/// Bytes in powers of 1000 (SI): `512 B`, `17.3 kB`, `41.2 GB`.
#[must_use]
pub fn bytes(n: u64) -> String {
    scaled(n, &["B", "kB", "MB", "GB", "TB", "PB", "EB"])
}

/// A number with its noun: `1 file`, `3 118 files`.
#[must_use]
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A share of 0 to 1 in per cent with one decimal: `84.9 %`. What is outside is taken as 0 or 1,
/// what is no number as unknown: `–`.
#[must_use]
pub fn share(share: f64) -> String {
    if share.is_nan() {
        return "–".to_owned();
    }
    let tenths = (share * 1000.0).round();
    if share <= 0.0 {
        "0.0 %".to_owned()
    } else if tenths < 1.0 {
        "<0.1 %".to_owned()
    } else if share < 1.0 {
        format!("{:.1} %", tenths.min(999.0) / 10.0)
    } else {
        "100.0 %".to_owned()
    }
}

/// Each part in per cent of the sum, such that what is printed adds up to 100 % (the remainder
/// of rounding goes to the largest part): `98.7 %`, `1.3 %`, `0 %`. `<0.1 %` counts as 0.1, the
/// whole is `100 %`. All are `0 %` where the sum is zero.
#[must_use]
pub fn parts<const N: usize>(parts: [u64; N]) -> [String; N] {
    let sum: u128 = parts.iter().map(|&part| u128::from(part)).sum();
    let Some(largest) = (0..N).max_by_key(|&i| parts[i]).filter(|_| sum > 0) else {
        return std::array::from_fn(|_| "0 %".to_owned());
    };
    // Tenths of a per cent, rounded; what is there counts as one at least.
    let mut tenths = parts.map(|part| {
        let part = u128::from(part);
        ((part * 2000 + sum) / (sum * 2)).max(u128::from(part > 0))
    });
    tenths[largest] = 0;
    // The other parts are at most half of the sum each and rounded by half a tenth each.
    tenths[largest] = 1000_u128.saturating_sub(tenths.iter().sum());
    std::array::from_fn(|i| match tenths[i] {
        0 => "0 %".to_owned(),
        1000 => "100 %".to_owned(),
        1 if u128::from(parts[i]) * 1000 < sum => "<0.1 %".to_owned(),
        t => format!("{}.{} %", t / 10, t % 10),
    })
}

/// A duration of `seconds`: `0.4 s`, `21 s`, `3 min 12 s`, `2 h 05 min`.
#[must_use]
pub fn duration(seconds: f64) -> String {
    // The cast saturates, and takes what is no number as 0.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let whole = seconds.round() as u64;
    match whole {
        0..10 => format!("{:.1} s", seconds.max(0.0)),
        10..60 => format!("{whole} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", count(whole / 3600), whole / 60 % 60),
    }
}

/// `text` with its spaces made unbreakable, for pages: narrow ones between digits (U+202F), plain
/// ones elsewhere (U+00A0).
#[must_use]
pub fn no_break(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    let mut last = '\0';
    while let Some(c) = chars.next() {
        let between_digits =
            last.is_ascii_digit() && chars.peek().is_some_and(char::is_ascii_digit);
        out.push(match c {
            ' ' if between_digits => '\u{202f}',
            ' ' => '\u{a0}',
            c => c,
        });
        last = c;
    }
    out
}

/// `n` with one decimal in the first unit where it stays below 1000.
fn scaled(n: u64, units: &[&str]) -> String {
    if n < 1000 {
        return format!("{n} {}", units[0]).trim_end().to_owned();
    }
    #[allow(clippy::cast_precision_loss, reason = "four digits of it are shown")]
    let mut value = n as f64;
    let mut unit = 0;
    // 999 950 shows as 1000.0 k by rounding, therefore as 1.0 M.
    while value >= 999.95 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", units[unit])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_are_grouped_by_three() {
        let shown: Vec<_> = [0, 999, 1000, 4_812_077, u64::MAX].map(count).into();
        assert_eq!(shown, ["0", "999", "1 000", "4 812 077", "18 446 744 073 709 551 615"]);
    }

    #[test]
    fn short_counts_and_bytes_move_to_the_next_unit_before_they_show_a_thousand() {
        let shown: Vec<_> = [9_412, 10_900, 999_949, 999_950, 4_700_000].map(short_count).into();
        assert_eq!(shown, ["9 412", "10.9 k", "999.9 k", "1.0 M", "4.7 M"]);
        let shown: Vec<_> = [0, 512, 17_261, 41_200_000_000, u64::MAX].map(bytes).into();
        assert_eq!(shown, ["0 B", "512 B", "17.3 kB", "41.2 GB", "18.4 EB"]);
    }

    #[test]
    fn a_share_rounds_neither_to_nothing_nor_to_everything() {
        let shown: Vec<_> = [0.0, 0.000_01, 0.849, 0.999_99, 1.0, f64::NAN].map(share).into();
        assert_eq!(shown, ["0.0 %", "<0.1 %", "84.9 %", "99.9 %", "100.0 %", "–"]);
    }

    #[test]
    fn parts_of_a_whole_add_up() {
        assert_eq!(parts([1, 1, 1]), ["33.3 %", "33.3 %", "33.4 %"]);
        assert_eq!(parts([41_200_000_000, 0, 12]), ["99.9 %", "0 %", "<0.1 %"]);
        assert_eq!(parts([5, 0]), ["100 %", "0 %"]);
        assert_eq!(parts([0, 0]), ["0 %", "0 %"]);
    }

    #[test]
    fn a_number_stays_on_its_line() {
        assert_eq!(no_break("3 118 files"), "3\u{202f}118\u{a0}files");
    }

    #[test]
    fn durations_have_at_most_two_units() {
        let shown: Vec<_> = [0.42, 21.3, 192.0, 7500.0, f64::NAN].map(duration).into();
        assert_eq!(shown, ["0.4 s", "21 s", "3 min 12 s", "2 h 05 min", "0.0 s"]);
    }

    proptest! {
        #[test]
        fn parts_add_up_whatever_they_are(values in any::<[u64; 5]>()) {
            let tenths = |text: &String| -> u64 {
                let number = text.trim_start_matches('<').trim_end_matches(" %");
                let (whole, decimal) = number.split_once('.').unwrap_or((number, "0"));
                whole.parse::<u64>().unwrap() * 10 + decimal.parse::<u64>().unwrap()
            };
            let total: u64 = parts(values).iter().map(tenths).sum();
            prop_assert_eq!(total, if values.iter().all(|&v| v == 0) { 0 } else { 1000 });
        }
    }
}
