//! Names in Han characters and Hangul: the family name first, mostly without a space.

use super::Strength;
use super::fold::Folded;
use super::gazetteer;
use super::words::Role;

/// How sure it is that `text`, of Han characters, kana or Hangul alone, is a name; nothing where
/// it is too long for one.
pub(super) fn grade(text: &str) -> Option<Strength> {
    let mut parts = text.split([' ', '\u{3000}', '・']);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(name), None, _) => unspaced(name),
        (Some(surname), Some(given), None) => {
            if surname.chars().count() > 4 || given.chars().count() > 4 {
                return None;
            }
            let known = gazetteer::lookup(surname).is_surname();
            Some(if known { Strength::Strong } else { Strength::Shape })
        }
        _ => None,
    }
}

/// Whether all of `text` is written as names of East Asia are.
pub(super) fn is_script(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{3005}' | '\u{3000}' | ' ' | '\u{f900}'..='\u{faff}')
    })
}

/// What the names of provinces, prefectures, cities, districts, towns and villages end with.
const PLACES: [char; 14] =
    ['都', '府', '県', '市', '区', '町', '村', '省', '县', '縣', '區', '鄉', '鎮', '郡'];

fn unspaced(name: &str) -> Option<Strength> {
    let length = name.chars().count();
    if !(1..=5).contains(&length) {
        return None;
    }
    if Role::of(Folded::new(name).as_bytes()).is_foreign() {
        return None;
    }
    let whole = gazetteer::lookup(name);
    if whole.is_known() {
        return Some(if whole.is_common() { Strength::Shape } else { Strength::Weak });
    }
    // Two syllables of Hangul are any word, and three with these at the end a city or a county.
    let is_hangul = name.starts_with(|c: char| ('\u{ac00}'..='\u{d7a3}').contains(&c));
    if is_hangul && (length == 2 || name.ends_with(['시', '군', '구', '도'])) {
        return Some(Strength::Shape);
    }
    // As do prefectures, districts and towns in Han characters.
    if length > 2 && name.ends_with(PLACES) {
        return Some(Strength::Shape);
    }
    // A family name of one character needs given names of known syllables; one of two is rare
    // enough by itself.
    let split = |at: usize| name.char_indices().nth(at).map(|(at, _)| name.split_at(at));
    let strength = [1, 2].into_iter().filter_map(|at| Some((at, split(at)?))).filter_map(
        |(at, (surname, given))| {
            if !gazetteer::lookup(surname).is_surname() {
                return None;
            }
            let syllables =
                given.chars().all(|c| gazetteer::lookup(c.encode_utf8(&mut [0; 4])).is_given());
            match (at, length, syllables || gazetteer::lookup(given).is_given()) {
                (1, 3, true) | (2, 3..=5, true) => Some(Strength::Strong),
                (1, 2, true) | (1, 3, false) | (2, 3..=4, false) => Some(Strength::Weak),
                _ => None,
            }
        },
    );
    Some(strength.max().unwrap_or(Strength::Shape))
}
