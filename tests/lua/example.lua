-- SPDX-License-Identifier: BSD-3-Clause
-- Runs an example of docs/examples with a peer at its endpoint. What stands behind
-- its calls, `--> topic message`, is what must arrive.
local check = require "check"
local zmqlog = check.zmqlog
local eq, test = check.eq, check.test

local path = assert(arg[1], "example.lua FILE")
local file = assert(io.open(path))
local source = file:read "*a"
file:close()

if source:find("<close>", 1, true) and _VERSION ~= "Lua 5.4" then
  check.skip("needs Lua 5.4")
elseif source:find("zmqlog.appender", 1, true) and not pcall(require, "logging") then
  check.skip("LuaLogging is not there")
end

local name = os.tmpname()
local endpoint = "ipc://" .. name .. ".ipc"

local function run(...)
  local chunk = assert((loadstring or load)(source, "@" .. path))
  local before = _G.arg
  _G.arg = { [0] = path, endpoint, ... }
  local ok, message = pcall(chunk, endpoint, ...)
  _G.arg = before
  os.remove(name)
  if not ok then
    error(message, 0)
  end
end

local function publishes()
  local sub = check.ok(zmqlog.subscriber{ connect = endpoint,
    roots = { "myprogram", "other", "shop" } })
  run()
  local wanted = 0
  for line in source:gmatch "%-%->%s*([^\n]+)" do
    local record = check.next(sub)
    record:parse()
    eq(record.topic .. " " .. record.text, line)
    wanted = wanted + 1
  end
  eq(wanted > 0, true)
  check.fails(zmqlog.EAGAIN, sub:recv(0))
end

local function watches()
  local log = check.ok(zmqlog.handler{ bind = endpoint, root_topic = "myprogram",
    hold_ms = 10000, styles = { error = "json" } })
  log:info("not this")
  log:warn("net::that")
  log:logger("db"):error("slow", { ms = 900 })
  local lines, genuine = {}, print
  print = function(...)
    local parts = { ... }
    for i = 1, select("#", ...) do
      parts[i] = tostring(parts[i])
    end
    lines[#lines + 1] = table.concat(parts, " ")
  end
  local ok, message = pcall(run, "myprogram", "1000")
  print = genuine
  eq(ok, true, message)
  eq(lines[1], "WARN net that")
  eq(lines[2], "ERROR db slow 900")
  eq(#lines, 2)
end

test(path:match "[^/]+$", source:find("zmqlog.subscriber", 1, true) and watches or publishes)
check.done()
