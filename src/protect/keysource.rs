//! Where a keyring is found: a file, a command, or the environment; and where its passphrase is, if it
//! is encrypted: a command, the environment, or somebody at a terminal.
//!
//! Nothing here reads the environment: [`KeySources`] and [`PassphraseSources`] are handed its values, and
//! whatever asks at a terminal. A command comes from the command line alone, since whoever may write it
//! may run what they like.
//!
//! # Source
//! The pseudonym specification `loup.v1`, section "Keys".

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::error::KeyError;
use super::keyfile::read_all;
use super::keyring::Keyring;
use super::sealed::{Passphrase, check_supported};

/// How long a command may take: enough to type a passphrase or to touch a hardware key.
const COMMAND_LIMIT: Duration = Duration::from_secs(60);

/// How often a command that has written its output is asked whether it ended.
const POLL: Duration = Duration::from_millis(5);

/// How sources without a path are named in errors.
const STDIN: &str = "standard input";
const BY_COMMAND: &str = "--key-command";
const BY_VARIABLE: &str = "LOUP_KEY";

/// Where a key may be given. It is never a command-line argument, which other users can list.
#[derive(Default)]
pub struct KeySources {
    /// `--key-file`; `-` is standard input.
    pub key_file: Option<PathBuf>,
    /// `--key-command`: a program and its arguments, as a shell would split them.
    pub key_command: Option<String>,
    /// The value of `LOUP_KEY_FILE`.
    pub env_key_file: Option<PathBuf>,
    /// The value of `LOUP_KEY`.
    pub env_key: Option<Zeroizing<String>>,
    /// `--allow-open-key-file`.
    pub allow_open: bool,
    /// What opens the keyring, where it is encrypted.
    pub passphrase: PassphraseSources,
}

/// Asks somebody for a passphrase.
pub type Ask = fn() -> Result<Zeroizing<String>, KeyError>;

/// Where the passphrase of an encrypted keyring may be given. It is never a command-line argument.
#[derive(Default)]
pub struct PassphraseSources {
    /// `--passphrase-command`: a program and its arguments, as a shell would split them.
    pub command: Option<String>,
    /// The value of `LOUP_PASSPHRASE`.
    pub env: Option<Zeroizing<String>>,
    /// Asks whoever sits at the terminal, where there is one.
    pub ask: Option<Ask>,
}

impl PassphraseSources {
    /// The passphrase of the first source that is set, in the order of the fields.
    ///
    /// # Errors
    /// [`KeyError::Locked`] where none is set. A source that is set and cannot be used is an error;
    /// the next one is not tried.
    pub fn require(&self) -> Result<Passphrase, KeyError> {
        let (passphrase, origin) = match self {
            Self { command: Some(command), .. } => {
                (passphrase_of(command, COMMAND_LIMIT), "--passphrase-command")
            }
            Self { env: Some(text), .. } => (Ok(text.clone()), "LOUP_PASSPHRASE"),
            Self { ask: Some(ask), .. } => (ask(), "the terminal"),
            _ => return Err(KeyError::Locked),
        };
        passphrase.and_then(Passphrase::new).map_err(|error| error.with_origin(origin))
    }

    /// The keyring opened, and its passphrase, which is asked for only where something is encrypted.
    /// `origin` names it in errors.
    ///
    /// # Errors
    /// Those of [`Self::require`] and [`Keyring::opened`]; [`KeyError::NoAge`] before anything is asked.
    pub fn open(
        &self,
        keyring: Keyring,
        origin: &str,
    ) -> Result<(Keyring, Option<Passphrase>), KeyError> {
        if !keyring.is_locked() {
            return Ok((keyring, None));
        }
        let opened = || {
            check_supported()?;
            let passphrase = self.require()?;
            Ok((keyring.opened(&passphrase)?, Some(passphrase)))
        };
        opened().map_err(|error: KeyError| error.with_origin(origin))
    }
}

impl KeySources {
    /// The keyring of the first source that is set, in the order of the fields, opened, or nothing where
    /// none is. `stdin` is read to its end if `--key-file` is `-`, and not touched otherwise; that
    /// no data is expected there as well is the caller's to check.
    ///
    /// # Errors
    /// A source that is set and cannot be used is an error; the next one is not tried. Those of
    /// [`PassphraseSources::open`].
    pub fn find(&self, stdin: impl Read) -> Result<Option<Keyring>, KeyError> {
        let Some(keyring) = self.find_closed(stdin)? else { return Ok(None) };
        Ok(Some(self.passphrase.open(keyring, &self.origin())?.0))
    }

    /// Where the keyring is from, for errors.
    fn origin(&self) -> String {
        match self {
            Self { key_file: Some(path), .. } if path.as_os_str() == "-" => STDIN.to_owned(),
            Self { key_file: Some(path), .. } => path.display().to_string(),
            Self { key_command: Some(_), .. } => BY_COMMAND.to_owned(),
            Self { env_key_file: Some(path), .. } => path.display().to_string(),
            _ => BY_VARIABLE.to_owned(),
        }
    }

    /// The same without opening it: what its epochs are can be told, and no pseudonym made.
    ///
    /// # Errors
    /// Those of [`Self::find`], no passphrase being asked for.
    pub fn find_closed(&self, stdin: impl Read) -> Result<Option<Keyring>, KeyError> {
        let keyring = match self {
            Self { key_file: Some(path), .. } if path.as_os_str() == "-" => {
                Keyring::read(stdin, STDIN)
            }
            Self { key_file: Some(path), .. } => self.read_file(path, "--key-file"),
            Self { key_command: Some(command), .. } => {
                of_command(command, COMMAND_LIMIT).map_err(|it| it.with_origin(BY_COMMAND))
            }
            Self { env_key_file: Some(path), .. } => self.read_file(path, "LOUP_KEY_FILE"),
            Self { env_key: Some(value), .. } => {
                Keyring::parse_variable(value).map_err(|error| error.with_origin(BY_VARIABLE))
            }
            _ => return Ok(None),
        };
        keyring.map(Some)
    }

    /// The keyring of the first source that is set, as [`Self::find`] has it.
    ///
    /// # Errors
    /// [`KeyError::Missing`] where none is set.
    pub fn require(&self, stdin: impl Read) -> Result<Keyring, KeyError> {
        self.find(stdin)?.ok_or(KeyError::Missing)
    }

    fn read_file(&self, path: &Path, origin: &'static str) -> Result<Keyring, KeyError> {
        refuse_key_as_path(path, origin)?;
        Keyring::read_file(path, self.allow_open)
    }
}

/// Refuses a key in the place of the path of its file: it would be printed as a path that does not
/// exist.
///
/// # Errors
/// [`KeyError::KeyAsPath`].
pub fn refuse_key_as_path(path: &Path, origin: &'static str) -> Result<(), KeyError> {
    if is_key(path.as_os_str()) { Err(KeyError::KeyAsPath { origin }) } else { Ok(()) }
}

/// Whether a text is what `LOUP_KEY` should hold.
fn is_key(text: &OsStr) -> bool {
    text.to_str().is_some_and(|text| Keyring::parse_variable(text).is_ok())
}

/// The keyring that a command writes: a document, or what `LOUP_KEY` would hold.
fn of_command(command: &str, limit: Duration) -> Result<Keyring, KeyError> {
    let output = run(command, limit)?;
    match std::str::from_utf8(&output).map(str::trim_ascii) {
        // A document has spaces or brackets in it.
        Ok(text) if !text.contains(|c: char| c.is_ascii_whitespace() || c == '[') => {
            Keyring::parse_variable(text)
        }
        _ => Keyring::parse(&output),
    }
}

/// The passphrase that a command writes, without the line end that most programs put behind it.
fn passphrase_of(command: &str, limit: Duration) -> Result<Zeroizing<String>, KeyError> {
    let output = run(command, limit)?;
    let text = std::str::from_utf8(&output).map_err(|_| KeyError::PassphraseText)?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// What a command writes to standard output.
///
/// It is run without a shell, without the key and the passphrase of the environment, with nothing on
/// standard input, which may be the data, and with standard error where ours is.
fn run(command: &str, limit: Duration) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let words = shlex::split(command).unwrap_or_default();
    let (program, arguments) = words.split_first().ok_or(KeyError::CommandWords)?;
    if words.iter().any(|word| is_key(word.as_ref())) {
        return Err(KeyError::KeyInCommand);
    }
    let child = Command::new(program)
        .args(arguments)
        .env_remove("LOUP_KEY")
        .env_remove("LOUP_PASSPHRASE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(KeyError::Unreadable)?;
    output_of(child, limit)
}

/// What a process writes to its end, if it ends well and in time.
fn output_of(mut child: Child, limit: Duration) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let until = Instant::now() + limit;
    let stdout = child.stdout.take().expect("standard output is piped");
    let (sender, receiver) = mpsc::channel();
    // A pipe cannot be read up to a moment. Where time is up, the thread ends with this process.
    thread::spawn(move || sender.send(read_all(stdout)));
    let timeout = || KeyError::CommandTimeout { seconds: limit.as_secs() };
    let output = receiver.recv_timeout(limit).map_err(|_| timeout()).flatten();
    let status = output.and_then(|output| {
        let status = wait(&mut child, until)?.ok_or_else(timeout)?;
        Ok((output, status))
    });
    match status {
        Ok((output, status)) if status.success() => Ok(output),
        Ok((_, status)) => Err(KeyError::CommandFailed { status }),
        Err(error) => {
            let _ = child.kill();
            let _ = child.wait();
            Err(error)
        }
    }
}

/// How a process ended, unless it runs longer than until then.
fn wait(child: &mut Child, until: Instant) -> Result<Option<ExitStatus>, KeyError> {
    loop {
        let status = child.try_wait().map_err(KeyError::Unreadable)?;
        if status.is_some() || Instant::now() >= until {
            return Ok(status);
        }
        thread::sleep(POLL);
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::super::keyring::tests::{SECRET, keyring_of};
    use super::*;

    fn scratch() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn sources_are_asked_in_their_order() {
        let folder = scratch();
        let file = |name: &str, epoch: u32| {
            let path = folder.path().join(name);
            keyring_of(epoch).write_file(&path).unwrap();
            path
        };
        let stdin = keyring_of(5).to_toml();
        let epoch = |sources: &KeySources| sources.require(stdin.as_bytes()).unwrap().active().0;

        let mut sources = KeySources::default();
        assert!(sources.find(io::empty()).unwrap().is_none());
        assert!(matches!(sources.require(io::empty()), Err(KeyError::Missing)));
        sources.env_key = Some(Zeroizing::new(format!("2:{SECRET}")));
        assert_eq!(epoch(&sources), 2);
        sources.env_key_file = Some(file("variable", 3));
        assert_eq!(epoch(&sources), 3);
        sources.key_command = Some(format!("cat {}", file("command", 6).display()));
        assert_eq!(epoch(&sources), 6);
        sources.key_file = Some(file("argument", 4));
        assert_eq!(epoch(&sources), 4);
        sources.key_file = Some("-".into());
        assert_eq!(epoch(&sources), 5);
    }

    #[test]
    fn a_source_that_cannot_be_used_is_not_skipped() {
        let folder = scratch();
        let sources = KeySources {
            env_key_file: Some(folder.path().join("nothing")),
            env_key: Some(Zeroizing::new(SECRET.to_owned())),
            ..KeySources::default()
        };
        assert!(matches!(sources.find(io::empty()), Err(KeyError::Io { .. })));
        let sources =
            KeySources { env_key: Some(Zeroizing::new(String::new())), ..KeySources::default() };
        let error = sources.find(io::empty()).err().unwrap();
        assert_eq!(error.to_string(), "LOUP_KEY: a key has 32 bytes, this one has 0");
    }

    #[test]
    fn a_key_in_place_of_a_path_is_not_printed() {
        let sources = KeySources { env_key_file: Some(SECRET.into()), ..KeySources::default() };
        let error = sources.find(io::empty()).err().unwrap();
        assert!(matches!(error, KeyError::KeyAsPath { origin: "LOUP_KEY_FILE" }));
        assert!(!format!("{error:?}").contains("AAEC"));
    }

    fn from_command(command: &str) -> Result<Keyring, KeyError> {
        of_command(command, Duration::from_secs(30))
    }

    #[cfg(unix)]
    #[test]
    fn a_command_writes_a_keyring_or_what_the_variable_would_hold() {
        let folder = scratch();
        let path = folder.path().join("it's a key");
        keyring_of(7).write_file(&path).unwrap();
        let keyring = from_command(&format!("cat \"{}\"", path.display())).unwrap();
        assert_eq!(keyring.active().0, 7);
        std::fs::write(&path, format!(" 3:{SECRET}\n")).unwrap();
        let keyring = from_command(&format!("cat '-' \"{}\"", path.display())).unwrap();
        assert_eq!(keyring.active().0, 3);
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_fails_is_an_error() {
        for (command, message) in [
            ("false", "the command failed (exit status: 1)"),
            ("", "the command cannot be split into words"),
            ("cat 'a", "the command cannot be split into words"),
            ("true", "a key has 32 bytes, this one has 0"),
            ("echo [[key]]", "line 1, column 1: not an entry of a keyring"),
            ("cat /dev/zero", "longer than 65536 bytes: not a keyring"),
        ] {
            assert_eq!(from_command(command).err().unwrap().to_string(), message);
        }
        assert!(matches!(from_command("/no/such/program"), Err(KeyError::Unreadable(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_command_has_a_limit_of_time() {
        let limit = Duration::from_millis(200);
        for command in ["sleep 30", "sh -c 'exec >&-; sleep 30'"] {
            let started = Instant::now();
            assert!(matches!(of_command(command, limit), Err(KeyError::CommandTimeout { .. })));
            assert!(started.elapsed() < Duration::from_secs(20));
        }
    }

    #[test]
    fn a_key_in_a_command_is_not_run_and_not_printed() {
        let error = from_command(&format!("echo {SECRET}")).err().unwrap();
        assert!(matches!(error, KeyError::KeyInCommand));
        assert!(!format!("{error:?} {error}").contains("AAEC"));
    }
}
