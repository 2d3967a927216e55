//! France: the NIR of social security, the tax number, SIREN and SIRET, and bank accounts.

use super::check::{luhn, mod_97, number, small, value};
use super::{Compact, Scheme, Shape, Spelling};

/// Numéro d'inscription au répertoire: sex, year, month, place and order of birth, and a key.
///
/// # Source
/// INSEE, definition c1409; décret 82-103 of 22 January 1982; Code de la sécurité sociale, R. 114-26.
pub(super) const NIR: Scheme =
    // 6 of 10 first digits × 85 of 100 months × 0.97 of places and orders × one key of 100.
    Scheme::person("fr_nir", "FR", 0.005)
        .written(&[Shape::new("d dd dd dc ddd ddd / dd")])
        .checked(|nir| is_nir(nir) && small(&nir[13..]) == nir_key(nir));

/// The same without its key, as payslips and files of health insurers have it; completed with it.
pub(super) const NIR_13: Scheme =
    // As above, without the key.
    Scheme::person("fr_nir_13", "FR", 0.5)
        .written(&[Shape::new("d dd dd dc ddd ddd")])
        .completed_to("fr_nir", |nir| nir.push_two(nir_key(nir.as_bytes())))
        .checked(is_nir);

/// Whether all but the key holds.
fn is_nir(nir: &[u8]) -> bool {
    // 3 and 4 while a birth abroad is being proved, 7 and 8 for the time being.
    let is_sex = matches!(nir[0], b'1'..=b'4' | b'7' | b'8');
    // Above 12: acts of birth that are incomplete or say no month.
    let is_month = matches!(small(&nir[3..5]), 1..=12 | 20..=42 | 50..=99);
    is_sex && is_month && is_place(&nir[5..10]) && &nir[10..13] != b"000"
}

/// Whether a department and a commune may be the five digits, or 99 and a country.
fn is_place(place: &[u8]) -> bool {
    match &place[..2] {
        b"2A" | b"2B" => (1..=990).contains(&small(&place[2..])),
        [_, b'A' | b'B'] | b"00" => false,
        // Overseas the department has three digits and the commune two.
        b"97" | b"98" => place[2] != b'0' && (1..=90).contains(&small(&place[3..])),
        _ => (1..=990).contains(&small(&place[2..])),
    }
}

/// 97 minus the remainder of the 13 characters, where Corsica counts as 19 (2A) and 18 (2B).
fn nir_key(nir: &[u8]) -> u32 {
    let department: &[u8; 2] = match nir[6] {
        b'A' => b"19",
        b'B' => b"18",
        digit => &[nir[5], digit],
    };
    97 - mod_97(nir[..5].iter().chain(department).chain(&nir[7..13]))
}

/// Numéro fiscal de référence (SPI): ten digits and their remainder modulo 511.
///
/// # Source
/// European Commission, TIN algorithms, France; Code général des impôts, L. 287 LPF.
pub(super) const SPI: Scheme =
    // 4 of 10 first digits × one remainder of 1000.
    Scheme::person("fr_spi", "FR", 0.0004)
        .written(&[Shape::new("dd dd ddd ddd ddd")])
        .checked(|spi| spi[0] <= b'3' && number(&spi[..10]) % 511 == number(&spi[10..]));

/// A legal unit: nine digits, the last by Luhn.
///
/// # Source
/// Code de commerce, R. 123-220 and R. 123-221; INSEE, definition c2047.
pub(super) const SIREN: Scheme =
    // One Luhn digit.
    Scheme::organisation("fr_siren", "FR", 0.1)
        .written(&[Shape::new("ddd.ddd.ddd")])
        .checked(luhn);

/// An establishment: the SIREN and five digits, by Luhn too.
///
/// # Source
/// Code de commerce, R. 123-221; INSEE, definition c1841.
pub(super) const SIRET: Scheme =
    // Two Luhn digits.
    Scheme::organisation("fr_siret", "FR", 0.01)
        .written(&[Shape::new("ddd.ddd.ddd.ddddd")])
        .checked(|siret| luhn(&siret[..9]) && (luhn(siret) || is_la_poste(siret)));

/// La Poste has more establishments than Luhn has room for: their digits sum to a multiple of five.
fn is_la_poste(siret: &[u8]) -> bool {
    siret.starts_with(b"356000000")
        && siret.iter().map(|&digit| value(digit)).sum::<u32>().is_multiple_of(5)
}

/// Relevé d'identité bancaire: bank, branch, account and key.
///
/// # Source
/// Comité français d'organisation et de normalisation bancaires, RIB; ISO 13616-1, France.
const RIB: Scheme =
    // One key of 100.
    Scheme::person("fr_rib", "FR", 0.01)
        .written(&[Shape::new("ddddd-ddddd-xxxxxxxxxxx-dd")])
        .checked(|rib| {
            let (bank, branch) = (number(&rib[..5]), number(&rib[5..10]));
            let account = rib[10..21].iter().fold(0, |n, &b| n * 10 + rib_digit(b));
            number(&rib[21..]) == 97 - (89 * bank + 15 * branch + 3 * account) % 97
        });

/// The digit that a character of an account counts as: letters go round from A = J = 1, S = 2.
fn rib_digit(byte: u8) -> u64 {
    match byte {
        b'A'..=b'I' => u64::from(byte - b'A') + 1,
        b'J'..=b'R' => u64::from(byte - b'J') + 1,
        b'S'..=b'Z' => u64::from(byte - b'S') + 2,
        digit => u64::from(value(digit)),
    }
}

/// The IBAN of a RIB of 23 characters whose key holds: `FR`, two check digits, and the RIB.
///
/// Monaco's banks write the same RIB and have IBANs in `MC`; nothing in the RIB tells them apart.
#[must_use]
pub fn rib_to_iban(value: &[u8]) -> Option<Compact> {
    let rib = RIB.read(&Spelling::read(value)?)?;
    let check = 98 - mod_97(rib.as_bytes().iter().chain(b"FR00"));
    let mut iban = Compact::default();
    b"FR".iter().for_each(|&byte| iban.push(byte));
    iban.push_two(check);
    rib.as_bytes().iter().for_each(|&byte| iban.push(byte));
    Some(iban)
}

/// Whether `number` (two characters and a SIREN) is what follows `FR` in a VAT number.
///
/// # Source
/// Code général des impôts, annexe IV, article 121 bis; VIES, algorithms of the member states.
pub(super) fn is_vat(vat: &[u8]) -> bool {
    let siren = number(&vat[2..]);
    // Monaco's numbers stand in for a SIREN and begin with 000.
    if !luhn(&vat[2..]) && !vat[2..].starts_with(b"000") {
        return false;
    }
    let (Some(first), Some(second)) = (vat_character(vat[0]), vat_character(vat[1])) else {
        return false;
    };
    let key = match (first < 10, second < 10) {
        (true, true) => return first * 10 + second == (12 + 3 * (siren % 97)) % 97,
        (true, false) => first * 24 + second - 10,
        (false, _) => first * 34 + second - 100,
    };
    (siren + 1 + key / 11) % 11 == key % 11
}

/// The number of a character of the key: digits, then letters without I and O.
fn vat_character(byte: u8) -> Option<u64> {
    let mut numbered = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ".iter().zip(0..);
    numbered.find(|(c, _)| **c == byte).map(|(_, number)| number)
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::{Case, Source, close};
    use super::*;

    fn nir_13(source: &mut Source) -> String {
        let place = match source.below(4) {
            0 => format!("2{}{:03}", source.pick("AB"), 1 + source.below(990)),
            1 => format!("99{:03}", 100 + source.below(400)),
            2 => format!("97{}{:02}", 1 + source.below(6), 1 + source.below(90)),
            _ => format!("{:02}{:03}", 1 + source.below(95), 1 + source.below(990)),
        };
        let (year, month, _) = source.date(1900, 2024);
        let month = match source.below(4) {
            0 => 20 + source.below(23),
            1 => 50 + source.below(50),
            _ => month,
        };
        let order = 1 + source.below(999);
        format!("{}{:02}{month:02}{place}{order:03}", source.pick("123478"), year % 100)
    }

    fn with_key(nir: &str) -> String {
        let digits = nir.replace("2A", "19").replace("2B", "18");
        // Only the department may hold a letter, so nothing else was replaced.
        format!("{nir}{:02}", 97 - digits.parse::<u64>().unwrap() % 97)
    }

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &NIR,
            valid: &[
                ("2 95 10 99 126 111 93", "295109912611193"),
                ("253072B07300470", "253072B07300470"),
                ("2 53 07 2a 073 004 43", "253072A07300443"),
                ("2 55 08 14 168 025 38", "255081416802538"), // specimen of the carte Vitale
                ("2 69 05 49 588 157 / 80", "269054958815780"), // Wikipédia
            ],
            invalid: &[
                "295109912611199",
                "253072C07300443",
                "6546546546546703",
                "2 95 13 99 126 111 90", // month
                "2 95 10 00 126 111 26", // department
            ],
            generate: |source| with_key(&nir_13(source)),
            missed: 0.0,
        },
        Case {
            scheme: &NIR_13,
            valid: &[
                ("2 95 10 99 126 111", "295109912611193"),
                ("253072B073004", "253072B07300470"),
                ("253072A073004", "253072A07300443"),
            ],
            invalid: &["5951099126111", "2951399126111", "2951000126111", "295109912611193"],
            generate: |source| nir_13(source),
            missed: 1.0,
        },
        Case {
            scheme: &SPI,
            valid: &[
                ("3023217600053", "3023217600053"),
                ("30 23 217 600 053", "3023217600053"),
                ("07 01 987 765 493", "0701987765493"), // European Commission, completed
            ],
            invalid: &["3023217600054", "070198776543", "9701987765432"],
            generate: |source| {
                let body = format!("{}{}", source.below(4), source.digits(9));
                format!("{body}{:03}", body.parse::<u64>().unwrap() % 511)
            },
            missed: 0.0,
        },
        Case {
            scheme: &SIREN,
            valid: &[
                ("404833048", "404833048"),
                ("732 829 320", "732829320"),
                ("552.008.443", "552008443"),
            ],
            invalid: &["404833047", "73282932", "000000000"],
            generate: |source| close(&source.digits(8), luhn),
            missed: 0.0,
        },
        Case {
            scheme: &SIRET,
            valid: &[
                ("73282932000074", "73282932000074"),
                ("732 829 320 00074", "73282932000074"),
                ("35600000000048", "35600000000048"), // La Poste, head office
                ("356 000 000 09075", "35600000009075"), // La Poste, a branch: digits sum to 35
            ],
            invalid: &["73282932000079", "73282932100079", "35600000009076"],
            generate: |source| {
                close(&format!("{}{}", close(&source.digits(8), luhn), source.digits(4)), luhn)
            },
            missed: 0.0,
        },
    ];

    #[test]
    fn a_nir_gets_the_key_that_it_lacks() {
        for seed in 0..1000 {
            let nir = nir_13(&mut Source::new(seed));
            let completed = NIR_13.parse(nir.as_bytes()).map(|nir| nir.as_str().to_owned());
            assert_eq!(completed, Some(with_key(&nir)));
        }
    }

    #[test]
    fn a_rib_becomes_its_iban() {
        for (rib, iban) in [
            ("20041 01005 0500013M026 06", "FR1420041010050500013M02606"), // ISO 13616 registry
            ("30006-00001-12345678901-89", "FR7630006000011234567890189"),
            ("30006000011234567890189", "FR7630006000011234567890189"),
        ] {
            assert_eq!(
                rib_to_iban(rib.as_bytes()).map(|iban| iban.as_str().to_owned()),
                Some(iban.to_owned())
            );
        }
        assert!(rib_to_iban(b"30006000011234567890188").is_none());
        assert!(rib_to_iban(b"3000600001123456789018").is_none());
    }
}
