//! India: Aadhaar and the permanent account number.

use super::check::verhoeff;
use super::{Scheme, Shape};

/// Aadhaar: twelve digits, the first not 0 or 1, the last Verhoeff's.
///
/// # Source
/// UIDAI, A UID Numbering Scheme; Aadhaar (Enrolment and Update) Regulations, 2016.
pub(super) const AADHAAR: Scheme =
    // 8 of 10 first digits × one check digit.
    Scheme::person("in_aadhaar", "IN", 0.08)
        .written(&[Shape::new("dddd dddd dddd")])
        .checked(|aadhaar| {
            let is_palindrome = aadhaar.iter().eq(aadhaar.iter().rev());
            aadhaar[0] >= b'2' && !is_palindrome && verhoeff(aadhaar)
        });

/// Permanent account number: five letters, of which the fourth tells the sort of holder, four
/// digits, and a letter whose rule is not published.
///
/// # Source
/// Income-tax Rules, 1962, rule 114; Income Tax Department, Structure of PAN.
pub(super) const PAN: Scheme =
    // 11 of 26 holders.
    Scheme::person("in_pan", "IN", 0.42).written(&[Shape::new("aaaaadddda")]).checked(|pan| {
            matches!(
                pan[3],
                b'A' | b'B' | b'C' | b'F' | b'G' | b'H' | b'J' | b'K' | b'L' | b'P' | b'T'
            ) && &pan[5..9] != b"0000"
        });

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, close};
    use super::{AADHAAR, PAN, verhoeff};

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &AADHAAR,
            valid: &[
                ("2341 2341 2346", "234123412346"),
                ("234123412346", "234123412346"),
                ("9999-4105-7058", "999941057058"), // UIDAI, test data
            ],
            invalid: &["234123412347", "123412341234", "222222222222", "643343121"],
            generate: |source| {
                close(&format!("{}{}", source.pick("23456789"), source.digits(10)), verhoeff)
            },
            missed: 0.0,
        },
        Case {
            scheme: &PAN,
            valid: &[
                ("ACUPA7085R", "ACUPA7085R"),
                ("aappv8261k", "AAPPV8261K"),
                ("AAKFD7113K", "AAKFD7113K"),
            ],
            invalid: &["ACUPA7085RR", "ABMPA32111", "ABMXA3211G", "ACUPA0000R"],
            generate: |source| {
                let (name, holder) = (source.text("ABCXYZ", 3), source.pick("ABCFGHJKLPT"));
                let (initial, check) = (source.pick("ABCXYZ"), source.pick("ABCXYZ"));
                format!("{name}{holder}{initial}{:04}{check}", 1 + source.below(9999))
            },
            missed: 1.0,
        },
    ];
}
