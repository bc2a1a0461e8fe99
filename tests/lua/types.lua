-- SPDX-License-Identifier: BSD-3-Clause
-- The types for LuaLS are those of the module: each method, option, property and member
-- is there, and nothing else.
local check = require "check"
local zmqlog = check.zmqlog
local eq, test = check.eq, check.test

local classes, functions, class = {}, {}, nil
local function read(line)
  local name = line:match("^%-%-%-@class ([%w_.]+)")
  if name then
    class = {}
    classes[name] = class
  end
  local field = line:match("^%-%-%-@field ([%w_]+)")
  if field then
    class[field] = true
  end
  local owner, method = line:match("^function ([%w_]+)[.:]([%w_]+)")
  if owner then
    functions[owner] = functions[owner] or {}
    functions[owner][method] = true
  end
end

assert(arg[1], "types.lua zmqlog.lua...")
for _, file in ipairs(arg) do
  for line in io.lines(file) do
    read(line)
  end
end

local function names(set)
  local list = {}
  for name in pairs(set) do
    list[#list + 1] = name
  end
  table.sort(list)
  return table.concat(list, " ")
end

-- What an object answers to: methods and properties, wherever the class keeps them.
local function members(object)
  local index = getmetatable(object).__index
  local found = { methods = {}, properties = {} }
  if type(index) == "table" then
    found.methods = index
    return found
  end
  for i = 1, 20 do
    local name, value = debug.getupvalue(index, i)
    if type(value) == "table" and found[name] then
      found[name] = value
    end
  end
  return found
end

local handler = check.ok(zmqlog.handler{ bind = "tcp://127.0.0.1:*" })
local objects = {
  handler = handler,
  logger = check.ok(handler:logger "x"),
  subscriber = check.ok(zmqlog.subscriber{ connect = handler:endpoint() }),
  auth = check.ok(zmqlog.auth{}),
  keypair = check.ok(zmqlog.keypair()),
}

for kind, object in pairs(objects) do
  test("methods of " .. kind, function()
    local given, found = functions[kind], members(object)
    for name in pairs(given) do
      eq(type(object[name]), "function", kind .. ":" .. name)
    end
    for name in pairs(found.methods) do
      eq(given[name], true, kind .. ":" .. name)
    end
    eq(names(classes["zmqlog." .. kind]), names(found.properties), kind)
  end)
end

test("members of the module", function()
  local typed = {}
  for name in pairs(classes.zmqlog) do typed[name] = true end
  for name in pairs(functions.zmqlog) do typed[name] = true end
  eq(names(typed), names(zmqlog))
end)

test("options", function()
  for _, kind in ipairs{ "handler", "subscriber", "auth" } do
    local typed = {}
    for name in pairs(classes["zmqlog." .. kind .. "_options"]) do
      typed[#typed + 1] = name
    end
    table.sort(typed)
    eq(table.concat(typed, " "),
      table.concat(require("zmqlog." .. kind).option_names(), " "), kind)
  end
end)

check.done()
