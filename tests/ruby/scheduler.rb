# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

# The smallest fiber scheduler that does: waits for descriptors and for time.
class Scheduler
  def initialize
    @reading = {}
    @sleeping = {}
    @ready = []
    @lock = Thread::Mutex.new
    @urgent = IO.pipe
  end

  def run
    until @reading.empty? && @sleeping.empty? && @ready.empty? && @blocked.to_i.zero?
      step
    end
  end

  def close = run

  def io_wait(io, _events, timeout)
    fiber = Fiber.current
    @reading[io] = fiber
    @sleeping[fiber] = now + timeout if timeout
    answer = Fiber.yield
    @reading.delete(io)
    @sleeping.delete(fiber)
    answer
  end

  def kernel_sleep(duration = nil)
    block(:sleep, duration)
    true
  end

  def block(_blocker, timeout = nil)
    fiber = Fiber.current
    @blocked = @blocked.to_i + 1
    @sleeping[fiber] = now + timeout if timeout
    Fiber.yield
  ensure
    @blocked -= 1
    @sleeping.delete(fiber)
  end

  def unblock(_blocker, fiber)
    @lock.synchronize { @ready << fiber }
    @urgent.last.write("x")
  end

  def fiber(&block)
    fiber = Fiber.new(blocking: false, &block)
    fiber.resume
    fiber
  end

  private

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

  def step
    left = @sleeping.values.min&.then { |time| [time - now, 0].max }
    readable, = IO.select([*@reading.keys, @urgent.first], nil, nil, left)
    (readable || []).each do |io|
      io == @urgent.first ? io.read_nonblock(100) : @reading[io].resume(IO::READABLE)
    end
    ready = @lock.synchronize { @ready.slice!(0..) }
    ready.each { |fiber| fiber.resume if fiber.alive? }
    @sleeping.select { |_fiber, time| time <= now }.each_key do |fiber|
      @sleeping.delete(fiber)
      fiber.resume(false)
    end
  end
end
