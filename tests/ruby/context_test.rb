# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# Fields and subtopics of a block: nested, inherited by fibers, apart in threads.
require_relative "helper"
begin
  require "active_support"
  require "active_support/logger"
  require "active_support/tagged_logging"
rescue LoadError
  nil # its tests are left out
end

class ContextTest < Minitest::Test
  def setup
    @log, @sub = marry(style: "json")
  end

  def next_fields
    fields_of(next_of(@sub).tap(&:parse)).transform_keys(&:to_sym)
  end

  def test_all_records_of_a_block_have_its_fields
    @log.context(request_id: 7) do
      @log.info "text"
      @log.info "with fields", a: 1
      @log.info { "block" }
      @log.view("v", fields: { b: 2 }).info "view"
      @log.logger("l").info "logger"
      @log.logger("l") << "raw"
      @log.log_record "record", fields: { c: 3 }
    end
    @log.info "after"
    assert_equal [{ request_id: 7 }, { request_id: 7, a: 1 }, { request_id: 7 },
                  { request_id: 7, b: 2 }, { request_id: 7 }, { request_id: 7 },
                  { request_id: 7, c: 3 }, {}],
                 (Array.new(8) { next_fields })
  end

  def test_contexts_nest_and_end_however_the_block_ends
    @log.context(a: 1, b: 1) do
      catch(:out) { @log.context(b: 2) { throw :out } }
      assert_raises(RuntimeError) { @log.context(b: 3) { raise "out" } }
      @log.context(b: 4) { @log.info "inner" }
      @log.info "outer", a: 9
    end
    assert_equal [{ a: 1, b: 4 }, { a: 9, b: 1 }], [next_fields, next_fields]
  end

  def test_the_value_is_that_of_the_block
    assert_equal 5, (@log.context(a: 1) { 5 })
    assert_raises(ArgumentError) { @log.context(a: 1) }
  end

  def test_the_subtopic_comes_before_the_calls_own
    @log.context(topic: "req") do
      @log.info "x"
      @log.info "db::x"
      @log.context(topic: "sql") { @log.view("v", topic: "pool").info "x" }
    end
    assert_equal %w[app.INFO.req app.INFO.req.db app.INFO.pool.req.sql],
                 (Array.new(3) { next_of(@sub).topic })
  end

  def test_fibers_inherit_it_and_threads_do_not
    @log.context(a: 1) do
      Fiber.new { @log.info "fiber" }.resume
      Thread.new { @log.info "thread" }.join
    end
    assert_equal [{ a: 1 }, {}], [next_fields, next_fields]
  end

  def test_fibers_that_take_turns_keep_their_own
    fibers = [1, 2].map do |number|
      Fiber.new do
        @log.context(number: number) do
          3.times do
            @log.info "turn"
            Fiber.yield
          end
        end
      end
    end
    3.times { fibers.each(&:resume) }
    assert_equal [1, 2] * 3, (Array.new(6) { next_fields[:number] })
  end

  def test_threads_that_run_at_once_keep_their_own
    threads = Array.new(4) do |number|
      Thread.new { @log.context(number: number) { 250.times { @log.info number.to_s } } }
    end
    threads.each(&:join)
    1000.times do
      record = next_of(@sub).tap(&:parse)
      assert_equal record.text, record.fields["number"].to_s
    end
  end

  def raised
    begin
      raise ArgumentError, "inner"
    rescue ArgumentError
      raise IOError, "outer"
    end
  rescue IOError => e
    e
  end

  def assert_exception(data)
    assert_equal %w[IOError outer ArgumentError inner],
                 [data["class"], data["message"], data["cause"]["class"], data["cause"]["message"]]
    assert_match(/context_test/, data["backtrace"].first)
  end

  def test_an_exception_is_data_in_json
    error = raised
    @log.error error
    @log.error "failed", exception: error
    @log.logger("l").error error
    @log.context(a: 1) { @log.logger("l").error error }
    ["outer (IOError)", "failed", "outer (IOError)", "outer (IOError)"].each do |text|
      record = next_of(@sub).tap(&:parse)
      assert_equal text, record.text
      assert_exception record.fields["exception"]
    end
  end

  def test_an_exception_is_text_where_fields_are_not_shown
    log, sub = marry(drop_notice: false)
    error = raised
    log.error error
    log.logger("l").error error
    log.error "failed", exception: error
    ["outer (IOError)\n/", "outer (IOError)\n/", "failed\nouter (IOError)\n/"].each do |text|
      assert next_of(sub).text.start_with?(text.chomp("/"))
    end
  end

  if defined?(ActiveSupport::TaggedLogging)
    def test_tags_become_fields_whatever_the_order
      file = ActiveSupport::TaggedLogging.new(ActiveSupport::Logger.new(StringIO.new))
      zmq = @log.logger("rails")
      file.tagged("A", "B") do
        zmq.info "by another logger's tags"
        file.tagged("C") { @log.info "nested" }
      end
      @log.info "after"
      assert_equal [{ tags: %w[A B] }, { tags: %w[A B C] }, {}], (Array.new(3) { next_fields })
    end
  end
end
