#!/usr/bin/env bash
# Memory on inputs of two sizes, under one limit: it must not grow with the input.
#
#   soak.sh LOUP DIRECTORY        LOUP_SOAK_MIB="64 1024"  LOUP_SOAK_LIMIT_MIB=64
set -euo pipefail

loup=$1
dir=$2
oracle=$(dirname "$0")/oracle
limit=${LOUP_SOAK_LIMIT_MIB:-64}

rm -rf "$dir"
mkdir -p "$dir"
"$loup" key new --out "$dir/soak.key"
for mib in ${LOUP_SOAK_MIB:-64 1024}; do
    for format in log csv ndjson line document keys string; do
        case $format in
        line) name=line-$mib.log ;;
        document | keys | string) name=$format-$mib.json ;;
        *) name=$format-$mib.$format ;;
        esac
        input=$dir/$name
        python3 "$oracle/big.py" "$format" "$mib" >"$input"
        python3 "$oracle/peak.py" "$limit" "$loup" scan "$input" --out "$dir/map.json"
        python3 "$oracle/peak.py" "$limit" "$loup" mask "$input" --out "$dir/masked" \
            --key-file "$dir/soak.key" --region FR
        rm -rf "$input" "$dir/masked"
    done
done
