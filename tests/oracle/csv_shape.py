"""Compares a CSV file with its protected copy.

    csv_shape.py ORIGINAL MASKED COLUMN... [--text COLUMN]... [--delimiter ,]

Rows, fields, line ends, and the raw text (quotes included) of every cell outside the columns named
must be identical. In a COLUMN every non-empty cell must have become a pseudonym; in a `--text`
column anything may change. Python's csv module must read the same rows and fields from both.
"""

import argparse
import csv
import io
import re
import sys

PSEUDONYM = re.compile(
    r"[a-z]{2,8}[1-9][0-9]*_[0-9a-hjkmnp-tv-z]{20}"  # token
    r"|[0-9a-f]{64}"  # hash
    r"|[^*]*\*{3}.*"  # mask
    r"|\[[A-Z_]+\]"  # redact
    r"|"  # drop
)


def raw_rows(data, delimiter):
    """Rows of raw cells, the line end being the last; by RFC 4180, quotes kept as they stand."""
    rows, cells, start, quoted, position = [], [], 0, False, 0
    while position < len(data):
        char = data[position]
        if quoted:
            if data.startswith('""', position):
                position += 1
            elif char == '"':
                quoted = False
        elif char == '"' and position == start:
            quoted = True
        elif char == delimiter:
            cells.append(data[start:position])
            start = position + 1
        elif char in "\r\n":
            cells.append(data[start:position])
            end = position + (2 if data.startswith("\r\n", position) else 1)
            rows.append([*cells, data[position:end]])
            cells, start, position = [], end, end - 1
        position += 1
    if cells or start < len(data):
        rows.append([*cells, data[start:], ""])
    return rows


def unquoted(cell):
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def read(path, delimiter):
    with open(path, encoding="utf-8-sig", newline="") as file:
        text = file.read()
    parsed = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return raw_rows(text, delimiter), parsed


def main():
    args = argparse.ArgumentParser()
    args.add_argument("original")
    args.add_argument("masked")
    args.add_argument("columns", nargs="*")
    args.add_argument("--text", action="append", default=[])
    args.add_argument("--delimiter", default=",")
    args = args.parse_args()

    original, original_parsed = read(args.original, args.delimiter)
    masked, masked_parsed = read(args.masked, args.delimiter)
    if [len(row) for row in original_parsed] != [len(row) for row in masked_parsed]:
        sys.exit("csv reads other rows or numbers of fields")
    if [len(row) for row in original] != [len(row) for row in masked]:
        sys.exit("rows or numbers of fields differ")
    header = [unquoted(cell) for cell in original[0][:-1]]
    for name in args.columns + args.text:
        if name not in header:
            sys.exit(f"no column `{name}`")
    if original[0] != masked[0]:
        sys.exit("the header differs")

    # A fault names the record and the column, never the cell.
    faults, changed = [], 0
    for number, (before, after) in enumerate(zip(original[1:], masked[1:]), start=1):
        for index, (old, new) in enumerate(zip(before, after)):
            name = header[index] if index < len(header) else "beyond the header"
            if index == len(before) - 1:
                name = "line end"
            if name in args.text:
                continue
            if name not in args.columns:
                if old != new:
                    faults.append(f"record {number}, {name}: differs")
            elif not unquoted(old).strip():
                if old != new:
                    faults.append(f"record {number}, {name}: was empty")
            elif old == new or not PSEUDONYM.fullmatch(unquoted(new)):
                faults.append(f"record {number}, {name}: not a pseudonym")
            else:
                changed += 1
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    if args.columns and not changed and not faults:
        sys.exit("nothing was protected")
    print(f"{len(original) - 1} records, {changed} cells protected, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
