//! The rules that loup ships, as they are written in `rules/`.

use super::compile::Written;
use super::error::RuleError;

/// File name and text. The order is that of kinds and rules in every rule set.
const FILES: [(&str, &str); 7] = [
    ("rules/email.toml", include_str!("../../rules/email.toml")),
    ("rules/phone.toml", include_str!("../../rules/phone.toml")),
    ("rules/iban.toml", include_str!("../../rules/iban.toml")),
    ("rules/ipv4.toml", include_str!("../../rules/ipv4.toml")),
    ("rules/ipv6.toml", include_str!("../../rules/ipv6.toml")),
    ("rules/ipv4_host.toml", include_str!("../../rules/ipv4_host.toml")),
    ("rules/card.toml", include_str!("../../rules/card.toml")),
];

/// The built-in rules, read.
pub(super) fn written() -> Result<Vec<Written>, RuleError> {
    FILES.into_iter().map(|(file, text)| Written::read(file.to_owned(), text.to_owned())).collect()
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
            .map(|kind| (kind.name.as_str(), kind.prefix.as_str(), kind.operator.name()))
            .collect();
        assert_eq!(
            kinds,
            [
                ("email", "eml", "token"),
                ("phone", "tel", "token"),
                ("iban", "iba", "token"),
                ("ip", "ip", "token"),
                ("ip_host", "iph", "token"),
                ("card", "crd", "mask"),
            ]
        );
        let ids: Vec<_> = rules.rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids, ["email", "phone", "iban", "ipv4", "ipv6", "ipv4_host", "card"]);
    }

    #[test]
    fn a_file_is_named_after_its_rule() {
        for written in written().unwrap() {
            assert_eq!(written.file, format!("rules/{}.toml", written.rule.id));
        }
    }
}
