# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Log broadcasting over ZeroMQ PUB/SUB.
#
#   require "zmqlog"
#
#   Zmqlog::Handler.open(bind: "tcp://127.0.0.1:5556", root_topic: "myprogram") do |log|
#     log.info "hello there"              # topic myprogram.INFO
#     log.warn "sub.topic::hello there"   # topic myprogram.WARN.sub.topic
#     log.info "served", status: 200      # fields, seen in style json
#   end
#
# {Handler} publishes, {View} is a named view of it, {Logger} stands in for Ruby's
# Logger, {Subscriber} receives {Record}s, {Auth} and {Keypair} are for CURVE. Log
# calls never raise; everything else raises {Error} or Ruby's own exceptions.
#
# Times are in seconds, as everywhere in Ruby; options that end in `_ms` are in
# milliseconds. The guide is docs/ruby.md.
module Zmqlog
end

require_relative "zmqlog/version"
require "zmqlog/native"
require_relative "zmqlog/error"
require_relative "zmqlog/outside"
require_relative "zmqlog/support"
require_relative "zmqlog/options"
require_relative "zmqlog/fields"
require_relative "zmqlog/context"
require_relative "zmqlog/outlet"
require_relative "zmqlog/calls"
require_relative "zmqlog/auth"
require_relative "zmqlog/view"
require_relative "zmqlog/logger"
require_relative "zmqlog/broadcast"
require_relative "zmqlog/handler"
require_relative "zmqlog/record"
require_relative "zmqlog/subscriber"

module Zmqlog
  # What separates subtopic and message in the text of a log call, `"::"`.
  TOPIC_DELIM = Native.zmqlog_topic_delimiter.freeze

  # Level numbers are Python's.
  DEBUG = 10
  INFO = 20
  WARN = 30
  ERROR = 40
  CRITICAL = 50
  # What Ruby's Logger calls UNKNOWN.
  UNKNOWN = 60

  class << self
    # @return [String] version of the library that is loaded, e.g. `"1.0.0"`
    # @since 1.0
    def version = Native.zmqlog_version_string

    # Whether the library can do something here.
    # @param feature [String, Symbol] curve, ipc, json, fork or attach
    # @since 1.0
    def has?(feature) = Native.zmqlog_has(feature.to_s) == 1

    # @param level [Integer] 1 to 63
    # @return [String, nil] default name of a level, e.g. `"WARN"` for 30
    # @since 1.0
    def level_name(level) = Native.zmqlog_level_name(level)

    # @param name [String, Symbol, Integer] as people write levels, in any case
    # @return [Integer, nil] 1 to 63
    # @since 1.0
    def level_number(name)
      name = name.to_s
      number = name.include?("\0") ? 0 : Native.zmqlog_level_number(name)
      number if number.positive?
    end
  end

  private_constant :Native, :Outside, :Support, :Options, :Fields, :Context, :InContext, :Outlet
end

require_relative "zmqlog/railtie" if defined?(::Rails::Railtie)
