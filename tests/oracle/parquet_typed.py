"""Parquet columns of every type that can hold personal data, and the same values as text.

    parquet_typed.py make TYPED TEXT       writes both files; the fields have the same names
    parquet_typed.py dates TYPED TEXT      the same with dates and points in time
    parquet_typed.py nulls FILE NAME...    exit 1 where one of the columns is not all null
    parquet_typed.py same FILE TEXT NAME...  exit 1 where one of the columns is not the same text in both
    parquet_typed.py counts DIRECTORY      numbers of few digits: stated.parquet has statistics,
                                           unstated.parquet none, torn.parquet only them

In the name of a field, the word before the underscore speaks for the kind of its values, or for
none. Phone numbers are of the range that France reserves for fiction, cards of the issuer of the
published test numbers, addresses of the ranges for documentation, identity numbers of people who
were born nowhere: the commune 999 of the department 99.
"""

import datetime
import ipaddress
import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from parquet_variants import luhn

ROWS = 200

# Without a prefix, as a database keeps them that takes them for numbers.
PHONES = [33_199_000_000 + 37 * n for n in range(ROWS)]
NATIONAL = [199_000_000 + 37 * n for n in range(ROWS)]
CARDS = [int(luhn(f"411111{n:09}")) for n in range(ROWS)]
QUADS = [str(ipaddress.ip_address("203.0.113.0") + n) for n in range(ROWS)]
PLACES = [Decimal(f"{n * 45137 - 4_500_003}e-5") for n in range(ROWS)]
GROUPS = [str(ipaddress.ip_address("2001:db8::") + 7919 ** 6 * n) for n in range(1, ROWS + 1)]


def nir(order):
    """A French identity number with its key."""
    number = 1_84_05_99_999_000 + order
    return number * 100 + 97 - number % 97


NIRS = [nir(n) for n in range(ROWS)]


def some(values):
    """A null in eight."""
    return [None if n % 8 == 5 else value for n, value in enumerate(values)]


def texts(values):
    return [None if value is None else str(value) for value in values]


def as_integer(address):
    return int(ipaddress.ip_address(address))


def as_signed(address):
    return as_integer(address) - (1 << 32 if as_integer(address) >> 31 else 0)


def as_bytes(address):
    return ipaddress.ip_address(address).packed


def numbers(hint, long, short=None):
    """Columns of numbers: name, type, values, and how they are made of the number."""
    yield f"{hint}_a", pa.int64(), long, int
    yield f"{hint}_b", pa.uint64(), long, int
    yield f"{hint}_c", pa.decimal128(18, 0), long, Decimal
    yield f"{hint}_d", pa.decimal128(20, 2), long, Decimal
    yield f"{hint}_e", pa.decimal256(50, 0), long, Decimal
    yield f"{hint}_f", pa.float64(), long, float
    if short is None:
        return
    yield f"{hint}_g", pa.int32(), short, int
    yield f"{hint}_h", pa.uint32(), short, int
    yield f"{hint}_i", pa.decimal128(9, 0), short, Decimal


def addresses():
    yield "ip_a", pa.uint32(), QUADS, as_integer
    yield "ip_b", pa.int64(), QUADS, as_integer
    yield "ip_c", pa.int32(), QUADS, as_signed
    yield "ip_d", pa.binary(4), QUADS, as_bytes
    yield "ip_e", pa.binary(16), GROUPS, as_bytes
    yield "ip_f", pa.binary(), [*QUADS[::2], *GROUPS[::2]], as_bytes


def columns():
    yield from numbers("phone", PHONES, NATIONAL)
    yield from numbers("creditcard", CARDS, NATIONAL)
    yield from numbers("nir", NIRS)
    yield from numbers("number", CARDS, NATIONAL)
    yield from addresses()
    yield "latitude_a", pa.float64(), [float(place) for place in PLACES], float
    yield "latitude_b", pa.decimal128(9, 5), PLACES, Decimal


def made(columns):
    """The table as typed, and the table as text."""
    typed, text = {"id": pa.array(range(ROWS))}, {"id": pa.array(range(ROWS))}
    for name, of_type, values, convert in columns:
        values = some(values)
        converted = [None if value is None else convert(value) for value in values]
        typed[name] = pa.array(converted, of_type)
        text[name] = pa.array(texts(values), pa.string())
    return pa.table(typed), pa.table(text)


def write(tables, typed, text):
    for table, path in zip(tables, [typed, text]):
        pq.write_table(table, path, row_group_size=90, store_decimal_as_integer=True)


def make(typed, text):
    write(made(columns()), typed, text)


def dates(typed, text):
    days = [datetime.date(1899, 12, 31) + datetime.timedelta(days=211 * n) for n in range(ROWS)]

    def as_time(day):
        return datetime.datetime(day.year, day.month, day.day)

    tables = made([
        ("birthdate_a", pa.date32(), days, lambda day: day),
        ("birthdate_b", pa.timestamp("ms"), days, as_time),
        ("birthdate_c", pa.timestamp("us", tz="UTC"), days, as_time),
        ("birthdate_d", pa.timestamp("ns"), days, as_time),
        ("created_a", pa.date32(), days, lambda day: day),
    ])
    write(tables, typed, text)
    pq.write_table(tables[0].select(["birthdate_d"]), f"{typed}.int96.parquet",
                   use_deprecated_int96_timestamps=True)


def nulls(file, *names):
    table = pq.read_table(file, partitioning=None)
    for name in names:
        if table.column(name).null_count != table.num_rows:
            yield f"{name} holds values"


def same(typed, text, *names):
    tables = [pq.read_table(file, partitioning=None) for file in (typed, text)]
    for name in names:
        left, right = (table.column(name) for table in tables)
        if left.type != pa.string() or left.to_pylist() != right.to_pylist():
            yield f"{name} is not what it is as text"


def counts(directory):
    small = [None if n % 3 == 0 else n for n in range(ROWS)]
    lists = [None if n % 5 == 0 else small[:n % 4] for n in range(ROWS)]
    table = pa.table({
        "small": pa.array(small, pa.int64()),
        "large": pa.array([n and n * 10_000_000 for n in small], pa.int64()),
        "price": pa.array([n and n / 7 for n in small], pa.float64()),
        "total": pa.array([n and Decimal(n) / 4 for n in small], pa.decimal128(38, 2)),
        "lists": pa.array(lists, pa.list_(pa.int64())),
        "short": pa.array(small, pa.int32()),
    })
    stated = f"{directory}/stated.parquet"
    pq.write_table(table, stated)
    pq.write_table(table, f"{directory}/unstated.parquet", write_statistics=False)
    with open(stated, "rb") as file:
        torn = bytearray(file.read())
    group = pq.read_metadata(stated).row_group(0)
    for column in (group.column(n) for n in range(group.num_columns)):
        if column.path_in_schema != "large":
            start = column.dictionary_page_offset or column.data_page_offset
            torn[start:start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    with open(f"{directory}/torn.parquet", "wb") as file:
        file.write(torn)


COMMANDS = {"make": make, "dates": dates, "nulls": nulls, "same": same, "counts": counts}

if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    faults = list(COMMANDS[command](*arguments) or ())
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)
