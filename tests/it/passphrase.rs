//! Keyrings under a passphrase: read by those who know it, written by builds with the feature `age`.

use crate::support::{Desk, Ended, ended};

/// The test key under [`PASSPHRASE`], as `tests/oracle/age_file.py` made it, with a work factor of 4.
const SEALED_KEY: &str = r#"
[[key]]
epoch = 1
id = "2aaecdf7"
created = "2026-11-20T08:00:00Z"
status = "active"
age = """
-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBoS2k2SVVtUGlBTVduRnNG
eXFuU0R3IDQKN0RKYkNHWmUzUWx0NUt1MVl0QmZjY3Fhd1BISGoybm9BQ1AvcWtj
NE12WQotLS0gcFFBdlVZKytXS0ZpTEc1amNUTlEzZXh5U28yQnRNZTZHVW9XdlVI
MzVmRQqWa44tZuke3shfmeV8zomg9mI9iDlKsIAB3LtmQCXu1+6Vy4SCBl6WwgL5
AF0DWkU+68cTjQBli8/OBg9n5LP90CjqARuAeG++5ic3
-----END AGE ENCRYPTED FILE-----
"""
"#;

const PASSPHRASE: &str = "five words of no verse";

const EMAILS: &str = "id,email\n1,jean.dupont@example.com\n2,eva@example.org\n3,x@example.net\n";

/// A desk with the test key in `sealed.key`, too, encrypted.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write_private("sealed.key", SEALED_KEY);
    desk.write("in/a.csv", EMAILS);
    desk
}

/// Runs `loup` with these words and a passphrase, which is never in what it says.
fn loup_knowing(desk: &Desk, passphrase: &str, words: &str) -> Ended {
    let mut command = desk.command(words.split_whitespace());
    command.env("LOUP_PASSPHRASE", passphrase);
    let ended = ended(command);
    for said in [&ended.stdout, &ended.stderr] {
        assert!(passphrase.is_empty() || !said.contains(passphrase), "{said}");
        assert!(!said.contains("AAECAwQF"), "{said}");
    }
    ended
}

#[test]
fn the_epochs_of_an_encrypted_keyring_are_listed_without_its_passphrase() {
    let desk = desk();
    let shown = desk.loup("key show --key-file sealed.key");
    let row = shown.exits(0).stdout.lines().nth(1).unwrap();
    assert_eq!(row, "1      2aaecdf7  2026-11-20T08:00:00Z  active     the key, encrypted");
    let shown = desk.loup("key show --format json --key-file sealed.key");
    assert!(shown.exits(0).stdout.contains("\"encrypted\": true"), "{}", shown.stdout);
}

#[test]
fn what_is_no_encrypted_key_is_refused_where_it_stands() {
    let desk = desk();
    for (name, text, said) in [
        ("both", SEALED_KEY.replace("age =", "secret = \"\"\nage ="), "secret, or age, or else"),
        ("text", SEALED_KEY.replace("-----BEGIN AGE", "-----BEGIN"), "epoch 1: the encrypted"),
        (
            "mark",
            SEALED_KEY.replace("\n-----END", "\n\\\"\\\"\\\"-----END"),
            "epoch 1: the encrypted",
        ),
        (
            "kept",
            SEALED_KEY.replace("\"active\"", "\"destroyed\""),
            "epoch 1 is marked as destroyed",
        ),
    ] {
        desk.write_private(name, text);
        desk.loup(&format!("key show --key-file {name}")).exits(4).says(&[name, said]);
    }
}

#[cfg(not(feature = "age"))]
mod without_the_feature {
    use super::*;

    #[test]
    fn an_encrypted_keyring_is_not_opened_and_the_feature_named() {
        let desk = desk();
        for words in [
            "mask in --out out --key-file sealed.key",
            "scan in --key-file sealed.key",
            "key rotate --key-file sealed.key",
            "key destroy --epoch 1 --yes --key-file sealed.key",
        ] {
            let refused = loup_knowing(&desk, PASSPHRASE, words);
            refused.exits(4).says(&["lacks the feature `age`", "--features age"]);
        }
        assert!(!desk.exists("out"));
        assert_eq!(desk.read("sealed.key"), SEALED_KEY);
    }

    #[test]
    fn what_encrypts_is_refused_and_not_left_out() {
        let desk = desk();
        desk.write("values", "a@example.com\n");
        desk.loup("key rotate --key-file test.key").exits(0);
        for words in [
            "key new --out new --passphrase",
            "key new --out new --passphrase-command cat",
            "key relink values --kind email --from 1 --to 2 --out new --recipient age1 --key-file test.key",
        ] {
            loup_knowing(&desk, PASSPHRASE, words).exits(2).says(&["lacks the feature `age`"]);
            assert!(!desk.exists("new"));
        }
        assert!(!desk.loup("key new --help").exits(0).stdout.contains("passphrase"));
    }
}

#[cfg(feature = "age")]
mod with_the_feature {
    use std::fs;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::support::{fed, outputs};

    /// 80 81 82 … 9f, and its id.
    const OTHER: (&str, &str) = ("gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp8=", "efd1c1aa");

    /// A secret under a passphrase, with little work.
    fn sealed(secret: &str, passphrase: &str) -> String {
        let mut recipient = age::scrypt::Recipient::new(passphrase.to_owned().into());
        recipient.set_work_factor(4);
        age::encrypt_and_armor(&recipient, secret.as_bytes()).unwrap()
    }

    /// The test key as a keyring has it, with this in the place of its encrypted secret.
    fn with_armour(armour: &str) -> String {
        let (before, _) = SEALED_KEY.split_once("age =").unwrap();
        format!("{before}age = \"\"\"\n{armour}\"\"\"\n")
    }

    /// The secrets in a keyring that are encrypted, by the second implementation.
    fn secrets(desk: &Desk, keyring: &str, passphrase: &str) -> Option<String> {
        let python = crate::support::python()?;
        let mut command = std::process::Command::new(python);
        command.arg(crate::support::project("tests/oracle/age_file.py")).args(["open", keyring]);
        command.env("TEST_PASSPHRASE", passphrase).env("PYTHONDONTWRITEBYTECODE", "1");
        desk.at_home(&mut command);
        Some(ended(command).exits(0).stdout.clone())
    }

    #[test]
    fn every_command_works_with_an_encrypted_keyring_as_with_the_key_itself() {
        let desk = desk();
        desk.write("p.toml", "version = 1\n[kinds]\nemail = \"encrypt\"\n");
        let both = |words: &str| {
            let clear = desk.loup(&words.replace("KEY", "test.key").replace("OUT", "clear"));
            let words = words.replace("KEY", "sealed.key").replace("OUT", "closed");
            let closed = loup_knowing(&desk, PASSPHRASE, &words);
            assert_eq!(closed.exits(clear.code.unwrap()).stdout, clear.exits(0).stdout, "{words}");
        };
        let mask = "mask in --policy p.toml --quiet --out";
        both(&format!("{mask} OUT --key-file KEY"));
        assert!(outputs(&desk.path("clear")) == outputs(&desk.path("closed")));
        both("scan in --findings - --key-file KEY");
        both("verify clear --against in --policy p.toml --key-file KEY");
        let token = desk.read("clear/a.csv").split([',', '\n']).nth(3).unwrap().to_owned();
        both(&format!("reveal {token} --reason why --audit audit.ndjson --key-file KEY"));
        for (from, to) in [("test.key", "clear.key"), ("sealed.key", "closed.key")] {
            let words = "key export --purpose token --domain analytics";
            let words = format!("{words} --out {to} --key-file {from}");
            loup_knowing(&desk, PASSPHRASE, &words).exits(0);
        }
        assert_eq!(desk.read("clear.key"), desk.read("closed.key"));
    }

    #[test]
    fn a_new_keyring_under_a_passphrase_stays_so_when_it_is_rotated_and_a_key_destroyed() {
        let desk = desk();
        let made = loup_knowing(&desk, PASSPHRASE, "key new --passphrase --out team.key");
        assert!(made.exits(0).stdout.contains("in team.key, encrypted."), "{}", made.stdout);
        assert_eq!(desk.mode("team.key"), 0o600);
        let new = desk.read("team.key");
        loup_knowing(&desk, PASSPHRASE, "key rotate --key-file team.key").exits(0);
        let rotated = desk.read("team.key");
        assert!(!new.contains("secret =") && !rotated.contains("secret ="));
        let armour = |text: &str| text.split("\"\"\"").nth(1).unwrap().to_owned();
        assert_eq!(armour(&rotated), armour(&new));
        assert_eq!(rotated.matches("BEGIN AGE").count(), 2);
        if let Some(secrets) = secrets(&desk, "team.key", PASSPHRASE) {
            assert_eq!(secrets.lines().count(), 2);
            assert!(secrets.lines().all(|secret| STANDARD.decode(secret).unwrap().len() == 32));
        }
        let destroy = "key destroy --epoch 1 --yes --key-file team.key";
        loup_knowing(&desk, PASSPHRASE, destroy).exits(0);
        assert_eq!(desk.read("team.key").matches("BEGIN AGE").count(), 1);
        let words = "mask in --out out --quiet --key-file team.key";
        loup_knowing(&desk, PASSPHRASE, words).exits(0);
        assert!(desk.read("out/a.csv").contains("\n1,eml2_"));
    }

    #[test]
    fn a_wrong_passphrase_or_none_gives_nothing() {
        let desk = desk();
        for (passphrase, said) in [
            ("five words of a verse", "epoch 1: the passphrase is wrong"),
            ("", "LOUP_PASSPHRASE: the passphrase is empty"),
        ] {
            for words in [
                "mask in --out out --key-file sealed.key",
                "scan in --key-file sealed.key",
                "key rotate --key-file sealed.key",
                "key destroy --epoch 1 --yes --key-file sealed.key",
                "key export --purpose token --domain d --out out --key-file sealed.key",
            ] {
                let refused = loup_knowing(&desk, passphrase, words);
                refused.exits(4).says(&["sealed.key: ", said]);
                assert_eq!(refused.stdout, "");
                assert!(!desk.exists("out"));
            }
        }
        let refused = desk.loup("mask in --out out --key-file sealed.key");
        refused.exits(4).says(&["no passphrase was given", "LOUP_PASSPHRASE"]);
        desk.loup("key new --passphrase --out out").exits(4).says(&["no passphrase was given"]);
        assert!(!desk.exists("out"));
        assert_eq!(desk.read("sealed.key"), SEALED_KEY);
    }

    #[test]
    fn a_command_can_write_the_passphrase_and_learns_no_other_secret() {
        let desk = desk();
        desk.write("passphrase", format!("{PASSPHRASE}\n"));
        let show = "key export --purpose token --domain d --key-file sealed.key --out";
        let by = |command: &str, out: &str| {
            let mut words: Vec<_> = show.split(' ').collect();
            words.extend([out, "--passphrase-command", command]);
            let mut export = desk.command(words);
            export.env("LOUP_PASSPHRASE", "wrong").env("LOUP_KEY", OTHER.0);
            ended(export)
        };
        by("cat passphrase", "a.key").exits(0);
        let script = "sh -c 'echo ${LOUP_PASSPHRASE:-none} ${LOUP_KEY:-none} >&2; cat passphrase'";
        by(script, "b.key").exits(0).says(&["none none"]);
        by("false", "c.key").exits(4).says(&["--passphrase-command: the command failed"]);
        by("cat 'a", "c.key").exits(4).says(&["--passphrase-command: ", "cannot be split"]);
        by("true", "c.key").exits(4).says(&["--passphrase-command: the passphrase is empty"]);
        assert!(!desk.exists("c.key"));
        // The key command is told neither.
        let script = "sh -c 'echo ${LOUP_PASSPHRASE:-none} >&2; cat sealed.key'";
        let mut mask = desk.command(["mask", "-", "--key-command", script]);
        mask.env("LOUP_PASSPHRASE", PASSPHRASE);
        let masked = fed(mask, b"to jean.dupont@example.com\n");
        masked.exits(0).says(&["none"]);
        assert_eq!(masked.stdout, "to eml1_z1etbtp9gdtf1gm7033k\n");
    }

    #[test]
    fn an_encrypted_key_beside_one_in_clear_leaves_no_new_one_in_clear() {
        let desk = desk();
        desk.loup("key rotate --key-file test.key").exits(0);
        let text = desk.read("test.key");
        let (_, age) = SEALED_KEY.split_once("age =").unwrap();
        let secret = "secret = \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"\n";
        desk.write_private("test.key", text.replace(secret, &format!("age ={age}")));
        let shown = desk.loup("key show --key-file test.key");
        let holds: Vec<_> =
            shown.exits(0).stdout.lines().skip(1).map(|row| row.ends_with("encrypted")).collect();
        assert_eq!(holds, [true, false]);
        desk.loup("key rotate --key-file test.key").exits(4).says(&["no passphrase was given"]);
        loup_knowing(&desk, PASSPHRASE, "key rotate --key-file test.key").exits(0);
        let text = desk.read("test.key");
        assert_eq!((text.matches("age =").count(), text.matches("secret =").count()), (2, 1));
    }

    #[test]
    fn an_encrypted_key_is_the_one_its_id_names_and_all_open_alike() {
        let desk = desk();
        desk.write_private("other.key", with_armour(&sealed(OTHER.0, PASSPHRASE)));
        let opened = |key: &str| {
            loup_knowing(&desk, PASSPHRASE, &format!("mask in --out out --key-file {key}"))
        };
        opened("other.key").exits(4).says(&["epoch 1 is key ", "2aaecdf7 is named for it"]);
        desk.write_private("text.key", with_armour(&sealed("no key", PASSPHRASE)));
        opened("text.key").exits(4).says(&["epoch 1: the secret is not base64"]);
        // A line end behind the secret is that of an editor.
        let line = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
        desk.write_private("line.key", with_armour(&sealed(line, PASSPHRASE)));
        opened("line.key").exits(0);
        fs::remove_dir_all(desk.path("out")).unwrap();
        let second = with_armour(&sealed(OTHER.0, "another passphrase"))
            .replace("epoch = 1", "epoch = 2")
            .replace("2aaecdf7", OTHER.1)
            .replace("active", "retired");
        desk.write_private("two.key", format!("{SEALED_KEY}{second}"));
        opened("two.key").exits(4).says(&["epoch 2: the passphrase is wrong", "same passphrase"]);
        assert!(!desk.exists("out"));
    }

    #[test]
    fn what_is_damaged_or_asks_for_endless_work_is_refused() {
        let desk = desk();
        let (_, armour) = SEALED_KEY.split_once("\"\"\"\n").unwrap();
        let lines: Vec<_> = armour.lines().filter(|line| !line.contains(['-', '"'])).collect();
        let file = STANDARD.decode(lines.concat()).unwrap();
        let armoured = |file: &[u8]| {
            let text = STANDARD.encode(file);
            let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
            let text = lines.join("\n");
            format!(
                "-----BEGIN AGE ENCRYPTED FILE-----\n{text}\n-----END AGE ENCRYPTED FILE-----\n"
            )
        };
        let refused = |armour: &str, said: &str| {
            desk.write_private("bad.key", with_armour(armour));
            let refused = loup_knowing(&desk, PASSPHRASE, "mask in --out out --key-file bad.key");
            refused.exits(4).says(&["bad.key", said]);
            assert!(!desk.exists("out"));
        };
        assert_eq!(with_armour(&armoured(&file)), SEALED_KEY);
        // The line of the recipient ends with the work factor.
        let factor = file.windows(3).position(|bytes| bytes == b" 4\n").unwrap() + 1;
        for (work, said) in [("21", "work factor of 21"), ("63", "work factor of 63")] {
            let greedy = [&file[..factor], work.as_bytes(), &file[factor + 1..]].concat();
            refused(&armoured(&greedy), said);
        }
        let mut changed = file.clone();
        *changed.last_mut().unwrap() ^= 1;
        refused(&armoured(&changed), "damaged");
        refused(&armoured(&file[..file.len() - 20]), "damaged");
        refused(&armoured(b"age-encryption.org/v1\n"), "damaged");
        let to_a_key = age::x25519::Identity::generate().to_public();
        refused(&age::encrypt_and_armor(&to_a_key, b"text").unwrap(), "no age file under a pass");
    }

    #[test]
    fn a_passphrase_is_typed_at_a_terminal_and_not_echoed() {
        let desk = desk();
        let loup = env!("CARGO_BIN_EXE_loup");
        let Some(typed) = desk.oracle("terminal.py", [loup, PASSPHRASE]) else { return };
        typed.exits(0);
    }
}
