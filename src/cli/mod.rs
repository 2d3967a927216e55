//! The command line: the only module that prints.
//!
//! Results go to standard output, everything else to standard error. One file per command.

pub mod args;
pub mod exit;

mod attack;
mod guard;
mod init;
mod key;
mod mask;
mod passphrase;
mod relink;
mod reveal;
mod rules;
mod scan;
mod setup;
mod verify;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Parser;

use crate::error::Error;
use crate::pipeline::PipelineError;
use crate::protect::KeyError;
use crate::protect::reveal::RevealError;
use args::{Cli, Command};
pub use exit::Exit;

/// Runs the command that `arguments` ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    quiet_panics();
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let cancelled = interruptible();
    let outcome = match cli.command {
        Command::Scan(args) => scan::run(&args, &cancelled),
        Command::Init(args) => init::run(&args, &cancelled),
        Command::Mask(args) => mask::run(&args, &cancelled),
        Command::Reveal(args) => reveal::run(&args),
        Command::Attack(args) => attack::run(&args, &cancelled),
        Command::Verify(args) => verify::run(&args, &cancelled),
        Command::Key(command) => key::run(&command),
        Command::Rules(command) => rules::run(&command),
    };
    match outcome {
        Ok(exit) => exit,
        Err(error) => report(&error),
    }
}

/// Says on standard error what went wrong and what to do, and how the command ends for it.
fn report(error: &Error) -> Exit {
    if is_closed_pipe(error) {
        return Exit::Done;
    }
    let mut stderr = io::stderr().lock();
    let _ = writeln!(stderr, "error: {error}");
    if let Some(help) = error.help() {
        let _ = writeln!(stderr, "  help: {help}");
    }
    match error {
        Error::Policy(error) if error.is_violation() => {
            let _ = writeln!(stderr, "nothing was written");
            Exit::Found
        }
        Error::Source(_)
        | Error::Rules(_)
        | Error::Pattern(_)
        | Error::Policy(_)
        | Error::Key(KeyError::Domain)
        | Error::Reveal(RevealError::TooMany { .. })
        | Error::Usage { .. } => Exit::Usage,
        Error::Sink(error) if error.is_usage() => Exit::Usage,
        Error::Field(error) if error.is_usage() => Exit::Usage,
        Error::Pipeline(PipelineError::Interrupted | PipelineError::Unfinished) => {
            Exit::Interrupted
        }
        _ => Exit::Failed,
    }
}

fn is_closed_pipe(error: &Error) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    match error {
        Error::Pipeline(PipelineError::Findings(error) | PipelineError::Output(error)) => {
            broken(error)
        }
        Error::Write { kind, .. } => *kind == io::ErrorKind::BrokenPipe,
        _ => false,
    }
}

/// Writes to standard output.
fn print(text: &str) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| Error::Write { path: "standard output".into(), kind: error.kind() })
}

/// A panic says where it happened and nothing else: its message could hold a value.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!(" at {at}"));
        let _ = writeln!(io::stderr(), "internal error{place}");
    }));
}

/// Set when the user interrupts; a second signal ends the process at once.
fn interruptible() -> Arc<AtomicBool> {
    let cancelled = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // In this order: the first signal sets the flag, the next one finds it set and exits.
        let _ =
            signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&cancelled));
        let _ = signal_hook::flag::register(signal, Arc::clone(&cancelled));
    }
    cancelled
}

/// Whether standard error is a terminal to draw a bar on.
fn shows_progress(quiet: bool) -> bool {
    !quiet && io::stderr().is_terminal()
}
