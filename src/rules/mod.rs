//! Rules as data: what each kind looks like, the words around it, what must and must not match.
//!
//! A rule is a TOML file ([`syntax`] is how it reads, `rules/` holds the built-in ones). `compile`
//! checks the rules together and turns them into a [`RuleSet`], in which kinds and rules are small
//! numbers; [`lint`] looks for what is allowed and yet a mistake. Nothing here reads data: a rule
//! names its recogniser, and `detect` runs it.

mod builtin;
mod compile;
mod error;
mod hints;
pub mod lint;
pub mod syntax;
mod validator;
mod words;

use std::path::Path;

pub use self::error::{Problem, RuleError};
pub use self::hints::{HintSet, KindSet};
pub use self::validator::Validator;

use self::hints::HintIndex;
use crate::kind::scheme::Scheme;
use crate::kind::{
    Canonical, Parsed, Region, Strength, address, birth_date, card, coordinates, device_id, email,
    iban, ip, mac, name, phone, plate, secret, url_profile, user_agent,
};
use crate::operator::Operator;

/// Index of a kind in its [`RuleSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KindId(pub u8);

/// Index of a rule in its [`RuleSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub u8);

/// A kind as its rules declare it.
#[derive(Debug, Clone)]
pub struct Kind {
    /// `email`: 1 to 32 of `a-z 0-9 _`.
    pub name: String,
    /// `eml`: the prefix of its tokens, 2 to 8 of `a-z`. Nothing for a kind that is never
    /// pseudonymised, such as a password.
    pub prefix: Option<String>,
    /// `contact`, `financial`, `online_identifier` …: for the register of Article 30 GDPR.
    pub category: String,
    /// What happens to it when no policy says otherwise.
    pub operator: Operator,
    /// What finds it, in order.
    pub rules: Vec<RuleId>,
}

/// How the values of a rule are found and validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recogniser {
    Email,
    Phone,
    Iban,
    Ipv4,
    Ipv6,
    /// An IPv4 address spelled in a host name: `82-252-162-81.example.net`.
    Ipv4Host,
    /// An address that is nobody's: loopback or unspecified.
    IpLocal,
    Card,
    /// A hardware address.
    Mac,
    /// The name of a person.
    Name,
    /// A postal address.
    Address,
    BirthDate,
    Coordinates,
    DeviceId,
    Plate,
    /// A password, a hash of one, a key.
    Secret,
    /// The address of somebody's profile on the web.
    UrlProfile,
    UserAgent,
    /// An identifier of a numbering scheme, such as a national identity number.
    Scheme(&'static Scheme),
    /// A user's rule: a regular expression (Rust `regex` syntax, Unicode on), known to compile and
    /// never to match nothing.
    Pattern(String),
}

/// A compiled rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `email`: 1 to 32 of `a-z 0-9 _`.
    pub id: String,
    pub kind: KindId,
    /// One sentence for `loup rules list`.
    pub description: String,
    pub recogniser: Recogniser,
    /// What a match of [`Recogniser::Pattern`] has to pass besides; the others have their own.
    pub validator: Option<Validator>,
    /// Probability that a candidate of each evidence class is right where no column speaks.
    pub confidence: ClassConfidence,
    /// Share of random values of the right shape that the check digits accept (Luhn: 0.1); 0 where
    /// there are none.
    pub chance: f64,
    /// Lower-case words that support a candidate near them, all languages together, each as
    /// written and without accents; sorted, each once.
    pub context: Vec<String>,
    /// Lower-case words that speak against it, in the same form.
    pub negative: Vec<String>,
    /// Names of fields that hold this kind, as lower-case words without accents with a space between
    /// them: `phone`, `client ip`, and `clientip` with it. None is empty.
    pub hints: Vec<String>,
    /// Names of fields that hold this kind if the values agree.
    pub weak_hints: Vec<String>,
    /// Names of fields that do not.
    pub negative_hints: Vec<String>,
    /// Standards and registers, by name or address.
    pub references: Vec<String>,
    /// Texts in which the rule must find a value.
    pub examples: Vec<Example>,
    /// Texts in which it must find nothing.
    pub no_match: Vec<String>,
}

/// A text and what a rule must find in it: the first finding of the rule is exactly `value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pub text: String,
    /// A part of `text`, or all of it.
    pub value: String,
}

/// See [`Rule::confidence`]. Each 0 to 1, in descending order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassConfidence {
    pub certain: f64,
    pub supported: f64,
    pub bare: f64,
    /// Of a shape that a name or a word speaks for, where the rule says.
    pub hint: Option<f64>,
    pub shape: f64,
}

impl Rule {
    /// The whole of `value` as a value of this rule.
    ///
    /// `regions` are for national telephone numbers. A pattern's value is taken as found: its
    /// validator alone is asked, and makes it strong.
    #[must_use]
    pub fn parse(&self, value: &[u8], regions: &[Region]) -> Option<Parsed> {
        match self.recogniser {
            Recogniser::Email => email::parse(value),
            Recogniser::Phone => phone::parse(value, regions),
            Recogniser::Iban => iban::parse(value).or_else(|| iban::parse_rib(value)),
            Recogniser::Ipv4 => ip::parse_v4(value),
            Recogniser::Ipv6 => ip::parse_v6(value),
            Recogniser::Ipv4Host => ip::parse_host(value),
            Recogniser::IpLocal => ip::parse_local(value),
            Recogniser::Card => card::parse(value),
            Recogniser::Mac => mac::parse(value),
            Recogniser::Name => name::parsed(value),
            Recogniser::Address => address::parsed(value),
            Recogniser::BirthDate => birth_date::parse(value),
            Recogniser::Coordinates => coordinates::parse(value),
            Recogniser::DeviceId => device_id::parse(value),
            Recogniser::Plate => plate::parse(value),
            Recogniser::Secret => secret::parse(value),
            Recogniser::UrlProfile => url_profile::parse(value),
            Recogniser::UserAgent => user_agent::parse(value),
            Recogniser::Scheme(scheme) => scheme.parse(value).map(|number| scheme.parsed(&number)),
            Recogniser::Pattern(_) => {
                let strength = match self.validator {
                    Some(validator) if validator.accepts(value) => Strength::Strong,
                    Some(_) => return None,
                    None => Strength::Weak,
                };
                Some(Parsed { canonical: Canonical::of_pattern(value), strength, region: None })
            }
        }
    }

    /// Whether `value` looks like a value of this rule and need not validate: what is mistyped in a
    /// field of the kind.
    #[must_use]
    pub fn is_shape(&self, value: &[u8]) -> bool {
        match self.recogniser {
            Recogniser::Email => email::is_shape(value),
            Recogniser::Phone => phone::is_shape(value),
            Recogniser::Iban => iban::is_shape(value),
            Recogniser::Card => card::is_shape(value),
            Recogniser::Scheme(scheme) => scheme.is_shape(value),
            Recogniser::Mac => mac::is_shape(value),
            Recogniser::Name => name::is_shape(value),
            Recogniser::Address => address::is_shape(value),
            Recogniser::BirthDate => birth_date::is_shape(value),
            Recogniser::Coordinates => coordinates::is_shape(value),
            Recogniser::DeviceId => device_id::is_shape(value),
            Recogniser::Plate => plate::is_shape(value),
            Recogniser::Secret => secret::is_shape(value),
            Recogniser::UrlProfile => url_profile::is_shape(value),
            Recogniser::UserAgent => user_agent::is_shape(value),
            Recogniser::Ipv4
            | Recogniser::Ipv6
            | Recogniser::Ipv4Host
            | Recogniser::IpLocal
            | Recogniser::Pattern(_) => false,
        }
    }
}

/// The compiled rules of a run: the built-in ones with the user's added or put in their place.
#[derive(Debug, Clone)]
pub struct RuleSet {
    pub kinds: Vec<Kind>,
    pub rules: Vec<Rule>,
    /// Which names of fields speak for which kinds.
    hints: HintIndex,
    /// SHA-256 of the rules as written, in the order of their ids, hex: goes into maps and
    /// manifests. A comment changes it, the order of files does not.
    pub digest: String,
}

impl RuleSet {
    /// The rules that loup ships.
    #[must_use]
    pub fn builtin() -> Self {
        Self::load(None).expect("the built-in rules compile: a test compiles them")
    }

    /// The built-in rules, and those of the `.toml` files right inside `dir`: one with the id of a
    /// built-in rule replaces it, others are added.
    ///
    /// # Errors
    /// [`RuleError`], with the file: it cannot be read, is no rule, or does not go with the others.
    pub fn load(dir: Option<&Path>) -> Result<Self, RuleError> {
        let mut written = builtin::written()?;
        if let Some(dir) = dir {
            written = compile::with_replacements(written, compile::read_dir(dir)?)?;
        }
        compile::compile(written)
    }

    /// The names of all kinds, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().map(|kind| kind.name.as_str())
    }

    /// The prefixes of their tokens, in order; empty where a kind has none.
    pub fn prefixes(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().map(|kind| kind.prefix.as_deref().unwrap_or_default())
    }

    /// The names of all kinds with the prefixes of their tokens, in order.
    pub fn names_and_prefixes(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.kinds.iter().map(|kind| (kind.name.as_str(), kind.prefix.as_deref()))
    }

    /// The indices of all kinds, in order.
    pub fn kind_ids(&self) -> impl Iterator<Item = KindId> {
        // At most 256 rules make at most as many kinds.
        (0..self.kinds.len()).map_while(|index| u8::try_from(index).ok().map(KindId))
    }

    /// The kind of that index.
    ///
    /// # Panics
    /// Where `id` is another rule set's.
    #[must_use]
    pub fn kind(&self, id: KindId) -> &Kind {
        &self.kinds[usize::from(id.0)]
    }

    /// The rule of that index.
    ///
    /// # Panics
    /// Where `id` is another rule set's.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[usize::from(id.0)]
    }

    /// The kind of that name.
    #[must_use]
    pub fn kind_id(&self, name: &str) -> Option<KindId> {
        let at = self.kinds.iter().position(|kind| kind.name == name)?;
        u8::try_from(at).ok().map(KindId)
    }

    /// The confidence of the kind's candidates by class: of its rules, the surest in each class.
    #[must_use]
    pub fn confidence(&self, kind: KindId) -> ClassConfidence {
        let none =
            ClassConfidence { certain: 0.0, supported: 0.0, bare: 0.0, hint: None, shape: 0.0 };
        self.of_kind(kind).fold(none, |best, rule| ClassConfidence {
            certain: best.certain.max(rule.confidence.certain),
            supported: best.supported.max(rule.confidence.supported),
            bare: best.bare.max(rule.confidence.bare),
            hint: rule.confidence.hint.or(best.hint),
            shape: best.shape.max(rule.confidence.shape),
        })
    }

    /// The share of random values of the right shape that the kind's check digits accept.
    #[must_use]
    pub fn chance(&self, kind: KindId) -> f64 {
        self.of_kind(kind).map(|rule| rule.chance).fold(0.0, f64::max)
    }

    fn of_kind(&self, kind: KindId) -> impl Iterator<Item = &Rule> {
        self.kind(kind).rules.iter().map(|id| self.rule(*id))
    }

    /// The indices of all rules, in order.
    pub fn rule_ids(&self) -> impl Iterator<Item = RuleId> {
        (0..self.rules.len()).map_while(|index| u8::try_from(index).ok().map(RuleId))
    }

    /// The rules of a kind in order, those of numbering schemes of `regions` first.
    pub fn rules_of(&self, kind: KindId, regions: &[Region]) -> impl Iterator<Item = RuleId> {
        let is_near = |id: &RuleId| match &self.rule(*id).recogniser {
            Recogniser::Scheme(scheme) => {
                regions.iter().any(|region| region.as_str() == scheme.region)
            }
            _ => true,
        };
        let of_kind = || self.kind(kind).rules.iter().copied();
        of_kind().filter(is_near).chain(of_kind().filter(move |id| !is_near(id)))
    }

    /// The kinds that a field of that name holds, by its name alone.
    ///
    /// The name is split into words where it is not alphanumeric, where lower case turns to upper
    /// and between letters and digits; case and accents do not count. A rule's hint says yes where
    /// its words follow each other among the name's; one negative hint of the rule says no. So
    /// `customerEmail`, `N° de téléphone` and `clientip` are hinted, `hotel` and `phone_type` not.
    ///
    /// The set also knows which kinds the name speaks against: an `EAN` is no telephone number. That
    /// is asked of the last step of a path only, and of the kinds that plain digits imitate.
    #[must_use]
    pub fn hinted(&self, field_name: &str) -> HintSet {
        self.hints.of(field_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hinted(name: &str) -> Vec<String> {
        let rules = RuleSet::builtin();
        let hints = rules.hinted(name);
        let is_hinted = |kind: &&Kind| hints.contains(rules.kind_id(&kind.name).unwrap());
        rules.kinds.iter().filter(is_hinted).map(|kind| kind.name.clone()).collect()
    }

    #[test]
    fn names_of_fields_hint_at_kinds() {
        for (kind, names) in [
            (
                "email",
                &[
                    "Email",
                    "Email 2",
                    "customerEmail",
                    "adresse e-mail",
                    "EMAIL_ADDRESS",
                    "e_mail",
                    "eMail",
                    "$.user.emails[*]",
                    "courriel",
                    "emailaddress",
                    "contact.Email",
                    "userMail",
                ][..],
            ),
            (
                "phone",
                &[
                    "Phone",
                    "Phone 1",
                    "phone2",
                    "msisdn",
                    "numero_telephone",
                    "N° de téléphone",
                    "TÉLÉPHONE",
                    "Mobile",
                    "tel",
                    "Tel.",
                    "telNo",
                    "phonenumber",
                    "Telefonnummer",
                    "nr telefonu",
                    "contactPhone",
                ],
            ),
            ("iban", &["iban", "IBAN du client", "bankAccount", "compte_bancaire"]),
            (
                "ip",
                &[
                    "ip",
                    "clientIp",
                    "clientIP",
                    "IPAddress",
                    "client_ip",
                    "remote_addr",
                    "ip address",
                    "ipaddress",
                    "rhost",
                    "src_ip",
                    "adresse IP",
                    "X-Forwarded-For",
                ],
            ),
            (
                "card",
                &[
                    "card_number",
                    "carte bancaire",
                    "cardNumber",
                    "PAN",
                    "creditcard",
                    "N° de carte",
                ],
            ),
        ] {
            for name in names {
                assert!(
                    hinted(name).iter().any(|hinted| hinted == kind),
                    "{name}: {:?}",
                    hinted(name)
                );
            }
        }
    }

    #[test]
    fn other_names_hint_at_nothing() {
        for name in [
            "hotel",
            "shipping",
            "zip",
            "description",
            "telemetry",
            "Index",
            "Customer Id",
            "Subscription Date",
            "Website",
            "EAN",
            "email_verified",
            "phone_type",
            "ip_version",
            "company",
            "gift card number",
            "mailbox_count",
            "mobile_os",
            "card_type",
            "",
            "---",
            "Stock",
            "Internal ID",
        ] {
            assert_eq!(hinted(name), [""; 0], "{name}");
        }
    }

    #[test]
    fn negative_hints_speak_against_a_kind() {
        let rules = RuleSet::builtin();
        let denies = |name, kind| rules.hinted(name).denies(rules.kind_id(kind).unwrap());
        assert!(denies("EAN", "phone") && denies("$.product.ean", "card"));
        assert!(!denies("EAN", "email") && !denies("Phone", "phone"));
        assert!(!denies("$.ean.phone", "phone"));
    }

    #[test]
    fn a_set_of_hints_holds_the_first_128_kinds_and_no_other() {
        let mut set = HintSet::default();
        assert!(set.is_empty());
        for kind in [0, 127, 128, 255] {
            set.insert(KindId(kind));
        }
        assert!(set.contains(KindId(0)) && set.contains(KindId(127)));
        assert!(!set.contains(KindId(1)) && !set.contains(KindId(128)));
    }

    #[test]
    fn kinds_and_rules_are_found_by_name_and_index() {
        let rules = RuleSet::builtin();
        let kind = rules.kind_id("ip").unwrap();
        assert_eq!(rules.kind(kind).prefix.as_deref(), Some("ip"));
        let of_kind: Vec<_> =
            rules.rules.iter().filter(|r| r.kind == kind).map(|r| &r.id).collect();
        assert_eq!(of_kind, ["ipv4", "ipv6"]);
        assert_eq!(rules.rule(RuleId(0)).id, "email");
        assert_eq!(rules.kind_id("nothing"), None);
    }
}
