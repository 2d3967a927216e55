"""Parquet files of many makes with personal data in known columns, and what has to hold of a copy.

    parquet_variants.py make DIRECTORY               writes the files
    parquet_variants.py shape DIRECTORY MASKED       same schema, rows, nulls; untouched chunks equal
    parquet_variants.py leaks DIRECTORY MASKED       no original anywhere in the copies
    parquet_variants.py readers MASKED               pyarrow, DuckDB and Polars read the same
    parquet_variants.py column FILE NAME             the values of a column as JSON
    parquet_variants.py cards DIRECTORY              cards.parquet, with an int64 column of cards
    parquet_variants.py cards_nullable DIRECTORY     the same, one of them null
    parquet_variants.py wide DIRECTORY               wide.parquet, with more columns than a map keeps: the
                                                     last are called `phone_0` and so on, and hold numbers
                                                     of telephones, of anything, and words
    parquet_variants.py wide_copy DIRECTORY          holds its protected copy to that

Exit 1 says where a copy is wrong, never the value.
"""

import json
import sys
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import parquet_check

ROWS = 300


def emails(prefix):
    """A null in seven, and each address three times, so that dictionaries form."""
    return [None if n % 7 == 3 else f"{prefix}.u{n // 3}@example.com" for n in range(ROWS)]


def phones():
    return [None if n % 5 == 1 else f"+33 1 99 00 {n // 100:02} {n % 100:02}" for n in range(ROWS)]


def plain():
    return pa.table({
        "id": pa.array(range(ROWS)),
        "email": pa.array(emails("plain")),
        "phone": pa.array(phones()),
        "score": pa.array([n / 3 for n in range(ROWS)]),
        "note": pa.array([f"remark {n}" for n in range(ROWS)]),
    })


PLAIN = ["email", "phone"]


def nested():
    mails = emails("nested")
    contact = [None if n % 11 == 0 else {"email": mail, "age": n} for n, mail in enumerate(mails)]
    lists = [None if n % 13 == 0 else mails[n : n + n % 4] for n in range(ROWS)]
    return pa.table({
        "id": pa.array(range(ROWS)),
        "contact": pa.array(contact, pa.struct([("email", pa.string()), ("age", pa.int64())])),
        "emails": pa.array(lists, pa.list_(pa.string())),
        "teams": pa.array([[own, []] if own else own for own in lists],
                          pa.list_(pa.list_(pa.string()))),
        "people": pa.array([own and [{"email": mail, "n": 1} for mail in own] for own in lists],
                           pa.list_(pa.struct([("email", pa.string()), ("n", pa.int32())]))),
        "by_role": pa.array([own and [(f"r{n}", mail) for n, mail in enumerate(own)] for own in lists],
                            pa.map_(pa.string(), pa.string())),
    })


NESTED = ["contact.email", "emails.list.element", "teams.list.element.list.element",
          "people.list.element.email", "by_role.key_value.value"]


def typed():
    return pa.table({
        "id": pa.array(range(ROWS)),
        "large_email": pa.array(emails("large"), pa.large_string()),
        "view_email": pa.array(emails("view"), pa.string_view()),
        "dict_email": pa.array(emails("dict")).dictionary_encode(),
        "bytes_email": pa.array([mail and mail.encode() for mail in emails("bytes")], pa.binary()),
    })


def required():
    fields = [pa.field("id", pa.int64(), nullable=False), pa.field("email", pa.string(), nullable=False)]
    rows = [range(ROWS), [f"required.u{n}@example.com" for n in range(ROWS)]]
    return pa.table(rows, schema=pa.schema(fields))


def described():
    """Addresses in the metadata of the file and of a field."""
    table = plain()
    fields = [field.with_metadata({"owner": "field.owner@example.com"}) for field in table.schema]
    schema = pa.schema(fields, {
        "exported_by": "metadata.owner@example.com",
        "pandas": json.dumps({"creator": {"mail": "pandas.owner@example.com"}, "columns": []}),
    })
    return table.cast(schema)


# name: (table, options of the writer, touched leaves)
def variants():
    yield "nested", nested(), {"row_group_size": 70}, NESTED
    yield "nested_plain", nested(), {"use_dictionary": False, "data_page_version": "2.0"}, NESTED
    yield "typed", typed(), {}, ["large_email", "view_email", "dict_email", "bytes_email"]
    yield "required", required(), {"row_group_size": 100}, ["email"]
    yield "described", described(), {}, PLAIN
    yield "no_rows", plain().slice(0, 0), {}, []
    for codec in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
        yield f"codec_{codec}", plain(), {"compression": codec, "row_group_size": 128}, PLAIN
    for encoding in ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]:
        options = {"use_dictionary": False, "column_encoding": {"email": encoding, "phone": encoding}}
        yield f"encoding_{encoding.lower()}", plain(), options, PLAIN
    yield "pages", plain(), {"data_page_size": 64, "write_page_index": True, "write_batch_size": 8}, PLAIN
    yield "bloom", plain(), {"bloom_filter_options": {"email": {"ndv": 200}, "phone": {"ndv": 300}}}, PLAIN
    yield "version_1", plain(), {"version": "1.0", "store_schema": False}, PLAIN
    yield "no_statistics", plain(), {"write_statistics": False}, PLAIN
    sorting = [pq.SortingColumn(1), pq.SortingColumn(0)]
    yield "sorted", plain().sort_by("email"), {"sorting_columns": sorting}, PLAIN


def make(directory):
    for name, table, options, _ in variants():
        pq.write_table(table, f"{directory}/{name}.parquet", **options)


def originals():
    texts = [mail for prefix in ["plain", "nested", "large", "view", "dict", "bytes"]
             for mail in emails(prefix)] + phones()
    texts += [f"required.u{n}@example.com" for n in range(ROWS)]
    texts += [f"{owner}.owner@example.com" for owner in ["field", "metadata", "pandas"]]
    return sorted({text.encode() for text in texts if text})


def shape(directory, masked):
    for name, _, _, touched in variants():
        file = f"{name}.parquet"
        for fault in parquet_check.compare(f"{directory}/{file}", f"{masked}/{file}", set(touched)):
            yield f"{file}: {fault}"


def leaks(_, masked):
    known = originals()
    for name, *_ in variants():
        # Looking at a file of 300 rows for all 900 values asks its filter enough.
        for place in parquet_check.leaks(f"{masked}/{name}.parquet", known):
            yield f"{name}.parquet: {place}"


def readers(masked):
    for path in sorted(Path(masked).rglob("*.parquet")):
        table = pq.ParquetFile(path).read()
        expected = [pl.from_arrow(table).height] + [
            table.num_rows - table.column(name).null_count for name in table.schema.names
        ]
        counts = ", ".join(f'count("{name}")' for name in table.schema.names)
        by_duckdb = duckdb.sql(
            f"SELECT count(*), {counts} FROM read_parquet('{path}', hive_partitioning=false)").fetchall()[0]
        frame = pl.read_parquet(path, hive_partitioning=False)
        by_polars = [frame.height] + [frame[name].count() for name in frame.columns]
        if list(by_duckdb) != expected:
            yield f"{path.name}: DuckDB counts otherwise"
        if by_polars != expected:
            yield f"{path.name}: Polars counts otherwise"
        for name in table.schema.names:
            # A predicate makes readers use statistics, page indexes and Bloom filters.
            if not pa.types.is_string(table.schema.field(name).type) or not table.num_rows:
                continue
            value = next((v for v in table.column(name).to_pylist() if v is not None), None)
            rows = sum(v == value for v in table.column(name).to_pylist())
            if value is None:
                continue
            found = duckdb.execute(
                f'SELECT count(*) FROM read_parquet(\'{path}\', hive_partitioning=false) '
                f'WHERE "{name}" = ?', [value]).fetchall()[0][0]
            lazily = pl.scan_parquet(path, hive_partitioning=False).filter(pl.col(name) == value)
            if found != rows or lazily.collect().height != rows:
                yield f"{path.name}: a filter on {name} finds other rows"


def column(file, name):
    values = pq.read_table(file, columns=[name], partitioning=None).column(0).to_pylist()
    print(json.dumps(values, default=lambda value: value.decode()))


def luhn(digits):
    """`digits` with its check digit."""
    total = sum(sum(divmod(int(d) * (2 if n % 2 == 0 else 1), 10)) for n, d in enumerate(digits[::-1]))
    return digits + str(-total % 10)


def cards(directory, null=False):
    # 411111 is the issuer of the test numbers that processors publish.
    numbers = [int(luhn(f"411111{n:09}")) for n in range(100)]
    if null:
        numbers[7] = None
    fields = [pa.field("id", pa.int64()), pa.field("card_number", pa.int64(), nullable=null)]
    table = pa.table([range(100), numbers], schema=pa.schema(fields))
    pq.write_table(table, f"{directory}/cards.parquet")


WIDE_ROWS = 40


def wide(directory):
    columns = {f"c{n:04}": pa.array([n] * WIDE_ROWS, pa.int32()) for n in range(2100)}
    for n in range(9):
        columns[f"phone_{n}"] = pa.array([f"+44 20 7946 0{row:03}" for row in range(WIDE_ROWS)])
    columns["phone_number"] = pa.array(range(WIDE_ROWS), pa.int32())
    columns["phone_kind"] = pa.array(["mobile", "home"] * (WIDE_ROWS // 2))
    pq.write_table(pa.table(columns), f"{directory}/wide.parquet")


def wide_copy(directory):
    table = pq.read_table(f"{directory}/wide.parquet")
    for n in range(9):
        assert all(text.startswith("tel1_") for text in table[f"phone_{n}"].to_pylist())
    assert table["phone_number"].to_pylist() == list(range(WIDE_ROWS))
    assert table["phone_kind"].to_pylist() == ["mobile", "home"] * (WIDE_ROWS // 2)


def cards_nullable(directory):
    cards(directory, null=True)


COMMANDS = {
    "make": make, "shape": shape, "leaks": leaks, "readers": readers, "column": column,
    "cards": cards, "cards_nullable": cards_nullable, "wide": wide, "wide_copy": wide_copy,
}

if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    faults = list(COMMANDS[command](*arguments) or ())
    for fault in faults[:40]:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)
