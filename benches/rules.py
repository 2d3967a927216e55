#!/usr/bin/env python3
"""As many rules as are built in, for a look at what rules cost.

    rules.py DIR

Half are patterns, each of a kind of its own with words of its own: two in four begin with letters
that nothing else has, one with digits, one with any capitals. The other half are numbering schemes
under other ids: of the recognisers that are code, the only one of which there can be several.
"""

import re
import sys
from pathlib import Path
from string import ascii_lowercase

BUILT_IN = Path(__file__).resolve().parent.parent / "rules"

PATTERN = """\
id = "{word}"
kind = "{word}"
category = "identifier"
prefix = "{word}"
operator = "token"
description = "A number of {word}."
pattern = '''{pattern}'''
hints = ["{word} number"]
references = ["none"]

[context]
en = ["{word}", "{word}s"]

[examples]
match = ["{example}"]
no_match = ["{word}"]
"""


def patterns(word):
    mark = word[1:].upper()
    return [
        (rf"{mark}-[0-9]{{6}}", f"{mark}-123456"),
        (rf"\b[0-9]{{4}}-{mark}[0-9]{{2}}\b", f"1234-{mark}56"),
        (rf"(?i)\b{word}[:= ]+[a-z0-9]{{8}}\b", f"{word}: 12ab34cd"),
        (rf"\b[A-Z]{{2}}/{mark}/[0-9]{{5}}\b", f"XY/{mark}/12345"),
    ]


def write(folder):
    folder.mkdir(exist_ok=True)
    wanted = len(list(BUILT_IN.rglob("*.toml")))
    for number in range(wanted // 2):
        word = "q" + ascii_lowercase[number // 26] + ascii_lowercase[number % 26] + "x"
        pattern, example = patterns(word)[number % 4]
        rule = PATTERN.format(word=word, pattern=pattern, example=example)
        (folder / f"{word}.toml").write_text(rule)
    schemes = sorted((BUILT_IN / "national_id").glob("*.toml"))
    for path in schemes[: wanted - wanted // 2]:
        rule = re.sub('^id = "', 'id = "again_', path.read_text(), flags=re.MULTILINE)
        (folder / f"again_{path.name}").write_text(rule)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
