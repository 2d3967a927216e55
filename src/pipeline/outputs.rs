//! Where outputs go: to the names of their inputs, protected.
//!
//! A directory for each customer has their address for a name, a hive partition has values for
//! directories. What is found in such a name becomes what the plan says of it; the value of a partition
//! is one of the field `partition:country`. Everything else of a path stays, so that the layout does.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use super::masking::{Done, Masking};
use super::names::{self, HIVE_NULL, Part};
use crate::datamap::document::HEADINGS;
use crate::source::{InputFile, percent_decoded};

/// File systems have no longer names of files and directories.
const MAX_NAME_BYTES: usize = 255;

/// The inputs of a run, with the names of their outputs.
pub(super) struct Outputs {
    /// The inputs in their order; each goes to its `output`.
    pub(super) files: Vec<InputFile>,
    /// Those that have another name than their inputs, by their place among `files`.
    pub(super) renamed: Vec<(usize, Renamed)>,
}

/// What was done to the name of an input.
pub(super) struct Renamed {
    pub(super) done: Done,
    /// The parts of the name that were replaced.
    pub(super) originals: Vec<Vec<u8>>,
}

impl Outputs {
    /// The outputs of `files`. Two that would have one name, since an operator makes one of two values,
    /// are told apart by a number: `EMAIL/part-0~2.csv`.
    ///
    /// # Errors
    /// An operator that a name cannot have.
    pub(super) fn of(masking: &Masking<'_>, files: &[InputFile]) -> Result<Self, String> {
        let names: Vec<_> =
            files.iter().map(|file| masking.output_name(file)).collect::<Result<_, _>>()?;
        let unchanged = files.iter().zip(&names).filter(|(_, name)| name.is_none());
        let mut taken: HashSet<String> = unchanged.map(|(file, _)| file.output.clone()).collect();
        let mut numbers = HashMap::new();
        let mut outputs = Self { files: files.to_vec(), renamed: Vec::new() };
        for (place, name) in names.into_iter().enumerate() {
            let Some((name, renamed)) = name else { continue };
            let name = numbered(name, &mut numbers, |name| !taken.contains(name));
            let file = &mut outputs.files[place];
            file.relative_path = PathBuf::from(&name);
            file.output.clone_from(&name);
            taken.insert(name);
            outputs.renamed.push((place, renamed));
        }
        Ok(outputs)
    }
}

/// `path`, or the first of `path~2`, `path~3` … that is free, with the endings of the file behind.
/// `numbers` has of each path the last that was given.
fn numbered(
    path: String,
    numbers: &mut HashMap<String, u64>,
    is_free: impl Fn(&str) -> bool,
) -> String {
    if is_free(&path) {
        return path;
    }
    let (stem, endings) = path.split_at(path.len() - names::endings_of(&path).len());
    let number = numbers.entry(path.clone()).or_insert(1);
    loop {
        *number += 1;
        let numbered = format!("{stem}~{number}{endings}");
        if is_free(&numbered) {
            return numbered;
        }
    }
}

impl Masking<'_> {
    /// The name of the output of `file`, where it is another than its own.
    fn output_name(&self, file: &InputFile) -> Result<Option<(String, Renamed)>, String> {
        let path = &file.output;
        let mut name = String::with_capacity(path.len() + 32);
        let mut renamed = Renamed { done: Done::default(), originals: Vec::new() };
        let mut written = 0;
        for Part { range, partition } in names::parts_of(path) {
            let raw = &path[range.clone()];
            let value = partition.as_ref().map(|_| percent_decoded(raw));
            let text = value.as_deref().unwrap_or(raw).as_bytes();
            let field = partition.as_deref().unwrap_or(HEADINGS);
            let made = self.renamed(file, field, text, &mut renamed)?;
            if let Some(made) = made {
                name.push_str(&path[written..range.start]);
                name.push_str(match (made.is_empty(), &partition) {
                    (true, Some(_)) => HIVE_NULL,
                    (true, None) => "_",
                    (false, _) => &made,
                });
                written = range.end;
            }
        }
        name.push_str(&path[written..]);
        if name.split('/').any(|part| part.len() > MAX_NAME_BYTES) {
            return Err(format!(
                "`{}` is too long once it is protected: `token`, `mask` or `redact` write less",
                file.relative
            ));
        }
        Ok((!renamed.originals.is_empty()).then_some((name, renamed)))
    }

    /// What becomes of the part of a name, as it is written in one; nothing where it stays.
    fn renamed(
        &self,
        file: &InputFile,
        field: &str,
        text: &[u8],
        renamed: &mut Renamed,
    ) -> Result<Option<String>, String> {
        let parts = self.treat_name(file, field, text, &mut renamed.done)?;
        if parts.is_empty() {
            return Ok(None);
        }
        let (mut made, mut done) = (Vec::new(), 0);
        for part in parts {
            made.extend_from_slice(&text[done..part.range.start]);
            made.extend(part.text.into_iter().flatten());
            renamed.originals.push(text[part.range.clone()].to_vec());
            done = part.range.end;
        }
        made.extend_from_slice(&text[done..]);
        Ok(Some(percent_encoded(&made)))
    }
}

/// As Hive and Spark write the value of a partition: what could mean something else in a path is `%2F`.
fn percent_encoded(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        let is_plain = |c: char| c.is_alphanumeric() || " +,-.@_~".contains(c);
        if is_plain(character) {
            encoded.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string does not fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_part_of_a_path() {
        assert_eq!(percent_encoded(b"eml1_0a jean@example.com"), "eml1_0a jean@example.com");
        assert_eq!(percent_encoded("[ÉTÉ]".as_bytes()), "%5BÉTÉ%5D");
        assert_eq!(percent_encoded(b"192.0.2.0/24"), "192.0.2.0%2F24");
        assert_eq!(percent_decoded(&percent_encoded("j***@\u{7f}=%".as_bytes())), "j***@\u{7f}=%");
    }

    #[test]
    fn equal_names_are_numbered_before_their_endings() {
        let taken = ["a/b.csv.gz", "a/b~2.csv.gz", "x"];
        let mut numbers = HashMap::new();
        let mut name =
            |path: &str| numbered(path.to_owned(), &mut numbers, |name| !taken.contains(&name));
        assert_eq!(name("a/b.csv.gz"), "a/b~3.csv.gz");
        assert_eq!(name("a/b.csv.gz"), "a/b~4.csv.gz");
        assert_eq!(name("x"), "x~2");
        assert_eq!(name("y.log.1"), "y.log.1");
    }
}
