-- SPDX-License-Identifier: BSD-3-Clause
-- nginx_watch.lua <endpoint> <ready file> <output>: writes the text of each record of
-- nginx until a record "end" of root topic "test" comes, and then what is left.
local zmqlog = require "zmqlog"

local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

local sub = assert(zmqlog.subscriber{ bind = arg[1], queue_bytes = 16777216 })
local lines = {}
local function take(record)
  if record.root == "nginx" then
    lines[#lines + 1] = record.text
  end
end

write(arg[2], "ready\n")
for record in sub:records(100000) do
  take(record)
  if record.root == "test" then
    break
  end
end
for record in sub:records(1000) do
  take(record)
end
write(arg[3], table.concat(lines, "\n") .. "\n")
