//! Typed values as the text that rules read: numbers in decimal, addresses and dates in their
//! standard form.
//!
//! What a value is rendered as does not follow from its type alone (an integer may be a telephone
//! number or an address), so the caller chooses; nothing here knows why.

use std::io::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Span};

use super::file::Value;
use super::schema::{LeafClass, Number, TimeUnit};

/// How the values of a leaf are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendering {
    /// Bytes, as they are.
    Text,
    /// Whole numbers, in decimal. Other numbers are not spelled: no identifier has a fraction.
    Whole(Number),
    /// Numbers in decimal with what is behind the point: of decimals as many digits as their scale,
    /// of floating-point numbers as few as tell them apart.
    Fraction(Number),
    /// Whole numbers of 32 bits, signed or not, as the dotted quad of the IPv4 address they stand
    /// for. Those that are no host's are not spelled: `0.0.0.0/8` (RFC 6890), since small integers
    /// are numbers, and what is beyond `223.255.255.255` (RFC 5771, RFC 1112), since -1 stands for
    /// nothing.
    Quad(Number),
    /// Four bytes as the IPv4 address they are in network order, sixteen as the IPv6 address
    /// (RFC 5952).
    Address,
    /// Dates, and points in time at midnight, as ISO 8601 has them: `1980-05-03`. Those before the
    /// year 0 and after the year 9999 are not spelled.
    Date(TimeUnit),
}

/// The largest integer up to which binary floating-point numbers of 64 bits have all of them.
const MAX_WHOLE_FLOAT: f64 = 9_007_199_254_740_992.0;
const NANOS_PER_DAY: i64 = 86_400_000_000_000;
/// The Julian number of the first of January 1970.
const JULIAN_EPOCH: i64 = 2_440_588;

impl Rendering {
    /// The text of `value`, which may lie in `buffer`; nothing where it is not spelled.
    #[must_use]
    pub fn text<'t>(self, value: Value<'t>, buffer: &'t mut Vec<u8>) -> Option<&'t [u8]> {
        buffer.clear();
        // Writing to memory does not fail.
        let _ = match self {
            Self::Text => {
                let Value::Bytes(bytes) = value else { return None };
                return Some(bytes);
            }
            Self::Whole(number) => match number.whole(value)? {
                small if let Ok(small) = i64::try_from(small) => {
                    put_decimal(small, buffer);
                    Ok(())
                }
                large => write!(buffer, "{large}"),
            },
            Self::Fraction(number) => return number.fraction(value, buffer),
            Self::Quad(number) => write!(buffer, "{}", quad(number.whole(value)?)?),
            Self::Address => match value {
                Value::Bytes(&[a, b, c, d]) => write!(buffer, "{}", Ipv4Addr::new(a, b, c, d)),
                Value::Bytes(bytes) => {
                    let octets: [u8; 16] = bytes.try_into().ok()?;
                    write!(buffer, "{}", Ipv6Addr::from(octets))
                }
                _ => return None,
            },
            Self::Date(unit) => write!(buffer, "{}", date(unit.days(value)?)?),
        };
        Some(buffer)
    }
}

impl LeafClass {
    /// A number or a point in time in full, whatever it is, in `buffer`: decimals with as many digits as
    /// their scale, points in time as `1980-05-03T12:30:00.5`, without a zone. Nothing for bytes, for
    /// decimals of more than 128 bits, and for what is before the year 0 or after the year 9999.
    #[must_use]
    pub fn spelled<'t>(self, value: Value<'_>, buffer: &'t mut Vec<u8>) -> Option<&'t [u8]> {
        buffer.clear();
        // Writing to memory does not fail.
        let _ = match (self, value) {
            (Self::Number(_), Value::Float(float)) if !float.is_finite() => {
                write!(buffer, "{float}")
            }
            (Self::Number(number), value) => return number.fraction(value, buffer),
            (Self::Date(TimeUnit::Days), value) => {
                write!(buffer, "{}", date(TimeUnit::Days.days(value)?)?)
            }
            (Self::Date(unit), value) => {
                let (days, nanos) = unit.split(value)?;
                let time = Time::midnight().wrapping_add(SignedDuration::from_nanos(nanos));
                write!(buffer, "{}", date(days)?.to_datetime(time))
            }
            _ => return None,
        };
        Some(buffer)
    }
}

impl Number {
    /// How many digits its values have at most before the decimal point.
    ///
    /// For floating-point numbers: as many as are exact.
    #[must_use]
    pub fn digits(self) -> u32 {
        match self {
            Self::Signed(8) | Self::Unsigned(8) => 3,
            Self::Signed(16) | Self::Unsigned(16) => 5,
            Self::Signed(32) | Self::Unsigned(32) => 10,
            Self::Signed(_) | Self::Unsigned(_) => 20,
            Self::Decimal { precision, scale } => precision.saturating_sub(scale),
            Self::Float => 8,
            Self::Double => 16,
        }
    }

    /// The number that `value` is, if it is whole; of floating-point numbers up to 2^53, behind
    /// which not every whole number has one.
    #[must_use]
    pub fn whole(self, value: Value<'_>) -> Option<i128> {
        match self.split(value)? {
            (whole, true) => Some(whole),
            (_, false) => None,
        }
    }

    /// A number in decimal, with what is behind the point.
    fn fraction<'t>(self, value: Value<'_>, buffer: &'t mut Vec<u8>) -> Option<&'t [u8]> {
        let _ = match (self, value) {
            (_, Value::Float(float)) if !float.is_finite() => return None,
            #[expect(clippy::cast_possible_truncation, reason = "it was widened before")]
            (Self::Float, Value::Float(float)) => write!(buffer, "{}", float as f32),
            (Self::Double, Value::Float(float)) => {
                put_float(float, buffer);
                Ok(())
            }
            (Self::Decimal { scale, .. }, value) => {
                let unscaled = match value {
                    Value::Integer(integer) => integer.into(),
                    Value::Bytes(bytes) => big_endian(bytes)?,
                    _ => return None,
                };
                let one = 10_u128.checked_pow(scale)?;
                let (whole, rest) = (unscaled.unsigned_abs() / one, unscaled.unsigned_abs() % one);
                let sign = if unscaled < 0 { "-" } else { "" };
                match scale as usize {
                    0 => write!(buffer, "{sign}{whole}"),
                    digits => write!(buffer, "{sign}{whole}.{rest:0digits$}"),
                }
            }
            _ => write!(buffer, "{}", self.whole(value)?),
        };
        Some(buffer)
    }

    /// Whether a number and all that lie between it and 0 are smaller than `limit`.
    ///
    /// False for what is no number.
    #[must_use]
    pub fn is_below(self, limit: u32, value: Value<'_>) -> bool {
        match (self, value) {
            // Nearly all numbers are one of these.
            (Self::Signed(_), Value::Integer(integer)) => integer.unsigned_abs() < u64::from(limit),
            (Self::Float | Self::Double, Value::Float(float)) => float.abs() < f64::from(limit),
            _ => self.split(value).is_some_and(|(whole, _)| whole.unsigned_abs() < limit.into()),
        }
    }

    /// The whole part of a number, and whether there is no other.
    fn split(self, value: Value<'_>) -> Option<(i128, bool)> {
        match (self, value) {
            (Self::Signed(_), Value::Integer(integer)) => Some((integer.into(), true)),
            (Self::Unsigned(64), Value::Integer(integer)) => {
                Some((integer.cast_unsigned().into(), true))
            }
            (Self::Unsigned(_), Value::Integer(integer)) => {
                // Widened as if signed: the lower half is the value.
                Some((i128::from(integer.cast_unsigned() & u64::from(u32::MAX)), true))
            }
            (Self::Decimal { scale, .. }, Value::Integer(integer)) => {
                Some(split_decimal(integer.into(), scale))
            }
            (Self::Decimal { scale, .. }, Value::Bytes(bytes)) => {
                Some(split_decimal(big_endian(bytes)?, scale))
            }
            (Self::Float | Self::Double, Value::Float(float)) if !float.is_nan() => {
                // Saturates; then it is not whole.
                #[expect(clippy::cast_possible_truncation, reason = "the whole part is wanted")]
                let whole = float as i128;
                Some((whole, float.trunc() == float && float.abs() <= MAX_WHOLE_FLOAT))
            }
            _ => None,
        }
    }
}

impl TimeUnit {
    /// How many of them a day has; nothing where points in time are no numbers.
    #[must_use]
    pub fn per_day(self) -> Option<i64> {
        match self {
            Self::Days => Some(1),
            Self::Millis => Some(86_400_000),
            Self::Micros => Some(86_400_000_000),
            Self::Nanos => Some(86_400_000_000_000),
            Self::JulianDay => None,
        }
    }

    /// Days since the first of January 1970, of a point in time at midnight.
    fn days(self, value: Value<'_>) -> Option<i64> {
        self.split(value).filter(|(_, nanos)| *nanos == 0).map(|(days, _)| days)
    }

    /// Days since the first of January 1970, and nanoseconds since midnight.
    fn split(self, value: Value<'_>) -> Option<(i64, i64)> {
        if let (Self::JulianDay, Value::Instant { day, nanos }) = (self, value) {
            let nanos = i64::try_from(nanos).ok().filter(|nanos| *nanos < NANOS_PER_DAY)?;
            return Some((i64::from(day) - JULIAN_EPOCH, nanos));
        }
        let per_day = self.per_day()?;
        let Value::Integer(count) = value else { return None };
        Some((count.div_euclid(per_day), count.rem_euclid(per_day) * (NANOS_PER_DAY / per_day)))
    }
}

/// Spells a finite number in as few digits as tell it apart, without an exponent.
fn put_float(float: f64, buffer: &mut Vec<u8>) {
    let mut spelled = zmij::Buffer::new();
    let spelled = spelled.format_finite(float);
    if spelled.contains('e') {
        // Writing to memory does not fail.
        let _ = write!(buffer, "{float}");
    } else {
        buffer.extend_from_slice(spelled.strip_suffix(".0").unwrap_or(spelled).as_bytes());
    }
}

/// Spells a number, which is faster than formatting it: columns are full of them.
fn put_decimal(number: i64, buffer: &mut Vec<u8>) {
    // Nineteen digits and a sign.
    let mut spelled = [0; 20];
    let mut start = spelled.len();
    let mut left = number.unsigned_abs();
    // Two at a time: each division waits for the one before.
    while left >= 10 {
        let two = (left % 100) as u8;
        left /= 100;
        start -= 2;
        spelled[start] = b'0' + two / 10;
        spelled[start + 1] = b'0' + two % 10;
    }
    if left > 0 || start == spelled.len() {
        start -= 1;
        spelled[start] = b'0' + left as u8;
    }
    if number < 0 {
        start -= 1;
        spelled[start] = b'-';
    }
    buffer.extend_from_slice(&spelled[start..]);
}

/// The whole part of an integer times ten to the power of `-scale`, and whether there is no other.
fn split_decimal(unscaled: i128, scale: u32) -> (i128, bool) {
    match 10_i128.checked_pow(scale) {
        Some(one) => (unscaled / one, unscaled % one == 0),
        // Smaller than one, all of them.
        None => (0, unscaled == 0),
    }
}

/// The integer of these bytes, the highest first, in two's complement; nothing where it takes more
/// than 128 bits.
///
/// # Source
/// Parquet `LogicalTypes.md`, "DECIMAL". No bytes at all are 0: some writers store it so.
fn big_endian(bytes: &[u8]) -> Option<i128> {
    let fill = if bytes.first().is_some_and(|first| first & 0x80 != 0) { 0xff } else { 0 };
    let (padding, low) = bytes.split_at(bytes.len().saturating_sub(16));
    let mut wide = [fill; 16];
    wide[16 - low.len()..].copy_from_slice(low);
    let integer = i128::from_be_bytes(wide);
    let fits = padding.iter().all(|byte| *byte == fill) && (integer < 0) == (fill == 0xff);
    fits.then_some(integer)
}

/// The address that an integer stands for.
fn quad(integer: i128) -> Option<Ipv4Addr> {
    let bits = u32::try_from(integer)
        .ok()
        // Where integers are signed, so are addresses from 128.0.0.0 on.
        .or_else(|| i32::try_from(integer).ok().map(i32::cast_unsigned))?;
    let address = Ipv4Addr::from_bits(bits);
    (1..=223).contains(&address.octets()[0]).then_some(address)
}

/// The date so many days after the first of January 1970.
fn date(days: i64) -> Option<Date> {
    let span = Span::new().try_days(days).ok()?;
    let epoch = Date::constant(1970, 1, 1);
    epoch.checked_add(span).ok().filter(|date| date.year() >= 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(rendering: Rendering, value: Value<'_>) -> Option<String> {
        let mut buffer = b"what was there before".to_vec();
        let text = rendering.text(value, &mut buffer)?;
        Some(String::from_utf8(text.to_vec()).unwrap())
    }

    fn number(number: Number, value: Value<'_>) -> Option<String> {
        text(Rendering::Whole(number), value)
    }

    fn decimal(scale: u32) -> Number {
        Number::Decimal { precision: 38, scale }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn numbers_and_times_are_spelled_in_full() {
        let spelled = |class: LeafClass, value| {
            let mut buffer = b"what was there before".to_vec();
            class.spelled(value, &mut buffer).map(|it| String::from_utf8(it.to_vec()).unwrap())
        };
        let number = |of, value| spelled(LeafClass::Number(of), value);
        assert_eq!(number(Number::Signed(64), Value::Integer(-3)), some("-3"));
        assert_eq!(number(decimal(2), Value::Integer(500)), some("5.00"));
        assert_eq!(number(decimal(2), Value::Bytes(&[4, 0xe2])), some("12.50"));
        assert_eq!(number(Number::Double, Value::Float(12.5)), some("12.5"));
        assert_eq!(number(Number::Double, Value::Float(f64::NAN)), some("NaN"));
        assert_eq!(number(Number::Double, Value::Float(f64::NEG_INFINITY)), some("-inf"));
        let time = |unit, count| spelled(LeafClass::Date(unit), Value::Integer(count));
        assert_eq!(time(TimeUnit::Days, -1), some("1969-12-31"));
        assert_eq!(time(TimeUnit::Millis, -500), some("1969-12-31T23:59:59.5"));
        assert_eq!(time(TimeUnit::Micros, 0), some("1970-01-01T00:00:00"));
        assert_eq!(time(TimeUnit::Nanos, 1), some("1970-01-01T00:00:00.000000001"));
        assert_eq!(time(TimeUnit::Days, i64::MAX), None);
        let of_day = |nanos| {
            let instant = Value::Instant { day: 2_440_588, nanos };
            spelled(LeafClass::Date(TimeUnit::JulianDay), instant)
        };
        assert_eq!(of_day(3_600_000_000_000), some("1970-01-01T01:00:00"));
        assert_eq!(of_day(u64::MAX), None);
        assert_eq!(spelled(LeafClass::Binary, Value::Bytes(b"x")), None);
    }

    #[test]
    fn integers_are_spelled_in_decimal_by_their_sign() {
        let signed = |value| number(Number::Signed(64), Value::Integer(value));
        assert_eq!(signed(i64::MIN), some("-9223372036854775808"));
        assert_eq!(signed(33_199_001_234), some("33199001234"));
        for number in [0, 9, 10, -1, -10, i64::MAX] {
            assert_eq!(signed(number), Some(number.to_string()));
        }
        let unsigned = |bits, value| number(Number::Unsigned(bits), Value::Integer(value));
        assert_eq!(unsigned(64, -1), some("18446744073709551615"));
        assert_eq!(unsigned(32, -1), some("4294967295"));
        assert_eq!(unsigned(32, 7), some("7"));
    }

    #[test]
    fn decimals_are_spelled_where_they_are_whole() {
        let of = |scale, value| number(decimal(scale), Value::Integer(value));
        assert_eq!(of(0, 199_001_234), some("199001234"));
        assert_eq!(of(2, 19_900_123_400), some("199001234"));
        assert_eq!(of(2, 19_900_123_410), None);
        assert_eq!(of(2, -100), some("-1"));
        assert_eq!((of(99, 1), of(99, 0)), (None, some("0")));
        let of_bytes = |bytes: &[u8]| number(decimal(2), Value::Bytes(bytes));
        assert_eq!(of_bytes(&[0x01, 0x90]), some("4"));
        assert_eq!(of_bytes(&[0xff, 0x38]), some("-2"));
        assert_eq!(of_bytes(&[]), some("0"));
        assert_eq!(of_bytes(&[&[0; 40][..], &[0x01, 0x90]].concat()), some("4"));
        assert_eq!(of_bytes(&[&[0xff; 40][..], &[0x38]].concat()), some("-2"));
        // Seventeen bytes that mean something.
        assert_eq!(of_bytes(&[&[0; 4][..], &[0x80; 16]].concat()), None);
        assert_eq!(of_bytes(&[&[1][..], &[0; 16]].concat()), None);
    }

    #[test]
    fn floats_are_spelled_where_they_are_whole_and_exact() {
        let of = |value| number(Number::Double, Value::Float(value));
        assert_eq!(of(33_199_001_234.0), some("33199001234"));
        assert_eq!(of(-0.0), some("0"));
        assert_eq!(of(9_007_199_254_740_992.0), some("9007199254740992"));
        for other in [0.5, 1e16, -1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324] {
            assert_eq!(of(other), None);
        }
    }

    #[test]
    fn fractions_are_spelled_with_the_digits_they_have() {
        let of = |number, value| text(Rendering::Fraction(number), value);
        assert_eq!(of(Number::Double, Value::Float(48.8566)), some("48.8566"));
        assert_eq!(of(Number::Double, Value::Float(-1e-7)), some("-0.0000001"));
        assert_eq!(of(Number::Float, Value::Float(48.8566_f32.into())), some("48.8566"));
        assert_eq!(of(Number::Double, Value::Float(f64::NAN)), None);
        assert_eq!(of(decimal(4), Value::Integer(-20_500)), some("-2.0500"));
        assert_eq!(of(decimal(4), Value::Bytes(&[0xff])), some("-0.0001"));
        assert_eq!(of(decimal(0), Value::Integer(7)), some("7"));
        assert_eq!(of(Number::Signed(32), Value::Integer(7)), some("7"));
    }

    proptest! {
        #[test]
        fn numbers_are_spelled_as_shortly_as_they_can_be(bits: u64, degrees in -180.0..180.0) {
            for float in [f64::from_bits(bits), degrees, degrees.trunc(), degrees * 1e-6] {
                if float.is_finite() {
                    let fraction = Rendering::Fraction(Number::Double);
                    let text = text(fraction, Value::Float(float)).unwrap_or_default();
                    // Of two that are as short and as near, the standard library takes another.
                    prop_assert_eq!(text.len(), float.to_string().len());
                    prop_assert_eq!(text.parse(), Ok(float));
                }
            }
            let integer = bits.cast_signed();
            prop_assert_eq!(
                number(Number::Signed(64), Value::Integer(integer)),
                Some(integer.to_string())
            );
        }
    }

    #[test]
    fn integers_of_32_bits_are_spelled_as_addresses() {
        let of = |value| text(Rendering::Quad(Number::Signed(64)), Value::Integer(value));
        assert_eq!(of(0xc000_0201), some("192.0.2.1"));
        assert_eq!(of(0xc000_0201 - (1 << 32)), some("192.0.2.1"));
        assert_eq!(of(0x0100_0000), some("1.0.0.0"));
        for none in [0, -1, 0x00ff_ffff, 0xe000_0000, 1 << 32, -(1 << 31) - 1, i64::MIN] {
            assert_eq!(of(none), None);
        }
        let unsigned = Rendering::Quad(Number::Unsigned(32));
        assert_eq!(text(unsigned, Value::Integer(0xc000_0201 - (1 << 32))), some("192.0.2.1"));
    }

    #[test]
    fn bytes_in_network_order_are_spelled_as_addresses() {
        let of = |bytes: &[u8]| text(Rendering::Address, Value::Bytes(bytes));
        assert_eq!(of(&[192, 0, 2, 1]), some("192.0.2.1"));
        let documentation: Ipv6Addr = "2001:db8::8:800:200c:417a".parse().unwrap();
        assert_eq!(of(&documentation.octets()), some("2001:db8::8:800:200c:417a"));
        let mapped: Ipv6Addr = "::ffff:192.0.2.1".parse().unwrap();
        assert_eq!(of(&mapped.octets()), some("::ffff:192.0.2.1"));
        assert_eq!((of(&[]), of(&[1; 5]), of(&[1; 17])), (None, None, None));
        assert_eq!(text(Rendering::Address, Value::Integer(1)), None);
    }

    #[test]
    fn dates_are_spelled_and_points_in_time_only_at_midnight() {
        let of = |unit, value| text(Rendering::Date(unit), Value::Integer(value));
        assert_eq!(of(TimeUnit::Days, 0), some("1970-01-01"));
        assert_eq!(of(TimeUnit::Days, -1), some("1969-12-31"));
        assert_eq!(of(TimeUnit::Days, 11_016), some("2000-02-29"));
        assert_eq!(of(TimeUnit::Days, -719_528), some("0000-01-01"));
        assert_eq!(of(TimeUnit::Days, -719_529), None);
        assert_eq!(of(TimeUnit::Days, 2_932_896), some("9999-12-31"));
        assert_eq!(of(TimeUnit::Days, 2_932_897), None);
        assert_eq!(of(TimeUnit::Days, i32::MIN.into()), None);
        assert_eq!(of(TimeUnit::Millis, -86_400_000), some("1969-12-31"));
        assert_eq!(of(TimeUnit::Millis, -86_400_001), None);
        assert_eq!(of(TimeUnit::Micros, 86_400_000_000), some("1970-01-02"));
        assert_eq!(of(TimeUnit::Nanos, 86_400_000_000_000), some("1970-01-02"));
        assert_eq!(of(TimeUnit::Nanos, 1), None);
        let old =
            |day, nanos| text(Rendering::Date(TimeUnit::JulianDay), Value::Instant { day, nanos });
        assert_eq!(old(2_440_589, 0), some("1970-01-02"));
        assert_eq!((old(2_440_589, 1), old(u32::MAX, 0)), (None, None));
    }

    #[test]
    fn a_limit_is_on_the_whole_part_whatever_its_sign() {
        let below = |number: Number, value| number.is_below(1000, value);
        let signed = |value| below(Number::Signed(64), Value::Integer(value));
        assert!(signed(999) && signed(-999) && !signed(1000) && !signed(-1000));
        assert!(!below(Number::Unsigned(64), Value::Integer(-1)));
        let double = |value| below(Number::Double, Value::Float(value));
        assert!(double(999.9) && double(-0.1) && !double(1000.0) && !double(f64::NAN));
        assert!(!double(f64::INFINITY) && !double(f64::NEG_INFINITY));
        assert!(below(decimal(2), Value::Integer(99_999)));
        assert!(!below(decimal(2), Value::Integer(100_000)));
    }

    /// The text of a decimal by moving the point in the text of the integer.
    fn by_text(unscaled: i128, scale: u32) -> Option<String> {
        let sign = if unscaled < 0 { "-" } else { "" };
        let digits = unscaled.unsigned_abs().to_string();
        let padded = format!("{digits:0>width$}", width = scale as usize + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale as usize);
        let is_whole = fraction.bytes().all(|b| b == b'0');
        let text = if whole == "0" { whole.to_owned() } else { format!("{sign}{whole}") };
        is_whole.then_some(text)
    }

    proptest! {
        #[test]
        fn decimals_are_what_moving_the_point_gives(
            unscaled: i128,
            zeros in 0_u32..38,
            scale in 0_u32..60,
            padding in 0_usize..4,
        ) {
            let unscaled = unscaled / 10_i128.pow(zeros) * 10_i128.pow(zeros);
            let fill = if unscaled < 0 { 0xff } else { 0 };
            let bytes = [&vec![fill; padding][..], &unscaled.to_be_bytes()].concat();
            let expected = by_text(unscaled, scale);
            prop_assert_eq!(number(decimal(scale), Value::Bytes(&bytes)), expected.clone());
            if let Ok(short) = i64::try_from(unscaled) {
                prop_assert_eq!(number(decimal(scale), Value::Integer(short)), expected);
            }
        }

        #[test]
        fn whole_floats_are_their_integers(integer in -(1_i64 << 53)..=1 << 53) {
            #[expect(clippy::cast_precision_loss, reason = "within 53 bits")]
            let float = integer as f64;
            prop_assert_eq!(number(Number::Double, Value::Float(float)), Some(integer.to_string()));
        }

        #[test]
        fn dates_are_what_they_say(days in -719_528_i64..=2_932_896) {
            let spelled = text(Rendering::Date(TimeUnit::Days), Value::Integer(days)).unwrap();
            let read: Date = spelled.parse().unwrap();
            let since = read.since(Date::constant(1970, 1, 1)).unwrap();
            prop_assert_eq!((spelled.len(), i64::from(since.get_days())), (10, days));
        }

        #[test]
        fn whole_numbers_are_spelled_as_they_are(integer: i64, digits in 0_u32..19) {
            let short = integer % 10_i64.pow(digits);
            for integer in [integer, short] {
                let spelled = number(Number::Signed(64), Value::Integer(integer));
                prop_assert_eq!(spelled, Some(integer.to_string()));
            }
        }

        #[test]
        fn what_is_below_a_limit_has_a_smaller_whole_part(
            integer in -1000_i64..1000,
            float in -1000.0_f64..1000.0,
            bits: u64,
            limit in 0_u32..1000,
        ) {
            let floats = [float, float.trunc(), f64::from_bits(bits)];
            let values = floats.map(|float| (Number::Double, Value::Float(float)));
            for (number, value) in [(Number::Signed(64), Value::Integer(integer))].into_iter().chain(values) {
                let whole = number.split(value).map(|(whole, _)| whole.unsigned_abs());
                let is_below = whole.is_some_and(|whole| whole < limit.into());
                prop_assert_eq!(number.is_below(limit, value), is_below);
            }
        }

        #[test]
        fn no_value_makes_a_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..40),
            integer: i64,
            bits: u64,
            day: u32,
            nanos: u64,
            scale: u32,
            width: u8,
        ) {
            let numbers = [
                Number::Signed(width),
                Number::Unsigned(width),
                decimal(scale),
                Number::Float,
                Number::Double,
            ];
            let units = [
                TimeUnit::Days,
                TimeUnit::Millis,
                TimeUnit::Micros,
                TimeUnit::Nanos,
                TimeUnit::JulianDay,
            ];
            let renderings = [Rendering::Text, Rendering::Address]
                .into_iter()
                .chain(numbers.map(Rendering::Whole))
                .chain(numbers.map(Rendering::Fraction))
                .chain(numbers.map(Rendering::Quad))
                .chain(units.map(Rendering::Date));
            for rendering in renderings {
                for value in [
                    Value::Bytes(&bytes),
                    Value::Integer(integer),
                    Value::Float(f64::from_bits(bits)),
                    Value::Instant { day, nanos },
                ] {
                    let _ = rendering.text(value, &mut Vec::new());
                }
            }
        }
    }
}
