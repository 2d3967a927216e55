"""age files under a passphrase, by a second implementation (age-encryption.org/v1).

    age_file.py open KEYRING           prints the secrets of the keyring that are encrypted, one a line
    age_file.py seal LOG_N SECRET      prints the secret encrypted, in ASCII armour

The passphrase is the value of TEST_PASSPHRASE. LOG_N is the work factor.
"""

import base64
import hashlib
import hmac
import os
import sys
import tomllib

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"age-encryption.org/v1"
BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
END = "-----END AGE ENCRYPTED FILE-----"
# ChaCha20-Poly1305 of one message under its own key.
ZERO_NONCE = bytes(12)
# STREAM: a counter of 11 bytes, and 1 for the last chunk. A secret is one chunk.
ONLY_CHUNK = bytes(11) + b"\1"


def unpadded(text):
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)


def encoded(data):
    return base64.b64encode(data).rstrip(b"=")


def wrap_key(passphrase, salt, log_n):
    n = 1 << log_n
    return hashlib.scrypt(
        passphrase, salt=VERSION + b"/scrypt" + salt, n=n, r=8, p=1, maxmem=n * 2048 + (1 << 20), dklen=32
    )


def derived(file_key, salt, info):
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(file_key)


def mac(file_key, header):
    return hmac.digest(derived(file_key, b"", b"header"), header, "sha256")


def opened(armour, passphrase):
    lines = armour.strip().splitlines()
    assert (lines[0], lines[-1]) == (BEGIN, END), "not armoured"
    assert all(len(line) == 64 for line in lines[1:-2]) and 0 < len(lines[-2]) <= 64, "line lengths"
    data = base64.b64decode("".join(lines[1:-1]), validate=True)
    version, stanza, body, rest = data.split(b"\n", 3)
    assert version == VERSION, "version"
    arrow, kind, salt, log_n = stanza.split(b" ")
    assert (arrow, kind) == (b"->", b"scrypt"), "one recipient, a passphrase"
    footer, payload = rest.split(b"\n", 1)
    assert footer.startswith(b"--- "), "nothing else in the header"
    key = wrap_key(passphrase, unpadded(salt), int(log_n))
    file_key = ChaCha20Poly1305(key).decrypt(ZERO_NONCE, unpadded(body), None)
    header = b"\n".join([version, stanza, body, b"---"])
    assert hmac.compare_digest(unpadded(footer[4:]), mac(file_key, header)), "header MAC"
    nonce, chunk = payload[:16], payload[16:]
    return ChaCha20Poly1305(derived(file_key, nonce, b"payload")).decrypt(ONLY_CHUNK, chunk, None)


def sealed(secret, passphrase, log_n):
    salt, file_key, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    stanza = b"-> scrypt " + encoded(salt) + b" " + str(log_n).encode()
    body = ChaCha20Poly1305(wrap_key(passphrase, salt, log_n)).encrypt(ZERO_NONCE, file_key, None)
    header = b"\n".join([VERSION, stanza, encoded(body), b"---"])
    chunk = ChaCha20Poly1305(derived(file_key, nonce, b"payload")).encrypt(ONLY_CHUNK, secret, None)
    data = header + b" " + encoded(mac(file_key, header)) + b"\n" + nonce + chunk
    text = base64.b64encode(data).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([BEGIN, *lines, END])


def main(command, *words):
    passphrase = os.environ["TEST_PASSPHRASE"].encode()
    if command == "seal":
        log_n, secret = words
        print(sealed(secret.encode(), passphrase, int(log_n)))
        return
    with open(words[0], "rb") as file:
        entries = tomllib.load(file)["key"]
    for entry in entries:
        if "age" in entry:
            print(opened(entry["age"], passphrase).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
