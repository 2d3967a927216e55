"""Visits of patients with their dates, and whether each date is where the specification puts it.

    shift.py make DIRECTORY                       writes visits.csv, visits.ndjson and visits.parquet
    shift.py check KEY_FILE DOMAIN MAX_DAYS IN OUT
                                                  exit 1 names the first date in OUT that is not the one
                                                  in IN, shifted by the days of its patient

The days are those of `loup.v1`: HMAC-SHA-256 under K("shift", domain, "subject") of the patient's
number, modulo 2 · max + 1, less max; computed here with hmac and hashlib alone. Patients are numbers
from 1 on; every seventh visit says no patient, and its dates have to be gone.
"""

import csv
import datetime
import json
import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet as pq

from tokens import derive, hmac_sha256, read_keyring

ROWS = 300
DAY = datetime.timedelta(days=1)
START = datetime.datetime(2019, 12, 30, 10, 6, 12, 345_000)


def visits():
    """Number, patient (None in some), when, and the times of one or two tests."""
    for n in range(ROWS):
        patient = None if n % 7 == 3 else n % 40 + 1
        when = START + n * 11 * DAY
        yield n, patient, when, [when + DAY * k for k in range(n % 3)]


def make(directory):
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    rows = list(visits())
    with open(directory / "visits.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["visit", "day", "patient", "at"])
        for n, patient, when, _ in rows:
            table.writerow([n, when.date(), patient or "", when.isoformat() + "Z"])
    with open(directory / "visits.ndjson", "w") as file:
        for n, patient, when, tests in rows:
            # The dates stand before and behind whom they are about.
            visit = {"visit": n, "day": when.date().isoformat(), "patient": patient,
                     "tests": [test.isoformat() for test in tests]}
            file.write(json.dumps({key: it for key, it in visit.items() if it is not None}) + "\n")
    times = [when for _, _, when, _ in rows]
    table = pa.table({
        "visit": pa.array([n for n, *_ in rows], pa.int32()),
        "day": pa.array([when.date() for when in times], pa.date32()),
        "milli": pa.array(times, pa.timestamp("ms")),
        "micro": pa.array(times, pa.timestamp("us", tz="UTC")),
        "nano": pa.array(times, pa.timestamp("ns")),
        "text": pa.array([when.date().isoformat() for when in times]).dictionary_encode(),
        "patient": pa.array([patient for _, patient, *_ in rows], pa.int64()),
        "tests": pa.array([tests for *_, tests in rows], pa.list_(pa.timestamp("us"))),
    })
    pq.write_table(table, directory / "visits.parquet", row_group_size=97)
    old = table.select(["visit", "nano", "patient"])
    pq.write_table(old, directory / "old.parquet", use_deprecated_int96_timestamps=True)


def check(key_file, domain, max_days, before, after):
    master = next(it["master"] for it in read_keyring(key_file) if it["status"] == "active")
    key = derive(master, "shift", domain, "subject")
    max_days = int(max_days)

    def days(patient):
        mac = int.from_bytes(hmac_sha256(key, str(patient).encode()), "big")
        return mac % (2 * max_days + 1) - max_days

    def later(when, patient):
        if when is None or patient is None:
            return None
        if isinstance(when, str):
            date = datetime.date.fromisoformat(when[:10]) + days(patient) * DAY
            return date.isoformat() + when[10:]
        return when + datetime.timedelta(days=days(patient))

    def same(place, expected, found):
        if expected != found:
            sys.exit(f"{place}: {found} should be {expected}")

    before, after = pathlib.Path(before), pathlib.Path(after)
    moved = 0
    tables = [list(csv.DictReader(open(it / "visits.csv", newline=""))) for it in (before, after)]
    assert len(tables[0]) == len(tables[1]) == ROWS
    for old, new in zip(*tables):
        for field in ["day", "at"]:
            expected = later(old[field], old["patient"] or None) or ""
            same(f"visits.csv {old['visit']} {field}", expected, new[field])
            moved += expected not in ("", old[field])
        same("visits.csv", (old["visit"], old["patient"]), (new["visit"], new["patient"]))
    lines = [(it / "visits.ndjson").read_text().splitlines() for it in (before, after)]
    assert len(lines[0]) == len(lines[1]) == ROWS
    for old, new in zip(*(map(json.loads, it) for it in lines)):
        patient = old.get("patient")
        same(f"visits.ndjson {old['visit']} day", later(old["day"], patient), new["day"])
        same("visits.ndjson tests", [later(it, patient) for it in old["tests"]], new["tests"])
        same("visits.ndjson patient", patient, new.get("patient"))
    for name in ["visits.parquet", "old.parquet"]:
        old, new = (pq.read_table(it / name) for it in (before, after))
        same(f"{name} schema", old.schema, new.schema)
        patients = old["patient"].to_pylist()
        for field in old.column_names:
            rows = zip(old[field].to_pylist(), new[field].to_pylist(), patients)
            for row, (was, found, patient) in enumerate(rows):
                if field in ("visit", "patient"):
                    expected = was
                elif isinstance(was, list):
                    expected = [later(it, patient) for it in was]
                else:
                    expected = later(was, patient)
                same(f"{name} {field} {row}", expected, found)
        statistics = pq.ParquetFile(after / name).metadata
        for group in range(statistics.num_row_groups):
            column = statistics.row_group(group).column(1)
            values = [v for v in new.column(1).to_pylist()
                      [group * 97:(group + 1) * 97 if name == "visits.parquet" else None]
                      if v is not None]
            if column.statistics is not None and column.statistics.has_min_max:
                same(f"{name} statistics", (min(values), max(values)),
                     (column.statistics.min, column.statistics.max))
    print(moved)


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](*sys.argv[2:])
