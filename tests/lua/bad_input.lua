-- SPDX-License-Identifier: BSD-3-Clause
-- Anything at all given to any function of the module and any method of its
-- objects, at random but repeatable: errors are fine, a crash is not, and log
-- calls do not even raise.
local check = require "check"
local zmqlog = check.zmqlog
local test = check.test

local seed = tonumber(arg and arg[1]) or 1
local function random(n)
  seed = (seed * 16807) % 2147483647
  return seed % n + 1
end

local proxy = newproxy and newproxy(true) or io.stdout
local values = {
  false, -- stands for nil
  true, 0, -1, 1, 63, 64, 1e18, -1e300, 0 / 0, 1 / 0, 2.5, "", "x", "a\0b", "%", "%d",
  "%s %s", "a::b", "info", ("x"):rep(300), ("y"):rep(100000), {}, { 1, 2 }, { a = {} },
  setmetatable({}, { __tostring = function() error("tostring") end }),
  setmetatable({}, { __tostring = function() return 5 end }),
  setmetatable({}, { __index = function() error("index") end }),
  next, function() return nil end, function() error({}) end,
  coroutine.create(function() end), io.stdout, proxy, zmqlog,
}

local function pick(objects)
  local kind = random(10)
  if kind == 1 then
    return objects[random(#objects)]
  end
  local value = values[random(#values)]
  if value == false and random(2) == 1 then
    return nil
  end
  return value
end

local function objects()
  local log, sub = check.marry{ linger_ms = 0 }
  local closed, forlorn = check.marry{ linger_ms = 0 }
  closed:close()
  forlorn:close()
  local list = { log, sub, closed, forlorn, log:logger("a"), closed:logger("b"),
                 zmqlog.auth{}, zmqlog.has "curve" and zmqlog.keypair() or nil }
  log:info("x")
  list[#list + 1] = check.next(sub)
  return list
end

-- With a silly number these can wait for ever, as they are told.
local waits = { recv = true, flush = true, wait_subscriber = true, wait_room = true,
                close = true, records = true, save = true }
local log_calls = { "debug", "info", "warn", "warning", "error", "critical", "fatal",
                    "log", "log_topic" }

local function methods_of(object)
  local names, metatable = {}, getmetatable(object)
  local names_seen = { "logger", "clone", "count", "endpoint", "enabled", "bind",
    "connect", "set_root_topic", "set_level", "set_style", "wakeup", "forked",
    "subscribe", "unsubscribe", "subscribe_level", "add_root", "set_exact", "fd",
    "parse", "allow_key", "allow_address", "allow_uid", "remove_key", "remove_address",
    "remove_uid", "load_keys", "close" }
  for _, name in ipairs(names_seen) do
    if type(object[name]) == "function" and not waits[name] then
      names[#names + 1] = name
    end
  end
  for _, name in ipairs{ "__index", "__newindex", "__tostring", "__close" } do
    if type(metatable[name]) == "function" and name ~= "__close" then
      names[#names + 1] = name
    end
  end
  return names
end

test("log calls never raise, whatever they are given", function()
  local list = objects()
  local loggers = { list[1], list[3], list[5], list[6] }
  for _ = 1, 20000 do
    local object = loggers[random(#loggers)]
    local name = log_calls[random(#log_calls)]
    local count = random(5) - 1
    local a, b, c, d = pick(list), pick(list), pick(list), pick(list)
    local ok, first, message, code
    if count == 0 then
      ok, first, message, code = pcall(object[name], object)
    elseif count == 1 then
      ok, first, message, code = pcall(object[name], object, a)
    elseif count == 2 then
      ok, first, message, code = pcall(object[name], object, a, b)
    else
      ok, first, message, code = pcall(object[name], object, a, b, c, d)
    end
    if not ok then
      error(name .. " raised: " .. tostring(first))
    elseif first ~= true and (first ~= nil or type(message) ~= "string"
      or type(code) ~= "number") then
      error(name .. " answered " .. tostring(first) .. ", " .. tostring(message))
    end
  end
end)

test("other methods may raise, and no more", function()
  local list = objects()
  for _ = 1, 20000 do
    local object = list[random(#list)]
    local names = methods_of(object)
    local name = names[random(#names)]
    local method = object[name] or getmetatable(object)[name]
    local self = random(8) == 1 and pick(list) or object
    pcall(method, self, pick(list), pick(list), pick(list))
    if random(50) == 1 then
      collectgarbage("step")
    end
  end
end)

test("constructors may raise, and no more", function()
  local list = objects()
  local options = { "bind", "connect", "root_topic", "level", "levels", "style", "styles",
    "auth", "attach", "overflow", "hold_ms", "subscribe", "roots", "exact", "curve_server",
    "curve_client", "allow_keys", "allow_uids", "ipc_mode", "slow_peer", "queue_bytes" }
  for _ = 1, 3000 do
    local make = zmqlog[({ "handler", "subscriber", "auth" })[random(3)]]
    local given = { [options[random(#options)]] = pick(list),
                    [options[random(#options)]] = pick(list) }
    local ok, made = pcall(make, given)
    if ok and made and made.close then
      made:close()
    end
    pcall(make, pick(list))
  end
  for _ = 1, 500 do
    for _, name in ipairs{ "level_number", "level_name", "has", "strerror", "status_name" } do
      pcall(zmqlog[name], pick(list))
    end
  end
end)

check.done()
