-- SPDX-License-Identifier: BSD-3-Clause
-- Two records for the watcher at the endpoint that is the argument.
local zmqlog = require "zmqlog"

local log = assert(zmqlog.handler{ connect = arg[1], root_topic = "lua" })
assert(log:wait_subscriber(nil, 300000))
log:info("hello there")
log:warn("sub.topic::%d left", 2)
assert(log:close(10000))
