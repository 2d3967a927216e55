"""Makes the chain of a manifest again, from what docs/manifest.md says of it.

    manifest_chain.py MANIFEST...

Exit 1 names the first link of a manifest that is another, or a member that no link is of.
"""

import sys

import hashlib
import json

PARTS = {"tool": ["schema", "version"], "rules": ["rules_digest", "terms"],
         "policy": ["plan_digest", "policy_digest"], "key": ["domain", "key"],
         "regions": ["regions"], "inputs": ["file", "state", "bytes_in"],
         "coverage": ["coverage"], "outputs": ["files"], "run": ["run"]}


def chain(manifest):
    def part(of, members):
        return {name: of[name] for name in members if name in of}
    parts = [(name, [part(file, members) for file in manifest["files"]] if name == "inputs"
              else part(manifest, members)) for name, members in PARTS.items()]
    parts += [("verified", it) for it in manifest.get("verifications", [])]
    links, digest = [], "0" * 64
    for name, covered in parts:
        text = json.dumps([digest, name, covered], sort_keys=True, separators=(",", ":"),
                          ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        links.append({"of": name, "digest": digest})
    return links


def covered(manifest):
    """The members that links are of, and the chain itself."""
    top = {name for of, members in PARTS.items() if of != "inputs" for name in members}
    return set(manifest) <= top | {"verifications", "chain"}


def main(*paths):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        made, stored = chain(manifest), manifest["chain"]
        if made != stored:
            at = next((n for n, pair in enumerate(zip(made, stored)) if pair[0] != pair[1]), None)
            sys.exit(f"{path}: {'another number of links' if at is None else made[at]['of']}")
        if not covered(manifest):
            sys.exit(f"{path}: a member that no link is of")


if __name__ == "__main__":
    main(*sys.argv[1:])
