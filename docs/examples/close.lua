-- SPDX-License-Identifier: BSD-3-Clause
-- Lua 5.4 closes what is declared with <close> at the end of its block.
local zmqlog = require "zmqlog"

local endpoint = arg and arg[1] or "tcp://127.0.0.1:5556"
do
  local log <close> = assert(zmqlog.handler{ bind = endpoint, root_topic = "myprogram" })
  log:info("hello there")                  --> myprogram.INFO hello there
end
