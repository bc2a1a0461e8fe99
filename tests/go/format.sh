#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# format.sh GOFMT ROOT: all Go files but the generated ones are as gofmt has them.
set -eu
cd "$2"
found=$(find bindings tests docs packaging -name '*.go' ! -name native.go ! -name native_nocgo.go)
[ -n "$found" ] || { echo "no files"; exit 1; }
# shellcheck disable=SC2086
strange=$("$1" -l $found)
[ -z "$strange" ] || { echo "not as gofmt has it: $strange"; exit 1; }
echo "$(echo "$found" | wc -l) files"
