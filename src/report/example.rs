//! A map as a scan of a small company's exports might give it, for tests and for looking at.

use std::collections::BTreeMap;

use crate::datamap::document::{
    Coverage, Dataset, Distinct, Evidence, Field, KeyRef, KindInField, MapDocument, NotScanned,
    Place, Run, SCHEMA,
};

/// Nine datasets in every format, about 25 fields with personal data, some files not looked at.
#[allow(clippy::too_many_lines, reason = "a document, not logic")]
pub(super) fn map() -> MapDocument {
    let datasets = vec![
        Dataset {
            malformed: 37,
            ..dataset(
                "crm/customers.csv",
                "csv",
                1,
                1_920_000_000,
                4_831_402,
                vec![
                    whole("email", kind("email", 4_812_077), 0.996),
                    whole(
                        "phone_1",
                        in_regions(
                            kind("phone", 4_101_930),
                            &[("FR", 3_732_756), ("BE", 246_115), ("LU", 81_000), ("CH", 42_059)],
                        ),
                        0.849,
                    ),
                    whole("phone_2", in_regions(kind("phone", 612_044), &[("FR", 612_044)]), 0.127),
                    text(
                        "notes",
                        vec![
                            (kind("email", 11_204), 0.002),
                            (kind("phone", 8_961), 0.0018),
                            (kind("iban", 1), 0.000_000_2),
                        ],
                    ),
                    plain("customer_id"),
                    plain("created_at"),
                    plain("segment"),
                    plain("lifetime_value"),
                ],
            )
        },
        dataset(
            "crm/leads.ndjson",
            "ndjson",
            4,
            612_400_000,
            902_114,
            vec![
                whole("$.contact.emails[*]", kind("email", 1_104_226), 1.0),
                whole(
                    "$.contact.phone",
                    in_regions(
                        kind("phone", 711_020),
                        &[("FR", 401_000), ("DE", 198_020), ("ES", 112_000)],
                    ),
                    0.788,
                ),
                text("$.comment", vec![(kind("phone", 1_204), 0.003)]),
                plain("$.score"),
                plain("$.source"),
                plain("$['utm.campaign']"),
            ],
        ),
        dataset(
            "hr/payroll.csv",
            "csv",
            1,
            482_113,
            1_288,
            vec![
                whole(
                    "IBAN",
                    in_regions(kind("iban", 1_284), &[("FR", 1_201), ("BE", 61), ("DE", 22)]),
                    0.997,
                ),
                whole("work_email", kind("email", 1_288), 1.0),
                whole("home_phone", in_regions(kind("phone", 1_102), &[("FR", 1_102)]), 0.856),
                plain("gross"),
                plain("net"),
                plain("month"),
            ],
        ),
        Dataset {
            other: Some(Box::new(Field {
                kind_of_value: "other".to_owned(),
                ..text("other", vec![(kind("ip", 40_112), 0.01)])
            })),
            ..dataset(
                "logs/app",
                "text",
                31,
                22_410_000_000,
                180_220_114,
                vec![
                    template(
                        "login ok user=<email> from <ip>",
                        vec![(kind("email", 44_101_882), 1.0), (kind("ip", 44_101_882), 1.0)],
                    ),
                    template(
                        "password reset mail queued for recipient=<email> template=reset_fr attempt=<n> transport=smtp-out-2 status=<n> in <n> ms",
                        vec![(kind("email", 212_090), 1.0)],
                    ),
                    template(
                        "sms gateway refused <phone>: <n>",
                        vec![(in_regions(kind("phone", 9_411), &[("FR", 9_411)]), 0.98)],
                    ),
                    plain("cache warmed in <n> ms"),
                    plain("GET /healthz <n>"),
                ],
            )
        },
        dataset(
            "logs/nginx",
            "text",
            62,
            9_120_000_000,
            88_004_551,
            vec![template(
                "<ip> - - [<time>] \"GET <path>\" <n> <n>",
                vec![(kind("ip", 88_004_120), 1.0)],
            )],
        ),
        dataset(
            "orders",
            "parquet",
            2_944,
            6_801_000_000,
            61_200_480,
            vec![
                whole(
                    "iban",
                    in_regions(
                        kind("iban", 9_120_448),
                        &[("FR", 7_912_000), ("BE", 804_448), ("DE", 404_000)],
                    ),
                    1.0,
                ),
                whole("billing.email", kind("email", 61_198_201), 0.9999),
                whole("client_ip", kind("ip", 60_811_937), 0.994),
                whole("card_number", kind("card", 8_102), 0.961),
                text(
                    "delivery_note",
                    vec![(
                        in_regions(kind("phone", 184_203), &[("FR", 171_000), ("BE", 13_203)]),
                        0.003,
                    )],
                ),
                plain("order_id"),
                plain("total_cents"),
                plain("currency"),
            ],
        ),
        dataset(
            "support/tickets.json",
            "json",
            1,
            301_550_000,
            412_090,
            vec![
                whole("$.tickets[*].requester.email", kind("email", 412_088), 0.9999),
                text(
                    "$.tickets[*].messages[*].body",
                    vec![
                        (kind("email", 96_113), 0.041),
                        (kind("phone", 52_701), 0.022),
                        (kind("iban", 318), 0.0001),
                        (kind("card", 12), 0.000_005),
                    ],
                ),
            ],
        ),
        dataset(
            "warehouse/dim_product",
            "parquet",
            12,
            31_000_000,
            88_120,
            vec![plain("sku"), plain("label"), plain("price")],
        ),
    ];
    MapDocument {
        schema: SCHEMA.to_owned(),
        run: Run {
            version: "0.1.0".to_owned(),
            started: "2026-11-21T03:11:04Z".to_owned(),
            seconds: 21.4,
            threads: 8,
            digest_key: "keyed".to_owned(),
            surveyed: ["1f0c9a4be07d2c55a8e3b6d94f10c27e".to_owned()].into(),
        },
        rules_digest: "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef".to_owned(),
        policy_digest: None,
        domain: Some("analytics".to_owned()),
        key: Some(KeyRef { id: "9c1f04ab".to_owned(), epoch: 1 }),
        regions: vec!["FR".to_owned(), "BE".to_owned()],
        min_confidence: 0.5,
        coverage: coverage(),
        datasets,
    }
}

/// A map of the same place in which nothing was found, everything looked at.
pub(super) fn clean_map() -> MapDocument {
    let mut doc = map();
    doc.coverage =
        Coverage { files: 12, bytes: 31_000_000, scanned: 31_000_000, ..Coverage::default() };
    doc.datasets.retain(|dataset| dataset.name == "warehouse/dim_product");
    doc
}

/// A kind with `findings` findings, and what goes with its name.
pub(super) fn kind(name: &str, findings: u64) -> KindInField {
    let (category, samples, operator) = match name {
        "email" => ("contact", ["a***@e***.org", "m***@e***.com"], "token"),
        "phone" => ("contact", ["+33 *** 41", "+33 *** 07"], "token"),
        "iban" => ("financial", ["FR76***0189", "BE68***7034"], "token"),
        "card" => ("financial", ["***1111", "***0005"], "mask"),
        _ => ("online_identifier", ["192.***", "203.***"], "token"),
    };
    KindInField {
        kind: name.to_owned(),
        category: category.to_owned(),
        evidence: Evidence { certain: findings, supported: 0, bare: 0, shape: findings / 500 },
        counted: ["certain", "supported", "bare"].map(str::to_owned).into(),
        findings,
        values: findings,
        share: 0.0,
        whole_values: 0,
        distinct: Distinct { count: (findings / 3).max(1), exact: findings < 1_000_000 },
        confidence: if name == "email" || name == "iban" { 1.0 } else { 0.97 },
        regions: BTreeMap::new(),
        samples: samples.map(str::to_owned).into(),
        first: None,
        operator: operator.to_owned(),
    }
}

fn in_regions(kind: KindInField, regions: &[(&str, u64)]) -> KindInField {
    KindInField { regions: regions.iter().map(|&(r, n)| (r.to_owned(), n)).collect(), ..kind }
}

fn dataset(
    name: &str,
    format: &str,
    files: u64,
    bytes: u64,
    records: u64,
    mut fields: Vec<Field>,
) -> Dataset {
    let is_one_file = files == 1;
    for (i, kind) in fields.iter_mut().flat_map(|field| &mut field.kinds).enumerate() {
        let file = if is_one_file { name.to_owned() } else { format!("{name}/part-0000{i}") };
        kind.first = Some(Place { file, record: 1 + 16 * i as u64 });
    }
    for field in &mut fields {
        field.values = records;
    }
    Dataset {
        name: name.to_owned(),
        format: format.to_owned(),
        files,
        bytes,
        records,
        malformed: 0,
        partitions: if name == "orders" {
            vec!["country".to_owned(), "dt".to_owned()]
        } else {
            vec![]
        },
        fields,
        other: None,
    }
}

fn plain(path: &str) -> Field {
    Field {
        path: path.to_owned(),
        kind_of_value: "text".to_owned(),
        values: 0,
        nulls: 0,
        protected: 0,
        verdict: None,
        regions: Vec::new(),
        special_categories: Vec::new(),
        kinds: Vec::new(),
    }
}

fn text(path: &str, kinds: Vec<(KindInField, f64)>) -> Field {
    let kinds = kinds.into_iter().map(|(kind, share)| KindInField { share, ..kind }).collect();
    Field { kinds, ..plain(path) }
}

fn template(path: &str, kinds: Vec<(KindInField, f64)>) -> Field {
    Field { kind_of_value: "template".to_owned(), ..text(path, kinds) }
}

fn whole(path: &str, kind: KindInField, share: f64) -> Field {
    let verdict = Some(kind.kind.clone());
    let regions = kind.regions.keys().take(2).cloned().collect();
    let kind = KindInField { whole_values: kind.findings, ..kind };
    Field { verdict, regions, ..text(path, vec![(kind, share)]) }
}

fn coverage() -> Coverage {
    let entry = |file: String, bytes, state: &str, reason: &str| NotScanned {
        file,
        bytes,
        state: state.to_owned(),
        reason: reason.to_owned(),
    };
    let mut not_scanned: Vec<NotScanned> = (1..=28)
        .map(|i| entry(format!("hr/scans/passport-{i:04}.jpg"), 2_140_000, "skipped", "image"))
        .collect();
    not_scanned.push(entry("archive/2019.zip".into(), 401_000_000, "skipped", "archive"));
    not_scanned.push(entry("legacy/export.txt".into(), 18_300_000, "failed", "not UTF-8: UTF-16"));
    not_scanned.push(entry(
        "orders/country=BE/dt=2026-11-02/part-0003.parquet".into(),
        2_310_000,
        "failed",
        "truncated Parquet footer",
    ));
    not_scanned.sort();
    let bytes = |state| not_scanned.iter().filter(|n| n.state == state).map(|n| n.bytes).sum();
    let (skipped, failed): (u64, u64) = (bytes("skipped"), bytes("failed"));
    let scanned = 41_196_432_113;
    Coverage {
        files: 3_118,
        bytes: scanned + skipped + failed,
        scanned,
        sampled: 0,
        skipped,
        failed,
        not_scanned,
    }
}
