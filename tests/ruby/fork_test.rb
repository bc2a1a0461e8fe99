# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Forked children: what only connects goes on, what binds says so once. The parent
# never notices.
require_relative "helper"
require "tmpdir"

class ForkTest < Minitest::Test
  def test_a_bound_handler_answers_false_counts_and_warns_once
    log, sub = marry
    view = log.view("v")
    logger = log.logger("l")
    refute_predicate log, :forked?
    answers, forked, counted, heard, errors = in_child do
      answers = []
      heard = warnings do
        answers = [log.info("lost"), log.info("lost", a: 1), view.error("lost"),
                   logger.info("lost"), logger.info("p") { "lost" }, logger << "lost"]
      end
      errors = [-> { log.flush }, -> { log.close }, -> { log.wait_subscriber },
                -> { log.bind("tcp://127.0.0.1:*") }].map do |call|
        call.call && :none
      rescue Zmqlog::Error => e
        e.class
      end
      [answers, log.forked?, log.count(:dropped_forked), heard, errors]
    end
    assert_equal [[false] * 6, true, 6], [answers, forked, counted]
    assert_equal 1, heard.size
    assert_match(/\Azmqlog: .*fork.*\n\z/, heard.first)
    assert_equal [Zmqlog::ForkedError] * 4, errors
    log.info "here"
    assert_arrives "app.INFO", "here", sub
    assert_equal 0, log.count(:dropped_forked)
  end

  def test_a_warning_that_is_an_error_still_does_not_raise
    log, = marry
    assert_equal [false, false], in_child {
      Warning.define_singleton_method(:warn) { |*, **| raise "no warnings here" }
      [log.info("x"), log.logger.info("x")]
    }
  end

  def test_a_connected_handler_goes_on_in_the_child
    sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
    log = keep Zmqlog::Handler.open(connect: sub.endpoint, root_topic: "app", overflow: :block)
    logger = log.logger("l")
    log.info "parent"
    assert_arrives "app.INFO", "parent", sub
    answers = in_child do
      [log.info("child"), logger.warn("logger"), log.forked?, log.flush.equal?(log), log.close]
    end
    assert_equal [true, true, false, true, nil], answers
    assert_arrives "app.INFO", "child", sub
    assert_arrives "app.WARN", "logger", sub
    log.info "parent again"
    assert_arrives "app.INFO", "parent again", sub
  end

  def test_a_child_that_ends_sends_what_it_has
    sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
    log = keep Zmqlog::Handler.open(connect: sub.endpoint, root_topic: "app")
    Process.wait(fork do
      log.info "from the child"
      log.close(timeout: DEADLINE) # as the end of the process would
      exit!(0)
    end)
    assert_arrives "app.INFO", "from the child", sub
  end

  def test_a_child_may_leave_the_block
    script = <<~'RUBY'
      require "zmqlog"
      Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", hold_ms: 0) do |log|
        exit_status = Process.wait2(fork { GC.start }).last
        puts exit_status.success?
        if (pid = fork)
          puts Process.wait2(pid).last.success?
          log.info "parent"
        end
      end
      puts "end"
    RUBY
    output, status = run_ruby(script)
    assert_predicate status, :success?
    assert_equal %w[true end true end], output.split
  end

  def test_a_child_may_close_the_logger_it_inherited
    sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
    logger = keep Zmqlog::Logger.open(connect: sub.endpoint, root_topic: "app")
    assert_equal [nil, nil], in_child { [logger.close, logger.close] }
    logger.info "x"
    assert_arrives "app.INFO", "x", sub
  end

  def test_children_of_children
    sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
    log = keep Zmqlog::Handler.open(connect: sub.endpoint, root_topic: "app")
    in_child do
      log.info "child"
      in_child { log.info("grandchild") && log.close(timeout: DEADLINE) }
      log.close(timeout: DEADLINE)
    end
    assert_arrives "app.INFO", "child", sub
    assert_arrives "app.INFO", "grandchild", sub
  end

  def test_a_daemon_goes_on
    sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
    script = <<~'RUBY'
      require "zmqlog"
      log = Zmqlog::Handler.open(connect: ARGV[0], root_topic: "app")
      Process.daemon
      log.info "in the background"
    RUBY
    _output, status = run_ruby(script, sub.endpoint)
    assert_predicate status, :success?
    assert_arrives "app.INFO", "in the background", sub
  end

  def test_a_subscriber_is_the_parents
    log, sub = marry
    errors = in_child do
      calls = [-> { sub.recv }, -> { sub.recv(timeout: 0) }, -> { sub.subscribe("x") },
               -> { sub.close }, -> { sub.to_io }, -> { sub.each { nil } }]
      calls.map do |call|
        call.call && :none
      rescue Zmqlog::Error => e
        e.class
      end
    end
    assert_equal [Zmqlog::ForkedError] * 6, errors
    log.info "x"
    assert_arrives "app.INFO", "x", sub
  end

  def test_a_child_collects_what_it_inherited_and_opens_its_own
    log, sub = marry
    ends = in_child do
      log = sub = nil
      @kept.clear
      3.times { GC.start }
      Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", root_topic: "own") do |own|
        heard = Zmqlog::Subscriber.open(connect: own.endpoint)
        own.info "x"
        heard.recv(timeout: DEADLINE).topic
      end
    end
    assert_equal "own.INFO", ends
    log.info "x"
    assert_arrives "app.INFO", "x", sub
  end

  def test_forking_while_other_threads_log
    sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
    log = keep Zmqlog::Handler.open(connect: sub.endpoint, root_topic: "app", overflow: :block)
    stop = false
    threads = Array.new(2) { Thread.new { log.log_topic(:debug, "noise", "x") until stop } }
    reader = Thread.new { sub.each.lazy.reject { |r| r.level == 10 }.first(10).map(&:text) }
    10.times { |n| in_child { log.info(n.to_s) && log.close(timeout: DEADLINE) } }
    assert_equal (0..9).map(&:to_s), reader.value
  ensure
    stop = true
    threads&.each(&:join)
  end
end
