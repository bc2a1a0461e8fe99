-- SPDX-License-Identifier: BSD-3-Clause
-- A program that logs through LuaLogging, published.
local logger = assert(require("zmqlog.appender"){
  bind = arg and arg[1] or "tcp://127.0.0.1:5556",
  root_topic = "myprogram",
  logLevel = "INFO",
})

logger:info("hello %s", "there")   --> myprogram.INFO hello there
logger:debug("too much detail")
logger:fatal("disk::full")         --> myprogram.CRITICAL disk::full

logger:destroy()
