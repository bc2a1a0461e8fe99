#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# build_go.sh GO HEADERS LIBRARY-DIRECTORY OUTPUT: the peer in Go, against a library
# that is not installed.
set -eu
go=$1 headers=$2 libraries=$3 output=$4
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cat >"$place/zmqlog.pc" <<END
Name: zmqlog
Description: not installed
Version: 1
Cflags: -I$headers
Libs: -L$libraries -lzmqlog
END
export PKG_CONFIG_PATH="$place" GOFLAGS="-mod=mod -buildvcs=false" GOPROXY=off
cd "$(dirname "$0")/go"
"$go" build -o "$output" .
