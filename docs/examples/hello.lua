-- SPDX-License-Identifier: BSD-3-Clause
-- A program that can be watched: `zmqlog watch tcp://127.0.0.1:5556`.
-- What arrives stands behind each call: topic and message.
local zmqlog = require "zmqlog"

local endpoint = arg and arg[1] or "tcp://127.0.0.1:5556"
local log = assert(zmqlog.handler{ bind = endpoint, root_topic = "myprogram" })

log:info("hello there")                    --> myprogram.INFO hello there
log:warn("sub.topic::hello there")         --> myprogram.WARN.sub.topic hello there
log:error("%s is down", "db1")             --> myprogram.ERROR db1 is down

log.root_topic = "other"
log:info("hello there")                    --> other.INFO hello there

log:close()
