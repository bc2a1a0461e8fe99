-- SPDX-License-Identifier: BSD-3-Clause
-- Handlers and loggers: options, properties, errors.
local check = require "check"
local zmqlog = check.zmqlog
local eq, test = check.eq, check.test

test("the module tells its constants", function()
  eq(zmqlog.TOPIC_DELIM, "::")
  eq(zmqlog.OK, 0)
  eq(zmqlog.EAGAIN, -1)
  eq(zmqlog.EIO, -22)
  eq(zmqlog.DEBUG, 10)
  eq(zmqlog.CRITICAL, 50)
  eq(zmqlog.version(), zmqlog._VERSION:match "%S+$")
  eq(zmqlog.status_name(zmqlog.EFORKED), "EFORKED")
  eq(zmqlog.level_number "warning", 30)
  eq(zmqlog.level_number "loud", nil)
  eq(zmqlog.level_name(20), "INFO")
  eq(zmqlog.level_name(0), nil)
  eq(zmqlog.has "json", true)
  eq(zmqlog.has "magic", false)
end)

test("no global is left behind", function()
  eq(rawget(_G, "swig_type"), nil)
  eq(rawget(_G, "swig_equals"), nil)
  eq(rawget(_G, "zmqlog"), nil)
  eq(rawget(_G, "core"), nil)
end)

test("an unknown option is refused by name, with the nearest", function()
  check.raises('no option "root_topik" (did you mean "root_topic"?)', zmqlog.handler,
    { bind = "tcp://127.0.0.1:*", root_topik = "x" })
  check.raises('no option "conect" (did you mean "connect"?)', zmqlog.subscriber,
    { conect = "tcp://127.0.0.1:1" })
  check.raises('no option "allow_key" (did you mean "allow_keys"?)', zmqlog.auth,
    { allow_key = "*" })
  check.raises('no option "xyzzyxyzzy"', zmqlog.handler, { xyzzyxyzzy = 1 })
  check.raises("no option", zmqlog.handler, { "tcp://127.0.0.1:*" })
end)

test("errors point at the caller's line", function()
  local message = check.raises("root_topik", function()
    zmqlog.handler{ bind = "tcp://127.0.0.1:*", root_topik = "x" }
  end)
  check.matches(message, "handler%.lua:%d+:")
end)

test("options of the wrong kind raise", function()
  local function with(name, value, word)
    check.raises(word or name, zmqlog.handler, { bind = "tcp://127.0.0.1:*", [name] = value })
  end
  with("root_topic", 5)
  with("hold_ms", "soon")
  with("hold_ms", 1.5)
  with("drop_notice", 1)
  with("level", {})
  with("overflow", "explode")
  with("levels", { 5 })
  with("styles", { loud = "json" }, "loud")
  with("slow_peer", { stall = 1 })
  with("backlog", { size = 1 })
  with("backlog", { level = "loud" }, "loud")
  with("auth", "secret")
  with("auth", { insecur = true })
  with("attach", "socket")
  check.raises("bind", zmqlog.handler, { bind = 5 })
  check.raises("bind", zmqlog.handler, { bind = { 5 } })
  check.raises("table of options", zmqlog.handler)
  check.raises("table of options", zmqlog.handler, "tcp://127.0.0.1:*")
end)

test("without an endpoint it opens for this machine", function()
  local log = check.ok(zmqlog.handler{ root_topic = "lua.local" })
  check.matches(log:endpoint(), "^ipc://.*/lua%.local%.%d+%.%d+%.sock$")
  log:close()
end)

test("what the library refuses is nil, message, code", function()
  check.fails(zmqlog.EINVAL, zmqlog.handler{ bind = "nonsense" })
  check.fails(zmqlog.EREFUSED, zmqlog.handler{ bind = "tcp://192.0.2.1:5556" })
  check.fails(zmqlog.EINVAL, zmqlog.handler{ bind = "tcp://127.0.0.1:*", hold_ms = -5 })
  check.fails(zmqlog.EINVAL, zmqlog.handler{ bind = "tcp://127.0.0.1:*",
    root_topic = ("x"):rep(101) })
  check.fails(zmqlog.EINVAL, zmqlog.handler{ bind = "tcp://127.0.0.1:*",
    style = "colourful" })
  check.fails(zmqlog.EFORMAT, zmqlog.handler{ bind = "tcp://127.0.0.1:*",
    style = "%(message" })
  check.fails(zmqlog.EINVAL, zmqlog.handler{ bind = "tcp://127.0.0.1:*",
    levels = { INFO = 7 } })
end)

test("refused values are named by their option, never by a function of C", function()
  for option, value in pairs{
    queue_bytes = { 7, "queue_bytes is 7, it must be 16384 to 1073741824" },
    max_body_bytes = { 7, "max_body_bytes is 7, it must be 256 to 268435456" },
    send_hwm = { 0, "send_hwm: hwm is 0, it must be 1 to 10000000" },
    linger_ms = { -1, "linger_ms is -1, it must be 0 to 3600000" },
    hold_ms = { 60001, "hold_ms is 60001, it must be 0 to 60000" },
    slow_peer = { { stall_ms = 0 }, "slow_peer: stall_ms is 0, it must be 1 to 3600000" },
    delimiter = { ("x"):rep(17), "delimiter: its length is 17, it must be 0 to 16" },
    backlog = { { bytes = 1 }, "backlog: bytes is 1, it must be 4096 to 1073741824" },
    style = { "%(nope)s", "style: unknown attribute 'nope' at offset 2" },
    levels = { { X = 64 }, "levels: level is 64, it must be 1 to 63" },
    auth = { { ipc_mode = 7 }, "ipc_mode: mode is 7 (octal 7), it must be octal 0600 to "
      .. "0777 with both bits of 0600; octal 0660 is 432 in decimal" },
  } do
    local log, message = zmqlog.handler{ bind = "tcp://127.0.0.1:*", [option] = value[1] }
    eq(log, nil)
    eq(message, value[2])
  end
end)

test("what is left out of slow_peer has the library's default", function()
  check.ok(check.lonely{ slow_peer = { budget_ms = 0 } })
  local core = require "zmqlog.core"
  eq(core.zmqlog_handler_default "stall_ms", 60000)
  eq(core.zmqlog_handler_default "linger_ms", 1000)
end)

test("the address of somebody else answers EADDRINUSE", function()
  local log = check.lonely()
  check.matches(check.fails(zmqlog.EADDRINUSE, zmqlog.handler{ bind = log:endpoint() }),
    "%S")
end)

test("a handler that failed to open leaves nothing bound", function()
  local first = check.lonely()
  local free = check.lonely()
  local port = free:endpoint()
  check.ok(free:close(check.DEADLINE_MS))
  check.fails(zmqlog.EADDRINUSE, zmqlog.handler{ bind = { port, first:endpoint() } })
  local again = check.ok(zmqlog.handler{ bind = port, hold_ms = 0 })
  again:close()
end)

test("strings with a NUL are refused where C would cut them", function()
  check.raises("char", zmqlog.handler, { bind = "tcp://127.0.0.1:*",
    root_topic = "app\0hidden" })
  local log = check.lonely()
  check.raises("char", log.set_root_topic, log, "a\0b")
  eq(log.root_topic, "app")
end)

test("all options are taken", function()
  local log = check.ok(zmqlog.handler{ bind = { "tcp://127.0.0.1:*", "tcp://127.0.0.1:*" },
    connect = "tcp://127.0.0.1:9", root_topic = "r", level = "info",
    level_names = "pyzmq", levels = { TRACE = 5 }, delimiter = "|", style = "json",
    styles = { error = "plain", trace = "pyzmq", [60] = "plain" }, time_format = "%H:%M",
    source = false, queue_bytes = 65536, max_body_bytes = 4096, overflow = "block",
    block_ms = 10, slow_peer = { stall_ms = 500 }, send_hwm = 100, linger_ms = 100,
    hold_ms = 0, drop_notice = false, announce = false, auth = { insecure = true },
    backlog = { level = "error", bytes = 4096 } })
  check.matches(log:endpoint(1), "^tcp://127%.0%.0%.1:%d+$")
  check.matches(log:endpoint(2), "^tcp://127%.0%.0%.1:%d+$")
  eq(log:endpoint(1) ~= log:endpoint(2), true)
  eq(log:endpoint(3), "tcp://127.0.0.1:9")
  eq(log:endpoint(4), nil)
  eq(log.level, 20)
  check.ok(log:close(check.DEADLINE_MS))
end)

test("root topic and level are properties", function()
  local log, sub = check.marry()
  eq(log.root_topic, "app")
  log.root_topic = "other"
  eq(log.root_topic, "other")
  log:info("x")
  check.arrives(sub, "other.INFO", "x")
  log.level = "warn"
  eq(log.level, 30)
  log.level = 0
  eq(log.level, 0)
end)

test("assigning nonsense raises and changes nothing", function()
  local log = check.lonely()
  check.raises('no property "root_topik" (did you mean "root_topic"?)', function()
    log.root_topik = "x"
  end)
  check.raises("root_topic", function() log.root_topic = ("x"):rep(101) end)
  check.raises("", function() log.root_topic = nil end)
  check.raises("loud", function() log.level = "loud" end)
  check.raises("no property", function() log.anything = 1 end)
  eq(log.root_topic, "app")
  eq(log.level, 0)
end)

test("styles change while open", function()
  local log, sub = check.marry()
  check.ok(log:set_style("<%(message)s>", "error"))
  log:error("x")
  check.arrives(sub, "app.ERROR", "<x>")
  check.ok(log:flush(check.DEADLINE_MS))
  check.ok(log:set_style("%(levelname)s"))
  log:info("x")
  check.arrives(sub, "app.INFO", "INFO")
  check.fails(zmqlog.EINVAL, log:set_style("colourful"))
  check.raises("loud", log.set_style, log, "plain", "loud")
end)

test("one more endpoint can be opened", function()
  local log = check.lonely()
  check.ok(log:bind("tcp://127.0.0.1:*"))
  check.fails(zmqlog.EINVAL, log:connect("nonsense"))
  local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint(2) })
  check.ok(log:wait_subscriber("app.INFO", check.DEADLINE_MS))
  log:info("x")
  check.arrives(sub, "app.INFO", "x")
end)

test("waiting can time out", function()
  local log = check.lonely()
  check.fails(zmqlog.ETIMEDOUT, log:wait_subscriber(nil, 1))
  check.fails(zmqlog.ETIMEDOUT, log:wait_subscriber("app.INFO", 0))
  check.ok(log:wait_room(100, 1000))
  check.ok(log:wakeup())
  check.fails(zmqlog.EINTERRUPTED, log:wait_subscriber(nil, -1))
end)

test("wrong arguments of other calls raise", function()
  local log = check.lonely()
  check.raises("int", log.flush, log, "soon")
  check.raises("int", log.flush, log, io.stdout)
  check.raises("int", log.close, log, {})
  check.raises("int", log.wait_subscriber, log, nil, 1.5)
  check.raises("char", log.wait_subscriber, log, {}, 1)
  check.raises("", log.flush)
  check.raises("", log.close, io.stdout)
  check.raises("", log.close, {})
  check.raises("", log.endpoint, log, "first")
end)

test("closing twice is allowed", function()
  local log = check.lonely()
  check.ok(log:close(check.DEADLINE_MS))
  check.ok(log:close(check.DEADLINE_MS))
  check.ok(log:close(0))
  check.fails(zmqlog.ECLOSED, log:flush(0))
  check.fails(zmqlog.ECLOSED, log:bind("tcp://127.0.0.1:*"))
end)

test("handlers and loggers say what they are", function()
  local log = check.lonely()
  check.matches(tostring(log), "^zmqlog%.handler %(tcp://127%.0%.0%.1:%d+%)$")
  eq(tostring(log:logger("db")), "zmqlog.logger")
end)

test("a logger has name, subtopic, level and fields", function()
  local log, sub = check.marry{ style = "json" }
  local db = check.ok(log:logger("db", { topic = "pool", level = "warn",
    fields = { shard = 3 } }))
  eq(db.name, "db")
  eq(db.level, 30)
  eq(db.handler, log)
  eq(db:enabled("info"), false)
  eq(db:info("quiet"), true)
  eq(db:info("quiet %d", 1), true)
  db:error("%s is down", "host1")
  local record = check.next(sub)
  check.ok(record:parse())
  eq(record.topic, "app.ERROR.pool")
  eq(record.logger, "db")
  eq(record.fields.shard, 3)
  db.level = 0
  eq(db:enabled("info"), true)
end)

test("a clone is a copy with changes", function()
  local log, sub = check.marry{ style = "json" }
  local db = check.ok(log:logger("db", { topic = "pool", fields = { a = 1, b = 1 } }))
  db:info("x")
  local request = check.ok(db:clone{ fields = { b = 2, id = "r1" }, level = "info" })
  request:info("y")
  request:debug("no")
  db:debug("z")
  check.next(sub)
  local record = check.next(sub)
  check.ok(record:parse())
  eq(record.text, "y")
  eq(record.fields.a, 1)
  eq(record.fields.b, 2)
  eq(record.fields.id, "r1")
  record = check.next(sub)
  check.ok(record:parse())
  eq(record.text, "z")
  eq(record.fields.b, 1)
  eq(record.fields.id, nil)
end)

test("a logger's options are checked", function()
  local log = check.lonely()
  check.raises('no option "topik" (did you mean "topic"?)', log.logger, log, "db",
    { topik = "x" })
  check.raises("loud", log.logger, log, "db", { level = "loud" })
  check.raises("name", log.logger, log)
  check.raises("name", log.logger, log, {})
  check.fails(zmqlog.ELIMIT, log:logger("db", { fields = { a = ("x"):rep(70000) } }))
  check.fails(zmqlog.EINVAL, log:logger("db", { fields = { [("k"):rep(300)] = 1 } }))
end)

check.done()
