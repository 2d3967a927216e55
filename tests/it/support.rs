//! Running the binary, and looking at what it wrote.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

/// The published test key: bytes 00 01 02 … 1f, key id 2aaecdf7.
pub(crate) const TEST_KEY: &str = r#"
[[key]]
epoch = 1
id = "2aaecdf7"
created = "2026-11-20T08:00:00Z"
status = "active"
secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
"#;

/// A directory of one test, with a key in it. Commands run in it, so that no `loup.toml` of the
/// project or its parents is found.
pub(crate) struct Desk {
    dir: TempDir,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// Standard output as it came, where it is no text.
    pub(crate) bytes: Vec<u8>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self { dir: tempfile::tempdir().unwrap() };
        desk.write_private("test.key", TEST_KEY);
        fs::create_dir(desk.path("tmp")).unwrap();
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file, and the directories above it.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, contents).unwrap();
        path
    }

    /// Writes a file that its owner alone can use.
    pub(crate) fn write_private(&self, name: &str, contents: impl AsRef<[u8]>) {
        let path = self.write(name, contents);
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// The permission bits of a file.
    pub(crate) fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }

    pub(crate) fn read(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap()
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.path(name).symlink_metadata().is_ok()
    }

    /// The command, without what the environment says of keys and policies.
    pub(crate) fn command(
        &self,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loup"));
        command.args(arguments);
        self.at_home(&mut command);
        command
    }

    /// Lets a command run in this directory, with a `TMPDIR` of its own.
    pub(crate) fn at_home(&self, command: &mut Command) {
        command.current_dir(self.dir.path()).env("TMPDIR", self.path("tmp"));
        for name in ["LOUP_KEY", "LOUP_KEY_FILE", "LOUP_PASSPHRASE", "LOUP_CONFIG", "NO_COLOR"] {
            command.env_remove(name);
        }
    }

    /// Runs `loup` with these words.
    pub(crate) fn loup(&self, arguments: &str) -> Ended {
        ended(self.command(arguments.split_whitespace()))
    }

    /// Runs `loup` with these words and bytes on standard input.
    pub(crate) fn loup_with(&self, arguments: &str, input: impl AsRef<[u8]>) -> Ended {
        fed(self.command(arguments.split_whitespace()), input.as_ref())
    }

    /// Runs `loup mask` from `input` to `out` with the test key and more words.
    pub(crate) fn mask(&self, input: impl AsRef<Path>, out: &str, more: &str) -> Ended {
        let mut command = self.command(["mask"]);
        command.arg(input.as_ref()).args(["--out", out, "--key-file", "test.key"]);
        command.args(more.split_whitespace());
        ended(command)
    }

    /// Runs `loup scan` on `input` with more words.
    pub(crate) fn scan(&self, input: impl AsRef<Path>, more: &str) -> Ended {
        let mut command = self.command(["scan"]);
        command.arg(input.as_ref()).args(more.split_whitespace());
        ended(command)
    }

    /// The findings in `input`, read from standard output.
    pub(crate) fn findings(&self, input: impl AsRef<Path>, more: &str) -> Vec<Value> {
        let scanned = self.scan(input, &format!("--findings - {more}"));
        scanned.exits(0);
        lines(&scanned.stdout)
    }

    /// Runs a Python oracle. Nothing where there is no Python.
    pub(crate) fn oracle(
        &self,
        script: &str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Option<Ended> {
        self.oracle_with(script, arguments, "")
    }

    /// Runs a Python oracle with text on standard input.
    pub(crate) fn oracle_with(
        &self,
        script: &str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        input: &str,
    ) -> Option<Ended> {
        let python = python()?;
        let mut command = Command::new(python);
        command.arg(oracles().join(script)).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1");
        self.at_home(&mut command);
        Some(fed(command, input.as_bytes()))
    }
}

impl Ended {
    /// Checks the exit code, showing what was said where it is another.
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "out: {}\nerr: {}", self.stdout, self.stderr);
        self
    }

    /// Checks that standard error says all of this.
    #[track_caller]
    pub(crate) fn says(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is missing in: {}", self.stderr);
        }
        self
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            bytes: output.stdout,
        }
    }
}

/// Runs a command with nothing on standard input.
pub(crate) fn ended(mut command: Command) -> Ended {
    command.stdin(Stdio::null()).output().unwrap().into()
}

/// Runs a command with bytes on standard input.
pub(crate) fn fed(mut command: Command, input: &[u8]) -> Ended {
    let mut child = piped(&mut command);
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // A command that does not read to the end closes the pipe, and may.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().unwrap().into()
    })
}

/// Starts a command with all three streams piped.
pub(crate) fn piped(command: &mut Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Each line as JSON.
pub(crate) fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// How many findings there are of each kind.
pub(crate) fn kinds(findings: &[Value]) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for finding in findings {
        *kinds.entry(finding["kind"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    kinds
}

/// The files below a directory with their bytes, by their path in it.
pub(crate) fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut directories = vec![root.to_owned()];
    while let Some(directory) = directories.pop() {
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                directories.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                let mut bytes = Vec::new();
                fs::File::open(&path).unwrap().read_to_end(&mut bytes).unwrap();
                files.insert(name, bytes);
            }
        }
    }
    files
}

/// What a protection wrote, the manifest without what differs from run to run.
pub(crate) fn outputs(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(root);
    let mut manifest: Value = serde_json::from_slice(&files[MANIFEST]).unwrap();
    manifest["run"] = Value::Null;
    manifest["chain"].as_array_mut().unwrap().retain(|link| link["of"] != "run");
    files.insert(MANIFEST.to_owned(), manifest.to_string().into_bytes());
    files
}

pub(crate) const MANIFEST: &str = "loup-manifest.json";

/// Whether `needle` is in `haystack`.
pub(crate) fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

/// A path within the project.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn company() -> PathBuf {
    project("fixtures/company")
}

/// A part of the real data, which is not in the project.
pub(crate) fn shared(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LOUP_SHARED_DATA")
        .map_or_else(|| project("../shared/data"), PathBuf::from);
    let path = root.join(part);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: no {part} in ../shared/data or LOUP_SHARED_DATA");
    None
}

fn oracles() -> PathBuf {
    std::env::var_os("LOUP_ORACLE").map_or_else(|| project("tests/oracle"), PathBuf::from)
}

/// The Python of the second implementations.
pub(crate) fn python() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("LOUP_TEST_PYTHON") {
        return Some(named.into());
    }
    let made = project("target/venv/bin/python");
    if made.exists() {
        return Some(made);
    }
    eprintln!("skipped: no Python; `tests/venv.sh target/venv` makes one");
    None
}
