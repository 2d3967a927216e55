#!/usr/bin/env bash
# Makes a Python environment with a list of requirements (this directory's, unless one is given; with
# pyarrow in it) in the directory given, or brings it up to date.
#
#   venv.sh DIRECTORY [REQUIREMENTS]
#
# Where the venv module is incomplete (Debian without python3-venv), pip's --target and a wrapper
# named like a venv's interpreter do the same.
set -euo pipefail

dir=$1
requirements=${2:-$(dirname "$0")/requirements.txt}
pip="-m pip --quiet --disable-pip-version-check"

# A finished environment whose interpreter still runs is kept.
if cmp -s "$requirements" "$dir/installed.txt" && "$dir/bin/python" -c 'import pyarrow' 2>/dev/null; then
    exit
fi

rm -rf "$dir"
if python3 -m venv "$dir" 2>/dev/null; then
    "$dir/bin/python" $pip install --requirement "$requirements"
elif python3 $pip --version >/dev/null 2>&1; then
    rm -rf "$dir"
    python3 $pip install --target "$dir/lib" --requirement "$requirements"
    mkdir -p "$dir/bin"
    printf '#!/bin/sh\nPYTHONPATH=%q exec python3 "$@"\n' "$(realpath "$dir/lib")" >"$dir/bin/python"
    chmod +x "$dir/bin/python"
else
    echo "error: Python has neither a working venv module nor pip; install python3-venv" >&2
    exit 1
fi
cp "$requirements" "$dir/installed.txt"
