//! What the values of a field look like together, and with which functions they could be made.

use super::field::Distinct;
use super::form::Form;
use super::function::Function;

/// The share of a field's values that have the leading form: below it a field is of something else.
const MIN_SHARE: f64 = 0.8;

/// How an opaque field is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Looks {
    pub(super) form: Form,
    /// Bits of a digest in it; 0 where it is none.
    pub(super) bits: u32,
    /// Which functions could have made it, the likely ones first.
    pub(super) functions: Vec<Function>,
}

impl Looks {
    /// Nothing where the values are not opaque: `of` is how many values the field has in all.
    pub(super) fn of(form: Form, distinct: &Distinct, of: u64) -> Option<Self> {
        let sorted = distinct.sorted();
        let bodies: Vec<&[u8]> = sorted.iter().map(|(body, _)| *body).collect();
        if (distinct.values() as f64) < MIN_SHARE * of as f64 || bodies.is_empty() {
            return None;
        }
        let bits = match form {
            Form::Hex(_) if !is_hex(&bodies) => return None,
            Form::Base64(_) if !is_base64(&bodies) => return None,
            Form::Digits => bits_of_numbers(&bodies)?,
            Form::Token => 0,
            // Random and time-ordered ones are no digest, whatever made them.
            Form::Uuid if is_versioned(&bodies) => 0,
            form => form.bits(),
        };
        Some(Self { form, bits, functions: functions(bits) })
    }

    /// `SHA-256 in hex`, by the length alone.
    pub(super) fn name(&self) -> String {
        let written = match self.form {
            Form::Hex(_) => "in hex",
            Form::Base64(_) => "in base64",
            Form::Digits => "as a number",
            Form::Bytes(_) => "as bytes",
            Form::Uuid => "as a UUID",
            Form::Token => return "loup token".to_owned(),
        };
        match self.functions.first() {
            Some(first) if first.bits() == self.bits => format!("{} {written}", first.name()),
            Some(_) => format!("{} bits {written}", self.bits),
            None => "UUID".to_owned(),
        }
    }
}

/// The functions whose digest has so many bits, then those whose digest is cut to them.
fn functions(bits: u32) -> Vec<Function> {
    if bits < 32 {
        return Vec::new();
    }
    let whole = Function::ALL.into_iter().filter(|function| function.bits() == bits);
    // The usual ones first: SHA-224 and SHA-384 are cut from others as it is.
    let cut = [Function::Sha256, Function::Md5, Function::Sha1, Function::Sha512]
        .into_iter()
        .filter(|function| function.is_cut() && function.bits() > bits);
    whole.chain(cut).collect()
}

/// How many different characters a text of random ones has at least, whatever chance does: half of
/// those that there are, or of those that are written.
fn is_diverse(bodies: &[&[u8]], alphabet: usize) -> bool {
    let mut seen = [false; 256];
    let mut written = 0;
    for byte in bodies.iter().take(256).flat_map(|body| body.iter()) {
        seen[usize::from(byte.to_ascii_lowercase())] = true;
        written += 1;
    }
    let seen = seen.iter().filter(|seen| **seen).count();
    2 * seen >= alphabet.min(written)
}

/// Most values of a few random digits have a letter among them, and a digit.
fn is_hex(bodies: &[&[u8]]) -> bool {
    let is_mixed = |body: &&&[u8]| {
        body.iter().any(u8::is_ascii_alphabetic) && body.iter().any(u8::is_ascii_digit)
    };
    2 * bodies.iter().filter(is_mixed).count() > bodies.len() && is_diverse(bodies, 16)
}

/// Most values have a digit, and letters of both cases in no order.
fn is_base64(bodies: &[&[u8]]) -> bool {
    let is_mixed = |body: &&&[u8]| {
        let changes = body.windows(2).filter(|two| {
            two[0].is_ascii_uppercase() != two[1].is_ascii_uppercase()
                && two[0].is_ascii_alphabetic()
                && two[1].is_ascii_alphabetic()
        });
        5 * changes.count() > body.len() - 1 || body.iter().any(u8::is_ascii_digit)
    };
    2 * bodies.iter().filter(is_mixed).count() > bodies.len() && is_diverse(bodies, 36)
}

/// Numbers of 64 bits if nearly all of them need as many, of 32 if half of them do.
fn bits_of_numbers(bodies: &[&[u8]]) -> Option<u32> {
    let number = |body: &&[u8]| std::str::from_utf8(body).ok()?.parse::<i128>().ok();
    let numbers: Vec<i128> = bodies.iter().filter_map(number).collect();
    let count = |is_one: fn(&i128) -> bool| numbers.iter().filter(|n| is_one(n)).count();
    let wide = count(|n| n.unsigned_abs() >= 1 << 56);
    let beyond = count(|n| *n < i128::from(i64::MIN) || *n > i128::from(u64::MAX));
    let upper = count(|n| *n < 0 || *n > i128::from(i64::MAX));
    if beyond == 0 && 10 * wide >= 9 * numbers.len() && 5 * upper >= numbers.len() {
        return Some(64);
    }
    let in_32 = count(|n| (0..1 << 32).contains(n));
    let upper = count(|n| *n >= 1 << 31);
    let is_32 = in_32 == numbers.len() && numbers.len() >= 8 && 5 * upper >= 2 * numbers.len();
    is_32.then_some(32)
}

/// Whether all UUIDs say that they are random or made of a time (RFC 9562).
fn is_versioned(bodies: &[&[u8]]) -> bool {
    bodies.iter().all(|body| {
        matches!(body[14], b'1' | b'4' | b'6' | b'7')
            && matches!(body[19], b'8' | b'9' | b'a' | b'b' | b'A' | b'B')
    })
}

#[cfg(test)]
mod tests {
    use super::super::field::FieldValues;
    use super::super::function::Function;
    use super::*;

    fn looks(values: impl IntoIterator<Item = String>) -> Option<Looks> {
        let mut field = FieldValues::default();
        values.into_iter().for_each(|value| field.add(value.as_bytes(), false, 1));
        let of = field.values();
        let (form, distinct) = field.leading()?;
        Looks::of(form, &distinct, of)
    }

    fn digests(function: Function, bytes: usize) -> impl Iterator<Item = Vec<u8>> {
        (0..50).map(move |n: u32| function.digest(n.to_string().as_bytes())[..bytes].to_vec())
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_length_says_which_function_it_could_be() {
        for (function, bytes, first) in [
            (Function::Crc32, 4, Function::Crc32),
            (Function::Farm64, 8, Function::Farm64),
            (Function::Md5, 16, Function::Md5),
            (Function::Sha1, 20, Function::Sha1),
            (Function::Sha256, 32, Function::Sha256),
            (Function::Sha256, 10, Function::Sha256),
            (Function::Sha512, 64, Function::Sha512),
        ] {
            let looks = looks(digests(function, bytes).map(|digest| hex(&digest))).unwrap();
            assert_eq!(looks.functions[0], first, "{bytes}");
        }
    }

    #[test]
    fn numbers_are_fingerprints_where_they_fill_their_bits() {
        let fingerprints = digests(Function::Farm64, 8)
            .map(|d| i64::from_be_bytes(d.try_into().unwrap()).to_string());
        assert_eq!(looks(fingerprints).unwrap().bits, 64);
        let sums = digests(Function::Crc32, 4)
            .map(|d| u32::from_be_bytes(d.try_into().unwrap()).to_string());
        assert_eq!(looks(sums).unwrap().bits, 32);
        // Numbers of telephones, days, orders, and time stamps in nanoseconds.
        assert_eq!(looks((0..50).map(|n| format!("0639980{n:03}"))), None);
        assert_eq!(looks((0..50).map(|n| format!("202411{:02}", n % 30))), None);
        assert_eq!(looks((0..50).map(|n| format!("{}", 1_000_000_000 + n))), None);
        assert_eq!(looks((0..50).map(|n| format!("{}", 1_700_000_000_000_000_000_i64 + n))), None);
    }

    #[test]
    fn words_are_no_digests() {
        for words in [
            &["Jean-Baptiste", "Marie-Therese", "AlexandreDumas"][..],
            &["CustomerSegmentA", "CustomerSegmentB"],
            &["deadbeef", "cafebabe", "deadbeef"],
            &["a@example.com"],
        ] {
            assert_eq!(looks(words.iter().map(|word| (*word).to_owned())), None, "{words:?}");
        }
    }

    #[test]
    fn a_uuid_of_a_digest_has_no_version() {
        let random = (0..50).map(|n| format!("{n:08x}-1234-4abc-9def-00112233{n:04x}"));
        let looks_random = looks(random).unwrap();
        assert_eq!((looks_random.bits, looks_random.functions.len()), (0, 0));
        let cast = digests(Function::Md5, 16).map(|digest| {
            let hex = hex(&digest);
            [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
        });
        assert_eq!(looks(cast).unwrap().functions[0], Function::Md5);
    }
}
