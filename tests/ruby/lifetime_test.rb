# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# The collector: at any moment, in any order, moving things about; and the end of the
# process.
require_relative "helper"

class LifetimeTest < Minitest::Test
  def in_stress
    GC.stress = true
    yield
  ensure
    GC.stress = false
  end

  def test_a_collector_that_runs_all_the_time
    log, sub = marry(style: "json")
    records = nil
    in_stress do
      view = log.view("v", topic: "t", fields: { a: 1 })
      logger = log.logger("l", formatter: proc { |s, _t, p, m| "#{s} #{p} #{m}" })
      2.times do |n|
        log.info "plain #{n}"
        log.info "sub::%d %s", n, "ü".encode("UTF-16LE"), list: [n, { b: nil }]
        view.with(fields: { n: n }).error { "block" }
        logger.warn("other") { "text" }
        logger.dup << "raw"
        log.log_topic(:info, "t#{n}", "x".encode("UTF-16BE"))
        log.root_topic = "app"
        log.flush(timeout: DEADLINE)
      end
      records = Array.new(12) { next_of(sub).parse }
    end
    assert_equal ["plain 0", "0 ü", "block", "WARN other text", "raw", "x"],
                 records.first(6).map(&:text)
    assert_equal [0, { "b" => nil }], records[1].fields["list"]
  end

  def test_options_and_errors_under_stress
    in_stress do
      Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", levels: { trace: 5 }, hold_ms: 0,
                           styles: { error: "json" }, auth: { allow_uids: [1] }) do |log|
        assert_raises(Zmqlog::FormatError) { log.style = "%(nonsense)s" }
        assert_raises(ArgumentError) { log.level = :nonsense }
        assert_raises(Zmqlog::TimeoutError) { log.wait_subscriber("a", timeout: 0.01) }
        assert log.trace("x")
      end
    end
  end

  def test_moving_objects
    skip "this Ruby cannot compact" unless GC.respond_to?(:compact)
    log, sub = marry
    view = log.view("v" * 10, topic: "t" * 3)
    logger = log.logger("p" * 5)
    GC.respond_to?(:verify_compaction_references) &&
      GC.verify_compaction_references(**compaction)
    receiving = sleeping { sub.recv }
    waiting = sleeping { log.wait_subscriber("app.INFO.never"[0..], timeout: 0.3) }
    GC.compact
    log.info "x"
    assert_equal "x", receiving.value.text
    waiting.join
    20.times do |n|
      GC.compact
      view.info "a#{n}"
      logger.info("b") { "b#{n}" }
      assert_equal ["a#{n}", "b#{n}"], [next_of(sub).text, next_of(sub).text]
    end
  rescue NotImplementedError => e
    skip e.message
  end

  def compaction
    RUBY_VERSION < "3.2" ? { double_heap: true, toward: :empty } : { expand_heap: true, toward: :empty }
  end

  def test_everything_goes_in_any_order
    20.times do |n|
      log = Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", hold_ms: 0, linger_ms: 10)
      things = [log, log.view("v"), log.logger("l"),
                Zmqlog::Subscriber.open(connect: log.endpoint)]
      things.shuffle(random: Random.new(n)).each do |thing|
        thing.info("x") if thing.respond_to?(:info)
        things.delete(thing)
        GC.start if n.even?
      end
    end
    GC.start
  end

  # Freeing them would take an hour while nobody listens, but the collector must not
  # wait: no other thread runs meanwhile.
  def test_collecting_does_not_block
    endpoints = Thread.new do
      Array.new(20) do
        log = Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", hold_ms: 60_000,
                                   linger_ms: 3_600_000)
        log.info "held"
        log.endpoint
      end
    end.value
    GC.start
    endpoints.each do |endpoint|
      Zmqlog::Subscriber.open(connect: endpoint) { |sub| assert_arrives "INFO", "held", sub }
    end
  end

  # What a script must get out however it ends.
  ENDS = {
    "its last line" => "", "exit" => "exit 3", "an exception" => "raise 'x'",
    "abort" => "abort", "a thread that exits" => "Thread.new { exit }.join",
    "TERM that is caught" => "trap(:TERM) { exit }; Process.kill(:TERM, $$); sleep",
    "collected before" => "log = nil; GC.start"
  }.freeze

  def test_scripts_that_end
    ENDS.each do |name, last|
      sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*")
      script = <<~RUBY
        require "zmqlog"
        log = Zmqlog::Handler.open(connect: #{sub.endpoint.inspect}, root_topic: "app")
        log.logger("l").info "first"
        5.times { |n| log.info n.to_s }
        #{last}
      RUBY
      run_ruby(script)
      texts = Array.new(6) { sub.recv(timeout: DEADLINE)&.text }
      assert_equal %w[first 0 1 2 3 4], texts, name
      sub.close
    end
  end

  def test_loading_twice_and_in_threads
    output, status = run_ruby(<<~'RUBY')
      4.times.map { Thread.new { require "zmqlog" } }.each(&:join)
      load $LOADED_FEATURES.grep(/zmqlog\/version/).first rescue nil
      print Zmqlog.version
    RUBY
    assert_predicate status, :success?
    assert_match(/#{Regexp.escape(Zmqlog.version)}\z/, output)
  end
end
