-- SPDX-License-Identifier: BSD-3-Clause
-- Lua values as JSON and back, for fields that are tables. Encoding never
-- fails: what JSON has no word for becomes its text. Not part of the interface.

local json = {}

--- JSON's null, in fields and in decoded values.
json.null = setmetatable({}, { __tostring = function() return "null" end })

local MAX_DEPTH = 32
local REPLACEMENT = "\239\191\189"

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f",
                  ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function escape(char)
  return escapes[char] or ("\\u%04x"):format(char:byte())
end

-- Length of the UTF-8 sequence at `at`, or nil.
local function sequence(text, at)
  local a, b = text:byte(at, at + 1)
  if a < 0x80 then
    return 1
  end
  local length = a >= 0xC2 and a <= 0xDF and 2 or a >= 0xE0 and a <= 0xEF and 3
    or a >= 0xF0 and a <= 0xF4 and 4
  if not length then
    return nil
  end
  for i = at + 1, at + length - 1 do
    local byte = text:byte(i)
    if not byte or byte < 0x80 or byte > 0xBF then
      return nil
    end
  end
  if a == 0xE0 and b < 0xA0 or a == 0xED and b > 0x9F
    or a == 0xF0 and b < 0x90 or a == 0xF4 and b > 0x8F then
    return nil
  end
  return length
end

local function scrub(text)
  local parts, at = {}, 1
  while at <= #text do
    local length = sequence(text, at)
    parts[#parts + 1] = length and text:sub(at, at + length - 1) or REPLACEMENT
    at = at + (length or 1)
  end
  return table.concat(parts)
end

local function encode_string(text)
  if text:find("[\128-\255]") then
    text = scrub(text)
  end
  return '"' .. text:gsub('[%c"\\]', escape) .. '"'
end

local function encode_number(number)
  if number ~= number or number == math.huge or number == -math.huge then
    return "null"
  end
  if number == math.floor(number) and number > -1e15 and number < 1e15 then
    return ("%d"):format(number)
  end
  if math.type and math.type(number) == "integer" then
    return ("%d"):format(number)
  end
  local short = ("%.14g"):format(number)
  return (tonumber(short) == number and short or ("%.17g"):format(number))
end

local encode

local function encode_array(list, depth)
  local parts = {}
  for i = 1, #list do
    parts[i] = encode(list[i], depth + 1)
  end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function encode_object(object, depth)
  local keys, texts = {}, {}
  for key in pairs(object) do
    local text = tostring(key)
    if texts[text] == nil then
      keys[#keys + 1] = text
    end
    texts[text] = key
  end
  table.sort(keys)
  local parts = {}
  for i, text in ipairs(keys) do
    parts[i] = encode_string(text) .. ":" .. encode(object[texts[text]], depth + 1)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function is_array(value)
  local count = 0
  for _ in pairs(value) do
    count = count + 1
  end
  return count > 0 and count == #value
end

function encode(value, depth)
  local kind = type(value)
  if value == nil or value == json.null then
    return "null"
  elseif kind == "string" then
    return encode_string(value)
  elseif kind == "number" then
    return encode_number(value)
  elseif kind == "boolean" then
    return tostring(value)
  elseif kind ~= "table" or depth >= MAX_DEPTH or getmetatable(value) then
    return encode_string(tostring(value))
  elseif is_array(value) then
    return encode_array(value, depth)
  end
  return encode_object(value, depth)
end

--- JSON text of a value. Tables deeper than 32, tables with a metatable and
--- values JSON does not know become the text that tostring() gives.
function json.encode(value)
  return encode(value, 0)
end

local function utf8_char(code)
  if code < 0x80 then
    return string.char(code)
  elseif code < 0x800 then
    return string.char(0xC0 + math.floor(code / 64), 0x80 + code % 64)
  elseif code < 0x10000 then
    return string.char(0xE0 + math.floor(code / 4096),
      0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
  end
  return string.char(0xF0 + math.floor(code / 262144),
    0x80 + math.floor(code / 4096) % 64, 0x80 + math.floor(code / 64) % 64,
    0x80 + code % 64)
end

local plain = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function decode_string(text, at)
  local parts = {}
  while true do
    local stop = text:find('["\\]', at)
    parts[#parts + 1] = text:sub(at, stop - 1)
    if text:sub(stop, stop) == '"' then
      return table.concat(parts), stop + 1
    end
    local kind = text:sub(stop + 1, stop + 1)
    at = stop + 2
    if kind == "u" then
      local code = tonumber(text:sub(at, at + 3), 16)
      at = at + 4
      if code >= 0xD800 and code < 0xDC00 and text:sub(at, at + 1) == "\\u" then
        code = 0x10000 + (code - 0xD800) * 1024
          + tonumber(text:sub(at + 2, at + 5), 16) - 0xDC00
        at = at + 6
      end
      parts[#parts + 1] = utf8_char(code)
    else
      parts[#parts + 1] = plain[kind] or kind
    end
  end
end

local decode_value

local function decode_array(text, at)
  local list = {}
  at = text:match("^%s*()", at)
  if text:sub(at, at) == "]" then
    return list, at + 1
  end
  while true do
    list[#list + 1], at = decode_value(text, at)
    local separator
    separator, at = text:match("^%s*([,%]])()", at)
    if separator == "]" then
      return list, at
    end
  end
end

local function decode_object(text, at)
  local object = {}
  at = text:match("^%s*()", at)
  if text:sub(at, at) == "}" then
    return object, at + 1
  end
  while true do
    local key, separator
    key, at = decode_string(text, text:match('^%s*"()', at))
    object[key], at = decode_value(text, text:match("^%s*:()", at))
    separator, at = text:match("^%s*([,}])()", at)
    if separator == "}" then
      return object, at
    end
  end
end

local words = { ["true"] = true, ["false"] = false, null = json.null }

function decode_value(text, at)
  at = text:match("^%s*()", at)
  local char = text:sub(at, at)
  if char == '"' then
    return decode_string(text, at + 1)
  elseif char == "{" then
    return decode_object(text, at + 1)
  elseif char == "[" then
    return decode_array(text, at + 1)
  end
  local word, stop = text:match("^(%a+)()", at)
  if word then
    return words[word], stop
  end
  local number
  number, stop = text:match("^([-+%deE.]+)()", at)
  return tonumber(number), stop
end

--- The value of a JSON text that the library has checked.
function json.decode(text)
  return (decode_value(text, 1))
end

return json
