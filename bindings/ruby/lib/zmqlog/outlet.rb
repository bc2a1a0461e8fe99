# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause

module Zmqlog
  # How log calls of one handler and of all its views end: what becomes of a status
  # that is not OK, and what they need when a plain text is not enough. Nothing in
  # here raises. Not part of the interface.
  class Outlet
    # Calls that waited for room in vain; the library does not know of them.
    attr_reader :timed_out

    # @param block_ms [Integer] under policy block: how long to wait for room
    def initialize(owner, block_ms, with_source)
      @owner = owner
      @block_ms = block_ms
      @with_source = with_source
      @timed_out = 0
      @styles = { 0 => false }
      @spares = []
      @warned = nil
      @closed = false
    end

    # Notes a style of all levels (0) or of one.
    def note_style(level, style)
      @styles.clear if level.zero?
      @styles[level] = style.match?(/\A(json|logfmt)\z|%\(fields\)/)
    end

    # Whether messages of a level show fields.
    def shows_fields?(level) = @styles.fetch(level) { @styles[0] }

    # Whether this process has closed the handler; it may be frozen, this is not.
    attr_accessor :closed

    def with_source? = @with_source

    # What the block makes of foreign objects, or nil when one of them raises.
    # Exceptions from outside pass.
    def attempt
      yield
    rescue *Support::FAILURES => e
      Outside.pass(e)
    end

    # Yields until the record is in, was dropped, or the time is over.
    # @yieldreturn [Integer] the status of the log call
    # @return [true, false]
    def deliver(bytes)
      status = yield
      status = wait_and_retry(bytes) { yield } if status == Support::EAGAIN
      return true if status == Support::OK

      orphaned if status == Support::EFORKED
      false
    end

    # Counts a call with wrong arguments.
    def refuse
      @owner.log(0, nil)
      false
    end

    # The call came from a forked child in which this handler cannot log.
    def orphaned
      return if @warned == Process.pid

      @warned = Process.pid
      warn "zmqlog: this handler was opened before the fork and cannot log in the child; " \
           "open one in the child, or connect instead of bind"
    end

    # Says something once more than the log can, without ever raising.
    def warn(text)
      Warning.warn("#{text}\n")
    rescue StandardError => e
      Outside.pass(e)
    end

    # Yields an empty raw record.
    def with_record
      record = @spares.pop || Native::Record.new
      record.clear
      yield record
    ensure
      @spares.push(record) if record && @spares.size < 8
    end

    private

    def wait_and_retry(bytes, &call)
      until_time = @block_ms.negative? ? nil : Support.now + @block_ms / 1000.0
      loop do
        unless room?(bytes, until_time)
          @timed_out += 1
          return Support::ETIMEDOUT
        end
        status = call.call
        return status unless status == Support::EAGAIN
      end
    end

    def room?(bytes, until_time)
      left = until_time && until_time - Support.now
      return false if left && left <= 0

      Support.waiting { @owner.wait_room(bytes, Support.milliseconds(left)) } == true
    rescue Error => e
      Outside.pass(e)
      true # closed, say: the log call itself tells, and counts
    end
  end
end
