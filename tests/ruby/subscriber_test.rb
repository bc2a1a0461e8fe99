# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Subscribing, receiving, what a record tells, and everything that may wait.
require_relative "helper"
require "json"
require_relative "scheduler"

class SubscriberTest < Minitest::Test
  def test_a_record_tells_its_parts
    log, sub = marry(root_topic: "a.b", subscriber: { roots: "a.b" })
    before = Time.now
    log.warn "net.http::größe"
    record = next_of(sub)
    assert_equal ["a.b.WARN.net.http", "a.b", 30, "WARN", "net.http", "größe", 0],
                 [record.topic, record.root, record.level, record.level_name,
                  record.subtopic, record.text, record.lost]
    assert_includes before..Time.now, record.received_at
    assert_equal [nil, nil, nil, nil, nil, {}],
                 [record.seq, record.epoch, record.time, record.logger, record.source,
                  record.fields]
    assert_equal "a.b.WARN.net.http | größe", record.to_s
    case record
    in { level: 30.., subtopic: "net.http", text: } then assert_equal "größe", text
    end
    assert_raises(Zmqlog::FormatError) { record.parse }
    assert_equal "größe", record.text
  end

  def test_a_record_of_style_json
    log, sub = marry(style: "json", source: true)
    log.view("v").info "x", n: 1, list: [1, { "a" => nil }]
    record = next_of(sub)
    assert_equal [1, 16], [record.seq, record.epoch.size]
    text = record.text
    assert_same record, record.parse
    assert_equal ["x", "v", { "n" => 1, "list" => [1, { "a" => nil }] }],
                 [record.text, record.logger, fields_of(record)]
    assert_equal [__FILE__, __LINE__ - 7], record.source.first(2)
    assert_in_delta Time.now, record.time, DEADLINE
    assert_equal JSON.parse(text)["seq"], record.seq
    assert_equal "x", record.to_h[:text]
  end

  def test_levels_with_names_of_their_own
    log, sub = marry(levels: { audit: 35 }, subscriber: { levels: { audit: 35 } })
    log.audit "x"
    assert_equal [35, "AUDIT"], next_of(sub).then { |r| [r.level, r.level_name] }
    log.logger.unknown "y"
    assert_equal 60, next_of(sub).level
  end

  def test_it_is_enumerable
    log, sub = marry
    5.times { |n| log.info n.to_s }
    assert_equal %w[0 1], sub.first(2).map(&:text)
    assert_equal "2", sub.lazy.map(&:text).first
    assert_equal %w[3 4], sub.each(timeout: 0.2).map(&:text)
    assert_same(sub, sub.each(timeout: 0) { flunk })
  end

  def test_a_level_of_all_programs_opens_no_other
    log = lonely
    sub = keep Zmqlog::Subscriber.open(connect: log.endpoint, subscribe_all: :warn)
    log.wait_subscriber("app.L63", timeout: DEADLINE)
    refute_predicate log, :info?
    log.info "no"
    log.warn "yes"
    assert_arrives "app.WARN", "yes", sub
    assert_same sub, sub.subscribe_all("info")
    log.wait_subscriber("app.INFO", timeout: DEADLINE)
    assert_raises(ArgumentError) { sub.subscribe_all(:inof) }
    assert_equal 0, sub.count(:strangers)
  end

  def test_subscribing_to_prefixes_roots_and_levels
    log = lonely
    [[{ subscribe: "app.WARN" }, %w[WARN]],
     [{ subscribe: %w[app.WARN app.DEBUG] }, %w[DEBUG WARN]],
     [{ root_topic: "app", level: :warn }, %w[WARN ERROR CRITICAL UNKNOWN]],
     [{ root_topic: :app }, %w[DEBUG INFO WARN ERROR CRITICAL UNKNOWN]],
     [{ subscribe: "app.WAR", exact: true, root_topic: "app", level: :error },
      %w[ERROR CRITICAL UNKNOWN]],
     [{ root_topic: "other", level: "DEBUG" }, []]].each do |options, levels|
      sub = keep Zmqlog::Subscriber.open(connect: log.endpoint, **options)
      sub.subscribe("last")
      sub.exact = false if options[:root_topic] == "other"
      log.wait_subscriber("last", timeout: DEADLINE) # in order: the others are there, too
      %i[debug info warn error critical unknown].each { |level| log.public_send(level, "x") }
      log.root_topic = "last"
      log.info "end"
      log.root_topic = "app"
      got = sub.take_while { |record| record.text != "end" }
      assert_equal levels.map { |level| "app.#{level}" }, got.map(&:topic)
      sub.close
      wait_until { log.count(:subscriptions).zero? }
    end
  end

  def test_subscriptions_change_while_open
    log, sub = marry(subscriber: { subscribe: "app.WARN" })
    assert_same sub, sub.subscribe("app.INFO").subscribe_level(:app, :critical)
    log.wait_subscriber("app.CRITICAL", timeout: DEADLINE)
    sub.unsubscribe("app.WARN")
    wait_until { !log.enabled?(:warn) }
    log.warn "no"
    log.info "x"
    assert_arrives "app.INFO", "x", sub
    assert_raises(Zmqlog::InvalidError) { sub.unsubscribe("never") }
    assert_raises(Zmqlog::InvalidError) { sub.subscribe("x" * 246) }
    assert_raises(TypeError) { sub.subscribe(5) }
    assert_raises(ArgumentError) { sub.subscribe_level("app", :inof) }
    assert_raises(Zmqlog::InvalidError) { sub.subscribe_level("app", 0) }
    assert_raises(TypeError) { sub.exact = 1 }
    assert_same sub, sub.add_root("x.y")
  end

  def test_options_are_checked
    here = { connect: "ipc://@zmqlog-no-#{Process.pid}" }
    assert_raises(ArgumentError) { Zmqlog::Subscriber.open }
    error = assert_raises(ArgumentError) { Zmqlog::Subscriber.open(**here, subscripe: "x") }
    assert_match(/:subscribe/, error.message)
    { subscribe: 5, level: nil.to_a, roots: { a: 1 }, exact: 1, receive_hwm: "1", levels: 5,
      auth: 5, overflow: 5 }.each do |name, value|
      assert_raises(TypeError, name.to_s) { Zmqlog::Subscriber.open(**here, name => value) }
    end
    assert_raises(ArgumentError) { Zmqlog::Subscriber.open(**here, overflow: :lose) }
    assert_raises(ArgumentError) { Zmqlog::Subscriber.open(**here, level: :nonsense) }
    assert_raises(Zmqlog::InvalidError) { Zmqlog::Subscriber.open(**here, queue_bytes: 1) }
    assert_raises(Zmqlog::InvalidError) { Zmqlog::Subscriber.open(connect: "nonsense") }
    assert_raises(Zmqlog::RefusedError) { Zmqlog::Subscriber.open(bind: "tcp://*:*") }
    all = { subscribe: "a", root_topic: "b", level: 5, levels: { trace: 5 }, roots: ["c.d"],
            exact: true, receive_hwm: 0, queue_bytes: 1 << 20, overflow: :drop_oldest,
            block_ms: 10, auth: { allow_uids: 0 } }
    sub = keep Zmqlog::Subscriber.open(**here, bind: "tcp://127.0.0.1:*", **all)
    assert_equal 2, sub.endpoints.size
    assert_includes sub.inspect, "tcp://"
  end

  def test_a_closed_one
    _log, sub = marry
    2.times { assert_nil sub.close }
    assert_predicate sub, :closed?
    assert_raises(Zmqlog::ClosedError) { sub.recv }
    assert_raises(Zmqlog::ClosedError) { sub.recv(timeout: 0) }
    assert_raises(Zmqlog::ClosedError) { sub.subscribe("x") }
    assert_same(sub, sub.each { flunk })
    assert_raises(TypeError) { sub.recv(timeout: "1") }
  end

  def test_the_block_form
    log = lonely
    seen = nil
    assert_equal 5, Zmqlog::Subscriber.open(connect: log.endpoint) { |sub| (seen = sub) && 5 }
    assert_predicate seen, :closed?
  end

  # ---- waiting

  def test_other_threads_run_while_one_receives
    log, sub = marry
    main = Thread.current
    Thread.new do
      wait_until { main.stop? }
      log.info "from another thread"
    end
    assert_arrives "app.INFO", "from another thread", sub
  end

  def test_other_threads_run_while_one_waits_for_a_listener
    log = lonely
    waiting = sleeping { log.wait_subscriber }
    sub = keep Zmqlog::Subscriber.open(connect: log.endpoint)
    assert waiting.join(DEADLINE)
    sub.close
  end

  def test_timeout_and_kill_end_every_wait
    log, = stall
    fill log
    blocking, = stall(overflow: :block, block_ms: 50)
    fill blocking
    other = lonely
    sub = keep Zmqlog::Subscriber.open(connect: other.endpoint, subscribe: "nothing")
    { flush: -> { log.flush }, wait: -> { other.wait_subscriber("app.INFO") },
      recv: -> { sub.recv }, each: -> { sub.to_a },
      log: -> { loop { blocking.info("x" * 4000) } },
      close: -> { log.close(timeout: 100) } }.each do |name, call|
      assert_raises(Timeout::Error, name.to_s) { Timeout.timeout(0.1) { call.call } }
      thread = sleeping(&call)
      thread.kill
      assert thread.join(DEADLINE), "#{name} survives"
    end
  end

  def test_the_right_one_of_several_waits_is_ended
    log = lonely
    threads = Array.new(5) { sleeping { log.wait_subscriber } }
    threads.shuffle.each do |thread|
      thread.kill
      assert thread.join(DEADLINE)
    end
  end

  def test_signals_end_waits
    script = <<~'RUBY'
      require "zmqlog"
      trap(:INT, "DEFAULT") # shells without job control ignore it
      log = Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", hold_ms: 0)
      sub = Zmqlog::Subscriber.open(connect: "ipc://@zmqlog-nobody-#{Process.pid}")
      call = { "wait" => -> { log.wait_subscriber }, "recv" => -> { sub.recv },
               "each" => -> { sub.each { } } }.fetch(ARGV[0])
      main = Thread.current
      Thread.new { Thread.pass until main.stop?; Process.kill(:INT, Process.pid) } if ARGV[1]
      unless ARGV[1]
        pid = Process.pid
        fork { sleep 0.3; Process.kill(:INT, pid); exit! }
      end
      begin
        call.call
      rescue Interrupt
        puts "interrupted"
      end
    RUBY
    [%w[wait], %w[recv], %w[each], %w[wait t], %w[recv t]].each do |arguments|
      output, status = Timeout.timeout(DEADLINE) { run_ruby(script, *arguments) }
      assert_equal ["interrupted\n", true], [output, status.success?], arguments
    end
  end

  def test_a_trap_runs_and_waiting_goes_on
    log = lonely
    trapped = false
    old = trap(:USR2) { trapped = true }
    thread = Thread.new do
      Process.kill(:USR2, Process.pid)
      wait_until { trapped }
      keep Zmqlog::Subscriber.open(connect: log.endpoint)
    end
    assert_same log, log.wait_subscriber(timeout: DEADLINE)
    assert trapped
    thread.join
  ensure
    trap(:USR2, old)
  end

  def test_wakeup_ends_one_recv
    log, sub = marry
    receiving = sleeping { sub.recv }
    assert_same sub, sub.wakeup
    assert_nil receiving.value
    sub.wakeup
    assert_nil sub.recv
    log.info "x"
    assert_arrives "app.INFO", "x", sub
  end

  def test_closing_ends_each_and_recv
    [:each, :recv].zip([Zmqlog::Subscriber, Zmqlog::ClosedError]).each do |method, kind|
      _log, sub = marry
      waiting = sleeping do
        method == :each ? sub.each { flunk } : sub.recv
      rescue Zmqlog::ClosedError => e
        e
      end
      sub.close
      assert_kind_of kind, waiting.value
    end
  end

  def test_one_may_subscribe_while_another_receives
    log, sub = marry(subscriber: { subscribe: "app.WARN" })
    receiving = sleeping { sub.recv }
    sub.subscribe("app.INFO")
    log.wait_subscriber("app.INFO", timeout: DEADLINE)
    log.info "x"
    assert_equal "x", receiving.value.text
  end

  def test_threads_receive_in_turn
    log, sub = marry
    threads = Array.new(4) { Thread.new { sub.each.take_while { |r| r.text != "end" }.size } }
    400.times { log.info "x" }
    4.times { log.info "end" }
    assert_equal 400, threads.sum(&:value)
  end

  def test_select_tells_of_records
    log, sub = marry
    assert_nil sub.recv(timeout: 0)
    assert_same sub.to_io, sub.to_io
    log.info "x"
    ready, = IO.select([sub], nil, nil, DEADLINE)
    assert_equal [sub], ready
    assert_arrives "app.INFO", "x", sub
    sub.close
    assert IO.select([sub], nil, nil, DEADLINE)
  end

  def test_the_io_keeps_the_subscriber
    log = lonely
    io = Zmqlog::Subscriber.open(connect: log.endpoint).to_io
    5.times { GC.start }
    log.wait_subscriber(timeout: DEADLINE)
    log.info "x"
    assert IO.select([io], nil, nil, DEADLINE)
  end

  def test_fibers_run_while_one_receives
    log, sub = marry
    quiet = keep Zmqlog::Subscriber.open(connect: log.endpoint, subscribe: "nothing")
    order = []
    thread = Thread.new do
      Fiber.set_scheduler(Scheduler.new)
      Fiber.schedule { order << sub.recv(timeout: DEADLINE).text }
      Fiber.schedule { order << quiet.recv(timeout: 0.2).inspect }
      Fiber.schedule do
        order << "first"
        log.info "x"
        log.flush(timeout: DEADLINE)
      end
    end
    assert thread.join(DEADLINE)
    assert_equal %w[first x nil], order
  end

  def test_fibers_run_while_one_waits_for_a_listener
    log = lonely
    order = []
    thread = Thread.new do
      Fiber.set_scheduler(Scheduler.new)
      Fiber.schedule do
        log.wait_subscriber(timeout: DEADLINE)
        order << "heard"
      end
      Fiber.schedule do
        order << "other"
        keep Zmqlog::Subscriber.open(connect: log.endpoint)
      end
    end
    assert thread.join(DEADLINE)
    assert_equal %w[other heard], order
  end

  # ---- policy block

  def test_block_loses_nothing
    log, sub = marry(**STALLING, overflow: :block, subscriber: STALLED)
    publisher = Thread.new { 3000.times { |n| log.info "#{n} #{'x' * 1000}" } }
    3000.times { |n| assert_equal n.to_s, next_of(sub).text.split.first }
    publisher.join
    assert_equal 0, log.count(:dropped_queue) + log.count(:dropped_timeout)
  end

  def test_block_gives_up_after_its_time_and_counts
    log, sub = stall(overflow: :block, block_ms: 20)
    fill log
    before = log.counts
    assert_same false, log.info("x" * 4000)
    assert_same false, log.info("x" * 4000, a: 1)
    assert_same false, log.logger.info("x" * 4000)
    counts = log.counts
    assert_equal 3, counts[:dropped_timeout] - before[:dropped_timeout]
    assert_equal 3, counts[:accepted] - before[:accepted]
    assert_equal counts[:accepted], counts.values_at(:sent, :dropped_timeout, :queued).sum
    assert_equal 1, sub.count(:peers)
  end

  # We must not swallow what is raised into a thread from outside.
  def test_exceptions_of_others_end_a_blocked_call
    log, = stall(overflow: :block)
    plain = log.logger("l")
    failing = Class.new(StandardError)
    [-> { log.info "x" * 4000 }, -> { log.info "x" * 4000, a: 1 }, -> { plain.info "x" * 4000 },
     -> { log.info "%s", "x" * 4000 }].each do |call|
      raised = assert_raises(failing) { Timeout.timeout(0.5, failing) { loop(&call) } }
      assert_kind_of StandardError, raised
    end
  end

  def test_a_blocked_call_ends_with_the_handler
    log, = stall(overflow: :block)
    logging = sleeping { nil while log.info("x" * 4000) }
    begin
      log.close(timeout: 0)
    rescue Zmqlog::TimeoutError
      nil
    end
    assert logging.join(DEADLINE)
  end
end
