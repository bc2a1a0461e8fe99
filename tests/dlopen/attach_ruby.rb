# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# A handler on sockets of ruby-ffi-rzmq: by Fiddle, and by the module zmqlog where
# that is built.
begin
  require "ffi-rzmq"
rescue LoadError
  puts "SKIPPED: install ruby-ffi-rzmq"
  exit 77
end
require "fiddle/import"

# What is needed of the library.
module Lib
  extend Fiddle::Importer
  dlload "libzmqlog.so.1"
  extern "void *zmqlog_handler_new()"
  extern "void zmqlog_handler_free(void *)"
  extern "int zmqlog_handler_set_root_topic(void *, const char *)"
  extern "int zmqlog_handler_attach(void *, void *)"
  extern "char *zmqlog_handler_errmsg(void *)"
  extern "int zmqlog_handler_log(void *, int, void *, size_t)"
end

DEADLINE_MS = 10_000
$failed = 0

def expect(got, wanted, sentence)
  ok = got == wanted
  puts "#{ok ? "ok" : "NOT OK"} #{sentence}"
  puts "  got #{got.inspect}, wanted #{wanted.inspect}" unless ok
  $failed += 1 unless ok
end

# An XPUB, and a SUB that it knows of.
def marry
  context = ZMQ::Context.new
  xpub, sub = [ZMQ::XPUB, ZMQ::SUB].map { |kind| context.socket(kind) }
  [xpub, sub].each do |socket|
    socket.setsockopt(ZMQ::RCVTIMEO, DEADLINE_MS)
    socket.setsockopt(ZMQ::LINGER, 0)
  end
  xpub.bind("tcp://127.0.0.1:*")
  endpoint = []
  xpub.getsockopt(ZMQ::LAST_ENDPOINT, endpoint)
  sub.setsockopt(ZMQ::SUBSCRIBE, "")
  sub.connect(endpoint.first.delete("\0"))
  xpub.recv_string(message = +"")
  yield xpub, sub
ensure
  [xpub, sub].each(&:close)
  context.terminate
end

def frames(sub)
  sub.recv_strings(list = [])
  list.map(&:b)
end

marry do |xpub, sub|
  handler = Lib.zmqlog_handler_new
  Lib.zmqlog_handler_set_root_topic(handler, "app")
  expect Lib.zmqlog_handler_attach(handler, xpub.socket.address), 0, "an XPUB is taken"
  text = "net.http::a\0b \xff".b
  Lib.zmqlog_handler_log(handler, 20, text, text.bytesize)
  expect frames(sub), ["app.INFO.net.http", "a\0b \xff".b], "what is logged arrives"
  other = Lib.zmqlog_handler_new
  expect Lib.zmqlog_handler_attach(other, sub.socket.address).negative?, true,
         "a SUB is refused"
  [handler, other].each { |one| Lib.zmqlog_handler_free(one) }
end

begin
  require "zmqlog"
  marry do |xpub, sub|
    Zmqlog::Handler.open(attach: xpub.socket, root_topic: "app") do |log|
      log.info "net.http::a\0b \xff"
    end
    expect frames(sub), ["app.INFO.net.http", "a\0b \xff".b], "by the module as well"
  end
rescue LoadError
  puts "not tested: the module zmqlog, which is not built"
end
exit($failed.zero? ? 0 : 1)
