"""Searches a directory for values that must not be in it.

    leaks.py DIRECTORY ORIGINALS_FILE

ORIGINALS_FILE has a value a line. Each is searched for, without regard to case, as it stands and
percent-, JSON-, HTML-, base64- and UTF-16-encoded: in the names of files, in their bytes, and in
what is inside gzip and Parquet files (cells, dictionaries, metadata). Exit 1 names the files and
the lines of ORIGINALS_FILE, never the values.
"""

import base64
import gzip
import html
import json
import sys
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

# Long enough to be rare, short enough to be a part of every needle.
PREFIX_BYTES = 7


def encodings(value):
    """Every way to write `value` that is searched for, in lower case."""
    raw = value.encode()
    yield raw
    yield quote(value, safe="").encode()
    yield quote(value, safe="@+ :").encode()
    yield json.dumps(value)[1:-1].encode()
    yield value.replace("@", "\\u0040").replace("/", "\\/").encode()
    yield html.escape(value).replace("@", "&#64;").encode()
    yield value.encode("utf-16-le")
    yield value.encode("utf-16-be")
    # In base64 a value looks different at each of three offsets, and its edges depend on what is
    # around it: they are cut off.
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + raw)
        start = -(-offset * 8 // 6)
        yield text[start : (offset + len(raw)) * 8 // 6]


def index(originals):
    """The needles by their first bytes: prefix -> [(needle, line)]."""
    needles = {}
    for line, value in enumerate(originals, start=1):
        if len(value) < PREFIX_BYTES:
            sys.exit(f"line {line} of the originals is too short to search for")
        for needle in set(encodings(value)):
            needle = needle.lower()
            needles.setdefault(needle[:PREFIX_BYTES], []).append((needle, line))
    return needles


def search(data, needles):
    """The lines whose value is in `data`."""
    data = data.lower()
    found = set()
    for start in range(len(data) - PREFIX_BYTES + 1):
        for needle, line in needles.get(data[start : start + PREFIX_BYTES], ()):
            if data.startswith(needle, start):
                found.add(line)
    return found


def contents(path):
    """The bytes of a file, and what is packed in it."""
    data = path.read_bytes()
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    if path.suffix == ".parquet":
        schema = pq.read_schema(path)
        strings = [f.name for f in schema if pa.types.is_string(f.type)]
        table = pq.read_table(pa.BufferReader(data), read_dictionary=strings)
        for column in table.columns:
            yield b"\n".join(
                json.dumps(value, ensure_ascii=False, default=str).encode()
                for value in column.to_pylist()
            )
            for chunk in column.chunks:
                # An entry that no row uses any more is still in the file.
                if isinstance(chunk, pa.DictionaryArray):
                    yield "\n".join(map(str, chunk.dictionary.to_pylist())).encode()
        yield b"\n".join(b"%s=%s" % pair for pair in (schema.metadata or {}).items())


def main(directory, originals_file):
    originals = Path(originals_file).read_text(encoding="utf-8").splitlines()
    needles = index(originals)
    root = Path(directory)
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    if not paths or not originals:
        sys.exit("nothing to search")
    leaking = 0
    for path in paths:
        name = str(path.relative_to(root))
        found = search(name.encode(), needles).union(
            *(search(data, needles) for data in contents(path))
        )
        if found:
            leaking += 1
            lines = ", ".join(map(str, sorted(found)[:10]))
            print(f"{name}: {len(found)} originals, lines {lines} …", file=sys.stderr)
    print(f"{len(paths)} files searched for {len(originals)} values: {leaking} leak")
    sys.exit(1 if leaking else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
