//! How telephone numbers are spelled: which characters a number may hold, how its digits are
//! grouped, and which groupings say that it is something else.
//!
//! Nothing here knows a numbering plan. Everything stays on the stack.

use crate::kind::grouped::{Separator, digit, separator};

/// E.164 has 15 digits; `00` and a `(0)` may be written too.
const MAX_DIGITS: usize = 18;
const MAX_GROUPS: usize = 12;
/// RFC 3966 has no limit; libphonenumber reads up to 20 digits after `;ext=`.
const MAX_EXTENSION: usize = 20;
/// The longest spelling: every digit in three bytes with a separator in three, and an extension.
const MAX_LEN: usize = 160;

/// A value that is spelled like a number, taken apart.
pub(super) struct Spelled {
    plus: bool,
    digits: Digits<MAX_DIGITS>,
    groups: [u8; MAX_GROUPS],
    group_count: usize,
    /// The separator of all groups, where they have one and the same.
    joiner: Joiner,
    /// The longest run of separators.
    longest_run: u8,
    parentheses: u8,
    extension: Digits<MAX_EXTENSION>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joiner {
    None,
    Uniform(Separator),
    Mixed,
}

impl Spelled {
    /// Takes all of `value` apart: `tel:`, a plus sign, digits in groups, an extension.
    ///
    /// Groups are separated by up to three of space, dash, dot and slash (`06 - 12`), or stand in
    /// parentheses. Digits and separators may be those of [`grouped`](crate::kind::grouped).
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        if value.len() > MAX_LEN {
            return None;
        }
        let text = without_scheme(std::str::from_utf8(value).ok()?);
        let mut spelled = Self {
            plus: false,
            digits: Digits::EMPTY,
            groups: [0; MAX_GROUPS],
            group_count: 0,
            joiner: Joiner::None,
            longest_run: 0,
            parentheses: 0,
            extension: Digits::EMPTY,
        };
        let mut in_parentheses = false;
        let mut in_group = false;
        let mut run = 0;
        for (at, c) in text.char_indices() {
            if let Some(digit) = digit(c) {
                if !in_group {
                    *spelled.groups.get_mut(spelled.group_count)? = 0;
                    spelled.group_count += 1;
                    spelled.longest_run = spelled.longest_run.max(run);
                    run = 0;
                }
                in_group = true;
                spelled.digits.push(digit)?;
                spelled.groups[spelled.group_count - 1] += 1;
                continue;
            }
            let ended_group = std::mem::take(&mut in_group);
            match c {
                '+' | '\u{ff0b}' if !spelled.plus && spelled.group_count == 0 => {
                    spelled.plus = true;
                }
                '(' if !in_parentheses && spelled.parentheses < 2 => {
                    in_parentheses = true;
                    spelled.parentheses += 1;
                }
                ')' if in_parentheses && ended_group => in_parentheses = false,
                _ => match separator(c) {
                    Some(_) if spelled.group_count == 0 => return None,
                    Some(separator) if run < 3 && (ended_group || !in_parentheses) => {
                        run += 1;
                        spelled.joiner = spelled.joiner.with(separator);
                    }
                    _ => {
                        spelled.extension = extension(&text[at..])?;
                        run = 0;
                        break;
                    }
                },
            }
        }
        (spelled.group_count > 0 && !in_parentheses && run == 0).then_some(spelled)
    }

    /// The digits without the plus sign and the extension; ASCII.
    pub(super) fn digits(&self) -> &str {
        self.digits.as_str()
    }

    fn starts_with(&self, digits: &[u8]) -> bool {
        self.digits.as_bytes().starts_with(digits)
    }

    /// The digits of the extension; empty where there is none.
    pub(super) fn extension(&self) -> &str {
        self.extension.as_str()
    }

    pub(super) fn has_plus(&self) -> bool {
        self.plus
    }

    fn groups(&self) -> &[u8] {
        &self.groups[..self.group_count]
    }

    /// The numbers that the groups are, in order. Groups have at most 18 digits.
    fn numbers(&self) -> impl Iterator<Item = u64> {
        let mut rest = self.digits.as_bytes();
        self.groups().iter().map(move |&len| {
            let (group, after) = rest.split_at(usize::from(len));
            rest = after;
            number_of(group)
        })
    }

    /// The numbers of the groups, where there are `N` of them.
    fn numbers_of<const N: usize>(&self) -> Option<[u64; N]> {
        let mut numbers = [0; N];
        if self.group_count != N {
            return None;
        }
        numbers.iter_mut().zip(self.numbers()).for_each(|(place, number)| *place = number);
        Some(numbers)
    }

    /// Whether a better explanation than a telephone number lies at hand, so good that not even a
    /// numbering plan in which the digits are valid says otherwise: in Denmark any eight digits
    /// are, and `2020-08-24` still is a date.
    pub(super) fn is_something_else(&self) -> bool {
        // Nothing but numbers is written with a plus sign, parentheses or an extension.
        if self.plus || self.parentheses > 0 || !self.extension.as_bytes().is_empty() {
            return false;
        }
        self.is_date()
            || self.is_year_range()
            || self.is_quad()
            || self.is_version()
            || self.is_amount()
    }

    /// Whether the groups are those of a number, and of nothing else that is often written so.
    pub(super) fn is_plausible(&self) -> bool {
        let max_digits = if self.starts_with(b"00") && !self.plus { MAX_DIGITS } else { 15 };
        if !(7..=max_digits).contains(&self.digits.as_bytes().len()) || self.longest_run > 1 {
            return false;
        }
        self.plus
            || !(self.is_something_else()
                || self.is_range()
                || self.is_social_security_number()
                || self.has_stray_digit())
    }

    /// A date or a moment: three groups that are a day, a month and a year, or all of it in one
    /// (`20200824`, `202008241011`, `20200824101112`).
    fn is_date(&self) -> bool {
        if let &[len] = self.groups() {
            let number = number_of(self.digits.as_bytes());
            return match len {
                8 => is_compact_date(number),
                12 => is_compact_date(number / 10_000) && is_time(number % 10_000 * 100),
                14 => is_compact_date(number / 1_000_000) && is_time(number % 1_000_000),
                _ => false,
            };
        }
        let Some([first, second, third]) = self.numbers_of() else {
            return false;
        };
        match (self.groups(), self.joiner) {
            ([4, 1..=2, 1..=2], Joiner::Uniform(_)) => {
                is_year(first) && is_day_and_month(second, third)
            }
            ([1..=2, 1..=2, 4], Joiner::Uniform(_)) => {
                is_year(third) && is_day_and_month(first, second)
            }
            // Six digits in pairs are numbers on the Faroe Islands, but not with these separators.
            ([2, 2, 2], Joiner::Uniform(Separator::Dash | Separator::Dot | Separator::Slash)) => {
                is_day_and_month(first, second) || is_day_and_month(second, third)
            }
            _ => false,
        }
    }

    /// `2019-2020`.
    fn is_year_range(&self) -> bool {
        self.groups() == [4, 4] && self.numbers().all(is_year)
    }

    /// An IPv4 address.
    fn is_quad(&self) -> bool {
        let mut rest = self.digits.as_bytes();
        self.groups().len() == 4
            && self.joiner == Joiner::Uniform(Separator::Dot)
            && self.numbers().all(|octet| octet <= 255)
            && self.groups().iter().all(|&len| {
                let (octet, after) = rest.split_at(usize::from(len));
                rest = after;
                len == 1 || octet[0] != b'0'
            })
    }

    /// The version of a program: four numbers joined by dots, a lone digit behind the first
    /// (`122.0.2729.57`). No group of a number is that short but behind a country code.
    fn is_version(&self) -> bool {
        self.joiner == Joiner::Uniform(Separator::Dot)
            && self.groups().len() == 4
            && self.groups()[1..].contains(&1)
            && !self.starts_with(b"00")
    }

    /// A decimal (`1234.5678`), or an amount with its thousands set apart (`12.345.678`).
    fn is_amount(&self) -> bool {
        // Numbers begin with a zero more often than amounts do, except for `0.1234567`.
        let leading_zero = self.starts_with(b"0");
        match (self.groups(), self.joiner) {
            ([first, _], Joiner::Uniform(Separator::Dot)) => *first == 1 || !leading_zero,
            ([1..=2, thousands @ ..], Joiner::Uniform(Separator::Dot | Separator::Space)) => {
                !leading_zero && thousands.iter().all(|&len| len == 3)
            }
            _ => false,
        }
    }

    /// An amount by its separators in groups that numbers have, too: `21 245 855`, `321.2701`.
    pub(super) fn is_grouped_like_amount(&self) -> bool {
        self.is_amount() && matches!(self.groups(), [1..=2, 3, 3] | [3..=4, 4])
    }

    /// `1000-2000`: two numbers of one length, in ascending order.
    fn is_range(&self) -> bool {
        let is_joined = matches!(self.joiner, Joiner::Uniform(Separator::Dash | Separator::Slash));
        let lengths_agree = matches!(self.groups(), [first, second] if first == second);
        is_joined && lengths_agree && self.numbers().is_sorted()
    }

    /// `123-45-6789`, the grouping of United States social security numbers and of no telephone.
    fn is_social_security_number(&self) -> bool {
        self.groups() == [3, 2, 4] && self.joiner == Joiner::Uniform(Separator::Dash)
    }

    /// Groups that no plan has: a single digit other than a leading one or one in parentheses
    /// (versions, ISBN), or a long number with something short after it (UUID, file names).
    fn has_stray_digit(&self) -> bool {
        let groups = self.groups();
        let has_single = groups.iter().skip(1).any(|&len| len == 1) && self.parentheses == 0;
        let leading_alone = matches!(groups, [1, second, ..] if !(2..=4).contains(second));
        has_single || leading_alone || matches!(groups, [first, _, ..] if *first > 6)
    }
}

impl Joiner {
    fn with(self, separator: Separator) -> Self {
        match self {
            Self::None => Self::Uniform(separator),
            Self::Uniform(known) if known == separator => self,
            Self::Uniform(_) | Self::Mixed => Self::Mixed,
        }
    }
}

/// The number that at most 18 digits are.
fn number_of(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

fn is_year(number: u64) -> bool {
    (1800..2200).contains(&number)
}

/// Both orders are dates somewhere.
fn is_day_and_month(one: u64, other: u64) -> bool {
    let (smaller, larger) = (one.min(other), one.max(other));
    (1..=12).contains(&smaller) && (1..=31).contains(&larger)
}

/// `20200824`.
fn is_compact_date(number: u64) -> bool {
    let (month, day) = (number / 100 % 100, number % 100);
    (1900..2100).contains(&(number / 10_000))
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
}

/// `235959`.
fn is_time(number: u64) -> bool {
    number / 10_000 < 24 && number / 100 % 100 < 60 && number % 100 < 60
}

/// RFC 3966: the scheme in any case.
fn without_scheme(text: &str) -> &str {
    match text.as_bytes().split_first_chunk::<4>() {
        // Four ASCII bytes end at the border of a character.
        Some((scheme, _)) if scheme.eq_ignore_ascii_case(b"tel:") => &text[4..],
        _ => text,
    }
}

/// The extension that `text` is, down to its last character: a word or sign for it, then digits.
fn extension(text: &str) -> Option<Digits<MAX_EXTENSION>> {
    /// In English, French, Spanish, Italian and German, the longer first where one begins another.
    const MARKS: [&str; 13] = [
        ";ext=",
        "extension",
        "extensión",
        "extn",
        "ext",
        "poste",
        "interno",
        "int",
        "anexo",
        "durchwahl",
        "dw",
        "x",
        "#",
    ];
    let text = text.trim_start_matches([',', ' ', '\u{a0}']);
    let rest = MARKS.iter().find_map(|mark| {
        let head = text.get(..mark.len())?;
        head.eq_ignore_ascii_case(mark).then(|| &text[mark.len()..])
    })?;
    let rest = rest.strip_prefix(['.', ':']).unwrap_or(rest).trim_start();
    let mut digits = Digits::EMPTY;
    for c in rest.chars() {
        digits.push(digit(c)?)?;
    }
    (!digits.as_bytes().is_empty()).then_some(digits)
}

/// At most `N` ASCII digits.
pub(super) struct Digits<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Digits<N> {
    pub(super) const EMPTY: Self = Self { bytes: [0; N], len: 0 };

    /// A copy of `digits`, or nothing where they are too many.
    pub(super) fn of(digits: &str) -> Option<Self> {
        let mut copy = Self::EMPTY;
        copy.extend(digits)?;
        Some(copy)
    }

    pub(super) fn push(&mut self, digit: u8) -> Option<()> {
        *self.bytes.get_mut(self.len)? = digit;
        self.len += 1;
        Some(())
    }

    pub(super) fn extend(&mut self, digits: &str) -> Option<()> {
        self.bytes.get_mut(self.len..self.len + digits.len())?.copy_from_slice(digits.as_bytes());
        self.len += digits.len();
        Some(())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// To see that they are ASCII takes longer than most questions about them.
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).expect("only ASCII digits are pushed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_shape(value: &str) -> bool {
        Spelled::read(value.as_bytes()).is_some_and(|spelled| spelled.is_plausible())
    }

    #[test]
    fn numbers_are_shapes_as_people_write_them() {
        for value in [
            "202.555.0143",
            "202.555.0143x718",
            "2025550143",
            "202-555-0143x944",
            "+1-202-555-0143",
            "(202)555-0143x58947",
            "(202) 555-0143",
            "001-202-555-0143x5610",
            "+1-202-555-0143x071",
            "555-0143",
            "1-800-555-0143",
            "06 39 98 00 12",
            "06.39.98.00.12",
            "06-39-98-00-12",
            "0639980012",
            "020 7946 0018",
            "+44 20 7946 0018",
            "030/1234567",
            "+33 (0)6 39 98 00 12",
            "9123-4567",
            "91 234 56 78",
            "912.345.678",
            "+1 202 555 0143 ext. 12",
            "202 555 0143 #12",
            "tel:+12025550143",
            "0012025550143",
            "1234567",
        ] {
            assert!(is_shape(value), "{value}");
        }
    }

    #[test]
    fn other_numbers_are_no_shapes() {
        for value in [
            "2020-08-24",
            "24/08/2020",
            "08/24/2020",
            "2020/08/24",
            "24.8.2020",
            "2020 08 24",
            "20200824",
            "20200824101112",
            "192.0.2.1",
            "198.51.100.17",
            "10:06:12",
            "12.50",
            "1234.5678",
            "1234567.89",
            "0.1234567",
            "12 345 678",
            "1.234.567",
            "1000-2000",
            "2019-2020",
            "4fa1-9d2c",
            "12345678-1234",
            "123-45-6789",
            "978-3-16-148410-0",
            "10.0.19041.1234",
            "123456",
            "1234567890123456",
            "12  345 6789",
            "(202 555-0143",
            "202) 555-0143",
            "202 555-0143-",
            "-202 555-0143",
            "202 555 0143 x",
            "202 555 0143 xx1",
            "() 202 555 0143",
            "+",
            "",
            "x12",
        ] {
            assert!(!is_shape(value), "{value}");
        }
    }

    #[test]
    fn an_extension_is_no_part_of_the_digits() {
        let spelled = Spelled::read(b"+33 (0)1 99 00 12 34 poste 012").unwrap();
        assert_eq!((spelled.digits(), spelled.extension()), ("330199001234", "012"));
        assert!(spelled.has_plus());
        let spelled = Spelled::read(b"tel:555-0143;ext=7").unwrap();
        assert_eq!((spelled.digits(), spelled.extension()), ("5550143", "7"));
    }

    #[test]
    fn numbers_too_long_for_any_plan_are_refused() {
        assert!(Spelled::read(&[b'1'; 18]).is_some());
        assert!(Spelled::read(&[b'1'; 19]).is_none());
        assert!(Spelled::read("1 ".repeat(13).trim().as_bytes()).is_none());
        assert!(Spelled::read(&[b' '; 5000]).is_none());
        assert!(Spelled::read(format!("2025550143x{}", "1".repeat(21)).as_bytes()).is_none());
    }
}
