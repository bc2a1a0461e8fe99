-- SPDX-License-Identifier: BSD-3-Clause
-- A million records of each kind, sent and received, leave the memory as it was.
local check = require "check"
local eq, test = check.eq, check.test

local RECORDS = tonumber(os.getenv "ZMQLOG_LEAK_RECORDS") or 1000000
local BATCH = 1000
local ALLOWED_KIB = 16384

local log, sub = check.marry{ style = "json", overflow = "block" }
local db = log:logger("db", { fields = { a = 1 } })

local kinds = {
  function(i) return log:info("plain text") end,
  function(i) return log:info("sub::formatted %d %s", i, "x") end,
  function(i) return db:info("fields", { i = i, list = { i } }) end,
  function(i) return log:log_topic("info", "explicit", "text") end,
  function(i) return log:log("nonsense", i) end,
}

local function drain(count)
  for i = 1, count do
    local record = check.next(sub)
    if i % 100 == 0 then
      check.ok(record:parse())
    end
  end
end

local function run(records)
  local refused = #kinds
  for batch = 1, records / BATCH do
    local kind = batch % #kinds + 1
    for i = 1, BATCH do
      kinds[kind](i)
    end
    if kind ~= refused then
      drain(BATCH)
    end
  end
  collectgarbage()
  collectgarbage()
end

test(("%d records leak nothing"):format(RECORDS), function()
  run(RECORDS / 10)
  local lua, resident = collectgarbage("count"), check.resident_kib()
  run(RECORDS)
  local lua_more = collectgarbage("count") - lua
  local resident_more = check.resident_kib() - resident
  print(("Lua %+.0f KiB, resident %+d KiB"):format(lua_more, resident_more))
  eq(lua_more < 64, true, "Lua's memory grows")
  eq(resident_more < ALLOWED_KIB, true, "the process grows")
  eq(log:count "dropped_queue", 0)
end)

check.done()
