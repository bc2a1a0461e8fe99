# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# One Logger in front of a file's and ours.
require_relative "helper"
require "stringio"

class BroadcastTest < Minitest::Test
  def setup
    @log, @sub = marry
    @file = StringIO.new
    @plain = ::Logger.new(@file)
    @ours = @log.logger("web")
    @both = Zmqlog.broadcast(@plain, @ours)
  end

  def test_both_get_the_record
    assert @both.info("started")
    @both.error("db") { "down" }
    assert_arrives "app.INFO", "started", @sub
    assert_arrives "app.ERROR", "down", @sub
    assert_match(/INFO -- : started\n.*ERROR -- db: down\n/m, @file.string)
  end

  def test_each_keeps_its_level_and_a_block_is_called_once
    @plain.level = :warn
    calls = 0
    @both.info { calls += 1 }
    assert_arrives "app.INFO", "1", @sub
    assert_empty @file.string
    @both.warn { calls += 1 }
    assert_arrives "app.WARN", "2", @sub
    assert_equal 2, calls
  end

  def test_a_block_is_not_called_when_nobody_takes_it
    @both.level = :error
    @both.info { flunk }
    refute_predicate @both, :info?
    assert_predicate @both, :error?
    assert_equal ::Logger::ERROR, @both.level
  end

  def test_raw_lines_progname_and_formatter_reach_both
    @both << "raw\n"
    assert_arrives "app.UNKNOWN", "raw", @sub
    @both.formatter = proc { |_, _, progname, message| "#{progname}: #{message}\n" }
    @both.progname = "job"
    @both.warn "low"
    assert_arrives "app.WARN", "job: low", @sub
    assert_equal "raw\njob: low\n", @file.string
  end

  def test_what_is_no_logger_is_refused
    assert_raises(ArgumentError) { Zmqlog.broadcast }
    assert_match(/no logger: 7/, assert_raises(ArgumentError) { Zmqlog.broadcast(7) }.message)
  end
end
