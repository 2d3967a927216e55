"""Parquet files whose schema changes when they are protected, and what has to hold of a copy.

    parquet_schema.py pivots DIRECTORY           files in which addresses are names of columns
    parquet_schema.py names DIRECTORY MASKED     the names are the tokens of these addresses, nothing else
                                                 changed, and four readers agree
    parquet_schema.py typed DIRECTORY            typed.parquet, with telephone numbers and others in typed
                                                 columns, and text.csv with the same numbers
    parquet_schema.py texts DIRECTORY MASKED     typed columns became text, and nothing else changed
    parquet_schema.py mixed DIRECTORY            mixed.parquet, in whose columns some numbers are badges
    parquet_schema.py spelled DIRECTORY MASKED   they are tokens, and all else is spelled as it was
    parquet_schema.py spoil CHANGE IN MASKED OUT writes a copy of MASKED in which a name is wrong
    parquet_schema.py tear FILE                  writes a broken column that is named by an address
    parquet_schema.py parts DIRECTORY            files of one dataset: of integers, of texts, without values
    parquet_schema.py twice FILE                 writes columns that are named by one address in two spellings
    parquet_schema.py schema FILE                its columns and their types, one a line

Exit 1 says where a copy is wrong, never the value.
"""

import csv
import datetime
import json
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import parquet_check

ROWS = 120
PEOPLE = [f"pivot.u{n}@example.com" for n in range(6)]


def visits(who):
    return [None if (n + who) % 5 == 0 else n * (who + 1) for n in range(ROWS)]


def flat():
    """`who` holds the addresses as values, so that names can be held against them."""
    table = {"day": pa.array([datetime.date(2026, 1, 1) + datetime.timedelta(n) for n in range(ROWS)]),
             "who": pa.array([PEOPLE[n % len(PEOPLE)] for n in range(ROWS)])}
    for number, person in enumerate(PEOPLE[:4]):
        table[person] = pa.array(visits(number), pa.int64())
    table[f"visits of {PEOPLE[4]}"] = pa.array(visits(4), pa.int32())
    return pa.table(table)


def nested():
    first, second, third = PEOPLE[:3]
    inner = pa.struct([(second, pa.int64()), ("note", pa.string())])
    of_list = pa.list_(pa.field(third, pa.struct([(first, pa.int32())])))
    rows = range(ROWS)
    return pa.table({
        "who": flat()["who"],
        "people": pa.array([{first: n, "inner": None if n % 4 == 0 else {second: n, "note": f"n{n}"}}
                            for n in rows], pa.struct([(first, pa.int64()), ("inner", inner)])),
        second: pa.array([None if n % 7 == 0 else [{first: k} for k in range(n % 3)] for n in rows],
                         of_list),
        third: pa.array([[(f"k{n}", n)] for n in rows], pa.map_(pa.string(), pa.int64())),
        "coded": pa.array([f"c{n % 3}" for n in rows]).dictionary_encode(),
    })


def frame():
    table = flat().to_pandas()
    return table.set_index(PEOPLE[0])


def levels():
    table = frame().reset_index(drop=True)[["who", *PEOPLE[1:4]]]
    names = [("who", ""), *((name, "visits") for name in PEOPLE[1:4])]
    table.columns = pd.MultiIndex.from_tuples(names, names=["person", "measure"])
    return table


def pivots(directory):
    sorting = [pq.SortingColumn(0), pq.SortingColumn(2)]
    options = {"write_page_index": True, "sorting_columns": sorting, "row_group_size": 50,
               "bloom_filter_options": {PEOPLE[1]: {"ndv": 100}, "who": {"ndv": 10}}}
    row = json.dumps({"type": "struct", "fields": [
        {"name": name, "type": "long", "nullable": True, "metadata": {}} for name in flat().column_names]})
    described = flat().replace_schema_metadata({"org.apache.spark.sql.parquet.row.metadata": row})
    pq.write_table(described, f"{directory}/flat.parquet", **options)
    pq.write_table(nested(), f"{directory}/nested.parquet", data_page_version="2.0")
    frame().to_parquet(f"{directory}/frame.parquet")
    levels().to_parquet(f"{directory}/levels.parquet")
    pl.from_arrow(flat()).write_parquet(f"{directory}/polars.parquet")
    duckdb.sql(f"COPY (SELECT * FROM read_parquet('{directory}/flat.parquet')) "
               f"TO '{directory}/duckdb.parquet' (FORMAT parquet)")


def tokens(directory, masked):
    """What became of each address as a value."""
    known = {}
    for path in sorted(Path(directory).glob("*.parquet")):
        read = [_who(path), _who(Path(masked) / path.name)]
        known.update({before: after for before, after in zip(*read) if before is not None})
    known.pop(None, None)
    return known


def _who(path):
    column = next(name for name in pq.read_schema(path).names if "who" in name)
    return pq.read_table(path, columns=[column], partitioning=None).column(0).to_pylist()


def names(directory, masked):
    known = tokens(directory, masked)
    if set(known) != set(PEOPLE) or len(set(known.values())) != len(PEOPLE):
        yield "the values have no tokens"

    def renamed(text):
        for person, token in known.items():
            text = text.replace(person, token)
        return text

    for path in sorted(Path(directory).glob("*.parquet")):
        copy = Path(masked) / path.name
        before, after = pq.ParquetFile(path), pq.ParquetFile(copy)
        # The first line is the address of an object.
        if renamed(str(before.schema)).split("\n")[1:] != str(after.schema).split("\n")[1:]:
            yield f"{path.name}: the Parquet schema is another"
        if renamed(repr([*map(_outline, before.schema_arrow)])) != repr([*map(_outline, after.schema_arrow)]):
            yield f"{path.name}: the Arrow schema is another"
        yield from _chunks(path, copy, lambda name: "who" in name)
        for place in parquet_check.leaks(copy, [person.encode() for person in PEOPLE]):
            yield f"{path.name}: {place}"
        metadata = before.metadata.metadata or {}
        for key, value in metadata.items():
            if key == b"ARROW:schema":
                continue
            expected = json.loads(renamed(value.decode()))
            expected.pop("attributes", None)
            if expected != json.loads(after.metadata.metadata[key]):
                yield f"{path.name}: metadata {key.decode()} is another"
        # Tables that hold the same, under other names.
        left, right = before.read(), after.read()
        for old, new in zip(left.column_names, right.column_names):
            if renamed(old) != new:
                yield f"{path.name}: a column of another name"
            if "who" not in old and renamed(repr(left[old].to_pylist())) != repr(right[new].to_pylist()):
                yield f"{path.name}: other values"
        by_polars = pl.read_parquet(copy, hive_partitioning=False)
        if by_polars.columns != right.column_names:
            yield f"{path.name}: Polars sees other columns"
        by_duckdb = duckdb.sql(f"SELECT * FROM read_parquet('{copy}', hive_partitioning=false)")
        if by_duckdb.columns != right.column_names or len(by_duckdb.fetchall()) != left.num_rows:
            yield f"{path.name}: DuckDB sees other columns"
        of_pandas = pd.read_parquet(path)
        by_pandas = pd.read_parquet(copy)
        same = [renamed(str(it)) for it in [of_pandas.columns.tolist(), of_pandas.index.names]] == \
            [str(it) for it in [by_pandas.columns.tolist(), by_pandas.index.names]]
        if not same or by_pandas.dtypes.tolist() != of_pandas.dtypes.tolist():
            yield f"{path.name}: pandas sees other columns"


def _outline(field):
    parts = [_outline(field.type.field(n)) for n in range(field.type.num_fields)]
    return field.name, field.nullable, parts or str(field.type)


def _chunks(path, copy, is_touched):
    """Chunks of columns that nothing was done to are the same, and so is what is said of them."""
    a, b = pq.ParquetFile(path).metadata, pq.ParquetFile(copy).metadata
    if (a.num_rows, a.num_row_groups, a.num_columns) != (b.num_rows, b.num_row_groups, b.num_columns):
        yield f"{path.name}: another shape"
        return
    with open(path, "rb") as x, open(copy, "rb") as y:
        for rg in range(a.num_row_groups):
            for column in range(a.num_columns):
                source, other = a.row_group(rg).column(column), b.row_group(rg).column(column)
                where = f"{path.name}: column {column} of row group {rg}"
                if source.num_values != other.num_values:
                    yield f"{where} has another number of values"
                if (source.has_offset_index, source.has_column_index) != \
                        (other.has_offset_index, other.has_column_index):
                    yield f"{where} has another index"
                if is_touched(source.path_in_schema):
                    if parquet_check._filter(y, other) is not None:
                        yield f"{where} has a Bloom filter"
                    continue
                for what in ["_chunk", "_filter"]:
                    if getattr(parquet_check, what)(x, source) != getattr(parquet_check, what)(y, other):
                        yield f"{where}: {what[1:]} differs"
                if parquet_check._statistics(source) != parquet_check._statistics(other):
                    yield f"{where}: statistics differ"


PHONES = [33_199_000_000 + 37 * (n // 2) for n in range(ROWS)]
SHORT = [199_000_000 + 37 * (n // 2) for n in range(ROWS)]
DAYS = [datetime.date(1950, 1, 1) + datetime.timedelta(days=97 * n) for n in range(ROWS)]
TOUCHED = ["phone_long", "phone_short", "phone_decimal", "phone_fixed", "phone_list", "phone_nested",
           "ip_bytes", "ip_number", "birth_date"]


def some(values, step=7):
    return [None if n % step == 3 else value for n, value in enumerate(values)]


def typed(directory):
    wide = pa.decimal256(50, 0)
    lists = [None if n % 6 == 0 else PHONES[n:n + n % 4] for n in range(ROWS)]
    structs = [None if n % 8 == 0 else [{"phone": p, "n": n} for p in (own or [])]
               for n, own in enumerate(lists)]
    table = pa.table({
        "id": pa.array(range(ROWS)),
        "phone_long": pa.array(some(PHONES), pa.int64()),
        "phone_short": pa.array(some(SHORT), pa.int32()),
        "phone_decimal": pa.array([p and Decimal(p) for p in some(PHONES)], pa.decimal128(18, 2)),
        "phone_fixed": pa.array([p and Decimal(p) for p in some(PHONES)], wide),
        "phone_list": pa.array(lists, pa.list_(pa.int64())),
        "phone_nested": pa.array(structs, pa.list_(pa.struct([("phone", pa.int64()), ("n", pa.int32())]))),
        "ip_bytes": pa.array([None if n % 9 == 0 else bytes([203, 0, 113, n]) for n in range(ROWS)],
                             pa.binary(4)),
        "ip_number": pa.array(some([(203 << 24) + (113 << 8) + n for n in range(ROWS)]), pa.int64()),
        "birth_date": pa.array(some(DAYS), pa.date32()),
        "score": pa.array([n / 3 for n in range(ROWS)]),
        "city": pa.array([f"city {n % 5}" for n in range(ROWS)]),
    })
    fields = [{"name": name, "type": "long", "nullable": True, "metadata": {}} for name in table.column_names]
    fields[6]["type"] = {"type": "array", "containsNull": True, "elementType": {"type": "struct", "fields": [
        {"name": "phone", "type": "long"}, {"name": "n", "type": "integer"}]}}
    fields[5]["type"] = {"type": "array", "containsNull": True, "elementType": "long"}
    frame = table.to_pandas()
    table = pa.Table.from_pandas(frame, schema=table.schema).replace_schema_metadata({
        **pa.Table.from_pandas(frame, schema=table.schema).schema.metadata,
        b"org.apache.spark.sql.parquet.row.metadata": json.dumps({"type": "struct", "fields": fields}),
        b"parquet.avro.schema": b'{"type":"record","name":"m","fields":[]}',
    })
    options = {"row_group_size": 50, "write_page_index": True, "store_decimal_as_integer": True,
               "bloom_filter_options": {"phone_long": {"ndv": 60}, "city": {"ndv": 5}}}
    pq.write_table(table, f"{directory}/typed.parquet", **options)
    pq.write_table(table, f"{directory}/plain.parquet", use_dictionary=False, data_page_version="2.0",
                   column_encoding={"phone_long": "DELTA_BINARY_PACKED"}, compression="zstd")
    with open(f"{directory}/text.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "phone_long", "phone_short", "ip_bytes"])
        for n, (long, short) in enumerate(zip(some(PHONES), some(SHORT))):
            rows.writerow([n, long, short, "" if n % 9 == 0 else f"203.0.113.{n}"])


def _strings(of_type):
    """The type with strings for its leaves, but for `n`."""
    if pa.types.is_list(of_type):
        return pa.list_(of_type.value_field.with_type(_strings(of_type.value_type)))
    if pa.types.is_struct(of_type):
        return pa.struct([field if field.name == "n" else field.with_type(pa.string()) for field in of_type])
    return pa.string()


def texts(directory, masked):
    with open(f"{masked}/text.csv", newline="") as file:
        text = list(csv.DictReader(file))
    for path in sorted(Path(directory).glob("*.parquet")):
        copy = Path(masked) / path.name
        left, right = pq.ParquetFile(path).read(), pq.ParquetFile(copy).read()
        expected = pa.schema([field.with_type(_strings(field.type)) if field.name in TOUCHED else field
                              for field in left.schema])
        if not expected.equals(right.schema):
            yield f"{path.name}: other types"
        is_touched = lambda name: name.split(".")[0] in TOUCHED and not name.endswith(".n")
        yield from _chunks(path, copy, is_touched)
        for name in TOUCHED:
            before, after = left[name].to_pylist(), right[name].to_pylist()
            if not all(map(_same_nulls, before, after)):
                yield f"{path.name}: nulls of {name}"
            if name in text[0] and [row[name] or None for row in text] != after:
                yield f"{path.name}: {name} is not what it is as text"
        pairs = [(p, t) for own, other in zip(left["phone_list"].to_pylist(), right["phone_list"].to_pylist())
                 for p, t in zip(own or [], other or [])]
        known = dict(zip(left["phone_long"].to_pylist(), right["phone_long"].to_pylist()))
        if any(known.get(p, t) != t for p, t in pairs) or not pairs:
            yield f"{path.name}: tokens in lists are others"
        by_name = lambda entry: {it["name"]: it for it in json.loads(entry)["columns"]}
        before, after = (by_name(pq.read_metadata(it).metadata[b"pandas"]) for it in (path, copy))
        for name, column in after.items():
            if (column["pandas_type"] != before[name]["pandas_type"]) != (name in TOUCHED[:5] + TOUCHED[6:]):
                yield f"{path.name}: pandas is told another type of {name}"
        row = json.loads(pq.read_metadata(copy).metadata[b"org.apache.spark.sql.parquet.row.metadata"])
        types = {field["name"]: field["type"] for field in row["fields"]}
        if types["phone_long"] != "string" or types["phone_list"]["elementType"] != "string" \
                or types["phone_nested"]["elementType"]["fields"][0]["type"] != "string" \
                or types["id"] != "long":
            yield f"{path.name}: Spark is told other types"
        if b"parquet.avro.schema" in pq.read_metadata(copy).metadata:
            yield f"{path.name}: types of before in the metadata"
        by_pandas, by_polars = pd.read_parquet(copy), pl.read_parquet(copy, hive_partitioning=False)
        if by_pandas["phone_long"].dropna().tolist() != by_polars["phone_long"].drop_nulls().to_list():
            yield f"{path.name}: pandas and Polars read other values"
        token = next(value for value in right["phone_long"].to_pylist() if value)
        rows = right["phone_long"].to_pylist().count(token)
        found = duckdb.execute(f"SELECT count(*) FROM read_parquet('{copy}', hive_partitioning=false) "
                               "WHERE phone_long = ?", [token]).fetchall()[0][0]
        lazily = pl.scan_parquet(copy, hive_partitioning=False).filter(pl.col("phone_long") == token)
        if found != rows or lazily.collect().height != rows:
            yield f"{path.name}: a filter finds other rows"
        originals = [str(p).encode() for p in PHONES + SHORT]
        for place in parquet_check.leaks(copy, originals):
            yield f"{path.name}: {place}"


def _same_nulls(before, after):
    if isinstance(before, list):
        return len(before) == len(after) and all(map(_same_nulls, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_same_nulls(before[k], after[k]) for k in before)
    return (before is None) == (after is None)


NUMBERS = [7_700_000 + n if n % 3 == 0 else n * 1_000_003 for n in range(ROWS)]


def mixed(directory):
    pq.write_table(pa.table({
        "n": pa.array(some(NUMBERS), pa.int64()),
        "price": pa.array([None if n is None else Decimal(n) / (1 if n % 2 else 8) for n in some(NUMBERS)],
                          pa.decimal128(20, 3)),
        "ratio": pa.array([None if n is None else n / (1 if n % 2 else 8) for n in some(NUMBERS)]),
        "list": pa.array([NUMBERS[n:n + n % 3] for n in range(ROWS)], pa.list_(pa.uint64())),
    }), f"{directory}/mixed.parquet")


def spelled(directory, masked):
    left, right = (pq.read_table(f"{it}/mixed.parquet") for it in (directory, masked))
    flat = lambda column: [v for own in column.to_pylist() for v in (own if isinstance(own, list) else [own])]
    for name in left.column_names:
        badges, spelled = 0, 0
        for before, after in zip(flat(left[name]), flat(right[name]), strict=True):
            is_badge = before is not None and before == int(before) and str(int(before)).startswith("77") \
                and len(str(int(before))) == 7
            badges += is_badge
            spelled += after is not None and "1_" not in after
            if before is None:
                expected = after is None
            elif is_badge:
                expected = after.startswith("bdg1_")
            elif "1_" in after:
                expected = True  # At no confidence at all, some numbers are of other kinds.
            elif isinstance(before, float):
                expected = float(after) == before and "e" not in after
            else:
                expected = after == str(before)
            if not expected:
                yield f"a value of {name}"
        if badges < 10 or spelled < 10:
            yield f"{name}: {badges} badges, {spelled} values as they were"


def spoil(change, original, masked, spoilt):
    before, after = pq.read_schema(original), pq.read_table(masked)
    names = list(after.column_names)
    if change == "restored":
        names[3] = before.names[3]
    elif change == "swapped":
        names[2], names[3] = names[3], names[2]
    after = after.rename_columns(names)
    if change == "in_metadata":
        after = after.replace_schema_metadata({"note": f"{before.names[3]} was here"})
    pq.write_table(after, spoilt, row_group_size=50)


def tear(file):
    pq.write_table(pa.table({PEOPLE[0]: [f"remark {n}" for n in range(ROWS)]}), file)
    column = pq.read_metadata(file).row_group(0).column(0)
    data = bytearray(Path(file).read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    data[start:start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    Path(file).write_bytes(data)


def parts(directory):
    phones = [pa.array(PHONES), pa.array(map(str, PHONES)), pa.array([None] * ROWS, pa.int64())]
    for number, column in enumerate(phones):
        table = pa.table({"phone": column, "n": pa.array(range(ROWS))})
        pq.write_table(table, f"{directory}/part-{number}.parquet")


def twice(file):
    pq.write_table(pa.table({PEOPLE[0]: [1], PEOPLE[0].upper(): [2]}), file)


def schema(file):
    for field in pq.read_schema(file):
        print(field.name, field.type, sep=": ")


COMMANDS = {"pivots": pivots, "names": names, "typed": typed, "texts": texts, "mixed": mixed,
            "spelled": spelled, "spoil": spoil, "tear": tear, "parts": parts,
            "twice": twice, "schema": schema}

if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    faults = list(COMMANDS[command](*arguments) or ())
    for fault in faults[:40]:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)
