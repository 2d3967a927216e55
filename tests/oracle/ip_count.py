"""Counts the IP addresses of a log, independently of any pattern.

    ip_count.py FILE        prints the number

The text is split at white space and at `= [ ] ( ) , ;`; a word is an address if `ipaddress` reads
it once punctuation is stripped from its ends.
"""

import ipaddress
import re
import sys


def is_address(word):
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True


def count(text):
    # A colon at the start or the end can belong to an address: `::1`, `2001:db8::`.
    words = (word.strip(".\"'<>!?{}") for word in re.split(r"[\s=\[\](),;]+", text))
    return sum(is_address(word) or is_address(word.rstrip(":")) for word in words)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="latin-1") as file:
        print(count(file.read()))
