//! Exit codes, in one place.

use std::process::ExitCode;

/// How a command ended. Where several hold, the first of `Failed`, `Usage`, `Found`, `Incomplete`
/// is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All was done. A closed pipe is this, too.
    Done,
    /// Findings under `--fail-on`, or personal data that the policy does not allow.
    Found,
    /// The command line, the policy or a path is wrong.
    Usage,
    /// Done, and something was not looked at.
    Incomplete,
    /// Input, output or the key failed.
    Failed,
    /// Interrupted by a signal.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Found => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
            Exit::Failed => 4,
            Exit::Interrupted => 130,
        })
    }
}
