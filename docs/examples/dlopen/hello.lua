-- SPDX-License-Identifier: BSD-3-Clause
-- LuaJIT's ffi, where the module zmqlog is not installed: publishes, receives its
-- own records, and shows what crosses.
--
--     luajit hello.lua
local ffi = require "ffi"

ffi.cdef [[
int64_t zmqlog_constant(const char *name);
const char *zmqlog_status_name(int status);
void *zmqlog_handler_new(void);
void zmqlog_handler_free(void *handler);
int zmqlog_handler_set_root_topic(void *handler, const char *root_topic);
int zmqlog_handler_set_style(void *handler, int level, const char *style);
int zmqlog_handler_bind(void *handler, const char *endpoint);
const char *zmqlog_handler_endpoint(void *handler, int index);
const char *zmqlog_handler_errmsg(void *handler);
int zmqlog_handler_wait_subscriber(void *handler, const char *topic, int timeout_ms);
int zmqlog_handler_log(void *handler, int level, const char *text, size_t text_len);
int zmqlog_handler_log_record(void *handler, void *record);
int zmqlog_handler_flush(void *handler, int timeout_ms);
int64_t zmqlog_handler_count(void *handler, int which);

void *zmqlog_record_new(void);
void zmqlog_record_free(void *record);
int zmqlog_record_set_level(void *record, int level);
int zmqlog_record_set_text(void *record, const char *text, size_t text_len);
int zmqlog_record_set_time_ns(void *record, int64_t time_ns);
int zmqlog_record_set_field_int(void *record, const char *key, int64_t value);
int zmqlog_record_parse(void *record);
const char *zmqlog_record_topic(void *record, size_t *len);
const char *zmqlog_record_text(void *record, size_t *len);
int64_t zmqlog_record_time_ns(void *record);
uint64_t zmqlog_record_seq(void *record);
int zmqlog_record_field_count(void *record);
const char *zmqlog_record_field_key(void *record, int index, size_t *len);
const char *zmqlog_record_field_json(void *record, int index, size_t *len);

void *zmqlog_subscriber_new(void);
void zmqlog_subscriber_free(void *subscriber);
int zmqlog_subscriber_subscribe(void *subscriber, const char *prefix);
int zmqlog_subscriber_connect(void *subscriber, const char *endpoint);
int zmqlog_subscriber_recv(void *subscriber, void *record, int timeout_ms);
]]
local lib = ffi.load "libzmqlog.so.1"

-- Once, and as a plain number: an int64_t that is boxed costs more than the call.
local function constant(name)
  return tonumber(lib.zmqlog_constant(name))
end
local INFO, WARN = constant "LEVEL_INFO", constant "LEVEL_WARN"
local ERROR, SENT = constant "LEVEL_ERROR", constant "COUNT_SENT"

local handler = ffi.gc(lib.zmqlog_handler_new(), lib.zmqlog_handler_free)
local subscriber = ffi.gc(lib.zmqlog_subscriber_new(), lib.zmqlog_subscriber_free)
local record = ffi.gc(lib.zmqlog_record_new(), lib.zmqlog_record_free)

local function check(status)
  if status < 0 then
    error(ffi.string(lib.zmqlog_status_name(status)) .. ": "
      .. ffi.string(lib.zmqlog_handler_errmsg(handler)), 0)
  end
end

-- Bytes out are copied with their length: a string may hold NULs.
local length = ffi.new "size_t[1]"
local function copied(getter, ...)
  local bytes = getter(record, ...)
  return ffi.string(bytes, length[0])
end

local function say(level, text)
  check(lib.zmqlog_handler_log(handler, level, text, #text))
end

local function receive()
  check(lib.zmqlog_subscriber_recv(subscriber, record, 10000))
  return copied(lib.zmqlog_record_topic, length), copied(lib.zmqlog_record_text, length)
end

local function field(key)
  for index = 0, lib.zmqlog_record_field_count(record) - 1 do
    if copied(lib.zmqlog_record_field_key, index, length) == key then
      return copied(lib.zmqlog_record_field_json, index, length)
    end
  end
end

-- tonumber() would round what is over 2^53.
local function digits(number)
  return (tostring(number):gsub("U?LL$", ""))
end

check(lib.zmqlog_handler_set_root_topic(handler, "myprogram"))
check(lib.zmqlog_handler_set_style(handler, ERROR, "json"))
check(lib.zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"))
check(lib.zmqlog_subscriber_subscribe(subscriber, "myprogram"))
check(lib.zmqlog_subscriber_connect(subscriber,
  lib.zmqlog_handler_endpoint(handler, 0)))
check(lib.zmqlog_handler_wait_subscriber(handler, nil, 10000))

say(INFO, "hello there")
say(WARN, "sub.topic::hello there")
for _ = 1, 2 do
  local topic, text = receive()
  print(topic .. " " .. text)
end

say(INFO, "a\0b")
local topic, text = receive()
print(("%s %d bytes: %02x %02x %02x"):format(topic, #text, text:byte(1, -1)))

-- Time and fields travel in style json. 64 bits arrive as they left.
check(lib.zmqlog_record_set_level(record, ERROR))
check(lib.zmqlog_record_set_text(record, "late", 4))
check(lib.zmqlog_record_set_time_ns(record, 1700000000123456789LL))
check(lib.zmqlog_record_set_field_int(record, "id", 9007199254740993LL))
check(lib.zmqlog_handler_log_record(handler, record))
topic = receive()
check(lib.zmqlog_record_parse(record))
text = copied(lib.zmqlog_record_text, length)
print(("%s %s at %s number %s id %s"):format(topic, text,
  digits(lib.zmqlog_record_time_ns(record)), digits(lib.zmqlog_record_seq(record)),
  field "id"))

local foreign =
  '{"msg":"from elsewhere","epoch":"00000000000000ff","seq":18446744073709551615}'
check(lib.zmqlog_record_set_text(record, foreign, #foreign))
check(lib.zmqlog_record_parse(record))
text = copied(lib.zmqlog_record_text, length)
print(text .. " number " .. digits(lib.zmqlog_record_seq(record)))

check(lib.zmqlog_handler_flush(handler, 10000))
print("sent " .. digits(lib.zmqlog_handler_count(handler, SENT)))
print(select(2, pcall(check, lib.zmqlog_handler_bind(handler, "tcp://nowhere"))))
