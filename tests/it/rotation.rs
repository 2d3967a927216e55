//! Joins across files that were protected one by one, and across a rotation of the key.

use std::ffi::OsString;
use std::fs;

use crate::support::{Desk, MANIFEST, company, ended, tree};

/// The parts of the company, each protected by a run of its own.
const PARTS: [&str; 4] = ["crm", "orders", "logs", "support"];

/// The kinds of the customers by which other parts join to them.
const KINDS: [&str; 3] = ["email", "phone", "iban"];

/// Protects a part of the company to the same place in `copy`, and leaves no manifest: what follows
/// has to know tokens by themselves.
fn mask_part(desk: &Desk, part: &str) {
    fs::create_dir_all(desk.path("copy")).unwrap();
    let out = format!("copy/{part}");
    desk.mask(company().join(part), &out, "--region FR,GB,US --quiet").exits(0);
    fs::remove_file(desk.path(&out).join(MANIFEST)).unwrap();
}

/// The customers under epoch 1, everything else under epoch 2.
fn rotated() -> Desk {
    let desk = Desk::new();
    mask_part(&desk, PARTS[0]);
    desk.loup("key rotate --key-file test.key").exits(0);
    for part in &PARTS[1..] {
        mask_part(&desk, part);
    }
    desk
}

/// Checks that another run over the copy, with the same keyring, changes no byte and finds nothing.
#[track_caller]
fn is_left_as_it_is(desk: &Desk, out: &str) {
    desk.mask("copy", out, "--region FR,GB,US --quiet").exits(0);
    let mut again = tree(&desk.path(out));
    again.remove(MANIFEST);
    assert!(again == tree(&desk.path("copy")), "the copy was changed");
    assert!(desk.findings("copy", "--region FR,GB,US --key-file test.key").is_empty());
}

#[test]
fn parts_that_are_protected_one_by_one_join_as_the_originals_do() {
    let desk = Desk::new();
    for part in PARTS {
        mask_part(&desk, part);
    }
    let copy = desk.path("copy");
    if let Some(joined) = desk.oracle("joins.py", [company().as_os_str(), copy.as_os_str()]) {
        joined.exits(0);
    }
}

#[test]
fn after_a_rotation_the_table_of_links_restores_the_joins() {
    let desk = rotated();
    let (company, copy) = (company(), desk.path("copy"));
    let mut words =
        vec![OsString::from("joins"), company.clone().into(), copy.into(), "1".into(), "2".into()];
    for kind in KINDS {
        let values = ["values".as_ref(), company.as_os_str(), kind.as_ref()];
        let Some(values) = desk.oracle("rotation.py", values) else { return };
        desk.write(&format!("{kind}.txt"), &values.exits(0).stdout);
        let (raw, links) = (format!("{kind}.txt"), format!("{kind}.csv"));
        let relink = ["key", "relink", &raw, "--kind", kind, "--from", "1", "--to", "2"];
        let mut relink = desk.command(relink);
        relink.args(["--out", &links, "--region", "FR,GB,US", "--key-file", "test.key"]);
        ended(relink).exits(0);
        words.push(format!("{kind}={links}").into());
    }
    let joined = desk.oracle("rotation.py", words).unwrap();
    joined.exits(0);
}

#[test]
fn tokens_of_both_epochs_are_known_and_left_even_when_one_is_destroyed() {
    let desk = rotated();
    is_left_as_it_is(&desk, "again");
    desk.loup("key destroy --epoch 1 --yes --key-file test.key").exits(0);
    is_left_as_it_is(&desk, "after");
}
