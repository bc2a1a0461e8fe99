# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Exceptions that another thread sends pass through every log call, wherever in it they
# arrive; what a text's own code raises does not. Each case is interrupted many times,
# at moments that differ.
require_relative "helper"

class OutsideTest < Minitest::Test
  TIMES = Integer(ENV.fetch("ZMQLOG_OUTSIDE_TIMES", "100"))

  class FromOutside < StandardError; end

  # Is busy until an exception interrupts it, sometimes in a wait and sometimes in a
  # loop.
  class Busy
    def initialize = @turns = 0
    def inspect = work
    def to_s = work
    def to_str = work

    def work
      @turns += 1
      ready
      sleep if @turns.even?
      loop { Thread.pass }
    end

    def ready = Thread.current[:ready] = true
  end

  def setup
    @log, @sub = marry(style: "json")
    @busy = Busy.new
  end

  # Runs the block in one thread after another, and sends each thread an exception in
  # the middle of the block.
  def assert_passes(error = FromOutside)
    TIMES.times do |time|
      thread = Thread.new do
        Thread.current.report_on_exception = false
        yield
        :swallowed
      end
      wait_until { thread[:ready] || !thread.alive? }
      (time % 7).times { Thread.pass }
      thread.raise(error, "now")
      caught = assert_raises(error) { flunk thread.value.to_s }
      assert_equal "now", caught.message
    end
  end

  def test_it_passes_through_inspect = assert_passes { @log.info @busy }

  def test_it_passes_through_a_block = assert_passes { @log.info { @busy.to_s } }

  def test_it_passes_through_the_object_of_a_block = assert_passes { @log.info { @busy } }

  def test_it_passes_through_an_argument = assert_passes { @log.info "%s", @busy }

  def test_it_passes_through_a_field = assert_passes { @log.info "x", field: @busy }

  def test_it_passes_through_a_field_within = assert_passes { @log.info "x", list: [@busy] }

  def test_it_passes_through_the_key_of_a_field
    assert_passes { @log.info "x", field: { @busy => 1 } }
  end

  def test_it_passes_through_a_view = assert_passes { @log.view("v").info @busy }

  def test_it_passes_through_log_record = assert_passes { @log.log_record @busy }

  def test_it_passes_through_a_logger = assert_passes { @log.logger.info @busy }

  def test_it_passes_through_a_formatter
    logger = @log.logger(formatter: proc { |*| @busy.to_s })
    assert_passes { logger.info "x" }
  end

  def test_it_passes_through_a_progname
    logger = @log.logger
    assert_passes { logger.add(1, "x", @busy) }
  end

  def test_it_passes_through_raw_lines
    logger = @log.logger
    assert_passes { logger << @busy }
  end

  def test_kinds_that_log_calls_know_themselves_pass_too
    [ArgumentError, EncodingError, TypeError, NotImplementedError, SystemStackError,
     Zmqlog::TimeoutError, Zmqlog::Error].each do |error|
      assert_passes_once(error)
    end
  end

  def assert_passes_once(error)
    thread = Thread.new { @log.info "%s", Busy.new }
    thread.report_on_exception = false
    wait_until { thread[:ready] }
    thread.raise(error)
    assert_raises(error) { thread.value }
  end

  def test_it_passes_while_a_full_queue_is_waited_for
    log, = stall(overflow: :block)
    filler = Thread.new { 1000.times { log.info "x" * 4000 } }
    filler.report_on_exception = false
    wait_until { filler.stop? }
    filler.raise(Zmqlog::ClosedError)
    assert_raises(Zmqlog::ClosedError) { filler.value }
  end

  def test_timeout_with_a_class_passes
    TIMES.times do
      assert_raises(FromOutside) { Timeout.timeout(0.001, FromOutside) { @log.info @busy } }
    end
  end

  def test_timeout_without_a_class_passes
    assert_raises(Timeout::Error) { Timeout.timeout(0.001) { @log.info @busy } }
  end

  def test_an_interrupt_passes
    assert_passes(Interrupt) { @log.info @busy }
  end

  def test_it_passes_when_the_text_wraps_it
    wrapping = Object.new
    busy = @busy
    wrapping.define_singleton_method(:inspect) do
      busy.to_s
    rescue StandardError
      raise ArgumentError, "cannot be inspected"
    end
    thread = Thread.new { @log.info wrapping }
    thread.report_on_exception = false
    wait_until { thread[:ready] }
    thread.raise(FromOutside)
    error = assert_raises(ArgumentError) { thread.value }
    assert_kind_of FromOutside, error.cause
  end

  def test_it_passes_to_a_fiber
    fiber = Fiber.new do
      shy = Object.new
      shy.define_singleton_method(:inspect) { Fiber.yield }
      @log.info shy
    end
    fiber.resume
    assert_raises(FromOutside) { fiber.raise(FromOutside) }
  end

  def test_what_a_text_raises_itself_is_refused
    own = Object.new
    def own.inspect = raise("own")
    before = @log.count(:refused)
    TIMES.times { refute @log.info own }
    assert_equal before + TIMES, @log.count(:refused)
  end

  def test_thread_raise_is_as_it_was
    [[], ["text"], [FromOutside], [FromOutside, "text"], [FromOutside.new("text")],
     [FromOutside, "text", ["a:1"]]].each do |arguments|
      thread = sleeping { sleep }
      thread.raise(*arguments)
      error = assert_raises(StandardError) { thread.value }
      assert_equal arguments.last, error.message if arguments.last.is_a?(String)
      assert_equal ["a:1"], error.backtrace if arguments.size == 3
    end
    assert_raises(TypeError) { sleeping { sleep }.raise(5) }
  end

  def test_the_handler_goes_on_afterwards
    assert_passes { @log.info "%s", @busy }
    @log.info "still there"
    assert_equal "still there", next_of(@sub).tap(&:parse).text
  end
end
