#!/usr/bin/env python3
"""loup beside the programs that one would otherwise take: CPU, memory, and whether goals are met.

    compare.py [--loup PROGRAM] [--work DIR] [--pairs N] [--mb N] [--rows N] [--seed N] [--job NAME]

Prints a Markdown table. Two programs run in turn, A B A B, and the ratio is taken pair by pair, so
that it survives a machine whose speed changes. What counts is the CPU time of the whole process,
user and system, with its children. Before anything is timed, loup has to find exactly what was
planted in the inputs. Inputs are kept in DIR, outputs are removed before each run; programs that
are not installed are left out, with a line that says so.
"""

import argparse
import fnmatch
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import rules
from inputs import ZSTD_LEVEL

HERE = Path(__file__).resolve().parent
STARTS = 50
# Younger files have no stamp in a map, so that all of them would be looked at again.
OLD_ENOUGH = 2.1
# What a ratio divides by at least: the CPU time of a tiny process is sometimes told as zero.
LEAST = 1e-4

# As one would write them. They look at the form alone: no check digits, no numbering plans.
PATTERNS = {
    "email": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    "ipv4": r"\b(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}"
    r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\b",
    "ipv6": r"(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}"
    r"|(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}",
    "phone": r"\+[1-9][0-9]{0,2}(?:[ .-]?[0-9]{1,4}){3,6}"
    r"|\b0[1-9](?:[ .-]?[0-9]{2}){4}\b|\([0-9]{3}\) ?[0-9]{3}-[0-9]{4}",
    "iban": r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b",
}
ANY_PATTERN = "|".join(f"(?:{pattern})" for pattern in PATTERNS.values())

# What both sides leave as it is, so that they protect the same five columns.
POLICY = """\
version = 1
on_new = "default"
""" + "".join(
    f'\n[[fields]]\nfield = "{name}"\nop = "keep"\nif_present = true\n'
    for name in ("first_name", "last_name", "lat", "lon")
)


@dataclass(frozen=True)
class Run:
    cpu_seconds: float
    wall_seconds: float
    peak_mb: float
    output_mb: float


@dataclass(frozen=True)
class Result:
    """Cells of a row, and the number that the goal is about."""

    loup: str
    beside: str
    compared: str
    value: float


def ratio(figure: Callable[[Run], float], unit: str, digits: int):
    """The median of the ratios of neighbours, with the smallest and the largest."""

    def result(pairs):
        loup, beside = (statistics.median(map(figure, runs)) for runs in zip(*pairs))
        ratios = sorted(figure(a) / max(figure(b), LEAST) for a, b in pairs)
        value = statistics.median(ratios)
        shown = f"{value:.2f} ({ratios[0]:.2f} - {ratios[-1]:.2f})"
        return Result(f"{loup:.{digits}f} {unit}", f"{beside:.{digits}f} {unit}", shown, value)

    return result


def added_milliseconds(pairs):
    loup, beside = (1000 * statistics.mean(r.wall_seconds for r in runs) for runs in zip(*pairs))
    value = loup - beside
    return Result(f"{loup:.1f} ms", f"{beside:.1f} ms", f"{value:+.1f} ms", value)


def peak(side):
    def result(pairs):
        value = max(pair[side].peak_mb for pair in pairs)
        cells = ["", ""]
        cells[side] = f"{value:.0f} MB"
        return Result(*cells, "", value)

    return result


MEASURES = {
    "CPU": ratio(lambda run: run.cpu_seconds, "s", 3),
    "wall": ratio(lambda run: run.wall_seconds, "s", 3),
    "output": ratio(lambda run: run.output_mb, "MB", 1),
    "wall, mean": added_milliseconds,
    "peak memory": peak(0),
    "peak memory, one thread": peak(1),
}
UNITS = {
    "wall, mean": "+{:g} ms",
    "peak memory": "{:g} MB",
    "peak memory, one thread": "{:g} MB",
}


@dataclass(frozen=True)
class Side:
    """A command and what the table calls it. `{word}` is a place, a program or a pattern."""

    title: str
    command: list[str]


@dataclass(frozen=True)
class Job:
    name: str
    loup: Side
    other: Side
    # By measure: at most this much. None: shown without a goal.
    goals: dict[str, float | None]
    pairs: int | None = None


TITLES = {"log": "a log", "french": "a log in French", "csv": "CSV", "parquet": "Parquet"}


def scan(what, threads=1):
    command = ["{loup}", "scan", "{%s}" % what, "--out", "{out}/map.json", "--quiet"]
    return Side(f"scan {TITLES[what]}", [*command, "--threads", str(threads)])


def scan_with_more_rules(what):
    """As many again as are built in."""
    plain = scan(what)
    return Side(f"{plain.title}, twice the rules", [*plain.command, "--rules", "{rules}"])


def mask(what, threads=1, known=None):
    """`known`: the map of an earlier scan says which columns hold what. A log has no columns."""
    command = ["{loup}", "mask", "{%s}" % what, "--out", "{out}/masked", "--quiet"]
    command += ["--key-file", "{key}", "--threads", str(threads)]
    if what != "log":
        command += ["--policy", "{policy}"]
    if known:
        command += ["--map", "{%s_map}" % what]
    columns = {None: "", True: ", columns known", False: ", columns not known"}[known]
    return Side(f"mask {TITLES[what]}{columns}", command)


def table(title, engine, task, what):
    command = ["{python}", "{tables}", "{%s}" % engine, task, "{%s}" % what, "{out}/out." + what]
    command += ["--pattern", "{any_pattern}", "--zstd-level", "{zstd_level}"]
    return Side(title, command)


def ripgrep(title, *arguments):
    # Without Unicode classes and word boundaries it is faster.
    command = ["{rg}", "--no-config", "--color=never", "--no-unicode", "--threads=1", "-IN"]
    command += [word for kind in PATTERNS for word in ("-e", "{%s}" % kind)]
    return Side(title, [*command, *arguments, "{log}"])


def threads(verb, what, side, limit):
    """Two threads beside one; `limit` is of the memory, in MB."""
    two, one = side(2), side(1)
    goals = {"wall": 0.60, "peak memory": limit * 2 if what == "parquet" else limit}
    goals["peak memory, one thread"] = limit
    two = Side(f"{two.title}, two threads", two.command)
    return Job(f"threads-{verb}-{what}", two, Side("one thread", one.command), goals)


MASK_PARQUET, MASK_CSV = mask("parquet", known=True), mask("csv", known=True)
HYPERSCAN = Side(
    "Hyperscan with start of match", ["{hyperscan}", "{log}", *("{%s}" % kind for kind in PATTERNS)]
)
SHA, HMAC, HASH = "DuckDB, SHA-256 with a key", "Polars, HMAC of distinct values", "Polars, `hash`"

JOBS = [
    Job("scan-log-rg", scan("log"), ripgrep("`rg -o`", "-o"), {"CPU": 0.25}),
    Job("scan-log-hyperscan", scan("log"), HYPERSCAN, {"CPU": 0.12}),
    Job("scan-log-wc", scan("log"), Side("`wc -l`", ["{wc}", "-l", "{log}"]), {"CPU": 6}),
    Job(
        "mask-log-rg",
        mask("log"),
        ripgrep("`rg --passthru -r X`", "--passthru", "-r", "X"),
        {"CPU": 0.30},
    ),
    Job(
        "scan-parquet-polars",
        scan("parquet"),
        table("Polars, regex", "polars", "scan", "parquet"),
        {"CPU": 0.30},
    ),
    Job(
        "scan-parquet-duckdb",
        scan("parquet"),
        table("DuckDB, regex", "duckdb", "scan", "parquet"),
        {"CPU": 0.22},
    ),
    Job(
        "mask-parquet-duckdb",
        MASK_PARQUET,
        table(SHA, "duckdb", "mask", "parquet"),
        {"CPU": 0.20},
    ),
    Job(
        "mask-parquet-polars",
        MASK_PARQUET,
        table(HMAC, "polars", "mask", "parquet"),
        {"CPU": 0.20, "output": 1.05},
    ),
    Job(
        "mask-parquet-polars-hash",
        MASK_PARQUET,
        table(HASH, "polars", "hash", "parquet"),
        {"CPU": None},
    ),
    Job(
        "mask-parquet-copy",
        MASK_PARQUET,
        table("DuckDB, copied unchanged", "duckdb", "copy", "parquet"),
        {"CPU": 0.35},
    ),
    Job("mask-csv-duckdb", MASK_CSV, table(SHA, "duckdb", "mask", "csv"), {"CPU": 0.25}),
    Job("mask-csv-polars", MASK_CSV, table(HMAC, "polars", "mask", "csv"), {"CPU": 0.25}),
    Job("mask-csv-polars-hash", MASK_CSV, table(HASH, "polars", "hash", "csv"), {"CPU": 0.25}),
    Job("no-map-parquet", mask("parquet", known=False), MASK_PARQUET, {"CPU": 1.6}),
    Job("no-map-csv", mask("csv", known=False), MASK_CSV, {"CPU": 1.6}),
    Job("rules-twice", scan_with_more_rules("log"), scan("log"), {"CPU": 1.4}),
    Job("rules-twice-french", scan_with_more_rules("french"), scan("french"), {"CPU": 1.4}),
    threads("scan", "log", lambda n: scan("log", n), 64),
    threads("scan", "csv", lambda n: scan("csv", n), 64),
    threads("scan", "parquet", lambda n: scan("parquet", n), 160),
    threads("mask", "log", lambda n: mask("log", n), 64),
    threads("mask", "csv", lambda n: mask("csv", n, known=True), 64),
    threads("mask", "parquet", lambda n: mask("parquet", n, known=True), 160),
    Job(
        "start-version",
        Side("`loup --version`", ["{loup}", "--version"]),
        Side("`true`", ["{true}"]),
        {"wall, mean": 3},
        STARTS,
    ),
    Job(
        "start-scan",
        Side("`loup scan`, 1 KB", ["{loup}", "scan", "{small}", "--quiet"]),
        Side("`true`", ["{true}"]),
        {"wall, mean": 20},
        STARTS,
    ),
]


# Why something that a job names may not be there.
MISSING = {
    "rg": "ripgrep is not installed",
    "hyperscan": "no C compiler, or no Hyperscan (libhyperscan-dev)",
    "duckdb": "this Python has no duckdb (benches/requirements.txt)",
    "polars": "this Python has no polars (benches/requirements.txt)",
    "parquet": "this Python has no pyarrow to make it (benches/requirements.txt)",
}


def has_module(name):
    return importlib.util.find_spec(name) is not None


def programs(given):
    found = {name: shutil.which(name) for name in ("rg", "wc", "true")}
    found |= {name: name for name in ("duckdb", "polars") if has_module(name)}
    found["hyperscan"] = build_hyperscan(given.work)
    found |= {"loup": shutil.which(given.loup), "python": sys.executable}
    found["tables"] = str(HERE / "peers" / "tables.py")
    return {name: program for name, program in found.items() if program}


def build_hyperscan(work):
    program = work / "hyperscan"
    command = ["cc", "-O2", "-o", program, HERE / "peers" / "hyperscan.c", "-lhs"]
    try:
        built = subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        built = False
    return str(program) if built else None


def make_inputs(given):
    """The log, the table, and a small file; kept from run to run."""
    log = given.work / f"log-{given.seed}-{given.mb:g}.log"
    csv = given.work / f"table-{given.seed}-{given.rows}.csv"
    tables = {"csv": csv}
    if has_module("pyarrow"):
        tables["parquet"] = csv.with_suffix(".parquet")
    generate(["log", log, "--mb", str(given.mb)], [log], given.seed)
    generate(["table", *tables.values(), "--rows", str(given.rows)], tables.values(), given.seed)
    small = given.work / "small.log"
    with log.open("rb") as file:
        small.write_bytes(file.read(1000))
    return {"log": log, **tables, "small": small, "french": french(log)}


def french(log):
    """The same log with a letter outside ASCII in every line."""
    path = log.with_name("french-" + log.name)
    if not is_newer(path, log):
        # Line by line: what this program takes is the least that it sees others take.
        with log.open("rb") as lines, path.open("wb") as out:
            out.writelines(line.replace(b"\n", " réussi\n".encode()) for line in lines)
    return path


def generate(arguments, files, seed):
    # The counts are written last.
    generator = HERE / "inputs.py"
    if not all(is_newer(counts_of(path), generator) for path in files):
        command = [sys.executable, generator, *arguments, "--seed", str(seed)]
        subprocess.run(command, check=True)
        time.sleep(OLD_ENOUGH)


def is_newer(made, maker):
    return made.exists() and made.stat().st_mtime > maker.stat().st_mtime


def counts_of(path):
    return path.with_name(path.name + ".json")


def prepare(given):
    """What the commands of the jobs name."""
    places = programs(given)
    if "loup" not in places:
        sys.exit(f"{given.loup}: no such program; `make release`, or --loup")
    data = make_inputs(given)
    places |= {name: str(path) for name, path in data.items()}
    places |= PATTERNS | {"any_pattern": ANY_PATTERN, "zstd_level": str(ZSTD_LEVEL)}
    places["out"] = str(given.work / "out")
    places["key"] = str(given.work / "loup.key")
    places["policy"] = str(given.work / "policy.toml")
    Path(places["policy"]).write_text(POLICY)
    places["rules"] = str(given.work / "rules")
    rules.write(Path(places["rules"]))
    Path(places["key"]).unlink(missing_ok=True)
    loup(places, "key", "new", "--out", places["key"])
    for table in ("csv", "parquet"):
        if table in data:
            places[f"{table}_map"] = str(given.work / f"{table}-map.json")
            loup(places, "scan", places[table], "--out", places[f"{table}_map"], "--quiet")
    return places


def loup(places, *arguments):
    subprocess.run([places["loup"], *arguments], check=True, stdout=subprocess.DEVNULL)


def check(jobs, places):
    """Ends the run unless loup finds, and protects, exactly what was planted."""
    named = {word for job in jobs for word in job.loup.command}
    for what in ("log", "csv", "parquet"):
        if what not in places or "{%s}" % what not in named:
            continue
        planted = json.loads(counts_of(Path(places[what])).read_text())
        agree(f"scan of the {what}", planted, found(places, what))
        for known in (None,) if what == "log" else (False, True):
            clear(places["out"])
            loup(places, *filled(mask(what, known=known), places)[1:])
            # The manifest counts kinds; IPv6 is no kind of its own.
            agree(f"mask of the {what}", planted, protected(places), ("email", "iban"))


def found(places, what):
    """Findings by rule."""
    command = [places["loup"], "scan", places[what], "--findings", "-", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as scanning:
        counts = Counter(json.loads(line)["rule"] for line in scanning.stdout)
    if scanning.returncode != 0:
        sys.exit(f"scan of the {what} ended with {scanning.returncode}")
    return counts


def protected(places):
    manifest = Path(places["out"]) / "masked" / "loup-manifest.json"
    return json.loads(manifest.read_text())["files"][0]["findings"]


def agree(job, planted, counted, kinds=("email", "iban", "ipv6")):
    for kind in kinds:
        if planted[kind] != counted.get(kind, 0):
            sys.exit(f"{job}: {counted.get(kind, 0)} {kind}, but {planted[kind]} are planted")


def filled(side, places):
    return [word.format_map(places) for word in side.command]


def clear(out):
    shutil.rmtree(out, ignore_errors=True)
    os.mkdir(out)


def run(command, out):
    """One run. Its standard output goes to a file, as both sides' results do.

    The peak memory has the size of this program as its floor, since a child starts as a copy of
    it: some 20 MB, which is why nothing large is imported here.
    """
    clear(out)
    with open(f"{out}/stdout", "wb") as stdout:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=stdout)
        # Counts the child and whatever it has waited for.
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"exit status {child.returncode}: {' '.join(command)}")
    largest = max(path.stat().st_size for path in Path(out).rglob("*") if path.is_file())
    cpu = usage.ru_utime + usage.ru_stime
    return Run(cpu, wall, usage.ru_maxrss * 1024 / 1e6, largest / 1e6)


def run_pairs(job, places, pairs):
    """In turn, after a pair that is not counted."""
    sides = [filled(side, places) for side in (job.loup, job.other)]
    done = [tuple(run(side, places["out"]) for side in sides) for _ in range(pairs + 1)]
    return done[1:]


HEADER = """\
| job | beside it | measure | loup | beside | ratio (range) | goal | met | peak MB |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |"""


def rows(job, pairs):
    peaks = " / ".join(f"{max(r.peak_mb for r in runs):.0f}" for runs in zip(*pairs))
    for measure, goal in job.goals.items():
        result = MEASURES[measure](pairs)
        aim, met = "", ""
        if goal is not None:
            aim = "≤ " + UNITS.get(measure, "{:g}").format(goal)
            met = "yes" if result.value <= goal else "**no**"
        cells = [
            job.loup.title,
            job.other.title,
            measure,
            result.loup,
            result.beside,
            result.compared,
        ]
        yield "| " + " | ".join([*cells, aim, met, peaks]) + " |"


def machine():
    cpu = platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next((line.split(": ")[1] for line in lines if line.startswith("model name")), cpu)
    return f"{cpu}, {cores()} cores, {platform.system()}"


def cores():
    return len(os.sched_getaffinity(0))


def chosen(names):
    if not names:
        return JOBS
    jobs = [job for job in JOBS if any(fnmatch.fnmatch(job.name, name) for name in names)]
    if not jobs:
        sys.exit("no such job; there are: " + " ".join(job.name for job in JOBS))
    return jobs


def left_out(job, places):
    """Why a job cannot run here, if so."""
    if "wall" in job.goals and cores() < 2:
        return "needs two cores"
    try:
        [filled(side, places) for side in (job.loup, job.other)]
    except KeyError as missing:
        name = missing.args[0].removesuffix("_map")
        return MISSING.get(name, f"{name} is missing")
    return None


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--loup", default="target/release/loup")
    options.add_argument("--work", type=Path, default=Path("target/compare"))
    options.add_argument("--pairs", type=int, default=5, help="counted pairs")
    options.add_argument("--mb", type=float, default=200, help="size of the log")
    options.add_argument("--rows", type=int, default=500_000, help="of the table")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--job", action="append", help="this job or glob; may be repeated")
    given = options.parse_args()
    jobs = chosen(given.job)

    # Nobody's settings take part.
    for name in ("LOUP_CONFIG", "LOUP_KEY", "LOUP_KEY_FILE", "RIPGREP_CONFIG_PATH"):
        os.environ.pop(name, None)
    given.work.mkdir(parents=True, exist_ok=True)
    given.work = given.work.resolve()
    places = prepare(given)
    check(jobs, places)

    print(
        f"{date.today():%-d %B %Y}, {machine()}; log of {given.mb:g} MB, table of {given.rows} "
        f"rows, seed {given.seed}; {given.pairs} pairs in turn, {STARTS} starts.\n"
    )
    print(HEADER, flush=True)
    missing = []
    for job in jobs:
        if reason := left_out(job, places):
            missing.append(f"Left out: {job.name}: {reason}.")
            continue
        for row in rows(job, run_pairs(job, places, job.pairs or given.pairs)):
            print(row, flush=True)
    clear(places["out"])
    if missing:
        print("", *missing, sep="\n")


if __name__ == "__main__":
    main()
