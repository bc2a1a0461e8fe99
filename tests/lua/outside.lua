-- SPDX-License-Identifier: BSD-3-Clause
-- Errors that come from outside, by a hook, pass through every log call, wherever in it
-- they arrive; a text's own errors do not. Each case is interrupted many times, at
-- counts that differ.
local check = require "check"
local zmqlog = check.zmqlog
local test = check.test

-- Compiled code of LuaJIT looks at no hooks.
if rawget(_G, "jit") then
  require("jit").off()
end

local TIMES = tonumber(os.getenv "ZMQLOG_OUTSIDE_TIMES") or 300

-- A text that takes a few hundred instructions.
local busy = setmetatable({}, { __tostring = function()
  local sum = 0
  for i = 1, 50 do
    sum = sum + #tostring(i)
  end
  return "busy " .. sum
end })

local log, listener = check.marry{ style = "json", overflow = "drop_oldest" }

local LIMIT = {}
local fired

-- Each is an error once.
local hooks = {
  ["a hook"] = function()
    if not fired then
      fired = true
      error(LIMIT)
    end
  end,
  ["a hook that takes itself off"] = function()
    fired = true
    debug.sethook()
    error(LIMIT)
  end,
  ["a hook that ends by a tail call"] = function()
    local first = not fired
    fired = true
    return (first and error or type)(LIMIT)
  end,
}

-- Logs until the hook fires, `TIMES` times; no log call may swallow the hook's error.
local function interrupts(hook, body)
  local function loop(count)
    debug.sethook(hook, "", count)
    while true do
      local ok, message, code = body()
      if not ok and code == zmqlog.EINVAL then
        error("swallowed: " .. message, 0)
      end
    end
  end
  for count = 1, TIMES do
    fired = false
    local _, caught = pcall(loop, count)
    debug.sethook()
    check.eq(caught, LIMIT)
  end
end

local bodies = {
  text = function() return log:info(busy) end,
  ["function"] = function() return log:info(function() return tostring(busy) end) end,
  argument = function() return log:info("%s", busy) end,
  field = function() return log:info("x", { field = busy }) end,
  key = function() return log:info("x", { [busy] = 1 }) end,
  view = function() return log:log_topic("info", "sub", busy) end,
}

for kind, hook in pairs(hooks) do
  for place, body in pairs(bodies) do
    test("the error of " .. kind .. " passes while it is at a " .. place, function()
      interrupts(hook, body)
    end)
  end
end

test("the error of a hook that replaces itself passes", function()
  local shy = setmetatable({}, { __tostring = function() while true do end end })
  debug.sethook(function()
    debug.sethook(function() end, "", 1000)
    error(LIMIT)
  end, "", 10000)
  local ok, caught = pcall(log.info, log, shy)
  debug.sethook()
  check.eq(ok, false)
  check.eq(caught, LIMIT)
end)

test("the error of a hook passes through a log call within a log call", function()
  local inner = setmetatable({}, { __tostring = function() while true do end end })
  local outer = setmetatable({}, { __tostring = function() log:info("%s", inner) end })
  debug.sethook(hooks["a hook that takes itself off"], "", 10000)
  local ok, caught = pcall(log.info, log, outer)
  debug.sethook()
  check.eq(ok, false)
  check.eq(caught, LIMIT)
end)

local own = {
  raised = setmetatable({}, { __tostring = function() error("own", 0) end }),
  ["of no text"] = setmetatable({}, { __tostring = function() return nil + 1 end }),
  ["of another stack"] = function()
    return coroutine.wrap(function() error("own", 0) end)()
  end,
}

for kind, text in pairs(own) do
  test("the text's own error " .. kind .. " is refused", function()
    local before = log:count "refused"
    for _ = 1, TIMES do
      check.fails(zmqlog.EINVAL, log:info(text))
    end
    check.eq(log:count "refused", before + TIMES)
  end)
  -- Older versions cannot prove it: see guard.lua.
  local beside = not rawget(_G, "jit") and _VERSION >= "Lua 5.3" and test or type
  beside("the text's own error " .. kind .. " is refused beside a hook", function()
    debug.sethook(function() end, "", 1)
    local first, message, code = log:info(text)
    debug.sethook()
    check.fails(zmqlog.EINVAL, first, message, code)
  end)
end

test("a text that runs out of stack is refused", function()
  local deep = setmetatable({}, {})
  getmetatable(deep).__tostring = function(self) return "x" .. tostring(self) end
  check.fails(zmqlog.EINVAL, log:info(deep))
end)

listener:close()
check.done()
