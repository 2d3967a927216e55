#!/usr/bin/env python3
"""How often are findings right that loup is so and so sure of?

    calibration.py CORPUS [--loup PROGRAM] [--docs DIR] [--rules]

All findings down to a low confidence are judged as `score.py` judges them, and counted by the
confidence they state: values of fields apart from those in lines. `--docs` draws `calibration.svg`
there and writes the tables into `calibration.md`; `--rules` prints each rule and confidence.
"""

import argparse
import math
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from corpus.judge import KINDS, Judge
from score import scan_corpus

# From here on the findings are listed; the others are nothing to anybody.
LEAST = 0.05
EDGES = [0.05, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0]
PLACES = ["fields", "lines"]
# A kind is said to be off from this difference on, and with this many findings.
OFF, ENOUGH = 0.05, 20
BEGIN, END = "<!-- figures of make calibration -->\n", "<!-- end of figures -->\n"


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("corpus", type=Path)
    options.add_argument("--loup", default="target/release/loup", help="the program")
    options.add_argument("--docs", type=Path, help="write calibration.svg and .md there")
    options.add_argument("--rules", action="store_true", help="print rules by confidence")
    given = options.parse_args()

    findings, _ = scan_corpus(given.loup, given.corpus, no_region=False, min_confidence=LEAST)
    judge = Judge(given.corpus)
    judge.judge(findings)
    judged = [(row, True) for row in judge.right] + [(row, False) for row in judge.false]
    tables = bins_table(judged) + "\n" + kinds_table(judged)
    print(tables)
    if given.rules:
        print(rules_table(judged))
    if given.docs:
        write_between(given.docs / "calibration.md", tables)
        (given.docs / "calibration.svg").write_text(drawing(judged))


class Pile:
    """Findings that are counted together."""

    def __init__(self):
        self.count, self.right, self.stated, self.fields = 0, 0, 0.0, set()

    def add(self, row, is_right):
        self.count += 1
        self.right += is_right
        self.stated += row["confidence"]
        self.fields.add((row["file"], row["field"]))

    @property
    def mean(self):
        return self.stated / self.count

    @property
    def share(self):
        return self.right / self.count

    @property
    def over(self):
        """How much more is stated than holds."""
        return self.mean - self.share


def place(row):
    return "fields" if row["file"].endswith((".csv", ".ndjson")) else "lines"


def bin_of(confidence):
    """Index of the bin; the last one has its upper edge too."""
    return max(index for index, low in enumerate(EDGES[:-1]) if confidence >= low)


def piled(judged, key):
    piles = defaultdict(Pile)
    for row, is_right in judged:
        piles[key(row)].add(row, is_right)
    return piles


def error(judged, where):
    """The expected calibration error: stated minus right, by bin, weighed by findings."""
    piles = piled(judged, lambda row: (place(row), bin_of(row["confidence"])))
    of_place = [pile for (name, _), pile in piles.items() if name == where]
    total = sum(pile.count for pile in of_place)
    return sum(abs(pile.over) * pile.count for pile in of_place) / max(total, 1)


def bins_table(judged):
    piles = piled(judged, lambda row: (place(row), bin_of(row["confidence"])))
    table = "| confidence |" + "".join(f" {it}: findings | stated | right |" for it in PLACES)
    table += "\n| --- |" + " --- |" * 3 * len(PLACES) + "\n"
    for index, (low, high) in enumerate(pairwise(EDGES)):
        cells = [bin_cells(piles.get((it, index)), it) for it in PLACES]
        table += f"| {low:g} to {high:g} | " + " | ".join(cells) + " |\n"
    errors = " and ".join(f"{error(judged, it):.3f} in {it}" for it in PLACES)
    return table + f"\nThe mean difference of stated and right is {errors}.\n"


def bin_cells(pile, where):
    if not pile:
        return " | |"
    columns = f" in {len(pile.fields)}" if where == "fields" else ""
    return f"{pile.count}{columns} | {pile.mean:.3f} | {pile.share:.3f}"


def kinds_table(judged):
    """The kinds, of the findings that count by default."""
    counted = [(row, is_right) for row, is_right in judged if row["confidence"] >= 0.5]
    piles = piled(counted, lambda row: (row["kind"], place(row)))
    table = "| kind | where | findings | stated | right | |\n|" + " --- |" * 6 + "\n"
    for kind in KINDS:
        for where in PLACES:
            if pile := piles.get((kind, where)):
                table += f"| {kind} | {where} | {pile.count} | {pile.mean:.3f} | {pile.share:.3f} |"
                table += f" {opinion(pile)} |\n"
    return table


def opinion(pile):
    if pile.count < ENOUGH:
        return "too few to say"
    if abs(pile.over) < OFF:
        return ""
    return "too sure" if pile.over > 0 else "not sure enough"


def rules_table(judged):
    piles = piled(judged, lambda row: (row["rule"], place(row), row["confidence"]))
    lines = ["| rule | where | stated | findings | right |", "| --- | --- | --- | --- | --- |"]
    for (rule, where, stated), pile in sorted(piles.items()):
        lines.append(f"| {rule} | {where} | {stated} | {pile.count} | {pile.share:.3f} |")
    return "\n".join(lines)


def write_between(page, tables):
    """Puts the tables in place of those on the page; what is written by hand stays."""
    text = page.read_text()
    before, rest = text.split(BEGIN)
    _, behind = rest.split(END)
    page.write_text(before + BEGIN + "\n" + tables + "\n" + END + behind)


# The drawing: two panels, since most of it happens in the last tenth.
SIDE, GAP, LEFT, TOP = 320, 80, 70, 60
COLOURS = {"fields": "#0b6e99", "lines": "#c2570c"}


def drawing(judged):
    piles = piled(judged, lambda row: (place(row), bin_of(row["confidence"])))
    points = [(where, pile) for (where, _), pile in sorted(piles.items())]
    width, height = LEFT + 2 * SIDE + GAP + 30, TOP + SIDE + 90
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="12" fill="#222" role="img" '
        'aria-labelledby="title about">',
        '<title id="title">Stated confidence and share of findings that are right</title>',
        '<desc id="about">Two reliability diagrams, of all findings and of those of at least 0.9; '
        "on the dashed diagonal a finding is right as often as it says.</desc>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        panel(LEFT, points, 0.0, "all findings"),
        panel(LEFT + SIDE + GAP, points, 0.9, "the last tenth"),
        legend(LEFT, TOP + SIDE + 68),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def panel(left, points, low, title):
    """A square from `low` to 1 on both axes."""

    def x(value):
        return left + (value - low) / (1 - low) * SIDE

    def y(value):
        return TOP + SIDE - (value - low) / (1 - low) * SIDE

    parts = [f'<text x="{left}" y="{TOP - 16}" font-size="14" font-weight="bold">{title}</text>']
    for step in range(6):
        at = low + (1 - low) * step / 5
        parts += [
            f'<path d="M{x(at):.1f} {TOP}V{TOP + SIDE}M{left} {y(at):.1f}H{left + SIDE}" '
            'stroke="#ddd"/>',
            f'<text x="{x(at):.1f}" y="{TOP + SIDE + 18}" text-anchor="middle">{at:g}</text>',
            f'<text x="{left - 8}" y="{y(at) + 4:.1f}" text-anchor="end">{at:g}</text>',
        ]
    middle = TOP + SIDE / 2
    parts += [
        f'<path d="M{left} {TOP + SIDE}L{left + SIDE} {TOP}" stroke="#777" stroke-dasharray="5 4"/>',
        f'<rect x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#777"/>',
        f'<text x="{left + SIDE / 2}" y="{TOP + SIDE + 38}" text-anchor="middle">'
        "stated confidence</text>",
        f'<text x="{left - 44}" y="{middle}" text-anchor="middle" '
        f'transform="rotate(-90 {left - 44} {middle})">share right</text>',
    ]
    for where, pile in points:
        if pile.mean >= low:
            # What lies below the panel is drawn at its foot, hollow.
            is_inside = pile.share >= low
            parts.append(point(x(pile.mean), y(max(pile.share, low)), where, pile, is_inside))
    return "\n".join(parts)


def point(x, y, where, pile, is_inside):
    colour = COLOURS[where]
    fill = f'fill="{colour}" fill-opacity="0.55"' if is_inside else 'fill="none"'
    told = f"{where}: {pile.count} findings, stated {pile.mean:.3f}, right {pile.share:.3f}"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius(pile.count):.1f}" {fill} '
        f'stroke="{colour}"><title>{told}</title></circle>'
    )


def radius(count):
    return 2.5 + 2 * math.log10(count)


def legend(left, y):
    parts = []
    for where, words in (("fields", "values of fields"), ("lines", "in lines of text")):
        colour = COLOURS[where]
        parts += [
            f'<circle cx="{left + 8}" cy="{y - 4}" r="7" fill="{colour}" fill-opacity="0.55" '
            f'stroke="{colour}"/>',
            f'<text x="{left + 22}" y="{y}">{words}</text>',
        ]
        left += 140
    for count in (10, 1000, 100000):
        parts += [
            f'<circle cx="{left + 16}" cy="{y - 4}" r="{radius(count):.1f}" fill="none" '
            'stroke="#777"/>',
            f'<text x="{left + 34}" y="{y}">{count}</text>',
        ]
        left += 75
    parts.append(f'<text x="{left}" y="{y}">findings; hollow: below the panel</text>')
    return "\n".join(parts)


if __name__ == "__main__":
    main()
