-- SPDX-License-Identifier: BSD-3-Clause
-- For LuaJIT: `require "zmqlog.ffi"` instead of `require "zmqlog"` gives the
-- same module. Handlers and loggers made afterwards test their gate in the
-- compiled trace, without a call, and log plain texts through the FFI.
local ffi = require "ffi"

-- Interpreted, the FFI is slower than a C function.
if not jit.status() then
  return require "zmqlog"
end

local native = require "zmqlog.native"

ffi.cdef [[
typedef struct zmqlog_handler zmqlog_handler;
typedef struct zmqlog_logger zmqlog_logger;
int zmqlog_handler_log(zmqlog_handler *handler, int level, const char *text,
                       size_t text_len);
int zmqlog_logger_log(zmqlog_logger *logger, int level, const char *text,
                      size_t text_len);
const char *zmqlog_strerror(int status);
]]

-- What a level method looks at, in one piece: a compiled loop fetches and checks each
-- upvalue of a method anew at every call. `alive` and `handle` are parts of the raw
-- object; `plain` is 0 when every call is general.
local method_state = ffi.typeof [[
  struct { const uint8_t *gate; const int *alive; void *handle;
           int level; uint8_t plain, visits; }
]]

-- The library the C module has loaded already, by its name on every system.
local library = ffi.load("libzmqlog.so.1")
local error, type, select = error, type, select

local function failed(status)
  return nil, ffi.string(library.zmqlog_strerror(status)), status
end

-- `general` keeps the raw object alive, and with it handle and gate. Only when another
-- object's finalizer logs after ours has run is the memory behind them gone: `alive`
-- tells. `visits` is written at each call: without a write that may concern it, a
-- compiled loop would read the gate once and never again.
local contexts = ffi.cast("const int *",
  ffi.cast("uintptr_t", native.core.contexts_address()))

local function new_method(log, state, general)
  return function(self, text, ...)
    if type(self) ~= "table" then
      error("call log methods with a colon: log:info(text), not log.info(text)", 2)
    end
    state.visits = state.visits + 1
    if state.alive[0] ~= 0 then
      if state.gate[0] == 0 then
        return true
      end
      if state.plain ~= 0 and contexts[0] == 0 and type(text) == "string" and select("#", ...) == 0 then
        local status = log(state.handle, state.level, text, #text)
        if status == 0 then
          return true
        end
        return failed(status)
      end
    end
    return general(state.level, text, ...)
  end
end

local function pointer(type_name, address)
  return ffi.cast(type_name, ffi.cast("uintptr_t", address))
end

function native.method(raw, level, general, always_general, owner)
  local handle, alive = native.core.addresses(raw)
  local state = method_state()
  state.gate = pointer("const uint8_t *", owner:gate()) + level
  state.alive = pointer("const int *", alive)
  state.handle = pointer("void *", handle)
  state.level = level
  state.plain = always_general and 0 or 1
  local log = raw == owner and library.zmqlog_handler_log or library.zmqlog_logger_log
  return new_method(log, state, general)
end

return require "zmqlog"
