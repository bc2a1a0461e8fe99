-- SPDX-License-Identifier: BSD-3-Clause
--- An appender for LuaLogging, 1.3 and later:
--
--   local logger = require("zmqlog.appender"){
--     bind = "tcp://127.0.0.1:5556", root_topic = "myprogram" }
--   logger:info("hello there")
--
-- Takes the options of zmqlog.handler and LuaLogging's logLevel, logPattern,
-- logPatterns and timestampPattern; or `handler`, a handler that is open already.
-- Without a pattern the message goes out as it is: level, topic and time travel
-- apart from it. `topic` is the subtopic of all its records. With `scan` a "::" in
-- the message ends a subtopic; otherwise messages, whose arguments have been
-- formatted in by then, are never scanned. FATAL is published as CRITICAL.
--
-- Returns the logger, or nil, message, code. logger.handler is the handler;
-- logger:destroy() closes it unless it was given. require "logging.zmqlog" works
-- as well, so LuaLogging finds it by the name "zmqlog".
local logging = require "logging"
local handler_module = require "zmqlog.handler"
local options = require "zmqlog.options"

local levels = { DEBUG = 10, INFO = 20, WARN = 30, ERROR = 40, FATAL = 50 }

local own = { handler = "table", name = "string", topic = "string", scan = "boolean",
              logLevel = "string", logPattern = "string", logPatterns = "table",
              timestampPattern = "string" }

-- Splits what is ours from the options of zmqlog.handler. LuaLogging's settings
-- from the environment are looked up by name: going through them finds only few.
-- There all values are strings.
local function divide(given)
  local mine, rest = {}, {}
  for name, kind in pairs(own) do
    mine[name] = given[name]
    if mine[name] ~= nil then
      options.expect(kind, mine[name], "zmqlog.appender: " .. name, 3)
    end
  end
  for name, kind in pairs(handler_module.option_kinds()) do
    local value = given[name]
    if type(value) == "string" and kind:find("integer", 1, true) then
      value = tonumber(value) or value
    end
    rest[name] = value
  end
  for name, value in pairs(given) do
    if not own[name] and name ~= "logger" and rest[name] == nil then
      rest[name] = value
    end
  end
  return mine, rest
end

-- What LuaLogging fills in when the environment names no pattern.
local DEFAULT_PATTERN = "%date %level %message\n"

-- A pattern for every level, or nothing; 1.3 has no buildLogPatterns.
local function patterns_of(mine, is_environment)
  if is_environment and mine.logPattern == DEFAULT_PATTERN then
    mine.logPattern, mine.logPatterns = nil, nil
  end
  if not mine.logPattern and not mine.logPatterns then
    return nil
  end
  local patterns = {}
  for level in pairs(levels) do
    patterns[level] = mine.logPatterns and mine.logPatterns[level] or mine.logPattern
  end
  return patterns
end

local function timestamp(pattern)
  if logging.date then
    return logging.date(pattern)
  end
  return os.date(pattern)
end

local function new_logger(append, level)
  local first = level
  if not first and logging.defaultLevel then
    first = logging.defaultLevel()
  end
  local logger = logging.new(append, first)
  if logger and first and logger.level ~= first then -- 1.3 always starts at DEBUG
    logger.level = nil
    logger:setLevel(first)
  end
  return logger
end

local appender = {}

--- appender.new(options), the same as appender(options).
function appender.new(given)
  options.expect("table", given, "zmqlog.appender: options", 2)
  local mine, rest = divide(given)
  if mine.logLevel and not levels[mine.logLevel] and mine.logLevel ~= "OFF" then
    error(options.unknown("zmqlog.appender: no logLevel", mine.logLevel,
      { "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF" }), 2)
  end
  local handler = mine.handler
  if handler and next(rest) then
    error("zmqlog.appender: options of the handler do not go with `handler`", 2)
  elseif not handler then
    local message, code
    handler, message, code = handler_module.new(rest, 2)
    if not handler then
      return nil, message, code
    end
  end
  local log, message, code = handler:logger(mine.name or "", { topic = mine.topic })
  if not log then
    return nil, message, code
  end
  local patterns, time_pattern = patterns_of(mine, getmetatable(given) ~= nil),
    mine.timestampPattern
  if not time_pattern and logging.defaultTimestampPattern then
    time_pattern = logging.defaultTimestampPattern()
  end
  local prepare, scan = logging.prepareLogMsg, mine.scan

  -- LuaLogging counts stack frames from here for %source: prepare is called in
  -- this function, not in one that it calls.
  local logger = new_logger(function(_, level, text)
    local pattern = patterns and patterns[level]
    if pattern then
      text = prepare(pattern, timestamp(time_pattern), level, text)
    end
    if scan then
      return log:log(levels[level], text)
    end
    return log:log_topic(levels[level], "", text)
  end, mine.logLevel)

  rawset(logger, "handler", handler)
  rawset(logger, "destroy", function(_, timeout_ms)
    if mine.handler then
      return handler:flush(timeout_ms)
    end
    return handler:close(timeout_ms)
  end)
  return logger
end

setmetatable(appender, { __call = function(_, ...) return appender.new(...) end })
logging.zmqlog = appender
return appender
