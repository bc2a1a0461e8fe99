#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# lua.sh SOURCES MODULES INTERPRETER MODULE ARGUMENT...: the peer in Lua, with the
# module (zmqlog or zmqlog.ffi) of a build that is not installed.
set -eu
here=$(dirname "$0")
LUA_PATH="$1/?.lua;;"
LUA_CPATH="$2/?.so;;"
interpreter=$3
ZMQLOG_LUA_MODULE=$4
unset LUA_PATH_5_2 LUA_PATH_5_3 LUA_PATH_5_4 LUA_CPATH_5_2 LUA_CPATH_5_3 LUA_CPATH_5_4
export LUA_PATH LUA_CPATH ZMQLOG_LUA_MODULE
shift 4
exec "$interpreter" "$here/peer.lua" "$@"
