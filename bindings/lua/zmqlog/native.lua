-- SPDX-License-Identifier: BSD-3-Clause
-- The door to the generated layer, `zmqlog.core`: what every other file here
-- uses of it. Public objects keep their raw handle under the key RAW. Not part
-- of the interface.

-- The generated module writes two globals when it loads.
local swig_type = rawget(_G, "swig_type")
local swig_equals = rawget(_G, "swig_equals")
local core = require "zmqlog.core"
rawset(_G, "swig_type", swig_type)
rawset(_G, "swig_equals", swig_equals)

local native = {
  core = core,
  RAW = {},
  -- makes a level method; zmqlog.ffi puts its own here
  method = core.method,
}
local RAW = native.RAW

--- An integer constant of zmqlog.h by name, e.g. "COUNT_SENT"; nil if unknown.
function native.constant(name)
  local value = core.zmqlog_constant(name)
  if value > -2147483648 then
    return value
  end
end

--- The library's words, with the option as it is called here in the place of the
--- function of C.
function native.worded(detail)
  local option, rest = detail:match("^set_([a-z_]+): (.*)")
  if not option then
    return detail
  end
  option = option == "level_name" and "levels" or option
  if rest:sub(1, #option + 1) == option .. " " then
    return rest
  end
  return option .. ": " .. rest
end

--- The default of an option that is a number, by the name that it has here.
function native.default(option)
  return core.zmqlog_handler_default(option)
end

--- Adds the handle's own words to a failed configuration call.
function native.detailed(raw, ok, message, code)
  if ok ~= nil then
    return ok
  end
  if code and code <= core.zmqlog_constant("EINVAL") then
    local detail = raw:errmsg()
    if detail and detail ~= "" then
      message = native.worded(detail)
    end
  end
  return nil, message, code
end

--- nil, message, code for a status.
function native.failure(code, message)
  return nil, message or core.zmqlog_strerror(code), code
end

--- A method that hands its arguments to the raw method of the same name.
function native.forward(name)
  return function(self, ...)
    local raw = self[RAW]
    return native.detailed(raw, raw[name](raw, ...))
  end
end

-- An interpreter looks for Ctrl-C between instructions only, so that no call may
-- wait for long.
local SLICE_MS = 500
local ETIMEDOUT = core.zmqlog_constant("ETIMEDOUT")

local function check_timeout(timeout_ms)
  if type(timeout_ms) ~= "number" or timeout_ms ~= math.floor(timeout_ms)
    or math.abs(timeout_ms) > 2147483647 then
    error("timeout_ms must be an integer, not " .. tostring(timeout_ms), 4)
  end
  return timeout_ms
end

--- Calls `wait(raw, argument, ms)` in slices until it answers something else than
--- ETIMEDOUT or the time is over; timeout_ms nil or negative: no limit.
function native.patiently(wait, raw, argument, timeout_ms)
  local left = timeout_ms == nil and -1 or check_timeout(timeout_ms)
  while true do
    local slice = (left < 0 or left > SLICE_MS) and SLICE_MS or left
    local ok, message, code = wait(raw, argument, slice)
    if ok or code ~= ETIMEDOUT or left == slice then
      return ok, message, code
    end
    left = left < 0 and left or left - slice
  end
end

--- Reads a counter by name ("sent", "dropped_queue", ...).
function native.count(self, name)
  local which = type(name) == "string" and native.constant("COUNT_" .. name:upper())
  local value = which and self[RAW]:count(which)
  if not value or value < 0 then
    error(('no counter "%s" here'):format(tostring(name)), 2)
  end
  return value
end

--- The endpoint number `index`, from 1 (the default), with its real port; nil
--- past the end.
function native.endpoint(self, index)
  return self[RAW]:endpoint((index or 1) - 1)
end

return native
