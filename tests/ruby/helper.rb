# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# What the Ruby tests are written in: pairs that know each other, and what arrives.
require "minitest/autorun"
require "timeout"
require "zmqlog"

# How long anything may take before a test gives up, in seconds.
DEADLINE = Integer(ENV.fetch("ZMQLOG_TEST_DEADLINE", "10"))

# Where zmqlog was found, for programs that tests start.
OURS = $LOAD_PATH.select { |path| Dir["#{path}/{zmqlog.rb,zmqlog/native.*}"].any? }

# Keeps warnings while a test collects them.
module HeardWarnings
  class << self
    attr_accessor :heard
  end

  def warn(text, **options)
    HeardWarnings.heard ? HeardWarnings.heard << text : super
  end
end
Warning.singleton_class.prepend(HeardWarnings)

# Included in every test.
module Helper
  # A handler on a free port and a subscriber it knows of; closed after the test.
  def marry(subscriber: {}, **options)
    log = lonely(**options)
    sub = keep Zmqlog::Subscriber.open(connect: log.endpoint, **subscriber)
    log.wait_subscriber(timeout: DEADLINE)
    [log, sub]
  end

  # A handler to which nobody listens.
  def lonely(**options)
    keep Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", root_topic: "app", **{ hold_ms: 0, linger_ms: 5000 }, **options)
  end

  # A handler and a subscriber with small queues; the subscriber does not read.
  STALLING = { queue_bytes: 1 << 16, max_body_bytes: 4096, send_hwm: 1, hold_ms: 0,
               linger_ms: 20, slow_peer: { stall_ms: 3_600_000 } }.freeze
  STALLED = { queue_bytes: 1 << 14, receive_hwm: 1 }.freeze

  # A pair of which the subscriber does not read.
  def stall(**options)
    marry(subscriber: STALLED, **STALLING, **options)
  end

  # Logs until nothing goes any more and the queue is full.
  def fill(log)
    loop do
      log.info "x" * 4000
      log.flush(timeout: 0.5)
    end
  rescue Zmqlog::TimeoutError
    50.times { log.info "x" * 4000 }
  end

  # Closed after the test, if it is not by then.
  def keep(object)
    (@kept ||= []) << object
    object
  end

  def teardown
    (@kept || []).each do |object|
      object.close
    rescue Zmqlog::Error
      nil
    end
    super
  end

  def next_of(sub)
    sub.recv(timeout: DEADLINE) || flunk("no record")
  end

  # The next record must have this topic and text.
  def assert_arrives(topic, text, sub)
    record = next_of(sub)
    assert_equal [topic, text], [record.topic, record.text]
    record
  end

  # The fields that the program has set.
  def fields_of(record) = record.fields.except("pid", "host")

  def assert_nothing_left(log, sub)
    log.flush(timeout: DEADLINE)
    log.log_topic(:info, "last", "")
    assert_equal "app.INFO.last", next_of(sub).topic
  end

  # Runs the block in a child; what it returns comes back.
  def in_child
    from, to = IO.pipe
    pid = fork do
      from.close
      answer = begin
        yield
      rescue Exception => e # rubocop:disable Lint/RescueException
        "#{e.class}: #{e.message} #{e.backtrace.first}"
      end
      to.write(Marshal.dump(answer))
      to.close
      exit!(0)
    end
    to.close
    answer = from.read
    Process.wait(pid)
    assert_predicate $?, :success?
    Marshal.load(answer)
  end

  # Runs a script in a Ruby of its own.
  # @return [Array(String, Process::Status)] its output and how it ended
  def run_ruby(script, *arguments)
    command = [RbConfig.ruby, "-w", *OURS.map { |path| "-I#{path}" }, "-e", script, *arguments]
    output = IO.popen(command, err: %i[child out], &:read)
    [output, Process.last_status]
  end

  # What the block warns of.
  def warnings
    HeardWarnings.heard = []
    yield
    HeardWarnings.heard
  ensure
    HeardWarnings.heard = nil
  end

  # Waits until the block is true, for conditions that no call waits for.
  def wait_until
    limit = Process.clock_gettime(Process::CLOCK_MONOTONIC) + DEADLINE
    until yield
      flunk "it never came" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > limit
      Thread.pass
    end
  end

  # A thread that is asleep in a call of ours.
  def sleeping(&block)
    thread = Thread.new(&block)
    thread.report_on_exception = false
    wait_until { thread.stop? }
    thread
  end
end

class Minitest::Test # rubocop:disable Style/ClassAndModuleChildren
  include Helper
end
