-- SPDX-License-Identifier: BSD-3-Clause
--- LuaLogging looks for its appenders under this name; see zmqlog/appender.lua.
return require "zmqlog.appender"
