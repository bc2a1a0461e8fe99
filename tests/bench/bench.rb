# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# bench.rb [BUILD]: what a log call costs in Ruby, beside Ruby's own Logger; a line of
# JSON for each. Those that are compared take turns; calls that are heard come in bursts
# that the queue takes, since what sends them has the other processor.
require "json"
require "logger"

if ARGV[0]
  $LOAD_PATH.unshift File.expand_path("../../bindings/ruby/lib", __dir__),
                     File.join(File.expand_path(ARGV[0]), "bindings/ruby/lib")
end
require "zmqlog"

TEXT = "a text of sixty bytes, as long as most lines of a log are it"
ROUNDS = 21

def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

def nanoseconds(times)
  start = now
  yield times
  (now - start) / times * 1e9
end

# Each in turn, ROUNDS times; the median, without the loop's own cost.
def measure(what, calls, times, before: -> {})
  calls = { nil => ->(n) { n.times { nil } }, **calls }
  rounds = Array.new(ROUNDS) do
    calls.transform_values do |call|
      before.call
      call.call(50)
      nanoseconds(times, &call)
    end
  end
  median = lambda do |who|
    rounds.map { |round| round[who] - round[nil] }.sort[ROUNDS / 2]
  end
  calls.each_key.drop(1).each do |who|
    puts JSON.generate(what: what, who: who, value: median.call(who).round(1),
                       unit: "ns/call")
  end
end

file = Logger.new(File.open(File::NULL, "w"), level: :info)
log = Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", root_topic: "bench", hold_ms: 0)
logger = log.logger("bench")
view = log.view("bench")
Thread.pass while log.enabled?(:debug)

measure("ruby: nobody listens",
        { "Logger#debug disabled" => ->(n) { n.times { file.debug(TEXT) } },
          "Logger#debug disabled, block" => ->(n) { n.times { file.debug { TEXT } } },
          "Zmqlog::Logger#debug" => ->(n) { n.times { logger.debug(TEXT) } },
          "Zmqlog::Logger#debug, block" => ->(n) { n.times { logger.debug { TEXT } } },
          "Zmqlog::Handler#debug" => ->(n) { n.times { log.debug(TEXT) } },
          "Zmqlog::View#debug" => ->(n) { n.times { view.debug(TEXT) } } }, 5000)

sub = Zmqlog::Subscriber.open(connect: log.endpoint, overflow: :drop_newest)
log.wait_subscriber(timeout: 10)
formatted = log.logger("bench", formatter: proc { |s, _t, _p, m| "#{s} #{m}" })
measure("ruby: somebody listens",
        { "Logger#info to /dev/null" => ->(n) { n.times { file.info(TEXT) } },
          "Zmqlog::Handler#info" => ->(n) { n.times { log.info(TEXT) } },
          "Zmqlog::View#info" => ->(n) { n.times { view.info(TEXT) } },
          "Zmqlog::Logger#info" => ->(n) { n.times { logger.info(TEXT) } },
          "Zmqlog::Logger#info, block" => ->(n) { n.times { logger.info { TEXT } } },
          "Zmqlog::Logger#info, progname" => ->(n) { n.times { logger.info("p") { TEXT } } },
          "Zmqlog::Logger#info, formatter" => ->(n) { n.times { formatted.info(TEXT) } },
          "Zmqlog::Handler#info, format" => ->(n) { n.times { log.info("%s", TEXT) } },
          "Zmqlog::Handler#info, fields" => ->(n) { n.times { log.info(TEXT, a: 1) } } },
        1000, before: -> { log.flush(timeout: 10) })
abort "bench.rb: records were dropped" if log.count(:dropped_queue).positive?

# What a collection takes, in which no other thread runs, with handlers in it that have
# not sent yet, and without.
def collection(who, handlers)
  taken = Array.new(ROUNDS) do
    # In a thread of its own, so that nothing on this stack keeps them.
    Thread.new do
      handlers.times do
        Zmqlog::Handler.open(bind: "tcp://127.0.0.1:*", hold_ms: 60_000, linger_ms: 0).info(TEXT)
      end
    end.join
    nanoseconds(1) { GC.start } / 1000
  end
  puts JSON.generate(what: "ruby: a full collection", who: who,
                     value: taken.sort[ROUNDS / 2].round(1), unit: "us")
end
collection("nothing to free", 0)
collection("10 handlers with records to send", 10)
sub.close
