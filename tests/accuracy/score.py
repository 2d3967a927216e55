#!/usr/bin/env python3
"""Runs loup over a corpus of `generate.py` and says how right it is.

    score.py CORPUS [--loup PROGRAM] [--no-region] [--json FILE] [--worst N] [--shared LOGS]

A finding is right if its kind and both its ends are those of a true value. Everything else of a kind
that is scored is a false positive, except over values that are optional. Findings of kinds that the
corpus does not know are counted apart.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from corpus.judge import KINDS, Judge, Tally
from corpus.reader import cells

CORE = ["email", "phone", "iban", "ip", "card", "mac"]
SUITES = ["columns", "prose", "logs", "odd", "traps"]
MIN_CONFIDENCE = 0.5


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("corpus", type=Path)
    options.add_argument("--loup", default="target/release/loup", help="the program")
    options.add_argument("--no-region", action="store_true", help="tell loup no region")
    options.add_argument("--json", type=Path, help="write all figures here")
    options.add_argument(
        "--worst", type=int, default=0, help="print N misses and N false ones a kind"
    )
    options.add_argument(
        "--kind", action="append", help="only these kinds, for --worst and --subkinds"
    )
    options.add_argument(
        "--suite", action="append", help="only these suites, for --worst and --subkinds"
    )
    options.add_argument("--subkinds", action="store_true", help="print recall by form and scheme")
    options.add_argument(
        "--shared", type=Path, help="a directory of real logs without phones or cards"
    )
    given = options.parse_args()

    findings, verdicts = scan_corpus(given.loup, given.corpus, given.no_region)
    judge = Judge(given.corpus)
    judge.judge(findings)
    report = {
        "corpus": str(given.corpus),
        "regions": not given.no_region,
        "spans": judge.figures(),
        "traps": judge.false_per_mb("traps"),
        "coverage": judge.coverage(CORE),
        "fields": field_figures(given.corpus, verdicts),
        "others": judge.others,
        "headless": sorted(judge.headless),
    }
    if given.shared:
        report["shared"] = shared_figures(given.loup, given.shared, given.no_region)
    print_report(report)
    if given.subkinds:
        print_subkinds(judge, given)
    if given.worst:
        print_worst(given.corpus, judge, given)
    if given.json:
        given.json.write_text(json.dumps(report, indent=1))


def scan(loup, path, regions, min_confidence=MIN_CONFIDENCE):
    """Findings and field verdicts of one run, files and datasets relative to `path`."""
    with tempfile.TemporaryDirectory() as out:
        found, mapped = Path(out) / "findings.ndjson", Path(out) / "map.json"
        command = [loup, "scan", path, "--quiet", "--findings", found, "--out", mapped]
        command += ["--min-confidence", str(min_confidence)]
        command += ["--region", ",".join(regions)] if regions else []
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if done.returncode not in (0, 3):
            sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
        findings = [json.loads(line) for line in found.read_text().splitlines()]
        datasets = json.loads(mapped.read_text())["datasets"]
    verdicts = {
        (dataset["name"], field["path"]): field["verdict"]
        for dataset in datasets
        for field in dataset["fields"]
    }
    return findings, verdicts


def scan_corpus(loup, corpus, no_region, min_confidence=MIN_CONFIDENCE):
    """One run for each region, or one over everything without any."""
    root = corpus / "files"
    if no_region:
        return scan(loup, root, [], min_confidence)
    findings, verdicts = [], {}
    for directory in sorted(root.iterdir()):
        some, fields = scan(loup, directory, directory.name.split("-"), min_confidence)
        prefix = directory.name + "/"
        findings += [row | {"file": prefix + row["file"]} for row in some]
        verdicts |= {(prefix + name, path): kind for (name, path), kind in fields.items()}
    return findings, verdicts


def field_figures(corpus, verdicts):
    """Verdicts of columns against what they are full of: by kind, and for telling names and not."""
    figures = {}
    for telling in (True, False):
        tallies = defaultdict(Tally)
        wrong = Counter()
        for field in columns(corpus):
            if field["telling"] != telling:
                continue
            unnamed = (field["file"], f"column_{field['position']}")
            said = verdicts.get((field["file"], field["field"]), verdicts.get(unnamed))
            true = field["kind"]
            if said == true and true:
                tallies[true].right += 1
                continue
            if true:
                tallies[true].missed += 1
            if said and said in KINDS:
                tallies[said].false += 1
            if said or true:
                wrong[f"{field['subkind']} -> {said}"] += 1
        figures["telling" if telling else "untelling"] = {
            "kinds": {kind: tally.figures() for kind, tally in tallies.items()},
            "wrong": dict(wrong.most_common()),
        }
    return figures


def columns(corpus):
    """The columns of all tables, with their position."""
    position = Counter()
    for line in (corpus / "fields.ndjson").read_text().splitlines():
        field = json.loads(line)
        position[field["file"]] += 1
        yield field | {"position": position[field["file"]]}


def shared_figures(loup, directory, no_region):
    """Findings in real logs that have addresses of machines and of mail and nothing else, per MB."""
    findings, _ = scan(loup, directory, [] if no_region else ["US", "FR"])
    size = sum(path.stat().st_size for path in directory.iterdir()) / 1e6
    counted = Counter(row["kind"] for row in findings)
    kinds = [kind for kind in KINDS if kind not in ("email", "ip")]
    return {kind: round(counted[kind] / size, 1) for kind in kinds if counted[kind]}


def print_report(report):
    said = "regions told" if report["regions"] else "no region told"
    print(f"\n## {Path(report['corpus']).name}, {said}\n")
    print("Precision / recall / F1 of exact spans; false positives per MB of traps.\n")
    print("| | " + " | ".join(SUITES[:-1]) + " | traps |\n| --- |" + " --- |" * len(SUITES))
    spans = report["spans"]
    for kind in KINDS:
        row = [shown(spans.get(f"{suite}/{kind}")) for suite in SUITES[:-1]]
        if any(cell != "" for cell in row):
            print(f"| {kind} | " + " | ".join(row) + f" | {report['traps'].get(kind, 0):.0f} |")
    print(f"\nBytes of core kinds covered by any finding: {report['coverage']:.4f}")
    print("\nVerdicts of columns, precision / recall:\n")
    print("| | telling name | untelling name |\n| --- | --- | --- |")
    for kind in KINDS:
        row = [report["fields"][way]["kinds"].get(kind) for way in ("telling", "untelling")]
        if any(row):
            print(f"| {kind} | " + " | ".join(pair(figures) for figures in row) + " |")
    if report["headless"]:
        tables = report["headless"]
        print(f"\nTables whose header was taken for data: {len(tables)}, such as {tables[0]}")
    if report["others"]:
        print(f"\nFindings of other kinds, which are not scored: {report['others']}")
    if "shared" in report:
        print(f"False positives per MB of real logs: {report['shared'] or 0}")


def shown(figures):
    if not figures or not (figures["true"] or figures["false"]):
        return ""
    if not figures["true"]:
        return f"{figures['false']} false"
    return f"{figures['precision']:.3f} / {figures['recall']:.3f} / {figures['f1']:.3f}"


def pair(figures):
    return f"{figures['precision']:.2f} / {figures['recall']:.2f}" if figures else ""


def print_subkinds(judge, given):
    """Recall by suite, kind and form, the worst first."""
    print("\n| suite | kind | form | true | recall | near |\n| --- | --- | --- | --- | --- | --- |")
    rows = [
        (right / total, suite, kind, form, total, near)
        for (suite, kind, form), (total, right, near) in judge.by_form.items()
        if wanted(given, suite, kind)
    ]
    for recall, suite, kind, form, total, near in sorted(rows):
        print(f"| {suite} | {kind} | {form} | {total} | {recall:.3f} | {near / total:.3f} |")


def wanted(given, suite, kind):
    return (not given.suite or suite in given.suite) and (not given.kind or kind in given.kind)


def print_worst(corpus, judge, given):
    """Misses and false positives, as different from each other as there are."""
    for name, rows in (("missed", judge.missed), ("false", judge.false)):
        for kind in KINDS:
            chosen = spread(
                [row for row in rows if row["kind"] == kind and wanted(given, row["suite"], kind)],
                given.worst,
            )
            for row in chosen:
                text = cell(corpus, row)
                part = text.encode()[row["start"] : row["end"]].decode(errors="replace")
                where = f"{row['file']}:{row['record']}" + (
                    f" {row['field']}" if row["field"] else ""
                )
                print(f"{name} {kind} [{row.get('subkind') or row['confidence']}] {part!r}")
                print(f"    {where}: {text.strip()[:240]}")


def cell(corpus, row):
    """The text that a finding or a true value is in; the field of a line is only its key."""
    texts = cells(corpus, row["file"])
    place = row["record"], row["field"]
    return texts.get(place) or texts.get((row["record"], None), "")


def spread(rows, count):
    """`count` rows, in turn from each group of file and form."""
    groups = defaultdict(list)
    for row in rows:
        groups[row["file"], row.get("subkind"), row["field"]].append(row)
    chosen = []
    while groups and len(chosen) < count:
        for key in list(groups):
            chosen.append(groups[key].pop())
            if not groups[key]:
                del groups[key]
            if len(chosen) == count:
                break
    return chosen


if __name__ == "__main__":
    main()
