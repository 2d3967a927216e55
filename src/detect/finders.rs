//! Which rule is behind each of the built-in recognisers.

use crate::kind::scheme::{Scheme, SchemeSet};
use crate::rules::{KindId, KindSet, Recogniser, RuleId, RuleSet};

use super::context::RuleSetBits;
use super::recognise;

/// The rules behind the built-in recognisers, where the rule set has them.
#[derive(Debug, Default)]
pub(super) struct Finders {
    pub(super) email: Option<RuleId>,
    pub(super) phone: Option<RuleId>,
    pub(super) iban: Option<RuleId>,
    pub(super) ipv4: Option<RuleId>,
    pub(super) ipv6: Option<RuleId>,
    pub(super) ipv4_host: Option<RuleId>,
    pub(super) ip_local: Option<RuleId>,
    pub(super) card: Option<RuleId>,
    pub(super) mac: Option<RuleId>,
    pub(super) name: Option<RuleId>,
    pub(super) address: Option<RuleId>,
    pub(super) birth_date: Option<RuleId>,
    pub(super) coordinates: Option<RuleId>,
    pub(super) device_id: Option<RuleId>,
    pub(super) secret: Option<RuleId>,
    pub(super) secret_keys: Option<recognise::secret::Keys>,
    pub(super) url_profile: Option<RuleId>,
    pub(super) plate: Option<RuleId>,
    /// A line of a machine readable zone, which is no run of groups as other identifiers are.
    pub(super) mrz: Option<RuleId>,
    pub(super) of_plates: Announced,
    pub(super) of_birth_dates: Announced,
    pub(super) of_schemes: Announced,
    pub(super) of_phones: Announced,
    pub(super) of_devices: Announced,
    /// By the number of letters and digits of an identifier.
    pub(super) schemes: Vec<Vec<(RuleId, &'static Scheme, SchemeSet)>>,
}

/// Rules that are nothing without support, with their kinds.
#[derive(Debug, Default)]
pub(super) struct Announced {
    pub(super) rules: RuleSetBits,
    pub(super) kinds: KindSet,
    /// Other numbers look like their values.
    pub(super) are_imitated: bool,
}

impl Announced {
    fn add(&mut self, rule: RuleId, kind: KindId) {
        self.rules.insert(rule);
        self.kinds.insert(kind);
    }
}

impl Finders {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut finders = Self::default();
        finders.of_schemes.are_imitated = true;
        finders.of_phones.are_imitated = true;
        finders.of_devices.are_imitated = true;
        for id in rules.rule_ids() {
            let slot = match &rules.rule(id).recogniser {
                Recogniser::Email => &mut finders.email,
                Recogniser::Phone => {
                    finders.of_phones.add(id, rules.rule(id).kind);
                    &mut finders.phone
                }
                Recogniser::Iban => &mut finders.iban,
                Recogniser::Ipv4 => &mut finders.ipv4,
                Recogniser::Ipv6 => &mut finders.ipv6,
                Recogniser::Ipv4Host => &mut finders.ipv4_host,
                Recogniser::IpLocal => &mut finders.ip_local,
                Recogniser::Card => &mut finders.card,
                Recogniser::Mac => &mut finders.mac,
                Recogniser::Scheme(scheme) => {
                    if scheme.is_word {
                        continue;
                    }
                    finders.of_schemes.add(id, rules.rule(id).kind);
                    if scheme.is_mrz() {
                        finders.mrz = Some(id);
                    }
                    for length in scheme.lengths() {
                        let needed = finders.schemes.len().max(length + 1);
                        finders.schemes.resize(needed, Vec::new());
                        finders.schemes[length].push((id, *scheme, SchemeSet::of(scheme)));
                    }
                    continue;
                }
                Recogniser::Name => &mut finders.name,
                Recogniser::Address => &mut finders.address,
                Recogniser::BirthDate => {
                    finders.of_birth_dates.add(id, rules.rule(id).kind);
                    &mut finders.birth_date
                }
                Recogniser::Coordinates => &mut finders.coordinates,
                Recogniser::DeviceId => {
                    finders.of_devices.add(id, rules.rule(id).kind);
                    &mut finders.device_id
                }
                Recogniser::Secret => {
                    finders.secret_keys = Some(recognise::secret::Keys::new(rules.rule(id)));
                    &mut finders.secret
                }
                Recogniser::UrlProfile => &mut finders.url_profile,
                Recogniser::Plate => {
                    finders.of_plates.add(id, rules.rule(id).kind);
                    &mut finders.plate
                }
                // User agents are found as whole values only, where the name of the field says so.
                Recogniser::UserAgent | Recogniser::Pattern(_) => continue,
            };
            *slot = Some(id);
        }
        finders
    }

    /// The rules whose numbers are nothing without support.
    pub(super) fn announced(&self) -> RuleSetBits {
        let Self { of_plates, of_birth_dates, of_schemes, of_phones, of_devices, .. } = self;
        [of_plates, of_birth_dates, of_schemes, of_phones, of_devices]
            .into_iter()
            .fold(RuleSetBits::default(), |all, announced| all.or(announced.rules))
    }
}
