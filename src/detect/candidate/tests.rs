//! The anchors of texts by example, and those of any text compared with the definitions and between
//! machines.

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::letters::Letters;
use super::sketch::{self, Sketch};
use super::*;

fn all(text: &[u8]) -> Vec<Anchor> {
    let mut found = Vec::new();
    anchors(text, &mut found);
    found
}

fn places(text: &str, shape: u16) -> Vec<usize> {
    all(text.as_bytes())
        .into_iter()
        .filter(|anchor| anchor.shapes & shape != 0)
        .map(|anchor| anchor.at as usize)
        .collect()
}

#[test]
fn each_shape_has_its_anchor() {
    assert_eq!(places("to a@example.com", shape::AT), [4]);
    assert_eq!(places("ip 192.0.2.1 ok", shape::QUAD), [10]);
    assert_eq!(places("adsl-82-252-162-81.example.net", shape::DASHED_QUAD), [15]);
    assert_eq!(places("[2001:db8::1]", shape::COLONS), [10]);
    assert_eq!(places("2001:db8:1:2:3:4:5:6", shape::COLONS), [12, 14, 16, 18]);
    assert_eq!(places("call +33 1 or (415) 5", shape::DIALLED), [6, 15]);
    assert_eq!(places("wa.me/3312", shape::DIALLED), [6]);
    assert_eq!(places("FR76 or /de89 BEL12", shape::IBAN), [3, 12]);
    assert_eq!(places("tel 06 12", shape::NUMBER), [4, 7]);
    assert_eq!(places("X1234567L RSSMRA85T10A562S v2 X-1", shape::LETTERED), [1, 16, 28, 32]);
    assert_eq!(places("00-00-5e-00-53-af 0000.5e00.53af", shape::PAIRS), [14, 27]);
    assert_eq!(places("M. Jean Dupont, Zoé Émond", shape::NAME), [3, 8, 21]);
    assert_eq!(places("at https://example.com/a", shape::URL), [10]);
    assert_eq!(places("a&#64;b \\u0040", shape::AT), [1, 2, 8]);
    assert_eq!(places("dbPassword=x \"api_key\": y", shape::SECRET_KEY), [10, 21]);
    assert_eq!(places("password : x, a user=b", shape::SECRET_KEY), [9]);
    assert_eq!(places("AB-123-CD or node-3", shape::PLATE), [3]);
    assert_eq!(places("key AKIAIOSFODNN7EXAMPLE", shape::LONG), [19]);
}

#[test]
fn timestamps_and_paths_start_few_words() {
    assert_eq!(places("2024-11-22T10:06:12.123Z", shape::NUMBER), [0]);
    assert!(places("2024-11-22T10:06:12.123Z", shape::QUAD | shape::COLONS).is_empty());
    assert!(places("/api/v1/users/0612345678", shape::NUMBER).is_empty());
    assert_eq!(places("tel:0612345678 at 10:06", shape::NUMBER), [4, 18]);
    assert_eq!(places("{\"tel\":0612345678}", shape::NUMBER), [7]);
}

const KEY_LETTERS: [&[u8]; 3] = [b"adenopsty", b"dehlrsw", b"akmnoprs"];

/// The same anchors byte by byte, straight from their definitions.
fn plain(text: &[u8]) -> Vec<Anchor> {
    let get = |i: usize, back: usize| i.checked_sub(back).map_or(0, |j| text[j]);
    let glue = |b: u8| b.is_ascii_alphanumeric() || b":-/._+".contains(&b);
    let start = |i: usize| {
        let in_number = get(i, 2).is_ascii_digit() || get(i, 2) == b':';
        i == 0 || !glue(get(i, 1)) || (get(i, 1) == b':' && !in_number)
    };
    fn depth(text: &[u8], i: usize, sign: u8, digits: bool, reach: usize) -> usize {
        if text[i] != sign || (digits && (i == 0 || !text[i - 1].is_ascii_digit())) {
            return 0;
        }
        (2..=reach)
            .filter(|by| i >= *by)
            .map(|by| depth(text, i - by, sign, digits, reach))
            .max()
            .unwrap_or(0)
            .min(3)
            + 1
    }
    (0..text.len())
        .filter_map(|i| {
            let b = text[i];
            let mut shapes = 0;
            if b"@\\#&$\xef".contains(&b) {
                shapes |= shape::AT;
            }
            if depth(text, i, b'.', true, 4) >= 3 {
                shapes |= shape::QUAD;
            }
            if depth(text, i, b'-', true, 4) >= 3 {
                shapes |= shape::DASHED_QUAD;
            }
            if b == b':' && (get(i, 1) == b':' || depth(text, i, b':', false, 5) >= 4) {
                shapes |= shape::COLONS;
            }
            if b.is_ascii_digit() {
                if start(i) {
                    shapes |= shape::NUMBER;
                }
                let is_behind_domain = b"/_".contains(&get(i, 1))
                    && get(i, 2).is_ascii_alphabetic()
                    && get(i, 3).is_ascii_alphabetic()
                    && get(i, 4) == b'.';
                if matches!(get(i, 1), b'+' | b'(') || is_behind_domain {
                    shapes |= shape::DIALLED;
                }
                let letters =
                    (1..=i).take_while(|by| get(i, *by).is_ascii_alphabetic()).take(8).count();
                let is_dashed =
                    get(i, 1) == b'-' && get(i, 2).is_ascii_alphabetic() && start(i - 2);
                if (1..=6).contains(&letters) && start(i - letters) || is_dashed {
                    shapes |= shape::LETTERED;
                }
                if get(i, 1).is_ascii_digit()
                    && get(i, 2).is_ascii_alphabetic()
                    && get(i, 3).is_ascii_alphabetic()
                    && !get(i, 4).is_ascii_alphanumeric()
                {
                    shapes |= shape::IBAN;
                }
            }
            let pairs = (0..5).all(|link| i >= 3 * link && text[i - 3 * link] == b'-');
            if pairs || b == b'.' && get(i, 5) == b'.' {
                shapes |= shape::PAIRS;
            }
            let before_space = get(i, 2);
            let ends_word = before_space.is_ascii_alphabetic()
                || before_space == b'.'
                || !before_space.is_ascii();
            if (b.is_ascii_uppercase() || !b.is_ascii()) && get(i, 1) == b' ' && ends_word {
                shapes |= shape::NAME;
            }
            if b"/_".contains(&b) && b"/_".contains(&get(i, 1)) && get(i, 2) == b':' {
                shapes |= shape::URL;
            }
            let ends_as_key = |end: usize| {
                (1..=3).zip(KEY_LETTERS).all(|(by, letters)| {
                    end >= by && letters.contains(&get(end, by).to_ascii_lowercase())
                })
            };
            let is_behind_key = ends_as_key(i) || get(i, 1) == b' ' && ends_as_key(i - 1);
            if b.is_ascii_digit() && get(i, 1) == b'-' && get(i, 2).is_ascii_uppercase() {
                shapes |= shape::PLATE;
            }
            if b"=:\"'@\\#&$\xef".contains(&b) && is_behind_key {
                shapes |= shape::SECRET_KEY;
            }
            let is_part = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
            let row = (0..=i).take_while(|by| is_part(get(i, *by))).take(17).count();
            if row == 16 {
                shapes |= shape::LONG;
            }
            (shapes != 0).then_some(Anchor { at: i as u32, shapes })
        })
        .collect()
}

/// Bytes that there are shapes of, and some that there are none of.
fn dense() -> impl Strategy<Value = Vec<u8>> {
    let bytes = b" a1@.:-+(F_/\\#&=\"sekR\xC3\xEF\n\0".to_vec();
    vec(select(bytes), 0..3 * PIECE)
}

proptest! {
    #[test]
    fn masks_agree_with_the_definitions(
        before in 0..2 * PIECE,
        text in "[ a1@.:\\-+(F_/\\\\#&é=\"sekR]{0,300}",
    ) {
        let text = [vec![b' '; before], text.into_bytes()].concat();
        prop_assert_eq!(all(&text), plain(&text));
    }

    #[test]
    fn every_machine_finds_the_same_anchors(
        text in prop_oneof![dense(), vec(any::<u8>(), 0..3 * PIECE)],
    ) {
        let mut found = Vec::new();
        portable::anchors(&text, &mut found);
        prop_assert_eq!(all(&text), found);
    }

    #[test]
    fn anchors_are_appended(first in dense(), second in dense()) {
        let mut found = all(&first);
        anchors(&second, &mut found);
        prop_assert_eq!(found, [all(&first), all(&second)].concat());
    }
}

/// Every text that the tests of the program read: what is vectorised tells of it what its twins do.
#[test]
fn the_fixtures_have_the_same_anchors_on_every_machine() {
    let mut directories = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")];
    let mut files = 0;
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let Ok(text) = std::fs::read(&path) else { continue };
            let mut anywhere = Vec::new();
            portable::anchors(&text, &mut anywhere);
            assert!(all(&text) == anywhere, "{}", path.display());
            for line in text.split(|byte| *byte == b'\n') {
                assert_eq!(Letters::of(line), Letters::portable(line));
                let (mut here, mut anywhere) = (Sketch::default(), Sketch::default());
                if line.len() <= sketch::LONGEST {
                    assert_eq!(here.draw(line), anywhere.draw_portably(line));
                    assert_eq!(here, anywhere);
                }
            }
            files += 1;
        }
    }
    assert!(files > 10);
}
