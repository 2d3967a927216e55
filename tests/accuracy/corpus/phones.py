"""Phone numbers that are valid in the plan of their country, in the forms people write.

Numbers start from an example number of the metadata of libphonenumber; the digits after its first
ones are drawn anew until the plan accepts the number. The forms are written here, by E.123, RFC 3966
and habit, and with the national groups of the metadata.
"""

from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from corpus.text import value
from corpus.values import digits

REGIONS = """FR GB US DE ES IT NL BE PT PL SE DK FI NO CZ SK CH AT IE CA BR IN JP KR CN AU ZA MX TR RO
HU GR UA BG HR EE LT LV IS SI MA SG AR IL""".split()
TYPES = [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE]


@cache
def _example(region, kind):
    return phonenumbers.example_number_for_type(region, kind)


def number(rng, region):
    """A parsed number that is valid in `region`."""
    example = _example(region, rng.choice(TYPES)) or _example(region, PhoneNumberType.MOBILE)
    national = phonenumbers.national_significant_number(example)
    while True:
        kept = rng.choice([1, 2, 3, 4])
        text = national[:kept] + digits(rng, len(national) - kept)
        try:
            drawn = phonenumbers.parse(f"+{example.country_code}{text}", None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number_for_region(drawn, region):
            return drawn


# Where national numbers begin with 0, and where calls abroad do with 00.
TRUNK_ZERO = set("FR GB DE NL BE SE FI CH AT IE SK RO BG HR UA ZA TR IN AU MA".split())
PREFIX_00 = set(REGIONS) - set("US CA JP AU KR SG BR AU IL UA".split())
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
NBSP, NARROW = "\u00a0", "\u202f"
# How people write numbers, with how often.
INTERNATIONAL = {"e164": 5, "international": 5, "dashed": 1}
NATIONAL = {"national": 6, "national_compact": 3}


def phone(rng, region, form=None):
    """A number of `region` in `form`, or in one that is common."""
    if form is None or form == "any":
        forms = INTERNATIONAL | NATIONAL
        form = rng.choices(list(forms), list(forms.values()))[0]
    elif form == "int":
        form = rng.choices(list(INTERNATIONAL), list(INTERNATIONAL.values()))[0]
    elif form == "nat":
        form = rng.choices(list(NATIONAL), list(NATIONAL.values()))[0]
    if form == "zero_in_brackets" and region not in TRUNK_ZERO:
        form = "international"
    elif form.startswith("double_zero") and region not in PREFIX_00:
        form = "e164"
    return written(rng, number(rng, region), region, form)


def written(rng, parsed, region, form):
    """`parsed` as marked text in `form`."""
    subkind = f"{region}/{form}"

    def out(text, before="", after="", also=()):
        return value(text, "phone", subkind, before, after, also)

    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    international = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    compact = "".join(char for char in national if char.isdigit())
    country, rest = international.split(" ", 1)
    spaced = national.replace("-", " ").replace("/", " ").replace("(", "").replace(")", "")
    spaced = " ".join(spaced.split())
    international_spaced = international.replace("-", " ")
    match form:
        case "e164":
            return out(e164)
        case "international":
            return out(international)
        case "international_nbsp":
            return out(international_spaced.replace(" ", NBSP))
        case "international_narrow":
            return out(international_spaced.replace(" ", NARROW))
        case "international_dots":
            return out(international_spaced.replace(" ", "."))
        case "dashed":
            return out(international.replace(" ", "-"))
        case "national":
            return out(national)
        case "national_compact":
            return out(compact)
        case "national_dots":
            # Four small groups with dots, as in Denmark, nobody could tell from an address.
            return out(spaced if spaced.count(" ") == 3 else spaced.replace(" ", "."))
        case "national_dashes":
            return out(spaced.replace(" ", "-"))
        case "national_nbsp":
            return out(spaced.replace(" ", NBSP))
        case "slash":
            return out(spaced.replace(" ", "/", 1))
        case "brackets":
            head, _, tail = spaced.partition(" ")
            return out(f"({head}) {tail}" if tail else spaced)
        case "zero_in_brackets":
            return out(f"{country} (0){rest}")
        case "double_zero":
            return out("00" + e164[1:])
        case "double_zero_spaced":
            return out("00" + international_spaced[1:])
        case "percent":
            return out("%2B" + e164[1:], also=((3, 0),))
        case "msisdn":
            return out(e164[1:])
        case "rfc3966":
            return out(country + "-" + rest.replace(" ", "-"), before="tel:", also=((-4, 0),))
        case "rfc3966_ext":
            tail = f";ext={rng.randint(10, 9999)}"
            also = ((0, -len(tail)), (-4, 0), (-4, -len(tail)))
            return out(country + "-" + rest.replace(" ", "-") + tail, before="tel:", also=also)
        case "extension":
            tail = rng.choice([" ext. {}", " ext {}", " x{}", ", ext. {}"]).format(
                rng.randint(10, 9999)
            )
            return out(international + tail, also=((0, -len(tail)),))
        case "full_width":
            return out(e164[0] + e164[1:].translate(FULL_WIDTH))
        case "wide_plus":
            return out("＋" + e164[1:].translate(FULL_WIDTH))
    raise ValueError(form)
