# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
require "logger"

module Zmqlog
  # One Logger in front of several: a file's and ours, for instance. Each keeps its level
  # and formatter; a block is called once, and only if one of them takes the record. Made
  # by {Zmqlog.broadcast}. Any thread may use it.
  # @since 1.1
  class Broadcast < ::Logger
    # @param loggers [Array<::Logger>] at least one
    # @raise [ArgumentError] there is none, or one that has no `add`
    def initialize(*loggers)
      wrong = loggers.find { |logger| !logger.respond_to?(:add) }
      raise ArgumentError, "broadcast: no logger: #{wrong.inspect}" if wrong
      raise ArgumentError, "broadcast: at least one logger is needed" if loggers.empty?

      super(nil)
      @loggers = loggers.freeze
    end

    # @return [Array<::Logger>]
    attr_reader :loggers

    # As Logger#add, by each of them.
    # @param severity [Integer, nil] of Logger's; nil: UNKNOWN
    # @param message [Object, nil]
    # @param progname [Object, nil] the message, if there is no other and no block
    # @param block [Proc, nil] makes the message
    # @return [true]
    def add(severity, message = nil, progname = nil, &block)
      once = block && remembering(block)
      @loggers.each { |logger| logger.add(severity, message, progname, &once) }
      true
    end
    alias log add

    # As Logger#<<, by each of them.
    # @param message [String]
    # @return [self]
    def <<(message)
      @loggers.each { |logger| logger << message }
      self
    end

    # @return [Integer] the lowest of theirs
    def level = @loggers ? @loggers.map(&:level).min : super

    # Sets the level of all of them.
    # @param severity [Integer, Symbol, String]
    def level=(severity)
      @loggers ? @loggers.each { |logger| logger.level = severity } : super
    end

    # Sets the formatter of all of them.
    # @param formatter [#call, nil]
    def formatter=(formatter)
      @loggers ? @loggers.each { |logger| logger.formatter = formatter } : super
    end

    # Sets the progname of all of them.
    # @param progname [String, nil]
    def progname=(progname)
      @loggers ? @loggers.each { |logger| logger.progname = progname } : super
    end

    %i[debug info warn error fatal].each do |name|
      define_method(:"#{name}?") { @loggers.any?(&:"#{name}?") }
    end

    # Closes all of them.
    # @return [nil]
    def close
      @loggers.each(&:close)
      nil
    end

    private

    def remembering(block)
      is_known = false
      value = nil
      lambda do
        value = block.call unless is_known
        is_known = true
        value
      end
    end
  end

  # One Logger in front of several, for programs without Rails:
  #
  #   logger = Zmqlog.broadcast(Logger.new($stderr), Zmqlog::Logger.open(bind: endpoint))
  #
  # @param loggers [Array<::Logger>]
  # @return [Broadcast]
  # @raise [ArgumentError] there is none, or one that has no `add`
  # @since 1.1
  def self.broadcast(*loggers) = Broadcast.new(*loggers)
end
