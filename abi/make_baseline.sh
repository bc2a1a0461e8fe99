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
# Only what is exported; without anything that depends on where it was built.
abidw --exported-interfaces-only --headers-dir "$here/include" --drop-private-types \
    --no-corpus-path --no-comp-dir-path --no-show-locs --no-write-default-sizes "$1" |
    sed "s|path='[^']*/core/|path='core/|" >"$here/libzmqlog.abi.new"
mv "$here/libzmqlog.abi.new" "$here/libzmqlog.abi"
wc -c "$here/libzmqlog.abi"
