"""Inputs to protect, and protected copies of them in which one thing is wrong.

    verify_mutations.py make DIRECTORY                       writes the inputs
    verify_mutations.py mutate DIRECTORY MASKED COPIES N     writes N copies of MASKED, and controls

Each copy is a directory `NUMBER-what_is_wrong`, or `NUMBER-control_…` where nothing is. Its manifest
is made to fit the files again, sizes, digests and chain, unless the files themselves or the manifest are
what is wrong: a verification must not pass for a manifest that agrees with itself.
"""

import base64
import hashlib
import json
import random
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from manifest_chain import chain

ROWS = 120
CITIES = ["Lyon", "Gent", "Porto", "Kassel", "Turin"]
MANIFEST = "loup-manifest.json"


def email(n):
    """As long as a token, so that it fits in its place."""
    return f"person.x{n:05}@example.com"


def phone(n):
    return f"+33 1 99 00 {n // 100:02} {n % 100:02}"


def number(n):
    """A telephone number in a column of integers, and nowhere else."""
    return 33_199_100_000 + n


def address(n):
    """An address in four bytes, and nowhere else."""
    return bytes([198, 51, 100, n])


def make(directory):
    root = Path(directory)
    (root / "crm").mkdir(parents=True)
    # Each person twice or thrice, so that there is something to join.
    people = [n // 2 for n in range(ROWS)]
    rows = ["id,email,phone,city,note"]
    for n, who in enumerate(people):
        note = f'"asks, writes to {email(who + 1)}"' if n % 5 == 0 else f"remark {n}"
        rows.append(f"{n},{email(who)},{phone(who)},{CITIES[n % 5]},{note}")
    (root / "crm/people.csv").write_text("\n".join(rows) + "\n")
    events = [
        json.dumps({"id": n, "user": {"email": email(who)}, "city": CITIES[n % 5], "score": n / 4})
        for n, who in enumerate(people)
    ]
    (root / "events.ndjson").write_text("\n".join(events) + "\n")
    lines = [
        f"2026-11-20 06:{n % 60:02}:00 INFO login ok user={email(who)} attempt={n + 1000}"
        for n, who in enumerate(people)
    ]
    (root / "app.log").write_text("\n".join(lines) + "\n")
    table = pa.table({
        "id": pa.array(range(ROWS)),
        "email": pa.array([email(who) for who in people]),
        "phone": pa.array([None if n % 9 == 0 else phone(who) for n, who in enumerate(people)]),
        "score": pa.array([n / 3 for n in range(ROWS)]),
        "city": pa.array([CITIES[n % 5] for n in range(ROWS)]),
        "tags": pa.array([[CITIES[n % 5], email(who)][: n % 3] for n, who in enumerate(people)]),
        "mobile_phone": pa.array([number(who) for who in people]),
        "fax_number": pa.array([number(who + 1000) for who in people]),
        "ip_address": pa.array([address(who) for who in people], pa.binary(4)),
        # As a pivot makes them.
        email(0): pa.array([n % 4 for n in range(ROWS)]),
        email(1): pa.array([n % 6 for n in range(ROWS)]),
    })
    write_table(table, root / "people.parquet")


def write_table(table, path):
    pq.write_table(table, path, compression="zstd", row_group_size=ROWS // 2)


class Copy:
    """A copy of a protected directory that is about to be spoilt."""

    def __init__(self, source, masked, target, rng):
        shutil.copytree(masked, target)
        self.source, self.root, self.rng = Path(source), Path(target), rng

    def lines(self, name):
        """The lines of the input, of the copy, and the number of one that is not the first."""
        read = lambda root: (root / name).read_text().splitlines(keepends=True)
        before, after = read(self.source), read(self.root)
        return before, after, self.rng.randrange(1, len(after))

    def write(self, name, lines):
        (self.root / name).write_text("".join(lines))

    def some(self):
        return email(self.rng.randrange(ROWS // 2))

    def some_number(self):
        """One that became another, or one that was dropped."""
        return str(number(self.rng.randrange(ROWS // 2) + self.rng.choice([0, 1000])))

    def some_address(self):
        return ".".join(map(str, address(self.rng.randrange(ROWS // 2))))

    def sign(self):
        path = self.root / MANIFEST
        manifest = json.loads(path.read_text())
        for entry in manifest["files"]:
            data = (self.root / entry["file"]).read_bytes()
            entry["bytes_out"], entry["sha256"] = len(data), hashlib.sha256(data).hexdigest()
        manifest["chain"] = chain(manifest)
        path.write_text(json.dumps(manifest))

    def table(self):
        return (pq.read_table(self.source / "people.parquet"),
                pq.read_table(self.root / "people.parquet"))

    def put(self, table):
        write_table(table, self.root / "people.parquet")


def column(table, name, values):
    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))


TEXTS = ["crm/people.csv", "events.ndjson", "app.log"]


def text_line_lost(copy, name):
    _, after, at = copy.lines(name)
    copy.write(name, after[:at] + after[at + 1 :])


def text_line_doubled(copy, name):
    _, after, at = copy.lines(name)
    copy.write(name, after[: at + 1] + after[at:])


def text_line_restored(copy, name):
    before, after, at = copy.lines(name)
    after[at] = before[at]
    copy.write(name, after)


def token_in(line):
    start = line.index("eml1_")
    return line[start : start + 25]


def text_value_restored(copy, name):
    before, after, at = copy.lines(name)
    start = before[at].index("person.x")
    after[at] = after[at].replace(token_in(after[at]), before[at][start : start + 25], 1)
    copy.write(name, after)


def text_join_broken(copy, name):
    _, after, at = copy.lines(name)
    own = token_in(after[at])
    others = [token for token in map(token_in, after[1:]) if token != own]
    after[at] = after[at].replace(own, copy.rng.choice(others), 1)
    copy.write(name, after)


def text_token_changed(copy, name):
    _, after, at = copy.lines(name)
    own = token_in(after[at])
    other = own[:-1] + ("0" if own[-1] != "0" else "1")
    after[at] = after[at].replace(own, other, 1)
    copy.write(name, after)


def text_kind_changed(copy, name):
    _, after, at = copy.lines(name)
    after[at] = after[at].replace("eml1_", "tel1_", 1)
    copy.write(name, after)


def text_untouched_changed(copy, name):
    _, after, at = copy.lines(name)
    digits = [i for i, c in enumerate(after[at][:3] if "csv" in name else after[at]) if c.isdigit()]
    if "log" in name:
        digits = digits[:12]
    if "ndjson" in name:
        digits = digits[:1]
    place = copy.rng.choice(digits)
    other = str((int(after[at][place]) + 1) % 10)
    after[at] = after[at][:place] + other + after[at][place + 1 :]
    copy.write(name, after)


def text_original_added(copy, name):
    _, after, at = copy.lines(name)
    after[at] = after[at].rstrip("\n") + copy.some() + "\n"
    copy.write(name, after)


def text_swapped(copy, name):
    _, after, at = copy.lines(name)
    other = at - 1 if at > 1 else at + 1
    after[at], after[other] = after[other], after[at]
    copy.write(name, after)


def text_line_end(copy, name):
    _, after, at = copy.lines(name)
    after[at] = after[at].rstrip("\n") + "\r\n"
    copy.write(name, after)


def parquet_cell(name, change):
    def mutate(copy):
        before, after = copy.table()
        values, originals = after[name].to_pylist(), before[name].to_pylist()
        places = [n for n, value in enumerate(values) if value]
        at = copy.rng.choice(places)
        values[at] = change(copy, values, originals, at)
        copy.put(column(after, name, values))
    return mutate


def parquet_restored(name):
    """A value in a column of which all were dropped."""
    def mutate(copy):
        before, after = copy.table()
        values, at = after[name].to_pylist(), copy.rng.randrange(ROWS)
        values[at] = before[name].to_pylist()[at]
        copy.put(column(after, name, values))
    return mutate


def restored(copy, values, originals, at):
    return originals[at]


def other(copy, values, originals, at):
    return copy.rng.choice([value for value in values if value and value != values[at]])


def nulled(copy, values, originals, at):
    return None


def parquet_rows(pick):
    def mutate(copy):
        _, after = copy.table()
        at = copy.rng.randrange(ROWS)
        copy.put(pa.concat_tables([after.slice(start, length) for start, length in pick(at)]))
    return mutate


def parquet_dictionary(some):
    """An entry that no row uses any more."""
    def mutate(copy):
        _, after = copy.table()
        coded = after["city"].combine_chunks().dictionary_encode()
        entries = coded.dictionary.to_pylist() + [some(copy)]
        values = pa.DictionaryArray.from_arrays(coded.indices, pa.array(entries))
        at = after.schema.get_field_index("city")
        whole = after.set_column(at, "city", values)
        path = copy.root / "people.parquet"
        pq.write_table(whole, path, compression="zstd", row_group_size=ROWS // 2,
                       store_schema=False)
    return mutate


def parquet_statistic(copy):
    path = copy.root / "people.parquet"
    data = path.read_bytes()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    places = []
    at = data.find(b"eml1_", footer)
    while at >= 0:
        places.append(at)
        at = data.find(b"eml1_", at + 1)
    at = copy.rng.choice(places)
    path.write_bytes(data[:at] + copy.some().encode() + data[at + 25 :])


def parquet_number_in_statistic(copy):
    _, after = copy.table()
    path = copy.root / "people.parquet"
    data = path.read_bytes()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    values = after["mobile_phone"].to_pylist()
    bounds = [bound(values[at : at + ROWS // 2]) for bound in (min, max) for at in (0, ROWS // 2)]
    own = copy.rng.choice(bounds).to_bytes(8, "little")
    at = data.index(own, footer)
    other = int(copy.some_number()).to_bytes(8, "little")
    path.write_bytes(data[:at] + other + data[at + 8 :])


def parquet_metadata(encode, some=Copy.some):
    def mutate(copy):
        _, after = copy.table()
        entries = {**(after.schema.metadata or {}), b"note": encode(some(copy)).encode()}
        copy.put(after.replace_schema_metadata(entries))
    return mutate


def parquet_column_name(some):
    def mutate(copy):
        _, after = copy.table()
        names = [some(copy) if name == "score" else name for name in after.column_names]
        copy.put(after.rename_columns(names))
    return mutate


def parquet_name_restored(copy):
    before, after = copy.table()
    at = copy.rng.randrange(1, 3)
    copy.put(after.rename_columns([*after.column_names[:-at], *before.column_names[-at:]]))


def parquet_names_swapped(copy):
    _, after = copy.table()
    *names, first, second = after.column_names
    copy.put(after.rename_columns([*names, second, first]))


def parquet_type(copy):
    _, after = copy.table()
    at = after.schema.get_field_index("id")
    copy.put(after.set_column(at, "id", after["id"].cast(pa.int32())))


def parquet_row_groups(copy):
    _, after = copy.table()
    pq.write_table(after, copy.root / "people.parquet", compression="zstd", row_group_size=ROWS)


def file_lost_from_the_manifest_too(copy):
    path = copy.root / MANIFEST
    manifest = json.loads(path.read_text())
    gone = copy.rng.choice(manifest["files"])
    (copy.root / gone["file"]).unlink()
    manifest["files"].remove(gone)
    path.write_text(json.dumps(manifest))


def file_renamed(some, names=("crm/people.csv", "events.ndjson", "app.log", "people.parquet")):
    def mutate(copy):
        path = copy.root / MANIFEST
        manifest = json.loads(path.read_text())
        name = copy.rng.choice(names)
        entry = next(entry for entry in manifest["files"] if entry["file"] == name)
        name = f"{some(copy)}-{Path(entry['file']).name}"
        (copy.root / entry["file"]).rename(copy.root / name)
        entry["file"] = name
        path.write_text(json.dumps(manifest))
    return mutate


def manifest_holds_an_original(copy):
    path = copy.root / MANIFEST
    manifest = json.loads(path.read_text())
    manifest["files"][0]["reason"] = f"because of {copy.some()}"
    path.write_text(json.dumps(manifest))


MUTATIONS = {
    "parquet_original": parquet_cell("email", restored),
    "parquet_phone": parquet_cell("phone", restored),
    "parquet_in_list": parquet_cell(
        "tags", lambda copy, values, originals, at: [*values[at][:-1], copy.some()]),
    "parquet_join": parquet_cell("email", other),
    "parquet_null": parquet_cell("phone", nulled),
    "parquet_untouched_text": parquet_cell("city", other),
    "parquet_untouched_number": parquet_cell("score", other),
    "parquet_original_in_other_column": parquet_cell(
        "city", lambda copy, values, originals, at: copy.some()),
    "parquet_row_lost": parquet_rows(lambda at: [(0, at), (at + 1, ROWS)]),
    "parquet_row_doubled": parquet_rows(lambda at: [(0, at + 1), (at, ROWS)]),
    "parquet_row_replaced": parquet_rows(
        lambda at: [(0, at), ((at + 3) % ROWS, 1), (at + 1, ROWS)]),
    "parquet_dictionary": parquet_dictionary(Copy.some),
    "parquet_statistic": parquet_statistic,
    "parquet_metadata": parquet_metadata(str),
    "parquet_metadata_base64": parquet_metadata(
        lambda value: base64.b64encode(f"it is {value}.".encode()).decode()),
    "parquet_column_name": parquet_column_name(Copy.some),
    "parquet_name_restored": parquet_name_restored,
    "parquet_names_swapped": parquet_names_swapped,
    "parquet_type": parquet_type,
    "parquet_row_groups": parquet_row_groups,
    "file_lost_from_the_manifest_too": file_lost_from_the_manifest_too,
    "file_renamed": file_renamed(Copy.some),
    "number_restored": parquet_cell("mobile_phone", restored),
    "number_restored_where_dropped": parquet_restored("fax_number"),
    "number_in_other_column": parquet_cell(
        "city", lambda copy, values, originals, at: copy.some_number()),
    "number_in_dictionary": parquet_dictionary(Copy.some_number),
    "number_in_statistic": parquet_number_in_statistic,
    "number_in_metadata": parquet_metadata(str, Copy.some_number),
    "number_in_column_name": parquet_column_name(Copy.some_number),
    "number_in_file_name": file_renamed(Copy.some_number, TEXTS),
    "address_restored": parquet_restored("ip_address"),
    "address_in_dictionary": parquet_dictionary(Copy.some_address),
    "address_in_metadata": parquet_metadata(str, Copy.some_address),
    "manifest_holds_an_original": manifest_holds_an_original,
}
for text in [text_line_lost, text_line_doubled, text_line_restored, text_value_restored,
             text_join_broken, text_token_changed, text_kind_changed, text_untouched_changed,
             text_original_added, text_swapped, text_line_end]:
    for file in TEXTS:
        MUTATIONS[f"{text.__name__}_{Path(file).suffix[1:]}"] = (
            lambda copy, text=text, file=file: text(copy, file))


def file_removed(copy):
    copy.rng.choice([path for path in copy.root.rglob("*.*") if path.name != MANIFEST]).unlink()


def file_added(copy):
    (copy.root / "crm" / copy.rng.choice(["x.csv", ".hidden", f"{copy.some()}.txt"])).write_text("")


def byte_changed(copy):
    path = copy.rng.choice(sorted(p for p in copy.root.rglob("*.*") if p.name != MANIFEST))
    data = bytearray(path.read_bytes())
    data[copy.rng.randrange(len(data))] ^= 1
    path.write_bytes(data)


def manifest_changed(change):
    def mutate(copy):
        path = copy.root / MANIFEST
        manifest = json.loads(path.read_text())
        change(manifest, copy.rng)
        path.write_text(json.dumps(manifest))
    return mutate


def key_of_another(manifest, rng):
    manifest["key"]["id"] = f"{rng.randrange(1 << 32):08x}"


def records_of_another(manifest, rng):
    rng.choice(manifest["files"])["records"] += 1


def link_lost(manifest, rng):
    manifest["chain"].pop(rng.randrange(len(manifest["chain"])))


def links_swapped(manifest, rng):
    links = manifest["chain"]
    at = rng.randrange(len(links) - 1)
    links[at], links[at + 1] = links[at + 1], links[at]


def member_added(manifest, rng):
    rng.choice([manifest, manifest["coverage"], manifest["run"]])["note"] = "all is well"


# The manifest is not made to fit.
UNSIGNED = {
    "file_removed": file_removed,
    "file_added": file_added,
    "byte_changed": byte_changed,
    "manifest_key": manifest_changed(key_of_another),
    "manifest_records": manifest_changed(records_of_another),
    "manifest_link_lost": manifest_changed(link_lost),
    "manifest_links_swapped": manifest_changed(links_swapped),
    "manifest_member_added": manifest_changed(member_added),
}


def parquet_rewritten(copy):
    _, after = copy.table()
    copy.put(after)


CONTROLS = {"control_copy": lambda copy: None, "control_parquet_rewritten": parquet_rewritten}


def mutate(source, masked, copies, count):
    both = {**MUTATIONS, **UNSIGNED}
    names = list(CONTROLS) + [list(both)[n % len(both)] for n in range(int(count))]
    for number, name in enumerate(names):
        copy = Copy(source, masked, Path(copies) / f"{number:03}-{name}", random.Random(number))
        {**both, **CONTROLS}[name](copy)
        if name not in UNSIGNED:
            copy.sign()


if __name__ == "__main__":
    {"make": make, "mutate": mutate}[sys.argv[1]](*sys.argv[2:])
