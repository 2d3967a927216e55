#!/usr/bin/env bash
# Whether the program finds and writes the same on a processor without AVX2, which an emulator plays
# (qemu-x86_64, from the package qemu-user): findings, maps and protected copies of the directories given.
#
#   portable.sh PROGRAM DIRECTORY...
set -euo pipefail

program=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" key new --out "$work/key" > "$work/log" 2>&1
for directory in "$@"; do
    for machine in here emulated; do
        out=$work/$machine
        rm -rf "$out" && mkdir "$out"
        run=("$program")
        [ "$machine" = here ] || run=(qemu-x86_64 -cpu Nehalem "$program")
        # A file that cannot be read is in the ledger of both.
        status=0
        "${run[@]}" scan "$directory" --key-file "$work/key" --out "$out/map.json" \
            --findings "$out/findings.ndjson" > "$work/log" 2>&1 || status=$?
        echo "$status" > "$out/status"
        status=0
        "${run[@]}" mask "$directory" --key-file "$work/key" --out "$out/masked" \
            > "$work/log" 2>&1 || status=$?
        echo "$status" >> "$out/status"
        # What says when and for how long.
        sed -i '/"started"\|"seconds"/d' "$out/map.json"
        find "$out/masked" -name '*manifest*' -delete
    done
    diff -r "$work/here" "$work/emulated"
    echo "$directory: the same, $(wc -l < "$work/here/findings.ndjson") findings"
done
