//! With which first digits something could be at a place, whatever its other digits are: what an
//! [outline](super::outline) keeps of it.
//!
//! It is said by the guards that recognisers have before they look at values: they look at classes of
//! bytes, and at words. What has no guard could be anything.

use std::ops::{Range, RangeInclusive};

use super::candidate::shape;
use super::encoded::Encoded;
use super::finders::Finders;
use super::glance::{Glance, NO_CARD, digits_at};
use super::recognise::{self, words};
use super::search::Search;
use super::{Detector, Form};
use crate::format::text::log;
use crate::kind::scheme::Spelling;
use crate::kind::{self, secret};

/// The first digits of the numbers that could be something; of places without a digit, all or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Firsts(u16);

impl Firsts {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(0b11_1111_1111);
    /// Of numbers that are dialled from within a country.
    const TRUNK: Self = Self(1);
    /// Of cards.
    const CARD: Self = Self(0b111_1100);

    fn all_if(is: bool) -> Self {
        if is { Self::ALL } else { Self::NONE }
    }

    fn trunk_if(is: bool) -> Self {
        if is { Self::TRUNK } else { Self::NONE }
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn contains(self, digit: u8) -> bool {
        self.0 >> digit.saturating_sub(b'0').min(15) & 1 == 1
    }
}

impl Detector {
    /// With which first digits something could be at an anchor of `search`, whatever the other digits are
    /// in its text.
    pub(super) fn firsts(&self, search: &Search<'_>, at: usize, shapes: u16) -> Firsts {
        const TOLD: u16 = shape::DIGITS
            | shape::NAME
            | shape::PAIRS
            | shape::SECRET_KEY
            | shape::LONG
            | shape::AT;
        let Search { text, place, .. } = *search;
        let could_be_named = || {
            let keys = self.finders.secret_keys.as_ref();
            keys.is_some_and(|keys| keys.are_named(text, at))
        };
        let is_settled_but_for_digits = shapes & !TOLD == 0
            && recognise::escape_at(text, at).is_none()
            && recognise::before(text, at) != b'%'
            && (shapes & shape::AT == 0 || matches!(text[at], b'&' | b'#'))
            && (shapes & shape::PAIRS == 0
                || !recognise::could_be_mac(text, at)
                || kind::mac::find(text, at).is_none())
            && (shapes & shape::NAME == 0
                || !text[..at].ends_with(b"N ") && words::name(text, at, place.form).is_none())
            && (shapes & shape::SECRET_KEY == 0 || !could_be_named())
            && (shapes & shape::LONG == 0 || is_plain(text, at));
        if !is_settled_but_for_digits {
            Firsts::ALL
        } else if shapes & shape::DIGITS == 0 {
            Firsts::NONE
        } else {
            self.firsts_of_number(search, at, shapes)
        }
    }

    /// Whether no identifier is announced that a word of hexadecimal digits could be.
    pub(super) fn is_silent(&self, search: &Search<'_>, word: &Range<usize>) -> bool {
        let finders = &self.finders;
        let announced =
            [&finders.of_schemes, &finders.of_phones, &finders.of_birth_dates, &finders.of_plates];
        !log::has_digit_before(search.text, word.start)
            && !secret::prefix::is_behind(search.text, word.start)
            && !announced.into_iter().any(|rules| self.is_announced(search, word, rules))
    }

    /// Whether something else than an address could begin at the dotted quad at `at` that an
    /// [outline](super::outline) folds: it would have to be announced.
    pub(super) fn could_be_no_address(&self, search: &Search<'_>, at: usize) -> bool {
        let Finders { of_schemes, of_phones, of_birth_dates, of_plates, of_devices, .. } =
            &self.finders;
        let announced = [of_schemes, of_phones, of_birth_dates, of_plates, of_devices];
        let address = self.finders.address.map(|rule| self.rules.rule(rule).kind);
        address.is_some_and(|kind| self.key_hints(search, at).contains(kind))
            || log::has_digit_before(search.text, at)
            || recognise::phone::is_linked(search.text, at)
            || announced.into_iter().any(|rules| self.is_announced(search, &(at..at), rules))
    }

    fn firsts_of_number(&self, search: &Search<'_>, at: usize, shapes: u16) -> Firsts {
        let text = search.text;
        let glance = Glance::at(text, at);
        if shapes & !shape::DIGITS == 0 && glance.is_idle(text, at, shapes) {
            return Firsts::NONE;
        }
        if log::has_digit_before(text, at) || recognise::iban::could_be(text, at, shapes, glance) {
            return Firsts::ALL;
        }
        // Of thirteen digits and more, the first says whether they are an id.
        let of_no_id = if glance.is_id(NO_CARD) && self.is_unspoken(search, at, glance) {
            if glance.digits < 13 {
                return Firsts::NONE;
            }
            Firsts::CARD
        } else if glance.is_id_before_key(text, at, NO_CARD) && self.is_unspoken(search, at, glance)
        {
            Firsts::TRUNK.or(if glance.digits < 13 { Firsts::NONE } else { Firsts::CARD })
        } else {
            Firsts::ALL
        };
        let is_lettered = shapes & shape::LETTERED != 0 && glance.previous.is_ascii_uppercase();
        let is_number = shapes & shape::NUMBERS != 0;
        let has_digits = is_lettered || is_number && recognise::has_digits(text, at, glance);
        let follows_capital = is_number && recognise::follows_capital(text, at);
        let could_be_more = (has_digits || follows_capital) && self.could_be_of_scheme(search, at)
            || shapes & shape::NUMBER != 0 && self.could_begin_at_number(search, at, glance)
            || recognise::could_be_plate(text, at, shapes)
                && self.is_announced(search, &(at..at + 1), &self.finders.of_plates);
        if could_be_more {
            of_no_id
        } else if has_digits {
            self.firsts_of_digits(search, at, shapes, glance).and(of_no_id)
        } else {
            Firsts::NONE
        }
    }

    /// With which first digits mostly digits could begin at `at`: a card, a telephone, a device.
    fn firsts_of_digits(
        &self,
        search: &Search<'_>,
        at: usize,
        shapes: u16,
        glance: Glance,
    ) -> Firsts {
        /// A number that is dialled behind a word has so many digits.
        const DIALLED: RangeInclusive<usize> = 9..=12;
        let text = search.text;
        let of_phone = || match recognise::phone::bare_digits(text, at) {
            Some(span)
                if recognise::phone::is_linked(text, span.start)
                    || self.is_announced(search, &span, &self.finders.of_phones) =>
            {
                Firsts::ALL
            }
            Some(span) => Firsts::trunk_if(
                recognise::before(text, at) == b' ' && DIALLED.contains(&span.len()),
            ),
            None => self.firsts_of_groups(search, at),
        };
        let is_dialled = shapes & (shape::NUMBER | shape::DIALLED) != 0;
        let is_card = glance.could_be_card() && recognise::card::could_be(text, at);
        Firsts::all_if(
            recognise::is_fraction(text, at)
                || text[..at].ends_with(b"GA")
                || self.could_be_device(search, at, glance),
        )
        .or(if is_dialled { of_phone() } else { Firsts::NONE })
        .or(if is_card { Firsts::CARD } else { Firsts::NONE })
    }

    /// With which first digits a telephone number could begin at `at` that is more than digits in a row.
    fn firsts_of_groups(&self, search: &Search<'_>, at: usize) -> Firsts {
        /// Words near longer ones may be where a mask is.
        const LONGEST: usize = 24;
        let Some(rule) = self.finders.phone else { return Firsts::NONE };
        let Some(span) = recognise::phone::span_at(search.text, at) else { return Firsts::NONE };
        let is_told = span.len() > LONGEST
            || !self.regions.is_empty()
            || recognise::phone::has_plus(search.text, &span)
            || self.keeps_shapes(search, &span, rule);
        // `00`, too, is dialled before the code of a country.
        if is_told { Firsts::ALL } else { Firsts::trunk_if(span.start == at) }
    }

    /// Whether the number of a device could begin at `at`: in a line, one without groups has to be
    /// announced.
    fn could_be_device(&self, search: &Search<'_>, at: usize, glance: Glance) -> bool {
        let Search { text, place, .. } = *search;
        let end = at + glance.digits;
        let is_grouped =
            matches!(glance.next, b' ' | b'-') && recognise::after(text, end + 1).is_ascii_digit();
        recognise::is_long(text, at)
            && (place.form == Form::Cell
                || is_grouped
                || self.is_announced(search, &(at..end), &self.finders.of_devices))
    }

    fn could_be_of_scheme(&self, search: &Search<'_>, at: usize) -> bool {
        let text = search.text;
        let could_be_at = |span: Range<usize>, characters: usize| {
            let of_length = self.finders.schemes.get(characters).into_iter().flatten();
            let spelling = Spelling::read(&text[span]);
            spelling
                .is_some_and(|it| of_length.map(|(_, scheme, _)| scheme).any(|s| s.could_read(&it)))
        };
        let could_be = |start: usize| {
            log::has_digit_before(text, start)
                || self.announced_run(search, start).is_some_and(|run| {
                    run.spans().any(|(span, characters)| could_be_at(span, characters))
                })
        };
        let (start, prefix) = recognise::scheme::starts(text, at);
        could_be(start) || prefix.is_some_and(could_be)
    }

    /// Whether what is more than a number could begin with the one at `at`: a date, a place, an address.
    fn could_begin_at_number(&self, search: &Search<'_>, at: usize, glance: Glance) -> bool {
        let Search { text, place, .. } = *search;
        let is_cell = place.form == Form::Cell && text.len() <= words::MAX_ADDRESS_CELL;
        glance.could_be_date()
            && words::could_be_date(text, at)
            && self.is_announced(search, &(at..at + 1), &self.finders.of_birth_dates)
            || glance.could_be_degrees() && words::could_be_degrees(text, at)
            || glance.could_be_rib() && recognise::could_be_rib(text, at)
            || !is_cell
                && glance.could_be_of_address(text, at)
                && words::could_be_of_address(text, at, digits_at(text, at))
                && kind::address::is_likely(text, at)
            || glance.could_be_in_quotes() && words::is_in_named_quotes(text, at)
    }
}

/// Whether the row of characters that has its sixteenth at `at` is one without digits, and neither a
/// credential, nor text in base64, nor the line of a passport.
fn is_plain(text: &[u8], at: usize) -> bool {
    let is_of_row =
        |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'/');
    let row = text[..=at].iter().rev().take_while(is_of_row);
    !row.clone().any(u8::is_ascii_digit)
        && !text[at].is_ascii_uppercase()
        && !secret::prefix::could_be_around(text, at)
        && Encoded::around(text, at).is_none()
}
