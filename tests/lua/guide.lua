-- SPDX-License-Identifier: BSD-3-Clause
-- docs/lua.md is true: its Lua runs, what stands behind arrows arrives, and its tables
-- name all options and methods there are.
local check = require "check"
local zmqlog = check.zmqlog
local eq, test = check.eq, check.test

local file = assert(io.open((assert(arg[1], "guide.lua lua.md"))))
local page = file:read "*a"
file:close()

local name = os.tmpname()
local endpoint = "ipc://" .. name .. ".ipc"

local function compile(block, env)
  block = block:gsub("tcp://127%.0%.0%.1:5556", endpoint)
  if setfenv then
    return setfenv(assert(loadstring(block, "=lua.md")), env)
  end
  return assert(load(block, "=lua.md", "t", env))
end

local function environment(log)
  return setmetatable({
    log = log, zmqlog = zmqlog, host = "db1", expensive = function() return 42 end,
    require = function(module) return module == "zmqlog" and zmqlog or require(module) end,
    print = function() end,
  }, { __index = _G })
end

-- A watcher goes on for ever: its first line ends it.
local function listens(block, env)
  local peer = check.ok(zmqlog.handler{ bind = endpoint, root_topic = "peer",
    hold_ms = 10000 })
  peer:info("x")
  local seen
  env.print = function(...)
    seen = { ... }
    error(seen)
  end
  local _, reason = pcall(compile(block, env))
  eq(reason, seen)
  check.ok(peer:close(check.DEADLINE_MS))
  return seen
end

-- For blocks that open a handler themselves, a subscriber connects to its endpoint.
local function run(block)
  local log, sub = nil, nil
  if block:find("zmqlog.handler", 1, true) then
    sub = check.ok(zmqlog.subscriber{ connect = endpoint })
  else
    log, sub = check.marry{ root_topic = "myprogram" }
  end
  local env = environment(log)
  if block:find("sub:records", 1, true) then
    eq(listens(block, env)[1], "peer.INFO")
    return
  end
  compile(block, env)()
  for line in block:gmatch "%-%->%s*([^\n]+)" do
    local record = check.next(sub)
    eq(record.topic .. " " .. record.text, line)
  end
end

local blocks = 0
for block in page:gmatch "\n```lua\n(.-)\n```\n" do
  blocks = blocks + 1
  test("block " .. blocks, function() run(block) end)
  collectgarbage()
  collectgarbage()
end
os.remove(name)

test("there were blocks", function() eq(blocks >= 6, true) end)

-- The words in backquotes of a table's first column, sorted.
local function column(heading)
  local from = assert(page:find("\n| " .. heading .. " |", 1, true), heading)
  local start = page:find("\n|---", from, true)
  local rows = page:sub(start, page:find("\n\n", start, true))
  local names = {}
  for cell in rows:gmatch "\n| ([^|]+)|" do
    for word in cell:gmatch "`([%w_]+)`" do
      names[#names + 1] = word
    end
  end
  table.sort(names)
  return names
end

local function same(heading, wanted)
  table.sort(wanted)
  eq(table.concat(column(heading), " "), table.concat(wanted, " "), heading)
end

test("the tables name every option", function()
  same("option of a handler", require("zmqlog.handler").option_names())
  same("option of a subscriber", require("zmqlog.subscriber").option_names())
  same("option of an auth", require("zmqlog.auth").option_names())
end)

test("the tables name every code", function()
  local codes = {}
  for constant, value in pairs(zmqlog) do
    if constant:find "^E[A-Z]+$" and value < 0 then
      codes[#codes + 1] = constant
    end
  end
  same("code", codes)
end)

test("the methods that are named exist", function()
  local log, sub = check.marry()
  for _, method in ipairs(column "method of a handler") do
    eq(type(log[method]), "function", method)
  end
  for _, method in ipairs(column "method of a subscriber") do
    eq(type(sub[method]), "function", method)
  end
end)

test("a record has what the table says", function()
  local log, sub = check.marry()
  log:info("x")
  local record = check.next(sub)
  for _, part in ipairs(column "in a record") do
    eq(part == "lost" or record[part] ~= nil, true, part)
  end
end)

check.done()
