//! Runs that are stopped in the middle, and continued.

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::support::{Desk, Ended, MANIFEST, company, outputs, piped, tree};

const JOURNAL: &str = "out/.loup-incomplete";
const MASK: [&str; 6] = ["mask", "in", "--out", "out", "--key-file", "test.key"];

/// A directory with so many logs that a run takes a while.
fn with_logs(count: usize) -> Desk {
    let desk = Desk::new();
    let log = std::fs::read(company().join("logs/access.log")).unwrap();
    for n in 0..count {
        desk.write(&format!("in/{n:03}/access.log"), &log);
    }
    desk
}

/// Starts a run and signals it once `is_time`; nothing if it was done before.
fn signalled(desk: &Desk, signal: &str, is_time: impl Fn(&Path) -> bool) -> Option<Ended> {
    let mut child = piped(&mut desk.command(MASK));
    while !is_time(&desk.path("out")) {
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        thread::sleep(Duration::from_millis(1));
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    (!desk.exists(&format!("out/{MANIFEST}"))).then(|| ended.into())
}

/// A run that was stopped after its first output; there is more to do the faster this machine is.
fn stopped(signal: &str) -> (Desk, Ended) {
    stopped_under(signal, "version = 1\non_new = \"default\"\n")
}

/// The same under a policy.
fn stopped_under(signal: &str, policy: &str) -> (Desk, Ended) {
    for count in [8, 32, 128] {
        let desk = with_logs(count);
        desk.write("loup.toml", policy);
        let has_output = |out: &Path| out.join("000/access.log").exists();
        if let Some(ended) = signalled(&desk, signal, has_output) {
            return (desk, ended);
        }
    }
    panic!("every run was done before the signal came");
}

#[test]
fn an_interrupted_run_exits_with_130_and_looks_unfinished() {
    for signal in ["-INT", "-TERM"] {
        let (desk, ended) = stopped(signal);
        ended.exits(130).says(&["interrupted", "the same command continues"]);
        assert!(desk.exists(JOURNAL) && !desk.exists(&format!("out/{MANIFEST}")));
        let left = tree(&desk.path("out"));
        assert!(!left.keys().any(|name| name.contains(".loup-tmp-")), "{:?}", left.keys());
    }
}

#[test]
fn an_interrupted_run_is_continued_to_what_an_uninterrupted_one_writes() {
    let (desk, _) = stopped("-INT");
    let continued = desk.loup(&MASK.join(" "));
    assert!(continued.exits(0).stdout.contains("done by the run that this one continues"));
    assert!(!desk.exists(JOURNAL));
    desk.mask("in", "whole", "").exits(0);
    assert!(outputs(&desk.path("out")) == outputs(&desk.path("whole")));
}

#[test]
fn a_run_that_is_continued_has_the_pseudonyms_that_it_was_begun_with() {
    let kinds = "[kinds]\nip = { op = \"token\", scope = \"run\" }\n";
    let policy = format!("version = 1\non_new = \"default\"\n{kinds}");
    let (desk, _) = stopped_under("-KILL", &policy);
    desk.loup(&MASK.join(" ")).exits(0);
    let logs = outputs(&desk.path("out"));
    let first = desk.bytes("out/000/access.log");
    assert!(logs.len() > 1 && first.windows(4).any(|part| part == b"ip1_"));
    assert!(logs.iter().all(|(name, log)| !name.ends_with("access.log") || *log == first));
}

#[test]
fn a_killed_run_is_continued_and_what_it_was_writing_is_gone() {
    let (desk, _) = stopped("-KILL");
    assert!(desk.exists(JOURNAL));
    desk.loup(&MASK.join(" ")).exits(0);
    desk.mask("in", "whole", "").exits(0);
    assert!(outputs(&desk.path("out")) == outputs(&desk.path("whole")));
}

#[test]
fn an_unfinished_run_is_not_continued_under_another_plan() {
    let (desk, _) = stopped("-INT");
    let before = tree(&desk.path("out"));
    desk.mask("in", "out", "--domain analytics").exits(2).says(&["another plan", "--overwrite"]);
    assert!(tree(&desk.path("out")) == before);
    desk.mask("in", "out", "--domain analytics --overwrite").exits(0);
    desk.mask("in", "whole", "--domain analytics").exits(0);
    assert!(outputs(&desk.path("out")) == outputs(&desk.path("whole")));
}

#[test]
fn an_input_that_changed_since_is_done_again() {
    let (desk, _) = stopped("-INT");
    desk.write("in/000/access.log", "192.0.2.77 - - login a@example.com\n");
    desk.loup(&MASK.join(" ")).exits(0);
    desk.mask("in", "whole", "").exits(0);
    assert!(outputs(&desk.path("out")) == outputs(&desk.path("whole")));
}
