"""Addresses of mail and machines, bank accounts and cards, by their standards.

Every function takes a `random.Random` and returns marked text. Mail addresses are under reserved
names (RFC 2606, RFC 6761) or under invented ones long enough that nobody owns them.
"""

import base64
import ipaddress

from corpus.text import Marked, optional, value
from corpus.words import syllables

# Some of the root zone, old and new, of countries and generic, and names of two labels.
SUFFIXES = """com net org info biz fr de es it nl be pt pl se dk fi cz eu ch at ie co.uk org.uk ca
us com.br com.au co.jp io dev app tech shop online store cloud paris bzh berlin london museum
travel name pro mobi asia africa gmbh photography international ai me tv cc""".split()
RESERVED = ["example.com", "example.org", "example.net", "mail.example.com", "corp.example.org"]
PARTICLES = ["info", "contact", "sales", "support", "billing", "no-reply", "hr", "admin"]


def domain(rng):
    """A domain name that is reserved or surely nobody's."""
    if rng.random() < 0.3:
        return rng.choice(RESERVED)
    host = syllables(rng, 4, 6)
    if rng.random() < 0.15:
        host = f"{host}-{syllables(rng, 2, 3)}"
    sub = rng.choice(["mail.", "corp.", "eu1.", "smtp-out."]) if rng.random() < 0.12 else ""
    return f"{sub}{host}.{rng.choice(SUFFIXES)}"


def local_part(rng):
    """The part before the @: names joined in the usual ways."""
    first, last = syllables(rng, 2, 3), syllables(rng, 2, 4)
    forms = [
        lambda: f"{first}.{last}",
        lambda: f"{first}.{last}",
        lambda: f"{first[0]}.{last}",
        lambda: f"{first}_{last}",
        lambda: f"{first}{last}{rng.randint(1, 99)}",
        lambda: f"{first}-{syllables(rng, 1, 2)}.{last}",
        lambda: f"{first}+{rng.choice(['news', 'shop', 'tag2'])}",
        lambda: f"{first[0]}{last}",
        lambda: rng.choice(PARTICLES),
        lambda: f"{first.title()}.{last.title()}",
        lambda: f"{first}.{last}.{rng.randint(1950, 2005)}",
        lambda: f"{last}{rng.randint(100, 99999)}",
        lambda: f"x{rng.randint(1000, 9999)}",
        lambda: f"o'{last}",
    ]
    weights = [5, 5, 3, 2, 3, 1, 1, 3, 2, 1, 1, 1, 1, 0.3]
    return rng.choices(forms, weights)[0]()


IDN_HOSTS = ["müller", "école", "łódka", "smørrebrød", "añoranza", "päivä", "žluťák"]
IDN_WHOLE = ["почта.рф", "例え.jp", "пример.укр", "παράδειγμα.ελ", "उदाहरण.भारत", "例子.中国"]


def email(rng, form=None):
    """A mail address, as it stands or in one of the `form`s that other formats write."""
    local, host = local_part(rng), domain(rng)
    if form in (None, "plain"):
        return value(f"{local}@{host}", "email", "plain")
    if form == "safe":
        return value(f"{syllables(rng, 2, 3)}.{syllables(rng, 2, 4)}@{host}", "email", "plain")
    if form == "upper":
        return value(f"{local}@{host}".upper(), "email", form)
    if form == "mailto":
        return value(f"{local}@{host}", "email", form, before="mailto:")
    if form == "percent":
        return value(f"{local}%40{host}", "email", form)
    if form == "json":
        return value(f"{local}\\u0040{host}", "email", form)
    if form == "entity":
        at = rng.choice(["&#64;", "&#x40;", "&commat;"])
        return value(f"{local}{at}{host}", "email", form)
    if form == "quoted_printable":
        return value(f"{local}=40{host}", "email", form)
    if form == "quoted":
        return value(f'"{local.replace(".", " ")}"@{host}', "email", form)
    if form == "idn":
        tail = rng.choice(
            IDN_WHOLE
            + [
                f"{name}-{syllables(rng, 2, 3)}.{rng.choice(['de', 'fr', 'se', 'com'])}"
                for name in IDN_HOSTS
            ]
        )
        return value(f"{local}@{tail}", "email", form)
    if form == "punycode":
        tail = f"{rng.choice(IDN_HOSTS)}{syllables(rng, 2, 3)}".encode("idna").decode()
        return value(f"{local}@{tail}.com", "email", form)
    if form == "utf8_local":
        first = rng.choice(["hélène", "jürgen", "søren", "łukasz", "señor", "françois", "анна"])
        return value(f"{first}.{syllables(rng, 2, 3)}@{host}", "email", form)
    if form == "literal":
        return value(f"{local}@[{ipv4(rng).text}]", "email", form)
    if form == "base64":
        text = base64.b64encode(f"{local}@{host}".encode()).decode()
        return optional(value(text, "email", form))
    raise ValueError(form)


def _public(rng):
    """An IPv4 address as a log holds it: any that is no loopback, multicast or reserved one."""
    while True:
        address = ipaddress.IPv4Address(rng.getrandbits(32))
        if address.is_global and not address.is_multicast:
            return str(address)


def ipv4(rng, form=None):
    """An IPv4 address: public, private or from a documentation range."""
    draw = rng.random()
    if form == "public" or draw < 0.6:
        text = _public(rng)
    elif draw < 0.9:
        text = rng.choice(
            [
                f"10.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}",
                f"192.168.{rng.randint(0, 255)}.{rng.randint(1, 254)}",
                f"172.{rng.randint(16, 31)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}",
            ]
        )
    else:
        net = rng.choice(["192.0.2", "198.51.100", "203.0.113"])
        text = f"{net}.{rng.randint(1, 254)}"
    if form == "port":
        return value(text, "ip", "v4_port", after=f":{rng.randint(1024, 65535)}")
    if form == "cidr":
        return value(text, "ip", "v4_cidr", after=f"/{rng.randint(8, 32)}", also=((0, 3),))
    if form == "brackets":
        return value(text, "ip", "v4_brackets", before="[", after="]")
    return value(text, "ip", "v4")


def ipv6(rng, form=None):
    """An IPv6 address, compressed as RFC 5952 says or written in one of the other forms."""
    prefix = rng.choice(
        [0x2001 << 112, 0x2A01 << 112, 0x2001_0DB8 << 96, 0x2606 << 112, 0x2A02 << 112]
    )
    low = rng.getrandbits(64) if rng.random() < 0.6 else rng.getrandbits(12)
    middle = rng.getrandbits(32) << 64 if rng.random() < 0.7 else 0
    address = ipaddress.IPv6Address(prefix | middle | low)
    if form == "full":
        return value(address.exploded, "ip", "v6_full")
    if form == "upper":
        return value(str(address).upper(), "ip", "v6_upper")
    if form == "mapped":
        return value(f"::ffff:{_public(rng)}", "ip", "v6_mapped")
    if form == "link":
        return value(
            f"fe80::{rng.getrandbits(16):x}:{rng.getrandbits(16):x}:fe{rng.getrandbits(8):02x}:{rng.getrandbits(16):x}",
            "ip",
            "v6",
        )
    if form == "zone":
        zone = "%" + rng.choice(["eth0", "en1", "wlan0", "3"])
        text = f"fe80::{rng.getrandbits(16):x}:{rng.getrandbits(16):x}"
        return value(text, "ip", "v6_zone", after=zone, also=((0, len(zone)),))
    if form == "port":
        port = f"]:{rng.randint(1024, 65535)}"
        return value(str(address), "ip", "v6_port", before="[", after=port)
    if form == "cidr":
        length = f"/{rng.choice([32, 48, 56, 64])}"
        return value(str(address), "ip", "v6_cidr", after=length, also=((0, len(length)),))
    return value(str(address), "ip", "v6")


def mac(rng, form=None):
    """A MAC address (IEEE 802), unicast, in one of its five spellings."""
    octets = [rng.getrandbits(8) & 0xFE] + [rng.getrandbits(8) for _ in range(5)]
    pairs = [f"{octet:02x}" for octet in octets]
    form = form or rng.choice(["colon", "colon", "colon_upper", "dash", "dash_upper"])
    text = {
        "colon": ":".join(pairs),
        "colon_upper": ":".join(pairs).upper(),
        "dash": "-".join(pairs),
        "dash_upper": "-".join(pairs).upper(),
        "cisco": ".".join(pairs[i] + pairs[i + 1] for i in (0, 2, 4)),
        "cisco_upper": ".".join(pairs[i] + pairs[i + 1] for i in (0, 2, 4)).upper(),
        "bare": "".join(pairs),
    }[form]
    return value(text, "mac", form)


def luhn_digit(digits):
    """The Luhn check digit of `digits` (ISO/IEC 7812-1, annex B)."""
    total = 0
    for index, char in enumerate(reversed(digits)):
        number = int(char) * (2 if index % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def digits(rng, count):
    return "".join(rng.choices("0123456789", k=count))


# Issuer: first digits as inclusive ranges, lengths, groups of the printed form, share.
ISSUERS = {
    "visa": ([("4", "4")], [16], (4, 4, 4, 4), 35),
    "visa_long": ([("4", "4")], [19], (4, 4, 4, 4, 3), 1),
    "mastercard": ([("51", "55")], [16], (4, 4, 4, 4), 25),
    "mastercard_2": ([("2221", "2720")], [16], (4, 4, 4, 4), 10),
    "amex": ([("34", "34"), ("37", "37")], [15], (4, 6, 5), 10),
    "discover": ([("6011", "6011"), ("644", "649"), ("65", "65")], [16], (4, 4, 4, 4), 5),
    "diners": ([("300", "305"), ("36", "36"), ("38", "39")], [14], (4, 6, 4), 4),
    "jcb": ([("3528", "3589")], [16], (4, 4, 4, 4), 4),
    "unionpay": ([("62", "62")], [16, 19], (4, 4, 4, 4, 3), 3),
    "maestro": ([("5018", "5018"), ("5020", "5020"), ("5038", "5038"), ("6304", "6304"), ("6759", "6759")],
                [16, 18], (4, 4, 4, 4, 2), 3),
}  # fmt: skip
SEPARATORS = {"spaces": " ", "dashes": "-", "dots": ".", "nbsp": "\u00a0", "narrow_nbsp": "\u202f"}


def card(rng, form=None):
    """A payment card number (ISO/IEC 7812-1): an issuer's prefix and length, a Luhn digit."""
    issuer = form if form in ISSUERS else None
    if issuer is None:
        issuer = rng.choices(list(ISSUERS), [row[3] for row in ISSUERS.values()])[0]
    ranges, lengths, groups, _ = ISSUERS[issuer]
    low, high = rng.choice(ranges)
    head = str(rng.randint(int(low), int(high)))
    length = rng.choice(lengths)
    body = head + digits(rng, length - len(head) - 1)
    number = body + luhn_digit(body)
    if form is None or form == issuer:
        form = rng.choice(["compact", "spaces"])
    if form == "compact":
        return value(number, "card", f"{issuer}")
    parts, at = [], 0
    for group in groups:
        parts.append(number[at : at + group])
        at += group
    text = SEPARATORS[form].join(part for part in parts if part)
    return value(text, "card", f"{issuer}_{form}")


# The structure of the BBAN in each country of the IBAN registry (ISO 13616, SWIFT): runs of digits
# (n), capitals (a) and either (c).
IBAN_STRUCTURES = """
AD n8 c12|AE n19|AL n8 c16|AT n16|AZ a4 c20|BA n16|BE n12|BG a4 n6 c8|BH a4 c14|BI n23|BR n23 a1 c1
BY c4 n4 c16|CH n5 c12|CR n18|CY n8 c16|CZ n20|DE n18|DJ n23|DK n14|DO c4 n20|EE n16|EG n25|ES n20
FI n14|FK a2 n12|FO n14|FR n10 c11 n2|GB a4 n14|GE a2 n16|GI a4 c15|GL n14|GR n7 c16|GT c4 c20
HN a4 n20|HR n17|HU n24|IE a4 n14|IL n19|IQ a4 n15|IS n22|IT a1 n10 c12|JO a4 n4 c18|KW a4 c22
KZ n3 c13|LB n4 c20|LC a4 c24|LI n5 c12|LT n16|LU n3 c13|LV a4 c13|LY n21|MC n10 c11 n2|MD c2 c18
ME n18|MK n3 c10 n2|MN n16|MR n23|MT a4 n5 c18|MU a4 n19 a3|NI a4 n20|NL a4 n10|NO n11|OM n3 c16
PK a4 c16|PL n24|PS a4 c21|PT n21|QA a4 c21|RO a4 c16|RS n18|RU n14 c15|SA n2 c18|SC a4 n20 a3|SD n14
SE n20|SI n15|SK n20|SM a1 n10 c12|SO n19|ST n21|SV a4 n20|TL n19|TN n20|TR n6 c16|UA n6 c19|VA n18
VG a4 n16|XK n16|YE a4 n4 c18
""".replace("\n", "|")
IBAN_STRUCTURES = {
    row.split()[0]: row.split()[1:] for row in IBAN_STRUCTURES.split("|") if row.strip()
}
NEW_IBAN_COUNTRIES = ["BI", "DJ", "FK", "HN", "LY", "MN", "NI", "OM", "RU", "SD", "SO", "YE"]
# Countries whose BBAN ends with two digits that make the whole 1 modulo 97.
MOD_97_BBAN = {"BA", "ME", "MK", "PT", "RS", "SI", "TL", "XK"}
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _as_number(text):
    return int("".join(str(int(char, 36)) for char in text))


def _bban(rng, country):
    """A BBAN with the national check digits of the countries that are common or simple."""
    parts = []
    for run in IBAN_STRUCTURES[country]:
        # Accounts in countries that allow letters there are digits nearly always.
        alphabet = CAPITALS if run[0] == "a" else "0123456789"
        if run[0] == "c" and rng.random() < 0.15:
            alphabet = CAPITALS + "0123456789"
        parts.append("".join(rng.choices(alphabet, k=int(run[1:]))))
    bban = "".join(parts)
    if country in MOD_97_BBAN:
        return bban[:-2] + f"{98 - _as_number(bban[:-2] + '00') % 97:02}"
    if country in ("FR", "MC"):
        return bban[:-2] + rib_key(bban[:-2])
    if country == "BE":
        return bban[:-2] + f"{int(bban[:-2]) % 97 or 97:02}"
    if country == "ES":
        return bban[:8] + _spanish_digits(bban) + bban[10:]
    if country == "NO":
        return _norwegian(rng, bban)
    if country in ("IT", "SM"):
        return _italian_letter(bban[1:]) + bban[1:]
    return bban


def rib_key(bban):
    """The key of a French RIB, of bank, branch and account."""
    values = dict(zip(CAPITALS, "12345678912345678923456789"))
    return f"{97 - int(''.join(values.get(char, char) for char in bban)) * 100 % 97:02}"


def _spanish_digits(bban):
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)

    def digit(text):
        rest = 11 - sum(int(char) * weight for char, weight in zip(text, weights)) % 11
        return str({11: 0, 10: 1}.get(rest, rest))

    return digit("00" + bban[:8]) + digit(bban[10:])


def _norwegian(rng, bban):
    """An account whose digit modulo 11 is none of two places is not given out."""
    while True:
        total = sum(int(c) * w for c, w in zip(bban[:-1], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)))
        if -total % 11 < 10:
            return f"{bban[:-1]}{-total % 11}"
        bban = digits(rng, 11)


ITALIAN_ODD = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21))) | dict(
    zip(CAPITALS, (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23))
)  # fmt: skip


def italian_sum(text):
    """The sum behind the check letters of the codice fiscale and the CIN."""

    def even(char):
        return int(char) if char.isdigit() else ord(char) - ord("A")

    return sum(ITALIAN_ODD[c] if i % 2 == 0 else even(c) for i, c in enumerate(text)) % 26


def _italian_letter(text):
    return CAPITALS[italian_sum(text)]


def iban(rng, country=None, form=None):
    """An IBAN of `country`, or of any in the registry, in fours or without spaces."""
    country = country or rng.choice(list(IBAN_STRUCTURES))
    bban = _bban(rng, country)
    check = 98 - _as_number(bban + country + "00") % 97
    text = f"{country}{check:02}{bban}"
    form = form or rng.choice(["compact", "spaces"])
    fours = [text[i : i + 4] for i in range(0, len(text), 4)]
    text = {
        "compact": text,
        "spaces": " ".join(fours),
        "dashes": "-".join(fours),
        "nbsp": "\u00a0".join(fours),
        "lower": text.lower(),
        "lower_spaces": " ".join(fours).lower(),
    }[form]
    return value(text, "iban", form if form not in ("compact", "spaces") else country)


def rib(rng, form=None):
    """A French account as a RIB: bank, branch, account and key, which are those of its IBAN."""
    bban = iban(rng, "FR", "compact").text[4:]
    bank, branch, account = bban[:5], bban[5:10], bban[10:21]
    digits = account.translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789"))
    key = f"{97 - (89 * int(bank) + 15 * int(branch) + 3 * int(digits)) % 97:02}"
    groups = [bank, branch, account, key]
    form = form or rng.choice(["spaces", "compact", "dashes"])
    text = {
        "spaces": " ".join(groups),
        "dashes": "-".join(groups),
        "compact": "".join(groups),
        "labels": f"{bank}, guichet {branch}, compte {account}, clé {key}",
        "long_labels": f"{bank} - Code guichet : {branch} - N° de compte : {account} - Clé RIB : {key}",
    }[form]
    return value(text, "iban", f"rib_{form}")


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def secret(rng, form=None):
    """A credential: in the form that a vendor or a standard gives it, or a password."""

    def some(count, signs=LETTERS + "0123456789"):
        return "".join(rng.choices(signs, k=count))

    def jwt():
        parts = ['{"alg":"HS256","typ":"JWT"}', f'{{"sub":"{some(8)}","iat":{rng.randint(10**9, 2 * 10**9)}}}']
        encoded = [base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts]
        return ".".join([*encoded, some(43, LETTERS + "0123456789-_")])

    made = {
        "password": lambda: syllables(rng, 2, 3) + rng.choice(["!", "", "-", "."]) + some(3, "0123456789"),
        "strong": lambda: some(14, LETTERS + "0123456789!%*+-?@^_"),
        "hex": lambda: some(32, "0123456789abcdef"),
        "short": lambda: some(8, "0123456789abcdef"),
        "base64": lambda: base64.b64encode(rng.randbytes(24)).decode(),
        "basic": lambda: base64.b64encode(f"{syllables(rng, 2, 3)}:{some(12)}".encode()).decode(),
        "jwt": jwt,
        "aws": lambda: "AKIA" + some(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
        "github": lambda: rng.choice(["ghp_", "gho_", "ghs_"]) + some(36),
        "gitlab": lambda: "glpat-" + some(20),
        "stripe": lambda: rng.choice(["sk_live_", "rk_live_"]) + some(24),
        "slack": lambda: f"xoxb-{some(12, '123456789')}-{some(13, '123456789')}-{some(24)}",
        "google": lambda: "AIza" + some(35, LETTERS + "0123456789-_"),
        "bcrypt": lambda: f"$2b${rng.randint(10, 14)}$" + some(53, LETTERS + "0123456789./"),
        "pem": lambda: f"-----BEGIN {rng.choice(['RSA ', 'EC ', 'OPENSSH ', ''])}PRIVATE KEY-----",
    }
    form = form or rng.choice(list(made))
    return value(made[form](), "secret", form)


def broken(rng, marked):
    """`marked` with one digit changed, so that check digits fail; it may be reported or not."""
    places = [i for i, char in enumerate(marked.text) if char.isdigit()]
    if not places:
        return optional(Marked(marked.text[:-1] + "#", marked.spans))
    at = rng.choice(places[len(places) // 2 :])
    other = str((int(marked.text[at]) + rng.randint(1, 9)) % 10)
    return optional(Marked(marked.text[:at] + other + marked.text[at + 1 :], marked.spans))
