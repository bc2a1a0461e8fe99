-- SPDX-License-Identifier: BSD-3-Clause
-- Subscribers and their records.
local check = require "check"
local zmqlog = check.zmqlog
local eq, test = check.eq, check.test

test("a record is a table that knows its parts", function()
  local log, sub = check.marry({ root_topic = "a.b" }, { roots = "a.b" })
  log:warn("net.http::hello")
  local record = check.next(sub)
  eq(record.topic, "a.b.WARN.net.http")
  eq(record.root, "a.b")
  eq(record.level, 30)
  eq(record.level_name, "WARN")
  eq(record.subtopic, "net.http")
  eq(record.text, "hello")
  eq(record.received_ns > 1.6e18, true)
  eq(record.lost, nil)
  eq(tostring(record), "a.b.WARN.net.http: hello")
end)

test("records stay as they are when others follow", function()
  local log, sub = check.marry()
  log:info("one")
  log:info("two")
  local one = check.next(sub)
  local two = check.next(sub)
  eq(one.text, "one")
  eq(two.text, "two")
end)

test("parse reads a body of style json", function()
  local log, sub = check.marry{ style = "json", source = true }
  log:logger("db"):info("q::hello", { a = { 1, 2 }, text = "\240\159\152\128\"\\\n" })
  local record = check.next(sub)
  eq(record.seq, nil)
  check.ok(record:parse())
  eq(record.text, "hello")
  eq(record.logger, "db")
  eq(record.seq, 1)
  check.matches(record.epoch, "^%x+$")
  eq(#record.epoch, 16)
  eq(record.time_ns > 1.6e18, true)
  check.matches(record.source.file, "subscriber%.lua$")
  eq(record.source.line > 0, true)
  eq(record.fields.a[2], 2)
  eq(record.fields.text, "\240\159\152\128\"\\\n")
end)

test("parse of another text is EFORMAT and changes nothing", function()
  local log, sub = check.marry()
  log:info("no json")
  local record = check.next(sub)
  check.fails(zmqlog.EFORMAT, record:parse())
  eq(record.text, "no json")
  eq(record.fields, nil)
end)

test("recv times out, and answers EAGAIN at once", function()
  local _, sub = check.marry()
  check.fails(zmqlog.EAGAIN, sub:recv(0))
  check.fails(zmqlog.ETIMEDOUT, sub:recv(1))
end)

test("wakeup ends a recv, once", function()
  local _, sub = check.marry()
  check.ok(sub:wakeup())
  check.fails(zmqlog.EINTERRUPTED, sub:recv())
  check.fails(zmqlog.EAGAIN, sub:recv(0))
end)

test("for record in sub:records() ends when woken, closed or after a silence", function()
  local log, sub = check.marry()
  for i = 1, 5 do
    log:info(tostring(i))
  end
  local seen = {}
  for record in sub:records() do
    seen[#seen + 1] = record.text
    if #seen == 3 then
      sub:wakeup()
    end
  end
  eq(table.concat(seen), "123")
  for record in sub:records(100) do
    seen[#seen + 1] = record.text
  end
  eq(table.concat(seen), "12345")
  log:info("6")
  for record in sub:records() do
    seen[#seen + 1] = record.text
    sub:close()
  end
  eq(table.concat(seen), "123456")
  check.fails(zmqlog.ECLOSED, sub:recv())
end)

test("subscriptions choose", function()
  local log = check.lonely()
  local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint(),
    subscribe = { "app.ERROR", "app.INFO.db" } })
  check.ok(log:wait_subscriber("app.ERROR", check.DEADLINE_MS))
  check.ok(log:wait_subscriber("app.INFO.db", check.DEADLINE_MS))
  log:info("no")
  log:info("db::yes")
  log:error("yes")
  check.arrives(sub, "app.INFO.db", "yes")
  check.arrives(sub, "app.ERROR", "yes")
  check.fails(zmqlog.EAGAIN, sub:recv(0))
  check.ok(sub:subscribe("app.WARN"))
  check.ok(log:wait_subscriber("app.WARN", check.DEADLINE_MS))
  log:warn("while subscribed")
  check.arrives(sub, "app.WARN", "while subscribed")
  check.ok(sub:unsubscribe("app.WARN"))
  check.fails(zmqlog.EINVAL, sub:unsubscribe("app.WARN"))
  check.eventually(sub, function() return not log:enabled("warn") end)
  log:warn("no more")
  log:error("behind it")
  check.arrives(sub, "app.ERROR", "behind it")
  check.fails(zmqlog.EAGAIN, sub:recv(0))
  check.fails(zmqlog.EINVAL, sub:subscribe(("x"):rep(246)))
end)

test("a level of all programs opens no other", function()
  local log = check.lonely()
  local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint(),
    subscribe_all = "warn" })
  check.ok(log:wait_subscriber("app.CRITICAL", check.DEADLINE_MS))
  check.ok(log:wait_subscriber("app.L63", check.DEADLINE_MS))
  eq(log:enabled("info"), false)
  log:info("no")
  log:warn("yes")
  check.arrives(sub, "app.WARN", "yes")
  check.ok(sub:subscribe_all("info"))
  check.ok(log:wait_subscriber("app.INFO", check.DEADLINE_MS))
  check.raises("no level", function() sub:subscribe_all("inof") end)
end)

test("a level means it and all above", function()
  local log = check.lonely()
  local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint(), root_topic = "app",
    level = "warn" })
  check.ok(log:wait_subscriber("app.CRITICAL", check.DEADLINE_MS))
  check.ok(log:wait_subscriber("app.WARN", check.DEADLINE_MS))
  eq(log:enabled("info"), false)
  log:info("no")
  log:warn("yes")
  check.arrives(sub, "app.WARN", "yes")
  check.ok(sub:subscribe_level("app", "info"))
  check.ok(log:wait_subscriber("app.INFO", check.DEADLINE_MS))
end)

test("names of levels can be made known", function()
  local log = check.lonely{ levels = { AUDIT = 35 } }
  local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint(),
    levels = { AUDIT = 35 } })
  check.ok(log:wait_subscriber(nil, check.DEADLINE_MS))
  log:audit("x")
  eq(check.next(sub).level, 35)
end)

test("publishers can connect to a subscriber that binds", function()
  local sub = check.ok(zmqlog.subscriber{ bind = "tcp://127.0.0.1:*" })
  check.matches(sub:endpoint(), "^tcp://127%.0%.0%.1:%d+$")
  local log = check.ok(zmqlog.handler{ connect = sub:endpoint(), root_topic = "app" })
  log:info("x")
  check.arrives(sub, "app.INFO", "x")
  eq(sub:count "received", 1)
  eq(sub:count "peers", 1)
  check.raises("no counter", sub.count, sub, "sent")
end)

test("fd is a descriptor", function()
  local log, sub = check.marry()
  local fd = check.ok(sub:fd())
  eq(fd == math.floor(fd) and fd > 2, true)
  check.fails(zmqlog.EAGAIN, sub:recv(0))
  log:info("x")
  check.arrives(sub, "app.INFO", "x")
  eq(sub:fd(), fd)
end)

test("options are checked", function()
  check.raises("connect or bind", zmqlog.subscriber, {})
  check.raises("table of options", zmqlog.subscriber)
  check.raises("subscribe", zmqlog.subscriber, { connect = "x", subscribe = 5 })
  check.raises("loud", zmqlog.subscriber, { connect = "x", level = "loud" })
  check.raises("overflow", zmqlog.subscriber, { connect = "x", overflow = "spill" })
  check.fails(zmqlog.EINVAL, zmqlog.subscriber{ connect = "nonsense" })
  check.fails(zmqlog.EREFUSED, zmqlog.subscriber{ bind = "tcp://192.0.2.1:5555" })
  local sub = check.ok(zmqlog.subscriber{ connect = "tcp://127.0.0.1:9", exact = true,
    receive_hwm = 10, queue_bytes = 65536, overflow = "drop_oldest", roots = { "a" },
    subscribe = "", auth = {} })
  check.ok(sub:set_exact(false))
  check.ok(sub:add_root("b.c"))
  check.ok(sub:close())
  check.ok(sub:close())
  check.fails(zmqlog.ECLOSED, sub:subscribe("x"))
  check.raises("int", sub.recv, sub, "soon")
  check.raises("no property", function() sub.anything = 1 end)
end)

check.done()
