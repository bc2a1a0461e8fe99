-- SPDX-License-Identifier: BSD-3-Clause
-- Log calls, for handlers and loggers alike: the level methods, formatting,
-- fields, source. They never raise: true, or nil, message, code. A call whose
-- gate is closed does not get here. Not part of the interface.
local native = require "zmqlog.native"
local options = require "zmqlog.options"
local json = require "zmqlog.json"

local core, RAW = native.core, native.RAW
local EINVAL = native.constant "EINVAL"
local unpack = table.unpack or unpack

local calls = {}

--- The methods every object has, and their levels.
calls.names = {
  debug = 10, info = 20, warn = 30, warning = 30, error = 40, critical = 50, fatal = 50,
}

-- Records are filled and logged within one call, so one is enough; a call that
-- comes from within another (a __tostring that logs) gets a fresh one.
local spare

local function take_record()
  local record = spare or core.Record()
  spare = nil
  if record then
    record:clear()
  end
  return record
end

-- Level 0 is what the library refuses and counts as REFUSED.
local function refuse(raw, message)
  raw:log(0, "")
  return nil, message, EINVAL
end

local setters = {
  string = function(raw, key, value) return raw:set_field_string(key, value) end,
  boolean = function(raw, key, value) return raw:set_field_bool(key, value and 1 or 0) end,
  number = function(raw, key, value)
    local whole = math.type and math.type(value) == "integer"
      or not math.type and value == math.floor(value)
        and value >= -9007199254740992 and value <= 9007199254740992
    if whole then
      return raw:set_field_int(key, value)
    end
    return raw:set_field_double(key, value)
  end,
  table = function(raw, key, value)
    if getmetatable(value) and value ~= json.null then
      return raw:set_field_string(key, tostring(value))
    end
    return raw:set_field_json(key, json.encode(value))
  end,
}

--- Sets one field of a raw record or logger: true, or nil, message, code.
function calls.set_field(raw, key, value)
  local set = setters[type(value)]
  if set then
    return set(raw, key, value)
  end
  return raw:set_field_string(key, tostring(value))
end

--- Sets fields in the order of their keys. `failed(key, message, code)` is
--- called for one that is refused; what it returns, if anything, ends the loop.
function calls.set_fields(raw, fields, failed)
  local keys = {}
  for key in pairs(fields) do
    keys[#keys + 1] = tostring(key)
  end
  table.sort(keys)
  for _, key in ipairs(keys) do
    local value = fields[key]
    if value == nil then
      value = fields[tonumber(key)]
    end
    local ok, message, code = calls.set_field(raw, key, value)
    if not ok then
      local ended = failed(key, message, code)
      if ended ~= nil then
        return nil, message, code
      end
    end
  end
  return true
end

-- Where the program called: the first Lua function outside of these files.
local own_directory = debug.getinfo(1, "S").source:match("^(.*)calls%.lua$") or "\n"

local function set_source(record)
  for level = 3, 12 do
    local info = debug.getinfo(level, "Sln")
    if not info then
      return
    end
    local file = info.source:match("^[@=](.*)") or info.short_src
    if info.what ~= "C" and info.currentline > 0
      and info.source:sub(1, #own_directory) ~= own_directory then
      record:set_source(file, info.currentline, info.name)
      return
    end
  end
end

-- A field that is refused leaves word of that in its place.
local function fill_fields(record, fields)
  calls.set_fields(record, fields, function(key, message)
    pcall(record.set_field_string, record, key, "(" .. message .. ")")
  end)
end

local function log_record(raw, level, subtopic, text, fields, source)
  local record = take_record()
  if not record then
    return raw:log_topic(level, subtopic, text)
  end
  record:set_level(level)
  record:set_subtopic(subtopic)
  record:set_text(text)
  if fields then
    fill_fields(record, fields)
  end
  if source then
    set_source(record)
  end
  local ok, message, code = raw:log_record(record)
  spare = record
  if ok then
    return true
  end
  return nil, message, code
end

-- Before 5.2 `%s` took strings and numbers only.
local strict_format = not pcall(string.format, "%s", {})

local function format(text, count, ...)
  local arguments = { ... }
  if strict_format then
    for i = 1, count do
      local kind = type(arguments[i])
      if kind ~= "string" and kind ~= "number" then
        arguments[i] = tostring(arguments[i])
      end
    end
  end
  local ok, result = pcall(string.format, text, unpack(arguments, 1, count))
  if ok then
    return result
  end
  return ("%s [%s]"):format(text, result)
end

local function split(raw, level, text, formatted)
  local length, start = raw:split(level, text)
  if length == 0 or formatted and text:sub(1, length):find("%", 1, true) then
    return "", length == 0 and start > 0 and text:sub(start + 1) or text
  end
  return text:sub(1, length), text:sub(start + 1)
end

local function as_text(text, count, ...)
  if type(text) == "function" then
    return as_text(text(...), 0), 0
  elseif text == nil then
    error("no text; call it with a colon, as in log:info(\"text\")", 0)
  elseif type(text) == "string" then
    return text, count
  end
  return tostring(text), count
end

-- The fields of a call: its last argument, when that is a plain table.
local function take_fields(count, ...)
  local last = count > 0 and (select(count, ...)) or nil
  if type(last) == "table" and not getmetatable(last) then
    return last, count - 1
  end
  return nil, count
end

-- subtopic nil: look for the delimiter.
local function speak(raw, source, level, subtopic, count, text, ...)
  if raw:level() > level then
    return true
  end
  local fields
  fields, count = take_fields(count, ...)
  text, count = as_text(text, count, ...)
  if subtopic == nil and (count > 0 or fields or source) then
    subtopic, text = split(raw, level, text, count > 0)
  end
  if count > 0 then
    text = format(text, count, ...)
  end
  if fields or source then
    return log_record(raw, level, subtopic, text, fields, source)
  elseif subtopic then
    return raw:log_topic(level, subtopic, text)
  end
  return raw:log(level, text)
end

local function guarded(raw, ok, ...)
  if ok then
    return ...
  end
  local told, message = pcall(tostring, (...))
  return refuse(raw, told and message or "an error that cannot be told")
end

local function say(raw, source, level, subtopic, ...)
  return guarded(raw, pcall(speak, raw, source, level, subtopic,
    math.max(select("#", ...) - 1, 0), ...))
end

local function new_method(settings, level)
  local raw, source = settings.raw, settings.source
  local function general(number, ...)
    return say(raw, source, number, nil, ...)
  end
  local method = native.method(raw, level, general, source, settings.owner)
  settings.by_level[level] = method
  return method
end

local key = {}

--- Gives a public object its level methods.
-- @param owner the raw handler whose gate counts
-- @param names { name in lower case = number }, of all levels
-- @param methods the same, of those that become methods
-- @param source whether records tell where they come from
function calls.attach(object, owner, names, methods, source)
  local settings = { raw = object[RAW], owner = owner, names = names, methods = methods,
                     source = source, by_level = {} }
  rawset(object, key, settings)
  for name, level in pairs(methods) do
    rawset(object, name, settings.by_level[level] or new_method(settings, level))
  end
end

--- What attach() was given.
function calls.settings(object)
  return object[key]
end

--- Number of a level given as number or name (the five, their aliases, names
--- that were set); nil and a message.
function calls.level(names, level)
  if type(level) == "number" then
    if level >= 1 and level <= 63 and level == math.floor(level) then
      return math.floor(level)
    end
  elseif type(level) == "string" and not level:find("\0", 1, true) then
    local number = names[level:lower()] or core.zmqlog_level_number(level)
    if number > 0 then
      return number
    end
  end
  return nil, options.unknown("no level", level, calls.level_names(names))
end

function calls.level_names(names)
  local list = {}
  for name in pairs(names) do
    list[#list + 1] = name
  end
  table.sort(list)
  return list
end

local methods = {}
--- What handlers and loggers have in common.
calls.methods = methods

--- log:log(level, text, ...) logs at a level given by number or name.
function methods:log(level, ...)
  local settings = self[key]
  local number, message = calls.level(settings.names, level)
  if not number then
    return refuse(settings.raw, message)
  end
  local method = settings.by_level[number] or new_method(settings, number)
  return method(self, ...)
end

--- log:log_topic(level, subtopic, text, ...): the text is never scanned.
function methods:log_topic(level, subtopic, ...)
  local settings = self[key]
  local number, message = calls.level(settings.names, level)
  if not number then
    return refuse(settings.raw, message)
  elseif not core.gate_open(settings.owner, number) then
    return true
  elseif type(subtopic) ~= "string" then
    return refuse(settings.raw, "the subtopic must be a string, not " .. type(subtopic))
  end
  return say(settings.raw, settings.source, number, subtopic, ...)
end

--- log:enabled(level): whether a record of that level would be taken now.
function methods:enabled(level)
  local number = calls.level(self[key].names, level)
  return number ~= nil and self[RAW]:enabled(number) == 1
end

return calls
