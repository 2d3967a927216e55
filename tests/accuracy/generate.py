#!/usr/bin/env python3
"""Writes a corpus in which every piece of personal data is known, to measure a scanner with.

    generate.py --out DIR [--part tune|held-out] [--seed N]
    generate.py --check

The part `tune` may be looked at while a scanner is improved; `held-out` has other templates, other
column names and other traps, and is for measuring alone. `--check` draws numbers of every scheme and
asks independent libraries whether they are valid.
"""

import argparse
import importlib
import json
import random
import shutil
from pathlib import Path

from corpus import columns, national_ids, values
from corpus.people import People
from corpus.reader import cells
from corpus.slots import Slots
from corpus.text import Number, fill
from corpus.writer import Corpus

TEMPLATES = Path(__file__).parent / "templates"
# The regions that the files of a suite are made for; lines a file.
LOG_REGIONS = {"tune": ["FR", "US", "DE"], "held-out": ["FR", "GB", "ES"]}
ODD_REGIONS = {
    "tune": ["FR", "GB", "DE", "IT", "US", "PL"],
    "held-out": ["FR", "NL", "CH", "ES", "SE", "CA"],
}
TRAP_REGIONS = "FR-US-DE-GB"
LINES = {"prose": 240, "logs": 300, "odd": 300, "traps": 600}


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--out", type=Path, help="directory to write, replaced if it exists")
    options.add_argument("--part", choices=["tune", "held-out"], default="tune")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "--check", action="store_true", help="validate drawn numbers, write nothing"
    )
    given = options.parse_args()
    if given.check:
        check(random.Random(given.seed))
    elif given.out:
        generate(given.out, given.part, given.seed)
    else:
        options.error("--out or --check")


def generate(out, part, seed):
    """The corpus of `part` in `out`, the same for the same seed."""
    if (out / "gold.ndjson").exists():
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    corpus, people = Corpus(out), People(f"{seed}/{part}")

    def rng(name):
        return random.Random(f"{seed}/{part}/{name}")

    columns.write(corpus, rng("columns"), part, people)
    for path in sorted((TEMPLATES / part / "prose").iterdir()):
        region = path.stem.split("-")[1]
        slots = Slots(rng(path.stem), part, region, path.stem.replace("-", "_"), people)
        write_lines(corpus, region, "prose", path, slots)
    for suite, regions in (
        ("logs", LOG_REGIONS[part]),
        ("odd", ODD_REGIONS[part]),
        ("traps", [TRAP_REGIONS]),
    ):
        for path in sorted((TEMPLATES / part / suite).iterdir()):
            for region in regions:
                locale = columns.LOCALES.get(region, "en_GB")
                slots = Slots(rng(f"{path.stem}/{region}"), part, region, locale, people)
                write_lines(corpus, region, suite, path, slots)
    corpus.close()
    verify(out, corpus.gold)
    size = sum(row["bytes"] for row in corpus.files)
    print(
        f"{part}, seed {seed}: {len(corpus.files)} files, {size / 1e6:.1f} MB, {len(corpus.gold)} values in {out}"
    )


def verify(out, gold):
    """Reads the files back: every span must cut out the value that was put there."""
    for row in gold:
        cell = cells(out, row["file"])[row["record"], row["field"]].encode()
        cut = cell[row["start"] : row["end"]].decode()
        assert cut == row["text"], (row, cut)


def write_lines(corpus, region, suite, path, slots):
    """A file of lines, or of JSON documents, each from one of the templates of `path`."""
    templates = path.read_text().splitlines()
    # A language of few templates has fewer lines, so that none weighs more for it.
    count = min(LINES[suite], 20 * len(templates)) if suite == "prose" else LINES[suite]
    chosen = slots.rng.choices(templates, k=count)
    if path.suffix == ".ndjson":
        documents = [fill_json(json.loads(template), slots) for template in chosen]
        corpus.ndjson(region, suite, path.name, documents)
    else:
        corpus.lines(region, suite, path.name, [fill(template, slots) for template in chosen])


def fill_json(node, slots):
    """A document from its template; a text that begins with `#` becomes a number."""
    if isinstance(node, dict):
        return {key: fill_json(child, slots) for key, child in node.items()}
    if isinstance(node, list):
        return [fill_json(child, slots) for child in node]
    if node.startswith("#"):
        filled = fill(node[1:], slots)
        return Number(filled.text, filled.spans)
    return fill(node, slots)


def check(rng, draws=400):
    """Asks python-stdnum and phonenumbers about what the generators draw."""
    for scheme, module in national_ids.CHECKERS.items():
        checker = importlib.import_module(f"stdnum.{module}")
        for form in ("compact", "spaces"):
            for _ in range(draws):
                drawn = national_ids.national_id(rng, scheme, form).text
                assert checker.is_valid(drawn), (scheme, drawn)
    iban = importlib.import_module("stdnum.iban")
    for country in values.IBAN_STRUCTURES:
        for _ in range(20):
            drawn = values.iban(rng, country).text
            # In Belgium it would ask for a bank that exists.
            assert iban.is_valid(drawn, check_country=country != "BE"), drawn
    luhn = importlib.import_module("stdnum.luhn")
    for _ in range(draws):
        drawn = values.card(rng, "compact").text
        assert luhn.is_valid(drawn), drawn
    print(
        f"{len(national_ids.CHECKERS)} schemes, {len(values.IBAN_STRUCTURES)} countries, cards: all valid"
    )


if __name__ == "__main__":
    main()
