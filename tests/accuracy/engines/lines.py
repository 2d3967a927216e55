"""The plumbing of an engine: JSON lines of texts in, JSON lines of findings out.

A text is `{"file", "record", "field", "text", "regions"}`; a finding repeats the place and has
`start`, `end`, `kind` and `confidence`. Engines count characters, findings count UTF-8 bytes.
"""

import json
import sys


def texts():
    for line in sys.stdin:
        yield json.loads(line)


def report(row, entities):
    """Writes the findings in one text: (start, end, kind, confidence), the surest of those that
    overlap."""
    taken = []
    for start, end, kind, confidence in sorted(entities, key=lambda e: (-e[3], e[0] - e[1])):
        if all(end <= left or right <= start for left, right in taken):
            taken.append((start, end))
            text = row["text"]
            found = {
                "file": row["file"],
                "record": row["record"],
                "field": row["field"],
                "start": len(text[:start].encode()),
                "end": len(text[:end].encode()),
                "kind": kind,
                "confidence": confidence,
            }
            print(json.dumps(found))
