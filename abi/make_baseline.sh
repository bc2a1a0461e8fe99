#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# make_baseline.sh SHARED: records the ABI of an unstripped build in
# abi/libzmqlog.abi. When that is right: abi/README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if ! readelf -SW "$1" | grep -q ' \.debug_info '; then
    echo "$1 has no debug information: build with -g and do not strip"
    exit 1
fi
abidw --headers-dir "$here/include" --drop-private-types --no-corpus-path \
    --no-comp-dir-path --no-show-locs --out-file "$here/libzmqlog.abi" "$1"
wc -c "$here/libzmqlog.abi"
