//! Values that are written in the plainest way of the kind that their field is of: most of a column,
//! and nobody has to search them.

use std::ops::RangeInclusive;

use super::candidate::{Anchor, shape};
use super::finding::{Candidate, Class, Written};
use super::glance::{Glance, digits_at, has_form};
use super::probe::metered;
use super::recognise::{self, Hit, Proof};
use super::search::Search;
use super::{Detector, Form, Place};
use crate::kind::{self, Parsed, Region, Strength};
use crate::rules::{KindId, KindSet, Recogniser, RuleId};

/// As long as an email may be (RFC 5321, section 4.5.3.1.3), and longer than all else here.
const MAX_LEN: usize = 254;
/// As many digits has what is searched as a telephone number.
const PHONE_DIGITS: RangeInclusive<usize> = 7..=15;
/// RFC 5321, section 4.5.3.1.1: a local part has at most 64 octets.
const MAX_LOCAL: usize = 64;

impl Detector {
    /// The candidate that is all of `text`, a value of a field that was found to be of `kind`, where it is
    /// written in the plainest way: with the canonical form that a search would give it under the regions
    /// `inferred` for the field. Of its evidence, which nobody asks for in such a field, it says nothing.
    ///
    /// It may miss what a search finds, and never finds what a search does not.
    #[must_use]
    pub fn find_plain(&self, kind: KindId, inferred: &[Region], text: &[u8]) -> Option<Candidate> {
        // A pattern of the user's could know better.
        if text.len() > MAX_LEN || self.reads_everything() {
            return None;
        }
        let (rule, hit) = self.plain(kind, inferred, text)?;
        Some(Candidate {
            start: 0,
            end: text.len(),
            rule,
            kind,
            class: Class::Shape,
            canonical: hit.canonical,
            is_national: false,
            written: Written::Plain,
            rivals: KindSet::default(),
            region: hit.region,
        })
    }

    /// The candidate that is all of a value of a field whose name speaks for one kind alone, where it is
    /// written in the plainest way: nothing else in it is as much. A telephone number of which no region is
    /// known has the shape of one. Where nothing could start, it is degrees in a field for places on the
    /// earth.
    ///
    /// It may miss what a search finds, and never finds what a search does not.
    pub(super) fn announced(&self, search: &Search<'_>, has_anchors: bool) -> Option<Candidate> {
        let Search { text, place, probe, .. } = *search;
        let is_asked = place.form == Form::Cell
            && place.settled.is_none()
            && text.len() <= MAX_LEN
            && !self.reads_everything();
        let kind = place.hints.kinds().only().filter(|_| is_asked)?;
        let rule = if has_anchors {
            self.rule_of_plain(kind)?
        } else {
            self.finders.coordinates.filter(|rule| self.rules.rule(*rule).kind == kind)?
        };
        let is_phone = Some(rule) == self.finders.phone && place.inferred.is_empty();
        let national = || {
            // `01 10.10.30.22`, six pairs: an address among other groups, or of a device.
            let digits = text.iter().filter(|b| b.is_ascii_digit()).count();
            let is_uniform =
                !text.contains(&b'.') || text.iter().all(|b| b.is_ascii_digit() || *b == b'.');
            (is_phone && digits < 12 && is_uniform).then(|| self.national_phone(&[], text))?
        };
        let ask = || self.clear(rule, text).or_else(national);
        let hit = metered(probe.map(|probe| probe.of_rule(rule)), ask, Option::is_some)?;
        let class = match hit.proof {
            Proof::Strong => Class::Certain,
            Proof::Weak => Class::Supported,
            Proof::Shape => Class::Hint,
        };
        let is_national = is_phone && class == Class::Hint;
        Some(Candidate { is_national, ..hit.into_candidate(rule, kind, class) })
    }

    fn plain(&self, kind: KindId, inferred: &[Region], text: &[u8]) -> Option<(RuleId, Hit)> {
        let rule = self.rule_of_plain(kind)?;
        let national = || {
            let is_phone = Some(rule) == self.finders.phone;
            is_phone.then(|| self.national_phone(inferred, text))?
        };
        Some((rule, self.clear(rule, text).or_else(national)?))
    }

    /// The rule of `kind` that has a plainest way.
    fn rule_of_plain(&self, kind: KindId) -> Option<RuleId> {
        let finders = &self.finders;
        let mut rules = [finders.email, finders.ipv4, finders.phone, finders.iban].into_iter();
        rules.find_map(|rule| rule.filter(|rule| self.rules.rule(*rule).kind == kind))
    }

    /// What is the same in every region.
    fn clear(&self, rule: RuleId, text: &[u8]) -> Option<Hit> {
        match &self.rules.rule(rule).recogniser {
            Recogniser::Email => email(text),
            Recogniser::Ipv4 => address(text),
            Recogniser::Phone => phone(text),
            Recogniser::Iban => iban(text),
            Recogniser::Coordinates => degrees(text),
            _ => None,
        }
        .map(|parsed| Hit::new(0..text.len(), parsed))
    }

    /// A number with a trunk prefix or with its area code in parentheses, in groups. Where no region is
    /// given, that is a shape, of which those that were inferred make a number or none.
    fn national_phone(&self, inferred: &[Region], text: &[u8]) -> Option<Hit> {
        let is_plain = |b: &u8| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'.' | b'(' | b')');
        let ([b'0', b'1'..=b'9', rest @ ..] | [b'(', b'0'..=b'9', rest @ ..]) = text else {
            return None;
        };
        // Digits alone need something that speaks for them.
        let is_grouped = rest.iter().any(|b| !b.is_ascii_digit());
        if !(self.regions.is_empty() && is_grouped && text.iter().all(is_plain))
            || holds_international(rest)
        {
            return None;
        }
        let number = kind::phone::InField::read(text).filter(kind::phone::InField::is_shape)?;
        let whole = 0..text.len();
        Some(match number.parse(inferred) {
            Some(parsed) => Hit::new(whole, parsed),
            None => Hit::shape(text, whole),
        })
    }

    /// Whether a text at `place` is a number, a date or a point in time that a search would find nothing in.
    ///
    /// A few steps, where a search takes a hundred.
    #[must_use]
    pub fn is_told(&self, text: &[u8], place: &Place<'_>) -> bool {
        matches!(text, [b'-' | b'0'..=b'9', ..])
            && Self::keeps_outlines(place)
            && (self.is_one_id(text, place.form) || self.is_one_quantity(text, place.form))
    }

    /// Whether `text`, the value of a field whose name says nothing, is digits that are no more than an id:
    /// none of those that could be a date, a card, or a number of a device or an account.
    fn is_one_id(&self, text: &[u8], form: Form) -> bool {
        let is_else = || match text.len() {
            8 => true,
            13 => matches!(text[0], b'2'..=b'6'),
            _ => false,
        };
        form == Form::Cell
            && text.len() < 14
            && digits_at(text, 0) == text.len()
            && !is_else()
            && !self.reads_everything()
    }

    /// Whether `text`, the value of a field whose name says nothing, is a number with decimals, a date or a
    /// point in time as programs write them: numbers of people are not grouped so. What begins with zeros
    /// could be dialled, and 23 digits could be an account.
    fn is_one_quantity(&self, text: &[u8], form: Form) -> bool {
        const MAX_DIGITS: usize = 18;
        let unsigned = text.strip_prefix(b"-").unwrap_or(text);
        let whole = digits_at(unsigned, 0);
        let is_quantity = || match unsigned.get(whole) {
            Some(b'.') => {
                let decimals = digits_at(unsigned, whole + 1);
                whole + 1 + decimals == unsigned.len()
                    && (1..=MAX_DIGITS).contains(&(whole + decimals))
                    && decimals > 0
                    && (unsigned[0] != b'0' || whole == 1)
            }
            Some(b'-') => unsigned.len() == text.len() && is_point_in_time(text),
            _ => false,
        };
        form == Form::Cell
            && (1..=MAX_DIGITS).contains(&whole)
            && is_quantity()
            && !self.reads_everything()
    }

    /// Whether a text is one UUID of which a search would make nothing, where neither the name of its
    /// field nor what that was found to be asks for the whole value: it passes over digits that are idle,
    /// and then over all that the UUID owns.
    pub(super) fn is_one_uuid(&self, text: &[u8], anchors: &[Anchor], base: usize) -> bool {
        const OF_WORDS: u16 = shape::NUMBER | shape::LETTERED | shape::LONG;
        if text.len() != recognise::UUID_LEN
            || !recognise::starts_uuid(text, 0)
            || self.reads_everything()
        {
            return false;
        }
        let is_idle = |at: usize, shapes: u16| {
            shapes & !shape::DIGITS == 0 && Glance::at(text, at).is_idle(text, at, shapes)
        };
        let mut places = anchors.iter().map(|anchor| (anchor.at as usize - base, anchor.shapes));
        places.find(|(at, shapes)| !is_idle(*at, *shapes)).is_none_or(|(at, shapes)| {
            shapes & OF_WORDS != 0 && recognise::uuid_start(text, at, shapes) == Some(0)
        })
    }
}

/// A valid number behind a plus, in groups with a space or a dash between them.
fn phone(text: &[u8]) -> Option<Parsed> {
    let [b'+', number @ ..] = text else { return None };
    let mut groups = number.split(|b| matches!(b, b' ' | b'-'));
    let is_group = |group: &[u8]| !group.is_empty() && group.iter().all(u8::is_ascii_digit);
    let digits = number.iter().filter(|b| b.is_ascii_digit()).count();
    let is_plain = PHONE_DIGITS.contains(&digits) && groups.all(is_group);
    is_plain.then(|| kind::phone::parse(text, &[]))?.filter(|it| it.strength == Strength::Strong)
}

/// Whether a group begins with what is dialled before a country code, and enough digits follow for a
/// number of its own.
fn holds_international(groups: &[u8]) -> bool {
    let begins = |at: usize| !groups[at].is_ascii_digit() && groups[at + 1..].starts_with(b"00");
    let digits = |at: usize| groups[at..].iter().filter(|b| b.is_ascii_digit()).count();
    (0..groups.len()).any(|at| begins(at) && digits(at) >= *PHONE_DIGITS.start())
}

/// Letters, digits, dots, dashes and underscores around one `@`, at a known top-level domain: there is
/// nothing to decode, and no other place to end.
fn email(text: &[u8]) -> Option<Parsed> {
    let at = memchr::memchr(b'@', text)?;
    let is_bordered =
        text[0].is_ascii_alphanumeric() && text[text.len() - 1].is_ascii_alphanumeric();
    let is_email = at <= MAX_LOCAL && is_bordered && kind::email::is_plain(text, at);
    is_email.then(|| kind::email::parse(text))?.filter(|it| it.strength == Strength::Strong)
}

/// Four numbers and three dots, unless the address is nobody's and so of another kind.
fn address(text: &[u8]) -> Option<Parsed> {
    let is_quad = text.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    let is_somebodys = |it: &Parsed| !kind::ip::is_special(&it.canonical);
    is_quad.then(|| kind::ip::parse_v4(text))?.filter(is_somebodys)
}

/// Capitals and digits without a gap.
fn iban(text: &[u8]) -> Option<Parsed> {
    let is_plain = text.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    is_plain.then(|| kind::iban::parse(text))?
}

/// Whether all of `text` is a date of ISO 8601, from 1900 to 2099, perhaps with a time of day, a fraction
/// of its second and an offset.
fn is_point_in_time(text: &[u8]) -> bool {
    const DATE: &[u8] = b"0000-00-00";
    const TIME: &[u8] = b"T00:00:00";
    // Behind a comma, seven digits are a number of their own.
    let max_fraction = |sign: u8| if sign == b'.' { 9 } else { 6 };
    let Some((date, rest)) = text.split_at_checked(DATE.len()) else { return false };
    let number = |at: usize| 10 * (date[at] - b'0') + date[at + 1] - b'0';
    let is_date = has_form(date, DATE)
        && matches!(number(0), 19 | 20)
        && (1..=12).contains(&number(5))
        && (1..=31).contains(&number(8));
    if !is_date || rest.is_empty() {
        return is_date;
    }
    let Some((time, mut rest)) = rest.split_at_checked(TIME.len()) else { return false };
    let mut has_fraction = false;
    if let [sign @ (b'.' | b','), ..] = rest {
        let digits = digits_at(rest, 1);
        if !(1..=max_fraction(*sign)).contains(&digits) {
            return false;
        }
        (has_fraction, rest) = (true, &rest[1 + digits..]);
    }
    has_form(time, TIME)
        && match rest {
            [] | [b'Z'] => true,
            // Behind a fraction, the hours of an offset are another group of its digits.
            [b'+' | b'-', offset @ ..] => !has_fraction && has_form(offset, b"00:00"),
            _ => false,
        }
}

/// A number that may be degrees, and nothing beside it.
fn degrees(text: &[u8]) -> Option<Parsed> {
    let is_all = text.len() == kind::trim(text).len();
    is_all.then(|| kind::coordinates::parse(text))?.filter(|it| it.strength == Strength::Weak)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use proptest::prelude::*;

    use super::super::memory::{Heard, Keys};
    use super::super::{Memory, anchors, canonical_of};
    use super::*;
    use crate::rules::{HintSet, RuleSet};

    /// What a search says that `text` is as a whole, in a field found to be of `kind`.
    fn searched(detector: &Detector, kind: KindId, text: &[u8], hints: HintSet) -> Vec<u8> {
        let place = Place { settled: Some(kind), inferred: &inferred(), ..Place::cell(hints) };
        let (mut in_text, mut found) = (Vec::new(), Vec::new());
        anchors(text, &mut in_text);
        detector.find(text, &in_text, 0, &place, &mut Memory::default(), &mut found);
        canonical_of(&found, kind, text).as_bytes().to_vec()
    }

    /// What a search finds in `text`, of which nothing else is known.
    fn found_in(detector: &Detector, text: &[u8], form: Form) -> Vec<Candidate> {
        let (heard, keys) = (&Heard::default(), &Keys::default());
        let (mut in_text, mut found) = (Vec::new(), Vec::new());
        anchors(text, &mut in_text);
        let place = &Place { form, ..Place::LINE };
        let search = &Search { text, place, depth: 0, heard, keys, probe: None };
        detector.search(search, &in_text, 0, &mut found);
        found
    }

    fn inferred() -> Vec<Region> {
        ["FR", "US", "DE", "IT"].iter().filter_map(|code| Region::new(code)).collect()
    }

    /// Of whatever is not plain, nothing is said; returns whether it is.
    fn check(kind: &str, text: &str) -> bool {
        let kind = DETECTOR.rules().kind_id(kind).unwrap();
        let text = text.as_bytes();
        [&*DETECTOR, &*IN_REGIONS].into_iter().for_each(|detector| check_announced(detector, text));
        let Some(plain) = DETECTOR.find_plain(kind, &inferred(), text) else { return false };
        for name in NAMES {
            let hints = DETECTOR.rules().hinted(name);
            assert_eq!(
                searched(&DETECTOR, kind, text, hints),
                plain.canonical.as_bytes(),
                "{name}"
            );
        }
        assert_eq!((plain.start, plain.end), (0, text.len()));
        true
    }

    /// What the name of a field announces is what a search finds, whatever else is in it.
    fn check_announced(detector: &Detector, text: &[u8]) {
        let (heard, keys) = (&Heard::default(), &Keys::default());
        for name in NAMES {
            let place = Place::cell(detector.rules().hinted(name));
            let search = &Search { text, place: &place, depth: 0, heard, keys, probe: None };
            let Some(announced) = detector.announced(search, true) else { continue };
            let (mut in_text, mut searched) = (Vec::new(), Vec::new());
            anchors(text, &mut in_text);
            detector.search(search, &in_text, 0, &mut searched);
            assert_eq!(searched, [announced], "{name}");
        }
    }

    const NAMES: [&str; 7] = ["column", "email", "client_ip", "iban", "phone", "notes", "password"];

    /// With numbers of few digits, without trunk prefixes, and with none.
    const REGIONS: [&str; 24] = [
        "AU", "BR", "CH", "CR", "DK", "EE", "ES", "GB", "HK", "IN", "IS", "JP", "LU", "LV", "MT",
        "NO", "PL", "PT", "QA", "RU", "SE", "SG", "SH", "ZA",
    ];

    static DETECTOR: LazyLock<Detector> =
        LazyLock::new(|| Detector::new(Arc::new(RuleSet::builtin()), Vec::new()).unwrap());
    static IN_REGIONS: LazyLock<Detector> =
        LazyLock::new(|| Detector::new(Arc::new(RuleSet::builtin()), inferred()).unwrap());

    #[test]
    fn what_is_plain_is_known_without_a_search() {
        for (kind, text, is_plain) in [
            ("email", "Jean.Dupont-2_x@mail.example.com", true),
            ("email", "33199001234@example.com", true),
            ("email", "8f14e45f-ceea-467a-9a36-dedd4bea2543@example.com", true),
            ("email", "amVhbkBleGFtcGxlLmNvbQ@example.com", true),
            ("email", " jean@example.com", false),
            ("email", "jean%40x@example.com", false),
            ("email", "<jean@example.com>", false),
            ("email", "jean@example.com.", false),
            ("email", "jean@host.corp", false),
            ("email", "a@b@example.com", false),
            ("email", "", false),
            ("ip", "203.0.113.7", true),
            ("ip", "1.2.3.4", true),
            ("ip", "127.0.0.1", false),
            ("ip", "203.0.113.7:80", false),
            ("ip", "2001:db8::1", false),
            ("iban", "FR7630006000011234567890189", true),
            ("iban", "FR7630006000011234567890188", false),
            ("iban", "fr76 3000 6000 0112 3456 7890 189", false),
            ("phone", "+33199001234", true),
            ("phone", "+1 415-555 0143", true),
            ("phone", "+1 415 555 0143 x12", false),
            ("phone", "0199001234", false),
            ("phone", "01 99 00 12 34", true),
            ("phone", "01.99.00.12.34", true),
            ("phone", "(212) 555-0123", true),
            ("phone", "01 99 00 12 34 x12", false),
            ("phone", "01 0033 199001234", false),
            ("phone", "0033 199001234", false),
            ("phone", "+33 1 99 00 12 34 56", false),
        ] {
            assert_eq!(check(kind, text), is_plain, "{text}");
        }
    }

    proptest! {
        #[test]
        fn in_one_uuid_nothing_is_found(
            uuid in "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-F]{6}[0-9A-F]{2}(-[0-9A-F]{4}){3}-[0-9]{12}",
            few in "[0-9]{8}(-[0-9]{4}){3}-[0-9]{12}|[a-f]{8}(-[a-f]{4}){2}-[0-9a-f]{4}-[0-9]{12}",
            form in prop::sample::select(&[Form::Cell, Form::Line][..]),
        ) {
            let detector = &*DETECTOR;
            for text in [uuid.as_bytes(), few.as_bytes()] {
                let mut in_text = Vec::new();
                anchors(text, &mut in_text);
                let is_told = detector.is_one_uuid(text, &in_text, 0);
                prop_assert!(!is_told || found_in(detector, text, form).is_empty());
            }
        }

        #[test]
        fn in_one_id_nothing_is_found(id in "[0-9]{1,24}|0[0-9]{9}|[2-6][0-9]{12,15}|(19|20)[0-9]{6}") {
            let (detector, text) = (&*DETECTOR, id.as_bytes());
            let is_told = detector.is_one_id(text, Form::Cell);
            prop_assert!(!is_told || found_in(detector, text, Form::Cell).is_empty());
            prop_assert_eq!(is_told, matches!(id.len(), 1..=7 | 9..=12)
                || id.len() == 13 && !matches!(text[0], b'2'..=b'6'));
        }

        #[test]
        fn in_one_quantity_nothing_is_found(
            number in "-?(0|[1-9][0-9]{0,9})\\.[0-9]{1,9}|-?[0-9]{1,14}[.,][0-9]{0,19}",
            time in "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\
                     ([ T][0-9]{2}:[0-9]{2}:[0-9]{2}((\\.[0-9]{1,9}|,[0-9]{1,6})Z?|Z|[+-][0-9]{2}:[0-9]{2}|))?",
            other in "-?[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}(:[0-9]{2}){1,2}[.,]?[0-9]{0,10})?(Z|[+-][0-9]{2}:?[0-9]{2})?",
            region in prop::sample::select(&REGIONS[..]),
        ) {
            for text in [&number, &time, &other].map(String::as_bytes) {
                let detector = &*DETECTOR;
                if !detector.is_one_quantity(text, Form::Cell) {
                    prop_assert!(text != time.as_bytes());
                    continue;
                }
                let regions = Region::new(region).into_iter().collect();
                let in_region = Detector::new(Arc::clone(&detector.rules), regions).unwrap();
                for detector in [detector, &*IN_REGIONS, &in_region] {
                    prop_assert!(found_in(detector, text, Form::Cell).is_empty());
                }
            }
        }

        #[test]
        fn degrees_are_what_a_search_finds(
            degrees in "[-+ ]?[0-9]{1,3}[.,][0-9]{1,17} ?[NSEW°]?",
            other in prop_oneof!["[0-9.,-]{1,12}", "[0-9]{1,2}\\.[0-9]{4}N?, ?[0-9]{1,2}\\.[0-9]{4}E?"],
            name in prop::sample::select(&["lat", "longitude", "gps", "phone", "lat_phone", "n"][..]),
        ) {
            let detector = &*DETECTOR;
            let (heard, keys) = (Heard::default(), Keys::default());
            let (heard, keys) = (&heard, &keys);
            for text in [degrees.as_bytes(), other.as_bytes()] {
                let place = Place::cell(detector.rules().hinted(name));
                let search = &Search { text, place: &place, depth: 0, heard, keys, probe: None };
                let mut searched = Vec::new();
                detector.search(search, &[], 0, &mut searched);
                if let Some(degrees) = detector.announced(search, false) {
                    prop_assert_eq!(searched, [degrees]);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn what_is_plain_is_what_a_search_finds(
            email in "[A-Za-z0-9][A-Za-z0-9._-]{0,40}@[a-z0-9.-]{1,20}\\.(com|fr|co\\.uk|so|example|zip|com\\.corp|local\\.org)",
            digits in "[0-9+.-]{6,24}@[a-z]{1,4}\\.(com|net|io)",
            address in "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}",
            country in prop::sample::select(&["FR", "DE", "GB", "NL", "ES", "BE"][..]),
            account in "[0-9]{23}",
            phone in "\\+(1|33|44|49|34|39|7|86|351)[ -]?[1-9]([0-9][ -]?){5,11}[0-9]",
            national in "(0|\\([0-9]{1,4}\\) ?)([0-9]{1,4}[ .-]?){1,6}[0-9]",
            in_pairs in "0[1-9](([ .-])[0-9]{2}){3,6}",
            within in "0[0-9]{1,3}[ -]00 ?(33|1|47|44|49) ?[0-9 ]{4,10}[0-9]",
        ) {
            check("email", &email);
            check("email", &digits);
            check("ip", &address);
            for phone in [phone, national, in_pairs, within] {
                check("phone", &phone);
            }
            for check_digits in 2..99 {
                let length = match country { "FR" => 23, "DE" => 18, "GB" => 18, "NL" => 14, "ES" => 20, _ => 12 };
                let bank = if matches!(country, "GB" | "NL") { "ABNA" } else { "" };
                let text = format!("{country}{check_digits:02}{bank}{}", &account[bank.len()..length]);
                check("iban", &text);
            }
        }
    }
}
