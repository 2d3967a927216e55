#!/usr/bin/env python3
"""The same gold for loup and for other detectors, on a sample, side by side.

    peers.py CORPUS --venvs DIR [--loup PROGRAM] [--kb N] [--json FILE]

Each engine runs in its own environment `DIR/NAME`, made from `engines/NAME.txt`. The sample has
about N kB of each suite, the first rows of many files. loup scans the sampled files; the others get
cells and lines one by one, with the name of the column where they take one.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from corpus.judge import KINDS, Judge
from corpus.reader import cells
from score import SUITES, scan_corpus

HERE = Path(__file__).parent
# Column of the table: environment, arguments of the engine.
ENGINES = {
    "Presidio": ("presidio", ["default"]),
    "Presidio, told the region": ("presidio", ["told"]),
    "DataFog": ("datafog", []),
}
ROWS = 60


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("corpus", type=Path)
    options.add_argument("--venvs", type=Path, required=True)
    options.add_argument("--loup", default="target/release/loup")
    options.add_argument("--kb", type=int, default=300)
    options.add_argument("--json", type=Path)
    given = options.parse_args()

    small = given.corpus.with_name(given.corpus.name + "-sample")
    sample(given.corpus, small, given.kb * 1000)
    figures = {}
    for name, no_region in (("loup", False), ("loup, told no region", True)):
        start = time.monotonic()
        findings, _ = scan_corpus(given.loup, small, no_region)
        figures[name] = judged(small, findings, time.monotonic() - start)
    texts = list(sampled_texts(small))
    for name, (venv, arguments) in ENGINES.items():
        python = environment(given.venvs / venv, HERE / "engines" / f"{venv}.txt")
        start = time.monotonic()
        findings = run(python, HERE / "engines" / f"run_{venv}.py", arguments, texts)
        figures[name] = judged(small, findings, time.monotonic() - start)
        print(f"{name}: {figures[name]['seconds']} s", file=sys.stderr)
    print_tables(figures)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1))


def sample(corpus, out, budget):
    """The first rows of files drawn at random, up to `budget` bytes a suite, as a corpus."""
    if out.exists():
        shutil.rmtree(out)
    rng = random.Random(1)
    files = read(corpus / "files.ndjson")
    rng.shuffle(files)
    used, kept = defaultdict(int), {}
    for row in files:
        if used[row["suite"]] >= budget:
            continue
        path = corpus / "files" / row["file"]
        lines = path.read_text().splitlines(keepends=True)
        text = "".join(lines[: ROWS + path.suffix.count(".csv")])
        target = out / "files" / row["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        used[row["suite"]] += len(text.encode())
        kept[row["file"]] = row | {"bytes": len(text.encode())}
    write(out / "files.ndjson", kept.values())
    for name in ("fields", "gold"):
        rows = read(corpus / f"{name}.ndjson")
        rows = [row for row in rows if row["file"] in kept and row.get("record", 0) <= ROWS]
        write(out / f"{name}.ndjson", rows)


def read(path):
    with path.open() as file:
        return [json.loads(line) for line in file]


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def sampled_texts(corpus):
    """Every cell and line of a corpus, as engines read them."""
    for row in read(corpus / "files.ndjson"):
        regions = row["file"].split("/")[0].split("-")
        for (record, field), text in cells(corpus, row["file"]).items():
            place = {"file": row["file"], "record": record, "field": field}
            yield place | {"text": text, "regions": regions}


def environment(venv, requirements):
    """The Python of an environment that has what `requirements` lists."""
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", requirements], check=True)
    return python


def run(python, script, arguments, texts):
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    environ = os.environ | {"DATAFOG_NO_TELEMETRY": "1"}
    command = [python, script, *arguments]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, env=environ)
    if done.returncode:
        sys.exit(f"{script}:\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def judged(corpus, findings, seconds):
    judge = Judge(corpus)
    judge.judge(findings)
    return {
        "spans": judge.figures(),
        "traps": judge.false_per_mb("traps"),
        "seconds": round(seconds, 1),
    }


def print_tables(figures):
    """F1 by suite, and what is found in traps; a table each."""
    names = list(figures)
    head = "| | " + " | ".join(names) + " |\n| --- |" + " --- |" * len(names)
    for suite in SUITES[:-1]:
        print(f"\n{suite}: precision / recall / F1 of exact spans\n\n{head}")
        for kind in KINDS[:-1]:
            rows = [figures[name]["spans"].get(f"{suite}/{kind}") for name in names]
            if any(row and row["true"] for row in rows):
                print(f"| {kind} | " + " | ".join(shown(row) for row in rows) + " |")
    print(f"\nFalse positives per MB of traps\n\n{head}")
    for kind in KINDS[:-1]:
        print(
            f"| {kind} | "
            + " | ".join(f"{figures[name]['traps'].get(kind, 0):.0f}" for name in names)
            + " |"
        )
    print("| seconds | " + " | ".join(str(figures[name]["seconds"]) for name in names) + " |")


def shown(row):
    return f"{row['precision']:.2f} / {row['recall']:.2f} / {row['f1']:.2f}" if row else ""


if __name__ == "__main__":
    main()
