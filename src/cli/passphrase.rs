//! Asking for a passphrase at the terminal, without an echo.

use console::Term;
use zeroize::Zeroizing;

use crate::protect::KeyError;

/// Whether somebody may sit at a terminal: standard error is one. Standard input need not be, as it may
/// be the data or the key; what is typed is read from the terminal then.
pub(super) fn is_possible() -> bool {
    Term::stderr().is_term()
}

/// The passphrase of a keyring that is there.
pub(super) fn ask() -> Result<Zeroizing<String>, KeyError> {
    line("Passphrase of the keyring: ")
}

/// The passphrase of a new keyring, typed twice: nothing tells a slip before the key is needed.
///
/// # Errors
/// [`KeyError::PassphrasesDiffer`].
pub(super) fn ask_twice() -> Result<Zeroizing<String>, KeyError> {
    let first = line("New passphrase: ")?;
    if *line("The same again: ")? == *first { Ok(first) } else { Err(KeyError::PassphrasesDiffer) }
}

/// What is typed, up to the line end. It is wiped on drop; what the library and the terminal keep of it
/// on the way is not in our hands.
fn line(prompt: &str) -> Result<Zeroizing<String>, KeyError> {
    let terminal = Term::stderr();
    terminal
        .write_str(prompt)
        .and_then(|()| terminal.read_secure_line())
        .map(Zeroizing::new)
        .map_err(KeyError::Unreadable)
}
