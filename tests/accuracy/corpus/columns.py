"""Tables whose columns are full of one kind, of none, or of text with a value now and then.

Every kind of column comes once with a header that tells what it is and once with one that does not.
"""

from corpus import negatives, values
from corpus.national_ids import SCHEMES, national_id, same
from corpus.phones import PREFIX_00, REGIONS, TRUNK_ZERO, phone
from corpus.words import WORDS
from corpus.writer import Column

UNTELLING = {
    "tune": ["c1", "value", "field_7", "data", "col3", "x", "attr_2", "v", "text", "f4"],
    "held-out": ["column_a", "f12", "misc", "content", "k", "item3", "val", "raw2", "cell", "z9"],
}
# By kind: the names of the tune part, those of the held-out part.
HEADERS = {
    "email": ("email Email e-mail mail courriel contact_email user_email".split(),
              "email_address EMAIL adresse_mail correo customerEmail kontakt_email mail_to".split()),
    "phone": ("phone mobile telephone tel telefon phone_number portable msisdn".split(),
              "contact_phone cell numero_tel telefono handy Phone1 mobil gsm".split()),
    "iban": (["iban", "IBAN", "account_iban", "compte_bancaire"],
             ["bank_account", "iban_number", "kontonummer_iban", "IbanCode"]),
    "ip": (["ip", "ip_address", "client_ip", "remote_addr"],
           ["source_ip", "last_login_ip", "adresse_ip", "peerAddress"]),
    "card": (["card_number", "pan", "credit_card", "carte"],
             ["cc_number", "CardNo", "numero_carte", "payment_card"]),
    "mac": (["mac", "mac_address", "hwaddr"], ["device_mac", "MAC Address", "ethernet_address"]),
    "name/full": (["name", "full_name", "customer_name", "nom_complet"],
                  ["contact", "Display Name", "nombre_completo", "kunde"]),
    "name/first": (["first_name", "prenom", "vorname", "given_name"],
                   ["firstname", "Prénom", "nombre", "fname"]),
    "name/last": (["last_name", "nom", "nachname", "surname"],
                  ["lastname", "Nom de famille", "apellidos", "lname"]),
    "address/full": (["address", "adresse", "shipping_address"],
                     ["postal_address", "Adresse postale", "direccion", "anschrift"]),
    "address/street": (["street", "rue", "address1"], ["street_address", "voie", "strasse"]),
}  # fmt: skip
# Names of negative columns where the key itself would not do.
NEGATIVE_HEADERS = {
    "sequential_id": ["id", "user_id", "row_id"],
    "sequential_long": ["order_id", "record_id", "account_id"],
    "random_id": ["customer_ref", "external_id", "reference"],
    "epoch_s": ["created_at", "timestamp"],
    "epoch_ms": ["updated_ms", "ts"],
    "epoch_us": ["event_time_us", "ts_us"],
    "version_quad": ["version", "app_version"],
    "version_build": ["os_build", "build"],
    "version_browser": ["browser_version", "driver_version"],
    "ean13": ["ean", "barcode", "gtin"],
    "siret": ["siret", "numero_siret"],
    "order_no": ["order_no", "order_number"],
    "tracking": ["tracking_number", "colis"],
    "product": ["product", "product_name"],
    "company": ["company", "raison_sociale", "employer"],
    "city": ["city", "ville", "place"],
    "colour": ["colour", "color"],
}
NOTES = {
    "tune": ["{0} sent back, will call later: {1}", "see {1}", "customer asked: {1}"],
    "held-out": ["{0} is late ({1})", "follow up {1} tomorrow", "wants {0}; {1}"],
}
FILLER = [
    "all good",
    "to be checked",
    "waiting for stock",
    "no reply so far",
    "done on site",
    "second try",
]


class Spec:
    """A column to be made: how to draw a cell, of what kind it is, how it may be called."""

    def __init__(self, draw, kind, subkind, headers, invalid=0.0):
        self.draw, self.kind, self.subkind = draw, kind, subkind
        self.headers, self.invalid = headers, invalid

    def column(self, rng, part, rows, telling):
        header = rng.choice(self.headers if telling else UNTELLING[part])
        cells = []
        for row in range(rows):
            cell = self.draw(row)
            if self.invalid and rng.random() < self.invalid:
                cell = values.broken(rng, cell)
            cells.append(cell)
        return Column(header, cells, self.kind, self.subkind, telling)


def _headers(part, key):
    return HEADERS[key][0 if part == "tune" else 1]


def core_specs(rng, part):
    """Columns of the kinds that know no region."""
    draws = [
        ("email", "plain", lambda row: values.email(rng)),
        ("email", "upper", lambda row: values.email(rng, "upper")),
        ("iban", "any", lambda row: values.iban(rng)),
        ("ip", "v4", lambda row: values.ipv4(rng)),
        (
            "ip",
            "v6",
            lambda row: values.ipv6(rng, rng.choice([None, None, "full", "upper", "mapped"])),
        ),
        ("ip", "mixed", lambda row: values.ipv4(rng) if rng.random() < 0.7 else values.ipv6(rng)),
        ("card", "mixed", lambda row: values.card(rng)),
        ("card", "compact", lambda row: values.card(rng, "compact")),
        ("card", "dashes", lambda row: values.card(rng, "dashes")),
        ("mac", "mixed", lambda row: values.mac(rng)),
        ("mac", "cisco", lambda row: values.mac(rng, "cisco")),
    ]
    specs = [Spec(draw, kind, f"{kind}/{name}", _headers(part, kind)) for kind, name, draw in draws]
    specs += [
        Spec(lambda row: values.iban(rng), "iban", "iban/invalid", _headers(part, "iban"), 0.1),
        Spec(
            lambda row: values.card(rng, "compact"),
            "card",
            "card/invalid",
            _headers(part, "card"),
            0.1,
        ),
    ]
    return specs


def phone_specs(rng, part, region):
    """Columns of the phones of a region, one for each usual form, and one of all of them."""
    forms = ["national", "national_compact", "international", "e164", "msisdn"]
    if part == "tune":
        forms += ["national_dots"]
    else:
        forms += ["national_dashes", "dashed"]
    if region in PREFIX_00:
        forms.append("double_zero")
    if region in TRUNK_ZERO:
        forms.append("zero_in_brackets")
    headers = _headers(part, "phone")

    def spec(name, draw, invalid=0.0):
        return Spec(draw, "phone", f"phone/{name}", headers, invalid)

    specs = [
        spec(form, lambda row, form=form: phone(rng, region, form)) for form in rng.sample(forms, 4)
    ]
    specs.append(spec("mixed", lambda row: phone(rng, region, "any")))
    specs.append(spec("invalid", lambda row: phone(rng, region, "nat"), invalid=0.1))
    return specs


def id_specs(rng, region):
    return [
        Spec(
            lambda row, scheme=scheme, form=form: national_id(rng, scheme, form),
            "national_id",
            f"national_id/{scheme}",
            SCHEMES[scheme][3],
        )
        for scheme in SCHEMES
        if SCHEMES[scheme][0] == region
        for form in ("compact", "spaces")
        # A form that is printed as it is comes once.
        if form == "compact" or SCHEMES[scheme][2] != [same]
    ]


def people_specs(rng, part, people, locale):
    """Names and addresses; given and family names stand in the same table often."""
    draws = [
        ("name", "full", "full", "full"),
        ("name", "full", "capitals", "capitals"),
        ("name", "full", "reversed", "reversed"),
        ("name", "first", "first", "first"),
        ("name", "last", "last", "last"),
        ("address", "full", "full", "full"),
        ("address", "street", "street", "street"),
    ]
    specs = []
    for kind, headers, form, name in draws:
        make = people.name if kind == "name" else people.address
        draw = lambda row, make=make, form=form: make(locale, form)  # noqa: E731
        specs.append(Spec(draw, kind, f"{kind}/{name}", _headers(part, f"{kind}/{headers}")))
    return specs


def negative_specs(rng, part):
    return [
        Spec(make(rng), None, f"none/{name}", NEGATIVE_HEADERS.get(name, [name]))
        for name, make in negatives.columns(part).items()
    ] + [
        Spec(
            lambda row: values.value(negatives.siret(rng), "organisation_id", "siret"),
            "organisation_id",
            "organisation_id/siret",
            NEGATIVE_HEADERS["siret"],
        )
    ]


def notes_spec(rng, part, region, people, locale):
    """Notes of which one in a hundred holds a value."""
    draws = [
        lambda: values.email(rng),
        lambda: phone(rng, region, "int"),
        lambda: values.iban(rng),
        lambda: people.name(locale),
    ]

    def cell(row):
        if rng.random() >= 0.01:
            return f"{rng.choice(FILLER)} {rng.choice(WORDS[part])} {rng.randint(1, 900)}"
        before, after = _note(rng, part)
        return before + rng.choice(draws)() + after

    return Spec(cell, None, "none/notes", ["notes", "comment", "remarks"])


def _note(rng, part):
    return rng.choice(NOTES[part]).replace("{0}", rng.choice(WORDS[part])).split("{1}")


LOCALES = {
    "FR": "fr_FR", "GB": "en_GB", "US": "en_US", "DE": "de_DE", "ES": "es_ES", "IT": "it_IT",
    "NL": "nl_NL", "BE": "fr_BE", "PT": "pt_PT", "PL": "pl_PL", "SE": "sv_SE", "DK": "da_DK",
    "FI": "fi_FI", "NO": "no_NO", "CZ": "cs_CZ", "SK": "sk_SK", "CH": "fr_CH", "AT": "de_AT",
    "IE": "en_IE", "CA": "fr_CA", "BR": "pt_BR", "MX": "es_MX", "RO": "ro_RO", "HU": "hu_HU",
    "HR": "hr_HR", "TR": "tr_TR", "SI": "sl_SI", "EE": "et_EE", "LT": "lt_LT", "LV": "lv_LV", "AR": "es_AR",
}  # fmt: skip
# Regions where every kind has a column; elsewhere the kinds of no region take turns.
FULL = {"tune": ["FR", "GB", "US", "DE"], "held-out": ["FR", "ES", "US", "IT"]}


def write(corpus, rng, part, people):
    for index, region in enumerate(REGIONS):
        specs = _specs(rng, part, region, index, people)
        for telling in (True, False):
            _tables(corpus, rng, part, region, list(specs), telling)


def _specs(rng, part, region, index, people):
    locale = LOCALES.get(region)
    core, none = core_specs(rng, part), negative_specs(rng, part)
    if region not in FULL[part]:
        core = [core[(index * 3 + i) % len(core)] for i in range(3)]
        none = [none[(index * 7 + i) % len(none)] for i in range(7)]
    specs = phone_specs(rng, part, region) + id_specs(rng, region) + core + none
    if locale:
        of_people = people_specs(rng, part, people, locale)
        specs += of_people if region in FULL[part] else rng.sample(of_people, 3)
    specs.append(notes_spec(rng, part, region, people, locale or "en_GB"))
    return specs


def _tables(corpus, rng, part, region, specs, telling):
    """Tables of four to eight columns each, in any order."""
    rng.shuffle(specs)
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    while specs:
        width = rng.randint(4, 8)
        # None is left over alone: a table of one column has no delimiter to be known by.
        width = width if len(specs) >= width + 2 else len(specs)
        taken, specs = specs[:width], specs[width:]
        rows = rng.choice([200, 200, 200, 200, 200, 200, 250, 300, 500])
        columns = [spec.column(rng, part, rows, telling) for spec in taken]
        kind = "named" if telling else "unnamed"
        name = f"{kind}-{next(letters)}.csv"
        corpus.table(region, "columns", name, columns, rng.choice([",", ",", ",", ";"]))
