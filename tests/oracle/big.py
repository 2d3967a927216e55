"""Writes a big input to stdout, quickly and the same for the same seed: for `make soak`.

    big.py log|csv|ndjson|line|document|keys|string MIB [--seed N]

One block of about a mebibyte is drawn, then repeated with the number of the repetition in every
address, so that distinct values grow with the size. `line` is one endless line, `document` one JSON
record of many values, `keys` one whose keys are ids, `string` one of a single value. A third of the records hold personal data, all
of it from reserved ranges.
"""

import argparse
import random
import sys

MIB = 1 << 20
REPETITION = b"%%%%%%%"  # Replaced by as many digits: the size of a block does not change.


def log(rng):
    head = f"2026-11-20T06:{rng.randint(10, 59)}:{rng.randint(10, 59)}Z worker[{rng.randint(100, 9999)}]: "
    return head + rng.choice([
        "request {n} served in {n} ms, 0 errors, build 4.2.1",
        "cache miss for key 7f{n}e0 of shard {n}",
        "login ok user=u{n}.%%%%%%%@example.com from 198.51.100.{byte}",
        "callback to +3319900{n} queued as job {n}",
    ]).format(n=rng.randint(1000, 9999), byte=rng.randint(1, 254)) + "\n"


def csv(rng):
    n = rng.randint(1000, 9999)
    contact = f"u{n}.%%%%%%%@example.com,+3319900{n}" if rng.random() < 0.34 else ","
    return f'{n},"Dupont, Jean",{contact},2026-11-20,{rng.randint(1, 9999)}.50,plain remark {n}\n'


def ndjson(rng):
    n = rng.randint(1000, 9999)
    email = f'"u{n}.%%%%%%%@example.com"' if rng.random() < 0.34 else "null"
    return f'{{"id":{n},"user":{{"email":{email},"ip":"192.0.2.{n % 254 + 1}"}},"ms":{n}}}\n'


def line(rng):
    return log(rng).rstrip("\n") + " "


def element(rng):
    return ndjson(rng).replace("\n", ",")


def member(rng):
    n = rng.randint(1_000_000, 9_999_999)
    return f'"{n}-%%%%%%%":{{"name":"Jean Dupont","email":"u{n}@example.com","since":{n}}},'


FORMATS = {
    "log": ("", log, ""),
    "csv": ("id,name,email,phone,date,amount,remark\n", csv, ""),
    "ndjson": ("", ndjson, ""),
    "line": ("", line, ""),
    "document": ('{"events":[', element, '{"id":0}]}\n'),
    "keys": ('{"users":{', member, '"last":{}}}\n'),
    "string": ('{"log":"', line, '"}\n'),
}


def main():
    args = argparse.ArgumentParser()
    args.add_argument("format", choices=FORMATS)
    args.add_argument("mib", type=int)
    args.add_argument("--seed", type=int, default=1)
    args = args.parse_args()

    header, record, footer = FORMATS[args.format]
    rng = random.Random(f"{args.seed}/{args.format}")
    records, size = [], 0
    while size < MIB:
        records.append(record(rng))
        size += len(records[-1])
    block = "".join(records).encode()

    out = sys.stdout.buffer
    out.write(header.encode())
    for repetition in range(args.mib):
        out.write(block.replace(REPETITION, b"%07d" % repetition))
    out.write(footer.encode())


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.stderr.close()
