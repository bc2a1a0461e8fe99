#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# surface.sh <language> <zmqlog.h> <generated C file> <ignored>
# Every function the header exports is called by what SWIG generated, or is on
# the list of ignored ones with a reason. Entries that are not needed any more
# fail too.
set -u
[ $# -eq 4 ] || { echo "usage: surface.sh LANGUAGE HEADER GENERATED IGNORED"; exit 2; }
language=$1 header=$2 generated=$3 ignored=$4
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

tr '\n' ' ' <"$header" | grep -o 'ZMQLOG_API [^;(]*zmqlog_[a-z0-9_]*(' |
    sed 's/.*[ *]\(zmqlog_[a-z0-9_]*\)($/\1/' | sort -u >"$work/exported"
grep -oE '\bzmqlog_[a-z0-9_]*\(' "$generated" | tr -d '(' | sort -u >"$work/called"
grep -v '^#' "$ignored" | awk -v l="$language" \
    'NF && ($1 == l || $1 == "*") { print $2 }' | sort -u >"$work/ignored"

status=0
complain() {
    while read -r name; do
        echo "$language: $name $1"
        status=1
    done <"$2"
}
[ -s "$work/exported" ] || { echo "no function found in $header"; exit 1; }
[ -s "$work/called" ] || { echo "no call found in $generated"; exit 1; }

awk 'NF && !/^#/ && NF < 3 { print $2 }' "$ignored" >"$work/bare"
complain "is ignored without a reason" "$work/bare"
comm -23 "$work/exported" "$work/called" | comm -23 - "$work/ignored" >"$work/missing"
complain "is exported, but neither wrapped nor ignored" "$work/missing"
comm -12 "$work/ignored" "$work/called" >"$work/both"
complain "is ignored, but wrapped" "$work/both"
comm -13 "$work/exported" "$work/ignored" >"$work/unknown"
complain "is ignored, but not exported" "$work/unknown"
echo "$language: $(comm -12 "$work/exported" "$work/called" | wc -l) of" \
    "$(wc -l <"$work/exported") functions are wrapped"
exit $status
