//! `loup key`.

use super::args::KeyCommand;
use super::{Exit, print};
use crate::error::Error;
use crate::protect::keyring::Keyring;

pub(super) fn run(command: &KeyCommand) -> Result<Exit, Error> {
    match command {
        KeyCommand::New { out } => {
            let keyring = Keyring::generate(jiff::Timestamp::now())?;
            keyring.write_file(out)?;
            let (epoch, key) = keyring.active();
            print(&format!(
                "Key {} (epoch {epoch}) is in {}. Keep it apart from the data: whoever has both can \
                 test guesses.\nNext: loup mask IN --out OUT --key-file {}\n",
                key.id(),
                out.display(),
                out.display()
            ))?;
            Ok(Exit::Done)
        }
    }
}
