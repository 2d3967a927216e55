//! Business identifier codes of banks.

use super::{Compact, Shape, Spelling};

/// The written forms: institution, country, location, and a branch.
const SHAPES: [Shape; 2] = [Shape::new("aaaa aa xx"), Shape::new("aaaa aa xx xxx")];

/// The country codes of ISO 3166-1, and `XK` for Kosovo, which SWIFT uses.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR \
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ \
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW \
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY \
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV \
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY \
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG \
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA \
    ZM ZW";

/// The compact form of a BIC: eight characters, or eleven with the branch.
///
/// There is no check digit: one word of eight letters in three has a country in its fifth and sixth
/// place, so it takes a name of a field, or an IBAN beside it, to believe one.
///
/// # Source
/// ISO 9362:2022 (the institution may have digits since 2014, and SWIFT issues none); ISO 3166-1.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Compact> {
    let spelling = Spelling::read(value)?;
    let bic = SHAPES.iter().find_map(|shape| shape.read(&spelling))?;
    let country = &bic.as_bytes()[4..6];
    COUNTRIES.split(' ').any(|code| code.as_bytes() == country).then_some(bic)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_have_a_country() {
        for (written, bic) in [
            ("DEUTDEFF", "DEUTDEFF"),
            ("deut de ff 500", "DEUTDEFF500"),
            ("NEDSZAJJXXX", "NEDSZAJJXXX"),
        ] {
            assert_eq!(parse(written.as_bytes()).unwrap().as_str(), bic);
        }
        for wrong in ["DEUTQQFF", "DEUTDEF", "DEUTDEFF50", "DEU1DEFF", "PASSWORD!"] {
            assert!(parse(wrong.as_bytes()).is_none(), "{wrong}");
        }
        assert_eq!(COUNTRIES.split(' ').count(), 250);
        assert!(COUNTRIES.split(' ').is_sorted());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(value in prop::collection::vec(any::<u8>(), 0..20)) {
            let _ = parse(&value);
        }
    }
}
