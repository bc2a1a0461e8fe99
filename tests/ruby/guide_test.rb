# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# docs/ruby.md is true: its Ruby runs, what stands behind arrows arrives, and its tables
# name all options, methods and errors there are.
require_relative "helper"
require "stringio"
require "tmpdir"

class GuideTest < Minitest::Test
  PAGE = File.read(File.expand_path("../../docs/ruby.md", __dir__), encoding: "UTF-8")
  BLOCKS = PAGE.scan(/^```ruby\n(.+?)^```$/m).flatten
  private_constant :BLOCKS

  def run_block(block, log)
    host = "db1"
    here = binding
    here.local_variable_set(:log, log)
    here.local_variable_set(:host, host)
    here.eval(block.gsub("tcp://127.0.0.1:5556", @endpoint), "docs/ruby.md")
    here.local_variable_get(:log)
  end

  # A watcher goes on for ever: its first line ends it.
  def watched(block)
    peer
    define_singleton_method(:puts) { |line| throw :watched, line }
    catch(:watched) { run_block(block, nil) }
  end

  def peer
    log = keep Zmqlog::Handler.open(bind: @endpoint, root_topic: "peer", hold_ms: 10_000)
    log.info "x"
    log
  end

  def arrivals(block, sub)
    block.scan(/#=> (.+)$/).flatten.each do |wanted|
      assert_equal wanted, next_of(sub).then { |record| "#{record.topic} #{record.text}" }
    end
  end

  BLOCKS.each_with_index do |block, index|
    next if block.include?("config/environments") # needs a Rails

    define_method(:"test_block_#{index}") do
      Dir.mktmpdir do |directory|
        @endpoint = "ipc://#{directory}/guide.ipc"
        if block.include?("Subscriber.open(connect: \"tcp")
          assert_equal "peer.INFO x", watched(block)
        elsif block.include?("Handler.open")
          sub = keep Zmqlog::Subscriber.open(connect: @endpoint)
          log = run_block(block, nil)
          keep log if log
          arrivals(block, sub)
        else
          log, sub = marry(root_topic: "myprogram")
          capture_io { run_block(block, log) }
          arrivals(block, sub)
        end
      end
    end
  end

  def test_there_are_blocks
    assert_operator BLOCKS.size, :>=, 8
  end

  # The words in backquotes of a table's first column.
  def column(heading)
    table = PAGE[/^\| #{Regexp.escape(heading)} \|.*?\n\n/m] || flunk(heading)
    cells = table.lines.drop(2).map { |line| line[/\A\| (.+?) \|/, 1] }
    cells.flat_map { |cell| cell.to_s.scan(/`([\w?=]+)`/).flatten }
  end

  def inner(code) = Zmqlog.module_eval(code, __FILE__, __LINE__)

  def test_the_tables_name_every_option
    { "option of a handler" => inner("HandlerOptions::SPEC"),
      "option of a subscriber" => inner("Subscriber.class_eval('SPEC', __FILE__, __LINE__)"),
      "option of an auth" => inner("Auth.class_eval('SPEC', __FILE__, __LINE__)") }
      .each { |heading, spec| assert_equal spec.keys.map(&:to_s).sort, column(heading).sort }
  end

  def test_the_table_names_every_error
    kinds = Zmqlog.constants.select do |name|
      kind = Zmqlog.const_get(name)
      kind.is_a?(Class) && kind < Zmqlog::Error
    end
    assert_equal kinds.map(&:to_s).sort, column("class of error").sort
  end

  def own_methods(kind)
    kind.ancestors.select { |part| part.name.to_s.start_with?("Zmqlog") }
        .flat_map { |part| part.public_instance_methods(false) }
        .map(&:to_s).uniq - %w[inspect initialize_copy]
  end

  def test_the_tables_name_every_method
    calls = Zmqlog::Calls.public_instance_methods(false).map(&:to_s)
    assert_equal (own_methods(Zmqlog::Handler) - calls + %w[enabled? info?]).sort -
                 %w[level= root_topic=], column("method of a handler").sort
    assert_equal own_methods(Zmqlog::Subscriber).sort, column("method of a subscriber").sort
  end

  def test_a_record_has_what_the_table_says
    named = column("in a record")
    all = Zmqlog::Record.public_instance_methods(false).map(&:to_s)
    apart = %w[parse to_h deconstruct_keys to_s inspect time time_ns logger source fields]
    assert_equal (all - apart).sort, named.sort
  end
end
