#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_format.sh ROOT: each C file is as clang-format 14 formats it; other versions
# format differently. $CLANG_FORMAT names another program.
set -eu
cd "$1"
format=${CLANG_FORMAT:-clang-format}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
files=$(find abi core bindings docs packaging tests -name '*.[ch]')
[ -n "$files" ] || { echo "no files"; exit 1; }
# shellcheck disable=SC2086
if ! $format --style=file --dry-run -Werror $files 2>"$log"; then
    sed -n 's/^\([^ ]*\):[0-9]*:[0-9]*: error: .*/not as clang-format has it: \1/p' "$log" | sort | uniq -c
    exit 1
fi
echo "$(echo "$files" | wc -l) files, $($format --version)"
