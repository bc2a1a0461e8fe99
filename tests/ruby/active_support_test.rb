# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# ActiveSupport's loggers with ours: 6.1 of Debian 12 broadcasts by extending, 7.1 and
# later by an object of its own.
require_relative "helper"
require "stringio"
begin
  verbose = $VERBOSE
  $VERBOSE = nil
  require "active_support"
  require "active_support/logger"
  require "active_support/tagged_logging"
  begin
    require "active_support/broadcast_logger"
  rescue LoadError
    nil # before 7.1
  end
rescue LoadError => e
  puts "SKIPPED: #{e.message}"
  Minitest.after_run { exit 77 }
ensure
  $VERBOSE = verbose
end

class ActiveSupportTest < Minitest::Test
  def self.runs_where(condition, name, &block)
    define_method(:"test_#{name}", &block) if condition
  end

  HERE = defined?(ActiveSupport::TaggedLogging)
  BY_EXTENDING = HERE && ActiveSupport::Logger.respond_to?(:broadcast)
  BY_OBJECT = defined?(ActiveSupport::BroadcastLogger)

  runs_where(HERE, "tags reach the text") do
    log, sub = marry
    logger = ActiveSupport::TaggedLogging.new(log.logger("web"))
    logger.tagged("BCX") { logger.info "stuff" }
    assert_arrives "app.INFO", "[BCX] stuff", sub
    logger.tagged("BCX", "J") do |inner|
      inner.tagged("K") { logger.error { "more" } }
    end
    assert_arrives "app.ERROR", "[BCX] [J] [K] more", sub
    logger.tagged("X").tagged("Y").warn "chained"
    assert_arrives "app.WARN", "[X] [Y] chained", sub
    logger.info "std::vector"
    assert_arrives "app.INFO", "std::vector", sub
  end

  runs_where(HERE, "tagging leaves the original alone") do
    log, sub = marry
    logger = log.logger("web")
    tagged = ActiveSupport::TaggedLogging.new(logger)
    tagged.tagged("T") { logger.info "bare" }
    assert_arrives "app.INFO", "bare", sub
  end

  runs_where(HERE, "silence by a subclass") do
    kind = Class.new(Zmqlog::Logger) { include ActiveSupport::LoggerSilence }
    log, sub = marry
    logger = kind.new(log, progname: "web")
    logger.silence do
      logger.info "silent"
      logger.error "loud"
    end
    logger.info("p") { "again" }
    logger.unknown "any"
    assert_arrives "app.ERROR", "loud", sub
    assert_arrives "app.INFO", "again", sub
    assert_arrives "app.UNKNOWN", "any", sub
    assert_predicate logger, :debug?
  end

  runs_where(HERE, "silence is of one thread") do
    kind = Class.new(Zmqlog::Logger) { include ActiveSupport::LoggerSilence }
    log, sub = marry
    logger = kind.new(log)
    logger.silence do
      Thread.new { logger.info "other thread" }.join
      logger.info "silent"
    end
    assert_arrives "app.INFO", "other thread", sub
    assert_nothing_left log, sub
  end

  runs_where(HERE, "thread safe levels by extending the class") do
    script = <<~'RUBY'
      require "zmqlog"
      $VERBOSE = nil
      require "active_support"
      require "active_support/logger"
      Zmqlog::Logger.include ActiveSupport::LoggerSilence
      log = Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", root_topic: "app", hold_ms: 0)
      sub = Zmqlog::Subscriber.open(connect: log.endpoint)
      log.wait_subscriber(timeout: 10)
      logger = log.logger
      logger.silence { logger.info "silent"; logger.error "loud" }
      logger.info "again"
      2.times { puts sub.recv(timeout: 10) }
    RUBY
    output, status = run_ruby(script)
    assert_predicate status, :success?
    assert_equal "app.ERROR | loud\napp.INFO | again\n", output
  end

  runs_where(BY_EXTENDING, "broadcast from a file to us") do
    log, sub = marry
    file = StringIO.new
    logger = ActiveSupport::Logger.new(file)
    logger.extend ActiveSupport::Logger.broadcast(log.logger("web"))
    logger.warn "both"
    logger << "raw"
    assert_arrives "app.WARN", "both", sub
    assert_arrives "app.UNKNOWN", "raw", sub
    logger.level = :error
    logger.warn "none"
    logger.progname = "renamed"
    logger.error { "block" }
    assert_arrives "app.ERROR", "block", sub
    assert_equal "both\nrawblock\n", file.string
    logger.close
  end

  runs_where(BY_EXTENDING, "broadcast from us to a file, whoever listens") do
    log = lonely
    file = StringIO.new
    logger = log.logger("web")
    logger.extend ActiveSupport::Logger.broadcast(ActiveSupport::Logger.new(file))
    wait_until { !log.enabled?(:debug) }
    assert_predicate logger, :debug?
    logger.debug "to the file"
    logger.info { "also" }
    assert_equal "to the file\nalso\n", file.string
  end

  runs_where(BY_OBJECT, "a broadcast logger") do
    log, sub = marry
    file = StringIO.new
    ours = log.logger("web")
    logger = ActiveSupport::BroadcastLogger.new(ActiveSupport::Logger.new(file), ours)
    logger.warn "both"
    logger << "raw"
    logger.error { "block" }
    assert_arrives "app.WARN", "both", sub
    assert_arrives "app.UNKNOWN", "raw", sub
    assert_arrives "app.ERROR", "block", sub
    assert_match(/\Aboth\nrawblock\n\z/, file.string)
    copy = logger.dup
    copy.level = :error
    copy.info "none"
    logger.level = :debug
    assert_predicate logger, :debug?
    tagged = ActiveSupport::TaggedLogging.new(ours)
    logger.broadcast_to(tagged)
    logger.stop_broadcasting_to(ours)
    tagged.tagged("T") { logger.info "x" }
    assert_arrives "app.INFO", "[T] x", sub
    logger.close
  end
end
