#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# run_installed.sh CMAKE BUILD-DIRECTORY COMMAND...: the same example, unchanged, with
# the library where `cmake --install` puts its runtime part: no libzmqlog.so there.
set -eu
cmake=$1 build=$2
shift 2
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
"$cmake" --install "$build" --component runtime --prefix "$prefix" >/dev/null
library=$(find "$prefix" -name 'libzmqlog.so.1')
[ -n "$library" ] || { echo "no libzmqlog.so.1 was installed"; exit 1; }
if find "$prefix" -name libzmqlog.so | grep .; then
    echo "the runtime part has a development link"
    exit 1
fi
LD_LIBRARY_PATH=$(dirname "$library")
export LD_LIBRARY_PATH
"$(dirname "$0")/expect.sh" "$@"
