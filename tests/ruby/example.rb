# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# example.rb FILE: runs an example of docs/examples with a peer at its endpoint. What
# stands behind its calls, `#=> topic message`, is what must arrive.
require_relative "helper"
require "tmpdir"

EXAMPLE = ARGV.shift || abort("usage: example.rb FILE")
SOURCE = File.read(EXAMPLE, encoding: "UTF-8")

class ExampleTest < Minitest::Test
  def in_directory
    Dir.mktmpdir { |directory| yield "ipc://#{directory}/example.ipc" }
  end

  def start(*arguments)
    command = [RbConfig.ruby, "-w", *OURS.map { |path| "-I#{path}" }, EXAMPLE, *arguments]
    IO.popen(command, err: %i[child out])
  end

  def assert_ends_well(example)
    output = example.read
    example.close
    assert_predicate Process.last_status, :success?, output
    output
  end

  def wanted = SOURCE.scan(/#=> (.+)$/).flatten

  def heard_by(sub)
    Array.new(wanted.size) do
      record = next_of(sub)
      begin
        record.parse
      rescue Zmqlog::FormatError
        nil
      end
      "#{record.topic} #{record.text}"
    end
  end

  def publishes(how)
    in_directory do |endpoint|
      sub = keep Zmqlog::Subscriber.open(how => endpoint)
      example = start(endpoint)
      heard = heard_by(sub)
      assert_equal "", assert_ends_well(example)
      # Processes of their own come in any order.
      assert_equal(*[wanted, heard].map { |lines| SOURCE.include?("fork") ? lines.sort : lines })
      assert_nil sub.recv(timeout: 0)
      refute_empty wanted
    end
  end

  def watches
    in_directory do |endpoint|
      log = keep Zmqlog::Handler.open(bind: endpoint, root_topic: "myprogram", hold_ms: 10_000,
                                      styles: { error: "json" })
      log.info "not this"
      log.warn "net::that"
      log.view("db").error "slow", ms: 900
      output = assert_ends_well(start(endpoint, "myprogram", "1"))
      assert_equal ["WARN net that", "ERROR db slow 900"], output.lines(chomp: true)
    end
  end

  def test_it
    if SOURCE.include?("Subscriber.open")
      watches
    else
      publishes(SOURCE.include?("(connect:") ? :bind : :connect)
    end
  end
end
