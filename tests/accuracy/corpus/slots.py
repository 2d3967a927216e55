"""What templates can be filled with: marked values and the noise around them."""

import uuid
from datetime import UTC, datetime, timedelta

from corpus import negatives, values
from corpus.national_ids import SCHEMES, national_id
from corpus.phones import phone
from corpus.text import optional, plain
from corpus.words import WORDS, syllables


class Slots:
    """The slots of one file: a region, a locale, and a clock that goes forward line by line."""

    def __init__(self, rng, part, region, locale, people):
        self.rng, self.part, self.region, self.locale = rng, part, region, locale
        self.people = people
        self.now = datetime(2025, 3, 3, 6, 0, tzinfo=UTC) + timedelta(
            seconds=rng.randint(0, 10_000_000)
        )

    def __call__(self, name, argument):
        return plain(getattr(self, "slot_" + name)(argument))

    # Personal data.

    def slot_email(self, form):
        return values.email(self.rng, form)

    def slot_phone(self, argument):
        """`form` or `REGION/form`."""
        region, _, form = (argument or "").rpartition("/")
        return phone(self.rng, region or self.region, form or None)

    def slot_iban(self, argument):
        """`COUNTRY`, `form` or `COUNTRY/form`; the region's country without one, `*` is any."""
        country, _, form = (argument or "").rpartition("/")
        if form in values.IBAN_STRUCTURES or form == "*":
            country, form = form, None
        if country == "*":
            country = None
        elif country == "new":
            country = self.rng.choice(values.NEW_IBAN_COUNTRIES)
        elif not country:
            country = self.region if self.region in values.IBAN_STRUCTURES else "DE"
        return values.iban(self.rng, country, form or None)

    def slot_rib(self, form):
        return values.rib(self.rng, form)

    def slot_secret(self, form):
        return values.secret(self.rng, form)

    def slot_ip4(self, form):
        return values.ipv4(self.rng, form)

    def slot_ip6(self, form):
        return values.ipv6(self.rng, form)

    def slot_ip(self, _):
        return values.ipv6(self.rng) if self.rng.random() < 0.15 else values.ipv4(self.rng)

    def slot_anyip(self, _):
        """An address that need not be found: the host itself, any host."""
        text = self.rng.choice(["127.0.0.1", "0.0.0.0", "::1", "127.0.0.53"])
        return optional(values.value(text, "ip", "self"))

    def slot_msgid(self, _):
        """A message id: an address of mail by its syntax, of nobody."""
        local = f"{self.slot_date('compact')}{self.slot_digits('6')}.{self.slot_hex('10').upper()}"
        return optional(values.value(f"{local}@{values.domain(self.rng)}", "email", "message_id"))

    def slot_card(self, form):
        return values.card(self.rng, form)

    def slot_mac(self, form):
        return values.mac(self.rng, form)

    def slot_macs14(self, _):
        """Two hardware addresses and a type in one, as iptables writes them."""
        text = self.slot_colonhex(14)
        spans = ((0, -25), (18, -7))
        return optional(values.value(text, "mac", "iptables", also=spans))

    def slot_eui64(self, _):
        """Eight pairs: an extended hardware address, or only a number that is written so."""
        return optional(values.value(self.slot_colonhex(8), "mac", "eui64"))

    def slot_broadcast(self, _):
        return optional(values.value("ff:ff:ff:ff:ff:ff", "mac", "broadcast"))

    def slot_id(self, argument):
        """`scheme` or `scheme:form`."""
        scheme, _, form = argument.partition(":")
        return national_id(self.rng, scheme, form or None)

    def slot_id_pair(self, _):
        """`key=value` of one of the region's numbers of persons."""
        schemes = [name for name, row in SCHEMES.items() if row[0] == self.region]
        scheme = self.rng.choice(schemes)
        return f"{self.rng.choice(SCHEMES[scheme][3])}=" + national_id(self.rng, scheme)

    def slot_person(self, form):
        return self.people.name(self.locale, form or "full")

    def slot_titled_person(self, _):
        return self.people.titled(self.rng, self.locale)

    def slot_address(self, form):
        return self.people.address(self.locale, form or "full")

    # Noise.

    def slot_int(self, bounds):
        low, high = (bounds or "0-9999").split("-")
        return self.rng.randint(int(low), int(high))

    def slot_float(self, bounds):
        low, high = (bounds or "0-1").split("-")
        return f"{self.rng.uniform(float(low), float(high)):.3f}"

    def slot_digits(self, count):
        """A number; a long one is a count or an id, which begin with no zero."""
        drawn = values.digits(self.rng, int(count))
        return drawn if len(drawn) < 5 else self.rng.choice("123456789") + drawn[1:]

    def slot_hex(self, count):
        return negatives.hexes(self.rng, int(count or 8))

    def slot_uphex(self, count):
        return negatives.hexes(self.rng, int(count or 8)).upper()

    def slot_colonhex(self, count):
        return ":".join(negatives.hexes(self.rng, 2) for _ in range(int(count)))

    def slot_uuid(self, _):
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def slot_b64(self, count):
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        return "".join(self.rng.choices(alphabet, k=int(count or 24)))

    def slot_word(self, _):
        return self.rng.choice(WORDS[self.part])

    def slot_camel(self, _):
        return "".join(self.rng.choice(WORDS[self.part]).title() for _ in range(2))

    def slot_made(self, syllable_count):
        count = int(syllable_count or 2)
        return syllables(self.rng, count, count + 1)

    def slot_upper(self, _):
        return syllables(self.rng, 1, 2).upper()

    def slot_host(self, _):
        return f"{self.rng.choice(['web', 'db', 'node', 'app', 'gw'])}-{self.rng.randint(1, 40):02}"

    def slot_domain(self, _):
        return values.domain(self.rng)

    def slot_user(self, _):
        return self.rng.choice(["root", "deploy", "backup", "www-data", syllables(self.rng, 2, 2)])

    def slot_ver3(self, _):
        return ".".join(str(self.rng.randint(0, 20)) for _ in range(3))

    def slot_ver4(self, _):
        return ".".join(str(self.rng.randint(0, 20)) for _ in range(4))

    def slot_pick(self, choices):
        return self.rng.choice(choices.split("|"))

    def slot_tick(self, seconds):
        """Moves the clock, writes nothing."""
        self.now += timedelta(seconds=self.rng.uniform(0, float(seconds or 5)))
        return ""

    def slot_time(self, form):
        """The clock in a `strftime` form named here."""
        self.now += timedelta(milliseconds=self.rng.randint(1, 4000))
        return self._format(self.now, form)

    def slot_date(self, form):
        """Any day in a `strftime` form named here."""
        return self._format(negatives.moment(self.rng), form)

    def _format(self, at, form):
        match form or "iso":
            case "iso":
                return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
            case "iso_us":
                return at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
            case "space":
                return at.strftime("%Y-%m-%d %H:%M:%S,") + f"{at.microsecond // 1000:03}"
            case "apache":
                return at.strftime("%d/%b/%Y:%H:%M:%S +0000")
            case "error":
                return at.strftime("%a %b %d %H:%M:%S.%f %Y")
            case "syslog":
                return f"{at:%b} {at.day:2} {at:%H:%M:%S}"
            case "epoch":
                return str(int(at.timestamp()))
            case "epoch_ms":
                return str(int(at.timestamp() * 1000))
            case "epoch_us":
                return str(int(at.timestamp() * 1_000_000))
            case "epoch_float":
                return f"{at.timestamp():.6f}"
            case "compact":
                return at.strftime("%Y%m%d%H%M%S")
            case "day":
                return at.strftime("%Y-%m-%d")
            case "dots":
                return at.strftime("%d.%m.%Y")
            case "slashes":
                return at.strftime("%d/%m/%Y")
            case "short":
                return at.strftime("%y/%m/%d %H:%M:%S")
            case "hdfs":
                return at.strftime("%y%m%d %H%M%S")
            case "clock":
                return at.strftime("%H:%M:%S")
            case "health":
                return at.strftime("%Y%m%d-%H:%M:%S:") + str(at.microsecond // 1000)
            case "bgl":
                return at.strftime("%Y-%m-%d-%H.%M.%S.%f")
        raise ValueError(form)

    def slot_ua(self, _):
        """A user agent, whose versions look like addresses."""
        rng = self.rng
        chrome = f"{rng.randint(90, 140)}.0.{rng.choice([0, rng.randint(1000, 6999)])}.{rng.randint(0, 250)}"
        return rng.choice(
            [
                f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome} Safari/537.36",
                f"Mozilla/5.0 (X11; Linux x86_64; rv:{rng.randint(90, 130)}.0) Gecko/20100101 Firefox/{rng.randint(90, 130)}.0",
                f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_{rng.randint(0, 6)}_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.{rng.randint(0, 6)} Mobile/15E148 Safari/604.1",
                f"curl/{rng.randint(7, 8)}.{rng.randint(0, 88)}.0",
                f"okhttp/4.{rng.randint(0, 12)}.{rng.randint(0, 3)}",
                f"Dalvik/2.1.0 (Linux; U; Android {rng.randint(9, 14)}; SM-G{rng.randint(900, 999)}F Build/TP1A.{rng.randint(200000, 240999)}.0{rng.randint(10, 30)})",
            ]
        )

    def slot_path(self, _):
        """The path of a request, with ids in it."""
        rng = self.rng
        word = self.slot_word(None)
        return rng.choice(
            [
                f"/api/v{rng.randint(1, 3)}/{word}s/{rng.randint(1, 99_999_999)}",
                f"/{word}/{self.slot_uuid(None)}",
                f"/static/{word}.{self.slot_hex(8)}.js",
                f"/img/{word}@2x.png",
                f"/{word}?id={self.slot_digits(10)}&t={self.slot_date('epoch_ms')}",
                f"/{word}s?page={rng.randint(1, 40)}&sort=-created",
                "/health",
            ]
        )

    def slot_ean(self, _):
        return negatives.ean(self.rng)

    def slot_isbn(self, _):
        return negatives.isbn13(self.rng)

    def slot_siret(self, _):
        return values.value(negatives.siret(self.rng), "organisation_id", "siret")

    def slot_siren(self, _):
        number = negatives.luhn(self.rng, "", 9)
        text = f"{number[:3]} {number[3:6]} {number[6:]}"
        return values.value(text, "organisation_id", "siren")

    def slot_imei(self, _):
        return negatives.luhn(self.rng, "35", 15)

    def slot_iccid(self, _):
        return negatives.luhn(self.rng, "8933", 19)

    def slot_order(self, _):
        return negatives.order(self.rng)

    def slot_tracking(self, _):
        return negatives.tracking(self.rng)

    def slot_oid(self, _):
        return negatives.oid(self.rng)

    def slot_city(self, _):
        return self.rng.choice(negatives.CITIES[self.part])

    def slot_company(self, _):
        return negatives.companies(self.part)(self.rng)

    def slot_amount(self, _):
        return f"{self.rng.uniform(1, 9000):.2f}"
