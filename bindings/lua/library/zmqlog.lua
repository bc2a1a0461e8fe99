---@meta zmqlog
-- SPDX-License-Identifier: BSD-3-Clause
-- The interface of the module zmqlog for LuaLS (lua-language-server): types only, never
-- loaded. Add its folder to `workspace.library`; docs/lua.md says where it is. A test
-- compares it with the module.

---@alias zmqlog.level integer|string a number from 1 to 63, or a name
---@alias zmqlog.endpoints string|string[]
---@alias zmqlog.fields table<string, any>
---@alias zmqlog.overflow "drop_newest"|"drop_oldest"|"block"

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

--- Options of a logger.
---@class zmqlog.logger_options
---@field topic? string subtopic before the call's own
---@field level? zmqlog.level its own threshold
---@field fields? zmqlog.fields in all of its records

--- Options of a subscriber.
---@class zmqlog.subscriber_options
---@field levels? table<string, integer> names of levels that publishers use
---@field roots? string|string[] root topics that contain dots
---@field exact? boolean prefixes match whole segments
---@field receive_hwm? integer 0 to 10000000 records
---@field queue_bytes? integer 16 KiB to 1 GiB
---@field overflow? zmqlog.overflow what a full queue means
---@field block_ms? integer until `block` drops after all
---@field auth? zmqlog.auth|zmqlog.auth_options keys and allow lists
---@field subscribe? string|string[] prefixes of topics
---@field root_topic? string a program: together with `level`
---@field subscribe_all? zmqlog.level this level and above of all programs
---@field level? zmqlog.level this level and above
---@field bind? zmqlog.endpoints where publishers connect to
---@field connect? zmqlog.endpoints where publishers are

--- Options of an auth.
---@class zmqlog.auth_options
---@field curve_server? string secret key of what listens
---@field curve_client? { server_key: string, public_key: string, secret_key: string } keys of what connects
---@field allow_keys? string|string[] public keys, `*` for any
---@field allow_addresses? string|string[] addresses or networks
---@field allow_uids? integer[] user ids, for ipc
---@field load_keys? string|string[] certificates that are allowed
---@field insecure? boolean tcp beyond loopback without CURVE
---@field ipc_mode? integer|string file mode of ipc sockets

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

--- A named view of a handler.
---@class zmqlog.logger
---@field name string
---@field level integer its threshold; may be set
local logger = {}

--- Logs at level debug: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function logger:debug(text, ...) end

--- Logs at level info: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function logger:info(text, ...) end

--- Logs at level warn: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function logger:warn(text, ...) end

--- Logs at level warning: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function logger:warning(text, ...) end

--- Logs at level error: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function logger:error(text, ...) end

--- Logs at level critical: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function logger:critical(text, ...) end

--- Logs at level fatal: a text; a format and its arguments; a text and a table of
--- fields; or a function that makes it. Never raises.
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function logger:fatal(text, ...) end

--- Logs at a level.
---@param level zmqlog.level
---@param text any
---@param ... any
---@return true? ok
---@return string? message
---@return integer? code
function logger:log(level, text, ...) end

--- Logs under a subtopic; the text is never searched for the delimiter.
---@param level zmqlog.level
---@param subtopic string
---@param text any
---@param fields? zmqlog.fields
---@return true? ok
---@return string? message
---@return integer? code
function logger:log_topic(level, subtopic, text, fields) end

--- Whether a record of that level would be taken.
---@param level zmqlog.level
---@return boolean
function logger:enabled(level) end

--- Calls `work`; all records that are logged meanwhile have these fields, and `topic`
--- as a subtopic. Since 1.1.
---@param fields zmqlog.fields
---@param work fun(...): ...any
---@param ... any
---@return any ... what `work` returns
function logger:context(fields, work, ...) end

--- Sets the threshold; live.
---@param level zmqlog.level
---@return true? ok
---@return string? message
---@return integer? code
function logger:set_level(level) end

--- An independent copy with changes.
---@param options? zmqlog.logger_options
---@return zmqlog.logger? logger
---@return string? message
---@return integer? code
function logger:clone(options) end

--- A copy whose records have these fields, too. Since 1.1.
---@param fields zmqlog.fields
---@return zmqlog.logger? logger
---@return string? message
---@return integer? code
function logger:with(fields) end

--- A record that was received.
---@class zmqlog.record
---@field topic string
---@field root string
---@field level integer 0 when the topic names none
---@field level_name string
---@field subtopic string
---@field text string
---@field received_ns integer
---@field lost? integer how many of this topic were lost just before it
---@field time_ns? integer after parse
---@field logger? string after parse
---@field source? { file: string, line: integer, ["function"]: string? } after parse
---@field seq? integer after parse
---@field epoch? string after parse
---@field fields? zmqlog.fields after parse
local record = {}

--- Reads the text as a message of style json.
---@return true? ok
---@return string? message
---@return integer? code
function record:parse() end

--- A receiver.
---@class zmqlog.subscriber
local subscriber = {}

--- Connects to one more publisher.
---@param endpoint string
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:connect(endpoint) end

--- Listens on one more endpoint.
---@param endpoint string
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:bind(endpoint) end

--- Ends one connection. Since 1.1.
---@param endpoint string
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:disconnect(endpoint) end

--- Closes one endpoint. Since 1.1.
---@param endpoint string
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:unbind(endpoint) end

--- Subscribes to all topics that start so; live.
---@param prefix? string
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:subscribe(prefix) end

--- Takes back one subscribe; live.
---@param prefix string
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:unsubscribe(prefix) end

--- Subscribes to a program's level and above; live.
---@param root_topic string
---@param level zmqlog.level
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:subscribe_level(root_topic, level) end

--- Subscribes to this level and above of all programs. Since 1.1.
---@param level zmqlog.level
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:subscribe_all(level) end

--- Makes a root topic with dots known.
---@param root string
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:add_root(root) end

--- Whether prefixes match whole segments only; live.
---@param on boolean
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:set_exact(on) end

--- Ends the current or the next recv, once.
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:wakeup() end

--- Closes; recv then answers ECLOSED.
---@return true? ok
---@return string? message
---@return integer? code
function subscriber:close() end

--- The next record.
---@param timeout_ms? integer
---@return zmqlog.record? record
---@return string? message
---@return integer? code
function subscriber:recv(timeout_ms) end

--- An iterator over records; ends by close, by wakeup, or after a silence of that long.
---@param timeout_ms? integer
---@return fun(): zmqlog.record?
function subscriber:records(timeout_ms) end

--- A descriptor for poll.
---@return integer? fd
---@return string? message
---@return integer? code
function subscriber:fd() end

--- Reads a counter: "received", "lost", ...
---@param name string
---@return integer
function subscriber:count(name) end

--- An endpoint with its real port, from 1.
---@param index? integer
---@return string?
function subscriber:endpoint(index) end

--- Keys and allow lists.
---@class zmqlog.auth
local auth = {}

--- Allows one more; live.
---@param public_key string
---@return true? ok
---@return string? message
---@return integer? code
function auth:allow_key(public_key) end

--- Allows one more; live.
---@param address string
---@return true? ok
---@return string? message
---@return integer? code
function auth:allow_address(address) end

--- Allows one more; live.
---@param uid integer
---@return true? ok
---@return string? message
---@return integer? code
function auth:allow_uid(uid) end

--- Takes one back; live.
---@param public_key string
---@return true? ok
---@return string? message
---@return integer? code
function auth:remove_key(public_key) end

--- Takes one back; live.
---@param address string
---@return true? ok
---@return string? message
---@return integer? code
function auth:remove_address(address) end

--- Takes one back; live.
---@param uid integer
---@return true? ok
---@return string? message
---@return integer? code
function auth:remove_uid(uid) end

--- Allows the keys in a file or directory.
---@param path string
---@return true? ok
---@return string? message
---@return integer? code
function auth:load_keys(path) end

--- Allows these keys and no others; ends connections whose key is gone.
---@param path string a certificate, or a directory of them
---@return true? ok
---@return string? message
---@return integer? code
function auth:reload_keys(path) end

--- A CURVE key pair.
---@class zmqlog.keypair
---@field public_key string
---@field secret_key string
local keypair = {}

--- Writes it, never over a file.
---@param path string
---@return true? ok
---@return string? message
---@return integer? code
function keypair:save(path) end

--- An error as data.
---@class zmqlog.exception
---@field class string
---@field message string
---@field backtrace string[]

--- The module.
---@class zmqlog
---@field _VERSION string
---@field TOPIC_DELIM string
---@field null any JSON's null, for fields
---@field OK integer
---@field EAGAIN integer
---@field ETIMEDOUT integer
---@field EINTERRUPTED integer
---@field EINVAL integer
---@field ENOMEM integer
---@field ESTATE integer
---@field ECLOSED integer
---@field EFORKED integer
---@field ENOTSUP integer
---@field ELIMIT integer
---@field EADDRINUSE integer
---@field EADDRNOTAVAIL integer
---@field EACCESS integer
---@field EREFUSED integer
---@field EFORMAT integer
---@field EIO integer
---@field DEBUG integer
---@field INFO integer
---@field WARN integer
---@field ERROR integer
---@field CRITICAL integer
local zmqlog = {}

--- Opens a publisher on `bind`, `connect` or `attach`.
---@param options zmqlog.handler_options
---@return zmqlog.handler? handler
---@return string? message
---@return integer? code
function zmqlog.handler(options) end

--- Opens a receiver on `connect` or `bind`.
---@param options zmqlog.subscriber_options
---@return zmqlog.subscriber? subscriber
---@return string? message
---@return integer? code
function zmqlog.subscriber(options) end

--- Makes keys and allow lists.
---@param options zmqlog.auth_options
---@return zmqlog.auth? auth
---@return string? message
---@return integer? code
function zmqlog.auth(options) end

--- Makes a key pair, or reads one.
---@param path? string
---@return zmqlog.keypair? keypair
---@return string? message
---@return integer? code
function zmqlog.keypair(path) end

--- An error as a text or a field of a log call; also a handler for xpcall. Since 1.1.
---@param err any
---@return zmqlog.exception
function zmqlog.exception(err) end

--- The version of the library that is loaded.
---@return string
function zmqlog.version() end

--- What a code means.
---@param code integer
---@return string
function zmqlog.strerror(code) end

--- The name of a code.
---@param code integer
---@return string
function zmqlog.status_name(code) end

--- The name of a level; nil out of 1 to 63.
---@param level integer
---@return string?
function zmqlog.level_name(level) end

--- The number of a level's name.
---@param name string
---@return integer?
function zmqlog.level_number(name) end

--- Whether the library can do "curve", "ipc", "json", "fork" or "attach" here.
---@param feature string
---@return boolean
function zmqlog.has(feature) end

return zmqlog
