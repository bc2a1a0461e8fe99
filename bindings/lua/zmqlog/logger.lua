-- SPDX-License-Identifier: BSD-3-Clause
-- Named views of a handler: log:logger(name, options). Not part of the
-- interface by this name.
local native = require "zmqlog.native"
local object = require "zmqlog.object"
local options = require "zmqlog.options"
local calls = require "zmqlog.calls"
local field_values = require "zmqlog.fields"

local core, RAW = native.core, native.RAW
local ENOMEM = native.constant "ENOMEM"

local logger = {}

local spec = {
  { name = "topic", kind = "string",
    apply = function(raw, topic) return raw:set_topic(topic) end },
  { name = "fields", kind = "table",
    apply = function(raw, fields)
      return field_values.set(raw, raw, fields)
    end },
  { name = "level", kind = "integer or string" },
}

local methods = {}
for name, method in pairs(calls.methods) do
  methods[name] = method
end

local class

local function set_level(raw, settings, level)
  if level == 0 then
    return raw:set_level(0)
  end
  local number, message = calls.level(settings.names, level)
  if not number then
    error(message, 0)
  end
  return raw:set_level(number)
end

local function finish(raw, settings, handler, given)
  if not raw then
    return native.failure(ENOMEM)
  end
  local ok, message, code = native.detailed(raw, options.apply(raw, given, spec))
  if ok and given.level then
    ok, message, code = set_level(raw, settings, given.level)
  end
  if not ok then
    return nil, message, code
  end
  local self = object.new(class, raw)
  rawset(self, "handler", handler)
  calls.attach(self, settings.owner, settings.names, settings.methods, settings.source)
  return self
end

local function check(what, settings, given, level)
  options.check(what, given, spec, level + 1)
  if given.level and given.level ~= 0 then
    local number, message = calls.level(settings.names, given.level)
    if not number then
      error(what .. ": " .. message, level + 1)
    end
  end
end

--- The method handler:logger(name, options): a logger, which keeps the handler alive,
--- not open; or nil, message, code. Raises for wrong options (docs/lua.md has them).
function logger.new(handler, name, given)
  options.expect("string", name, "logger: name", 2)
  given = given or {}
  check("logger", calls.settings(handler), given, 2)
  return finish(core.Logger(handler[RAW], name), calls.settings(handler), handler, given)
end

--- logger:clone(options): an independent copy with changes; fields are added, and win
--- over those of the same name. As handler:logger.
function methods:clone(given)
  given = given or {}
  check("clone", calls.settings(self), given, 2)
  return finish(self[RAW]:clone(), calls.settings(self), self.handler, given)
end

--- logger:with(fields): a copy whose records have these fields, too. Since 1.1.
function methods:with(fields)
  options.expect("table", fields, "with: fields", 2)
  return finish(self[RAW]:clone(), calls.settings(self), self.handler, { fields = fields })
end

--- logger:set_level(level): the threshold: 0 (everything) to 63, or a name; live.
--- Raises for an unknown one.
function methods:set_level(level)
  return set_level(self[RAW], calls.settings(self), level)
end

class = object.class("zmqlog.logger", methods, {
  name = { get = function(self) return self[RAW]:name() end },
  level = {
    get = function(self) return self[RAW]:level() end,
    set = function(self, level) return self:set_level(level) end,
  },
})

return logger
