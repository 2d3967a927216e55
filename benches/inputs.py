#!/usr/bin/env python3
"""The inputs of compare.py, drawn from a seed.

    inputs.py log FILE.log --seed N --mb N
    inputs.py table FILE.csv FILE.parquet --seed N --rows N      (FILE.parquet needs pyarrow)

Beside each input stands `FILE.json` with how many emails, IBANs and IPv6 addresses are in it. They
are counted as they are written, so a search can be checked by them. Nothing belongs to anybody:
hosts are under the names that RFC 2606 reserves, addresses in the ranges for documentation and
benchmarks (RFC 5737, 2544, 3849), telephone numbers in those for fiction, IBANs of banks numbered
zero, names made of syllables.
"""

import argparse
import csv
import json
import random
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

ROW_GROUP_ROWS = 500_000
BATCH_ROWS = 50_000
# The level that loup writes; the peers are told the same.
ZSTD_LEVEL = 1

START = datetime(2025, 11, 22)
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
SYLLABLES = (
    "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu za bri cla dro fle".split()
)
HOSTS = [
    f"{name}.example{top}"
    for name in ("mail", "post", "shop", "office", "uni", "web")
    for top in (".com", ".net", ".org")
]
SEGMENTS = "api v1 v2 orders users cart checkout static product search login invoice health".split()
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "curl/8.5.0",
    "python-requests/2.32.3",
]
WORDS = (
    "le client demande une livraison avant midi colis perdu facture please refund order late "
    "called back ticket escalated merci urgent changed wrong item size paid twice card "
    "declined relance envoyer devis box internet panne 24h 2x 3j"
).split()


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("what", choices=["log", "table"])
    options.add_argument("files", type=Path, nargs="+")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--mb", type=float, default=200)
    options.add_argument("--rows", type=int, default=500_000)
    given = options.parse_args()

    draw = Draw(given.seed)
    if given.what == "log":
        write_log(draw, given.files[0], given.mb * 1e6)
    else:
        write_table(draw, given.rows, *given.files)
    for path in given.files:
        path.with_name(path.name + ".json").write_text(json.dumps(draw.planted))


class Draw:
    """Random values. Those of a kind come from a pool, some far more often than others."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.random = self.rng.random
        self.planted = Counter(email=0, iban=0, ipv6=0)
        self.pools = {
            kind: [make() for _ in range(size)]
            for kind, make, size in (
                ("email", self.new_email, 150_000),
                ("phone", self.new_phone, 80_000),
                ("ipv4", self.new_ipv4, 60_000),
                ("ipv6", self.new_ipv6, 30_000),
                ("iban", self.new_iban, 80_000),
                ("path", self.new_path, 3_000),
                ("last_name", lambda: self.new_name().title(), 5_000),
                ("sku", lambda: f"SKU{self.below(10**8):08}", 20_000),
            )
        }

    def below(self, n):
        return int(n * self.random())

    def one_of(self, values):
        return values[int(len(values) * self.random())]

    def of(self, kind):
        """A value of the pool; counted, since whoever draws it writes it."""
        if kind in self.planted:
            self.planted[kind] += 1
        pool = self.pools[kind]
        return pool[int(len(pool) * self.random() ** 3)]

    def digits(self, count):
        return f"{self.below(10**count):0{count}}"

    def hex(self, digits):
        return f"{self.rng.getrandbits(4 * digits):0{digits}x}"

    def uuid(self):
        h = self.hex(30)
        return f"{h[:8]}-{h[8:12]}-4{h[12:15]}-a{h[15:18]}-{h[18:]}"

    def new_name(self):
        return "".join(self.one_of(SYLLABLES) for _ in range(3))

    def new_email(self):
        return f"{self.new_name()}.{self.new_name()}{self.below(100)}@{self.one_of(HOSTS)}"

    def new_phone(self):
        """In the ranges that ARCEP, NANPA and the Bundesnetzagentur keep for fiction."""
        last = self.digits(4)
        area = f"{2 + self.below(8)}0{1 + self.below(9)}"
        return self.one_of(
            (
                f"+33 1 99 00 {last[:2]} {last[2:]}",
                f"+3319900{last}",
                f"01 99 00 {last[:2]} {last[2:]}",
                f"01.99.00.{last[:2]}.{last[2:]}",
                f"+1-{area}-555-01{last[:2]}",
                f"({area}) 555-01{last[:2]}",
                f"+49 30 23125 {last[:3]}",
            )
        )

    def new_ipv4(self):
        net = self.one_of(("192.0.2", "198.51.100", "203.0.113", *["198.18", "198.19"] * 20))
        while net.count(".") < 3:
            net += f".{1 + self.below(254)}"
        return net

    def new_ipv6(self):
        groups = [self.hex(4).lstrip("0") or "0" for _ in range(6)]
        if self.random() < 0.5:
            return f"2001:db8:{':'.join(groups)}"
        return f"2001:db8:{groups[0]}::{groups[1]}:{1 + self.below(9)}"

    def new_iban(self):
        country, bban = self.one_of(
            (
                ("FR", "00000" + self.digits(18)),
                ("DE", "00000000" + self.digits(10)),
                ("ES", "0000" + self.digits(16)),
                ("NL", "TEST" + self.digits(10)),
            )
        )
        number = int("".join(str(int(c, 36)) for c in f"{bban}{country}00"))
        return f"{country}{98 - number % 97:02}{bban}"

    def new_path(self):
        return "/" + "/".join(self.one_of(SEGMENTS) for _ in range(1 + self.below(4)))


def write_log(draw, path, size):
    """A log of about `size` bytes. A third of its lines hold personal data."""
    now, written = START, 0
    cumulative, makers = [], []
    for share, make in LINES:
        cumulative.append(share + (cumulative[-1] if cumulative else 0))
        makers.append(make)
    with path.open("w") as file:
        while written < size:
            lines = []
            for make in draw.rng.choices(makers, cum_weights=cumulative, k=1_000):
                now += timedelta(microseconds=draw.below(20_000))
                lines.append(make(draw, now))
            written += file.write("\n".join(lines) + "\n")


def iso(now):
    return now.isoformat(timespec="milliseconds") + "Z"


def clf(now):
    return f"{now.day:02}/{MONTHS[now.month - 1]}/{now:%Y:%H:%M:%S} +0000"


def request(draw, now, host, user="-"):
    query = f"?id={draw.below(1 << 30)}&ref={draw.uuid()}" if draw.random() < 0.4 else ""
    return (
        f'{host} - {user} [{clf(now)}] "GET {draw.of("path")}{query} HTTP/1.1" 200 '
        f'{draw.below(1 << 16)} "-" "{draw.one_of(AGENTS)}" rt={draw.random():.3f}'
    )


def access_line(draw, now):
    user = draw.of("email") if draw.random() < 0.1 else "-"
    return request(draw, now, draw.of("ipv4"), user)


def access_v6_line(draw, now):
    return request(draw, now, draw.of("ipv6"))


def mail_line(draw, now):
    phone = f" phone={draw.of('phone')}" if draw.random() < 0.5 else ""
    return (
        f"{iso(now)} INFO  [worker-{draw.below(16)}] mail.Notifier - sent "
        f"template={draw.below(90)} to <{draw.of('email')}>{phone} trace={draw.hex(16)} "
        f"took={draw.below(900)}ms"
    )


def mandate_line(draw, now):
    iban = draw.of("iban")
    if draw.random() < 0.3:
        iban = " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))
    email = f',"email":"{draw.of("email")}"' if draw.random() < 0.5 else ""
    return (
        f'{{"ts":"{iso(now)}","svc":"payments","evt":"mandate","iban":"{iban}"{email},'
        f'"amount":{draw.random() * 1000:.2f},"id":"{draw.uuid()}","seq":{draw.below(1 << 40)}}}'
    )


def sms_line(draw, now):
    return (
        f"{iso(now)} WARN  [http-{draw.below(64)}] sms.Gateway - retry {draw.below(5)} to "
        f"{draw.of('phone')} code={draw.digits(6)} msgid={draw.below(1 << 48)}"
    )


def query_line(draw, now):
    return (
        f"{iso(now)} DEBUG [http-{draw.below(64)}] db.Pool - query id={draw.below(1 << 32)} "
        f"rows={draw.below(1 << 10)} took={draw.random() * 30:.3f}ms plan={draw.hex(16)} "
        f'sql="select * from orders where order_id = {draw.below(1 << 33)} and status in (1, 2, 3)"'
    )


def order_line(draw, now):
    return (
        f'{{"ts":"{iso(now)}","svc":"orders","evt":"updated","order_id":{draw.below(1 << 33)},'
        f'"uuid":"{draw.uuid()}","items":[{draw.below(1 << 20)},{draw.below(1 << 20)}],'
        f'"total":{draw.random() * 500:.2f},'
        f'"ver":"{draw.below(9)}.{draw.below(20)}.{draw.below(99)}",'
        f'"etag":"{draw.hex(32)}"}}'
    )


def job_line(draw, now):
    return (
        f"{iso(now)} INFO  [sched-{draw.below(8)}] jobs.Runner - job {draw.uuid()} step "
        f"{draw.below(40)}/40 progress {draw.random() * 100:.2f}% offset={draw.below(1 << 44)} "
        f"lag={draw.below(1 << 14)} partition={draw.below(128)} checksum={draw.hex(8)}"
    )


def error_line(draw, now):
    return (
        f"{iso(now)} ERROR [http-{draw.below(64)}] web.Handler - {draw.of('path')} failed: "
        f"SocketTimeoutException: Read timed out after {draw.below(8000)} ms "
        f"(attempt {draw.below(4)}, id {draw.uuid()}) at deploy@node-{draw.below(40)} "
        f"build 2025.{draw.below(12)}.{draw.below(28)}"
    )


def ledger_line(draw, now):
    """The reference has the form of an IBAN, and neither its length nor its check digits."""
    return (
        f"{iso(now)} INFO  [tx-{draw.below(8)}] ledger.Post - ref FR{draw.digits(12)}X acct "
        f"{draw.below(1 << 50)} amt {draw.random() * 1e4:.2f} EUR bal {draw.random() * 1e5:.2f} "
        f"at {now:%H:%M:%S} doc {draw.digits(6)}-{draw.below(1 << 20)}"
    )


# Lines in a hundred; the first five hold personal data.
LINES = [
    (18, access_line),
    (3, access_v6_line),
    (6, mail_line),
    (3, mandate_line),
    (3, sms_line),
    (17, query_line),
    (18, order_line),
    (16, job_line),
    (8, error_line),
    (8, ledger_line),
]


def write_table(draw, rows, csv_path, parquet_path=None):
    """A table of 34 columns, five of them personal data, as CSV and as Parquet."""
    parquet = ParquetFile(parquet_path) if parquet_path else None
    with csv_path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(name for name, _, _ in COLUMNS)
        for first in range(0, rows, BATCH_ROWS):
            batch = range(first, min(first + BATCH_ROWS, rows))
            columns = [[make(draw, row) for row in batch] for _, _, make in COLUMNS]
            writer.writerows(zip(*columns))
            if parquet:
                parquet.write(columns)
    if parquet:
        parquet.close()


class ParquetFile:
    """Collects batches into row groups."""

    def __init__(self, path):
        import pyarrow
        from pyarrow import parquet

        self.arrow = pyarrow
        self.schema = pyarrow.schema(
            [(name, pyarrow.type_for_alias(kind)) for name, kind, _ in COLUMNS]
        )
        self.writer = parquet.ParquetWriter(
            path, self.schema, compression="zstd", compression_level=ZSTD_LEVEL
        )
        self.batches = []

    def write(self, columns):
        arrays = [self.arrow.array(v, f.type) for v, f in zip(columns, self.schema)]
        self.batches.append(self.arrow.record_batch(arrays, schema=self.schema))
        if sum(batch.num_rows for batch in self.batches) >= ROW_GROUP_ROWS:
            self.flush()

    def flush(self):
        if self.batches:
            table = self.arrow.Table.from_batches(self.batches)
            self.writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
        self.batches = []

    def close(self):
        self.flush()
        self.writer.close()


def note(draw, _):
    """Free text: a fifth with an email, a phone or an IBAN, a quarter empty."""
    kind = draw.random()
    if kind > 0.75:
        return None
    text = f"{' '.join(draw.rng.choices(WORDS, k=7))} {draw.below(99_999)} {draw.one_of(WORDS)}"
    if kind < 0.10:
        return f"{text} contact {draw.of('email')} asap"
    if kind < 0.16:
        return f"{text} rappeler au {draw.of('phone')}"
    if kind < 0.20:
        return f"{text} IBAN: {draw.of('iban')} ok"
    return text


def moment(draw, _):
    return START - timedelta(microseconds=draw.below(63_072_000_000_000))


def money(limit):
    return lambda draw, _: round(draw.random() * limit, 2)


def whole(limit, least=0):
    return lambda draw, _: least + draw.below(limit)


def choice(*values):
    return lambda draw, _: draw.one_of(values)


def pooled(kind):
    return lambda draw, _: draw.of(kind)


# Name, Arrow type, value of a row.
COLUMNS = [
    ("id", "int64", lambda draw, row: row),
    ("uuid", "string", lambda draw, _: draw.uuid()),
    ("customer_id", "int64", whole(2_000_000)),
    ("created_at", "timestamp[us]", moment),
    ("updated_at", "timestamp[us]", moment),
    ("event_date", "date32", lambda draw, _: date(2025, 11, 22) - timedelta(days=draw.below(730))),
    ("status", "string", choice("new", "paid", "shipped", "returned", "cancelled")),
    ("country", "string", choice("FR", "DE", "GB", "ES", "BE", "NL", "IT", "US")),
    ("currency", "string", choice("EUR", "USD", "GBP", "CHF")),
    ("email", "string", pooled("email")),
    ("phone", "string", pooled("phone")),
    ("client_ip", "string", lambda draw, _: draw.of("ipv6" if draw.random() < 0.05 else "ipv4")),
    ("iban", "string", pooled("iban")),
    ("notes", "string", note),
    ("first_name", "string", choice("Anna", "Ben", "Clara", "David", "Eva", "Hugo", "Léa", "Max")),
    ("last_name", "string", pooled("last_name")),
    ("amount", "double", money(1000)),
    ("tax", "double", money(200)),
    ("discount", "double", money(50)),
    ("balance", "double", money(100_000)),
    ("quantity", "int32", whole(20, least=1)),
    ("items", "int32", whole(9, least=1)),
    ("score", "float", lambda draw, _: round(draw.random(), 4)),
    ("lat", "double", lambda draw, _: draw.random() * 180 - 90),
    ("lon", "double", lambda draw, _: draw.random() * 360 - 180),
    ("is_active", "bool", lambda draw, _: draw.random() < 0.8),
    ("opt_in", "bool", lambda draw, _: draw.random() < 0.4),
    ("category", "string", lambda draw, _: f"cat-{draw.below(200):03}"),
    ("sku", "string", pooled("sku")),
    ("session", "string", lambda draw, _: draw.hex(16)),
    (
        "url",
        "string",
        lambda draw, _: (
            f"https://shop.example.com/p/{draw.below(200_000)}?sid={draw.below(1 << 40)}"
        ),
    ),
    ("user_agent", "string", choice(*AGENTS)),
    ("batch_no", "int64", whole(90_000_000, least=10_000_000)),
    ("order_no", "int64", whole(1 << 33)),
]


if __name__ == "__main__":
    main()
