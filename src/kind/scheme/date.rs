//! Dates of birth inside numbers.

use super::check::small;

/// Whether the Gregorian calendar has the day.
pub(in crate::kind) fn is_date(year: u32, month: u32, day: u32) -> bool {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Whether some century has the day: `00` may be 2000, which has a 29 February.
pub(super) fn is_date_in_some_century(year: u32, month: u32, day: u32) -> bool {
    is_date(2000 + year, month, day)
}

/// Three numbers of two digits, such as year, month and day, from the first six digits.
pub(super) fn pairs(digits: &[u8]) -> [u32; 3] {
    [small(&digits[..2]), small(&digits[2..4]), small(&digits[4..6])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leap_years_are_gregorian() {
        assert!(is_date(2000, 2, 29) && is_date(2024, 2, 29));
        assert!(!is_date(1900, 2, 29) && !is_date(2023, 2, 29));
        assert!(is_date_in_some_century(0, 2, 29) && !is_date_in_some_century(1, 2, 29));
        assert!(!is_date(2024, 0, 1) && !is_date(2024, 13, 1) && !is_date(2024, 4, 31));
        assert!(!is_date(2024, 1, 0));
    }
}
