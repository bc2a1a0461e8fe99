-- SPDX-License-Identifier: BSD-3-Clause
-- The publisher: zmqlog.handler{ options }. Not part of the interface by this
-- name.
local native = require "zmqlog.native"
local object = require "zmqlog.object"
local options = require "zmqlog.options"
local auth = require "zmqlog.auth"
local calls = require "zmqlog.calls"
local logger = require "zmqlog.logger"

local core, RAW = native.core, native.RAW
local ENOMEM = native.constant "ENOMEM"

local handler = {}

local policies = { drop_newest = "OVERFLOW_DROP_NEWEST",
                   drop_oldest = "OVERFLOW_DROP_OLDEST", block = "OVERFLOW_BLOCK" }
handler.policies = policies

local function each_level(set)
  return function(raw, value, given)
    for level, text in pairs(value) do
      local ok, message, code = set(raw, level, text, given)
      if not ok then
        return nil, message, code
      end
    end
    return true
  end
end

local set_level_names = each_level(function(raw, name, number)
  return raw:set_level_name(number, name)
end)

local set_styles = each_level(function(raw, level, style, given)
  return raw:set_style(calls.level(given.names, level), style)
end)

-- In the order in which they are applied.
local spec = {
  { name = "level_names", kind = "string", apply = options.plain "level_names" },
  { name = "levels", kind = "table", apply = set_level_names },
  { name = "root_topic", kind = "string", apply = options.plain "root_topic" },
  { name = "level", kind = "integer or string" },
  { name = "delimiter", kind = "string", apply = options.plain "delimiter" },
  { name = "time_format", kind = "string", apply = options.plain "time_format" },
  { name = "style", kind = "string",
    apply = function(raw, style) return raw:set_style(0, style) end },
  { name = "styles", kind = "table", apply = set_styles },
  { name = "source", kind = "boolean" },
  { name = "max_body_bytes", kind = "integer", apply = options.plain "max_body_bytes" },
  { name = "queue_bytes", kind = "integer", apply = options.plain "queue_bytes" },
  { name = "overflow", kind = "string",
    apply = function(raw, policy, given)
      return raw:set_overflow(native.constant(policies[policy]), given.block_ms or -1)
    end },
  { name = "block_ms", kind = "integer" },
  { name = "slow_peer", kind = "table",
    apply = function(raw, slow)
      return raw:set_slow_peer(slow.stall_ms or native.default "stall_ms",
        slow.budget_ms or native.default "budget_ms",
        slow.share_percent or native.default "share_percent")
    end },
  { name = "send_hwm", kind = "integer", apply = options.plain "send_hwm" },
  { name = "linger_ms", kind = "integer", apply = options.plain "linger_ms" },
  { name = "hold_ms", kind = "integer", apply = options.plain "hold_ms" },
  { name = "heartbeat_ms", kind = "integer", apply = options.plain "heartbeat_ms" },
  { name = "drop_notice", kind = "boolean",
    apply = function(raw, on) return raw:set_drop_notice(on and 1 or 0) end },
  { name = "announce", kind = "boolean",
    apply = function(raw, on) return raw:set_announce(on and 1 or 0) end },
  { name = "backlog", kind = "table",
    apply = function(raw, backlog, given)
      return raw:set_backlog(backlog.level and calls.level(given.names, backlog.level)
        or native.default "backlog_level", backlog.bytes or native.default "backlog_bytes")
    end },
  { name = "auth", kind = "table", apply = auth.apply },
  { name = "attach", kind = "light userdata",
    apply = function(raw, socket) return raw:attach(socket) end },
  { name = "bind", kind = "string or list of strings", apply = options.by_each "bind" },
  { name = "connect", kind = "string or list of strings", apply = options.by_each "connect" },
}

local slow_spec = {
  { name = "stall_ms", kind = "integer" },
  { name = "budget_ms", kind = "integer" },
  { name = "share_percent", kind = "integer" },
}

local backlog_spec = {
  { name = "level", kind = "integer or string" },
  { name = "bytes", kind = "integer" },
}

local function level_number(names, value, level)
  if value == 0 then
    return 0
  end
  local number, message = calls.level(names, value)
  return number or error("zmqlog.handler: " .. message, level + 1)
end

--- The number of an overflow policy's name; raises for others.
function handler.check_policy(what, policy, level)
  if policy and not policies[policy] then
    error(options.unknown(what .. ": no overflow policy", policy,
      { "block", "drop_newest", "drop_oldest" }), level + 1)
  end
end

local function check(given, level)
  options.check("zmqlog.handler", given, spec, level + 1)
  handler.check_policy("zmqlog.handler", given.overflow, level + 1)
  if given.slow_peer then
    options.check("zmqlog.handler: slow_peer", given.slow_peer, slow_spec, level + 1)
  end
  if given.auth then
    auth.check("zmqlog.handler", given.auth, level + 1)
  end
  local names = calls.names_with("zmqlog.handler", calls.names, given.levels, level + 1)
  for style_level, style in pairs(given.styles or {}) do
    level_number(names, style_level, level + 1)
    options.expect("string", style, "zmqlog.handler: a style", level + 1)
  end
  if given.backlog then
    options.check("zmqlog.handler: backlog", given.backlog, backlog_spec, level + 1)
    level_number(names, given.backlog.level or native.default "backlog_level", level + 1)
  end
  return names, given.level and level_number(names, given.level, level + 1)
end

local methods = {}
for name, method in pairs(calls.methods) do
  methods[name] = method
end

-- Words a level cannot take as a method: `level` could not be read any more.
local function methods_of(names)
  local free = {}
  for name, number in pairs(names) do
    if calls.names[name] or methods[name] == nil and name ~= "level" then
      free[name] = number
    end
  end
  return free
end

local class

--- The names of all options.
function handler.option_names()
  return options.names(spec)
end

--- All options: { name = kind }.
function handler.option_kinds()
  local kinds = {}
  for _, option in ipairs(spec) do
    kinds[option.name] = option.kind
  end
  return kinds
end

--- zmqlog.handler{ options }; see docs/lua.md.
function handler.new(given, error_level)
  local names, level = check(given, (error_level or 1) + 1)
  local raw = core.Handler()
  if not raw then
    return native.failure(ENOMEM)
  end
  local wanted = setmetatable({ names = names }, { __index = given })
  local ok, message, code = options.apply(raw, wanted, spec)
  if ok and level then
    ok, message, code = raw:set_level(level)
  end
  if ok and not (given.bind or given.connect or given.attach) then
    ok, message, code = raw:open("") -- $ZMQLOG_URL, else for this machine
  end
  if not ok then
    ok, message, code = native.detailed(raw, nil, message, code)
    raw:close(0)
    return ok, message, code
  end
  calls.note_style(raw, 0, given.style or "plain")
  for style_level, style in pairs(given.styles or {}) do
    calls.note_style(raw, calls.level(names, style_level), style)
  end
  local self = object.new(class, raw)
  calls.attach(self, raw, names, methods_of(names), given.source or false)
  return self
end

--- log:bind(endpoint) opens one more endpoint that subscribers connect to. True, or nil,
--- message, code: EINVAL, EADDRINUSE, EADDRNOTAVAIL, EACCESS, EREFUSED, ENOTSUP, ECLOSED,
--- EFORKED, ELIMIT (over 64), ENOMEM, EIO.
methods.bind = native.forward "bind"

--- log:connect(endpoint) opens one more endpoint where a relay or a subscriber has bound.
--- True, or nil, message, code as for bind.
methods.connect = native.forward "connect"

--- log:unbind(endpoint) closes one bound endpoint; the others go on. The endpoint is
--- written as it was given, or as endpoint() names it. True, or nil, message, code:
--- ETIMEDOUT (closed, but a subscriber had not taken all), EINVAL, ECLOSED. Since 1.1.
methods.unbind = native.forward "unbind"

--- log:disconnect(endpoint) ends one connection that connect opened; see unbind. Since 1.1.
methods.disconnect = native.forward "disconnect"

--- log:set_root_topic(root) sets the first part of every topic, up to 100 bytes. Live.
--- True, or nil, message, code: EINVAL, ELIMIT (over 256 different ones), ECLOSED.
methods.set_root_topic = native.forward "set_root_topic"

--- log:wakeup() ends a call on this handler that waits, or the next one, once.
methods.wakeup = native.forward "wakeup"

--- log:count(name) reads a counter, such as "sent"; raises for an unknown one.
methods.count = native.count

--- log:endpoint(index) tells endpoint number index, from 1, which is also the default;
--- nil past the last.
methods.endpoint = native.endpoint

--- log:logger(name, options) makes a named view with the options topic, level and fields.
--- The logger, or nil, message, code. Raises for wrong options.
methods.logger = logger.new

--- log:with(fields): a logger without a name whose records have these fields. Since 1.1.
function methods:with(fields)
  return logger.new(self, "", { fields = options.expect("table", fields, "with: fields", 2) })
end

--- log:close(timeout_ms) sends what is queued and closes; without a timeout it
--- takes at most the linger. Later calls are counted and answer ECLOSED.
function methods:close(timeout_ms)
  return self[RAW]:close(timeout_ms or -1)
end

local function flush(raw, _, timeout_ms)
  return raw:flush(timeout_ms)
end

--- log:flush(timeout_ms) waits until libzmq has everything logged so far; without a
--- timeout, without limit. Only close() waits until it is sent.
function methods:flush(timeout_ms)
  return native.patiently(flush, self[RAW], nil, timeout_ms)
end

--- log:wait_subscriber(topic, timeout_ms) waits until a record with this whole topic
--- would reach a subscriber, or, with nil or "", anything would; without a timeout,
--- without limit. True, or nil, message, code: ETIMEDOUT, EINTERRUPTED, ECLOSED, ENOTSUP.
function methods:wait_subscriber(topic, timeout_ms)
  local raw = self[RAW]
  return native.patiently(raw.wait_subscriber, raw, topic, timeout_ms)
end

--- log:wait_room(bytes, timeout_ms) waits until the queue has room for that many bytes.
--- True, or nil, message, code: ETIMEDOUT, EINTERRUPTED, ELIMIT (it never fits), ECLOSED.
function methods:wait_room(bytes, timeout_ms)
  local raw = self[RAW]
  return native.patiently(raw.wait_room, raw, bytes, timeout_ms)
end

--- log:set_level(level) sets the floor: 0, a number or a name. Live.
function methods:set_level(level)
  return self[RAW]:set_level(level_number(calls.settings(self).names, level, 2))
end

--- log:set_style(style, level) changes how messages look, of one level or of
--- all. Live.
function methods:set_style(style, level)
  local number = level and level_number(calls.settings(self).names, level, 2) or 0
  local ok, message, code = native.detailed(self[RAW], self[RAW]:set_style(number, style))
  if ok then
    calls.note_style(self[RAW], number, style)
  end
  return ok, message, code
end

--- log:forked(): true in a forked child where this handler answers EFORKED.
function methods:forked()
  return self[RAW]:forked() == 1
end

class = object.class("zmqlog.handler", methods, {
  root_topic = {
    get = function(self) return self[RAW]:root_topic() end,
    set = function(self, value) return self:set_root_topic(value) end,
  },
  level = {
    get = function(self) return self[RAW]:level() end,
    set = function(self, value) return self:set_level(value) end,
  },
})

return handler
