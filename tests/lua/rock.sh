#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# rock.sh <rock.tar.gz> <directory of libzmqlog> <directory of zmqlog.h>
# The rock is well-formed, and what LuaRocks builds from it, without SWIG and
# without a network, works.
set -u
archive=$1 build=$2 include=$3
command -v luarocks >/dev/null || { echo "SKIPPED: luarocks is not there"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*"
    exit 1
}

mkdir "$work/rock" || exit 1
tar -xzf "$archive" -C "$work/rock" --strip-components 1 || fail "no rock"
tried=0
for version in 5.1 5.2 5.3 5.4; do
    command -v lua$version >/dev/null || continue
    (
        cd "$work/rock" || exit 1
        luarocks --lua-version $version lint ./*.rockspec &&
            luarocks --lua-version $version make --tree "$work/tree" \
                ZMQLOG_INCDIR="$include" ZMQLOG_LIBDIR="$build" ./*.rockspec
    ) >"$work/log" 2>&1 || { cat "$work/log"; fail "luarocks for Lua $version"; }
    LD_LIBRARY_PATH=$build LUA_PATH="$work/tree/share/lua/$version/?.lua" \
        LUA_CPATH="$work/tree/lib/lua/$version/?.so" lua$version -e '
        local zmqlog = require "zmqlog"
        local log = assert(zmqlog.handler{ bind = "tcp://127.0.0.1:*" })
        local sub = assert(zmqlog.subscriber{ connect = log:endpoint() })
        log:info("hello")
        assert(assert(sub:recv(10000)).text == "hello")' || fail "Lua $version"
    tried=$((tried + 1))
done
echo "tried $tried versions"
[ $tried -gt 0 ] || exit 77
