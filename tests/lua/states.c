/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a program that embeds Lua does to the module: several states, one after the
 * other and side by side, closed in any order while handlers are open; and a socket of
 * its own, given to `attach`. Takes the module's name, "zmqlog" by default.
 */
#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

static const char *module = "zmqlog";

static const char chunk[] =
    "local zmqlog = require(...)\n"
    "HANDLER = HANDLER or assert(zmqlog.handler{ bind = 'tcp://127.0.0.1:*',\n"
    "                                            hold_ms = 0 })\n"
    "LOGGER = assert(HANDLER:logger('state', { fields = { a = 1 } }))\n"
    "assert(LOGGER:info('%d', 1))\n"
    "assert(HANDLER:info('text', { b = {} }))\n";

static void use(lua_State *state, const char *text) {
    if (luaL_loadstring(state, text) == 0) {
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
    use(state, chunk);
    return state;
}

static const char attached_chunk[] =
    "local log = assert(require(...).handler{ attach = SOCKET, root_topic = 'app' })\n"
    "assert(log:info('over your socket'))\n"
    "log:close()\n";

/* What a subscriber of the program's own socket gets, or fails. */
static void attach(lua_State *state) {
    void *context = zmq_ctx_new(), *pub = zmq_socket(context, ZMQ_XPUB);
    void *sub = zmq_socket(context, ZMQ_SUB);
    char frame[32] = "";

    zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "", 0);
    if (zmq_bind(pub, "inproc://mine") != 0 || zmq_connect(sub, "inproc://mine") != 0 ||
        zmq_recv(pub, frame, sizeof frame, 0) != 1)
        exit(1);
    lua_pushlightuserdata(state, pub);
    lua_setglobal(state, "SOCKET");
    use(state, attached_chunk);
    if (zmq_recv(sub, frame, sizeof frame, 0) != 8 ||
        memcmp(frame, "app.INFO", 8) != 0 ||
        zmq_recv(sub, frame, sizeof frame, 0) != 16 ||
        memcmp(frame, "over your socket", 16) != 0) {
        fprintf(stderr, "attach: got \"%.16s\"\n", frame);
        exit(1);
    }
    zmq_close(pub);
    zmq_close(sub);
    zmq_ctx_term(context);
}

int main(int argc, char **argv) {
    lua_State *first, *second, *third;

    if (argc > 1)
        module = argv[1];
    first = open_state();
    second = open_state();
    lua_close(first);
    use(second, chunk);
    third = open_state();
    lua_close(second);
    use(third, chunk);
    attach(third);
    lua_close(third);
    lua_close(open_state());
    return 0;
}
