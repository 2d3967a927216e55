"""Recomputes what the operators write from the specification `loup.v1`, and the published vectors.

    pseudonyms.py                  prints the vectors, as docs/vectors.json holds them
    pseudonyms.py --check FILE     exit 1 if FILE holds others

Written from the documents it names and not from the program: HMAC and HKDF by the standard library,
AES and SIV by `cryptography`, FF1 and ipcrypt-pfx written out.
"""

import datetime
import ipaddress
import json
import math
import sys

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from tokens import CROCKFORD, PREFIXES, expand, hmac_sha256, key_id, token

MASTER = bytes(range(32))
EPOCH = 1


def domain_key(purpose, domain):
    """D(purpose, domain), RFC 5869 with the salt `loup.v1`."""
    return expand(hmac_sha256(b"loup.v1", MASTER), f"{purpose}\0{domain}".encode())


def kind_key(purpose, domain, kind, length=32):
    """K(purpose, domain, kind): HKDF-Expand, one block of 32 bytes after the other."""
    prk, blocks = domain_key(purpose, domain), [b""]
    while len(blocks) * 32 - 32 < length:
        blocks.append(hmac_sha256(prk, blocks[-1] + kind.encode() + bytes([len(blocks)])))
    return b"".join(blocks)[:length]


def aes(key, block):
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return encryptor.update(block) + encryptor.finalize()


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def base32(data):
    """Most significant bit first, zero bits filling the last character."""
    characters = math.ceil(len(data) * 8 / 5)
    bits = int.from_bytes(data, "big") << (characters * 5 - len(data) * 8)
    return "".join(CROCKFORD[bits >> 5 * at & 31] for at in reversed(range(characters)))


def encrypt(domain, kind, canonical):
    """AES-256-SIV (RFC 5297): V || C, the kind as associated data."""
    cipher = AESSIV(kind_key("encrypt", domain, kind, 64))
    return f"{PREFIXES[kind]}e{EPOCH}_{base32(cipher.encrypt(canonical.encode(), [kind.encode()]))}"


def ff1(key, tweak, radix, n, number):
    """FF1.Encrypt (NIST SP 800-38G, algorithm 7) of `n` numerals, given and returned as a number."""
    u = n // 2
    v = n - u
    a, b = divmod(number, radix**v)
    byte_count = math.ceil((radix**v - 1).bit_length() / 8)
    d = 4 * math.ceil(byte_count / 4) + 4
    p = bytes([1, 2, 1]) + radix.to_bytes(3, "big") + bytes([10, u % 256])
    p += n.to_bytes(4, "big") + len(tweak).to_bytes(4, "big")
    for i in range(10):
        q = tweak + bytes((-len(tweak) - byte_count - 1) % 16)
        q += bytes([i]) + b.to_bytes(byte_count, "big")
        r = bytes(16)
        for at in range(0, len(p + q), 16):
            r = aes(key, xor(r, (p + q)[at:at + 16]))
        s = r
        for j in range(1, math.ceil(d / 16)):
            s += aes(key, xor(r, j.to_bytes(16, "big")))
        m = u if i % 2 == 0 else v
        a, b = b, (a + int.from_bytes(s[:d], "big")) % radix**m
    return a * radix**v + b


def permute(key, kept, free):
    """The free characters of a value: ranked, encrypted with cycle walking, unranked."""
    alphabets = [10 if character.isdigit() else 26 for character in free]
    size, rank = math.prod(alphabets), 0
    for character, alphabet in zip(free, alphabets):
        rank = rank * alphabet + (int(character) if alphabet == 10 else ord(character) - ord("A"))
    if size < 1_000_000:
        raise ValueError("fewer than a million values")
    while True:
        rank = ff1(key, kept.encode(), 2, (size - 1).bit_length(), rank)
        if rank < size:
            break
    characters = []
    for alphabet in reversed(alphabets):
        rank, digit = divmod(rank, alphabet)
        characters.append(str(digit) if alphabet == 10 else chr(ord("A") + digit))
    return "".join(reversed(characters))


# ITU-T E.164: the country codes of two digits; 1 and 7 have one, the others three.
TWO_DIGITS = set(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 "
    "66 81 82 84 86 90 91 92 93 94 95 98".split()
)


def surrogate_phone(domain, canonical):
    number, mark, extension = canonical[1:].partition(";ext=")
    code = 1 if number[0] in "17" else 2 if number[:2] in TWO_DIGITS else 3
    kept, free = number[:code + 1], number[code + 1:]
    mixed = permute(kind_key("surrogate", domain, "phone"), kept + mark, free + extension)
    return f"+{kept}{mixed[:len(free)]}{mark}{mixed[len(free):]}"


def surrogate_iban(domain, canonical):
    country = canonical[:2]
    bban = permute(kind_key("surrogate", domain, "iban"), country, canonical[4:])
    # ISO/IEC 7064, MOD 97-10, letters being 10 to 35.
    number = int("".join(str(int(character, 36)) for character in bban + country + "00"))
    return f"{country}{98 - number % 97:02}{bban}"


def surrogate_card(domain, canonical):
    body = canonical[:6] + permute(kind_key("surrogate", domain, "card"), canonical[:6], canonical[6:-1])
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(body))]
    return body + str(-sum(digit // 10 + digit % 10 for digit in doubled) % 10)


def surrogate_ip(domain, canonical):
    """ipcrypt-pfx (draft-denis-ipcrypt-12): each bit is masked by one that the bits before it give."""
    return pfx(kind_key("surrogate", domain, "ip"), canonical)


def pfx(key, canonical):
    address = ipaddress.ip_address(canonical)
    start = 96 if address.version == 4 else 0
    bits = int(address) | (0xFFFF << 32 if address.version == 4 else 0)
    result = 0
    for length in range(start, 128):
        # The first `length` bits, behind a one, behind zeros.
        prefix = (1 << length | bits >> (128 - length)).to_bytes(16, "big")
        masking = xor(aes(key[:16], prefix), aes(key[16:], prefix))[15] & 1
        result = result << 1 | masking ^ bits >> (127 - length) & 1
    return str(ipaddress.ip_address(result.to_bytes(16 if start == 0 else 4, "big")))


def surrogate_email(domain, canonical):
    def characters(kind, text):
        mac = hmac_sha256(kind_key("surrogate", domain, kind), text.encode())
        return token(mac, "", "")[1:]

    mail_domain = canonical.rpartition("@")[2]
    return f"{characters('email', canonical)}@{characters('email_domain', mail_domain)}.invalid"


SURROGATES = {
    "phone": surrogate_phone, "iban": surrogate_iban, "card": surrogate_card, "ip": surrogate_ip,
    "email": surrogate_email,
}


def shift_days(domain, kind, subject, max_days):
    mac = hmac_sha256(kind_key("shift", domain, kind), subject.encode())
    return int.from_bytes(mac, "big") % (2 * max_days + 1) - max_days


def pseudonyms(domain, kind, canonical):
    mac = hmac_sha256(kind_key("token", domain, kind), canonical.encode())
    row = {
        "domain": domain, "kind": kind, "canonical": canonical,
        "token": token(mac, PREFIXES[kind], EPOCH),
        "hash": mac.hex(),
        "digest": hmac_sha256(kind_key("digest", domain, kind), canonical.encode())[:16].hex(),
        "encrypt": encrypt(domain, kind, canonical),
    }
    if kind in SURROGATES and not canonical.startswith("raw\0"):
        row["surrogate"] = SURROGATES[kind](domain, canonical)
    return row


def shifted(domain, kind, subject, max_days, date):
    days = shift_days(domain, kind, subject, max_days)
    day = datetime.date.fromisoformat(date[:10]) + datetime.timedelta(days)
    return {
        "domain": domain, "kind": kind, "subject": subject, "max_days": max_days, "days": days,
        "date": date, "shifted": day.isoformat() + date[10:],
    }


# Reserved for documentation and fiction (RFC 2606, RFC 5737, RFC 3849, Arcep, Ofcom, NANPA), examples
# of the IBAN registry, and test numbers that card networks publish.
VALUES = {
    "email": [
        "jean.dupont@example.com", "jean.dupont@example.org", "anne@example.com", "a@b.example",
        "hélène@xn--mller-kva.example", "jean+news@example.com", "o'brien@example.net", "\"a@b\"@example.com",
        "用户@example.com", "no-reply@sub.example.co.uk", "x" * 64 + "@example.com", "raw\0n/a",
    ],
    "phone": [
        "+33639980012", "+33199001234", "+33612345678", "+33612345678;ext=12", "+447700900123",
        "+442079460123", "+12025550143", "+12025550143;ext=4567", "+493023125000", "+390612345678",
        "+35315550143", "raw\0extension 12",
    ],
    "iban": [
        "FR7630006000011234567890189", "FR1420041010050500013M02606", "DE89370400440532013000",
        "GB29NWBK60161331926819", "BE68539007547034", "NL91ABNA0417164300", "ES9121000418450200051332",
        "IT60X0542811101000000123456", "NO9386011117947", "CH9300762011623852957",
        "MT84MALT011000012345MTLCAST001S", "raw\0FR76",
    ],
    "ip": [
        "192.0.2.1", "192.0.2.2", "198.51.100.7", "203.0.113.255", "0.0.0.0", "255.255.255.255",
        "2001:db8::1", "2001:db8::2", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "64:ff9b::c000:201", "::1",
        "raw\0unknown",
    ],
    "card": [
        "4111111111111111", "4012888888881881", "4222222222222", "5555555555554444", "5105105105105100",
        "2223003122003222", "378282246310005", "371449635398431", "6011111111111117", "3530111333300000",
        "6304000000000000", "raw\0" "4111",
    ],
    "name": ["jean dupont", "hélène müller", "о'ніл", "山田 太郎"],
    "address": ["12 rue de la paix 75002 paris", "221b baker street london", "raw\0?"],
    "national_id": ["fr_nir:255081416802538", "es_dni:12345678z", "raw\0unknown"],
    "mac": ["00:00:5e:00:53:01", "00:00:5e:00:53:ff"],
    "url_profile": ["linkedin.com/in/example", "github.com/example"],
    "birth_date": ["1984-02-29", "2001-12-31"],
    "device_id": ["38400000-8cf0-11bd-b23e-10b96e40000d", "raw\0none"],
}

DATES = [
    "2024-02-29", "2023-12-31", "1984-05-17T00:00:00Z", "2024-11-22T10:06:12.5+01:00", "2000-01-01 23:59",
]


def document():
    return {
        "specification": "loup.v1", "epoch": EPOCH, "master_key": MASTER.hex(), "key_id": key_id(MASTER),
        "values": [
            pseudonyms(domain, kind, canonical)
            for domain in ("default", "analytics") for kind, values in VALUES.items() for canonical in values
        ],
        "shifts": [
            shifted(domain, kind, subject, max_days, date)
            for domain in ("default", "analytics")
            for kind in ("email", "phone", "device_id")
            for subject, max_days, date in zip(VALUES[kind], (180, 180, 7, 3650, 1), DATES)
        ],
    }


def written(document):
    """JSON, a vector a line."""
    lines = []
    for name, value in document.items():
        if isinstance(value, list):
            rows = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f'  "{name}": [\n{rows}\n  ]')
        else:
            lines.append(f'  "{name}": {json.dumps(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def check_algorithms():
    """Holds what is written out here to the vectors of NIST and of the draft."""
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    for radix, tweak, plain, sealed in [
        (10, b"", "0123456789", "2433477484"),
        (10, b"9876543210", "0123456789", "6124200773"),
        (36, b"7777pqrs777", "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
    ]:
        assert ff1(key, tweak, radix, len(plain), int(plain, radix)) == int(sealed, radix)
    key = bytes.fromhex("0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301")
    assert pfx(key, "0.0.0.0") == "151.82.155.134"
    assert pfx(key, "192.0.2.1") == "100.115.72.131"
    assert pfx(key, "2001:db8::1") == "c180:5dd4:2587:3524:30ab:fa65:6ab6:f88"


def main():
    check_algorithms()
    text = written(document())
    if len(sys.argv) == 1:
        sys.stdout.buffer.write(text.encode())
    elif sys.argv[1] == "--check" and len(sys.argv) == 3:
        with open(sys.argv[2], encoding="utf-8") as file:
            published = file.read()
        for number, (given, expected) in enumerate(zip(published.split("\n"), text.split("\n")), start=1):
            if given != expected:
                sys.exit(f"line {number} should be\n{expected}")
        if published != text:
            sys.exit("another number of vectors")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
