//! Postal addresses.
//!
//! A cell is an address by its structure: a street (a word such as `rue`, `Street` or `ul.`, or a
//! name beside a number) and a city with its postcode, in any order, on one line or several. In
//! running text ([`find`]) the street's word, a number and a postcode are all required.
//!
//! # Source
//! Universal Postal Union, addressing systems by country; the forms of the countries are in
//! `words.rs` and `token.rs`.

mod cjk;
mod find;
mod token;
mod words;

pub use find::{find, is_likely};

pub(in crate::kind) use words::STREETS;

use super::casefold;
use token::{Kind, Token};

/// How much speaks for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// A name beside a number: a street in a column of streets, and much else elsewhere.
    Shape,
    /// A street without a number, or a number and a name whose last word may be a street.
    Weak,
    /// A street with its number, or a street and a city with its postcode.
    Strong,
}

/// Longer cells are no addresses, in bytes and in words.
const MAX_LEN: usize = 300;
const MAX_WORDS: usize = 40;

/// Reads a cell of a field that is of addresses: whatever has the form of one.
#[must_use]
pub fn parsed(value: &[u8]) -> Option<super::Parsed> {
    let text = std::str::from_utf8(super::trim(value)).ok()?;
    is_shape(value).then(|| super::Parsed::weak(casefold::canonical(text).0))
}

/// Whether a cell is written as addresses are: several words, one of them with a digit or a letter
/// that is no sign of code. Cheap, and true of many other texts.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let value = super::trim(value);
    if value.len() > MAX_LEN {
        return false;
    }
    let (mut is_spaced, mut is_lettered) = (false, false);
    for b in value {
        match b {
            b if is_refused(*b) => return false,
            b' ' | b'\n' | b'\r' | b'\t' => is_spaced = true,
            b'A'..=b'Z' | b'a'..=b'z' => is_lettered = true,
            0x80.. => (is_spaced, is_lettered) = (true, true),
            _ => {}
        }
    }
    is_spaced && is_lettered && (value.is_ascii() || std::str::from_utf8(value).is_ok())
}

/// Whether no address holds a byte.
#[must_use]
pub const fn is_refused(b: u8) -> bool {
    matches!(b, b'@' | b'=' | b'{' | b'<' | b'_' | b'[' | b'\\')
}

/// The strength of [`parsed`] alone; no allocation.
#[must_use]
pub fn grade(value: &[u8]) -> Option<Strength> {
    if value.len() > MAX_LEN || value.iter().any(|b| is_refused(*b) || matches!(b, b'$' | b'%')) {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?.trim();
    if !text.is_ascii()
        && let Some(strength) = cjk::grade(text)
    {
        return Some(strength);
    }
    // One word is no address, and neither is a number.
    if !text.contains(char::is_whitespace) || !text.contains(char::is_alphabetic) {
        return None;
    }
    let tokens = token::tokens(text, MAX_WORDS);
    if tokens.len() == MAX_WORDS {
        return None;
    }
    Lines::of(&tokens)?.strength()
}

/// What the segments of a cell, between commas and line ends, are.
#[derive(Debug, Default)]
struct Lines {
    /// Words that are streets, and that may be.
    streets: usize,
    sides: usize,
    units: usize,
    numbers: usize,
    names: usize,
    lower: usize,
    segments: usize,
    /// Segments of a name and a number, or of a house number alone.
    housed: usize,
    /// Segments of a postcode, with or without a city.
    coded: usize,
    /// Segments that could be either.
    open: usize,
    /// A number is the first word, and a street or side the last of its segment.
    suffixed: bool,
    box_or_unit: bool,
}

impl Lines {
    fn of(tokens: &[Token]) -> Option<Self> {
        let mut lines = Self::default();
        for segment in tokens.split_inclusive(|token| token.ends_segment) {
            lines.add(segment)?;
        }
        Some(lines)
    }

    fn add(&mut self, segment: &[Token]) -> Option<()> {
        let count = |is: fn(Kind) -> bool| segment.iter().filter(|token| is(token.kind)).count();
        if count(|kind| kind == Kind::Other) > 0 {
            return None;
        }
        let streets = count(|kind| matches!(kind, Kind::Street | Kind::Ending));
        let sides = count(|kind| kind == Kind::Side);
        let numbers = count(Kind::is_number);
        let names =
            count(|kind| matches!(kind, Kind::Name | Kind::Calendar | Kind::State | Kind::Side));
        // A date, or a reference to an article.
        let is_reference = matches!(segment, [first, second, ..]
            if first.kind == Kind::Calendar && second.kind.is_number());
        if is_reference || count(|kind| kind == Kind::Calendar) > 0 && streets == 0 {
            return None;
        }
        self.segments += 1;
        self.streets += streets;
        self.sides += sides;
        self.numbers += numbers;
        self.names += names;
        self.lower += count(|kind| kind == Kind::Lower);
        let units = count(|kind| kind == Kind::Unit);
        self.units += units;
        self.box_or_unit |= units > 0 && numbers > 0;
        let (first, last) = (segment.first()?.kind, segment.last()?.kind);
        if first.may_be_house()
            && segment.iter().skip(2).any(|token| matches!(token.kind, Kind::Side | Kind::Street))
        {
            self.suffixed = true;
        }
        self.place(segment, first, last, streets, names);
        Some(())
    }

    /// Which of the kinds of segments this one is.
    fn place(&mut self, segment: &[Token], first: Kind, last: Kind, streets: usize, names: usize) {
        let has = |kind: Kind| segment.iter().any(|token| token.kind == kind);
        let is_housed =
            streets > 0 || first == Kind::House || last == Kind::House || has(Kind::Unit);
        let states = segment
            .windows(2)
            .any(|pair| pair[0].kind == Kind::State && pair[1].kind.may_be_postcode());
        if has(Kind::Postcode) || states {
            self.coded += 1;
            // `35 Dwyer Street H02 D58P Jackson Ville`: all of it on one line.
            self.housed += usize::from(
                first.may_be_house() && segment.len() > 2 || streets > 0 && has(Kind::House),
            );
        } else if has(Kind::Either) && !is_housed {
            // `1234 Foo`, `Foo 1234`: a house or a city; a number alone is a postcode.
            if names > 0 || self.segments > 1 {
                self.open += 1;
            }
        } else if is_housed && segment.iter().any(|token| token.kind.is_number()) {
            self.housed += 1;
            // `Main 5 12345 Town`.
            let codes = segment.iter().skip(2).filter(|token| token.kind == Kind::Either).count();
            self.coded += usize::from(
                codes > 0 && segment.iter().filter(|token| token.kind.is_number()).count() > 1,
            );
        }
    }

    fn strength(&self) -> Option<Strength> {
        if self.names + self.streets + self.sides == 0 || self.lower > self.names + self.streets + 1
        {
            return None;
        }
        let has_city = self.coded > 0 || self.open > 0 && self.segments > 1;
        let two_lines =
            self.housed > 0 && has_city || self.open > 1 || self.coded > 0 && self.open > 0;
        if self.numbers > 0 && self.streets > 0
            || two_lines && self.segments > 1
            || self.housed > 0 && self.coded > 0 && self.names > 1
            || self.suffixed && self.box_or_unit
        {
            return Some(Strength::Strong);
        }
        if self.streets > 0 && self.names > 0
            || self.suffixed
            || self.box_or_unit && self.names > 0 && self.numbers > 1
        {
            return Some(Strength::Weak);
        }
        (self.numbers > 0
            && self.names > 0
            && self.names < 6
            && self.numbers < 4
            && self.lower == 0)
            .then_some(Strength::Shape)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Strength::{Shape, Strong, Weak};
    use super::*;
    use crate::kind::testing;

    #[test]
    fn addresses_of_many_countries_are_read() {
        for value in [
            "10 rue des Lilas, 99000 Exempleville, FRANCE",
            "12 bis, avenue du 8 mai 1945\n99123 Saint-Exemple CEDEX 09",
            "83, avenue des Exemples",
            "123 Main St, Apt 4, Springfield, IL 99999",
            "46853 Glover Meadow Suite 12\nPort Sample, MA 99134",
            "PSC 4041, Box 3312\nAPO AE 99267",
            "10 Example Road\nSampleton\nSW1A 9ZZ",
            "Musterstraße 12, 99999 Musterstadt",
            "Calle Mayor nº 3, 2º B\nEjemplo, 99277",
            "Via Roma, 12\n99128, Esempio (ES)",
            "Voorbeeldstraat 12\n9999 ZZ\nVoorbeeldstad",
            "Rua das Flores, 20\n9999-456 Exemplo",
            "ul. Polna 5/3\n00-999 Przykładowo",
            "Exempelgatan 5\n99999 Exempelstad",
            "Příkladová 58\n999 07 Příkladov",
            "г. Пример, ул. Примерная, д. 5, 999999",
            "千葉県例市例町25丁目3番16号",
            "서울특별시 예시구 예시로 12",
        ] {
            assert_eq!(grade(value.as_bytes()), Some(Strong), "{value}");
        }
        for (value, expected) in [
            ("rue des Lilas", Some(Weak)),
            ("6 Glover Meadow", Some(Weak)),
            ("Příkladová 6", Some(Shape)),
            ("Lilas", None),
            ("March 12, 2020", None),
            ("article 12 de la loi", None),
            ("article 12 rue", None),
            ("Mozilla/5.0 (Windows NT 10.0)", None),
            ("12345", None),
            ("192.0.2.1", None),
            ("", None),
        ] {
            assert_eq!(grade(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn lines_are_one_address() {
        let address = parsed("10 Rue des Lilas\n99000  EXEMPLE".as_bytes()).unwrap();
        assert_eq!(address.canonical.as_bytes(), b"10 rue des lilas 99000 exemple");
    }

    /// The forms of the Universal Postal Union: a street, a line end, a city.
    fn written() -> impl Strategy<Value = String> {
        let forms = [
            "[1-9][0-9]{0,2}( bis)?,? (rue|avenue|boulevard) (des Lilas|Exemple)\n99[0-9]{3} Exempleville",
            "[A-Z][a-z]{3,8}(straße|weg) [1-9][0-9]{0,2}[a-c]?\n[0-9]{5} Musterstadt",
            "[1-9][0-9]{0,2} (Sample|Mill) (Road|Street|Lane)\nSampleton\n[A-Z]{2}[1-9][0-9]? [0-9][A-Z]{2}",
            "[1-9][0-9]{1,4} (Sample|Oak) (Street|Ave|Road)( Apt [1-9])?\nSpringfield, (IL|CA|TX) [0-9]{5}",
            "(Calle|Avenida) (Mayor|Ejemplo) [1-9][0-9]?, [1-9]º [A-D]\n[0-9]{5} Ejemplo",
            "(Via|Piazza) (Roma|Esempio),? [1-9][0-9]?\n[0-9]{5} Esempio \\(PU\\)",
            "(Voorbeeld|Kerk)straat [1-9][0-9]?\n[1-9][0-9]{3} [A-Z]{2} Voorbeeldstad",
            "Rua (das Flores|Exemplo),? [1-9][0-9]?\n[1-9][0-9]{3}-[0-9]{3} Exemplo",
            "ul\\. (Polna|Leśna) [1-9][0-9]?(/[1-9])?\n[0-9]{2}-[0-9]{3} Przykładowo",
            "(Exempel|Skol)gatan [1-9][0-9]?\n[1-9][0-9]{2} [0-9]{2} Exempelstad",
        ];
        prop::strategy::Union::new(forms.map(|form| prop::string::string_regex(form).unwrap()))
    }

    // No address has a check digit.
    proptest! {
        #[test]
        fn every_address_as_countries_write_it_is_strong(address in written()) {
            for address in [address.clone(), address.replace('\n', ", "), address.replace('\n', "\r\n")] {
                prop_assert_eq!(grade(address.as_bytes()), Some(Strong), "{}", address);
                let canonical = testing::canonical(parsed(address.as_bytes())).unwrap();
                let words = address.to_lowercase().replace('º', "o").replace('ß', "ss");
                let words: Vec<_> = words.split_ascii_whitespace().collect();
                prop_assert_eq!(canonical, words.join(" "));
            }
        }

        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..130)) {
            let _ = (grade(&bytes), parsed(&bytes));
        }

        #[test]
        fn any_words_are_read(text in "(\\PC{0,6}[ ,.'\n-]?|[0-9]{1,6}[A-Z]?|rue |Main ){0,14}") {
            let _ = (grade(text.as_bytes()), parsed(text.as_bytes()));
        }
    }
}
