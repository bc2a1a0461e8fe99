-- SPDX-License-Identifier: BSD-3-Clause
-- compiled.lua <zmqlog/ffi.lua> <zmqlog.h> A compiled trace must read the gate at every
-- call, not once for a loop. And the FFI's declarations are those of the header.
local check = require "check"
local ffi = require "ffi"
local zmqlog = check.zmqlog
local eq, test = check.eq, check.test

ffi.cdef [[ int fork(void); void _exit(int); int waitpid(int, int *, int); ]]

-- A child process that listens to the endpoint until it has a record.
local function listen_in_child(endpoint)
  local pid = ffi.C.fork()
  if pid == 0 then
    local sub = zmqlog.subscriber{ connect = endpoint }
    ffi.C._exit(sub and sub:recv(check.DEADLINE_MS) and 0 or 1)
  end
  return pid
end

test("a loop that does nothing else sees the gate open", function()
  local log = check.lonely()
  while log:enabled("info") do
    log:flush(10)
  end
  local pid = listen_in_child(log:endpoint())
  -- true while nobody listens; a call without a text is refused once somebody does
  local seen = false
  for _ = 1, 1e10 do
    if not log:info(nil) then
      seen = true
      break
    end
  end
  eq(seen, true)
  eq(log:count "refused", 1)
  check.ok(log:info("x"))
  check.ok(log:flush(check.DEADLINE_MS))
  local status = ffi.new("int[1]")
  ffi.C.waitpid(pid, status, 0)
  eq(status[0], 0)
end)

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return (text:gsub("zmqlog_status", "int"):gsub("%s+", " "))
end

test("the FFI's declarations are the header's", function()
  local header = read(arg[2])
  local count = 0
  for declaration in read(arg[1]):match "cdef %[%[(.-)%]%]":gmatch "%s*([^;]+;)" do
    count = count + 1
    if not header:find(declaration, 1, true) then
      error("not in the header: " .. declaration)
    end
  end
  eq(count, 5)
end)

check.done()
