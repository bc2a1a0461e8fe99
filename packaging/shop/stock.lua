-- SPDX-License-Identifier: BSD-3-Clause
-- One of the four programs that packaging/quickstart watches, in Lua; shop.c tells
-- what they do.
--
--     lua stock.lua RECORDS
local zmqlog = require "zmqlog"

local WAIT_MS = 60000
local records = tonumber(arg[1])

local log = assert(zmqlog.handler{ bind = "tcp://127.0.0.1:*", root_topic = "stock",
                                   style = "json", overflow = "block" })
print(log:endpoint())
io.stdout:flush()
assert(log:wait_subscriber(nil, WAIT_MS))

-- Lua has no sleep, so this waits for a subscriber that does not come.
local patience = assert(zmqlog.subscriber{ bind = "ipc://@stock-" .. log:endpoint() })
local function pause_for_readers()
  patience:recv(150)
end

for article = 101, 102 do
  log:debug("count::looking at shelf %d", article)
  log:info("taken::%d of article %d", article % 100 * 3, article)
  log:warn("low::%d left of article %d", 103 - article, article)
  pause_for_readers()
  log:error("gone::article %d is sold out", article)
  log:critical("shelf::%s", "the robot does not answer")
  pause_for_readers()
end

io.read "*a"
for i = 1, records do
  log:info("bulk::record %d of %d", i, records)
end
assert(log:close(WAIT_MS))
print(("accepted %d sent %d"):format(log:count "accepted", log:count "sent"))
