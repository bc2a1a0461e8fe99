---@meta _
-- SPDX-License-Identifier: BSD-3-Clause
-- The handler for LuaLS; see ../zmqlog.lua.

--- The option slow_peer.
---@class zmqlog.slow_peer
---@field stall_ms? integer 1 to 3600000
---@field budget_ms? integer 0 to 60000
---@field share_percent? integer 0 to 100

--- The option backlog.
---@class zmqlog.backlog
---@field level? zmqlog.level from which on records are kept
---@field bytes? integer 4 KiB to 1 GiB for all of them; 0: none

--- Options of a handler.
---@class zmqlog.handler_options
---@field level_names? "default"|"pyzmq" `pyzmq` says WARNING
---@field levels? table<string, integer> names of levels; each becomes a method
---@field root_topic? string first part of every topic, up to 100 bytes
---@field level? zmqlog.level the floor; 0: everything
---@field delimiter? string up to 16 bytes; "" for none
---@field time_format? string what `%(asctime)s` shows, for strftime
---@field style? "plain"|"logfmt"|"json"|"pyzmq"|string how messages look
---@field styles? table<zmqlog.level, string> styles of single levels
---@field source? boolean records tell where they were logged
---@field max_body_bytes? integer 256 bytes to 256 MiB
---@field queue_bytes? integer 16 KiB to 1 GiB
---@field overflow? zmqlog.overflow what a full queue means
---@field block_ms? integer how long a call waits under `block`; negative: no limit
---@field slow_peer? zmqlog.slow_peer how long slow subscribers are waited for
---@field send_hwm? integer 1 to 10000000 records
---@field linger_ms? integer 0 to 3600000
---@field hold_ms? integer 0 to 60000
---@field heartbeat_ms? integer how often connections are tested; 0: never
---@field drop_notice? boolean whether drops are announced in the stream
---@field announce? boolean whether hello and stats are answered
---@field backlog? zmqlog.backlog records kept until somebody listens
---@field auth? zmqlog.auth|zmqlog.auth_options keys and allow lists
---@field attach? lightuserdata a PUB or XPUB socket of libzmq
---@field bind? zmqlog.endpoints where subscribers connect to
---@field connect? zmqlog.endpoints where a collector listens

--- A publisher.
---@class zmqlog.handler
---@field level integer the floor; may be set
---@field root_topic string may be set
local handler = {}

--- Logs at level debug: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function handler:debug(text, ...) end

--- Logs at level info: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function handler:info(text, ...) end

--- Logs at level warn: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function handler:warn(text, ...) end

--- Logs at level warning: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function handler:warning(text, ...) end

--- Logs at level error: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function handler:error(text, ...) end

--- Logs at level critical: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function handler:critical(text, ...) end

--- Logs at level fatal: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function handler:fatal(text, ...) end

--- Logs at a level.
---@param level zmqlog.level
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function handler:log(level, text, ...) end

--- Logs under a subtopic; the text is never searched for the delimiter.
---@param level zmqlog.level
---@param subtopic string
---@param text any
---@param fields? zmqlog.fields
---@return true? ok
---@return string? message
---@return integer? code
function handler:log_topic(level, subtopic, text, fields) end

--- Whether a record of that level would be taken.
---@param level zmqlog.level
---@return boolean
function handler:enabled(level) end

--- Calls `work`; all records that are logged meanwhile have these fields, and `topic`
--- as a subtopic. Since 1.1.
---@param fields zmqlog.fields
---@param work fun(...): ...any
---@param ... any
---@return any ... what `work` returns
function handler:context(fields, work, ...) end

--- Opens one more endpoint that subscribers connect to.
---@param endpoint string
---@return true? ok
---@return string? message
---@return integer? code
function handler:bind(endpoint) end

--- Opens one more endpoint where a collector listens.
---@param endpoint string
---@return true? ok
---@return string? message
---@return integer? code
function handler:connect(endpoint) end

--- Closes one endpoint that was bound. Since 1.1.
---@param endpoint string
---@return true? ok
---@return string? message
---@return integer? code
function handler:unbind(endpoint) end

--- Closes one endpoint that was connected to. Since 1.1.
---@param endpoint string
---@return true? ok
---@return string? message
---@return integer? code
function handler:disconnect(endpoint) end

--- Sends what is queued and closes.
---@param timeout_ms? integer
---@return true? ok
---@return string? message
---@return integer? code
function handler:close(timeout_ms) end

--- Waits until libzmq has all that was logged.
---@param timeout_ms? integer
---@return true? ok
---@return string? message
---@return integer? code
function handler:flush(timeout_ms) end

--- Waits for a subscriber to exactly this topic; with nil, to anything.
---@param topic? string
---@param timeout_ms? integer
---@return true? ok
---@return string? message
---@return integer? code
function handler:wait_subscriber(topic, timeout_ms) end

--- Waits until the queue has room.
---@param bytes integer
---@param timeout_ms? integer
---@return true? ok
---@return string? message
---@return integer? code
function handler:wait_room(bytes, timeout_ms) end

--- Sets the floor; live.
---@param level zmqlog.level
---@return true? ok
---@return string? message
---@return integer? code
function handler:set_level(level) end

--- Sets the root topic; live.
---@param root_topic string
---@return true? ok
---@return string? message
---@return integer? code
function handler:set_root_topic(root_topic) end

--- Sets how messages look, of one level or all; live.
---@param style string
---@param level? zmqlog.level
---@return true? ok
---@return string? message
---@return integer? code
function handler:set_style(style, level) end

--- Ends the current or the next waiting call, once.
---@return true? ok
---@return string? message
---@return integer? code
function handler:wakeup() end

--- Reads a counter: "sent", "dropped_queue", ...
---@param name string
---@return integer
function handler:count(name) end

--- An endpoint with its real port, from 1; nil past the last.
---@param index? integer
---@return string?
function handler:endpoint(index) end

--- True in a forked child where this handler cannot log.
---@return boolean
function handler:forked() end

--- Makes a named view.
---@param name string
---@param options? zmqlog.logger_options
---@return zmqlog.logger? logger
---@return string? message
---@return integer? code
function handler:logger(name, options) end

--- A logger without a name whose records have these fields. Since 1.1.
---@param fields zmqlog.fields
---@return zmqlog.logger? logger
---@return string? message
---@return integer? code
function handler:with(fields) end
