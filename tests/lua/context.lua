-- SPDX-License-Identifier: BSD-3-Clause
-- Fields and subtopics of a function: nested, apart in coroutines; errors as data.
local check = require "check"
local zmqlog = check.zmqlog
local eq, test = check.eq, check.test

local function next_parsed(sub)
  local record = check.next(sub)
  check.ok(record:parse())
  return record
end

test("all records of a function have its fields", function()
  local log, sub = check.marry{ style = "json" }
  local logger = log:logger("l", { fields = { b = 2 } })
  local result = log:context({ request_id = 7 }, function(argument)
    log:info("text")
    log:info("with fields", { a = 1 })
    logger:info("logger")
    log:log_topic("info", "t", "x")
    return argument
  end, "argument")
  log:info("after")
  eq(result, "argument")
  for _, wanted in ipairs{ { nil, nil }, { 1, nil }, { nil, 2 }, { nil, nil } } do
    local fields = next_parsed(sub).fields
    eq(fields.request_id, 7)
    eq(fields.a, wanted[1])
    eq(fields.b, wanted[2])
  end
  eq(next_parsed(sub).fields.request_id, nil)
end)

test("contexts nest and end by an error, too", function()
  local log, sub = check.marry{ style = "json" }
  local raised = {}
  log:context({ a = 1, b = 1 }, function()
    local ok, err = pcall(log.context, log, { b = 2 }, function() error(raised) end)
    eq(ok, false)
    eq(err, raised)
    log:context({ b = 4 }, function() log:info("inner") end)
    log:info("outer", { a = 9 })
  end)
  local inner, outer = next_parsed(sub).fields, next_parsed(sub).fields
  eq(inner.a .. " " .. inner.b, "1 4")
  eq(outer.a .. " " .. outer.b, "9 1")
end)

test("the subtopic comes before the call's own", function()
  local log, sub = check.marry{ style = "json" }
  log:context({ topic = "req" }, function()
    log:info("x")
    log:info("db::x")
    log:context({ topic = "sql" }, function() log:info("x") end)
  end)
  for _, topic in ipairs{ "app.INFO.req", "app.INFO.req.db", "app.INFO.req.sql" } do
    eq(check.next(sub).topic, topic)
  end
end)

test("coroutines that take turns keep their own", function()
  if not rawget(_G, "jit") and _VERSION == "Lua 5.1" then
    return -- there nothing may yield within a pcall
  end
  local log, sub = check.marry{ style = "json" }
  local routines = {}
  for number = 1, 2 do
    routines[number] = coroutine.wrap(function()
      log:context({ number = number }, function()
        for _ = 1, 3 do
          log:info("turn")
          coroutine.yield()
        end
      end)
    end)
  end
  for _ = 1, 3 do
    routines[1]()
    routines[2]()
  end
  for turn = 1, 6 do
    eq(next_parsed(sub).fields.number, (turn - 1) % 2 + 1)
  end
end)

test("with() makes a logger with fields", function()
  local log, sub = check.marry{ style = "json" }
  log:with{ a = 1 }:with{ b = 2 }:info("x")
  local fields = next_parsed(sub).fields
  eq(fields.a + fields.b, 3)
end)

test("an error is data in json", function()
  local log, sub = check.marry{ style = "json" }
  local _, err = xpcall(function() error("broken") end, zmqlog.exception)
  log:error(err)
  log:error("failed", { exception = err })
  for _, text in ipairs{ "broken", "failed" } do
    local record = next_parsed(sub)
    check.matches(record.text, text)
    eq(record.fields.exception.class, "string")
    check.matches(record.fields.exception.message, "broken")
    check.matches(table.concat(record.fields.exception.backtrace, " "), "context.lua")
  end
end)

test("an error is text where fields are not shown", function()
  local log, sub = check.marry{}
  log:error((select(2, xpcall(function() error("broken") end, zmqlog.exception))))
  check.matches(check.next(sub).text, "broken\nstack traceback:\n")
end)

check.done()
