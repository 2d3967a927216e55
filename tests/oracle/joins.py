"""Checks that joins survive: the same value has the same pseudonym in every file of the company.

    joins.py ORIGINAL_COMPANY MASKED_COMPANY [REGIONS]

REGIONS are those given to loup, in order (default FR,GB,US). DuckDB reads both copies. Row by row,
the canonical form of the original and the pseudonym must determine each other across all files;
and each pair of columns must join to the same number of rows before and after.
"""

import ipaddress
import re
import sys
import unicodedata

import duckdb
import phonenumbers
import pyarrow as pa

CSV = "read_csv('{root}/crm/customers.csv', header=true, all_varchar=true)"
ORDERS = "read_parquet('{root}/orders/*/*/*.parquet')"
APP = (
    "read_json('{root}/logs/app.ndjson', format='newline_delimited', columns={{"
    "'user': 'STRUCT(email VARCHAR)', 'client': 'STRUCT(ip VARCHAR)', 'msisdn': 'VARCHAR', "
    "'changes': 'STRUCT(phone VARCHAR)', 'recipients': 'VARCHAR[]'}})"
)
TICKETS = (
    "read_json('{root}/support/tickets.json', format='array', "
    "columns={{'requester': 'STRUCT(email VARCHAR)'}})"
)
ACCESS = (
    "(SELECT unnest(string_split(content, chr(10))) AS line "
    "FROM read_text('{root}/logs/access.log*'))"
)

# (place, kind, query); each query gives its values in the order of the records.
PLACES = [
    ("crm.email", "email", f"SELECT email FROM {CSV}"),
    ("crm.phone", "phone", f"SELECT phone FROM {CSV}"),
    ("crm.iban", "iban", f"SELECT iban FROM {CSV}"),
    ("orders.email", "email", f"SELECT customer_email::VARCHAR FROM {ORDERS} ORDER BY order_no"),
    ("orders.phone", "phone", f"SELECT phone FROM {ORDERS} ORDER BY order_no"),
    ("orders.iban", "iban", f"SELECT iban FROM {ORDERS} ORDER BY order_no"),
    ("orders.ip", "ip", f"SELECT ip FROM {ORDERS} ORDER BY order_no"),
    ("orders.contacts.email", "email",
     f"SELECT contact.email FROM (SELECT order_no, unnest(contacts) AS contact, "
     f"generate_subscripts(contacts, 1) AS position FROM {ORDERS}) ORDER BY order_no, position"),
    ("app.email", "email", f"SELECT \"user\".email FROM {APP}"),
    ("app.recipients", "email", f"SELECT unnest(recipients) FROM {APP}"),
    ("app.ip", "ip", f"SELECT client.ip FROM {APP}"),
    ("app.msisdn", "phone", f"SELECT msisdn FROM {APP}"),
    ("app.changes.phone", "phone", f"SELECT changes.phone FROM {APP}"),
    ("tickets.email", "email", f"SELECT requester.email FROM {TICKETS}"),
    ("access.ip", "ip", f"SELECT regexp_extract(line, '^[^ ]+') FROM {ACCESS}"),
    ("access.user", "email",
     f"SELECT nullif(regexp_extract(line, '^[^ ]+ [^ ]+ ([^ ]+)', 1), '-') FROM {ACCESS}"),
]
PREFIXES = {"email": "eml", "phone": "tel", "iban": "iba", "ip": "ip"}


def canonical(kind, value, regions):
    """The canonical form by the specification; of what does not parse, the form of closure."""
    value = value.strip()
    if kind == "email":
        return value.lower()
    if kind == "iban":
        return re.sub(r"[\s-]", "", value).upper()
    if kind == "ip":
        return str(ipaddress.ip_address(value))
    for region in regions:
        try:
            number = phonenumbers.parse(value, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return "raw\0" + unicodedata.normalize("NFC", value)


def values(root, query):
    return [row[0] or None for row in duckdb.sql(query.format(root=root)).fetchall()]


def join_counts(rows):
    """How many rows each pair of places of one kind joins to."""
    table = pa.table(dict(zip(["place", "kind", "value"], zip(*rows))))
    database = duckdb.connect()
    database.register("observed", table)
    return database.sql(
        "SELECT a.place, b.place, count(*) FROM observed a JOIN observed b USING (kind, value) "
        "WHERE a.place < b.place GROUP BY ALL ORDER BY ALL"
    ).fetchall()


def main(original_root, masked_root, regions="FR,GB,US"):
    regions = regions.split(",")
    before, after, faults = [], [], []
    pseudonym_of, original_of = {}, {}
    for place, kind, query in PLACES:
        originals, masked = values(original_root, query), values(masked_root, query)
        if len(originals) != len(masked):
            faults.append(f"{place}: {len(originals)} rows became {len(masked)}")
            continue
        token = re.compile(PREFIXES[kind] + r"[1-9][0-9]*_[0-9a-hjkmnp-tv-z]{20}")
        for row, (value, pseudonym) in enumerate(zip(originals, masked), start=1):
            if value is None or pseudonym is None:
                if value != pseudonym:
                    faults.append(f"{place}, row {row}: null on one side only")
                continue
            if not token.fullmatch(pseudonym):
                faults.append(f"{place}, row {row}: not a token of its kind")
                continue
            key = (kind, canonical(kind, value, regions))
            if pseudonym_of.setdefault(key, pseudonym) != pseudonym:
                faults.append(f"{place}, row {row}: its value has another pseudonym elsewhere")
            if original_of.setdefault(pseudonym, key) != key:
                faults.append(f"{place}, row {row}: two values share a pseudonym")
            before.append((place, *key))
            after.append((place, kind, pseudonym))
    if not faults and join_counts(before) != join_counts(after):
        faults.append("columns join to other numbers of rows")
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    if not before:
        sys.exit("nothing to join")
    joins = 0 if faults else len(join_counts(before))
    print(f"{len(before)} values, {joins} joins compared, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
