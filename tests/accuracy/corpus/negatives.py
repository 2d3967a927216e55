"""What looks like personal data and is none: numbers of things, times, versions, hashes, codes.

Each entry makes, from a `random.Random`, a function of the row that returns text. The tune part and
the held-out part share the common ones and have others of their own.
"""

import uuid
from datetime import UTC, datetime, timedelta

from corpus.values import CAPITALS, digits, luhn_digit
from corpus.words import WORDS, syllables

HEX = "0123456789abcdef"
ALNUM = "0123456789" + CAPITALS
DAY0 = datetime(2023, 1, 1, tzinfo=UTC)


def hexes(rng, count):
    return "".join(rng.choices(HEX, k=count))


def ean(rng, prefix="", length=13):
    """A GTIN of `length` digits with its check digit (GS1)."""
    body = prefix + digits(rng, length - 1 - len(prefix))
    total = sum(int(char) * (3 if i % 2 == 0 else 1) for i, char in enumerate(reversed(body)))
    return body + str(-total % 10)


def isbn10(rng):
    body = digits(rng, 9)
    check = sum(int(char) * (i + 1) for i, char in enumerate(body)) % 11
    return body + ("X" if check == 10 else str(check))


def isbn13(rng):
    number = ean(rng, rng.choice(["978", "979"]))
    return f"{number[:3]}-{number[3]}-{number[4:8]}-{number[8:12]}-{number[12]}"


def luhn(rng, prefix, length):
    body = prefix + digits(rng, length - 1 - len(prefix))
    return body + luhn_digit(body)


def siret(rng):
    """A French establishment number: SIREN, NIC, a Luhn digit over each."""
    siren = luhn(rng, "", 9)
    return luhn(rng, siren, 14)


def moment(rng):
    return DAY0 + timedelta(
        seconds=rng.randint(0, 80_000_000), microseconds=rng.randint(0, 999_999)
    )


def isin(rng):
    body = rng.choice(["US", "FR", "DE", "GB"]) + "".join(rng.choices(ALNUM, k=9))
    return body + luhn_digit("".join(str(int(char, 36)) for char in body))


def each(make):
    """A column of independent draws."""
    return lambda rng: lambda row: make(rng)


def _sequential(rng):
    start, step = (
        rng.choice([1, 1001, 500_000, 33_600_000, 4_000_000_000]),
        rng.choice([1, 1, 1, 3]),
    )
    return lambda row: str(start + step * row)


def _sequential_long(rng):
    """Long counters that begin like a phone number or a card."""
    start = int(rng.choice(["33612", "44770", "4970", "4111", "0612"]) + digits(rng, 8))
    return lambda row: str(start + row)


def _random_ids(rng):
    width = rng.choice([8, 9, 10, 11, 12, 13, 14, 15, 16])
    return lambda row: digits(rng, 1).replace("0", "1") + digits(rng, width - 1)


def _epochs(scale, width):
    def column(rng):
        at = rng.randint(1_500_000_000, 1_750_000_000)

        def cell(row):
            nonlocal at
            at += rng.randint(1, 4000)
            return str(at) + digits(rng, width)

        return cell

    return column


def _quad_versions(rng):
    major, minor = rng.randint(1, 12), rng.randint(0, 9)
    return lambda row: f"{major}.{minor}.{rng.randint(0, 40)}.{rng.randint(0, 12)}"


def _build_versions(rng):
    return lambda row: f"10.0.{rng.randint(10000, 22631)}.{rng.randint(0, 4200)}"


def _browser_versions(rng):
    return lambda row: f"{rng.randint(90, 140)}.0.{rng.randint(1000, 6999)}.{rng.randint(0, 250)}"


def oid(rng):
    tail = ".".join(str(rng.randint(1, 250)) for _ in range(rng.randint(2, 7)))
    return rng.choice(["1.3.6.1.4.1.", "1.2.840.", "2.5.4.", "2.16."]) + tail


def _products(part):
    def make(rng):
        noun = rng.choice(WORDS[part])
        return f"{syllables(rng, 2, 3).title()} {noun} {rng.choice(['XL', '200', 'Pro', '12 V', 'Mk 2', '3/4'])}"

    return make


# Cities are public words, not personal data; companies are invented ones with a legal form.
CITIES = {
    "tune": """Paris Lyon Berlin Madrid Roma Lisboa Warszawa Stockholm Oslo Wien Toulouse Bordeaux
        Hamburg Sevilla Milano Porto Gdańsk Malmö Bergen Graz Nantes London Leeds Boston Denver""".split(),
    "held-out": """Marseille Lille München Valencia Napoli Coimbra Kraków Göteborg Trondheim Linz
        Strasbourg Rennes Köln Zaragoza Torino Braga Poznań Uppsala Aarhus Bern Dijon Bristol
        Glasgow Austin Seattle""".split(),
}
LEGAL_FORMS = {
    "tune": ["GmbH", "SARL", "Ltd", "SpA", "S.L.", "AB", "Inc.", "SAS", "BV"],
    "held-out": ["AG", "SA", "plc", "Srl", "Lda", "Oy", "LLC", "sp. z o.o.", "NV", "A/S"],
}
COLOURS = "red green blue black white yellow orange purple grey cyan magenta brown pink".split()


JOBS = {
    "tune": [
        "Sales Manager",
        "Software Engineer",
        "Head Nurse",
        "Chef de projet",
        "Leiter Einkauf",
    ],
    "held-out": [
        "Data Analyst",
        "Floor Supervisor",
        "Legal Counsel",
        "Responsable achats",
        "Techniker",
    ],
}


def _title(rng):
    """The title of a book nobody wrote, in the capitals of names."""
    adjective = rng.choice(["Silent", "Golden", "Last", "Hidden", "Grey", "Northern"])
    noun = rng.choice(["River", "Garden", "Winter", "Station", "Harbour", "Field"])
    return rng.choice(
        [f"The {adjective} {noun}", f"{adjective} {noun}", f"{noun} of {adjective} Days"]
    )


def companies(part):
    def make(rng):
        form = rng.choice(LEGAL_FORMS[part])
        middle = rng.choice(["", " & Co", " Group", " Services", " Industries"])
        return f"{syllables(rng, 2, 3).title()}{middle} {form}"

    return make


def _amount(rng):
    number = rng.choice([rng.uniform(0, 100), rng.uniform(0, 10_000), rng.uniform(0, 2_000_000)])
    text = f"{number:,.2f}" if rng.random() < 0.3 else f"{number:.2f}"
    return text


def _amount_european(rng):
    text = f"{rng.uniform(0, 3_000_000):,.2f}"
    text = text.replace(",", " ").replace(".", ",")
    return text + rng.choice(["", " €", " EUR"])


def _grouped(rng):
    return f"{rng.randint(0, 99)} {digits(rng, 3)} {digits(rng, 3)}"


def _ticket(rng):
    return f"{rng.choice(['INC', 'CHG', 'REQ', 'PRB'])}{digits(rng, 7)}"


def order(rng):
    return rng.choice(
        [
            f"{rng.randint(2019, 2025)}-{digits(rng, 6)}",
            f"ORD-{digits(rng, 8)}",
            f"{digits(rng, 3)}-{digits(rng, 7)}-{digits(rng, 7)}",
            f"SO{digits(rng, 10)}",
        ]
    )


def _vin(rng):
    return "".join(rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=17))


def tracking(rng):
    return rng.choice(
        [
            f"1Z{''.join(rng.choices(ALNUM, k=16))}",
            f"{rng.choice(CAPITALS)}{rng.choice(CAPITALS)}{digits(rng, 9)}{rng.choice(['FR', 'DE', 'GB'])}",
            digits(rng, 12),
            f"JD{digits(rng, 18)}",
            f"{digits(rng, 4)} {digits(rng, 4)} {digits(rng, 4)} {digits(rng, 4)} {digits(rng, 4)} {digits(rng, 2)}",
        ]
    )


def common(part):
    """The negative columns of both parts: name to column maker."""
    return {
        "sequential_id": _sequential,
        "sequential_long": _sequential_long,
        "random_id": _random_ids,
        "amount": each(_amount),
        "amount_european": each(_amount_european),
        "iso_time": each(lambda rng: moment(rng).isoformat(timespec="seconds")),
        "date": each(lambda rng: moment(rng).strftime("%d/%m/%Y")),
        "epoch_s": _epochs(1, 0),
        "epoch_ms": _epochs(1000, 3),
        "epoch_us": _epochs(1_000_000, 6),
        "version_quad": _quad_versions,
        "version_build": _build_versions,
        "version_browser": _browser_versions,
        "ean13": each(ean),
        "isbn13": each(isbn13),
        "md5": each(lambda rng: hexes(rng, 32)),
        "sha1": each(lambda rng: hexes(rng, 40)),
        "sha256": each(lambda rng: hexes(rng, 64)),
        "uuid": each(lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4))),
        "oid": each(oid),
        "order_no": each(order),
        "product": each(_products(part)),
        "city": each(lambda rng: rng.choice(CITIES[part])),
        "company": each(companies(part)),
        "boolean": each(lambda rng: rng.choice(["true", "false"])),
        "colour": each(lambda rng: rng.choice(COLOURS)),
        "tracking": each(tracking),
        "imei": each(lambda rng: luhn(rng, rng.choice(["35", "86", "01"]), 15)),
        "iccid": each(lambda rng: luhn(rng, "89" + rng.choice(["33", "44", "49", "01"]), 19)),
    }


def tune_only(part):
    return {
        "epoch_float": each(lambda rng: f"{moment(rng).timestamp():.6f}"),
        "isbn10": each(isbn10),
        "fingerprint_sha1": each(lambda rng: ":".join(hexes(rng, 2) for _ in range(20)).upper()),
        "fingerprint_md5": each(lambda rng: ":".join(hexes(rng, 2) for _ in range(16))),
        "clock": each(lambda rng: moment(rng).strftime("%H:%M:%S")),
        "latitude": each(lambda rng: f"{rng.uniform(-90, 90):.6f}"),
        "ticket": each(_ticket),
        "job_title": each(lambda rng: rng.choice(JOBS[part])),
        "department": each(
            lambda rng: rng.choice(["Human Resources", "Sales North", "Field Services", "IT"])
        ),
        "quantity_grouped": each(_grouped),
        "country": each(lambda rng: rng.choice(["FR", "DE", "ES", "IT", "GB", "US", "NL"])),
        "status": each(lambda rng: rng.choice(["open", "closed", "pending", "refunded"])),
        "percentage": each(lambda rng: f"{rng.uniform(0, 100):.1f} %"),
        "log_level": each(lambda rng: rng.choice(["INFO", "WARN", "ERROR"])),
    }


def held_out_only(part):
    return {
        "gtin14": each(lambda rng: ean(rng, length=14)),
        "upc": each(lambda rng: ean(rng, length=12)),
        "isin": each(isin),
        "vin": each(_vin),
        "doi": each(lambda rng: f"10.{rng.randint(1000, 9999)}/{syllables(rng, 2, 3)}.{rng.randint(2010, 2025)}.{digits(rng, 6)}"),
        "snowflake": each(lambda rng: str(rng.randint(10**17, 9 * 10**18))),
        "epoch_ns": _epochs(1, 9),
        "ulid": each(lambda rng: "01" + "".join(rng.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=24))),
        "object_id": each(lambda rng: hexes(rng, 24)),
        "fingerprint_sha256": each(lambda rng: ":".join(hexes(rng, 2) for _ in range(32)).upper()),
        "certificate_serial": each(lambda rng: ":".join(hexes(rng, 2) for _ in range(10))),
        "coordinates": each(lambda rng: f"{rng.uniform(-90, 90):.5f}, {rng.uniform(-180, 180):.5f}"),
        "duration": each(lambda rng: f"{rng.randint(0, 99)}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}.{digits(rng, 3)}"),
        "position": each(lambda rng: rng.choice(JOBS[part])),
        "book_title": each(_title),
        "dimensions": each(lambda rng: f"{rng.randint(10, 300)}x{rng.randint(10, 300)}x{rng.randint(10, 300)}"),
        "package": each(lambda rng: f"{syllables(rng, 2, 3)}@{rng.randint(0, 20)}.{rng.randint(0, 30)}.{rng.randint(0, 9)}"),
        "scientific": each(lambda rng: f"{rng.uniform(-1, 1):.10e}"),
        "invoice_no": each(lambda rng: f"FA{rng.randint(2018, 2025)}{digits(rng, 8)}"),
        "semver_list": each(lambda rng: "; ".join(f"{rng.randint(0, 9)}.{rng.randint(0, 99)}.{rng.randint(0, 9)}.{rng.randint(0, 9)}" for _ in range(2))),
        "postcode_range": each(lambda rng: f"{digits(rng, 5)}-{digits(rng, 4)}"),
        "article_no": each(lambda rng: f"{digits(rng, 3)}.{digits(rng, 3)}.{digits(rng, 2)}"),
    }  # fmt: skip


def columns(part):
    """The negative columns of a part."""
    return common(part) | (tune_only(part) if part == "tune" else held_out_only(part))
