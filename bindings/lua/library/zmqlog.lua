---@meta zmqlog
-- SPDX-License-Identifier: BSD-3-Clause
-- The interface of the module zmqlog for LuaLS (lua-language-server): types only, never
-- loaded. Add its folder to `workspace.library`; docs/lua.md says where it is. The objects
-- have files of their own in zmqlog/. A test compares all of them with the module.

---@alias zmqlog.level integer|string a number from 1 to 63, or a name
---@alias zmqlog.endpoints string|string[]
---@alias zmqlog.fields table<string, any>
---@alias zmqlog.overflow "drop_newest"|"drop_oldest"|"block"

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
