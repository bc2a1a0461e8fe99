-- SPDX-License-Identifier: BSD-3-Clause
-- The receiver: zmqlog.subscriber{ options }, and its records, which are plain
-- tables. Not part of the interface by this name.
local native = require "zmqlog.native"
local object = require "zmqlog.object"
local options = require "zmqlog.options"
local auth = require "zmqlog.auth"
local calls = require "zmqlog.calls"
local handler = require "zmqlog.handler"
local json = require "zmqlog.json"

local core, RAW = native.core, native.RAW
local ENOMEM, ECLOSED = native.constant "ENOMEM", native.constant "ECLOSED"
local EINTERRUPTED = native.constant "EINTERRUPTED"
local EAGAIN, ETIMEDOUT = native.constant "EAGAIN", native.constant "ETIMEDOUT"

local subscriber = {}

local spec = {
  { name = "levels", kind = "table",
    apply = function(raw, levels)
      for name, number in pairs(levels) do
        local ok, message, code = raw:set_level_name(number, name)
        if not ok then
          return nil, message, code
        end
      end
      return true
    end },
  { name = "roots", kind = "string or list of strings", apply = options.by_each "add_root" },
  { name = "exact", kind = "boolean",
    apply = function(raw, on) return raw:set_exact(on and 1 or 0) end },
  { name = "receive_hwm", kind = "integer", apply = options.plain "receive_hwm" },
  { name = "queue_bytes", kind = "integer", apply = options.plain "queue_bytes" },
  { name = "overflow", kind = "string",
    apply = function(raw, policy, given)
      return raw:set_overflow(native.constant(handler.policies[policy]),
        given.block_ms or -1)
    end },
  { name = "block_ms", kind = "integer" },
  { name = "auth", kind = "table", apply = auth.apply },
  { name = "subscribe", kind = "string or list of strings", apply = options.by_each "subscribe" },
  { name = "subscribe_all", kind = "integer or string" },
  { name = "root_topic", kind = "string" },
  { name = "level", kind = "integer or string" },
  { name = "bind", kind = "string or list of strings", apply = options.by_each "bind" },
  { name = "connect", kind = "string or list of strings", apply = options.by_each "connect" },
}

-- ---- records

local record_methods = {}
local record_class = { __index = record_methods, __name = "zmqlog.record" }

function record_class.__tostring(record)
  return record.topic .. ": " .. record.text
end

-- The getters, once: looking them up costs more than calling them.
local sample = core.Record()
local get = setmetatable({}, { __index = function(self, name)
  local getter = sample[name]
  rawset(self, name, getter)
  return getter
end })

local TIME_NONE_AND_BELOW = -9e18

local function known_time(ns)
  if ns > TIME_NONE_AND_BELOW then
    return ns
  end
end

local function to_table(raw)
  local record = {
    topic = get.topic(raw),
    root = get.root(raw),
    level = get.level(raw),
    level_name = get.level_name(raw),
    subtopic = get.subtopic(raw),
    text = get.text(raw),
    received_ns = get.received_ns(raw),
  }
  local lost = get.lost(raw)
  if lost > 0 then
    record.lost = lost
  end
  return setmetatable(record, record_class)
end

local function fields_of(raw)
  local fields = {}
  for index = 0, get.field_count(raw) - 1 do
    fields[get.field_key(raw, index)] = json.decode(get.field_json(raw, index))
  end
  return fields
end

local function known_text(text)
  if text ~= "" then
    return text
  end
end

local function source_of(raw)
  local file = known_text(get.source_file(raw))
  if file then
    return { file = file, line = get.source_line(raw),
             ["function"] = known_text(get.source_function(raw)) }
  end
end

--- record:parse() reads the text as a body of style json: afterwards time_ns,
--- logger, source, seq, epoch and fields are there, and text is the message.
--- True, or nil, message, code (EFORMAT: the text is no such object).
function record_methods:parse()
  local raw = core.Record()
  if not raw then
    return native.failure(ENOMEM)
  end
  raw:set_text(self.text)
  local ok, message, code = native.detailed(raw, raw:parse())
  if not ok then
    return nil, message, code
  end
  self.text = get.text(raw)
  self.time_ns = known_time(get.time_ns(raw))
  self.logger = known_text(get.logger(raw))
  self.source = source_of(raw)
  self.epoch = known_text(get.epoch(raw))
  self.seq = self.epoch and get.seq(raw)
  self.fields = fields_of(raw)
  return true
end

-- ---- subscriber

local methods = {
  --- sub:connect(endpoint) connects to one more publisher or relay. True, or nil,
  --- message, code: EINVAL, EADDRNOTAVAIL, EACCESS, ENOTSUP, ECLOSED, EFORKED, ENOMEM, EIO.
  connect = native.forward "connect",

  --- sub:bind(endpoint) opens one more endpoint that publishers connect to. True, or nil,
  --- message, code as for connect, and EADDRINUSE, EREFUSED.
  bind = native.forward "bind",

  --- sub:disconnect(endpoint) ends one connection that connect opened; what has arrived
  --- can still be received. Since 1.1.
  disconnect = native.forward "disconnect",

  --- sub:unbind(endpoint) closes one bound endpoint and its connections. Since 1.1.
  unbind = native.forward "unbind",

  --- sub:unsubscribe(prefix) takes back one subscribe of the same prefix. True, or nil,
  --- message, code: EINVAL (there is no such subscription), ECLOSED, EFORKED.
  unsubscribe = native.forward "unsubscribe",

  --- sub:add_root(root) makes a root topic known, so that a.b.INFO is read as root a.b;
  --- at most 1024, of up to 245 bytes each: EINVAL, ELIMIT.
  add_root = native.forward "add_root",

  --- sub:wakeup() ends the current or the next recv with EINTERRUPTED, once.
  wakeup = native.forward "wakeup",

  --- sub:close() closes; a recv that waits answers ECLOSED.
  close = native.forward "close",

  --- sub:count(name) reads a counter, such as "received"; raises for an unknown one.
  count = native.count,

  --- sub:endpoint(index) tells endpoint number index, from 1, which is also the default;
  --- nil past the last.
  endpoint = native.endpoint,
}

--- sub:subscribe(prefix): all topics that start with it, at most 245 bytes; all
--- without one. Live. True, or nil, message, code (EINVAL, ECLOSED, EFORKED).
function methods:subscribe(prefix)
  return native.detailed(self[RAW], self[RAW]:subscribe(prefix or ""))
end

local function subscribe_level(self, root, level)
  local raw = self[RAW]
  return native.detailed(raw, raw:subscribe_level(root, level))
end

--- sub:subscribe_level(root_topic, level): this level of that program and above; "" is
--- for programs without a root topic. Live. As subscribe; raises for an unknown level.
function methods:subscribe_level(root, level)
  local number, message = calls.level(self.names_, level)
  if not number then
    error(message, 2)
  end
  return subscribe_level(self, root, number)
end

--- sub:subscribe_all(level): this level and above of all programs; no other level opens
--- in those that say hello. Live. As subscribe; raises for an unknown level.
--- Since 1.1.
function methods:subscribe_all(level)
  local number, message = calls.level(self.names_, level)
  if not number then
    error(message, 2)
  end
  return native.detailed(self[RAW], self[RAW]:subscribe_all(number))
end

--- sub:recv(timeout_ms): the next record, or nil, message, code: EAGAIN
--- (timeout 0), ETIMEDOUT, EINTERRUPTED (wakeup), ECLOSED, EFORKED. In milliseconds;
--- without a timeout, without limit. It holds up the Lua state that calls it.
function methods:recv(timeout_ms)
  local record = self.record_
  local ok, message, code = native.patiently(self.recv_, self[RAW], record, timeout_ms)
  if not ok then
    return nil, message, code
  end
  return to_table(record)
end

local quiet = { [ECLOSED] = true, [EINTERRUPTED] = true, [EAGAIN] = true,
                [ETIMEDOUT] = true }

--- for record in sub:records(timeout_ms) do: ends when the subscriber is closed
--- or woken, or after a silence of that long; raises when receiving fails.
function methods:records(timeout_ms)
  return function()
    local record, message, code = self:recv(timeout_ms)
    if not record and not quiet[code] then
      error(message, 2)
    end
    return record
  end
end

--- sub:fd(): a descriptor for poll; receive with timeout 0 until EAGAIN, then
--- poll.
function methods:fd()
  local fd = self[RAW]:fd()
  if fd < 0 then
    return native.failure(fd)
  end
  return fd
end

--- sub:set_exact(on): whether prefixes match whole segments only; live.
function methods:set_exact(on)
  return self[RAW]:set_exact(on and 1 or 0)
end

local class = object.class("zmqlog.subscriber", methods, {})

local function check(given, level)
  options.check("zmqlog.subscriber", given, spec, level + 1)
  if not (given.bind or given.connect) then
    error("zmqlog.subscriber: give it connect or bind", level + 1)
  end
  handler.check_policy("zmqlog.subscriber", given.overflow, level + 1)
  if given.auth then
    auth.check("zmqlog.subscriber", given.auth, level + 1)
  end
  local names = calls.names_with("zmqlog.subscriber", {}, given.levels, level + 1)
  local function number(value)
    local found, message = calls.level(names, value)
    return found or error("zmqlog.subscriber: " .. message, level + 2)
  end
  return names, given.level and number(given.level),
    given.subscribe_all and number(given.subscribe_all)
end

local function subscribe(raw, given, level, all)
  local ok, message, code = true, nil, nil
  if all then
    ok, message, code = raw:subscribe_all(all)
  end
  if ok and (given.level or given.root_topic) then
    return raw:subscribe_level(given.root_topic or "", level or 1)
  elseif ok and not given.subscribe and not all then
    return raw:subscribe("")
  end
  return ok, message, code
end

--- The names of all options.
function subscriber.option_names()
  return options.names(spec)
end

--- zmqlog.subscriber{ options }; see docs/lua.md. Without subscribe, subscribe_all,
--- root_topic or level it subscribes to everything.
function subscriber.new(given)
  local names, level, all = check(given, 2)
  local raw, record = core.Subscriber(), core.Record()
  if not raw or not record then
    return native.failure(ENOMEM)
  end
  local ok, message, code = options.apply(raw, given, spec)
  if ok then
    ok, message, code = subscribe(raw, given, level, all)
  end
  if not ok then
    ok, message, code = native.detailed(raw, nil, message, code)
    raw:close()
    return ok, message, code
  end
  local self = object.new(class, raw)
  rawset(self, "names_", names)
  rawset(self, "record_", record)
  rawset(self, "recv_", raw.recv)
  return self
end

return subscriber
