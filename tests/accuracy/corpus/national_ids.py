"""Numbers that states give to people, with their check digits, by the rules each state publishes.

One function a scheme, which draws the number without separators; `SCHEMES` says how it is printed.
What is drawn is checked against python-stdnum by `generate.py --check`.
"""

from datetime import date, timedelta

from corpus.text import value
from corpus.values import CAPITALS, digits, italian_sum, luhn_digit


def born(rng, first=1935, last=2006):
    start = date(first, 1, 1)
    return start + timedelta(days=rng.randint(0, (date(last, 12, 31) - start).days))


def weighted(text, weights):
    return sum(int(char) * weight for char, weight in zip(text, weights))


def until(draw):
    """Draws again while the rules of the scheme refuse what was drawn."""

    def drawn(rng):
        while True:
            number = draw(rng)
            if number is not None:
                return number

    return drawn


def mod_11_10(body):
    """The check digit of ISO/IEC 7064, MOD 11,10."""
    product = 10
    for char in body:
        total = (int(char) + product) % 10 or 10
        product = 2 * total % 11
    return str((11 - product) % 10)


def fr_nir(rng):
    """INSEE: sex, year, month, department and commune of birth, order, key modulo 97."""
    day = born(rng)
    place = rng.choice(
        [
            f"{rng.randint(1, 95):02}".replace("20", "21") + f"{rng.randint(1, 590):03}",
            f"{rng.randint(1, 95):02}".replace("20", "21") + f"{rng.randint(1, 590):03}",
            f"{rng.randint(1, 95):02}".replace("20", "21") + f"{rng.randint(1, 590):03}",
            rng.choice(["2A", "2B"]) + f"{rng.randint(1, 360):03}",
            rng.choice(["971", "972", "973", "974", "976"]) + f"{rng.randint(1, 36):02}",
            "99" + rng.choice(["109", "131", "132", "350", "351", "352", "134"]),
        ]
    )
    body = f"{rng.choice('12')}{day:%y}{day:%m}{place}{rng.randint(1, 780):03}"
    number = int(body.replace("2A", "19").replace("2B", "18"))
    return body + f"{97 - number % 97:02}"


def fr_spi(rng):
    """The tax number: thirteen digits, the last three modulo 511."""
    body = rng.choice("0123") + digits(rng, 9)
    return body + f"{int(body) % 511:03}"


def it_cf(rng):
    day, female = born(rng), rng.random() < 0.5
    letters = "".join(rng.choices("BCDFGLMNPRSTVZ", k=6))
    body = f"{letters}{day:%y}{'ABCDEHLMPRST'[day.month - 1]}{day.day + (40 if female else 0):02}"
    body += rng.choice("ABCDEFGHL") + f"{rng.randint(1, 950):03}"
    return body + CAPITALS[italian_sum(body)]


DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def es_dni(rng):
    number = rng.randint(1_000_000, 99_999_999)
    return f"{number:08}{DNI_LETTERS[number % 23]}"


def es_nie(rng):
    prefix, number = rng.randint(0, 2), digits(rng, 7)
    return f"{'XYZ'[prefix]}{number}{DNI_LETTERS[int(str(prefix) + number) % 23]}"


@until
def de_steuer_id(rng):
    """§ 139b AO: of the first ten digits one comes twice (or three times), none begins with 0."""
    chosen = rng.sample("0123456789", 9)
    body = chosen + [rng.choice(chosen)]
    rng.shuffle(body)
    if body[0] == "0":
        return None
    return "".join(body) + mod_11_10(body)


def be_nn(rng):
    day = born(rng)
    body = f"{day:%y%m%d}{rng.randint(1, 997):03}"
    number = int(("2" if day.year >= 2000 else "") + body)
    return body + f"{97 - number % 97:02}"


@until
def nl_bsn(rng):
    body = rng.choice("012456789") + digits(rng, 7)
    check = weighted(body, range(9, 1, -1)) % 11
    return None if check == 10 or body[:3] == "000" else body + str(check)


def pt_nif(rng):
    body = rng.choice(["1", "2", "3"]) + digits(rng, 7)
    check = (11 - weighted(body, range(9, 1, -1)) % 11) % 11
    return body + str(check % 10)


def pl_pesel(rng):
    day = born(rng)
    month = day.month + (20 if day.year >= 2000 else 0)
    body = f"{day:%y}{month:02}{day:%d}{digits(rng, 4)}"
    return body + str(-weighted(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


def se_personnummer(rng):
    day = born(rng)
    body = f"{day:%y%m%d}{rng.randint(1, 999):03}"
    return body + luhn_digit(body)


@until
def dk_cpr(rng):
    """The seventh digit tells the century; the check digit modulo 11 of numbers before 2007."""
    day = born(rng)
    seventh = rng.choice("0123") if day.year < 2000 else rng.choice("4567")
    body = f"{day:%d%m%y}{seventh}{digits(rng, 2)}"
    check = -weighted(body, (4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return None if check == 10 else body + str(check)


def fi_hetu(rng):
    day = born(rng)
    serial = f"{rng.randint(2, 899):03}"
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(f"{day:%d%m%y}{serial}") % 31]
    return f"{day:%d%m%y}{'A' if day.year >= 2000 else '-'}{serial}{check}"


@until
def no_fnr(rng):
    day = born(rng, 1940, 1999)
    body = f"{day:%d%m%y}{rng.randint(0, 499):03}"
    first = -weighted(body, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
    second = -weighted(body + str(first), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 if first < 10 else 10
    return None if second == 10 else f"{body}{first}{second}"


@until
def cz_rc(rng):
    """Births since 1954: ten digits, a multiple of 11; women have 50 added to the month."""
    day = born(rng, 1954)
    month = day.month + rng.choice([0, 50])
    body = f"{day:%y}{month:02}{day:%d}{digits(rng, 3)}"
    check = -int(body + "0") % 11
    return None if check == 10 else f"{body}{check}"


def ro_cnp(rng):
    day = born(rng)
    sex = rng.choice("12") if day.year < 2000 else rng.choice("56")
    county = rng.choice([rng.randint(1, 46), 51, 52])
    body = f"{sex}{day:%y%m%d}{county:02}{rng.randint(1, 999):03}"
    check = weighted(body, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return body + str(1 if check == 10 else check)


def bg_egn(rng):
    day = born(rng)
    month = day.month + (40 if day.year >= 2000 else 0)
    body = f"{day:%y}{month:02}{day:%d}{digits(rng, 3)}"
    return body + str(weighted(body, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10)


def hr_oib(rng):
    body = digits(rng, 10)
    return body + mod_11_10(body)


def ee_ik(rng):
    """Estonia and Lithuania: sex and century, day of birth, serial, two weightings modulo 11."""
    day = born(rng)
    sex = rng.choice("34") if day.year < 2000 else rng.choice("56")
    body = f"{sex}{day:%y%m%d}{rng.randint(1, 709):03}"
    check = weighted(body, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if check == 10:
        check = weighted(body, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return f"{body}{check}"


def lv_pk(rng):
    day = born(rng)
    century = "1" if day.year < 2000 else "2"
    body = f"{day:%d%m%y}{century}{digits(rng, 3)}"
    check = (1 + weighted(body, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10
    return f"{body}{check}"


def hu_taj(rng):
    body = rng.choice("01") + digits(rng, 7)
    return body + str(weighted(body, (3, 7) * 4) % 10)


def gr_amka(rng):
    body = f"{born(rng):%d%m%y}{digits(rng, 4)}"
    return body + luhn_digit(body)


@until
def at_svnr(rng):
    serial, day = str(rng.randint(100, 999)), f"{born(rng):%d%m%y}"
    check = weighted(serial + day, (3, 7, 9, 5, 8, 4, 2, 1, 6)) % 11
    return None if check == 10 else f"{serial}{check}{day}"


def ch_avs(rng):
    body = "756" + digits(rng, 9)
    return body + str(-weighted(body, (1, 3) * 6) % 10)


@until
def uk_nino(rng):
    """Two letters of which D F I Q U V (and O second) are not used, six digits, a suffix."""
    prefix = rng.choice("ABCEGHJKLMNOPRSTWXYZ") + rng.choice("ABCEGHJKLMNPRSTWXYZ")
    if prefix in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ"):
        return None
    return f"{prefix}{digits(rng, 6)}{rng.choice('ABCD')}"


@until
def uk_nhs(rng):
    body = rng.choice("46") + digits(rng, 8)
    check = (11 - weighted(body, range(10, 1, -1)) % 11) % 11
    return None if check == 10 else f"{body}{check}"


@until
def us_ssn(rng):
    area, group, serial = rng.randint(1, 899), rng.randint(1, 99), rng.randint(1, 9999)
    return None if area == 666 else f"{area:03}{group:02}{serial:04}"


def ca_sin(rng):
    body = rng.choice("1234567") + digits(rng, 7)
    return body + luhn_digit(body)


def br_cpf(rng):
    body = digits(rng, 9)
    for _ in range(2):
        check = -weighted(body, range(len(body) + 1, 1, -1)) % 11
        body += str(check % 10 if check < 10 else 0)
    return body


VERHOEFF_D = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
VERHOEFF_P = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def in_aadhaar(rng):
    """Twelve digits, the last by Verhoeff."""
    body = rng.choice("23456789") + digits(rng, 10)
    check = 0
    for index, char in enumerate(reversed(body), 1):
        check = int(VERHOEFF_D[check][int(VERHOEFF_P[index % 8][int(char)])])
    return body + str(VERHOEFF_D[check].index("0"))


def in_pan(rng):
    letters = "".join(rng.choices(CAPITALS, k=3))
    return f"{letters}P{rng.choice(CAPITALS)}{rng.randint(1, 9999):04}{rng.choice(CAPITALS)}"


def ie_pps(rng):
    body = str(rng.randint(1_000_000, 9_999_999))
    return body + "WABCDEFGHIJKLMNOPQRSTUV"[weighted(body, range(8, 1, -1)) % 23]


def tr_kimlik(rng):
    body = str(rng.randint(1, 9)) + digits(rng, 8)
    odd, even = sum(int(c) for c in body[::2]), sum(int(c) for c in body[1::2])
    tenth = (odd * 7 - even) % 10
    return f"{body}{tenth}{(odd + even + tenth) % 10}"


def za_id(rng):
    body = f"{born(rng):%y%m%d}{digits(rng, 4)}08"
    return body + luhn_digit(body)


def cn_ric(rng):
    area = rng.choice(["110101", "310104"])
    body = f"{area}{born(rng):%Y%m%d}{rng.randint(1, 999):03}"
    total = sum(int(char) * pow(2, 17 - i) for i, char in enumerate(body)) % 11
    return body + "10X98765432"[total]


def kr_rrn(rng):
    day = born(rng)
    sex = rng.choice("12") if day.year < 2000 else rng.choice("34")
    body = f"{day:%y%m%d}{sex}{rng.randint(0, 95):02}{digits(rng, 3)}"
    return body + str((11 - weighted(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10)


def mx_curp(rng):
    day = born(rng)
    head = (
        rng.choice("BCDFGLMNPRST") + rng.choice("AEIOU") + "".join(rng.choices("BCDFGLMNPRST", k=2))
    )
    body = head + f"{day:%y%m%d}" + rng.choice("HM")
    body += rng.choice(["DF", "JC", "NL", "PL", "VZ", "GT"]) + "".join(
        rng.choices("BCDFGLMNPRST", k=3)
    )
    body += rng.choice("0123456789") if day.year < 2000 else rng.choice("ABCDEF")
    alphabet = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ"
    total = sum(alphabet.index(char) * (18 - i) for i, char in enumerate(body))
    return body + str(-total % 10)


def au_tfn(rng):
    while True:
        number = rng.choice("12345678") + digits(rng, 8)
        if weighted(number, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0:
            return number


def de_rvnr(rng):
    """The pension insurance's number: area, day of birth, initial, serial, digit sums modulo 10."""
    day, letter = born(rng), rng.choice(CAPITALS)
    body = f"{rng.choice([2, 4, 10, 12, 13, 15, 24, 50, 53, 65]):02}{day:%d%m%y}"
    serial = f"{rng.randint(0, 99):02}"
    number = f"{body}{ord(letter) - 64:02}{serial}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(sum(divmod(int(c) * w, 10)) for c, w in zip(number, weights))
    return f"{body}{letter}{serial}{total % 10}"


def us_itin(rng):
    group = rng.choice([*range(70, 89), 90, 91, 92, *range(94, 100)])
    return f"9{digits(rng, 2)}{group}{digits(rng, 4)}"


def gr_afm(rng):
    body = rng.choice(["0", "1"]) + digits(rng, 7)
    return body + str(weighted(body, (256, 128, 64, 32, 16, 8, 4, 2)) % 11 % 10)


@until
def hu_ado(rng):
    """The tax number: 8, the days since 1867, a serial, a check digit modulo 11."""
    days = (born(rng) - date(1867, 1, 1)).days
    body = f"8{days:05}{digits(rng, 3)}"
    check = weighted(body, range(1, 10)) % 11
    return None if check == 10 else f"{body}{check}"


@until
def is_kennitala(rng):
    day = born(rng)
    body = f"{day:%d%m%y}{rng.randint(20, 99)}"
    check = -weighted(body, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return None if check == 10 else f"{body}{check}{'9' if day.year < 2000 else '0'}"


@until
def si_emso(rng):
    day = born(rng)
    body = f"{day:%d%m}{day.year % 1000:03}50{digits(rng, 3)}"
    check = -weighted(body, (7, 6, 5, 4, 3, 2) * 2) % 11
    return None if check == 10 else f"{body}{check}"


def grouped(separator, *sizes):
    """The number in groups of `sizes`."""

    def printed(number):
        parts, at = [], 0
        for size in sizes:
            parts.append(number[at : at + size])
            at += size
        return separator.join(part for part in parts + [number[at:]] if part)

    return printed


def same(number):
    return number


def _be(number):
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"


def _cpf(number):
    return f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"


# Scheme: region, draw, printed forms, the most common first, and column names.
SCHEMES = {
    "fr_nir": ("FR", fr_nir, [same, grouped(" ", 1, 2, 2, 2, 3, 3, 2)], ["nir", "numero_secu", "num_secu", "securite_sociale"]),
    "fr_spi": ("FR", fr_spi, [same, grouped(" ", 2, 2, 3, 3, 3)], ["numero_fiscal", "spi"]),
    "it_cf": ("IT", it_cf, [same], ["codice_fiscale", "cf", "cod_fiscale"]),
    "es_dni": ("ES", es_dni, [same, grouped("-", 8)], ["dni", "nif", "documento"]),
    "es_nie": ("ES", es_nie, [same, grouped("-", 1, 7)], ["nie", "num_nie", "nie_extranjero"]),
    "de_steuer_id": ("DE", de_steuer_id, [same, grouped(" ", 2, 3, 3, 3)], ["steuer_id", "idnr", "steueridentifikationsnummer"]),
    "de_rvnr": ("DE", de_rvnr, [same, grouped(" ", 2, 6, 1, 3)], ["rentenversicherungsnummer", "rvnr", "sv_nummer"]),
    "be_nn": ("BE", be_nn, [_be, same], ["rijksregisternummer", "numero_national", "insz", "niss"]),
    "nl_bsn": ("NL", nl_bsn, [same], ["bsn", "burgerservicenummer", "sofinummer"]),
    "pt_nif": ("PT", pt_nif, [same, grouped(" ", 3, 3, 3)], ["nif", "contribuinte", "numero_contribuinte"]),
    "pl_pesel": ("PL", pl_pesel, [same], ["pesel", "nr_pesel", "numer_pesel"]),
    "se_personnummer": ("SE", se_personnummer, [grouped("-", 6), same], ["personnummer", "personnr", "pnr"]),
    "dk_cpr": ("DK", dk_cpr, [grouped("-", 6), same], ["cpr", "cpr_nummer", "cprnr"]),
    "fi_hetu": ("FI", fi_hetu, [same], ["hetu", "henkilotunnus", "henkilötunnus"]),
    "no_fnr": ("NO", no_fnr, [same, grouped(" ", 6)], ["fodselsnummer", "fnr", "fødselsnummer"]),
    "cz_rc": ("CZ", cz_rc, [grouped("/", 6), same], ["rodne_cislo", "rc", "rodné číslo"]),
    "sk_rc": ("SK", cz_rc, [grouped("/", 6), same], ["rodne_cislo", "rodné číslo", "r_c"]),
    "ro_cnp": ("RO", ro_cnp, [same], ["cnp", "cod_numeric_personal", "CNP"]),
    "bg_egn": ("BG", bg_egn, [same], ["egn", "ЕГН", "EGN"]),
    "hr_oib": ("HR", hr_oib, [same], ["oib", "OIB", "osobni_identifikacijski_broj"]),
    "ee_ik": ("EE", ee_ik, [same], ["isikukood", "ik", "personal_code"]),
    "lt_ak": ("LT", ee_ik, [same], ["asmens_kodas", "ak", "personal_code"]),
    "lv_pk": ("LV", lv_pk, [grouped("-", 6), same], ["personas_kods", "pk", "personal_code"]),
    "hu_taj": ("HU", hu_taj, [grouped(" ", 3, 3, 3), same], ["taj", "taj_szam", "TAJ"]),
    "hu_ado": ("HU", hu_ado, [same], ["adoazonosito", "adóazonosító jel", "ado_azonosito_jel"]),
    "is_kennitala": ("IS", is_kennitala, [grouped("-", 6), same], ["kennitala", "kt", "Kennitala"]),
    "si_emso": ("SI", si_emso, [same], ["emso", "EMŠO", "maticna_stevilka"]),
    "gr_afm": ("GR", gr_afm, [same], ["afm", "ΑΦΜ", "AFM"]),
    "gr_amka": ("GR", gr_amka, [same], ["amka", "AMKA", "ΑΜΚΑ"]),
    "at_svnr": ("AT", at_svnr, [grouped(" ", 4), same], ["svnr", "sozialversicherungsnummer", "sv_nummer"]),
    "ch_avs": ("CH", ch_avs, [grouped(".", 3, 4, 4, 2), same], ["ahv_nummer", "no_avs", "ahv"]),
    "uk_nino": ("GB", uk_nino, [grouped(" ", 2, 2, 2, 2, 1), same], ["nino", "ni_number", "national_insurance_number"]),
    "uk_nhs": ("GB", uk_nhs, [grouped(" ", 3, 3, 4), same], ["nhs_number", "nhs_no", "nhs"]),
    "us_ssn": ("US", us_ssn, [grouped("-", 3, 2, 4)], ["ssn", "social_security_number", "SSN"]),
    "us_itin": ("US", us_itin, [grouped("-", 3, 2, 4)], ["itin", "taxpayer_id", "ITIN"]),
    "ca_sin": ("CA", ca_sin, [grouped(" ", 3, 3, 3), grouped("-", 3, 3, 3), same], ["sin", "social_insurance_number", "nas"]),
    "br_cpf": ("BR", br_cpf, [_cpf, same], ["cpf", "cpf_cliente", "CPF"]),
    "in_aadhaar": ("IN", in_aadhaar, [grouped(" ", 4, 4, 4), same], ["aadhaar", "aadhaar_no", "uidai"]),
    "in_pan": ("IN", in_pan, [same], ["pan", "pan_number", "pan_no"]),
    "ie_pps": ("IE", ie_pps, [same], ["pps", "ppsn", "pps_number"]),
    "tr_kimlik": ("TR", tr_kimlik, [same], ["tc_kimlik_no", "tckn", "kimlik_no"]),
    "za_id": ("ZA", za_id, [same], ["id_number", "sa_id", "said"]),
    "cn_ric": ("CN", cn_ric, [same], ["id_card", "身份证号", "sfz"]),
    "kr_rrn": ("KR", kr_rrn, [grouped("-", 6)], ["rrn", "주민등록번호", "jumin"]),
    "mx_curp": ("MX", mx_curp, [same], ["curp", "CURP", "clave_curp"]),
    "au_tfn": ("AU", au_tfn, [grouped(" ", 3, 3, 3), same], ["tfn", "tax_file_number", "tfn_no"]),
}  # fmt: skip

# What checks them in python-stdnum, which has nothing for NINO, RVNR and the Hungarian ones.
CHECKERS = {
    "fr_nir": "fr.nir", "fr_spi": "fr.nif", "it_cf": "it.codicefiscale", "es_dni": "es.dni",
    "es_nie": "es.nie", "de_steuer_id": "de.idnr", "be_nn": "be.nn", "nl_bsn": "nl.bsn",
    "pt_nif": "pt.nif", "pl_pesel": "pl.pesel", "se_personnummer": "se.personnummer",
    "dk_cpr": "dk.cpr", "fi_hetu": "fi.hetu", "no_fnr": "no.fodselsnummer", "cz_rc": "cz.rc",
    "sk_rc": "sk.rc", "ro_cnp": "ro.cnp", "bg_egn": "bg.egn", "hr_oib": "hr.oib", "ee_ik": "ee.ik",
    "lt_ak": "lt.asmens", "lv_pk": "lv.pvn", "gr_amka": "gr.amka", "at_svnr": "at.vnr",
    "ch_avs": "ch.ssn", "uk_nhs": "gb.nhs", "us_ssn": "us.ssn", "ca_sin": "ca.sin",
    "br_cpf": "br.cpf", "in_aadhaar": "in_.aadhaar", "in_pan": "in_.pan", "ie_pps": "ie.pps",
    "tr_kimlik": "tr.tckimlik", "za_id": "za.idnr", "cn_ric": "cn.ric", "kr_rrn": "kr.rrn",
    "mx_curp": "mx.curp", "au_tfn": "au.tfn", "us_itin": "us.itin", "gr_afm": "gr.vat",
    "is_kennitala": "is_.kennitala", "si_emso": "si.emso",
}  # fmt: skip


def national_id(rng, scheme, form=None):
    """A number of `scheme`: `compact`, `spaces` (as printed), or the one or the other."""
    _, draw, forms, _ = SCHEMES[scheme]
    number = draw(rng)
    if form == "compact":
        printed = number
    elif form == "spaces":
        printed = next((form for form in forms if form is not same), same)(number)
    else:
        printed = rng.choice(forms)(number)
    return value(printed, "national_id", scheme)
