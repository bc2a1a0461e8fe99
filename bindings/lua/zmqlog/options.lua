-- SPDX-License-Identifier: BSD-3-Clause
-- Option tables: every option has a name, a kind, and a function that applies
-- it. A name that is not known and a value of the wrong kind are programming
-- errors and raise; what the library refuses comes back as nil, message, code.
-- Not part of the interface.

local options = {}

local function distance(a, b)
  local row = {}
  for j = 0, #b do
    row[j] = j
  end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and 0 or 1
      local best = math.min(row[j] + 1, row[j - 1] + 1, diagonal + cost)
      diagonal, row[j] = row[j], best
    end
  end
  return row[#b]
end

--- The name in the list that looks most like `word`; nil when none does.
function options.nearest(word, names)
  local best, best_distance = nil, math.max(2, math.floor(#word / 2))
  for _, name in ipairs(names) do
    local d = distance(word:lower(), name:lower())
    if d <= best_distance and (d < best_distance or not best) then
      best, best_distance = name, d
    end
  end
  return best
end

local MAX_SHOWN = 60

-- A value as it may stand in a message. Never fails.
local function shown(value)
  if type(value) == "string" then
    return #value <= MAX_SHOWN and value or value:sub(1, MAX_SHOWN) .. "..."
  elseif type(value) == "number" or type(value) == "boolean" or value == nil then
    return tostring(value)
  end
  return "a " .. type(value)
end

--- The text `no X "word"` with a suggestion.
function options.unknown(what, word, names)
  local near = type(word) == "string" and #word <= MAX_SHOWN
    and options.nearest(word, names)
  local hint = near and (' (did you mean "%s"?)'):format(near) or ""
  return ('%s "%s"%s'):format(what, shown(word), hint)
end

local function is_integer(value)
  return type(value) == "number" and value == math.floor(value)
    and value > -9007199254740993 and value < 9007199254740993
end

local function is_list_of_strings(value)
  if type(value) ~= "table" or getmetatable(value) then
    return false
  end
  for key, item in pairs(value) do
    if type(key) ~= "number" or type(item) ~= "string" then
      return false
    end
  end
  return true
end

local kinds = {
  string = function(value) return type(value) == "string" end,
  boolean = function(value) return type(value) == "boolean" end,
  integer = is_integer,
  table = function(value) return type(value) == "table" end,
  ["string or table"] = function(value)
    return type(value) == "string" or type(value) == "table"
  end,
  ["string or list of strings"] = function(value)
    return type(value) == "string" or is_list_of_strings(value)
  end,
  ["integer or string"] = function(value)
    return type(value) == "string" or is_integer(value)
  end,
  ["light userdata"] = function(value) return type(value) == "userdata" end,
}

--- Raises unless `value` is of the kind; `level` as in error().
function options.expect(kind, value, name, level)
  if not kinds[kind](value) then
    error(("%s must be %s %s, not %s"):format(name,
      kind:find("^[aeiou]") and "an" or "a", kind, type(value)), (level or 1) + 1)
  end
  return value
end

--- The names of a list of options, sorted.
function options.names(spec)
  local names = {}
  for _, option in ipairs(spec) do
    names[#names + 1] = option.name
  end
  table.sort(names)
  return names
end

--- Raises for unknown names and wrong kinds.
-- @param spec list of { name =, kind =, apply = function(raw, value, given) }
function options.check(what, given, spec, level)
  level = (level or 1) + 1
  if type(given) ~= "table" then
    error(("%s wants a table of options, not %s"):format(what, type(given)), level)
  end
  local known = {}
  for _, option in ipairs(spec) do
    known[option.name] = option.kind
  end
  for name, value in pairs(given) do
    if not known[name] then
      error(options.unknown(what .. ": no option", name, options.names(spec)), level)
    end
    options.expect(known[name], value, what .. ": " .. name, level)
  end
end

--- Applies the given options in the order of the list.
function options.apply(raw, given, spec)
  for _, option in ipairs(spec) do
    local value = given[option.name]
    if value ~= nil and option.apply then
      local ok, message, code = option.apply(raw, value, given)
      if not ok then
        return nil, message, code
      end
    end
  end
  return true
end

--- Calls `apply` for a string, or for each of a list of strings.
function options.each(value, apply)
  for _, item in ipairs(type(value) == "table" and value or { value }) do
    local ok, message, code = apply(item)
    if not ok then
      return nil, message, code
    end
  end
  return true
end

--- What applies an option by the setter of that name.
function options.plain(name)
  return function(raw, value) return raw["set_" .. name](raw, value) end
end

--- What applies an option by a call of that name for each of a list.
function options.by_each(name)
  return function(raw, value)
    return options.each(value, function(item) return raw[name](raw, item) end)
  end
end

return options
