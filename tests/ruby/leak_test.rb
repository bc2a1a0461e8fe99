# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# A million records of each kind, sent and received, leave the memory as it was.
require_relative "helper"

class LeakTest < Minitest::Test
  RECORDS = Integer(ENV.fetch("ZMQLOG_LEAK_RECORDS", "1000000"))
  BATCH = 1000
  ALLOWED_KIB = 16_384

  def resident_kib
    File.read("/proc/self/status")[/^VmRSS:\s*(\d+)/, 1].to_i
  end

  def setup
    @log, @sub = marry(style: "json", overflow: :block)
    view = @log.view("v", fields: { a: 1 })
    logger = @log.logger("l")
    formatted = @log.logger("f", formatter: proc { |s, _t, _p, m| "#{s} #{m}" })
    @kinds = [
      ->(_n) { @log.info "plain text" },
      ->(n) { @log.info "sub::formatted %d %s", n, "x" },
      ->(n) { view.info "fields", n: n, list: [n] },
      ->(_n) { @log.log_topic :info, "explicit", "text" },
      ->(n) { logger.info("p#{n}") { "text" } },
      ->(n) { formatted.warn n },
      ->(n) { logger.with(n: n).info "x" },
      ->(n) { @log.info "ü#{n}".encode("UTF-16LE") },
      ->(n) { @log.log("nonsense", n) }
    ]
  end

  def run_records(records)
    (records / BATCH).times do |batch|
      kind = @kinds[batch % @kinds.size]
      BATCH.times { |n| kind.call(n) }
      next if kind.equal?(@kinds.last)

      BATCH.times { |n| next_of(@sub).then { |record| record.parse if (n % 100).zero? } }
    end
    2.times { GC.start }
  end

  def test_records_leak_nothing
    run_records(RECORDS / 10)
    before = resident_kib
    run_records(RECORDS)
    grown = resident_kib - before
    puts "#{RECORDS} records: resident #{format('%+d', grown)} KiB"
    assert_operator grown, :<, ALLOWED_KIB
    assert_equal 0, @log.count(:dropped_queue)
  end

  def test_handles_leak_nothing
    open = lambda do |times|
      times.times do
        Zmqlog::Handler.open(bind: "ipc://@zmqlog-leak-#{Process.pid}", hold_ms: 0) do |log|
          Zmqlog::Subscriber.open(connect: log.endpoint) { |sub| sub.recv(timeout: 0) }
          log.view("v").info "x"
          begin
            log.style = "%(nonsense)s"
          rescue Zmqlog::FormatError
            nil
          end
        end
      end
      2.times { GC.start }
    end
    open.call(20)
    before = resident_kib
    descriptors = Dir.children("/proc/self/fd").size
    open.call(100)
    assert_operator resident_kib - before, :<, ALLOWED_KIB
    assert_operator Dir.children("/proc/self/fd").size, :<=, descriptors + 16
  end
end
