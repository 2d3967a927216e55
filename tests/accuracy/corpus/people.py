"""Invented people and where they live, from Faker's providers, which loup takes nothing from."""

import re

from faker import Faker

from corpus.text import value

TITLES = {
    "fr": ["M.", "Mme", "Monsieur", "Madame", "Me"],
    "de": ["Herr", "Frau", "Dr.", "Prof. Dr."],
    "es": ["D.", "Doña", "Sra.", "Sr."],
    "it": ["Sig.", "Sig.ra", "Dott.", "Avv."],
    "nl": ["dhr.", "mevr.", "mevrouw", "de heer"],
    "pt": ["Sr.", "Sra.", "Dr.", "Dra."],
    "pl": ["pan", "pani", "dr"],
    "en": ["Mr", "Mrs", "Ms", "Dr", "Mr."],
}
# The military addresses of the United States are no streets.
NO_STREET = ("FPO", "APO", "DPO", "PSC", "Unit ")


class People:
    """Draws from one Faker per locale, each seeded from `seed`."""

    def __init__(self, seed):
        self.seed, self.fakers = seed, {}

    def _faker(self, locale):
        if locale not in self.fakers:
            self.fakers[locale] = Faker(locale)
            self.fakers[locale].seed_instance(f"{self.seed}/{locale}")
        return self.fakers[locale]

    def parts(self, locale):
        """A first and a last name."""
        fake = self._faker(locale)
        return fake.first_name(), fake.last_name()

    def name(self, locale, form="full"):
        first, last = self.parts(locale)
        whole = f"{last}{first}" if locale[:2] in ("ja", "zh", "ko") else f"{first} {last}"
        text = {
            "full": whole,
            "first": first,
            "last": last,
            "reversed": f"{last}, {first}",
            "capitals": f"{last.upper()} {first}",
            "initial": f"{first[0]}. {last}",
            "upper": whole.upper(),
            "lower": whole.lower(),
        }[form]
        return value(text, "name", f"{locale}/{form}")

    def titled(self, rng, locale):
        """A name behind a title, which may be taken with it."""
        first, last = self.parts(locale)
        title = rng.choice(TITLES.get(locale[:2], TITLES["en"]))
        text = last if rng.random() < 0.4 else f"{first} {last}"
        also = ((-len(title) - 1, 0),)
        return value(text, "name", f"{locale}/titled", before=f"{title} ", also=also)

    def address(self, locale, form="full"):
        """A postal address on one line: street, post code and town, or the street alone.

        It may be found up to any comma behind its first part.
        """
        fake = self._faker(locale)
        if form == "street":
            text = ", ".join(line.strip() for line in fake.street_address().split("\n"))
            return value(text, "address", f"{locale}/street")
        drawn = fake.address()
        while any(word in drawn for word in NO_STREET):
            drawn = fake.address()
        lines = [line.strip() for line in drawn.split("\n") if line.strip()]
        text = ", ".join(lines)
        cuts = [
            match.start() for match in re.finditer(", ", text) if match.start() >= len(lines[0])
        ]
        also = tuple((0, cut - len(text)) for cut in cuts)
        return value(text, "address", f"{locale}/full", also=also)
