-- SPDX-License-Identifier: BSD-3-Clause
-- What the collector, __close and the end of the state do: never a crash.
local check = require "check"
local zmqlog = check.zmqlog
local eq, test = check.eq, check.test

local function with_finalizer(finalize)
  if newproxy then
    local proxy = newproxy(true)
    getmetatable(proxy).__gc = finalize
    return proxy
  end
  return setmetatable({}, { __gc = finalize })
end

local function collect()
  collectgarbage()
  collectgarbage()
end

test("loggers outlive their handler, and handlers their loggers", function()
  local log, sub = check.marry()
  local db = log:logger("db")
  rawset(db, "handler", nil)
  log = nil
  collect()
  local ok = db:error("still here")
  eq(ok == true or ok == nil, true)
  db = nil
  collect()
  sub:close()
  eq(log, nil)
end)

test("a level method outlives its object", function()
  local info
  do
    local log = check.lonely()
    info = log.info
  end
  collect()
  local ok, hint = pcall(info, nil, "x")
  eq(ok, false)
  eq(hint:find("with a colon", 1, true) ~= nil, true)
  info = nil
  collect()
end)

test("a collected handler sends what it has", function()
  local log, sub = check.marry()
  for i = 1, 100 do
    log:info(tostring(i))
  end
  log = nil
  collect()
  for i = 1, 100 do
    check.arrives(sub, "app.INFO", tostring(i))
  end
  eq(log, nil)
end)

local finalized, unwell = 0, nil

-- An object whose finalizer uses all that a handler and a logger can do.
local function nosy(log, db)
  return with_finalizer(function()
    local ok, message = pcall(function()
      log:info("bye")
      log:info("bye %d", 1)
      db:error("bye", { a = 1 })
      log:log_topic("info", "a", "b")
      log:close()
      log:flush(0)
      log:enabled("info")
      tostring(log)
    end)
    finalized = finalized + 1
    unwell = unwell or not ok and message or nil
  end)
end

local function leave_behind()
  local log = check.lonely()
  local db = log:logger("db")
  return { log, db, nosy(log, db) }
end

test("finalizers may log, whatever has been collected before", function()
  for _ = 1, 20 do
    leave_behind()
  end
  collect()
  eq(unwell, nil)
  eq(finalized > 10, true)
end)

-- Freeing them would take an hour while nobody listens, but the collector must not
-- wait.
local function leave_unheard()
  local endpoints = {}
  for i = 1, 5 do
    local log = check.lonely{ hold_ms = 60000, linger_ms = 3600000 }
    log:info("held")
    endpoints[i] = log:endpoint()
  end
  return endpoints
end

test("the collector does not wait for what handlers have not sent", function()
  local endpoints = leave_unheard()
  collect()
  for _, endpoint in ipairs(endpoints) do
    local sub = check.ok(zmqlog.subscriber{ connect = endpoint })
    check.arrives(sub, "app.INFO", "held")
    sub:close()
  end
end)

test("many objects come and go", function()
  local log = check.lonely()
  for i = 1, 2000 do
    local l = check.ok(log:logger("n" .. i, { topic = "t", fields = { i = i } }))
    l:info("x")
    check.ok(l:clone{ fields = { j = i } }):info("y")
  end
  for _ = 1, 50 do
    check.ok(zmqlog.subscriber{ connect = "tcp://127.0.0.1:9" })
    check.ok(zmqlog.auth{ insecure = true })
  end
  collect()
end)

test("__close closes", function()
  if _VERSION ~= "Lua 5.4" then
    return
  end
  local body = assert(load([[
    local zmqlog, out = ...
    do
      local log <close> = zmqlog.handler{ bind = "tcp://127.0.0.1:*", hold_ms = 0 }
      local sub <close> = zmqlog.subscriber{ connect = log:endpoint() }
      local none <close> = (zmqlog.handler{ bind = "nonsense" })
      out.log, out.sub = log, sub
    end
  ]]))
  local out = {}
  body(zmqlog, out)
  check.fails(zmqlog.ECLOSED, out.log:info("x"))
  check.fails(zmqlog.ECLOSED, out.sub:recv(0))
end)

test("auths and key pairs live as long as needed", function()
  if not zmqlog.has "curve" then
    return
  end
  local server, client = check.ok(zmqlog.keypair()), check.ok(zmqlog.keypair())
  local log = check.ok(zmqlog.handler{ bind = "tcp://127.0.0.1:*", root_topic = "app",
    auth = { curve_server = server.secret_key, allow_keys = client.public_key } })
  local auth = check.ok(zmqlog.auth{ curve_client = { server_key = server.public_key,
    public_key = client.public_key, secret_key = client.secret_key } })
  local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint(), auth = auth })
  auth, server, client = nil, nil, nil
  collect()
  check.ok(log:wait_subscriber("app.INFO", check.DEADLINE_MS))
  log:info("secret")
  check.arrives(sub, "app.INFO", "secret")
  eq(auth, nil)
end)

test("auth answers in words", function()
  local auth = check.ok(zmqlog.auth{ allow_addresses = { "127.0.0.1" }, allow_uids = { 0 },
    ipc_mode = "0660" })
  check.fails(zmqlog.EINVAL, auth:allow_key("short"))
  check.fails(zmqlog.EINVAL, auth:remove_uid(12345))
  check.ok(auth:remove_uid(0))
  check.fails(zmqlog.EINVAL, zmqlog.auth{ allow_addresses = "nowhere" })
  check.raises("curve_client", zmqlog.auth, { curve_client = { server = "x" } })
  check.fails(zmqlog.EIO, zmqlog.keypair("/nonexistent/key"))
  check.raises("path", zmqlog.keypair, 5)
end)

-- What is still reachable meets the end of the state in any order.
LEFT_OVER = { check.marry() }
for i = 3, 6 do
  LEFT_OVER[i] = leave_behind()
end
check.done()
