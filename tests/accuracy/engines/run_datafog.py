"""DataFog's pattern engine over texts, with its German patterns where the region is Germany."""

import datafog
from lines import report, texts

KINDS = {
    "EMAIL": "email",
    "PHONE": "phone",
    "DE_IBAN": "iban",
    "IP_ADDRESS": "ip",
    "CREDIT_CARD": "card",
    "SSN": "national_id",
    "DE_TAX_ID": "national_id",
}

for row in texts():
    german = ["de"] if "DE" in row["regions"] else None
    result = datafog.scan(row["text"], engine="regex", locales=german)
    found = [
        (e.start, e.end, KINDS[e.type], e.confidence) for e in result.entities if e.type in KINDS
    ]
    report(row, found)
