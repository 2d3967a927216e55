//! The United States: social security and individual taxpayer identification numbers.

use super::check::small;
use super::{Scheme, Shape};

/// Social Security number: area, group and serial, none of them zero.
///
/// # Source
/// 20 CFR 422.103; Social Security Administration, SSN randomization (no area 000, 666, 900-999).
pub(super) const SSN: Scheme =
    // 898 of 1000 areas × 0.99 of groups; there is no check digit.
    Scheme::person("us_ssn", "US", 0.89).written(&[Shape::new("ddd-dd-dddd")]).checked(|ssn| {
            !matches!(small(&ssn[..3]), 0 | 666 | 900..)
                && &ssn[3..5] != b"00"
                && &ssn[5..] != b"0000"
                && !PRINTED.contains(&ssn)
        });

/// Numbers that were printed in advertisements, and are therefore no one's.
///
/// # Source
/// Social Security Administration, Social Security Cards Issued by Woolworth (the first).
const PRINTED: [&[u8]; 3] = [b"078051120", b"219099999", b"457555462"];

/// Individual taxpayer identification number: 9, and a group of those that the IRS assigns.
///
/// # Source
/// Internal Revenue Manual 3.21.263.8 (fourth and fifth digit 50-65, 70-88, 90-92, 94-99).
pub(super) const ITIN: Scheme =
    // 44 of 100 groups; there is no check digit.
    Scheme::person("us_itin", "US", 0.44)
        .written(&[Shape::new("9dd-dd-dddd")])
        .checked(|itin| matches!(small(&itin[3..5]), 50..=65 | 70..=88 | 90..=92 | 94..=99));

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::{ITIN, SSN};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &SSN,
            valid: &[
                ("536-90-4399", "536904399"),
                ("111 22 3333", "111223333"),
                ("899-01-0001", "899010001"),
            ],
            invalid: &[
                "666-01-0001",
                "078-05-1120",
                "900-01-0001",
                "123-00-4567",
                "123-45-0000",
                "1112-23333",
            ],
            generate: |source| {
                let area = source.pick_of(&["001", "123", "665", "667", "899"]);
                let (group, serial) = (1 + source.below(99), 1 + source.below(9999));
                format!("{area}{group:02}{serial:04}")
            },
            missed: 1.0,
        },
        Case {
            scheme: &ITIN,
            valid: &[
                ("912-90-3456", "912903456"),
                ("900 70 0001", "900700001"),
                ("999-50-9999", "999509999"),
            ],
            invalid: &["9129-03456", "123-45-6789", "912-93-4567", "912-66-4567", "912-89-0001"],
            generate: |source| {
                let group = source.pick_of(&["50", "65", "70", "88", "90", "92", "94", "99"]);
                format!("9{}{group}{}", source.digits(2), source.digits(4))
            },
            missed: 1.0,
        },
    ];
}
