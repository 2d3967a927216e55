"""Writes the corpus: files as exports and logs are, and beside them what is true of them.

`files/REGION/SUITE/…` is what a scanner is given; a REGION is the list of regions to tell it,
joined with `-`. `gold.ndjson` has one line for each true value, `fields.ndjson` one for each column
with the kind it is full of, `files.ndjson` one for each file.
"""

import csv
import io
import json
from pathlib import Path

from corpus.text import Marked, Number, plain


class Corpus:
    def __init__(self, root):
        self.root = Path(root)
        self.gold, self.fields, self.files = [], [], []

    def lines(self, region, suite, name, lines):
        """A text file of one record a line."""
        for record, line in enumerate(lines, 1):
            self._mark(region, suite, name, record, None, plain(line))
        self._write(region, suite, name, "".join(f"{line}\n" for line in lines))

    def ndjson(self, region, suite, name, documents):
        """One JSON document a line; every text in it may be marked."""
        out = []
        for record, document in enumerate(documents, 1):
            bare = self._unmark(region, suite, name, record, "$", document)
            out.append(json.dumps(bare, ensure_ascii=False, separators=(",", ":")))
        self._write(region, suite, name, "".join(f"{line}\n" for line in out))

    def table(self, region, suite, name, columns, delimiter=","):
        """A CSV file of `Column`s, all of one length."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        paths = _paths([column.header for column in columns])
        writer.writerow([column.header for column in columns])
        for row in zip(*(column.cells for column in columns)):
            writer.writerow([str(cell) for cell in row])
        for path, column in zip(paths, columns):
            for record, cell in enumerate(column.cells, 1):
                self._mark(region, suite, name, record, path, plain(cell))
            self.fields.append(
                {
                    "file": _file(region, suite, name),
                    "field": path,
                    "kind": column.kind,
                    "subkind": column.subkind,
                    "telling": column.telling,
                }
            )
        self._write(region, suite, name, out.getvalue())

    def close(self):
        for name in ("gold", "fields", "files"):
            rows = getattr(self, name)
            text = "".join(
                json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows
            )
            (self.root / f"{name}.ndjson").write_text(text)

    def _unmark(self, region, suite, name, record, path, node):
        """`node` without marks; JSON paths are written as loup writes them."""
        if isinstance(node, dict):
            return {
                key: self._unmark(region, suite, name, record, f"{path}.{key}", child)
                for key, child in node.items()
            }
        if isinstance(node, list):
            return [
                self._unmark(region, suite, name, record, path + "[*]", child) for child in node
            ]
        if isinstance(node, Marked):
            self._mark(region, suite, name, record, path, node)
            return int(node.text) if isinstance(node, Number) else node.text
        return node

    def _mark(self, region, suite, name, record, path, marked):
        for span in marked.spans:
            at = span.in_bytes(marked.text)
            row = {
                "file": _file(region, suite, name),
                "record": record,
                "field": path,
                "start": at.start,
                "end": at.end,
                "kind": at.kind,
                "suite": suite,
                "subkind": at.subkind,
                "text": marked.text[span.start : span.end],
            }
            if at.also:
                row["also"] = at.also
            if at.optional:
                row["optional"] = True
            self.gold.append(row)

    def _write(self, region, suite, name, text):
        path = self.root / "files" / _file(region, suite, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.files.append(
            {"file": _file(region, suite, name), "suite": suite, "bytes": len(text.encode())}
        )


class Column:
    """A column: its header, its cells, the kind it is full of, whether the header tells it."""

    def __init__(self, header, cells, kind, subkind, telling):
        self.header, self.cells = header, cells
        self.kind, self.subkind, self.telling = kind, subkind, telling


def _file(region, suite, name):
    return f"{region}/{suite}/{name}"


def _paths(headers):
    """Field paths of headers: a repeated one is `name#2`."""
    seen, paths = {}, []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        paths.append(header if seen[header] == 1 else f"{header}#{seen[header]}")
    return paths
