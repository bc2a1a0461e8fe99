# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Zmqlog::Logger is a Logger of Ruby's standard library.
require_relative "helper"
require "logger"
require "stringio"

class LoggerTest < Minitest::Test
  # Everything a program does with its logger; run with each kind.
  PROGRAM = lambda do |logger|
    logger.info "hello there"
    logger.warn("web") { "from a block" }
    logger.error RuntimeError.new("an exception")
    logger.fatal [:any, "object"]
    logger.unknown nil
    logger.add(Logger::INFO, "added")
    logger.add(Logger::WARN) { "added by a block" }
    logger.add(Logger::WARN, nil, "progname or message")
    logger.add(Logger::WARN, "message", "with a progname")
    logger.add(nil, "no severity")
    logger.add(7, "a severity of its own")
    logger.log(Logger::ERROR, "logged")
    logger.level = :warn
    logger.info "not this"
    logger.info { raise "nor this" }
    logger.level = "INFO"
    logger.debug "nor that"
    logger.info "std::vector"
    logger.progname = "renamed"
    logger.info "under another name"
    logger.info { false }
    logger << "raw"
    logger.error!
    logger.warn "no"
    logger.error "yes"
  end

  LEVELS = { "DEBUG" => 10, "INFO" => 20, "WARN" => 30, "ERROR" => 40, "FATAL" => 50,
             "ANY" => 60 }.freeze
  NAMES = { 10 => "DEBUG", 20 => "INFO", 30 => "WARN", 40 => "ERROR", 50 => "CRITICAL",
            60 => "UNKNOWN" }.freeze

  # What the standard library passes to its device: lines, and raw ones apart.
  def lines_of_ruby(formatter)
    lines = []
    device = Object.new
    device.define_singleton_method(:write) { |line| lines << line }
    device.define_singleton_method(:close) { nil }
    PROGRAM.call(::Logger.new(device, progname: "app", formatter: formatter))
    lines
  end

  def test_a_program_cannot_tell_the_difference
    formatter = proc { |severity, _time, progname, message| [severity, progname, message].inspect }
    wanted = lines_of_ruby(formatter).map do |line|
      level = line == "raw" ? 60 : LEVELS.fetch(line[/\A\["(\w+)/, 1])
      ["app.#{NAMES.fetch(level)}", line]
    end
    log, sub = marry
    PROGRAM.call(Zmqlog::Logger.new(log, progname: "app", formatter: formatter))
    assert_equal wanted, Array.new(wanted.size) { next_of(sub).then { |r| [r.topic, r.text] } }
    assert_nothing_left log, sub
  end

  def test_without_a_formatter_the_message_alone
    log, sub = marry
    PROGRAM.call(log.logger("app"))
    texts = ["hello there", "from a block", "an exception (RuntimeError)",
             "[:any, \"object\"]", "app", "added", "added by a block", "progname or message",
             "message", "no severity", "a severity of its own", "logged", "std::vector",
             "under another name", "false", "raw", "yes"]
    assert_equal(texts, Array.new(texts.size) { next_of(sub).text })
  end

  def test_severities_and_their_levels
    log, sub = marry
    logger = log.logger
    %i[debug info warn error fatal unknown].zip(NAMES.values) do |method, name|
      assert_same true, logger.public_send(method, "x")
      assert_arrives "app.#{name}", "x", sub
    end
    assert_same true, logger.add(99, "x")
    assert_arrives "app.UNKNOWN", "x", sub
  end

  def test_the_name_of_unknown_can_be_had_otherwise
    log, sub = marry(levels: { audit: 60 })
    log.logger.unknown "x"
    assert_arrives "app.AUDIT", "x", sub
    other, heard = marry(levels: { unknown: 33 })
    other.logger.unknown "x"
    assert_arrives "app.L60", "x", heard
  end

  def test_the_progname_is_the_loggers_name
    log, sub = marry(style: "%(name)s|%(message)s")
    logger = log.logger("web")
    logger.info "x"
    assert_equal "web|x", next_of(sub).text
    logger.info("db") { "y" }
    assert_equal "db|y", next_of(sub).text
    logger.progname = :other
    logger.info "z"
    assert_equal "other|z", next_of(sub).text
    100.times { |n| logger.info("n#{n}") { "x" } }
    100.times { |n| assert_equal "n#{n}|x", next_of(sub).text }
    logger.progname = nil
    logger.info "x"
    assert_equal "root|x", next_of(sub).text # as in Python
  end

  def test_nothing_is_scanned_unless_told
    log, sub = marry
    log.logger.info "a::b"
    assert_arrives "app.INFO", "a::b", sub
    scanning = log.logger("l", scan: true, formatter: proc { |*, message| "<#{message}>" })
    scanning.info "a::b"
    assert_arrives "app.INFO.a", "<b>", sub
    scanning.formatter = nil
    scanning.info { "größe::日本" }
    assert_arrives "app.INFO.größe", "日本", sub
  end

  # A logger that the whole program uses, and a class that knows only of it.
  class Program
    class << self
      attr_accessor :logger
    end

    def run
      self.class.logger.info "hello there"
      self.class.logger.warn "sub.topic::hello there"
    end
  end

  def test_all_messages_of_a_program_wide_logger
    log, sub = marry(root_topic: "myprogram")
    Program.logger = Logger.new(nil)
    Program.new.run
    Program.logger = log.logger("program", scan: true)
    Program.new.run
    assert_arrives "myprogram.INFO", "hello there", sub
    assert_arrives "myprogram.WARN.sub.topic", "hello there", sub
    Program.logger = log.logger("program")
    Program.new.run
    assert_arrives "myprogram.INFO", "hello there", sub
    assert_arrives "myprogram.WARN", "sub.topic::hello there", sub
  end

  def test_topic_and_fields
    log, sub = marry(style: "json")
    logger = log.logger("web", topic: :http, fields: { zone: "eu" })
    logger.info "x"
    request = logger.with(request: 7)
    request.info "y"
    logger.info("named") { "z" }
    first, second, third = Array.new(3) { next_of(sub).parse }
    assert_equal ["app.INFO.http", "web", { "zone" => "eu" }],
                 [first.topic, first.logger, fields_of(first)]
    assert_equal({ "zone" => "eu", "request" => 7 }, fields_of(second))
    assert_equal ["named", { "zone" => "eu" }], [third.logger, fields_of(third)]
  end

  def test_blocks_are_not_evaluated_when_nobody_listens
    log = lonely
    logger = log.logger
    wait_until { !log.enabled?(:unknown) }
    assert_same true, logger.error { flunk }
    assert_same true, logger.add(Logger::UNKNOWN) { flunk }
    assert_same true, logger << "x"
    refute_predicate logger, :error?
  end

  def test_what_a_block_raises_passes
    log, = marry
    assert_raises(ZeroDivisionError) { log.logger.info { 1 / 0 } }
  end

  def test_a_formatter_that_fails_loses_one_record_and_warns_once
    log, sub = marry
    logger = log.logger("l", formatter: proc { |*, m| m == "bad" ? raise("oh no") : m })
    heard = warnings { 3.times { assert_same false, logger.info("bad") } }
    assert_equal ["zmqlog: a record could not be formatted: oh no (RuntimeError)\n"], heard
    assert_equal 3, log.count(:refused)
    assert logger.info("good")
    assert_arrives "app.INFO", "good", sub
  end

  def test_whatever_a_formatter_returns
    log, sub = marry
    values = ["ü".encode("UTF-16LE"), nil, 5, :sym, "\xFF".b]
    logger = log.logger("l", formatter: proc { values.shift })
    5.times { assert logger.info("x") }
    assert_equal ["ü", "", "5", "sym", "\xFF"].map(&:b),
                 Array.new(5) { next_of(sub).text.b }
  end

  def test_calls_with_nonsense_are_refused_and_counted
    log, = marry
    logger = log.logger
    assert_same false, logger.add("info", "x")
    assert_same false, logger.add(2**80, "x")
    assert_same false, logger.add(:info, "x")
    assert_same false, logger.add(1, 2, 3, 4)
    shy = Object.new
    def shy.inspect = raise("no")
    warnings { assert_same false, logger.info(shy) }
    assert_equal 5, log.count(:refused)
  end

  def test_copies_are_independent
    log, sub = marry(style: "%(name)s|%(message)s")
    logger = log.logger("one")
    copies = [logger.dup, logger.clone, logger.clone(freeze: true)]
    copies[0].progname = "two"
    copies[0].level = :error
    copies[1].formatter = proc { |*, m| "<#{m}>" }
    logger.info "a"
    copies.each { |copy| copy.info "b" }
    copies[0].error "c"
    assert_equal ["one|a", "one|<b>", "one|b", "two|c"], Array.new(4) { next_of(sub).text }
  end

  def test_a_frozen_logger_logs
    log, sub = marry
    logger = log.logger("l", formatter: proc { |*, m| m == "bad" ? raise("no") : m }).freeze
    assert logger.info("x")
    assert_arrives "app.INFO", "x", sub
    warnings { assert_same false, logger.info("bad") }
  end

  def test_subclasses_may_override_how_messages_look
    kind = Class.new(Zmqlog::Logger) do
      private

      def format_message(severity, _time, progname, message)
        "#{severity} #{progname} #{message}"
      end
    end
    log, sub = marry
    kind.new(log, progname: "p").warn "x"
    assert_arrives "app.WARN", "WARN p x", sub
  end

  def test_modules_that_write_to_the_device_themselves
    direct = Module.new do
      def add(severity, message = nil, progname = nil)
        return true if @logdev.nil? || severity < level

        message = yield if message.nil? && block_given?
        @logdev.write(format_message(format_severity(severity), Time.now, @progname,
                                     message || progname))
      end
    end
    log, sub = marry
    logger = log.logger("l")
    logger.extend(direct)
    logger.error "x"
    assert_arrives "app.ERROR", "x", sub
    logger.instance_variable_get(:@logdev).write("bare")
    assert_arrives "app.UNKNOWN", "bare", sub
  end

  def test_predicates_follow_the_listeners
    log, = marry(subscriber: { subscribe: "app.ERROR" })
    wait_until { !log.enabled?(:info) }
    logger = log.logger
    assert_predicate logger, :error?
    refute_predicate logger, :info?
    logger.extend(Module.new)
    assert_predicate logger, :info?
    logger.level = :fatal
    refute_predicate logger, :error?
  end

  def test_options_are_checked
    log = lonely
    assert_raises(ArgumentError) { log.logger("x", level: :nonsense) }
    assert_raises(TypeError) { log.logger("x", topic: 5) }
    assert_raises(TypeError) { log.logger("x", fields: "a") }
    assert_raises(TypeError) { Zmqlog::Logger.new($stdout) }
    assert_raises(ArgumentError) { log.logger("x", nonsense: 1) }
  end

  def test_open_owns_its_handler
    handler = nil
    answer = Zmqlog::Logger.open(bind: "tcp://127.0.0.1:*", root_topic: "app", hold_ms: 0,
                                 progname: "p", level: :warn) do |logger|
      handler = logger.handler
      assert_equal [2, "p"], [logger.level, logger.progname]
      :answer
    end
    assert_equal :answer, answer
    assert_predicate handler, :closed?
    logger = Zmqlog::Logger.open(bind: "tcp://127.0.0.1:*", hold_ms: 0)
    2.times { logger.clone.close }
    assert_predicate logger.handler, :closed?
    assert_same false, logger.info("late")
  end

  def test_closing_a_logger_leaves_a_shared_handler_open
    log, sub = marry
    logger = log.logger
    logger.close
    assert_same logger, logger.reopen
    assert logger.info("x")
    assert_arrives "app.INFO", "x", sub
  end

  def test_a_progname_may_hold_any_bytes
    log, sub = marry(style: "json")
    logger = log.logger("a\0b")
    logger.info "first"
    logger.add(1, "second", "c\0d")
    logger.add(1, "third", "e\xFF")
    records = Array.new(3) { next_of(sub).tap(&:parse) }
    assert_equal [%w[first a?b], %w[second c?d], ["third", "e\uFFFD"]],
                 (records.map { |record| [record.text, record.logger] })
  end

  def test_raw_lines_have_the_level_they_are_given
    log, sub = marry
    { nil => "UNKNOWN", info: "INFO", "warn" => "WARN", ::Logger::ERROR => "ERROR",
      unknown: "UNKNOWN" }.each do |level, name|
      log.logger(raw_level: level) << "GET / 200\n"
      assert_arrives "app.#{name}", "GET / 200", sub
    end
    assert_raises(ArgumentError) { log.logger(raw_level: :loud) }
  end

  def test_the_newline_of_a_formatter_for_files_goes
    log, sub = marry
    logger = log.logger(formatter: proc { |*, message| "#{message}\n" })
    logger.info "one\ntwo"
    assert_arrives "app.INFO", "one\ntwo", sub
  end

  def test_another_ractor_is_told_why_not
    words, = run_ruby(<<~SCRIPT)
      require "zmqlog"
      Warning[:experimental] = false
      print Ractor.new {
        begin
          Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*")
        rescue Zmqlog::UnsupportedError => e
          e.message
        end
      }.take
    SCRIPT
    assert_match(/main Ractor only/, words)
  end

  def test_a_field_whose_key_cannot_be_used_says_so
    log, sub = marry(style: "json")
    log.info "x", "" => 1
    assert_match(/empty/, next_of(sub).tap(&:parse).fields["!BADKEY"])
  end

  def test_errors_name_no_function_of_c
    error = assert_raises(Zmqlog::InvalidError) { lonely(queue_bytes: 7) }
    assert_match(/\Aqueue_bytes is 7/, error.message)
  end
end
