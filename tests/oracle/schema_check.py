"""Validates documents against a JSON Schema (draft 2020-12).

    schema_check.py SCHEMA DOCUMENT...     a `.ndjson` document is validated line by line

Exit 1 says where a document differs. Values are not shown.
"""

import json
import sys

from jsonschema import Draft202012Validator


def documents(path):
    """Each JSON value of the file, with the name to report it by."""
    with open(path, encoding="utf-8") as file:
        if path.endswith(".ndjson"):
            for number, line in enumerate(file, start=1):
                yield f"{path}:{number}", json.loads(line)
        else:
            yield path, json.load(file)


def main(schema_path, *paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(
        schema, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    checked, errors = 0, 0
    for path in paths:
        for name, document in documents(path):
            checked += 1
            for error in validator.iter_errors(document):
                errors += 1
                rule = "/".join(map(str, error.absolute_schema_path))
                print(f"{name}: {error.json_path}: against {rule}", file=sys.stderr)
    if not checked:
        sys.exit("nothing to validate")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
