-- SPDX-License-Identifier: BSD-3-Clause
-- Records with fields, as JSON: `zmqlog watch tcp://127.0.0.1:5556`.
local zmqlog = require "zmqlog"

local endpoint = arg and arg[1] or "tcp://127.0.0.1:5556"
local log = assert(zmqlog.handler{
  bind = endpoint, root_topic = "shop", style = "json", source = true })

-- A table at the end is the record's fields.
log:info("http::served", { status = 200, ms = 12.5 })   --> shop.INFO.http served
log:warn("%s is slow", "db1", { ms = 900 })             --> shop.WARN db1 is slow

-- A logger has a name, and its own subtopic, level and fields.
local db = assert(log:logger("db", { topic = "db.pool", fields = { shard = 3 } }))
db:error("%s is down", "db1")                           --> shop.ERROR.db.pool db1 is down

local request = assert(db:clone{ fields = { request = "r-17" } })
request:info("commit")                                  --> shop.INFO.db.pool commit

-- The function runs only while somebody listens to DEBUG.
log:debug(function() return "state::" .. #_VERSION end) --> shop.DEBUG.state 7

log:close()
