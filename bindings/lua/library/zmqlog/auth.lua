---@meta _
-- SPDX-License-Identifier: BSD-3-Clause
-- Keys and allow lists for LuaLS; see ../zmqlog.lua.

--- Options of an auth.
---@class zmqlog.auth_options
---@field curve_server? string secret key of what listens
---@field curve_client? { server_key: string, public_key: string, secret_key: string } keys of what connects
---@field allow_keys? string|string[] public keys, `*` for any
---@field allow_addresses? string|string[] addresses or networks
---@field allow_uids? integer[] user ids, for ipc
---@field load_keys? string|string[] certificates that are allowed
---@field insecure? boolean tcp beyond loopback without CURVE
---@field ipc_mode? integer|string file mode of ipc sockets

--- Keys and allow lists.
---@class zmqlog.auth
local auth = {}

--- Allows one more; live.
---@param public_key string
---@return true? ok
---@return string? message
---@return integer? code
function auth:allow_key(public_key) end

--- Allows one more; live.
---@param address string
---@return true? ok
---@return string? message
---@return integer? code
function auth:allow_address(address) end

--- Allows one more; live.
---@param uid integer
---@return true? ok
---@return string? message
---@return integer? code
function auth:allow_uid(uid) end

--- Takes one back; live.
---@param public_key string
---@return true? ok
---@return string? message
---@return integer? code
function auth:remove_key(public_key) end

--- Takes one back; live.
---@param address string
---@return true? ok
---@return string? message
---@return integer? code
function auth:remove_address(address) end

--- Takes one back; live.
---@param uid integer
---@return true? ok
---@return string? message
---@return integer? code
function auth:remove_uid(uid) end

--- Allows the keys in a file or directory.
---@param path string
---@return true? ok
---@return string? message
---@return integer? code
function auth:load_keys(path) end

--- Allows these keys and no others; ends connections whose key is gone.
---@param path string a certificate, or a directory of them
---@return true? ok
---@return string? message
---@return integer? code
function auth:reload_keys(path) end

--- A CURVE key pair.
---@class zmqlog.keypair
---@field public_key string
---@field secret_key string
local keypair = {}

--- Writes it, never over a file.
---@param path string
---@return true? ok
---@return string? message
---@return integer? code
function keypair:save(path) end
