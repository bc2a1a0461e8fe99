-- SPDX-License-Identifier: BSD-3-Clause
-- The appender for LuaLogging, whichever version is installed.
local check = require "check"
local found, logging = pcall(require, "logging")
if not found then
  check.skip("LuaLogging is not there")
end
local zmqlog = check.zmqlog
local appender = require "zmqlog.appender"
local eq, test = check.eq, check.test

local function marry(given)
  given.bind = "tcp://127.0.0.1:*"
  given.root_topic = "app"
  given.hold_ms = 0
  local logger = check.ok(appender(given))
  local sub = check.ok(zmqlog.subscriber{ connect = logger.handler:endpoint() })
  check.ok(logger.handler:wait_subscriber(nil, check.DEADLINE_MS))
  return logger, sub
end

test("every level arrives under its name", function()
  local logger, sub = marry{}
  for _, name in ipairs{ "debug", "info", "warn", "error", "fatal" } do
    logger[name](logger, name)
  end
  for _, pair in ipairs{ { "DEBUG", "debug" }, { "INFO", "info" }, { "WARN", "warn" },
                         { "ERROR", "error" }, { "CRITICAL", "fatal" } } do
    check.arrives(sub, "app." .. pair[1], pair[2])
  end
end)

test("a call answers true, and nil with words after close", function()
  local logger = marry{}
  eq(logger:info("x"), true)
  check.ok(logger:destroy())
  local ok, message = logger:info("x")
  eq(ok, nil)
  eq(type(message), "string")
end)

test("messages are formatted by LuaLogging and never scanned", function()
  local logger, sub = marry{ topic = "net" }
  logger:info("%s::%d", "fe80", 1)
  logger:warn("std::vector")
  logger:error({ a = 1 })
  check.arrives(sub, "app.INFO.net", "fe80::1")
  check.arrives(sub, "app.WARN.net", "std::vector")
  check.arrives(sub, "app.ERROR.net", "{a = 1}")
end)

test("unless told to scan", function()
  local logger, sub = marry{ scan = true }
  logger:info("db::x")
  check.arrives(sub, "app.INFO.db", "x")
end)

-- LuaLogging passes its settings from the environment as an object that looks each of
-- them up, as strings, with a default pattern of its own.
test("settings from the environment are taken as documented", function()
  local settings = { bind = "tcp://127.0.0.1:*", hold_ms = "300", level = "20",
                     root_topic = "app", logPattern = "%date %level %message\n" }
  local given = setmetatable({}, { __index = settings })
  local logger = check.ok(appender(given))
  local sub = check.ok(zmqlog.subscriber{ connect = logger.handler:endpoint() })
  check.ok(logger.handler:wait_subscriber(nil, check.DEADLINE_MS))
  eq(logger.handler.level, 20)
  logger:info("bare")
  check.arrives(sub, "app.INFO", "bare")
end)

test("patterns apply, for one level or all", function()
  local logger, sub = marry{ logPattern = "<%level> %message",
    logPatterns = { ERROR = "%message!" } }
  logger:info("x")
  logger:error("x")
  check.arrives(sub, "app.INFO", "<INFO> x")
  check.arrives(sub, "app.ERROR", "x!")
end)

test("the time pattern shows in patterns", function()
  local logger, sub = marry{ logPattern = "%date %message", timestampPattern = "%Y" }
  logger:info("x")
  check.matches(check.next(sub).text, "^%d%d%d%d x$")
end)

test("logLevel decides, and saying so is no record", function()
  local logger, sub = marry{ logLevel = logging.WARN }
  logger:info("no")
  logger:warn("yes")
  check.arrives(sub, "app.WARN", "yes")
  eq(logger.level, "WARN")
  logger:setLevel(logging.DEBUG)
  check.matches(check.next(sub).text, "loglevel")
end)

test("a handler can be shared", function()
  local log, sub = check.marry{ style = "%(name)s %(message)s" }
  local logger = check.ok(appender{ handler = log, name = "db" })
  logger:info("x")
  check.arrives(sub, "app.INFO", "db x")
  check.ok(logger:destroy())
  eq(log:info("still open"), true)
  check.raises("handler", appender, { handler = log, bind = "tcp://127.0.0.1:*" })
end)

test("options are checked by name", function()
  check.raises('no option "root_topik" (did you mean "root_topic"?)', appender,
    { bind = "tcp://127.0.0.1:*", root_topik = "x" })
  check.raises("logLevel", appender, { bind = "tcp://127.0.0.1:*", logLevel = "LOUD" })
  check.raises("topic", appender, { bind = "tcp://127.0.0.1:*", topic = 5 })
  check.raises("options", appender)
  check.fails(zmqlog.EINVAL, appender{ bind = "nonsense" })
end)

-- How a library logs that knows only LuaLogging.
local function library_logs()
  local logger = logging.defaultLogger()
  logger:info("hello there")
  logger:warn("sub.topic::hello there")
end

test("all messages of the default logger, where LuaLogging has one", function()
  if not logging.defaultLogger then -- before 1.4
    return
  end
  local before = logging.defaultLogger()
  local logger, sub = marry{ scan = true }
  logging.defaultLogger(logger)
  library_logs()
  logging.defaultLogger(before)
  check.arrives(sub, "app.INFO", "hello there")
  check.arrives(sub, "app.WARN.sub.topic", "hello there")
end)

test("a logger that the whole program uses", function()
  local logger, sub = marry{ scan = true }
  package.loaded.program_log = logger
  require("program_log"):info("hello there")
  require("program_log"):warn("sub.topic::hello there")
  package.loaded.program_log = nil
  check.arrives(sub, "app.INFO", "hello there")
  check.arrives(sub, "app.WARN.sub.topic", "hello there")
end)

test("LuaLogging finds it by name", function()
  eq(require "logging.zmqlog", appender)
  eq(logging.zmqlog, appender)
end)

test("settings that are looked up by name are found", function()
  local env = { bind = "tcp://127.0.0.1:*", root_topic = "app", hold_ms = 0 }
  local logger = check.ok(appender(setmetatable({ logger = "zmqlog" }, { __index = env })))
  eq(logger.handler.root_topic, "app")
end)

test("%source is the caller's, where LuaLogging knows it", function()
  if not logging.compilePattern then
    return
  end
  local logger, sub = marry{ logPattern = "%file:%line %message" }
  logger:info("x")
  local line = debug.getinfo(1, "l").currentline - 1
  check.matches(check.next(sub).text, "appender%.lua:" .. line .. " x$")
end)

check.done()
