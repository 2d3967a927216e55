//! Switzerland: the AHV number and the UID of organisations.

use super::check::{ean_13, ends_in_mod_11};
use super::{Scheme, Shape};

/// AHV/AVS number: 756 and ten digits, the last that of an article number.
///
/// # Source
/// AHVG, article 50c; Zentrale Ausgleichsstelle, NAVS13.
pub(super) const AHV: Scheme =
    // One check digit.
    Scheme::person("ch_ahv", "CH", 0.1)
        .written(&[Shape::new("756.dddd.dddd.dd")])
        .checked(ean_13);

/// Unternehmens-Identifikationsnummer: CHE and nine digits, in commerce with the letters of the
/// value added tax behind them, in one of four languages.
///
/// # Source
/// UIDG, article 6; eCH-0097.
pub(super) const UID: Scheme =
    // One remainder of 11, where 10 is not issued.
    Scheme::organisation("ch_uid", "CH", 0.091)
        .written(&[
            Shape::new("CHE-ddd.ddd.ddd"),
            Shape::new("CHE-ddd.ddd.ddd MWST"),
            Shape::new("CHE-ddd.ddd.ddd TVA"),
            Shape::new("CHE-ddd.ddd.ddd IVA"),
            Shape::new("CHE-ddd.ddd.ddd TPV"),
        ])
        .completed(|uid| uid.truncate(12))
        .checked(|uid| ends_in_mod_11(&uid[3..], &[5, 4, 3, 2, 7, 6, 5, 4]));

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, close, dot};
    use super::{AHV, UID, ean_13};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &AHV,
            valid: &[
                ("756.9217.0769.85", "7569217076985"),
                ("7569217076985", "7569217076985"),
                ("756.1234.5678.97", "7561234567897"), // Zentrale Ausgleichsstelle
            ],
            invalid: &["756.9217.0769.84", "123.4567.8910.19", "756.9217.0769"],
            generate: |source| close(&format!("756{}", source.digits(9)), ean_13),
            missed: 0.0,
        },
        Case {
            scheme: &UID,
            valid: &[
                ("CHE-100.155.212", "CHE100155212"),
                ("CHE-107.787.577 IVA", "CHE107787577"),
                ("che 109.322.551 mwst", "CHE109322551"),
            ],
            invalid: &[
                "CHE-100.155.213",
                "ZZZ-107.787.577",
                "CHE-10A.787.577",
                "CHE-107.787.577 VAT",
            ],
            generate: |source| {
                source.until(|source| {
                    let body = source.digits(8);
                    let check = (11 - dot(&body, &[5, 4, 3, 2, 7, 6, 5, 4]) % 11) % 11;
                    (check < 10).then(|| format!("CHE{body}{check}"))
                })
            },
            missed: 0.0,
        },
    ];
}
