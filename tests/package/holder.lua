-- SPDX-License-Identifier: BSD-3-Clause
-- Logs before and after a file appears, with one handler and so with one library.
local zmqlog = require "zmqlog"

local log = assert(zmqlog.handler{ connect = arg[1], root_topic = "held" })
assert(log:wait_subscriber(nil, 300000))
log:info("before")
for _ = 1, 18000 do
  local file = io.open(arg[2])
  if file then
    file:close()
    log:info("after")
    assert(log:close(10000))
    os.exit(0)
  end
  os.execute("sleep 0.1")
end
os.exit(1)
