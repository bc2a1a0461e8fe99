#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_abi.sh BASELINE SHARED HEADERS: the library is compatible with the
# recorded ABI. Without debug information types cannot be compared and abidiff
# would be content with anything, so that fails too.
set -eu
baseline=$1 shared=$2 headers=$3

if ! readelf -SW "$shared" | grep -q ' \.debug_info '; then
    echo "$shared has no debug information: build with -g and do not strip"
    exit 1
fi
status=0
abidiff --headers-dir2 "$headers" --drop-private-types --no-added-syms \
    "$baseline" "$shared" || status=$?
if [ $status -ne 0 ]; then
    echo "abidiff: $status. A program built against the baseline may not run with"
    echo "this library. See abi/README.md before touching the baseline."
    exit 1
fi
