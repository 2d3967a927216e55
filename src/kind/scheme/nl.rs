//! The Netherlands: the burgerservicenummer, and the check of the VAT number.

use super::check::{mod_97, weighted};
use super::{Scheme, Shape};

/// Burgerservicenummer: nine digits that pass the eleven-test; eight where a zero was lost.
///
/// # Source
/// Wet algemene bepalingen burgerservicenummer; Besluit BSN, annex: elfproef.
pub(super) const BSN: Scheme =
    // One remainder of 11.
    Scheme::person("nl_bsn", "NL", 0.091)
        .written(&[Shape::new("ddd.d.dd.ddd"), Shape::new("dddddddd")])
        .completed(|bsn| bsn.pad(0, 9))
        .checked(passes_eleven_test);

fn passes_eleven_test(digits: &[u8]) -> bool {
    // The last digit counts minus once, which is ten times modulo 11.
    weighted(digits, &[9, 8, 7, 6, 5, 4, 3, 2, 10]).is_multiple_of(11)
}

/// Whether nine digits, B and two digits belong to a legal person: an RSIN, which begins with 8, or
/// with 00 where it is old.
pub(super) fn is_vat_of_organisation(vat: &[u8]) -> bool {
    has_suffix(vat) && (vat[0] == b'8' || vat.starts_with(b"00")) && passes_eleven_test(&vat[..9])
}

/// Whether nine digits, B and two digits belong to a sole trader: until 2019 the BSN itself, since
/// then a number that is 1 modulo 97 together with its prefix.
///
/// # Source
/// Belastingdienst, btw-identificatienummer voor eenmanszaken.
pub(super) fn is_vat_of_person(vat: &[u8]) -> bool {
    has_suffix(vat)
        && !is_vat_of_organisation(vat)
        && (passes_eleven_test(&vat[..9]) || mod_97(b"NL".iter().chain(vat)) == 1)
}

fn has_suffix(vat: &[u8]) -> bool {
    &vat[10..] != b"00"
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, dot};
    use super::BSN;

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &BSN,
        valid: &[
            ("1112.22.333", "111222333"),
            ("123456782", "123456782"),   // Wikipedia
            ("999 996 356", "999996356"), // Rijksdienst voor Identiteitsgegevens, test
            ("10000008", "010000008"),
        ],
        invalid: &["1112.52.333", "1112223334", "123456789", "000000000"],
        generate: |source| {
            source.until(|source| {
                let body = source.digits(8);
                let check = dot(&body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
                (check < 10).then(|| format!("{body}{check}"))
            })
        },
        missed: 0.0,
    }];
}
