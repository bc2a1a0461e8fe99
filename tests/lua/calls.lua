-- SPDX-License-Identifier: BSD-3-Clause
-- Log calls: what arrives, what they return, what they never do.
local check = require "check"
local zmqlog = check.zmqlog
local eq, test = check.eq, check.test

test("every level has a method, and the usual other names", function()
  local log, sub = check.marry()
  for _, name in ipairs{ "debug", "info", "warn", "warning", "error", "critical", "fatal" } do
    eq(log[name](log, name), true)
  end
  for _, level in ipairs{ "DEBUG", "INFO", "WARN", "WARN", "ERROR", "CRITICAL", "CRITICAL" } do
    eq(check.next(sub).level_name, level)
  end
end)

test("log takes levels by number and by any name", function()
  local log, sub = check.marry{ levels = { TRACE = 5 } }
  for _, level in ipairs{ 20, 20.0, "INFO", "info", "Warning", "trace", "notice" } do
    eq(log:log(level, "x"), true)
  end
  for _, name in ipairs{ "INFO", "INFO", "INFO", "INFO", "WARN", "TRACE", "L25" } do
    eq(check.next(sub).level_name, name)
  end
end)

test("a level of one's own gets a method", function()
  local log, sub = check.marry{ levels = { TRACE = 5 } }
  check.ok(log:trace("net::fine"))
  check.arrives(sub, "app.TRACE.net", "fine")
end)

test("a level named like a method leaves the method alone", function()
  local log, sub = check.marry{ levels = { CLOSE = 33, LEVEL = 34 } }
  check.ok(log:log("close", "x"))
  check.arrives(sub, "app.CLOSE", "x")
  eq(log.level, 0)
  check.ok(log:close(check.DEADLINE_MS))
end)

test("a text is formatted only when arguments follow", function()
  local log, sub = check.marry()
  log:info("100%")
  log:info("%d%%", 100)
  check.arrives(sub, "app.INFO", "100%")
  check.arrives(sub, "app.INFO", "100%")
end)

test("nil, booleans and tables can be shown by %s", function()
  local log, sub = check.marry()
  local shown = setmetatable({}, { __tostring = function() return "shown" end })
  log:info("%s %s %s", nil, true, shown)
  check.arrives(sub, "app.INFO", "nil true shown")
end)

test("what cannot be formatted is logged with the reason", function()
  local log, sub = check.marry()
  eq(log:error("%d files", "many"), true)
  local text = check.next(sub).text
  check.matches(text, "^%%d files %[bad argument")
end)

test("texts that are not strings are shown as tostring does", function()
  local log, sub = check.marry()
  log:info(42)
  log:info(true)
  log:info(setmetatable({}, { __tostring = function() return "it::self" end }))
  check.arrives(sub, "app.INFO", "42")
  check.arrives(sub, "app.INFO", "true")
  check.arrives(sub, "app.INFO.it", "self")
end)

test("a function is called for the text, and only when somebody listens", function()
  local log = check.lonely()
  while log:enabled("debug") do
    log:flush(10)
  end
  eq(log:debug(function() error("called") end), true)
  local heard, sub = check.marry()
  heard:debug(function(a, b) return a .. b end, "x", "y")
  check.arrives(sub, "app.DEBUG", "xy")
end)

test("a function that raises makes a refused call", function()
  local log = check.marry()
  check.matches(check.fails(zmqlog.EINVAL, log:info(function() error("no luck") end)),
    "no luck")
  eq(log:count "refused", 1)
end)

test("a call without a text is refused and counted", function()
  local log = check.marry()
  check.fails(zmqlog.EINVAL, log:info())
  check.fails(zmqlog.EINVAL, log:info(nil))
  eq(log:count "refused", 2)
end)

test("a level that does not exist is refused and counted, with a suggestion", function()
  local log = check.marry()
  check.matches(check.fails(zmqlog.EINVAL, log:log("eror", "x")), '"error"')
  check.fails(zmqlog.EINVAL, log:log(nil, "x"))
  check.fails(zmqlog.EINVAL, log:log({}, "x"))
  check.fails(zmqlog.EINVAL, log:log(20.5, "x"))
  check.fails(zmqlog.EINVAL, log:log_topic(99, "x", "x"))
  check.fails(zmqlog.EINVAL, log:log_topic("info", nil, "x"))
  eq(log:count "refused", 6)
end)

test("log_topic formats and takes fields, and scans nothing", function()
  local log, sub = check.marry{ style = "json" }
  log:log_topic("info", "net.http", "%s::%d", "fe80", 1, { port = 80 })
  local record = check.next(sub)
  check.ok(record:parse())
  eq(record.topic, "app.INFO.net.http")
  eq(record.text, "fe80::1")
  eq(record.fields.port, 80)
end)

test("a table at the end is the fields", function()
  local log, sub = check.marry{ style = "json" }
  log:info("%d rows", 3, { table = "users", list = { 1, "two", { three = 3 } },
    float = 0.5, yes = true, null = zmqlog.null, [7] = "seven", empty = {} })
  local record = check.next(sub)
  check.ok(record:parse())
  eq(record.text, "3 rows")
  local fields = record.fields
  eq(fields.table, "users")
  eq(fields.list[2], "two")
  eq(fields.list[3].three, 3)
  eq(fields.float, 0.5)
  eq(fields.yes, true)
  eq(fields.null, zmqlog.null)
  eq(fields["7"], "seven")
  eq(next(fields.empty), nil)
end)

test("fields hold anything without failing", function()
  local log, sub = check.marry{ style = "json" }
  local cycle = {}
  cycle.self = cycle
  local ok = log:info("odd", { cycle = cycle, fn = print, nan = 0 / 0, inf = 1 / 0,
    bytes = "\255\0", nested = { bytes = "a\255\237\160\128" }, co = coroutine.create(function() end) })
  eq(ok, true)
  local record = check.next(sub)
  check.ok(record:parse())
  eq(record.fields.nan, zmqlog.null)
  eq(record.fields.inf, zmqlog.null)
  eq(record.fields.bytes, "\239\191\189\0")
  check.matches(record.fields.fn, "^function")
  eq(record.fields.nested.bytes, "a" .. ("\239\191\189"):rep(4))
end)

test("a field that is refused leaves word of that in its place", function()
  local log, sub = check.marry{ style = "json" }
  eq(log:info("big", { huge = ("x"):rep(70000), small = 1 }), true)
  local record = check.next(sub)
  check.ok(record:parse())
  check.matches(record.fields.huge, "^%(.+%)$")
  eq(record.fields.small, 1)
end)

test("a __tostring that logs does no harm", function()
  local log, sub = check.marry{ style = "json" }
  local nosy = setmetatable({}, { __tostring = function()
    log:info("inner", { depth = 2 })
    return "outer"
  end })
  log:info(nosy, { depth = 1, who = nosy })
  for _ = 1, 2 do
    local inner = check.next(sub)
    check.ok(inner:parse())
    eq(inner.text, "inner")
    eq(inner.fields.depth, 2)
  end
  local outer = check.next(sub)
  check.ok(outer:parse())
  eq(outer.text, "outer")
  eq(outer.fields.depth, 1)
end)

test("source tells where the program called", function()
  local log, sub = check.marry{ style = "%(filename)s:%(lineno)d %(message)s",
    source = true }
  log:info("plain")
  local line = debug.getinfo(1, "l").currentline - 1
  log:info("formatted %d", 1)
  log:log("info", "by name")
  log:logger("x"):info("by a logger")
  for offset, text in ipairs{ "plain", "formatted 1", "by name", "by a logger" } do
    local skew = offset == 1 and 0 or offset
    eq(check.next(sub).text, ("calls.lua:%d %s"):format(line + skew, text))
  end
end)

test("bytes go through as they are", function()
  local log, sub = check.marry()
  local all = {}
  for byte = 0, 255 do
    all[#all + 1] = string.char(byte)
  end
  all = table.concat(all)
  check.ok(log:log_topic("info", "sub\0topic", all))
  local record = check.arrives(sub, "app.INFO.sub\0topic", all)
  eq(record.subtopic, "sub\0topic")
end)

test("after close every call answers ECLOSED and is counted", function()
  local log = check.marry()
  local db = log:logger("db")
  check.ok(log:close(check.DEADLINE_MS))
  check.fails(zmqlog.ECLOSED, log:info("x"))
  check.fails(zmqlog.ECLOSED, log:info("%s", "x"))
  check.fails(zmqlog.ECLOSED, log:info("x", { a = 1 }))
  check.fails(zmqlog.ECLOSED, db:error("x"))
  check.fails(zmqlog.ECLOSED, log:log_topic("info", "a", "x"))
  eq(log:count "dropped_closed", 5)
  eq(log:enabled("info"), false)
end)

test("a closed gate costs nothing and says true", function()
  local log = check.lonely()
  while log:enabled("info") do
    log:flush(10)
  end
  eq(log:info(nil), true)
  eq(log:info("%d", "no number"), true)
  eq(log:log_topic("info", "a", "b"), true)
  eq(log:count "accepted", 0)
end)

test("a record the queue has no room for is refused with ELIMIT", function()
  local log = check.marry{ queue_bytes = 16384, max_body_bytes = 1024,
    overflow = "drop_newest", hold_ms = 1000 }
  local code
  for _ = 1, 1000 do
    local ok, _, why = log:debug(("x"):rep(1000))
    code = not ok and why or code
  end
  if code then
    eq(code, zmqlog.ELIMIT)
    eq(log:count "dropped_queue" > 0, true)
  end
end)

test("counters know their names", function()
  local log = check.marry()
  log:info("x")
  check.ok(log:flush(check.DEADLINE_MS))
  eq(log:count "accepted", 1)
  eq(log:count "SENT", 1)
  check.raises("no counter", log.count, log, "sennt")
  check.raises("no counter", log.count, log, "received")
  check.raises("no counter", log.count, log, nil)
end)

test("a dot for a colon raises with a hint, listened to or not", function()
  for _, log in ipairs{ check.lonely(), (check.marry()) } do
    for _, method in ipairs{ "info", "log", "log_topic", "enabled" } do
      check.raises("with a colon", log[method], "text")
    end
    check.raises("with a colon", log:logger("x").warn, "text")
  end
end)

test("a table that the format asks for is an argument, shown as JSON", function()
  local log, sub = check.marry{ style = "json" }
  log:info("%s", { k = 1 })
  log:info("%s and %s", "a", { 1, 2 })
  log:info("%d%% of %s", 5, { k = 1 }, { field = 2 })
  log:info("100% sure", { field = 3 })
  for _, wanted in ipairs{ '{"k":1}', "a and [1,2]", '5% of {"k":1}', "100% sure" } do
    local record = check.next(sub)
    check.ok(record:parse())
    check.eq(record.text, wanted)
    check.eq(record.fields.field ~= nil, wanted:find("%% ") ~= nil)
  end
end)

check.done()
