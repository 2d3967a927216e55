//! The rules that loup ships, as they are written in `rules/`.

use super::compile::Written;
use super::error::RuleError;

/// File name, text, and what `build.rs` has made of it, of files in `rules/`.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$((
            concat!("rules/", $name, ".toml"),
            include_str!(concat!("../../rules/", $name, ".toml")),
            include_str!(concat!(env!("OUT_DIR"), "/rules/", $name, ".json")),
        )),*]
    };
}

/// File name, text and the same in JSON. The order is that of kinds and rules in every rule set.
const FILES: &[(&str, &str, &str)] = &files![
    "email",
    "phone",
    "iban",
    "ipv4",
    "ipv6",
    "ipv4_host",
    "ip_local",
    "card",
    "mac",
    "name",
    "address",
    "birth_date",
    "coordinates",
    "device_id",
    "plate",
    "secret",
    "url_profile",
    "user_agent",
    "national_id/at_svnr",
    "national_id/au_medicare",
    "national_id/au_tfn",
    "national_id/be_nn",
    "national_id/bg_egn",
    "national_id/bic",
    "national_id/br_cnpj",
    "national_id/br_cpf",
    "national_id/ca_sin",
    "national_id/ch_ahv",
    "national_id/ch_uid",
    "national_id/cn_ric",
    "national_id/cy_tic",
    "national_id/cz_rc",
    "national_id/de_idnr",
    "national_id/de_rvnr",
    "national_id/dk_cpr",
    "national_id/ee_isikukood",
    "national_id/es_dni",
    "national_id/es_nie",
    "national_id/eu_vat",
    "national_id/eu_vat_person",
    "national_id/fi_hetu",
    "national_id/fr_nir",
    "national_id/fr_nir_13",
    "national_id/fr_siren",
    "national_id/fr_siret",
    "national_id/fr_spi",
    "national_id/gb_nhs",
    "national_id/gb_nino",
    "national_id/gr_afm",
    "national_id/gr_amka",
    "national_id/hr_oib",
    "national_id/hu_ado",
    "national_id/hu_szemelyi",
    "national_id/hu_taj",
    "national_id/icao_mrz",
    "national_id/ie_pps",
    "national_id/in_aadhaar",
    "national_id/in_pan",
    "national_id/is_kennitala",
    "national_id/is_kennitala_org",
    "national_id/it_cf",
    "national_id/jmbg",
    "national_id/kr_rrn",
    "national_id/lei",
    "national_id/lt_asmens",
    "national_id/lu_matricule",
    "national_id/lv_pk",
    "national_id/mt_id",
    "national_id/mx_curp",
    "national_id/mx_rfc",
    "national_id/nl_bsn",
    "national_id/no_fnr",
    "national_id/no_orgnr",
    "national_id/passport",
    "national_id/pl_pesel",
    "national_id/pt_cc",
    "national_id/pt_nif",
    "national_id/ro_cnp",
    "national_id/se_pnr",
    "national_id/si_emso",
    "national_id/tr_kimlik",
    "national_id/us_itin",
    "national_id/us_ssn",
    "national_id/za_id",
];

/// The built-in rules, read.
pub(super) fn written() -> Result<Vec<Written>, RuleError> {
    FILES.iter().map(|(file, text, json)| Written::shipped(file, text, json)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    #[test]
    fn the_built_in_rules_compile_and_are_these() {
        let rules = RuleSet::load(None).unwrap();
        let kinds: Vec<_> = rules
            .kinds
            .iter()
            .map(|kind| {
                (kind.name.as_str(), kind.prefix.as_deref().unwrap_or("-"), kind.operator.name())
            })
            .collect();
        assert_eq!(
            kinds,
            [
                ("email", "eml", "token"),
                ("phone", "tel", "token"),
                ("iban", "iba", "token"),
                ("ip", "ip", "token"),
                ("ip_host", "iph", "token"),
                ("ip_local", "ipl", "keep"),
                ("card", "crd", "mask"),
                ("mac", "mac", "token"),
                ("name", "nam", "token"),
                ("address", "adr", "token"),
                ("birth_date", "dob", "generalize"),
                ("coordinates", "geo", "redact"),
                ("device_id", "dev", "token"),
                ("licence_plate", "plt", "token"),
                ("secret", "-", "drop"),
                ("url_profile", "url", "token"),
                ("user_agent", "uag", "keep"),
                ("national_id", "nid", "token"),
                ("organisation_id", "org", "keep"),
            ]
        );
        let ids: Vec<_> = rules.rules.iter().take(8).map(|rule| rule.id.as_str()).collect();
        assert_eq!(
            ids,
            ["email", "phone", "iban", "ipv4", "ipv6", "ipv4_host", "ip_local", "card"]
        );
    }

    #[test]
    fn what_the_build_made_of_a_rule_says_what_its_text_says() {
        for (file, text, json) in FILES {
            let read = Written::read((*file).to_owned(), (*text).to_owned()).unwrap();
            let shipped = Written::shipped(file, text, json).unwrap();
            assert_eq!(format!("{:?}", shipped.rule), format!("{:?}", read.rule));
        }
    }

    #[test]
    fn a_file_is_named_after_its_rule() {
        for written in written().unwrap() {
            let name = written.file.rsplit('/').next().unwrap();
            assert_eq!(name, format!("{}.toml", written.rule.id));
        }
    }
}
