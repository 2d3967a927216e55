//! The commands that the documentation shows are run, and what it shows of their output has to
//! appear.
//!
//! In a block marked `console`, a line that starts with `$ ` is a command, and the lines up to the
//! next one are its output: standard output and error together, in order. `…` stands for any text,
//! a line of its own for any lines. A command ends with 0, or as a comment behind it says:
//! `# exit 3`. A block marked `toml` that starts with a file's name in a comment is written to that
//! file. All commands run in one temporary directory, in order, with `fixtures` in it.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

#[test]
fn the_documentation_shows_what_happens() {
    let desk = Desk::new();
    let mut commands = 0;
    for page in [
        "README.md",
        "docs/attack.md",
        "docs/policy.md",
        "docs/operators.md",
        "docs/rules.md",
        "docs/keys.md",
        "docs/manifest.md",
    ] {
        for step in steps(&fs::read_to_string(root().join(page)).unwrap()) {
            match step {
                Step::File { name, text } => desk.write(&name, &text),
                Step::Command(shown) => {
                    desk.check(page, &shown);
                    commands += 1;
                }
            }
        }
    }
    assert!(commands > 0, "no commands found: have the blocks another mark?");
}

#[test]
fn links_between_pages_lead_somewhere() {
    let pages = [
        "README.md",
        "ARCHITECTURE.md",
        "benches/README.md",
        "docs/attack.md",
        "docs/calibration.md",
        "docs/keys.md",
        "docs/manifest.md",
        "docs/operators.md",
        "docs/policy.md",
        "docs/rules.md",
    ];
    for page in pages {
        let path = root().join(page);
        let text = fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap();
            if !target.is_empty() && !target.contains("://") {
                let target = path.parent().unwrap().join(target);
                assert!(target.exists(), "{page}: {link} is not there");
            }
        }
    }
}

/// What a page asks for.
enum Step {
    File { name: String, text: String },
    Command(Shown),
}

/// A command with its output as a page shows it.
struct Shown {
    command: String,
    exit: i32,
    output: Vec<String>,
}

fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = page.lines();
    while let Some(fence) = lines.next() {
        let Some(mark) = fence.strip_prefix("```") else { continue };
        let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        match mark {
            "toml" => {
                if let Some(name) =
                    block[0].strip_prefix("# ").filter(|name| name.ends_with(".toml"))
                {
                    steps.push(Step::File { name: name.to_owned(), text: block.join("\n") });
                }
            }
            "console" => {
                for line in block {
                    if let Some(command) = line.strip_prefix("$ ") {
                        let exit = command
                            .rsplit_once("# exit ")
                            .map_or(0, |(_, code)| code.parse().expect("a number behind `# exit`"));
                        let (command, output) = (command.to_owned(), Vec::new());
                        steps.push(Step::Command(Shown { command, exit, output }));
                    } else if let Some(Step::Command(shown)) = steps.last_mut() {
                        shown.output.push(line.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    steps
}

/// Where the commands run.
struct Desk {
    folder: TempDir,
    path: String,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(root().join("fixtures"), folder.path().join("fixtures"))
            .unwrap();
        let binary = Path::new(env!("CARGO_BIN_EXE_loup")).parent().unwrap();
        let path = format!("{}:{}", binary.display(), env::var("PATH").unwrap());
        Self { folder, path }
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn check(&self, page: &str, shown: &Shown) {
        let ran = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{}", shown.command)])
            .current_dir(self.folder.path())
            .env("PATH", &self.path)
            .env_remove("LOUP_CONFIG")
            .env_remove("LOUP_KEY")
            .env_remove("LOUP_KEY_FILE")
            .env_remove("LOUP_PASSPHRASE")
            .output()
            .unwrap();
        let output = String::from_utf8(ran.stdout).unwrap();
        let told = format!("{page}: $ {}\n{output}", shown.command);
        assert_eq!(ran.status.code(), Some(shown.exit), "another exit code: {told}");
        let mut rest = output.lines();
        for line in shown.output.iter().filter(|line| *line != "…" && !line.is_empty()) {
            assert!(
                rest.any(|real| fits(line, real)),
                "not there, or not there in order: {line}\n{told}"
            );
        }
    }
}

/// Whether `real` is `shown`, in which `…` stands for any text.
fn fits(shown: &str, real: &str) -> bool {
    let mut parts = shown.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = real.strip_prefix(first) else { return false };
    let mut parts: Vec<_> = parts.collect();
    let Some(last) = parts.pop() else { return rest.trim_end().is_empty() };
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else { return false };
        rest = behind;
    }
    rest.ends_with(last)
}

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

#[test]
fn an_ellipsis_stands_for_any_text() {
    assert!(fits("mail eml1_…, from ip1_…", "mail eml1_abc, from ip1_xyz"));
    assert!(fits("all of it", "all of it"));
    assert!(!fits("all of it", "all of it and more"));
    assert!(!fits("a … b … c", "a b c"));
    assert!(!fits("…end", "ending"));
}
