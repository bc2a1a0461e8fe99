/* SPDX-License-Identifier: BSD-3-Clause */
/* The clock that plain Lua does not have, for bench.lua: nanoseconds, monotonic. */
#include <lauxlib.h>
#include <lua.h>

#include <time.h>

static int now(lua_State *state) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    lua_pushnumber(state, (lua_Number)time.tv_sec * 1e9 + (lua_Number)time.tv_nsec);
    return 1;
}

int luaopen_bench_clock(lua_State *state) {
    lua_pushcfunction(state, now);
    return 1;
}
