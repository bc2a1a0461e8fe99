-- SPDX-License-Identifier: BSD-3-Clause
-- The peer in Lua; README.md has the protocol. ZMQLOG_LUA_MODULE chooses "zmqlog" or
-- "zmqlog.ffi".
local zmqlog = require(os.getenv "ZMQLOG_LUA_MODULE" or "zmqlog")
local json = require "zmqlog.json"

local function check(what, ok, message)
  if not ok then
    io.stderr:write("peer: ", what, ": ", tostring(message), "\n")
    os.exit(1, true)
  end
  return ok
end

local function unhex(column)
  if column == "-" then
    return ""
  end
  return (column:gsub("%x%x", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

local function hex(bytes)
  return (bytes:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end))
end

-- What ends with the program must not be collected earlier.
local function ready(endpoint, ...)
  print(table.concat({ "ready", endpoint, ... }, "\t"))
  io.stdout:flush()
end

-- ---- publisher

local values = {
  string = function(text) return text end,
  int = tonumber,
  double = tonumber,
  bool = function(text) return text == "true" end,
  json = json.decode,
}

local function fields_of(columns)
  local fields = {}
  for i = 4, #columns - 2, 3 do
    fields[unhex(columns[i])] = values[columns[i + 1]](unhex(columns[i + 2]))
  end
  return fields
end

local function commands_of(log, native)
  return {
    log = function(c) return log:log(tonumber(c[2]), unhex(c[3])) end,
    topic = function(c)
      return log:log_topic(tonumber(c[2]), unhex(c[3]), unhex(c[4]))
    end,
    printf = function(c) return log:log(tonumber(c[2]), unhex(c[3]), unhex(c[4])) end,
    fields = function(c) return log:log(tonumber(c[2]), unhex(c[3]), fields_of(c)) end,
    native = native and function(c)
      local names = { ["20"] = "INFO", ["40"] = "ERROR", ["50"] = "FATAL" }
      return native:log(names[c[2]], unhex(c[3]))
    end,
    root = function(c) return log:set_root_topic(unhex(c[2])) end,
    style = function(c) return log:flush(10000) and log:set_style(c[2]) end,
  }
end

local function split(line)
  local columns = {}
  for column in (line .. "\t"):gmatch "(.-)\t" do
    columns[#columns + 1] = column
  end
  return columns
end

local function publish(mode, ...)
  local log = check(mode, zmqlog.handler{ [mode] = { ... }, root_topic = "myprogram",
    levels = { TRACE = 5, AUDIT = 33 } })
  local native
  if pcall(require, "logging") then
    native = require("zmqlog.appender"){ handler = log }
  end
  local commands, words = commands_of(log, native), {}
  for word in pairs(commands) do
    words[#words + 1] = word
  end
  ready(log:endpoint(), (table.unpack or unpack)(words))
  for line in io.lines() do
    local columns = split(line)
    local command = check(columns[1], commands[columns[1]], "no such command")
    check(columns[1], command(columns))
  end
  check("close", log:close(10000))
end

-- ---- subscriber

local function describe(record)
  local shown = { topic = hex(record.topic), text = hex(record.text),
                  root = hex(record.root), subtopic = hex(record.subtopic),
                  level = record.level }
  local ended = record.text == "end"
  if record:parse() then
    shown.msg, shown.fields = hex(record.text), record.fields
  end
  return ended, json.encode(shown)
end

local function subscribe(mode, endpoint)
  local sub = check(endpoint, zmqlog.subscriber{ [mode] = endpoint,
    roots = { "myprogram", "other.root" }, levels = { AUDIT = 33 } })
  ready(sub:endpoint())
  local ended, line
  repeat
    ended, line = describe(check("recv", sub:recv()))
    print(line)
    io.stdout:flush()
  until ended
end

-- ---- script

local function log_and_exit(mode, endpoint, root)
  local log = zmqlog.handler{ [mode] = endpoint, root_topic = root }
  for i = 1, 5 do
    log:info("line " .. i)
  end
end

local roles = { pub = publish, sub = subscribe, script = log_and_exit }
roles[arg[1]]((table.unpack or unpack)(arg, 2))
