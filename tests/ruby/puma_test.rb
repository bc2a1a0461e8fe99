# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# A real Puma cluster whose logger was made before it forked, and which is restarted by
# SIGTERM in the middle: the watcher has what the log file has.
require_relative "helper"
require "socket"
require "tmpdir"
begin
  require "puma"
rescue LoadError => e
  puts "SKIPPED: #{e.message}"
  exit 77
end

class PumaTest < Minitest::Test
  REQUESTS = Integer(ENV.fetch("ZMQLOG_PUMA_REQUESTS", "10000"))
  CLIENTS = 4

  def start(watcher, directory)
    environment = { "WATCHER" => watcher, "LINES" => File.join(directory, "lines"),
                    "LISTEN" => File.join(directory, "puma.sock"),
                    "RUBYLIB" => OURS.join(":") }
    command = [RbConfig.ruby, "-S", "puma", "-C", File.join(__dir__, "puma", "puma.rb")]
    spawn(environment, *command, out: File.join(directory, "out"), err: %i[child out])
  end

  # Asks until an answer comes: while Puma restarts, nothing listens.
  def request(path, number)
    limit = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 60
    begin
      UNIXSocket.open(path) do |socket|
        socket.write "GET /#{number} HTTP/1.0\r\nHost: x\r\n\r\n"
        raise EOFError unless socket.read.start_with?("HTTP/1.0 200")
      end
    rescue SystemCallError, EOFError
      raise if Process.clock_gettime(Process::CLOCK_MONOTONIC) > limit

      sleep 0.01
      retry
    end
  end

  def requests(path, numbers)
    queue = Queue.new(numbers.to_a).tap(&:close)
    clients = Array.new(CLIENTS) do
      Thread.new do
        while (number = queue.pop)
          request(path, number)
        end
      end
    end
    [queue, clients]
  end

  def stop(pid)
    Process.kill(:TERM, pid)
    Process.wait(pid)
  end

  def test_a_restart_loses_no_line
    Dir.mktmpdir do |directory|
      sub = keep Zmqlog::Subscriber.open(bind: "tcp://127.0.0.1:*", queue_bytes: 1 << 26)
      pid = start(sub.endpoint, directory)
      queue, clients = requests(File.join(directory, "puma.sock"), 1..REQUESTS)
      wait_until { queue.size < REQUESTS / 2 || !clients.all?(&:alive?) }
      stop pid
      pid = start(sub.endpoint, directory)
      clients.each(&:join)
      stop pid
      compare File.readlines(File.join(directory, "lines"), chomp: true), sub
    end
  end

  def wait_until
    limit = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 100
    until yield
      flunk "it never came" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > limit
      sleep 0.01
    end
  end

  def compare(lines, sub)
    texts = Array.new(lines.size) { next_of(sub).text }
    assert_empty((lines.tally.to_a - texts.tally.to_a).first(5))
    assert_equal lines.sort, texts.sort
    assert_nil sub.recv(timeout: 0)
    assert_equal (1..REQUESTS).to_a, lines.filter_map { |l| l[%r{/(\d+)\z}, 1]&.to_i }.uniq.sort
    assert_equal 2, lines.grep(/master/).size
    workers = lines.grep_v(/master/).map(&:to_i).uniq.size
    puts "#{lines.size} lines of #{workers} workers"
    assert_operator workers, :>=, 3
  end
end
