//! Which files are one table or one log: part files, rotated logs and hive partitions.
//!
//! Grouping is conservative, since a map that mixes two tables is worse than one that lists a table
//! twice: files belong together when they are in one directory and their names are equal but for a
//! number, date or UUID that stands between separators. `v4.csv` and `v6.csv` stay apart,
//! `app.log` and `app.log.1` do not. Names alone decide; nothing is opened.

use std::collections::{BTreeMap, BTreeSet};

/// What is known about a file before it is opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    /// Which root it was found under.
    pub(super) root: usize,
    /// Name of that root's directory.
    pub(super) root_name: &'a str,
    /// `/`-separated, relative to the root.
    pub(super) relative: &'a str,
    /// Whether the file itself was given, and not a directory or glob.
    pub(super) is_given: bool,
}

/// The dataset of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Membership {
    pub(super) dataset: String,
    pub(super) partitions: Vec<(String, String)>,
}

/// Names the dataset of each entry, in the order of the entries.
pub(super) fn assign(entries: &[Entry<'_>]) -> Vec<Membership> {
    let mut directories: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    let mut memberships = vec![None; entries.len()];
    for (index, entry) in entries.iter().enumerate() {
        memberships[index] = hive(entry);
        if memberships[index].is_none() && !is_auxiliary(file_name(entry.relative)) {
            directories.entry((entry.root, directory(entry.relative))).or_default().push(index);
        }
    }
    for ((_, directory), indices) in directories {
        for (index, dataset) in name_directory(directory, &indices, entries) {
            memberships[index] = Some(Membership { dataset, partitions: Vec::new() });
        }
    }
    let alone = |entry: &Entry<'_>| Membership {
        dataset: entry.relative.to_owned(),
        partitions: Vec::new(),
    };
    memberships
        .into_iter()
        .zip(entries)
        .map(|(membership, entry)| membership.unwrap_or_else(|| alone(entry)))
        .collect()
}

/// Names the datasets of the files at `indices`, which share `directory`; lone files are left out.
fn name_directory(
    directory: &str,
    indices: &[usize],
    entries: &[Entry<'_>],
) -> Vec<(usize, String)> {
    let stem_of = |index: usize| stem(file_name(entries[index].relative));
    let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &index in indices {
        members.entry(stem_of(index)).or_default().push(index);
    }
    let is_only_stem = members.len() == 1;
    let mut named = Vec::new();
    for (stem, indices) in members {
        let first = &entries[indices[0]];
        let is_group = indices.len() > 1
            || (!first.is_given && is_unmistakable_part(file_name(first.relative)));
        if !is_group {
            continue;
        }
        // Files named by number alone, beside others: `*.csv`.
        let stem = if stem.is_empty() || stem.starts_with('.') { format!("*{stem}") } else { stem };
        let dataset = match (directory, is_only_stem) {
            ("", true) => first.root_name.to_owned(),
            ("", false) => stem,
            (directory, true) => directory.to_owned(),
            (directory, false) => format!("{directory}/{stem}"),
        };
        named.extend(indices.into_iter().map(|index| (index, dataset.clone())));
    }
    named
}

/// The dataset of a file below `key=value` directories: the directory above the first of them.
fn hive(entry: &Entry<'_>) -> Option<Membership> {
    let parents: Vec<&str> = match directory(entry.relative) {
        "" => return None,
        directory => directory.split('/').collect(),
    };
    let partitions: Vec<(String, String)> =
        parents.iter().filter_map(|name| partition(name)).collect();
    if partitions.is_empty() {
        return None;
    }
    let above: Vec<&str> =
        parents.into_iter().take_while(|name| partition(name).is_none()).collect();
    let dataset = if above.is_empty() { entry.root_name.to_owned() } else { above.join("/") };
    Some(Membership { dataset, partitions })
}

/// Key and value of a partition directory, or nothing where it is none.
fn partition(name: &str) -> Option<(String, String)> {
    let (key, value) = name.split_once('=')?;
    let is_column = key
        .chars()
        .all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '%'));
    (is_column && !key.is_empty()).then(|| (percent_decoded(key), percent_decoded(value)))
}

/// `%20` as a space. What is no escape stays; bytes that are no UTF-8 become U+FFFD.
pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit =
            |offset: usize| bytes.get(at + offset).and_then(|&byte| char::from(byte).to_digit(16));
        match (bytes[at], digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => {
                // Two hexadecimal digits are below 256, so nothing is lost.
                decoded.extend(u8::try_from(high * 16 + low));
                at += 3;
            }
            (byte, _, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Spark, Hive and Hadoop hide names that start with `_` or `.`: markers, metadata, checksums.
fn is_auxiliary(name: &str) -> bool {
    name.starts_with(['_', '.'])
}

fn file_name(relative: &str) -> &str {
    relative.rsplit('/').next().unwrap_or(relative)
}

fn directory(relative: &str) -> &str {
    relative.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// A file name that only an engine writes, so that even one alone stands for its directory:
/// `part-00000-…` of Spark, `part-<uuid>-0` of Flink, `000000_0` of Hive.
fn is_unmistakable_part(name: &str) -> bool {
    let tokens = tokens(name);
    match tokens.as_slice() {
        [part, number, ..] if part.text == "part" => {
            number.text.len() >= 5 && is_number(number.text)
        }
        [task, attempt] => task.text.len() == 6 && is_number(task.text) && is_number(attempt.text),
        _ => false,
    }
}

/// A file name without what numbers it: `app.log` for `app.log.1`, `app.2026-11-20.log` and
/// `app-20261120.log.gz`; `part.parquet` for whatever Spark writes; `.csv` for `2026.csv`.
pub(super) fn stem(name: &str) -> String {
    let tokens = tokens(name);
    if is_unmistakable_part(name) && tokens[0].text == "part" {
        // Spark and Delta add task, job and file numbers of their own between.
        let extension = tokens.last().filter(|last| {
            last.separator == Some('.') && !is_number(last.text) && !is_compression(last.text)
        });
        return extension.map_or("part".to_owned(), |last| format!("part.{}", last.text));
    }
    let mut words = tokens.iter().enumerate().filter(|(position, token)| {
        !is_number(token.text) && (*position == 0 || !is_compression(token.text))
    });
    let mut stem = String::with_capacity(name.len());
    if let Some((position, first)) = words.next() {
        // Of `2026.csv` the extension is left, of `2026.sales.csv` a name.
        if position + 1 == tokens.len() && first.separator == Some('.') {
            stem.push('.');
        }
        stem.push_str(first.text);
    }
    for (_, word) in words {
        stem.extend(word.separator);
        stem.push_str(word.text);
    }
    stem
}

/// A piece of a file name and the separator before it.
#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    separator: Option<char>,
    text: &'a str,
}

/// Cuts a name at `-`, `_`, `.` and `+`; a UUID stays one token.
fn tokens(name: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut separator = None;
    let mut rest = name;
    loop {
        let length = match uuid_length(rest) {
            Some(length) => length,
            None => rest.find(SEPARATORS).unwrap_or(rest.len()),
        };
        tokens.push(Token { separator, text: &rest[..length] });
        rest = &rest[length..];
        let Some(next) = rest.chars().next() else {
            return tokens;
        };
        separator = Some(next);
        rest = &rest[next.len_utf8()..];
    }
}

const SEPARATORS: [char; 4] = ['-', '_', '.', '+'];

/// 36 where `text` begins with a UUID that ends at a separator or with the text.
///
/// # Source
/// RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits.
fn uuid_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes().get(..36)?;
    let has_shape = bytes.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ends = text.get(36..)?.chars().next().is_none_or(|next| SEPARATORS.contains(&next));
    (has_shape && ends).then_some(36)
}

/// Digits, `20261120T101500Z`, or a UUID.
fn is_number(token: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let time = token.strip_suffix('Z').unwrap_or(token);
    digits(token)
        || time.split_once('T').is_some_and(|(date, time)| digits(date) && digits(time))
        || uuid_length(token) == Some(token.len())
}

/// Whether a part of a name says how the file is compressed. A rotated log is compressed when it is
/// old and still the same log.
fn is_compression(token: &str) -> bool {
    const NAMES: [&str; 13] = [
        "gz", "gzip", "bz2", "xz", "zst", "zstd", "lz4", "lzo", "snappy", "br", "brotli",
        "deflate", "z",
    ];
    NAMES.iter().any(|name| token.eq_ignore_ascii_case(name))
}

/// The names of `entries` must be told apart even where they are shown: `a (2)` for the second of
/// two that look the same.
pub fn make_unique(names: &mut [String]) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    // Of each name how many there are: thousands may look the same.
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        let shown = name.clone();
        while !used.insert(name.clone()) {
            let number = numbers.entry(shown.clone()).or_insert(1);
            *number += 1;
            *name = format!("{shown} ({number})");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Datasets of files below one directory, `root`.
    fn datasets<'a>(relatives: &[&'a str]) -> Vec<(&'a str, String)> {
        let entries: Vec<Entry<'_>> = relatives
            .iter()
            .map(|&relative| Entry { root: 0, root_name: "root", relative, is_given: false })
            .collect();
        let named = assign(&entries).into_iter().map(|membership| membership.dataset);
        relatives.iter().copied().zip(named).collect()
    }

    fn assert_all_named(relatives: &[&str], dataset: &str) {
        for (relative, named) in datasets(relatives) {
            assert_eq!(named, dataset, "{relative} among {relatives:?}");
        }
    }

    #[test]
    fn part_files_are_the_directory() {
        let directories: [&[&str]; 9] = [
            &["part-00000.parquet", "part-00001.parquet"],
            &[
                "part-00000-0a1b2c3d-0000-4000-8000-00000000000a-c000.snappy.parquet",
                "part-00001-0a1b2c3d-0000-4000-8000-00000000000a-c001.snappy.parquet",
            ],
            &["part-00000-tid-42-0a1b2c3d-0000-4000-8000-00000000000a-7-1.c000.snappy.parquet"],
            &["part-0.csv", "part-1.csv", "_SUCCESS", ".part-0.csv.crc"],
            &["part-00000"],
            &["000000_0", "000001_0"],
            &["data_0.parquet", "data_1.parquet"],
            &["00000-0-0a1b2c3d-0000-4000-8000-00000000000a-00001.parquet", "7.parquet"],
            &["2026-11-20.csv", "2026-11-21.csv"],
        ];
        for names in directories {
            let paths: Vec<String> =
                names.iter().map(|name| format!("lake/orders/{name}")).collect();
            for (path, dataset) in datasets(&paths.iter().map(String::as_str).collect::<Vec<_>>()) {
                let name = file_name(path);
                let expected = if is_auxiliary(name) { path } else { "lake/orders" };
                assert_eq!(dataset, expected, "{path}");
            }
        }
    }

    #[test]
    fn rotated_logs_are_the_directory() {
        assert_all_named(
            &["logs/app.log", "logs/app.log.1", "logs/app.log.2.gz", "logs/app.log.2026-11-20"],
            "logs",
        );
        assert_all_named(&["logs/access-20261120.log", "logs/access-20261121.log"], "logs");
        assert_all_named(&["logs/app.2026-11-20.log", "logs/app.log"], "logs");
        assert_all_named(&["logs/app.20261120T101500Z.log", "logs/app.log"], "logs");
    }

    #[test]
    fn several_stems_in_a_directory_keep_their_names() {
        let named = datasets(&[
            "logs/access.log",
            "logs/access.log.1",
            "logs/app.log",
            "logs/app.log.1",
            "logs/notes.txt",
            "logs/2026-11-20.csv",
            "logs/2026-11-21.csv",
        ]);
        let expected = [
            "logs/access.log",
            "logs/access.log",
            "logs/app.log",
            "logs/app.log",
            "logs/notes.txt",
            "logs/*.csv",
            "logs/*.csv",
        ];
        assert_eq!(named.iter().map(|(_, dataset)| dataset.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn files_of_different_tables_stay_apart() {
        let directories: [&[&str]; 6] = [
            &["crm/customers.csv", "crm/orders.csv"],
            &["crm/customers.csv"],
            &["net/ipv4.csv", "net/ipv6.csv"],
            &["a/data.csv", "a/data.json"],
            &["a/data_0.parquet", "b/data_1.parquet"],
            &["a/f1.csv", "a/f2.csv"],
        ];
        for relatives in directories {
            for (relative, dataset) in datasets(relatives) {
                assert_eq!(dataset, relative);
            }
        }
    }

    #[test]
    fn groups_directly_below_the_root_take_its_name() {
        assert_all_named(&["part-0.csv", "part-1.csv"], "root");
        assert_all_named(&["country=FR/part-0.csv", "country=BE/part-0.csv"], "root");
        assert_eq!(
            datasets(&["app.log", "app.log.1", "x.csv"])[1],
            ("app.log.1", "app.log".to_owned())
        );
    }

    #[test]
    fn a_part_file_given_alone_keeps_its_name() {
        let entry =
            Entry { root: 0, root_name: "orders", relative: "part-00000.csv", is_given: true };
        assert_eq!(assign(&[entry])[0].dataset, "part-00000.csv");
        let from_directory = Entry { is_given: false, ..entry };
        assert_eq!(assign(&[from_directory])[0].dataset, "orders");
    }

    #[test]
    fn two_roots_do_not_share_a_group() {
        let entry =
            |root, root_name, relative| Entry { root, root_name, relative, is_given: false };
        let named = assign(&[
            entry(0, "jan", "sales-1.csv"),
            entry(0, "jan", "sales-2.csv"),
            entry(1, "feb", "sales-3.csv"),
            entry(1, "feb", "sales-4.csv"),
        ]);
        let datasets: Vec<&str> = named.iter().map(|membership| &*membership.dataset).collect();
        assert_eq!(datasets, ["jan", "jan", "feb", "feb"]);
    }

    #[test]
    fn hive_partitions_are_read_from_the_path() {
        let entry = Entry {
            root: 0,
            root_name: "root",
            relative: "lake/orders/country=FR/city=Saint%20Denis/dt=2026-11-20/part-0.parquet",
            is_given: false,
        };
        let membership = &assign(&[entry])[0];
        assert_eq!(membership.dataset, "lake/orders");
        let pairs: Vec<(&str, &str)> =
            membership.partitions.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(pairs, [("country", "FR"), ("city", "Saint Denis"), ("dt", "2026-11-20")]);
    }

    #[test]
    fn what_is_no_partition_is_a_name() {
        for name in ["=x", "a b=c", "plain", "(x)=1"] {
            assert_eq!(partition(name), None, "{name}");
        }
        assert_eq!(partition("k="), Some(("k".into(), String::new())));
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%C3%A9%ff"), "%zzé\u{fffd}");
    }

    #[test]
    fn names_that_look_the_same_are_numbered() {
        let mut names = ["a", "a", "a (2)", "a"].map(str::to_owned);
        make_unique(&mut names);
        assert_eq!(names, ["a", "a (2)", "a (2) (2)", "a (3)"]);
    }
}
