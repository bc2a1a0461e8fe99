---@meta _
-- SPDX-License-Identifier: BSD-3-Clause
-- The subscriber and its records for LuaLS; see ../zmqlog.lua.

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
