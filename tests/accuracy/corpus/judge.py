"""Compares findings with the true values of a corpus."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass

KINDS = [
    "email", "phone", "iban", "ip", "card", "mac", "national_id", "name", "address",
    "organisation_id", "secret",
]  # fmt: skip
# An address spelled in a host name: neither right nor wrong.
NEUTRAL = {"ip_host"}


@dataclass
class Tally:
    right: int = 0
    missed: int = 0
    false: int = 0

    def figures(self):
        true, said = self.right + self.missed, self.right + self.false
        precision = self.right / said if said else 0.0
        recall = self.right / true if true else 0.0
        both = precision + recall
        return {
            "true": true,
            "right": self.right,
            "false": self.false,
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / both, 4) if both else 0.0,
        }


class Judge:
    """The true values of a corpus, and after `judge` what a scanner made of them."""

    def __init__(self, corpus, only=None):
        """`only` limits it to a set of (file, record)."""
        self.only = only
        self.files = {row["file"]: row for row in _rows(corpus / "files.ndjson")}
        self.fields, self.headless = defaultdict(list), set()
        for row in _rows(corpus / "fields.ndjson"):
            self.fields[row["file"]].append(row["field"])
        self.gold = defaultdict(list)
        for row in _rows(corpus / "gold.ndjson"):
            if only is None or (row["file"], row["record"]) in only:
                row["ends"] = {(row["start"], row["end"])} | set(map(tuple, row.get("also", [])))
                self.gold[_place(row)].append(row)
        self.tallies = defaultdict(Tally)
        self.others, self.by_form = {}, {}
        self.right, self.missed, self.false = [], [], []
        self.covered = Counter()

    def judge(self, findings, kinds=None):
        """Counts each finding, and each true value that has none; `kinds` are those looked for."""
        found, hit, near = defaultdict(list), set(), set()
        others = Counter()
        for row in findings:
            row = self._with_header(row)
            found[_place(row, self._is_text(row["file"]))].append(row)
        for place, rows in found.items():
            for row in rows:
                self._count(row, self.gold.get(place, []), hit, near, others)
        self.others = dict(others.most_common())
        self._count_missed(hit, near)
        self._measure_cover(found)

    def _with_header(self, row):
        """A finding in a table whose header was taken for data, moved to where it is.

        Such tables are counted in `headless`; what is found in them is judged all the same.
        """
        fields = self.fields.get(row["file"])
        if fields is None or row["field"] in fields or not row["field"].startswith("column_"):
            return row
        self.headless.add(row["file"])
        index = int(row["field"].removeprefix("column_")) - 1
        return row | {"record": row["record"] - 1, "field": fields[index]}

    def _is_text(self, file):
        return not file.endswith((".csv", ".ndjson"))

    def _count(self, row, gold, hit, near, others):
        kind, suite = row["kind"], self.files[row["file"]]["suite"]
        over = [true for true in gold if true["start"] < row["end"] and row["start"] < true["end"]]
        for true in over:
            if true["kind"] == kind:
                near.add(id(true))
                if (row["start"], row["end"]) in true["ends"]:
                    if id(true) not in hit and not true.get("optional"):
                        self.tallies[suite, kind].right += 1
                        self.right.append(row | {"suite": suite})
                    hit.add(id(true))
                    return
        if kind in NEUTRAL or any(true.get("optional") for true in over):
            return
        if kind not in KINDS:
            others[kind] += 1
            return
        self.tallies[suite, kind].false += 1
        self.false.append(row | {"suite": suite})

    def _count_missed(self, hit, near):
        forms = defaultdict(lambda: [0, 0, 0])
        for rows in self.gold.values():
            for true in rows:
                if true.get("optional"):
                    continue
                form = (
                    true["subkind"].rsplit("/", 1)[-1]
                    if true["kind"] == "phone"
                    else true["subkind"]
                )
                counts = forms[true["suite"], true["kind"], form]
                counts[0] += 1
                counts[1] += id(true) in hit
                counts[2] += id(true) in near
                if id(true) not in hit:
                    self.tallies[true["suite"], true["kind"]].missed += 1
                    self.missed.append(true)
        self.by_form = dict(forms)

    def _measure_cover(self, found):
        for place, rows in self.gold.items():
            taken = [(row["start"], row["end"]) for row in found.get(place, [])]
            for true in rows:
                if not true.get("optional"):
                    self.covered[true["kind"], "all"] += true["end"] - true["start"]
                    self.covered[true["kind"], "found"] += _overlap(true, taken)

    def figures(self):
        return {
            f"{suite}/{kind}": tally.figures()
            for (suite, kind), tally in sorted(self.tallies.items())
        }

    def coverage(self, kinds):
        """The share of the bytes of true values that lie in a finding of any kind."""
        total = sum(self.covered[kind, "all"] for kind in kinds)
        return round(sum(self.covered[kind, "found"] for kind in kinds) / max(total, 1), 5)

    def false_per_mb(self, suite, size=None):
        size = size or sum(row["bytes"] for row in self.files.values() if row["suite"] == suite)
        return {
            kind: round(tally.false / (size / 1e6), 1)
            for (where, kind), tally in self.tallies.items()
            if where == suite and tally.false
        }


def _rows(path):
    with path.open() as file:
        return [json.loads(line) for line in file]


def _place(row, is_text=False):
    """Where a value is; in lines of text a field is only a name that a scanner gives."""
    return row["file"], row["record"], None if is_text else row["field"]


def _overlap(true, taken):
    start, end = true["start"], true["end"]
    if any(left <= start and end <= right for left, right in taken):
        return end - start
    return sum(any(left <= at < right for left, right in taken) for at in range(start, end))
