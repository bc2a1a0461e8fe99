-- SPDX-License-Identifier: BSD-3-Clause
-- exit.lua ENDPOINT [exit]
local ffi = require "ffi"

ffi.cdef [[
void *zmqlog_handler_new(void);
int zmqlog_handler_set_root_topic(void *handler, const char *root_topic);
int zmqlog_handler_connect(void *handler, const char *endpoint);
int zmqlog_handler_log(void *handler, int level, const char *text, size_t text_len);
]]
local lib = ffi.load "libzmqlog.so.1"
local handler = lib.zmqlog_handler_new()
lib.zmqlog_handler_set_root_topic(handler, "app")
lib.zmqlog_handler_connect(handler, arg[1])
lib.zmqlog_handler_log(handler, 20, "last words", 10)
if arg[2] then
  os.exit(3)
end
