//! Places on the earth, exact enough to be somebody's: pairs of latitude and longitude.
//!
//! Two decimal numbers are also prices and measurements, so a pair is weak; degrees with minutes
//! and letters of the compass, `geo:` and `POINT(…)` are strong. Four decimals are eleven metres, a
//! house; fewer are a quarter or a town, and are left alone where nothing but the numbers says that
//! this is a place.
//!
//! # Source
//! ISO 6709:2022, annex D (degrees, minutes, seconds), RFC 5870 (`geo:` URIs), OGC 06-103r4, 7.2
//! (`POINT`). WGS 84 throughout.

use std::ops::Range;

use super::border::{after, before, is_word, run, run_back};
use super::{Parsed, trim};

/// Fewer decimals are no house.
const MIN_DECIMALS: usize = 4;
/// More is no measurement of anything.
const MAX_DECIMALS: usize = 17;
/// The longest spelling of a pair: `N 48° 51' 24.12345" E 002° 21' 03.12345"`, with room to spare.
const MAX_LEN: usize = 80;

/// What a place begins with besides a digit: where one stands in a text, ask [`find`].
pub const PREFIXES: [&str; 2] = ["geo:", "POINT"];

/// Parses a pair of latitude and longitude, or one of them alone, which is weak.
///
/// Pairs: `48.8566, 2.3522`, with signs or letters of the compass, in brackets, `48,8566; 2,3522`;
/// `48°51'24"N 2°21'03"E`; `geo:48.8566,2.3522;u=35`; `POINT(2.3522 48.8566)`, longitude first. The
/// canonical form is latitude and longitude in decimal degrees with a comma between them and no
/// zeros at the ends, of degrees, minutes and seconds with at most six decimals.
///
/// Refused: what lies outside the globe, and 0, 0, which stands where nothing is known.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    let value = trim(value);
    if !(6..=MAX_LEN).contains(&value.len()) {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    match text.as_bytes()[0] {
        b'g' | b'G' => geo_uri(text),
        b'P' | b'p' => point(text),
        _ if !text.is_ascii() && text.contains(['°', 'º']) => sexagesimal(text),
        // No pair is one number; most of a column are.
        _ => single(text).or_else(|| pair(text)),
    }
}

/// Whether `value` is one or two decimal numbers with signs, degrees or letters of the compass.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let value = trim(value);
    let Ok(text) = std::str::from_utf8(value) else { return false };
    (5..=MAX_LEN).contains(&value.len())
        && value.iter().filter(|byte| byte.is_ascii_digit()).count() >= 4
        && value.iter().any(|byte| matches!(byte, b'.' | b',' | 0x80..))
        && text.chars().all(|c| c.is_ascii_digit() || "+-.,;() NSEWnsew°º'\"′″’”".contains(c))
}

/// The pair in `text` of which a number begins at `at`, its first digit, or whose prefix is there.
///
/// The number may be the latitude or the longitude, so that the pair is found though one of its
/// numbers has a sign; the span begins at the sign. One number alone is not found.
#[must_use]
pub fn find(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    match text.get(at)? {
        b'g' | b'P' => find_prefixed(text, at),
        b'0'..=b'9' => {
            let starts = [Some(at), latitude_before(text, at)];
            starts.into_iter().flatten().find_map(|start| find_pair(text, start))
        }
        _ => None,
    }
}

fn find_prefixed(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    if is_word(before(text, at)) {
        return None;
    }
    let rest = &text[at..text.len().min(at + MAX_LEN)];
    let length = if rest.starts_with(b"geo:") {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b":.,;=-+%_".contains(&byte);
        let length = run(rest, is_part);
        length - run_back(&rest[..length], |byte| matches!(byte, b'.' | b',' | b';' | b':'))
    } else {
        rest.iter().position(|&byte| byte == b')')? + 1
    };
    Some((at..at + length, parse(&rest[..length])?))
}

/// The pair whose first number has its first digit at `digit`.
fn find_pair(text: &[u8], digit: usize) -> Option<(Range<usize>, Parsed)> {
    let mut start = digit;
    if matches!(before(text, start), b'+' | b'-') {
        start -= 1;
    }
    let previous = before(text, start);
    let is_north = matches!(previous, b'N' | b'S') && !is_word(before(text, start - 1));
    start -= usize::from(is_north);
    if is_word(before(text, start)) || matches!(before(text, start), b'.' | b'-' | b'+') {
        return None;
    }
    let window = &text[start..text.len().min(start + MAX_LEN)];
    let window = match std::str::from_utf8(window) {
        Ok(window) => window,
        Err(error) => std::str::from_utf8(&window[..error.valid_up_to()]).ok()?,
    };
    let length = pair_length(window).or_else(|| sexagesimal_length(window))?;
    let next = after(text, start + length);
    // `@48.8566,2.3522,15z` of a map; otherwise a third number makes it something else.
    let may_go_on = before(text, start) == b'@';
    let goes_on = matches!(next, b'.' | b',') && after(text, start + length + 1).is_ascii_digit();
    if is_word(next) || goes_on && !may_go_on {
        return None;
    }
    let parsed = parse(&text[start..start + length])?;
    Some((start..start + length, parsed))
}

/// Where the first digit of the number is that stands before the number at `at`.
fn latitude_before(text: &[u8], at: usize) -> Option<usize> {
    let head = &text[at.saturating_sub(30)..at];
    let head = &head[..head.len() - run_back(head, |byte| matches!(byte, b'+' | b'-'))];
    let signs = run_back(head, |byte| matches!(byte, b',' | b';' | b' '));
    let head = &head[..head.len() - signs];
    let number = run_back(head, |byte| byte.is_ascii_digit() || byte == b'.');
    let end = at.saturating_sub(30) + head.len();
    (signs > 0 && number >= MIN_DECIMALS + 2).then(|| end - number)
}

/// How long the pair of decimal numbers is that `text` begins with.
fn pair_length(text: &str) -> Option<usize> {
    let mut rest = text;
    let mut numbers = 0;
    while numbers < 2 {
        if numbers > 0 {
            let separated = rest.trim_start_matches([' ', ',', ';']);
            if separated.len() == rest.len() || rest.len() - separated.len() > 3 {
                return None;
            }
            rest = separated;
        }
        rest = Degrees::read(rest, numbers == 1)?.1;
        numbers += 1;
    }
    Some(text.len() - rest.len())
}

/// How long the degrees, minutes and seconds are that `text` begins with, up to the longitude's
/// letter.
fn sexagesimal_length(text: &str) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_digit() || " .,°º'\"′″’”NSEW-".contains(c);
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let has_degrees = text[..end].contains(['°', 'º']);
    (has_degrees).then(|| text[..end].rfind(['E', 'W']).map(|at| at + 1))?
}

/// A number of decimal degrees as it is written.
struct Degrees<'a> {
    is_negative: bool,
    whole: &'a str,
    decimals: &'a str,
    /// The letter of the compass beside it, in upper case.
    letter: Option<u8>,
}

impl<'a> Degrees<'a> {
    /// The number that `text` begins with, and what is behind it. A letter before it must be of the
    /// axis that is asked for.
    fn read(text: &'a str, is_longitude: bool) -> Option<(Self, &'a str)> {
        let letters: [char; 2] = if is_longitude { ['E', 'W'] } else { ['N', 'S'] };
        let rest = text.strip_prefix(letters);
        let mut letter = rest.and_then(|_| text.bytes().next());
        let rest = rest.unwrap_or(text).trim_start_matches(' ');
        let unsigned = rest.strip_prefix(['+', '-']).unwrap_or(rest);
        let is_negative = rest.starts_with('-');
        let digits = |text: &str| run(text.as_bytes(), |byte| byte.is_ascii_digit());
        let (whole, rest) = unsigned.split_at(digits(unsigned));
        let rest = rest.strip_prefix(['.', ',']).filter(|rest| digits(rest) > 0).unwrap_or(rest);
        let has_point = unsigned.len() - rest.len() > whole.len();
        let (decimals, mut rest) = rest.split_at(if has_point { digits(rest) } else { 0 });
        if letter.is_none() && !rest.is_empty() {
            let behind = rest.strip_prefix('°').unwrap_or(rest).trim_start_matches(' ');
            if let Some(behind) = behind.strip_prefix(letters)
                && !behind.starts_with(|c: char| c.is_alphanumeric())
            {
                letter = Some(rest[..rest.len() - behind.len()].bytes().next_back()?);
                rest = behind;
            }
        }
        let is_signed_twice = letter.is_some() && unsigned.len() < text.len() && is_negative;
        let fits = (1..=3).contains(&whole.len()) && decimals.len() <= MAX_DECIMALS;
        (fits && !is_signed_twice).then_some((Self { is_negative, whole, decimals, letter }, rest))
    }

    /// The number that is all of `text`, without anything but a minus before it: as [`Self::read`] has it, and
    /// as nearly all of a column are written.
    fn plain(text: &'a str) -> Option<Self> {
        // No branch for each digit: all are looked at at once.
        let are_digits = |text: &str| text.bytes().fold(true, |all, b| all & b.is_ascii_digit());
        let unsigned = text.strip_prefix('-');
        let is_negative = unsigned.is_some();
        let unsigned = unsigned.unwrap_or(text);
        let point = unsigned.bytes().take(4).position(|byte| byte == b'.')?;
        let (whole, decimals) = (&unsigned[..point], &unsigned[point + 1..]);
        let is_plain = point > 0
            && (1..=MAX_DECIMALS).contains(&decimals.len())
            && are_digits(whole)
            && are_digits(decimals);
        is_plain.then_some(Self { is_negative, whole, decimals, letter: None })
    }

    fn is_exact(&self) -> bool {
        self.decimals.len() >= MIN_DECIMALS
    }

    /// In decimal degrees without zeros at the ends, if not more than `limit`.
    fn canonical(&self, limit: u32) -> Option<String> {
        let whole: u32 = self.whole.parse().ok()?;
        let decimals = self.decimals.trim_end_matches('0');
        if whole > limit || whole == limit && !decimals.is_empty() {
            return None;
        }
        let is_negative = self.is_negative || matches!(self.letter, Some(b'S' | b'W'));
        // Put together by hand: columns are full of them.
        let mut canonical = String::with_capacity(self.whole.len() + decimals.len() + 2);
        if is_negative && (whole > 0 || !decimals.is_empty()) {
            canonical.push('-');
        }
        canonical.push_str(if whole == 0 { "0" } else { self.whole.trim_start_matches('0') });
        if !decimals.is_empty() {
            canonical.push('.');
            canonical.push_str(decimals);
        }
        Some(canonical)
    }
}

const MAX_LATITUDE: u32 = 90;
const MAX_LONGITUDE: u32 = 180;

/// `48.8566, 2.3522` and its like, each number with at least four decimals.
fn pair(text: &str) -> Option<Parsed> {
    let text = ["()", "[]"]
        .iter()
        .find_map(|pair| text.strip_prefix(&pair[..1])?.strip_suffix(&pair[1..]))
        .unwrap_or(text)
        .trim();
    let (latitude, rest) = Degrees::read(text, false)?;
    let separated = rest.trim_start_matches([' ', ',', ';', '/']);
    if separated.len() == rest.len() {
        return None;
    }
    let (longitude, rest) = Degrees::read(separated, true)?;
    let is_exact = latitude.is_exact() && longitude.is_exact();
    let has_letters = latitude.letter.is_some() && longitude.letter.is_some();
    if !rest.is_empty() || !is_exact || latitude.letter.is_some() != longitude.letter.is_some() {
        return None;
    }
    let canonical = joined(&latitude, &longitude)?;
    Some(if has_letters { Parsed::strong(canonical) } else { Parsed::weak(canonical) })
}

fn joined(latitude: &Degrees, longitude: &Degrees) -> Option<String> {
    let latitude = latitude.canonical(MAX_LATITUDE)?;
    let longitude = longitude.canonical(MAX_LONGITUDE)?;
    (latitude != "0" || longitude != "0").then(|| format!("{latitude},{longitude}"))
}

/// One coordinate: only the name of a field can say which.
fn single(text: &str) -> Option<Parsed> {
    let read = || Degrees::read(text, false).or_else(|| Degrees::read(text, true));
    let plain = Degrees::plain(text).map(|degrees| (degrees, ""));
    let (degrees, rest) = plain.or_else(read)?;
    if !rest.is_empty() || !degrees.is_exact() {
        return None;
    }
    let canonical = degrees.canonical(MAX_LONGITUDE)?;
    (canonical != "0").then(|| Parsed::weak(canonical))
}

/// RFC 5870: latitude, longitude, perhaps altitude, then parameters. WGS 84 only.
fn geo_uri(text: &str) -> Option<Parsed> {
    let (scheme, rest) = text.split_once(':')?;
    let (numbers, parameters) = rest.split_once([';', '?']).unwrap_or((rest, ""));
    let is_wgs84 = parameters
        .split(';')
        .all(|parameter| parameter.strip_prefix("crs=").is_none_or(|crs| crs == "wgs84"));
    let mut numbers = numbers.split(',');
    let (latitude, behind) = Degrees::read(numbers.next()?, false)?;
    let (longitude, beyond) = Degrees::read(numbers.next()?, true)?;
    let is_whole = behind.is_empty() && beyond.is_empty() && numbers.count() <= 1;
    (scheme.eq_ignore_ascii_case("geo") && is_wgs84 && is_whole)
        .then(|| joined(&latitude, &longitude).map(Parsed::strong))?
}

/// OGC 06-103r4: longitude first.
fn point(text: &str) -> Option<Parsed> {
    let name = text.get(..5).filter(|name| name.eq_ignore_ascii_case("point"))?;
    let inner = text[name.len()..].trim_start().strip_prefix('(')?.strip_suffix(')')?.trim();
    let (longitude, rest) = Degrees::read(inner, true)?;
    let (latitude, rest) = Degrees::read(rest.strip_prefix(' ')?, false)?;
    let is_exact = longitude.is_exact() && latitude.is_exact();
    (rest.is_empty() && is_exact).then(|| joined(&latitude, &longitude).map(Parsed::strong))?
}

/// `48°51'24"N 2°21'03"E`, the letters before or behind, seconds or also minutes left out where the
/// last number has decimals.
fn sexagesimal(text: &str) -> Option<Parsed> {
    let is_first = text.starts_with(['N', 'S']);
    // Each half ends with its letter, or begins with it.
    let border = if is_first { text.find(['E', 'W'])? } else { text.find(['N', 'S'])? + 1 };
    let (latitude, longitude) = text.split_at(border);
    let latitude =
        micro_degrees(latitude.trim_end_matches([' ', ',', ';']), ["N", "S"], MAX_LATITUDE)?;
    let longitude =
        micro_degrees(longitude.trim_start_matches([' ', ',', ';']), ["E", "W"], MAX_LONGITUDE)?;
    (latitude != 0 || longitude != 0).then(|| {
        Parsed::strong(format!("{},{}", decimal_degrees(latitude), decimal_degrees(longitude)))
    })
}

/// Degrees, minutes and seconds with a letter, in millionths of a degree.
fn micro_degrees(text: &str, [positive, negative]: [&str; 2], limit: u32) -> Option<i64> {
    let stripped = |letter: &str| text.strip_prefix(letter).or_else(|| text.strip_suffix(letter));
    let (text, sign) = match (stripped(positive), stripped(negative)) {
        (Some(text), None) => (text, 1),
        (None, Some(text)) => (text, -1),
        _ => return None,
    };
    // Each unit in hundred-millionths of a second, so that nothing is rounded before the end.
    let mut total = 0i64;
    let mut unit = 3600 * SECOND;
    let mut has_decimals = false;
    let signs: [&[char]; 3] = [&['°', 'º'], &['\'', '′', '’'], &['"', '″', '”']];
    let mut rest = text.trim();
    for (place, sign) in signs.into_iter().enumerate() {
        let Some((number, behind)) = rest.split_once(sign) else {
            if rest.is_empty() && place > 0 {
                break;
            }
            return None;
        };
        let (whole, decimals) = number.trim().split_once(['.', ',']).unwrap_or((number.trim(), ""));
        let most = if place == 0 { i64::from(limit) } else { 59 };
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if has_decimals || whole.is_empty() || !is_number(whole) || !is_number(decimals) {
            return None;
        }
        let whole = whole.parse().ok().filter(|whole| (0..=most).contains(whole))?;
        total += whole * unit;
        total += fraction(decimals)? * (unit / SECOND);
        has_decimals = !decimals.is_empty();
        unit /= 60;
        rest = behind.trim();
        if rest.starts_with('\'') && place == 1 {
            return None;
        }
    }
    let degrees = (total + 1800 * SECOND / 1_000_000) / (3600 * SECOND / 1_000_000);
    (rest.is_empty() && degrees <= i64::from(limit) * 1_000_000).then_some(sign * degrees)
}

const SECOND: i64 = 100_000_000;

/// The decimals behind a point in hundred-millionths, what is smaller left out.
fn fraction(decimals: &str) -> Option<i64> {
    let decimals = &decimals[..decimals.len().min(8)];
    let value: i64 = if decimals.is_empty() { 0 } else { decimals.parse().ok()? };
    Some(value * 10i64.pow(8 - u32::try_from(decimals.len()).ok()?))
}

fn decimal_degrees(micro: i64) -> String {
    let sign = if micro < 0 { "-" } else { "" };
    let (whole, decimals) = (micro.abs() / 1_000_000, micro.abs() % 1_000_000);
    let text = format!("{sign}{whole}.{decimals:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{canonical, is_strong, part};
    use super::*;

    fn read(value: &str) -> Option<String> {
        canonical(parse(value.as_bytes()))
    }
    fn found(text: &str) -> Option<&str> {
        let bytes = text.as_bytes();
        (0..text.len())
            .filter(|at| {
                !bytes[*at].is_ascii_digit() || *at == 0 || !bytes[at - 1].is_ascii_digit()
            })
            .find_map(|at| part(text, find(bytes, at)))
    }

    #[test]
    fn every_spelling_has_one_canonical_form() {
        for value in [
            "48.8566, 2.3522",
            "48.8566,2.3522",
            "48.8566 2.3522",
            "(48.85660, 02.35220)",
            "[48.8566,2.3522]",
            "48,8566; 2,3522",
            "+48.8566,+2.3522",
            "48.8566 N, 2.3522 E",
            "48.8566°N 2.3522°E",
            "N48.8566 E2.3522",
            "geo:48.8566,2.3522",
            "geo:48.8566,2.3522,35;crs=wgs84;u=10",
            "POINT(2.3522 48.8566)",
            "Point (2.3522 48.8566)",
        ] {
            assert_eq!(read(value).as_deref(), Some("48.8566,2.3522"), "{value}");
        }
        for value in ["-33.8688, -151.2093", "33.8688 S, 151.2093 W", "S33.8688,W151.2093"] {
            assert_eq!(read(value).as_deref(), Some("-33.8688,-151.2093"), "{value}");
        }
    }

    #[test]
    fn degrees_minutes_and_seconds_are_read() {
        for value in [
            "48°51'24\"N 2°21'03\"E",
            "48° 51' 24\" N, 2° 21' 3\" E",
            "N 48°51′24″ E 2°21′03″",
            "48°51.4'N 2°21.05'E",
            "48º51’24.0”N 2º21’3”E",
        ] {
            assert_eq!(read(value).as_deref(), Some("48.856667,2.350833"), "{value}");
        }
        assert_eq!(read("33°30'0\"S 70°36'0\"W").as_deref(), Some("-33.5,-70.6"));
        for value in [
            "48°51'24\"E 2°21'03\"N",
            "48°61'24\"N 2°21'03\"E",
            "91°00'00\"N 2°21'03\"E",
            "48°51'24\" 2°21'03\"",
            "48.5°51'24\"N 2°21'03\"E",
            "48°51'24\"N",
            "20°C",
        ] {
            assert_eq!(read(value), None, "{value}");
        }
    }

    #[test]
    fn one_coordinate_alone_is_weak_and_exact() {
        assert_eq!(read("48.8566").as_deref(), Some("48.8566"));
        assert_eq!(read("-151.209300").as_deref(), Some("-151.2093"));
        for value in ["48.856", "181.0001", "1234.5678", "0.0000", "48.8566.1", "12:34.5678"] {
            assert_eq!(read(value), None, "{value}");
        }
        let strong = |value: &str| is_strong(parse(value.as_bytes()));
        assert_eq!(strong("48.8566"), Some(false));
        assert_eq!(strong("48.8566, 2.3522"), Some(false));
        assert_eq!(strong("48.8566N, 2.3522E"), Some(true));
        assert_eq!(strong("geo:48.85,2.35"), Some(true));
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for value in [
            "",
            "48.856, 2.3522",
            "91.0000, 2.3522",
            "90.0001, 2.3522",
            "48.8566, 180.0001",
            "0.0000, 0.0000",
            "48.8566 E, 2.3522 N",
            "48.8566, 2.3522, 7.1234",
            "48.8566 N, 2.3522",
            "-48.8566 N, 2.3522 E",
            "POINT(2.3522, 48.8566)",
            "POINT(48.8566 120.3522)",
            "geo:48.8566",
            "geo:48.8566,2.3522;crs=nad27",
            "192.0.2.1",
        ] {
            assert_eq!(read(value), None, "{value}");
        }
        assert!(is_shape(b"48.85, 2.35") && is_shape("48°51' N".as_bytes()));
        assert!(!is_shape(b"Paris") && !is_shape(b"12345") && !is_shape(b"12.5 km"));
    }

    #[test]
    fn pairs_are_found_between_their_borders() {
        for (text, value) in [
            ("at 48.8566, 2.3522.", "48.8566, 2.3522"),
            ("at (48.8566,2.3522)", "48.8566,2.3522"),
            ("at -33.8688, 151.2093 now", "-33.8688, 151.2093"),
            ("lat,lon=-33.8688,-151.2093;", "-33.8688,-151.2093"),
            ("/@48.8566,2.3522,15z", "48.8566,2.3522"),
            ("at 48.8566 N, 2.3522 E, north", "48.8566 N, 2.3522 E"),
            ("at 48°51'24\"N 2°21'03\"E, north", "48°51'24\"N 2°21'03\"E"),
            ("href=geo:48.8566,2.3522;u=35.", "geo:48.8566,2.3522;u=35"),
            ("'POINT(2.3522 48.8566)'", "POINT(2.3522 48.8566)"),
        ] {
            assert_eq!(found(text), Some(value), "{text}");
        }
        for text in [
            "took 48.8566 ms",
            "1.2.48.8566, 2.3522",
            "v48.8566, 2.3522",
            "48.85, 2.35",
            "POINT of no return (1 2)",
            "geo:none",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_pair_is_read_in_each_spelling(
            latitude in -89_999_999i64..90_000_000, longitude in -179_999_999i64..180_000_000,
        ) {
            prop_assume!((latitude, longitude) != (0, 0));
            let written = |micro: i64| {
                format!("{}{}.{:06}", if micro < 0 { "-" } else { "" }, micro.abs() / 1_000_000,
                    micro.abs() % 1_000_000)
            };
            let (a, b) = (written(latitude), written(longitude));
            let letter = |micro: i64, [plus, minus]: [char; 2]| if micro < 0 { minus } else { plus };
            let (north, east) = (letter(latitude, ['N', 'S']), letter(longitude, ['E', 'W']));
            let expected =
                Some(format!("{},{}", decimal_degrees(latitude), decimal_degrees(longitude)));
            for spelling in [
                format!("{a},{b}"),
                format!("{a}; {b}"),
                format!("{}{north} {}{east}", a.trim_start_matches('-'), b.trim_start_matches('-')),
                format!("geo:{a},{b}"),
                format!("POINT({b} {a})"),
            ] {
                prop_assert_eq!(&read(&spelling), &expected, "{}", spelling);
                let text = format!("at {spelling}, there");
                prop_assert_eq!(found(&text), Some(&*spelling), "{}", text);
            }
        }

        #[test]
        fn what_is_plain_is_read_as_any_other(
            text in "-?[0-9]{1,4}\\.[0-9]{0,19}|[+-]?[0-9]{0,3}[.,]?[0-9]{0,6}[ NE°]?",
        ) {
            if let Some(plain) = Degrees::plain(&text) {
                let said = |it: &Degrees<'_>| {
                    (it.is_negative, it.whole.to_owned(), it.decimals.to_owned(), it.letter)
                };
                let read = Degrees::read(&text, false).map(|(degrees, rest)| (said(&degrees), rest));
                prop_assert_eq!(read, Some((said(&plain), "")));
            }
        }

        #[test]
        fn minutes_and_seconds_agree_with_decimal_degrees(
            degrees in 0i64..90, minutes in 0i64..60, seconds in 0i64..60,
        ) {
            prop_assume!((degrees, minutes, seconds) != (0, 0, 0));
            let text = format!("{degrees}°{minutes}'{seconds}\"N {degrees}°{minutes}'{seconds}\"E");
            let total = (degrees * 3600 + minutes * 60 + seconds) * 1_000_000;
            let one = decimal_degrees((total + 1800) / 3600);
            prop_assert_eq!(read(&text), Some(format!("{one},{one}")));
        }

        #[test]
        fn any_text_is_read_without_a_panic(
            text in "(geo:|POINT\\(|)[-0-9.,;°'\"NSEW )é]{0,40}",
            bytes in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            for text in [text.as_bytes(), &bytes] {
                let _ = (parse(text), is_shape(text));
                for at in 0..=text.len() {
                    prop_assert!(find(text, at).is_none_or(|(span, _)| span.end <= text.len()));
                }
            }
        }
    }
}
