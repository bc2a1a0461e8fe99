-- SPDX-License-Identifier: BSD-3-Clause
-- What the Lua tests are written in: facts with names, and a few comparisons.
-- ZMQLOG_LUA_MODULE chooses the module under test, "zmqlog" or "zmqlog.ffi".
local check = {}

local zmqlog = require(os.getenv "ZMQLOG_LUA_MODULE" or "zmqlog")
check.zmqlog = zmqlog

--- How long anything may take before a test gives up.
check.DEADLINE_MS = (tonumber(os.getenv "ZMQLOG_TEST_DEADLINE") or 10) * 1000

local count, failed = 0, 0

--- One fact. All that follow run even when it fails.
function check.test(name, body)
  count = count + 1
  local ok, message = xpcall(body, function(message)
    return type(message) == "string" and debug.traceback(message, 2) or tostring(message)
  end)
  if not ok then
    failed = failed + 1
    io.stderr:write("FAILED ", name, "\n", message, "\n")
  end
end

--- Says that a part cannot be tested here; ctest shows it as skipped.
function check.skip(why)
  print("SKIPPED: " .. why)
  os.exit(77)
end

--- The last line of a test program, which then ends as programs do.
function check.done()
  print(("%d facts, %d failed"):format(count, failed))
  if count == 0 or failed > 0 then
    error("failed", 0)
  end
end

local function show(value)
  return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

function check.eq(got, wanted, what)
  if got ~= wanted then
    error(("%sgot %s, wanted %s"):format(what and what .. ": " or "", show(got),
      show(wanted)), 2)
  end
end

--- A call's results when they must be an answer; the first of them.
function check.ok(first, message, code)
  if not first then
    error(("failed: %s (%s)"):format(tostring(message), tostring(code)), 2)
  end
  return first
end

--- Results that must be nil, message, code.
function check.fails(code, first, message, got)
  if first ~= nil or type(message) ~= "string" or message == "" or got ~= code then
    error(("got %s, %s, %s; wanted nil, a message, %d"):format(show(first),
      show(message), show(got), code), 2)
  end
  return message
end

--- A function that must raise a message with this in it.
function check.raises(part, body, ...)
  local ok, message = pcall(body, ...)
  if ok then
    error("did not raise", 2)
  elseif not tostring(message):find(part, 1, true) then
    error(("raised %s, wanted %s"):format(show(message), show(part)), 2)
  end
  return message
end

function check.matches(text, pattern)
  if type(text) ~= "string" or not text:find(pattern) then
    error(("%s does not match %s"):format(show(text), pattern), 2)
  end
end

local function with(defaults, given)
  for key, value in pairs(given or {}) do
    defaults[key] = value
  end
  return defaults
end

--- A handler on a free port, and a subscriber it knows of.
function check.marry(handler_options, subscriber_options)
  local log = check.ok(zmqlog.handler(with({ bind = "tcp://127.0.0.1:*",
    root_topic = "app", hold_ms = 0 }, handler_options)))
  local sub = check.ok(zmqlog.subscriber(with({ connect = log:endpoint() },
    subscriber_options)))
  check.ok(log:wait_subscriber(nil, check.DEADLINE_MS))
  return log, sub
end

--- A handler to which nobody listens.
function check.lonely(options)
  return check.ok(zmqlog.handler(with({ bind = "tcp://127.0.0.1:*", root_topic = "app",
    hold_ms = 0 }, options)))
end

--- The next record; it must come.
function check.next(sub)
  local record, message = sub:recv(check.DEADLINE_MS)
  if not record then
    error("no record: " .. message, 2)
  end
  return record
end

--- The next record must have this topic and text.
function check.arrives(sub, topic, text)
  local record = check.next(sub)
  if record.topic ~= topic or record.text ~= text then
    error(("got %s %s, wanted %s %s"):format(show(record.topic), show(record.text),
      show(topic), show(text)), 2)
  end
  return record
end

--- Waits until something holds, at a subscriber to which nothing comes meanwhile.
function check.eventually(sub, holds)
  for _ = 1, check.DEADLINE_MS / 10 do
    if holds() then
      return
    end
    check.eq(sub:recv(10), nil, "nothing comes")
  end
  error("it never happened", 2)
end

--- Resident memory of this process in KiB.
function check.resident_kib()
  for line in io.lines "/proc/self/status" do
    local kib = line:match "^VmRSS:%s*(%d+)"
    if kib then
      return tonumber(kib)
    end
  end
end

return check
