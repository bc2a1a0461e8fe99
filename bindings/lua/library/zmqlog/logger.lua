---@meta _
-- SPDX-License-Identifier: BSD-3-Clause
-- The logger for LuaLS; see ../zmqlog.lua.

--- Options of a logger.
---@class zmqlog.logger_options
---@field topic? string subtopic before the call's own
---@field level? zmqlog.level its own threshold
---@field fields? zmqlog.fields in all of its records

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
