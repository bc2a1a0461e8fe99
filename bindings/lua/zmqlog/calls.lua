-- SPDX-License-Identifier: BSD-3-Clause
-- Log calls, for handlers and loggers alike: the level methods, formatting,
-- fields, source. They never raise: true, or nil, message, code. A call whose
-- gate is closed does not get here. Not part of the interface.
local native = require "zmqlog.native"
local options = require "zmqlog.options"
local fields = require "zmqlog.fields"
local context = require "zmqlog.context"
local exception = require "zmqlog.exception"
local format = require "zmqlog.format"
local guard = require "zmqlog.guard"

local core, RAW = native.core, native.RAW
local EINVAL = native.constant "EINVAL"

local calls = {}

--- The methods every object has, and their levels.
calls.names = {
  debug = 10, info = 20, warn = 30, warning = 30, error = 40, critical = 50, fatal = 50,
}

local function functions_of(raw, names)
  local verbs = {}
  for _, name in ipairs(names) do
    verbs[name] = raw[name]
  end
  return verbs
end

-- The functions of raw objects, looked up once: that costs more than calling them.
local record_verbs = functions_of(core.Record(), { "clear", "set_level", "set_subtopic",
  "set_text", "set_source", "set_field_string", "set_field_bool", "set_field_int",
  "set_field_double", "set_field_json" })
local VERBS = { "level", "split", "log", "log_topic", "log_record" }
local handler_verbs, logger_verbs

local function verbs_of(raw, is_handler)
  if is_handler then
    handler_verbs = handler_verbs or functions_of(raw, VERBS)
    return handler_verbs
  end
  logger_verbs = logger_verbs or functions_of(raw, VERBS)
  return logger_verbs
end

-- Records are filled and logged within one call, so one is enough; a call that
-- comes from within another (a __tostring that logs) gets a fresh one.
local spare

local function take_record()
  local record = spare or core.Record()
  spare = nil
  if record then
    record_verbs.clear(record)
  end
  return record
end

-- Level 0 is what the library refuses and counts as REFUSED.
local function refuse(voice, message)
  voice.verbs.log(voice.raw, 0, "")
  return nil, message, EINVAL
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
      record_verbs.set_source(record, file, info.currentline, info.name)
      return
    end
  end
end

local function log_record(voice, level, subtopic, text, given)
  local record = take_record()
  if not record then
    return voice.verbs.log_topic(voice.raw, level, subtopic, text)
  end
  record_verbs.set_level(record, level)
  record_verbs.set_subtopic(record, subtopic)
  record_verbs.set_text(record, text)
  if given then
    fields.fill(record_verbs, record, given)
  end
  if voice.source then
    set_source(record)
  end
  local ok, message, code = voice.verbs.log_record(voice.raw, record)
  spare = record
  if ok then
    return true
  end
  return nil, message, code
end

local function split(voice, level, text, has_arguments)
  local length, start = voice.verbs.split(voice.raw, level, text)
  if length == 0 then
    return "", start > 0 and text:sub(start + 1) or text
  elseif has_arguments and text:sub(1, length):find("%", 1, true) then
    return "", text
  end
  return text:sub(1, length), text:sub(start + 1)
end

local function as_text(text, ...)
  local kind = type(text)
  if kind == "function" then
    return as_text((text(...)))
  elseif text == nil then
    error("no text; call it with a colon, as in log:info(\"text\")", 0)
  end
  return kind == "string" and text or tostring(text)
end

-- The fields of a call: its last argument, when that is a plain table for which the
-- format has no place.
local function take_fields(count, text, ...)
  local last = count > 0 and (select(count, ...)) or nil
  if type(last) == "table" and not getmetatable(last)
    and not (type(text) == "string" and format.shows(text, count)) then
    return last, count - 1
  end
  return nil, count
end

-- Whether messages of a level show fields, by raw handler.
local shown = setmetatable({}, { __mode = "k" })

--- Notes a style of all levels (0) or of one.
function calls.note_style(owner, level, style)
  local shows = style == "json" or style == "logfmt" or style:find("%(fields)", 1, true)
  if level == 0 or not shown[owner] then
    shown[owner] = { [0] = false }
  end
  shown[owner][level] = shows and true or false
end

local function shows_fields(voice, level)
  local styles = shown[voice.owner]
  if not styles then
    return false
  elseif styles[level] ~= nil then
    return styles[level]
  end
  return styles[0]
end

-- An exception that is logged is a field, where fields are shown.
local function with_exception(voice, level, text, given)
  if not exception.is(text) or not shows_fields(voice, level) then
    return text, given
  end
  local fields = { exception = exception.data(text) }
  return text.message, context.merge({ fields = fields }, given)
end

-- subtopic nil: look for the delimiter.
local function speak(voice, level, subtopic, count, text, ...)
  local verbs, raw = voice.verbs, voice.raw
  if verbs.level(raw) > level then
    return true
  end
  local given
  given, count = take_fields(count, text, ...)
  local state = context.current()
  if state then
    given = context.merge(state, given)
  end
  if type(text) ~= "string" then
    if exception.is(text) then
      subtopic = subtopic or ""
      text, given = with_exception(voice, level, text, given)
    end
    text, count = as_text(text, ...), 0
  end
  if subtopic == nil and (count > 0 or given or voice.source) then
    subtopic, text = split(voice, level, text, count > 0)
  end
  if count > 0 then
    text = format.text(text, count, ...)
  end
  if given or voice.source then
    subtopic = state and context.join(state, subtopic) or subtopic
    local ok, message, code = log_record(voice, level, subtopic, text, given)
    return ok, message, code -- guard.lua: a call that is no tail call proves more
  elseif subtopic then
    return verbs.log_topic(raw, level, subtopic, text)
  end
  return verbs.log(raw, level, text)
end

local function guarded(voice, ok, ...)
  if ok then
    return ...
  end
  local told, message = guard.call(tostring, (...))
  return refuse(voice, told and message or "an error that cannot be told")
end

local function say(voice, level, subtopic, ...)
  local count = select("#", ...) - 1
  return guarded(voice,
    guard.call(speak, voice, level, subtopic, count > 0 and count or 0, ...))
end

local function new_method(voice, level)
  local function general(number, ...)
    return say(voice, number, nil, ...)
  end
  local method = native.method(voice.raw, level, general, voice.source, voice.owner)
  voice.by_level[level] = method
  return method
end

local key = {}

--- Gives a public object its level methods.
-- @param owner the raw handler whose gate counts
-- @param names { name in lower case = number }, of all levels
-- @param methods the same, of those that become methods
-- @param source whether records tell where they come from
function calls.attach(object, owner, names, methods, source)
  local raw = object[RAW]
  local voice = { raw = raw, verbs = verbs_of(raw, raw == owner), owner = owner,
                  names = names, methods = methods, source = source, by_level = {} }
  rawset(object, key, voice)
  for name, level in pairs(methods) do
    rawset(object, name, voice.by_level[level] or new_method(voice, level))
  end
end

--- What attach() was given.
function calls.settings(object)
  return object[key]
end

-- Looking for the nearest name is slow; a program that gets one wrong does so
-- again and again.
local last_names, last_wrong, last_message

local function no_level(names, level)
  if names ~= last_names or level ~= last_wrong then
    last_names, last_wrong = names, level
    last_message = options.unknown("no level", level, calls.level_names(names))
  end
  return last_message
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
  return nil, no_level(names, level)
end

--- `names` and those of the option `levels`; raises for what is none.
function calls.names_with(what, names, levels, level)
  local all = {}
  for name, number in pairs(names) do
    all[name] = number
  end
  for name, number in pairs(levels or {}) do
    if type(name) ~= "string" or type(number) ~= "number" then
      error(what .. ": levels wants names and numbers, as in { TRACE = 5 }", level + 1)
    end
    all[name:lower()] = number
  end
  return all
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

local function voice_of(self)
  local voice = type(self) == "table" and rawget(self, key)
  return voice or error("call log methods with a colon: log:log(level, text)", 3)
end

--- log:log(level, text, ...) logs at a level given by number or name.
function methods:log(level, ...)
  local voice = voice_of(self)
  local number, message = calls.level(voice.names, level)
  if not number then
    return refuse(voice, message)
  end
  local method = voice.by_level[number] or new_method(voice, number)
  return method(self, ...)
end

--- log:log_topic(level, subtopic, text, ...): the text is never scanned.
function methods:log_topic(level, subtopic, ...)
  local voice = voice_of(self)
  local number, message = calls.level(voice.names, level)
  if not number then
    return refuse(voice, message)
  elseif not core.gate_open(voice.owner, number) then
    return true
  elseif type(subtopic) ~= "string" then
    return refuse(voice, "the subtopic must be a string, not " .. type(subtopic))
  end
  return say(voice, number, subtopic, ...)
end

--- log:context(fields, body, ...): all that is logged while body(...) runs, whichever
--- object logs, has these fields, and `fields.topic` before the call's own subtopic.
--- Contexts nest; each coroutine has its own. Returns what body returns. Since 1.1.
function methods:context(given, body, ...)
  voice_of(self)
  return context.run(given, body, ...)
end

--- log:enabled(level): whether a record of that level would be taken now.
function methods:enabled(level)
  local number = calls.level(voice_of(self).names, level)
  return number ~= nil and self[RAW]:enabled(number) == 1
end

return calls
