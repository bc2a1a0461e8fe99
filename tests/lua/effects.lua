-- SPDX-License-Identifier: BSD-3-Clause
-- Every option does what it is there for: one observation each. The lists are compared
-- with those of the options, so that a new option needs an observation, too.
local check = require "check"
local zmqlog, test, eq = check.zmqlog, check.test, check.eq

local DEADLINE = check.DEADLINE_MS
local number = 0

-- An ipc endpoint of this process: its buffers are small.
local function nearby()
  number = number + 1
  return ("ipc://@zmqlog-lua-%s-%d"):format(tostring({}):match("0x(%x+)"), number)
end

-- What a handler with these options sends of what `body` logs.
local function first_of(options, body)
  local log, sub = check.marry(options)
  body(log)
  return check.next(sub), log, sub
end

local function info(text)
  return function(log) log:info(text) end
end

-- Records wait in the queue for a subscriber that does not come.
local function held(options)
  options.hold_ms, options.max_body_bytes = 60000, 256
  options.queue_bytes, options.linger_ms = options.queue_bytes or 16384, 0
  local log = check.lonely(options)
  local code
  for _ = 1, 300 do
    code = select(3, log:info(("x"):rep(200))) or code
  end
  return log, code
end

-- Whether a SUB that speaks ZMTP 3.1 is told PING behind the greeting and READY.
local function is_pinged(options, patience)
  options.bind = "tcp://127.0.0.1:*"
  local log = check.ok(zmqlog.handler(options))
  local peer = check.ok(io.popen(([[bash -c 'exec 3<>/dev/tcp/127.0.0.1/%s
    printf "\377\0\0\0\0\0\0\0\1\177\3\1NULL" >&3
    head -c 48 /dev/zero >&3
    printf "\4\31\5READY\13Socket-Type\0\0\0\3SUB" >&3
    timeout %g head -c 101 <&3 | grep -ac PING']]):format(log:endpoint():match("%d+$"), patience)))
  local count = peer:read("*l")
  peer:close()
  check.ok(log:close())
  return count == "1"
end

-- A subscriber that does not read, and more records than it takes with those options.
local function stalled(handler_options, subscriber_options)
  local options = { bind = nearby(), send_hwm = 1, linger_ms = 0, hold_ms = 0,
                    slow_peer = { stall_ms = 3600000 }, root_topic = "app" }
  for name, value in pairs(handler_options) do
    options[name] = value
  end
  local log = check.ok(zmqlog.handler(options))
  local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint(), queue_bytes = 16384,
    receive_hwm = subscriber_options.receive_hwm or 1 })
  check.ok(log:wait_subscriber(nil, DEADLINE))
  for _ = 1, 200 do
    log:info(("x"):rep(4000))
  end
  return log, sub
end

local function until_counted(object, name)
  local ends = os.time() + DEADLINE / 1000
  repeat
    if object:count(name) > 0 then
      return
    end
    if object.flush then
      object:flush(20)
    else
      object:count(name)
    end
  until os.time() > ends
  error(name .. " is still 0", 2)
end

local function drops(options)
  options.overflow = "drop_newest"
  local log = held(options)
  local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint() })
  check.ok(log:wait_subscriber(nil, DEADLINE))
  check.ok(log:flush(DEADLINE))
  log:info("end")
  local notices = 0
  repeat
    local record = check.next(sub)
    notices = notices + (record.subtopic == "zmqlog" and 1 or 0)
  until record.text == "end"
  return notices
end

-- The first of hello and of what is logged.
local function greeted(options)
  local log, sub = check.marry(options, { subscribe = { "zmqlog.INFO.hello", "app" } })
  check.ok(log:wait_subscriber("app.INFO", DEADLINE))
  check.ok(log:flush(DEADLINE))
  log:info("end")
  return check.next(sub).root
end

local handler_effects = {
  bind = function() check.matches(check.lonely():endpoint(), ":%d+$") end,
  connect = function()
    local sub = check.ok(zmqlog.subscriber{ bind = "tcp://127.0.0.1:*" })
    local log = check.ok(zmqlog.handler{ connect = sub:endpoint() })
    log:info("there")
    eq(check.next(sub).text, "there")
  end,
  attach = "states.c: the socket is made in C",
  root_topic = function() eq(first_of({ root_topic = "r" }, info "x").topic, "r.INFO") end,
  level = function()
    eq(first_of({ level = "warn" }, function(log)
      log:info("below")
      log:warn("above")
    end).text, "above")
  end,
  level_names = function()
    eq(first_of({ level_names = "pyzmq" }, function(log) log:warn("x") end).level_name,
      "WARNING")
  end,
  levels = function()
    eq(first_of({ levels = { FINE = 7 } }, function(log) log:fine("x") end).topic,
      "app.FINE")
  end,
  delimiter = function()
    eq(first_of({ delimiter = "|" }, info "a|b").subtopic, "a")
  end,
  style = function() check.matches(first_of({ style = "json" }, info "x").text, "^{") end,
  styles = function()
    local options = { styles = { error = "<%(message)s>" } }
    eq(first_of(options, function(log) log:error("x") end).text, "<x>")
    eq(first_of(options, info "x").text, "x")
  end,
  time_format = function()
    check.matches(first_of({ style = "%(asctime)s", time_format = "<%Y>" }, info "x").text,
      "^<%d%d%d%d>$")
  end,
  source = function()
    eq(first_of({ style = "%(filename)s", source = true }, info "x").text, "effects.lua")
  end,
  overflow = function()
    -- A call waits only briefly for the thread that discards, so calls can drop
    -- records, too.
    eq(held{ overflow = "drop_oldest" }:count "dropped_oldest" > 0, true)
    eq(held{ overflow = "drop_newest" }:count "dropped_oldest", 0)
  end,
  block_ms = function()
    local log, code = held{ overflow = "block", block_ms = 0 }
    eq(code, zmqlog.EAGAIN)
    log:close(0)
  end,
  queue_bytes = function()
    eq(held{ queue_bytes = 16384 }:count "dropped_queue" > 0, true)
    eq(held{ queue_bytes = 1048576 }:count "dropped_queue", 0)
  end,
  max_body_bytes = function()
    eq(#first_of({ max_body_bytes = 256 }, info(("x"):rep(1000))).text, 256)
  end,
  slow_peer = function()
    until_counted(stalled({ slow_peer = { stall_ms = 50 } }, {}), "slow_episodes")
  end,
  send_hwm = function()
    eq(select(3, (stalled({}, {})):flush(100)), zmqlog.ETIMEDOUT)
    check.ok((stalled({ send_hwm = 1000 }, {})):flush(DEADLINE))
  end,
  linger_ms = function() -- longer than the default, so that no load can feign it
    local log = stalled({ linger_ms = 2000 }, {})
    local began = os.time()
    eq(select(3, log:close()), zmqlog.ETIMEDOUT)
    eq(os.time() - began >= 1, true)
  end,
  hold_ms = function()
    local log = check.ok(zmqlog.handler{ bind = "tcp://127.0.0.1:*", hold_ms = 60000 })
    log:info("early")
    local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint() })
    eq(check.next(sub).text, "early")
  end,
  heartbeat_ms = function()
    eq(is_pinged({ heartbeat_ms = 20 }, DEADLINE / 1000), true)
    eq(is_pinged({}, 0.2), false)
  end,
  backlog = function()
    local log = check.ok(zmqlog.handler{ bind = "tcp://127.0.0.1:*", hold_ms = 0,
                                         backlog = { level = "error", bytes = 65536 } })
    local ends = os.time() + DEADLINE / 1000
    while log:enabled "warn" and os.time() < ends do
      log:flush(20)
    end
    log:warn("lost")
    log:error("kept")
    local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint() })
    eq(check.next(sub).text, "kept")
  end,
  drop_notice = function()
    eq(drops{} > 0, true)
    eq(drops{ drop_notice = false }, 0)
  end,
  announce = function()
    eq(greeted{}, "zmqlog")
    eq(greeted{ announce = false }, "app")
  end,
  auth = function()
    check.ok(zmqlog.handler{ bind = "tcp://0.0.0.0:*", auth = { insecure = true } }):close()
  end,
}

-- What a subscriber with these options gets first of what `body` logs.
local function got(options, body, handler_options)
  local log, sub = check.marry(handler_options, options)
  body(log)
  return check.next(sub)
end

local function both(log)
  log:debug("low")
  log:info("other::x")
  log:warn("high")
end

-- A subscriber that reads only after so much has been sent.
local function flooded(options)
  options.queue_bytes = 16384
  local log, sub = check.marry({ linger_ms = 0 }, options)
  for i = 1, 2000 do
    log:info(("%d "):format(i) .. ("x"):rep(100))
  end
  log:flush(DEADLINE)
  until_counted(sub, "dropped")
  return log, sub
end

local subscriber_effects = {
  connect = function() eq(got({}, info "x").text, "x") end,
  bind = handler_effects.connect,
  subscribe = function() eq(got({ subscribe = "app.WARN" }, both).text, "high") end,
  subscribe_all = function()
    eq(got({ subscribe_all = "warn" }, function(log)
      check.ok(log:wait_subscriber("app.WARN", DEADLINE))
      both(log)
    end).text, "high")
  end,
  root_topic = function()
    eq(got({ root_topic = "b" }, function(log)
      log:set_root_topic "a"
      log:info("x")
      log:set_root_topic "b"
      log:info("y")
    end, { root_topic = "b" }).text, "y")
  end,
  level = function()
    eq(got({ root_topic = "app", level = "warn" }, both).text, "high")
  end,
  levels = function()
    eq(got({ levels = { FINE = 7 } }, function(log) log:fine("x") end,
      { levels = { FINE = 7 } }).level, 7)
  end,
  roots = function()
    eq(got({ roots = "a.INFO" }, info "x", { root_topic = "a.INFO" }).root, "a.INFO")
  end,
  exact = function()
    eq(got({ subscribe = "app.INFO", exact = true }, function(log)
      log:information("x")
      log:info("y")
    end, { levels = { INFORMATION = 21 } }).text, "y")
  end,
  receive_hwm = function()
    eq(select(3, (stalled({}, { receive_hwm = 1 })):flush(100)), zmqlog.ETIMEDOUT)
    check.ok((stalled({}, { receive_hwm = 1000 })):flush(DEADLINE))
  end,
  queue_bytes = function() flooded{ overflow = "drop_newest" } end,
  overflow = function()
    local _, sub = flooded{ overflow = "drop_oldest" }
    eq(check.next(sub).text:sub(1, 2) ~= "1 ", true)
    _, sub = flooded{ overflow = "drop_newest" }
    eq(check.next(sub).text:sub(1, 2), "1 ")
  end,
  block_ms = function() flooded{ overflow = "block", block_ms = 1 } end,
  auth = function()
    check.ok(zmqlog.subscriber{ bind = "tcp://0.0.0.0:*", auth = { insecure = true } }):close()
  end,
}

-- Whether a subscriber gets in before and after `let_in`.
local function guarded(options, endpoint, let_in)
  local auth = check.ok(zmqlog.auth(options))
  local log = check.ok(zmqlog.handler{ bind = endpoint, auth = auth, hold_ms = 0 })
  local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint() })
  eq(select(3, log:wait_subscriber(nil, 100)), zmqlog.ETIMEDOUT)
  check.ok(let_in(auth))
  check.ok(log:wait_subscriber(nil, DEADLINE))
  sub:close()
end

local function encrypted(keys)
  local server, client = check.ok(zmqlog.keypair()), check.ok(zmqlog.keypair())
  local auth = { curve_server = server.secret_key }
  for name, value in pairs(keys(client)) do
    auth[name] = value
  end
  local log = check.ok(zmqlog.handler{ bind = "tcp://127.0.0.1:*", auth = auth, hold_ms = 0 })
  local sub = check.ok(zmqlog.subscriber{ connect = log:endpoint(),
    auth = { curve_client = { server_key = server.public_key, public_key = client.public_key,
                              secret_key = client.secret_key } } })
  check.ok(log:wait_subscriber(nil, DEADLINE))
  sub:close()
end

local function command(line)
  local pipe = io.popen(line)
  local answer = pipe:read "*l"
  pipe:close()
  return answer
end

local function allowed(client) return { allow_keys = client.public_key } end

local auth_effects = {
  curve_server = function() encrypted(allowed) end,
  curve_client = function() encrypted(allowed) end,
  allow_keys = function()
    local server = check.ok(zmqlog.keypair())
    check.fails(zmqlog.EREFUSED, zmqlog.handler{ bind = "tcp://127.0.0.1:*",
      auth = { curve_server = server.secret_key } })
    encrypted(allowed)
  end,
  load_keys = function()
    local path = os.tmpname()
    os.remove(path)
    encrypted(function(client)
      check.ok(client:save(path))
      return { load_keys = path }
    end)
    os.remove(path)
    os.remove(path .. "_secret")
  end,
  allow_addresses = function()
    guarded({ allow_addresses = "192.0.2.1" }, "tcp://127.0.0.1:*",
      function(auth) return auth:allow_address "127.0.0.1" end)
  end,
  allow_uids = function()
    local me = tonumber(command "id -u")
    guarded({ allow_uids = { 4294967294 } }, nearby(),
      function(auth) return auth:allow_uid(me) end)
  end,
  insecure = handler_effects.auth,
  ipc_mode = function()
    local path = os.tmpname()
    os.remove(path)
    local log = check.ok(zmqlog.handler{ bind = "ipc://" .. path, auth = { ipc_mode = "660" } })
    eq(command("stat -c %a " .. path), "660")
    log:close(0)
  end,
}

local function observe(what, names, effects)
  local listed = {}
  for name in pairs(effects) do
    listed[#listed + 1] = name
  end
  table.sort(listed)
  test(what .. ": every option has an effect that is observed", function()
    eq(table.concat(listed, " "), table.concat(names, " "))
  end)
  for _, name in ipairs(listed) do
    if type(effects[name]) == "function" then
      test(what .. ": " .. name, effects[name])
    end
  end
end

observe("handler", require("zmqlog.handler").option_names(), handler_effects)
observe("subscriber", require("zmqlog.subscriber").option_names(), subscriber_effects)
if zmqlog.has "curve" then
  observe("auth", require("zmqlog.auth").option_names(), auth_effects)
end

check.done()
