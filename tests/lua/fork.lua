-- SPDX-License-Identifier: BSD-3-Clause
-- Forked children: those that bind answer EFORKED, those that connect go on. The
-- parent never notices.
local check = require "check"
local found, unistd = pcall(require, "posix.unistd")
local waited, wait = pcall(require, "posix.sys.wait")
if not found or not waited then
  check.skip("luaposix is not there")
end
local zmqlog = check.zmqlog
local eq, test = check.eq, check.test

-- Runs body in a child; its exit status is 0 when body returned true.
local function in_child(body)
  io.stdout:flush()
  local pid = assert(unistd.fork())
  if pid == 0 then
    local ok, result = pcall(body)
    if not ok then
      io.stderr:write(tostring(result), "\n")
    end
    unistd._exit(ok and result == true and 0 or 1)
  end
  local _, how, status = wait.wait(pid)
  eq(how, "exited")
  return status
end

test("a bound handler answers EFORKED in the child, and counts", function()
  local log, sub = check.marry()
  local db = log:logger("db")
  eq(log:forked(), false)
  eq(in_child(function()
    eq(log:forked(), true)
    check.fails(zmqlog.EFORKED, log:info("lost"))
    check.fails(zmqlog.EFORKED, log:info("lost %d", 1))
    check.fails(zmqlog.EFORKED, db:error("lost", { a = 1 }))
    check.fails(zmqlog.EFORKED, log:flush(0))
    eq(log:count "dropped_forked", 3)
    collectgarbage()
    return true
  end), 0)
  log:info("here")
  check.arrives(sub, "app.INFO", "here")
  eq(log:count "dropped_forked", 0)
end)

test("a connected handler opens itself again in the child", function()
  local sub = check.ok(zmqlog.subscriber{ bind = "tcp://127.0.0.1:*" })
  local log = check.ok(zmqlog.handler{ connect = sub:endpoint(), root_topic = "app" })
  log:info("parent")
  check.arrives(sub, "app.INFO", "parent")
  eq(in_child(function()
    check.ok(log:info("child"))
    check.ok(log:flush(check.DEADLINE_MS))
    return log:close(check.DEADLINE_MS) == true
  end), 0)
  check.arrives(sub, "app.INFO", "child")
  log:info("parent again")
  check.arrives(sub, "app.INFO", "parent again")
end)

test("a subscriber answers EFORKED in the child", function()
  local log, sub = check.marry()
  eq(in_child(function()
    check.fails(zmqlog.EFORKED, sub:recv(0))
    return true
  end), 0)
  log:info("x")
  check.arrives(sub, "app.INFO", "x")
end)

test("a child may collect and end its state", function()
  local log = check.lonely()
  eq(in_child(function()
    log:info("x")
    log = nil
    collectgarbage()
    collectgarbage()
    local own = check.ok(zmqlog.handler{ bind = "tcp://127.0.0.1:*", hold_ms = 0 })
    return own:close(check.DEADLINE_MS) == true
  end), 0)
end)

test("Ctrl-C ends a call that waits", function()
  local signal = require "posix.signal"
  local reader, writer = unistd.pipe()
  local pid = assert(unistd.fork())
  if pid == 0 then
    local sub = check.ok(zmqlog.subscriber{ connect = "tcp://127.0.0.1:9" })
    local ok, message = pcall(function()
      unistd.write(writer, "x")
      return sub:recv(check.DEADLINE_MS)
    end)
    unistd._exit(not ok and tostring(message):find("interrupted") and 0 or 1)
  end
  unistd.read(reader, 1)
  signal.kill(pid, signal.SIGINT)
  local _, how, status = wait.wait(pid)
  eq(how, "exited")
  eq(status, 0)
  unistd.close(reader)
  unistd.close(writer)
end)

check.done()
