-- SPDX-License-Identifier: BSD-3-Clause
-- Errors as data: zmqlog.exception(err). Knows nothing of log calls. Not part of the
-- interface by this name.
local exception = {}

local class = { __name = "zmqlog.exception" }

-- The name of what was raised: a field of its own, its class's, or Lua's type.
local function class_of(err)
  if type(err) ~= "table" then
    return type(err)
  end
  local metatable = getmetatable(err)
  local name = rawget(err, "class") or rawget(err, "name")
    or type(metatable) == "table" and metatable.__name
  return type(name) == "string" and name or "table"
end

local function lines_of(traceback)
  local lines = {}
  for line in traceback:gmatch("\n%s*([^\n]+)") do
    lines[#lines + 1] = line
  end
  return lines
end

--- An error as a text or a field of a log call: class, message and backtrace in styles
--- that show fields, else message and traceback as text. Also a handler for xpcall:
--- `local ok, err = xpcall(work, zmqlog.exception); log:error(err)`.
function exception.new(err)
  if getmetatable(err) == class then
    return err
  end
  local told, message = pcall(tostring, err)
  return setmetatable({ class = class_of(err), message = told and message or "?",
                        backtrace = lines_of(debug.traceback("", 2)) }, class)
end

function class:__tostring()
  return self.message .. "\nstack traceback:\n\t"
    .. table.concat(self.backtrace, "\n\t")
end

--- Whether a value is one.
function exception.is(value)
  return getmetatable(value) == class
end

--- As a plain table, for a field.
function exception.data(value)
  return { class = value.class, message = value.message, backtrace = value.backtrace }
end

return exception
