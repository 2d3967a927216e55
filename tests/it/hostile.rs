//! Inputs that are broken or lie, and places that cannot be written to.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use crate::support::{Desk, Ended, MANIFEST, company, ended, fed, holds, piped, project, tree};

const VICTIM: &str = "victim@example.com";
/// A user that owns nothing.
const NOBODY: u32 = 65534;

fn hostile(name: &str) -> std::path::PathBuf {
    project("fixtures/hostile").join(name)
}

/// What the manifest of `out` says of a file.
fn state(desk: &Desk, file: &str) -> String {
    let manifest = desk.json(&format!("out/{MANIFEST}"));
    let files = manifest["files"].as_array().unwrap();
    let entry = files.iter().find(|entry| entry["file"] == file).unwrap();
    entry["state"].as_str().unwrap().to_owned()
}

#[track_caller]
fn quarantined(name: &str, reason: &str) {
    let desk = Desk::new();
    let masked = desk.mask(hostile(name), "out", "");
    masked.exits(3).says(&["quarantined", name, reason]);
    assert_eq!(state(&desk, name), "quarantined");
    assert!(tree(&desk.path("out")).keys().eq([MANIFEST]), "only the manifest is there");
    desk.scan(hostile(name), "--quiet").exits(3);
}

/// The protected text of a hostile file, which must be read.
#[track_caller]
fn protected(name: &str) -> Vec<u8> {
    let desk = Desk::new();
    desk.mask(hostile(name), "out", "").exits(0);
    assert_eq!(state(&desk, name), "protected");
    let bytes = desk.bytes(&format!("out/{name}"));
    assert!(!holds(&bytes, VICTIM) && !holds(&bytes, "victim\\u0040"), "{name} leaks");
    bytes
}

#[test]
fn a_path_that_does_not_exist_is_an_error_with_advice() {
    let desk = Desk::new();
    desk.write("a.log", "x\n");
    desk.loup("scan a.lgo").exits(2).says(&["a.lgo", "no such file", "help:"]);
    desk.mask("a.lgo", "out", "").exits(2).says(&["a.lgo"]);
    desk.loup("scan a.log b.log").exits(2).says(&["b.log"]);
    assert!(!desk.exists("out"));
}

#[test]
fn a_pattern_that_matches_nothing_is_an_error() {
    Desk::new().loup("scan *.nothing").exits(2).says(&["no file matches"]);
}

#[test]
fn a_file_that_may_not_be_read_is_quarantined() {
    let desk = Desk::new();
    desk.write("in/open.log", "a@example.com\n");
    let closed = desk.write("in/closed.log", "b@example.com\n");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let Some(masked) = as_somebody(&desk, "mask in --out out --key-file test.key") else { return };
    masked.exits(3).says(&["quarantined: closed.log: permission denied"]);
    assert!(desk.exists("out/open.log") && !desk.exists("out/closed.log"));
    as_somebody(&desk, "scan in --quiet").unwrap().exits(3);
}

/// Runs `loup` as a user whom permissions apply to: another one, where this one is root.
fn as_somebody(desk: &Desk, arguments: &str) -> Option<Ended> {
    let mut command = desk.command(arguments.split_whitespace());
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        fs::set_permissions(desk.path(""), fs::Permissions::from_mode(0o777)).unwrap();
        std::os::unix::fs::chown(desk.path("test.key"), Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    match command.output() {
        Ok(output) => Some(output.into()),
        Err(_) => {
            eprintln!("skipped: the binary may not be run by another user");
            None
        }
    }
}

#[test]
fn empty_files_are_copied() {
    let desk = Desk::new();
    desk.write("in/empty.csv", "");
    desk.write("in/_SUCCESS", "");
    desk.mask("in", "out", "").exits(0);
    for file in ["empty.csv", "_SUCCESS"] {
        assert!(desk.bytes(&format!("out/{file}")).is_empty());
        assert_eq!(state(&desk, file), "copied");
    }
}

#[test]
fn a_table_of_a_header_alone_stays() {
    assert_eq!(protected("header-only.csv"), b"id,email,note\n");
}

#[test]
fn parquet_that_is_cut_short_is_quarantined() {
    quarantined("truncated.parquet", "truncated");
    quarantined("magic-only.parquet", "too short");
    quarantined("zero-byte.parquet", "the file is empty");
}

#[test]
fn parquet_whose_footer_lies_is_quarantined() {
    quarantined("lying-footer.parquet", "footer");
    quarantined("endless-schema.parquet", "schema");
}

#[test]
fn parquet_with_a_sound_footer_over_torn_pages_is_quarantined() {
    quarantined("torn-pages.parquet", "page");
}

#[test]
fn archives_and_pictures_and_binaries_are_not_copied() {
    quarantined("log.gz", "gzip");
    quarantined("truncated.gz", "gzip");
    quarantined("logo.png", "PNG");
    quarantined("nul-bytes.bin", "binary");
    quarantined("utf16.csv", "UTF-16");
}

#[test]
fn unsupported_files_are_left_out_on_purpose_where_the_policy_says_so() {
    let desk = Desk::new();
    desk.write("in/a.log", "a@example.com\n");
    desk.write("in/logo.png", fs::read(hostile("logo.png")).unwrap());
    desk.write("p.toml", "version = 1\non_new = \"default\"\nunsupported = \"skip\"\n");
    desk.mask("in", "out", "--policy p.toml").exits(0);
    assert_eq!(state(&desk, "logo.png"), "skipped");
    assert!(!desk.exists("out/logo.png"));
}

#[test]
fn rows_of_other_lengths_are_protected_and_keep_their_shape() {
    let ragged = String::from_utf8(protected("ragged.csv")).unwrap();
    let cells: Vec<_> = ragged.lines().map(|line| line.split(',').count()).collect();
    assert_eq!(cells, [3, 2, 5, 1, 1, 3]);
}

#[test]
fn text_that_is_not_utf_8_is_protected_and_its_bytes_stay() {
    let masked = protected("latin1.csv");
    assert!(masked.windows(4).any(|bytes| bytes == b"caf\xe9"));
    assert!(masked.ends_with(b",\xe9t\xe9\n"));
}

#[test]
fn lines_that_are_no_json_are_protected_beside_those_that_are() {
    let masked = protected("invalid-line.ndjson");
    assert_eq!(masked.iter().filter(|byte| **byte == b'\n').count(), 8);
}

#[test]
fn documents_that_end_early_are_protected() {
    protected("unclosed.json");
    protected("unclosed-quote.csv");
}

#[test]
fn a_protection_says_what_did_not_parse() {
    let desk = Desk::new();
    let said = |text: &str, out: &str| {
        desk.write("in/export.ndjson", text);
        let ended = desk.mask("in", out, "").exits(0).stdout.clone();
        let written = desk.bytes(&format!("{out}/export.ndjson"));
        assert!(!String::from_utf8_lossy(&written).contains("a@example.com"));
        ended
    };
    let line = "{\"email\":\"a@example.com\",\"n\":1}\n";
    let broken = said(&format!("{line}{line}{line}{{\"email\":"), "broken");
    assert!(broken.contains("1 record did not parse and was protected as plain text."), "{broken}");
    let whole = said(&line.repeat(4), "whole");
    assert!(!whole.contains("did not parse"), "{whole}");
}

#[test]
fn deep_nesting_and_endless_lines_are_protected() {
    protected("deep.json");
    protected("long-line.log");
}

#[test]
fn every_finding_of_an_endless_line_is_counted_in_one_pass() {
    let desk = Desk::new();
    let emails = 100_000;
    // Were each looked for among all the others, or the line read for each, this would take minutes. White
    // space at the end is what makes more than a look at both ends of it necessary.
    desk.write("a.log", (0..emails).map(|n| format!("a{n}@example.com ")).collect::<String>());
    desk.scan("a.log", "--out map.json --quiet").exits(0);
    let map = desk.json("map.json");
    let fields = map["datasets"][0]["fields"].as_array().unwrap();
    assert_eq!(fields.len(), 1);
    assert_eq!(fields[0]["kinds"][0]["findings"], emails);
}

#[test]
fn a_byte_order_mark_and_crlf_stay() {
    let masked = protected("bom-crlf.csv");
    assert!(masked.starts_with("\u{feff}id,email,note\r\n".as_bytes()));
}

#[test]
fn a_failed_input_does_not_stop_the_others() {
    let desk = Desk::new();
    desk.mask(project("fixtures/hostile"), "out", "").exits(3);
    assert!(!tree(&desk.path("out")).values().any(|bytes| holds(bytes, VICTIM)));
    assert_eq!(state(&desk, "bom-crlf.csv"), "protected");
    let coverage = &desk.json(&format!("out/{MANIFEST}"))["coverage"];
    let count = |key: &str| coverage[key].as_u64().unwrap();
    assert_eq!(count("bytes"), count("scanned") + count("skipped") + count("failed"));
}

#[test]
fn links_are_not_followed_out_of_the_input() {
    let desk = Desk::new();
    desk.write("in/a.log", "a@example.com\n");
    desk.write("secret.log", "b@example.com\n");
    std::os::unix::fs::symlink("../secret.log", desk.path("in/link.log")).unwrap();
    std::os::unix::fs::symlink("..", desk.path("in/loop")).unwrap();
    desk.mask("in", "out", "").exits(0);
    assert!(tree(&desk.path("out")).keys().eq(["a.log", MANIFEST]));
}

fn simple() -> Desk {
    let desk = Desk::new();
    desk.write("in/a.log", "login a@example.com\n");
    desk
}

#[test]
fn without_a_key_there_is_advice_and_no_output() {
    let desk = simple();
    desk.loup("mask in --out out").exits(4).says(&["key", "loup key new", "--key-file"]);
    assert!(!desk.exists("out"));
}

#[test]
fn a_key_file_that_others_may_read_is_refused() {
    let desk = simple();
    fs::set_permissions(desk.path("test.key"), fs::Permissions::from_mode(0o644)).unwrap();
    desk.mask("in", "out", "").exits(4).says(&["open to other users", "chmod 600"]);
    assert!(!desk.exists("out"));
    desk.mask("in", "out", "--allow-open-key-file").exits(0);
}

#[test]
fn a_key_that_is_too_short_or_no_key_is_refused_and_not_shown() {
    let desk = simple();
    for key in ["c2hvcnQ=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "no base64 at all"] {
        let mut command = desk.command(["mask", "in", "--out", "out"]);
        command.env("LOUP_KEY", key);
        let refused = ended(command);
        refused.exits(4).says(&["LOUP_KEY"]);
        assert!(!refused.stderr.contains(key) && !desk.exists("out"));
    }
}

#[test]
fn a_key_file_that_is_missing_or_malformed_is_a_key_failure() {
    let desk = simple();
    desk.loup("mask in --out out --key-file none.key").exits(4).says(&["none.key", "loup key new"]);
    let key = desk.read("test.key");
    desk.write("test.key", key.replace("2aaecdf7", "00000000"));
    desk.mask("in", "out", "").exits(4).says(&["test.key"]);
    desk.write("test.key", key.replace("epoch", "apoch"));
    desk.mask("in", "out", "").exits(4).says(&["line 3"]);
    assert!(!desk.exists("out"));
}

#[test]
fn a_key_is_never_overwritten() {
    let desk = Desk::new();
    let before = desk.bytes("test.key");
    desk.loup("key new --out test.key").exits(4).says(&["never overwritten"]);
    assert_eq!(desk.bytes("test.key"), before);
}

#[test]
fn a_new_key_is_for_its_owner_alone_and_is_not_printed() {
    let desk = Desk::new();
    let made = desk.loup("key new --out new.key");
    let mode = fs::metadata(desk.path("new.key")).unwrap().permissions().mode() & 0o777;
    assert_eq!((made.exits(0).code, mode), (Some(0), 0o600));
    let file = desk.read("new.key");
    let secret = file.split("secret = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(secret.len() == 44 && !made.stdout.contains(secret));
}

#[test]
fn an_input_protected_with_another_key_of_the_same_epoch_is_refused() {
    let desk = simple();
    desk.mask("in", "once", "").exits(0);
    desk.loup("key new --out other.key").exits(0);
    let refused = desk.loup("mask once --out out --key-file other.key");
    refused.exits(4).says(&["2aaecdf7", "epoch 1"]);
    assert!(!desk.exists("out"));
}

#[test]
fn an_input_protected_in_another_domain_is_refused() {
    let desk = simple();
    desk.mask("in", "once", "").exits(0);
    desk.mask("once", "out", "--domain analytics").exits(2).says(&["default", "analytics"]);
}

#[test]
fn an_output_that_overlaps_an_input_is_refused() {
    let desk = simple();
    let before = tree(&desk.path("in"));
    desk.mask("in", "in", "").exits(2).says(&["overlap"]);
    desk.mask("in", "in/out", "").exits(2).says(&["overlap"]);
    desk.mask("in", ".", "").exits(2).says(&["overlap"]);
    desk.mask("in/a.log", "in/a.log", "").exits(2);
    std::os::unix::fs::symlink("in", desk.path("link")).unwrap();
    desk.mask("in", "link", "").exits(2).says(&["overlap"]);
    desk.mask("in", "link/out", "--overwrite").exits(2).says(&["overlap"]);
    assert!(tree(&desk.path("in")) == before);
}

#[test]
fn an_output_directory_with_files_of_others_is_refused_and_left_alone() {
    let desk = simple();
    desk.write("out/mine.txt", "mine");
    for overwrite in ["", "--overwrite"] {
        desk.mask("in", "out", overwrite).exits(2).says(&["mine.txt"]);
        assert!(tree(&desk.path("out")).keys().eq(["mine.txt"]));
    }
    desk.mask("in", "out/mine.txt", "").exits(2).says(&["not a directory"]);
}

#[test]
fn a_finished_output_is_replaced_only_where_asked() {
    let desk = simple();
    desk.mask("in", "out", "").exits(0);
    desk.mask("in", "out", "").exits(2).says(&["finished", "--overwrite"]);
    desk.write("in/b.log", "b@example.com\n");
    fs::remove_file(desk.path("in/a.log")).unwrap();
    desk.mask("in", "out", "--overwrite").exits(0);
    assert!(tree(&desk.path("out")).keys().eq(["b.log", MANIFEST]));
}

#[test]
fn a_full_disk_under_a_report_is_a_failure() {
    let desk = simple();
    for report in ["--out", "--findings", "--html"] {
        desk.loup(&format!("scan in {report} /dev/full")).exits(4).says(&["cannot write"]);
    }
}

/// Runs `loup` where no file may grow beyond `kib`.
fn within(desk: &Desk, kib: u32, arguments: &str) -> Ended {
    let mut command = Command::new("bash");
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" {arguments}");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_loup")]);
    desk.at_home(&mut command);
    ended(command)
}

#[test]
fn an_output_that_cannot_grow_leaves_nothing_that_looks_finished() {
    for (input, kib) in [("logs", 128), ("orders", 16)] {
        let desk = Desk::new();
        let input = company().join(input);
        let words = format!("mask {} --out out --key-file test.key", input.display());
        within(&desk, kib, &words).exits(4).says(&["cannot write"]);
        assert!(!desk.exists(&format!("out/{MANIFEST}")));
        let left = tree(&desk.path("out"));
        assert!(!left.keys().any(|name| name.contains(".loup-tmp-")), "{:?}", left.keys());
        // What fits is done, and the same command goes on from there.
        desk.mask(&input, "out", "").exits(0);
        assert!(desk.exists(&format!("out/{MANIFEST}")));
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let desk = Desk::new();
    let log = "06:00 login a@example.com from 192.0.2.1\n".repeat(50_000);
    desk.write("a.log", &log);
    for (arguments, reader) in [
        ("mask - --key-file test.key <a.log", "head -n 1 >/dev/null"),
        ("scan a.log", "true"),
        ("scan a.log --findings - --quiet", "head -n 1 >/dev/null"),
        ("scan a.log --out -", "true"),
        ("rules list", "true"),
    ] {
        let mut command = Command::new("bash");
        let script = format!("\"$0\" {arguments} | {reader}; exit ${{PIPESTATUS[0]}}");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_loup")]);
        desk.at_home(&mut command);
        let closed = ended(command);
        assert_eq!(closed.exits(0).stderr, "", "{arguments}");
    }
}

#[test]
fn a_stream_of_unknown_format_is_refused_before_a_byte_is_written() {
    let desk = Desk::new();
    for name in ["logo.png", "log.gz", "utf16.csv", "torn-pages.parquet"] {
        let command = desk.command(["mask", "-", "--key-file", "test.key"]);
        let refused = fed(command, &fs::read(hostile(name)).unwrap());
        assert_eq!((refused.code, refused.bytes.len()), (Some(4), 0), "{name}: {}", refused.stderr);
    }
}

#[test]
fn standard_input_cannot_be_the_data_and_the_key() {
    let desk = Desk::new();
    let refused = desk.loup_with("mask - --key-file -", "a@example.com\n");
    refused.exits(2).says(&["standard input"]);
}

#[test]
fn a_filter_takes_no_output_directory() {
    let desk = Desk::new();
    desk.loup_with("mask - --out out --key-file test.key", "x\n").exits(2);
    assert!(!desk.exists("out"));
}

#[test]
fn a_line_comes_out_of_the_filter_without_waiting_for_the_end_of_the_input() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let desk = Desk::new();
    let mut child = piped(&mut desk.command(["mask", "-", "--key-file", "test.key"]));
    let mut stdin = child.stdin.take().unwrap();
    // More than what it looks at to know the format, and than any buffer on the way.
    let line = "06:00 login a@example.com from 192.0.2.1\n";
    let writer = std::thread::spawn(move || {
        stdin.write_all(line.repeat(400_000).as_bytes()).unwrap();
        stdin
    });
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("06:00 login eml1_"), "{first}");
    child.kill().unwrap();
    child.wait().unwrap();
    drop(writer.join());
}

#[test]
fn what_could_not_be_parsed_may_begin_within_a_word() {
    let desk = Desk::new();
    desk.write(
        "a.ndjson",
        "{\"\":\"\",\"\":\"\",\"\":\"\",\"\":8,\"\":2}{\"\":\"\",\"\":\"\",\"\":\"\",\"\":\"\",\"\":3,\"\":\"\"}\
         \"\"\"\"\"\"\"\"\"\"\"\"\"\"e Pa",
    );
    let scanned = desk.scan("a.ndjson", "");
    assert!(scanned.exits(0).stdout.contains("Looked at 100 %"), "{}", scanned.stdout);
}
