"""Tables of digests as others make them, for `loup attack`.

    digests.py DIRECTORY

Writes `people.csv`, `people.ndjson`, `people.parquet` and `app.log` there, and `planted.txt` with every value that was
hashed. Numbers of telephones are those for fiction (ARCEP, 06 39 98 xx xx), addresses those for
documentation (RFC 5737).
"""

import base64
import hashlib
import json
import sys
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PEOPLE = 300


def main(directory: Path) -> None:
    planted: set[str] = set()
    rows = [row(number, planted) for number in range(PEOPLE)]
    names = list(rows[0])
    lines = [";".join(names)] + [";".join(row[name] for name in names) for row in rows]
    (directory / "people.csv").write_text("\n".join(lines) + "\n")
    documents = [json.dumps({"user": {"ipHash": row["ip_md5"]}, "n": 1}) for row in rows]
    (directory / "people.ndjson").write_text("\n".join(documents) + "\n")
    digests = [bytes.fromhex(row["ip_md5"]) for row in rows]
    columns = {
        "ip_bytes": pa.array(digests, pa.binary()),
        "ip_fixed": pa.array(digests, pa.binary(16)),
        "ip_number": pa.array([int.from_bytes(d[:8], "big", signed=True) for d in digests], pa.int64()),
        "phone_crc": pa.array([int(row["phone_crc"], 16) for row in rows], pa.uint32()),
        "phone_hex": pa.array([row["phone_sha256"] for row in rows]),
    }
    pq.write_table(pa.table(columns), directory / "people.parquet")
    log = [f"login ok peer={row['ip_md5']} port 22" for row in rows]
    (directory / "app.log").write_text("\n".join(log) + "\n")
    (directory / "emails.txt").write_text("".join(f"User{n}@Example.com\n" for n in range(PEOPLE)))
    (directory / "planted.txt").write_text("\n".join(sorted(planted)) + "\n")


def row(number: int, planted: set[str]) -> dict[str, str]:
    last = f"{number * 33 % 10000:04}"
    mobile = f"+3363998{last}"
    grouped = f"06 39 98 {last[:2]} {last[2:]}"
    ip = f"198.51.{100 + number % 2}.{number % 256}"
    date = f"{1940 + number % 60}-{1 + number % 12:02}-{1 + number % 28:02}"
    email = f"user{number}@example.com"
    planted.update([mobile, mobile[1:], grouped, ip, date, email])
    return {
        "id": str(number),
        "phone_sha256": sha256(mobile).hex(),
        "phone_b64": base64.b64encode(sha256(grouped)).decode(),
        "ip_md5": hashlib.md5(ip.encode()).hexdigest().upper(),
        "ip_sha512_cut": hashlib.sha512(ip.encode()).hexdigest()[:20],
        "ip_salted": hashlib.sha1(f"pepper{ip}".encode()).hexdigest(),
        "phone_crc": f"{zlib.crc32(mobile[1:].encode()):08x}",
        "birth_sha1": hashlib.sha1(date.encode()).hexdigest(),
        "mail_sha384": hashlib.sha384(email.encode()).hexdigest(),
        "keyed": hashlib.blake2s(mobile.encode(), key=b"a key").hexdigest(),
    }


def sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


main(Path(sys.argv[1]))
