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

-- The library the C module has loaded already, by its name on every system.
local library = ffi.load("libzmqlog.so.1")
local type, select = type, select

local function failed(status)
  return nil, ffi.string(library.zmqlog_strerror(status)), status
end

-- Written at each call: without a write that may concern it, a compiled loop would
-- read the gate once and never again.
local visits = ffi.new("uint8_t[1]")

-- Upvalues that never change are constants in a trace. `general` keeps `raw`
-- alive, and with it handle and gate. Only when another object's finalizer logs
-- after ours has run is the memory behind them gone: `alive`, which is part of
-- `raw` itself, tells.
local function new_method(log, handle, alive, gate, level, general, always_general)
  return function(_, text, ...)
    visits[0] = visits[0] + 1
    if alive[0] ~= 0 then
      if gate[level] == 0 then
        return true
      end
      if type(text) == "string" and not always_general and select("#", ...) == 0 then
        local status = log(handle, level, text, #text)
        if status == 0 then
          return true
        end
        return failed(status)
      end
    end
    return general(level, text, ...)
  end
end

local function pointer(type_name, address)
  return ffi.cast(type_name, ffi.cast("uintptr_t", address))
end

function native.method(raw, level, general, always_general, owner)
  local handle, alive = native.core.addresses(raw)
  local log, type_name = library.zmqlog_logger_log, "zmqlog_logger *"
  if raw == owner then
    log, type_name = library.zmqlog_handler_log, "zmqlog_handler *"
  end
  return new_method(log, pointer(type_name, handle), pointer("const int *", alive),
    pointer("const uint8_t *", owner:gate()), level, general, always_general)
end

return require "zmqlog"
