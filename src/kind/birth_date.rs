//! Dates of birth: a day of a year in which someone alive can have been born.
//!
//! A date alone never says whose birth it is, so every value here is weak: the name of a field or
//! a word beside it (`born`, `née le`, `geboren`) has to speak for it.
//!
//! Of `04/05/1984` the order cannot be seen. It is read day first, as most of the world writes it,
//! unless only month first is possible (`05/17/1984`). Two-digit years are not read: their century is a
//! guess.
//!
//! # Source
//! ISO 8601-1:2019, 5.2.2 (calendar dates); Unicode CLDR 45, `dates/calendars/gregorian/months` (the
//! names of months in en, fr, de, es, it, nl, pt, pl, sv, da, fi, cs).

use std::ops::{Range, RangeInclusive};

use super::border::{after, before, is_word, run, run_back};
use super::fold::{Word, listed};
use super::{Parsed, scheme, trim};

/// Nobody alive is older; a constant for an upper bound, so that results do not depend on the day
/// of the run.
const YEARS: RangeInclusive<u16> = 1900..=2030;

/// The longest spelling: `24 de septiembre de 1984 00:00:00.000+00:00`, with room to spare.
const MAX_LEN: usize = 48;

/// Names of months and what is short for them, in lower case and without accents.
const MONTHS: [&str; 12] = [
    "jan january janvier janv januar janner enero ene gennaio gen januari janeiro styczen \
     stycznia sty tammikuu tammi leden ledna",
    "feb february fevrier fevr fev februar febrero febbraio februari fevereiro luty lutego lut \
     helmikuu helmi unor unora",
    "mar march mars marz maerz mrz marzo maart mrt marco marzec marca marts maaliskuu maalis \
     brezen brezna",
    "apr april avril avr abril abr aprile kwiecien kwietnia kwi huhtikuu huhti duben dubna",
    "may mai mayo maggio mag mei maio maj maja toukokuu touko kveten kvetna",
    "jun june juin juni junio giugno giu junho czerwiec czerwca cze kesakuu kesa cerven cervna",
    "jul july juillet juil juli julio luglio lug julho lipiec lipca lip heinakuu heina cervenec \
     cervence",
    "aug august aout agosto ago augustus augusti sierpien sierpnia sie elokuu elo srpen srpna",
    "sep sept september septembre septiembre settembre set setembro wrzesien wrzesnia wrz \
     syyskuu syys zari",
    "oct october octobre okt oktober octubre ottobre ott outubro out pazdziernik pazdziernika \
     paz lokakuu loka rijen rijna",
    "nov november novembre noviembre novembro listopad listopada lis marraskuu marras",
    "dec december decembre dez dezember diciembre dic dicembre dezembro grudzien grudnia gru \
     joulukuu joulu prosinec prosince",
];

/// What stands in a date and says nothing: `17 de mayo de 1984`, `May 17th`, `1er mai`.
const FILLERS: &str = "de del di of the er ere o st nd rd th le den du e";

/// Parses a date: `1984-05-17`, `17/05/1984`, `17.5.1984`, `17 mai 1984`, `May 17, 1984`,
/// `17-May-1984`, `19840517`, with or without a time behind it.
///
/// Where day and month are both possible in either place, the day stands first. The canonical form is
/// that of ISO 8601, `1984-05-17`, without the time: it is as the value writes it, whatever the zone.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    Some(Parsed::weak(written(value)?.date()?.to_string()))
}

/// Whether `value` looks like a date of some sort: one to three numbers of four to eight digits
/// together, in the signs and letters that dates are written with. A year alone is one, and so are
/// `17/05/84` and `00.00.1984`.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let value = trim(value);
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let numbers = value.split(|byte| !byte.is_ascii_digit()).filter(|n| !n.is_empty()).count();
    let is_part = |byte: &u8| is_word(*byte) || matches!(byte, b' ' | b'/' | b'.' | b'-' | b',');
    // Four digits are a year: what generalising leaves.
    let is_year = value.len() == 4 && digits == 4;
    !is_year
        && value.len() <= 24
        && (4..=8).contains(&digits)
        && (1..=3).contains(&numbers)
        && value.iter().filter(|byte| byte.is_ascii_alphabetic()).count() <= 12
        && value.iter().all(is_part)
}

/// The date in `text` whose first digit is at `at`; it begins with the name of its month where that
/// stands before (`May 17, 1984`).
///
/// Not found: a part of a path, of a longer chain of numbers, or of a time stamp
/// (`2024-11-22T10:06`), unless that is at midnight.
#[must_use]
pub fn find(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    if !matches!(run(text.get(at..)?, |byte| byte.is_ascii_digit()), 1 | 2 | 4 | 8) {
        return None;
    }
    let previous = before(text, at);
    let is_glued = is_word(previous) || matches!(previous, b'+' | b'/' | b'\\');
    if is_glued || matches!(previous, b'-' | b'.') && is_word(before(text, at - 1)) {
        return None;
    }
    let starts = [Some(at), month_before(text, at)];
    starts.into_iter().flatten().find_map(|start| {
        let end = start + date_length(&text[start..])?;
        if continues(text, end) {
            return None;
        }
        Some((start..end, parse(&text[start..end])?))
    })
}

/// Where the word before `at` starts, one space away.
fn month_before(text: &[u8], at: usize) -> Option<usize> {
    let words = text.get(..at)?.strip_suffix(b" ")?;
    let words = words.strip_suffix(b".").unwrap_or(words);
    let length = run_back(&words[words.len().saturating_sub(20)..], |b| is_word(b) && b != b'_');
    (length >= 3).then(|| words.len() - length)
}

/// How long the date is that `text` begins with, as far as its parts say.
fn date_length(text: &[u8]) -> Option<usize> {
    let window = &text[..text.len().min(MAX_LEN)];
    let window = match std::str::from_utf8(window) {
        Ok(window) => window,
        Err(error) => std::str::from_utf8(&window[..error.valid_up_to()]).ok()?,
    };
    let mut parts = Parts::new(window);
    let first = parts.next()??;
    if matches!(first, Part::Number { digits: 8, .. }) {
        return Some(8);
    }
    parts.next()??;
    parts.next()??;
    Some(parts.at)
}

/// Whether what stands behind `end` makes a date a part of something longer.
fn continues(text: &[u8], end: usize) -> bool {
    let (next, beyond) = (after(text, end), after(text, end + 1));
    let is_time = next == b'T' && beyond.is_ascii_digit();
    let is_midnight = is_time && text[end + 1..].starts_with(b"00:00");
    let is_longer = matches!(next, b'-' | b'/' | b'.' | b':') && is_word(beyond);
    is_word(next) && !is_midnight || is_longer
}

/// A day that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Date {
    year: u16,
    month: u16,
    day: u16,
}

impl Date {
    fn new(year: u16, month: u16, day: u16) -> Option<Self> {
        let exists = scheme::is_date(year.into(), month.into(), day.into());
        (exists && YEARS.contains(&year)).then_some(Self { year, month, day })
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A date as it is written.
enum Written {
    /// Day and month can be told.
    Plain(Date),
    /// Two numbers of one or two digits and a year behind them.
    Numbers { first: u16, second: u16, year: u16 },
}

impl Written {
    fn date(self) -> Option<Date> {
        match self {
            Self::Plain(date) => Some(date),
            Self::Numbers { first, second, year } => {
                Date::new(year, second, first).or_else(|| Date::new(year, first, second))
            }
        }
    }
}

fn written(value: &[u8]) -> Option<Written> {
    let value = trim(value);
    if value.len() > MAX_LEN || value.len() < 8 {
        return None;
    }
    let text = without_time(std::str::from_utf8(value).ok()?);
    let mut parts = Parts::new(text);
    let first = parts.next()??;
    if let Part::Number { digits: 8, value } = first {
        let [day, month] = [value % 100, value / 100 % 100].map(|n| u16::try_from(n).ok());
        let year = u16::try_from(value / 10_000).ok()?;
        return (parts.at == text.len())
            .then(|| Date::new(year, month?, day?).map(Written::Plain))?;
    }
    let (second, third) = (parts.next()??, parts.next()??);
    if parts.at != text.len() {
        return None;
    }
    let all_numbers = [first, second, third].iter().all(|part| matches!(part, Part::Number { .. }));
    if all_numbers && !parts.is_uniform {
        return None;
    }
    match (first.short(), second.short(), third.short()) {
        (Short::Year(year), Short::Month(month) | Short::Number(month), Short::Number(day))
        | (Short::Number(day), Short::Month(month), Short::Year(year))
        | (Short::Month(month), Short::Number(day), Short::Year(year)) => {
            Date::new(year, month, day).map(Written::Plain)
        }
        (Short::Number(first), Short::Number(second), Short::Year(year)) => {
            Some(Written::Numbers { first, second, year })
        }
        _ => None,
    }
}

/// `text` without the time of day behind a date: `T00:00:00Z`, ` 12:00:00 AM`.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else {
        return text;
    };
    let hour = run_back(&text.as_bytes()[..colon], |byte| byte.is_ascii_digit());
    let start = colon - hour;
    let is_time = |byte| {
        matches!(byte, b'0'..=b'9' | b':' | b'.' | b',' | b'+' | b'-' | b' ')
            || b"ZAPMapm".contains(&byte)
    };
    let date = text[..start].strip_suffix(['T', ' ']);
    match date {
        Some(date) if (1..=2).contains(&hour) && text[colon..].bytes().all(is_time) => {
            date.trim_end()
        }
        _ => text,
    }
}

#[derive(Clone, Copy)]
enum Part {
    Number { digits: usize, value: u32 },
    Month(u16),
}

/// A part of a date, by what it can stand for.
enum Short {
    Year(u16),
    Month(u16),
    /// A day, or the number of a month.
    Number(u16),
    Neither,
}

impl Part {
    fn short(self) -> Short {
        match self {
            Self::Month(month) => Short::Month(month),
            Self::Number { digits, value } => match (digits, u16::try_from(value)) {
                (4, Ok(year)) => Short::Year(year),
                (1 | 2, Ok(number)) => Short::Number(number),
                _ => Short::Neither,
            },
        }
    }
}

/// The sign between two parts, none where there is white space alone.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Separator(Option<u8>);

/// The parts of a date one after the other: numbers, and the names of months. A part that is
/// neither is `None`, and so is one that two signs separate from the one before.
struct Parts<'a> {
    text: &'a str,
    /// Where the part that was read last ends.
    at: usize,
    /// What is between the first two parts.
    separator: Option<Separator>,
    /// Whether there is the same sign between all parts so far.
    is_uniform: bool,
}

impl<'a> Parts<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, separator: None, is_uniform: true }
    }

    /// Skips what separates two parts, at most one sign and a space to either side.
    fn skip_separator(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let mut sign = None;
        let mut length = 0;
        for c in rest.chars() {
            match c {
                ' ' | '\u{a0}' | '\u{202f}' => {}
                '/' | '.' | '-' | ',' if sign.is_none() => sign = Some(c as u8),
                _ => break,
            }
            length += c.len_utf8();
            if length > 6 {
                return None;
            }
        }
        self.at += length;
        if length > 0 {
            self.is_uniform &= *self.separator.get_or_insert(Separator(sign)) == Separator(sign);
        }
        Some(())
    }

    fn read(&mut self) -> Option<Part> {
        loop {
            if self.at > 0 {
                self.skip_separator()?;
            }
            let rest = &self.text[self.at..];
            let digits = run(rest.as_bytes(), |byte| byte.is_ascii_digit());
            if digits > 0 {
                self.at += digits;
                let value = if digits <= 8 { rest[..digits].parse().ok()? } else { return None };
                return Some(Part::Number { digits, value });
            }
            let end = rest
                .find(|c: char| !c.is_alphabetic() && !('\u{300}'..='\u{36f}').contains(&c))
                .unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            self.at += end;
            let word = Word::fold(&rest[..end])?;
            if !listed(FILLERS, word.as_str()) {
                return month(word.as_str()).map(Part::Month);
            }
        }
    }
}

impl Iterator for Parts<'_> {
    type Item = Option<Part>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.at < self.text.len()).then(|| self.read())
    }
}

/// The month of that name.
fn month(word: &str) -> Option<u16> {
    // Finnish dates have the partitive (`toukokuuta`) or the genitive (`toukokuun`).
    let word = ["ta", "n"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.ends_with("kuu")))
        .unwrap_or(word);
    (1..).zip(MONTHS).find(|(_, names)| listed(names, word)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{canonical, part};
    use super::*;

    fn read(value: &str) -> Option<String> {
        canonical(parse(value.as_bytes()))
    }

    fn found(text: &str) -> Vec<&str> {
        let is_first = |at: &usize| {
            let digit = |at: usize| text.as_bytes()[at].is_ascii_digit();
            digit(*at) && (*at == 0 || !digit(*at - 1))
        };
        (0..text.len())
            .filter(is_first)
            .filter_map(|at| part(text, find(text.as_bytes(), at)))
            .collect()
    }

    #[test]
    fn every_spelling_has_one_canonical_form() {
        for value in [
            "1984-05-17",
            "1984/05/17",
            "1984.5.17",
            "17/05/1984",
            "17/5/1984",
            "17.05.1984",
            "17. 5. 1984",
            "17-05-1984",
            "17 05 1984",
            "05/17/1984",
            "19840517",
            " 17 mai 1984\n",
            "17 MAI 1984",
            "17. Mai 1984",
            "17-May-1984",
            "17 May, 1984",
            "17th of May 1984",
            "May 17, 1984",
            "May 17th, 1984",
            "17 de mayo de 1984",
            "17 maggio 1984",
            "17 mei 1984",
            "17 de maio de 1984",
            "17 maja 1984",
            "17 maj 1984",
            "den 17. maj 1984",
            "17. toukokuuta 1984",
            "17. května 1984",
            "1984-05-17T00:00:00.000Z",
            "1984-05-17 00:00:00",
            "17/05/1984 00:00",
            "5/17/1984 12:00:00 AM",
            "17\u{a0}mai\u{a0}1984",
        ] {
            assert_eq!(read(value).as_deref(), Some("1984-05-17"), "{value}");
        }
        assert_eq!(read("1er août 1984").as_deref(), Some("1984-08-01"));
        assert_eq!(read("1.º de março de 1984").as_deref(), Some("1984-03-01"));
    }

    #[test]
    fn the_day_stands_first_where_it_can() {
        assert_eq!(read("04/05/1984").as_deref(), Some("1984-05-04"));
        assert_eq!(read("05/17/1984").as_deref(), Some("1984-05-17"));
    }

    #[test]
    fn what_is_no_day_of_birth_is_refused() {
        for value in [
            "",
            "1984",
            "1984-02-30",
            "1983-02-29",
            "1984-13-01",
            "13/13/1984",
            "00/05/1984",
            "17/05/1899",
            "17/05/2031",
            "17/05/84",
            "17/05-1984",
            "17//05//1984",
            "1984-05-17-03",
            "192.0.2.1",
            "17 foo 1984",
            "17 mai",
            "18991231",
            "99999999",
            "123456789",
            "17 мая 1984",
            "12:00:00",
            "1:00:00 PM",
        ] {
            assert_eq!(read(value), None, "{value}");
        }
        assert_eq!(read("1984-02-29").as_deref(), Some("1984-02-29"));
        assert_eq!(read("1900-02-29"), None);
        assert_eq!(read("2000-02-29").as_deref(), Some("2000-02-29"));
    }

    #[test]
    fn shapes_are_dates_that_do_not_hold() {
        for value in ["17/05/84", "00/00/1984", "31.02.1984", "mai 1984", "17 mai 84"] {
            assert!(is_shape(value.as_bytes()), "{value}");
        }
        for value in
            ["", "n/a", "1984", "123456789012", "192.168.100.200", "17", "unknown, ask him in 2024"]
        {
            assert!(!is_shape(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn dates_are_found_between_their_borders() {
        for (text, value) in [
            ("born on 1984-05-17 in Lyon", "1984-05-17"),
            ("né le 17/05/1984.", "17/05/1984"),
            ("née le 17 février 1984 à Lyon", "17 février 1984"),
            ("geboren am 17. März 1984, Köln", "17. März 1984"),
            ("born May 17, 1984.", "May 17, 1984"),
            ("dob:19840517;", "19840517"),
            ("{\"dob\":\"1984-05-17T00:00:00Z\"}", "1984-05-17"),
            ("nato il 1 gennaio 1984 a Roma", "1 gennaio 1984"),
            ("born 1984-05-17 08:30 in Lyon", "1984-05-17"),
        ] {
            assert_eq!(found(text), [value], "{text}");
        }
    }

    #[test]
    fn parts_of_something_else_are_not_found() {
        for text in [
            "2024-11-22T10:06:12Z",
            "/2024/11/22/index.html",
            "log-2024-11-22.gz",
            "1.2.1984.5",
            "17/05/1984/3",
            "v17.05.1984",
            "a1984-05-17",
            "call 17 people in 1984",
            "192.0.2.1",
            "+19840517",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    /// Of the Gregorian calendar.
    fn last_day(year: u16, month: u16) -> u16 {
        let is_leap = year.is_multiple_of(if year.is_multiple_of(100) { 400 } else { 4 });
        [31, 28 + u16::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            [usize::from(month) - 1]
    }

    proptest! {
        #[test]
        fn every_day_is_read_in_each_spelling(
            year in 1900u16..=2030, month in 1u16..=12, day in 0u16..31,
            name in any::<prop::sample::Index>(),
        ) {
            let day = 1 + day % last_day(year, month);
            let expected = format!("{year:04}-{month:02}-{day:02}");
            let names: Vec<_> = MONTHS[usize::from(month) - 1].split(' ').collect();
            let name = name.get(&names);
            for spelling in [
                expected.clone(),
                format!("{year}/{month}/{day}"),
                format!("{day:02}/{month:02}/{year}"),
                format!("{day}.{month}.{year}"),
                format!("{day} {name} {year}"),
                format!("{name} {day}, {year}"),
                format!("{day}-{name}-{year}").to_uppercase(),
                format!("{year}{month:02}{day:02}"),
            ] {
                prop_assert_eq!(read(&spelling), Some(expected.clone()), "{}", spelling);
                let text = format!("(born {spelling}, there)");
                prop_assert_eq!(found(&text), [&spelling[..]]);
            }
        }

        #[test]
        fn a_day_beyond_the_month_is_refused(year in 1900u16..=2030, month in 1u16..=12) {
            for day in (last_day(year, month) + 1..=99).chain([0]) {
                prop_assert_eq!(read(&format!("{year}-{month:02}-{day:02}")), None);
                prop_assert_eq!(read(&format!("{year}{month:02}{day:02}")), None);
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(
            text in "[0-9a-zéà./T:, -]{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            for text in [text.as_bytes(), &bytes] {
                let _ = (parse(text), is_shape(text));
                for at in 0..=text.len() {
                    if let Some((span, _)) = find(text, at) {
                        prop_assert!(span.end <= text.len());
                    }
                }
            }
        }
    }

    #[test]
    fn names_of_months_are_folded_and_each_of_one_month() {
        let mut all: Vec<_> = MONTHS.iter().flat_map(|names| names.split(' ')).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase())));
    }
}
