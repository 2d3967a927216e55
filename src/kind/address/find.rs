//! Addresses in running text.
//!
//! A number is the anchor. It is the number of a house when a street is beside it: the street's
//! word behind it (`12 rue de …`), a name and then the word (`12 Main Street`), or the street
//! before it (`Hauptstraße 12`, `Via Roma, 12`). From there the address runs on through parts of
//! buildings to a postcode and its city. Without a postcode it is none: articles of law, distances
//! and dates have numbers beside streets' words too. The postcode is the anchor itself where a
//! street has no number (`rue des Lilas, 99000 …`), and it makes a street of any name where nothing
//! but a postcode is written like it (`Příkladová 12, 999 00 …`).

use std::ops::Range;

use super::token::{Kind, Token, is_listed, kind, tokens};
use super::words::{COUNTRIES, CUES};
use crate::kind::name::Folded;

/// How far around the anchor an address is looked for, in bytes and in words.
const BEFORE: usize = 96;
const AFTER: usize = 240;
const MAX_WORDS: usize = 48;
/// Between the street and the postcode.
const MAX_BETWEEN: usize = 12;
/// In the name of a street, of a city.
const MAX_STREET: usize = 8;
const MAX_CITY: usize = 6;

/// The address whose house number, or postcode where there is none, starts at `at`, the offset of
/// the first digit of a word.
///
/// From the number or the street to the city, and the country where it follows. Nothing for most
/// numbers after a look at their neighbours; bytes that are not UTF-8 end the search.
#[must_use]
pub fn find(text: &[u8], at: usize) -> Option<Range<usize>> {
    if !is_likely(text, at) {
        return None;
    }
    let (window, start) = window(text, at)?;
    let tokens = tokens(window, MAX_WORDS);
    let anchor = tokens.iter().position(|token| token.span.start == at - start)?;
    let (first, last) =
        housed(window, &tokens, anchor).or_else(|| unnumbered(window, &tokens, anchor))?;
    let end = tokens[last].span.end;
    let end = window[..end].trim_end_matches(['.', ':', '!', '?']).len();
    let end = end + province(&window[end..]);
    Some(start + tokens[first].span.start..start + end)
}

/// The first and the last word of the address with the number at `anchor`.
fn housed(text: &str, tokens: &[Token], anchor: usize) -> Option<(usize, usize)> {
    if !tokens[anchor].kind.may_be_house() {
        return None;
    }
    let street = street_after(tokens, anchor)
        .or_else(|| street_before(text, tokens, anchor))
        .or_else(|| unit_before(tokens, anchor))
        .or_else(|| name_before(text, tokens, anchor));
    let (first, street) = street?;
    Some((first, city(text, tokens, street)?))
}

/// The same for a street without a number, from its word to the postcode at `anchor` and its city.
fn unnumbered(text: &str, tokens: &[Token], anchor: usize) -> Option<(usize, usize)> {
    if !tokens[anchor].kind.may_be_postcode() {
        return None;
    }
    let mut street = anchor.checked_sub(1).filter(|before| tokens[*before].ends_segment)?;
    // `Rua das Flores, S/N, 9999-456 …`.
    if tokens[street].kind == Kind::Unit {
        street = street.checked_sub(1)?;
    }
    // `via Mail, 10000 Users`: in small letters it is a word of many languages.
    let first = street_of_name(tokens, street)
        .filter(|first| !text[tokens[*first].span.clone()].starts_with("via"))?;
    Some((first, beside(text, tokens, street, anchor)?))
}

/// How long the province is that follows a city in brackets: ` (RM)`.
fn province(rest: &str) -> usize {
    let is_province = matches!(rest.as_bytes(), [b' ', b'(', b'A'..=b'Z', b'A'..=b'Z', b')', ..]);
    if is_province { 5 } else { 0 }
}

/// Whether one of the words beside the number at `at` can be of a street: a quick look before [`find`].
///
/// Every number of a log comes here, so bytes are compared before words are looked up.
pub fn is_likely(text: &[u8], at: usize) -> bool {
    let Some(rest) = text.get(at..) else { return false };
    let digits = rest.iter().take(6).take_while(|b| b.is_ascii_digit()).count();
    // The number may be in one word with a letter or with a second one.
    let glued =
        rest.iter().take(12).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-'));
    let glued = glued.count();
    let is_bounded = text[..at].last().is_none_or(
        |b| matches!(b, b'\t'..=b'\r' | b' ' | b'"' | b'(' | b'>' | b',' | b';' | b'\'' | b'=' | 0x80..),
    );
    (1..=5).contains(&digits)
        && is_bounded
        && (is_street_next(&rest[glued..])
            || is_street_before(&text[..at])
            || is_number_next(&rest[glued..]))
}

/// Whether a comma and a number follow, which may be a postcode.
fn is_number_next(rest: &[u8]) -> bool {
    matches!(rest, [b',', b' ', digit, ..] if digit.is_ascii_digit())
}

/// Whether a street's word follows, or a capitalised one that may lead to it.
fn is_street_next(rest: &[u8]) -> bool {
    let gap = rest.iter().take(4).take_while(|b| matches!(b, b' ' | b',' | b'\n' | b'.')).count();
    let word = words_forward(&rest[gap..]).next();
    let Some(word) = word.filter(|_| gap > 0) else { return false };
    match word[0] {
        b'a'..=b'z' => {
            is_kind(word, |kind| matches!(kind, Kind::Street | Kind::Side))
                || matches!(word, b"bis" | b"ter" | b"quater")
        }
        b'A'..=b'Z' | 0xc3.. => words_forward(&rest[gap..])
            .take(5)
            .take_while(|word| !word[0].is_ascii_lowercase() || word.len() < 4)
            .any(|word| {
                is_kind(word, |kind| matches!(kind, Kind::Street | Kind::Side | Kind::Ending))
            }),
        _ => false,
    }
}

/// Whether a street ends here: one word of it, or its word and a name.
fn is_street_before(text: &[u8]) -> bool {
    let mut words = text[text.len().saturating_sub(BEFORE)..]
        .rsplit(|b| matches!(b, b' ' | b',' | b'\n' | b'"' | b'='))
        .filter(|word| !word.is_empty());
    let Some(last) = words.next().filter(|word| word[0].is_ascii_alphabetic() || word[0] >= 0x80)
    else {
        return false;
    };
    let is_street = |word: &[u8]| is_kind(word, |kind| matches!(kind, Kind::Street | Kind::Ending));
    let is_name =
        |word: &&[u8]| !word[0].is_ascii_lowercase() && !word[0].is_ascii_digit() || word.len() < 7;
    let mut words = std::iter::once(last).chain(words.take(MAX_STREET));
    words.find(|word| !is_name(word) || is_street(word)).is_some_and(is_street)
}

/// The words from here to the end of the line.
fn words_forward(rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    let line = rest[..rest.len().min(AFTER)].split(|b| *b == b'\n').next().unwrap_or_default();
    line.split(|b| matches!(b, b' ' | b',')).filter(|word| !word.is_empty())
}

/// Whether `word` is of a street, in one of the ways that `is` asks for.
fn is_kind(word: &[u8], is: fn(Kind) -> bool) -> bool {
    // Most words of logs have something in them that no street has, and most of prose are in no list.
    !word.iter().any(|b| matches!(b, b':' | b'=' | b'_' | b'[' | b'(' | b'@'))
        && (!word.iter().all(u8::is_ascii_lowercase) || is_listed(word))
        && std::str::from_utf8(word).is_ok_and(|word| is(kind(word)))
}

/// The text around `at` that is UTF-8, and where it starts.
fn window(text: &[u8], at: usize) -> Option<(&str, usize)> {
    let is_inside = |b: &u8| *b & 0xc0 == 0x80;
    let mut start = at.saturating_sub(BEFORE);
    start += text[start..at].iter().position(|b| !is_inside(b)).unwrap_or(0);
    // An address does not go over an empty line, nor over text that is none.
    if let Some(gap) = text[start..at].windows(2).rposition(|pair| pair == b"\n\n") {
        start += gap + 2;
    }
    // `addr=12 rue …`: a key is no part of the first word.
    if let Some(sign) = text[start..at].iter().rposition(|b| *b == b'=') {
        start += sign + 1;
    }
    let end = text.len().min(at + AFTER);
    let end = text[at..end].windows(2).position(|pair| pair == b"\n\n").map_or(end, |gap| at + gap);
    let start = match std::str::from_utf8(&text[start..at]) {
        Ok(_) => start,
        Err(_) => at,
    };
    let window = &text[start..end];
    match std::str::from_utf8(window) {
        Ok(window) => Some((window, start)),
        Err(error) => {
            let valid = std::str::from_utf8(&window[..error.valid_up_to()]).ok()?;
            (at - start < valid.len()).then_some((valid, start))
        }
    }
}

/// `12 rue de la Paix`, `12 Main Street Apt 4`: the first and the last word of the street.
fn street_after(tokens: &[Token], anchor: usize) -> Option<(usize, usize)> {
    let mut at = anchor + 1;
    // `12 bis, rue`.
    if tokens
        .get(at)
        .is_some_and(|token| matches!(token.kind, Kind::Lower) && token.span.len() <= 6)
        && tokens.get(at + 1)?.kind == Kind::Street
    {
        at += 1;
    }
    if matches!(tokens.get(at)?.kind, Kind::Street | Kind::Ending)
        || tokens.get(at)?.kind == Kind::Side && tokens[anchor].kind == Kind::House
    {
        let last = name(tokens, at + 1, MAX_STREET);
        if let Some(last) = last {
            return Some((anchor, last));
        }
        return (tokens.get(at)?.kind == Kind::Ending).then_some((anchor, at));
    }
    if tokens[anchor].ends_segment {
        return None;
    }
    // A name and then the word, up to the first comma.
    let end = tokens[at..].iter().position(|token| token.ends_segment);
    let names = &tokens[at..end.map_or(tokens.len(), |end| at + end + 1)];
    let names = names.iter().take(6).take_while(|token| {
        matches!(
            token.kind,
            Kind::Name
                | Kind::Side
                | Kind::State
                | Kind::Street
                | Kind::House
                | Kind::Calendar
                | Kind::Particle
        )
    });
    let last = names
        .enumerate()
        .filter(|(index, token)| *index > 0 && matches!(token.kind, Kind::Street | Kind::Side))
        .last();
    let (index, _) = last?;
    let has_name = tokens[at..at + index]
        .iter()
        .any(|token| matches!(token.kind, Kind::Name | Kind::House | Kind::Side));
    has_name.then_some((anchor, at + index))
}

/// `Hauptstraße 12`, `Calle Mayor n.º 3`, `Via Roma, 12`: the first word and the number.
fn street_before(text: &str, tokens: &[Token], anchor: usize) -> Option<(usize, usize)> {
    let mut at = anchor.checked_sub(1)?;
    if tokens[at].kind == Kind::Unit {
        at = at.checked_sub(1)?;
    }
    if tokens[at].kind == Kind::Ending {
        return Some((led(text, tokens, at), anchor));
    }
    // The word and then the name, or the other way round.
    let led_by_name = || {
        let name = at.checked_sub(1).filter(|_| tokens[at].kind == Kind::Street)?;
        (tokens[name].kind == Kind::Name && !tokens[name].ends_segment).then_some(name)
    };
    Some((street_of_name(tokens, at).or_else(led_by_name)?, anchor))
}

/// The street's word of the name that ends with the word at `last`: `rue` of `rue des Lilas`.
fn street_of_name(tokens: &[Token], last: usize) -> Option<usize> {
    let mut has_name = false;
    for back in 0..MAX_STREET {
        let index = last.checked_sub(back)?;
        let token = &tokens[index];
        let is_inner = index == last || !token.ends_segment;
        match token.kind {
            Kind::Street if has_name && is_inner => return Some(index),
            // `Calle María Camino`: the last word is a name, whatever else it is.
            Kind::Street if index == last => has_name = true,
            Kind::Name | Kind::Side | Kind::Calendar if is_inner => has_name = true,
            Kind::Particle if is_inner => {}
            _ => return None,
        }
    }
    None
}

/// The first word of the street in one word at `street`: `Lange Hauptstraße` where small letters,
/// a comma or a colon lead up to it, and otherwise without the first word, which may end a name.
fn led(text: &str, tokens: &[Token], street: usize) -> usize {
    const MAX_NAMES: usize = 3;
    let is_end = |token: &Token| token.ends_segment || text[token.span.clone()].ends_with(':');
    let names = tokens[..street].iter().rev().take(MAX_NAMES);
    let names =
        names.take_while(|token| matches!(token.kind, Kind::Name | Kind::Side) && !is_end(token));
    let first = street - names.count();
    let is_led = first.checked_sub(1).is_some_and(|before| {
        is_end(&tokens[before]) || matches!(tokens[before].kind, Kind::Lower | Kind::Particle)
    });
    if is_led { first } else { street }
}

/// `Flat 3, Mill Lane`, `Studio 2, 5 Mill Lane`: from the word for the part of a building, the number
/// of which is at `anchor`, to the end of the street behind it.
fn unit_before(tokens: &[Token], anchor: usize) -> Option<(usize, usize)> {
    let unit = anchor.checked_sub(1).filter(|at| tokens[*at].kind == Kind::Unit)?;
    if !tokens[anchor].ends_segment {
        return None;
    }
    let length =
        tokens[anchor + 1..].iter().take(MAX_STREET).position(|token| token.ends_segment)?;
    let street = &tokens[anchor + 1..=anchor + 1 + length];
    let has_word = street[1..].iter().any(|token| matches!(token.kind, Kind::Street | Kind::Side));
    let is_street = street.iter().all(|token| {
        !matches!(token.kind, Kind::Lower | Kind::Other | Kind::Postcode | Kind::Calendar)
    });
    (has_word && is_street).then_some((unit, anchor + 1 + length))
}

/// `Příkladová 12` of `Příkladová 12, 999 00 Příkladov`: any name before a number, where a comma
/// follows and then what only a postcode is written like, or any if the words before speak of where
/// somebody lives.
fn name_before(text: &str, tokens: &[Token], anchor: usize) -> Option<(usize, usize)> {
    const MAX_NAMES: usize = 5;
    let code = tokens.get(anchor + 1).filter(|_| tokens[anchor].ends_segment)?;
    let is_strict = code.kind == Kind::Postcode
        && text[code.span.clone()].contains(|c: char| !c.is_ascii_digit());
    let is_end = |token: &Token| token.ends_segment || text[token.span.clone()].ends_with(':');
    let is_part = |(back, token): &(usize, &Token)| {
        matches!(
            token.kind,
            Kind::Name | Kind::Side | Kind::Street | Kind::Ending | Kind::State | Kind::Particle
        ) && (*back == 0 || !is_end(token))
    };
    let parts = tokens[..anchor].iter().rev().take(MAX_NAMES).enumerate().take_while(is_part);
    let mut first = anchor - parts.count();
    while first < anchor && text[tokens[first].span.clone()].starts_with(char::is_lowercase) {
        first += 1;
    }
    let is_cue = |token: &Token| {
        CUES.contains(Folded::new(text[token.span.clone()].trim_end_matches(':')).as_bytes())
    };
    let is_said = || tokens[..first].iter().rev().take(4).any(is_cue);
    (first < anchor && (is_strict || code.kind == Kind::Either && is_said()))
        .then_some((first, anchor))
}

/// The last word of the name that starts at `from` in one segment.
fn name(tokens: &[Token], from: usize, most: usize) -> Option<usize> {
    let mut last = None;
    for (index, token) in tokens.iter().enumerate().skip(from).take(most) {
        match token.kind {
            Kind::Name | Kind::Side | Kind::Ending | Kind::State | Kind::Calendar => {
                last = Some(index);
            }
            // `rue du 8 mai 1945`: a number inside the name, not before a city.
            Kind::House
                if tokens.get(index + 1).is_some_and(|next| next.kind == Kind::Calendar) => {}
            Kind::Either if index > 0 && tokens[index - 1].kind == Kind::Calendar => {
                last = Some(index);
            }
            Kind::Particle | Kind::Street => {}
            _ => break,
        }
        if token.ends_segment {
            break;
        }
    }
    last
}

/// The last word of the city whose postcode follows `street`, the last word of the street.
fn city(text: &str, tokens: &[Token], street: usize) -> Option<usize> {
    let mut lower = 0;
    let mut is_unit = false;
    let mut at = street + 1;
    while at <= street + MAX_BETWEEN {
        let token = tokens.get(at)?;
        // `34 000 Montpellier`.
        let spaced = token.kind == Kind::House
            && token.span.len() == 2
            && tokens.get(at + 1).is_some_and(|next| {
                next.kind == Kind::House
                    && next.span.len() == 3
                    && next.span.start == token.span.end + 1
            });
        let code = if spaced { at + 1 } else { at };
        if (spaced || token.kind.may_be_postcode()) && !is_unit {
            if let Some(last) = beside(text, tokens, street, code) {
                return Some(last);
            }
            if token.kind == Kind::Postcode && at > street + 1 {
                return Some(country(text, tokens, code));
            }
        }
        match token.kind {
            Kind::Other => return None,
            Kind::Lower => lower += 1,
            _ => {}
        }
        if lower > 1 {
            return None;
        }
        is_unit = token.kind == Kind::Unit;
        at += 1;
    }
    None
}

/// The city behind the postcode, or before it where that is the custom.
fn beside(text: &str, tokens: &[Token], street: usize, code: usize) -> Option<usize> {
    if (!tokens[code].ends_segment || is_line_end(text, tokens, code))
        && let Some(last) = name(tokens, code + 1, MAX_CITY)
    {
        return Some(country(text, tokens, cedex(text, tokens, last)));
    }
    let before = tokens.get(code.checked_sub(1)?)?;
    if code - 1 > street && matches!(before.kind, Kind::Name | Kind::State | Kind::Side) {
        return Some(country(text, tokens, code));
    }
    // `99046, Esempio`.
    let last = name(tokens, code + 1, MAX_CITY).filter(|_| tokens[code].ends_segment)?;
    Some(country(text, tokens, last))
}

/// A line end alone, without a comma, may stand between a postcode and its city.
fn is_line_end(text: &str, tokens: &[Token], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|next| {
        let gap = &text[tokens[at].span.end..next.span.start];
        gap.contains('\n') && gap.trim().is_empty()
    })
}

/// `CEDEX 09`.
fn cedex(text: &str, tokens: &[Token], last: usize) -> usize {
    let is_cedex = |at: usize| {
        tokens.get(at).is_some_and(|token| {
            text[token.span.clone()].trim_end_matches('.').eq_ignore_ascii_case("cedex")
        })
    };
    let cedex = if is_cedex(last) { last } else { last + 1 };
    if tokens[last].ends_segment || !is_cedex(cedex) {
        return last;
    }
    let number = tokens.get(cedex + 1).is_some_and(|next| next.kind == Kind::House)
        && !tokens[cedex].ends_segment;
    if number { cedex + 1 } else { cedex }
}

/// The country, where it follows.
fn country(text: &str, tokens: &[Token], last: usize) -> usize {
    let Some(next) = tokens.get(last + 1) else { return last };
    let word = &text[next.span.clone()];
    let is_country =
        word.starts_with(char::is_uppercase) && COUNTRIES.contains(Folded::new(word).as_bytes());
    if tokens[last].ends_segment && is_country { last + 1 } else { last }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every address of `text`, as a caller finds them.
    fn all(text: &str) -> Vec<&str> {
        let bytes = text.as_bytes();
        let mut found = Vec::new();
        let mut end = 0;
        for at in 0..bytes.len() {
            let is_start =
                bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
            if is_start
                && at >= end
                && let Some(span) = find(bytes, at)
            {
                found.push(&text[span.clone()]);
                end = span.end;
            }
        }
        found
    }

    #[test]
    fn addresses_of_many_countries_are_found_whole() {
        for (text, expected) in [
            (
                "Écrire à ACME, 10 rue des Lilas, 99000 Exempleville, FRANCE.",
                "10 rue des Lilas, 99000 Exempleville, FRANCE",
            ),
            (
                "sis 256 rue de la Paix 99 000 Exempleville, est",
                "256 rue de la Paix 99 000 Exempleville",
            ),
            (
                "ACME - 12 bis, avenue du 8 mai 1945 - 99123 Saint-Exemple-sur-Mer CEDEX 09 ou",
                "12 bis, avenue du 8 mai 1945 - 99123 Saint-Exemple-sur-Mer CEDEX 09",
            ),
            (
                "12 chemin du Moulin\nBât. B, BP 123\n99000 Exempleville",
                "12 chemin du Moulin\nBât. B, BP 123\n99000 Exempleville",
            ),
            (
                "Contact: 2748 E MAPLE AVE, SPRINGFIELD, CA 99999, US",
                "2748 E MAPLE AVE, SPRINGFIELD, CA 99999, US",
            ),
            (
                "lives at 123 Main Street Apt 4, Springfield, IL 99999 and",
                "123 Main Street Apt 4, Springfield, IL 99999",
            ),
            ("at 10 Example Road, Sampleton SW1A 9ZZ today", "10 Example Road, Sampleton SW1A 9ZZ"),
            (
                "wohnt in der Musterstraße 12, 99999 Musterstadt.",
                "Musterstraße 12, 99999 Musterstadt",
            ),
            ("en la Calle Mayor 3, 99013 Ejemplo", "Calle Mayor 3, 99013 Ejemplo"),
            ("abita in Via Roma, 12 - 99100 Esempio", "Via Roma, 12 - 99100 Esempio"),
            (
                "woont Voorbeeldstraat 12, 9999 ZZ Voorbeeldstad sinds",
                "Voorbeeldstraat 12, 9999 ZZ Voorbeeldstad",
            ),
            ("na Rua das Flores, 20, 9999-123 Exemplo", "Rua das Flores, 20, 9999-123 Exemplo"),
            ("przy ul. Polnej 5/3, 00-999 Przykładowo", "ul. Polnej 5/3, 00-999 Przykładowo"),
            ("bor på Exempelgatan 5, 999 99 Exempelstad", "Exempelgatan 5, 999 99 Exempelstad"),
            ("habite rue des Lilas, 99000 Exempleville", "rue des Lilas, 99000 Exempleville"),
            (
                "mora na Praça das Flores, S/N, 9999-123 Exemplo.",
                "Praça das Flores, S/N, 9999-123 Exemplo",
            ),
            ("wohnt in der Lange Musterstr. 12, 99999 Ort", "Lange Musterstr. 12, 99999 Ort"),
            ("Max Muster Musterstr. 12, 99999 Ort", "Musterstr. 12, 99999 Ort"),
            ("to Flat 3, Mill Lane, Sampleton, SW1A 9ZZ", "Flat 3, Mill Lane, Sampleton, SW1A 9ZZ"),
            (
                "at 5569 Sample Turnpike, Port Sample, AK 99999",
                "5569 Sample Turnpike, Port Sample, AK 99999",
            ),
            (
                "in Strada Esempio, 93 Piano 4, 99046, Esempio (PU).",
                "Strada Esempio, 93 Piano 4, 99046, Esempio (PU)",
            ),
            ("woont aan de Isapad 94, 9999 RV, Oss.", "Isapad 94, 9999 RV, Oss"),
            (
                "bydlí na adrese U Šesté Baterie 22, 999 60 Ves nad Ohří.",
                "U Šesté Baterie 22, 999 60 Ves nad Ohří",
            ),
            ("asuu osoitteessa Esimerkinranta 3, 99999 Kylä.", "Esimerkinranta 3, 99999 Kylä"),
        ] {
            assert_eq!(all(text), [expected], "{text}");
        }
    }

    #[test]
    fn numbers_beside_other_words_are_none() {
        for text in [
            "l'article 12 rue de la loi n° 78-17 du 6 janvier 1978",
            "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure",
            "la loi n° 2004-575 du 21 juin 2004 pour la confiance",
            "version 12 Main was released on 12 March 2020, 14000 Users came",
            "il est à 5 place libre, 12 euros",
            "runs on Windows 10, 19041 Builds later",
            "sent via Mail, 10000 Users",
            "chapter Three 12, 1998 Edition",
            "",
            "12",
        ] {
            assert_eq!(all(text), [""; 0], "{text}");
        }
    }

    proptest! {
        #[test]
        fn small_words_of_streets_are_listed(
            word in "[a-z]{1,12}|rue|calle|ul|park|[a-z]{3,6}(strasse|weg|gade|street|laan)",
        ) {
            let is_of_street = matches!(kind(&word), Kind::Street | Kind::Side | Kind::Ending);
            prop_assert!(!is_of_street || is_listed(word.as_bytes()));
        }

        #[test]
        fn spans_lie_inside_the_text(text in "(\\PC|[0-9]{1,5} rue |\n|, |é|Via ){0,40}", at in 0usize..200) {
            if let Some(span) = find(text.as_bytes(), at) {
                prop_assert!(span.start <= at && at < span.end);
                prop_assert!(text.get(span).is_some());
            }
        }

        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..210) {
            let _ = find(&bytes, at);
        }
    }
}
