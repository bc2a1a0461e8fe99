/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What SWIG cannot give Lua: numbers that stay integers, strings with any
 * bytes, the one form of an error, a collector that leaves nothing dangling,
 * and level methods that look at the gate before anything else. Included by
 * the generated code only; knows its types, and nothing of the Lua side. The
 * same code serves Lua 5.1 to 5.4 and LuaJIT.
 */
#ifndef ZMQLOG_LUA_GLUE_H
#define ZMQLOG_LUA_GLUE_H

#include <dlfcn.h>
#include <limits.h>
#include <math.h>
#include <string.h>

/* SWIG takes any userdata for one of its own, and looks into it for messages. */
#undef SWIG_isptrtype
#define SWIG_isptrtype(L, I) (is_object(L, I) || lua_isnil(L, I))
#undef SWIG_fail_arg
#define SWIG_fail_arg(function, number, type)                                          \
    {                                                                                  \
        SWIG_Lua_pushferrstring(L, "bad argument #%d to %s (%s expected, got %s)",     \
                                number, function, type, luaL_typename(L, number));     \
        goto fail;                                                                     \
    }

#if LUA_VERSION_NUM >= 502
#define size_of_userdata lua_rawlen
#else
#define size_of_userdata lua_objlen
#endif

static int is_object(lua_State *L, int index) {
    return lua_type(L, index) == LUA_TUSERDATA &&
           size_of_userdata(L, index) == sizeof(swig_lua_userdata);
}

static int to_int64(lua_State *L, int index, int64_t *value) {
#if LUA_VERSION_NUM >= 503
    int exact = 0;

    *value = (int64_t)lua_tointegerx(L, index, &exact);
    return exact;
#else
    lua_Number number = lua_tonumber(L, index);

    if (!lua_isnumber(L, index) || number != floor(number) ||
        number < -9223372036854775808.0 || number >= 9223372036854775808.0)
        return 0;
    *value = (int64_t)number;
    return 1;
#endif
}

static int to_int(lua_State *L, int index, int *value) {
    int64_t wide = 0;

    if (!to_int64(L, index, &wide) || wide < INT_MIN || wide > INT_MAX)
        return 0;
    *value = (int)wide;
    return 1;
}

static int to_size(lua_State *L, int index, size_t *value) {
    int64_t wide = 0;

    if (!to_int64(L, index, &wide) || wide < 0 || (uint64_t)wide > SIZE_MAX)
        return 0;
    *value = (size_t)wide;
    return 1;
}

/* Before 5.3 numbers are doubles: exact up to 2^53. */
static int push_int64(lua_State *L, int64_t value) {
#if LUA_VERSION_NUM >= 503
    lua_pushinteger(L, (lua_Integer)value);
#else
    lua_pushnumber(L, (lua_Number)value);
#endif
    return 1;
}

static int push_bytes(lua_State *L, const char *bytes, size_t len) {
    if (bytes)
        lua_pushlstring(L, bytes, len);
    else
        lua_pushnil(L);
    return 1;
}

/* A C string would end at the first NUL, unseen: such strings are refused. */
static int is_c_string(lua_State *L, int index) {
    size_t len = 0;
    const char *string;

    if (lua_isnil(L, index))
        return 1;
    string = lua_tolstring(L, index, &len);
    return string && strlen(string) == len;
}

static int is_bytes(lua_State *L, int index) {
    return lua_isnil(L, index) || lua_isstring(L, index);
}

/* true, or nil, message, code. */
static int push_status(lua_State *L, zmqlog_status status) {
    if (status == ZMQLOG_OK) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushnil(L);
    lua_pushstring(L, zmqlog_strerror(status));
    lua_pushinteger(L, status);
    return 3;
}

/* SWIG's own collector leaves the freed address in the object, where another
 * object's finalizer may still find it. Here it finds NULL. */
static int collect(lua_State *L) {
    swig_lua_userdata *box = (swig_lua_userdata *)lua_touserdata(L, 1);

    if (!is_object(L, 1) || !box->own)
        return 0;
    lua_settop(L, 1);
    SWIG_Lua_class_destruct(L);
    box->own = 0;
    box->ptr = NULL;
    return 0;
}

static void use_own_collector(lua_State *L) {
    int i;

    for (i = 0; swig_types[i]; i++) {
        if (!swig_types[i]->clientdata)
            continue;
        SWIG_NewPointerObj(L, swig_types[i], swig_types[i], 0);
        if (lua_getmetatable(L, -1)) {
            SWIG_Lua_add_function(L, "__gc", collect);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
}

/* A closing state unloads its modules before its last finalizers have run, and
 * those of our objects are in here. So this module is never unloaded. */
static void stay_loaded(void) {
    Dl_info info;

    if (dladdr((void *)(uintptr_t)collect, &info) && info.dli_fname)
        dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

/* The call that needs more than a plain text is for a Lua function, (level, text,
 * ...). Stack: self, text, ... */
static int call_general(lua_State *L) {
    if (lua_gettop(L) == 0)
        lua_pushnil(L);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_replace(L, 1);
    lua_pushvalue(L, lua_upvalueindex(3));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* How many contexts are open, in all states: with none, nobody looks for one. */
static int open_contexts;

/* core.contexts(more) */
static int count_contexts(lua_State *L) {
    __atomic_fetch_add(&open_contexts, (int)lua_tointeger(L, 1), __ATOMIC_RELAXED);
    return 0;
}

/* core.contexts_address() -> of that number, for LuaJIT's FFI. */
static int contexts_address(lua_State *L) {
    return push_int64(L, (int64_t)(uintptr_t)&open_contexts);
}

/* log.info("text") has a text where the object belongs. */
static void check_colon(lua_State *L) {
    if (lua_type(L, 1) != LUA_TTABLE)
        luaL_error(L,
                   "call log methods with a colon: log:info(text), not log.info(text)");
}

/* What log:info(text) starts with: 1 when the call is over, 0 when it is a plain
 * text to be logged, -1 when it is for the general call. Upvalues: the handle,
 * the level, the general call, whether every call is general, the gate. */
static int look_at_call(lua_State *L, const swig_lua_userdata *box, int level) {
    const uint8_t *gate = (const uint8_t *)lua_touserdata(L, lua_upvalueindex(5));

    check_colon(L);
    if (box->ptr && !gate[level]) {
        lua_pushboolean(L, 1);
        return 1;
    }
    if (lua_gettop(L) != 2 || lua_type(L, 2) != LUA_TSTRING ||
        lua_toboolean(L, lua_upvalueindex(4)) ||
        __atomic_load_n(&open_contexts, __ATOMIC_RELAXED) > 0)
        return -1;
    return 0;
}

static int handler_method(lua_State *L) {
    const swig_lua_userdata *box =
        (const swig_lua_userdata *)lua_touserdata(L, lua_upvalueindex(1));
    int level = (int)lua_tointeger(L, lua_upvalueindex(2));
    int seen = look_at_call(L, box, level);
    const char *text;
    size_t len;

    if (seen > 0)
        return 1;
    if (seen < 0)
        return call_general(L);
    text = lua_tolstring(L, 2, &len);
    return push_status(
        L, zmqlog_handler_log((zmqlog_handler *)box->ptr, level, text, len));
}

static int logger_method(lua_State *L) {
    const swig_lua_userdata *box =
        (const swig_lua_userdata *)lua_touserdata(L, lua_upvalueindex(1));
    int level = (int)lua_tointeger(L, lua_upvalueindex(2));
    int seen = look_at_call(L, box, level);
    const char *text;
    size_t len;

    if (seen > 0)
        return 1;
    if (seen < 0)
        return call_general(L);
    text = lua_tolstring(L, 2, &len);
    return push_status(L,
                       zmqlog_logger_log((zmqlog_logger *)box->ptr, level, text, len));
}

static zmqlog_handler *handler_at(lua_State *L, int index) {
    void *handler = NULL;

    if (!is_object(L, index) ||
        !SWIG_IsOK(SWIG_ConvertPtr(L, index, &handler, SWIGTYPE_p_zmqlog_handler, 0)))
        luaL_error(L, "bad argument #%d (handler expected)", index);
    return (zmqlog_handler *)handler;
}

/* core.method(handle, level, general, always_general, handler) -> function */
static int new_method(lua_State *L) {
    const uint8_t *gate = zmqlog_handler_gate(handler_at(L, 5));
    void *handle = NULL;
    int level = 0;
    int is_handler;

    lua_settop(L, 4);
    if (!is_object(L, 1) || !to_int(L, 2, &level) || level < 1 ||
        level > ZMQLOG_LEVEL_MAX || !lua_isfunction(L, 3))
        return luaL_error(L, "core.method(handle, level, function, boolean, handler)");
    is_handler =
        SWIG_IsOK(SWIG_ConvertPtr(L, 1, &handle, SWIGTYPE_p_zmqlog_handler, 0));
    if (!is_handler &&
        !SWIG_IsOK(SWIG_ConvertPtr(L, 1, &handle, SWIGTYPE_p_zmqlog_logger, 0)))
        return luaL_error(L, "core.method: neither a handler nor a logger");
    lua_pushlightuserdata(L, (void *)(uintptr_t)gate);
    lua_pushcclosure(L, is_handler ? handler_method : logger_method, 5);
    return 1;
}

/* core.gate_open(handler, level): what the gate says, also when closed. */
static int gate_open(lua_State *L) {
    const uint8_t *gate = zmqlog_handler_gate(handler_at(L, 1));
    int level = 0;

    lua_pushboolean(L, !to_int(L, 2, &level) || level < 0 || level > ZMQLOG_LEVEL_MAX ||
                           !gate || gate[level]);
    return 1;
}

/* core.addresses(handle) -> of the C handle, and of an int that is 1 until the
 * collector has freed it and 0 then; for LuaJIT's FFI. The int lives as long as
 * `handle` is reachable. */
static int addresses(lua_State *L) {
    swig_lua_userdata *box = (swig_lua_userdata *)lua_touserdata(L, 1);

    if (!is_object(L, 1))
        return luaL_error(L, "core.addresses(handle)");
    push_int64(L, (int64_t)(uintptr_t)box->ptr);
    push_int64(L, (int64_t)(uintptr_t)&box->own);
    return 2;
}

#endif
