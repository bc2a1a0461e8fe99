-- SPDX-License-Identifier: BSD-3-Clause
-- Lua values as fields of raw records and loggers. Not part of the interface.
local exception = require "zmqlog.exception"
local json = require "zmqlog.json"

local fields = {}

local EXACT = 9007199254740992 -- 2^53

local function is_integer(value)
  if math.type then
    return math.type(value) == "integer"
  end
  return value == math.floor(value) and value >= -EXACT and value <= EXACT
end

local setters = {
  string = function(verbs, raw, key, value)
    return verbs.set_field_string(raw, key, value)
  end,
  boolean = function(verbs, raw, key, value)
    return verbs.set_field_bool(raw, key, value and 1 or 0)
  end,
  number = function(verbs, raw, key, value)
    if is_integer(value) then
      return verbs.set_field_int(raw, key, value)
    end
    return verbs.set_field_double(raw, key, value)
  end,
  table = function(verbs, raw, key, value)
    if exception.is(value) then
      return verbs.set_field_json(raw, key, json.encode(exception.data(value)))
    elseif getmetatable(value) and value ~= json.null then
      return verbs.set_field_string(raw, key, tostring(value))
    end
    return verbs.set_field_json(raw, key, json.encode(value))
  end,
  other = function(verbs, raw, key, value)
    return verbs.set_field_string(raw, key, tostring(value))
  end,
}

local function set_one(verbs, raw, key, value)
  local set = setters[type(value)] or setters.other
  local ok, message, code = set(verbs, raw, key, value)
  return ok, message, code
end

-- Keys as strings, sorted, and the key each of them was.
local function keys_of(given)
  local keys, originals = {}, {}
  for original in pairs(given) do
    local key = tostring(original):gsub("%z", "?")
    keys[#keys + 1] = key
    originals[key] = original
  end
  if keys[2] then
    table.sort(keys)
  end
  return keys, originals
end

--- Sets fields in the order of their keys.
-- @param verbs the raw object's functions, set_field_string and so on
-- @param failed (key, message): called for a field that is refused; without it
--   the first one ends the work
-- @return true, or nil, message, code
function fields.set(verbs, raw, given, failed)
  local keys, originals = keys_of(given)
  for _, key in ipairs(keys) do
    local ok, message, code = set_one(verbs, raw, key, given[originals[key]])
    if not ok then
      if not failed then
        return nil, message, code
      end
      failed(key, message)
    end
  end
  return true
end

--- Fills a record; a field that is refused leaves word of that in its place.
function fields.fill(verbs, record, given)
  fields.set(verbs, record, given, function(key, message)
    local word = "(" .. message .. ")"
    if not verbs.set_field_string(record, key, word) then
      verbs.set_field_string(record, "!BADKEY", word)
    end
  end)
end

return fields
