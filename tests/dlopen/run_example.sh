#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# run_example.sh PACKAGES PROBE COMMAND...: an example must print what expected.txt
# says and nothing else. Where PROBE fails the runtime is missing: 77, and the
# packages to install. LD_LIBRARY_PATH tells where libzmqlog.so.1 is.
set -u
packages=$1 probe=$2
shift 2
here=$(dirname "$0")
if ! sh -c "$probe" >/dev/null 2>&1; then
    echo "SKIPPED: install $packages"
    exit 77
fi
output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$@" >"$output" 2>&1
status=$?
if ! diff -u "$here/expected.txt" "$output"; then
    exit 1
fi
echo "as expected: $*"
exit $status
