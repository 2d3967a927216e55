"""An independent look at a protected Parquet file, by pyarrow and DuckDB.

`compare(original, masked, touched)` says how the copy differs from its source where it must not;
`leaks(masked, originals)` says where an original value is still found. Both return a list of
sentences, empty when all is well, that name places and never values.

Columns are named by their path in the Parquet schema (`contacts.list.element.email`).
Needs: pyarrow, duckdb.

    parquet_check.py ORIGINAL MASKED COLUMN...    compares; exit 1 where they differ
"""

import base64
import json
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq


def compare(original, masked, touched, nulls_allowed=True):
    """Differences other than the values of the `touched` leaf columns.

    With `nulls_allowed` a value of a touched column may have become null; a null never may have
    become a value.
    """
    faults = []
    before, after = pq.ParquetFile(original), pq.ParquetFile(masked)
    a, b = before.metadata, after.metadata

    def check(same, what):
        if not same:
            faults.append(what)

    check(before.schema.equals(after.schema), "the Parquet schema differs")
    check(before.schema_arrow.equals(after.schema_arrow), "the Arrow schema differs")
    check(a.num_rows == b.num_rows, "the number of rows differs")
    check(a.num_row_groups == b.num_row_groups, "the number of row groups differs")
    check(a.created_by == b.created_by, "created_by differs")
    check(a.format_version == b.format_version, "the format version differs")
    if faults:
        return faults

    with open(original, "rb") as x, open(masked, "rb") as y:
        for rg in range(a.num_row_groups):
            check(a.row_group(rg).num_rows == b.row_group(rg).num_rows, f"rows of row group {rg}")
            for column in range(a.num_columns):
                source, copy = a.row_group(rg).column(column), b.row_group(rg).column(column)
                where = f"row group {rg}, {source.path_in_schema}"
                check(source.compression == copy.compression, f"codec of {where}")
                check(source.num_values == copy.num_values, f"number of values of {where}")
                check(
                    source.has_column_index == copy.has_column_index
                    and source.has_offset_index == copy.has_offset_index,
                    f"presence of a page index of {where}",
                )
                if source.path_in_schema in touched:
                    check(
                        source.has_dictionary_page == copy.has_dictionary_page,
                        f"use of a dictionary of {where}",
                    )
                    check(_filter(y, copy) is None, f"a Bloom filter of {where}")
                else:
                    check(_chunk(x, source) == _chunk(y, copy), f"bytes of {where}")
                    check(_statistics(source) == _statistics(copy), f"statistics of {where}")
                    check(_filter(x, source) == _filter(y, copy), f"Bloom filter of {where}")

    tops = {path.split(".")[0] for path in touched}
    for name in before.schema_arrow.names:
        left = pq.read_table(original, columns=[name]).column(0)
        right = pq.read_table(masked, columns=[name]).column(0)
        if name not in tops:
            # By text too, since NaN is not equal to itself.
            same = left.equals(right) or repr(left.to_pylist()) == repr(right.to_pylist())
            check(same, f"values of {name}")
        elif not all(map(lambda p, q: _same_shape(p, q, nulls_allowed), left.to_pylist(), right.to_pylist())):
            faults.append(f"shape of {name}")
    duckdb.sql(f"SELECT count(*), {', '.join(f'count({_quoted(n)})' for n in after.schema_arrow.names)}"
               f" FROM read_parquet('{masked}')").fetchall()
    return faults


def leaks(masked, originals):
    """Places of the file in which one of `originals` (bytes) is found.

    Looks at the raw bytes (headers, statistics and page indexes are not compressed), every value
    and every dictionary entry decoded, the footer's metadata with JSON and the Arrow schema decoded,
    and asks Bloom filters.
    """
    found = []

    def look(bytes_, where):
        if any(original in bytes_ for original in originals):
            found.append(where)

    with open(masked, "rb") as file:
        look(file.read(), "raw bytes")
    parquet = pq.ParquetFile(masked)
    metadata = parquet.metadata
    for rg in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(rg).column(column)
            look(repr(_statistics(chunk)).encode(), f"statistics of {chunk.path_in_schema}")

    for name, column in zip(parquet.schema_arrow.names, parquet.read().columns):
        look(_joined(column), f"values of {name}")
    flat = [f.name for f in parquet.schema_arrow if pa.types.is_string(f.type) or pa.types.is_binary(f.type)]
    # Read as dictionaries, row group by row group, entries come even if no row refers to them.
    dictionaries = pq.ParquetFile(masked, read_dictionary=flat)
    for rg in range(metadata.num_row_groups):
        for name in flat:
            if not _leaf(metadata.row_group(rg), name).has_dictionary_page:
                continue
            for chunk in dictionaries.read_row_group(rg, columns=[name]).column(0).chunks:
                if pa.types.is_dictionary(chunk.type):
                    look(_joined(chunk.dictionary), f"dictionary of {name}")

    for key, value in (metadata.metadata or {}).items():
        look(key, "a metadata key")
        look(value, f"metadata {key!r}")
        try:
            look(b"\0".join(_values(_json(json.loads(value)))), f"metadata {key!r}, decoded")
        except ValueError:
            pass
        if key == b"ARROW:schema":
            decoded = base64.b64decode(value)
            look(decoded, "ARROW:schema, decoded")
            look(repr(pa.ipc.read_schema(pa.py_buffer(decoded))).encode(), "ARROW:schema, as text")

    with open(masked, "rb") as file:
        for rg in range(metadata.num_row_groups):
            for column in range(metadata.num_columns):
                chunk = metadata.row_group(rg).column(column)
                stored = _filter(file, chunk)
                admitted = sum(_admits(stored, original) for original in originals) if stored else 0
                # A filter admits some strangers; one that admits many knows them.
                if admitted > 1 + len(originals) // 5:
                    found.append(f"Bloom filter of {chunk.path_in_schema}")
    return sorted(set(found))


def _leaf(row_group, path):
    columns = map(row_group.column, range(row_group.num_columns))
    return next(column for column in columns if column.path_in_schema == path)


def _chunk(file, column):
    file.seek(column.dictionary_page_offset or column.data_page_offset)
    return file.read(column.total_compressed_size)


def _statistics(column):
    statistics = column.statistics
    return statistics and {k: v for k, v in statistics.to_dict().items() if k != "distinct_count"}


def _filter(file, column):
    """The stored Bloom filter, header and all, or None."""
    if not column.bloom_filter_offset:
        return None
    file.seek(column.bloom_filter_offset)
    return file.read(column.bloom_filter_length)


# DuckDB's parquet_bloom_probe counts top-level columns where it means leaves, and looks at the filter
# of another column in a file with nested ones; so filters are asked here.
_SALT = (0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31)
_P1, _P2, _P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_P4, _P5, _M = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5, (1 << 64) - 1


def _admits(stored, value):
    """Whether a split-block filter may hold `value` (Parquet BloomFilter.md)."""
    size, shift = 0, 0
    for byte in stored[1:]:
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    bits = stored[-(size >> 1):]
    hash_ = _xxh64(value)
    block = ((hash_ >> 32) * (len(bits) // 32) >> 32) * 32
    for word, salt in enumerate(_SALT):
        mask = 1 << (((hash_ & 0xFFFFFFFF) * salt & 0xFFFFFFFF) >> 27)
        at = block + 4 * word
        if not int.from_bytes(bits[at:at + 4], "little") & mask:
            return False
    return True


def _xxh64(data):
    """XXH64 with seed 0 (xxhash_spec.md)."""
    rotate = lambda x, r: (x << r | x >> (64 - r)) & _M
    step = lambda acc, lane: rotate((acc + lane * _P2) & _M, 31) * _P1 & _M
    lane = lambda at, n=8: int.from_bytes(data[at:at + n], "little")
    at = 0
    if len(data) >= 32:
        accs = [(_P1 + _P2) & _M, _P2, 0, -_P1 & _M]
        while at + 32 <= len(data):
            accs = [step(acc, lane(at + 8 * i)) for i, acc in enumerate(accs)]
            at += 32
        acc = sum(rotate(acc, r) for acc, r in zip(accs, (1, 7, 12, 18))) & _M
        for part in accs:
            acc = ((acc ^ step(0, part)) * _P1 + _P4) & _M
    else:
        acc = _P5
    acc = (acc + len(data)) & _M
    while at + 8 <= len(data):
        acc = (rotate(acc ^ step(0, lane(at)), 27) * _P1 + _P4) & _M
        at += 8
    if at + 4 <= len(data):
        acc = (rotate(acc ^ lane(at, 4) * _P1 & _M, 23) * _P2 + _P3) & _M
        at += 4
    for byte in data[at:]:
        acc = rotate(acc ^ byte * _P5 & _M, 11) * _P1 & _M
    acc = (acc ^ acc >> 33) * _P2 & _M
    acc = (acc ^ acc >> 29) * _P3 & _M
    return acc ^ acc >> 32


def _same_shape(left, right, nulls_allowed):
    if left is None or right is None:
        return left is right or (right is None and nulls_allowed and not isinstance(left, (list, dict)))
    if isinstance(left, list):
        return len(left) == len(right) and all(map(lambda a, b: _same_shape(a, b, nulls_allowed), left, right))
    if isinstance(left, tuple):  # An entry of a map.
        return all(map(lambda a, b: _same_shape(a, b, nulls_allowed), left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same_shape(left[k], right[k], nulls_allowed) for k in left)
    return type(left) is type(right)


def _values(value):
    """Every text, number and byte string in a nest of lists and dicts, as bytes."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _values(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _values(key)
            yield from _values(item)
    elif isinstance(value, bytes):
        yield value
    elif value is not None and not isinstance(value, bool):
        yield str(value).encode("utf-8", "surrogateescape")


def _joined(column):
    """The values of a column in one byte string: one search instead of one per value."""
    return b"\0".join(_values(column.to_pylist()))


def _json(value):
    """JSON with the JSON inside its strings decoded too."""
    if isinstance(value, str):
        try:
            inner = json.loads(value)
            return [value, _json(inner)] if isinstance(inner, (dict, list)) else value
        except ValueError:
            return value
    if isinstance(value, list):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    return value


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


if __name__ == "__main__":
    source, copy, *columns = sys.argv[1:]
    faults = compare(source, copy, set(columns))
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)
