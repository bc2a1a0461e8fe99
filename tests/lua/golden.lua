-- SPDX-License-Identifier: BSD-3-Clause
-- The golden cases that all languages share: tests/golden.
local check = require "check"
local json = require "zmqlog.json"
local zmqlog = check.zmqlog

local function bytes(text)
  if type(text) ~= "table" then
    return text
  end
  return (text.hex:gsub("..", function(pair) return string.char(tonumber(pair, 16)) end))
end

local function options_of(case)
  local options = { hold_ms = 0, bind = "tcp://127.0.0.1:*" }
  for name, value in pairs(case.options or {}) do
    options[name] = value
  end
  options.styles = nil
  for level, style in pairs(case.options and case.options.styles or {}) do
    options.styles = options.styles or {}
    options.styles[tonumber(level)] = style
  end
  return options
end

local act = {}

function act.log(log, call) return log:log(call.level, bytes(call.text)) end

function act.log_topic(log, call)
  return log:log_topic(call.level, call.subtopic, bytes(call.text))
end

function act.printf(log, call)
  return log:log(call.level, call.format, (table.unpack or unpack)(call.arguments))
end

function act.fields(log, call) return log:log(call.level, call.text, call.fields) end

function act.root_topic(_, call, handler)
  return handler:set_root_topic(call.root_topic)
end

function act.level(_, call, handler) return handler:set_level(call.level) end

function act.flush(_, _, handler) return handler:flush(check.DEADLINE_MS) end

function act.style(_, call, handler)
  return handler:set_style(call.style, call.level > 0 and call.level or nil)
end

local function contains(got, wanted, path)
  if type(wanted) ~= "table" or wanted == json.null then
    check.eq(got, wanted, path)
    return
  end
  check.eq(type(got), "table", path)
  for key, value in pairs(wanted) do
    contains(got[key], value, path .. "." .. key)
  end
end

local function compare(record, frame, number)
  check.eq(record.topic, frame[1], "topic " .. number)
  if type(frame[2]) == "table" and frame[2].json then
    contains(json.decode(record.text), frame[2].json, "body " .. number)
  else
    check.eq(record.text, bytes(frame[2]), "body " .. number)
  end
end

-- A subscriber to all that the case wants, or to everything.
local function listen(handler, prefixes)
  local sub = check.ok(zmqlog.subscriber{ connect = handler:endpoint(),
    subscribe = prefixes })
  for _, prefix in ipairs(prefixes or { "" }) do
    check.ok(handler:wait_subscriber(prefix, check.DEADLINE_MS))
  end
  if not prefixes or prefixes[1] then -- without a subscription it is no listener
    check.eventually(sub, function() return handler:count "peers" > 0 end)
  end
  return sub
end

local function run(case)
  local handler = check.ok(zmqlog.handler(options_of(case)))
  local sub = listen(handler, case.subscribe)
  local log = handler
  if case.logger then
    log = check.ok(handler:logger(case.logger.name, { topic = case.logger.topic,
      level = case.logger.level, fields = case.logger.fields }))
  end
  for _, call in ipairs(case.calls) do
    local ok, message, code = act[call["do"]](log, call, handler)
    if call.result then
      check.fails(zmqlog[call.result], ok, message, code)
    else
      check.ok(ok, message, code)
    end
  end
  check.ok(handler:flush(check.DEADLINE_MS))
  for number, frame in ipairs(case.frames) do
    compare(check.next(sub), frame, number)
  end
  check.fails(zmqlog.EAGAIN, sub:recv(0))
  check.eq(handler:count "sent", #case.frames, "sent")
  handler:close()
  sub:close()
end

-- Runs `work` in the contexts, the first one outermost.
local function within(log, contexts, work)
  local given = table.remove(contexts, 1)
  if not given then
    return work()
  end
  local fields = { topic = given.topic }
  for key, value in pairs(given.fields or {}) do
    fields[key] = value
  end
  return log:context(fields, within, log, contexts, work)
end

local function run_context(case)
  local handler = check.ok(zmqlog.handler{ hold_ms = 0, bind = "tcp://127.0.0.1:*",
    root_topic = "app", style = case.style })
  local sub = listen(handler)
  local context = case.context or {}
  within(handler, { context.outer, context.inner }, function()
    local fields = case.fields or {}
    if case.error then
      local _, err = xpcall(function() error(case.error, 0) end, zmqlog.exception)
      fields.exception = err
    end
    check.ok(handler:log(case.level, case.text, fields))
  end)
  compare(check.next(sub), case.frame, 1)
  handler:close()
  sub:close()
end

local path = assert(arg[1], "golden.lua calls.jsonl")
for line in io.lines((path:gsub("calls%.jsonl$", "context.jsonl"))) do
  local case = json.decode(line)
  check.test(case.name, function() run_context(case) end)
end
for line in io.lines(path) do
  local case = json.decode(line)
  check.test(case.name, function() run(case) end)
end
check.done()
