-- SPDX-License-Identifier: BSD-3-Clause
-- What all records that a function logs have: fields and a subtopic. It belongs to the
-- coroutine that runs the function, so coroutines that take turns keep their own, and so
-- do requests in nginx. Knows nothing of log calls. Not part of the interface.
local native = require "zmqlog.native"
local options = require "zmqlog.options"

local core = native.core
local pairs, type = pairs, type

local context = {}

-- { fields =, topic = } by coroutine.
local states = setmetatable({}, { __mode = "k" })

local function here()
  return coroutine.running() or states -- the main one has no name before 5.2
end

--- The state of this coroutine, or nil.
function context.current()
  return states[here()]
end

--- A call's fields over those of the state.
function context.merge(state, given)
  local fields = {}
  for key, value in pairs(state.fields) do
    fields[key] = value
  end
  for key, value in pairs(given or {}) do
    fields[key] = value
  end
  return fields
end

--- A call's subtopic behind that of the state.
function context.join(state, subtopic)
  if state.topic == "" or subtopic == "" then
    return state.topic .. subtopic
  end
  return state.topic .. "." .. subtopic
end

local function enter(where, given)
  local before = states[where] or { fields = {}, topic = "" }
  local state = { fields = context.merge(before, given), topic = before.topic }
  if given.topic ~= nil then
    options.expect("string", given.topic, "context: topic", 4)
    state.fields.topic = nil
    state.topic = context.join(before, given.topic)
  end
  return state
end

local function leave(where, before, ok, ...)
  states[where] = before
  core.contexts(-1)
  if not ok then
    error((...), 0)
  end
  return ...
end

--- context.run(fields, function, ...): calls the function, whose results it returns.
function context.run(given, body, ...)
  options.expect("table", given, "context: fields", 3)
  if type(body) ~= "function" then
    error("context: the second argument must be a function, not " .. type(body), 3)
  end
  local where = here()
  local state, before = enter(where, given), states[where]
  states[where] = state
  core.contexts(1)
  return leave(where, before, pcall(body, ...))
end

return context
