# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# exit.rb ENDPOINT [exit]
require "fiddle/import"

# What is needed of the library.
module Lib
  extend Fiddle::Importer
  dlload "libzmqlog.so.1"
  extern "void *zmqlog_handler_new()"
  extern "int zmqlog_handler_set_root_topic(void *, const char *)"
  extern "int zmqlog_handler_connect(void *, const char *)"
  extern "int zmqlog_handler_log(void *, int, void *, size_t)"
end

handler = Lib.zmqlog_handler_new
Lib.zmqlog_handler_set_root_topic(handler, "app")
Lib.zmqlog_handler_connect(handler, ARGV[0])
Lib.zmqlog_handler_log(handler, 20, "last words", 10)
exit 3 if ARGV[1]
