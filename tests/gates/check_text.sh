#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_text.sh ROOT: what holds for every text file: a licence line in code, no
# unfinished business, no stray blanks, a newline at the end. And for what fuzzers
# found: no line over 512 bytes, as lintian has it.
set -eu
cd "$1"
list=$(mktemp)
found=$(mktemp)
trap 'rm -f "$list" "$found"' EXIT

find . \( -name .git -o -name 'build*' -o -name dist -o -name corpus -o -name golden \) \
    -prune -o -type f \
    \( -name '*.[ch]' -o -name '*.sh' -o -name '*.cmake' -o -name CMakeLists.txt \
    -o -name '*.rb' -o -name '*.lua' -o -name '*.go' -o -name '*.i' -o -name '*.py' \
    -o -name '*.md' -o -name '*.map' -o -name '*.rules' -o -path ./tests/run \
    -o -path ./.ci/run -o -path ./packaging/quickstart \) -print >"$list"
[ -s "$list" ] || { echo "no files"; exit 1; }

# note WHAT: prefixes the names or lines that come in.
note() {
    sed "s|^|$1: |" >>"$found"
}
grep -v '\.md$' "$list" | xargs grep -L 'SPDX-License-Identifier: BSD-3-Clause' | note "no SPDX line"
# The words are put together here so that this file does not accuse itself.
xargs grep -nE "\b(TO""DO|FIX""ME|XX""X)\b" <"$list" | note unfinished || true
xargs grep -nE '[ 	]+$' <"$list" | note "blanks at the end" || true
grep '\.[ch]$' "$list" | xargs grep -nE '	' | note "tab" || true
xargs perl -0777 -ne 'print "$ARGV\n" if length && !/\n\z/' <"$list" | note "no newline at the end"
[ ! -d tests/fuzz/corpus ] ||
    LC_ALL=C grep -rlaE '.{513}' tests/fuzz/corpus | note "a line over 512 bytes" || true

cat "$found"
[ ! -s "$found" ] || exit 1
echo "$(wc -l <"$list") files"
