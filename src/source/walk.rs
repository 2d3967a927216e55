//! From paths, directories and globs to a list of files, the same list on every machine.
//!
//! A path given is followed wherever it leads; within a directory links are listed and not
//! followed, so a walk cannot leave the directory, run in circles or read a file twice.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use walkdir::{DirEntry, WalkDir};

use super::{
    InputFile, JOURNAL_NAME, MANIFEST_NAME, Problem, STDIN, SourceError, TEMPORARY_PREFIX, dataset,
};

/// The files below `paths`, with names, in byte order of [`InputFile::relative`].
///
/// A path is a file, a directory (with all below it, hidden files included), a glob (`*`, `?`,
/// `[…]`, `{…}`, and `**` across directories) where no file has that very name, or `-` alone. A file
/// reached by two paths is listed once, under the first. Where two roots would give the same name
/// to different files, all their files get the name of the root in front, and as many of its
/// parents as it takes.
///
/// # Errors
/// The first path that leads nowhere: one mistyped path must not look like a clean result. What
/// turns out to be unreadable below a directory is in the list instead, with its problem.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<InputFile>, SourceError> {
    if paths.is_empty() {
        return Err(SourceError::NoPath);
    }
    if paths.iter().any(|path| path.as_os_str() == STDIN) {
        return if paths.len() == 1 { Ok(vec![stdin()]) } else { Err(SourceError::StdinNotAlone) };
    }
    let mut listing = Listing::default();
    for path in paths {
        listing.add(path)?;
    }
    Ok(listing.named())
}

/// The paths that an output must not touch: each path given, and each file that a glob matched.
#[must_use]
pub fn guarded_paths(paths: &[PathBuf], files: &[InputFile]) -> Vec<PathBuf> {
    let (literal, globs): (Vec<&PathBuf>, Vec<&PathBuf>) =
        paths.iter().filter(|path| path.as_os_str() != STDIN).partition(|path| path.exists());
    let matched = files.iter().filter(|file| !globs.is_empty() && !file.is_stdin());
    literal.into_iter().cloned().chain(matched.map(|file| file.path.clone())).collect()
}

fn stdin() -> InputFile {
    InputFile {
        output: STDIN.to_owned(),
        root: PathBuf::new(),
        path: PathBuf::from(STDIN),
        relative: STDIN.to_owned(),
        relative_path: PathBuf::from(STDIN),
        dataset: STDIN.to_owned(),
        partitions: Vec::new(),
        bytes: 0,
        problem: None,
    }
}

/// A directory that names are relative to.
struct Root {
    path: PathBuf,
    /// Absolute and without links: what tells two roots apart and gives them a name.
    canonical: PathBuf,
}

impl Root {
    fn name(&self) -> String {
        self.canonical.file_name().map_or("root".into(), |name| name.to_string_lossy().into_owned())
    }
}

/// A file as it was found, before it is named.
struct Found {
    root: usize,
    path: PathBuf,
    /// Below the root.
    below: PathBuf,
    is_given: bool,
    bytes: u64,
    problem: Option<Problem>,
}

#[derive(Default)]
struct Listing {
    roots: Vec<Root>,
    found: Vec<Found>,
    /// Canonical paths of `found`.
    seen: HashSet<PathBuf>,
    /// Links given by name, by the canonical path of the link itself: within a directory that was
    /// also given they are not listed a second time as skipped.
    followed_links: HashSet<PathBuf>,
}

impl Listing {
    /// Adds what one path given stands for.
    fn add(&mut self, path: &Path) -> Result<(), SourceError> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => self.add_given_file(path, metadata.len()),
            Ok(metadata) if metadata.is_dir() => {
                let root = self.root(path)?;
                self.walk(root, |_| true, |_| true);
                Ok(())
            }
            Ok(_) => Err(SourceError::NotAFile { path: path.to_owned() }),
            Err(error) if is_absent(&error) => match path.to_str().and_then(split_glob) {
                Some((prefix, pattern)) => self.add_glob(path, prefix, pattern),
                None => Err(SourceError::Missing { path: path.to_owned() }),
            },
            Err(source) => Err(SourceError::Io { path: path.to_owned(), source }),
        }
    }

    fn add_given_file(&mut self, path: &Path, bytes: u64) -> Result<(), SourceError> {
        let io_error = |source| SourceError::Io { path: path.to_owned(), source };
        // `..` as the last part names a directory, so a file has a name.
        let Some(name) = path.file_name() else {
            return Err(SourceError::NotAFile { path: path.to_owned() });
        };
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let root = self.root(parent.unwrap_or(Path::new(".")))?;
        let canonical = path.canonicalize().map_err(io_error)?;
        let itself = self.roots[root].canonical.join(name);
        if itself != canonical {
            self.followed_links.insert(itself);
        }
        self.push(
            canonical,
            Found {
                root,
                path: path.to_owned(),
                below: PathBuf::from(name),
                is_given: true,
                bytes,
                problem: own_output(name.as_encoded_bytes()),
            },
        );
        Ok(())
    }

    fn add_glob(&mut self, path: &Path, prefix: &str, pattern: &str) -> Result<(), SourceError> {
        let glob = Glob::new(pattern).map_err(|error| SourceError::BadPattern {
            pattern: path.display().to_string(),
            reason: error.kind().to_string(),
        })?;
        let no_match = || SourceError::NoMatch { pattern: path.display().to_string() };
        let prefix = Path::new(if prefix.is_empty() { "." } else { prefix });
        if !prefix.is_dir() {
            return Err(no_match());
        }
        let root = self.root(prefix)?;
        let before = self.found.len();
        let mut matches = 0_usize;
        self.walk(
            root,
            |below| glob.may_hold(below),
            |below| {
                let is_match = glob.is_match(below);
                matches += usize::from(is_match);
                is_match
            },
        );
        // A directory on the way that cannot be read is listed, and then the answer is not "none".
        if matches == 0 && self.found.len() == before {
            return Err(no_match());
        }
        Ok(())
    }

    /// Adds all files below a root for which `is_wanted`, going into directories that `may_hold`
    /// one. Both are asked for paths below the root.
    fn walk(
        &mut self,
        root: usize,
        may_hold: impl Fn(&Path) -> bool,
        mut is_wanted: impl FnMut(&Path) -> bool,
    ) {
        let Root { path: top, canonical } = &self.roots[root];
        let (top, canonical) = (top.clone(), canonical.clone());
        let below_top = |path: &Path| path.strip_prefix(&top).unwrap_or(path).to_owned();
        let may_enter = |entry: &DirEntry| {
            entry.depth() == 0 || !entry.file_type().is_dir() || may_hold(&below_top(entry.path()))
        };
        for entry in WalkDir::new(&top).into_iter().filter_entry(may_enter) {
            let (path, bytes, problem) = match entry {
                Ok(entry) if entry.depth() == 0 || entry.file_type().is_dir() => continue,
                Ok(entry) => {
                    let (bytes, problem) = examine(&entry);
                    let path = entry.into_path();
                    if !is_wanted(&below_top(&path)) {
                        continue;
                    }
                    (path, bytes, problem)
                }
                Err(error) => {
                    let kind = error.io_error().map_or(io::ErrorKind::Other, io::Error::kind);
                    let path = error.path().unwrap_or(&top).to_owned();
                    (path, 0, Some(Problem::Unreadable(kind)))
                }
            };
            let below = below_top(&path);
            // The directory given is itself unreadable: it is named like a file that was given.
            let below = if below.as_os_str().is_empty() {
                PathBuf::from(canonical.file_name().map_or("root".into(), OsString::from))
            } else {
                below
            };
            let found = Found { root, path, below: below.clone(), is_given: false, bytes, problem };
            self.push(canonical.join(below), found);
        }
    }

    /// The index of a root, known or new.
    fn root(&mut self, path: &Path) -> Result<usize, SourceError> {
        let canonical = path
            .canonicalize()
            .map_err(|source| SourceError::Io { path: path.to_owned(), source })?;
        if let Some(known) = self.roots.iter().position(|root| root.canonical == canonical) {
            return Ok(known);
        }
        self.roots.push(Root { path: path.to_owned(), canonical });
        Ok(self.roots.len() - 1)
    }

    fn push(&mut self, canonical: PathBuf, found: Found) {
        if self.seen.insert(canonical) {
            self.found.push(found);
        }
    }

    /// Names the files and puts them in order.
    fn named(self) -> Vec<InputFile> {
        let Self { roots, mut found, followed_links, .. } = self;
        found.retain(|file| {
            let itself = || roots[file.root].canonical.join(&file.below);
            file.problem != Some(Problem::SymbolicLink) || !followed_links.contains(&itself())
        });
        let paths = output_paths(&roots, &found);
        let mut files: Vec<(Found, PathBuf)> = found.into_iter().zip(paths).collect();
        files.sort_by_cached_key(|(_, path)| slashed_bytes(path));
        let mut names: Vec<String> = files
            .iter()
            .map(|(_, path)| String::from_utf8_lossy(&slashed_bytes(path)).into_owned())
            .collect();
        dataset::make_unique(&mut names);

        let root_names: Vec<String> = roots.iter().map(Root::name).collect();
        // What is not read says nothing about which files belong together.
        let readable: Vec<usize> =
            (0..files.len()).filter(|&index| files[index].0.problem.is_none()).collect();
        let entries: Vec<dataset::Entry<'_>> = readable
            .iter()
            .map(|&index| dataset::Entry {
                root: files[index].0.root,
                root_name: &root_names[files[index].0.root],
                relative: &names[index],
                is_given: files[index].0.is_given,
            })
            .collect();
        let mut memberships: BTreeMap<usize, dataset::Membership> =
            readable.iter().copied().zip(dataset::assign(&entries)).collect();

        let mut inputs: Vec<InputFile> = files
            .into_iter()
            .zip(names)
            .enumerate()
            .map(|(index, ((found, relative_path), relative))| {
                let (dataset, partitions) = match memberships.remove(&index) {
                    Some(membership) => (membership.dataset, membership.partitions),
                    None => (relative.clone(), Vec::new()),
                };
                InputFile {
                    root: roots[found.root].path.clone(),
                    path: found.path,
                    output: relative.clone(),
                    relative,
                    relative_path,
                    dataset,
                    partitions,
                    bytes: found.bytes,
                    problem: found.problem,
                }
            })
            .collect();
        inputs.sort_by(|one, other| one.relative.cmp(&other.relative));
        inputs
    }
}

/// Size of a file within a directory, and why it is not to be opened.
fn examine(entry: &DirEntry) -> (u64, Option<Problem>) {
    if entry.path_is_symlink() {
        return (0, Some(Problem::SymbolicLink));
    }
    if !entry.file_type().is_file() {
        return (0, Some(Problem::NotAFile));
    }
    match entry.metadata() {
        Ok(metadata) => (metadata.len(), own_output(entry.file_name().as_encoded_bytes())),
        Err(error) => {
            let kind = error.io_error().map_or(io::ErrorKind::Other, io::Error::kind);
            (0, Some(Problem::Unreadable(kind)))
        }
    }
}

fn own_output(name: &[u8]) -> Option<Problem> {
    let is_own = name == MANIFEST_NAME.as_bytes()
        || name == JOURNAL_NAME.as_bytes()
        || name.starts_with(TEMPORARY_PREFIX.as_bytes());
    is_own.then_some(Problem::OwnOutput)
}

/// Where each file goes below an output: its path below its root, with as much of the root in front
/// as tells the roots apart.
fn output_paths(roots: &[Root], found: &[Found]) -> Vec<PathBuf> {
    let mut parents_shown = vec![0_usize; roots.len()];
    loop {
        let paths: Vec<PathBuf> = found
            .iter()
            .map(|file| {
                tail(&roots[file.root].canonical, parents_shown[file.root]).join(&file.below)
            })
            .collect();
        let mut owners: BTreeMap<&Path, BTreeSet<usize>> = BTreeMap::new();
        for (path, file) in paths.iter().zip(found) {
            owners.entry(path).or_default().insert(file.root);
        }
        let mut clashing = BTreeSet::new();
        for (path, at_path) in &owners {
            // A file of one root where another needs a directory is a clash too.
            let mut users = at_path.clone();
            users.extend(path.ancestors().skip(1).filter_map(|above| owners.get(above)).flatten());
            if users.len() > 1 {
                clashing.extend(users);
            }
        }
        let mut has_grown = false;
        for root in clashing {
            if parents_shown[root] < roots[root].canonical.components().count() {
                parents_shown[root] += 1;
                has_grown = true;
            }
        }
        // Shown whole, two different roots differ, so nothing clashes when none can grow.
        if !has_grown {
            return paths;
        }
    }
}

/// The last `count` names of a path.
fn tail(path: &Path, count: usize) -> PathBuf {
    let names: Vec<Component<'_>> =
        path.components().filter(|part| matches!(part, Component::Normal(_))).collect();
    names[names.len().saturating_sub(count)..].iter().collect()
}

/// The bytes of a relative path with `/` between its parts.
fn slashed_bytes(path: &Path) -> Vec<u8> {
    let parts: Vec<&[u8]> =
        path.components().map(|part| part.as_os_str().as_encoded_bytes()).collect();
    parts.join(&b'/')
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename
    )
}

/// The directory before the first wildcard, and the pattern below it; nothing without a wildcard.
fn split_glob(path: &str) -> Option<(&str, &str)> {
    let wildcard = path.find(['*', '?', '[', '{'])?;
    match path[..wildcard].rfind('/') {
        Some(0) => Some(("/", &path[1..])),
        Some(slash) => Some((&path[..slash], &path[slash + 1..])),
        None => Some(("", path)),
    }
}

/// A glob below its literal prefix.
struct Glob {
    whole: GlobMatcher,
    /// The pattern cut after its first, second, … part, up to a part that can match several.
    leading: Vec<GlobMatcher>,
    /// Whether `leading` covers the pattern.
    has_fixed_depth: bool,
}

impl Glob {
    fn new(pattern: &str) -> Result<Self, globset::Error> {
        let compile = |pattern: &str| {
            let glob = GlobBuilder::new(pattern).literal_separator(true).build()?;
            Ok(glob.compile_matcher())
        };
        let whole = compile(pattern)?;
        let mut leading = Vec::new();
        let mut has_fixed_depth = true;
        for (slash, _) in pattern.match_indices('/').chain([(pattern.len(), "")]) {
            let part = &pattern[..slash];
            // Alternatives may hold a slash, and then this is half of one.
            if part.contains("**") || part.contains('{') {
                has_fixed_depth = false;
                break;
            }
            leading.push(compile(part)?);
        }
        Ok(Self { whole, leading, has_fixed_depth })
    }

    /// Whether a file is meant: itself, or by a directory it is in.
    fn is_match(&self, below: &Path) -> bool {
        let mut paths = below.ancestors().filter(|path| !path.as_os_str().is_empty());
        paths.any(|path| self.whole.is_match(path))
    }

    /// Whether something in this directory could match.
    fn may_hold(&self, directory: &Path) -> bool {
        let depth = directory.components().count();
        match self.leading.get(depth - 1) {
            Some(leading) => leading.is_match(directory),
            None => !self.has_fixed_depth || self.is_match(directory),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory with the given files, each holding its own name.
    fn tree(files: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for file in files {
            let path = directory.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        directory
    }

    fn names(files: &[InputFile]) -> Vec<&str> {
        files.iter().map(|file| file.relative.as_str()).collect()
    }

    #[test]
    fn a_directory_lists_every_file_in_byte_order() {
        let directory = tree(&["b.csv", "a/z.csv", "a.csv", ".hidden", "a/.b/c"]);
        let files = discover(&[directory.path().to_owned()]).unwrap();
        assert_eq!(names(&files), [".hidden", "a.csv", "a/.b/c", "a/z.csv", "b.csv"]);
        assert_eq!(files[3].bytes, 7);
        assert_eq!(files[3].dataset, "a/z.csv");
        assert!(files.iter().all(|file| file.path == file.root.join(&file.relative)));
    }

    #[test]
    fn a_file_given_is_named_by_its_file_name() {
        let directory = tree(&["crm/customers.csv"]);
        let files = discover(&[directory.path().join("crm/customers.csv")]).unwrap();
        assert_eq!(names(&files), ["customers.csv"]);
        assert_eq!(files[0].dataset, "customers.csv");
    }

    #[test]
    fn groups_at_the_top_are_named_after_the_directory() {
        let directory =
            tree(&["orders/dt=2026-11-20/part-0.csv", "orders/dt=2026-11-21/part-0.csv"]);
        let files = discover(&[directory.path().join("orders")]).unwrap();
        assert!(files.iter().all(|file| file.dataset == "orders"));
        assert_eq!(files[1].partitions, [("dt".to_owned(), "2026-11-21".to_owned())]);
    }

    #[test]
    fn a_missing_path_is_an_error_that_says_what_exists() {
        let directory = tree(&["crm/a.csv"]);
        let missing = directory.path().join("crm/b.csv");
        let error = discover(&[directory.path().to_owned(), missing]).unwrap_err();
        assert!(error.to_string().ends_with("crm/b.csv: no such file or directory"), "{error}");
        assert!(error.help().unwrap().contains("crm` exists"));
        assert!(matches!(discover(&[]), Err(SourceError::NoPath)));
    }

    #[test]
    fn below_a_file_nothing_exists() {
        let directory = tree(&["a.csv"]);
        let error = discover(&[directory.path().join("a.csv/b")]).unwrap_err();
        assert!(matches!(error, SourceError::Missing { .. }));
    }

    #[test]
    fn standard_input_stands_alone() {
        let files = discover(&[PathBuf::from("-")]).unwrap();
        assert!(files[0].is_stdin());
        assert_eq!(names(&files), ["-"]);
        let error = discover(&[PathBuf::from("-"), PathBuf::from(".")]).unwrap_err();
        assert!(matches!(error, SourceError::StdinNotAlone));
    }

    #[test]
    fn globs_match_below_their_literal_prefix() {
        let directory = tree(&[
            "logs/app.log",
            "logs/app.log.1",
            "logs/old/app.log",
            "logs/old/deep/x.log",
            "crm/a.csv",
        ]);
        let cases: [(&str, &[&str]); 8] = [
            ("logs/*.log", &["app.log"]),
            ("logs/app.log*", &["app.log", "app.log.1"]),
            ("logs/**/*.log", &["app.log", "old/app.log", "old/deep/x.log"]),
            ("l*/o?d", &["logs/old/app.log", "logs/old/deep/x.log"]),
            ("[cx]rm/*", &["crm/a.csv"]),
            ("**/*.csv", &["crm/a.csv"]),
            ("{crm,logs/old}/*.*", &["crm/a.csv", "logs/old/app.log"]),
            ("logs/*/deep/*", &["old/deep/x.log"]),
        ];
        for (pattern, expected) in cases {
            let files = discover(&[directory.path().join(pattern)]).unwrap();
            assert_eq!(names(&files), expected, "{pattern}");
        }
    }

    #[test]
    fn a_glob_without_a_match_is_an_error() {
        let directory = tree(&["a.csv"]);
        for pattern in ["*.parquet", "nowhere/*.csv", "a.csv/*", "*/a.csv"] {
            let error = discover(&[directory.path().join(pattern)]).unwrap_err();
            assert!(matches!(error, SourceError::NoMatch { .. }), "{pattern}");
        }
        let error = discover(&[directory.path().join("[a")]).unwrap_err();
        assert!(matches!(error, SourceError::BadPattern { .. }), "{error}");
    }

    #[test]
    fn a_glob_for_files_listed_before_is_no_error() {
        let directory = tree(&["a.csv"]);
        let paths = [directory.path().join("a.csv"), directory.path().join("*.csv")];
        assert_eq!(names(&discover(&paths).unwrap()), ["a.csv"]);
    }

    #[test]
    fn a_file_whose_name_looks_like_a_glob_is_itself() {
        let directory = tree(&["a[1].csv", "a1.csv"]);
        let files = discover(&[directory.path().join("a[1].csv")]).unwrap();
        assert_eq!(names(&files), ["a[1].csv"]);
    }

    #[test]
    fn a_file_reached_twice_is_listed_once() {
        let directory = tree(&["a/x.csv", "b.csv"]);
        let top = directory.path().to_owned();
        let paths = [top.clone(), top.join("a"), top.join("b.csv"), top.join("*.csv"), top];
        assert_eq!(names(&discover(&paths).unwrap()), ["a/x.csv", "b.csv"]);
    }

    #[test]
    fn equal_names_of_two_roots_get_the_roots_in_front() {
        let directory = tree(&["jan/x.csv", "jan/y.csv", "feb/x.csv", "mar/z.csv"]);
        let paths = ["jan", "feb", "mar"].map(|name| directory.path().join(name));
        let files = discover(&paths).unwrap();
        assert_eq!(names(&files), ["feb/x.csv", "jan/x.csv", "jan/y.csv", "z.csv"]);
        assert_eq!(files[0].dataset, "feb/x.csv");
    }

    #[test]
    fn roots_of_the_same_name_show_their_parents() {
        let directory = tree(&["a/data/x.csv", "b/data/x.csv"]);
        let paths = ["a/data/x.csv", "b/data"].map(|name| directory.path().join(name));
        assert_eq!(names(&discover(&paths).unwrap()), ["a/data/x.csv", "b/data/x.csv"]);
    }

    #[test]
    fn a_file_where_another_root_has_a_directory_is_told_apart() {
        let directory = tree(&["one/a", "two/a/b"]);
        let paths = ["one", "two"].map(|name| directory.path().join(name));
        assert_eq!(names(&discover(&paths).unwrap()), ["one/a", "two/a/b"]);
    }

    #[test]
    fn own_outputs_are_listed_as_such() {
        let directory =
            tree(&["loup-manifest.json", ".loup-incomplete", "a/.loup-tmp-x1", "a/b.csv"]);
        let files = discover(&[directory.path().to_owned()]).unwrap();
        let own: Vec<&str> = files
            .iter()
            .filter(|file| file.problem == Some(Problem::OwnOutput))
            .map(|file| file.relative.as_str())
            .collect();
        assert_eq!(own, [".loup-incomplete", "a/.loup-tmp-x1", "loup-manifest.json"]);
    }

    #[test]
    fn guarded_paths_are_the_inputs_and_not_their_parents() {
        let directory = tree(&["a.csv", "b/c.csv", "d.txt"]);
        let top = directory.path();
        let paths = [top.join("b"), top.join("*.csv")];
        let files = discover(&paths).unwrap();
        let guarded = guarded_paths(&paths, &files);
        assert_eq!(guarded, [top.join("b"), top.join("a.csv"), top.join("b/c.csv")]);
    }

    #[cfg(unix)]
    mod unix {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::{PermissionsExt, symlink};
        use std::os::unix::net::UnixListener;

        use super::*;

        #[test]
        fn links_are_followed_when_given_and_listed_within_a_directory() {
            let directory = tree(&["data/a.csv", "elsewhere/b.csv"]);
            let top = directory.path();
            symlink(top.join("elsewhere"), top.join("data/dir")).unwrap();
            symlink(top.join("elsewhere/b.csv"), top.join("data/b.csv")).unwrap();
            symlink(top.join("nowhere"), top.join("data/broken")).unwrap();

            let within = discover(&[top.join("data")]).unwrap();
            assert_eq!(names(&within), ["a.csv", "b.csv", "broken", "dir"]);
            assert_eq!(within[0].problem, None);
            for link in &within[1..] {
                assert_eq!(link.problem, Some(Problem::SymbolicLink));
            }

            let given = discover(&[top.join("data/b.csv")]).unwrap();
            assert_eq!((names(&given), given[0].bytes), (vec!["b.csv"], 15));
            assert_eq!(names(&discover(&[top.join("data/dir")]).unwrap()), ["b.csv"]);
            let both = discover(&[top.join("data"), top.join("data/b.csv")]).unwrap();
            assert_eq!(names(&both), ["a.csv", "b.csv", "broken", "dir"]);
            assert_eq!(both[1].problem, None);
            let broken = discover(&[top.join("data/broken")]).unwrap_err();
            assert!(matches!(broken, SourceError::Missing { .. }));
        }

        #[test]
        fn sockets_and_pipes_are_not_opened() {
            let directory = tree(&["a.csv"]);
            let socket = directory.path().join("s");
            let _listener = UnixListener::bind(&socket).unwrap();
            let files = discover(&[directory.path().to_owned()]).unwrap();
            assert_eq!(files[1].problem, Some(Problem::NotAFile));
            assert!(matches!(discover(&[socket]), Err(SourceError::NotAFile { .. })));
        }

        #[test]
        fn names_that_are_no_utf8_keep_their_bytes_and_differ_when_shown() {
            let directory = tree(&[]);
            for name in [&b"a\xff.csv"[..], b"a\xfe.csv"] {
                fs::write(directory.path().join(OsStr::from_bytes(name)), "x").unwrap();
            }
            let files = discover(&[directory.path().to_owned()]).unwrap();
            assert_eq!(names(&files), ["a\u{fffd}.csv", "a\u{fffd}.csv (2)"]);
            assert_eq!(files[0].relative_path.as_os_str().as_bytes(), b"a\xfe.csv");
            assert!(files.iter().all(|file| file.path.exists()));
        }

        #[test]
        fn a_directory_that_cannot_be_read_is_an_entry() {
            let directory = tree(&["a.csv", "secret/b.csv"]);
            let secret = directory.path().join("secret");
            fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
            // The superuser reads everything.
            if fs::read_dir(&secret).is_err() {
                let files = discover(&[directory.path().to_owned()]).unwrap();
                assert_eq!(names(&files), ["a.csv", "secret"]);
                let problem = files[1].problem.as_ref().unwrap();
                assert!(problem.is_failure());
                assert_eq!(problem.reason(), "permission denied");
                let alone = discover(std::slice::from_ref(&secret)).unwrap();
                assert_eq!(names(&alone), ["secret"]);
            }
            fs::set_permissions(&secret, fs::Permissions::from_mode(0o700)).unwrap();
        }
    }
}
