//! `loup key`, and the sources of a key.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::{Desk, Ended, TEST_KEY, ended, fed, outputs};

/// The test key in base64, which nothing may ever print.
const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

const EMAILS: &str = "id,email\n1,jean.dupont@example.com\n2,Eva@Example.org\n3,n/a\n4,x@example.net\n\
                      5,y@example.com\n6,z@example.com\n";
/// The token of the first of them in domain `default`, as it is published.
const TOKEN: &str = "eml1_z1etbtp9gdtf1gm7033k";

/// Runs `loup` with these words; no key is ever in what it says.
fn loup(desk: &Desk, arguments: &[&str]) -> Ended {
    quiet(ended(desk.command(arguments)))
}

#[track_caller]
fn quiet(ended: Ended) -> Ended {
    for said in [&ended.stdout, &ended.stderr] {
        assert!(!said.contains(&SECRET[..12]), "{said}");
    }
    ended
}

fn rotate(desk: &Desk) {
    loup(desk, &["key", "rotate", "--key-file", "test.key"]).exits(0);
}

/// The names in the desk, but the folder for temporary files.
fn names(desk: &Desk) -> Vec<String> {
    let entries = fs::read_dir(desk.path("")).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

// Showing.

#[test]
fn the_epochs_of_a_keyring_are_listed() {
    let desk = Desk::new();
    rotate(&desk);
    let shown = loup(&desk, &["key", "show", "--key-file", "test.key"]);
    let rows: Vec<_> = shown.exits(0).stdout.lines().collect();
    assert_eq!(rows[0], "epoch  id        created               status     holds");
    assert_eq!(rows[1], "1      2aaecdf7  2026-11-20T08:00:00Z  retired    the key");
    assert!(rows[2].starts_with("2      ") && rows[2].ends_with("active     the key"));

    let shown = loup(&desk, &["key", "show", "--format", "json", "--key-file", "test.key"]);
    let document: serde_json::Value = serde_json::from_str(&shown.exits(0).stdout).unwrap();
    assert_eq!(
        document["epochs"][0],
        serde_json::json!({
            "epoch": 1, "id": "2aaecdf7", "created": "2026-11-20T08:00:00Z",
            "status": "retired", "holds": "master", "encrypted": false, "domain": null,
        })
    );
}

#[test]
fn every_source_of_a_key_can_be_shown() {
    let desk = Desk::new();
    let is_shown = |shown: Ended| {
        assert!(shown.exits(0).stdout.contains("2aaecdf7"));
        quiet(shown);
    };
    let show = || desk.command(["key", "show"]);
    let mut by_variable = show();
    by_variable.env("LOUP_KEY", SECRET);
    is_shown(ended(by_variable));
    let mut by_file = show();
    by_file.env("LOUP_KEY_FILE", "test.key");
    is_shown(ended(by_file));
    let mut by_stdin = show();
    by_stdin.args(["--key-file", "-"]);
    is_shown(fed(by_stdin, TEST_KEY.as_bytes()));
    loup(&desk, &["key", "show"]).exits(4).says(&["no key was given", "loup key new"]);
}

// Rotating.

#[test]
fn after_a_rotation_new_tokens_are_of_the_new_epoch_and_old_ones_stay() {
    let desk = Desk::new();
    desk.write("in/a.csv", EMAILS);
    desk.mask("in", "before", "").exits(0);
    rotate(&desk);
    let planned = desk.mask("in", "after", "--dry-run");
    assert!(planned.exits(0).stdout.contains("eml2_…"), "{}", planned.stdout);
    desk.mask("in", "after", "").exits(0);
    assert!(desk.read("before/a.csv").contains(TOKEN));
    assert!(desk.read("after/a.csv").contains("\n1,eml2_"));
    desk.mask("before", "again", "").exits(0);
    assert_eq!(desk.read("again/a.csv"), desk.read("before/a.csv"));
}

#[test]
fn a_rotation_keeps_the_keys_and_leaves_one_private_file() {
    let desk = Desk::new();
    let before = names(&desk);
    rotate(&desk);
    rotate(&desk);
    assert_eq!(names(&desk), before);
    assert_eq!(desk.mode("test.key"), 0o600);
    let text = desk.read("test.key");
    assert!(text.contains(SECRET));
    assert_eq!(text.matches("secret = ").count(), 3);
    assert_eq!(text.matches("\"active\"").count(), 1);
}

#[test]
fn rotations_at_once_each_open_an_epoch() {
    let desk = Desk::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| rotate(&desk));
        }
    });
    let text = desk.read("test.key");
    for epoch in 1..=9 {
        assert!(text.contains(&format!("epoch = {epoch}\n")), "{epoch}");
    }
}

#[test]
fn a_link_to_a_key_file_stays_one() {
    let desk = Desk::new();
    symlink("test.key", desk.path("link.key")).unwrap();
    let mut command = desk.command(["key", "rotate"]);
    command.env("LOUP_KEY_FILE", "link.key");
    quiet(ended(command)).exits(0);
    assert!(desk.path("link.key").is_symlink());
    assert!(desk.read("test.key").contains("epoch = 2\n"));
}

#[test]
fn only_a_key_file_can_be_changed() {
    let desk = Desk::new();
    for words in [&["key", "rotate"][..], &["key", "destroy", "--epoch", "1", "--yes"]] {
        let mut in_variable = desk.command(words);
        in_variable.env("LOUP_KEY", SECRET);
        quiet(ended(in_variable)).exits(2).says(&["no", "--key-file"]);
        let mut on_stdin = desk.command(words);
        on_stdin.args(["--key-file", "-"]);
        quiet(fed(on_stdin, TEST_KEY.as_bytes())).exits(2);
        let mut as_path = desk.command(words);
        as_path.env("LOUP_KEY_FILE", SECRET);
        quiet(ended(as_path)).exits(4).says(&["LOUP_KEY_FILE holds a key"]);
        let mut pipe = desk.command(words);
        pipe.args(["--key-file", "/dev/null"]);
        ended(pipe).exits(4).says(&["/dev/null is no file"]);
        let mut by_command = desk.command(words);
        by_command.args(["--key-command", "cat test.key"]);
        ended(by_command).exits(2);
    }
}

#[test]
fn a_key_file_that_others_can_read_is_not_changed_unless_allowed() {
    let desk = Desk::new();
    let open = |mode| {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(desk.path("test.key"), permissions).unwrap();
    };
    open(0o640);
    loup(&desk, &["key", "rotate", "--key-file", "test.key"]).exits(4).says(&["chmod 600"]);
    assert_eq!(desk.read("test.key"), TEST_KEY);
    let words = ["key", "rotate", "--key-file", "test.key", "--allow-open-key-file"];
    loup(&desk, &words).exits(0);
    assert_eq!(desk.mode("test.key"), 0o640);
}

// Destroying.

#[test]
fn a_destroyed_key_is_gone_and_its_tokens_are_still_known() {
    let desk = Desk::new();
    desk.write("in/a.csv", EMAILS);
    desk.mask("in", "before", "").exits(0);
    rotate(&desk);
    let destroy = ["key", "destroy", "--epoch", "1", "--key-file", "test.key"];
    loup(&desk, &destroy).exits(2).says(&["2aaecdf7", "--yes"]);
    assert!(desk.read("test.key").contains(SECRET));

    let destroyed = loup(&desk, &[&destroy[..], &["--yes"]].concat());
    assert!(destroyed.exits(0).stdout.contains("backups"));
    let text = desk.read("test.key");
    assert!(!text.contains(SECRET) && text.contains("id = \"2aaecdf7\""));
    assert_eq!((desk.mode("test.key"), names(&desk).len()), (0o600, 4));
    let shown = loup(&desk, &["key", "show", "--key-file", "test.key"]);
    assert!(shown.exits(0).stdout.contains("destroyed  nothing"), "{}", shown.stdout);

    desk.mask("before", "again", "").exits(0);
    assert_eq!(desk.read("again/a.csv"), desk.read("before/a.csv"));
    loup(&desk, &[&destroy[..], &["--yes"]].concat()).exits(4).says(&["was destroyed"]);
}

#[test]
fn the_active_key_and_one_that_is_not_there_are_not_destroyed() {
    let desk = Desk::new();
    let destroy = |epoch| {
        loup(&desk, &["key", "destroy", "--yes", "--epoch", epoch, "--key-file", "test.key"])
    };
    destroy("1").exits(4).says(&["epoch 1 is active", "loup key rotate"]);
    destroy("2").exits(4).says(&["no epoch 2", "loup key show"]);
    assert_eq!(desk.read("test.key"), TEST_KEY);
}

#[test]
fn another_name_of_a_key_file_is_told_of() {
    let desk = Desk::new();
    rotate(&desk);
    fs::hard_link(desk.path("test.key"), desk.path("other.key")).unwrap();
    let words = ["key", "destroy", "--yes", "--epoch", "1", "--key-file", "test.key"];
    loup(&desk, &words).exits(0).says(&["another name"]);
    assert!(!desk.read("test.key").contains(SECRET) && desk.read("other.key").contains(SECRET));
}

// Exporting.

/// A desk with data, and `domain.key`, exported from the test key of two epochs for `analytics`.
fn exported() -> Desk {
    let desk = Desk::new();
    rotate(&desk);
    desk.write("in/a.csv", EMAILS);
    desk.write("in/a.log", "06:00 login from 192.0.2.7 by jean.dupont@example.com\n");
    let words =
        "key export --purpose token --domain analytics --out domain.key --key-file test.key";
    let exported = quiet(desk.loup(words));
    assert!(exported.exits(0).stdout.contains("can test guesses"));
    desk
}

#[test]
fn an_exported_keyring_masks_in_its_domain_as_the_whole_one_does() {
    let desk = exported();
    desk.mask("in", "whole", "--domain analytics").exits(0);
    let words = "mask in --out part --domain analytics --key-file domain.key";
    desk.loup(words).exits(0);
    assert!(outputs(&desk.path("whole")) == outputs(&desk.path("part")));
    desk.write("hash.toml", "version = 1\n[kinds]\nemail = \"hash\"\nip = \"token\"\n");
    desk.mask("in", "whole-hash", "--domain analytics --policy hash.toml").exits(0);
    let words =
        "mask in --out part-hash --domain analytics --policy hash.toml --key-file domain.key";
    desk.loup(words).exits(0);
    assert!(outputs(&desk.path("whole-hash")) == outputs(&desk.path("part-hash")));
}

#[test]
fn the_exported_keys_are_those_of_the_specification() {
    let desk = Desk::new();
    let words = "key export --purpose token --domain default --out d.key --key-file test.key";
    desk.loup(words).exits(0);
    let text = desk.read("d.key");
    // The published D(token, default), and D(digest, default) by Python's `hmac`.
    assert!(
        text.contains("\ntoken = \"icAylWO1P+metGfAavcTyWr1OcwHk3if0VbAVswdAWk=\"\n"),
        "{text}"
    );
    assert!(
        text.contains("\ndigest = \"xCvXMrLn0pcz4jxC5yAzI8sCM2bzxBQQWZtrYSay2mU=\"\n"),
        "{text}"
    );
}

#[test]
fn an_exported_keyring_makes_the_same_digests() {
    let desk = exported();
    let digests = |key: &str| {
        let found = desk.findings("in", &format!("--domain analytics --key-file {key}"));
        assert!(!found.is_empty());
        found
    };
    assert_eq!(digests("test.key"), digests("domain.key"));
}

#[test]
fn an_exported_keyring_is_of_no_use_in_another_domain() {
    let desk = exported();
    for words in [
        "mask in --out out --key-file domain.key",
        "mask in --out out --domain other --key-file domain.key",
        "scan in --domain other --key-file domain.key",
        "key export --purpose token --domain other --out x.key --key-file domain.key",
        "key rotate --key-file domain.key",
    ] {
        let refused = quiet(desk.loup(words));
        refused.exits(4).says(&["exported for", "`analytics`", "help: "]);
    }
    assert!(!desk.exists("out") && !desk.exists("x.key"));
}

#[test]
fn an_exported_keyring_makes_nothing_that_can_be_reversed() {
    let desk = exported();
    for operator in ["encrypt", "surrogate"] {
        desk.write(
            "p.toml",
            format!("version = 1\n[kinds]\nemail = \"{operator}\"\nip = \"token\"\n"),
        );
        let words = "mask in --out out --policy p.toml --domain analytics --key-file domain.key";
        let refused = quiet(desk.loup(words));
        refused.exits(4).says(&["exported for tokens in domain `analytics`", "whole keyring"]);
        assert!(!desk.exists("out"));
    }
}

#[test]
fn an_exported_keyring_says_what_it_is() {
    let desk = exported();
    assert_eq!(desk.mode("domain.key"), 0o600);
    assert!(!desk.read("domain.key").contains("secret ="));
    let shown = loup(&desk, &["key", "show", "--key-file", "domain.key"]);
    let rows: Vec<_> = shown.exits(0).stdout.lines().collect();
    assert!(rows[1].starts_with("1      2aaecdf7"), "{}", rows[1]);
    assert!(rows[2].ends_with("active     keys for tokens in domain `analytics`"), "{}", rows[2]);
    assert!(shown.stdout.contains("--domain analytics"));
    let shown = loup(&desk, &["key", "show", "--format", "json", "--key-file", "domain.key"]);
    let document: serde_json::Value = serde_json::from_str(&shown.exits(0).stdout).unwrap();
    assert_eq!(document["epochs"][1]["holds"], "token");
    assert_eq!(document["epochs"][1]["domain"], "analytics");
}

#[test]
fn an_exported_keyring_is_never_written_over_another() {
    let desk = exported();
    let words = "key export --purpose token --domain other --out domain.key --key-file test.key";
    let before = desk.read("domain.key");
    desk.loup(words).exits(4).says(&["exists"]);
    assert_eq!(desk.read("domain.key"), before);
    desk.loup("key export --purpose token --domain A/B --out x.key --key-file test.key").exits(2);
}

#[test]
fn a_destroyed_epoch_is_exported_without_a_key() {
    let desk = Desk::new();
    rotate(&desk);
    loup(&desk, &["key", "destroy", "--yes", "--epoch", "1", "--key-file", "test.key"]).exits(0);
    let words = "key export --purpose token --domain d --out d.key --key-file test.key";
    desk.loup(words).exits(0);
    let shown = loup(&desk, &["key", "show", "--key-file", "d.key"]);
    assert!(shown.exits(0).stdout.contains("destroyed  nothing"), "{}", shown.stdout);
}

// The key of a command.

/// Masks the line of an address under the key of a command.
fn mask_by(desk: &Desk, command: &str) -> Ended {
    let mut mask = desk.command(["mask", "-", "--key-command", command]);
    mask.env("LOUP_KEY_FILE", "nothing.key");
    quiet(fed(mask, b"to jean.dupont@example.com\n"))
}

#[test]
fn a_command_can_write_the_keyring() {
    let desk = Desk::new();
    desk.write("variable", SECRET);
    for command in ["cat test.key", "cat 'variable'", "sh -c \"cat < variable\""] {
        assert_eq!(mask_by(&desk, command).exits(0).stdout, format!("to {TOKEN}\n"));
    }
    let words = ["key", "show", "--key-command", "cat test.key"];
    assert!(loup(&desk, &words).exits(0).stdout.contains("2aaecdf7"));
    let words = ["scan", "test.key", "--key-command", "cat test.key"];
    loup(&desk, &words).exits(0);
}

#[test]
fn a_command_gets_neither_a_shell_nor_the_data_nor_a_key() {
    let desk = Desk::new();
    mask_by(&desk, "cat test.key; touch made").exits(4);
    mask_by(&desk, "cat $KEY").exits(4);
    assert!(!desk.exists("made"));
    let script = "sh -c 'echo key: ${LOUP_KEY:-none}, data: $(wc -c) >&2; cat test.key'";
    let mut mask = desk.command(["mask", "-", "--key-command", script]);
    mask.env("LOUP_KEY", SECRET);
    let masked = quiet(fed(mask, b"to jean.dupont@example.com\n"));
    masked.exits(0).says(&["key: none, data: 0"]);
    assert_eq!(masked.stdout, format!("to {TOKEN}\n"));
}

#[test]
fn a_command_can_write_the_keyring_that_an_output_is_verified_with() {
    let desk = Desk::new();
    desk.write("in/a.csv", EMAILS);
    desk.mask("in", "out", "").exits(0);
    let verify =
        |command| loup(&desk, &["verify", "out", "--against", "in", "--key-command", command]);
    verify("cat test.key").exits(0);
    verify("false").exits(4).says(&["--key-command: the command failed"]);
}

#[test]
fn a_command_that_fails_ends_the_run() {
    let desk = Desk::new();
    let failed = mask_by(&desk, "sh -c 'cat test.key; echo no card >&2; exit 3'");
    failed.exits(4).says(&["no card", "--key-command: the command failed (exit status: 3)"]);
    assert_eq!(failed.stdout, "");
    mask_by(&desk, "/no/such/program").exits(4).says(&["--key-command: "]);
    mask_by(&desk, "echo nothing").exits(4).says(&["--key-command: "]);
    mask_by(&desk, &format!("echo {SECRET}")).exits(4).says(&["must be replaced"]);
}

#[test]
fn a_command_and_a_file_together_are_a_usage_error() {
    let desk = Desk::new();
    for command in ["scan test.key", "mask test.key --out out", "key show"] {
        let words = format!("{command} --key-command cat --key-file test.key");
        desk.loup(&words).exits(2).says(&["--key-command", "--key-file", "cannot be used with"]);
    }
}

#[test]
fn a_policy_names_no_command() {
    let desk = Desk::new();
    desk.write("p.toml", "version = 1\nkey_command = \"cat test.key\"\n");
    desk.loup("mask test.key --out out --policy p.toml").exits(2).says(&["key_command"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_with_a_key_leaves_no_core_dump_and_is_closed_to_others() {
    let desk = Desk::new();
    let script = "sh -c 'grep \"Max core file size\" /proc/$PPID/limits >&2; \
                  stat -c owner=%u /proc/$PPID/mem >&2; cat test.key'";
    let masked = mask_by(&desk, script);
    let said: Vec<_> = masked.exits(0).stderr.split_whitespace().collect();
    // The memory of a process that can be attached to is its user's.
    assert_eq!(said, ["Max", "core", "file", "size", "0", "0", "bytes", "owner=0"]);
}

// Linking two epochs.

const VALUES: &str =
    "jean.dupont@example.com\r\nEva@Example.org\n\n n/a \njean.dupont@EXAMPLE.com\nx@example.net";

#[test]
fn old_tokens_are_linked_to_those_that_masking_writes_after_a_rotation() {
    let desk = Desk::new();
    desk.write("in/a.csv", EMAILS);
    desk.mask("in", "before", "").exits(0);
    rotate(&desk);
    desk.mask("in", "after", "").exits(0);
    desk.write("values", VALUES);
    let words =
        "key relink --kind email --from 1 --to 2 values --out links.csv --key-file test.key";
    let linked = quiet(desk.loup(words));
    assert!(linked.exits(0).stdout.starts_with("4 tokens of epoch 1"), "{}", linked.stdout);
    assert_eq!(desk.mode("links.csv"), 0o600);

    let column = |file: &str| -> Vec<String> {
        let table = desk.read(file);
        table.lines().skip(1).take(4).map(|row| row.split(',').nth(1).unwrap().into()).collect()
    };
    let pairs = column("before/a.csv").into_iter().zip(column("after/a.csv"));
    let mut rows: Vec<_> = pairs.map(|(old, new)| format!("{old},{new}\n")).collect();
    rows.sort();
    assert_eq!(desk.read("links.csv"), format!("old,new\n{}", rows.concat()));
}

#[test]
fn tags_of_emails_are_stripped_where_the_policy_strips_them() {
    let desk = Desk::new();
    desk.write("policy.toml", "version = 1\non_new = \"default\"\nstrip_email_tag = true\n");
    desk.write("in/a.csv", "id,email\n1,jean+a@example.com\n2,eva@example.com\n");
    let token = |out: &str| {
        desk.mask("in", out, "--policy policy.toml").exits(0);
        desk.read(&format!("{out}/a.csv")).lines().nth(1).unwrap()[2..].to_owned()
    };
    let before = token("before");
    rotate(&desk);
    let after = token("after");
    desk.write("values", "jean+b@example.com\n");
    let words = "key relink --kind email --from 1 --to 2 values --strip-email-tag --out links.csv \
                 --key-file test.key";
    quiet(desk.loup(words)).exits(0);
    assert_eq!(desk.read("links.csv"), format!("old,new\n{before},{after}\n"));
}

#[test]
fn values_come_from_several_files_or_standard_input_in_any_spelling() {
    let desk = Desk::new();
    rotate(&desk);
    desk.write("one", "+33 1 99 00 12 34\n");
    desk.write("other", "01.99.00.12.34\n");
    let words =
        "key relink --kind phone --from 2 --to 1 --domain d --region FR --key-file test.key";
    let files = desk.loup(&format!("{words} one other --out files.csv"));
    assert!(files.exits(0).stdout.starts_with("1 token of"), "{}", files.stdout);
    desk.loup_with(&format!("{words} - --out stdin.csv"), "0199001234\n").exits(0);
    assert_eq!(desk.read("files.csv"), desk.read("stdin.csv"));
    assert!(desk.read("files.csv").starts_with("old,new\ntel2_"));
}

#[test]
fn a_keyring_exported_after_the_rotation_links_in_its_domain() {
    let desk = exported();
    desk.write("values", VALUES);
    let words = "key relink --kind email --from 1 --to 2 values --domain analytics";
    desk.loup(&format!("{words} --out whole.csv --key-file test.key")).exits(0);
    desk.loup(&format!("{words} --out part.csv --key-file domain.key")).exits(0);
    assert_eq!(desk.read("whole.csv"), desk.read("part.csv"));
}

#[cfg(feature = "age")]
#[test]
fn the_table_can_be_encrypted_for_its_recipients() {
    let desk = Desk::new();
    rotate(&desk);
    desk.write("values", VALUES);
    let words = "key relink --kind email --from 1 --to 2 values --key-file test.key";
    desk.loup(&format!("{words} --out plain.csv")).exits(0);
    let identities = [0, 1].map(|_| age::x25519::Identity::generate());
    let [one, other] = identities.each_ref().map(|identity| identity.to_public().to_string());
    let linked =
        desk.loup(&format!("{words} --out links.age --recipient {one} --recipient {other}"));
    assert!(linked.exits(0).stdout.contains("links.age, encrypted."), "{}", linked.stdout);
    assert_eq!(desk.mode("links.age"), 0o600);
    for identity in &identities {
        let table = age::decrypt(identity, &desk.bytes("links.age")).unwrap();
        assert_eq!(table, desk.bytes("plain.csv"));
    }
    let secret = age::secrecy::ExposeSecret::expose_secret(&identities[0].to_string()).to_owned();
    let refused = desk.loup(&format!("{words} --out wrong.age --recipient {secret}"));
    refused.exits(2).says(&["no public key"]);
    assert!(!refused.stderr.contains(&secret[..20]) && !desk.exists("wrong.age"));
}

#[test]
fn what_cannot_be_linked_is_an_error_and_writes_nothing() {
    let desk = Desk::new();
    rotate(&desk);
    desk.write("values", VALUES);
    desk.write("tokens", format!("a@example.com\n{TOKEN}\n"));
    let relink = |more: &str| {
        let words = format!("key relink --out links.csv --key-file test.key {more}");
        quiet(desk.loup(&words))
    };
    relink("--kind email --from 1 --to 1 values").exits(2).says(&["one epoch"]);
    relink("--kind email --from 1 --to 3 values").exits(4).says(&["no epoch 3"]);
    relink("--kind mail --from 1 --to 2 values").exits(2).says(&["`mail`", "rules list"]);
    relink("--kind secret --from 1 --to 2 values").exits(2).says(&["no kind that has tokens"]);
    relink("--kind email --from 1 --to 2 nothing").exits(4).says(&["nothing"]);
    relink("--kind email --from 1 --to 2 tokens").exits(4).says(&["line 2 is a token"]);
    loup(&desk, &["key", "destroy", "--yes", "--epoch", "1", "--key-file", "test.key"]).exits(0);
    relink("--kind email --from 1 --to 2 values").exits(4).says(&["epoch 1 was destroyed"]);
    assert!(!desk.exists("links.csv"));
    desk.write("links.csv", "precious");
    rotate(&desk);
    relink("--kind email --from 2 --to 3 values").exits(4).says(&["exists"]);
    assert_eq!(desk.read("links.csv"), "precious");
}
