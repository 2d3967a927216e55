"""Reads the files of a corpus back into cells, keyed as findings are: record and field."""

import csv
import json
from functools import lru_cache


@lru_cache(maxsize=8)
def cells(corpus, file):
    """The text of each (record, field) of a file; a line has the field None."""
    path = corpus / "files" / file
    if path.suffix == ".csv":
        return _table(path)
    lines = path.read_text().split("\n")[:-1]
    if path.suffix == ".ndjson":
        out = {}
        for record, line in enumerate(lines, 1):
            _leaves(json.loads(line), "$", record, out)
        return out
    return {(record, None): line for record, line in enumerate(lines, 1)}


def _table(path):
    with path.open(newline="") as file:
        delimiter = ";" if ";" in file.readline() else ","
        file.seek(0)
        rows = csv.reader(file, delimiter=delimiter)
        seen, fields = {}, []
        for header in next(rows):
            seen[header] = seen.get(header, 0) + 1
            fields.append(header if seen[header] == 1 else f"{header}#{seen[header]}")
        return {
            (record, field): cell
            for record, row in enumerate(rows, 1)
            for field, cell in zip(fields, row)
        }


def _leaves(node, path, record, out):
    if isinstance(node, dict):
        for key, child in node.items():
            _leaves(child, f"{path}.{key}", record, out)
    elif isinstance(node, list):
        for child in node:
            _leaves(child, path + "[*]", record, out)
    else:
        out[record, path] = str(node)
