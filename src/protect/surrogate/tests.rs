//! Laws of surrogates, whatever the kind.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::kind;
use crate::protect::key::tests::vector_key;

const NAMES: [&str; 6] = ["email", "phone", "iban", "ip", "card", "name"];

fn surrogates(domain: &str) -> Surrogates {
    Surrogates::new(&vector_key(), &Domain::new(domain).unwrap(), NAMES).unwrap()
}

fn id(kind: &str) -> KindId {
    KindId(NAMES.iter().position(|name| *name == kind).unwrap() as u8)
}

fn surrogate(kind: &str, value: &str) -> Result<String, SurrogateError> {
    let made = surrogates("default").of_bytes(id(kind), value.as_bytes(), EmailDomain::Replaced);
    made.map(|bytes| String::from_utf8(bytes).unwrap())
}

fn inverted(kind: &str, value: &str) -> Result<String, SurrogateError> {
    let mut out = b"<".to_vec();
    surrogates("default").invert(id(kind), value.as_bytes(), &mut out)?;
    Ok(String::from_utf8(out).unwrap().split_off(1))
}

/// The check digits of an IBAN, by trying them: the parser of the kind is the oracle.
fn iban(country: &str, bban: &str) -> String {
    let remainder = format!("{bban}{country}00").bytes().fold(0, |remainder, byte| {
        let digit = char::from(byte).to_digit(36).unwrap();
        (remainder * if digit > 9 { 100 } else { 10 } + digit) % 97
    });
    format!("{country}{:02}{bban}", 98 - remainder)
}

fn card(body: &str) -> String {
    let with = |digit| format!("{body}{digit}");
    (0..10).map(with).find(|number| kind::card::luhn(number.as_bytes())).unwrap()
}

/// Where a value has a digit, and where a letter.
fn shape(value: &str) -> String {
    let class = |c: char| {
        if c.is_ascii_digit() {
            '0'
        } else if c.is_ascii_uppercase() {
            'A'
        } else {
            c
        }
    };
    value.chars().map(class).collect()
}

#[test]
fn what_is_kept_is_kept_and_what_follows_is_recomputed() {
    for (kind, value, kept) in [
        ("phone", "+33639980012", "+336"),
        ("phone", "+12025550143", "+12"),
        ("phone", "+447700900123", "+447"),
        ("phone", "+390612345678", "+390"),
        ("phone", "+35315550143", "+3531"),
        ("phone", "+33639980012;ext=12", "+336"),
        ("iban", "FR7630006000011234567890189", "FR"),
        ("iban", "MT84MALT011000012345MTLCAST001S", "MT"),
        ("iban", "NO9386011117947", "NO"),
        ("card", "4111111111111111", "411111"),
        ("card", "378282246310005", "378282"),
    ] {
        let surrogate = surrogate(kind, value).unwrap();
        assert!(surrogate.starts_with(kept) && surrogate != value, "{value}: {surrogate}");
        assert_eq!(shape(&surrogate), shape(value), "{value}: {surrogate}");
        assert_eq!(inverted(kind, &surrogate).as_deref(), Ok(value));
    }
}

#[test]
fn surrogates_are_of_their_kind() {
    for value in [
        "DE89370400440532013000",
        "FR1420041010050500013M02606",
        "GB29NWBK60161331926819",
        "IT60X0542811101000000123456",
        "MT84MALT011000012345MTLCAST001S",
    ] {
        let surrogate = surrogate("iban", value).unwrap();
        let parsed = kind::iban::parse(surrogate.as_bytes()).expect("an IBAN");
        assert_eq!(parsed.canonical.as_bytes(), surrogate.as_bytes());
    }
    for value in ["4111111111111111", "4222222222222", "6011000990139424"] {
        assert!(kind::card::parse(surrogate("card", value).unwrap().as_bytes()).is_some());
    }
}

#[test]
fn what_has_too_few_values_is_refused_without_a_key() {
    for (kind, value) in [
        ("phone", "+33612345".to_owned()),
        ("phone", "+33612;ext=123".to_owned()),
        ("phone", "+4930123".to_owned()),
        ("iban", iban("FR", "12345")),
        ("card", card("41111111111")),
    ] {
        let checked = check_bytes(kind, value.as_bytes());
        assert_eq!(checked, Err(SurrogateError::TooFew), "{value}");
        assert_eq!(surrogate(kind, &value).err(), checked.err());
    }
    for (kind, value) in [
        ("phone", "+336123456".to_owned()),
        ("phone", "+33612345;ext=1".to_owned()),
        ("iban", iban("FR", "123456")),
        ("card", "4222222222222".to_owned()),
        ("ip", "192.0.2.1".to_owned()),
        ("email", "a@b".to_owned()),
    ] {
        assert_eq!(check_bytes(kind, value.as_bytes()), Ok(()), "{value}");
        assert!(surrogate(kind, &value).is_ok());
    }
}

#[test]
fn what_is_no_value_of_its_kind_is_refused() {
    use SurrogateError::{DoesNotFit, Kind, Unparsed};
    for (kind, value, error) in [
        ("name", "jean dupont", Kind),
        ("name", "raw\0n/a", Kind),
        ("email", "raw\0jean@", Unparsed),
        ("phone", "raw\0+33612345678", Unparsed),
        ("ip", "raw\0", Unparsed),
        ("email", "jean", DoesNotFit),
        ("email", "@example.com", DoesNotFit),
        ("email", "jean@", DoesNotFit),
        ("phone", "", DoesNotFit),
        ("phone", "+", DoesNotFit),
        ("phone", "+3", DoesNotFit),
        ("phone", "+33", DoesNotFit),
        ("phone", "33639980012", DoesNotFit),
        ("phone", "+0639980012", DoesNotFit),
        ("phone", "+33 639980012", DoesNotFit),
        ("phone", "+3363998001234567", DoesNotFit),
        ("phone", "+33639980012;ext=", DoesNotFit),
        ("phone", "+33639980012;ext=1a", DoesNotFit),
        ("iban", "FR", DoesNotFit),
        ("iban", "FR7630006000011234567890188", DoesNotFit),
        ("iban", "fr7630006000011234567890189", DoesNotFit),
        ("iban", "FR7630006000011234567890é", DoesNotFit),
        ("card", "", DoesNotFit),
        ("card", "4111111111111112", DoesNotFit),
        ("card", "4111-1111-1111-1111", DoesNotFit),
        ("card", "00000000000000000000", DoesNotFit),
        ("ip", "192.0.2.01", DoesNotFit),
        ("ip", "192.0.2.1:80", DoesNotFit),
        ("ip", "2001:DB8::1", DoesNotFit),
        ("ip", "::ffff:192.0.2.1", DoesNotFit),
        ("ip", "", DoesNotFit),
    ] {
        assert_eq!(surrogate(kind, value), Err(error), "{kind} {value}");
        assert_eq!(check_bytes(kind, value.as_bytes()), Err(error), "{kind} {value}");
    }
    // Longer than any number that is counted in.
    let long = format!("+33639980012;ext={}", "1".repeat(80));
    assert_eq!(surrogate("phone", &long), Err(DoesNotFit));
}

#[test]
fn an_email_has_a_domain_that_nobody_has() {
    let surrogate = |value: &str| surrogate("email", value).unwrap();
    let (jean, anne) = (surrogate("jean@example.com"), surrogate("anne@example.com"));
    let parts =
        |text: &str| text.split_once('@').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let ((local, domain), (other, same)) = (parts(&jean), parts(&anne));
    assert!(local.len() == 20 && domain.len() == 28 && domain.ends_with(".invalid"));
    assert!(local != other && domain == same);
    let elsewhere = parts(&surrogate("jean@example.org"));
    assert!(elsewhere.0 != local && elsewhere.1 != domain);
    assert_eq!(inverted("email", &jean), Err(SurrogateError::OneWay));
    let kept =
        surrogates("default").of_bytes(id("email"), b"\"a@b\"@example.com", EmailDomain::Kept);
    let kept = String::from_utf8(kept.unwrap()).unwrap();
    assert!(kept.len() == 32 && kept.ends_with("@example.com"));
}

#[test]
fn addresses_of_one_network_stay_in_one() {
    let of = |host: u8| surrogate("ip", &format!("198.51.100.{host}")).unwrap();
    let network = |address: &str| address.rsplit_once('.').unwrap().0.to_owned();
    let all: HashSet<String> = (0..=255).map(of).collect();
    assert_eq!(all.len(), 256);
    let networks: HashSet<String> = all.iter().map(|address| network(address)).collect();
    assert_eq!(networks.len(), 1);
    assert_ne!(network(&surrogate("ip", "198.51.101.0").unwrap()), network(&of(0)));
}

#[test]
fn domains_and_kinds_have_their_own_surrogates() {
    let value = b"+33639980012";
    let of =
        |domain| surrogates(domain).of_bytes(id("phone"), value, EmailDomain::Replaced).unwrap();
    assert_ne!(of("default"), of("analytics"));
    assert_eq!(of("default"), of("default"));
}

#[test]
fn numbers_in_integers_are_those_in_texts() {
    let all = surrogates("default");
    for (kind, number, text) in [
        ("phone", 33_639_980_012, "+33639980012"),
        ("phone", 12_025_550_143, "+12025550143"),
        ("card", 4_111_111_111_111_111, "4111111111111111"),
    ] {
        let integer = all.surrogate_integer(id(kind), number).unwrap();
        let expected = surrogate(kind, text).unwrap();
        assert_eq!(integer.to_string(), expected.trim_start_matches('+'));
        assert_eq!(integer.to_string().len(), number.to_string().len());
        assert_eq!(all.invert_integer(id(kind), integer), Ok(number));
    }
    for number in [0, -1, -33_639_980_012, 33, i64::MIN, i64::MAX] {
        assert!(all.surrogate_integer(id("phone"), number).is_err(), "{number}");
        let _ = all.surrogate_integer(id("card"), number);
    }
    assert_eq!(all.surrogate_integer(id("ip"), 1), Err(SurrogateError::Kind));
    assert_eq!(all.surrogate_integer(id("email"), 1), Err(SurrogateError::Kind));
}

#[test]
fn no_two_numbers_of_a_pattern_have_one_surrogate() {
    let all = surrogates("default");
    let of = |at: u32| {
        let value = format!("+3363998{at:04}");
        all.of_bytes(id("phone"), value.as_bytes(), EmailDomain::Replaced).unwrap()
    };
    let distinct: HashSet<Vec<u8>> = (0..2_000).map(of).collect();
    assert_eq!(distinct.len(), 2_000);
}

proptest! {
    #[test]
    fn the_key_turns_a_phone_back(
        number in "[1-9][0-9]{9,14}", extension in "(;ext=[0-9]{1,20})?",
    ) {
        let value = format!("+{number}{extension}");
        let made = surrogate("phone", &value);
        prop_assert_eq!(check_bytes("phone", value.as_bytes()).err(), made.clone().err());
        if let Ok(surrogate) = made {
            prop_assert_eq!(shape(&surrogate), shape(&value));
            prop_assert_eq!(inverted("phone", &surrogate), Ok(value));
        }
    }

    #[test]
    fn the_key_turns_an_iban_back(country in "[A-Z]{2}", bban in "[0-9A-Z]{6,30}") {
        let value = iban(&country, &bban);
        let surrogate = surrogate("iban", &value).unwrap();
        prop_assert_eq!(shape(&surrogate), shape(&value));
        prop_assert_eq!(&surrogate[..2], country);
        prop_assert_eq!(&iban(&surrogate[..2], &surrogate[4..]), &surrogate);
        prop_assert_eq!(inverted("iban", &surrogate), Ok(value));
    }

    #[test]
    fn the_key_turns_a_card_back(body in "[0-9]{12,18}") {
        let value = card(&body);
        let surrogate = surrogate("card", &value).unwrap();
        prop_assert_eq!(surrogate.len(), value.len());
        prop_assert_eq!(&surrogate[..6], &value[..6]);
        prop_assert!(kind::card::luhn(surrogate.as_bytes()));
        prop_assert_eq!(inverted("card", &surrogate), Ok(value));
    }

    #[test]
    fn the_key_turns_an_address_back(v4: [u8; 4], v6: [u16; 8]) {
        for address in [std::net::IpAddr::from(v4), std::net::IpAddr::from(v6)] {
            let value = address.to_string();
            let surrogate = surrogate("ip", &value).unwrap();
            let parsed = kind::ip::parse_v4(surrogate.as_bytes())
                .or_else(|| kind::ip::parse_v6(surrogate.as_bytes()));
            let canonical = parsed.unwrap().canonical;
            prop_assert_eq!(canonical.as_bytes(), surrogate.as_bytes());
            prop_assert_eq!(surrogate.contains(':'), address.is_ipv6());
            prop_assert_eq!(inverted("ip", &surrogate), Ok(value));
        }
    }

    #[test]
    fn addresses_share_as_many_bits_as_their_surrogates(a: u32, b: u32, shared in 0..=32_u32) {
        let b = if shared == 0 { b } else { a ^ (b.checked_shr(shared).unwrap_or(0)) };
        let of = |address: u32| -> u32 {
            let text = std::net::Ipv4Addr::from(address).to_string();
            surrogate("ip", &text).unwrap().parse::<std::net::Ipv4Addr>().unwrap().into()
        };
        prop_assert_eq!((of(a) ^ of(b)).leading_zeros(), (a ^ b).leading_zeros());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "[+0-9A-Za-z;=.:@-]{0,40}", number: i64) {
        let all = surrogates("default");
        for value in [&bytes[..], text.as_bytes()] {
            for (at, name) in NAMES.iter().enumerate() {
                let kind = KindId(at as u8);
                let made = all.of_bytes(kind, value, EmailDomain::Kept);
                prop_assert_eq!(made.err(), check_bytes(name, value).err());
                let _ = all.invert(kind, value, &mut Vec::new());
                let _ = all.surrogate_integer(kind, number);
                let _ = all.invert_integer(kind, number);
            }
        }
    }
}
