#!/usr/bin/env python3
"""What one would do to a table with DuckDB or Polars: search its text, copy it, mask named columns.

    tables.py duckdb|polars scan|copy|mask|hash INPUT [OUTPUT] --pattern P [--zstd-level N]

`scan` counts the cells of each text column in which the pattern matches. `mask` replaces four named
columns by keyed hashes, and in `notes` what matches. `hash` is the same with Polars' own hash,
which is fast and no protection. CSV or Parquet by the name of the input; the output is of the same
format. One thread, unless told otherwise.
"""

import argparse
import hmac
import os
import sys
from pathlib import Path

KEY = b"0123456789abcdef0123456789abcdef"
KEYED = ["email", "phone", "client_ip", "iban"]
TEXT = "notes"
ROW_GROUP_ROWS = 500_000


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("engine", choices=["duckdb", "polars"])
    options.add_argument("task", choices=["scan", "copy", "mask", "hash"])
    options.add_argument("input", type=Path)
    options.add_argument("output", type=Path, nargs="?")
    options.add_argument("--pattern", required=True)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--zstd-level", type=int, default=1)
    given = options.parse_args()
    {"duckdb": with_duckdb, "polars": with_polars}[given.engine](given)


def with_duckdb(given):
    import duckdb

    if given.task == "hash":
        sys.exit("tables.py: `hash` is for Polars alone")
    database = duckdb.connect()
    database.execute(f"SET threads = {given.threads}; SET enable_progress_bar = false")
    is_csv = given.input.suffix == ".csv"
    table = f"read_csv('{given.input}', all_varchar = true)" if is_csv else f"'{given.input}'"
    pattern = given.pattern.replace("'", "''")
    if given.task == "scan":
        described = database.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
        counts = ", ".join(
            f"count(*) FILTER (regexp_matches({name}, '{pattern}'))"
            for name, kind, *_ in described
            if kind == "VARCHAR"
        )
        print(*database.execute(f"SELECT {counts} FROM {table}").fetchone())
        return
    columns = "*"
    if given.task == "mask":
        # There is no HMAC in DuckDB. This is one hash where an HMAC takes two.
        masked = [f"left(sha256('{KEY.decode()}' || {name}), 24) AS {name}" for name in KEYED]
        masked.append(f"regexp_replace({TEXT}, '{pattern}', '[PII]', 'g') AS {TEXT}")
        columns = f"* REPLACE ({', '.join(masked)})"
    options = (
        "FORMAT csv, HEADER"
        if is_csv
        else f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {given.zstd_level}, "
        f"ROW_GROUP_SIZE {ROW_GROUP_ROWS}"
    )
    database.execute(f"COPY (SELECT {columns} FROM {table}) TO '{given.output}' ({options})")


def with_polars(given):
    os.environ["POLARS_MAX_THREADS"] = str(given.threads)
    import polars as pl

    def token(column):
        """The HMAC of each value, computed once for equal ones."""
        values = column.unique().drop_nulls()
        tokens = [hmac.digest(KEY, v.encode(), "sha256").hex()[:24] for v in values]
        return column.replace_strict(values, tokens, default=None, return_dtype=pl.String)

    is_csv = given.input.suffix == ".csv"
    table = pl.scan_csv(given.input, infer_schema=False) if is_csv else pl.scan_parquet(given.input)
    if given.task == "scan":
        found = pl.col(pl.String).str.contains(given.pattern).sum()
        print(*table.select(found).collect(engine="streaming").row(0))
        return
    if given.task in ("mask", "hash"):
        keyed = pl.col(KEYED)
        if given.task == "mask":
            keyed = keyed.map_batches(token, return_dtype=pl.String)
        else:
            keyed = keyed.hash(42).cast(pl.String)
        table = table.with_columns(keyed, pl.col(TEXT).str.replace_all(given.pattern, "[PII]"))
    if is_csv:
        table.sink_csv(given.output)
    else:
        table.sink_parquet(
            given.output,
            compression="zstd",
            compression_level=given.zstd_level,
            row_group_size=ROW_GROUP_ROWS,
        )


if __name__ == "__main__":
    main()
