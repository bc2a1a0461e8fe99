#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# install.sh CMAKE BUILD GO CACHE: what is installed is all that a program needs, by
# GOPATH, by a replaced module and by a workspace.
set -eu
cmake=$1 build=$2 go=$3 cache=$4
package=github.com/libzmqlog/libzmqlog/bindings/go
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
for component in runtime development go; do
    "$cmake" --install "$build" --prefix "$place/usr" --component $component >"$place/log" ||
        { cat "$place/log"; exit 1; }
done
pc=$(find "$place/usr" -name zmqlog.pc)
library=$(find "$place/usr" -name libzmqlog.so)
[ -n "$pc" ] && [ -n "$library" ] || { echo "nothing installed"; exit 1; }
gocode=$(cd "$(find "$place/usr" -type d -name gocode)" && pwd)
installed=$gocode/src/$package
PKG_CONFIG_PATH=$(dirname "$pc")
LD_LIBRARY_PATH=$(dirname "$library")
export PKG_CONFIG_PATH LD_LIBRARY_PATH
export GOFLAGS= GOPROXY=off GOTOOLCHAIN=local GOENV=off GOCACHE="$cache/build"

mkdir "$place/program"
cat >"$place/program/main.go" <<'END'
package main

import (
	"fmt"
	"os"

	zmqlog "github.com/libzmqlog/libzmqlog/bindings/go"
)

func main() {
	h, err := zmqlog.Bind("tcp://127.0.0.1:*", zmqlog.Hold(0))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	h.Critical("x")
	if err := h.Close(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(zmqlog.Version())
}
END
cd "$place/program"
want=$(sed -n 's/^Version: *//p' "$pc")
check() {
    [ "$2" = "$want" ] || { echo "$1: got '$2', want '$want'"; exit 1; }
    echo "$1: $2"
}
check gopath "$(GO111MODULE=off GOPATH="$place/go:$gocode" "$go" run main.go)"
export GOPATH="$place/go"
"$go" mod init example.org/program 2>/dev/null
check workspace "$("$go" work init . "$installed" && "$go" run .)"
rm go.work
"$go" mod edit -require="$package@v0.0.0" -replace="$package=$installed"
check module "$("$go" run .)"
if find "$installed" -name '*_test.go' | grep -q .; then
    echo "tests are installed"
    exit 1
fi
