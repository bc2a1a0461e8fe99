-- SPDX-License-Identifier: BSD-3-Clause
-- How public objects are made: a table with the raw handle, methods, and
-- properties that can be read and, some, assigned. Not part of the interface.
local native = require "zmqlog.native"
local options = require "zmqlog.options"

local object = {}

local function names_of(properties)
  local names = {}
  for name, property in pairs(properties) do
    if property.set then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  return names
end

--- The metatable of a class.
-- @param class its name in messages, e.g. "zmqlog.handler"
-- @param methods by name
-- @param properties { name = { get = function(self), set = function(self, value) } }
function object.class(class, methods, properties)
  local settable = names_of(properties)

  local function index(self, name)
    local property = properties[name]
    if property then
      return property.get(self)
    end
    return methods[name]
  end

  local function newindex(self, name, value)
    local property = properties[name]
    if not property or not property.set then
      error(options.unknown(class .. ": no property", name, settable), 2)
    end
    local ok, message = property.set(self, value)
    if not ok then
      error(class .. "." .. name .. ": " .. message, 2)
    end
  end

  local function close(self)
    if methods.close then
      methods.close(self)
    end
  end

  local function to_string(self)
    local endpoint = methods.endpoint and methods.endpoint(self)
    return endpoint and ("%s (%s)"):format(class, endpoint) or class
  end

  return {
    __index = next(properties) and index or methods,
    __newindex = newindex,
    __close = close,
    __tostring = to_string,
    __name = class,
  }
end

--- An object of a class around a raw handle.
function object.new(metatable, raw)
  return setmetatable({ [native.RAW] = raw }, metatable)
end

--- Whether a value is an object of this class.
function object.is(metatable, value)
  return type(value) == "table" and getmetatable(value) == metatable
end

return object
