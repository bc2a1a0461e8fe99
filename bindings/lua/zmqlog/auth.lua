-- SPDX-License-Identifier: BSD-3-Clause
-- Keys and allow lists, and key pairs. Not part of the interface by this name:
-- use zmqlog.auth and zmqlog.keypair.
local native = require "zmqlog.native"
local object = require "zmqlog.object"
local options = require "zmqlog.options"

local core, RAW = native.core, native.RAW
local ENOMEM = native.constant "ENOMEM"

local auth = {}

local methods = {
  --- auth:allow_key(key) allows a client's public key, 40 characters of Z85, or "*" for
  --- any. All of these are live, and give true, or nil, message, code: EINVAL, ENOMEM.
  allow_key = native.forward "allow_key",

  --- auth:allow_address(address) allows tcp clients: "192.0.2.7", "192.0.2.0/24". If none
  --- is allowed, all pass.
  allow_address = native.forward "allow_address",

  --- auth:allow_uid(uid) allows ipc clients, 0 to 4294967294. If none is allowed, the
  --- socket's file mode alone decides.
  allow_uid = native.forward "allow_uid",

  --- auth:remove_key(key) takes a key off the list: EINVAL if it is not there. A list that
  --- becomes empty by removal refuses everybody; connections that stand remain.
  remove_key = native.forward "remove_key",

  --- auth:remove_address(address) takes an address off its list; see remove_key.
  remove_address = native.forward "remove_address",

  --- auth:remove_uid(uid) takes a user id off its list; see remove_key.
  remove_uid = native.forward "remove_uid",

  --- auth:load_keys(path) allows the keys in a certificate file, or in those of a
  --- directory: EIO, EACCESS, EFORMAT, and then nothing has changed.
  load_keys = native.forward "load_keys",

  --- auth:reload_keys(path) allows these keys and no others, and ends connections whose
  --- key is gone: EIO, EACCESS, EFORMAT, and then nothing has changed. Since 1.1.
  reload_keys = native.forward "reload_keys",
}
local class = object.class("zmqlog.auth", methods, {})

local client_spec = {
  { name = "server_key", kind = "string" },
  { name = "public_key", kind = "string" },
  { name = "secret_key", kind = "string" },
}

local spec = {
  { name = "curve_server", kind = "string",
    apply = function(raw, key) return raw:set_curve_server(key) end },
  { name = "curve_client", kind = "table",
    apply = function(raw, keys)
      return raw:set_curve_client(keys.server_key, keys.public_key, keys.secret_key)
    end },
  { name = "allow_keys", kind = "string or list of strings", apply = options.by_each "allow_key" },
  { name = "allow_addresses", kind = "string or list of strings",
    apply = options.by_each "allow_address" },
  { name = "allow_uids", kind = "table", apply = options.by_each "allow_uid" },
  { name = "load_keys", kind = "string or list of strings", apply = options.by_each "load_keys" },
  { name = "insecure", kind = "boolean",
    apply = function(raw, on) return raw:set_insecure(on and 1 or 0) end },
  { name = "ipc_mode", kind = "integer or string",
    apply = function(raw, mode)
      return raw:set_ipc_mode(type(mode) == "string" and tonumber(mode, 8) or mode)
    end },
}

--- The names of all options.
function auth.option_names()
  return options.names(spec)
end

--- zmqlog.auth{ options }; see docs/lua.md.
function auth.new(given, level)
  options.check("zmqlog.auth", given, spec, (level or 1) + 1)
  if given.curve_client then
    options.check("zmqlog.auth: curve_client", given.curve_client, client_spec,
      (level or 1) + 1)
  end
  local raw = core.Auth()
  if not raw then
    return native.failure(ENOMEM)
  end
  local ok, message, code = native.detailed(raw, options.apply(raw, given, spec))
  if not ok then
    return nil, message, code
  end
  return object.new(class, raw)
end

--- The raw auth for an option that is an auth or a table of its options.
function auth.raw(value, level)
  if not object.is(class, value) then
    local message, code
    value, message, code = auth.new(value, (level or 1) + 1)
    if not value then
      return nil, message, code
    end
  end
  return value[RAW]
end

--- Gives it to a raw handler or subscriber.
function auth.apply(raw, value)
  local raw_auth, message, code = auth.raw(value)
  if not raw_auth then
    return nil, message, code
  end
  return raw:set_auth(raw_auth)
end

--- Raises unless the value is an auth or a table of its options.
function auth.check(what, value, level)
  if not object.is(class, value) then
    options.check(what .. ": auth", value, spec, (level or 1) + 1)
  end
end

local keypair_class = object.class("zmqlog.keypair", {
  save = native.forward "save",
}, {
  public_key = { get = function(self) return self[RAW]:public_key() end },
  secret_key = { get = function(self) return self[RAW]:secret_key() end },
})

--- zmqlog.keypair() makes a new pair, zmqlog.keypair(path) reads one.
function auth.keypair(path)
  if path ~= nil then
    options.expect("string", path, "zmqlog.keypair: path", 2)
  end
  local raw = core.Keypair()
  if not raw then
    return native.failure(ENOMEM)
  end
  local ok, message, code
  if path then
    ok, message, code = raw:load(path)
  else
    ok, message, code = raw:generate()
  end
  ok, message, code = native.detailed(raw, ok, message, code)
  if not ok then
    return nil, message, code
  end
  return object.new(keypair_class, raw)
end

return auth
