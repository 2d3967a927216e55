//! Dates that are shifted: by the days of whom their record is about, and in no other way.

use crate::support::{Desk, MANIFEST};

const POLICY: &str = r#"
version = 1
domain = "clinic"
on_new = "default"
[[fields]]
dataset = "*.csv"
field = "day"
op = "shift"
subject = "patient"
max_days = 90
[[fields]]
dataset = "*.csv"
field = "at"
op = "shift"
subject = "patient"
max_days = 90
[[fields]]
dataset = "*.ndjson"
field = "$.day"
op = "shift"
subject = "$.patient"
max_days = 90
[[fields]]
dataset = "*.ndjson"
field = "$.tests[*]"
op = "shift"
subject = "$.patient"
max_days = 90
"#;

fn with_parquet() -> String {
    let fields = ["day", "milli", "micro", "nano", "text", "tests[*]"];
    let fields = fields.map(|field| {
        format!(
            "[[fields]]\ndataset = \"*.parquet\"\nfield = \"{field}\"\nop = \"shift\"\nsubject = \
             \"patient\"\nmax_days = 90\nif_present = true\n"
        )
    });
    format!("{POLICY}{}", fields.concat())
}

#[test]
fn dates_of_a_patient_move_together_in_every_format() {
    let desk = Desk::new();
    let Some(made) = desk.oracle("shift.py", ["make", "in"]) else { return };
    made.exits(0);
    desk.write("policy.toml", with_parquet());
    desk.mask("in", "out", "--policy policy.toml").exits(0);
    let check = |out: &str| {
        let checked = desk.oracle("shift.py", ["check", "test.key", "clinic", "90", "in", out]);
        checked.unwrap().exits(0).stdout.trim().parse::<u32>().unwrap()
    };
    // But for one day in 181, and for those of nobody.
    assert!(check("out") > 400);
    for threads in ["1", "3"] {
        let out = format!("by-{threads}");
        desk.mask("in", &out, &format!("--policy policy.toml --threads {threads}")).exits(0);
        check(&out);
    }
    let verified = desk.loup("verify out --against in --policy policy.toml");
    verified.exits(0);
    desk.loup("verify out --against in --policy policy.toml --key-file test.key").exits(0);
    // Nothing in a date says that it was shifted: the manifest does.
    desk.mask("out", "again", "--policy policy.toml").exits(0);
    check("again");
}

#[test]
fn a_subject_is_known_by_its_canonical_form() {
    let desk = Desk::new();
    let rows =
        "Jean@Example.com,2024-05-17\njean@example.com,2024-05-27\njean+x@example.com,2024-06-06\n";
    desk.write("in/visits.csv", format!("email,day\n{rows}"));
    let field = "[[fields]]\nfield = \"day\"\nop = \"shift\"\nsubject = \"email\"\n";
    desk.write(
        "policy.toml",
        format!("version = 1\non_new = \"default\"\nstrip_email_tag = true\n{field}"),
    );
    desk.mask("in", "out", "--policy policy.toml").exits(0);
    let csv = desk.read("out/visits.csv");
    let rows: Vec<_> = csv.lines().skip(1).map(|row| row.split_once(',').unwrap()).collect();
    let date = |at: usize| -> jiff::civil::Date { rows[at].1.parse().unwrap() };
    assert!(rows[0].0 == rows[1].0 && rows[1].0 == rows[2].0, "{csv}");
    assert_eq!((date(1) - date(0)).get_days(), 10, "{csv}");
    assert_eq!((date(2) - date(1)).get_days(), 10, "{csv}");
}

#[test]
fn a_date_that_was_put_back_or_moved_by_too_much_is_seen() {
    let desk = Desk::new();
    let rows: String =
        (0..50).map(|n| format!("{n},p{},2024-03-{:02}\n", n % 5, 1 + n % 28)).collect();
    desk.write("in/visits.csv", format!("visit,patient,day\n{rows}"));
    desk.write(
        "policy.toml",
        "version = 1\non_new = \"default\"\n[[fields]]\nfield = \"day\"\nop = \"shift\"\n\
         subject = \"patient\"\nmax_days = 10\n",
    );
    desk.mask("in", "out", "--policy policy.toml").exits(0);
    let masked = desk.read("out/visits.csv");
    let (head, last) = masked.trim_end().rsplit_once(',').unwrap();
    for other in ["2025-03-22", "2024-3-22", "p4", "", "2024-03-22T00:00"] {
        desk.write("out/visits.csv", format!("{head},{other}\n"));
        let verified = desk.loup("verify out --against in --policy policy.toml");
        verified.exits(1);
        assert!(!verified.stdout.contains(last), "{}", verified.stdout);
    }
}

#[test]
fn a_value_that_has_no_place_to_go_to_is_dropped_and_counted() {
    let desk = Desk::new();
    let rows =
        "1,p1,2024-05-17\n2,,2024-05-17\n3,p1,soon\n4,p1,\n5,p1,17/05/2024\n6,p1,2024-05-18\n";
    desk.write("in/visits.csv", format!("visit,patient,day\n{rows}"));
    desk.write(
        "policy.toml",
        "version = 1\non_new = \"default\"\n[[fields]]\nfield = \"day\"\nop = \"shift\"\n\
         subject = \"patient\"\n",
    );
    let planned = desk.mask("in", "out", "--policy policy.toml --dry-run");
    planned.exits(0);
    assert!(planned.stdout.contains("up to 180 days off by `patient`"), "{}", planned.stdout);
    let masked = desk.mask("in", "out", "--policy policy.toml");
    masked.exits(0);
    assert!(masked.stdout.contains("2 dates shifted"), "{}", masked.stdout);
    masked.says(&["field `day`", "3 values"]);
    let csv = desk.read("out/visits.csv");
    let days: Vec<_> = csv.lines().skip(1).map(|row| row.rsplit(',').next().unwrap()).collect();
    assert_eq!([days[1], days[2], days[3], days[4]], ["", "", "", ""]);
    let day = |text: &str| text[8..].parse::<i32>().unwrap();
    assert!(days[0] != "2024-05-17" && (day(days[5]) - day(days[0])).rem_euclid(28) < 4, "{csv}");
    let manifest = desk.json(&format!("out/{MANIFEST}"));
    let shifted = &manifest["files"][0]["shifted"]["day"];
    assert_eq!((shifted["dates"].as_u64(), shifted["dropped"].as_u64()), (Some(2), Some(3)));
}

#[test]
fn a_date_in_a_row_of_another_length_does_not_stay() {
    let desk = Desk::new();
    let rows: String = (10..29).map(|n| format!("{n},2024-05-{n},fine\n")).collect();
    desk.write(
        "in/visits.csv",
        format!("patient,day,note\n{rows}3,x,2024-05-17,fine\n4,2024-06-18\n"),
    );
    desk.write(
        "policy.toml",
        "version = 1\non_new = \"default\"\n[kinds]\nbirth_date = \"keep\"\n[[fields]]\n\
         field = \"day\"\nop = \"shift\"\nsubject = \"patient\"\n",
    );
    desk.mask("in", "out", "--policy policy.toml").exits(0);
    let csv = desk.read("out/visits.csv");
    assert!(csv.ends_with("\n3,x,,fine\n4,\n"), "{csv}");
    desk.loup("verify out --against in --policy policy.toml").exits(0);
}

#[test]
fn a_policy_that_cannot_shift_says_so_before_anything_is_written() {
    let desk = Desk::new();
    desk.write("in/visits.csv", "visit,patient,day\n1,p1,2024-05-17\n");
    desk.write("visits.csv", "visit,patient,day\n1,p1,2024-05-17\n");
    let field = "[[fields]]\nfield = \"day\"\nop = \"shift\"\n";
    for (policy, said) in [
        (field.to_owned(), "`shift` needs `subject`"),
        (format!("{field}subject = \"client\"\n"), "names field `client`"),
        (format!("{field}subject = \"day\"\n"), "not the `subject` of its own dates"),
        (format!("{field}subject = \"patient\"\nkind = \"email\"\n"), "`kind` is not for `shift`"),
        (format!("{field}subject = \"patient\"\nmax_days = 0\n"), "`max_days` is 1 to"),
        ("[kinds]\nbirth_date = \"shift\"\n".to_owned(), "name the field in [[fields]]"),
        (
            "[[fields]]\nfield = \"day\"\nop = \"drop\"\nsubject = \"patient\"\n".to_owned(),
            "`subject` is a setting of `shift`",
        ),
    ] {
        desk.write("policy.toml", format!("version = 1\non_new = \"default\"\n{policy}"));
        let masked = desk.mask("in", "out", "--policy policy.toml");
        masked.exits(2).says(&[said]);
        assert!(!desk.exists("out"));
    }
    // A stream is not surveyed, so nobody knows of which kind its subjects are.
    desk.write(
        "policy.toml",
        format!("version = 1\non_new = \"default\"\n{field}subject = \"patient\"\n"),
    );
    let csv = desk.read("visits.csv");
    let stream = "mask - --format csv --policy policy.toml --key-file test.key";
    desk.loup_with(stream, &csv).exits(2).says(&["field `patient`", "say `kind`"]);
}

#[test]
fn a_table_without_its_subject_is_quarantined() {
    let desk = Desk::new();
    desk.write("in/visits/part-0.csv", "visit,patient,day\n1,p1,2024-05-17\n");
    desk.write("in/visits/part-1.csv", "visit,day\n2,2024-05-17\n");
    desk.write(
        "policy.toml",
        "version = 1\non_new = \"default\"\n[[fields]]\nfield = \"day\"\nop = \"shift\"\n\
         subject = \"patient\"\n",
    );
    let masked = desk.mask("in", "out", "--policy policy.toml");
    masked.exits(3).says(&["part-1.csv", "shifted by field `patient`"]);
    assert!(desk.exists("out/visits/part-0.csv") && !desk.exists("out/visits/part-1.csv"));
}

#[test]
fn dates_of_one_run_do_not_join_with_those_of_another() {
    let desk = Desk::new();
    let rows: String = (0..40).map(|n| format!("{n},p{n},2024-05-17\n")).collect();
    desk.write("in/visits.csv", format!("visit,patient,day\n{rows}"));
    desk.write(
        "policy.toml",
        "version = 1\non_new = \"default\"\n[[fields]]\nfield = \"day\"\nop = \"shift\"\n\
         subject = \"patient\"\nscope = \"run\"\n",
    );
    for out in ["one", "other"] {
        desk.mask("in", out, "--policy policy.toml").exits(0);
        desk.loup(&format!("verify {out} --against in --policy policy.toml")).exits(0);
    }
    assert_ne!(desk.read("one/visits.csv"), desk.read("other/visits.csv"));
}
