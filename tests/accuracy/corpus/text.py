"""Text that knows which of its parts are personal data.

A generator returns `Marked` text; templates are filled with them, and adding two keeps the spans of
both. Offsets count characters here and become UTF-8 bytes when the corpus is written.
"""

import re
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Span:
    """One true value.

    `also` holds other ends that are as good: a number without its extension, a name with its title.
    An `optional` value may be found or not: a number that is no valid one in a column of numbers,
    the loopback address.
    """

    start: int
    end: int
    kind: str
    subkind: str
    also: tuple = ()
    optional: bool = False

    def moved(self, by):
        also = tuple((start + by, end + by) for start, end in self.also)
        return replace(self, start=self.start + by, end=self.end + by, also=also)

    def in_bytes(self, text):
        """The same span of `text`, in bytes of its UTF-8."""

        def at(index):
            return len(text[:index].encode())

        also = tuple((at(start), at(end)) for start, end in self.also)
        return replace(self, start=at(self.start), end=at(self.end), also=also)


@dataclass
class Marked:
    """A text and the spans of personal data in it."""

    text: str
    spans: list = field(default_factory=list)

    def __add__(self, other):
        other = plain(other)
        shifted = [span.moved(len(self.text)) for span in other.spans]
        return Marked(self.text + other.text, self.spans + shifted)

    def __radd__(self, other):
        return plain(other) + self

    def __str__(self):
        return self.text


class Number(Marked):
    """Marked text that JSON writes as a number."""


def plain(value):
    """`value` as marked text without a span, if it is none yet."""
    return value if isinstance(value, Marked) else Marked(str(value))


def value(text, kind, subkind, before="", after="", also=(), optional=False):
    """`before`, a value and `after`, of which only the value is marked.

    `also` are pairs of characters to add to the start and to the end: `(0, -8)` is the value
    without its last eight characters.
    """
    start, end = len(before), len(before) + len(text)
    others = tuple((start + left, end + right) for left, right in also)
    return Marked(before + text + after, [Span(start, end, kind, subkind, others, optional)])


def optional(marked):
    """The same text, its spans allowed and not demanded."""
    return Marked(marked.text, [replace(span, optional=True) for span in marked.spans])


def unmarked(marked):
    """The same text without spans."""
    return Marked(plain(marked).text)


SLOT = re.compile(r"\$\{([a-z][a-z0-9_]*)(?::([^}]*))?\}")


def fill(template, slots):
    """`template` with each `${name}` and `${name:argument}` made by `slots(name, argument)`."""
    result, at = Marked(""), 0
    for match in SLOT.finditer(template):
        result = result + template[at : match.start()] + slots(match[1], match[2])
        at = match.end()
    return result + template[at:]
