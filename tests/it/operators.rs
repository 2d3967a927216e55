//! What each operator of a policy writes, and that it is the same wherever the value stands.

use std::collections::BTreeSet;

use crate::support::{Desk, Ended, MANIFEST};

const ROWS: usize = 40;

/// A table and a log of the same people.
fn desk() -> Desk {
    let desk = Desk::new();
    let mut csv = "id,email,phone,ip,iban,card,born\n".to_owned();
    let mut log = String::new();
    for n in 0..ROWS {
        let person = n % 20;
        let (email, ip) =
            (format!("u{person}@d{}.example.com", person % 3), format!("192.0.2.{person}"));
        let phone = format!("+3319900{person:04}");
        let day = 1 + person % 28;
        csv += &format!(
            "{n},{email},{phone},{ip},FR7630006000011234567890189,4111111111111111,1984-05-{day:02}\n"
        );
        log += &format!("10:06:{n:02} login ok user={email} from {ip} phone={phone}\n");
    }
    desk.write("in/people.csv", csv);
    desk.write("in/auth.log", log);
    desk
}

fn under(desk: &Desk, out: &str, policy: &str) -> Ended {
    desk.write("loup-policy.toml", format!("version = 1\non_new = \"default\"\n{policy}"));
    desk.mask("in", out, "--policy loup-policy.toml --overwrite")
}

/// The values of a column of the masked table.
fn column(desk: &Desk, out: &str, name: &str) -> Vec<String> {
    let csv = desk.read(&format!("{out}/people.csv"));
    let mut lines = csv.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let at = header.iter().position(|field| field == name).unwrap();
    lines.map(|row| row[at].clone()).collect()
}

fn distinct(values: &[String]) -> usize {
    values.iter().collect::<BTreeSet<_>>().len()
}

#[test]
fn an_encrypted_value_is_one_token_wherever_it_stands() {
    let desk = desk();
    under(&desk, "out", "[kinds]\nemail = \"encrypt\"\n").exits(0);
    let emails = column(&desk, "out", "email");
    assert_eq!(distinct(&emails), 20);
    assert!(emails.iter().all(|email| email.starts_with("emle1_")), "{emails:?}");
    assert_eq!(emails[0], emails[20]);
    let log = desk.read("out/auth.log");
    assert!(log.lines().zip(&emails).all(|(line, email)| line.contains(&format!("user={email} "))));
    assert!(desk.findings("out", "").iter().all(|finding| finding["kind"] != "email"));
    // Protecting twice changes nothing.
    desk.mask("out", "again", "--policy loup-policy.toml").exits(0);
    for file in ["people.csv", "auth.log"] {
        assert_eq!(desk.read(&format!("again/{file}")), desk.read(&format!("out/{file}")));
    }
}

#[test]
fn surrogates_are_of_the_same_shape_and_join() {
    let desk = desk();
    let kinds = ["email", "phone", "ip", "iban", "card"];
    let policy = kinds.map(|kind| format!("{kind} = \"surrogate\"\n")).concat();
    under(&desk, "out", &format!("[kinds]\n{policy}")).exits(0);
    let before = |name| column(&desk, "in", name);
    let after = |name| column(&desk, "out", name);
    for (name, count) in [("email", 20), ("phone", 20), ("ip", 20), ("iban", 1), ("card", 1)] {
        assert_eq!(distinct(&after(name)), count, "{name}");
        assert!(
            before(name).iter().zip(after(name)).all(|(before, after)| *before != after),
            "{name}"
        );
    }
    assert!(after("phone").iter().all(|phone| phone.len() == 12 && phone.starts_with("+331")));
    let network = |ip: &String| ip.rsplit_once('.').unwrap().0.to_owned();
    assert_eq!(after("ip").iter().map(network).collect::<BTreeSet<_>>().len(), 1);
    assert!(after("iban")[0].starts_with("FR") && after("iban")[0].len() == 27);
    assert!(after("card")[0].starts_with("411111") && after("card")[0].len() == 16);
    let domain = |email: &String| email.rsplit_once('@').unwrap().1.to_owned();
    assert_eq!(after("email").iter().map(domain).collect::<BTreeSet<_>>().len(), 3);
    let log = desk.read("out/auth.log");
    for (line, (ip, phone)) in log.lines().zip(after("ip").iter().zip(after("phone"))) {
        assert!(line.ends_with(&format!("from {ip} phone={phone}")), "{line}");
    }
    // They carry no mark: that they are surrogates, the manifest says.
    desk.mask("out", "again", "--policy loup-policy.toml").exits(0);
    for file in ["people.csv", "auth.log"] {
        assert_eq!(desk.read(&format!("again/{file}")), desk.read(&format!("out/{file}")));
    }
}

#[test]
fn the_domain_of_an_email_is_kept_where_the_policy_says_so() {
    let desk = desk();
    let policy = "[kinds]\nemail = { op = \"surrogate\", keep_domain = true }\n";
    under(&desk, "out", policy).exits(0);
    let emails = column(&desk, "out", "email");
    assert!(
        emails[1].ends_with("@d1.example.com") && !emails[1].starts_with("u1@"),
        "{}",
        emails[1]
    );
}

#[test]
fn a_coarse_value_is_as_coarse_as_the_policy_says() {
    let desk = desk();
    let policy = "[kinds]\nip = { op = \"generalize\", v4 = 16 }\nphone = \"generalize\"\n\
                  email = \"generalize\"\nbirth_date = { op = \"generalize\", to = \"month\" }\n";
    under(&desk, "out", policy).exits(0);
    let first = |name| column(&desk, "out", name).swap_remove(1);
    assert_eq!(first("ip"), "192.0.0.0/16");
    assert_eq!(first("phone"), "+33");
    assert_eq!(first("email"), "d1.example.com");
    assert_eq!(first("born"), "1984-05");
    let log = desk.read("out/auth.log");
    let line = "10:06:01 login ok user=d1.example.com from 192.0.0.0/16 phone=+33";
    assert_eq!(log.lines().nth(1), Some(line));
}

#[test]
fn a_value_that_does_not_parse_has_no_surrogate_and_gets_a_token() {
    let desk = desk();
    let csv = desk.read("in/people.csv").replacen("192.0.2.3,", "unknown,", 1);
    desk.write("in/people.csv", csv);
    under(&desk, "out", "[kinds]\nip = \"surrogate\"\n").exits(0);
    assert!(column(&desk, "out", "ip")[3].starts_with("ip1_"));
    let manifest = desk.json("out/loup-manifest.json");
    let files = manifest["files"].as_array().unwrap();
    let table = files.iter().find(|file| file["file"] == "people.csv").unwrap();
    assert_eq!(table["operators"]["ip"], serde_json::json!(["token", "surrogate"]));
}

#[test]
fn what_cannot_be_is_said_before_anything_is_written() {
    for (policy, words) in [
        (
            "[kinds]\nname = \"surrogate\"\n",
            vec!["name", "surrogate", "email, phone, iban, ip, card"],
        ),
        ("[kinds]\nsecret = \"encrypt\"\n", vec!["secret", "never pseudonymised"]),
        ("[kinds]\ncard = \"generalize\"\n", vec!["card", "no coarse value"]),
        ("[kinds]\nip = { op = \"generalize\", v5 = 3 }\n", vec!["v5", "did you mean `v4`"]),
        ("[kinds]\nip = { op = \"token\", v4 = 3 }\n", vec!["`v4` is a setting of `generalize`"]),
        (
            "[[fields]]\nfield = \"ip\"\nop = \"generalize\"\nv6 = 129\n",
            vec!["[[fields]] `ip`", "128"],
        ),
    ] {
        let desk = desk();
        under(&desk, "out", policy).exits(2).says(&words);
        assert!(!desk.exists("out"), "{policy}");
    }
}

#[test]
fn without_a_key_nothing_is_encrypted() {
    let desk = desk();
    desk.write("loup-policy.toml", "version = 1\n[kinds]\nemail = \"encrypt\"\n");
    desk.loup("mask in --out out --policy loup-policy.toml").exits(4).says(&["key"]);
    assert!(!desk.exists("out"));
}

#[test]
fn a_pseudonym_of_one_run_joins_within_it_and_with_no_other() {
    let desk = desk();
    let policy = "[kinds]\nemail = { op = \"token\", scope = \"run\" }\n";
    under(&desk, "one", policy).exits(0);
    under(&desk, "two", policy).exits(0);
    let [one, two] = ["one", "two"].map(|out| column(&desk, out, "email"));
    assert!(one.iter().chain(&two).all(|email| email.starts_with("eml1_")));
    assert_eq!((distinct(&one), distinct(&two)), (20, 20));
    assert!(one.iter().all(|email| !two.contains(email)));
    let log = desk.read("one/auth.log");
    assert!(log.lines().zip(&one).all(|(line, email)| line.contains(&format!("user={email} "))));
    // Other kinds are those of the domain.
    assert_eq!(column(&desk, "one", "phone"), column(&desk, "two", "phone"));
    // The secret is nowhere when the run is complete.
    assert!(!desk.exists("one/.loup-incomplete"));
    // Of a stream, too.
    let filter = "mask - --policy loup-policy.toml --key-file test.key";
    let line = desk.read("in/auth.log").lines().next().unwrap().to_owned();
    let [first, second] = [(); 2].map(|()| desk.loup_with(filter, format!("{line}\n")).stdout);
    assert!(first.contains("user=eml1_") && first != second, "{first}");
}

#[test]
fn what_can_be_turned_back_is_of_the_domain() {
    let desk = desk();
    for operator in ["encrypt", "surrogate", "mask"] {
        let policy = format!("[kinds]\nemail = {{ op = \"{operator}\", scope = \"run\" }}\n");
        under(&desk, "out", &policy).exits(2).says(&["`scope` is a setting of `token`, `hash`"]);
    }
}

#[test]
fn what_was_done_is_believed_of_the_very_file_that_was_written() {
    let desk = desk();
    let policy = "[kinds]\nip = \"surrogate\"\nphone = \"generalize\"\nemail = \"hash\"\n";
    under(&desk, "out", policy).exits(0);
    // The manifest names both files; neither is the one it speaks of any more.
    desk.write("out/people.csv", desk.read("in/people.csv"));
    desk.write("out/auth.log", desk.read("out/auth.log") + &desk.read("in/auth.log"));
    desk.mask("out", "again", "--policy loup-policy.toml").exits(0);
    for file in ["people.csv", "auth.log"] {
        let again = desk.read(&format!("again/{file}"));
        for value in ["192.0.2.3", "+33199000003", "@d0.example.com"] {
            assert!(!again.contains(value), "{value} in {file}");
        }
    }
}

#[test]
fn what_was_done_is_believed_of_a_run_that_saw_the_same() {
    let desk = desk();
    desk.write("in/auth.log", "at (212) 555-0123 from 192.0.2.3\n".repeat(3));
    let policy = "[kinds]\nphone = \"surrogate\"\nip = \"surrogate\"\n";
    desk.write("loup-policy.toml", format!("version = 1\non_new = \"default\"\n{policy}"));
    let more = "--policy loup-policy.toml";
    desk.mask("in", "out", more).exits(0);
    let once = desk.read("out/auth.log");
    assert!(once.contains("(212) 555-0123") && !once.contains("192.0.2.3"), "{once}");
    // With a region more is found: what was left is protected, and what was not is so again.
    desk.mask("out", "more", &format!("{more} --region US")).exits(0);
    assert!(!desk.read("more/auth.log").contains("(212) 555-0123"));
    // What one run kept in a file, another does not take for protected.
    let kept = "[[fields]]\ndataset = \"people.csv\"\nfield = \"phone\"\nop = \"keep\"\n";
    let kept = format!("version = 1\non_new = \"default\"\n{kept}{policy}");
    desk.write("kept.toml", kept);
    desk.mask("in", "half", "--policy kept.toml").exits(0);
    assert!(desk.read("half/people.csv").contains("+33199000003"));
    desk.mask("half", "whole", more).exits(0);
    assert!(!desk.read("whole/people.csv").contains("+33199000003"));
}

#[test]
fn a_surrogate_that_could_be_found_by_trying_is_refused_before_anything_is_written() {
    let desk = Desk::new();
    // Saint Helena has numbers of five digits.
    let rows: String = (0..30)
        .map(|n| {
            format!(
                "{n},{}\n",
                if n == 7 { "+29022345".to_owned() } else { format!("+3319900{n:04}") }
            )
        })
        .collect();
    desk.write("in/people.csv", format!("id,phone\n{rows}"));
    let masked = under(&desk, "out", "[kinds]\nphone = \"surrogate\"\n");
    masked.exits(2).says(&["field `phone`", "fewer than a million", "`token`", "`encrypt`"]);
    assert!(!desk.exists("out") && !masked.stderr.contains("2345"));
    // Another operator, or another field, is none of its business.
    under(
        &desk,
        "out",
        "[kinds]\nphone = \"surrogate\"\n[[fields]]\nfield = \"phone\"\nop = \"token\"\n",
    )
    .exits(0);
    // A line is not surveyed: it gets a token, and the manifest says so.
    let desk = Desk::new();
    desk.write("in/a.log", "call +29022345 now\ncall +33199001234 now\n");
    under(&desk, "out", "[kinds]\nphone = \"surrogate\"\n").exits(0);
    let log = desk.read("out/a.log");
    assert!(log.starts_with("call tel1_") && !log.contains("2345"), "{log}");
    let operators = desk.json(&format!("out/{MANIFEST}"))["files"][0]["operators"]["phone"].clone();
    assert_eq!(operators, serde_json::json!(["token", "surrogate"]));
}
