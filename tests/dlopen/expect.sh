#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# expect.sh COMMAND...: an example must print what expected.txt says and nothing else.
set -u
output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$@" >"$output" 2>&1
status=$?
diff -u "$(dirname "$0")/expected.txt" "$output" || exit 1
echo "as expected: $*"
exit $status
