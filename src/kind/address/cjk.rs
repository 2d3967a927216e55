//! Addresses in Han characters and Hangul, from the province to the house.

use super::Strength;

/// What regions, and what streets and houses end with, in Chinese, Japanese and Korean.
const REGIONS: &str = "省市区县縣區郡都道府町村鄉鎮州";
const STREETS: &str = "路街巷弄号號座楼樓室番丁段村";
const KOREAN_REGIONS: &str = "시도군구읍면";
const KOREAN_STREETS: &str = "로길가동리";

/// How sure it is that `text` is an address; nothing where it is in another script.
pub(super) fn grade(text: &str) -> Option<Strength> {
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    if text.contains(|c: char| matches!(c, '\u{4e00}'..='\u{9fff}')) {
        let regions = text.chars().filter(|c| REGIONS.contains(*c)).count();
        let streets = text.chars().filter(|c| STREETS.contains(*c)).count();
        return match (regions, streets, has_digit) {
            (1.., 1.., true) | (_, 2.., true) => Some(Strength::Strong),
            (1.., 1.., false) | (0, 1, true) => Some(Strength::Weak),
            _ => None,
        };
    }
    if !text.contains(|c: char| matches!(c, '\u{ac00}'..='\u{d7a3}')) {
        return None;
    }
    let words = || text.split_whitespace();
    let ends = |word: &str, set: &str| {
        word.chars().count() > 1 && word.chars().next_back().is_some_and(|c| set.contains(c))
    };
    let regions = words().filter(|word| ends(word, KOREAN_REGIONS)).count();
    let streets = words().filter(|word| ends(word, KOREAN_STREETS)).count();
    match (regions, streets, has_digit) {
        (1.., 1.., true) => Some(Strength::Strong),
        (0, 1.., true) if words().count() > 1 => Some(Strength::Weak),
        _ => None,
    }
}
