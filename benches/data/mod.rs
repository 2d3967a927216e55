//! Inputs of the benches, generated from a seed: realistic density, a third of the lines hold
//! something, and counts that are known.

use std::fmt::Write;

/// SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// Text with the number of emails and IPv4 addresses planted in it.
pub(crate) struct Planted {
    pub(crate) text: String,
    pub(crate) emails: usize,
    pub(crate) quads: usize,
}

/// A log of `lines` lines.
pub(crate) fn log(lines: usize) -> Planted {
    let mut random = Random::new(7);
    let mut planted = Planted { text: String::new(), emails: 0, quads: 0 };
    for line in 0..lines {
        let (second, ms) = (line / 40 % 60, random.below(1000));
        let stamp = format!("2026-11-20T10:{:02}:{second:02}.{ms:03}Z", line / 2400 % 60);
        let id = random.below(1 << 44);
        let _ = match random.below(10) {
            0 | 1 => {
                planted.quads += 1;
                let host = random.below(250) + 1;
                writeln!(
                    planted.text,
                    "192.0.2.{host} - - [{stamp}] \"GET /api/v1/orders/{id} HTTP/1.1\" 200 {ms} \"curl/8.5.0\""
                )
            }
            2 => {
                planted.emails += 1;
                let user = random.below(20_000);
                writeln!(
                    planted.text,
                    "{stamp} INFO  [worker-3] mail.Notifier - sent template=12 to <user{user}@example.com> took={ms}ms"
                )
            }
            _ => writeln!(
                planted.text,
                "{stamp} DEBUG [http-17] db.Pool - query id={id} rows={ms} took=3.{ms}ms plan={id:016x}"
            ),
        };
    }
    planted
}

/// A table of `rows` customers as CSV, an email and an IPv4 address in each row.
pub(crate) fn csv(rows: usize) -> Planted {
    let mut random = Random::new(11);
    let mut text = String::from("id,email,name,ip,amount,note\n");
    for row in 0..rows {
        let (user, host) = (random.below(20_000), random.below(250) + 1);
        let amount = random.below(100_000);
        let _ = writeln!(
            text,
            "{row},user{user}@example.com,\"Martin, A.\",198.51.100.{host},{}.{:02},order {amount} shipped",
            amount / 100,
            amount % 100
        );
    }
    Planted { text, emails: rows, quads: rows }
}

/// The same customers as NDJSON.
pub(crate) fn ndjson(rows: usize) -> Planted {
    let mut random = Random::new(11);
    let mut text = String::new();
    for row in 0..rows {
        let (user, host) = (random.below(20_000), random.below(250) + 1);
        let _ = writeln!(
            text,
            "{{\"id\":{row},\"user\":{{\"email\":\"user{user}@example.com\"}},\"client\":{{\"ip\":\"198.51.100.{host}\"}},\"ok\":true}}"
        );
    }
    Planted { text, emails: rows, quads: rows }
}
