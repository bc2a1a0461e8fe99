-- SPDX-License-Identifier: BSD-3-Clause
-- string.format for log calls: on every Lua `%s` takes any value, a plain table is shown
-- as JSON, and a format that does not fit its arguments is shown with the reason. Knows
-- nothing of levels and topics. Not part of the interface.
local guard = require "zmqlog.guard"
local json = require "zmqlog.json"

local select, tostring, type = select, tostring, type
local unpack = table.unpack or unpack

local format = {}

-- Before 5.2 `%s` took strings and numbers only.
local is_strict = not pcall(string.format, "%s", {})

local function is_plain_table(value)
  return type(value) == "table" and not getmetatable(value)
end

--- Whether the format has a %s or %q for its argument number `count`. A conversion with
-- a space does not count: "100% sure" is no format.
function format.shows(text, count)
  local found = 0
  for conversion in text:gmatch("%%[-+#0]*%d*%.?%d*([%a%%])") do
    if conversion ~= "%" then
      found = found + 1
      if found == count then
        return conversion == "s" or conversion == "q"
      end
    end
  end
  return false
end

local function needs_help(count, ...)
  for i = 1, count do
    local value = (select(i, ...))
    if is_plain_table(value) or is_strict and type(value) ~= "string"
      and type(value) ~= "number" then
      return true
    end
  end
  return false
end

local function helped(count, ...)
  local arguments = { ... }
  for i = 1, count do
    local value = arguments[i]
    if is_plain_table(value) then
      arguments[i] = json.encode(value)
    elseif is_strict and type(value) ~= "number" then
      arguments[i] = tostring(value)
    end
  end
  return unpack(arguments, 1, count)
end

local function formatted(text, ok, result)
  if ok then
    return result
  end
  return ("%s [%s]"):format(text, (tostring(result):gsub("^.*guard%.lua:%d+: ", "")))
end

--- The text. Arguments after `count`, the fields, do no harm: no conversion asks for
-- them.
function format.text(text, count, ...)
  if needs_help(count, ...) then
    return formatted(text, guard.call(string.format, text, helped(count, ...)))
  end
  return formatted(text, guard.call(string.format, text, ...))
end

return format
