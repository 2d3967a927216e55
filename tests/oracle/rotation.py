"""Checks that a table of links restores the joins between tokens of two epochs.

    rotation.py values ORIGINAL_COMPANY KIND
    rotation.py joins ORIGINAL_COMPANY COPY OLD NEW KIND=LINKS …

`values` prints the raw values of a kind, one a line. In COPY the customers have tokens of epoch OLD
and all else has tokens of epoch NEW; LINKS is the table that `loup key relink` wrote for a kind. DuckDB
joins customers to the other places: as they are, which has to give nothing, and through the table, which has
to give the very pairs of records that the originals give.
"""

import sys

import duckdb
import pyarrow as pa
from joins import PLACES, PREFIXES, canonical, values

REGIONS = ["FR", "GB", "US"]
OF_OLD = "crm."


def numbered(root, query, form):
    """The records of a place, and what they join by, as a table."""
    rows = [(row, form(value)) for row, value in enumerate(values(root, query)) if value]
    return pa.table({"row": [row for row, _ in rows], "value": [value for _, value in rows]})


def pairs(old, new, links=None):
    """The pairs of records that join: directly, or through a table."""
    database = duckdb.connect()
    database.register("old", old)
    database.register("new", new)
    if links is None:
        joined = "old JOIN new ON old.value = new.value"
    else:
        database.execute(
            "CREATE TABLE links AS SELECT * FROM read_csv(?, header=true, all_varchar=true)", [links]
        )
        joined = "old JOIN links ON old.value = links.old JOIN new ON links.new = new.value"
    # Without DISTINCT: a table that gives a pair twice multiplies rows.
    return database.sql(f"SELECT old.row, new.row FROM {joined} ORDER BY ALL").fetchall()


def epochs(table, kind):
    """The epochs of the tokens in a place."""
    prefix = PREFIXES[kind]
    return {value.partition("_")[0].removeprefix(prefix) for value in table["value"].to_pylist()}


def print_values(root, kind):
    seen = set()
    for _, of, query in PLACES:
        if of == kind:
            seen.update(value for value in values(root, query) if value)
    print("\n".join(sorted(seen)))


def check_joins(original_root, copy_root, old_epoch, new_epoch, *tables):
    links = dict(table.split("=", 1) for table in tables)
    faults, joins, restored = [], 0, 0
    for old_place, kind, old_query in PLACES:
        if not old_place.startswith(OF_OLD) or kind not in links:
            continue
        for new_place, new_kind, new_query in PLACES:
            if new_kind != kind or new_place.startswith(OF_OLD):
                continue
            queries = (old_query, new_query)
            originals = [
                numbered(original_root, query, lambda value: canonical(kind, value, REGIONS))
                for query in queries
            ]
            copies = [numbered(copy_root, query, str) for query in queries]
            if [epochs(table, kind) for table in copies] != [{old_epoch}, {new_epoch}]:
                faults.append(f"{old_place}, {new_place}: tokens of other epochs")
            if pairs(*copies):
                faults.append(f"{old_place}, {new_place}: two epochs join directly")
            before, after = pairs(*originals), pairs(*copies, links[kind])
            if before != after:
                faults.append(
                    f"{old_place}, {new_place}: {len(before)} pairs before, {len(after)} after"
                )
            joins, restored = joins + 1, restored + len(after)
    for fault in faults:
        print(fault, file=sys.stderr)
    if not restored:
        sys.exit("nothing to join")
    print(f"{joins} joins of {restored} pairs compared, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    {"values": print_values, "joins": check_joins}[sys.argv[1]](*sys.argv[2:])
