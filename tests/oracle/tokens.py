"""Recomputes pseudonyms from the specification `loup.v1`, with hmac and hashlib alone.

    tokens.py KEY_FILE DOMAIN KIND [--as token|hash|digest] < VALUES

A line of VALUES is a canonical form (a NUL byte as itself), and after a TAB the pseudonym that it
should have. Without a TAB the pseudonym is printed. Exit 1 names the lines that differ.
"""

import argparse
import base64
import hashlib
import hmac
import sys
import tomllib

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
PREFIXES = {
    "email": "eml", "phone": "tel", "iban": "iba", "ip": "ip", "card": "crd", "name": "nam",
    "address": "adr", "national_id": "nid", "mac": "mac", "url_profile": "url",
    "birth_date": "dob", "device_id": "dev",
}


def hmac_sha256(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def expand(prk, info):
    """HKDF-Expand (RFC 5869) for one block of 32 bytes."""
    return hmac_sha256(prk, info + b"\x01")


def derive(master, purpose, domain, kind, run=None):
    """K(purpose, domain, kind): HKDF with salt `loup.v1` to the domain key, then expanded."""
    prk = hmac_sha256(b"loup.v1", master)
    domain_key = expand(prk, f"{purpose}\0{domain}".encode())
    return expand(domain_key, kind.encode() + (b"\0" + run if run else b""))


def key_id(master):
    return hmac_sha256(master, b"loup.v1/key-id")[:4].hex()


def token(mac, prefix, epoch):
    """The first 100 bits, most significant first, five to a character."""
    bits = int.from_bytes(mac, "big") >> (256 - 100)
    text = "".join(CROCKFORD[bits >> shift & 31] for shift in range(95, -1, -5))
    return f"{prefix}{epoch}_{text}"


def read_keyring(path):
    """The epochs of a key file whose key is not destroyed."""
    with open(path, "rb") as file:
        entries = [entry for entry in tomllib.load(file)["key"] if "secret" in entry]
    for entry in entries:
        master = base64.b64decode(entry["secret"])
        if len(master) != 32:
            sys.exit(f"epoch {entry['epoch']}: the secret has {len(master)} bytes")
        if entry["id"] != key_id(master):
            sys.exit(f"epoch {entry['epoch']}: the key id should be {key_id(master)}")
        entry["master"] = master
    return entries


def main():
    args = argparse.ArgumentParser()
    args.add_argument("key_file")
    args.add_argument("domain")
    args.add_argument("kind")
    args.add_argument("--as", dest="form", choices=["token", "hash", "digest"], default="token")
    args.add_argument("--epoch", type=int, help="the active one where not given")
    args.add_argument("--run", type=bytes.fromhex, help="for scope = run: 16 bytes")
    args.add_argument("--prefix", help="of a user's kind")
    args = args.parse_args()

    entries = [
        entry for entry in read_keyring(args.key_file)
        if (entry["epoch"] == args.epoch if args.epoch else entry["status"] == "active")
    ]
    if len(entries) != 1:
        sys.exit(f"{len(entries)} keys fit: expected one")
    epoch, master = entries[0]["epoch"], entries[0]["master"]
    purpose = "digest" if args.form == "digest" else "token"
    key = derive(master, purpose, args.domain, args.kind, args.run)
    prefix = args.prefix or PREFIXES.get(args.kind)

    def pseudonym(canonical):
        mac = hmac_sha256(key, canonical)
        if args.form == "digest":
            return mac[:16].hex()
        return mac.hex() if args.form == "hash" else token(mac, prefix, epoch)

    differing = 0
    for number, line in enumerate(sys.stdin.buffer.read().split(b"\n"), start=1):
        if not line:
            continue
        canonical, _, given = line.partition(b"\t")
        expected = pseudonym(canonical)
        if not given:
            print(expected)
        elif given.decode() != expected:
            differing += 1
            print(f"line {number}: {given.decode()} should be {expected}", file=sys.stderr)
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
