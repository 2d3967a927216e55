//! Business identifier codes of banks.

use super::{Scheme, Shape};

/// Business identifier code: institution, country, location, and perhaps a branch.
///
/// There is no check digit: one word of eight letters in three has a country in its fifth and sixth
/// place, so it takes the name of a field or a word beside it to believe one.
///
/// # Source
/// ISO 9362:2022 (the institution may have digits since 2014, and SWIFT issues none); ISO 3166-1.
pub(super) const BIC: Scheme =
    // 250 countries of 676 pairs of letters.
    Scheme::organisation("bic", "ZZ", 0.37)
        .like_a_word()
        .written(&[Shape::new("aaaa aa xx"), Shape::new("aaaa aa xx xxx")])
        .checked(|bic| COUNTRIES.split(' ').any(|code| code.as_bytes() == &bic[4..6]));

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

#[cfg(test)]
pub(super) use cases::CASES;

#[cfg(test)]
mod cases {
    use super::super::tests::Case;
    use super::{BIC, COUNTRIES};

    pub(in super::super) const CASES: &[Case] = &[Case {
        scheme: &BIC,
        valid: &[
            ("DEUTDEFF", "DEUTDEFF"),
            ("deut de ff 500", "DEUTDEFF500"),
            ("NEDSZAJJXXX", "NEDSZAJJXXX"),
        ],
        invalid: &["DEUTQQFF", "DEUTDEF", "DEUTDEFF50", "DEU1DEFF", "PASSWORD!"],
        generate: |source| {
            const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
            let bank = source.text(LETTERS, 4);
            let country = source.pick_of(&["FR", "DE", "GB", "US", "XK"]);
            let branch = source.pick_of(&["", "500", "XXX"]).to_owned();
            format!("{bank}{country}{}{branch}", source.text(LETTERS, 2))
        },
        missed: 1.0,
    }];

    #[test]
    fn the_countries_are_sorted() {
        assert_eq!(COUNTRIES.split(' ').count(), 250);
        assert!(COUNTRIES.split(' ').is_sorted());
    }
}
