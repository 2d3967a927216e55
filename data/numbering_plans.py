#!/usr/bin/env python3
"""Makes `numbering_plans.txt` and `numbering_plans.dfa` again, byte for byte, from libphonenumber's
metadata as the package `phonenumbers` has it.

    python3 -m venv venv && venv/bin/pip install phonenumbers==9.0.42 && venv/bin/python data/numbering_plans.py

The metadata says by regular expressions on digits which numbers a plan has. They are compiled here
to one automaton for all plans, so that a number is checked by one table lookup a digit.
`README.md` beside this file has the licence; `src/kind/phone/plan.rs` reads the files.
"""

import pathlib
import re._parser as regex
import struct

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

HERE = pathlib.Path(__file__).parent
VERSION = "9.0.42"
# No national number is longer (ITU-T E.164 allows 15 digits with the country code).
MAX_DIGITS = 17
# What an accepting state says of the digits that led to it.
GENERAL, VALID, LEADING = 1, 2, 4
TYPES = (
    "fixed_line mobile toll_free premium_rate shared_cost personal_number voip pager uan voicemail"
).split()
ALL = frozenset(range(10))


class Nfa:
    """States with moves by sets of digits, and moves without a digit."""

    def __init__(self):
        self.moves, self.free = [], []

    def state(self):
        self.moves.append([])
        self.free.append([])
        return len(self.moves) - 1

    def add(self, pattern, start):
        """Adds an expression behind `start`; returns where it ends."""
        return self.add_nodes(regex.parse(pattern), start)

    def add_nodes(self, nodes, at):
        for operator, argument in nodes:
            at = self.add_node(str(operator), argument, at)
        return at

    def add_node(self, operator, argument, at):
        if operator in ("LITERAL", "IN"):
            end = self.state()
            self.moves[at].append((digits_of(operator, argument), end))
            return end
        if operator == "SUBPATTERN":
            return self.add_nodes(argument[-1], at)
        if operator == "BRANCH":
            end = self.state()
            for branch in argument[1]:
                start = self.state()
                self.free[at].append(start)
                self.free[self.add_nodes(branch, start)].append(end)
            return end
        if operator == "MAX_REPEAT":
            least, most, nodes = argument
            for _ in range(least):
                at = self.add_nodes(nodes, at)
            end = self.state()
            self.free[at].append(end)
            for _ in range(most - least):
                at = self.add_nodes(nodes, at)
                self.free[at].append(end)
            return end
        raise ValueError(f"{operator} in a pattern of digits")

    def closed(self, states):
        found, todo = set(states), list(states)
        while todo:
            for state in self.free[todo.pop()]:
                if state not in found:
                    found.add(state)
                    todo.append(state)
        return frozenset(found)

    def after(self, states, digit):
        return self.closed({to for s in states for digits, to in self.moves[s] if digit in digits})


def digits_of(operator, argument):
    if operator == "LITERAL":
        return frozenset([argument - ord("0")])
    digits = set()
    for operator, argument in argument:
        if str(operator) == "LITERAL":
            digits.add(argument - ord("0"))
        elif str(operator) == "RANGE":
            digits.update(range(argument[0] - ord("0"), argument[1] - ord("0") + 1))
        elif str(argument) == "CATEGORY_DIGIT":
            digits |= ALL
        else:
            raise ValueError(f"{operator} {argument} in a class of digits")
    return frozenset(digits)


def is_prefix_of_more(nfa, end):
    """Lets any digits follow `end`."""
    nfa.moves[end].append((ALL, end))


class Automaton:
    """One minimal automaton without cycles for all plans; state 0 refuses everything."""

    def __init__(self):
        self.rows, self.known = [], {}
        self.row((0,) * 10, 0)

    def row(self, targets, accepts):
        key = (targets, accepts)
        if key not in self.known:
            self.known[key] = len(self.rows)
            self.rows.append(key)
        return self.known[key]

    def add(self, nfa, start, accept):
        """Adds what `nfa` reads from `start`; `accept(states, length)` marks where it ends."""
        done = {}

        def visit(states, length):
            if not states:
                return 0
            key = (states, length)
            if key not in done:
                is_longest = length == MAX_DIGITS
                targets = (0,) * 10 if is_longest else tuple(
                    visit(nfa.after(states, digit), length + 1) for digit in range(10)
                )
                done[key] = self.row(targets, accept(states, length))
            return done[key]

        return visit(nfa.closed({start}), 0)


def desc_accepts(desc, length):
    return not desc.possible_length or length in desc.possible_length


def add_plan(automaton, meta):
    nfa = Nfa()
    start = nfa.state()

    def end_of(pattern):
        first = nfa.state()
        nfa.free[start].append(first)
        return nfa.add(pattern, first)

    general = end_of(meta.general_desc.national_number_pattern)
    kinds = [
        (desc, end_of(desc.national_number_pattern))
        for desc in (getattr(meta, kind) for kind in TYPES)
        if desc is not None and desc.national_number_pattern
    ]
    leading = None
    if meta.leading_digits is not None:
        leading = end_of(meta.leading_digits)
        is_prefix_of_more(nfa, leading)

    def accept(states, length):
        bits = LEADING * (leading in states)
        if general in states:
            bits |= GENERAL
            if desc_accepts(meta.general_desc, length) and any(
                end in states and desc_accepts(desc, length) for desc, end in kinds
            ):
                bits |= VALID
        return bits

    return automaton.add(nfa, start, accept)


def add_formats(automaton, formats):
    nfa = Nfa()
    start = nfa.state()
    ends = []
    for form in formats:
        leading = None
        if form.leading_digits_pattern:
            first = nfa.state()
            nfa.free[start].append(first)
            leading = nfa.add(form.leading_digits_pattern[-1], first)
            is_prefix_of_more(nfa, leading)
        first = nfa.state()
        nfa.free[start].append(first)
        ends.append((leading, nfa.add(form.pattern, first)))

    def accept(states, _):
        for place, (leading, end) in enumerate(ends):
            if end in states and (leading is None or leading in states):
                return place + 1
        return 0

    return automaton.add(nfa, start, accept)


def template_of(form):
    """The national format, with `$1` for the first group of the pattern."""
    template = form.format
    rule = form.national_prefix_formatting_rule
    if rule:
        first = regex_first_group(template)
        template = template.replace(first, rule.replace("\\1", first), 1)
    return template.replace("\\", "$")


def regex_first_group(template):
    at = template.index("\\")
    return template[at : at + 2]


def widths_of(form):
    """How many digits the groups of the pattern have: `3 3-4`."""
    widths = []
    for _, (*_, [(operator, argument)]) in regex.parse(form.pattern):
        least, most = argument[:2] if str(operator) == "MAX_REPEAT" else (1, 1)
        widths.append(f"{least}-{most}" if least < most else str(least))
    return " ".join(widths)


def main():
    assert phonenumbers.__version__ == VERSION, f"phonenumbers {VERSION} is asked for"
    automaton, lines = Automaton(), []
    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        main_meta = PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0])
        formats = main_meta.number_format
        lines.append("\t".join(["code", str(code), str(add_formats(automaton, formats))]))
        lines += ["\t".join(["format", widths_of(form), template_of(form)]) for form in formats]
        for region in regions:
            meta = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            general = meta.general_desc
            lines.append(
                "\t".join(
                    [
                        "region",
                        region,
                        str(add_plan(automaton, meta)),
                        "leading" if meta.leading_digits is not None else "",
                        ",".join(map(str, general.possible_length)),
                        ",".join(map(str, general.possible_length_local_only)),
                        meta.international_prefix or "",
                        meta.national_prefix_for_parsing or "",
                        (meta.national_prefix_transform_rule or "").replace("\\", "$"),
                    ]
                )
            )
    assert len(automaton.rows) < 1 << 16
    (HERE / "numbering_plans.txt").write_text("\n".join(lines) + "\n")
    (HERE / "numbering_plans.dfa").write_bytes(
        b"".join(struct.pack("<11H", *targets, accepts) for targets, accepts in automaton.rows)
    )


if __name__ == "__main__":
    main()
