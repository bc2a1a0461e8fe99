-- SPDX-License-Identifier: BSD-3-Clause
--- Log broadcasting over ZeroMQ PUB/SUB.
--
--   local zmqlog = require "zmqlog"
--   local log <close> = zmqlog.handler{ bind = "tcp://127.0.0.1:5556",
--                                       root_topic = "myprogram" }
--   log:info("hello there")                   -- topic myprogram.INFO
--   log:warn("sub.topic::hello there")        -- topic myprogram.WARN.sub.topic
--   log:error("%s is down", host)             -- formatted when arguments follow
--   log:info("served", { status = 200 })      -- fields, seen in style json
--
-- Runtime errors are returned as nil, message, code; programming errors raise.
-- Log calls never raise. The guide is docs/lua.md.
local native = require "zmqlog.native"
local core = native.core

local zmqlog = {
  --- The name and version of the library that is loaded.
  _VERSION = "zmqlog " .. core.zmqlog_version_string(),

  --- What separates subtopic and message in the text of a log call, "::".
  TOPIC_DELIM = core.zmqlog_topic_delimiter(),

  --- JSON's null, for fields.
  null = require("zmqlog.json").null,

  --- handler{ options } opens a publisher on `bind`, `connect` (an endpoint or a
  --- list) or `attach`. Often used: `root_topic` (up to 100 bytes), `level` (the
  --- floor, name or number, 0 for everything), `style` ("plain", "logfmt", "json",
  --- "pyzmq" or a %-format), `hold_ms` (0 to 60000, default 500), `heartbeat_ms`
  --- (0, none, to 3600000; subscribers must speak ZMTP 3.1), `linger_ms` (0 to
  --- 3600000, default 1000), `overflow` ("drop_newest", "drop_oldest", "block"), `auth`.
  --- Returns the handler, or nil, message, code: EINVAL, EADDRINUSE, EADDRNOTAVAIL,
  --- EACCESS, EREFUSED, EFORMAT, ENOTSUP, ENOMEM, EIO. Raises for unknown options.
  handler = require("zmqlog.handler").new,

  --- subscriber{ options } opens a receiver on `connect` or `bind`, of everything or
  --- of `subscribe` (prefixes, up to 245 bytes each) or of `root_topic` and `level`.
  --- sub:recv(timeout_ms) gives a record, sub:records(timeout_ms) is for `for`.
  --- Returns the subscriber, or nil, message, code as handler does.
  subscriber = require("zmqlog.subscriber").new,

  --- auth{ options } makes keys and allow lists for handlers and subscribers, to be
  --- changed while they are open. Keys are 40 characters of Z85.
  auth = require("zmqlog.auth").new,

  --- keypair() makes a CURVE key pair, keypair(path) reads one, pair:save(path)
  --- writes it, never over a file. ENOTSUP where libzmq has no CURVE; EREFUSED for a
  --- secret that others may read.
  keypair = require("zmqlog.auth").keypair,

  --- exception(err) is an error as a text or a field of a log call: class, message and
  --- backtrace in styles that show fields, else text. Also a handler for xpcall.
  exception = require("zmqlog.exception").new,

  --- version() is the loaded library's, e.g. "1.0.0".
  version = core.zmqlog_version_string,

  --- strerror(code) is what a code means, in a short sentence.
  strerror = core.zmqlog_strerror,

  --- status_name(code), e.g. "EAGAIN" for zmqlog.EAGAIN.
  status_name = core.zmqlog_status_name,

  --- level_name(number), e.g. "WARN" for 30; nil out of 1 to 63.
  level_name = core.zmqlog_level_name,
}

--- level_number(name): 1 to 63, as people write levels; nil for anything else.
function zmqlog.level_number(name)
  local number = core.zmqlog_level_number(name)
  if number > 0 then
    return number
  end
end

--- has(feature): whether the library can do "curve", "ipc", "json", "fork" or
--- "attach" here.
function zmqlog.has(feature)
  return core.zmqlog_has(feature) == 1
end

-- Codes and levels: zmqlog.ETIMEDOUT, zmqlog.WARN, ...
for _, name in ipairs{ "OK", "EAGAIN", "ETIMEDOUT", "EINTERRUPTED", "EINVAL", "ENOMEM",
                       "ESTATE", "ECLOSED", "EFORKED", "ENOTSUP", "ELIMIT",
                       "EADDRINUSE", "EADDRNOTAVAIL", "EACCESS", "EREFUSED", "EFORMAT",
                       "EIO" } do
  zmqlog[name] = native.constant(name)
end
for _, name in ipairs{ "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL" } do
  zmqlog[name] = native.constant("LEVEL_" .. name)
end

return zmqlog
