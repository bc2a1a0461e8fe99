-- SPDX-License-Identifier: BSD-3-Clause
-- Watches a program: warnings and above, until nothing came for ten seconds.
-- lua watch.lua [endpoint] [root topic]
local zmqlog = require "zmqlog"

local sub = assert(zmqlog.subscriber{
  connect = arg and arg[1] or "tcp://127.0.0.1:5556",
  root_topic = arg and arg[2] or "myprogram",
  level = "warn",
})

for record in sub:records(arg and tonumber(arg[3]) or 10000) do
  if record:parse() then -- a body of style json
    print(record.level_name, record.logger, record.text, record.fields.ms)
  else
    print(record.level_name, record.subtopic, record.text)
  end
end
