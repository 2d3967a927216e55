//! What keeps keys inside this process: no core dump, and no other process that looks into it.

use std::io::{self, Write as _};

/// Closes this process, for good: a crash leaves no core dump with keys in it, nobody but the
/// superuser can attach to it or read its memory and environment. Called before a key is read.
pub(super) fn close() {
    if let Err(reason) = try_close() {
        let _ = writeln!(io::stderr(), "warning: a core dump could hold the key: {reason}");
    }
}

#[cfg(unix)]
fn try_close() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    }
    // Programs that are started from here inherit it, and one of them may be handed a key.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    Ok(())
}

#[cfg(not(unix))]
fn try_close() -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn a_closed_process_leaves_no_core_dump() {
        super::close();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
    }
}
