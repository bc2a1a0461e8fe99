/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a program that embeds Lua does to the module: several states, one after the
 * other and side by side, closed in any order while handlers are open. Takes the
 * module's name, "zmqlog" by default.
 */
#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>

#include <stdio.h>
#include <stdlib.h>

static const char *module = "zmqlog";

static const char chunk[] =
    "local zmqlog = require(...)\n"
    "HANDLER = HANDLER or assert(zmqlog.handler{ bind = 'tcp://127.0.0.1:*',\n"
    "                                            hold_ms = 0 })\n"
    "LOGGER = assert(HANDLER:logger('state', { fields = { a = 1 } }))\n"
    "assert(LOGGER:info('%d', 1))\n"
    "assert(HANDLER:info('text', { b = {} }))\n";

static void use(lua_State *state) {
    if (luaL_loadstring(state, chunk) == 0) {
        lua_pushstring(state, module);
        if (lua_pcall(state, 1, 0, 0) == 0)
            return;
    }
    fprintf(stderr, "%s\n", lua_tostring(state, -1));
    exit(1);
}

static lua_State *open_state(void) {
    lua_State *state = luaL_newstate();

    if (!state)
        exit(1);
    luaL_openlibs(state);
    use(state);
    return state;
}

int main(int argc, char **argv) {
    lua_State *first, *second, *third;

    if (argc > 1)
        module = argv[1];
    first = open_state();
    second = open_state();
    lua_close(first);
    use(second);
    third = open_state();
    lua_close(second);
    use(third);
    lua_close(third);
    lua_close(open_state());
    return 0;
}
