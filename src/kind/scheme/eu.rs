//! VAT numbers of the member states of the European Union and of the United Kingdom, each with its
//! prefix.
//!
//! Some states give a sole trader a number that is the number of the person, so that it is personal
//! data as much as that one: such numbers are a scheme of their own.

use super::Subject::{Organisation, Person};
use super::{Compact, Scheme, Shape, Subject};
use super::{
    at, be, bg, check, cy, cz, dk, ee, es, fi, fr, gb, gr, hu, ie, it, lt, lu, lv, mt, nl,
};
use super::{pl, pt, ro, se, si};

/// VAT number of a legal person, or of no one knows whom.
///
/// # Source
/// Directive 2006/112/EC, article 215; VIES, structures and algorithms of the member states.
pub(super) const VAT: Scheme =
    // One check digit of ten, in states that have one.
    Scheme::organisation("eu_vat", "ZZ", 0.1)
        .written(SHAPES)
        .completed(complete)
        .checked(|vat| holder(vat) == Some(Organisation));

/// VAT number of a natural person: Bulgarian EGN, Czech birth number, Cypriot tax code, Spanish DNI
/// and NIE, Italian codice fiscale, Latvian personal code, Dutch, Slovak and Swedish sole traders,
/// Portuguese NIF, Romanian CNP.
///
/// # Source
/// As [`VAT`].
pub(super) const VAT_PERSON: Scheme =
    // Bulgaria: one check digit of ten, or of another method.
    Scheme::person("eu_vat_person", "ZZ", 0.11)
        .written(SHAPES)
        .completed(complete)
        .checked(|vat| holder(vat) == Some(Person));

const SHAPES: &[Shape] = &[
    Shape::new("AT U dddddddd"),
    Shape::new("BE dddd.ddd.ddd"),
    Shape::new("BE ddd.ddd.ddd"),
    Shape::new("BG ddd ddd ddd"),
    Shape::new("BG dddddddddd"),
    Shape::new("CY dddddddda"),
    Shape::new("CZ dddddddd"),
    Shape::new("CZ ddddddddd"),
    Shape::new("CZ dddddddddd"),
    Shape::new("DE ddd ddd ddd"),
    Shape::new("DK dd dd dd dd"),
    Shape::new("EE ddd ddd ddd"),
    Shape::new("EL ddd ddd ddd"),
    Shape::new("GR ddd ddd ddd"),
    Shape::new("ES x-ddddddd-x"),
    Shape::new("FI dddd ddd d"),
    Shape::new("FR xx ddd ddd ddd"),
    Shape::new("GB ddd dddd dd"),
    Shape::new("GB ddd dddd dd ddd"),
    Shape::new("HR ddddddddddd"),
    Shape::new("HU ddddddd d"),
    Shape::new("IE ddddddd aa"),
    Shape::new("IE ddddddda"),
    Shape::new("IE dpddddda"),
    Shape::new("IT ddd dddd dddd"),
    Shape::new("IT aaa aaa ooaoo aooo a"),
    Shape::new("LT ddddddddd"),
    Shape::new("LT dddddddddddd"),
    Shape::new("LU ddd ddd dd"),
    Shape::new("LV dddd dddd ddd"),
    Shape::new("MT dddd dddd"),
    Shape::new("NL dddd.dd.ddd.Bdd"),
    Shape::new("PL ddd-ddd-dd-dd"),
    Shape::new("PT ddd ddd ddd"),
    Shape::new("RO dddd"),
    Shape::new("RO ddddd"),
    Shape::new("RO dddddd"),
    Shape::new("RO ddddddd"),
    Shape::new("RO dddddddd"),
    Shape::new("RO ddddddddd"),
    Shape::new("RO dddddddddd"),
    Shape::new("RO ddddddddddddd"),
    Shape::new("SE dddddd-dddd-dd"),
    Shape::new("SI dddd dddd"),
    Shape::new("SK dddd ddd ddd"),
    Shape::new("XI ddd dddd dd"),
    Shape::new("XI ddd dddd dd ddd"),
];

/// Old Belgian numbers get their zero, and Greece its prefix of VIES.
fn complete(vat: &mut Compact) {
    match vat.as_bytes() {
        [b'B', b'E', ..] => vat.pad(2, 12),
        [b'G', b'R', number @ ..] => {
            let mut greek = Compact::default();
            b"EL".iter().chain(number).for_each(|&byte| greek.push(byte));
            *vat = greek;
        }
        _ => {}
    }
}

/// Whom the number is of, if its check digits hold.
fn holder(vat: &[u8]) -> Option<Subject> {
    let (prefix, number) = vat.split_at(2);
    let organisation = |holds: bool| holds.then_some(Organisation);
    let person_or = |is_person: bool, is_organisation: bool| match (is_person, is_organisation) {
        (true, _) => Some(Person),
        (false, holds) => organisation(holds),
    };
    match prefix {
        b"AT" => organisation(at::is_vat(&number[1..])),
        b"BE" => organisation(be::is_vat(number)),
        b"BG" if number.len() == 9 => organisation(bg::is_vat_of_organisation(number)),
        b"BG" => person_or(
            bg::is_egn(number) || bg::is_foreigner(number),
            bg::is_vat_of_organisation(number),
        ),
        b"CY" if cy::is_tic(number) => person_or(cy::is_of_person(number), true),
        b"CZ" if number.len() == 8 => organisation(cz::is_vat_of_organisation(number)),
        b"CZ" => person_or(cz::is_vat_of_person(number), false),
        b"DE" => organisation(number[0] != b'0' && check::mod_11_10(number)),
        b"DK" => organisation(dk::is_vat(number)),
        b"EE" => organisation(ee::is_vat(number)),
        b"EL" => organisation(gr::is_afm(number)),
        b"ES" => person_or(es::is_vat_of_person(number), es::is_vat_of_organisation(number)),
        b"FI" => organisation(fi::is_vat(number)),
        b"FR" => organisation(fr::is_vat(number)),
        b"GB" | b"XI" => organisation(gb::is_vat(number)),
        b"HR" => organisation(check::mod_11_10(number)),
        b"HU" => organisation(hu::is_vat(number)),
        b"IE" => organisation(ie::is_vat(number)),
        b"IT" if number.len() == 16 => person_or(it::is_cf(number), false),
        b"IT" => organisation(it::is_vat(number)),
        b"LT" => organisation(lt::is_vat(number)),
        b"LU" => organisation(lu::is_vat(number)),
        b"LV" if number[0] > b'3' => organisation(lv::is_vat_of_organisation(number)),
        b"LV" => person_or(lv::is_pk(number), false),
        b"MT" => organisation(mt::is_vat(number)),
        b"NL" => person_or(nl::is_vat_of_person(number), nl::is_vat_of_organisation(number)),
        b"PL" => organisation(pl::is_vat(number)),
        b"PT" if pt::is_nif(number) => {
            person_or(pt::is_of_person(number), pt::is_of_organisation(number))
        }
        b"RO" if number.len() == 13 => person_or(ro::is_cnp(number), false),
        b"RO" => organisation(ro::is_vat(number)),
        b"SE" => person_or(se::is_vat_of_person(number), se::is_vat_of_organisation(number)),
        b"SI" => organisation(si::is_vat(number)),
        b"SK" if cz::is_slovak_vat(number) => person_or(cz::is_slovak_person(number), true),
        _ => None,
    }
}

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::check::{luhn, mod_11_10};
    use super::super::tests::{Case, Source, close, dot};
    use super::super::{bg, cz, es, it, lv, ro};
    use super::{VAT, VAT_PERSON};

    /// A prefix, the first digit, how many digits follow it, how many check digits, and the check:
    /// none where the state does not give out the number.
    type State = (&'static str, &'static str, usize, usize, fn(&str) -> Option<u32>);

    const ANY: &str = "0123456789";
    const NO_ZERO: &str = "123456789";

    fn number(digits: &str) -> u32 {
        digits.parse().unwrap()
    }

    /// What makes the weighted sum a multiple of 11, if it is one digit.
    fn to_11(digits: &str, weights: &[u32]) -> Option<u32> {
        Some((11 - dot(digits, weights) % 11) % 11).filter(|check| *check < 10)
    }

    /// The digit that makes a Slovak number a multiple of 11.
    fn slovak(digits: &str) -> Option<u32> {
        let check = (11 - number(digits) % 11 * 10 % 11) % 11;
        ("234789".contains(&digits[2..3]) && check < 10).then_some(check)
    }

    /// The states whose check sees every wrong digit.
    const EXACT: [State; 12] = [
        ("ATU", ANY, 6, 1, |n| {
            let doubled = |at: usize| [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][number(&n[at..=at]) as usize];
            let sum = dot(n, &[1, 0, 1, 0, 1, 0, 1]) + doubled(1) + doubled(3) + doubled(5);
            Some((96 - sum) % 10)
        }),
        ("BE", "01", 7, 2, |n| Some(97 - number(n) % 97)),
        ("DK", NO_ZERO, 6, 1, |n| to_11(n, &[2, 7, 6, 5, 4, 3, 2])),
        ("EE", ANY, 7, 1, |n| Some((10 - dot(n, &[3, 7, 1, 3, 7, 1, 3, 7]) % 10) % 10)),
        ("FI", ANY, 6, 1, |n| to_11(n, &[7, 9, 10, 5, 8, 4, 2])),
        ("HU", ANY, 6, 1, |n| Some((10 - dot(n, &[9, 7, 3, 1, 9, 7, 3]) % 10) % 10)),
        ("LU", ANY, 5, 2, |n| Some(number(n) % 89)),
        ("LV", "456789", 9, 1, |n| {
            let check = (14 - dot(n, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6]) % 11) % 11;
            (check < 10).then_some(check)
        }),
        ("MT", NO_ZERO, 5, 2, |n| Some(37 - dot(n, &[3, 4, 6, 7, 8, 9]) % 37)),
        ("PL", ANY, 8, 1, |n| {
            let check = dot(n, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11;
            (check < 10).then_some(check)
        }),
        ("SI", NO_ZERO, 6, 1, |n| match 11 - dot(n, &[8, 7, 6, 5, 4, 3, 2]) % 11 {
            11 => None,
            check => Some(check % 10),
        }),
        ("SK", "2456789", 8, 1, slovak),
    ];

    /// The states where one digit stands for two remainders, or a second sum for the first.
    const FOLDED: [State; 8] = [
        ("BG", ANY, 7, 1, |n| match dot(n, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11 {
            10 => Some(dot(n, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10),
            check => Some(check),
        }),
        ("CZ", "012345678", 6, 1, |n| match 11 - dot(n, &[8, 7, 6, 5, 4, 3, 2]) % 11 {
            11 => Some(1),
            check => Some(check % 10),
        }),
        ("EL", ANY, 7, 1, |n| Some(dot(n, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10)),
        ("GB", NO_ZERO, 6, 2, |n| {
            let sum = dot(n, &[8, 7, 6, 5, 4, 3, 2]);
            // Since 2009 there is 55 in the sum of some.
            Some(97 - (sum + if n.ends_with('1') { 55 } else { 0 }) % 97)
        }),
        ("LT", ANY, 7, 1, |n| match dot(n, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11 {
            _ if !n.ends_with('1') => None,
            10 => Some(dot(n, &[3, 4, 5, 6, 7, 8, 9, 1]) % 11 % 10),
            check => Some(check),
        }),
        ("PT", "56789", 7, 1, |n| Some(to_11(n, &[9, 8, 7, 6, 5, 4, 3, 2]).unwrap_or(0))),
        ("RO", NO_ZERO, 8, 1, |n| Some(10 * dot(n, &[7, 5, 3, 2, 1, 7, 5, 3, 2]) % 11 % 10)),
        ("RO", NO_ZERO, 4, 1, |n| Some(10 * dot(n, &[1, 7, 5, 3, 2]) % 11 % 10)),
    ];

    fn of_state(source: &mut Source, states: &[State]) -> String {
        let (prefix, first, len, width, check) = states[source.below(states.len() as u32) as usize];
        source.until(|source| {
            let body = format!("{}{}", source.pick(first), source.digits(len));
            Some(format!("{prefix}{body}{:0width$}", check(&body)?))
        })
    }

    /// A Dutch number that passes the eleven test, and its suffix.
    fn dutch(source: &mut Source, first: &str) -> String {
        source.until(|source| {
            let body = format!("{}{}", source.pick(first), source.digits(7));
            let check = dot(&body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            (check < 10).then(|| format!("NL{body}{check}B{:02}", 1 + source.below(99)))
        })
    }

    fn swedish(source: &mut Source, front: &str) -> String {
        let number = close(&format!("{front}{}", source.digits(9 - front.len())), luhn);
        format!("SE{number}{:02}", 1 + source.below(94))
    }

    pub(in super::super) const CASES: &[Case] = &[
        Case {
            scheme: &VAT,
            valid: &[
                ("ATU13585627", "ATU13585627"),
                ("BE 428759497", "BE0428759497"),
                ("BE 0697.449.992", "BE0697449992"),
                ("CY 10259033P", "CY10259033P"),
                ("DE136695976", "DE136695976"),
                ("DK 13 58 56 28", "DK13585628"),
                ("EE 100 931 558", "EE100931558"),
                ("ES B-5837843-1", "ESB58378431"),
                ("FI 20774740", "FI20774740"),
                ("Fr 40 303 265 045", "FR40303265045"),
                ("FRK7399859412", "FRK7399859412"),
                ("FR4Z123456782", "FR4Z123456782"),
                ("HR 33392005961", "HR33392005961"),
                ("HU 12892312", "HU12892312"),
                ("IE 6433435F", "IE6433435F"),
                ("IE 6433435OA", "IE6433435OA"),
                ("IE8D79739I", "IE8D79739I"),
                ("IT 00743110157", "IT00743110157"),
                ("LU 150 274 42", "LU15027442"),
                ("LV 4000 3521 600", "LV40003521600"),
                ("MT 1167 9112", "MT11679112"),
                ("PL 856-734-62-15", "PL8567346215"),
                ("SI 5022 3054", "SI50223054"),
                ("SK 2022749619", "SK2022749619"),
            ],
            invalid: &[
                "ATU13585626",
                "DE136695978",
                "136695976",
                "FR84323140391",
                "FRIO334175221",
                "US136695976",
                "ES54362315K",
            ],
            generate: |source| match source.below(18) {
                0 => format!("HR{}", close(&source.digits(10), mod_11_10)),
                1 => {
                    let siren = close(&source.digits(8), luhn);
                    let key = (12 + 3 * (siren.parse::<u32>().unwrap() % 97)) % 97;
                    format!("FR{key:02}{siren}")
                }
                2 => {
                    let body =
                        format!("{}{}", source.pick_of(&["10", "30", "50"]), source.digits(6));
                    format!("CY{body}{}", it::letter(&body))
                }
                3 => {
                    let body = format!("{}{}", source.pick(NO_ZERO), source.digits(7));
                    format!("DE{}", close(&body, mod_11_10))
                }
                4 => {
                    let body = close(&source.digits(7), luhn);
                    let (form, check) = (source.pick("ABEHNPQRSUVW"), number(&body[7..]));
                    let last = match form {
                        'A' | 'B' | 'E' | 'H' | 'U' | 'V' => b"0123456789"[check as usize],
                        _ => b"JABCDEFGHI"[check as usize],
                    };
                    format!("ES{form}{}{}", &body[..7], char::from(last))
                }
                5 => {
                    let body = source.digits(7);
                    let rest = dot(&body, &[8, 7, 6, 5, 4, 3, 2]) % 23;
                    format!("IE{body}{}", char::from(b"WABCDEFGHIJKLMNOPQRSTUV"[rest as usize]))
                }
                6 => {
                    let office = source.pick_of(&["001", "048", "100", "120", "121", "888", "999"]);
                    let body = format!("{}{}{office}", source.digits(6), source.pick(NO_ZERO));
                    format!("IT{}", close(&body, luhn))
                }
                _ => of_state(source, &EXACT),
            },
            missed: 0.0,
        },
        Case {
            scheme: &VAT,
            valid: &[
                ("BG 175 074 752", "BG175074752"),
                ("CZ 25123891", "CZ25123891"),
                ("EL 094259216", "EL094259216"),
                ("GR 094259216", "EL094259216"),
                ("GB 980 7806 84", "GB980780684"),
                ("XI 980 7806 84", "XI980780684"),
                ("LT 119511515", "LT119511515"),
                ("LT 100001919017", "LT100001919017"),
                ("LT100004801610", "LT100004801610"),
                ("NL0044.95.445.B01", "NL004495445B01"),
                ("PT 501 964 843", "PT501964843"),
                ("RO18547290", "RO18547290"),
                ("SE 123456789701", "SE123456789701"),
            ],
            invalid: &["GB802311781", "PT123456789", "NL1112.22.333.B01"],
            generate: |source| match source.below(10) {
                0 => dutch(source, "8"),
                1 => {
                    let front = format!("{}2", source.pick_of(&["55", "80", "99"]));
                    swedish(source, &front)
                }
                _ => of_state(source, &FOLDED),
            },
            // Besides, nothing checks the suffix of the Netherlands and Sweden.
            missed: 0.07,
        },
        Case {
            scheme: &VAT_PERSON,
            valid: &[
                ("ES 54362315K", "ES54362315K"),
                ("ES X-5253868-R", "ESX5253868R"),
                ("ESM1234567L", "ESM1234567L"),
                ("BG 7523169263", "BG7523169263"),
                ("BG 7111042925", "BG7111042925"), // foreigner
                ("CZ 7103192745", "CZ7103192745"),
                ("CZ640903926", "CZ640903926"),
                ("CY 00123123T", "CY00123123T"),
                ("IT RCC MNL 83S18 D969H", "ITRCCMNL83S18D969H"),
                ("LV 16117519997", "LV16117519997"),
                ("NL 1112.22.333 B01", "NL111222333B01"),
                ("NL002455799B11", "NL002455799B11"), // a number of a sole trader since 2020
                ("PT 123 456 789", "PT123456789"),
                ("RO1630615123457", "RO1630615123457"),
                ("SE 8112289874 01", "SE811228987401"),
            ],
            invalid: &[
                "DE136695976",
                "PT501964843",
                "ES54362315Z",
                "SE123456789701",
                "CZ7103192746",
            ],
            generate: |source| match source.below(10) {
                0 => {
                    let body = format!("{}{}", source.pick("123"), source.digits(7));
                    let check = to_11(&body, &[9, 8, 7, 6, 5, 4, 3, 2]).unwrap_or(0);
                    format!("PT{body}{check}")
                }
                1 => format!("IT{}", it::generate(source)),
                2 => format!("BG{}", (bg::CASES[0].generate)(source)),
                3 => format!("CZ{}", (cz::CASES[0].generate)(source)),
                4 => format!("ES{}", (es::CASES[source.below(2) as usize].generate)(source)),
                5 => format!("LV{}", (lv::CASES[0].generate)(source)),
                6 => format!("RO{}", (ro::CASES[0].generate)(source)),
                7 => dutch(source, "1234567"),
                8 => of_state(source, &[("SK", "13", 8, 1, slovak)]),
                _ => {
                    let (year, month, day) = source.date(1930, 2006);
                    swedish(source, &format!("{:02}{month:02}{day:02}", year % 100))
                }
            },
            // One digit for two remainders, suffixes, and Bulgarian numbers of foreigners.
            missed: 0.08,
        },
    ];
}
