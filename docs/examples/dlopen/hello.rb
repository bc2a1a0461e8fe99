# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Ruby's Fiddle, where the gem zmqlog is not installed: publishes, receives its own
# records, and shows what crosses.
#
#     ruby hello.rb
require "fiddle/import"

# The functions that are used here, as the header has them. Fiddle gives Ruby's lock
# away during a call, so other threads run while one waits.
module Lib
  extend Fiddle::Importer
  dlload "libzmqlog.so.1"

  typealias "int64_t", "long long"
  typealias "uint64_t", "unsigned long long"

  extern "int64_t zmqlog_constant(const char *)"
  extern "char *zmqlog_status_name(int)"
  extern "void *zmqlog_handler_new()"
  extern "void zmqlog_handler_free(void *)"
  extern "int zmqlog_handler_set_root_topic(void *, const char *)"
  extern "int zmqlog_handler_set_style(void *, int, const char *)"
  extern "int zmqlog_handler_bind(void *, const char *)"
  extern "char *zmqlog_handler_endpoint(void *, int)"
  extern "char *zmqlog_handler_errmsg(void *)"
  extern "int zmqlog_handler_wait_subscriber(void *, void *, int)"
  extern "int zmqlog_handler_log(void *, int, void *, size_t)"
  extern "int zmqlog_handler_log_record(void *, void *)"
  extern "int zmqlog_handler_flush(void *, int)"
  extern "int64_t zmqlog_handler_count(void *, int)"

  extern "void *zmqlog_record_new()"
  extern "void zmqlog_record_free(void *)"
  extern "int zmqlog_record_set_level(void *, int)"
  extern "int zmqlog_record_set_text(void *, void *, size_t)"
  extern "int zmqlog_record_set_time_ns(void *, int64_t)"
  extern "int zmqlog_record_set_field_int(void *, const char *, int64_t)"
  extern "int zmqlog_record_parse(void *)"
  extern "void *zmqlog_record_topic(void *, void *)"
  extern "void *zmqlog_record_text(void *, void *)"
  extern "int64_t zmqlog_record_time_ns(void *)"
  extern "uint64_t zmqlog_record_seq(void *)"
  extern "int zmqlog_record_field_count(void *)"
  extern "void *zmqlog_record_field_key(void *, int, void *)"
  extern "void *zmqlog_record_field_json(void *, int, void *)"

  extern "void *zmqlog_subscriber_new()"
  extern "void zmqlog_subscriber_free(void *)"
  extern "int zmqlog_subscriber_subscribe(void *, const char *)"
  extern "int zmqlog_subscriber_connect(void *, void *)"
  extern "int zmqlog_subscriber_recv(void *, void *, int)"
end

INFO = Lib.zmqlog_constant("LEVEL_INFO")
WARN = Lib.zmqlog_constant("LEVEL_WARN")
ERROR = Lib.zmqlog_constant("LEVEL_ERROR")
SENT = Lib.zmqlog_constant("COUNT_SENT")

# A publisher that listens to itself.
class Pair
  def initialize
    @handler = Lib.zmqlog_handler_new
    @subscriber = Lib.zmqlog_subscriber_new
    @record = Lib.zmqlog_record_new
    @length = Fiddle::Pointer.malloc(Fiddle::SIZEOF_SIZE_T, Fiddle::RUBY_FREE)
  end

  attr_reader :handler, :record

  def open
    check Lib.zmqlog_handler_set_root_topic(@handler, "myprogram")
    check Lib.zmqlog_handler_set_style(@handler, ERROR, "json")
    check Lib.zmqlog_handler_bind(@handler, "tcp://127.0.0.1:*")
    check Lib.zmqlog_subscriber_subscribe(@subscriber, "myprogram")
    endpoint = Lib.zmqlog_handler_endpoint(@handler, 0)
    check Lib.zmqlog_subscriber_connect(@subscriber, endpoint)
    check Lib.zmqlog_handler_wait_subscriber(@handler, nil, 10_000)
  end

  def check(status)
    return unless status.negative?

    raise "#{Lib.zmqlog_status_name(status)}: #{Lib.zmqlog_handler_errmsg(@handler)}"
  end

  def say(level, text)
    check Lib.zmqlog_handler_log(@handler, level, text, text.bytesize)
  end

  # Bytes out are copied with their length: to_s alone would end at the first NUL.
  def copied(getter, *index)
    bytes = Lib.public_send("zmqlog_record_#{getter}", @record, *index, @length)
    bytes[0, @length[0, Fiddle::SIZEOF_SIZE_T].unpack1("J")]
  end

  def receive
    check Lib.zmqlog_subscriber_recv(@subscriber, @record, 10_000)
    [copied(:topic), copied(:text)]
  end

  def field(key)
    indexes = 0...Lib.zmqlog_record_field_count(@record)
    copied(:field_json, indexes.find { |index| copied(:field_key, index) == key })
  end

  def free
    Lib.zmqlog_subscriber_free(@subscriber)
    Lib.zmqlog_record_free(@record)
    Lib.zmqlog_handler_free(@handler)
  end
end

pair = Pair.new
pair.open
pair.say INFO, "hello there"
pair.say WARN, "sub.topic::hello there"
2.times { puts pair.receive.join(" ") }

pair.say INFO, "a\0b"
topic, text = pair.receive
puts "#{topic} #{text.bytesize} bytes: #{text.unpack("H2H2H2").join(" ")}"

# Time and fields travel in style json. 64 bits arrive as they left.
record = pair.record
pair.check Lib.zmqlog_record_set_level(record, ERROR)
pair.check Lib.zmqlog_record_set_text(record, "late", 4)
pair.check Lib.zmqlog_record_set_time_ns(record, 1_700_000_000_123_456_789)
pair.check Lib.zmqlog_record_set_field_int(record, "id", 9_007_199_254_740_993)
pair.check Lib.zmqlog_handler_log_record(pair.handler, record)
topic, = pair.receive
pair.check Lib.zmqlog_record_parse(record)
puts "#{topic} #{pair.copied(:text)} at #{Lib.zmqlog_record_time_ns(record)} " \
     "number #{Lib.zmqlog_record_seq(record)} id #{pair.field("id")}"

foreign = '{"msg":"from elsewhere","epoch":"00000000000000ff",' \
          '"seq":18446744073709551615}'
pair.check Lib.zmqlog_record_set_text(record, foreign, foreign.bytesize)
pair.check Lib.zmqlog_record_parse(record)
puts "#{pair.copied(:text)} number #{Lib.zmqlog_record_seq(record)}"

pair.check Lib.zmqlog_handler_flush(pair.handler, 10_000)
puts "sent #{Lib.zmqlog_handler_count(pair.handler, SENT)}"
begin
  pair.check Lib.zmqlog_handler_bind(pair.handler, "tcp://nowhere")
rescue RuntimeError => e
  puts e.message
end
pair.free
