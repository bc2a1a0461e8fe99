#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# install.sh <cmake> <build directory> <version>...
# What is installed works from its prefix with nothing but Lua's two paths, and
# links no liblua.
set -u
cmake=$1 build=$2
shift 2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

fail() {
    echo "FAILED: $*"
    exit 1
}

for component in runtime lua; do
    "$cmake" --install "$build" --prefix "$prefix" --component $component \
        >"$work/log" 2>&1 || { cat "$work/log"; fail "install of $component"; }
done
library=$(dirname "$(find "$prefix" -name 'libzmqlog.so.1' | head -n 1)")
[ -n "$library" ] || fail "no libzmqlog.so.1 was installed"

# With the prefix of the system the loader finds the library by itself.
if grep -q '^CMAKE_INSTALL_PREFIX:[A-Z]*=/usr$' "$build/CMakeCache.txt"; then
    LD_LIBRARY_PATH=$library
    export LD_LIBRARY_PATH
fi

cat >"$work/try.lua" <<'LUA'
local zmqlog = require "zmqlog"
local log = assert(zmqlog.handler{ bind = "tcp://127.0.0.1:*", root_topic = "app" })
local sub = assert(zmqlog.subscriber{ connect = log:endpoint() })
assert(log:info("hello there"))
local record = assert(sub:recv(10000))
assert(record.topic == "app.INFO" and record.text == "hello there")
LUA

tried=0
for version in "$@"; do
    core=$(find "$prefix" -path "*/lua/$version/zmqlog/core.so")
    [ -f "$core" ] || fail "no zmqlog/core.so for Lua $version"
    [ -f "$prefix/share/lua/$version/zmqlog.lua" ] || fail "no zmqlog.lua for $version"
    readelf -d "$core" >"$work/dynamic"
    if grep NEEDED "$work/dynamic" | grep -q lua; then
        fail "$core links liblua"
    fi
    grep NEEDED "$work/dynamic" | grep -q 'libzmqlog.so.1' || fail "$core lacks libzmqlog"
    command -v "lua$version" >/dev/null || continue
    (
        cd / &&
            LUA_PATH="$prefix/share/lua/$version/?.lua" \
            LUA_CPATH="${core%/zmqlog/core.so}/?.so" \
            "lua$version" "$work/try.lua"
    ) || fail "Lua $version cannot use what was installed"
    tried=$((tried + 1))
done
echo "tried $tried versions"
[ $tried -gt 0 ] || exit 77
