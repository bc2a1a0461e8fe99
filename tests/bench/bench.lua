-- SPDX-License-Identifier: BSD-3-Clause
-- bench.lua: what a log call costs in Lua, beside LuaLogging; a line of JSON for each.
-- Those that are compared take turns; calls that are heard come in bursts that the
-- queue takes, since what sends them has the other processor. LuaJIT logs by its FFI.
local ffi = jit and require "ffi"
local zmqlog = require(ffi and "zmqlog.ffi" or "zmqlog")
local found, logging = pcall(require, "logging.file")

local TEXT = "a text of sixty bytes, as long as most lines of a log are it"
local ROUNDS = 31
local language = ffi and "luajit" or _VERSION:lower()

local now
if ffi then
  ffi.cdef [[ struct timespec { long seconds, nanoseconds; };
              int clock_gettime(int, struct timespec *); ]]
  local time = ffi.new "struct timespec"
  function now()
    ffi.C.clock_gettime(1, time)
    return tonumber(time.seconds) * 1e9 + tonumber(time.nanoseconds)
  end
else
  now = require "bench_clock"
end

local function show(what, who, value, unit)
  print(('{"what": "%s: %s", "who": "%s", "value": %.1f, "unit": "%s"}'):format(language,
    what, who, value, unit))
end

local function nanoseconds(times, call)
  call(50)
  local start = now()
  call(times)
  return (now() - start) / times
end

local function nothing(times)
  for _ = 1, times do end
end

local function median(values)
  table.sort(values)
  return values[math.ceil(#values / 2)]
end

-- Each in turn, ROUNDS times; the median, without the loop's own cost.
local function measure(what, names, calls, times, before)
  local taken = {}
  for _ = 1, ROUNDS do
    for i, call in ipairs(calls) do
      before()
      taken[i] = taken[i] or {}
      table.insert(taken[i], nanoseconds(times, call) - nanoseconds(times, nothing))
    end
  end
  for i, name in ipairs(names) do
    show(what, name, median(taken[i]), "ns/call")
  end
end

local function skip(why)
  io.stderr:write("skipped: ", why, "\n")
end

local log = assert(zmqlog.handler{ bind = "tcp://127.0.0.1:*", root_topic = "bench",
                                   hold_ms = 0, linger_ms = 0 })
local db = assert(log:logger("db"))
while log:enabled("debug") do
  log:flush(10)
end

local names = { "handler:debug", "logger:debug", "handler:debug, format" }
local calls = {
  function(times) for _ = 1, times do log:debug(TEXT) end end,
  function(times) for _ = 1, times do db:debug(TEXT) end end,
  function(times) for i = 1, times do log:debug("%d", i) end end,
}
local file
if found then
  file = assert(logging("/dev/null"))
  file:setLevel "INFO"
  names[#names + 1] = "LuaLogging, below its level"
  calls[#calls + 1] = function(times) for _ = 1, times do file:debug(TEXT) end end
else
  skip "LuaLogging is not there to compare with"
end
measure("nobody listens", names, calls, 5000, function() end)

local sub = assert(zmqlog.subscriber{ connect = log:endpoint(), overflow = "drop_newest" })
assert(log:wait_subscriber(nil, 10000))
names = { "handler:info", "logger:info", "handler:info, format", "handler:info, fields" }
calls = {
  function(times) for _ = 1, times do log:info(TEXT) end end,
  function(times) for _ = 1, times do db:info(TEXT) end end,
  function(times) for i = 1, times do log:info("%d", i) end end,
  function(times) for i = 1, times do log:info(TEXT, { n = i }) end end,
}
if file then
  names[#names + 1] = "LuaLogging to /dev/null"
  calls[#calls + 1] = function(times) for _ = 1, times do file:info(TEXT) end end
end
measure("somebody listens", names, calls, 1000, function() assert(log:flush(10000)) end)
assert(log:count "dropped_queue" == 0, "records were dropped")

-- What a collection takes with handlers in it that have not sent yet, and without.
local function collection(handlers)
  local taken = {}
  for _ = 1, ROUNDS do
    local left = {}
    for i = 1, handlers do
      left[i] = assert(zmqlog.handler{ bind = "tcp://127.0.0.1:*", hold_ms = 60000,
                                       linger_ms = 0 })
      left[i]:info(TEXT)
    end
    collectgarbage()
    left = nil
    local start = now()
    collectgarbage()
    table.insert(taken, (now() - start) / 1000)
    collectgarbage()
  end
  return median(taken)
end
show("a full collection", "nothing to free", collection(0), "us")
show("a full collection", "10 handlers with records to send", collection(10), "us")
sub:close()
